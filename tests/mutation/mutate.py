# SPDX-License-Identifier: Apache-2.0
"""Changes every number of the tables in turn, up and down, and sees whether an example notices.

    mutate.py [--sample N] [--jobs N] BONEMETS RULES [FILE-PART]...
    mutate.py --texts BONEMETS RULES [FILE-PART]...

Each number is changed by one in its last place, or by the step of the fact that it is compared with. The changed
table is verified and its examples run, first with the vocabulary and the tables it reads, then with all; the
vocabulary and the evidence are also compared with the lists that repeat them (tests/rules/ranges.py, evidence.py).
What nobody notices and survivors.txt does not explain is printed and makes the exit status 1; so does an entry of
survivors.txt that survives no longer. Ends in `N changed, N survived, N of them explained`.

--sample N   only N places, another choice every day
--texts      list the numbers in texts, which no example can hold: those of evidence one by one, others counted

Texts, sources, terminology codes, names and the examples themselves are left alone. Needs python3-yaml."""
import argparse
import concurrent.futures
import datetime
import os
import queue
import random
import re
import shutil
import subprocess
import sys
import tempfile

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
RULES = os.path.join(os.path.dirname(HERE), "rules")
# Folders whose numbers no example can hold: the test in tests/rules that repeats them, with what it reads.
LISTS = {"facts": ("ranges", "facts", []), "evidence": ("evidence", "", ["seed_evidence"])}
NUMBER = re.compile(r"(?<![\w'\"])(?<!\d\.)\d+(?:\.\d+)?(?![\w'\"])(?!\.\d)")
COMPARED = re.compile(r"(\w+)\s*(?:<=|>=|!=|=|<|>)\s*\Z")
WORD = re.compile(r"[a-z][a-z0-9_]*")
# Whole branches without a number that decides anything.
APART = {"examples", "sources", "wording", "terms", "lists", "kinds", "title", "edition", "rights", "purpose",
         "statement", "status_reason", "verified_note", "scales", "precedence"}
# Texts and names wherever they stand; precedence only orders what is shown.
TEXT = {"label", "meaning", "action", "say", "note", "because", "title", "source", "verified", "basis", "id",
        "of", "from", "unit", "urgency", "strength", "certainty", "do", "warn", "name", "options", "aliases",
        "refuse", "list", "about", "type", "precedence"}
# What was observed in a cohort.
EVIDENCE = {"survival", "cohort", "evidence", "say"}
BAND_KEYS = {"total", "label", "when"}


def is_text(path):
    """Whether what stands at this path is for readers only."""
    if path[0] in APART:
        return True
    if any(key in TEXT for key in path[1:] if isinstance(key, str)):
        return not ("with" in path or path[0] in ("units",))
    bands = path.index("bands") if "bands" in path else -1
    return 0 < bands < len(path) - 2 and path[-1] not in BAND_KEYS


def named(node, index):
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if key.value == "id":
            return value.value
    return index


