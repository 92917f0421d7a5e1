#!/bin/sh
# The Makefile: what it builds, and what it says where there is no compiler yet.
bad=0
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
ok() { if [ "$2" = 0 ]; then echo "ok $1"; else echo "FAILED $1"; bad=1; fi; }
plan() { make -n B="$dir" OUT="$dir/learn" "$@"; }
sets() { grep -o 'DSET=[a-z0-9]*' | sort -u | tr '\n' ' '; }

want=$(plan | sets)
case $want in *DSET=baseline*) ;; *) false ;; esac
ok 'the kernels have a baseline' $?
chosen=$(grep -o 'kernels_[a-z0-9]*[,;]' src/train/kernels.c | sed 's/kernels_/DSET=/; s/[,;]$//' | sort -u | tr '\n' ' ')
written=$(grep -o '^SET_[a-z0-9]* =' Makefile | sed 's/SET_/DSET=/; s/ =$//' | sort -u | tr '\n' ' ')
[ "$chosen" = "$written" ]
ok 'kernels.c chooses among the sets that the Makefile builds' $?
[ "$(SET_hello=1 SET_avx2=1 plan | sets)" = "$want" ]
ok 'kernel sets come from the Makefile, not from the environment' $?
plan CC="$dir/none" >"$dir/out" 2>"$dir/said" && [ ! -s "$dir/said" ]
ok 'a compiler that is not there is not missed before it is used' $?
plots() { env -u DISPLAY -u WAYLAND_DISPLAY "$@" make -n start | grep -o 'gnuplot=[a-z-]*'; }
[ "$(plots)" = gnuplot=gnuplot-nox ] && [ "$(plots DISPLAY=:0)" = gnuplot=gnuplot-qt ] &&
    [ "$(plots WAYLAND_DISPLAY=wayland-0)" = gnuplot=gnuplot-qt ] && [ "$(plots DISPLAY=)" = gnuplot=gnuplot-nox ]
ok 'start brings windows to a desktop, and to no other machine' $?
make -n install PREFIX="$dir" DESTDIR= | grep -q "lessons/demos/\*.learn $dir/share/learn/lessons/demos"
ok 'the demos are installed with the lessons' $?
make -n install PREFIX="$dir" DESTDIR= | grep -q "lessons/challenges/\*.json $dir/share/learn/lessons/challenges"
ok '… and the challenges' $?

# What is missing is installed though a release lacks one of it: with an apt-get of ours.
mkdir "$dir/bin"
cat >"$dir/bin/apt-get" <<'END'
#!/bin/sh
case " $*" in *' update') exit ;; *' lacking'*) exit 100 ;; esac
echo "$*" | sed 's/.*recommends //' >>"$got"
END
printf '#!/bin/sh\nexit 1\n' >"$dir/bin/dpkg-query"
printf '#!/bin/sh\necho 0\n' >"$dir/bin/id"
chmod +x "$dir"/bin/*
got=$dir/got PATH=$dir/bin:$PATH sh tests/deps.sh one lacking sh=there two >"$dir/said"
[ "$(tr '\n' ' ' <"$dir/got")" = 'one two ' ] && grep -q 'not be installed: lacking\.' "$dir/said"
ok 'a package that is not to be had keeps no other away' $?
exit $bad
