#!/usr/bin/env bash
# Every benchmark there is: the engine's parts (benches/), then each tools/bench-*.mjs, which run dist/ in a browser.
. "$(dirname "$0")/lib.sh"

[ -d dist ] || tools/dist.sh

shopt -s nullglob
scripts=(tools/bench-*.mjs)

if [ -d benches ]; then
    say "the engine's parts, on this machine"
    cargo bench
fi
for script in "${scripts[@]}"; do
    say "$script"
    node "$script"
done
