#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs the R package beside the build, with the library as built, and runs its tests.
# usage: run.sh BUILD SOURCE [WHY IT IS SKIPPED]
set -eu
build=$1 source=$2
skip() {
    echo "1..0 # SKIP $1"
    exit 0
}
[ -z "${3:-}" ] || skip "$3"
command -v Rscript >/dev/null || skip 'there is no Rscript'
headers=$(R CMD config --cppflags | sed 's/^-I//; s/ .*//')
[ -f "$headers/Rinternals.h" ] || skip 'R has no headers (r-base-dev)'

library=$build/tests/bindings/r
export PKG_CONFIG_PATH="$build/meson-uninstalled" LD_LIBRARY_PATH="$build/lib" R_LIBS="$library"
rm -rf "$library"
mkdir -p "$library"
cp -r "$source/lib/bindings/r" "$library/source"
R CMD INSTALL --no-docs --no-test-load --library="$library" "$library/source" >"$library/log" 2>&1 || {
    cat "$library/log"
    exit 1
}
cd "$source/tests/bindings/r"
export BONEMETS_INCLUDE="-I$source/include"
exec Rscript --vanilla run.R
