// Package duck is the embedded engine: it opens the database, builds the models of package queries in it, hands reduced tables out as Arrow
// frames and takes result tables back. It is the only importer of DuckDB and decides nothing.
//
// One process writes a database; a finished one is opened read-only. The life of a run: Open, Load, Lock, WriteConfig, CreateMacros, Build,
// Fetch and Write, Audits, Describe, Finish.
package duck

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"crmaudit/analytics"
	"crmaudit/queries"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// Options say how to open a database.
type Options struct {
	Path          string // file; empty: in memory
	MemoryLimit   string // "4GB"; empty: DuckDB's default, 80 % of the machine
	Threads       int    // 0: one per core
	TempDirectory string // where queries spill; empty: beside the file when writing, the system's temp directory when reading or in memory
	MaxTempSize   string // "100GB"; empty: DuckDB's default, 90 % of what is free on that disk
	ReadOnly      bool
	Models        []queries.Model // nil: queries.Catalog()
}

// Progress is told when a step starts (done steps of total) and, with done = total, that the last one has ended. For steps that count
// something else, done and total are in that unit. A nil Progress is allowed everywhere.
type Progress func(step string, done, total int64)

func (p Progress) report(step string, done, total int64) {
	if p != nil {
		p(step, done, total)
	}
}

// DB is an open database. Its methods are not meant for concurrent use, except Fetch and Query.
type DB struct {
	pool     *sql.DB
	path     string
	readOnly bool
	locked   bool
	models   map[string]queries.Model
	prelude  string
	macros   []analytics.Macro
	there    *surroundings // what Build and Write know of the database; nil: they look
}

// Open opens or creates the database, or opens it read-only. Errors: UsageError when there is no such database, when the file is something
// else, or when a setting is not understood; EngineError when it is locked by another process or was written by a newer DuckDB.
func Open(ctx context.Context, opt Options) (*DB, error) {
	models := opt.Models
	if models == nil {
		var err error
		if models, err = queries.Catalog(); err != nil {
			return nil, fmt.Errorf("read the models: %w", err)
		}
	}
	prelude, err := queries.Prelude("duckdb")
	if err != nil {
		return nil, err
	}
	db := &DB{path: opt.Path, readOnly: opt.ReadOnly, models: map[string]queries.Model{}, prelude: prelude}
	for _, m := range models {
		db.models[m.Table] = m
	}
	if opt.Path == "" && opt.ReadOnly {
		return nil, analytics.Usagef("open a database in memory: it cannot be read-only")
	}
	if opt.Path != "" {
		info, err := os.Stat(opt.Path)
		switch {
		case err == nil && info.IsDir():
			return nil, analytics.Usagef("open %s: it is a directory; give the database file in it, such as %s", opt.Path, filepath.Join(opt.Path, "audit.duckdb"))
		case errors.Is(err, fs.ErrNotExist) && opt.ReadOnly:
			return nil, analytics.Usagef("open %s: no such file; `crmaudit run` makes it", opt.Path)
		case errors.Is(err, fs.ErrPermission):
			return nil, analytics.Enginef("open %s: no permission to read it", opt.Path)
		}
	}
	// The file is attached under a name of our own: DuckDB would name the catalogue after the file, and in audit.duckdb the name audit.runs
	// would then be ambiguous (catalogue or schema). It also keeps '#' and '%' in a path away from the driver's URL.
	attached := false
	connector, err := duckdb.NewConnector(":memory:?autoinstall_known_extensions=false&autoload_known_extensions=false&allow_community_extensions=false",
		func(conn driver.ExecerContext) error {
			if !attached {
				return nil
			}
			_, err := conn.ExecContext(context.Background(), "use "+catalog, nil)
			return err
		})
	if err != nil {
		return nil, analytics.Enginef("start the engine: %w", err)
	}
	db.pool = sql.OpenDB(connector)
	if err := db.attach(ctx, opt); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	attached = true
	temp := opt.TempDirectory
	switch {
	case temp != "":
	case opt.ReadOnly || opt.Path == "":
		temp = filepath.Join(os.TempDir(), fmt.Sprintf("crmaudit-%d.tmp", os.Getpid()))
	default:
		temp = opt.Path + ".tmp"
	}
	settings := []struct{ name, value string }{
		{"TimeZone", "UTC"},
		{"preserve_insertion_order", "false"},
		{"checkpoint_threshold", "1GB"}, // a run checkpoints when it is finished; at 16 MB it would after every step
		{"memory_limit", opt.MemoryLimit},
		{"temp_directory", temp},
		{"max_temp_directory_size", opt.MaxTempSize},
	}
	if opt.Threads > 0 {
		settings = append(settings, struct{ name, value string }{"threads", fmt.Sprint(opt.Threads)})
	}
	for _, s := range settings {
		if s.value == "" {
			continue
		}
		if _, err := db.pool.ExecContext(ctx, fmt.Sprintf("set global %s = %s", s.name, quote(s.value))); err != nil {
			return nil, errors.Join(analytics.Usagef("set %s to %q: %w", s.name, s.value, err), db.Close())
		}
	}
	return db, nil
}

// catalog is the name under which the database is attached.
const catalog = "crm"

