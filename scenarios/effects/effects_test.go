package effects

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"crmaudit/analytics"
	"crmaudit/analytics/analyticstest"
	"crmaudit/analytics/suffstat"

	"pgregory.net/rapid"
)

// split makes a hold-out: n customers per arm and bucket, of whom so many per arm order. Money is 10 units per order.
type split struct {
	control, treated               int64 // customers per bucket
	orderedControl, orderedTreated int64
	messagedControl                int64
	before                         [2]int64 // orders before the assignment, per bucket
}

func (s split) tables(t *testing.T) analytics.Source {
	var rct strings.Builder
	rct.WriteString("sk:int64,experiment_id:string,outcome:string,treated:bool,bucket:int64,unit_minor:int64,n:int64,y:int64,x:int64,yy:int64,xx:int64,yx:int64\n")
	row := func(outcome string, treated bool, b int, n, y, x, unit int64) {
		fmt.Fprintf(&rct, "1,x,%s,%v,%d,1,%d,%d,%d,%d,%d,0\n", outcome, treated, b, n, y*unit, x*unit, y*unit*unit, x*unit*unit)
	}
	for b := range Buckets {
		wobble := int64(b%3 - 1)
		for _, o := range []struct {
			outcome string
			unit    int64
		}{{Order, 1}, {Revenue, 1000}, {Winsorised, 1000}, {BetterStage, 1}} {
			row(o.outcome, false, b, s.control, s.orderedControl+wobble, s.before[0]+wobble, o.unit)
			row(o.outcome, true, b, s.treated, s.orderedTreated-wobble, s.before[1], o.unit)
		}
	}
	return analyticstest.Tables(t, map[string]string{
		"scenarios.red_trial_scenarios": scenarioColumns + "1,s,28,0,91,1000,1000,0,false,false,false,false,1,0,0,0\n",
		"scenarios.red_tte":             tteColumns,
		"scenarios.red_trial_balance":   balanceColumns,
		"scenarios.red_rct":             rct.String(),
		"scenarios.red_rct_arms": "sk:int64,scenario_id:string,experiment_id:string,treated:bool,horizon_days:int64,arms:int64,customers:int64,messaged:int64,messaged_before:int64,switched:int64,clustered:int64,first_day:int64,last_day:int64\n" +
			fmt.Sprintf("1,s,x,false,28,1,%d,%d,0,0,0,10,10\n1,s,x,true,28,1,%d,%d,0,0,0,10,10\n", 100*s.control, 100*s.messagedControl, 100*s.treated, 90*s.treated),
	})
}

const (
	scenarioColumns = "sk:int64,scenario_id:string,horizon_days:int64,from_day:int64,to_day:int64,entries:int64,customers:int64,controls:int64,bulk:bool,trial:bool,by_event:bool,locked:bool,treated_every:int64,comparator_every:int64,treated_customers:int64,comparator_customers:int64\n"
	balanceColumns  = "sk:int64,kind:string,name:string,group_value:string,dated:bool,used:bool,units:int64,members:int64,expected_milli:int64,weight_milli:int64,held_units:int64,held_members:int64,held_expected_milli:int64,held_weight_milli:int64,customers_treated:int64,customers_control:int64\n"
	tteColumns      = "sk:int64,cell:int64,treated:bool,reason:int64,bucket:int64,n:int64,ordered:int64,revenue_minor:int64,capped_minor:int64,unsubscribed:int64,staged:int64,better:int64,placebos:int64,placebo:int64,placebo_short:int64\n"
)

func run(t *testing.T, src analytics.Source) (*Model, []analytics.Finding) {
	t.Helper()
	c, err := Load(context.Background(), src)
	if err != nil {
		t.Fatal(err)
	}
	opt := Options{Currency: "RUB", Margin: .5}
	m := Fit(c, opt)
	return m, Findings(m, opt)
}

func find(findings []analytics.Finding, kind string) *analytics.Finding {
	for i := range findings {
		if findings[i].Kind == kind {
			return &findings[i]
		}
	}
	return nil
}

