# SPDX-License-Identifier: Apache-2.0
# Scores a synthetic cohort and draws survival by the bands of a score (Kaplan-Meier).
# usage: Rscript examples/r/survival.R [PICTURE.png]        needs the packages bonemets and survival
library(bonemets)
library(survival)

arguments <- commandArgs(trailingOnly = TRUE)
picture <- if (length(arguments) > 0) arguments[[1]] else "survival.png"
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))

# 2,000 patients whom nobody has ever met, with one cell in ten left empty.
generator <- file.path(here, "..", "cohort", "cohort.py")
lines <- system2("python3", c(generator, "--rows 2000 --missing 0.1 --seed 1"), stdout = TRUE)
cohort <- read.csv(text = lines, na.strings = "", check.names = FALSE, stringsAsFactors = TRUE)

# Columns are named as the facts they hold, with their units; the follow-up is no fact and is kept.
about <- c("patient_id", "survival_months", "died")
scored <- bm_score(cohort, c("katagiri_2014", "sins"), keep = about)
print(head(scored[c("patient_id", "katagiri_2014.low", "katagiri_2014.high", "katagiri_2014.band",
    "sins.low", "sins.high", "sins.band")], 8))

# An empty cell opens bounds. Where both lie in one band, the band is certain all the same.
band <- scored$katagiri_2014.band
message(sum(scored$katagiri_2014.state == "known"), " of ", nrow(scored), " totals are exact, ",
    sum(!is.na(band)), " bands are certain")

follow_up <- Surv(scored$survival_months, scored$died == "yes")
curves <- survfit(follow_up ~ band)
print(curves)

png(picture, width = 900, height = 600, res = 120)
colours <- c("#0072B2", "#E69F00", "#D55E00")[seq_along(levels(droplevels(band)))]
plot(curves, col = colours, lwd = 2, mark.time = TRUE, xmax = 48, xlab = "months",
    ylab = "alive", main = "Synthetic cohort by Katagiri 2014")
legend("topright", legend = levels(droplevels(band)), col = colours, lwd = 2, bty = "n")
invisible(dev.off())
message("drawn to ", picture)
