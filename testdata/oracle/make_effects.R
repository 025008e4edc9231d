# Makes the oracle files of analytics/suffstat for experiments, trials and sensitivity: what R says, with the sums that the Go tests feed in.
#   Rscript testdata/oracle/make_effects.R testdata/oracle
# Base R and jsonlite only. Customers are simulated here and written as sums per bucket, never as rows.
suppressMessages(library(jsonlite))
out <- commandArgs(TRUE)[1]
stopifnot(!is.na(out))
RNGversion("4.2.0"); RNGkind("Mersenne-Twister", "Inversion", "Rejection")
put <- function(name, x) write_json(c(list(made_by = paste0("make_effects.R, R ", getRversion())), x), file.path(out, paste0(name, ".json")), auto_unbox = TRUE, digits = NA, pretty = 1, na = "null")
jack <- function(G, f) { t <- sapply(1:G, f); sqrt((G - 1) / G * sum((t - mean(t))^2)) }

## a randomized comparison with heavy-tailed spend and a covariate ------------------------------------------------------
set.seed(20)
n <- 1500; arm <- rbinom(n, 1, .7); g <- sample(1:40, n, TRUE)
x <- round(ifelse(runif(n) < .5, 0, rlnorm(n, 3, 1)) * 100); y <- round(.4 * x + ifelse(runif(n) < .4, rlnorm(n, 3.2, 1.1), 0) * 100 + 150 * arm)
w <- t.test(y[arm == 1], y[arm == 0])
fit <- lm(y ~ factor(arm) + x)                       # within-arm pooled slope is the slope of the covariance model
theta <- unname(coef(fit)[3])
cuped <- function(k) { th <- unname(coef(lm(y[k] ~ factor(arm[k]) + x[k]))[3]); z <- y[k] - th * (x[k] - mean(x[k])); mean(z[arm[k] == 1]) - mean(z[arm[k] == 0]) }
lift <- function(k) mean(y[k][arm[k] == 1]) / mean(y[k][arm[k] == 0])
plain <- function(k) mean(y[k][arm[k] == 1]) - mean(y[k][arm[k] == 0])
all <- rep(TRUE, n); G <- 40; tq <- qt(.975, G - 1)
rows <- do.call(rbind, lapply(split(data.frame(y, x, arm, g), list(arm, g)), function(d) data.frame(arm = d$arm[1], bucket = d$g[1] - 1, n = nrow(d), y = sum(d$y), x = sum(d$x), yy = sum(d$y^2), xx = sum(d$x^2), yx = sum(d$y * d$x))))
sl <- jack(G, function(b) log(lift(g != b)))
pooled <- c(y[arm == 1] - mean(y[arm == 1]), y[arm == 0] - mean(y[arm == 0])); px <- c(x[arm == 1] - mean(x[arm == 1]), x[arm == 0] - mean(x[arm == 0]))
put("experiment", list(rows = rows, means = c(mean(y[arm == 0]), mean(y[arm == 1])), difference = plain(all), welch_se = w$stderr, welch_df = unname(w$parameter), se = jack(G, function(b) plain(g != b)),
  theta = theta, ancova = unname(coef(fit)[2]), adjusted = cuped(all), adjusted_se = jack(G, function(b) cuped(g != b)),
  lift = list(value = lift(all) - 1, lower = exp(log(lift(all)) - tq * sl) - 1, upper = exp(log(lift(all)) + tq * sl) - 1),
  sigma = sqrt(sum(pooled^2) / (n - 2)), correlation = cor(pooled, px),
  srm = list(list(n = c(821588, 815482), shares = c(.5, .5), chi2 = unname(chisq.test(c(821588, 815482))$statistic), p = chisq.test(c(821588, 815482))$p.value),
             list(n = c(900, 5200, 3950), shares = c(.1, .5, .4), chi2 = unname(chisq.test(c(900, 5200, 3950), p = c(.1, .5, .4))$statistic), p = chisq.test(c(900, 5200, 3950), p = c(.1, .5, .4))$p.value))))

## ATT over cells: saturated regression with cell x arm ---------------------------------------------------------------------
set.seed(21)
N <- 6000; cell <- sample(1:12, N, TRUE, prob = 12:1); a <- rbinom(N, 1, plogis(-1.5 + .25 * cell)); b <- sample(1:30, N, TRUE)
p <- plogis(-2 + .15 * cell + .3 * a); yo <- rbinom(N, 1, p); m <- round(yo * rlnorm(N, 3, 1) * 100)
drop <- cell == 12 & a == 0; k <- which(!drop | cumsum(drop) <= 3)   # the last cell keeps three comparators: not enough
cell <- cell[k]; a <- a[k]; b <- b[k]; yo <- yo[k]; m <- m[k]
use <- names(which(table(cell[a == 0]) >= 5)); keep <- cell %in% use
att <- function(v, s) { d <- data.frame(v = v[s], a = a[s], cell = factor(cell[s])); f <- lm(v ~ 0 + cell + cell:a, d)
  eff <- coef(f)[grep(":a", names(coef(f)))]; names(eff) <- sub("cell(.*):a", "\\1", names(eff)); w <- table(d$cell[d$a == 1]); sum(eff[names(w)] * w) / sum(w) }