func TestHoldoutLift(t *testing.T) {
	m, findings := run(t, split{control: 50, treated: 50, orderedControl: 5, orderedTreated: 10, before: [2]int64{6, 6}}.tables(t))
	e := m.of("s", MethodAssignment, "x", Order)
	if e == nil || e.Grade != analytics.GradeRandomized || math.Abs(e.Value.Value-.1) > .005 || math.Abs(e.Baseline.Value-.1) > .002 || e.Treated != 5000 {
		t.Fatalf("%+v", e)
	}
	if !(e.Value.Lower > 0) || !(e.Q < .05) || e.Decision.Verdict != analytics.Different || e.Value.Level <= .95 && len(m.Effects) > 5 {
		t.Errorf("%+v", e)
	}
	f := find(findings, "scenario_effect")
	if f == nil || f.Text("reason") != "lift" || f.Text("grade") != "A" || f.Exploratory {
		t.Fatalf("%+v", findings)
	}
	o := f.Opportunity
	// The control arm of one day: 5000 customers a quarter at most; 1 RUB more per customer, half of it margin... 10 RUB per order x .1 x .5.
	if o == nil || o.Effect == nil || o.Money == nil || o.Population != 5000 || math.Abs(o.Money.Value-5000*10*.1*.5) > 150 || o.Effect.Level != .90 || o.Grade != analytics.GradeRandomized {
		t.Errorf("%+v, money %+v", o, o.Money)
	}
	if find(findings, "scenario_harm") != nil {
		t.Error("a gain is reported as harm")
	}
}

func TestHoldoutHarm(t *testing.T) {
	_, findings := run(t, split{control: 50, treated: 50, orderedControl: 10, orderedTreated: 5, before: [2]int64{6, 6}}.tables(t))
	f := find(findings, "scenario_harm")
	if f == nil || f.Text("reason") != "lift" || f.Severity != analytics.Critical {
		t.Fatalf("%+v", findings)
	}
	if o := f.Opportunity; o.Effect == nil || o.Effect.Value < 0 || o.Money == nil || o.Money.Value < 0 {
		t.Errorf("stopping a harmful scenario must bring something: %+v", o)
	}
}

func TestHoldoutGates(t *testing.T) {
	for gate, s := range map[string]split{
		"srm":           {control: 43, treated: 57, orderedControl: 5, orderedTreated: 10, before: [2]int64{6, 6}},
		"contamination": {control: 50, treated: 50, orderedControl: 5, orderedTreated: 10, messagedControl: 1, before: [2]int64{6, 6}},
		"balance":       {control: 50, treated: 50, orderedControl: 5, orderedTreated: 10, before: [2]int64{4, 9}},
	} {
		m, findings := run(t, s.tables(t))
		c := m.Check("s", "all", gate)
		if c == nil || c.Passed {
			t.Errorf("%s: check %+v", gate, c)
		}
		for _, e := range m.Effects {
			if e.Value.OK() || e.Grade != analytics.GradeStructural || !slices.Contains(e.Caveats, gate) {
				t.Errorf("%s: %+v", gate, e)
			}
		}
		f := find(findings, "scenario_effect")
		if f == nil || f.Text("reason") != "broken_split" || !strings.Contains(f.Text("failed"), gate) || f.Opportunity.Effect != nil || f.Opportunity.Money != nil {
			t.Errorf("%s: %+v", gate, findings)
		}
		if _, ok := f.Number("effect"); ok {
			t.Errorf("%s: a finding without a number has one", gate)
		}
	}
}

func TestNoStateChange(t *testing.T) {
	_, findings := run(t, split{control: 500, treated: 500, orderedControl: 50, orderedTreated: 50, before: [2]int64{60, 60}}.tables(t))
	f := find(findings, "no_state_change")
	if f == nil || f.Verdict != analytics.Equivalent || f.Text("grade") != "A" || f.Opportunity.Effect != nil || f.Exploratory {
		t.Fatalf("%+v", findings)
	}
	// Said with the interval that the test uses: 90 %, and as wide as t on the buckets makes it.
	effect, _ := f.Number("effect")
	held, _ := f.Number("equivalence")
	margin, _ := f.Number("margin")
	if held.Level != .9 || held.Value != effect.Value || !(held.Upper-held.Lower < .87*(effect.Upper-effect.Lower)) || !(held.Lower > -margin.Value && held.Upper < margin.Value) || held.Unit != "share" || held.N != effect.N {
		t.Errorf("held against the margin: %+v beside the effect %+v", held, effect)
	}
	if _, told := f.Number("observed"); told {
		t.Errorf("a random split has no allowance for bias: %+v", f.Values)
	}
	// A small base proves nothing.
	if _, findings = run(t, split{control: 5, treated: 5, orderedControl: 1, orderedTreated: 1, before: [2]int64{1, 1}}.tables(t)); find(findings, "no_state_change") != nil {
		t.Errorf("%+v", findings)
	}
}

