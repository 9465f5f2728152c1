#!/usr/bin/env bash
# Formatting, clippy natively and for the browser, the documentation's links, the scripts' types. A warning fails.
. "$(dirname "$0")/lib.sh"

wasm=(--target wasm32-unknown-unknown)

say "rustfmt"
cargo fmt --check

say "clippy, native"
cargo clippy --quiet --all-targets -- -D warnings

# Not --all-targets: the benchmarks are native only.
say "clippy, browser"
cargo clippy --quiet "${wasm[@]}" --lib --bins --tests -- -D warnings

say "rustdoc, native and browser"
RUSTDOCFLAGS="-D warnings" cargo doc --quiet --no-deps --lib --document-private-items
RUSTDOCFLAGS="-D warnings" cargo doc --quiet --no-deps --lib --document-private-items "${wasm[@]}"

say "JavaScript types"
tools/bindings.sh
tsc --project tsconfig.json

say "shell scripts"
if have shellcheck; then
    shellcheck tools/*.sh .ci/run
else
    echo "skipped: shellcheck is not installed"
fi
