# SPDX-License-Identifier: Apache-2.0
"""Random tables, and random cohorts over each: what the batch call says is what the handles say.

usage: tables.py PROGRAM [COUNT [FIRST]]      PROGRAM: tests/cohorts

Tables are nonsense on purpose: nested conditions, picks, links, sums over records, assumptions and silence
in all positions, choices that set each other. A row that cannot be heard is refused when the tables are
loaded; it is taken out then, and the rest is tried."""
import pathlib
import random
import re
import subprocess
import sys
import tempfile

FACTS = """vocabulary: zoo
title: Facts about a zoo
statement: A test.
kinds:
  cage: {label: cage, list: cages}
  visit: {label: visit, list: visits}
scales:
  urgency: {none: none}
  strength: {strong: strong}
  certainty: {high: high}
  verified: {one_source: one}
facts:
  open: {label: open, type: flag}
  rain: {label: rain, type: flag}
  hail: {label: hail, type: flag}
  day: {label: day, type: code, options: [mon, tue, wed, thu, fri]}
  guests: {label: guests, type: count, range: 0..12}
  staff: {label: staff, type: count, range: 0..5}
  heat: {label: heat, type: quantity, unit: '1', range: -20..40}
  cold: {label: cold, type: quantity, unit: '1', range: -20..40}
  signs: {label: signs, type: set, options: [red, green, blue, white]}
  wild: {label: wild, about: cage, type: flag}
  beast: {label: beast, about: cage, type: code, options: [lion, owl, eel, ant]}
  plant: {label: plant, about: cage, type: code, options: [fern, moss]}
  size: {label: size, about: cage, type: quantity, unit: '1', range: -3..9}
  legs: {label: legs, about: cage, type: count, range: 0..8}
  seen: {label: seen, about: visit, type: link, to: cage}
  hours: {label: hours, about: visit, type: count, range: 0..9}
  glad: {label: glad, about: visit, type: flag}
exclusive:
  - [beast, plant]
values:
  risk: {label: risk, about: cage, type: count, range: 0..9, from: beast,
         table: {lion: 9, owl: 3, eel: ask, ant: 0}}
  slow:
    label: slow
    type: flag
    cases:
      - {when: heat > 10, is: 'yes'}
      - {when: guests < 11, is: 'no'}
  warmth: {label: warmth, type: quantity, unit: '1', range: -20..40, value: WARMTH}
picks:
  main: {about: cage, highest: [risk, legs]}
"""

HEAD = """guideline: %s
title: Zoo
edition: '1'
status: on
%sverified: one_source
purpose: to test
sources:
  book: {cite: 'Book 1', year: 2000}
"""

EVIDENCE = "urgency: none, strength: strong, certainty: high, verified: one_source, source: book, because: so"


class Writer:
    """Expressions about the patient, or about a cage."""

    def __init__(self, chance, about):
        self.chance, self.cage = chance, about == "cage"
        self.numbers, self.flags = [], []

    def pick(self, *words):
        return self.chance.choice(words)

    def plain_number(self):
        if self.chance.random() < 0.15:
            return self.pick("0", "1", "2", "2.5", "10")
        own = ["size", "legs", "risk"] if self.cage else ["cold", "warmth", "main.legs", "main.size", "main.risk"]
        return self.pick("guests", "staff", "heat", *own, *self.numbers)

    def gathered(self):
        if self.cage:
            return self.pick("sum(visit: hours by seen)", "sum(visit: hours where glad by seen)",
                             "count(visit: glad by seen)")
        where = self.pick("wild", "legs > 2", "size < 1", "beast = lion")
        return self.pick(f"sum(cage: {self.pick('legs', 'size', 'risk')} where {where})",
                         f"max(cage: {self.pick('legs', 'size')})", f"min(cage: size where {where})",
                         "count(cage: wild)", "sum(visit: hours where glad)")

    def number(self, depth):
        if depth <= 0 or self.chance.random() < 0.2:
            return self.plain_number()
        shape = self.chance.randrange(8)
        one, two = self.number(depth - 1), self.number(depth - 1)
        if shape < 2:
            return f"({one} {self.pick('+', '-', '*', '/')} {two})"
        if shape == 2:
            return f"{self.pick('min', 'max')}({one}, {two})"
        if shape < 5:
            return f"(if {self.flag(depth - 1)} then {one} else {two})"
        if shape == 5:
            return f"{self.pick('abs', 'sqrt', 'exp', 'log')}({one})"
        return self.gathered() if shape == 6 else "count(signs)"

    def plain_flag(self):
        own = ["wild", "beast in {lion, eel}", "stated(beast)", "stated(plant)", "missing(size)", "plant = fern",
               "any(visit: glad by seen)"] if self.cage else [
                   "stated(day)", "stated(heat)", "any(cage: wild)", "all(cage: legs > 2)", "any(visit: glad)",
                   "known(main.legs)", "any(cage: beast = lion)"]
        return self.pick("open", "rain", "hail", "slow", "day = mon", "day = fri", "signs has any {red}",
                         "signs has all {red, blue}", "missing(heat)", "known(guests)", "missing(open)", *own, *self.flags)

    def flag(self, depth):
        if depth <= 0 or self.chance.random() < 0.15:
            return self.plain_flag()
        shape = self.chance.randrange(8)
        if shape < 2:
            return f"({self.flag(depth - 1)} {self.pick('and', 'or')} {self.flag(depth - 1)})"
        if shape == 2:
            return f"not ({self.flag(depth - 1)})"
        if shape < 5:
            sign = self.pick("<", "<=", ">", ">=", "=")
            return f"({self.number(depth - 1)} {sign} {self.pick(self.number(depth - 1), '3', '0', '1.5')})"
        if shape == 5:
            return f"known({self.number(depth - 1)})"
        return f"{self.pick('shown', 'known')}({self.flag(depth - 1)})"


