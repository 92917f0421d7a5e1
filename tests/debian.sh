#!/bin/sh
# tests/debian.sh RELEASE (bookworm, trixie): README's two commands on a bare Debian, that
# is, in a new chroot that has make and this working tree, and nothing else. As root; half
# an hour. The chroot is removed where all went well; where not, it says where it stands.
release=${1:?bookworm or trixie}
root=$(cd "$(dirname "$0")/.." && pwd)
if [ "$(id -u)" != 0 ]; then
    echo "A chroot is made by root only."
    exit 1
fi
if [ -z "$2" ]; then # what is mounted below ends with this process: nothing to unmount
    bare=$(mktemp -d "${TMPDIR:-/tmp}/learn-$release-XXXXXX")
    chmod 755 "$bare" # for apt's own user
    if unshare -m sh "$0" "$release" "$bare"; then
        rm -rf --one-file-system "$bare"
        echo "ok $release"
        exit 0
    fi
    echo "FAILED $release: see $bare"
    exit 1
fi
bare=$2
debootstrap --variant=minbase --include=make "$release" "$bare" >"$bare.log" 2>&1 || {
    tail "$bare.log"
    exit 1
}
mv "$bare.log" "$bare/var/log/debootstrap.log"
# A second one that stays as bare as it is, for the bundle.
plain=$bare/root/plain
cp -a "$bare" "$bare.plain" && mv "$bare.plain" "$plain" || exit 1

# The network as here, with those who vouch for its machines.
cp -L /etc/resolv.conf /etc/hosts "$bare/etc"
if [ -e /etc/ssl/certs/ca-certificates.crt ]; then
    mkdir -p "$bare/etc/ssl/certs" "$bare/usr/local/share/ca-certificates"
    cp -L /etc/ssl/certs/ca-certificates.crt "$bare/etc/ssl/certs"
    cp -RL /usr/local/share/ca-certificates/. "$bare/usr/local/share/ca-certificates"
fi
mkdir "$bare/root/learn"
cd "$root" && git ls-files -z -co --exclude-standard | xargs -0 tar -c | tar -xC "$bare/root/learn"
mount --rbind /dev "$bare/dev" && mount --bind /proc "$bare/proc" && mount --bind /proc "$plain/proc" || exit 1

inside() { # inside LINE: as a person who has just logged in
    chroot "$bare" env -u CC -u CFLAGS -u MAKEFLAGS -u MAKELEVEL HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin \
        sh -c "cd /root/learn && $1"
}
said=$bare/root/start.log
inside 'make start </dev/null' >"$said" 2>&1 || {
    cat "$said"
    echo "FAILED make start"
    exit 1
}
cat "$said"
! grep '^make\|cc: \|: warning: ' "$said" || {
    echo "FAILED make start: a bare machine is told nothing of the sort"
    exit 1
}
# The package: installed, used by somebody who has only that, removed.
inside 'make deb && apt-get install -y --no-install-recommends ./learn_*.deb' >"$bare/root/deb.log" 2>&1 &&
    inside 'cd / && learn --lang en lesson 3 </dev/null | grep "Lesson 3" && learn -c "use digits"' >>"$bare/root/deb.log" 2>&1 &&
    inside 'apt-get remove -y learn && [ ! -e /usr/share/learn ] && [ ! -e /usr/bin/learn ]' >>"$bare/root/deb.log" 2>&1
[ $? = 0 ] || {
    tail -20 "$bare/root/deb.log"
    echo "FAILED make deb"
    exit 1
}
echo "ok make deb"
# The bundle: unpacked where nothing was installed, its pictures drawn, removed with its folder.
inside 'make bundle' >"$bare/root/bundle.log" 2>&1 && tar -C "$plain/root" -xzf "$bare/root/learn/learn.tar.gz" &&
    chroot "$plain" env -i HOME=/root PATH=/usr/bin:/bin LANG=C.UTF-8 sh -ec '
        cd /root && [ -z "$(command -v gnuplot)" ]
        learn/learn --lang en lesson 3 </dev/null | grep "Lesson 3"
        for picture in curve.svg curve.png; do
            learn/learn --lang ko -c "x = 1; param w = 3; plot (w*x - 1)^2 vs w into \"$picture\""
        done
        grep -q "<svg" curve.svg && [ "$(head -c 4 curve.png | tail -c 3)" = PNG ]
        [ "$(wc -c <curve.png)" -gt 2000 ]
        rm -r learn' >>"$bare/root/bundle.log" 2>&1
[ $? = 0 ] || {
    tail -20 "$bare/root/bundle.log"
    echo "FAILED make bundle"
    exit 1
}
echo "ok make bundle"
[ -n "$LEARN_NO_TEST" ] || inside 'make test'
