#!/bin/sh
# Every lesson: linted (its schema, then played with solutions, wrong answers and hints in
# both languages), then typed through to its end in both languages by three students: one
# knows, one gets everything wrong first, one takes every hint. What they see must be what
# tests/lessons/NAME.LANG.out holds; of the second and third that is how it differs from the
# first. A fourth skips everything.
#     sh tests/lessons.sh [--write] [lessons/03-gradient-descent.json …]
# With --write the transcripts are written anew; read the diff.
bad=0 write=0
[ "$1" = --write ] && { write=1; shift; }
[ $# -gt 0 ] || set -- lessons/[0-9]*.json lessons/challenges/[0-9]*.json
LEARN=${LEARN:-$PWD/learn} LEARN_FAST=${LEARN_FAST:-$LEARN} LEARN_HOME=${LEARN_HOME:-$PWD} golden=$PWD/tests/lessons
top=$PWD dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
export LEARN_HOME XDG_STATE_HOME="$dir/state" TERM=dumb HOME=/nonexistent LC_ALL=C.UTF-8
unset DISPLAY WAYLAND_DISPLAY COLUMNS
# The same numbers on every kind of x86: no fused multiply-add, ours or the C library's.
export LEARN_KERNELS=baseline GLIBC_TUNABLES=glibc.cpu.hwcaps=-FMA,-FMA4,-AVX2,-AVX512F,-AVX2_Usable,-FMA_Usable,-FMA4_Usable
mkdir -p "$golden" "$dir/work"

play() { # play PASS: in a folder of its own, since a lesson's student may write files
    rm -rf "$XDG_STATE_HOME" "$dir/work"/*
    (cd "$dir/work" && "$player" --lang "$lang" --type "$1" lesson "$number") >"$dir/$1" 2>&1 || echo "[$?]" >>"$dir/$1"
}

differs() { # differs PASS: from the one with the solutions
    diff -U2 --label solutions --label "$1" "$dir/solutions" "$dir/$1" | sed '/^@@/s/.*/@@/'
}

compare() { # compare NAME FILE: with what is kept
    [ $write = 0 ] || cp "$2" "$golden/$1"
    if grep -qE '(^|[^[:alpha:]])-?nan([^[:alpha:]]|$)|Sanitizer|\[[a-z]+\.[a-z.-]+\]|^\[1\]' "$2" || ! diff "$golden/$1" "$2" >"$dir/diff" 2>&1; then
        head -20 "$dir/diff"
        tail -3 "$2"
        echo "FAILED $1"
        bad=1
    else
        echo "ok $1"
    fi
}

skips() { # played by somebody who skips, to the last [n/n]
    rm -rf "$XDG_STATE_HOME"
    yes skip | head -100 | "$player" --lang "$lang" lesson "$number" >"$dir/skipped" 2>&1
    last=$(grep -oE '^\[[0-9]+/[0-9]+\]' "$dir/skipped" | tail -1 | tr -d '[]')
    if [ -n "$last" ] && [ "${last%/*}" = "${last#*/}" ]; then
        echo "ok skipped $1"
    else
        tail -5 "$dir/skipped"
        echo "FAILED skipped $1"
        bad=1
    fi
}

for lesson; do
    name=$(basename "$lesson" .json)
    number=$(echo "$name" | sed 's/^0*\([0-9][0-9]*\)-.*/\1/')
    if "$LEARN_FAST" lint "$lesson" >"$dir/lint" 2>&1; then
        echo "ok lint $name"
    else
        cat "$dir/lint"
        echo "FAILED lint $name"
        bad=1
    fi
    player=$LEARN # the sanitized one; what trains nets is played at full speed
    [ "$number" -le 8 ] || player=$LEARN_FAST
    for lang in en ko; do
        play solutions
        play wrong
        play hints
        compare "$name.$lang.out" "$dir/solutions"
        for pass in wrong hints; do
            differs $pass >"$dir/differs"
            compare "$name.$lang.$pass.diff" "$dir/differs"
        done
        skips "$name ($lang)"
    done
done
cd "$top" || exit 1
exit $bad
