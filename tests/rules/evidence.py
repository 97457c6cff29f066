# SPDX-License-Identifier: Apache-2.0
"""The figures of the evidence notes, compared with evidence.txt, where they are written once more.

    evidence.py BONEMETS RULES EVIDENCE

What a field says must also stand in the sentence of its note. Ends in `1..N` of the Test Anything Protocol."""
import json
import re
import subprocess
import sys

program, rules, evidence = sys.argv[1:4]
FIELDS = ("effect", "interval", "n")
count = failed = 0


def test(good, name, why=""):
    global count, failed
    count += 1
    failed += not good
    print("%s %d - %s%s" % ("ok" if good else "not ok", count, name, "" if good else "\n# " + why))


def numbers(text):
    return sorted(float(number) for number in re.findall(r"\d+(?:\.\d+)?", text or ""))


def read_evidence():
    """Each note with the numbers of its fields."""
    with open(evidence, encoding="utf-8") as lines:
        for line in lines:
            name, *parts = [part.split() for part in line.split("#")[0].split("|")]
            if name:
                yield name[0], {part[0]: sorted(map(float, part[1:])) for part in parts}


run = subprocess.run([program, "explain", "--format", "json", "--rules", rules, "seed_evidence"],
                     capture_output=True, text=True)
notes = {note["id"]: note for note in json.loads(run.stdout)["notes"]} if run.returncode == 0 else {}
written = dict(read_evidence())
for name, note in notes.items():
    found = {field: numbers(note[field]) for field in FIELDS if note[field]}
    if found or name in written:
        expected = written.get(name, {})
        test(found == expected, name, "found %s, expected %s" % (found, expected))
        lost = [number for field in found for number in found[field] if number not in numbers(note["say"])]
        test(not lost, "%s says the same" % name, "not in the sentence: %s" % lost)
for name in written:
    if name not in notes:
        test(False, name, "there is no such note: %s" % run.stderr.strip()[:200])
print("1..%d" % count)
sys.exit(failed != 0)
