# SPDX-License-Identifier: Apache-2.0
# The golden vectors, which C and every binding agree with to the last bit.

places <- c("../../golden/vectors.jsonl", "vectors.jsonl") # in the repository, in a release
path <- c(places[file.exists(places)], "")[[1]]

# Texts are NA for null; so are numbers.
text_of <- function(x) if (is.null(x)) NA_character_ else x
number_of <- function(x) if (is.null(x)) NA_real_ else as.double(x)

bits <- function(x) paste(writeBin(as.double(x), raw(), endian = "big"), collapse = "")
same_numbers <- function(x, y) {
    identical(is.na(x), is.na(y)) && bits(x[!is.na(x)]) == bits(y[!is.na(y)])
}

result_differs <- function(results, wanted) {
    got <- results[results$id == wanted$id & results$record == wanted$lesion, ]
    nrow(got) != 1L || got$state != wanted$state || !same_numbers(got$low, number_of(wanted$low)) ||
        !same_numbers(got$high, number_of(wanted$high)) ||
        !identical(got$band, text_of(wanted$band))
}

choice_differs <- function(choices, wanted) {
    name <- paste(choices$guideline, choices$id, sep = ".")
    got <- choices[name == wanted$id & choices$record == wanted$lesion, ]
    provisional <- if (got$state == "provisional") got$code else NA_character_
    code <- if (got$state == "known") got$code else NA_character_
    nrow(got) != 1L || got$state != wanted$state || !identical(code, text_of(wanted$code)) ||
        !identical(provisional, text_of(wanted$provisional))
}

check_record <- function(line) {
    answer <- bm_assess(line$record)
    results <- bm_results(answer)
    choices <- bm_choices(answer)
    wrong <- Filter(function(wanted) {
        if (is.null(wanted$low) && "code" %in% names(wanted)) choice_differs(choices, wanted)
        else result_differs(results, wanted)
    }, line$expect)
    if (length(wrong) == 0L) TRUE else paste(vapply(wrong, function(x) x$id, ""), collapse = "\n")
}

# A column of R from a list of JSON.
vector_of <- function(cells) {
    there <- !vapply(cells, is.null, NA)
    if (!any(there)) {
        return(rep(NA, length(cells)))
    }
    out <- rep(if (is.character(cells[there][[1]])) NA_character_ else NA, length(cells))
    out[there] <- unlist(cells[there])
    out
}

column_differs <- function(got, wanted) {
    if (is.factor(got)) {
        !identical(as.character(got), vapply(wanted, text_of, ""))
    } else {
        !same_numbers(got, vapply(wanted, number_of, 0))
    }
}

check_columns <- function(line) {
    data <- as.data.frame(lapply(line$columns, vector_of), check.names = FALSE)
    names(data) <- names(line$columns)
    got <- bm_score(data, unlist(line$targets), keep = FALSE)
    if (!identical(names(got), names(line$expect))) {
        return(paste("columns:", paste(names(got), collapse = " ")))
    }
    wrong <- vapply(names(got), function(name) column_differs(got[[name]], line$expect[[name]]), NA)
    if (!any(wrong)) TRUE else paste(names(got)[wrong], collapse = "\n")
}

if (!requireNamespace("jsonlite", quietly = TRUE)) {
    skip("golden vectors", "there is no package jsonlite (r-cran-jsonlite)")
} else if (!nzchar(path)) {
    ok("the golden vectors are there", FALSE)
} else {
    for (text in readLines(path, encoding = "UTF-8")[-1]) {
        line <- jsonlite::fromJSON(text, simplifyVector = FALSE)
        ok(line$name, if (is.null(line$record)) check_columns(line) else check_record(line))
    }
}
