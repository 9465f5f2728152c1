#!/usr/bin/env bash
# The npm package, of what is in dist/: target/npm as a folder, target/web-service-model-VERSION.tgz packed.
. "$(dirname "$0")/lib.sh"

[ -f dist/index.html ] || fail "there is no dist/: run make dist"
say "packing the npm package"
node tools/npm.mjs
