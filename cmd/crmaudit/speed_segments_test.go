package main

import (
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestSpeedSegments is the speed bench of many overlapping segments: the worlds of TestSpeed with the memberships replaced by those of 200 made-up
// segments (19,900 pairs) of 1 to 198 permille of the customers, ten memberships per customer, each a span of time. The life cycle alone stands
// beside it. `make bench-speed` runs both.
//
//	CRMAUDIT_BENCH_SPEED=DIR CRMAUDIT_BENCH_SIZES=1000000 go test -run '^TestSpeedSegments$' -v -timeout 3h ./cmd/crmaudit/
func TestSpeedSegments(t *testing.T) {
	dir, sizes, binary := speedBench(t)
	fmt.Println("| customers | segments | memberships | pairs | run | s | processor s | GB |")
	fmt.Println("|---|---|---|---|---|---|---|---|")
	for _, customers := range sizes {
		world, mine := filepath.Join(dir, "world-"+customers), t.TempDir()
		memberships := manySegments(t, world, mine)
		text, err := os.ReadFile(filepath.Join(world, "audit.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		config := filepath.Join(mine, "audit.yaml")
		if err := os.WriteFile(config, append(text, "\nengine: {memory_limit: "+speedMemory+", threads: "+speedThreads+"}\n"...), 0o666); err != nil {
			t.Fatal(err)
		}
		out := filepath.Join(dir, "out-segments-"+customers)
		for _, only := range []string{"lifecycle", "lifecycle,segments"} {
			r := measure(t, exec.Command(binary, "run", "-c", config, "--out", out, "--only", only, "--quiet"))
			pairs := int64(0)
			if only != "lifecycle" {
				pairs = countIn(t, filepath.Join(out, "audit.duckdb"), "SELECT count(*) FROM segments.pairs")
			}
			fmt.Printf("| %s | 200 | %d | %d | %s | %.1f | %.0f | %.2f |\n", customers, memberships, pairs, only, r.seconds, r.processor, r.rssGB)
		}
		if err := os.RemoveAll(out); err != nil {
			t.Fatal(err)
		}
	}
}

// manySegments writes the files of a world with other memberships into dir, links for all else, and returns how many memberships there are.
func manySegments(t *testing.T, world, dir string) int64 {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(world, "*.parquet"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no parquet files in %s: %v", world, err)
	}
	for _, f := range files {
		if !strings.HasPrefix(filepath.Base(f), "segment_memberships") {
			if err := os.Symlink(f, filepath.Join(dir, filepath.Base(f))); err != nil {
				t.Fatal(err)
			}
		}
	}
	made := filepath.Join(dir, "segment_memberships-001.parquet")
	countIn(t, "", `COPY (
		WITH people AS (SELECT customer_id, row_number() OVER (ORDER BY customer_id) AS k FROM read_parquet('`+world+`/customers-*.parquet')),
		sizes AS (SELECT i AS seg, 1 + i * i * i // 40000 AS permille FROM range(200) r(i)),
		drawn AS (
			SELECT customer_id, seg, hash(k, seg) AS h
			FROM people, sizes
			WHERE hash(seg, k) % 1000 < permille
		)
		SELECT customer_id, printf('s%03d', seg) AS segment_id, TIMESTAMP '2025-01-06' + INTERVAL (h % 400) DAY AS valid_from,
			CASE WHEN h // 400 % 3 > 0 THEN TIMESTAMP '2025-01-06' + INTERVAL (h % 400 + 28 + h // 1200 % 300) DAY END AS valid_to
		FROM drawn
	) TO '`+made+`' (FORMAT parquet, COMPRESSION zstd)`)
	return countIn(t, "", "SELECT count(*) FROM read_parquet('"+made+"')")
}

// countIn runs a query that returns one number, on a database that is only read or, without a path, in memory.
func countIn(t *testing.T, path, query string) (n int64) {
	t.Helper()
	if path != "" {
		path += "?access_mode=read_only"
	}
	db, err := sql.Open("duckdb", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow(query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
