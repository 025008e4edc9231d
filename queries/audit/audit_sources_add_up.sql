/*---
table: audit.audit_sources_add_up
reads: [audit.sources]
doc: Every row of every file ends in exactly one of the five fates.
---*/
select input, path, rows_read, rows_loaded, rows_rejected, rows_duplicate, rows_outside, rows_excluded
from audit.sources
where rows_read <> rows_loaded + rows_rejected + rows_duplicate + rows_outside + rows_excluded
