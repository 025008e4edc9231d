package effects

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

// The effect with one covariate left out is what the saturated regression of R says on the wider cells, with the entrants of the narrow ones (testdata/oracle/make_effects.R).
func TestLeaveOutOracle(t *testing.T) {
	data, err := os.ReadFile("../../testdata/oracle/leave_out.json")
	if err != nil {
		t.Fatal(err)
	}
	type answer struct{ ATT, SE float64 }
	var o struct {
		Rows []struct {
			Stage, Recency, Orders, N, Ordered int64
			Treated                            bool
			Bucket                             int
		}
		Full                   float64
		Stage, Recency, Orders answer
	}
	if err := json.Unmarshal(data, &o); err != nil {
		t.Fatal(err)
	}
	c := cells{}
	for _, r := range o.Rows {
		c.rows = append(c.rows, CellRow{Cell: pack(bins{stage: r.Stage, recency: r.Recency, orders: r.Orders}), Treated: r.Treated, Bucket: r.Bucket, N: r.N, Ordered: r.Ordered})
	}
	c.index, _ = cellsBy(c.rows, func(b bins) bins { return b })
	n, ordered := func(r CellRow) int64 { return r.N }, func(r CellRow) int64 { return r.Ordered }
	full := att(c.rows, c.index, n, ordered)
	if math.Abs(full.Outcomes[0].ATT.Value-o.Full) > 1e-12 {
		t.Errorf("with all covariates %g, R says %g", full.Outcomes[0].ATT.Value, o.Full)
	}
	names, got := c.leaveOut(full, n, ordered)
	if !slices.Equal(names, []string{"stage", "recency", "orders"}) {
		t.Fatalf("left out: %v", names)
	}
	for i, want := range []answer{o.Stage, o.Recency, o.Orders} {
		x := got[i].Outcomes[0]
		if math.Abs(x.ATT.Value-want.ATT) > 1e-12 || math.Abs(x.SE-want.SE) > 1e-12 || got[i].Matched != full.Matched {
			t.Errorf("without %s: %g (%g), %d entrants; R says %g (%g), of %d", names[i], x.ATT.Value, x.SE, got[i].Matched, want.ATT, want.SE, full.Matched)
		}
	}
}

// reasoned makes one scenario in which nothing has an effect. Customers of whom a reason is true order with probability odd, all others with .2; entrants have the reason rarely, comparators often.
func reasoned(seed uint64, reason int64, odd float64) *Counts {
	rng := rand.New(rand.NewPCG(seed, 77))
	s := Scenario{Key: 1, ID: "s", Horizon: 28, ToDay: 91, Entries: 4000, Customers: 4000, Trial: true, TreatedEvery: 1, OthersEvery: 1, TreatedCustomers: 4000, OtherCustomers: 12000}
	add := func(cell, why int64, treated bool, bucket int, n int64, p float64) {
		var y int64
		for range n {
			if rng.Float64() < p {
				y++
			}
		}
		s.Cells = append(s.Cells, CellRow{Cell: cell, Treated: treated, Bucket: bucket, Reason: why, N: n, Ordered: y, Revenue: 1000 * y, Winsorised: 1000 * y, Staged: n, Better: y, Placebos: n, Placebo: n / 3, PlaceboShort: n / 9})
	}
	for cell := range int64(4) {
		for g := range Buckets {
			add(cell, 0, true, g, 9, .2)
			if bothArms(reason) {
				add(cell, reason, true, g, 1, odd)
			}
			add(cell, 0, false, g, 20, .2)
			add(cell, reason, false, g, 10, odd)
		}
	}
	return &Counts{Scenarios: []Scenario{s}}
}

