#!/usr/bin/env python3
"""A talk on a real (pseudo-)terminal, its screen as a terminal shows it: typing, pages,
going back, typing freely, the room's answers, clickers, modes; and by itself to the end."""
import json, os, re, signal, subprocess, sys, tempfile, termios, time, unicodedata
import pexpect, pyte
from person import asleep
from report import tester, verdict

learn, fast = (os.path.abspath(os.environ.get(k, "./learn")) for k in ("LEARN", "LEARN_FAST"))
home = os.path.abspath(os.environ.get("LEARN_HOME", "."))
state = tempfile.mkdtemp()
DOWN, UP, ESC, F5, CTRL_C, CTRL_D, TAB = "\x1b[6~", "\x1b[5~", "\x1b", "\x1b[15~", "\x03", "\x04", "\t"


def environment(**more):
    env = {**os.environ, "TERM": "xterm-256color", "XDG_STATE_HOME": state, "XDG_RUNTIME_DIR": state,
           "LC_ALL": "C.UTF-8", "LEARN_HOME": home}
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "ACCESSIBLE", "NO_COLOR", "COLORTERM"):
        env.pop(name, None)
    return {**env, **more}


class Talk:
    """A talk, and the screen it is seen on."""

    def __init__(self, *args, rows=24, columns=80, lang="en", program=fast, cwd=None, **more):
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.bytes = b""
        self.child = pexpect.spawn(program, ["--lang", lang, "present", *args], timeout=60,
                                   env=environment(**more), dimensions=(rows, columns), cwd=cwd)
        self.child.delaybeforesend = None

    def feed(self, seconds=0.0, each=None):
        """Whatever comes, until nothing has for a moment and the program waits; or works for long."""
        end = time.monotonic() + seconds
        long = max(end, time.monotonic() + 5)
        quiet = 0
        while quiet < 3 or time.monotonic() < end:
            try:
                some = self.child.read_nonblocking(65536, 0.04)
                self.bytes += some
                self.stream.feed(some)
                quiet = 0
                if each:
                    each(self)
            except pexpect.TIMEOUT:
                quiet = quiet + 1 if asleep(self.child.pid) or time.monotonic() > long else 0
            except pexpect.EOF:
                return self
        return self

    def until(self, text, seconds=30):
        """Until it stands on the screen, as a whole page does, and stays."""
        end = time.monotonic() + seconds
        while not re.search(text, self.text()):
            assert time.monotonic() < end, f"no {text!r} in\n{self.text()}"
            assert self.child.isalive() or not self.feed() or re.search(text, self.text()), \
                f"ended without {text!r}:\n{self.text()}"
            self.feed()
        return self.feed()

    def hears(self, text, times=1):
        """Reads until it has come so often from now on: of a talk that goes on by itself."""
        wanted = self.bytes.count(text) + times
        end = time.monotonic() + 120
        while self.bytes.count(text) < wanted:
            assert time.monotonic() < end, f"no {text} any more:\n{self.text()}"
            try:
                self.bytes += self.child.read_nonblocking(65536, 1)
            except pexpect.TIMEOUT:
                pass
        return self

    def send(self, keys):
        self.child.send(keys)
        return self

    def press(self, keys, seconds=0.0):
        self.send(keys)
        return self.feed(seconds)

    def text(self):
        return unicodedata.normalize("NFC", "\n".join(line.rstrip() for line in self.rows()).strip())

    def rows(self):
        # pyte keeps an empty cell behind a wide letter
        return ["".join(self.screen.buffer[y][x].data for x in range(self.screen.columns))
                for y in range(self.screen.lines)]

    def resize(self, rows, columns):
        self.screen.resize(rows, columns)
        self.screen.reset()
        self.child.setwinsize(rows, columns)
        return self.feed(0.3)

    def end(self):
        """q q: how it ended."""
        self.send("qq").child.expect(pexpect.EOF)
        self.child.close()
        return self.child.exitstatus


test = tester()


def script(place, text, name="x.learn"):
    path = os.path.join(place, name)
    with open(path, "w") as f:
        f.write(text)
    return path


def go_on(talk, most=40, until=None):
    """Presses until the text is there."""
    for _ in range(most):
        if re.search(until, talk.text()):
            return talk
        talk.press(" ")
    raise AssertionError(f"never {until!r}:\n{talk.text()}")


@test("a line is typed by itself, made whole by a key, run by the next")
def _():
    screens = set()
    talk = Talk("3", "--from", "3", "--speed", "1")
    talk.feed(4, each=lambda t: screens.add(t.text()))
    assert len([s for s in screens if "> plot" in s or "> p" in s]) >= 5, screens
    assert "now: w = 2" not in talk.text(), talk.text()
    talk = Talk("3", "--from", "3", "--speed", "1")
    talk.until("> p").press(" ")
    assert "> plot E vs w from -3 to 5" in talk.text() and "now: w = 2" not in talk.text(), talk.text()
    talk.press(" ", 0.5)
    talk.until("now: w = 2")
    assert talk.end() == 0


