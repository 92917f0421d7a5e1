#!/bin/sh
# Which way the arrows point. A room includes only its own headers and those of the rooms
# below it.
bad=0
below() {
    floor='engine|text|base'
    old='session|plot|explain|export|learning|board|syntax|data|train'
    case $1 in
    shell) echo "shell|lesson|$old|$floor" ;;
    lesson) echo "lesson|$old|$floor" ;;
    plot) echo "$old|$floor" ;;
    session | explain | export | learning | board | syntax) echo "session|explain|export|learning|board|syntax|data|train|$floor" ;;
    train) echo "train|$floor" ;;
    data) echo "data|$floor" ;;
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
