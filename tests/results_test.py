#!/usr/bin/env python3
"""Friday: `learn submit` writes what a student hands in and shows all of it before; `learn report`
reads what a class handed in, whatever is among it."""
import csv
import html
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zlib

from person import Person
from report import tester, verdict

learn = os.path.abspath(os.environ.get("LEARN", "./learn"))
fast = os.path.abspath(os.environ.get("LEARN_FAST") or learn)  # for what is run often
dir = tempfile.mkdtemp(prefix="learn-results-")
env = dict(os.environ, XDG_STATE_HOME=dir + "/state", TERM="dumb", LC_ALL="C.UTF-8", TZ="KST-9")
env.setdefault("LEARN_HOME", os.getcwd())


def fresh():
    shutil.rmtree(dir, ignore_errors=True)
    os.makedirs(dir + "/r")


test = tester(fresh)


def run(*words, typed="", program=learn, status=None, **more):
    """All that is said, and the exit status; where status is given, it is that one."""
    p = subprocess.run([program, *words], input=typed.encode(), capture_output=True, cwd=dir, env=dict(env, **more), timeout=300)
    said = (p.stdout + p.stderr).decode("utf-8", "strict")
    assert "Sanitizer" not in said and p.returncode >= 0, (words, p.returncode, said)
    assert status is None or p.returncode == status, (words, p.returncode, said)
    return said


def flat(said):
    return re.sub(r"\s+", " ", said)


def put(name, text):
    os.makedirs(os.path.dirname(f"{dir}/{name}"), exist_ok=True)
    with open(f"{dir}/{name}", "wb") as f:
        f.write(text if isinstance(text, bytes) else text.encode())


def play(*lines, lang="en", number="3"):
    return run("--lang", lang, "lesson", number, typed="\n".join(lines) + "\n")


def read(name):
    with open(f"{dir}/{name}", encoding="utf-8") as f:
        return json.load(f)


WHO = ("--id", "20251234", "--name", "김민지")
SECRET = "my secret line"


@test("what was played is what is handed in, and no line of a task")
def _():
    play("2 because Kim said so", "1", "3. my secret line", "the third", "1", "hint", "hint", "skip", "skip", "skip", "skip", "skip", f"w = w - dE/dw  # {SECRET}",
         "w = w + 0.1*dE/dw", "w = -3; w -= 0.1*dE/dw", "quit")
    run("submit", "3", *WHO, "--yes", status=0)
    text = open(dir + "/learn-3-20251234.json", encoding="utf-8").read()
    r = json.loads(text)
    assert SECRET not in text and "dE/dw" not in text, text
    assert r["student"] == {"id": "20251234", "name": "김민지"} and r["learn-result"] == 1, r
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+09:00", r["made"]), r
    body = text[:text.rindex("\n") and text.index('\n "crc32"')]
    assert r["crc32"] == f"{zlib.crc32(body.encode()):08x}", r["crc32"]
    (three,) = r["lessons"]
    with open(env["LEARN_HOME"] + "/lessons/03-gradient-descent.json", "rb") as f:
        assert int(three["edition"], 16) == zlib.crc32(f.read())
    assert (three["id"], three["number"], three["lang"], three["done"]) == ("gradient-descent", 3, "en", False), three
    asked = {q["name"]: q for q in three["questions"]}
    assert len(asked) == 18 and list(asked)[:2] == ["e-at-2", "nudge-at-2"], list(asked)

    def of(name):
        q = asked[name]
        return q["kind"], q["result"], q["tries"], q["hints"], q["wrong"], q["slips"]
    assert of("e-at-2") == ("predict", "solved", 2, 0, ["2"], [0]), of("e-at-2")
    assert of("nudge-at-2") == ("ask", "solved", 3, 0, ["3", "3"], []), of("nudge-at-2")
    assert of("ratio-2") == ("predict", "skipped", 0, 2, [], []), of("ratio-2")
    assert of("by-hand") == ("try", "solved", 2, 0, [], [1]), of("by-hand")
    assert of("by-step") == ("try", "open", 0, 0, [], []), of("by-step")


@test("the preview is the file, field by field, in both languages and on any width")
def _():
    play("5", "1", "hint", "skip", "quit")
    for lang, columns in [("en", 80), ("ko", 80), ("en", 40), ("ko", 40)]:
        said = run("--lang", lang, "submit", "3", *WHO, typed="n\n", status=1, COLUMNS=str(columns))
        assert not os.path.exists(dir + "/learn-3-20251234.json")
        run("--lang", lang, "submit", "3", *WHO, "--yes", status=0)
        r = read("learn-3-20251234.json")
        os.remove(dir + "/learn-3-20251234.json")
        words = re.split(r"[\s·]+", said)
        assert r["student"]["id"] in words and r["student"]["name"] in words and r["program"] in words, said
        (three,) = r["lessons"]
        for key in ("id", "edition", "began"):
            assert three[key] in words, (key, said)
        for q in three["questions"]:
            row = said[said.index("\n" + q["name"]):]
            at = words.index(q["name"])
            for value in [q["tries"], q["hints"], q["seconds"], *q["wrong"], *q["slips"]]:
                assert str(value) in words[at + 1:at + 17], (q, words[at:at + 17])
            assert row, q


