# SPDX-License-Identifier: Apache-2.0
"""The package and the program `bonemets` say the same of the same cohort."""
import csv
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import bonemets

SOURCE = pathlib.Path(__file__).parents[3]
PROGRAM = os.environ.get("BONEMETS_PROGRAM")
TARGETS = ["sins", "katagiri_2014", "tokuhashi_2005", "spine_selection.strategy"]
KEPT = ["patient_id", "survival_months", "died"]


@unittest.skipUnless(PROGRAM and os.path.exists(PROGRAM), "BONEMETS_PROGRAM is not set")
class Program(unittest.TestCase):
    def test_cohort(self):
        with tempfile.TemporaryDirectory() as folder:
            cohort, scored = pathlib.Path(folder, "in.csv"), pathlib.Path(folder, "out.csv")
            with open(cohort, "w", encoding="utf-8") as file:
                subprocess.run([sys.executable, SOURCE / "examples" / "cohort" / "cohort.py", "--rows", "2000",
                                "--missing", "0.2"], stdout=file, check=True)
            done = subprocess.run([PROGRAM, "cohort", "--score", ",".join(TARGETS), "--keep", ",".join(KEPT),
                                   "-o", scored, cohort], capture_output=True, text=True)
            if "without libcsv" in done.stderr:
                self.skipTest("the program was built without libcsv")
            self.assertEqual(done.returncode, 0, done.stderr)
            columns = self.read(cohort)
            by_program = {name: cells for name, cells in self.read(scored).items() if name not in ["line", *KEPT]}
        for threads in (1, 2):
            ours = bonemets.score(TARGETS, columns, columns=dict.fromkeys(KEPT), threads=threads)
            self.assertEqual(list(ours), list(by_program))
            for name, cells in ours.items():
                self.assertEqual(cells, [self.like(theirs, one) for theirs, one in zip(by_program[name], cells)], name)

    def read(self, path):
        with open(path, newline="", encoding="utf-8") as file:
            head, *rows = csv.reader(file)
        return {name: [cell or None for cell in cells] for name, cells in zip(head, zip(*rows))}

    def like(self, text, ours):
        return float(text) if isinstance(ours, float) and text is not None else text

    def test_versions(self):
        folder = SOURCE / "lib" / "bindings" / "python"
        self.assertIn(f"bonemets {bonemets.__version__}", subprocess.run([PROGRAM, "--version"], capture_output=True,
                                                                        text=True, check=True).stdout)
        for file in ("meson.build", "pyproject.toml"):
            found = re.search(r"version *[:=] *['\"]([0-9.]+)", (folder / file).read_text())
            self.assertEqual(found.group(1), bonemets.__version__, file)


if __name__ == "__main__":
    unittest.main()
