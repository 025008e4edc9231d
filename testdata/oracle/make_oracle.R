# Makes the oracle files of analytics/suffstat: what R says, with the counts that the Go tests feed in.
#   Rscript testdata/oracle/make_oracle.R testdata/oracle
# Needs R with survival, cmprsk, msm, markovchain (only its data set) and jsonlite (Debian: r-cran-*). The Go tests read the JSON and need no R.
# Data sets are embedded as aggregated counts, never as rows of persons.
suppressMessages({library(survival); library(cmprsk); library(msm); library(jsonlite); library(markovchain)})
out <- commandArgs(TRUE)[1]
stopifnot(!is.na(out))
RNGversion("4.2.0"); RNGkind("Mersenne-Twister", "Inversion", "Rejection")
put <- function(name, x) write_json(c(list(made_by = paste0("make_oracle.R, R ", getRversion(),
  ", survival ", packageVersion("survival"))), x), file.path(out, paste0(name, ".json")), auto_unbox = TRUE, digits = NA, pretty = 1, na = "null")
u <- unname
flat <- function(a) as.vector(aperm(a))                     # last index fastest, as Stack.At

## tails and quantiles -----------------------------------------------------------------------------------------------
put("tails", list(
  normal_survival = data.frame(z = c(-3, 0, 1.96, 8, 20), p = pnorm(c(-3, 0, 1.96, 8, 20), lower.tail = FALSE)),
  t_quantile = data.frame(p = c(.975, .95, .025, .995, .975), df = c(5, 99, 19, 59, 1), t = qt(c(.975, .95, .025, .995, .975), c(5, 99, 19, 59, 1))),
  t_survival = data.frame(t = c(2, 6, -1, 12, 40), df = c(4, 59, 10, 99, 99), p = pt(c(2, 6, -1, 12, 40), c(4, 59, 10, 99, 99), lower.tail = FALSE)),
  f_survival = data.frame(x = c(1, 3.5, 30, 150, .2), d1 = c(4, 12, 12, 1, 6), d2 = c(30, 1188, 400, 99, 594),
                          p = pf(c(1, 3.5, 30, 150, .2), c(4, 12, 12, 1, 6), c(30, 1188, 400, 99, 594), lower.tail = FALSE)),
  chisq_survival = data.frame(x = c(3.84, 25.837, 500), df = c(1, 12, 30), p = pchisq(c(3.84, 25.837, 500), c(1, 12, 30), lower.tail = FALSE))))

## jackknife -----------------------------------------------------------------------------------------------------
jack <- function(parts, f) {                                # parts: matrix, one row of sums per bucket
  tot <- colSums(parts); G <- nrow(parts)
  t <- t(sapply(1:G, function(g) f(tot - parts[g, ])))
  if (length(f(tot)) == 1) t <- t(t)
  d <- sweep(t, 2, colMeans(t))
  list(value = f(tot), cov = (G - 1) / G * crossprod(d), df = G - 1)
}
y <- c(3, 1, 4, 1, 5, 9, 2, 6)
j1 <- jack(cbind(y, 1), function(s) s[1] / s[2])
set.seed(11)
G <- 60; cust <- rpois(G, 12) + 1
sends <- sapply(cust, function(n) sum(rpois(n, 9) + 1)); rate <- rbeta(G, 6, 34)
opens <- rbinom(G, sends, rate); clicks <- rbinom(G, opens, .2)
parts <- cbind(sends, opens, clicks)
j2 <- jack(parts, function(s) c(s[2] / s[1], s[3] / s[2], s[2] / s[1] - s[3] / s[2]))
j3 <- jack(parts, function(s) log((s[2] / s[1]) / (s[3] / s[2])))
p <- j2$value[1]; se <- sqrt(j2$cov[1, 1]); tq <- qt(.975, G - 1)
neff <- min(sum(sends), p * (1 - p) / se^2) * (qnorm(.975) / tq)^2
z2 <- qnorm(.975)^2
wil <- (p + z2 / (2 * neff) + c(-1, 1) * qnorm(.975) * sqrt(p * (1 - p) / neff + z2 / (4 * neff^2))) / (1 + z2 / neff)
put("jackknife", list(
  identity = list(y = y, mean = j1$value, se2 = j1$cov[1, 1], s2_over_n = var(y) / length(y)),
  rates = list(sends = sends, opens = opens, clicks = clicks, customers = sum(cust), value = j2$value, cov = j2$cov, df = G - 1,
               open_neff = neff, open_wilson = wil, open_deff = se^2 / (p * (1 - p) / sum(sends)),
               log_ratio = list(value = exp(u(j3$value)), lower = exp(u(j3$value) - tq * sqrt(j3$cov[1, 1])), upper = exp(u(j3$value) + tq * sqrt(j3$cov[1, 1]))))))

