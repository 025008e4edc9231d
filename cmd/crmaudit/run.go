package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"crmaudit/analytics"
	"crmaudit/analytics/backlog"
	"crmaudit/analytics/contact"
	"crmaudit/analytics/duck"
	"crmaudit/analytics/ingest"
	"crmaudit/analytics/report"
	"crmaudit/lifecycle"
	"crmaudit/queries"
)

// defaultOut is where a run writes when --out does not say.
const defaultOut = "crmaudit-out"

func runCommand() command {
	return command{
		name:  "run",
		args:  "-c audit.yaml [--out DIR] [--only BLOCK,...] [--resume] [--before A.duckdb] [--fail-on GRADE]",
		short: "the audit: load, analyse, write database, report and backlog",
		long: `Loads the sources of audit.yaml, runs the audit blocks and writes DIR/audit.duckdb, DIR/report.html, DIR/hypotheses.csv, DIR/hypotheses.json and
DIR/TABLES.md. The work is done in DIR/.crmaudit-building and renamed at the end: whatever stops the process, DIR/audit.duckdb stays the last
finished audit. --resume goes on from the last finished step of an interrupted run; steps whose input files, configuration or SQL have changed
are done again.

With --before and the audit.duckdb of the last audit, the report has a section on what changed since, the database the tables analytics.compared*, and every hypothesis its status.

The exit code does not depend on what is found, unless --fail-on A, B, C or D is given: then it is 4 when there is a hypothesis of that grade
of evidence or a better one.`,
		prepare: func(flags *pflag.FlagSet) func(context.Context, *environment, []string) error {
			file := flags.StringP("config", "c", "", "the configuration (required)")
			out := flags.String("out", defaultOut, "folder of the results")
			only := flags.StringSlice("only", nil, "run these blocks only: "+strings.Join(blockNames(), ", "))
			resume := flags.Bool("resume", false, "go on from the last finished step of an interrupted run")
			before := flags.String("before", "", "audit.duckdb of the last audit, to compare with")
			failOn := flags.String("fail-on", "", "exit with 4 when there is a hypothesis of this grade or better: A, B, C or D")
			return func(ctx context.Context, env *environment, args []string) error {
				if err := noArguments("run", args); err != nil {
					return err
				}
				if *file == "" {
					return advise(analytics.Usagef("run: no configuration"), "Name it with -c audit.yaml, or make one with `crmaudit init PATH`.")
				}
				for _, name := range *only {
					if names := blockNames(); !slices.Contains(names, name) {
						return advise(analytics.Usagef("run: --only: unknown block %q", name), "The blocks are "+strings.Join(names, ", ")+".")
					}
				}
				if !slices.Contains([]string{"", "A", "B", "C", "D"}, *failOn) {
					return analytics.Usagef("run: --fail-on: unknown grade %q: A, B, C or D", *failOn)
				}
				c, err := loadConfig(*file)
				if err != nil {
					return err
				}
				var older *backlog.Audit
				if *before != "" {
					if older, err = readFinished(ctx, *before); err != nil {
						return err
					}
				}
				result, err := audit(ctx, env, c, runOptions{dir: *out, only: *only, resume: *resume, before: older})
				if err != nil {
					return err
				}
				if err := result.summary(env.stdout); err != nil {
					return err
				}
				return result.failOn(*failOn)
			}
		},
	}
}

// finished is what a run leaves for those who call it.
type finished struct {
	config     *config
	dir        string
	seconds    float64
	sources    []ingest.Source
	findings   []analytics.Finding
	hypotheses []analytics.Hypothesis
	texts      *report.Texts
}

// gradeError is a wish of --fail-on come true; it has an exit code of its own.
type gradeError struct{ text string }

func (e *gradeError) Error() string { return e.text }

