# SPDX-License-Identifier: Apache-2.0
# What the tests are written with; prints lines of the Test Anything Protocol.

library(bonemets)

said <- new.env()
said$count <- 0L
said$wrong <- 0L

ok <- function(what, good) {
    said$count <- said$count + 1L
    fine <- isTRUE(good)
    said$wrong <- said$wrong + !fine
    cat(if (fine) "ok " else "not ok ", said$count, " - ", what, "\n", sep = "")
    if (!fine && is.character(good)) {
        cat(paste0("# ", unlist(strsplit(good, "\n"))), sep = "\n")
    }
}

# To the last bit; what differs is shown.
same <- function(what, got, wanted) {
    good <- identical(got, wanted)
    ok(what, if (good) TRUE else paste(c("got:", capture.output(str(got)), "wanted:",
        capture.output(str(wanted))), collapse = "\n"))
}

# `code` ends with a bonemets_error of that status, whose message matches.
refused <- function(what, code, status, pattern = "") {
    found <- tryCatch({
        code
        NULL
    }, error = identity)
    good <- inherits(found, "bonemets_error") && found$status == status &&
        grepl(pattern, conditionMessage(found))
    ok(what, if (good) TRUE else if (is.null(found)) "no error" else
        paste(c(class(found), conditionMessage(found)), collapse = "\n"))
    invisible(found)
}

skip <- function(what, why) {
    said$count <- said$count + 1L
    cat("ok ", said$count, " - ", what, " # SKIP ", why, "\n", sep = "")
}

finish <- function() {
    cat("1..", said$count, "\n", sep = "")
    if (!interactive()) quit(status = as.integer(said$wrong > 0L))
}
