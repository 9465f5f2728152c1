#!/usr/bin/env bash
# Builds the library for the browser without optimisation into target/bindings: the JavaScript module, and the
# TypeScript declarations that `make lint` checks the page's scripts against.
. "$(dirname "$0")/lib.sh"

cargo build --quiet --target wasm32-unknown-unknown --bin web-service-model
wasm-bindgen --target web --out-dir target/bindings \
    "${CARGO_TARGET_DIR:-target}/wasm32-unknown-unknown/debug/web-service-model.wasm"
# It would make a CommonJS module of the script in TypeScript's eyes; the repository's own package.json says what it is.
rm -f target/bindings/package.json
