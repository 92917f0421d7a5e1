#!/usr/bin/env python3
"""Drills: a thousand exercises of each kind and level are drawn and played (tests/unit/drill_test.c
on the fast build); levels go up and down; the exercise in hand is kept, whatever happens."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from report import tester, verdict

learn = os.path.abspath(os.environ.get("LEARN", "./learn"))
dir = tempfile.mkdtemp(prefix="learn-drill-")
kept = dir + "/learn/progress.json"
env = dict(os.environ, XDG_STATE_HOME=dir, TERM="dumb", LC_ALL="C.UTF-8", LEARN_SEED="7")


def fresh():
    shutil.rmtree(dir + "/learn", ignore_errors=True)


test = tester(fresh)


def drill(words, *lines, lang="en", **more):
    p = subprocess.run([learn, "--lang", lang, "drill", *words.split()], input="".join(l + "\n" for l in lines),
                       capture_output=True, text=True, env=dict(env, **more), timeout=300)
    assert p.returncode in (0, 1) and "Sanitizer" not in p.stderr, p
    return p.stdout + p.stderr


def state(kind):
    with open(kept) as f:
        return json.load(f)["drills"][kind]


def exercise(kind):
    return json.loads(state(kind)["exercise"]["text"])


def answer(kind):
    """What the engine says of the exercise in hand."""
    steps = exercise(kind)["steps"]
    lines = [s["run"] for s in steps[:[("drill" == s.get("name")) for s in steps].index(True)]]
    asked = next(s for s in steps if s.get("name") == "drill")
    p = subprocess.run([learn, "--lang", "en", "-c", "; ".join(lines + ["digits 9", asked["answer"]])],
                       capture_output=True, text=True, env=env)
    return p.stdout.split()[-1]


DAY = 86400
START = 1760000000


def on(day, *args, lines=(), lang="en"):
    """What is said on that day."""
    p = subprocess.run([learn, "--lang", lang, *args], input="".join(l + "\n" for l in lines), capture_output=True, text=True,
                       env=dict(env, SOURCE_DATE_EPOCH=str(START + day * DAY), TZ="UTC"), timeout=300)
    assert p.returncode in (0, 1) and "Sanitizer" not in p.stderr, p
    return re.sub(r"\s+", " ", p.stdout + p.stderr)


@test("two right in a row lead a level up, two that were shown down")
def _():
    drill("backward level 2")
    drill("backward", answer("backward"))
    assert state("backward")["level"] == 2 and state("backward")["streak"] == 1, state("backward")
    said = drill("backward", answer("backward"))
    assert "on to level 3" in said and state("backward")["level"] == 3, said
    said = drill("backward", "skip", "skip")
    assert "level 2" in said and state("backward")["level"] == 2, said
    drill("backward", "999999", answer("backward"))  # at the second try: neither
    assert state("backward")["streak"] == 0 and state("backward")["right"] == 2, state("backward")
    assert state("backward")["tried"] == 5


@test("a hint, and it doesn't count for the level")
def _():
    drill("mean")
    drill("mean", "hint")
    assert state("mean")["exercise"]["record"]["hints"] == 1  # kept, too
    drill("mean", answer("mean"))
    assert state("mean").get("right", 0) == 0 and state("mean")["tried"] == 1


@test("the exercise in hand keeps its numbers; left, the next seed or another kind changes nothing")
def _():
    drill("forward level 3")
    first = exercise("forward")
    drill("forward", "leave")
    drill("update")
    assert "keeps" not in drill("forward", "again", "x = 100", "quit", LEARN_SEED="99")
    assert exercise("forward") == first
    drill("forward", "123456")  # one miss is kept
    assert state("forward")["exercise"]["record"]["tries"] == 1
    assert "Let's work it out." in drill("forward", "654321") and exercise("forward") != first


@test("killed in the middle, it goes on with the same numbers, and the miss counts")
def _():
    p = subprocess.Popen([learn, "--lang", "en", "drill", "backward"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env)
    p.stdin.write("123456\n")
    p.stdin.flush()
    while "again" not in (line := p.stdout.readline()):
        assert line or p.poll() is None, line
    p.kill()
    p.wait()
    first = exercise("backward")
    assert state("backward")["exercise"]["record"]["tries"] == 1
    assert "What is" in drill("backward") and exercise("backward") == first


@test("drill alone takes what was never done, then what goes worst or has waited longest, of lessons done")
def _():
    def stand(**drills):
        os.makedirs(dir + "/learn", exist_ok=True)
        with open(kept, "w") as f:
            json.dump({"format": 2, "drills": drills, "lessons": {"backpropagation": {"number": 4, "done": True, "records": {}},
                                                                  "patterns": {"number": 8, "done": False, "records": {}}}}, f)
    day = START // DAY
    stand()
    assert "forward · level 1" in on(0, "drill")
    stand(forward={"tried": 5, "right": 5, "day": day - 1})
    assert "backward · level 1" in on(0, "drill")
    stand(forward={"tried": 5, "right": 5, "day": day - 1}, backward={"tried": 5, "right": 1, "day": day})
    assert "backward · level 1" in on(0, "drill")
    stand(forward={"tried": 5, "right": 5, "day": day - 30, "level": 4}, backward={"tried": 5, "right": 1, "day": day})
    assert "forward · level 4" in on(0, "drill")


def run_lines(kind):
    return [s["run"] for s in exercise(kind)["steps"] if "run" in s]


@test("asked once more, the exercise comes with its lines")
def _():
    said = drill("backward", "")
    assert said.count(run_lines("backward")[0]) == 2, said
    said = drill("backward", "다시", lang="ko")
    assert said.count(run_lines("backward")[0]) == 2, said


@test("the worked way leads to what was asked, and there alone")
def _():
    drill("backward level 5")
    asked = next(s["answer"] for s in exercise("backward")["steps"] if "answer" in s)
    said = drill("backward", "skip").split("— Exercise 2")[0]
    assert re.search(rf"{asked} = [^\n]*\n*$", said) and len(said.splitlines()) < 45, said
    assert all(f"dE/d{p} = " not in said for p in "abcduv" if asked != f"dE/d{p}"), said


@test("a shown answer of one level doesn't count on another")
def _():
    drill("backward", "skip")
    assert state("backward")["streak"] == -1
    said = drill("backward level 3", "skip")
    assert state("backward")["level"] == 3 and "Back to level" not in said, said


@test("neither the numbers nor the answer come again at once, and they stay below 100")
def _():
    for kind in ("forward", "backward", "mean", "update"):
        drill(kind)
        seen = []
        for _ in range(8):
            seen.append((run_lines(kind)[:-1], answer(kind)))
            drill(kind, "skip")
            drill(kind + " level 1")
        for i, (lines, value) in enumerate(seen):
            assert abs(float(value)) < 100, seen
            assert all(lines != l for l, _ in seen[max(0, i - 4):i]), (kind, seen)
        assert len({v for _, v in seen}) >= 6, (kind, seen)


@test("ON is from T on, as in lesson 1; a rule gone the wrong way is told so that it fits both ways")
def _():
    drill("neuron")
    assert "T or more" in drill("neuron") and "T 이상" in drill("neuron", lang="ko")
    drill("neuron level 3")
    steps = exercise("neuron")["steps"]
    slips = next(s["slips"] for s in steps if "slips" in s)
    sign = next(s for s in slips if s["name"] == "slip.rule-sign")
    line = "; ".join(s["run"] for s in steps[:2]) + "; digits 9; " + sign["value"]
    wrong = subprocess.run([learn, "-c", line], capture_output=True, text=True, env=env).stdout.split()[-1]
    assert "too large to shrink" in drill("neuron", wrong)
    said = drill("neuron", "skip", lang="ko")
    assert re.search(r"w\[\d\][은는] 얼마가", said) and "y - o = " in said, said


@test("that the number alone will do is said once")
def _():
    drill("forward")
    with_name = lambda: exercise("forward")["steps"][-2]["answer"] + " = " + answer("forward")
    p = subprocess.Popen([learn, "--lang", "en", "drill", "forward"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env)
    for _ in range(2):
        before = exercise("forward")
        p.stdin.write(with_name() + "\n")
        p.stdin.flush()
        for _ in range(100):
            if exercise("forward") != before:
                break
            time.sleep(0.1)
    said = p.communicate()[0]
    assert state("forward")["right"] == 2 and said.count("just the number will do") == 1, said


@test("to two places: shown so")
def _():
    drill("softmax")
    said = drill("softmax", "skip")
    assert re.search(r"The answer: 0\.\d{1,2}\n", said) and not re.search(r"0\.\d{5}", said), said


@test("the lessons that kinds belong to are there")
def _():
    ids = set(re.findall(r'^    \{"\w+", *"[^"]+", *"([a-z-]+)"', open("src/practice/kinds.c").read(), re.M))
    there = {f[3:-5] for f in os.listdir("lessons") if f.endswith(".json")}
    assert ids and ids <= there, ids - there


@test("a net that doesn't learn is mended by learning, in its own words")
def _():
    drill("debug level 1")
    solution = next(s for s in exercise("debug")["steps"] if "until" in s)["solution"]
    said = drill("debug", *solution.split("; ", 1)) if "; repeat" in solution else drill("debug", solution)
    assert state("debug")["right"] == 1 and "Exercise 2" in said, said


@test("one seed, the same exercises")
def _():
    drill("sizes")
    first = exercise("sizes")
    shutil.rmtree(dir + "/learn")
    drill("sizes")
    assert exercise("sizes") == first
    shutil.rmtree(dir + "/learn")
    drill("sizes --seed 8")
    assert exercise("sizes") != first


@test("what isn't there is said with what is")
def _():
    assert "Did you mean `drill backward`?" in drill("bakward")
    assert re.search(r"levels 1 to \d", drill("backward level 40"))
    assert "backward" in drill("cheese")
    assert "혹시 `연습 역전파`인가요?" in drill("역전과", lang="ko")
    assert "순전파, 역전파" in drill("치즈", lang="ko")
    assert "단계는 없습니다" in drill("역전파 0단계", lang="ko")
    assert "level 4 of" in drill("역전파 4단계") and "4단계" in drill("backward level 4", lang="ko")


def mark(name, **more):
    """A lesson played once, one question of it missed on day 0."""
    os.makedirs(dir + "/learn", exist_ok=True)
    with open(kept, "w") as f:
        json.dump({"format": 2, "lessons": {"gradient-descent": {"number": 3, "done": True, "questions": 18, "when": START, "records": {
            name: {"kind": "predict", "result": 2, "tries": 3, "hints": 0, "shown": 0, "day": START // DAY, "box": 0, **more}}}}}, f)


def box(name):
    with open(kept) as f:
        r = json.load(f)["lessons"]["gradient-descent"]["records"][name]
    return r["box"], r["day"] - START // DAY


course = next(f for f in os.listdir("lessons") if f.endswith("gradient-descent.json"))
number = int(course[:2])
question = next(s["name"] for s in json.load(open("lessons/" + course))["steps"] if "predict" in s and isinstance(s["answer"], str))
right = None


@test("what was missed in a lesson comes back after 1, 3, 7 and 16 days, then no more")
def _():
    mark(question)
    assert "comes back tomorrow" in on(0, lines=["review"])
    answer = re.search(r"The answer: (\S+)", on(1, lines=["review", "skip"]))[1]  # not known: tomorrow again
    assert box(question) == (0, 1)
    day = 1
    for wait, at in ((1, 1), (3, 2), (7, 3), (16, 4)):
        assert "due today" in on(day + wait - 1, lines=["review"])
        day += wait
        assert "1 of 1 at once" in on(day, lines=["review", answer]), day
        assert box(question) == (at, day)
    assert "Nothing to ask again" in on(day + 400, lines=["review"])
    mark(question, box=2)
    on(8, lines=["review", "skip"])  # from however far, back to the first
    assert box(question) == (0, 8), box(question)


@test("a question asked out of its lesson comes with what it stands on, and not with the answer")
def _():
    def asked(id, number, name, lang="en"):
        os.makedirs(dir + "/learn", exist_ok=True)
        with open(kept, "w") as f:
            json.dump({"format": 2, "lessons": {id: {"number": number, "done": True, "questions": 9, "when": START, "records": {
                name: {"kind": "predict", "result": 2, "tries": 3, "hints": 0, "shown": 0, "day": START // DAY, "box": 0}}}}}, f)
        return on(1, lines=["review", "leave"], lang=lang)
    said = asked("backpropagation", 4, "update")
    assert "x = 1; y = 1; w = 3; h = w*x; e = h - y; E = e^2" in said, said
    said = asked("multi-layer", 10, "f0", "ko")
    assert "W2 = [[1, 2], [-2, 1]]" in said and "h = relu(a); f = W2 @ h" in said and "f = [" not in said, said


@test("two at most before a lesson, and then the lesson; what was known stays out")
def _():
    lines = ["skip"] * 40
    on(0, "lesson", str(number), lines=lines)
    said = on(1, "lesson", str(number), lines=["skip", "skip"])
    assert "Before we begin: 2" in said and "Now to the lesson" in said and f"learn" not in said.split("Before")[0], said
    assert said.count("yesterday") == 2
    said = on(1, "lesson", str(number), lines=["leave", f"lesson {number}", "leave"])
    assert "left for another time" in said and said.count("Before we begin") == 1
    assert "시작하기 전에" in on(1, "lesson", str(number), lang="ko")


@test("a drill that was shown comes back with other numbers, and the one in hand stays")
def _():
    on(0, "drill", "backward", lines=["skip"])
    hand = exercise("backward")
    said = on(1, lines=["review", "skip"])
    assert "new numbers" in said and "0 of 1 at once" in said, said
    assert exercise("backward") == hand and state("backward")["tried"] == 1


@test("a clock that jumped, a question that is gone, a file that is damaged: said, nothing lost")
def _():
    mark(question, day=START // DAY + 4000)
    said = on(0, lines=["review", "skip"])
    assert "clock" in said and "0 of 1 at once" in said and box(question) == (0, 0), said
    mark("no-such-question")
    said = on(1, lines=["review"])
    assert "can't be asked any more" in said, said
    assert "no-such-question" in open(kept).read()
    mark(question)
    text = open(kept).read()
    open(kept, "w").write(text[:200])
    assert "damaged" in on(1, lines=["review"]) and open(kept + ".damaged-1").read() == text[:200]
    mark(question, day="yesterday", box=-3)
    on(1, lines=["review", "progress"])


@test("a board that is the last of a review ends it, however it is filled")
def _():
    os.makedirs(dir + "/learn", exist_ok=True)
    with open(kept, "w") as f:
        json.dump({"format": 2, "lessons": {"backpropagation": {"number": 4, "done": True, "questions": 18, "when": START, "records": {
            "own-numbers": {"kind": "board", "result": 2, "tries": 3, "hints": 0, "shown": 0, "day": START // DAY, "box": 0}}}}}, f)
    assert "0 of 1 at once" in on(1, lines=["review"] + 16 * ["7777"])


@test("a hint is kept though the exercise before had one, too")
def _():
    drill("backward", "hint", "skip", "hint", "leave")
    assert state("backward")["exercise"]["record"]["hints"] == 1, state("backward")


@test("a clock that was ahead keeps no kind from being offered")
def _():
    lessons = {id: {"number": n, "done": True, "questions": 1, "when": START, "records": {}} for n, id in ((3, "gradient-descent"), (4, "backpropagation"))}
    drills = {k: {"level": 1, "tried": 9, "right": right, "day": START // DAY + 4000} for k, right in (("update", 0), ("forward", 9), ("backward", 9))}
    os.makedirs(dir + "/learn", exist_ok=True)
    with open(kept, "w") as f:
        json.dump({"format": 2, "lessons": lessons, "drills": drills}, f)
    assert "update" in on(0, "drill").split("?")[0]


@test("an exercise, a streak, boxes and slips that are something else: passed over")
def _():
    drill("backward")
    whole = open(kept).read()

    def with_one(value, *path):
        all = json.loads(whole)
        at = all["drills"]["backward"]
        for key in path[:-1]:
            at = at[key]
        at[path[-1]] = value
        with open(kept, "w") as f:
            json.dump(all, f)

    none = json.loads(exercise("backward") and state("backward")["exercise"]["text"])
    none["steps"] = [s for s in none["steps"] if "run" in s]
    with_one(json.dumps(none), "exercise", "text")  # a lesson, but it asks nothing
    assert "What is" in drill("backward", "skip")
    for streak in 1e308, -1e308:
        with_one(streak, "streak")
        drill("backward", "skip")
        assert state("backward")["streak"] == -1
    for odd in [{"day": 1, "box": 0}], 5:
        with_one(odd, "again")
        on(0, lines=["review", "progress"])
        with_one(odd, "again")
        drill("backward", "skip")
        assert state("backward")["again"]["1"]["box"] == 0
    with_one([3, 4], "slips")
    on(0, "submit", "all", lines=["Kim", ""])
    mark(question)
    entry = json.load(open(kept))
    entry["lessons"]["gradient-descent"]["records"] = [{"day": 1, "box": 0}]
    json.dump(entry, open(kept, "w"))
    on(0, lines=["review", "progress"])


@test("progress shows a line for each kind practised")
def _():
    drill("backward", "skip")
    drill("sizes", answer("sizes") if os.path.exists(kept) and "sizes" in open(kept).read() else "skip")
    said = on(0, lines=["progress"])
    assert re.search(r"backward 1 of \d 0 of 1", said) and re.search(r"sizes 1 of \d [01] of 1", said), said
    said = on(0, lines=["진도"], lang="ko")
    assert re.search(r"역전파 \d단계 중 1단계 1문제 중 0개", said) and "한 번에 맞힌 것" in said, said


@test("which mistake was made is told, counted, and named")
def _():
    drill("backward")
    said = drill("backward", str(-float(answer("backward"))))
    assert "The sign is the other way round." in said, said
    assert state("backward")["slips"] == {"mistake.minus": 1}
    drill("backward", "leave")


@test("what is handed in has the drills, and reads back")
def _():
    on(0, "drill", "backward")
    on(0, "drill", "backward", lines=[str(-float(answer("backward"))), "skip"])
    on(0, "lesson", "0", lines=["leave"])
    out = dir + "/r.json"
    said = on(0, "submit", "0", "--id", "7", "--name", "Kim", "--yes", "-o", out)
    assert re.search(r"drill backward · level 1 · right 0 · tried 1 · commonest mistake wrong sign", said.replace("\u00a0", " ")), said
    r = json.load(open(out))["drills"]
    assert r == [{"drill": "backward", "level": 1, "right": 0, "tried": 1, "mistake": "mistake.minus"}], r
    assert "7" in on(0, "report", out)
    text = open(out).read()
    open(out, "w").write(text.replace('"tried": 1', '"tried": 9'))
    assert "damaged" in on(0, "report", out)


objects = subprocess.run("make -s B=build/gcc objects", shell=True, capture_output=True, text=True).stdout.split()
flags = subprocess.run("pkg-config --cflags --libs check", shell=True, capture_output=True, text=True).stdout.split()
if all(map(os.path.exists, objects)):
    @test("a thousand exercises of each kind and level")
    def _():
        built = subprocess.run(["gcc", "-std=c11", "-D_GNU_SOURCE", "-Isrc", "-O1", "-o", dir + "/drill", "tests/unit/drill_test.c",
                                *objects, *flags, "-lcjson", "-lreadline", "-lunistring", "-lz", "-ldl", "-lm", "-pthread"])
        p = subprocess.run([dir + "/drill"], capture_output=True, text=True, env=dict(env, DRILLS=os.environ.get("DRILLS", "1000"), CK_DEFAULT_TIMEOUT="600"))
        assert not built.returncode and not p.returncode, p.stdout[-3000:]
else:
    print("skipped: a thousand exercises: the fast build isn't there")
shutil.rmtree(dir, ignore_errors=True)
raise SystemExit(verdict())
