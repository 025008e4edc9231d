-- Scalar shims, DuckDB side; prelude/clickhouse.sql has the same names. Models use only these for what differs between engines.
-- Never '//' in a model: ClickHouse reads it as the start of a comment (7//2 -> 7, no error), and in DuckDB '//' on DOUBLE is not
-- floor division (epoch(ts)//86400 -> 19723.99998; a cast to integer then rounds up).
create or replace macro x_sec(ts)      as cast(case when epoch_us(cast(ts as timestamp)) > 2147483647000000 then 2147483647 else epoch_us(cast(ts as timestamp)) // 1000000 end as integer);  -- unix seconds, 1970 to 2038; later is the last one (least() would take NULL for it)
create or replace macro x_day(ts)      as cast(epoch_us(cast(ts as timestamp)) // 86400000000 as integer);  -- days since 1970-01-01, not before
create or replace macro x_month(ts)    as cast(year(ts) * 12 + month(ts) - 1 as integer);                   -- months since year 0
create or replace macro x_idiv(a, b)   as a // b;                                                           -- integers only; truncates towards zero
create or replace macro x_nul(x)       as x;                                                                -- ClickHouse lag()/lead() give 0, not NULL, on a column that is not Nullable
create or replace macro x_any(c)       as bool_or(c);
create or replace macro x_median(x)    as quantile_cont(x, 0.5);
create or replace macro x_hash(s)      as hash(s);                                                          -- differs between engines: never store it or compare it across engines
create or replace macro x_ratio(a, b)  as cast(a as double) / nullif(cast(b as double), 0);                            -- NULL when b is 0
create or replace macro x_left(s, n)   as substr(cast(s as varchar), 1, n);                                       -- characters, not bytes
create or replace macro x_date(d)       as cast(date '1970-01-01' + cast(d as integer) as date);                              -- days since 1970-01-01 as a date, also before and far after
