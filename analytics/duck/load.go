package duck

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"crmaudit/analytics"
	"crmaudit/analytics/ingest"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// ingestVersion is part of every fingerprint: raise it when the meaning of a load changes without its SQL.
const ingestVersion = "3"

// loader is one run of Load. A file's rows go straight into the table that keeps them, each with its fate, file and line, one statement per
// file (one that the strict reader refuses would abort a transaction). Then one transaction per input takes out what is not kept, writes
// the accounts, drops the columns of the fates and records the step; until then the table counts for nothing. Writing twice, first to
// a temporary table, took a fifth more processor time and, at 20 million messages, 4 GB of memory or spill. Schema load holds what later
// steps need and is gone when the load is done.
type loader struct {
	db       *DB
	conn     *sql.Conn
	spec     ingest.Spec
	plans    []*ingest.FilePlan
	scans    map[int]*ingest.Scanned
	rewrites map[int]string    // file number -> rewritten file
	counted  map[int]int64     // rows of files that are no text
	made     map[string]string // side tables that are there, by name and by content
	dir      string            // of the rewritten files
	extras   map[string][]string
	progress Progress
	table    string             // the table that is being filled
	staged   map[int]stagedRows // its rows by file; nil: to be counted
	report   ingest.Report
}

// Load reads every file of spec into schema core. Mistakes of the configuration and of the files come back all at once as
// ingest.Mistakes inside a UsageError or DataError. A load whose files, configuration and SQL are unchanged since it was last
// finished is not repeated, nor is any finished step of an interrupted one.
func (db *DB) Load(ctx context.Context, spec ingest.Spec, progress Progress) (ingest.Report, error) {
	start := time.Now()
	db.there = nil
	mistakes := ingest.Validate(spec)
	if len(mistakes) > 0 && (spec.Zone == nil || spec.Grain == "") {
		return ingest.Report{}, mistakes.Err()
	}
	plans, more := ingest.Prepare(spec)
	mistakes = append(mistakes, more...)
	conn, err := db.pool.Conn(ctx)
	if err != nil {
		return ingest.Report{}, wrap(ctx, "load the input", err)
	}
	defer conn.Close()
	l := &loader{db: db, conn: conn, spec: spec, plans: plans, scans: map[int]*ingest.Scanned{}, rewrites: map[int]string{}, counted: map[int]int64{}, made: map[string]string{},
		extras: map[string][]string{}, progress: progress}
	defer l.detach(ctx)
	mistakes = append(mistakes, l.describeFiles(ctx)...)
	if err := mistakes.Err(); err != nil {
		return ingest.Report{}, err
	}
	if l.dir, err = os.MkdirTemp(spec.TempDir, "crmaudit-load-"); err != nil {
		return ingest.Report{}, analytics.Enginef("make a directory for rewritten files: %w", err)
	}
	defer os.RemoveAll(l.dir)
	err = l.run(ctx)
	l.report.Elapsed = time.Since(start)
	return l.report, err
}

func (l *loader) exec(ctx context.Context, what, text string, args ...any) error {
	_, err := l.conn.ExecContext(ctx, text, args...)
	return wrap(ctx, what, err)
}

func (l *loader) number(ctx context.Context, what, text string) (n int64, err error) {
	return n, wrap(ctx, what, l.conn.QueryRowContext(ctx, text).Scan(&n))
}

// describeFiles binds the files that only the engine can open.
func (l *loader) describeFiles(ctx context.Context) ingest.Mistakes {
	var out ingest.Mistakes
	for src, p := range l.plans {
		var source string
		switch p.Dialect.Kind {
		case ingest.Parquet:
			source = "read_parquet(" + quote(p.Found.Path) + ", binary_as_string=true)"
		case ingest.DuckDB:
			if _, err := l.conn.ExecContext(ctx, fmt.Sprintf("attach %s as %s (read_only)", quote(p.Found.Path), ident(ingest.Database(src)))); err != nil {
				out = append(out, ingest.Mistake{Path: p.At + ".path", What: fmt.Sprintf("%s: %s", p.Found.Shown, lastLine(err.Error())), Data: true})
				continue
			}
			source = p.TableName(src)
		default:
			continue
		}
		have, err := describe(ctx, l.conn, "select * from "+source, nil)
		if err != nil {
			out = append(out, ingest.Mistake{Path: p.At + ".path", What: fmt.Sprintf("%s: cannot be read: %s", p.Found.Shown, firstLine(err.Error())), Data: true})
			continue
		}
		cols := make([]ingest.SourceColumn, len(have))
		for i, c := range have {
			cols[i] = ingest.SourceColumn{Name: c.name, Type: c.kind}
		}
		out = append(out, p.Bind(cols)...)
	}
	return out
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n")
	return s
}

func (l *loader) detach(ctx context.Context) {
	for src, p := range l.plans {
		if p.Dialect.Kind == ingest.DuckDB {
			_, _ = l.conn.ExecContext(context.WithoutCancel(ctx), "detach database if exists "+ident(ingest.Database(src)))
		}
	}
}

func (l *loader) run(ctx context.Context) error {
	if err := l.db.prepareSteps(ctx, l.conn); err != nil {
		return err
	}
	for _, in := range ingest.Inputs() {
		seen := map[string]bool{}
		for _, p := range l.of(in.Name) {
			for _, e := range l.plans[p].Extras {
				if !seen[e.Name] {
					seen[e.Name] = true
					l.extras[in.Name] = append(l.extras[in.Name], e.Name)
				}
			}
		}
		slices.Sort(l.extras[in.Name])
		told := slices.ContainsFunc(l.of(in.Name), func(src int) bool { return l.plans[src].CurrencyColumn() != "" })
		for _, src := range l.of(in.Name) {
			l.plans[src].CountCurrency = told
		}
	}
	whole := l.fingerprint(nil)
	if have, done, err := stepFingerprint(ctx, l.conn, "load"); err != nil {
		return err
	} else if done && have == whole {
		return l.readReport(ctx)
	}
	keysPrint := l.fingerprint([]string{"keys"})
	have, done, err := stepFingerprint(ctx, l.conn, "load:keys")
	if err != nil {
		return err
	}
	if !done || have != keysPrint {
		if err := l.reset(ctx); err != nil {
			return err
		}
	}
	var inputs []ingest.Input
	for _, in := range ingest.Inputs() {
		if in.Name != "identities" {
			inputs = append(inputs, in)
		}
	}
	total := int64(len(inputs) + 2)
	l.progress.report("load customer ids", 0, total)
	if err := l.windows(ctx); err != nil {
		return err
	}
	if !done || have != keysPrint {
		if err := l.keys(ctx, keysPrint); err != nil {
			return err
		}
	}
	for i, in := range inputs {
		l.progress.report("load "+in.Name, int64(i+1), total)
		if err := l.input(ctx, in, keysPrint); err != nil {
			return err
		}
	}
	if err := l.readReport(ctx); err != nil {
		return err
	}
	if err := l.contract(ctx); err != nil {
		return err
	}
	l.progress.report("load core", total-1, total)
	start := time.Now()
	err = inTransaction(ctx, l.conn, "load core", func() error {
		if err := l.core(ctx); err != nil {
			return err
		}
		return recordStep(ctx, l.conn, Step{Name: "load", Seconds: time.Since(start).Seconds(), Fingerprint: whole}, true)
	})
	l.progress.report("load core", total, total)
	return err
}

