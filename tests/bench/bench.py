#!/usr/bin/env python3
"""Speed beside PyTorch: the same nets, data and starting weights, in turn, on this machine.

The losses after 20 steps are compared first. Without PyTorch, learn's figures stand alone.
"""
import os
import random
import statistics
import struct
import subprocess
import sys
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # one thread needs this as well
try:
    import torch
except ImportError:
    torch = None

# net, batch, threads, what its ratio to PyTorch should be
ROWS = [("dense", 32, 1, 2.1), ("dense", 64, 1, 1.5), ("dense", 32, 2, 3),
        ("slim", 32, 1, 9), ("slim", 10, 1, 24), ("cnn28", 32, 1, 4.5),
        ("cnn28", 32, 2, 5.5), ("cnn8", 32, 1, 20)]
SHAPES = {"dense": [(784, 128), (128,), (128, 10), (10,)],
          "slim": [(784, 16), (16,), (16, 16), (16,), (16, 10), (10,)],
          "cnn28": [(8, 1, 3, 3), (8,), (16, 8, 3, 3), (16,), (784, 10), (10,)],
          "cnn8": [(8, 1, 3, 3), (8,), (128, 10), (10,)]}


def size(shape):
    n = 1
    for d in shape:
        n *= d
    return n


def numbers(net, batch):
    dice = random.Random(1)
    params = [[dice.uniform(-0.1, 0.1) for _ in range(size(s))] for s in SHAPES[net]]
    pixels = 64 if net == "cnn8" else 784
    x = [dice.random() for _ in range(batch * pixels)]
    return params, x, [float(dice.randrange(10)) for _ in range(batch)]


def forward(net, p, x):
    f = torch.nn.functional
    if net == "slim":
        for w, b in zip(p[::2], p[1::2]):
            x = torch.sigmoid(x @ w + b)
        return x
    if net == "dense":
        return torch.relu(x @ p[0] + p[1]) @ p[2] + p[3]
    for w, b in zip(p[:-2:2], p[1:-2:2]):
        x = f.max_pool2d(torch.relu(f.conv2d(x, w, b, padding=1)), 2)
    return x.flatten(1) @ p[-2] + p[-1]


def peer(net, batch, threads, params, x, y):
    torch.set_num_threads(threads)
    p = [torch.tensor(v).reshape(s).requires_grad_() for v, s in zip(params, SHAPES[net])]
    x = torch.tensor(x).reshape(batch, -1)
    if net.startswith("cnn"):
        side = 8 if net == "cnn8" else 28
        x = x.reshape(batch, 1, side, side).contiguous(memory_format=torch.channels_last)
    y = torch.tensor(y).long()
    hot = torch.nn.functional.one_hot(y, 10).float()
    rule = torch.optim.SGD(p, lr=0.01)

    def loss():
        o = forward(net, p, x)
        f = torch.nn.functional
        return f.mse_loss(o, hot) if net == "slim" else f.cross_entropy(o, y)

    def step():
        rule.zero_grad()
        loss().backward()
        rule.step()

    for _ in range(20):
        step()
    after, rates = loss().item(), []
    for _ in range(5):
        steps, start = 0, time.perf_counter()
        while time.perf_counter() - start < 0.3:
            for _ in range(10):
                step()
            steps += 10
        rates.append(steps * batch / (time.perf_counter() - start))
    return after, statistics.median(rates)


def main():
    driver, scratch = sys.argv[1], sys.argv[2]
    bad = 0
    if not torch:
        print("PyTorch is not here (python3-torch): learn's own figures, examples a second")
    print(f"{'net':8}{'batch':>6}{'threads':>8}{'PyTorch':>12}{'learn':>12}{'ratio':>8}{'goal':>6}")
    for net, batch, threads, goal in ROWS:
        params, x, y = numbers(net, batch)
        flat = [v for p in params for v in p] + x + y
        with open(scratch, "wb") as f:
            f.write(struct.pack(f"{len(flat)}f", *flat))
        out = subprocess.run([driver, net, str(batch), str(threads), scratch], check=True,
                             capture_output=True, text=True).stdout.split()
        loss, mine = float(out[0]), float(out[1])
        line = f"{net:8}{batch:6}{threads:8}"
        if not torch:
            print(f"{line}{'':12}{mine:12.0f}{'':8}{goal:6}")
            continue
        should, theirs = peer(net, batch, threads, params, x, y)
        if abs(loss - should) > 1e-4 * abs(should):
            print(f"{line} losses differ: {loss} and {should}")
            bad = 1
            continue
        print(f"{line}{theirs:12.0f}{mine:12.0f}{mine / theirs:8.1f}{goal:6}")
    os.remove(scratch)
    return bad


sys.exit(main())
