# SPDX-License-Identifier: Apache-2.0
# What somebody may have meant who wrote a name that there is not.

alike <- function(word, names, most = 3L) {
    names <- unique(names)
    distance <- as.vector(utils::adist(word, names, ignore.case = TRUE))
    near <- names[order(distance)][sort(distance) <= max(1, 0.4 * nchar(word))]
    within <- if (nchar(word) >= 3L) names[grepl(tolower(word), tolower(names), fixed = TRUE)]
    head(unique(c(near, within[order(nchar(within))])), most)
}

# `; did you mean "a" or "b"?`, or nothing.
meant <- function(word, names) {
    found <- dQuote(alike(word, names), FALSE)
    if (length(found) == 0L) {
        return("")
    }
    last <- found[[length(found)]]
    first <- paste(found[-length(found)], collapse = ", ")
    paste0("; did you mean ", first, if (nzchar(first)) " or ", last, "?")
}
