#!/usr/bin/env python3
"""What a person sees, on a terminal of 24 rows and 80 columns: every lesson played to its end in both languages by somebody
who knows. At each place where the program waits, what was written since the last key must stand on the screen, whole, and be
what tests/screens/NAME.LANG.out holds; and no row above a question gives the number that it asks for. And on one of 20 rows and 40 columns: nothing runs past, nothing is too wide.
    python3 tests/screens_test.py [--write] [lessons/03-gradient-descent.json …]
With --write the files are written anew; read the diff."""
import glob, json, multiprocessing, os, re, sys, tempfile

os.environ.update(LEARN_SEED="1", LEARN_KERNELS="baseline", GLIBC_TUNABLES="glibc.cpu.hwcaps=-FMA,-FMA4,-AVX2,-AVX512F,-AVX2_Usable,-FMA_Usable,-FMA4_Usable")
os.environ.setdefault("LEARN_HOME", os.getcwd())
from person import Person, solutions

MOST = 500  # stops; rows of one step
GOLDEN = "tests/screens"
top = os.getcwd()


def gives(row, asked, near):
    """h = w*x = 8, or E: 4 → 2.56, where h or E is asked for and that is the answer; a tangent's slope, where a slope is."""
    says = re.match(r"(\S+)(?: =|:) .*?(-?\d[\d.]*)$", row)
    if says and near(says[2]) and re.search(rf"(?<!\w){re.escape(says[1])}(?!\w)", asked):
        return True
    slope = re.search(r"# (?:tangent: slope|접선: 기울기) (-?\d[\d.]*)", row)
    return bool(slope and near(slope[1]) and re.search(r"d\w+/d\w| at \w+ = .* at ", asked))


def above(number, step, screen, answer):
    """What gives it away that is asked for in this step."""
    steps = json.load(open(glob.glob(f"{top}/lessons/**/{number:02}-*.json", recursive=True)[0]))["steps"]
    steps = [s for s in steps if "note" not in s]
    if step > len(steps) or "predict" not in steps[step - 1] or not re.fullmatch(r"-?\d+\.?\d*", answer):
        return []
    first = max((i for i, row in enumerate(screen) if row.startswith(f"[{step}/")), default=0)
    within = steps[step - 1].get("within", 0)
    return [row for row in screen[:first] if gives(row, str(steps[step - 1].get("answer", "")),
                                                   lambda said: abs(float(said.rstrip(".")) - float(answer)) <= within)]


def play(number, lang, rows, columns):
    """Pages as (step, rows), and what is wrong with them."""
    pages, wrong, typed = [], [], []
    with tempfile.TemporaryDirectory() as place:
        os.mkdir(place + "/work")
        os.chdir(place + "/work")  # a student may write files
        lines = solutions(number, lang, place + "/knows")
        os.mkdir(place + "/played")
        os.chdir(place + "/played")  # what somebody else wrote is not written over
        p = Person("--lang", lang, "lesson", str(number), rows=rows, columns=columns, state=place + "/state").rest()
        written = 0
        while not p.ended and len(pages) < MOST:
            written += len(p.page)
            where = f"page {len(pages) + 1}, at “{p.line(p.sheet.cursor.y)}”"
            pages.append(p.page)
            if p.ran_past:
                wrong.append(f"{where}: {p.ran_past} rows ran past")
            if written > 300:
                wrong.append(f"{where}: {written} rows for one line")
            prompt = re.search(r"learn (\d+)(\.\d+)?> $", p.line(p.sheet.cursor.y) + " ")
            if not prompt:  # a full page, or something else that a key goes on from
                p.key(" ")
                continue
            if not prompt[2]:
                break
            mine = lines.get(prompt[0])
            written = 0
            typed.append(mine.pop(0) if mine else "")
            if prompt[2]:
                wrong += [f"{where}: its answer stands above it: {row}" for row in above(number, int(prompt[2][1:]), p.shown().split("\n"), typed[-1])]
            p.type(typed[-1])
        if p.line(p.sheet.cursor.y) != f"learn {number}>":
            wrong.append("it does not come to its end, but to:\n" + p.shown())
        wrong += [f"wider than the screen: {row}" for row in p.sheet.over
                  if not row.startswith("learn ") and not any(row.strip()[:24] in line for line in typed)]  # what a student types goes on
        p.close()
        os.chdir(top)
    return pages, wrong


def test(job):
    path, lang, rows, columns, write = job
    name = os.path.basename(path)[:-len(".json")]
    try:
        pages, wrong = play(int(name[:2]), lang, rows, columns)
    except AssertionError as e:
        os.chdir(top)
        pages, wrong = [], [str(e)]
    if (rows, columns) == (24, 80):
        seen = "\n────\n".join("\n".join(page) for page in pages) + "\n"
        golden = f"{GOLDEN}/{name}.{lang}.out"
        if write:
            open(golden, "w").write(seen)
        held = open(golden).read() if os.path.exists(golden) else ""
        if seen != held:
            a, b = held.split("\n"), seen.split("\n")
            i = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
            wrong.append(f"{golden}:{i + 1}: it was\n" + "\n".join(a[i:i + 5]) + "\nand is\n" + "\n".join(b[i:i + 5]))
    head = "FAILED" if wrong else "ok"
    return "\n".join(wrong[:5] + [f"{head} {name} ({lang}) at {rows}x{columns}"])


if __name__ == "__main__":
    args = sys.argv[1:]
    write = "--write" in args
    paths = [a for a in args if a != "--write"] or sorted(glob.glob("lessons/**/[0-9]*.json", recursive=True))
    os.makedirs(GOLDEN, exist_ok=True)
    jobs = [(path, lang, rows, columns, write) for rows, columns in ((24, 80), (20, 40)) for path in paths for lang in ("en", "ko")]
    if write:
        jobs = [job for job in jobs if job[2:4] == (24, 80)]
    with multiprocessing.Pool(4) as pool:  # most of the time each waits
        bad = False
        for said in pool.imap(test, jobs):
            print(said, flush=True)
            bad |= "FAILED" in said
    sys.exit(bad)
