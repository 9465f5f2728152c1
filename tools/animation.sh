#!/usr/bin/env bash
# The README's animated picture, www/failover.webp, from the page in dist/.
. "$(dirname "$0")/lib.sh"

[ -f dist/index.html ] || fail "there is no dist/: run make dist"
have img2webp || apt_install webp

frames=$(mktemp -d)
trap 'rm -rf "$frames"' EXIT
say "taking frames (about 20 s)"
node tools/animation.mjs "$frames"
# img2webp reads a file of arguments only where there is no argument besides, and -o is one.
xargs img2webp -o www/failover.webp <"$frames/frames.txt"
ls -l www/failover.webp
