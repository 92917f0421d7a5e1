#!/usr/bin/env python3
"""Whatever a stranger wrote, on a terminal with colours only our own colours and signs that
can be seen come out: lessons, scripts, names of files, tables, a gnuplot, the environment."""
import json, os, re, subprocess, sys, tempfile, unicodedata

learn = os.path.abspath(os.environ.get("LEARN", "./learn"))
work = tempfile.mkdtemp()
os.chdir(work)
bad = 0

# Every kind of what may not come out, around something that must.
EVIL = ("a\x1b]0;OWNED\x07b\x1b[2Jc\x1b[31md\x9b31me\x85f\u202eg\u2066h\u2069i\u200ej\u200fk"
        "\u061cl\u200bm\u200cn\u200do\u2060p\ufeffq\u00adr\u2028s\u2029t\x7fu\x08v\rw\x0cx"
        "\U000e0041y\ufff9z\x0e0")
KEPT = "abcdefghijklmnopqrstuvwxyz0"
INKS = [b"\x1b[0m", b"\x1b[38;5;208m", b"\x1b[32m", b"\x1b[31m", b"\x1b[94m", b"\x1b[2m", b"\x1b[1m"]


def run(*args, typed="", term="xterm-256color", **env):
    """Standard output and error on a terminal: the bytes that came there."""
    master, slave = os.openpty()
    env = {**os.environ, "TERM": term, "XDG_STATE_HOME": work + "/state", "LC_ALL": "C.UTF-8", **env}
    env.pop("DISPLAY", None)
    p = subprocess.Popen([learn, "--lang", "en", *args], stdin=subprocess.PIPE, stdout=slave,
                         stderr=slave, env=env)
    os.close(slave)
    p.stdin.write(typed.encode("utf-8", "surrogateescape"))
    p.stdin.close()
    said = b""
    try:
        while piece := os.read(master, 65536):
            said += piece
    except OSError:
        pass
    os.close(master)
    p.wait()
    return said.replace(b"\r\n", b"\n")


