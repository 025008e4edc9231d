package duck

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"

	"crmaudit/analytics"
	"crmaudit/queries"
)

// sqlTypes are the engine's types for the columns of tables that Go writes.
var sqlTypes = map[string]string{
	queries.Int64: "BIGINT", queries.Float64: "DOUBLE", queries.String: "VARCHAR", queries.Bool: "BOOLEAN",
	queries.Date: "DATE", queries.Timestamp: "TIMESTAMP",
}

// engineTypes are the engine's types that count as a header type. An int64 may be stored narrower, a string as an enumeration.
var engineTypes = map[string][]string{
	queries.Int64:     {"BIGINT", "INTEGER", "SMALLINT", "TINYINT", "UINTEGER", "USMALLINT", "UTINYINT"},
	queries.Float64:   {"DOUBLE"},
	queries.String:    {"VARCHAR", "ENUM"},
	queries.Bool:      {"BOOLEAN"},
	queries.Date:      {"DATE"},
	queries.Timestamp: {"TIMESTAMP"},
	queries.Struct:    {"STRUCT"},
}

// CreateMacros creates the generated scalar macros of the blocks, and the prelude before them. Call it before Build: a changed macro makes
// every step stale.
func (db *DB) CreateMacros(ctx context.Context, macros []analytics.Macro) error {
	if _, err := db.pool.ExecContext(ctx, db.prelude); err != nil {
		return wrap(ctx, "create the prelude", err)
	}
	for _, m := range macros {
		params := make([]string, len(m.Params))
		for i, p := range m.Params {
			params[i] = ident(p)
		}
		text := fmt.Sprintf("create or replace macro %s(%s) as (%s)", ident(m.Name), strings.Join(params, ", "), m.Body)
		if _, err := db.pool.ExecContext(ctx, text); err != nil {
			return wrap(ctx, "create macro "+m.Name, err)
		}
	}
	db.macros = slices.Clone(macros)
	return nil
}

// Build makes the models, two at a time, each when the models before it in the given order (that of queries.Plan) that it reads are there; tables that Go or the loader writes, and checks, are skipped. Every model
// is one transaction: CREATE TABLE or VIEW, comments, the checks of the header (columns, types, NULLs, max_rows, unique grain of red_ tables)
// and its row in audit.steps. A model whose fingerprint is recorded there is not built again, so an interrupted Build continues where it
// stopped. params are bound as $name; a model gets those that its text mentions.
func (db *DB) Build(ctx context.Context, models []queries.Model, params map[string]any, progress Progress) error {
	conn, err := db.pool.Conn(ctx)
	if err != nil {
		return wrap(ctx, "build the models", err)
	}
	defer conn.Close()
	if db.macros == nil {
		if err := db.CreateMacros(ctx, []analytics.Macro{}); err != nil {
			return err
		}
	}
	db.there = nil
	there, err := db.surroundings(ctx, conn)
	if err != nil {
		return err
	}
	var todo []queries.Model
	for _, m := range models {
		if !m.DDL && !m.Audit {
			todo = append(todo, m)
		}
	}
	if err := db.buildAll(ctx, conn, there, todo, params, progress); err != nil {
		db.there = nil
		return err
	}
	if len(todo) > 0 {
		progress.report(todo[len(todo)-1].Table, int64(len(todo)), int64(len(todo)))
	}
	return nil
}

// builders is how many models are built at once. A query leaves its threads without work while it plans, merges, writes and commits; a second one fills these gaps. More would only share the memory.
const builders = 2

