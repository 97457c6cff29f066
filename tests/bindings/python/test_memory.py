# SPDX-License-Identifier: Apache-2.0
"""References and memory stay level, and threads share what may be shared."""
import gc
import importlib.util
import os
import subprocess
import sys
import threading
import unittest

import bonemets
from producer import Producer, texts

RULES = bonemets.load(only="sins")
RECORD = {"lesions": [{"level": "T12", "sins_pain": "mechanical"}]}
FRAME = {"level": ["T8", "L1", None] * 50, "sins_pain": ["mechanical", None, "none"] * 50}


def blocks():
    gc.collect()
    return sys.getallocatedblocks()


def resident():
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def refused(act, *arguments, **options):
    try:
        act(*arguments, **options)
    except (bonemets.Error, TypeError, ValueError, OSError):
        return
    raise AssertionError("this was accepted")


def fails_midway():
    one = Producer(3, [("level", "u", texts(["T8", "L1", None]))], chunks=4)
    one.fail_at = 2
    return one


def whatever():
    answer = bonemets.assess(RECORD, "sins", rules=RULES)
    repr(answer), answer._repr_html_(), answer._core.what_if(1, 0, 2), answer._core.next_questions(2, 2)
    RULES.explain("sins"), RULES.facts("level"), RULES._core.warnings
    patient = bonemets.Patient(rules=RULES)
    patient.set("collapse_pct", (40, 60), "%", lesion=patient.add(level="T8"))
    refused(patient.set, "level", "T13")
    refused(bonemets.Patient.parse, "level: [", rules=RULES)
    refused(bonemets.load, "/no/such/path")
    RULES.score("sins", FRAME, threads=2)
    refused(RULES.score, "sins", {"levl": ["T8"]})
    refused(RULES.score, "sins", {"level": ["T8", "x"]})
    refused(RULES.score, "sins", {"level": [object()]})
    table = RULES.score("sins", Producer(3, [("level", "u", texts(["T8", "L1", None]))], chunks=2))
    table.__arrow_c_stream__(), table.__arrow_c_schema__(), bonemets._frames.to_lists(table)
    refused(RULES.score, "sins", fails_midway())
    RULES.cohort("sins").stream(Producer(3, [("level", "u", texts(["T8", "L1", None]))]))


class Memory(unittest.TestCase):
    def test_blocks_and_references_stay_level(self):
        names = ("Patient", "Assessment", "Batch", "Table", "Buffer", "Stream")
        core, growths = RULES._core, []
        text = bonemets.assess(RECORD, "sins", rules=RULES)._core.what_if(1, 0, 2)
        for _ in range(2000):  # until the interpreter keeps as many free dicts as it wants
            bonemets._answers.parse(text)
        for _ in range(20):
            whatever()
        gc.collect()  # what tests before this one left behind
        references = [sys.getrefcount(core), *(sys.getrefcount(getattr(bonemets._core, name)) for name in names)]
        for _ in range(8):
            before = blocks()
            for _ in range(30):
                whatever()
            growths.append(blocks() - before)
        self.assertLess(min(growths), 25, "one block each time, and no end, is a leak")
        self.assertEqual(references, [sys.getrefcount(core),
                                      *(sys.getrefcount(getattr(bonemets._core, name)) for name in names)])

    @unittest.skipUnless(os.path.exists("/proc/self/statm"), "no /proc")
    def test_memory_stays_level(self):
        big = {"level": ["T8", "L1"] * 50_000, "sins_pain": ["mechanical", None] * 50_000}
        for _ in range(5):
            RULES.score("sins", big), bonemets.load(only="sins")
        before = resident()
        for _ in range(30):
            RULES.score("sins", big), bonemets.load(only="sins")
        self.assertLess(resident() - before, 16 << 20)  # one answer takes 2 MiB, one set more

    def test_a_module_of_its_own(self):
        """Imported twice there are two modules, which share nothing and can go."""
        import importlib.util
        spec = importlib.util.find_spec("bonemets._core")
        other = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(other)
        self.assertIsNot(other.Guidelines, bonemets._core.Guidelines)
        self.assertEqual(other.load(None, "sins", False, False).digest, RULES.digest)
        with self.assertRaises(TypeError):
            other.patient(RULES._core)


    @unittest.skipIf(importlib.util.find_spec("_testcapi") is None, "_testcapi is not installed")
    def test_a_stream_for_which_there_is_no_memory(self):
        """The batch is free again whenever it gave no stream."""
        import _testcapi
        failed, stream = 0, None
        for at in range(100):
            batch = bonemets._core.batch(RULES._core, ["sins"])
            capsule = bonemets._frames.open_frame({"level": ["T8", None]}).table.__arrow_c_stream__()
            _testcapi.set_nomemory(at, at + 1)
            try:
                stream = batch.stream(capsule)
                break
            except MemoryError:
                failed += 1
            finally:
                _testcapi.remove_mem_hooks()
            batch.counts()
        self.assertGreater(failed, 0)
        self.assertIsNotNone(stream)
        with self.assertRaises(RuntimeError):
            batch.counts()


