package duck

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"crmaudit/analytics"
	"crmaudit/queries"
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
