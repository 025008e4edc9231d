package overlap

import (
	"math"

	"crmaudit/analytics/suffstat"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mathext"
)

// personTime is the customer time of every scenario by stratum: the total, and what each bucket contributes. Time without a known stage is in no stratum.
type personTime struct {
	strata int
	total  [][]float64  // per scenario, nil for one without time; seconds by stratum
	panel  []float64    // everybody
	parts  [][]timePart // by bucket, of scenarios
	bucket [][]float64  // by bucket, of everybody
	used   []bool       // buckets that hold customers
	sum    []float64    // per scenario, with the time without a known stage
}

type timePart struct {
	scenario, stratum int32
	seconds           float64
}

// newPersonTime turns the changes of Counts.Time into seconds by stratum.
func newPersonTime(c *Counts) *personTime {
	cells := 0
	for _, r := range c.Time {
		cells = max(cells, r.Cell+1)
	}
	t := &personTime{
		strata: cells * c.Grid.Units, total: make([][]float64, len(c.Scenarios)), parts: make([][]timePart, Buckets), bucket: make([][]float64, Buckets),
		used: make([]bool, Buckets), sum: make([]float64, len(c.Scenarios)),
	}
	t.panel = make([]float64, t.strata)
	for g := range t.bucket {
		t.bucket[g] = make([]float64, t.strata)
	}
	for at := 0; at < len(c.Time); {
		end := at
		for end < len(c.Time) && c.Time[end].Scenario == c.Time[at].Scenario && c.Time[end].Cell == c.Time[at].Cell {
			end++
		}
		t.add(c, c.Time[at:end])
		at = end
	}
	return t
}

// add spreads the changes of one scenario and cell over the units. Rows come in the order of units within a bucket.
func (t *personTime) add(c *Counts, rows []TimeRow) {
	units, scenario, cell := c.Grid.Units, rows[0].Scenario, rows[0].Cell
	begun, seconds := make([]int64, Buckets*(units+1)), make([]int64, Buckets*(units+1))
	for _, r := range rows {
		at := r.Bucket*(units+1) + r.Unit
		begun[at] += r.Begun
		seconds[at] += r.Seconds
	}
	for g := range Buckets {
		var open int64
		for u := range units {
			at := g*(units+1) + u
			x := float64(seconds[at] + open*c.Grid.UnitSeconds)
			open += begun[at]
			if x <= 0 {
				continue
			}
			if scenario != Everybody {
				t.sum[scenario] += x
			}
			if cell == unknownStage {
				continue
			}
			s := cell*units + u
			if scenario == Everybody {
				t.panel[s] += x
				t.bucket[g][s] += x
				t.used[g] = true
				continue
			}
			if t.total[scenario] == nil {
				t.total[scenario] = make([]float64, t.strata)
			}
			t.total[scenario][s] += x
			t.parts[g] = append(t.parts[g], timePart{int32(scenario), int32(s), x})
		}
	}
}

// scaled returns the customer time of every scenario, bucket `without` left out (-1: none), each stratum divided by the root of its panel time, so that the dot
// product of two scenarios is their expected time at once: sum over strata of T_a T_b / T.
func (t *personTime) scaled(without int, into [][]float64) {
	root := make([]float64, t.strata)
	for s, x := range t.panel {
		if without >= 0 {
			x -= t.bucket[without][s]
		}
		if x > 0 {
			root[s] = 1 / math.Sqrt(x)
		}
	}
	for a, total := range t.total {
		copy(into[a], total)
	}
	if without >= 0 {
		for _, p := range t.parts[without] {
			into[p.scenario][p.stratum] -= p.seconds
		}
	}
	for a := range t.total {
		if into[a] != nil {
			floats.Mul(into[a], root)
		}
	}
}

