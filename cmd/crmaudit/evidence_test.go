package main

import (
	"database/sql"
	"fmt"
	"math"
	"path/filepath"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"
)

// Every finding and hypothesis of a made-up company shows what it says: its query runs on the finished audit and returns rows, and the number that was tested is
// among them. No number of any table is NaN or infinite.
func TestEvidence(t *testing.T) {
	t.Parallel()
	world, out := t.TempDir(), t.TempDir()
	mustCLI(t, "simulate", "-q", "--out", world, "--seed", "2", "--customers", "1500", "--weeks", "78")
	mustCLI(t, "run", "-q", "-c", filepath.Join(world, "audit.yaml"), "--out", out)
	db, err := sql.Open("duckdb", filepath.Join(out, databaseName)+"?access_mode=read_only")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	blocks := map[any]bool{}
	for _, f := range rowsOf(t, db, `SELECT block, kind, subject, evidence_sql, statistic FROM analytics.findings
		UNION ALL SELECT block, kind, subject, evidence_sql, NULL FROM analytics.hypotheses`) {
		blocks[f[0]] = true
		rows := rowsOf(t, db, f[3].(string))
		if len(rows) == 0 {
			t.Errorf("%v %v: the evidence is empty: %v", f[1], f[2], f[3])
		}
		if want, ok := f[4].(float64); ok && !holds(rows, want) {
			t.Errorf("%v %v: %v is not in its evidence: %v\n%v", f[1], f[2], want, f[3], rows)
		}
	}
	if len(blocks) < 6 {
		t.Errorf("findings of %d blocks only: %v", len(blocks), blocks)
	}
	for _, c := range rowsOf(t, db, `SELECT table_schema, table_name, column_name FROM information_schema.columns
		WHERE data_type = 'DOUBLE' AND table_schema IN ('core', 'lifecycle', 'scenarios', 'segments', 'analytics') ORDER BY ALL`) {
		query := fmt.Sprintf(`SELECT count(*) FROM "%s"."%s" WHERE isnan("%s") OR isinf("%[3]s")`, c...)
		if n := rowsOf(t, db, query)[0][0]; n != int64(0) {
			t.Errorf("%v.%v.%v: %v values are NaN or infinite", c[0], c[1], c[2], n)
		}
	}
}

// holds tells whether a number stands in the rows, whatever its sign, or is how many they are.
func holds(rows [][]any, want float64) bool {
	if want == float64(len(rows)) {
		return true
	}
	for _, row := range rows {
		for _, v := range row {
			var got float64
			if _, err := fmt.Sscan(fmt.Sprint(v), &got); err == nil && math.Abs(math.Abs(got)-math.Abs(want)) <= 1e-9*(1+math.Abs(want)) {
				return true
			}
		}
	}
	return false
}

func rowsOf(t *testing.T, db *sql.DB, query string) [][]any {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatalf("%v: %s", err, query)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var out [][]any
	for rows.Next() {
		row, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		out = append(out, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}
