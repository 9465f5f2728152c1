#!/usr/bin/env bash
# The page in dist/, in headless Firefox: the tests of test-page.sh, but for what tests/browser/firefox.mjs leaves out.
# With --some, only those files where browsers are likely to differ, and nothing at all where there is no Firefox.
. "$(dirname "$0")/lib.sh"

files=(tests/browser/*.test.mjs)
if [ "${1:-}" = --some ]; then
    shift
    if ! tools/find-firefox.sh >/dev/null 2>&1; then
        echo "no Firefox here (Debian: apt-get install firefox-esr): the page is tested in Chromium only"
        exit
    fi
    files=()
    for name in smoke run-control charts topology share experiments validate embed languages; do
        files+=("tests/browser/$name.test.mjs")
    done
fi

[ -f dist/index.html ] || fail "there is no dist/: run make dist"
say "tests of the page, in headless Firefox"
TEST_BROWSER=firefox node --test --test-reporter=spec "$@" "${files[@]}"
