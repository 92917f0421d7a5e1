#!/usr/bin/env python3
"""Pictures in a terminal: their sizes, their colours; real ones, where it can show them."""
import base64, fcntl, os, pty, re, select, signal, struct, subprocess, tempfile, termios, time
import pexpect
from person import asleep
from report import tester, verdict

learn = os.environ.get("LEARN", "./learn")
state = tempfile.mkdtemp()
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b\][^\x07]*\x07|\x1b_[^\x1b]*\x1b\\|\r")


def start(rows, columns, *args, term="xterm-256color", **more):
    env = {**os.environ, "TERM": term, "XDG_STATE_HOME": state, "LC_ALL": "C.UTF-8", **more}
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "COLORTERM", "NO_COLOR"):
        if name not in more:
            env.pop(name, None)
    p = pexpect.spawn(learn, ["--lang", "en", *args], env=env, encoding="utf-8", timeout=60,
                      dimensions=(rows, columns), echo=False)
    p.expect_exact("> ")
    return p


def say(p, line):
    """What the program answers, with escapes."""
    p.send(line + "\r")
    p.expect_exact("\x1b[?2004l")
    p.expect_exact("\x1b[?2004h> ")
    return p.before


test = tester(tries=3)


BOARD = ["x = 1; param w = -2; Z = (w*x - 1)^2", "param a = 3, b = 4; M = (a-1)^2 + b^2",
         "use moons; net 2-4-1 tanh; train E epochs 2 batch 10 rate 0.5",
         "P = [[1,0,0,0,1],[0,1,0,1,0],[0,0,1,0,0],[0,1,0,1,0],[1,0,0,0,1]]"]
PLOTS = ["plot Z vs w from -3 to 5", "plot M vs a, b from -4 to 6 as contour", "plot boundary O",
         "plot X, y as points", "plot E", "plot relu from -3 to 3", "plot P"]


@test("a picture and its question are seen together, and never wider than the terminal")
def _():
    for rows, columns in ((24, 80), (24, 40), (50, 132)):
        p = start(rows, columns)
        for line in BOARD:
            say(p, line)
        for line in PLOTS if columns >= 80 else [l for l in PLOTS if l != "plot E"]:
            answer = ESCAPE.sub("", say(p, line)).strip("\n").split("\n")
            limit = rows - 4 if columns < 80 else rows - 5
            assert 5 < len(answer) <= limit, (rows, columns, line, len(answer))
            wide = max(map(len, answer))
            assert 16 <= wide <= columns, (line, wide)
        p.close()


@test("a large grid world shows as many rows as there is room for, and says so")
def _():
    p = start(24, 80)
    say(p, "Q = zeros(9, 2, 4); Q[0, 0, 1] = 1")
    answer = ESCAPE.sub("", say(p, "plot policy Q")).strip("\n").split("\n")
    assert len(answer) == 2 + 4 * 4 + 1 and "More cells" in answer[-1], answer
    p.close()


@test("as many colours as the terminal says")
def _():
    for more, used, others in (({"COLORTERM": "truecolor"}, r"\x1b\[[34]8;2;", None),
                               ({}, r"\x1b\[[34]8;5;", r"8;2;"),
                               ({"term": "xterm"}, r"\x1b\[9?3[0-9]m|\x1b\[97m", r"[34]8;"),
                               ({"NO_COLOR": "1"}, "@@", r"\x1b\[[0-9;]*m"),
                               ({"term": "vt100"}, "@@", r"\x1b\[[0-9;]*m")):
        p = start(24, 80, **more)
        say(p, BOARD[3])
        answer = say(p, "plot P")
        assert re.search(used, answer), (more, answer)
        assert not others or not re.search(others, answer), (more, answer)
        p.close()


# ---- a terminal that is asked: this end plays it

BOARD_W = "x = 1; param w = -2; Z = (w*x - 1)^2"
KITTY, ITERM, CELL = "\x1b_Gi=31;OK\x1b\\", "\x1b]1337;ReportCellSize=20.0;10.0\x07", "\x1b[6;20;10t"
PLAIN_DA, SIXEL_DA = "\x1b[?62;22c", "\x1b[?62;4;22c"
PROMPT = "\x1b[?2004h> "


