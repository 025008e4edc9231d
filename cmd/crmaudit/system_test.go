package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"crmaudit/analytics/duck"
)

// wantFailure runs the program and wants an exit code and words on stderr.
func wantFailure(t *testing.T, code int, words []string, args ...string) {
	t.Helper()
	_, stderr, got := cli(t, args...)
	if got != code {
		t.Errorf("crmaudit %v: exit code %d, want %d\n%s", args, got, code, stderr)
	}
	for _, w := range words {
		if !strings.Contains(stderr, w) {
			t.Errorf("crmaudit %v: stderr does not say %q:\n%s", args, w, stderr)
		}
	}
}

const ordersConfig = `version: 1
period: {from: 2026-01-05, to: 2026-03-02}
engine: {memory_limit: 1GB, threads: 1}
sources:
  events: [{path: orders.csv}]
`

var ordersFile = map[string][]string{"orders.csv": {"customer_id,name,occurred_at,value", "a,order,2026-01-06,10", "b,order,2026-01-20,12"}}

func TestTwoRunsOnOneFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	config := writeWorld(t, dir, ordersFile, ordersConfig)
	out := filepath.Join(dir, "out")
	held, _, err := openFolder(out, false)
	if err != nil {
		t.Fatal(err)
	}
	wantFailure(t, 1, []string{"another crmaudit run is writing into " + out, "--out"}, "run", "-q", "-c", config, "--out", out)
	held.close()
	mustCLI(t, "run", "-q", "-c", config, "--out", out, "--only", "lifecycle")
}

// holdCommand is a process that keeps a database open for writing until its stdin ends.
func holdCommand() {
	db, err := duck.Open(context.Background(), duck.Options{Path: os.Args[1]})
	if err != nil {
		panic(err)
	}
	defer db.Close()
	os.Stdout.WriteString("held\n")
	_, _ = os.Stdin.Read(make([]byte, 1))
}

func TestDatabaseHeldByAnotherProcess(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	config := writeWorld(t, dir, ordersFile, ordersConfig)
	out := filepath.Join(dir, "out")
	mustCLI(t, "run", "-q", "-c", config, "--out", out, "--only", "lifecycle")
	path := filepath.Join(out, databaseName)
	hold := exec.Command("hold-database", path)
	stdin, err := hold.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := hold.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := hold.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := stdout.Read(make([]byte, 5)); err != nil {
		t.Fatal(err)
	}
	wantFailure(t, 1, []string{"in use by", "wait until that ends"}, "sql", "--db", path, "SELECT 1")
	// A run replaces the file beside the one that is held, and does not care.
	mustCLI(t, "run", "-q", "-c", config, "--out", out, "--only", "lifecycle")
	if err := errors.Join(stdin.Close(), hold.Wait()); err != nil {
		t.Fatal(err)
	}
	if got := mustCLI(t, "sql", "--db", path, "--format", "csv", "SELECT count(*) AS n FROM core.orders"); got != "n\n2\n" {
		t.Errorf("after the replacement: %q", got)
	}
}

// A polite interruption is an exit code 1 that says how to go on, and --resume goes on.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	config := writeWorld(t, dir, smallWorld(), smallWorldConfig)
	out := filepath.Join(dir, "out")
	cmd := program("run", "-c", config, "--out", out)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	buffer := make([]byte, 1<<16)
	for sent := false; ; {
		n, err := stderr.Read(buffer)
		said.Write(buffer[:n])
		if !sent && strings.Contains(said.String(), "lifecycle.fct_") {
			sent = true
			if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
				t.Fatal(err)
			}
		}
		if err != nil {
			break
		}
	}
	exit := &exec.ExitError{}
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Fatalf("an interrupted run ends with %v, want exit code 1\n%s", err, said.String())
	}
	for _, words := range []string{"crmaudit: interrupted", "--resume"} {
		if !strings.Contains(said.String(), words) {
			t.Errorf("the message does not say %q:\n%s", words, said.String())
		}
	}
	if log := strings.Join(stepsOf(t, "run", "--resume", "-c", config, "--out", out), "\n"); !strings.Contains(log, "resume the interrupted run") {
		t.Errorf("nothing was resumed:\n%s", log)
	}
}

