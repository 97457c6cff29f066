# SPDX-License-Identifier: Apache-2.0
"""What people hand over by accident or by habit: it is answered rightly or refused in words, never passed over."""
import array
import unittest
import warnings

import bonemets
from test_frames import needs

RULES = bonemets.load()
LESIONS = [[{"level": "T8", "sins_pain": "mechanical"}, {"level": "L1"}], None]
KATAGIRI = {"primary": "breast_hr_pos", "ecog": 1}


class KeptRecords(unittest.TestCase):
    """A column of records that is kept is read all the same."""

    def test_lists(self):
        plain = RULES.score("sins", {"lesions": LESIONS})
        answer = RULES.score("sins", {"lesions": LESIONS, "id": [1, 2]}, keep=["id", "lesions"])
        self.assertEqual(answer, {"id": [1, 2], "lesions": LESIONS, **plain})
        self.assertEqual(plain["sins.low"], [[4.0, 3.0], None])
        courses = [[{"rt_total_gy [Gy]": 20.0, "rt_fractions": 5}], []]
        self.assertEqual(RULES.score("eqd2", {"rt_courses": courses}, keep="rt_courses"),
                         {"rt_courses": courses, **RULES.score("eqd2", {"rt_courses": courses})})

    def test_under_another_name(self):
        frame = {"findings": LESIONS}
        self.assertEqual(RULES.score("sins", frame, keep="findings", columns={"findings": "lesions"})["sins.low"],
                         [[4.0, 3.0], None])
        with self.assertRaisesRegex(bonemets.Error, "is no list of records"):
            RULES.score("sins", frame, keep="findings")
        with self.assertRaises(bonemets.Error):
            RULES.score("sins", {"lesions": ["a text", None]}, keep="lesions")
        self.assertEqual(RULES.score("sins", {"level": ["T8"], "patients": [3]}, keep="patients")["patients"], [3])
        passed = RULES.score("sins", {**frame, "level": ["T8", None]}, keep="findings", columns={"findings": None})
        self.assertEqual(passed["findings"], LESIONS)

    @needs("pandas")
    def test_pandas(self):
        import pandas
        frame = pandas.DataFrame({"lesions": LESIONS, "id": [1, 2]})
        answer = RULES.score("sins", frame, keep=["id", "lesions"])
        self.assertEqual(answer["sins.low"].tolist(), [[4.0, 3.0], None])
        self.assertEqual(answer["lesions"].tolist(), frame["lesions"].tolist())
        with self.assertRaisesRegex(bonemets.Error, "is no list of records"):
            RULES.score("sins", frame.rename(columns={"lesions": "findings"}), keep=["id", "findings"])

    @needs("polars")
    def test_arrow_refuses_them(self):
        import polars
        with self.assertRaisesRegex(bonemets.Error, "cannot be kept"):
            RULES.score("sins", polars.DataFrame({"lesions": LESIONS}), keep="lesions")


