# SPDX-License-Identifier: Apache-2.0
# Cohorts in data frames.

cohort <- data.frame(id = 1:4, level = factor(c("T12", "L3", NA, "T5")),
    sins_pain = c("mechanical", "none", NA, "mechanical"),
    lesion_type = c("lytic", "blastic", NA, "lytic"),
    alignment = c("normal", "normal", NA, NA), collapse = c(60, 0, NA, 10.5),
    posterolateral = factor(c("none", "bilateral", NA, "none")))
no_facts <- function(names) structure(rep(NA_character_, length(names)), names = names)
score <- function(data = cohort, ..., columns = c(collapse = "collapse_pct"),
                  units = c(collapse = "%"), none = "id") {
    bm_score(data, "sins", columns = c(columns, no_facts(none)), units = units, ...)
}
scored <- score()

same("columns", names(scored), c(names(cohort), paste0("sins.", c("low", "high", "state", "band",
    "assumed"))))
same("low", scored$sins.low, c(11, 5, 0, 8))
same("what goes in comes out", scored[names(cohort)], cohort)
same("class", class(scored), "data.frame")
same("state", as.character(scored$sins.state), c("known", "partly", "unknown", "partly"))
same("band is certain or NA", as.character(scored$sins.band)[1:3], c("potentially_unstable",
    "stable", NA))
one_by_one <- lapply(1:4, function(i) bm_results(bm_assess(list(lesions = with(cohort[i, ],
    data.frame(level, sins_pain, lesion_type, alignment, collapse_pct = collapse,
        posterolateral))), "sins")))
same("as single patients, low", scored$sins.low, vapply(one_by_one, function(x) x$low, 0))
same("as single patients, high", scored$sins.high, vapply(one_by_one, function(x) x$high, 0))
same("as single patients, state", as.character(scored$sins.state),
    vapply(one_by_one, function(x) x$state, ""))
about <- attr(scored, "bonemets")
same("digest", nchar(about$digest), 64L)
same("counts", c(about$rows, nrow(about$refused)), c(4, 0))

texts <- as.data.frame(lapply(cohort, function(x) if (is.factor(x)) as.character(x) else x))
answers <- function(x) unclass(x)[grep("^sins[.]", names(x))]
same("texts as factors", answers(score(texts)), answers(scored))
same("no rows", nrow(score(cohort[0, ])), 0L)
same("levels without rows", levels(score(cohort[0, ])$sins.state), levels(scored$sins.state))
same("unused levels", answers(score(cohort[4:1, ])), lapply(answers(scored), rev))
same("rows that are only counted stay so", .row_names_info(score()), -4L)
same("names of rows stay", rownames(score(cohort[c(4, 2), ])), c("4", "2"))
same("keep one", names(score(keep = "id"))[1:2], c("id", "sins.low"))
same("keep none", names(score(keep = FALSE))[1], "sins.low")
same("scored again", answers(score(scored, none = c("id", grep("^sins[.]", names(scored),
    value = TRUE)))), answers(scored))
named <- cohort
names(named)[6] <- "collapse_pct [%]"
same("the unit in the name", answers(bm_score(named, "sins", columns = c(id = NA))), answers(scored))
named[[6]] <- c("60 %", "0 %", NA, "10.5 %")
same("the unit in the cell", answers(bm_score(named, "sins", others = "skip")), answers(scored))
shared <- cohort
shared$all_na <- NA
names(shared)[8] <- "body_involved_pct"
empty <- texts
empty$level[is.na(empty$level)] <- ""
empty$posterolateral <- factor(ifelse(is.na(empty$posterolateral), "", empty$posterolateral))
same("an empty text is unknown", answers(score(empty)), answers(scored))
same("a column of NA", answers(score(shared)), answers(scored))
shared[[8]] <- NaN
same("NaN is unknown", answers(score(shared, units = c(collapse = "%", body_involved_pct = "%"))),
    answers(scored))
odd <- cohort
levels(odd$level)[2] <- NA
same("a level that is NA", answers(score(odd))$sins.low, {
    odd$level <- factor(as.character(odd$level))
    answers(score(odd))$sins.low
})
latin <- texts
latin$level[2] <- iconv("T\u00e9", "UTF-8", "latin1")
refused("texts in Latin-1", score(latin), "type", "T")

