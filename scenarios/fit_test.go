package scenarios

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"crmaudit/analytics"
	"crmaudit/analytics/analyticstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// world makes Counts of customers one by one: what the models of queries/scenarios would return.
type world struct {
	*rand.Rand
	c *Counts
}

func newWorld(seed uint64) *world {
	return &world{rand.New(rand.NewPCG(seed, 5)), &Counts{}}
}

func (w *world) scenario(id string, n int) {
	w.c.Scenarios = append(w.c.Scenarios, ScenarioRow{ID: id, Enrolled: true, Messaged: true, FirstDay: 20000, LastDay: 20100, Alive: true, Defined: true})
	for g := range int64(Buckets) {
		k := int64(n / Buckets)
		w.c.Entries = append(w.c.Entries, EntryRow{ID: id, Bucket: g, Customers: k, Entries: k, RecordedExits: k, StageKnown: k, StageChanged: k / 4, ActiveSecs: 86400 * k})
	}
}

// exits adds exits of n customers, each followed with his own chance around followed.
func (w *world) exits(id, stage string, n int, followed float64) {
	for range n {
		bucket := int64(w.IntN(Buckets))
		outcome, age := "none", int64(5)
		if w.Float64() < followed {
			outcome, age = causes[w.IntN(len(causes))], 1+int64(w.IntN(5))
		}
		w.c.Exits = append(w.c.Exits, ExitRow{ID: id, Stage: stage, Outcome: outcome, Age: age, Bucket: bucket, N: 1})
	}
}

// steps adds n finished entries of a chain whose step k is sent with chance sent[k] to who is still in it; skip tells that the others go on.
func (w *world) steps(id string, n int, sent []float64, goal float64, skip bool) {
	type cell struct{ messages, entries, finished, customers int64 }
	counts := make([][]cell, len(sent))
	for i := range counts {
		counts[i] = make([]cell, Buckets)
	}
	for range n {
		bucket := w.IntN(Buckets)
		last, ended := int64(0), "other"
		for i, p := range sent {
			if i > 0 && w.Float64() < goal {
				ended = "goal"
				break
			}
			if w.Float64() >= p {
				if skip {
					continue
				}
				break
			}
			last = int64(i + 1)
			c := &counts[i][bucket]
			c.messages++
			c.entries++
			c.finished++
			c.customers++
		}
		w.c.Depths = append(w.c.Depths, DepthRow{ID: id, Ended: ended, Last: last, Bucket: int64(bucket), N: 1})
	}
	for i, row := range counts {
		for g, c := range row {
			w.c.Steps = append(w.c.Steps, StepRow{ID: id, Step: fmt.Sprintf("s%d", i+1), Position: int64(i + 1), Defined: true, Given: true, Bucket: int64(g),
				Messages: c.messages, Entries: c.entries, Finished: c.finished, Customers: c.customers})
		}
	}
}

var stageNames = []string{"lead", "new", "active"}

// base is a panel of customers per stage and bucket, each 90 days in it.
func (w *world) base(perBucket int64) {
	for g := range int64(Buckets) {
		for _, s := range stageNames {
			w.c.Base = append(w.c.Base, BaseRow{Stage: s, Bucket: g, Customers: perBucket, Days: 90 * perBucket})
		}
		w.c.Base = append(w.c.Base, BaseRow{Bucket: g, Customers: 3 * perBucket, Days: 270 * perBucket})
	}
}

// enter lets customers enter with a chance per stage; targeted stages are those in goal.
func (w *world) enter(id string, perBucket int64, chance map[string]float64, goal ...string) {
	for g := range int64(Buckets) {
		for _, s := range stageNames {
			var n int64
			for range perBucket {
				if w.Float64() < chance[s] {
					n++
				}
			}
			r := StageRow{ID: id, Stage: s, Bucket: g, Entries: n, Entrants: n, FirstEntries: n, Days: 90 * n}
			if slices.Contains(goal, s) {
				r.Targeted = n
			}
			w.c.Stages = append(w.c.Stages, r)
		}
	}
}

func (m *Model) at(t *testing.T, id string) *Scenario {
	t.Helper()
	for _, s := range m.Scenarios {
		if s.ID == id {
			return s
		}
	}
	t.Fatalf("no scenario %q", id)
	return nil
}

