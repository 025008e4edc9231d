package value

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// Spend is a group of customers with equally many purchases of about equal mean value: Purchases each, Mean currency units per purchase.
type Spend struct {
	Purchases int64
	Mean      float64
	N         int64
}

// GammaGamma holds the parameters of the gamma-gamma model of purchase values (Fader and Hardie 2013): the values of a customer's purchases are gamma(P, nu), nu is his own and gamma(Q, V) over customers.
// P and Q have no unit, V is in currency units. The mean over customers is P V / (Q - 1), which needs Q > 1.
//
// It takes the value of a purchase not to depend on how many there are: look at Correlation.
type GammaGamma struct{ P, Q, V float64 }

// GammaGammaFit is a fitted model; State as in BGNBDFit. Correlation is that of the mean value with the logarithm of the number of purchases over customers, with the ends of its 95 % interval.
type GammaGammaFit struct {
	GammaGamma
	SE                                []float64
	LogLikelihood                     float64
	N                                 int64
	State                             string
	Correlation, CorrLower, CorrUpper float64
	MeanValue                         float64 // plain mean value of a purchase
}

// MaxCorrelation is the correlation of value and number up to which the gamma-gamma model is taken to hold (a convention; CDNOW has .06 on plain values).
const MaxCorrelation = .2

// Verdict tells whether value and number of purchases go together: fits (the interval of the correlation lies within +/- MaxCorrelation), correlated (outside), undecided.
func (f GammaGammaFit) Verdict() string {
	switch {
	case f.CorrLower > -MaxCorrelation && f.CorrUpper < MaxCorrelation:
		return "fits"
	case f.CorrLower > MaxCorrelation || f.CorrUpper < -MaxCorrelation:
		return "correlated"
	}
	return "undecided"
}

// FitGammaGamma estimates the model by maximum likelihood. Groups without a positive mean are left out; Q <= 1 (no finite mean) is not identifiable.
func FitGammaGamma(groups []Spend) GammaGammaFit {
	var data []Spend
	byN := map[int64]float64{}
	fit := GammaGammaFit{State: TooFew, MeanValue: math.NaN(), Correlation: math.NaN(), CorrLower: math.NaN(), CorrUpper: math.NaN()}
	var money, purchases float64
	for _, g := range groups {
		if g.N > 0 && g.Purchases > 0 && g.Mean > 0 && finite(g.Mean) {
			data = append(data, g)
			byN[g.Purchases] += float64(g.N)
			fit.N += g.N
			money += g.Mean * float64(g.Purchases*g.N)
			purchases += float64(g.Purchases * g.N)
		}
	}
	if purchases > 0 {
		fit.MeanValue = money / purchases
	}
	fit.Correlation, fit.CorrLower, fit.CorrUpper = correlation(data)
	if fit.N < leastRepeaters {
		return fit
	}
	slices.SortFunc(data, func(a, b Spend) int {
		if a.Purchases != b.Purchases {
			return int(a.Purchases - b.Purchases)
		}
		switch {
		case a.Mean < b.Mean:
			return -1
		case a.Mean > b.Mean:
			return 1
		}
		return int(a.N - b.N)
	})
	var counts []int64
	for x := range byN {
		counts = append(counts, x)
	}
	slices.Sort(counts)
	// The scale of money is taken out, so that the starts fit any currency.
	scale := fit.MeanValue
	f := func(logs, gradient []float64) float64 {
		p, q, v := math.Exp(logs[0]), math.Exp(logs[1]), math.Exp(logs[2])
		lg := func(x float64) float64 { v, _ := math.Lgamma(x); return v }
		psi := mathext.Digamma
		var ll, dp, dq, dv float64
		for _, x := range counts {
			n, k := byN[x], float64(x)
			ll += n * (lg(p*k+q) - lg(p*k) - lg(q) + q*logs[2] + p*k*math.Log(k))
			dp += n * k * (psi(p*k+q) - psi(p*k) + math.Log(k))
			dq += n * (psi(p*k+q) - psi(q) + logs[2])
			dv += n * q / v
		}
		for _, g := range data {
			n, k, m := float64(g.N), float64(g.Purchases), g.Mean/scale
			lm, lt := math.Log(m), math.Log(k*m+v)
			ll += n * ((p*k-1)*lm - (p*k+q)*lt)
			dp += n * k * (lm - lt)
			dq -= n * lt
			dv -= n * (p*k + q) / (k*m + v)
		}
		gradient[0], gradient[1], gradient[2] = dp*p, dq*q, dv*v
		return ll
	}
	var starts [][]float64
	for _, p := range []float64{1, 6} {
		for _, q := range []float64{2, 6} {
			starts = append(starts, []float64{math.Log(p), math.Log(q), math.Log((q - 1) / p)})
		}
	}
	o := best(f, starts)
	fit.GammaGamma = GammaGamma{math.Exp(o.Logs[0]), math.Exp(o.Logs[1]), math.Exp(o.Logs[2]) * scale}
	fit.LogLikelihood = o.Value - float64(fit.N)*math.Log(scale) // density of money, not of money over its mean
	fit.State, fit.SE = judge(o)
	if fit.SE != nil {
		fit.SE[2] *= scale
	}
	if fit.State == Fitted && fit.Q <= 1 {
		fit.State, fit.SE = NotIdentifiable, nil
	}
	return fit
}

// Expected is the expected value of a purchase of a customer with so many purchases of the given mean, in currency units: his own mean drawn towards that of all. purchases may be 0.
func (m GammaGamma) Expected(purchases, mean float64) float64 {
	return m.P * (m.V + purchases*mean) / (m.P*purchases + m.Q - 1)
}

// correlation of the mean value with the logarithm of the number of purchases over customers; NaN when nothing varies or there are fewer than ten customers. The value itself is taken, not its
// logarithm: the mean logarithm of a mean of k purchases rises with k of itself. Its 95 % interval is that of the regression slope with heteroscedastic errors, which heavy tails of money need.
func correlation(groups []Spend) (r, lower, upper float64) {
	var n, mx, my float64
	for _, g := range groups {
		w := float64(g.N)
		n, mx, my = n+w, mx+w*math.Log(float64(g.Purchases)), my+w*g.Mean
	}
	mx, my = mx/n, my/n
	var xx, yy, xy float64
	for _, g := range groups {
		w, x, y := float64(g.N), math.Log(float64(g.Purchases))-mx, g.Mean-my
		xx, yy, xy = xx+w*x*x, yy+w*y*y, xy+w*x*y
	}
	if n < 10 || !(xx > 1e-12*n) || !(yy > 0) {
		return math.NaN(), math.NaN(), math.NaN()
	}
	slope := xy / xx
	var meat float64
	for _, g := range groups {
		x := math.Log(float64(g.Purchases)) - mx
		e := g.Mean - my - slope*x
		meat += float64(g.N) * x * x * e * e
	}
	unit := math.Sqrt(xx / yy)
	r, h := slope*unit, 1.96*math.Sqrt(meat)/xx*unit
	return r, math.Max(-1, r-h), math.Min(1, r+h)
}
