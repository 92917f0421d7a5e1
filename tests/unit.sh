#!/bin/sh
# tests/unit/*_test.c against the sanitized objects: each prints Check's line.
# A sanitized test on a busy machine takes its time; 4 s is Check's own limit.
export CK_DEFAULT_TIMEOUT=300
bad=0
objects=$(make -s B=build/asan objects)
for test in tests/unit/*_test.c; do
    name=$(basename "$test" .c)
    wrap=$(sed -n 's/^WRAP(.*, \([a-z_]*\), (.*/-Wl,--wrap=\1/p' "$test")
    # shellcheck disable=SC2046,SC2086
    if ! gcc -std=c11 -D_GNU_SOURCE -Isrc -g -fsanitize=address,undefined -Wall -Wextra -Werror \
        -o build/asan/"$name" "$test" $wrap $objects $(pkg-config --cflags --libs check) \
        -lcjson -lreadline -lunistring -lz -ldl -lm -pthread; then
        echo "FAILED $name does not build"
        bad=1
        continue
    fi
    out=$(build/asan/"$name" 2>&1) || bad=1
    line=$(printf '%s\n' "$out" | grep '^[0-9]*%: Checks')
    checks=$(printf '%s' "$line" | sed 's/.*Checks: \([0-9]*\),.*/\1/')
    wrong=$(printf '%s' "$line" | sed 's/.*Failures: \([0-9]*\), Errors: \([0-9]*\)/\1 \2/')
    [ -n "$line" ] || { checks=1 wrong='1 0'; }
    # shellcheck disable=SC2086
    set -- $wrong
    n=$(($1 + $2))
    i=$n
    while [ "$i" -lt "$checks" ]; do echo "ok $name"; i=$((i + 1)); done
    [ $n = 0 ] || printf '%s\n' "$out"
    while [ "$n" -gt 0 ]; do echo "FAILED $name"; n=$((n - 1)); done
done
exit $bad
