#!/usr/bin/env python3
"""Pictures in a terminal: their sizes, their colours."""
import os, re, tempfile
import pexpect

learn = os.environ.get("LEARN", "./learn")
state = tempfile.mkdtemp()
bad = 0
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b\][^\x07]*\x07|\r")


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


raise SystemExit(bad)
