package rhythm

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
)

// buyer is a customer of a small world: his order days, ascending, within 0..end-1, and the next two, which nobody has seen yet; there are none when he has left.
type buyer struct {
	bucket   int
	days     []int
	segments []string
	coming   []int
}

func wholeLog(x float64) int { return int(math.Floor(logUnit*math.Log(x) + .5)) }

// compared sums the later pauses less the earlier ones of those that began 28 days after the second order.
func compared(days []int) (pairs, later int) {
	var kept []int
	for j := range len(days) - 1 {
		if days[j] >= days[1]+28 {
			kept = append(kept, wholeLog(float64(days[j+1]-days[j])))
		}
	}
	pairs = len(kept) / 2
	for j := range pairs {
		later += kept[len(kept)-1-j] - kept[j]
	}
	return pairs, later
}

// overlapCells does what analytics.red_rhythm_overlaps does.
func overlapCells(buyers []buyer, candidates []Candidate) (out []OverlapRow) {
	for _, b := range buyers {
		days := slices.Compact(slices.Clone(b.days))
		pairs, later := compared(days)
		if pairs == 0 {
			continue
		}
		r := OverlapRow{0, b.bucket, 1, int64(pairs), float64(later) / logUnit}
		for _, c := range candidates {
			if slices.Contains(b.segments, c.Segment) {
				r.Cell |= c.Bit
			}
		}
		out = append(out, r)
	}
	return out
}

// reduce does what the models of queries/analytics do, by loops.
func reduce(buyers []buyer, end int) *Counts {
	c := &Counts{Days: int64(end)}
	gapRows, curve := map[[2]int]*GapRow{}, map[[2]int]*CurveRow{}
	pauses, shapes := map[[5]int]*PauseRow{}, map[ShapeRow]int64{}
	segments := map[string]*[Buckets]SegmentRow{}
	log := wholeLog
	class := func(n int) int {
		switch {
		case n <= 8:
			return n
		case n <= 12:
			return 9
		case n <= 20:
			return 10
		case n <= 40:
			return 11
		}
		return 12
	}
	for _, b := range buyers {
		days := slices.Compact(slices.Clone(b.days))
		if len(days) == 0 {
			continue
		}
		n := len(days) - 1
		open := end - 1 - days[n]
		var sum, square, sumGap, squareGap int
		gapLog := 0.
		pause := func(before, mean, x, n int, completed bool) {
			done := 0
			if completed {
				done = 1
			}
			k := [5]int{b.bucket / 5, class(before), mean / 1024, (x + 4096) / 1024, done}
			if pauses[k] == nil {
				pauses[k] = &PauseRow{Part: k[0], Class: k[1], Completed: completed, meanBin: int64(k[2]), pauseBin: int64(k[3])}
			}
			p := pauses[k]
			p.Pauses, p.SumGaps = p.Pauses+1, p.SumGaps+int64(n)
			p.MeanLog, p.PauseLog = p.MeanLog+float64(mean)/logUnit, p.PauseLog+float64(x)/logUnit
		}
		for j := range n {
			g := days[j+1] - days[j]
			x := log(float64(g))
			pause(j, sum/max(j, 1), x, j, true)
			sum, square, sumGap, squareGap = sum+x, square+x*x, sumGap+g, squareGap+g*g
			gapLog += float64(g) * math.Log(float64(g))
			r := at(curve, [2]int{min(g, maxDays), b.bucket})
			r.Completed++
			r.Weight += int64(wholeCustomer / n)
		}
		pairs, later := compared(days)
		pause(n, sum/max(n, 1), log(float64(open)+.5), n, false)
		r := at(curve, [2]int{min(open, maxDays), b.bucket})
		r.Open++
		if n == 0 {
			r.OpenWeight += wholeCustomer
		}
		g := at(gapRows, [2]int{min(n, 200), b.bucket})
		g.Customers, g.SumGaps, g.SumLog = g.Customers+1, g.SumGaps+int64(n), g.SumLog+float64(sum)/logUnit
		between := sum * sum / max(n, 1)
		g.Between, g.Within = g.Between+float64(between)/logUnit/logUnit, g.Within+float64(square-between)/logUnit/logUnit
		g.Pairs, g.LaterLessEarlier = g.Pairs+int64(pairs), g.LaterLessEarlier+float64(later)/logUnit
		if pairs > 0 {
			g.Paired++
		}
		if n >= 1 {
			age, rest := float64(end-days[0]), float64(end-days[n])
			g.Clumpiness += 1 + ((gapLog+rest*math.Log(rest))/age-math.Log(age))/math.Log(float64(n+1))
		}
		if n >= 3 {
			cv := math.Sqrt(float64(n*(n*squareGap-sumGap*sumGap)) / (float64(n-1) * float64(sumGap*sumGap)))
			shapes[ShapeRow{Cell: Cell{8 * sum / n / 4096, int(math.Floor(4 * math.Log(math.Max(20*cv, 1))))}, Bucket: b.bucket}]++
			for _, name := range b.segments {
				if pairs == 0 {
					continue
				}
				if segments[name] == nil {
					segments[name] = &[Buckets]SegmentRow{}
				}
				s := &segments[name][b.bucket]
				s.Segment, s.Bucket, s.Customers, s.Pairs, s.LaterLessEarlier = name, b.bucket, s.Customers+1, s.Pairs+int64(pairs), s.LaterLessEarlier+float64(later)/logUnit
				if strings.HasPrefix(name, "behaves_") {
					s.Moved++
				}
			}
		}
	}
	for k, r := range gapRows {
		r.Gaps, r.Bucket = k[0], k[1]
		c.Gaps = append(c.Gaps, *r)
	}
	slices.SortFunc(c.Gaps, func(a, b GapRow) int { return cmp.Or(cmp.Compare(a.Gaps, b.Gaps), cmp.Compare(a.Bucket, b.Bucket)) })
	for k, r := range curve {
		r.Days, r.Bucket = k[0], k[1]
		c.Curve = append(c.Curve, *r)
	}
	slices.SortFunc(c.Curve, func(a, b CurveRow) int { return cmp.Or(cmp.Compare(a.Days, b.Days), cmp.Compare(a.Bucket, b.Bucket)) })
	var keys [][5]int
	for k := range pauses {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b [5]int) int { return slices.Compare(a[:], b[:]) })
	for _, k := range keys {
		p := *pauses[k]
		p.MeanLog, p.PauseLog = p.MeanLog/float64(p.Pauses), p.PauseLog/float64(p.Pauses)
		c.Pauses = append(c.Pauses, p)
	}
	for s, n := range shapes {
		s.Customers = n
		c.Shapes = append(c.Shapes, s)
	}
	slices.SortFunc(c.Shapes, func(a, b ShapeRow) int {
		return cmp.Or(cmp.Compare(a.Mean, b.Mean), cmp.Compare(a.CV, b.CV), cmp.Compare(a.Bucket, b.Bucket))
	})
	for _, rows := range segments {
		for _, r := range rows {
			if r.Customers > 0 {
				c.Segments = append(c.Segments, r)
			}
		}
	}
	slices.SortFunc(c.Segments, func(a, b SegmentRow) int {
		return cmp.Or(cmp.Compare(a.Segment, b.Segment), cmp.Compare(a.Bucket, b.Bucket))
	})
	return c
}

