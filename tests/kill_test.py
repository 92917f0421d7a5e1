#!/usr/bin/env python3
"""A hundred kills at moments nobody chose, while a board is saved and exported again and again: each leaves one whole
pair of some save, and nothing else stays."""
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import inject

LEARN = os.path.abspath(os.environ.get("LEARN_FAST") or os.environ.get("LEARN") or "./learn")
KILLS = 50
folder = tempfile.mkdtemp(prefix="learn-kill-")
dice = random.Random(12)
bad = 0
SAVE = "param V[3000] = zeros; n = 1; E = sum(V)\nrepeat 100000 as i { V = i; n = now(V[7]); %s }\n"


def learn(*words):
    p = subprocess.run([LEARN, "--lang", "en", *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300)
    return p.returncode, p.stdout.decode(errors="replace").strip()


def saved():
    """What is wrong with the pair."""
    status, out = learn("-c", f'run "{folder}/s.learn"; n - min(V); n - max(V)')
    return None if status == 0 and out.split() == ["0", "0"] else out


def exported():
    name = re.search(r'with_name\("(.*)"\)', open(folder + "/m.py").read())[1]
    if not os.path.exists(f"{folder}/{name}"):
        return name + " is not there"
    data = open(f"{folder}/{name}", "rb").read()
    return None if zlib.crc32(data) == int(name[2:10], 16) else name + " is not whole"


try:
    for what, name, command, check in [("save", "s.learn", f'save "{folder}/s.learn"', saved),
                                       ("export", "m.py", f'export E into "{folder}/m.py"', exported)]:
        open(folder + "/loop.learn", "w").write(SAVE % command)
        faults, kills, longest = [], 0, 0
        deadline = time.monotonic() + 240
        while kills < KILLS and time.monotonic() < deadline:
            p = subprocess.Popen([LEARN, "run", folder + "/loop.learn"], stdout=subprocess.DEVNULL)
            started = time.monotonic()
            while not os.path.exists(f"{folder}/{name}") and time.monotonic() < started + 60:
                time.sleep(0.01)
            time.sleep(dice.random()*0.1)
            p.kill()
            p.wait()
            kills += 1
            fault = check()
            if fault:
                faults.append(fault)
            longest = max(longest, len(os.listdir(folder)))
        # the loop, the pair, and a few of the last kills: each save sweeps what was there before it
        fine = kills > 5 and not faults and longest <= 12
        bad |= not inject.say(fine, f"{what}: each of {kills} kills leaves one whole pair", (faults[:3], longest))
        learn("-c", f"param V[3000] = ones; E = sum(V); {command}")
        left = sorted(os.listdir(folder))
        bad |= not inject.say(len(left) == 3, f"{what}: the next one sweeps what they left", left)
        for left in os.listdir(folder):
            os.unlink(f"{folder}/{left}")
finally:
    shutil.rmtree(folder, ignore_errors=True)
sys.exit(bad)
