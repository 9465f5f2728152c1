#!/usr/bin/env bash
# Measures the real products again, on loopback: tools/reference.sh [START-OF-NAME...]
. "$(dirname "$0")/lib.sh"

# Debian's own Python has Debian's libraries, whatever else is on PATH.
export PYTHONDONTWRITEBYTECODE=1
exec /usr/bin/python3 tools/reference/run.py "$@"
