// Package queries is the catalogue of SQL models: one file, one SELECT, one table. It reads the embedded files, checks them, orders them and
// lints them; it runs nothing and imports nothing of this program.
//
// A file queries/<schema>/<name>.sql makes the table <schema>.<name> and starts with a strict YAML header:
//
//	/*---
//	table: lifecycle.red_transitions
//	grain: [period, from_stage, to_stage, bucket]
//	reads: [lifecycle.fct_stage_runs]
//	doc: Moves from one period to the next complete one.
//	max_rows: 500000
//	columns:
//	  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
//	---*/
//	select ...
//
// Keys: table, block, grain, reads, doc, max_rows, view, extra, columns; of a column: name, type, unit, doc, nullable. An unknown key is an error.
// What follows the header decides the kind:
//
//   - a SELECT is materialised as a table, or becomes a view with `view: true`;
//   - nothing at all: a table that Go or the loader writes; the columns are its DDL. A SELECT may read a table that a block writes: it is built
//     after the blocks have run (Halves);
//   - a file named audit_*.sql is a check: its SELECT must return no rows, and it makes no table (header: reads and doc).
//
// A file <name>.duckdb.sql beside it has no header: it is a faster text of the same model for the embedded engine and must pass the same
// cases. Parameters are written $name. Shims x_* come from prelude/<engine>.sql.
package queries

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"
)

//go:embed */*.sql
var files embed.FS

// The column types of a header. They name what Go receives; an engine may store an int64 in fewer bits and a string as an enumeration.
const (
	Int64     = "int64"
	Float64   = "float64"
	String    = "string"
	Bool      = "bool"
	Date      = "date"      // a calendar day, no zone
	Timestamp = "timestamp" // UTC, no zone
	Struct    = "struct"    // the engine's own record, for macros that take one; Go receives it as text
)

// Column is one documented column. Unit is "1" for counts, shares and flags, "" only for names and texts.
type Column struct {
	Name     string `yaml:"name"`
	Type     string `yaml:"type"`
	Unit     string `yaml:"unit"`
	Doc      string `yaml:"doc"`
	Nullable bool   `yaml:"nullable"` // NULL may occur; checked after the build when false
}

// Model is one file of the catalogue.
type Model struct {
	Table    string   // "lifecycle.red_transitions"
	Block    string   // the audit block that it belongs to; the schema when the header names none
	Grain    []string // the columns that identify a row; rows are handed out in this order
	Reads    []string // the tables that the SELECT reads, no more and no fewer
	Doc      string
	MaxRows  int64 // 0: not limited by the model
	Columns  []Column
	Extra    []string // name patterns of further columns that come from the user's input: "attr_*"
	View     bool     // CREATE VIEW instead of a table
	DDL      bool     // header only: written by Go or by the loader
	Audit    bool     // must return no rows
	SQL      string   // the portable text, without the header; "" when DDL
	Override string   // the text of <name>.duckdb.sql, "" when there is none
	File     string   // "queries/lifecycle/red_transitions.sql"
	Header   string   // the YAML text, for fingerprints
	body     int      // line of the file where SQL starts
}

// Schema returns the part of the table's name before the dot.
func (m Model) Schema() string { s, _, _ := strings.Cut(m.Table, "."); return s }

// Name returns the part of the table's name after the dot.
func (m Model) Name() string { _, n, _ := strings.Cut(m.Table, "."); return n }

// Reduced tells whether Go may fetch the table for statistics: its name starts with red_.
func (m Model) Reduced() bool { return strings.HasPrefix(m.Name(), "red_") }

// Text returns the SELECT for an engine ("duckdb", "clickhouse"): the override if there is one, else the portable text.
func (m Model) Text(engine string) string {
	if engine == "duckdb" && m.Override != "" {
		return m.Override
	}
	return m.SQL
}

// Params returns the names of the $parameters of the text for an engine, sorted, each once.
func (m Model) Params(engine string) []string {
	tokens, err := tokenize(m.Text(engine))
	if err != nil {
		return nil // Catalog has reported it
	}
	var out []string
	for _, t := range tokens {
		if t.kind == tokenParam && !slices.Contains(out, t.text[1:]) {
			out = append(out, t.text[1:])
		}
	}
	sort.Strings(out)
	return out
}

// Column returns the named column.
func (m Model) Column(name string) (Column, bool) {
	for _, c := range m.Columns {
		if c.Name == name {
			return c, true
		}
	}
	return Column{}, false
}

// MatchesExtra tells whether a column that the header does not list is allowed by one of the patterns of extra.
func (m Model) MatchesExtra(column string) bool {
	for _, p := range m.Extra {
		if ok, _ := path.Match(p, column); ok {
			return true
		}
	}
	return false
}

// Catalog returns all models, sorted by table. All mistakes of all files are returned at once (errors.Join), each as file:line: what.
func Catalog() ([]Model, error) { return Load(files) }

