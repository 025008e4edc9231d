/*---
table: analytics.fct_experiment_units
block: experiments
grain: [xk, ck]
reads: [analytics.fct_experiment_arms, analytics.fct_experiment_window, analytics.fct_experiments, core.assignments, core.calendar, core.customers, scenarios.fct_entries]
doc: >-
  Randomized customers, each once per experiment, with his first arm: those of assignments, and those who entered a scenario with a control arm in the weeks from its first to its last control entry. Customers
  of arms that stay out of the test are not here.
columns:
  - {name: xk, type: int64, unit: "1", doc: "experiment key"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: ak, type: int64, unit: "1", doc: "arm key"}
  - {name: bucket, type: int64, unit: "1", doc: "sampling unit 0..99: bucket of the cluster that was assigned, else of the customer"}
  - {name: clustered, type: bool, unit: "1", doc: "assigned as part of a cluster"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "day of the assignment in the business zone"}
  - {name: start_sec, type: int64, unit: "unix seconds", doc: "outcomes count in the seconds [t, t + H), covariates in [t - H, t). t is the assignment; for enrolments the second after the entry, because what was done in that second started it"}
  - {name: within_days, type: int64, unit: "days", doc: "H"}
  - {name: tenure_days, type: int64, unit: "days", doc: "days since he was first seen, 0 when that was later"}
  - {name: assigned_sec, type: int64, unit: "unix seconds", doc: "assignment or entry: messages from this second on are of the time after it"}
  - {name: switched, type: bool, unit: "1", doc: "was also put into another arm before his outcome window was over"}
  - {name: state, type: int64, unit: "1", doc: "0: the outcome window is over; 1: it is open at the end of the data; 2: it begins before the data; 3: assigned after the end of the data; 4: two arms in the same second, so that nobody knows his first one"}
---*/
WITH given AS (
  SELECT experiment_id, arm FROM core.assignments GROUP BY experiment_id, arm
),
names AS (
  SELECT g.experiment_id, g.arm, a.xk, a.ak
  FROM given g
  JOIN analytics.fct_experiments x ON x.experiment_id = CAST(g.experiment_id AS VARCHAR) AND x.source = 'assignments'
  JOIN analytics.fct_experiment_arms a ON a.xk = x.xk AND a.arm = CAST(g.arm AS VARCHAR) AND NOT a.stays_out
),
weeks AS (
  SELECT e.sk, MIN(c.week_start_day) AS first_day, MAX(c.week_start_day) + 7 AS end_day
  FROM scenarios.fct_entries e JOIN core.calendar c ON c.day = e.entered_day
  WHERE e.control
  GROUP BY e.sk
),
assigned AS (
  SELECT n.xk, a.ck, n.ak, CAST(x_sec(a.assigned_at) AS BIGINT) AS sec, a.assigned_day AS day, COALESCE(a.cluster_bucket, 127) AS cluster
  FROM core.assignments a JOIN names n ON n.experiment_id = a.experiment_id AND n.arm = a.arm
  UNION ALL
  SELECT x.xk, e.ck, CASE WHEN e.control THEN 1 ELSE 2 END, CAST(e.entered_sec AS BIGINT), e.entered_day, 127
  FROM analytics.fct_experiments x
  JOIN weeks w ON w.sk = x.sk
  JOIN scenarios.fct_entries e ON e.sk = x.sk AND e.entered_day >= w.first_day AND e.entered_day < w.end_day
  WHERE x.source = 'enrolments'
),
firsts AS (
  SELECT xk, ck, MIN(((sec * 4 + day - x_idiv(sec, 86400) + 1) * 4096 + ak) * 128 + cluster) AS packed, MIN(sec * 4096 + 4095 - ak) AS mirrored, MIN(ak) < MAX(ak) AS several
  FROM assigned
  GROUP BY xk, ck
),
unpacked AS (
  SELECT xk, ck, several, packed - 128 * x_idiv(packed, 128) AS cluster, x_idiv(packed, 128) - 4096 * x_idiv(packed, 524288) AS ak, 4095 - mirrored + 4096 * x_idiv(mirrored, 4096) AS last_ak,
    x_idiv(packed, 524288) - 4 * x_idiv(packed, 2097152) AS shift, x_idiv(packed, 2097152) AS sec
  FROM firsts
),
dated AS (
  SELECT u.xk, u.ck, u.ak, u.sec, u.ak <> u.last_ak AS tied, u.several, u.cluster, CAST(x_idiv(u.sec, 86400) + u.shift - 1 AS INTEGER) AS day,
    CASE WHEN x.source = 'enrolments' THEN u.sec + 1 ELSE u.sec END AS start_sec, x.within_days
  FROM unpacked u JOIN analytics.fct_experiments x ON x.xk = u.xk
),
moved AS (
  SELECT u.xk, u.ck
  FROM dated u JOIN assigned a ON a.xk = u.xk AND a.ck = u.ck
  WHERE u.several AND a.ak <> u.ak AND a.sec < u.sec + 86400 * CAST(u.within_days AS BIGINT)
  GROUP BY u.xk, u.ck
)
SELECT u.xk, u.ck, CAST(u.ak AS INTEGER) AS ak, CAST(CASE WHEN u.cluster < 127 THEN u.cluster ELSE c.bucket END AS INTEGER) AS bucket, u.cluster < 127 AS clustered, u.day, CAST(u.start_sec AS INTEGER) AS start_sec,
  u.within_days, GREATEST(0, u.day - c.first_seen_day) AS tenure_days, CAST(u.sec AS INTEGER) AS assigned_sec, m.ck IS NOT NULL AS switched,
  CASE WHEN u.tied THEN 4 WHEN u.start_sec >= w.end_sec THEN 3 WHEN u.day < w.first_day THEN 2 WHEN u.start_sec + 86400 * CAST(u.within_days AS BIGINT) > w.end_sec THEN 1 ELSE 0 END AS state
FROM dated u
JOIN core.customers c ON c.ck = u.ck
LEFT JOIN moved m ON m.xk = u.xk AND m.ck = u.ck
CROSS JOIN analytics.fct_experiment_window w
