# Makes contact.json: what R says about the fatigue panel and the hazard cells of analytics/suffstat (panel.go, mantelhaenszel.go).
#   Rscript testdata/oracle/make_contact_oracle.R testdata/oracle
library(jsonlite)
out <- commandArgs(TRUE)[1]
RNGversion("4.2.0"); set.seed(45)
strata <- lapply(1:40, function(i) {
  n1 <- rpois(1, 30) + 1; n0 <- rpois(1, 60) + 1; base <- plogis(-3 + rnorm(1) / 2)
  a <- rbinom(1, n1, plogis(qlogis(base) + .5)); c <- rbinom(1, n0, base)
  c(a, n1 - a, c, n0 - c) })
x <- array(0, c(2, 2, length(strata)))
for (i in seq_along(strata)) x[, , i] <- matrix(strata[[i]], 2, byrow = TRUE)   # rows exposed, columns event
keep <- apply(x, 3, function(m) sum(m[, 1]) > 0)
mh <- mantelhaen.test(x[, , keep], correct = FALSE); mc <- mantelhaen.test(x[, , keep], correct = TRUE)
d <- do.call(rbind, lapply(seq_along(strata), function(i) data.frame(s = i, e = c(1, 0), y = strata[[i]][c(1, 3)], n = c(sum(strata[[i]][1:2]), sum(strata[[i]][3:4])))))
d <- d[d$s %in% which(keep), ]
g <- glm(cbind(y, n - y) ~ e + factor(s), binomial, d)
## 200 members, 26 weeks, targeted suppression
weeks <- 26
shock <- rnorm(weeks) / 20
rows <- do.call(rbind, lapply(1:200, function(i) {
  u <- rnorm(1); n <- rpois(1, 10) + 2
  w <- sort(sample(0:(weeks - 1), n, replace = TRUE)); p <- rpois(n, exp(.3 + .4 * u + shock[w + 1])); l <- rpois(n, exp(.8 + .4 * u))
  data.frame(i = i, w = w, p = p, l = l, y = rbinom(n, 1, pmin(pmax(.3 + .1 * u - .02 * p - .005 * l + shock[w + 1], .01), .99))) }))
m2 <- lm(y ~ p + l + factor(i) + factor(w), rows); m1 <- lm(y ~ p + factor(i) + factor(w), rows); m0 <- lm(y ~ p + factor(i), rows)
left <- resid(lm(p ~ factor(i) + factor(w), rows))
## the same with an effect of every day: 120 members, 60 days; a collision c beside the number of messages, and the goal g beside what comes after
day <- rnorm(60) / 20
days <- do.call(rbind, lapply(1:120, function(i) {
  u <- rnorm(1); n <- rpois(1, 12) + 2
  d <- sort(sample(0:59, n, replace = TRUE)); p <- pmin(rpois(n, exp(.3 + .3 * u + day[d + 1])), 4); l <- rpois(n, exp(.8 + .3 * u)); m <- rpois(n, exp(.3 + .3 * u))
  c <- ifelse(p > 0, rbinom(n, 1, .4), 0)
  data.frame(i = i, d = d, p = p, l = l, m = m, c = c, y = rbinom(n, 1, pmin(pmax(.35 + .1 * u - .02 * p - .05 * c + day[d + 1], .01), .99))) }))
c1 <- lm(y ~ c + factor(p) + l + factor(i) + factor(d), days); g1 <- lm(y ~ p + l + m + factor(i) + factor(d), days)
rest <- resid(lm(c ~ factor(p) + l + factor(i) + factor(d), days))
write_json(list(made_by = paste0("make_contact_oracle.R, R ", getRversion()),
  hazard = list(strata = strata, oddsratio = unname(mh$estimate), lower = mh$conf.int[1], upper = mh$conf.int[2], x2 = unname(mh$statistic),
    corrected = unname(mc$statistic), logistic = unname(coef(g)["e"])),
  panel = list(weeks = weeks, members = lapply(split(rows, rows$i), function(r) unname(as.matrix(r[, c("w", "p", "l", "y")]))) |> unname(),
    slopes = unname(coef(m2)[c("p", "l")]), alone = unname(coef(m1)["p"]), share = sum(left^2) / sum((rows$p - mean(rows$p))^2), oneway = unname(coef(m0)["p"])),
  daily = list(rows = unname(as.matrix(days[, c("i", "d", "p", "l", "m", "c", "y")])), collision = unname(coef(c1)["c"]), left = sum(rest^2) / sum((days$c - mean(days$c))^2),
    goal = unname(coef(g1)[c("p", "l", "m")]))),
  file.path(out, "contact.json"), auto_unbox = TRUE, digits = NA)
