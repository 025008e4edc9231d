package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// A run that is killed with SIGKILL, at twenty points spread over all its steps, leaves the last finished audit intact and readable, and the
// next run goes on from there and ends with the same hypotheses.
func TestKillAtTwentyPoints(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("starts forty processes")
	}
	world := smallWorld()
	dir := t.TempDir()
	audited := writeWorld(t, filepath.Join(dir, "new"), world, smallWorldConfig)
	before := map[string][]string{}
	for name, rows := range world {
		before[name] = rows[:1+len(rows)*2/3]
	}
	old := writeWorld(t, filepath.Join(dir, "old"), before, smallWorldConfig)

	// One block: what survives a kill does not depend on how many blocks there are, and the test stays short.
	clean := filepath.Join(dir, "clean")
	steps := stepsOf(t, "run", "-c", audited, "--out", clean, "--only", "lifecycle")
	if len(steps) < 20 {
		t.Fatalf("only %d steps to kill at: %v", len(steps), steps)
	}
	want := readFile(t, clean, "hypotheses.json")
	stepsOf(t, "run", "-c", old, "--out", filepath.Join(dir, "first"), "--only", "lifecycle")
	last := lastAudit{files: map[string]string{}, runID: runID(t, filepath.Join(dir, "first"))}
	for _, name := range published() {
		last.files[name] = readFile(t, dir, "first", name)
	}
	if last.files["hypotheses.json"] == want {
		t.Fatal("old and new audit are the same: the test compares nothing")
	}

	const points = 20
	var resumed atomic.Int64
	t.Run("points", func(t *testing.T) {
		for i := range points {
			step := steps[i*(len(steps)-1)/(points-1)]
			delay := time.Duration(i%4) * 3 * time.Millisecond // at the beginning of the step and a little into it
			t.Run(fmt.Sprintf("%02d %s", i+1, step), func(t *testing.T) {
				t.Parallel()
				out := filepath.Join(t.TempDir(), "out")
				last.restore(t, out)
				killAt(t, step, delay, "run", "-c", audited, "--out", out, "--only", "lifecycle")
				if runID(t, out) == last.runID {
					for name, content := range last.files {
						if name != databaseName && readFile(t, out, name) != content && !interruptedPublish(out) {
							t.Errorf("%s is not that of the last finished audit", name)
						}
					}
				} else if step != steps[len(steps)-1] {
					t.Fatal("a run that was killed in the middle has been published")
				}
				log := stepsOf(t, "run", "--resume", "-c", audited, "--out", out, "--only", "lifecycle")
				if strings.Contains(strings.Join(log, "\n"), "resume the interrupted run") {
					resumed.Add(1)
				}
				if got := readFile(t, out, "hypotheses.json"); got != want {
					t.Errorf("hypotheses of the resumed run differ from those of an undisturbed one:\n%s\nwant:\n%s", got, want)
				}
				if runID(t, out) == last.runID {
					t.Error("the resumed run has not been published")
				}
				if _, err := os.Stat(filepath.Join(out, buildingName)); err == nil {
					t.Error("the building folder is still there")
				}
			})
		}
	})
	if resumed.Load() < points/2 {
		t.Errorf("only %d of %d runs had something to resume", resumed.Load(), points)
	}
}

// lastAudit is the finished audit that must survive.
type lastAudit struct {
	files map[string]string
	runID string
}

func (l lastAudit) restore(t *testing.T, out string) {
	t.Helper()
	if err := os.MkdirAll(out, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, content := range l.files {
		if err := os.WriteFile(filepath.Join(out, name), []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// interruptedPublish tells whether the kill fell between the renames.
func interruptedPublish(out string) bool {
	_, err := os.Stat(filepath.Join(out, buildingName, databaseName))
	return err == nil
}

// program is crmaudit as a process of its own: the test binary under the name that testscript.Main gave it.
func program(args ...string) *exec.Cmd {
	return exec.Command("crmaudit", args...)
}

// stepsOf runs the program to its end and returns the lines of its log.
func stepsOf(t *testing.T, args ...string) []string {
	t.Helper()
	cmd := program(args...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("crmaudit %v: %v\n%s", args, err, stderr.String())
	}
	return strings.Split(strings.TrimSpace(stderr.String()), "\n")
}

// killAt starts the program and kills it delay after the line step has appeared on stderr.
func killAt(t *testing.T, step string, delay time.Duration, args ...string) {
	t.Helper()
	cmd := program(args...)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stderr)
	seen := false
	for lines.Scan() {
		if lines.Text() == step {
			seen = true
			time.Sleep(delay)
			if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
				t.Fatal(err)
			}
			break
		}
	}
	_, _ = io.Copy(io.Discard, stderr)
	_ = cmd.Wait() // killed
	if !seen {
		t.Fatalf("step %q did not come", step)
	}
}

// runID reads audit.runs of a finished audit: the database is whole and can be opened.
func runID(t *testing.T, out string) string {
	t.Helper()
	return mustCLI(t, "sql", "--format", "csv", "--db", filepath.Join(out, databaseName), "SELECT run_id FROM audit.runs")
}
