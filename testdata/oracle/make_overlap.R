# Oracle of scenarios/overlap: Rscript make_overlap.R writes overlap.json beside it. R 4.2, packages: jsonlite.
# poisson: exact intervals of small counts and their tails. hypergeometric: expected customers in both of two scenarios by stratum when every customer is in a
# scenario all the time or never (then person-time is a 2 x 2 table per stratum and the mean of the hypergeometric distribution is the answer).
library(jsonlite)
n <- c(0, 1, 3, 9, 25)
expected <- c(12, 15, 10.5, 30, 14)
ci <- sapply(n, function(k) poisson.test(k)$conf.int)
poisson <- data.frame(n = n, expected = expected, lower = ci[1, ], upper = ci[2, ], below = ppois(n, expected), above = ppois(n - 1, expected, lower.tail = FALSE))
strata <- data.frame(both = c(11, 40, 3), a = c(60, 90, 10), b = c(35, 80, 25), N = c(200, 150, 400))
mean_hyper <- function(a, b, N) sum((0:min(a, b)) * dhyper(0:min(a, b), a, N - a, b))
strata$expected <- mapply(mean_hyper, strata$a, strata$b, strata$N)
tab <- array(mapply(function(x, a, b, N) c(x, a - x, b - x, N - a - b + x), strata$both, strata$a, strata$b, strata$N), c(2, 2, 3))
write_json(list(poisson = poisson, strata = strata, mantelhaen_p = mantelhaen.test(tab, correct = FALSE)$p.value), "overlap.json", digits = 15, auto_unbox = TRUE, pretty = TRUE)
