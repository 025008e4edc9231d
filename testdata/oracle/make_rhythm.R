# Makes rhythm.json for analytics/rhythm: what R says, with the numbers that the Go tests feed in.
#   Rscript testdata/oracle/make_rhythm.R testdata/oracle
# Needs R with survival, mclust and jsonlite (Debian: r-cran-survival, r-cran-mclust, r-cran-jsonlite). The Go tests read the JSON and need no R.
suppressMessages({library(survival); library(mclust); library(jsonlite)})
out <- commandArgs(TRUE)[1]
stopifnot(!is.na(out))
RNGversion("4.2.0"); RNGkind("Mersenne-Twister", "Inversion", "Rejection")

# Censored lognormal pauses, one per customer: survreg.
set.seed(11)
n <- 60
pause <- pmax(1, round(exp(rnorm(n, 3.4, .8)))); limit <- sample(20:90, n, TRUE)
days <- pmin(pause, limit); seen <- as.integer(pause <= limit)
fit <- survreg(Surv(days, seen) ~ 1, dist = "lognormal")
single <- list(days = days, seen = seen, mean = unname(coef(fit)), sd = fit$scale)

# Customers with 0 to 5 pauses and an open one: the likelihood with the customer's own mean integrated out by numbers, and its maximum.
set.seed(12)
customers <- lapply(1:40, function(i) {
  mu <- rnorm(1, 3.2, .7); g <- integer(0); t <- 0; end <- 200
  repeat { x <- max(1, round(exp(rnorm(1, mu, .5)))); if (t + x > end) break; g <- c(g, x); t <- t + x; if (length(g) == 5) { end <- t + sample(0:60, 1); break } }
  list(gaps = as.list(g), open = max(0, end - t)) })
one <- function(c, m, s2, t2) {
  y <- log(unlist(c$gaps)); lo <- log(c$open + .5)
  f <- function(mu) sapply(mu, function(u) exp(sum(dnorm(y, u, sqrt(s2), log = TRUE)) + pnorm((u - lo) / sqrt(s2), log.p = TRUE) + dnorm(u, m, sqrt(t2), log = TRUE)))
  v <- 1 / (1 / t2 + length(y) / s2); centre <- v * (m / t2 + sum(y) / s2) # most of the mass is here
  log(integrate(f, centre - 12 * sqrt(v), centre + 12 * sqrt(v) + 6 * sqrt(s2), rel.tol = 1e-10, subdivisions = 2000, stop.on.error = FALSE)$value)
}
ll <- function(p) sum(sapply(customers, one, m = p[1], s2 = exp(p[2]), t2 = exp(p[3])))
points <- list(c(3.2, log(.25), log(.5)), c(3, log(.6), log(.2)), c(4, log(.3), log(1.5)))
best <- optim(c(3.2, log(.3), log(.4)), function(p) -ll(p), control = list(reltol = 1e-13, maxit = 5000))
best <- optim(best$par, function(p) -ll(p), method = "BFGS", control = list(reltol = 1e-14))
frailty <- list(customers = customers, points = lapply(points, function(p) list(mean = p[1], within = exp(p[2]), between = exp(p[3]), loglik = ll(p))),
  best = list(mean = best$par[1], within = exp(best$par[2]), between = exp(best$par[3]), loglik = -best$value))

# A mixture of two normals with independent coordinates (mclust model VVI).
set.seed(13)
xy <- round(rbind(cbind(rnorm(90, 2, .25), rnorm(90, -1, .3)), cbind(rnorm(60, 3.2, .35), rnorm(60, -.3, .25))), 4)
mix <- lapply(1:3, function(k) {
  m <- Mclust(xy, G = k, modelNames = "VVI", verbose = FALSE, control = emControl(tol = c(1e-12, 1e-12), itmax = c(5000, 5000)))
  o <- order(m$parameters$mean[1, ])
  list(components = k, loglik = m$loglik, bic = -m$bic, weight = as.list(m$parameters$pro[o] + 0), mean = t(matrix(m$parameters$mean, 2))[o, , drop = FALSE],
    sd = t(sapply(o, function(i) sqrt(diag(m$parameters$variance$sigma[, , i])))))
})
mix[[1]]$weight <- list(1)
for (i in 1:3) if (is.null(dim(mix[[i]]$sd))) mix[[i]]$sd <- matrix(mix[[i]]$sd, 1)

# Rayleigh: eight leaning trees (Zar, Biostatistical Analysis, 1999, example 26.1: r = .82522, z = 5.448), and a weak preference.
rayleigh <- function(degrees) { a <- degrees * pi / 180; n <- length(a); r <- Mod(mean(exp(1i * a)))
  list(degrees = degrees, r = r, z = n * r^2, p = exp(sqrt(1 + 4 * n + 4 * (n^2 - (n * r)^2)) - (1 + 2 * n)), direction = (Arg(mean(exp(1i * a))) * 180 / pi) %% 360) }
set.seed(14)
weak <- round(c(runif(60, 0, 360), rnorm(20, 200, 60)) %% 360, 2)

# Clumpiness when n orders fall anywhere between the first order and the end: by simulation.
set.seed(15)
chance <- lapply(c(1, 3, 10), function(n) list(n = n, mean = mean(replicate(200000, { x <- diff(c(0, sort(runif(n)), 1)); 1 + sum(x * log(x)) / log(n + 1) }))))

write_json(list(made_by = paste0("make_rhythm.R, R ", getRversion(), ", survival ", packageVersion("survival"), ", mclust ", packageVersion("mclust")),
  survreg = single, frailty = frailty, mixture = list(points = xy, fits = mix), rayleigh = list(rayleigh(c(45, 55, 81, 96, 110, 117, 132, 154)), rayleigh(weak)), clumpiness = chance),
  file.path(out, "rhythm.json"), auto_unbox = TRUE, digits = NA, pretty = 1, na = "null")