// TestEquivalenceInterval: what is printed beside the margin is what the two one-sided tests use: the 90 % interval lies inside it exactly when they say so, with the allowance for bias of trials in it.
func TestEquivalenceInterval(t *testing.T) {
	inside, outside := 0, 0
	for seed := range uint64(20) {
		m, _ := run(t, trials(t, seed, .004*float64(seed), 0, true))
		for i := range m.Effects {
			e := &m.Effects[i]
			held := e.equivalence()
			if !held.OK() {
				continue
			}
			is := held.Lower > -e.Margin && held.Upper < e.Margin
			if is != (e.Decision.PEquivalence < .05) || held.Level != .9 {
				t.Errorf("%s of seed %d: %+v against the margin %g, p %g", e.Outcome, seed, held, e.Margin, e.Decision.PEquivalence)
			}
			inside, outside = inside+bit(is), outside+bit(!is)
		}
	}
	if inside == 0 || outside == 0 {
		t.Errorf("%d inside, %d outside: one of them was never looked at", inside, outside)
	}
	// Trials: by the convention half of what adjustment has moved is allowed for.
	sides := []analytics.Side{{Customers: 900, Effective: 900, Events: 90}, {Customers: 900, Effective: 900, Events: 90}}
	e := Effect{Scenario: "s", Outcome: BetterStage, Method: MethodTrials, Value: suffstat.Estimate{Value: .004, Lower: .002, Upper: .006, Level: .95, N: 1800, Unit: "share"}, Unadjusted: .024, SE: .001, DF: 49, Margin: .02,
		compared: analytics.Comparison{Difference: .004, SE: .001, DF: 49, Margin: .02, Directional: true, Buckets: 50, Sides: sides}}
	e.Decision = analytics.Decide(e.compared)
	f := &fitter{m: &Model{Effects: []Effect{e}}}
	f.calibrate()
	held, half := f.m.Effects[0].equivalence(), suffstat.TQuantile(.95, 49)*math.Hypot(.001, .01)
	if math.Abs(held.Value-.004) > 1e-12 || math.Abs(held.Upper-.004-half) > 1e-9 || held.Level != .9 {
		t.Errorf("%+v, want .004 +/- %g", held, half)
	}
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// trials makes one scenario of a few cells; older is added to the share of treated with older orders.
func trials(t *testing.T, seed uint64, lift, older float64, placebos bool) analytics.Source {
	rng := rand.New(rand.NewPCG(seed, 9))
	var b strings.Builder
	b.WriteString(tteColumns)
	for cell := range 4 {
		for g := range Buckets {
			for _, treated := range []bool{false, true} {
				n, p, q := int64(60), .1, .3
				if treated {
					n, p, q = 20, p+lift, q+older
				}
				draw := func(p float64) (k int64) {
					for range n {
						if rng.Float64() < p {
							k++
						}
					}
					return k
				}
				orders, old, short, known := draw(p), draw(q), draw(q/4), n
				if !placebos {
					known, old, short = 0, 0, 0
				}
				fmt.Fprintf(&b, "1,%d,%v,0,%d,%d,%d,%d,%d,0,%d,%d,%d,%d,%d\n", cell, treated, g, n, orders, 1000*orders, 1000*orders, n, orders, known, old, short)
			}
		}
	}
	return analyticstest.Tables(t, map[string]string{
		"scenarios.red_trial_scenarios": scenarioColumns + "1,s,28,0,91,8000,8000,0,false,true,false,false,1,1,8000,24000\n",
		"scenarios.red_tte":             b.String(),
		"scenarios.red_trial_balance":   balanceColumns,
		"scenarios.red_rct":             "sk:int64,experiment_id:string,outcome:string,treated:bool,bucket:int64,unit_minor:int64,n:int64,y:int64,x:int64,yy:int64,xx:int64,yx:int64\n",
		"scenarios.red_rct_arms":        "sk:int64,scenario_id:string,experiment_id:string,treated:bool,horizon_days:int64,arms:int64,customers:int64,messaged:int64,messaged_before:int64,switched:int64,clustered:int64,first_day:int64,last_day:int64\n",
	})
}

func TestTrialsGradeC(t *testing.T) {
	m, findings := run(t, trials(t, 1, .05, 0, true))
	e := m.of("s", MethodTrials, "", Order)
	if e.Grade != analytics.GradeAdjusted || math.Abs(e.Value.Value-.05) > .02 || !(e.EValue >= minEValue) {
		t.Fatalf("%+v", e)
	}
	f := find(findings, "scenario_effect")
	if f == nil || f.Text("reason") != "adjusted_lift" || f.Opportunity.Grade != analytics.GradeAdjusted || f.Opportunity.Effect == nil || f.Opportunity.Money == nil {
		t.Fatalf("%+v", findings)
	}
	if e.Allowed.Upper-e.Allowed.Lower < e.Value.Upper-e.Value.Lower-1e-9 && e.Value.Level == tableLevel {
		t.Error("the allowance for bias makes the interval narrower")
	}
}

func TestTrialsGradeD(t *testing.T) {
	for why, src := range map[string]analytics.Source{
		"placebo":    trials(t, 2, .05, .15, true),
		"no_placebo": trials(t, 3, .05, 0, false),
		"e_value":    trials(t, 4, 0, 0, true),
	} {
		m, findings := run(t, src)
		e := m.of("s", MethodTrials, "", Order)
		if e.Grade != analytics.GradeStructural || !slices.Contains(e.Caveats, why) || !e.Value.OK() {
			t.Errorf("%s: %+v", why, e)
		}
		for _, f := range findings {
			if f.Opportunity.Effect != nil || f.Opportunity.Money != nil || f.Opportunity.Grade != analytics.GradeStructural {
				t.Errorf("%s: grade D with an effect: %+v", why, f)
			}
		}
	}
}

// A scenario for one audience whose customers order less by themselves: beside everybody it looks harmful at grade C, beside its audience it changes nothing; what nobody can hold equal makes a grade D.
func TestAudience(t *testing.T) {
	tell := func(told bool, groups ...GroupRow) *Model {
		s := Scenario{Key: 1, ID: "s", Horizon: 28, ToDay: 91, Entries: 4000, Customers: 4000, Trial: true, TreatedEvery: 1, OthersEvery: 1, TreatedCustomers: 4000, OtherCustomers: 12000, Groups: groups}
		for g := range int64(Buckets) {
			add := func(in, treated bool, n, ordered int64) {
				b := bins{stage: 1}
				if told && in {
					b.audience = 1
				}
				s.Cells = append(s.Cells, CellRow{Cell: pack(b), Treated: treated, Bucket: int(g), N: n, Ordered: ordered, Revenue: 1000 * ordered, Winsorised: 1000 * ordered, Staged: n, Better: ordered,
					Placebos: n, Placebo: n/2 + (g+n/20)%4*n/20, PlaceboShort: n/5 + (g+n/20)%4*n/20})
			}
			add(true, true, 40, 4+2*(g%2))
			add(true, false, 20, 2+g%2)
			add(false, false, 100, 29+g%3)
		}
		return Fit(&Counts{Scenarios: []Scenario{s}}, Options{})
	}
	tea := GroupRow{Group: Group{Kind: "segment", Name: "tea", Dated: true}, Used: true, Plain: Members{4000, 4000, 667000, 1333000}, Held: Members{4000, 4000, 4000000, 8000000}, Treated: 4000, Comparison: 12000}
	vip := GroupRow{Group: Group{Kind: "attribute", Name: "attr_tier", Value: "vip"}, Plain: Members{4000, 2000, 400000, 1333000}, Held: Members{4000, 2000, 400000, 8000000}, Treated: 4000, Comparison: 12000}
	harmful := func(e *Effect) bool {
		return e.Grade == analytics.GradeAdjusted && e.Decision.Verdict == analytics.Different && e.Value.Value < 0
	}
	if e := tell(false).of("s", MethodTrials, "", Order); !harmful(e) {
		t.Errorf("beside everybody: %+v", e)
	}
	m := tell(true, tea)
	e := m.of("s", MethodTrials, "", Order)
	if e.Decision.Verdict == analytics.Different || math.Abs(e.Value.Value) > .02 || slices.Contains(e.Caveats, "groups_differ") {
		t.Errorf("beside the audience: %+v", e)
	}
	c := m.Check("s", "all", "audience")
	if c == nil || c.Note != "in segment tea" || math.Abs(c.Value.Value-667.5/4001) > 1e-9 || m.Check("s", "all", "groups") != nil {
		t.Errorf("audience: %+v", c)
	}
	if e.RangeLeftOut != "audience" || e.RangeLower > -.1 {
		t.Errorf("range: %+v", e)
	}
	m = tell(false, vip)
	if e := m.of("s", MethodTrials, "", Order); e.Grade != analytics.GradeStructural || !slices.Contains(e.Caveats, "groups_differ") {
		t.Errorf("a group that differs: %+v", e)
	}
	if f := find(Findings(m, Options{}), "scenario_harm"); f == nil || f.Text("differs_in") != "tier: vip" || f.Text("failed") != "groups_differ" || f.Opportunity.Money != nil || f.Severity != analytics.Notice {
		t.Errorf("%+v", f)
	}
	if c := m.Check("s", "all", "groups"); c == nil || c.Passed || c.Note != "attribute attr_tier=vip" {
		t.Errorf("groups: %+v", c)
	}
	// The same shares among few customers may be chance.
	vip.Held = Members{20, 10, 2000, 400000}
	if m := tell(false, vip); !m.Check("s", "all", "groups").Passed || m.of("s", MethodTrials, "", Order).Grade != analytics.GradeAdjusted {
		t.Errorf("few customers: %+v", m.Check("s", "all", "groups"))
	}
}

// Whatever the data: a grade D carries neither effect nor money, only grade A says lift, every value is finite or warned about, and every estimate is a number.
func TestFindingsAreHonest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := &Counts{}
		for sk := range rapid.IntRange(1, 4).Draw(t, "scenarios") {
			s := Scenario{Key: int64(sk), ID: fmt.Sprintf("it's %d", sk), Horizon: 28, ToDay: 91, Entries: 900, Customers: 900, Trial: true, TreatedEvery: 1, OthersEvery: 1, TreatedCustomers: 900, OtherCustomers: 900}
			rate := rapid.SliceOfN(rapid.IntRange(0, 4), 3, 3).Draw(t, "rates")
			for cell := range 2 {
				for b := range 30 {
					for _, treated := range []bool{false, true} {
						n := int64(rapid.IntRange(0, 9).Draw(t, "n"))
						if n == 0 {
							continue
						}
						share := func(i int) int64 { return min(n, int64(rapid.IntRange(0, rate[i]).Draw(t, "y"))) }
						o := share(0)
						s.Cells = append(s.Cells, CellRow{Cell: int64(cell), Treated: treated, Bucket: b, N: n, Ordered: o, Revenue: 700 * o, Winsorised: 500 * o, Unsubscribed: share(1), Staged: n, Better: o,
							Placebos: n, Placebo: share(2), PlaceboShort: share(2)})
					}
				}
			}
			for g := range rapid.IntRange(0, 3).Draw(t, "groups") {
				members := func() Members {
					n := int64(rapid.IntRange(0, 900).Draw(t, "units"))
					return Members{n, min(n, int64(rapid.IntRange(0, 900).Draw(t, "members"))), 1000 * min(n, int64(rapid.IntRange(0, 900).Draw(t, "expected"))), 1000 * n}
				}
				s.Groups = append(s.Groups, GroupRow{Group: Group{Kind: "segment", Name: fmt.Sprint(g)}, Used: g == 0, Plain: members(), Held: members(), Treated: 900, Comparison: 900})
			}
			c.Scenarios = append(c.Scenarios, s)
		}
		m := Fit(c, Options{})
		for _, table := range m.Tables() {
			for _, row := range table.Rows {
				if len(row) != len(table.Columns) {
					t.Fatalf("%s: %d values for %d columns", table.Name, len(row), len(table.Columns))
				}
				for _, v := range row {
					if x, ok := v.(float64); ok && !analytics.Finite(x) {
						t.Fatalf("%s: %v", table.Name, row)
					}
				}
			}
		}
		for _, f := range Findings(m, Options{}) {
			o := f.Opportunity
			if f.Text("grade") == "D" && (o.Effect != nil || o.Money != nil) || f.Text("reason") == "lift" || o.Grade == analytics.GradeRandomized {
				t.Fatalf("%+v", f)
			}
			for _, v := range f.Values {
				if v.Estimate != nil && !v.Estimate.OK() {
					t.Fatalf("%s: %+v", v.Name, v.Estimate)
				}
			}
			if strings.Count(f.EvidenceSQL, "'")%2 != 0 {
				t.Fatal(f.EvidenceSQL)
			}
		}
	})
}

