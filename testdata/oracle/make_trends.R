# Makes the oracle file of analytics/suffstat for trends, change points, rank tests and decompositions: what R says, beside the published numbers.
#   Rscript testdata/oracle/make_trends.R testdata/oracle
# Base R, jsonlite and strucchange. Series: datasets::Nile, LakeHuron, and small ones.
suppressMessages({library(jsonlite); library(strucchange)})
out <- commandArgs(TRUE)[1]
stopifnot(!is.na(out))
RNGversion("4.2.0"); RNGkind("Mersenne-Twister", "Inversion", "Rejection")
put <- function(name, x) write_json(c(list(made_by = paste0("make_trends.R, R ", getRversion(), ", strucchange ", packageVersion("strucchange"))), x), file.path(out, paste0(name, ".json")), auto_unbox = TRUE, digits = NA, pretty = 1, na = "null")

# Prais-Winsten with the bias-corrected rho of statistics 4.2: lm on the transformed data.
pw <- function(y, X = NULL) {
  y <- as.numeric(y); n <- length(y); t <- seq_len(n)
  D <- cbind(1, t, X); e <- residuals(lm(y ~ 0 + D)); r1 <- sum(e[-1] * e[-n]) / sum(e^2)
  rho <- min(max((n * r1 + ncol(D)) / (n - 4), 0), .9)   # 2 for a line alone
  tr <- function(v) c(v[1] * sqrt(1 - rho^2), v[-1] - rho * v[-n])
  f <- lm(tr(y) ~ 0 + apply(D, 2, tr)); df <- n - ncol(D) - 1   # one is paid for rho, in the scatter as in T
  b <- coef(f)[[2]]; se <- summary(f)$coefficients[2, 2] * sqrt(f$df.residual / df)
  list(y = y, x = if (is.null(X)) list() else apply(X, 2, as.numeric, simplify = FALSE), rho = rho, slope = b, se = se, df = df, p = 2 * pt(-abs(b / se), df), ols_se = summary(lm(y ~ t))$coefficients[2, 2])
}
set.seed(31)
n <- 120; t <- seq_len(n); season <- cbind(sin(2 * pi * t / 52), cos(2 * pi * t / 52))
noisy <- -2 - .004 * t + .2 * season[, 1] + as.numeric(arima.sim(list(ar = .4), n, sd = .1))

# one change of the mean
fs <- Fstats(Nile ~ 1, from = .15, to = .85); bp <- breakpoints(Nile ~ 1, breaks = 1, h = .15)
pettitt <- function(y) { n <- length(y); r <- rank(y); u <- 2 * cumsum(r)[-n] - seq_len(n - 1) * (n + 1); list(k = max(abs(u)), at = which.max(abs(u))) }
# Mann-Kendall and Sen by their definitions
mk <- function(y) { y <- as.numeric(y); n <- length(y); s <- sum(sign(outer(y, y, "-"))[lower.tri(diag(n))]); g <- table(y)
  v <- (n * (n - 1) * (2 * n + 5) - sum(g * (g - 1) * (2 * g + 5))) / 18; z <- (s - sign(s)) / sqrt(v)
  list(y = y, s = s, var = v, z = z, p = 2 * pnorm(-abs(z)), tau = s / (n * (n - 1) / 2), sen = median((outer(y, y, "-") / outer(seq_len(n), seq_len(n), "-"))[lower.tri(diag(n))])) }
kit <- function(n0, x0, n1, x1) { w0 <- n0 / sum(n0); w1 <- n1 / sum(n1); r0 <- x0 / n0; r1 <- x1 / n1
  list(n0 = n0, x0 = x0, n1 = n1, x1 = x1, total = sum(w1 * r1) - sum(w0 * r0), rate = sum((w0 + w1) / 2 * (r1 - r0)), mix = sum((r0 + r1) / 2 * (w1 - w0))) }
shifted <- c(rep(0, 20), rep(1, 12)) + round(rnorm(32, 0, .3), 3)
fs2 <- Fstats(ts(shifted) ~ 1, from = .15, to = .85)

put("trends", list(
  published = list(nile = list(rho = .411397, slope = -2.760148, se = .809040, p = .000943), lake_huron = list(rho = .815281, slope = -.0196826, se = .0121677, p = .10906, ols_se = .004036),
    nile_change = list(last_before = 28, before = 1097.75, after = 849.972, supf = 75.9298, pettitt = 1617), nile_mk = list(s = -1387, var = 112728.333, z = -4.128067, tau = -.280202, sen = -2.6),
    ties = list(s = 3, var = 83.6667, p = .826921), kitagawa = list(total = -.034, rate = .0305, mix = -.0645)),
  prais_winsten = list(nile = pw(Nile), lake_huron = pw(LakeHuron), season = pw(noisy, season)),
  change = list(list(y = as.numeric(Nile), supf = max(fs$Fstats), last_before = bp$breakpoints, before = mean(Nile[1:28]), after = mean(Nile[29:100]), pettitt = pettitt(Nile)),
    list(y = shifted, supf = max(fs2$Fstats), last_before = fs2$breakpoint, before = mean(shifted[1:fs2$breakpoint]), after = mean(shifted[-(1:fs2$breakpoint)]), pettitt = pettitt(shifted))),
  mann_kendall = list(mk(Nile), mk(c(23, 24, 29, 6, 29, 24, 24, 29, 23))),
  kitagawa = list(kit(c(500, 500), c(50, 150), c(800, 200), c(96, 70)), kit(c(120, 300, 80), c(12, 90, 3), c(60, 500, 700), c(7, 130, 30)))))
