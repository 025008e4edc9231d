# Makes segments.json for analytics/suffstat/psi.go and energy.go: what R says, with the numbers that the Go tests feed in.
#   Rscript testdata/oracle/make_segments.R testdata/oracle
# Needs R with energy and jsonlite (Debian: r-cran-energy, r-cran-jsonlite). The Go tests read the JSON and need no R.
suppressMessages({library(energy); library(jsonlite)})
out <- commandArgs(TRUE)[1]
stopifnot(!is.na(out))
RNGversion("4.2.0"); RNGkind("Mersenne-Twister", "Inversion", "Rejection")

# eqdist.e is nm/(n+m) E; H is E over twice the mean distance between the samples.
one <- function(name, x, y) {
  n <- nrow(x); m <- nrow(y)
  statistic <- unname(eqdist.e(rbind(x, y), c(n, m)))
  between <- mean(as.matrix(dist(rbind(x, y)))[1:n, n + 1:m])
  E <- statistic * (n + m) / (n * m)
  list(name = name, x = x, y = y, statistic = statistic, e = E, h = E / (2 * between))
}
p <- function(x, y, seed) { set.seed(seed); eqdist.etest(rbind(x, y), c(nrow(x), nrow(y)), R = 9999)$p.value }
u <- function(d) unname(as.matrix(d))
set.seed(7)
a <- round(matrix(rnorm(60), 20), 3); b <- round(matrix(rnorm(90, .5), 30), 3)
small <- one("20 and 30 points in 3 dimensions", a, b); small$p <- p(a, b, 3)
iris2 <- one("iris setosa, versicolor", u(iris[1:50, 1:4]), u(iris[51:100, 1:4]))
iris2$p <- p(u(iris[1:50, 1:4]), u(iris[51:100, 1:4]), 3)

psi <- function(x, y, deff = 1) { keep <- x + y > 0; x <- pmax(x[keep], .5); y <- pmax(y[keep], .5)
  p <- x / sum(x); q <- y / sum(y); sum((p - q) * log(p / q)) }
row <- function(x, y, deff) { k <- sum(x + y > 0); c1 <- deff * (1 / sum(x) + 1 / sum(y))
  list(x = x, y = y, deff = deff, psi = psi(x, y), floor = (k - 1) * c1, p95 = qchisq(.95, k - 1) * c1, bins = k) }
# What two samples of one population have in simulation: mean and 95 % point of PSI with ten equal bins.
set.seed(1)
null <- function(n1, n2) { v <- replicate(20000, psi(as.vector(rmultinom(1, n1, rep(.1, 10))), as.vector(rmultinom(1, n2, rep(.1, 10)))))
  list(n1 = n1, n2 = n2, mean = mean(v), p95 = unname(quantile(v, .95))) }
write_json(list(made_by = paste0("make_segments.R, R ", getRversion(), ", energy ", packageVersion("energy")),
  energy = list(small, iris2),
  psi = list(row(c(10, 20, 30, 40), c(25, 25, 25, 25), 1), row(c(0, 12, 30, 0, 7), c(4, 9, 0, 0, 11), 1), row(c(100, 300, 50), c(90, 320, 60), 1.7)),
  psi_null = list(null(500, 500), null(300, 3000))), file.path(out, "segments.json"), auto_unbox = TRUE, digits = NA, pretty = 1, na = "null")
