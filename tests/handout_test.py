#!/usr/bin/env python3
"""`learn handout`: a page of every lesson, in one language and in both, with answers and
without: it is HTML, small, the same each time, fetches nothing, and what an edition does not
have is not in the file. A stranger's lesson stays text. (What a browser and axe-core say of
the pages: tests/page, `make test-page`.)"""
import glob
import html
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import pexpect

LEARN = os.environ["LEARN"]
FAST = os.environ.get("LEARN_FAST", LEARN)
LESSONS = sorted(glob.glob(os.path.join(os.environ["LEARN_HOME"], "lessons", "[0-9]*.json")))
numbers = {m[2]: str(int(m[1])) for p in LESSONS if (m := re.search(r"/(\d+)-([\w-]+)\.json", p))}  # of ids
LANGS = {"en": ["en"], "ko": ["ko"], "both": ["en", "ko"]}
work = tempfile.mkdtemp()
os.environ.update(XDG_STATE_HOME=work + "/state", XDG_CONFIG_HOME=work + "/config", LC_ALL="C.UTF-8")
os.environ.pop("LANG", None)
bad = 0


def check(name, faults):
    global bad
    print(("FAILED " if faults else "ok ") + name)
    for fault in faults[:8]:
        print("  ", fault)
    bad |= bool(faults)


def handout(*words, learn=FAST, **more):
    return subprocess.run([learn, "handout", *words], capture_output=True, cwd=work, timeout=300,
                          stdin=subprocess.DEVNULL, env={**os.environ, **more})


def texts(value, lang):
    """Every text of a field in a language."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [t for v in value for t in texts(v, lang)]
    if isinstance(value, dict):
        keys = [lang] if set(value) == {"en", "ko"} else value
        return [t for k in keys for t in texts(value[k], lang)]
    return []


def words(text):
    """As one reads it: without marks, on one line."""
    return " ".join(text.replace("`", "").split())


def read(page):
    return words(html.unescape(re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.S)).replace("`", ""))


def packed(text):
    return "".join(text.split())


SECRET = ["why", "hints", "note"]
SHOWN = ["say", "run", "ask", "choices", "predict", "try", "play", "lines"]


def secrets(lesson, lang):
    for step in lesson["steps"]:
        for field in SECRET:
            yield from ((field, t) for t in texts(step.get(field, []), lang))
        for slip in step.get("slips", []):
            yield from (("slips", t) for t in texts(slip["say"], lang))
        yield from (("wrong", t) for t in texts(list(step.get("wrong", {}).values()), lang))


def commands(page):
    return [html.unescape(c) for c in re.findall(r'<pre class="cmd" tabindex="0">(.*?)</pre>', page, re.S)]


def faults_of(page, lesson, langs, edition):
    text = packed(read(page))
    shown = {lang: [packed(words(t)) for s in lesson["steps"] for f in SHOWN for t in texts(s.get(f, []), lang)]
             for lang in langs}
    if len(page.encode()) >= 1 << 20:
        yield f"{len(page.encode())} bytes"
    if re.search(r"""(src|href)\s*=\s*["'](?!data:|#)""", page) or "<script" in page or "@import" in page:
        yield "fetches or runs something"
    ids = re.findall(r"""\sid=["']([^"']+)""", page)
    if len(ids) != len(set(ids)):
        yield "an id twice: " + next(i for i in ids if ids.count(i) > 1)
    refs = set(re.findall(r"""(?:href=["']|url\()#([^"')]+)""", page)) | {
        i for v in re.findall(r'aria-labelledby="([^"]+)"', page) for i in v.split()}
    if refs - set(ids):
        yield f"refers to nothing: {sorted(refs - set(ids))[:3]}"
    plots = any(re.match(r"(.*; *)?(plot|animate) ", t)
                for s in lesson["steps"] if "run" in s for t in texts(s["run"], "en"))
    if plots and "<svg" not in page and "<img" not in page:
        yield "no picture"
    for lang in langs:
        there = [(f, t) for f, t in secrets(lesson, lang) if packed(words(t)) in text]
        solutions = {t for s in lesson["steps"] for t in texts(s.get("solution", []), lang)}
        wanted = [(f, t) for f, t in secrets(lesson, lang)
                  if edition == "--teacher" or (edition == "--answers" and f == "why")]
        fine = shown[lang] + [packed(words(w)) for w in [t for _, t in wanted] + (sorted(solutions) if edition else [])]
        if edition != "--teacher":
            yield from (f"has {f}: {t[:60]}" for f, t in there if not any(packed(words(t)) in s for s in fine))
        yield from (f"lacks {f}: {t[:60]}" for f, t in wanted if (f, t) not in there)
        lines = {t for s in lesson["steps"] for f in ("run", "lines") for t in texts(s.get(f, []), lang)}
        typed = commands(page)
        if not edition:
            yield from (f"has the solution {t}" for t in solutions - lines if t in typed)
        yield from (f"does not run {t}" for s in lesson["steps"] for t in texts(s.get("run", []), lang)
                    if t not in typed)