func kinds(findings []analytics.Finding) []string {
	var out []string
	for _, f := range findings {
		out = append(out, f.Kind+" "+f.Subject+" "+f.Text("reason"))
	}
	slices.Sort(out)
	return out
}

func TestDeadEnds(t *testing.T) {
	w := newWorld(1)
	for _, id := range []string{"a", "b", "dead", "few", "half"} {
		w.scenario(id, 2000)
	}
	w.c.Scenarios = append(w.c.Scenarios, ScenarioRow{ID: "mailing", Bulk: true, Messaged: true, Alive: true})
	for _, stage := range []string{"lead", "active"} {
		w.exits("a", stage, 800, .7)
		w.exits("b", stage, 800, .65)
		w.exits("dead", stage, 800, .1)
		w.exits("few", stage, 8, .1)
		w.exits("half", stage, 800, .5)
	}
	m := Fit(w.c, Options{})
	for id, want := range map[string]string{"a": No, "b": No, "dead": Yes, "few": Insufficient, "half": No} {
		if d := m.at(t, id).DeadEnd; d.Verdict != want {
			t.Errorf("%s: verdict %s (nothing %.3f [%.3f, %.3f], difference %.3f [%.3f, %.3f]), want %s", id, d.Verdict, d.Nothing.Value, d.Nothing.Lower, d.Nothing.Upper,
				d.Difference.Value, d.Difference.Lower, d.Difference.Upper, want)
		}
	}
	if d := m.at(t, "few").DeadEnd; d.Needed <= 16 {
		t.Errorf("few: %d customers would decide, want more than there are", d.Needed)
	}
	if m.at(t, "mailing").DeadEnd != nil {
		t.Error("a mailing has no exits")
	}
	if got, want := kinds(Findings(m, Options{})), []string{"dead_end dead behaviour"}; !slices.Equal(got, want) {
		t.Errorf("findings %v, want %v", got, want)
	}
	d := m.at(t, "dead").DeadEnd
	sum := d.Nothing.Value
	for _, c := range causes {
		sum += d.First[c]
	}
	if math.Abs(sum-1) > 1e-12 {
		t.Errorf("shares of what comes first and of nothing add up to %g", sum)
	}
}

// TestDeadEndStages is the trap of the detector: a chain is left alone more often only because it is left in a stage where everybody is.
func TestDeadEndStages(t *testing.T) {
	w := newWorld(2)
	w.scenario("sleepy", 2000)
	w.scenario("other", 2000)
	w.exits("sleepy", "lost", 1500, .2)
	w.exits("other", "lost", 300, .2)
	w.exits("other", "active", 1500, .9)
	m := Fit(w.c, Options{})
	if d := m.at(t, "sleepy").DeadEnd; d.Verdict == Yes || math.Abs(d.Difference.Value) > .08 {
		t.Errorf("verdict %s, difference %.3f, want none within the stage", d.Verdict, d.Difference.Value)
	}
}

// TestDeadEndByHand follows the life table of ten exits: survival .9 x .8 with two of them censored after the second age.
func TestDeadEndByHand(t *testing.T) {
	c := &Counts{Scenarios: []ScenarioRow{{ID: "a"}}}
	add := func(outcome string, age, n int64) {
		for i := range n {
			c.Exits = append(c.Exits, ExitRow{ID: "a", Stage: "s", Outcome: outcome, Age: age, Bucket: (age*10 + i) % Buckets, N: 1})
		}
	}
	add("next", 1, 1)
	add("none", 2, 2) // followed for three days
	add("goal", 3, 1) // of seven still at risk
	add("none", 5, 6)
	add("achieved", 0, 4)
	add("opted_out", 0, 3)
	d := Fit(c, Options{}).Scenarios[0].DeadEnd
	if d.Exits != 17 || d.Achieved != 4 || d.OptedOut != 3 || d.AtRisk != 10 {
		t.Errorf("exits %d, achieved %d, opted out %d, at risk %d", d.Exits, d.Achieved, d.OptedOut, d.AtRisk)
	}
	if want := .9 * (1 - 1./7); math.Abs(d.Nothing.Value-want) > 1e-12 {
		t.Errorf("nothing %.6f, want %.6f", d.Nothing.Value, want)
	}
	if want := .9 / 7; math.Abs(d.First["goal"]-want) > 1e-12 {
		t.Errorf("goal %.6f, want %.6f", d.First["goal"], want)
	}
}