// Load is Catalog for any file system that holds <schema>/<name>.sql.
func Load(fsys fs.FS) ([]Model, error) {
	names, err := fs.Glob(fsys, "*/*.sql")
	if err != nil {
		return nil, fmt.Errorf("list models: %w", err)
	}
	sort.Strings(names)
	var models []Model
	var errs []error
	overrides := map[string]string{}
	schemas := map[string]bool{}
	for _, name := range names {
		if path.Dir(name) != "prelude" {
			schemas[path.Dir(name)] = true
		}
	}
	for _, name := range names {
		if path.Dir(name) == "prelude" {
			continue
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			errs = append(errs, fmt.Errorf("read queries/%s: %w", name, err))
			continue
		}
		if base, engine, ok := overrideOf(name); ok {
			if engine != "duckdb" {
				errs = append(errs, fmt.Errorf("queries/%s:1: override for engine %q: only <name>.duckdb.sql is used", name, engine))
				continue
			}
			overrides[base] = string(text)
			continue
		}
		m, fileErrs := parseModel(name, string(text), schemas)
		errs = append(errs, fileErrs...)
		models = append(models, m)
	}
	for i := range models {
		key := strings.TrimPrefix(models[i].File, "queries/")
		if text, ok := overrides[key]; ok {
			models[i].Override = strings.TrimSpace(text)
			delete(overrides, key)
			errs = append(errs, checkOverride(models[i], text, schemas)...)
		}
	}
	for _, base := range sortedKeys(overrides) {
		errs = append(errs, fmt.Errorf("queries/%s:1: an override without queries/%s", strings.TrimSuffix(base, ".sql")+".duckdb.sql", base))
	}
	errs = append(errs, checkReads(models)...)
	sort.Slice(models, func(i, j int) bool { return models[i].Table < models[j].Table })
	if len(errs) == 0 {
		if _, err := Plan(models); err != nil {
			errs = append(errs, err)
		}
	}
	return models, errors.Join(errs...)
}

// overrideOf splits "lifecycle/x.duckdb.sql" into "lifecycle/x.sql" and "duckdb".
func overrideOf(name string) (base, engine string, ok bool) {
	stem := strings.TrimSuffix(name, ".sql")
	ext := path.Ext(stem)
	if ext == "" {
		return "", "", false
	}
	return strings.TrimSuffix(stem, ext) + ".sql", ext[1:], true
}

// checkReads checks what needs the whole catalogue: reads exist and are not audits.
func checkReads(models []Model) []error {
	var errs []error
	byTable := map[string]Model{}
	for _, m := range models {
		byTable[m.Table] = m
	}
	for _, m := range models {
		for _, r := range m.Reads {
			switch target, ok := byTable[r]; {
			case !ok:
				errs = append(errs, m.errorf("reads", "reads %s, but there is no queries/%s.sql", r, strings.Replace(r, ".", "/", 1)))
			case target.Audit:
				errs = append(errs, m.errorf("reads", "reads %s, which is a check and makes no table", r))
			}
		}
	}
	return errs
}

// Prelude returns the shims x_* of an engine, statements separated by semicolons.
func Prelude(engine string) (string, error) {
	text, err := fs.ReadFile(files, "prelude/"+engine+".sql")
	if err != nil {
		return "", fmt.Errorf("read the prelude of engine %q: %w", engine, err)
	}
	return string(text), nil
}

// Plan returns the models that make the targets, and all they read, in an order in which every model comes after what it reads; without
// targets, all models that are not checks. The order is the same for the same catalogue. A cycle is an error that names its tables.
func Plan(models []Model, targets ...string) ([]Model, error) {
	byTable := map[string]Model{}
	var all []string
	for _, m := range models {
		byTable[m.Table] = m
		if !m.Audit {
			all = append(all, m.Table)
		}
	}
	sort.Strings(all)
	if len(targets) == 0 {
		targets = all
	} else {
		targets = slices.Clone(targets)
		sort.Strings(targets)
	}
	var out []Model
	const visiting, done = 1, 2
	state := map[string]int{}
	var stack []string
	var visit func(table, reader string) error
	visit = func(table, reader string) error {
		m, ok := byTable[table]
		if !ok {
			if reader == "" {
				return fmt.Errorf("plan: no model makes %s", table)
			}
			return fmt.Errorf("plan: %s reads %s, which no model makes", reader, table)
		}
		switch state[table] {
		case done:
			return nil
		case visiting:
			at := slices.Index(stack, table)
			return fmt.Errorf("plan: cycle: %s", strings.Join(append(slices.Clone(stack[at:]), table), " reads "))
		}
		state[table] = visiting
		stack = append(stack, table)
		for _, r := range slices.Sorted(slices.Values(m.Reads)) {
			if err := visit(r, table); err != nil {
				return err
			}
		}
		stack = stack[:len(stack)-1]
		state[table] = done
		out = append(out, m)
		return nil
	}
	for _, t := range targets {
		if err := visit(t, ""); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Results tells whether a block writes the table after it has read its reduced tables: a table without a SELECT that is neither input nor
// configuration (core) nor about the run (audit).
func (m Model) Results() bool { return m.DDL && m.Schema() != "core" && m.Schema() != "audit" }

// Halves cuts a plan in two that keep its order: before holds what can be built from the input alone; after holds the models over results,
// which read, themselves or through others, a table that a block writes, and can be built only when the blocks have run. Tables without a
// SELECT are in before.
func Halves(plan []Model) (before, after []Model) {
	late := map[string]bool{} // a block writes it, or it is made from such a table
	for _, m := range plan {
		over := slices.ContainsFunc(m.Reads, func(r string) bool { return late[r] })
		late[m.Table] = over || m.Results()
		if over {
			after = append(after, m)
		} else {
			before = append(before, m)
		}
	}
	return before, after
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
