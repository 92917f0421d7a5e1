#!/bin/sh
# src/package/deb.sh BUILD PROGRAM: a Debian package of what `make install` puts into
# BUILD/deb, for this machine's architecture; what it stands on is read from the program.
# Needs dpkg-dev. Prints the package's name.
set -e
umask 022
tree=$1/deb version=$("$2" --version | sed -n 's/^learn //p')
here=$(dirname "$0")
arch=$(dpkg --print-architecture)
doc=$tree/usr/share/doc/learn
date=$(git log -1 --format=%cD 2>/dev/null || date -R)

strip --remove-section=.comment --remove-section=.note "$tree/usr/bin/learn"
install -d "$doc" "$tree/DEBIAN"
install -m644 "$here/copyright" "$doc"
{
    echo "learn ($version) unstable; urgency=medium"
    echo
    sed -n "/^### $version/,/^##/{/^#/d;/^$/d;s/^- /  * /;s/^  \([^*]\)/    \1/;p}" README.md
    echo
    echo " -- The people who make learn <learn@example.org>  $date"
} | gzip -9n >"$doc/changelog.gz"
gzip -9n "$tree/usr/share/man/man1/learn.1"

# dpkg-shlibdeps wants to stand in a source package.
mkdir -p "$1/shlibs/debian"
echo 'Source: learn' >"$1/shlibs/debian/control"
needs=$(cd "$1/shlibs" && dpkg-shlibdeps -O "../deb/usr/bin/learn" 2>shlibs.log) || {
    cat "$1/shlibs/shlibs.log" >&2
    exit 1
}
needs=${needs#shlibs:Depends=}
size=$(du -ks --exclude=DEBIAN "$tree" | cut -f1)
sed "s/@VERSION@/$version/;s/@ARCH@/$arch/;s/@SIZE@/$size/;s/@NEEDS@/$needs/" \
    "$here/control" >"$tree/DEBIAN/control"
(cd "$tree" && find usr -type f | LC_ALL=C sort | xargs -d '\n' md5sum) >"$tree/DEBIAN/md5sums"
dpkg-deb --root-owner-group --build "$tree" "learn_${version}_$arch.deb" >/dev/null
echo "learn_${version}_$arch.deb"
