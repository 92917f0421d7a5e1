#!/bin/sh
# Transcripts that read like a session: tests/golden/NAME.learn typed into learn, in both
# languages, must give NAME.en.out and NAME.ko.out. tests/errors/NAME.learn must fail.
#     sh tests/golden.sh [--write] [tests/golden/points.learn …]
# With --write the transcripts are written anew; read the diff.
LEARN=${LEARN:-./learn}
export HOME=/nonexistent XDG_STATE_HOME="${TMPDIR:-/tmp}/learn-golden.$$" TERM=dumb
export LEARN_HOME="${LEARN_HOME:-.}" LC_ALL=C.UTF-8
export LEARN_KERNELS=baseline # what is learnt has the same numbers on every machine
unset DISPLAY WAYLAND_DISPLAY COLUMNS
# What they write as /tmp/learn-test-… goes into a folder of this run's own; its name is
# as long, so that lines break where they did.
theirs=/tmp/learn-test- own=$(mktemp -d /tmp/learn-XXXX)/
trap 'rm -rf "$XDG_STATE_HOME" "$own"' EXIT
bad=0 write=0
[ "$1" = --write ] && { write=1; shift; }
[ $# -gt 0 ] || set -- tests/golden/*.learn tests/errors/*.learn
for script; do
    for lang in en ko; do
        rm -rf "$XDG_STATE_HOME" "$own"
        mkdir "$own"
        want=${script%.learn}.$lang.out
        got=$({ sed "s|$theirs|$own|g" "$script" | "$LEARN" --lang $lang --echo 2>&1
            echo "[$?]"; } | sed "s|$own|$theirs|g")
        case $script in
        tests/errors/*) status='[1]' ;;
        *) status='[0]' ;;
        esac
        if [ $write = 1 ]; then
            printf '%s\n' "$got" >"$want"
        fi
        if [ "${got##*
}" != "$status" ]; then
            echo "FAILED $script ($lang): exit status ${got##*
}"
            bad=1
        elif [ "$got" != "$(cat "$want" 2>/dev/null)" ]; then
            echo "FAILED $script ($lang):"
            printf '%s\n' "$got" | diff "$want" - | head -20
            bad=1
        else
            echo "ok $script ($lang)"
        fi
    done
done
exit $bad
