package duck

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"crmaudit/analytics"
)

// Finish makes the built database the result: it writes the log into the file, closes the database, forces the file and then its directory
// to the disk, and renames it to final. Whatever kills the process, final is the old file or the new one, never a mix. buildPath is the file
// that db has open; both must be on one file system. The database is closed afterwards, also on error.
func (db *DB) Finish(ctx context.Context, final string) error {
	_, err := db.pool.ExecContext(ctx, "checkpoint "+catalog)
	err = errors.Join(wrap(ctx, "write "+db.path+" to disk", err), db.Close())
	if err != nil {
		return err
	}
	if info, err := os.Stat(db.path + ".wal"); err == nil && info.Size() > 0 {
		return analytics.Enginef("finish %s: its log %s.wal was not written into it", db.path, db.path)
	}
	if err := os.Remove(db.path + ".wal"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return analytics.Enginef("finish %s: %w", db.path, err)
	}
	return Replace(db.path, final)
}

// Replace renames a finished file over final so that it survives a crash: the content is forced to the disk, then the rename, then the
// directory. A log that an older final left behind is removed first: it belongs to a file that is about to be gone.
func Replace(built, final string) error {
	if err := syncPath(built); err != nil {
		return analytics.Enginef("finish %s: %w", built, err)
	}
	if err := os.Remove(final + ".wal"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return analytics.Enginef("finish %s: %w", built, err)
	}
	if err := os.Rename(built, final); err != nil {
		return analytics.Enginef("finish %s: %w", built, err)
	}
	for _, dir := range []string{filepath.Dir(final), filepath.Dir(built)} {
		if err := syncPath(dir); err != nil {
			return analytics.Enginef("finish %s: %w", final, err)
		}
	}
	return nil
}

// syncPath forces a file or a directory to the disk.
func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
