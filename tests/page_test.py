#!/usr/bin/env python3
"""At a terminal: full pages and the keys that turn them, pauses, scripts as they are shown, terminals that lie."""
import os, signal, sys, tempfile, time

os.environ.setdefault("LEARN_HOME", os.getcwd())
from person import Person
from report import tester, verdict

state = tempfile.mkdtemp()
CTRL_C, CTRL_D, CTRL_Z, DOWN = "\x03", "\x04", "\x1a", "\x1b[B"
MANY = "repeat 40 as i { i }"


test = tester()


def start(*args, **more):
    return Person("--lang", "en", *args, state=state, **more).rest()


def script(text, charset="utf-8"):
    path = os.path.join(state, "demo.learn")
    with open(path, "w", encoding=charset) as f:
        f.write(text)
    return path


def numbers(p):
    return [int(row[4:]) for row in p.page if row.startswith("i = ")]


@test("a full page waits; Enter, Space and arrows turn it; what was typed before it is thrown away")
def _():
    p = start()
    p.type(MANY)
    assert p.full and numbers(p) == list(range(22)), p.shown()
    p.key(DOWN)
    assert not p.full and numbers(p) == list(range(22, 40)), p.shown()
    assert p.page[-1] == ">", p.shown()
    p.p.send("repeat 40 as i { i }\r77\r88\r")  # in one breath: the rest is for no question
    p.rest()
    if not p.full:
        p.rest()
    assert p.full, p.shown()
    p.key(" ")
    assert p.page[-1] == ">" and "77" not in "\n".join(p.page), p.shown()


def until(p, keys, last):
    """Where the prompt comes with something on it, the program only seems to be at work."""
    p.start = p.at
    p.p.send(keys)
    end = time.time() + 20
    while p.page[-1] != last:
        p.read(0.05)
        assert time.time() < end, p.shown()


@test("a line typed at a full page answers nothing: it waits for Enter, and then at the prompt")
def _():
    p = start()
    p.type(MANY)
    p.key("3*1")
    assert p.line(p.sheet.cursor.y).endswith("Enter ▼") and not numbers(p), p.shown()
    until(p, "3 + 2\x7f4\r", "> 3*13 + 4")
    assert numbers(p) == list(range(22, 40)) and p.page[-1] == "> 3*13 + 4", p.shown()
    p.key("\r")
    assert "43" in p.page, p.shown()
    p.type(MANY)
    p.key("j")
    p.p.send("\x7f")
    p.key(" ")
    assert p.page[-1] == ">" and numbers(p), p.shown()


@test("q leaves the rest of what is said, where that is pages long, and no more; q of quit is a letter")
def _():
    p = start("--lang", "ko")
    long = "param w = 3; E = w^2; descend E rate 1e-9 steps 100 every 1"
    for leave in "q", "ㅂ":
        p.type(long)
        assert p.shown().endswith(" ▼") and "q:" not in p.shown(), p.shown()
        p.key(" ")
        assert p.shown().endswith("q: 그만 ▼"), p.shown()
        p.key(leave)
        assert p.page[-1] == ">" and "    60 " not in p.shown(), p.shown()
        p.type("6*7")
        assert p.page[-2:] == ["42", ">"], p.shown()
    p.type(long)
    p.key("quit")
    p.key("\r")
    until(p, "q", "> quit")
    p = start("--lang", "en")
    p.type("param w = 3; E = w^2; descend E rate 1e-9 steps 100 every 1 until E < 0")  # how it ended is no part of that
    p.key("q")
    assert "not yet true after 100 updates" in p.shown(), p.shown()
    p = start("--lang", "en", "lesson", "3")
    p.type("repeat 60 as i { i }; lesson 3 step 15")  # what comes behind a long table is the lesson's
    p.key("q")
    assert "[15/" in p.shown() and p.page[-1] == "learn 3.15>", p.shown()


@test("a line that waits for a key takes no time: it is remembered")
def _():
    p = start("--lang", "en", "lesson", "4", "--step", "update")
    p.type("repeat 60 as i { i }")
    time.sleep(0.7)
    p.key("q")
    p.type("w = 9")
    p.type("step E rate 0.1")
    assert "w ← 3 − 0.1·4 = 2.6" in p.shown() and p.shown().count("\n> ") == 1, p.shown()


