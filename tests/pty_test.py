#!/usr/bin/env python3
"""The prompt on a real (pseudo-)terminal: editing, Hangul, history, Tab, Ctrl-C, Ctrl-D."""
import os, re, sys, tempfile, time
import pexpect

learn = os.environ.get("LEARN", "./learn")
state = tempfile.mkdtemp()
bad = 0
UP, TAB, CTRL_C, CTRL_D, BACKSPACE, CTRL_A = "\x1b[A", "\t", "\x03", "\x04", "\x7f", "\x01"


def start(*args, term="xterm", columns=80, **more):
    env = dict(os.environ, TERM=term, XDG_STATE_HOME=state, LC_ALL="C.UTF-8", **more)
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        env.pop(name, None)
    return pexpect.spawn(learn, list(args), env=env, encoding="utf-8", timeout=60,
                         dimensions=(40, columns))


def test(name):
    def wrap(f):
        global bad
        try:
            f()
            print("ok", name)
        except (pexpect.ExceptionPexpect, AssertionError) as e:
            print("FAILED", name, "\n", str(e)[:1500])
            bad = 1
    return wrap


@test("a line is edited in its middle")
def _():
    p = start()
    p.expect("> ")
    p.send("ram w = 3" + CTRL_A + "pa\r")
    p.expect("w = 3")
    p.send("w^2\r")
    p.expect("9")
    p.send(CTRL_D)
    p.expect(pexpect.EOF)


@test("Hangul goes letter by letter under Backspace")
def _():
    p = start("--lang", "ko")
    p.expect("> ")
    p.send("가설값" + BACKSPACE + " = 2+3\r")
    p.expect("가설 = 5")
    p.send("가설*2\r")
    p.expect("10")
    p.send("끝\r")
    p.expect(pexpect.EOF)


@test("jamo typed apart are one name")
def _():
    p = start()
    p.expect("> ")
    p.send("오차 = 4\r")
    p.expect("= 4")
    p.send("\u110b\u1169\u110e\u1161 + 1\r")
    p.expect("5\x1b")
    p.send(CTRL_D)


@test("definitions answer once: not in repeat, of large ones the shape, and never a lesson's own")
def _():
    p = start()
    p.expect("> ")
    p.send("a = 7; repeat 3 as k { a += k }; a\r")
    p.expect("\x1b\\[0m10")
    assert p.before.count("a = ") == 3, p.before  # as typed, as it began, as it ends
    p.send("W = zeros(3, 4) + a\r")
    p.expect_exact("W = zeros(3, 4) + a   [3, 4]")
    p.send(CTRL_D)
    p.expect(pexpect.EOF)
    p = start("--lang", "en", "lesson", "8")
    p.expect("Enter goes on")
    p.send("\r")
    p.expect("What is f\\?")
    assert "f = q*z" in p.before and "-12" not in p.before, p.before
    p.close()


@test("history survives the program")
def _():
    p = start()
    p.expect("> ")
    p.send("123*2\r")
    p.expect("246")
    p.send(CTRL_D)
    p.expect(pexpect.EOF)
    p = start()
    p.expect("> ")
    p.send(UP + UP * 0 + "\r")
    p.expect("246")
    p.send(CTRL_D)


@test("Tab completes commands and names")
def _():
    p = start()
    p.expect("> ")
    p.send("temperature = 21\r")
    p.expect("21")
    p.send("tempe" + TAB + " + 1\r")
    p.expect("22")
    p.send("hel" + TAB + "undo\r")
    p.expect("takes back")
    p.send(CTRL_D)


@test("an open bracket asks for another line")
def _():
    p = start()
    p.expect("> ")
    p.send("v = [1,\r")
    p.expect("… ")
    p.send("2]\r")
    p.expect(r"\[1, 2\]")
    p.send(CTRL_D)


@test("Ctrl-C drops a half-typed line")
def _():
    p = start()
    p.expect("> ")
    p.send("nonsense" + CTRL_C)
    p.expect("> ")
    p.send("1+1\r")
    p.expect("2")
    p.send(CTRL_D)


@test("Ctrl-C ends the wait for a gnuplot that hangs, at once; the next one is waited for")
def _():
    said = os.path.join(state, "said")
    fake = os.path.join(state, "hangs")
    with open(fake, "w") as f:
        f.write(f"#!/bin/sh\necho >> {said}\nexec sleep 1000\n")
    os.chmod(fake, 0o755)
    p = start(LEARN_GNUPLOT=fake)
    p.expect("> ")
    p.send("param w = 3; E = (w - 1)^2\r")
    p.expect("E = ")
    lines = ("plot E vs w from 0 to 2", "animate E vs w rate 0.1 steps 3",
             f'animate E vs w from 0 to 2 rate 0.1 steps 3 into "{state}/a.gif"')
    for n, line in enumerate(lines):
        p.send(line + "\r")
        while not os.path.exists(said) or len(open(said).read()) <= n:
            time.sleep(0.05)
        time.sleep(0.3)
        began = time.time()
        p.send(CTRL_C + f"{n}+100\r")
        p.expect(f"{n + 100}\x1b")
        assert time.time() - began < 3, f"{line}: {time.time() - began} s"
    p.send(CTRL_D)
    p.expect(pexpect.EOF)


@test("Ctrl-C stops a descent, keeps what was learned, gives the prompt back")
def _():
    p = start()
    p.expect("> ")
    p.send("param w = 3; E = (w - 1)^2\r")
    p.expect("E = ")
    p.send("descend E rate 1e-9 steps 900000000 every 0\r")
    time.sleep(1)
    p.send(CTRL_C)
    p.expect("topped")
    p.expect("> ")
    p.send("expect w < 3\r1+2+4\r")
    p.expect("7\x1b")
    p.send(CTRL_D)
    p.expect(pexpect.EOF)
    p.close()
    assert p.exitstatus == 0


@test("a lesson in Korean: a number answers, quit keeps the step")
def _():
    p = start("--lang", "ko", "lesson", "3")
    p.expect(r"learn 3\.\d+> ")
    p.send("1\r")
    p.expect(r"learn 3\.[3-9]> ")
    p.send("끝\r")
    p.expect(pexpect.EOF)
    p = start("--lang", "ko", "lesson", "3")
    p.expect(r"learn 3\.[3-9]> ")
    p.send(CTRL_D)
    p.expect(pexpect.EOF)


@test("a dumb terminal gets plain lines")
def _():
    p = start(term="dumb")
    p.expect("> ")
    p.send("6*7\r")
    p.expect("42")
    p.send("quit\r")
    p.expect(pexpect.EOF)
    assert "\x1b" not in (p.before or "")


@test("40 columns are never overrun")
def _():
    p = start("--lang", "ko", "lesson", "3", columns=40)
    p.expect(r"learn 3\.\d+> ")
    wide = [l for l in p.before.split("\r\n")
            if sum(2 if "\uac00" <= c <= "\ud7a3" else 1 for c in re.sub("\x1b\\[[0-9;?]*[a-zA-Z]", "", l)) > 40]
    assert not wide, wide
    p.send(CTRL_D)


sys.exit(bad)
