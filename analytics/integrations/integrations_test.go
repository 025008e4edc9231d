package integrations

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"crmaudit/analytics"
	"crmaudit/analytics/analyticstest"

	"pgregory.net/rapid"
)

// worldOf is a small world of one regular source per input, with changes of single days.
func worldOf(seed uint64, inputs int, times func(input, day int) float64) *Counts {
	rng := rand.New(rand.NewPCG(seed, 1))
	var rows []ArrivalRow
	for k := range inputs {
		f := feed{name: "s", level: 100 + 50*float64(k), week: work, tau: .1}
		own := f.draw(rng, func(d int) float64 { return times(k, d) })
		for i := range own {
			own[i].Input = fmt.Sprint("input", k)
		}
		rows = append(rows, own...)
	}
	return countsOf(rows)
}

func between(from, to int, factor float64) func(int, int) float64 {
	return func(_, d int) float64 {
		if d >= from && d < to {
			return factor
		}
		return 1
	}
}

func whats(m *Model) (out []string) {
	for _, s := range m.Series {
		for _, g := range s.Gaps {
			out = append(out, fmt.Sprint(s.Input, " ", g.What, " ", g.From-firstDay, "-", g.To-firstDay))
		}
	}
	return out
}

func TestGapOfOneSource(t *testing.T) {
	m := Fit(worldOf(1, 4, func(k, d int) float64 {
		if k == 2 && d >= 300 && d < 303 {
			return .1
		}
		return 1
	}), Options{FDR: .05})
	if got := whats(m); !slices.Equal(got, []string{"input2 gap 300-303"}) {
		t.Fatal(got)
	}
	s := m.Series[2]
	days, rows := s.lost()
	if g := s.Gaps[0]; days != 3 || g.Days != 3 || math.Abs(rows-(g.Expected-float64(g.Observed))) > 1e-9 || g.Ratio() > .3 || g.Ongoing || !(g.P < 1e-6) || !(g.Q <= .05) {
		t.Errorf("%+v", g)
	}
	if k := m.Check("gap_days"); k.Num != 3 || k.Status != OK || k.Den != m.Series[0].TestDays*4 {
		t.Errorf("%+v", k)
	}
	f := Findings(m)
	if len(f) != 1 || f[0].Kind != "integration_gap" || f[0].Text("reason") != "gap" || f[0].Text("change_to") != "2025-08-05" || f[0].Opportunity == nil || f[0].Opportunity.Effect != nil {
		t.Fatalf("%+v", f)
	}
}

// What is low in all inputs alike is a holiday; what is nowhere is a load that did not run.
func TestHolidayAndOutage(t *testing.T) {
	for _, s := range Fit(worldOf(2, 5, between(300, 305, .4)), Options{FDR: .05}).Series {
		if got := gapsOf(s, GapRun); len(got) > 0 {
			t.Errorf("%s: %+v", s.Label(), got)
		}
	}
	m := Fit(worldOf(3, 5, between(300, 303, 0)), Options{FDR: .05})
	if got := whats(m); len(got) != 5 || got[0] != "input0 outage 300-303" {
		t.Error(got)
	}
	f := Findings(m)
	if len(f) != 1 || f[0].Subject != "everything" || f[0].Severity != analytics.Critical {
		t.Errorf("%+v", f)
	}
}

// A single source has no others to tell a holiday by; the same days a year later do.
func TestRecurring(t *testing.T) {
	c := worldOf(4, 1, func(_, d int) float64 {
		if d >= 120 && d < 124 || d >= 485 && d < 489 {
			return .35
		}
		return 1
	})
	for _, s := range Fit(c, Options{FDR: .05}).Series {
		for _, g := range s.Gaps {
			if g.What == GapRun {
				t.Errorf("%+v", g)
			}
		}
	}
}

func TestEndedOngoingNewAndShort(t *testing.T) {
	state := func(from, until int) *Series {
		rng := rand.New(rand.NewPCG(5, 5))
		rows := feed{name: "a", level: 200, week: flat, tau: .1, from: from, until: until}.draw(rng, usual)
		rows = append(rows, feed{name: "b", level: 200, week: flat, tau: .1}.draw(rng, usual)...)
		return seriesOf(Fit(countsOf(rows), Options{FDR: .05}), "a")
	}
	if s := state(0, 400); !s.Ended || len(s.Gaps) > 0 || s.State != Tested {
		t.Errorf("ended: %+v", s)
	}
	if s := state(0, testDays-6); s.Ended || len(s.Gaps) != 1 || !s.Gaps[0].Ongoing {
		t.Errorf("ongoing: %v %+v", s.Ended, s.Gaps)
	}
	if s := state(300, 0); !s.Started || len(s.Gaps) > 0 || s.First != firstDay+300 {
		t.Errorf("new: %+v", s)
	}
	if s := state(530, 0); s.State != Short || len(s.Gaps) > 0 {
		t.Errorf("short: %+v", s)
	}
	// Two months of silence in the middle: longer than what makes the level.
	rng := rand.New(rand.NewPCG(6, 6))
	rows := slices.DeleteFunc(feed{name: "a", level: 200, week: work, tau: .1}.draw(rng, usual), func(r ArrivalRow) bool { return r.Day >= firstDay+250 && r.Day < firstDay+310 })
	s := seriesOf(Fit(countsOf(rows), Options{FDR: .05}), "a")
	if len(s.Gaps) != 1 || s.Gaps[0].Days != 60 {
		t.Errorf("hole: %+v", s.Gaps)
	}
}

