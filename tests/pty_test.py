#!/usr/bin/env python3
"""The prompt on a real (pseudo-)terminal: editing, Hangul, history, Tab, Ctrl-C, Ctrl-D."""
import os, re, shutil, signal, sys, tempfile, time, unicodedata
import pexpect
from report import tester, verdict

learn = os.environ.get("LEARN", "./learn")
state = tempfile.mkdtemp()
UP, TAB, CTRL_C, CTRL_D, BACKSPACE, CTRL_A = "\x1b[A", "\t", "\x03", "\x04", "\x7f", "\x01"


def start(*args, term="xterm", columns=80, **more):
    env = {**os.environ, "TERM": term, "XDG_STATE_HOME": state, "LC_ALL": "C.UTF-8", **more}
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        env.pop(name, None)
    return pexpect.spawn(learn, list(args), env=env, encoding="utf-8", timeout=60,
                         dimensions=(40, columns))


test = tester()


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


@test("a key that counts, Esc 9 9 9 9 9 9 9 9 x, does so a hundred times; and a terminal that goes ends it")
def _():
    for keys in ("\x1b99999999x", "\x18(\x1b99999999x\x18)\x18e"):
        p = start("--lang", "en", "--plain")
        p.expect("> ")
        p.send(keys + CTRL_A + "# " + "\r")
        p.expect("# x+")
        p.send("1+1\r")
        p.expect("2")
        with open(f"/proc/{p.pid}/statm") as f:
            assert int(f.read().split()[1]) * 4096 < 200e6
        p.send(keys)
        p.close(force=False)
        assert not p.isalive()


@test("a pasted line is as any other, and so it stays behind Ctrl-C")
def _():
    p = start("--lang", "en", term="xterm-256color")
    p.expect("> ")
    p.send("\x1b[200~w = 1234\x1b[201~")
    p.expect("1234")
    p.send(CTRL_C)
    p.expect(r"\^C")
    p.send("1+1\r")
    p.expect("2")
    assert "\x1b[7m" not in p.before, p.before
    p.close()


@test("a history that can't be kept holds nobody up")
def _():
    for make in (os.mkfifo, os.mkdir, lambda path: os.symlink("/dev/full", path), lambda path: os.symlink("/proc/none/x", path)):
        with tempfile.TemporaryDirectory() as place:
            os.mkdir(place + "/learn")
            make(place + "/learn/history")
            p = start(XDG_STATE_HOME=place)
            for _ in range(3):
                p.expect("> ")
                p.send("6*7\r")
                p.expect("42")
            p.send(CTRL_D)
            p.expect(pexpect.EOF)
            assert "history" not in p.before


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
    p = start("--lang", "en", "lesson", "6")
    p.expect("Enter goes on")
    p.send("\r")
    p.expect("what would h2 be\\?")
    assert "h1 = w1*x" in p.before and "= 6" not in p.before, p.before
    p.close()


@test("of a large tensor the element that is set answers, and what it was")
def _():
    p = start("--lang", "en")
    p.expect("> ")
    p.send("Q = zeros(3, 4)\rQ[2,1] = 0.5\r")
    p.expect_exact("Q[2, 1] = 0.5   (was 0)")
    p.send("Q[2,1] += 2; v = [1, 2]\r")
    p.expect_exact("Q[2, 1] = 2.5   (was 0.5)")
    p.send("Q[2] = 1\r")
    p.expect_exact("Q   [3, 4]   (was [[0, 0, 0, 0]")
    p.send("v[0] = 7\r")
    p.expect_exact("v = [7, 2]   (was [1, 2])")
    p.close()


@test("a line that is typed anew behind an open bracket is taken alone; one that goes on is not")
def _():
    p = start("--lang", "en")
    p.expect("> ")
    for first, *more, value in [("h = (3*4", "h = 3*4", "h = 12"), ("(3 + 4", "(3+4)", "7"), ("x = [1, 2", "x = [5, 2]", "x = [5, 2]"), ("(2", "param c = 2", "c = 2")]:
        p.send(first + "\r")
        p.expect("is still open")
        for line in more:
            p.send(line + "\r")
        p.expect_exact("(What was still open is dropped.)")
        p.expect_exact(value)
    for first, *more, value in [("(1", "+ 2", "- 1", ")", "2"), ("x = [7,", "2]", "x = [7, 2]"), ("repeat 2 as k {", "h = 40 + k", "}; h", "41"), ("max(5,", "6)", "6"), ("h = 3*(", "2", ")", "h = 6")]:
        p.send(first + "\r")
        p.expect("is still open")
        for line in more:
            p.send(line + "\r")
        p.expect_exact(value)
        assert "dropped" not in p.before, p.before
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