one <- function(v) list(att = att(v, keep), se = jack(30, function(j) att(v, keep & b != j)), naive = mean(v[a == 1]) - mean(v[a == 0]), treated = mean(v[a == 1 & keep]))
trows <- do.call(rbind, lapply(split(data.frame(cell, a, b, yo, m), list(cell, a, b), drop = TRUE), function(d) data.frame(cell = d$cell[1] - 1, treated = d$a[1] == 1, bucket = d$b[1] - 1, n = nrow(d), ordered = sum(d$yo), revenue = sum(d$m))))
put("trial", list(rows = trows, positivity = mean(keep[a == 1]), order = one(yo), revenue = one(m)))

## sensitivity -----------------------------------------------------------------------------------------------------------------
ev <- function(rr) { rr <- ifelse(rr < 1, 1 / rr, rr); rr + sqrt(rr * (rr - 1)) }
set.seed(22)
cy <- rnorm(12, .004, .006); cs <- runif(12, .002, .005)
nll <- function(q) -sum(dnorm(cy, q[1], sqrt(cs^2 + exp(2 * q[2])), log = TRUE))
o <- optim(c(mean(cy), log(sd(cy))), nll, control = list(reltol = 1e-15, maxit = 5000))
zy <- c(.001, -.001, .0005, -.0002, .0007); zs <- rep(.01, 5)
put("sensitivity", list(
  e_value = data.frame(rr = c(3.9, 1.8, 10.73, 8.02, .5), e = ev(c(3.9, 1.8, 10.73, 8.02, .5))), published = data.frame(rr = c(3.9, 1.8, 10.73, 8.02), e = c(7.26303, 3.0, 20.94777, 15.52336)),
  bias = list(y = cy, se = cs, mean = o$par[1], sd = exp(o$par[2]), var_mean = 1 / sum(1 / (cs^2 + exp(2 * o$par[2])))),
  quiet = list(y = zy, se = zs, mean = mean(zy), sd = 0, var_mean = 1 / sum(1 / zs^2)),
  rosenbaum = data.frame(t = c(110, 110, 60), d = c(122, 122, 100), gamma = c(5, 6, 1), p = pbinom(c(109, 109, 59), c(122, 122, 100), c(5, 6, 1) / (1 + c(5, 6, 1)), lower.tail = FALSE))))

## leave-one-covariate-out and reasons: the saturated regression on cells without one covariate, the entrants held fixed ------------
set.seed(23)
N <- 5000; st <- sample(1:2, N, TRUE); re <- sample(0:3, N, TRUE); or <- sample(0:2, N, TRUE, prob = c(6, 3, 1)); b <- sample(1:25, N, TRUE)
a <- rbinom(N, 1, plogis(-1.6 + .5 * or - .3 * re)); yo <- rbinom(N, 1, plogis(-1.5 + .6 * or - .2 * re + .2 * st))
thin <- st == 2 & re == 3 & or == 2 & a == 0; k <- which(!thin | cumsum(thin) <= 3)   # one cell without enough comparators: its entrants are in no estimate
st <- st[k]; re <- re[k]; or <- or[k]; a <- a[k]; b <- b[k]; yo <- yo[k]
full <- paste(st, re, or); use <- names(which(table(full[a == 0]) >= 5)); fixed <- a == 0 | full %in% use
one_out <- function(cells) { f <- function(s) { d <- data.frame(v = yo[s], a = a[s], cell = factor(cells[s])); m <- lm(v ~ 0 + cell + cell:a, d)
    eff <- coef(m)[grep(":a", names(coef(m)))]; names(eff) <- sub("cell(.*):a", "\\1", names(eff)); w <- table(d$cell[d$a == 1]); w <- w[w > 0]; sum(eff[names(w)] * w) / sum(w) }
  list(att = f(fixed), se = jack(25, function(j) f(fixed & b != j))) }
ro <- do.call(rbind, lapply(split(data.frame(st, re, or, a, b, yo), list(st, re, or, a, b), drop = TRUE), function(d)
  data.frame(stage = d$st[1], recency = d$re[1], orders = d$or[1], treated = d$a[1] == 1, bucket = d$b[1] - 1, n = nrow(d), ordered = sum(d$yo))))
put("leave_out", list(rows = ro, full = { f <- full %in% use; d <- data.frame(v = yo[f], a = a[f], cell = factor(full[f])); m <- lm(v ~ 0 + cell + cell:a, d)
    eff <- coef(m)[grep(":a", names(coef(m)))]; w <- table(d$cell[d$a == 1]); sum(eff * w) / sum(w) },
  stage = one_out(paste(re, or)), recency = one_out(paste(st, or)), orders = one_out(paste(st, re))))
