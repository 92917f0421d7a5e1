#!/usr/bin/env python3
"""Judges of lessons: which lines are taken as answers, which are right, and that of two
terminals' answers the better ones are kept."""
import json, os, subprocess, sys, tempfile

LEARN = os.environ.get("LEARN", "./learn")
RIGHT, WRONG, LINE = "right", "wrong", "a line, no answer"

PREDICT = {"predict": "?", "answer": "w - 1", "within": 0.1, "slips": [{"value": 3, "say": "That is w."}]}
EXACT = {"predict": "?", "answer": "w^2", "within": 0}
CHOICE = {"ask": "?", "choices": [{"en": "left", "ko": "왼쪽"}, "right", "up"], "answer": 1, "wrong": {"0": "No.", "2": "No."}}
WORD = {"ask": "?", "answer": [{"en": "weight", "ko": "가중치"}, "w"], "wrong": {"bias": "That is b."}}
TRY = {"try": "?", "until": "w < 2", "solution": "w = 1", "slips": [{"value": "w > 3", "say": "Uphill."}]}

# the board is `param w = 3`; what is typed, one line after another; what becomes of the last
ROWS = [
    (PREDICT, "2", RIGHT), (PREDICT, "2.1", RIGHT), (PREDICT, "1.9", RIGHT), (PREDICT, "2.09999", RIGHT),
    (PREDICT, "2.1001", WRONG), (PREDICT, "2.15", WRONG), (PREDICT, "2.2", WRONG), (PREDICT, "1.8999", WRONG),
    (PREDICT, "1.81", WRONG), (PREDICT, "3", WRONG), (PREDICT, "-2", WRONG), (PREDICT, "1 + 1", LINE),
    (PREDICT, "w - 1", LINE), (PREDICT, "?", LINE), (PREDICT, "", LINE),
    (PREDICT, "w = 9\n2", RIGHT), (PREDICT, "w = 9\n8", WRONG),  # judged where the step began
    (EXACT, "9", RIGHT), (EXACT, "9.0", RIGHT), (EXACT, "0.9e1", RIGHT), (EXACT, "９", RIGHT),
    (EXACT, "9.000001", WRONG), (EXACT, "8.999999", WRONG),
    (CHOICE, "2", RIGHT), (CHOICE, "2.", RIGHT), (CHOICE, "2)", RIGHT), (CHOICE, " 2 ", RIGHT), (CHOICE, "Right!", RIGHT),
    (CHOICE, "1", WRONG), (CHOICE, "왼쪽", WRONG), (CHOICE, "3", WRONG),
    (CHOICE, "0", LINE), (CHOICE, "4", LINE), (CHOICE, "20", LINE), (CHOICE, "w", LINE), (CHOICE, "I don't know", LINE),
    (WORD, "weight", RIGHT), (WORD, "Weight.", RIGHT), (WORD, "가중치", RIGHT), (WORD, "w", RIGHT),
    (WORD, "bias", WRONG), (WORD, "nonsense", WRONG), (WORD, "7", WRONG), (WORD, "w + 1", LINE), (WORD, "help", LINE),
    (TRY, "w = 1.9", RIGHT), (TRY, "w = 1; 5", RIGHT), (TRY, "w = 5\nw = 1", RIGHT),
    (TRY, "w = 2", LINE), (TRY, "w = 4", LINE), (TRY, "w", LINE), (TRY, "1", LINE), (TRY, "w = = 1", LINE),
]

bad = 0


def check(name, fine, more=""):
    global bad
    print(f"{'ok' if fine else 'FAILED'} {name} {'' if fine else more}".rstrip())
    bad += not fine


home = tempfile.TemporaryDirectory()
env = {**os.environ, "LEARN_HOME": home.name, "HOME": "/nonexistent", "TERM": "dumb"}
os.mkdir(home.name + "/lessons")


def lesson(*steps):
    """Lesson 90, of these steps, and no progress in it yet."""
    env["XDG_STATE_HOME"] = tempfile.mkdtemp(dir=home.name)
    named = [{"name": f"q{i}", **step} for i, step in enumerate(steps)]
    whole = {"format": 1, "lesson": 90, "id": "judged", "title": "Judged", "minutes": 1, "goals": [],
             "setup": ["param w = 3"], "steps": named + [{"say": "Over."}]}
    with open(home.name + "/lessons/90-judged.json", "w") as f:
        json.dump(whole, f)


def student():
    return subprocess.Popen([LEARN, "--lang", "en", "lesson", "90"], env=env, text=True, bufsize=1,
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def kept():
    with open(env["XDG_STATE_HOME"] + "/learn/progress.json") as f:
        return json.load(f)["lessons"]["judged"]


def verdict(record):
    return RIGHT if record.get("result") == 2 else WRONG if record.get("misses") else LINE


for step, typed, wanted in ROWS:
    lesson(step)
    said, _ = student().communicate(typed + "\n")
    got = verdict(kept()["records"].get("q0", {}))
    check(f"{next(iter(step))} {step.get('answer', step.get('until'))}: {typed!r} is {wanted}", got == wanted, f"not {got}:\n{said}")


# Two terminals: the first sits at the question while the second answers it.
def say(s, *lines):
    """Types lines, and waits until they have been taken."""
    for line in lines:
        s.stdin.write(line + "\n")
    s.stdin.write('"taken"\n')
    s.stdin.flush()
    while (said := s.stdout.readline()) and "taken" not in said:
        pass


for first, second, wanted in [
    (["8"], ["9"], {"q0": 2}), (["skip"], ["9"], {"q0": 2}), (["9"], ["8"], {"q0": 2}), (["9"], ["skip"], {"q0": 2}),
    (["8"], ["skip"], {"q0": 1}), (["next", "2"], ["9"], {"q0": 2, "q1": 2}), (["next", "1"], ["9", "2"], {"q0": 2, "q1": 2}),
]:
    lesson(EXACT, CHOICE)
    one = student()
    say(one)
    two = student()
    say(two, *second)
    say(one, *first)
    for s in (two, one):
        s.communicate()
    got = {q: r["result"] for q, r in kept()["records"].items() if r["result"]}
    check(f"the better answers are kept: {second} in another terminal, then {first} here", got == wanted, f"{got}, not {wanted}")

lesson(EXACT)
one = student()
say(one)
student().communicate("9\n\n")  # to its end
one.communicate("8\n")
check("a lesson that was finished elsewhere stays finished", kept()["done"] is True)

# The file is written where something that is kept has changed, and only then.
lesson({**EXACT, "hints": ["3·3"]})
one = student()
say(one)
for line, writes in [("w", False), ("w + 1", False), ("help", False), ("w = 5", True), ("w", False), ("hint", True),
                     ("again", True), ("again", False), ("hint", False), ("8", True), ("leave", False)]:
    before = os.stat(env["XDG_STATE_HOME"] + "/learn/progress.json").st_ino
    say(one, line)
    wrote = os.stat(env["XDG_STATE_HOME"] + "/learn/progress.json").st_ino != before
    check(f"{line!r} {'is' if writes else 'needs no'} writing down", wrote == writes)
one.communicate()

home.cleanup()
sys.exit(bad > 0)
