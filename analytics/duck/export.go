package duck

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"crmaudit/analytics"
)

// ExportParquet writes every table and view of a finished audit into the folder as SCHEMA.TABLE.parquet (zstd), each under another name until it is whole, and returns their number. Views are written out:
// lifecycle.customer_periods becomes one row per customer and period. Files of that name are replaced, other files stay. It needs a database that is not locked.
func (db *DB) ExportParquet(ctx context.Context, dir string, progress Progress) (int, error) {
	if db.locked {
		return 0, errors.New("export to Parquet: the database is locked")
	}
	conn, err := db.pool.Conn(ctx)
	if err != nil {
		return 0, wrap(ctx, "export to Parquet", err)
	}
	defer conn.Close()
	tables, err := db.tables(ctx, conn)
	if err != nil {
		return 0, err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return 0, analytics.Usagef("export to Parquet: make the folder: %w", err)
	}
	for i, t := range tables {
		progress.report("write Parquet", int64(i), int64(len(tables)))
		path := filepath.Join(dir, t+".parquet")
		part := path + ".part"
		_, err := conn.ExecContext(ctx, fmt.Sprintf("copy (select * from %s) to %s (format parquet, compression zstd)", qualified(t), quote(part)))
		if err == nil {
			err = os.Rename(part, path)
		}
		if err != nil {
			_ = os.Remove(part) // half a file helps nobody; the first error is the one to tell
			return i, wrap(ctx, "export "+t+" to "+path, err)
		}
	}
	progress.report("write Parquet", int64(len(tables)), int64(len(tables)))
	return len(tables), nil
}
