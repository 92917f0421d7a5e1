# shellcheck shell=sh
# before.sh, sourced: in a quick test (--quick), what has passed is not tried again where
# nothing of it has changed.
#     before NAME FILE…    ends the script where all of these are as they were then
#     passed               they are, from now on
quick=$1
before() {
    seal=build/page/$1.passed && shift
    now=$({ node --version; chromium --version; firefox-esr --version; cat "$@"; } 2>/dev/null | sha256sum)
    if [ "$quick" = --quick ] && [ "$now" = "$(cat "$seal" 2>/dev/null)" ]; then
        echo "skipped: it has passed, and nothing has changed since"
        exit 0
    fi
}
passed() { echo "$now" >"$seal"; }
