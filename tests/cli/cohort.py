# SPDX-License-Identifier: Apache-2.0
"""`bonemets cohort` on files as they come: broken ones, large ones, ones that were stopped; and the
same bytes from the program and from C.

usage: cohort.py BONEMETS SCORE_EXAMPLE GENERATOR [UNITTEST ARGUMENT]...
"""
import csv
import io
import itertools
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM, SCORE, GENERATOR = sys.argv[1:4]
HEADER = "id,level,sins_pain,lesion_type,alignment,collapse_pct [%],posterolateral,creatinine [umol/L]"
GOOD = "p{0},T8,mechanical,lytic,normal,40,bilateral,80"
TARGETS = "sins,cockcroft_gault"


def run(*arguments, stdin=None):
    done = subprocess.run([str(a) for a in (PROGRAM, *arguments)], capture_output=True, input=stdin)
    return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")


def synthetic(rows, *more):
    return subprocess.run([sys.executable, GENERATOR, "--rows", str(rows), *more],
                          capture_output=True, check=True).stdout


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.out = self.folder / "out.csv"

    def file(self, content, name="in.csv"):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def score(self, content, *arguments, score=TARGETS):
        """Exit status, rows of the answer, standard error with the file called in.csv."""
        path = self.file(content)
        status, _, err = run("cohort", "--score", score, "-o", self.out, *arguments, path)
        rows = None
        if status == 0:
            text = self.out.read_bytes().decode()
            rows = list(csv.DictReader(io.StringIO(text, newline="")))
        return status, rows, err.replace(str(path), "in.csv")

    def count(self, content):
        status, rows, err = self.score(content, "--on-error", "count", "--keep", "id")
        self.assertEqual(status, 0, err)
        return rows, err

    def answers(self, row):
        return {key: cell for key, cell in row.items() if key not in ("line", "id", "problems")}

    def alone(self, line):
        """What a line gets in a file of its own, where nothing is wrong."""
        rows, _ = self.count(HEADER + "\n" + line + "\n")
        self.assertEqual(rows[0]["problems"], "")
        return self.answers(rows[0])