def run_apart(script):
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)


class Interpreters(unittest.TestCase):
    def test_columns_that_are_released_when_there_is_no_interpreter(self):
        """As by a library that holds them until the process ends."""
        done = run_apart("""
import ctypes
from bonemets._frames import open_frame
from producer import Array, struct_of
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.__cxa_atexit.argtypes = [ctypes.c_void_p] * 3
schema, capsule = open_frame({"level": ["T8", None], "collapse_pct [%]": [60.5, 20]}).table.array()
given, size = struct_of(capsule, b"arrow_array", Array), ctypes.sizeof(Array)
held = libc.malloc(ctypes.c_size_t(size))
ctypes.memmove(held, ctypes.byref(given), size)
release = ctypes.cast(given.release, ctypes.c_void_p).value
given.release = type(given.release)()
assert libc.__cxa_atexit(release, held, None) == 0
print("held")
""")
        self.assertEqual((done.returncode, done.stdout), (0, "held\n"), done.stderr)

    @unittest.skipIf(importlib.util.find_spec("_testcapi") is None, "_testcapi is not installed")
    def test_only_the_main_one(self):
        done = run_apart("""
import _testcapi
code = "try: import bonemets\\nexcept ImportError as error: print(error)"
assert _testcapi.run_in_subinterp(code) == 0
""")
        self.assertEqual((done.returncode, done.stdout),
                         (0, "bonemets works in the main interpreter only\n"), done.stderr)


class Threads(unittest.TestCase):
    def test_one_set_and_one_answer_for_all(self):
        answer = bonemets.assess(RECORD, "sins", rules=RULES)
        json, expected = answer.to_json(), RULES.score("sins", FRAME)
        wrong = []

        def work():
            for _ in range(20):
                if (answer.to_json() != json or RULES.score("sins", FRAME) != expected
                        or bonemets.assess(RECORD, "sins", rules=RULES).to_json() != json):
                    wrong.append(1)

        threads = [threading.Thread(target=work) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])

    def test_one_batch_is_for_one_thread(self):
        """Several threads that take the same batch or patient are refused or served, never mixed up."""
        big = bonemets._frames.open_frame({"level": ["T8", "L1"] * 200_000}).table
        batch = bonemets._core.batch(RULES._core, ["sins"])
        batch.bind(big)
        outcomes = []

        def work():
            try:
                outcomes.append(sum(batch.run(big, 0, 0, 400_000, 0)[0].lengths))
            except RuntimeError as error:
                outcomes.append(str(error))

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(outcomes), 4)
        self.assertTrue(set(outcomes) <= {400_000, "this batch is in use by another thread"})


if __name__ == "__main__":
    unittest.main()
