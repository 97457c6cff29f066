# SPDX-License-Identifier: Apache-2.0
# Cohorts.

bm_score <- function(data, targets = "sins", columns = NULL, units = NULL,
                     others = c("refuse", "skip"), on_error = c("refuse", "count"), keep = TRUE,
                     items = FALSE, missing = FALSE, profile = NULL, rules = NULL,
                     threads = NULL) {
    UseMethod("bm_score")
}

# The first choice unless something was said.
one_of <- function(word, name, choices, call) {
    if (identical(word, choices)) {
        return(choices[[1L]])
    }
    if (!is.character(word) || length(word) != 1L || !word %in% choices) {
        fail(paste0("`", name, "` is ", paste(dQuote(choices, FALSE), collapse = " or ")), call)
    }
    word
}

# What C needs to know about columns: which are called otherwise, which are not facts.
described <- function(names, targets, columns, units, others, on_error, items, missing, profile,
                      call) {
    facts <- named_texts(columns, "columns", call)
    units <- named_texts(units, "units", call)
    units <- units_of_facts(facts, units, call)
    facts[] <- vapply(facts, function(fact) if (is.na(fact)) fact else split_name(fact)$fact, "")
    only_unit <- setdiff(names(units), names(facts))
    facts[only_unit] <- only_unit
    if (length(facts) > 0L && (is.null(names(facts)) || anyDuplicated(names(facts)))) {
        fail("`columns` is a vector of facts, each named by its column, once", call)
    }
    stray <- setdiff(names(facts), names)
    if (length(stray) > 0L) {
        fail(paste("there is no column", paste(dQuote(stray, FALSE), collapse = ", ")), call,
            "fact")
    }
    list(targets = as.character(targets), columns = as.character(names(facts)),
        facts = as.character(facts), units = unit_of(names(facts), units),
        profile = profile, count_bad = on_error == "count", skip = others == "skip",
        items = isTRUE(items), missing = isTRUE(missing), keep = character())
}

named_texts <- function(x, name, call) {
    x <- unlist(x)
    if (length(x) > 0L && (!is.character(x) && !all(is.na(x)) || is.null(names(x)) ||
        anyNA(names(x)) || !all(nzchar(names(x))))) {
        fail(paste0("`", name, "` is a vector of texts, each named by its column, such as ",
            if (name == "units") "c(creatinine = \"umol/L\")" else "c(pain = \"sins_pain\")"), call)
    }
    structure(as.character(x), names = names(x))
}

# Units that stand behind a fact, or are given by its name, are those of the column that holds it.
units_of_facts <- function(facts, units, call) {
    split <- lapply(facts[!is.na(facts)], split_name)
    held <- vapply(split, function(one) one$fact, "")
    behind <- unlist(lapply(split, function(one) one$unit))
    if (length(units) == 0L) {
        return(behind)
    }
    by_fact <- names(units) %in% setdiff(held[!held %in% held[duplicated(held)]], names(facts))
    names(units)[by_fact] <- names(held)[match(names(units)[by_fact], held)]
    units <- c(units, behind)
    units <- units[!duplicated(data.frame(names = names(units), units = as.character(units)))]
    if (anyDuplicated(names(units))) {
        fail(paste("two units are named of column", dQuote(names(units)[duplicated(names(units))][[1L]],
            FALSE)), call)
    }
    units
}

unit_of <- function(columns, units) {
    if (is.null(units)) rep(NA_character_, length(columns)) else
        as.character(units[match(columns, names(units))])
}

# Only the columns that hold facts go in; of each the fact is known by then.
bound_columns <- function(data, how, rules, call) {
    answer <- .Call(bmr_columns, rules$handle, how, names(data))
    if (!is.null(answer$status)) {
        settle(answer, call, hint = hint_of(problems_frame(answer$problems), how, rules))
    }
    bound <- answer$value
    odd <- odd_columns(answer$problems, names(data)[is.na(bound$fact)], how, rules)
    warn_of_columns(odd, rules, call)
    used <- which(!is.na(bound$fact))
    type <- rules$types[sub("[.].*", "", bound$fact)]
    ready <- lapply(used, function(i) {
        column <- one_column(data[[i]], names(data)[[i]], nrow(data), call)
        ready_column(column, names(data)[[i]], type[[i]], call)
    })
    list(ready = structure(ready, names = names(data)[used]), odd = odd)
}