## transitions: rain of Alofi ---------------------------------------------------------------------------------------
data(rain)
levels3 <- c("0", "1-5", "6+")
s <- match(as.character(rain$rain), levels3)
n <- length(s)
two <- table(factor(s[-n], 1:3), factor(s[-1], 1:3))
three <- table(prev = factor(s[1:(n - 2)], 1:3), from = factor(s[2:(n - 1)], 1:3), to = factor(s[3:n], 1:3))
kstep <- table(factor(s[1:(n - 4)], 1:3), factor(s[5:n], 1:3))
P <- prop.table(unclass(two), 1)
ev <- eigen(t(P)); pi <- Re(ev$vectors[, 1]); pi <- pi / sum(pi)
ll <- loglin(three, list(c("prev", "from"), c("from", "to")), print = FALSE)
l0 <- loglin(two, list(1, 2), print = FALSE)
half <- n / 2; h1 <- s[1:half]; h2 <- s[(half + 1):n]     # the move across the middle belongs to neither half
hh <- table(part = rep(1:2, c(length(h1) - 1, length(h2) - 1)), from = factor(c(h1[-length(h1)], h2[-length(h2)]), 1:3), to = factor(c(h1[-1], h2[-1]), 1:3))
lh <- loglin(hh, list(c("part", "from"), c("from", "to")), print = FALSE)
pw <- function(m, h) Reduce(`%*%`, rep(list(m), h))
D4 <- abs(pw(P, 4) - prop.table(unclass(kstep), 1))
cond <- function(m) { q <- prop.table(unclass(m), 1); -sum(ifelse(q > 0, unclass(m) * log2(q), 0)) / sum(m) }  # H(to | from), bits
H1 <- cond(margin.table(three, c(2, 3)))
put("transitions", list(
  source = "markovchain::rain (Alofi island, Avery and Henderson 1999), counts only; tests by loglin",
  counts = as.vector(t(unclass(two))), P = unclass(P), stationary = pi, shorrocks = (3 - sum(diag(P))) / 2,
  counts_4 = as.vector(t(unclass(kstep))), power4 = pw(P, 4), d4 = max(D4),
  order = list(cells = flat(aperm(unclass(three), c(2, 1, 3))), g2 = ll$lrt, x2 = ll$pearson, df = 12, p_x2 = pchisq(ll$pearson, 12, lower.tail = FALSE),
               bits = ll$lrt / (2 * sum(three) * log(2)), gain = (ll$lrt - 12) / (2 * sum(three) * log(2)) / H1),
  order0 = list(g2 = l0$lrt, df = l0$df),
  halves = list(cells = flat(aperm(unclass(hh), c(2, 1, 3))), g2 = lh$lrt, df = 6, p = pchisq(lh$lrt, 6, lower.tail = FALSE))))

## structural zeros: two impossible moves must cost no degrees of freedom ---------------------------------------------
set.seed(5)
z <- array(rpois(3 * 2 * 4, 40), c(3, 2, 4)); z[1, , 4] <- 0; z[3, , 1:2] <- 0
zs <- sapply(1:3, function(k) { m <- z[k, , ]; m <- m[, colSums(m) > 0]; r <- suppressWarnings(chisq.test(m, correct = FALSE)); c(r$statistic, r$parameter) })
put("structural_zeros", list(cells = flat(z), slices = 3, rows = 2, cols = 4, x2 = sum(zs[1, ]), df = sum(zs[2, ])))

