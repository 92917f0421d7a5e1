#!/usr/bin/env python3
"""Ctrl-C: whatever runs is ended, at the prompt, in a script, from standard input and -c;
nothing after it runs or is written, the board is as it was, and the prompt goes on.

`stop_test.py -v` says how long each took. The bounds here are generous: the tests run
sanitized, on busy machines."""
import gzip, json, os, re, signal, shutil, subprocess, sys, tempfile, time
import pexpect

learn = os.path.abspath(os.environ.get("LEARN", "./learn"))
fast = os.path.abspath(os.environ.get("LEARN_FAST", learn))
verbose = "-v" in sys.argv
folder = tempfile.mkdtemp()
env = dict(os.environ, XDG_STATE_HOME=folder, LC_ALL="C.UTF-8", TERM="xterm")
for name in ("DISPLAY", "WAYLAND_DISPLAY"):
    env.pop(name, None)
MOST = 30  # seconds in which it has to be over
SETUP = 300  # and in which what goes before, which nobody stops
AFTER = '"AF", "TER"'  # shown as AF TER
bad = 0

# Each would run for minutes: the lines that make the board, and the one that is stopped.
LARGE = ["param V[2000, 2000] = normal(0, 0.001)", "E = mean((V@V@V@V - 1)^2)"]
SMALL = ["param w = 1", "F = (w - 1)^2 + w"]
VGG = ["P = normal(0, 1, 1, 3, 224, 224)", "C = relu(conv(P, 64, size=3, pad=1))",
       "D = relu(conv(C, 64, size=3, pad=1))"]
NET = ["X = normal(0, 1, 64, 3, 64, 64)", "y = zeros(64, 1)", "use X, y",
       "C = relu(conv(X, 64, size=3, pad=1))", "D = relu(conv(C, 128, size=3, pad=1))",
       "L = mean(D^2)"]
WRITE = ["X = [[0, 1], [1, 0]]; X.letters = [97, 98]", "O = X @ ones(2, 2000) @ ones(2000, 2000) @ ones(2000, 2)"]
TABLE = [
    ("a large product", LARGE, "sum(V@V@V@V@V)"),
    ("a value to be kept", LARGE, "kept = now(sum(V@V@V@V@V))"),
    ("a new definition's own number", LARGE, "z = zeros(now(1 + 0*sum(V@V@V@V)))"),
    ("several in a line", LARGE, '1 + 1; sum(V@V@V@V); sum(V@V@V@V@V)'),
    ("what if", LARGE, "E at V = V + 1"),
    ("a gradient", LARGE, "dE/dV"),
    ("numbers made evenly", [], "repeat 1000 { sum(linspace(0, 1, 20000000)) }"),
    ("a Jacobian", ["x = zeros(3000)", "param U[3000, 3000]", "v = x @ U"], "dv/dx"),
    ("convolutions", VGG, "repeat 1000 { sum(D) }"),
    ("element by element, again and again", ["Z = zeros(1000, 1000)"],
     "repeat 1000000 { sum(sin(Z)) }"),
    ("numbers drawn", [], "repeat 1000000 { mean(normal(0, 1, 1000, 1000)) }"),
    ("an empty repeat", [], "repeat 100000000 as i { }"),
    ("forward", LARGE, "forward E"),
    ("backward", LARGE, "backward E"),
    ("a drawing", LARGE, "graph E"),
    ("check", LARGE, "check E"),
    ("why", LARGE, "why dE/dV[0, 0]"),
    ("gradients", LARGE, "gradients E"),
    ("an update", LARGE, "step E"),
    ("an update by hand", LARGE, "V -= 0.1*dE/dV"),
    ("a descent of a large graph", LARGE, "descend E steps 100"),
    ("a long descent", SMALL, "descend F rate 1e-12 steps 1000000000 every 0"),
    ("a descent until", SMALL, "descend F rate 1e-12 steps 1000000000 every 0 until F < -9"),
    ("a curve", LARGE, "plot E vs V[0, 0] from -1 to 1"),
    ("a picture of it", LARGE, f'plot E vs V[0, 0] from -1 to 1 into "{folder}/e.svg"'),
    ("a table", LARGE, "table E vs V[0, 0] from -1 to 1"),
    ("an animation", LARGE, "animate E vs V[0, 0] from -1 to 1 steps 100"),
    ("training", NET, "train L epochs 1000 batch 64"),
    ("training of convolutions", ["X = normal(0, 1, 16, 16, 60, 60)", "y = zeros(16, 1)", NET[2],
        "C = relu(conv(X, 64, size=5, pad=2))", "D = conv(C, 4, size=3)", "L = mean(D^2)"],
     "train L epochs 1000 batch 16"),
    ("training of wide layers", ["X = normal(0, 1, 256, 3000)", "y = zeros(256, 1)", NET[2],
        "C = relu(dense(X, 3000))", "D = dense(C, 3000)", "L = mean(D^2)"], "train L epochs 1000 batch 256"),
    ("a long script that is read", [], f'run "{folder}/lines.txt"'),
    ("… in Korean", [], f'run "{folder}/korean.txt"'),
    ("… in one line", [], f'run "{folder}/line.txt"'),
    ("a long list", [], f'run "{folder}/list.txt"'),
    ("a packed table", [], f'use "{folder}/t.csv.gz" x 1..2 y 3'),
    ("a table from CP949", [], f'use "{folder}/t.csv" x 1 y 2'),
    ("a save of many numbers", ["param Q[60000000] = normal(0, 1)"], f'save "{folder}/q.learn"'),
    ("an export of many numbers", ["Q = normal(0, 1, 10000000)"], f'export Q into "{folder}/e.csv"'),
    ("a derivative by algebra", ["param w = 2", "f(x) = (x*w + 1)^3*(x - w)^2", "E = f(f(f(w)))*f(f(w))"],
     "repeat 100000 { grad dE/dw }"),
    ("show, again and again", SMALL, "repeat 100000000 { show }"),
    ("an export", LARGE, f'export E into "{folder}/e.py"'),
    ("an expectation", LARGE, "expect E > 0"),
    ("a text that is written", WRITE, "write O count 1000000"),
    ("a number's clause", LARGE, "descend E rate 0*sum(V@V@V@V) steps 10"),
]


