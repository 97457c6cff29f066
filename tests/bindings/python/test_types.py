# SPDX-License-Identifier: Apache-2.0
"""The package is typed: mypy, where it is installed, agrees with its hints and with how it is used."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import bonemets

PACKAGE = pathlib.Path(bonemets.__file__).parent
CHECKS = ["--disallow-untyped-defs", "--disallow-any-generics", "--check-untyped-defs", "--ignore-missing-imports"]
USE = """
import bonemets

rules = bonemets.load()
answer = rules.assess({"level": "T8"}, "sins")
text: str = answer.to_text(full=True)
low: float = answer.result("sins").low
cohort = bonemets.Cohort(["sins"], rules=rules, units={"collapse_pct": "%"}, others="skip", on_error="count")
scored = cohort.score({"level": ["T8"]})
rows: list[int | None] = [problem.line for problem in cohort.problems]
counts: dict[str, dict[str, int]] = cohort.refused
patient = bonemets.Patient(rules=rules, now="2026-11-22T08:00")
patient.set("collapse_pct", (40, 60), "%", lesion=patient.add(level="T8"))
"""


@unittest.skipUnless(shutil.which("mypy"), "mypy is not installed")
class Types(unittest.TestCase):
    def check(self, *arguments, folder):
        done = subprocess.run(["mypy", *CHECKS, "--cache-dir", os.devnull, *map(str, arguments)], cwd=folder,
                              env={**os.environ, "MYPYPATH": str(PACKAGE.parent)}, capture_output=True, text=True)
        return done.stdout + done.stderr if done.returncode else ""

    def test_the_package(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(self.check("-p", "bonemets", folder=folder), "")

    def test_its_use(self):
        with tempfile.TemporaryDirectory() as folder:
            for wrong, expected in (("", False), ("\nrules.assess({}, 5)", True), ("\ncohort.rows + 'x'", True)):
                file = pathlib.Path(folder, "use.py")
                file.write_text(USE + wrong)
                self.assertEqual(bool(self.check(file, folder=folder)), expected, wrong)

    def test_stubs_name_what_there_is(self):
        stub = (PACKAGE / "_core.pyi").read_text()
        for name in dir(bonemets._core):
            if not name.startswith("_"):
                self.assertRegex(stub, rf"(def|class) {name}\b")


if __name__ == "__main__":
    unittest.main()