func (r *finished) failOn(grade string) error {
	if grade == "" {
		return nil
	}
	n := 0
	for _, h := range r.hypotheses {
		if string(h.Grade) <= grade {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return &gradeError{fmt.Sprintf("--fail-on %s: %d hypotheses of this grade or better; the audit itself is finished", grade, n)}
}

// runOptions is how a run is done; what it does stands in audit.yaml.
type runOptions struct {
	dir    string
	only   []string
	resume bool
	before *backlog.Audit // the last audit, nil without one
}

// audit is the whole run: build beside, publish at the end.
func audit(ctx context.Context, env *environment, c *config, o runOptions) (result *finished, err error) {
	start := time.Now()
	models, err := queries.Catalog()
	if err != nil {
		return nil, fmt.Errorf("read the models: %w", err)
	}
	f, resumed, err := openFolder(o.dir, o.resume)
	if err != nil {
		return nil, err
	}
	defer f.close()
	switch {
	case resumed:
		env.log.Info("resume the interrupted run in " + o.dir)
	case o.resume:
		env.log.Info("nothing to resume in " + o.dir + ": start from the beginning")
	}
	db, err := duck.Open(ctx, c.engineOptions(f.building(workName)))
	if err != nil {
		if resumed {
			err = advise(err, "What the interrupted run left cannot be used: run again without --resume.")
		}
		return nil, err
	}
	defer func() {
		if db != nil {
			err = errors.Join(err, db.Close())
		}
	}()
	result = &finished{config: c, dir: o.dir}
	if err := build(ctx, env, c, db, f, models, o, result); err != nil {
		return nil, err
	}
	env.progress.report("publish", 0, 1)
	err = db.Finish(ctx, f.building(databaseName))
	db = nil
	if err != nil {
		return nil, err
	}
	if err := f.publish(); err != nil {
		return nil, err
	}
	env.progress.finish()
	result.seconds = time.Since(start).Seconds()
	return result, nil
}

func (c *config) engineOptions(path string) duck.Options {
	return duck.Options{Path: path, MemoryLimit: c.Engine.MemoryLimit, Threads: c.Engine.Threads, TempDirectory: c.resolve(c.Engine.TempDirectory)}
}

// build fills the database and writes the other files of the audit into the building folder.
func build(ctx context.Context, env *environment, c *config, db *duck.DB, f *folder, models []queries.Model, o runOptions, result *finished) error {
	loaded, err := load(ctx, env, c, db, f.building())
	if err != nil {
		return err
	}
	result.sources = loaded.Sources
	rules, err := compileRules(ctx, c, db)
	if err != nil {
		return err
	}
	every := blocks(c, rules)
	chosen := slices.DeleteFunc(slices.Clone(every), func(b analytics.Block) bool { return !chosen(b, o.only) })
	plan, err := modelsOf(models, chosen)
	if err != nil {
		return err
	}
	var macros []analytics.Macro
	params := map[string]any{}
	zones, err := c.zoneOffsets(ctx, db)
	if err != nil {
		return err
	}
	if err := db.WriteConfig(ctx, append(c.definitions(), zones, c.renames())); err != nil {
		return err
	}
	for _, b := range every { // a block may read models of another one
		if err := db.WriteConfig(ctx, b.Config); err != nil {
			return err
		}
		macros = append(macros, b.Macros...)
		maps.Copy(params, b.Params)
	}
	if err := db.CreateMacros(ctx, macros); err != nil {
		return err
	}
	if err := db.Build(ctx, plan.before, params, env.progress.report); err != nil {
		return err
	}
	settings := c.settings(loaded.Inputs())
	coverage := analytics.Table{Name: "analytics.coverage", Columns: []string{"block", "input", "present", "answers", "note"}}
	keep := func(r *analytics.Result) error {
		for _, t := range r.Tables {
			if err := db.Write(ctx, t); err != nil {
				return err
			}
		}
		result.findings = append(result.findings, r.Findings...)
		for _, row := range r.Coverage {
			coverage.Rows = append(coverage.Rows, []any{row.Block, row.Input, row.Present, row.Answers, row.Note})
		}
		return nil
	}
	orders, err := orderCoverage(ctx, db)
	if err != nil {
		return err
	}
	vendors, err := profileCoverage(ctx, c, db, loaded.Inputs())
	if err != nil {
		return err
	}
	if err := keep(&analytics.Result{Coverage: append(orders, vendors...)}); err != nil {
		return err
	}
	second := make([]func(context.Context, analytics.Source) (*analytics.Result, error), len(chosen))
	for i, b := range chosen {
		env.progress.report("analyse "+b.Name, int64(i), int64(len(chosen)))
		r, err := b.Run(ctx, db, settings)
		if err != nil {
			return fmt.Errorf("analyse %s: %w", b.Name, err)
		}
		if err := keep(r); err != nil {
			return err
		}
		second[i] = r.Then
	}
	if err := db.Build(ctx, plan.after, params, env.progress.report); err != nil {
		return err
	}
	for i, b := range chosen {
		if second[i] == nil {
			continue
		}
		r, err := second[i](ctx, db)
		if err != nil {
			return fmt.Errorf("analyse %s over its results: %w", b.Name, err)
		}
		if err := keep(r); err != nil {
			return err
		}
	}
	contact.LinkCollisions(result.findings)
	env.progress.report("write the results", 0, 1)
	result.texts, err = report.LoadTexts()
	if err != nil {
		return err
	}
	made, err := c.makeBacklog(ctx, db, result, settings, chosen)
	if err != nil {
		return err
	}
	result.hypotheses = made.Hypotheses
	run, err := c.runTable(loaded.Sources)
	if err != nil {
		return err
	}
	slices.SortFunc(coverage.Rows, func(a, b []any) int {
		return cmp.Or(strings.Compare(a[0].(string), b[0].(string)), strings.Compare(a[1].(string), b[1].(string)))
	})
	for _, t := range append(made.Tables(), result.texts.FindingsTable(result.findings), coverage, run) {
		if err := db.Write(ctx, t); err != nil {
			return err
		}
	}
	if o.before != nil {
		if err := result.compareWith(ctx, db, o.before); err != nil {
			return err
		}
	}
	if err := db.Describe(ctx); err != nil {
		return err
	}
	env.progress.report("check the results", 0, int64(len(plan.audits)))
	if err := db.Audits(ctx, plan.audits, params); err != nil {
		return err
	}
	env.progress.report("write the report", 0, 1)
	for _, out := range []struct {
		name    string
		content func(io.Writer) error
	}{
		{"TABLES.md", func(w io.Writer) error { _, err := io.WriteString(w, duck.Markdown(models)); return err }},
		{"hypotheses.csv", func(w io.Writer) error { return backlog.WriteCSV(w, result.hypotheses) }},
		{"hypotheses.json", func(w io.Writer) error { return backlog.WriteJSON(w, result.hypotheses) }},
		{"report.html", func(w io.Writer) error {
			return report.Write(ctx, w, db, report.Options{Language: c.Language, Version: version})
		}},
	} {
		if err := f.write(out.name, out.content); err != nil {
			return err
		}
	}
	return nil
}

// load reads the sources into db and locks it: from here on nothing that the user wrote can reach files or the network.
func load(ctx context.Context, env *environment, c *config, db *duck.DB, temp string) (ingest.Report, error) {
	spec := c.spec()
	spec.TempDir = temp
	loaded, err := db.Load(ctx, spec, env.progress.report)
	if err != nil {
		return loaded, c.locate(err)
	}
	warnings := append(c.warnings(), loaded.Warnings...)
	if len(c.namedChannels()) > 0 {
		channels, err := namesIn(ctx, db, `SELECT DISTINCT CAST(channel AS VARCHAR) AS channel FROM core.messages WHERE channel IS NOT NULL ORDER BY channel`)
		if err != nil {
			return loaded, err
		}
		if len(channels) > 0 {
			warnings = append(warnings, c.channelWarnings(channels)...)
		}
	}
	for _, w := range warnings {
		env.log.Warn(w)
	}
	for _, s := range loaded.Sources {
		env.log.Debug("loaded "+s.Path, "input", s.Input, "rows", s.Read, "loaded", s.Loaded, "rejected", s.Rejected, "duplicate", s.Duplicate,
			"outside", s.Outside, "excluded", s.Excluded, "dialect", s.Dialect)
	}
	rows := int64(0)
	for _, s := range loaded.Sources {
		rows += s.Loaded
	}
	if c.Engine.Threads == 0 && rows < smallAudit {
		if err := db.SetThreads(ctx, 1); err != nil {
			return loaded, err
		}
	}
	return loaded, db.Lock(ctx)
}

// smallAudit is the number of loaded rows below which one thread is faster: the models are then so short that threads mostly wait for each other (107,000 rows: 24.5 processor seconds with two
// threads, 15.8 with one).
const smallAudit = 500_000

// compileRules compiles the stage rules, and checks those of segments, now that the attributes of customers are known.
func compileRules(ctx context.Context, c *config, db *duck.DB) (rules lifecycle.Rules, err error) {
	attrs, err := namesIn(ctx, db, `SELECT column_name FROM information_schema.columns
		WHERE table_catalog = current_database() AND table_schema = 'core' AND table_name = 'customers' AND starts_with(column_name, 'attr_')
		ORDER BY ordinal_position`)
	if err != nil {
		return rules, err
	}
	if err := c.locateAll(append(c.Lifecycle.Validate(attrs), c.segmentMistakes(attrs)...)); err != nil {
		return rules, err
	}
	return lifecycle.Compile(c.Lifecycle, attrs)
}

// namesIn is the first column of a query as texts, never nil.
func namesIn(ctx context.Context, db *duck.DB, query string) ([]string, error) {
	rows, err := db.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	names := []string{}
	for row := rows.Next(); row != nil; row = rows.Next() {
		names = append(names, fmt.Sprint(row[0]))
	}
	return names, errors.Join(rows.Err(), rows.Close())
}

// runTable is the one row of audit.runs.
func (c *config) runTable(sources []ingest.Source) (analytics.Table, error) {
	sum, err := c.sha256()
	if err != nil {
		return analytics.Table{}, err
	}
	parts := []string{version, sum, fmt.Sprint(c.Seed)}
	for _, s := range sources {
		parts = append(parts, s.Input, filepath.Base(s.Path), fmt.Sprint(s.Read, s.Loaded, s.Rejected, s.Duplicate, s.Outside, s.Excluded))
	}
	day := func(s string) time.Time { t, _ := time.Parse(time.DateOnly, s); return t } // validate has checked it
	return analytics.Table{
		Name:    "audit.runs",
		Columns: []string{"run_id", "version", "config_sha256", "seed", "period_from", "period_to", "name", "grain", "timezone", "currency", "language"},
		Rows: [][]any{{analytics.StableID("R", parts...), version, sum, int64(c.Seed), day(c.Period.From), day(c.Period.To),
			c.Name, c.Grain, c.Timezone, c.Currency, c.Language}},
	}, nil
}
