package suffstat

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// EValue returns how strongly an unmeasured cause would have to raise both the treatment and the outcome (risk ratios, beyond the measured ones) to explain the risk
// ratio rr away: RR + sqrt(RR (RR - 1)), RR = rr or 1/rr, whichever is at least 1. 1 means that nothing is needed. A rr that is not positive gives NaN.
//
// It compares with causes that one can name (a discount elsewhere, the season), it does not say that there is none. Source: VanderWeele and Ding (2017); golden:
// 3.9 gives 7.26303.
func EValue(rr float64) float64 {
	if !(rr > 0) {
		return math.NaN()
	}
	if rr < 1 {
		rr = 1 / rr
	}
	if math.IsInf(rr, 1) {
		return rr
	}
	return rr + math.Sqrt(rr*(rr-1))
}

// EValueLimit returns the E-value of the end of the interval (as risk ratios) that is nearer to 1; 1 when the interval contains 1.
func EValueLimit(lower, upper float64) float64 {
	switch {
	case math.IsNaN(lower) || math.IsNaN(upper):
		return math.NaN()
	case lower <= 1 && upper >= 1:
		return 1
	case lower > 1:
		return EValue(lower)
	}
	return EValue(math.Max(upper, math.SmallestNonzeroFloat64))
}

// Bias is what negative controls of one design say about its bias: estimates of effects that are 0 by construction scatter around Mean with standard deviation
// SD beyond their own doubt.
type Bias struct {
	Mean, SD float64
	VarMean  float64 // variance of Mean
	Controls int
}

// MinControls is the number of negative controls that a calibration needs; with fewer, a labelled convention stands in (statistics 6.2).
const MinControls = 5

// CalibrateBias fits bias ~ N(Mean, SD^2) to negative controls y with standard errors se by maximum likelihood. Pairs with a NaN or a se that is not positive are
// left out. ok is false with fewer than MinControls.
//
// A wide SD says that the design cannot tell small effects from its own faults. The controls must be as biased as the effects: older windows of behaviour see
// causes that last, not those of the day. Source: Schuemie et al., Statistics in Medicine 33 (2014) 209; statistics 6.2.
func CalibrateBias(y, se []float64) (b Bias, ok bool) {
	var ys, vs []float64
	for i := range y {
		if !math.IsNaN(y[i]) && !math.IsInf(y[i], 0) && se[i] > 0 && !math.IsInf(se[i], 0) {
			ys, vs = append(ys, y[i]), append(vs, se[i]*se[i])
		}
	}
	b.Controls = len(ys)
	if len(ys) < MinControls {
		return b, false
	}
	fit := func(t2 float64) (mean, weight, logLik float64) {
		for i := range ys {
			w := 1 / (vs[i] + t2)
			mean, weight = mean+w*ys[i], weight+w
		}
		mean /= weight
		for i := range ys {
			d := ys[i] - mean
			logLik -= .5*math.Log(vs[i]+t2) + .5*d*d/(vs[i]+t2)
		}
		return mean, weight, logLik
	}
	// The likelihood in log(1 + t2/scale) has one hump in practice: a grid, then golden-section on the best interval.
	var scale float64
	for _, y := range ys {
		scale = math.Max(scale, math.Abs(y))
	}
	scale = scale*scale + maxOf(vs)
	best, step := 0, 1./200
	at := func(i int) float64 { return math.Max(0, scale*(math.Expm1(8*float64(i)*step))/math.Expm1(8)*4) }
	_, _, top := fit(0)
	for i := 1; i <= 200; i++ {
		if _, _, l := fit(at(i)); l > top {
			best, top = i, l
		}
	}
	lo, hi := at(max(0, best-1)), at(min(200, best+1))
	const g = .6180339887498949
	for range 80 {
		a, c := hi-g*(hi-lo), lo+g*(hi-lo)
		_, _, la := fit(a)
		_, _, lc := fit(c)
		if la >= lc {
			hi = c
		} else {
			lo = a
		}
	}
	t2 := (lo + hi) / 2
	if _, _, l := fit(0); l >= top && best == 0 {
		if _, _, m := fit(t2); m <= l {
			t2 = 0
		}
	}
	mean, weight, _ := fit(t2)
	b.Mean, b.SD, b.VarMean = mean, math.Sqrt(t2), 1/weight
	return b, true
}

func maxOf(v []float64) float64 {
	m := 0.
	for _, x := range v {
		m = math.Max(m, x)
	}
	return m
}

// Allow widens an estimate by a bias: value - Mean, variance se^2 + SD^2 + VarMean, at the level of the estimate with df degrees of freedom.
func (b Bias) Allow(e Estimate, se, df float64) Estimate {
	if !e.OK() || math.IsNaN(se) {
		return e
	}
	h := TQuantile((1+e.Level)/2, df) * math.Sqrt(se*se+b.SD*b.SD+b.VarMean)
	e.Value -= b.Mean
	e.Lower, e.Upper = e.Value-h, e.Value+h
	e.Method += " with bias allowance"
	return e
}

// RosenbaumP returns the largest one-sided p-value of the sign test on discordant matched pairs if an unmeasured cause could multiply the odds of treatment within a
// pair by up to gamma: P(Bin(discordant, gamma/(1+gamma)) >= favourable). gamma >= 1; 110 of 122, gamma 5: .023169.
func RosenbaumP(favourable, discordant int64, gamma float64) float64 {
	switch {
	case discordant <= 0 || gamma < 1 || favourable > discordant:
		return math.NaN()
	case favourable <= 0:
		return 1
	}
	return mathext.RegIncBeta(float64(favourable), float64(discordant-favourable+1), gamma/(1+gamma))
}
