# SPDX-License-Identifier: Apache-2.0
# Runs the cases named, or all of them. Ends with the plan, and with status 1 if one went wrong.
source("tap/tap.R")
named <- commandArgs(trailingOnly = TRUE)
for (file in if (length(named) > 0L) named else sort(Sys.glob("cases/*.R"))) {
    source(file, local = new.env())
}
finish()
