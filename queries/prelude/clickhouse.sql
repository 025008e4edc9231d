-- Scalar shims, ClickHouse side; prelude/duckdb.sql has the same names. Session settings that make meanings equal:
--   SET join_use_nulls = 1;                       -- else LEFT JOIN fills 0 and '' instead of NULL
--   SET cast_keep_nullable = 1;                   -- else CAST(NULL AS ..) is an error
--   SET aggregate_functions_null_for_empty = 1;   -- else max()/sum() of no rows is 0, avg() is nan
--   SET prefer_column_name_to_alias = 1;          -- else "sum(n) as n" over an input column n is an error
create or replace function x_sec    as (ts)   -> toInt32(toUnixTimestamp(ts));
create or replace function x_day    as (ts)   -> toInt32(intDiv(toUnixTimestamp(ts), 86400));
create or replace function x_month  as (ts)   -> toInt32(toYear(ts) * 12 + toMonth(ts) - 1);
create or replace function x_idiv   as (a, b) -> intDiv(a, b);
create or replace function x_nul    as (x)    -> toNullable(x);
create or replace function x_any    as (c)    -> max(c) = 1;
create or replace function x_median as (x)    -> quantileExactInclusive(0.5)(x);
create or replace function x_hash   as (s)    -> cityHash64(s);
create or replace function x_ratio  as (a, b) -> toFloat64(a) / nullIf(toFloat64(b), 0);
create or replace function x_left   as (s, n) -> substringUTF8(s, 1, n);
create or replace function x_date   as (d)    -> toDate32(toInt32(d));
