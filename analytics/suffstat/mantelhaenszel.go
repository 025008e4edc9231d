package suffstat

import "math"

// Fourfold is one stratum of a 2 x 2 comparison: events A among A+B exposed trials, events C among C+D unexposed trials.
type Fourfold struct{ A, B, C, D int64 }

// Merge adds two tables of the same stratum.
func (f Fourfold) Merge(o Fourfold) Fourfold {
	return Fourfold{f.A + o.A, f.B + o.B, f.C + o.C, f.D + o.D}
}

// Empty tells that nothing was counted.
func (f Fourfold) Empty() bool { return f == Fourfold{} }

// CommonOdds is the odds ratio that the strata have in common, with what independent trials say about its doubt. For clustered trials take the doubt from
// a jackknife of LogOdds instead.
type CommonOdds struct {
	LogOdds  float64 // log of the Mantel-Haenszel odds ratio; NaN when it is 0, infinite or undefined
	Variance float64 // Robins, Breslow and Greenland (1986), of LogOdds, independent trials
	// X2 is the Mantel-Haenszel statistic on 1 df, Corrected the same with the continuity correction of 1/2.
	X2, Corrected float64
	Strata        int // strata that say something: exposed and unexposed trials, events and non-events
}

// OddsRatio returns the ratio itself.
func (c CommonOdds) OddsRatio() float64 { return math.Exp(c.LogOdds) }

// MantelHaenszel estimates the odds ratio of an exposure within strata:
//
//	OR = sum(a d / n) / sum(b c / n)
//
// Question: given equal strata (week, stage, engagement), do the exposed have the event more often? It stays right with many strata of few trials, where a
// regression with a parameter per stratum does not, and when exposures of one customer depend on each other. It misleads when the odds ratio differs
// in sign between strata (print both), and it says nothing about what the strata do not hold. Strata without exposed trials, unexposed trials or
// events contribute nothing. Source: Mantel and Haenszel (1959); Robins, Breslow and Greenland, Biometrics 42 (1986) 311.
func MantelHaenszel(strata []Fourfold) CommonOdds {
	var r, s, pr, psqr, qs, a, e, v float64
	out := CommonOdds{}
	for _, t := range strata {
		fa, fb, fc, fd := float64(t.A), float64(t.B), float64(t.C), float64(t.D)
		exposed, unexposed, events, n := fa+fb, fc+fd, fa+fc, fa+fb+fc+fd
		if exposed == 0 || unexposed == 0 || events == 0 || events == n {
			continue
		}
		out.Strata++
		ri, si, p, q := fa*fd/n, fb*fc/n, (fa+fd)/n, (fb+fc)/n
		r, s = r+ri, s+si
		pr, psqr, qs = pr+p*ri, psqr+p*si+q*ri, qs+q*si
		a, e = a+fa, e+exposed*events/n
		v += exposed * unexposed * events * (n - events) / (n * n * (n - 1))
	}
	out.LogOdds, out.Variance, out.X2, out.Corrected = math.NaN(), math.NaN(), math.NaN(), math.NaN()
	if r > 0 && s > 0 {
		out.LogOdds = math.Log(r / s)
		out.Variance = pr/(2*r*r) + psqr/(2*r*s) + qs/(2*s*s)
	}
	if v > 0 {
		d := math.Abs(a - e)
		out.X2 = d * d / v
		c := math.Max(0, d-.5)
		out.Corrected = c * c / v
	}
	return out
}

// LogOdds is MantelHaenszel for the jackknife: cells holds a, b, c, d of every stratum in turn.
func LogOdds(cells Cells) float64 {
	strata := make([]Fourfold, len(cells)/4)
	for i := range strata {
		strata[i] = Fourfold{cells[4*i], cells[4*i+1], cells[4*i+2], cells[4*i+3]}
	}
	return MantelHaenszel(strata).LogOdds
}