class Narrow(unittest.TestCase):
    """Numbers of 32 or 16 bits are the decimals that somebody wrote: 1.4 is the limit of bilirubin."""

    def expect(self, cells):
        expected = RULES.score("katagiri_2014", {"bilirubin [mg/dL]": [1.4, None, 1.39]})
        self.assertEqual(RULES.score("katagiri_2014", {"bilirubin [mg/dL]": cells}), expected)
        self.assertNotEqual(expected["katagiri_2014.low"][0], expected["katagiri_2014.low"][2])

    def test_arrays_of_python(self):
        self.expect(array.array("f", [1.4, float("nan"), 1.39]))
        self.expect(memoryview(array.array("f", [1.4, float("nan"), 1.39])))

    @needs("numpy")
    def test_scalars(self):
        import numpy
        for kind in (numpy.float32, numpy.float16, numpy.float64, numpy.longdouble):
            cells = [kind(x) for x in (1.4, float("nan"), 1.39)]
            self.expect(cells)
            self.expect(numpy.array([1.4, numpy.nan, 1.39], dtype=kind))
            self.expect([cells[0], None, "1.39 mg/dL"])  # as texts
            patient = bonemets.Patient(KATAGIRI, rules=RULES)
            patient.set("bilirubin", kind(1.4), "mg/dL")
            low = RULES.assess({**KATAGIRI, "bilirubin": "1.4 mg/dL"}, "katagiri_2014").result("katagiri_2014").low
            for answer in (patient.assess("katagiri_2014"),
                           RULES.assess({**KATAGIRI, "bilirubin [mg/dL]": kind(1.4)}, "katagiri_2014")):
                self.assertEqual(answer.result("katagiri_2014").low, low)
        in_lists = [[{"collapse_pct [%]": numpy.float32(1.4)}]]
        self.assertEqual(RULES.score("sins", {"lesions": in_lists}), RULES.score("sins", {"lesions": [[{"collapse_pct [%]": 1.4}]]}))

    @needs("pandas")
    def test_pandas(self):
        import numpy
        import pandas
        for kind in ("float32", "float16", "Float32", ">f4", "category", "object"):
            cells = pandas.Series([1.4, None, 1.39], dtype="float32" if kind in ("category", "object") else kind)
            if kind == "object":  # pandas itself would widen them
                cells = pandas.Series([numpy.float32(1.4), None, numpy.float32(1.39)], dtype=object)
            if kind == "category" and cells.astype(kind).cat.categories.dtype != "float32":
                continue  # pandas before 2 itself widens them
            frame = pandas.DataFrame({"bilirubin [mg/dL]": cells.astype(kind)})
            answer = RULES.score("katagiri_2014", frame)
            expected = RULES.score("katagiri_2014", pandas.DataFrame({"bilirubin [mg/dL]": [1.4, None, 1.39]}))
            self.assertEqual(answer.astype(object).values.tolist()[0], expected.astype(object).values.tolist()[0], kind)
            self.assertEqual(answer["katagiri_2014.low"].tolist(), expected["katagiri_2014.low"].tolist(), kind)
            self.expect({**frame}["bilirubin [mg/dL]"])
            row = RULES.assess(frame.iloc[0], "katagiri_2014").result("katagiri_2014")
            self.assertEqual(row.low, expected["katagiri_2014.low"][0], kind)
        lesions = pandas.DataFrame({"level": ["T8"], "collapse_pct": pandas.Series([1.4], dtype="float32")})
        said = bonemets._records.record_of({"lesions": lesions}, RULES._core.fact, RULES._members)
        self.assertEqual(said, {"lesions": [{"level": "T8", "collapse_pct": 1.4}]})

    @needs("polars")
    def test_polars(self):
        import polars
        frame = polars.DataFrame({"collapse_pct": polars.Series([1.4], dtype=polars.Float32)})
        said = bonemets._records.record_of({"lesions": frame}, RULES._core.fact, RULES._members)
        self.assertEqual(said, {"lesions": [{"collapse_pct": 1.4}]})


class Told(unittest.TestCase):
    def test_columns_that_are_passed_over(self):
        cohort = RULES.cohort("sins", others="skip")
        with self.assertWarns(bonemets.ColumnsWarning) as warned:
            cohort.score({"level": ["T8"], "sins_pian": ["mechanical"], "hospital": ["x"]})
        self.assertIn("sins_pain", str(warned.warning))
        self.assertEqual([p.path for p in cohort.problems], ["sins_pian"])
        self.assertEqual(warned.filename, __file__)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            RULES.score("sins", {"level": ["T8"], "sins_pian": ["x"]}, others="skip", columns={"sins_pian": None})

    @needs("pyarrow")
    def test_streams(self):
        import pyarrow
        frame = pyarrow.table({"level": ["T8"], "sins_pian": ["mechanical"]})
        with self.assertWarns(bonemets.ColumnsWarning):
            RULES.score("sins", frame, others="skip")
        with self.assertWarns(bonemets.ColumnsWarning):
            RULES.score("sins", frame.to_reader(), others="skip").read_all()

    def test_what_to_do_with_columns_that_are_no_facts(self):
        with self.assertRaises(bonemets.Error) as caught:
            RULES.score("sins", {"level": ["T8"], "patient_id": [1], "hospital": ["x"]})
        self.assertIn('keep=["patient_id", "hospital"]', str(caught.exception))
        self.assertIn('others="skip"', str(caught.exception))
        self.assertEqual(caught.exception.message, "there is no fact 'patient_id'")
        with self.assertRaises(bonemets.Error) as caught:
            RULES.score("sins", {"level": ["T8"]}, columns={"pain": "sins_pain"})
        self.assertNotIn("keep", str(caught.exception))


