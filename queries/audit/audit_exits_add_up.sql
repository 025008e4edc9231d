/*---
table: audit.audit_exits_add_up
reads: [audit.exits, audit.sources, core.enrolments, core.exits]
doc: The rows loaded of the input enrolments are entries or exits that came by themselves, and audit.exits counts the latter.
---*/
select l.loaded, e.entries, x.exits, a.counted
from (select coalesce(sum(rows_loaded), 0) as loaded from audit.sources where input = 'enrolments') as l
cross join (select count(*) as entries from core.enrolments) as e
cross join (select count(*) as exits from core.exits) as x
cross join (select coalesce(sum(row_count), 0) as counted from audit.exits) as a
where l.loaded <> e.entries + x.exits or x.exits <> a.counted
