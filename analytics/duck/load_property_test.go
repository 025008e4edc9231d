package duck

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"crmaudit/analytics/ingest"

	"pgregory.net/rapid"
)

// dirty makes the lines of an events file in which anything may be wrong. A load takes half a second, so the properties are checked on a
// dozen seeds, not on a hundred.
func dirty(seed int) []string {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
		pick := func(label string, values ...string) string { return rapid.SampledFrom(values).Draw(t, label) }
		switch rapid.IntRange(0, 14).Draw(t, "kind") {
		case 0:
			return "c1,order" // too few fields
		case 1:
			return `"c1,order,2026-07-01,,e1` // a lost quote
		case 2:
			return "c1,\x00,2026-07-01,,e1"
		case 3:
			return "c1,\xff\xfe,2026-07-01,,e1"
		}
		return strings.Join([]string{
			pick("customer", "c1", "c2", "c3", "alias", "", `"c,4"`), pick("name", "order", "session", "drop", "\"two\nlines\"", ""),
			pick("time", "2026-07-01", "2026-07-02 10:00:00", "1783332000", "2027-01-01", "never", "", "0001-01-01"), pick("value", "", "1", "2.50", "3,5", "x", "\"1,000\""), pick("id", "", "e1", "e2", "e3"),
		}, ",")
	}), 0, 25).Example(seed)
}

const dirtyHead = "customer_id,name,occurred_at,value,event_id"

func dirtyWorld(tb testing.TB, parts ...[]string) *loadWorld {
	w := newLoadWorld(tb)
	w.file("identities", "ids.csv", "alias_id,customer_id\nalias,c2\n")
	for i, rows := range parts {
		w.file("events", fmt.Sprintf("e%d.csv", i), dirtyHead+"\n"+strings.Join(rows, "\n"), func(f *ingest.File) {
			f.Encoding, f.Delimiter = "utf-8", ","
			no := false
			f.DecimalComma = &no
			f.Exclude = map[string][]string{"name": {"drop"}}
		})
	}
	return w
}

const coreText = "select customer_id, e.name, occurred_at, day, value_minor, event_id from core.events e join core.customers using (ck) order by all"

// The five fates of every file add up to its rows, every reject is listed with a line, and what is loaded is what core holds. The order of rows
// and their split into files change nothing in core.
func TestFatesAddUp(t *testing.T) {
	for seed := range 12 {
		rows := append(dirty(seed), dirty(seed+100)...)
		one, report := dirtyWorld(t, rows).mustLoad()
		fatesAddUp(t, seed, one, report)
		random := rand.New(rand.NewPCG(uint64(seed), 1))
		shuffled := slices.Clone(rows)
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		cut := random.IntN(len(rows) + 1)
		two, report := dirtyWorld(t, shuffled[:cut], shuffled[cut:]).mustLoad()
		fatesAddUp(t, seed, two, report)
		if a, b := query(t, one, coreText), query(t, two, coreText); a != b {
			t.Errorf("seed %d: one file:\n%s\ntwo files:\n%s", seed, a, b)
		}
	}
}

func fatesAddUp(t *testing.T, seed int, db *DB, report ingest.Report) {
	t.Helper()
	var loaded int64
	for _, s := range report.Sources {
		if s.Read != s.Loaded+s.Rejected+s.Duplicate+s.Outside+s.Excluded {
			t.Errorf("seed %d: %+v does not add up", seed, s)
		}
		if s.Input == "events" {
			loaded += s.Loaded
		}
		n := query(t, db, "select count(*), count(line) from audit.rejects where path = '"+s.Path+"'")
		if n != fmt.Sprintf("%d|%d", s.Rejected, s.Rejected) {
			t.Errorf("seed %d: %s: %d rejected, listed %s", seed, s.Path, s.Rejected, n)
		}
	}
	if n := query(t, db, "select count(*) from core.events"); n != fmt.Sprint(loaded) {
		t.Errorf("seed %d: loaded %d, core has %s", seed, loaded, n)
	}
}

