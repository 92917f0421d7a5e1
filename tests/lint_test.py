#!/usr/bin/env python3
"""`learn lint` that is ended from outside leaves nothing in /tmp; one that was killed, only until
the next. And it types what a lazy student would: what passes is a fault, unless it is listed."""
import glob
import json
import os
import re
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


def faults(*steps, setup=("x = 2; y = 1", "param w = 3", "E = (w*x - y)^2")):
    """What lint finds at those steps, each a `try` named q0, q1 …: a list of what passes and should not."""
    whole = {**LESSON, "setup": list(setup), "steps": [{"try": {"en": "Do it.", "ko": "해 보세요."}, "name": f"q{i}", **s} for i, s in enumerate(steps)]}
    with open(f"{dir}/03-tiny.json", "w") as f:
        json.dump(whole, f)
    p = subprocess.run([learn, "--lang", "en", "lint", f"{dir}/03-tiny.json"], capture_output=True, text=True)
    said = " ".join(p.stdout.split())
    found = re.findall(r"steps\[(\d+)\]\S* \(en\): (?:the answer )?`([^`]*)` (passes, and|does not pass)", said)
    return [(int(i), line) for i, line, _ in found], p.returncode, said


# tasks, and what of them lint must find: where, and what was typed
LAZY = [
    ("a formula's value of today", [{"until": "h == w*x", "solution": "h = w*x"}], [(0, "h = 6")]),
    ("… asked to be a formula: one with today's number in it", [{"until": "(h == w*x)*is_formula(h)", "solution": "h = w*x"}], [(0, "h = 3*x")]),
    ("what it is compared with in its place", [{"until": "(k == before + 1)*is_formula(k)", "solution": "k = 1 + before"}], [(0, "k = before + 1")]),
    ("nothing: a plain number is no parameter, where the solution makes one", [{"until": "c == 2", "solution": "param c = 2"}], []),
    ("… unless it is listed", [{"until": "c == 2", "solution": "param c = 2", "accept": ["c = 2"]}], []),
    ("the end state for the way there", [{"until": "abs(w - 1) < 1e-9", "solution": "step E rate 0.1"}], [(0, "w = 1")]),
    ("… by hand", [{"until": "abs(w - 1) < 1e-9", "solution": "w = w - 0.1*dE/dw"}], [(0, "w = 1")]),
    ("… judged from other numbers", [{"until": "abs(w - 1) < 1e-9", "same": "w", "solution": "w = w - 0.1*dE/dw"}], []),
    ("… judged by what was learned", [{"until": "(abs(w - 1) < 1e-9)*learned(E)", "solution": "step E rate 0.1"}], []),
    ("the end state of a descent", [{"until": "E < 1e-3", "solution": "descend E rate 0.1 steps 20 every 0"}], [(0, "w = 0.5")]),
    ("what is asked for as a number", [{"until": "w == 5", "solution": "w = 5"}], []),
    ("a part that is looked at, alone", [{"until": "Q[1] > 3", "solution": "repeat 2 { Q[1] += 2 }"}], [(0, "Q[1] = 4")]),
    ("today's number in a formula", [{"until": "((h at w = 3) == 6)*((h at w = 5) == 10)", "solution": "h = w*x"}], [(0, "h = w*2")]),
    ("… judged from other numbers", [{"until": "((h at w = 3) == 6)*((h at w = 5) == 10)", "same": "h", "solution": "h = w*x"}], []),
    ("part of a tensor", [{"until": "Q[1] == 4", "solution": "Q[1] += w + y"}], [(0, "Q[1] = 4")]),
    ("a loss that the task leaves alone", [{"until": "(E < 1e-3)*learned(E)", "solution": "descend E rate 0.1 steps 20 every 0"}], []),
    ("another step's solution", [{"until": "w > 4", "solution": "w = 5"}, {"until": "w > 7", "solution": "w = 8"}], [(0, "w = 8")]),
    ("… unless it is listed", [{"until": "w > 4", "solution": "w = 5", "accept": ["w = 8"]}, {"until": "w > 7", "solution": "w = 8"}], []),
    ("what is listed must pass", [{"until": "w > 4", "solution": "w = 5", "accept": ["w = 1"]}], [(0, "w = 1")]),
]


def text(s):
    return {"en": s, "ko": "가 " + s}


