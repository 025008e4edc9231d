package contact

import "crmaudit/analytics/suffstat"

// contrast is the odds of an event by an exposure within strata, less the same for the exposure five weeks earlier: the negative control, whose strata hold the present exposure too (statistics 4.5).
// Strata of the comparison and of its control have different keys. Rows come in the order of the grain, so that places are the same in every run.
type contrast[K comparable] struct {
	places       map[K]int
	raw, control []int // places of the strata of the comparison and of its control
	rows         []contrastRow
}

type contrastRow struct {
	bucket         int
	n              int64
	own, before    int // strata
	exposed, early bool
}

func newContrast[K comparable]() *contrast[K] { return &contrast[K]{places: map[K]int{}} }

func (c *contrast[K]) add(bucket int, n int64, own K, exposed bool, before K, early bool) {
	stratum := func(k K, list *[]int) int {
		known := len(c.places)
		at := place(c.places, k)
		if at == known {
			*list = append(*list, at)
		}
		return at
	}
	c.rows = append(c.rows, contrastRow{bucket, n, stratum(own, &c.raw), stratum(before, &c.control), exposed, early})
}

// place returns the place of a key, 0, 1, 2 ... in the order in which keys come.
func place[K comparable](places map[K]int, k K) int {
	at, ok := places[k]
	if !ok {
		at = len(places)
		places[k] = at
	}
	return at
}

// estimate returns the jackknife over buckets of the difference, the comparison and the control, in log odds, and the cells of the latter two; events are those of a row, in the order of add.
func (c *contrast[K]) estimate(events func(row int) int64) (reps suffstat.Replicates, compared, control suffstat.Cells) {
	buckets := make([]suffstat.Cells, HazardBuckets)
	for i, r := range c.rows {
		if buckets[r.bucket] == nil {
			buckets[r.bucket] = make(suffstat.Cells, 4*len(c.places))
		}
		e := events(i)
		add := func(at int, exposed bool) {
			cell := 4 * at
			if !exposed {
				cell += 2
			}
			buckets[r.bucket][cell] += e
			buckets[r.bucket][cell+1] += r.n - e
		}
		add(r.own, r.exposed)
		add(r.before, r.early)
	}
	reps = suffstat.JackknifeVec(buckets, func(s suffstat.Cells) []float64 {
		a, b := suffstat.LogOdds(pick(s, c.raw)), suffstat.LogOdds(pick(s, c.control))
		return []float64{a - b, a, b}
	})
	if total, ok := suffstat.Merge(buckets); ok && total != nil {
		compared, control = pick(total, c.raw), pick(total, c.control)
	}
	return reps, compared, control
}

func pick(cells suffstat.Cells, places []int) suffstat.Cells {
	out := make(suffstat.Cells, 0, 4*len(places))
	for _, p := range places {
		out = append(out, cells[4*p:4*p+4]...)
	}
	return out
}

func informative(cells suffstat.Cells) int {
	strata := make([]suffstat.Fourfold, 0, len(cells)/4)
	for i := 0; i+3 < len(cells); i += 4 {
		strata = append(strata, suffstat.Fourfold{A: cells[i], B: cells[i+1], C: cells[i+2], D: cells[i+3]})
	}
	return suffstat.MantelHaenszel(strata).Strata
}

// telling counts the events of both sides in the strata that say something: both sides are there, and not all or none had the event.
func telling(cells suffstat.Cells) (exposed, other int64) {
	for i := 0; i+3 < len(cells); i += 4 {
		a, b, c, d := cells[i], cells[i+1], cells[i+2], cells[i+3]
		if a+b > 0 && c+d > 0 && a+c > 0 && b+d > 0 {
			exposed, other = exposed+a, other+c
		}
	}
	return exposed, other
}
