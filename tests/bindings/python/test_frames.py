# SPDX-License-Identifier: Apache-2.0
"""Data frames in, data frames of the same kind out. What is not installed is skipped."""
import importlib
import importlib.util
import json
import math
import unittest
import warnings

import bonemets

RULES = bonemets.load()
PATIENTS = {"level": ["T8", "L1", None, "T12"], "sins_pain": ["mechanical", None, "nonmechanical", "none"],
            "lesion_type": ["lytic"] * 4, "alignment": ["normal"] * 4,
            "collapse_pct [%]": [60.0, 20.0, None, 0.0], "body_involved_pct [%]": [60.0, 20.0, 10.0, 10.0],
            "posterolateral": ["bilateral", "none", "none", "none"]}
EXPECTED = RULES.score("sins", PATIENTS)


def needs(*modules):
    missing = [m for m in modules if importlib.util.find_spec(m) is None]
    return unittest.skipIf(missing, f"{', '.join(missing)} is not installed")


class Lists(unittest.TestCase):
    def test_answer(self):
        self.assertEqual(EXPECTED["sins.state"], ["known", "partly", "partly", "known"])
        for i in range(4):
            record = {key.split(" ")[0]: column[i] for key, column in PATIENTS.items() if column[i] is not None}
            one = RULES.assess({"lesions": [record]}, "sins").result("sins")
            self.assertEqual([EXPECTED[f"sins.{k}"][i] for k in ("low", "high", "state", "band")],
                             [one.low, one.high, one.state, one.band])

    def test_cells_of_many_kinds(self):
        frame = {"level": ("T8", "L1"), "collapse_pct": ["40 %", 60], "neuro_features": [["limb_weakness"], set()],
                 "ecog": [1, None], "age": [float("nan"), 61], "nothing": [None, None]}
        answer = RULES.score(["sins", "mscc_triage"], frame, units={"collapse_pct": "%"}, columns={"nothing": None})
        self.assertEqual(len(answer["sins.low"]), 2)
        self.assertIn("mscc_triage", " ".join(answer))

    def test_columns_that_are_called_otherwise(self):
        names = {"pain": "sins_pain", "collapse": "collapse_pct", "id": None}
        frame = {"pain": ["mechanical"], "collapse": [60], "level": ["T8"], "id": ["x"]}
        answer = RULES.score("sins", frame, columns=names, units={"collapse": "%"})
        same = RULES.score("sins", {"sins_pain": ["mechanical"], "collapse_pct [%]": [60], "level": ["T8"]})
        self.assertEqual(answer, same)
        with self.assertRaises(bonemets.Error) as caught:
            RULES.score("sins", {"level": ["T8"], "id": ["x"], "x": [1]})
        self.assertEqual([p.path for p in caught.exception.problems], ["id", "x"])
        RULES.score("sins", {"level": ["T8"], "id": ["x"], "x": [1]}, others="skip")

    def test_cells_that_are_refused(self):
        frame = {"level": ["T8", "L9"] * 3, "collapse_pct": [40, 400] * 3}
        for threads in (1, 3):
            with self.assertRaises(bonemets.Error) as caught:
                RULES.score("sins", frame, units={"collapse_pct": "%"}, threads=threads)
            self.assertEqual((caught.exception.line, caught.exception.path, caught.exception.code), (2, "level", "type"))
            cohort = RULES.cohort("sins", units={"collapse_pct": "%"}, on_error="count", threads=threads)
            with self.assertWarns(bonemets.RefusedCellsWarning) as warned:
                answer = cohort.score(frame)
            self.assertEqual(cohort.refused, {"level": {"type": 3}, "collapse_pct": {"range": 3}})
            self.assertEqual(warned.warning.refused, cohort.refused)
            self.assertEqual([(p.line, p.path, p.status.name, p.severity) for p in cohort.problems],
                             [(row, column, reason, "warning") for row in (2, 4, 6)
                              for column, reason in (("level", "TYPE"), ("collapse_pct", "RANGE"))])
            self.assertEqual(warned.warning.problems, cohort.problems)
            self.assertIn("6 cells were refused", str(warned.warning))
            self.assertIn("row 4: collapse_pct: ", str(warned.warning))
            self.assertIn("level: 3 (type)", repr(cohort))
            self.assertEqual(cohort.rows, 6)
            self.assertEqual(answer["sins.state"], ["partly", "unknown"] * 3)
        frame["level"][4] = "nowhere"
        with self.assertRaises(bonemets.Error) as caught:
            RULES.score("sins", {"level": frame["level"][2:]}, threads=2)
        self.assertEqual(caught.exception.line, 2)

    def test_many_that_are_refused(self):
        frame = {"level": ["L9"] * 100, "age": [61] * 99 + [-1], "name": ["x"] * 100}
        cohort = RULES.cohort("sins", on_error="count", others="skip", columns={"none": None})
        for threads in (None, 2):
            cohort.threads = threads
            with self.assertWarns(bonemets.RefusedCellsWarning) as warned:
                cohort.score(frame)
            told = [(p.line, p.path) for p in cohort.problems]
            self.assertEqual(told[:20], [(row, "level") for row in range(1, 21)])
            self.assertEqual(told[-1], (100, "age"))
            self.assertEqual(str(warned.warning).splitlines()[-1], "and 81 more")
            self.assertEqual(len(str(warned.warning).splitlines()), 22)
            self.assertEqual(cohort.skipped, ["name"])
            self.assertIn("skipped: name", repr(cohort))

    def test_warnings_are_about_the_caller(self):
        frame = {"level": ["L9"]}
        calls = (lambda: bonemets.score("sins", frame, rules=RULES, on_error="count"),
                 lambda: RULES.score("sins", frame, on_error="count"),
                 lambda: RULES.cohort("sins", on_error="count").score(frame))
        for call in calls:
            with self.assertWarns(bonemets.RefusedCellsWarning) as warned:
                call()
            self.assertEqual(warned.filename, __file__)

    def test_paths_are_names_of_columns(self):
        with self.assertRaises(bonemets.Error) as caught:
            RULES.score("sins", {"collapse_pct [%]": [400]})
        self.assertEqual(caught.exception.path, "collapse_pct [%]")

    def test_empty_texts_are_unknown(self):
        frame = {"level": ["", "T8"], "collapse_pct [%]": ["", "60"], "neuro_features": ["", "falls"]}
        nulls = {name: [None, cells[1]] for name, cells in frame.items()}
        self.assertEqual(RULES.score(["sins", "mscc_triage"], frame), RULES.score(["sins", "mscc_triage"], nulls))
        with self.assertRaisesRegex(bonemets.Error, "not an option"):
            RULES.score("sins", {"level": [" "]})

    def test_time_zones(self):
        import datetime
        at = datetime.datetime(2026, 11, 21, 8)
        self.assertEqual(RULES.score("mscc_triage", {"mscc_suspected_at": [at, None]}), RULES.score(
            "mscc_triage", {"mscc_suspected_at": ["2026-11-21T08:00", None]}))
        with self.assertRaisesRegex(TypeError, "column 'mscc_suspected_at': instants have no time zone"):
            RULES.score("mscc_triage", {"mscc_suspected_at": [at, at.replace(tzinfo=datetime.timezone.utc)]})

    def test_arguments(self):
        for options in ({"others": "raise"}, {"on_error": "raise"}, {"profile": "x"}, {"columns": {"a": "b"}}):
            with self.assertRaises(ValueError):
                RULES.cohort("sins", **options)
        with self.assertRaises(bonemets.Error):
            RULES.cohort("sinz")
        with self.assertRaisesRegex(ValueError, "one length"):
            RULES.score("sins", {"level": ["T8"], "sins_pain": []})
        with self.assertRaisesRegex(TypeError, "column 'level'"):
            RULES.score("sins", {"level": [object()]})
        self.assertEqual(RULES.score("sins", {k: [] for k in PATIENTS}), {k: [] for k in EXPECTED})


