/*---
table: analytics.audit_ranks
reads: [analytics.hypotheses]
doc: The ranks of the backlog are 1 to n, each once.
---*/
select a.rank, a.n, b.hypotheses
from (select rank, count(*) as n from analytics.hypotheses group by rank) as a
join (select count(*) as hypotheses from analytics.hypotheses) as b on 1 = 1
where a.n > 1 or a.rank < 1 or a.rank > b.hypotheses