@test("keys pressed early are nobody's")
def _():
    with tempfile.TemporaryDirectory() as place:
        talk = Talk("3", "--from", "18", "--speed", "0", "--pace", "0.05")
        talk.until(r"\[18/")
        talk.press(" ").press(" ")
        assert "> w = -3; descend" in talk.text(), talk.text()
        talk.send(" " * 10)
        talk.until(r"20 +0\.953883")
        assert "> w = -3; animate" not in talk.text()
        talk.end()


@test("every row of a long answer was seen while the talk waited")
def _():
    for rows, columns in ((24, 80), (12, 40)):
        talk = Talk("3", "--from", "18", "--speed", "0", "--pace", "0", rows=rows, columns=columns)
        talk.until(r"\[18/").press(" ").press(" ")
        seen = set()
        for _ in range(30):
            talk.press(" ")
            seen |= {row.strip() for row in talk.rows()}
            if "[21/" in talk.text():
                break
        steps = {int(m[1]) for row in seen if (m := re.match(r"(\d+)\s+-?[\d.e-]+\s", row))}
        assert steps >= set(range(21)), (rows, sorted(steps))
        talk.end()


def forward(talk, end, shows):
    """Presses to the end; the screen and the board (as `show` has it) after each step."""
    seen = []
    for _ in range(200):
        if re.search(end, talk.text()):
            return seen
        talk.press(" ")
        while "▼" in talk.text():
            talk.press(" ")
        shown = board(talk) if shows else talk.feed(0.4) and None
        seen.append((talk.text(), shown))
    raise AssertionError("no end:\n" + talk.text())


def board(talk):
    """As `show` has it. A Tab pressed while something runs is nobody's."""
    while "live>" not in talk.press(TAB, 0.1).text():
        pass
    talk.press("show\r").press("'end'\r").until("end")
    shown = talk.text().split("live> show")[1]
    talk.press(CTRL_D)
    return shown


@test("every step back: board and screen as they were")
def _():
    for lesson, lang, rows, columns in (("3", "en", 24, 80), ("2", "ko", 12, 40)):
        talk = Talk(lesson, "--speed", "0", "--pace", "0", lang=lang, rows=rows, columns=columns)
        talk.feed()
        ways = forward(talk, "The end|끝입니다", rows == 24)
        ways.pop()  # the end
        back = []
        for _ in range(200):
            talk.press(UP)
            if "beginning" in talk.text() or "처음입니다" in talk.text():
                break
            shown = board(talk) if rows == 24 else None
            back.append((talk.text(), shown))
        for screen in back[:-1]:
            assert screen in ways, f"{screen[0]}\n{screen[1]}\nwas never before"
        assert len(back) > (30 if lesson == "3" else 15), len(back)
        assert talk.end() == 0


@test("typing freely, and back")
def _():
    talk = Talk("3", "--from", "6", "--speed", "0", program=learn)
    talk.until("> dE/dw").press(" ").until("dE/dw = 2")
    was = talk.text()
    talk.press(TAB).until("live>")
    talk.press("w = 99\r").press("시냅ㅅ").press("\x7f" * 3).press(CTRL_D)
    assert talk.text() == was, talk.text()
    talk.press(TAB).press("w\r").until(r"live> w\nw = 2\n")
    talk.press("w = 99\r").press("keep\r")
    assert talk.text() == was, talk.text()
    talk.press(TAB).press("w\r").until("w = 99")
    talk.press("lesson 4\r").until("other keys turn the pages")
    talk.press("back\r").press(TAB).press("돌아가기\r")
    assert talk.text() == was, talk.text()
    assert talk.end() == 0


@test("what a clicker sends")
def _():
    talk = Talk("3", "--from", "4", "--speed", "0")
    talk.until(r"\[4/")
    first = talk.text()
    talk.press(DOWN).until("The answer")
    answered = talk.text()
    talk.press(DOWN).until(r"\[5/").press(UP)
    assert talk.text() == answered, talk.text()
    for key in (ESC, F5):
        talk.press(key, 0.4)
        assert talk.text() == answered, (key, talk.text())
    talk.press(".")
    assert talk.text() == "", talk.text()
    talk.press(DOWN)
    assert talk.text() == answered, talk.text()
    talk.press("b").press("x")
    assert talk.text() == answered, talk.text()
    talk.press("ㅠ")  # b with the Korean keyboard on
    assert talk.text() == "", talk.text()
    talk.press(" ")
    assert talk.end() == 0
    assert first