## clustered X2 ---------------------------------------------------------------------------------------------------
set.seed(7)
G <- 40; sl <- 2; nr <- 3; nc <- 3
O <- array(0, c(G, sl, nr, nc))
for (g in 1:G) for (c1 in 1:6) { w <- rgamma(3, 2 * c(2, 1, 1)); w <- w / sum(w)       # the customer's own habit: clustering
  for (k in 1:sl) O[g, k, sample(nr, 1), ] <- O[g, k, sample(nr, 1), ] + as.vector(rmultinom(1, rpois(1, 5), w)) }
expct <- function(m) { e <- m; for (k in 1:dim(m)[1]) e[k, , ] <- outer(rowSums(m[k, , ]), colSums(m[k, , ])) / sum(m[k, , ]); e }
T <- apply(O, 2:4, sum); E <- expct(T); X2 <- sum((T - E)^2 / E); df <- sl * (nr - 1) * (nc - 1)
R <- sapply(1:G, function(g) { m <- (T - O[g, , , ]) * G / (G - 1); as.vector(m - expct(m)) })
v <- (G - 1) / G * rowSums((R - rowMeans(R))^2)
delta <- sum(v / as.vector(E)) / df
put("clustered_x2", list(buckets = lapply(1:G, function(g) flat(O[g, , , ])), slices = sl, rows = nr, cols = nc, x2 = X2, delta = delta, df = df, df2 = df * (G - 1),
  p = pf(X2 / (delta * df), df, df * (G - 1), lower.tail = FALSE), naive_p = pchisq(X2, df, lower.tail = FALSE)))

## values ----------------------------------------------------------------------------------------------------------
P <- rbind(c(.8, .15, .05), c(.3, .5, .2), c(.05, 0, .95)); r <- c(10, 3, 0); gam <- .98
V <- function(P) solve(diag(3) - gam * P, r)
N <- solve(diag(3) - gam * P)
bump <- function(e) { Q <- P; Q[2, 3] <- Q[2, 3] - e; Q[2, 1] <- Q[2, 1] + e; V(Q)[1] }
put("values", list(P = P, r = r, gamma = gam, V = V(P), N = N, derivative = gam * N[1, 2] * (V(P)[1] - V(P)[3]), numeric = (bump(1e-5) - bump(-1e-5)) / 2e-5))

## survival --------------------------------------------------------------------------------------------------------
agg <- function(time, cause, entry = rep(1, length(time))) {   # -> entry, exit, cause (-1 censored, 0.. causes), n
  a <- aggregate(list(n = rep(1, length(time))), list(entry = entry, exit = time, cause = cause - 1), sum)
  a[order(a$entry, a$exit, a$cause), ]
}
curve <- function(f) data.frame(age = f$time, s = f$surv, se = f$std.err * f$surv, lower = f$lower, upper = f$upper)
med <- function(f) { q <- quantile(f, .5); u(c(q$quantile, q$lower, q$upper)) }
rm1 <- function(f, tau) u(summary(f, rmean = tau)$table[c("rmean", "se(rmean)")])
one <- function(d, tau) { f <- survfit(Surv(time, status) ~ 1, d, conf.type = "log-log"); list(spells = agg(d$time, d$status), km = curve(f), median = med(f), tau = tau, rmst = rm1(f, tau)) }
a1 <- subset(aml, x == "Maintained"); a2 <- subset(aml, x == "Nonmaintained")
ld <- function(f, d, rho = 0) { r <- survdiff(f, d, rho = rho); c(list(chisq = r$chisq, oe = if (is.matrix(r$obs)) sum(r$obs[1, ]) - sum(r$exp[1, ]) else r$obs[1] - r$exp[1], var = r$var[1, 1])) }
lung$dead <- lung$status - 1
lu <- subset(lung, !is.na(inst))
strat <- lapply(split(lu, lu$inst), function(d) list(a = agg(d$time[d$sex == 1], d$dead[d$sex == 1]), b = if (any(d$sex == 2)) agg(d$time[d$sex == 2], d$dead[d$sex == 2]) else list()))
put("survival", list(
  maintained = one(a1, 50), nonmaintained = one(a2, 50),
  logrank = ld(Surv(time, status) ~ x, aml), peto = ld(Surv(time, status) ~ x, aml, 1),
  lung = list(male = agg(lung$time[lung$sex == 1], lung$dead[lung$sex == 1]), female = agg(lung$time[lung$sex == 2], lung$dead[lung$sex == 2]),
              chisq = survdiff(Surv(time, dead) ~ sex, lung)$chisq, strata = u(strat), stratified = survdiff(Surv(time, dead) ~ sex + strata(inst), lung)$chisq)))