class Hostile(Case):
    """One kind of trouble each: named by its line, and no answer rests on what was refused."""

    def one_bad_cell(self, line, column, word, blank, encoding="utf-8"):
        content = "\n".join([HEADER, GOOD.format(1), line, GOOD.format(3), ""]).encode(encoding)
        self.out.unlink(missing_ok=True)
        status, rows, err = self.score(content, "--keep", "id")
        self.assertEqual(status, 1)
        self.assertIsNone(rows)
        self.assertFalse(self.out.exists())
        self.assertIn(f"in.csv:3: column {column}: ", err)
        self.assertIn(word, err)
        rows, err = self.count(content)
        self.assertEqual([row["line"] for row in rows], ["2", "3", "4"])
        self.assertEqual([bool(row["problems"]) for row in rows], [False, True, False])
        self.assertIn(f"{column}: ", rows[1]["problems"])
        self.assertIn(word, rows[1]["problems"])
        self.assertIn(f"in.csv:3: column {column}: ", err)
        self.assertIn(f"taken as unknown: column {column}: 1 cell:", err)
        self.assertEqual(self.answers(rows[1]), self.alone(blank))

    def test_unit_of_a_column(self):
        status, _, err = self.score(HEADER.replace("umol/L", "ug/L") + "\n" + GOOD + "\n", "--keep", "id")
        self.assertEqual(status, 1)
        self.assertIn("in.csv:1: column creatinine [ug/L]: ", err)
        self.assertIn("not a unit", err)

    def test_unit_of_a_cell(self):
        self.one_bad_cell(GOOD.format(2)[:-2] + "80 ug/L", "creatinine [umol/L]", "unit does not fit",
                          GOOD.format(2)[:-2])

    def test_another_unit_that_fits_is_converted(self):
        rows, _ = self.count(HEADER + "\n" + GOOD.format(2)[:-2] + "1.0 mg/dL\n")
        self.assertEqual(rows[0]["problems"], "")

    def test_numbers_of_another_unit(self):
        self.one_bad_cell(GOOD.format(2)[:-2] + "0.9", "creatinine [umol/L]", "out of range",
                          GOOD.format(2)[:-2])

    def test_unknown_codes(self):
        self.one_bad_cell(GOOD.format(2).replace("lytic", "osteolitic"), "lesion_type", "",
                          GOOD.format(2).replace("lytic", ""))
        self.one_bad_cell(GOOD.format(2).replace("T8", "T13"), "level", "", GOOD.format(2).replace("T8", ""))

    def test_latin_1(self):
        self.one_bad_cell(GOOD.format(2).replace("lytic", "lytisch-\xe4"), "lesion_type", "not UTF-8",
                          GOOD.format(2).replace("lytic", ""), "latin-1")

    def test_latin_1_in_a_column_that_is_kept(self):
        content = (HEADER + "\n" + GOOD.replace("p{0}", "M\xfcller") + "\n").encode("latin-1")
        status, _, err = self.score(content, "--keep", "id")
        self.assertEqual(status, 1)
        self.assertIn("in.csv:2: column id: the text is not UTF-8", err)
        rows, _ = self.count(content)
        self.assertEqual(rows[0]["id"], "")
        self.assertIn("id: the text is not UTF-8", rows[0]["problems"])
        self.assertEqual(self.answers(rows[0]), self.alone(GOOD))

    def test_latin_1_in_the_header(self):
        content = (HEADER.replace("id", "Schl\xfcssel", 1) + "\n" + GOOD + "\n").encode("latin-1")
        status, _, err = self.score(content)
        self.assertEqual(status, 1)
        self.assertIn("in.csv:1: ", err)

    def test_last_line_cut_between_fields(self):
        content = HEADER + "\n" + GOOD.format(1) + "\n" + "p2,T8,mechani"
        status, _, err = self.score(content, "--keep", "id")
        self.assertEqual(status, 1)
        self.assertIn("in.csv:3: error: 3 fields, but the first line names 8 columns", err)
        rows, err = self.count(content)
        self.assertEqual([row["line"] for row in rows], ["2", "3"])
        self.assertEqual(set(self.answers(rows[1]).values()), {""})
        self.assertIn("3 fields", rows[1]["problems"])
        self.assertIn("not scored: 1 line ", err)

    def test_last_line_cut_within_its_last_field(self):
        content = HEADER + "\n" + GOOD.format(1) + "\n" + GOOD.format(2)[:-1]
        rows, err = self.count(content)
        self.assertIn("the last line has no end", rows[1]["problems"])
        self.assertIn("in.csv:3: ", err)
        self.assertIn("in.csv:3: warning: the last line has no end",
                      self.score(HEADER + "\n\n" + GOOD.format(2), "--keep", "id")[2])

    def test_last_line_cut_within_quotes(self):
        content = HEADER + "\n" + GOOD.format(1) + "\n" + 'p2,T8,"mechani'
        self.assertIn("in.csv:3: error: this is no CSV", self.score(content, "--keep", "id")[2])
        rows, err = self.count(content)
        self.assertEqual([row["line"] for row in rows], ["2", "3"])
        self.assertIn("within quotes", rows[1]["problems"])
        self.assertEqual(rows[1]["sins.state"], "")

    def test_line_ends_mark_and_quotes(self):
        plain, _ = self.count("\n".join([HEADER, GOOD.format(1), GOOD.format(2), ""]))
        for mark in ("", "\ufeff"):
            for end in ("\n", "\r\n"):
                text = mark + end.join([HEADER, GOOD.replace("p{0}", f'"p1{end}""x"""'), GOOD.format(2), ""])
                rows, _ = self.count(text)
                self.assertEqual([row["line"] for row in rows], ["2", "4"])
                self.assertEqual(rows[0]["id"], f'p1{end}"x"')
                self.assertEqual([self.answers(row) for row in rows], [self.answers(row) for row in plain])

    def test_a_stray_quote_ends_the_run_in_both_modes(self):
        content = "\n".join([HEADER, GOOD.format(1), GOOD.format('2"x'), GOOD.format(3), ""])
        for mode in ("refuse", "count"):
            status, _, err = self.score(content, "--keep", "id", "--on-error", mode)
            self.assertEqual(status, 1)
            self.assertIn("in.csv:3: error: this is no CSV", err)

    def test_messages_never_quote_a_cell(self):
        secret = "SECRETVALUE"
        for line in (GOOD.format(1).replace("T8", secret), GOOD.format(1)[:-2] + secret,
                     f"{secret},T8", GOOD.format(1).replace("40", f"{secret} %")):
            for mode in ("refuse", "count"):
                _, rows, err = self.score(HEADER + "\n" + line + "\n", "--on-error", mode, "--others", "skip")
                self.assertNotIn(secret, err)
                self.assertNotIn(secret, str(rows))


