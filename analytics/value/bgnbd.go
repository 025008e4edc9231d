package value

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// DaysPerUnit makes weeks of days: the time unit of the model.
const DaysPerUnit = 7.

// Cell is a group of customers with equal (x, t_x, T): X purchases after the first one, the last of them Recency days after it (0 when X is 0), seen for Age days
// after it.
type Cell struct{ X, Recency, Age, N int64 }

// BGNBD holds the parameters of the beta-geometric/NBD model of Fader, Hardie and Lee (2005), time in weeks. While he is a customer, a customer buys as a Poisson process with a
// rate of his own, gamma(R, Alpha) over customers; after every repeat purchase he leaves with a probability of his own, beta(A, B) over customers.
//
// It misleads where buying is regular (subscriptions: the gaps are not exponential) or seasonal, where customers pause and come back, and in that nobody can leave before his second
// purchase: p_alive is 1 for x = 0.
type BGNBD struct{ R, Alpha, A, B float64 }

// sums is the data of the likelihood: sorted cells with x > 0, customers by x, customers with x = 0 by age.
type sums struct {
	byX    []float64 // customers with x repeats
	silent []float64 // customers with x = 0 by age in days
	cells  []Cell    // x > 0
	last   int64     // longest time in days
	n      int64
	harm   []float64 // scratch: ln(alpha + t) by day
	inv    []float64 // scratch: 1/(alpha + t) by day
}

func newSums(cells []Cell) *sums {
	s := &sums{}
	for _, c := range cells {
		s.last = max(s.last, c.Age)
		for int64(len(s.byX)) <= c.X {
			s.byX = append(s.byX, 0)
		}
		s.byX[c.X] += float64(c.N)
		s.n += c.N
	}
	s.silent = make([]float64, s.last+1)
	for _, c := range cells {
		if c.X == 0 {
			s.silent[c.Age] += float64(c.N)
		} else {
			s.cells = append(s.cells, c)
		}
	}
	s.harm, s.inv = make([]float64, s.last+1), make([]float64, s.last+1)
	return s
}

// likelihood of the logarithms of (r, alpha, a, b):
//
//	L = G(r+x)/G(r) alpha^r  B(a, b+x)/B(a, b)-like ratio  (alpha+t)^-(r+x) [ ((alpha+t)/(alpha+T))^(r+x) + [x > 0] a/(b+x-1) ]
//
// (equation 6 of the paper with (alpha+t)^-(r+x) taken out, so that nothing overflows: the first term in brackets is at most 1).
func (s *sums) likelihood(logs, gradient []float64) float64 {
	m := BGNBD{math.Exp(logs[0]), math.Exp(logs[1]), math.Exp(logs[2]), math.Exp(logs[3])}
	lg := func(x float64) float64 { v, _ := math.Lgamma(x); return v }
	psi := mathext.Digamma
	var ll, dr, dAlpha, da, db float64
	lnAlpha := logs[1]
	for x, n := range s.byX {
		if n == 0 {
			continue
		}
		x := float64(x)
		ll += n * (lg(m.R+x) - lg(m.R) + m.R*lnAlpha)
		dr += n * (psi(m.R+x) - psi(m.R) + lnAlpha)
		dAlpha += n * m.R / m.Alpha
		if x > 0 {
			ll += n * (lg(m.A+m.B) + lg(m.B+x) - lg(m.B) - lg(m.A+m.B+x))
			both := psi(m.A+m.B) - psi(m.A+m.B+x)
			da += n * both
			db += n * (both + psi(m.B+x) - psi(m.B))
		}
	}
	for d := range s.harm {
		t := m.Alpha + float64(d)/DaysPerUnit
		s.harm[d], s.inv[d] = math.Log(t), 1/t
		if n := s.silent[d]; n > 0 {
			ll -= n * m.R * s.harm[d]
			dr -= n * s.harm[d]
			dAlpha -= n * m.R * s.inv[d]
		}
	}
	for _, c := range s.cells {
		n, x := float64(c.N), float64(c.X)
		k := m.R + x
		lt := s.harm[c.Recency]
		gap := lt - s.harm[c.Age] // <= 0
		stays := math.Exp(k * gap)
		leaves := m.A / (m.B + x - 1)
		d := stays + leaves
		ll += n * (math.Log(d) - k*lt)
		dr += n * (stays*gap/d - lt)
		dAlpha += n * (stays*k*(s.inv[c.Recency]-s.inv[c.Age])/d - k*s.inv[c.Recency])
		da += n * leaves / m.A / d
		db -= n * leaves / (m.B + x - 1) / d
	}
	gradient[0], gradient[1], gradient[2], gradient[3] = dr*m.R, dAlpha*m.Alpha, da*m.A, db*m.B
	return ll
}

