#!/usr/bin/env python3
"""Every allocation fails once: start, formulas, training, a lesson, progress, save and run, lint,
lang. Each time there is the right answer, or the sentence that there is no memory and a status
that says so; never a crash, never a file half written, never progress taken for damaged."""
import concurrent.futures
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading

here = os.path.dirname(os.path.abspath(__file__))
learn = os.path.abspath(os.environ.get("LEARN_FAST") or os.environ.get("LEARN") or here + "/../learn")
top = tempfile.mkdtemp(prefix="learn-alloc-")
library = top + "/alloc.so"
subprocess.run(["gcc", "-std=gnu11", "-O1", "-fno-builtin", "-shared", "-fPIC", "-o", library,
                here + "/inject/alloc.c"], check=True)
bad = 0
FULL = int(os.environ.get("ALLOC_FULL", "150"))      # so many are tried one by one
STRIDE = int(os.environ.get("ALLOC_STRIDE", "41"))       # and of the rest one in so many
LESSON = {"format": 1, "lesson": 3, "id": "tiny", "title": "t", "minutes": 1, "goals": ["g"],
          "setup": ["param w = 3"], "steps": [
              {"say": {"en": "Hello.", "ko": "안녕하세요."}},
              {"predict": {"en": "What is 2w?", "ko": "2w는?"}, "answer": "2*w", "within": 0, "name": "twice", "why": "2·3"},
              {"try": {"en": "Set w to 1.", "ko": "w를 1로."}, "until": "w == 1", "solution": "w = 1; save \"x.learn\"",
               "instead": "w = 1", "name": "one"}]}
OLD = {"format": 2, "lessons": {"a-neuron": {
    "number": 1, "when": 5, "done": True, "questions": 1, "place": {"step": 9}, "records": {}}}}


def say(fine, what, more=""):
    global bad
    bad |= not fine
    print(("ok " if fine else "FAILED ") + what + ("" if fine else f": {more}"), flush=True)


class Path:
    """Words and lines for learn in a folder of its own, which begins as `files` has it."""

    def __init__(self, name, words, text="", files=(), home=None):
        self.name, self.words, self.text, self.files = name, words, text, dict(files)
        self.env = {"XDG_STATE_HOME": "state", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8", "TERM": "dumb",
                    "PATH": os.environ["PATH"], "LEARN_HOME": home or os.environ.get("LEARN_HOME") or here + "/.."}

    def run(self, text=None, **how):
        """(status, output, {file: contents}): files as they are afterwards."""
        folder = f"{top}/{threading.get_ident()}"
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder + "/state/learn")
        for file, contents in self.files.items():
            with open(f"{folder}/{file}", "w") as f:
                f.write(contents)
        p = subprocess.run([learn, "--lang", "en", *self.words], cwd=folder, timeout=300,
                           input=(self.text if text is None else text).encode(),
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                           env={**self.env, "XDG_STATE_HOME": folder + "/state", "LD_PRELOAD": library, **how})
        after = {}
        for place, _, files in os.walk(folder):
            for file in files:
                with open(f"{place}/{file}", "rb") as f:
                    # the time is not the same twice
                    text = re.sub(rb'"(when|began)":\s*\d{9,}', rb'"\1": 0', f.read())
                    after[os.path.relpath(f"{place}/{file}", folder)] = re.sub(rb'"seconds":\s*\d+', b'"seconds": 0', text)
        return p.returncode, p.stdout.decode(errors="replace").replace(folder, "HERE"), after

    def states(self):
        """What each file may hold: what it held before, and after each line, any of which may have been refused."""
        lines = self.text.splitlines(True)
        seen = {file: {contents.encode()} for file, contents in self.files.items()}
        texts = ["".join(lines[:n]) for n in range(len(lines) + 1)]
        texts += ["".join(lines[:n] + lines[n + 1:end]) for end in range(2, len(lines) + 1) for n in range(end - 1)]
        for text in texts:
            for file, contents in self.run(text)[2].items():
                seen.setdefault(file, {None}).add(contents)
        return seen

    def count(self):
        self.run(ALLOC_SAW=top + "/saw")
        with open(top + "/saw") as f:
            return int(f.read())


