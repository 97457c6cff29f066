# SPDX-License-Identifier: Apache-2.0
"""Numbers that a record may state, compared with ranges.txt, where they are written once more.

    ranges.py BONEMETS FACTS RANGES

FACTS is the folder of the vocabulary. Bounds, unit, step and defaults are read from `bonemets facts`; what an entry
in another unit is, from a table that gives it back. `family_…` is a family of units. Anything that only one of the
two has is a failure. Ends in `1..N` of the Test Anything Protocol."""
import datetime
import json
import os
import re
import shutil
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


def run(*words, rules=rules):
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
            fact = {"low": None, "high": None, "unit": None, "step": None, "default": None, "given": [],
                    "tolerance": None, "tolerance_unit": None}
            for part in parts:
                words = part.split()
                if words[0] in ("step", "default"):
                    fact[words[0]] = words[1] if words[0] == "default" else number(words[1])
                elif words[0] == "tolerance":
                    fact["tolerance"], fact["tolerance_unit"] = number(words[1]), words[2]
                elif "=" in words:
                    fact["given"].append((" ".join(words[:-2]), words[1], number(words[-1])))
                elif ".." in words[0]:
                    fact["low"], fact["high"] = map(number, words[0].split(".."))
                    fact["unit"] = words[1] if len(words) > 1 else None
                else:
                    fact["unit"] = words[0]
            yield name, fact


def differences(found, written):
    """What the vocabulary says otherwise."""
    step = 1 if found["type"] in ("count", "instant") and written["step"] is None else written["step"]
    for key, value in [("low", written["low"]), ("high", written["high"]), ("unit", written["unit"]),
                       ("step", step), ("default", written["default"]), ("tolerance", written["tolerance"]),
                       ("tolerance_unit", written["tolerance_unit"])]:
        if found[key] != value:
            yield "%s is %s, expected %s" % (key, found[key], value)
    others = set(found["units"]) - {found["unit"]}
    for unit in others.symmetric_difference(unit for _, unit, _ in written["given"]):
        yield "%s is %s" % (unit, "accepted, and not expected" if unit in others else "not accepted")


HEAD = {"status": "on", "verified": "project_rule", "title": "again", "purpose": "again",
        "sources": {"none": {"cite": "none"}}, "rights": {"owner": "none", "terms": "none",
                                                             "commercial": "no_known_owner"}}


def guideline(about, equations):
    """A table that gives facts back as numbers in a unit."""
    return json.dumps(dict(HEAD, guideline="again_" + about, about=about, equations={
        "in_%s" % name: {"label": name, "value": "(%s) in %s" % (name, unit)} for name, unit in equations.items()}))


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)
    return os.path.join(folder, name)


def record(entered, kinds):
    """A record that states these, each in the place that its kind asks for."""
    lists = {}
    for name, entry in entered.items():
        lists.setdefault(kinds[name], {})[name] = entry
    return json.dumps(dict(lists.pop("patient", {}), **{KINDS[kind]: [rows] for kind, rows in lists.items()}))


def answers(given, units, kinds):
    """What the library makes of each entry: (fact, entry) with the number in the unit of the fact."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(rules, os.path.join(folder, "rules"))
        write(folder, "rules/families.yaml", json.dumps({"vocabulary": "families", "title": "again", "facts": {
            name: {"label": name, "type": "quantity", "unit": units[name], "range": "0..1000000",
                   "accepts": [entry.split()[1] for entry, _ in given[name]]}
            for name in given if name.startswith("family_")}}))
        for about in set(kinds.values()):
            write(folder, "rules/again_%s.yaml" % about,
                  guideline(about, {name: unit for name, unit in units.items() if kinds[name] == about}))
        for turn in range(max(map(len, given.values()))):
            entered = {name: entries[turn][0] for name, entries in given.items() if turn < len(entries)}
            file = write(folder, "record.yaml", record(entered, kinds))
            answer = run("assess", "--format", "json", file, rules=os.path.join(folder, "rules"))
            found = {one["id"]: one["low"] for one in json.loads(answer.stdout or "{}").get("results", [])}
            for name, entry in entered.items():
                yield name, entry, found.get("in_" + name, answer.stderr)


def compare_entries(written, facts):
    given = {name: [(entered, number) for entered, _, number in fact["given"]]
             for name, fact in written.items() if fact["given"] and (name in facts or name.startswith("family_"))}
    units = {name: written[name]["unit"] for name in given}
    kinds = {name: facts[name]["about"] if name in facts else "patient" for name in given}
    expected = {(name, entered): number for name in given for entered, number in given[name]}
    for name, entered, found in answers(given, units, kinds):
        number = expected[name, entered]
        good = isinstance(found, (int, float)) and abs(found - number) <= 1e-12 * abs(number)
        test(good, "%s: %s" % (name, entered), "found %s, expected %s" % (found, number))


def compare_red_flags(hours):
    """A row with this limit stands at the head of the page, and one with an hour more does not."""
    advice = [{"id": "at_%d" % limit, "when": "age > 1", "do": ["act_%d" % limit], "urgency": "urgent",
               "within": "%d h" % limit, "strength": "strong", "certainty": "low", "verified": "project_rule",
               "source": "none", "because": "again"}
              for limit in (hours, hours + 1)]
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(rules, os.path.join(folder, "rules"))
        write(folder, "rules/again.yaml", json.dumps(dict(HEAD, guideline="again", advice=advice)))
        answer = run("assess", write(folder, "record.yaml", "age: 50\n"), rules=os.path.join(folder, "rules"))
    head, _, rest = answer.stdout.partition("What is known")
    test("[at_%d, " % hours in head and "[at_%d, " % (hours + 1) in rest,
         "red flags up to %d h" % hours, (head + rest + answer.stderr)[:300].replace("\n", "\n# "))


facts = {fact["id"]: fact for fact in json.loads(run("facts", "--format", "json").stdout)}
written = dict(read_ranges())
for name, fact in facts.items():
    if name in written:
        differ = list(differences(fact, written[name]))
        test(not differ, name, "; ".join(differ))
    elif fact["type"] in ("count", "quantity", "instant") or fact["default"] is not None:
        test(False, name, "not in the list: %s..%s" % (fact["low"], fact["high"]))
for name in written:
    if name not in facts and name != "red_flag_within" and not name.startswith("family_"):
        test(False, name, "not in the vocabulary")
compare_entries(written, facts)
compare_red_flags(int(written["red_flag_within"]["default"]))
print("1..%d" % count)
sys.exit(failed != 0)
