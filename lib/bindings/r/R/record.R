# SPDX-License-Identifier: Apache-2.0
# A patient as R has it becomes a record as JSON, which the library reads.

json_text <- function(x) {
    x <- enc2utf8(x)
    x <- gsub("\\", "\\\\", x, fixed = TRUE)
    x <- gsub("\"", "\\\"", x, fixed = TRUE)
    controls <- vapply(1:31, intToUtf8, "")
    for (i in seq_along(controls)) {
        x <- gsub(controls[[i]], sprintf("\\u%04x", i), x, fixed = TRUE)
    }
    paste0("\"", x, "\"")
}

# The shortest digits that give the number back.
json_number <- function(x) {
    short <- sprintf("%.15g", x)
    ifelse(as.double(short) == x, short, sprintf("%.17g", x))
}

json_scalar <- function(x) {
    text <- if (is.factor(x) || is.character(x)) {
        json_text(as.character(x))
    } else if (is.logical(x)) {
        ifelse(x, "true", "false")
    } else if (inherits(x, "POSIXt")) {
        json_text(format(x, "%Y-%m-%dT%H:%M:%S"))
    } else if (inherits(x, "Date")) {
        json_text(format(x, "%Y-%m-%d"))
    } else if (is.numeric(x) && !is.object(x)) {
        json_number(x)
    } else {
        fail(paste0("a fact cannot be of class ", dQuote(class(x)[[1L]], FALSE)), NULL, "type")
    }
    ifelse(is.na(x), "null", text)
}

json_array <- function(parts) {
    paste0("[", paste(parts, collapse = ", "), "]")
}

json_object <- function(x, sets) {
    if (length(x) == 0L) {
        return("{}")
    }
    values <- vapply(names(x), function(name) json_value(x[[name]], sets, name), "")
    paste0("{", paste(json_text(names(x)), values, sep = ": ", collapse = ", "), "}")
}

# The rows of a data frame are records; what is NA in them is not said.
json_rows <- function(frame, sets) {
    rows <- lapply(seq_len(nrow(frame)), function(i) {
        row <- lapply(frame, function(column) column[[i]])
        row[!vapply(row, function(cell) length(cell) == 1L && is.na(cell), NA)]
    })
    json_array(vapply(rows, json_object, "", sets))
}

# `sets` are the facts that hold several members: they are arrays even of one.
json_value <- function(x, sets, name = "") {
    if (is.null(x)) {
        "null"
    } else if (is.data.frame(x)) {
        json_rows(x, sets)
    } else if (is.list(x) && !is.null(names(x))) {
        json_object(x, sets)
    } else if (is.list(x)) {
        json_array(vapply(x, json_value, "", sets))
    } else if (length(x) == 1L && (is.na(x) || !name %in% sets)) {
        json_scalar(x)
    } else {
        json_array(json_scalar(x))
    }
}

record_text <- function(record, rules, call = sys.call(-1L)) {
    if (is.character(record)) {
        return(paste(record, collapse = "\n"))
    }
    if (!is.list(record) || (length(record) > 0L && is.null(names(record)))) {
        fail("`record` is a list with names, or a text in YAML or JSON", call)
    }
    json_object(record, names(rules$types)[rules$types == "set"])
}
