package backlog

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"crmaudit/analytics"
	"crmaudit/analytics/benchtest"
	"crmaudit/analytics/suffstat"
)

// Row S23 of statistics 11 for audits side by side: two quarters of a company in which nothing changed. Whole worlds are in cmd/crmaudit (TestTruthQuarters).
//
//	CRMAUDIT_BENCH_TRUTH=1 go test -run TestTruthCompare -v -count=1 ./analytics/backlog/
//
// Reached on 2026-11-22 with 400 pairs of quarters of 1500 customers in each row, in brackets the jackknife over customers alone:
//
//	                                                          | metrics called changed | pairs with one | interval covers
//	nothing changed, 13 mailings                              | 0.004 (0.005)          | 0.020 (0.022)  | 0.983 (0.978)
//	the same, 6000 customers                                  | 0.007 (0.010)          | 0.030 (0.043)  | 0.979 (0.974)
//	only the mix of stages changed                            | 0.006 (0.008)          | 0.025 (0.035)  | 0.985 (0.979)
//	log-odds +.15 beside a mix that changed                   | 0.427 (0.435)          |                | 0.979 (0.975)
//	nothing changed, weeks differ by .2, 13 mailings          | 0.010 (0.119)          | 0.027 (0.308)  | 0.956 (0.750)
//	nothing changed, weeks differ by .2, 6 mailings           | 0.012 (0.234)          | 0.027 (0.525)  | 0.969 (0.591)
//	log-odds +.5, weeks differ by .2, 13 mailings             | 0.768 (0.786)          |                | 0.961 (0.748)
//
// Where weeks do not differ, the larger of two standard errors is too large by a little: the intervals hold the truth more often than 95 of 100 times.

func TestTruthCompare(t *testing.T) {
	benchtest.Run(t, truthQuarters)
}

// twoQuarters makes the sums of two quarters. Customers differ by themselves (log-odds with standard deviation 1, so their messages are far from independent), most are in both quarters, and between the quarters
// they move from the stage that clicks much to the one that clicks little (shift, share of customers). lift is added to the log-odds of the second quarter. truth is the change at an unchanged mix by the true probabilities.
// Messages go out in sends mailings of each quarter, one a week, to everybody; shock is the standard deviation of what a mailing adds to the log-odds of all who get it. The truth knows nothing of shocks: they are the doubt.
func twoQuarters(rng *rand.Rand, customers int, shift, lift, shock float64, sends int) (before, after *Audit, truth map[string]float64) {
	metrics := []struct {
		name  string
		level float64
	}{{"open_rate", -1}, {"click_rate", -2.5}, {"unsubscribe_rate", -6}, {"order_rate", -3}, {"delivery_rate", 4}}
	type key struct {
		scenario, stage string
		bucket          int
	}
	sums := [2]map[key]map[string]suffstat.Ratio{{}, {}}
	type cell struct{ scenario, stage string }
	byWeek := [2]map[cell][]map[string]suffstat.Ratio{{}, {}}
	shocks := [2][]float64{make([]float64, sends), make([]float64, sends)}
	for q := range shocks {
		for w := range shocks[q] {
			shocks[q][w] = shock * rng.NormFloat64()
		}
	}
	expected := map[string]map[cell]*suffstat.MixCell{}
	for i := range customers {
		own := rng.NormFloat64()
		for q := range 2 {
			if rng.Float64() < .1 { // not in this quarter
				continue
			}
			stage, level := "active", 0.
			if rng.Float64() < .3+shift*float64(q) {
				stage, level = "lost", -1.
			}
			for _, scenario := range []string{"news", "promo"} {
				n := benchtest.Poisson(rng, 6*math.Exp(.5*own))
				k := key{scenario, stage, i % buckets}
				if sums[q][k] == nil {
					sums[q][k] = map[string]suffstat.Ratio{}
				}
				week := make([]int, n)
				for i := range week {
					week[i] = rng.IntN(sends)
				}
				weeks := byWeek[q][cell{scenario, stage}]
				if weeks == nil {
					weeks = make([]map[string]suffstat.Ratio, sends)
					for w := range weeks {
						weeks[w] = map[string]suffstat.Ratio{}
					}
					byWeek[q][cell{scenario, stage}] = weeks
				}
				for _, m := range metrics {
					odds := m.level + own + level + lift*float64(q)
					p := 1 / (1 + math.Exp(-odds))
					r := sums[q][k][m.name]
					for _, w := range week {
						x := weeks[w][m.name]
						x.Den++
						if rng.Float64() < 1/(1+math.Exp(-odds-shocks[q][w])) {
							r.Num++
							x.Num++
						}
						weeks[w][m.name] = x
					}
					r.Den += n
					sums[q][k][m.name] = r
					if expected[m.name] == nil {
						expected[m.name] = map[cell]*suffstat.MixCell{}
					}
					c := expected[m.name][cell{scenario, stage}]
					if c == nil {
						c = &suffstat.MixCell{}
						expected[m.name][cell{scenario, stage}] = c
					}
					if q == 0 {
						c.BaseBefore, c.EventsBefore = c.BaseBefore+float64(n), c.EventsBefore+float64(n)*p
					} else {
						c.BaseAfter, c.EventsAfter = c.BaseAfter+float64(n), c.EventsAfter+float64(n)*p
					}
				}
			}
		}
	}
	audits := [2]*Audit{quarterly(1), quarterly(4)}
	for q, a := range audits {
		for g := range buckets {
			for _, scenario := range []string{"news", "promo"} {
				for _, stage := range []string{"active", "lost"} {
					if s := sums[q][key{scenario, stage, g}]; s != nil {
						a.Messages = append(a.Messages, MessageSums{Channel: "email", Kind: "bulk", Scenario: scenario, Stage: stage, Bucket: g, Sums: s})
					}
				}
			}
		}
	}
	for q, a := range audits {
		for _, scenario := range []string{"news", "promo"} {
			for _, stage := range []string{"active", "lost"} {
				for w, s := range byWeek[q][cell{scenario, stage}] {
					a.Weeks = append(a.Weeks, WeekSums{Channel: "email", Kind: "bulk", Scenario: scenario, Stage: stage, Week: int64(w), Sums: s})
				}
			}
		}
	}
	truth = map[string]float64{}
	for name, cells := range expected {
		var list []suffstat.MixCell
		for _, scenario := range []string{"news", "promo"} {
			for _, stage := range []string{"active", "lost"} {
				if c := cells[cell{scenario, stage}]; c != nil {
					list = append(list, *c)
				}
			}
		}
		truth[name] = suffstat.Kitagawa(list).Rate
	}
	return audits[0], audits[1], truth
}

