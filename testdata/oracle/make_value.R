# Makes value_ladder.json for analytics/value and cmd/crmaudit: the repeat ladder of CDNOW by R survival, whole period (to 1998-06-30), one purchase per day.
#   Rscript testdata/oracle/make_value.R ../shared/data/cdnow/CDNOW_sample.txt testdata/oracle
# For purchase k: customers, repeated, probability of the next purchase within 180 days with Greenwood's log(-log) interval (each customer has one spell per k), and the days within which half of these repeats come.
suppressMessages({library(survival); library(jsonlite)})
arg <- commandArgs(TRUE)
d <- read.table(arg[1], colClasses = c("character", "character", "character", "numeric", "numeric"))
d <- unique(data.frame(id = d$V2, day = as.integer(as.Date(d$V3, "%Y%m%d"))))
d <- d[order(d$id, d$day), ]
end <- as.integer(as.Date("1998-06-30"))
d$k <- ave(d$day, d$id, FUN = seq_along)
d$nxt <- ave(d$day, d$id, FUN = function(x) c(x[-1], NA))
h <- 180
rungs <- lapply(1:8, function(k) {
  s <- d[d$k == k, ]
  time <- ifelse(is.na(s$nxt), end - s$day, s$nxt - s$day); event <- as.integer(!is.na(s$nxt))
  f <- survfit(Surv(time, event) ~ 1, conf.type = "log-log"); at <- summary(f, times = h)
  half <- 1 - (1 - at$surv) / 2
  list(k = k, customers = nrow(s), repeated = sum(event), probability = 1 - at$surv, lower = 1 - at$upper, upper = 1 - at$lower, median_gap = min(f$time[f$surv <= half]))
})
write_json(list(made_by = paste0("make_value.R, R ", getRversion(), ", survival ", packageVersion("survival")), horizon_days = h, rungs = rungs), file.path(arg[2], "value_ladder.json"), auto_unbox = TRUE, digits = NA, pretty = 1)