class Terminal:
    """A person at a terminal that answers its query with `answers` (pieces and pauses)."""

    def __init__(self, answers, *args, rows=24, columns=80, **more):
        env = {**os.environ, "TERM": "xterm-256color", "XDG_STATE_HOME": state, "LC_ALL": "C.UTF-8"}
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "LEARN_PICTURES", "STY", "NO_COLOR", "COLORTERM"):
            env.pop(name, None)
        env.update(more)
        self.answers, self.seen, self.asked, self.at = answers, "", 0, 0
        self.pid, self.fd = pty.fork()
        if not self.pid:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execve(learn, [learn, "--lang", "en", *args], env)

    def pump(self, until, timeout=60):
        """Reads until `until` is there; answers when asked."""
        end = time.time() + timeout
        while until not in self.seen[self.at:]:
            assert time.time() < end, (until, self.seen[-300:])
            if select.select([self.fd], [], [], 0.05)[0]:
                try:
                    self.seen += os.read(self.fd, 65536).decode("utf-8", "replace")
                except OSError:
                    break
            if self.seen.count("\x1b[c") > self.asked:
                self.asked += 1
                for piece in self.answers:
                    if isinstance(piece, float):
                        time.sleep(piece)
                    else:
                        os.write(self.fd, piece.encode())
        at = self.at
        self.at = self.seen.index(until, at) + len(until)
        return self.seen[at:self.at]

    def rest(self):
        """A key that comes too early is thrown away."""
        quiet = 0
        while quiet < 5:
            quiet = quiet + 1 if asleep(self.pid) and not select.select([self.fd], [], [], 0)[0] else 0
            if select.select([self.fd], [], [], 0.04)[0]:
                self.seen += os.read(self.fd, 65536).decode("utf-8", "replace")

    def say(self, line):
        os.write(self.fd, (line + "\r").encode())
        self.pump("\x1b[?2004l")
        return self.pump(PROMPT)

    def end(self):
        """Nothing was left at the prompt; the modes are as before."""
        answer = self.say("6*7")
        assert re.fullmatch(r"\s*(\x1b\[\S*?m)?42(\x1b\[0m)?\s*" + re.escape(PROMPT), answer), answer
        os.write(self.fd, b"\x04")
        self.pump("\x1b[?2004l")
        assert os.waitpid(self.pid, 0)[1] == 0
        os.close(self.fd)


def picture(answers, line="plot Z vs w from -3 to 5", *args, **more):
    t = Terminal(answers, *args, **more)
    t.pump(PROMPT)
    t.say(BOARD_W)
    said = "".join(t.say(each) for each in line.split(" THEN "))
    t.end()
    return said


def png_of(letters):
    png = base64.b64decode(letters, validate=True)
    assert png[:8] == b"\x89PNG\r\n\x1a\n" and png.endswith(b"IEND\xaeB`\x82"), png[:20]
    return struct.unpack(">II", png[16:24])


SIGNS = "* Z  # tangent"


@test("kitty is shown a png, in pieces, on as many rows as were made room for")
def _():
    said = picture([KITTY, CELL, PLAIN_DA])
    parts = re.findall(r"\x1b_G([^;]*);([^\x1b]*)\x1b\\", said[said.index("\x1b7"):])
    assert parts[0][0].startswith("a=T,f=100,q=2,C=1,") and parts[-1][0] == "m=0", parts[0][0]
    assert all(p[0].endswith("m=1") and len(p[1]) == 4096 for p in parts[:-1])
    columns, rows = (int(re.search(k + r"=(\d+)", parts[0][0])[1]) for k in "cr")
    wide, high = png_of("".join(p[1] for p in parts))
    assert wide == 10 * columns and high == 20 * rows // 6 * 6 and columns < 80 and 8 <= rows <= 18
    assert f"\x1b[{rows}A" in said and f"\x1b[{rows}B" in said
    assert SIGNS not in said and "Z against w" in said


@test("iTerm2 is shown a png")
def _():
    said = picture([ITERM, PLAIN_DA])
    found = re.search(r"\x1b\]1337;File=inline=1;size=(\d+);width=(\d+);height=(\d+):([^\x07]*)\x07", said)
    png_of(found[4])
    assert int(found[1]) == len(base64.b64decode(found[4]))


