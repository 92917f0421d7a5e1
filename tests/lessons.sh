#!/bin/sh
# Every lesson: linted (its schema, then played with solutions, wrong answers and hints in
# both languages), and played from outside to its last step by somebody who skips.
bad=0
export XDG_STATE_HOME="${TMPDIR:-/tmp}/learn-lessons.$$" TERM=dumb HOME=/nonexistent
trap 'rm -rf "$XDG_STATE_HOME"' EXIT
last_step() { # has the last [n/n] been shown?
    grep -oE '\[[0-9]+/[0-9]+\]' "$1" | tail -1 | tr -d '[]' | { IFS=/ read -r at all && [ "$at" = "$all" ]; }
}
for lesson in lessons/[0-9]*.json; do
    if "$LEARN_FAST" lint "$lesson" >"$XDG_STATE_HOME.lint" 2>&1; then
        echo "ok lint $lesson"
    else
        cat "$XDG_STATE_HOME.lint"
        echo "FAILED lint $lesson"
        bad=1
    fi
    number=$(basename "$lesson" | sed 's/^0*\([0-9][0-9]*\)-.*/\1/')
    player=$LEARN # the sanitized one; what trains nets is played at full speed
    [ "$number" -le 8 ] || player=$LEARN_FAST
    for lang in en ko; do
        rm -rf "$XDG_STATE_HOME"
        yes skip | head -200 | "$player" --lang $lang lesson "$number" >"$XDG_STATE_HOME.out" 2>&1
        if grep -qE '[0-9]+/[0-9]+\]' "$XDG_STATE_HOME.out" &&
            ! grep -qE 'nan|Sanitizer|\[[a-z]+\.[a-z.-]+\]' "$XDG_STATE_HOME.out" &&
            last_step "$XDG_STATE_HOME.out"; then
            echo "ok played $lesson ($lang)"
        else
            tail -5 "$XDG_STATE_HOME.out"
            echo "FAILED played $lesson ($lang)"
            bad=1
        fi
    done
done
rm -f "$XDG_STATE_HOME".*
exit $bad
