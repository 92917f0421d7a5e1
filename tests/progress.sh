#!/bin/sh
# What was solved, hinted, skipped and left open: `progress` and `lessons`, in both
# languages, as tests/lessons/progress.LANG.out holds them (--write: written anew). And a
# lesson left in the middle goes on with the numbers it had, trained nets too.
bad=0
LEARN=${LEARN:-$PWD/learn} LEARN_FAST=${LEARN_FAST:-$LEARN} LEARN_HOME=${LEARN_HOME:-$PWD} dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
# the lessons this is about, so that another's new title or minutes change nothing
mkdir -p "$dir/home/lessons"
ln -s "$LEARN_HOME/data" "$dir/home/data"
cp lessons/00-*.json lessons/01-*.json lessons/13-*.json "$dir/home/lessons"
LEARN_HOME=$dir/home
export LEARN_HOME XDG_STATE_HOME="$dir/state" TERM=dumb HOME=/nonexistent LC_ALL=C.UTF-8
ok() { if [ "$2" = 0 ]; then echo "ok $1"; else echo "FAILED $1"; bad=1; fi; }

for lang in en ko; do
    rm -rf "$XDG_STATE_HOME"
    {
        "$LEARN" --lang $lang --type solutions lesson 0 >/dev/null
        # one solved after a wrong answer, one with two hints, one skipped, one left open
        printf '%s\n' 5 0 hint hint 'w = 1' skip next progress | "$LEARN" --lang $lang --echo lesson 1
        echo
        "$LEARN" --lang $lang -c 'progress; lessons'
    } >"$dir/progress" 2>&1
    [ "$1" != --write ] || cp "$dir/progress" tests/lessons/progress.$lang.out
    diff tests/lessons/progress.$lang.out "$dir/progress"
    ok "progress and lessons ($lang)" $?
done

# who does not know is given a hint, and has answered nothing wrong
rm -rf "$XDG_STATE_HOME"
printf '%s\n' '모르겠어요' 'I don’t know' '?' >"$dir/shrugs"
[ "$("$LEARN" --lang ko lesson 1 <"$dir/shrugs" | grep -c '^힌트 [12]/2:\|힌트를 모두')" = 3 ]
ok "who does not know is given a hint" $?

# a task whose solution writes files is done without them where it is passed over
out=$(echo lessons/*-out-into-the-world.json); number=$(basename "$out" | cut -d- -f1)
cp "$out" "$dir/home/lessons"
step=$(python3 -c 'import json, sys
steps = json.load(open(sys.argv[1]))["steps"]
print(1 + next(i for i, s in enumerate(steps) if "instead" in s))' "$out")
for way in "lesson $number step $step
next" "lesson $number step $((step + 1))"; do
    rm -rf "$XDG_STATE_HOME"
    printf '%s\nmax(y)\n' "$way" | "$LEARN" --lang en lesson "$number" 2>&1 | grep -q '^88$'
    ok "what is passed over is done without files ($(echo "$way" | tail -1))" $?
done

# left in the middle: E of a net that learnt for long, then E where the lesson goes on
left() { # left STEP LINE: plays on to STEP, types LINE and says E
    rm -rf "$XDG_STATE_HOME"
    printf '%s\n' "lesson 13 step $1" "$2" 'digits 17; E' | "$LEARN_FAST" --lang en lesson 13 2>&1 | grep '^E = ' | tail -1
}
back() { printf 'digits 17; E\n' | "$LEARN_FAST" --lang en lesson 13 2>&1 | grep '^E = ' | tail -1; }
step=$(python3 -c 'import json
steps = json.load(open("lessons/13-reading-digits.json"))["steps"]
print(1 + next(i for i, s in enumerate(steps) if "train" in str(s.get("solution"))))')
was=$(left "$step" 'train E epochs 1 batch 10 rate 0.1')
[ -n "$was" ] && [ "$was" = "$(back)" ] && [ "$was" = "$(back)" ]
ok 'a half-trained net is there again' $?
exit $bad
