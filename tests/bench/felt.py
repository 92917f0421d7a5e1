#!/usr/bin/env python3
"""What a person waits for, beside what they would use instead: reading a table, an epoch.

    felt.py LEARN FOLDER          the table; FOLDER is for the files that are read
    felt.py --peer ROW ARGUMENT…  the peer's side of one row

Sides are whole processes, in turn. What counts is their processor time, user and system:
what else the machine does is in neither. Where a side has to start something large first,
a row is the difference between a long run and a short one. Results are compared before.

To add a row: a Row in ROWS.
"""
import gzip
import os
import random
import re
import statistics
import sys
from collections import namedtuple

TURNS = 3
CLOTHES = "/usr/share/datasets/fashion-mnist"

# label, the peer's function, what it needs, learn's lines, what both take (long, short),
# what the ratio should be at least, MiB at most
Row = namedtuple("Row", "label peer needs lines sizes goal most")
NET = "threads 1; use fashion_mnist; {net}; train E epochs {n} batch 32 rate 0.02; " \
      "accuracy(O, y) at X = X.test, y = y.test"
CNN = "C1 = relu(conv(X, 8, size=3, pad=1)); P1 = maxpool(C1, 2); " \
      "C2 = relu(conv(P1, 16, size=3, pad=1)); P2 = maxpool(C2, 2); " \
      "O = dense(flatten(P2), 10); E = cross_entropy(O, y)"
READ = 'use "{n}.csv" x 2..785 y 1; sum(y)'
ROWS = [
    Row("reading 20,000 × 785", "read", "numpy", READ, ("20000", None), 2, 100),
    Row("reading 42,000 × 785", "read", "numpy", READ, ("42000", None), 2, 150),
    Row("an epoch of 784-128-10", "dense", "torch",
        NET.replace("{net}", "net 784-128-10"), (3, 1), 2.3, None),
    Row("an epoch of the CNN, 8 and 16", "cnn", "torch",
        NET.replace("{net}", CNN), (2, 1), 6.8, None),
]


def write_table(name, rows):
    dice = random.Random(1)
    some = [",".join("0" if dice.random() < 0.5 else str(dice.randrange(256))
                     for _ in range(784)) for _ in range(500)]
    with open(name, "w") as f:
        f.write("label," + ",".join(f"pixel{i}" for i in range(784)) + "\n")
        for i in range(rows):
            f.write(f"{i * 7 % 10},{some[dice.randrange(500)]}\n")


# ---- the peer's side ----

def read(size):
    import numpy
    table = numpy.loadtxt(size + ".csv", delimiter=",", skiprows=1, dtype="float32")
    x, y = table[:, 1:], table[:, 0]
    print(float(y.sum() + 0 * x[-1, -1]))


def clothes(torch, part):
    with gzip.open(f"{CLOTHES}/{part}-images-idx3-ubyte.gz") as f:
        x = torch.tensor(bytearray(f.read()[16:]), dtype=torch.uint8)
    with gzip.open(f"{CLOTHES}/{part}-labels-idx1-ubyte.gz") as f:
        y = torch.tensor(bytearray(f.read()[8:]), dtype=torch.uint8)
    return x.reshape(-1, 1, 28, 28).float() / 255, y.long()


def blas_of():
    with open("/proc/self/maps") as f:
        names = {os.path.realpath(line.split()[-1]) for line in f if "blas" in line}
    return " ".join(sorted(names)) or "no BLAS"


def learn_clothes(layers, epochs):
    """As `train` does it: shuffled, a look at all rows and the weights kept every epoch."""
    import torch
    from torch import nn
    torch.set_num_threads(1)
    torch.manual_seed(1)
    (x, y), (x_test, y_test) = clothes(torch, "train"), clothes(torch, "t10k")
    net = nn.Sequential(*layers(nn))
    if layers is cnn_layers:
        net = net.to(memory_format=torch.channels_last)
        x = x.contiguous(memory_format=torch.channels_last)
    loss, rule, kept = nn.CrossEntropyLoss(), torch.optim.SGD(net.parameters(), 0.02), []

    def look(x, y):
        with torch.no_grad():
            outs = [net(part) for part in x.split(512)]
        o = torch.cat(outs)
        return loss(o, y).item(), (o.argmax(1) == y).float().mean().item()

    for _ in range(int(epochs)):
        for rows in torch.randperm(len(x)).split(32):
            rule.zero_grad()
            loss(net(x[rows]), y[rows]).backward()
            rule.step()
        look(x, y)
        right = look(x_test, y_test)[1]
        kept.append([p.detach().clone() for p in net.parameters()])
    print(blas_of())
    print(right)


