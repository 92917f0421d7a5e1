#!/usr/bin/env python3
"""Mutants: faults made on purpose, one a patch in tests/mutants, which a test must see.

A patch's first line names that test:
    Killed-by: unit board_test | golden dice | errors index | lesson 12 | script progress.sh
`make mutants [NAME …]` copies the tree to build/mutants, sees that those tests pass there,
then for each patch: applies it, rebuilds what changed, runs that one test, and takes it back.
A line a mutant; status 1 unless every one is killed. `--apply`: only that each still applies
and names a test that there is (in `make test`)."""
import os, re, shutil, subprocess, sys
from pathlib import Path

top = Path(__file__).resolve().parent.parent
tree = top / "build/mutants"
LIMIT = 120  # seconds for one test: who hangs is dead, too
libs = "-lcjson -lreadline -lunistring -lz -ldl -lm -pthread".split()


def sh(args, **more):
    """Runs a command in the copy: its status, and what it said."""
    try:
        done = subprocess.run(args, cwd=tree, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", **more)
        return done.returncode, done.stdout
    except subprocess.TimeoutExpired:
        return 124, "no end"


def find(names):
    for patch in sorted((top / "tests/mutants").glob("*.patch")):
        if names and patch.stem not in names:
            continue
        first = patch.read_text().splitlines()[0]
        yield patch, tuple(re.fullmatch(r"Killed-by: (\w+) (\S+)", first).groups())


def file_of(kind, name):
    return {"unit": f"tests/unit/{name}.c", "golden": f"tests/golden/{name}.learn", "script": f"tests/{name}",
            "errors": f"tests/errors/{name}.learn", "lesson": next(iter(top.glob(f"lessons/{name}-*.json")), "?")}[kind]


def applies(names):
    """Patches that no longer fit, or whose test is gone."""
    bad = 0
    for patch, test in find(names):
        done = subprocess.run(["patch", "-p1", "-s", "--dry-run", "-i", patch], cwd=top, capture_output=True, text=True)
        fine = done.returncode == 0 and (top / file_of(*test)).exists()
        print("ok" if fine else "FAILED", "mutant", patch.stem, "" if fine else done.stdout + " ".join(test))
        bad |= not fine
    return bad


def copy_tree():
    """As it stands here, uncommitted changes too. The first time with what is built here, and
    the times, so that little has to be built anew; later what differs is new."""
    first = not tree.exists()
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=top, capture_output=True, text=True)
    files = {f for f in listed.stdout.split("\0") if f and (top / f).is_file()}
    for old in (tree / "src", tree / "tests"):
        for f in old.rglob("*") if old.exists() else ():
            if f.is_file() and str(f.relative_to(tree)) not in files and f.suffix != ".o":
                f.unlink()
    for f in files:
        a, b = top / f, tree / f
        if b.exists() and b.read_bytes() == a.read_bytes():
            continue
        b.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copy2 if first else shutil.copy)(a, b)
    if first and (top / "build").exists():
        rooms = {d.name for d in (top / "src").iterdir()}
        shutil.copytree(top / "build", tree / "build", copy_function=shutil.copy2,
                        ignore=lambda folder, names: [n for n in names if folder == str(top / "build") and n not in rooms
                                                      and not re.search(r"\.[od]$", n)])


def build():
    return sh(["make", "-s", "-j2", "CFLAGS=-O1", "KERNELS_O=-O1 -DUNROLL="])


def unit(name):
    source = (tree / file_of("unit", name)).read_text()
    wrap = ["-Wl,--wrap=" + w for w in re.findall(r"^WRAP\(.*, ([a-z_]*), \(", source, re.M)]
    objects = [str(o) for o in (tree / "build").rglob("*.o") if o.name != "main.o" and "unit" not in o.parts]
    check = subprocess.run(["pkg-config", "--cflags", "--libs", "check"], capture_output=True, text=True).stdout.split()
    status, said = sh(["cc", "-std=c11", "-D_GNU_SOURCE", "-Isrc", "-o", f"build/{name}", file_of("unit", name),
                       *wrap, *objects, *check, *libs])
    return (status, said) if status else sh([f"build/{name}"], timeout=LIMIT)


def run(kind, name):
    env = dict(os.environ, LEARN=str(tree / "learn"), LEARN_FAST=str(tree / "learn"), LEARN_HOME=str(tree),
               LC_ALL="C.UTF-8", BOARD_DRAWS="40", DRILLS="20")  # fewer are enough for a fault
    if kind == "unit":
        return unit(name)
    if kind == "lesson":
        args = ["sh", "tests/lessons.sh", str(Path(file_of(kind, name)).relative_to(top))]
    elif kind == "script":
        args = ["python3" if name.endswith(".py") else "sh", f"tests/{name}"]
    else:
        args = ["sh", "tests/golden.sh", file_of(kind, name)]
    return sh(args, env=env, timeout=3 * LIMIT if kind == "lesson" else LIMIT)


def kill(patch, test):
    """One mutant's end."""
    if sh(["patch", "-p1", "-s", "-i", str(patch)])[0]:
        return "does not apply"
    try:
        status, said = build()
        if status:
            return "does not build\n" + said[-600:]
        return "killed" if run(*test)[0] else "SURVIVED"
    finally:
        sh(["patch", "-R", "-p1", "-s", "-i", str(patch)])


def main(args):
    names = [a for a in args if a != "--apply"]
    if "--apply" in args:
        return applies(names)
    copy_tree()
    status, said = build()
    if status:
        print(said, "FAILED: the tree itself does not build")
        return 1
    mutants = list(find(names))
    for test in sorted({test for _, test in mutants}):
        status, said = run(*test)
        if status:
            print(said[-2000:], "FAILED without any mutant:", *test)
            return 1
    alive = 0
    for patch, test in mutants:
        end = kill(patch, test)
        alive += end != "killed"
        print(f"{end:10} {patch.stem} ({' '.join(test)})", flush=True)
    build()
    print(f"{len(mutants) - alive} of {len(mutants)} killed")
    return alive > 0


sys.exit(main(sys.argv[1:]))
