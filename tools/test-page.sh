#!/usr/bin/env bash
# The page in dist/, in a headless browser: every tests/browser/*.test.mjs. Arguments go to node (--test-name-pattern).
. "$(dirname "$0")/lib.sh"

[ -f dist/index.html ] || fail "there is no dist/: run make dist"
say "tests of the page, in a headless browser"
node --test --test-reporter=spec "$@" tests/browser/*.test.mjs
