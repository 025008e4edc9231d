/*---
table: analytics.red_experiment_names
block: experiments
grain: [xk, nk]
reads: [analytics.fct_experiments, core.cfg_experiment_outcomes, core.cfg_experiments, core.events]
doc: >-
  The events that are outcomes of an experiment: the names that audit.yaml lists for it, else the hundred names with the most events. The names order, orders and revenue are not here: those outcomes are made
  of orders.
max_rows: 200000
columns:
  - {name: xk, type: int64, unit: "1", doc: "experiment key"}
  - {name: nk, type: int64, unit: "1", doc: "outcome key from 11 on; 1 order, 2 orders, 3 revenue, 4 revenue_winsorised, 5 messages, 6 tenure are not here"}
  - {name: name, type: string, doc: "event name"}
  - {name: events, type: int64, unit: "events", doc: "events of this name"}
  - {name: names, type: int64, unit: "1", doc: "different event names in the data that could be outcomes"}
  - {name: listed, type: bool, unit: "1", doc: "audit.yaml names it"}
---*/
WITH counted AS (
  SELECT name, COUNT(*) AS events FROM core.events GROUP BY name
),
ranked AS (
  SELECT name, events, ROW_NUMBER() OVER (ORDER BY events DESC NULLS LAST, CAST(name AS VARCHAR) NULLS LAST) AS place, COUNT(*) OVER () AS names
  FROM counted
  WHERE CAST(name AS VARCHAR) NOT IN ('order', 'orders', 'revenue')
)
SELECT x.xk, CAST(10 + r.place AS INTEGER) AS nk, r.name, r.events, r.names, o.outcome IS NOT NULL AS listed
FROM analytics.fct_experiments x
CROSS JOIN ranked r
LEFT JOIN core.cfg_experiments c ON c.experiment_id = x.experiment_id AND x.source = 'assignments'
LEFT JOIN core.cfg_experiment_outcomes o ON o.experiment_id = c.experiment_id AND o.outcome = CAST(r.name AS VARCHAR)
WHERE o.outcome IS NOT NULL OR r.place <= 100 AND COALESCE(c.all_outcomes, TRUE)