@test("Ctrl-C at a full page: the rest is not shown, and the prompt is there")
def _():
    p = start()
    p.type(MANY)
    p.key(CTRL_C)
    assert p.page[-1] == ">" and not numbers(p) and "Stopped" in p.shown(), p.shown()
    p.type("param w = 3; E = w^2; descend E rate 1e-9 steps 100 every 1")
    p.key(CTRL_C)
    assert "Stopped at step" in p.shown() and p.page[-1] == ">", p.shown()
    p.type("6*7")
    assert p.page[-2:] == ["42", ">"], p.shown()
    p.type("x = 2; h = w*x; F = (h - 1)^2")
    for rows in range(8, 22):  # wherever in the explanation the page ends
        p.type(f"repeat {rows} as i {{ i }}; backward F")
        p.key(CTRL_C)
        assert p.page[-1] == ">" and "rror" not in p.shown(), p.shown()
    p.type("6*7")
    assert p.page[-2:] == ["42", ">"], p.shown()


def lesson_at(step):
    p = Person("--lang", "en", state=tempfile.mkdtemp(dir=state)).rest()
    return p.type(f"lesson 3 step {step}")


@test("Ctrl-C in a lesson's own line: the lesson goes on from the numbers it speaks of")
def _():
    p = lesson_at(18)
    p.type("2")
    assert p.full, p.shown()  # of twenty updates
    p.key(CTRL_C)
    assert "Stopped at step" in p.shown(), p.shown()
    p.type(""), p.type("")  # past the film of it
    assert "[21/36]" in p.shown() and "put back" not in p.shown(), p.shown()
    p.type("w")
    assert "w = 0.953883" in p.shown(), p.shown()


@test("Ctrl-C before a question: it is seen all the same")
def _():
    p = lesson_at(2)
    p.type("1")
    while not p.page[-2].startswith("  * E"):
        p.key(" ")
    p.key(CTRL_C)
    assert "3. E shrinks" in p.shown() and p.page[-1] == "learn 3.4>", p.shown()


@test("Ctrl-D in an open bracket ends that, and no more")
def _():
    p = start()
    p.type("(1")
    p.key(CTRL_D)
    p.type("2")
    p.type("3")
    assert p.shown().endswith("> 2\n2\n> 3\n3\n>"), p.shown()


@test("Ctrl-D, Enter, Backspace and the middle of an arrow are keys")
def _():
    p = start()
    for key in (CTRL_D, "\r", "\x7f", "\x1b[1;5A"):
        p.type(MANY)
        p.key(key)
        assert p.page[-1] == ">" and 39 in numbers(p), (key, p.shown())


@test("a window that grows at a full page")
def _():
    p = start()
    p.type(MANY)
    p.sheet.resize(40, 100)
    p.p.setwinsize(40, 100)
    p.key(" ")
    assert numbers(p)[-1:] == [39] and p.page[-1] == ">", p.shown()
    p.type("repeat 60 as i { i }")
    assert p.full and numbers(p) == list(range(38)), p.shown()


@test("help fits no page, and is read by keys; clear begins an empty screen")
def _():
    p = start()
    p.type("help")
    pages = 1
    while p.full:
        assert not p.ran_past
        pages += 1
        p.key(" ")
    assert pages > 2 and p.page[-1] == ">"
    p.type("clear")
    assert p.shown() == ">", p.shown()
    p.type(MANY)
    assert p.full and not p.ran_past


@test("help in a lesson begins with the lesson's own words; after it they stand where they stood")
def _():
    p = Person("--lang", "en", "lesson", "1", state=state + "/help").rest()
    p.type("help")
    assert p.page[1] == "In this lesson" and p.page[2].startswith("  lesson "), p.shown()
    p.key(CTRL_C)
    p.type("leave")
    p.type("help")
    assert p.page[1] == "Commands" and "In this lesson" not in p.shown(), p.shown()
    p.key(CTRL_C)


@test("a table, a graph and a question are not split")
def _():
    p = start()
    p.type("repeat 15 as i { i }")
    p.type("x = 1; y = 1; param w = 3; E = (w*x - y)^2; repeat 12 as i { i }; table E vs w from 0 to 11 by 1")
    assert p.full and "w" not in p.page[-2], p.shown()
    p.key(" ")
    assert p.page[0].split()[:2] == ["w", "E"] and len(p.page) == 14, p.shown()


