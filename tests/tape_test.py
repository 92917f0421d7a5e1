#!/usr/bin/env python3
"""Recordings (asciinema plays them), the speaker's notes in a second terminal, demo scripts."""
import glob, json, os, re, socket, subprocess, sys, tempfile, time

os.environ.setdefault("LEARN_HOME", os.getcwd())
import pyte
from person import LEARN, Person, asleep
from report import tester, verdict

state = tempfile.mkdtemp()
CTRL_C, CTRL_D = "\x03", "\x04"


test = tester()


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
        while p.read(0.5) or not asleep(p.p.pid):
            pass
        head, all = events(file)
        assert shown(head, all) == p.shown(), shown(head, all) + "\n----\n" + p.shown()
        assert head["width"] == 80 and head["height"] == 24 and head["title"] == "learn lesson 3"
        p.p.send(CTRL_C + CTRL_D)
        p.rest()
        p.p.close()
        assert p.p.exitstatus == 0, p.shown()
        assert plays(file), file


@test("a step of a lesson and a page of a script is a chapter")
def _():
    def chapters(*args, **more):
        file = path(args[-1].replace("/", "-")[-8:] + ".cast")
        assert learn("--lang", "en", "--record", file, *args, **more).returncode == 0
        with open(file, encoding="utf-8") as f:
            return [e for e in map(json.loads, list(f)[1:])]
    events = chapters("--echo", "run", script("w = 1\n## en: One\n## ko: 하나\nw\n## Two\nw + 1\n"))
    assert [e[2] for e in events if e[1] == "m"] == ["One", "Two"], events
    two = next(i for i, e in enumerate(events) if e[2] == "Two")
    assert "w + 1" not in "".join(e[2] for e in events[:two]) and "Two" in events[two + 1][2], events
    with open(os.environ["LEARN_HOME"] + "/lessons/03-gradient-descent.json", encoding="utf-8") as f:
        shown = [s for s in json.load(f)["steps"] if "note" not in s]
    marks = [e[2] for e in chapters("--type", "solutions", "lesson", "3") if e[1] == "m"]
    assert marks[0].startswith("1 ") and len(marks) == len(shown) and "4 nudge-at-2" in marks, marks


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


# ---- the speaker's notes ----

PAGE = {"format": 1, "number": 3, "title": "Gradient descent", "lang": "en", "step": 17, "steps": 35, "name": "by-step",
        "kind": "try", "state": "typed", "line": "step E rate 0.1", "note": "Ask the room: which way, and how far?",
        "answer": "w becomes 1.8", "slips": ["w + 0.1*dE/dw: uphill", "dE/dw / 2: lost the 2"], "hints": 2,
        "next": ["ask: Why?", "run: w = -3"], "minutes": 20, "foot": "Space go on  PgUp back", "elapsed": 760,
        "running": True}


class Talk:
    """What a talk leaves for `learn notes`."""

    def __init__(self, runtime=None):
        self.runtime = runtime or tempfile.mkdtemp(dir=state)
        self.folder = os.path.join(self.runtime, "learn")
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        Talk.pid = getattr(Talk, "pid", 4000000) + 1
        self.file = os.path.join(self.folder, f"present-{Talk.pid}.json")
        self.keys = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.keys.bind(self.file[:-4] + "sock")
        self.keys.settimeout(60)

    def show(self, **more):
        self.write(json.dumps({**PAGE, "at": time.time(), **more}).encode())
        return self

    def write(self, data):
        with open(self.file + ".new", "wb") as f:
            f.write(data)
        os.rename(self.file + ".new", self.file)

    def pressed(self):
        while True:
            got = self.keys.recv(99)
            if got != b"\0":
                return got


def notes(talk, *args, rows=24, columns=80):
    return Person("--lang", "en", "notes", *args, rows=rows, columns=columns, XDG_RUNTIME_DIR=talk.runtime)


def until(p, text, patience=60):
    end = time.time() + patience
    while text not in p.shown():
        p.read(0.1)
        assert time.time() < end and not p.ended, f"no {text}:\n" + p.shown()
    while p.read(0.15) or not asleep(p.p.pid):  # the rest of the page
        pass
    return p.shown()


