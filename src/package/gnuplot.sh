#!/bin/sh
# src/package/gnuplot.sh FOLDER: Debian's gnuplot, its libraries and a font with Hangul, to
# be run where none of them is installed: FOLDER/gnuplot, and FOLDER/fc-list, which says
# what fonts there are.
set -e
to=$1
mkdir -p "$to/bin" "$to/lib" "$to/fonts"
cp /usr/bin/gnuplot-nox "$to/bin/gnuplot"
cp /usr/bin/fc-list "$to/bin"
# All but the C library, which belongs to the machine.
ldd "$to/bin/gnuplot" "$to/bin/fc-list" | awk '$2 == "=>" && $3 ~ /^\// {print $3}' | sort -u |
    grep -v '/lib\(c\|m\|dl\|rt\|pthread\|resolv\)\.so' | xargs -I{} cp -L {} "$to/lib"
cp /usr/share/fonts/truetype/nanum/NanumGothic.ttf "$to/fonts"
for package in gnuplot-nox fontconfig fonts-nanum; do
    cp -L "/usr/share/doc/$package/copyright" "$to/copyright.$package"
done
for program in gnuplot fc-list; do
    cat >"$to/$program" <<'END'
#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
export LD_LIBRARY_PATH="$here/lib" FONTCONFIG_FILE="$here/fonts/fonts.conf"
exec "$here/bin/$(basename "$0")" "$@"
END
    chmod +x "$to/$program"
done
cat >"$to/fonts/fonts.conf" <<'END'
<?xml version="1.0"?>
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir prefix="relative">.</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
END
