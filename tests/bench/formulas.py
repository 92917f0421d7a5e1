#!/usr/bin/env python3
"""Speed of formulas beside PyTorch: the lines a student types, as whole processes.

E after 20 steps is compared first. Steps a second come from the difference between a short
and a long descent, so that starting up is in neither; the best of several counts, since
whatever else the machine does can only slow a program down.
"""
import os
import shutil
import subprocess
import sys
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"
try:
    import torch
except ImportError:
    torch = None

TRIES = 7
RATE = 0.01
XOR = [[0.5, -0.4, 0.3, 0.9], [-0.7, 0.2, 0.6, -0.8]], [0.1, -0.2, 0.3, -0.1], \
      [[0.6], [-0.5], [0.4], [0.7]], [0.05]
XOR_X, XOR_Y = [[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]]


def one(t, w):
    return (w * 1.0 - 1.0) ** 2


def mean(t, w):
    return ((w * t([1., 2, 3]) - t([1., 2, 3])) ** 2).mean()


def xor(t, a, b, c, d):
    h = torch.tanh(t(XOR_X).float() @ a + b)
    return ((torch.tanh(h @ c + d) - t(XOR_Y).float()) ** 2).mean()


# name, lines, PyTorch's formula, its parameters, what the ratio should be
ROWS = [
    ("E = (wx - y)^2", "x = 1; y = 1; param w = 3; E = (w*x - y)^2", one, [3.0], 1000),
    ("mean, x = [1, 2, 3]",
     "x = [1, 2, 3]; y = [1, 2, 3]; param w = 3; E = mean((w*x - y)^2)", mean, [3.0], 800),
    ("XOR 2-4-1 tanh",
     f"X = {XOR_X}; y = {XOR_Y}; param W = {XOR[0]}; param b = {XOR[1]}; "
     f"param V = {XOR[2]}; param c = {XOR[3]}; h = tanh(X @ W + b); "
     "o = tanh(h @ V + c); E = l2(o, y)", xor, XOR, 600),
]
START = "x = 1; y = 1; param w = 3; E = (w*x - y)^2; dE/dw"
START_TORCH = """import torch
w = torch.tensor(3., requires_grad=True)
E = (w*1 - 1)**2
E.backward()
print(w.grad)"""


def seconds(*command):
    """Wall time of one process, and what it printed."""
    start = time.perf_counter()
    out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return time.perf_counter() - start, out


def best(*command):
    return min(seconds(*command)[0] for _ in range(TRIES))


def memory(*command):
    """Peak MiB, where GNU time is installed (a child of this process would count ours)."""
    if not shutil.which("time"):
        return "?"
    said = subprocess.run(["time", "-f", "%M", *command], check=True, capture_output=True,
                          text=True).stderr
    return f"{int(said.split()[-1]) / 1024:.1f}"


def descend(learn, lines, steps):
    return learn, "-c", f"{lines}; digits 9; descend E rate {RATE} steps {steps} every 0; E"


def learn_rate(learn, lines):
    """Steps a second: the long run takes about half a second more than the short one."""
    short, steps = best(*descend(learn, lines, 10)), 100000
    while True:
        more = best(*descend(learn, lines, steps)) - short
        if more > 0.3:
            return steps / more
        steps = int(steps * min(20, 0.5 / max(more, 0.01)))


def torch_steps(formula, params):
    p = [torch.tensor(v, requires_grad=True) for v in params]
    kept = {}

    def constant(v):  # made once
        return kept.setdefault(str(v), torch.tensor(v))

    def step():
        formula(constant, *p).backward()
        with torch.no_grad():
            for w in p:
                w -= RATE * w.grad
                w.grad = None

    return step, lambda: formula(constant, *p).item()


def torch_rate(formula, params):
    step, loss = torch_steps(formula, params)
    for _ in range(20):
        step()
    after, rate = loss(), 0
    for _ in range(TRIES):
        steps, start = 0, time.perf_counter()
        while time.perf_counter() - start < 0.3:
            for _ in range(100):
                step()
            steps += 100
        rate = max(rate, steps / (time.perf_counter() - start))
    return after, rate


def start_up(learn):
    mine = learn, "-c", START
    line = f"start to a gradient: {1000 * best(*mine):.1f} ms, {memory(*mine)} MiB"
    if torch:
        theirs = sys.executable, "-c", START_TORCH
        line += f"; PyTorch {1000 * best(*theirs):.0f} ms, {memory(*theirs)} MiB"
    print(line + "; goal 5 ms, 8 MiB")


def main():
    learn, bad = sys.argv[1], 0
    start_up(learn)
    print(f"{'steps a second':21}{'PyTorch':>12}{'learn':>12}{'ratio':>8}{'goal':>6}")
    for name, lines, formula, params, goal in ROWS:
        mine = learn_rate(learn, lines)
        if not torch:
            print(f"{name:21}{'':12}{mine:12.0f}{'':8}{goal:6}")
            continue
        torch.set_num_threads(1)
        should, theirs = torch_rate(formula, params)
        is_ = float(seconds(*descend(learn, lines, 20))[1].split("=")[-1])
        if abs(is_ - should) > 1e-5 * abs(should):
            print(f"{name:21} E differs after 20 steps: {is_} and {should}")
            bad = 1
            continue
        print(f"{name:21}{theirs:12.0f}{mine:12.0f}{mine / theirs:8.0f}{goal:6}")
    return bad


sys.exit(main())