FRAME = {"id": ["a", "b", None, "d"], **PATIENTS}
SHOWN = {"keep": ["id", "level"], "items": True, "missing": True}


LESIONS = [[{"level": "T8", "sins_pain": "mechanical", "collapse_pct": 60}, {"level": "L1", "sins_pain": None}],
           [], None, [None, {"level": "T12", "collapse_pct": 0}]]
COURSES = [[{"rt_lesion": [2], "rt_total_gy [Gy]": 20.0, "rt_fractions": 5}], None, [], [{"rt_lesion": 1}, {}]]
FEW = {"lesions": LESIONS, "rt_courses": COURSES, "ecog": [1, None, 2, 0]}
UNITS = {"lesions.collapse_pct": "%"}


class Records(unittest.TestCase):
    """A row is a patient with several lesions, in a list."""

    def patient(self, row):
        patient = bonemets.Patient(rules=RULES)
        for kind, lists in (("lesion", LESIONS), ("rt_course", COURSES)):
            for record in lists[row] or []:
                number = patient.add(kind)
                for key, value in (record or {}).items():
                    if value is not None:
                        unit = "%" if key == "collapse_pct" else "Gy" if "[" in key else None
                        fact = key.split(" ")[0]
                        if fact == "rt_lesion":
                            value = [str(one) for one in (value if isinstance(value, list) else [value])]
                        patient.set(fact, value, unit, lesion=number)
        if FEW["ecog"][row] is not None:
            patient.set("ecog", FEW["ecog"][row])
        return patient

    def test_same_as_patients(self):
        answer = RULES.score(["sins", "eqd2"], FEW, units=UNITS)
        for row in range(4):
            for score, lists in (("sins", LESIONS), ("eqd2", COURSES)):
                results = lists[row] and [one for one in self.patient(row).assess(score).results if one.id == score]
                for end in ("low", "high"):
                    self.assertEqual(answer[f"{score}.{end}"][row],
                                     results and [getattr(one, end) for one in results])

    def test_what_is_refused(self):
        for frame, path in (({"lesions": [[{"level": "T8"}, {"level": "X1"}]]}, "lesions[2].level"),
                            ({"lesions": LESIONS, "rt_courses": [[{"rt_lesion": [3]}], None, None, None]},
                             "rt_courses[1].rt_lesion")):
            with self.assertRaises(bonemets.Error) as caught:
                RULES.score("sins", frame, units=UNITS if len(frame) == 2 else {})
            self.assertEqual((caught.exception.path, caught.exception.line), (path, 1))
        with self.assertRaises(bonemets.Error) as caught:
            RULES.score("sins", FEW)
        self.assertEqual((caught.exception.code, caught.exception.path), ("unit", "lesions.collapse_pct"))
        with self.assertRaisesRegex(TypeError, "'lesions': some cells are lists of records, but not row 2"):
            RULES.score("sins", {"lesions": [[{"level": "T8"}], "T8"]})
        with self.assertRaisesRegex(TypeError, "'lesions': a list holds something beside records"):
            RULES.score("sins", {"lesions": [[{"level": "T8"}, "T8"]]})
        cohort = RULES.cohort("sins", on_error="count")
        with self.assertWarns(bonemets.RefusedCellsWarning):
            answer = cohort.score({"lesions": [[{"level": "T8"}, {"level": "X1"}], [{}] * 1001]})
        self.assertEqual(cohort.refused, {"lesions": {"limit": 1}, "lesions.level": {"type": 1}})
        self.assertEqual([cell and len(cell) for cell in answer["sins.low"]], [2, None])

    def test_empty_lists(self):
        self.assertEqual(RULES.score("sins", {"lesions": [[], []]})["sins.low"], [[], []])
        self.assertEqual(RULES.score("sins", {"lesions": [None, None]})["sins.low"], [None, None])
        self.assertEqual(RULES.score("sins", {"lesions": [[None], []]})["sins.state"], [["unknown"], []])
        none = RULES.score("mscc_triage", {"neuro_features": [[], []]})  # of a set, as ever
        self.assertEqual(none, RULES.score("mscc_triage", {"neuro_features": ["none", "none"]}))

    def test_what_is_missing(self):
        answer = RULES.score("sins", FEW, units=UNITS, missing=True, items=True)
        for row in (0, 3):
            results = self.patient(row).assess("sins").results
            self.assertEqual(answer["sins.missing"][row], [one.missing for one in results])
        self.assertEqual(answer["sins.missing"][1:3], [[], None])

    def test_threads(self):
        many = {name: cells * 700 for name, cells in FEW.items()}
        whole = RULES.score("sins", many, units=UNITS, threads=1)
        self.assertEqual(RULES.score("sins", many, units=UNITS, threads=3), whole)
        self.assertEqual(whole["sins.low"][:4], whole["sins.low"][-4:])

    @needs("pandas")
    def test_pandas(self):
        import pandas
        expected = RULES.score("sins", FEW, units=UNITS)
        answer = RULES.score("sins", pandas.DataFrame(FEW), units=UNITS)
        self.assertEqual({name: answer[name].tolist() for name in answer}, expected)

    @needs("polars")
    def test_polars(self):
        import polars
        expected = RULES.score("sins", FEW, units=UNITS)
        frame = polars.DataFrame({"lesions": LESIONS, "ecog": FEW["ecog"]}, strict=False)
        self.assertEqual(RULES.score("sins", frame, units=UNITS).to_dict(as_series=False), expected)

    @needs("pyarrow")
    def test_arrow(self):
        import pyarrow
        expected = RULES.score("sins", FEW, units=UNITS)
        table = pyarrow.table({"lesions": LESIONS, "ecog": FEW["ecog"]})
        for frame in (table, table.to_batches()[0], pyarrow.concat_tables([table[:1], table[1:]])):
            answer = RULES.score("sins", frame, units=UNITS)
            self.assertEqual(answer.to_pydict(), expected)
            answer.validate(full=True)
        large = pyarrow.large_list(table["lesions"].type.value_type)
        self.assertEqual(RULES.score("sins", table.set_column(0, "lesions", table["lesions"].cast(large)),
                                     units=UNITS).to_pydict(), expected)
        reader = pyarrow.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=2))
        self.assertEqual(RULES.score("sins", reader, units=UNITS).read_all().to_pydict(), expected)

    @needs("pyarrow", "pandas")
    def test_pandas_through_arrow(self):
        import pandas
        import pyarrow
        expected = RULES.score("sins", FEW, units=UNITS)
        table = pyarrow.table({"lesions": LESIONS, "ecog": FEW["ecog"]})
        for frame in (table.to_pandas(), table.to_pandas(types_mapper=pandas.ArrowDtype)):
            self.assertEqual(RULES.score("sins", frame, units=UNITS)["sins.low"].tolist(), expected["sins.low"])

    @needs("pyarrow")
    def test_dates_and_decimals(self):
        import datetime
        import decimal
        import pyarrow
        frame = {"clock_start": [datetime.date(2026, 11, 21)], "clock_now": [datetime.datetime(2026, 11, 22, 9)],
                 "limit [h]": [decimal.Decimal("24.00")]}
        answer = RULES.score("hours_left", pyarrow.table(frame)).to_pydict()
        self.assertEqual((answer["hours_left.low"], answer["hours_left.high"]), ([-9.0], [15.0]))
        self.assertEqual(RULES.score("hours_left", frame), answer)