class Everything(Case):
    def test_all_at_once(self):
        lines = [
            (GOOD.format(2), None, None),
            (GOOD.format(3).replace("T8", "T88"), "level", GOOD.format(3).replace("T8", "")),
            (GOOD.replace("p{0}", '"two\r\nlines"'), None, None),
            (GOOD.format(6)[:-2] + "80 ug/L", "creatinine", GOOD.format(6)[:-2]),
            (GOOD.format(7).replace("lytic", "lytisch-\xe4"), "lesion_type", GOOD.format(7).replace("lytic", "")),
            ("p8,T8", "2 fields", None),
            (GOOD.format(9)[:-2] + "0.9", "creatinine", GOOD.format(9)[:-2]),
            (GOOD.format(10).replace("40", "140"), "collapse_pct", GOOD.format(10).replace("40", "")),
            (GOOD.format(11).replace("mechanical", "\x07"), "sins_pain", GOOD.format(11).replace("mechanical", "")),
            ("p12,L1,mech", "3 fields", None),
        ]
        text = "\r\n".join([HEADER] + [line for line, _, _ in lines])
        content = b"\xef\xbb\xbf" + text.encode("latin-1")
        status, rows, err = self.score(content, "--keep", "id")
        self.assertEqual((status, rows), (1, None))
        named = [3, 6, 7, 8, 9, 10, 11, 12]
        for line in named:
            self.assertIn(f"in.csv:{line}: ", err)
        self.assertFalse([n for n in (1, 2, 4, 5) if f"in.csv:{n}: " in err], err)
        rows, err = self.count(content)
        self.assertEqual([int(row["line"]) for row in rows], [2, 3, 4, 6, 7, 8, 9, 10, 11, 12])
        for row, (line, problem, blank) in zip(rows, lines):
            self.assertEqual(bool(row["problems"]), problem is not None, row)
            if problem:
                self.assertIn(problem, row["problems"])
                self.assertIn(f"in.csv:{row['line']}: ", err)
            if blank:
                self.assertEqual(self.answers(row), self.alone(blank))
            elif problem:
                self.assertEqual(set(self.answers(row).values()), {""})
            else:
                self.assertEqual(self.answers(row), self.alone(line))

    def test_a_column_of_nothing_but_bad_cells(self):
        for cells in ("0.9", "{0}.5 ug/L"):
            text = HEADER + "\n" + "".join(GOOD[:-2].format(i) + cells.format(i) + "\n" for i in range(5000))
            rows, err = self.count(text)
            self.assertEqual(len(rows), 5000)
            self.assertTrue(all("creatinine" in row["problems"] for row in rows))
            self.assertIn("taken as unknown: column creatinine [umol/L]: 5000 cells", err)
            self.assertIn("4980 more problems are named", err)


class Large(Case):
    KEEP = ("--keep", "patient_id,survival_months,died")
    SCORES = "sins,mirels,tokuhashi_2005,katagiri_2014,cockcroft_gault"

    def whole(self, path, *arguments):
        status, out, err = run("cohort", "--score", self.SCORES, *self.KEEP, *arguments, path)
        self.assertEqual(status, 0, err)
        return out

    def test_any_number_of_threads_gives_the_same_bytes(self):
        path = self.file(synthetic(9000, "--missing", "0.1", "--lesions", "3"))
        one = self.whole(path, "--threads", "1")
        self.assertEqual(one.count(b"\r\n"), 9001)
        for threads in ("2", "3", "7"):
            self.assertEqual(self.whole(path, "--threads", threads), one)

    def test_numbers_as_numbers_or_as_text(self):
        """A cell that is no plain number turns its column into texts, for the whole file."""
        lines = synthetic(5000, "--missing", "0.1").decode().splitlines()
        at = lines[0].split(",").index("crp [mg/L]")
        plain = self.whole(self.file("\n".join(lines) + "\n"), "--threads", "1")
        for i in range(1, len(lines), 7):
            cells = lines[i].split(",")
            cells[at] += " mg/L" if cells[at] else ""
            lines[i] = ",".join(cells)
        self.assertEqual(self.whole(self.file("\n".join(lines) + "\n"), "--threads", "2"), plain)

    def test_the_same_cohort_for_the_same_seed(self):
        self.assertEqual(synthetic(50, "--seed", "7"), synthetic(50, "--seed", "7"))
        self.assertNotEqual(synthetic(50, "--seed", "7"), synthetic(50, "--seed", "8"))

    def most_memory(self, *arguments):
        pid = os.fork()
        if pid == 0:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
            os.execv(PROGRAM, [PROGRAM, *map(str, arguments)])
        _, status, usage = os.wait4(pid, 0)
        self.assertEqual(status, 0)
        return usage.ru_maxrss

    def test_memory_is_constant(self):
        if self.most_memory("--version") > 20 * 1024:
            self.skipTest("a sanitizer takes memory of its own")
        path = self.file(synthetic(100000))
        self.assertLess(self.most_memory("cohort", "--score", "sins", "--others", "skip", "--threads", "4",
                                         "-o", self.out, path), 64 * 1024)


