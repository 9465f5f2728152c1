#!/usr/bin/env bash
# What a release is made of, in target/release-files: the site, the npm package, the crate, the command line for this
# machine, the changes since the last release, and checksums of all. Nothing is published.
. "$(dirname "$0")/lib.sh"

version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -1)
target=$(rustc -vV | sed -n 's/^host: //p')
out=$ROOT/target/release-files
name=web-service-model-$version

have zip || apt_install zip
rm -rf "$out"
mkdir -p "$out"

say "the site"
(cd dist && zip -q -r -X "$out/$name-site.zip" .)

say "the npm package"
cp "target/$name.tgz" "$out/$name-npm.tgz"

say "the crate"
cargo package --quiet --locked
cp "${CARGO_TARGET_DIR:-target}/package/$name.crate" "$out/"

say "the command line for $target"
cargo build --release --quiet --locked
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp "${CARGO_TARGET_DIR:-target}/release/web-service-model" README.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE "$folder"
node tools/crate-notices.mjs "$target" >"$folder/NOTICE.txt"
tar -czf "$out/$name-$target.tar.gz" -C "$folder" .

say "the changes"
# From the heading of this version, or of what is not released yet, to the next heading.
section() { awk -v heading="$1" 'index($0, "## ") == 1 { inside = index($0, heading) == 1; next } inside' CHANGELOG.md; }
changes=$(section "## $version")
[ -n "$changes" ] || changes=$(section "## Unreleased")
[ -n "$changes" ] || fail "CHANGELOG.md says nothing of $version"
printf '# %s\n%s\n' "$version" "$changes" >"$out/CHANGES.md"

(cd "$out" && sha256sum -- * >SHA256SUMS)
ls -l "$out"
