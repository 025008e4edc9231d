package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/pflag"

	"crmaudit/analytics"
)

func tablesCommand() command {
	return command{
		name:  "tables",
		args:  "--db audit.duckdb [TABLE]",
		short: "list the tables of an audit, or describe one",
		long: `Prints the dictionary that lives in the database itself (audit.dictionary): every table with its meaning, or for one TABLE (lifecycle.transitions)
every column with type, unit and meaning, the grain of a row, and the SQL file that made it.

  crmaudit tables --db crmaudit-demo/audit.duckdb lifecycle.transitions`,
		prepare: func(flags *pflag.FlagSet) func(context.Context, *environment, []string) error {
			db := flags.String("db", "", "the audit.duckdb to read (required)")
			return func(ctx context.Context, env *environment, args []string) error {
				if *db == "" {
					return analytics.Usagef("tables: name the database with --db audit.duckdb")
				}
				if len(args) > 1 {
					return analytics.Usagef("tables: one table at a time, found %d arguments", len(args))
				}
				rows, err := readDictionary(ctx, *db)
				if err != nil {
					return err
				}
				if len(args) == 0 {
					return listTables(env.stdout, rows)
				}
				return describeTable(env.stdout, rows, args[0])
			}
		},
	}
}

// dictionaryRow is a row of audit.dictionary; column is empty in the row about the table itself.
type dictionaryRow struct{ table, column, kind, unit, doc, grain, source string }

func readDictionary(ctx context.Context, path string) (out []dictionaryRow, err error) {
	db, err := openFinished(ctx, path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	rows, err := db.Query(ctx, "SELECT table_name, column_name, type, unit, doc, grain, source FROM audit.dictionary ORDER BY rowid")
	if err != nil {
		return nil, advise(err, "Is this a database that `crmaudit run` made?")
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for row := rows.Next(); row != nil; row = rows.Next() {
		text := func(i int) string { s, _ := row[i].(string); return s }
		out = append(out, dictionaryRow{text(0), text(1), text(2), text(3), text(4), text(5), text(6)})
	}
	return out, rows.Err()
}

func listTables(w io.Writer, rows []dictionaryRow) error {
	b := bufio.NewWriter(w)
	width, schema := 0, ""
	for _, r := range rows {
		width = max(width, len(r.table))
	}
	for _, r := range rows {
		if r.column != "" {
			continue
		}
		if s, _, _ := strings.Cut(r.table, "."); s != schema {
			if schema != "" {
				b.WriteByte('\n')
			}
			schema = s
		}
		fmt.Fprintf(b, "%-*s  %s\n", width, r.table, printable(r.doc))
	}
	return b.Flush()
}

func describeTable(w io.Writer, rows []dictionaryRow, table string) error {
	b := bufio.NewWriter(w)
	var names []string
	var columns []dictionaryRow
	width := [3]int{}
	for _, r := range rows {
		switch {
		case r.column == "":
			names = append(names, r.table)
			if r.table == table {
				fmt.Fprintf(b, "%s (%s)\n  %s\n  one row per %s\n  from %s\n\n", r.table, r.kind, printable(r.doc), r.grain, r.source)
			}
		case r.table == table:
			columns = append(columns, r)
			width = [3]int{max(width[0], len([]rune(r.column))), max(width[1], len(r.kind)), max(width[2], len([]rune(r.unit)))}
		}
	}
	if len(columns) == 0 {
		do := "`crmaudit tables` without a table lists all."
		if near := analytics.Nearest(table, names); near != "" {
			do = "Did you mean " + near + "? " + do
		}
		return advise(analytics.Usagef("tables: there is no table %q", table), do)
	}
	for _, c := range columns {
		fmt.Fprintf(b, "  %-*s  %-*s  %-*s  %s\n", width[0], printable(c.column), width[1], c.kind, width[2], c.unit, printable(c.doc))
	}
	return b.Flush()
}