@test("sixel, where the terminal says 4")
def _():
    said = picture([CELL, SIXEL_DA])
    assert re.search(r"\x1bP[0-9;]*q.{1000,}\x1b\\", said, re.S) and SIGNS not in said


@test("an answer in pieces: the picture, and a clean prompt")
def _():
    for answers in ([CELL + "\x1b[?1;0", 0.05, ";256S" + SIXEL_DA], [CELL + "\x1b[?2026;", 0.05, "2$y" + SIXEL_DA],
                    [CELL + "\x1b[6", 0.05, ";20", 0.05, ";10t\x1b", 0.05, "[?62;4c"],
                    ["\x1b_" + "y" * 100000 + "\x1b\\" + SIXEL_DA]):
        said = picture(answers)
        assert re.search(r"\x1bP[0-9;]*q.{1000,}\x1b\\", said, re.S), (answers, said)


@test("an answer that comes late and in pieces, or has no end, is nobody's key")
def _():
    for answers in ([0.7, KITTY + "\x1b[6;", 0.3, "20;10t" + PLAIN_DA], ["\x1b[6;", 0.7, "20;10t" + PLAIN_DA],
                    [0.7, "\x1b_Gi=31;O", 0.3, "K\x1b\\" + PLAIN_DA], ["\x1b]" + "y" * 100000]):
        t = Terminal(answers)
        t.pump(PROMPT)
        t.say(BOARD_W)
        t.say("plot Z vs w from -3 to 5")
        time.sleep(0.5)
        t.end()


@test("a flood of keys is no line; Ctrl-C empties what waits")
def _():
    for answers in (["x" * 100000], [0.5, "x" * 20000], ["w" * 9 + "\x1b_" + "y" * 20000]):
        t = Terminal(answers)
        t.pump(PROMPT)
        t.say(BOARD_W)
        os.write(t.fd, b"plot Z vs w from -3 to 5\r")
        t.pump("\x1b[c")
        t.pump(PROMPT)
        os.write(t.fd, b"\x03")
        t.pump("^C")
        t.pump(PROMPT)
        t.end()


@test("Ctrl-Z while it is asked: after fg the plot, and the modes are as before")
def _():
    p = pexpect.spawn("/bin/bash", ["--norc", "-i"], encoding="utf-8", timeout=60, dimensions=(24, 80),
                      env={**os.environ, "TERM": "xterm-256color", "XDG_STATE_HOME": state, "PS1": "$ ", "S": state, "L": os.path.abspath(learn)})
    p.send("PS1='%'' '; unset LEARN_PICTURES STY DISPLAY WAYLAND_DISPLAY; stty -a >$S/before\r")
    p.expect("% ")
    p.send('"$L" --lang en\r')
    p.expect_exact(PROMPT)
    say(p, BOARD_W)
    p.send("plot Z vs w from -3 to 5\r")
    p.expect_exact("\x1b[c")
    p.send("\x1a")
    p.expect("% ")
    p.send("stty -a >$S/after\r")
    p.expect("% ")
    assert open(state + "/before").read() == open(state + "/after").read()
    p.send("fg\r")
    p.expect_exact("Z against w")
    p.expect_exact(PROMPT)
    assert "42" in say(p, "6*7")
    p.send("quit\r")
    p.expect("% ")
    p.send("stty -a >$S/after; exit\r")
    p.expect(pexpect.EOF)
    assert open(state + "/before").read() == open(state + "/after").read()


@test("a terminal that shows none, is silent, talks nonsense or stops half way: letters, and a clean prompt")
def _():
    for answers in ([PLAIN_DA], [], ["\x1b[?6"], ["\x1b_Gi=31;O"], ["\x1bP>|xterm", 0.1, "(3)\x1b\\", PLAIN_DA],
                    ["\x1b[?99;;;q\x1b[>0;1y\x1b]nonsense\x07", "\x1bPnever ends"],
                    [0.7, KITTY + SIXEL_DA], ["\x1b[?62;", 0.6, "4c"], ["\x1b_Gi=31;OK", 1.0, "\x1b\\", SIXEL_DA]):
        said = picture(answers)
        assert SIGNS in ESCAPE.sub("", said), (answers, said)
        assert "\x1b_Ga=T" not in said and "\x1bPq" not in said


