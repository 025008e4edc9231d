package main

import (
	"database/sql"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"crmaudit/analytics"

	_ "github.com/duckdb/duckdb-go/v2"
	"go.yaml.in/yaml/v3"
)

// Every finding and hypothesis of a made-up company shows what it says: its query runs on the finished audit and returns rows, and the number that was tested is
// among them. Of a hypothesis every number that a reader sees is: its baseline with its limits, and each number (n too) of its three sentences. No number of any table is
// NaN or infinite.
func TestEvidence(t *testing.T) {
	t.Parallel()
	file := os.Getenv("CRMAUDIT_EVIDENCE_DB") // an audit to look at instead
	if file == "" {
		world, out := t.TempDir(), t.TempDir()
		mustCLI(t, "simulate", "-q", "--out", world, "--seed", "2", "--customers", "1500", "--weeks", "78")
		mustCLI(t, "run", "-q", "-c", filepath.Join(world, "audit.yaml"), "--out", out)
		file = filepath.Join(out, databaseName)
	}
	db, err := sql.Open("duckdb", file+"?access_mode=read_only")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	blocks := map[any]bool{}
	for _, f := range rowsOf(t, db, `SELECT block, kind, subject, evidence_sql, statistic FROM analytics.findings`) {
		blocks[f[0]] = true
		rows := rowsOf(t, db, f[3].(string))
		if len(rows) == 0 {
			t.Errorf("%v %v: the evidence is empty: %v", f[1], f[2], f[3])
		}
		if want, ok := f[4].(float64); ok && !holds(rows, want) {
			t.Errorf("%v %v: %v is not in its evidence: %v\n%v", f[1], f[2], want, f[3], rows)
		}
	}
	if len(blocks) < 6 {
		t.Errorf("findings of %d blocks only: %v", len(blocks), blocks)
	}
	shownNumbers(t, db)
	pageQueries(t, db, filepath.Join(filepath.Dir(file), "report.html"))
	plainWords(t, db)
	for _, c := range rowsOf(t, db, `SELECT table_schema, table_name, column_name FROM information_schema.columns
		WHERE data_type = 'DOUBLE' AND table_schema IN ('core', 'lifecycle', 'scenarios', 'segments', 'analytics') ORDER BY ALL`) {
		query := fmt.Sprintf(`SELECT count(*) FROM "%s"."%s" WHERE isnan("%s") OR isinf("%[3]s")`, c...)
		if n := rowsOf(t, db, query)[0][0]; n != int64(0) {
			t.Errorf("%v.%v.%v: %v values are NaN or infinite", c[0], c[1], c[2], n)
		}
	}
}

// shownNumbers proves that the evidence of every hypothesis returns its baseline and all the numbers of its sentences, in both languages.
func shownNumbers(t *testing.T, db *sql.DB) {
	t.Helper()
	hypotheses := rowsOf(t, db, `SELECT kind, subject, evidence_sql, baseline, baseline_lower, baseline_upper, baseline_n, exploratory,
		concat_ws(' ', what_happens_en, why_en, change_en), concat_ws(' ', what_happens_ru, why_ru, change_ru) FROM analytics.hypotheses ORDER BY rank`)
	if len(hypotheses) < 30 {
		t.Errorf("%d hypotheses only", len(hypotheses))
	}
	for _, h := range hypotheses {
		query := h[2].(string)
		rows := rowsOf(t, db, query)
		if len(rows) == 0 {
			t.Errorf("%v %v: the evidence is empty: %v", h[0], h[1], query)
			continue
		}
		var numbers []float64
		var names []string
		for _, row := range rows {
			for _, v := range row {
				switch v := v.(type) {
				case string:
					names = append(names, v)
				case time.Time:
					names = append(names, v.Format("2 Jan 2006"), v.Format("02.01.2006"))
				default:
					var x float64
					if _, err := fmt.Sscan(fmt.Sprint(v), &x); err == nil {
						numbers = append(numbers, x)
					}
				}
			}
		}
		numbers = append(numbers, float64(len(rows)))
		missing := map[string]bool{}
		for i, name := range []string{"baseline", "baseline_lower", "baseline_upper"} {
			if want, ok := h[3+i].(float64); ok && !holds(rows, want) {
				missing[name+" "+fmt.Sprint(want)] = true
			}
		}
		kind := h[0].(string)
		for i, language := range []string{"en", "ru"} {
			for _, n := range numbersIn(t, h[8+i].(string), append(names, h[1].(string)), language, kind) {
				if !shows(numbers, n) {
					missing[n] = true
				}
			}
		}
		if len(missing) > 0 {
			t.Errorf("%v %v: not in the evidence: %v\n%v\n%v\n%v", kind, h[1], missing, h[8], query, rows[:min(len(rows), 3)])
		}
	}
}

