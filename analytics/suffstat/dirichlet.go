package suffstat

import (
	"fmt"
	"math"
)

// RowNEff returns the effective sample size of a row of shares whose observations cluster by customer: n / deff (at most n) times (z/T(df))^2 at level 95 %,
// where deff = sum_j se_j^2 / sum_j p_j(1-p_j)/n with jackknife standard errors over buckets of row counts. One non-empty cell or fewer than two buckets
// give min(n, number of non-empty buckets).
func RowNEff(buckets []Cells) float64 {
	total, _ := Merge(buckets)
	n := float64(total.Sum())
	if n == 0 {
		return 0
	}
	r := JackknifeVec(buckets, func(c Cells) []float64 {
		p := floats(c, 1/float64(c.Sum()))
		return p
	})
	var clustered, iid float64
	for j, p := range r.Value {
		clustered += r.Cov(j, j)
		iid += p * (1 - p) / n
	}
	if !(iid > 0) || !(clustered > 1e-20*iid) {
		return math.Min(n, float64(r.Buckets()))
	}
	c := NormalQuantile(.975) / TQuantile(.975, r.DF())
	return math.Min(n, n*iid/clustered) * c * c
}

// DirichletWeight returns the maximum-likelihood weight m of the prior row in the model rows[s] ~ Dirichlet-multinomial(m * prior): how many observations the prior
// row is worth for every group. rows hold (effective) counts, prior is a distribution with positive entries where any row has counts. m is
// searched in [.1, upper]; at either end the error is ErrAtBoundary (upper: the groups look alike; it is still the right weight). Fewer than two
// non-empty rows are not estimable: NaN and ErrNoData.
func DirichletWeight(rows [][]float64, prior []float64, upper float64) (float64, error) {
	filled := 0
	for _, r := range rows {
		if sum(r) > 0 {
			filled++
		}
	}
	if filled < 2 {
		return math.NaN(), ErrNoData
	}
	like := func(logm float64) float64 {
		m := math.Exp(logm)
		var l float64
		for _, r := range rows {
			n := sum(r)
			if n == 0 {
				continue
			}
			l += lgamma(m) - lgamma(m+n)
			for j, p := range prior {
				if p > 0 && r[j] > 0 {
					l += lgamma(m*p+r[j]) - lgamma(m*p)
				}
			}
		}
		return l
	}
	lo, hi := math.Log(.1), math.Log(math.Max(upper, .2))
	// A grid finds the hill, golden section its top.
	const steps = 60
	best := 0
	for i := 1; i <= steps; i++ {
		if like(lo+(hi-lo)*float64(i)/steps) > like(lo+(hi-lo)*float64(best)/steps) {
			best = i
		}
	}
	a := lo + (hi-lo)*math.Max(0, float64(best-1))/steps
	b := lo + (hi-lo)*math.Min(steps, float64(best+1))/steps
	phi := (math.Sqrt(5) - 1) / 2
	for range 60 {
		c, d := b-phi*(b-a), a+phi*(b-a)
		if like(c) > like(d) {
			b = d
		} else {
			a = c
		}
	}
	m := math.Exp((a + b) / 2)
	if best == 0 || best == steps {
		return m, ErrAtBoundary
	}
	return m, nil
}

func lgamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}

func sum(x []float64) float64 {
	var s float64
	for _, v := range x {
		s += v
	}
	return s
}

// DirichletRow returns the shares of one row with the posterior Dirichlet(m * prior + counts): means and central Beta intervals. counts are effective counts
// (counts * n_eff/n). Entries with zero[j] (a structural zero; zero may be nil) are exactly 0. N is the rounded sum of counts.
func DirichletRow(prior []float64, m float64, counts []float64, zero []bool, level float64) []Estimate {
	alpha := make([]float64, len(prior))
	for j := range alpha {
		if zero == nil || !zero[j] {
			alpha[j] = m*prior[j] + counts[j]
		}
	}
	a := sum(alpha)
	out := make([]Estimate, len(alpha))
	for j := range out {
		out[j] = BetaInterval(alpha[j], a-alpha[j], level)
		out[j].Method = "dirichlet"
		out[j].N = int64(math.Round(sum(counts)))
	}
	return out
}

// Shrunk is a row of shares for each of several groups, pulled towards their pooled row.
type Shrunk struct {
	Rows     [][]Estimate // [group][cell]
	Prior    []float64    // the pooled row
	Weight   float64      // m: how many effective observations the prior row is worth
	NEff     []float64    // effective observations of each group
	Warnings []error
}

// ShrinkRows estimates a row of shares (the exits of one stage) for several groups (segments), some of them tiny.
//
// groups[s][g] holds the row counts of group s in bucket g. Prior row = pooled counts of all groups plus 1/2 in every cell that is not a structural zero
// (zero[j], may be nil); weight m by DirichletWeight on effective counts, at most the effective size of the pool, since the prior row
// cannot be known better than that. With one group the prior is flat and worth half an observation per cell (Jeffreys).
// It misleads when groups are of two kinds (m then describes neither); use TestIndependence with rows = groups beside it. Statistics 0.2.
func ShrinkRows(groups [][]Cells, zero []bool, level float64) Shrunk {
	var s Shrunk
	var counts [][]float64
	var cells int
	var pool []float64
	for _, buckets := range groups {
		total, _ := Merge(buckets)
		neff := RowNEff(buckets)
		s.NEff = append(s.NEff, neff)
		row := floats(total, 1)
		if n := sum(row); n > 0 {
			for j := range row {
				row[j] *= neff / n
			}
		}
		counts = append(counts, row)
		if len(row) > 0 {
			if cells == 0 {
				cells = len(row)
				pool = make([]float64, cells)
			}
			for j, n := range total {
				pool[j] += float64(n)
			}
		}
	}
	if cells == 0 {
		s.Warnings = append(s.Warnings, ErrNoData)
		return s
	}
	allowed := 0.
	for j := range pool {
		if zero != nil && zero[j] {
			pool[j] = 0
			continue
		}
		allowed++
		pool[j] += .5
	}
	filled := 0
	for i, c := range counts {
		if c == nil {
			counts[i] = make([]float64, cells)
		}
		if s.NEff[i] > 0 {
			filled++
		}
	}
	s.Prior = make([]float64, cells)
	if filled < 2 {
		for j := range s.Prior {
			if zero == nil || !zero[j] {
				s.Prior[j] = 1 / allowed
			}
		}
		s.Weight = allowed / 2
	} else {
		n := sum(pool)
		for j := range s.Prior {
			s.Prior[j] = pool[j] / n
		}
		m, err := DirichletWeight(counts, s.Prior, sum(s.NEff))
		s.Weight = m
		if err != nil {
			s.Warnings = append(s.Warnings, fmt.Errorf("weight %.3g: %w", m, err))
		}
	}
	for _, c := range counts {
		s.Rows = append(s.Rows, DirichletRow(s.Prior, s.Weight, c, zero, level))
	}
	return s
}
