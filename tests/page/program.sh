#!/bin/sh
# The page's program under node (make -f src/page/page.mk node): the transcripts from a pipe
# are byte for byte those at home, and so are the lessons as one student learns them who
# knows; nets learn the same numbers with kernels of SIMD128 as with the baseline's; its
# pictures are gnuplot's. How long a CNN takes beside home is printed: no two machines
# agree about that.
#     sh tests/page/program.sh [--quick]     some of the transcripts and lessons only
cd "$(dirname "$0")/../.." || exit 1
page=$PWD/build/page/node/learn home=${LEARN_FAST:-$PWD/learn}
[ -x "$page" ] || { echo "skipped: the page's program is not built (make page)"; exit 0; }
export LEARN_HOME="$PWD" TERM=dumb LC_ALL=C.UTF-8
. tests/page/before.sh
# shellcheck disable=SC2046
before program $(find build/page/node build/page/deps/gnuplot.* lessons data tests/page tests/golden tests/golden.sh tests/lessons -type f) "$home"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
export XDG_STATE_HOME="$dir/state"
bad=0
ok() { # ok NAME STATUS
    if [ "$2" = 0 ]; then echo "ok $1"; else echo "FAILED $1" && bad=1; fi
}

scripts= lessons=$(ls lessons/[0-9]*.json)
[ "$1" != --quick ] || { scripts=$(ls tests/golden/[f-p]*.learn) lessons=$(ls lessons/0[3-5]*.json lessons/1[35]*.json); }
# shellcheck disable=SC2086
LEARN=$page sh tests/golden.sh $scripts || bad=1
for lesson in $lessons; do
    name=$(basename "$lesson" .json)
    number=$(echo "$name" | sed 's/^0*\([0-9][0-9]*\)-.*/\1/')
    rm -rf "$XDG_STATE_HOME" "$dir/work" && mkdir "$dir/work"
    (cd "$dir/work" && LEARN_KERNELS=baseline "$page" --lang ko --type solutions lesson "$number") >"$dir/said" 2>&1
    diff "$dir/said" "tests/lessons/$name.ko.out" >"$dir/diff"
    same=$?
    [ $same = 0 ] || head "$dir/diff"
    ok "$name" $same
done

cat >"$dir/cnn.learn" <<'END'
use digits
C = relu(conv(X, 16, size=3, pad=1)); P = maxpool(C, 2)
D = relu(conv(P, 32, size=3, pad=1)); Q = maxpool(D, 2)
O = dense(flatten(Q), 10)
L = cross_entropy(O, y)
END
echo 'train L epochs 8 batch 32 rate 0.03 with momentum 0.9' | cat "$dir/cnn.learn" - >"$dir/train.learn"
{ cat "$dir/train.learn"; echo 'show'; echo 'H = lstm(reshape(X, 1438, 8, 8), 5)'; echo 'E = cross_entropy(dense(H, 10), y)'
  echo 'train E epochs 2 batch 16 with adam'; echo 'show'; } >"$dir/all.learn"
for program in "$page" "$home"; do
    LEARN_KERNELS=baseline "$program" --lang en run "$dir/all.learn" >"$dir/$(basename "$(dirname "$program")")" 2>&1
done
cmp "$dir/node" "$dir/$(basename "$(dirname "$home")")" && grep -q '^ *8 .*%' "$dir/node"
ok "SIMD128 learns the baseline's numbers" $?
seconds() { # seconds PROGRAM: what the training alone takes
    for script in cnn train; do
        from=$(date +%s%N)
        "$1" run "$dir/$script.learn" >/dev/null
        echo $((($(date +%s%N) - from) / 1000000))
    done | { read -r without; read -r with; echo "$((with - without))"; }
}
echo "   the CNN of lesson 15, 8 epochs: $(seconds "$page") ms in the page's program, $(seconds "$home") ms at home"

printf 'param x = 1; f = x^2\nplot f vs x from -2 to 2 into "%s/a.svg"\nplot f vs x from -2 to 2 into "%s/a.png"\n' "$dir" "$dir" |
    "$page" --lang en >"$dir/said" 2>&1
grep -q '<path' "$dir/a.svg" && [ ! -e "$dir/a.png" ] && grep -q 'Any of them draws `.svg`' "$dir/said"
ok 'a picture is svg, and what is none is told so' $?
"$page" --lang en --version | grep -q '^built by emscripten [0-9.]*, WebAssembly SIMD128; kernels: baseline$'
ok '--version' $?
[ $bad != 0 ] || passed
exit $bad
