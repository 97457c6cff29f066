# SPDX-License-Identifier: Apache-2.0
"""How packagers build this package (PEP 517): wheels as meson-python makes them, and source distributions
that carry the sources of the library with the tables embedded, so that they need libyaml alone.

A source distribution is made in the repository, or in one that was unpacked. The tables are embedded by
a build of the library: that in `-C build=FOLDER`, or one that is made for it.
"""
from __future__ import annotations

import gzip
import io
import os
import pathlib
import subprocess
import tarfile
import tempfile
import tomllib
from typing import Any

import mesonpy
from mesonpy import build_wheel, get_requires_for_build_wheel  # noqa: F401

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent.parent
VENDOR = """\
# SPDX-License-Identifier: Apache-2.0
# The library as it was when this source distribution was made. Without contraction a * b + c has the same
# bits on every machine; nothing of it is exported.
bonemets = declare_dependency(
  include_directories: include_directories('include'),
  link_with: static_library('bonemets',
{sources}
    include_directories: include_directories('include', 'lib'),
    dependencies: [dependency('yaml-0.1', static: get_option('carry')),
      meson.get_compiler('c').find_library('m', required: false)],
    c_args: ['-ffp-contract=off'],
    gnu_symbol_visibility: 'hidden',
    pic: true))
"""


def get_requires_for_build_sdist(config_settings: dict[str, Any] | None = None) -> list[str]:
    return mesonpy.get_requires_for_build_sdist(config_settings)


def _embedded(build: str | None) -> bytes:
    """The tables as C."""
    if build is not None:
        return pathlib.Path(build, "lib", "embedded.c").read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["meson", "setup", "-Dtests=disabled", folder, ROOT], check=True)
        subprocess.run(["ninja", "-C", folder, "lib/embedded.c"], check=True)
        return pathlib.Path(folder, "lib", "embedded.c").read_bytes()


def _library(build: str | None) -> dict[str, bytes]:
    """The sources of the library, and how meson makes them a part of the package."""
    if (HERE / "vendor").is_dir():
        return {path.relative_to(HERE).as_posix(): path.read_bytes()
                for path in (HERE / "vendor").rglob("*") if path.is_file()}
    if not (ROOT / "include" / "bonemets" / "bonemets.h").exists():
        raise RuntimeError("a source distribution is made in the repository: the sources of the library are missing")
    files = {"vendor/lib/embedded.c": _embedded(build)}
    for path in [*(ROOT / "include" / "bonemets").glob("*.h"), *(ROOT / "lib").rglob("*.[ch]")]:
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith("lib/bindings/") and name != "lib/guideline/embed.c":
            files["vendor/" + name] = path.read_bytes()
    sources = "\n".join(f"    '{name.removeprefix('vendor/')}'," for name in sorted(files) if name.endswith(".c"))
    files["vendor/meson.build"] = VENDOR.format(sources=sources).encode()
    return files


def _files(build: str | None) -> dict[str, bytes]:
    files = _library(build)
    names = ["pyproject.toml", "meson.build", "meson_options.txt", "backend.py", "README.md"]
    own = [HERE / name for name in names]
    own += [path for folder in ("bonemets", "src") for path in (HERE / folder).iterdir() if path.is_file()]
    for path in own:
        files[path.relative_to(HERE).as_posix()] = path.read_bytes()
    licence = HERE / "COPYING" if (HERE / "COPYING").exists() else ROOT / "COPYING"
    files["COPYING"] = licence.read_bytes()
    return files


def _project() -> dict[str, Any]:
    return tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))


def _metadata() -> bytes:
    import pyproject_metadata
    return bytes(pyproject_metadata.StandardMetadata.from_pyproject(_project(), HERE).as_rfc822())


def build_sdist(sdist_directory: str, config_settings: dict[str, Any] | None = None) -> str:
    project = _project()["project"]
    name = f"{project['name']}-{project['version']}"
    files = {**_files((config_settings or {}).get("build")), "PKG-INFO": _metadata()}
    time = int(os.environ.get("SOURCE_DATE_EPOCH", "946684800"))  # what is older fits into no wheel
    out = pathlib.Path(sdist_directory, f"{name}.tar.gz")
    with open(out, "wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=time) as packed:
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar:
            for path in sorted(files):
                entry = tarfile.TarInfo(f"{name}/{path}")
                entry.size, entry.mtime, entry.mode = len(files[path]), time, 0o644
                tar.addfile(entry, io.BytesIO(files[path]))
    return out.name
