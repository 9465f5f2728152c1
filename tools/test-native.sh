#!/usr/bin/env bash
# The library and the command line on this machine: unit tests, tests/, the documentation's examples.
. "$(dirname "$0")/lib.sh"

have cargo || fail "Rust is missing: install it with rustup, from https://rustup.rs"

say "tests on this machine"
cargo test "$@"