@test("learn notes shows all of the page, in its language, and follows it; keys go to the talk")
def _():
    talk = Talk().show()
    p = notes(talk)
    page = until(p, "PgUp back")
    for words in ("3 · Gradient descent", "of 20:00", "step 17 of 35", "try   by-step", "typed, not run",
                  "> step E rate 0.1", "w becomes 1.8", "uphill", "lost the 2", "which way", "ask   Why?", "run   w = -3"):
        assert words in page, words + "\n" + page
    assert re.search("12:[45]", page), page
    p.p.send(" ")
    assert talk.pressed() == b" "
    p.p.send("\x1b[5~")
    assert talk.pressed() == b"\x1b[5~"
    talk.show(lang="ko", step=18, title="경사하강", running=False)
    page = until(p, "18 / 35단계")
    assert "입력됨, 실행 대기" in page and "실습" in page and "시계 멈춤" in page, page
    p.p.setwinsize(12, 40)
    p.sheet.resize(12, 40)
    page = until(p, "경사하강")
    p.p.send(CTRL_C)
    while not p.ended:
        p.read(0.5)
    p.p.close()
    assert p.p.exitstatus == 0 and "NOW" not in p.shown()


@test("what fits on a low or narrow screen is what is needed most, and no row runs over")
def _():
    for rows, columns in (24, 40), (12, 40), (12, 80), (6, 30):
        for lang in "en", "ko":
            talk = Talk().show(lang=lang, note="Ask the room. " * 200, line="w = " + "1 + " * 30 + "1")
            p = notes(talk, rows=rows, columns=columns)
            page = until(p, "Ask the room" if rows > 6 else "3 · Grad")
            assert not p.sheet.over and not p.sheet.scrolled, p.sheet.over
            assert "> w = 1 + 1" in page and "…" in page or rows == 6, page
            p.close()


@test("a talk that dies is said within a second; one that ends, and the next one, too")
def _():
    talk = Talk().show()
    p = notes(talk)
    until(p, "PgUp back")
    talk.keys.close()  # as kill -9 does
    began = time.time()
    until(p, "cut off")
    assert time.time() - began < 30 and not os.listdir(talk.folder), os.listdir(talk.folder)
    second = Talk(talk.runtime).show(title="Second")
    until(p, "Second")
    third = Talk(talk.runtime).show(title="Third")
    time.sleep(0.6)
    until(p, "Second")  # the keys stay whose they are, to the end of the talk
    os.unlink(second.file)
    os.unlink(second.file[:-4] + "sock")
    second.keys.close()
    until(p, "Third")
    os.unlink(third.file)
    third.keys.close()
    until(p, "No talk is running")
    p.close()
    p = notes(talk, "4711")
    until(p, "number 4711")
    p.close()
    assert learn("notes", "abc").returncode == 2


@test("whatever the file holds is text: no control byte of it reaches the terminal, nothing crashes")
def _():
    evil = "a\x1b]0;x\x07\x1b[2J\u009b31m\u202eb\r\n\x7f\ufdd1c\ud7b0" + "기" * 5000
    shapes = [{key: evil for key in PAGE if isinstance(PAGE[key], str) and key != "lang"},
              {"slips": [evil, 3, None, {}], "next": [evil, ": ", []]}, {"slips": {}, "next": 7, "title": None},
              {"step": -5, "steps": 1e300, "number": 1e99, "elapsed": 1e300, "at": -1e300, "minutes": 1e18, "hints": "x"}]
    for shape in shapes:
        talk = Talk().show(**shape)
        p = notes(talk)
        heard = []
        feed = p.stream.feed
        p.stream.feed = lambda data: (heard.append(data), feed(data))
        until(p, ":")
        said = re.sub(rb"\x1b\[[0-9;?]*[HKJmhl]", b"", b"".join(heard)).decode()
        assert not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e]", said), said
        assert not p.sheet.over and not p.sheet.scrolled, p.sheet.over
        p.close()
    for data in b"", b"{", b"[" * 100000, b"null", b'"' + os.urandom(5000), os.urandom(3000), b" " * (1 << 20), b"3":
        talk = Talk().show()
        p = notes(talk)
        until(p, "step 17")
        talk.write(data)
        time.sleep(0.5)
        talk.show(step=18)
        until(p, "step 18")
        p.close()


