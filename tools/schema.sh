#!/usr/bin/env bash
# Writes www/schema.json, the JSON Schema of a configuration, as the types in src/config/ have it.
. "$(dirname "$0")/lib.sh"

# By way of a second file: a build that fails must not leave an empty schema behind.
cargo run --quiet -- schema >target/schema.json
mv target/schema.json www/schema.json
