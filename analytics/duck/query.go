package duck

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
	"time"

	"crmaudit/analytics"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// QueryColumn is a column of an answer: its name and DuckDB's name of its type.
type QueryColumn struct{ Name, Type string }

// Rows is the answer of Query, read one row at a time.
type Rows struct {
	Columns []QueryColumn
	conn    *sql.Conn
	rows    *sql.Rows
	values  []any
	into    []any
	err     error
}

// statements that Query allows, by their first word; DuckDB's own statement type is checked too.
var readingWords = []string{"select", "with", "from", "describe", "desc", "summarize", "show", "explain", "values", "table", "("}

// Query runs exactly one statement that only reads, in a transaction that is read-only; several statements, and statements that write,
// configure or load, are a UsageError, as is SQL that does not parse or bind. It does not restrict what a SELECT may read: that is Lock.
// Close the rows.
func (db *DB) Query(ctx context.Context, text string) (*Rows, error) {
	conn, err := db.pool.Conn(ctx)
	if err != nil {
		return nil, wrap(ctx, "query", err)
	}
	r := &Rows{conn: conn}
	if err := r.open(ctx, text); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

func (r *Rows) open(ctx context.Context, text string) error {
	if _, err := r.conn.ExecContext(ctx, "begin transaction read only"); err != nil {
		return wrap(ctx, "query", err)
	}
	if err := r.conn.Raw(func(raw any) error { return checkReading(raw.(*duckdb.Conn), text) }); err != nil {
		return err
	}
	var err error
	if r.rows, err = r.conn.QueryContext(ctx, text); err != nil {
		return queryError(ctx, err)
	}
	types, err := r.rows.ColumnTypes()
	if err != nil {
		return queryError(ctx, err)
	}
	for _, t := range types {
		r.Columns = append(r.Columns, QueryColumn{t.Name(), t.DatabaseTypeName()})
	}
	r.values, r.into = make([]any, len(types)), make([]any, len(types))
	for i := range r.values {
		r.into[i] = &r.values[i]
	}
	return nil
}

// checkReading prepares the text without running it and refuses what is not one reading statement.
func checkReading(conn *duckdb.Conn, text string) error {
	word := firstWord(text)
	if word == "" {
		return analytics.Usagef("query: nothing to run")
	}
	const allowed = "one SELECT, WITH, FROM, VALUES, TABLE, DESCRIBE, SUMMARIZE, SHOW or EXPLAIN"
	if !slices.Contains(readingWords, word) {
		return analytics.Usagef("query: %s is refused: only reading is allowed: %s", strings.ToUpper(word), allowed)
	}
	prepared, err := conn.Prepare(text)
	if err != nil {
		var de *duckdb.Error
		if !errors.As(err, &de) {
			return analytics.Usagef("query: more than one statement (a PIVOT counts as several): only reading is allowed: %s", allowed)
		}
		return analytics.Usagef("query: %w", err)
	}
	if prepared.NumInput() > 0 {
		return errors.Join(analytics.Usagef("query: a parameter ($1, ?) has no value here: write the value"), prepared.Close())
	}
	kind, err := prepared.(*duckdb.Stmt).StatementType()
	if err = errors.Join(err, prepared.Close()); err != nil {
		return analytics.Enginef("query: %w", err)
	}
	if kind != duckdb.STATEMENT_TYPE_SELECT && kind != duckdb.STATEMENT_TYPE_EXPLAIN {
		return analytics.Usagef("query: this statement writes or configures: only reading is allowed: %s", allowed)
	}
	return nil
}

// firstWord returns the first word of SQL text in lower case, or its first character when that is no letter; comments are skipped.
func firstWord(text string) string {
	for {
		text = strings.TrimSpace(text)
		switch {
		case strings.HasPrefix(text, "--"):
			_, text, _ = strings.Cut(text, "\n")
		case strings.HasPrefix(text, "/*"):
			_, text, _ = strings.Cut(text, "*/")
		default:
			end := strings.IndexFunc(text, func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_') })
			switch {
			case text == "":
				return ""
			case end == 0:
				return text[:1]
			case end > 0:
				text = text[:end]
			}
			return strings.ToLower(text)
		}
	}
}

// queryError tells the user's own mistakes from failures of the engine.
func queryError(ctx context.Context, err error) error {
	var de *duckdb.Error
	if errors.As(err, &de) {
		switch de.Type {
		case duckdb.ErrorTypeIO, duckdb.ErrorTypeOutOfMemory, duckdb.ErrorTypeFatal, duckdb.ErrorTypeInternal, duckdb.ErrorTypeInterrupt:
		default:
			return analytics.Usagef("query: %w", err)
		}
	}
	return wrap(ctx, "query", err)
}

// Next reads the next row. Values are nil, bool, int64, *big.Int (an integer that needs more bits), float64, string, []any and
// map[string]any; dates, timestamps, decimals and everything else arrive as text; NaN and infinities too, because JSON has none.
// It returns nil after the last row or on an error; see Err. The row stays valid.
func (r *Rows) Next() []any {
	if r.err != nil || !r.rows.Next() {
		return nil
	}
	if r.err = r.rows.Scan(r.into...); r.err != nil {
		return nil
	}
	out := make([]any, len(r.values))
	for i, v := range r.values {
		out[i] = plain(v, r.Columns[i].Type)
	}
	return out
}

// Err returns the error that ended the rows, if any.
func (r *Rows) Err() error {
	if r.err == nil && r.rows != nil {
		r.err = r.rows.Err()
	}
	if r.err == nil {
		return nil
	}
	return queryError(context.Background(), r.err)
}

// Close ends the query and returns the connection.
func (r *Rows) Close() error {
	var err error
	if r.rows != nil {
		err = r.rows.Close()
	}
	// The transaction only read; if even the rollback fails, closing the connection ends it.
	_, _ = r.conn.ExecContext(context.Background(), "rollback")
	if err = errors.Join(err, r.conn.Close()); err != nil {
		return analytics.Enginef("query: %w", err)
	}
	return nil
}

// plain turns what the driver returns into the values that Next promises.
func plain(v any, kind string) any {
	switch v := v.(type) {
	case nil, bool, int64, string:
		return v
	case int8:
		return int64(v)
	case int16:
		return int64(v)
	case int32:
		return int64(v)
	case int:
		return int64(v)
	case uint8:
		return int64(v)
	case uint16:
		return int64(v)
	case uint32:
		return int64(v)
	case uint64:
		if v <= math.MaxInt64 {
			return int64(v)
		}
		return new(big.Int).SetUint64(v)
	case *big.Int:
		if v.IsInt64() {
			return v.Int64()
		}
		return v
	case float32:
		return plain(float64(v), kind)
	case float64:
		switch {
		case math.IsNaN(v):
			return "NaN"
		case math.IsInf(v, 1):
			return "Infinity"
		case math.IsInf(v, -1):
			return "-Infinity"
		}
		return v
	case time.Time:
		switch {
		case kind == "DATE":
			return v.Format(time.DateOnly)
		case strings.HasPrefix(kind, "TIME") && !strings.HasPrefix(kind, "TIMESTAMP"):
			return v.Format("15:04:05.999999")
		case kind == "TIMESTAMPTZ" || kind == "TIMESTAMP WITH TIME ZONE":
			return v.UTC().Format("2006-01-02 15:04:05.999999Z07:00")
		}
		return v.UTC().Format("2006-01-02 15:04:05.999999999")
	case []byte:
		if kind == "UUID" && len(v) == 16 {
			h := hex.EncodeToString(v)
			return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
		}
		return hex.EncodeToString(v)
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = plain(v[i], "")
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k := range v {
			out[k] = plain(v[k], "")
		}
		return out
	case duckdb.Interval:
		return fmt.Sprintf("%d months %d days %d us", v.Months, v.Days, v.Micros)
	case driver.Valuer:
		if inner, err := v.Value(); err == nil {
			return fmt.Sprint(inner)
		}
	}
	return fmt.Sprint(v)
}
