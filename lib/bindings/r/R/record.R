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

# Records have no more than 15 digits; cut-offs know of far fewer.
json_number <- function(x) {
    sprintf("%.15g", x)
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

# `sets` are the facts that hold several members: they are arrays even of one.
json_value <- function(x, sets, name = "") {
    if (is.null(x)) {
        "null"
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

# ---- what a list or a row says, as a record says it ----

refuse_at <- function(path, message, call, status = "type") {
    fail(paste0(path, ": ", message), call, status, list(severity = 1L,
        status = match(status, status_names), message = message, file = NA_character_,
        line = NA_integer_, column = NA_integer_, path = path))
}

# Cells of a row: a list with a name for each column.
cells_of <- function(frame, i) {
    lapply(frame, function(column) if (is.list(column)) column[[i]] else column[i])
}

is_nothing <- function(x) {
    length(x) == 1L && !is.list(x) && (is.na(x) || identical(as.character(x), ""))
}

# `creatinine [umol/L]`: the fact and the unit.
split_name <- function(name) {
    cut <- regexpr("[", name, fixed = TRUE)
    if (cut > 1L && endsWith(name, "]")) {
        list(fact = sub(" +$", "", substr(name, 1L, cut - 1L)),
            unit = substr(name, cut + 1L, nchar(name) - 1L))
    } else {
        list(fact = name, unit = NULL)
    }
}

# A bare number is in the unit of its name; a text may have one of its own.
with_unit <- function(x, unit, path, call) {
    number <- is.numeric(x) && !is.object(x)
    if (length(x) != 1L || !(number || is.character(x))) {
        refuse_at(path, "where the name has a unit the value is a number", call)
    }
    if (number) {
        x <- format(signif(x, 15L), digits = 15L, scientific = FALSE, decimal.mark = ".")
    } else if (is.na(suppressWarnings(as.double(sub("^[<>= ]*", "", x))))) {
        return(x)
    }
    if (unit == "1") x else paste(x, unit)
}

said_fact <- function(x, known, rules, path, call) {
    type <- rules$types[[known$fact]]
    if (is.null(x) || is_nothing(x)) {
        return(NULL)
    }
    if (is.factor(x)) {
        x <- as.character(x)
    }
    if (is.double(x) && any(is.infinite(x))) {
        refuse_at(path, "infinity cannot stand in a record", call, "range")
    }
    if (!is.list(x) && anyNA(x)) {
        refuse_at(path, "of several values none is NA", call)
    }
    if (!is.null(known$unit)) {
        if (!type %in% c("quantity", "count")) {
            refuse_at(path, paste(dQuote(known$unit, FALSE), "is not a unit that fits"), call, "unit")
        }
        return(with_unit(x, known$unit, path, call))
    }
    if (type == "set" && is.character(x) && length(x) == 1L) {
        x <- trimws(strsplit(x, ";", fixed = TRUE)[[1L]])
        options <- bm_facts(known$fact, rules)$options[[1L]]
        return(if (identical(x, "none") && !"none" %in% options) character() else x)
    }
    if (type == "flag" && is.numeric(x) && !is.object(x) && all(x %in% c(0, 1))) x == 1 else x
}

truth_of <- function(x, path, call) {
    if (is.null(x) || is_nothing(x)) {
        return(NA)
    }
    said <- match(tolower(as.character(x)), c("yes", "true", "1", "no", "false", "0"))
    if (length(x) != 1L || is.na(said)) {
        refuse_at(path, "this is neither yes nor no", call)
    }
    said <= 3L
}

# Columns of members make a set; those without a column are not known.
said_members <- function(said, set, rules, path, call) {
    options <- bm_facts(set, rules)$options[[1L]]
    stray <- setdiff(names(said), options)
    if (length(stray) > 0L) {
        refuse_at(paste0(path, ".", stray[[1L]]), paste0("this is no member of the set ",
            dQuote(set, FALSE), meant(stray[[1L]], options)), call, "fact")
    }
    if (all(is.na(said))) {
        return(NULL)
    }
    list(present = as.list(names(said)[said %in% TRUE]),
        unknown = as.list(c(setdiff(options, names(said)), names(said)[is.na(said)])))
}

# Another record, several of them, or what the library will refuse by its name.
said_others <- function(x, rules, path, call) {
    if (is.data.frame(x)) {
        lapply(seq_len(nrow(x)), function(i) {
            said_record(cells_of(x, i), rules, sprintf("%s[%d]", path, i), call)
        })
    } else if (is.list(x) && !is.null(names(x))) {
        said_record(x, rules, path, call)
    } else if (is.list(x)) {
        lapply(seq_along(x), function(i) {
            said_others(x[[i]], rules, sprintf("%s[%d]", path, i), call)
        })
    } else {
        x
    }
}

said_record <- function(x, rules, path, call) {
    out <- structure(list(), names = character())
    members <- list()
    for (i in seq_along(x)) {
        place <- paste(c(path, names(x)[[i]]), collapse = ".")
        known <- split_name(names(x)[[i]])
        set <- sub("[.].*", "", known$fact)
        if (known$fact %in% names(out)) {
            refuse_at(place, paste("two entries are about", dQuote(known$fact, FALSE)), call)
        }
        if (known$fact %in% names(rules$types)) {
            out[[known$fact]] <- said_fact(x[[i]], known, rules, place, call)
        } else if (set != known$fact && identical(unname(rules$types[set]), "set")) {
            members[[set]][[sub("^[^.]*[.]", "", known$fact)]] <- truth_of(x[[i]], place, call)
        } else {
            out[names(x)[[i]]] <- list(said_others(x[[i]], rules, place, call))
        }
    }
    for (set in names(members)) {
        place <- paste(c(path, set), collapse = ".")
        if (set %in% names(out)) {
            refuse_at(place, "a set stands either as a whole or by its members", call)
        }
        out[[set]] <- said_members(unlist(members[[set]]), set, rules, place, call)
    }
    out
}

record_text <- function(record, rules, call = sys.call(-1L)) {
    if (is.character(record)) {
        return(paste(record, collapse = "\n"))
    }
    if (is.data.frame(record)) {
        if (nrow(record) != 1L) {
            fail(paste("a data frame holds many patients: bm_score() takes it whole, and bm_assess()",
                "a row of it, such as frame[1, ]"), call)
        }
        record <- cells_of(record, 1L)
    }
    if (!is.list(record) || (length(record) > 0L && is.null(names(record)))) {
        fail("`record` is a list with names, a row of a data frame, or a text in YAML or JSON", call)
    }
    json_object(said_record(record, rules, NULL, call), names(rules$types)[rules$types == "set"])
}