@test("what is typed while the terminal is asked belongs to the prompt")
def _():
    for answers, typed in ((["1+", KITTY, "2", PLAIN_DA, "\r"], "3"), (["50", 0.6, "+\x1b[D5\r"], "505"),
                           (["3", 0.6, PLAIN_DA, "*4\r"], "12")):
        t = Terminal(answers)
        t.pump(PROMPT)
        t.say(BOARD_W)
        os.write(t.fd, b"plot Z vs w from -3 to 5\r")
        t.pump("Z against w")
        t.pump(PROMPT)
        t.pump(typed)
        t.pump(PROMPT)
        t.end()


@test("`pictures on` asks again a terminal that was silent, or has learnt it since")
def _():
    for first in ([], [PLAIN_DA]):
        t = Terminal(first)
        t.pump(PROMPT)
        t.say(BOARD_W)
        assert SIGNS in ESCAPE.sub("", t.say("plot Z vs w from -3 to 5"))
        t.answers = [KITTY, CELL, PLAIN_DA]
        said = t.say("pictures on") + t.say("plot Z vs w from -3 to 5") + t.say("pictures on")
        assert "real pictures here (kitty)" in said and "a=T" in said and t.asked == 2, (t.asked, said)
        t.end()


@test("asked once, never through a pipe, where it isn't wanted, or read out")
def _():
    said = picture([KITTY, PLAIN_DA], "plot Z vs w from -3 to 5 THEN plot Z vs w from -3 to 5")
    assert said.count("\x1b[c") == 1 and said.count("a=T") == 2
    for line, args, more in (("pictures off; plot Z vs w from -3 to 5", (), {}), ("plot Z vs w from -3 to 5", ("--plain",), {}),
                             ("plot Z vs w from -3 to 5", (), {"LEARN_PICTURES": "off"}),
                             ("plot Z vs w from -3 to 5", (), {"STY": "1.screen"})):
        said = picture([KITTY, PLAIN_DA], line, *args, **more)
        assert "\x1b[c" not in said and "a=T" not in said, said
    said = picture([KITTY, PLAIN_DA], "pictures off; pictures on; plot Z vs w from -3 to 5")
    assert "(kitty)" in said and "a=T" in said, said
    out = subprocess.run([learn, "-c", BOARD_W + "; plot Z vs w"], capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout
    assert "\x1b" not in out


@test("in a talk a picture stands on its page, and again where the page is gone back to")
def _():
    for answers, begins in ((KITTY + CELL + PLAIN_DA, "a=T"), (CELL + SIXEL_DA, "\x1bP")):
        t = Terminal([answers], "present", "3", "--from", "3", "--speed", "0", XDG_RUNTIME_DIR=state)
        for key, until in ("", "> plot E vs w from -3 to 5"), (" ", begins), (" ", "[4/36]"), ("\x1b[5~", begins):
            os.write(t.fd, key.encode())
            t.pump(until)
            if until == begins:
                t.pump("\x1b8")
            t.rest()
        t.at = t.seen.rindex(begins)
        os.write(t.fd, b"z")
        t.pump(begins), t.pump("\x1b8"), t.rest()
        os.write(t.fd, b" ")
        t.pump(begins), t.pump("\x1b8"), t.rest()
        assert t.asked == 1
        os.write(t.fd, b"qq")
        t.pump("\x1b[H\x1b[J")
        while select.select([t.fd], [], [], 20)[0]:
            try:
                os.read(t.fd, 65536)
            except OSError:
                break
        assert os.waitpid(t.pid, 0) == (t.pid, 0)
        os.close(t.fd)


@test("Ctrl-C, and an end from outside, while it is asked: the terminal is as it was")
def _():
    for end in (signal.SIGTERM, None):
        t = Terminal([0.05, "\x03" if end is None else ""])
        t.pump(PROMPT)
        t.say(BOARD_W)
        os.write(t.fd, b"plot Z vs w from -3 to 5\r")
        t.pump("\x1b[c")
        if end:
            os.kill(t.pid, end)
            os.waitpid(t.pid, 0)
        else:
            t.pump(PROMPT)
            os.write(t.fd, b"\x04")
            t.pump("\x1b[?2004l")
            os.waitpid(t.pid, 0)
        left = termios.tcgetattr(t.fd)[3]
        assert left & termios.ECHO and left & termios.ICANON, left
        os.close(t.fd)


raise SystemExit(verdict())
