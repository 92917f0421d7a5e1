#!/usr/bin/env python3
"""Every command's and function's example, as help shows it, does what it says: it runs."""
import os, re, subprocess, sys, tempfile

learn = os.environ.get("LEARN", "./learn")
board = "x = 1; y = 1; param w = 3; h = w*x; E = (h - y)^2\n"
env = dict(os.environ, TERM="dumb", XDG_STATE_HOME=tempfile.mkdtemp())
bad = 0


def run(text):
    done = subprocess.run([learn, "-c", text], capture_output=True, text=True, env=env, timeout=300,
                          stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout + done.stderr


def words():
    """The first words of help's lists: commands, then functions."""
    text = run("help")[1]
    commands, functions = text.split("Functions")
    yield from re.findall(r"^  ([a-z]+) ", commands, re.M)
    yield from functions.split("More:")[0].split()


for word in words():
    text = run("help " + word)[1]
    examples = re.findall(r"for example: `([^`]*)`", text)
    for example in examples or [None]:
        if example is None:
            print(f"ok {word} has no example to run")
            continue
        before = "descend E rate 0.1 steps 3 every 0\n" if word in ("rewind", "plot") else ""
        status, out = run(board + before + example)
        ok = status == 0 and "Sanitizer" not in out
        print(("ok " if ok else "FAILED ") + word + ": " + example)
        if not ok:
            print(out[-800:])
            bad = 1
sys.exit(bad)