func at[V any](m map[[2]int]*V, k [2]int) *V {
	if m[k] == nil {
		m[k] = new(V)
	}
	return m[k]
}

// pausesWorld draws customers who are acquired over the first four fifths of the time and order at pauses that draw makes; leave is the chance to be gone for good after an order.
func pausesWorld(rng *rand.Rand, customers, end int, leave float64, customer func(rng *rand.Rand) func(rng *rand.Rand, tenure float64) float64) []buyer {
	out := make([]buyer, customers)
	for i := range out {
		draw := customer(rng)
		start := rng.Float64() * .8 * float64(end)
		b := buyer{bucket: rng.IntN(Buckets)}
		for t := start; len(b.coming) < 2; {
			if t < float64(end) {
				b.days = append(b.days, int(t))
			} else {
				b.coming = append(b.coming, int(t))
			}
			if rng.Float64() < leave {
				break
			}
			t += draw(rng, t-start)
		}
		out[i] = b
	}
	return out
}

// lognormals is the world of the model.
func lognormals(l Lognormal) func(rng *rand.Rand) func(*rand.Rand, float64) float64 {
	return func(rng *rand.Rand) func(*rand.Rand, float64) float64 {
		mu := l.Mean + math.Sqrt(l.Between)*rng.NormFloat64()
		return func(rng *rand.Rand, _ float64) float64 { return math.Exp(mu + math.Sqrt(l.Within)*rng.NormFloat64()) }
	}
}

// gammas draws pauses of gamma shape: 1 is chance, more is regular; the mean pauses of customers are lognormal.
func gammas(shapes []float64, median, spread float64) func(rng *rand.Rand) func(*rand.Rand, float64) float64 {
	return func(rng *rand.Rand) func(*rand.Rand, float64) float64 {
		mean, shape := median*math.Exp(spread*rng.NormFloat64()), shapes[rng.IntN(len(shapes))]
		return func(rng *rand.Rand, _ float64) float64 {
			sum := 0.
			for range int(shape) {
				sum += rng.ExpFloat64()
			}
			return math.Max(mean*sum/shape, .01)
		}
	}
}

// coverage says how often the threshold is right when it is used: a customer orders for the first time after the end of the data, and the pause that now begins is shorter than his threshold. Of customers with a rhythm of
// their own at that order, and of the others. (The open pauses at the end of the data are no measure: long ones are more often open.)
func coverage(m *Model, buyers []buyer) (own, prior float64) {
	var in, n [2]float64
	for _, b := range buyers {
		if len(b.coming) < 2 {
			continue
		}
		days := slices.Compact(append(slices.Clone(b.days), b.coming[0]))
		gaps, mean := len(days)-1, 0.
		for j := range gaps {
			mean += math.Log(float64(days[j+1]-days[j])) / float64(gaps)
		}
		k := 0
		if gaps < 2 {
			k = 1
		}
		n[k]++
		if float64(b.coming[1]-b.coming[0]) <= m.LateAfter(gaps, mean) {
			in[k]++
		}
	}
	return in[0] / n[0], in[1] / n[1]
}
