# SPDX-License-Identifier: Apache-2.0
"""Writes vectors.jsonl: records and columns with what the tables say about them.

usage: make.py BONEMETS > vectors.jsonl      (the tables are those built into the program)

The inputs are random but always the same: facts that the tables ask for are answered one round after
the other, so that what is asked also comes to an answer. What is expected comes from the program:
`assess --format json` for records, `cohort` for columns. golden.c holds the handles of single
patients and the batch call against it; the bindings hold themselves against the same file. When a
table changes its answers, make the file anew and read what changed in the diff.

The first line says what the file is. Every other line is one object:

  {"name", "record", "expect"}   a patient record, and a list of what is asked about it:
      {"id", "lesion", "state", "low", "high", "band"}      a score or equation
      {"id", "lesion", "state", "code", "provisional"}      a choice, called GUIDELINE.CHOICE
  {"name", "targets", "columns", "expect"}   a cohort: the targets of the batch call, the columns that
      go in (by name, in order; a list of texts, numbers, truth values and nulls, one a row) and all
      columns that come out (texts, numbers and nulls)

`lesion` is the number of the record, 0 the patient. `low` and `high` are null where a score does not
apply, `band` and `code` unless they are certain, `provisional` unless the choice is provisional: as in
the columns of the batch call. Numbers have as many digits as it takes to read back the same double.
"""
import csv
import functools
import io
import json
import math
import pathlib
import random
import subprocess
import sys
import tempfile

LISTS = {"lesion": "lesions", "rt_course": "rt_courses", "drug": "drugs", "event": "events"}
LINK = "rt_lesion"  # which lesions a course is about, by number
RECORDS, ROUNDS, COHORT_ROWS = 3, 4, 10
WHOLE = 60  # further records, about several guidelines at once
PROGRAM = sys.argv[1]


def run(*arguments, text=None):
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, input=text)
    if done.returncode:
        sys.exit(f"{arguments[:3]}: {done.stderr}")
    return done.stdout


FACTS = {fact["id"]: fact for fact in json.loads(run("facts", "--format", "json"))}
GUIDELINES = [line.split()[0] for line in run("explain").splitlines() if line[0] != " "]


@functools.lru_cache(None)
def outcomes(guideline, choice):
    choices = json.loads(run("explain", "--format", "json", guideline))["choices"]
    return next(one["outcomes"] for one in choices if one["id"] == choice)


def number(rng, fact):
    low, high = fact["low"], fact["high"]
    if fact["type"] == "count" or fact["step"]:
        step = fact["step"] or 1
        low, high = max(low, -1000), min(high, 1000)
        steps = int((high - low) / step)
        return low + step * rng.randrange((min(steps, 12) if rng.random() < 0.5 else steps) + 1)
    low, high = max(low, -1e4), min(high, 1e4)
    x = low + (high - low) * rng.random() ** 2
    return min(max(round(x, rng.choice((0, 1, 2, 3))), math.ceil(low)), math.floor(high)) \
        if high - low >= 1 else round(x, 3)


def value(rng, fact, partly):
    """What is stated about a fact; sometimes only partly."""
    kind = fact["type"]
    options = [option["id"] for option in fact["options"]]
    if kind == "flag":
        return rng.random() < 0.5
    if kind == "code":
        if partly and len(options) > 2 and rng.random() < 0.15:
            return {"one_of": rng.sample(options, 2)}
        return rng.choice(options)
    if fact["id"] == LINK:
        return [1]
    if kind == "set":
        present = rng.sample(options, min(len(options), rng.randrange(4)))
        rest = [option for option in options if option not in present]
        if partly and rest and rng.random() < 0.3:
            return {"present": present, "unknown": rest[:2]}
        return present
    if kind == "instant":
        return f"2026-11-{rng.randrange(1, 29):02}T{rng.randrange(24):02}:00"
    x = number(rng, fact)
    x = int(x) if x == int(x) else x
    if partly and rng.random() < 0.15:
        y = number(rng, fact)
        return {"from": measured(fact, min(x, y)), "to": measured(fact, max(x, y))}
    return measured(fact, x)


def measured(fact, x):
    """A number as a record has it: with its unit where a bare one is refused."""
    return f"{x} {fact['unit']}" if fact["unit_required"] else x


def place(rng, record, key, lesion):
    """The map of the record that a fact goes to; None when there is no such list."""
    about = FACTS[key]["about"]
    if about == "patient":
        return record
    entries = record.get(LISTS[about], [])
    if about == "lesion" and lesion:
        return entries[lesion - 1]
    return rng.choice(entries) if entries else None


def begin(rng, alone):
    """A record before anything is asked."""
    record = {}
    count = 1 if alone else rng.choice((0, 1, 1, 2, 3))
    for _ in range(count):
        fact = rng.choice(("level", "level", "bone"))
        options = [option["id"] for option in FACTS[fact]["options"]]
        record.setdefault("lesions", []).append({fact: rng.choice(options)})
    if not alone and rng.random() < 0.3:
        record["rt_courses"] = [{} for _ in range(rng.choice((1, 1, 2)))]
        if count:
            record["rt_courses"][0][LINK] = [1]
    if not alone and rng.random() < 0.1:
        record["drugs"] = [{}]
    return record


def assess(records):
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for i, record in enumerate(records):
            names.append(str(pathlib.Path(folder, f"{i}.json")))
            pathlib.Path(names[-1]).write_text(json.dumps(record))
        answers = []
        for i in range(0, len(names), 20):
            part = json.loads(run("assess", "--format", "json", *names[i:i + 20]))
            answers += part if isinstance(part, list) else [part]
        return answers


