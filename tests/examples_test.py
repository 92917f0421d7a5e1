#!/usr/bin/env python3
"""Every command's and function's example, as help shows it, prints what tests/golden/
examples.LANG.out holds (--write: written anew; read the diff). And no line of help is wider
than 80 columns, in either language."""
import os, re, subprocess, sys, tempfile, unicodedata

learn = os.environ.get("LEARN", "./learn")
board = "x = 1; y = 1; param w = 3; h = w*x; E = (h - y)^2\n"
env = dict(os.environ, TERM="dumb", XDG_STATE_HOME=tempfile.mkdtemp(), LC_ALL="C.UTF-8",
           LEARN_HOME=os.environ.get("LEARN_HOME", os.getcwd()),
           LEARN_GNUPLOT="/nonexistent/gnuplot",  # plots in numbers: which gnuplot there is changes nothing
           # the same numbers on every machine, as in lessons.sh
           LEARN_KERNELS="baseline",
           GLIBC_TUNABLES="glibc.cpu.hwcaps=-FMA,-FMA4,-AVX2,-AVX512F,-AVX2_Usable,-FMA_Usable,-FMA4_Usable")
env.pop("COLUMNS", None)
write = "--write" in sys.argv
bad = 0


def run(text, lang="en"):
    done = subprocess.run([learn, "--lang", lang, "-c", text], capture_output=True, text=True, env=env, timeout=300,
                          stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout + done.stderr


def functions():
    return run("help")[1].split("Functions")[1].split("More:")[0].split()


def words():
    """The first words of help's lists: commands, then functions."""
    yield from re.findall(r"^  ([a-z]+) ", run("help")[1].split("Functions")[0], re.M)
    yield from functions()


def columns(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


everything = list(words())
for lang in "en", "ko":
    for asked in [""] + everything:
        wide = [l for l in run("help " + asked, lang)[1].splitlines() if columns(l) > 80]
        if wide:
            print(f"FAILED help {asked} ({lang}) is wider than 80 columns:", *wide, sep="\n")
            bad = 1
if not bad:
    print("ok help fits in 80 columns")


bare = [word for word in functions() if "for example: `" not in run("help " + word)[1]]
print("FAILED these have no example:" if bare else "ok every function has an example", *bare)
bad = bad or bool(bare)


def transcript(lang):
    """(word, what is typed and printed, fine?) of each example."""
    for word in everything:
        examples = re.findall(r"for example: `([^`]*)`", run("help " + word)[1])
        before = "descend E rate 0.1 steps 3 every 0\n" if word in ("rewind", "plot") else ""
        for example in examples:
            status, out = run(board + before + example, lang)
            yield word, f"> {example}\n{out}", status == 0 and "Sanitizer" not in out


for lang in "en", "ko":
    path = f"tests/golden/examples.{lang}.out"
    runs = list(transcript(lang))
    if write:
        with open(path, "w") as f:
            f.writelines(said for _, said, _ in runs)
    kept = open(path).read() if os.path.exists(path) else ""
    rest = kept  # each example's part is what begins where the one before ended
    for word, said, fine in runs:
        if fine and rest.startswith(said):
            rest = rest[len(said):]
            print(f"ok {word} ({lang})")
            continue
        print(f"FAILED {word} ({lang}) " + ("is not as " + path if fine else "fails"), said[-800:], sep="\n")
        bad = 1
        at = rest.find("\n> ", 1)  # go on with the next one
        rest = rest[at + 1:] if at >= 0 else ""
    if rest:
        print(f"FAILED {path} holds more:", rest[:400], sep="\n")
        bad = 1
sys.exit(bad)