@test("the room's answer gets the lesson's reply")
def _():
    talk = Talk("3", "--from", "4", "--speed", "0", program=learn)
    talk.until(r"\[4/").press("3").until("the room says: 3")
    talk.press("\r").until("to the right it rises")
    talk.press("\r").until("The answer: E grows, so make w a little smaller")
    talk.press(" ").until(r"\[5/").press("7\x7f1").press("\r").until("the room says: 1\n")
    assert "7" not in talk.text().split("the room says")[1]
    talk.press(" ").until("> 2")
    talk.press(" ").until(r"\[5/")
    talk.press(".")
    assert talk.text() == ""
    assert talk.press(" ").end() == 0
    talk = Talk("3", "--from", "4", "--speed", "0", lang="ko")
    talk.until(r"\[4/").press("1\r").until("여러분의 답: 1\n.*\n오른쪽이 오르막")
    talk.press(" ").until(r"\[5/")
    assert talk.end() == 0


@test("a window that changes: the page is laid out anew")
def _():
    for lang in ("en", "ko"):
        talk = Talk("3", "--from", "3", "--speed", "0", lang=lang)
        talk.until("> plot").press(" ").until("w = 2, E = 1")
        wide = talk.text()
        for rows, columns in ((24, 40), (30, 120), (24, 80)):
            talk.resize(rows, columns)
            talk.until("w = 2, E = 1")
            longest = max(len(row.rstrip()) for row in talk.rows())
            assert columns == 120 or longest <= columns
            assert "> plot E vs w from -3 to 5" in talk.text(), talk.text()
        assert talk.text() == wide, talk.text()
        assert talk.end() == 0


@test("Ctrl-C stops what runs; at rest it ends nothing; q alone neither")
def _():
    with tempfile.NamedTemporaryFile("w", suffix=".json", dir=state) as f:
        json.dump({"format": 1, "lesson": 100, "id": "long", "title": "Long", "minutes": 1, "goals": ["x"],
                   "setup": ["x = 1", "y = 1", "param w = 3", "E = (w*x - y)^2"],
                   "steps": [{"say": "Now."}, {"run": "descend E rate 1e-9 steps 900000000 every 100000000"},
                             {"say": "Then."}]}, f)
        f.flush()
        talk = Talk(f.name, "--speed", "0", "--anyway")
        talk.until("Long").press(" ").until("Now").press(" ").until("> descend").press(" ")
        talk.press(CTRL_C, 0.5).until("topped")
        talk.press(CTRL_C).until("q q ends")
        talk.press(" ").until("Then")
        talk.press("q").until("q q ends")
        time.sleep(2.2)
        talk.press("q")
        assert talk.child.isalive()
        assert talk.end() == 0


@test("q q ends a talk whenever it is pressed: no q is thrown away, nor taken for any key")
def _():
    with tempfile.TemporaryDirectory() as place:
        path = script(place, "## One\nx = 1; param w = 3; E = (w*x - 1)^2\n"
                             "descend E rate 0.1 steps 12; " + "; ".join(f'"row {i}"' for i in range(30)) + "\nw\n")
        for speed, then, keys in (("1", "", "qq"), ("1", "> x", "qq"), ("0", "> x", " qq"), ("0", "> x", " xqyq"),
                                  ("0", "> desc", " qq"), ("0", "> desc", " \x1b[6~qㅂ"), ("0", "> x", "bqq"), ("0", "> x", "zqq"),
                                  ("0", "> x", "?qq"), ("0", "> x", "Gqq"), ("0", "> x", "gqq"), ("0", "> x", "g1qq")):
            talk = Talk(path, "--speed", speed, "--pace", "0.01")
            if then:
                go_on(talk, until=then)
            talk.send(keys).child.expect(pexpect.EOF, timeout=60)
            talk.child.close()
            assert talk.child.exitstatus == 0, (speed, then, keys)
        talk = Talk(path, "--speed", "0", "--pace", "0")
        go_on(talk, until="> desc").press(" ").until("▼")
        assert talk.end() == 0


@test("modes are as before, however it ends")
def _():
    for how in ("qq", signal.SIGTERM, signal.SIGHUP):
        shell = pexpect.spawn("sh", ["-c", f"stty -g; '{fast}' --lang en present 3 --speed 0; stty -g"], timeout=30,
                              env=environment(), dimensions=(24, 80), encoding="utf-8")
        shell.expect(r"[0-9a-f:]{40,}")
        was = shell.match[0]
        shell.expect("Gradient descent")
        time.sleep(0.3)
        if how == "qq":
            shell.send("qq")
        else:
            pids = subprocess.run(["pgrep", "-P", str(shell.pid)], capture_output=True, text=True).stdout.split()
            os.kill(int(pids[0]), how)
        shell.expect(r"[0-9a-f:]{40,}")
        assert shell.match[0] == was, how
        shell.close()


