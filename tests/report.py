"""What a file of tests says: "ok NAME" or "FAILED NAME" and why, a line a test. A word behind the file's name runs
those that it is found in.

    from report import tester, verdict

    test = tester(fresh)              # fresh() before each; tries=3: where this end may be late

    @test("a line is edited in its middle")
    def _():
        assert …

    sys.exit(verdict())
"""
import re
import sys
import traceback

failed = []


def tester(before=lambda: None, tries=1):
    def test(name):
        def wrap(f):
            if len(sys.argv) > 1 and not re.search(sys.argv[1], name):
                return
            for left in reversed(range(tries)):
                before()
                try:
                    f()
                    print("ok", name, flush=True)
                    return
                except Exception as e:
                    line = traceback.extract_tb(e.__traceback__)[-1].lineno
                    why = f"line {line}: {type(e).__name__} {e}"[:3000]
            print("FAILED", name, "\n", why, flush=True)
            failed.append(name)
        return wrap
    return test


def verdict():
    return int(bool(failed))
