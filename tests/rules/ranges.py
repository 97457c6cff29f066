# SPDX-License-Identifier: Apache-2.0
"""Numbers that a record may state, compared with ranges.txt, where they are written once more.

    ranges.py BONEMETS FACTS RANGES

FACTS is the folder of the vocabulary. Bounds, unit, step and defaults are read from `bonemets facts`; what an entry
in another unit is, from the page that repeats it. Anything that only one of the two has is a failure. Ends in `1..N`
of the Test Anything Protocol."""
import datetime
import json
import os
import re
import subprocess
import sys
import tempfile

program, rules, ranges = sys.argv[1:4]
count = failed = 0
KINDS = {"lesion": "lesions", "rt_course": "rt_courses", "drug": "drugs", "event": "events"}


def test(good, name, why=""):
    global count, failed
    count += 1
    failed += not good
    print("%s %d - %s%s" % ("ok" if good else "not ok", count, name, "" if good else "\n# " + why))


def run(*words):
    return subprocess.run([program, *words, "--rules", rules], capture_output=True, text=True)


def number(text):
    """A number, or a day as the seconds of its first moment."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return int(datetime.datetime.fromisoformat(text + "T00:00+00:00").timestamp())
    return float(text) if "." in text else int(text)


def read_ranges():
    """Each fact with what is written of it, and the entries in other units."""
    with open(ranges, encoding="utf-8") as lines:
        for line in lines:
            name, *parts = [part.strip() for part in line.split("#")[0].split("|")]
            if not name:
                continue
            fact = {"low": None, "high": None, "unit": None, "step": None, "default": None, "given": []}
            for part in parts:
                words = part.split()
                if words[0] in ("step", "default"):
                    fact[words[0]] = words[1] if words[0] == "default" else number(words[1])
                elif "=" in words:
                    fact["given"].append((" ".join(words[:-2]), words[1], number(words[-1])))
                else:
                    low, _, high = words[0].partition("..")
                    fact["low"], fact["high"] = number(low), number(high)
                    fact["unit"] = words[1] if len(words) > 1 else None
            yield name, fact


def differences(found, written):
    """What the vocabulary says otherwise."""
    step = 1 if found["type"] in ("count", "instant") and written["step"] is None else written["step"]
    for key, value in [("low", written["low"]), ("high", written["high"]), ("unit", written["unit"]),
                       ("step", step), ("default", written["default"])]:
        if found[key] != value:
            yield "%s is %s, expected %s" % (key, found[key], value)
    others = set(found["units"]) - {found["unit"]}
    for unit in others.symmetric_difference(unit for _, unit, _ in written["given"]):
        yield "%s is %s" % (unit, "accepted, and not expected" if unit in others else "not accepted")


def page(name, about, entered):
    """The page of a record that states this fact only."""
    record = "%s: %s\n" % (name, entered)
    if about != "patient":
        record = "%s:\n  - %s" % (KINDS[about], record)
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "record.yaml")
        with open(file, "w", encoding="utf-8") as out:
            out.write(record)
        answer = run("assess", file)
    return re.sub(r"\s+", " ", answer.stdout) if answer.returncode == 0 else answer.stderr


def compare_entries(fact, given):
    for entered, _, expected in given:
        text = page(fact["id"], fact["about"], entered)
        shown = re.search(re.escape(fact["label"]) + r": (-?[\d.]+) " + re.escape(fact["unit"]), text)
        good = shown is not None and abs(float(shown[1]) - expected) <= 5e-4
        test(good, "%s: %s" % (fact["id"], entered),
             "found %s, expected %s" % (shown[1] if shown else text[:200], expected))


facts = {fact["id"]: fact for fact in json.loads(run("facts", "--format", "json").stdout)}
written = dict(read_ranges())
for name, fact in facts.items():
    if name in written:
        differ = list(differences(fact, written[name]))
        test(not differ, name, "; ".join(differ))
        compare_entries(fact, written[name]["given"])
    elif fact["type"] in ("count", "quantity", "instant") or fact["default"] is not None:
        test(False, name, "not in the list: %s..%s" % (fact["low"], fact["high"]))
for name in written:
    if name not in facts:
        test(False, name, "not in the vocabulary")
print("1..%d" % count)
sys.exit(failed != 0)