class Shown(unittest.TestCase):
    """What is shown on request."""

    def test_lists(self):
        answer = RULES.score("sins", FRAME, **SHOWN)
        self.assertEqual(list(answer)[:3], ["id", "level", "sins.low"])
        self.assertEqual([answer["id"], answer["level"]], [FRAME["id"], FRAME["level"]])
        self.assertEqual({name: answer[name] for name in EXPECTED}, EXPECTED)
        items = [item["id"] for item in RULES.table("sins").scores[0]["items"]]
        self.assertEqual([name for name in answer if ".items." in name],
                         [f"sins.items.{item}.{end}" for item in items for end in ("low", "high")])
        for i in range(4):
            record = {key.split(" ")[0]: column[i] for key, column in PATIENTS.items() if column[i] is not None}
            one = RULES.assess({"lesions": [record]}, "sins").result("sins")
            self.assertEqual(answer["sins.missing"][i], one.missing)
            for item in one["items"]:
                self.assertEqual((answer[f"sins.items.{item.id}.low"][i], answer[f"sins.items.{item.id}.high"][i]),
                                 (item.low, item.high))
        self.assertEqual(answer["sins.missing"][0], [])
        elsewhere = RULES.score("sins", {"bone": ["femur_neck"]}, items=True, missing=True)
        self.assertEqual((elsewhere["sins.missing"], elsewhere["sins.items.pain.low"]), ([None], [None]))

    def test_many_rows_in_several_threads(self):
        many = {name: column * 500 for name, column in FRAME.items()}
        one, three = (RULES.score(["sins", "spine_selection.strategy"], many, threads=n, **SHOWN) for n in (1, 3))
        self.assertEqual(one, three)
        self.assertEqual(one["sins.missing"][-4:], RULES.score("sins", FRAME, **SHOWN)["sins.missing"])

    def test_what_is_refused(self):
        for frame in self.frames():
            with self.assertRaises(bonemets.Error) as caught:
                RULES.score("sins", frame({"level": ["T8"]}), keep=["idd"])
            self.assertEqual((caught.exception.code, caught.exception.path), ("fact", "idd"))
            self.assertIn("there is no column 'idd', which is to be kept", caught.exception.message)
            with self.assertRaises(bonemets.Error) as caught:
                RULES.score("sins", frame({"level": ["T8"], "sins.low": [1]}), keep="sins.low")
            self.assertEqual((caught.exception.code, caught.exception.path), ("type", "sins.low"))
            with self.assertRaises(bonemets.Error):  # what is kept may be misspelt, what is not may not
                RULES.score("sins", frame({"level": ["T8"], "id": [1], "x": [1]}), keep=["id"])

    def frames(self):
        yield lambda columns: columns
        for module, make in (("pandas", "DataFrame"), ("polars", "DataFrame"), ("pyarrow", "table")):
            if importlib.util.find_spec(module):
                yield getattr(importlib.import_module(module), make)

    def test_a_fact_is_kept_and_read(self):
        for frame in self.frames():
            answer = RULES.score("sins", frame({"level": ["T8"], "n": [1]}), keep=["level", "n"], items=True)
            self.assertEqual(list(answer["sins.items.location.high"]), [1] if isinstance(answer, dict) else
                             list(answer["sins.items.location.low"]))
            answer = RULES.cohort("sins", keep="level", columns={"level": None}, items=True)
            out = answer.score(frame({"level": ["T8"], "sins_pain": ["none"]}))
            self.assertEqual([float(str(x)) for x in out["sins.items.location.high"]], [3])
            self.assertEqual(answer.skipped, [])

    @needs("pandas")
    def test_pandas(self):
        import pandas
        frame = pandas.DataFrame(FRAME, index=[7, 7, 8, 9])
        frame["when"] = pandas.to_datetime(["2026-01-01"] * 4, utc=True)
        frame["odd"] = [{1}, None, "x", 2]
        answer = RULES.score("sins", frame, **{**SHOWN, "keep": ["id", "when", "odd"]})
        self.assertEqual(list(answer.index), [7, 7, 8, 9])
        self.assertEqual(list(answer.columns[:4]), ["id", "when", "odd", "sins.low"])
        self.assertEqual(answer["when"].dtype, frame["when"].dtype)
        pandas.testing.assert_frame_equal(answer[["id", "when", "odd"]], frame[["id", "when", "odd"]])
        self.assertEqual(answer["sins.missing"].tolist(), RULES.score("sins", FRAME, **SHOWN)["sins.missing"])
        answer.loc[9, "id"] = "changed"
        self.assertEqual(frame["id"].iloc[3], "d")

    @needs("polars")
    def test_polars(self):
        import polars
        frame = polars.DataFrame(FRAME).with_columns(polars.col("id").cast(polars.Categorical).alias("group"),
                                                     polars.lit("a text that is longer than a view").alias("note"))
        answer = RULES.score("sins", frame, **{**SHOWN, "keep": ["note", "group", "id"]})
        self.assertEqual(answer.columns[:4], ["note", "group", "id", "sins.low"])
        for name in ("note", "group", "id"):
            self.assertEqual(answer[name].to_list(), frame[name].to_list())
            self.assertEqual(answer[name].dtype, frame[name].dtype)
        self.assertEqual(answer["sins.missing"].to_list(), RULES.score("sins", FRAME, **SHOWN)["sins.missing"])
        self.assertIsInstance(answer["sins.missing"].dtype, polars.List)

    @needs("pyarrow")
    def test_arrow(self):
        import decimal
        import pyarrow
        table = pyarrow.table(FRAME).append_column("amount", pyarrow.array([decimal.Decimal("1.5"), None] * 2))
        table = table.append_column("group", pyarrow.array(["x", "y", None, "x"]).dictionary_encode())
        table = pyarrow.concat_tables([table.slice(1, 3), table.slice(0, 3)])
        answer = RULES.score("sins", table, **{**SHOWN, "keep": ["group", "amount", "id"]})
        answer.validate(full=True)
        self.assertEqual(answer.column_names[:4], ["group", "amount", "id", "sins.low"])
        for name in ("group", "amount", "id"):
            self.assertEqual(answer[name].to_pylist(), table[name].to_pylist())
            self.assertEqual(answer[name].type, table[name].type)
        missing = RULES.score("sins", FRAME, **SHOWN)["sins.missing"]
        self.assertEqual(answer["sins.missing"].to_pylist(), missing[1:] + missing[:3])
        reader = RULES.score("sins", table.select(["level", "id"]).to_reader(), keep="id", missing=True)
        self.assertEqual(reader.read_all()["id"].to_pylist(), table["id"].to_pylist())
        with self.assertRaises(bonemets.Error) as caught:
            RULES.score("sins", table.append_column("list", pyarrow.array([[1]] * 6)), keep=["list"], others="skip")
        self.assertEqual((caught.exception.code, caught.exception.path), ("type", "list"))


