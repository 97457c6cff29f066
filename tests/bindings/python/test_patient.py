# SPDX-License-Identifier: Apache-2.0
"""One patient: what is entered, what is answered, and what is refused."""
import datetime
import json
import pathlib
import tempfile
import unittest

import bonemets

RULES = bonemets.load()
LESION = {"level": "T12", "sins_pain": "mechanical", "lesion_type": "lytic"}


class Loading(unittest.TestCase):
    def test_what_is_built_in(self):
        self.assertEqual(len(RULES.digest), 64)
        self.assertIn("sins", [g.id for g in RULES.guidelines])
        for id, option in (("must", "with_restricted"), ("steroid_equivalence", "include_unverified")):
            with self.assertRaises(bonemets.Error):
                RULES.assess({}, id)
            bonemets.load(**{option: True}).assess({}, id)
        self.assertEqual([g.id for g in bonemets.load(only="sins").guidelines], ["sins"])
        self.assertIn("SINS", RULES.explain("sins"))
        self.assertEqual(RULES.facts("level")["type"], "code")
        self.assertIn(RULES.digest[:12], repr(RULES))

    def test_broken_tables(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "broken.yaml")
            file.write_text("vocabulary: x\nfacts:\n  a: {type: nothing}\n")
            with self.assertRaises(bonemets.Error) as caught:
                bonemets.load(folder)
            self.assertEqual(caught.exception.file, str(file))
            self.assertEqual(caught.exception.line, 3)
            self.assertEqual(caught.exception.code, "rule")
            self.assertGreater(caught.exception.column, 1)
        with self.assertRaises(bonemets.Error) as caught:
            bonemets.load("no/such/folder")
        self.assertEqual(caught.exception.status, bonemets.Status.IO)
        with self.assertRaises(bonemets.Error) as caught:
            bonemets.load(only="sinz")
        self.assertEqual(caught.exception.code, "fact")