@test("--plain, ACCESSIBLE and a dumb terminal draw nothing over")
def _():
    for args, more in ((("--plain",), {}), ((), {"ACCESSIBLE": "1"}), ((), {"term": "dumb"})):
        p = start(*args, **more)
        p.type(MANY)
        assert p.shown().endswith("(Enter: on)"), (args, more, p.shown())
        p.key(" ")
        assert "(Enter: on)" in p.shown() and p.page[-1] == ">", p.shown()


def ended(p, status):
    p.p.wait()
    assert (p.p.exitstatus if status < 128 or p.p.exitstatus is not None else 128 + p.p.signalstatus) == status, \
        (p.p.exitstatus, p.p.signalstatus, p.shown())


@test("whatever ends the program at a full page leaves the terminal as it was")
def _():
    for sign in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        p = Person(*["-c", 'stty -a >$S/before; "$L" --lang en; stty -a >$S/after; echo ended'], program="/bin/sh", state=state, L=Person.program, S=state)
        p.rest()
        p.type(MANY)
        assert p.full, p.shown()
        with open(f"/proc/{p.p.pid}/task/{p.p.pid}/children") as f:
            os.kill(int(f.read().split()[0]), sign)
        end = time.time() + 20
        while "ended" not in p.shown() and time.time() < end:
            p.read(0.1)
        assert open(state + "/before").read() == open(state + "/after").read(), sign


@test("Ctrl-Z at a full page: the terminal as it was; after fg it waits again")
def _():
    p = Person("--norc", "-i", program="/bin/bash", state=state, PS1="$ ", L=Person.program, S=state)
    p.p.send("PS1='> '; stty -a >$S/before\r")
    p.rest()
    p.type('"$L" --lang en')
    p.type(MANY)
    assert p.full, p.shown()
    p.key(CTRL_Z)
    p.type("stty -a >$S/after")
    assert open(state + "/before").read() == open(state + "/after").read()
    p.type("fg")
    assert p.full, p.shown()
    p.key(" ")
    assert numbers(p)[-1:] == [39], p.shown()


@test("pause: any key, unseen, once; one text, or English and Korean; Ctrl-C ends the script with 130")
def _():
    path = script('w = 1\npause "ONE", "하나"\n\n# a note of the speaker\nw = 2  # two\nrepeat 2 {\n  w += 1\n}\npause\n"end"; w\n')
    p = start("run", path)
    assert p.page[:2] == ["> w = 1", "ONE"] and p.page[-1] == "(any key goes on)", p.shown()
    p.key("xyz")
    assert p.page[-1] == "(any key goes on)" and "xyz" not in p.shown() and "pause" not in p.shown(), p.shown()
    assert "ONE\n> w = 2  # two\n> repeat 2 {\n>   w += 1\n> }\n(any key goes on)" in p.shown(), p.shown()
    p.key(DOWN)
    assert "end" in p.shown() and "w = 4" in p.shown(), p.shown()
    p = Person("--lang", "ko", "run", path, state=state).rest()
    assert "하나" in p.shown() and "ONE" not in p.shown(), p.shown()
    p = start("run", script(f'pause\nsave "{state}/written.learn"\n'))
    p.key(CTRL_C)
    ended(p, 130)
    assert not os.path.exists(state + "/written.learn")


@test("a script's lang is not kept; its charset is said, with what converts it")
def _():
    p = start("run", script("lang ko\nloss\n"))
    assert "이름" in p.shown(), p.shown()
    assert not os.path.exists(state + "/learn/lang")
    for charset, called in (("cp949", "cp949"), ("utf-16", "utf-16")):
        p = start("run", script('w = 1\n"가중치"\n', charset))
        assert f"iconv -f {called} -t utf-8" in p.shown().replace("\n", " "), p.shown()
        ended(p, 1)


@test("what a script says fills pages too")
def _():
    p = start("run", script(MANY + "\n"))
    assert p.full and p.page[0] == "> " + MANY, p.shown()
    p.key(" ")
    assert p.ended and "i = 39" in p.shown(), p.shown()


