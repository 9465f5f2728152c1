#!/usr/bin/env bash
# Builds the site into dist/: plain files that work under any path of any web server. Fails when the download has
# grown too big.
. "$(dirname "$0")/lib.sh"

# Panics name the source file they are in: files of libraries without the folder in which this machine keeps them.
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}/registry/src="

say "building the site"
trunk build --release

# weigh NAME LIMIT_KB
weigh() {
    local wasm="dist/$1_bg.wasm" bytes
    bytes=$(gzip -9 -c "$wasm" | wc -c)
    echo "$wasm: $(wc -c <"$wasm") bytes, gzipped $bytes bytes, of $2 KB allowed"
    [ "$bytes" -le $(($2 * 1024)) ] || fail "$wasm is over $2 KB gzipped"
}
weigh web-service-model 200
weigh web-service-lab 300
echo "dist/ is ready"
