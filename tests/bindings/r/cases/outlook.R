# SPDX-License-Identifier: Apache-2.0
# What would alter an answer, and what to find out next: as the same is written in JSON by the program.

answer <- bm_assess(list(lesions = list(list(level = "T12", sins_pain = "mechanical",
    lesion_type = "lytic"))), "sins")
changes <- bm_what_if(answer, "sins")
same("each change is of one fact", changes$record, rep(1L, nrow(changes)))
ok("facts that are open are among them", all(c("alignment", "posterolateral") %in% changes$id))
ok("and such as are known", "lesion_type" %in% changes$id)
mixed <- changes[changes$id == "lesion_type" & changes$to %in% "mixed", ]
same("what it is and becomes", c(mixed$from_state, mixed$from), c("known", "lytic"))
before <- bm_results(answer)
after <- bm_results(bm_assess(list(lesions = list(list(level = "T12", sins_pain = "mechanical",
    lesion_type = "mixed"))), "sins"))
same("and what becomes of the score", c(mixed$low, mixed$high), c(after$low, after$high))
same("bands that are possible then", mixed$possible[[1]], after$bands[[1]])
collapse <- changes[changes$id == "collapse_pct", ]
ok("a number becomes one from a stretch", nrow(collapse) > 0 && all(collapse$to_low <=
    collapse$to_high) && all(is.na(collapse$to)))
ok("an option has no bounds", all(is.na(changes$to_low[!is.na(changes$to)])))
ok("the smallest first", !is.unsorted(changes$size))
same("by its whole name", bm_what_if(answer, "sins.sins", 1), changes)

two <- bm_assess(list(lesions = data.frame(level = c("T12", "L3"))))
refused("of two it says which", bm_what_if(two, "sins"), "fact", "record 1, sins.sins of record 2")
ok("with a record it is one", nrow(bm_what_if(two, "sins", 2)) > 0)
strategy <- bm_what_if(two, "spine_selection.strategy", 1)
same("a choice has no numbers", unique(c(strategy$low, strategy$high)), NA_real_)
refused("no such result", bm_what_if(answer, "sinz"), "fact", "did you mean \"sins\"")
refused("no such record", bm_what_if(answer, "sins", 7), "fact", "record 7")
refused("no assessment", bm_what_if(1, "sins"), "argument")

questions <- bm_next_questions(two, 3)
same("as many as were asked for", nrow(questions), 3L)
ok("of what is missing", all(paste(questions$id, questions$record) %in%
    with(bm_missing(two), paste(id, record))))
ok("each with its answers", all(vapply(questions$answers, nrow, 0L) >= 2L))
ok("what they decide is of one of them", all(mapply(function(answers, decides) {
    all(decides$answer %in% seq_len(nrow(answers)))
}, questions$answers, questions$decides)))
refused("how many is a number", bm_next_questions(two, 0), "argument")
refused("no assessment has no questions", bm_next_questions(list()), "argument")

program <- file.path(Sys.getenv("LD_LIBRARY_PATH"), "..", "examples", "bonemets")
if (file.exists(program) && requireNamespace("jsonlite", quietly = TRUE)) {
    record <- tempfile(fileext = ".yaml")
    writeLines("lesions: [{level: T12, sins_pain: mechanical, lesion_type: lytic}]", record)
    ask <- function(...) jsonlite::fromJSON(system2(program, c("assess", "--guideline", "sins",
        "--format", "json", ..., record), stdout = TRUE), simplifyVector = FALSE)
    told <- ask("--what-if", "sins")$changes
    same("the same changes as the program", changes$id, vapply(told, function(x) x$fact, ""))
    same("with the same ends", changes$low, vapply(told, function(x) as.double(x$then$low), 0))
    next_told <- ask("--next", "4")$questions
    same("the same questions", bm_next_questions(answer, 4)$id, vapply(next_told, function(x) x$fact,
        ""))
} else {
    skip("the same changes as the program", "there is no program or no package jsonlite")
}
