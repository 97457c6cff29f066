# SPDX-License-Identifier: Apache-2.0
"""Figures that inform, of notes and bands, compared with evidence.txt, where they are written once more.

    evidence.py BONEMETS RULES EVIDENCE [TABLE]...

Only these tables, or all. What a field of a note says must also stand in its sentence. Ends in `1..N` of the Test
Anything Protocol."""
import json
import re
import subprocess
import sys

program, rules, evidence, *only = sys.argv[1:]
EVIDENCE = {"effect", "interval", "n"}
BAND = {"id", "total", "label", "meaning", "action"}     # what decides, or stands in words
count = failed = 0


def test(good, name, why=""):
    global count, failed
    count += 1
    failed += not good
    print("%s %d - %s%s" % ("ok" if good else "not ok", count, name, "" if good else "\n# " + why))


def numbers(text):
    return sorted(float(number) for number in re.findall(r"\d+(?:\.\d+)?", text or ""))


def read_evidence():
    """Each note or band with the numbers of its fields, which may go on in a line of their own."""
    written = {}
    with open(evidence, encoding="utf-8") as lines:
        for line in lines:
            name, *parts = [part.split() for part in line.split("#")[0].split("|")]
            for field, *figures in parts if name else ():
                of = written.setdefault(name[0], {})
                of[field] = sorted(of.get(field, []) + [float(figure) for figure in figures])
    return written


def explain(*ids):
    run = subprocess.run([program, "explain", "--format", "json", "--include-unverified", "--with-restricted",
                          "--rules", rules, *ids], capture_output=True, text=True)
    return json.loads(run.stdout) if run.returncode == 0 else sys.exit(run.stderr)


def figures(table):
    """Each note and band with its texts that are figures."""
    for note in table["notes"]:
        yield "%s.%s" % (table["id"], note["id"]), note, EVIDENCE
    for score in table["scores"]:
        for band in score["bands"]:
            yield "%s.%s" % (score["id"], band["id"]), band, set(band) - BAND


written = read_evidence()
seen = set()
for table in only or [head["id"] for head in explain()]:
    for name, texts, fields in figures(explain(table)):
        seen.add(name)
        expected = written.get(name, {})
        found = {field: numbers(texts[field]) for field in fields.union(expected) if texts.get(field)}
        found = {field: figure for field, figure in found.items() if figure or field in expected}
        if not found and not expected:
            continue
        test(found == expected, name, "found %s, expected %s" % (found, expected))
        lost = [number for field in found for number in found[field]
                if "say" in texts and number not in numbers(texts["say"])]
        test(not lost, "%s says the same" % name, "not in the sentence: %s" % lost)
for name in written:
    if not only and name not in seen:
        test(False, name, "there is no such note or band")
print("1..%d" % count)
sys.exit(failed != 0)
