#!/usr/bin/env python3
"""Recordings (asciinema plays them), the speaker's notes in a second terminal, demo scripts."""
import json, os, re, signal, stat, subprocess, sys, tempfile, time

os.environ.setdefault("LEARN_HOME", os.getcwd())
import pyte
from person import LEARN, Person

state = tempfile.mkdtemp()
CTRL_C, CTRL_D = "\x03", "\x04"
bad = 0


def test(name):
    def wrap(f):
        global bad
        try:
            f()
            print("ok", name)
        except AssertionError as e:
            print("FAILED", name, "\n", str(e)[:1500])
            bad = 1
        sys.stdout.flush()
    return wrap


def path(name):
    return os.path.join(tempfile.mkdtemp(dir=state), name)


def script(text, name="demo.learn"):
    file = path(name)
    with open(file, "w", encoding="utf-8") as f:
        f.write(text)
    return file


def learn(*args, stdin="", env=None, cwd=None):
    return subprocess.run([LEARN, *args], input=stdin.encode(), capture_output=True, cwd=cwd,
                          env=dict(os.environ, XDG_STATE_HOME=state, LC_ALL="C.UTF-8", **(env or {})))


# ---- recordings ----

def events(file):
    """The head and the events, each looked at as players do."""
    with open(file, "rb") as f:
        lines = f.read().decode("utf-8").splitlines()  # strictly
    head, all = json.loads(lines[0]), [json.loads(line) for line in lines[1:]]
    assert head["version"] == 2 and head["env"].keys() == {"TERM"}, head
    before = 0
    for t, kind, text in all:
        assert t >= before and kind in "omr" and isinstance(text, str), (t, kind, text)
        assert "\ufffd" not in text, text
        assert not re.search(r"(?<!\r)\n", text) or text.startswith("\n"), text
        before = t
    return head, all


def shown(head, all):
    screen = pyte.Screen(head["width"], head["height"])
    stream = pyte.Stream(screen)
    for _, kind, text in all:
        if kind == "o":
            stream.feed(re.sub(r"\x1b\[\?2004[hl]", "", text))
    rows = ["".join(screen.buffer[y][x].data for x in range(screen.columns)).rstrip() for y in range(screen.lines)]
    return "\n".join(rows).rstrip()


def plays(file):
    played = subprocess.run(["script", "-qec", f"asciinema play -s 1000 {file}", "/dev/null"],
                            stdin=subprocess.DEVNULL, capture_output=True, env=dict(os.environ, LC_ALL="C.UTF-8"))
    return played.returncode == 0


@test("a lesson that a person plays is recorded as the screen shows it, what is typed and erased too")
def _():
    for lang, words in ("en", ["w = 2", "wxy\x7f\x7f", "hint"]), ("ko", ["w = 2", "가중치\x7f\x7f = 2", "hint"]):
        file = path("3.cast")
        p = Person("--lang", lang, "--record", file, "lesson", "3", state=tempfile.mkdtemp(dir=state)).rest()
        for line in words:
            p.type(line)
            while p.full:
                p.key(" ")
        p.p.send("h\t\t\x7f\x1b[A")
        while p.read(1):
            pass
        head, all = events(file)
        assert shown(head, all) == p.shown(), shown(head, all) + "\n----\n" + p.shown()
        assert head["width"] == 80 and head["height"] == 24 and head["title"] == "learn lesson 3"
        p.p.send(CTRL_C + CTRL_D)
        p.rest()
        p.p.close()
        assert p.p.exitstatus == 0, p.shown()
        assert plays(file), file


@test("asciinema plays it, cut after any byte of its last line too")
def _():
    file = path("a.cast")
    assert learn("--lang", "ko", "--record", file, "run", script('시냅스 = 3\n"\u200b안녕"\nE = 시냅스^2\nE\n')).returncode == 0
    head, all = events(file)
    assert "E = 9" in shown(head, all), all
    assert plays(file)
    with open(file, "rb") as f:
        text = f.read()
    last = text.rstrip(b"\n").rfind(b"\n") + 1
    for n in range(last, len(text), max(1, (len(text) - last) // 5)):
        cut = path("cut.cast")
        with open(cut, "wb") as f:
            f.write(text[:n])
        assert plays(cut), text[last:n]


@test("what is there is not recorded over; a full disk is said at the end, once, and the rest is done")
def _():
    file = script("mine")
    for lang in "en", "ko":
        r = learn("--lang", lang, "--record", file, "run", script("w = 3"))
        assert r.returncode == 2 and file in r.stderr.decode() and not r.stdout, r
        assert open(file).read() == "mine"
    done = script('repeat 200 { "a line" }\n"the end"')
    r = subprocess.run(["sh", "-c", f"ulimit -f 1; exec {LEARN} --lang en --record {path('full.cast')} run {done}"],
                       capture_output=True, env=dict(os.environ, XDG_STATE_HOME=state, LC_ALL="C.UTF-8"))
    assert r.returncode == 1 and r.stdout.endswith(b"the end\n") and r.stderr.count(b"ends early") == 1, r


@test("a window that changes is an event; SOURCE_DATE_EPOCH is the moment")
def _():
    file = path("w.cast")
    os.environ["SOURCE_DATE_EPOCH"] = "1234567890"
    p = Person("--lang", "en", "--record", file, "lesson", "0", state=tempfile.mkdtemp(dir=state)).rest()
    del os.environ["SOURCE_DATE_EPOCH"]
    p.p.setwinsize(30, 100)
    p.type("w = 2")
    head, all = events(file)
    assert head["timestamp"] == 1234567890, head
    assert [text for _, kind, text in all if kind == "r"] == ["100x30"], all
    p.close()


sys.exit(bad)
