package experiments

import (
	"fmt"
	"math"
	"testing"

	"crmaudit/analytics/suffstat"
)

// What a hypothesis counts on is pulled to the mean of its class from five estimates on; of fewer it is the raw one with the interval of so many selected.
func TestExpectedIsShrunk(t *testing.T) {
	world := func(n int) *finder {
		f := &finder{m: &Model{}, opt: Options{Level: .90, FDR: .05}}
		for i := range n {
			se := .01 + .002*float64(i)
			e := suffstat.Estimate{Value: .002 * float64(i*i), N: 1000, Unit: "share"}
			f.m.Rows = append(f.m.Rows, Row{Experiment: fmt.Sprint(i), Outcome: Order, Adjusted: e, AdjustedSE: se, DF: math.Inf(1), Verdict: "different"})
		}
		f.m.Rows = append(f.m.Rows, Row{Experiment: "money", Outcome: Revenue, Adjusted: suffstat.Estimate{Value: 1e6}, AdjustedSE: 1, DF: math.Inf(1)}) // of another class
		return f
	}
	f := world(6)
	top := &f.m.Rows[5]
	got := f.expected(top, adjusted)
	if got.Method != suffstat.MethodShrunk || !(got.Value < top.Adjusted.Value) || !(got.Value > 0) || got.Level != .90 {
		t.Errorf("six of a kind: want the largest (%v) shrunk, got %+v", top.Adjusted.Value, got)
	}
	// Paule-Mandel by hand is in suffstat; here: the class is the six, the money is not in it.
	class := suffstat.Shrink([]float64{0, .002, .008, .018, .032, .050}, []float64{.010, .012, .014, .016, .018, .020}, .90)
	if math.Abs(got.Value-class.Value[5]) > 1e-12 || math.Abs(got.Upper-got.Value-class.Half[5]) > 1e-12 {
		t.Errorf("want %v ± %v, got %+v", class.Value[5], class.Half[5], got)
	}
	f = world(3)
	got = f.expected(&f.m.Rows[2], adjusted)
	if got.Method == suffstat.MethodShrunk || got.Value != f.m.Rows[2].Adjusted.Value {
		t.Errorf("three of a kind are not shrunk, got %+v", got)
	}
	if want := 1 - .1/3; math.Abs(got.Level-want) > 1e-12 {
		t.Errorf("one of three picked: want level %v, got %v", want, got.Level)
	}
}
