# Oracles of analytics/content and analytics/personalization. Run from testdata/oracle: Rscript make_content.R
# Slopes: lm with a factor of the cell on single messages. Difference of shares at one mix: metafor::rma.mh(measure = "RD"). Doubt: the delete-a-group jackknife written out.
suppressMessages({library(metafor)})
set.seed(20261122)
G <- 25
# a life: messages with cell, week, bucket, click
n <- 4000
cell <- sample(1:4, n, TRUE, c(.4, .3, .2, .1))
week <- ifelse(cell == 1, sample(0:12, n, TRUE), ifelse(cell == 2, sample(5:25, n, TRUE), sample(0:25, n, TRUE)))
bucket <- sample(0:(G - 1), n, TRUE)
click <- rbinom(n, 1, pmax(0, c(.10, .25, .05, .4)[cell] * (1 - .015 * week)))
slope <- function(keep) {
  d <- data.frame(y = click, w = week, c = factor(cell))[keep, ]
  b <- coef(lm(y ~ w + c, data = d))[["w"]]
  13 * b / mean(d$y)
}
all <- rep(TRUE, n)
theta <- slope(all)
rep_g <- sapply(0:(G - 1), function(g) slope(bucket != g))
se <- sqrt((G - 1) / G * sum((rep_g - mean(rep_g))^2))
rows <- aggregate(cbind(n = 1, w = week, ww = week^2, y = click, yw = click * week) ~ cell + bucket, FUN = sum)
# levels side by side
m <- 3000
stratum <- sample(1:6, m, TRUE)
lb <- sample(0:(G - 1), m, TRUE)
high <- rbinom(m, 1, c(.5, .2, .7, .5, .4, 0)[stratum]) # the last stratum has one level only
y <- rbinom(m, 1, c(.05, .1, .2, .3, .15, .5)[stratum] + .04 * high)
mh <- function(keep) {
  t <- function(h, v) tapply(v[keep & high == h], factor(stratum[keep & high == h], levels = 1:5), sum)
  one <- rep(1, m)
  ai <- t(1, y); n1 <- t(1, one); ci <- t(0, y); n0 <- t(0, one)
  as.numeric(rma.mh(measure = "RD", ai = ai, n1i = n1, ci = ci, n2i = n0, correct = FALSE)$beta)
}
gain <- mh(rep(TRUE, m))
gain_g <- sapply(0:(G - 1), function(g) mh(lb != g))
gain_se <- sqrt((G - 1) / G * sum((gain_g - mean(gain_g))^2))
cells <- aggregate(cbind(n = 1, y = y) ~ stratum + high + lb, FUN = sum)
num <- function(x) paste0("[", paste(format(x, digits = 15, trim = TRUE, scientific = FALSE), collapse = ", "), "]")
mat <- function(d) paste0("[\n    ", paste(apply(as.matrix(d), 1, function(r) paste0("[", paste(r, collapse = ", "), "]")), collapse = ",\n    "), "\n  ]")
cat("{\n  \"made_by\": \"make_content.R\",\n", sep = "", file = "content.json")
cat("  \"life_columns\": \"cell, bucket, n, sum of week, of its square, clicks, sum of week over clicks\",\n  \"life\": ", mat(rows), ",\n", sep = "", file = "content.json", append = TRUE)
cat("  \"slope\": ", format(theta, digits = 15), ",\n  \"slope_se\": ", format(se, digits = 15), ",\n", sep = "", file = "content.json", append = TRUE)
cat("  \"levels_columns\": \"stratum, high, bucket, n, clicks\",\n  \"levels\": ", mat(cells), ",\n", sep = "", file = "content.json", append = TRUE)
cat("  \"gain\": ", format(gain, digits = 15), ",\n  \"gain_se\": ", format(gain_se, digits = 15), "\n}\n", sep = "", file = "content.json", append = TRUE)
