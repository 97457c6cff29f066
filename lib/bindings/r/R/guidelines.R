# SPDX-License-Identifier: Apache-2.0
# Guideline sets: loading them, and what is in them.

kept <- new.env(parent = emptyenv())

bm_load <- function(rules = NULL, only = NULL, with_restricted = FALSE,
                    include_unverified = FALSE) {
    answer <- .Call(bmr_load, path.expand(as.character(rules)), as.character(only),
        isTRUE(include_unverified), isTRUE(with_restricted))
    if (is.null(rules) && is.null(answer$status)) {
        answer$problems <- NULL # warnings about the tables are for those who write them
    }
    handle <- settle(answer)
    rules <- structure(list(handle = handle), class = "bonemets_guidelines")
    facts <- bm_facts(rules = rules)
    rules$types <- structure(facts$type, names = facts$id)
    rules$lists <- paste0(setdiff(facts$about, "patient"), "s") # of records, as they are called in a patient record
    rules
}

# The set that was handed in, or the tables built into the library, which are loaded once.
chosen_rules <- function(rules, call = sys.call(-1L)) {
    if (is.null(rules)) {
        if (is.null(kept$rules)) {
            kept$rules <- bm_load()
        }
        return(kept$rules)
    }
    if (!inherits(rules, "bonemets_guidelines")) {
        fail("`rules` is not a set of guidelines; bm_load() makes one", call)
    }
    if (is.na(.Call(bmr_digest, rules$handle))) {
        fail("this set of guidelines is empty: it cannot be saved; load it with bm_load()", call)
    }
    rules
}

as.data.frame.bonemets_guidelines <- function(x, ...) {
    wanted <- c("id", "title", "edition", "status", "verified", "about", "owner", "terms",
        "commercial")
    columns <- .Call(bmr_guidelines, chosen_rules(x)$handle, field[wanted])
    as.data.frame(structure(columns, names = wanted), stringsAsFactors = FALSE)
}

print.bonemets_guidelines <- function(x, ...) {
    digest <- .Call(bmr_digest, x$handle)
    if (is.na(digest)) {
        cat("<bonemets guidelines: empty>\n")
    } else {
        cat("<bonemets guidelines: ", nrow(as.data.frame(x)), " guidelines, ", length(x$types),
            " facts, digest ", digest, ">\n", sep = "")
    }
    invisible(x)
}

bm_facts <- function(id = NULL, rules = NULL) {
    wanted <- c("id", "label", "type", "unit", "about")
    rules <- chosen_rules(rules)
    columns <- .Call(bmr_facts, rules$handle, field[wanted])
    names(columns) <- c(wanted, "low", "high", "options")
    facts <- as.data.frame(columns[-length(columns)], stringsAsFactors = FALSE)
    facts$options <- columns$options
    if (is.null(id)) {
        return(facts)
    }
    unknown <- setdiff(id, facts$id)
    if (length(unknown) > 0L) {
        hints <- vapply(unknown, function(one) paste0("there is no fact ", dQuote(one, FALSE),
            meant(one, facts$id)), "")
        fail(paste(hints, collapse = "\n"), status = "fact")
    }
    facts <- facts[match(id, facts$id), ]
    rownames(facts) <- NULL
    facts
}

bm_explain <- function(id = NULL, format = c("text", "json"), rules = NULL) {
    format <- match.arg(format)
    answer <- .Call(bmr_explain, chosen_rules(rules)$handle, id, formats[[format]])
    if (!is.null(answer$status)) {
        rules <- chosen_rules(rules)
        fail(paste0("there is no guideline, score, choice, fact, row or note ", dQuote(id, FALSE),
            meant(id, c(as.data.frame(rules)$id, names(rules$types)))),
            status = status_names[[answer$status]])
    }
    structure(answer$value, class = "bonemets_text")
}

print.bonemets_text <- function(x, ...) {
    cat(x, sep = "\n")
    invisible(x)
}
