#!/usr/bin/env python3
"""Worksheets: `learn worksheet` writes exercises for A4 and a key in a file of its own."""
import html, os, re, shutil, subprocess, sys, tempfile
from report import tester, verdict

learn, fast = (os.path.abspath(os.environ.get(k, "./learn")) for k in ("LEARN", "LEARN_FAST"))
home = os.path.abspath(os.environ.get("LEARN_HOME", "."))
dir = tempfile.mkdtemp(prefix="learn-worksheet-")
KINDS = re.findall(r'(?m)^    \{"(\w+)", +"([^"]+)", +"[\w-]+", +\w+\},', open(f"{home}/src/practice/kinds.c", encoding="utf-8").read())


def fresh():
    shutil.rmtree(dir, ignore_errors=True)
    os.mkdir(dir)


test = tester(fresh)


def run(*words, lang="en", status=0, program=learn, stdin=""):
    p = subprocess.run([program, "--lang", lang, *words], cwd=dir, capture_output=True, text=True, timeout=300, input=stdin,
                       env=dict(os.environ, LEARN_HOME=home, XDG_STATE_HOME=dir + "/state", LC_ALL="C.UTF-8"))
    assert "Sanitizer" not in p.stderr and p.returncode == status, (words, p.returncode, p.stdout, p.stderr)
    return re.sub(r"\s+", " ", p.stdout + p.stderr)


def page(name):
    with open(f"{dir}/{name}", encoding="utf-8") as f:
        return f.read()


def put(name, text):
    with open(f"{dir}/{name}", "wb") as f:
        f.write(text if isinstance(text, bytes) else text.encode())


def table_of(key):
    """The answers of a class, a row a student."""
    return key[:key.index("</table>")]


def parts(text):
    """Of a page: each exercise's heading, commands, texts, and what stands in the answer's place."""
    for part in re.findall(r"<section.*?</section>", text, re.S):
        answer = part.find('<div class="answer">')
        asked, behind = (part, "") if answer < 0 else (part[:answer], part[answer:])
        yield (re.sub("<.*?>", "", re.search("<h2.*?</h2>", part)[0]), [html.unescape(c) for c in re.findall(r'<pre class="cmd"[^>]*>(.*?)</pre>', asked)],
               html.unescape(re.sub("<.*?>", " ", asked)), html.unescape(re.sub("<.*?>", " ", behind)))


@test("every kind and level, both languages: the key's answers are the engine's, and none is on the sheet")
def _():
    assert len(KINDS) >= 5, KINDS
    looked = 0
    for n, (en, ko) in enumerate(KINDS):
        for lang, kind in ("en", en), ("ko", ko):
            run("worksheet", kind, "count", "8", "seed", str(n), "into", "s.html", lang=lang)
            sheet, key = page("s.html"), page("s-key.html")
            assert len(list(parts(sheet))) == len(list(parts(key))) == 8
            assert 'class="answer"' not in sheet and f"seed {n}" not in sheet and "learn worksheet" not in sheet, sheet
            assert f"learn worksheet {en} count 8 seed {n}" in key
            for (head, lines, asked, none), (same, again, text, behind) in zip(parts(sheet), parts(key)):
                assert head == same and kind in head and lines == again and not none and behind.strip(), (head, same)
                assert not re.search("The answer|답:", asked), asked
                wanted = re.search(r"(?:The answer|답):\s*(-?[\d.]+(?:e-?\d+)?)", behind)
                name = re.search(r"(?:What is (\w+|d\w/d\w)[,?]| ([A-Za-z]\w*|d\w/d\w)[은는] 얼마)", asked)
                asked_for = name and (name[1] or name[2])
                there = asked_for and all(re.search(rf"\b{n}(\.\w)? =", "; ".join(lines)) for n in re.findall(r"[A-Za-z]\w*", re.sub(r"\bd(\w)/d", r"\1/", asked_for)))
                if not wanted or not there or "rate" in asked or "학습률" in asked:
                    continue
                said = subprocess.run([fast, "-c", "; ".join([*lines, f"({asked_for})*1"])], capture_output=True, text=True,
                                      env=dict(os.environ, LEARN_HOME=home, XDG_STATE_HOME=dir + "/state", LC_ALL="C.UTF-8")).stdout.split()
                assert said and abs(float(said[-1]) - float(wanted[1])) <= 0.011, (lines, name[0], said, wanted[0])
                looked += 1
    assert looked >= 40, looked


@test("what is worked out gate by gate has its graph, with empty boxes; the key has what stands in them")
def _():
    for kind in "forward", "backward":
        run("worksheet", kind, "level", "2", "count", "3", "seed", "2", "into", "s.html")
        drawn = [html.unescape(d) for d in re.findall(r'<pre class="drawn"[^>]*>(.*?)</pre>', page("s.html"), re.S)]
        assert len(drawn) == 3 and all(d.count("[  ]") >= (2 if kind == "forward" else 5) for d in drawn), drawn
        assert 'class="drawn"' not in page("s-key.html")


