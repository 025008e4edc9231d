/*---
table: analytics.audit_intervals
reads: [analytics.hypotheses]
doc: An effect or an amount of money lies within its interval, an interval has both ends, and money is promised only for an effect.
---*/
select hypothesis_id
from analytics.hypotheses
where effect is not null and (effect_lower is null or effect_upper is null or effect < effect_lower or effect > effect_upper)
   or money is not null and (money_lower is null or money_upper is null or money < money_lower or money > money_upper)
   or effect is null and money is not null
