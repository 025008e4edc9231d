package pairs

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"

	"pgregory.net/rapid"
)

// The fast judgement of a contrast is the one of analytics.Decide: same verdict, same interval, same p-values, same n.
func TestContrastIsDecide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		buckets := rapid.IntRange(18, 50).Draw(t, "buckets")
		n := rapid.IntRange(50, 3000).Draw(t, "n")
		law := usual
		law.click, law.order = rapid.Float64Range(.01, .5).Draw(t, "click"), rapid.Float64Range(.02, .6).Draw(t, "order")
		other := law
		other.click += rapid.Float64Range(-.01, .03).Draw(t, "more")
		margin := rapid.Float64Range(.002, .05).Draw(t, "margin")
		make := func(l behaviour, n int) side {
			var s side
			s.clear(buckets)
			for range n {
				x := l.draw(rng, 1+rng.IntN(6))
				s.add(rng.IntN(buckets), &x)
			}
			return s
		}
		a, b := make(law, n), make(other, 2*n)
		q := quantiles{}
		ratios := func(s *side, m metric) []suffstat.Ratio {
			out := []suffstat.Ratio{}
			for _, x := range s.by {
				out = append(out, suffstat.Ratio{Num: x[m.num], Den: x[m.den]})
			}
			return out
		}
		for _, m := range (&Counts{}).metrics()[:5] {
			got := q.contrast(m, &a, &b, margin)
			if got.events || m.money {
				continue
			}
			c := analytics.CompareRates(ratios(&a, m), ratios(&b, m), a.customers(), b.customers(), margin, false)
			for i := range c.Sides {
				c.Sides[i].Events = min(c.Sides[i].Events, []int64{got.NA, got.NB}[i]-c.Sides[i].Events)
			}
			want := analytics.Decide(c)
			near := func(what string, x, y float64) {
				if math.IsNaN(x) != math.IsNaN(y) || math.Abs(x-y) > 1e-9*(1+math.Abs(y)) {
					t.Fatalf("%s: %s = %.12g, Decide has %.12g (%+v)", m.name, what, x, y, want)
				}
			}
			if got.Verdict != want.Verdict {
				t.Fatalf("%s: %s, Decide says %s: %+v %+v", m.name, got.Verdict, want.Verdict, got, want)
			}
			near("difference", got.Difference, want.Interval.Value)
			near("lower", got.Lower, want.Interval.Lower)
			near("upper", got.Upper, want.Interval.Upper)
			if want.Verdict != analytics.InsufficientData {
				near("p of difference", got.PDifference, want.PDifference)
				near("p of equivalence", got.PEquivalence, want.PEquivalence)
			}
			// A whole number: both may round the other way, and the last digits of billions are those of a quotient near zero.
			if math.Abs(float64(got.Needed-want.Needed)) > 1+1e-9*float64(want.Needed) {
				t.Fatalf("%s: needed %d, Decide has %d", m.name, got.Needed, want.Needed)
			}
		}
	})
}

// Two segments that overlap: what is compared is those in one of them only, whatever the members of both do.
func TestSharedLeftOut(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	odd := usual
	odd.order, odd.click = .9, .6
	var persons []person
	for range 4000 {
		persons = append(persons, person{[]int{0}, usual.draw(rng, 4)}, person{[]int{1}, usual.draw(rng, 4)}, person{[]int{0, 1}, odd.draw(rng, 4)})
	}
	m, err := Fit(countsOf(rng, persons, named(2), 50), Options{Margins: margins()})
	if err != nil {
		t.Fatal(err)
	}
	p := m.Pairs[0]
	if p.ComparedA != 4000 || p.ComparedB != 4000 || p.Both != 4000 || p.Compared != Apart {
		t.Fatalf("%+v", p)
	}
	if math.Abs(p.Jaccard.Value-1./3) > 1e-12 || p.Containment != .5 {
		t.Errorf("jaccard %+v containment %g", p.Jaccard, p.Containment)
	}
	for _, c := range p.Contrasts {
		if c.Metric == OrderRate && math.Abs(c.ValueA-.2) > .03 {
			t.Errorf("order rate of a %g: members of both are in it", c.ValueA)
		}
	}
}