// A source that stopped is told once, not by name.
func TestSilentOnce(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	var rows []ArrivalRow
	for _, name := range []string{"order", "view"} {
		own := feed{name: "old", level: 80, week: flat, tau: .1, until: 400}.draw(rng, usual)
		for i := range own {
			own[i].Name = name
		}
		rows = append(rows, own...)
	}
	rows = append(rows, feed{name: "new", level: 80, week: flat, tau: .1}.draw(rng, usual)...)
	f := Findings(Fit(countsOf(rows), Options{FDR: .05}))
	if len(f) != 1 || f[0].Subject != "events: old" || f[0].SubjectType != "silent_source" || f[0].Text("change_last") != iso(firstDay+399) ||
		f[0].Opportunity == nil || f[0].Opportunity.Metric != "silent_days" || f[0].Opportunity.TestDesign != "" {
		t.Errorf("%+v", f)
	}
}

// A gap that lasts is told before a larger one that is over.
func TestOngoingComesFirst(t *testing.T) {
	rng := rand.New(rand.NewPCG(10, 10))
	rows := feed{name: "a", level: 200, week: flat, tau: .1}.draw(rng, func(d int) float64 {
		if d >= 300 && d < 305 || d >= testDays-4 {
			return 0
		}
		return 1
	})
	f := Findings(Fit(countsOf(rows), Options{FDR: .05}))
	if len(f) != 1 || f[0].Text("reason") != "ongoing" || f[0].Text("change_from") != iso(firstDay+testDays-4) || f[0].Severity != analytics.Critical {
		t.Errorf("%+v", f)
	}
	if n, _ := f[0].Number("gaps"); n.Value != 2 {
		t.Errorf("%+v", n)
	}
}

// Campaigns, stray dates and the last incomplete day are no gaps.
func TestWhatIsNotTested(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	rows := feed{name: "a", level: 200, week: flat, tau: .1}.draw(rng, usual)
	rows[len(rows)-1].Rows = 3 // the last loaded day
	rows = append(rows, ArrivalRow{Input: "events", Source: "a", Day: 7, Rows: 2}, ArrivalRow{Input: "events", Source: "a", Day: -200_000, Rows: 1})
	for d := 0; d < testDays; d += 7 {
		rows = append(rows, ArrivalRow{Input: "mail", Day: firstDay + int64(d), Rows: 5000})
		rows = append(rows, ArrivalRow{Input: "deals", Day: firstDay + int64(d+rng.IntN(5)), Rows: 1})
	}
	m := Fit(countsOf(rows), Options{FDR: .05})
	for _, s := range m.Series {
		if len(s.Gaps) > 0 {
			t.Errorf("%s: %+v", s.Label(), s.Gaps)
		}
		if s.Source == "a" && (s.Stray != 3 || s.First != firstDay || s.Started) {
			t.Errorf("stray: %+v", s)
		}
		if (s.Input == "mail" || s.Input == "deals") && s.State == Tested {
			t.Errorf("%s tested", s.Label())
		}
	}
}

// A fault of a source is told once: of the source when its names are low too, else of the name.
func TestTellsFaultsOnce(t *testing.T) {
	draw := func(times func(name, day int) float64) *Model {
		rng := rand.New(rand.NewPCG(8, 8))
		var rows []ArrivalRow
		for k, name := range []string{"order", "session", "view"} {
			own := feed{name: "site", level: 100, week: work, tau: .1}.draw(rng, func(d int) float64 { return times(k, d) })
			for i := range own {
				own[i].Name = name
			}
			rows = append(rows, own...)
		}
		return Fit(countsOf(rows), Options{FDR: .05})
	}
	low := func(d int) bool { return d >= 300 && d < 303 }
	told := func(m *Model) (out []string) {
		for _, s := range m.Series {
			if len(s.Gaps) > 0 {
				out = append(out, s.Label())
			}
		}
		return out
	}
	if got := told(draw(func(_, d int) float64 {
		if low(d) {
			return 0
		}
		return 1
	})); !slices.Equal(got, []string{"events: site"}) {
		t.Error(got)
	}
	if got := told(draw(func(k, d int) float64 {
		if k == 1 && low(d) {
			return 0
		}
		return 1
	})); !slices.Equal(got, []string{"events: site: session"}) {
		t.Error(got)
	}
}

