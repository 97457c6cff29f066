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


class SamePatients(unittest.TestCase):
    """Lines grouped by `--patient`, and the same patients with lists of lesions."""

    def test_lines_and_lists(self):
        program = BUILD / "examples" / "bonemets"
        if not program.exists():
            self.skipTest("the program is not beside the package")
        cohort = subprocess.run([sys.executable, SOURCE / "examples" / "cohort" / "cohort.py", "--rows", "900",
                                 "--missing", "0.2"], capture_output=True, check=True, text=True).stdout
        head, *lines = csv.reader(cohort.splitlines())
        rules = bonemets.load()
        about = {name: (rules.facts(name.split(" ")[0].split(".")[0]) or {}).get("about") for name in head
                 if any(f["id"] == name.split(" ")[0].split(".")[0] for f in rules.facts())}
        lesion = [i for i, name in enumerate(head) if about.get(name) == "lesion"]
        patient = [i for i, name in enumerate(head) if about.get(name) not in (None, "lesion")]
        self.assertTrue(lesion and patient)
        groups, at = [], 0
        while at < len(lines):  # 1, 2, 3, 1, 2 ... lesions, and what is about the patient in each line
            group = lines[at:at + 1 + len(groups) % 3]
            groups.append([[group[0][i] if i in patient else cell for i, cell in enumerate(line)] for line in group])
            at += len(group)
        text = "".join(",".join(f'"{cell}"' for cell in line) + "\n"
                       for line in [["key", *head]] +
                       [[str(n), *line] for n, group in enumerate(groups) for line in group])
        done = subprocess.run([program, "cohort", "--score", ",".join(SCORES), "--others", "skip", "--patient", "key",
                               "-"], input=text.encode(), capture_output=True)
        if b"libcsv" in done.stderr:
            self.skipTest("the program was built without libcsv")
        self.assertEqual(done.returncode, 0, done.stderr)
        frame = {head[i]: [group[0][i] or None for group in groups] for i in patient}
        frame["lesions"] = [[{head[i]: line[i] or None for i in lesion} for line in group] for group in groups]
        answers = bonemets.score(SCORES, frame)
        sizes = [len(group) for group in groups]
        flat = {name: [cell for cells in column for cell in cells] if isinstance(column[0], list)
                else [cell for cell, size in zip(column, sizes) for _ in range(size)]
                for name, column in answers.items()}
        self.assertEqual(as_csv(flat), done.stdout)


if __name__ == "__main__":
    unittest.main()
