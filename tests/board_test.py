#!/usr/bin/env python3
"""The board step, as students meet it: whatever their dice throw, the numbers are short, the right ones pass, a mistake
is told as itself or as one of two, and the graph stands within 80 columns. Four families of graphs are worked out here
once more; what a student answers to a thousand of them is wrong at every box first."""
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

import pexpect

learn = os.path.abspath(os.environ.get("LEARN", "./learn"))
dir = tempfile.mkdtemp(prefix="learn-test-board-")
env = dict(os.environ, XDG_STATE_HOME=dir + "/state", LC_ALL="C.UTF-8", TERM="dumb")
bad = 0
DRAWS = int(os.environ.get("BOARD_DRAWS", "1000"))
dice = random.Random(16)


def say(fine, what, more=""):
    global bad
    bad |= not fine
    print(("ok " if fine else "FAILED ") + what + ("" if fine else f": {more}"), flush=True)


OWN, THROUGH, UPSTREAM = "its own value", "handed the gradient on unchanged", "the local gradient alone"
LOST, FLAT, SIGN, VALUE = "factor in front is lost", "the exponent alone", "Where is the −1", "the number above the wire"
ONE, ADDED, TURNED, TIMES = "one way only", "The gate is a ×", "the other way round", "power multiplies"


def square(w, x, y):
    h = w * x
    e = h - y
    d = 2 * e
    return [("h", h, {ADDED: w + x}), ("e", e, {TURNED: y - h}), ("E", e * e, {TIMES: 2 * e}),
            ("dE/de", d, {LOST: e, FLAT: 2}), ("dE/dh", d, {VALUE: h}), ("dE/dy", -d, {SIGN: d, VALUE: y}),
            ("dE/dx", d * w, {OWN: d * x, THROUGH: d, UPSTREAM: w, VALUE: x}),
            ("dE/dw", d * x, {OWN: d * w, THROUGH: d, UPSTREAM: x, VALUE: w})]


def shared(w, x):
    a = w * x
    b = a + w
    d = 2 * b
    return [("a", a, {ADDED: w + x}), ("b", b, {"The gate is a +": a * w}), ("E", b * b, {TIMES: 2 * b}),
            ("dE/db", d, {LOST: b, FLAT: 2}), ("dE/da", d, {"You multiplied by w": d * w, VALUE: a}),
            ("dE/dw", d * x + d, {ONE: d * x}), ("dE/dx", d * w, {OWN: d * x, THROUGH: d, UPSTREAM: w})]


def layers(w, x, v, y):
    h = w * x
    r = max(h, 0)
    o = v * r
    e = o - y
    d = 2 * e
    below = d * v if h > 0 else 0
    shut = {"below 0: there relu is shut": d * v} if h < 0 else {VALUE: h}
    return [("h", h, {ADDED: w + x}), ("r", r, {"lets nothing below 0": h}), ("o", o, {ADDED: v + r}), ("e", e, {TURNED: y - o}),
            ("E", e * e, {TIMES: 2 * e}), ("dE/de", d, {LOST: e, FLAT: 2}), ("dE/do", d, {VALUE: o}),
            ("dE/dy", -d, {SIGN: d}),
            ("dE/dr", d * v, {OWN: d * r, THROUGH: d, UPSTREAM: v}), ("dE/dv", d * r, {VALUE: v} if r == v else {OWN: d * v}), ("dE/dh", below, shut),
            ("dE/dx", below * w, {OWN: below * x}), ("dE/dw", below * x, {OWN: below * w, VALUE: w})]


def choice(x, y, z):
    p = x * y
    m = max(p, z)
    d, won = 2 * m, p >= z
    chosen = "the one that was chosen gets all"
    return [("p", p, {ADDED: x + y}), ("m", m, {"That is the other one": min(p, z)}), ("E", m * m, {TIMES: 2 * m}), ("dE/dm", d, {LOST: m}),
            ("dE/dz", 0 if won else d, {chosen: d if won else 0}), ("dE/dp", d if won else 0, {chosen: 0 if won else d}),
            ("dE/dx", d * y if won else 0, {OWN: d * x if won else 0}), ("dE/dy", d * x if won else 0, {OWN: d * y if won else 0})]


