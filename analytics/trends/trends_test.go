package trends

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"crmaudit/analytics"
	"crmaudit/analytics/analyticstest"
	"crmaudit/analytics/suffstat"
)

// world makes weekly rows of one channel: rates by week and cell are given, counts are drawn.
type testWorld struct {
	rng   *rand.Rand
	weeks int
	rows  []Row
}

func newWorld(weeks int, seed uint64) *testWorld {
	return &testWorld{rng: rand.New(rand.NewPCG(seed, 77)), weeks: weeks}
}

func (w *testWorld) binomial(n int64, p float64) int64 {
	if n > 200 {
		x := math.Round(float64(n)*p + math.Sqrt(float64(n)*p*(1-p))*w.rng.NormFloat64())
		return int64(math.Min(math.Max(x, 0), float64(n)))
	}
	var x int64
	for range n {
		if w.rng.Float64() < p {
			x++
		}
	}
	return x
}

// send adds the messages of one scenario in one week and stage.
func (w *testWorld) send(scenario string, week int, stage, n int64, click, order, out float64) {
	r := Row{Period: week, Channel: "email", Kind: "trigger", Scenario: scenario, Step: "1", Stage: stage, Tenure: 2, Sent: n, Delivered: n, Followed: n}
	r.Opened, r.Clicked, r.Ordered, r.Unsubscribed = w.binomial(n, .3), w.binomial(n, click), w.binomial(n, order), w.binomial(n, out)
	w.rows = append(w.rows, r)
}

func (w *testWorld) counts() *Counts {
	c := &Counts{Unit: "week", Rows: w.rows, ActionBuckets: 100}
	for i := range int64(w.weeks) {
		c.Periods = append(c.Periods, Period{19000 + 7*i, 19007 + 7*i, true})
	}
	return c
}

var options = Options{FDR: .05, Margin: .01, Seed: 1, Days: 364}

func find(t *testing.T, m *Model, metric, kind, id string) *Series {
	t.Helper()
	i := slices.IndexFunc(m.Series, func(s *Series) bool { return s.Metric == metric && s.Type == kind && s.ID == id })
	if i < 0 {
		t.Fatalf("no series %s of %s %s", metric, kind, id)
	}
	return m.Series[i]
}

// checkFinite: no table may hold what is no number, and every row has all columns.
func checkFinite(t *testing.T, m *Model) {
	t.Helper()
	for _, table := range m.Tables() {
		for _, row := range table.Rows {
			if len(row) != len(table.Columns) {
				t.Fatalf("%s: %d values for %d columns", table.Name, len(row), len(table.Columns))
			}
			for i, v := range row {
				if x, ok := v.(float64); ok && !analytics.Finite(x) {
					t.Errorf("%s.%s is %g in %v", table.Name, table.Columns[i], x, row)
				}
			}
		}
	}
	for _, f := range Findings(m, options) {
		for _, v := range f.Values {
			if v.Estimate != nil && !analytics.Finite(v.Estimate.Value) {
				t.Errorf("%s: %s is %g", f.Kind, v.Name, v.Estimate.Value)
			}
		}
		if f.Statistic == nil || f.PValue == nil || f.QValue == nil {
			t.Errorf("%s %s: a finding without its numbers", f.Kind, f.Subject)
		}
	}
}

