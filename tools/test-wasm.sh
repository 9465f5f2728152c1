#!/usr/bin/env bash
# tests/web.rs and the library's own wasm-bindgen tests, in a headless browser. Arguments go to cargo test. Every test
# target is built, as wasm-pack would: those for this machine only say so with #![cfg(not(target_arch = "wasm32"))].
. "$(dirname "$0")/lib.sh"

# The runner (.cargo/config.toml) starts this driver with the flags of webdriver.json.
CHROMEDRIVER=${CHROMEDRIVER:-$(command -v chromedriver)} || fail "no chromedriver on PATH: run tools/setup-browser.sh"
export CHROMEDRIVER

say "tests of the compiled library, in a headless browser"
cargo test --target wasm32-unknown-unknown "$@"
