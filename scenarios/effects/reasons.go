package effects

import (
	"math"

	"crmaudit/analytics/suffstat"
)

// Why a comparator did not enter (statistics 7.2), scenarios.fct_trial_reasons.reason: the first that the data show.
const (
	reasonUnknown = iota
	reasonHardBounce
	reasonWithheld
	reasonAtCap
	reasonNotSent
	reasonIdle
	reasonEnteredLater
)

var reasonNames = []string{"unknown", "hard_bounce", "withheld", "at_cap", "not_sent", "idle", "entered_later"}

// bothArms tells that a reason is what was so before time zero, and is asked of entrants too: only then can it be left out of both arms.
func bothArms(reason int64) bool { return reason >= reasonHardBounce && reason <= reasonAtCap }

// Reason is one reason for which comparators of a scenario did not enter.
type Reason struct {
	Scenario             string
	Reason               int64
	Treated, Comparators int64   // units
	ShareTreated, Share  float64 // of all treated units, of all comparators; ShareTreated NaN when it is not asked of entrants
	Ordered              float64 // share of these comparators with an order in the outcome window
	// Difference of Ordered to comparators of the same cells for whom nothing is known; not estimable for entered_later, which is an outcome itself, and for unknown.
	Difference suffstat.Estimate
	P          float64
	Excluded   bool // the reason drives the outcome: its units are in neither arm of any number
}

// fewestUnits is the number of comparators with a reason below which it is not judged.
const fewestUnits = 30

// reasons counts why the comparators of a scenario did not enter, and takes out of both arms the units of a reason that goes with the outcome: customers whom no message reaches may order more or less by themselves, and
// beside them a scenario looks better or worse than it is.
func (f *fitter) reasons(s *Scenario, rows []CellRow) []CellRow {
	var n [7]struct{ treated, others, ordered int64 }
	var treated, others int64
	for _, r := range rows {
		if r.Treated {
			n[r.Reason].treated += r.N
			treated += r.N
		} else {
			n[r.Reason].others += r.N
			n[r.Reason].ordered += r.Ordered
			others += r.N
		}
	}
	drop := map[int64]bool{}
	for reason := range int64(len(reasonNames)) {
		c := n[reason]
		if c.treated+c.others == 0 || others == 0 {
			continue
		}
		x := Reason{Scenario: s.ID, Reason: reason, Treated: c.treated, Comparators: c.others, ShareTreated: math.NaN(), Share: float64(c.others) / float64(others),
			Ordered: float64(c.ordered) / float64(c.others), Difference: suffstat.NotEstimable("", tableLevel), P: math.NaN()}
		if bothArms(reason) && treated > 0 {
			x.ShareTreated = float64(c.treated) / float64(treated)
		}
		if reason != reasonUnknown && reason != reasonEnteredLater && c.others >= fewestUnits {
			x.Difference, x.P = reasonDifference(rows, reason)
			x.Excluded = bothArms(reason) && x.P < 1-tableLevel
		}
		drop[reason] = x.Excluded
		f.m.Reasons = append(f.m.Reasons, x)
	}
	var kept []CellRow
	for _, r := range rows {
		if !drop[r.Reason] {
			kept = append(kept, r)
		}
	}
	return kept
}

// reasonDifference compares the orders of comparators with a reason with those of comparators for whom nothing is known, or who entered later, in the cells that the ladder makes.
func reasonDifference(rows []CellRow, reason int64) (suffstat.Estimate, float64) {
	var of []CellRow
	for _, r := range rows {
		if r.Treated || r.Reason != reason && r.Reason != reasonUnknown && r.Reason != reasonEnteredLater {
			continue
		}
		r.Treated = r.Reason == reason
		of = append(of, r)
	}
	index, _, _ := chooseCells(of)
	t := att(of, index, func(r CellRow) int64 { return r.N }, func(r CellRow) int64 { return r.Ordered })
	if o := t.Outcomes[0]; t.Matched >= fewestUnits && o.SE > 0 {
		return o.ATT.Of(t.Matched+t.MatchedComparators, "share"), o.P
	}
	return suffstat.NotEstimable("", tableLevel), math.NaN()
}
