package main

import (
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The speed bench of stage rules: the whole `crmaudit run` with rules over each family of features, against the run with the rules of the
// generated audit.yaml. It uses the worlds of TestSpeed and the same environment variables.
//
//	CRMAUDIT_BENCH_SPEED=DIR CRMAUDIT_BENCH_SIZES=100000 go test -run '^TestSpeedRules$' -v -timeout 3h ./cmd/crmaudit/
//	CRMAUDIT_BENCH_RULES       families, comma separated; default all

// speedFamilies are stage rules by the family of features that they use. dense compares an age with a count, which no list of days covers.
func speedFamilies() [][]string {
	return [][]string{
		{"default"},
		{"subscribed", "subscribed and recency_days <= 60", "not subscribed", "true"},
		{"messages", "messages_28d >= 8 and clicks_28d = 0", "clicks_28d >= 1 and subscribed", "opens_28d >= 1", "messages_28d > 0", "true"},
		{"windows", "orders_28d >= 2 or revenue_365d >= 20000", "orders_90d >= 1", "orders_365d >= 1", "activity_28d >= 2", "last_activity_days <= 60", "true"},
		{"gaps", "overdue_ratio <= 1.5", "overdue_ratio <= 3 and median_gap_days <= 60", "overdue_ratio > 3", "orders_total > 0", "true"},
		{"dense", "recency_days <= 20 * orders_total", "orders_total > 0", "true"},
		{"dense_all", "recency_days <= 20 * orders_total and overdue_ratio < 2", "clicks_28d >= 1", "opens_28d >= 1 and subscribed", "messages_28d > 0",
			"orders_90d >= 1 or activity_28d >= 2", "orders_total > 0", "true"},
	}
}

func TestSpeedRules(t *testing.T) {
	dir, sizes, binary := speedBench(t)
	only := os.Getenv("CRMAUDIT_BENCH_RULES")
	fmt.Println("| customers | rules | run s | CPU s | of default | GB | stage changes s | stage changes |")
	fmt.Println("|---|---|---|---|---|---|---|---|")
	for _, customers := range sizes {
		world := filepath.Join(dir, "world-"+customers)
		if _, err := os.Stat(filepath.Join(world, "truth.json")); err != nil {
			if out, err := exec.Command(binary, "simulate", "--out", world, "--seed", "1", "--customers", customers, "--weeks", "78", "--quiet").CombinedOutput(); err != nil {
				t.Fatalf("simulate: %v\n%s", err, out)
			}
		}
		text, err := os.ReadFile(filepath.Join(world, "audit.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		// The rules are replaced, and with them what names their stages.
		rules := regexp.MustCompile(`(?m)^    - \{name: .*\}\n`)
		if len(rules.FindAll(text, -1)) == 0 {
			t.Fatalf("no stage rules in %s", world)
		}
		named := regexp.MustCompile(`(?m)^    stages: \[.*\]\n|^goals: .*\n`)
		base := 0.
		for _, f := range speedFamilies() {
			if only != "" && !strings.Contains(","+only+",", ","+f[0]+",") {
				continue
			}
			config := text
			if len(f) > 1 {
				var stages strings.Builder
				for i, when := range f[1:] {
					fmt.Fprintf(&stages, "    - {name: s%d, when: %q}\n", i+1, when)
				}
				first := rules.FindIndex(config)[0]
				config = rules.ReplaceAll(config, nil)
				config = []byte(string(config[:first]) + stages.String() + string(config[first:]))
				config = named.ReplaceAll(config, nil)
			}
			path := filepath.Join(world, "audit-rules-"+f[0]+".yaml")
			config = append(config[:len(config):len(config)], "\nengine: {memory_limit: "+speedMemory+", threads: "+speedThreads+"}\n"...)
			if err := os.WriteFile(path, config, 0o666); err != nil {
				t.Fatal(err)
			}
			out := filepath.Join(dir, "out-rules-"+customers)
			if err := os.RemoveAll(out); err != nil {
				t.Fatal(err)
			}
			run := exec.Command(binary, "run", "-c", path, "--out", out, "--quiet")
			m := measure(t, run)
			cpu := (run.ProcessState.UserTime() + run.ProcessState.SystemTime()).Seconds()
			if f[0] == "default" {
				base = cpu
			}
			ratio := "—"
			if base > 0 {
				ratio = fmt.Sprintf("%.2f", cpu/base)
			}
			db, err := sql.Open("duckdb", "")
			if err != nil {
				t.Fatal(err)
			}
			db.SetMaxOpenConns(1)
			if _, err := db.Exec("ATTACH '" + filepath.Join(out, "audit.duckdb") + "' AS crm (READ_ONLY)"); err != nil {
				t.Fatal(err)
			}
			var seconds float64
			var rows int64
			if err := db.QueryRow("SELECT sum(seconds), max(rows) FILTER (step = 'lifecycle.fct_stage_changes') FROM crm.audit.steps"+
				" WHERE regexp_matches(step, '^lifecycle.fct_(stage|order|activity|message)')").Scan(&seconds, &rows); err != nil {
				t.Fatal(err)
			}
			db.Close()
			fmt.Printf("| %s | %s | %.1f | %.1f | %s | %.2f | %.1f | %d |\n", customers, f[0], m.seconds, cpu, ratio, m.rssGB, seconds, rows)
		}
	}
}
