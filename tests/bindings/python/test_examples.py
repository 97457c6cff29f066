# SPDX-License-Identifier: Apache-2.0
"""The examples run, where what they need is installed."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

from test_frames import needs

EXAMPLES = pathlib.Path(__file__).parents[3] / "examples"


def run(*arguments):
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True).stdout


class Examples(unittest.TestCase):
    @needs("pandas")
    def test_quick_start(self):
        said = run(EXAMPLES / "python" / "quickstart.py")
        self.assertIn("potentially_unstable", said)
        self.assertRegex(said, r"A +T8 +12.0 +12.0 +known")

    @needs("pandas", "matplotlib")
    def test_survival(self):
        with tempfile.TemporaryDirectory() as folder:
            cohort, picture = pathlib.Path(folder, "cohort.csv"), pathlib.Path(folder, "survival.png")
            cohort.write_text(run(EXAMPLES / "cohort" / "cohort.py", "--rows", "500", "--missing", "0.05"))
            self.assertIn("500 patients, band open in", run(EXAMPLES / "python" / "survival.py", cohort, picture))
            self.assertEqual(picture.read_bytes()[1:4], b"PNG")


if __name__ == "__main__":
    unittest.main()