flags <- data.frame(spinal_pain = c(TRUE, FALSE, NA), ecog = c(0, 2, NA))
ask <- function(data, ...) unclass(bm_score(data, "mscc_triage", keep = FALSE, ...))
strip <- function(x) lapply(seq_along(x), function(i) as.vector(x[[i]]))
same("truth values and whole doubles", strip(ask(flags)), strip(ask(data.frame(spinal_pain =
    c("yes", "no", NA), ecog = factor(c(0, 2, NA))))))
several <- data.frame(id = 1:2)
several$lesions <- list(data.frame(level = c("T8", "L1")), data.frame(level = character()))
refused("several records in a row", bm_score(several, "sins", others = "skip"), "type", "as_nanoarrow_array_stream")
sets <- data.frame(id = 1:4)
sets$neuro_features <- list("limb_weakness", character(), NA, c("gait_disturbance",
    "sensory_level"))
same("sets as lists", strip(ask(sets, columns = c(id = NA))), strip(ask(data.frame(neuro_features =
    c("limb_weakness", "none", NA, "gait_disturbance;sensory_level")))))
times <- data.frame(mscc_suspected_at = as.POSIXct(c("2026-11-21 08:00", NA), tz = "Europe/Berlin"))
same("instants are read off the clock of their time zone", strip(ask(times)),
    strip(ask(data.frame(mscc_suspected_at = c("2026-11-21T08:00:00", NA)))))
many <- bm_score(cohort[c("id", "level")], c("sins", "spine_selection.strategy"), keep = "id")
ok("a choice", all(paste0("spine_selection.strategy.", c("state", "code", "provisional",
    "assumed")) %in% names(many)))
one <- bm_score(cohort["level"], "sins", rules = bm_load(only = "sins"))
same("a set of one's own", one$sins.low, score(cohort[c("id", "level")], columns = NULL,
    units = NULL)$sins.low)

error <- refused("a column that is no fact", bm_score(cohort, "sins"), "fact", "id")
same("which one", error$path, "id")
refused("an option that is none", {
    wrong <- texts
    wrong$level[3] <- "T99"
    score(wrong)
}, "type", "row 3: level")
refused("a number out of range", score(within(cohort, collapse[4] <- 101)), "range", "row 4")
refused("infinity", score(within(cohort, collapse[4] <- Inf)), "range", "row 4")
refused("no unit", bm_score(cohort, "sins", columns = c(collapse = "collapse_pct",
    id = NA)),
    "unit")
refused("a unit that does not fit", score(units = c(collapse = "kg")), "unit")
refused("no such fact in columns", score(columns = c(collapse = "nonsense"), units = NULL), "fact")
refused("no such column", score(columns = c(collapse = "collapse_pct", nonsense = "ecog")), "fact")
refused("no such target", bm_score(cohort, "nonsense", others = "skip"), "fact")
refused("the same fact twice", bm_score(cbind(cohort["level"], x = cohort$level), "sins",
    columns = c(x = "level")), "type", "two columns")
refused("the same name twice", bm_score(cohort[c("level", "level")][, c(1, 1)] |>
    setNames(c("level", "level")), "sins"), "argument")
refused("a fraction is no option", ask(data.frame(ecog = 1.5)), "range")
refused("a truth value is no option", bm_score(data.frame(level = TRUE), "sins"), "type")
refused("numbers of 64 bits in doubles", score(within(cohort, class(collapse) <- "integer64")),
    "type", "integer64")
refused("a matrix is no data frame", bm_score(matrix(1:4, 2), "sins"), "type", "matrix")
matrices <- cohort
matrices$collapse <- cbind(cohort$collapse, 1)
refused("a column that is a matrix", score(matrices), "type", "collapse")
matrices$collapse <- cohort["collapse"]
refused("a column that is a data frame", score(matrices), "type", "collapse")
matrices$collapse <- array(cohort$collapse)
same("a vector with one dimension is a column", answers(score(matrices)), answers(scored))
short <- unclass(cohort)
short$collapse <- c(60, 0)
refused("a short column", score(structure(short, class = "data.frame")), "type",
    "2 cells for 4 rows")
