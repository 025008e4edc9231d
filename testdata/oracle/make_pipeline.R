# Oracle of package analytics/pipeline: stays of deals in three stages, some of which began before the observation, by R survival (KM, Aalen-Johansen with delayed entry) and solve().
#   Rscript testdata/oracle/make_pipeline.R > testdata/oracle/pipeline.json
suppressMessages({library(survival); library(jsonlite)})
set.seed(14)
horizon <- 90
moves <- list(new = c("qualified", "lost"), qualified = c("proposal", "new", "lost"), proposal = c("won", "lost"))
rate <- list(new = c(.05, .01), qualified = c(.03, .005, .02), proposal = c(.012, .008))
stays <- list()
for (stage in names(moves)) {
  n <- 420
  start <- runif(n, -120, 365)                       # day of the entry; the observation is [0, 365)
  total <- sum(rate[[stage]])
  length <- rexp(n, total)
  to <- sample(moves[[stage]], n, TRUE, rate[[stage]])
  end <- start + length
  seen <- end >= 0
  start <- start[seen]; end <- end[seen]; to <- to[seen]
  open <- end >= 365
  tstart <- ifelse(start < 0, ceiling(-start), 0)    # at risk from the first whole day of its life in the observation
  tstop <- ifelse(open, floor(365 - start), pmax(1, ceiling(end - start)))
  to[open] <- ""
  keep <- tstop > tstart
  stays[[stage]] <- data.frame(stage = stage, tstart = tstart[keep], tstop = tstop[keep], to = to[keep], bucket = sample(0:99, sum(keep), TRUE))
}
read <- function(times, values, at) { i <- findInterval(at, times); if (i == 0) NA else values[i] }
want <- list(); P <- list()
for (stage in names(moves)) {
  d <- stays[[stage]]
  km <- survfit(Surv(tstart, tstop, to != "") ~ 1, data = d)
  d$event <- factor(d$to, levels = c("", moves[[stage]]))
  d$id <- seq_len(nrow(d))
  aj <- survfit(Surv(tstart, tstop, event) ~ 1, data = d, id = id)
  chances <- sapply(moves[[stage]], function(m) read(aj$time, aj$pstate[, aj$states == m], horizon))
  grid <- 0:(horizon - 1)
  S <- sapply(grid, function(k) { s <- read(km$time, km$surv, k); if (is.na(s)) 1 else s })
  want[[stage]] <- list(chances = as.list(chances), stalled = read(km$time, km$surv, horizon), median = km$time[which(km$surv <= .5)[1]], mean = sum(S),
    rmean = unname(summary(km, rmean = horizon)$table["rmean"]), stays = nrow(d))
  P[[stage]] <- chances
}
open <- names(moves)
M <- matrix(0, 3, 3, dimnames = list(open, open)); w <- setNames(rep(0, 3), open)
for (s in open) for (m in names(P[[s]])) if (m %in% open) M[s, m] <- P[[s]][m] else if (m == "won") w[s] <- P[[s]][m]
win <- solve(diag(3) - M, w)
cat(toJSON(list(horizon = horizon, stays = do.call(rbind, unname(stays)), want = want, win = as.list(setNames(as.vector(win), open))), auto_unbox = TRUE, digits = 12, pretty = FALSE), "\n")