// A resumed run repeats only what is not there: no step of the load, no model.
func TestResumeReusesSteps(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	config := writeWorld(t, dir, smallWorld(), smallWorldConfig)
	out := filepath.Join(dir, "out")
	killAt(t, "analyse lifecycle", 0, "run", "-c", config, "--out", out, "--only", "lifecycle")
	work := filepath.Join(out, buildingName, workName)
	before := stepTimes(t, work)
	if len(before) < 20 {
		t.Fatalf("only %d steps before the kill", len(before))
	}
	mustCLI(t, "run", "-q", "--resume", "-c", config, "--out", out, "--only", "lifecycle")
	after := stepTimes(t, filepath.Join(out, databaseName))
	for step, seconds := range before {
		if after[step] != seconds {
			t.Errorf("step %s was done again", step)
		}
	}
	// Changed input is not reused.
	killAt(t, "analyse lifecycle", 0, "run", "-c", config, "--out", out, "--only", "lifecycle")
	fewer := smallWorld()
	fewer["events.csv"] = fewer["events.csv"][:100]
	writeWorld(t, dir, fewer, smallWorldConfig)
	mustCLI(t, "run", "-q", "--resume", "-c", config, "--out", out, "--only", "lifecycle")
	if got := mustCLI(t, "sql", "--format", "csv", "--db", filepath.Join(out, databaseName), "SELECT rows_read FROM audit.sources WHERE input = 'events'"); got != "rows_read\n99\n" {
		t.Errorf("the changed file was not read again: %q", got)
	}
}

// A resumed run with another configuration is the run of that configuration, not a mix.
func TestResumeWithAnotherConfiguration(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	config := writeWorld(t, dir, smallWorld(), smallWorldConfig)
	out, clean := filepath.Join(dir, "out"), filepath.Join(dir, "clean")
	killAt(t, "analyse lifecycle", 0, "run", "-c", config, "--out", out, "--only", "lifecycle")
	other := strings.Replace(smallWorldConfig, "lifecycle: {history_complete: true}",
		"lifecycle: {history_complete: true, stages: [{name: fresh, when: recency_days <= 21}, {name: rest, when: 'true'}]}", 1)
	config = writeWorld(t, dir, smallWorld(), strings.Replace(other, "grain: week", "grain: month", 1))
	mustCLI(t, "run", "-q", "-c", config, "--out", clean, "--only", "lifecycle")
	mustCLI(t, "run", "-q", "--resume", "-c", config, "--out", out, "--only", "lifecycle")
	if got, want := readFile(t, out, "hypotheses.json"), readFile(t, clean, "hypotheses.json"); got != want || !strings.Contains(got, "fresh") {
		t.Errorf("hypotheses of the resumed run:\n%s\nwant:\n%s", got, want)
	}
}

// What cannot be resumed says so.
func TestResumeOnGarbage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	config := writeWorld(t, dir, ordersFile, ordersConfig)
	out := filepath.Join(dir, "out")
	if err := os.MkdirAll(filepath.Join(out, buildingName), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(out, buildingName, workName), []byte("no database"), 0o666); err != nil {
		t.Fatal(err)
	}
	_, stderr, code := cli(t, "run", "-q", "--resume", "-c", config, "--out", out)
	if code == 0 || !strings.Contains(stderr, "without --resume") {
		t.Errorf("exit code %d\n%s", code, stderr)
	}
	mustCLI(t, "run", "-q", "-c", config, "--out", out, "--only", "lifecycle")
}

