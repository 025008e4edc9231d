package overlap

import (
	"cmp"
	"slices"
	"strings"

	"crmaudit/analytics/suffstat"
)

// LostPair are the messages of scenario Lost that were not sent while the less important scenario Sent wrote to the same customer within the distance of a collision.
type LostPair struct {
	Lost, Sent                              string
	Messages, Before, Customers, Unsendable int64 // Before: the lower one went first; Unsendable: would not have gone anyway, in no other number
	a, b                                    int
}

// Reason is one reason of not sending. Share is lost over those with a known priority.
type Reason struct {
	Reason, Kind                                     string
	Sendable                                         bool
	Messages, Customers, Ranked, Lost, CustomersLost int64
	Share                                            suffstat.RateEstimate
}

// fitLost counts the other half of priority inversions: the higher one was not sent at all. A message whose customer had opted out, had no valid address, or did not
// meet the sender's own condition would not have gone in any order: it is counted apart. What remains (caps, quiet hours, conflicts, unknown reasons) is told as the share of all such
// messages with a known priority, by buckets of customers. That a lower one went nearby is a fact about the queue, not proof that it took the place: quiet hours would have held the higher one back too,
// had the lower one waited, but then the lower one ought to have waited as well.
func (f *fitter) fitLost() {
	pairs := map[[2]int]*LostPair{}
	for _, r := range f.c.Lost {
		p := pairs[[2]int{r.Lost, r.Sent}]
		if p == nil {
			p = &LostPair{Lost: f.c.Scenarios[r.Lost].ID, Sent: f.c.Scenarios[r.Sent].ID, a: r.Lost, b: r.Sent}
			pairs[[2]int{r.Lost, r.Sent}] = p
		}
		if !r.Sendable {
			p.Unsendable += r.Messages
			continue
		}
		p.Messages, p.Before, p.Customers = p.Messages+r.Messages, p.Before+r.Before, p.Customers+r.Customers
	}
	for _, p := range pairs {
		f.m.Lost = append(f.m.Lost, *p)
	}
	slices.SortFunc(f.m.Lost, func(x, y LostPair) int {
		return cmp.Or(strings.Compare(x.Lost, y.Lost), strings.Compare(x.Sent, y.Sent))
	})
	for i := range f.m.Pairs {
		p := &f.m.Pairs[i]
		for _, key := range [][2]int{{p.a, p.b}, {p.b, p.a}} {
			if l := pairs[key]; l != nil {
				p.Lost += l.Messages
			}
		}
	}

	byReason := map[string]*Reason{}
	buckets := map[string][]suffstat.Ratio{}
	all := make([]suffstat.Ratio, Buckets)
	for _, r := range f.c.Withheld {
		x := byReason[r.Reason]
		if x == nil {
			x = &Reason{Reason: r.Reason, Kind: r.Kind, Sendable: r.Sendable}
			byReason[r.Reason], buckets[r.Reason] = x, make([]suffstat.Ratio, Buckets)
		}
		x.Messages, x.Customers, x.Ranked, x.Lost, x.CustomersLost = x.Messages+r.Messages, x.Customers+r.Customers, x.Ranked+r.Ranked, x.Lost+r.Lost, x.CustomersLost+r.CustomersLost
		share := suffstat.Ratio{Num: r.Lost, Den: r.Ranked}
		buckets[r.Reason][r.Bucket] = buckets[r.Reason][r.Bucket].Merge(share)
		if r.Sendable {
			all[r.Bucket] = all[r.Bucket].Merge(share)
			f.m.LostCustomers += r.First
		}
	}
	var customers int64 // of messages that could have gone: one customer may be in several reasons, so at least so many
	for reason, x := range byReason {
		x.Share = suffstat.Rate(buckets[reason], x.Customers, TableLevel)
		f.m.Reasons = append(f.m.Reasons, *x)
		if x.Sendable {
			customers = max(customers, x.Customers)
		}
	}
	slices.SortFunc(f.m.Reasons, func(x, y Reason) int {
		return cmp.Or(cmp.Compare(y.Messages, x.Messages), strings.Compare(x.Reason, y.Reason))
	})
	f.m.LostShare = suffstat.Rate(all, customers, TableLevel)
}