@needs("pandas")
class Pandas(unittest.TestCase):
    def frame(self):
        import pandas
        return pandas.DataFrame(PATIENTS, index=[4, 5, 7, 9])

    def check(self, frame, **options):
        import pandas
        answer = RULES.score("sins", frame, **options)
        self.assertIsInstance(answer, pandas.DataFrame)
        self.assertTrue(answer.index.equals(frame.index))
        self.assertEqual(list(answer.columns), list(EXPECTED))
        for name, cells in EXPECTED.items():
            found = [None if isinstance(x, float) and math.isnan(x) else x for x in answer[name]]
            self.assertEqual(found, cells)
        return answer

    def test_types_of_columns(self):
        frame = self.frame()
        self.check(frame)
        self.check(frame, threads=3)
        self.check(frame.astype({"level": "category", "sins_pain": "category"}))
        self.check(frame.fillna({"level": "", "sins_pain": ""}).astype({"sins_pain": "category"}))
        self.check(frame.convert_dtypes())
        self.check(frame.astype({"collapse_pct [%]": "float32", "body_involved_pct [%]": "int16"}))
        self.check(frame.astype({"level": "string", "body_involved_pct [%]": "UInt8"}))
        answer = self.check(frame.assign(painful=[True, None, False, None], ecog=[1, 2, None, 0]))
        self.assertEqual(str(answer["sins.state"].dtype), "category")

    def test_whole_numbers_that_are_kept_as_floats(self):
        """They name options and truth values, whether or not one is missing."""
        import pandas
        names = ("spinal_pain", "ecog", "neuro_features.sensory_level")
        for cells in ([0, 1, 1], [0, None, 1]):
            expected = RULES.score("mscc_triage", {name: cells for name in names})
            for type_ in ("float64", "float32", "Int64", "Int8", "UInt8", "Float64"):
                column = pandas.Series(cells, dtype=type_)
                answer = RULES.score("mscc_triage", pandas.DataFrame({name: column for name in names}))
                for name, wanted in expected.items():
                    found = [None if isinstance(x, float) and math.isnan(x) else x for x in answer[name]]
                    self.assertEqual(found, wanted, (cells, type_, name))
        for wrong in ([0.5, 1], [float("inf"), 1], [float("-inf"), 1], [1e300, 1], [2.0**63, 1],
                      [0.0] * 2000 + [0.5]):
            with self.assertRaises(bonemets.Error):
                RULES.score("mscc_triage", pandas.DataFrame({"ecog": wrong}))

    def test_time_zones(self):
        import pandas
        at = pandas.Series(pandas.to_datetime(["2026-11-21T08:00", None]))
        frame = RULES.score("mscc_triage", pandas.DataFrame({"mscc_suspected_at": at}))
        same = RULES.score("mscc_triage", pandas.DataFrame({"mscc_suspected_at": ["2026-11-21T08:00", None]}))
        self.assertTrue(frame.equals(same))
        zoned = at.dt.tz_localize("Europe/Berlin")
        for column in (zoned, zoned.astype(object), zoned.astype("category")):
            with self.assertRaisesRegex(TypeError, "column 'mscc_suspected_at': instants have no time zone"):
                RULES.score("mscc_triage", pandas.DataFrame({"mscc_suspected_at": column}))

    def test_what_became_of_it(self):
        about = self.check(self.frame()).attrs["bonemets"]
        self.assertEqual((about["digest"], about["rows"], about["refused"]), (RULES.digest, 4, {}))
        wrong = self.frame().assign(level=["T8", "L9", None, "T12"])
        with self.assertWarns(bonemets.RefusedCellsWarning):
            about = RULES.score("sins", wrong, on_error="count").attrs["bonemets"]
        self.assertEqual(about["refused"], {"level": {"type": 1}})
        self.assertEqual([(p["row"], p["column"], p["reason"]) for p in about["problems"]], [(2, "level", "type")])
        json.dumps(about)

    def test_columns_that_lie_apart(self):
        twice = self.frame().iloc[[0, 0, 1, 1, 2, 2, 3, 3]]
        self.check(twice.iloc[::2])

    def test_empty_and_odd(self):
        import pandas
        self.assertEqual(RULES.score("sins", self.frame().iloc[:0]).shape, (0, len(EXPECTED)))
        nothing = self.frame().assign(level=float("nan"))
        self.assertEqual(list(RULES.score("sins", nothing)["sins.state"]), ["partly"] * 4)
        numbers = pandas.DataFrame({"nrs_pain": pandas.Categorical([3, 4, None])})
        self.assertEqual(len(RULES.score("nrs_band", numbers)) if RULES._core.fact("nrs_pain") else 3, 3)
        with self.assertRaisesRegex(ValueError, "same name"):
            RULES.score("sins", pandas.concat([self.frame(), self.frame()], axis=1))


