#!/usr/bin/env bash
# The page in dist/, in headless Firefox: the tests of test-page.sh, but for what tests/browser/firefox.mjs leaves out.
# With --some, only those of tests/browser/firefox-choice.mjs, and nothing at all where there is no Firefox.
. "$(dirname "$0")/lib.sh"

files=(tests/browser/*.test.mjs)
if [ "${1:-}" = --some ]; then
    shift
    if ! tools/find-firefox.sh >/dev/null 2>&1; then
        echo "no Firefox here (Debian: apt-get install firefox-esr): the page is tested in Chromium only"
        exit
    fi
    export TEST_CHOSEN=1
    # A file that none are chosen from would only start and end.
    mapfile -t files < <(node -e '
        import("./tests/browser/firefox-choice.mjs").then(({ CHOSEN }) =>
            Object.keys(CHOSEN).forEach((name) => console.log("tests/browser/" + name + ".test.mjs")))')
fi

[ -f dist/index.html ] || fail "there is no dist/: run make dist"
say "tests of the page, in headless Firefox"
TEST_BROWSER=firefox node --test --test-reporter=spec "$@" "${files[@]}"
