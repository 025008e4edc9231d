package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

func fit(tb testing.TB, t tables, opt Options) *Model {
	tb.Helper()
	m, err := Fit(t.load(tb), opt)
	if err != nil {
		tb.Fatal(err)
	}
	checkTables(tb, m)
	checkFindings(tb, Findings(m, opt))
	return m
}

func near(tb testing.TB, what string, got, want, tolerance float64) {
	tb.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		tb.Errorf("%s = %.9g, want %.9g", what, got, want)
	}
}

func (m *Model) cell(from, to string) Transition {
	for _, t := range m.Transitions {
		if t.Grouping == "all" && t.From == from && t.To == to {
			return t
		}
	}
	return Transition{}
}

// spread adds a matrix of moves over buckets: bucket g gets every hundredth customer.
func (t tables) spread(stages []string, n [][]int) {
	for i, row := range n {
		for j, c := range row {
			for b := range Buckets {
				if k := (c + Buckets - 1 - b) / Buckets; k > 0 {
					t.add("transition_periods", 1, stages[i], stages[j], b, k)
					t.add("transitions", "all", "all", stages[i], stages[j], b, k)
				}
			}
		}
	}
}

// Alofi rainfall, statistics 9: transitions and Shorrocks.
func TestMatrixOracle(t *testing.T) {
	in := tables{}
	in.spread([]string{"a", "b", "c"}, [][]int{{362, 126, 60}, {136, 90, 68}, {50, 79, 124}})
	m := fit(t, in, Options{})
	near(t, "p aa", m.cell("a", "a").Rate.Value, .660584, 5e-7)
	near(t, "p ac", m.cell("a", "c").Rate.Value, .109489, 5e-7)
	near(t, "p cb", m.cell("c", "b").Rate.Value, .312253, 5e-7)
	near(t, "shorrocks", m.Mobility[0].Index.Value, .771588, 5e-7)
	if got := m.cell("a", "b"); got.N != 126 || got.AtRisk != 548 {
		t.Errorf("a->b: %d of %d, want 126 of 548", got.N, got.AtRisk)
	}
}

// The check of statistics 1.5: values and the value-gap derivative through the chain of stage x age, whose ages are not known here.
func TestValueOracle(t *testing.T) {
	in := tables{}
	names := []string{"0", "1", "2"}
	in.spread(names, [][]int{{800000, 150000, 50000}, {300000, 500000, 200000}, {50000, 0, 950000}})
	for b := range Buckets {
		for i, r := range []int64{1000, 300, 0} {
			in.add("stage_value", names[i], 1, b, 1000, 100, 100, 1000*r)
		}
		in.add("stage_periods", 1, "0", b, 10000)
		in.add("stage_periods", 1, "1", b, 10000)
		in.add("stage_periods", 1, "2", b, 10000)
		in.add("stage_periods", 2, "0", b, 30000)
	}
	m := fit(t, in, Options{Grain: "quarter", Discount: math.Pow(.98, -4) - 1, Margin: 1, Currency: "EUR"})
	near(t, "gamma", m.Gamma, .98, 1e-12)
	for i, want := range []float64{192.83250, 169.67216, 136.93902} {
		near(t, "V", m.StageNamed(names[i]).Value.Value, want, 5e-6)
	}
	// Row 2 goes to 0 with .05: gap = gamma (V0 - (.05 V0 + .95 V2)).
	for _, b := range m.Bottlenecks {
		if b.Stage == "2" {
			near(t, "gap", b.Gap.Value, .98*.95*(192.83250-136.93902), 1e-4)
			near(t, "derivative", b.Derivative, .98*27.13572*(192.83250-136.93902), 2e-3)
			near(t, "gain", b.Gain.Value, .98*(192.83250-136.93902), 1e-4)
		}
	}
	if len(m.Bottlenecks) != 2 || m.Bottlenecks[0].Stage != "2" {
		t.Errorf("bottlenecks %+v, want 2 then 1", m.Bottlenecks)
	}
	for _, l := range m.LossPoints {
		if l.From == "0" && l.To == "2" {
			near(t, "loss gap", l.Gap.Value, .98*(192.83250-136.93902), 1e-4)
		}
	}
}

// What 4 % of those who leave a stage jump to is no aim for it, however valuable; 20 % make it one.
func TestBestStageIsReached(t *testing.T) {
	for _, c := range []struct {
		jumps int
		want  string
	}{{4000, "new"}, {20000, "vip"}} {
		in := tables{}
		names := []string{"lead", "new", "vip"}
		in.spread(names, [][]int{{900000, 100000 - c.jumps, c.jumps}, {100000, 800000, 100000}, {50000, 50000, 900000}})
		for b := range Buckets {
			for i, r := range []int64{0, 300, 1000} {
				in.add("stage_value", names[i], 1, b, 1000, 100, 100, 1000*r)
				in.add("stage_periods", 1, names[i], b, 10000)
				in.add("stage_periods", 2, names[i], b, 10000)
			}
		}
		m := fit(t, in, Options{Grain: "quarter", Margin: 1, Currency: "EUR"})
		found := ""
		for _, b := range m.Bottlenecks {
			if b.Stage == "lead" {
				found = b.Best
			}
		}
		if found != c.want {
			t.Errorf("%d jumps to vip: want %q as the aim of lead, got %q", c.jumps, c.want, found)
		}
	}
}

