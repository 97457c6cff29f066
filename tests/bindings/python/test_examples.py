# SPDX-License-Identifier: Apache-2.0
"""The examples run, where what they need is installed."""
import contextlib
import io
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import warnings

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

    @needs("pandas")
    def test_what_the_documentation_shows(self):
        import pandas
        text = pathlib.Path(EXAMPLES.parent, "doc", "python.md").read_text(encoding="utf-8")
        blocks = re.findall(r"```python\n(.*?)```", text, re.S)
        names = {"frame": pandas.DataFrame({"level": ["T8"], "collapse_pct [%]": [400], "other": [1]})}
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            for block in blocks:
                exec(block, names)
        self.assertGreater(len(blocks), 4)
        shown = re.search(r"```text\n(.*?)```", text, re.S).group(1)
        self.assertEqual(names["scored"].to_string().split(), shown.split())


if __name__ == "__main__":
    unittest.main()
