package main

import (
	"cmp"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"
)

// The speed bench, `make bench-speed`: the whole `crmaudit run` against DuckDB's bare load (CREATE TABLE AS SELECT *) of the same
// Parquet files in a process with the same memory limit and threads. Ratios of one run are the result; seconds depend on the machine.
//
//	CRMAUDIT_BENCH_SPEED=DIR   where the generated data is kept between runs
//	CRMAUDIT_BENCH_SIZES       customers, comma separated; default 100000,1000000 (2 and 20 million messages)
const (
	speedMemory  = "2000MB" // of the engine; the process is to stay below 3 GB
	speedThreads = "2"
)

type measured struct {
	seconds   float64
	processor float64 // user and system seconds
	rssGB     float64
}

// measure runs cmd and returns wall seconds and peak resident memory of the process.
func measure(t *testing.T, cmd *exec.Cmd) measured {
	t.Helper()
	start := time.Now()
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(cmd.Args, " "), err, out)
	}
	used := cmd.ProcessState
	rss := used.SysUsage().(*syscall.Rusage).Maxrss
	return measured{time.Since(start).Seconds(), (used.UserTime() + used.SystemTime()).Seconds(), float64(rss) / (1 << 20)}
}

// speedBench is what every speed bench begins with: the folder of the worlds, their numbers of customers, and the program built from this tree. Without CRMAUDIT_BENCH_SPEED the test is skipped.
func speedBench(t *testing.T) (dir string, sizes []string, binary string) {
	t.Helper()
	dir = os.Getenv("CRMAUDIT_BENCH_SPEED")
	if dir == "" {
		t.Skip("set CRMAUDIT_BENCH_SPEED to a folder with 10 GB free: the speed bench generates 20 million messages")
	}
	binary = filepath.Join(t.TempDir(), "crmaudit")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return dir, strings.Split(cmp.Or(os.Getenv("CRMAUDIT_BENCH_SIZES"), "100000,1000000"), ","), binary
}

func TestSpeed(t *testing.T) {
	dir, sizes, binary := speedBench(t)
	fmt.Println("| customers | messages | blocks | bare load s | run s | ratio | run, processor s | bare GB | run GB |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|")
	for _, customers := range sizes {
		world := filepath.Join(dir, "world-"+customers)
		if _, err := os.Stat(filepath.Join(world, "truth.json")); err != nil {
			// Without the planted extra chains: 20 million messages and 5 million enrolments per million customers.
			plant := filepath.Join(t.TempDir(), "plant.yaml")
			if err := os.WriteFile(plant, []byte("scenarios: basic\n"), 0o666); err != nil {
				t.Fatal(err)
			}
			if out, err := exec.Command(binary, "simulate", "--out", world, "--seed", "1", "--customers", customers, "--weeks", "78", "--plant", plant, "--quiet").CombinedOutput(); err != nil {
				t.Fatalf("simulate: %v\n%s", err, out)
			}
		}
		bare := exec.Command(os.Args[0], "-test.run", "^TestBareLoad$", "-test.v")
		bare.Env = append(os.Environ(), "CRMAUDIT_BARE_LOAD="+world)
		b := measure(t, bare)
		out := filepath.Join(dir, "out-"+customers)
		text, err := os.ReadFile(filepath.Join(world, "audit.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		same := filepath.Join(world, "audit-speed.yaml")
		text = append(text, "\nengine: {memory_limit: "+speedMemory+", threads: "+speedThreads+"}\n"...)
		if err := os.WriteFile(same, text, 0o666); err != nil {
			t.Fatal(err)
		}
		runs := map[string]measured{}
		for _, only := range []string{"lifecycle", speedContacts, ""} {
			args := []string{"run", "-c", same, "--out", out, "--quiet"}
			if only != "" {
				args = append(args, "--only", only)
			}
			r := measure(t, exec.Command(binary, args...))
			runs[only] = r
			fmt.Printf("| %s | %d | %s | %.1f | %.1f | %.2f | %.0f | %.2f | %.2f |\n", customers, messagesIn(t, out), cmp.Or(only, "all"), b.seconds, r.seconds,
				r.seconds/b.seconds, r.processor, b.rssGB, r.rssGB)
		}
		// engine.md: overlap pairs .4, concurrency .9, collisions 1.1 and pressure .9 seconds beside a bare load of 23; of the keyed load (6.7) and all its formulations (10.8) they are 3.3 of 17.5.
		with, without := runs[speedContacts], runs["lifecycle"]
		fmt.Printf("overlap, collisions, contact policy and pressure at %s customers, above the life cycle: %.1f s, %.0f processor s = %.2f of the bare load's %.1f s (engine.md: 3.3 / 23 = .14), %.2f of its %.0f processor s, %.2f of the whole run (engine.md: 3.3 / 17.5 = .19)\n",
			customers, with.seconds-without.seconds, with.processor-without.processor, (with.seconds-without.seconds)/b.seconds, b.seconds,
			(with.processor-without.processor)/b.processor, b.processor, (with.seconds-without.seconds)/runs[""].seconds)
	}
}

// speedContacts are the blocks of which issue 3 says how much of the run they may cost, with the life cycle that they read.
const speedContacts = "lifecycle,overlap,contact"

func messagesIn(t *testing.T, out string) (n int64) {
	t.Helper()
	db, err := sql.Open("duckdb", filepath.Join(out, "audit.duckdb")+"?access_mode=read_only")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow("SELECT count(*) FROM core.messages").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestBareLoad is the child process of TestSpeed: one CREATE TABLE AS SELECT * per input into a database file.
func TestBareLoad(t *testing.T) {
	world := os.Getenv("CRMAUDIT_BARE_LOAD")
	if world == "" {
		t.Skip("child process of TestSpeed")
	}
	db, err := sql.Open("duckdb", filepath.Join(t.TempDir(), "bare.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, set := range []string{"SET memory_limit='" + speedMemory + "'", "SET threads=" + speedThreads, "SET preserve_insertion_order=false", "SET checkpoint_threshold='1GB'"} {
		if _, err := db.Exec(set); err != nil {
			t.Fatal(err)
		}
	}
	files, err := filepath.Glob(filepath.Join(world, "*.parquet"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no parquet files in %s: %v", world, err)
	}
	inputs := map[string][]string{}
	for _, f := range files {
		input, _, _ := strings.Cut(strings.TrimSuffix(filepath.Base(f), ".parquet"), "-")
		inputs[input] = append(inputs[input], "'"+f+"'")
	}
	for input, list := range inputs {
		if _, err := db.Exec("CREATE TABLE " + input + " AS SELECT * FROM read_parquet([" + strings.Join(list, ",") + "])"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.Exec("CHECKPOINT"); err != nil {
		t.Fatal(err)
	}
}
