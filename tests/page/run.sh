#!/bin/sh
# What browsers and axe-core say of pages: run.sh [--quick]. First of those that leave:
# handouts of lessons with plots, tables and pictures, and the report of a class. Then of
# the program in a page (make page), used as a student would; with --quick of this alone,
# and in one place a browser. Wants Debian's nodejs, npm, chromium and firefox-esr; the
# rest comes from npm once, at the versions in package.json.
cd "$(dirname "$0")/../.." || exit 1
modules=$PWD/build/page/test leaves=$PWD/build/leaves learn=${LEARN_FAST:-./learn}
export NODE_PATH="$modules/node_modules" LEARN_HOME="$PWD"
for need in node npm; do
    command -v $need >/dev/null || { echo "skipped: $need is not installed"; exit 0; }
done
mkdir -p "$modules" "$leaves"
if ! cmp -s tests/page/package.json "$modules/package.json"; then
    cp tests/page/package.json "$modules"
    npm install --no-audit --no-fund --prefix "$modules" >"$modules/npm.log" 2>&1 ||
        { rm "$modules/package.json"; echo "skipped: npm could not fetch what drives browsers"; exit 0; }
fi
. tests/page/before.sh
bad=0
if [ "$1" != --quick ]; then
    command -v chromium >/dev/null || { echo "skipped: chromium is not installed"; exit 0; }
    for lesson in 3 10 13; do
        "$learn" handout $lesson --lang both -o "$leaves/handout-$lesson.html" >/dev/null || exit 1
        "$learn" handout $lesson --lang ko --teacher -o "$leaves/teacher-$lesson.html" >/dev/null || exit 1
    done
    "$learn" --lang both worksheet backward,sizes count 6 seed 1 into "$leaves/worksheet.html" >/dev/null || exit 1
    state=$(mktemp -d)
    printf '5\nquit\n' | XDG_STATE_HOME=$state "$learn" --lang ko lesson 3 >/dev/null &&
        XDG_STATE_HOME=$state "$learn" submit 3 --id 20251234 --name 김민지 --yes -o "$state/r.json" >/dev/null &&
        "$learn" report "$state/r.json" --html "$leaves/report.html" >/dev/null
    [ -s "$leaves/report.html" ] || exit 1
    rm -rf "$state"
    node tests/page/page.js "$leaves"/*.html || bad=1
fi
if [ -s build/page/learn.html ]; then
    before play tests/page/* tests/lessons/03* src/page/serve.js build/page/learn.html build/page/site/*
    node tests/page/play.js "$1" build/page
    case $? in 0) passed ;; 69) ;; *) bad=1 ;; esac
else
    echo "skipped: the page is not built (make page)"
fi
exit $bad
