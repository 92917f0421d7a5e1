"""A person at a terminal: the program under a pseudo-terminal, its screen drawn by a terminal emulator (pyte).

    p = Person("--lang", "en", "lesson", "3", rows=24, columns=80)
    p.rest()                 # until the program waits: at a prompt, a full page, or its end
    p.type("w = 2")          # the line, Enter, and rest
    p.page                   # the rows written since the last key, as they stand
"""
import os, re, signal, subprocess, time
import pexpect, pyte
from wcwidth import wcwidth

LEARN = os.path.abspath(os.environ.get("LEARN_FAST") or os.environ.get("LEARN", "./learn"))
PROMPT = re.compile(r"(^|\s)(learn \d+(\.\d+)?> |> |… )$|▼$|[Aa]ny key|아무 키|\(Enter: ")


def columns_of(letter):
    """As today's terminals and wcwidth have it: Debian 12's doesn't know yet that a vowel or an end of
    Hangul behind its first letter takes no column of its own."""
    return 0 if "\u1160" <= letter <= "\u11ff" or "\ud7b0" <= letter <= "\ud7ff" else wcwidth(letter)


pyte.screens.wcwidth = columns_of


class Sheet(pyte.Screen):
    """Counts the rows that run off its top, and keeps those that are too wide."""

    def __init__(self, columns, lines):
        self.scrolled = 0
        self.over = []  # rows that went on where the terminal broke them
        super().__init__(columns, lines)

    def draw(self, data):
        x, y = self.cursor.x, self.cursor.y
        if x + sum(map(columns_of, data)) > self.columns:
            self.over.append("".join(self.buffer[y][i].data for i in range(x)) + data)
        super().draw(data)

    def index(self):
        if self.cursor.y == (self.margins.bottom if self.margins else self.lines - 1):
            self.scrolled += 1
        super().index()


def heed():
    """A test run behind `&` ignores these, and so would what it starts."""
    for sign in (signal.SIGINT, signal.SIGQUIT):
        signal.signal(sign, signal.SIG_DFL)


def asleep(pid):
    """The program and all it started wait: for a key, the time, one another. What a busy machine has no turn for is
    not asleep: so this tells what silence does not."""
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/stat") as f:
                if f.read().rpartition(")")[2].split()[0] in "RD":
                    return False
            with open(f"/proc/{pid}/task/{task}/children") as f:
                if not all(map(asleep, f.read().split())):
                    return False
    except OSError:  # it is over
        pass
    return True


class Person:
    program = LEARN

    def __init__(self, *args, rows=24, columns=80, term="xterm-256color", state=None, program=LEARN, lies=False, **more):
        env = dict(os.environ, TERM=term, LC_ALL="C.UTF-8", XDG_STATE_HOME=state or "/nonexistent", COLUMNS="", LINES="", **more)
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "COLUMNS", "LINES", "COLORTERM"):
            env.pop(name, None)
        self.sheet = Sheet(columns, rows)
        self.stream = pyte.ByteStream(self.sheet)
        self.p = pexpect.spawn(program, list(args), env=env, timeout=60, preexec_fn=heed,
                               dimensions=(0, 0) if lies else (rows, columns))
        self.ended = False
        self.start = 0  # rows from the very top to where this page begins

    def read(self, wait):
        try:
            data = self.p.read_nonblocking(65536, wait)
        except pexpect.TIMEOUT:
            return False
        except (pexpect.EOF, OSError):
            self.ended = True
            return False
        # pyte does not know the private modes of a paste, nor what a dim ink is
        self.stream.feed(re.sub(rb"\x1b\[\?2004[hl]", b"", data))
        return True

    def line(self, y):
        """What stands in a row: a sign of two columns is one."""
        return "".join(self.sheet.buffer[y][x].data for x in range(self.sheet.columns)).rstrip()

    def waits(self):
        y = self.sheet.cursor.y
        row = "".join(self.sheet.buffer[y][x].data for x in range(self.sheet.columns))
        return PROMPT.search(row[:self.sheet.cursor.x] if row.strip()[-1:] != "▼" else row.strip()) is not None

    def rest(self, patience=60):
        end = time.time() + patience
        heard = False  # a prompt that nothing was heard after is the old one
        while not self.ended:
            more = self.read(0.03)
            heard |= more
            if heard and not more and self.waits() and asleep(self.p.pid):
                break
            assert time.time() < end, "it neither waits nor ends:\n" + self.shown()
        return self

    def shown(self):
        return "\n".join(self.line(y) for y in range(self.sheet.lines)).rstrip()

    @property
    def at(self):
        return self.sheet.scrolled + self.sheet.cursor.y

    @property
    def ran_past(self):
        """Rows of this page that nobody can see any more."""
        return max(0, self.sheet.scrolled - self.start)

    @property
    def page(self):
        first = max(0, self.start - self.sheet.scrolled)
        return [self.line(y) for y in range(first, self.sheet.cursor.y + 1)]

    @property
    def full(self):
        return self.line(self.sheet.cursor.y).endswith("▼")

    def key(self, keys):
        self.start = self.at
        self.p.send(keys)
        return self.rest()

    def type(self, line):
        """Enter only once the line stands there, as a person would."""
        self.start = self.at
        self.p.send(line)
        self.p.send("\r")
        return self.rest()

    def close(self):
        self.p.close(force=True)


def solutions(number, lang, state):
    """What somebody types who knows: for each prompt its lines."""
    said = subprocess.run([LEARN, "--lang", lang, "--type", "solutions", "lesson", str(number)],
                          env=dict(os.environ, XDG_STATE_HOME=state, LC_ALL="C.UTF-8"), stdin=subprocess.DEVNULL,
                          capture_output=True, text=True).stdout
    lines = {}
    for prompt, line in re.findall(r"(?m)^(learn \d+\.\d+> )(.*)$", said):
        lines.setdefault(prompt, []).append(line)
    return lines