SAY, ASK = {"say": text("Now look.")}, {"predict": text("What is it?"), "within": 0}
# steps, and what of them lint says; the board is x = 2, y = 1, w = 3, E = (w*x - y)^2
SIGHT = [
    ("a text of 23 rows fits a screen", [SAY, {"say": text("row\n" * 22 + "row")}], ""),
    ("one of 24 does not", [SAY, {"say": text("row\n" * 23 + "row")}], "24 rows at once"),
    ("nor a question", [SAY, {**ASK, "predict": text("row\n" * 23), "answer": "E"}], "rows at once"),
    ("a line may say much", [{"run": "repeat 290 { E }"}], ""),
    ("… but not without end", [{"run": "repeat 310 { E }"}], "310 rows"),
    ("the answer above its question", [{"run": "E"}, {**ASK, "answer": "E"}], "above its question: E = 25"),
    ("… by another formula", [{"run": "E"}, {**ASK, "answer": "(w*x - y)*(w*x - y)"}], "above its question: E = 25"),
    ("… where a text is between them, but no key", [{"run": "E"}, SAY, {**ASK, "answer": "E"}], "above its question"),
    ("… among the gradients", [{"run": "backward E"}, {**ASK, "answer": "dE/dx"}], "above its question"),
    ("another thing of the same value is no answer", [{"run": "w"}, {**ASK, "answer": "x + 1"}], ""),
    ("after a key it is remembered, not read", [{"run": "E"}, SAY, {"run": "w"}, {**ASK, "answer": "E"}], ""),
    ("… and after another question", [{"run": "E"}, {**ASK, "answer": "w"}, {**ASK, "answer": "E"}], ""),
    ("what a text says is its author's", [SAY, {"say": text("E = 25")}, {**ASK, "answer": "E"}], ""),
    ("a definition says nothing in a lesson", [{"run": "h = w*x"}, {**ASK, "answer": "h"}], ""),
]


# how a text names a lesson, what lint says to it, and what a student reads
NAMING = [
    ("07-tiny.json", "as in lesson {lesson:tiny}.", "", "as in lesson 7."),
    ("07-tiny.json", "as in lesson {lesson:none}.", "no lesson has the id", "as in lesson none."),
    ("07-tiny.json", "as in lesson 3.", "`3`, and lessons may move", "as in lesson 3."),
    ("07-tiny.json", "7번 수업에서.", "`7번 수업`, and lessons may move", "7번 수업에서."),
    ("07-tiny.json", "Lessons 3 and 4.", "`3`, and lessons may move", "Lessons 3 and 4."),
    ("07-tiny.json", "a lesson in 3 parts, 7번째 줄, {lesson:}, {lesson:a b}", "", "a lesson in 3 parts"),
    ("107-own.json", "as in lesson {lesson:own}, after {lesson:tiny}.", "", "as in lesson 107, after 7."),
]


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
    for what, steps, wanted in LAZY:
        found, status, said = faults(*steps, setup=("x = 2; y = 1", "param w = 3", "E = (w*x - y)^2", "Q = [0, 0]", "before = 9"))
        say(found == wanted and (status != 0) == bool(wanted), "lint: " + what, said)
    for what, steps, wanted in SIGHT:
        with open(f"{dir}/03-tiny.json", "w") as f:
            json.dump({**LESSON, "setup": ["x = 2; y = 1", "param w = 3", "E = (w*x - y)^2"], "steps": [{**s, "name": f"q{i}"} for i, s in enumerate(steps)]}, f)
        p = subprocess.run([learn, "--lang", "en", "lint", f"{dir}/03-tiny.json"], capture_output=True, text=True)
        said = " ".join((p.stdout + p.stderr).split())
        say(wanted in said if wanted else p.returncode == 0, "lint: " + what, said)
    home = dir + "/home/lessons"
    os.makedirs(home)
    for name, one, line, more in NAMING:
        for path, kind in ((f"{home}/{name}", "error" if name[0] == "0" else "warning"), (f"{dir}/{name}", "warning")):
            with open(path, "w") as f:
                json.dump({**LESSON, "lesson": int(name.split("-")[0]), "id": name[:-5].split("-", 1)[1], "steps": [{"say": text(one)}, {"run": "w"}]}, f)
            p = subprocess.run([learn, "--lang", "en", "lint", path], capture_output=True, text=True, env={**os.environ, "LEARN_HOME": dir + "/home"})
            said = " ".join((p.stdout + p.stderr).split())
            found = re.findall(r": (error|warning): steps\[0\]\S*: (no lesson has the id|`[^`]*`, and lessons may move)", said)
            say(found == [(kind, line)] * (2 if line else 0), f"lint: {one}, in {path[len(dir):]}", said)
        shown = subprocess.run([learn, "--lang", "en", "lesson", f"{dir}/{name}"], input="", capture_output=True, text=True, env={**os.environ, "LEARN_HOME": dir + "/home", "XDG_STATE_HOME": dir})
        say(more in shown.stdout, f"… and it says {more}", shown)
    _, status, said = faults({"until": "w == 5", "same": "v", "solution": "w = 5"})
    say(status and "steps[0].same (en): this fails" in said, "lint: what must come out the same can be worked out", said)
    found, status, said = faults({"until": "w == 5", "same": 5, "solution": "w = 5"})
    say(not found and status == 0, "lint: a number comes out the same", said)
finally:
    shutil.rmtree(dir)
sys.exit(bad)
