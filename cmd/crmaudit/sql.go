package main

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"crmaudit/analytics"
	"crmaudit/analytics/duck"
)

func sqlCommand() command {
	return command{
		name:  "sql",
		args:  "--db audit.duckdb [--format table|csv|json] 'SELECT …'",
		short: "run one read-only query on a finished audit",
		long: `Runs one query that only reads, on a database that cannot reach files, the network or extensions. The query is the
argument, or stdin when the argument is - .

Forms of the answer: table is for people; csv is for programs (RFC 4180, NULL is empty, cells are as they are: a spreadsheet would run a text
that starts with = as a formula); json is an array of objects with exact integers, ISO dates and null for NULL.

  crmaudit sql --db crmaudit-demo/audit.duckdb 'SELECT rank, title_en FROM analytics.hypotheses ORDER BY rank LIMIT 5'`,
		prepare: func(flags *pflag.FlagSet) func(context.Context, *environment, []string) error {
			db := flags.String("db", "", "the audit.duckdb to read (required)")
			format := flags.String("format", "table", "form of the answer: table, csv or json")
			return func(ctx context.Context, env *environment, args []string) error {
				if *db == "" {
					return analytics.Usagef("sql: name the database with --db audit.duckdb")
				}
				if !slices.Contains(formats(), *format) {
					return analytics.Usagef("sql: --format: unknown form %q: table, csv or json", *format)
				}
				if len(args) != 1 {
					return advise(analytics.Usagef("sql: one query is needed, found %d arguments", len(args)), "Put the query in quotes.")
				}
				text := args[0]
				if text == "-" {
					read, err := io.ReadAll(env.stdin)
					if err != nil {
						return analytics.Enginef("sql: read the query from stdin: %w", err)
					}
					text = string(read)
				}
				return query(ctx, env.stdout, *db, *format, text)
			}
		},
	}
}

// openFinished opens a finished audit for reading, locked.
func openFinished(ctx context.Context, path string) (*duck.DB, error) {
	db, err := duck.Open(ctx, duck.Options{Path: path, ReadOnly: true})
	if err != nil {
		return nil, err
	}
	if err := db.Lock(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func query(ctx context.Context, w io.Writer, path, format, text string) (err error) {
	db, err := openFinished(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	rows, err := db.Query(ctx, text)
	if err != nil {
		if strings.Contains(err.Error(), "does not exist") {
			return advise(err, "`crmaudit tables --db "+path+"` lists tables and columns.")
		}
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	return writeResult(w, format, rows)
}
