#!/usr/bin/env python3
"""Friday: `learn submit` writes what a student hands in and shows all of it before; `learn report`
reads what a class handed in, whatever is among it."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zlib

learn = os.path.abspath(os.environ.get("LEARN", "./learn"))
fast = os.path.abspath(os.environ.get("LEARN_FAST") or learn)  # for what is run often
dir = tempfile.mkdtemp(prefix="learn-results-")
env = dict(os.environ, XDG_STATE_HOME=dir + "/state", TERM="dumb", LC_ALL="C.UTF-8", TZ="KST-9")
env.setdefault("LEARN_HOME", os.getcwd())
bad = 0


def test(name):
    def wrap(f):
        global bad
        shutil.rmtree(dir, ignore_errors=True)
        os.makedirs(dir + "/r")
        try:
            f()
            print("ok", name, flush=True)
        except (AssertionError, LookupError, ValueError, OSError, subprocess.SubprocessError) as e:
            print("FAILED", name, "\n", repr(e)[:3000], flush=True)
            bad = 1
    return wrap


def run(*words, typed="", program=learn, status=None, **more):
    """All that is said, and the exit status; where status is given, it is that one."""
    p = subprocess.run([program, *words], input=typed.encode(), capture_output=True, cwd=dir, env=dict(env, **more), timeout=300)
    said = (p.stdout + p.stderr).decode("utf-8", "strict")
    assert "Sanitizer" not in said and p.returncode >= 0, (words, p.returncode, said)
    assert status is None or p.returncode == status, (words, p.returncode, said)
    return said


def play(*lines, lang="en", number="3"):
    return run("--lang", lang, "lesson", number, typed="\n".join(lines) + "\n")


def read(name):
    with open(f"{dir}/{name}", encoding="utf-8") as f:
        return json.load(f)


WHO = ("--id", "20251234", "--name", "김민지")
SECRET = "my secret line"


@test("what was played is what is handed in, and no line of a task")
def _():
    play("2", "1", "3", "3", "1", "hint", "hint", "skip", "skip", "skip", "skip", "skip", f"w = w - dE/dw  # {SECRET}",
         "w = w + 0.1*dE/dw", "w = -3; w -= 0.1*dE/dw", "quit")
    run("submit", "3", *WHO, "--yes", status=0)
    text = open(dir + "/learn-3-20251234.json", encoding="utf-8").read()
    r = json.loads(text)
    assert SECRET not in text and "dE/dw" not in text, text
    assert r["student"] == {"id": "20251234", "name": "김민지"} and r["learn-result"] == 1, r
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+09:00", r["made"]), r
    body = text[:text.rindex("\n") and text.index('\n "crc32"')]
    assert r["crc32"] == f"{zlib.crc32(body.encode()):08x}", r["crc32"]
    (three,) = r["lessons"]
    with open(env["LEARN_HOME"] + "/lessons/03-gradient-descent.json", "rb") as f:
        assert int(three["edition"], 16) == zlib.crc32(f.read())
    assert (three["id"], three["number"], three["lang"], three["done"]) == ("gradient-descent", 3, "en", False), three
    asked = {q["name"]: q for q in three["questions"]}
    assert len(asked) == 18 and list(asked)[:2] == ["e-at-2", "nudge-at-2"], list(asked)

    def of(name):
        q = asked[name]
        return q["kind"], q["result"], q["tries"], q["hints"], q["wrong"], q["slips"]
    assert of("e-at-2") == ("predict", "solved", 2, 0, ["2"], [0]), of("e-at-2")
    assert of("nudge-at-2") == ("ask", "solved", 3, 0, ["3", "3"], []), of("nudge-at-2")
    assert of("ratio-2") == ("predict", "skipped", 0, 2, [], []), of("ratio-2")
    assert of("by-hand") == ("try", "solved", 2, 0, [], [1]), of("by-hand")
    assert of("by-step") == ("try", "open", 0, 0, [], []), of("by-step")


@test("the preview is the file, field by field, in both languages and on any width")
def _():
    play("5", "1", "hint", "skip", "quit")
    for lang, columns in [("en", 80), ("ko", 80), ("en", 40), ("ko", 40)]:
        said = run("--lang", lang, "submit", "3", *WHO, typed="n\n", status=1, COLUMNS=str(columns))
        assert not os.path.exists(dir + "/learn-3-20251234.json")
        run("--lang", lang, "submit", "3", *WHO, "--yes", status=0)
        r = read("learn-3-20251234.json")
        os.remove(dir + "/learn-3-20251234.json")
        words = re.split(r"[\s·]+", said)
        assert r["student"]["id"] in words and r["student"]["name"] in words and r["program"] in words, said
        (three,) = r["lessons"]
        for key in ("id", "edition", "began"):
            assert three[key] in words, (key, said)
        for q in three["questions"]:
            row = said[said.index("\n" + q["name"]):]
            at = words.index(q["name"])
            for value in [q["tries"], q["hints"], q["seconds"], *q["wrong"], *q["slips"]]:
                assert str(value) in words[at + 1:at + 14], (q, words[at:at + 14])
            assert row, q


@test("it asks once who it is, writes over nothing, and a no is a no")
def _():
    play("1", "quit")
    said = run("--lang", "en", "submit", typed="\n20251234\n김민지\nno\n", status=1)
    assert "Nothing was written" in said and os.listdir(dir + "/r") == [], said
    said = run("--lang", "en", "submit", "3", typed="a@b.kr\nKim\nyes\n", status=0)
    assert "Written: learn-3-a-b.kr.json" in said, said
    said = run("--lang", "ko", "submit", typed="네\n", status=0)
    assert "학번 (" not in said and "learn-3-a-b.kr-2.json" in said, said
    before = open(dir + "/learn-3-a-b.kr.json", "rb").read()
    assert "already" in run("--lang", "en", "submit", "-o", "learn-3-a-b.kr.json", "--yes", status=1)
    assert open(dir + "/learn-3-a-b.kr.json", "rb").read() == before
    run("submit", "-o", "mine.json", "--yes", status=0)
    assert read("mine.json")["student"] == {"id": "a@b.kr", "name": "Kim"}
    run("submit", "--id", "../../etc/pass wd;$(x)", "--yes", status=0)
    assert os.path.exists(dir + "/learn-3-..-..-etc-pass-wd---x-.json"), os.listdir(dir)
    assert "begun lesson 4" in run("--lang", "en", "submit", "4", "--yes", status=1)
    assert "is none" in run("--lang", "en", "submit", "three", "--yes", status=2)
    assert "number and a name" in run("--lang", "en", "submit", "--id", "\u202e\t", "--yes", status=1)
    play("quit", number="0")
    run("submit", "all", "--id", "a@b.kr", "--yes", status=0)
    assert [l["number"] for l in read("learn-all-a-b.kr.json")["lessons"]] == [0, 3]


shutil.rmtree(dir, ignore_errors=True)
sys.exit(bad)
