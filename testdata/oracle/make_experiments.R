# Makes the oracle files of analytics/experiments: what R says, with the sums that the Go tests feed in.
#   Rscript testdata/oracle/make_experiments.R testdata/oracle [ab_test_demo.csv]
# Packages jsonlite and sandwich. Customers are simulated here and written as sums per bucket, never as rows; of the public file only counts and sums are written.
suppressMessages({library(jsonlite); library(sandwich)})
args <- commandArgs(TRUE); out <- args[1]
stopifnot(!is.na(out))
RNGversion("4.2.0"); RNGkind("Mersenne-Twister", "Inversion", "Rejection")
put <- function(name, x) write_json(c(list(made_by = paste0("make_experiments.R, R ", getRversion())), x), file.path(out, paste0(name, ".json")), auto_unbox = TRUE, digits = NA, pretty = 1, na = "null")
# delete-a-group jackknife by hand: f(keep) on the customers outside of one group
jack <- function(g, f) { k <- sort(unique(g)); t <- sapply(k, function(b) f(g != b)); G <- length(k); sqrt((G - 1) / G * sum((t - mean(t))^2)) }
sums <- function(y, x, arm, g) do.call(rbind, lapply(split(data.frame(y, x, arm, g), list(arm, g), drop = TRUE), function(d) data.frame(arm = d$arm[1], bucket = d$g[1], n = nrow(d), y = sum(d$y), x = sum(d$x), yy = sum(d$y^2), xx = sum(d$x^2), yx = sum(d$y * d$x), row.names = NULL)))
compare <- function(y, x, arm, g, a, r, unit) {
  k <- arm %in% c(a, r); y <- y[k] / unit; x <- x[k] / unit; t <- arm[k] == a; g <- g[k]; all <- rep(TRUE, length(y)); df <- length(unique(g)) - 1
  plain <- function(s) mean(y[s & t]) - mean(y[s & !t])
  cuped <- function(s) unname(coef(lm(y[s] ~ t[s] + x[s]))[2])          # the covariance model: the pooled slope within arms
  lift <- function(s) log(mean(y[s & t]) / mean(y[s & !t]))
  base <- function(s) mean(x[s & t]) - mean(x[s & !t])
  w <- t.test(y[t], y[!t]); se <- jack(g, plain); sc <- jack(g, cuped); sl <- jack(g, lift)
  pooled <- sd(c(x[t] - mean(x[t]), x[!t] - mean(x[!t]))) * sqrt((length(x) - 1) / (length(x) - 2)) * sqrt(1 / sum(t) + 1 / sum(!t))
  sb <- max(jack(g, base), pooled)
  p <- function(d, s) 2 * pt(-abs(d / s), df)
  list(arm = a, n = sum(t), n_reference = sum(!t), mean = mean(y[t]), mean_reference = mean(y[!t]), effect = plain(all), std_error = se, lower = plain(all) - qt(.975, df) * se, upper = plain(all) + qt(.975, df) * se, p = p(plain(all), se),
    welch_se = w$stderr, welch_p = w$p.value, cuped = cuped(all), cuped_se = sc, cuped_p = p(cuped(all), sc), relative = exp(lift(all)) - 1, relative_lower = exp(lift(all) - qt(.975, df) * sl) - 1,
    relative_upper = exp(lift(all) + qt(.975, df) * sl) - 1, df = df, balance = base(all), balance_p = p(base(all), sb))
}

