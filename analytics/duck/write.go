package duck

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"crmaudit/analytics"
	"crmaudit/queries"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// ddl is what follows CREATE TABLE for a table that Go writes.
func ddl(m queries.Model, notNull bool) string {
	columns := make([]string, len(m.Columns))
	for i, c := range m.Columns {
		columns[i] = ident(c.Name) + " " + sqlTypes[c.Type]
		if notNull && !c.Nullable {
			columns[i] += " not null"
		}
	}
	return qualified(m.Table) + " (" + strings.Join(columns, ", ") + ")"
}

// Write replaces a table that Go writes, in one transaction: the DDL of its header, the rows through DuckDB's appender, comments, the checks
// of the header (NULLs, unique grain, max_rows) and its row in audit.steps with a fingerprint of the content. Columns of the header that t
// does not give are NULL and must be nullable. A value of the wrong type, NaN and infinity are errors that name table, column and row.
func (db *DB) Write(ctx context.Context, t analytics.Table) error {
	what := "write " + t.Name
	m, ok := db.models[t.Name]
	switch {
	case !ok:
		return fmt.Errorf("%s: no queries/%s.sql describes it", what, strings.Replace(t.Name, ".", "/", 1))
	case !m.DDL:
		return fmt.Errorf("%s: %s makes it with a SELECT", what, m.File)
	}
	from, err := columnOrder(m, t)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	conn, err := db.pool.Conn(ctx)
	if err != nil {
		return wrap(ctx, what, err)
	}
	defer conn.Close()
	there, err := db.surroundings(ctx, conn)
	if err != nil {
		return err
	}
	_, again := there.done[t.Name]
	start, fingerprint := time.Now(), ""
	err = inTransaction(ctx, conn, what, func() error {
		if err := there.clear(ctx, conn, m); err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, "create table "+ddl(m, false)); err != nil {
			return wrap(ctx, what, err)
		}
		fingerprint, err = appendRows(ctx, conn, m, t, from)
		if err != nil {
			return wrap(ctx, what, err)
		}
		if err := comment(ctx, conn, m, nil); err != nil {
			return err
		}
		rows, err := checkRows(ctx, conn, m)
		if err != nil {
			return err
		}
		return recordStep(ctx, conn, Step{Name: t.Name, Seconds: time.Since(start).Seconds(), Rows: rows, Fingerprint: fingerprint}, again)
	})
	if err != nil {
		db.there = nil
	} else {
		there.built(m, "table", fingerprint)
	}
	return err
}

// WriteConfig writes the core.cfg_* tables of a block.
func (db *DB) WriteConfig(ctx context.Context, tables []analytics.Table) error {
	for _, t := range tables {
		if err := db.Write(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

// columnOrder gives for every column of the header its place in the table's rows, -1 when it is not given.
func columnOrder(m queries.Model, t analytics.Table) ([]int, error) {
	for i, name := range t.Columns {
		if _, ok := m.Column(name); !ok {
			return nil, fmt.Errorf("column %s is not in %s", name, m.File)
		}
		if slices.Contains(t.Columns[:i], name) {
			return nil, fmt.Errorf("column %s is given twice", name)
		}
	}
	from := make([]int, len(m.Columns))
	for i, c := range m.Columns {
		from[i] = slices.Index(t.Columns, c.Name)
		if from[i] < 0 && !c.Nullable {
			return nil, fmt.Errorf("column %s is missing, and %s does not mark it nullable", c.Name, m.File)
		}
	}
	return from, nil
}

// appendRows appends all rows and returns the SHA-256 of their content.
func appendRows(ctx context.Context, conn *sql.Conn, m queries.Model, t analytics.Table, from []int) (fingerprint string, err error) {
	h := sha256.New()
	hashText(h, m.Header)
	err = conn.Raw(func(raw any) (err error) {
		app, err := duckdb.NewAppender(raw.(driver.Conn), catalog, m.Schema(), m.Name())
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, app.Close()) }()
		values := make([]driver.Value, len(m.Columns))
		for r, row := range t.Rows {
			if r%10_000 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			if len(row) != len(t.Columns) {
				return fmt.Errorf("row %d: %d values for %d columns", r+1, len(row), len(t.Columns))
			}
			for i, c := range m.Columns {
				values[i] = nil
				if from[i] >= 0 {
					values[i] = row[from[i]]
				}
				if err := checkValue(c, values[i]); err != nil {
					return fmt.Errorf("column %s, row %d (%s): %w", c.Name, r+1, rowKey(m, from, row), err)
				}
				if when, ok := values[i].(time.Time); ok {
					values[i] = when.UTC()
				}
				fmt.Fprintf(h, "%v\x00", values[i])
			}
			if err := app.AppendRow(values...); err != nil {
				return fmt.Errorf("row %d: %w", r+1, err)
			}
		}
		return nil
	})
	return hex.EncodeToString(h.Sum(nil)), err
}

// rowKey names a row by its grain.
func rowKey(m queries.Model, from []int, row []any) string {
	var parts []string
	for i, c := range m.Columns {
		if from[i] >= 0 && slices.Contains(m.Grain, c.Name) {
			parts = append(parts, fmt.Sprintf("%s=%v", c.Name, row[from[i]]))
		}
	}
	return strings.Join(parts, " ")
}

// checkValue checks one value against its column.
func checkValue(c queries.Column, v any) error {
	ok := false
	switch v := v.(type) {
	case nil:
		if !c.Nullable {
			return errors.New("NULL in a column that is not nullable")
		}
		return nil
	case bool:
		ok = c.Type == queries.Bool
	case int64:
		ok = c.Type == queries.Int64
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("%v: a number that could not be computed is nil", v)
		}
		ok = c.Type == queries.Float64
	case string:
		ok = c.Type == queries.String
	case time.Time:
		ok = c.Type == queries.Date || c.Type == queries.Timestamp
	}
	if !ok {
		return fmt.Errorf("a %T in a column of type %s", v, c.Type)
	}
	return nil
}
