#!/bin/sh
# Standard input, output and error closed, in every combination; standard input that can't
# be read; files that may not grow. Nobody's text is run, nothing hangs, the status tells.
bad=0
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
export XDG_STATE_HOME="$dir/state" TERM=dumb
unset DISPLAY WAYLAND_DISPLAY
ok() { if [ "$2" = 0 ]; then echo "ok $1"; else
    echo "FAILED $1"
    bad=1
    head -c 1500 "$dir/err"
fi; }

# A gnuplot that writes down what it is sent and which descriptors it holds, answers, and
# does what it is told, as a shell does.
cat >"$dir/fake" <<'FAKE'
#!/bin/sh
echo /proc/self/fd/* >>"${0%/*}/held"
while read -r line; do
    echo "$line" >>"${0%/*}/sent"
    case $line in
        *'@@'*) n=${line#*@@}; printf '\n@@%s 0\n' "${n%% *}" ;;
        *touch*) touch "${0%/*}/MARK" ;;
    esac
done
FAKE
chmod +x "$dir/fake"
gnuplots=$dir/fake
command -v gnuplot >/dev/null && gnuplots="gnuplot $dir/fake"

# A stranger's lesson and script: what they print is a command for gnuplot.
evil="\"system('touch $dir/MARK')\""
mkdir -p "$dir/home/lessons"
cat >"$dir/home/lessons/03-gradient-descent.json" <<LESSON
{"format": 1, "lesson": 3, "id": "gradient-descent", "title": "t", "minutes": 1, "goals": ["g"],
 "setup": ["param w = 3; E = (w - 1)^2"],
 "steps": [{"run": "plot E vs w from -3 to 5"}, {"run": "\\"system('touch $dir/MARK')\\""},
           {"run": "plot E vs w from -3 to 5"}, {"run": "\\"system('touch $dir/MARK')\\""},
           {"say": "system('touch $dir/MARK')"}]}
LESSON
plot='plot E vs w from -3 to 5'
printf 'param w = 3; E = (w - 1)^2\n%s\nrepeat 2000 { %s }\n%s\nsystem("touch %s")\n' \
    "$plot" "$evil" "$plot" "$dir/MARK" >"$dir/evil.learn"

for gnuplot in $gnuplots; do
    for closed in '' '<&-' '>&-' '2>&-' '<&- >&-' '<&- 2>&-' '>&- 2>&-' '<&- >&- 2>&-'; do
        for how in 'lesson 3' "run $dir/evil.learn"; do
            rm -f "$dir/sent" "$dir/held"
            name="$(basename "$gnuplot"), ${how%% *} $closed"
            : >"$dir/err"
            : >"$dir/in"
            # shellcheck disable=SC2086 # words, and a redirection, on purpose
            eval 'LEARN_GNUPLOT=$gnuplot LEARN_HOME=$dir/home timeout 120 "$LEARN" $how' \
                '<"$dir/in" >"$dir/out" 2>"$dir/err"' "$closed"
            status=$?
            case $how,$closed in
                lesson*,'' | lesson*,'2>&-') [ $status = 0 ] ;;
                *) [ $status = 1 ] ;;
            esac && [ ! -e "$dir/MARK" ] && ! grep -q touch "$dir/sent" 2>/dev/null &&
                { ! [ -e "$dir/held" ] || ! grep -q 'fd/[3-9].*fd/[4-9]' "$dir/held"; }
            ok "$name: status $status, nothing run" $?
            case $closed in
                *'2>&-'* | '') ;;
                *'>&-'*) [ -s "$dir/err" ] && ok "$name: said" $? ;;
            esac
        done
    done
done
rm -f "$dir/out"
"$LEARN" -c "log \"$dir/log\"; 1+1" >&- 2>/dev/null
[ "$(grep -cx 2 "$dir/log")" = 1 ]
ok 'a log is written once, whatever is closed' $?

# Standard input that can't be read is not standard input that has ended.
for file in / /proc/self/mem; do
    "$LEARN" --lang en <"$file" >"$dir/out" 2>"$dir/err"
    [ $? = 1 ] && grep -q 'standard input' "$dir/err"
    ok "standard input from $file" $?
done
"$LEARN" --lang en lesson 3 </ >"$dir/out" 2>"$dir/err"
[ $? = 1 ] && grep -q 'standard input' "$dir/err"
ok 'in a lesson too' $?
printf '1+1' | "$LEARN" >"$dir/out" 2>"$dir/err" && [ "$(cat "$dir/out")" = 2 ]
ok 'and its end is no fault' $?

# A file that may not grow is a full disk, not the end of the program.
wide='param W[600] = normal(0, 1); x = 6'
(cd "$dir" && ulimit -f 1 && "$LEARN" --lang en -c "$wide; save \"s.learn\"" >/dev/null 2>err)
[ $? = 1 ] && grep -q "can't write" "$dir/err" && [ -z "$(find "$dir" -name 's.learn*')" ]
ok 'save beyond ulimit -f: said, and nothing left behind' $?
(cd "$dir" && ulimit -f 1 && { echo "$wide"; echo 'W'; echo 'log "grow.txt"'; echo 'repeat 900 { W }'; echo 'log off'; } |
    "$LEARN" --lang en 2>err >/dev/null)
[ $? = 1 ] && tr '\n' ' ' <"$dir/err" | grep -q 'into the log'
ok 'a log beyond ulimit -f: said' $?
(cd "$dir" && ulimit -f 1 && { echo "$wide"; echo 'repeat 900 { W }'; } | "$LEARN" >grow 2>err)
[ $? = 1 ]
ok 'standard output beyond ulimit -f: status 1' $?
(cd "$dir" && ulimit -f 0 && yes skip | head -5 | "$LEARN" --lang en lesson 3 2>&1 | cat) | tr '\n' ' ' >"$dir/err"
grep -q "kept in memory" "$dir/err"
ok 'a lesson goes on where progress may not be written' $?
exit $bad