// Censored stays are at risk only at the ages whose next period was seen, and the mean of finished stays is not the answer.
func TestDwellByHand(t *testing.T) {
	in := tables{}
	in.add("spells", "a", "b", 1, 1, false, 0, 40) // left at age 1
	in.add("spells", "a", "b", 1, 2, false, 1, 30) // at age 2
	in.add("spells", "a", "c", 1, 2, false, 2, 10)
	in.add("spells", "a", nil, 1, 2, false, 3, 20) // seen to stay at ages 1 and 2
	in.add("spells", "a", nil, 1, 0, false, 4, 50) // entered in the last period: tells nothing
	in.add("spells", "a", "b", 3, 3, true, 5, 99)  // age not known
	m := fit(t, in, Options{})
	d := m.dwellOf("a")
	if d.Spells != 100 || d.Censored != 20 || d.LeftOpen != 99 || d.Tau != 2 {
		t.Fatalf("spells %d, censored %d, left open %d, tau %d; want 100, 20, 99, 2", d.Spells, d.Censored, d.LeftOpen, d.Tau)
	}
	near(t, "S(1)", d.Survival[1].Value, .6, 1e-12)
	near(t, "S(2)", d.Survival[2].Value, .2, 1e-12)
	near(t, "median", d.Median.Value, 2, 0)
	near(t, "mean", d.Mean.Value, 1.6, 1e-12)
	near(t, "F_c(2)", d.Incidence[slices.Index(d.To, "c")][2].Value, .1, 1e-12)
}

func TestLoad(t *testing.T) {
	if _, err := Load(context.Background(), memorySource{}); err == nil || !strings.Contains(err.Error(), "load lifecycle.red_periods: no table") {
		t.Errorf("error %v", err)
	}
	in := tables{}
	in.add("stage_periods", 1, "a", 100, 1)
	if _, err := Load(context.Background(), in.source()); err == nil || err.Error() != "load lifecycle.red_stage_periods: bucket is 100, not in 0..99" {
		t.Errorf("error %v", err)
	}
	in = tables{}
	in.add("stage_periods", 1, "a", 0, -1)
	if _, err := Load(context.Background(), in.source()); err == nil || !strings.Contains(err.Error(), "n is -1, not a count") {
		t.Errorf("error %v", err)
	}
	in = tables{}
	in.add("spells", "b", nil, 1, 2, true, 7, 3)
	in.add("spells", "b", "a", 1, 2, false, 7, 4)
	c := in.load(t)
	want := []SpellRow{{1, Censored, 1, 2, true, 7, 3}, {1, 0, 1, 2, false, 7, 4}}
	if d := cmp.Diff(want, c.Spells); d != "" || !slices.Equal(c.Stages, []string{"a", "b"}) {
		t.Errorf("stages %v, spells (-want +got):\n%s", c.Stages, d)
	}
}

func TestOptions(t *testing.T) {
	for _, o := range []Options{{Grain: "decade"}, {Margin: 2}, {Level: -1}, {FDR: math.NaN()}} {
		if _, err := Fit(&Counts{}, o); err == nil || !strings.HasPrefix(err.Error(), "fit the life cycle: ") {
			t.Errorf("%+v: error %v", o, err)
		}
	}
}

// Tiny and empty input is no error and has no number where there is none.
func TestTiny(t *testing.T) {
	for n := range 4 {
		w := shop(1)
		w.customers, w.history, w.periods = n, 0, min(n, 2)+1
		m := fit(t, w.run().reduce(), Options{Rules: rulesOf(w.stages)})
		if len(m.Stages) != 4 {
			t.Errorf("%d customers: %d stages, want the 4 of the rules", n, len(m.Stages))
		}
		for _, f := range Findings(m, Options{}) {
			if f.PValue != nil || f.Kind == "metric_shift" {
				t.Errorf("%d customers: %s %s", n, f.Kind, f.Subject)
			}
		}
	}
	m := fit(t, tables{}, Options{})
	if len(m.Stages) != 0 {
		t.Errorf("stages %v", m.Stages)
	}
}

// The planted bottleneck ranks first, is confirmed, and the matrix is recovered.
func TestPlantedBottleneck(t *testing.T) {
	w := shop(11)
	// lost takes in what at_risk lets go; keep it small so that the planted stage is the largest hold-up.
	w.p[3] = []float64{0, .3, 0, .7}
	m := fit(t, w.run().reduce(), Options{Rules: rulesOf(w.stages), Margin: .35, Currency: "RUB"})
	if len(m.Bottlenecks) == 0 || m.Bottlenecks[0].Stage != "at_risk" || m.Bottlenecks[0].Verdict != analytics.Different {
		t.Fatalf("bottlenecks %+v", m.Bottlenecks)
	}
	fs := Findings(m, Options{Rules: rulesOf(w.stages), Margin: .35, Currency: "RUB"})
	f := fs[0]
	if f.Kind != "bottleneck" || f.Subject != "at_risk" || f.Exploratory || f.Severity != analytics.Critical {
		t.Errorf("first finding %s %s exploratory %v %s", f.Kind, f.Subject, f.Exploratory, f.Severity)
	}
	o := f.Opportunity
	if o == nil || o.Stake == nil || o.Effect != nil || o.Money != nil || o.Grade != analytics.GradeStructural || o.Step != .02 || o.Stake.Level != .90 {
		t.Fatalf("opportunity %+v", o)
	}
	b := m.Bottlenecks[0]
	near(t, "stake", o.Stake.Value, float64(o.Population)*.02*b.Gain.Value, 1e-9*math.Abs(o.Stake.Value))
	if m.LossPoints[0].From != "active" || m.LossPoints[0].To != "at_risk" {
		t.Errorf("first loss point %s->%s, want active->at_risk", m.LossPoints[0].From, m.LossPoints[0].To)
	}
}