@test("it asks once who it is, writes over nothing, and a no is a no")
def _():
    play("1", "quit")
    said = run("--lang", "en", "submit", typed="\n20251234\n김민지\nno\n", status=1)
    assert "Nothing was written" in said and os.listdir(dir + "/r") == [], said
    said = run("--lang", "en", "submit", "3", typed="a@b.kr\nKim\nyes\n", status=0)
    assert "Written: learn-3-a-b.kr.json" in said, said
    said = run("--lang", "ko", "submit", typed="네\n", status=0)
    assert "학번 (" not in said and "learn-3-a-b.kr-2.json" in said, said
    before = open(dir + "/learn-3-a-b.kr.json", "rb").read()
    assert "already" in run("--lang", "en", "submit", "-o", "learn-3-a-b.kr.json", "--yes", status=1)
    assert open(dir + "/learn-3-a-b.kr.json", "rb").read() == before
    run("submit", "-o", "mine.json", "--yes", status=0)
    assert read("mine.json")["student"] == {"id": "a@b.kr", "name": "Kim"}
    run("submit", "--id", "../../etc/pass wd;$(x)", "--yes", status=0)
    assert os.path.exists(dir + "/learn-3-..-..-etc-pass-wd---x-.json"), os.listdir(dir)
    assert "begun lesson 4" in run("--lang", "en", "submit", "4", "--yes", status=1)
    assert "is no lesson" in run("--lang", "en", "submit", "three", "--yes", status=2)
    assert "number and a name" in run("--lang", "en", "submit", "--id", "\u202e\t", "--yes", status=1)
    play("quit", number="0")
    run("submit", "all", "--id", "a@b.kr", "--yes", status=0)
    assert [l["number"] for l in read("learn-all-a-b.kr.json")["lessons"]] == [0, 3]



@test("one's own lesson is handed in by its path, or as the last one")
def _():
    with open(env["LEARN_HOME"] + "/lessons/03-gradient-descent.json", encoding="utf-8") as f:
        mine = json.load(f)
    mine["id"], mine["lesson"] = "my-own", 77
    with open(dir + "/mine.json", "w") as f:
        json.dump(mine, f)
    play("1", "quit")
    play("6", "1", "quit", number="./mine.json")
    for words in ([], ["./mine.json"], ["77", "77"]):
        run("submit", *words, *WHO, "-o", "it.json", "--yes", status=0)
        (own,) = read("it.json")["lessons"]
        assert (own["id"], own["number"], own["questions"][0]["wrong"]) == ("my-own", 77, ["6"]), own
        os.remove(dir + "/it.json")
    run("submit", "all", *WHO, "--yes", status=0)
    assert sorted(l["number"] for l in read("learn-all-20251234.json")["lessons"]) == [3, 77]


@test("what is left out of all is named above the preview")
def _():
    with open(env["LEARN_HOME"] + "/lessons/03-gradient-descent.json", encoding="utf-8") as f:
        mine = json.load(f)
    mine["id"], mine["lesson"] = "my-own", 77
    with open(dir + "/mine.json", "w") as f:
        json.dump(mine, f)
    play("1", "quit")
    play("1", "quit", number="./mine.json")
    os.remove(dir + "/mine.json")
    said = run("--lang", "en", "submit", "all", *WHO, typed="n\n", status=1)
    assert 0 <= said.find("Lesson 77 (my-own) is left out") < said.index("will hold exactly"), said
    assert "77번 수업(my-own)" in run("--lang", "ko", "submit", *WHO, typed="n\n", status=1)
    said = flat(run("--lang", "en", "submit", *["3"] * 203, *WHO, typed="n\n", status=1))
    assert said.count("is left out: one file holds 200 lessons") == 3, said


@test("a name that is taken while the person thinks: the next; of 10,000 none is written over")
def _():
    play("1", "quit")
    for to, names in ((), ("learn-3-20251234.json", "learn-3-20251234-2.json")), (("-o", "x.json"), ("x.json",)):
        p = subprocess.Popen([learn, "--lang", "en", "submit", *WHO, *to], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=dir, env=env)
        said = b""
        while b"[y/N]" not in said:
            said += os.read(p.stdout.fileno(), 4096)
        put(names[0], "theirs")
        said = p.communicate(b"y\n", timeout=120)[0].decode()
        assert open(f"{dir}/{names[0]}").read() == "theirs", said
        if to:
            assert p.returncode == 1 and "x.json is there already" in said, said
        else:
            assert p.returncode == 0 and f"Written: {names[1]}" in said and read(names[1])["learn-result"] == 1, said
    for i in range(3, 10000):
        put(f"learn-3-20251234-{i}.json", "theirs")
    assert "learn-3-20251234-9999.json is there already" in run("--lang", "en", "submit", *WHO, "--yes", program=fast, status=1)
    assert open(f"{dir}/learn-3-20251234-9999.json").read() == "theirs"


# ---- a class, made by a generator with known mistakes ----

with open(env["LEARN_HOME"] + "/lessons/03-gradient-descent.json", "rb") as f:
    LESSON = f.read()
