package benchtest

import (
	"math"
	"math/rand/v2"
)

// Gamma draws from the gamma distribution with the given shape > 0 and scale 1 (Marsaglia and Tsang, 2000).
func Gamma(rng *rand.Rand, shape float64) float64 {
	if shape < 1 {
		return Gamma(rng, shape+1) * math.Pow(rng.Float64(), 1/shape)
	}
	d := shape - 1./3
	c := 1 / math.Sqrt(9*d)
	for {
		x := rng.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v = v * v * v
		if math.Log(rng.Float64()) < .5*x*x+d-d*v+d*math.Log(v) {
			return d * v
		}
	}
}

// Beta draws from the beta distribution.
func Beta(rng *rand.Rand, a, b float64) float64 {
	x := Gamma(rng, a)
	return x / (x + Gamma(rng, b))
}

// Poisson draws a count by multiplying uniforms: for means up to some hundreds.
func Poisson(rng *rand.Rand, mean float64) int64 {
	limit, k, p := math.Exp(-mean), int64(0), 1.
	for {
		p *= rng.Float64()
		if p <= limit {
			return k
		}
		k++
	}
}

// Pick draws an index with the given probabilities; what rounding leaves over is the last one's.
func Pick(rng *rand.Rand, p []float64) int {
	u := rng.Float64()
	for i, x := range p {
		u -= x
		if u < 0 {
			return i
		}
	}
	return len(p) - 1
}