// The 95 % intervals of the matrix hold the true probability 95 % of the time.
func TestRecoveredMatrix(t *testing.T) {
	inside, all := 0, 0
	for seed := range uint64(8) {
		w := shop(100 + seed)
		w.customers, w.periods = 500, 20
		w.p[3] = []float64{0, .3, 0, .7}
		m := fit(t, w.run().reduce(), Options{Rules: rulesOf(w.stages)})
		for i, from := range w.stages {
			for j, to := range w.stages {
				if p := w.p[i][j]; p > 0 && m.cell(from, to).AtRisk > 0 {
					all++
					if c := m.cell(from, to).Rate; c.Lower <= p && p <= c.Upper {
						inside++
					}
				}
			}
		}
	}
	if share := float64(inside) / float64(all); share < .88 || share > .995 {
		t.Errorf("%d of %d intervals hold the truth (%.3f)", inside, all, share)
	}
}

// In a world where all stages move, order and last alike, nothing is confirmed beyond the false-discovery rate.
func TestNullWorld(t *testing.T) {
	confirmed := map[string]int{}
	shown := 0
	const worlds = 12
	for seed := range uint64(worlds) {
		w := world{stages: []string{"a", "b", "c"}, p: [][]float64{{.5, .3, .2}, {.5, .3, .2}, {.5, .3, .2}}, order: []float64{.1, .1, .1}, price: 1000,
			customers: 800, history: 10, periods: 12, seed: 500 + seed, group: func(c int) string { return fmt.Sprint(c % 3) }}
		m := fit(t, w.run().reduce(), Options{Rules: rulesOf(w.stages), Margin: .3})
		for _, f := range Findings(m, Options{Rules: rulesOf(w.stages), Margin: .3}) {
			if f.PValue != nil && !f.Exploratory && f.Verdict == analytics.Different {
				confirmed[f.Kind]++
			}
			if f.Kind == "bottleneck" || f.Kind == "loss_point" {
				shown++
			}
		}
		for _, s := range m.Tests {
			if s.Matters {
				confirmed["test "+s.Name]++
			}
		}
	}
	if shown > worlds {
		t.Errorf("%d bottlenecks and loss points shown in %d null worlds", shown, worlds)
	}
	for kind, n := range confirmed {
		if n > 2 {
			t.Errorf("%s: %d confirmed in %d null worlds", kind, n, worlds)
		}
	}
}

// Recency stages: a fixed waiting time. The matrix has memory, its powers are wrong, the chain of stage x age is right (statistics 1.2).
func TestNotMarkov(t *testing.T) {
	w := world{stages: []string{"active", "at_risk", "lost"}, p: [][]float64{{1, 0, 0}, {.1, .9, 0}, {.05, 0, .95}}, order: []float64{.1, .1, .05},
		price: 1000, customers: 3000, history: 30, periods: 26, seed: 3,
		next: func(stage, age, _ int) int {
			switch {
			case stage == 0 && age < 4: // four periods active, whatever happens
				return 0
			case stage == 0:
				return 1
			case stage == 1 && age >= 6: // then six at risk, unless he comes back
				return 2
			}
			return -1
		}}
	m := fit(t, w.run().reduce(), Options{Rules: rulesOf(w.stages), Margin: 1})
	var found bool
	for _, e := range m.KStepErrors {
		if e.Horizon == 4 {
			found = true
			if !e.NotMarkov || e.Markov.Value < .1 {
				t.Errorf("D_4 = %v, not Markov %v; want above .1", e.Markov, e.NotMarkov)
			}
			if e.Expanded > .03 {
				t.Errorf("expanded error %v, want below .03", e.Expanded)
			}
		}
	}
	if !found {
		t.Fatal("no horizon 4")
	}
	for _, name := range []string{TestOrder, TestDuration} {
		if s := m.testOf(name, "all"); s == nil || !s.Matters {
			t.Errorf("%s: %+v, want it to matter", name, s)
		}
	}
	if !slices.ContainsFunc(Findings(m, Options{}), func(f analytics.Finding) bool { return f.Subject == "memory" && !f.Exploratory }) {
		t.Error("no finding about memory")
	}
}

// A shift of the matrix half-way is found and named.
func TestTimeShift(t *testing.T) {
	w := shop(9)
	rng := rand.New(rand.NewPCG(1, 2))
	w.next = func(stage, _, period int) int {
		if stage == 1 && period >= 15 && rng.Float64() < .15 {
			return 2
		}
		return -1
	}
	m := fit(t, w.run().reduce(), Options{Rules: rulesOf(w.stages)})
	for _, f := range Findings(m, Options{}) {
		if f.Kind == "metric_shift" {
			if f.Exploratory || f.Text("stage") != "active" {
				t.Errorf("exploratory %v, stage %s", f.Exploratory, f.Text("stage"))
			}
			return
		}
	}
	t.Errorf("no metric_shift; tests %+v", m.testOf(TestTime, "all"))
}

