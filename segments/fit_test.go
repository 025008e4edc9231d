package segments

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"crmaudit/analytics"
	"crmaudit/analytics/analyticstest"
	"crmaudit/analytics/suffstat"
)

// counts is one defined segment with intervals, over which a test lays what it needs.
func counts(names ...Name) *Counts {
	c := &Counts{}
	for i, n := range names {
		n.Key = int64(i + 1)
		if n.Memberships == 0 {
			n.Memberships, n.Begun, n.Ended = 100, 100, 50
		}
		c.Names = append(c.Names, n)
	}
	for g := range int64(Buckets) {
		c.Sizes = append(c.Sizes, SizeRow{Bucket: g, Members: 100})
	}
	return c
}

func one(t *testing.T, c *Counts) *Segment {
	t.Helper()
	m := Fit(c)
	if len(m.Segments) != 1 {
		t.Fatalf("%d segments", len(m.Segments))
	}
	return m.Segments[0]
}

func TestStuckVerdicts(t *testing.T) {
	for _, c := range []struct {
		name            string
		watched, stayed int64 // per bucket, over 50 buckets
		changes, kept   int64
		want            string
	}{
		{"leaves with the stage", 100, 80, 20, 6, Moves},
		{"does not follow the stage", 100, 95, 20, 20, Stuck},
		{"a property", 100, 100, 20, 20, Static},
		{"near the limit", 100, 90, 20, 18, Undecided},
		{"no change of stage", 100, 90, 0, 0, NotMeasurable},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := counts(Name{ID: "s"})
			for g := range int64(50) {
				x.Sizes = append(x.Sizes, SizeRow{Key: 1, Bucket: g, Members: 10, AtRisk: c.watched, Leaves: c.watched - c.stayed, Watched: c.watched, Stayed: c.stayed, Changes: c.changes, Kept: c.kept})
			}
			s := one(t, x)
			if s.StuckVerdict != c.want {
				t.Errorf("got %s (%v, stay %v), want %s", s.StuckVerdict, s.Stuck.Estimate, s.Stay.Estimate, c.want)
			}
			if tested := s.StuckVerdict != NotMeasurable; tested != analytics.Finite(s.StuckP) || tested != analytics.Finite(s.StuckQ) {
				t.Errorf("p %v, q %v", s.StuckP, s.StuckQ)
			}
		})
	}
	x := counts(Name{ID: "s"})
	for g := range int64(10) {
		x.Sizes = append(x.Sizes, SizeRow{Key: 1, Bucket: g, Members: 1, AtRisk: 2, Watched: 2, Stayed: 2, Changes: 1, Kept: 1})
	}
	if s := one(t, x); s.StuckVerdict != string(analytics.InsufficientData) || s.StuckNeeded < 20 {
		t.Errorf("10 changes: %s, needed %d", s.StuckVerdict, s.StuckNeeded)
	}
}

// What the memberships say of time decides what may be said of movement.
func TestForms(t *testing.T) {
	for _, c := range []struct {
		want string
		n    Name
	}{
		{Intervals, Name{Memberships: 3, Begun: 3, Ended: 1}},
		{Intervals, Name{Memberships: 3, Ended: 1}},
		{EntriesOnly, Name{Memberships: 3, Begun: 1}},
		{Current, Name{Memberships: 3}},
		{Current, Name{Memberships: 3, Lists: 1}},
		{Snapshots, Name{Memberships: 3, Lists: 2, Begun: 1, Ended: 2}},
	} {
		c.n.ID = "s"
		x := counts(c.n)
		x.Sizes = append(x.Sizes, SizeRow{Key: 1, Bucket: 1, Members: 3, AtRisk: 30, Watched: 30, Stayed: 30, Changes: 30, Kept: 30})
		s := one(t, x)
		if s.Form != c.want {
			t.Errorf("%+v: got %s, want %s", c.n, s.Form, c.want)
		}
		if s.Movement() != s.Turnover.OK() {
			t.Errorf("%s: turnover %v", s.Form, s.Turnover.Estimate)
		}
	}
	// A segment that nobody leaves is one among others that people leave.
	x := counts(Name{ID: "a", Memberships: 3, Begun: 3}, Name{ID: "b", Memberships: 3, Begun: 3, Ended: 1})
	if m := Fit(x); m.Segments[0].Form != Intervals {
		t.Errorf("got %s", m.Segments[0].Form)
	}
}

