# SPDX-License-Identifier: Apache-2.0
# One patient, then a data frame. usage: Rscript examples/r/quickstart.R
library(bonemets)

# A record is a list; what it does not say is unknown, so the score has bounds.
answer <- bm_assess(list(
    primary = "breast_hr_pos",
    lesions = list(list(level = "T12", sins_pain = "mechanical", lesion_type = "lytic"))
), "sins")
print(bm_results(answer)[c("id", "record", "state", "low", "high")])
print(bm_missing(answer)[c("id", "label")])

# In a data frame a row is a patient, a column a fact, NA unknown.
lesions <- data.frame(
    id = 1:3,
    level = c("T8", "L1", "C4"),
    sins_pain = c("mechanical", NA, "none"),
    lesion_type = c("lytic", "mixed", "blastic"),
    alignment = c("normal", "normal", "normal"),
    collapse_pct = c(60, 0, 0),
    body_involved_pct = c(80, 30, 20),
    posterolateral = c("bilateral", "none", "none")
)
scored <- bm_score(lesions, "sins", units = c(collapse_pct = "%", body_involved_pct = "%"),
    keep = c("id", "level"))
print(scored)
