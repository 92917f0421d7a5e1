#!/usr/bin/env python3
"""An author's Sunday: a lesson of one's own is begun, played by its path, linted with words that help, watched; and
what the guide says is tried as it stands there."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata

import jsonschema
import pexpect

learn = os.path.abspath(os.environ.get("LEARN", "./learn"))
top = os.getcwd()
dir = tempfile.mkdtemp(prefix="learn-test-author-")
env = dict(os.environ, XDG_STATE_HOME=dir + "/state", LEARN_HOME=top, LC_ALL="C.UTF-8", TERM="dumb")
bad = 0
KINDS = "say", "run", "ask", "predict", "try", "board", "play", "note"


def say(fine, what, more=""):
    global bad
    bad |= not fine
    print(("ok " if fine else "FAILED ") + what + ("" if fine else f": {more}"), flush=True)


def run(*args, lang="en", typed="", at=dir):
    """What it says, in one line, and its status."""
    p = subprocess.run([learn, "--lang", lang, *args], input=typed, capture_output=True, text=True, cwd=at, env=env, timeout=300)
    return " ".join((p.stdout + p.stderr).split()), p.returncode


def text(en, ko="가"):
    return {"en": en, "ko": ko}


def lesson(*steps, setup=("x = 2; y = 1", "param w = 3", "E = (w*x - y)^2"), **more):
    return {"format": 1, "lesson": 100, "id": "tiny", "title": text("Tiny"), "minutes": 2, "goals": [text("see")],
            "setup": list(setup), "steps": list(steps), **more}


def write(name, what):
    with open(f"{dir}/{name}", "w" if isinstance(what, (str, dict)) else "wb") as f:
        f.write(what if isinstance(what, (str, bytes)) else json.dumps(what, ensure_ascii=False, indent=1))
    return name


Q = {"predict": text("What is w? (It is 3.)", "w는? (3입니다.)"), "answer": "w", "within": 0, "name": "q"}
R = {"predict": text("And x?", "x는?"), "answer": "x", "within": 0, "name": "r"}


def plays_by_its_path():
    write("mine.json", lesson(Q, R))
    said, status = run("lesson", "./mine.json", typed="3\n")
    say(status == 0 and "Lesson 100 · Tiny" in said and "[2/2] And x?" in said, "a lesson is played by its path", said)
    said, _ = run("lesson", "mine.json", at=dir)
    say("where you left it: step 2" in said and "[1/2]" not in said, "… and goes on where it was left", said)
    said, _ = run("lesson", "100", at="/")
    say("where you left it: step 2" in said, "… by its number too, from anywhere", said)
    write("twin.json", {**lesson(Q), "id": "twin", "title": text("Twin")})
    for name, seen in ("twin.json", "Twin"), ("mine.json", "And x?"), ("twin.json", "Twin"), ("mine.json", "And x?"):
        run("lesson", name)
        said, _ = run("lesson", "100", at="/")
        say(seen in said, f"of two of one number it is the one played last: {name}", said)
    for word, wanted in ("1", "[1/2] What is w?"), ("r", "[2/2] And x?"):
        said, _ = run("lesson", dir + "/mine.json", "--step", word)
        say(wanted in said and "left it" not in said, f"--step {word}", said)
    for word in "3", "0", "no":
        said, status = run("lesson", "mine.json", "--step", word)
        say(status == 1 and "no such step" in said, f"--step {word} is none", said)
    said, status = run(typed='lesson "mine.json" step 1\nleave\n')
    say("[1/2] What is w?" in said and "`lesson 100` goes on" in said, "at the prompt, between quotes", said)
    said, _ = run(typed="progress\n")
    say("100 Tiny 1 of 2" in said, "its progress is shown with the others", said)
    said, _ = run("lesson", "mine.json", typed="skip\nskip\nnext\n")
    say("That was the whole of it" in said and "last lesson" not in said, "nothing follows one's own", said)
    for word, wanted in (("nothing.json", "can't read"), ("mine", "neither"), (".", "neither")):
        said, status = run("lesson", word)
        say(status and wanted in said, f"`learn lesson {word}` is refused", said)
    # a copy of the course's is no second place for its progress
    shutil.copy(top + "/lessons/02-loss.json", dir + "/copy.json")
    with open(top + "/lessons/02-loss.json", encoding="utf-8") as f:
        shown = [i for i, step in enumerate(json.load(f)["steps"]) if "note" not in step]  # notes don't count
    run("lesson", "2", "--step", "5")
    run("lesson", "copy.json")
    with open(dir + "/state/learn/progress.json") as f:
        kept = json.load(f)["lessons"]
    say(kept["loss"]["place"]["step"] == shown[4] and kept["own-loss"]["file"] == os.path.realpath(dir + "/copy.json") and "file" not in kept["loss"],
        "a copy of a lesson keeps a progress of its own", list(kept))
    run("lesson", top + "/lessons/02-loss.json", "--step", "7")
    with open(dir + "/state/learn/progress.json") as f:
        kept = json.load(f)["lessons"]
    say(kept["loss"]["place"]["step"] == shown[6] and "file" not in kept["loss"], "the course's own file is the course's, by its path too", kept["loss"]["place"])


def reads_beside():
    os.makedirs(dir + "/data")
    write("data/marks.csv", "hours,mark\n1,2\n2,4\n3,6\n")
    write("data/d.json", lesson({"run": 'use "marks.csv" x 1 y 2'},
                                {"try": text("Bring it in.", "불러 오세요."), "until": "sum(y) == 12", "solution": 'use "marks.csv" x "hours" y "mark"', "accept": ["y = [[4], [2], [6]]"], "name": "t"},
                                setup=()))
    for at in dir, dir + "/data", "/":
        said, status = run("--type", "solutions", "lesson", dir + "/data/d.json", "--step", "1", at=at)
        say(status == 0 and "3 rows" in said and "1 of 1 questions solved" in said, f"data beside the lesson is read, from {os.path.basename(at)}", said)
    os.makedirs(dir + "/large")
    with open(dir + "/large/marks.csv", "w") as f:
        f.truncate(1000 << 20)
    few = ["sh", "-c", 'ulimit -v 600000; exec "$@"', "sh", os.environ.get("LEARN_FAST", learn)]
    p = subprocess.run([*few, "--lang", "en", "--type", "solutions", "lesson", dir + "/data/d.json", "--step", "1"], capture_output=True, text=True, cwd=dir + "/large", env=env, timeout=300)
    say("3 rows to learn from" in p.stdout, "… whatever has its name here", p.stdout + p.stderr)


def begins_anew():
    os.makedirs(dir + "/new")
    at = dir + "/new"
    with open(top + "/lessons/schema.json") as f:
        schema = json.load(f)
    for i, (lang, args, file, id) in enumerate((("en", [], "my-lesson", "my-lesson"), ("ko", ["cafe"], "cafe", "cafe"), ("ko", ["카페"], "카페", None),
                                               ("en", [unicodedata.normalize("NFD", "나의-수업")], "나의-수업", None), ("en", ["Upper.json"], "Upper", "upper"),
                                               ("en", ["201-two"], "201-two", "two"), ("en", ["loss"], "loss", None), ("ko", ["7"], "7", "7"))):
        said, status = run("new", "lesson", *args, lang=lang, at=at)
        path = f"{at}/{file}.json"
        say(status == 0 and os.path.exists(path) and f"{file}.json" in said and "--watch" in said and "README" in said, f"learn new lesson {file}", said)
        with open(path) as f:
            made = f.read()
        whole = json.loads(made)
        number = 201 if file == "201-two" else whole["lesson"]
        say(whole["lesson"] == number >= 100 and whole["id"] == (id or f"lesson-{number}") and (id is not None or whole["id"] in said), f"… {file} has a number and an id of its own", (whole["lesson"], whole["id"]))
        say(sorted({k for s in whole["steps"] for k in s} & set(KINDS)) == sorted(KINDS), f"… {file} has a step of every kind", whole["steps"])
        jsonschema.Draft202012Validator(schema).validate(whole)
        say(os.path.samefile(whole["$schema"], top + "/lessons/schema.json"), f"… {file} names its schema", whole["$schema"])
        said, status = run("lint", "--strict", f"{file}.json", at=at)
        say(status == 0 and "warning" not in said, f"… {file} lints clean", said)
        said, status = run("--type", "solutions", "lesson", f"./{file}.json", lang=lang, at=at)
        say(status == 0 and ("4 of 4" in said or "4개 가운데 4개" in said or "4개를 모두" in said), f"… {file} plays to its end", said)
        said, status = run("new", "lesson", *args, lang=lang, at=at)
        with open(path) as f:
            say(status == 1 and f.read() == made and f"{file}.json" in said, f"… {file} is not written over", said)
    numbers = [json.load(open(f"{at}/{f}"))["lesson"] for f in os.listdir(at)]
    say(len(set(numbers)) == len(numbers), "each has a number of its own", numbers)
    before = sorted(os.listdir(at))
    for name, near in (("my cafe", "my-cafe"), ("../x", "x"), ("a/b", "a-b"), ("나의 수업", "나의-수업"), (".", ""), ("..", ""), ("", ""), ("/", ""), ("a\nb", "a-b"), ("\x1b[31m", "31m"), ("x" * 300, ""), (b"\xff\xfe", "")):
        said, status = run("new", "lesson", name, at=at)
        say(status == 1 and "name of a lesson" in said and f"`{near}`" in said + "``" and "\x1b" not in said, f"no name for a lesson: {name!r}"[:60], said)
    for words in (), ("lessen",), ("lesson", "a", "b"):
        said, status = run("new", *words, at=at)
        say(status == 2, f"learn new {words} is refused", said)
    os.symlink(at + "/none.json", at + "/link.json")
    said, status = run("new", "lesson", "link", at=at)
    say(status == 1 and not os.path.exists(at + "/none.json"), "nor is it written through a link", said)
    os.remove(at + "/link.json")
    os.mkdir(at + "/shut")
    os.chmod(at + "/shut", 0o555)
    if os.geteuid():
        said, status = run("new", "lesson", at=at + "/shut")
        say(status == 1 and "can't write" in said, "a folder that takes no file", said)
    os.rmdir(at + "/shut")
    say(before == sorted(os.listdir(at)), "and nothing else was written", os.listdir(at))


GOOD_STEPS = """{
  "format": 1, "lesson": 100, "id": "b", "title": {"en": "A", "ko": "가"}, "minutes": 2, "goals": [{"en": "x", "ko": "엑스"}],
  "setup": ["x = 1"],
  "steps": [
    {"say": {"en": "Over.", "ko": "끝."}},
    {"say": {"en": "Over 1.", "ko": "끝1."}},
    {"say": {"en": "Over 2.", "ko": "끝2."}}
  ]
}
"""
GOOD = """{
  "format": 1,
  "lesson": 100,
  "id": "cafe",
  "title": {"en": "Cafe", "ko": "카페"},
  "minutes": 2,
  "goals": [{"en": "a", "ko": "가"}],
  "setup": ["param w = 3"],
  "steps": [
    {"note": {"en": "hello", "ko": "안녕"}},
    {"say": {"en": "hello", "ko": "안녕"}}
  ]
}
"""
NEW = "learn new lesson"
# what is done to that text: what lint says of it, beginning with the place, in English and Korean
SIGNS = [
    ("a comma is missing", ("2,", "2"), "6:15", "a comma is missing after 2", "2 뒤에 쉼표"),
    ("… after a text", ('"cafe",', '"cafe"'), "4:15", 'a comma is missing after "cafe"', "뒤에 쉼표"),
    ("… between texts", ('"hello",', '"hello"'), "10:28", "a comma is missing after", "쉼표가 빠졌"),
    ("… after a step", ('"안녕"}},', '"안녕"}}'), "10:42", "a comma is missing after }", "} 뒤에 쉼표"),
    ("a comma before ]", ('"안녕"}}\n', '"안녕"}},\n'), "11:41", "no comma before ]", "] 앞에는 쉼표"),
    ("a comma before }", ('"카페"}', '"카페",}'), "5:37", "no comma before }", "} 앞에는 쉼표"),
    ("two commas", ("2,", "2,,"), "6:16", "one , too many", "하나 남습니다"),
    ("a comma too early", ("[{", "[,{"), "7:13", "one , too many", "하나 남습니다"),
    ("a // comment", ('  "setup"', '  // so\n  "setup"'), "8:3", "JSON has no comments", "주석"),
    ("a /* comment", ('"setup"', '/* so */ "setup"'), "8:3", "`note` step", "`note` 단계"),
    ("a # comment", ('"minutes": 2,', '"minutes": 2, # so'), "6:17", "JSON has no comments", "주석"),
    ("a comment before all", ("{", "// so\n{"), "1:1", "JSON has no comments", "주석"),
    ("a comment after all", ("]\n}", "]\n} // so"), "13:3", "JSON has no comments", "주석"),
    ("single quotes", ('"cafe"', "'cafe'"), "4:9", "write \" for '", "' 대신 \""),
    ("curly quotes", ('"cafe"', "“cafe”"), "4:9", 'write " for “', '“ 대신 "'),
    ("a curly quote at the end", ('"cafe"', '"cafe”'), "4:9", "begins at 4:9", "4:9에서 시작"),
    ("curly quotes round a name", ('"id"', "“id”"), "4:3", 'write " for “', '“ 대신 "'),
    ("full-width quotes", ('"cafe"', "＂cafe＂"), "4:9", 'write " for ＂', '＂ 대신 "'),
    ("a full-width comma", ("2,", "2，"), "6:15", "write , for ，", "， 대신 ,"),
    ("a full-width colon", ('"id":', '"id"：'), "4:7", "write : for ：", "： 대신 :"),
    ("a semicolon", ("2,", "2;"), "6:15", "write , for ;", "; 대신 ,"),
    ("= for :", ('"id":', '"id" ='), "4:8", "write : for =", "= 대신 :"),
    ("a colon is missing", ('"id":', '"id"'), "4:7", 'a colon is missing after "id"', "콜론"),
    ("no value", ('"minutes": 2,', '"minutes": ,'), "6:13", '"minutes" has no value', '"minutes"에 값이'),
    ("a quote that isn't closed", ('"cafe",', '"cafe,'), "4:9", "the text that begins at 4:9 isn't closed on its line", "4:9에서 시작"),
    ("… of a name", ('"id"', '"id'), "4:6", "the quote after `id`", "`id` 뒤에 따옴표"),
    ("a quote that isn't opened", ('"cafe"', 'cafe"'), "4:9", "between quotes", "따옴표 안"),
    ("a name without quotes", ('"id"', "id"), "4:3", "the name `id` needs quotes", "`id`에 따옴표"),
    ("a quote inside a text", ('"hello"', '"say "hello" now"'), "10:26", "a quote inside a text is written \\\"", "글 안의 따옴표"),
    ("… that stands alone", ('"hello"', '"the sign " is one"'), "10:31", "a quote inside a text", "글 안의 따옴표"),
    ("a line break inside a text", ('"hello"', '"hello\nthere"'), "10:21", "begins at 10:21", "10:21에서 시작"),
    ("a tab inside a text", ('"hello"', '"he\tllo"'), "10:24", "write \\t", "\\t로"),
    ("a backslash", ('"hello"', '"he\\dllo"'), "10:24", "a backslash in a text is written \\\\", "백슬래시"),
    ("half a \\u", ('"hello"', '"he\\u12"'), "10:24", "four digits", "네 자리"),
    ("True", ('"minutes": 2', '"minutes": True'), "6:14", "JSON writes true for True", "true"),
    ("NaN", ('"minutes": 2', '"minutes": NaN'), "6:14", "`NaN` is no number", "수가 아닙니다"),
    (".5", ('"minutes": 2', '"minutes": .5'), "6:14", "`.5` is no number", "수가 아닙니다"),
    ("+2", ('"minutes": 2', '"minutes": +2'), "6:14", "`+2` is no number", "수가 아닙니다"),
    ("02", ('"minutes": 2', '"minutes": 02'), "6:14", "`02` is no number", "수가 아닙니다"),
    ("the wrong bracket", ('"안녕"}}\n', '"안녕"}]\n'), "11:40", "a } is missing, or ] is too many: the bracket of 11:5", "11:5에서 연"),
    ("a bracket is missing", ("  ]\n}", "}"), "12:1", "a ] is missing, or } is too many: the bracket of 9:12", "9:12에서 연"),
    ("a bracket too many", ("]\n}", "]\n}}"), "13:2", "one } too many", "하나 남습니다"),
    ("the end is missing", ("  ]\n}\n", ""), "12:1", "the [ of 9:12 is still open", "9:12에서 연"),
    ("names in a list", ('[{"en": "a", "ko": "가"}]', '["en": "a"]'), "7:13", "stands in { }", "{ } 안에"),
    ("a space that is none", ('  "minutes"', '\u00a0 "minutes"'), "6:1", "a space that is none", "보통 빈칸이 아닌"),
    ("what git left", ("{", "<<<<<<< HEAD\n{"), "1:1", "git has left a conflict", "충돌"),
    ("two in a file", ("]\n}", "]\n}\n{}"), "14:1", "the JSON is over", "끝난 뒤"),
]
WHOLE = [
    ("an empty file", "", "1:1", NEW, NEW),
    ("only spaces", "  \n\n", "3:1", "the file is empty", "빈 파일"),
    ("YAML", "format: 1\nlesson: 100\n", "1:1", "looks like YAML", "YAML 같습니다"),
    ("YAML with its mark", "---\nformat: 1\n", "1:1", "looks like YAML", "YAML 같습니다"),
    ("prose", "Hello there.\n", "1:1", "this is no JSON", "JSON이 아닙니다"),
    ("CP949", GOOD.encode("cp949"), "5:", "iconv -f cp949 -t utf-8", "cp949로 쓴"),
    ("UTF-16 without a mark", GOOD.encode("utf-16-le"), "1:2", "iconv -f UTF-16LE -t utf-8", "UTF-16LE"),
    ("… the other way round", GOOD.encode("utf-16-be"), "1:1", "iconv -f UTF-16BE -t utf-8", "UTF-16BE"),
    ("a zero byte", b'{"a": "x\0y"}', "1:9", "zero character", "0 문자"),
    ("a } missing in a list", GOOD_STEPS.replace('"끝."}},', '"끝."},'), "5:40", 'a } is missing after }: the bracket of 5:5', "5:5에서 연"),
    ("a } missing in what stands on one line", GOOD_STEPS.replace('"가"}, "min', '"가", "min'), "2:122", 'a } is missing after ]: the bracket of 2:51', "2:51에서 연"),
    ("a } missing at the end of a list", GOOD_STEPS.replace('"끝2."}}', '"끝2."}'), "8:3", 'a } is missing, or ]', "7:5에서 연"),
    ("nothing behind a colon", '{"a":', "1:6", "still open", "1:1"),
    ("UTF-16", GOOD.encode("utf-16"), "1:1", "iconv -f UTF-16 -t utf-8", "UTF-16으로 쓴"),
    ("a mark and a slip", ("\ufeff" + GOOD.replace("2,", "2")).encode(), "6:15", "a comma is missing after 2", "쉼표"),
    ("CRLF and a slip", GOOD.replace("2,", "2").replace("\n", "\r\n").encode(), "6:15", "a comma is missing after 2", "쉼표"),
]
# keys: what is done to a whole lesson, and where and what is said: one fault, not two
K = {"ask": text("Which?", "어느 것?"), "choices": [text("one", "하나"), text("two", "둘"), text("three", "셋")], "answer": 0,
     "wrong": {"1": text("no", "아니"), "2": text("no", "아니")}, "name": "k"}
T = {"try": text("Make it small.", "작게 해 보세요."), "until": "(E < 1e-3)*learned(E)", "solution": "descend E rate 0.1 steps 20 every 0", "hints": [text("down", "아래로")], "name": "t"}
N = {"note": text("for the presenter", "발표하는 사람에게")}


def but(step, **fields):
    """The step with some fields changed, or (None) taken away."""
    return {k: v for k, v in {**step, **fields}.items() if v is not None}


H = {"hints": [text("look", "보세요")]}
Q1, R1 = but(Q, **H), but(R, **H)
KEYS = [
    ("hint for hints", lesson(N, but(Q, hint=[text("a")])), "steps[1].hint", "`hint` does not belong here. Did you mean `hints`?", "혹시 `hints`인가요?"),
    ("Minutes", lesson(N, Q1, Minutes=3, minutes=None), "Minutes", "Did you mean `minutes`?", "혹시 `minutes`인가요?"),
    ("kr for ko", lesson(N, but(Q1, predict={"en": "w?", "kr": "w?"})), "steps[1].predict.kr", "Did you mean `ko`?", "혹시 `ko`인가요?"),
    ("korean for ko", lesson(N, but(Q1, predict={"en": "w?", "korean": "w?"})), "steps[1].predict.korean", "Did you mean `ko`?", "혹시 `ko`인가요?"),
    ("solutions", lesson(N, but(T, solution=None, solutions="w = 1")), "steps[1].solutions", "Did you mean `solution`?", "혹시 `solution`인가요?"),
    ("prdict", lesson(N, but(Q1, predict=None, prdict=text("w?"))), "steps[1].prdict", "Did you mean `predict`?", "혹시 `predict`인가요?"),
    ("question", lesson(N, but(K, ask=None, question=text("w?"))), "steps[1].question", "Did you mean `ask`?", "혹시 `ask`인가요?"),
    ("text for say", lesson(N, {"text": text("w?")}), "steps[1].text", "Did you mean `say`?", "혹시 `say`인가요?"),
    ("Steps", {**lesson(N, Q1, steps=None), "Steps": []}, "Steps", "Did you mean `steps`?", "혹시 `steps`인가요?"),
    ("tolerance", lesson(N, but(Q1, within=None, tolerance=1)), "steps[1].tolerance", "Did you mean `within`?", "혹시 `within`인가요?"),
    ("what is near nothing", lesson(N, but(Q1, colour="red")), "steps[1].colour", "There may be: predict, answer", "쓸 수 있는 것: predict"),
    ("two kinds in a step", lesson(N, but(Q1, say=text("a"))), "steps[1].say", "begins a step of its own", "다른 단계로"),
    ("an id with a path", lesson(N, Q1, id="cafe sales/../x"), "id", "letters (a-z), digits and -", "영문자, 숫자, -"),
    ("an id in Hangul", lesson(N, Q1, id="카페"), "id", "letters (a-z), digits and -", "영문자, 숫자, -"),
]



F, S = "steps[1]", {"say": text("a", "가")}
no = text("no", "아니")
FAULTS = [
    ("until is true already", lesson(N, but(T, until="E < 100")), f"{F}.until", "`until` is true before the student does anything: E = 25, and `E < 100`", "이미 참입니다: E = 25"),
    ("until never is", lesson(N, but(T, until="E < -1")), f"{F}.solution", "does not pass: after it E = 2.74602e-27, and `E < -1` is 0", "하고 나면 E = 2.74602e-27이고, `E < -1`은 0입니다"),
    ("= for == in until", lesson(N, but(T, until="E = 0")), f"{F}.until", "to ask whether they are equal, write `==`", "같은지 물으려면 `==`"),
    ("until has a name that isn't there", lesson(N, but(T, until="EE < 1")), f"{F}.until", "I don't know the name `EE`", "`EE`라는 이름을"),
    ("a misspelt command", lesson(N, {"run": "decend E rate 0.1"}), f"{F}.run", "Did you mean `descend`?", "혹시 `descend`인가요?"),
    ("… in a solution", lesson(N, but(T, solution="setp E rate 0.1")), f"{F}.solution", "Did you mean `step`?", "혹시 `step`인가요?"),
    ("an answer that is no number", lesson(N, but(Q1, answer="log(-1)")), f"{F}.answer", "`log(-1)` is nan on this board", "`log(-1)`은 nan입니다"),
    ("an answer that is too large", lesson(N, but(Q1, answer="1/(w - 3)")), f"{F}.answer", "`1/(w - 3)` is inf on this board", "inf"),
    ("an answer counted from 1", lesson(N, but(K, answer=1, wrong={"1": no, "2": no})), f"{F}.answer", "answers count from 0: did you mean 0?", "혹시 0인가요?"),
    ("… the last one", lesson(N, but(K, answer=3, wrong={"0": no, "1": no})), f"{F}.answer", "answers count from 0: did you mean 2?", "혹시 2인가요?"),
    ("replies counted from 1", lesson(N, but(K, wrong={"2": no, "3": no})), f"{F}.wrong", "replies count from 0", "0부터 셉니다"),
    ("a setup line that fails, and nothing that follows from it", lesson(N, Q1, T, setup=("x = 2; y = 1", "param w = = 3", "E = (w*x - y)^2")), "setup[1]", "this fails", "실행되지 않습니다"),
]
WARNINGS = [
    ("what is asked was shown", lesson(N, {"run": "table E/3 vs w from 0 to 4 by 1"}, but(Q1, answer="E/3", within=0.01)), f"{F}.run", "shows 8.33333, which steps[2].answer asks", "8.33333이 여기서 보입니다"),
    ("a hint that is the solution", lesson(N, but(T, hints=[text("`" + T["solution"] + "`.")])), f"{F}.hints[0]", "the answer itself", "답 그 자체"),
    ("a command in a text that can't be typed", lesson(N, {"say": text("Type `decend E`.", "이렇게 쳐요.")}), f"{F}.say.en", "Did you mean `descend`?", "혹시 `descend`인가요?"),
    ("… in the Korean one", lesson(N, {"say": text("Type it.", "`grahp E`라고 쳐요.")}), f"{F}.say.ko", "Did you mean `graph`?", "혹시 `graph`인가요?"),
    ("the Korean is the English", lesson(N, {"say": text("This is the same.", "This is the same.")}), f"{F}.say.ko", "the Korean is the English", "똑같습니다"),
    ("a question without hints", lesson(N, Q), F, "without `hints`", "`hints`가 없는"),
    ("a try without hints", lesson(N, but(T, hints=[])), F, "without `hints`", "`hints`가 없는"),
    ("within too wide", lesson(N, but(Q1, within=10)), f"{F}.within", "10 is more than half of the answer, 3", "10은 답 3의 절반"),
    ("a given number that was never shown", lesson(N, but(Q1, predict=text("And w?", "w는요?"))), f"{F}.answer", "asks for `w`, which is 3, and nothing before", "`w`의 값 3을 묻지만"),
    ("an element that was never shown", lesson(N, but(Q1, predict=text("And W?", "W는요?"), answer="W[1]"), setup=("W = [4, 5]",)), f"{F}.answer", "asks for `W[1]`, which is 5", "`W[1]`의 값 5를"),
    ("four texts in a row", lesson(N, S, S, S, S), "steps[4]", "the fourth text in a row", "네 번 잇달아"),
    ("no notes", lesson(Q1), "steps", "no `note`", "`note`가 없습니다"),
    ("too short", lesson(N, Q1, minutes=0.1), "minutes", "6 seconds each", "6초"),
    ("too long", lesson(N, Q1, minutes=30), "minutes", "1800 seconds each", "1800초"),
    ("a number of the course's", {**lesson(N, Q1), "lesson": 3}, "lesson", "100 or more", "100부터"),
    ("an id of the course's", {**lesson(N, Q1), "id": "loss"}, "id", "take another", "다른 것을"),
]
CLEAN = [
    ("parts of commands in a text", lesson(N, {"say": text("With `rate 0.1` and `steps 20`, `w`, `dE/dw`, `descend E rate …`.", "`rate 0.1`과 `steps 20`이에요.")})),
    ("what is the same in both because it is a formula", lesson(N, {"say": text("h = w*x")})),
    ("a plain number that stands there too", lesson(N, {"run": "table w*x vs w from 1 to 4 by 1"}, but(Q1, answer="w*x", within=0))),
    ("a given number that was shown before", lesson(N, {"run": "w"}, K, but(Q1, predict=text("And w?", "w는요?")))),
    ("an answer of 0", lesson(N, but(Q1, answer="w - 3", within=0.01))),
    ("a choice without hints", lesson(N, K)),
    ("three texts", lesson(N, S, S, S)),
]


def lints(what, name, wanted, ko, *more, faults=None, status=1):
    for lang, words in ("en", wanted), ("ko", ko):
        said, code = run("lint", name, lang=lang)
        found = all(w in said for w in (words, *more)) and code == status
        if faults is not None:
            found &= said.count(": error: ") == faults
        say(found, f"lint ({lang}): {what}", said)


def begins_anywhere():
    """What stands in the path of the schema is no number and no id."""
    home = dir + '/100 "id": my-lesson'
    shutil.copytree(top + "/lessons", home + "/lessons")
    env["LEARN_HOME"] = home
    os.makedirs(dir + "/anywhere")
    said, status = run("new", "lesson", at=dir + "/anywhere")
    with open(dir + "/anywhere/my-lesson.json") as f:
        whole = json.load(f)
    env["LEARN_HOME"] = top
    say((whole["$schema"], whole["id"], type(whole["lesson"])) == (os.path.realpath(home) + "/lessons/schema.json", "my-lesson", int),
        "a folder with a number and an id in its name", (said, whole["$schema"], whole["id"], whole["lesson"]))


def says_where_and_what():
    for what, (old, new), at, en, ko in SIGNS:
        assert GOOD.count(old) >= 1, what
        write("x.json", GOOD.replace(old, new, 1))
        lints(what, "x.json", en, ko, f"x.json:{at}: error: ", faults=1)
    for what, whole, at, en, ko in WHOLE:
        write("x.json", whole)
        lints(what, "x.json", en, ko, f"x.json:{at}", ": error: ", faults=1)
    for what, whole, path, en, ko in KEYS:
        write("x.json", {k: v for k, v in whole.items() if v is not None})
        lints(what, "x.json", en, ko, f": error: {path}", faults=1)
    for what, whole, path, en, ko in FAULTS:
        write("x.json", whole)
        lints(what, "x.json", en, ko, f": error: {path}", faults=1)
    for what, whole, path, en, ko in WARNINGS:
        write("x.json", whole)
        lints(what, "x.json", en, ko, f": warning: {path}", faults=0, status=0)
        said, status = run("lint", "--strict", "x.json")
        say(status == 1 and said.count(": warning: ") == 1, f"--strict: {what}", said)
    for what, whole in CLEAN:
        write("x.json", whole)
        said, status = run("lint", "--strict", "x.json")
        say(status == 0, f"lint says nothing of {what}", said)
    for what, whole in ("a mark before it", ("\ufeff" + GOOD).encode()), ("CRLF", GOOD.replace("\n", "\r\n").encode()), ("no line break at its end", GOOD.strip()):
        write("x.json", whole)
        said, status = run("lint", "--strict", "x.json")
        say(status == 0 and "fine" in said, f"lint: {what} is let through without a word", said)


def watches():
    write("w.json", lesson(N, Q1))
    p = pexpect.spawn(learn, ["--lang", "en", "lint", "--watch", "w.json"], cwd=dir, env=env, timeout=60, dimensions=(24, 80), encoding="utf-8")
    p.expect("w.json: fine")
    p.expect("q end")
    say("[H" not in p.before.replace("\x1b[H", ""), "--watch: the screen is cleared, not written on", p.before)
    write("new.json", lesson(N, but(Q1, hint=[text("a")])))
    os.rename(dir + "/new.json", dir + "/w.json")  # as Vim does
    p.expect("Did you mean")
    p.expect("q end")
    say("p play" not in p.before, "--watch: what has no shape is not offered to be played", p.before)
    write("w.json", lesson(N, Q1))
    p.expect("w.json: fine")
    p.expect("q end")
    say(True, "--watch: a fault put there by renaming, and one mended in place")
    write("w.json", lesson(N, but(Q1, answer="log(-1)")))
    p.expect(r"is\s+nan")
    p.expect("p play step 1")  # the note isn't counted
    p.send("p")
    p.expect("What is w")
    p.sendline("quit")
    p.expect("p play step 1")
    say(True, "--watch: p begins at the step of the fault, as --step counts")
    write("w.json", "{")
    p.expect("still open")
    os.remove(dir + "/w.json")
    p.expect("can't read")
    write("w.json", lesson(N, R1))
    p.expect("w.json: fine")
    p.expect("q end")
    say(True, "--watch: broken, gone and back")
    p.send("p")
    p.expect("And x")
    p.sendline("2")
    p.expect("leave")
    p.sendline("leave")  # which is enough
    p.expect("w.json: fine")
    p.expect("q end")
    say(True, "--watch: p plays it, and watches on")
    slow = lesson({"run": "repeat 1000000 { sum(sin(zeros(1000, 1000))) }"}, Q1)  # for minutes
    for title in "one", "two":  # the first is stopped while it plays
        write("new.json", {**slow, "title": text(title)})
        os.rename(dir + "/new.json", dir + "/w.json")  # in place it may be read half written, which is said
        p.expect("w.json  ..:..:..")
    write("new.json", lesson(N, Q1))
    os.rename(dir + "/new.json", dir + "/w.json")
    p.expect("w.json: fine \\(2 steps")
    old = p.before
    p.expect("q end")
    say(not re.search(r"fine \(|faults:", old), "--watch: a save stops what still plays, and nothing old is said", old)
    p.send("q")
    p.expect(pexpect.EOF)
    p.close()
    say(p.exitstatus == 0, "--watch: q ends it", p.exitstatus)


def keeps_the_guide():
    """Each piece of JSON in it lints, on the board that `learn new lesson` makes; each command does what it says."""
    for name in "README.md", "README.ko.md":
        with open(f"{top}/lessons/{name}", encoding="utf-8") as f:
            guide = f.read()
        at = f"{dir}/guide-{name}"
        os.makedirs(at)
        write(f"guide-{name}/marks.csv", "hours,mark\n1,2\n2,4\n3,6\n")
        pieces = [json.loads(piece) for piece in re.findall(r"```json\n(.*?)```", guide, re.S)]
        steps = [p for p in pieces if "steps" not in p]
        say(len(steps) >= 9 and {k for s in steps for k in s} >= set(KINDS), f"{name} shows a step of every kind", len(steps))
        for i, piece in enumerate(pieces):
            whole = piece if "steps" in piece else lesson(piece, but(N) if "note" not in piece else Q1, setup=("x = 2", "y = 4", "param w = 3", "h = w*x", "E = (h - y)^2"))
            write(f"guide-{name}/piece.json", whole)
            said, status = run("lint", "--strict", "piece.json", at=at)
            say(status == 0, f"{name}: its piece {i} lints", said)
        talk = None
        lines = [line for block in re.findall(r"```sh\n(.*?)```", guide, re.S) for line in block.splitlines()]
        for line in lines:
            words = line.split()
            if "--watch" in words:
                p = pexpect.spawn(learn, words[1:], cwd=at, env=env, timeout=60)
                p.expect("q ")
                p.send("q")
                p.expect(pexpect.EOF)
                p.close()
                said, status = "", p.exitstatus
            elif "present" in words:
                talk = pexpect.spawn(learn, words[1:], cwd=at, env={**env, "TERM": "xterm"}, timeout=60, encoding="utf-8", dimensions=(24, 80))
                talk.expect("My lesson")
                said, status = "", 0
            elif "notes" in words:
                notes = pexpect.spawn(learn, words[1:], cwd=at, env={**env, "TERM": "xterm"}, timeout=60, encoding="utf-8", dimensions=(24, 80))
                notes.expect("My lesson|step")
                notes.send(" ")
                talk.send("qq")
                talk.expect(pexpect.EOF)
                talk.close()
                notes.close(force=True)
                said, status = "", talk.exitstatus
            else:
                said, status = run(*words[1:], at=at, typed="2\n")
            say(words[0] == "learn" and status == 0, f"{name}: {line}", said)
        say(len(lines) >= 5, f"{name} says what to type", lines)


try:
    begins_anew()
    begins_anywhere()
    plays_by_its_path()
    reads_beside()
    says_where_and_what()
    watches()
    keeps_the_guide()
finally:
    shutil.rmtree(dir)
sys.exit(bad)