rules <- bm_load(only = "sins")
how <- list(targets = "sins", columns = character(), facts = character(), units = character(),
    profile = NULL, count_bad = FALSE, skip = FALSE)
status_of <- function(level) .Call(bonemets:::bmr_score, rules$handle, how, list(level = level), 4L,
    1L)$status
same("C takes columns of the rows that there are", status_of(cohort$level), NULL)
for (level in list(cohort$level[1:3], NULL, cohort$level[c(1:4, 1)])) {
    same(paste("and no others:", length(level)), status_of(level), 2L)
}

# What is shown on request.
shown <- score(items = TRUE, missing = TRUE, keep = "id")
same("what was shown stays", answers(shown)[names(answers(scored))], answers(scored))
alone <- lapply(1:4, function(i) bm_assess(list(lesions = with(cohort[i, ], data.frame(level,
    sins_pain, lesion_type, alignment, collapse_pct = collapse, posterolateral))), "sins"))
items <- lapply(alone, bm_items)
columns <- paste0("sins.items.", items[[1]]$item, ".")
same("names of items", grep("[.]items[.]", names(shown), value = TRUE), paste0(rep(columns,
    each = 2), c("low", "high")))
for (end in c("low", "high")) {
    same(paste("items as of single patients,", end), unname(t(as.matrix(as.data.frame(
        unclass(shown)[paste0(columns, end)])))), vapply(items, function(x) x[[end]], numeric(6)))
}
same("missing facts as of single patients", lapply(shown$sins.missing, sort),
    lapply(alone, function(x) sort(bm_missing(x)$id)))
same("nothing is missing where it is certain", shown$sins.missing[[1]], character())
elsewhere <- bm_score(data.frame(bone = c("femur_neck", NA)), "sins", items = TRUE, missing = TRUE)
same("nothing where it does not apply", list(elsewhere$sins.missing[[1]],
    elsewhere$sins.items.pain.high), list(NULL, c(NA, 3)))
same("no rows with lists", score(cohort[0, ], missing = TRUE)$sins.missing, list())
long <- cohort[rep(1:4, 20000), ]
by_threads <- lapply(c(1, 3), function(n) score(long, missing = TRUE, threads = n)$sins.missing)
same("lists of any slice and thread", by_threads, list(rep(shown$sins.missing, 20000),
    rep(shown$sins.missing, 20000)))

# What hangs on columns goes with them.
sorted <- structure(cohort, sorted = c("id", "level"), index = structure(integer(), "__id" =
    integer(), "__level__sins_pain" = 4:1), groups = data.frame(level = "T12", .rows = 1L),
    class = c("grouped_df", "data.frame"), about = "stays")
hanging <- function(x) intersect(c("sorted", "index", "groups", "about"), names(attributes(x)))
same("all stay with all columns", hanging(score(sorted)), c("sorted", "index", "groups", "about"))
same("and with those they need", hanging(score(sorted, keep = c("sins_pain", "id", "level"))),
    hanging(score(sorted)))
same("a key needs its columns", hanging(score(sorted, keep = c("level", "sins_pain"))),
    c("groups", "about"))
same("an index needs its columns", hanging(score(sorted, keep = c("id", "level"))),
    c("sorted", "groups", "about"))
same("groups need their columns", hanging(score(sorted, keep = "id")), "about")
same("and their class needs them", class(score(sorted, keep = "id")), "data.frame")
same("the class stays with them", class(score(sorted)), class(sorted))
same("nothing stays of nothing", hanging(score(sorted, keep = FALSE)), "about")

refused("keep what is not there", score(keep = "nonsense"), "argument")
same("what is kept by name and is no fact is passed over", answers(bm_score(named, "sins",
    keep = "id")), answers(scored))
same("a fact that is kept is read", bm_score(cohort["level"], "sins", keep = "level")$sins.low,
    bm_score(cohort["level"], "sins")$sins.low)
refused("a fact that is kept and misspelt in it", bm_score(data.frame(level.x = 1), "sins",
    keep = "level.x"), "fact")
refused("another word for other columns", score(others = "ignore"), "argument", "refuse")
refused("another word for bad cells", score(on_error = "stop"), "argument", "count")