func TestEqualAndDifferent(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 4))
	other := usual
	other.order = .24
	var persons []person
	for range 60000 {
		persons = append(persons, person{[]int{0}, usual.draw(rng, 4)}, person{[]int{1}, usual.draw(rng, 4)}, person{[]int{2}, other.draw(rng, 4)})
	}
	m, err := Fit(countsOf(rng, persons, named(3), 50), Options{Margins: margins()})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{Equivalent, Different, Different} {
		if m.Pairs[i].Verdict != want {
			t.Errorf("%s|%s: %s, want %s: %+v", m.Segments[m.Pairs[i].A].ID, m.Segments[m.Pairs[i].B].ID, m.Pairs[i].Verdict, want, m.Pairs[i].Contrasts)
		}
	}
	if len(m.Groups) != 1 || !slices.Equal(m.Groups[0], []int{0, 1}) || m.Pairs[0].Group != 1 || m.Pairs[1].Group != 0 {
		t.Errorf("groups %v", m.Groups)
	}
	fs := Findings(m)
	if len(fs) != 1 || fs[0].Kind != "segment_equivalent" || fs[0].Subject != "a|b" || fs[0].SubjectType != "segment_pair" || fs[0].Opportunity.Effect != nil {
		t.Fatalf("%+v", fs)
	}
	d, ok := fs[0].Number("difference")
	margin, _ := fs[0].Number("margin")
	if !ok || !(d.Lower > -margin.Value && d.Upper < margin.Value*1.0001) {
		t.Errorf("the interval of a proof lies outside its margin: %+v, %g", d, margin.Value)
	}
}

// The n that an undecided pair is said to need decides it.
func TestNeededDecides(t *testing.T) {
	decided, tried := 0, 0
	for r := range 60 {
		rng := rand.New(rand.NewPCG(uint64(r), 3))
		world := func(n int) *Model {
			var persons []person
			for range n {
				persons = append(persons, person{[]int{0}, usual.draw(rng, 4)}, person{[]int{1}, usual.draw(rng, 4)})
			}
			m, err := Fit(countsOf(rng, persons, named(2), 50), Options{Margins: margins()})
			if err != nil {
				t.Fatal(err)
			}
			return m
		}
		small := world(2500)
		p := small.Pairs[0]
		if p.Verdict != Undecided || p.Needed == 0 || p.Needed > 60000 {
			continue
		}
		tried++
		if world(int(p.Needed)).Pairs[0].Verdict != Undecided {
			decided++
		}
	}
	if tried < 20 || 2*decided < tried {
		t.Errorf("%d of %d decided with the n that was said to be needed", decided, tried)
	}
}

func TestMargins(t *testing.T) {
	f := &fitter{c: &Counts{Segments: named(3)}, opt: Options{Margins: margins(), Setup: Setup{Margins: map[string]map[string]float64{
		"a": {OrderRate: .02}, "b": {OrderRate: .005}, "c": {CTR: .03, Response: .05}}}}}
	orders, clicks, response := metric{key: OrderRate}, metric{key: CTR}, metric{key: Response}
	for _, c := range []struct {
		m    metric
		a, b int
		want float64
		from string
	}{
		{orders, 0, 1, .005, "b"}, {orders, 0, 2, .01, "decision"}, {clicks, 0, 2, .01, "decision"}, {response, 0, 1, .01, "decision"}, {response, 2, 0, .01, "decision"},
	} {
		if got, from := f.margin(c.m, c.a, c.b); got != c.want || from != c.from {
			t.Errorf("%s of %d and %d: %g from %s, want %g from %s", c.m.key, c.a, c.b, got, from, c.want, c.from)
		}
	}
}