func TestFitDoesNotDependOnOrder(t *testing.T) {
	c, err := Load(context.Background(), trials(t, 5, .02, 0, true))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"vip", "tea", "app"} { // two are as far apart
		c.Scenarios[0].Groups = append(c.Scenarios[0].Groups, GroupRow{Group: Group{Kind: "segment", Name: name}, Used: name == "tea", Held: Members{900, 700, 500000, 900000}, Plain: Members{900, 700, 500000, 900000}, Treated: 900, Comparison: 900})
	}
	want := fmt.Sprint(Fit(c, Options{}).Tables())
	slices.Reverse(c.Scenarios[0].Cells)
	slices.Reverse(c.Scenarios[0].Groups)
	if got := fmt.Sprint(Fit(c, Options{}).Tables()); got != want {
		t.Error("the order of cells changes the tables")
	}
}

func TestWithoutData(t *testing.T) {
	m := Fit(&Counts{}, Options{})
	if len(m.Tables()) != 5 || len(Findings(m, Options{})) != 0 {
		t.Errorf("%+v", m)
	}
	cov := Coverage(m, nil)
	if len(cov) == 0 || cov[0].Present {
		t.Errorf("%+v", cov)
	}
	// A calendar campaign, and a scenario that takes everybody: a row that says why, no number.
	m = Fit(&Counts{Scenarios: []Scenario{{Key: 1, ID: "a", Bulk: true, Entries: 900, Customers: 500, ToDay: 91}, {Key: 2, ID: "b", Entries: 900, Customers: 500, ToDay: 91, Trial: true, TreatedCustomers: 500,
		Cells: []CellRow{{Cell: 1, Treated: true, N: 900, Ordered: 50, Staged: 900}}}}}, Options{})
	findings := Findings(m, Options{})
	if len(m.Effects) < 2 || len(findings) != 2 {
		t.Fatalf("%+v %+v", m.Effects, findings)
	}
	for _, f := range findings {
		if f.Text("reason") != "no_design" || f.Opportunity.TestDesign != "holdout" || f.Opportunity.Effect != nil {
			t.Errorf("%+v", f)
		}
	}
	for _, e := range m.Effects {
		if e.Value.OK() || e.Grade != analytics.GradeStructural {
			t.Errorf("%+v", e)
		}
	}
}