def say(name, fault, took):
    global bad
    if fault:
        bad = 1
        print("FAILED", name, "\n  ", fault)
    else:
        print("ok", name, f"({1000*took:.0f} ms)" if verbose else "")
    sys.stdout.flush()


def run(args, text=None, after=1.0):
    """What a script says and its status; SIGINT comes once it has begun."""
    begun = f"{folder}/begun"
    if os.path.exists(begun):
        os.remove(begun)
    p = subprocess.Popen([learn] + args, env=env, cwd=folder, stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if text is not None:
        p.stdin.write(text.encode())
        p.stdin.close()
        p.stdin = None
    began = time.time()
    while text is not None or args[0] == "run":
        if os.path.exists(begun) or time.time() - began > SETUP or p.poll() is not None:
            break
        time.sleep(0.02)
    time.sleep(after)
    ended = p.poll() is not None
    sent = time.time()
    p.send_signal(signal.SIGINT)
    try:
        out = p.communicate(timeout=MOST)[0].decode(errors="replace")
    except subprocess.TimeoutExpired:
        p.kill()
        return p.communicate()[0].decode(errors="replace"), "nothing", MOST, ended
    return out, p.returncode, time.time() - sent, ended


def fault_of(out, status, ended, files):
    if ended:
        return "it was over before it could be stopped: " + out[-300:]
    if status != 130:
        return f"ended with {status}: {out[-300:]}"
    if "AF TER" in out:
        return "what came after it ran"
    if len(re.findall("Stopped", out)) != 1:
        return "said it not once: " + out[-300:]
    for path, was in files.items():
        if open(path).read() != was:
            return f"{path} was written"
    left = [f for f in os.listdir(folder) if f.startswith(("e.py", "e.svg", "e.csv", "q.learn", ".learn-", "half.learn"))]
    return f"left {left}" if left else ""


def script(name, setup, line):
    half = f"{folder}/half.learn"
    if os.path.exists(half):
        os.remove(half)
    text = "\n".join(setup + [f'save "{folder}/begun"', line, f'save "{half}"', AFTER, ""])
    open(f"{folder}/x.learn", "w").write(text)
    out, status, took, ended = run(["run", f"{folder}/x.learn"])
    say(f"{name}: a script", fault_of(out, status, ended, {}), took)


def show(p):
    """What `show` says, behind the last echo of the line: what is typed before the prompt is
    there is echoed by the terminal, wherever it falls, and once more by readline."""
    p.send('show; "END"\r')
    p.expect("[\r\nm]END\r\n")  # m: the end of a colour
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]?", "", p.before.rpartition('"END"\r\n')[2])


def prompt(name, setup, line):
    p = pexpect.spawn(learn, [], env=env, cwd=folder, encoding="utf-8", timeout=SETUP,
                      dimensions=(400, 100))  # more than a page
    fault, took = "", 0
    try:
        p.expect("> ")
        for made in setup:
            p.send(made + "\r")
        p.send('"READY"\r')
        p.expect("READY\r\n")
        p.send("digits 17\r")
        before = show(p) if name not in LEARNS else ""
        p.send(f"{line}; {AFTER}\r")
        p.expect('"TER"\r\n')
        time.sleep(0.5)
        sent = time.time()
        p.send("\x03")
        p.send("\x03")  # a second one does no harm
        p.expect("Stopped[^\r]*\r\n", timeout=MOST)
        took = time.time() - sent
        p.send('"on"\r')
        p.expect("[\r\n]on\r\n", timeout=MOST)
        if "AF TER" in p.before:
            fault = "what came after it ran"
        if "Stopped" in p.before:
            fault = "said twice"
        if not fault and before and show(p) != before:
            fault = "the board is another"
        p.send("quit\r")
        p.expect(pexpect.EOF)
    except pexpect.ExceptionPexpect as e:
        fault = type(e).__name__ + " behind " + repr(p.before)[-300:]
    p.close(force=True)
    say(f"{name}: the prompt", fault, took)