func TestStructure(t *testing.T) {
	priority := 3
	defined := []analytics.Scenario{
		{ID: "a", Role: "retention", Trigger: "order", Next: []string{"b"}, Priority: &priority}, {ID: "b", Role: "retention", Next: []string{"a"}},
		{ID: "end", Role: "winback", Trigger: "x"}, {ID: "survey", Role: "service", Trigger: "x"}, {ID: "goal", Role: "winback", Trigger: "x", GoalEvent: "order"},
		{ID: "lonely", Role: "winback", GoalEvent: "order"}, {ID: "gone", Role: "winback", GoalEvent: "order", Trigger: "x"}, {ID: "self", Trigger: "x", Next: []string{"self"}},
	}
	w := newWorld(3)
	for _, id := range []string{"a", "b", "end", "survey", "goal", "lonely", "self"} {
		w.scenario(id, 500)
	}
	w.c.Scenarios = append(w.c.Scenarios, ScenarioRow{ID: "gone", Defined: true, Alive: true, FirstDay: 19000, LastDay: 19100}, ScenarioRow{ID: "never", Defined: true},
		ScenarioRow{ID: "wild", Enrolled: true, Alive: true})
	w.c.Entries = append(w.c.Entries, EntryRow{ID: "wild", Customers: 7, Entries: 9})
	opt := Options{Defined: append(defined, analytics.Scenario{ID: "never", Role: "retention", Next: []string{"a"}, Trigger: "x"})}
	m := Fit(w.c, opt)
	got := kinds(Findings(m, opt))
	want := []string{"dead_end end structural", "unused_scenario gone stopped", "unused_scenario never never", "unused_scenario wild undefined"}
	if !slices.Equal(got, want) {
		t.Errorf("findings %v, want %v", got, want)
	}
	nodes := map[string]Node{}
	for _, n := range m.Graph {
		if n.Graph == "declared" {
			nodes[n.ID] = n
		}
	}
	if n := nodes["a"]; n.Loop == 0 || !slices.Equal(n.Members, []string{"a", "b"}) || n.Sink || n.Predecessors != 2 {
		t.Errorf("a: %+v, want a loop with b and predecessors b and never", n)
	}
	if n := nodes["self"]; n.Loop == 0 || n.Sink {
		t.Errorf("self: %+v, want a loop of one", n)
	}
	if !nodes["lonely"].Unreachable || nodes["end"].Unreachable || !nodes["end"].Sink || nodes["end"].Loop != 0 {
		t.Errorf("lonely %+v, end %+v", nodes["lonely"], nodes["end"])
	}
	if _, there := nodes["wild"]; there {
		t.Error("an undefined scenario is in the declared graph")
	}
	// Without definitions nothing is undefined, never or structural.
	if got := kinds(Findings(Fit(&Counts{Scenarios: []ScenarioRow{{ID: "wild", Alive: true}}, Entries: w.c.Entries}, Options{}), Options{})); got != nil {
		t.Errorf("without definitions: %v", got)
	}
}

func TestDropOffs(t *testing.T) {
	w := newWorld(4)
	for _, id := range []string{"even", "broken", "skips", "goals", "consent"} {
		w.scenario(id, 3000)
	}
	w.steps("even", 3000, []float64{.95, .95, .95}, .1, false)
	w.steps("broken", 3000, []float64{.95, .95, .5}, .1, false)
	w.steps("skips", 3000, []float64{.95, .4, .95}, 0, true)
	w.steps("goals", 3000, []float64{.95, .95, .95}, .5, false) // stops by goals explain everything
	w.steps("consent", 3000, []float64{.9, .97, .97}, 0, false) // the first step loses more, as it does in other chains
	m := Fit(w.c, Options{})
	var got []string
	for _, s := range m.Scenarios {
		for _, p := range s.Steps {
			if p.Verdict == Yes {
				got = append(got, s.ID+"/"+p.ID)
			}
		}
	}
	if want := []string{"broken/s3", "skips/s2"}; !slices.Equal(got, want) {
		t.Errorf("drop-offs %v, want %v", got, want)
	}
	p := m.at(t, "goals").Steps[1]
	if p.DropOff.Value < .45 || p.Unexplained.Value > .1 || p.GoalStops == 0 {
		t.Errorf("goals/s2: drop-off %.2f, unexplained %.2f, goal stops %d", p.DropOff.Value, p.Unexplained.Value, p.GoalStops)
	}
	if p := m.at(t, "skips").Steps[1]; p.Skipped == 0 || p.Reached+p.Skipped > p.AtRisk {
		t.Errorf("skips/s2: skipped %d, reached %d of %d", p.Skipped, p.Reached, p.AtRisk)
	}
	// Derived entries begin with their first message.
	w = newWorld(5)
	w.scenario("derived", 1000)
	w.c.Scenarios[0].Enrolled = false
	w.steps("derived", 1000, []float64{1, .8}, 0, false)
	if p := Fit(w.c, Options{}).Scenarios[0].Steps[0]; p.AtRisk != 0 || p.DropOff.OK() || p.Verdict != Excluded {
		t.Errorf("first step of derived entries: at risk %d, drop-off %v, verdict %s", p.AtRisk, p.DropOff.Value, p.Verdict)
	}
}