// buildAll builds each model as soon as all that it reads is there, models in front first.
func (db *DB) buildAll(ctx context.Context, first *sql.Conn, there *surroundings, todo []queries.Model, params map[string]any, progress Progress) error {
	place := map[string]int{}
	waits, readers := make([]int, len(todo)), make([][]int, len(todo))
	for i, m := range todo {
		for _, r := range m.Reads {
			if j, ok := place[r]; ok {
				waits[i]++
				readers[j] = append(readers[j], i)
			}
		}
		place[m.Table] = i
		if there.kinds[m.Schema()] != "schema" { // two builders must not make one schema
			if _, err := first.ExecContext(ctx, "create schema if not exists "+ident(m.Schema())); err != nil {
				return wrap(ctx, "create schema "+m.Schema(), err)
			}
			there.kinds[m.Schema()] = "schema"
		}
	}
	inner, stop := context.WithCancel(ctx)
	defer stop()
	var (
		mu      sync.Mutex
		changed = sync.NewCond(&mu)
		started = make([]bool, len(todo))
		waiting = len(todo) // not started
		done    = 0
		failure error
	)
	next := func() int { // the first model that can be built, -1 when all of them wait
		for i := range todo {
			if !started[i] && waits[i] == 0 {
				return i
			}
		}
		return -1
	}
	work := func(conn *sql.Conn) {
		mu.Lock()
		defer mu.Unlock()
		for waiting > 0 && failure == nil {
			i := next()
			if i < 0 {
				changed.Wait()
				continue
			}
			started[i] = true
			waiting--
			progress.report(todo[i].Table, int64(done), int64(len(todo)))
			mu.Unlock()
			err := db.buildOne(inner, conn, there, todo[i], params)
			mu.Lock()
			done++
			for _, r := range readers[i] {
				waits[r]--
			}
			if err != nil && failure == nil {
				failure = err
				stop()
			}
			changed.Broadcast()
		}
	}
	conns := []*sql.Conn{first}
	for len(conns) < min(builders, len(todo)) {
		conn, err := db.pool.Conn(ctx)
		if err != nil {
			return wrap(ctx, "build the models", err)
		}
		defer conn.Close()
		conns = append(conns, conn)
	}
	var group sync.WaitGroup
	for _, conn := range conns {
		group.Go(func() { work(conn) })
	}
	group.Wait()
	return failure
}

// surroundings is what Build and Write must know of the database before every table. It is read once per Build: queries of the catalogue took a
// quarter of the processor time of a small audit. Load forgets it, and so does an error.
type surroundings struct {
	version string            // of the engine
	mu      sync.Mutex        // builders share the maps
	done    map[string]string // fingerprint by finished step
	kinds   map[string]string // "table" or "view" by name with schema; "schema" by schema
}

// surroundings looks around where that has not been done, and makes audit.steps when it is not there.
func (db *DB) surroundings(ctx context.Context, conn *sql.Conn) (*surroundings, error) {
	if db.there != nil {
		return db.there, nil
	}
	if err := db.prepareSteps(ctx, conn); err != nil {
		return nil, err
	}
	const what = "look at what the database holds"
	s := &surroundings{done: map[string]string{}, kinds: map[string]string{}}
	if err := conn.QueryRowContext(ctx, "select version()").Scan(&s.version); err != nil {
		return nil, wrap(ctx, what, err)
	}
	for text, into := range map[string]map[string]string{
		"select step, fingerprint from audit.steps where state = 'done'": s.done,
		`select table_schema || '.' || table_name, case when table_type = 'VIEW' then 'view' else 'table' end from information_schema.tables where table_catalog = current_database()
			union all select schema_name, 'schema' from information_schema.schemata where catalog_name = current_database()`: s.kinds,
	} {
		if err := readPairs(ctx, conn, text, into); err != nil {
			return nil, wrap(ctx, what, err)
		}
	}
	db.there = s
	return s, nil
}

// readPairs puts the rows of a query with two columns of text into a map.
func readPairs(ctx context.Context, conn *sql.Conn, text string, into map[string]string) error {
	rows, err := conn.QueryContext(ctx, text)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var key, value string
		if err := rows.Scan(&key, &value); err != nil {
			return err
		}
		into[key] = value
	}
	return rows.Err()
}

func (db *DB) buildOne(ctx context.Context, conn *sql.Conn, there *surroundings, m queries.Model, params map[string]any) error {
	what := "build " + m.Table
	fingerprint, have, done := db.state(there, m, params)
	if fingerprint != "" && done && have == fingerprint {
		return nil
	}
	args, err := bind(m, params)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	start := time.Now()
	kind := "table"
	if m.View {
		kind = "view"
	}
	err = inTransaction(ctx, conn, what, func() error {
		if err := there.clear(ctx, conn, m); err != nil {
			return err
		}
		selectList, extra, err := db.checkedSelect(ctx, conn, m, args)
		if err != nil {
			return err
		}
		text := fmt.Sprintf("create %s %s as select %s from (\n%s\n) as model", kind, qualified(m.Table), selectList, m.Text("duckdb"))
		if _, err := conn.ExecContext(ctx, text, args...); err != nil {
			return wrap(ctx, what, locate(m, err))
		}
		if err := comment(ctx, conn, m, extra); err != nil {
			return err
		}
		rows, err := checkRows(ctx, conn, m)
		if err != nil {
			return err
		}
		return recordStep(ctx, conn, Step{Name: m.Table, Seconds: time.Since(start).Seconds(), Rows: rows, Fingerprint: fingerprint}, done)
	})
	if err == nil {
		there.built(m, kind, fingerprint)
	}
	return err
}