@test("Ctrl-Z, and back")
def _():
    shell = pexpect.spawn("bash", ["--norc", "--noediting", "-i"], timeout=30, env=environment(PS1="$ "),
                          dimensions=(24, 80), encoding="utf-8")
    shell.expect(r"\$ ")
    shell.sendline("stty -g")
    shell.expect(r"[0-9a-f:]{40,}")
    was = shell.match[0]
    shell.sendline(f"'{fast}' --lang en present 3 --speed 0")
    shell.expect("Gradient descent")
    for _ in range(2):
        time.sleep(0.3)
        shell.send("\x1a")
        shell.expect("Stopped")
        shell.sendline("stty -g")
        shell.expect(r"[0-9a-f:]{40,}")
        assert shell.match[0] == was
        shell.sendline("fg")
        shell.expect("Gradient descent")
    time.sleep(0.3)
    assert not termios.tcgetattr(shell.child_fd)[3] & termios.ECHO
    shell.send("qq")
    shell.expect(r"\$ ")
    shell.close()


@test("Hangul as a keyboard makes it: never half a cell")
def _():
    line = "> plot 오류 vs 시냅스 from -3 to 5"
    halves = set()
    for i, c in enumerate(line):
        halves.add(line[:i])
        if "가" <= c <= "힣":
            n = ord(c) - 0xAC00
            lead = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"[n // 588]
            halves |= {line[:i] + lead, line[:i] + chr(0xAC00 + n - n % 28)}
    halves = {h.rstrip() for h in halves} | {line}
    seen = set()
    with tempfile.NamedTemporaryFile("w", suffix=".json", dir=state) as f:
        json.dump({"format": 1, "lesson": 100, "id": "hangul", "title": "H", "minutes": 1, "goals": ["x"],
                   "setup": ["x = 1", "y = 1", "param 시냅스 = 3", "오류 = (시냅스*x - y)^2"],
                   "steps": [{"run": line[2:]}, {"say": "Then."}]}, f)
        f.flush()

        def look(t):
            seen.update(row.rstrip() for row in t.rows() if row.startswith("> "))
        talk = Talk(f.name, "--anyway", lang="ko")
        talk.until("H").send(" ")
        talk.feed(5, each=look)
        assert seen <= halves, seen - halves
        assert any("ㅇ" in s or "ㅅ" in s for s in seen), seen
        assert talk.end() == 0


@test("the other language, the keys, the list, a step, zoom, hints, again")
def _():
    talk = Talk("3", "--from", "12", "--speed", "0")
    talk.until(r"\[12/").press("L").until("새 w는 얼마")
    talk.press("L").until("what is the new w")
    here = talk.text()
    talk.press("?").until("Space Enter").until("q q").press(" ")
    assert talk.text() == here, talk.text()
    talk.press("z").until("what is the new w").press(" ")
    assert talk.text() == here, talk.text()
    talk.press("H").until("Hint 1 of")
    talk.press("G").until("  1 say").press("1").press("9").until("to step: 19_")
    talk.press("\r").until(r"> w = -3; descend E rate 0.1 steps 20")
    talk.press("\x0c").until(r"> w = -3; descend E rate 0.1 steps 20")
    talk.press("g99\r").until("no such step")
    talk.press("g").press("5\r").until(r"\[5/")
    talk.press("a").until(r"\[5/")
    assert talk.end() == 0


def speaker_notes(lang="en"):
    notes = Talk.__new__(Talk)
    notes.screen = pyte.Screen(80, 24)
    notes.stream, notes.bytes = pyte.ByteStream(notes.screen), b""
    notes.child = pexpect.spawn(fast, ["--lang", lang, "notes"], timeout=60, env=environment(), dimensions=(24, 80))
    return notes


@test("what a demo wrote is not written again by drawing it again: another language, another size, a step behind it")
def _():
    with tempfile.TemporaryDirectory() as place:
        path = script(place, """## One
x = 1; param w = 3; E = (w*x - 1)^2
log "l.txt"
w + 1
save "s.learn"
export E into "e.py"
plot E vs w from -3 to 5 into "p.svg"
log off
w + 2
## Two
w + 3
""")
        names = ("s.learn", "e.py", "l.txt")

        def written():
            return {n: (os.stat(f"{place}/{n}").st_mtime_ns, os.stat(f"{place}/{n}").st_ino) for n in os.listdir(place)}
        talk = Talk(path, "--speed", "0", cwd=place)
        go_on(talk, until=r"export E into \"e.py\"\n[^>]*\w")
        was, said = written(), open(f"{place}/l.txt").read()
        assert set(names) < set(was), was
        talk.press("L").until("> export E")
        assert "e.py" in talk.text().split("> export E")[1] and re.search("[가-힣]", talk.text()), talk.text()
        talk.resize(30, 100).until("> export E")
        talk.press("L").resize(24, 80).until("> export E")
        assert written() == was and open(f"{place}/l.txt").read() == said, (was, written())
        assert not [n for n in os.listdir(place) if n.startswith(".learn")], os.listdir(place)
        go_on(talk, until="w \\+ 3")
        was, said = written(), open(f"{place}/l.txt").read()
        assert "w + 1" in said and "w + 3" not in said and said.count("> w + 1") == 1, said
        talk.press("g2\r").until("> log").press("g9\r").until("Two").press("L").press("g6\r").press("L").press("g9\r")
        talk.until("Two")
        assert written() == was and open(f"{place}/l.txt").read() == said, (was, written())
        talk.press("g4\r").until("> save").press(" ").until("save \"s.learn\"\n[^>]*s.learn")
        assert written()["s.learn"] != was["s.learn"]  # somebody ran it
        assert talk.end() == 0


