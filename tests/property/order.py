# SPDX-License-Identifier: Apache-2.0
"""No answer depends on the order of facts or of records in the input.

    order.py BONEMETS [PATIENTS]

Random records are written twice, with facts and records in another order; the answers must be the
same, but for the numbers of the records."""
import json
import math
import pathlib
import random
import re
import subprocess
import sys
import tempfile

program = sys.argv[1]
patients = int(sys.argv[2]) if len(sys.argv) > 2 else 60
chance = random.Random(2026)
LISTS = {"lesion": "lesions", "rt_course": "rt_courses", "drug": "drugs", "event": "events"}


def run(*arguments):
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=True).stdout


def value_of(fact, records):
    kind, low, high = fact["type"], fact["low"], fact["high"]
    options = [option["id"] if isinstance(option, dict) else option for option in fact["options"]]
    if kind == "flag":
        return chance.choice(["yes", "no"])
    if kind == "code":
        return chance.choice(options)
    if kind == "set":
        if options and options[0] == "1":       # a link: numbers of records
            options = options[:records]
        return sorted(option for option in options if chance.random() < 0.3)
    if kind == "instant":
        return "2026-11-%02dT%02d:00" % (chance.randint(1, 30), chance.randint(0, 23))
    middle = low + (high - low) * chance.random() ** 3
    number = int(middle / fact["step"]) * int(fact["step"]) if fact["step"] else round(middle, 2)
    return "%s %s" % (number, fact["unit"]) if fact["unit"] else number


def record_of(facts, share, records=0):
    record = {}
    for fact in facts:
        if chance.random() < share and not fact["setting"] and fact["enterable"]:
            record[fact["id"]] = value_of(fact, records)
    return record


def random_patient(facts):
    lesions = chance.randint(0, 4)
    share = chance.choice([0.05, 0.2, 0.5, 0.9])
    plain = [fact for fact in facts if not fact.get("derived")]
    patient = record_of([fact for fact in plain if fact["about"] == "patient"], share)
    for kind, key in LISTS.items():
        count = lesions if kind == "lesion" else chance.randint(0, 3)
        own = [fact for fact in plain if fact["about"] == kind]
        patient[key] = [record_of(own, share, lesions) for _ in range(count)]
    if chance.random() < 0.2:
        patient.pop("rt_courses")
    return patient


def shuffled(record):
    items = list(record.items())
    chance.shuffle(items)
    return dict(items)


def in_another_order(patient):
    """The same patient, and for each kind the new number of each old record."""
    other, places = shuffled(patient), {}
    for kind, key in LISTS.items():
        records = patient.get(key)
        if records is None:
            continue
        order = list(range(len(records)))
        chance.shuffle(order)
        places[kind] = {old + 1: new + 1 for new, old in enumerate(order)}
        other[key] = [shuffled(records[old]) for old in order]
    for course in other.get("rt_courses", []):
        if "rt_lesion" in course:
            course["rt_lesion"] = sorted(str(places["lesion"][int(old)])
                                         for old in course["rt_lesion"])
    return other, places


def renumbered(thing, places, about):
    """The answer with the records numbered as in the other order."""
    if isinstance(thing, list):
        return [renumbered(one, places, about) for one in thing]
    if isinstance(thing, str):
        match = re.fullmatch(r"(\w+)@(\d+)", thing)
        if not match or match[1] not in about:
            return thing
        new = places.get(about[match[1]], {}).get(int(match[2]), int(match[2]))
        return "%s@%d" % (match[1], new)
    if not isinstance(thing, dict):
        return thing
    kind = about.get(thing.get("fact")) or thing.get("about") or about.get(thing.get("guideline"))
    done = {key: renumbered(one, places, about) for key, one in thing.items()}
    if "lesion" in thing and kind in places:
        done["lesion"] = places[kind].get(thing["lesion"], thing["lesion"])
    if thing.get("fact") == "rt_lesion" and isinstance(thing.get("value"), list):
        done["value"] = [str(places["lesion"][int(old)]) for old in thing["value"]]
    return done


def in_order(thing):
    """Lists whose order follows the records are compared as bags."""
    if isinstance(thing, list):
        return sorted((in_order(one) for one in thing), key=lambda one: json.dumps(one, sort_keys=True))
    if isinstance(thing, dict):
        return {key: in_order(one) for key, one in thing.items()}
    return thing


# Which of several rows or facts of equal rank is named first may follow the order of the records.
TIES = {"row", "within_row", "weight"}


def without_ties(answer):
    answer = dict(answer)
    answer["overall"] = {key: value for key, value in answer["overall"].items() if key not in TIES}
    return answer


def answers(folder, records):
    paths = []
    for number, record in enumerate(records):
        path = pathlib.Path(folder) / ("%d.yaml" % number)
        path.write_text(json.dumps(record), encoding="utf-8")
        paths.append(str(path))
    return [json.loads(run("assess", "--format", "json", path)) for path in paths]


def differences(a, b, where=""):
    if type(a) is not type(b) and not all(isinstance(x, (int, float)) for x in (a, b)):
        return [(where, a, b)]
    if isinstance(a, dict):
        return [d for key in sorted(set(a) | set(b))
                for d in differences(a.get(key), b.get(key), "%s.%s" % (where, key))]
    if isinstance(a, list):
        if len(a) != len(b):
            return [(where, len(a), len(b))]
        return [d for i, (x, y) in enumerate(zip(a, b)) for d in differences(x, y, "%s[%d]" % (where, i))]
    if isinstance(a, float) and math.isclose(a, b, rel_tol=1e-12):  # a sum in another order
        return []
    return [] if a == b else [(where, a, b)]


facts = json.loads(run("facts", "--format", "json"))
about = {fact["id"]: fact["about"] for fact in facts}
for table in json.loads(run("explain", "--format", "json")):
    about.setdefault(table["id"], table["about"])
failed = 0
with tempfile.TemporaryDirectory() as folder:
    for number in range(patients):
        one = random_patient(facts)
        other, places = in_another_order(one)
        first, second = answers(folder, [one, other])
        wrong = differences(in_order(without_ties(renumbered(first, places, about))),
                            in_order(without_ties(second)))
        if wrong:
            failed += 1
            print("patient %d:\n%s\n%s" % (number, json.dumps(one), json.dumps(other)))
            print("\n".join(map(str, wrong[:5])))
print("%d patients, %d answers that depend on the order" % (patients, failed))
sys.exit(failed != 0)