def tidy(page, name):
    said = subprocess.run(["tidy", "-qe"], input=page.encode(), capture_output=True)
    return [] if said.returncode < 2 else [name] + [
        line for line in said.stderr.decode().splitlines() if "Error" in line]


# ---- every lesson ----

has_tidy = shutil.which("tidy")
html_faults = []
for path in LESSONS:
    number, faults = str(int(os.path.basename(path)[:2])), []
    lesson = json.loads(re.sub(r"\{lesson:([\w-]+)\}", lambda m: numbers[m[1]], open(path, encoding="utf-8").read()))
    for lang, langs in LANGS.items():
        for edition in ("", "--answers", "--teacher"):
            if edition == "--teacher" and lang != "both":
                continue
            r = handout(number, "--lang", lang, *edition.split())
            page, name = r.stdout.decode(), f"{number} {lang} {edition}"
            if r.returncode or r.stderr:
                faults.append(f"{name}: {r.returncode} {r.stderr[:200]}")
                continue
            faults += [f"{name}: {f}" for f in faults_of(page, lesson, langs, edition)]
            if has_tidy and edition != "--answers":
                html_faults += tidy(page, name)
    check(f"the pages of lesson {number}", faults)
if has_tidy:
    check("HTML, says tidy", html_faults)
else:
    print("skipped: tidy is not installed")

# ---- what is on it ----

page = handout("3", "--lang", "both", learn=LEARN).stdout.decode()
again = handout("3", "--lang", "both", learn=LEARN).stdout.decode()
check("the same bytes each time", [] if page == again else ["differs"])
table = re.search(r"<table>(?:(?!</table>).)*<caption>descend.*?</table>|<table>\s*<caption>[^<]*descend.*?</table>", page, re.S)
check("a table is one", [] if table and '<th scope="col">dE/dw</th>' in table[0] and "<td>-6.4</td>" in table[0]
      and '<th scope="row">1</th>' in table[0] else [table and table[0][:300]])
check("a figure has its words", [w for w in ('<figcaption>E against w; tangent: slope 2; now: w = 2, E = 1',
      'role="img" aria-labelledby="f1-says"', '<title id="f1-says">') if w not in page])
details = re.search(r"<details>.*?</details>", page, re.S)
check("… and a table of ten points", [] if details and details[0].count('<th scope="row">') >= 10 else [details])
graph = handout("5", "--lang", "ko").stdout.decode()
check("a graph is a picture of letters", [] if re.search(r'<pre class="drawn" tabindex="0" role="img" aria-label="\S+의 계산 그래프">[^<]*─', graph)
      else ["no drawing"])
tries = sum("try" in step for step in json.load(open([p for p in LESSONS if "/03-" in p][0]))["steps"])
for lang, asked in (("en", "Write what you would type:"), ("ko", "무엇을 칠지 쓰세요.")):
    said = handout("3", "--lang", lang).stdout.decode()
    check(f"a task says what is to be written ({lang})", [] if said.count(asked) == tries and asked not in handout("3", "--lang", lang, "--answers").stdout.decode() else [said.count(asked), tries])
