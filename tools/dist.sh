#!/usr/bin/env bash
# Builds the site into dist/: plain files that work under any path of any web server. Fails when the download has
# grown too big.
. "$(dirname "$0")/lib.sh"

hide_folders
say "building the site"
trunk build --release
node tools/crate-notices.mjs wasm32-unknown-unknown >dist/NOTICE.txt

wasm=dist/web-service-model_bg.wasm
bytes=$(gzip -9 -c "$wasm" | wc -c)
echo "$wasm: $(wc -c <"$wasm") bytes, gzipped $bytes"
# An alarm, not an aim: so much more than usual is a mistake, such as a library that nobody meant to ship.
[ "$bytes" -le $((1300 * 1024)) ] || fail "$wasm is over 1300 KB gzipped"
echo "dist/ is ready"
