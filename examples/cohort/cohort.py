#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a synthetic cohort as CSV: the header names facts and units as `bonemets cohort` reads them.

usage: cohort.py [--rows N] [--missing SHARE] [--seed S] [--limb SHARE] [--lesions N] > cohort.csv

Nobody in it exists. Frequencies are plausible, not measured. A hidden severity makes performance
status, spread and laboratory values hang together, and survival hangs on them and on the tumour, so
that curves by the bands of a score part as they should; `survival_months` and `died` are the follow-up
(died = no: still alive then). A line is a patient with one lesion, of the spine or, for the share
--limb, of a long bone; with --lesions N a patient has up to N lines of the same patient_id. --missing
leaves that share of the facts empty. The same arguments give the same bytes everywhere.
"""
import argparse
import math
import random
import sys

# code, frequency, pace of the disease from 0 (slow) to 3, share of women, blastic lesions
PRIMARIES = [
    ("breast_hr_pos", 140, 0, 0.99, 0.25), ("breast_hr_neg_her2_pos", 30, 1.5, 0.99, 0.15),
    ("breast_triple_neg", 30, 2.5, 0.99, 0.1), ("prostate_hormone_sensitive", 80, 0, 0, 0.8),
    ("prostate_castration_resistant", 90, 2, 0, 0.8), ("lung_nsclc", 150, 3, 0.4, 0.1),
    ("lung_nsclc_targeted", 40, 1.5, 0.6, 0.15), ("lung_sclc", 30, 3, 0.4, 0.2),
    ("kidney_rcc", 80, 2, 0.33, 0), ("myeloma", 50, 0.2, 0.45, 0),
    ("thyroid_differentiated", 25, 0, 0.7, 0.05), ("lymphoma_nhl", 20, 0.3, 0.45, 0.1),
    ("colon", 35, 2.8, 0.45, 0.1), ("rectum", 20, 2.6, 0.4, 0.1), ("stomach", 15, 3, 0.35, 0.1),
    ("esophagus", 15, 3, 0.25, 0.05), ("pancreas", 12, 3, 0.45, 0.1), ("liver_hcc", 25, 3, 0.25, 0),
    ("bladder", 25, 2.8, 0.25, 0.1), ("uterus_endometrial", 12, 2, 1, 0.05),
    ("ovary", 8, 2, 1, 0.05), ("melanoma", 22, 2.8, 0.42, 0.05), ("head_neck", 20, 2.7, 0.25, 0.05),
    ("soft_tissue_sarcoma", 12, 2, 0.45, 0), ("unknown_primary", 44, 2.9, 0.45, 0.1),
]
LEVELS = [("C2", 1), ("C3", 1), ("C4", 1), ("C5", 2), ("C6", 2), ("C7", 3), ("T1", 3), ("T2", 4),
          ("T3", 5), ("T4", 6), ("T5", 6), ("T6", 6), ("T7", 6), ("T8", 7), ("T9", 7), ("T10", 7),
          ("T11", 7), ("T12", 8), ("L1", 9), ("L2", 8), ("L3", 8), ("L4", 7), ("L5", 6), ("S1", 3),
          ("S2", 1)]
BONES = [("femur_neck", 14), ("femur_intertrochanteric", 16), ("femur_subtrochanteric", 16),
         ("femur_shaft", 18), ("femur_distal", 4), ("tibia_shaft", 5), ("humerus_proximal", 14),
         ("humerus_shaft", 10), ("radius", 2), ("ulna", 1)]
PATIENT = ["age", "sex", "primary", "kps", "ecog", "frankel", "vertebral_mets",
           "extraspinal_bone_foci", "skeletal_extent", "organ_mets", "visceral_spread",
           "prior_chemo", "platelets [10*9/L]", "calcium_total [mmol/L]", "bilirubin [umol/L]",
           "crp [mg/L]", "ldh [U/L]", "albumin [g/L]", "creatinine [umol/L]",
           "weight [kg]"]
SPINE = ["level", "sins_pain", "lesion_type", "alignment", "collapse_pct [%]",
         "body_involved_pct [%]", "posterolateral"]
LIMB = ["bone", "mirels_pain", "mirels_size", "fracture_present"]
FOLLOW_UP = ["survival_months", "died"]


class Weighted:
    """Draws one of several by a number from 0 to 1."""

    def __init__(self, options, weights):
        total, sum_ = float(sum(weights)), 0.0
        self.table = []
        for option, weight in zip(options, weights):
            sum_ += weight / total * 1000
            self.table += [option] * (round(sum_) - len(self.table))

    def draw(self, u):
        return self.table[int(u * 1000)]


PRIMARY = Weighted(PRIMARIES, [p[1] for p in PRIMARIES])
LEVEL = Weighted([x[0] for x in LEVELS], [x[1] for x in LEVELS])
BONE = Weighted([x[0] for x in BONES], [x[1] for x in BONES])


def pick(u, *shares):
    """The first option whose share is not used up; the last has no share."""
    for option, share in zip(shares[::2], shares[1::2]):
        if u < share:
            return option
        u -= share
    return shares[-1]


def patient(uniform):
    """What is known about a patient, the severity, and the follow-up."""
    code, _, pace, women, blastic = PRIMARY.draw(uniform())
    # the sum of three uniforms is near enough to a bell, and the same on every machine
    ill = min(max(uniform() + uniform() + uniform() - 1.5 + 0.15 * (pace - 1.5), -1.5), 1.5)
    kps = 10 * min(max(round(7.2 - 2.0 * ill + 1.2 * (uniform() - 0.5)), 2), 10)
    ecog = 0 if kps == 100 else 1 if kps >= 80 else 2 if kps >= 60 else 3 if kps >= 40 else 4
    vertebrae = 1 + int(-2.2 * math.log(1 - 0.999 * uniform()))
    foci = int(max(0.0, -3.0 * math.log(1 - 0.999 * uniform()) - 1.5 + ill))
    organ = pick(uniform(), "none", 0.55 - 0.2 * ill, "removable", 0.08, "unremovable")
    spread = "none" if organ == "none" and uniform() < 0.9 else pick(
        uniform(), "nodular", 0.6 - 0.2 * ill, "disseminated")
    chemo = uniform() < 0.35 + 0.1 * ill
    bad = uniform() + 0.35 * ill
    platelets = round((60 + 60 * uniform()) if bad > 1.05 else 130 + 300 * uniform())
    calcium = round((2.60 + 0.5 * uniform()) if uniform() + 0.2 * ill > 1.0 else
                    2.12 + 0.4 * uniform(), 2)
    bilirubin = round((25 + 40 * uniform()) if uniform() + 0.15 * ill > 1.0 else 4 + 14 * uniform())
    inflamed = uniform() + 0.3 * ill > 0.55
    crp = round(4.5 + 80 * uniform() ** 2 if inflamed else 0.3 + 3.5 * uniform(), 1)
    ldh = round(255 + 500 * uniform() ** 2 if uniform() + 0.3 * ill > 0.7 else 130 + 110 * uniform())
    albumin = round(25 + 11.5 * uniform() if uniform() + 0.3 * ill > 0.75 else 37.5 + 9 * uniform(), 1)
    solitary = vertebrae == 1 and foci == 0
    frankel = pick(uniform(), "A", 0.02, "B", 0.03, "C", 0.08 + 0.03 * ill, "D", 0.17, "E")
    facts = [35 + int(55 * (uniform() + uniform()) / 2) + 5, "female" if uniform() < women else "male",
             code, kps, ecog, frankel, min(vertebrae, 24), min(foci, 60),
             "solitary" if solitary else "multiple", organ, spread, "yes" if chemo else "no",
             platelets, calcium, bilirubin, crp, ldh, albumin, round(45 + 90 * uniform() ** 2),
             round(48 + 25 * (uniform() + uniform()) - 4 * ill)]
    points = pace + (0, 1.3, 2)[("none", "nodular", "disseminated").index(spread)]
    points += 2 if platelets < 100 or calcium >= 2.58 or bilirubin >= 24 else \
        1 if crp >= 4 or ldh >= 250 or albumin < 37 else 0
    points += (ecog >= 3) + chemo + (not solitary) + (0.5 if frankel in "ABC" else 0)
    rate = math.exp(-5.6 + 0.62 * points - 0.016 * points * points)
    months = -math.log(1 - uniform()) / rate
    end = 6 + 54 * uniform()
    return facts, blastic, [f"{min(months, end):.1f}", "yes" if months <= end else "no"]


def lesion(uniform, blastic, limb_share):
    kind = pick(uniform(), "blastic", blastic, "mixed", 0.2, "lytic")
    if uniform() < limb_share:
        pain = pick(uniform(), "mild", 0.35, "moderate", 0.35, "functional")
        size = pick(uniform(), "lt_third", 0.35, "third_to_two_thirds", 0.4, "gt_two_thirds")
        limb = [BONE.draw(uniform()), pain, size, "yes" if uniform() < 0.12 else "no"]
        return ["", "", kind, "", "", "", ""] + limb
    collapse = int(100 * uniform() ** 2) if uniform() < 0.45 else 0
    pain = pick(uniform(), "mechanical", 0.4 + collapse / 400, "nonmechanical", 0.35, "none")
    aligned = pick(uniform(), "subluxation", 0.03, "deformity", 0.08 + collapse / 400, "normal")
    sides = pick(uniform(), "bilateral", 0.18, "unilateral", 0.34, "none")
    spine = [LEVEL.draw(uniform()), pain, kind, aligned, collapse, int(100 * uniform()), sides]
    return spine + ["", "", "", ""]


def write(out, options):
    uniform = random.Random(options.seed).random
    width = len(SPINE) + (len(LIMB) if options.limb > 0 else 0)
    out.write(",".join(["patient_id"] + PATIENT + (SPINE + LIMB)[:width] + FOLLOW_UP) + "\n")
    number, left, lines = 0, 0, []
    for _ in range(options.rows):
        if left == 0:
            number += 1
            facts, blastic, follow_up = patient(uniform)
            left = 1 + int(options.lesions * uniform()) if options.lesions > 1 else 1
            if left > 1:
                facts[6], facts[8] = max(facts[6], left), "multiple"
        left -= 1
        cells = facts + lesion(uniform, blastic, options.limb)[:width]
        if options.missing > 0:
            cells = ["" if uniform() < options.missing else cell for cell in cells]
        lines.append(f"P{number:07},{','.join(map(str, cells))},{','.join(follow_up)}\n")
        if len(lines) == 10000:
            out.write("".join(lines))
            lines.clear()
    out.write("".join(lines))


def main():
    parser = argparse.ArgumentParser(description="Writes a synthetic cohort as CSV.")
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--missing", type=float, default=0.0, help="share of facts left empty, 0 to 1")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limb", type=float, default=0.25, help="share of lesions of long bones")
    parser.add_argument("--lesions", type=int, default=1, help="up to so many lines of a patient")
    options = parser.parse_args()
    if options.rows < 0 or not 0 <= options.missing <= 1 or not 0 <= options.limb <= 1 \
            or options.lesions < 1:
        parser.error("a number is out of range")
    sys.stdout.reconfigure(newline="\n")
    try:
        write(sys.stdout, options)
    except BrokenPipeError:
        sys.stderr.close()


if __name__ == "__main__":
    main()
