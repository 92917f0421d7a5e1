#!/usr/bin/env python3
"""The house is as src/README.md says. Its table of rooms is which way the arrows point: a
room includes its own headers and those of rooms below it; no two files include each other's
headers in a circle, but for those named here; files and functions that the pages name are
there."""
import glob
import os
import re
import sys

with open("src/README.md", encoding="utf-8") as page:
    plan = page.read()
ROOMS = {
    room: re.findall(r"`(\w+)`", on)
    for room, on in re.findall(r"^\| `(\w+)` \| [^|]* \| ([^|]*)\|$", plan, re.M)
}


def below(room):
    """What a room stands on, and what that stands on."""
    return set(ROOMS[room]).union(*(below(on) for on in ROOMS[room]))


BELOW = {room: below(room) for room in ROOMS}
BELOW["data"] -= {"text"}  # loaders print nothing

CIRCLES = {
    # Building a graph from names is recursive by nature: a name's formula is compiled
    # where it is used, a function's or layer's where it is called.
    "board/about board/builder board/chunks board/compile board/define board/functions board/layers "
    "board/names board/params board/rewrite board/session",
    # A node knows its gate, and a gate works on nodes.
    "engine/gates engine/graph",
}

bad = 0
arrows = {}  # unit (a .c with its .h) -> units that it includes


def fail(text):
    global bad
    bad = 1
    print("FAILED", text)


files = sorted(glob.glob("src/*/*.[ch]"))
for room in ROOMS.keys() - {f.split("/")[1] for f in files}:
    fail(f"src/README.md has a room {room} that is not there")
for room in sorted({f.split("/")[1] for f in files if f.split("/")[2][-2:] in (".c", ".h")}):
    if room not in BELOW:
        fail(f"unknown room {room}")
        continue
    upwards = []
    for path in (f for f in files if f.split("/")[1] == room):
        unit = path[4:-2]
        with open(path, encoding="utf-8") as lines:
            for n, line in enumerate(lines, 1):
                include = re.match(r'#include "(([^/"]+)/[^"]+)\.[ch]"', line)
                if not include:
                    continue
                if include[2] not in {room, *BELOW[room]}:
                    upwards.append(f"{path}:{n} looks upwards, at {include[1]}")
                if include[1] != unit:
                    arrows.setdefault(unit, set()).add(include[1])
    for text in upwards:
        fail(text)
    if not upwards:
        print("ok room", room)


# What the pages point at.
def holds(path, function=None):
    if not os.path.exists(path):
        return fail(f"there is no {path}")
    with open(path, encoding="utf-8") as lines:
        # a definition begins its line, or a GATE_… row
        if function and not re.search(rf"^(\w.*\W)?{re.escape(function)}\b", lines.read(), re.M):
            fail(f"{path} has no {function}")
    return None


for path, function in re.findall(r"\| `([\w/]+\.c)` \| `([^`]+)` \|", plan):
    holds("src/" + path, function)
for path in re.findall(r"`([\w/]+\.[ch])`", plan):
    holds("src/" + path)
with open("README.md", encoding="utf-8") as page:
    for path in re.findall(r"`(src/[\w/.]+)`", page.read()):
        holds(path)
if not bad:
    print("ok pages")

# Files that comments speak of.
names = {os.path.basename(f) for f in files}
for path in files:
    with open(path, encoding="utf-8") as lines:
        for comment in re.findall(r"/\*.*?\*/|//.*", lines.read(), re.S):
            for name in re.findall(r"\b[a-z]\w+\.[ch]\b", comment):
                if name not in names:
                    fail(f"a comment in {path} speaks of {name}, which is not there")

# A header begins with its name and what it is.
for path in (f for f in files if f.endswith(".h")):
    with open(path, encoding="utf-8") as lines:
        name = path.split("/")[2][:-2]
        if not lines.readline().startswith(f"/* {name}: "):
            fail(f"{path} does not begin with `/* {name}: ` and what it is")


def reaches(start):
    seen, left = set(), [start]
    while left:
        for unit in arrows.get(left.pop(), ()):
            if unit not in seen:
                seen.add(unit)
                left.append(unit)
    return seen


# A header without a .c of its own (x_inside.h) is seen through: whoever includes it
# includes what it includes.
alone = {f[4:-2] for f in files if f.endswith(".h") and f[:-1] + "c" not in files}
for _ in alone:
    for unit, to in arrows.items():
        through = set().union(*(arrows.get(x, set()) for x in to & alone))
        arrows[unit] = (to - alone) | through - {unit}

beyond = {unit: reaches(unit) for unit in arrows}
circles = {
    " ".join(sorted(b for b in beyond[a] if a in beyond.get(b, ())))
    for a in arrows
    if a in beyond[a]
}
for circle in sorted(circles - CIRCLES):
    fail(f"these include each other in a circle: {circle}")
for circle in sorted(CIRCLES - circles):
    fail(f"this circle is gone, or another: {circle}")
if not bad:
    print("ok circles")
sys.exit(bad)