func TestSizeVerdicts(t *testing.T) {
	// base is 10,000 customers; rows gives members and orderers per bucket in two stages.
	fit := func(members, n1, x1, n2, x2 int64) *Segment {
		x := counts(Name{ID: "s"})
		for g := range int64(Buckets) {
			x.Sizes = append(x.Sizes, SizeRow{Key: 1, Bucket: g, Members: members})
			x.Outcomes = append(x.Outcomes, OutcomeRow{0, 1, g, 56, 100, 20}, OutcomeRow{1, 1, g, 56, n1, x1 + g%2}, OutcomeRow{1, 2, g, 56, n2, x2 - g%2})
		}
		return one(t, x)
	}
	for want, s := range map[string]*Segment{
		Empty: fit(0, 10, 2, 10, 2), Everybody: fit(100, 50, 10, 50, 10), TooSmall: fit(1, 2, 1, 2, 1), Fits: fit(35, 20, 15, 20, 2), TooLarge: fit(60, 30, 25, 30, 2),
	} {
		if s.SizeVerdict != want {
			t.Errorf("got %s, want %s: %+v gain %v mde %v", s.SizeVerdict, want, s.Total, s.Gain, s.MDE)
		}
	}
	if s := fit(60, 30, 10, 30, 11); s.SizeVerdict != Fits {
		t.Errorf("stages alike: %s, gain %v", s.SizeVerdict, s.Gain)
	}
	// 2.80 sqrt(2 p (1-p) / (n/2)) / p at p = 1/5 and n = 3,500: .18931; 2 * 2 p (1-p) (2.80/.06)^2 = 1393.8 members for .30.
	s := fit(35, 20, 4, 20, 4)
	if math.Abs(s.MDE-.18931) > 1e-4 || s.Needed != 1394 {
		t.Errorf("mde %v, needed %d", s.MDE, s.Needed)
	}
	// Nobody, or everybody, orders.
	for _, ordered := range []int64{0, 100} {
		x := counts(Name{ID: "s"})
		for g := range int64(Buckets) {
			x.Sizes = append(x.Sizes, SizeRow{Key: 1, Bucket: g, Members: 50})
			x.Outcomes = append(x.Outcomes, OutcomeRow{0, 1, g, 56, 100, ordered}, OutcomeRow{1, 1, g, 56, 50, ordered / 2})
		}
		if s := one(t, x); s.SizeVerdict != NotMeasurable {
			t.Errorf("%d of 100 order: %s, mde %v", ordered, s.SizeVerdict, s.MDE)
		}
	}
}

// Information in a table by hand: 40 of 50 and 10 of 50 order. H(.5) = ln 2, within .5004, less 1/200: (.6931 - .5004 - .005)/.6931 = .27085.
func TestGain(t *testing.T) {
	c := cells{1: suffstat.Ratio{Num: 40, Den: 50}, 2: suffstat.Ratio{Num: 10, Den: 50}}
	if got := c.gain(); math.Abs(got-.27086) > 1e-4 {
		t.Errorf("got %v", got)
	}
	for _, c := range []cells{{}, {1: {Num: 0, Den: 5}}, {1: {Num: 5, Den: 5}}} {
		if got := c.gain(); !math.IsNaN(got) {
			t.Errorf("%v: got %v", c, got)
		}
	}
}

// The life table finds the planted dwell, whatever part of it lies before the audit: memberships last D days with chance h to end on each, entered at age a; unlike the
// mean of the ended ones. Ages above 28 days come in weeks.
func TestMedianDays(t *testing.T) {
	for _, c := range []struct {
		daily float64 // chance of leaving a day
		want  float64 // median by hand, as the last day of its class
	}{
		{.10, 7}, {.05, 14}, {.0125, 56}, // ln 2 / -ln(1-h): 6.58, 13.51, 55.1 (class 50..56)
	} {
		x := counts(Name{ID: "s"})
		for g := range int64(Buckets) {
			alive := 1e6
			for age := int64(1); daysOf(float64(age)) <= 90; age++ {
				days := daysOf(float64(age)) - daysOf(float64(age-1))
				left := alive * (1 - math.Pow(1-c.daily, days))
				row := DwellRow{Key: 1, Age: age, Bucket: g, Ended: int64(left)}
				if age == 1 {
					row.Entered = int64(alive)
				}
				alive -= float64(row.Ended)
				if daysOf(float64(age+1)) > 90 {
					row.Lost = int64(alive)
				}
				x.Dwell = append(x.Dwell, row)
			}
		}
		s := one(t, x)
		if s.Median.Value != c.want || s.Watched != Buckets*1e6 {
			t.Errorf("chance %v: got %v of %d, want %v", c.daily, s.Median, s.Watched, c.want)
		}
	}
	// One early leaver among late entries does not take the curve to 0.
	x := counts(Name{ID: "s"})
	x.Dwell = append(x.Dwell, DwellRow{1, 1, 3, 1, 1, 0}, DwellRow{1, 5, 3, 50, 0, 0}, DwellRow{1, 20, 3, 0, 0, 50})
	if s := one(t, x); s.Median.OK() {
		t.Errorf("median %v of one membership at risk", s.Median)
	}
}

