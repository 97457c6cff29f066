# SPDX-License-Identifier: Apache-2.0
"""Records as Python has them: what is missing is unknown, a row of a frame is a record, and the rest is refused by name."""
import collections
import datetime
import decimal
import importlib.util
import unittest

import bonemets

RULES = bonemets.load()
SAID = {"level": "T8", "sins_pain": "mechanical", "age": 61}
ROW = {"level": "T8", "sins_pain": "mechanical", "lesion_type": None, "alignment": "", "collapse_pct [%]": 60.0,
       "body_involved_pct [%]": float("nan"), "ecog": 2.0, "spinal_pain": 1, "neuro_features": "falls;limb_weakness",
       "creatinine [umol/L]": 90, "age": 61}


def needs(*modules):
    missing = [m for m in modules if importlib.util.find_spec(m) is None]
    return unittest.skipIf(missing, f"{', '.join(missing)} is not installed")




class Records(unittest.TestCase):
    def same(self, record, other, guideline=None):
        self.assertEqual(RULES.assess(record, guideline).to_json(), RULES.assess(other, guideline).to_json())

    def test_what_is_missing_is_unknown(self):
        na, nat = type("NAType", (), {})(), type("NaTType", (), {})()
        for nothing in (None, float("nan"), decimal.Decimal("nan"), na, nat, ""):
            self.same({**SAID, "ecog": nothing, "neuro_features": nothing, "collapse_pct": nothing}, SAID)
            patient = bonemets.Patient({"ecog": 2}, rules=RULES)
            patient.set("ecog", nothing)
            self.assertEqual(patient.assess().to_json(), RULES.assess({}).to_json())

    def test_a_row_is_a_record(self):
        record = {"level": "T8", "sins_pain": "mechanical", "collapse_pct": "60 %", "ecog": "2", "spinal_pain": True,
                  "neuro_features": ["falls", "limb_weakness"], "creatinine": "90 umol/L", "age": 61}
        self.same(ROW, record)
        row = collections.namedtuple("Row", ["level", "age"])("T8", 61)
        self.same(row, {"level": "T8", "age": 61})

    def test_a_row_says_what_it_says_in_a_frame(self):
        scores = ["sins", "katagiri_2014", "cockcroft_gault"]
        frame = RULES.score(scores, {name: [cell] for name, cell in ROW.items()})
        answer = RULES.assess(ROW)
        for id in scores:
            result = answer.result(id)
            self.assertEqual((result.low, result.high), (frame[f"{id}.low"][0], frame[f"{id}.high"][0]), id)

    def test_units_in_names(self):
        self.same({"creatinine [mg/dL]": decimal.Decimal("1.5")}, {"creatinine": "1.5 mg/dL"})
        self.same({"creatinine [umol/L]": "<90"}, {"creatinine": "<90 umol/L"})
        self.same({"creatinine [umol/L]": "1.5 mg/dL"}, {"creatinine": "1.5 mg/dL"})
        self.same({"weight [kg]": 70.1 + 70.2}, {"weight": "140.3 kg"})
        self.same({"weight": 70.1 + 70.2}, {"weight": "140.3 kg"})
        self.same({"creatinine [mg/dL]": 1 / 3, "crp [mg/dL]": 1e-05},
                  {"creatinine": "0.333333333333333 mg/dL", "crp": "0.00001 mg/dL"})
        self.same({"collapse_pct": 60}, {"collapse_pct [%]": 60})
        for record, words in (({"creatinine [kg]": 90}, "does not fit"), ({"level [mm]": "T8"}, "'mm' is not a unit"),
                              ({"age": 3, "age [years]": 4}, "two entries"), ({"age [years]": [3]}, "is a number"),
                              ({"creatinine": 90}, "write it behind the number")):
            with self.assertRaisesRegex(ValueError, words):
                RULES.assess(record)

    def test_members_by_columns(self):
        said = {"neuro_features.falls": "yes", "neuro_features.limb_weakness": 0, "neuro_features.sensory_level": None}
        frame = RULES.score("*", {name: [cell] for name, cell in said.items()})
        answer = RULES.assess(said)
        for choice in answer.choices:
            if not choice.lesion and choice.state == "known":
                self.assertEqual(frame[f"{choice.guideline}.{choice.id}.code"], [str(choice.value)])
        self.same({"neuro_features.falls": None}, {})
        self.same({"neuro_features": "none"}, {"neuro_features": []})
        for record in ({"neuro_features.fall": True}, {"neuro_features.falls": "x"},
                       {"neuro_features": [], "neuro_features.falls": True}):
            with self.assertRaisesRegex(ValueError, "neuro_features"):
                RULES.assess(record)

    def test_what_cannot_be_said_is_named(self):
        zone = datetime.datetime(2026, 11, 21, 8, tzinfo=datetime.timezone.utc)
        for value, kind in ((object(), TypeError), (float("inf"), ValueError), (b"x", TypeError), (zone, TypeError)):
            with self.assertRaisesRegex(kind, "^age: "):
                RULES.assess({"age": value})
            with self.assertRaisesRegex(kind, r"^lesions\[2\].level: "):
                RULES.assess({"lesions": [{}, {"level": value}]})
            with self.assertRaisesRegex(kind, "^age: "):
                bonemets.Patient(rules=RULES).set("age", value)
        for record in (None, 5, [SAID], "level: T8"):
            if record is not None:
                with self.assertRaisesRegex(TypeError, "a record is a dict or a row"):
                    RULES.assess(record)
        with self.assertRaisesRegex(TypeError, r'assess\(record, "sins"\)'):
            RULES.assess("sins", SAID)

    def test_all_that_is_wrong_is_told(self):
        wrong = {"levl": "T8", "age": 400, "lesions": [{"level": "T99"}, {"collapse_pct": "400 %"}]}
        with self.assertRaises(bonemets.Error) as caught:
            RULES.assess(wrong)
        error = caught.exception
        self.assertEqual({p.path for p in error.problems}, {"levl", "age", "lesions[1].level", "lesions[2].collapse_pct"})
        self.assertEqual({(p.file, p.line, p.column) for p in error.problems}, {(None, None, None)})
        self.assertIn("did you mean 'level'?", str(error))
        with self.assertRaises(bonemets.Error) as caught:
            bonemets.Patient(rules=RULES).add(level="T99", levl="T8", alignment="normal")
        self.assertEqual([p.path for p in caught.exception.problems], ["level", "levl"])

    @needs("numpy")
    def test_scalars_of_numpy(self):
        import numpy
        self.same({"age": numpy.int64(61), "spinal_pain": numpy.bool_(True), "level": numpy.str_("T8"),
                   "collapse_pct": numpy.float32(60), "ecog": numpy.float64("nan"), "neuro_features": numpy.array(["falls"]),
                   "mscc_suspected_at": numpy.datetime64("2026-11-21T08:00")},
                  {"age": 61, "spinal_pain": True, "level": "T8", "collapse_pct": 60, "neuro_features": ["falls"],
                   "mscc_suspected_at": "2026-11-21T08:00"})

    @needs("pandas")
    def test_rows_of_pandas(self):
        import pandas
        frame = pandas.DataFrame([ROW, {**ROW, "level": None, "spinal_pain": None}]).assign(
            mscc_suspected_at=pandas.to_datetime(["2026-11-21T08:00", None]))
        for frame in (frame, frame.convert_dtypes(), frame.astype({"level": "category"})):
            self.same(frame.iloc[0], {**ROW, "mscc_suspected_at": "2026-11-21T08:00"})
            self.same(frame.iloc[1], {**ROW, "level": None, "spinal_pain": None})
        lesions = pandas.DataFrame({"level": ["T8", "L1"], "collapse_pct [%]": [60, None]})
        self.same({"lesions": lesions}, {"lesions": [{"level": "T8", "collapse_pct": 60}, {"level": "L1"}]})
        with self.assertRaisesRegex(TypeError, "iloc"):
            RULES.assess(frame)


