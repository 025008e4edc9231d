package analytics

import (
	"math"
	"math/rand/v2"
	"testing"

	"crmaudit/analytics/suffstat"
)

func TestDecide(t *testing.T) {
	big := []Side{{Customers: 5000, Effective: 4000, Events: 500}, {Customers: 6000, Effective: 5000, Events: 600}}
	for _, c := range []struct {
		name    string
		d, se   float64
		margin  float64
		dir     bool
		sides   []Side
		buckets int
		want    Verdict
		needed  int64
	}{
		{"far outside", .05, .005, .02, false, big, 100, Different, 0},
		{"far outside, below", -.05, .005, .02, false, big, 100, Different, 0},
		{"inside", .001, .005, .02, false, big, 100, Equivalent, 0},
		{"90 % inside, 95 % not", .011, .005, .02, false, big, 100, Equivalent, 0},
		{"surely not 0, surely too small", .008, .002, .02, true, big, 100, Equivalent, 0},
		{"a direction, size unclear", .02, .005, .02, true, big, 100, Different, 0},
		{"not 0, but perhaps within the margin", .025, .005, .02, false, big, 100, Inconclusive, 39246},
		{"wide", 0, .02, .02, false, big, 100, Inconclusive, 42820},
		{"a direction not seen", .03, .02, .02, true, big, 100, Inconclusive, 17442},
		{"a direction within the margin: told from 0 first", .015, .01, .02, true, big, 100, Inconclusive, 17442},
		{"on the margin", .02, .005, .02, false, big, 100, Inconclusive, 0},
		{"all but on the margin", .02 + 1e-11, .005, .02, false, big, 100, Inconclusive, 0},
		{"certainly on the margin", .02, 0, .02, false, big, 100, Inconclusive, 0},
		{"few events", .05, .005, .02, false, []Side{{5000, 4000, 4}, {6000, 5000, 600}}, 100, InsufficientData, 12500},
		{"few effective observations", .05, .005, .02, false, []Side{{100, 12, 50}, {6000, 5000, 600}}, 100, InsufficientData, 250},
		{"few buckets", .05, .005, .02, false, big, 10, InsufficientData, 10000},
		{"money has no events", .05, .005, .02, false, []Side{{5000, 4000, -1}}, 100, Different, 0},
		{"no margin", .05, .005, 0, false, big, 100, InsufficientData, 0},
		{"no number", math.NaN(), .005, .02, false, big, 100, InsufficientData, 0},
		{"no error known", .05, math.NaN(), .02, false, big, 100, InsufficientData, 0},
		{"certainly different", .05, 0, .02, false, big, 100, Different, 0},
		{"certainly equal", .01, 0, .02, false, big, 100, Equivalent, 0},
	} {
		d := Decide(Comparison{Difference: c.d, SE: c.se, DF: 99, Margin: c.margin, Directional: c.dir, Sides: c.sides, Buckets: c.buckets})
		if d.Verdict != c.want || math.Abs(float64(d.Needed-c.needed)) > .001*float64(c.needed)+1 {
			t.Errorf("%s: %s, needed %d, want %s, %d", c.name, d.Verdict, d.Needed, c.want, c.needed)
		}
		for _, p := range []float64{d.PDifference, d.PEquivalence} {
			if p < 0 || p > 1 || math.IsNaN(p) && c.want != InsufficientData {
				t.Errorf("%s: p-values %g, %g", c.name, d.PDifference, d.PEquivalence)
			}
		}
		if c.want == Different && d.PDifference >= .05 || c.want == Equivalent && d.PEquivalence >= .05 || c.want == Inconclusive && (d.PDifference < .05 || d.PEquivalence < .05) {
			t.Errorf("%s: %s with p-values %g, %g", c.name, d.Verdict, d.PDifference, d.PEquivalence)
		}
	}
	// No event at all: at least as many customers as would show ten at the upper end of the share.
	none := Decide(Comparison{Difference: 0, SE: .001, DF: 99, Margin: .02, Sides: []Side{{1000, 1000, 0}}, Buckets: 100})
	if none.Verdict != InsufficientData || none.Needed < 2000 || none.Needed > 4000 {
		t.Errorf("no events: %+v", none)
	}
}

