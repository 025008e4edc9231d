package rhythm

import (
	"math"

	"crmaudit/analytics/suffstat"
)

// Status says whether the model of rhythms could be fitted.
const (
	Fitted       = "fitted"
	NoOrders     = "no_orders"     // nobody ordered
	NoGaps       = "no_gaps"       // nobody ordered on two days
	FewCustomers = "few_customers" // fewer than leastWithGap customers with a pause, or leastWithTwo with two
)

// Notes on a fitted model.
const (
	NoVariation = "no_variation" // pauses of a customer differ by no more than the rounding to days
	AllAlike    = "all_alike"    // customers do not differ
)

const (
	leastWithGap = 30
	leastWithTwo = 10
	// lateShare is the share of pauses that are shorter than the lateness threshold.
	lateShare = .90
	// leastVariance keeps the logarithms of variances finite; far below anything that days can show.
	leastVariance, mostVariance = 1e-6, 25.
)

// Lognormal is the model of own rhythms: ln(pause) = m_i + e, e ~ N(0, Within), m_i ~ N(Mean, Between).
type Lognormal struct{ Mean, Within, Between float64 }

// Posterior is what is known of the next pause of a customer with n pauses whose logarithms have the mean meanLog: mean and variance of its logarithm. Customers with fewer than two get
// the prior: one pause says little, and "own rhythm" would promise too much.
func (l Lognormal) Posterior(n int, meanLog float64) (mean, variance float64) {
	if n < 2 {
		return l.Mean, l.Between + l.Within
	}
	k := float64(n)
	w := l.Within + k*l.Between
	return (l.Within*l.Mean + l.Between*k*meanLog) / w, l.Between*l.Within/w + l.Within
}

// PriorGaps is how many own pauses weigh as much as all other customers together.
func (l Lognormal) PriorGaps() float64 {
	return math.Min(l.Within/math.Max(l.Between, leastVariance), 1e6)
}

// pausesOf sums customers with the same number of pauses (from 200 on, about the same).
type pausesOf struct {
	of                                       int
	customers, gaps, sumLog, between, within float64
}

func (d *pausesOf) add(o pausesOf) {
	d.customers, d.gaps, d.sumLog = d.customers+o.customers, d.gaps+o.gaps, d.sumLog+o.sumLog
	d.between, d.within = d.between+o.between, d.within+o.within
}

// openOf is a group of customers with the same open pause.
type openOf struct{ customers, gaps, meanLog, open float64 }

// sample is what the likelihood needs of some customers.
type sample struct {
	done []pausesOf
	open []openOf
}

// logLikelihood of the model, without constants. A customer's completed pauses are normal with equal correlation; given them, the logarithm of the open one is normal with the posterior predictive mean and
// variance, and all that is known of it is that it is longer:
//
//	-1/2 [(n-1) ln s2 + ln(s2 + n t2) + W/s2 + n (y - m)^2/(s2 + n t2)] + ln Phi((posterior mean - ln open)/sqrt(posterior variance + s2))
func (s sample) logLikelihood(l Lognormal) float64 {
	sum := 0.
	for _, d := range s.done {
		n := d.gaps / d.customers
		w := l.Within + n*l.Between
		sum -= .5 * ((d.gaps-d.customers)*math.Log(l.Within) + d.customers*math.Log(w) + d.within/l.Within + (d.between-2*l.Mean*d.sumLog+l.Mean*l.Mean*d.gaps)/w)
	}
	for _, o := range s.open {
		n := o.gaps / o.customers
		w := l.Within + n*l.Between
		mean := (l.Within*l.Mean + l.Between*n*o.meanLog) / w
		sum += o.customers * logPhi((mean-o.open)/math.Sqrt(l.Between*l.Within/w+l.Within))
	}
	return sum
}

// logPhi is the logarithm of the standard normal distribution function.
func logPhi(z float64) float64 {
	if z < -30 {
		return -z*z/2 - math.Log(-z) - .5*math.Log(2*math.Pi)
	}
	return math.Log(.5 * math.Erfc(-z/math.Sqrt2))
}

// point is the parameters as the search sees them: mean, ln within, ln between.
type point [3]float64

func (p point) model() Lognormal {
	return Lognormal{p[0], math.Exp(p[1]), math.Exp(p[2])}
}