check("neither a title of gnuplot's nor a font", [w for w in ("Gnuplot", "<desc", "font-family=", "<?xml") if w in page])

r = handout("3", "--lang", "both", LEARN_GNUPLOT="/nowhere")
check("without gnuplot numbers", [] if r.returncode == 0 and r.stderr.count(b"\n") == 1 and b"<svg" not in r.stdout
      and b"<table>" in r.stdout else [r.returncode, r.stderr])

# ---- what I answered ----

subprocess.run([LEARN, "--lang", "en", "lesson", "3"], input=b"\n5\n1\n\nskip\n", capture_output=True, cwd=work)
mine = read(handout("3", "--lang", "en", "--mine").stdout.decode())
check("my own answers", [w for w in ("My answer: 1 (at try 2)", "Before that: 5", "Skipped", "Still open") if w not in mine])
subprocess.run([LEARN, "handout", "3", "--teacher", "--mine"], capture_output=True, cwd=work)

# ---- where it goes ----

child = pexpect.spawn(LEARN, ["--lang", "ko", "handout", "3"], cwd=work, timeout=120, encoding="utf-8")
child.expect(pexpect.EOF)
written = open(work + "/lesson-3.html", encoding="utf-8").read() if os.path.exists(work + "/lesson-3.html") else ""
r = handout("3", "--lang", "ko", "-o", "-")
check("-o - is standard output", [] if r.stdout.decode() == written and not os.path.exists(work + "/-") else [r.stdout[:200]])
check("at a terminal into a file", [] if "lesson-3.html을 만들었습니다" in child.before.replace("\r\n", " ")
      and written == handout("3", "--lang", "ko").stdout.decode() else [child.before])
r = handout("3", "-o", "x.html", "--lang", "en")
check("-o names it", [] if os.path.getsize(work + "/x.html") > 1000 and b"<html" not in r.stdout else [r.stdout[:200]])
for args in (["3", "--lang", "fr"], [], ["3", "4"], ["elephant"], ["3", "--yes"]):
    r = handout(*args)
    check("wrong usage: handout " + " ".join(args), [] if r.returncode == 2 and r.stderr and not r.stdout else [r])
r = subprocess.run([LEARN, "--lang", "both", "lessons"], capture_output=True, cwd=work)
check("both is for a page alone", [] if r.returncode == 2 else [r])
r = handout("77")
check("no such lesson", [] if r.returncode == 1 and r.stderr and not r.stdout else [r])
r = handout("3", "-o", "no/such/folder.html")
check("nowhere to write", [] if r.returncode == 1 and r.stderr else [r])

os.makedirs(work + "/there")
first = ""
for name in ("lesson-3.html", "lesson-3-2.html"):
    child = pexpect.spawn(FAST, ["--lang", "en", "handout", "3"], cwd=work + "/there", timeout=120, encoding="utf-8")
    child.expect(pexpect.EOF)
    if not first:
        open(work + "/there/lesson-3.html", "w").write(first := "mine")
check("a name that nobody gave is a free one", [] if open(work + "/there/lesson-3.html").read() == "mine"
      and os.path.exists(work + "/there/lesson-3-2.html") else [os.listdir(work + "/there"), child.before])
r = handout("3", "--lang", "ko", "-o", "there/lesson-3-2.html")
check("-o writes over an earlier page", [] if r.returncode == 0 and 'lang="ko"' in open(work + "/there/lesson-3-2.html").read() else [r])