class Resume(Case):
    ROWS = 20000

    def setUp(self):
        super().setUp()
        self.content = synthetic(self.ROWS, "--missing", "0.1")
        self.path = self.file(self.content)
        self.state = self.folder / "out.csv.part.state"
        self.part = self.folder / "out.csv.part"

    def go(self, *arguments, score="sins,katagiri_2014", path=None):
        return run("cohort", "--score", score, "--others", "skip", "--keep", "patient_id", "-o", self.out,
                   *arguments, path or self.path)

    def stop_at_a_bad_line(self):
        """The last line is refused: all blocks before the last stay."""
        self.path.write_bytes(self.content + b"P,too,short\n")
        status, _, err = self.go("--threads", "2")
        self.assertEqual(status, 1)
        self.assertIn("--resume goes on behind it", err)
        self.assertFalse(self.out.exists())
        self.path.write_bytes(self.content)

    def expected(self):
        whole = self.folder / "whole.csv"
        status, _, err = run("cohort", "--score", "sins,katagiri_2014", "--others", "skip", "--keep",
                             "patient_id", "-o", whole, self.path)
        self.assertEqual(status, 0)
        return whole.read_bytes(), [line for line in err.splitlines() if "tables" not in line]

    def test_goes_on_behind_the_last_whole_block(self):
        self.stop_at_a_bad_line()
        with self.part.open("ab") as part:
            part.write(b"half a line that was written behind the state")
        status, _, err = self.go("--resume", "--threads", "3")
        self.assertEqual(status, 0, err)
        self.assertRegex(err, r"going on at line \d{3,}")
        whole, summary = self.expected()
        self.assertEqual(self.out.read_bytes(), whole)
        for line in summary:
            self.assertIn(line, err)
        self.assertFalse(self.part.exists() or self.state.exists())

    def test_after_being_killed(self):
        worker = subprocess.Popen([PROGRAM, "cohort", "--score", "sins,katagiri_2014", "--others", "skip",
                                   "--keep", "patient_id", "--threads", "1", "-o", self.out, self.path],
                                  stderr=subprocess.DEVNULL)
        while not self.state.exists() and worker.poll() is None:
            time.sleep(0.001)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        if self.out.exists():
            self.skipTest("the run was faster than the test")
        status, _, err = self.go("--resume")
        self.assertEqual(status, 0, err)
        self.assertEqual(self.out.read_bytes(), self.expected()[0])

    def test_without_a_state_it_starts_at_the_beginning(self):
        self.assertEqual(self.go("--resume")[0], 0)
        self.assertEqual(self.out.read_bytes(), self.expected()[0])

    def refuses(self, word, *arguments, **more):
        status, _, err = self.go("--resume", *arguments, **more)
        self.assertEqual(status, 1)
        self.assertIn("the run cannot go on", err)
        self.assertIn(word, err)
        self.assertTrue(self.state.exists() and self.part.exists())
        self.assertFalse(self.out.exists())

    def test_refuses_what_is_not_the_same(self):
        self.stop_at_a_bad_line()
        self.refuses("options", score="sins")
        self.refuses("options", "--unknown", "NA")
        self.refuses("options", "--on-error", "count")
        self.path.write_bytes(self.content.replace(b",lytic,", b",mixed,", 1))
        self.refuses("what it has read")
        self.path.write_bytes(self.content)
        written = self.part.read_bytes()
        self.part.write_bytes(written.replace(b"known", b"KNOWN", 1))
        self.refuses("what it has written")
        self.part.write_bytes(written[:100])
        self.refuses("what it has written")
        self.part.write_bytes(written)
        self.state.write_bytes(self.state.read_bytes()[:-20])
        self.refuses("damaged")

    def test_usage(self):
        self.assertEqual(run("cohort", "--score", "sins", "--resume", self.path)[0], 2)
        self.assertEqual(run("cohort", "--score", "sins", "--resume", "-o", self.out, "-")[0], 2)
        self.assertEqual(run("cohort", "--score", "sins", "--threads", "0", self.path)[0], 2)


class Redcap(Case):
    MAP = """# an export
record_id =
site = primary
  1 = breast_nos
  2 = lung_nos
  9 =
crea = creatinine [umol/L]
neuro = neuro_features
  1 = falls
  2 = limb_weakness
  0 = none
lvl = level
"""
    HEADER = "record_id,site,crea,neuro___1,neuro___2,neuro___0,lvl\n"
    PLAIN = "primary,creatinine [umol/L],neuro_features.falls,neuro_features.limb_weakness,level\n"

    def mapped(self, lines, *arguments, text=None):
        names = self.file(text or self.MAP, "map")
        return self.score(self.HEADER + lines, "--map", names, *arguments,
                          score="katagiri_2014,mscc_triage.triage")

    def test_codes_and_checkboxes(self):
        """Each line, and what it means."""
        lines = [("1,1,80,1,0,0,T8", "breast_nos,80,yes,no,T8"),
                 ("2,9,80,1,1,0,T8", ",80,yes,yes,T8"),
                 ("3,2,,0,0,1,T8", "lung_nos,,no,no,T8"),
                 ("4,2,,0,0,0,T8", "lung_nos,,,,T8"),  # no box is checked: perhaps never asked
                 ("5,2,,Checked,Unchecked,,", "lung_nos,,yes,no,")]
        status, rows, err = self.mapped("\n".join(line for line, _ in lines) + "\n")
        self.assertEqual(status, 0, err)
        status, plain, err = self.score(self.PLAIN + "\n".join(line for _, line in lines) + "\n",
                                        score="katagiri_2014,mscc_triage.triage")
        self.assertEqual(rows, plain, err)

    def test_what_is_refused(self):
        for line, word in (("1,7,80,0,0,0,T8", "column site: the map does not say what this code means"),
                           ("1,1,80,2,0,0,T8", "column neuro___1: a checkbox holds 0 or 1"),
                           ("1,1,80,1,0,1,T8", "column neuro___0: none is checked")):
            status, _, err = self.mapped(line + "\n")
            self.assertEqual(status, 1)
            self.assertIn("in.csv:2: " + word, err)
            status, rows, err = self.mapped(line + "\n", "--on-error", "count")
            self.assertEqual(status, 0, err)
            self.assertIn(word.partition(" ")[2], rows[0]["problems"])

    def test_the_map(self):
        for old, new, word in (("  2 = limb_weakness\n", "", "does not say what this box is: 'neuro___2'"),
                               ("= falls", "= fals", "no member"),
                               ("lvl = level", "lwl = level", "there is no column 'lwl'"),
                               ("# an export", "  1 = x", "under the column"),
                               ("lvl = level", "lvl = level\nlvl = level", "mapped twice"),
                               ("[umol/L]", "[ug/L]", "unit")):
            status, _, err = self.mapped("1,1,80,0,0,0,T8\n", text=self.MAP.replace(old, new))
            self.assertEqual(status, 1)
            self.assertIn(word, err)