@test("a long line that was interrupted is not run again to be drawn")
def _():
    with tempfile.TemporaryDirectory() as place:
        path = script(place, "## One\nx = 1; param w = 3; E = (w*x - 1)^2\n"
                             "descend E rate 1e-9 steps 900000000 every 100000000\nw\n")
        talk = Talk(path, "--speed", "0")
        go_on(talk, until="> descend").press(" ", 1.2).press(CTRL_C, 0.5).until("topped")
        for _ in range(2):
            talk.press("L", 0.5).until("topped")
        talk.resize(30, 100).until("topped")
        talk.press(" ").until("> w")
        assert talk.end() == 0


@test("a pause in a repeat: back, freely and to a step are what they are everywhere")
def _():
    with tempfile.TemporaryDirectory() as place:
        path = script(place, '## One\nw = 1\nrepeat 3 { w = w + 1; pause "ready?" }\nw\n')
        for key, then in ((UP, "> w = 1"), (TAB, "live>"), ("g1\r", r"^One$"), ("a", "> repeat")):
            talk = Talk(path, "--speed", "0")
            go_on(talk, until="> repeat").press(" ").until("ready").press(key).until(then)
            assert "topped" not in talk.text(), talk.text()
            if key == TAB:
                talk.press("w\r").until("w = 2").press(CTRL_D)
            assert talk.end() == 0
        talk = Talk(path, "--speed", "0")
        go_on(talk, until="> repeat").press(" ").until("ready").press(" ").press(" ").press(" ").press(" ").until("> w\n*$")
        talk.press(" ").until("w = 4")
        assert talk.end() == 0


@test("a full page in another size is read on where it was")
def _():
    with tempfile.TemporaryDirectory() as place:
        path = script(place, "## One\n" + "; ".join(f'"row {i}"' for i in range(1, 61)) + '; save "s.learn"\n"over"\n')
        talk = Talk(path, "--speed", "0", rows=24, cwd=place)
        go_on(talk, until='> "row 1"').press(" ").until("▼").press(" ").until("▼")
        first = int(re.search(r"row (\d+)", talk.text())[1])
        for rows, columns in ((12, 60), (40, 100), (24, 80)):
            talk.resize(rows, columns).until("row \\d+")
            shown = [int(n) for n in re.findall(r"(?m)^row (\d+)$", talk.text())]
            assert min(shown) <= first and ("▼" in talk.text() or rows == 40), talk.text()
            assert max(len(r.rstrip()) for r in talk.rows()) <= columns
        while "▼" in talk.text():
            talk.press(" ")
        assert "row 60" in talk.text() and os.path.exists(f"{place}/s.learn"), talk.text()
        assert talk.end() == 0


@test("typed freely, `lang` and `digits` are put back; a status is wiped before; a talk ends at `quit`")
def _():
    with tempfile.TemporaryDirectory() as place:
        path = script(place, '## en: One\n## ko: 하나\nw = 1/3\n"one"\nquit\n"never"\n')
        talk = Talk(path, "--speed", "0")
        talk.until("One").press(" ").press(" ").press("+").until("speed 4")
        talk.press(TAB).until("live>")
        assert "speed 4" not in talk.text(), talk.text()
        talk.press("lang ko\r").press("digits 12\r").press("w\r").until("0.333333333333").press(CTRL_D)
        talk.press(TAB).press("w\r").until(r"w = 0.333333\n").press(CTRL_D)
        assert not os.path.exists(f"{state}/learn/lang")
        talk.press("-").until("speed 3").press(" ").press(" ")
        assert "speed 3" not in talk.text() and "one" in talk.text(), talk.text()
        talk.press(" ").until("The end")
        assert "never" not in talk.text() and not re.search("[가-힣]", talk.text())
        assert talk.end() == 0


@test("the manual has the keys")
def _():
    page = subprocess.run([fast, "--man"], env=environment(), capture_output=True, text=True, timeout=60).stdout
    rows = re.findall(r'^    \{TALK_\w+, \w+, "([\w-]+)"', open(f"{home}/src/present/keys.c").read(), re.M)
    words = json.load(open(f"{home}/src/text/words/talk.json"))
    assert len(rows) > 15
    for row in rows:
        assert words["talk.key." + row]["en"] in page or words["talk.key." + row]["ko"] in page, row


