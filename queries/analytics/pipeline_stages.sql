/*---
table: analytics.pipeline_stages
block: pipeline
grain: [stage]
doc: >-
  The stages of the pipeline in order: how long deals stay, how many stand still, what waits there. Written by pipeline.Fit.
columns:
  - {name: position, type: int64, unit: "1", doc: "place in the pipeline, from 1"}
  - {name: stage, type: string, doc: "stage"}
  - {name: role, type: string, doc: "open, won or lost"}
  - {name: role_from, type: string, doc: "what says so: config, name (a usual name), outcome (of the deals that end there), default"}
  - {name: listed, type: bool, unit: "1", doc: "audit.yaml gives the place; else it is inferred from the order in which deals reach the stages"}
  - {name: stays, type: int64, unit: "stays", doc: "stays under way in the audited period"}
  - {name: entered, type: int64, unit: "stays", doc: "of them begun in it"}
  - {name: left_stays, type: int64, unit: "stays", doc: "of them over by its end"}
  - {name: median_days, type: float64, unit: "days", nullable: true, doc: "half of the stays last at most so long, open ones censored; NULL when fewer than half are seen to end"}
  - {name: median_lower, type: float64, unit: "days", nullable: true, doc: "lower end of the 95 % interval of median_days"}
  - {name: median_upper, type: float64, unit: "days", nullable: true, doc: "upper end of it"}
  - {name: mean_days, type: float64, unit: "days", nullable: true, doc: "mean stay, cut at restricted_to"}
  - {name: mean_lower, type: float64, unit: "days", nullable: true, doc: "lower end of the 95 % interval of mean_days"}
  - {name: mean_upper, type: float64, unit: "days", nullable: true, doc: "upper end of it"}
  - {name: restricted_to, type: int64, unit: "days", nullable: true, doc: "horizon of audit.yaml, or the longest age up to which at least 10 stays are at risk"}
  - {name: stalled_share, type: float64, unit: "share", nullable: true, doc: "share of stays that last longer than restricted_to"}
  - {name: stalled_lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of stalled_share"}
  - {name: stalled_upper, type: float64, unit: "share", nullable: true, doc: "upper end of it"}
  - {name: dwell_note, type: string, doc: "few_stays: nothing is estimated; closing_unknown: more than a tenth of the ends are known by the outcome alone, so times are not shown; empty otherwise"}
  - {name: active, type: int64, unit: "deals", doc: "deals open here at the end of the period"}
  - {name: idle, type: int64, unit: "deals", doc: "of them without movement for more than idle_days"}
  - {name: silent, type: int64, unit: "deals", doc: "of idle: no task created or done either"}
  - {name: idle_share, type: float64, unit: "share", nullable: true, doc: "idle over active"}
  - {name: idle_lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of idle_share"}
  - {name: idle_upper, type: float64, unit: "share", nullable: true, doc: "upper end of it"}
  - {name: idle_p_value, type: float64, unit: "1", nullable: true, doc: "test that the habit is not above the norm"}
  - {name: idle_q_value, type: float64, unit: "1", nullable: true, doc: "Benjamini-Hochberg over the stages"}
  - {name: idle_verdict, type: string, doc: "different (above the norm), equivalent, inconclusive, insufficient_data; empty for won and lost stages"}
  - {name: active_amount, type: float64, unit: "currency units", nullable: true, doc: "amounts of active"}
  - {name: idle_amount, type: float64, unit: "currency units", nullable: true, doc: "amounts of idle"}
  - {name: win_probability, type: float64, unit: "share", nullable: true, doc: "chance that a deal in this stage is won in the end, when every move within the horizon keeps its chance and what has not moved by then never will"}
  - {name: win_lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of win_probability"}
  - {name: win_upper, type: float64, unit: "share", nullable: true, doc: "upper end of it"}
  - {name: value, type: float64, unit: "currency units or won deals", nullable: true, doc: "the same times the mean amount of won deals"}
  - {name: value_lower, type: float64, unit: "currency units or won deals", nullable: true, doc: "lower end of the 95 % interval of value"}
  - {name: value_upper, type: float64, unit: "currency units or won deals", nullable: true, doc: "upper end of it"}
  - {name: potential, type: float64, unit: "currency units or won deals", nullable: true, doc: "per quarter: deals entering, times the share that stalls, times the value of one that does not: a ceiling, not an expected effect"}
  - {name: potential_lower, type: float64, unit: "currency units or won deals", nullable: true, doc: "lower end of the 95 % interval of potential"}
  - {name: potential_upper, type: float64, unit: "currency units or won deals", nullable: true, doc: "upper end of it"}
  - {name: potential_rank, type: int64, unit: "1", nullable: true, doc: "1 = largest potential"}
  - {name: potential_verdict, type: string, doc: "different (stalled_share above that of the other stages), equivalent, inconclusive, insufficient_data; empty for won and lost stages"}
  - {name: potential_p_value, type: float64, unit: "1", nullable: true, doc: "test that stalled_share is not above that of the other open stages"}
  - {name: potential_q_value, type: float64, unit: "1", nullable: true, doc: "Benjamini-Hochberg over the stages"}
  - {name: unit, type: string, doc: "unit of value and potential: the currency, or deals where deals have no amount"}
---*/
