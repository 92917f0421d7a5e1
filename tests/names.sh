#!/bin/sh
# A gate is a row, and so are a function of the language and an optimiser: who needs to
# know something about one asks its row. So nothing outside the rows' own files compares
# their names.
bad=0

names() { # names FILE…: those of the rows, as a|b|c
    grep -ohE '^    \{(\.name = )?"[a-z_0-9]+"' "$@" | cut -d'"' -f2 | sort -u | paste -sd'|'
}

compares() { # compares KIND OWN FILE…: OWN: files that may, besides those of the rows
    kind=$1 own=$2
    shift 2
    list=$(names "$@")
    [ -n "$list" ] || { echo "FAILED no $kind has a name"; bad=1; return; }
    found=$(grep -nE "(strcmp|\b(is|same|equal)|_(is|of|equal))\([^\"]*\"($list)\"" src/*/*.c src/*.c |
        grep -vE "^($(echo "$* $own" | tr ' ' '|')):")
    if [ -n "$found" ]; then
        echo "$found"
        echo "FAILED the name of a $kind is compared: let its row say what is asked"
        bad=1
    else
        echo "ok names of a $kind"
    fi
}

# shellcheck disable=SC2046
compares gate '' $(ls src/engine/gate_*.c)
compares optimiser '' src/engine/optimisers.c
# (a lesson's `since` may be now as well)
compares function src/lesson/resume.c src/board/functions.c

found=$(grep -nE 'strcmp\(.*gate->name' src/*/*.c | grep -vE '^src/engine/gates?[_.]')
if [ -n "$found" ]; then
    echo "$found"
    echo "FAILED a gate's name is compared: let its row say what is asked"
    bad=1
else
    echo "ok names behind a variable"
fi
exit $bad