// The engine reads times and money as ParseTime and ParseMoney do.
func TestValuesAgreeWithGo(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	db := open(t, Options{})
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		rule  ingest.TimeRule
		write func(time.Time) string
	}{
		{ingest.TimeRule{}, func(v time.Time) string { return v.Format("2006-01-02 15:04:05") }},
		{ingest.TimeRule{Source: berlin}, func(v time.Time) string { return v.Format("2006-01-02T15:04:05.999999") }},
		{ingest.TimeRule{Source: berlin}, func(v time.Time) string { return v.Format("2006-01-02T15:04:05-07:00") }},
		{ingest.TimeRule{Business: berlin}, func(v time.Time) string { return v.Format("2006-01-02") }},
		{ingest.TimeRule{Business: berlin}, func(v time.Time) string { return v.Format("20060102") }},
		{ingest.TimeRule{}, func(v time.Time) string { return fmt.Sprint(v.Unix()) }},
		{ingest.TimeRule{}, func(v time.Time) string { return fmt.Sprint(v.UnixMilli()) }},
		{ingest.TimeRule{}, func(v time.Time) string { return fmt.Sprint(v.UnixMicro()) }},
		{ingest.TimeRule{Source: berlin, Format: "%d.%m.%Y %H:%M:%S"}, func(v time.Time) string { return v.Format("02.01.2006 15:04:05") }},
		{ingest.TimeRule{Business: berlin, Format: "%d/%m/%y"}, func(v time.Time) string { return v.Format("02/01/06") }},
		{ingest.TimeRule{Format: "%Y-%m-%dT%H:%M:%S%z"}, func(v time.Time) string { return v.Format("2006-01-02T15:04:05-0700") }},
		{ingest.TimeRule{}, func(v time.Time) string { return v.Format("02.01.2006") }},
		{ingest.TimeRule{}, func(v time.Time) string { return "2026-02-30 " + v.Format("15:04:05") }},
	} {
		var rows, want []string
		for range 300 {
			v := time.Unix(631152000+random.Int64N(1_262_304_000), random.Int64N(1e6)*1000).In(berlin)
			text := c.write(v)
			rows = append(rows, "("+quote(text)+")")
			got := "-"
			if p, ok := c.rule.ParseTime(text); ok {
				got = p.UTC().Format("2006-01-02 15:04:05.000000")
			}
			want = append(want, text+"|"+got)
		}
		have := query(t, db, "select t, strftime(v, '%Y-%m-%d %H:%M:%S.%f') from ("+c.rule.Query("(values "+strings.Join(rows, ", ")+") x(t)")+")")
		lines := strings.Split(have, "\n")
		slices.Sort(lines)
		slices.Sort(want)
		for i, line := range lines {
			if line != want[i] {
				t.Errorf("rule %q: engine %s, Go %s", c.rule.Format, line, want[i])
				break
			}
		}
	}
	letters := []rune("0123456789.,- \u00a0+'")
	for _, comma := range []bool{false, true} {
		var rows, want []string
		for range 3000 {
			var b strings.Builder
			switch random.IntN(3) {
			case 0:
				for range 1 + random.IntN(9) {
					b.WriteRune(letters[random.IntN(len(letters))])
				}
			case 1:
				fmt.Fprintf(&b, "%d.%0*d", random.Int64N(1e6)-5e5, 1+random.IntN(6), random.IntN(10))
			default:
				fmt.Fprintf(&b, "%d %03d,%02d", random.IntN(999), random.IntN(999), random.IntN(99))
			}
			text := b.String()
			rows = append(rows, "("+quote(text)+")")
			got := "-"
			if v, ok := ingest.ParseMoney(text, comma); ok {
				got = fmt.Sprint(v)
			}
			want = append(want, text+"|"+got)
		}
		have := query(t, db, "select t, "+ingest.MoneySQL("t", comma)+" from (values "+strings.Join(rows, ", ")+") v(t)")
		lines := strings.Split(have, "\n") // the engine keeps no order
		slices.Sort(lines)
		slices.Sort(want)
		for i, line := range lines {
			if line != want[i] {
				t.Errorf("decimal comma %t: engine %q, Go %q", comma, line, want[i])
			}
		}
	}
}

// A list of rejects that is cut says so, and the counts stay exact.
func TestManyRejects(t *testing.T) {
	w := newLoadWorld(t)
	var b strings.Builder
	b.WriteString("customer_id,name,occurred_at\n")
	for i := range ingest.MaxStored + 10 {
		fmt.Fprintf(&b, "c%d,x,never\n", i)
	}
	b.WriteString("c,x,2026-07-01\n")
	if err := os.WriteFile(filepath.Join(w.dir, "e.csv"), []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	db, report := w.entry("events", "e.csv").mustLoad()
	equal(t, "rejects", query(t, db, "select count(*), min(line), max(line) from audit.rejects"), fmt.Sprintf("%d|2|%d", ingest.MaxStored, ingest.MaxStored+1))
	if s := report.Sources[0]; s.Rejected != ingest.MaxStored+10 || s.Loaded != 1 || len(report.Warnings) != 1 || !strings.Contains(report.Warnings[0], "the first 100000 are listed") {
		t.Errorf("%+v, warnings %q", s, report.Warnings)
	}
	equal(t, "customers of rejected rows", query(t, db, "select count(*) from core.customers"), "1")
}
