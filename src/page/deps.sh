#!/bin/sh
# What learn stands on, and gnuplot, as WebAssembly: sh src/page/deps.sh OUT, from the
# root. Debian bookworm's sources, fetched through apt by name whatever the release is here
# (so that the page is the same), and compiled without their configure scripts: those take
# minutes under emconfigure, and config/ has what they found. xterm.js comes from npm.
#
#     OUT/include, OUT/lib    cJSON, zlib, libunistring, readline
#     OUT/gnuplot.js, .wasm   with two terminals, dumb and svg
#     OUT/npm/node_modules    @xterm/xterm, @xterm/addon-fit
#     OUT/licences            a text for each
#
# 69: what can't be had here, without a network, say; said in a line.
set -e
unavailable() {
    echo "$1 could not be had"
    exit 69
}
for need in emcc apt-get dpkg-source node npm; do
    command -v $need >/dev/null || unavailable $need
done
copyright=/usr/share/doc/emscripten/copyright
[ -r $copyright ] || unavailable "Debian's emscripten ($copyright)"
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1" && cd "$1" && out=$PWD
export NODE_PATH=/usr/share/nodejs # acorn is there; nodesource's node does not look
SUITE=bookworm
MIRROR=${DEBIAN_MIRROR:-http://deb.debian.org/debian}

# ---- sources ----

# The machine's own lists of packages stay as they are.
mkdir -p apt/state/lists/partial apt/cache/archives/partial src include lib licences
keys=/usr/share/keyrings/debian-archive-keyring.gpg
echo "deb-src [signed-by=$keys] $MIRROR $SUITE main" >apt/sources.list
own="-o Dir::Etc::sourcelist=$out/apt/sources.list -o Dir::Etc::sourceparts=-
    -o Dir::State=$out/apt/state -o Dir::Cache=$out/apt/cache -o APT::Sandbox::User=root"
cd src
for p in cjson zlib libunistring readline gnuplot; do
    [ -d $p ] && continue
    # shellcheck disable=SC2086
    { [ -n "$updated" ] || apt-get $own -qq update; } >"$out/apt/log" 2>&1 &&
        apt-get $own -qq source --download-only $p >>"$out/apt/log" 2>&1 ||
        unavailable "Debian's source of $p"
    updated=1
    rm -rf $p.part # of an unpacking that was stopped
    dpkg-source --no-check -x "$p"_*.dsc $p.part >/dev/null
    cp $p.part/debian/copyright "$out/licences/$p"
    mv $p.part $p
done
cp libunistring/COPYING.LIB "$out/licences/libunistring-LGPL"
{
    echo "learn.wasm and gnuplot.wasm are made of these sources, none of them changed:"
    sed -n 's/^Source: //p' ./*.dsc | while read -r p; do
        version=$(sed -n 's/^Version: //p' "$p"_*.dsc)
        echo "  $p $version: https://sources.debian.org/src/$p/$version/"
    done
    echo "and of learn's own, as make page of its sources compiles them."
} >"$out/licences/sources"
cjson=$PWD/cjson zlib=$PWD/zlib readline=$PWD/readline gnuplot=$PWD/gnuplot
unistring=$PWD/libunistring/lib

# ---- the terminal of the page ----

npm install --prefix "$out/npm" --no-audit --no-fund --save-exact @xterm/xterm@6.0.0 \
    @xterm/addon-fit@0.11.0 >"$out/npm.log" 2>&1 || unavailable "xterm.js from npm"
cp "$out/npm/node_modules/@xterm/xterm/LICENSE" "$out/licences/xterm"

# ---- compiled ----

# many FOLDER FLAGS… -- FILE…: objects into o/FOLDER, as many at a time as there are cores.
# Their warnings are not ours.
many() {
    to=$out/o/$1 && shift && mkdir -p "$to" && flags=
    while [ "$1" != -- ]; do flags="$flags $1" && shift; done && shift
    printf '%s\n' "$@" | xargs -P"$(nproc)" -I{} \
        sh -c "emcc -Os -w -s SUPPORT_LONGJMP=wasm $flags -c {} -o $to/\$(basename {} .c).o"
}
files() { # files FOLDER NAME…
    folder=$1 && shift && for name; do echo "$folder/$name.c"; done
}
library() { # library NAME FOLDER
    rm -f "$out/lib/lib$1.a" && emar rcs "$out/lib/lib$1.a" "$out/o/$2"/*.o
}
# shellcheck disable=SC2046
{
    many cjson -- $(files "$cjson" cJSON)
    many zlib -DHAVE_UNISTD_H -- $(files "$zlib" adler32 crc32 inflate inftrees inffast \
        zutil deflate trees compress uncompr gzlib gzread gzwrite gzclose)
    mkdir -p "$out/o/unistring.h/unistring"
    echo '#define _GL_ATTRIBUTE_FALLTHROUGH ((void)0)' >"$out/o/unistring.h/config.h"
    for h in unitypes unistr unictype uninorm uniwidth; do
        cp "$unistring/$h.in.h" "$out/include/$h.h"
    done
    cp -r "$unistring/unistring" "$out/include"
    for h in stdint stdbool; do echo "#include <$h.h>" >"$out/include/unistring/$h.h"; done
    echo 'extern const char *locale_charset(void);' >"$out/include/unistring/localcharset.h"
    echo '#define LIBUNISTRING_DLL_VARIABLE' >"$out/include/unistring/woe32dll.h"
    many unistring -DIN_LIBUNISTRING=1 "-I$out/o/unistring.h" "-I$out/include" "-I$unistring" -- \
        $(files "$unistring/uninorm" u8-normalize nfc nfd nfkc nfkd canonical-decomposition \
            compat-decomposition composition decompose-internal decomposition \
            decomposition-table) \
        $(files "$unistring/unictype" categ_Cc categ_Cf categ_Nd categ_of categ_test combiningclass pr_alphabetic \
            pr_decimal_digit pr_default_ignorable_code_point pr_not_a_character \
            pr_variation_selector pr_xid_start pr_xid_continue) \
        $(files "$unistring/unistr" u8-mbtouc u8-mbtouc-aux u8-mbtouc-unsafe \
            u8-mbtouc-unsafe-aux u8-mbtoucr u8-uctomb u8-uctomb-aux u8-check u8-cpy u8-mblen u8-mbsnlen u8-strlen u8-strmbtouc) \
        $(files "$unistring/uniwidth" width)
    mkdir -p "$out/o/readline.h" && cp "$here/config/readline.h" "$out/o/readline.h/config.h"
    many readline -DREADLINE_LIBRARY -DHAVE_CONFIG_H "-I$out/o/readline.h" "-I$readline" -- \
        $(files "$readline" readline funmap keymaps vi_mode parens rltty complete bind isearch \
            display signals util kill undo macro input callback terminal xfree history \
            histsearch histexpand histfile nls search shell tilde savestring text misc \
            compat xmalloc colors parse-colors mbutil)
    # SHORT_TERMLIST's terminals are few, and post.trm is one of them: ours is svg's.
    mkdir -p "$out/o/gnuplot.h" && cp "$here/config/gnuplot.h" "$out/o/gnuplot.h/config.h"
    echo '#include "svg.trm"' >"$out/o/gnuplot.h/post.trm"
    many gnuplot -DHAVE_CONFIG_H -DSHORT_TERMLIST -DPOSTSCRIPT_DRIVER "-I$out/o/gnuplot.h" \
        "-I$gnuplot/src" "-I$gnuplot/term" -- \
        $(files "$gnuplot/src" alloc axis breaders boundary color command contour datablock \
            datafile dynarray encoding eval external fit gadgets getcolor graph3d graphics \
            help hidden3d history internal interpol jitter libcerf matrix misc mouse \
            multiplot parse plot plot2d plot3d pm3d readline save scanner set show specfun \
            standard stats stdfn tables tabulate term time unset util util3d variable \
            version voxelgrid vplot)
}
library cjson cjson
library z zlib
library unistring unistring
library readline readline
mkdir -p "$out/include/cjson" "$out/include/readline"
cp "$cjson/cJSON.h" "$out/include/cjson"
cp "$zlib/zlib.h" "$zlib/zconf.h" "$out/include"
for h in readline history keymaps chardefs tilde rlconf rlstdc rltypedefs; do
    cp "$readline/$h.h" "$out/include/readline"
done
emcc -Os -o "$out/gnuplot.js" "$out"/o/gnuplot/*.o -lm -s SUPPORT_LONGJMP=wasm -s MODULARIZE=1 \
    -s EXPORT_NAME=Gnuplot -s ALLOW_MEMORY_GROWTH=1 -s TOTAL_STACK=1MB -s EXIT_RUNTIME=1 \
    -s ENVIRONMENT=web,worker,node

# ---- what emscripten adds ----

# Of emscripten's many parts: what is linked is its own, musl, compiler-rt and dlmalloc.
awk 'BEGIN { RS = ""; ORS = "\n\n" }
    NR == 1 || /^Files:/ && /\n (\*|system\/lib\/(libc|compiler-rt|dlmalloc))/ ||
        /^License: (Expat|NCSA|Apache|public-domain|misc|BSD|ISC|FSFULLR~Sun)/' \
    $copyright >"$out/licences/emscripten"
