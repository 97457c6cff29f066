#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The program as a user meets it. usage: program.py PROGRAM RULES PATIENTS"""
import csv
import datetime
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM, RULES, PATIENTS = (pathlib.Path(p).resolve() for p in sys.argv[1:4])

TOP = {"bonemets", "digest", "guidelines", "results", "choices", "advice", "overall", "missing",
       "assumed"}
RESULT = {"id", "lesion", "state", "low", "high", "band", "bands", "items", "missing"}
ITEM = {"id", "state", "low", "high"}
EVIDENCE = {"precedence", "urgency", "within_h", "strength", "certainty", "verified", "source", "because",
            "facts", "missing"}
CHOICE = {"guideline", "id", "lesion", "state", "value", "possible", "row"} | EVIDENCE
ADVICE = {"guideline", "row", "do", "warn"} | EVIDENCE


def run(*arguments, stdin=None):
    done = subprocess.run([PROGRAM, *map(str, arguments)], input=stdin, capture_output=True,
                          text=True, encoding="utf-8", timeout=60)
    return done.returncode, done.stdout, done.stderr


def assess(record, *arguments):
    status, out, err = run("assess", "--format", "json", *arguments, "-", stdin=record)
    assert status == 0, err
    return json.loads(out)


def entry(entries, name, lesion=1):
    return next(e for e in entries if e["id"] == name and e["lesion"] == lesion)


class Outlook(unittest.TestCase):
    def ask(self, *arguments):
        status, out, err = run("assess", *arguments, PATIENTS / "several_lesions.yaml")
        return status, out, err

    def test_what_would_change_a_score(self):
        status, out, err = self.ask("--what-if", "sins@1", "--format", "json")
        self.assertEqual(status, 0, err)
        answer = json.loads(out)
        self.assertEqual(answer["what_if"]["low"], 14)
        pain = next(c for c in answer["changes"]
                    if c["fact"] == "sins_pain" and c["to"]["value"] == "none")
        self.assertEqual((pain["from"]["value"], pain["then"]["low"], pain["lesion"]),
                         ("mechanical", 11, 1))
        sizes = [c["size"] for c in answer["changes"]]
        self.assertEqual(sizes, sorted(sizes))

    def test_what_would_change_a_choice(self):
        status, out, err = self.ask("--what-if", "mscc_triage.steroid")
        self.assertEqual(status, 0, err)
        self.assertIn("Now: ", out)
        for line in out.splitlines():
            self.assertLessEqual(len(line), 100)

    def test_what_to_ask_next(self):
        status, out, err = self.ask("--next", "3", "--format", "json")
        self.assertEqual(status, 0, err)
        questions = json.loads(out)["questions"]
        self.assertEqual(len(questions), 3)
        for question in questions:
            self.assertTrue(question["answers"])
            self.assertLessEqual(question["excludes"]["least"], question["excludes"]["most"])

    def test_what_cannot_be_asked(self):
        for arguments, message in [(("--what-if", "sins"), "more than one"),
                                   (("--what-if", "sinz@1"), "did you mean 'sins'?"),
                                   (("--what-if", "tomita"), "did you mean 'tomita_2001'?"),
                                   (("--what-if", "foo"), "equation or choice 'foo'\n"),
                                   (("--what-if", "sins@9"), "no such record: 'sins@9'; 'sins' is answered "
                                                             "for record 1, record 2, record 3\n"),
                                   (("--what-if", "sins@x"), "ID@RECORD")]:
            status, out, err = self.ask(*arguments)
            self.assertEqual(status, 1)
            self.assertIn(message, err)
            self.assertEqual(err.count("\n"), 1, err)
        for arguments in (("--next", "0"), ("--next", "3", "--what-if", "sins@1")):
            self.assertEqual(self.ask(*arguments)[0], 2)


