#!/usr/bin/env bash
# Builds the library for the browser without optimisation into target/bindings: the JavaScript modules, and the
# TypeScript declarations that `make lint` checks the page's scripts against.
. "$(dirname "$0")/lib.sh"

# bindings BINARY FEATURE
bindings() {
    cargo build --quiet --target wasm32-unknown-unknown --bin "$1" --no-default-features --features "$2"
    wasm-bindgen --target web --out-dir target/bindings \
        "${CARGO_TARGET_DIR:-target}/wasm32-unknown-unknown/debug/$1.wasm"
}
bindings web-service-model page
bindings web-service-lab lab
