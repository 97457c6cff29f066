# SPDX-License-Identifier: Apache-2.0
# Records as R has them: NA is unknown, a row of a data frame is a record, and the rest is refused by name.

json <- function(record, ...) format(bm_assess(record, ...), "json")
said <- list(level = "T8", sins_pain = "mechanical", age = 61)
for (nothing in list(NA, NA_character_, NaN, NULL, "", factor(NA), as.Date(NA))) {
    same(paste("what is missing is unknown:", class(nothing)), json(c(said, list(ecog = nothing,
        neuro_features = nothing, collapse_pct = nothing))), json(said))
}
row <- data.frame(level = factor("T8"), sins_pain = "mechanical", lesion_type = NA, alignment = "",
    "collapse_pct [%]" = 60, "body_involved_pct [%]" = NaN, ecog = 2, spinal_pain = 1,
    neuro_features = "falls;limb_weakness", "creatinine [umol/L]" = 90L, age = 61, check.names = FALSE)
same("a row is a record", json(row), json(list(level = "T8", sins_pain = "mechanical",
    collapse_pct = "60 %", ecog = 2L, spinal_pain = TRUE, neuro_features = c("falls",
        "limb_weakness"), creatinine = "90 umol/L", age = 61)))
scores <- c("sins", "katagiri_2014", "cockcroft_gault")
results <- bm_results(bm_assess(row))
results <- results[match(scores, results$id), ]
in_frame <- bm_score(row, scores, keep = FALSE)
for (i in seq_along(scores)) {
    same(paste("it says what it says in a frame:", scores[[i]]),
        unname(unlist(unclass(in_frame)[paste0(scores[[i]], c(".low", ".high"))])),
        c(results$low[[i]], results$high[[i]]))
}
refused("many rows are no record", bm_assess(row[c(1, 1), ]), "argument", "frame\\[1, \\]")
same("lesions as a data frame", json(list(lesions = data.frame(level = c("T8", "L1"),
    "collapse_pct [%]" = c(60, NA), check.names = FALSE))),
    json("lesions: [{level: T8, collapse_pct: 60}, {level: L1}]"))

same("units in names", json(list("creatinine [mg/dL]" = 1.5)), json("creatinine: 1.5 mg/dL"))
same("of a text too", json(list("creatinine [umol/L]" = "<90")), json("creatinine: <90 umol/L"))
same("unless it has its own", json(list("creatinine [umol/L]" = "1.5 mg/dL")),
    json("creatinine: 1.5 mg/dL"))
same("a small number", json(list("crp [mg/dL]" = 1e-05)), json("crp: 0.00001 mg/dL"))
same("digits that nobody wrote", json(list(weight = 70.1 + 70.2)), json("weight: 140.3"))
refused("no such unit", bm_assess(list("creatinine [kg]" = 90)), "unit")
refused("a unit of what has none", bm_assess(list("level [mm]" = "T8")), "unit", "level")
refused("the same fact twice", bm_assess(list(age = 3, "age [years]" = 4)), "type", "two entries")
refused("a laboratory value without a unit", bm_assess(list(creatinine = 90)), "unit",
    "write it behind the number")

same("members by columns", json(list(neuro_features.falls = "yes", neuro_features.sensory_level = NA,
    neuro_features.limb_weakness = 0)), json(list(neuro_features = list(present = list("falls"),
    unknown = as.list(setdiff(bm_facts("neuro_features")$options[[1]], c("falls",
        "limb_weakness")))))))
same("none of which is known", json(list(neuro_features.falls = NA)), json(list()))
same("none", json(list(neuro_features = "none")), json(list(neuro_features = character())))
refused("no such member", bm_assess(list(neuro_features.fall = TRUE)), "fact", "falls")
refused("neither yes nor no", bm_assess(list(neuro_features.falls = "x")), "type",
    "neuro_features.falls")
refused("a set twice", bm_assess(list(neuro_features = "falls", neuro_features.falls = TRUE)), "type")

error <- refused("infinity", bm_assess(list(lesions = list(list(), list(collapse_pct = Inf)))), "range")
same("is named", error$path, "lesions[2].collapse_pct")
refused("NA among several", bm_assess(list(neuro_features = c("falls", NA))), "type",
    "neuro_features")
refused("the guideline comes second", bm_assess("sins", said), "argument", "record, \"sins\"")
refused("the targets come second", bm_score("sins", row), "argument", "frame, \"sins\"")
wrong <- refused("all that is wrong", bm_assess(list(levl = "T8", age = 400,
    lesions = list(list(level = "T99")))), "fact", "did you mean 'level'")
same("by its path", sort(wrong$problems$path), c("age", "lesions[1].level", "levl"))

refused("a fact that was meant", bm_facts(c("levle", "age")), "fact", "did you mean \"level\"")
refused("a table that was meant", bm_explain("sinz"), "fact", "did you mean \"sins\"")
