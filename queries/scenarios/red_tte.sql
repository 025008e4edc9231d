/*---
table: scenarios.red_tte
block: effects
grain: [sk, cell, treated, reason, bucket]
reads: [scenarios.fct_trial_outcomes, scenarios.fct_trial_parts, scenarios.fct_trial_reasons, scenarios.fct_trial_units]
doc: >-
  The emulated trials by cell: treated and comparators of one scenario who were alike at time zero. Cells without treated units in the same stage, recency, tenure and orders do not occur.
max_rows: 4000000
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: cell, type: int64, unit: "1", doc: "bins at time zero in one number, see fct_trial_units; from the right 2 more: 1 in the group of scenarios.fct_trial_audiences"}
  - {name: treated, type: bool, unit: "1", doc: "entered at time zero"}
  - {name: reason, type: int64, unit: "1", doc: "why a comparator did not enter, scenarios.fct_trial_reasons; 0 when nothing is known"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: n, type: int64, unit: "units", doc: "customers at their time zero; one customer may be here several times"}
  - {name: ordered, type: int64, unit: "units", doc: "with an order in the outcome window"}
  - {name: revenue_minor, type: int64, unit: "minor currency units", doc: "order value in the window"}
  - {name: capped_minor, type: int64, unit: "minor currency units", doc: "the same, each customer's at most the 99.9 % point of order value in an equal window before time zero, over the units of the scenario"}
  - {name: unsubscribed, type: int64, unit: "units", doc: "unsubscribed in the window"}
  - {name: staged, type: int64, unit: "units", doc: "with a known stage at the end of the window"}
  - {name: better, type: int64, unit: "units", doc: "of them, in a better stage than at time zero"}
  - {name: placebos, type: int64, unit: "units", doc: "with enough history for the placebo"}
  - {name: placebo, type: int64, unit: "units", doc: "of them, with an order 217 to 407 days before"}
  - {name: placebo_short, type: int64, unit: "units", doc: "of them, with an order in an equal window up to 217 days before"}
---*/
WITH joined AS (
  SELECT u.sk, 2 * u.cell + CASE WHEN a.ck IS NULL THEN 0 ELSE 1 END AS cell, u.treated, COALESCE(r.reason, 0) AS reason, u.bucket, o.ordered, o.revenue_minor, o.before_minor, o.unsubscribed, o.better, o.placebo, o.placebo_short
  FROM scenarios.fct_trial_units u JOIN scenarios.fct_trial_outcomes o ON o.ck = u.ck AND o.day = u.day AND o.horizon_days = u.horizon_days
  LEFT JOIN scenarios.fct_trial_parts a ON a.sk = u.sk AND a.ck = u.ck AND a.day = u.day
  LEFT JOIN scenarios.fct_trial_reasons r ON r.sk = u.sk AND r.ck = u.ck AND r.day = u.day
),
placed AS (
  SELECT sk, before_minor, ROW_NUMBER() OVER (PARTITION BY sk ORDER BY before_minor DESC NULLS LAST) AS place, COUNT(*) OVER (PARTITION BY sk) AS n
  FROM joined
),
caps AS (
  SELECT sk, MAX(before_minor) AS cap FROM placed WHERE place = x_idiv(n, 1000) + 1 AND before_minor > 0 GROUP BY sk
)
SELECT j.sk, j.cell, j.treated, j.reason, j.bucket, COUNT(*) AS n, CAST(SUM(j.ordered) AS BIGINT) AS ordered, CAST(SUM(j.revenue_minor) AS BIGINT) AS revenue_minor,
  CAST(SUM(LEAST(j.revenue_minor, COALESCE(c.cap, j.revenue_minor))) AS BIGINT) AS capped_minor, CAST(SUM(j.unsubscribed) AS BIGINT) AS unsubscribed, COUNT(j.better) AS staged,
  CAST(COALESCE(SUM(j.better), 0) AS BIGINT) AS better, COUNT(j.placebo) AS placebos, CAST(COALESCE(SUM(j.placebo), 0) AS BIGINT) AS placebo,
  CAST(COALESCE(SUM(j.placebo_short), 0) AS BIGINT) AS placebo_short
FROM joined j LEFT JOIN caps c ON c.sk = j.sk
GROUP BY j.sk, j.cell, j.treated, j.reason, j.bucket
