#!/usr/bin/env python3
"""`learn lint` that is ended from outside leaves nothing in /tmp; one that was killed, only until
the next."""
import glob
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

learn = os.path.abspath(os.environ.get("LEARN", "./learn"))
dir = tempfile.mkdtemp(prefix="learn-test-lint-")
bad = 0
LESSON = {"format": 1, "lesson": 3, "id": "tiny", "title": "t", "minutes": 1, "goals": ["g"],
          "setup": ["param w = 3"], "steps": [
              {"try": {"en": "Set w to 1.", "ko": "w를 1로."}, "until": "w == 1", "solution": 'w = 1; save "x.learn"',
               "instead": "w = 1", "name": "one"}]}


def say(fine, what, more=""):
    global bad
    bad |= not fine
    print(("ok " if fine else "FAILED ") + what + ("" if fine else f": {more}"), flush=True)


def write(name, line=None):
    steps = LESSON["steps"] + ([{"run": line}] if line else [])
    with open(f"{dir}/{name}", "w") as f:
        json.dump({**LESSON, "steps": steps}, f)
    return f"{dir}/{name}"


def folders(pid):
    return glob.glob(f"/tmp/learn-lint-{pid}-*")


def ended(by):
    """The pid of a lint that was ended while it played on for ever, and how it ended."""
    p = subprocess.Popen([learn, "lint", write("03-long.json", "repeat 1000000 { repeat 1000000 { w = w + 0 } }")],
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    until = time.time() + 100
    while not folders(p.pid) and time.time() < until:
        time.sleep(0.01)
    if not folders(p.pid):
        raise AssertionError("lint has made no folder to write in")
    p.send_signal(by)
    return p.pid, p.wait(timeout=100)


try:
    for by in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        pid, status = ended(by)
        say(status == -by and not folders(pid), f"lint ended by {by.name} leaves nothing", (status, folders(pid)))
    pid, status = ended(signal.SIGKILL)
    left = folders(pid)
    p = subprocess.run([learn, "--lang", "en", "lint", write("03-tiny.json")], capture_output=True, text=True)
    say(left and not folders(pid) and p.returncode == 0, "and what a killed one left is removed by the next", (left, p))
    say(not os.path.exists(dir + "/x.learn"), "lint writes nothing where it is run")
    ignored = subprocess.run(["nohup", learn, "--lang", "en", "lint", dir + "/03-tiny.json"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    say(ignored.returncode == 0, "lint under nohup", ignored)
finally:
    shutil.rmtree(dir)
sys.exit(bad)
