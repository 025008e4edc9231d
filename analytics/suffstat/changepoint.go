package suffstat

import (
	"math"
	"math/rand/v2"
	"slices"
)

// shiftTrim is the share of the periods on each end that a change point may not lie in.
const shiftTrim = .15

// shiftBias is by how much (times 1/n) the search for the best place takes autocorrelation out of the errors about the two levels: with 7 the test keeps .05 to .09 at rho 0 to .6
// (bench S11), with the 3 of a known place .07 to .13.
const shiftBias = 7

// The replicates of LevelShift: a p-value is settled once ten of them exceed the statistic.
const (
	shiftExceed   = 10
	shiftMost     = 19999
	shiftMostWork = 6_000_000 // replicates times periods
	shiftPlaces   = 499
)

// Shift is a change of level.
type Shift struct {
	At            int     // first period of the new level, from 0
	F             float64 // sup-F
	Before, After float64 // levels
	P             float64 // NaN when not tested
	Rho           float64 // autocorrelation about the two levels
	Replicates    int
	Lower, Upper  int // 95 % interval of At; At twice when not asked for
	taken         int
}

// SupF returns the greatest F statistic of one change of the mean over the change points of the middle 70 % of the series, and the first period of
// the new level. Fewer than 8 periods or a constant series give NaN and 0. Formula: F = (SS0 - SS1) / (SS1 / (n - 2)). Source: Andrews (1993); R strucchange::Fstats.
func SupF(y []float64) (f float64, at int) {
	n := len(y)
	if n < 8 {
		return math.NaN(), 0
	}
	var total, square float64
	m := average(y)
	for _, v := range y {
		total += v - m
		square += (v - m) * (v - m)
	}
	trim := int(shiftTrim * float64(n))
	trim = max(trim, 2)
	var left, best float64
	for k := 1; k <= n-trim; k++ {
		left += y[k-1] - m
		if k < trim {
			continue
		}
		right := total - left
		if between := left*left/float64(k) + right*right/float64(n-k) - total*total/float64(n); between > best {
			best, at = between, k
		}
	}
	if !(square > 0) || at == 0 {
		return math.NaN(), 0
	}
	return best / math.Max(square-best, 1e-12*square) * float64(n-2), at
}

// LevelShift tests for one lasting change of level.
//
// Question: did the level change once and stay? H0: one level, neighbouring periods alike (AR(1)). Statistic: SupF. P: share of series at or above it among series
// without a change, made from circular blocks of the innovations about the two levels (rho corrected for bias), so that autocorrelation does not pass for a shift; drawn until ten
// exceed it, at most 19,999 times (Besag and Clifford 1991), so that a family of thousands can be controlled. The same seed gives the same P.
// taken is the number of coefficients (of a season) that were fitted and taken off before: they hide autocorrelation too.
// A steady trend also gives a great F: compare with PraisWinsten and take what fits better. Short or constant series have P = NaN. Statistics 4.4.
func LevelShift(y []float64, taken int, seed uint64) Shift {
	n := len(y)
	s := Shift{P: math.NaN(), Before: math.NaN(), After: math.NaN(), Rho: math.NaN()}
	s.F, s.At = SupF(y)
	if math.IsNaN(s.F) {
		return s
	}
	s.Lower, s.Upper = s.At, s.At
	s.Before, s.After = average(y[:s.At]), average(y[s.At:])
	s.taken = taken
	a := newRebuild(s.residuals(y), taken)
	s.Rho = a.rho
	if flat(a.e, y) {
		return s
	}
	rng := rand.New(rand.NewPCG(seed, 0x7375702d46))
	most := max(min(shiftMost, shiftMostWork/n), 999)
	exceed, drawn := 0, 0
	z := make([]float64, n)
	for drawn < most && exceed < shiftExceed {
		a.draw(rng, z)
		if f, _ := SupF(z); !(f < s.F) {
			exceed++
		}
		drawn++
	}
	s.Replicates = drawn
	if exceed == shiftExceed {
		s.P = float64(exceed) / float64(drawn)
	} else {
		s.P = float64(exceed+1) / float64(drawn+1)
	}
	return s
}

// On moves the place and the levels to what fits another form of the same series best: the one less the season that StepSeason finds. P stays.
func (s Shift) On(y []float64) Shift {
	f, at := SupF(y)
	if math.IsNaN(f) {
		return s
	}
	s.At, s.Lower, s.Upper = at, at, at
	s.Before, s.After = average(y[:at]), average(y[at:])
	s.Rho = correctedRho(s.residuals(y), shiftBias+float64(s.taken))
	return s
}

