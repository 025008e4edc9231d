package main

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestContentOfPlainFiles: messages with a device and a place of the click beside the columns of the contract, templates of which one was changed in the future and one has no date, and one level of personalization only: each has its word, none ends the run.
func TestContentOfPlainFiles(t *testing.T) {
	t.Parallel()
	dir, out := t.TempDir(), t.TempDir()
	var b strings.Builder
	b.WriteString("customer_id,channel,sent_at,clicked_at,scenario_id,template_id,personalization,device,click_position\n")
	for i := range 300 {
		day := 1 + i%28
		clicked, position := "", ""
		if i%10 == 0 {
			clicked, position = fmt.Sprintf("2026-06-%02d 11:00:00", day), fmt.Sprint(1+i%3)
		}
		fmt.Fprintf(&b, "c%d,email,2026-06-%02d 10:00:00,%s,%s,t%d,basic,%s,%s\n", i%60, day, clicked, []string{"welcome", "winback"}[i%2], i%3, []string{"phone", "desktop"}[i%2], position)
	}
	files := map[string]string{
		"messages.csv":  b.String(),
		"templates.csv": "template_id,updated_at,name,subject,content_hash,text\nt0,2031-01-01 00:00:00,Zero,A subject line,h0,\nt1,,One,Another line,h1,\nt2,2024-01-01 00:00:00,Two,A subject line,h1,\n",
		"audit.yaml": `version: 1
name: plain
period: {from: 2026-06-01, to: 2026-07-01}
grain: week
currency: RUB
sources:
  messages: [{path: messages.csv}]
  templates: [{path: templates.csv}]
scenarios: [{id: welcome, role: activation}, {id: winback, role: winback}]
content: {stale_days: 400}
`,
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	mustCLI(t, "run", "-q", "-c", filepath.Join(dir, "audit.yaml"), "--out", out, "--only", "content,personalization")
	db, err := sql.Open("duckdb", filepath.Join(out, databaseName)+"?access_mode=read_only")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for query, want := range map[string]string{
		"SELECT template_id, age, stale, copy_group, reuse FROM analytics.templates ORDER BY 1":                                               "[[t0 future false <nil> roles] [t1 not_given false 1 roles] [t2 known true 1 roles]]",
		"SELECT what, value, messages FROM analytics.message_extras ORDER BY what, value":                                                     "[[click_position 1 10] [click_position 2 10] [click_position 3 10] [device desktop 150] [device phone 150]]",
		"SELECT note FROM analytics.coverage WHERE block = 'content' AND answers = 'template_age'":                                            "[[future_dates]]",
		"SELECT present FROM analytics.coverage WHERE block = 'content' AND answers IN ('device_mix', 'click_position') GROUP BY 1":           "[[true]]",
		"SELECT note FROM analytics.coverage WHERE block = 'personalization' AND answers = 'level_gain'":                                      "[[one_level]]",
		"SELECT count(*), sum(messages) FROM analytics.personalization_levels WHERE stage = 'all'":                                            "[[2 300]]",
		"SELECT kind, subject FROM analytics.findings WHERE block IN ('content', 'personalization') AND kind = 'template_stale' ORDER BY ALL": "[[template_stale t2]]",
	} {
		if got := fmt.Sprint(rowsOf(t, db, query)); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}