// plainWords holds the prose of findings and hypotheses against what a marketer stumbles over.
func plainWords(t *testing.T, db *sql.DB) {
	t.Helper()
	kinds := append(analytics.Kinds(), analytics.MoreKinds()...)
	for _, h := range rowsOf(t, db, `SELECT kind, subject, grade, title_en, title_ru, concat_ws(' ', what_happens_en, why_en, change_en), concat_ws(' ', what_happens_ru, why_ru, change_ru) FROM analytics.hypotheses
		UNION ALL SELECT kind, subject, '', '', '', text_en, text_ru FROM analytics.findings`) {
		if !slices.Contains(kinds, h[0].(string)) {
			t.Errorf("%v: no kind of analytics.Kinds", h[0])
		}
		for _, title := range h[3:5] {
			if strings.Count(quoted.ReplaceAllString(title.(string), ""), ":") > 1 {
				t.Errorf("%v %v: two colons: %v", h[0], h[1], title)
			}
		}
		for _, text := range h[5:] {
			text := quoted.ReplaceAllString(text.(string), "")
			for _, bad := range []*regexp.Regexp{tableName, overlong, absence} {
				if found := bad.FindString(text); found != "" {
					t.Errorf("%v %v: %q: %s", h[0], h[1], found, text)
				}
			}
			if found := causal.FindString(text); found != "" && (h[2] == "C" || h[2] == "D") {
				t.Errorf("%v %v: %q with grade %v: %s", h[0], h[1], found, h[2], text)
			}
		}
	}
}

var (
	tableName = regexp.MustCompile(`\b(core|lifecycle|scenarios|segments|analytics)\.[a-z_]+\b`)
	overlong  = regexp.MustCompile(`[.,]\d{5,}|0[.,]0000`)
	absence   = regexp.MustCompile(`(?i)not significant|незначим|not measured|нет данных|NaN|%!`)
	causal    = regexp.MustCompile(`(?i)\b(caused|causes|leads? to|thanks to|because of the scenario|boosts?|drives)\b|привод[а-я]* к|благодаря|вызывает|вызвал`)
	quoted    = regexp.MustCompile(`“[^”]*”|«[^»]*»`)
	level     = regexp.MustCompile(`[\d.,]+[\s\x{a0}\x{202f}]?%:`)
	braces    = regexp.MustCompile(`\{[^}]*\}`)
)

// numbersIn are the numbers of a text, without the names in it and without those that stand in the texts of the kind themselves ("a random 5–10%").
func numbersIn(t *testing.T, text string, names []string, language, kind string) []string {
	t.Helper()
	text = level.ReplaceAllString(quoted.ReplaceAllString(text, " "), " ")
	for _, name := range names {
		if strings.ContainsAny(name, "0123456789") {
			text = strings.ReplaceAll(text, name, " ")
		}
	}
	literal := map[string]bool{}
	for _, n := range split(literals(t, language, kind), language) {
		literal[n] = true
	}
	var out []string
	for _, n := range split(text, language) {
		if !literal[n] {
			out = append(out, n)
		}
	}
	return out
}

func split(text, language string) []string {
	thousands, point := ",", "."
	if language == "ru" {
		thousands, point = "\u00a0", ","
	}
	text = regexp.MustCompile(`(\d)[`+thousands+` \x{a0}\x{202f}](\d\d\d)`).ReplaceAllString(text, "$1$2")
	text = regexp.MustCompile(`(\d)[`+thousands+` \x{a0}\x{202f}](\d\d\d)`).ReplaceAllString(text, "$1$2")
	if point == "," {
		text = regexp.MustCompile(`(\d),(\d)`).ReplaceAllString(text, "$1.$2")
	}
	return regexp.MustCompile(`\d+(\.\d+)?`).FindAllString(text, -1)
}

// literals are the sentences of the hypotheses of a kind as they stand in the files, without placeholders.
func literals(t *testing.T, language, kind string) string {
	t.Helper()
	var out strings.Builder
	files, err := filepath.Glob("../../analytics/report/texts/" + language + "*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var doc struct {
			Hypotheses map[string]map[string]map[string]string `yaml:"hypotheses"`
		}
		if err := yaml.Unmarshal(raw, &doc); err != nil {
			t.Fatal(f, err)
		}
		for _, sentences := range doc.Hypotheses[kind] {
			for _, s := range sentences {
				out.WriteString(braces.ReplaceAllString(s, " ") + " ")
			}
		}
	}
	return out.String()
}

// shows tells whether a number of a text is one of the evidence, rounded as it stands there: as it is, as per cent, or a time in a larger unit.
func shows(numbers []float64, shown string) bool {
	want, err := strconv.ParseFloat(shown, 64)
	if err != nil {
		return false
	}
	unit := 1.
	if _, decimals, ok := strings.Cut(shown, "."); ok {
		unit = math.Pow10(-len(decimals))
	} else if digits := len(strings.TrimRight(shown, "0")); len(shown) > 3 { // money is rounded to three figures of the largest of its numbers
		unit = math.Pow10(len(shown) - max(digits, 2))
	}
	for _, x := range numbers {
		for _, scale := range []float64{1, 100, 1. / 60, 1. / 3600, 1. / 86400, 1e-6, 1e-9} {
			if math.Abs(math.Abs(x*scale)-want) <= unit*.5000001 {
				return true
			}
		}
	}
	return false
}

// holds tells whether a number stands in the rows, whatever its sign, or is how many they are.
func holds(rows [][]any, want float64) bool {
	if want == float64(len(rows)) {
		return true
	}
	for _, row := range rows {
		for _, v := range row {
			var got float64
			if _, err := fmt.Sscan(fmt.Sprint(v), &got); err == nil && math.Abs(math.Abs(got)-math.Abs(want)) <= 1e-9*(1+math.Abs(want)) {
				return true
			}
		}
	}
	return false
}

func rowsOf(t *testing.T, db *sql.DB, query string) [][]any {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatalf("%v: %s", err, query)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var out [][]any
	for rows.Next() {
		row, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		out = append(out, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}