// Customers whom no message reaches, and who buy less, make a scenario look good beside them: they are taken out of both arms. Of a reason that goes with nothing they stay, and what is no reason of before time zero stays too.
func TestReasons(t *testing.T) {
	for _, c := range []struct {
		reason   int64
		odd      float64
		excluded bool
	}{{reasonHardBounce, .02, true}, {reasonWithheld, .5, true}, {reasonAtCap, .2, false}, {reasonNotSent, .02, false}, {reasonIdle, .02, false}} {
		name := fmt.Sprintf("%s %g", reasonNames[c.reason], c.odd)
		m := Fit(reasoned(3, c.reason, c.odd), Options{})
		if len(m.Reasons) != 2 || m.Reasons[0].Reason != reasonUnknown || m.Reasons[1].Reason != c.reason {
			t.Fatalf("%s: %+v", name, m.Reasons)
		}
		x, e := m.Reasons[1], m.of("s", MethodTrials, "", Order)
		if x.Excluded != c.excluded || x.Comparators != 4000 || math.Abs(x.Share-1./3) > 1e-12 || math.Abs(x.Difference.Value-(c.odd-.2)) > .03 || math.IsNaN(x.ShareTreated) == bothArms(c.reason) {
			t.Errorf("%s: %+v", name, x)
		}
		if slices.Contains(e.Caveats, "reasons_excluded") != c.excluded {
			t.Errorf("%s: caveats %v", name, e.Caveats)
		}
		if units := e.UnitsControl; units != map[bool]int64{true: 8000, false: 12000}[c.excluded] {
			t.Errorf("%s: %d comparators", name, units)
		}
		if biased := math.Abs(e.Value.Value) > .03; biased != (!c.excluded && c.odd < .1) {
			t.Errorf("%s: effect %g where there is none", name, e.Value.Value)
		}
	}
	// A handful of units is not judged, and what came later is an outcome.
	few := reasoned(4, reasonHardBounce, .02)
	few.Scenarios[0].Cells = slices.DeleteFunc(few.Scenarios[0].Cells, func(r CellRow) bool { return r.Reason > 0 && r.Bucket >= 2 })
	few.Scenarios[0].Cells = slices.DeleteFunc(few.Scenarios[0].Cells, func(r CellRow) bool { return r.Reason > 0 && r.Cell >= 1 })
	for _, m := range []*Model{Fit(few, Options{}), Fit(reasoned(5, reasonEnteredLater, .9), Options{})} {
		if x := m.Reasons[1]; x.Difference.OK() || x.Excluded || !math.IsNaN(x.P) {
			t.Errorf("%+v", x)
		}
	}
}

// The range holds the number itself, names what moves it most, and is given for every number of emulated trials.
func TestRanges(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	s := Scenario{Key: 1, ID: "s", Horizon: 28, ToDay: 91, Entries: 4000, Customers: 4000, Trial: true, TreatedEvery: 1, OthersEvery: 1, TreatedCustomers: 4000, OtherCustomers: 12000}
	for orders := range int64(4) {
		for pressure := range int64(2) {
			for g := range Buckets {
				for _, treated := range []bool{false, true} {
					n := 12 - 2*orders // comparators order seldom, entrants often: leaving out orders shows it
					if treated {
						n = 1 + 2*orders
					}
					p := .05 + .1*float64(orders)
					var y int64
					for range n {
						if rng.Float64() < p {
							y++
						}
					}
					s.Cells = append(s.Cells, CellRow{Cell: pack(bins{stage: 1, orders: orders, pressure: pressure}), Treated: treated, Bucket: g, N: n, Ordered: y, Revenue: 100 * y, Winsorised: 100 * y, Staged: n, Better: y})
				}
			}
		}
	}
	m := Fit(&Counts{Scenarios: []Scenario{s}}, Options{})
	for _, outcome := range []string{Order, Revenue, Winsorised, BetterStage} {
		e := m.of("s", MethodTrials, "", outcome)
		if !(e.RangeLower <= e.Value.Value && e.Value.Value <= e.RangeUpper) || e.RangeLeftOut != "orders" || !(e.RangeUpper > e.Value.Upper) {
			t.Errorf("%s: %+v in %g to %g, most by %q", outcome, e.Value, e.RangeLower, e.RangeUpper, e.RangeLeftOut)
		}
	}
	if e := m.of("s", MethodTrials, "", Unsubscribe); e.Value.OK() || !math.IsNaN(e.RangeLower) || e.RangeLeftOut != "" {
		t.Errorf("no number, but a range: %+v", e)
	}
	var left []string
	for _, r := range m.Ranges {
		if r.Outcome == Order {
			left = append(left, r.LeftOut)
			if r.UnitsTreated != 3200 || !(r.Value.Lower < r.Value.Value && r.Value.Value < r.Value.Upper) || r.Value.Level != tableLevel {
				t.Errorf("%+v", r)
			}
		}
	}
	if !slices.Equal(left, []string{"orders", "pressure"}) {
		t.Errorf("left out: %v", left)
	}
	if len(m.Tables()[2].Rows) != len(m.Ranges) {
		t.Errorf("%d rows of %d", len(m.Tables()[2].Rows), len(m.Ranges))
	}
}
