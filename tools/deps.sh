#!/bin/sh
# deps.sh PACKAGE…: installs what is missing of these Debian packages. a|b|c: any of them
# will do, a is installed. Silent, and without network, where all is there. Where it can't
# install, it names what is missing and ends well: what is there may be enough.
set -u

installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing=
for package; do
    found=
    for one in $(echo "$package" | tr '|' ' '); do installed "$one" && found=1; done
    [ "$found" ] || missing="$missing ${package%%|*}"
done
[ "$missing" ] || exit 0

give_up() {
    echo "Missing:$missing ($1); going on with what is there." >&2
    echo "Ask for: apt-get install$missing" >&2
    exit 0
}

command -v apt-get >/dev/null || give_up "no apt-get here"
as_root=
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || give_up "neither root nor sudo"
    [ -t 0 ] || sudo -n true 2>/dev/null || give_up "sudo wants a password"
    as_root=sudo
fi
echo "Installing:$missing"
export DEBIAN_FRONTEND=noninteractive
install() {
    # shellcheck disable=SC2086 # words
    $as_root apt-get install -y -qq --no-install-recommends $missing
}
install 2>/dev/null || { $as_root apt-get update -qq && install; } || give_up "apt-get failed"
