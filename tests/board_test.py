#!/usr/bin/env python3
"""The board step, as students meet it: whatever their dice throw, numbers are short, the right ones pass, each
mistake is told as itself or as one of two, and the graph stands within 80 columns."""
import json
import os
import re
import subprocess
import sys
import tempfile

learn = os.path.abspath(os.environ.get("LEARN", "./learn"))
dir = tempfile.mkdtemp(prefix="learn-test-board-")
env = dict(os.environ, XDG_STATE_HOME=dir + "/state", LC_ALL="C.UTF-8", TERM="dumb")
bad = 0


def say(fine, what, more=""):
    global bad
    bad |= not fine
    print(("ok " if fine else "FAILED ") + what + ("" if fine else f": {more}"), flush=True)


def lesson(*steps, setup, n=100):
    return {"format": 1, "lesson": n, "id": f"board-{n}", "title": "Board", "minutes": 2, "goals": ["fill"], "setup": setup, "steps": list(steps)}
