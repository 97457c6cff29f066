# SPDX-License-Identifier: Apache-2.0
"""Facts given in another unit, as the page repeats them, against factors written here once more.

    units.py BONEMETS"""
import json
import re
import subprocess
import sys
import tempfile

program = sys.argv[1]

# fact, as entered, in the unit of the fact
GIVEN = [
    ("creatinine", "884 umol/L", 10), ("creatinine_baseline", "884 umol/L", 10),
    ("calcium_total", "2.5 mmol/L", 10.02), ("corrected_ca", "2.5 mmol/L", 10.02),
    ("ca_lln", "2.1 mmol/L", 8.4168), ("ca_uln", "2.5 mmol/L", 10.02),
    ("albumin", "35 g/L", 3.5), ("hb", "100 g/L", 10), ("crp", "123 mg/L", 12.3),
    ("vitamin_d", "25 ng/mL", 62.4), ("ldh", "250 U/L", 250), ("bilirubin", "34.2 umol/L", 2),
    ("platelets", "99000 /uL", 99), ("anc", "1500 /uL", 1.5), ("wbc", "3500 /uL", 3.5),
    ("platelets", "99 10*3/uL", 99), ("anc", "1.5 10*3/uL", 1.5), ("wbc", "3.5 10*3/uL", 3.5),
    ("weight", "70000 g", 70), ("height", "1.7 m", 170), ("life_expectancy", "1 a", 12),
]


def page(record):
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(record + "\n")
        file.flush()
        run = subprocess.run([program, "assess", file.name], capture_output=True, text=True)
    return re.sub(r"\s+", " ", run.stdout) if run.returncode == 0 else run.stderr


facts = json.loads(subprocess.run([program, "facts", "--format", "json"], capture_output=True,
                                  text=True, check=True).stdout)
facts = {fact["id"]: fact for fact in facts}
print("1..%d" % len(GIVEN))
failed = 0
for number, (name, entered, expected) in enumerate(GIVEN, 1):
    text = page("%s: %s" % (name, entered))
    shown = re.search(re.escape(facts[name]["label"]) + r": (-?[\d.]+) " + re.escape(facts[name]["unit"]),
                      text)
    good = shown is not None and abs(float(shown[1]) - expected) <= 5e-4
    failed += not good
    print("%s %d - %s: %s" % ("ok" if good else "not ok", number, name, entered))
    if not good:
        print("# found %s, expected %s" % (shown[1] if shown else text[:200], expected))
sys.exit(failed != 0)