func TestStuck(t *testing.T) {
	w := shop(5)
	w.history = 100
	m := fit(t, w.run().reduce(), Options{Rules: rulesOf(w.stages), Margin: 1})
	s := m.StageNamed("lost")
	if !s.Stuck {
		t.Fatalf("share %v, tau %d, median %v", s.ShareLast, m.dwellOf("lost").Tau, m.dwellOf("lost").Median)
	}
	for _, f := range Findings(m, Options{}) {
		if f.Subject == "lost" && f.Kind == "bottleneck" && f.Text("reason") == "value_and_stuck" {
			return
		}
	}
	t.Error("no finding")
}

// Without money values are orders; without orders there are no values and no stakes.
func TestUnits(t *testing.T) {
	w := shop(2)
	w.customers, w.price = 500, 0
	opt := Options{Rules: rulesOf(w.stages), Currency: "RUB"}
	m := fit(t, w.run().reduce(), opt)
	if m.Unit != "orders" || len(m.Bottlenecks) == 0 {
		t.Errorf("unit %q, %d bottlenecks", m.Unit, len(m.Bottlenecks))
	}
	for _, f := range Findings(m, opt) {
		if f.Opportunity != nil && f.Opportunity.Stake != nil {
			t.Errorf("%s %s: a stake without money", f.Kind, f.Subject)
		}
	}
	w.order = make([]float64, 4)
	m = fit(t, w.run().reduce(), opt)
	if m.Unit != "" || len(m.Bottlenecks) != 0 || len(m.Values) != 0 {
		t.Errorf("unit %q, %d bottlenecks, %d values", m.Unit, len(m.Bottlenecks), len(m.Values))
	}
	if c := Coverage(m, opt, nil, 100); c[0].Present || c[0].Note != "missing" {
		t.Errorf("coverage %+v", c[0])
	}
}

func TestRuleChecks(t *testing.T) {
	in := tables{}
	// 70 customers: a (also b and the catch-all), 20 c, 10 nobody but the catch-all d.
	in.add("rule_matches", 0b10011, "a", 0, 70)
	in.add("rule_matches", 0b10100, "c", 1, 20)
	in.add("rule_matches", 0b10000, "d", 2, 10)
	in.add("rule_matches", 0b10101, "a", 3, 15) // a and c: neither lies within the other
	in.add("stage_periods", 1, "a", 0, 85)
	in.add("stage_periods", 1, "c", 1, 20)
	in.add("stage_periods", 1, "d", 2, 10)
	in.add("stage_scenarios", "a", "s1", 5)
	for p := range 52 {
		in.add("periods", p+1, fmt.Sprintf("2026-%02d-%02d", 1+p/28, 1+p%28), 7)
	}
	rules := []StageRule{{"a", "1 = 1"}, {"b", "2 = 2"}, {"c", "3 = 3"}, {"x", "4 = 4"}, {"d", "true"}}
	opt := Options{Rules: rules, Defined: map[string][]string{"s2": {"c"}}}
	in["periods"] = in["periods"][:51]
	m := fit(t, in, opt)
	for i, want := range []RuleVerdict{RuleOK, RuleUnseen, RuleOK, RuleUnseen, RuleOK} {
		if m.Rules[i].Verdict != want {
			t.Errorf("51 weeks: %s is %s, want %s", m.Rules[i].Name, m.Rules[i].Verdict, want)
		}
	}
	m = fit(t, in, Options{Rules: rules, Unreachable: map[string]bool{"b": true}})
	if v := m.Rules[1].Verdict; v != RuleUnreachable {
		t.Errorf("b is %s though the rules forbid it", v)
	}
	in.add("periods", 52, "2026-12-01", 7)
	m = fit(t, in, opt)
	want := map[string]RuleVerdict{"a": RuleOK, "b": RuleUnreachable, "c": RuleOK, "x": RuleNoMatch, "d": RuleOK}
	for _, r := range m.Rules {
		if r.Verdict != want[r.Name] {
			t.Errorf("%s: %s, want %s", r.Name, r.Verdict, want[r.Name])
		}
	}
	if b := m.Rules[1]; b.Matches != 70 || b.Taken != 0 || b.ShadowedBy != "a" || b.Shadowed != 70 {
		t.Errorf("b: %+v", b)
	}
	if m.OrderDecide != 15 || !m.Rules[4].CatchAll {
		t.Errorf("order decides for %d, want 15; catch-all %v", m.OrderDecide, m.Rules[4].CatchAll)
	}
	var contested []string
	for _, o := range m.Overlaps {
		if o.Contested {
			contested = append(contested, o.A+"+"+o.B)
		}
	}
	if !slices.Equal(contested, []string{"a+c"}) {
		t.Errorf("contested %v, want a+c only", contested)
	}
	var got []string
	for _, f := range Findings(m, opt) {
		got = append(got, f.SubjectType+" "+f.Subject+" "+f.Text("reason"))
	}
	slices.Sort(got)
	wantF := []string{"lifecycle rule_order overlap", "stage b unreachable", "stage d no_scenario", "stage x no_match"}
	if d := cmp.Diff(wantF, got); d != "" {
		t.Errorf("findings (-want +got):\n%s", d)
	}
}

func TestUnassigned(t *testing.T) {
	in := tables{}
	in.add("stage_periods", 3, "a", 0, 90)
	in.add("stage_periods", 3, Unassigned, 1, 10)
	m := fit(t, in, Options{Rules: []StageRule{{"a", "true"}}})
	fs := Findings(m, Options{})
	if len(fs) != 1 || fs[0].Severity != analytics.Warning || fs[0].Exploratory {
		t.Fatalf("findings %+v", fs)
	}
	if e, ok := fs[0].Number("share"); !ok || e.Value != .1 {
		t.Errorf("share %v", e)
	}
	if m.Stages[len(m.Stages)-1].Name != Unassigned {
		t.Errorf("unassigned is not last: %+v", m.Stages)
	}
}

