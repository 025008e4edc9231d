package triggers

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"crmaudit/analytics"
	"crmaudit/analytics/analyticstest"
)

func TestCheck(t *testing.T) {
	good := Rule{Name: "r", When: "call_missed", Expect: "task_created", Within: 15 * time.Minute}
	for name, c := range map[string]struct {
		change func(*Rule)
		want   string // part of the only mistake; "" for none
	}{
		"plain":               {func(*Rule) {}, ""},
		"an event with colon": {func(r *Rule) { r.When = "shop:order" }, ""},
		"idle":                {func(r *Rule) { r.When, r.After = "idle:order", time.Hour }, ""},
		"idle without after":  {func(r *Rule) { r.When = "idle:order" }, "needs after"},
		"deal without stage":  {func(r *Rule) { r.When = "deal" }, "deal needs a name"},
		"expect deal":         {func(r *Rule) { r.Expect = "deal:" }, "deal needs a name"},
		"name not wanted":     {func(r *Rule) { r.When = "task_due:x" }, "takes no name"},
		"late before within":  {func(r *Rule) { r.LateWithin = time.Minute }, "shorter than within"},
		"target":              {func(r *Rule) { r.Target = 95 }, "out of range"},
	} {
		r := good
		c.change(&r)
		got := r.Check()
		switch {
		case c.want == "" && len(got) > 0:
			t.Errorf("%s: %v", name, got)
		case c.want != "" && (len(got) != 1 || !strings.Contains(got[0].What, c.want)):
			t.Errorf("%s: %v, want %q", name, got, c.want)
		}
	}
	r := Rule{When: "exited:welcome", Expect: "message:winback"}
	if got := r.Scenarios(); !slices.Equal(got, []string{"welcome", "winback"}) {
		t.Error(got)
	}
}

// world makes reduced tables: per bucket n customers with one case each of rule 1, of which share are in time.
func world(perBucket int64, inTimeOf func(bucket int) int64) *Counts {
	c := &Counts{}
	for b := range Buckets {
		in := inTimeOf(b)
		for week, part := range []int64{in / 2, in - in/2} {
			c.Cases = append(c.Cases, CaseRow{1, 20000 + 7*int64(week), "Ann", inTime, b, part, part})
		}
		rest := perBucket - in
		c.Cases = append(c.Cases, CaseRow{1, 20000, "Bob", late, b, rest / 2, rest / 2}, CaseRow{1, 20007, "Bob", missing, b, rest - rest/2, rest - rest/2})
		c.Latency = append(c.Latency, LatencyRow{1, "", 60, b, in}, LatencyRow{1, "", 4000, b, rest / 2})
	}
	return c
}

func TestVerdicts(t *testing.T) {
	rule := []Rule{{Name: "r", When: "a", Expect: "b", Within: time.Hour, Target: .9}}
	for name, c := range map[string]struct {
		per     int64
		in      func(int) int64
		want    string
		finding bool
	}{
		"far below":      {10, func(b int) int64 { return 5 + int64(b%3) }, "yes", true},
		"above":          {100, func(b int) int64 { return 94 + int64(b%5) }, "no", false},
		"all in time":    {10, func(int) int64 { return 10 }, "no", false},
		"near, few":      {2, func(b int) int64 { return min(2, int64(1+b%7)) }, "undecided", false},
		"within two p.p": {1000, func(b int) int64 { return 890 + int64(b%11) }, "no", false},
	} {
		m := Fit(world(c.per, c.in), rule, 1)
		if got := m.Rules[0].Verdict(); got != c.want {
			t.Errorf("%s: %s (%.3f %.3f..%.3f), want %s", name, got, m.Rules[0].Share.Value, m.Rules[0].Share.Lower, m.Rules[0].Share.Upper, c.want)
		}
		if got := len(Findings(m, .05, 13)) == 1; got != c.finding {
			t.Errorf("%s: finding %t, want %t", name, got, c.finding)
		}
		if m.Rules[0].Verdict() == "undecided" && m.Rules[0].Decision.Needed <= m.Rules[0].Customers {
			t.Errorf("%s: undecided needs %d of %d customers", name, m.Rules[0].Decision.Needed, m.Rules[0].Customers)
		}
	}
}

func TestFewCasesAreFactsOnly(t *testing.T) {
	c := &Counts{}
	for i := range 8 {
		c.Cases = append(c.Cases, CaseRow{1, 20000, "", missing, i, 1, 1})
	}
	m := Fit(c, []Rule{{Name: "r", Within: time.Hour}}, 1)
	f := Findings(m, .05, 13)
	if len(f) != 1 || !f[0].Exploratory || f[0].Verdict != analytics.InsufficientData {
		t.Fatalf("%+v", f)
	}
	if n, ok := f[0].Number("needed_customers"); !ok || n.Value <= 8 {
		t.Errorf("needed %v", n)
	}
	if n, _ := f[0].Number("missing"); n.Value != 8 || n.Method != "fact" {
		t.Errorf("missing %v", n)
	}
}

