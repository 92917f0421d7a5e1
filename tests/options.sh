#!/bin/sh
# Options, pipes, files and exit statuses.
bad=0
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
export XDG_STATE_HOME="$dir/state" TERM=dumb
ok() { if [ "$2" = 0 ]; then echo "ok $1"; else echo "FAILED $1"; bad=1; fi; }

[ "$("$LEARN" -c 'param w = 3; w^2')" = 9 ]
ok '-c' $?
[ "$(echo 'param w = 3; w^2' | "$LEARN")" = 9 ]
ok 'standard input' $?
echo 'w = 4; w*2' >"$dir/d.learn"
[ "$("$LEARN" run "$dir/d.learn")" = 8 ]
ok 'run' $?
"$LEARN" "--lang=en" run "$dir/d.learn" --echo >"$dir/out" && [ "$(tr '\n' ' ' <"$dir/out")" = '> w = 4; w*2 8 ' ]
ok 'options may stand after the words; --echo shows the lines of a script' $?
printf 'w = 4\n\0w*2\n' >"$dir/zero.learn"
! "$LEARN" --lang en run "$dir/zero.learn" >"$dir/out" 2>&1 && grep -q 'no text' "$dir/out" &&
    "$LEARN" --lang en -c "run \"$dir/zero.learn\"" 2>&1 | grep -q 'no text'
ok 'a script with a zero byte is no text, whoever runs it' $?
"$LEARN" -c "param W[60, 40] = normal(0, 1); W = 2*W; E = sum(W^2); E; save \"$dir/s.learn\"" | head -1 >"$dir/was"
printf 'E\nq\n' >>"$dir/s.learn"
"$LEARN" --lang en run "$dir/s.learn" >"$dir/out" 2>"$dir/e"
weights=$(echo "$dir"/s.learn.weights-????????)
[ -s "$weights" ] && [ -s "$dir/was" ] && diff "$dir/was" "$dir/out"
ok 'learn run reads the weights beside the script, before what was added to it' $?
grep -q "learn:$(wc -l <"$dir/s.learn"):1:" "$dir/e"
ok 'and its lines keep their numbers' $?
"$LEARN" -c "run \"$dir/s.learn\"" 2>/dev/null | diff - "$dir/out"
ok 'run does the same' $?
rm "$dir/s.learn"; mv "$weights" "$dir/own" && printf 'precious' >"$weights"
"$LEARN" --lang en -c "a = 1; save \"$dir/s.learn\"" >/dev/null && [ "$(cat "$weights")" = precious ] &&
    "$LEARN" --lang en -c "param W[60, 40] = normal(0, 1); W = 2*W; E = sum(W^2); save \"$dir/s.learn\"" 2>&1 | tr '\n' ' ' | grep -q 'not weights of mine' &&
    [ "$(cat "$weights")" = precious ]
ok "a person's own file of that name is left alone" $?
rm "$weights"
printf 'x = 1\n# weights\nparam w = 2\nw*x\n' >"$dir/h.learn" && [ "$("$LEARN" run "$dir/h.learn")" = 2 ]
ok 'a heading of weights in a script is a comment' $?
"$LEARN" --help | grep -q usage && "$LEARN" --help | grep -q -- '--lang en|ko' && ! "$LEARN" --help | grep -q 'option\.'
ok '--help' $?
"$LEARN" --lang en --type wrong run "$dir/d.learn" 2>&1 | grep -q -- '`--type` belongs behind `learn lesson` alone'
ok 'an option of one word behind another is said to be none of its' $?
"$LEARN" --lang en present 2>&1 | tr '\n' ' ' | grep -q '`learn present` is written so: `learn present 3|demo.learn`'
ok 'a word without what it wants says how it is written' $?
"$LEARN" --lang en --version | tr '\n' ' ' | grep -q '^learn [0-9.]* built by [a-z]* [0-9.].*; kernels: [a-z0-9]* $'
ok '--version' $?
"$LEARN" --nonsense >/dev/null 2>&1
[ $? = 2 ]
ok 'wrong usage ends with 2' $?
"$LEARN" -c 'q' >"$dir/o" 2>"$dir/e"
[ $? = 1 ] && [ ! -s "$dir/o" ] && [ -s "$dir/e" ]
ok 'complaints go to standard error, status 1' $?
"$LEARN" --lang ko -c 'q' 2>&1 | grep -q '이름'
ok '--lang ko' $?
LC_ALL=ko_KR.UTF-8 "$LEARN" -c 'q' 2>&1 | grep -q '이름'
ok 'LC_ALL beginning with ko' $?
"$LEARN" -c 'lang ko' >/dev/null && "$LEARN" -c 'q' 2>&1 | grep -q '이름'
ok "lang's last word is kept" $?
XDG_STATE_HOME=/dev/full "$LEARN" -c 'lang ko; q' 2>&1 | tr '\n' ' ' | grep -q "한국어로 말합니다. /dev/full/learn/lang.* 쓸 수 없습니다: 폴더가 아님.* 이번에만 .*이름" &&
    HOME='' XDG_STATE_HOME='' "$LEARN" -c 'lang en; q' 2>&1 | tr '\n' ' ' | grep -q 'no home folder.*this session only.*name'
