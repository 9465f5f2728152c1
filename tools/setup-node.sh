#!/usr/bin/env bash
# Installs the npm packages of package-lock.json into the clone: wasm-opt, esbuild, TypeScript, what drives the browser tests.
. "$(dirname "$0")/lib.sh"

for program in node npm; do
    have "$program" || fail "$program is missing: install Node.js 20.19 or newer"
done
# Vite, with which the npm package is tested, asks for as much.
node -e 'const [major, minor] = process.versions.node.split(".").map(Number); process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)' ||
    fail "node $(node -v) is too old: install Node.js 20.19 or newer"

# npm writes this file last: older than the lock file means that the packages are missing, half there, or out of date.
if ! [ node_modules/.package-lock.json -nt package-lock.json ]; then
    say "installing the npm packages (about 10 s, once)"
    npm ci --no-fund --no-audit --loglevel=error
fi