// built notes that a table was made.
func (s *surroundings) built(m queries.Model, kind, fingerprint string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done[m.Table], s.kinds[m.Table], s.kinds[m.Schema()] = fingerprint, kind, "schema"
}

// clear makes room for a table: its schema, and no table or view of its name.
func (s *surroundings) clear(ctx context.Context, conn *sql.Conn, m queries.Model) error {
	s.mu.Lock()
	free := s.kinds[m.Schema()] == "schema" && s.kinds[m.Table] == ""
	s.mu.Unlock()
	if free {
		return nil
	}
	return replaceTable(ctx, conn, m.Table)
}

// locate names the file of the model in an engine error.
func locate(m queries.Model, err error) error { return fmt.Errorf("%s: %w", m.File, err) }

// bind picks the parameters that the model mentions.
func bind(m queries.Model, params map[string]any) ([]any, error) {
	var args []any
	for _, name := range m.Params("duckdb") {
		v, ok := params[name]
		if !ok {
			return nil, fmt.Errorf("%s: no value for parameter $%s", m.File, name)
		}
		args = append(args, sql.Named(name, v))
	}
	return args, nil
}

// inTransaction runs work in one transaction on conn and rolls it back on error.
func inTransaction(ctx context.Context, conn *sql.Conn, what string, work func() error) (err error) {
	if _, err := conn.ExecContext(ctx, "begin transaction"); err != nil {
		return wrap(ctx, what, err)
	}
	defer func() {
		if err != nil {
			// The context may be cancelled; the rollback must run all the same. After a commit that failed there is nothing to roll back,
			// and the first error is the one that tells what happened.
			_, _ = conn.ExecContext(context.WithoutCancel(ctx), "rollback")
		}
	}()
	if err := work(); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "commit"); err != nil {
		return wrap(ctx, what, err)
	}
	return nil
}

// replaceTable creates the schema and drops what has the table's name, table or view.
func replaceTable(ctx context.Context, conn *sql.Conn, table string) error {
	schema, name, _ := strings.Cut(table, ".")
	if _, err := conn.ExecContext(ctx, "create schema if not exists "+ident(schema)); err != nil {
		return wrap(ctx, "create schema "+schema, err)
	}
	var kind string
	err := conn.QueryRowContext(ctx, "select case when table_type = 'VIEW' then 'view' else 'table' end from information_schema.tables"+
		" where table_catalog = current_database() and table_schema = $1 and table_name = $2", schema, name).Scan(&kind)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil {
		_, err = conn.ExecContext(ctx, "drop "+kind+" "+qualified(table))
	}
	return wrap(ctx, "replace "+table, err)
}

// engineColumn is a column as the engine describes it.
type engineColumn struct{ name, kind string }

