#!/usr/bin/env python3
"""Every call that a save or an export makes, failing one after another, in several ways, and being the last before the
program is killed: what stands there then is one whole pair, the old or the new, and what failed was said."""
import array
import errno
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import inject

bad = 0
folder = tempfile.mkdtemp(prefix="learn-pair-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
KILL = 0
HOW = [(errno.ENOSPC, False), (errno.EACCES, False), (errno.EMFILE, True), (errno.EINTR, False), (KILL, False)]
# what may be interrupted, and is asked again
SLOW = "open,openat,read,write,fsync,mkostemps"
BOARD = "param V[3000] = zeros; V = {0}; x = {0}; "


def learn(line):
    p = subprocess.run([os.environ.get("LEARN_FAST") or os.environ["LEARN"], "--lang", "en", "-c", line],
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300)
    return p.returncode, p.stdout.decode(errors="replace").strip()


def saved(path):
    """What a save's pair says, or why it can't be read."""
    status, out = learn(f'run "{path}"; mean(V) + 10*x')
    return out if status else int(out)


def exported(path):
    """The same of a PyTorch script: the numbers that it would load (PyTorch itself is not needed for that)."""
    text = open(path).read()
    name = text.split("HERE.resolve().with_name(\"")[1].split('"')[0]
    try:
        with zipfile.ZipFile(os.path.join(folder, name)) as z:
            v = array.array("f", z.read("V.npy")[-4*3000:])
    except (OSError, zipfile.BadZipFile) as e:
        return str(e)
    there = float(text.split("\nLEARN = ")[1].split("\n")[0])/3000
    return int(v[0] + 10*there) if min(v) == max(v) else "mixed"


PAIRS = [("save", "s.learn", 'save "{}"', saved), ("export", "m.py", 'E = sum(V); export E into "{}"', exported)]


def names():
    return sorted(os.listdir(folder))


def begin(line, value):
    for name in names():
        os.unlink(os.path.join(folder, name))
    status, out = learn(BOARD.format(value) + line)
    assert status == 0, out
    return names()


def check(got, how, path, read):
    """None, or what is wrong after the call failed."""
    code, on = how
    is_new = read(path)
    if is_new not in (55, 77):
        return f"neither the old pair nor the new one: {is_new}"
    if code == KILL:
        return None if got.status == -9 else f"status {got.status}"
    if got.status == 0 and is_new != 77:
        return "it is the old one, and nobody says so"
    if got.status not in (0, 1) or (got.status == 1 and "can't" not in got.out and "not weights" not in got.out):
        return f"status {got.status}"
    if code == errno.EINTR and got.status:
        return "an interrupted call is no failure"
    if code != KILL and not on and "unlink" not in got.saw and any(n.startswith(".learn-") for n in names()):
        return f"left over: {names()}"
    return None


def attempt(library, pair):
    global bad
    what, name, command, read = pair
    path = os.path.join(folder, name)
    line = command.format(path)
    for how in HOW:
        faults, tried = [], 0
        for n in itertools.count(1):
            old = begin(line, 5)
            got = library.run(n, how[0], ["-c", BOARD.format(7) + line], path=folder, on=how[1],
                              calls=SLOW if how[0] == errno.EINTR else None)
            if not got.saw:
                break
            tried += 1
            fault = check(got, how, path, read)
            if fault:
                faults.append((n, got.saw.strip(), fault, got.out[-300:]))
        if read(path) != 77:
            faults.append("nothing failed, and it is not what was saved")
        # what the killed left is swept by the next who writes there
        learn(BOARD.format(7) + line)
        if len(names()) != len(old):
            faults.append(f"left over: {names()}")
        kind = ("a kill" if how[0] == KILL else errno.errorcode[how[0]]) + (" from then on" if how[1] else "")
        if not inject.say(tried > 5 and not faults, f"{what}: {kind} at each of {tried} calls leaves a whole pair",
                          faults[:3]):
            bad = 1


def check_two_at_once(library):
    """Two terminals save one name, again and again: it is always one whole pair."""
    global bad
    line = 'save "' + folder + '/s.learn"'
    begin(line, 5)
    running = [subprocess.Popen([os.environ.get("LEARN_FAST") or os.environ["LEARN"], "-c",
                                 BOARD.format(value) + "repeat 20 {" + line + "}"], stdout=subprocess.DEVNULL)
               for value in (5, 7)]
    seen = set()
    while any(p.poll() is None for p in running):
        seen.add(saved(folder + "/s.learn"))
    seen.add(saved(folder + "/s.learn"))
    fine = all(p.returncode == 0 for p in running) and len(names()) == 2
    # a script may be read just before it is replaced, with its weights: that is said
    seen = {s for s in seen if isinstance(s, int) or "are not" not in s}
    if not inject.say(fine and seen <= {55, 77}, "two terminals that save one name leave one whole pair",
                      (seen, names())):
        bad = 1


try:
    with inject.Library() as the_library:
        for a_pair in PAIRS:
            attempt(the_library, a_pair)
        check_two_at_once(the_library)
finally:
    shutil.rmtree(folder, ignore_errors=True)
sys.exit(bad)
