package experiments

import (
	"math"

	"crmaudit/analytics/suffstat"
)

// expected is what a hypothesis may count on of an estimate that was picked of many: estimates of one outcome are one class, the whole class and not only what stands out, and each is pulled towards its mean
// (Paule-Mandel, statistics 6.1). Fewer than five are left as they are, with the interval of the false-coverage rate for so many selected. of hands out the estimate of a row with its standard error.
func (f *finder) expected(r *Row, of func(*Row) (suffstat.Estimate, float64)) suffstat.Estimate {
	var y, se []float64
	place, chosen := -1, 0
	for i := range f.m.Rows {
		x := &f.m.Rows[i]
		e, s := of(x)
		if x.Outcome != r.Outcome || x.Blocked() || x.Verdict == NoEvents || !e.OK() || math.IsNaN(s) {
			continue
		}
		if x == r {
			place = len(y)
		}
		if x.Decided() {
			chosen++
		}
		y, se = append(y, e.Value), append(se, s)
	}
	raw, s := of(r)
	if place < 0 {
		return at(raw, s, r.DF, f.opt.Level)
	}
	if len(y) < suffstat.MinShrink {
		return at(raw, s, r.DF, suffstat.FCRLevel(1-f.opt.Level, max(1, chosen), len(y)))
	}
	return suffstat.Shrink(y, se, f.opt.Level).Estimate(place, raw.N, raw.Unit)
}

func adjusted(r *Row) (suffstat.Estimate, float64) { return r.Adjusted, r.AdjustedSE }

// winsorised is the money of a row: order value cut at the highest usual one, plain where that is not known.
func winsorised(r *Row) (suffstat.Estimate, float64) {
	if !r.Winsorised.OK() {
		return r.Adjusted, r.AdjustedSE
	}
	return r.Winsorised, r.WinsorisedSE
}
