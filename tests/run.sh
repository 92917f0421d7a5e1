#!/bin/sh
# Every test: three builds without a warning, then, on the sanitized one, unit tests,
# transcripts, lessons, plots, a pseudo-terminal and hostile input. Prints one line a test
# and a count.
cd "$(dirname "$0")/.." || exit 1
export LC_ALL=C.UTF-8
export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1
passed=0 failed=0 skipped=0
log=$(mktemp)
jobs=$(nproc 2>/dev/null || echo 2)

count() { # lines "ok …", "FAILED …" and "skipped: …" of a test's output
    p=$(grep -c '^ok ' "$log")
    f=$(grep -c '^FAILED ' "$log")
    k=$(grep -c '^skipped: ' "$log")
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + k))
    grep -v '^ok ' "$log"
    echo "   $p passed, $f failed$([ "$k" = 0 ] || echo ", $k skipped")"
}

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

many() { # many NAME COMMAND…: a test that reports its own lines
    name=$1
    echo "$name"
    shift
    "$@" >"$log" 2>&1
    status=$?
    grep -q '^FAILED ' "$log" || [ $status = 0 ] || echo "FAILED $name ended with $status" >>"$log"
    count
}

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
export LEARN="$PWD/build/asan/learn" LEARN_FAST="$PWD/build/gcc/learn" LEARN_HOME="$PWD"
many "rooms" python3 tests/rooms_test.py
many "the Makefile" sh tests/make.sh
many "names" sh tests/names.sh
many "format" sh tests/format.sh
many "mutants apply" python3 tests/mutants.py --apply
many "words" python3 tests/words_test.py
many "units" sh tests/unit.sh
many "transcripts" sh tests/golden.sh
many "examples" python3 tests/examples_test.py
many "lessons" sh tests/lessons.sh
many "screens" python3 tests/screens_test.py
many "judges" python3 tests/judge_test.py
many "progress" sh tests/progress.sh
many "the file of the progress" python3 tests/progress_test.py
many "the course" python3 tests/course_test.py lessons/0*.json lessons/1[0-6]*.json
many "learning" sh tests/learning.sh
many "export" python3 tests/export_test.py
many "plots" sh tests/plot_test.sh
many "pictures in a terminal" python3 tests/pictures_test.py
many "terminal" python3 tests/pty_test.py
many "pages and keys" python3 tests/page_test.py
many "Ctrl-C" python3 tests/stop_test.py
many "hostile input" sh tests/hostile.sh
many "escapes" python3 tests/escape_test.py
many "lint ended" python3 tests/lint_test.py
many "closed and full" sh tests/closed.sh
many "memory" python3 tests/memory_test.py
many "options and files" sh tests/options.sh
many "saved and restored" python3 tests/save_test.py
many "every call of a save fails" python3 tests/inject_test.py
many "a hundred kills" python3 tests/kill_test.py
many "every allocation fails" python3 tests/alloc_test.py
many "every call about progress fails" python3 tests/progress_inject_test.py

rm -f "$log"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