// The planted worlds of the issue in one: a decline, a decline of the mix only, a shift, a spike, and what nothing happened to.
func TestPlanted(t *testing.T) {
	const weeks = 104
	w := newWorld(weeks, 1)
	for k := range weeks {
		x := float64(k) / weeks
		w.send("falls", k, 1, 3000, .10*math.Exp(-.6*x), .05, .002)
		w.send("mix", k, 1, int64(4000*(1-x))+50, .20, .05, .002)
		w.send("mix", k, 2, int64(4000*x)+50, .05, .05, .002)
		after := 0.
		if k >= 60 {
			after = .03
		}
		w.send("jumps", k, 1, 3000, .08+after, .05, .002)
		one := 0.
		if k == 40 {
			one = .05
		}
		w.send("spikes", k, 1, 3000, .08+one, .05, .002)
		w.send("quiet", k, 1, 30000, .08, .05, .002)
		w.send("leaves", k, 1, 20000, .08, .05, .002*math.Exp(.9*x))
		w.send("gap", k, 1, 20000, .08, .06*math.Exp(-.5*x), .002)
	}
	m := Fit(w.counts(), options)
	checkFinite(t, m)
	for scenario, want := range map[string]string{"falls": Falling, "mix": Steady, "jumps": LevelShift, "spikes": Spike, "quiet": Steady} {
		if s := find(t, m, Click, Scenario, scenario); s.Verdict != want {
			t.Errorf("%s is %s, want %s: slope %+v, margin %g, q %g, shift q %g, spikes %d", scenario, s.Verdict, want, s.Slope, s.Margin, s.Q, s.ShiftQ, s.Spikes)
		}
	}
	mix := find(t, m, Click, Scenario, "mix").Split
	if mix.After-mix.Before > -.03 || math.Abs(mix.Rate) > .01 || math.Abs(mix.Rate+mix.Mix-(mix.After-mix.Before)) > 1e-9 {
		t.Errorf("the decline of the mix: %+v", mix)
	}
	jump := find(t, m, Click, Scenario, "jumps")
	if jump.Shift.At < 58 || jump.Shift.At > 62 || jump.Shift.Lower > 60 || jump.Shift.Upper < 60 || math.Abs(jump.ShiftSize-.03) > .005 {
		t.Errorf("the shift at 60 by .03 is seen at %d (%d..%d) by %g", jump.Shift.At, jump.Shift.Lower, jump.Shift.Upper, jump.ShiftSize)
	}
	if s := find(t, m, Click, Scenario, "spikes"); s.Worst != 40 {
		t.Errorf("the spike of week 40 is seen in %d", s.Worst)
	}
	found := map[string][]string{}
	for _, f := range Findings(m, options) {
		found[f.Kind+" "+f.Text("reason")] = append(found[f.Kind+" "+f.Text("reason")], f.Subject)
	}
	for what, who := range map[string]string{"metric_decline falling": "falls", "metric_shift jump": "jumps", "metric_shift spike": "spikes", "unsubscribe_growth default": "leaves", "engagement_gap over_time": "gap"} {
		if !slices.Contains(found[what], who) {
			t.Errorf("%s does not name %s: %v", what, who, found)
		}
	}
}

// What no series can decide gets a word.
func TestNotes(t *testing.T) {
	w := newWorld(60, 2)
	for k := range 60 {
		w.send("none", k, 1, 500, 0, 0, 0)
		w.send("all", k, 1, 500, 1, 1, 0)
		if k < 10 {
			w.send("short", k, 1, 500, .1, .05, .01)
		}
		if k == 5 {
			w.send("once", k, 1, 500, .1, .05, .01)
		}
		if k >= 30 {
			w.send("late", k, 1, 500, .2, .05, .01)
		}
		if k%3 == 0 {
			w.send("gaps", k, 1, 500, .2, .05, .01)
		}
		w.send("thin", k, 1, 20, .3, .05, .01)
		r := Row{Period: k, Channel: "email", Kind: "trigger", Scenario: "constant", Stage: 1, Sent: 500, Delivered: 500, Clicked: 50, Opened: 100, Followed: 500, Ordered: 5}
		w.rows = append(w.rows, r)
	}
	m := Fit(w.counts(), options)
	checkFinite(t, m)
	for scenario, note := range map[string]string{"none": "no_events", "all": "all_events", "short": "short_series", "once": "one_period", "late": "late_start", "gaps": "gaps", "thin": "merged", "constant": "constant"} {
		s := find(t, m, Click, Scenario, scenario)
		if !slices.Contains(s.Notes, note) {
			t.Errorf("%s has the notes %v, not %s", scenario, s.Notes, note)
		}
		if s.Short() && s.Verdict != Undecided {
			t.Errorf("%s: a short series is called %s", scenario, s.Verdict)
		}
	}
	if s := find(t, m, Click, Scenario, "short"); !s.Slope.OK() || !math.IsNaN(s.P) {
		t.Errorf("a short series shows its slope and is in no family: %+v, p %g", s.Slope, s.P)
	}
	empty := Fit(&Counts{Unit: "week"}, options)
	checkFinite(t, empty)
	if c := Coverage(empty, map[string]bool{"messages": true}); c[0].Present || c[0].Note != "no_complete_period" {
		t.Errorf("coverage of nothing: %+v", c[0])
	}
}