class Patients(Case):
    """Lines of one patient: what each gets is what `assess` says about a record with all its lesions."""
    SCORES = ("sins,mirels,tokuhashi_2005,katagiri_2014,spine_selection.strategy,long_bone.management,"
              "mscc_triage.triage")
    LESION = ("level", "sins_pain", "lesion_type", "alignment", "collapse_pct", "body_involved_pct",
              "posterolateral", "bone", "mirels_pain", "mirels_size", "fracture_present", "neuro_features")

    def grouped(self, content, *arguments):
        return self.score(content, "--patient", "patient_id", "--keep", "patient_id,survival_months,died",
                          "--items", "--missing", *arguments, score=self.SCORES)

    def record(self, rows):
        """The record of a patient from lines of CSV, written down apart from the program."""
        record, features, lesions = {}, {}, []
        for row in rows:
            lesion = {}
            for name, cell in row.items():
                fact, _, unit = name.partition(" [")
                if name in ("patient_id", "survival_months", "died") or cell == "":
                    continue
                value = f"{cell} {unit[:-1]}" if unit else cell
                if fact.startswith("neuro_features."):
                    features[fact.partition(".")[2]] = cell
                elif fact in self.LESION:
                    lesion[fact] = value
                else:
                    record[fact] = value
            lesions += [lesion] if lesion else []
        if features:
            record["neuro_features"] = {"present": [m for m, cell in features.items() if cell == "yes"],
                                        "unknown": [m for m in self.members if m not in features]}
        return {**record, "lesions": lesions}

    def assess(self, records):
        paths = [self.file(json.dumps(record), f"{i}.json") for i, record in enumerate(records)]
        answers = []
        for i in range(0, len(paths), 25):
            status, out, err = run("assess", "--format", "json", *paths[i:i + 25])
            self.assertEqual(status, 0, err)
            answers += json.loads(out)
        return answers

    def expected(self, answer, lesion, names, several):
        """The columns that names end in for one line."""
        out = {}
        for entry in answer["results"] + answer["choices"]:
            choice = "value" in entry
            name = f"{entry['guideline']}.{entry['id']}" if choice else entry["id"]
            about = choice or entry["about"]
            if f"{name}.state" not in names or entry["lesion"] not in (0, lesion):
                continue
            state = entry["state"]
            out[f"{name}.state"] = state
            missing = [] if state == "not_applicable" else entry["missing"]
            out[f"{name}.missing"] = ";".join(fact if several else fact.partition("@")[0] for fact in missing)
            for item in entry.get("items", []):
                for end in ("low", "high"):
                    value = item[end]
                    out[f"{name}.items.{item['id']}.{end}"] = "" if value is None else f"{value:.17g}"
            if choice:
                out[f"{name}.code"] = str(entry["value"]) if state == "known" else ""
                out[f"{name}.provisional"] = str(entry["value"]) if state == "provisional" and entry["value"] else ""
            else:
                for end in ("low", "high"):
                    if f"{name}.{end}" in names:
                        out[f"{name}.{end}"] = "" if entry[end] is None else f"{entry[end]:.17g}"
                out[f"{name}.band"] = entry["band"] or ""
        return out

    def test_as_one_patient(self):
        self.members = [option["id"] for fact in json.loads(run("facts", "--format", "json")[1])
                        if fact["id"] == "neuro_features" for option in fact["options"]]
        lines = synthetic(240, "--lesions", "4", "--missing", "0.15", "--seed", "3").decode().splitlines()
        lines[0] += ",neuro_features.limb_weakness,neuro_features.falls,life_expectancy [mo]"
        for i in range(1, len(lines)):
            patient = int(lines[i].split(",")[0][1:])
            lines[i] += ("," + ("", "yes", "no")[patient % 3] + "," + ("no", "")[patient % 2] + "," +
                         ("", "4", "24")[patient % 3])
        content = "\n".join(lines) + "\n"
        status, rows, err = self.grouped(content, "--threads", "2")
        self.assertEqual(status, 0, err)
        given = list(csv.DictReader(io.StringIO(content)))
        groups = [list(group) for _, group in itertools.groupby(given, lambda row: row["patient_id"])]
        self.assertGreater(sum(len(group) > 1 for group in groups), 50)
        answers, at = self.assess([self.record(group) for group in groups]), 0
        compared = 0
        for group, answer in zip(groups, answers):
            lesion = 0
            for row in group:
                line = rows[at]
                at += 1
                there = any(row[name] for name in row if name.partition(" [")[0] in self.LESION)
                lesion += there
                for name, cell in self.expected(answer, lesion if there else -1, line,
                                                len(group) > 1).items():
                    same = float(cell) == float(line[name]) if cell and name.endswith((".low", ".high")) \
                        else cell == line[name]
                    self.assertTrue(same, (line["patient_id"], lesion, name, cell, line[name]))
                    compared += 1
        self.assertEqual(at, len(rows))
        self.assertGreater(compared, 16000)
        self.assertTrue(any("@2" in cell for line in rows for name, cell in line.items() if name.endswith(".missing")))
        several = sum(len(group) for group in groups)
        self.assertIn(f"{several} rows", err)

    def test_blocks_and_threads(self):
        path = self.file(synthetic(6000, "--lesions", "3", "--missing", "0.1"))
        command = ("cohort", "--score", "sins,katagiri_2014", "--others", "skip", "--patient", "patient_id", path)
        one = run(*command, "--threads", "1")
        self.assertEqual(one[0], 0, one[2])
        self.assertEqual(one[1].count(b"\r\n"), 6001)
        self.assertEqual(run(*command, "--threads", "3")[1], one[1])

    def test_who_comes_back_in_a_later_line(self):
        """Also blocks later; whoever has no key, and whoever follows, does not."""
        others = "".join(f"p{i},T8\n" for i in range(5000))
        content = "patient_id,level\na,T8\na,T9\n,T8\n,T8\n" + others + "a,L1\na,L2\np7,L3\n"
        path = self.file(content)
        for threads in ("1", "3"):
            status, out, err = run("cohort", "--score", "sins", "--patient", "patient_id", "--threads", threads, path)
            self.assertEqual(status, 0, err)
            warned = [line.rsplit(":", 3)[1] for line in err.splitlines() if "warning" in line]
            self.assertEqual(warned, ["5006", "5008"])
            self.assertIn("sort the file by column patient_id", err)
            self.assertIn("taken for another patient: 2 times", err)
            self.assertNotIn("p7", err)
        status, _, err = self.score("patient_id,level\n" + others, "--patient", "patient_id", score="sins")
        self.assertNotIn("warning", err)
        status, _, err = self.score("patient_id,level\n" + others * 2, "--patient", "patient_id", score="sins")
        self.assertEqual(err.count("warning"), 20)
        self.assertIn("taken for another patient: 5000 times", err)

    def test_how_many_are_remembered(self):
        most = 1 << 21
        path = self.folder / "in.csv"
        with open(path, "w") as file:
            file.write("patient_id,level\n")
            file.writelines(f"{i},T8\n" for i in range(most + 10))
            file.write(f"5,T8\n{most + 5},T8\n")
        status, _, err = run("cohort", "--score", "sins", "--patient", "patient_id", "-o", self.out, path)
        self.assertEqual(status, 0, err)
        self.assertEqual(err.count("warning"), 1)
        self.assertIn(f"only the first {most} patients were looked for", err)

    def test_what_is_refused(self):
        head = "patient_id,age,level,survival_months,died\n"
        lines = "a,60,T8,,\na,61,T9,,\nb,70,T8,,\n"
        status, _, err = self.grouped(head + lines)
        self.assertEqual(status, 1)
        self.assertIn("in.csv:3: column age: this is not what an earlier line says", err)
        status, rows, err = self.grouped(head + lines, "--on-error", "count")
        self.assertEqual(status, 0, err)
        self.assertEqual([bool(row["problems"]) for row in rows], [False, True, False])
        self.assertIn("column age: 1 cell: lines of one patient say different things", err)
        status, rows, err = self.grouped(head + "a,60,T8,,\na,60\nb,70,T8,,\nc,70,T8,,\n", "--on-error", "count")
        self.assertEqual([bool(row["problems"]) for row in rows], [True, True, True, False])
        self.assertIn("a line beside it", rows[0]["problems"])
        status, _, err = self.grouped(head + "a,60,T8,,\n" * 3000)
        self.assertEqual(status, 1)
        self.assertIn("too many lines", err)
        self.assertEqual(self.score(head, "--patient", "nobody")[0], 1)

    def test_the_same_in_other_words(self):
        head = "patient_id,age,creatinine [umol/L],prior_chemo,level\n"
        for one, other, same in (("60,90,yes", "60.0, 90.00,1", True), ("60,90,no", "60,90,0", True),
                                 ("60,90,yes", "60,90,no", False), ("60,90,yes", "60,91,yes", False),
                                 ("60,90,yes", "60,90 umol/L,yes", False), ("60,90,yes", "60,<90,yes", False)):
            status, rows, err = self.score(f"{head}a,{one},T8\na,{other},T9\n", "--patient", "patient_id", score="sins,cockcroft_gault")
            self.assertEqual(status == 0, same, (one, other, err))
            if not same:
                self.assertIn("compared by value", err)


