#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes an R source package that carries the sources of the library and the tests, so that it needs
# nothing but libyaml to install. usage: lib/bindings/r/release.sh BUILD FOLDER
# BUILD is a folder in which the library was built: the tables are embedded there.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
build=$(cd "$1" && pwd)
mkdir -p "$2"
out=$(cd "$2" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
package=$scratch/bonemets
vendor=$package/src/vendor

cp -r "$here" "$package"
mkdir -p "$vendor/include" "$package/inst" "$package/tests"
cp -r "$root/include/bonemets" "$vendor/include/"
(cd "$root" && find lib -name '*.[ch]' ! -path 'lib/bindings/*' ! -path lib/guideline/embed.c) |
    while read -r file; do
        mkdir -p "$vendor/$(dirname "$file")"
        cp "$root/$file" "$vendor/$file"
    done
cp "$build/lib/embedded.c" "$vendor/lib/"
cp -r "$root/tests/bindings/r/run.R" "$root/tests/bindings/r/tap" "$root/tests/bindings/r/peer" "$root/tests/bindings/r/cases" \
    "$root/tests/golden/vectors.jsonl" "$package/tests/"
mkdir "$package/tests/peer/bonemets"
cp "$root/include/bonemets/arrow.h" "$package/tests/peer/bonemets/"
cp "$root/COPYING" "$package/inst/"
cd "$out"
R CMD build ${NO_VIGNETTES:+--no-build-vignettes} "$package"
