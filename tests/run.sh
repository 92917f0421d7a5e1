#!/bin/sh
# Every test: three builds without a warning, then, on the sanitized one, unit tests,
# transcripts, lessons, plots, a pseudo-terminal and hostile input. Prints one line a test
# and a count.
cd "$(dirname "$0")/.." || exit 1
export LC_ALL=C.UTF-8
export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1
passed=0 failed=0 skipped=0
jobs=$(nproc 2>/dev/null || echo 2)

step() { # step NAME COMMAND…: one test by its exit status
    name=$1
    shift
    if "$@" >"$log" 2>&1; then
        passed=$((passed + 1))
        echo "ok $name"
    else
        failed=$((failed + 1))
        tail -30 "$log"
        echo "FAILED $name"
    fi
}

# A test that reports its own lines, "ok …", "FAILED …" and "skipped: …": what is not ok
# is shown when it has ended, under its name. Its log stays for the sums.
if [ "$1" = --one ]; then
    name=$2 log=$3/$(echo "$2" | tr ' ' -)
    shift 3
    began=$(date +%s)
    sh -c "$*" >"$log" 2>&1
    status=$?
    grep -q '^FAILED ' "$log" || [ $status = 0 ] || echo "FAILED $name ended with $status" >>"$log"
    failures=$(grep -c '^FAILED ' "$log") skips=$(grep -c '^skipped: ' "$log")
    said=$(
        echo "$name"
        grep -v '^ok ' "$log"
        echo "   $(grep -c '^ok ' "$log") passed, $failures failed$([ "$skips" = 0 ] || echo ", $skips skipped") ($(($(date +%s) - began)) s)"
    )
    printf '%s\n' "$said"
    exit 0
fi

logs=$(mktemp -d) log=$logs/step
# Debian's packages are for Debian's Python, not for one that pyenv or conda put before it.
bin=$(mktemp -d)
[ -x /usr/bin/python3 ] && ln -s /usr/bin/python3 "$bin" && PATH=$bin:$PATH
# gcc sees null formats and short buffers that are not there once sanitizers are woven in.
SAFE='-O1 -g -fsanitize=address,undefined,float-cast-overflow -fno-omit-frame-pointer -Werror -Wno-format-truncation -Wno-maybe-uninitialized'
step "builds with gcc" make -s -j"$jobs" CC=gcc B=build/gcc OUT=build/gcc/learn CFLAGS='-O2 -g -Werror'
if command -v clang >/dev/null; then
    step "builds with clang" make -s -j"$jobs" CC=clang B=build/clang OUT=build/clang/learn CFLAGS='-O2 -g -Werror'
else
    echo "skipped: clang is not installed"
    skipped=1
fi
step "builds with sanitizers" make -s -j"$jobs" CC=gcc B=build/asan OUT=build/asan/learn CFLAGS="$SAFE"
if [ "$failed" != 0 ]; then
    echo "$passed passed, $failed failed"
    exit 1
fi

# The page, where its sources and its compiler can be had.
if ! make -s -f src/page/page.mk build/page/deps/done >"$log" 2>&1 && grep 'could not be had$' "$log" >"$logs/why"; then
    echo "skipped: the page: $(cat "$logs/why")"
    skipped=$((skipped + 1))
else
    step "builds the page" make -s -j"$jobs" -f src/page/page.mk page
fi
rm -f "$logs/why"

export LEARN="$PWD/build/asan/learn" LEARN_FAST="$PWD/build/gcc/learn" LEARN_HOME="$PWD"
# What the person who runs them has kept, a language above all, is none of theirs.
state=$(mktemp -d)
export XDG_STATE_HOME="$state"
# As many at a time as there are cores, those that take long first.
cat >"$log" <<END
lessons|sh tests/lessons.sh
screens|python3 tests/screens_test.py
units|sh tests/unit.sh
transcripts|sh tests/golden.sh
every allocation fails|python3 tests/alloc_test.py
the page|sh tests/page/run.sh --quick
the page's program|sh tests/page/program.sh --quick
export|python3 tests/export_test.py
rooms|python3 tests/rooms_test.py
the Makefile|sh tests/make.sh
names|sh tests/names.sh
format|sh tests/format.sh
mutants apply|python3 tests/mutants.py --apply
handouts|python3 tests/handout_test.py
worksheets|python3 tests/worksheet_test.py
words|python3 tests/words_test.py
examples|python3 tests/examples_test.py
judges|python3 tests/judge_test.py
the board step|python3 tests/board_test.py
drills|python3 tests/drill_test.py
progress|sh tests/progress.sh
the file of the progress|python3 tests/progress_test.py
the course|python3 tests/course_test.py
learning|sh tests/learning.sh
plots|sh tests/plot_test.sh
pictures in a terminal|python3 tests/pictures_test.py
terminal|python3 tests/pty_test.py
pages and keys|python3 tests/page_test.py
recordings, notes, demos|python3 tests/tape_test.py
a talk|python3 tests/present_test.py
Ctrl-C|python3 tests/stop_test.py
hostile input|sh tests/hostile.sh
escapes|python3 tests/escape_test.py
lint ended|python3 tests/lint_test.py
an author's Sunday|python3 tests/author_test.py
closed and full|sh tests/closed.sh
memory|python3 tests/memory_test.py
options and files|sh tests/options.sh
results|python3 tests/results_test.py
saved and restored|python3 tests/save_test.py
every call of a save fails|python3 tests/inject_test.py
a hundred kills|python3 tests/kill_test.py
every call about progress fails|python3 tests/progress_inject_test.py
END
tests=$(wc -l <"$log")
tr '|' '\n' <"$log" | xargs -d '\n' -n 2 -P "$jobs" sh -c 'exec sh tests/run.sh --one "$1" "$0" "$2"' "$logs"
rm -f "$log"
ended=$(find "$logs" -type f | wc -l)
[ "$ended" = "$tests" ] || { echo "FAILED: only $ended of $tests tests have ended"; failed=$((failed + 1)); }
total() { cat "$logs"/* | grep -c "^$1"; }
passed=$((passed + $(total 'ok '))) failed=$((failed + $(total 'FAILED '))) skipped=$((skipped + $(total 'skipped: ')))
rm -rf "$logs" "$bin" "$state"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
