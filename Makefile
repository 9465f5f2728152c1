# Two commands matter: `make serve` and `make test`. Both set up the tools they need and skip what is there.
# The work is in tools/*.sh, which can be run by hand; this file says in which order.

SHELL := bash
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help serve dev test test-native test-wasm test-page test-firefox test-package lint bench dist npm release schema golden screenshot animation \
	wasm-pack-test clean setup-serve setup-node setup-browser reference setup-reference

# npm's programs (wasm-opt, tsc) are in the clone, Rust's (trunk, wasm-bindgen) in cargo's own folder.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH):$(or $(CARGO_HOME),$(HOME)/.cargo)/bin

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 24

serve: setup-serve setup-node ## the finished site on http://127.0.0.1:8080 (or PORT=...), built again at every change
	tools/serve.sh $(if $(PORT),--port $(PORT))

dev: setup-serve setup-node ## the same for working on it: not optimised, not bundled, and there again in seconds
	trunk serve --dist target/dev $(if $(PORT),--port $(PORT))

test: lint test-native test-wasm test-page test-package ## everything that CI runs
	@echo "all tests passed"

lint: setup-serve setup-node setup-browser ## formatting, clippy, documentation, JavaScript types, shell scripts
	tools/lint.sh

test-native: ## unit and integration tests on this machine
	tools/test-native.sh

test-wasm: setup-serve setup-browser ## the tests of the compiled library in a headless browser
	tools/test-wasm.sh

test-page: dist setup-browser ## the finished page in a headless browser; its most important tests in Firefox too
	tools/test-page.sh
	tools/test-firefox.sh --some

test-firefox: dist setup-browser ## all tests of the page in Firefox
	tools/test-firefox.sh

test-package: npm setup-browser ## the packages as their users have them: the crate, the npm package in an empty project
	tools/test-package.sh

bench: dist setup-browser ## simulated requests and events per second, native and in the browser
	tools/bench.sh

dist: setup-serve setup-node ## the site as plain files in dist/, for any web server and any path
	tools/dist.sh

npm: dist ## the npm package, target/web-service-model-VERSION.tgz
	tools/npm.sh

release: npm ## what a release is made of, in target/release-files; nothing is published
	tools/release.sh

schema: ## www/schema.json and src/config/schemas.json again, from the types that read a configuration
	tools/schema.sh

golden: ## tests/golden/ and tests/digests/ again, when the model's results are meant to change
	UPDATE_GOLDEN=1 cargo test --test native -- golden digests

OUT ?= target/screenshots
screenshot: dist setup-browser ## pictures of the running page, into OUT=target/screenshots (NAMES=readme for one)
	node tools/screenshot.mjs "$(OUT)" $(NAMES)

animation: dist setup-browser ## the README's animated picture again, www/failover.webp
	tools/animation.sh

wasm-pack-test: setup-serve setup-browser ## the tests of test-wasm, through wasm-pack
	tools/wasm-pack-test.sh

# (Where the products are, and nowhere else: not a test, and not in CI.)
reference: setup-reference ## the real products measured again, into tests/reference/ (NAMES=nginx for some): 50 minutes
	tools/reference.sh $(NAMES)

clean: ## removes what was built; tools in cargo's folder stay
	cargo clean
	rm -rf dist node_modules

setup-serve setup-node setup-browser setup-reference:
	@tools/$@.sh
