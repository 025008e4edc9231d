package duck

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"regexp"
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

// readingWords are the first words of the statements that Query allows; DuckDB's own parser is asked too.
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
	if err := r.check(ctx, text); err != nil {
		return err
	}
	var err error
	if r.rows, err = r.conn.QueryContext(ctx, text); err != nil { //nolint:rowserrcheck // Rows.Err does
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

// onlyReading ends the messages of refused statements.
const onlyReading = "only reading is allowed: one SELECT, WITH, FROM, VALUES, TABLE, DESCRIBE, SUMMARIZE, SHOW or EXPLAIN of these"

// sideEffects are functions that a SELECT can call and that write files, change the process, or run SQL that nobody has seen.
// Measured on DuckDB 1.5.5 with external access off: enable_logging with a file makes the process abort when it ends, enable_profiling
// writes to any path under the temp directory and to the database's own log file.
var sideEffects = []string{"enable_logging", "disable_logging", "truncate_duckdb_logs", "write_log", "enable_profiling", "disable_profiling", "checkpoint",
	"force_checkpoint", "query", "query_table", "json_execute_serialized_sql", "arrow_scan", "arrow_scan_dumb", "seq_scan", "setseed",
	"enable_peg_parser", "disable_peg_parser", "check_peg_parser"}

// check refuses what is not one reading statement, before anything of it is bound or run. DuckDB's own parser decides: a SELECT is what it
// can serialize, and the functions that it calls are in that tree.
func (r *Rows) check(ctx context.Context, text string) error {
	inner := text
	word := firstWord(inner)
	if word == "" {
		return analytics.Usagef("query: nothing to run")
	}
	if !slices.Contains(readingWords, word) {
		return analytics.Usagef("query: %s is refused: %s", strings.ToUpper(word), onlyReading)
	}
	// What is explained is checked like a statement of its own: EXPLAIN ANALYZE COPY would write its file.
	if word == "explain" {
		inner = explained(inner)
	}
	var tree string
	if err := r.conn.QueryRowContext(ctx, "select cast(json_serialize_sql($1::varchar) as varchar)", inner).Scan(&tree); err != nil {
		return queryError(ctx, err)
	}
	var parsed struct {
		Error      bool   `json:"error"`
		Message    string `json:"error_message"`
		Statements []any  `json:"statements"`
	}
	if err := json.Unmarshal([]byte(tree), &parsed); err != nil {
		return analytics.Enginef("query: read the parsed statement: %w", err)
	}
	switch {
	case parsed.Error && strings.Contains(parsed.Message, "Only SELECT"):
		return analytics.Usagef("query: this statement writes or configures: %s", onlyReading)
	case parsed.Error: // a mistake in the SQL; DuckDB words it better, with its place, when it is prepared
		err := r.conn.Raw(func(raw any) error {
			prepared, err := raw.(*duckdb.Conn).Prepare(text)
			if err != nil {
				return err
			}
			return prepared.Close()
		})
		if err == nil {
			err = errors.New(parsed.Message)
		}
		return analytics.Usagef("query: %w", err)
	case len(parsed.Statements) != 1:
		return analytics.Usagef("query: %d statements: %s", len(parsed.Statements), onlyReading)
	}
	if name := called(parsed.Statements[0], sideEffects); name != "" {
		return analytics.Usagef("query: the function %s is refused: %s", name, onlyReading)
	}
	return r.conn.Raw(func(raw any) error {
		prepared, err := raw.(*duckdb.Conn).Prepare(text)
		if err != nil {
			return analytics.Usagef("query: %w", err)
		}
		kind, err := prepared.(*duckdb.Stmt).StatementType()
		inputs := prepared.NumInput()
		if err = errors.Join(err, prepared.Close()); err != nil {
			return analytics.Enginef("query: %w", err)
		}
		switch {
		case kind != duckdb.STATEMENT_TYPE_SELECT && kind != duckdb.STATEMENT_TYPE_EXPLAIN:
			return analytics.Usagef("query: this statement writes or configures: %s", onlyReading)
		case inputs > 0:
			return analytics.Usagef("query: a parameter ($1, ?) has no value here: write the value")
		}
		return nil
	})
}

// called returns the first of names that a serialized statement calls as a function.
func called(node any, names []string) string {
	switch node := node.(type) {
	case map[string]any:
		if name, ok := node["function_name"].(string); ok && slices.Contains(names, strings.ToLower(name)) {
			return strings.ToLower(name)
		}
		for _, child := range node {
			if name := called(child, names); name != "" {
				return name
			}
		}
	case []any:
		for _, child := range node {
			if name := called(child, names); name != "" {
				return name
			}
		}
	}
	return ""
}

// explainOptions matches what may stand between EXPLAIN and the statement.
var explainOptions = regexp.MustCompile(`(?i)^(analyze\b|\(\s*(analyze|format|verbose)\b[^()]*\))`)

// explained returns the statement that an EXPLAIN explains.
func explained(text string) string {
	text = skipComments(text)[len("explain"):]
	for {
		text = skipComments(text)
		at := explainOptions.FindStringIndex(text)
		if at == nil {
			return text
		}
		text = text[at[1]:]
	}
}

// skipComments drops white space and comments at the start. An unclosed comment is all of the text.
func skipComments(text string) string {
	for {
		text = strings.TrimSpace(text)
		switch {
		case strings.HasPrefix(text, "--"):
			_, text, _ = strings.Cut(text, "\n")
		case strings.HasPrefix(text, "/*"):
			_, text, _ = strings.Cut(text, "*/")
		default:
			return text
		}
	}
}

// firstWord returns the first word of SQL text in lower case, or its first character when that is no letter; comments are skipped.
func firstWord(text string) string {
	text = skipComments(text)
	if text == "" {
		return ""
	}
	end := strings.IndexFunc(text, func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_') })
	switch {
	case end == 0:
		return text[:1]
	case end > 0:
		text = text[:end]
	}
	return strings.ToLower(text)
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
		case kind == "DATE" || kind == "" && v.Equal(v.Truncate(24*time.Hour)): // within a struct only the value tells
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
			out[i] = plain(v[i], element(kind))
		}
		return out
	case duckdb.OrderedMap: // a map; its keys as text
		out := make(map[string]any, v.Len())
		for i, key := range v.Keys() {
			out[fmt.Sprint(plain(key, ""))] = plain(v.Values()[i], "")
		}
		return out
	case duckdb.Union:
		return plain(v.Value, "")
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

// element is the type of the elements of a list "DATE[]" or an array "DATE[3]".
func element(kind string) string {
	if at := strings.LastIndexByte(kind, '['); at >= 0 {
		return kind[:at]
	}
	return ""
}