class Answers(unittest.TestCase):
    def setUp(self):
        self.answer = RULES.assess({"lesions": [LESION]}, "sins")

    def test_a_score(self):
        sins = self.answer.result("sins")
        self.assertEqual((sins.low, sins.high, sins.state, sins.band, sins.lesion), (8, 18, "partly", None, 1))
        self.assertEqual(self.answer.result("sins", 1), sins)
        self.assertIn("posterolateral", sins["missing"])
        self.assertEqual(json.loads(self.answer.to_json()), self.answer.to_dict())
        self.assertEqual(self.answer.digest, RULES.digest)
        self.assertEqual([m.fact for m in self.answer.missing][:1], ["alignment"])
        with self.assertRaises(KeyError):
            self.answer.result("mirels")
        with self.assertRaises(AttributeError):
            sins.nothing

    def test_several_lesions(self):
        answer = RULES.assess({"lesions": [LESION, {"level": "L1"}]}, "sins")
        self.assertEqual(answer.result("sins", 2).lesion, 2)
        with self.assertRaisesRegex(KeyError, "sins.sins@1, sins.sins@2"):
            answer.result("sins")

    def test_what_a_person_sees(self):
        self.assertIn("sins@1: 8 to 18", repr(self.answer))
        self.assertIn("missing: alignment@1", repr(self.answer))
        self.assertIn("SINS", str(self.answer))
        self.assertIn("<td style='text-align:left'>8 to 18</td>", self.answer._repr_html_())
        self.assertIn("# Assessment", self.answer._repr_markdown_())
        self.assertGreater(len(self.answer.to_text(full=True)), len(self.answer.to_text()) // 2)

    def test_html_is_escaped(self):
        from bonemets._html import _table
        self.assertIn("&lt;script&gt;", _table("<script>", ["<script>"], [["<script>"]]))
        self.assertNotIn("<script>", _table("<script>", ["<script>"], [["<script>"]]))

    def test_pathways(self):
        whole = RULES.assess({"primary": "breast", "lesions": [{"level": "T8"}], "cord_compression_suspected": True}
                             if RULES._core.fact("cord_compression_suspected") else {"lesions": [{"level": "T8"}]})
        self.assertTrue(whole.choices)
        self.assertTrue(whole.advice)
        self.assertTrue(whole.sources)
        self.assertTrue(whole.statement)
        self.assertEqual(whole.choice("spine_selection.strategy", 1).guideline, "spine_selection")
        self.assertIn("</div>", whole._repr_html_())

    def test_what_if_and_what_next(self):
        changes = self.answer.what_if("sins").changes
        self.assertIn("alignment", [c.fact for c in changes])
        self.assertEqual(len(self.answer.next_questions(2)), 2)
        with self.assertRaises(KeyError):
            self.answer.what_if("mirels")


class Patients(unittest.TestCase):
    def test_facts_one_by_one(self):
        patient = bonemets.Patient(rules=RULES, now="2026-11-22T08:00", profile="dutch_2015")
        lesion = patient.add(level="T12", sins_pain="mechanical")
        patient.set("lesion_type", ["lytic", "mixed"], lesion=lesion)
        patient.set("collapse_pct", (55, 60), "%", lesion=lesion)
        patient.set("age", 61)
        patient.set("neuro_features", ["limb_weakness"])
        patient.set("neuro_features", [])
        patient.set("age", None)
        sins = patient.assess("sins").result("sins")
        self.assertEqual((sins.low, sins.high), (10, 18))
        patient.set("alignment", "normal", lesion=lesion)
        patient.set("posterolateral", "none", lesion=lesion)
        sins = patient.assess("sins").result("sins")
        self.assertEqual((sins.low, sins.high), (10, 11))

    def test_records_as_text_and_file(self):
        text = "lesions: [{level: T12, sins_pain: mechanical, lesion_type: lytic}]"
        expected = RULES.assess({"lesions": [LESION]}, "sins").to_json()
        self.assertEqual(bonemets.Patient.parse(text, rules=RULES).assess("sins").to_json(), expected)
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "patient.yaml")
            path.write_text(text)
            self.assertEqual(bonemets.Patient.read(path, rules=RULES).assess("sins").to_json(), expected)

    def test_instants(self):
        at = datetime.datetime(2026, 11, 21, 8)
        answer = RULES.assess({"lesions": [{"level": "T8"}]}, "mscc_triage", now=at)
        self.assertTrue(answer.to_json())
        with self.assertRaises(TypeError):
            bonemets.Patient(rules=RULES, now=at.replace(tzinfo=datetime.timezone.utc))

    def refused(self, code, act):
        with self.assertRaises(bonemets.Error) as caught:
            act()
        self.assertEqual(caught.exception.code, code)
        return caught.exception

    def test_refused(self):
        patient = bonemets.Patient(rules=RULES)
        self.refused("type", lambda: patient.set("level", "T13"))
        self.refused("range", lambda: patient.set("age", 500))
        error = self.refused("unit", lambda: patient.set("collapse_pct", 50))
        self.assertIn("set('collapse_pct', NUMBER, '%')", str(error))
        self.refused("fact", lambda: patient.set("levle", "T8"))
        self.refused("fact", lambda: patient.add("nothing"))
        self.refused("argument", lambda: patient.set("level", "T8", lesion=7))
        self.refused("fact", lambda: patient.assess("sinz"))
        self.refused("fact", lambda: bonemets.Patient(rules=RULES, profile="nothing"))
        error = self.refused("range", lambda: bonemets.Patient.parse("age: 61\nlesions:\n- level: T8\n  collapse_pct: 400 %",
                                                                     name="p.yaml", rules=RULES))
        self.assertEqual((error.file, error.line, error.path), ("p.yaml", 4, "lesions[1].collapse_pct"))
        self.assertNotIn("400", str(error))  # messages end up in logs
        with self.assertRaises(TypeError):
            bonemets.assess({"age": object()}, rules=RULES)
        with self.assertRaises(ValueError):
            bonemets.assess({"age": float("inf")}, rules=RULES)

    def test_types_are_made_by_functions(self):
        for name in ("Guidelines", "Patient", "Assessment", "Batch", "Table", "Buffer", "Stream"):
            with self.assertRaises(TypeError):
                getattr(bonemets._core, name)()


if __name__ == "__main__":
    unittest.main()
