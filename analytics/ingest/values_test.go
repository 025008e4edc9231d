package ingest

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := LoadZone(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// eval computes the CASE trees of ZoneExpr for one value of s.
func eval(t testing.TB, expr string, s int64) int64 {
	t.Helper()
	rest := expr
	var parse func() int64
	number := func() int64 {
		var n int64
		rest = strings.TrimSpace(rest)
		if _, err := fmt.Sscan(rest, &n); err != nil {
			t.Fatalf("number at %q: %v", rest, err)
		}
		rest = strings.TrimLeft(rest, "-0123456789")
		return n
	}
	word := func(w string) {
		rest = strings.TrimSpace(rest)
		if !strings.HasPrefix(rest, w) {
			t.Fatalf("want %q at %q", w, rest)
		}
		rest = rest[len(w):]
	}
	parse = func() int64 {
		rest = strings.TrimSpace(rest)
		if !strings.HasPrefix(rest, "CASE") {
			return number()
		}
		word("CASE WHEN s")
		rest = strings.TrimSpace(rest)
		less := strings.HasPrefix(rest, "< ")
		word(map[bool]string{true: "<", false: ">="}[less])
		limit := number()
		word("THEN")
		a := parse()
		word("ELSE")
		b := parse()
		word("END")
		if less == (s < limit) {
			return a
		}
		return b
	}
	return parse()
}

func zoneNames() []string {
	return []string{"UTC", "Europe/Moscow", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia", "Africa/Casablanca", "Asia/Tehran"}
}

// ZoneExpr agrees with Go's zone data at every transition, a second before it, and at random instants.
func TestZoneExpr(t *testing.T) {
	from, to := Earliest(), time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, name := range zoneNames() {
		z := zone(t, name)
		expr := ZoneExpr("s", z, from, to)
		check := func(s int64) {
			_, want := time.Unix(s, 0).In(z).Zone()
			if got := eval(t, expr, s); got != int64(want) {
				t.Fatalf("%s at %s: %d, want %d", name, time.Unix(s, 0).UTC(), got, want)
			}
		}
		for _, tr := range Transitions(z, from, to) {
			check(tr.At)
			check(tr.At - 1)
		}
		rapid.Check(t, func(t *rapid.T) { check(rapid.Int64Range(from.Unix(), to.Unix()).Draw(t, "s")) })
	}
}

// Wall time goes to the instant that shows it; the first one when two do; and moved forward by the gap when none does.
func TestLocalExpr(t *testing.T) {
	from, to := Earliest(), time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, name := range zoneNames() {
		z := zone(t, name)
		expr := LocalExpr("s", z, from, to)
		check := func(t interface{ Fatalf(string, ...any) }, local int64) {
			off := LocalOffset(local, z)
			instant := time.Unix(local-off, 0)
			shows := func(i time.Time) bool { _, o := i.In(z).Zone(); return i.Unix()+int64(o) == local }
			var all []int64 // every instant that shows this wall time
			for _, tr := range append(Transitions(z, time.Unix(local, 0).AddDate(0, 0, -3), time.Unix(local, 0).AddDate(0, 0, 3)), Transition{Before: off, After: off}) {
				for _, o := range []int64{tr.Before, tr.After} {
					if i := time.Unix(local-o, 0); shows(i) && !slices.Contains(all, i.Unix()) {
						all = append(all, i.Unix())
					}
				}
			}
			if len(all) > 0 && instant.Unix() != slices.Min(all) {
				t.Fatalf("%s %d: instant %d, want the first of %v", name, local, instant.Unix(), all)
			}
			if len(all) == 0 {
				_, o := instant.In(z).Zone()
				if shown := instant.Unix() + int64(o); shown <= local {
					t.Fatalf("%s %d is in a gap: shown as %d, want later", name, local, shown)
				}
			}
		}
		for _, tr := range Transitions(z, from, to) {
			for _, d := range []int64{-7200, -3601, -1800, -1, 0, 1, 1800, 3599, 3600, 7200} {
				for _, o := range []int64{tr.Before, tr.After} {
					local := tr.At + o + d
					check(t, local)
					if got, want := eval(t, expr, local), LocalOffset(local, z); got != want {
						t.Fatalf("%s local %d: expression %d, function %d", name, local, got, want)
					}
				}
			}
		}
	}
}

func TestParseMoney(t *testing.T) {
	for _, c := range []struct {
		text  string
		comma bool
		want  string
	}{
		{"12.5", false, "1250"}, {"1 234,56", false, "123456"}, {"1\u00a0234\u202f567,8", true, "123456780"}, {"1,234.56", false, "123456"}, {"1.234,56", true, "123456"},
		{"1,234", false, "123400"}, {"1,234", true, "123"}, {"1.234", true, "123400"}, {"1.234", false, "123"}, {"1.235", false, "124"}, {"-1.235", false, "-124"}, {"0.005", false, "1"}, {"-0.005", false, "-1"},
		{"1.234.567", false, "123456700"}, {"12,5", false, "1250"}, {".5", false, "50"}, {"5.", false, "500"}, {"+7", false, "700"}, {"\u221212", false, "-1200"}, {"1'000", false, "100000"}, {"1e3", false, "100000"},
		{"9999999999999999", false, "999999999999999900"}, {"99999999999999999", false, "no"}, {"", false, "no"}, {"12 rub", false, "no"}, {"1,2,3", false, "no"}, {"--1", false, "no"}, {"NaN", false, "no"}, {"0x10", false, "no"}, {"1_000", false, "no"},
	} {
		got := "no"
		if v, ok := ParseMoney(c.text, c.comma); ok {
			got = fmt.Sprint(v)
		}
		if got != c.want {
			t.Errorf("%q (decimal comma %t): %s, want %s", c.text, c.comma, got, c.want)
		}
	}
}

func FuzzParseMoney(f *testing.F) {
	f.Add("1 234,56", true)
	f.Add("-0.005", false)
	f.Fuzz(func(t *testing.T, s string, comma bool) {
		v, ok := ParseMoney(s, comma)
		if !ok {
			return
		}
		// What was read, written plainly, reads as the same.
		sign := ""
		if v < 0 {
			sign = "-"
		}
		plain := fmt.Sprintf("%s%d.%02d", sign, int64(math.Abs(float64(v/100))), max(v%100, -(v%100)))
		if again, ok := ParseMoney(plain, false); !ok || again != v {
			t.Fatalf("%q is %d, but %q is %d", s, v, plain, again)
		}
	})
}

func TestParseTime(t *testing.T) {
	moscow, berlin := zone(t, "Europe/Moscow"), zone(t, "Europe/Berlin")
	for _, c := range []struct {
		rule TimeRule
		text string
		want string
	}{
		{TimeRule{}, "2026-07-06 10:00:00", "2026-07-06T10:00:00Z"}, {TimeRule{}, "2026-07-06T10:00:00.25+03:00", "2026-07-06T07:00:00.25Z"}, {TimeRule{}, "2026-07-06T10:00:00Z", "2026-07-06T10:00:00Z"},
		{TimeRule{}, "1783332000", "2026-07-06T10:00:00Z"}, {TimeRule{}, "1783332000123", "2026-07-06T10:00:00.123Z"}, {TimeRule{}, "1783332000123456", "2026-07-06T10:00:00.123456Z"}, {TimeRule{}, "1783332000.5", "2026-07-06T10:00:00.5Z"},
		{TimeRule{}, "20260706", "2026-07-06T00:00:00Z"}, {TimeRule{Business: moscow}, "2026-07-06", "2026-07-05T21:00:00Z"}, {TimeRule{Business: moscow, Source: time.UTC}, "2026-07-06", "2026-07-06T00:00:00Z"},
		{TimeRule{Source: moscow}, "2026-07-06 10:00:00", "2026-07-06T07:00:00Z"}, {TimeRule{Source: moscow}, "2026-07-06 10:00:00Z", "2026-07-06T10:00:00Z"},
		{TimeRule{Source: berlin}, "2026-03-29 02:30:00", "2026-03-29T01:30:00Z"}, {TimeRule{Source: berlin}, "2026-10-25 02:30:00", "2026-10-25T00:30:00Z"},
		{TimeRule{Format: "%d.%m.%Y %H:%M:%S", Source: moscow}, "06.07.2026 10:00:00", "2026-07-06T07:00:00Z"}, {TimeRule{Format: "%d.%m.%Y", Business: moscow}, "06.07.2026", "2026-07-05T21:00:00Z"},
		{TimeRule{Format: "%m/%d/%y %I:%M %p"}, "07/06/26 10:05 PM", "2026-07-06T22:05:00Z"}, {TimeRule{Format: "%d.%m.%Y"}, "31.02.2026", "no"}, {TimeRule{}, "06.07.2026", "no"}, {TimeRule{}, "2026-02-30", "no"}, {TimeRule{}, "soon", "no"}, {TimeRule{}, "", "no"},
	} {
		got := "no"
		if v, ok := c.rule.ParseTime(c.text); ok {
			got = v.UTC().Format(time.RFC3339Nano)
		}
		if got != c.want {
			t.Errorf("%q with %q: %s, want %s", c.text, c.rule.Format, got, c.want)
		}
	}
}

func FuzzParseTime(f *testing.F) {
	f.Add("2026-07-06 10:00:00", "%d.%m.%Y")
	f.Add("06.07.2026", "%d.%m.%Y")
	f.Fuzz(func(t *testing.T, s, format string) {
		if CheckTimeFormat(format) != nil {
			format = ""
		}
		TimeRule{Format: format}.ParseTime(s)
	})
}

// Resolve: every id ends at an id that ends at itself; ids that are linked without a conflict end together; the order of pairs is nothing.
func TestResolve(t *testing.T) {
	r := Resolve([]Alias{{"c", "b"}, {"b", "a"}, {"x", "y"}, {"y", "z"}, {"z", "x"}, {"w", "x"}, {"k", "l"}, {"k", "m"}, {"s", "s"}})
	want := map[string]string{"c": "a", "b": "a", "y": "x", "z": "x", "w": "x", "k": "l"}
	if fmt.Sprint(r.Canonical) != fmt.Sprint(want) || fmt.Sprint(r.Cycles) != "[[x y z]]" || fmt.Sprint(r.Conflicts) != "[{k [l m]}]" {
		t.Errorf("got %v, %v, %v", r.Canonical, r.Cycles, r.Conflicts)
	}
	if len(r.Warnings()) != 2 {
		t.Errorf("warnings %q", r.Warnings())
	}
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.SampledFrom(strings.Split("abcdefghij", ""))
		pairs := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Alias { return Alias{id.Draw(t, "from"), id.Draw(t, "to")} }), 0, 15).Draw(t, "pairs")
		got := Resolve(pairs)
		end := func(id string) string {
			if e, ok := got.Canonical[id]; ok {
				return e
			}
			return id
		}
		conflict := map[string]bool{}
		for _, c := range got.Conflicts {
			conflict[c.ID] = true
			for _, cycle := range got.Cycles {
				if cycle[0] == c.ID {
					for _, m := range cycle {
						conflict[m] = true
					}
				}
			}
		}
		for _, p := range pairs {
			if end(end(p.From)) != end(p.From) {
				t.Fatalf("%s ends at %s, which ends at %s", p.From, end(p.From), end(end(p.From)))
			}
			if !conflict[p.From] && end(p.From) != end(p.To) {
				t.Fatalf("%s became %s, but they end at %s and %s", p.From, p.To, end(p.From), end(p.To))
			}
		}
		shuffled := rapid.Permutation(pairs).Draw(t, "shuffled")
		if fmt.Sprint(Resolve(shuffled)) != fmt.Sprint(got) {
			t.Fatalf("the order of pairs matters: %v", pairs)
		}
	})
}

func TestPeriods(t *testing.T) {
	day := func(s string) time.Time {
		v, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range []struct{ from, to, grain, want string }{
		{"2026-07-01", "2026-07-03", "day", "2026-07-01+1 true 2026-07-02+1 true"},
		{"2026-07-01", "2026-07-13", "week", "2026-06-29+7 false 2026-07-06+7 true"},
		{"2026-07-06", "2026-07-14", "week", "2026-07-06+7 true 2026-07-13+7 false"},
		{"2026-01-15", "2026-03-01", "month", "2026-01-01+31 false 2026-02-01+28 true"},
		{"2026-07-01", "2026-10-01", "quarter", "2026-07-01+92 true"},
		{"2025-06-01", "2027-01-01", "year", "2025-01-01+365 false 2026-01-01+365 true"},
	} {
		var got []string
		for _, p := range Periods(day(c.from), day(c.to), c.grain) {
			got = append(got, fmt.Sprintf("%s+%d %t", time.Unix(p.Start*86400, 0).UTC().Format(time.DateOnly), p.End-p.Start, p.Complete))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %s, want %s", c.grain, s, c.want)
		}
	}
}
