package duck

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"crmaudit/analytics"
	"crmaudit/queries"

	duckdb "github.com/duckdb/duckdb-go/v2"
	"pgregory.net/rapid"
)

// models parses headers and SQL given as file name → text.
func models(t testing.TB, files map[string]string) []queries.Model {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	out, err := queries.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// plan orders all models.
func plan(t testing.TB, ms []queries.Model) []queries.Model {
	t.Helper()
	out, err := queries.Plan(ms)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func open(t testing.TB, opt Options) *DB {
	t.Helper()
	db, err := Open(context.Background(), opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// world is a small catalogue: an input written by Go, a fact, a reduced table, a view, a result, a check.
var world = map[string]string{
	"core/orders.sql": `/*---
table: core.orders
grain: [order_id]
doc: Orders.
columns:
  - {name: order_id, type: string, doc: "id"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: revenue_minor, type: int64, unit: "minor units", nullable: true, doc: "value"}
  - {name: day, type: date, doc: "day"}
  - {name: at, type: timestamp, nullable: true, doc: "time"}
  - {name: share, type: float64, unit: "1", nullable: true, doc: "share"}
  - {name: first, type: bool, unit: "1", doc: "whether it is the first"}
---*/
`,
	"lifecycle/fct_sums.sql": `/*---
table: lifecycle.fct_sums
grain: [ck]
reads: [core.orders]
doc: Sums.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: revenue_minor, type: int64, unit: "minor units", doc: "sum"}
---*/
select ck, sum(coalesce(revenue_minor, 0)) as revenue_minor from core.orders group by ck
`,
	"lifecycle/red_totals.sql": `/*---
table: lifecycle.red_totals
grain: [big]
reads: [lifecycle.fct_sums]
doc: Totals of customers above and below $limit.
max_rows: 2
columns:
  - {name: big, type: bool, unit: "1", doc: "above the limit"}
  - {name: n, type: int64, unit: customers, doc: "customers"}
---*/
select revenue_minor > $limit as big, count(*) as n from lifecycle.fct_sums group by revenue_minor > $limit
`,
	"lifecycle/all_sums.sql": `/*---
table: lifecycle.all_sums
grain: [ck]
reads: [lifecycle.fct_sums]
view: true
doc: The same.
columns:
  - {name: ck, type: int64, unit: "1", doc: "it's the customer key"}
---*/
select ck from lifecycle.fct_sums
`,
	"lifecycle/audit_positive.sql": `/*---
table: lifecycle.audit_positive
reads: [lifecycle.fct_sums]
doc: No customer has a negative sum.
---*/
select ck, revenue_minor from lifecycle.fct_sums where revenue_minor < 0
`,
	"audit/steps.sql": `/*---
table: audit.steps
grain: [step]
doc: Steps.
columns:
  - {name: step, type: string, doc: "step"}
  - {name: state, type: string, doc: "state"}
  - {name: seconds, type: float64, unit: s, doc: "seconds"}
  - {name: rows, type: int64, unit: rows, nullable: true, doc: "rows"}
  - {name: fingerprint, type: string, doc: "fingerprint"}
---*/
`,
	"audit/dictionary.sql": `/*---
table: audit.dictionary
grain: [table_name, column_name]
doc: Dictionary.
columns:
  - {name: table_name, type: string, doc: "table"}
  - {name: column_name, type: string, doc: "column"}
  - {name: type, type: string, doc: "type"}
  - {name: unit, type: string, doc: "unit"}
  - {name: doc, type: string, doc: "doc"}
  - {name: grain, type: string, doc: "grain"}
  - {name: source, type: string, doc: "source"}
---*/
`,
}

var orders = analytics.Table{
	Name:    "core.orders",
	Columns: []string{"order_id", "ck", "revenue_minor", "day", "at", "share", "first"},
	Rows: [][]any{
		{"b", int64(1), int64(500), day("2026-07-06"), time.Date(2026, 7, 6, 10, 0, 0, 0, time.UTC), 0.5, true},
		{"a", int64(1), int64(700), day("2026-07-07"), nil, nil, false},
		{"c", int64(2), nil, day("2026-07-08"), time.Date(2026, 7, 8, 10, 0, 0, 500_000_000, time.UTC), -1.0, true},
	},
}

func day(s string) time.Time {
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return d
}

func TestBuildFetchWrite(t *testing.T) {
	ctx := context.Background()
	ms := models(t, world)
	dir := filepath.Join(t.TempDir(), "100% o'k a#b")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "audit.duckdb")
	db := open(t, Options{Path: path, Models: ms, MemoryLimit: "500MB", Threads: 2})
	if err := db.Write(ctx, orders); err != nil {
		t.Fatal(err)
	}
	if err := db.Lock(ctx); err != nil {
		t.Fatal(err)
	}
	params := map[string]any{"limit": int64(1000)}
	var steps []string
	progress := func(step string, done, total int64) { steps = append(steps, step) }
	if err := db.Build(ctx, plan(t, ms), params, progress); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(steps, " "); got != "lifecycle.fct_sums lifecycle.all_sums lifecycle.red_totals lifecycle.red_totals" {
		t.Errorf("progress: %s", got)
	}
	f, err := db.Fetch(ctx, "lifecycle.red_totals")
	if err != nil {
		t.Fatal(err)
	}
	if got := f.Int64("n"); len(got) != 2 || got[0] != 1 || got[1] != 1 {
		t.Errorf("n = %v", got)
	}
	f, err = db.Fetch(ctx, "core.orders")
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(f.String("order_id"), ""); got != "abc" {
		t.Errorf("order of rows: %s, want the grain's", got)
	}
	if got := f.String("day")[0]; got != "2026-07-07" {
		t.Errorf("day = %q", got)
	}
	if got := f.String("at"); got[1] != "2026-07-06 10:00:00" || got[2] != "2026-07-08 10:00:00.5" {
		t.Errorf("at = %q", got)
	}
	if v := f.Valid("revenue_minor"); !v[0] || v[2] {
		t.Errorf("valid = %v", v)
	}
	if err := db.Audits(ctx, ms, nil); err != nil {
		t.Error(err)
	}
	if err := db.Describe(ctx); err != nil {
		t.Error(err)
	}
	bad := orders
	bad.Rows = [][]any{orders.Rows[0], {"d", int64(1), nil, day("2026-07-06"), nil, math.NaN(), true}}
	err = db.Write(ctx, bad)
	if err == nil || !strings.Contains(err.Error(), "write core.orders: column share, row 2 (order_id=d): NaN") {
		t.Errorf("NaN: %v", err)
	}
	_, err = db.Query(ctx, "select 1; select 2")
	var usage *analytics.UsageError
	if !errors.As(err, &usage) {
		t.Errorf("two statements: %v", err)
	}
}

// overResults is the world with a block's result, a view over it and a reduced table over that view.
func overResults() map[string]string {
	files := maps.Clone(world)
	files["lifecycle/rates.sql"] = `/*---
table: lifecycle.rates
grain: [term]
doc: What a block fitted.
columns:
  - {name: term, type: string, doc: "name"}
  - {name: value, type: float64, unit: "1", doc: "value"}
---*/
`
	files["lifecycle/customer_rates.sql"] = `/*---
table: lifecycle.customer_rates
grain: [ck]
reads: [lifecycle.fct_sums, lifecycle.rates]
view: true
doc: What the fit says of every customer.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: expected, type: float64, unit: "1", doc: "his value times the rate"}
---*/
select s.ck, r.value * s.revenue_minor as expected from lifecycle.fct_sums s join lifecycle.rates r on r.term = 'slope'
`
	files["lifecycle/red_rates.sql"] = `/*---
table: lifecycle.red_rates
grain: [bucket]
reads: [lifecycle.customer_rates]
doc: The same, reduced.
max_rows: 10
columns:
  - {name: bucket, type: int64, unit: "1", doc: "bucket"}
  - {name: expected, type: int64, unit: "1", doc: "rounded sum"}
---*/
select 0 as bucket, sum(cast(round(expected) as bigint)) as expected from lifecycle.customer_rates
`
	return files
}

// A model may read what a block wrote: it is built when the block has run, again when the block writes something else, and not again when it does not.
func TestModelsOverResults(t *testing.T) {
	ctx := context.Background()
	ms := models(t, overResults())
	db := open(t, Options{Models: ms, MemoryLimit: "500MB", Threads: 2})
	before, after := queries.Halves(plan(t, ms))
	params := map[string]any{"limit": int64(1000)}
	if err := errors.Join(db.Write(ctx, orders), db.Build(ctx, before, params, nil)); err != nil {
		t.Fatal(err)
	}
	if err := db.Build(ctx, after, params, nil); err == nil {
		t.Error("built before the block has written its results")
	}
	run := func(slope float64) (int64, Step) {
		t.Helper()
		rates := analytics.Table{Name: "lifecycle.rates", Columns: []string{"term", "value"}, Rows: [][]any{{"slope", slope}}}
		if err := errors.Join(db.Write(ctx, rates), db.Build(ctx, after, params, nil)); err != nil {
			t.Fatal(err)
		}
		f, err := db.Fetch(ctx, "lifecycle.red_rates")
		if err != nil {
			t.Fatal(err)
		}
		var s Step
		if err := db.pool.QueryRowContext(ctx, "select seconds, fingerprint from audit.steps where step = 'lifecycle.red_rates'").Scan(&s.Seconds, &s.Fingerprint); err != nil {
			t.Fatal(err)
		}
		return f.Int64("expected")[0], s
	}
	two, first := run(2)
	again, second := run(2)
	half, third := run(.5)
	if two != 2400 || again != 2400 || half != 600 {
		t.Errorf("expected %d, %d, %d; want 2400, 2400, 600", two, again, half)
	}
	if first.Fingerprint == "" || first != second || first.Fingerprint == third.Fingerprint {
		t.Errorf("steps %v, %v, %v: want the second to reuse the first, the third not", first, second, third)
	}
}

func TestNewConnectionsAfterLock(t *testing.T) {
	ctx := context.Background()
	db := open(t, Options{Models: models(t, world)})
	if err := db.Write(ctx, orders); err != nil {
		t.Fatal(err)
	}
	if err := db.Lock(ctx); err != nil {
		t.Fatal(err)
	}
	var all []*Rows
	for range 4 { // each holds a connection of its own
		r, err := db.Query(ctx, "select order_id, current_setting('TimeZone') from core.orders order by 1")
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
		if row := r.Next(); row == nil || row[0] != "a" || row[1] != "UTC" {
			t.Errorf("row = %v, %v", row, r.Err())
		}
	}
	for _, r := range all {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}

// built opens a database with the small world built in it.
func built(t testing.TB, path string) (*DB, []queries.Model) {
	t.Helper()
	ctx := context.Background()
	ms := models(t, world)
	db, err := Open(ctx, Options{Path: path, Models: ms, MemoryLimit: "500MB", Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Write(ctx, orders), db.Build(ctx, plan(t, ms), map[string]any{"limit": int64(1000)}, nil)); err != nil {
		t.Fatal(err)
	}
	return db, ms
}

// is checks an error's kind and words.
func is[E error](t *testing.T, what string, err error, words string) {
	t.Helper()
	var kind E
	if !errors.As(err, &kind) {
		t.Errorf("%s: %v is no %T", what, err, kind)
	} else if !strings.Contains(err.Error(), words) {
		t.Errorf("%s: %q, want %q in it", what, err, words)
	}
}

func TestOpenErrors(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	try := func(opt Options) error {
		opt.Models = models(t, world)
		db, err := Open(ctx, opt)
		if err == nil {
			err = db.Close()
		}
		return err
	}
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	is[*analytics.UsageError](t, "absent", try(Options{Path: filepath.Join(dir, "none.duckdb"), ReadOnly: true}), "no such file")
	is[*analytics.UsageError](t, "directory", try(Options{Path: dir}), "it is a directory")
	is[*analytics.UsageError](t, "memory", try(Options{ReadOnly: true}), "cannot be read-only")
	is[*analytics.UsageError](t, "text", try(Options{Path: write("a.csv", []byte(strings.Repeat("a,b\n", 5000)))}), "not a DuckDB database")
	is[*analytics.UsageError](t, "short text", try(Options{Path: write("b.csv", []byte("a,b\n")), ReadOnly: true}), "not a DuckDB database")
	is[*analytics.UsageError](t, "question mark", try(Options{Path: filepath.Join(dir, "a?b.duckdb")}), "question mark")
	is[*analytics.UsageError](t, "memory limit", try(Options{MemoryLimit: "lots"}), `set memory_limit to "lots"`)
	is[*analytics.EngineError](t, "no directory", try(Options{Path: filepath.Join(dir, "no", "a.duckdb")}), "No such file or directory")

	path := filepath.Join(dir, "newer.duckdb")
	db, _ := built(t, path)
	if err := db.Finish(ctx, path); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// The header block: a checksum of 8 bytes, "DUCK", the storage version. The checksum covers the other 4088 bytes.
	data[12] = 250
	sum := uint64(5381)
	for at := 8; at < 4096; at += 8 {
		sum ^= binary.LittleEndian.Uint64(data[at:]) * 0xbf58476d1ce4e5b9
	}
	binary.LittleEndian.PutUint64(data, sum)
	is[*analytics.EngineError](t, "newer", try(Options{Path: write("newer2.duckdb", data), ReadOnly: true}), "written by a newer DuckDB")
}

// A database that another process writes cannot be opened, and the message names that process.
func TestLockedByAnotherProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.duckdb")
	const variable = "CRMAUDIT_TEST_HOLD"
	if held := os.Getenv(variable); held != "" { // the other process
		db, err := Open(context.Background(), Options{Path: held, Models: models(t, world)})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println("holding")
		_, _ = io.Copy(io.Discard, os.Stdin) // until the parent closes it
		_ = db.Close()
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestLockedByAnotherProcess$", "-test.v")
	cmd.Env = append(os.Environ(), variable+"="+path)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	out := bufio.NewScanner(stdout)
	for out.Scan() && out.Text() != "holding" {
	}
	_, err = Open(context.Background(), Options{Path: path, Models: models(t, world)})
	is[*analytics.EngineError](t, "locked", err, fmt.Sprintf("in use by %s (process %d)", os.Args[0], cmd.Process.Pid))
	if err := errors.Join(stdin.Close(), cmd.Wait()); err != nil {
		t.Error(err)
	}
	if db, err := Open(context.Background(), Options{Path: path, Models: models(t, world)}); err != nil {
		t.Errorf("after the other process has ended: %v", err)
	} else if err := db.Close(); err != nil {
		t.Error(err)
	}
}

// After Lock nothing reaches a file, the network, another database or an extension, and nothing can be unlocked; queries still spill.
func TestLock(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	csv := filepath.Join(dir, "in.csv")
	if err := os.WriteFile(csv, []byte("a\n1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	temp := filepath.Join(dir, "spill")
	db := open(t, Options{Path: filepath.Join(dir, "a.duckdb"), Models: models(t, world), MemoryLimit: "40MB", Threads: 2, TempDirectory: temp})
	if _, err := db.pool.ExecContext(ctx, "create table t as select 1 as a; from read_text("+quote(csv)+")"); err != nil {
		t.Fatalf("before the lock: %v", err)
	}
	if err := errors.Join(db.Lock(ctx), db.Lock(ctx)); err != nil {
		t.Fatal(err)
	}
	target := filepath.Join(dir, "out")
	refused := regexp.MustCompile("disabled (by|through) configuration|configuration has been locked|getenv does not exist")
	for _, text := range []string{
		"from read_csv(" + quote(csv) + ")", "from " + quote(csv), "from read_text(" + quote(csv) + ")", "from read_blob(" + quote(csv) + ")",
		"from read_parquet('x.parquet')", "from read_json('x.json')", "from sniff_csv(" + quote(csv) + ")", "from glob('/*')",
		"from parquet_metadata('x.parquet')", "from 'https://example.com/a.parquet'", "from read_csv('s3://b/a.csv')", "from read_duckdb('x.duckdb')",
		"select getenv('HOME')", "copy t to " + quote(target), "copy t from " + quote(csv), "export database " + quote(target),
		"import database " + quote(target), "attach " + quote(target), "attach " + quote(target) + " as b (read_only)", "install httpfs", "load httpfs",
		"force install httpfs", "load " + quote(target), "create secret s (type s3)", "set enable_external_access = true", "set global lock_configuration = false",
		"reset lock_configuration", "set temp_directory = " + quote(dir), "set memory_limit = '100GB'", "set autoinstall_known_extensions = true",
		"set allow_unsigned_extensions = true", "pragma enable_profiling = 'json'", "set profiling_output = " + quote(target), "pragma profile_output = " + quote(target),
		"select * from query('from read_csv(" + strings.ReplaceAll(quote(csv), "'", "''") + ")')",
	} {
		_, err := db.pool.ExecContext(ctx, text)
		if err == nil || !refused.MatchString(err.Error()) {
			t.Errorf("after the lock: %s: %v", text, err)
		}
	}
	if entries, err := filepath.Glob(target + "*"); err != nil || len(entries) > 0 {
		t.Errorf("files were written: %v %v", entries, err)
	}
	spilled := make(chan bool)
	stop := make(chan struct{})
	go func() {
		seen := false
		for {
			if e, _ := os.ReadDir(temp); len(e) > 0 {
				seen = true
			}
			select {
			case <-stop:
				spilled <- seen
				return
			case <-time.After(time.Millisecond):
			}
		}
	}()
	_, err := db.pool.ExecContext(ctx, "create table u as select i, hash(i)::varchar as h from range(700000) r(i) order by h")
	close(stop)
	if err != nil {
		t.Errorf("a query that spills: %v", err)
	}
	if !<-spilled {
		t.Error("the query did not spill: the test proves nothing")
	}
}

func TestQuery(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "audit.duckdb")
	db, _ := built(t, path)
	if err := db.Finish(ctx, path); err != nil {
		t.Fatal(err)
	}
	db = open(t, Options{Path: path, ReadOnly: true, Models: models(t, world)})
	if err := db.Lock(ctx); err != nil {
		t.Fatal(err)
	}
	all := func(text string) (out []string, err error) {
		r, err := db.Query(ctx, text)
		if err != nil {
			return nil, err
		}
		for row := r.Next(); row != nil; row = r.Next() {
			out = append(out, fmt.Sprint(row))
		}
		return out, errors.Join(r.Err(), r.Close())
	}
	for text, want := range map[string]string{
		"select ck, revenue_minor from lifecycle.fct_sums order by ck":     "[1 1200] [2 0]",
		" -- a comment\n/* another */ from lifecycle.all_sums order by 1;": "[1] [2]",
		"(select 1)":                            "[1]",
		"VALUES (1), (2)":                       "[1] [2]",
		"with a as (select 1 as b) from a":      "[1]",
		"select state from audit.steps limit 1": "[done]",
		"select date '2026-07-06', timestamp '2026-07-06 10:00:00.5', time '10:00:01', timestamptz '2026-07-06 10:00:00+03'":                                            "[2026-07-06 2026-07-06 10:00:00.5 10:00:01 2026-07-06 07:00:00Z]",
		"select 1::tinyint, 2::uinteger, 3::hugeint, 18446744073709551615::ubigint, 1::float, 'nan'::double, '-inf'::double":                                            "[1 2 3 18446744073709551615 1 NaN -Infinity]",
		"select 1.50, null, true, [1, null], {'a': 1}, 'x'::blob, interval 1 day":                                                                                       "[1.5 <nil> true [1 <nil>] map[a:1] 78 0 months 1 days 0 us]",
		"select '01234567-89ab-cdef-0123-456789abcdef'::uuid":                                                                                                           "[01234567-89ab-cdef-0123-456789abcdef]",
		"select [date '2026-07-06'], {'a': date '2026-07-06', 'b': timestamp '2026-07-06 10:00:00'}, map {'k': 1::bigint}, union_value(a := 5::bigint), 'x'::enum('x')": "[[2026-07-06] map[a:2026-07-06 b:2026-07-06 10:00:00] map[k:1] 5 x]",
		"select 1 where false": "",
	} {
		got, err := all(text)
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%s: %v, %v, want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"describe lifecycle.fct_sums", "summarize lifecycle.fct_sums", "show all tables", "explain select 1", "table lifecycle.fct_sums"} {
		if got, err := all(text); err != nil || len(got) == 0 {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for text, words := range map[string]string{
		"":                                 "nothing to run",
		" -- only a comment":               "nothing to run",
		";":                                "only reading",
		"select 1; select 2":               "2 statements",
		"select 1; drop table core.orders": "writes or configures",
		"pivot core.orders on ck using sum(revenue_minor)": "only reading",
		"drop table core.orders":                           "DROP is refused",
		"insert into core.orders values (1)":               "INSERT is refused",
		"pragma database_list":                             "PRAGMA is refused",
		"call enable_logging()":                            "CALL is refused",
		"set threads = 1":                                  "SET is refused",
		"attach 'x'":                                       "ATTACH is refused",
		"copy core.orders to '/tmp/x'":                     "COPY is refused",
		"with a as (select 1) insert into lifecycle.fct_sums select 1, 2": "writes or configures",
		"explain analyze delete from core.orders":                         "writes or configures",
		"select":                          "Parser Error",
		"select nothing from core.orders": "nothing",
		"from core.nothing":               "does not exist",
		"select 'a'::integer":             "Could not convert",
		"select $1":                       "has no value here",
		"from read_csv('/etc/passwd')":    "disabled",
	} {
		_, err := all(text)
		is[*analytics.UsageError](t, text, err, words)
	}
	// With external access off DuckDB still lets a statement write to the database's own log file and to the temp directory.
	for _, text := range []string{
		"explain analyze copy (select 1) to FILE", "EXPLAIN /* x */ (analyze, format json) copy (select 1) to FILE", "explain (format json) (select 1); copy (select 1) to FILE",
		"from enable_profiling(save_location = FILE, format = 'json')", `select * from "Enable_Logging"(storage = 'file', storage_path = FILE)`,
		"with a as (from system.main.enable_logging /**/ (storage = 'file', storage_path = FILE)) select 1", "from query('from enable_' || 'logging()')",
		"summarize select * from enable_logging()", "explain analyze select * from enable_logging()", "select $$ ' $$ from enable_logging() -- '",
		"from json_execute_serialized_sql(json_serialize_sql('from enable_logging()'))", "select 1 where exists (from (select * from enable_logging()))",
	} {
		_, err := all(strings.ReplaceAll(text, "FILE", quote(path+".wal")))
		is[*analytics.UsageError](t, text, err, "only reading is allowed")
	}
	if _, err := os.Stat(path + ".wal"); err == nil {
		t.Error("a query has written the log of the database")
	}
	for _, text := range []string{"explain (format json) select 1", "explain analyze (select 1)", "explain (select 1)", "describe select 1 as a", "from lifecycle.fct_sums select max(ck)"} {
		if got, err := all(text); err != nil || len(got) == 0 {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	cancelled, cancel := context.WithCancel(ctx)
	time.AfterFunc(50*time.Millisecond, cancel)
	r, err := db.Query(cancelled, "select count(*) from range(10000000000) a, range(1000) b")
	if err == nil {
		r.Next()
		err = errors.Join(r.Err(), r.Close())
	}
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// A step is done once; it is done again when its SQL, its parameters, a macro, its header or its input change, and then all that read it too.
func TestResume(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "audit.duckdb")
	params := map[string]any{"limit": int64(1000)}
	run := func(files map[string]string, input analytics.Table, params map[string]any, macros ...analytics.Macro) map[string]string {
		t.Helper()
		ms := models(t, files)
		db, err := Open(ctx, Options{Path: path, Models: ms})
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		}()
		if err := errors.Join(db.Write(ctx, input), db.CreateMacros(ctx, macros), db.Build(ctx, plan(t, ms), params, nil)); err != nil {
			t.Fatal(err)
		}
		// the seconds tell whether a step was done again
		out := map[string]string{}
		r, err := db.Query(ctx, "select step, fingerprint, seconds from audit.steps")
		if err != nil {
			t.Fatal(err)
		}
		for row := r.Next(); row != nil; row = r.Next() {
			out[row[0].(string)] = fmt.Sprint(row)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		return out
	}
	again := func(before, after map[string]string) string {
		var out []string
		for _, step := range []string{"lifecycle.fct_sums", "lifecycle.red_totals", "lifecycle.all_sums"} {
			if before[step] != after[step] {
				out = append(out, strings.TrimPrefix(step, "lifecycle."))
			}
		}
		return strings.Join(out, " ")
	}
	changed := func(file, old, new string) map[string]string {
		out := maps.Clone(world)
		out[file] = strings.Replace(out[file], old, new, 1)
		if out[file] == world[file] {
			t.Fatal("nothing changed")
		}
		return out
	}
	other := orders
	other.Rows = orders.Rows[:2]
	macro := analytics.Macro{Name: "x_one", Params: []string{"a"}, Body: "a + 1"}
	first := run(world, orders, params)
	for _, c := range []struct {
		name string
		now  map[string]string
		want string
	}{
		{"nothing", run(world, orders, params), ""},
		{"parameter", run(world, orders, map[string]any{"limit": int64(1001)}), "red_totals"},
		{"back", run(world, orders, params), "red_totals"},
		{"SQL", run(changed("lifecycle/fct_sums.sql", "group by ck", "where ck > 0 group by ck"), orders, params), "fct_sums red_totals all_sums"},
		{"header", run(changed("lifecycle/all_sums.sql", "The same", "Quite the same"), orders, params), "fct_sums red_totals all_sums"},
		{"input", run(world, other, params), "fct_sums red_totals all_sums"},
		{"macro", run(world, other, params, macro), "fct_sums red_totals all_sums"},
	} {
		if got := again(first, c.now); got != c.want {
			t.Errorf("%s changed: done again: %q, want %q", c.name, got, c.want)
		}
		first = c.now
	}
}

// A step that breaks its header leaves nothing behind, and says what is wrong.
func TestBuildErrors(t *testing.T) {
	ctx := context.Background()
	for name, c := range map[string]struct {
		file, old, new string
		params         map[string]any
		want           string
	}{
		"too many rows":   {"lifecycle/red_totals.sql", "max_rows: 2", "max_rows: 1", nil, "2 rows, but queries/lifecycle/red_totals.sql allows 1 (max_rows)"},
		"type":            {"lifecycle/red_totals.sql", "name: n, type: int64", "name: n, type: string", nil, "column n: the header says string, the SELECT returns BIGINT"},
		"decimal":         {"lifecycle/fct_sums.sql", "sum(coalesce(revenue_minor, 0))", "sum(revenue_minor * 0.5)", nil, "column revenue_minor: the header says int64, the SELECT returns DECIMAL"},
		"column missing":  {"lifecycle/red_totals.sql", ", count(*) as n", "", nil, "column n is in the header, but the SELECT does not return it"},
		"column too many": {"lifecycle/red_totals.sql", "as n from", "as n, 1 as z from", nil, "column z (INTEGER) is not in the header"},
		"NULL":            {"lifecycle/fct_sums.sql", "coalesce(revenue_minor, 0)", "revenue_minor", nil, "NULL in a column that queries/lifecycle/fct_sums.sql does not mark nullable: ck=2"},
		"grain":           {"lifecycle/red_totals.sql", "group by revenue_minor > $limit", "group by ck, revenue_minor > $limit", map[string]any{"limit": 5000}, "the grain does not identify a row: big=false rows=2"},
		"overflow":        {"lifecycle/fct_sums.sql", "sum(coalesce(revenue_minor, 0))", "sum(9223372036854775807)", nil, "out of range"},
		"SQL":             {"lifecycle/fct_sums.sql", "group by ck", "group by", nil, "queries/lifecycle/fct_sums.sql: Parser Error"},
		"parameter":       {"lifecycle/red_totals.sql", "count(*) as n", "count(*) + $more as n", nil, "no value for parameter $more"},
	} {
		files := maps.Clone(world)
		files[c.file] = strings.Replace(files[c.file], c.old, c.new, 1)
		if files[c.file] == world[c.file] {
			t.Fatalf("%s: nothing changed", name)
		}
		params := c.params
		if params == nil {
			params = map[string]any{"limit": int64(1000)}
		}
		ms := models(t, files)
		db := open(t, Options{Models: ms})
		if err := db.Write(ctx, orders); err != nil {
			t.Fatal(err)
		}
		err := db.Build(ctx, plan(t, ms), params, nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
			continue
		}
		table := strings.Replace(strings.TrimSuffix(c.file, ".sql"), "/", ".", 1)
		if r, err := db.Query(ctx, "from "+table); err == nil {
			t.Errorf("%s: %s is there", name, table)
			_ = r.Close()
		}
		// a connection that went through an error is still usable
		if _, err := db.Fetch(ctx, "core.orders"); err != nil {
			t.Errorf("%s: afterwards: %v", name, err)
		}
	}
}

func TestWriteErrors(t *testing.T) {
	ctx := context.Background()
	db := open(t, Options{Models: models(t, world)})
	row := func(column int, v any) analytics.Table {
		t := orders
		t.Rows = [][]any{orders.Rows[0], slices.Clone(orders.Rows[1])}
		t.Rows[1][column] = v
		return t
	}
	named := func(change func(t *analytics.Table)) analytics.Table {
		t := orders
		t.Columns = slices.Clone(t.Columns)
		change(&t)
		return t
	}
	for name, c := range map[string]struct {
		table analytics.Table
		want  string
	}{
		"infinity": {row(5, math.Inf(1)), "write core.orders: column share, row 2 (order_id=a): +Inf"},
		"type":     {row(1, "x"), "column ck, row 2 (order_id=a): a string in a column of type int64"},
		"int":      {row(1, 1), "a int in a column of type int64"},
		"NULL":     {row(1, nil), "column ck, row 2 (order_id=a): NULL in a column that is not nullable"},
		"short":    {named(func(t *analytics.Table) { t.Rows = [][]any{{"a"}} }), "row 1: 1 values for 7 columns"},
		"unknown":  {named(func(t *analytics.Table) { t.Columns[0] = "id" }), "column id is not in queries/core/orders.sql"},
		"twice":    {named(func(t *analytics.Table) { t.Columns[0] = "ck" }), "column ck is given twice"},
		"missing":  {named(func(t *analytics.Table) { t.Columns = t.Columns[1:] }), "column order_id is missing"},
		"table":    {named(func(t *analytics.Table) { t.Name = "core.other" }), "no queries/core/other.sql describes it"},
		"model":    {named(func(t *analytics.Table) { t.Name = "lifecycle.fct_sums" }), "queries/lifecycle/fct_sums.sql makes it with a SELECT"},
		"grain":    {named(func(t *analytics.Table) { t.Rows = [][]any{t.Rows[0], t.Rows[0]} }), "the grain does not identify a row: order_id=b rows=2"},
	} {
		if err := db.Write(ctx, c.table); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	if _, err := db.Fetch(ctx, "core.orders"); err == nil {
		t.Error("a table whose write went wrong is there")
	}
	empty := orders
	empty.Rows = nil
	if err := db.Write(ctx, empty); err != nil {
		t.Error(err)
	}
	if f, err := db.Fetch(ctx, "core.orders"); err != nil || f.Len() != 0 || len(f.String("order_id")) != 0 {
		t.Errorf("an empty table: %v", err)
	}
	if err := db.Write(ctx, orders); err != nil {
		t.Error(err)
	}
	if f, err := db.Fetch(ctx, "core.orders"); err != nil || f.Len() != 3 {
		t.Errorf("replaced: %v", err)
	}
}

func TestFetchErrors(t *testing.T) {
	ctx := context.Background()
	ms := models(t, world)
	for i := range ms {
		if ms[i].Table == "core.orders" {
			ms[i].MaxRows = 3
		}
	}
	db := open(t, Options{Models: ms})
	if err := db.Write(ctx, orders); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Fetch(ctx, "core.orders"); err != nil {
		t.Error(err)
	}
	if _, err := db.pool.ExecContext(ctx, "insert into core.orders (order_id, ck, day, first) values ('z', 1, '2026-01-01', true)"); err != nil {
		t.Fatal(err)
	}
	_, err := db.Fetch(ctx, "core.orders")
	is[*analytics.EngineError](t, "too many", err, "fetch core.orders: 4 rows, but only 3 may be fetched")
	if _, err := db.Fetch(ctx, "core.gone"); err == nil || !strings.Contains(err.Error(), "no queries/core/gone.sql") {
		t.Error(err)
	}
	if _, err := db.Fetch(ctx, "lifecycle.audit_positive"); err == nil {
		t.Error("a check was fetched")
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := db.Fetch(cancelled, "core.orders"); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestAudits(t *testing.T) {
	ctx := context.Background()
	ms := models(t, world)
	db := open(t, Options{Models: ms})
	bad := orders
	for range 7 {
		row := slices.Clone(orders.Rows[0])
		row[0], row[1], row[2] = fmt.Sprint(len(bad.Rows)), int64(len(bad.Rows)), int64(-1)
		bad.Rows = append(slices.Clip(bad.Rows), row)
	}
	if err := db.Audits(ctx, ms, nil); err != nil {
		t.Errorf("a check of tables that are not there: %v", err)
	}
	if err := errors.Join(db.Write(ctx, bad), db.Build(ctx, plan(t, ms), map[string]any{"limit": int64(0)}, nil)); err != nil {
		t.Fatal(err)
	}
	err := db.Audits(ctx, ms, nil)
	is[*analytics.EngineError](t, "audit", err, "check lifecycle.audit_positive broken: No customer has a negative sum.\n  ck=")
	if err != nil && (strings.Count(err.Error(), "revenue_minor=-1") != 5 || !strings.HasSuffix(err.Error(), "…")) {
		t.Errorf("not five rows and dots: %v", err)
	}
}

// The comments, the dictionary and TABLES.md say what the headers say.
func TestDescribe(t *testing.T) {
	ctx := context.Background()
	files := maps.Clone(world)
	files["core/orders.sql"] = strings.Replace(files["core/orders.sql"], "columns:", "extra: [attr_*]\ncolumns:", 1)
	ms := models(t, files)
	db := open(t, Options{Models: ms})
	if err := errors.Join(db.Write(ctx, orders), db.Build(ctx, plan(t, ms), map[string]any{"limit": int64(0)}, nil)); err != nil {
		t.Fatal(err)
	}
	if _, err := db.pool.ExecContext(ctx, "alter table core.orders add column attr_city varchar; update core.orders set attr_city = 'Tver' where order_id = 'a'"); err != nil {
		t.Fatal(err)
	}
	if err := db.Describe(ctx); err != nil {
		t.Fatal(err)
	}
	if err := db.CheckSchema(ctx, "core.orders"); err != nil {
		t.Error(err)
	}
	f, err := db.Fetch(ctx, "core.orders")
	if err != nil || !f.Has("attr_city") || f.String("attr_city")[0] != "Tver" {
		t.Errorf("extra column: %v", err)
	}
	one := func(text string) string {
		r, err := db.Query(ctx, text)
		if err != nil {
			return err.Error()
		}
		defer r.Close()
		return fmt.Sprint(r.Next())
	}
	for text, want := range map[string]string{
		"select comment from duckdb_tables() where schema_name = 'lifecycle' and table_name = 'fct_sums'":                         "[Sums. [one row per ck]]",
		"select comment from duckdb_views() where schema_name = 'lifecycle' and view_name = 'all_sums'":                           "[The same. [one row per ck]]",
		"select comment from duckdb_columns() where schema_name = 'lifecycle' and table_name = 'all_sums' and column_name = 'ck'": "[it's the customer key]",
		"select comment from duckdb_columns() where table_name = 'fct_sums' and column_name = 'revenue_minor'":                    "[sum [minor units]]",
		"select * from audit.dictionary where column_name = 'revenue_minor' and table_name = 'lifecycle.fct_sums'":                "[lifecycle.fct_sums revenue_minor int64 minor units sum ck queries/lifecycle/fct_sums.sql]",
		"select * from audit.dictionary where table_name = 'lifecycle.all_sums' and column_name = ''":                             "[lifecycle.all_sums  view  The same. ck queries/lifecycle/all_sums.sql]",
		"select doc from audit.dictionary where column_name = 'attr_city'":                                                        "[column of the input, as given]",
		"select count(*) from audit.dictionary where table_name = 'audit.dictionary'":                                             "[8]",
		"select count(*) from duckdb_columns() where comment is null and database_name = 'crm' and column_name <> 'attr_city'":    "[0]",
		"select count(*) from duckdb_tables() where comment is null and database_name = 'crm'":                                    "[0]",
		"select count(*) from audit.dictionary where table_name like '%audit_positive'":                                           "[0]",
	} {
		if got := one(text); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
	md := Markdown(ms)
	for _, want := range []string{"\n## lifecycle\n", "\n### lifecycle.red_totals\n\nTotals of customers", "| revenue_minor | int64, may be NULL | minor units | value |", "View, one row per ck; made by [queries/lifecycle/all_sums.sql]", "| attr_* |"} {
		if !strings.Contains(md, want) {
			t.Errorf("TABLES.md lacks %q:\n%s", want, md)
		}
	}
	slices.Reverse(ms)
	if Markdown(ms) != md || strings.Contains(md, "audit_positive") {
		t.Error("TABLES.md depends on the order of the catalogue, or lists a check")
	}
}

func TestFinish(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	final := filepath.Join(dir, "audit.duckdb")
	work := filepath.Join(dir, ".crmaudit-building")
	if err := os.Mkdir(work, 0o755); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second replaces the first
		db, _ := built(t, filepath.Join(work, "audit.duckdb"))
		if err := errors.Join(db.Lock(ctx), db.Write(ctx, orders), db.Finish(ctx, final)); err != nil {
			t.Fatal(err)
		}
		left, err := os.ReadDir(work)
		if err != nil || len(left) > 0 {
			t.Errorf("left behind: %v %v", left, err)
		}
		db = open(t, Options{Path: final, ReadOnly: true, Models: models(t, world)})
		if f, err := db.Fetch(ctx, "lifecycle.red_totals"); err != nil || f.Len() != 2 {
			t.Errorf("the result: %v", err)
		}
		if _, err := db.pool.ExecContext(ctx, "create table core.x (a integer)"); err == nil {
			t.Error("a read-only database was written")
		}
	}
	db, _ := built(t, filepath.Join(work, "audit.duckdb"))
	is[*analytics.EngineError](t, "no directory", db.Finish(ctx, filepath.Join(dir, "gone", "audit.duckdb")), "finish ")
}

// What a full disk and too little memory look like to the user.
func TestFull(t *testing.T) {
	ctx := context.Background()
	const heavy = "create table u as select i, hash(i)::varchar as h from range(1500000) r(i) order by h"
	for words, opt := range map[string]Options{
		"sort: the disk for intermediate results is full; free some space or point engine.temp_directory to another disk: ": {MemoryLimit: "60MB", MaxTempSize: "5MB"},
		"sort: out of memory; raise engine.memory_limit or lower engine.threads: ":                                          {MemoryLimit: "1MB", MaxTempSize: "1GB"},
	} {
		opt.Models, opt.Threads, opt.TempDirectory = models(t, world), 2, t.TempDir()
		db := open(t, opt)
		_, err := db.pool.ExecContext(ctx, heavy)
		err = wrap(ctx, "sort", err)
		is[*analytics.EngineError](t, "full", err, words)
		var de *duckdb.Error
		if !errors.As(err, &de) || strings.Contains(err.Error(), "Possible solutions") || strings.Contains(err.Error(), "PRAGMA") {
			t.Errorf("DuckDB's error is hidden, or its advice is not: %v", err)
		}
	}
}

// manyOrders is a table for the benchmarks.
func manyOrders(rows int) analytics.Table {
	t := analytics.Table{Name: "core.orders", Columns: orders.Columns}
	for i := range rows {
		t.Rows = append(t.Rows, []any{fmt.Sprintf("o%07d", i), int64(i), int64(i * 3), day("2026-07-06"), nil, float64(i) / 7, i%2 == 0})
	}
	return t
}

func BenchmarkWrite(b *testing.B) {
	db := open(b, Options{Models: models(b, world)})
	t := manyOrders(100_000)
	for b.Loop() {
		if err := db.Write(context.Background(), t); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(t.Rows)*b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkFetch(b *testing.B) {
	db := open(b, Options{Models: models(b, world)})
	t := manyOrders(100_000)
	if err := db.Write(context.Background(), t); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		f, err := db.Fetch(context.Background(), t.Name)
		if err != nil || f.Len() != len(t.Rows) {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(t.Rows)*b.N)/b.Elapsed().Seconds(), "rows/s")
}

func TestPrelude(t *testing.T) {
	db, _ := built(t, "")
	defer db.Close()
	for text, want := range map[string]string{
		"x_idiv(7, 2)": "3", "x_idiv(-7, 2)": "-3", // towards zero, as intDiv of ClickHouse
		"x_sec(timestamp '2026-07-06 10:00:00.9')": "1783332000", "typeof(x_sec(timestamp '2026-07-06'))": "INTEGER",
		"x_day(timestamp '2026-07-06 23:59:59.9')": "20640", "x_day(date '1970-01-02')": "1",
		"x_month(date '2026-07-31') - x_month(date '2025-12-01')": "7",
		"x_ratio(1, 4)": "0.25", "x_ratio(1, 0)": "<nil>", "x_ratio(null, 2)": "<nil>", "x_nul(3)": "3",
		"(select x_any(a > 1) from (values (1), (2)) v(a))": "true", "(select x_median(a) from (values (1), (2), (9), (4)) v(a))": "3",
		"x_hash('a') = x_hash('a')": "true",
	} {
		r, err := db.Query(context.Background(), "select "+text)
		if err != nil {
			t.Error(err)
			continue
		}
		if row := r.Next(); fmt.Sprint(row) != "["+want+"]" {
			t.Errorf("%s = %v, want %s", text, row, want)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}

// What Write takes, Fetch gives back: any text that is UTF-8, any int64, any finite float, day and time.
func TestRoundTrip(t *testing.T) {
	ctx := context.Background()
	db := open(t, Options{Models: models(t, world)})
	rapid.Check(t, func(t *rapid.T) {
		in := analytics.Table{Name: orders.Name, Columns: orders.Columns}
		ids := rapid.SliceOfNDistinct(rapid.String(), 0, 20, rapid.ID[string]).Draw(t, "ids")
		slices.Sort(ids) // by bytes, as Fetch orders them
		second := rapid.Int64Range(-5_000_000_000, 5_000_000_000)
		for _, id := range ids {
			row := []any{id, rapid.Int64().Draw(t, "ck"), nil, time.Unix(second.Draw(t, "day"), 0).UTC().Truncate(24 * time.Hour), nil, nil, rapid.Bool().Draw(t, "first")}
			if rapid.Bool().Draw(t, "full") {
				row[2], row[4] = rapid.Int64().Draw(t, "revenue"), time.Unix(second.Draw(t, "at"), 0).UTC()
				row[5] = rapid.Float64().Filter(analytics.Finite).Draw(t, "share")
			}
			in.Rows = append(in.Rows, row)
		}
		if err := db.Write(ctx, in); err != nil {
			t.Fatal(err)
		}
		f, err := db.Fetch(ctx, in.Name)
		if err != nil {
			t.Fatal(err)
		}
		if f.Len() != len(in.Rows) {
			t.Fatalf("%d rows of %d", f.Len(), len(in.Rows))
		}
		id, ck, revenue, day, at, share, first := f.String("order_id"), f.Int64("ck"), f.Int64("revenue_minor"), f.String("day"), f.String("at"), f.Float64("share"), f.Bool("first")
		valid := f.Valid("revenue_minor")
		for i, row := range in.Rows {
			out := []any{id[i], ck[i], nil, day[i], nil, nil, first[i]}
			want := slices.Clone(row)
			want[3] = row[3].(time.Time).Format(time.DateOnly)
			if valid[i] {
				out[2], out[4], out[5] = revenue[i], at[i], share[i]
				want[4] = row[4].(time.Time).Format(time.DateTime)
			}
			if !slices.Equal(out, want) {
				t.Fatalf("row %d:\n got %v\nwant %v", i+1, out, want)
			}
		}
	})
}
