#!/bin/sh
# What must be learnt, from the default seed: accuracies on the test part. The numbers of a
# run differ a little from one kind of CPU to another, so they are bounds, not transcripts.
bad=0
ok() { if [ "$2" = 0 ]; then echo "ok $1"; else
    echo "FAILED $1"
    bad=1
    tail -5 "$out"
fi; }
out=$(mktemp)
trap 'rm -f "$out"' EXIT
learns() { # learns NAME SCRIPT
    printf '%s\n' "$2" | timeout 900 "$LEARN_FAST" --lang en >"$out" 2>&1
    ok "$1" $?
}

learns 'digits: a CNN of 16 and 32 filters, 97 % and more' 'use digits
C1 = relu(conv(X, 16, size=3, pad=1))
P1 = maxpool(C1, 2)
C2 = relu(conv(P1, 32, size=3, pad=1))
P2 = maxpool(C2, 2)
O = dense(flatten(P2), 10)
E = cross_entropy(O, y)
train E epochs 10 batch 32 rate 0.1 with momentum 0.9
test O
right = accuracy(O, y)
expect (right at X = X.test, y = y.test) >= 0.97'
learns 'digits28: 784-16-16-10, 94 % and more' 'use digits28
net 784-16-16-10 sigmoid
train E epochs 40 batch 10 rate 0.3
right = accuracy(O, y)
expect (right at X = X.test, y = y.test) >= 0.94'
folder=$(mktemp -d)
cp tests/golden/song.txt "$folder"
learns 'a page of song is learned by its letters, and gone on with' "use \"$folder/song.txt\" window 16
n = sum(X.letters > 0)
V = embedding(X, n, 16)
H = lstm(V, 64)
O = dense(H, n)
E = cross_entropy(O, y)
train E epochs 40 batch 16 rate 0.01 with adam
expect accuracy(O, y) >= 0.95
write O after \"동해\" count 40
write O after \"무궁화 삼\" count 10
write O after \"동해\" count 40 draw 0.1"
[ "$(grep -c '^동해물과 백두산이 마르고 닳도록$' "$out")" = 2 ] && grep -q '^무궁화 삼천리 화려 강산$' "$out"
ok 'write goes on as the song does' $?
learns 'a series is foretold better than by its last value' "n = linspace(0, 143, 144)
T = transpose([n, 100 + 2*n + 20*sin(n*pi/6)*(1 + n/100)])
export T into \"$folder/air.csv\"
use \"$folder/air.csv\" x 2 y 2 window 12 test 0.2 scaled
y = (y - X.mean[0, 0, 0])/X.deviation[0, 0, 0]
y.test = (y.test - X.mean[0, 0, 0])/X.deviation[0, 0, 0]
last = reshape(X, -1, 12) @ reshape(concat(zeros(11), [1]), 12, 1)
H = gru(X, 16)
O = dense(H, 1) + last
E = l2(O, y)
train E epochs 60 batch 8 rate 0.01 with adam
by_last = l2(last, y)
expect (E at X = X.test, y = y.test) < (by_last at X = X.test, y = y.test)/10"
rm -r "$folder"
learns 'a batch norm, at rest by its averages: digits in four epochs' 'use digits
C = conv(X, 16, pad=same, bias=0)
B = relu(batchnorm(C))
P = maxpool(B, 2)
O = dense(flatten(P), 10)
E = cross_entropy(O, y)
train E epochs 4 batch 32 rate 0.1
right = accuracy(O, y)
expect (right at X = X.test, y = y.test) >= 0.95'
learns 'XOR: 2-2-1 from the default seed' 'use xor
net 2-2-1 sigmoid
train E epochs 3000 batch 4 rate 1
expect accuracy(O, y) == 1'
learns 'iris, penguins, cancer: a small net' 'use iris
net 4-8-3 tanh
train E epochs 60 batch 10 rate 0.1
right = accuracy(O, y)
expect (right at X = X.test, y = y.test) >= 0.9
use penguins
net 4-8-3 tanh
train E epochs 60 batch 10 rate 0.1
expect (right at X = X.test, y = y.test) >= 0.95
use cancer
net 30-8-2 tanh
train E epochs 30 batch 10 rate 0.1
expect (right at X = X.test, y = y.test) >= 0.93'
learns 'rewind goes back by epoch, training is undone as one line' 'use moons
net 2-8-1 tanh
a = now(E)
train E epochs 5 batch 20 rate 0.1
expect E < a
rewind 5
expect abs(E - a) < 1e-6
rewind to 5
expect E < a
undo; undo
expect E < a
undo
expect abs(E - a) < 1e-12'
# The same numbers, to the last digit, whatever the threads and however often: where the
# work is too small to be shared, and where it is.
same() { # same NAME LINES: a run with one thread, with two, and once more
    for threads in 1 2 2; do
        printf 'digits 15\nthreads %s\n%s\n' "$threads" "$2" |
            "$LEARN_FAST" --lang en 2>&1 | grep -v '^threads\|thread' >"$out.$threads"
        [ -s "$out" ] || cp "$out.$threads" "$out"
        cmp -s "$out" "$out.$threads" && grep -q '^E = [0-9]' "$out" || return 1
    done
}
while IFS='|' read -r name line; do
    : >"$out"
    same "$name" "$(printf '%s' "$line" | tr ';' '\n')"
    ok "one thread or two, the same numbers: $name" $?