// StepSeason fits one change of level together with other regressors (waves of a season) and returns the part of the fit that these make, mean 0. A line fitted with waves bends them to a step; what
// they take then belongs to the step. Cost: a least-squares fit for each place. Regressors that determine each other give zeros.
func StepSeason(y []float64, x ...[]float64) []float64 {
	n := len(y)
	season := make([]float64, n)
	columns := [][]float64{ones(n), make([]float64, n)}
	for _, c := range x {
		columns = append(columns, aroundMean(c))
	}
	least := math.Inf(1)
	trim := max(int(shiftTrim*float64(n)), 2)
	for k := trim; k <= n-trim; k++ {
		for i := range n {
			columns[1][i] = -float64(n-k) / float64(n)
			if i >= k {
				columns[1][i]++
			}
		}
		b, _, ok := leastSquares(columns, y)
		if !ok {
			continue
		}
		var ss float64
		for _, e := range residuals(columns, y, b) {
			ss += e * e
		}
		if ss >= least {
			continue
		}
		least = ss
		clear(season)
		for j, c := range columns[2:] {
			for i, v := range c {
				season[i] += b[2+j] * v
			}
		}
	}
	return season
}

func (s Shift) residuals(y []float64) []float64 {
	u := make([]float64, len(y))
	for i, v := range y {
		if i < s.At {
			u[i] = v - s.Before
		} else {
			u[i] = v - s.After
		}
	}
	return u
}

// Locate fills in the 95 % interval of the change point: where the best change point lies in 499 series with the two levels found and rebuilt errors.
func (s Shift) Locate(y []float64, seed uint64) Shift {
	if math.IsNaN(s.Before) {
		return s
	}
	a := newRebuild(s.residuals(y), s.taken)
	rng := rand.New(rand.NewPCG(seed, 0x706c616365))
	z, places := make([]float64, len(y)), make([]int, 0, shiftPlaces)
	for range shiftPlaces {
		a.draw(rng, z)
		for i := range z {
			if i < s.At {
				z[i] += s.Before
			} else {
				z[i] += s.After
			}
		}
		if _, at := SupF(z); at > 0 {
			places = append(places, at)
		}
	}
	if len(places) > 0 {
		slices.Sort(places)
		m := len(places)
		s.Lower, s.Upper = min(places[int(.025*float64(m))], s.At), max(places[min(int(.975*float64(m)), m-1)], s.At)
	}
	return s
}

// rebuild makes new series of errors from the innovations of one: circular blocks, put together again with the autocorrelation.
type rebuild struct {
	e     []float64
	rho   float64
	block int
	start float64 // standard deviation of a first error over that of an innovation
}

func newRebuild(u []float64, taken int) rebuild {
	n := len(u)
	a := rebuild{rho: correctedRho(u, shiftBias+float64(taken)), block: max(2, int(math.Cbrt(float64(n))))}
	a.start = 1 / math.Sqrt(1-a.rho*a.rho)
	a.e = make([]float64, n)
	for i, v := range u {
		if i == 0 {
			a.e[i] = v / a.start
		} else {
			a.e[i] = v - a.rho*u[i-1]
		}
	}
	m := average(a.e)
	grow := math.Sqrt(float64(n) / math.Max(float64(n-3-taken), 1)) // two levels and a place were fitted
	for i := range a.e {
		a.e[i] = (a.e[i] - m) * grow
	}
	return a
}

func (a rebuild) draw(rng *rand.Rand, z []float64) {
	n := len(a.e)
	from := 0
	var before float64
	for i := range z {
		if i%a.block == 0 {
			from = rng.IntN(n)
		} else if from++; from == n {
			from = 0
		}
		e := a.e[from]
		if i == 0 {
			before = e * a.start
		} else {
			before = a.rho*before + e
		}
		z[i] = before
	}
}

// PettittTest returns the rank statistic K of one change of level, the first period of the new level, and its approximate p-value, which takes the periods as independent: a check
// of the place that LevelShift finds, not a decision. A constant or empty series gives K = 0 and P = 1. Source: Pettitt (1979).
func PettittTest(y []float64) (k float64, at int, p float64) {
	n := len(y)
	ranks := midranks(y)
	var sum float64
	for i := range n - 1 {
		sum += ranks[i]
		if u := math.Abs(2*sum - float64((i+1)*(n+1))); u > k {
			k, at = u, i+1
		}
	}
	f := float64(n)
	return k, at, math.Min(1, 2*math.Exp(-6*k*k/(f*f*f+f*f)))
}

// midranks gives ranks from 1; equal values share the mean of theirs.
func midranks(y []float64) []float64 {
	at := order(y)
	out := make([]float64, len(y))
	for i := 0; i < len(at); {
		j := i
		for j < len(at) && y[at[j]] == y[at[i]] {
			j++
		}
		for _, r := range at[i:j] {
			out[r] = float64(i+j+1) / 2
		}
		i = j
	}
	return out
}