func TestPackAndUnpack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(n int64) int64 { return rapid.Int64Range(0, n-1).Draw(t, "bin") }
		b := bins{draw(60), draw(256), draw(3), draw(13), draw(4), draw(6), draw(3), draw(4), draw(3), draw(4), draw(2)}
		if got := unpack(pack(b)); got != b {
			t.Fatalf("%+v became %+v", b, got)
		}
	})
}

// Cells that are only thin are joined; a scenario that takes everybody from some fortnight on is not rescued by widening the calendar.
func TestChooseCells(t *testing.T) {
	var thin, late []CellRow
	for f := range int64(20) {
		for o := range int64(6) {
			cell := pack(bins{fortnight: f, orders: o})
			thin = append(thin, CellRow{Cell: cell, Treated: true, N: 2}, CellRow{Cell: cell, N: 2})
			late = append(late, CellRow{Cell: cell, Treated: true, N: 2})
			if f < 8 {
				late = append(late, CellRow{Cell: cell, N: 20})
			}
		}
	}
	if _, level, p := chooseCells(thin); p != 1 || ladder[level].note != "cells_eight_weeks" {
		t.Errorf("thin cells: %s, positivity %g", ladder[level].note, p)
	}
	if _, level, p := chooseCells(late); math.Abs(p-.4) > 1e-9 || level != 0 {
		t.Errorf("late entries: %s, positivity %g, want .4", ladder[level].note, p)
	}
}