def answer_some(rng, record, answer, wanted, share, partly):
    for entry in answer["results"] + answer["choices"]:
        if entry["guideline"] not in wanted:
            continue
        for name in entry["missing"][:12]:
            key, _, other = name.partition("@")
            fact = FACTS.get(key)
            if not fact or fact["setting"] or rng.random() > share:
                continue
            spot = place(rng, record, key, int(other) if other else entry["lesion"]
                         if fact["about"] == "lesion" else 0)
            if spot is not None and key not in spot:
                spot[key] = value(rng, fact, partly)


def expected(entry):
    if "value" in entry:
        code = entry["value"]
        if isinstance(code, (int, float)):  # the outcome that is this number, such as 4.0
            code = next(name for name in outcomes(entry["guideline"], entry["id"])
                        if float(name) == code)
        return {"id": f"{entry['guideline']}.{entry['id']}", "lesion": entry["lesion"],
                "state": entry["state"], "code": code if entry["state"] == "known" else None,
                "provisional": code if entry["state"] == "provisional" else None}
    return {"id": entry["id"], "lesion": entry["lesion"], "state": entry["state"],
            "low": entry["low"], "high": entry["high"], "band": entry["band"]}


def grow(jobs, alone):
    """Records for (rng, wanted guidelines, share of questions answered), with their answers."""
    records = [begin(rng, alone) for rng, _, _ in jobs]
    for turn in range(ROUNDS + 1):
        answers = assess(records)
        if turn == ROUNDS:
            return records, answers
        for record, answer, (rng, wanted, share) in zip(records, answers, jobs):
            answer_some(rng, record, answer, wanted, share, not alone)


def show(line):
    text = json.dumps(line, allow_nan=False)
    if any(zero in text for zero in (" -0.0,", " -0,", " -0.0}", " -0}")):
        sys.exit("a negative zero: " + line["name"])
    print(text)


def tell_records():
    """Every score, equation and choice by RECORDS records about it; then several guidelines."""
    jobs, names = [], []
    for guideline in GUIDELINES:
        for i in range(RECORDS):
            rng = random.Random(f"{guideline} {i}")
            jobs.append((rng, {guideline}, (1, 0.8, 0.5)[i % 3]))
            names.append(f"{guideline} {i + 1}")
    for i in range(WHOLE):
        rng = random.Random(f"several {i}")
        jobs.append((rng, set(rng.sample(GUIDELINES, 4)), rng.choice((0.6, 0.9, 1))))
        names.append(f"several {i + 1}")
    records, answers = grow(jobs, False)
    for name, record, answer, (rng, wanted, _) in zip(names, records, answers, jobs):
        entries = [expected(entry) for entry in answer["results"] + answer["choices"]
                   if entry["guideline"] in wanted]
        entries = rng.sample(entries, min(len(entries), 8))
        entries.sort(key=lambda entry: (entry["id"], entry["lesion"]))
        if entries:
            show({"name": name, "record": record, "expect": entries})


def heading(fact):
    return f"{fact['id']} [{fact['unit']}]" if fact["type"] == "quantity" and fact["unit"] else fact["id"]


def plain(x):
    """A number without its unit, which stands in the heading."""
    number, _, unit = x.partition(" ") if isinstance(x, str) else (x, "", "")
    return json.loads(number) if unit else x


def in_csv(cell):
    return "" if cell is None else ("yes" if cell else "no") if isinstance(cell, bool) else cell


def columns_of(records):
    """Facts of patients with one lesion as columns; the texts of sets have semicolons."""
    rows = [{**record, **record.get("lesions", [{}])[0]} for record in records]
    keys = sorted({key for row in rows for key in row if key in FACTS})
    columns = {}
    for key in keys:
        if FACTS[key]["type"] == "set":
            columns[key] = [None if row.get(key) is None else ";".join(row[key]) or "none"
                            for row in rows]
        else:
            columns[heading(FACTS[key])] = [plain(row.get(key)) for row in rows]
    return columns


def cohort(columns, targets):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "in.csv")
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows(zip(*[[in_csv(x) for x in column] for column in columns.values()]))
        answer = run("cohort", "--score", ",".join(targets), str(path))
    rows = list(csv.reader(io.StringIO(answer)))
    out = {}
    for i, name in enumerate(rows[0]):
        if name == "line":
            continue
        cells = [row[i] or None for row in rows[1:]]
        if name.endswith((".low", ".high")):
            cells = [None if cell is None else float(cell) for cell in cells]
            cells = [int(x) if x is not None and x == int(x) and abs(x) < 1e15 else x for x in cells]
        out[name] = cells
    return out


def tell_columns():
    jobs = []
    for guideline in GUIDELINES:
        for i in range(COHORT_ROWS):
            jobs.append((random.Random(f"{guideline} column {i}"), {guideline},
                         0.6 if i % 3 == 2 else 1))
    records, answers = grow(jobs, True)
    for n, guideline in enumerate(GUIDELINES):
        mine = slice(n * COHORT_ROWS, (n + 1) * COHORT_ROWS)
        entries = [entry for answer in answers[mine] for entry in answer["results"] + answer["choices"]
                   if entry["guideline"] == guideline]
        targets = sorted({expected(entry)["id"] for entry in entries})
        columns = columns_of(records[mine])
        if not targets or not columns:
            continue
        targets = random.Random(guideline).sample(targets, min(len(targets), 3))
        show({"name": f"{guideline} columns", "targets": sorted(targets), "columns": columns,
              "expect": cohort(columns, sorted(targets))})


print(json.dumps({"format": "golden vectors of bonemets", "version": 1,
                  "about": "SPDX-License-Identifier: Apache-2.0; made by tests/golden/make.py, which says what the lines hold"}))
tell_records()
tell_columns()
