/*---
table: lifecycle.dwell
grain: [stage]
doc: >-
  How long a stay in a stage lasts, by life table with delayed entry and censoring (not the mean of finished stays, which is too short).
  Written by lifecycle.Fit.
columns:
  - {name: stage, type: string, doc: "stage"}
  - {name: spells, type: int64, unit: "stays", doc: "stays with a known age, finished or not"}
  - {name: censored, type: int64, unit: "stays", doc: "of them not over when the data end"}
  - {name: left_open, type: int64, unit: "stays", doc: "stays that began before the data, of unknown age: left out"}
  - {name: median_periods, type: float64, unit: "periods", nullable: true, doc: "age by which half have left; NULL when fewer than half leave within the ages seen"}
  - {name: mean_periods, type: float64, unit: "periods", nullable: true, doc: "mean length of a stay, cut at restricted_to"}
  - {name: restricted_to, type: int64, unit: "periods", nullable: true, doc: "tau: the smaller of 12 and the longest age with at least 30 stays at risk; NULL when there is none"}
  - {name: lower, type: float64, unit: "periods", nullable: true, doc: "lower end of the 95 % interval of mean_periods"}
  - {name: upper, type: float64, unit: "periods", nullable: true, doc: "upper end of the 95 % interval of mean_periods"}
  - {name: median_lower, type: float64, unit: "periods", nullable: true, doc: "lower end of the 95 % interval of median_periods (Brookmeyer-Crowley)"}
  - {name: median_upper, type: float64, unit: "periods", nullable: true, doc: "upper end of it; NULL when beyond the ages seen"}
  - {name: note, type: string, doc: "why a number is NULL; empty when none is"}
---*/