## delayed entry -----------------------------------------------------------------------------------------------------
set.seed(3)
m <- 400; e <- sample(c(rep(0, 5), 1:6), m, TRUE); t <- rgeom(m, .15) + 1; cen <- sample(4:25, m, TRUE)
keep <- t > e & cen > e; e <- e[keep]; t <- t[keep]; cen <- cen[keep]
stop <- pmin(t, cen); ev <- ifelse(t <= cen, sample(1:2, length(t), TRUE, c(.7, .3)), 0)
f <- survfit(Surv(e, stop, ev > 0) ~ 1, conf.type = "log-log")
fa <- survfit(Surv(e, stop, factor(ev, 0:2)) ~ 1, id = seq_along(e))
put("delayed_entry", list(spells = agg(stop, ev, e + 1), km = curve(f), median = med(f),
  incidence = list(age = fa$time, f1 = fa$pstate[, 2], f2 = fa$pstate[, 3])))

## competing risks ---------------------------------------------------------------------------------------------------
d <- transform(mgus2, t = ifelse(pstat == 1, ptime, futime), ev = ifelse(pstat == 1, 1, 2 * death))
ci <- cuminc(d$t, d$ev)
fa <- survfit(Surv(t, factor(ev, 0:2)) ~ 1, d)
at <- c(12, 60, 120, 240)
sm <- summary(fa, times = at)
km <- summary(survfit(Surv(t, ev == 1) ~ 1, d), times = at)
tp <- timepoints(ci, at)
put("competing", list(
  tiny = list(time = 1:6, event = c(0, 1, 1, 2, 2, 0), at6 = c(.2, .4, .4)),
  mgus2 = list(spells = agg(d$t, d$ev), ages = at, pcm = sm$pstate[, 2], death = sm$pstate[, 3], pcm_se = sm$std.err[, 2], death_se = sm$std.err[, 3],
               one_minus_km = 1 - km$surv, cuminc_pcm = u(tp$est[1, ]), cuminc_pcm_se = u(sqrt(tp$var[1, ])))))

## rates -----------------------------------------------------------------------------------------------------------
wl <- function(x, n, l = .95) suppressWarnings(u(as.vector(prop.test(x, n, conf.level = l, correct = FALSE)$conf.int)))
xs <- c(81, 15, 0, 1, 29, 20); ns <- c(263, 148, 20, 29, 29, 20)
w <- t(mapply(wl, xs, ns))
w1 <- wl(56, 70); w2 <- wl(48, 80); dd <- 56 / 70 - 48 / 80
cv <- statetable.msm(state, PTNUM, data = cav)
put("rates", list(
  wilson = data.frame(x = xs, n = ns, lower = w[, 1], upper = w[, 2]), wilson90 = wl(81, 263, .9),
  newcombe = list(x1 = 56, n1 = 70, x2 = 48, n2 = 80, lower = dd - sqrt((.8 - w1[1])^2 + (w2[2] - .6)^2), upper = dd + sqrt((w1[2] - .8)^2 + (.6 - w2[1])^2)),
  relative_risk = list(value = .8 / .6, lower = exp(log(.8 / .6) - qnorm(.975) * sqrt(1/56 - 1/70 + 1/48 - 1/80)), upper = exp(log(.8 / .6) + qnorm(.975) * sqrt(1/56 - 1/70 + 1/48 - 1/80))),
  cav = local({ x <- u(as.vector(cv[1, ])); a <- x[2] + .5; b <- sum(x[-2] + .5)   # a cell of the row with 1/2 in each of four cells
    list(row1 = x, a = a, b = b, lower = qbeta(.025, a, b), upper = qbeta(.975, a, b)) }),
  beta_tail = list(a = .5, b = 1e6, lower = qbeta(.025, .5, 1e6), upper = qbeta(.975, .5, 1e6))))

