/*---
table: scenarios.fct_contact_sample
block: contact
grain: [ck]
reads: [core.customers, scenarios.red_contact_channels]
doc: >-
  The customers on whom pressure and fatigue are estimated: everybody of a small base, else about as many as the limits of the columns say, chosen by the
  golden-ratio hash of the customer key, which aligns with no order of ids. Facts (loads, caps, quiet hours, opt-outs) are counted on everybody.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: pressure, type: bool, unit: "1", doc: "in the sample of scenarios.red_pressure: up to about 60,000 customers and 1.2 million messages"}
  - {name: panel, type: bool, unit: "1", doc: "in the sample of scenarios.red_fe: up to about 400,000 bulk messages"}
---*/
WITH sizes AS (
  SELECT GREATEST(SUM(sent), 1) AS sent, GREATEST(SUM(bulk), 1) AS bulk FROM scenarios.red_contact_channels
),
limits AS (
  SELECT COALESCE(x_idiv(2147483647 * CAST(200000 AS BIGINT), GREATEST(COUNT(*), 1)), 0) AS customers,
    COALESCE(x_idiv(2147483647 * CAST(60000 AS BIGINT), GREATEST(COUNT(*), 1)), 0) AS fewer
  FROM core.customers
),
below AS (
  SELECT LEAST(l.customers, x_idiv(2147483647 * CAST(800000 AS BIGINT), s.bulk)) AS focal,
    LEAST(l.fewer, x_idiv(2147483647 * CAST(1200000 AS BIGINT), s.sent)) AS pressure,
    LEAST(l.customers, x_idiv(2147483647 * CAST(400000 AS BIGINT), s.bulk)) AS panel
  FROM limits l CROSS JOIN sizes s
),
hashed AS (
  SELECT ck, bucket,
    CAST(ck AS BIGINT) * 1327217885 - 2147483647 * x_idiv(CAST(ck AS BIGINT) * 1327217885, 2147483647) AS h
  FROM core.customers
)
SELECT c.ck, CAST(c.bucket AS INTEGER) AS bucket, c.h < b.pressure AS pressure, c.h < b.panel AS panel
FROM hashed c CROSS JOIN below b
WHERE c.h < GREATEST(b.focal, b.pressure, b.panel)
