#!/usr/bin/env python3
"""Every command's and function's example, as help shows it, does what it says: it runs.
And no line of help is wider than 80 columns, in either language."""
import os, re, subprocess, sys, tempfile, unicodedata

learn = os.environ.get("LEARN", "./learn")
board = "x = 1; y = 1; param w = 3; h = w*x; E = (h - y)^2\n"
env = dict(os.environ, TERM="dumb", XDG_STATE_HOME=tempfile.mkdtemp())
bad = 0


def run(text, lang="en"):
    done = subprocess.run([learn, "--lang", lang, "-c", text], capture_output=True, text=True, env=env, timeout=300,
                          stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout + done.stderr


def words():
    """The first words of help's lists: commands, then functions."""
    text = run("help")[1]
    commands, functions = text.split("Functions")
    yield from re.findall(r"^  ([a-z]+) ", commands, re.M)
    yield from functions.split("More:")[0].split()


def columns(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


everything = list(words())
for lang in "en", "ko":
    for asked in [""] + everything:
        wide = [l for l in run("help " + asked, lang)[1].splitlines() if columns(l) > 80]
        if wide:
            print(f"FAILED help {asked} ({lang}) is wider than 80 columns:", *wide, sep="\n")
            bad = 1
if not bad:
    print("ok help fits in 80 columns")

for word in everything:
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