func TestBreadth(t *testing.T) {
	w := newWorld(6)
	w.base(20)
	for _, id := range []string{"narrow", "missed", "everybody", "sized"} {
		w.scenario(id, 2000)
	}
	w.enter("narrow", 20, map[string]float64{"active": .8}, "active")
	w.enter("missed", 20, map[string]float64{"lead": .3, "new": .3, "active": .3}, "active")
	w.enter("everybody", 20, map[string]float64{"lead": .7, "new": .7, "active": .7}, stageNames...)
	w.enter("sized", 20, map[string]float64{"lead": .99, "new": .7, "active": .1}, stageNames...)
	defined := []analytics.Scenario{
		{ID: "narrow", Stages: []string{"active"}, GoalEvent: "order"}, {ID: "missed", Stages: []string{"active"}, GoalEvent: "order"}, {ID: "everybody", GoalEvent: "order"},
		{ID: "sized", GoalEvent: "order"},
	}
	opt := Options{Defined: defined}
	m := Fit(w.c, opt)
	for id, want := range map[string]string{"narrow": No, "missed": Yes, "everybody": Yes, "sized": No} {
		if b := m.at(t, id).Breadth; b.Verdict != want {
			t.Errorf("%s: %s, want %s (reach %.2f, precision %.2f, selectivity %.4f [%.4f, %.4f])", id, b.Verdict, want, b.Reach.Value, b.Precision.Value,
				b.Selectivity.Value, b.Selectivity.Lower, b.Selectivity.Upper)
		}
	}
	got := kinds(Findings(m, opt))
	if want := []string{"broad_trigger everybody unselective", "broad_trigger missed precision"}; !slices.Equal(got, want) {
		t.Errorf("findings %v, want %v", got, want)
	}
}

// rhythm adds messages whose click rate depends on the window.
func (w *world) rhythm(id string, n int, rate func(window int) float64) {
	for range n {
		r := RhythmRow{ID: id, Stage: stageNames[w.IntN(3)], Own: w.IntN(2) == 0, Position: 1 + int64(w.IntN(2)), Bin: int64(w.IntN(len(uEnds))), Bucket: int64(w.IntN(Buckets / 2)), Sent: 1}
		if w.Float64() < rate(int(r.Bin)) {
			r.Clicked = 1
		}
		w.c.Rhythm = append(w.c.Rhythm, r)
	}
}

func TestRhythm(t *testing.T) {
	w := newWorld(7)
	w.c.Channels = []ChannelRow{{ID: "flat", Channel: "email", Messages: 1, Clicked: 1}}
	for _, id := range []string{"flat", "peak"} {
		w.scenario(id, 8000)
		w.rhythm(id, 60000, func(window int) float64 {
			if id == "peak" && window == 3 {
				return .10
			}
			return .05
		})
	}
	m := Fit(w.c, Options{})
	if r := m.at(t, "flat").Rhythm; r.Verdict == Yes || math.Abs(r.Gain.Value) > .01 {
		t.Errorf("flat: %s, gain %.4f: the best of eight equal windows is not better", r.Verdict, r.Gain.Value)
	}
	if r := m.at(t, "peak").Rhythm; r.Verdict != Yes || r.Best != 3 || math.Abs(r.Gain.Value-.04375) > .01 {
		t.Errorf("peak: %s, window %d, gain %.4f, want yes, 3, .0438", r.Verdict, r.Best, r.Gain.Value)
	}
}