func TestClassesOfAge(t *testing.T) {
	for class, want := range map[float64]float64{1: 1, 28: 28, 29: 35, 76: 364, 77: 392, 78: 420} {
		if got := daysOf(class); got != want {
			t.Errorf("class %v: %v days, want %v", class, got, want)
		}
	}
}

func TestMembersOverTime(t *testing.T) {
	x := counts(Name{ID: "b"}, Name{ID: "a"})
	x.Members = []MemberRow{
		{0, 1, "2026-01-05", 10, 0}, {0, 2, "2026-01-12", 0, 0}, {0, 3, "2026-01-19", 5, 0},
		{1, 1, "2026-01-05", 4, 1}, {1, 3, "2026-01-19", 2, 0},
	}
	var got []string
	for _, p := range Fit(x).Periods {
		got = append(got, fmt.Sprint(p.Segment, p.Start[8:], p.Members, "/", p.Base, " +", p.Entered, " -", p.Gone))
	}
	want := "a05 0/10 +-1 --1;a12 0/10 +0 -0;a19 0/15 +0 -0;b05 4/10 +-1 --1;b12 3/10 +0 -1;b19 5/15 +2 -0"
	if s := strings.ReplaceAll(strings.Join(got, ";"), " / ", "/"); strings.ReplaceAll(s, " ", "") != strings.ReplaceAll(want, " ", "") {
		t.Errorf("got  %s\nwant %s", s, want)
	}
}

func TestUsage(t *testing.T) {
	x := counts(Name{ID: "a"}, Name{ID: "b"}, Name{ID: "c"})
	for _, s := range Fit(x).Segments {
		if s.UseVerdict != Unknown {
			t.Errorf("nothing declared: %s is %s", s.ID, s.UseVerdict)
		}
	}
	x.Usage = []Usage{{"a", "winback", false}, {"a", "welcome", true}, {"b", "old", false}}
	m := Fit(x)
	for i, want := range []string{Used, Silent, Unused} {
		if got := m.Segments[i].UseVerdict; got != want {
			t.Errorf("%s: got %s, want %s", m.Segments[i].ID, got, want)
		}
	}
	if got := strings.Join(m.Segments[0].UsedBy, " "); got != "welcome winback" {
		t.Errorf("used by %s", got)
	}
}

// Whatever is counted, no number of a table is NaN or infinite, every share lies in [0, 1], intervals hold their value, and findings name columns that are there.
func TestNothingIsNaN(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := &Counts{}
		segments := rapid.IntRange(0, 4).Draw(t, "segments")
		n := func(most int64) int64 { return rapid.Int64Range(0, most).Draw(t, "n") }
		for k := range segments {
			m := n(20)
			c.Names = append(c.Names, Name{Key: int64(k + 1), ID: fmt.Sprint("s'", k), Memberships: m, Begun: n(m), Ended: n(m), Lists: n(2), HasRule: n(1) == 1, Position: n(3)})
			if n(2) == 1 {
				c.Usage = append(c.Usage, Usage{fmt.Sprint("s'", k), "x", n(1) == 1})
			}
		}
		buckets := rapid.Int64Range(1, 40).Draw(t, "buckets")
		for k := range int64(segments + 1) {
			for g := range buckets {
				watched := n(50)
				changes := n(watched)
				c.Sizes = append(c.Sizes, SizeRow{Key: k, Bucket: g, Members: n(30), AtRisk: watched, Leaves: n(watched), Watched: watched, Stayed: n(watched), Changes: changes, Kept: n(changes), Entries: n(9)})
				members := n(30)
				c.Outcomes = append(c.Outcomes, OutcomeRow{k, 1 + n(2), g, 56, members, n(members)})
				if k > 0 {
					c.Stale = append(c.Stale, StaleRow{k, g, members, n(members)})
					age := 1 + n(80)
					entered := n(5)
					c.Dwell = append(c.Dwell, DwellRow{k, age, g, entered, 0, 0}, DwellRow{k, age + n(5), g, 0, entered, 0})
				}
			}
			for p := range int64(3) {
				c.Members = append(c.Members, MemberRow{k, p + 1, fmt.Sprintf("2026-01-%02d", 5+7*p), n(5), 0})
			}
			if k > 0 {
				c.Flows = append(c.Flows, FlowRow{k, n(int64(segments)), 1 + n(5)})
			}
		}
		m := Fit(c)
		tables := m.Tables()
		for _, table := range tables {
			for _, row := range table.Rows {
				if len(row) != len(table.Columns) {
					t.Fatalf("%s: %d values for %d columns", table.Name, len(row), len(table.Columns))
				}
				for i, v := range row {
					x, ok := v.(float64)
					if ok && !analytics.Finite(x) {
						t.Fatalf("%s.%s is %v", table.Name, table.Columns[i], x)
					}
					if name := table.Columns[i]; ok && table.Name == "segments.segments" && (strings.HasSuffix(name, "_share") || strings.HasSuffix(name, "_rate")) && (x < 0 || x > 1) {
						t.Fatalf("%s is %v", name, x)
					}
				}
			}
		}
		for _, f := range Findings(m, Options{FDR: .05, Weeks: 13, Step: .01}) {
			columns, _, _ := strings.Cut(strings.TrimPrefix(f.EvidenceSQL, "SELECT "), " FROM")
			columns = strings.TrimSuffix(columns, ", count(*) OVER () AS segments, (SELECT count(*)")
			for _, name := range strings.Split(columns, ", ") {
				if !slices.Contains(tables[0].Columns, name) {
					t.Fatalf("%s: evidence names %s", f.Kind, name)
				}
			}
			if f.Statistic == nil || f.SubjectType == "segment" && !strings.Contains(f.EvidenceSQL, "'s''") {
				t.Fatalf("%+v", f)
			}
		}
		for _, c := range Coverage(m, map[string]bool{"segment_memberships": true}) {
			if !c.Present && c.Note == "" {
				t.Fatalf("%+v", c)
			}
		}
	})
}

