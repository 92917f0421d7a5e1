#!/bin/sh
# Plots: real pictures of every kind, what reaches gnuplot, and a gnuplot that is missing,
# dies, hangs or complains.
bad=0
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
export XDG_STATE_HOME="$dir/state" TERM=dumb
unset DISPLAY WAYLAND_DISPLAY
board='x = 1; y = 1; param w = 3, b = 0; E = (w*x - y)^2; L = abs(w*x - y)
X = [1, 2, 3]; h = w*X + b; M = mean((h - X)^2)
descend M rate 0.05 steps 5 every 0'

ok() {
    if [ "$2" = 0 ]; then echo "ok $1"; else
        echo "FAILED $1"
        bad=1
        tail -20 "$dir/out"
    fi
}

run() { # run LINES: on the board; output in $dir/out
    "$LEARN" -c "$board
$1" >"$dir/out" 2>&1
}

is() { # is FILE MAGIC
    [ "$(head -c 8 "$1" 2>/dev/null | tr -cd '[:alnum:]%?<' | head -c "${#2}")" = "$2" ]
}

if command -v gnuplot >/dev/null; then
    n=0
    for plot in 'E vs w from -3 to 5' 'E, L vs w from -3 to 5' 'M' 'M vs w, b' 'M vs w, b as contour' \
        'X, h vs X' 'relu from -3 to 3' 'reshape([0, 1, 1, 0], 2, 2)' \
        '[[1, 2], [3, 4]], [0, 1], [2, 2] as points'; do
        n=$((n + 1))
        run "plot $plot into \"$dir/$n.png\"" && is "$dir/$n.png" PNG && [ "$(wc -c <"$dir/$n.png")" -gt 1000 ]
        ok "png of plot $plot" $?
        run "plot $plot" && [ "$(wc -l <"$dir/out")" -ge 2 ]
        ok "terminal, plot $plot" $?
    done
    run 'plot sigmoid, tanh from -3 to 3' && grep -q '^sigmoid(x), tanh(x) and their derivatives' "$dir/out"
    ok "title of several functions" $?
    "$LEARN" --lang en -c 'use digits; net 64-10; plot O; plot X.test' >"$dir/out" 2>&1
    grep -q 'the first 40 of 1438 rows' "$dir/out" && grep -q 'the first 16 of 359 pictures' "$dir/out" && [ "$(wc -l <"$dir/out")" -lt 90 ]
    ok "no picture scrolls away" $?
    run "use digits; net 64-10; animate boundary O rate 0.1 steps 2"
    [ $? = 1 ] && ! grep -q 'Stopped' "$dir/out"
    ok "what can't be drawn is not begun" $?
    run "plot E vs w into \"$dir/a.svg\"" && is "$dir/a.svg" '<?xml'
    ok svg $?
    run "plot E vs w into \"$dir/a.pdf\"" && is "$dir/a.pdf" '%PDF'
    ok pdf $?
    run "animate M vs w rate 0.1 steps 5 into \"$dir/a.gif\"" && is "$dir/a.gif" GIF89a
    ok gif $?
    run "plot M vs w into \"$dir/a.pdf\"; plot E vs w into \"$dir/a.svg\"" && is "$dir/a.pdf" '%PDF'
    ok "over a picture of the same kind" $?
    echo mine >"$dir/a.png"
    ! run "plot E vs w into \"$dir/a.png\"" && ! run "animate M vs w rate 0.1 steps 5 into \"$dir/a.pdf\"" &&
        [ "$(cat "$dir/a.png")" = mine ] && is "$dir/a.pdf" '%PDF'
    ok "but over nothing else" $?
    xor='use xor; net 2-3-1 tanh; animate boundary O rate 1 steps 8'
    "$LEARN" -c "$xor into \"$dir/b.gif\"; expect E < 0.69" >"$dir/out" 2>&1 &&
        is "$dir/b.gif" GIF89a && [ "$(grep -ac "$(printf '!\371\004')" "$dir/b.gif")" -gt 0 ]
    ok "gif of animate boundary, and it learns" $?
    "$LEARN" -c "$xor" >"$dir/out" 2>&1 && grep -q 'update 8, E = 0' "$dir/out" &&
        grep -q '^[ .?*]*[01][ .?*]*1' "$dir/out"
    ok "terminal, animate boundary" $?
    "$LEARN" -c "use moons; net 2-3-1; plot boundary O into \"$dir/b.png\"" >"$dir/out" 2>&1 && is "$dir/b.png" PNG
    ok "png of plot boundary" $?
    "$LEARN" --lang ko -c "$board
plot E vs w into \"$dir/ko.png\"" >"$dir/out" 2>&1 && is "$dir/ko.png" PNG
    ok "png with Hangul" $?
    run "plot E vs w into \"$dir/none/a.png\"; E"
    [ $? = 1 ] && grep -q none "$dir/out"
    ok "a folder that is not there" $?
else
    echo "skipped pictures: gnuplot is not installed"
fi

# After train: the loss and the share answered right, on both parts, to the last epoch.
net='use digits; O = dense(flatten(X), 10); E = cross_entropy(O, y); train E epochs 2 rate 0.1'
"$LEARN" --plain -c "$net; plot E" >"$dir/out" 2>&1
last=$(awk '$1 == 2 && $5 == "%" {print $2, $3, $4, $6}' "$dir/out") # of the table of train
set -- $last
grep -q "^ *2 .*$1 .*$2\$" "$dir/out" && awk -v train="$3" -v test="$4" '/^accuracy/ {in_it = 1}
    in_it && $1 == 2 && ($2 - train) ^ 2 < 0.01 && ($3 - test) ^ 2 < 0.01 {found = 1}
    END {exit !found}' "$dir/out"
ok "the curves of train end where train ended" $?
if command -v gnuplot >/dev/null; then
    "$LEARN" -c "$net; plot E" >"$dir/out" 2>&1 && [ "$(grep -o '# test part' "$dir/out" | wc -l)" = 2 ]
    ok "loss and accuracy in the terminal" $?
    "$LEARN" -c "$net; plot E into \"$dir/both.png\"" >"$dir/out" 2>&1 && is "$dir/both.png" PNG &&
        [ "$(od -An -tu1 -j20 -N4 "$dir/both.png" | awk '{print $3 * 256 + $4}')" = 1000 ]
    ok "both in one png" $?
fi

# What reaches gnuplot: a fake one that keeps it. No expression of a person's may.
cat >"$dir/fake" <<'FAKE'
#!/bin/sh
exec tee -a "${0%/*}/script" >/dev/null
FAKE
chmod +x "$dir/fake"
LEARN_GNUPLOT="$dir/fake" run "q\`touch\` = 1" # refused by the language itself
cat >"$dir/hostile.learn" <<'HOSTILE'
param w = 3
E = (w - 1)^2
plot E vs w from -3 to 5 into "a'; system('touch pwned'); '.png"
HOSTILE
(cd "$dir" && LEARN_GNUPLOT="$dir/fake" timeout 60 "$LEARN" run hostile.learn >out 2>&1)
[ -s "$dir/script" ] && ! grep -q 'system\|w - 1' "$dir/script" && [ ! -e "$dir/pwned" ]
ok "a hostile file name never reaches gnuplot" $?

LEARN_GNUPLOT="$dir/no-such-program" run 'plot E vs w from 0 to 2; 6*7' && grep -q '^42' "$dir/out"
ok "gnuplot missing: said, numbers instead, and on" $?
printf '#!/bin/sh\nexit 3\n' >"$dir/dies"
chmod +x "$dir/dies"
LEARN_GNUPLOT="$dir/dies" run 'plot E vs w from 0 to 2; 6*7' && grep -q '^42' "$dir/out"
ok "gnuplot dying: said, numbers instead, and on" $?
printf '#!/bin/sh\nexec sleep 1000\n' >"$dir/hangs"
chmod +x "$dir/hangs"
LEARN_GNUPLOT="$dir/hangs" run 'plot E vs w from 0 to 2; 6*7' && grep -q '^42' "$dir/out"
ok "gnuplot hanging: said, numbers instead, and on" $?
exit $bad
