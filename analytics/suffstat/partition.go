package suffstat

import (
	"math"
	"slices"
)

// Agreement tells how far two ways to cut the same customers into parts say the same.
type Agreement struct {
	AMI float64 // adjusted mutual information: 1 the same cut, 0 as much in common as two random cuts with these sizes
	ARI float64 // adjusted Rand index: the same for the share of pairs of customers that both cuts treat alike
	MI  float64 // mutual information, nats
	EMI float64 // its mean for random cuts with these sizes, nats
	N   int64
}

// Partitions compares two partitions by the table of their parts: table[i][j] customers are in part i of the one and part j of the other. Raw mutual information grows with the
// number of parts; the adjusted one does not. AMI is normalised by the mean of the two entropies (as scikit-learn does).
//
// Both are 1 when both partitions are one and the same part, or when every customer is a part of his own in both; a partition of one part against any other has 0 in common.
// An empty table gives NaN. Cost: the products of parts, times the smaller size of each pair of parts at worst (with a hypergeometric distribution that is cut where nothing is left).
// Source: Vinh, Epps and Bailey, JMLR 11 (2010) 2837; Hubert and Arabie, J. Classification 2 (1985) 193.
func Partitions(table [][]int64) Agreement {
	full := [2][]int64{sums(table, true), sums(table, false)}
	rows, columns := occupied(full[0]), occupied(full[1])
	var n int64
	for _, x := range rows {
		n += x
	}
	out := Agreement{AMI: math.NaN(), ARI: math.NaN(), MI: math.NaN(), EMI: math.NaN(), N: n}
	if n == 0 {
		return out
	}
	total := float64(n)
	out.MI = 0
	pairs := 0. // pairs of customers that are together in both
	cells := 0
	for i, r := range table {
		for j, x := range r {
			if x > 0 {
				v := float64(x)
				out.MI += v / total * math.Log(v*total/(float64(full[0][i])*float64(full[1][j])))
				pairs += v * (v - 1) / 2
				cells++
			}
		}
	}
	out.MI = math.Max(0, out.MI)
	entropy := func(x []int64) (h float64) {
		for _, v := range x {
			p := float64(v) / total
			h -= p * math.Log(p)
		}
		return math.Max(0, h)
	}
	together := func(x []int64) (s float64) {
		for _, v := range x {
			s += float64(v) * float64(v-1) / 2
		}
		return s
	}
	one := len(rows) == 1 && len(columns) == 1
	alone := int64(len(rows)) == n && int64(len(columns)) == n
	if one || alone {
		out.AMI, out.ARI, out.EMI = 1, 1, out.MI
		return out
	}
	out.EMI = expectedInformation(rows, columns, n)
	mean := (entropy(rows) + entropy(columns)) / 2
	switch {
	case cells == len(rows) && cells == len(columns):
		out.AMI = 1 // one part for one part
	case mean-out.EMI > 1e-15:
		out.AMI = (out.MI - out.EMI) / (mean - out.EMI)
	default:
		out.AMI = 0
	}
	ra, rb, every := together(rows), together(columns), total*(total-1)/2
	expected := ra * rb / every
	if d := (ra+rb)/2 - expected; d > 0 {
		out.ARI = (pairs - expected) / d
	} else {
		out.ARI = 1
	}
	return out
}

func occupied(x []int64) []int64 {
	var out []int64
	for _, v := range x {
		if v > 0 {
			out = append(out, v)
		}
	}
	return out
}

// sums returns the sums of rows, or of columns, empty ones included.
func sums(table [][]int64, rows bool) []int64 {
	var out []int64
	for i, r := range table {
		for j, x := range r {
			at := j
			if rows {
				at = i
			}
			for at >= len(out) {
				out = append(out, 0)
			}
			out[at] += x
		}
	}
	return out
}

// expectedInformation is the mean mutual information of two random partitions with these sizes: the number in both of two parts a and b is hypergeometric. Parts of one
// size are computed once. The sum runs outwards from the mode and stops where the probabilities are below 1e-14 of it.
func expectedInformation(rows, columns []int64, n int64) float64 {
	count := func(x []int64) map[int64]float64 {
		m := map[int64]float64{}
		for _, v := range x {
			m[v]++
		}
		return m
	}
	lf := func(x int64) float64 { v, _ := math.Lgamma(float64(x) + 1); return v }
	total := float64(n)
	var terms []float64
	byRow, byColumn := count(rows), count(columns)
	for _, a := range sortedKeys(byRow) {
		for _, b := range sortedKeys(byColumn) {
			low, high := max(1, a+b-n), min(a, b)
			if low > high {
				continue
			}
			mode := min(max((a+1)*(b+1)/(n+2), low), high)
			logp := lf(a) + lf(b) + lf(n-a) + lf(n-b) - lf(n) - lf(mode) - lf(a-mode) - lf(b-mode) - lf(n-a-b+mode)
			top := math.Exp(logp)
			value := func(k int64, p float64) float64 {
				v := float64(k)
				return v / total * math.Log(total*v/(float64(a)*float64(b))) * p
			}
			s := value(mode, top)
			for k, p := mode, top; k < high; k++ {
				p *= float64(a-k) * float64(b-k) / (float64(k+1) * float64(n-a-b+k+1))
				if s += value(k+1, p); p < 1e-14*top {
					break
				}
			}
			for k, p := mode, top; k > low; k-- {
				p *= float64(k) * float64(n-a-b+k) / (float64(a-k+1) * float64(b-k+1))
				if s += value(k-1, p); p < 1e-14*top {
					break
				}
			}
			terms = append(terms, s*byRow[a]*byColumn[b])
		}
	}
	out := 0.
	for _, t := range terms {
		out += t
	}
	return out
}

func sortedKeys(m map[int64]float64) []int64 {
	out := make([]int64, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
