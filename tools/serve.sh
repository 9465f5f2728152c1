#!/usr/bin/env bash
# Serves the finished site, built as tools/dist.sh does and again at every change. Arguments go to trunk (--port).
. "$(dirname "$0")/lib.sh"

hide_folders
# A folder of its own: `make test` in another terminal builds dist/.
trunk serve --release --dist target/serve "$@"
