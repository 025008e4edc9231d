package suffstat

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"crmaudit/analytics/benchtest"
)

// UCBAdmissions, golden numbers of statistics 9: men against women within departments; the crude odds ratio points the other way.
func TestMantelHaenszelBerkeley(t *testing.T) {
	strata := []Fourfold{ // admitted men, rejected men, admitted women, rejected women
		{512, 313, 89, 19}, {353, 207, 17, 8}, {120, 205, 202, 391}, {138, 279, 131, 244}, {53, 138, 94, 299}, {22, 351, 24, 317},
	}
	r := MantelHaenszel(strata)
	h := NormalQuantile(.975) * math.Sqrt(r.Variance)
	near(t, "odds ratio", r.OddsRatio(), .904697, 1e-6)
	near(t, "lower", math.Exp(r.LogOdds-h), .771907, 2e-6)
	near(t, "upper", math.Exp(r.LogOdds+h), 1.060330, 2e-6)
	near(t, "RBG variance", r.Variance, .00655920, 1e-6)
	near(t, "X2", r.X2, 1.52461, 5e-6)
	near(t, "corrected", r.Corrected, 1.42695, 5e-6)
	var total Fourfold
	cells := Cells{}
	for _, s := range strata {
		total = total.Merge(s)
		cells = append(cells, s.A, s.B, s.C, s.D)
	}
	near(t, "crude", MantelHaenszel([]Fourfold{total}).OddsRatio(), 1.84108, 5e-6)
	near(t, "cells", LogOdds(cells), r.LogOdds, 1e-15)
	near(t, "silent strata change nothing", MantelHaenszel(append(strata, Fourfold{0, 0, 3, 9}, Fourfold{0, 5, 0, 7}, Fourfold{4, 0, 7, 0}, Fourfold{})).X2, r.X2, 1e-15)
	if none := MantelHaenszel(nil); !math.IsNaN(none.LogOdds) || none.Strata != 0 {
		t.Errorf("no strata: %+v", none)
	}
}

// R: mantelhaen.test on strata with few events, glm with a parameter per stratum beside it; lm with member and week factors.
func TestOraclePanel(t *testing.T) {
	var o struct {
		Hazard struct {
			Strata                  [][]int64
			OddsRatio, Lower, Upper float64
			X2, Corrected, Logistic float64
		}
		Panel struct {
			Weeks   int
			Members [][][]float64 // rows: week (from 0), pressure, lag, opened
			Slopes  []float64     // of pressure and lag together
			Alone   float64       // of pressure alone
			Share   float64       // of the variance of pressure within member and week
			OneWay  float64       // member effects only
		}
	}
	oracle(t, "contact", &o)
	var strata []Fourfold
	for _, s := range o.Hazard.Strata {
		strata = append(strata, Fourfold{s[0], s[1], s[2], s[3]})
	}
	r := MantelHaenszel(strata)
	h := NormalQuantile(.975) * math.Sqrt(r.Variance)
	near(t, "OR", r.OddsRatio(), o.Hazard.OddsRatio, 1e-10)
	near(t, "OR lower", math.Exp(r.LogOdds-h), o.Hazard.Lower, 1e-9)
	near(t, "OR upper", math.Exp(r.LogOdds+h), o.Hazard.Upper, 1e-9)
	near(t, "X2", r.X2, o.Hazard.X2, 1e-10)
	near(t, "corrected X2", r.Corrected, o.Hazard.Corrected, 1e-10)
	if math.Abs(r.LogOdds-o.Hazard.Logistic) > .1 {
		t.Errorf("log odds %.4f, logistic regression %.4f", r.LogOdds, o.Hazard.Logistic)
	}
	p := NewPanel(o.Panel.Weeks, 2, 1)
	for _, rows := range o.Panel.Members {
		p.Add(panelRows(rows))
	}
	w := p.TwoWay()
	nearAll(t, "slopes", w.Slopes(0, 0, 1), o.Panel.Slopes, 1e-9)
	near(t, "slope alone", w.Slopes(0, 0)[0], o.Panel.Alone, 1e-9)
	near(t, "share", w.Share(0), o.Panel.Share, 1e-9)
	near(t, "one way", p.WithinMembers().Slopes(0, 0)[0], o.Panel.OneWay, 1e-9)
}

func panelRows(rows [][]float64) []PanelRow {
	var out []PanelRow
	for _, r := range rows {
		out = append(out, PanelRow{Period: int(r[0]), N: 1, X: []float64{r[1], r[2]}, Outcomes: []float64{r[3]}})
	}
	return out
}

