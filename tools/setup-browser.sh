#!/usr/bin/env bash
# Chromium and ChromeDriver, for the tests that run in a browser; Firefox too, where that is easy.
. "$(dirname "$0")/lib.sh"

packages=()
tools/find-browser.sh >/dev/null 2>&1 || packages+=(chromium)
have chromedriver || [ -n "${CHROMEDRIVER:-}" ] || packages+=(chromium-driver)
# `make lint` can do without ShellCheck, so nobody is sent to look for it.
if [ "$(id -u)" = 0 ] && have apt-get && ! have shellcheck; then packages+=(shellcheck); fi

[ ${#packages[@]} = 0 ] || apt_install "${packages[@]}"

# The tests can do without Firefox, and say so: nothing that goes wrong here is a reason to stop.
if [ "$(id -u)" = 0 ] && grep -qs '^ID=debian' /etc/os-release && ! tools/find-firefox.sh >/dev/null 2>&1; then
    (apt_install firefox-esr) || echo "there will be no tests in Firefox"
fi