@test("who can't be presented to")
def _():
    def fails(status, text, *args, **more):
        r = subprocess.run([fast, "--lang", "en", "present", *args], env=environment(**more),
                           stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        assert r.returncode == status and re.search(text, r.stderr), (args, r)
    fails(2, "needs a terminal", "3")
    fails(1, "99", "99", "--auto", "1")
    fails(1, "nothing.json", "nothing.json", "--auto", "1")
    fails(1, "no step `nowhere`", "3", "--auto", "1", "--from", "nowhere")
    fails(2, "--speed", "3", "--speed", "9")
    fails(2, "never end", "3", "--auto", "1", "--loop")
    talk = Talk("3", rows=8, columns=30)
    talk.until("30×8")
    talk.child.expect(pexpect.EOF)
    talk.child.close()
    assert talk.child.exitstatus == 2


@test("a lesson that is presented runs nothing, writes nothing")
def _():
    with tempfile.TemporaryDirectory() as place:
        path = os.path.join(place, "evil.json")
        lines = ['save "s.learn"', 'log "l.txt"', "plot E into \"e.png\"", 'export E into "m.py"', 'run "/etc/passwd"',
                 "lesson 3", "quit", "lang ko", 'use "/etc/passwd" x 1 y 2']
        with open(path, "w") as f:
            json.dump({"format": 1, "lesson": 100, "id": "evil", "title": "E\u001b[31m\u202e", "minutes": 1, "goals": ["\u001b]0;x\u0007"],
                       "setup": ["param w = 3", "E = w^2", *lines],
                       "steps": [*({"run": line} for line in lines), {"play": "\u009b31mfree", "lines": lines},
                                 {"try": "do", "until": "w == 1", "solution": 'save "t.learn"'}, {"say": "Over."}]}, f)
        before = set(os.listdir(place))
        r = subprocess.run([fast, "--lang", "en", "present", path, "--auto", "1", "--anyway"], cwd=place,
                           env=environment(), stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        assert set(os.listdir(place)) == before, os.listdir(place)
        assert not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]|\xe2\x80\xae|\xc2\x9b", r.stdout + r.stderr), r.stdout


@test("without drawing: each line once, no escapes")
def _():
    for how in ({"args": ["--plain"]}, {"args": [], "ACCESSIBLE": "1"}):
        args = how.pop("args")
        talk = Talk("2", *args, rows=100, **how)
        talk.feed()
        ways = forward(talk, "The end", False)
        talk.press("qq", 0.3)
        lines = [line for line in talk.bytes.decode().splitlines() if line.startswith("> ")]
        assert b"\x1b" not in talk.bytes and lines, talk.bytes
        runs = [s["run"] for s in json.load(open(f"{home}/lessons/02-" + [f for f in os.listdir(f"{home}/lessons")
                if f.startswith("02-")][0][3:]))["steps"] if "run" in s]
        runs = [r if isinstance(r, str) else r["en"] for r in runs]
        for line in runs:
            assert lines.count("> " + line) == runs.count(line), (line, lines)
        assert ways


@test("by itself to the end: all lessons, both languages")
def _():
    lessons = sorted(int(f[:2]) for f in os.listdir(f"{home}/lessons") if re.match(r"\d\d-.*json", f))
    for n in lessons if learn == fast else lessons[:5]:
        for lang in ("en", "ko"):
            r = subprocess.run([fast, "--lang", lang, "present", str(n), "--auto", "1"], env=environment(),
                               stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100)
            assert r.returncode == 0, (n, lang, r.returncode, r.stdout[-500:], r.stderr)
            assert re.search("The end|끝입니다", r.stdout) and "Page" not in r.stdout[-200:], r.stdout[-500:]


@test("again and again, with a terminal, until q q")
def _():
    with tempfile.TemporaryDirectory() as place:
        path = script(place, 'w = 1\n## One\nw = w + 1\nexpect w == 2\n"over"\n')
        talk = Talk(path, "--auto", "0.1", "--loop", "--speed", "0")
        for stray in "", "b", "z", "?", "G", "g", "g1", TAB, "x":  # nobody may be left who would press another
            talk.send(stray).hears(b"(The end.)", 2)
        assert talk.end() == 0


@test("a recording for which there is no room: said, and the talk goes on")
def _():
    with tempfile.TemporaryDirectory() as place:
        path = script(place, "## One\nw = 1\n" + '"a long line of text, so that it is soon full"\n' * 60)
        small = ["sh", "-c", 'ulimit -f 2; exec "$0" "$@"', fast, "--lang", "en", "present", path, "--record", f"{place}/a.cast"]
        r = subprocess.run([*small, "--auto", "1"], env=environment(), stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        assert r.returncode == 1 and b"The end" in r.stdout and b"a.cast" in r.stderr, r
        with open(f"{place}/a.cast", "rb") as f:
            for line in f.read().split(b"\n")[:-1]:
                json.loads(line)
        os.remove(f"{place}/a.cast")
        talk = Talk("x", lang="en", program="/bin/true")
        talk.child = pexpect.spawn(small[0], small[1:] + ["--speed", "0"], env=environment(), dimensions=(24, 80))
        talk.child.delaybeforesend = None
        talk.until("One")
        notes = speaker_notes()
        go_on(talk, most=200, until="The end")
        notes.until("recording is no longer")
        assert talk.end() == 1
        notes.send(CTRL_C)


@test("without drawing, or at once, no syllable is half made")
def _():
    with tempfile.TemporaryDirectory() as place:
        path = script(place, "param 시냅스 = 3; 오류 = 시냅스^2\n")
        for how in (["--plain"], ["--speed", "0"], ["--auto", "1", "--plain"]):
            talk = Talk(path, *how, lang="ko")
            talk.until("시냅스").feed(1)
            assert not re.search("[ㄱ-ㅎㅏ-ㅣ]", talk.bytes.decode()), talk.bytes.decode()
        r = subprocess.run([fast, "--lang", "ko", "present", path, "--auto", "1"], env=environment(),
                           stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        assert not re.search("[ㄱ-ㅎㅏ-ㅣ]", r.stdout), r.stdout


@test("a table of a descent has all its columns on a narrow screen")
def _():
    talk = Talk("3", "--from", "19", "--speed", "0", "--pace", "0", columns=40)
    talk.until("descend").press(" ").until(r"20 +0\.954")
    assert re.search(r"step +w +E +dE/dw\n +0 +-3 +16 +-8\n", talk.text()), talk.text()
    assert max(len(row.rstrip()) for row in talk.rows()) <= 40, talk.text()
    assert talk.end() == 0


@test("typed freely without drawing: no escapes either")
def _():
    talk = Talk("3", "--plain", "--from", "6")
    talk.until("dE/dw").press(TAB).until("live>").press("w\r").until("w = 2").press(CTRL_D)
    assert b"\x1b" not in talk.bytes, talk.bytes
    assert talk.end() == 0


@test("a recording is the same each time, and what was seen")
def _():
    with tempfile.TemporaryDirectory() as place:
        for name in ("a", "b"):
            r = subprocess.run([fast, "--lang", "ko", "present", "3", "--auto", "2", "--record", f"{place}/{name}.cast"],
                               env=environment(SOURCE_DATE_EPOCH="1"), stdin=subprocess.DEVNULL, capture_output=True,
                               timeout=100)
            assert r.returncode == 0, r
        with open(f"{place}/a.cast", "rb") as a, open(f"{place}/b.cast", "rb") as b:
            text = a.read()
            assert text == b.read()
        events = [json.loads(line) for line in text.decode().splitlines()[1:]]
        times = [e[0] for e in events]
        assert times == sorted(times) and {e[1] for e in events} <= set("om")
        with open([f"{home}/lessons/{f}" for f in os.listdir(f"{home}/lessons") if f.startswith("03-")][0]) as f:
            shown = [s for s in json.load(f)["steps"] if "note" not in s]
        assert sum(e[1] == "m" for e in events) >= len(shown)
        screen = pyte.Screen(80, 24)
        stream = pyte.Stream(screen)
        seen = ""
        for e in events:
            stream.feed(e[2] if e[1] == "o" else "")
            seen = "끝입니다" if any("끝" in row for row in screen.display) else seen
        assert seen, screen.display
        r = subprocess.run([fast, "--lang", "en", "present", "3", "--auto", "2", "--record", f"{place}/a.cast"],
                           env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100)
        assert r.returncode == 2 and "there already" in r.stderr, r


@test("a recording shows what the screen showed, at each moment")
def _():
    with tempfile.TemporaryDirectory() as place:
        for lang in "en", "ko":
            cast = f"{place}/{lang}.cast"
            talk = Talk("3", "--from", "18", "--speed", "0", "--pace", "0", "--record", cast, lang=lang, LEARN_PICTURES="off")
            talk.until(r"\[18/")

            def same(keys):
                with open(cast, encoding="utf-8") as f:
                    head, *events = map(json.loads, f)
                screen = pyte.Screen(head["width"], head["height"])
                stream = pyte.Stream(screen)
                for _, kind, text in events:
                    stream.feed(text if kind == "o" else "")
                assert screen.display == talk.screen.display, repr(keys) + "\n".join(
                    f"{a}|{b}" for a, b in zip(screen.display, talk.screen.display) if a != b)
            for keys in (" ", " ", " ", " ", UP, " ", "z", "b", " ", "?", " ", "+", TAB, "w = 99\r", CTRL_D, "L", "g4\r", "3\r", " ",
                         "g35\r"):
                talk.press(keys)
                same(keys)
            go_on(talk, until="The end|끝입니다")
            same("the end")
            assert talk.end() == 0


@test("demos by themselves; one that fails says where")
def _():
    demos = sorted(os.listdir(f"{home}/lessons/demos"))
    assert len(demos) >= 3
    for demo in demos:
        for lang in ("en", "ko"):
            r = subprocess.run([fast, "--lang", lang, "present", f"{home}/lessons/demos/{demo}", "--auto", "1"],
                               env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100)
            assert r.returncode == 0 and not r.stderr, (demo, r)
    r = subprocess.run([fast, "--lang", "en", "present", "backprop", "--auto", "1"], env=environment(),
                       stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100)
    assert r.returncode == 0 and "graph" in r.stdout, r
    with tempfile.TemporaryDirectory() as place:
        path = f"{place}/x.learn"
        with open(path, "w") as f:
            f.write('## One\nw = 3\nexpect w == 3\n# a note\npause "Hello", "안녕"\nexpect 1 == 2\n"never"\n')
        r = subprocess.run([fast, "--lang", "en", "present", path, "--auto", "1"], env=environment(),
                           stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        assert r.returncode == 1 and f"{path}:6:8" in r.stderr and "never" not in r.stdout, r
        talk = Talk(path, "--speed", "0", lang="ko")
        talk.until("One").press(" ").until("> w = 3").press(" ").press(" ").until("안녕").press(" ").until("1 == 2")
        assert "never" not in talk.text()
        talk.press(" ").until("never")
        assert talk.end() == 0
        with open(path, "w") as f:
            f.write("lang ko\n1 + 1\n")
        talk = Talk(path, "--speed", "0")
        talk.until("> lang ko").press(" ").until("한국어").end()
        assert not os.path.exists(f"{state}/learn/lang")  # the talk's, not the person's


@test("a script of any shape is presented, and leaves the terminal as it was")
def _():
    shapes = ("w = 1\n", "w = 1\n## p\nw\n", "clear\n## a\n", 'pause "a"\n', "# nothing but a comment\n", "\ufeff## a\nw = 1\n",
              "## a\nw = 1\n# end\n", "## a\nw = 1\n\n# end\n## b\nw\n", "## a\n", "## a\n# note\n", "")
    with tempfile.TemporaryDirectory() as place:
        for shape in shapes:
            path = f"{place}/x.learn"
            with open(path, "w") as f:
                f.write(shape)
            r = subprocess.run([learn, "--lang", "en", "present", path, "--auto", "1"], env=environment(),
                               stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
            assert r.returncode in (0, 1) and bool(r.stderr) == bool(r.returncode), (shape, r)
            if "w = 1" in shape:
                assert r.returncode == 0 and "w = 1" in r.stdout, (shape, r)


@test("the speaker's notes, and keys from there")
def _():
    talk = Talk("3", "--from", "4", "--speed", "0")
    talk.until(r"\[4/")
    notes = speaker_notes()
    notes.until("nudge-at-2").until("to the right it rises").until("ANSWER +1: E grows, so make w a little smaller")
    notes.press(" ")
    talk.until("The answer")
    notes.press("\x1b[6~")
    talk.until(r"\[5/")
    notes.until(r"step 5 of \d\d")
    notes.press("?").until("KEYS").press("?").until("NOTE|NEXT")
    assert "KEYS" not in notes.text(), notes.text()
    assert "[5/" in talk.text()
    talk.press("b", 1.5)  # whoever looks says so five times a second: that is no key
    assert not talk.text().strip(), talk.text()
    talk.press("b").until(r"\[5/")
    assert talk.end() == 0
    notes.until("is over")
    for lang, title in (("en", "The lowest point"), ("ko", "가장 낮은 곳")):
        with tempfile.TemporaryDirectory() as place:
            path = script(place, "w = 1\n## en: The lowest point\n## ko: 가장 낮은 곳\nw\n")
            talk = Talk(path, "--speed", "0", lang=lang)
            notes.until(title)
            assert "x.learn" not in notes.text(), notes.text()
            assert talk.end() == 0
            notes.until("over|끝났")
    notes.send(CTRL_C)


@test("one's own lesson is looked at before")
def _():
    with tempfile.NamedTemporaryFile("w", suffix=".json", dir=state) as f:
        json.dump({"format": 1, "lesson": 100, "id": "mine", "title": "M", "minutes": 1, "goals": ["x"], "setup": [],
                   "steps": [{"say": "Now."}, {"run": "decend E"}, {"say": "Then."}]}, f)
        f.flush()
        for more, status in (([], 1), (["--anyway"], 1)):  # the line fails, too
            r = subprocess.run([fast, "--lang", "en", "present", f.name, "--auto", "1", *more], env=environment(),
                               stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
            assert r.returncode == status, r
            assert ("lint finds" in r.stderr) != bool(more) and ("Now." in r.stdout) == bool(more), r


sys.exit(verdict())