// LogLikelihood of the model on customers, in nats.
func (m BGNBD) LogLikelihood(cells []Cell) float64 {
	return newSums(cells).likelihood(m.logs(), make([]float64, 4))
}

func (m BGNBD) logs() []float64 {
	return []float64{math.Log(m.R), math.Log(m.Alpha), math.Log(m.A), math.Log(m.B)}
}

// The states of a fit.
const (
	Fitted = "fitted"
	// OnRidge: the data do not tell some of the parameters apart (nobody leaves; all leave, or buy, alike: a and b grow without end), and the likelihood hardly changes along them, so that forecasts stand. The
	// parameters are those nearest to ordinary ones on that ridge; those not told have no standard error.
	OnRidge         = "on_ridge"
	NotConverged    = "not_converged"    // no maximum was found
	NotIdentifiable = "not_identifiable" // no maximum inside, and forecasts depend on where the climb is stopped
	TooFew          = "too_few"          // fewer than 100 customers, 50 with a repeat purchase, or 8 weeks
)

// The floors of a fit.
const (
	leastCustomers = 100
	leastRepeaters = 50
	leastDays      = 56
	// vague is the standard error of the logarithm of a parameter above which it is not identified: an interval of e^(+-1.96 x 1.5), 19 times up and down.
	vague = 1.5
	// flat and flatEach are the likelihood in nats, in all or per customer, that may be given away for ordinary parameters on a ridge: so little moves no forecast.
	flat, flatEach = 2., 2e-5
)

// BGNBDFit is a fitted model. SE are standard errors of R, Alpha, A, B from the inverse of the observed information (customers are independent), NaN where the data do not tell the parameter; nil when the state is neither
// Fitted nor OnRidge.
type BGNBDFit struct {
	BGNBD
	SE            []float64
	LogLikelihood float64
	N, Repeaters  int64
	State         string
}

// FitBGNBD estimates the model by maximum likelihood on grouped customers. The climb starts at eight places on cells of four weeks (thousands instead of a million), goes on in weeks and ends on the cells as they are.
// The result does not depend on the order of the cells.
func FitBGNBD(cells []Cell) BGNBDFit {
	cells = tidy(cells)
	s := newSums(cells)
	fit := BGNBDFit{N: s.n, State: TooFew}
	var purchases, days float64
	for _, c := range cells {
		purchases, days = purchases+float64(c.X*c.N), days+float64(c.Age*c.N)
	}
	if len(s.byX) > 0 {
		fit.Repeaters = s.n - int64(s.byX[0])
	}
	if s.n < leastCustomers || fit.Repeaters < leastRepeaters || s.last < leastDays {
		return fit
	}
	weeks := days / DaysPerUnit / float64(s.n)
	rate := purchases / float64(s.n) / weeks // purchases per week, of those who left too
	var starts [][]float64
	for _, r := range []float64{.25, 1.5} {
		for _, quick := range []float64{1, 4} { // those who stay buy more often than the mean of all
			for _, leave := range [][2]float64{{.8, 2.5}, {.1, 2}} {
				starts = append(starts, BGNBD{r, r / (rate * quick), leave[0], leave[1]}.logs())
			}
		}
	}
	weekly := newSums(coarse(cells, 7)).likelihood
	o := best(newSums(coarse(cells, 28)).likelihood, starts)
	o = maximize(weekly, o.Logs)
	if !o.Ridge {
		o = maximize(s.likelihood, o.Logs)
		fit.State, fit.SE = judge(o)
	}
	if fit.State != Fitted {
		centre := []float64{0, math.Log(weeks), 0, 0}
		free := math.Max(o.Value, s.likelihood(o.Logs, make([]float64, 4)))
		o = climb(tied(weekly, centre), clamped(o.Logs, centre, 5), false)
		o = climb(tied(s.likelihood, centre), o.Logs, false)
		o.Value = s.likelihood(o.Logs, make([]float64, 4))
		fit.State, fit.SE = judgeRidge(o, free, float64(s.n))
	}
	fit.BGNBD = BGNBD{math.Exp(o.Logs[0]), math.Exp(o.Logs[1]), math.Exp(o.Logs[2]), math.Exp(o.Logs[3])}
	fit.LogLikelihood = o.Value
	return fit
}

