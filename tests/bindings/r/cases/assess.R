# SPDX-License-Identifier: Apache-2.0
# One patient, the lists of the answer, the tables, and what is refused.

record <- list(primary = "breast_hr_pos", neuro_features = "limb_weakness",
    lesions = list(list(level = "T12", sins_pain = "mechanical", lesion_type = "lytic",
        collapse_pct = 60)))
answer <- bm_assess(record, "sins")
results <- bm_results(answer)
same("bounds", c(results$low, results$high), c(11, 18))
same("bounds leave the band open", results$band, NA_character_)
same("bands still possible", results$bands[[1]], c("potentially_unstable", "unstable"))
same("a lesion has a number", results$record, 1L)
same("items", bm_items(answer)$high, c(3, 3, 2, 4, 3, 3))
same("missing", bm_missing(answer)$id, c("alignment", "posterolateral"))
ok("the page names the score", grepl("= 11 to 18", format(answer), fixed = TRUE))
ok("the page is what is printed", identical(paste(capture.output(print(answer)), collapse = "\n"),
    sub("\n$", "", format(answer))))
ok("Markdown", grepl("^# ", format(answer, "markdown")))
ok("JSON", grepl("^[{]", format(answer, "json")))

text <- "{primary: breast_hr_pos, neuro_features: [limb_weakness], lesions: [
  {level: T12, sins_pain: mechanical, lesion_type: lytic, collapse_pct: 60}]}"
same("a record as text", format(bm_assess(text, "sins")), format(answer))
frame <- record
frame$lesions <- data.frame(level = factor(c("T12", "L3")), sins_pain = c("mechanical", NA),
    lesion_type = "lytic", collapse_pct = c(60, NA))
two <- bm_assess(frame, "sins")
same("lesions as rows", bm_results(two)$record, 1:2)
same("NA in a row is not said", bm_results(two)$low, c(11, 4))

all <- bm_assess(record)
same("urgency", bm_overall(all)$urgency, "immediate")
same("limit", bm_overall(all)$within_h, 1)
ok("choices", all(c("known", "provisional") %in% bm_choices(all)$state))
ok("advice says what to do", any(lengths(bm_advice(all)$do) > 0L))
ok("advice warns", any(lengths(bm_advice(all)$warn) > 0L))
ok("sources", all(lengths(bm_advice(all)$sources) > 0L))
ok("notes", nrow(bm_notes(all)) > 0L)
ok("assumed", all(c("id", "code") %in% names(bm_assumed(all))))
ok("a score that does not apply has no bounds",
    all(is.na(bm_results(all)$low[bm_results(all)$state == "not_applicable"])))

same("none of a set", bm_choices(bm_assess(list(neuro_features = character())))$state,
    bm_choices(bm_assess("neuro_features: []"))$state)
same("nothing known", bm_results(bm_assess(list(), "tomita_2001"))$state, "unknown")
same("a quantity with its unit", bm_results(bm_assess(list(calcium_total = "2.9 mmol/L",
    albumin = "40 g/L"), "calcium"))$state[[1]],
    bm_results(bm_assess("{calcium_total: 2.9 mmol/L, albumin: 40 g/L}", "calcium"))$state[[1]])
hour <- as.POSIXct("2026-11-21 20:30:00", tz = "UTC")
begun <- list(primary = "breast_hr_pos", neuro_features = "limb_weakness",
    mscc_suspected_at = as.POSIXct("2026-11-21 08:00:00", tz = "UTC"))
ok("the present", grepl("left, due", format(bm_assess(begun, now = hour))))

error <- refused("no such option", bm_assess(list(level = "T99")), "type", "T12")
same("fields of an error", list(error$path, error$line), list("level", 1L))
same("problems of an error", error$problems$path, "level")
both <- refused("all problems", bm_assess("{level: T99, nonsense: 1}"), "type")
same("two problems", nrow(both$problems), 2L)
refused("no such fact", bm_assess(list(levle = "T9")), "fact", "level")
refused("out of range", bm_assess(list(collapse_pct = 400)), "range")
refused("a unit that does not fit", bm_assess(list(creatinine = "90 kg")), "unit")
refused("no such guideline", bm_assess(list(), "nonsense"), "fact")
refused("no such profile", bm_assess(list(), profile = "nonsense"), "fact", "dutch_2015")
refused("no record", bm_assess(list(1, 2)), "argument")
refused("a fact of a strange class", bm_assess(list(collapse_pct = as.difftime(1, units = "days"))),
    "type")
refused("texts are quoted", bm_assess(list(level = "a\"b\\c\n")), "type", "not an option")
refused("no assessment", bm_results(1), "argument")

rules <- bm_load()
same("a set is the tables built in", format(bm_assess(record, "sins", rules = rules)), format(answer))
ok("guidelines", all(c("sins", "mscc_triage") %in% as.data.frame(rules)$id))
same("one guideline", as.data.frame(bm_load(only = "sins"))$id, "sins")
refused("no such file", bm_load("/nonexistent"), "io")
broken <- tempfile(fileext = ".yaml")
writeLines(c("guideline: x", "nonsense: 1"), broken)
error <- refused("a broken table", bm_load(broken), "rule")
same("where it is broken", is.integer(error$line) && error$file == broken, TRUE)
refused("no set", bm_assess(list(), rules = 1), "argument")
saved <- unserialize(serialize(rules, NULL))
refused("a set that was saved", bm_assess(list(), rules = saved), "argument", "saved")
refused("an assessment that was saved", format(unserialize(serialize(answer, NULL))), "argument")
ok("printing a saved set", grepl("empty", capture.output(print(saved))))

facts <- bm_facts()
same("facts have types", facts$type[facts$id == "level"], "code")
same("options", bm_facts("lesion_type")$options[[1]][1:2], c("lytic", "mixed"))
same("ranges", unlist(bm_facts("collapse_pct")[c("low", "high")], use.names = FALSE), c(0, 100))
refused("no such fact to show", bm_facts("nonsense"), "fact")
ok("a table is explained", grepl("spinal instability", bm_explain("sins"), ignore.case = TRUE))
refused("nothing to explain", bm_explain("nonsense"), "fact")
ok("the list of guidelines", grepl("sins", bm_explain()))
ok("version", bm_version() >= "1.0.0")