// Daily and monthly series of five years, two kinds of one scenario, machine opens, a channel without delivery times.
func TestGrains(t *testing.T) {
	for unit, n := range map[string]int{"day": 1825, "month": 60} {
		w := newWorld(n, 3)
		for k := range n {
			w.send("digest", k, 1, 400, .2*math.Exp(-.5*float64(k)/float64(n)), .05, .01)
		}
		c := w.counts()
		c.Unit = unit
		for i := range c.Periods {
			from := int64(18000 + i)
			if unit == "month" {
				from = 18000 + int64(i)*30
			}
			c.Periods[i] = Period{from, from + 1, true}
			if unit == "month" {
				c.Periods[i].To = from + 30
			}
		}
		m := Fit(c, options)
		checkFinite(t, m)
		if s := find(t, m, Click, Scenario, "digest"); s.Verdict != Falling {
			t.Errorf("%s: %s, slope %+v margin %g", unit, s.Verdict, s.Slope, s.Margin)
		}
	}
	c := newWorld(30, 4).counts()
	for k := range 30 {
		c.Rows = append(c.Rows, Row{Period: k, Channel: "email", Kind: "bulk", Scenario: "both", Sent: 500, Bounced: 5, Opened: 100, OpenedMachine: 90, Followed: 500},
			Row{Period: k, Channel: "email", Kind: "trigger", Scenario: "both", Sent: 500, Bounced: 5, Opened: 100, Followed: 500})
	}
	c.Machines = map[string]Machine{"email": {190, 90}}
	m := Fit(c, options)
	checkFinite(t, m)
	for _, s := range m.Series {
		if s.Metric == Delivery || s.Metric == Open {
			t.Errorf("%s of %s: nobody knows", s.Metric, s.ID)
		}
		if s.Type == Scenario && !strings.HasPrefix(s.ID, "both:") {
			t.Errorf("kinds are pooled in %s", s.ID)
		}
	}
	if c := Coverage(m, nil); !slices.ContainsFunc(c, func(c analytics.Coverage) bool { return c.Note == "machine_opens" }) {
		t.Errorf("machine opens are not said: %+v", c)
	}
}

func TestLoad(t *testing.T) {
	src := analyticstest.Tables(t, map[string]string{
		"analytics.red_trend_periods": "period_day:int64,end_day:int64,unit:string,moves_known:bool,action_buckets:int64\n20605,20612,week,true,100\n20612,20619,week,false,100\n",
		"analytics.red_series": "period_day:int64,channel:string,kind:string,scenario_id:string,step_id:string,st:int64,tenure:int64,sent:int64,delivered:int64,bounced:int64,unsubscribed:int64," +
			"complained:int64,opened:int64,opened_machine:int64,clicked:int64,followed:int64,ordered:int64,moved:int64\n20612,email,bulk,'','',1,2,100,90,10,3,1,40,5,8,90,4,2\n",
		"analytics.red_trend_channels": "channel:string,opened:int64,machines:int64\nemail,50,6\n",
	})
	c, err := Load(t.Context(), src)
	if err != nil {
		t.Fatal(err)
	}
	want := Row{1, "email", "bulk", "", "", 1, 2, 100, 90, 10, 3, 1, 40, 5, 8, 90, 4, 2}
	if len(c.Rows) != 1 || c.Rows[0] != want || c.Unit != "week" || len(c.Periods) != 2 || c.Periods[1].MovesKnown || c.Machines["email"] != (Machine{50, 6}) {
		t.Errorf("%+v", c)
	}
	m := Fit(c, options)
	checkFinite(t, m)
	if s := find(t, m, Click, Total, "bulk"); !slices.Contains(s.Notes, "one_period") || s.Messages != 90 || s.Events != 8 {
		t.Errorf("one period: %+v", s)
	}
	if slices.ContainsFunc(m.Series, func(s *Series) bool { return s.Metric == Move }) {
		t.Error("moves are counted where the stages after it are not known")
	}
}

