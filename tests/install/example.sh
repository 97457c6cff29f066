#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs into a scratch folder and builds the embedder there by pkg-config, shared and static.
# usage: example.sh BUILD SOURCE CC...
set -eu
build=$1 source=$2
shift 2
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
DESTDIR=$root meson install -C "$build" --no-rebuild --quiet
pc=$(dirname "$(find "$root" -name bonemets.pc)")
export PKG_CONFIG_PATH="$pc" PKG_CONFIG_SYSROOT_DIR="$root"
cd "$root"

# shellcheck disable=SC2046
"$@" "$source/examples/c/embed.c" -o shared $(pkg-config --cflags --libs bonemets)
readelf -d shared | grep -q 'NEEDED.*libbonemets.so.1\]'
LD_LIBRARY_PATH=$(dirname "$pc") ./shared >shared.txt
"$@" "$source/examples/c/embed.c" -o fixed -static $(pkg-config --cflags --libs --static bonemets)
./fixed >fixed.txt
cat shared.txt
cmp shared.txt fixed.txt
grep -q 'SINS 8 to 18, band open, missing:' shared.txt

rules=$root$(PKG_CONFIG_SYSROOT_DIR='' pkg-config --variable=rulesdir bonemets)
diff -r "$source/rules" "$rules"
find "$root" -name bonemets -type f -perm -u+x | grep -q bin/bonemets