FAMILIES = [
    (square, ["w", "x", "y"], ["h = w*x", "e = h - y", "E = e^2"], ["x = 2..5", "y = 1..9", "param w = -3..3 not 0, 1"]),
    (shared, ["w", "x"], ["a = w*x", "b = a + w", "E = b^2"], ["x = -4..4 not 0, -1", "param w = -4..4 not 0"]),
    (layers, ["w", "x", "v", "y"], ["h = w*x", "r = relu(h)", "o = v*r", "e = o - y", "E = e^2"],
     ["x = 1..4", "param w = -2..2 by 0.5 not 0", "param v = -3..3 not 0, 1", "y = 1..9"]),
    (choice, ["x", "y", "z"], ["p = x*y", "m = max(p, z)", "E = m^2"], ["x = 1..5", "y = 1..5", "z = 1..20"]),
]


def lesson(family, steps):
    function, names, setup, draw = family
    return {"format": 1, "lesson": 100, "id": f"board-{function.__name__}", "title": "Board", "minutes": 2, "goals": ["fill"],
            "setup": [f"{'param ' if f'param {n}' in ' '.join(draw) else ''}{n} = 1" for n in names] + setup,
            "steps": [{"board": "Fill.", "graph": "E", "draw": draw, "name": f"own-{i}", "hints": ["Look."]} for i in range(steps)]}


def play(file, seed, lines):
    shutil.rmtree(dir + "/state", ignore_errors=True)
    p = subprocess.run([learn, "--lang", "en", "--echo", "lesson", file], input="\n".join(lines) + "\n", capture_output=True, text=True,
                       env=dict(env, LEARN_SEED=str(seed)), cwd=dir, timeout=300)
    return p.stdout + p.stderr


def figures(number):
    return len(f"{abs(number):.10g}".replace(".", "").strip("0"))


def number(v):
    return f"{v:.10g}"