ok 'a language that can be kept nowhere is spoken, and that is said' $?
"$LEARN" -c 'expect 1 == 2' >/dev/null 2>&1
[ $? = 1 ]
ok 'a false expect fails' $?
! "$LEARN" --plain -c 'plot relu from -1 to 1' | grep -q '+---'
ok '--plain draws nothing' $?
"$LEARN" --lang en --plain -c 'use digits; plot X[7]' | grep -q '^0 0 4 9 9 9 8 0'
ok '--plain: a picture in levels' $?
"$LEARN" --lang en --plain -c 'use xor; net 2-3-1; plot boundary O' >"$dir/out" && grep -q '^X\[\.\., 1\]' "$dir/out" &&
    ! grep -q '\*\*\|\.\.\.\|nan' "$dir/out"
ok '--plain: a boundary in numbers' $?
"$LEARN" --lang en --echo <"$dir/d.learn" | grep -q '^> w = 4'
ok '--echo shows the lines' $?
"$LEARN" --lang en --type hints lesson 0 | grep -q '^learn 0> progress'
ok '--type types a lesson through' $?
! "$LEARN" --type nonsense lesson 0 >/dev/null 2>&1 && ! "$LEARN" --type wrong >/dev/null 2>&1
ok '--type wants a way and a lesson' $?
"$LEARN" --man | grep -q '^.SH COMMANDS'
ok 'the manual page comes from the tables' $?
"$LEARN" --man >"$dir/learn.1" && { ! command -v man >/dev/null || man -l "$dir/learn.1" >/dev/null 2>"$dir/warn"; } && [ ! -s "$dir/warn" ]
ok 'the manual page formats' $?
"$LEARN" --lang en --commands >"$dir/commands" && awk '/<!-- commands -->/ { on = 1; next } /<!-- \/commands -->/ { on = 0 } on' README.md | diff -q - "$dir/commands" >/dev/null
ok "README's command list is what the tables say" $?
printf '1,2\n3,4\n' >"$dir/marks.csv"
! "$LEARN" --lang en -c "log \"$dir/marks.csv\"; 1+1" >"$dir/out" 2>&1 && tr '\n' ' ' <"$dir/out" | grep -q 'no log of mine' &&
    [ "$(cat "$dir/marks.csv")" = "$(printf '1,2\n3,4')" ]
ok 'log leaves a file alone that it did not write' $?
"$LEARN" --lang en -c "log \"$dir/log.txt\"; 1+1" >"$dir/out" && "$LEARN" --lang ko -c "log \"$dir/log.txt\"; 2+3" >"$dir/out" &&
    [ "$(grep -cx '[25]' "$dir/log.txt")" = 2 ] && [ "$(grep -c '^#' "$dir/log.txt")" = 1 ]
ok 'and goes on at the end of one that it wrote' $?
printf '"a\033]0;owned\007b"\n' >"$dir/raw.learn"
[ "$("$LEARN" --lang en --echo run "$dir/raw.learn" | tail -1)" = 'a]0;ownedb' ] &&
    ! "$LEARN" --echo <"$dir/raw.learn" | grep -q "$(printf '[\033\007]')"
ok 'a text reaches the terminal without its controls' $?
if [ -w /dev/full ]; then
    ! echo '1+1' | "$LEARN" >/dev/full 2>"$dir/out" && [ -s "$dir/out" ]
    ok 'what could not be written is a fault' $?
    ! "$LEARN" --lang en -c 'log "/dev/full"; 1+1; log off' >"$dir/out" 2>&1 && grep -q 'into the log' "$dir/out"
    ok 'a log that lost something says so' $?
fi
for line in 'submit 3 --id --yes' 'report . --csv --html z' 'handout 3 -o --mine' 'lesson 3 --record --plain' 'report . --csv -' 'submit 3 -o -'; do
    (cd "$dir" && "$LEARN" --lang en $line >out 2>&1 </dev/null)
    [ $? = 2 ] && grep -q 'is not how this option' "$dir/out" && [ ! -e "$dir/--html" ] && [ ! -e "$dir/-" ]
    ok "no option is another's value: $line" $?
done
[ "$("$LEARN" --lang en -c -3+5)" = 2 ]
ok 'a line may begin with a minus' $?
yes '1+1' | head -100000 | "$LEARN_FAST" --lang en | head -1 | grep -q 2
ok 'a reader who leaves early' $?
mkfifo "$dir/fifo"
timeout 20 "$LEARN" --lang en -c "log \"$dir/fifo\"" >"$dir/out" 2>&1
[ $? = 1 ]
ok 'a log is no FIFO' $?
offers() { # offers WORD… : what bash would, the last being typed
    bash -c 'eval "$("$LEARN" --completion bash)"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _learn; echo "${COMPREPLY[*]}"' - learn "$@"
}
export LEARN
[ "$(offers le)" = lesson ] && [ "$(offers --lang '')" = 'en ko' ] && [ "$(offers handout 3 --te)" = --teacher ] &&
    (cd "$dir" && touch my.json && [ "$(offers report r --csv my)" = my.json ] && [ -z "$(offers submit --id my)" ]) &&
    [ -z "$(offers lint --te)" ] && (cd "$dir" && touch my.json 'a b.learn' && [ "$(offers lesson my)" = my.json ] && [ "$(offers run a)" = 'a b.learn' ])
ok 'bash completes words, options, files' $?
! command -v zsh >/dev/null || "$LEARN" --completion zsh | zsh -n
ok 'zsh can read its own' $?
exit $bad