@test("the same seed is the same bytes, another seed other numbers; levels as asked, else rising; nothing twice")
def _():
    run("worksheet", "backward,forward", "seed", "7", "into", "a.html")
    run("worksheet", "backward", "forward", "seed", "7", "into", "b.html")
    run("worksheet", "backward, forward", "8문제", "seed", "8", "into", "c.html")
    assert page("a.html") == page("b.html") and page("a-key.html") == page("b-key.html")
    assert page("c.html").count("<section") == 8
    a, c = ([p[1] for p in parts(page(file))][:1] for file in ("a.html", "c.html"))
    assert a != c, (a, c)
    run("worksheet", "sizes", "count", "7", "seed", "1", "into", "r.html")
    assert len({re.sub(r"[\d(),. ]+", "", p[2]) for p in parts(page("r.html"))}) > 5
    run("worksheet", "forward", "level", "1", "count", "20", "seed", "1", "into", "d.html")
    all = [tuple(p[1]) for p in parts(page("d.html"))]
    assert len(set(all)) == 20, all
    run("worksheet", "sizes", "level", "6", "count", "2", "seed", "1", "into", "e.html")
    assert page("e.html").count("stride=") == 2 and "dense" not in page("e.html")
    said = run("worksheet", "sizes")
    seed = re.search(r"`seed (\d+)`", said)[1]
    run("worksheet", "sizes", "seed", seed, "into", "f.html")
    assert page("f.html") == page("worksheet.html") and page("f-key.html") == page("worksheet-key.html")
    run("worksheet", "sizes", "seed", seed, "answers", "into", "key.html")
    assert page("key.html") == page("f-key.html") and not os.path.exists(f"{dir}/key-key.html")
    run("--seed", seed, "worksheet", "sizes", "into", "h.html")  # as everything that is drawn
    assert page("h.html") == page("f.html")
    run("worksheet", "크기", "3레벨", "seed", seed, "into", "i.html", lang="ko")
    run("worksheet", "sizes", "level", "3", "seed", seed, "into", "j.html", lang="ko")
    assert page("i.html") == page("j.html")
    assert run("--lang", "both", "worksheet", "backward", "count", "2", "seed", "1", "into", "g.html")
    assert 'lang="en"' in page("g.html") and 'lang="ko"' in page("g.html") and page("g.html").count("What is") == page("g.html").count("얼마") == 2


LISTS = {
    "plain.txt": ("김민지\n이서준\n\nPark Ji-won\n", ["김민지", "이서준", "Park Ji-won"]),
    "head.csv": ('\ufeff학번,이름,분반\r\n20251,"김, ""민지""",A\r\n20252, 이 서준 ,B\r\n', ['20251 김, "민지"', "20252 이 서준"]),
    "canvas.csv": ('Student,ID,SIS Login ID,Section,Essay\n    Points Possible,,,,5\n"Kim, M",77,m@x.kr,A,3\n', ["Kim, M 77"]),
    "evil.csv": ("name;id\n</strong><script>alert(1)</script>;=1+1\n\u202eRTL\x1b[31m;2\n", ["</strong><script>alert(1)</script> =1+1", "RTL[31m 2"]),
    "cp949.csv": ("이름,학번\n김민지,1\n이서준,2\n".encode("cp949"), ["김민지 1", "이서준 2"]),
    "twice.txt": ("Kim\nLee\nKim\n", ["Kim", "Lee", "Kim"]),
}


@test("names: quotes, blanks, heads, encodings; a page a student, numbers of their own whatever the order")
def _():
    for file, (text, names) in LISTS.items():
        put(file, text)
        said = run("worksheet", "backward", "level", "2", "count", "3", "seed", "5", "students", file, "into", "s.html")
        sheet, key = page("s.html"), page("s-key.html")
        sheets = re.findall(r"<article.*?</article>", sheet, re.S)
        assert [html.unescape(re.search("<strong>(.*?)</strong>", s)[1]) for s in sheets] == names, (file, sheet[:3000])
        assert f"{len(names)} students" in said and "<script" not in sheet + key and "\x1b" not in sheet + key, said
        ids = re.findall(r' id="(.*?)"', sheet)
        assert len(set(ids)) == len(ids) == 3 * len(names), ids
        numbers = [tuple(tuple(p[1]) for p in parts(s)) for s in sheets]
        assert len(set(numbers)) == len(names), numbers
        rows = re.findall(r"<tr><th scope=\"row\"[^>]*>(.*?)</th>(.*?)</tr>", table_of(key))
        assert [html.unescape(r[0]) for r in rows] == names and all(r[1].count("<td") == 3 for r in rows), rows
    put("other.txt", "Lee\nKim\n")
    run("worksheet", "backward", "level", "2", "count", "3", "seed", "5", "students", "other.txt", "into", "o.html")
    of = lambda name, file: re.search(rf"<strong>{name}</strong>.*?</article>", page(file), re.S)[0]
    assert of("Lee", "s.html") == of("Lee", "s.html")
    lines = lambda text: [p[1] for p in parts(text)]
    assert lines(of("Lee", "s.html")) == lines(of("Lee", "o.html")) and lines(of("Kim", "s.html")) == lines(of("Kim", "o.html"))
    put("many.csv", "name\n" + "".join(f"Student {i}\n" for i in range(300)))
    run("worksheet", "backward,sizes", "count", "4", "seed", "5", "students", "many.csv", "into", "m.html", program=fast)
    assert page("m.html").count("<article") == 300 and table_of(page("m-key.html")).count("<tr>") == 301


