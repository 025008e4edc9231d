-- The engine keeps the gaps of the frame sorted while it moves, so a customer with n order days costs n log n instead of the n * n pairs of
-- the portable text.
SELECT o.ck, o.day, o.until_day, quantile_cont(o.gap_days, 0.5) OVER (PARTITION BY o.ck ORDER BY o.day ROWS UNBOUNDED PRECEDING) AS median_gap_days
FROM lifecycle.fct_order_days o JOIN core.cfg_lifecycle c ON c.gaps
WHERE o.number > 1
