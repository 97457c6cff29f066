# SPDX-License-Identifier: Apache-2.0
# The examples run as they stand.

examples <- "../../../examples/r"
run_example <- function(file, ...) {
    suppressWarnings(system2(file.path(R.home("bin"), "Rscript"), c("--vanilla",
        file.path(examples, file), ...), stdout = TRUE, stderr = TRUE))
}

if (!dir.exists(examples)) {
    skip("examples", "they are not part of a release")
} else {
    said_first <- run_example("quickstart.R")
    ok("a scored data frame", any(grepl("sins.low", said_first)) &&
        any(grepl("T8 +12", said_first)))
    if (requireNamespace("survival", quietly = TRUE) && nzchar(Sys.which("python3"))) {
        picture <- tempfile(fileext = ".png")
        said_then <- run_example("survival.R", picture)
        ok("curves by band are drawn", if (isTRUE(file.size(picture) > 5000)) TRUE else
            paste(said_then, collapse = "\n"))
    } else {
        skip("curves by band are drawn", "there is no package survival, or no python3")
    }
}
