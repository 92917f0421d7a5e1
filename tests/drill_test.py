#!/usr/bin/env python3
"""Drills: a thousand exercises of each kind and level are drawn and played (tests/unit/drill_test.c
on the fast build); levels go up and down; the exercise in hand is kept, whatever happens."""
import json
import os
import re
import shutil
import subprocess
import tempfile

learn = os.path.abspath(os.environ.get("LEARN", "./learn"))
dir = tempfile.mkdtemp(prefix="learn-drill-")
kept = dir + "/learn/progress.json"
env = dict(os.environ, XDG_STATE_HOME=dir, TERM="dumb", LC_ALL="C.UTF-8", LEARN_SEED="7")
bad = 0


def test(name):
    def wrap(f):
        global bad
        shutil.rmtree(dir + "/learn", ignore_errors=True)
        try:
            f()
            print("ok", name, flush=True)
        except (AssertionError, KeyError, ValueError, IndexError) as e:
            print("FAILED", name, "\n", repr(e)[:3000], flush=True)
            bad = 1
    return wrap


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


@test("one seed, the same exercises")
def _():
    drill("sizes")
    first = exercise("sizes")
    shutil.rmtree(dir + "/learn")
    drill("sizes")
    assert exercise("sizes") == first
    shutil.rmtree(dir + "/learn")
    drill("sizes", LEARN_SEED="8")
    assert exercise("sizes") != first


@test("what isn't there is said with what is")
def _():
    assert "Did you mean `drill backward`?" in drill("bakward")
    assert re.search(r"levels 1 to \d", drill("backward level 40"))
    assert "backward" in drill("cheese")
    assert "혹시 `연습 역전파`인가요?" in drill("역전과", lang="ko")
    assert "단계는 없습니다" in drill("역전파 0단계", lang="ko")
    assert "level 4 of" in drill("역전파 4단계") and "4단계" in drill("backward level 4", lang="ko")


objects = subprocess.run("make -s B=build/gcc objects", shell=True, capture_output=True, text=True).stdout.split()
flags = subprocess.run("pkg-config --cflags --libs check", shell=True, capture_output=True, text=True).stdout.split()
if all(map(os.path.exists, objects)):
    built = subprocess.run(["gcc", "-std=c11", "-D_GNU_SOURCE", "-Isrc", "-O1", "-o", dir + "/drill", "tests/unit/drill_test.c",
                            *objects, *flags, "-lcjson", "-lreadline", "-lunistring", "-lz", "-ldl", "-lm", "-pthread"])
    p = subprocess.run([dir + "/drill"], capture_output=True, text=True, env=dict(env, DRILLS="1000", CK_DEFAULT_TIMEOUT="600"))
    print(("FAILED" if p.returncode or built.returncode else "ok") + " a thousand exercises of each kind and level\n",
          p.stdout[-3000:] if p.returncode else "")
    bad |= p.returncode != 0
else:
    print("skipped: a thousand exercises: the fast build isn't there")
shutil.rmtree(dir, ignore_errors=True)
raise SystemExit(bad)