@test("a table of answers for a class is what each student's own sheet asks; behind it all are worked out")
def _():
    put("n.txt", "Kim\nLee\n")
    run("worksheet", "backward", "level", "2", "count", "4", "seed", "9", "students", "n.txt", "into", "s.html")
    key = [re.findall(r"<td>(.*?)</td>", row) for row in re.findall(r"<tr><th scope=\"row\".*?</tr>", table_of(page("s-key.html")))]
    worked = re.split("<h1>(?:Kim|Lee)</h1>", page("s-key.html"))[1:]
    assert len(worked) == 2 and page("s-key.html").count(' id="s1"') < 2
    for sheet, own, answers in zip(re.findall(r"<article.*?</article>", page("s.html"), re.S), worked, key):
        assert [p[1] for p in parts(sheet)] == [p[1] for p in parts(own)]
        for (_, _, _, behind), answer in zip(parts(own), answers):
            assert f"The answer: {answer} " in behind and "upstream × local gradient" in behind, behind
    for sheet, answers in zip(re.findall(r"<article.*?</article>", page("s.html"), re.S), key):
        for (_, lines, asked, _), answer in zip(parts(sheet), answers):
            said = run("-c", "; ".join([*lines, re.search(r"What is (\S+)\?", asked)[1]]))
            assert said.split()[-1] == answer, (lines, asked, said, answer)


@test("what is asked for wrongly is said, in both languages, and nothing is written")
def _():
    put("empty.txt", "\n\n")
    put("open.csv", 'name\n"Kim\n')
    put("theirs.html", "<p>mine</p>")
    for lang, cases in ("en", [(("bakward",), 2, "Did you mean `backward`"), (("backward", "level", "9"), 2, "levels 1 to"), (("count", "8"), 2, "backward"),
                               (("backward", "count", "none"), 2, "from 1 to 100"), (("backward", "count"), 2, "from 1 to 100"), (("backward", "seed", "x"), 2, "`seed` wants"),
                               (("backward", "students"), 2, "wants a file"), (("backward", "students", "no.csv"), 1, "no.csv"), ((), 2, "worksheet"),
                               (("backward", "students", "empty.txt"), 1, "no names"), (("backward", "students", "open.csv"), 1, "never closed"),
                               (("backward", "into", "theirs.html"), 1, "theirs.html"), (("backward", "into", "no/where.html"), 1, "no/where")]), \
                       ("ko", [(("역전퍼",), 2, "혹시 `역전파`"), (("역전파", "9단계"), 2, "단계"), (("8문제",), 2, "알려 주세요"), (("역전파", "학생", "empty.txt"), 1, "이름이 없습니다")]):
        for words, status, text in cases:
            said = run("worksheet", *words, lang=lang, status=status)
            assert text in said, (words, said)
    assert page("theirs.html") == "<p>mine</p>"
    assert set(os.listdir(dir)) - {"state"} == {"empty.txt", "open.csv", "theirs.html"}, os.listdir(dir)


@test("tidy has no errors")
def _():
    if not any(os.access(f"{p}/tidy", os.X_OK) for p in os.environ["PATH"].split(":")):
        print("skipped: tidy is not installed")
        return
    put("n.txt", "Kim\nLee\n")
    run("--lang", "both", "worksheet", *(",".join(k for k, _ in KINDS),), "seed", "1", "into", "a.html")
    run("worksheet", "backward", "students", "n.txt", "seed", "1", "into", "b.html")
    for file in "a.html", "a-key.html", "b.html", "b-key.html":
        said = subprocess.run(["tidy", "-e", "-q", "--drop-empty-elements", "no", file], cwd=dir, capture_output=True, text=True).stderr
        assert "Error" not in said, (file, said)


shutil.rmtree(dir, ignore_errors=True)
sys.exit(verdict())
