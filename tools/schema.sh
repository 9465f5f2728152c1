#!/usr/bin/env bash
# Writes www/schema.json, the JSON Schema of a configuration, and src/config/schemas.json, those of all that a browser reads,
# as the types have them.
. "$(dirname "$0")/lib.sh"

UPDATE_SCHEMA=1 cargo test --quiet --test native -- json_schema