@needs("polars")
class Polars(unittest.TestCase):
    def test_types_of_columns(self):
        import polars
        frame = polars.DataFrame(PATIENTS)
        for frame in (frame, frame.with_columns(polars.col(polars.String).cast(polars.Categorical)),
                      polars.concat([frame.head(1), frame.slice(1)], rechunk=False)):
            for threads in (1, 2):
                answer = RULES.score("sins", frame, threads=threads)
                self.assertIsInstance(answer, polars.DataFrame)
                self.assertEqual(answer.to_dict(as_series=False), EXPECTED)
        with self.assertRaisesRegex(TypeError, "collect"):
            RULES.score("sins", frame.lazy())


@needs("pyarrow")
class Arrow(unittest.TestCase):
    def test_kinds(self):
        import pyarrow
        table = pyarrow.table(PATIENTS)
        batch = table.to_batches()[0]
        reader = pyarrow.RecordBatchReader.from_batches(table.schema, [batch, batch])
        twice = {name: cells * 2 for name, cells in EXPECTED.items()}
        for frame, expected in ((table, EXPECTED), (batch, EXPECTED), (reader, twice),
                                (pyarrow.concat_tables([table, table]), twice)):
            answer = RULES.score("sins", frame)
            self.assertIs(type(answer), type(frame))
            if isinstance(answer, pyarrow.RecordBatchReader):
                answer = answer.read_all()
            self.assertEqual(answer.to_pydict(), expected)
            self.assertEqual(answer.schema.metadata[b"bonemets.digest"].decode(), RULES.digest)

    def test_a_reader_tells_nobody_counts(self):
        import pyarrow
        reader = pyarrow.RecordBatchReader.from_batches(pyarrow.schema([]), [])
        with self.assertRaisesRegex(ValueError, "nobody could be told"):
            RULES.score("sins", reader, on_error="count")

    @needs("duckdb")
    def test_duckdb(self):
        import duckdb
        import pyarrow
        patients = pyarrow.table(PATIENTS)
        answer = RULES.score("sins", duckdb.from_arrow(patients))
        self.assertIsInstance(answer, duckdb.DuckDBPyRelation)
        self.assertEqual(pyarrow.table(answer).to_pydict(), EXPECTED)


if __name__ == "__main__":
    warnings.simplefilter("error")
    unittest.main()
