# SPDX-License-Identifier: Apache-2.0
# Columns of a data frame, made ready for C: logical, integer, double or factor.

# Texts become keys into the different texts; nothing is sorted.
keys_of <- function(texts) {
    different <- unique(texts)
    different <- different[!is.na(different)]
    structure(match(texts, different), levels = different, class = "factor")
}

# Members of a set, as the library reads them in one text.
members_of <- function(cells) {
    vapply(cells, function(cell) {
        if (is.null(cell) || (length(cell) == 1L && is.na(cell))) {
            NA_character_
        } else if (length(cell) == 0L) {
            "none"
        } else {
            paste(cell, collapse = ";")
        }
    }, "")
}

# R writes whole numbers as doubles; options and yes or no are whole.
whole_if_option <- function(x, type) {
    known <- x[!is.na(x)]
    whole <- type %in% c("code", "flag", "set") && all(abs(known) < 2^31 & known == trunc(known))
    if (whole) as.integer(x) else x
}

instant_text <- function(x) {
    pattern <- if (inherits(x, "Date")) "%Y-%m-%d" else "%Y-%m-%dT%H:%M:%S"
    different <- unique(x)
    keys <- keys_of(format(different, pattern))
    structure(unclass(keys)[match(x, different)], levels = levels(keys), class = "factor")
}

refuse_column <- function(name, what, message, call) {
    fail(paste("column", dQuote(name, FALSE), what), call, "type", list(severity = 1L, status = 8L,
        message = message, file = NA_character_, line = NA_integer_, column = NA_integer_,
        path = name))
}

# A cell for each row: no matrix, no data frame within, and none of a data frame that was put together
# by hand.
one_column <- function(x, name, rows, call) {
    if (length(dim(x)) > 1L) {
        refuse_column(name, "has columns of its own", "a matrix is not taken", call)
    }
    if (length(x) != rows) {
        refuse_column(name, paste("has", length(x), "cells for", rows, "rows"),
            "the column is not as long as the data frame", call)
    }
    x
}

# A data frame, or a list that holds others or has names.
is_record <- function(x) {
    is.data.frame(x) || (is.list(x) && (!is.null(names(x)) || any(vapply(x, is.list, NA))))
}

refuse_records <- function(name, call) {
    refuse_column(name, paste0("holds records; several in a row are taken from Arrow data: convert it by ",
        "nanoarrow::as_nanoarrow_array_stream() or arrow::arrow_table(), or write a line for each record ",
        "and run `bonemets cohort --patient`"), "a list of records is not taken", call)
}

# Records are not passed over, whatever their column is called, unless somebody says so.
check_records <- function(data, columns, others, rules, call) {
    for (name in setdiff(names(data), names(columns)[is.na(columns)])) {
        x <- data[[name]]
        called <- if (name %in% names(columns)) columns[[name]] else name
        if (is.list(x) && !is.data.frame(x) && (called %in% rules$lists ||
            (others == "refuse" && any(vapply(x, is_record, NA))))) {
            refuse_records(name, call)
        }
    }
}

ready_column <- function(x, name, type, call) {
    if (inherits(x, "AsIs")) {
        class(x) <- setdiff(class(x), "AsIs")
    }
    if (inherits(x, c("Date", "POSIXt"))) {
        instant_text(x)
    } else if (is.factor(x)) {
        x
    } else if (is.character(x)) {
        keys_of(x)
    } else if (is.list(x) && any(vapply(x, is_record, NA))) {
        refuse_records(name, call)
    } else if (is.list(x) && !is.data.frame(x)) {
        keys_of(members_of(x))
    } else if (!is.object(x) && is.double(x)) {
        whole_if_option(x, type)
    } else if (!is.object(x) && (is.logical(x) || is.integer(x))) {
        x
    } else {
        refuse_column(name, paste0("is of class ", dQuote(class(x)[[1L]], FALSE),
            "; taken are numbers, logicals, texts, factors, dates and lists of texts"),
            "this class is not taken", call)
    }
}