@test("links, FIFOs and folders of others are not followed")
def _():
    talk = Talk()
    secret = script("secret")
    os.symlink(secret, talk.file)
    p = notes(talk)
    until(p, "No talk")
    os.unlink(talk.file)
    os.mkfifo(talk.file)
    time.sleep(0.5)
    until(p, "No talk")
    p.close()
    runtime = tempfile.mkdtemp(dir=state)
    os.symlink(talk.folder, os.path.join(runtime, "learn"))
    r = learn("--lang", "en", "notes", env={"XDG_RUNTIME_DIR": ""}) if os.path.islink(f"/tmp/learn-{os.getuid()}") else None
    assert r is None or r.returncode == 1, r


# ---- demo scripts ----

DEMOS = sorted(glob.glob(os.path.join(os.environ["LEARN_HOME"], "lessons/demos/*.learn")))


@test("the demos run without a terminal, in both languages; --echo shows every line; notes in both languages")
def _():
    assert len(DEMOS) >= 3, DEMOS
    for demo in DEMOS:
        text = open(demo, encoding="utf-8").read()
        heads, rest = re.findall("(?m)^## (en|ko): ", text), re.findall("(?m)^# (en|ko): ", text)
        for tagged in heads, rest:
            assert tagged and tagged == ["en", "ko"] * (len(tagged) // 2), demo
        assert "\nexpect " in text, demo
        for lang in "en", "ko":
            began = time.time()
            r = learn("--lang", lang, "--echo", "run", demo)
            assert r.returncode == 0 and not r.stderr and time.time() - began < 60, r
            said = r.stdout.decode()
            for line in text.splitlines():
                assert not line or line[0] == "#" or f"> {line}\n" in said, line
            for title in re.findall(f"(?m)^## {lang}: (.*)$", text):
                assert f"\n{title}\n" in said, title
            for pause in re.findall('(?m)^pause "(.*)", "(.*)"$', text):
                # as wrapped
                assert pause[lang == "ko"].split()[-1] + "\n" in said, pause


@test("at a terminal each page begins an empty screen, once what stands there was read; nothing runs past")
def _():
    for demo in DEMOS[1:]:
        p = Person("--lang", "ko", "run", demo, state=state).rest()
        titles = re.findall("(?m)^## ko: (.*)$", open(demo, encoding="utf-8").read())
        seen = []
        while True:
            top = p.line(0)
            if top in titles and top not in seen[-1:]:
                seen.append(top)
            assert not p.ran_past, p.shown()
            assert "expect" not in p.shown(), p.shown()
            if p.ended:
                break
            p.key(" ")
        assert seen == titles, seen
        p.p.close()
        assert p.p.exitstatus == 0


@test("Ctrl-C where a page is full: the script ends there, with 130, and writes nothing")
def _():
    os.chdir(tempfile.mkdtemp(dir=state))
    demo = script('## One\nrepeat 5 { "said" }\n## Two\nsave "written.learn"\n"never"\n')
    p = Person("--lang", "en", "run", demo, state=state).rest()
    assert "writes `written.learn`" in p.shown() or "writes written.learn" in p.shown(), p.shown()
    while "One" not in p.shown():
        p.key(" ")
    assert p.full and "Two" not in p.shown(), p.shown()
    p.key(CTRL_C)
    assert p.ended and "never" not in p.shown() and "Two" not in p.shown(), p.shown()
    p.p.close()
    assert p.p.exitstatus == 130 and not os.path.exists("written.learn")


@test("a script that writes says first what; in both languages, in a repeat, once each; not what it won't")
def _():
    os.chdir(tempfile.mkdtemp(dir=state))
    demo = script('"first"\nlog "l.txt"\nlog off\nrepeat 2 { save "s.learn" }\nx = 1\nsave "s.learn"\nplot x^2 vs x from 0 to 1 into "p.svg"')
    for lang in "en", "ko":
        said = learn("--lang", lang, "run", demo).stdout.decode().splitlines()
        for name in "l.txt", "s.learn", "p.svg":
            assert name in said[0] and said[0].count(name) == 1 and "off" not in said[0], said
        assert said[1] == "first", said
    assert learn("run", script('"first"\nx = 1')).stdout == b"first\n"
    evil = script('save "a\x1b[2Jb"')
    assert b"\x1b" not in learn("run", evil).stdout


sys.exit(verdict())