def dense_layers(nn):
    return nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10)


def cnn_layers(nn):
    return (nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(784, 10))


PEERS = {"read": read, "dense": lambda n: learn_clothes(dense_layers, n),
         "cnn": lambda n: learn_clothes(cnn_layers, n)}


# ---- the table ----

def spend(command):
    """Processor seconds and peak MiB of one process, and what it printed last."""
    out, into = os.pipe()
    child = os.posix_spawnp(command[0], command,
                            {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
                            file_actions=[(os.POSIX_SPAWN_DUP2, into, 1),
                                          (os.POSIX_SPAWN_CLOSE, into)])
    os.close(into)
    with open(out) as f:
        said = f.read()
    _, status, used = os.wait4(child, 0)
    if status:
        raise SystemExit(f"felt.py: {' '.join(command)[:200]} failed")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, said


def number(said):
    """The last number of what a side printed: a sum, or a share of right answers."""
    return float(re.findall(r"\d+(?:\.\d+)?(?:e-?\d+)?", said.replace(",", ""))[-1])


def cost(command, row):
    long, short = row.sizes
    seconds, most, said = spend(command(long))
    if short:
        seconds = (seconds - spend(command(short))[0]) / (long - short)
    return max(seconds, 1e-3), most, said


def play(row, learn):
    there = os.system(f"{sys.executable} -c 'import {row.needs}' 2>/dev/null") == 0
    mine = lambda n: [learn, "-c", row.lines.replace("{n}", str(n))]
    theirs = lambda n: [sys.executable, os.path.abspath(__file__), "--peer", row.peer, str(n)]
    if "fashion_mnist" in row.lines and not os.path.isdir(CLOTHES):
        print(f"{row.label:30} skipped: apt install dataset-fashion-mnist")
        return True
    pairs = [(cost(mine, row), cost(theirs, row) if there else None) for _ in range(TURNS)]
    a = statistics.median(m[0] for m, _ in pairs)
    size = max(m[1] for m, _ in pairs)
    line = f"{row.label:30}{a:10.2f} s{size:7.0f} MiB"
    if not there:
        print(f"{line}   {row.needs} is not here: no comparison", flush=True)
        return True
    says, should = number(pairs[0][0][2]), number(pairs[0][1][2])
    b = statistics.median(t[0] for _, t in pairs)
    ratio = statistics.median(t[0] / m[0] for m, t in pairs)
    fine = abs(says - should) <= (0 if row.peer == "read" else 0.04)
    reached = ratio >= row.goal and (not row.most or size <= row.most)
    verdict = "reached" if reached else "missed"
    if row.needs == "torch" and "openblas-openmp" not in pairs[0][1][2]:
        verdict = "no verdict: apt install libopenblas0-openmp"
    if not fine:
        verdict = f"results differ: {says} and {should}"
    print(f"{line}{b:10.2f} s{max(t[1] for _, t in pairs):7.0f} MiB{ratio:7.1f}"
          f"{row.goal:6}  {verdict}", flush=True)
    return fine


def main():
    learn, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
    os.makedirs(folder, exist_ok=True)
    os.environ.setdefault("LEARN_HOME", os.getcwd())
    os.chdir(folder)
    for row in ROWS:
        if row.peer == "read":
            write_table(row.sizes[0] + ".csv", int(row.sizes[0]))
    print(f"{'processor time':30}{'learn':>23}{'peer':>23}{'ratio':>7}{'goal':>6}")
    good = [play(row, learn) for row in ROWS]
    for row in ROWS:
        if row.peer == "read":
            os.remove(row.sizes[0] + ".csv")
    return 0 if all(good) else 1


if sys.argv[1] == "--peer":
    PEERS[sys.argv[2]](sys.argv[3])
else:
    sys.exit(main())
