#!/bin/sh
# Bad input gets a clear error and loses nothing: no crash, no hang, no sanitizer's word.
bad=0
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
export XDG_STATE_HOME="$dir/state" TERM=dumb

ok() { if [ "$2" = 0 ]; then echo "ok $1"; else
    echo "FAILED $1"
    bad=1
    head -c 1500 "$dir/out"
fi; }

# refused NAME: what is on standard input must be refused politely: status 1, a complaint
refused() {
    timeout 120 "$LEARN" >"$dir/out" 2>&1
    [ $? = 1 ] && [ -s "$dir/out" ] && ! grep -q Sanitizer "$dir/out" && [ "$(wc -c <"$dir/out")" -lt 5000 ]
    ok "$1" $?
}
repeat() { awk -v n="$1" -v s="$2" 'BEGIN { while (n--) printf "%s", s }'; }

{ repeat 100000 '('; echo; } | refused 'a hundred thousand open brackets'
{ repeat 100000 '('; printf 1; repeat 100000 ')'; echo; } | refused 'a hundred thousand nested brackets'
{ printf 'x = 1'; repeat 200000 ' + 1'; echo ' +'; } | refused 'a megabyte line that ends too early'
{ repeat 100000 '-'; echo; } | refused 'a hundred thousand signs'
{ repeat 100000 '['; echo; } | refused 'a hundred thousand open lists'
head -c 100000 /dev/urandom | refused 'binary noise'
printf 'x = 1\0 + 2\n' | refused 'a zero byte'
printf 'x = "\377\376"\n' | refused 'invalid UTF-8'
printf 'param W[1000000, 1000000]\n' | refused 'absurd sizes'
grep -q '7.28 TiB' "$dir/out"
ok 'absurd sizes: how much memory' $?
printf 'param W[99999999999999999999]\n' | refused 'a size beyond counting'
printf 'f(x) = f(x)\nf(1)\n' | refused 'a function that calls itself'
printf 'f(x) = g(x)\ng(x) = f(x)\nf(1)\n' | refused 'functions that call each other'
printf 'repeat 2 { repeat 2 {' | refused 'blocks never closed'
printf 'lesson 999\n' | refused 'a lesson that is not there'
printf 'x = 1e999\n' | refused 'a number too large'

