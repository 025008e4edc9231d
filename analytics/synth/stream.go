package synth

import (
	"math"
	"math/rand/v2"
)

// Purposes separate the random streams: a draw of one never moves the draws of another, so that the same seed with an effect switched off
// gives the same customers, shocks and uniforms (common random numbers), and no order of work changes the result.
const (
	purposeWorld = iota + 1
	purposeLatent
	purposePath
	purposeOrders
	purposeBasket
	purposeSessions
	purposeTrigger
	purposeMessage
	purposeBulk
	purposeDeals
	purposeContact
	purposeDirt
	purposeChance
	purposeSegment
	purposeShops
)

// stream is a PCG generator that is re-seeded by its coordinates: seed, customer, purpose, and a position within the purpose.
type stream struct {
	*rand.Rand
	pcg *rand.PCG
}

func newStream() *stream {
	pcg := rand.NewPCG(0, 0)
	return &stream{rand.New(pcg), pcg}
}

func (s *stream) seed(seed uint64, index int, purpose uint64, at int64) {
	a := mix(seed + golden*(uint64(index)+1))
	b := mix(a ^ purpose<<56 ^ uint64(at))
	s.pcg.Seed(a, b)
}

// mix is the finalizer of splitmix64 (Steele, Lea, Flood 2014).
func mix(z uint64) uint64 {
	z ^= z >> 30
	z *= 0xbf58476d1ce4e5b9
	z ^= z >> 27
	z *= 0x94d049bb133111eb
	return z ^ z>>31
}

// golden is the increment of splitmix64.
const golden = 0x9e3779b97f4a7c15

// unit turns 64 random bits into a number in [0, 1).
func unit(bits uint64) float64 { return float64(bits>>11) / (1 << 53) }

// gamma15 draws from Gamma(shape 1.5, scale): half a chi-square of 3 degrees of freedom.
func (s *stream) gamma15(scale float64) float64 {
	a, b, c := s.NormFloat64(), s.NormFloat64(), s.NormFloat64()
	return scale * (a*a + b*b + c*c) / 2
}

// poisson inverts the distribution function at u: monotone in mean, which keeps common random numbers common. At most 20.
func poisson(u, mean float64) int {
	p := math.Exp(-mean)
	n, cum := 0, p
	for u > cum && n < 20 {
		n++
		p *= mean / float64(n)
		cum += p
	}
	return n
}

func expit(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
func logit(p float64) float64 { return math.Log(p / (1 - p)) }
