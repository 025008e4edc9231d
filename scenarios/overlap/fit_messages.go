package overlap

import (
	"math"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// HoursOfWeek is the number of hours from Monday 0:00 to the next.
const HoursOfWeek = 168

// nearness is the chance that two messages whose hours begin d hours apart lie closer than near hours: each is anywhere within its hour, so that the
// difference is d plus a triangular error. For whole hours: 1 below near, 1/2 at it, 0 above.
func nearness(d, near float64) float64 {
	below := func(x float64) float64 { // distribution function of the difference of two uniforms
		switch {
		case x <= -1:
			return 0
		case x <= 0:
			return (1 + x) * (1 + x) / 2
		case x <= 1:
			return 1 - (1-x)*(1-x)/2
		}
		return 1
	}
	return below(near-d) - below(-near-d)
}

// sending is the messages of one scenario in one calendar step by hour of the week, and for every hour how many of them lie near a message of that hour.
type sending struct {
	hours, near [HoursOfWeek]float64
	n           float64
}

func newSending(c *Counts) map[[2]int]*sending {
	out := map[[2]int]*sending{}
	for _, r := range c.Hours {
		k := [2]int{r.Scenario, r.Unit}
		if out[k] == nil {
			out[k] = &sending{}
		}
		out[k].hours[r.Hour] += float64(r.N)
		out[k].n += float64(r.N)
	}
	var kernel [HoursOfWeek]float64
	for d := range kernel {
		kernel[d] = nearness(float64(d), float64(c.Grid.CollisionSeconds)/3600)
	}
	for _, s := range out {
		for h := range s.near {
			for other, n := range s.hours {
				if n > 0 {
					s.near[h] += n * kernel[max(h-other, other-h)]
				}
			}
		}
	}
	return out
}

// chance is the probability that a message of a and a message of b to different customers in the same step lie near each other. The pairs that
// went to one customer (week of them, near of these) are taken out: they are what it is compared with. NaN without pairs of different customers.
func chance(a, b *sending, week, near int64) float64 {
	if a == nil || b == nil {
		return math.NaN()
	}
	var sum float64
	for h, n := range a.hours {
		if n > 0 {
			sum += n * b.near[h]
		}
	}
	pairs := a.n*b.n - float64(week)
	if pairs < 1 {
		return math.NaN()
	}
	return math.Min(1, math.Max(0, (sum-float64(near))/pairs))
}

// fitMessages estimates collisions against what the hours of sending alone would bring, who goes first, and how often the lower priority does.
//
// Expected: E = sum over calendar steps of (pairs of messages in one customer-week) x (chance that messages of the two to different customers lie
// near). Dividing the hours evenly over the week instead expects a third of it, because nobody sends at night (statistics 2.2: observed 90.5, this 89.5, even
// hours 31.8). The chance is treated as known in the interval: it rests on all messages, the collisions on few. Stage and left channels are not part of
// the step: they decide who gets messages in a week, which the pairs of the same customer-week hold already, hardly at which hour.
func (f *fitter) fitMessages() {
	sends := newSending(f.c)
	weeks := f.byPair(len(f.c.Weeks), func(i int) (int, int) { return f.c.Weeks[i].A, f.c.Weeks[i].B })
	rows := f.byPair(len(f.c.Messages), func(i int) (int, int) { return f.c.Messages[i].A, f.c.Messages[i].B })
	for i := range f.m.Pairs {
		p := &f.m.Pairs[i]
		p.Inverted, p.Ranked = p.row.Inverted, p.row.Ranked
		if p.PriorityA != nil && p.PriorityB != nil {
			p.Inverted, p.Ranked = 0, 0
			switch {
			case *p.PriorityA < *p.PriorityB:
				p.Inverted, p.Ranked = p.row.AFirst, p.row.Near
			case *p.PriorityA > *p.PriorityB:
				p.Inverted, p.Ranked = p.row.BFirst, p.row.Near
			}
		}
		if !p.row.MessagesEnough {
			continue
		}
		key := [2]int{p.a, p.b}
		var known, expected float64
		for _, at := range weeks[key] {
			w := f.c.Weeks[at]
			if q := chance(sends[[2]int{p.a, w.Unit}], sends[[2]int{p.b, w.Unit}], w.Week, w.NearWeek); !math.IsNaN(q) {
				known += float64(w.Week)
				expected += float64(w.Week) * q
			}
		}
		near, first, inverted := make([]suffstat.Ratio, Buckets), make([]suffstat.Ratio, Buckets), make([]suffstat.Ratio, Buckets)
		for _, at := range rows[key] {
			m := f.c.Messages[at]
			near[m.Bucket] = suffstat.Ratio{Num: m.NearWeek, Den: m.Week}
			first[m.Bucket] = suffstat.Ratio{Num: m.AFirst, Den: m.AFirst + m.BFirst}
			inverted[m.Bucket] = f.inversions(p, m)
			p.NearWeek += m.NearWeek
		}
		p.NearShare = suffstat.Rate(near, p.row.Customers, TableLevel)
		if known > 0 {
			p.ExpectedNear = expected / known * float64(p.row.Week)
			p.Collision = f.collisionRatio(p, near, expected/known)
		}
		p.First = suffstat.Rate(first, p.row.Hit, TableLevel)
		p.Order = order(p.First, p.row.Hit)
		p.Inversion = suffstat.Rate(inverted, p.row.Hit, TableLevel)
	}
}

// collisionRatio is the share of near pairs over the chance of being near.
func (f *fitter) collisionRatio(p *Pair, near []suffstat.Ratio, q float64) Ratio {
	if q <= 0 {
		return noRatio()
	}
	if p.NearWeek < analytics.MinEvents {
		r := poissonRatio(p.NearWeek, p.ExpectedNear)
		r.Method, r.Customers = "poisson on collisions", p.row.Hit
		return r
	}
	r := suffstat.JackknifeVec(near, func(x suffstat.Ratio) []float64 { return []float64{x.Value() / q} })
	return f.ratio(r, p.NearShare.Buckets, p.row.Customers, p.NearShare.NEff, p.NearWeek)
}

// inversions counts the collisions of known different priority in which the lower one went first.
func (f *fitter) inversions(p *Pair, m MessageRow) suffstat.Ratio {
	if p.PriorityA == nil || p.PriorityB == nil {
		return suffstat.Ratio{Num: m.Inverted, Den: m.Ranked}
	}
	switch {
	case *p.PriorityA < *p.PriorityB:
		return suffstat.Ratio{Num: m.AFirst, Den: m.Near}
	case *p.PriorityA > *p.PriorityB:
		return suffstat.Ratio{Num: m.BFirst, Den: m.Near}
	}
	return suffstat.Ratio{}
}

// The answers to "which goes first".
const (
	OrderA       = "a_first"
	OrderB       = "b_first"
	OrderNone    = "no_rule"
	OrderMixed   = "mixed"
	OrderUnknown = "undecided"
	OrderFew     = "insufficient_data"
)

// order tells whether there is a rule which of two messages goes first. A rule is one that holds in more than nine of ten collisions; "no rule" is
// proved by two one-sided tests of the share against .5 +/- .1, never concluded from a test that found nothing.
func order(first suffstat.RateEstimate, customers int64) string {
	d := analytics.Decide(analytics.Comparison{
		Difference: first.Value - .5, SE: first.SE, DF: first.DF, Margin: .1, Buckets: first.Buckets,
		Sides: []analytics.Side{{Customers: customers, Effective: first.NEff, Events: first.Trials}},
	})
	switch {
	case d.Verdict == analytics.InsufficientData:
		return OrderFew
	case first.Lower > .9:
		return OrderA
	case first.Upper < .1:
		return OrderB
	case d.Verdict == analytics.Equivalent:
		return OrderNone
	case first.Lower > .6 && first.Upper < .9, first.Lower > .1 && first.Upper < .4:
		return OrderMixed
	}
	return OrderUnknown
}