// Bad input: a verdict with a caveat each, and no number that is not one.
func TestBadInput(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	run := func(name string, persons []person, n int, change func(*Counts)) *Model {
		c := countsOf(rng, persons, named(n), 50)
		if change != nil {
			change(c)
		}
		m, err := Fit(c, Options{Margins: margins()})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, table := range m.Tables() {
			for _, row := range table.Rows {
				if len(row) != len(table.Columns) {
					t.Fatalf("%s: %s: %d columns, row of %d", name, table.Name, len(table.Columns), len(row))
				}
				for i, v := range row {
					if x, ok := v.(float64); ok && !analytics.Finite(x) {
						t.Errorf("%s: %s.%s is %g", name, table.Name, table.Columns[i], x)
					}
				}
			}
		}
		for _, f := range Findings(m) {
			for _, v := range f.Values {
				if v.Estimate != nil && !v.Estimate.OK() {
					t.Errorf("%s: %s %s", name, f.Kind, v.Name)
				}
			}
		}
		Coverage(m, map[string]bool{"segment_memberships": true})
		return m
	}
	has := func(name string, p Pair, verdict, caveat string) {
		if p.Verdict != verdict || !slices.Contains(p.Caveats, caveat) {
			t.Errorf("%s: %s with %v, want %s with %s", name, p.Verdict, p.Caveats, verdict, caveat)
		}
	}
	three := func(n int, in func(i int) []int, law func(i int) Sums) (out []person) {
		for i := range n {
			out = append(out, person{in(i), law(i)})
		}
		return out
	}
	half := func(i int) []int { return []int{i % 2} }

	m := run("everybody", three(4000, func(i int) []int { return [][]int{{0}, {0, 1}}[i%2] }, func(int) Sums { return usual.draw(rng, 3) }), 2, nil)
	has("everybody", m.Pairs[0], m.Pairs[0].Verdict, caveatEverybody)
	if m.Pairs[0].Redundant || m.Pairs[0].Compared != RestOfA || m.Pairs[0].ComparedA != 2000 || m.Pairs[0].ComparedB != 2000 {
		t.Errorf("everybody: %+v", m.Pairs[0])
	}
	m = run("the same customers", three(4000, func(i int) []int { return [][]int{{}, {0, 1}}[i%2] }, func(int) Sums { return usual.draw(rng, 3) }), 2, nil)
	has("the same customers", m.Pairs[0], Undecided, caveatNobody)
	if !m.Pairs[0].Redundant || m.Pairs[0].Compared != NoneLeft {
		t.Errorf("the same customers: %+v", m.Pairs[0])
	}
	m = run("all zero", three(4000, half, func(int) Sums { return Sums{sumN: 1, sumCustomers: 1} }), 2, nil)
	has("all zero", m.Pairs[0], Undecided, caveatMissing)
	if len(m.Metrics) != 0 || m.Missing[OrderRate] != "all_zero" || m.Missing[CTR] != "missing" {
		t.Errorf("all zero: %v %v", m.Metrics, m.Missing)
	}
	m = run("no variation", three(4000, half, func(int) Sums { return Sums{sumN: 1, sumCustomers: 1, sumOrdered: 1, sumRevenue: 500} }), 2, nil)
	has("no variation", m.Pairs[0], Equivalent, caveatVariation)
	if c := m.Pairs[0].Contrasts[0]; c.Method != methodRare {
		t.Errorf("all order: %+v", c)
	}
	m = run("tiny", three(40, half, func(int) Sums { return usual.draw(rng, 3) }), 2, nil)
	has("tiny", m.Pairs[0], Undecided, caveatFew)
	m = run("current state", three(4000, half, func(int) Sums { return usual.draw(rng, 3) }), 2, func(c *Counts) { c.Segments[1].Dated = false })
	has("current state", m.Pairs[0], m.Pairs[0].Verdict, caveatCurrent)
	run("no window", nil, 0, func(c *Counts) { c.Window = nil })
	run("no segments", three(40, func(int) []int { return nil }, func(int) Sums { return usual.draw(rng, 3) }), 0, nil)
	run("one segment", three(400, func(int) []int { return []int{0} }, func(int) Sums { return usual.draw(rng, 3) }), 1, nil)
}

// Rare events: what is proved rarer than the margin on both sides is equal, though neither side has ten events.
func TestRareEvents(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	law := usual
	law.leave = .0001
	make := func(n int) side {
		var s side
		s.clear(50)
		for range n {
			x := law.draw(rng, 3)
			s.add(rng.IntN(50), &x)
		}
		return s
	}
	q := quantiles{}
	m := metric{name: Unsubscribe, key: Unsubscribe, num: sumUnsubscribed, den: sumDelivered}
	a, b := make(6000), make(6000)
	if c := q.contrast(m, &a, &b, .002); c.Verdict != analytics.Equivalent || c.Method != methodRare || !(c.PEquivalence < .05) {
		t.Errorf("%+v", c)
	}
	a, b = make(300), make(300)
	if c := q.contrast(m, &a, &b, .002); c.Verdict != analytics.InsufficientData || c.Needed <= 300 {
		t.Errorf("%+v", c)
	}
	// R: pbinom(3, 5000, .002) = 0.01028314.
	if p := binomialAtMost(3, 5000, .002); math.Abs(p-.01028314) > 5e-9 {
		t.Errorf("p = %g", p)
	}
}

// A redundant pair is one of the same customers, or one within the other, not proved different; a partition of a partition is not.
func TestRedundant(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	var persons []person
	for i := range 6000 {
		in := []int{}
		if i%6 < 2 {
			in = append(in, 0) // a: a third
		}
		if i%6 < 2 && i%50 > 1 {
			in = append(in, 1) // b: nearly all of a
		}
		if i%3 == 2 {
			in = append(in, 2)
		}
		persons = append(persons, person{in, usual.draw(rng, 3)})
	}
	m, err := Fit(countsOf(rng, persons, named(3), 50), Options{Margins: margins()})
	if err != nil {
		t.Fatal(err)
	}
	if !m.Pairs[0].Redundant || m.Pairs[1].Redundant {
		t.Errorf("%+v", m.Pairs)
	}
	fs := Findings(m)
	if len(fs) != 1 || fs[0].Kind != "segment_redundant" || fs[0].Text("reason") != "same" || fs[0].Text("smaller") != "b" {
		t.Errorf("%+v", fs)
	}
}