EDITION = f"{zlib.crc32(LESSON):08x}"
ASKED = [(s["name"], kind) for s in json.loads(LESSON)["steps"] for kind in ("predict", "ask", "try") if kind in s]
MADE = "2026-11-27T14:32:07+09:00"


def answer(name, kind, result="solved", tries=1, hints=0, wrong=(), slips=(), **more):
    return {"name": name, "kind": kind, "result": result, "tries": tries, "hints": hints, "seconds": 41, "wrong": list(wrong), "slips": list(slips), **more}


def lesson(number=3, id="gradient-descent", minutes=10, done=True, edition=EDITION, **changed):
    """Everything solved at once, but for what is changed: question -> fields of its answer."""
    assert set(changed) <= {name.replace("-", "_") for name, _ in ASKED}, changed
    return {"id": id, "number": number, "edition": edition, "lang": "ko", "began": MADE, "seconds": minutes * 60, "done": done,
            "questions": [answer(name, kind, **changed.get(name.replace("-", "_"), {})) for name, kind in ASKED]}


def whole(id, name, *lessons, made=MADE, format=1, **more):
    body = json.dumps({"learn-result": format, "program": "0.1", "made": made, "student": {"id": id, "name": name},
                       "lessons": lessons or [lesson()], **more}, ensure_ascii=False, indent=1)[:-2] + ","
    return f'{body}\n "crc32": "{zlib.crc32(body.encode()):08x}"\n}}\n'


def report(*words, lang="en", status=0, **more):
    return run("--lang", lang, "report", *words, status=status, **more)


@test("a class is counted: done, hardest questions, commonest wrong answers, slips")
def _():
    for i in range(10):
        hard = {"result": "skipped", "tries": 2, "hints": 2, "wrong": ["0.80" if i % 2 else ".8"]} if i < 6 else {"wrong": ["7", "7"], "tries": 3}
        put(f"r/{i}.json", whole(f"s{i}", f"학생{i}", lesson(minutes=10 + i, done=i < 7, l1_step=hard, nudge_at_2={"wrong": ["3"], "tries": 2} if i < 4 else {},
                                                    by_hand={"slips": [1], "result": "open", "tries": 1} if i < 5 else {})))
    put("r/other.json", whole("t", "Other", lesson(0, "warm-up")))
    said = flat(report("r", "--lesson", "3"))
    assert "Lesson 3 · Gradient descent 10 of 11 students" in said, said
    assert re.search(r"done █* ?7 begun █* ?3 nothing █* ?1 ", said), said
    assert "half took 14 minutes or less; the slowest 19" in said, said
    assert "l1-step 40 % 60 % 2.4 1.2 0.8 (6 of 10) by-hand 50 % 0 % 1.0 0.0 w = w - dE/dw (5 of 10) nudge-at-2 100 % 0 % 1.4 0.0 3 (4 of 10)" in said, said
    assert "s9 학생9 18/18 0 0 19.0 no" in said and "s0 학생0 16/18 1 0 10.0 yes" in said, said
    said = flat(report("r", lang="ko"))
    assert "수업 결과" in said and "t Other 1/1 18/18 0 10.0" in said, said
    assert "10명" in flat(report("r", "--lesson", "3", lang="ko"))


def drill(kind, level, right, tried, mistake=""):
    return {"drill": kind, "level": level, "right": right, "tried": tried, "mistake": mistake}


@test("drills are counted by kind and level, with the mistake that most make; a forged kind or mistake is nobody's")
def _():
    for i in range(6):
        drills = [drill("backward", 2 if i < 4 else 3, i, 10, "slip.switch" if i % 3 else "slip.sign"), drill("forged\u001b", 1, 1, 1),
                  drill("sizes", 1, 3, 3), drill("update", 1, 0, 1, "no.such")]
        put(f"r/{i}.json", whole(f"s{i}", "Kim", drills=drills[:1] if i == 5 else drills))
    put("r/6.json", whole("s6", "Lee"))
    words = json.load(open(env["LEARN_HOME"] + "/src/text/words/explain.json", encoding="utf-8"))
    for lang, back, sizes, of in ("en", "backward", "sizes", "{} (2 of 4)"), ("ko", "역전파", "크기", "{} (4명 중 2명)"):
        said = flat(report("r", "--html", "r.html", lang=lang))
        name = words["mistake.minus.name"][lang]  # which a drill's slip of an older learn is, too
        assert f"{back} 2 4 6 40 " in said and f"{back} 3 2 9 20 " in said and f"{sizes} 1 5 15 15" in said, said
        assert flat(of.format(name)) in said, (of.format(name), said)
        assert "forged" not in said and "no.such" not in said and "\x1b" not in said, said
        with open(f"{dir}/r.html", encoding="utf-8") as f:
            page = f.read()
        assert back in page and "forged" not in page and '<th scope="row"' in page, page
        os.remove(f"{dir}/r.html")
    for i in range(6):
        put(f"r/{i}.json", whole(f"s{i}", "Kim"))
    assert "commonest mistake" not in report("r")