# what was learned until then is kept
LEARNS = {"a long descent", "a descent until", "training", "an empty repeat",
          "training of convolutions", "training of wide layers"}

with open(f"{folder}/lines.txt", "w") as f:
    f.write("x = [1, 2.5, 3] * sin(0.25) + max(1, 2) - (3 + 4)*2\n" * 600000)
with open(f"{folder}/korean.txt", "w") as f:
    f.write("# 가설과 정답의 오류를 줄인다\n" * 1500000)
with open(f"{folder}/line.txt", "w") as f:
    f.write("# " + "가설과 정답의 오류를 줄인다 " * 1500000)
with open(f"{folder}/list.txt", "w") as f:
    f.write("v = [" + "1.5, " * 10000000 + "1]\n")
with open(f"{folder}/t.csv", "wb") as f:
    f.write("이름,수\n".encode("cp949") + "가나다라,2\n".encode("cp949") * 8000000)
with gzip.open(f"{folder}/t.csv.gz", "wb", 1) as f:
    f.write(b"a,b,c\n")
    for i in range(12):
        f.write(b"1.25,2.5,3.75\n" * 1000000)

PAGES = {"a derivative by algebra", "show, again and again"}  # a page ends what the prompt says

only = [a for a in sys.argv[1:] if a != "-v"]
for row in TABLE:
    if only and not any(o in row[0] for o in only):
        continue
    script(*row)
    if row[0] not in PAGES:
        prompt(*row)

if not only:
    long = f"param A[1000, 1000]\nrepeat 4000 {{ sum(A @ A) }}\n{AFTER}\n"
    open(f"{folder}/long.learn", "w").write(long)
    for name, args, text in [
            ("-c", ["-c", long.replace("\n", "; ", 2)], None),
            ("run within run", ["-c", f'run "{folder}/long.learn"; {AFTER}'], None),
            ("standard input", [], f'save "{folder}/begun"\n' + long),
            ("a repeat's body", ["-c", "param A[1000, 1000]; repeat 4000 { sum(A@A); 1 }; " + AFTER],
             None)]:
        out, status, took, ended = run(args, text)
        say(f"stopped: {name}", fault_of(out, status, ended, {}), took)

    out, status, took, ended = run(["-c", "; ".join(WRITE) + "; write O count 1000000; " + AFTER])
    say("stopped: what was written until then is shown", fault_of(out, status, ended, {}) or
        ("" if re.search("^a{5,}$", out, re.M) else out[-300:]), took)

    # a lesson's board is made whole or not at all: one stays where one was
    os.makedirs(f"{folder}/lessons")
    slow = {"format": 1, "lesson": 3, "id": "slow", "title": "t", "minutes": 1, "goals": ["g"], "setup": ["param w = 3"],
            "steps": [{"try": {"en": "Set w.", "ko": "w."}, "until": "w == 1", "solution": "w = 1", "name": "a"},
                      {"run": "repeat 1000000 { sum(sin(zeros(1000, 1000))) }"},
                      {"try": {"en": "Again.", "ko": "w."}, "until": "w == 2", "solution": "w = 2", "name": "b"}]}
    with open(f"{folder}/lessons/03-slow.json", "w") as f:
        json.dump(slow, f)
    p = pexpect.spawn(learn, ["--lang", "en"], env=dict(env, LEARN_HOME=folder, TERM="dumb"), cwd=folder,
                      encoding="utf-8", timeout=MOST, echo=False)
    fault, took = "", 0
    try:
        for line, shown in (("own = 5", "> "), ("^lesson 3 step 3", "Stopped"), ("own", "own = 5"), ("lesson 3", "Set w"),
                            ("w = 7", "w = 7"), ("^lesson 3 step 3", "Stopped"), ("w", "w = 7"), ("leave", "back"),
                            ("own", "own = 5")):
            p.sendline(line.lstrip("^"))
            if line.startswith("^"):
                time.sleep(3)
                p.send("\x03")
            p.expect_exact(shown)
        p.sendline("quit")
    except pexpect.ExceptionPexpect as e:
        fault = f"{type(e).__name__} at {line} behind {p.before!r}"
    p.close(force=True)
    say("stopped: a lesson's board in the making", fault, took)

    # nothing comes any more: a pipe that stays open
    p = subprocess.Popen([learn], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT)
    p.stdin.write(b"1 + 1\n")
    p.stdin.flush()
    time.sleep(1)
    p.send_signal(signal.SIGINT)
    try:
        status = p.wait(MOST)
    except subprocess.TimeoutExpired:
        p.kill()
        status = "nothing"
    out = p.stdout.read().decode()
    say("stopped: an open pipe", "" if (status, out) == (130, "2\n") else f"{status} {out!r}", 0)
shutil.rmtree(folder)
sys.exit(bad)
