package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// A publication that was cut off between two renames is completed by whoever opens the folder next, at whichever rename it was cut.
func TestInterruptedPublicationIsCompleted(t *testing.T) {
	t.Parallel()
	for moved := range len(published()) + 1 {
		dir := t.TempDir()
		building := filepath.Join(dir, buildingName)
		if err := os.Mkdir(building, 0o777); err != nil {
			t.Fatal(err)
		}
		for i, name := range published() {
			old, built := filepath.Join(dir, name), filepath.Join(building, name)
			content := map[string]string{old: "old", built: "new"}
			if i < moved {
				content = map[string]string{old: "new"}
			}
			for path, text := range content {
				if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
					t.Fatal(err)
				}
			}
		}
		f, resumed, err := openFolder(dir, true)
		if err != nil {
			t.Fatal(err)
		}
		f.close()
		if resumed {
			t.Error("a finished audit is taken for one to resume")
		}
		for _, name := range published() {
			if got := readFile(t, dir, name); got != "new" {
				t.Errorf("cut after %d renames: %s is %s", moved, name, got)
			}
		}
	}
}

// Without its database what lies in the building folder is no finished audit, and a log without its database is not kept.
func TestUnfinishedIsNotPublished(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	building := filepath.Join(dir, buildingName)
	if err := os.Mkdir(building, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(dir, "report.html"), filepath.Join(building, "report.html"), filepath.Join(building, workName+".wal")} {
		if err := os.WriteFile(path, []byte(filepath.Dir(path)), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	f, resumed, err := openFolder(dir, true)
	if err != nil {
		t.Fatal(err)
	}
	defer f.close()
	entries, err := os.ReadDir(building)
	if err != nil {
		t.Fatal(err)
	}
	if resumed || len(entries) != 0 {
		t.Errorf("resumed %v with %v", resumed, entries)
	}
	if readFile(t, dir, "report.html") != dir {
		t.Error("an unfinished report was published")
	}
}

func TestDatabaseIsPublishedLast(t *testing.T) {
	if names := published(); slices.Index(names, databaseName) != len(names)-1 {
		t.Errorf("who sees a new %s must see the rest: %v", databaseName, names)
	}
}
