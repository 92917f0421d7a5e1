#!/bin/sh
# Which way the arrows point: main, shell, lesson, plot, language, data, engine, base, with
# text beside base. A room includes only its own headers and those of the rooms below.
bad=0
below() {
    case $1 in
    shell) echo 'shell|lesson|plot|language|data|engine|text|base' ;;
    lesson) echo 'lesson|plot|language|data|engine|text|base' ;;
    plot) echo 'plot|language|data|engine|text|base' ;;
    language) echo 'language|data|engine|text|base' ;;
    data) echo 'data|engine|text|base' ;;
    engine) echo 'engine|text|base' ;;
    text | base) echo 'text|base' ;;
    esac
}
for room in src/*/; do
    room=$(basename "$room")
    [ "$room" = text ] || [ -n "$(below "$room")" ] || { echo "FAILED unknown room $room"; bad=1; }
    if grep -nE '#include "' src/"$room"/*.[ch] | grep -vE "#include \"($(below "$room"))/"; then
        echo "FAILED $room looks upwards"
        bad=1
    else
        echo "ok room $room"
    fi
done
exit $bad
