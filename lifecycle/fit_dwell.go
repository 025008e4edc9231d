package lifecycle

import (
	"math"

	"crmaudit/analytics/suffstat"
)

// maxAge is the oldest age in periods that is followed; a longer stay counts as censored there.
const maxAge = 120

// The restricted mean of a stay is cut at the smaller of tauLimit periods and the longest age with tauRisk stays at risk (statistics 1.4).
const (
	tauLimit = 12
	tauRisk  = 30
)

// Dwell is how long a stay in a stage lasts.
type Dwell struct {
	Stage             string
	Spells, Censored  int64
	LeftOpen          int64
	Median, Mean      suffstat.Estimate // periods
	Tau               int               // 0 = none
	AtRisk, Exits     []int64           // by age, position 0 unused
	Survival          []suffstat.Estimate
	To                []string // next stages seen
	ExitsTo           [][]int64
	Incidence         [][]suffstat.Estimate // by To and age
	Note              string
	survivalAtHorizon float64
}

// longerThanTau tells that the median stay is longer than Tau, reached or not.
func (d *Dwell) longerThanTau() bool { return d.Tau > 0 && d.survivalAtHorizon > .5 }

func (x *index) fitDwell(m *Model) {
	spells := make([][][]suffstat.Spell, x.k)
	open := make([]int64, x.k)
	for i := range spells {
		spells[i] = make([][]suffstat.Spell, Buckets)
	}
	for _, r := range x.Counts.Spells {
		i := x.to[r.Stage]
		if r.LeftOpen {
			open[i] += r.N
			m.LeftOpen += r.N
			continue
		}
		s := suffstat.Spell{Entry: int(min(r.Entry, maxAge+1)), Exit: int(min(r.Exit, maxAge)), Cause: suffstat.Censored, N: r.N}
		if r.Next != Censored && r.Exit <= maxAge {
			s.Cause = x.to[r.Next]
		}
		spells[i][r.Bucket] = append(spells[i][r.Bucket], s)
	}
	x.life = make([][]suffstat.LifeTable, x.k)
	for i, name := range x.names {
		x.life[i] = make([]suffstat.LifeTable, Buckets)
		for g, s := range spells[i] {
			x.life[i][g] = suffstat.NewLifeTable(s, x.k)
		}
		m.Dwell = append(m.Dwell, x.dwell(name, x.life[i], open[i]))
	}
}

func (x *index) dwell(name string, buckets []suffstat.LifeTable, open int64) Dwell {
	total, _ := suffstat.Merge(buckets)
	d := Dwell{Stage: name, LeftOpen: open, AtRisk: total.AtRisk(), survivalAtHorizon: math.NaN()}
	d.Spells, _, d.Censored = total.Spells()
	d.Survival = suffstat.SurvivalCurve(buckets, TableLevel)
	d.Median = suffstat.MedianOfCurve(d.Survival, TableLevel).Of(d.Spells, "periods")
	d.Tau = total.Tau(tauLimit, tauRisk)
	if d.Tau > 0 {
		d.Mean = suffstat.RMST(buckets, d.Tau, TableLevel)
		d.survivalAtHorizon = d.Survival[d.Tau].Value
	} else {
		d.Mean = suffstat.NotEstimable(suffstat.MethodJackknife, TableLevel, suffstat.ErrNoData).Of(d.Spells, "periods")
	}
	d.Exits = make([]int64, len(d.AtRisk))
	for j, exits := range total.Exits {
		any := false
		for a, n := range exits {
			d.Exits[a] += n
			any = any || n > 0
		}
		if any {
			d.To = append(d.To, x.names[j])
			d.ExitsTo = append(d.ExitsTo, exits)
			d.Incidence = append(d.Incidence, suffstat.IncidenceCurve(buckets, j, TableLevel))
		}
	}
	switch {
	case d.Spells == 0 && open > 0:
		d.Note = "every stay began before the data, so no age is known"
	case d.Spells == 0:
		d.Note = "no stay was seen with a next period"
	case d.Tau == 0:
		d.Note = "fewer than 30 stays at risk at age 1: no restricted mean"
	case !d.Median.OK():
		d.Note = "fewer than half of the stays end within the ages seen: the median is longer"
	}
	return d
}