def rows(writer, name, choice, options, before):
    lines = []
    for i in range(writer.pick(3, 5, 9)):
        when = writer.flag(3)
        if before and writer.chance.random() < 0.5:
            read = f"{writer.pick(*before)} in {{{', '.join(writer.chance.sample(options, 2))}}}"
            if not writer.cage and writer.chance.random() < 0.4:
                read = f"any(cage: wild and {read})"
            when = f"({when} {writer.pick('and', 'or')} {read})"
        besides = f", with: {{{name}_{writer.pick('p', 'q')}: {writer.pick(*options)}}}" if writer.chance.random() < 0.5 else ""
        lines.append(f"      - {{id: Z-{choice}-{i}, when: '{when}', choose: {writer.pick(*options)}{besides}, {EVIDENCE}}}")
    return lines


def guideline(chance, name, about):
    writer = Writer(chance, about)
    text = [HEAD % (name, "about: cage\n" if writer.cage else "")]
    if chance.random() < 0.7:
        text.append("assumes: {%s}\n" % writer.pick("rain: 'no'", "rain: 'no', hail: 'yes'", "guests: 3, rain: 'no'",
                                                    "rain: 'no', day: mon"))
    text.append("values:\n")
    for i in range(3):
        text.append(f"  {name}_v{i}: '{writer.number(3)}'\n")
        writer.numbers.append(f"{name}_v{i}")
        text.append(f"  {name}_f{i}: '{writer.flag(3)}'\n")
        writer.flags.append(f"{name}_f{i}")
    text.append("equations:\n")
    text += [f"  {name}_e{i}: {{label: e, value: '{writer.number(3)}'}}\n" for i in range(3)]
    options = [f"o{i}" for i in range(chance.randrange(2, 12))]
    declared = "options: {%s}" % ", ".join(f"{one}: {one}" for one in options)
    text.append("choices:\n")
    before = []
    for i in range(3):
        choice = f"{name}_c{i}"
        text.append(f"  {choice}:\n    label: c\n    optional: true\n    {declared}\n    rows:\n")
        text.append("\n".join(rows(writer, name, choice, options, before)) + "\n")
        before.append(choice)
    text += [f"  {name}_{one}: {{label: w, optional: true, {declared}}}\n" for one in "pq"]
    return "".join(text)


def without_row(folder, answer):
    """Takes out the row that was refused; false when it was something else."""
    row = re.search(r"row '(Z-[\w-]+)' can never speak", answer)
    if not row:
        return False
    for path in folder.glob("*.yaml"):
        lines = path.read_text().split("\n")
        path.write_text("\n".join(line for line in lines if f"id: {row.group(1)}," not in line))
    return True


def tried(program, folder, seed):
    """1: held; 0: nothing to be tried; text: what differs."""
    for _ in range(60):
        done = subprocess.run([program, str(folder), str(seed)], capture_output=True, text=True, timeout=300)
        answer = done.stdout + done.stderr
        if done.returncode == 0:
            return 1
        if done.returncode != 3:
            return answer[-2000:]
        if not without_row(folder, answer):
            return 0
    return 0


def main():
    program = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 40
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    held = 0
    for seed in range(first, first + count):
        chance = random.Random(seed)
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            warmth = chance.choice(["heat + cold", "if open then heat else cold", "max(heat, cold)"])
            (folder / "facts.yaml").write_text(FACTS.replace("WARMTH", f"'{warmth}'"))
            (folder / "zoo.yaml").write_text(guideline(chance, "zoo", "patient"))
            (folder / "pen.yaml").write_text(guideline(chance, "pen", "cage"))
            what = tried(program, folder, seed)
            if isinstance(what, str):
                print(f"tables {seed}: {what}")
                for path in sorted(folder.glob("*.yaml")):
                    print(f"--- {path.name}\n{path.read_text()}")
                return 1
            held += what
    print(f"{held} of {count} tables held")
    return 0 if held >= count // 2 else 1  # else it is the writer that is broken


if __name__ == "__main__":
    sys.exit(main())