func (p point) clamped() point {
	for i := 1; i < 3; i++ {
		p[i] = math.Min(math.Max(p[i], math.Log(leastVariance)), math.Log(mostVariance))
	}
	p[0] = math.Min(math.Max(p[0], -5), 15)
	return p
}

// maximise finds the maximum by Newton steps with central differences, damped until they go up.
func (s sample) maximise(start point) (point, float64) {
	f := func(p point) float64 { return s.logLikelihood(p.model()) }
	at := start.clamped()
	best := f(at)
	damp := 0.
	for range 100 {
		g, h := derivatives(f, at, best)
		moved := false
		for range 30 {
			next := at
			if step, ok := solve(h, g, damp); ok {
				for i := range next {
					next[i] += math.Min(math.Max(step[i], -1), 1)
				}
				next = next.clamped()
				if v := f(next); v > best {
					gain, far := v-best, distance(at, next)
					at, best, moved = next, v, true
					damp /= 10
					if gain < 1e-9*(1+math.Abs(best)) && far < 1e-6 {
						return at, best
					}
					break
				}
			}
			damp = math.Max(10*damp, 1e-4)
		}
		if !moved {
			return at, best
		}
	}
	return at, best
}

func distance(a, b point) (d float64) {
	for i := range a {
		d = math.Max(d, math.Abs(a[i]-b[i]))
	}
	return d
}

// derivatives returns the gradient and minus the Hessian.
func derivatives(f func(point) float64, at point, here float64) (g point, h [3]point) {
	const step = 1e-4
	move := func(i int, by float64, p point) point { p[i] += by; return p }
	up, down := point{}, point{}
	for i := range at {
		up[i], down[i] = f(move(i, step, at)), f(move(i, -step, at))
		g[i] = (up[i] - down[i]) / (2 * step)
		h[i][i] = -(up[i] - 2*here + down[i]) / (step * step)
	}
	for i := range at {
		for j := range i {
			both := f(move(i, step, move(j, step, at))) + f(move(i, -step, move(j, -step, at)))
			x := -(both - up[i] - down[i] - up[j] - down[j] + 2*here) / (2 * step * step)
			h[i][j], h[j][i] = x, x
		}
	}
	return g, h
}

// solve returns x with (h + damp x diagonal) x = g by Cholesky; ok is false when that is not positive definite.
func solve(h [3]point, g point, damp float64) (x point, ok bool) {
	var c [3]point
	for i := range 3 {
		for j := 0; j <= i; j++ {
			v := h[i][j]
			if i == j {
				v += damp * (1 + math.Abs(h[i][i]))
			}
			for k := range j {
				v -= c[i][k] * c[j][k]
			}
			if i == j {
				if !(v > 0) {
					return x, false
				}
				c[i][i] = math.Sqrt(v)
			} else {
				c[i][j] = v / c[j][j]
			}
		}
	}
	for i := range 3 {
		x[i] = g[i]
		for k := range i {
			x[i] -= c[i][k] * x[k]
		}
		x[i] /= c[i][i]
	}
	for i := 2; i >= 0; i-- {
		for k := i + 1; k < 3; k++ {
			x[i] -= c[k][i] * x[k]
		}
		x[i] /= c[i][i]
	}
	return x, true
}

// Rhythm is the fitted model with its doubt.
type Rhythm struct {
	Lognormal
	Status                           string
	Note                             string
	Customers, WithGap, WithTwo, All int64 // All is the completed pauses
	LogLikelihood                    float64
	replicates                       suffstat.Replicates // of Mean, Within, Between over the parts
}

// estimate is a number made of the three parameters, with its 95 % interval.
func (r Rhythm) estimate(of func(Lognormal) float64, unit string) suffstat.Estimate {
	return r.replicates.Combine(func(v []float64) float64 { return of(Lognormal{v[0], v[1], v[2]}) }).EstimateLog(0, .95).Of(r.Customers, unit)
}