func TestFamilies(t *testing.T) {
	m := &Model{}
	// Four tests of three outcomes are one family.
	for i, p := range []float64{.001, .02, .6, .9} {
		m.Effects = append(m.Effects, Effect{Scenario: fmt.Sprint(i), Outcome: []string{Order, Unsubscribe, BetterStage, BetterStage}[i], Value: suffstat.Estimate{Value: 1, Lower: .5, Upper: 1.5, Level: .95},
			SE: .25, DF: 99, P: p, QEquivalence: math.NaN(), Decision: analytics.Decision{PEquivalence: []float64{.01, .01, .03, .5}[i]}})
	}
	f := fitter{opt: Options{}.filled(), m: m}
	f.families()
	want := suffstat.BH([]float64{.001, .02, .6, .9})
	for i, e := range m.Effects {
		if e.Q != want[i] {
			t.Errorf("q of %d is %g, want %g", i, e.Q, want[i])
		}
	}
	if q := m.Effects[2].QEquivalence; q != .06 || !math.IsNaN(m.Effects[0].QEquivalence) {
		t.Errorf("equivalence of the better stages: q %g, of orders %g", q, m.Effects[0].QEquivalence)
	}
	// Two of four selected: intervals of level 1 - 2 x .05/4.
	if l := m.Effects[0].Value.Level; math.Abs(l-.975) > 1e-12 || m.Effects[0].Value.Lower >= .5 || m.Effects[2].Value.Level != .95 {
		t.Errorf("%+v", m.Effects)
	}
}