// Neighbouring stages that order alike, and a stage that should be cut inside.
func TestThresholds(t *testing.T) {
	in := tables{}
	for b := range Buckets {
		for _, s := range []string{"a", "b", "c"} {
			rate := map[string]int{"a": 200, "b": 200, "c": 50}[s]
			wobble := (b + len(in["stage_value"])) * 7 % 5
			in.add("stage_value", s, 1, b, 1000, rate+wobble, rate+wobble, 1000)
		}
		in.add("stage_value", "c", 2, b, 1000, 20+b%3, 20, 1000)
		in.add("stage_value", "d", 1, b, 1000, 30+b%3, 20, 1000)
		for _, s := range []string{"a", "b", "c", "d"} {
			in.add("stage_customers", s, b, 1000)
		}
	}
	opt := Options{Rules: []StageRule{{Name: "a"}, {Name: "b"}, {Name: "c"}, {Name: "d"}}} // recorded, but ordered by the configuration
	m := fit(t, in, opt)
	var got []string
	for _, f := range Findings(m, opt) {
		got = append(got, f.Subject+" "+f.Text("reason"))
	}
	if d := cmp.Diff([]string{"a|b equal_neighbours", "c mixed_stage"}, got); d != "" {
		t.Errorf("findings (-want +got):\n%s\n%+v", d, m.Thresholds)
	}
	for _, h := range fit(t, in, Options{}).Thresholds {
		if h.Kind == EqualNeighbours {
			t.Errorf("stages in no order have neighbours: %s and %s", h.A, h.B)
		}
	}
}

// Small groups are shrunk to the row of their grouping, forbidden moves are exactly 0.
func TestGroupsShrunk(t *testing.T) {
	w := shop(21)
	w.customers = 400
	w.group = func(c int) string {
		if c < 5 {
			return "tiny"
		}
		return fmt.Sprint("g", c%3)
	}
	m := fit(t, w.run().reduce(), Options{Rules: rulesOf(w.stages), Impossible: map[[2]string]bool{{"active", "new"}: true}})
	sum := map[[3]string]float64{}
	var shrunk bool
	for _, c := range m.Transitions {
		sum[[3]string{c.Grouping, c.Group, c.From}] += c.Rate.Value
		shrunk = shrunk || c.Group == "tiny" && c.Method == MethodDirichlet
		if c.From == "active" && c.To == "new" && (c.Method != MethodStructural || c.Rate.Upper != 0) {
			t.Errorf("%s %s active->new: %+v", c.Grouping, c.Group, c)
		}
	}
	if !shrunk {
		t.Error("the tiny group is not shrunk")
	}
	for k, s := range sum {
		near(t, fmt.Sprint("sum of row ", k), s, 1, 1e-9)
	}
}

// Permuted input gives the same tables, to the last bit.
func TestPermuted(t *testing.T) {
	w := shop(4)
	w.customers, w.periods = 300, 14
	w.group = func(c int) string { return fmt.Sprint(c % 4) }
	in := w.run().reduce()
	opt := Options{Rules: rulesOf(w.stages), Margin: .5}
	want := fit(t, in, opt)
	rng := rand.New(rand.NewPCG(8, 8))
	for range 3 {
		for _, rows := range in {
			rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		}
		got := fit(t, in, opt)
		if d := cmp.Diff(want.Tables(), got.Tables()); d != "" {
			t.Fatalf("permuted rows change the tables (-want +got):\n%s", d)
		}
		if d := cmp.Diff(Findings(want, opt), Findings(got, opt), cmpopts.EquateErrors(), cmpopts.EquateNaNs()); d != "" {
			t.Fatalf("permuted rows change the findings:\n%s", d)
		}
	}
}

// Every customer twice, in the same bucket: the same estimates and the same doubt. Every customer twice in other buckets would halve the
// variance, which is the property of suffstat.
func TestDuplicated(t *testing.T) {
	w := shop(6)
	w.customers, w.periods = 400, 14
	p := w.run()
	once := fit(t, p.reduce(), Options{Margin: .5})
	p.stage, p.orders, p.bucket = append(p.stage, p.stage...), append(p.orders, p.orders...), append(p.bucket, p.bucket...)
	twice := fit(t, p.reduce(), Options{Margin: .5})
	for i, c := range once.Transitions {
		near(t, "probability", twice.Transitions[i].Rate.Value, c.Rate.Value, 1e-12)
	}
	for i, d := range once.Dwell {
		near(t, "S(1)", twice.Dwell[i].Survival[1].Value, d.Survival[1].Value, 1e-12)
		if twice.Dwell[i].Tau == d.Tau && d.Tau > 0 {
			near(t, "mean stay", twice.Dwell[i].Mean.Value, d.Mean.Value, 1e-12)
		}
	}
	for i, s := range once.Stages {
		if s.Customers > 0 {
			near(t, "order rate", twice.Stages[i].NextOrder.Value, s.NextOrder.Value, 1e-12)
			near(t, "per quarter", twice.Stages[i].PerQuarter, 2*s.PerQuarter, 1e-9)
		}
	}
}