class Arguments(unittest.TestCase):
    def test_of_a_wrong_kind(self):
        for options, words in (({"threads": "two"}, "whole number"), ({"threads": 1.5}, "whole number"), ({"keep": 3}, "`keep`"),
                               ({"units": ["%"]}, "`units`"), ({"units": "%"}, "`units`"), ({"units": {"level": 3}}, "`units`"),
                               ({"columns": ["level"]}, "`columns`"), ({"columns": {"a": 1}}, "`columns`"), ({"keep": [3]}, "`keep`")):
            with self.assertRaisesRegex(TypeError, words):
                RULES.cohort("sins", **options)
        for threads in (0, -1):
            with self.assertRaisesRegex(ValueError, "from 1"):
                RULES.cohort("sins", threads=threads)
        with self.assertRaisesRegex(TypeError, "`targets`"):
            RULES.cohort([3])

    def test_units(self):
        expected = RULES.score("katagiri_2014", {"bilirubin [umol/L]": [24, 23]})
        frame = {"bili": [24, 23]}
        for options in ({"columns": {"bili": "bilirubin [umol/L]"}},
                        {"columns": {"bili": "bilirubin"}, "units": {"bilirubin": "umol/L"}},
                        {"columns": {"bili": "bilirubin"}, "units": {"bili": "umol/L"}},
                        {"columns": {"bili": "bilirubin [umol/L]"}, "units": {"bili": "umol/L", }}):
            self.assertEqual(RULES.score("katagiri_2014", frame, **options), expected)
        for units in ({"bili": "mg/dL"}, {"bilirubin": "mg/dL"}):
            with self.assertRaisesRegex(ValueError, "two units"):
                RULES.cohort("katagiri_2014", columns={"bili": "bilirubin [umol/L]"}, units=units)


class Frames(unittest.TestCase):
    def test_what_is_no_column(self):
        for column in ("AE", 3, {"a": 1}, {1, 2}, None):
            with self.assertRaisesRegex(TypeError, "column 'frankel'"):
                RULES.score("tokuhashi_2005", {"frankel": column})

    def test_texts_that_are_none(self):
        with self.assertRaises(bonemets.Error) as caught:
            RULES.score("sins", {"level": ["T8", "\ud800x"]})
        self.assertEqual((caught.exception.line, caught.exception.path, caught.exception.code), (2, "level", "type"))
        cohort = RULES.cohort("sins", on_error="count")
        with self.assertWarns(bonemets.RefusedCellsWarning):
            cohort.score({"level": ["\ud800", "T8"]})
        self.assertEqual(cohort.refused, {"level": {"type": 1}})
        for refused in (lambda: RULES.score("sins", {"\ud800": [1]}), lambda: RULES.cohort("\ud800"),
                        lambda: RULES.cohort("sins", keep="\ud800"), lambda: RULES.cohort("sins", units={"level": "\ud800"}),
                        lambda: RULES.assess({"primary": "\ud800"}), lambda: RULES.assess({"\ud800": 1}),
                        lambda: RULES.assess({"lesions": [{"level": "\ud800"}]}),
                        lambda: bonemets.Patient.parse("primary: \ud800", rules=RULES),
                        lambda: bonemets.Patient(rules=RULES).set("primary", "\ud800")):
            with self.assertRaises(bonemets.Error) as caught:
                refused()
            str(caught.exception).encode()

    @needs("pyarrow", "polars")
    def test_a_column_of_columns_is_a_frame(self):
        import polars
        import pyarrow
        levels = [{"level": "T8"}, {"level": None}]
        expected = RULES.score("sins", {"level": ["T8", None]})
        for frame in (pyarrow.array(levels), polars.Series("level", levels)):
            self.assertEqual(pyarrow.table(RULES.score("sins", frame)).to_pydict(), expected)
        for column in (pyarrow.array(["T8"]), pyarrow.chunked_array([["T8"]]), polars.Series("level", ["T8"])):
            with self.assertRaisesRegex(TypeError, "one column"):
                RULES.score("sins", column)

    @needs("pandas")
    def test_frames_within_columns(self):
        import pandas
        expected = RULES.score("sins", {"lesions": [LESIONS[0], None]})
        frame = pandas.DataFrame(LESIONS[0])
        self.assertEqual(RULES.score("sins", {"lesions": [frame, None]}), expected)
        self.assertEqual(RULES.score("sins", pandas.DataFrame({"lesions": [frame, None]}))["sins.low"].tolist(), expected["sins.low"])
        with self.assertRaisesRegex(TypeError, "column 'lesions'"):
            RULES.score("sins", {"lesions": frame})
        for column in (frame["level"], frame.iloc[0]):
            with self.assertRaisesRegex(TypeError, "one column, or one row"):
                RULES.score("sins", column)


if __name__ == "__main__":
    unittest.main()