// judge tells what an optimum is worth and gives the standard errors of the parameters themselves.
func judge(o optimum) (state string, se []float64) {
	if o.Ridge || !within(o.Logs, edge) || o.Converged && o.Covar == nil {
		return NotIdentifiable, nil
	}
	if !o.Converged {
		return NotConverged, nil
	}
	for i, x := range o.Logs {
		s := math.Sqrt(o.Covar.At(i, i))
		if !(s <= vague) {
			return NotIdentifiable, nil
		}
		se = append(se, s*math.Exp(x))
	}
	return Fitted, se
}

// judgeRidge is judge for an optimum under the rein, beside the likelihood without it.
func judgeRidge(o optimum, free, n float64) (state string, se []float64) {
	switch {
	case !o.Converged:
		return NotConverged, nil
	case o.Covar == nil || !(free-o.Value < math.Max(flat, flatEach*n)):
		return NotIdentifiable, nil
	}
	for i, x := range o.Logs {
		s := math.Sqrt(o.Covar.At(i, i))
		if !(s <= vague/2) { // the rein itself gives at most 3
			s = math.NaN()
		}
		se = append(se, s*math.Exp(x))
	}
	return OnRidge, se
}

// clamped pulls logarithms that ran away back to at most so far from the centre.
func clamped(logs, centre []float64, most float64) []float64 {
	out := make([]float64, len(logs))
	for i, x := range logs {
		out[i] = math.Max(centre[i]-most, math.Min(centre[i]+most, x))
	}
	return out
}

// Ready tells whether forecasts can be made.
func (f BGNBDFit) Ready() bool { return f.State == Fitted || f.State == OnRidge }

