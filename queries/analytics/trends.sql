/*---
table: analytics.trends
block: trends
grain: [metric, subject_type, subject_id]
doc: >-
  Does a metric rise or fall? One row per series. The decision is the Prais-Winsten slope with bias-corrected autocorrelation on the logit (rare metrics: the log) of the rate at a
  fixed mix of customers and steps; slopes are in share per month. Complete periods whose responses are in; thin periods are merged. Above 5 million messages order_rate and move_rate follow a
  part of the customers only (note sample_of_customers; analytics.red_trend_periods.action_buckets of 100 buckets): their messages and events are those of the sample, not scaled up. Written by trends.Fit.
columns:
  - {name: metric, type: string, doc: "access: delivery_rate, bounce_rate, unsubscribe_rate, complaint_rate; engagement: open_rate, click_rate; action: order_rate (an order within 7 days), move_rate (a better stage within 28 days); all but the first two per delivered message"}
  - {name: subject_type, type: string, doc: "total (all messages of a kind), channel_kind, scenario"}
  - {name: subject_id, type: string, doc: "the kind; channel:kind; the scenario, with :kind when it sends several kinds. Kinds are never pooled"}
  - {name: channel, type: string, doc: "channel of a channel_kind, else empty"}
  - {name: scenario_id, type: string, doc: "scenario of a scenario, else empty"}
  - {name: kind, type: string, doc: "bulk, trigger, transactional or unknown"}
  - {name: slope, type: float64, unit: "share per month", nullable: true, doc: "change of the rate at fixed mix in a month; NULL when there are fewer than 8 periods or nothing varies"}
  - {name: lower, type: float64, unit: "share per month", nullable: true, doc: "lower end of the 95 % interval"}
  - {name: upper, type: float64, unit: "share per month", nullable: true, doc: "upper end of the 95 % interval"}
  - {name: p_value, type: float64, unit: "1", nullable: true, doc: "of no slope, two-sided"}
  - {name: q_value, type: float64, unit: "1", nullable: true, doc: "of the family of all series (Benjamini and Hochberg); short series are not in the family"}
  - {name: change_at, type: date, nullable: true, doc: "first period of the new level; for verdict spike the period of the greatest spike; else NULL"}
  - {name: verdict, type: string, doc: "rising, falling, level_shift, spike, steady (a slope that matters is ruled out) or undecided"}
  - {name: note, type: string, doc: "why there is no more to say: short_series (fewer than 20 periods), one_period, no_events, all_events, constant, few_events (fewer than 30), sample_of_customers (order_rate and move_rate above 5 million messages: messages and events are of a part of the customers), gaps (periods without messages), late_start (a channel or scenario that began later), merged (thin periods merged), season_open (less than 15 months: the season is not told from the trend), or empty"}
  - {name: unit, type: string, doc: "day, week or month"}
  - {name: first_period, type: date, doc: "first period of the series"}
  - {name: last_period, type: date, doc: "last period of the series"}
  - {name: periods, type: int64, unit: "periods", doc: "points of the series after merging"}
  - {name: short, type: bool, unit: "1", doc: "fewer than 20 points: the slope is printed, no verdict"}
  - {name: messages, type: int64, unit: "messages", doc: "base of the rate"}
  - {name: events, type: int64, unit: "messages", doc: "of them with the event"}
  - {name: rate, type: float64, unit: "share", nullable: true, doc: "mean of the rate at fixed mix"}
  - {name: margin, type: float64, unit: "share per month", nullable: true, doc: "smallest slope of interest, either direction: 1 % of the rate (of its complement above one half) in a month, 12 % over a series of more than a year; decision.equivalence.trend_per_month"}
  - {name: p_equivalence, type: float64, unit: "1", nullable: true, doc: "two one-sided tests that the slope lies inside the margin"}
  - {name: needed, type: int64, unit: "periods", nullable: true, doc: "undecided: periods with which a verdict could be expected"}
  - {name: rho, type: float64, unit: "1", nullable: true, doc: "autocorrelation of neighbouring periods, corrected for bias, 0 to 0.9"}
  - {name: theil_sen, type: float64, unit: "share per month", nullable: true, doc: "median of the slopes between all pairs of periods; description, no test"}
  - {name: season, type: string, doc: "none, or annual: waves of the year are in the model (one from 15 months on, two from two years on)"}
  - {name: shift, type: float64, unit: "share", nullable: true, doc: "level after the best change point less the level before"}
  - {name: shift_p, type: float64, unit: "1", nullable: true, doc: "sup-F over 15 to 85 % of the periods, by a circular block bootstrap"}
  - {name: shift_q, type: float64, unit: "1", nullable: true, doc: "of the family of all series (Benjamini and Hochberg)"}
  - {name: change_lower, type: date, nullable: true, doc: "level_shift: earliest period of the 95 % interval of change_at"}
  - {name: change_upper, type: date, nullable: true, doc: "level_shift: latest period of it"}
  - {name: pettitt_at, type: date, nullable: true, doc: "first period after the change by Pettitt's rank test, a check of change_at"}
  - {name: pettitt_p, type: float64, unit: "1", nullable: true, doc: "its p-value, which takes the periods as independent"}
  - {name: rate_before, type: float64, unit: "share", nullable: true, doc: "crude rate of the first third of the periods"}
  - {name: rate_after, type: float64, unit: "share", nullable: true, doc: "crude rate of the last third"}
  - {name: rate_part, type: float64, unit: "share", nullable: true, doc: "Kitagawa: of rate_after - rate_before, what comes from the rates of equal customers and steps"}
  - {name: mix_part, type: float64, unit: "share", nullable: true, doc: "Kitagawa: what comes from another mix of customers and steps; the two parts add up"}
  - {name: spikes, type: int64, unit: "periods", doc: "periods with a spike, analytics.trend_spikes"}
  - {name: level_before, type: float64, unit: "share", nullable: true, doc: "with verdict level_shift: the level before change_at, at equal customers and steps"}
  - {name: level_after, type: float64, unit: "share", nullable: true, doc: "the level from change_at on"}
---*/
