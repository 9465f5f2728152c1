#!/usr/bin/env bash
# Chromium and ChromeDriver for the tests that run in a browser; ShellCheck, for `make lint`, comes the same way.
. "$(dirname "$0")/lib.sh"

packages=()
tools/find-browser.sh >/dev/null || packages+=(chromium)
have chromedriver || [ -n "${CHROMEDRIVER:-}" ] || packages+=(chromium-driver)
have shellcheck || packages+=(shellcheck)
[ ${#packages[@]} = 0 ] || apt_install "${packages[*]}" "${packages[@]}"
