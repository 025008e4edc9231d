package main

import (
	"bytes"
	"compress/gzip"
	"database/sql"
	"encoding/base64"
	"html"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
)

var (
	packedBlock = regexp.MustCompile(`id="packed">([^<]*)<`)
	tableQuery  = regexp.MustCompile(`data-sql="([^"]*)"`)
)

// wholePage is a report with what is packed in it: its other language and the data of the charts.
func wholePage(t *testing.T, path string) string {
	t.Helper()
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	block := packedBlock.FindSubmatch(page)
	if block == nil {
		t.Fatal("the page has no packed block")
	}
	raw, err := base64.StdEncoding.DecodeString(string(block[1]))
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := io.ReadAll(z)
	if err != nil || len(unpacked) < 10_000 {
		t.Fatalf("%d bytes are packed: %v", len(unpacked), err)
	}
	return string(page) + string(unpacked)
}

// pageQueries: the query of every table of a report returns rows.
func pageQueries(t *testing.T, db *sql.DB, path string) {
	t.Helper()
	seen := map[string]bool{}
	for _, m := range tableQuery.FindAllStringSubmatch(wholePage(t, path), -1) {
		// To a plain client audit.x is ambiguous in a file named audit.duckdb, since its catalog has that name too; crmaudit sql understands it.
		query := strings.ReplaceAll(html.UnescapeString(m[1]), "FROM audit.", "FROM audit.audit.")
		if !seen[query] && len(rowsOf(t, db, query)) == 0 {
			t.Errorf("a table of the page says that this returns it, and it returns nothing: %s", query)
		}
		seen[query] = true
	}
	if len(seen) < 50 {
		t.Errorf("only %d tables of the page have a query", len(seen))
	}
}
