package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"crmaudit/analytics/duck"
	"crmaudit/queries"
)

// TestMain lets the test binary stand in for crmaudit: the scripts and the kill test start it as a process of its own.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"crmaudit": main, "hold-database": holdCommand})
}

// TestScript runs testdata/script/*.txtar: the command line as a user meets it.
func TestScript(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("..", "..", "testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", env.WorkDir)
			return nil
		},
		Condition: func(cond string) (bool, error) {
			if cond == "root" {
				return os.Geteuid() == 0, nil
			}
			return false, nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits":      exits,
			"newer-db":   newerDatabase,
			"widen":      widen,
			"as-klaviyo": asKlaviyo,
		},
	})
}

// exits runs a command and wants an exit code: exits 2 crmaudit run.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARGS]")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := "0"
	if e, ok := err.(interface{ ExitCode() int }); ok {
		code = string(rune('0' + e.ExitCode()))
	} else if err != nil {
		ts.Fatalf("run %s: %v", args[1], err)
	}
	if code != args[0] {
		ts.Fatalf("exit code %s, want %s", code, args[0])
	}
}

// newerDatabase rewrites the header of a DuckDB file as a newer DuckDB would have written it: newer-db FILE.
func newerDatabase(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: newer-db FILE")
	}
	path := ts.MkAbs(args[0])
	data, err := os.ReadFile(path)
	ts.Check(err)
	// The first block: a checksum of 8 bytes, "DUCK", the storage version. The checksum covers the other 4088 bytes.
	data[12] = 250
	sum := uint64(5381)
	for at := 8; at < 4096; at += 8 {
		sum ^= binary.LittleEndian.Uint64(data[at:]) * 0xbf58476d1ce4e5b9
	}
	binary.LittleEndian.PutUint64(data, sum)
	ts.Check(os.WriteFile(path, data, 0o666))
}

// widen replaces WIDE in a file by so many letters: widen FILE 2000000.
func widen(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: widen FILE LETTERS")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	text := ts.ReadFile(args[0])
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.ReplaceAll(text, "WIDE", strings.Repeat("x", n))), 0o666))
}

// cli runs the program in this process.
func cli(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(context.Background(), args, bytes.NewReader(nil), &out, &errs)
	return out.String(), errs.String(), code
}

func mustCLI(t *testing.T, args ...string) string {
	t.Helper()
	out, errs, code := cli(t, args...)
	if code != 0 {
		t.Fatalf("crmaudit %v: exit %d\n%s", args, code, errs)
	}
	return out
}

func TestHelpGolden(t *testing.T) {
	text := mustCLI(t, "help")
	for _, c := range commands() {
		if c.name == "run" || c.name == "sql" {
			text += "\n-----\n" + mustCLI(t, "help", c.name)
		}
		if mustCLI(t, "help", c.name) != mustCLI(t, c.name, "--help") {
			t.Errorf("help %s and %s --help differ", c.name, c.name)
		}
	}
	golden(t, "help.txt", text)
}

// TABLES.md of the catalogue is kept, so that a change of a table shows in the review.
func TestTablesGolden(t *testing.T) {
	models, err := queries.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "TABLES.md", duck.Markdown(models))
}