def wide(c):
    return 2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1


@test("40 columns are never overrun")
def _():
    p = start("--lang", "ko", "lesson", "3", columns=40)
    p.expect(r"learn 3\.\d+> ")
    over = [l for l in p.before.split("\r\n")
            if sum(map(wide, re.sub("\x1b_.*?\x1b\\\\|\x1b\\].*?\x07|\x1b\\[[0-9;?]*[a-zA-Z]|\r", "", l))) > 40]
    assert not over, over
    p.send(CTRL_D)


for lang in ("en", "ko"):
    @test(f"nor by lists, tables and help: {lang}")
    def _():
        for line in ("lessons", "data", "progress", "help", "help descend", "use xor; net 2-3-1; check E",
                     "use digits; net 64-16-10; summary E; digits 17; train E epochs 2 rate 0.1; test O"):
            p = start("--lang", lang, "-c", line, columns=40)
            p.expect(pexpect.EOF)
            rows = re.sub("\x1b\\[[0-9;?]*[a-zA-Z]|\\[[# ]*\\] [^\r]*\r", "", p.before).replace("\r", "").split("\n")
            over = [row for row in rows if sum(map(wide, row)) > 40]
            assert not over, (line, over)


@test("the numbers of train never touch, however many figures they have")
def _():
    for digits in (1, 6, 9, 15, 17):
        p = start("-c", f"digits {digits}; use moons; net 2-8-1; train E epochs 2 rate 0.1", columns=100)
        p.expect(pexpect.EOF)
        for epoch in range(3):
            row = re.search(rf"(?m)^ +{epoch} +(\S+) +(\S+) +(\S+) % +(\S+) %\r$",
                            re.sub("\x1b\\[[0-9;?]*[a-zA-Z]|\r\\[[^\r]*(?=\r\x1b)", "", p.before).replace("\n\r", "\n"))
            assert row and float(row[1]) < 2 and float(row[2]) < 2, p.before


# ---- the terminal as it was ----

def heed():
    """A test run behind `&` ignores these, and so would what it starts."""
    for sign in (signal.SIGINT, signal.SIGQUIT):
        signal.signal(sign, signal.SIG_DFL)


def start_under(shell, line, **more):
    """The program under a shell that tells how the terminal was before and is after."""
    env = dict(os.environ, TERM="xterm", XDG_STATE_HOME=state, LC_ALL="C.UTF-8", PS1="$ ", ENV="", L=learn, S=state, **more)
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        env.pop(name, None)
    return pexpect.spawn(shell, ["-c", f"stty -a >$S/before; {line}; echo status $?; stty -a >$S/after"] if line else
                         ["--norc", "-i"] if shell == "bash" else ["-i"],
                         env=env, encoding="utf-8", timeout=60, dimensions=(40, 80), preexec_fn=heed)


def child_of(p):
    with open(f"/proc/{p.pid}/task/{p.pid}/children") as f:
        return int(f.read().split()[0])


def same_terminal():
    before, after = (open(f"{state}/{name}").read() for name in ("before", "after"))
    assert before == after, before + after


def paste_off(said):
    assert said.rfind("\x1b[?2004l") > said.rfind("\x1b[?2004h"), said


