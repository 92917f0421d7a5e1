#!/usr/bin/env python3
"""The file of the progress where something is wrong with it: what can't be read is never taken
for damaged, what can't be written is tried again, and no lesson is ever lost from it."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zlib

import pexpect
from report import tester, verdict

learn = os.environ.get("LEARN", "./learn")
dir = tempfile.mkdtemp(prefix="learn-progress-")
kept = dir + "/learn/progress.json"
env = dict(os.environ, XDG_STATE_HOME=dir, TERM="dumb", LC_ALL="C.UTF-8")
# two lessons, one half done
OLD = {"format": 1, "lessons": {
    "a-neuron": {"number": 1, "when": 5, "done": True, "questions": 1, "step": 9, "records": {}},
    "gradient-descent": {"number": 3, "when": 5, "done": False, "questions": 24, "step": 12,
                         "records": {"from-a-friend": {"result": 2, "hints": 0, "misses": 0}}}}}


def fresh():
    shutil.rmtree(dir + "/learn", ignore_errors=True)
    os.makedirs(dir + "/learn")


test = tester(fresh)


def write(what, path=kept):
    with open(path, "w") as f:
        f.write(what if isinstance(what, str) else json.dumps(what))


def read(path=kept):
    with open(path) as f:
        return json.load(f)


def lesson(*lines, lang="en", number="3", **more):
    """What a lesson says where these lines are typed, in one line."""
    p = subprocess.run([learn, "--lang", lang, "lesson", number], input="\n".join(lines) + "\n",
                       capture_output=True, text=True, env=dict(env, **more), timeout=300)
    assert p.returncode in (0, 1) and "Sanitizer" not in p.stderr, p
    return re.sub(r"\s+", " ", p.stdout + p.stderr)


def left_alone(before, said, why):
    """The file is what it was, nothing is beside it, and what is wrong was said once."""
    assert said.count("The file is left as it is") == 1, said
    assert why in said, said
    assert os.path.isdir(kept) or open(kept).read() == before
    assert sorted(os.listdir(dir + "/learn")) == ["progress.json", "progress.lock"], os.listdir(dir + "/learn")


@test("format 1 is carried over, and what nobody knows is kept")
def _():
    old = {"format": 1, "of-a-friend": [1], "lessons": {
        "a-neuron": {**OLD["lessons"]["a-neuron"], "colour": "red"},
        "gradient-descent": {"number": 3, "when": 5, "done": False, "questions": 18, "colour": "blue", "step": 1, "plus": 1,
                             "records": {"e-at-2": {"result": 0, "hints": 2, "misses": 3, "mood": "sad"},
                                         "nudge-at-2": {"result": 2, "hints": 0, "misses": 1}, "gone": {"result": 2, "misses": 0}}}}}
    write(old)
    said = lesson("progress", "1", "1", "quit")
    assert "1 solved (0 at the first try" in said, said
    now = read()
    assert now["format"] == 2 and now["of-a-friend"] == [1], now
    assert now["lessons"]["a-neuron"] == {"number": 1, "when": 5, "done": True, "questions": 1, "records": {}, "colour": "red", "place": {"step": 9}}, now
    three = now["lessons"]["gradient-descent"]
    assert three["colour"] == "blue" and "step" not in three and three["place"]["step"] > 1, three
    records = three["records"]
    assert records["e-at-2"]["tries"] == 4 and records["e-at-2"]["mood"] == "sad" and "misses" not in records["e-at-2"], records
    assert records["nudge-at-2"]["tries"] == 2 and records["gone"] == {"result": 2, "tries": 1}, records


@test("Enter at a question answered before says how to go on")
def _():
    assert "You have answered this before" in lesson("1", "prev", "")
    assert "전에 답한 문제예요" in lesson("이전", "", lang="ko")
    assert "still open" in lesson("next", "")


@test("all that a report will ask is kept")
def _():
    lesson("5", "2", "-1", "x" * 50, "hint", "1", "3", "2", "1", lang="ko")
    first = read()["lessons"]["gradient-descent"]
    lesson("prev")
    three = read()["lessons"]["gradient-descent"]
    with open("lessons/03-gradient-descent.json", "rb") as f:
        assert int(three["edition"], 16) == zlib.crc32(f.read()), three
    assert first["lang"] == "ko" and three["lang"] == "en" and three["number"] == 3 and three["questions"] == 18, three
    assert first["began"] == three["began"] <= three["when"] and three["began"] > 1e9 and three["seconds"] >= 0, three
    one, two = three["records"]["e-at-2"], three["records"]["nudge-at-2"]
    assert one.pop("seconds") >= 0 and two.pop("seconds") >= 0, (one, two)
    for missed in one, two:  # asked again one day
        assert missed.pop("box") == 0 and missed.pop("day") > 20000, missed
    assert one == {"kind": "predict", "result": 2, "tries": 4, "hints": 1, "shown": 0, "wrong": ["5", "2", "-1"], "slips": [0], "told": ["mistake.minus"]}, one
    assert two == {"kind": "ask", "result": 2, "tries": 3, "hints": 0, "shown": 0, "wrong": ["3", "2"], "slips": []}, two


@test("answers after the right one count no more, and long ones are cut")
def _():
    lesson("1", "1", "lesson 3 step 2", "7", "1")
    assert read()["lessons"]["gradient-descent"]["records"]["e-at-2"]["tries"] == 1
    lesson("lesson 3 step 5", *["9" * 60] * 7)
    record = read()["lessons"]["gradient-descent"]["records"]["ratio-2"]
    assert record["tries"] == 7 and record["wrong"] == ["9" * 40] * 5, record


@test("a lesson is called as a course does, and a step by its name")
def _():
    by_number = lesson("수업 3 step 15").partition("[15/")[2]
    assert by_number
    for line in "lesson 3 step by-hand", "수업 3강 15단계", "수업 3강 step 15", "lesson 3장 step 15번":
        shutil.rmtree(dir + "/learn")
        os.makedirs(dir + "/learn")
        assert lesson(line).partition("[15/")[2] == by_number, (line, lesson(line))


@test("of a task it is kept which slip was met, and no line")
def _():
    lesson("lesson 3 step 15", "w = w - dE/dw", "w = w + 0.1*dE/dw", "w = -2.2", "w", "w = -3; w -= 0.1*dE/dw")
    record = read()["lessons"]["gradient-descent"]["records"]["by-hand"]
    assert record["result"] == 2 and record["tries"] == 3 and record["slips"] == [1] and record["wrong"] == [], record


@test("what a newer learn wrote is left alone")
def _():
    write({**OLD, "format": 3})
    before = open(kept).read()
    left_alone(before, lesson("skip", "skip", "progress", "quit"), "written by a newer learn")
    assert "더 새로운 learn이 쓴" in lesson("skip", lang="ko")


@test("and where a newer learn writes while this one runs")
def _():
    write(OLD)
    p = pexpect.spawn(learn, ["--lang", "en", "lesson", "3"], env=env, encoding="utf-8", timeout=60, dimensions=(400, 80))
    p.expect("learn 3.[0-9]+> ")
    write({**OLD, "format": 3})
    before = open(kept).read()
    p.sendline("skip")
    p.expect("newer learn")
    p.sendline("quit")
    p.expect(pexpect.EOF)
    assert open(kept).read() == before


@test("a folder in its place is left alone")
def _():
    os.mkdir(kept)
    left_alone("", lesson("skip", "skip"), "no ordinary file")


@test("a file larger than is read is left alone")
def _():
    write("{}")
    os.truncate(kept, 65 << 20)
    assert "too large" in lesson("skip") and os.stat(kept).st_size == 65 << 20


@test("one that is too deep, or has too many lessons, is left alone")
def _():
    for text in ('{"format": 1, "lessons": {}, "x": ' + "[" * 100000 + "]" * 100000 + "}",
                 json.dumps({"format": 1, "lessons": {f"l-{i}": {} for i in range(3000)}})):
        write(text)
        left_alone(text, lesson("skip"), "progress.json")


@test("a link to itself is left alone")
def _():
    os.symlink(kept, kept)
    assert "Too many levels" in lesson("skip") and os.path.islink(kept)


@test("what is no JSON, or no progress, is set aside")
def _():
    for i, text in enumerate(('{"half', "", "[]", '{"format": 1}', '{"format": 1, "lessons": []}', "null",
                              '{"format": 1, "format": 1, "lessons": {}}', '{"lessons": {"\udcff": 1}}')):
        with open(kept, "wb") as f:
            f.write(text.encode(errors="surrogateescape"))
        said = lesson("skip")
        aside = f"{kept}.damaged-{i + 1}"
        assert open(aside, "rb").read() == text.encode(errors="surrogateescape"), said
        assert "is damaged" in said and read()["lessons"]["gradient-descent"]["place"]["step"] > 1


@test("a link is written through, also where nothing is behind it yet")
def _():
    os.makedirs(dir + "/learn/far")
    os.symlink("far/away.json", kept)
    for _ in range(2):
        assert "progress" not in lesson("skip")
        assert os.path.islink(kept) and "gradient-descent" in read(dir + "/learn/far/away.json")["lessons"]
    shutil.rmtree(dir + "/learn/far")
    assert "can't write" in lesson("skip") and os.path.islink(kept)


@test("no home, or a file in its place")
def _():
    write("", dir + "/a-file")
    assert lesson("skip", "skip", XDG_STATE_HOME=dir + "/a-file").count("kept in memory") == 1
    assert lesson("skip", "skip", XDG_STATE_HOME="", HOME="").count("no home folder") == 1
    assert lesson("skip", "skip", XDG_STATE_HOME="", HOME="/proc/nowhere").count("kept in memory") == 1


@test("a lock that is no file, or that is held for ever")
def _():
    os.mkdir(dir + "/learn/progress.lock")
    assert "progress" not in lesson("skip") and "gradient-descent" in read()["lessons"]
    os.rmdir(dir + "/learn/progress.lock")
    os.mkfifo(dir + "/learn/progress.lock")
    assert "progress" not in lesson("skip")
    os.unlink(dir + "/learn/progress.lock")
    with open(dir + "/learn/progress.lock", "w") as f:
        import fcntl
        fcntl.flock(f, fcntl.LOCK_EX)
        step = read()["lessons"]["gradient-descent"]["place"]["step"]
        lesson(*["skip"] * 5)
        assert read()["lessons"]["gradient-descent"]["place"]["step"] > step


def typed(p, line):
    p.sendline(line)
    p.expect("learn [0-9]+[.0-9]*> ")


@test("what can't be read for a while is read when it can, and nothing is lost")
def _():
    write(OLD)
    os.rename(kept, kept + ".away")
    os.mkdir(kept)
    p = pexpect.spawn(learn, ["--lang", "en", "lesson", "1"], env=env, encoding="utf-8", timeout=60, dimensions=(400, 80))
    p.expect("left as it is")
    p.expect("> ")
    typed(p, "skip")
    p.sendline("lesson 3")
    p.expect("learn 3.[0-9]> ")
    typed(p, "skip")
    os.rmdir(kept)
    os.rename(kept + ".away", kept)
    p.sendline("skip")
    p.expect("saved again")
    p.expect("> ")
    typed(p, "skip")
    now = read()["lessons"]
    # what was done stays done, the place further on is kept, and what was learned is there
    assert now["a-neuron"]["done"] is True and now["a-neuron"]["place"]["step"] == 9, now
    assert now["gradient-descent"]["place"]["step"] == 12, now
    assert len(now["gradient-descent"]["records"]) >= 3, now
    assert "from-a-friend" in now["gradient-descent"]["records"], now
    # opened again, the lesson goes on there, and from then on its place is where we are
    p.sendline("lesson 3")
    p.expect("step 11")
    p.expect("> ")
    typed(p, "prev")
    p.sendline("quit")
    p.expect(pexpect.EOF)
    assert 0 < read()["lessons"]["gradient-descent"]["place"]["step"] < 12


@test("a lesson that has moved goes on where it was left, under its number of today")
def _():
    write({"format": 2, "lessons": {"optimisers": {"number": 18, "when": 5, "done": False, "questions": 10, "records": {}, "place": {"step": 5}}}})
    p = subprocess.run([learn, "--lang", "en", "lesson"], input="quit\n", capture_output=True, text=True, env=env, timeout=60)
    with open("lessons/12-optimisers.json") as f:
        shown = sum("note" not in step for step in json.load(f)["steps"][:6])
    assert p.stdout.startswith(f"Lesson 12, where you left it: step {shown}.") and f"[{shown}/" in p.stdout, p
    assert read()["lessons"]["optimisers"]["number"] == 12 and len(read()["lessons"]) == 1, read()


@test("what can't be written is written when it can, every lesson, with what another wrote")
def _():
    p = pexpect.spawn(learn, ["--lang", "en", "lesson", "1"], env=env, encoding="utf-8", timeout=60, dimensions=(400, 80))
    p.expect("learn 1.[0-9]> ")
    os.rename(dir + "/learn", dir + "/gone")
    write("", dir + "/learn")
    p.sendline("skip")
    p.expect("kept in memory")
    p.expect("> ")
    typed(p, "skip")
    p.sendline("lesson 3")
    p.expect("learn 3.[0-9]> ")
    typed(p, "skip")
    os.unlink(dir + "/learn")
    os.rename(dir + "/gone", dir + "/learn")
    lesson("skip", number="2")
    p.sendline("skip")
    p.expect("saved again: nothing is missing")
    p.expect("> ")
    p.sendline("quit")
    p.expect(pexpect.EOF)
    now = read()["lessons"]
    assert {entry["number"] for entry in now.values()} == {1, 2, 3}, now
    assert all(entry["records"] for entry in now.values()), now


shutil.rmtree(dir)
sys.exit(verdict())