// of lists the numbers of an input's files.
func (l *loader) of(input string) (out []int) {
	for src, p := range l.plans {
		if p.Input.Name == input {
			out = append(out, src)
		}
	}
	return out
}

// fingerprint hashes all that decides the content of the loaded tables; inputs nil means all.
func (l *loader) fingerprint(salt []string) string {
	h := sha256.New()
	hashText(h, ingestVersion)
	hashText(h, salt...)
	s := l.spec
	hashText(h, s.From.String(), s.To.String(), s.Zone.String(), s.Grain, s.Currency, strings.Join(s.OrderEvents, "\x00"), strings.Join(s.ActivityEvents, "\x00"),
		fmt.Sprint(s.AttributionHours, s.MaxRejectShare, s.ControlTotals))
	for src, p := range l.plans {
		hashText(h, p.Input.Name, p.Found.Fingerprint(), p.Dialect.String(), p.FileSQL(src, "", "load.keys", l.extras[p.Input.Name]), fmt.Sprint(p.File.KeepIdentical))
		for _, side := range p.Sides {
			hashText(h, side.SideSQL(nil))
			for _, file := range side.Files {
				hashText(h, file.Found.Fingerprint(), file.Dialect.String())
			}
		}
		if p.Windowed() {
			hashText(h, ingest.WindowSQL([]ingest.WindowMember{{Plan: p, Src: src}}))
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// reset removes what an earlier load with other files or another configuration has left.
func (l *loader) reset(ctx context.Context) error {
	return inTransaction(ctx, l.conn, "start the load", func() error {
		for _, schema := range []string{"core", "audit", "load"} {
			if err := l.exec(ctx, "create schema "+schema, "create schema if not exists "+schema); err != nil {
				return err
			}
		}
		if err := l.exec(ctx, "start the load", "delete from audit.steps"); err != nil {
			return err
		}
		for _, t := range loadAccounts() {
			if err := replaceTable(ctx, l.conn, t); err != nil {
				return err
			}
			if err := l.exec(ctx, "create "+t, "create table "+ddl(l.db.models[t], false)); err != nil {
				return err
			}
		}
		return nil
	})
}

// ready makes the file readable by the engine: counts its records and rewrites it when it is not plain.
func (l *loader) ready(ctx context.Context, src int) error {
	p := l.plans[src]
	if err := l.sides(ctx, src); err != nil {
		return err
	}
	if !p.Text() {
		if _, ok := l.counted[src]; ok || p.Dialect.Kind == ingest.Empty {
			return nil
		}
		text := "select count(*) from " + p.TableName(src)
		if p.Dialect.Kind == ingest.Parquet {
			text = "select coalesce(sum(num_rows), 0)::bigint from parquet_file_metadata(" + quote(p.Found.Path) + ")"
		}
		n, err := l.number(ctx, "count the rows of "+p.Found.Shown, text)
		l.counted[src] = n
		return err
	}
	if l.scans[src] != nil {
		return nil
	}
	if p.Direct() && !p.Windowed() { // the fates of rows that depend on others are told by line
		s, err := p.Scan()
		if err != nil {
			return &analytics.DataError{Err: err}
		}
		if s.Reencode != "" {
			p.Dialect.Encoding = s.Reencode
		} else if s.Broken == 0 {
			l.scans[src] = &s
			return nil
		}
	}
	return l.rewrite(src)
}

// rewrite makes the canonical copy of a text file.
func (l *loader) rewrite(src int) error {
	p := l.plans[src]
	path := filepath.Join(l.dir, fmt.Sprintf("%d.csv", src))
	s, err := p.Normalise(path)
	if err == nil && s.Reencode != "" {
		p.Dialect.Encoding = s.Reencode
		s, err = p.Normalise(path)
	}
	if err != nil {
		return &analytics.EngineError{Err: err}
	}
	l.rewrites[src], l.scans[src] = path, &s
	return nil
}

// sides creates the file's side tables, each once: files with the same lookup share it.
func (l *loader) sides(ctx context.Context, src int) error {
	for k, side := range l.plans[src].Sides {
		name := ingest.SideName(src, k)
		if l.made[name] != "" {
			continue
		}
		content := side.SideSQL(nil) + fmt.Sprint(side.On)
		for _, file := range side.Files {
			content += "\x00" + file.Found.Path
		}
		if same := l.made[content]; same != "" {
			if err := l.exec(ctx, "make side table", fmt.Sprintf("create or replace temp view %s as select * from %s", name, same)); err != nil {
				return err
			}
			l.made[name] = same
			continue
		}
		shown := side.Files[0].Found.Shown
		rewritten := make([]string, len(side.Files))
		for i, file := range side.Files {
			if !file.Text() {
				continue
			}
			rewritten[i] = filepath.Join(l.dir, fmt.Sprintf("%s_%d.csv", name, i))
			s, err := file.Normalise(rewritten[i])
			if err != nil {
				return &analytics.EngineError{Err: err}
			}
			if s.Broken > 0 {
				return analytics.Dataf("%s:%d: %s: a side file must be clean", file.Found.Shown, s.Rejects[0].Line, s.Rejects[0].Reason)
			}
		}
		if err := l.exec(ctx, "read "+shown, fmt.Sprintf("create or replace temp table %s as %s", name, side.SideSQL(rewritten))); err != nil {
			return err
		}
		for _, path := range rewritten {
			if path != "" {
				os.Remove(path)
			}
		}
		err := l.each(ctx, "look for keys that are there twice", side.Twice(name), func(scan func(...any) error) error {
			var key string
			var n int64
			if err := scan(&key, &n); err != nil {
				return err
			}
			return analytics.Dataf("%s: the key %q is there %d times: a side file has one row per key; say with newest: COLUMN which of them counts", shown, key, n)
		})
		if err != nil {
			return err
		}
		l.made[name], l.made[content] = name, name
	}
	return nil
}

// windows judges the rows of files with row versions or moves, group by group.
func (l *loader) windows(ctx context.Context) error {
	groups := map[string][]ingest.WindowMember{}
	var names []string
	for src, p := range l.plans {
		name := p.WindowName()
		if name == "" || p.Dialect.Kind == ingest.Empty {
			continue
		}
		if err := l.ready(ctx, src); err != nil {
			return err
		}
		if groups[name] == nil {
			names = append(names, name)
		}
		groups[name] = append(groups[name], ingest.WindowMember{Plan: p, Src: src, Normalised: l.rewrites[src]})
	}
	for _, name := range names {
		if err := l.exec(ctx, "find row versions and moves in "+groups[name][0].Plan.Found.Shown, fmt.Sprintf("create or replace temp table %s as %s", name, ingest.WindowSQL(groups[name]))); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) appendRows(ctx context.Context, catalogue, schema, table string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	err := l.conn.Raw(func(c any) error {
		a, err := duckdb.NewAppender(c.(driver.Conn), catalogue, schema, table)
		if err != nil {
			return err
		}
		for _, r := range rows {
			values := make([]driver.Value, len(r))
			for i, v := range r {
				values[i] = v
			}
			if err := a.AppendRow(values...); err != nil {
				return errors.Join(err, a.Close())
			}
		}
		return a.Close()
	})
	return wrap(ctx, "write "+table, err)
}

// attempt runs work on the file as it is and, when the engine's strict reader refuses it, on its rewritten copy.
func (l *loader) attempt(ctx context.Context, src int, work func(rewritten string) error) error {
	if err := l.ready(ctx, src); err != nil {
		return err
	}
	p := l.plans[src]
	err := work(l.rewrites[src])
	if err == nil || ctx.Err() != nil || !p.Text() || l.rewrites[src] != "" {
		return err
	}
	if err := l.rewrite(src); err != nil {
		return err
	}
	return work(l.rewrites[src])
}

// keys collects every customer id of every file, follows the identities, and numbers the customers in the order of their ids.
func (l *loader) keys(ctx context.Context, fingerprint string) error {
	start := time.Now()
	const what = "load customer ids"
	if err := l.identities(ctx); err != nil {
		return err
	}
	if err := l.exec(ctx, what, "create or replace temp table load_ids (id VARCHAR)"); err != nil {
		return err
	}
	for _, in := range ingest.Inputs() {
		files := l.of(in.Name)
		if in.Name == "identities" {
			continue
		}
		insert := func(src int, p *ingest.FilePlan, rewritten string) string {
			if ids := p.KeysSQL(src, rewritten); ids != "" {
				return "insert into load_ids " + ids
			}
			return "" // the file names no customer
		}
		read, err := l.together(ctx, in, insert)
		if err != nil {
			return err
		}
		for _, src := range files {
			p := l.plans[src]
			if read[src] || insert(src, p, "") == "" || p.Dialect.Kind == ingest.Empty {
				continue
			}
			err := l.attempt(ctx, src, func(rewritten string) error {
				return l.exec(ctx, "read the customer ids of "+p.Found.Shown, insert(src, p, rewritten))
			})
			if err != nil {
				return err
			}
		}
	}
	return inTransaction(ctx, l.conn, what, func() error {
		for _, text := range []string{
			"create or replace table load.customers as select CAST(row_number() OVER (ORDER BY customer_id) AS INTEGER) AS ck, customer_id FROM (SELECT DISTINCT coalesce(a.canonical, i.id) AS customer_id FROM load_ids i LEFT JOIN load_alias a ON a.id = i.id)",
			"create or replace table load.keys as select i.id, c.ck FROM (SELECT DISTINCT id FROM load_ids) i LEFT JOIN load_alias a ON a.id = i.id JOIN load.customers c ON c.customer_id = coalesce(a.canonical, i.id)",
			"drop table load_ids",
			"drop table load_alias",
		} {
			if err := l.exec(ctx, what, text); err != nil {
				return err
			}
		}
		rows, err := l.number(ctx, what, "select count(*) from load.customers")
		if err != nil {
			return err
		}
		return recordStep(ctx, l.conn, Step{Name: "load:keys", Seconds: time.Since(start).Seconds(), Rows: &rows, Fingerprint: fingerprint}, true)
	})
}

// identities stages the identities and leaves load_alias(id, canonical).
func (l *loader) identities(ctx context.Context) error {
	if err := l.exec(ctx, "load identities", "create or replace temp table load_alias (id VARCHAR, canonical VARCHAR)"); err != nil {
		return err
	}
	in, _ := ingest.InputByName("identities")
	if len(l.of(in.Name)) == 0 {
		return nil
	}
	if err := l.stage(ctx, in, "load.identities"); err != nil {
		return err
	}
	rows, err := l.conn.QueryContext(ctx, "select distinct alias_id, customer_id from load.identities where code = 0")
	if err != nil {
		return wrap(ctx, "load identities", err)
	}
	defer rows.Close()
	var pairs []ingest.Alias
	for rows.Next() {
		var a ingest.Alias
		if err := rows.Scan(&a.From, &a.To); err != nil {
			return wrap(ctx, "load identities", err)
		}
		pairs = append(pairs, a)
	}
	if err := rows.Err(); err != nil {
		return wrap(ctx, "load identities", err)
	}
	rows.Close()
	resolved := ingest.Resolve(pairs)
	l.report.Warnings = append(l.report.Warnings, resolved.Warnings()...)
	out := make([][]any, 0, len(resolved.Canonical))
	for id, canonical := range resolved.Canonical {
		out = append(out, []any{id, canonical})
	}
	if err := l.appendRows(ctx, "temp", "main", "load_alias", out); err != nil {
		return err
	}
	return inTransaction(ctx, l.conn, "load identities", func() error {
		if err := l.losers(ctx, in); err != nil {
			return err
		}
		if err := l.account(ctx, in); err != nil {
			return err
		}
		return l.exec(ctx, "load identities", "drop table load.identities")
	})
}

// together runs a statement once for all files of the input that one scan can read, and returns those files. Files whose scan fails are not
// among them: read one by one, the error names the file.
func (l *loader) together(ctx context.Context, in ingest.Input, text func(src int, p *ingest.FilePlan, rewritten string) string) (map[int]bool, error) {
	read := map[int]bool{}
	list := l.of(in.Name) // the numbers of one input's files follow each other
	for len(list) > 0 {
		src := list[0]
		n, scan := ingest.Together(l.plans[src : src+len(list)])
		list = list[n:]
		statement := text(src, scan, "")
		if n == 1 || statement == "" {
			continue
		}
		if err := l.exec(ctx, "read the files of "+in.Name, statement); err != nil {
			if ctx.Err() != nil {
				return nil, err
			}
			continue
		}
		for k := range n {
			read[src+k] = true
		}
	}
	return read, nil
}

// stage fills table with every row of the input's files, each with its fate.
func (l *loader) stage(ctx context.Context, in ingest.Input, table string) error {
	l.table, l.staged = table, nil
	what := "stage " + in.Name
	columns, err := l.kept(ctx, in)
	if err != nil {
		return err
	}
	if err := replaceTable(ctx, l.conn, table); err != nil {
		return err
	}
	var types, list []string
	for _, c := range columns {
		compression := ""
		if c.kind == "VARCHAR" && slices.Contains([]string{"message_id", "event_id", "entry_id", "order_id"}, c.name) {
			// Ids hardly compress, and trying costs more than anything else of the load.
			compression = " using compression uncompressed"
		}
		types = append(types, ident(c.name)+" "+c.kind+compression)
		list = append(list, c.expr)
	}
	text := fmt.Sprintf("create table %s (%s, src INTEGER, line BIGINT, code SMALLINT)", qualified(table), strings.Join(types, ", "))
	if err := l.exec(ctx, what, text); err != nil {
		return err
	}
	// The reader is estimated at a few rows, so the join would build its hash table on the millions of the file.
	if err := l.exec(ctx, what, "set disabled_optimizers = 'build_side_probe_side,join_order'"); err != nil {
		return err
	}
	defer func() { _, _ = l.conn.ExecContext(context.WithoutCancel(ctx), "reset disabled_optimizers") }()
	insert := func(src int, p *ingest.FilePlan, rewritten string) string {
		return fmt.Sprintf("insert into %s select %s, src, line, code from (%s)", qualified(table), strings.Join(list, ", "), p.FileSQL(src, rewritten, "load.keys", l.extras[in.Name]))
	}
	read, err := l.together(ctx, in, insert)
	if err != nil {
		return err
	}
	for _, src := range l.of(in.Name) {
		p := l.plans[src]
		if p.Dialect.Kind == ingest.Empty {
			continue
		}
		err := l.attempt(ctx, src, func(rewritten string) error {
			if !read[src] {
				l.staged = nil
				if err := l.exec(ctx, "read "+p.Found.Shown, insert(src, p, rewritten)); err != nil {
					return err
				}
			}
			return l.reconcile(ctx, src)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// keyed holds the second reading of a file against the first: a row that must name a customer has his key, or the two readings differ.
func (l *loader) keyed(ctx context.Context, in ingest.Input) error {
	if !slices.ContainsFunc(in.Columns, func(c ingest.Column) bool { return c.Type == ingest.Key && c.Required }) {
		return nil
	}
	return l.each(ctx, "look for rows without a customer key", fmt.Sprintf("select src, count(*) from %s where code = 0 and ck is null group by src order by src limit 1", l.table),
		func(scan func(...any) error) error {
			var src int
			var n int64
			if err := scan(&src, &n); err != nil {
				return err
			}
			p := l.plans[src]
			return analytics.Dataf("read %s: %d rows have a customer whom the first reading of the file did not find; the load is refused (please report this file's dialect: %s)", p.Found.Shown, n, p.Dialect)
		})
}

// countStaged counts the rows of every file in the table that is being filled.
func (l *loader) countStaged(ctx context.Context) error {
	l.staged = map[int]stagedRows{}
	return l.each(ctx, "count the rows of "+l.table, fmt.Sprintf("select src, count(*), count(*) filter (where code >= %d) from %s group by src", ingest.FirstReject, l.table),
		func(scan func(...any) error) error {
			var src int
			var n stagedRows
			err := scan(&src, &n.rows, &n.refused)
			l.staged[src] = n
			return err
		})
}

// stagedRows are the rows of one file in the table that is being filled.
type stagedRows struct{ rows, refused int64 }

// reconcile holds the engine's count against Go's. A plain text file with refused values is rewritten, because the report needs lines.
func (l *loader) reconcile(ctx context.Context, src int) error {
	p := l.plans[src]
	if l.staged == nil {
		if err := l.countStaged(ctx); err != nil {
			return err
		}
	}
	rows, refused := l.staged[src].rows, l.staged[src].refused
	want := l.counted[src]
	if p.Text() {
		want = l.scans[src].Records - l.scans[src].Broken
	}
	if rows == want && (refused == 0 || !p.Text() || l.rewrites[src] != "") {
		return nil
	}
	if err := l.exec(ctx, "read "+p.Found.Shown, fmt.Sprintf("delete from %s where src = %d", l.table, src)); err != nil {
		return err
	}
	return analytics.Dataf("read %s: %d rows were counted and %d were read; the load is refused (please report this file's dialect: %s)", p.Found.Shown, want, rows, p.Dialect)
}

// losers leaves load_losers(rid, src): the staged rows that repeat another one. The winner has the latest change, then the greatest
// content; where all is equal the file's name decides, which only moves the count of duplicates between files.
func (l *loader) losers(ctx context.Context, in ingest.Input) error {
	what := "find duplicates of " + in.Name
	// Sorted, because grouping 20 million different numbers takes twice the processor time and half a gigabyte more.
	if err := l.exec(ctx, what, fmt.Sprintf("create or replace temp table load_twice as select distinct h from (select %[1]s as h, lag(%[1]s) over (order by %[1]s) as before from %[2]s where code = 0 and %[1]s is not null) where h = before", hashName(in), l.table)); err != nil {
		return err
	}
	n, err := l.number(ctx, what, "select count(*) from load_twice")
	if err != nil {
		return err
	}
	if n == 0 {
		return l.exec(ctx, what, "create or replace temp table load_losers (rid BIGINT, src INTEGER)")
	}
	columns := l.stageNames(in)
	var order, ids []string
	if in.Latest != "" {
		order = append(order, "s."+ident(in.Latest)+" DESC NULLS LAST")
	}
	for _, c := range columns {
		order = append(order, "s."+ident(c)+" DESC NULLS LAST")
	}
	var paths strings.Builder
	paths.WriteString("CASE s.src")
	for _, src := range l.of(in.Name) {
		fmt.Fprintf(&paths, " WHEN %d THEN %s", src, quote(l.plans[src].Found.Shown))
	}
	paths.WriteString(" END")
	order = append(order, paths.String(), "s.src", "s.line")
	// Two ids with one hash are not the same: compare the ids too.
	for _, c := range in.Columns {
		switch {
		case c.ID && c.Type == ingest.Key:
			ids = append(ids, "s.ck")
		case c.ID:
			ids = append(ids, "s."+ident(c.CoreName()))
		}
	}
	return l.exec(ctx, what, fmt.Sprintf("create or replace temp table load_losers as select rid, src from (select s.rowid as rid, s.src, row_number() over (partition by %s order by %s) as n from %s s join load_twice t on t.h = s.%s where s.code = 0) where n > 1",
		strings.Join(append([]string{"s." + hashName(in)}, ids...), ", "), strings.Join(order, ", "), l.table, hashName(in)))
}

func (l *loader) stageNames(in ingest.Input) []string {
	var out []string
	for _, c := range ingest.StageColumns(in, l.extras[in.Name]) {
		if c[0] == "price_minor" {
			c[0] = "amount_minor" // kept keeps this instead
		}
		out = append(out, c[0])
	}
	return out
}

// input loads one input: stage, duplicates, the kept rows, the accounts; the last three in one transaction.
func (l *loader) input(ctx context.Context, in ingest.Input, keysPrint string) error {
	start := time.Now()
	step := "load:" + in.Name
	fingerprint := keysPrint + "|" + in.Name
	if have, done, err := stepFingerprint(ctx, l.conn, step); err != nil || done && have == fingerprint {
		return err
	}
	target := "core." + in.Name
	switch in.Name {
	case "customers":
		target = "load.customer_rows"
	case "message_events":
		target = "load.message_events"
	case "messages":
		if len(l.of("message_events")) > 0 {
			target = "load.messages"
		}
	}
	if err := l.stage(ctx, in, target); err != nil {
		return err
	}
	if err := l.keyed(ctx, in); err != nil {
		return err
	}
	if err := l.losers(ctx, in); err != nil {
		return err
	}
	if err := l.keyTwins(ctx, in, target); err != nil {
		return err
	}
	// Two transactions, because the engine cannot delete from a table and alter it in one. Until the second has recorded the step, a resumed
	// run begins this input anew.
	whole := false
	err := inTransaction(ctx, l.conn, step, func() error {
		if err := l.account(ctx, in); err != nil {
			return err
		}
		if in.Name == "customers" {
			// Of merged records the earliest says when the customer became known, whichever record is kept.
			if err := l.exec(ctx, step, "create or replace table load.customer_firsts as select ck, min(created_day) AS created_day from load.customer_rows where code = 0 group by ck"); err != nil {
				return err
			}
		}
		var err error
		whole, err = l.keep(ctx, in, step, target)
		return err
	})
	if err != nil {
		return err
	}
	err = inTransaction(ctx, l.conn, step, func() error {
		if whole {
			columns := []string{"src", "line", "code"}
			if hashName(in) == "h" {
				columns = append(columns, "h")
			}
			if l.currencies(in) {
				columns = append(columns, "currency")
			}
			for _, c := range columns {
				if err := l.exec(ctx, step, fmt.Sprintf("alter table %s drop column %s", target, c)); err != nil {
					return err
				}
			}
		}
		rows, err := l.number(ctx, step, "select count(*) from "+target)
		if err != nil {
			return err
		}
		return recordStep(ctx, l.conn, Step{Name: step, Seconds: time.Since(start).Seconds(), Rows: &rows, Fingerprint: fingerprint}, true)
	})
	if err != nil {
		return err
	}
	for _, src := range l.of(in.Name) {
		if path := l.rewrites[src]; path != "" {
			os.Remove(path)
		}
	}
	return l.exec(ctx, step, "drop table load_losers; drop table load_twice")
}

// keep takes out of the table what is not loaded. When that is more than a twentieth, the rest is written anew without the columns of the
// fates (deleted rows would slow down every later scan); else whole says that the columns are still there.
func (l *loader) keep(ctx context.Context, in ingest.Input, what, table string) (whole bool, err error) {
	all, err := l.number(ctx, what, "select count(*) from "+table)
	if err != nil {
		return false, err
	}
	gone, err := l.number(ctx, what, "select (select count(*) from "+table+" where code <> 0) + (select count(*) from load_losers)")
	if err != nil {
		return false, err
	}
	if gone*20 <= all {
		if gone == 0 {
			return true, nil
		}
		return true, l.exec(ctx, what, "delete from "+table+" where code <> 0 or rowid in (select rid from load_losers)")
	}
	schema, name, _ := strings.Cut(table, ".")
	drop := "src, line, code"
	if hashName(in) == "h" {
		drop += ", h"
	}
	if l.currencies(in) {
		drop += ", currency"
	}
	for _, text := range []string{
		fmt.Sprintf("create or replace table %s.%s as select * exclude (%s) from %s t where code = 0 and not exists (select 1 from load_losers x where x.rid = t.rowid)", schema, ident(name+"_kept"), drop, table),
		"drop table " + table,
		fmt.Sprintf("alter table %s.%s rename to %s", schema, ident(name+"_kept"), ident(name)),
	} {
		if err := l.exec(ctx, what, text); err != nil {
			return false, err
		}
	}
	return false, nil
}

// hashName is the column that says which rows are the same fact. For messages, their facts and enrolments it is kept, as their key.
func hashName(in ingest.Input) string {
	switch in.Name {
	case "messages", "message_events":
		return "mk"
	case "enrolments":
		return "ek"
	}
	return "h"
}

// keptColumn is a column of a table to be written: name, type, and the expression over the rows of FileSQL.
type keptColumn struct{ name, kind, expr string }

// kept lists the columns of the input's table.
func (l *loader) kept(ctx context.Context, in ingest.Input) ([]keptColumn, error) {
	out := []keptColumn{{hashName(in), "BIGINT", "CAST(h >> 1 AS BIGINT)"}}
	for _, c := range ingest.StageColumns(in, l.extras[in.Name]) {
		k := keptColumn{c[0], c[1], ident(c[0])}
		switch {
		case in.Name == "segment_memberships" && c[0] == "from_day":
			k.expr = "coalesce(from_day, -1000000)"
		case in.Name == "segment_memberships" && c[0] == "to_day":
			k.expr = "coalesce(to_day, 1000000)"
		case in.Name == "order_items" && c[0] == "price_minor":
			// A return may have its sign on the quantity, on the price or on both.
			k.name, k.expr = "amount_minor", "CASE WHEN code = 0 THEN CAST(round(CASE WHEN quantity < 0 THEN abs(price_minor) * quantity ELSE price_minor * coalesce(quantity, 1) END) AS BIGINT) END"
		}
		out = append(out, k)
	}
	if l.currencies(in) {
		out = append(out, keptColumn{"currency", "VARCHAR", "currency"})
	}
	return out, l.enumerate(ctx, in, out)
}

// enumerable are the text columns that name kinds of things, not single ones. Measured on 2 million messages: six such columns cost 1.6 s of
// processor time to write as VARCHAR and 0.8 s as ENUM, distinct values counted, and everything downstream groups and joins integers.
func enumerable() []string {
	return []string{"channel", "scenario_id", "step_id", "campaign_id", "template_id", "variant", "not_sent_reason", "name", "category", "source", "trigger", "exit_reason",
		"segment_id", "stage", "loss_reason", "owner", "experiment_id", "arm"}
}

// maxEnum is how many different values an enumeration may have; a column with more stays text.
const maxEnum = 2000

// enumerate turns text columns with few different values into enumerations, sorted, so that they compare as the texts do. The values are
// looked up beforehand where that is cheap: in files that store columns. Columns of text files stay text, except those of fixed words.
func (l *loader) enumerate(ctx context.Context, in ingest.Input, columns []keptColumn) error {
	if in.Name == "customers" || in.Name == "templates" || in.Name == "identities" {
		return nil
	}
	values := map[string]map[string]bool{}
	var names []string
	for _, c := range in.Columns {
		switch {
		case c.Type == ingest.Choice:
			values[c.Name] = map[string]bool{}
			for _, v := range c.Allowed {
				values[c.Name][v] = true
			}
		case c.Type == ingest.Text && slices.Contains(enumerable(), c.Name):
			names = append(names, c.Name)
		}
	}
	if slices.ContainsFunc(l.of(in.Name), func(src int) bool { return l.plans[src].Text() }) {
		names = nil
	}
	for list := l.of(in.Name); len(list) > 0 && len(names) > 0; {
		src := list[0]
		n, scan := ingest.Together(l.plans[src : src+len(list)])
		list = list[n:]
		if l.plans[src].Dialect.Kind == ingest.Empty {
			continue
		}
		if err := l.sides(ctx, src); err != nil {
			return err
		}
		var err error
		if names, err = l.distinct(ctx, src, n, scan, names, values); err != nil {
			return err
		}
	}
	for i, c := range columns {
		if c.kind != "VARCHAR" || len(values[c.name]) == 0 || len(values[c.name]) > maxEnum {
			continue
		}
		var quoted []string
		for v := range values[c.name] {
			quoted = append(quoted, v)
		}
		slices.Sort(quoted)
		for j, v := range quoted {
			quoted[j] = quote(v)
		}
		columns[i].kind = "ENUM(" + strings.Join(quoted, ", ") + ")"
	}
	return nil
}

// distinct adds the values of the named columns in the n files of one scan and returns the columns that still have few.
func (l *loader) distinct(ctx context.Context, src, n int, files *ingest.FilePlan, names []string, values map[string]map[string]bool) ([]string, error) {
	what := "list the values of " + l.plans[src].Found.Shown
	scan := func(p *ingest.FilePlan, aggregate string, row []any) error {
		return wrap(ctx, what, l.conn.QueryRowContext(ctx, p.ValuesSQL(src, "", names, aggregate)).Scan(row...))
	}
	// The first file is only estimated, which takes little memory: a column of ids ends there. Exact counts of the others take a third of
	// the time of estimates over all files.
	few := func(p *ingest.FilePlan, aggregate string) error {
		counts, row := make([]int64, len(names)), make([]any, len(names))
		for i := range row {
			row[i] = &counts[i]
		}
		if err := scan(p, aggregate, row); err != nil {
			return err
		}
		var kept []string
		for i, name := range names {
			if counts[i] <= maxEnum {
				kept = append(kept, name)
			} else {
				delete(values, name)
			}
		}
		names = kept
		return nil
	}
	if err := few(l.plans[src], "approx_count_distinct(%s)"); err != nil {
		return nil, err
	}
	if n > 1 && len(names) > 0 {
		if err := few(files, "count(DISTINCT %s)"); err != nil {
			return nil, err
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	lists := make([]any, len(names))
	row := make([]any, len(names))
	for i := range row {
		row[i] = &lists[i]
	}
	if err := scan(files, "list(DISTINCT %s)", row); err != nil {
		return nil, err
	}
	for i, n := range names {
		if values[n] == nil {
			values[n] = map[string]bool{}
		}
		list, _ := lists[i].([]any) // nil when the column is empty
		for _, v := range list {
			if text, ok := v.(string); ok {
				values[n][text] = true
			}
		}
	}
	return names, nil
}

// keyTwins gives messages and enrolments that are identical and kept all the same a key each: the hash of their content and their number.
func (l *loader) keyTwins(ctx context.Context, in ingest.Input, table string) error {
	key := hashName(in)
	if key == "h" || !slices.ContainsFunc(l.of(in.Name), func(src int) bool { return l.plans[src].File.KeepIdentical }) {
		return nil
	}
	all := "hash(" + identList(l.stageNames(in)) + ")"
	return l.exec(ctx, "number identical rows of "+in.Name, fmt.Sprintf("update %[1]s set %[3]s = n.k from (select rowid as rid, CAST(hash(%[2]s, row_number() OVER (PARTITION BY %[2]s)) >> 1 AS BIGINT) AS k from %[1]s where %[3]s is null) n where n.rid = %[1]s.rowid",
		table, all, key))
}

// account writes audit.sources and audit.rejects of an input from the stage.
func (l *loader) account(ctx context.Context, in ingest.Input) error {
	what := "account for " + in.Name
	for _, t := range loadAccounts() {
		if t == "audit.unknown_values" || t == "audit.exits" {
			continue // of a file, whatever inputs it fills; of core.exits, written anew
		}
		if err := l.exec(ctx, what, "delete from "+t+" where input = $1", in.Name); err != nil {
			return err
		}
	}
	counts := map[int]*ingest.Source{}
	for _, src := range l.of(in.Name) {
		p := l.plans[src]
		counts[src] = &ingest.Source{Input: in.Name, Path: p.Found.Shown, Dialect: p.Dialect.String()}
		if scan := l.scans[src]; scan != nil && !p.Again {
			counts[src].Rejected = scan.Broken
		}
	}
	err := l.each(ctx, what, "select src, code, count(*) from "+l.table+" group by src, code", func(scan func(...any) error) error {
		var src int
		var code, n int64
		if err := scan(&src, &code, &n); err != nil {
			return err
		}
		c := counts[src]
		switch {
		case code == ingest.Loaded:
			c.Loaded += n
		case code == ingest.Excluded:
			c.Excluded += n
		case code == ingest.Outside:
			c.Outside += n
		case code == ingest.Superseded:
			c.Duplicate += n
		default:
			c.Rejected += n
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = l.each(ctx, what, "select src, count(*) from load_losers group by src", func(scan func(...any) error) error {
		var src int
		var n int64
		if err := scan(&src, &n); err != nil {
			return err
		}
		counts[src].Duplicate += n
		counts[src].Loaded -= n
		return nil
	})
	if err != nil {
		return err
	}
	var sources, rejects [][]any
	var files []*ingest.Source
	for _, src := range l.of(in.Name) {
		c, p := counts[src], l.plans[src]
		c.Read = c.Loaded + c.Rejected + c.Duplicate + c.Outside + c.Excluded
		want := l.counted[src]
		if scan := l.scans[src]; scan != nil {
			want = scan.Records
			if p.Again {
				want -= scan.Broken
			}
		}
		if c.Read != want {
			return analytics.Dataf("read %s: the file has %d rows and %d are accounted for; the load is refused", p.Found.Shown, want, c.Read)
		}
		if i := slices.IndexFunc(files, func(f *ingest.Source) bool { return f.Path == c.Path }); i >= 0 {
			files[i].Join(*c)
		} else {
			files = append(files, c)
		}
		kept, err := l.rejects(ctx, src)
		if err != nil {
			return err
		}
		for _, r := range kept {
			var line any
			if r.Line > 0 {
				line = r.Line
			}
			rejects = append(rejects, []any{r.Input, r.Path, line, r.Column, r.Reason, r.Text})
		}
	}
	for _, c := range files {
		sources = append(sources, []any{c.Input, c.Path, c.Dialect, c.Read, c.Loaded, c.Rejected, c.Duplicate, c.Outside, c.Excluded})
	}
	if err := l.appendRows(ctx, catalog, "audit", "sources", sources); err != nil {
		return err
	}
	if err := l.countCurrencies(ctx, in); err != nil {
		return err
	}
	if err := l.countUnknown(ctx, in); err != nil {
		return err
	}
	return l.appendRows(ctx, catalog, "audit", "rejects", rejects)
}

// maxUnknown is how many unknown values of one column are listed.
const maxUnknown = 100

// countUnknown writes audit.unknown_values for the input's files: the values of open lists that the profile does not know. A file that fills several
// inputs is counted once.
func (l *loader) countUnknown(ctx context.Context, in ingest.Input) error {
	for _, src := range l.of(in.Name) {
		p := l.plans[src]
		for _, column := range slices.Sorted(maps.Keys(p.Known)) {
			text := p.UnknownSQL(src, l.rewrites[src], column, maxUnknown)
			if text == "" {
				continue
			}
			what := "count the unknown values of " + p.Found.Shown
			if err := l.exec(ctx, what, "delete from audit.unknown_values where path = $1 and column_name = $2", p.Found.Shown, column); err != nil {
				return err
			}
			text = fmt.Sprintf("insert into audit.unknown_values select %s, %s, %s, value, n from (%s)", quote(p.Found.Shown), quote(p.File.Profile), quote(column), text)
			if err := l.exec(ctx, what, text); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *loader) each(ctx context.Context, what, text string, row func(scan func(...any) error) error) error {
	rows, err := l.conn.QueryContext(ctx, text)
	if err != nil {
		return wrap(ctx, what, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return wrap(ctx, what, err)
		}
	}
	return wrap(ctx, what, rows.Err())
}

// rejects lists the rejected rows of a file, the first MaxStored by line.
func (l *loader) rejects(ctx context.Context, src int) ([]ingest.Reject, error) {
	p := l.plans[src]
	what := "list the rejects of " + p.Found.Shown
	type refused struct {
		line int64
		code int
	}
	var list []refused
	var out []ingest.Reject
	if scan := l.scans[src]; scan != nil && !p.Again {
		out = append(out, scan.Rejects...)
	}
	where := fmt.Sprintf("select line, code from %s where src = %d and code >= %d order by line limit %d", l.table, src, ingest.FirstReject, ingest.MaxStored)
	if p.Text() {
		err := l.each(ctx, what, where, func(scan func(...any) error) error {
			var r refused
			err := scan(&r.line, &r.code)
			list = append(list, r)
			return err
		})
		if err != nil || len(list) == 0 {
			return sortRejects(out), err
		}
		lines := map[int64]bool{}
		for _, r := range list {
			lines[r.line] = true
		}
		raw, err := p.Lines(lines)
		if err != nil {
			return nil, &analytics.EngineError{Err: fmt.Errorf("%s: %w", what, err)}
		}
		for _, r := range list {
			column, reason := p.Explain(r.code, p.Value(r.code, raw[r.line]))
			out = append(out, ingest.Reject{Input: p.Input.Name, Path: p.Found.Shown, Line: r.line, Column: column, Reason: reason, Text: raw[r.line].Text})
		}
		return sortRejects(out), nil
	}
	var codes []string
	err := l.each(ctx, what, fmt.Sprintf("select distinct code from %s where src = %d and code >= %d order by code", l.table, src, ingest.FirstReject), func(scan func(...any) error) error {
		var code int
		err := scan(&code)
		codes = append(codes, fmt.Sprintf("WHEN %d THEN %s", code, p.FoundSQL(code)))
		return err
	})
	if err != nil || len(codes) == 0 {
		return nil, err
	}
	text := fmt.Sprintf("select s.line, s.code, coalesce(CASE s.code %s END, ''), %s from (%s) r join (%s) s on s.line = r.line order by s.line",
		strings.Join(codes, " "), p.RowSQL(), p.Relation(src, ""), where)
	err = l.each(ctx, what, text, func(scan func(...any) error) error {
		var r refused
		var found, raw string
		if err := scan(&r.line, &r.code, &found, &raw); err != nil {
			return err
		}
		column, reason := p.Explain(r.code, found)
		out = append(out, ingest.Reject{Input: p.Input.Name, Path: p.Found.Shown, Line: r.line, Column: column, Reason: reason, Text: ingest.Printable([]byte(raw))})
		return nil
	})
	return out, err
}

func sortRejects(r []ingest.Reject) []ingest.Reject {
	slices.SortStableFunc(r, func(a, b ingest.Reject) int { return int(a.Line - b.Line) })
	return r[:min(len(r), ingest.MaxStored)]
}

// readReport fills the report from audit.sources.
func (l *loader) readReport(ctx context.Context) error {
	l.report.Sources = nil
	err := l.each(ctx, "read audit.sources", "select input, path, coalesce(dialect, ''), rows_read, rows_loaded, rows_rejected, rows_duplicate, rows_outside, rows_excluded from audit.sources", func(scan func(...any) error) error {
		var s ingest.Source
		err := scan(&s.Input, &s.Path, &s.Dialect, &s.Read, &s.Loaded, &s.Rejected, &s.Duplicate, &s.Outside, &s.Excluded)
		l.report.Sources = append(l.report.Sources, s)
		return err
	})
	if err != nil {
		return err
	}
	order := ingest.InputNames()
	slices.SortFunc(l.report.Sources, func(a, b ingest.Source) int {
		if d := slices.Index(order, a.Input) - slices.Index(order, b.Input); d != 0 {
			return d
		}
		return strings.Compare(a.Path, b.Path)
	})
	for _, s := range l.report.Sources {
		switch {
		case s.Read == 0:
			l.report.Warnings = append(l.report.Warnings, fmt.Sprintf("%s: no rows", s.Path))
		case s.Loaded == 0:
			l.report.Warnings = append(l.report.Warnings, fmt.Sprintf("%s: none of %d rows loaded: %d rejected, %d repeat others, %d at or after the end of the period (%s), %d excluded by a filter",
				s.Path, s.Read, s.Rejected, s.Duplicate, s.Outside, l.spec.To.In(l.spec.Zone).Format(time.DateOnly), s.Excluded))
		case s.Rejected > ingest.MaxStored:
			l.report.Warnings = append(l.report.Warnings, fmt.Sprintf("%s: %d rows rejected, the first %d are listed in audit.rejects", s.Path, s.Rejected, ingest.MaxStored))
		}
	}
	for _, p := range l.plans {
		for _, n := range p.Dialect.Notes {
			l.report.Warnings = append(l.report.Warnings, p.Found.Shown+": "+n)
		}
	}
	return nil
}

// loadAccounts are the tables in which the load accounts for what it has read.
func loadAccounts() []string {
	return []string{"audit.sources", "audit.rejects", "audit.currencies", "audit.corrections", "audit.exits", "audit.unknown_values"}
}

// currencies tells whether the stage of the input holds the currency of its rows: some file tells it.
func (l *loader) currencies(in ingest.Input) bool {
	return slices.ContainsFunc(l.of(in.Name), func(src int) bool { return l.plans[src].CountCurrency })
}

// countCurrencies writes audit.currencies of an input from the stage.
func (l *loader) countCurrencies(ctx context.Context, in ingest.Input) error {
	if !l.currencies(in) {
		return nil
	}
	var rows [][]any
	err := l.each(ctx, "count the currencies of "+in.Name, "select currency, count(*) from "+l.table+" where code = 0 and currency is not null and "+moneyOf(in)+" is not null and rowid not in (select rid from load_losers) group by currency order by currency",
		func(scan func(...any) error) error {
			var code string
			var n int64
			err := scan(&code, &n)
			rate, converted := l.spec.Rates[code]
			if !converted {
				rate = 1
			}
			rows = append(rows, []any{in.Name, code, rate, n, converted})
			return err
		})
	if err != nil {
		return err
	}
	return l.appendRows(ctx, catalog, "audit", "currencies", rows)
}

// moneyOf is the column of the input's table that holds its money.
func moneyOf(in ingest.Input) string {
	if in.Name == "events" {
		return "value_minor"
	}
	return "amount_minor"
}

// foreign words the refusal of money in currencies that have no rate, by input: whatever max_reject_share says, leaving such orders out would make every sum wrong without a word.
func (l *loader) foreign(ctx context.Context) (out []error, inputs map[string]bool) {
	inputs = map[string]bool{}
	text := fmt.Sprintf("select input, path, count(*), min(coalesce(line, 0)), string_agg(DISTINCT upper(split_part(substr(reason, %d), ',', 1)), ', ' order by upper(split_part(substr(reason, %[1]d), ',', 1))) from audit.rejects where starts_with(reason, %s) group by input, path order by input, path",
		len(ingest.CurrencyRefused)+1, quote(ingest.CurrencyRefused))
	err := l.each(ctx, "look for other currencies", text, func(scan func(...any) error) error {
		var input, path, codes string
		var n, line int64
		if err := scan(&input, &path, &n, &line, &codes); err != nil {
			return err
		}
		first, _, _ := strings.Cut(codes, ", ")
		inputs[input] = true
		out = append(out, fmt.Errorf("%s: %s:%d: money in %s (%d rows), the audit counts in %s. Give rates in audit.yaml, for example money: {rates: {%s: 92.5}} (what one %s is worth in %s), or set currency: %s when all of it is in %[7]s",
			input, path, line, codes, n, l.spec.Currency, first, first, l.spec.Currency, first))
		return nil
	})
	if err != nil {
		out = append(out, err)
	}
	return out, inputs
}

// contract checks max_reject_share and the control totals, all inputs at once.
func (l *loader) contract(ctx context.Context) error {
	broken, refused := l.foreign(ctx)
	for _, in := range ingest.Inputs() {
		var read, rejected, facts int64
		var worst ingest.Source
		for _, s := range l.report.Sources {
			if s.Input != in.Name {
				continue
			}
			read += s.Read
			rejected += s.Rejected
			facts += s.Loaded + s.Outside + s.Excluded
			if s.Rejected > worst.Rejected {
				worst = s
			}
		}
		if share := float64(rejected) / float64(max(read, 1)); share > l.spec.MaxRejectShare && !refused[in.Name] {
			broken = append(broken, fmt.Errorf("%s: %d of %d rows rejected (%.2f %%), allowed are %.2f %%; most in %s: %s. Mend the file or its mapping, or raise max_reject_share",
				in.Name, rejected, read, 100*share, 100*l.spec.MaxRejectShare, worst.Path, strings.Join(l.firstReasons(worst), "; ")))
		}
		if total, ok := l.spec.ControlTotals[in.Name]; ok {
			miss := total - facts
			if float64(max(miss, -miss)) > l.spec.MaxRejectShare*float64(total) {
				broken = append(broken, fmt.Errorf("%s: the control total is %d, the files hold %d (difference %+d; loaded, outside and excluded rows count, rejects and duplicates do not). Find the missing files, or correct sources.control_totals.%s",
					in.Name, total, facts, -miss, in.Name))
			}
		}
	}
	if len(broken) == 0 {
		return nil
	}
	return &analytics.DataError{Err: errors.Join(broken...)}
}

// firstReasons words the first rejects of a file.
func (l *loader) firstReasons(s ingest.Source) (out []string) {
	_ = l.each(context.Background(), "read audit.rejects", "select coalesce(line, 0), coalesce(column_name, ''), reason from audit.rejects where input = "+quote(s.Input)+" and path = "+quote(s.Path)+" order by line limit 3",
		func(scan func(...any) error) error {
			var line int64
			var column, reason string
			err := scan(&line, &column, &reason)
			where := fmt.Sprintf("line %d", line)
			if column != "" {
				where += ", column " + column
			}
			out = append(out, where+": "+reason)
			return err
		})
	return out
}
