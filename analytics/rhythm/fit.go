package rhythm

import (
	"cmp"
	"math"
	"slices"

	"crmaudit/analytics/suffstat"
)

// Options is what the block is told.
type Options struct {
	Setup
	FDR     float64
	Margins map[string]float64
	Seed    uint64
}

// Setup is what audit.yaml says: the stages, for their borders.
type Setup struct{ Stages []Stage }

func (o Options) driftMargin() float64 {
	if m := o.Margins["order_gap"]; m > 0 {
		return m
	}
	return driftMargin
}

// Model is what the block knows.
type Model struct {
	Rhythm     Rhythm
	Quantiles  []Quantile
	Curve      Curve
	Repeat95   suffstat.Estimate // days by which 95 of 100 repeat orders have come, by customers
	Repeat50   suffstat.Estimate
	Repeat95By suffstat.Estimate // by orders
	Grouping   Grouping
	Cycles     []Cycle
	Drift      []Drift
	Clumpiness suffstat.Estimate
	Clumped    suffstat.Estimate // above what chance gives
	Thresholds []Threshold
	Responses  []Response
	Days       int64 // from the first order day to the end of the data
	hours      [8][24]int64
}

func (m *Model) cycle(name string) Cycle {
	for _, c := range m.Cycles {
		if c.Name == name {
			return c
		}
	}
	return Cycle{}
}

func sortedCells(of map[Cell]int) []Cell {
	out := make([]Cell, 0, len(of))
	for c := range of {
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b Cell) int { return cmp.Or(cmp.Compare(a.Mean, b.Mean), cmp.Compare(a.CV, b.CV)) })
	return out
}

// Fit decides. It is pure.
func Fit(c *Counts, opt Options) *Model {
	m := &Model{Rhythm: fitRhythm(c), Days: c.Days}
	for _, h := range c.Hours {
		m.hours[h.Weekday][h.Hour] += h.Orders
	}
	m.Quantiles = fitQuantiles(c, m.Rhythm)
	m.Curve = fitCurve(c, m.Rhythm.Customers, m.Rhythm.WithGap)
	m.Repeat95, m.Repeat50 = daysUntil(m.Curve.Before, .95, m.Rhythm.Customers), daysUntil(m.Curve.Before, .50, m.Rhythm.Customers)
	m.Repeat95By = daysUntil(m.Curve.BeforeGaps, .95, m.Rhythm.Customers)
	m.Grouping = fitGrouping(c, opt.Seed)
	m.Cycles = fitCycles(c, m.Rhythm.Customers)
	m.Drift = fitDrift(c, opt.driftMargin())
	m.fitClumpiness(c)
	m.Thresholds = fitThresholds(Borders(opt.Stages), m.Curve, m.Rhythm.WithGap)
	m.fitResponses(c)
	return m
}

// chanceClumpiness is the mean of the clumpiness when n repeat orders fall anywhere between the first order and the end of the data: the n + 1 parts are uniform spacings, E[x ln x] = (psi(2) - psi(n+2))/(n+1).
func chanceClumpiness(n int) float64 {
	sum := 0.
	for k := 2; k <= n+1; k++ {
		sum += 1 / float64(k) // psi(n+2) - psi(2)
	}
	return 1 - sum/math.Log(float64(n+1))
}

// clumps sums clumpiness.
type clumps struct {
	customers     int64
	value, chance float64
}

// Merge adds them.
func (c clumps) Merge(o clumps) clumps {
	return clumps{c.customers + o.customers, c.value + o.value, c.chance + o.chance}
}

// Empty tells that there are none.
func (c clumps) Empty() bool { return c.customers == 0 }

// fitClumpiness averages over customers with three pauses and more. Source: Zhang, Bradlow and Small, Marketing Science 34 (2015) 195.
func (m *Model) fitClumpiness(c *Counts) {
	buckets := make([]clumps, Buckets)
	for _, g := range c.Gaps {
		if g.Gaps >= 3 {
			n := float64(g.Customers)
			buckets[g.Bucket] = buckets[g.Bucket].Merge(clumps{g.Customers, g.Clumpiness, n * chanceClumpiness(g.Gaps)})
		}
	}
	total, _ := suffstat.Merge(buckets)
	m.Clumpiness = suffstat.Jackknife(buckets, func(c clumps) float64 { return c.value / float64(c.customers) }, .95).Of(total.customers, "1")
	m.Clumped = suffstat.Jackknife(buckets, func(c clumps) float64 { return (c.value - c.chance) / float64(c.customers) }, .95).Of(total.customers, "1")
}

// Response is how the receivers of one rhythm click. A description.
type Response struct {
	Kind, Rhythm                  string
	Customers, Delivered, Clicked int64
	Rate                          suffstat.RateEstimate
	Difference                    suffstat.Estimate
	Sampled                       bool
}

// NoRhythm are receivers with fewer than three pauses; All is all of a kind.
const (
	NoRhythm = "no_rhythm"
	All      = "all"
)

// clicks is one group and all of one kind in a bucket.
type clicks struct{ group, all suffstat.Ratio }

// Merge adds them.
func (c clicks) Merge(o clicks) clicks { return clicks{c.group.Merge(o.group), c.all.Merge(o.all)} }

// Empty tells that there are none.
func (c clicks) Empty() bool { return c.all.Empty() }

func (m *Model) fitResponses(c *Counts) {
	type key struct{ kind, rhythm string }
	buckets := map[key][]clicks{}
	sums := map[key]*Response{}
	put := func(k key, r ResponseRow) {
		if buckets[k] == nil {
			buckets[k] = make([]clicks, Buckets)
			sums[k] = &Response{Kind: k.kind, Rhythm: k.rhythm}
		}
		b := &buckets[k][r.Bucket]
		b.group = b.group.Merge(suffstat.Ratio{Num: r.Clicked, Den: r.Delivered})
		s := sums[k]
		s.Customers, s.Delivered, s.Clicked, s.Sampled = s.Customers+r.Customers, s.Delivered+r.Delivered, s.Clicked+r.Clicked, s.Sampled || r.Sampled
	}
	for _, r := range c.Responses {
		name := NoRhythm
		if r.Mean >= 0 {
			if k, ok := m.Grouping.Of[r.Cell]; ok && k < len(m.Grouping.Groups) {
				name = m.Grouping.Groups[k].Name
			}
		}
		put(key{r.Kind, name}, r)
		put(key{r.Kind, All}, r)
	}
	place := map[string]int{All: -1, NoRhythm: len(m.Grouping.Groups)}
	for i, g := range m.Grouping.Groups {
		place[g.Name] = i
	}
	for k, b := range buckets {
		all := buckets[key{k.kind, All}]
		own := make([]suffstat.Ratio, Buckets)
		for g := range b {
			b[g].all, own[g] = all[g].group, b[g].group
		}
		r := sums[k]
		r.Rate = suffstat.Rate(own, r.Customers, .95)
		r.Difference = suffstat.NotEstimable(suffstat.MethodJackknife, .95, suffstat.ErrNoData)
		if k.rhythm != All {
			r.Difference = suffstat.Jackknife(b, func(c clicks) float64 { return c.group.Value() - c.all.Value() }, .95).Of(r.Customers, "share")
		}
		m.Responses = append(m.Responses, *r)
	}
	slices.SortFunc(m.Responses, func(a, b Response) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(place[a.Rhythm], place[b.Rhythm]))
	})
}