class Assess(unittest.TestCase):
    def patients(self):
        files = sorted(p for p in PATIENTS.iterdir() if p.suffix in (".yaml", ".json"))
        self.assertGreaterEqual(len(files), 6)
        return files

    def test_text_of_every_sample_fits_100_columns(self):
        for path in self.patients():
            for full in ([], ["--full"]):
                status, out, err = run("assess", *full, path)
                self.assertEqual(status, 0, err)
                self.assertTrue(out.strip())
                for line in out.splitlines():
                    self.assertLessEqual(len(line), 100, f"{path.name}: {line}")

    def test_a_page_is_shorter_than_the_full_text(self):
        for path in self.patients():
            short, full = (run("assess", *more, path)[1].splitlines() for more in ([], ["--full"]))
            self.assertLess(len(short), len(full) / 2, path.name)
            self.assertEqual(short[0], full[0], path.name)

    def test_every_work_that_the_page_names_is_listed_in_it(self):
        for path in self.patients():
            text = " ".join(run("assess", path)[1].split())
            body, listed = text.split("Sources -------")
            # "(strong, certainty low, two sources; NG234, QS56)" and "[two sources; fisher2010]"
            named = {key for keys in re.findall(
                r"(?:two sources|one source|memory|project rule|mixed); ([A-Za-z0-9_, ]+)[\])]", body)
                for key in keys.split(", ")}
            self.assertTrue(named)
            self.assertEqual([key for key in sorted(named) if key + ": " not in listed], [],
                             path.name)

    def test_markdown(self):
        for path in self.patients():
            status, out, err = run("assess", "--format", "markdown", path)
            self.assertEqual(status, 0, err)
            self.assertRegex(out, "^# ")
            self.assertIn("\n## What is known\n", out)
            for line in out.splitlines():
                plain = re.sub(r"\\.", "", line)
                self.assertNotRegex(plain, "[<>]", path.name)
                if line.startswith("|"):
                    self.assertEqual(plain.count("|"), 6, line)
                else:
                    self.assertNotIn("|", plain, path.name)

    def test_full_is_of_text(self):
        status, _, err = run("assess", "--full", "--format", "json", "-", stdin="spinal_pain: yes")
        self.assertEqual(status, 2)
        self.assertIn("json", err)
        self.assertEqual(run("explain", "--format", "markdown", "sins")[0], 2)

    def test_json_of_every_sample_keeps_the_contract(self):
        for path in self.patients():
            answer = assess(path.read_text(encoding="utf-8"))
            self.assertLessEqual(TOP, set(answer), path.name)
            self.assertRegex(answer["digest"], "^[0-9a-f]{64}$")
            for result in answer["results"]:
                self.assertLessEqual(RESULT, set(result), path.name)
                self.assertIn(result["state"], ("known", "partly", "unknown", "not_applicable"))
                for item in result["items"]:
                    self.assertLessEqual(ITEM, set(item), path.name)
            for choice in answer["choices"]:
                self.assertLessEqual(CHOICE, set(choice), path.name)
                self.assertIn(choice["state"], ("known", "provisional", "none"))
            for row in answer["advice"]:
                self.assertLessEqual(ADVICE, set(row), path.name)

    def test_every_source_that_the_text_names_is_listed_in_it(self):
        for path in self.patients():
            text = " ".join(run("assess", "--full", path)[1].split())
            listed = text[text.index("Tables and sources"):]
            answer = json.loads(run("assess", "--format", "json", path)[1])
            named = {key for result in answer["results"] if result["state"] in ("known", "partly")
                     for key in result["source"][:2]}
            self.assertEqual([key for key in sorted(named) if "- %s:" % key not in listed], [],
                             path.name)

    def test_same_input_same_bytes(self):
        for path in self.patients():
            first, second = (run("assess", "--format", "json", path) for _ in range(2))
            self.assertEqual(first, second)

    def test_standard_input_and_a_file_answer_alike(self):
        path = self.patients()[0]
        self.assertEqual(json.loads(run("assess", "--format", "json", path)[1]),
                         assess(path.read_text(encoding="utf-8")))

    def test_yaml_and_json_records_answer_alike(self):
        yaml = "spinal_pain: yes\nlesions:\n  - {level: T12, sins_pain: mechanical}\n"
        plain = json.dumps({"spinal_pain": True, "lesions": [{"level": "T12", "sins_pain": "mechanical"}]})
        self.assertEqual(assess(yaml), assess(plain))

    def test_one_guideline(self):
        answer = assess("lesions: [{level: T12}]", "--guideline", "sins")
        self.assertEqual({r["id"] for r in answer["results"]}, {"sins"})
        status, _, err = run("assess", "--guideline", "sins", "--guideline=mirels", "-", stdin="")
        self.assertEqual(status, 2, err)
        self.assertIn("--guideline", err)
        status, _, err = run("assess", "--guideline", "sinns", "-", stdin="spinal_pain: yes")
        self.assertEqual(status, 1)
        self.assertIn("sinns", err)

    def test_several_patients(self):
        files = self.patients()[:2]
        status, out, err = run("assess", *files)
        self.assertEqual(status, 0, err)
        for path in files:
            self.assertIn(path.name, out)

    def test_a_profile_that_does_not_exist(self):
        status, _, err = run("assess", "--profile", "atlantis_1999", "-", stdin="spinal_pain: yes")
        self.assertEqual(status, 1)
        self.assertIn("nice_2023", err)


