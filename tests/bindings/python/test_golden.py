# SPDX-License-Identifier: Apache-2.0
"""The golden vectors that every language reads (tests/golden/vectors.jsonl), to the last bit."""
import json
import os
import pathlib
import struct
import unittest

import bonemets

VECTORS = pathlib.Path(os.environ.get("GOLDEN", pathlib.Path(__file__).parents[2] / "golden" / "vectors.jsonl"))


def bits(value):
    """Numbers as their bits, so that nothing rounds."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return struct.pack("<d", value or 0.0).hex()  # -0 is 0
    return value


class Golden(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rules = bonemets.load()
        with open(VECTORS, encoding="utf-8") as file:
            next(file)  # says what the file is
            cls.vectors = [json.loads(line) for line in file]

    def test_patients(self):
        patients = [v for v in self.vectors if "record" in v]
        self.assertGreater(len(patients), 100)
        for vector in patients:
            answer = self.rules.assess(vector["record"])
            for expect in vector["expect"]:
                with self.subTest(vector=vector["name"], id=expect["id"], lesion=expect["lesion"]):
                    self.assertEqual(self.found(answer, expect), {k: bits(v) for k, v in expect.items()})

    def found(self, answer, expect):
        if "code" in expect:
            choice = answer.choice(expect["id"], expect["lesion"])
            known, open_ = choice.state == "known", choice.state == "provisional"
            value = choice.value
            if isinstance(value, (int, float)):  # outcomes that are numbers are numbers in JSON
                wanted = expect["code"] or expect["provisional"]
                value = wanted if float(wanted) == value else str(value)
            return {"id": expect["id"], "lesion": bits(choice.lesion), "state": choice.state,
                    "code": value if known else None, "provisional": value if open_ else None}
        result = answer.result(expect["id"], expect["lesion"])
        applies = result.state != "not_applicable"
        return {"id": expect["id"], "lesion": bits(result.lesion), "state": result.state,
                "low": bits(result.low) if applies else None, "high": bits(result.high) if applies else None,
                "band": result.band}

    def test_cohorts(self):
        cohorts = [v for v in self.vectors if "columns" in v]
        self.assertGreater(len(cohorts), 20)
        for vector in cohorts:
            for threads in (1, 3):
                with self.subTest(vector=vector["name"], threads=threads):
                    answer = self.rules.score(vector["targets"], vector["columns"], threads=threads)
                    self.assertEqual({name: [bits(v) for v in cells] for name, cells in answer.items()},
                                     {name: [bits(v) for v in cells] for name, cells in vector["expect"].items()})


if __name__ == "__main__":
    unittest.main()
