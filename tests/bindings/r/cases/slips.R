# SPDX-License-Identifier: Apache-2.0
# What people hand over by accident or by habit: it is answered rightly or refused in words.

one <- data.frame(level = "T8")
message_of <- function(code) tryCatch({
    code
    "nothing was refused"
}, error = conditionMessage)
says <- function(what, code, ...) {
    told <- message_of(code)
    for (words in c(...)) {
        same(paste(what, words, sep = ": "), grepl(words, told, fixed = TRUE), TRUE)
    }
}

# ---- records that are kept ----

records <- one
records$lesions <- list(data.frame(level = c("T8", "L1")))
for (keep in list("lesions", TRUE, FALSE)) {
    says("data frames are not dropped", bm_score(records, "sins", keep = keep), "holds records", "--patient")
}
records$lesions <- list(list(list(level = "T8")))
says("nor are lists", bm_score(records, "sins", keep = "lesions"), "holds records")
says("nor with others", bm_score(records, "sins", keep = "lesions", others = "skip"), "holds records")
names(records)[2] <- "findings"
says("whatever they are called", bm_score(records, "sins", keep = "findings"), "holds records")
same("but by those who say so", bm_score(records, "sins", columns = c(findings = NA))$sins.high, 16)

# ---- columns ----

says("columns that are no facts", bm_score(data.frame(level = "T8", patient_id = 1), "sins"),
    "there is no fact 'patient_id'", "keep = c(\"patient_id\")", "others = \"skip\"")
file <- tempfile(fileext = ".csv")
writeLines(c("level,collapse_pct [%]", "T8,60"), file)
garbled <- read.csv(file)
says("names that read.csv() changes", bm_score(garbled, "sins"), "check.names = FALSE")
same("with names as they are", bm_score(read.csv(file, check.names = FALSE), "sins")$sins.low, 4)
warned <- NULL
answer <- withCallingHandlers(bm_score(garbled, "sins", others = "skip"), warning = function(w) {
    warned <<- c(warned, conditionMessage(w))
    invokeRestart("muffleWarning")
})
same("is told when passed over", grepl("check.names", warned, fixed = TRUE), TRUE)
same("and is among the problems", attr(answer, "bonemets")$problems$column, names(garbled)[2])
warned <- NULL
answer <- withCallingHandlers(bm_score(data.frame(level = "T8", sins_pian = "none", note = 1), "sins",
    others = "skip"), warning = function(w) {
    warned <<- c(warned, conditionMessage(w))
    invokeRestart("muffleWarning")
})
same("a misspelt one is told", grepl("sins_pain", warned, fixed = TRUE), TRUE)
same("among the problems", attr(answer, "bonemets")$problems$column, "sins_pian")
unlink(file)

# ---- arguments ----

says("units without names", bm_score(data.frame(collapse_pct = 60), "sins", units = "%"), "`units`", "named")
says("facts without names", bm_score(one, "sins", columns = "level"), "`columns`", "named")
says("a list", bm_score(list(level = "T8"), "sins"), "as.data.frame")
for (threads in list(0, -1, "two", NA, 1.5, c(1, 2))) {
    says("threads", bm_score(one, "sins", threads = threads), "whole number")
}
bili <- data.frame(bili = c(24, 23))
expected <- bm_score(data.frame(bilirubin = c(24, 23)), "katagiri_2014", units = c(bilirubin = "umol/L"),
    keep = FALSE)
same("the limit", expected$katagiri_2014.low[[1]] > expected$katagiri_2014.low[[2]], TRUE)
with_units <- function(...) bm_score(bili, "katagiri_2014", ..., keep = FALSE)
same("a unit behind the fact", with_units(columns = c(bili = "bilirubin [umol/L]")), expected)
same("a unit of the fact", with_units(columns = c(bili = "bilirubin"), units = c(bilirubin = "umol/L")), expected)
same("both", with_units(columns = c(bili = "bilirubin [umol/L]"), units = c(bili = "umol/L")), expected)
says("two units", with_units(columns = c(bili = "bilirubin [umol/L]"), units = c(bili = "mg/dL")), "two units")
