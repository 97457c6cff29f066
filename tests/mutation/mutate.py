# SPDX-License-Identifier: Apache-2.0
"""Changes every number of the tables in turn, one at a time, and sees whether an example notices.

    mutate.py BONEMETS RULES [FILE-PART]...

Prints each number whose change nobody notices, and ends in `N changed, N survived`. Texts, sources
and the examples themselves are left alone. It takes minutes; see doc/contributing.md."""
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile

program, rules, parts = sys.argv[1], sys.argv[2], sys.argv[3:]
SECTIONS = {"values", "scores", "equations", "choices", "advice", "notes", "applies_when", "facts",
            "units"}
MACHINE = {"when", "value", "is", "else", "points", "total", "range", "cap", "table", "cases",
           "items", "bands", "alternative", "applies_when", "accepts", "with", "within", "step",
           "rows", "scores", "values", "equations", "advice", "choices", "notes", "per", "times"}
TEXT = re.compile(r"\b(label|meaning|action|say|note|because|title|survival|source|verified|basis|id|"
                  r"cohort|of|from|unit|urgency|strength|certainty|do|warn|choose|name)\s*:\s*"
                  r"('(?:[^']|'')*'|\"[^\"]*\"|\[[^\]]*\]|[^,{}\[\]]*)")
NUMBER = re.compile(r"(?<![\w'])(?<!\d\.)\d+(?:\.\d+)?(?![\w'])(?!\.\d)")
KEY = re.compile(r"^(\s*)(?:- )*\{?('?[\w.]+'?)\s*:")


def masked(line):
    line = re.sub(r"(^|\s)#.*", lambda m: " " * len(m.group()), line)
    return TEXT.sub(lambda m: m.group(1) + " " * (len(m.group()) - len(m.group(1))), line)


def numbers(text):
    """Places of the numbers that decide something."""
    section, depth, skip, offset = None, 0, False, 0
    for line in text.splitlines(keepends=True):
        indent = len(line) - len(line.lstrip())
        key = KEY.match(line)
        if key and indent == 0:
            section = key.group(2)
        if skip and line.strip() and indent <= depth:
            skip = False
        if key and not skip:
            name = key.group(2)
            textual = re.match(r"(label|meaning|action|say|note|because|title|survival|purpose|"
                               r"verified_note|cite|seen|status_reason|cohort)$", name)
            custom = section == "scores" and re.search(r":\s*(>-|[A-Z'].*\w{3,} \w{3,})", line)
            if (textual or custom) and name not in MACHINE:
                skip, depth = True, indent
        if section in SECTIONS and not skip:
            for found in NUMBER.finditer(masked(line)):
                yield offset + found.start(), offset + found.end()
        offset += len(line)


def changed(number):
    places = len(number.partition(".")[2])
    return "%.*f" % (places, float(number) + 10 ** -places)


def survives(path, start, end):
    with tempfile.TemporaryDirectory() as work:
        copy = os.path.join(work, "rules")
        shutil.copytree(rules, copy)
        name = os.path.join(copy, path)
        with open(name, encoding="utf-8") as file:
            text = file.read()
        new = text[:start] + changed(text[start:end]) + text[end:]
        with open(name, "w", encoding="utf-8") as file:
            file.write(new)
        run = subprocess.run([program, "check", copy], capture_output=True)
    line = text.count("\n", 0, start) + 1
    return run.returncode == 0, "%s:%d: %s -> %s in %s" % (
        path, line, text[start:end], changed(text[start:end]), text.splitlines()[line - 1].strip())


def all_places():
    for folder, _, files in sorted(os.walk(rules)):
        for file in sorted(files):
            path = os.path.relpath(os.path.join(folder, file), rules)
            if not file.endswith(".yaml") or parts and not any(part in path for part in parts):
                continue
            with open(os.path.join(rules, path), encoding="utf-8") as lines:
                for start, end in numbers(lines.read()):
                    yield path, start, end


with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    count = survived = 0
    for alive, what in pool.map(lambda place: survives(*place), all_places()):
        count += 1
        survived += alive
        if alive:
            print(what, flush=True)
print("%d changed, %d survived" % (count, survived))
