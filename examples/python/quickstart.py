# SPDX-License-Identifier: Apache-2.0
"""Scores a data frame, then asks about one patient. usage: quickstart.py"""
import bonemets
import pandas

lesions = pandas.DataFrame({
    "patient": ["A", "B", "C"],
    "level": ["T8", "L1", "T12"],
    "pain": ["mechanical", "none", "nonmechanical"],
    "lesion_type": ["lytic", "blastic", None],
    "alignment": ["normal", "normal", "normal"],
    "collapse_pct": [60, 0, None],
    "body_involved_pct": [80, 30, 60],
    "posterolateral": ["bilateral", "none", "unilateral"],
})
scored = bonemets.score(["sins"], lesions, columns={"patient": None, "pain": "sins_pain"},
                        units={"collapse_pct": "%", "body_involved_pct": "%"})

patient = bonemets.assess({"lesions": [{"level": "T12", "sins_pain": "nonmechanical"}]}, "sins")
print(repr(patient))
print("asked next:", patient.next_questions(1)[0].label, end="\n\n")

print(lesions[["patient", "level"]].join(scored).to_string())
