#!/usr/bin/env python3
"""Every call about progress and a lesson's weights fails once, each in six ways: it is never taken
for damaged, said at most once, and what could not be saved then is saved by the next. And fifty
kills in the middle: what was there is there."""
import errno
import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import inject

top = tempfile.mkdtemp(prefix="learn-progress-")
state = top + "/state"
kept = state + "/learn/progress.json"
fast = os.path.abspath(os.environ.get("LEARN_FAST") or os.environ.get("LEARN") or "learn")
env = {"XDG_STATE_HOME": state, "TERM": "dumb", "LC_ALL": "C.UTF-8"}
ERRORS = (errno.ENOSPC, errno.EIO, errno.EINTR, errno.EACCES, errno.EMFILE, errno.ESTALE)
OLD = {"format": 2, "lessons": {
    "a-neuron": {"number": 1, "when": 5, "done": True, "questions": 1, "place": {"step": 9}, "records": {}},
    "gradient-descent": {"number": 3, "when": 5, "done": False, "questions": 24, "place": {"step": 5}, "records": {}}}}
HEAVY = {"format": 1, "lesson": 3, "id": "heavy", "title": "t", "minutes": 1, "goals": ["g"],
         "setup": ["param W[30000] = zeros"], "steps": [
             {"try": {"en": f"Set W to {n}.", "ko": f"W를 {n}로."}, "until": f"W[0] == {n}", "solution": f"W = {n}",
              "name": f"w-{n}"} for n in (1, 2, 3)]}
bad = 0


def say(fine, what, more=""):
    global bad
    bad |= not inject.say(fine, what, more)


def begin():
    shutil.rmtree(state, ignore_errors=True)
    os.makedirs(state + "/learn")
    with open(kept, "w") as f:
        json.dump(OLD, f)


def lessons():
    """What is kept, but for the times."""
    with open(kept) as f:
        all = json.load(f)["lessons"]
    for entry in all.values():
        for one in (entry, *entry["records"].values()):
            for time in ("when", "began", "seconds"):
                one.pop(time, None)
    return all


def fails(library, name, text, more, **how):
    begin()
    right = library.run(10**9, 0, ["lesson", "3"], text=text, env={**env, **how})
    wanted, wrong, n = lessons(), [], 0
    for n in itertools.count(1):
        for error in (ERRORS[n % 6], ERRORS[(n + 3) % 6]):  # all six, over the calls
            begin()
            got = library.run(n, error, ["lesson", "3"], path=state + "/learn", text=text, env={**env, **how})
            if not got.saw:
                break
            said = sum(got.out.count(s) for s in ("is left as it is", "try again at each step", "kept only until"))
            try:
                now = lessons()
            except (OSError, ValueError) as e:
                now = str(e)
            after = subprocess.run([fast, "lesson", "3"], input=more, capture_output=True, text=True,
                                   env={**os.environ, **env, **how}).stdout
            if got.status != right.status or "damaged" in got.out + after or said > 1 or now != wanted:
                wrong.append(f"{os.strerror(error)} at {got.saw.strip()}: status {got.status}, said {said}, {now != wanted}: "
                             f"{got.out[-400:]!r}")
        if not got.saw:
            break
    say(not wrong and n > 20, f"{name}: each of {n - 1} calls fails once", f"{len(wrong)} wrong\n" + "\n".join(wrong[:8]))


def kills(name, lines):
    begin()
    wrong, step = [], 5
    for n in range(50):
        p = subprocess.Popen([fast, "lesson", "3"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL, env={**os.environ, **env})
        p.stdin.write(lines.encode())
        p.stdin.flush()
        time.sleep(random.Random(n).uniform(0.002, 0.08))
        p.send_signal(signal.SIGKILL)
        p.wait()
        p.stdin.close()
        try:
            now = lessons()
            if now["a-neuron"] != {k: v for k, v in OLD["lessons"]["a-neuron"].items() if k != "when"}:
                wrong.append(now["a-neuron"])
            if now["gradient-descent"]["place"]["step"] < min(step, 5):
                wrong.append(now["gradient-descent"]["place"]["step"])
            step = now["gradient-descent"]["place"]["step"]
            if step > 20:  # before it comes to the lesson's end, where it begins anew
                begin()
                step = 5
        except (OSError, ValueError) as e:
            wrong.append(str(e))
    subprocess.run([fast, "lesson", "3"], input="skip\n", stdout=subprocess.DEVNULL, text=True, env={**os.environ, **env})
    left = [f for f in os.listdir(state + "/learn") if f not in ("progress.json", "progress.lock")]
    say(not wrong and not left, name, (wrong[:5], left))


os.makedirs(top + "/home/lessons")
with open(top + "/home/lessons/03-heavy.json", "w") as f:
    json.dump(HEAVY, f)
try:
    with inject.Library() as library:
        fails(library, "progress", "skip\nskip\nquit\n", "quit\n")
        fails(library, "progress and weights", "W = 1\nW = 2\nquit\n", "quit\n", LEARN_HOME=top + "/home")
    kills("fifty kills in a lesson", "skip\nskip\nprev\nprev\n" * 20)
finally:
    shutil.rmtree(top, ignore_errors=True)
sys.exit(bad)