def a_thousand():
    count = {"alone": 0, "two": 0, "nobody": 0, "hidden": 0}
    wide, long, passed, other = [], [], 0, []
    boards = 25
    for k in range(max(DRAWS // boards, len(FAMILIES))):
        family = FAMILIES[k % len(FAMILIES)]
        function, names = family[0], family[1]
        with open(dir + "/b.json", "w") as f:
            json.dump(lesson(family, boards), f)
        said = play("b.json", k, [f"[{', '.join(names)}]", "skip"] * boards)
        drawn = [[float(v) for v in row.split(", ")] for row in re.findall(r"> \[\w.*\n\[(.*)\]", said)]
        assert len(drawn) == boards, said
        typed = []
        for values in drawn:
            for name, right, mistakes in function(*values):
                long += [(function.__name__, values, right)] if figures(right) > 4 else []
                words, wrong = dice.choice(sorted(mistakes.items()))
                count["hidden"] += wrong == right
                typed += [] if wrong == right else [(f"{name} = {number(wrong)}", words)]
                typed.append((f"{name} = {number(right)}", None))
        said = play("b.json", k, [line for line, _ in typed])
        wide += [row for row in said.splitlines() if len(row) > 80]
        passed += f"{boards} of {boards} questions solved" in said
        replies = [" ".join(reply.split()) for reply in re.split(r"^learn [0-9.]+> ", said, flags=re.M)[1:]]
        for (line, words), reply in zip(typed, replies):
            if not words:
                continue
            kind = "nobody" if "Not quite" in reply else "two" if "two ways" in reply else "alone"
            count[kind] += 1
            if not reply.startswith(line) or (kind != "nobody" and words not in reply):
                other.append((function.__name__, line, words, reply[:160]))
    told = count["alone"] + count["two"] + count["nobody"]
    print(f"# {told} mistakes: {count['alone']} told alone, {count['two']} as one of two, {count['nobody']} as nobody's; {count['hidden']} don't show")
    say(not long, "no number needs more than four figures", long[:3])
    say(not wide, "nothing is wider than 80 columns", wide[:3])
    say(passed == max(DRAWS // boards, len(FAMILIES)), "every right number passes", passed)
    say(not other, "no mistake is told as another", (len(other), other[:5]))
    say(count["nobody"] <= told // 10 and count["alone"] >= told // 2, "nine of ten are told, most of them alone", count)


def one(graph="E", draw=("x = 2..5", "param w = -3..3 not 0, 1"), setup=("x = 1; y = 1; param w = 3", "h = w*x; e = h - y; E = e^2"), **more):
    step = {"board": "Fill.", "graph": graph, "draw": list(draw), "name": "own", "hints": ["Look."], **more}
    return {"format": 1, "lesson": 100, "id": "one", "title": "One", "minutes": 2, "goals": ["fill"], "setup": list(setup), "steps": [step]}


LONG = "a_value_with_quite_a_long_name"
WRONG = [
    ("a graph that isn't there", one(graph="Q"), "`Q`", "`Q`"),
    ("a graph of many numbers", one(graph="L", setup=["x = 1; param w = 3; v = [1, 2]", "L = sum(v*w*x)"]), "more than one number", "수 하나가 아니라서"),
    ("one that ends in many", one(graph="v", setup=["x = 1; param w = 3; v = [1, 2]*w*x"]), "mean(v)", "mean(v)"),
    ("a draw for nobody", one(draw=["z = 1..3"]), "no single number of that name", "그 이름의 수가 없습니다"),
    ("no range", one(draw=["x = 3"]), "numbers are drawn by", "처럼 쓰고"),
    ("a range without numbers", one(draw=["x = 3..2"]), "some must be left", "남아 있어야"),
    ("all of them taken out", one(draw=["x = 1..2 not 1, 2"]), "some must be left", "남아 있어야"),
    ("a name drawn twice", one(draw=["x = 1..2", "param x = 7..9"]), "drawn twice", "두 번 뽑거나"),
    ("nine names", one(draw=[f"{n} = 1..2" for n in "xwabcdefg"]), "drawn twice, or is the ninth", "여덟 개까지"),
    ("fill that is no way", one(fill="sideways"), "`forward`, `backward` or `both`", "가운데 하나"),
    ("no short numbers", one(setup=["x = 1; y = 1; param w = 3", "h = sigmoid(w*x); e = h - y; E = e^2"]), "four digits", "네 자리"),
    ("too wide", one(setup=["x = 1; y = 1; param w = 3"] + [f"{LONG}{i} = {f'{LONG}{i - 1}' if i else 'w*x'} + y" for i in range(3)] + [f"E = {LONG}2^2"]),
     "80 columns", "80칸"),
]
FINE = [("within takes what is long", one(setup=["x = 1; y = 1; param w = 3", "h = sigmoid(w*x); e = h - y; E = e^2"], within=0.01)),
        ("half ones, and backwards alone", one(draw=["x = -2..2 by 0.5 not 0"], fill="backward")), ("no numbers of one's own", one(draw=[]))]


def bad_input():
    for what, whole, en, ko in [*WRONG, *((what, whole, None, None) for what, whole in FINE)]:
        with open(dir + "/one.json", "w") as f:
            json.dump(whole, f)
        for lang, words in ("en", en), ("ko", ko):
            p = subprocess.run([learn, "--lang", lang, "lint", "one.json"], capture_output=True, text=True, env=env, cwd=dir, timeout=300)
            said = " ".join((p.stdout + p.stderr).split())
            say(words in said and p.returncode == 1 if words else p.returncode == 0, f"lint: {what} ({lang})", said)
        p = subprocess.run([learn, "lesson", "one.json"], input="5\nskip\n", capture_output=True, text=True, env=dict(env, XDG_STATE_HOME=dir + "/w"), cwd=dir, timeout=300)
        say(p.returncode in (0, 1) and "Sanitizer" not in p.stderr, f"played all the same: {what}", p.stderr[-300:])


def numbers_of(p):
    p.expect(r"learn 100.1> ")
    p.sendline("[w, x]")
    p.expect(r"\n\[([^\]]*)\]")
    return p.match[1]


def person():
    """The same numbers when coming back to it and with `again`; others once it is solved; another person's are others."""
    with open(dir + "/one.json", "w") as f:
        json.dump(one(draw=["x = 2..50", "param w = -30..30 not 0, 1"]), f)
    seen = []
    for who in "a", "b":
        for words in [[], ["h = 0.5"], ["again"], ["skip"], []]:
            p = pexpect.spawn(learn, ["--lang", "en", "lesson", "one.json", "--step", "own"], env=dict(env, XDG_STATE_HOME=f"{dir}/{who}"), cwd=dir, encoding="utf-8", timeout=30, dimensions=(50, 80))
            first = numbers_of(p)
            for word in words:
                p.expect(r"learn 100.1> ")
                p.sendline(word)
                if word == "again":
                    say(numbers_of(p) == first, "again keeps the numbers", first)
            p.sendline("quit")
            p.expect(pexpect.EOF)
            seen.append(first)
    say(len(set(seen[:4])) == 1, "who comes back finds the same numbers", seen[:4])
    say(seen[4] != seen[0], "… once it is done, others", seen[:5])
    say(seen[5] != seen[0], "another person has others", seen)


def spoken():
    """A box's number, said as at any question; and what is said where it is wrong, or asked for, is about the open box."""
    with open(dir + "/one.json", "w") as f:
        json.dump(one(draw=[], setup=("x = 3; y = 8; param w = -4", "h = w*x; e = h - y; E = e^2")), f)
    sign = "Right but for its sign"
    for typed, words in [
        ("h는 -12이에요", "Yes: h = -12"), ("마이너스 십이", "Yes: h = -12"), ("minus twelve", "Yes: h = -12"), ("h is -12", "Yes: h = -12"), ("it is -12", "Yes: h = -12"), ("the gradient of w is -120", "Yes: dE/dw = -120"),
        ("w의 기울기는 -120이에요", "Yes: dE/dw = -120"), ("dE/dx는 160이에요", "Yes: dE/dx = 160"), ("dE/dx = -40*-4 = 160", "Yes: dE/dx = 160"), ("the slope of x is 26", "dE/dx is their product"), ("x is 3", "none of the empty boxes"), ("dE/dE = 1", "none of the empty boxes"),
        ("h = 12", sign), ("dE/de = 40", sign), ("dE/dw = 120", sign), ("hint", "h = w·x"), ("-12\n-20\n400\nhint", "dE/de = dE/dE · 2·e"), ("hint\nhint", "Hint 1 of 1: Look."), ("z = 3", "still open"), ("2*3", "6"),
    ]:
        shutil.rmtree(dir + "/state", ignore_errors=True)
        p = subprocess.run([learn, "--lang", "en", "lesson", "one.json"], input=typed + "\n", capture_output=True, text=True, env=env, cwd=dir, timeout=300)
        say(words in " ".join(p.stdout.split()), f"{typed!r} is met by {words!r}", p.stdout[-500:] + p.stderr)
    shown, anew = p.stdout.split("6\n")[0], subprocess.run([learn, "--lang", "en", "--echo", "lesson", "one.json"], input="\n", capture_output=True, text=True, env={**env, "XDG_STATE_HOME": dir + "/anew"}, cwd=dir).stdout.split("> \n")[1]
    say("`h = 5`, `dE/dw = 10`" in " ".join(shown.split()), "the example is of the board's own names", shown)
    say("Fill." not in anew and "h?" in anew and "still open" in anew, "Enter draws the graph anew, without its text", anew)


def kept():
    """What was filled stands there when one comes back, right or worked out; not where the file is another by now, and whatever a damaged one says."""
    with open(dir + "/one.json", "w") as f:
        json.dump(one(draw=[], setup=("x = 3; y = 8; param w = -4", "h = w*x; e = h - y; E = e^2")), f)
    shutil.rmtree(dir + "/state", ignore_errors=True)
    path = dir + "/state/learn/progress.json"

    def come(*typed):
        return subprocess.run([learn, "--lang", "en", "lesson", "one.json"], input="\n".join(typed) + "\n", capture_output=True, text=True, env=env, cwd=dir, timeout=300).stdout

    def change(**more):
        with open(path) as f:
            whole = json.load(f)
        entry = whole["lessons"]["one"]
        entry["place"].update(more.pop("place", {}))
        entry.update(more)
        with open(path, "w") as f:
            json.dump(whole, f)

    come("h = -12; dE/de = -40")
    back = come("E = 0", "E = 0")
    drawn = back.split("\ne?\n")
    say(len(drawn) == 2 and "-12" in drawn[0] and "-40" in drawn[0] and "-120" not in drawn[0], "what was filled stands there for who comes back, and the next is asked for", back)
    with open(path) as f:
        boxes = json.load(f)["lessons"]["one"]["place"].get("boxes")
    say(boxes == [0, 2, 3], "two filled, one worked out: they are kept", boxes)
    change(place={"boxes": list(range(40))})
    say("h?" in come(), "all of them filled is a damaged file", come())
    change(place={"boxes": [0, "x", -1, 1e9, 2.5]}, edition="00000000")
    say("h?" in come(), "another edition has other boxes", come())


bad_input()
person()
kept()
spoken()
a_thousand()
shutil.rmtree(dir, ignore_errors=True)
sys.exit(bad)
