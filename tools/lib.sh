# Shared by the scripts in this folder: source it, don't run it.
# shellcheck shell=bash disable=SC2034
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"

# The newest trunk that the minimum Rust version of this package can build.
TRUNK_VERSION=0.21.14
WASM_PACK_VERSION=0.15.1

# The generated JavaScript must come from a wasm-bindgen of exactly the version the Rust code was compiled against.
WASM_BINDGEN_VERSION=$(grep -A1 '^name = "wasm-bindgen"$' Cargo.lock | sed -n 's/^version = "\(.*\)"$/\1/p')

# npm packages live in the clone, Rust tools in cargo's own bin folder, where every clone finds them.
export PATH="$ROOT/node_modules/.bin:$PATH:${CARGO_HOME:-$HOME/.cargo}/bin"

say() { printf '\n== %s\n' "$*"; }

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# Panics name the source file they are in: in the site, files of libraries without the folder in which this machine keeps
# them.
hide_folders() {
    export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}/registry/src="
}

have() { command -v "$1" >/dev/null 2>&1; }

# apt_install PACKAGE...: installs Debian packages, or says in one line what to install by hand.
apt_install() {
    local root=()
    have apt-get || fail "missing, and there is no apt-get to install it: put it on PATH: $*"
    if [ "$(id -u)" != 0 ]; then
        # Without a terminal nobody can type a password: then only a sudo that asks for none will do.
        if have sudo && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
            root=(sudo)
        else
            fail "missing, and only root can install it: apt-get install $*"
        fi
    fi
    say "installing $* with apt-get (about half a minute, once)"
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive sh -c \
        'apt-get -q update && apt-get -q install -y --no-install-recommends "$@"' apt "$@" >"$(log_file apt)" 2>&1 ||
        fail "apt-get could not install $*: see $(log_file apt)"
}

# Where the chatter of an installation goes; it is worth reading only when something failed.
log_file() {
    mkdir -p target
    echo "target/setup-$1.log"
}

# cargo_install CRATE VERSION MINUTES [FLAG...]: fetches the program if cargo-binstall is there to do it, else builds.
cargo_install() {
    local crate=$1 version=$2 minutes=$3
    shift 3
    if cargo binstall -V >/dev/null 2>&1; then
        say "installing $crate $version with cargo-binstall (seconds, once)"
        # Compiling is left to the branch below: it is several times faster than cargo-binstall's fallback.
        cargo binstall --no-confirm --disable-strategies compile "$crate@$version" && return
    fi
    say "installing $crate $version (about $minutes min on 2 cores, once)"
    # --locked takes the dependencies that the tool was released with.
    tool_build "$crate" "$version" --locked "$@" && return
    echo "that was with the dependencies $crate was released with; trying others that fit (a mirror may lack some)"
    tool_build "$crate" "$version" "$@" || fail "cargo could not build $crate $version: the messages above say why"
}

# Tools are built to be finished soon, not to run fast: no optimisation and no link-time optimisation cut the build to
# less than half, and here they work for well under a second. One shared folder builds common dependencies once.
tool_build() {
    local crate=$1 version=$2 quiet=true
    shift 2
    if [ -t 2 ]; then quiet=false; fi # somebody is watching: show the progress
    CARGO_TERM_QUIET=$quiet CARGO_TARGET_DIR="$ROOT/target/tools" \
        CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_DEBUG=0 \
        CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 CARGO_PROFILE_RELEASE_STRIP=debuginfo \
        cargo install "$crate" --version "$version" "$@"
}
