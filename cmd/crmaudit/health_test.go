package main

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every check of data health can be said: with norms that nothing keeps, each becomes a finding whose evidence holds its number and whose sentences are whole in both languages, and no page or text names a contact.
func TestHealthFindings(t *testing.T) {
	t.Parallel()
	world, out := t.TempDir(), t.TempDir()
	mustCLI(t, "simulate", "-q", "--out", world, "--seed", "5", "--customers", "700", "--weeks", "78")
	file := filepath.Join(world, "audit.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text = append(text, []byte(`
health:
  stale_days: 30
  key_fields: [phone, email, attr_gender]
  fillers: [уточнить]
  norms:
    duplicates: {norm: 0, red: 0}
    key_fields_filled: {norm: 1, red: 1}
    optional_fields_filled: {norm: 1}
    fillers: {norm: 0}
    phones_invalid: {norm: 0}
    emails_invalid: {norm: 0}
    unreachable: {norm: 0}
    birthdays_absurd: {norm: 0}
    stale: {norm: 0}
    inactive: {norm: 0}
    email_bounces: {norm: 0}
`)...)
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	mustCLI(t, "run", "-q", "-c", file, "--only", "health", "--out", out)
	db, err := sql.Open("duckdb", filepath.Join(out, databaseName)+"?access_mode=read_only")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	said := map[string]bool{}
	for _, f := range rowsOf(t, db, `SELECT subject, evidence_sql, statistic, text_ru, text_en FROM analytics.findings WHERE kind = 'data_health'`) {
		said[f[0].(string)] = true
		rows := rowsOf(t, db, f[1].(string))
		if want := f[2].(float64); !holds(rows, want) {
			t.Errorf("%v: %v is not in its evidence %v: %v", f[0], want, f[1], rows)
		}
		for _, s := range []string{f[3].(string), f[4].(string)} {
			if strings.Contains(s, "not measured") || strings.Contains(s, "не измерен") || strings.Contains(s, "{") || strings.Contains(s, "@") {
				t.Errorf("%v: %s", f[0], s)
			}
		}
	}
	for _, check := range strings.Fields("duplicates key_fields_filled fillers emails_invalid birthdays_absurd stale email_bounces") {
		if !said[check] {
			t.Errorf("nothing is said of %s: %v", check, said)
		}
	}
	page := wholePage(t, filepath.Join(out, "report.html"))
	for _, r := range rowsOf(t, db, `SELECT name, phone, email FROM core.customers WHERE customer_id IN (SELECT customer_id FROM analytics.duplicate_members)
		UNION ALL SELECT customer_id, customer_id, customer_id FROM analytics.duplicate_members`) {
		for _, v := range r {
			if s, ok := v.(string); ok && len(s) > 6 && strings.Contains(page, s) {
				t.Errorf("the page names the contact %q", s)
			}
		}
	}
}