wrong <- texts
wrong$level[2] <- "T99"
wrong$collapse[4] <- 101
warned <- NULL
counted <- withCallingHandlers(score(wrong, on_error = "count"), bonemets_warning = function(w) {
    warned <<- w
    invokeRestart("muffleWarning")
})
same("counted by column and reason", attr(counted, "bonemets")$refused$reason, c("type", "range"))
same("told", warned$problems$path, c("level", "collapse"))
same("by row", warned$problems$line, c(2, 4))
same("as data", attr(counted, "bonemets")$problems[c("row", "column", "reason")],
    data.frame(row = c(2, 4), column = c("level", "collapse"), reason = c("type", "range")))
ok("in words", grepl("^2 cells were refused .*level: 1 \\(type\\).*row 2: level: ",
    conditionMessage(warned)))
same("columns that were passed over", attr(bm_score(cohort, "sins", others = "skip"),
    "bonemets")$skipped, c("id", "collapse"))
same("but not those of which it was said", attr(score(), "bonemets")$skipped, character())
same("taken as unknown", answers(counted), answers(score(within(texts, {
    level[2] <- NA
    collapse[4] <- NA
}))))

large <- cohort[rep(1:4, length.out = 250001L), ]
rownames(large) <- NULL
whole <- score(large)
same("slices", answers(whole)$sins.high, rep(scored$sins.high, length.out = 250001L))
same("slices, codes", answers(whole)$sins.band, scored$sins.band[rep(1:4, length.out = 250001L)])
for (threads in c(1, 2, 5)) {
    same(paste("threads:", threads), answers(score(large, threads = threads)), answers(whole))
}
same("rows are counted over threads", attr(score(large, threads = 3), "bonemets")$rows, 250001)
large$level <- as.character(large$level)
large$level[c(200005, 249999)] <- "T99"
for (threads in c(1, 2, 5)) {
    error <- refused("the first row that is refused", score(large, threads = threads), "type")
    same(paste("is always the same one, threads:", threads), error$line, 200005L)
}
for (threads in c(1, 3)) {
    about <- suppressWarnings(attr(score(large, threads = threads, on_error = "count"), "bonemets"))
    same(paste("cells are counted over threads:", threads), about$refused$cells, 2)
    same("and told", about$problems$row, c(200005, 249999))
}
many_wrong <- tryCatch(score(within(large, level <- "T99"), on_error = "count"),
    bonemets_warning = identity)
same("the first are told", head(many_wrong$problems$line, 20), as.double(1:20))
ok("and how many more there are", grepl("\nand 249981 more$", conditionMessage(many_wrong)))
refused("rows are counted over slices", score(large), "type", "row 200005: level")
entries <- data.frame(sins_total = factor(c(5, 15, 5), levels = c(5, 15)))
same("long dictionaries", {
    texts <- paste(c(rep("bad", 300), "mechanical", "none"), c(1:300, "", ""))
    pain <- factor(c("mechanical", NA, "none"), levels = trimws(texts))
    bm_score(data.frame(sins_pain = pain), "sins")$sins.low
}, bm_score(data.frame(sins_pain = c("mechanical", NA, "none")), "sins")$sins.low)

if (requireNamespace("tibble", quietly = TRUE)) {
    tibble <- tibble::as_tibble(cohort)
    same("a tibble stays one", class(score(tibble)), class(tibble))
    same("with the same answers", answers(score(tibble)), answers(scored))
} else {
    skip("a tibble stays one", "there is no package tibble")
}

# An interrupt gets through, and the next call is as good as the first.
signal <- sprintf("(sleep 0.5; kill -INT %d)", Sys.getpid())
stopped <- tryCatch({
    system(signal, wait = FALSE)
    for (i in 1:1000) score(whole, others = "skip", threads = 2)
    FALSE
}, interrupt = function(e) TRUE)
ok("an interrupt stops it", stopped)
same("and afterwards all is well", answers(score()), answers(scored))

# Nothing is lost when R collects at every allocation.
invisible(gctorture2(101L))
tortured <- score()
page <- bm_results(bm_assess(list(level = "T12"), "sins"))$low
invisible(gctorture2(0L))
same("under collection at every turn", answers(tortured), answers(scored))
same("one patient too", page, 3)
