# SPDX-License-Identifier: Apache-2.0
# Numbers of the public header that R code names.

states <- c("unknown", "partly", "known", "not_applicable", "none")

# The name of status n is the nth.
status_names <- c("other", "argument", "memory", "limit", "io", "yaml", "rule", "fact", "type",
    "unit", "range", "space")

field <- c(id = 1L, message = 2L, unit = 9L, type = 10L, state = 11L, low = 12L, high = 13L,
    code = 14L, record = 15L, label = 16L, band = 17L, guideline = 18L, row = 19L, urgency = 20L,
    within_h = 21L, strength = 22L, certainty = 23L, verified = 24L, because = 25L, status = 26L,
    about = 28L, title = 29L, edition = 30L, possible_urgency = 31L, possible_within_h = 32L,
    entered = 33L, within_row = 37L, only_bands = 38L, contradicted = 42L, owner = 50L, terms = 51L,
    commercial = 52L, setting = 70L, member = 71L, from = 72L, from_low = 73L, from_high = 74L,
    from_state = 75L, to = 76L, to_low = 77L, to_high = 78L, size = 79L, answer = 80L,
    excludes = 81L, excludes_least = 82L, excludes_most = 83L, open = 84L, waiting = 85L)

entries <- c(results = 1L, choices = 2L, advice = 3L, missing = 4L, assumed = 5L, undecided = 6L,
    notes = 7L)

parts <- c(items = 1L, bands = 2L, possible = 5L, facts = 6L, sources = 7L, do = 8L, warn = 9L,
    answers = 14L, decides = 15L)

formats <- c(text = 1L, json = 2L, markdown = 3L, full = 4L)

bm_version <- function() {
    number <- .Call(bmr_version)
    numeric_version(paste(number %/% 1000000L, number %/% 1000L %% 1000L, number %% 1000L,
        sep = "."))
}