shutil.copy(os.environ["LEARN_HOME"] + "/lessons/new.json", work + "/there/own.json")
for name, text in (("own.json", None), ("marks.csv", "a,b\n1,2\n"), ("page.html", "<!DOCTYPE html>\n<p>mine"), ("late.html", "-" * 1020 + '<meta name="generator" content="learn">')):
    if text:
        open(work + "/there/" + name, "w").write(text)
    was = open(work + "/there/" + name).read()
    r = handout("./there/own.json", "--lang", "en", "-o", "there/" + name)
    check(f"-o doesn't write over {name}", [] if r.returncode == 1 and b"is there already" in r.stderr and open(work + "/there/" + name).read() == was else [r])
open(work + "/there/empty.html", "w")
check("but over an empty file", [] if handout("3", "-o", "there/empty.html").returncode == 0 and os.path.getsize(work + "/there/empty.html") > 1000 else ["empty"])

# ---- steps and slips ----

three = {"format": 1, "lesson": 99, "id": "three", "title": "T", "minutes": 5, "goals": ["g"], "setup": ["x = 2"], "steps": [
    {"say": "first words"}, {"note": "a note"},
    {"predict": "x?", "answer": "x", "within": 0.1, "slips": [{"value": "x^2 + 1", "say": "squared"}]},
    {"ask": "which?", "choices": ["one", "two", "three"], "answer": 0, "wrong": {"1": "not two", "2": "not three"}},
    {"try": "do", "until": "x > 2", "solution": "x = 3", "slips": [{"value": "x < 0", "line": "x = -1", "say": "below"}]}]}
json.dump(three, open(work + "/three.json", "w"))
for edition in ([], ["--teacher"]):
    page = handout("./three.json", "--lang", "en", *edition).stdout.decode()
    heads = re.findall(r'<h2 id="(s\d+)"><span lang="en">([^<]*)<', page)
    check(" ".join(["notes don't count among the steps", *edition]), [] if heads == [(f"s{i}", f"Step {i}") for i in range(1, 5)]
          and page.count("<section") == page.count("</section>") == 4 else [heads])
check("a note stands with its step", [] if re.search(r"first words(?:(?!</section>).)*a note", page, re.S) else [page])
check("slips are as a person types them", [] if re.findall(r"<dt>([^<]*)</dt>", page) == ["5", "2. two", "3. three", "x = -1"]
      else re.findall(r"<dt>([^<]*)</dt>", page))

# ---- a stranger's lesson ----

EVIL = ["</style><script>document.title='ran'</script>", "\"><img src=x onerror=\"document.title='ran'\">",
        "\u202egnp.exe \u2066\u200f", "\x1b]0;ran\x07\x1b[2J", "]]><script>document.title='ran'</script>", "--><svg onload=alert(1)>",
        "`</code><script>`", "&lt;b&gt; &#60;script&#62;"]


def evil(i):
    return {"en": EVIL[i % len(EVIL)] + f" en{i}", "ko": EVIL[i % len(EVIL)] + f" 가{i}"}


def both(line):
    return {"en": line, "ko": line}


steps = [{"say": evil(i)} for i in range(len(EVIL))] + [
    {"run": both("x = [1, 2]; param w = 3; E = mean((w*x - x)^2)")},
    {"run": both("graph E")}, {"run": both("plot E vs w from -3 to 5")}, {"run": both("descend E rate 0.1 steps 2")},
    {"run": both('plot E vs w into "ran.png"')}, {"run": both('save "ran.learn"')}, {"run": both('log "ran.txt"')},
    {"run": both('"</pre><script>"')}, {"run": both("nonsense </pre><script>document.title='ran'</script>")},
    {"run": both("run \"/etc/passwd\"")}, {"run": both("quit")}, {"run": both("lesson 4")},
    {"ask": evil(0), "choices": [evil(1), evil(2)], "answer": 0, "wrong": {"1": evil(3)}, "why": evil(4), "hints": [evil(5)]},
    {"predict": evil(6), "answer": "E", "within": 0.1, "why": evil(7), "slips": [{"value": "w", "say": evil(0)}]},
    {"try": evil(1), "until": "w < 3", "solution": both('w = 1; save "ran2.learn"'), "hints": [evil(2)]},
    {"play": evil(3), "lines": [both("w</pre><script>")]}, {"note": evil(4)}]