## multiplicity ------------------------------------------------------------------------------------------------------
p <- c(.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1)
set.seed(2); q <- round(sample(c(runif(30)^3, .01, .01, .01)), 4)
put("multiplicity", list(p = p, bh = p.adjust(p, "BH"), by = p.adjust(p, "BY"), holm = p.adjust(p, "holm"), p2 = q, bh2 = p.adjust(q, "BH"), by2 = p.adjust(q, "BY"), holm2 = p.adjust(q, "holm")))

## equivalence ---------------------------------------------------------------------------------------------------------
m1 <- 5.25; s1 <- .95; n1 <- 95; m2 <- 5.22; s2 <- .83; n2 <- 89
mg <- .48 * sqrt((s1^2 + s2^2) / 2); se <- sqrt(s1^2 / n1 + s2^2 / n2); df <- se^4 / ((s1^2 / n1)^2 / (n1 - 1) + (s2^2 / n2)^2 / (n2 - 1))
pa <- 420 / 5000; pb <- 435 / 5000; sp <- sqrt(pa * (1 - pa) / 5000 + pb * (1 - pb) / 5000)
put("tost", list(
  means = list(m1 = m1, s1 = s1, n1 = n1, m2 = m2, s2 = s2, n2 = n2, margin = mg, t = c((m1 - m2 + mg) / se, (m1 - m2 - mg) / se), df = df,
               p = c(pt((m1 - m2 + mg) / se, df, lower.tail = FALSE), pt((m1 - m2 - mg) / se, df))),
  proportions = list(x1 = 420, x2 = 435, n = 5000, margin = .01, z = c((pa - pb + .01) / sp, (pa - pb - .01) / sp),
                     p = c(pnorm((pa - pb + .01) / sp, lower.tail = FALSE), pnorm((pa - pb - .01) / sp)))))

## power ---------------------------------------------------------------------------------------------------------------
pp <- function(a, b, w) power.prop.test(p1 = a, p2 = b, power = w)$n
put("power", list(
  proportions = data.frame(p1 = c(.5, .10, .02, .05), p2 = c(.75, .11, .022, .055), power = c(.9, .8, .8, .8), n = c(pp(.5, .75, .9), pp(.1, .11, .8), pp(.02, .022, .8), pp(.05, .055, .8))),
  mean = list(sigma = 2.5, delta = .3, n = 2 * (qnorm(.975) + qnorm(.8))^2 * 2.5^2 / .3^2)))

## Dirichlet rows ------------------------------------------------------------------------------------------------------
set.seed(9)
pr <- c(.55, .3, .1, .05)
rowsd <- t(sapply(c(300, 120, 80, 40, 12, 3), function(n) { w <- rgamma(4, 25 * pr); rmultinom(1, n, w) }))
pool <- (colSums(rowsd) + .5) / sum(colSums(rowsd) + .5)
ll <- function(lm) { m <- exp(lm); sum(apply(rowsd, 1, function(x) lgamma(m) - lgamma(m + sum(x)) + sum(lgamma(m * pool + x) - lgamma(m * pool)))) }
o <- optimize(ll, c(log(.1), log(sum(rowsd))), maximum = TRUE, tol = 1e-12)
m <- exp(o$maximum); al <- m * pool + rowsd[6, ]
put("dirichlet", list(rows = rowsd, prior = pool, m = m, last = list(mean = al / sum(al), lower = qbeta(.025, al, sum(al) - al), upper = qbeta(.975, al, sum(al) - al))))