func (db *DB) attach(ctx context.Context, opt Options) error {
	target, mode := ":memory:", " (type duckdb)" // without the type DuckDB would open a CSV file, or ask for another database's extension
	if opt.Path != "" {
		abs, err := filepath.Abs(opt.Path)
		if err != nil {
			return analytics.Enginef("open %s: %w", opt.Path, err)
		}
		if strings.Contains(abs, "?") {
			return analytics.Usagef("open %s: DuckDB reads a question mark in a path as the start of options; rename the directory", opt.Path)
		}
		target = abs
	}
	if opt.ReadOnly {
		mode = " (type duckdb, read_only)"
	}
	if _, err := db.pool.ExecContext(ctx, fmt.Sprintf("attach %s as %s%s", quote(target), catalog, mode)); err != nil {
		return openError(opt.Path, err)
	}
	// The connection that attached stays in the pool; it must use the catalogue like those to come.
	if _, err := db.pool.ExecContext(ctx, "use "+catalog); err != nil {
		return openError(opt.Path, err)
	}
	return nil
}

// holder finds the process in DuckDB's lock error: "Conflicting lock is held in /usr/bin/x (PID 123)".
var holder = regexp.MustCompile(`held in (.*?) \(PID (\d+)\)`)

func openError(path string, err error) error {
	msg := err.Error()
	switch {
	case strings.Contains(msg, "Could not set lock"):
		who := "another process"
		if g := holder.FindStringSubmatch(msg); g != nil {
			who = fmt.Sprintf("%s (process %s)", g[1], g[2])
		}
		return analytics.Enginef("open %s: it is in use by %s; wait until that ends, or close the program that has it open", path, who)
	case strings.Contains(msg, "newer version of DuckDB") || strings.Contains(msg, "but we can only read versions between"):
		return analytics.Enginef("open %s: it was written by a newer DuckDB than the one inside this crmaudit; use the newer crmaudit that wrote it, or run the audit again: %w", path, err)
	case strings.Contains(msg, "not a valid DuckDB database file"):
		return analytics.Usagef("open %s: it is not a DuckDB database", path)
	case strings.Contains(msg, "Cannot open file") || strings.Contains(msg, "Permission denied"):
		return analytics.Enginef("open %s: %s", path, lastLine(msg))
	}
	return analytics.Enginef("open %s: %w", path, err)
}

func lastLine(s string) string {
	s = strings.TrimSpace(s)
	return s[strings.LastIndex(s, "\n")+1:]
}

// Close closes the database. It is safe to call it twice.
func (db *DB) Close() error {
	if err := db.pool.Close(); err != nil {
		return analytics.Enginef("close %s: %w", db.path, err)
	}
	return nil
}

// SetThreads changes the number of threads of the queries to come. The results do not depend on it.
func (db *DB) SetThreads(ctx context.Context, n int) error {
	_, err := db.pool.ExecContext(ctx, fmt.Sprintf("set global threads = %d", n))
	return wrap(ctx, fmt.Sprintf("set threads to %d", n), err)
}

// Lock takes away all access to files, network, other databases and extensions, and freezes the configuration, for good: it cannot be undone
// in this process. Queries still spill to the temp directory that was set at Open. Idempotent.
func (db *DB) Lock(ctx context.Context) error {
	if db.locked {
		return nil
	}
	for _, s := range []string{"set global enable_external_access = false", "set global lock_configuration = true"} {
		if _, err := db.pool.ExecContext(ctx, s); err != nil {
			return analytics.Enginef("lock the database (%s): %w", s, err)
		}
	}
	db.locked = true
	return nil
}

// wrap words an engine error with what was attempted; a cancelled context stays recognisable with errors.Is.
func wrap(ctx context.Context, what string, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", what, ctx.Err())
	}
	var de *duckdb.Error
	if errors.As(err, &de) {
		err = &briefError{err}
		switch {
		case strings.Contains(de.Msg, "max_temp_directory_size"):
			return analytics.Enginef("%s: the disk for intermediate results is full; free some space or point engine.temp_directory to another disk: %w", what, err)
		case strings.Contains(de.Msg, "No space left on device"):
			return analytics.Enginef("%s: the disk is full; free some space: %w", what, err)
		case de.Type == duckdb.ErrorTypeOutOfMemory:
			return analytics.Enginef("%s: out of memory; raise engine.memory_limit or lower engine.threads: %w", what, err)
		}
	}
	return analytics.Enginef("%s: %w", what, err)
}

// briefError leaves out DuckDB's advice on its own settings, which are not the user's.
type briefError struct{ err error }

func (e *briefError) Error() string {
	msg := e.err.Error()
	for _, advice := range []string{"\nThis limit was set", "\n\nPossible solutions"} {
		msg, _, _ = strings.Cut(msg, advice)
	}
	return msg
}

func (e *briefError) Unwrap() error { return e.err }

// quote makes an SQL string literal.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// ident quotes an identifier.
func ident(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// qualified quotes a table name "schema.name".
func qualified(table string) string {
	schema, name, _ := strings.Cut(table, ".")
	return ident(schema) + "." + ident(name)
}
