package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/pflag"

	"crmaudit/analytics"
	"crmaudit/analytics/duck"
)

func checkCommand() command {
	return command{
		name:  "check",
		args:  "-c audit.yaml [--print] [--rejects N]",
		short: "validate configuration and data without the analysis",
		long: `Reads audit.yaml and loads the data into a temporary database, without the analysis. All mistakes come at once: those of the configuration as
file:line: what: allowed values, those of the data as file:line: column: reason, the first few of every file. Exit code 0: a run would accept
this; 2: the configuration is wrong; 3: the data break the contract.

--print prints the effective configuration, every default filled in, as YAML that loads again, and does not touch the data.`,
		prepare: func(flags *pflag.FlagSet) func(context.Context, *environment, []string) error {
			file := flags.StringP("config", "c", "", "the configuration (required)")
			show := flags.Bool("print", false, "print the effective configuration and stop")
			rejects := flags.Int("rejects", 5, "rejected rows to show per file")
			return func(ctx context.Context, env *environment, args []string) error {
				if err := noArguments("check", args); err != nil {
					return err
				}
				if *file == "" {
					return advise(analytics.Usagef("check: no configuration"), "Name it with -c audit.yaml, or make one with `crmaudit init PATH`.")
				}
				c, err := loadConfig(*file)
				if err != nil {
					return err
				}
				if *show {
					text, err := c.print()
					if err != nil {
						return err
					}
					_, err = env.stdout.Write(text)
					return err
				}
				return check(ctx, env, c, *rejects)
			}
		},
	}
}

// check loads the data into a temporary database and says what became of every row.
func check(ctx context.Context, env *environment, c *config, rejects int) (err error) {
	temp := c.resolve(c.Engine.TempDirectory)
	if temp != "" {
		if err := os.MkdirAll(temp, 0o777); err != nil {
			return analytics.Enginef("make engine.temp_directory: %w", err)
		}
	}
	dir, err := os.MkdirTemp(temp, "crmaudit-check-")
	if err != nil {
		return analytics.Enginef("make a temporary folder: %w", err)
	}
	defer os.RemoveAll(dir)
	db, err := duck.Open(ctx, c.engineOptions(filepath.Join(dir, workName)))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	_, broken := load(ctx, env, c, db, dir)
	if broken != nil && analytics.ExitCode(broken) != 3 {
		return broken
	}
	env.progress.finish()
	if err := reportSources(ctx, env.stdout, db, rejects); err != nil {
		if broken != nil {
			return broken // nothing was read, there is no table of sources
		}
		return err
	}
	if broken != nil {
		return broken
	}
	if _, err := compileRules(ctx, c, db); err != nil {
		return err
	}
	_, err = fmt.Fprintf(env.stdout, "%s: configuration and data are in order; next: crmaudit run -c %s\n", c.document.file, c.document.file)
	return err
}

// reportSources prints the fates of the rows of every file and the first rejected ones.
func reportSources(ctx context.Context, w io.Writer, db *duck.DB, rejects int) error {
	show := func(text string, print func(*duck.Rows) error) error {
		rows, err := db.Query(ctx, text)
		if err != nil {
			return err
		}
		return errors.Join(print(rows), rows.Close())
	}
	err := show(`SELECT input, path, rows_read AS read, rows_loaded AS loaded, rows_rejected AS rejected, rows_duplicate AS duplicate,
		rows_outside AS outside, rows_excluded AS excluded, dialect FROM audit.sources ORDER BY input, path`,
		func(rows *duck.Rows) error { return writeResult(w, "table", rows) })
	if err != nil {
		return err
	}
	return show(fmt.Sprintf(`SELECT path, line, column_name, reason, raw FROM audit.rejects
		QUALIFY row_number() OVER (PARTITION BY path ORDER BY line, column_name, reason) <= %d ORDER BY path, line, column_name, reason`, max(0, rejects)),
		func(rows *duck.Rows) error {
			b := bufio.NewWriter(w)
			for row := rows.Next(); row != nil; row = rows.Next() {
				place := cellText(row[0], "")
				if row[1] != nil {
					place += ":" + cellText(row[1], "")
				}
				if row[2] != nil {
					place += ": " + cellText(row[2], "")
				}
				fmt.Fprintf(b, "%s: %s", printable(place), printable(cellText(row[3], "")))
				if row[4] != nil {
					fmt.Fprintf(b, ": %s", printable(shorten(cellText(row[4], ""))))
				}
				b.WriteByte('\n')
			}
			return errors.Join(rows.Err(), b.Flush())
		})
}