// A channel that begins late moves no total, also where the other one always succeeds.
func TestLateChannel(t *testing.T) {
	w := newWorld(52, 8)
	for k := range 52 {
		w.rows = append(w.rows, Row{Period: k, Channel: "sms", Kind: "trigger", Scenario: "a", Sent: 500, Delivered: 500, Clicked: 500})
		if k >= 40 {
			w.rows = append(w.rows, Row{Period: k, Channel: "push", Kind: "trigger", Scenario: "b", Sent: 500, Delivered: 500, Clicked: w.binomial(500, .1)})
		}
	}
	m := Fit(w.counts(), options)
	checkFinite(t, m)
	s := find(t, m, Click, Total, "trigger")
	if s.Verdict == Rising || s.Verdict == Falling || s.Verdict == LevelShift {
		t.Errorf("the total is %s by %g, %+v", s.Verdict, s.ShiftSize, s.Slope)
	}
	if s.Split.After > s.Split.Before-.1 || math.Abs(s.Split.Rate) > .02 {
		t.Errorf("it is all mix: %+v", s.Split)
	}
}

// The order of the rows says nothing, and names neither.
func TestOrderOfRows(t *testing.T) {
	w := newWorld(40, 5)
	for k := range 40 {
		for _, s := range []string{"a", "b"} {
			w.send(s, k, 1, 200, .1, .05, .01)
			w.send(s, k, 2, 300, .2, .05, .01)
		}
	}
	a := Fit(w.counts(), options).Tables()
	w.rng.Shuffle(len(w.rows), func(i, j int) { w.rows[i], w.rows[j] = w.rows[j], w.rows[i] })
	slices.SortStableFunc(w.rows, func(a, b Row) int { return a.Period - b.Period })
	b := Fit(w.counts(), options).Tables()
	for i := range a {
		for r := range a[i].Rows {
			for k, v := range a[i].Rows[r] {
				x, isFloat := v.(float64)
				if y, ok := b[i].Rows[r][k].(float64); isFloat && ok && math.Abs(x-y) < 1e-9*(1+math.Abs(x)) {
					continue
				}
				if strings.HasPrefix(a[i].Columns[k], "pettitt") { // ranks: a rounding error breaks a tie
					continue
				}
				if v != b[i].Rows[r][k] {
					t.Fatalf("%s row %d, %s: %v and %v", a[i].Name, r, a[i].Columns[k], v, b[i].Rows[r][k])
				}
			}
		}
	}
}

func BenchmarkFit(b *testing.B) {
	w := newWorld(260, 6)
	for k := range 260 {
		for s := range 40 {
			for st := range int64(4) {
				w.send(string(rune('a'+s%26))+string(rune('a'+s/26)), k, st, 300, .1, .05, .01)
			}
		}
	}
	c := w.counts()
	b.ResetTimer()
	for b.Loop() {
		Fit(c, options)
	}
}