func truthQuarters() []benchtest.Row {
	const r = 400
	opt := CompareOptions{FDR: .05, Margins: map[string]float64{"ctr": .003, "order_rate": .003, "unsubscribe_rate": .0005}}
	var out []benchtest.Row
	for i, x := range []struct {
		customers          int
		shift, lift, shock float64
		sends              int
		what               string
	}{
		{1500, 0, 0, 0, 13, "nothing changed, 1500 customers"},
		{6000, 0, 0, 0, 13, "nothing changed, 6000 customers"},
		{1500, .3, 0, 0, 13, "only the mix of stages changed, 1500 customers"},
		{1500, .3, .15, 0, 13, "log-odds +.15 beside a mix that changed, 1500 customers"},
		{1500, 0, 0, .2, 13, "nothing changed, weeks differ by .2, 13 mailings"},
		{1500, 0, 0, .2, 6, "nothing changed, weeks differ by .2, 6 mailings"},
		{1500, 0, .5, .2, 13, "log-odds +.5, weeks differ by .2, 13 mailings"},
	} {
		got := benchtest.Average(r, uint64(230+i), func(rng *rand.Rand) []float64 {
			before, after, truth := twoQuarters(rng, x.customers, x.shift, x.lift, x.shock, x.sends)
			score := func(c *Comparison) (changed, covered, any, crude float64) {
				for _, m := range c.Metrics {
					changed += benchtest.Flag(m.Verdict == analytics.Different)
					covered += benchtest.Flag(m.Change.Lower <= truth[m.Metric] && truth[m.Metric] <= m.Change.Upper)
					any = math.Max(any, benchtest.Flag(m.Verdict == analytics.Different))
					if m.Metric == "click_rate" {
						crude = m.After.Value() - m.Before.Value()
					}
				}
				n := float64(len(c.Metrics))
				return changed / n, covered / n, any, crude
			}
			changed, covered, any, crude := score(Compare(before, after, opt))
			before.Weeks, after.Weeks = nil, nil
			changedAlone, alone, anyAlone, _ := score(Compare(before, after, opt)) // by customers alone
			return []float64{changed, covered, any, crude, alone, anyAlone, changedAlone}
		})
		if x.lift == 0 {
			out = append(out, benchtest.AtMost("S23", "compare: metrics called changed: "+x.what, got[0], .05, r), benchtest.AtMost("S23", "compare: pairs with such a metric: "+x.what, got[2], .10, r))
		} else {
			out = append(out, benchtest.Info("S23", "compare: metrics called changed: "+x.what, fmt.Sprintf("%.3f", got[0]), r))
		}
		out = append(out, benchtest.AtLeast("S23", fmt.Sprintf("compare: 95 %% interval of the change covers (crude change of clicks %+.2f pp): %s", 100*got[3], x.what), got[1], .925, r))
		out = append(out, benchtest.Info("S23", "compare: by customers alone, metrics called changed, pairs with one, coverage: "+x.what, fmt.Sprintf("%.3f %.3f %.3f", got[6], got[5], got[4]), r))
	}
	return out
}