@test("which mistake was told to whom is handed in, and counted: who made it, and where most did; a forged one is nobody's")
def _():
    mine = {"format": 1, "lesson": 77, "id": "told", "title": "Told", "minutes": 2, "goals": ["g"],
            "setup": ["x = 2; y = 1; param w = 3; h = w*x; e = h - y; E = e^2"],
            "steps": [{"predict": "dE/dw?", "answer": "dE/dw", "within": 0, "name": "slope", "hints": ["-"]},
                      {"board": "Fill.", "graph": "E", "name": "fill", "hints": ["-"]}]}
    put("mine.json", json.dumps(mine))
    play("30", "7", "-20", "20", "h = 5", "h = 5", "quit", number="./mine.json")  # w's own value; nobody's; the sign
    said = run("--lang", "en", "submit", "./mine.json", *WHO, "-o", "it.json", "--yes", status=0)
    slope, fill = read("it.json")["lessons"][0]["questions"]
    assert slope["told"] == ["mistake.mul.own", "mistake.minus"] and fill["told"] == ["mistake.mul.sum"], (slope, fill)
    assert "× not switched; wrong sign" in flat(said).replace("\u00a0", " "), said
    assert "바꾸지 않음" in run("--lang", "ko", "submit", "./mine.json", *WHO, typed="n\n", status=1)
    for i in range(10):
        put(f"r/{i}.json", whole(f"s{i}", "Kim", lesson(e_at_2={"told": ["mistake.mul.own", "forged\u001b[31m", "slip.sign"]} if i < 6 else {"told": []},
                                                      ratio_2={"told": ["mistake.mul.own"]} if 4 < i < 8 else {})))
    report("r", "--html", "r.html", "--csv", "r.csv")
    with open(dir + "/r.html", encoding="utf-8") as f:
        page = f.read()
    for lang, own, sign in ("en", "× not switched 8/10 e-at-2 (6 of 10)", "wrong sign 6/10 e-at-2 (6 of 10)"), ("ko", "×에서 바꾸지 않음 8/10 e-at-2 (10명 중 6명)", "부호가 틀림 6/10"):
        said = flat(report("r", lang=lang))
        assert own in said and sign in said and said.index(own) < said.index(sign) and "forged" not in said, said
    assert "× not switched" in page and "forged" not in page
    assert "question-told" in open(dir + "/r.csv", newline="", encoding="utf-8").read()
    put("bad.json", whole("s1", "Kim", lesson(e_at_2={"told": ["x"] * 6})))
    assert "not as learn writes it: `told`" in flat(report("bad.json", status=1))


@test("a slip of another edition is not said in this one's words")
def _():
    for i in range(3):
        put(f"r/{i}.json", whole(f"s{i}", "x", lesson(edition="00000000", by_hand={"slips": [1], "result": "open"})))
    put("r/own.json", whole("s3", "x", lesson()))
    said = flat(report("r"))
    assert "slip 2 (3 of 4)" in said and "w = w - dE/dw" not in said, said


@test("nothing is wider than the screen, in both languages")
def _():
    for i in range(4):
        put(f"r/{i}.json", whole(f"s{i}", f"학생{i}", lesson(), lesson(0, "warm-up")))
    play("2", "x" * 40, "12345678901234567890", "quit")
    for lang in ("en", "ko"):
        for words in (["report", dir + "/r"], ["report", dir + "/r", "--lesson", "3"], ["submit", "3", *WHO]):
            p = Person("--lang", lang, *words, program=fast, rows=24, columns=40, state=dir + "/state")
            end = time.time() + 60
            while not p.ended and time.time() < end:
                if p.read(0.1):
                    continue
                p.p.send("n\r" if "[y/N]" in p.shown() else " ")
            assert p.ended and not p.sheet.over, (words, p.sheet.over, p.shown())
            p.close()
            assert not p.p.exitstatus or words[0] == "submit", (words, p.p.exitstatus)


@test("a byte changed anywhere: damaged, or not whole; never counted")
def _():
    good = whole("s1", "김민지", {**lesson(), "questions": [answer("e-at-2", "predict", wrong=["2"], slips=[0])]}).encode()
    for name, text in {"crlf": good.replace(b"\n", b"\r\n"), "bom": b"\xef\xbb\xbf" + good, "as-is": good, "more": good + b"\n\n"}.items():
        put(f"good/{name}.json", text)
        assert "s1 김민지 1/1" in flat(report("good/" + name + ".json")), name
    for i in range(len(good)):
        for flip in (1, 7, 0x20, 0x80):
            put(f"r/{i:04}-{flip:02x}.json", good[:i] + bytes([good[i] ^ flip]) + good[i + 1:])
        put(f"r/{i:04}-cut.json", good[:i])
    said = run("--lang", "en", "report", "r", status=1, program=fast, COLUMNS="200")
    lines = [l for l in said.splitlines() if l.startswith("r/")]
    assert len(lines) == 5 * len(good), (len(lines), 5 * len(good))
    odd = [l for l in lines if not re.search(r"damaged|not whole", l)]
    assert not odd and not re.search("(?m)^s1  ", said) and "There is no result in there" in said, odd[:10]
    run("--lang", "ko", "report", "r", status=1, program=fast)


