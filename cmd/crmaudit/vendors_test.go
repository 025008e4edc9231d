package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"crmaudit/analytics/duck"
)

// vendorFolder holds a folder per vendor profile with small files that have the true columns of the vendor's export: audit.yaml, and expected.txt with what every row becomes,
// worked out by hand.
var vendorFolder = filepath.Join("..", "..", "testdata", "profiles")

// vendorSections are the parts of expected.txt: a part that a vendor's file leaves out is not compared, and must be empty.
var vendorSections = []struct{ name, query string }{
	{"sources", "SELECT * FROM audit.sources"},
	{"rejects", "SELECT path, line, column_name, reason FROM audit.rejects"},
	{"unknown values", "SELECT DISTINCT path, column_name, value, row_count FROM audit.unknown_values"},
	{"messages", "SELECT customer_id, m.* FROM core.messages m JOIN core.customers USING (ck)"},
	{"facts that found no message", "SELECT customer_id, e.* EXCLUDE (attribution) FROM core.message_events e JOIN core.customers USING (ck) WHERE e.attribution = 'none'"},
	{"enrolments", "SELECT customer_id, e.* EXCLUDE (ek) FROM core.enrolments e JOIN core.customers USING (ck)"},
	{"exits that ended nothing", "SELECT customer_id, x.* FROM core.exits x JOIN core.customers USING (ck) WHERE x.fate <> 'closed'"},
	{"memberships", "SELECT customer_id, m.* FROM core.segment_memberships m JOIN core.customers USING (ck)"},
	{"stage_history", "SELECT customer_id, s.* FROM core.stage_history s JOIN core.customers USING (ck)"},
	{"events", "SELECT customer_id, e.* FROM core.events e JOIN core.customers USING (ck)"},
	{"order_items", "SELECT customer_id, i.* FROM core.order_items i JOIN core.customers USING (ck)"},
	{"assignments", "SELECT customer_id, a.* FROM core.assignments a JOIN core.customers USING (ck)"},
	{"templates", "SELECT * FROM core.templates"},
	{"customers", "SELECT customer_id, name, phone, email, source, owner, timezone FROM core.customers"},
}

// vendorRow writes a row as "customer column=value …": what is NULL, a key, a day or a further column of the vendor's is left out, and so is the year of the tests.
func vendorRow(section string, columns []duck.QueryColumn, row []any) string {
	var parts []string
	for i, value := range row {
		name := columns[i].Name
		if value == nil || slices.Contains([]string{"ck", "mk", "bucket", "listed", "dialect", "event_id"}, name) || strings.HasSuffix(name, "_day") || name == "day" || strings.HasPrefix(name, "x_") {
			continue
		}
		text := cellText(value, "")
		if _, err := time.Parse(time.DateTime, text); err == nil {
			text = strings.TrimPrefix(text, "2026-")
		}
		switch {
		case section == "sources" && text == "0":
			continue
		case name == "customer_id", name == "input", name == "path":
		default:
			text = strings.TrimPrefix(name, "rows_") + "=" + text
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, " ")
}

// vendorState is what the database holds, part by part, rows in the order of their text.
func vendorState(t *testing.T, db *duck.DB) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, section := range vendorSections {
		rows, err := db.Query(context.Background(), section.query)
		if err != nil {
			t.Fatalf("%s: %v", section.name, err)
		}
		var lines []string
		for row := rows.Next(); row != nil; row = rows.Next() {
			lines = append(lines, vendorRow(section.name, rows.Columns, row))
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			t.Fatalf("%s: %v", section.name, err)
		}
		slices.Sort(lines)
		out[section.name] = strings.Join(lines, "\n")
	}
	return out
}

// Every file of a vendor's export ends as worked out by hand: rows by fate, and what each becomes.
func TestVendorProfiles(t *testing.T) {
	t.Parallel()
	for _, name := range vendorNames(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := loadConfig(filepath.Join(vendorFolder, name, "audit.yaml"))
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			db, err := duck.Open(context.Background(), c.engineOptions(filepath.Join(dir, workName)))
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			var log bytes.Buffer
			if _, err := load(context.Background(), newEnvironment(nil, io.Discard, &log), c, db, dir); err != nil {
				t.Fatal(err)
			}
			want := map[string]string{}
			_, text, _ := strings.Cut(readFile(t, vendorFolder, filepath.Join(name, "expected.txt")), "\n# ")
			for _, part := range strings.Split(text, "\n# ") {
				title, body, _ := strings.Cut(part, "\n")
				want[title] = strings.TrimSpace(body)
			}
			got := vendorState(t, db)
			for title := range want {
				if _, known := got[title]; !known {
					t.Errorf("expected.txt has an unknown part %q", title)
				}
			}
			for _, section := range vendorSections {
				if got[section.name] != want[section.name] {
					t.Errorf("%s:\ngot\n%s\nwant\n%s", section.name, got[section.name], want[section.name])
				}
			}
			if t.Failed() {
				t.Logf("log:\n%s", log.String())
			}
		})
	}
}

// vendorNames lists the folders that have an expectation.
func vendorNames(t *testing.T) (names []string) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(vendorFolder, "*", "expected.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		names = append(names, filepath.Base(filepath.Dir(f)))
	}
	if len(names) < 9 {
		t.Fatalf("only %q have an expected.txt", names)
	}
	return names
}
