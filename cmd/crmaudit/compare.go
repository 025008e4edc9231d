package main

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"crmaudit/analytics"
	"crmaudit/analytics/backlog"
	"crmaudit/analytics/duck"
	"crmaudit/analytics/report"
)

// renamesConfig says what is called differently since the last audit: old name to new name.
type renamesConfig struct {
	Stages    map[string]string `yaml:"stages,omitempty"`
	Scenarios map[string]string `yaml:"scenarios,omitempty"`
	Segments  map[string]string `yaml:"segments,omitempty"`
}

// parts are the three lists by the word that core.cfg_renames has for them.
func (r renamesConfig) parts() map[string]map[string]string {
	return map[string]map[string]string{"stages": r.Stages, "scenarios": r.Scenarios, "segments": r.Segments}
}

func (r renamesConfig) validate(add func(path, format string, args ...any)) {
	for part, names := range r.parts() {
		from := map[string]string{}
		for _, old := range sortedKeys(names) {
			path, now := "renames."+part+"."+old, names[old]
			switch {
			case old == "" || now == "":
				add(path, "a name is empty: old name: new name")
			case from[now] != "":
				add(path, "%q and %q are both renamed to %q: one old name for each new one", shorten(from[now]), shorten(old), shorten(now))
			}
			from[now] = old
		}
	}
}

// renames is core.cfg_renames.
func (c *config) renames() analytics.Table {
	t := analytics.Table{Name: "core.cfg_renames", Columns: []string{"part", "old_name", "new_name"}}
	parts := c.Renames.parts()
	for _, part := range sortedKeys(parts) {
		for _, old := range sortedKeys(parts[part]) {
			t.Rows = append(t.Rows, []any{part, old, parts[part][old]})
		}
	}
	return t
}

func compareCommand() command {
	return command{
		name:  "compare",
		args:  "--before A.duckdb --after B.duckdb [--out FILE] [--format markdown|json] [--language ru|en] [--force]",
		short: "two audits side by side: what is new, what persists, what came true",
		long: `Puts two finished audits side by side: findings new, persisting and resolved; hypotheses of the earlier audit confirmed or refuted by an experiment since then, or not tried;
key rates with intervals for their change, at an unchanged mix of scenarios and stages. A change between two audits is before and after, not an effect.

Stages, scenarios and segments that were renamed are named under renames: in the audit.yaml of the later audit. The same comparison becomes a section of the report and
tables of the database when the later audit is made with crmaudit run --before A.duckdb.

  crmaudit compare --before q2/audit.duckdb --after q3/audit.duckdb --out q3-against-q2.md`,
		prepare: func(flags *pflag.FlagSet) func(context.Context, *environment, []string) error {
			before := flags.String("before", "", "audit.duckdb of the earlier audit (required)")
			after := flags.String("after", "", "audit.duckdb of the later audit (required)")
			out := flags.String("out", "-", "file to write, - for stdout")
			format := flags.String("format", "markdown", "markdown (a document) or json (an object with the tables compared_*)")
			language := flags.String("language", "", "language of the document, ru or en (default: that of the later audit)")
			force := flags.Bool("force", false, "replace an existing file")
			return func(ctx context.Context, env *environment, args []string) error {
				if err := noArguments("compare", args); err != nil {
					return err
				}
				switch {
				case *before == "" || *after == "":
					return analytics.Usagef("compare: name both databases: --before A.duckdb --after B.duckdb")
				case !slices.Contains([]string{"markdown", "json"}, *format):
					return analytics.Usagef("compare: --format: unknown form %q: markdown or json", *format)
				case !slices.Contains([]string{"", "ru", "en"}, *language):
					return analytics.Usagef("compare: --language: unknown language %q: ru or en", *language)
				}
				if err := mayWrite("compare", *out, *force); err != nil {
					return err
				}
				return compareAudits(ctx, env, *before, *after, *out, *format, *language)
			}
		},
	}
}

func compareAudits(ctx context.Context, env *environment, before, after, out, format, language string) (err error) {
	older, err := readFinished(ctx, before)
	if err != nil {
		return err
	}
	db, err := openFinished(ctx, after)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	later, err := backlog.ReadAudit(ctx, db)
	if err != nil {
		return advise(err, "Is "+after+" a database that `crmaudit run` made?")
	}
	renames, err := readRenames(ctx, db)
	if err != nil {
		return err
	}
	if later.From.Before(older.From) {
		env.log.Warn("the audit given as --after begins before the one given as --before")
	}
	memory, err := duck.Open(ctx, duck.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, memory.Close()) }()
	for _, t := range backlog.Compare(older, later, compareOptions(defaultConfig(), renames)).Tables() {
		if err := memory.Write(ctx, t); err != nil {
			return err
		}
	}
	write := func(w io.Writer) error {
		return report.WriteComparison(ctx, w, comparedSource{db, memory}, format, language)
	}
	if out == "-" {
		return write(env.stdout)
	}
	return writeWhole(out, write)
}

// compareWith puts the audit that is being written beside the last one: tables of the comparison, and the status of every hypothesis.
func (r *finished) compareWith(ctx context.Context, db *duck.DB, before *backlog.Audit) error {
	after, err := backlog.ReadAudit(ctx, db)
	if err != nil {
		return err
	}
	renames, err := readRenames(ctx, db)
	if err != nil {
		return err
	}
	c := backlog.Compare(before, after, compareOptions(*r.config, renames))
	c.Statuses(r.hypotheses)
	for _, t := range append(c.Tables(), backlog.Table(r.hypotheses)) {
		if err := db.Write(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

// readFinished reads what a comparison needs of an audit, and closes it.
func readFinished(ctx context.Context, path string) (a *backlog.Audit, err error) {
	db, err := openFinished(ctx, path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	a, err = backlog.ReadAudit(ctx, db)
	if err != nil {
		return nil, advise(err, "Is "+path+" a database that `crmaudit run` of this version made?")
	}
	return a, nil
}

// readRenames reads core.cfg_renames; an audit of an older version has none.
func readRenames(ctx context.Context, db *duck.DB) (backlog.Renames, error) {
	r := backlog.Renames{Stages: map[string]string{}, Scenarios: map[string]string{}, Segments: map[string]string{}}
	f, err := db.Fetch(ctx, "core.cfg_renames")
	if err != nil {
		return r, ctx.Err()
	}
	part, old, now := f.String("part"), f.String("old_name"), f.String("new_name")
	for i := range part {
		map[string]map[string]string{"stages": r.Stages, "scenarios": r.Scenarios, "segments": r.Segments}[part[i]][old[i]] = now[i]
	}
	return r, nil
}

func compareOptions(c config, r backlog.Renames) backlog.CompareOptions {
	return backlog.CompareOptions{Renames: r, Margins: c.Decision.Equivalence, FDR: c.Decision.FDR}
}

// comparedSource is an audit beside a database in memory that holds the tables of a comparison.
type comparedSource struct{ audit, compared *duck.DB }

// Fetch returns a table of the comparison, else of the audit.
func (s comparedSource) Fetch(ctx context.Context, table string) (*analytics.Frame, error) {
	if strings.HasPrefix(table, "analytics.compared") {
		return s.compared.Fetch(ctx, table)
	}
	return s.audit.Fetch(ctx, table)
}