// Alternate demeaning (statistics 4.5) converges to the same slope; rows with the same regressors may be one row; a merge of parts is the whole.
func TestPanelAgainstAlternateDemeaning(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	const weeks = 12
	var member, week []int
	var x, y []float64
	whole, a, b := NewPanel(weeks, 2, 1), NewPanel(weeks, 2, 1), NewPanel(weeks, 2, 1)
	byWeek := make([]SlopeSums, weeks)
	for i := range 150 {
		var rows []PanelRow
		level := rng.NormFloat64()
		for range 1 + rng.IntN(9) {
			k := rng.IntN(weeks)
			v := float64(rng.IntN(4)) + float64(k%3)
			out := benchtest.Flag(rng.Float64() < .4+.1*level-.03*v+.02*float64(k%5))
			member, week, x, y = append(member, i), append(week, k), append(x, v), append(y, out)
			rows = append(rows, PanelRow{Period: k, N: 1, X: []float64{v, rng.Float64()}, Outcomes: []float64{out}})
		}
		whole.Add(rows)
		AddByPeriod(byWeek, rows, 0, 0)
		if i%2 == 0 {
			a.Add(rows)
		} else {
			b.Add(rows)
		}
	}
	dx, dy := append([]float64(nil), x...), append([]float64(nil), y...)
	demean := func(v []float64, key []int) {
		sum, n := map[int]float64{}, map[int]float64{}
		for i, k := range key {
			sum[k] += v[i]
			n[k]++
		}
		for i, k := range key {
			v[i] -= sum[k] / n[k]
		}
	}
	for range 400 {
		demean(dx, member)
		demean(dx, week)
		demean(dy, member)
		demean(dy, week)
	}
	var xx, xy float64
	for i := range dx {
		xx, xy = xx+dx[i]*dx[i], xy+dx[i]*dy[i]
	}
	near(t, "slope", whole.TwoWay().Slopes(0, 0)[0], xy/xx, 1e-9)
	near(t, "merged", a.Merge(b).TwoWay().Slopes(0, 0)[0], xy/xx, 1e-9)
	near(t, "merged the other way", b.Merge(Panel{}).Merge(a).TwoWay().Slopes(0, 0)[0], xy/xx, 1e-9)
	var sums SlopeSums
	for _, s := range byWeek {
		sums = sums.Merge(s)
	}
	near(t, "sums by period", sums.Slope(), whole.WithinMembers().Slopes(0, 0)[0], 1e-10)
	if whole.Members != 150 || a.Merge(b).N != whole.N || math.Abs(whole.Mean(0)-MomentsOf(y).Mean) > 1e-12 {
		t.Errorf("members %d, trials %v, mean %v", whole.Members, whole.N, whole.Mean(0))
	}

	folded, single := NewPanel(weeks, 1, 1), NewPanel(weeks, 1, 1)
	for i := range 40 {
		folded.Add([]PanelRow{{3, 2, []float64{1}, []float64{1}}, {i % weeks, 3, []float64{2}, []float64{float64(i % 3)}}})
		var rows []PanelRow
		for j := range 2 {
			rows = append(rows, PanelRow{3, 1, []float64{1}, []float64{benchtest.Flag(j == 0)}})
		}
		for j := range 3 {
			rows = append(rows, PanelRow{i % weeks, 1, []float64{2}, []float64{benchtest.Flag(j < i%3)}})
		}
		single.Add(rows)
	}
	near(t, "folded rows", folded.TwoWay().Slopes(0, 0)[0], single.TwoWay().Slopes(0, 0)[0], 1e-9)
}

// All members have the same load: nothing is left within member and week, and no slope is given.
func TestPanelCalendarOnly(t *testing.T) {
	p := NewPanel(10, 2, 1)
	for i := range 200 {
		var rows []PanelRow
		for k := range 10 {
			rows = append(rows, PanelRow{k, 1, []float64{float64(k % 4), float64((i + k) % 2)}, []float64{benchtest.Flag((i+k)%3 == 0)}})
		}
		p.Add(rows)
	}
	w := p.TwoWay()
	if s := w.Share(0); !(s < 1e-12) {
		t.Errorf("share within member and week: %v", s)
	}
	if s := w.Slopes(0, 0)[0]; !math.IsNaN(s) {
		t.Errorf("slope from the calendar alone: %v", s)
	}
	if s := p.WithinMembers().Slopes(0, 0)[0]; math.IsNaN(s) {
		t.Error("no slope within members")
	}
	if s := NewPanel(3, 1, 1).TwoWay(); !math.IsNaN(s.Share(0)) || !math.IsNaN(s.Slopes(0, 0)[0]) {
		t.Errorf("an empty panel: %v", fmt.Sprint(s))
	}
}
