#!/usr/bin/env bash
# Prints the path of a Firefox; $FIREFOX overrides the search.
. "$(dirname "$0")/lib.sh"

mac="/Applications/Firefox.app/Contents/MacOS/firefox"
for name in "${FIREFOX:-}" firefox-esr firefox "$mac"; do
    if [ -n "$name" ] && have "$name"; then
        command -v "$name"
        exit
    fi
done
fail "no Firefox found: install one (Debian: apt-get install firefox-esr), or set FIREFOX to its path"
