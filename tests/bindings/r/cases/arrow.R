# SPDX-License-Identifier: Apache-2.0
# Streams of Arrow by the pointers of nanoarrow; peer.c stands for another package.

built <- file.path(tempdir(), "peer")
dir.create(built)
invisible(file.copy("peer/peer.c", built))
header <- Sys.getenv("BONEMETS_INCLUDE", paste0("-I", normalizePath("peer"))) # as in a release
log <- suppressWarnings(system2(file.path(R.home("bin"), "R"), c("CMD", "SHLIB", "-o",
    file.path(built, "peer.so"), file.path(built, "peer.c")), stdout = TRUE, stderr = TRUE,
    env = paste0("PKG_CPPFLAGS=", shQuote(header))))

cohort <- data.frame(level = factor(c("T12", "L3", NA, "T5", "C1")),
    sins_pain = factor(c("mechanical", "none", NA, "mechanical", NA)),
    "collapse_pct [%]" = c(60, 0, NA, 10.5, 20), check.names = FALSE)
answers <- bm_score(cohort, "sins", keep = FALSE)

stream_of <- function(data, slice = 2, fails_at = NA) {
    .Call("peer_stream", unclass(data), slice, as.double(fails_at))
}
# All rows that a stream gives, and how it ends.
read_all <- function(stream) {
    columns <- NULL
    repeat {
        slice <- .Call("peer_next", stream)
        if (!is.list(slice)) {
            return(list(columns = columns, end = slice))
        }
        columns <- if (is.null(columns)) slice else Map(c, columns, slice)
    }
}
as_cells <- function(x) lapply(if (is.factor(x)) as.character(x) else x, function(cell) {
    if (is.na(cell)) NA else cell
})

if (!file.exists(file.path(built, "peer.so"))) {
    skip("streams of Arrow", paste("the test's own producer was not built:", tail(log, 1)))
} else {
    dyn.load(file.path(built, "peer.so"))
    for (slice in c(1, 2, 100)) {
        scored <- bm_score(stream_of(cohort, slice), "sins")
        same("a stream gives a stream", class(scored), "nanoarrow_array_stream")
        same("columns", .Call("peer_names", scored), names(answers))
        read <- read_all(scored)
        same("the answers are those of the data frame", read$columns, unname(lapply(answers,
            as_cells)))
        same("and it ends", read$end, NULL)
    }
    same("no rows", read_all(bm_score(stream_of(cohort[0, ]), "sins")), list(columns = NULL,
        end = NULL))
    taken <- stream_of(cohort)
    bm_score(taken, "sins")
    refused("a stream is used once", bm_score(taken, "sins"), "argument")
    failing <- read_all(bm_score(stream_of(cohort, 2, 2), "sins"))
    same("rows before it failed", lengths(failing$columns), rep(2L, 5))
    ok("why it failed", grepl("gave up", failing$end))
    refused("a column that is no fact", bm_score(stream_of(cbind(cohort, x = 1)), "sins"), "fact",
        "x")
    same("which is passed over", length(read_all(bm_score(stream_of(cbind(cohort, x = 1)), "sins",
        columns = c(x = NA)))$columns), 5L)
    wrong <- cohort
    levels(wrong$level)[1] <- "T99"
    ok("a cell that is refused", grepl("level", read_all(bm_score(stream_of(wrong), "sins"))$end))
    refused("nobody could be told", bm_score(stream_of(cohort), "sins", on_error = "count"),
        "argument")
    refused("columns are kept by name", bm_score(stream_of(cohort), "sins", keep = TRUE),
        "argument", "by their names")
    same("columns that are kept", .Call("peer_names", bm_score(stream_of(cbind(cohort, x = 1)),
        "sins", keep = c("x", "level"))), c("x", "level", names(answers)))
    refused("keep what is not there", bm_score(stream_of(cohort), "sins", keep = "nonsense"),
        "fact", "which is to be kept")
    shown <- .Call("peer_names", bm_score(stream_of(cohort), "sins", items = TRUE, missing = TRUE))
    same("items and missing facts", shown[c(1:6, length(shown))], c(names(answers),
        "sins.items.location.low", "sins.missing"))
    renamed <- structure(cohort, names = c("where", "pain", "height"))
    same("other names", read_all(bm_score(stream_of(renamed), "sins", columns = c(where = "level",
        pain = "sins_pain", height = "collapse_pct"), units = c(height = "%")))$columns[[1]],
        as_cells(answers[[1]]))
    unread <- bm_score(stream_of(cohort), "sins")
    rm(unread, taken, scored)
    invisible(gc())
    ok("streams that nobody reads are released", TRUE)
}
if (!requireNamespace("nanoarrow", quietly = TRUE)) {
    refused("other data, without a package that converts them", bm_score(as.table(1:3), "sins"),
        "type", "nanoarrow")
}