# `platelets [10^9/L]` as read.csv() writes it.
made_names <- function(names, rules) {
    names[grepl("^[A-Za-z0-9_]+[.]{2}", names) & sub("[.].*", "", names) %in% names(rules$types)]
}

read_names <- "read.csv() changes names such as \"collapse_pct [%]\": read the file with check.names = FALSE"

# What to do about columns that name no fact.
hint_of <- function(problems, how, rules) {
    stray <- problems$path[problems$status %in% "fact"]
    stray <- setdiff(stray[!is.na(stray)], how$columns)
    made <- made_names(stray, rules)
    plain <- setdiff(stray, made)
    some <- paste0("c(", paste(dQuote(head(plain, 3L), FALSE), collapse = ", "),
        if (length(plain) > 3L) ", ...", ")")
    c(if (length(made) > 0L) read_names, if (length(plain) > 0L)
        paste0("columns that are no facts: keep = ", some, " puts them beside the answer, others = \"skip\" ",
            "passes them over"))
}

# Columns that are passed over although they may have been meant: those that the library tells of, and
# names that R has changed.
odd_columns <- function(problems, skipped, how, rules) {
    told <- problems_frame(problems)
    told <- told[told$severity %in% "warning", ]
    made <- setdiff(made_names(skipped, rules), c(told$path, how$columns))
    more <- rep(NA_character_, length(made))
    rbind(told, data.frame(severity = rep("warning", length(made)), status = rep("fact", length(made)),
        message = rep("this is passed over", length(made)), file = more, line = as.integer(more),
        column = as.integer(more), path = made, stringsAsFactors = FALSE))
}

warn_of_columns <- function(odd, rules, call) {
    if (nrow(odd) > 0L) {
        made <- length(made_names(odd$path, rules)) > 0L
        lines <- paste(c(problem_lines(odd), if (made) read_names), collapse = "\n")
        warning(condition("warning", lines, call, "ok", odd))
    }
}

# Cells that were refused and taken as unknown, by column and reason.
refused_cells <- function(counts) {
    bad <- counts$bad[, -1L, drop = FALSE]
    at <- which(bad > 0, arr.ind = TRUE)
    data.frame(column = counts$column[at[, 1L]], reason = status_names[at[, 2L]],
        cells = bad[at], stringsAsFactors = FALSE)
}

# The first of these cells of each column, by row.
told_cells <- function(told) {
    frames <- lapply(told, function(one) {
        frame <- problems_frame(one$problems)
        frame$line <- frame$line + one$before
        frame
    })
    all <- do.call(rbind, frames)
    all <- all[order(all$line), ]
    rownames(all) <- NULL
    all
}

# Counts first, then the cells that are known by row.
warn_refused <- function(bad, problems, call) {
    if (nrow(bad) == 0L) {
        return(invisible())
    }
    count <- sum(bad$cells)
    by <- paste(sprintf("%s: %.0f (%s)", bad$column, bad$cells, bad$reason), collapse = "; ")
    head <- sprintf("%.0f %s refused and taken as unknown: %s", count,
        if (count == 1) "cell was" else "cells were", by)
    shown <- head(seq_len(nrow(problems)), 20L)
    lines <- vapply(shown, function(i) problem_text(problems[i, ]), "")
    left <- count - length(shown)
    more <- if (left > 0 && length(shown) > 0L) sprintf("and %.0f more", left)
    text <- paste(c(head, lines, more), collapse = "\n")
    warning(condition("warning", text, call, "ok", problems))
}

kept_columns <- function(data, keep, call) {
    if (is.character(keep)) {
        stray <- setdiff(keep, names(data))
        if (length(stray) > 0L) {
            fail(paste("there is no column", paste(dQuote(stray, FALSE), collapse = ", ")), call)
        }
        return(keep)
    }
    if (isTRUE(keep)) names(data) else character()
}

