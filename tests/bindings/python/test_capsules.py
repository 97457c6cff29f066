# SPDX-License-Identifier: Apache-2.0
"""Tables in Arrow capsules: producers that keep to the rules and producers that do not. Whatever
happens, what was given out is released exactly once."""
import gc
import struct
import unittest

import bonemets
from producer import Array, ArrayProducer, Producer, Schema, Stream, struct_of, texts

RULES = bonemets.load(only="sins")
PAIN = [b"\x07", bytes([0, 1, 0])]
OPTIONS = ["mechanical", "nonmechanical"]


def columns():
    return [("level", "u", texts(["T8", "L1", "T12"])),
            ("sins_pain", "c", PAIN, OPTIONS),
            ("lesion_type", "u", texts(["lytic", "mixed", None])),
            ("alignment", "u", texts(["normal"] * 3)),
            ("collapse_pct [%]", "g", [None, struct.pack("3d", 60, 20, 10)]),
            ("body_involved_pct [%]", "l", [None, struct.pack("3q", 60, 20, 10)]),
            ("posterolateral", "u", texts(["bilateral", "none", "unilateral"]))]


class Capsules(unittest.TestCase):
    def setUp(self):
        self.producers = []

    def producer(self, kind=Producer, rows=3, given=None, **options):
        one = kind(rows, given or columns(), **options)
        self.producers.append(one)
        return one

    def tearDown(self):
        gc.collect()
        for one in self.producers:
            self.assertEqual(one.given, one.released, "given out and released")

    def lists(self, frame, **options):
        answer = RULES.score("sins", frame, **options)
        return bonemets._frames.to_lists(answer)

    def refused(self, frame, code=None, **options):
        with self.assertRaises(bonemets.Error) as caught:
            RULES.score("sins", frame, **options)
        if code:
            self.assertEqual(caught.exception.code, code)
        return caught.exception

    def expected(self):
        return RULES.score("sins", {
            "level": ["T8", "L1", "T12"], "sins_pain": ["mechanical", "nonmechanical", "mechanical"],
            "lesion_type": ["lytic", "mixed", None], "alignment": ["normal"] * 3,
            "collapse_pct [%]": [60, 20, 10], "body_involved_pct [%]": [60, 20, 10],
            "posterolateral": ["bilateral", "none", "unilateral"]})

    def test_stream_and_array_as_lists(self):
        expected = self.expected()
        self.assertEqual(expected["sins.state"], ["known", "known", "partly"])
        self.assertEqual(self.lists(self.producer()), expected)
        self.assertEqual(self.lists(self.producer(ArrayProducer)), expected)

    def test_chunks_and_threads(self):
        expected = {name: cells * 5 for name, cells in self.expected().items()}
        for threads in (1, 2, 7):
            self.assertEqual(self.lists(self.producer(chunks=5), threads=threads), expected)

    def test_no_rows(self):
        names = list(self.expected())
        empty = [(name, format, texts([]) if format == "u" else [None, b""], *rest)
                 for name, format, _, *rest in columns()]
        self.assertEqual(self.lists(self.producer(rows=0, given=empty)), {name: [] for name in names})
        self.assertEqual(self.lists(self.producer(chunks=0)), {})

    def test_offsets(self):
        """Rows 2 and 3, by an offset of the table, and of its columns."""
        expected = {name: cells[1:] for name, cells in self.expected().items()}

        def of_table(array):
            array.offset, array.length = 1, 2

        def of_columns(array):
            array.length = 2
            for i in range(array.n_children):
                array.children[i].contents.offset, array.children[i].contents.length = 1, 2

        for change in (of_table, of_columns):
            for threads in (1, 2):
                one = self.producer()
                one.change_array = change
                self.assertEqual(self.lists(one, threads=threads), expected)

    def test_arrays_that_lie(self):
        def child(i, **fields):
            def change(array):
                for name, value in fields.items():
                    setattr(array.children[i].contents, name, value)
            return change

        def own(**fields):
            return lambda array: [setattr(array, name, value) for name, value in fields.items()]

        changes = [own(n_children=6), own(length=-1), own(length=4), own(length=2**63 - 1), own(offset=-1),
                   own(offset=1), own(offset=2**63 - 2), own(n_buffers=0), child(0, length=2),
                   child(0, length=-3), child(0, null_count=-2), child(0, n_buffers=2), child(0, offset=2**62)]
        for i, change in enumerate(changes):
            for threads in (1, 2):
                with self.subTest(change=i, threads=threads):
                    one = self.producer()
                    one.change_array = change
                    with self.assertRaises((bonemets.Error, IndexError)):
                        RULES.score("sins", one, threads=threads)
                    if i == 0:  # the producer goes by what the array says
                        one.released += 1
        keys = self.producer(given=[("sins_pain", "c", [None, bytes([0, 9, 0])], OPTIONS)])
        self.refused(keys, "argument")

    def test_schemas_that_do_not_fit(self):
        for format, code in (("g", "type"), ("vz", "type"), ("", "type"), ("+s", "type"), ("b", "type")):
            with self.subTest(format=format):
                error = self.refused(self.producer(given=[("level", format, texts(["T8"] * 3))]), code)
                self.assertEqual(error.path, "level")
        error = self.refused(self.producer(given=[("levl", "u", texts(["T8"] * 3)), ("collapse_pct", "g", [None, b"0" * 24])]))
        self.assertEqual([p.path for p in error.problems], ["levl", "collapse_pct"])
        self.assertEqual([p.status.name for p in error.problems], ["FACT", "UNIT"])
        not_rows = self.producer()
        not_rows.change_schema = lambda schema: setattr(schema, "format", b"i")
        self.refused(not_rows, "type")

    def test_streams_that_fail(self):
        midway = self.producer(chunks=4)
        midway.fail_at = 2
        with self.assertRaisesRegex(OSError, "the disk is on fire"):
            RULES.score("sins", midway)
        silent = self.producer(chunks=4)
        silent.fail_at, silent.message = 0, None
        with self.assertRaisesRegex(OSError, "no reason"):
            RULES.score("sins", silent)
        no_schema = self.producer()
        no_schema.fail_schema = True
        with self.assertRaisesRegex(OSError, "the schema"):
            RULES.score("sins", no_schema)

    def test_capsules_that_are_none(self):
        class Wrong:
            def __init__(self, capsule):
                self.capsule = capsule

            def __arrow_c_stream__(self, requested_schema=None):
                return self.capsule

        one = self.producer()
        used = one.__arrow_c_stream__()
        self.lists(Wrong(used))
        with self.assertRaisesRegex(ValueError, "read before"):
            RULES.score("sins", Wrong(used))
        for wrong in (None, "capsule", RULES._core):
            with self.assertRaises((ValueError, TypeError)):
                RULES.score("sins", Wrong(wrong))
        with self.assertRaises(TypeError):
            RULES.score("sins", 7)

    def test_moving_parts_of_an_answer(self):
        """Who takes an answer may release its columns one by one, and late."""
        answer = RULES.score("sins", self.producer())
        first, second = answer.__arrow_c_stream__(), answer.__arrow_c_stream__()
        array, schema = Array(), Schema()
        stream = struct_of(first, b"arrow_array_stream", Stream)
        self.assertEqual(stream.get_next(stream, array), 0)
        self.assertEqual(stream.get_schema(stream, schema), 0)
        self.assertEqual((schema.format, array.length, array.n_children), (b"+s", 3, schema.n_children))
        array.children[0].contents.release(array.children[0])
        self.assertFalse(array.children[0].contents.release)
        array.release(array)
        schema.release(schema)
        self.assertFalse(array.release or schema.release)
        del answer, first
        stream = struct_of(second, b"arrow_array_stream", Stream)
        self.assertEqual(stream.get_next(stream, array), 0)
        del second
        gc.collect()
        values = (Array.from_buffer(array).children[0].contents.buffers[1])
        self.assertTrue(values)
        array.release(array)

    def test_a_stream_that_is_read_while_it_is_evaluated(self):
        one = self.producer(chunks=3)
        answers = bonemets.Cohort("sins", rules=RULES).stream(one)
        table = bonemets._core.table_of_stream(answers.__arrow_c_stream__())
        self.assertEqual(table.lengths, [3, 3, 3])
        with self.assertRaises(ValueError):
            answers.__arrow_c_stream__()
        bonemets.Cohort("sins", rules=RULES).stream(self.producer())  # dropped unread

    def test_a_stream_tells_nobody_counts(self):
        cohort = bonemets.Cohort("sins", rules=RULES, on_error="count")
        with self.assertRaisesRegex(ValueError, "nobody could be told"):
            cohort.stream(self.producer())
        self.assertEqual(cohort.score(self.producer()).lengths, [3])


if __name__ == "__main__":
    unittest.main()