class Usage(unittest.TestCase):
    def test_wrong_usage_is_status_2(self):
        for arguments in ([], ["no_such_command"], ["assess"], ["assess", "--no-such-option", "-"],
                          ["assess", "--format", "poem", "-"], ["assess", "--rules"],
                          ["cohort", "--score", "sins", "--others", "ignore", "-"],
                          ["cohort", "--score", "sins", "--skip-others", "-"]):
            status, out, err = run(*arguments, stdin="")
            self.assertEqual(status, 2, arguments)
            self.assertTrue(err.strip(), arguments)

    def test_a_reader_who_has_enough(self):
        with subprocess.Popen([PROGRAM, "facts", "--format", "json"], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as program:
            self.assertTrue(program.stdout.readline())
            program.stdout.close()
            self.assertEqual(program.stderr.read(), b"")

    def test_help_is_status_0(self):
        status, out, _ = run("--help")
        self.assertEqual(status, 0)
        for word in ("assess", "check", "explain", "facts"):
            self.assertIn(word, out)


class Tables(unittest.TestCase):
    RECORD = ("lesions:\n  - {level: L3, sins_pain: none, lesion_type: blastic, alignment: normal,"
              " collapse_pct: 0, body_involved_pct: 10, posterolateral: none}\n")

    def copy(self, folder):
        rules = pathlib.Path(folder, "rules")
        shutil.copytree(RULES, rules)
        return rules

    def test_check_runs_the_worked_examples(self):
        status, out, err = run("check")
        self.assertEqual(status, 0, err)
        self.assertRegex(out, r"\d+")
        self.assertEqual(run("check", RULES)[0], 0)

    MY_TABLE = """guideline: walk_risk
title: Walking
edition: "1"
status: on
verified: project_rule
purpose: to try
sources:
  me: {cite: 'Me 1', year: 2026}
scores:
  walk_risk:
    label: walk risk
    direction: higher_is_worse
    range: 0..2
    items:
      age: {label: age, of: age, points: {0..69: 0, 70..120: 2}}
    bands:
      low: {total: 0..1, label: low}
      high: {total: 2..2, label: high}
examples:
  - {id: W-1, given: {age: 80}, expect: {walk_risk: 2}}
"""

    def test_a_table_beside_the_embedded_ones(self):
        with tempfile.TemporaryDirectory() as folder:
            mine = pathlib.Path(folder, "mine.yaml")
            mine.write_text(self.MY_TABLE, encoding="utf-8")
            status, out, err = run("check", "--add", mine)
            self.assertEqual((status, err), (0, ""))
            self.assertIn(" 0 failed; 0 warnings", out)
            both = assess("age: 80\n" + self.RECORD, "--add", mine)["results"]
            self.assertEqual(entry(both, "walk_risk", 0)["low"], 2)
            self.assertEqual(entry(both, "sins")["state"], "known")
            self.assertIn("walk_risk", run("explain", "--add", mine, "walk_risk")[1])
            status, _, err = run("check", mine)
            self.assertEqual(status, 1)
            self.assertIn("--add", err)
            self.assertEqual(run("explain", "--add", mine, "--rules", mine)[0], 2)
            self.assertEqual(run("check", "--add", mine, mine)[0], 2)

    def test_a_failing_example_comes_before_warnings(self):
        with tempfile.TemporaryDirectory() as folder:
            rules = pathlib.Path(folder)
            shutil.copytree(RULES / "facts", rules / "facts")
            text = self.MY_TABLE.replace("walk_risk: 2}}", "walk_risk: 1}}")
            (rules / "mine.yaml").write_text(text, encoding="utf-8")
            status, out, err = run("check", rules)
        self.assertEqual(status, 1)
        self.assertIn("example W-1: expected 1, found 2", err.splitlines()[0])
        self.assertLess(len(err.splitlines()), 8, "facts that no table reads are told in few lines")
        self.assertIn("more facts of the vocabulary", err)

    def test_the_folder_and_the_embedded_tables_are_the_same(self):
        self.assertEqual(assess(self.RECORD), assess(self.RECORD, "--rules", RULES))

    def test_a_changed_point_changes_the_answer_and_the_digest(self):
        before = assess(self.RECORD)
        with tempfile.TemporaryDirectory() as folder:
            rules = self.copy(folder)
            table = next(rules.rglob("sins.yaml"))
            text = table.read_text(encoding="utf-8")
            self.assertEqual(text.count("mobile: 2"), 1)
            table.write_text(text.replace("mobile: 2", "mobile: 1"), encoding="utf-8")
            after = assess(self.RECORD, "--rules", rules)
            status, out, err = run("check", rules)
        sins = [entry(answer["results"], "sins") for answer in (before, after)]
        self.assertEqual(sins[0]["state"], "known")
        self.assertEqual(sins[1]["low"], sins[0]["low"] - 1)
        self.assertNotEqual(before["digest"], after["digest"])
        self.assertEqual(status, 1, "a worked example must notice it")

    def test_explain_every_guideline(self):
        for guideline in assess("spinal_pain: yes")["guidelines"]:
            status, out, err = run("explain", guideline["id"])
            self.assertEqual(status, 0, err)
            self.assertIn(guideline["id"], out.lower())
            for line in out.splitlines():
                self.assertLessEqual(len(line), 100, line)

    def test_explain_suggests_a_name(self):
        status, _, err = run("explain", "sinns")
        self.assertEqual(status, 1)
        self.assertIn("sins", err)

    def test_explain_takes_any_letters_and_words(self):
        for word in ("SINS", "Sins"):
            self.assertEqual(run("explain", word), run("explain", "sins"))
        self.assertEqual(run("explain", "mscc-01"), run("explain", "MSCC-01"))
        status, out, err = run("explain", "Tokuhashi")
        self.assertEqual((status, err), (0, ""))
        self.assertRegex(out, r"(?m)^  tokuhashi_2005 +Revised Tokuhashi")
        self.assertRegex(out, r"(?m)^  tokuhashi_total ")
        status, out, err = run("explain", "sorg")
        self.assertIn("  not_computable ", out)
        self.assertEqual(run("explain", "no such word at all")[0], 1)
        self.assertEqual(run("explain", "Tokuhashi", "--format", "json")[0], 1)

    def test_explain_a_source(self):
        status, out, err = run("explain", "NG234")
        self.assertEqual((status, err), (0, ""))
        self.assertIn("- NG234: NICE NG234, spinal metastases", out)
        self.assertRegex(out, r"Used by: [^-]*mscc_triage")
        self.assertEqual(out.count("- NG234: NICE NG234, spinal"), 1)
        status, out, err = run("explain", "NG234", "--format", "json")
        entries = json.loads(out)
        self.assertIn("mscc_triage", [entry["guideline"] for entry in entries])
        self.assertEqual({entry["key"] for entry in entries}, {"NG234"})

    def test_facts_with_a_word(self):
        status, out, err = run("facts", "pain")
        self.assertEqual((status, err), (0, ""))
        self.assertRegex(out, r"(?m)^  spinal_pain +pain in the neck or back$")
        self.assertRegex(out, r"(?m)^  neuro_features +radicular_pain_unilateral$")
        status, _, err = run("facts", "lesion_typ")
        self.assertEqual(status, 0)
        status, _, err = run("facts", "leson_type")
        self.assertEqual(status, 1)
        self.assertIn("did you mean 'lesion_type'?", err)

    def test_facts_begin_with_the_patient(self):
        ids = [line.split()[0] for line in run("facts")[1].splitlines() if line.startswith("  ")]
        place = [ids.index(name) for name in ("age", "neuro_features", "primary", "weight", "crp",
                                              "days_from_reference")]
        self.assertLess(place[0], place[1])
        self.assertLess(place[1], place[2])
        self.assertLess(place[2], place[4])
        self.assertLess(place[4], place[5])
        self.assertIn("[] means looked for", run("facts", "neuro_features")[1])
        self.assertNotIn("[] means looked for", run("facts", "rt_lesion")[1])

    def test_facts(self):
        status, out, err = run("facts")
        self.assertEqual(status, 0, err)
        self.assertIn("lesion_type", out)
        status, out, err = run("facts", "lesion_type")
        self.assertEqual(status, 0, err)
        self.assertIn("blastic", out)
        for arguments in (["facts"], ["facts", "lesion_type"]):
            status, out, err = run(*arguments, "--format", "json")
            self.assertEqual(status, 0, err)
            json.loads(out)


class Deadlines(unittest.TestCase):
    """What is left of limits, against Python's own calendar."""
    RECORD = ("{cancer_status: known_active, clinician_suspects_mscc: yes, neuro_symptoms: no, "
              "neuro_features: [], mscc_suspected_at: %s, clock_now: %s}")

    def choice(self, record, *arguments):
        answer = assess(record, "--guideline", "mscc_triage", *arguments)
        return entry(answer["choices"], "imaging_within_h", 0)["deadline"], answer["overall"]

    def pairs(self):
        random = __import__("random").Random(1582)
        days = ["2000-02-28", "2000-02-29", "2000-03-01", "2024-02-29", "2026-02-28", "2026-12-31",
                "2099-02-28", "2027-01-01", "2026-03-29", "2026-10-25", "2028-12-31", "2026-04-30"]
        times = ["00:00", "00:00:01", "23:59", "23:59:59", "02:30", "12:00"]
        for day in days:
            start = datetime.datetime.fromisoformat(day + "T" + random.choice(times))
            yield start, start + datetime.timedelta(hours=24)
            yield start, start + datetime.timedelta(seconds=random.randrange(10**random.randrange(2, 8)))

    def test_against_another_calendar(self):
        with tempfile.TemporaryDirectory() as folder:
            files, pairs = [], list(self.pairs())
            for number, pair in enumerate(pairs):
                files.append(pathlib.Path(folder, "%d.yaml" % number))
                files[-1].write_text(self.RECORD % tuple(at.isoformat() for at in pair))
            status, out, err = run("assess", "--format", "json", "--guideline", "mscc_triage", *files)
            self.assertEqual(status, 0, err)
            for (start, now), answer in zip(pairs, json.loads(out)):
                told = entry(answer["choices"], "imaging_within_h", 0)["deadline"]
                due = start + datetime.timedelta(hours=24)
                self.assertEqual(datetime.datetime.fromisoformat(told["due_low"]), due, (start, now))
                self.assertEqual(told["due_low"], told["due_high"])
                self.assertAlmostEqual(told["left_low_h"], (due - now).total_seconds() / 3600, 9)
                self.assertEqual(told["overdue"], now > due)

    def test_the_present_as_an_option(self):
        record = self.RECORD % ("2026-11-21T08:00", "2026-11-21T08:00")
        told, overall = self.choice(record, "--now", "2026-11-22T09:00")
        self.assertEqual(told, {"overdue": True, "left_low_h": -1, "left_high_h": -1,
                                "due_low": "2026-11-22T08:00", "due_high": "2026-11-22T08:00"})
        self.assertEqual(overall["deadline"], told)
        self.assertEqual(overall["left_row"], "MSCC-05")
        text = run("assess", "--guideline", "mscc_triage", "--now=2026-11-21T20:30", "-", stdin=record)[1]
        self.assertIn("11.5 h left, due 2026-11-22T08:00", " ".join(text.split()))
        text = run("assess", "--guideline", "mscc_triage", "--now=2026-11-22T09:00", "-", stdin=record)[1]
        self.assertIn("OVERDUE by 1 h, due 2026-11-22T08:00", " ".join(text.split()))

    def test_without_a_present(self):
        told, overall = self.choice("{cancer_status: known_active, clinician_suspects_mscc: yes, "
                                    "neuro_symptoms: no, neuro_features: [], hours_since_suspicion: 20}")
        self.assertEqual(told, {"overdue": False, "left_low_h": 4, "left_high_h": 4,
                                "due_low": None, "due_high": None})
        told, overall = self.choice("{cancer_status: known_active, clinician_suspects_mscc: yes, "
                                    "neuro_symptoms: no, neuro_features: []}", "--now", "2026-11-22")
        self.assertIsNone(told)
        self.assertIsNone(overall["deadline"])
        self.assertIsNone(overall["left_row"])


HEADER = ("id,level,sins_pain,lesion_type,alignment,collapse_pct [%],body_involved_pct [%],"
          "posterolateral\n")
KNOWN = "p1,T8,mechanical,lytic,normal,40,10,bilateral\n"


def cohort(text, *arguments):
    """Exit status, rows of the answer, standard error. The text is bytes or text."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = pathlib.Path(folder, "in.csv"), pathlib.Path(folder, "out.csv")
        source.write_bytes(text if isinstance(text, bytes) else text.encode())
        status, out, err = run("cohort", "--score", "sins", "-o", target, *arguments, source)
        rows = None
        if target.exists():
            with open(target, newline="", encoding="utf-8") as file:
                rows = list(csv.DictReader(file))
        leftovers = [p.name for p in pathlib.Path(folder).iterdir()]
        assert not [name for name in leftovers if name.endswith(".part")], leftovers
    return status, rows, err.replace(str(source), "in.csv")


@unittest.skipIf("built without libcsv" in run("cohort", "--score", "sins", "-", stdin="")[2],
                 "the program was built without libcsv")
class Cohort(unittest.TestCase):
    def refused(self, text, *words, arguments=("--keep", "id")):
        status, rows, err = cohort(text, *arguments)
        self.assertEqual(status, 1, err)
        self.assertIsNone(rows)
        for word in words:
            self.assertIn(word, err)

    def test_scores_complete_and_incomplete_lines(self):
        status, rows, err = cohort(HEADER + KNOWN + "p2,T12,,lytic,normal,80,10,none\n", "--keep", "id")
        self.assertEqual(status, 0, err)
        self.assertEqual([row["id"] for row in rows], ["p1", "p2"])
        self.assertEqual([row["line"] for row in rows], ["2", "3"])
        self.assertEqual((rows[0]["sins.low"], rows[0]["sins.state"]), ("11", "known"))
        self.assertEqual((rows[1]["sins.state"], rows[1]["sins.low"]), ("partly", "8"))
        self.assertIn("2 rows, 2 of them evaluated by columns", err)
        self.assertRegex(err, "tables [0-9a-f]{64}")
        self.assertNotIn("\r", err)

    def test_answers_as_a_single_patient(self):
        _, rows, _ = cohort(HEADER + KNOWN, "--keep", "id")
        alone = entry(assess("lesions: [{level: T8, sins_pain: mechanical, lesion_type: lytic, "
                             "alignment: normal, collapse_pct: 40 %, body_involved_pct: 10 %, "
                             "posterolateral: bilateral}]")["results"], "sins")
        self.assertEqual(float(rows[0]["sins.low"]), alone["low"])

    def test_line_ends_marks_and_quotes(self):
        text = "\ufeff" + HEADER + KNOWN.replace("p1", '"p ""1""\nsecond"') + "\n" + KNOWN
        for ending in ("\n", "\r\n"):
            status, rows, err = cohort(text.replace("\n", ending), "--keep", "id")
            self.assertEqual(status, 0, err)
            self.assertEqual([row["line"] for row in rows], ["2", "5"])
            self.assertEqual(rows[0]["id"].replace("\r", ""), 'p "1"\nsecond')
        self.assertIn("the last line has no end", cohort(text.rstrip(), "--keep", "id")[2])

    def test_bad_cells_are_told_by_line_and_column(self):
        bad = KNOWN + KNOWN.replace("T8", "T13") + KNOWN.replace("40", "400")
        self.refused(HEADER + bad, "in.csv:3: column level: this is refused",
                     "in.csv:4: column collapse_pct [%]: this is out of range")
        status, rows, err = cohort(HEADER + bad, "--keep", "id", "--on-error", "count")
        self.assertEqual(status, 0, err)
        self.assertEqual([row["sins.state"] for row in rows], ["known", "partly", "partly"])
        self.assertIn("taken as unknown: column level: 1 cell:", err)

    def test_broken_files(self):
        self.refused(HEADER + KNOWN + "p2,T1", "in.csv:3: error: 2 fields")
        self.refused((HEADER + KNOWN).encode() + KNOWN.replace("mech", "m\xe9ch").encode("latin-1"),
                     "in.csv:3: column sins_pain: the text is not UTF-8")
        self.refused((HEADER + KNOWN).replace("\n", "\r"), "lone carriage returns")
        self.refused(HEADER + KNOWN + KNOWN.replace("T8", '"T8'), "in.csv:3: error: this is no CSV")
        self.refused(HEADER.replace(",", ";"), "--delimiter ';'", arguments=())
        self.refused((HEADER + KNOWN).encode("utf-16"), "UTF-16")
        self.refused("", "the file is empty")
        status, rows, err = cohort(HEADER + KNOWN + "p2\n" + KNOWN, "--keep", "id", "--on-error", "count")
        self.assertEqual([row["line"] for row in rows], ["2", "3", "4"])
        self.assertEqual([row["sins.state"] for row in rows], ["known", "", "known"])
        self.assertIn("1 fields", rows[1]["problems"])
        self.assertIn("not scored: 1 line with a wrong number of fields, the first is 3", err)

    def test_names(self):
        self.refused("levl\nT8\n", "did you mean 'level'?", arguments=())
        self.refused(HEADER.replace(" [%]", "") + KNOWN, "the unit is missing")
        status, rows, err = cohort(HEADER + KNOWN.replace("mechanical", "NA"), "--others", "skip",
                                   "--unknown", "NA")
        self.assertEqual(rows[0]["sins.state"], "partly")
        self.assertIn("not read: column id", err)

    def test_a_map(self):
        with tempfile.TemporaryDirectory() as folder:
            names = pathlib.Path(folder, "map")
            names.write_text("# names\nV 1 = level\nV2 = collapse_pct [%]\nid =\n")
            status, rows, err = cohort("id,V 1,V2\n7,T8,40\n", "--map", names)
            self.assertEqual((status, rows[0]["sins.state"]), (0, "partly"), err)
            names.write_text("V1 = levl\n")
            self.assertEqual(cohort("V1\nT8\n", "--map", names)[0], 1)

    def test_usage(self):
        for arguments in ([], ["--score", "sins"], ["--score", "sins", "a", "b"],
                          ["--score", "sins", "--on-error", "guess", "a"],
                          ["--score", "sins", "--delimiter", "ab", "a"]):
            self.assertEqual(run("cohort", *arguments)[0], 2, arguments)
        self.assertEqual(run("cohort", "--score", "sinns", "-", stdin="level\n")[0], 1)
        self.assertIn("--on-error", run("cohort", "--help")[1])

    def test_many_lines(self):
        status, rows, err = cohort(HEADER + KNOWN * 9000, "--keep", "id")
        self.assertEqual((status, len(rows)), (0, 9000))
        self.assertEqual({row["sins.low"] for row in rows}, {"11"})
        self.assertEqual(rows[-1]["line"], "9001")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
