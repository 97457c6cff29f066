#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What programs built against bonemets 1.x rely on.

usage: check.py exports LIBRARY.so | undefined LIBRARY.a | sections LIBRARY.a
                | enums HEADER | cffi HEADER LIBRARY.so VERSION CC...
                | header HEADER LANGUAGE STANDARD CC...

Differences that abidiff finds against the dump of the last release are checked here too, once there
is a release: store it as tests/abi/libbonemets.abi.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
SKIP = 77


def output(*command, stdin=None):
    return subprocess.run(command, input=stdin, check=True, stdout=subprocess.PIPE,
                          text=True, env={**os.environ, "LC_ALL": "C"}).stdout


def stored(name):
    lines = (HERE / name).read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def compare(what, expected, found):
    missing, extra = sorted(set(expected) - set(found)), sorted(set(found) - set(expected))
    for item in missing:
        print(f"{what}: missing: {item}")
    for item in extra:
        print(f"{what}: not in the list: {item}")
    return 1 if missing or extra else 0


def exports(library):
    found = [line.split()[-1] for line in output("nm", "-D", "--defined-only", library).splitlines()]
    found = [name.replace("@@", "@") for name in found if not name.startswith("BONEMETS_1")]
    soname = re.search(r"SONAME\s+(\S+)", output("objdump", "-p", library)).group(1)
    return compare("exported symbol", stored("symbols.txt"), [f"SONAME {soname}", *found])


def undefined(archive):
    defined, needed = set(), {}
    part = ""
    for line in output("nm", archive).splitlines():
        words = line.split()
        if line.endswith(":"):
            part = line[:-1]
        elif len(words) == 2 and words[0] in "Uw":
            needed[words[1]] = part
        elif len(words) == 3 and words[1].isupper():
            defined.add(words[2])
    foreign = {name for name in needed if name not in defined}
    bad = sorted(foreign - set(stored("allowed_undefined.txt")))
    for name in bad:
        print(f"{needed[name]} uses {name}, which is not in allowed_undefined.txt")
    return 1 if bad or not defined else 0


def sections(archive):
    bad = seen = 0
    part = ""
    for line in output("readelf", "-SW", archive).splitlines():
        if line.startswith("File:"):
            part = line
        found = re.match(r"\s*\[ *\d+\] (\.(?:data|bss|tbss|tdata)\S*)\s+\S+\s+\S+\s+\S+\s+(\S+)", line)
        seen += line.lstrip().startswith("[") and " .text" in line
        if found and not found[1].startswith(".data.rel.ro") and int(found[2], 16):
            print(f"{part}: {found[1]} holds {int(found[2], 16)} bytes of changeable data")
            bad += 1
    return 1 if bad or not seen else 0


def enums(header):
    text = re.sub(r"/\*.*?\*/", "", pathlib.Path(header).read_text(), flags=re.S)
    bodies = re.findall(r"\benum\s*\w*\s*\{(.*?)\}", text, flags=re.S)
    entries = [" ".join(e.split()) for body in bodies for e in body.split(",") if e.strip()]
    loose = [e for e in entries if not re.fullmatch(r"BONEMETS_\w+ = -?\d+", e)]
    for entry in loose:
        print(f"enumerator without a number of its own: {entry}")
    return compare("enumerator", stored("enums.txt"), entries) or len(loose)


def header(path, language, standard, *compiler):
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder, "alone." + ("cpp" if language == "c++" else "c"))
        source.write_text("#include <bonemets/bonemets.h>\n"
                          "int main(void) { return bonemets_version() == 0; }\n")
        command = [*compiler, "-x", language, f"-std={standard}", "-Wall", "-Wextra", "-Werror",
                   f"-I{pathlib.Path(path).parent.parent}", "-fsyntax-only", str(source)]
        done = subprocess.run(command, stderr=subprocess.PIPE, text=True)
    sys.stderr.write(done.stderr)
    if done.returncode and language == "c++" and "cc1plus" in done.stderr:
        print("skipped: there is no C++ compiler")
        return SKIP
    return done.returncode


def cffi(path, library, version, *compiler):
    try:
        import cffi as module
    except ImportError:
        print("skipped: python3-cffi is not installed")
        return SKIP
    text = re.sub(r"(?m)^#include .*$", "", pathlib.Path(path).read_text())
    plain = output(*compiler, "-E", "-P", "-", stdin=text)
    ffi = module.FFI()
    ffi.cdef(plain)
    loaded = ffi.dlopen(library)
    for name in stored("symbols.txt"):
        if name.startswith("bonemets_"):
            getattr(loaded, name.split("@")[0])
    major, minor, patch = map(int, version.split("."))
    if loaded.bonemets_version() != major * 1000000 + minor * 1000 + patch:
        print(f"bonemets_version() is {loaded.bonemets_version()}, the build is {version}")
        return 1
    return 0


COMMANDS = {f.__name__: f for f in (exports, undefined, sections, enums, header, cffi)}
sys.exit(COMMANDS[sys.argv[1]](*sys.argv[2:]))
