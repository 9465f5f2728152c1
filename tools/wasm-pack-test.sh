#!/usr/bin/env bash
# The wasm tests through wasm-pack, for those who have the habit. `make test` runs the same tests without it.
. "$(dirname "$0")/lib.sh"

have wasm-pack || cargo_install wasm-pack "$WASM_PACK_VERSION" 1
rm -rf target/tools

wasm-pack test --headless --chrome "$@"
