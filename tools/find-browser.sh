#!/usr/bin/env bash
# Prints the path of a Chromium or Chrome; $CHROME overrides the search.
. "$(dirname "$0")/lib.sh"

mac="/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
for name in "${CHROME:-}" chromium chromium-browser google-chrome google-chrome-stable "$mac"; do
    if [ -n "$name" ] && have "$name"; then
        command -v "$name"
        exit
    fi
done
fail "no Chromium or Chrome found: install one (Debian: apt-get install chromium), or set CHROME to its path"