board = "param W[9] = zeros; E = sum((W - 1)^2)\r"
for sign in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
    for where, lines, seen in (
            ("at the prompt", "1+2", r"1\+2"),
            ("in a question", "12", "12"),
            ("in a run", board + "descend E rate 1e-9 steps 900000000 every 0\r", "every 0\r\n"),
            ("waiting for gnuplot", board + "plot E vs W[0] from 0 to 2\r", "to 2\r\n")):

        @test(f"the terminal is as it was after {sign.name} {where}")
        def _():
            fake = os.path.join(state, "sleeps")
            with open(fake, "w") as f:
                f.write("#!/bin/sh\nexec sleep 100\n")
            os.chmod(fake, 0o755)
            args = "lesson 3" if where == "in a question" else ""
            p = start_under("sh", f"$L --lang en {args}", LEARN_GNUPLOT=fake)
            p.expect(r"learn 3\.\d+> " if args else "> ")
            p.send(lines)
            p.expect(seen)
            time.sleep(0.3)
            os.kill(child_of(p), sign)
            p.expect(r"status (\d+)")
            assert int(p.match.group(1)) == 128 + sign, p.match.group(0)
            said = p.before
            p.expect(pexpect.EOF)
            if where in ("at the prompt", "in a question"):
                paste_off(said)
            same_terminal()


@test("who ignores SIGHUP (nohup) is not ended by it")
def _():
    p = start_under("sh", "trap '' HUP; $L --lang en")
    p.expect("> ")
    p.send("1+")
    p.expect(r"1\+")
    os.kill(child_of(p), signal.SIGHUP)
    time.sleep(0.3)
    p.send("6\r")
    p.expect("7")
    p.send(CTRL_D)
    p.expect("status 0")
    p.expect(pexpect.EOF)
    same_terminal()


for shell in ("dash", "bash"):
    if not shutil.which(shell):
        continue

    @test(f"Ctrl-Z in {shell}: the terminal as it was; after fg the half-typed line again")
    def _():
        p = start_under(shell, None)
        p.expect(r"\$ ")
        p.send("PS1='%'' '\r")
        p.expect("% ")
        p.send("stty -a >$S/before\r")
        p.expect("% ")
        p.send("$L --lang en\r")
        p.expect("> ")
        p.send("가설 = 40+2")
        p.expect(r"40\+2")
        for width in (80, 50):
            p.send("\x1a")
            p.expect("% ")
            if shell == "dash":  # bash turns it on itself
                paste_off(p.before)
            p.send("stty -a >$S/after\r")
            p.expect("% ")
            if width == 80:
                same_terminal()
                p.setwinsize(24, 50)
            p.send("fg\r")
            p.expect(r"> .*40\+2")
        p.send("5\r")
        p.expect("65")
        p.send("quit\r")
        p.expect("% ")
        p.send("exit\r")
        p.expect(pexpect.EOF)


@test("the arrow up brings a lesson's own loop back, to be gone on with")
def _():
    p = start("--lang", "en", "lesson", "18", "step", "greedy")
    p.expect("18.19> ")
    p.send("3\r")
    p.expect("18.24> ")
    p.send(UP)
    p.expect("repeat 300 {")
    p.send(CTRL_A + "eps = 0.5; \r")
    p.expect("eps = 0.5 ")
    p.expect("18.2[45]> ")
    p.send(CTRL_D)
    p.expect(pexpect.EOF)


@test("a stop that nobody sees is none: the line stands, and is drawn again")
def _():
    p = start()
    p.expect("> ")
    p.send("40+")
    p.expect(r"40\+")
    p.kill(signal.SIGTSTP)
    p.expect(r"> .*40\+")
    p.send("2\r")
    p.expect("42")
    p.send(CTRL_D)
    p.expect(pexpect.EOF)


# ---- no locale, or another ----

LEFT = "\x1b[D"
for locale in ({"LC_ALL": "C"}, {"LC_ALL": "POSIX"}, {"LC_ALL": "", "LANG": "C"}, {"LC_ALL": "ko_KR.EUC-KR"},
               {"LC_ALL": "", "LC_CTYPE": "C"}):
    @test(f"Hangul at the prompt under {locale}")
    def _():
        p = start("--lang", "ko", **locale)
        p.expect("> ")
        p.send("가설 = 3\r")
        p.expect("가설 = 3")
        p.expect("> ")
        p.send("가설값" + BACKSPACE + " + 39\r")
        p.expect("42")
        p.send("가기" + LEFT + BACKSPACE + "절" + LEFT + BACKSPACE * 3 + "\r")
        p.expect("> ")
        p.send("기가설" + LEFT * 2 + BACKSPACE + "\x05 * 2\r")  # to the end
        p.expect("6\x1b")
        p.send(TAB + CTRL_D)


sys.exit(verdict())