// TestHonest repeats the flat world: the gain of the window that looks best is zero on the average, because it is measured on other customers.
func TestHonest(t *testing.T) {
	var sum, best float64
	const runs = 300
	for seed := range uint64(runs) {
		w := newWorld(100 + seed)
		w.c.Channels = []ChannelRow{{ID: "flat", Messages: 1, Clicked: 1}}
		w.scenario("flat", 2000)
		w.rhythm("flat", 2000, func(int) float64 { return .05 })
		r := Fit(w.c, Options{}).Scenarios[0].Rhythm
		sum += r.Gain.Value
		best += r.Windows[r.Best].Adjusted
	}
	if mean := sum / runs; math.Abs(mean) > .003 {
		t.Errorf("mean gain %.4f, want 0", mean)
	}
	if best/runs < .008 {
		t.Errorf("plug-in gain %.4f: the test does not show the bias that it is about", best/runs)
	}
}

// fullWorld has something of everything, and hostile names.
func fullWorld(seed uint64) (*Counts, Options) {
	w := newWorld(seed)
	w.base(10)
	var defined []analytics.Scenario
	for i, id := range []string{"a", "b'--", "в \"кавычках\"", "d;drop table x"} {
		w.scenario(id, 1000)
		w.exits(id, "active", 300, []float64{.1, .7, .6, .8}[i])
		w.steps(id, 600, []float64{.95, []float64{.4, .9, .9, .9}[i]}, .1, false)
		w.enter(id, 10, map[string]float64{"lead": .3, "new": .2}, "active")
		w.rhythm(id, 500, func(window int) float64 { return .04 + .02*float64(window) })
		w.c.Channels = append(w.c.Channels, ChannelRow{ID: id, Channel: "email", Messages: 1000, Delivered: 990, Opened: 300, Clicked: 60})
		w.c.Reasons = append(w.c.Reasons, ReasonRow{ID: id, Ended: "recorded", Reason: "", N: 900}, ReasonRow{ID: id, Ended: "rule", Reason: "", N: 100})
		w.c.Gaps = append(w.c.Gaps, GapRow{ID: id, Position: 2, Hours: 24, Bucket: int64(i), N: 5}, GapRow{ID: id, Position: 2, Hours: 48, Bucket: 7, N: 3})
		w.c.Sends = append(w.c.Sends, SendRow{ID: id, Step: "s2", Channel: "sms", N: 9}, SendRow{ID: id, Step: "s2", Channel: "sms", Reason: "no_consent", N: 4})
		for g := range int64(Buckets) {
			w.c.Handovers = append(w.c.Handovers, HandoverRow{From: id, Bucket: g, Exits: 5, Followed: 2, First: 2}, HandoverRow{From: id, To: "a", Bucket: g, Followed: 1, First: 1})
		}
		defined = append(defined, analytics.Scenario{ID: id, Name: id, Role: "retention", Stages: []string{"active"}, Channels: []string{"push"}, Next: []string{"a"}})
	}
	w.c.Orders = []OrderRow{{ID: "a", Orders: 5, Minor: 12345}}
	w.c.Scenarios = append(w.c.Scenarios, ScenarioRow{ID: "unused", Defined: true}, ScenarioRow{ID: "news", Bulk: true, Messaged: true, Alive: true})
	return w.c, Options{Defined: append(defined, analytics.Scenario{ID: "unused"}), Cost: map[string]float64{"email": .02}}
}