func TestNothingHappened(t *testing.T) {
	m := Fit(&Counts{}, []Rule{{Name: "r", When: "x", Expect: "message", Within: time.Hour}}, 1)
	if len(Findings(m, .05, 13)) != 0 || m.Rules[0].Verdict() != "insufficient_data" {
		t.Error(m.Rules[0].Verdict())
	}
	for _, table := range m.Tables() {
		for _, row := range table.Rows {
			if len(row) != len(table.Columns) {
				t.Errorf("%s: %d values for %d columns", table.Name, len(row), len(table.Columns))
			}
			for i, v := range row {
				if x, ok := v.(float64); ok && !analytics.Finite(x) {
					t.Errorf("%s.%s is %v", table.Name, table.Columns[i], x)
				}
			}
		}
	}
	cov := Coverage(m, map[string]bool{"events": true, "messages": true})
	if len(cov) != 2 || cov[0].Note != "never_fired" || !cov[0].Present {
		t.Errorf("%+v", cov)
	}
	if cov := Coverage(m, map[string]bool{"events": true}); cov[1].Note != "missing" || cov[1].Present {
		t.Errorf("%+v", cov)
	}
	if cov := Coverage(&Model{}, nil); len(cov) != 1 || cov[0].Note != "no_rules" {
		t.Errorf("%+v", cov)
	}
}

func TestQuantilesAndOwners(t *testing.T) {
	m := Fit(world(10, func(b int) int64 { return 5 + int64(b%3) }), []Rule{{Name: "r", Within: time.Hour}}, 1)
	f := m.Rules[0]
	if f.All.Median.Value != 60 || f.All.P95.Value != 4000 {
		t.Errorf("median %v, 95th %v", f.All.Median.Value, f.All.P95.Value)
	}
	if o := f.worstOwner(); o == nil || o.Owner != "Bob" {
		t.Errorf("worst owner %+v", o)
	}
	if f.Customers != f.Triggered() {
		t.Errorf("%d customers with one case each, %d cases", f.Customers, f.Triggered())
	}
}

// TestCountsAddUp: whatever the cases, weeks and owners both add up to the rule, and the share is in time of triggered.
func TestCountsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		row := rapid.Custom(func(t *rapid.T) CaseRow {
			n := rapid.Int64Range(1, 5).Draw(t, "n")
			return CaseRow{rapid.IntRange(1, 2).Draw(t, "rule"), 20000 + 7*rapid.Int64Range(0, 3).Draw(t, "week"),
				rapid.SampledFrom([]string{"", "Ann", "Bob"}).Draw(t, "owner"), rapid.SampledFrom([]string{inTime, late, missing, open, unlinked}).Draw(t, "outcome"),
				rapid.IntRange(0, 99).Draw(t, "bucket"), n, rapid.Int64Range(0, n).Draw(t, "firsts")}
		})
		c := &Counts{Cases: rapid.SliceOfN(row, 0, 60).Draw(t, "cases")}
		m := Fit(c, []Rule{{Name: "a"}, {Name: "b"}}, 1)
		shuffled := &Counts{Cases: slices.Clone(c.Cases)}
		slices.Reverse(shuffled.Cases)
		for i, f := range m.Rules {
			var weeks, owners Tally
			for _, w := range f.Weeks {
				for o, n := range map[string]int64{inTime: w.InTime, late: w.Late, missing: w.Missing, open: w.NotYet, unlinked: w.Unlinked} {
					weeks.add(o, n)
				}
			}
			for _, w := range f.Owners {
				for o, n := range map[string]int64{inTime: w.InTime, late: w.Late, missing: w.Missing, open: w.NotYet, unlinked: w.Unlinked} {
					owners.add(o, n)
				}
			}
			if weeks != f.Tally || owners != f.Tally {
				t.Fatalf("%+v weeks %+v owners %+v", f.Tally, weeks, owners)
			}
			if f.Triggered() > 0 && math.Abs(f.Share.Value-float64(f.InTime)/float64(f.Triggered())) > 1e-12 {
				t.Fatalf("share %v of %+v", f.Share.Value, f.Tally)
			}
			if other := Fit(shuffled, []Rule{{Name: "a"}, {Name: "b"}}, 1).Rules[i]; other.Share.Lower != f.Share.Lower && f.Share.OK() {
				t.Fatalf("the order of rows changes the interval: %v, %v", other.Share, f.Share)
			}
		}
	})
}

func TestLoadRefusesBuckets(t *testing.T) {
	src := analyticstest.Tables(t, map[string]string{
		"scenarios.red_triggers":        "position:int64,week_start_day:int64,owner:string,outcome:string,bucket:int64,n:int64,firsts:int64\n1,20000,'',late,100,1,1\n",
		"scenarios.red_trigger_latency": "position:int64,channel:string,latency:int64,bucket:int64,n:int64\n",
	})
	if _, err := Load(t.Context(), src); err == nil || !strings.Contains(err.Error(), "bucket 100") {
		t.Error(err)
	}
}
