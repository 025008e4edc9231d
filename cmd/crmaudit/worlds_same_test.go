package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"crmaudit/analytics/benchtest"
	"crmaudit/analytics/synth"
)

// Row S25 of statistics 11: permuted rows, one and several threads, and a second run give the same bytes, in every table of every block, in hypotheses.json and in the report. Five permutations of a made-up company with everything planted.
//
//	CRMAUDIT_BENCH_TRUTH=1 go test -run TestTruthSame -v -count=1 -timeout 1h ./cmd/crmaudit/
//
// Reached on 2026-11-22: with 2,000 customers a second run, 2 threads and 4 threads give the same bytes in all 501 tables and files; two permutations, one of them with 2 threads, were tried with 500 customers (the machine was shared by eight), and nothing differs.
//
// Left out are the tables of schema audit: they say how long steps took and which line of which file was rejected.

func TestTruthSame(t *testing.T) {
	benchtest.Skip(t)
	world := synth.DefaultConfig()
	world.Seed, world.Customers, world.Plant = 2501, 2000, synth.DefaultPlant()
	world.Plant.Scenarios = synth.ScenariosExtra
	dir := t.TempDir()
	if err := synth.Write(t.Context(), world, dir, synth.CSV, nil); err != nil {
		t.Fatal(err)
	}
	run := func(dir string, threads int) map[string]string {
		t.Helper()
		config := filepath.Join(dir, fmt.Sprintf("audit-%d.yaml", threads))
		text := readFile(t, dir, "audit.yaml") + fmt.Sprintf("\nengine: {threads: %d}\n", threads)
		if err := os.WriteFile(config, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		out := filepath.Join(t.TempDir(), "out")
		mustCLI(t, "run", "-q", "-c", config, "--out", out)
		prints, err := fingerprints(t.Context(), out)
		if err != nil {
			t.Fatal(err)
		}
		_ = os.RemoveAll(out)
		return prints
	}
	want := run(dir, 1)
	if len(want) < 300 {
		t.Fatalf("%d tables and files are compared", len(want))
	}
	type variant struct {
		name    string
		seed    uint64 // of the permutation; 0: as written
		threads int
	}
	variants := []variant{{"the same again", 0, 1}, {"2 threads", 0, 2}, {"4 threads", 0, 4}}
	for seed := range uint64(5) {
		variants = append(variants, variant{"permuted rows", seed + 1, 1 + int(seed)%2})
	}
	differ, runs := map[string]int{}, map[string]int{}
	for _, v := range variants {
		of := dir
		if v.seed > 0 {
			of = t.TempDir()
			if err := permute(dir, of, v.seed); err != nil {
				t.Fatal(err)
			}
		}
		got := run(of, v.threads)
		for _, name := range slices.Sorted(maps.Keys(want)) {
			if got[name] != want[name] {
				differ[v.name]++
				t.Logf("%s (seed %d, %d threads): %s differs", v.name, v.seed, v.threads, name)
			}
		}
		runs[v.name]++
	}
	var rows []benchtest.Row
	for _, name := range slices.Sorted(maps.Keys(runs)) {
		rows = append(rows, benchtest.NewRow("S25", fmt.Sprintf("%s: tables and files that differ, of %d", name, len(want)*runs[name]), fmt.Sprint(differ[name]), "0", runs[name], differ[name] == 0))
	}
	benchtest.Print(t, rows)
}

// fingerprints are hashes of the result tables, rows sorted, and of the files of an audit.
func fingerprints(ctx context.Context, out string) (map[string]string, error) {
	db, err := openFinished(ctx, filepath.Join(out, databaseName))
	if err != nil {
		return nil, err
	}
	defer db.Close()
	prints := map[string]string{}
	r := &reader{ctx: ctx, db: db, s: newScore()}
	for _, table := range r.names("SELECT table_schema || '.' || table_name FROM information_schema.tables WHERE table_schema IN ('analytics', 'lifecycle', 'scenarios', 'segments', 'core')") {
		rows := r.names("SELECT * FROM " + table)
		slices.Sort(rows)
		prints[table] = fmt.Sprintf("%x", sha256.Sum256([]byte(strings.Join(rows, "\n"))))
	}
	for _, name := range []string{"hypotheses.json", "hypotheses.csv", "report.html", "TABLES.md"} {
		data, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			return nil, err
		}
		prints[name] = fmt.Sprintf("%x", sha256.Sum256(data))
	}
	return prints, r.err
}

// permute copies the files of a made-up company with the rows of every export in another order.
func permute(from, to string, seed uint64) error {
	files, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	rng := rand.New(rand.NewPCG(seed, 25))
	for _, f := range files {
		data, err := os.ReadFile(filepath.Join(from, f.Name()))
		if err != nil {
			return err
		}
		if strings.HasSuffix(f.Name(), ".csv") {
			var lines [][]byte
			open := false // inside a quoted cell that spans lines
			for line := range bytes.SplitAfterSeq(data, []byte("\n")) {
				switch {
				case open:
					lines[len(lines)-1] = append(lines[len(lines)-1], line...)
				case len(line) > 0:
					lines = append(lines, bytes.Clone(line))
				}
				open = open != (bytes.Count(line, []byte(`"`))%2 != 0)
			}
			rng.Shuffle(len(lines)-1, func(i, j int) { lines[i+1], lines[j+1] = lines[j+1], lines[i+1] })
			data = bytes.Join(lines, nil)
		}
		if err := os.WriteFile(filepath.Join(to, f.Name()), data, 0o666); err != nil {
			return err
		}
	}
	return nil
}
