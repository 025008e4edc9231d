package suffstat

import "math"

// Bet is what is known of the net gain of a change before it is tested: theta ~ N(Mean, SD^2), in any unit of money.
type Bet struct{ Mean, SD float64 }

// Positive is P(theta > 0).
func (b Bet) Positive() float64 { return .5 * math.Erfc(-b.Mean/b.SD/math.Sqrt2) }

// Quantile is the p-quantile of theta.
func (b Bet) Quantile(p float64) float64 { return b.Mean + b.SD*NormalQuantile(p) }

// Worth is E max(theta, 0): what the change is worth to who can learn theta before deciding. Formula: SD * (u Phi(u) + phi(u)), u = Mean/SD; max(Mean, 0) without doubt.
// Checks (statistics 6.4): SD = 1 and Mean 0, .5, -1 give .398942, .697797, .083315.
func (b Bet) Worth() float64 {
	if !(b.SD > 0) {
		return math.Max(b.Mean, 0)
	}
	u := b.Mean / b.SD
	return b.SD * (u*.5*math.Erfc(-u/math.Sqrt2) + math.Exp(-u*u/2)/math.Sqrt(2*math.Pi))
}

// EVSI is the expected value of sample information: what deciding after a test with sampling variance v of theta is worth over deciding now, in the unit of theta, >= 0.
//
// Question: how much is it worth to test before rolling out? The mean after the test is N(Mean, st^2) with st = SD^2/sqrt(SD^2 + v), and the change is made when it is positive:
// EVSI = E max(N(Mean, st^2), 0) - max(Mean, 0). It is greatest for doubtful changes, 0 for sure ones, and rises with a larger test to the value of perfect information, Worth() - max(Mean, 0).
// It misleads when Mean and SD are no honest prior: a prior that is too narrow makes testing look useless. A test that says nothing (v infinite) or nothing to learn (SD 0) give 0; NaN in, NaN out.
// Source: Raiffa and Schlaifer (1961), normal-normal; statistics 6.4.
func (b Bet) EVSI(v float64) float64 {
	st := b.SD * b.SD / math.Sqrt(b.SD*b.SD+v)
	if math.IsInf(v, 1) || b.SD == 0 {
		st = 0
	}
	return math.Max(0, Bet{b.Mean, st}.Worth()-math.Max(b.Mean, 0))
}
