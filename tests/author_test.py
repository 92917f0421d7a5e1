#!/usr/bin/env python3
"""An author's Sunday: a lesson of one's own is begun, played by its path, linted with words that help, watched; and
what the guide says is tried as it stands there."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unicodedata

import jsonschema

learn = os.path.abspath(os.environ.get("LEARN", "./learn"))
top = os.getcwd()
dir = tempfile.mkdtemp(prefix="learn-test-author-")
env = dict(os.environ, XDG_STATE_HOME=dir + "/state", LEARN_HOME=top, LC_ALL="C.UTF-8", TERM="dumb")
bad = 0
KINDS = "say", "run", "ask", "predict", "try", "play", "note"


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


Q = {"predict": text("What is w?", "w는?"), "answer": "w", "within": 0, "name": "q"}
R = {"predict": text("And x?", "x는?"), "answer": "x", "within": 0, "name": "r"}


def plays_by_its_path():
    write("mine.json", lesson(Q, R))
    said, status = run("lesson", "./mine.json", typed="3\n")
    say(status == 0 and "Lesson 100 · Tiny" in said and "[2/2] And x?" in said, "a lesson is played by its path", said)
    said, _ = run("lesson", "mine.json", at=dir)
    say("where you left it: step 2" in said and "[1/2]" not in said, "… and goes on where it was left", said)
    said, _ = run("lesson", "100", at="/")
    say("where you left it: step 2" in said, "… by its number too, from anywhere", said)
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
    run("lesson", "2", "--step", "5")
    run("lesson", "copy.json")
    with open(dir + "/state/learn/progress.json") as f:
        kept = json.load(f)["lessons"]
    say(kept["loss"]["place"]["step"] == 4 and kept["own-loss"]["file"] == os.path.realpath(dir + "/copy.json") and "file" not in kept["loss"],
        "a copy of a lesson keeps a progress of its own", list(kept))
    run("lesson", top + "/lessons/02-loss.json", "--step", "7")
    with open(dir + "/state/learn/progress.json") as f:
        kept = json.load(f)["lessons"]
    say(kept["loss"]["place"]["step"] == 6 and "file" not in kept["loss"], "the course's own file is the course's, by its path too", kept["loss"]["place"])


def reads_beside():
    os.makedirs(dir + "/data")
    write("data/marks.csv", "hours,mark\n1,2\n2,4\n3,6\n")
    write("data/d.json", lesson({"run": 'use "marks.csv" x 1 y 2'},
                                {"try": text("Bring it in.", "불러 오세요."), "until": "sum(y) == 12", "solution": 'use "marks.csv" x "hours" y "mark"', "accept": ["y = [[4], [2], [6]]"], "name": "t"},
                                setup=()))
    for at in dir, dir + "/data", "/":
        said, status = run("--type", "solutions", "lesson", dir + "/data/d.json", "--step", "1", at=at)
        say(status == 0 and "3 rows" in said and "1 of 1 questions solved" in said, f"data beside the lesson is read, from {os.path.basename(at)}", said)


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
        said, status = run("lint", f"{file}.json", at=at)
        say(status == 0 and "warning" not in said, f"… {file} lints clean", said)
        said, status = run("--type", "solutions", "lesson", f"./{file}.json", lang=lang, at=at)
        say(status == 0 and ("3 of 3" in said or "3개 가운데 3개" in said), f"… {file} plays to its end", said)
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


try:
    begins_anew()
    plays_by_its_path()
    reads_beside()
finally:
    shutil.rmtree(dir)
sys.exit(bad)
