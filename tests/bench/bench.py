#!/usr/bin/env python3
"""Speed beside PyTorch: the same work on the same numbers, in turn, on this machine.

    bench.py DRIVER SCRATCH            the table
    bench.py --peer NET BATCH THREADS FILE    PyTorch's side of one row

A side is a process that prints a result first (a loss: both sides' must agree) and then,
for each line it is sent, how much it does in a second. The two take turns, so that what
the machine is doing besides disturbs both; the ratio is the median of the turns' ratios.

To add a row: a Row in rows(), with the command of each side.
"""
import os
import random
import statistics
import struct
import subprocess
import sys
import time
from collections import namedtuple

TURNS, SLICE = 9, 0.15

# label, what the ratio should be at least, the two commands, threads of the peer's BLAS
Row = namedtuple("Row", "label goal learn peer threads")

# net, batch, threads, what its ratio to PyTorch should be
NETS = [("dense", 32, 1, 2.1), ("dense", 64, 1, 1.5), ("dense", 32, 2, 3),
        ("slim", 32, 1, 9), ("slim", 10, 1, 24), ("cnn28", 32, 1, 4.5),
        ("cnn28", 32, 2, 5.5), ("cnn8", 32, 1, 20), ("lstm", 32, 1, 4)]
SHAPES = {"dense": [(784, 128), (128,), (128, 10), (10,)],
          "slim": [(784, 16), (16,), (16, 16), (16,), (16, 10), (10,)],
          "cnn28": [(8, 1, 3, 3), (8,), (16, 8, 3, 3), (16,), (784, 10), (10,)],
          "cnn8": [(8, 1, 3, 3), (8,), (128, 10), (10,)],
          "lstm": [(8, 128), (32, 128), (128,), (32, 10), (10,)]}


def size(shape):
    n = 1
    for d in shape:
        n *= d
    return n


def pixels(net):
    return {"cnn8": 64, "lstm": 32 * 8}.get(net, 784)


def write_numbers(net, batch, name):
    dice = random.Random(1)
    count = sum(size(s) for s in SHAPES[net])
    flat = [dice.uniform(-0.1, 0.1) for _ in range(count)]
    flat += [dice.random() for _ in range(batch * pixels(net))]
    flat += [float(dice.randrange(10)) for _ in range(batch)]
    with open(name, "wb") as f:
        f.write(struct.pack(f"{len(flat)}f", *flat))


def read_numbers(net, batch, name):
    with open(name, "rb") as f:
        flat = [v for v, in struct.iter_unpack("f", f.read())]
    params = []
    for shape in SHAPES[net]:
        params.append(flat[:size(shape)])
        flat = flat[size(shape):]
    return params, flat[:batch * pixels(net)], flat[batch * pixels(net):]


# ---- PyTorch's side, in a process of its own: its BLAS reads its threads once ----

def stepper(net, batch, params, x, y):
    import torch
    f = torch.nn.functional
    p = [torch.tensor(v).reshape(s).requires_grad_() for v, s in zip(params, SHAPES[net])]
    x = torch.tensor(x).reshape(batch, -1)
    if net.startswith("cnn"):
        side = 8 if net == "cnn8" else 28
        x = x.reshape(batch, 1, side, side).contiguous(memory_format=torch.channels_last)
    if net == "lstm":  # weights as nn.LSTM has them
        p[:2] = [w.detach().t().contiguous().requires_grad_() for w in p[:2]]
        x, state, none = x.reshape(batch, 32, 8), torch.zeros(1, batch, 32), torch.zeros(128)
    y = torch.tensor(y).long()
    hot = f.one_hot(y, 10).float()
    rule = torch.optim.SGD(p, lr=0.01)

    def loss():
        o = x
        if net == "slim":
            for w, b in zip(p[::2], p[1::2]):
                o = torch.sigmoid(o @ w + b)
            return f.mse_loss(o, hot)
        if net == "lstm":
            o = torch.lstm(x, (state, state), [p[0], p[1], p[2], none], True, 1, 0.0, False, False, True)[0][:, -1]
        if net == "dense":
            o = torch.relu(o @ p[0] + p[1])
        for w, b in zip(p[:-2:2], p[1:-2:2]) if net.startswith("cnn") else ():
            o = f.max_pool2d(torch.relu(f.conv2d(o, w, b, padding=1)), 2)
        return f.cross_entropy(o.flatten(1) @ p[-2] + p[-1], y)

    def step():
        rule.zero_grad()
        loss().backward()
        rule.step()

    return loss, step