## three arms, heavy-tailed spend, planned shares -----------------------------------------------------------------------------------
set.seed(31)
n <- 1800; arm <- sample(c("control", "offer_a", "offer_b"), n, TRUE, c(.4, .3, .3)); g <- sample(0:99, n, TRUE)
habit <- rnorm(n)
spend <- function(extra) round(ifelse(runif(n) < plogis(-.6 + .7 * habit + extra), rlnorm(n, 3 + .4 * habit, 1), 0) * 100)
x <- spend(0); y <- spend(.5 * (arm == "offer_b"))
cap <- sort(x, decreasing = TRUE)[n %/% 1000 + 1]
outcomes <- list(order = list(y = 1 * (y > 0), x = 1 * (x > 0), unit = 1), revenue = list(y = y, x = x, unit = 100), revenue_winsorised = list(y = pmin(y, cap), x = pmin(x, cap), unit = 100))
rows <- lapply(outcomes, function(o) lapply(c("offer_a", "offer_b"), function(a) compare(o$y, o$x, arm, g, a, "control", o$unit)))
p <- unlist(lapply(rows[1:2], function(o) sapply(o, `[[`, "p"))); cp <- unlist(lapply(rows[1:2], function(o) sapply(o, `[[`, "cuped_p"))); bp <- unlist(lapply(rows[1:2], function(o) sapply(o, `[[`, "balance_p")))
size <- as.integer(table(arm)); plan <- chisq.test(size, p = c(.4, .3, .3))
put("experiments", list(sums = lapply(outcomes, function(o) sums(o$y, o$x, arm, g)), cap_minor = cap, results = rows, q = p.adjust(p, "BH"), cuped_q = p.adjust(cp, "BH"),
  holm_order = p.adjust(cp[1:2], "holm"), holm_revenue = p.adjust(cp[3:4], "holm"), balance_holm = p.adjust(bp, "holm"), srm = list(n = size, chi2 = unname(plan$statistic), p = plan$p.value)))

## clusters: whole shops were assigned ------------------------------------------------------------------------------------------------
set.seed(32)
G <- 60; shop <- rep(0:(G - 1), times = 15 + (0:(G - 1)) %% 11); side <- ifelse(shop %% 2 == 0, "control", "offer"); u <- rnorm(G, 0, .7)[shop + 1]
cy <- rbinom(length(shop), 1, plogis(-1 + u + .3 * (side == "offer"))); cx <- rbinom(length(shop), 1, plogis(-1 + u))
r <- compare(cy, cx, side, shop, "offer", "control", 1)
fit <- lm(cy ~ side)
put("experiment_clusters", list(sums = sums(cy, cx, side, shop), clusters = G, result = r, sandwich_se = sqrt(vcovCL(fit, cluster = shop, type = "HC1")[2, 2]), naive_se = r$welch_se))

## the public A/B test: counts and sums, computed from the file alone ----------------------------------------------------------------------
if (!is.na(args[2])) {
  d <- read.csv(args[2], colClasses = "character"); d$t <- as.numeric(as.POSIXct(d$timestamp, tz = "UTC", format = "%Y-%m-%d %H:%M:%OS")); d <- d[d$user_backet != "not_in_test", ]
  all <- read.csv(args[2], colClasses = "character"); days <- sort(unique(as.integer(as.Date(substr(all$timestamp, 1, 10)))))
  to <- as.integer(as.Date("2020-05-01")); end <- if (to - max(days) <= max(diff(days))) to else max(days) + 1
  first <- floor(tapply(d$t, d$user_id, min)); arm <- tapply(d$user_backet, d$user_id, `[`, 1); start <- first[d$user_id]
  over <- first + 28 * 86400 <= end * 86400; users <- names(first)
  had <- function(keep) as.integer(users %in% d$user_id[keep])
  inside <- floor(d$t) >= start & floor(d$t) < start + 28 * 86400
  value <- tapply(ifelse(inside & d$event == "payment_done", as.numeric(ifelse(d$transaction_value == "", "0", d$transaction_value)), 0), d$user_id, sum)
  one <- function(v, k) { a <- v[arm == "test" & k]; b <- v[arm == "control" & k]; w <- t.test(a, b); list(n = length(a), n_reference = length(b), mean = mean(a), mean_reference = mean(b), welch_se = w$stderr, welch_p = w$p.value) }
  events <- lapply(setNames(nm = c("payment_done", "cart")), function(e) had(inside & d$event == e))
  srm <- chisq.test(c(sum(arm == "control"), sum(arm == "test")))
  put("abtest", list(assigned = as.list(table(arm)), end_day = end, srm_p = srm$p.value, over = c(lapply(events, one, k = over), list(order = one(events$payment_done, over), revenue = one(as.numeric(value), over))),
    seen = lapply(events, one, k = rep(TRUE, length(users)))))
}
