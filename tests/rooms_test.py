#!/usr/bin/env python3
"""Which way the arrows point: a room includes its own headers and those of rooms below it,
and no two files include each other's headers in a circle, but for those named here."""
import glob
import re
import sys

# Each room, from the top down, with what is below it.
LOW = "engine text base"
BELOW = {"base": "", "text": "base", "engine": "text base"}
BELOW["train"] = BELOW["syntax"] = LOW
BELOW["data"] = "engine base"
BELOW["board"] = "syntax data train " + LOW
BELOW["learning"] = "board " + BELOW["board"]
BELOW["plot"] = BELOW["explain"] = BELOW["export"] = "learning " + BELOW["learning"]
BELOW["session"] = "plot explain export " + BELOW["plot"]
BELOW["lesson"] = "session " + BELOW["session"]
BELOW["shell"] = "lesson " + BELOW["lesson"]

CIRCLES = {
    # Building a graph from names is recursive by nature: a name's formula is compiled
    # where it is used, a function's or layer's where it is called.
    "board/compile board/define board/functions board/layers board/params board/rewrite "
    "board/session board/slices",
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
                if include[2] not in [room, *BELOW[room].split()]:
                    upwards.append(f"{path}:{n} looks upwards, at {include[1]}")
                if include[1] != unit:
                    arrows.setdefault(unit, set()).add(include[1])
    for text in upwards:
        fail(text)
    if not upwards:
        print("ok room", room)


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
print("ok circles" if not bad else "")
sys.exit(bad)