# Columns that are kept by name and name no fact are none: nobody has to say so twice.
only_kept <- function(data, keep, columns, rules, call) {
    if (!is.character(keep)) {
        return(NULL)
    }
    kept <- setdiff(kept_columns(data, keep, call), names(columns))
    kept <- kept[!sub("[.[ ].*", "", kept) %in% names(rules$types) & !kept %in% rules$lists]
    structure(rep(NA_character_, length(kept)), names = kept)
}

# What says of columns how rows are sorted or grouped holds no longer when one of these is dropped.
without_dropped <- function(attributes, kept) {
    indexed <- strsplit(sub("^__", "", names(attributes(attributes$index))), "__", fixed = TRUE)
    if (!all(attributes$sorted %in% kept)) {
        attributes$sorted <- NULL
    }
    if (!all(unlist(indexed) %in% kept)) {
        attributes$index <- NULL
    }
    if (!all(setdiff(names(attributes$groups), ".rows") %in% kept)) {
        attributes$groups <- NULL
        attributes$class <- setdiff(attributes$class, c("grouped_df", "rowwise_df"))
    }
    attributes
}

# The kind of data frame stays: class, names of rows, and what else hangs on it.
with_answers <- function(data, answers, keep, call) {
    kept <- setdiff(kept_columns(data, keep, call), names(answers))
    attributes <- without_dropped(attributes(data), kept)
    out <- c(unclass(data)[kept], answers)
    attributes$names <- names(out)
    attributes$.internal.selfref <- NULL
    if (.row_names_info(data) < 0L) {
        attributes$row.names <- .set_row_names(nrow(data)) # else all are written down and compared
    }
    attributes(out) <- attributes
    out
}

bm_score.data.frame <- function(data, targets = "sins", columns = NULL, units = NULL,
                                others = c("refuse", "skip"), on_error = c("refuse", "count"),
                                keep = TRUE, items = FALSE, missing = FALSE, profile = NULL,
                                rules = NULL, threads = NULL) {
    call <- sys.call(-1L)
    others <- one_of(others, "others", c("refuse", "skip"), call)
    on_error <- one_of(on_error, "on_error", c("refuse", "count"), call)
    rules <- chosen_rules(rules, call)
    if (anyDuplicated(names(data))) {
        fail("two columns have the same name", call)
    }
    threads <- thread_count(threads, call)
    check_records(data, columns, others, rules, call)
    columns <- c(columns, only_kept(data, keep, columns, rules, call))
    how <- described(names(data), targets, columns, units, others, on_error, items, missing, profile,
        call)
    bound <- bound_columns(data, how, rules, call)
    ready <- bound$ready
    how <- narrowed(how, names(ready))
    answer <- .Call(bmr_score, rules$handle, how, ready, nrow(data), threads)
    value <- settle(answer, call, before_of(answer))
    bad <- refused_cells(value$counts)
    told <- told_cells(value$told)
    warn_refused(bad, told, call)
    told <- rbind(bound$odd, told)
    out <- with_answers(data, value$answers, keep, call)
    attr(out, "bonemets") <- list(digest = .Call(bmr_digest, rules$handle),
        version = format(bm_version()), rows = value$counts$rows,
        by_columns = value$counts$columnar, refused = bad,
        problems = data.frame(row = told$line, column = told$path, reason = told$status,
            message = told$message, stringsAsFactors = FALSE),
        skipped = setdiff(names(data), c(names(ready), names(columns)[is.na(columns)])))
    out
}

thread_count <- function(threads, call) {
    if (is.null(threads)) {
        return(NA_integer_)
    }
    if (!is.numeric(threads) || length(threads) != 1L || is.na(threads) || threads < 1 ||
        threads != trunc(threads)) {
        fail("`threads` is a whole number from 1", call)
    }
    as.integer(min(threads, 64))
}

# Columns that hold no fact were left out, and are not to be looked for.
narrowed <- function(how, names) {
    used <- how$columns %in% names
    how$columns <- how$columns[used]
    how$facts <- how$facts[used]
    how$units <- how$units[used]
    how
}

before_of <- function(answer) {
    if (is.null(answer$value$before)) 0 else answer$value$before
}