class Columns(Case):
    """Columns that name no fact, or nearly one."""

    def test_what_to_do_with_them(self):
        status, _, err = self.score("patient_id,level\na,T8\n")
        self.assertEqual(status, 1)
        self.assertIn("--keep patient_id", err)
        self.assertIn("--others skip", err)
        self.assertNotIn("--keep", self.score("level,collapse_pct [x]\nT8,1\n")[2])

    def test_one_that_is_passed_over_and_nearly_a_fact(self):
        status, _, err = self.score("level,sins_pian,note\nT8,none,x\n", "--others", "skip")
        self.assertEqual(status, 0, err)
        self.assertIn("in.csv:1: warning: column sins_pian: ", err)
        self.assertIn("sins_pain", err)
        self.assertEqual(err.count("warning"), 1)

    def test_lists_of_records_are_not_passed_over(self):
        for name in ("lesions", "rt_courses", "drugs", "events"):
            status, _, err = self.score(f"level,{name}\nT8,3\n", "--keep", name)
            self.assertEqual(status, 1)
            self.assertIn("lists of records", err)
        self.assertEqual(self.score("level,patients\nT8,3\n", "--keep", "patients")[0], 0)


class Shown(Case):
    """What is shown on request."""
    def test_items_and_missing_facts(self):
        content = "level,sins_pain,alignment,bone\nT8,mechanical,,\n,,,femur_neck\n"
        status, rows, err = self.score(content, "--items", "--missing", score="sins")
        self.assertEqual(status, 0, err)
        self.assertEqual(rows[0]["sins.items.location.low"], "1")
        self.assertEqual(rows[0]["sins.items.pain.high"], "3")
        self.assertEqual((rows[0]["sins.items.alignment.low"], rows[0]["sins.items.alignment.high"]), ("0", "4"))
        self.assertEqual(set(rows[0]["sins.missing"].split(";")),
                         {"lesion_type", "alignment", "collapse_pct", "body_involved_pct", "posterolateral"})
        self.assertEqual(rows[1]["sins.state"], "not_applicable")
        self.assertEqual({rows[1][name] for name in rows[1] if ".items." in name or ".missing" in name}, {""})
        plain = self.score(content, score="sins")[1]
        self.assertEqual([{name: row[name] for name in plain[0]} for row in rows], plain)

    def test_a_kept_column_is_not_called_as_one_of_the_answer(self):
        status, _, err = self.score("level,sins.low\nT8,1\n", "--keep", "sins.low", score="sins")
        self.assertEqual(status, 1)
        self.assertIn("'sins.low'", err)

    def test_blocks_and_threads(self):
        path = self.file(synthetic(6000, "--missing", "0.1"))
        command = ("cohort", "--score", "sins,katagiri_2014", "--others", "skip", "--items", "--missing", path)
        one = run(*command, "--threads", "1")
        self.assertEqual(one[0], 0, one[2])
        self.assertEqual(run(*command, "--threads", "3")[1], one[1])