// The verdicts of a world do not depend on the order of rows, nor on the keys of segments.
func TestOrderOfRows(t *testing.T) {
	x := counts(Name{ID: "a"}, Name{ID: "b"})
	for g := range int64(Buckets) {
		x.Sizes = append(x.Sizes, SizeRow{Key: 1, Bucket: g, Members: 5, AtRisk: 20, Leaves: g % 3, Watched: 20, Stayed: 19, Changes: 4, Kept: 3}, SizeRow{Key: 2, Bucket: g, Members: 50, AtRisk: 200, Watched: 200, Stayed: 200, Changes: 9, Kept: 9})
		x.Outcomes = append(x.Outcomes, OutcomeRow{0, 1, g, 56, 100, 20}, OutcomeRow{1, 1, g, 56, 5, g % 2}, OutcomeRow{2, 2, g, 56, 50, 7 + g%4}, OutcomeRow{2, 1, g, 56, 9, 1})
		x.Dwell = append(x.Dwell, DwellRow{1, 1, g, 9, 0, 0}, DwellRow{1, 7, g, 0, 5, 4})
	}
	want := fmt.Sprint(Fit(x).Tables())
	for _, rows := range []func(){func() { slices.Reverse(x.Sizes) }, func() { slices.Reverse(x.Outcomes) }, func() { slices.Reverse(x.Dwell) }, func() { slices.Reverse(x.Names) }} {
		rows()
		if got := fmt.Sprint(Fit(x).Tables()); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
}

// Nothing at all: no rows, no crash, and coverage says so.
func TestEmptyWorld(t *testing.T) {
	src := analyticstest.Tables(t, map[string]string{
		"segments.red_names":    "gk:int64,segment_id:string,name:string,position:int64,has_rule:bool,memberships:int64,begun:int64,ended:int64,lists:int64\n",
		"segments.red_usage":    "segment_id:string,scenario_id:string,active:bool\n",
		"segments.red_segments": "gk:int64,bucket:int64,members:int64,begun:int64,at_risk:int64,leaves:int64,entries:int64,watched:int64,stayed:int64,changes:int64,kept:int64\n",
		"segments.red_members":  "gk:int64,period:int64,period_start:date,entered:int64,gone:int64\n",
		"segments.red_flows":    "from_gk:int64,to_gk:int64,n:int64\n",
		"segments.red_dwell":    "gk:int64,age:int64,bucket:int64,entered:int64,ended:int64,lost:int64\n",
		"segments.red_outcomes": "gk:int64,st:int64,bucket:int64,days:int64,n:int64,ordered:int64\n",
		"segments.red_stale":    "gk:int64,bucket:int64,members:int64,fitting:int64\n",
	})
	day := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	r, err := NewBlock(Setup{}).Run(context.Background(), src, analytics.Settings{From: day, To: day.AddDate(0, 3, 0), FDR: .05})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Findings) > 0 || len(r.Coverage) != 1 || r.Coverage[0].Note != "missing" || r.Coverage[0].Present {
		t.Errorf("findings %v, coverage %v", r.Findings, r.Coverage)
	}
	src["segments.red_segments"], _ = analyticstest.Frame("segments.red_segments", "gk:int64,bucket:int64,members:int64,begun:int64,at_risk:int64,leaves:int64,entries:int64,watched:int64,stayed:int64,changes:int64,kept:int64\n0,100,1,1,1,1,1,1,1,1,1\n")
	if _, err := Load(context.Background(), src); err == nil || !strings.Contains(err.Error(), "bucket 100") {
		t.Errorf("a bucket that is none: %v", err)
	}
}
