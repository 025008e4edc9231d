# Makes shrink.json for analytics/suffstat: what R says about empirical-Bayes shrinkage.
#   Rscript testdata/oracle/make_shrink.R testdata/oracle
# metafor (rma, blup, dat.bcg of metadat or metafor) and jsonlite. The critical values of the robust interval are those printed by the authors' package ebci (statistics 6.1); beside
# them the definition solved here by brute force: the worst two-point distribution of the bias, over a fine grid.
suppressMessages({library(metafor); library(jsonlite)})
out <- commandArgs(TRUE)[1]
stopifnot(!is.na(out))
if (!exists("dat.bcg")) data("dat.bcg", package = "metadat")
d <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
pm <- rma(yi, vi, data = d, method = "PM", control = list(tol = 1e-14, maxiter = 1000)); reml <- rma(yi, vi, data = d, method = "REML", control = list(threshold = 1e-12))
b <- blup(reml); bp <- blup(pm)
school <- list(y = c(28, 8, -3, 7, -1, 1, 18, 12), s = c(15, 10, 16, 11, 9, 11, 10, 18))
es <- rma(school$y, sei = school$s, method = "PM")
set.seed(31); y <- round(rnorm(20, .02, .03), 4); s <- round(runif(20, .005, .03), 4); r <- rma(y, sei = s, method = "PM", control = list(tol = 1e-14, maxiter = 1000)); rb <- blup(r)
# Efron and Morris: batting averages of 18 players after 45 at bats, 1970, as printed (three digits)
hits <- c(18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7); p <- round(hits / 45, 3); v <- mean(p) * (1 - mean(p)) / 45; B <- (18 - 3) * v / sum((p - mean(p))^2)
r0 <- function(t, c) pnorm(-c - sqrt(t)) + pnorm(sqrt(t) - c)
envelope <- function(m2, c) { hi <- m2 + exp(seq(log(1e-6), log((c + 12)^2), length.out = 4000)); lo <- m2 * seq(0, 1, length.out = 41)
  best <- r0(m2, c); for (a in lo) best <- max(best, r0(a, c) + (m2 - a) / (hi - a) * (r0(hi, c) - r0(a, c))); best }
brute <- function(m2, alpha) uniroot(function(c) envelope(m2, c) - alpha, c(qnorm(1 - alpha / 2), sqrt((1 + m2) / alpha) + 1), tol = 1e-9)$root
grid <- expand.grid(m2 = c(.01, .25, 1, 4, 20), alpha = c(.05, .1))
write_json(list(made_by = paste0("make_shrink.R, R ", getRversion(), ", metafor ", packageVersion("metafor")),
  bcg = list(y = as.numeric(d$yi), v = as.numeric(d$vi), tau2 = pm$tau2, mean = unname(pm$b[1]), mean_se = pm$se, q = pm$QE, blup = bp$pred, reml_tau2 = reml$tau2, reml_mean = unname(reml$b[1]), reml_blup = b$pred, reml_blup_se = b$se),
  schools = c(school, list(tau2 = es$tau2, mean = unname(es$b[1]), mean_se = es$se, q = es$QE)),
  random = list(y = y, s = s, tau2 = r$tau2, mean = unname(r$b[1]), mean_se = r$se, blup = rb$pred),
  baseball = list(p = p, v = v, b = B, first = mean(p) + (1 - B) * (p[1] - mean(p))),
  cva = data.frame(m2 = c(0, .25, 1, 4), c = c(1.95996, 2.22665, 3.25920, 7.21635)),
  brute = cbind(grid, c = mapply(brute, grid$m2, grid$alpha))),
  file.path(out, "shrink.json"), auto_unbox = TRUE, digits = NA, pretty = 1)
