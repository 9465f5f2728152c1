#!/usr/bin/env bash
# Builds the site into dist/: plain files that work under any path of any web server. Fails when the download has
# grown too big.
. "$(dirname "$0")/lib.sh"

limit_kb=300

say "building the site"
trunk build --release

wasm=dist/web-service-model_bg.wasm
plain=$(wc -c <"$wasm")
bytes=$(gzip -9 -c "$wasm" | wc -c)
echo "dist/ is ready; the wasm: $plain bytes, gzipped $bytes bytes, of $limit_kb KB allowed"
[ "$bytes" -le $((limit_kb * 1024)) ] || fail "$wasm is over $limit_kb KB gzipped"
