# SPDX-License-Identifier: Apache-2.0
# bm_score() on a data frame of factors against the batch call alone on the same rows, in processor
# time of one process. usage: Rscript speed.R [ROWS], with bonemets found by pkg-config
library(bonemets)

rows <- as.numeric(c(commandArgs(trailingOnly = TRUE), "4e6")[[1]])
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
flags <- function(what) paste(system2("pkg-config", c(what, "bonemets"), stdout = TRUE))
built <- file.path(tempdir(), "batch.so")
file.copy(file.path(here, "batch.c"), tempdir())
system2(file.path(R.home("bin"), "R"), c("CMD", "SHLIB", "-o", built,
    file.path(tempdir(), "batch.c")), stdout = FALSE, env = paste0(c("PKG_CPPFLAGS=", "PKG_LIBS="),
    shQuote(c(flags("--cflags"), flags("--libs")))))
dyn.load(built)

rules <- bm_load()
facts <- c("level", "sins_pain", "lesion_type", "alignment", "sins_collapse", "posterolateral")
column <- function(fact, missing) {
    options <- bm_facts(fact)$options[[1]]
    if (fact == "level") options <- setdiff(options, "C0")
    keys <- sample.int(length(options), rows, TRUE)
    keys[runif(rows) < missing] <- NA
    structure(keys, levels = options, class = "factor")
}
processor <- function(code) {
    invisible(gc())
    sum(system.time(code, gcFirst = FALSE)[c("user.self", "sys.self")])
}

set.seed(1)
for (missing in c(0, 0.2)) {
    data <- structure(lapply(facts, column, missing), names = facts, class = "data.frame",
        row.names = c(NA_integer_, -rows))
    batch <- median(.Call("time_batch", set$handle, unclass(data)))
    score <- median(replicate(5, processor(bm_score(data, "sins", rules = rules, threads = 1))))
    cat(sprintf("%.0f rows, %2.0f %% missing: batch %.1f ns a row, bm_score %.1f, ratio %.2f\n",
        rows, 100 * missing, 1e9 * batch / rows, 1e9 * score / rows, batch / score))
}
