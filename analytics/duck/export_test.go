package duck

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// Every table and view comes back through another implementation of Parquet with its rows; a locked database and a folder that cannot be made are errors.
func TestExportParquet(t *testing.T) {
	ctx := context.Background()
	db, err := Open(ctx, Options{Path: filepath.Join(t.TempDir(), "a.duckdb")})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, text := range []string{
		"create schema core", "create table core.few as select range as n, 'name ''' || range as s from range(1000)",
		`create view core."a view" as select n * 2 as n from core.few`, "create table core.none (x integer)",
	} {
		if _, err := db.pool.ExecContext(ctx, text); err != nil {
			t.Fatal(err)
		}
	}
	dir := filepath.Join(t.TempDir(), "it's here")
	n, err := db.ExportParquet(ctx, dir, nil)
	if err != nil || n != 3 {
		t.Fatalf("%d tables, %v", n, err)
	}
	for table, want := range map[string][2]int64{"core.few": {1000, 499500}, "core.a view": {1000, 999000}, "core.none": {0, 0}} {
		r, err := file.OpenParquetFile(filepath.Join(dir, table+".parquet"), false)
		if err != nil {
			t.Fatal(err)
		}
		reader, err := pqarrow.NewFileReader(r, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
		if err != nil {
			t.Fatal(err)
		}
		got, err := reader.ReadTable(ctx)
		if err != nil {
			t.Fatal(err)
		}
		sum := int64(0)
		for _, chunk := range got.Column(0).Data().Chunks() {
			if a, ok := chunk.(*array.Int64); ok {
				for _, v := range a.Int64Values() {
					sum += v
				}
			}
		}
		if got.NumRows() != want[0] || sum != want[1] {
			t.Errorf("%s: %d rows, sum %d, want %v", table, got.NumRows(), sum, want)
		}
		got.Release()
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := db.ExportParquet(ctx, filepath.Join(dir, "core.few.parquet", "below a file"), nil); err == nil {
		t.Error("a folder below a file")
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 3 {
		t.Errorf("%d files, %v", len(entries), err)
	}
	if err := db.Lock(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExportParquet(ctx, dir, nil); err == nil {
		t.Error("a locked database exports")
	}
}