func TestStatusGap(t *testing.T) {
	c := &Counts{Totals: Totals{First: firstDay, End: firstDay + testDays, From: firstDay, To: firstDay + testDays}}
	for d := range int64(testDays) {
		r := MessageRow{Channel: "email", Day: firstDay + d, Messages: 1000, Delivered: 970, Stated: 990, Responded: 300}
		if d >= 200 && d < 204 {
			r.Delivered, r.Stated, r.Responded = 0, 0, 0
		}
		c.Messages = append(c.Messages, r)
	}
	m := Fit(c, Options{FDR: .05})
	var got []string
	for _, s := range m.Series {
		for _, g := range s.Gaps {
			got = append(got, fmt.Sprint(s.Label(), " ", g.From-firstDay, " ", g.Days))
		}
	}
	if !slices.Equal(got, []string{"message_response: email 200 4", "message_status: email 200 4"}) {
		t.Error(got)
	}
}

func TestFlows(t *testing.T) {
	got := flows([]FlowRow{
		{Channel: "email", Scenario: "a", Messages: 5000, Stated: 5000, Delivered: 4900, Opened: 1500, Clicked: 200},
		{Channel: "email", Scenario: "lost", Messages: 2000, Stated: 1950, Delivered: 1950},
		{Channel: "email", Scenario: "small", Messages: 20, Stated: 20, Delivered: 20},
		{Channel: "sms", Scenario: "b", Messages: 300},
		{Channel: "push", Scenario: "c", Messages: 4},
	})
	want := map[string]string{"email": "two_way", "email a": "two_way", "email lost": "no_opens,no_clicks", "email small": "few", "sms": "one_way", "sms b": "one_way", "push": "few", "push c": "few"}
	for _, f := range got {
		name := f.Channel
		if !f.Whole {
			name += " " + f.Scenario
		}
		if f.Verdict != want[name] {
			t.Errorf("%s: %s, want %s", name, f.Verdict, want[name])
		}
		if f.Scenario == "lost" && math.Abs(f.Lacks-2000*1500/5020.) > 1e-9 {
			t.Errorf("lacks %v", f.Lacks)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d flows", len(got))
	}
}

func TestLatencies(t *testing.T) {
	rows := []LatencyRow{{"pbx", 0, 30_000, 300}, {"pbx", 1, 30_000, 200}, {"pbx", 2, 20, 400}, {"pbx", 12, 20, 90}, {"pbx", 12, -60, 10}, {"site", 0, 5, 1000}, {"site", 0, 90_000, 30}}
	got := latencies(rows, firstDay+364)
	if len(got) != 3 || !got[0].All || got[0].Events != 2030 || got[0].Late != 30 || got[0].Early != 10 || got[0].OverHour != 530 {
		t.Fatalf("%+v", got)
	}
	if l := got[1]; l.Source != "pbx" || !l.Slowed || l.SlowedFrom != firstDay+364-56 || l.Before != 20 || l.Since != 30_000 {
		t.Errorf("%+v", l)
	}
	if l := got[2]; l.Slowed || l.Median != 5 || l.P99 != 90_000 {
		t.Errorf("%+v", l)
	}
	if latencies(nil, 0) != nil {
		t.Error("latencies of nothing")
	}
}

func TestChecks(t *testing.T) {
	m := &Model{Totals: Totals{Recorded: 960, Lines: 200, LinesUnknown: 30, Orders: 100, OrdersUnrecorded: 2}}
	m.Accounts = accounts([]SourceRow{{Input: "customers", Read: 1000, Loaded: 1000}, {Input: "events", Read: 500, Loaded: 450, Duplicate: 40, Rejected: 10}, {Input: "events", Read: 500, Loaded: 500}}, map[string]int64{"events": 960})
	m.check(&Counts{Totals: m.Totals}, Options{HasCard: true})
	want := map[string]string{"rows_rejected": OK, "rows_duplicate": Warn, "lines_unknown": Red, "orders_unrecorded": Warn, "control_totals": Red, "events_late": NotMeasurable, "gap_days": NotMeasurable}
	for name, status := range want {
		if k := m.Check(name); k.Status != status {
			t.Errorf("%s: %+v, want %s", name, k, status)
		}
	}
	if k := m.Check("control_totals"); k.Num != 10 || k.Den != 960 {
		t.Errorf("%+v", k)
	}
	if len(m.Checks) != len(checkNames()) {
		t.Error("checks are missing")
	}
}

// No data of any kind: empty tables, every input in the coverage, no NaN.
func TestNothing(t *testing.T) {
	m := Fit(&Counts{}, Options{FDR: .05, Totals: map[string]int64{"events": 5}})
	if f := Findings(m); len(f) > 0 {
		t.Errorf("%+v", f)
	}
	for _, c := range Coverage(m, map[string]bool{"events": true}) {
		if c.Present && c.Input != "control_totals" {
			t.Errorf("%+v", c)
		}
	}
	m.Tables()
}

func TestLoad(t *testing.T) {
	empty := func(columns string) string { return columns + "\n" }
	tables := map[string]string{
		"analytics.red_integration_totals": "first_day:int64,end_day:int64,from_day:int64,to_day:int64,customers:int64,recorded:int64,orders:int64,orders_unrecorded:int64,lines:int64,lines_unknown:int64\n1,100,5,99,7,6,5,4,3,2\n",
		"analytics.red_arrivals":           "input:string,source:string,name:string,rest:bool,day:int64,row_count:int64\nevents,site,order,false,7,12\n",
		"analytics.red_message_days":       empty("channel:string,bulk:bool,day:int64,messages:int64,delivered:int64,stated:int64,responded:int64,early:int64"),
		"analytics.red_message_flows":      empty("channel:string,scenario_id:string,messages:int64,stated:int64,delivered:int64,bounced:int64,opened:int64,clicked:int64,early:int64"),
		"analytics.red_event_latency":      "source:string,span:int64,latency_seconds:int64,events:int64\nsite,3,-5,2\n",
		"analytics.red_event_repeats":      "source:string,bucket:int64,events:int64,repeats:int64\nsite,99,10,1\n",
		"analytics.red_repeat_days":        "source:string,day:int64,events:int64,repeats:int64\nsite,7,10,1\n",
		"analytics.red_orphan_facts":       empty("channel:string,event_type:string,facts:int64,orphans:int64,guessed:int64"),
		"audit.sources":                    "input:string,rows_read:int64,rows_loaded:int64,rows_rejected:int64,rows_duplicate:int64,rows_outside:int64,rows_excluded:int64\nevents,10,5,1,2,1,1\n",
	}
	c, err := Load(t.Context(), analyticstest.Tables(t, tables))
	if err != nil {
		t.Fatal(err)
	}
	if c.Totals.LinesUnknown != 2 || c.Arrivals[0] != (ArrivalRow{"events", "site", "order", false, 7, 12}) || c.Latencies[0] != (LatencyRow{"site", 3, -5, 2}) || c.Sources[0].Excluded != 1 || c.Doubled[0].Repeats != 1 {
		t.Errorf("%+v", c)
	}
	tables["analytics.red_event_repeats"] = "source:string,bucket:int64,events:int64,repeats:int64\nsite,100,10,1\n"
	if _, err := Load(t.Context(), analyticstest.Tables(t, tables)); err == nil {
		t.Error("bucket 100 passes")
	}
}

// Whatever arrives: no NaN in a table, gaps within the tested days, runs apart from each other, and q in [0, 1].
func TestAnyArrivals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := &Counts{Totals: Totals{First: 0, End: 120, From: 20, To: 120}}
		for k := range rapid.IntRange(1, 3).Draw(t, "sources") {
			level := rapid.SampledFrom([]int64{0, 1, 5, 40, 1000, 1 << 40}).Draw(t, "level")
			for d := range int64(120) {
				n := level
				if level > 0 {
					n = rapid.Int64Range(0, 2*level).Draw(t, "rows")
				}
				if n > 0 {
					c.Arrivals = append(c.Arrivals, ArrivalRow{Input: "events", Source: fmt.Sprint(k), Name: "x", Day: d, Rows: n})
				}
			}
		}
		m := Fit(c, Options{FDR: .5})
		for _, table := range m.Tables() {
			for _, row := range table.Rows {
				for i, v := range row {
					if x, ok := v.(float64); ok && !analytics.Finite(x) {
						t.Fatalf("%s.%s is %v", table.Name, table.Columns[i], x)
					}
				}
			}
		}
		for _, s := range m.Series {
			before := int64(math.MinInt64)
			for _, g := range s.Gaps {
				if g.From < 20 || g.To > 120 || g.From < before || g.To <= g.From || g.Q < g.P || g.Q > 1 || g.Days < 1 {
					t.Fatalf("%+v", g)
				}
				before = g.To
			}
		}
	})
}