// The panel: censored rows + transitions = rows; stays of known age = transitions.
func TestPanelAddsUp(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w := shop(rapid.Uint64Range(1, 1e6).Draw(r, "seed"))
		w.customers = rapid.IntRange(0, 60).Draw(r, "customers")
		w.periods = rapid.IntRange(1, 12).Draw(r, "periods")
		m := fit(t, w.run().reduce(), Options{Rules: rulesOf(w.stages), Margin: .5})
		var rows, last, known int64
		for i, p := range m.Periods {
			rows += p.Customers
			if i == len(m.Periods)-1 {
				last = p.Customers
			}
		}
		if m.Moves+last != rows {
			r.Fatalf("%d moves + %d censored, %d rows", m.Moves, last, rows)
		}
		for _, d := range m.Dwell {
			for _, n := range d.AtRisk {
				known += n
			}
		}
		if known != m.Moves {
			r.Fatalf("%d at risk by age, %d moves", known, m.Moves)
		}
	})
}

var headerColumn = regexp.MustCompile(`(?m)^  - \{name: (\w+), type: (\w+)(?:, unit: "[^"]*")?(, nullable: true)?,`)

// checkTables holds every result table against its header: columns, types, NULL only where allowed, no NaN, unique grain.
func checkTables(tb testing.TB, m *Model) {
	tb.Helper()
	for _, t := range m.Tables() {
		text, err := os.ReadFile("../queries/" + strings.Replace(t.Name, ".", "/", 1) + ".sql")
		if err != nil {
			tb.Fatal(err)
		}
		columns := headerColumn.FindAllStringSubmatch(string(text), -1)
		var names []string
		for _, c := range columns {
			names = append(names, c[1])
		}
		if d := cmp.Diff(names, t.Columns); d != "" {
			tb.Fatalf("%s: columns (-header +table):\n%s", t.Name, d)
		}
		grain := strings.Split(regexp.MustCompile(`grain: \[(.*)\]`).FindStringSubmatch(string(text))[1], ", ")
		seen := map[string]bool{}
		for _, row := range t.Rows {
			if len(row) != len(columns) {
				tb.Fatalf("%s: %d values for %d columns", t.Name, len(row), len(columns))
			}
			key := ""
			for i, v := range row {
				ok := false
				switch v := v.(type) {
				case nil:
					ok = columns[i][3] != ""
				case int64:
					ok = columns[i][2] == "int64"
				case float64:
					ok = columns[i][2] == "float64" && analytics.Finite(v)
				case string:
					ok = columns[i][2] == "string"
				case bool:
					ok = columns[i][2] == "bool"
				case time.Time:
					ok = columns[i][2] == "date"
				}
				if !ok && !(v == nil && columns[i][2] == "date" && len(m.Periods) == 0) {
					tb.Fatalf("%s.%s: %v (%T) in a column of type %s%s", t.Name, columns[i][1], v, v, columns[i][2], columns[i][3])
				}
				if slices.Contains(grain, columns[i][1]) {
					key += fmt.Sprintf("%v|", v)
				}
			}
			if seen[key] {
				tb.Fatalf("%s: two rows of grain %s", t.Name, key)
			}
			seen[key] = true
		}
	}
}

// checkFindings holds what every finding must have.
func checkFindings(tb testing.TB, fs []analytics.Finding) {
	tb.Helper()
	ids := map[string]bool{}
	for _, f := range fs {
		if ids[f.ID()] {
			tb.Errorf("two findings %s %s %s", f.Kind, f.SubjectType, f.Subject)
		}
		ids[f.ID()] = true
		if f.Block != "lifecycle" || f.EvidenceSQL == "" || f.Verdict == "" || f.Severity == "" || f.Text("grain") == "" {
			tb.Errorf("incomplete finding %+v", f)
		}
		for _, p := range []*float64{f.Statistic, f.PValue, f.QValue} {
			if p != nil && !analytics.Finite(*p) {
				tb.Errorf("%s %s: not a number", f.Kind, f.Subject)
			}
		}
		for _, v := range f.Values {
			if v.Estimate != nil && !v.Estimate.OK() || v.Estimate == nil && v.Name == "" {
				tb.Errorf("%s %s: value %s is not a number", f.Kind, f.Subject, v.Name)
			}
		}
		checkEvidence(tb, f.EvidenceSQL)
		if o := f.Opportunity; o != nil && (o.Effect != nil || o.Money != nil || o.Grade != analytics.GradeStructural) {
			tb.Errorf("%s %s claims an effect", f.Kind, f.Subject)
		}
	}
}

var (
	sqlLiteral = regexp.MustCompile(`'(?:[^']|'')*'`)
	sqlFrom    = regexp.MustCompile(`(?:FROM|JOIN|,) lifecycle\.(\w+)(?: ([a-z]))?\b`)
	sqlColumn  = regexp.MustCompile(`\b(?:([a-z])\.)?([a-z_0-9]+)\b`)
)

