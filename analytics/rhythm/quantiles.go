package rhythm

import (
	"cmp"
	"math"
	"slices"

	"crmaudit/analytics/suffstat"
)

// The source of a quantile.
const (
	FromData  = "data"
	FromModel = "model"
)

const (
	// leastPauses completed pauses must lie behind a quantile of the data.
	leastPauses = 200
	// mostKnown is the last gap_class (9..12 pauses before) that is looked at: the hundredth pause of a daily buyer says nothing about others, and there are many of them.
	mostKnown = 9
)

// classes of customers by the pauses known, for the quantiles: fewer than two, 2, 3, 4, 5 to 8, 9 and more.
func classes() []int { return []int{0, 2, 3, 4, 5, 9} }

// classOf is the class of a number of pauses.
func classOf(gaps int) int {
	switch {
	case gaps < 2:
		return 0
	case gaps <= 4:
		return gaps
	case gaps <= 8:
		return 5
	}
	return 9
}

// Quantile is how many standard deviations above the expected logarithm a pause is late.
type Quantile struct {
	Class             int
	Value             suffstat.Estimate
	Source            string
	Pauses, Completed int64
	Coverage          float64 // of the model's own threshold
}

// standing is a pause on the scale of the model: standard deviations from its expected logarithm.
type standing struct {
	at        float64
	n         float64
	completed bool
	part      int
}

// fitQuantiles holds the model against the pauses of the data: every pause, completed or open, is set against what was foreseen when it began. That is right with censoring because the end of the data is as far away as the history of
// the customer says, not as his next pause wants. A pause is late when it is longer than lateShare of such pauses (Kaplan-Meier), with the model's own quantile where the curve does not get so far: then more than a tenth
// of the customers have not come back while they were watched.
//
// Customers without a rhythm of their own keep the model's quantile: their open pauses are those of everybody who left after one order, and nobody has seen the tail.
func fitQuantiles(c *Counts, r Rhythm) []Quantile {
	if r.Status != Fitted {
		return nil
	}
	of := map[int][]standing{}
	for _, p := range c.Pauses {
		mean, variance := r.Posterior(int(math.Round(float64(p.SumGaps)/float64(p.Pauses))), p.MeanLog)
		if p.Class > mostKnown {
			continue
		}
		class := classOf(p.Class)
		of[class] = append(of[class], standing{(p.PauseLog - mean) / math.Sqrt(variance), float64(p.Pauses), p.Completed, p.Part})
	}
	z := suffstat.NormalQuantile(lateShare)
	var out []Quantile
	for _, class := range classes() {
		s := of[class]
		slices.SortStableFunc(s, func(a, b standing) int { return cmp.Compare(a.at, b.at) })
		q := Quantile{Class: class, Source: FromModel, Coverage: math.NaN()}
		q.Value = suffstat.NotEstimable("kaplan-meier", .95)
		for _, x := range s {
			q.Pauses += int64(x.n)
			if x.completed {
				q.Completed += int64(x.n)
			}
		}
		if q.Completed >= leastPauses {
			q.Coverage = shorter(s, z, -1)
		}
		if v := reached(s, -1); class > 0 && q.Completed >= leastPauses && !math.IsNaN(v) {
			q.Source = FromData
			q.Value = overParts(s, v).Of(q.Pauses, "1")
		} else {
			q.Value.Value, q.Value.N, q.Value.Warnings = z, q.Pauses, nil
		}
		out = append(out, q)
	}
	return out
}

// overParts is the jackknife of the quantile over the parts: with hundreds of different pauses it is smooth enough.
func overParts(s []standing, v float64) suffstat.Estimate {
	reps := suffstat.Replicates{Value: []float64{v}}
	for part := range Parts {
		used := slices.ContainsFunc(s, func(x standing) bool { return x.part == part })
		at := v
		if used {
			if w := reached(s, part); !math.IsNaN(w) {
				at = w
			}
		}
		reps.Rep, reps.Used = append(reps.Rep, []float64{at}), append(reps.Used, used)
	}
	return reps.Estimate(0, .95)
}

// walk goes through sorted pauses and calls f with the share that is still not over behind each completed one, until f says stop; without one of the parts, -1 for all.
func walk(s []standing, without int, f func(at, open float64) bool) {
	risk := 0.
	for _, x := range s {
		if x.part != without {
			risk += x.n
		}
	}
	open := 1.
	for _, x := range s {
		if x.part == without {
			continue
		}
		if x.completed && risk > 0 {
			open *= 1 - x.n/risk
			if !f(x.at, open) {
				return
			}
		}
		risk -= x.n
	}
}

// reached is where lateShare of the pauses are over, between two pauses in proportion; NaN when never.
func reached(s []standing, without int) float64 {
	out, last, lastOpen := math.NaN(), math.NaN(), 1.
	walk(s, without, func(at, open float64) bool {
		if open <= 1-lateShare {
			out = at
			if !math.IsNaN(last) && lastOpen > open {
				out = last + (at-last)*(lastOpen-(1-lateShare))/(lastOpen-open)
			}
			return false
		}
		last, lastOpen = at, open
		return true
	})
	return out
}

// shorter is the share of pauses that are over at z.
func shorter(s []standing, z float64, without int) float64 {
	out := 0.
	walk(s, without, func(at, open float64) bool {
		if at > z {
			return false
		}
		out = 1 - open
		return true
	})
	return out
}

// LateAfter is the lateness threshold in days of a customer with n pauses whose logarithms have the mean meanLog.
func (m *Model) LateAfter(n int, meanLog float64) float64 {
	mean, variance := m.Rhythm.Posterior(n, meanLog)
	z := suffstat.NormalQuantile(lateShare)
	for _, q := range m.Quantiles {
		if q.Class == classOf(n) {
			z = q.Value.Value
		}
	}
	return math.Exp(mean + z*math.Sqrt(variance))
}