func fitRhythm(c *Counts) Rhythm {
	r := Rhythm{Status: Fitted, LogLikelihood: math.NaN()}
	var total sample
	parts := make([]sample, Parts)
	for _, g := range c.Gaps {
		r.Customers += g.Customers
		if g.Gaps == 0 {
			continue
		}
		r.WithGap += g.Customers
		r.All += g.SumGaps
		if g.Gaps > 1 {
			r.WithTwo += g.Customers
		}
		d := pausesOf{g.Gaps, float64(g.Customers), float64(g.SumGaps), g.SumLog, g.Between, g.Within}
		p := &parts[g.Bucket*Parts/Buckets]
		p.done = append(p.done, d)
		if k := len(total.done); k > 0 && total.done[k-1].of == g.Gaps { // rows come by gaps
			total.done[k-1].add(d)
		} else {
			total.done = append(total.done, d)
		}
	}
	switch {
	case r.Customers == 0:
		r.Status = NoOrders
	case r.WithGap == 0:
		r.Status = NoGaps
	case r.WithGap < leastWithGap || r.WithTwo < leastWithTwo:
		r.Status = FewCustomers
	}
	if r.Status != Fitted {
		return r
	}
	for _, o := range c.Pauses {
		if !o.Completed {
			parts[o.Part].open = append(parts[o.Part].open, openOf{float64(o.Pauses), float64(o.SumGaps), o.MeanLog, o.PauseLog})
		}
	}
	total.open = mergeOpen(c.Pauses)
	at, best := total.maximise(total.start())
	r.Lognormal, r.LogLikelihood = at.model(), best
	r.replicates = total.jackknife(parts, at, best)
	// Pauses are whole days: the difference of two times of day has a variance of 1/6 day^2 that no data in days can show.
	if least := math.Max(1/(6*math.Exp(2*r.Mean)), leastVariance); r.Within < least {
		r.Within, r.Note = least, NoVariation
	} else if r.Between <= 2*leastVariance {
		r.Note = AllAlike
	}
	return r
}

// start is the moments of the completed pauses.
func (s sample) start() point {
	var n, k, sum, within, between float64
	for _, d := range s.done {
		n, k, sum, within, between = n+d.gaps, k+d.customers, sum+d.sumLog, within+d.within, between+d.between
	}
	mean := sum / n
	return point{mean, math.Log(math.Max(within/math.Max(n-k, 1), .01)), math.Log(math.Max((between-n*mean*mean)/n, .1))}
}

// jackknife gives one-step replicates of the parameters: what one Newton step from the maximum gives without a part of the customers.
func (s sample) jackknife(parts []sample, at point, best float64) suffstat.Replicates {
	f := func(p point) float64 { return s.logLikelihood(p.model()) }
	_, h := derivatives(f, at, best)
	l := at.model()
	out := suffstat.Replicates{Value: []float64{l.Mean, l.Within, l.Between}}
	used := 0
	for _, p := range parts {
		if len(p.done) > 0 || len(p.open) > 0 {
			used++
		}
	}
	for _, p := range parts {
		moved := at
		if in := len(p.done) > 0 || len(p.open) > 0; in {
			g, _ := derivatives(func(x point) float64 { return p.logLikelihood(x.model()) }, at, 0)
			if x, ok := solve(h, g, 1e-9); ok {
				for i := range moved {
					moved[i] -= x[i] * float64(used) / math.Max(float64(used-1), 1)
				}
			}
			out.Used = append(out.Used, true)
		} else {
			out.Used = append(out.Used, false)
		}
		m := moved.clamped().model()
		out.Rep = append(out.Rep, []float64{m.Mean, m.Within, m.Between})
	}
	return out
}

// mergeOpen adds up the open pauses of the parts.
func mergeOpen(rows []PauseRow) []openOf {
	at := map[[3]int64]int{}
	var out []openOf
	for _, r := range rows {
		if r.Completed {
			continue
		}
		k, n := [3]int64{int64(r.Class), r.meanBin, r.pauseBin}, float64(r.Pauses)
		i, ok := at[k]
		if !ok {
			i = len(out)
			at[k] = i
			out = append(out, openOf{})
		}
		o := &out[i]
		o.meanLog = (o.meanLog*o.customers + r.MeanLog*n) / (o.customers + n)
		o.open = (o.open*o.customers + r.PauseLog*n) / (o.customers + n)
		o.customers, o.gaps = o.customers+n, o.gaps+float64(r.SumGaps)
	}
	return out
}