// checkEvidence holds every table and column of an evidence query against the headers.
func checkEvidence(tb testing.TB, sql string) {
	tb.Helper()
	text := regexp.MustCompile(`\w+\(`).ReplaceAllString(sqlLiteral.ReplaceAllString(sql, ""), "(") // names of functions
	columns := map[string]string{}                                                                  // by alias, all columns of a table as one text
	var bare string
	for _, m := range sqlFrom.FindAllStringSubmatch(text, -1) {
		b, err := os.ReadFile("../queries/lifecycle/" + m[1] + ".sql")
		if err != nil {
			tb.Fatalf("evidence %s: %v", sql, err)
		}
		header := ""
		for _, c := range headerColumn.FindAllStringSubmatch(string(b), -1) {
			header += " " + c[1] + " "
		}
		columns[m[2]] += header
		bare += header
	}
	text = regexp.MustCompile(`AS \w+`).ReplaceAllString(sqlFrom.ReplaceAllString(text, " "), "")
	for _, m := range sqlColumn.FindAllStringSubmatch(text, -1) {
		in := bare
		if m[1] != "" {
			in = columns[m[1]]
		}
		if !strings.Contains(in, " "+m[2]+" ") && strings.Trim(m[2], "0123456789") != "" {
			tb.Errorf("evidence %s: no column %s", sql, m[0])
		}
	}
}

// Any counts at all, consistent with each other or not: no panic, no NaN in a table.
func TestAnyCounts(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		in := tables{}
		stage := rapid.SampledFrom([]any{"a", "b", "c", Unassigned})
		for name, columns := range redColumns {
			for range rapid.IntRange(0, 12).Draw(r, name) {
				var row []any
				for _, c := range columns {
					switch {
					case c == "bucket:i":
						row = append(row, rapid.IntRange(0, 99).Draw(r, c))
					case c == "next_stage:s" && rapid.Bool().Draw(r, "censored"):
						row = append(row, nil)
					case strings.HasSuffix(c, "stage:s"):
						row = append(row, stage.Draw(r, c))
					case c == "period_start:s":
						row = append(row, "2026-07-06")
					case strings.HasSuffix(c, ":s"):
						row = append(row, rapid.SampledFrom([]any{"segment", "attr_city"}).Draw(r, c))
					case strings.HasSuffix(c, ":b"):
						row = append(row, rapid.Bool().Draw(r, c))
					default:
						row = append(row, rapid.IntRange(0, 40).Draw(r, c))
					}
				}
				in.add(name, row...)
			}
		}
		in["periods"] = nil
		for p := range 45 {
			in.add("periods", p, "2026-07-06", 7)
		}
		c := in.load(t)
		opt := Options{Rules: []StageRule{{"c", "true"}, {"z", "1 = 1"}}, Margin: .3}
		m, err := Fit(c, opt)
		if err != nil {
			r.Fatal(err)
		}
		tables := m.Tables()
		_ = tables
		for _, tab := range tables {
			for _, row := range tab.Rows {
				for i, v := range row {
					if x, ok := v.(float64); ok && !analytics.Finite(x) {
						r.Fatalf("%s.%s is %v", tab.Name, tab.Columns[i], x)
					}
				}
			}
		}
		checkFindings(t, Findings(m, opt))
	})
}

func BenchmarkFit(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	c := &Counts{Stages: []string{"a", "b", "c", "d", "e", "f"}}
	n := func() int64 { return int64(rng.IntN(50)) }
	for p := range int64(104) {
		c.Periods = append(c.Periods, Period{p + 1, "2026-07-06", 7})
	}
	for bucket := range Buckets {
		for i := range 6 {
			for p := range int64(104) {
				c.InStage = append(c.InStage, StageRow{p + 1, i, bucket, n()})
			}
			for age := range int64(100) {
				c.Spells = append(c.Spells, SpellRow{i, rng.IntN(6), 1, age + 1, false, bucket, n()})
				if age < 26 {
					c.Values = append(c.Values, ValueRow{i, age + 1, bucket, 100, 9, 10, 10000})
				}
			}
			for j := range 6 {
				for p := range int64(103) {
					c.Moves = append(c.Moves, MoveRow{p + 1, i, j, bucket, n()})
				}
				for g := range 200 {
					c.Groups = append(c.Groups, GroupRow{"segment", fmt.Sprint(g), i, j, bucket, n()})
				}
				for _, h := range []int64{2, 4, 8, 13} {
					c.Ahead = append(c.Ahead, AheadRow{h, i, j, bucket, n()})
				}
				for k := range 6 {
					c.Triples = append(c.Triples, TripleRow{k, i, j, bucket, n()})
				}
			}
		}
	}
	for b.Loop() {
		if _, err := Fit(c, Options{Margin: .3}); err != nil {
			b.Fatal(err)
		}
	}
}

// Period 1 is burn-in, periods 2 and 3 have a next one: two starts, entries by move and by first sight.
func TestStageFlowByHand(t *testing.T) {
	in := tables{}
	for p, n := range map[int][2]int{1: {99, 0}, 2: {60, 40}, 3: {50, 60}, 4: {45, 75}} {
		in.add("periods", p, fmt.Sprintf("2026-%02d-01", p), 30)
		in.add("stage_periods", p, "a", 0, n[0])
		if n[1] > 0 {
			in.add("stage_periods", p, "b", 1, n[1])
		}
	}
	// 2 -> 3: 10 move a->b, 0 back, 10 first seen in b. 3 -> 4: 10 a->b, 5 b->a, 10 first seen in b.
	for p, row := range map[int][4]int{2: {50, 10, 0, 40}, 3: {40, 10, 5, 55}} {
		in.add("transition_periods", p, "a", "a", 0, row[0])
		in.add("transition_periods", p, "a", "b", 0, row[1])
		in.add("transition_periods", p, "b", "a", 1, row[2])
		in.add("transition_periods", p, "b", "b", 1, row[3])
	}
	m := fit(t, in, Options{Grain: "month"})
	a, b := m.StageNamed("a"), m.StageNamed("b")
	near(t, "a per period", a.PerPeriod, 55, 0)
	near(t, "b per period", b.PerPeriod, 50, 0)
	near(t, "a per quarter", a.PerQuarter, 55+3*5./2, 1e-12)       // 5 moves from b
	near(t, "b per quarter", b.PerQuarter, 50+3*(20+20)/2., 1e-12) // 10 + 10 moves, 10 + 10 first seen
	near(t, "a leaves", a.Leave.Value, 20./110, 1e-12)
	if m.Customers != 120 || m.Moves != 210 || a.CustomersLast != 45 {
		t.Errorf("customers %d, moves %d, last in a %d", m.Customers, m.Moves, a.CustomersLast)
	}
}