// The needed n is what the plan of an equivalence test says: p = .2, margin .02: 6,852 per side.
func TestNeededIsThePlan(t *testing.T) {
	const n = 1000
	se := math.Sqrt(2 * .2 * .8 / n)
	d := Decide(Comparison{SE: se, DF: math.Inf(1), Margin: .02, Sides: []Side{{n, n, 200}, {n, n, 200}}, Buckets: 100})
	if d.Verdict != Inconclusive || math.Abs(float64(d.Needed-6852)) > 1 {
		t.Errorf("%s, needed %d, want 6852", d.Verdict, d.Needed)
	}
	again := Decide(Comparison{SE: se * math.Sqrt(n/float64(d.Needed)), DF: math.Inf(1), Margin: .02, Sides: []Side{{d.Needed, 6852, 1370}}, Buckets: 100})
	if again.Verdict != Equivalent {
		t.Errorf("with the needed n: %+v", again)
	}
}

// Statistics 0.3, measured: "not significant" is never "no difference".
func TestVerdictsOfKnownTruths(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	const r = 2000
	verdicts := func(n int64, gap float64) (equivalent, different, notSignificant float64) {
		for range r {
			// Normal approximation of two binomial shares near .2.
			se := math.Sqrt(2 * .2 * .8 / float64(n))
			d := gap + se*rng.NormFloat64()
			v := Decide(Comparison{Difference: d, SE: se, DF: math.Inf(1), Margin: .02, Sides: []Side{{n, float64(n), n / 5}}, Buckets: 100})
			switch v.Verdict {
			case Equivalent:
				equivalent += 1. / r
			case Different:
				different += 1. / r
			}
			if math.Abs(d/se) < 1.96 {
				notSignificant += 1. / r
			}
		}
		return
	}
	if e, _, ns := verdicts(500, .02); e > 0 || ns < .82 {
		t.Errorf("gap 2 pp, n 500: equivalent %.3f, not significant %.3f", e, ns)
	}
	if e, _, _ := verdicts(20000, 0); e < .99 {
		t.Errorf("no gap, n 20000: equivalent %.3f", e)
	}
	if e, d, _ := verdicts(20000, .02); e > .06 || d > .035 {
		t.Errorf("gap on the margin: equivalent %.3f, different %.3f", e, d)
	}
	if _, d, _ := verdicts(20000, .04); d < .99 {
		t.Errorf("gap twice the margin: different %.3f", d)
	}
}

func TestCompareRates(t *testing.T) {
	var a, b []suffstat.Ratio
	for g := range int64(100) {
		// Customers of a bucket are good or bad on both sides: the sides move together.
		a, b = append(a, suffstat.Ratio{Num: 10 + g%20, Den: 100}), append(b, suffstat.Ratio{Num: 14 + g%20, Den: 100})
	}
	c := CompareRates(a, b, 3000, 3000, .02, false)
	d := Decide(c)
	if d.Verdict != Different || math.Abs(c.Difference+.04) > 1e-12 || c.DF != 99 || c.Buckets != 100 {
		t.Errorf("%+v: %+v", c, d)
	}
	swapped := CompareRates(b, a, 3000, 3000, .02, false)
	if swapped.Difference != -c.Difference || swapped.SE != c.SE {
		t.Errorf("swapped: %+v, %+v", swapped, c)
	}
	b[7] = suffstat.Ratio{}
	if c := CompareRates(a, b, 3000, 3000, .02, false); c.Buckets != 100 || math.IsNaN(c.SE) || c.SE == 0 {
		t.Errorf("a bucket on one side only: %+v", c)
	}
	none := Decide(CompareRates(nil, nil, 0, 0, .02, false))
	if none.Verdict != InsufficientData || none.Interval.OK() {
		t.Errorf("nothing: %+v", none)
	}
}