// Who is sent messages can leave through them: a few more unsubscribes are no finding, and never money.
func TestUnsubscribes(t *testing.T) {
	for _, c := range []struct {
		more  int64 // of 100 treated customers of a bucket, in one bucket of two
		found bool
	}{{0, false}, {4, true}} {
		x := Holdout{Key: 1, Scenario: "s", Experiment: "x", Horizon: 28, Arms: 2, Customers: [2]int64{10000, 10000}, Outcomes: map[string][]suffstat.Arms{}}
		for _, outcome := range []string{Order, Winsorised, Unsubscribe} {
			arms := make([]suffstat.Arms, Buckets)
			for b := range arms {
				control, treated := int64(1+b%2), int64(1+b%2)
				if outcome == Unsubscribe {
					treated += c.more * int64(b%2)
				}
				arms[b] = suffstat.Arms{suffstat.ComomentsOfSums(100, control, 0, control, 0, 0), suffstat.ComomentsOfSums(100, treated, 0, treated, 0, 0)}
			}
			x.Outcomes[outcome] = arms
		}
		m := Fit(&Counts{Holdouts: []Holdout{x}}, Options{})
		f := find(Findings(m, Options{}), "scenario_harm")
		if (f != nil) != c.found {
			t.Fatalf("%+v: %+v, %+v", c, f, m.of("s", MethodAssignment, "x", Unsubscribe))
		}
		if f != nil && (f.Text("outcome") != Unsubscribe || f.Opportunity.Effect == nil || f.Opportunity.Money != nil || f.Severity != analytics.Warning) {
			t.Errorf("%+v", f)
		}
	}
}
