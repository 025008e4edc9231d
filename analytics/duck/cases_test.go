package duck

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"crmaudit/analytics"
	"crmaudit/analytics/analyticstest"
	"crmaudit/queries"

	"github.com/rogpeppe/go-internal/txtar"
	"go.yaml.in/yaml/v3"
)

// The SQL cases of testdata/sql are text, so that any engine can run them and adding one needs no Go; testdata/sql/README.md says how.
// Run them with
//
//	go test ./analytics/duck -run TestSQLCases
//	go test ./analytics/duck -run 'TestSQLCases/lifecycle/stay' -update   # write what came out into the case

var update = flag.Bool("update", false, "rewrite the expected tables of the SQL cases")

// caseSettings is the YAML before the first file of a case.
type caseSettings struct {
	Doc    string         `yaml:"doc"`
	Params map[string]any `yaml:"params"`
	Macros []struct {
		Name   string   `yaml:"name"`
		Params []string `yaml:"params"`
		Body   string   `yaml:"body"`
	} `yaml:"macros"`
}

func TestSQLCases(t *testing.T) {
	catalog, err := queries.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join("..", "..", "testdata", "sql")
	covered := map[string]bool{}
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".txtar" {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		t.Run(strings.TrimSuffix(filepath.ToSlash(name), ".txtar"), func(t *testing.T) { runCase(t, path, catalog, covered) })
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if testing.Verbose() {
		for _, m := range catalog {
			if !m.DDL && !covered[m.Table] {
				t.Logf("no case looks at %s", m.Table)
			}
		}
	}
}

func runCase(t *testing.T, path string, catalog []queries.Model, covered map[string]bool) {
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed, overridden := runText(t, path, archive, withoutOverrides(catalog), covered)
	if changed {
		if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if !t.Failed() && slices.ContainsFunc(catalog, func(m queries.Model) bool { return m.Override != "" && overridden(m.Table) }) {
		runText(t, path+" (overrides)", archive, catalog, covered)
	}
}

// withoutOverrides makes the engine run the portable texts.
func withoutOverrides(models []queries.Model) []queries.Model {
	out := slices.Clone(models)
	for i := range out {
		out[i].Override = ""
	}
	return out
}

// runText runs one case; with -update it changes the expected files of the archive and says so. ran tells whether the case builds or asks a model.
func runText(t *testing.T, path string, archive *txtar.Archive, catalog []queries.Model, covered map[string]bool) (changed bool, ran func(table string) bool) {
	ctx := context.Background()
	var settings caseSettings
	dec := yaml.NewDecoder(bytes.NewReader(archive.Comment))
	dec.KnownFields(true)
	if err := dec.Decode(&settings); err != nil && !errors.Is(err, io.EOF) {
		t.Fatalf("%s: %v", path, err)
	}
	if settings.Doc == "" {
		t.Fatalf("%s: no doc: say what the case shows", path)
	}
	byTable := map[string]queries.Model{}
	for _, m := range catalog {
		byTable[m.Table] = m
	}
	given, targets, wantError := map[string]bool{}, []string{}, ""
	for _, f := range archive.Files {
		name, isCSV := strings.CutSuffix(f.Name, ".csv")
		table, isWant := strings.CutPrefix(name, "want/")
		_, known := byTable[table]
		switch {
		case f.Name == "want/error":
			wantError = strings.TrimSpace(string(f.Data))
		case !isCSV || !known:
			t.Fatalf("%s: file %s: it must be <table>.csv, want/<table>.csv or want/error, with a table of the catalogue", path, f.Name)
		case isWant:
			targets = append(targets, table)
			covered[table] = true
		default:
			given[table] = true
		}
	}
	// A table that is given is an input, whatever makes it otherwise.
	plan := make([]queries.Model, 0, len(catalog))
	for _, m := range catalog {
		if given[m.Table] {
			m.DDL, m.Reads = true, nil
		}
		plan = append(plan, m)
	}
	plan, err := queries.Plan(plan, targets...)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	ran = func(table string) bool {
		return slices.Contains(targets, table) || slices.ContainsFunc(plan, func(m queries.Model) bool { return m.Table == table && !m.DDL })
	}
	db := open(t, Options{Models: catalog, Threads: 2})
	var macros []analytics.Macro
	for _, m := range settings.Macros {
		macros = append(macros, analytics.Macro{Name: m.Name, Params: m.Params, Body: m.Body})
	}
	for _, m := range plan {
		if m.DDL && m.Table != "audit.steps" {
			createInput(t, db, m, archive)
		}
	}
	if err := db.CreateMacros(ctx, macros); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	err = db.Build(ctx, plan, settings.Params, nil)
	if wantError != "" {
		if err == nil || !strings.Contains(err.Error(), wantError) {
			t.Errorf("%s: error %v, want one with %q", path, err, wantError)
		}
		return false, ran
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	for i, f := range archive.Files {
		name, isWant := strings.CutPrefix(f.Name, "want/")
		if !isWant {
			continue
		}
		m := byTable[strings.TrimSuffix(name, ".csv")]
		got, err := answer(ctx, db, m, settings.Params, string(f.Data))
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if want := normal(string(f.Data)); got != want {
			if *update {
				archive.Files[i].Data, changed = []byte(got), true
				continue
			}
			t.Errorf("%s: %s\ngot:\n%s\nwant:\n%s", path, m.Table, got, want)
		}
	}
	// The checks of the catalogue hold in every case that gives or builds all they read.
	built := map[string]bool{}
	for _, m := range plan {
		built[m.Table] = !m.DDL || given[m.Table] && byTable[m.Table].DDL
	}
	for _, m := range catalog {
		if !m.Audit || slices.Contains(targets, m.Table) || slices.ContainsFunc(m.Reads, func(r string) bool { return !built[r] }) {
			continue
		}
		if err := db.Audits(ctx, []queries.Model{m}, settings.Params); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	return changed, ran
}

// createInput makes a table of the case, empty when the case does not give it. Columns that the CSV leaves out are NULL. A column whose
// type in the CSV header is not one of the catalogue's gets that type of the engine: "attributes:struct(attr_city varchar)".
func createInput(t *testing.T, db *DB, m queries.Model, archive *txtar.Archive) {
	t.Helper()
	ctx := context.Background()
	conn, err := db.pool.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	var columns []analyticstest.Column
	var rows [][]*string
	for _, f := range archive.Files {
		if f.Name == m.Table+".csv" {
			if columns, rows, err = analyticstest.Parse(m.Table, string(f.Data)); err != nil {
				t.Fatal(err)
			}
		}
	}
	types := map[string]string{}
	for _, c := range columns {
		hc, ok := m.Column(c.Name)
		switch {
		case !ok && !m.MatchesExtra(c.Name):
			t.Fatalf("%s: column %s is not in %s", m.Table, c.Name, m.File)
		case sqlTypes[c.Type] != "":
			types[c.Name] = sqlTypes[c.Type]
		case c.Type != "":
			types[c.Name] = c.Type
		case ok:
			types[c.Name] = sqlTypes[hc.Type]
		default:
			types[c.Name] = "VARCHAR"
		}
	}
	names := make([]string, 0, len(columns))
	for _, c := range columns {
		names = append(names, c.Name)
	}
	for _, c := range m.Columns {
		if types[c.Name] == "" {
			types[c.Name] = sqlTypes[c.Type]
			if c.Type == queries.Struct {
				types[c.Name] = "STRUCT(attr_none VARCHAR)"
			}
			names = append(names, c.Name)
		}
	}
	definitions := make([]string, len(names))
	for i, n := range names {
		definitions[i] = ident(n) + " " + types[n]
	}
	if _, err := conn.ExecContext(ctx, "create schema if not exists "+ident(m.Schema())+"; create table "+qualified(m.Table)+" ("+strings.Join(definitions, ", ")+")"); err != nil {
		t.Fatalf("%s: %v", m.Table, err)
	}
	given := make([]string, len(rows))
	for r, row := range rows {
		values := make([]string, len(row))
		for i, cell := range row {
			values[i] = "NULL"
			if cell != nil {
				values[i] = fmt.Sprintf("cast(%s as %s)", quote(*cell), types[columns[i].Name])
			}
		}
		given[r] = "(" + strings.Join(values, ", ") + ")"
	}
	if len(rows) == 0 {
		return
	}
	text := fmt.Sprintf("insert into %s (%s) values %s", qualified(m.Table), identList(names[:len(rows[0])]), strings.Join(given, ", "))
	if _, err := conn.ExecContext(ctx, text); err != nil {
		t.Fatalf("%s: %v", m.Table, err)
	}
}

// answer returns the built table, or the rows of a check, as CSV with the columns that want names (all when it is empty).
func answer(ctx context.Context, db *DB, m queries.Model, params map[string]any, want string) (string, error) {
	var names []string
	if strings.TrimSpace(want) != "" {
		columns, _, err := analyticstest.Parse(m.Table, want)
		if err != nil {
			return "", err
		}
		for _, c := range columns {
			names = append(names, c.Name)
		}
	}
	if m.Audit {
		return auditRows(ctx, db, m, params)
	}
	if err := db.CheckSchema(ctx, m.Table); err != nil {
		return "", err
	}
	f, err := db.Fetch(ctx, m.Table)
	if err != nil {
		return "", err
	}
	for _, n := range names {
		if !f.Has(n) {
			return "", fmt.Errorf("%s has no column %s", m.Table, n)
		}
	}
	conn, err := db.pool.Conn(ctx)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	if err := checkGrain(ctx, conn, m); err != nil {
		return "", err
	}
	return analyticstest.CSV(f, names...), nil
}

// auditRows returns the rows of a check, sorted as text because a check promises no order.
func auditRows(ctx context.Context, db *DB, m queries.Model, params map[string]any) (string, error) {
	if len(m.Params("duckdb")) > 0 {
		return "", fmt.Errorf("%s: cases of checks with parameters are not supported", m.Table)
	}
	rows, err := db.Query(ctx, m.Text("duckdb"))
	if err != nil {
		return "", err
	}
	defer rows.Close()
	header := make([]string, len(rows.Columns))
	for i, c := range rows.Columns {
		header[i] = c.Name
	}
	var lines [][]string
	for row := rows.Next(); row != nil; row = rows.Next() {
		line := make([]string, len(row))
		for i, v := range row {
			if v != nil {
				line[i] = fmt.Sprint(v)
			}
		}
		lines = append(lines, line)
	}
	sort.Slice(lines, func(i, j int) bool { return slices.Compare(lines[i], lines[j]) < 0 })
	var b strings.Builder
	w := csv.NewWriter(&b)
	if err := errors.Join(w.Write(header), w.WriteAll(lines), rows.Err()); err != nil {
		return "", err
	}
	return b.String(), nil
}

// normal drops comments and spaces, so that an expected table may be laid out for reading.
func normal(text string) string {
	columns, rows, err := analyticstest.Parse("want", text)
	if err != nil {
		return text
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	header := make([]string, len(columns))
	for i, c := range columns {
		header[i] = c.Name
	}
	lines := [][]string{header}
	for _, row := range rows {
		line := make([]string, len(row))
		for i, cell := range row {
			switch {
			case cell == nil:
			case *cell == "":
				line[i] = "''"
			default:
				line[i] = *cell
			}
		}
		lines = append(lines, line)
	}
	if err := w.WriteAll(lines); err != nil {
		return text
	}
	return b.String()
}
