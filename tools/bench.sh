#!/usr/bin/env bash
# Every benchmark there is. Benchmarks of parts of the engine: benches/; whole runs: the command line and the page.
. "$(dirname "$0")/lib.sh"

if [ -d benches ]; then
    say "parts of the engine, native"
    cargo bench
else
    echo "there are no benchmarks yet"
fi