def scalars(node, path=()):
    """Each scalar of a tree with its path; a key stands under its map, as `{}`."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if not key.style:
                yield key, path + ("{}",)
            yield from scalars(value, path + (key.value,))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from scalars(value, path + (["%s" % named(value, index)],))
    else:
        yield node, path


def written(path):
    return "".join("[%s]" % key[0] if isinstance(key, list) else ".%s" % key for key in path)[1:]


class Place:
    def __init__(self, file, path, start, end, nth):
        self.file, self.path, self.start, self.end, self.nth = file, path, start, end, nth

    def key(self, old, new):
        nth = "#%d" % self.nth if self.nth > 1 else ""
        return "%s: %s%s [%s -> %s]" % (self.file, written(self.path), nth, old, new)


def places(file, text, texts=False):
    """Places of the numbers that decide something; with `texts`, of the others."""
    for node, path in scalars(yaml.compose(text, Loader=yaml.SafeLoader)):
        names = node.value if path[-1] == "{}" else ""
        if len(path) < 2 and path[0] == "{}" or names and not NUMBER.search(names):
            continue
        if is_text(path) != texts:
            continue
        start, end = node.start_mark.index, node.end_mark.index
        if node.style in ("'", '"'):
            start, end = start + 1, end - 1
        for nth, found in enumerate(NUMBER.finditer(text[start:end]), 1):
            yield Place(file, path, start + found.start(), start + found.end(), nth)


def read_steps(tables):
    """The facts and scores whose numbers go in steps, such as the tens of Karnofsky."""
    facts, scores = {}, {}
    contents = [yaml.load(text, Loader=yaml.CSafeLoader) for _, text in tables]
    for content in contents:
        for section in ("facts", "values"):
            for name, fact in (content.get(section) or {}).items() if "vocabulary" in content else ():
                if isinstance(fact, dict) and "step" in fact:
                    facts[name] = fact["step"]
                    scores[fact.get("given_by", "")] = fact["step"]
    for content in contents:
        for name, score in (content.get("scores") or {}).items():
            items = list(score["items"].values())
            if len(items) == 1 and items[0].get("of") in facts:
                scores[name] = facts[items[0]["of"]]
    return facts, scores


def neighbours(place, text, steps):
    """The numbers next to this one, by the step of what it is compared with."""
    facts, scores = steps
    number = text[place.start:place.end]
    decimals = len(number.partition(".")[2])
    step = 10 ** -decimals
    compared = COMPARED.search(text, max(0, place.start - 60), place.start)
    if compared:
        step = facts.get(compared.group(1), step)
    elif place.path[0] == "scores" and place.path[-1] == "total":
        step = scores.get(place.path[1], step)
    for value in (float(number) + step, float(number) - step):
        if value > -step / 2:
            yield "%.*f" % (max(decimals, 1 if step == 0.5 and value % 1 else 0), abs(value))


def reads(tables):
    """For each guideline file the files of the guidelines whose scores and choices it reads."""
    definitions, giver, file_of = {}, {}, {}
    for file, text in tables:
        content = yaml.load(text, Loader=yaml.CSafeLoader)
        if "guideline" in content:
            file_of[content["guideline"]] = file
        else:
            for name, value in (content.get("values") or {}).items():
                definitions[name] = set(WORD.findall(str(value)))
                if isinstance(value, dict) and "given_by" in value:
                    giver[name] = value["given_by"].partition(".")[0]
    texts = dict(tables)
    result = {}
    for file in file_of.values():
        wanted, files, words = [file], {file}, set()
        while wanted:
            new = set(WORD.findall(texts[wanted.pop()]))
            while new - words:
                words |= new
                new = set().union(*(definitions.get(word, ()) for word in new))
            needed = {file_of[giver[word]] for word in words if giver.get(word) in file_of} - files
            files |= needed
            wanted += needed
        result[file] = files
    return result


class Bench:
    """Copies of the tables to change: all of them, and a guideline with what it needs."""

    def __init__(self, program, rules, work, needs):
        self.program, self.work, self.needs = program, work, needs
        self.all = os.path.join(work, "all")
        shutil.copytree(rules, self.all)
        self.alone, self.alone_file = None, None

    def passes(self, folder, file=""):
        """Whether the examples pass and, where the file is of such a folder, the list that repeats its numbers."""
        commands = [[self.program, "check", folder]]
        for start, (name, part, tables) in LISTS.items():
            if file.startswith(start + os.sep):
                commands.append([sys.executable, os.path.join(RULES, name + ".py"), self.program,
                                 os.path.join(folder, part), os.path.join(RULES, name + ".txt"), *tables])
        return all(subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
                   for command in commands)

    def set_alone(self, file):
        """The vocabulary with this guideline and those it reads, if all examples pass there."""
        if self.alone_file == file:
            return
        folder = os.path.join(self.work, "alone")
        shutil.rmtree(folder, ignore_errors=True)
        self.alone, self.alone_file = None, file
        if file not in self.needs:
            return
        shutil.copytree(os.path.join(self.all, "facts"), os.path.join(folder, "facts"))
        for needed in self.needs[file]:
            name = os.path.join(folder, needed)
            os.makedirs(os.path.dirname(name), exist_ok=True)
            shutil.copyfile(os.path.join(self.all, needed), name)
        if self.passes(folder):
            self.alone = folder

    def survives(self, place, text, new):
        changed = text[:place.start] + new + text[place.end:]
        self.set_alone(place.file)
        for folder in (self.alone, self.all):
            if folder and not self.passes_changed(os.path.join(folder, place.file), folder, text, changed):
                return False
        return True

    def passes_changed(self, name, folder, text, changed):
        with open(name, "w", encoding="utf-8") as file:
            file.write(changed)
        good = self.passes(folder, os.path.relpath(name, folder))
        with open(name, "w", encoding="utf-8") as file:
            file.write(text)
        return good


def read_explained():
    """The keys of survivors.txt with their reasons."""
    explained = {}
    with open(os.path.join(HERE, "survivors.txt"), encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if not line.strip() or line.startswith("#"):
                continue
            key, separator, reason = line.rstrip("\n").partition("]: ")
            if not separator or not reason.strip():
                sys.exit("survivors.txt:%d: not `file: key path [old -> new]: reason`" % number)
            explained[key + "]"] = reason
    return explained


def read_tables(rules, parts):
    for folder, folders, files in os.walk(rules):
        folders.sort()
        for file in sorted(files):
            path = os.path.relpath(os.path.join(folder, file), rules)
            if file.endswith(".yaml") and (not parts or any(part in path for part in parts)):
                with open(os.path.join(rules, path), encoding="utf-8") as lines:
                    yield path, lines.read()


def list_texts(tables):
    counts = {}
    for file, text in tables:
        for place in places(file, text, texts=True):
            if place.path[0] == "examples":
                continue
            last = next(key for key in reversed(place.path) if isinstance(key, str))
            bands = "bands" in place.path and last not in TEXT
            what = last if place.path[0] not in APART else place.path[0]
            if bands or last in EVIDENCE - {"say"} or last == "say" and file.startswith("evidence"):
                print("%s:%d: %s: %s" % (file, text.count("\n", 0, place.start) + 1, written(place.path),
                                         text[place.start:place.end]))
                what = "evidence, listed above"
            counts[what] = counts.get(what, 0) + 1
    for what, count in sorted(counts.items()):
        print("%6d in %s" % (count, what))


def run(options, tables):
    explained, seen, survived, unexplained, stale = read_explained(), set(), 0, 0, 0
    steps = read_steps(list(read_tables(options.rules, [])))
    jobs = [(text, place, new) for file, text in tables for place in places(file, text)
            for new in neighbours(place, text, steps)]
    if options.sample and options.sample < len(jobs):
        chosen = random.Random(datetime.date.today().toordinal()).sample(range(len(jobs)), options.sample)
        jobs = [jobs[index] for index in sorted(chosen)]
    needs = reads(list(read_tables(options.rules, [])))
    with tempfile.TemporaryDirectory() as work:
        benches = queue.SimpleQueue()
        for number in range(options.jobs):
            folder = os.path.join(work, str(number))
            os.mkdir(folder)
            benches.put(Bench(options.program, options.rules, folder, needs))
        first = benches.get()
        if not all(first.passes(first.all, os.path.join(start, "")) for start in LISTS):
            sys.exit("the tables do not pass as they are")
        benches.put(first)

        def one(job):
            bench = benches.get()
            try:
                return job, bench.survives(job[1], job[0], job[2])
            finally:
                benches.put(bench)

        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            for (text, place, new), alive in pool.map(one, jobs):
                key = place.key(text[place.start:place.end], new)
                seen.add(key)
                survived += alive
                if alive and key not in explained:
                    unexplained += 1
                    line = text.count("\n", 0, place.start) + 1
                    print("%s\n    line %d: %s" % (key, line, text.splitlines()[line - 1].strip()), flush=True)
                elif not alive and key in explained:
                    stale += 1
                    print("survives no longer: " + key, flush=True)
    if not options.sample and not options.parts:
        for key in sorted(set(explained) - seen):
            stale += 1
            print("in survivors.txt, not in the tables: " + key)
    print("%d changed, %d survived, %d of them explained" % (len(jobs), survived, survived - unexplained))
    return 1 if unexplained or stale else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("rules")
    parser.add_argument("parts", nargs="*")
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--texts", action="store_true")
    options = parser.parse_args()
    tables = list(read_tables(options.rules, options.parts))
    if options.texts:
        list_texts(tables)
        return 0
    return run(options, tables)


if __name__ == "__main__":
    sys.exit(main())