// TestTablesAreWhole writes every table of a full, an empty and a single-customer world: as many cells as columns, no NaN, grain unique.
func TestTablesAreWhole(t *testing.T) {
	full, opt := fullWorld(8)
	one := &Counts{
		Scenarios: []ScenarioRow{{ID: "x", Enrolled: true, Messaged: true, Alive: true}}, Entries: []EntryRow{{ID: "x", Customers: 1, Entries: 1}},
		Exits: []ExitRow{{ID: "x", Stage: "unknown", Outcome: "none", Age: 5, N: 1}}, Depths: []DepthRow{{ID: "x", Ended: "other", Last: 1, N: 1}},
		Steps:  []StepRow{{ID: "x", Step: "s", Position: 1, Messages: 1, Entries: 1, Finished: 1, Customers: 1}},
		Stages: []StageRow{{ID: "x", Stage: "a", Entries: 1, Entrants: 1, FirstEntries: 1, Days: 3}},
		Base:   []BaseRow{{Stage: "a", Customers: 1, Days: 3}, {Customers: 1, Days: 3}}, Rhythm: []RhythmRow{{ID: "x", Stage: "a", Sent: 1}},
		Handovers: []HandoverRow{{From: "x", Exits: 1}},
	}
	for name, c := range map[string]*Counts{"full": full, "empty": {}, "one": one} {
		m := Fit(c, opt)
		for _, table := range m.Tables() {
			for _, row := range table.Rows {
				if len(row) != len(table.Columns) {
					t.Fatalf("%s: %s: %d cells for %d columns", name, table.Name, len(row), len(table.Columns))
				}
				for i, v := range row {
					switch v := v.(type) {
					case nil, string, bool, int64, time.Time:
					case float64:
						if !analytics.Finite(v) {
							t.Errorf("%s: %s.%s is %g", name, table.Name, table.Columns[i], v)
						}
					default:
						t.Errorf("%s: %s.%s is a %T", name, table.Name, table.Columns[i], v)
					}
				}
			}
		}
		for _, f := range Findings(m, opt) {
			for _, v := range f.Values {
				if (v.Estimate == nil) == (v.Text == "") {
					t.Errorf("%s: %s %s: value %s is neither a number nor a text", name, f.Kind, f.Subject, v.Name)
				}
			}
			if strings.Count(f.EvidenceSQL, "'")%2 != 0 {
				t.Errorf("%s: odd quotes in %s", name, f.EvidenceSQL)
			}
			if o := f.Opportunity; o != nil && (o.Grade != analytics.GradeStructural || o.Effect != nil || o.Money != nil || !o.Baseline.OK()) {
				t.Errorf("%s: %s %s: %+v claims an effect", name, f.Kind, f.Subject, o)
			}
		}
		for _, c := range Coverage(m, map[string]bool{}) {
			if c.Input == "" || c.Answers == "" || !c.Present && c.Note == "" {
				t.Errorf("%s: coverage %+v", name, c)
			}
		}
	}
	if len(Findings(Fit(full, opt), opt)) < 5 {
		t.Error("the full world has hardly any findings: the test looks at nothing")
	}
}

// TestOrderOfRows shuffles the reduced tables: the same model.
func TestOrderOfRows(t *testing.T) {
	c, opt := fullWorld(9)
	want := Fit(c, opt).Tables()
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		shuffle(r, c.Scenarios)
		shuffle(r, c.Entries)
		shuffle(r, c.Exits)
		shuffle(r, c.Handovers)
		shuffle(r, c.Stages)
		shuffle(r, c.Base)
		shuffle(r, c.Steps)
		shuffle(r, c.Depths)
		shuffle(r, c.Gaps)
		shuffle(r, c.Rhythm)
		shuffle(r, c.Sends)
		shuffle(r, c.Channels)
		if diff := cmp.Diff(want, Fit(c, opt).Tables()); diff != "" {
			t.Fatalf("other tables (-want +got):\n%s", diff)
		}
	})
}

func shuffle[T any](r *rand.Rand, s []T) {
	r.Shuffle(len(s), func(i, j int) { s[i], s[j] = s[j], s[i] })
}