class PatientBlocks(Case):
    """Where the file is cut into blocks, with lines of one patient taken together."""
    HEAD = "patient_id,level,age,note\n"

    def grouped(self, lines, *arguments):
        path = self.file(self.HEAD + lines)
        done = subprocess.run([PROGRAM, "cohort", "--score", "sins", "--others", "skip", "--patient", "patient_id",
                               *arguments, path], capture_output=True, timeout=60)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def test_a_long_note_behind_a_short_row(self):
        lines = "a,T8,60,\n" + "b,T8,60," + "x" * 20000 + "\n" + "".join(f"c{i},T8,60,\n" for i in range(5000))
        for keep in ((), ("--keep", "note")):
            status, out, err = self.grouped(lines, *keep)
            self.assertEqual(status, 0, err)
            self.assertEqual(out.count("\r\n"), 5003)

    def test_a_stray_quote_in_the_first_patient(self):
        for before in (0, 5000):
            lines = "".join(f"p{i},T8,60,\n" for i in range(before)) + 'a,T8,60,a"b"\n' + "".join(
                f"c{i},T8,60,\n" for i in range(50000))
            status, _, err = self.grouped(lines)
            self.assertEqual(status, 1)
            self.assertIn(f":{before + 2}: error: this is no CSV", err)

    def test_a_quote_that_never_ends(self):
        status, _, err = self.grouped("a,T8,60,\n" + 'b,T8,60,"' + "x\n" * (9 << 20))
        self.assertEqual(status, 1)
        self.assertRegex(err, "does (a|its) quote end")

    def test_empty_lines_are_no_lines_of_a_patient(self):
        status, out, err = self.grouped("a,T8,60,\n\r\n\n" * 900 + "b,T8,60,\n" + "\n" * 9000 + "c,T8,60,\n")
        self.assertEqual(status, 0, err)
        self.assertEqual(out.count("\r\n"), 903)
        self.assertTrue(out.splitlines()[-1].startswith("11703,"))
        status, _, err = self.grouped("a,T8,60,\n\n" * 2500 + "b,T8,60,\n")
        self.assertEqual(status, 1)
        self.assertIn("too many lines", err)

    def test_a_line_left_out_at_the_end_of_a_block(self):
        """Both neighbours are told, wherever the blocks end, also when the run goes on later."""
        for shift in range(3):
            rows = ["b,T8" if (i + shift) % 3 == 0 else f"p{i},T8,60," for i in range(9001 - shift)]
            lines = "\n".join(rows) + "\n"
            options = ("--on-error", "count", "--threads", "1")
            status, out, err = self.grouped(lines, *options)
            self.assertEqual(status, 0, err)
            answers = list(csv.DictReader(io.StringIO(out, newline="")))
            self.assertEqual(len(answers), 9001 - shift)
            alone = [row["line"] for row in answers if not row["problems"]]
            self.assertEqual(alone, ["2"] if shift == 1 else [])
            status, _, err = self.grouped(lines + 'x,T8,60,a"b"\n', *options, "-o", self.out)
            self.assertEqual(status, 1)
            self.assertIn("--resume goes on behind it", err)
            status, _, err = self.grouped(lines, *options, "-o", self.out, "--resume")
            self.assertEqual(status, 0, err)
            self.assertIn("going on at line", err)
            self.assertEqual(self.out.read_bytes().decode(), out)


