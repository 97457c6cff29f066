# SPDX-License-Identifier: Apache-2.0
# What would alter an answer, and what to find out next.

# Where a result or choice stands in its list, and in which.
place_of <- function(x, id, record, call) {
    found <- NULL
    known <- NULL
    for (list in c("results", "choices")) {
        frame <- entries_frame(x, list, c("guideline", "id"), "record")
        whole <- paste(frame$guideline, frame$id, sep = ".")
        known <- c(known, frame$id, whole)
        at <- which(frame$id == id | whole == id)
        if (!is.null(record)) {
            at <- at[frame$record[at] == record]
        }
        found <- rbind(found, data.frame(list = rep(list, length(at)), at = at,
            name = sprintf("%s of record %d", whole[at], frame$record[at])))
    }
    if (nrow(found) == 0L) {
        of <- if (is.null(record) || !id %in% known) meant(id, known) else paste(" of record", record)
        fail(paste0("there is no result or choice ", dQuote(id, FALSE), " in this answer", of), call,
            "fact")
    }
    if (nrow(found) > 1L) {
        fail(paste0(dQuote(id, FALSE), " is one of ", paste(found$name, collapse = ", "),
            ": say of which `record` or guideline"), call, "fact")
    }
    found
}

# Bounds are there only where the fact is a number.
only_numbers <- function(frame, word, low, high, there = is.na(frame[[word]])) {
    frame[[low]][!there] <- NA
    frame[[high]][!there] <- NA
    frame
}

bm_what_if <- function(x, id, record = NULL) {
    call <- sys.call()
    check_assessment(x, call)
    place <- place_of(x, id, record, call)
    handle <- settle(.Call(bmr_what_if, x$handle, entries[[place$list]], place$at - 1L), call)
    frame <- parts_frame(handle, 0L, 0L, c("id", "label", "unit", "member", "from", "to", "band",
        "code"), c("record", "setting", "from_state", "state"), c("from_low", "from_high", "to_low",
        "to_high", "size", "low", "high"))
    number <- is.na(frame$to)
    frame <- only_numbers(frame, "to", "to_low", "to_high")
    frame <- only_numbers(frame, "from", "from_low", "from_high", number & is.na(frame$from))
    frame$setting <- frame$setting == 1L
    if (place$list == "choices") {
        frame$low <- frame$high <- rep(NA_real_, nrow(frame))
        frame$state[frame$state %in% c("unknown", "partly")] <- "provisional"
    }
    part <- if (place$list == "choices") "possible" else "bands"
    all <- parts_frame(handle, 0L, parts[[part]], "id")
    frame$possible <- unname(split(all$id, factor(all$entry, seq_len(nrow(frame)))))
    frame[c("id", "record", "member", "from_state", "from", "from_low", "from_high", "to", "to_low",
        "to_high", "unit", "size", "setting", "state", "low", "high", "band", "code", "possible",
        "label")]
}

bm_next_questions <- function(x, most = 5L) {
    call <- sys.call()
    check_assessment(x, call)
    if (!is.numeric(most) || length(most) != 1L || is.na(most) || most < 1) {
        fail("`most` is how many questions are wanted, at least 1", call)
    }
    handle <- settle(.Call(bmr_next_questions, x$handle, as.integer(min(most, 1e6))), call)
    frame <- parts_frame(handle, 0L, 0L, c("id", "label", "unit", "urgency", "guideline", "row",
        "because"), c("record", "waiting"), c("excludes", "excludes_least", "excludes_most", "open"))
    answers <- parts_frame(handle, 0L, parts[["answers"]], c("member", "to"), character(),
        c("to_low", "to_high"))
    answers <- only_numbers(answers, "to", "to_low", "to_high")
    decides <- parts_frame(handle, 0L, parts[["decides"]], c("guideline", "id", "label", "code",
        "band", "row", "urgency"), c("answer", "record", "state"), c("low", "high"))
    decides$answer <- decides$answer + 1L
    of_entry <- function(frame, i) {
        frame <- frame[frame$entry == i, names(frame) != "entry"]
        rownames(frame) <- NULL
        frame
    }
    frame$answers <- lapply(frame$entry, of_entry, frame = answers)
    frame$decides <- lapply(frame$entry, of_entry, frame = decides)
    frame[c("id", "record", "urgency", "guideline", "row", "waiting", "excludes", "excludes_least",
        "excludes_most", "open", "unit", "answers", "decides", "because", "label")]
}
