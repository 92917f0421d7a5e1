#!/usr/bin/python3
"""What each lesson of the course must have (python3 tests/course_test.py [FILE…])."""
import glob, json, os, re, sys

bad = 0


def hints(step):
    return len(step.get("hints", []))


def live(answer):
    """Worked out on the board: it speaks of a name there."""
    return isinstance(answer, str) and re.search(r"[^\W\d_]", re.sub(r"\d[eE][-+]?\d", "", answer))


def replies(step):
    choices = step.get("choices", [])
    return choices and len(step.get("wrong", {})) == len(choices) - 1


def wants(lesson):
    steps = [s for s in lesson["steps"] if "note" not in s]  # those are for the speaker

    def some(kind, fits):
        return any(kind in s and fits(s) for s in steps)

    yield "15 to 55 steps", 15 <= len(steps) <= 55
    yield "a goal in the first lines", len(lesson["goals"]) > 0
    yield "a summary in the last", re.search("now|지금|이제|lines|줄", json.dumps(steps[-1].get("say", ""), ensure_ascii=False))
    yield "a prediction from the live graph", some("predict", lambda s: live(s["answer"]))
    yield "a choice with a reply to each wrong one", some("ask", replies)
    yield "a try with two hints and a solution", some("try", lambda s: hints(s) >= 2 and s["solution"])
    yield "a plot", some("run", lambda s: re.search(r"\b(plot|animate)\b", json.dumps(s["run"])))
    yield "a what-if left open (a step {\"play\": …, \"lines\": […]})", some("play", lambda s: s["lines"])
    yield "two hints for every prediction", all(hints(s) >= 2 for s in steps if "predict" in s)


for path in sys.argv[1:] or sorted(glob.glob("lessons/[0-9]*.json")):
    with open(path, encoding="utf-8") as f:
        lesson = json.load(f)
    name = os.path.basename(path)[:-5]
    for what, has in wants(lesson):
        print(f"{'ok' if has else 'FAILED'} {name}: {what}")
        bad |= not has
sys.exit(bad)
