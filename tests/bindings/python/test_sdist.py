# SPDX-License-Identifier: Apache-2.0
"""The source distribution has all that a wheel is made of. `.ci/run` makes a wheel of one."""
import hashlib
import importlib.util
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).parents[3]
PACKAGE = SOURCE / "lib" / "bindings" / "python"
BUILD = pathlib.Path(os.environ["BONEMETS_PROGRAM"]).parents[1] if os.environ.get("BONEMETS_PROGRAM") else None
MAKE = "import backend, sys; print(backend.build_sdist(sys.argv[1], {'build': sys.argv[2]} if sys.argv[2:] else None))"


@unittest.skipUnless(importlib.util.find_spec("mesonpy"), "mesonpy is not installed")
@unittest.skipUnless(BUILD and (BUILD / "lib" / "embedded.c").exists(), "there is no build of the library")
class SourceDistribution(unittest.TestCase):
    def make(self, package, folder, *build):
        done = subprocess.run([sys.executable, "-c", MAKE, folder, *build], cwd=package, check=True, text=True,
                              capture_output=True, env={**os.environ, "PYTHONPATH": str(package)})
        return pathlib.Path(folder, done.stdout.split()[-1])

    def test_what_is_in_it(self):
        with tempfile.TemporaryDirectory() as folder:
            made = self.make(PACKAGE, folder, BUILD)
            with tarfile.open(made) as tar:
                names = {member.name.partition("/")[2] for member in tar}
                tar.extractall(folder)
            unpacked = pathlib.Path(folder, "bonemets-1.0.0")
            self.assertIn("Name: bonemets\nVersion: 1.0.0\n", (unpacked / "PKG-INFO").read_text())
            for path in [*PACKAGE.glob("bonemets/*.py*"), *PACKAGE.glob("src/*.[ch]"), PACKAGE / "meson.build"]:
                self.assertIn(path.relative_to(PACKAGE).as_posix(), names)
            listed = (unpacked / "vendor" / "meson.build").read_text()
            for path in (SOURCE / "lib").rglob("*.c"):
                name = path.relative_to(SOURCE).as_posix()
                if not name.startswith("lib/bindings") and name != "lib/guideline/embed.c":
                    self.assertIn("vendor/" + name, names)
                    self.assertIn(f"'{name}'", listed)
            self.assertTrue({"COPYING", "backend.py", "vendor/lib/embedded.c", "vendor/include/bonemets/arrow.h"} <= names)
            again = self.make(unpacked, folder + "/bonemets-1.0.0")
            self.assertEqual(*(hashlib.sha256(file.read_bytes()).hexdigest() for file in (made, again)))


if __name__ == "__main__":
    unittest.main()