// describe returns the columns of a SELECT. DESCRIBE binds it and stops: neither the optimizer nor the query runs.
func describe(ctx context.Context, conn *sql.Conn, text string, args []any) ([]engineColumn, error) {
	rows, err := conn.QueryContext(ctx, "select column_name, column_type from (describe select * from (\n"+text+"\n) as model)", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []engineColumn
	for rows.Next() {
		var c engineColumn
		if err := rows.Scan(&c.name, &c.kind); err != nil {
			return nil, err
		}
		c.kind, _, _ = strings.Cut(c.kind, "(")
		out = append(out, c)
	}
	return out, rows.Err()
}

// compareColumns returns what differs between a header and the columns that the engine returns, and the columns that only extra allows.
// HUGEINT and UBIGINT, which sums return, count as int64: the build casts them, and an overflow is an error.
func compareColumns(m queries.Model, have []engineColumn) (extra []engineColumn, errs []error) {
	seen := map[string]bool{}
	for _, h := range have {
		c, ok := m.Column(h.name)
		switch {
		case seen[h.name]:
			errs = append(errs, fmt.Errorf("%s: column %s: returned twice", m.File, h.name))
		case !ok && m.MatchesExtra(h.name):
			extra = append(extra, h)
		case !ok:
			errs = append(errs, fmt.Errorf("%s: column %s (%s) is not in the header", m.File, h.name, h.kind))
		case !slices.Contains(engineTypes[c.Type], h.kind) && !(c.Type == queries.Int64 && (h.kind == "HUGEINT" || h.kind == "UBIGINT")):
			errs = append(errs, fmt.Errorf("%s: column %s: the header says %s, the SELECT returns %s", m.File, h.name, c.Type, h.kind))
		}
		seen[h.name] = true
	}
	for _, c := range m.Columns {
		if !seen[c.Name] {
			errs = append(errs, fmt.Errorf("%s: column %s is in the header, but the SELECT does not return it", m.File, c.Name))
		}
	}
	return extra, errs
}

// checkedSelect compares the header with what the engine returns and makes the select list: the header's columns in its order, then extras.
func (db *DB) checkedSelect(ctx context.Context, conn *sql.Conn, m queries.Model, args []any) (list string, extra []engineColumn, err error) {
	have, err := describe(ctx, conn, m.Text("duckdb"), args)
	if err != nil {
		return "", nil, wrap(ctx, "build "+m.Table, locate(m, err))
	}
	extra, errs := compareColumns(m, have)
	if len(errs) > 0 {
		return "", nil, fmt.Errorf("build %s: %w", m.Table, errors.Join(errs...))
	}
	kinds := map[string]string{}
	for _, h := range have {
		kinds[h.name] = h.kind
	}
	var items []string
	for _, c := range m.Columns {
		switch kinds[c.Name] {
		case "HUGEINT", "UBIGINT":
			items = append(items, fmt.Sprintf("cast(%s as bigint) as %s", ident(c.Name), ident(c.Name)))
		default:
			items = append(items, ident(c.Name))
		}
	}
	for _, e := range extra {
		items = append(items, ident(e.name))
	}
	return strings.Join(items, ", "), extra, nil
}

// comment writes the header into the catalogue of the database.
func comment(ctx context.Context, conn *sql.Conn, m queries.Model, extra []engineColumn) error {
	kind := "table"
	if m.View {
		kind = "view"
	}
	var text strings.Builder
	fmt.Fprintf(&text, "comment on %s %s is %s;", kind, qualified(m.Table), quote(tableComment(m)))
	columns := slices.Clone(m.Columns)
	for _, e := range extra {
		columns = append(columns, extraColumn(e))
	}
	for _, c := range columns {
		fmt.Fprintf(&text, "comment on column %s.%s is %s;", qualified(m.Table), ident(c.Name), quote(columnComment(c)))
	}
	_, err := conn.ExecContext(ctx, text.String())
	return wrap(ctx, "comment on "+m.Table, err)
}

func tableComment(m queries.Model) string {
	return fmt.Sprintf("%s [one row per %s]", m.Doc, strings.Join(m.Grain, ", "))
}

func columnComment(c queries.Column) string {
	if c.Unit == "" || c.Unit == "1" {
		return c.Doc
	}
	return fmt.Sprintf("%s [%s]", c.Doc, c.Unit)
}

// extraColumn documents a column that comes from the user's own input.
func extraColumn(e engineColumn) queries.Column {
	c := queries.Column{Name: e.name, Type: queries.String, Doc: "column of the input, as given", Nullable: true}
	for kind, names := range engineTypes {
		if slices.Contains(names, e.kind) {
			c.Type = kind
		}
	}
	return c
}

// checkRows checks a table that was just built: max_rows, no NULL where the header allows none, unique grain of reduced tables.
// A view is not run. It returns the number of rows, nil for a view.
func checkRows(ctx context.Context, conn *sql.Conn, m queries.Model) (*int64, error) {
	if m.View {
		return nil, nil
	}
	var strict []string
	for _, c := range m.Columns {
		if !c.Nullable {
			strict = append(strict, ident(c.Name))
		}
	}
	rows, full, err := countRows(ctx, conn, m.Table, strict)
	if err != nil {
		return nil, wrap(ctx, "count the rows of "+m.Table, err)
	}
	if m.MaxRows > 0 && rows > m.MaxRows {
		return nil, analytics.Enginef("build %s: %d rows, but %s allows %d (max_rows): it is not reduced enough for this data;"+
			" use a coarser grain in audit.yaml or raise max_rows", m.Table, rows, m.File, m.MaxRows)
	}
	if full < rows {
		offending, err := oneRow(ctx, conn, fmt.Sprintf("select * from %s where %s is null limit 1", qualified(m.Table), strings.Join(strict, " is null or ")))
		if err != nil {
			return nil, wrap(ctx, "look for NULL in "+m.Table, err)
		}
		return nil, fmt.Errorf("build %s: NULL in a column that %s does not mark nullable: %s", m.Table, m.File, offending)
	}
	if m.Reduced() || m.DDL {
		if err := checkGrain(ctx, conn, m); err != nil {
			return nil, err
		}
	}
	return &rows, nil
}

// countRows counts the rows of a table and, of the columns that must not be NULL, the values of the emptiest.
func countRows(ctx context.Context, conn *sql.Conn, table string, strict []string) (rows, full int64, err error) {
	text := "count(*)"
	switch len(strict) {
	case 0:
	case 1:
		text = "count(" + strict[0] + ")"
	default:
		text = "least(count(" + strings.Join(strict, "), count(") + "))"
	}
	err = conn.QueryRowContext(ctx, "select count(*), "+text+" from "+qualified(table)).Scan(&rows, &full)
	return rows, full, err
}

// checkGrain checks that the grain identifies a row.
func checkGrain(ctx context.Context, conn *sql.Conn, m queries.Model) error {
	grain := identList(m.Grain)
	offending, err := oneRow(ctx, conn, fmt.Sprintf("select %s, count(*) as \"rows\" from %s group by %s having count(*) > 1 order by %s limit 1", grain, qualified(m.Table), grain, grain))
	if err != nil {
		return wrap(ctx, "check the grain of "+m.Table, err)
	}
	if offending != "" {
		return fmt.Errorf("build %s: the grain does not identify a row: %s", m.Table, offending)
	}
	return nil
}

func identList(names []string) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = ident(n)
	}
	return strings.Join(out, ", ")
}

