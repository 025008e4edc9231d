package duck

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"crmaudit/analytics"
	"crmaudit/queries"
	"crmaudit/scenarios/overlap"
)

// TestOverlapSpeed times the models and the statistics of overlap and collisions on a made-up company of 300 scenarios: 44,850 pairs.
//
//	CRMAUDIT_BENCH_SPEED=/tmp/crmaudit-bench go test -run '^TestOverlapSpeed$' -v -count=1 -timeout 1h ./analytics/duck/
//
// CRMAUDIT_BENCH_SIZES names the customers (default 1000000: 20 million messages, 5 million enrolments), CRMAUDIT_BENCH_WEEKS the audited weeks (26).
func TestOverlapSpeed(t *testing.T) {
	dir := os.Getenv("CRMAUDIT_BENCH_SPEED")
	if dir == "" {
		t.Skip("set CRMAUDIT_BENCH_SPEED to a folder with 4 GB free")
	}
	var customers, weeks int64 = 1_000_000, 26
	if s := os.Getenv("CRMAUDIT_BENCH_SIZES"); s != "" {
		if _, err := fmt.Sscan(s, &customers); err != nil {
			t.Fatal(err)
		}
	}
	if s := os.Getenv("CRMAUDIT_BENCH_WEEKS"); s != "" {
		if _, err := fmt.Sscan(s, &weeks); err != nil {
			t.Fatal(err)
		}
	}
	catalog, err := queries.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	given := []string{"scenarios.fct_window", "scenarios.fct_scenarios", "scenarios.fct_active", "scenarios.fct_campaign_days", "scenarios.fct_stage_days"}
	models := slices.Clone(catalog)
	var targets []string
	for i := range models {
		if slices.Contains(given, models[i].Table) {
			models[i].DDL, models[i].Reads = true, nil
		}
		if models[i].Block == "overlap" && !models[i].DDL {
			targets = append(targets, models[i].Table)
		}
	}
	plan, err := queries.Plan(models, targets...)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, fmt.Sprintf("overlap-%d-%d.duckdb", customers, weeks))
	os.Remove(path)
	defer os.Remove(path)
	ctx := context.Background()
	db, err := Open(ctx, Options{Path: path, Models: catalog, Threads: 2, MemoryLimit: "2500MB", TempDirectory: filepath.Join(dir, "overlap-tmp")})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, text := range overlapWorld(customers, weeks) {
		if _, err := db.pool.ExecContext(ctx, text); err != nil {
			t.Fatalf("%v in %.200s", err, text)
		}
	}
	wall, cpu := time.Now(), cpuSeconds()
	if err := db.Build(ctx, plan, nil, nil); err != nil {
		t.Fatal(err)
	}
	fmt.Printf("models: %.1f s of wall, %.1f of processor\n", time.Since(wall).Seconds(), cpuSeconds()-cpu)
	for _, row := range rowsOf(t, db, "select printf('%8.2f', seconds), coalesce(rows, 0), step from audit.steps order by seconds desc limit 30") {
		fmt.Println("  ", row)
	}
	wall, cpu = time.Now(), cpuSeconds()
	c, err := overlap.Load(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Printf("load: %.1f s of wall, %.1f of processor, %d time rows, %d pair rows, %d collision rows\n", time.Since(wall).Seconds(), cpuSeconds()-cpu, len(c.Time), len(c.PairTime), len(c.Messages))
	wall, cpu = time.Now(), cpuSeconds()
	m, err := overlap.Fit(c, overlap.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var tables []analytics.Table = m.Tables()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	var heap runtime.MemStats
	runtime.ReadMemStats(&heap)
	fmt.Printf("fit: %.1f s of wall, %.1f of processor; %d pairs; heap %.2f GB, peak of the process %.2f GB\n", time.Since(wall).Seconds(), cpuSeconds()-cpu,
		len(tables[0].Rows), float64(heap.HeapSys)/1e9, float64(usage.Maxrss)/1e6)
	verdicts := map[string]int{}
	for _, p := range m.Pairs {
		verdicts[p.Verdict+" "+p.Reason]++
	}
	fmt.Println("verdicts:", verdicts)
}

func cpuSeconds() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// overlapWorld makes the tables that the models read: 280 chains of uneven size with five enrolments per customer of 3 to 30 days, 20 campaigns, twenty messages
// per customer, 60 % of them in chains, five stages. Everything is drawn from a hash of the row's number.
func overlapWorld(customers, weeks int64) []string {
	begin := int64(20003) * 86400 // a Monday
	days := 7 * weeks
	const draw = "(hash(i, %d) %% 1000003 / 1000003.0)" // uniform
	u := func(salt int) string { return fmt.Sprintf(draw, salt) }
	replace := strings.NewReplacer("$customers", fmt.Sprint(customers), "$begin", fmt.Sprint(begin), "$days", fmt.Sprint(days), "$u1", u(1), "$u2", u(2), "$u3", u(3),
		"$u4", u(4), "$u5", u(5), "$u6", u(6))
	var out []string
	for _, text := range []string{
		"create schema if not exists core", "create schema if not exists scenarios",
		"create or replace table core.cfg_audit as select 20003::bigint from_day, 20003 + $days::bigint to_day, $begin::bigint from_sec, $begin + 86400 * $days::bigint to_sec, 86400::bigint collision_seconds, 14::bigint entry_gap_days, 30::bigint handover_days",
		"create or replace table core.cfg_scenarios (scenario_id varchar, priority bigint)",
		"create or replace table core.cfg_reasons as select 1::bigint as position, 'cap' word, 'cap' kind, true sendable",
		"create or replace table core.zone_offsets as select '' as zone, 0::bigint from_sec, 2147483647::bigint to_sec, 0::bigint offset_seconds, true known",
		"create or replace table scenarios.fct_window as select 20003 first_day, 20003 + $days::integer end_day, 20003 from_day, 20003 + $days::integer to_day, $begin::integer first_sec, ($begin + 86400 * $days)::integer end_sec, $begin::integer from_sec, ($begin + 86400 * $days)::integer to_sec",
		"create or replace table scenarios.fct_scenarios as select i::integer sk, printf('s%03d', i) scenario_id, true as defined, i <= 280 enrolled, true messaged, i > 280 bulk from range(1, 301) t(i)",
		"create or replace table core.customers as select i::integer ck, 'c' || i customer_id, (hash(i) % 100)::integer bucket, (20003 - 200 + ($u1 * 300)::integer)::integer first_seen_day, null::varchar timezone from range(1, $customers + 1) t(i)",
		// Runs of 5 to 70 days.
		"create or replace table scenarios.fct_stage_days as select ck, bucket, st, from_day, least(coalesce(lead(from_day) over (partition by ck order by from_day), 100000), 20003 + $days)::integer to_day from (select ((i % $customers) + 1)::integer ck, (hash((i % $customers) + 1) % 100)::integer bucket, 1 + (hash(i, 9) % 5)::integer st, 20003 + (case when i < $customers then 0 else (1 + $u2 * ($days - 2))::integer end)::integer from_day from range(0, 3 * $customers) t(i)) qualify row_number() over (partition by ck, from_day order by st) = 1",
		"create or replace table scenarios.fct_active as select ck, bucket, sk, from_sec, least(from_sec + length, coalesce(lead(from_sec) over (partition by ck, sk order by from_sec), 2147483647))::integer to_sec from (select (1 + ($u1 * $customers)::integer % $customers)::integer ck, 0 as bucket, (1 + 280 * $u2 * $u2)::integer sk, ($begin + $u3 * 86400 * $days)::integer from_sec, (86400 * (3 + 27 * $u4))::integer as length from range(0, 5 * $customers) t(i)) qualify row_number() over (partition by ck, sk, from_sec order by length) = 1",
		"create or replace table scenarios.fct_campaign_days (ck integer, sk integer, from_sec integer, to_sec integer)",
		"create or replace table core.messages as select i::bigint mk, (1 + ($u1 * $customers)::integer % $customers)::integer ck, 'm' || i message_id, 'email' as channel, printf('s%03d', case when $u5 < .6 then 1 + (280 * $u2 * $u2)::integer % 280 else 281 + (20 * $u2)::integer % 20 end) scenario_id, case when $u5 < .6 then 'trigger' else 'bulk' end kind, null::bigint priority, make_timestamp(1000000 * ($begin + 86400 * (case when $u5 < .6 then ($u3 * $days)::integer % $days else 2 + 7 * (($u3 * $days / 7)::integer % ($days // 7)) end) + 3600 * (9 + (10 * $u4)::integer) + (3600 * $u6)::bigint)) sent_at, 0 sent_day, null::timestamp bounced_at, null::timestamp not_sent_at, null::varchar not_sent_reason, case when $u6 < .001 then 20010 + ($u4 * $days)::integer end unsubscribed_day from range(0, 20 * $customers) t(i)",
		"create or replace table core.messages as select * replace (scenario_id::scenario_ids as scenario_id, kind::kinds as kind) from core.messages",
	} {
		if strings.Contains(text, "::scenario_ids") {
			out = append(out, "create type scenario_ids as enum (select scenario_id from scenarios.fct_scenarios order by 1)", "create type kinds as enum ('trigger', 'bulk', 'transactional')")
		}
		out = append(out, replace.Replace(text))
	}
	return out
}
