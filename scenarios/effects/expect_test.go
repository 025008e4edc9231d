package effects

import (
	"math"
	"testing"

	"crmaudit/analytics/suffstat"
)

// What a hypothesis counts on is pulled towards the effects of its class: on one outcome, by one kind of design. Fewer than five are left as they are, and one class knows nothing of another.
func TestExpectedIsShrunkWithinItsClass(t *testing.T) {
	values := []float64{.001, -.002, .003, 0, .02, .001}
	of := func(method, outcome string, n int) *Model {
		f := fitter{opt: Options{}.filled(), m: &Model{}}
		var y, se []float64
		for _, v := range values[:n] {
			e := Effect{Method: method, Outcome: outcome, SE: .006, AllowedSE: .008, DF: 99, Value: suffstat.Estimate{Value: v, Lower: v - .012, Upper: v + .012, N: 500, Unit: "share"}}
			e.Allowed = e.Value
			e.Allowed.Value -= .001
			f.m.Effects = append(f.m.Effects, e)
			y, se = append(y, v), append(se, .006)
		}
		f.m.Effects = append(f.m.Effects, Effect{Method: method, Outcome: Revenue, SE: 5, DF: 99, Value: suffstat.Estimate{Value: 1000, Lower: 990, Upper: 1010}},
			Effect{Method: MethodNone, Outcome: outcome, Value: suffstat.NotEstimable("", .95)})
		f.expect()
		if n >= suffstat.MinShrink && method != MethodTrials {
			class := suffstat.Shrink(y, se, .90)
			for i := range y {
				if got := f.m.Effects[i].Expected; math.Abs(got.Value-class.Value[i]) > 1e-12 || math.Abs(got.Upper-got.Lower-2*class.Half[i]) > 1e-12 {
					t.Errorf("%s: expected %+v, the class says %g +- %g", method, got, class.Value[i], class.Half[i])
				}
			}
		}
		return f.m
	}
	split := of(MethodHoldout, Order, 6)
	if top := split.Effects[4].Expected; top.Value >= .02 || top.Value <= .004 || top.Level != .90 {
		t.Errorf("the best of six is not pulled: %+v", top)
	}
	if trials := of(MethodTrials, Order, 6); trials.Effects[4].Expected.Value >= .019 {
		t.Errorf("trials: %+v", trials.Effects[4].Expected)
	}
	few := of(MethodHoldout, Order, 4)
	if e := few.Effects[2].Expected; e.Value != .003 || math.Abs(e.Upper-(.003+suffstat.TQuantile(.9875, 99)*.006)) > 1e-12 { // one of four picked: level 1 - .1/4
		t.Errorf("four effects are no class: %+v", e)
	}
	if other := split.Effects[6].Expected; other.Value != 1000 {
		t.Errorf("revenue is pulled by orders: %+v", other)
	}
	if none := split.Effects[7].Expected; !math.IsNaN(none.Value) {
		t.Errorf("without a number: %+v", none)
	}
}
