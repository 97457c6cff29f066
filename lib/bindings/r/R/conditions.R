# SPDX-License-Identifier: Apache-2.0
# What the library reports becomes conditions of R, with fields.

problems_frame <- function(problems) {
    if (is.null(problems)) {
        problems <- list(severity = integer(), status = integer(), message = character(),
            file = character(), line = integer(), column = integer(), path = character())
    }
    problems$severity <- c("error", "warning", "note")[problems$severity]
    if (is.integer(problems$status)) {
        problems$status <- status_names[problems$status]
    }
    as.data.frame(problems, stringsAsFactors = FALSE)
}

# One line: where, then what.
problem_text <- function(problem) {
    place <- c(problem$file, problem$line, problem$column)
    place <- paste(place[!is.na(place)], collapse = ":")
    if (is.na(problem$file) && !is.na(problem$line)) {
        place <- paste("row", problem$line)
    }
    path <- if (is.na(problem$path)) "" else problem$path
    where <- c(place[nzchar(place)], path[nzchar(path)])
    paste(c(where, problem$message), collapse = ": ")
}

problem_lines <- function(problems, most = 20L) {
    shown <- head(seq_len(nrow(problems)), most)
    lines <- vapply(shown, function(i) problem_text(problems[i, ]), "")
    left <- nrow(problems) - length(shown)
    if (left > 0L) c(lines, paste("and", left, "more")) else lines
}

condition <- function(kind, message, call, status, problems) {
    first <- problems[1L, ]
    structure(
        class = c(paste0("bonemets_", kind), kind, "condition"),
        list(message = message, call = call, status = status, problems = problems,
            file = first$file, line = first$line, column = first$column, path = first$path)
    )
}

fail <- function(message, call = sys.call(-1L), status = "argument", problems = NULL) {
    stop(condition("error", message, call, status, problems_frame(problems)))
}

# Takes what a routine gives back: warns, raises, or gives the value.
settle <- function(answer, call = sys.call(-1L), before = 0, hint = NULL) {
    problems <- problems_frame(answer$problems)
    problems$line <- problems$line + if (before > 0) as.integer(before) else 0L
    if (is.null(answer$status)) {
        warned <- problems[problems$severity == "warning", ]
        if (nrow(warned) > 0L) {
            lines <- paste(problem_lines(warned), collapse = "\n")
            warning(condition("warning", lines, call, "ok", warned))
        }
        return(answer$value)
    }
    refused <- problems[problems$severity == "error", ]
    status <- status_names[[answer$status]]
    lines <- if (nrow(refused) > 0L) problem_lines(refused) else paste("refused:", status)
    stop(condition("error", paste(c(lines, hint), collapse = "\n"), call, status, refused))
}
