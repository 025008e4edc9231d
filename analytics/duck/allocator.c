// The allocator inside DuckDB (jemalloc, Linux) gives freed memory back to the system after a second, and every time all cores must forget the addresses: a tenth of the
// processor time of a run. It reads this variable last of its settings; where DuckDB has another allocator, nothing reads it.
const char *duckdb_je_malloc_conf_2_conf_harder = "dirty_decay_ms:10000";
