#!/bin/sh
# Installs those of the Debian packages named that are missing: as root, or through sudo.
# Without either it says what is missing and goes on. `program=package` is skipped where
# the program is there. Nothing is downloaded when nothing is missing. What a release
# lacks keeps none of the others away.
missing=
for need; do
    package=${need#*=}
    case $need in
    *=*) command -v "${need%%=*}" >/dev/null 2>&1 && continue ;;
    esac
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
        missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if ! command -v apt-get >/dev/null 2>&1; then
    echo "These Debian packages (or what your system calls them) are needed:$missing"
    exit 0
fi
if [ "$(id -u)" = 0 ]; then
    sudo=
elif command -v sudo >/dev/null 2>&1; then
    sudo=sudo
else
    echo "Missing:$missing. Somebody with root can install them; going on without."
    exit 0
fi
echo "Installing:$missing"
# shellcheck disable=SC2086
$sudo env DEBIAN_FRONTEND=noninteractive sh -c '
    get() { apt-get -qq -y install --no-install-recommends "$@" >/dev/null; }
    apt-get -qq update
    get "$@" 2>/dev/null && exit
    without=
    for package; do get "$package" || without="$without $package"; done
    [ -z "$without" ] || echo "These could not be installed:$without. Going on without."' sh $missing
exit 0