done <<'LINES'
a net of four neurons|use gauss;net 2-4-1 tanh;train E epochs 3 batch 20;E
dense, 784-128-10|use fashion;net 784-128-10;train E epochs 2 batch 32 rate 0.1;E;sum(h1.W);sum(O.W^2)
dense, with momentum and a penalty|use fashion;net 784-64-32-10 tanh;train E epochs 2 batch 50 rate 0.05 with momentum 0.9 penalty 1e-4;E;sum(h1.W)
dense, with Adam|use digits28;net 784-32-10 sigmoid;train E epochs 2 batch 30 rate 0.002 with adam;E;sum(h1.W)
a CNN|use digits;C = relu(conv(X, 16, size=3, pad=1));P = maxpool(C, 2);D = relu(conv(P, 32, size=3, pad=1));O = dense(flatten(maxpool(D, 2)), 10);E = cross_entropy(O, y);train E epochs 2 batch 32 rate 0.05 with momentum 0.9;E;sum(C.W);sum(D.W)
a CNN on 28×28, dropout|use fashion;C = relu(conv(X, 8, size=3, pad=1));P = maxpool(C, 2);O = dense(dropout(flatten(P), 0.3), 10);E = cross_entropy(O, y);train E epochs 1 batch 32 rate 0.05;E;sum(C.W)
LINES
rm -f "$out".[12]
# Memory: what does not fit is refused before the run (here: of 1.2 GB that are lent), and
# a large set takes no more than its bytes, however often it is asked for.
refused() { # refused NAME LINES
    printf '%s\n' "$2" | (ulimit -v 1200000 && "$LEARN_FAST" --lang en) >"$out" 2>&1
    [ $? = 1 ] && tr '\n' ' ' <"$out" | grep -q 'is left'
    ok "$1" $?
}
refused 'a net too large for memory is refused before it is trained' 'use fashion
net 784-30000-10
train E'
refused 'a graph too large for memory is refused' 'X = ones(4000, 4000); Y = transpose(X)*2 + 1
sum((Y + 1)*(Y + 2)*(Y + 3)*(Y + 4))'
printf 'use moons\nnet 2-8-1 relu\ntrain E epochs 20 batch 20 rate 1e30\nE\n' | "$LEARN_FAST" --lang en >"$out" 2>&1
tr '\n' ' ' <"$out" | grep -q 'last good weights' && ! tail -1 "$out" | grep -q 'nan'
ok 'a loss that explodes stops the run and keeps the last good weights' $?

# The whole of Fashion-MNIST, from Debian's package: 45 MiB as bytes, 360 as numbers.
if [ ! -e /usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz ]; then
    echo 'skipped: dataset-fashion-mnist is not installed'
    exit $bad
fi
printf '%s\n' 'use fashion_mnist; net 784-16-10' 'E; accuracy(O, y); O[7]; X[59999, 0, 14, 14]' \
    'use fashion_mnist; E at X = X.test, y = y.test' 'undo' 'mean(X)' |
    (ulimit -v 400000 && "$LEARN_FAST" --lang en --plain) >"$out" 2>&1
ok 'the whole of Fashion-MNIST asked for in many ways stays small' $?
learns 'Fashion-MNIST: 784-128-10 in ten epochs, 88 % and more' 'use fashion_mnist
net 784-128-10
train E epochs 7 batch 64 rate 0.001 with adam
train E epochs 3 batch 64 rate 0.0002 with adam
right = accuracy(O, y)
expect (right at X = X.test, y = y.test) >= 0.88'
learns 'Fashion-MNIST: a CNN of 16 and 32 filters in ten epochs, 90 % and more' 'use fashion_mnist
C1 = relu(conv(X, 16, size=3, pad=1))
P1 = maxpool(C1, 2)
C2 = relu(conv(P1, 32, size=3, pad=1))
P2 = maxpool(C2, 2)
O = dense(flatten(P2), 10)
E = cross_entropy(O, y)
train E epochs 7 batch 32 rate 0.02 with momentum 0.9
train E epochs 3 batch 32 rate 0.002 with momentum 0.9
right = accuracy(O, y)
expect (right at X = X.test, y = y.test) >= 0.9'
exit $bad
