#!/usr/bin/env bash
# The packages as their users have them: what the crate packs, and the npm package in an empty project, in node, in a
# Vite build and in a plain page. Arguments go to node (--test-name-pattern).
. "$(dirname "$0")/lib.sh"

compgen -G "target/web-service-model-*.tgz" >/dev/null || fail "there is no npm package: run make npm"
say "tests of the packages"
node --test --test-reporter=spec "$@" tests/package/*.test.mjs