// oneRow returns the first row of a query as "a=1 b=x", empty when there is none.
func oneRow(ctx context.Context, conn *sql.Conn, text string) (string, error) {
	rows, err := textRows(ctx, conn, text, nil, 1)
	if err != nil || len(rows) == 0 {
		return "", err
	}
	return rows[0], nil
}

// textRows returns up to limit rows of a query, each as "a=1 b=x".
func textRows(ctx context.Context, conn *sql.Conn, text string, args []any, limit int) ([]string, error) {
	rows, err := conn.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var out []string
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() && len(out) < limit {
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		parts := make([]string, len(columns))
		for i, v := range values {
			parts[i] = columns[i] + "=NULL"
			if v != nil {
				parts[i] = fmt.Sprintf("%s=%v", columns[i], v)
			}
		}
		out = append(out, strings.Join(parts, " "))
	}
	return out, rows.Err()
}

// Step is a row of audit.steps.
type Step struct {
	Name        string // the table it makes
	Seconds     float64
	Rows        *int64 // nil for a view
	Fingerprint string // empty: never reused
}

// prepareSteps makes audit.steps when it is not there.
func (db *DB) prepareSteps(ctx context.Context, conn *sql.Conn) error {
	const what = "create audit.steps"
	var have bool
	if err := conn.QueryRowContext(ctx, "select count(*) > 0 from information_schema.tables where table_catalog = current_database()"+
		" and table_schema = 'audit' and table_name = 'steps'").Scan(&have); err != nil || have {
		return wrap(ctx, what, err)
	}
	m, ok := db.models["audit.steps"]
	if !ok {
		return fmt.Errorf("%s: no queries/audit/steps.sql describes it", what)
	}
	return inTransaction(ctx, conn, what, func() error {
		if _, err := conn.ExecContext(ctx, "create schema if not exists audit; create table "+ddl(m, true)); err != nil {
			return wrap(ctx, what, err)
		}
		return comment(ctx, conn, m, nil)
	})
}

// recordStep replaces the step's row; call it within the transaction of the step. again says that there may be a row of it.
func recordStep(ctx context.Context, conn *sql.Conn, s Step, again bool) error {
	if again {
		if _, err := conn.ExecContext(ctx, "delete from audit.steps where step = $1", s.Name); err != nil {
			return wrap(ctx, "record step "+s.Name, err)
		}
	}
	_, err := conn.ExecContext(ctx, "insert into audit.steps (step, state, seconds, rows, fingerprint) values ($1, 'done', $2, $3, $4)", s.Name, s.Seconds, s.Rows, s.Fingerprint)
	return wrap(ctx, "record step "+s.Name, err)
}

