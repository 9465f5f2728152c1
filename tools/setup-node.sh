#!/usr/bin/env bash
# Installs the npm packages of package-lock.json into the clone: wasm-opt, esbuild, TypeScript, what drives the browser tests.
. "$(dirname "$0")/lib.sh"

for program in node npm; do
    have "$program" || fail "$program is missing: install Node.js 20 or newer"
done
major=$(node -p 'process.versions.node.split(".")[0]')
[ "$major" -ge 20 ] || fail "node $(node -v) is too old: install Node.js 20 or newer"

# npm writes this file last: older than the lock file means that the packages are missing, half there, or out of date.
if ! [ node_modules/.package-lock.json -nt package-lock.json ]; then
    say "installing the npm packages (about 10 s, once)"
    npm ci --no-fund --no-audit --loglevel=error
fi
