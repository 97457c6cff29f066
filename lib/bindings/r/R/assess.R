# SPDX-License-Identifier: Apache-2.0
# One patient: assess, print, and the lists of the answer as data frames.

bm_assess <- function(record, guideline = NULL, profile = NULL, now = NULL, rules = NULL) {
    rules <- chosen_rules(rules)
    if (is.list(guideline)) {
        fail("the record comes first, then the id of a guideline: bm_assess(record, \"sins\")",
            sys.call())
    }
    text <- record_text(record, rules)
    if (inherits(now, "POSIXt")) {
        now <- format(now, "%Y-%m-%dT%H:%M:%S")
    }
    handle <- settle(.Call(bmr_assess, rules$handle, text, guideline, profile, now))
    structure(list(handle = handle, rules = rules), class = "bonemets_assessment")
}

format.bonemets_assessment <- function(x, format = c("text", "full", "markdown", "json"), ...) {
    format <- match.arg(format)
    answer <- .Call(bmr_write, x$handle, formats[[format]])
    if (!is.null(answer$status)) {
        fail("this assessment is empty: it cannot be saved; assess the record again",
            status = status_names[[answer$status]])
    }
    answer$value
}

print.bonemets_assessment <- function(x, format = "text", ...) {
    cat(format(x, format))
    invisible(x)
}

check_assessment <- function(x, call) {
    if (!inherits(x, "bonemets_assessment")) {
        fail("this is not an assessment; bm_assess() makes one", call)
    }
}

# A list of the assessment: fields that are texts, integers, numbers.
entries_frame <- function(x, list, texts, integers = character(), numbers = character(),
                          part = 0L) {
    check_assessment(x, sys.call(-1L))
    parts_frame(x$handle, entries[[list]], part, texts, integers, numbers)
}

parts_frame <- function(handle, list, part, texts, integers = character(), numbers = character()) {
    columns <- .Call(bmr_parts, handle, list, part, field[texts], field[integers], field[numbers])
    names(columns) <- c("entry", texts, integers, numbers)
    frame <- as.data.frame(columns, stringsAsFactors = FALSE)
    for (state in intersect(c("state", "from_state"), integers)) {
        frame[[state]] <- states[frame[[state]] + 1L]
    }
    if ("within_h" %in% numbers) {
        frame$within_h[frame$within_h < 0] <- NA
    }
    frame
}

# For each entry the texts of one of its parts.
part_texts <- function(x, list, part, count, what = "id") {
    frame <- entries_frame(x, list, what, part = parts[[part]])
    unname(split(frame[[what]], factor(frame$entry, seq_len(count))))
}

bm_results <- function(x) {
    frame <- entries_frame(x, "results", c("guideline", "id", "label", "unit", "band", "verified",
        "contradicted"), c("record", "state", "only_bands", "entered"), c("low", "high"))
    frame$low[frame$state == "not_applicable"] <- NA
    frame$high[frame$state == "not_applicable"] <- NA
    frame$only_bands <- frame$only_bands == 1L
    frame$entered <- frame$entered == 1L
    frame$bands <- part_texts(x, "results", "bands", nrow(frame))
    frame[c("guideline", "id", "record", "state", "low", "high", "unit", "band", "bands",
        "only_bands", "entered", "label", "verified", "contradicted")]
}

bm_items <- function(x) {
    results <- bm_results(x)
    frame <- entries_frame(x, "results", c("id", "label"), "state", c("low", "high"),
        part = parts[["items"]])
    names(frame)[names(frame) == "id"] <- "item"
    of <- results[frame$entry, c("guideline", "id", "record")]
    rownames(of) <- NULL
    cbind(of, frame[c("item", "state", "low", "high", "label")])
}

bm_choices <- function(x) {
    frame <- entries_frame(x, "choices", c("guideline", "id", "label", "code", "row", "urgency",
        "strength", "certainty", "verified", "because", "contradicted"), c("record", "state"),
        "within_h")
    frame$state[frame$state %in% c("unknown", "partly")] <- "provisional"
    frame$possible <- part_texts(x, "choices", "possible", nrow(frame))
    frame$sources <- part_texts(x, "choices", "sources", nrow(frame))
    frame[c("guideline", "id", "record", "state", "code", "possible", "row", "urgency", "within_h",
        "strength", "certainty", "verified", "because", "sources", "label", "contradicted")]
}

bm_advice <- function(x) {
    frame <- entries_frame(x, "advice", c("guideline", "row", "urgency", "strength", "certainty",
        "verified", "because", "contradicted"), "record", "within_h")
    frame$do <- part_texts(x, "advice", "do", nrow(frame), "label")
    frame$warn <- part_texts(x, "advice", "warn", nrow(frame), "label")
    frame$sources <- part_texts(x, "advice", "sources", nrow(frame))
    frame[c("guideline", "row", "record", "urgency", "within_h", "do", "warn", "strength",
        "certainty", "verified", "because", "sources", "contradicted")]
}

bm_missing <- function(x) {
    entries_frame(x, "missing", c("id", "label", "urgency"), "record")[c("id", "record", "urgency",
        "label")]
}

bm_assumed <- function(x) {
    entries_frame(x, "assumed", c("id", "label", "code", "guideline"), "record")[c("id", "record",
        "code", "guideline", "label")]
}

bm_notes <- function(x) {
    entries_frame(x, "notes", c("guideline", "id", "message", "verified"), "record")[c("guideline",
        "id", "record", "message", "verified")]
}

bm_overall <- function(x) {
    texts <- c("urgency", "row", "within_row", "possible_urgency")
    numbers <- c("within_h", "possible_within_h")
    values <- .Call(bmr_overall, x$handle, field[texts], field[numbers])
    structure(values, names = c(texts, numbers))
}