func TestMedianAge(t *testing.T) {
	for _, c := range []struct {
		n    map[int64]int64
		want int64
	}{
		{map[int64]int64{}, 0},
		{map[int64]int64{5: 10}, 0},
		{map[int64]int64{1: 10, 2: 10, 3: 10, 4: 10}, 2},
		{map[int64]int64{1: 90, 2: 10}, 1},
		{map[int64]int64{1: 10, 2: 20, 26: 70}, 2}, // the oldest age holds most: cut just before it
	} {
		by := map[int64][]suffstat.Ratio{}
		for age, n := range c.n {
			by[age] = []suffstat.Ratio{{Num: 0, Den: n}}
		}
		if got := medianAge(by); got != c.want {
			t.Errorf("%v: split at %d, want %d", c.n, got, c.want)
		}
	}
}

// Where the stages are Markov, the chain of stage x age finds the values of the plain matrix, in the moves too.
func TestValuesOfTheTruth(t *testing.T) {
	w := shop(31)
	w.customers = 4000
	opt := Options{Rules: rulesOf(w.stages), Margin: .35, Currency: "RUB"}
	m := fit(t, w.run().reduce(), opt)
	r := make([]float64, len(w.stages))
	for i, o := range w.order {
		r[i] = o * float64(w.price) / 100 * .35
	}
	v := suffstat.Values(w.p, r, m.Gamma)
	for i, s := range m.Stages {
		if d := math.Abs(s.Value.Value/v[i] - 1); d > .15 {
			t.Errorf("V of %s is %.1f, truth %.1f", s.Name, s.Value.Value, v[i])
		}
	}
	for _, l := range m.LossPoints {
		i, j := slices.Index(w.stages, l.From), slices.Index(w.stages, l.To)
		truth, half := m.Gamma*(v[i]-v[j]), l.Gap.Upper-l.Gap.Value
		if math.Abs(l.Gap.Value-truth) > 2*half {
			t.Errorf("gap of %s->%s is %.1f +- %.1f, truth %.1f", l.From, l.To, l.Gap.Value, half, truth)
		}
	}
	if len(m.LossPoints) < 2 {
		t.Errorf("%d loss points", len(m.LossPoints))
	}
}

// Stays of unknown age count as the oldest.
func TestAgeMix(t *testing.T) {
	in := tables{}
	in.spread([]string{"a", "b"}, [][]int{{60, 40}, {0, 100}})
	in.add("spells", "a", "b", 1, 2, false, 0, 10) // 10 at age 1, 10 at age 2
	m := &Model{}
	x := newIndex(in.load(t), Options{})
	x.fitDwell(m)
	c := x.newChain(m)
	mix := c.ageMix(c.total, 0)
	near(t, "age 1", mix[0], .1, 1e-12)
	near(t, "age 2", mix[1], .1, 1e-12)
	near(t, "oldest", mix[c.ages-1], .8, 1e-12)
}

// More groups than fit in memory: the largest stay, and coverage says so. More stages than anybody can read: an error of the data.
func TestLimits(t *testing.T) {
	in := tables{}
	for g := range 250 {
		for i := range 30 {
			in.add("transitions", "segment", fmt.Sprintf("g%03d", g), fmt.Sprintf("s%02d", i), "s00", 0, 1+g)
		}
	}
	for i := range 30 {
		in.add("transition_periods", 1, fmt.Sprintf("s%02d", i), "s00", 0, 1)
	}
	in.add("periods", 1, "2026-07-06", 7)
	m := fit(t, in, Options{})
	if m.GroupsCut != 28 {
		t.Errorf("%d groups cut, want 28", m.GroupsCut)
	}
	for _, c := range m.Transitions {
		if c.Grouping == "segment" && c.Group < "g028" {
			t.Fatalf("small group %s kept", c.Group)
		}
	}
	for _, c := range Coverage(m, Options{}, nil, 0) {
		if c.Input == "segment_memberships" && c.Note != "group_limit" {
			t.Errorf("coverage %+v", c)
		}
	}
	c := &Counts{Stages: make([]string, 201)}
	var data *analytics.DataError
	if _, err := Fit(c, Options{}); !errors.As(err, &data) {
		t.Errorf("201 stages: %v", err)
	}
}

// One selected of ten is printed at .995, all of all at .95; rows in no family do not count.
func TestSelectedLevel(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		q    []float64
		want float64
	}{
		{nil, .95}, {[]float64{nan}, .95}, {[]float64{.01, .02}, .95}, {[]float64{.01, .5, .5, .5, .5, .5, .5, .5, .5, .5, nan}, .995}, {[]float64{.5, .6}, .999},
	} {
		near(t, fmt.Sprint(c.q), selectedLevel(c.q, .05), c.want, 1e-12)
	}
}
