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
exit $bad
