# SPDX-License-Identifier: Apache-2.0
"""One cohort by the program and by the package: the same file of answers, to the byte."""
import csv
import os
import pathlib
import subprocess
import sys
import unittest

import bonemets

BUILD = pathlib.Path(os.environ.get("PKG_CONFIG_PATH", "")).parent
SOURCE = pathlib.Path(__file__).resolve().parents[3]
SCORES = ["sins", "mirels", "tokuhashi_2005", "katagiri_2014", "cockcroft_gault", "spine_selection.strategy"]


def field(cell):
    """A cell of CSV as `bonemets cohort` writes it."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        text = f"{cell:.15g}"
        return text if float(text) == cell else f"{cell:.17g}"
    return '"' + cell.replace('"', '""') + '"' if set(cell) & set(',;"\r\n ') else cell


def as_csv(answers):
    rows = zip(*answers.values())
    lines = [["line", *answers]] + [[str(2 + i), *map(field, row)] for i, row in enumerate(rows)]
    return "".join(",".join(line) + "\r\n" for line in lines).encode()


class SameBytes(unittest.TestCase):
    def test_program_and_package(self):
        program = BUILD / "examples" / "bonemets"
        if not program.exists():
            self.skipTest("the program is not beside the package")
        cohort = subprocess.run([sys.executable, SOURCE / "examples" / "cohort" / "cohort.py", "--rows", "3000",
                                 "--missing", "0.1"], capture_output=True, check=True, text=True).stdout
        done = subprocess.run([program, "cohort", "--score", ",".join(SCORES), "--others", "skip", "-"],
                              input=cohort.encode(), capture_output=True)
        if b"libcsv" in done.stderr:
            self.skipTest("the program was built without libcsv")
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = list(csv.reader(cohort.splitlines()))
        texts = {name: [row[i] or None for row in rows[1:]] for i, name in enumerate(rows[0])}
        numbers = {name: [cell if cell is None else float(cell) for cell in cells]
                   if "[" in name or name in ("age", "kps", "ecog") else cells for name, cells in texts.items()}
        for frame in (texts, numbers):
            answers = bonemets.score(SCORES, frame, others="skip")
            self.assertEqual(as_csv(answers), done.stdout)


if __name__ == "__main__":
    unittest.main()
