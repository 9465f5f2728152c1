#!/usr/bin/env bash
# What `make serve` needs: Rust for the browser, trunk and the matching wasm-bindgen. Installs only what is missing.
. "$(dirname "$0")/lib.sh"

have cargo || fail "Rust is missing: install it with rustup, from https://rustup.rs"

# A Rust without rustup (a distribution's, say) may have the browser's standard library all the same: look for that.
if ! [ -d "$(rustc --print target-libdir --target wasm32-unknown-unknown)" ]; then
    have rustup || fail "Rust's target wasm32-unknown-unknown is missing: install Rust from https://rustup.rs"
    say "adding Rust's target wasm32-unknown-unknown (a few seconds, once)"
    rustup target add wasm32-unknown-unknown
fi

# Where a tool has to be built, a processor is idle now and then: the simulator is compiled beside it. Whatever goes wrong
# there is said when it is compiled for good.
if ! have trunk; then
    (
        hide_folders
        nice cargo build --quiet --release --target wasm32-unknown-unknown --bin web-service-model >/dev/null 2>&1
    ) &
fi

# Any trunk will do that somebody already chose to install.
if ! have trunk; then
    cargo_install trunk "$TRUNK_VERSION" 3 --no-default-features --features rustls
fi

if [ "$(wasm-bindgen --version 2>/dev/null)" != "wasm-bindgen $WASM_BINDGEN_VERSION" ]; then
    cargo_install wasm-bindgen-cli "$WASM_BINDGEN_VERSION" 1
fi

wait
rm -rf target/tools # only of use while tools are being built, and large