// fitTime estimates observed over expected time at once for every pair: O/E with E = sum over strata s of T_as T_bs / T_s, which is what two scenarios
// that know nothing of each other share because they speak to the same stage, in the same weeks, through channels that are still open.
//
// The interval is made on the log by leaving out one bucket of customers at a time (statistics 2.1): measured, the Mantel-Haenszel test on
// customer-weeks rejects 37 % of independent pairs because people stay in scenarios; this one about 5 %. Time in which a customer's stage is not known is in
// neither side. Where fewer than 30 customers are in both at once
// it is the exact Poisson interval of that number against the number expected, E / mean time at once of two spans that meet.
func (f *fitter) fitTime() {
	t := newPersonTime(f.c)
	into := make([][]float64, len(t.total))
	for a, total := range t.total {
		if total != nil {
			into[a] = make([]float64, t.strata)
		}
	}
	observed := f.byPair(len(f.c.PairTime), func(i int) (int, int) { return f.c.PairTime[i].A, f.c.PairTime[i].B })
	t.scaled(-1, into)
	f.m.Staged = floats.Sum(t.panel)
	var enough []*Pair
	reps := map[*Pair][]float64{} // expected without each bucket
	for i := range f.m.Pairs {
		p := &f.m.Pairs[i]
		p.TimeA, p.TimeB = t.sum[p.a], t.sum[p.b]
		if into[p.a] == nil || into[p.b] == nil {
			continue
		}
		p.Expected = floats.Dot(into[p.a], into[p.b])
		if p.row.TimeEnough && p.Expected > 0 {
			enough = append(enough, p)
			reps[p] = make([]float64, Buckets)
		}
	}
	for g := range Buckets {
		if !t.used[g] {
			continue
		}
		t.scaled(g, into)
		for _, p := range enough {
			reps[p][g] = floats.Dot(into[p.a], into[p.b])
		}
	}
	for _, p := range enough {
		byBucket := make([]float64, Buckets)
		nonEmpty := 0
		for _, i := range observed[[2]int{p.a, p.b}] {
			byBucket[f.c.PairTime[i].Bucket] = float64(f.c.PairTime[i].Seconds)
			nonEmpty++
		}
		total := floats.Sum(byBucket)
		r := suffstat.Replicates{Value: []float64{total / p.Expected}, Rep: make([][]float64, Buckets), Used: t.used}
		for g := range Buckets {
			r.Rep[g] = r.Value
			if t.used[g] {
				r.Rep[g] = []float64{(total - byBucket[g]) / reps[p][g]}
			}
		}
		p.Overlap = f.ratio(r, nonEmpty, p.row.StagedAtOnce, float64(p.row.StagedAtOnce), p.row.StagedAtOnce)
	}
	for i := range f.m.Pairs {
		p := &f.m.Pairs[i]
		if p.Expected > 0 && reps[p] == nil {
			p.Overlap = fewAtOnce(p, f.c)
		}
	}
}

// fewAtOnce judges a pair that hardly anybody is in at once by the number of customers instead of their time.
func fewAtOnce(p *Pair, c *Counts) Ratio {
	spanA, spanB := p.TimeA/float64(c.Scenarios[p.a].Spans), p.TimeB/float64(c.Scenarios[p.b].Spans)
	meeting := spanA * spanB / (spanA + spanB) // mean time at once of two spans that meet
	r := poissonRatio(p.row.StagedAtOnce, p.Expected/meeting)
	r.Value = float64(p.row.Staged) / p.Expected
	r.Customers = p.row.StagedAtOnce
	// The interval is that of the number of customers, the value that of their time: it must hold the value that it stands beside.
	r.Lower, r.Upper = math.Min(r.Lower, r.Value), math.Max(r.Upper, r.Value)
	return r
}

// poissonRatio is a small count against its expectation: exact Poisson interval and two-sided p-value. Below ten expected there is no verdict.
func poissonRatio(n int64, expected float64) Ratio {
	r := noRatio()
	r.Method = "poisson on customers"
	r.Value = float64(n) / expected
	if n > 0 {
		r.Lower = mathext.GammaIncRegInv(float64(n), .025) / expected
	} else {
		r.Lower = 0
	}
	r.Upper = mathext.GammaIncRegInv(float64(n+1), .975) / expected
	if expected < 10 {
		r.Needed = int64(math.Ceil(10 / math.Max(expected, 1e-9) * math.Max(float64(n), 1)))
		if r.Needed > 1e12 {
			r.Needed = 0
		}
		return r
	}
	below := mathext.GammaIncRegComp(float64(n+1), expected) // P(N <= n)
	above := 1.
	if n > 0 {
		above = mathext.GammaIncReg(float64(n), expected) // P(N >= n)
	}
	r.P = math.Min(1, 2*math.Min(below, above))
	switch {
	case r.Upper < 1:
		r.Verdict = VerdictBelow
	case r.Lower > 1:
		r.Verdict = VerdictAbove
	default:
		r.Verdict = VerdictInconclusive
	}
	return r
}