lesson = {"format": 1, "lesson": 100, "id": "evil", "title": evil(0), "minutes": 5, "goals": [evil(1), evil(2)],
          "setup": [], "steps": steps}
json.dump(lesson, open(work + "/evil.json", "w"))
before = sorted(os.listdir(work))
for edition in ([], ["--teacher"]):
    r = handout("./evil.json", "--lang", "both", *edition, learn=LEARN)
    page, faults = r.stdout.decode(), []
    if r.returncode:
        faults.append((r.returncode, r.stderr[:400]))
    tags = set(re.findall(r"<([a-z!]\w*)", page))
    faults += sorted(tags & {"script", "img", "iframe", "object", "embed", "link", "form", "a"})
    faults += [f"U+{ord(c):04X}" for c in set(page) if c in "\u202e\u2066\u200f\x1b\x07\x9b" or (ord(c) < 32 and c not in "\n\t")]
    faults += [a for a in re.findall(r"<[^>]*\son\w+=[^>]*>", page)]
    faults += [t for t in ("en0", "가0", "en7", "가3") if t not in page]
    if has_tidy:
        faults += tidy(page, "evil")
    if "<script>document.title='ran'</script>" not in html.unescape(page):
        faults.append("the text is not there")
    if page != handout("./evil.json", "--lang", "both", *edition, learn=LEARN).stdout.decode():
        faults.append("differs")
    faults += sorted(set(os.listdir(work)) - set(before))
    check(" ".join(["a stranger's lesson is text", *edition]), faults)

# ---- beside learn in a page ----

live = handout("3", "--live", "https://a.example/l.html?a&b").stdout.decode()
steps = [int(n) for n in re.findall(r'href="https://a.example/l.html\?a&amp;b#lesson\+3\+step\+(\d+)"', live)]
lesson = json.load(open(next(p for p in LESSONS if "/03-" in p)))
asked = [s for s in lesson["steps"] if set(s) & {"predict", "ask", "choose", "try", "board"}]
check("--live: each question's address, no other's", [] if len(steps) == len(set(steps)) == len(asked) else [steps, len(asked)])
check("--live: an address, or nothing", [w for w in ("javascript:alert(1)", "a.html", 'http://a"b', "http://a#b")
                                        if handout("3", "--live", w).returncode != 2])

# ---- a browser ----

CHROMIUM = shutil.which("chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", f"--user-data-dir={work}/chromium"]


def chromium(*args):
    return subprocess.run([CHROMIUM, *FLAGS, *args], capture_output=True, timeout=300, cwd=work)


if CHROMIUM:
    open(work + "/evil.html", "w").write(page)
    dom = chromium("--dump-dom", f"file://{work}/evil.html").stdout.decode()
    title = re.search(r"<title>(.*?)</title>", dom, re.S)
    check("nothing of a stranger's runs in a browser",
          [] if title and title[1].startswith("Lesson 100") and "<script" not in dom else [title and title[1]])
else:
    print("skipped: chromium is not installed")
if CHROMIUM and shutil.which("pdftotext"):
    open(work + "/3.html", "w").write(handout("3", "--lang", "both").stdout.decode())
    chromium("--no-pdf-header-footer", f"--print-to-pdf={work}/3.pdf", f"file://{work}/3.html")
    info = subprocess.run(["pdfinfo", work + "/3.pdf"], capture_output=True).stdout.decode()
    text = subprocess.run(["pdftotext", work + "/3.pdf", "-"], capture_output=True).stdout.decode()
    check("printed: A4, tagged, both titles",
          [w for w in ("A4",) if w not in info] + ([] if re.search(r"Tagged: +yes", info) else [info])
          + [w for w in ("Gradient descent", "경사하강") if w not in text])
else:
    print("skipped: chromium or poppler-utils is not installed")
shutil.rmtree(work)
sys.exit(bad)