@test("terminals of no size, of one cell, and of too few: nothing hangs, nothing is asked")
def _():
    for rows, columns in ((1, 1), (3, 10), (5, 7), (2, 200)):
        p = Person("--lang", "en", state=state, rows=rows, columns=columns)
        for line in (MANY, "help descend", "use xor; net 2-2-1; graph E; train E epochs 3 rate 0.1", "lesson 3", "1", "quit"):
            p.p.send(line + "\r")
            time.sleep(0.1)
            p.read(0.2)
        p.p.send("leave\rquit\r")
        end = time.time() + 60
        while not p.ended and time.time() < end:
            p.read(0.1)
        assert p.ended, (rows, columns, p.shown())


@test("a terminal that says it has no rows and no columns has 24 and 80")
def _():
    p = Person("--lang", "en", state=state, lies=True).rest()
    p.type(MANY)
    assert p.full and numbers(p) == list(range(22)), p.shown()
    p.key(CTRL_C)


@test("nothing is wider than a terminal of 40 columns, or 41")
def _():
    long = script("가중치" * 8 + ' = 3\n"' + "words and more words " * 9 + '"\n' + "nonsense " * 9 + "\n")
    for columns in (40, 41):
        for lang in ("en", "ko"):
            p = Person("--lang", lang, state=state, rows=24, columns=columns).rest()
            for line in ("x = 1; y = 1; param w = 3; h = w*x; E = (h - y)^2", "show", "init", "forward E", "backward E", "graph E", "grad E", "check E",
                         "why dE/dw rate 0.1", "plot E vs w", "table E, dE/dw vs w from -3 to 5 by 1", "descend E rate 0.1 steps 5", "rewind 2",
                         f'run "{long}"', "v = range(0, 40); v", "help relu", "help activations", "lessons",
                         "use moons; net 2-8-8-1; train E epochs 3 rate 0.1", "summary E", "gradients E", "test O", "plot E", "plot boundary O",
                         "plot X as points", "use digits; net 64-16-10; summary E", "plot X", "data", "progress", "nonsense of words", "show"):
                p.p.send(line + "\r")
                p.rest()
                while p.full:
                    p.key(" ")
            over = [row for row in p.sheet.over if not row.startswith(">")]
            assert not over, (columns, lang, over)
            p.close()


@test("a resize in a question, a plot and a run")
def _():
    p = Person("--lang", "ko", "lesson", "3", state=state + "/resize").rest()
    p.p.send("1")
    p.read(0.3)
    for rows, columns in ((10, 40), (24, 80)):
        p.sheet.resize(rows, columns)
        p.p.setwinsize(rows, columns)
        time.sleep(0.2)
        p.read(0.2)
    assert "learn 3.2> 1" in p.shown(), p.shown()
    p.key("\r")
    assert p.full, p.shown()
    p.sheet.resize(12, 60)
    p.p.setwinsize(12, 60)
    p.rest()  # the ▼ goes where the corner is
    while p.full:
        p.key(" ")
    assert p.line(p.sheet.cursor.y).endswith("learn 3.4>"), p.shown()
    p.p.send("w = -3; descend E rate 1e-9 steps 300000 every 10\r")
    p.rest()
    p.sheet.resize(24, 80)
    p.p.setwinsize(24, 80)
    p.rest()
    p.key(" ")
    assert p.full, p.shown()
    p.key(CTRL_C)
    assert p.line(p.sheet.cursor.y).startswith("learn 3."), p.shown()


@test("--type on a terminal waits at a full page for a real key")
def _():
    p = start("--type", "solutions", "lesson", "0")
    assert p.full and not p.ran_past, p.shown()
    pages = 1
    while p.full:
        p.key(" ")
        pages += 1
    assert p.ended and pages > 5, p.shown()


@test("much pasted at a question is one answer, and the lesson goes on")
def _():
    p = Person("--lang", "en", "lesson", "3", state=state + "/paste").rest()
    p.p.send("\x1b[200~" + "가나다 wx\n" * 20000 + "\x1b[201~")
    end = time.time() + 120
    while time.time() < end and p.read(1):
        pass
    p.p.send("\x05\x15")  # to the end, and wipe it
    while time.time() < end and p.read(1):
        pass
    p.type("1")
    assert "Right" in "\n".join(p.page) or p.full, p.shown()


sys.exit(verdict())