// stepTimes are the seconds of every step that Build and Load record with a fingerprint of their input.
func stepTimes(t *testing.T, path string) map[string]string {
	t.Helper()
	db, err := duck.Open(t.Context(), duck.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(t.Context(), "SELECT step, seconds FROM audit.steps WHERE step LIKE 'load%' OR step LIKE 'lifecycle.fct%' OR step LIKE 'lifecycle.red%'")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	times := map[string]string{}
	for row := rows.Next(); row != nil; row = rows.Next() {
		times[cellText(row[0], "")] = cellText(row[1], "")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return times
}

func TestBinaryFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	config := writeWorld(t, dir, ordersFile, ordersConfig)
	rng := rand.New(rand.NewPCG(3, 4))
	noise := make([]byte, 100_000)
	for i := range noise {
		noise[i] = byte(rng.Uint32())
	}
	if err := os.WriteFile(filepath.Join(dir, "orders.csv"), noise, 0o666); err != nil {
		t.Fatal(err)
	}
	_, stderr, code := cli(t, "check", "-q", "-c", config)
	if code != 2 && code != 3 {
		t.Errorf("exit code %d for a binary file\n%s", code, stderr)
	}
	if !strings.Contains(stderr, "orders.csv") || len(stderr) > 5000 || strings.ContainsFunc(stderr, func(r rune) bool { return r < ' ' && r != '\n' }) {
		t.Errorf("unclear words about a binary file:\n%q", stderr)
	}
}

// Folders and files that may not be read or written. Root may do everything, so as root the program runs as nobody.
func TestNoPermission(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for d := dir; d != os.TempDir() && d != "/"; d = filepath.Dir(d) {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Skipf("nobody could not enter the test's folder: %v", err)
		}
	}
	binary := filepath.Join(dir, "crmaudit")
	self, err := os.Executable()
	if err == nil {
		err = os.Link(self, binary)
	}
	if err != nil {
		t.Skipf("the program cannot be linked: %v", err)
	}
	config := writeWorld(t, filepath.Join(dir, "world"), ordersFile, ordersConfig)
	closed, open := filepath.Join(dir, "closed"), filepath.Join(dir, "open")
	if err := errors.Join(os.Mkdir(closed, 0o555), os.Mkdir(open, 0o777), os.Chmod(open, 0o777)); err != nil {
		t.Fatal(err)
	}
	want := func(code int, words []string, args ...string) {
		t.Helper()
		cmd := exec.Command(binary, args...)
		cmd.Env = append(os.Environ(), "TMPDIR="+open)
		if os.Geteuid() == 0 {
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		}
		out, err := cmd.CombinedOutput()
		exit := &exec.ExitError{}
		if !errors.As(err, &exit) || exit.ExitCode() != code {
			t.Errorf("crmaudit %v: %v, want exit code %d\n%s", args, err, code, out)
		}
		for _, w := range words {
			if !strings.Contains(string(out), w) {
				t.Errorf("crmaudit %v does not say %q:\n%s", args, w, out)
			}
		}
	}
	want(1, []string{"permission", closed}, "run", "-q", "-c", config, "--out", filepath.Join(closed, "out"))
	if err := os.Chmod(filepath.Join(dir, "world", "orders.csv"), 0); err != nil {
		t.Fatal(err)
	}
	want(3, []string{"orders.csv", "no permission", "audit.yaml:5"}, "run", "-q", "-c", config, "--out", filepath.Join(open, "out"))
	if err := os.Chmod(config, 0); err != nil {
		t.Fatal(err)
	}
	want(2, []string{"audit.yaml", "permission"}, "check", "-q", "-c", config)
}

// A full disk is an exit code 1 that says so; the last finished audit on that disk is intact, and with room the run goes on.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	small := filepath.Join(dir, "small")
	if err := os.Mkdir(small, 0o777); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=240m", "tmpfs", small).CombinedOutput(); err != nil {
		t.Skipf("a small file system cannot be mounted here: %s", out)
	}
	t.Cleanup(func() {
		// Lazy: a program that a parallel test has started meanwhile may have inherited an open file of the engine, and keeps it until it ends.
		if out, err := exec.Command("umount", "-l", small).CombinedOutput(); err != nil {
			t.Errorf("umount: %v %s", err, out)
		}
	})
	config := writeWorld(t, filepath.Join(dir, "world"), smallWorld(), smallWorldConfig)
	out := filepath.Join(small, "out")
	mustCLI(t, "run", "-q", "-c", config, "--out", out)
	before := runID(t, out)
	ballast := filepath.Join(small, "ballast")
	var fs syscall.Statfs_t
	if err := syscall.Statfs(small, &fs); err != nil {
		t.Fatal(err)
	}
	free := int(fs.Bavail)*int(fs.Bsize) - 4<<20
	if free < 0 {
		t.Fatal("the audit does not fit into the small file system")
	}
	if err := os.WriteFile(ballast, make([]byte, free), 0o666); err != nil {
		t.Fatal(err)
	}
	wantFailure(t, 1, []string{"disk is full"}, "run", "-q", "-c", config, "--out", out)
	if runID(t, out) != before {
		t.Error("the last finished audit is not intact")
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	mustCLI(t, "run", "-q", "--resume", "-c", config, "--out", out)
	if runID(t, out) != before {
		t.Error("the resumed run has another result")
	}
}
