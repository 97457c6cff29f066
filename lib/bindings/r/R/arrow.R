# SPDX-License-Identifier: Apache-2.0
# Arrow data, by pointers to C streams: those of nanoarrow and arrow, and all that these convert.

has_package <- function(name) {
    requireNamespace(name, quietly = TRUE)
}

# These packages are used when they are there, and nothing else needs them.
of_package <- function(package, name) {
    getExportedValue(package, name)
}

is_of_arrow <- function(data) {
    inherits(data, c("ArrowTabular", "RecordBatchReader"))
}

stream_from <- function(data, call) {
    if (inherits(data, "nanoarrow_array_stream")) {
        return(data)
    }
    if (is_of_arrow(data) && has_package("arrow")) {
        stream <- .Call(bmr_new_stream)
        of_package("arrow", "as_record_batch_reader")(data)$export_to_c(stream)
        return(stream)
    }
    if (has_package("nanoarrow")) {
        convert <- of_package("nanoarrow", "as_nanoarrow_array_stream")
        return(tryCatch(convert(data), error = function(e) {
            fail(paste("this does not convert to Arrow:", conditionMessage(e)), call, "type")
        }))
    }
    fail(paste0("data of class ", dQuote(class(data)[[1L]], FALSE), " is not taken: it is neither ",
        "a data frame nor a stream of Arrow, and there is no package nanoarrow to make it one"),
        call, "type")
}

bm_score.default <- function(data, targets = "sins", columns = NULL, units = NULL,
                             others = c("refuse", "skip"), on_error = c("refuse", "count"),
                             keep = FALSE, items = FALSE, missing = FALSE, profile = NULL,
                             rules = NULL, threads = NULL) {
    call <- sys.call(-1L)
    if (is.character(data) && !is.character(targets)) {
        fail("the data come first, then the targets: bm_score(frame, \"sins\")", call)
    }
    if (is.list(data) && !is.object(data)) {
        fail("a list is no data frame: as.data.frame(data, check.names = FALSE) makes one of columns", call)
    }
    others <- one_of(others, "others", c("refuse", "skip"), call)
    on_error <- one_of(on_error, "on_error", c("refuse", "count"), call)
    rules <- chosen_rules(rules, call)
    whole <- inherits(data, "ArrowTabular")
    if (!isFALSE(keep) && !is.character(keep)) {
        fail("of Arrow data columns are kept by their names", call)
    }
    if (on_error == "count" && !whole) {
        fail("a stream is evaluated as it is read, so nobody could be told of refused cells", call)
    }
    how <- described(c(names(columns), names(units)), targets, columns, units, others, on_error,
        items, missing, profile, call)
    how$keep <- if (is.character(keep)) keep else character()
    thread_count(threads, call)
    answer <- .Call(bmr_score_stream, rules$handle, how, stream_from(data, call))
    hint <- if (!is.null(answer$status)) hint_of(problems_frame(answer$problems), how, rules)
    value <- settle(answer, call, hint = hint)
    if (!is_of_arrow(data)) {
        return(value$stream)
    }
    reader <- of_package("arrow", "RecordBatchReader")$import_from_c(value$stream)
    if (!whole) {
        return(reader)
    }
    table <- reader$read_table()
    warn_refused(refused_cells(.Call(bmr_counts, value$batch)), problems_frame(NULL), call)
    if (inherits(data, "RecordBatch"))
        of_package("arrow", "as_record_batch")(table)
    else
        table
}
