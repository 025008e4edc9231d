package duck

import (
	"fmt"
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"

	"crmaudit/analytics/ingest"
)

// BenchmarkLoad measures Load of generated files against the engine's bare CREATE TABLE AS SELECT * of the same files.
// It counts processor time, which other work on the machine disturbs least. CRMAUDIT_BENCH_ROWS sets the number of messages (default 200,000); events are a quarter of it, customers a twentieth; CRMAUDIT_BENCH_KIND is parquet or csv.
func BenchmarkLoad(b *testing.B) {
	rows := 200_000
	if s := os.Getenv("CRMAUDIT_BENCH_ROWS"); s != "" {
		var err error
		if rows, err = strconv.Atoi(s); err != nil {
			b.Fatal(err)
		}
	}
	kind := "parquet"
	if s := os.Getenv("CRMAUDIT_BENCH_KIND"); s != "" {
		kind = s
	}
	w := newLoadWorld(b)
	gen := open(b, Options{})
	customers := rows / 20
	for name, text := range map[string]string{
		"messages": fmt.Sprintf(`select 'm' || range as message_id, 'cust-' || (hash(range) %% %d) as customer_id, ['email','push','sms','messenger'][1 + range %% 4] as channel,
 'scenario-' || (range %% 40) as scenario_id, 'step-' || (range %% 7) as step_id, 'camp-' || (range %% 300) as campaign_id, 'tpl-' || (range %% 200) as template_id, ['bulk','trigger'][1 + range %% 2] as kind,
 TIMESTAMP '2025-01-01' + to_seconds(range * 54000000 // %d) as sent_at, CASE WHEN range %% 20 > 0 THEN TIMESTAMP '2025-01-01' + to_seconds(range * 54000000 // %d + 30) END as delivered_at,
 CASE WHEN range %% 5 = 0 THEN TIMESTAMP '2025-01-01' + to_seconds(range * 54000000 // %d + 3000) END as opened_at, CASE WHEN range %% 35 = 0 THEN TIMESTAMP '2025-01-01' + to_seconds(range * 54000000 // %d + 3600) END as clicked_at,
 CASE WHEN range %% 350 = 0 THEN TIMESTAMP '2025-01-01' + to_seconds(range * 54000000 // %d + 4600) END as unsubscribed_at from range(%d)`, customers, rows, rows, rows, rows, rows, rows),
		"events": fmt.Sprintf(`select 'e' || range as event_id, 'cust-' || (hash(range + 7) %% %d) as customer_id, ['session','view','order'][1 + range %% 3] as name, TIMESTAMP '2025-01-01' + to_seconds(range * 54000000 // %d) as occurred_at,
 CASE WHEN range %% 3 = 2 THEN (range %% 10000) / 100 END as value, CASE WHEN range %% 3 = 2 THEN 'o' || range END as order_id from range(%d)`, customers, rows/4, rows/4),
		"customers": fmt.Sprintf(`select 'cust-' || range as customer_id, TIMESTAMP '2024-01-01' + to_hours(range %% 8000) as created_at, 'city-' || (range %% 50) as city from range(%d)`, customers),
	} {
		format := "format parquet, compression zstd"
		if kind == "csv" {
			format = "format csv, header"
		}
		if _, err := gen.pool.Exec(fmt.Sprintf("copy (%s) to '%s/%s.%s' (%s)", text, w.dir, name, kind, format)); err != nil {
			b.Fatal(err)
		}
		w.entry(name, name+"."+kind)
	}
	gen.Close()
	w.spec.OrderEvents = []string{"order"}
	var bare, load time.Duration
	var report ingest.Report
	for b.Loop() {
		db := open(b, Options{Path: b.TempDir() + "/bare.duckdb"})
		start := cpu()
		for _, t := range []string{"messages", "events", "customers"} {
			if _, err := db.pool.Exec(fmt.Sprintf("create table %s as select * from '%s/%s.%s'", t, w.dir, t, kind)); err != nil {
				b.Fatal(err)
			}
		}
		if _, err := db.pool.Exec("checkpoint"); err != nil {
			b.Fatal(err)
		}
		bare += cpu() - start
		db.Close()
		db = open(b, Options{Path: b.TempDir() + "/load.duckdb"})
		start = cpu()
		var err error
		if report, err = db.Load(b.Context(), w.spec, nil); err != nil {
			b.Fatal(err)
		}
		if _, err := db.pool.Exec("checkpoint"); err != nil {
			b.Fatal(err)
		}
		load += cpu() - start
		if testing.Verbose() {
			b.Log(query(b, db, "select step, round(seconds, 2), rows from audit.steps where seconds > 0.05 order by seconds desc"))
		}
		db.Close()
	}
	b.ReportMetric(bare.Seconds()/float64(b.N), "bare-cpu-s")
	b.ReportMetric(load.Seconds()/float64(b.N), "load-cpu-s")
	b.ReportMetric(load.Seconds()/bare.Seconds(), "load/bare")
	if report.Sources[1].Loaded != int64(rows) {
		b.Fatalf("loaded %d messages of %d", report.Sources[1].Loaded, rows)
	}
}

// cpu is the processor time of this process so far.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
