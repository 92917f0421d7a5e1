"""The n-th call fails: for tests that try every n. tests/inject/fail.c is the library; it goes
before libc, so the program must be the fast build (LEARN_FAST), not the sanitized one.

    with inject.Library() as library:
        for n in itertools.count(1):
            got = library.run(n, errno.ENOSPC, ["-c", 'save "s.learn"'], path=folder)
            if not got.saw:
                break                     # there is no n-th call: all have been tried
            … got.status, got.out, got.saw ("write /tmp/…/s.learn\\n")
"""
import collections
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
Got = collections.namedtuple("Got", "status out saw")


class Library:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="learn-inject-")
        self.path = self.folder + "/fail.so"
        subprocess.run(["gcc", "-std=gnu11", "-D_GNU_SOURCE", "-O1", "-fno-builtin", "-shared", "-fPIC", "-w", "-o", self.path,
                        HERE + "/inject/fail.c", "-ldl"], check=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, at, error, words, path=None, calls=None, on=False, text=None, cwd=None, env=None):
        """learn with `words`, its at-th call failing with `error` (0: SIGKILL there); `on`: and all after it."""
        learn = os.environ.get("LEARN_FAST") or os.environ.get("LEARN") or HERE + "/../learn"
        saw = self.folder + "/saw"
        if os.path.exists(saw):
            os.unlink(saw)
        how = {"LD_PRELOAD": self.path, "FAIL_AT": str(at), "FAIL_ERRNO": str(error), "FAIL_SAW": saw}
        if path:
            how["FAIL_PATH"] = path
        if calls:
            how["FAIL_CALLS"] = calls
        if on:
            how["FAIL_ON"] = "1"
        p = subprocess.run([os.path.abspath(learn), "--lang", "en", *words], input=(text or "").encode(), cwd=cwd,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300,
                           env={**os.environ, **(env or {}), **how})
        seen = open(saw).read() if os.path.exists(saw) else ""
        return Got(p.returncode, p.stdout.decode(errors="replace"), seen)


def say(fine, what, more=""):
    """A test's line; False where it failed."""
    print(("ok " if fine else "FAILED ") + what + ("" if fine else f": {more}"))
    sys.stdout.flush()
    return fine