// TestLoad reads one row of every reduced table through the frames.
func TestLoad(t *testing.T) {
	src := analyticstest.Tables(t, map[string]string{
		"scenarios.red_scenarios": "scenario_id:string,defined:bool,enrolled:bool,messaged:bool,bulk:bool,first_day:int64,last_day:int64,reversed_exits:int64,merged_entries:int64\na,true,false,true,false,5,9,2,3\nb,true,false,false,false,,,0,0\n",
		"scenarios.red_scenario_channels": "scenario_id:string,channel:string,messages:int64,bulk:int64,transactional:int64,delivered:int64,opened:int64,clicked:int64,bounced:int64,unsubscribed:int64,complained:int64,not_sent:int64\n" +
			"a,email,10,1,2,9,5,4,1,3,6,7\n",
		"scenarios.red_scenario_orders": "scenario_id:string,orders:int64,revenue_minor:int64\na,2,300\n",
		"scenarios.red_entries": "scenario_id:string,bucket:int64,customers:int64,entries:int64,reentries:int64,controls:int64,recorded_exits:int64,derived:int64,after_order:int64,active_seconds:int64,stage_known:int64,stage_changed:int64\n" +
			"a,7,1,2,3,4,5,6,7,8,9,10\n",
		"scenarios.red_exit_reasons":    "scenario_id:string,ended:string,reason:string,n:int64\na,rule,'',4\n",
		"scenarios.red_exits":           "scenario_id:string,stage:string,age:int64,outcome:string,bucket:int64,n:int64\na,s,3,next,7,1\n",
		"scenarios.red_handovers":       "from_scenario:string,to_scenario:string,bucket:int64,exits:int64,followed:int64,first:int64\na,'',7,5,4,4\n",
		"scenarios.red_scenario_stages": "scenario_id:string,stage:string,bucket:int64,entries:int64,entrants:int64,first_entries:int64,targeted:int64,days:int64\na,s,7,1,2,3,4,5\n",
		"scenarios.red_stage_base":      "stage:string,bucket:int64,customers:int64,days:int64\n'',7,2,3\n",
		"scenarios.red_steps":           "scenario_id:string,position:int64,step_id:string,defined:bool,given:bool,bucket:int64,messages:int64,entries:int64,finished:int64,customers:int64,clicked:int64\na,2,x,true,false,7,1,2,3,4,5\n",
		"scenarios.red_step_gaps":       "scenario_id:string,position:int64,hours:int64,bucket:int64,n:int64\na,2,24,7,1\n",
		"scenarios.red_step_depth":      "scenario_id:string,last_position:int64,ended:string,bucket:int64,n:int64\na,2,goal,7,1\n",
		"scenarios.red_rhythm":          "scenario_id:string,position:int64,stage:string,own:bool,u_bin:int64,bucket:int64,sent:int64,clicked:int64\na,2,s,true,3,7,2,1\n",
		"scenarios.red_step_channels":   "scenario_id:string,step_id:string,channel:string,sent:bool,reason:string,n:int64\na,x,sms,false,cap,3\n",
	})
	got, err := Load(context.Background(), src)
	if err != nil {
		t.Fatal(err)
	}
	want := &Counts{
		Scenarios: []ScenarioRow{{ID: "a", Defined: true, Messaged: true, FirstDay: 5, LastDay: 9, Alive: true, ReversedExits: 2, MergedEntries: 3}, {ID: "b", Defined: true}},
		Channels:  []ChannelRow{{"a", "email", 10, 1, 2, 9, 5, 4, 1, 3, 6, 7}},
		Orders:    []OrderRow{{"a", 2, 300}},
		Entries: []EntryRow{{ID: "a", Bucket: 7, Customers: 1, Entries: 2, Reentries: 3, Controls: 4, RecordedExits: 5, Derived: 6, AfterOrder: 7, ActiveSecs: 8,
			StageKnown: 9, StageChanged: 10}},
		Reasons:   []ReasonRow{{"a", "rule", "", 4}},
		Exits:     []ExitRow{{ID: "a", Stage: "s", Outcome: "next", Age: 3, Bucket: 7, N: 1}},
		Handovers: []HandoverRow{{From: "a", Bucket: 7, Exits: 5, Followed: 4, First: 4}},
		Stages:    []StageRow{{ID: "a", Stage: "s", Bucket: 7, Entries: 1, Entrants: 2, FirstEntries: 3, Targeted: 4, Days: 5}},
		Base:      []BaseRow{{Bucket: 7, Customers: 2, Days: 3}},
		Steps:     []StepRow{{ID: "a", Step: "x", Position: 2, Defined: true, Bucket: 7, Messages: 1, Entries: 2, Finished: 3, Customers: 4, Clicked: 5}},
		Gaps:      []GapRow{{ID: "a", Position: 2, Hours: 24, Bucket: 7, N: 1}},
		Depths:    []DepthRow{{ID: "a", Ended: "goal", Last: 2, Bucket: 7, N: 1}},
		Rhythm:    []RhythmRow{{ID: "a", Stage: "s", Own: true, Position: 2, Bin: 3, Bucket: 7, Sent: 2, Clicked: 1}},
		Sends:     []SendRow{{ID: "a", Step: "x", Channel: "sms", Reason: "cap", N: 3}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}