@test("what is no result is named with its reason, and stops nobody")
def _():
    put("r/good.json", whole("s1", "김민지"))
    put("r/half.json", whole("s2", "half")[:300])
    put("r/random", b"\xff" + os.urandom(5000))
    put("r/a.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
    put("r/blank.json", "\ufeff \r\n\t[]")
    put("r/other.json", '{"a": 1}')
    put("r/list.json", "[1, 2]")
    put("r/deep.json", "[" * 1000 + "]" * 1000)
    put("r/empty.json", "")
    put("r/all.zip", b"PK\x03\x04 and so on")
    put("r/newer.json", whole("s3", "new", format=2))
    put("r/nobody.json", whole("", "nobody"))
    put("r/many.json", whole("s4", "many", {**lesson(), "questions": [answer("q", "ask")] * 2001}))
    put("r/million.json", '{"learn-result": 1, "lessons": [' + "{}," * 300000 + "{}]}")
    put("r/negative.json", whole("s5", "negative", lesson(e_at_2={"tries": -1})))
    put("r/word.json", whole("s6", "word", lesson(e_at_2={"result": "perfect"})))
    put("r/wrong.json", whole("s7", "wrong", lesson(e_at_2={"wrong": ["1"] * 6})))
    put("r/.hidden.json", "{")
    put("r/__MACOSX/x.json", "{")
    put("r/kim_1/kim_2/kim_3/deep.json", whole("s8", "deep"))
    put("r/1/2/3/4/deeper.json", whole("s9", "deeper"))
    with open(dir + "/r/large.json", "wb") as f:
        f.truncate(100 << 20)
    os.mkfifo(dir + "/r/fifo")
    os.symlink("/dev/urandom", dir + "/r/device")
    os.symlink("good.json", dir + "/r/link.json")
    os.symlink(".", dir + "/r/circle")
    said = flat(report("r", "missing", status=1, COLUMNS="200"))
    for name, why in {"half.json:": "not whole: ", "random": "no result of learn. Left out", "other.json": "no result of learn", "list.json": "no result of learn",
                      "deep.json": "no result of learn", "a.png": "no result of learn", "blank.json": "no result of learn", "empty.json:1:1": "not whole", "all.zip": "packed", "newer.json": "made by a newer learn.", "nobody.json": "nobody's",
                      "many.json": "too large", "million.json": "too large|damaged|no result|not whole", "negative.json:": "`tries` (lessons[0].questions[0].tries)",
                      "word.json:": "`result`", "wrong.json:": "`wrong`", "1/2/3/4": "three folders deep", "large.json": "too large", "fifo": "no ordinary file",
                      "device": "a link", "link.json": "a link", "circle": "a link"}.items():
        assert any(re.search(re.escape("r/" + name) + r"[^:]*(:\d+)?(:\d+)?: [^:]*?(not whole: )?[^:]*", said) and
                   f"r/{name}" in said and w in said[said.index(f"r/{name}"):][:200] for w in why.split("|")), (name, why, said)
    assert "missing: No such file" in said and ".hidden" not in said and "MACOSX" not in said and "20 left out" not in said, said
    assert "s1 김민지 18/18" in said and "s8 deep 18/18" in said and "s9" not in said, said
    assert report("r", status=1, lang="ko")
    os.makedirs(dir + "/nothing")
    assert "no result" in report("nothing", status=1) and "Nobody handed in lesson 7" in report("r/good.json", "--lesson", "7", status=1)
    run("report", status=2)
    run("report", "r", "--points", "101", status=2)


@test("of two the newer counts, and whoever is two is named")
def _():
    put("r/a.json", whole("s1", "Kim", lesson(done=False)))
    put("r/b.json", whole("s1", "Kim", lesson(), made="2026-11-27T05:32:08Z"))
    put("r/c.json", whole("s1", "Kym", lesson(done=False), made="2026-11-26T14:32:08+09:00"))
    put("r/d/copy.json", whole("s1", "Kim", lesson(), made="2026-11-27T05:32:08Z"))
    put("r/e.json", whole("s2", "Kim", lesson(edition="00000000")))
    said = flat(report("r", status=1))
    assert "r/a.json: older than r/b.json (s1, lesson 3). Left out." in said and "r/c.json: older than r/b.json" in said, said
    assert "r/d/copy.json: the same as r/b.json" in said, said
    assert "One id, two names: s1 is Kim and Kym" in said and "One name, two ids: Kim is s1 and s2" in said, said
    assert "s1 Kim 18/18 0 0 10.0 yes" in said and "s2 Kim 18/18 0 0 10.0 yes *" in said and "* another edition" in said, said
    assert "3 left out" in said, said


@test("what the questions ask stands beside their names, where the lesson is there")
def _():
    put("r/a.json", whole("s1", "Kim"))
    put("q/b.json", whole("s1", "Kim", lesson(number=104, id="elsewhere")))
    for lang, asks in (("en", "w goes 2, 1.7, 1.4, 1.1, and then?"), ("ko", "w는 2, 1.7, 1.4, 1.1로 가요.")):
        assert f"l1-step {asks}" in flat(report("r", "--html", f"{lang}.html", lang=lang))
        with open(f"{dir}/{lang}.html", encoding="utf-8") as f:
            assert f"l1-step: {asks}" in f.read()
        assert asks not in report("q", lang=lang)


@test("a program asks: --require")
def _():
    put("a.json", whole("s1", "Kim"))
    put("r/b.json", whole("s2", "Lee", lesson(done=False)))
    report("a.json", "--require", "3", status=0)
    assert "Not all of lesson 3 is solved by: s2" in report("a.json", "r", "--require", "3", status=1)
    assert "lesson 4" in report("a.json", "--require", "4", status=1)
    put("c.json", whole("s3", "Park", lesson(l1_step={"result": "skipped", "hints": 1})))  # played to the end
    assert "solved by: s3" in report("a.json", "c.json", "--require", "3", status=1)
    put("d.json", whole("s4", "Choi", lesson(l1_step={"hints": 2, "tries": 5})))  # with help is solved
    report("d.json", "--require", "3", status=0)


# ---- tables ----

NAMES = {"s1": "김, \"민지\"", "s2": "=1+1", "s3": "-5", "s4": "+82 10", "s5": "@me", "s6": "＝1", "s7": "Kim", "s8": "\u200b=1", "s9": "\ufeff+1"}


def table(name):
    """As a spreadsheet reads it: a mark, CR LF, quotes."""
    with open(f"{dir}/{name}", "rb") as f:
        data = f.read()
    assert data.startswith(b"\xef\xbb\xbf") and data.count(b"\n") == data.count(b"\r\n"), data[:100]
    return list(csv.reader(io.StringIO(data[3:].decode(), newline=""), strict=True))


def canvas(rows):
    """What Canvas's importer asks of a table."""
    head = rows[0]
    assert head[0] == "Student" and head[1] == "ID" and len(head) >= 4, head
    assert head[2] in ("SIS User ID", "SIS Login ID", "Section") and "Section" in head, head
    for row in rows[1:]:
        assert len(row) == len(head) and (row[0] or row[1] or row[2]), row
        assert all(re.fullmatch(r"\d*(\.\d+)?", cell) for cell in row[head.index("Section") + 1:]), row


def moodle(rows, known, who, column):
    """Moodle refuses all of a table for one stranger, or one grade that is none from 0 to 100."""
    head = rows[0]
    for row in rows[1:]:
        assert row[head.index(who)] in known, row
        grade = row[head.index(column)]
        assert grade in ("", "-") or 0 <= float(grade) <= 100, row


@test("tables for spreadsheets: quotes, a mark, and no formula")
def _():
    for id, name in NAMES.items():
        put(f"r/{id}.json", whole(id, name, lesson(e_at_2={"wrong": ["=2+5", "-5", "a\"b"], "tries": 4})))
    report("r", "--csv", "r.csv", "--grades", "g.csv", "--html", "r.html")
    rows = table("r.csv")
    assert len(rows) == 1 + len(NAMES) * len(ASKED) and rows[0][:2] == ["id", "name"], rows[0]
    for row, (id, name) in zip(rows[1::len(ASKED)], NAMES.items()):
        name = name.lstrip("\u200b\ufeff")
        bare = name if id in ("s1", "s7") else "'" + name
        of = dict(zip(rows[0], row))
        assert of["id"] == id and of["name"] == bare and of["question-wrong"] == "'=2+5; -5; a\"b" and of["question-tries"] == "4", of
    assert table("g.csv")[1] == ["김, \"민지\"", "", "s1", "", "10"], table("g.csv")[1]
    canvas(table("g.csv"))
    moodle(table("g.csv"), NAMES, "SIS Login ID", "Lesson 3")


@test("a spreadsheet opens them: Hangul whole, every name a text, no formula")
def _():
    if not shutil.which("soffice"):
        print("skipped: LibreOffice is not installed")
        return
    for id, name in NAMES.items():
        put(f"r/{id}.json", whole(id, name, lesson(e_at_2={"wrong": ["=2+5", "-5", "a\"b"], "tries": 4})))
    report("r", "--csv", "r.csv", "--grades", "g.csv")
    for file in "r", "g":
        subprocess.run(["soffice", f"-env:UserInstallation=file://{dir}/office", "--headless", "--infilter=CSV:44,34,76,1",
                        "--convert-to", "fods", f"{file}.csv"],  # the dialog chooses UTF-8 by the mark
                       cwd=dir, capture_output=True, timeout=300, check=True)
        with open(f"{dir}/{file}.fods", encoding="utf-8") as f:
            sheet = f.read()
        assert "table:formula" not in sheet
        cells = [(kind, html.unescape(text)) for kind, text in
                 re.findall(r'office:value-type="(\w+)"[^>]*>\s*<text:p>([^<]*)</text:p>', sheet)]
        assert cells[0][1] in ("id", "Student"), cells[0]
        told = {text.lstrip("'"): kind for kind, text in cells}
        for name in NAMES.values():
            assert told.get(name.lstrip("\u200b\ufeff")) == "string", (name, told)



@test("an export of Canvas or Moodle is filled in, and else left byte for byte")
def _():
    for id, n in {"20251": 9, "20252": 18, "20259": 1}.items():
        skipped = {name.replace("-", "_"): {"result": "skipped", "tries": 0} for name, _ in ASKED[n:]}
        put(f"r/{id}.json", whole(id, "n", lesson(**skipped)))
    was = "\ufeffStudent,ID,SIS Login ID,Section,Lesson 3 (1234),Essay\r\n    Points Possible,,,,10,5\r\n\"Kim, \"\"M\"\"\",77,20251,A,,3\r\nLee,78,20252,\"A\",,\r\nPark,79,20253,A,4,1\r\n\"Student, Test\",80,xx,A,,\r\n"
    put("canvas.csv", was)
    said = report("r", "--roster", "canvas.csv")
    got = open(dir + "/canvas-filled.csv", newline="", encoding="utf-8").read()
    assert got == was.replace("20251,A,,3", "20251,A,5,3").replace('20252,"A",,', '20252,"A",10,'), got
    assert "20259 (n) is not on the roster" in said and open(dir + "/canvas.csv", newline="", encoding="utf-8").read() == was, said
    canvas([r for r in csv.reader(io.StringIO(got[1:], newline=""))])

    was = "First name;Last name;Email address;Other\n민지;김;\"KIM@uni.kr\"; x\n지우;이;lee@UNI.kr;\n서연;박;park@uni.kr;\"a;b\"\n"
    put("moodle.csv", was)
    put("m/1.json", whole("kim@uni.kr", "Kim", lesson(l1_why={"result": "open", "tries": 0})))
    put("m/2.json", whole("lee@uni.kr", "Lee"))
    report("m", "--roster", "moodle.csv", "--grades", "out.csv", "--points", "100", lang="ko")
    got = open(dir + "/out.csv", newline="", encoding="utf-8").read()
    lines, new = was.splitlines(), [";수업 3", ";94.44", ";100", ";"]
    assert got == "".join(l + n + "\n" for l, n in zip(lines, new)), got
    moodle(list(csv.reader(io.StringIO(got), delimiter=";")), ["KIM@uni.kr", "lee@UNI.kr", "park@uni.kr"], "Email address", "수업 3")

    cp949 = "이름,학번\r\n김민지,20251\r\n".encode("cp949")
    put("old.csv", cp949)
    report("r", "--roster", "old.csv")
    assert open(dir + "/old-filled.csv", "rb").read() == cp949.replace("학번".encode("cp949"), "학번".encode("cp949") + b",Lesson 3").replace(b"20251", b"20251,5")
    assert "nobody's id" in report("m", "--roster", "old.csv", status=1)
    assert "already" in report("r", "--roster", "old.csv", "--grades", "old.csv", status=1) and open(dir + "/old.csv", "rb").read() == cp949
    before = open(dir + "/r/20251.json", "rb").read()
    report("r", "--csv", "r/20251.json", status=1)
    assert open(dir + "/r/20251.json", "rb").read() == before


@test("--require walks the roster: who handed nothing in is missing")
def _():
    put("r/a.json", whole("s1", "Kim"))
    put("r/b.json", whole("s9", "Stranger", lesson(done=False)))
    put("c.csv", "Student,SIS Login ID\nPoints Possible,\nKim,s1\nLee,S2\n")
    said = report("r", "--roster", "c.csv", "--require", "3", status=1)
    assert "Not all of lesson 3 is solved by: S2\n" in said, said
    put("r/c.json", whole("S2", "Lee"))
    report("r", "--roster", "c.csv", "--require", "3", status=0)


@test("of lessons of one number the course's counts")
def _():
    full = lesson(id="cafe")
    put("r/a.json", whole("s1", "Kim", lesson(e_at_2={"result": "open"}, done=False), full))
    put("r/b.json", whole("s2", "Lee", full))
    put("c.csv", "Student,Login,Lesson 3\nKim,s1,\nLee,s2,\n")
    said = flat(report("r", "--roster", "c.csv", "--require", "3", "--html", "r.html", status=1))
    assert "Not all of lesson 3 is solved by: s1, s2" in said and "Lesson 3 [cafe] is not the lesson 3 of the course" in said, said
    assert open(dir + "/c-filled.csv").read() == "Student,Login,Lesson 3,Lesson 3 [cafe]\nKim,s1,9.44,10\nLee,s2,,10\n"
    report("r/b.json", "--roster", "c-filled.csv", "--grades", "d.csv", "--require", "3", status=1)
    assert open(dir + "/d.csv").read() == open(dir + "/c-filled.csv").read()
    said = flat(report("r", "--lesson", "3"))
    assert "Lesson 3 · cafe 2 of 2 students" in said and "Lesson 3 · Gradient descent 1 of 2 students" in said, said
    report("r", "--grades", "g.csv", lang="ko")
    assert table("g.csv")[0][4:] == ["수업 3 [cafe]", "수업 3"] and table("g.csv")[1][4:] == ["10", "9.44"], table("g.csv")


@test("a lesson is its id: of two under other numbers the newer counts")
def _():
    put("r/a.json", whole("s1", "Kim", lesson(4, done=False)))
    put("r/b.json", whole("s1", "Kim", lesson(3), made="2026-11-28T05:32:08Z"))
    put("r/c.json", whole("s2", "Lee", lesson(3)))
    for words in ([], ["--lesson", "3"]):
        said = flat(report("r", *words, status=1))
        assert "r/a.json: older than r/b.json (s1, lesson 3)" in said and "2 of 2 students" in said, said


@test("an own lesson has its title where its file is known")
def _():
    with open(env["LEARN_HOME"] + "/lessons/03-gradient-descent.json", encoding="utf-8") as f:
        mine = json.load(f)
    mine["id"], mine["lesson"], mine["title"] = "my-own", 77, {"en": "Mine", "ko": "내 수업"}
    with open(dir + "/mine.json", "w") as f:
        json.dump(mine, f)
    put("r/a.json", whole("s1", "Kim", lesson(77, "my-own")))
    assert "Lesson 77 · my-own" in report("r")
    play("1", "quit", number="./mine.json")
    assert "Lesson 77 · Mine" in report("r") and "내 수업" in report("r", lang="ko")


@test("neither what was left out nor what was just written is written over")
def _():
    put("r/good.json", whole("s1", "Kim"))
    put("r/half.json", "{")
    put("r/a.png", b"\x89PNG")
    os.symlink("../away.json", dir + "/r/link.json")
    put("away.json", "{}")
    for name, was in (("r/half.json", "{"), ("r/../r/a.png", "\udc89PNG"), ("r/link.json", "{}"), ("r/good.json", None)):
        said = report("r", "--html", name, status=1)
        now = open(dir + "/" + name, errors="surrogateescape").read()
        assert f"{name} is there already" in flat(said) and was in (None, now) and "<html" not in now, (name, said)
    said = report("r/good.json", "--csv", "x", "--html", "./x", status=1)
    assert "./x is there already" in said and table("x")[0][0] == "id", said
    report("r/good.json", "--csv", "x")


@test("nothing is written over but an earlier table or page of ours")
def _():
    put("r/good.json", whole("s1", "Kim"))
    put("other/hand-in.json", whole("s2", "Lee"))
    put("own.csv", "id,name,grade\ns1,Kim,3\n")
    put("canvas.csv", "Student,ID,SIS User ID,SIS Login ID,Section\n")
    put("own.html", "<!DOCTYPE html><title>mine</title>")
    for option in "--csv", "--grades", "--html":
        for name in "other/hand-in.json", "own.csv", "canvas.csv", "own.html":
            was = open(dir + "/" + name).read()
            said = report("r", option, name, status=1)
            assert f"{name} is there already" in flat(said) and open(dir + "/" + name).read() == was, (option, name, said)
        for week in range(2):  # the same again, and with another lesson in it
            report("r", option, "ours")
            put("r/later.json", whole("s1", "Kim", lesson(77, "my-own")))
        os.remove(dir + "/ours")
        os.remove(dir + "/r/later.json")
    for name in "csv", "grades", "html":
        put("taken", "")
        report("r", "--" + name, "taken")
        for other in {"csv", "grades", "html"} - {name}:
            report("r", "--" + other, "taken", status=1)


@test("no sign that controls a terminal or turns a line comes out, in names, files or the page")
def _():
    evil = "E\x1b]0;x\x07\x9b31m\u202eR\u2066\n\r\tZ</td><script>alert(1)</script>\"'&"
    put("r/1.json", whole(evil, evil, lesson(id="gradient-descent", e_at_2={"wrong": [evil[:30]], "tries": 2})))
    put("r/2.json", whole("s2", "x", lesson(4, evil, edition=evil)))
    odd = "bad\x1b[31m\nr-name\u202e.json"
    put("r/" + odd, "{")
    with open(os.fsencode(dir) + b"/r/\xff\xfe.json", "wb") as f:
        f.write(b"{")
    for words in (["r"], ["r", "--lesson", "3"], ["r", "--lesson", "4", "--csv", "r.csv", "--grades", "g.csv", "--html", "r.html"]):
        said = report(*words, status=1)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", said), said
        assert "r/bad[31m r-name.json" in said, said
    report("r", "--html", "r.html", "--csv", "r.csv", status=1)
    page = open(dir + "/r.html", encoding="utf-8").read()
    assert "<script" not in page and "&lt;script&gt;" in page and not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", page)
    assert not re.search(r'(src|href)="?https?:', page) and page.count("<svg") == 4, page.count("<svg")
    ids = re.findall(r'id="([^"]+)"', page)
    assert len(ids) == len(set(ids)) == 4, ids
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", open(dir + "/r.csv", encoding="utf-8", newline="").read())
    first = open(dir + "/r.html", "rb").read()
    report("r", "--html", "r.html", status=1)
    assert open(dir + "/r.html", "rb").read() == first


@test("a class of 300 with 21 lessons")
def _():
    lessons = [lesson(n, f"lesson-{n}") for n in range(21)]
    for i in range(300):
        put(f"r/s{i}.json", whole(f"s{i}", f"학생{i}", *lessons))
    began = time.time()
    said = run("--lang", "en", "report", "r", "--grades", "g.csv", program=fast, status=0)
    print(f"   (300 students × 21 lessons: {time.time() - began:.2f} s)")
    assert "s299 학생299 21/21 378/378" in flat(said) and len(table("g.csv")) == 301


shutil.rmtree(dir, ignore_errors=True)
sys.exit(verdict())