class Trouble(Case):
    def test_each_problem_of_a_line_is_told(self):
        content = HEADER + "\n" + GOOD.format(1) + "\n" + "p2,T8,mechani"
        rows, err = self.count(content)
        self.assertIn("3 fields", rows[1]["problems"])
        self.assertIn("no end", rows[1]["problems"])

    def test_a_map_that_cannot_be_read(self):
        status, _, err = self.score(HEADER + "\n", "--map", self.folder)
        self.assertEqual(status, 1)
        self.assertIn("the map cannot be read", err)

    def test_no_target_is_dropped(self):
        status, _, err = self.score(HEADER + "\n", score="sins," * 300 + "no_such_score")
        self.assertEqual(status, 1)
        self.assertIn("no_such_score", err)

    def test_the_state_cannot_be_written(self):
        """Nothing is said to be kept that cannot be gone on with."""
        (self.folder / "out.csv.part.state.new").mkdir()
        path = self.file(synthetic(9000))
        status, _, err = run("cohort", "--score", "sins", "--others", "skip", "-o", self.out, path)
        self.assertEqual(status, 1)
        self.assertIn("state of the run cannot be written", err)
        self.assertNotIn("--resume", err)
        self.assertFalse((self.folder / "out.csv.part").exists())


class ScoreInC(Case):
    """The example in C refuses what it has no room for; it never loses a row in silence."""
    HEAD = "id,level\n"

    def by_c(self, content, targets="sins", out=subprocess.PIPE):
        done = subprocess.run([SCORE, targets], input=content.encode(), stdout=out, stderr=subprocess.PIPE,
                              timeout=60)
        return done.returncode, done.stdout, done.stderr.decode()

    def test_what_is_refused(self):
        rows = "p,T8\n" * 3
        for content, word in ((self.HEAD + rows + "p\n" + rows, "line 5: the number of fields"),
                              (self.HEAD + rows + "p,T8,\n" + rows, "line 5: the number of fields"),
                              (self.HEAD + rows + "p" * 5000 + ",T8\n", "line 5: the line is too long"),
                              (self.HEAD + ("p" * 2000 + ",T8\n") * 40, "line 34: the cells of a column"),
                              (self.HEAD + rows + "p\0,T8\n", "line 5: the line is not text"),
                              ("level" + ",x" * 64 + "\n" + "T8" + "," * 64 + "\n", "too many columns"),
                              ("", "nothing")):
            status, _, err = self.by_c(content)
            self.assertEqual(status, 1, word)
            self.assertIn(word, err)
        status, _, err = self.by_c(self.HEAD + rows, ",".join(["sins"] * 17))
        self.assertEqual(status, 1)
        self.assertIn("at most 16", err)

    def test_errors_of_the_files(self):
        with open("/dev/full", "wb") as full:
            status, _, err = self.by_c(self.HEAD + "p,T8\n", out=full)
        self.assertEqual(status, 1)
        self.assertIn("could not be written", err)
        folder = os.open(self.folder, os.O_RDONLY)
        self.addCleanup(os.close, folder)
        done = subprocess.run([SCORE, "sins"], stdin=folder, capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"cannot be read", done.stderr)

    def test_empty_lines_and_a_last_line_without_end(self):
        content = self.HEAD + "p,T8\r\n\r\n\np,T9"
        status, out, err = self.by_c(content)
        self.assertEqual(status, 0, err)
        self.assertEqual(out, run("cohort", "--score", "sins", "--others", "skip", "-", stdin=content.encode())[1])


class SameBytes(Case):
    """One cohort from the program and from C, through files of the same form."""
    SCORES = "sins,mirels,tokuhashi_2005,katagiri_2014,cockcroft_gault,spine_selection.strategy"

    def test_program_and_c(self):
        path = self.file(synthetic(6000, "--missing", "0.1"))
        status, out, err = run("cohort", "--score", self.SCORES, "--others", "skip", path)
        self.assertEqual(status, 0, err)
        with path.open("rb") as file:
            by_c = subprocess.run([SCORE, self.SCORES], stdin=file, capture_output=True, check=True)
        self.assertEqual(by_c.stdout.count(b"\r\n"), 6001)
        self.assertEqual(by_c.stdout, out)


if __name__ == "__main__":
    if "built without libcsv" in run("cohort", "--score", "sins", "-", stdin=b"")[2]:
        print("the program was built without libcsv")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1] + sys.argv[4:], verbosity=2)
