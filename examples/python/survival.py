# SPDX-License-Identifier: Apache-2.0
"""Scores a synthetic cohort and draws Kaplan-Meier curves by the bands of a score.

usage: survival.py COHORT.csv PICTURE.png [SCORE]      (the cohort: examples/cohort/cohort.py)
"""
import sys

import bonemets
import matplotlib
import numpy
import pandas

matplotlib.use("Agg")
import matplotlib.pyplot as plt


def kaplan_meier(months, died):
    """Times of the steps, and the share that is alive after each."""
    times, deaths = numpy.unique(months[died], return_counts=True)
    at_risk = (months[:, None] >= times).sum(axis=0)
    return numpy.append(0, times), numpy.append(1, numpy.cumprod(1 - deaths / at_risk))


if len(sys.argv) < 3:
    sys.exit(__doc__)
cohort, picture, score = (*sys.argv[1:], "katagiri_2014")[:3]
frame = pandas.read_csv(cohort)
follow_up = ["patient_id", "survival_months", "died"]
frame = frame.join(bonemets.score(score, frame, columns=dict.fromkeys(follow_up)))

band = frame[f"{score}.band"]
figure, axes = plt.subplots(figsize=(7, 4.5))
for entry in bonemets.load().table(score).scores[0].bands:
    group = frame[band == entry.id]
    if len(group):
        steps = kaplan_meier(group["survival_months"].to_numpy(float), (group["died"] == "yes").to_numpy())
        axes.step(*steps, where="post", label=f"{entry.label} (n = {len(group)})")
open_ = band.isna().sum()
axes.set(xlim=(0, 36), ylim=(0, 1), xlabel="months", ylabel="alive",
         title=f"{score} in a synthetic cohort; band open in {open_} of {len(frame)}")
axes.legend()
figure.savefig(picture, dpi=150)
print(f"{len(frame)} patients, band open in {open_}: {picture}")