def faults(said, inks=INKS):
    for ink in inks:
        said = said.replace(ink, b"")
    try:
        text = said.decode()
    except UnicodeDecodeError as e:
        return [str(e)]
    wrong = {c for c in text if c not in "\n\t" and
             (unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs") or 0xFDD0 <= ord(c) <= 0xFDEF)}
    return [f"U+{ord(c):04X}" for c in sorted(wrong)]


def check(name, said, shown=True, inks=INKS):
    """`shown`: the letters of EVIL, or any words, must be there however lines break."""
    global bad
    wrong = faults(said, inks)
    plain = said
    for ink in INKS:
        plain = plain.replace(ink, b"")
    words = re.sub(r"\s", "", plain.decode("utf-8", "replace"))
    words = words.replace("]0;OWNED", "").replace("[2J", "").replace("[31m", "").replace("31m", "")
    wanted = KEPT if shown is True else shown
    if wanted and wanted.replace(" ", "") not in words:
        wrong.append("not shown: " + wanted)
    print(("FAILED " if wrong else "ok ") + name)
    if wrong:
        print("  ", *wrong, "\n", said[-1500:])
    bad += bool(wrong)


def both(text):
    return {"en": text, "ko": text}


# ---- a lesson with it in every text ----

line = f'"{EVIL}"'
steps = [
    {"say": both(EVIL)}, {"run": line},
    {"run": "plot E vs w from -3 to 5"},
    {"run": f'use "{EVIL}.csv" x 1 y 2'},
    {"run": f"param {EVIL} = 3"},
    {"ask": both(EVIL), "choices": [both(EVIL), both("2" + EVIL)], "answer": 0, "name": "n" + EVIL,
     "wrong": {"1": both(EVIL)}, "why": both(EVIL), "hints": [both(EVIL)]},
    {"ask": both(EVIL), "answer": both(EVIL), "name": "word", "wrong": {EVIL: both(EVIL)}, "hints": [both(EVIL)]},
    {"predict": both(EVIL), "answer": "E", "within": 0.1, "name": "p", "why": both(EVIL), "hints": [both(EVIL)],
     "slips": [{"value": "7", "say": both(EVIL)}]},
    {"try": both(EVIL), "until": "w == 1", "solution": f'w = 1; {line}', "name": "t", "why": both(EVIL),
     "hints": [both(EVIL)], "slips": [{"value": "w == 2", "line": "w = 2", "say": both(EVIL)}]},
    {"play": both(EVIL), "lines": [line, EVIL]},
]
lesson = {"format": 1, "lesson": 3, "id": "x", "title": both(EVIL), "minutes": 1, "goals": [both(EVIL)],
          "setup": ["param w = 3; E = (w - 1)^2"], "steps": steps}
os.makedirs("home/lessons")
path = "home/lessons/03-x.json"
with open(path, "w") as f:
    json.dump(lesson, f)
home = {"LEARN_HOME": work + "/home"}
check("a lesson played, with every answer", run("--type", "solutions", "lesson", "3", **home))
check("… with hints", run("--type", "hints", "lesson", "3", **home))
check("… with wrong answers", run("--type", "wrong", "lesson", "3", **home))
check("the list of lessons", run("-c", "lessons", **home))
check("progress", run(typed="lesson 3\n\nskip\nquit\nprogress\n", **home))
check("lint plays it", run("lint", path, **home), "U+001B controls a terminal")
check("--plain", run("--plain", "--type", "solutions", "lesson", "3", **home))
piped = subprocess.run([learn, "--type", "solutions", "lesson", "3"], capture_output=True,
                       env=dict(os.environ, XDG_STATE_HOME=work + "/s", **home))
check("into a pipe, without any colour", piped.stdout + piped.stderr, inks=())

# Lint names each sign, wherever it stands: in a text, a line, a name, an answer.
for n, sign in enumerate(EVIL):
    if sign.isascii() and sign.isprintable():
        continue
    at = [lambda l: l["title"].update(en=sign), lambda l: l["title"].update(ko="t" + sign),
          lambda l: l["setup"].append(f'"{sign}"'), lambda l: l["goals"].append(both(sign + "g"))][n % 4]
    clean = json.loads(json.dumps(lesson).replace(json.dumps(EVIL)[1:-1], "clean"))
    at(clean)
    with open("03-one.json", "w") as f:
        json.dump(clean, f)
    said = run("lint", "03-one.json")
    wanted = f"U+{ord(sign):04X}" if sign.strip() or n % 4 in (1, 2, 3) else "03-one.json"
    check(f"lint refuses U+{ord(sign):04X}", said, wanted)
with open("03-zero.json", "wb") as f:
    f.write(json.dumps(clean).replace("clean", "\x1b[31m").encode())
check("a lesson's form that is refused", run("lint", "03-zero.json"), "03-zero.json")
with open("id.json", "w") as f:
    json.dump({**lesson, "id": "x" + EVIL}, f)
with open("unknown.json", "w") as f:
    json.dump({**lesson, EVIL: 1}, f)
check("an id of such signs", run("lint", "id.json"), "id: an id is made of")
check("an unknown key", run("lint", "unknown.json"))
with open("broken.json", "w") as f:
    f.write('{"a": ' + EVIL.replace("\n", ""))
check("a broken file, its line quoted", run("lint", "broken.json"), "broken.json")

# ---- lines, names, the command line ----

check("a text", run("-c", line))
check("--echo, and an error with its caret", run("--echo", typed=f"1+1\nx = {EVIL} (\n"), None)
check("an error in -c", run("-c", f'x = ({EVIL}'), None)
check("invalid UTF-8", run(typed='"a\udcff\udcfeb"\n1+1\n'), None)
check("pause", run("-c", f'pause "{EVIL}"'))
check("words of the command line", run(EVIL, "more"))
check("an unknown option", run("--" + EVIL))
check("--version", run("--version"), "learn")
check("--schema", run("--schema"), "$schema")
for way in ("lint", "run"):
    check(f"{way} of such a file name", run(way, EVIL + ".json"))
for command in ('save "{}/x"', 'run "{}"', 'export E into "{}/x.py"', 'log "{}/x"', 'use "{}" x 1 y 2',
                'plot E vs w from 0 to 1 into "{}/x.png"', 'lang {}', 'help {}', 'lesson {}', 'show {}'):
    said = run("-c", "param w = 3; E = w^2\n" + command.format(EVIL))
    check(command.format("…") + " of such a name", said, None)
check("a home of such a name", run("lesson", "3", LEARN_HOME=work + "/" + EVIL), None)

# No such name reaches a script, a comment or gnuplot: nothing is written or read.
os.makedirs("names")
os.chdir("names")
with open("ok.csv", "w") as f:
    f.write("1,2\n" * 10)
for sign in "\n\r\x1b\x7f\x85\u2028\t":
    name = f"a{sign}import os{sign}#"
    os.link("ok.csv", name + ".csv")
    for ending, command in (("", 'save "{}"'), ("", 'log "{}"'), (".py", 'export E into "{}"'),
                            (".onnx", 'export E into "{}"'), (".csv", 'export W into "{}"'), ("", 'run "{}"'),
                            (".png", 'plot E vs w from 0 to 1 into "{}"'), (".csv", 'use "{}" x 1 y 2')):
        board = "param w = 3, W[1500] = zeros; E = (w*sum(W))^2\n"
        said = run("-c", board + command.format(name + ending))
        check(f"{command.format('…' + ending)} with U+{ord(sign):04X}", said, "file name")
    for way in ("run", "lint"):
        check(f"learn {way} with U+{ord(sign):04X}", run(way, name + ".csv"), "file name")
    os.unlink(name + ".csv")
    left = sorted(os.listdir("."))
    if left != ["ok.csv"]:
        print("FAILED nothing is written", left)
        bad = 1
os.chdir(work)

# ---- tables, logs, gnuplot ----

with open("t.csv", "w") as f:
    f.write("a,b,\"n" + EVIL + "\"\n" + "".join(f"{i},{-i},\"{'ab'[i % 2]}{EVIL}\"\n" for i in range(30)))
use = 'use "t.csv" x 1..2 y 3 test 0.2'
check("classes and columns of a table", run("-c", f"{use}\nnet 2-2\ntrain E epochs 2 rate 0.1\ntest O\nsummary E"),
      inks=INKS + [b"\r\x1b[K", b"\r"])  # the bar of train is drawn over itself
check("… and its boundary", run("-c", f"{use}\nnet 2-2\nplot boundary O"), None,
      INKS + [f"\x1b[48;5;{n}m".encode() for n in range(256)])
check("… and errors of it", run("-c", f'use "t.csv" x 3 y 1; use "t.csv" x "{EVIL}" y 1'), None)
run(typed=f'log "log.txt"\n{line}\nw = 1 + {EVIL}\n')
with open("log.txt", "rb") as f:
    check("a log", f.read(), inks=())
with open("fake", "w") as f:
    f.write(f"""#!/bin/sh
while read -r line; do
    case $line in *@@*) n=${{line#*@@}}; printf '%s\\n\\n@@%s %s\\n' '{EVIL}' "${{n%% *}}" "$FAILS" ;; esac
done
""")
os.chmod("fake", 0o755)
plot = "param w = 3; E = (w - 1)^2; plot E vs w from 0 to 2"
for fails, name in (("0", "the picture"), ("1", "the complaint")):
    check(f"{name} of a gnuplot", run("-c", plot, LEARN_GNUPLOT=work + "/fake", FAILS=fails), None)
check("a gnuplot of such a name", run("-c", plot, LEARN_GNUPLOT=EVIL))
os.makedirs("state2/learn")
with open("state2/learn/lang", "w") as f:
    f.write(EVIL)
with open("state2/learn/progress.json", "w") as f:
    f.write("{" + EVIL)
check("state of a stranger's", run("lesson", "3", XDG_STATE_HOME=work + "/state2", **home), None)

subprocess.run(["rm", "-rf", work])
sys.exit(bad > 0)
