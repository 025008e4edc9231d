package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"crmaudit/analytics"
	"crmaudit/analytics/duck"
)

// An audit lives in one folder. A run builds everything in the subfolder buildingName, then publishes:
//
//  1. TABLES.md, hypotheses.csv, hypotheses.json and report.html are written there and forced to the disk;
//  2. the database, built under workName, is finished, forced to the disk and renamed to audit.duckdb, still in the building folder: from this
//     moment the new audit is complete;
//  3. the files are renamed into the folder in the order of published(), audit.duckdb last; the building folder goes away.
//
// A kill before 2 leaves the last finished audit untouched. A kill between 2 and 3 leaves files that are each whole, some of the old audit and
// some of the new; the next run finds audit.duckdb in the building folder and completes the renames first (openFolder).
const (
	buildingName = ".crmaudit-building"
	workName     = "work.duckdb"
	databaseName = "audit.duckdb"
)

// published are the files of an audit in the order of their renames: who sees a new audit.duckdb sees all of it.
func published() []string {
	return []string{"TABLES.md", "hypotheses.csv", "hypotheses.json", "report.html", databaseName}
}

var errLocked = errors.New("locked by another process")

// folder is the output folder of a run, held exclusively.
type folder struct {
	dir  string
	lock *os.File
}

// openFolder makes and locks the folder, completes a publication that was cut off, and, unless resume, clears what an interrupted run left.
// resumed tells whether there is something to go on from.
func openFolder(dir string, resume bool) (f *folder, resumed bool, err error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		if info, statErr := os.Stat(dir); statErr == nil && !info.IsDir() {
			return nil, false, analytics.Usagef("--out %s: this is a file, not a folder", dir)
		}
		return nil, false, analytics.Enginef("make the output folder: %w", err)
	}
	lock, err := lockFolder(dir)
	if errors.Is(err, errLocked) {
		return nil, false, advise(analytics.Enginef("another crmaudit run is writing into %s", dir), "Wait until it has finished, or choose another folder with --out.")
	}
	if err != nil {
		return nil, false, analytics.Enginef("lock the output folder: %w", err)
	}
	f = &folder{dir, lock}
	if _, err := os.Stat(f.building(databaseName)); err == nil {
		if err := f.publish(); err != nil {
			f.close()
			return nil, false, err
		}
	}
	_, err = os.Stat(f.building(workName))
	resumed = resume && err == nil
	if !resumed { // also what is left of a half-cleared folder: a log without its database would be replayed into the next one
		if err := os.RemoveAll(f.building()); err != nil {
			f.close()
			return nil, false, analytics.Enginef("clear what an interrupted run left: %w", err)
		}
	}
	if err := os.MkdirAll(f.building(), 0o777); err != nil {
		f.close()
		return nil, false, analytics.Enginef("make the building folder: %w", err)
	}
	return f, resumed, nil
}

func (f *folder) close() { f.lock.Close() }

// building is a path in the building folder.
func (f *folder) building(parts ...string) string {
	return filepath.Join(append([]string{f.dir, buildingName}, parts...)...)
}

// write makes one file of the building folder and forces it to the disk.
func (f *folder) write(name string, content func(io.Writer) error) error {
	file, err := os.Create(f.building(name))
	if err != nil {
		return analytics.Enginef("write %s: %w", name, err)
	}
	b := bufio.NewWriter(file)
	err = content(b)
	if err == nil {
		err = b.Flush()
	}
	if err == nil {
		err = file.Sync()
	}
	if err := errors.Join(err, file.Close()); err != nil {
		return analytics.Enginef("write %s: %w", name, err)
	}
	return nil
}

// publish moves the finished files into the folder; those that an earlier attempt has moved are no longer in the building folder.
func (f *folder) publish() error {
	for _, name := range published() {
		built := f.building(name)
		if _, err := os.Stat(built); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := duck.Replace(built, filepath.Join(f.dir, name)); err != nil {
			return fmt.Errorf("publish %s: %w", name, err)
		}
	}
	if err := os.RemoveAll(f.building()); err != nil {
		return analytics.Enginef("remove the building folder: %w", err)
	}
	return nil
}