# tables that are none
{ echo 'a,b'; repeat 100000 '1,2
'; printf '3,"4\n'; } >"$dir/quote.csv"
printf 'use "%s" x 1 y 2\n' "$dir/quote.csv" | refused 'a table whose last quote is never closed'
grep -q 'line 100002' "$dir/out"
ok 'a quote never closed: its line' $?
{ repeat 1000000 '1,'; echo 1; repeat 1000000 '1,'; echo; } >"$dir/wide.csv"
printf 'use "%s" x 1 y 1000002\n' "$dir/wide.csv" | refused 'a million columns, and not the one asked for'
{ echo 'a,b'; repeat 50000 '1,x
'; repeat 50001 '1,2
'; } >"$dir/bad.csv"
printf 'use "%s" x 1 y 2\n' "$dir/bad.csv" | refused 'a column half text, half numbers'
grep -q 'line 2, column b' "$dir/out"
ok 'a bad cell: its line and column' $?

# a broken line in the middle of a session loses nothing
printf 'param w = 3\n' >"$dir/s.learn"
printf '((((\n' >>"$dir/s.learn"
"$LEARN" run "$dir/s.learn" >"$dir/out" 2>&1
[ $? = 1 ] && grep -q 's.learn:[23]:' "$dir/out"
ok 'a script stops at its first error, with its place' $?

# lesson files of a stranger
for json in '' '{' '[]' '{"format": 1}' '{"format": 1, "format": 1}' '"x"' '{"a": "\ud800"}'; do
    printf '%s' "$json" >"$dir/bad.json"
    timeout 60 "$LEARN" lint "$dir/bad.json" >"$dir/out" 2>&1
    [ $? = 1 ] && ! grep -q Sanitizer "$dir/out"
    ok "lint refuses $json" $?
done
repeat 100000 '[' >"$dir/bad.json"
timeout 60 "$LEARN" lint "$dir/bad.json" >"$dir/out" 2>&1
[ $? = 1 ] && ! grep -q Sanitizer "$dir/out"
ok 'lint refuses deep nesting' $?
head -c 3000 /dev/urandom >"$dir/bad.json"
timeout 60 "$LEARN" lint "$dir/bad.json" >"$dir/out" 2>&1
[ $? = 1 ] && ! grep -q Sanitizer "$dir/out"
ok 'lint refuses noise' $?
sed '0,/"steps": \[/s//"steps": [{"run": "repeat 1000000 { repeat 1000000 { w = w + 0 } }"},/' lessons/02-loss.json >"$dir/02-loss.json"
timeout --foreground -s ALRM 3 "$LEARN" --lang en lint "$dir/02-loss.json" >"$dir/out" 2>&1 # as its own alarm will, once
tr '\n' ' ' <"$dir/out" | grep -q 'steps\[0\].*still running'
ok 'lint stops a lesson that runs for ever' $?
# Thirty thousand faults in one line: so many, the first of them with what stands round each.
{ printf '{"format": 1, "steps": ['; repeat 30000 '"x",'; printf '1]}'; } >"$dir/bad.json"
(ulimit -v 2000000 && timeout 60 "$LEARN_FAST" --lang en lint "$dir/bad.json" >"$dir/out" 2>&1)
[ $? = 1 ] && grep -q '29958 more' "$dir/out" && grep -q 'faults: 30008' "$dir/out" && [ "$(wc -c <"$dir/out")" -lt 10000 ]
ok 'lint counts the faults of a long line' $?
{ printf '{"format": 1, '; repeat 30000 '가'; } >"$dir/bad.json"
"$LEARN" --lang en lint "$dir/bad.json" >"$dir/out" 2>&1
[ $? = 1 ] && [ "$(wc -L <"$dir/out")" -le 80 ] && grep -q '^    {"format": 1, 가' "$dir/out" && grep -q '가…$' "$dir/out"
ok 'a long line is shown round the place' $?
{ printf 'x = '; repeat 30000 '가'; printf ' )'; repeat 30000 '나'; echo; } | "$LEARN" --lang en >"$dir/out" 2>&1
[ "$(wc -L <"$dir/out")" -le 80 ] && grep -q '…가.*)나.*나…$' "$dir/out"
ok 'and one that was typed' $?
# A solution reads only what it has written itself, in lint's own folder.
echo 'save "pwned.learn"; param w = 1.8' >"$dir/secret.learn"
for file in secret.learn ./secret.learn "$dir/secret.learn"; do
    sed "0,/\"solution\": \"step E rate 0.1\"/s||\"solution\": \"run \\\\\"$file\\\\\"; step E rate 0.1\"|" lessons/03-gradient-descent.json >"$dir/03-gradient-descent.json"
    (cd "$dir" && timeout 120 "$LEARN" --lang en lint 03-gradient-descent.json >out 2>&1)
    grep -q "solution (en)" "$dir/out" && [ -z "$(find "$dir" /tmp/learn-lint-* -name pwned.learn 2>/dev/null)" ]
    ok "a lesson's solution runs no file that is there: $(basename "$file")" $?
done
mkdir -p "$dir/home/lessons"
sed 's/"run": "plot E vs w from -3 to 5"/"run": "save \\"pwned.learn\\""/' lessons/03-gradient-descent.json >"$dir/home/lessons/03-x.json"
(cd "$dir" && yes skip | head -20 | LEARN_HOME="$dir/home" "$LEARN" lesson 3 >out 2>&1)
[ ! -e "$dir/pwned.learn" ]
ok "a lesson's own line writes no file" $?

# … and of what is beside it only a plain file in the lesson's own folder.
mkdir -p "$dir/shelf/inner" && printf 'a,b\n1,12345\n2,12345\n' | tee "$dir/out.csv" "$dir/shelf/in.csv" >"$dir/shelf/inner/deep.csv"
ln -s ../out.csv "$dir/shelf/link.csv" && ln -s in.csv "$dir/shelf/near.csv" && ln -s inner "$dir/shelf/way" && mkfifo "$dir/shelf/fifo.csv"
gzip -c "$dir/out.csv" >"$dir/shelf/in.csv.gz"
stranger() { # stranger STEP…: a lesson of these steps
    printf '{"format": 1, "lesson": 100, "id": "s", "title": "t", "minutes": 1, "goals": ["g"], "setup": ["param w = 1"], "steps": [%s]}' "$1" >"$dir/shelf/s.json"
}
reads() { # reads NAME: by the lesson's own line, and by a solution that is skipped, wherever it is played
    stranger "{\"run\": \"use \\\"$1\\\" x 1 y 2\"}, {\"run\": \"y\"}, {\"try\": \"t\", \"name\": \"t\", \"until\": \"w == 5\", \"solution\": \"use \\\"$1\\\" x 1 y 2; y\"}"
    (cd "$2" && printf 'skip\n' | timeout 60 "$LEARN" --lang en lesson "$dir/shelf/s.json" >"$dir/out" 2>&1)
    ! grep -q Sanitizer "$dir/out" && [ "$(grep -c '12345.*12345' "$dir/out")" = "$3" ]
}
for name in ../out.csv link.csv near.csv way/deep.csv inner/deep.csv ./in.csv .. . inner fifo.csv /dev/zero /etc/passwd "$dir/out.csv"; do
    for here in "$dir" "$dir/shelf"; do
        reads "$name" "$here" 0
        ok "a lesson reads nothing but what is beside it: $(basename "$name") from $(basename "$here")" $?
    done
done
for name in in.csv in.csv.gz; do
    reads "$name" / 2
    ok "what is beside it it reads: $name" $?
done
for line in 'save \"p.learn\"' 'log \"p.txt\"' 'export w into \"p.onnx\"' 'run \"in.csv\"' 'restore \"in.csv\"' 'plot w^2 vs w from 1 to 2 into \"p.png\"' 'lesson \"s.json\"' 'repeat 1 { use \"../out.csv\" x 1 y 2 }'; do
    for steps in "{\"run\": \"$line\"}" "{\"try\": \"t\", \"name\": \"t\", \"until\": \"w == 5\", \"solution\": \"$line\"}" "{\"play\": \"t\", \"lines\": [\"$line\"]}"; do
        stranger "$steps"
        before=$(ls -R "$dir/shelf")
        (cd "$dir/shelf" && printf 'skip\n\n' | timeout 60 "$LEARN" --lang en lesson ./s.json >"$dir/out" 2>&1; timeout 60 "$LEARN" lint s.json >>"$dir/out" 2>&1)
        ! grep -q 'Sanitizer\|12345' "$dir/out" && [ "$before" = "$(ls -R "$dir/shelf")" ]
        ok "a lesson by its path leaves no trace: $line" $?
    done
done

# a name that is mentioned 900 times is saved, and comes back
many=$(yes '+x' | head -900 | tr -d '\n')
[ "$(cd "$dir" && "$LEARN" -c "x = 1; param p = x$many; save \"many.learn\"; reset; run \"many.learn\"; p" 2>&1 | tail -1)" = 'p = 901' ]
ok "a name that is mentioned 900 times comes back" $?

# progress: damaged, read-only, no home
mkdir -p "$dir/state/learn"
printf '{"half' >"$dir/state/learn/progress.json"
printf '1\nquit\n' | "$LEARN" lesson 3 >"$dir/out" 2>&1
[ -n "$(find "$dir/state/learn" -name 'progress.json.*' | head -1)" ] && ! grep -q Sanitizer "$dir/out"
ok 'a damaged progress file is set aside, not deleted' $?
export XDG_STATE_HOME=/proc/nowhere
printf '1\nquit\n' | "$LEARN" lesson 3 >"$dir/out" 2>&1
grep -q '^\[4/' "$dir/out" && ! grep -q Sanitizer "$dir/out"
ok 'where nothing can be written the lesson goes on' $?
export XDG_STATE_HOME="$dir/state"

# a full disk
"$LEARN" -c '6*7' >/dev/full 2>"$dir/out"
[ $? = 1 ]
ok 'a full disk under standard output is told' $?
"$LEARN" -c 'param w = 1; save "/dev/full"' >"$dir/out" 2>&1
[ $? = 1 ]
ok 'save refuses a device' $?

# size: a hundred thousand gates in well under a second, on the fast build
awk 'BEGIN { print "param w = 0.5"; print "a0 = w"; for (i = 1; i < 33000; i++) print "a" i " = a" i-1 "*0.999 + w"; print "a32999"; print "da32999/dw" }' >"$dir/big.learn"
timeout 60 "$LEARN_FAST" run "$dir/big.learn" >"$dir/out" 2>&1 && grep -q 1000 "$dir/out"
ok 'a graph of a hundred thousand gates' $?

# time: four times as much takes about four times as long, not sixteen
timed() { # timed FILE: the best of three, in milliseconds
    best=999999
    for _ in 1 2 3; do
        began=$(date +%s%N)
        timeout 100 "$LEARN_FAST" <"$1" >/dev/null 2>&1
        took=$((($(date +%s%N) - began) / 1000000))
        [ "$took" -lt "$best" ] && best=$took
    done
    echo "$best"
}
linear() { # linear NAME AWK: what awk prints for n = 1000 and for 4000
    awk -v n=1000 "BEGIN { $2 }" </dev/null >"$dir/short.learn"
    awk -v n=4000 "BEGIN { $2 }" </dev/null >"$dir/long.learn"
    short=$(timed "$dir/short.learn") long=$(timed "$dir/long.learn")
    [ "$long" -lt $((10 * short + 100)) ]
    ok "four times as long: $1 ($short, $long ms)" $?
}
linear 'lines in an open bracket' 'print "repeat 1 {"; for (i = 0; i < n; i++) print "x = sin(" i ")"; print "}"'
linear 'a list over many lines' 'print "v = ["; for (i = 1; i < n; i++) print "sin(" i "),"; print "1]"'
linear 'a new shape under many formulas' 'print "a = 1"; for (i = 0; i < n; i++) print "f" i " = a + " i; print "a = [1, 2]"'
linear 'a new shape along a chain' 'print "a0 = 1"; for (i = 1; i < n; i++) print "a" i " = a" i-1 " + 1"; print "a0 = [1, 2]"; print "undo"'
linear 'a size that many hang on' 'print "n = 3"; for (i = 0; i < n; i++) print "f" i " = zeros(n)"; print "n = 4"'
exit $bad