// stepFingerprint returns the recorded fingerprint of a step.
func stepFingerprint(ctx context.Context, conn *sql.Conn, step string) (string, bool, error) {
	var out string
	err := conn.QueryRowContext(ctx, "select fingerprint from audit.steps where step = $1 and state = 'done'", step).Scan(&out)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	return out, err == nil, wrap(ctx, "look up step "+step, err)
}

// state returns the fingerprint that a model has now, the recorded one, and whether there is a recorded one.
func (db *DB) state(there *surroundings, m queries.Model, params map[string]any) (now, recorded string, done bool) {
	there.mu.Lock()
	defer there.mu.Unlock()
	recorded, done = there.done[m.Table]
	return db.fingerprint(there, m, params), recorded, done
}

// fingerprint is the SHA-256 of all that decides the content of a model: its SQL and header, the prelude and the macros, its parameters, the
// version of the engine, and the fingerprints of what it reads. It is empty, and the step never reused, when something it reads has none.
// A table of core without a step of its own was made by the step "load".
func (db *DB) fingerprint(there *surroundings, m queries.Model, params map[string]any) string {
	h := sha256.New()
	hashText(h, there.version, m.Table, m.Header, m.Text("duckdb"), db.prelude)
	for _, macro := range db.macros {
		hashText(h, macro.Name, strings.Join(macro.Params, ","), macro.Body)
	}
	for _, name := range m.Params("duckdb") {
		hashText(h, name, fmt.Sprintf("%T %v", params[name], params[name]))
	}
	reads := slices.Clone(m.Reads)
	sort.Strings(reads)
	for _, r := range reads {
		f, ok := there.done[r]
		if !ok && strings.HasPrefix(r, "core.") {
			f = there.done["load"]
		}
		if f == "" {
			return ""
		}
		hashText(h, r, f)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// hashText hashes texts with their lengths, so that ("a","bc") differs from ("ab","c").
func hashText(h hash.Hash, texts ...string) {
	for _, t := range texts {
		fmt.Fprintf(h, "%d:", len(t))
		_, _ = io.WriteString(h, t) // a hash never fails
	}
}

// CheckSchema compares the header of a built table with its columns in the engine and reports every difference.
func (db *DB) CheckSchema(ctx context.Context, table string) error {
	m, ok := db.models[table]
	if !ok {
		return fmt.Errorf("check the schema of %s: no such model", table)
	}
	conn, err := db.pool.Conn(ctx)
	if err != nil {
		return wrap(ctx, "check the schema of "+table, err)
	}
	defer conn.Close()
	have, err := describe(ctx, conn, "select * from "+qualified(table), nil)
	if err != nil {
		return wrap(ctx, "check the schema of "+table, err)
	}
	_, errs := compareColumns(m, have)
	return errors.Join(errs...)
}

// Audits runs the checks among the models (audit_*.sql). Any row they return is an error that shows the first of them. A check that reads a
// table which this database does not have (a block that was not asked for) is left out.
func (db *DB) Audits(ctx context.Context, models []queries.Model, params map[string]any) error {
	conn, err := db.pool.Conn(ctx)
	if err != nil {
		return wrap(ctx, "run the checks", err)
	}
	defer conn.Close()
	tables, err := db.tables(ctx, conn)
	if err != nil {
		return err
	}
	const show = 5
	var errs []error
	for _, m := range models {
		if !m.Audit || slices.ContainsFunc(m.Reads, func(r string) bool { return !slices.Contains(tables, r) }) {
			continue
		}
		args, err := bind(m, params)
		if err != nil {
			return fmt.Errorf("check %s: %w", m.Table, err)
		}
		found, err := textRows(ctx, conn, fmt.Sprintf("select * from (\n%s\n) as model limit %d", m.Text("duckdb"), show+1), args, show+1)
		if err != nil {
			return wrap(ctx, "check "+m.Table, locate(m, err))
		}
		if len(found) > show {
			found = append(found[:show], "…")
		}
		if len(found) > 0 {
			errs = append(errs, analytics.Enginef("check %s broken: %s\n  %s", m.Table, m.Doc, strings.Join(found, "\n  ")))
		}
	}
	return errors.Join(errs...)
}