// tidy sorts cells, drops empty ones and those that cannot be (a last purchase before the first, or after the end), and makes a recency of 0 of those without a repeat.
func tidy(cells []Cell) []Cell {
	out := make([]Cell, 0, len(cells))
	for _, c := range cells {
		if c.X == 0 {
			c.Recency = 0
		}
		if c.N > 0 && c.X >= 0 && c.Recency >= 0 && c.Recency <= c.Age {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, compareCells)
	return out
}

func compareCells(a, b Cell) int {
	for _, d := range []int64{a.X - b.X, a.Age - b.Age, a.Recency - b.Recency} {
		if d != 0 {
			return int(d)
		}
	}
	return int(a.N - b.N)
}

// coarse merges cells whose t_x and T fall into the same so many days into one at their mean day.
func coarse(cells []Cell, days int64) []Cell {
	type key struct{ x, recency, age int64 }
	sum := map[key]Cell{}
	for _, c := range cells {
		k := key{c.X, c.Recency / days, c.Age / days}
		s := sum[k]
		sum[k] = Cell{c.X, s.Recency + c.N*c.Recency, s.Age + c.N*c.Age, s.N + c.N}
	}
	out := make([]Cell, 0, len(sum))
	for _, s := range sum {
		out = append(out, Cell{s.X, (s.Recency + s.N/2) / s.N, (s.Age + s.N/2) / s.N, s.N})
	}
	slices.SortFunc(out, compareCells)
	return out
}

// PAlive is the probability that a customer with (x, t_x, T), in weeks, is still one: 1 for x = 0. In [0, 1].
func (m BGNBD) PAlive(x, recency, age float64) float64 {
	if x == 0 {
		return 1
	}
	k := (m.R + x) * (math.Log(m.Alpha+age) - math.Log(m.Alpha+recency))
	return 1 / (1 + m.A/(m.B+x-1)*math.Exp(math.Min(k, 700)))
}

// Active is the expected number of purchases in the next span weeks of a customer who is still one after x purchases in age weeks: the numerator of equation 10 of the paper,
//
//	(a+b+x-1)/(a-1) [ 1 - ((alpha+T)/(alpha+T+t))^(r+x) 2F1(r+x, b+x; a+b+x-1; t/(alpha+T+t)) ].
//
// Euler's transformation makes of the bracket 1 - w F with w = (1-z)^(a-1), F = 2F1(a+b-1-r, a-1; a+b+x-1; z), z = t/(alpha+T+t), in which every term is small; and with F = 1 + (a-1)/C S, C = a+b+x-1,
//
//	Active = C (1-w)/(a-1) - w S,   S = sum_{n>=1} (a+b-1-r)_n (a)_{n-1} / (C+1)_{n-1} z^n/n!
//
// which has no pole at a = 1 nor at C = 0, and cannot overflow before w does. With x = 0 and age = 0 it is the expected number of repeat purchases of a new customer.
func (m BGNBD) Active(x, age, span float64) float64 {
	if !(span > 0) {
		return 0
	}
	z := span / (m.Alpha + age + span)
	c, p := m.A+m.B+x-1, m.A+m.B-1-m.R
	lnW := (m.A - 1) * math.Log1p(-z)
	first := -math.Log1p(-z)
	if math.Abs(m.A-1) > 1e-12 {
		first = -math.Expm1(lnW) / (m.A - 1)
	}
	return c*first - math.Exp(lnW)*series(p, m.A, c+1, z)
}

// series is sum_{n>=1} (p)_n (a)_{n-1} / (c)_{n-1} z^n / n!, for 0 <= z < 1, c > 0.
func series(p, a, c, z float64) float64 {
	term := p * z
	sum := term
	for n := 1.; n < 1e6; n++ {
		term *= (p + n) / (n + 1) * (a + n - 1) / (c + n - 1) * z
		sum += term
		// What is left is at most a geometric series once the ratio of terms has settled.
		if ratio := math.Abs((p + n + 1) / (n + 2) * (a + n) / (c + n) * z); ratio < 1 && math.Abs(term) <= 1e-15*math.Abs(sum)*(1-ratio) {
			break
		}
		if term == 0 {
			break
		}
	}
	return sum
}

// Expected is the expected number of purchases in the next span weeks of a customer with (x, t_x, T): Active times PAlive.
func (m BGNBD) Expected(x, recency, age, span float64) float64 {
	return m.Active(x, age, span) * m.PAlive(x, recency, age)
}

// Counts returns the probabilities that a new customer makes 0..most-1 repeat purchases within age weeks, and at the end that of most or more (equation 8 of the paper).
func (m BGNBD) Counts(age float64, most int) []float64 {
	out := make([]float64, most+1)
	lg := func(x float64) float64 { v, _ := math.Lgamma(x); return v }
	lbeta := func(a, b float64) float64 { return lg(a) + lg(b) - lg(a+b) }
	lnStay, lnGo := math.Log(m.Alpha)-math.Log(m.Alpha+age), math.Log(age)-math.Log(m.Alpha+age)
	rest, below := 1., 0. // below: sum of the NBD probabilities of fewer than x
	for x := range most {
		k := float64(x)
		nbd := math.Exp(lg(m.R+k) - lg(m.R) - lg(k+1) + m.R*lnStay)
		if x > 0 {
			nbd *= math.Exp(k * lnGo)
		}
		out[x] = math.Exp(lbeta(m.A, m.B+k)-lbeta(m.A, m.B)) * nbd
		if x > 0 {
			out[x] += math.Exp(lbeta(m.A+1, m.B+k-1)-lbeta(m.A, m.B)) * math.Max(0, 1-below)
		}
		below += nbd
		rest -= out[x]
	}
	out[most] = math.Max(0, rest)
	return out
}