// A change of one scenario is told once; one that all share is told of the whole too.
func TestToldOnce(t *testing.T) {
	told := func(rate func(scenario string, week int) float64) (*Model, map[string]int) {
		w := newWorld(78, 11)
		for k := range 78 {
			for i, n := range []int64{6000, 3000, 2000, 4000} {
				scenario := string(rune('a' + i))
				w.send(scenario, k, 1, n, rate(scenario, k), .05, .005)
			}
		}
		slices.SortStableFunc(w.rows, func(a, b Row) int { return strings.Compare(a.Scenario, b.Scenario) })
		m := Fit(w.counts(), options)
		out := map[string]int{}
		for _, f := range Findings(m, options) {
			if f.Text("metric") == Click {
				out[f.Subject]++
			}
		}
		return m, out
	}
	for name, rate := range map[string]func(string, int) float64{
		"shift": func(scenario string, week int) float64 {
			if scenario == "a" && week >= 40 {
				return .07
			}
			return .1
		},
		"decline": func(scenario string, week int) float64 {
			if scenario == "a" {
				return .1 * math.Exp(-.8*float64(week)/78)
			}
			return .1
		},
	} {
		m, out := told(rate)
		if s := find(t, m, Click, ChannelKind, "email:trigger"); !news(s) {
			t.Fatalf("%s: the channel is %s, so nothing is tested", name, s.Verdict)
		}
		if out["a"] != 1 || len(out) != 1 {
			t.Errorf("%s of one scenario of four is told of %v, want a", name, out)
		}
	}
	if _, out := told(func(_ string, week int) float64 { return .1 * math.Exp(-.8*float64(week)/78) }); out["email:trigger"] != 1 || out["trigger"] != 0 || out["a"] != 1 || out["b"] != 1 {
		t.Errorf("a decline of all is told of %v, want the scenarios and the channel, not the kind", out)
	}
}

// A scenario explains only what goes the same way, at the same time, in its own messages.
func TestExplains(t *testing.T) {
	series := func(of subject, base map[string]int64, slope float64) *Series {
		return &Series{subject: of, Metric: Click, Verdict: Falling, base: base, Slope: points(suffstat.Estimate{Value: slope})}
	}
	shift := func(of subject, base map[string]int64, size float64, from, to int) *Series {
		s := series(of, base, 0)
		s.Verdict, s.ShiftSize, s.Points = LevelShift, size, []Point{{From: 0}, {From: 7}, {From: 14}, {From: 21}}
		s.Shift.Lower, s.Shift.Upper = from, to
		return s
	}
	one, channel := subject{Type: Scenario, Kind: "bulk"}, subject{Type: ChannelKind, Kind: "bulk"}
	other := subject{Type: Scenario, Kind: "trigger"}
	all, most, few := map[string]int64{"email": 100}, map[string]int64{"email": 60, "sms": 900}, map[string]int64{"email": 20, "sms": 900}
	for _, c := range []struct {
		name string
		o, s *Series
		want bool
	}{
		{"most of the messages", series(one, most, -.001), series(channel, all, -.003), true},
		{"few messages, little of the change", series(one, few, -.004), series(channel, all, -.003), false},
		{"few messages, most of the change", series(one, few, -.010), series(channel, all, -.003), true},
		{"messages elsewhere", series(one, map[string]int64{"sms": 900}, -.010), series(channel, all, -.003), false},
		{"another kind", series(other, most, -.001), series(channel, all, -.003), false},
		{"the wider explains nothing", series(channel, all, -.003), series(one, most, -.001), false},
		{"one shift", shift(one, most, -.02, 1, 2), shift(channel, all, -.02, 2, 3), true},
		{"two shifts", shift(one, most, -.02, 0, 1), shift(channel, all, -.02, 2, 3), false},
		{"the other way", shift(one, most, .02, 1, 2), shift(channel, all, -.02, 1, 2), false},
		{"shift and decline, most of the messages", shift(one, most, -.02, 1, 2), series(channel, all, -.003), true},
		{"shift and decline, few messages", shift(one, few, -.5, 1, 2), series(channel, all, -.003), false},
	} {
		if got := (&Model{}).explains(c.o, c.s); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// Orders and moves on a part of the customers say so in their rows, the other metrics do not.
func TestSampleNote(t *testing.T) {
	w := newWorld(30, 12)
	for k := range 30 {
		w.send("s", k, 1, 500, .1, .05, .01)
	}
	for buckets, want := range map[int64]bool{28: true, 100: false} {
		c := w.counts()
		c.ActionBuckets = buckets
		m := Fit(c, options)
		for metric, counts := range map[string]bool{Order: want, Move: want, Click: false} {
			if got := slices.Contains(find(t, m, metric, Scenario, "s").Notes, "sample_of_customers"); got != counts {
				t.Errorf("%d buckets, %s: %v", buckets, metric, got)
			}
		}
	}
}
