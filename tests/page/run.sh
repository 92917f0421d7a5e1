#!/bin/sh
# What a browser and axe-core say of the pages that leave: handouts of lessons with plots,
# tables and pictures, and the report of a class. Wants Debian's nodejs, npm and chromium;
# axe-core and puppeteer-core come from npm once, at the versions in package.json.
cd "$(dirname "$0")/../.." || exit 1
modules=$PWD/build/page
export NODE_PATH="$modules/node_modules" LEARN_HOME="$PWD"
for need in node npm chromium; do
    command -v $need >/dev/null || { echo "skipped: $need is not installed"; exit 0; }
done
mkdir -p "$modules"
cp tests/page/package.json "$modules"
if [ ! -d "$NODE_PATH/axe-core" ]; then
    npm install --no-audit --no-fund --prefix "$modules" >"$modules/npm.log" 2>&1 ||
        { echo "skipped: npm could not fetch axe-core"; exit 0; }
fi
for lesson in 3 10 13; do
    ./learn handout $lesson --lang both -o "$modules/handout-$lesson.html" >/dev/null || exit 1
    ./learn handout $lesson --lang ko --teacher -o "$modules/teacher-$lesson.html" >/dev/null || exit 1
done
./learn --lang both worksheet backward,sizes count 6 seed 1 into "$modules/worksheet.html" >/dev/null || exit 1
state=$(mktemp -d)
printf '5\nquit\n' | XDG_STATE_HOME=$state ./learn --lang ko lesson 3 >/dev/null &&
    XDG_STATE_HOME=$state ./learn submit 3 --id 20251234 --name 김민지 --yes -o "$state/r.json" >/dev/null &&
    ./learn report "$state/r.json" --html "$modules/report.html" >/dev/null
[ -s "$modules/report.html" ] || exit 1
rm -rf "$state"
node tests/page/page.js "$modules"/*.html