def blas_of():
    with open("/proc/self/maps") as f:
        names = {line.split()[-1] for line in f if "blas" in line}
    return " ".join(sorted(os.path.realpath(n) for n in names)) or "none"


def peer(net, batch, threads, name):
    import torch
    torch.set_num_threads(threads)
    loss, step = stepper(net, batch, *read_numbers(net, batch, name))
    for _ in range(20):
        step()
    print(loss().item(), blas_of(), flush=True)
    for _ in sys.stdin:
        steps, start = 0, time.perf_counter()
        while time.perf_counter() - start < SLICE:
            for _ in range(5):
                step()
            steps += 5
        print(steps * batch / (time.perf_counter() - start), flush=True)


# ---- the table ----

class Side:
    def __init__(self, command, threads):
        self.process = subprocess.Popen(
            command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={**os.environ, "OPENBLAS_NUM_THREADS": str(threads),
                 "OMP_NUM_THREADS": str(threads)})
        self.result, *self.notes = self.process.stdout.readline().split()

    def slice(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def close(self):
        self.process.communicate()


def rows(driver, scratch):
    for net, batch, threads, goal in NETS:
        write_numbers(net, batch, scratch)
        what = [net, str(batch), str(threads), scratch]
        label = f"{net}, batch {batch}, {threads} thread{'s' * (threads > 1)}"
        yield Row(label, goal, [driver] + what,
                  [sys.executable, __file__, "--peer"] + what, threads)


def unfair(blas):
    """Debian's reference BLAS is six times slower than OpenBLAS: who beats it has shown nothing."""
    return not any("openblas-openmp" in name for name in blas)


def say_blas(driver, scratch):
    """Which BLAS PyTorch has loaded, as one of its own processes sees it."""
    row = next(rows(driver, scratch))
    side = Side(row.peer, row.threads)
    side.close()
    blas = " ".join(side.notes)
    print(f"PyTorch's BLAS: {blas}")
    if unfair(side.notes):
        print("No verdict against this one: apt install libopenblas0-openmp")


def play(row, torch):
    """One line of the table; False where the two do not do the same work."""
    mine = Side(row.learn, row.threads)
    theirs = Side(row.peer, row.threads) if torch else None
    if theirs and abs(float(mine.result) - float(theirs.result)) > \
            1e-4 * abs(float(theirs.result)):
        print(f"{row.label:28} results differ: {mine.result} and {theirs.result}")
        mine.close()
        theirs.close()
        return False
    rates = []
    for _ in range(TURNS + 1):  # the first turn warms up
        rates.append((theirs.slice() if theirs else 0, mine.slice()))
    a, b = (statistics.median(r) for r in zip(*rates[1:]))
    mine.close()
    if not theirs:
        print(f"{row.label:28}{'':11}{b:11.0f}{'':9}{row.goal:6}", flush=True)
        return True
    theirs.close()
    ratio = statistics.median(m / t for t, m in rates[1:])
    verdict = "no verdict" if unfair(theirs.notes) else "reached" if ratio >= row.goal else "missed"
    print(f"{row.label:28}{a:11.0f}{b:11.0f}{ratio:9.1f}{row.goal:6}  {verdict}", flush=True)
    return True


def main():
    driver, scratch = sys.argv[1], sys.argv[2]
    torch = subprocess.run([sys.executable, "-c", "import torch"],
                           stderr=subprocess.DEVNULL).returncode == 0
    if not torch:
        print("PyTorch is not here: apt install python3-torch libopenblas0-openmp "
              "for the comparison")
    else:
        say_blas(driver, scratch)
    print(f"{'':28}{'PyTorch/s':>11}{'learn/s':>11}{'ratio':>9}{'goal':>6}")
    good = [play(row, torch) for row in rows(driver, scratch)]
    os.remove(scratch)
    return 0 if all(good) else 1


if sys.argv[1] == "--peer":
    peer(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
else:
    sys.exit(main())
