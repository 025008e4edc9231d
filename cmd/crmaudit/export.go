package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"crmaudit/analytics"
	"crmaudit/analytics/backlog"
	"crmaudit/analytics/duck"
	"crmaudit/analytics/report"
)

// exportTargets are the forms of the contract in its order.
func exportTargets() []string {
	return []string{"csv", "json", "xlsx", "markdown", "jira", "github", "linear", "parquet"}
}

func exportCommand() command {
	return command{
		name:  "export",
		args:  "--db audit.duckdb --to csv|json|xlsx|markdown|jira|github|linear|parquet --out FILE|DIR [--language ru|en] [--force]",
		short: "write the backlog for a spreadsheet or a tracker, or all tables as Parquet",
		long: `Writes the hypotheses of a finished audit in the form that the target imports. The same hypothesis has the same key in every quarter (hypothesis_id): it stands
in every form, so that an import can skip or update what is there. Without --out, or with --out -, the answer goes to stdout; parquet needs a folder.

  csv, json   as hypotheses.csv and hypotheses.json of the run, both languages
  xlsx        a workbook: backlog, roadmap, findings, coverage, queries
  markdown    one document for a wiki
  jira        CSV for Jira's importer; the key is in External ID and among the labels
  github      one issue per line of JSON, to be sent with gh:
              while IFS= read -r issue; do printf '%s' "$issue" | gh api repos/OWNER/REPO/issues --input -; done < backlog.jsonl
  linear      CSV for Linear's importer
  parquet     every table of audit.duckdb as SCHEMA.TABLE.parquet in a folder, customer names and addresses included

  crmaudit export --db audit/audit.duckdb --to xlsx --out backlog.xlsx`,
		prepare: func(flags *pflag.FlagSet) func(context.Context, *environment, []string) error {
			var x exportTo
			flags.StringVar(&x.db, "db", "", "the audit.duckdb to read (required)")
			flags.StringVar(&x.format, "to", "", "the target: "+strings.Join(exportTargets(), ", ")+" (required)")
			flags.StringVar(&x.out, "out", "-", "file to write, - for stdout; for parquet a folder")
			flags.StringVar(&x.language, "language", "", "language of the texts, ru or en (default: that of the audit)")
			flags.BoolVar(&x.force, "force", false, "replace an existing file, or add to a folder that is not empty")
			return func(ctx context.Context, env *environment, args []string) error {
				if err := noArguments("export", args); err != nil {
					return err
				}
				if err := x.check(); err != nil {
					return err
				}
				return x.write(ctx, env)
			}
		},
	}
}

// exportTo is one call of the command.
type exportTo struct {
	db, format, out, language string
	force                     bool
}

func (x *exportTo) check() error {
	switch {
	case x.db == "":
		return analytics.Usagef("export: name the database with --db audit.duckdb")
	case x.format == "":
		return analytics.Usagef("export: name the target with --to: %s", strings.Join(exportTargets(), ", "))
	case !slices.Contains(exportTargets(), x.format):
		err := analytics.Usagef("export: --to: unknown target %q: %s", x.format, strings.Join(exportTargets(), ", "))
		if near := analytics.Nearest(x.format, exportTargets()); near != "" {
			return advise(err, "Did you mean --to "+near+"?")
		}
		return err
	case !slices.Contains([]string{"", "ru", "en"}, x.language):
		return analytics.Usagef("export: --language: unknown language %q: ru or en", x.language)
	case x.language != "" && slices.Contains([]string{"csv", "json", "parquet"}, x.format):
		return analytics.Usagef("export: --language: %s holds both languages", x.format)
	case x.format == "parquet" && x.out == "-":
		return analytics.Usagef("export: parquet needs a folder: --out DIR")
	}
	if x.format != "parquet" {
		return mayWrite("export", x.out, x.force)
	}
	info, err := os.Lstat(x.out)
	switch {
	case x.force || err != nil:
		return nil // not there: to be made
	case !info.IsDir():
		return analytics.Usagef("export: %s is a file; parquet needs a folder", x.out)
	}
	entries, err := os.ReadDir(x.out)
	if err != nil {
		return analytics.Enginef("export: look into %s: %w", x.out, err)
	}
	if len(entries) > 0 {
		return advise(analytics.Usagef("export: the folder %s is not empty", x.out), "Choose another folder, or write into it with --force.")
	}
	return nil
}

// mayWrite refuses to replace a file unasked; - is stdout.
func mayWrite(command, path string, force bool) error {
	if _, err := os.Lstat(path); path == "-" || force || err != nil {
		return nil
	}
	return advise(analytics.Usagef("%s: %s exists", command, path), "Choose another name with --out, or replace it with --force.")
}

func (x *exportTo) write(ctx context.Context, env *environment) (err error) {
	if x.format == "parquet" {
		return x.parquet(ctx, env)
	}
	db, err := openFinished(ctx, x.db)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	content := func(w io.Writer) error { return report.Export(ctx, w, db, x.format, x.language) }
	if x.format == "csv" || x.format == "json" {
		hs, err := backlog.Read(ctx, db)
		if err != nil {
			return advise(err, "Is this a database that `crmaudit run` made?")
		}
		content = func(w io.Writer) error { return backlog.WriteCSV(w, hs) }
		if x.format == "json" {
			content = func(w io.Writer) error { return backlog.WriteJSON(w, hs) }
		}
	}
	if x.out == "-" {
		return content(env.stdout)
	}
	return writeWhole(x.out, content)
}

// writeWhole writes a file under another name and renames it when it is whole, so that a failure leaves what was there.
func writeWhole(path string, content func(io.Writer) error) error {
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return analytics.Enginef("write %s: %w", path, err)
	}
	err = content(file)
	if err == nil {
		err = file.Chmod(0o644) //nolint:gosec // as any file that a user makes
	}
	err = errors.Join(err, file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(analytics.Enginef("write %s: %w", path, err), os.Remove(file.Name()))
	}
	return nil
}

func (x *exportTo) parquet(ctx context.Context, env *environment) (err error) {
	db, err := duck.Open(ctx, duck.Options{Path: x.db, ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	n, err := db.ExportParquet(ctx, x.out, env.progress.report)
	if err != nil {
		return err
	}
	env.progress.finish()
	_, err = fmt.Fprintf(env.stdout, "%d tables in %s\n", n, x.out)
	return err
}
