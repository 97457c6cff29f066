# SPDX-License-Identifier: Apache-2.0
"""Builds the Python package against a build of the library, as a packager would with pkg-config, and
runs its tests. Where the headers of Python are missing it says so and exits with 77.

usage: run.py BUILD SOURCE
"""
import os
import pathlib
import shutil
import subprocess
import sys
import sysconfig

build, source = sys.argv[1:]
build, source = pathlib.Path(build), pathlib.Path(source)
if not pathlib.Path(sysconfig.get_paths()["include"], "Python.h").exists():
    print("SKIP: the headers of Python are missing (python3-dev)")
    sys.exit(77)
if sys.version_info < (3, 11):
    print("SKIP: the package needs Python 3.11")
    sys.exit(77)

work = build / "tests" / "bindings" / "python"
root = work / "root"
env = {**os.environ, "PKG_CONFIG_PATH": str(build / "meson-uninstalled")}
env.pop("DESTDIR", None)
options = [option for option in env.get("MESON_OPTIONS", "").split() if option == "-Dwerror=true"]
if not (work / "build" / "build.ninja").exists():
    subprocess.run(["meson", "setup", work / "build", source / "lib" / "bindings" / "python", *options],
                   env=env, check=True)
subprocess.run(["meson", "compile", "-C", work / "build"], env=env, check=True)
shutil.rmtree(root, ignore_errors=True)
subprocess.run(["meson", "install", "-C", work / "build", "--no-rebuild", "--quiet", "--destdir", root], env=env, check=True)
package = next(root.glob("**/bonemets/__init__.py")).parent.parent

tests = source / "tests" / "bindings" / "python"
env["PYTHONPATH"] = os.pathsep.join([str(package), str(tests)])
env["PYTHONDONTWRITEBYTECODE"] = "1"
env["BONEMETS_PROGRAM"] = str(build / "examples" / "bonemets")
sys.exit(subprocess.run([sys.executable, "-m", "unittest", "discover", "-v", "-s", tests, "-t", tests], env=env).returncode)
