# SPDX-License-Identifier: Apache-2.0
# One cohort by the program and by the package: the same file of answers, to the byte.

program <- file.path(dirname(Sys.getenv("PKG_CONFIG_PATH")), "examples", "bonemets")
generator <- "../../../examples/cohort/cohort.py"
scores <- c("sins", "mirels", "tokuhashi_2005", "katagiri_2014", "cockcroft_gault",
    "spine_selection.strategy")

# A cell of CSV as `bonemets cohort` writes it.
field <- function(x) {
    if (is.numeric(x)) {
        text <- sprintf("%.15g", x)
        other <- !is.na(x) & as.numeric(text) != x
        text[other] <- sprintf("%.17g", x[other])
    } else {
        text <- as.character(x)
        quoted <- grepl("[,;\"\r\n ]", text)
        text[quoted] <- paste0("\"", gsub("\"", "\"\"", text[quoted], fixed = TRUE), "\"")
    }
    ifelse(is.na(x), "", text)
}

as_csv <- function(answers) {
    lines <- do.call(paste, c(list(seq_len(nrow(answers)) + 1L), lapply(answers, field), sep = ","))
    paste0(c(paste(c("line", names(answers)), collapse = ","), lines), "\r\n", collapse = "")
}

if (!file.exists(program) || !nzchar(Sys.which("python3"))) {
    skip("the same bytes as the program", "the program or Python is not there")
} else {
    cohort <- tempfile(fileext = ".csv")
    wanted <- tempfile(fileext = ".csv")
    system2("python3", c(generator, "--rows", "3000", "--missing", "0.1"), stdout = cohort)
    status <- system2(program, c("cohort", "--score", paste(scores, collapse = ","), "--others", "skip", "-o", wanted,
        cohort), stderr = FALSE)
    if (status != 0) {
        skip("the same bytes as the program", "the program was built without libcsv")
    } else {
        bytes <- readChar(wanted, file.size(wanted), useBytes = TRUE)
        texts <- read.csv(cohort, check.names = FALSE, colClasses = "character", na.strings = "")
        typed <- read.csv(cohort, check.names = FALSE, na.strings = "")
        for (data in list(texts, typed)) {
            answers <- bm_score(data, scores, others = "skip", keep = FALSE)
            same("the same bytes as the program", as_csv(as.data.frame(answers)), bytes)
        }
    }
}
