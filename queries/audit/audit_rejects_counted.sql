/*---
table: audit.audit_rejects_counted
reads: [audit.rejects, audit.sources]
doc: No file has more rejects listed than counted, and none is listed for a file that was not read.
---*/
select r.input, r.path, r.listed, s.rows_rejected
from (select input, path, count(*) as listed from audit.rejects group by input, path) as r
left join audit.sources as s on s.input = r.input and s.path = r.path
where s.path is null or r.listed > s.rows_rejected
