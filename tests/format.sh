#!/bin/sh
# format.sh [FILE …]: the house is what its own .clang-format says (`make format` makes it so);
# tables stand between `// clang-format off` and `on`. Versions of clang-format differ in small things:
# the one that decides is Debian 12's, 14.
format=$(command -v clang-format-14 || command -v clang-format) || format=
case $("${format:-false}" --version 2>/dev/null) in
*'version 14.'*) ;;
*)
    echo "skipped: clang-format 14 is not installed"
    exit 0
    ;;
esac
bad=0
[ $# -gt 0 ] || set -- src/*.c src/*/*.[ch] tests/*/*.c
for file; do
    # comments it leaves as they are, so it is asked here that they end at column 88
    wide=$(sed '/clang-format off/,/clang-format on/d' "$file" | wc -L)
    if [ "$wide" -gt 88 ]; then
        echo "FAILED format $file ($wide columns wide)"
        bad=1
    elif "$format" "$file" | cmp -s - "$file"; then
        echo "ok format $file"
    else
        echo "FAILED format $file (make format mends it)"
        bad=1
    fi
done
exit $bad
