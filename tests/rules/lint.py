# SPDX-License-Identifier: Apache-2.0
"""What must hold of every table and code, read through `bonemets explain --format json`.

    lint.py BONEMETS RULES LEDGER COVERAGE

Ends in `1..N` of the Test Anything Protocol."""
import json
import re
import subprocess
import sys

program, rules, ledger, coverage = sys.argv[1:5]
count = 0
shown = set()           # tables, rows and notes that `explain TABLE` has shown


def test(good, name, why=""):
    global count
    count += 1
    print("%s %d - %s" % ("ok" if good else "not ok", count, name))
    if not good and why:
        print("# " + str(why).replace("\n", "\n# "))


def explain(*ids):
    run = subprocess.run([program, "explain", "--format", "json", "--rules", rules, *ids],
                         capture_output=True, text=True)
    return json.loads(run.stdout) if run.returncode == 0 else None


def loinc_is_valid(code):
    """Mod 10: digits at odd places from the right are doubled."""
    number, _, check = code.partition("-")
    if not (number.isdigit() and check.isdigit() and len(check) == 1):
        return False
    odd = str(int(number[::-1][::2][::-1]) * 2)
    even = number[::-1][1::2][::-1]
    total = sum(map(int, even + odd))
    return (10 - total % 10) % 10 == int(check)


D = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 0, 6, 7, 8, 9, 5], [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
     [3, 4, 0, 1, 2, 8, 9, 5, 6, 7], [4, 0, 1, 2, 3, 9, 5, 6, 7, 8], [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
     [6, 5, 9, 8, 7, 1, 0, 4, 3, 2], [7, 6, 5, 9, 8, 2, 1, 0, 4, 3], [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
     [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]]
P = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]]
for _ in range(6):
    P.append([P[1][digit] for digit in P[-1]])


def snomed_is_valid(code):
    """Verhoeff."""
    check = 0
    for place, digit in enumerate(reversed(code)):
        check = D[check][P[place % 8][int(digit)]]
    return code.isdigit() and 6 <= len(code) <= 18 and check == 0


def check_codes():
    facts = json.loads(subprocess.run([program, "facts", "--format", "json", "--rules", rules],
                                      capture_output=True, text=True, check=True).stdout)
    wrong, seen = [], {}
    for fact in facts:
        for term in fact["codes"]:
            valid = {"loinc": loinc_is_valid, "snomed": snomed_is_valid}.get(term["system"])
            if valid and not valid(term["code"]):
                wrong.append((fact["id"], term["system"], term["code"]))
            seen.setdefault((term["system"], term["code"]), []).append(fact["id"])
    test(len(seen) > 100, "there are codes", len(seen))
    test(not wrong, "check digits of LOINC and SNOMED CT", wrong)
    twice = {code: facts for code, facts in seen.items() if len(facts) > 1}
    test(not twice, "a code stands for one fact", twice)
    test(loinc_is_valid("2160-0") and not loinc_is_valid("2160-1"), "the LOINC check sees a slip")
    test(snomed_is_valid("94222008") and not snomed_is_valid("94222080"),
         "the SNOMED CT check sees a slip")


def check_tables():
    heads = explain()
    for head in heads:
        table = explain(head["id"])
        shown.add(head["id"])
        shown.update(part["id"] for part in table["rows"] + table["notes"])
        wants = []
        if not table["sources"]:
            wants.append("no source")
        if head["status"] not in ("on", "warning", "off", "restricted"):
            wants.append("no status")
        if not table["rights"]["commercial"]:
            wants.append("no rights")
        if not head["verified"]:
            wants.append("no mark of verification")
        if not table["notes"] and not table["rows"]:
            wants.append("no note: disputes and limits")
        wants += ["note %s has no source" % note["id"] for note in table["notes"]
                  if not note["source"]]
        test(not wants, "table %s has its source, mark and status" % head["id"], wants)
    return {head["id"]: head["status"] for head in heads}


def check_ledger(status):
    """Each line: ID STATE, where STATE is a shipping status, `part` of another table, or
    `not_computable` or `evidence`, which are notes with the reason or the figures."""
    with open(ledger, encoding="utf-8") as lines:
        for line in lines:
            words = line.split("#")[0].split()
            if not words:
                continue
            name, state = words
            found = explain(name)
            if state in ("on", "warning", "off", "restricted"):
                test(status.get(name) == state, "%s is %s" % (name, state), status.get(name))
            elif state == "part":
                test(isinstance(found, dict), "%s is part of a table" % name)
            else:
                notes = [note for note in found or [] if isinstance(note, dict)
                         and note.get("guideline") == state]
                test(len(notes) == 1, "%s is told under %s" % (name, state), notes)


def statements():
    """Each statement of the ledger of statements with its status and the ids that tell it."""
    with open(coverage, encoding="utf-8") as lines:
        for line in re.sub(r"\n +", " ", lines.read()).splitlines():
            words = line.split("#")[0].split()
            if words:
                yield words[0], words[1], words[2:]


def told(name):
    return name in shown or explain(name) is not None


def check_coverage():
    """Statements of the texts this work began with: none is left out, none leads nowhere."""
    rows = list(statements())
    ids = sorted({name.lstrip("?") for _, _, names in rows for name in names})
    found = {name: told(name) for name in ids}
    for row, status, names in rows:
        lost = [name for name in names if not found[name.lstrip("?")]]
        awaited = [name for name in lost if name.startswith("?")]
        good = (status in ("ok", "note", "disputed", "info", "unsupported")
                and names and lost == awaited)
        test(good, "%s is told%s" % (row, " # SKIP awaited: " + " ".join(awaited) if awaited else ""),
             "%s: %s" % (status, lost))
    names = [row for row, _, _ in rows]
    test(len(names) == len(set(names)), "a statement stands once in the ledger")
    numbers = {}
    for name in names:
        part = re.match(r"(\w+)-0*(\d+)([a-z]?)$", name)
        if part:
            numbers.setdefault(part[1], []).append((int(part[2]), part[3]))
    gaps = [text for text, seen in numbers.items()
            if any(b not in ((a[0] + 1, ""), (a[0] + 1, "a"), (a[0], chr(ord(a[1] or "z") + 1)))
                   for a, b in zip(seen, seen[1:]))]
    test(not gaps, "no statement is left out", gaps)


def check_rows():
    """Every row of every table speaks in a worked example."""
    run = subprocess.run([program, "check", rules], capture_output=True, text=True)
    silent = [line for line in run.stderr.splitlines() if "note: " in line or "warning: " in line]
    test(run.returncode == 0 and not silent, "every row speaks in an example", "\n".join(silent))


check_rows()
check_codes()
check_ledger(check_tables())
check_coverage()
print("1..%d" % count)