class Names(unittest.TestCase):
    def test_what_was_meant(self):
        answer = RULES.assess({"lesions": [{"level": "T8"}]})
        cases = [("level", lambda: RULES.facts("levle")), ("sins", lambda: RULES.explain("sinz")),
                 ("sins", lambda: RULES.table("SINZ")), ("sins", lambda: bonemets.load(only="sinz")),
                 ("sins", lambda: answer.result("sinz")), ("sins", lambda: answer.what_if("sinz")),
                 ("spine_selection.strategy", lambda: answer.choice("spine_selection.strateg")),
                 ("level", lambda: bonemets.Patient(rules=RULES).set("levle", "T8")),
                 ("lesion", lambda: bonemets.Patient(rules=RULES).add("lesions"))]
        for name, act in cases:
            for kind in (bonemets.UnknownName, KeyError, bonemets.Error):
                with self.assertRaises(kind) as caught:
                    act()
                self.assertIn(name, str(caught.exception))
                self.assertEqual(caught.exception.code, "fact")
                self.assertEqual(len(caught.exception.problems), 1)
        with self.assertRaisesRegex(KeyError, "of lesion 7, but of 1"):
            answer.result("sins", 7)

    def test_arguments_that_were_swapped(self):
        for frame in ({"level": ["T8"]}, RULES.cohort("sins")._batch().empty()):
            with self.assertRaisesRegex(TypeError, r'score\("sins", frame\)'):
                RULES.score(frame, "sins")
        with self.assertRaisesRegex(TypeError, r'score\("sins", frame\)'):
            RULES.cohort("sins").score("sins")

    def test_how_things_show_themselves(self):
        patient = bonemets.Patient({"age": 61, "ecog": None, "lesions": [{"level": "T8"}, {}]}, rules=RULES,
                                   now="2026-11-22T08:00", profile="dutch_2015")
        patient.set("ecog", 1)
        self.assertEqual(repr(patient), "<bonemets.Patient: 2 facts, 2 lesions, now 2026-11-22T08:00, profile dutch_2015>")
        self.assertEqual(repr(bonemets.Patient(rules=RULES)), "<bonemets.Patient: nothing is known>")
        self.assertEqual(repr(bonemets.Patient.parse("age: 61", name="p.yaml", rules=RULES)), "<bonemets.Patient: from p.yaml>")
        self.assertEqual(repr(RULES.cohort(["sins", "mirels"])), "<bonemets.Cohort: sins, mirels>")
        cohort = RULES.cohort("sins")
        cohort.score({"level": ["T8", None]})
        self.assertEqual(repr(cohort), "<bonemets.Cohort: sins | 2 rows>")
        self.assertEqual(repr(cohort._batch().empty()), "<bonemets.Table: 0 rows, 5 columns>")


if __name__ == "__main__":
    unittest.main()