def fault(path, right, states, n, on):
    status, out, files = path.run(ALLOC_AT=str(n), **({"ALLOC_ON": "1"} if on else {}))
    flat = " ".join(out.split())  # however the lines are broken
    said = "no memory for" in flat or "Cannot allocate memory" in flat or "of memory, and" in flat
    if status < 0 or status > 2 or (status and not said):
        return f"status {status}, and says {out[-300:]!r}"
    if "damaged" in out:
        return f"says {out[-300:]!r}"
    if status == 0 and not said and (out != right[1] or files != right[2]):
        return f"another answer: {out[-600:]!r} {[f for f in {*files, *right[2]} if files.get(f) != right[2].get(f)]}"
    for file, contents in files.items():
        if said and status and re.fullmatch(r"(.*/)?\.learn-\w{6}\.tmp", file):
            continue                         # it ended; who writes here next sweeps it
        if contents not in states.get(file, {None}):
            return f"{file} holds {contents[:300]!r}, says {out[-300:]!r}"
    return None


def attack(path, first, full=FULL):
    """The n-th fails, for the n that come after the first `first` (which another path has tried)."""
    if len(sys.argv) > 1 and path.name not in sys.argv[1:]:
        return None
    right, states, total = path.run(), path.states(), path.count()
    if right[0] != 0:
        return say(False, path.name, f"without a fault: {right}")
    near = range(max(1, first), min(total, first + full) + 1)
    tries = [(n, False) for n in itertools.chain(near, range(first + full, total + 1, STRIDE))]
    tries += [(n, True) for n in range(max(1, first), total + 1, 5 * STRIDE)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        faults = list(pool.map(lambda t: fault(path, right, states, *t), tries))
    wrong = [f"{n}{'+' if on else ''}: {f}" for (n, on), f in zip(tries, faults) if f]
    say(not wrong, f"{path.name}: {len(tries)} failures of {total} allocations", f"{len(wrong)} wrong\n" + "\n".join(wrong[:6]))


os.makedirs(top + "/home/lessons")
with open(top + "/home/lessons/03-tiny.json", "w") as f:
    json.dump(LESSON, f)
progress = {"state/learn/progress.json": json.dumps(OLD)}
start = Path("start", ["-c", "1+1"])
try:
    begun = start.count() - 60
    attack(start, 0)
    attack(Path("formulas", ["-c", "x = 2; f(a) = a^2 + x; param w = 3; E = (f(w) - 1)^2; dE/dw; show; [E, w]"]), begun)
    attack(Path("an error", ["--lang", "en", "lesson", "3"], "1 +* 2\nhh\nquit\n", progress, top + "/home"), begun)
    attack(Path("descent", ["-c", "param w = 3; E = (w - 1)^2; graph E; descend E rate 0.1 steps 3; rewind 2; step E rate 0.1"]), begun)
    attack(Path("training", ["-c", "use xor; net 2-3-1; train E epochs 2 batch 2 rate 0.1; test O; summary E"]), begun)
    attack(Path("a lesson", ["lesson", "3"], "6\nw = 1\nquit\n", progress, top + "/home"), begun)
    attack(Path("a lesson of the course", ["lesson", "3"], "1\nskip\nprogress\nquit\n", progress), begun, 0)
    left = Path("left", ["lesson", "3"], "1\nskip\nw = 7\nquit\n").run()[2]["state/learn/progress.json"].decode()
    attack(Path("a lesson come back to", ["lesson", "3"], "w\nquit\n", {"state/learn/progress.json": left}), begun, 0)
    saved = Path("save", ["-c", 'x = 1; save "s.learn"']).run()[2]["s.learn"].decode()
    attack(Path("save and run", ["-c", 'x = 2; param V[1200]; E = mean(V^2); save "s.learn"; reset; run "s.learn"; E'],
                "", {"s.learn": saved}), begun)
    attack(Path("run", ["run", "s.learn"], "", {"s.learn": "x = 1\nrepeat 2 { x += 1 }\nx\n"}), begun)
    attack(Path("lint", ["lint", "03-tiny.json"], "", {"03-tiny.json": json.dumps(LESSON)}), begun, 0)
    attack(Path("lang", [], "lang ko\nlang en\n1+1\n", {"state/learn/lang": "ko"}), begun)
finally:
    shutil.rmtree(top, ignore_errors=True)
sys.exit(bad)
