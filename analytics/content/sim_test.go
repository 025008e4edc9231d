package content

import (
	"math"
	"math/rand/v2"
)

// simLife is one simulated template: what it loses per quarter (share of its level), and how it is sent.
type simLife struct {
	id       string
	kind     string
	scenario string
	rate     float64
	loss     float64 // per quarter, beside the channel
	perWeek  int
	from, to int  // weeks, both included
	older    bool // the mix grows older: late messages go to customers who click half as often
}

// sim draws the reduced tables of a channel: customers with their own propensity, a trend of the whole channel, shocks of weeks that all of the channel share, and shocks of single templates.
type sim struct {
	rng          *rand.Rand
	weeks        int
	customers    int
	channelLoss  float64 // of the channel per quarter
	weekShock    float64 // sd of the log rate, common to the channel
	ownShock     float64 // sd of the log rate, of each template and week
	heterogenity float64 // sd of the customer's log rate
}

func (s *sim) counts(lives []simLife) *Counts {
	c := &Counts{Slots: map[int64]Slot{}, Lives: map[int64]Life{}, Totals: Totals{From: 20000, To: 20000 + int64(7*s.weeks), End: 20000 + int64(7*s.weeks) + 30, Buckets: 100, Weeks: int64(s.weeks), Templates: int64(len(lives))}}
	propensity, bucket := make([]float64, s.customers), make([]int, s.customers)
	for i := range propensity {
		propensity[i] = math.Exp(s.heterogenity*s.rng.NormFloat64() - s.heterogenity*s.heterogenity/2)
		bucket[i] = i % Buckets
	}
	shocks := make([]float64, s.weeks)
	for w := range shocks {
		shocks[w] = s.weekShock * s.rng.NormFloat64()
	}
	chains := map[string]int64{}
	all := map[int64][]WeekRow{} // of chains: by week and bucket
	at := func(w, b int) int { return w*Buckets + b }
	for k, l := range lives {
		slot := int64(k + 1)
		name := l.kind + "/" + l.scenario
		if chains[name] == 0 {
			chains[name] = slot
			all[slot] = make([]WeekRow, s.weeks*Buckets)
		}
		chain := chains[name]
		messages := int64(l.perWeek * (l.to - l.from + 1))
		c.Slots[slot] = Slot{Use: slot, Chain: chain, Channel: "email", Kind: l.kind, Scenario: l.scenario, ID: l.id, Template: true, Audited: messages, Recent: messages / 10, First: c.Totals.From, Last: c.Totals.To - 1}
		weeks, life, rates := make([]WeekRow, s.weeks*Buckets), make([]LifeRow, 2*Buckets), make([]RateRow, Buckets)
		for w := l.from; w <= l.to; w++ {
			shock := math.Exp(shocks[w] + s.ownShock*s.rng.NormFloat64() - (s.channelLoss+l.loss)*float64(w)/quarter)
			week := int64(w - l.from)
			for range l.perWeek {
				i := s.rng.IntN(s.customers)
				cell, p := 0, l.rate*propensity[i]*shock
				if l.older && s.rng.Float64() < float64(w)/float64(s.weeks) {
					cell, p = 1, p/2
				}
				y := int64(0)
				if s.rng.Float64() < p {
					y = 1
				}
				b := bucket[i]
				x := &life[2*b+cell]
				x.N, x.W, x.WW, x.Clicked[0], x.Clicked[1] = x.N+1, x.W+week, x.WW+week*week, x.Clicked[0]+y, x.Clicked[1]+y*week
				for _, to := range []*WeekRow{&weeks[at(w, b)], &all[chain][at(w, b)]} {
					to.Delivered, to.Clicked = to.Delivered+1, to.Clicked+y
				}
				rates[b].Delivered, rates[b].Clicked = rates[b].Delivered+1, rates[b].Clicked+y
			}
		}
		for i, x := range life {
			if x.N > 0 {
				x.Use, x.Cell, x.Bucket = slot, [4]int64{slot, int64(i % 2)}, i/2
				c.Life = append(c.Life, x)
			}
		}
		c.Weeks = append(c.Weeks, named(weeks, slot, chain)...)
		for b, x := range rates {
			x.Slot, x.Bucket, x.Customers = slot, b, x.Delivered // nearly everybody gets a letter once
			c.Rates = append(c.Rates, x)
			x.Template = true
			c.Rates = append(c.Rates, x)
		}
	}
	for chain, rows := range all {
		c.Weeks = append(c.Weeks, named(rows, 0, chain)...)
	}
	return c
}

// named fills in the keys of weeks that hold anything.
func named(rows []WeekRow, use, chain int64) (out []WeekRow) {
	for i, x := range rows {
		if x.Delivered > 0 {
			x.Use, x.Chain, x.Week, x.Bucket = use, chain, int64(i/Buckets), i%Buckets
			out = append(out, x)
		}
	}
	return out
}
