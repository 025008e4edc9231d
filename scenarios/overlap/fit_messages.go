package overlap

import (
	"math"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// HoursOfWeek is the number of hours from Monday 0:00 to the next.
const HoursOfWeek = 168

// slotsOfHour is the number of five-minute slots of an hour.
const slotsOfHour = 12

// sending is the messages of one scenario in one calendar step by hour of the week, and for every hour how many of them lie surely near a message of that hour:
// less than the distance in whole hours away.
type sending struct {
	hours, near [HoursOfWeek]float64
	n           float64
}

// clock knows when scenarios send.
type clock struct {
	steps map[[2]int]*sending              // by scenario and calendar step
	slots map[[2]int]*[slotsOfHour]float64 // by scenario and hour of the week: share of each slot
	hours int                              // two messages closer than this collide
}

func newClock(c *Counts) *clock {
	k := &clock{steps: map[[2]int]*sending{}, slots: map[[2]int]*[slotsOfHour]float64{}, hours: int(c.Grid.CollisionSeconds / 3600)}
	for _, r := range c.Hours {
		key := [2]int{r.Scenario, r.Unit}
		if k.steps[key] == nil {
			k.steps[key] = &sending{}
		}
		k.steps[key].hours[r.Hour] += float64(r.N)
		k.steps[key].n += float64(r.N)
	}
	for _, s := range k.steps {
		for h := range s.near {
			for other := max(0, h-k.hours+1); other < min(HoursOfWeek, h+k.hours); other++ {
				s.near[h] += s.hours[other]
			}
		}
	}
	for _, r := range c.Slots {
		key := [2]int{r.Scenario, r.Hour}
		if k.slots[key] == nil {
			k.slots[key] = &[slotsOfHour]float64{}
		}
		k.slots[key][r.Slot] += float64(r.N)
	}
	for _, s := range k.slots {
		var n float64
		for _, x := range s {
			n += x
		}
		for i := range s {
			s[i] /= n
		}
	}
	return k
}

// earlier is the chance that a message of a in hour ha comes at an earlier place within its hour than one of b in hour hb within its own; within one slot each
// order is as likely. Without known slots one half.
func (k *clock) earlier(a, ha, b, hb int) float64 {
	x, y := k.slots[[2]int{a, ha}], k.slots[[2]int{b, hb}]
	if x == nil || y == nil {
		return .5
	}
	var before, p float64 // share of a in the slots before
	for i := range y {
		p += y[i] * (before + x[i]/2)
		before += x[i]
	}
	return p
}

// edges caches, for one pair, the chance of messages exactly the distance apart in whole hours to be near: by the hour of a, with b later and b earlier.
type edges struct {
	later, sooner [HoursOfWeek]float64
	known         [HoursOfWeek]bool
}

// chance is the probability that a message of a and a message of b to different customers in the same step lie near each other. The pairs that
// went to one customer (week of them, near of these) are taken out: they are what it is compared with. NaN without pairs of different customers.
func (k *clock) chance(a, b, step int, week, near int64, e *edges) float64 {
	x, y := k.steps[[2]int{a, step}], k.steps[[2]int{b, step}]
	if x == nil || y == nil {
		return math.NaN()
	}
	var sum float64
	for h, n := range x.hours {
		if n == 0 {
			continue
		}
		if !e.known[h] {
			e.known[h], e.later[h], e.sooner[h] = true, k.earlier(b, h+k.hours, a, h), k.earlier(a, h, b, h-k.hours)
		}
		sum += n * y.near[h]
		if other := h + k.hours; other < HoursOfWeek {
			sum += n * y.hours[other] * e.later[h]
		}
		if other := h - k.hours; other >= 0 {
			sum += n * y.hours[other] * e.sooner[h]
		}
	}
	pairs := x.n*y.n - float64(week)
	if pairs < 1 {
		return math.NaN()
	}
	return math.Min(1, math.Max(0, (sum-float64(near))/pairs))
}

// fitMessages estimates collisions against what the hours of sending alone would bring, who goes first, and how often the lower priority does.
//
// Expected: E = sum over calendar steps of (pairs of messages in one customer-week) x (chance that messages of the two to different customers lie
// near). The chance is counted from hours; of messages exactly the distance apart in whole hours (two daily batches) the five-minute slots decide. Taking one
// half of them instead called at_risk and promo_digest of the made-up company a conflict at O/E 1.75 because one batch runs 10:00-10:30 and the
// other 10:00-10:12. Dividing the hours evenly over the week instead expects a third of it, because nobody sends at night (statistics 2.2: observed 90.5, this 89.5, even
// hours 31.8). The chance is treated as known in the interval: it rests on all messages, the collisions on few. Stage and left channels are not part of
// the step: they decide who gets messages in a week, which the pairs of the same customer-week hold already, hardly at which hour.
func (f *fitter) fitMessages() {
	clock := newClock(f.c)
	weeks := f.byPair(len(f.c.Weeks), func(i int) (int, int) { return f.c.Weeks[i].A, f.c.Weeks[i].B })
	ranked := f.byPair(len(f.c.Ranked), func(i int) (int, int) { return f.c.Ranked[i].A, f.c.Ranked[i].B })
	rows := f.byPair(len(f.c.Messages), func(i int) (int, int) { return f.c.Messages[i].A, f.c.Messages[i].B })
	for i := range f.m.Pairs {
		p := &f.m.Pairs[i]
		key := [2]int{p.a, p.b}
		inverted := make([]suffstat.Ratio, Buckets)
		if p.PriorityA == nil || p.PriorityB == nil {
			for _, at := range ranked[key] {
				r := f.c.Ranked[at]
				inverted[r.Bucket] = suffstat.Ratio{Num: r.Inverted, Den: r.Ranked}
				p.Inverted, p.Ranked = p.Inverted+r.Inverted, p.Ranked+r.Ranked
			}
		}
		if p.PriorityA != nil && p.PriorityB != nil {
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
		var known, expected float64
		var edge edges
		for _, at := range weeks[key] {
			w := f.c.Weeks[at]
			if q := clock.chance(p.a, p.b, w.Unit, w.Week, w.NearWeek, &edge); !math.IsNaN(q) {
				known += float64(w.Week)
				expected += float64(w.Week) * q
			}
		}
		near, first := make([]suffstat.Ratio, Buckets), make([]suffstat.Ratio, Buckets)
		for _, at := range rows[key] {
			m := f.c.Messages[at]
			near[m.Bucket] = suffstat.Ratio{Num: m.NearWeek, Den: m.Week}
			first[m.Bucket] = suffstat.Ratio{Num: m.AFirst, Den: m.AFirst + m.BFirst}
			if p.PriorityA != nil && p.PriorityB != nil {
				inverted[m.Bucket] = inversions(p, m)
			}
			p.NearWeek += m.NearWeek
		}
		p.NearShare = suffstat.Rate(near, p.row.Customers, TableLevel)
		if known > 0 {
			p.ExpectedNear = expected / known * float64(p.row.Week)
			p.Collision = f.collisionRatio(p, near, expected/known)
		}
		if p.row.Near >= analytics.MinEvents {
			p.First = suffstat.Rate(first, p.row.Hit, TableLevel)
			p.Order = order(p.First, p.row.Hit)
			p.Inversion, p.inverted = suffstat.Rate(inverted, p.row.Hit, TableLevel), inverted
		}
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
	if p.NearShare.SE == 0 {
		return unvaried(p.NearShare, q, p.row.Customers)
	}
	r := suffstat.JackknifeVec(near, func(x suffstat.Ratio) []float64 { return []float64{x.Value() / q} })
	return f.ratio(r, p.NearShare.Buckets, p.row.Customers, p.NearShare.NEff, p.NearWeek)
}

// unvaried is the ratio where every bucket has the same share (all pairs of messages collide: one scenario copies the other). The jackknife sees no doubt then;
// the interval is that of the share with one trial per customer.
func unvaried(share suffstat.RateEstimate, q float64, customers int64) Ratio {
	r := noRatio()
	r.Value, r.Lower, r.Upper, r.DF, r.Method, r.Customers = share.Value/q, share.Lower/q, share.Upper/q, share.DF, share.Method, customers
	r.LogSE = math.Log(share.Value/share.Lower) / suffstat.TQuantile((1+TableLevel)/2, share.DF)
	if share.Buckets < analytics.MinBuckets || share.NEff < analytics.MinEffective || !(r.LogSE > 0) {
		return r
	}
	r.P = math.Min(1, 2*suffstat.TSurvival(math.Abs(math.Log(r.Value))/r.LogSE, r.DF))
	switch {
	case r.Lower > 1:
		r.Verdict = VerdictAbove
	case r.Upper < 1:
		r.Verdict = VerdictBelow
	default:
		r.Verdict = VerdictInconclusive
	}
	return r
}

// inversions counts the collisions of different declared priority in which the lower one went first.
func inversions(p *Pair, m MessageRow) suffstat.Ratio {
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
