package suffstat

import "math"

// TrialRow is what one arm of one cell has in one bucket: N customers at their time zero, and sums of their outcomes (counts or minor units).
type TrialRow struct {
	Cell    int
	Treated bool
	Bucket  int
	N       int64
	Y       []int64
}

// TrialOutcome is one outcome of a stratified comparison, in the unit of the sums per customer.
type TrialOutcome struct {
	ATT        Estimate // effect among those treated whom somebody can be compared with
	SE, P      float64
	Treated    Estimate // mean of the treated inside the cells used
	Comparison Estimate // mean of the comparators, weighted as the treated: what the treated would have done
	Naive      float64  // difference of the plain means of all treated and all comparators: what the cells corrected
	Relative   Estimate // Treated/Comparison - 1, made on the log
}

// Trial is a stratified comparison of treated customers with comparators that met the same condition at the same time.
type Trial struct {
	Outcomes               []TrialOutcome
	Treated, Comparators   int64   // all, in customers at their time zero
	Matched                int64   // treated in cells with enough comparators
	MatchedComparators     int64   // comparators in those cells
	EffectiveComparators   float64 // independent comparators of equal weight that would leave the same doubt
	Positivity             float64 // Matched/Treated
	Cells, UsedCells       int     // cells with treated customers; of them with enough comparators
	DF                     float64
	Buckets                int
	CellTreated, CellOther []int64 // per cell
}

// MinComparators is the number of comparators that a cell needs (statistics 7.2).
const MinComparators = 5

// ATT estimates the effect of the treatment on the treated from cells.
//
// Question: what did the treated do more than comparators of the same cell? ATT = sum_c n_1c (ybar_1c - ybar_0c) / sum_c n_1c over the cells with at least
// MinComparators comparators. One customer enters many trials and lies in one bucket, so the interval is the bucket jackknife of the whole expression; which cells
// are used is not decided anew in the replicates, except that a cell with nobody left on one side falls out. Equals the saturated regression with cell x arm and ATT weights.
//
// It is an effect only if, within a cell, who was treated does not depend on what he would have done: true of nothing but experiments without further proof (placebo
// outcome, E-value). With an unmeasured cause of both, truth 0: +2.0 pp with coverage 0 (statistics 7.2). Positivity below .5: print no number.
//
// rows may come in any order; outcomes is the length of every Y, buckets the number of buckets. level is that of the intervals.
func ATT(rows []TrialRow, outcomes, buckets int, level float64) Trial {
	cells := 0
	for _, r := range rows {
		cells = max(cells, r.Cell+1)
	}
	k := outcomes + 1
	total := make([]int64, cells*2*k)
	at := func(r TrialRow) int {
		i := r.Cell * 2 * k
		if r.Treated {
			i += k
		}
		return i
	}
	perBucket := make([][]TrialRow, buckets)
	for _, r := range rows {
		add(total[at(r):], r, 1)
		perBucket[r.Bucket] = append(perBucket[r.Bucket], r)
	}
	t := Trial{CellTreated: make([]int64, cells), CellOther: make([]int64, cells), Positivity: math.NaN()}
	use := make([]bool, cells)
	naive := make([]int64, 2*k)
	for c := range cells {
		n0, n1 := total[c*2*k], total[c*2*k+k]
		t.CellOther[c], t.CellTreated[c] = n0, n1
		t.Treated, t.Comparators = t.Treated+n1, t.Comparators+n0
		if n1 > 0 {
			t.Cells++
		}
		if use[c] = n1 > 0 && n0 >= MinComparators; use[c] {
			t.UsedCells++
			t.Matched, t.MatchedComparators = t.Matched+n1, t.MatchedComparators+n0
			t.EffectiveComparators += float64(n1) * float64(n1) / float64(n0)
		}
		for i := range naive {
			naive[i] += total[c*2*k+i]
		}
	}
	if t.Treated > 0 {
		t.Positivity = float64(t.Matched) / float64(t.Treated)
	}
	if t.EffectiveComparators > 0 {
		t.EffectiveComparators = float64(t.Matched) * float64(t.Matched) / t.EffectiveComparators
	}
	// Per outcome: mean of the treated, weighted mean of the comparators.
	eval := func(s []int64) []float64 {
		sums, n := make([]float64, 2*outcomes), 0.
		for c := range cells {
			n0, n1 := s[c*2*k], s[c*2*k+k]
			if !use[c] || n0 <= 0 || n1 <= 0 {
				continue
			}
			n += float64(n1)
			w := float64(n1) / float64(n0)
			for j := range outcomes {
				sums[2*j] += float64(s[c*2*k+k+1+j])
				sums[2*j+1] += w * float64(s[c*2*k+1+j])
			}
		}
		for j := range sums {
			sums[j] /= n
		}
		return sums
	}
	r := Replicates{Rep: make([][]float64, buckets), Used: make([]bool, buckets)}
	if t.Matched > 0 {
		r.Value = eval(total)
		for g, part := range perBucket {
			r.Rep[g] = r.Value
			if len(part) == 0 {
				continue
			}
			r.Used[g] = true
			for _, row := range part {
				add(total[at(row):], row, -1)
			}
			r.Rep[g] = eval(total)
			for _, row := range part {
				add(total[at(row):], row, 1)
			}
		}
	}
	t.DF, t.Buckets = r.DF(), r.Buckets()
	for j := range outcomes {
		d := r.Difference(2*j, 2*j+1)
		ratio := r.Combine(func(v []float64) float64 { return v[2*j] / v[2*j+1] })
		o := TrialOutcome{ATT: d.Estimate(0, level), SE: d.SE(0), P: twoSided(d, 0), Treated: r.Estimate(2*j, level), Comparison: r.Estimate(2*j+1, level), Naive: math.NaN()}
		o.Relative = ratio.EstimateLog(0, level)
		if ratio.Value == nil || !(ratio.Value[0] > 0) {
			o.Relative = NotEstimable("jackknife t on log", level, ErrOutOfScale)
		}
		o.Relative.Value, o.Relative.Lower, o.Relative.Upper = o.Relative.Value-1, o.Relative.Lower-1, o.Relative.Upper-1
		if naive[0] > 0 && naive[k] > 0 {
			o.Naive = float64(naive[k+1+j])/float64(naive[k]) - float64(naive[1+j])/float64(naive[0])
		}
		t.Outcomes = append(t.Outcomes, o)
	}
	return t
}

func add(into []int64, r TrialRow, sign int64) {
	into[0] += sign * r.N
	for j, y := range r.Y {
		into[1+j] += sign * y
	}
}
