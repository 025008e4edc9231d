package rhythm

import (
	"math"
	"math/cmplx"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// The cycles in which a preferred time is looked for.
const (
	Week  = "week"
	Day   = "day"
	Month = "month"
)

const (
	// strengthMargin is the mean resultant length below which a preference does not matter: the busiest time has about 10 % more than the mean.
	strengthMargin = .05
	// sharpShare of the orders on the full hour, and in one hour, means that the source gives only the day.
	sharpShare = .95
)

// Cycle is the answer whether orders prefer a part of a cycle.
type Cycle struct {
	Name, Status        string
	Orders              int64
	Strength            suffstat.Estimate
	Direction           float64
	Z, RayleighP        float64
	F, P, Q             float64
	Decision            analytics.Decision
	Top                 int
	TopShare, EvenShare float64
	OwnSame             suffstat.Estimate
	OwnExpected         float64
	OwnCustomers        int64
}

// Rayleigh is the test of Rayleigh for independent angles: R the mean resultant length of n, z = n R^2, p by Zar's approximation (Biostatistical Analysis, 1999, eq. 27.4): exp(sqrt(1 + 4n + 4(n^2 - (nR)^2)) - (1 + 2n)).
// It answers "is there one preferred direction"; two opposite ones cancel out. Orders of one customer are not independent: see directed for the test that knows it.
func Rayleigh(n, r float64) (z, p float64) {
	if !(n > 0) {
		return math.NaN(), math.NaN()
	}
	z = n * r * r
	// sqrt(a^2 - b^2) - a with a = 1 + 2n, b = 2nR, without cancellation.
	a, b := 1+2*n, 2*n*r
	p = math.Exp(-b * b / (math.Sqrt(math.Max(a*a-b*b, 0)) + a))
	return z, math.Min(1, p)
}

// directed tests whether the mean of unit vectors is 0 when customers, not orders, are independent: Hotelling's T^2 of the mean vector with its jackknife covariance over G buckets, F = (G-2)/(2(G-1)) T^2 with 2 and G-2 degrees of
// freedom. cells counts orders at the angles.
func directed(buckets []suffstat.Cells, angles []float64) (r suffstat.Replicates, f, p float64) {
	cos, sin := make([]float64, len(angles)), make([]float64, len(angles))
	for i, a := range angles {
		cos[i], sin[i] = math.Cos(a), math.Sin(a)
	}
	r = suffstat.JackknifeVec(buckets, func(c suffstat.Cells) []float64 {
		n, x, y := 0., 0., 0.
		for i, k := range c {
			n, x, y = n+float64(k), x+float64(k)*cos[i], y+float64(k)*sin[i]
		}
		return []float64{x / n, y / n}
	})
	f, p = math.NaN(), math.NaN()
	g := float64(r.Buckets())
	if g < suffstat.MinBuckets || r.Value == nil {
		return r, f, p
	}
	a, b, c := r.Cov(0, 0), r.Cov(0, 1), r.Cov(1, 1)
	det := a*c - b*b
	if !(det > 1e-18) {
		return r, f, p
	}
	x, y := r.Value[0], r.Value[1]
	f = (g - 2) / (2 * (g - 1)) * (x*x*c - 2*x*y*b + y*y*a) / det
	return r, f, suffstat.FSurvival(f, 2, g-2)
}

func fitCycles(c *Counts, customers int64) []Cycle {
	week, day := make([]suffstat.Cells, Buckets), make([]suffstat.Cells, Buckets)
	var sharp, orders int64
	hours := make([]int64, 24)
	for _, h := range c.Hours {
		if h.Weekday == 0 {
			continue
		}
		add(&week[h.Bucket], 7, h.Weekday-1, h.Orders)
		add(&day[h.Bucket], 24, h.Hour, h.Orders)
		sharp, orders = sharp+h.Sharp, orders+h.Orders
		hours[h.Hour] += h.Orders
	}
	busiest := int64(0)
	for _, n := range hours {
		busiest = max(busiest, n)
	}
	noTime := float64(busiest) >= sharpShare*float64(orders) && float64(sharp) >= sharpShare*float64(orders)
	angles := func(n int, shift float64) []float64 {
		out := make([]float64, n)
		for i := range out {
			out[i] = 2 * math.Pi * (float64(i) + shift) / float64(n)
		}
		return out
	}
	var months []suffstat.Cells
	var monthAngles []float64
	monthDays := 4 * 31 // lengths 28..31, days 1..31
	for i := range monthDays {
		monthAngles = append(monthAngles, 2*math.Pi*(float64(i%31)+.5)/float64(28+i/31))
	}
	months = make([]suffstat.Cells, Buckets)
	for _, m := range c.MonthDays {
		if m.Length >= 28 && m.Day >= 1 {
			add(&months[m.Bucket], monthDays, (m.Length-28)*31+m.Day-1, m.Orders)
		}
	}
	out := []Cycle{
		fitCycle(Week, week, angles(7, 0), 7, func(turn float64) float64 { return 1 + 7*turn }),
		fitCycle(Day, day, angles(24, .5), 24, func(turn float64) float64 { return 24 * turn }),
		fitCycle(Month, months, monthAngles, 31, func(turn float64) float64 { return .5 + 30*turn }),
	}
	if noTime && out[1].Orders > 0 {
		out[1] = Cycle{Name: Day, Status: "no_time", Orders: orders, P: math.NaN(), Q: math.NaN(), F: math.NaN(), Z: math.NaN(), RayleighP: math.NaN(), Direction: math.NaN(), TopShare: math.NaN(), EvenShare: math.NaN(),
			OwnExpected: math.NaN(), Strength: suffstat.NotEstimable("", .95, suffstat.ErrNoData), OwnSame: suffstat.NotEstimable("", .95, suffstat.ErrNoData), Decision: analytics.Decision{Verdict: analytics.InsufficientData}}
	}
	out[0].own(c.Habits, "weekday", week)
	if out[1].Status == "measured" {
		out[1].own(c.Habits, "hour", day)
	}
	p := make([]float64, len(out))
	for i := range out {
		p[i] = out[i].P
	}
	for i, q := range suffstat.BH(p) {
		out[i].Q = q
	}
	for i := range out {
		out[i].decide(customers)
	}
	return out
}

func add(c *suffstat.Cells, size, at int, n int64) {
	if *c == nil {
		*c = make(suffstat.Cells, size)
	}
	(*c)[at] += n
}

// fitCycle measures one cycle; steps is how many of the angles belong to one turn (all, but for months of different length).
func fitCycle(name string, buckets []suffstat.Cells, angles []float64, steps int, direction func(turn float64) float64) Cycle {
	none := math.NaN()
	out := Cycle{Name: name, Status: "no_orders", Direction: none, Z: none, RayleighP: none, F: none, P: none, Q: none, TopShare: none, EvenShare: none, OwnExpected: none,
		Strength: suffstat.NotEstimable(suffstat.MethodJackknife, .95, suffstat.ErrNoData), OwnSame: suffstat.NotEstimable(suffstat.MethodJackknife, .95, suffstat.ErrNoData)}
	total, ok := suffstat.Merge(buckets)
	if !ok || total.Sum() == 0 {
		if name == Month {
			out.Status = "short"
		}
		return out
	}
	out.Status, out.Orders = "measured", total.Sum()
	var r suffstat.Replicates
	r, out.F, out.P = directed(buckets, angles)
	mean := complex(r.Value[0], r.Value[1])
	out.Z, out.RayleighP = Rayleigh(float64(out.Orders), cmplx.Abs(mean))
	turn := cmplx.Phase(mean) / (2 * math.Pi)
	if turn < 0 {
		turn++
	}
	if cmplx.Abs(mean) > 1e-12 {
		out.Direction = direction(turn)
	}
	length := r.Combine(func(v []float64) float64 { return math.Hypot(v[0], v[1]) })
	out.Strength = length.Estimate(0, .95)
	out.Strength.Lower, out.Strength.Upper = math.Max(0, out.Strength.Lower), math.Min(1, out.Strength.Upper)
	at := make([]int64, steps)
	for i, n := range total {
		at[i%steps] += n
	}
	for i, n := range at {
		if n > at[out.Top] {
			out.Top = i
		}
	}
	out.TopShare, out.EvenShare = float64(at[out.Top])/float64(out.Orders), 1/float64(steps)
	if name == Month {
		out.EvenShare = 12 / 365.25
	}
	if name != Day {
		out.Top++
	}
	out.Decision = analytics.Decide(analytics.Comparison{
		Difference: out.Strength.Value, SE: length.SE(0), DF: length.DF(), Margin: strengthMargin, Buckets: length.Buckets(),
		Sides: []analytics.Side{{Customers: out.Orders, Effective: float64(out.Orders), Events: out.Orders}},
	})
	return out
}

// own compares the share of pairs of order days of one customer that fall on one weekday, or in one hour, with that of pairs of different customers.
func (o *Cycle) own(rows []HabitRow, cycle string, buckets []suffstat.Cells) {
	habits := make([]suffstat.Ratio, Buckets)
	for _, h := range rows {
		if h.Cycle == cycle {
			habits[h.Bucket] = habits[h.Bucket].Merge(suffstat.Ratio{Num: h.Same, Den: h.Customers * 1_000_000})
			o.OwnCustomers += h.Customers
		}
	}
	total, ok := suffstat.Merge(buckets)
	if !ok || total.Sum() == 0 || o.OwnCustomers == 0 {
		return
	}
	o.OwnSame = suffstat.Jackknife(habits, suffstat.Ratio.Value, .95).Of(o.OwnCustomers, "share")
	o.OwnSame.Lower, o.OwnSame.Upper = math.Max(0, o.OwnSame.Lower), math.Min(1, o.OwnSame.Upper)
	o.OwnExpected = 0
	for _, n := range total {
		p := float64(n) / float64(total.Sum())
		o.OwnExpected += p * p
	}
}

// decide turns the numbers into a word: too few customers, or a strength whose test of "no direction" does not hold up over the cycles, are no preference.
func (o *Cycle) decide(customers int64) {
	if o.Status != "measured" {
		o.Decision = analytics.Decision{Verdict: analytics.InsufficientData}
		return
	}
	o.Strength = o.Strength.Of(customers, "1")
	switch {
	case customers < leastWithGap:
		o.Decision.Verdict = analytics.InsufficientData
	case o.Decision.Verdict == analytics.Different && !(o.Q <= .05):
		o.Decision.Verdict = analytics.Inconclusive
	}
}
