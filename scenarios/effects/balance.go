package effects

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"crmaudit/analytics"
)

// Balance is how entrants of a scenario and comparators of the same stage, recency, tenure and orders differ in a group: shares, and the standardised difference that is usual for such tables, as they are and with the
// audience held equal.
type Balance struct {
	Scenario string
	Group
	Used                bool // in the cells
	ShareTreated, Share float64
	Difference, Held    float64 // standardised; Held is 0 for the group that is used
	Differs             bool    // Held is too large, and surely so
	Treated, Comparison int64   // different customers looked at
}

// inside and outside tell that nine entrants in ten are on one side of the group, and more often than comparators.
func (b *Balance) inside() bool { return b.ShareTreated >= audienceShare && b.Difference > 0 }
func (b *Balance) outside() bool {
	return b.ShareTreated <= 1-audienceShare && b.Difference < 0
}

const (
	// maxDifference is the standardised difference above which two groups are not alike (Rubin 2001; Stuart 2010). fct_trial_audiences.sql uses the same.
	maxDifference = .25
	// surely is how many standard errors a difference has to be away from none: hundreds of groups are looked at.
	surely = 4
	// shownDifference is the usual bound of "negligible"; groups below it are not in the table.
	shownDifference = .1
	// audienceShare of the entrants on one side of a group make it the audience of the scenario.
	audienceShare = .9
)

// shares of the entrants and of the comparators weighted as they are. Half a unit is added on both sides, so that nobody and everybody have a spread.
func (m Members) shares() (treated, comparison float64) {
	if m.Units == 0 {
		return math.NaN(), math.NaN()
	}
	n := float64(m.Units) + 1
	return (float64(m.In) + .5) / n, (float64(m.ExpectedMilli)/1000 + .5) / n
}

// standardised is the difference of shares in standard deviations.
func standardised(p1, p0 float64) float64 {
	return (p1 - p0) / math.Sqrt((p1*(1-p1)+p0*(1-p0))/2)
}

// differs tells that entrants and comparators surely are not alike in a group. Comparators count as much as their weights leave of them.
func differs(m Members) bool {
	p1, p0 := m.shares()
	n := float64(m.Units)
	// Few comparators may hold nobody of a group by chance and would then seem to have no spread: the larger of both is taken.
	se := math.Sqrt(math.Max(p1*(1-p1), p0*(1-p0)) * (1/n + float64(m.WeightMilli)/(1000*n*n)))
	return math.Abs(standardised(p1, p0)) > maxDifference && math.Abs(p1-p0) > surely*se
}

// label names a group in a note: "segment interest_tea", "attribute attr_city=Moscow", "category tea".
func (g Group) label() string {
	switch g.Kind {
	case "segment":
		return g.Kind + " " + g.Name
	case "attribute":
		return g.Kind + " " + g.Name + "=" + g.Value
	}
	return g.Kind + " " + g.Value
}

// shown names a group in a sentence.
func (g Group) shown() string {
	switch g.Kind {
	case "segment":
		return g.Name
	case "attribute":
		return strings.TrimPrefix(g.Name, "attr_") + ": " + g.Value
	}
	return g.Value
}

// nameGroups adds the audience, and the group in which entrants and comparators differ most, to the named values of a finding.
func (m *Model) nameGroups(scenario string, v *analytics.Values) {
	var worst *Balance
	for i := range m.Balance {
		b := &m.Balance[i]
		switch {
		case b.Scenario != scenario:
		case b.Used && b.inside():
			v.Text("audience", b.shown())
		case b.Used && b.outside():
			v.Text("not_audience", b.shown())
		case b.Differs && (worst == nil || math.Abs(b.Held) > math.Abs(worst.Held)):
			worst = b
		}
	}
	if worst != nil {
		v.Text("differs_in", worst.shown())
	}
}

// balance writes down in which groups entrants and comparators differ, and tells whether those in the same cells are alike.
func (f *fitter) balance(s *Scenario) bool {
	var rows []Balance
	for _, g := range s.Groups {
		b := Balance{Scenario: s.ID, Group: g.Group, Used: g.Used, Treated: g.Treated, Comparison: g.Comparison}
		b.ShareTreated, b.Share = g.Plain.shares()
		b.Difference = standardised(b.ShareTreated, b.Share)
		if !g.Used {
			b.Held, b.Differs = standardised(g.Held.shares()), differs(g.Held)
		}
		rows = append(rows, b)
	}
	slices.SortFunc(rows, func(a, b Balance) int { return strings.Compare(a.label(), b.label()) })
	var worst *Balance
	for i := range rows {
		b := &rows[i]
		switch {
		case b.Used:
			note, share := "by "+b.label(), b.Share
			switch {
			case b.inside():
				note = "in " + b.label()
			case b.outside():
				note, share = "out_of "+b.label(), 1-b.Share
			}
			f.check(Check{s.ID, "all", MethodTrials, "", "audience", number(share), true, note})
		case math.IsNaN(b.Held):
		case worst == nil, b.Differs && !worst.Differs, b.Differs == worst.Differs && math.Abs(b.Held) > math.Abs(worst.Held):
			worst = b
		}
		if math.Abs(b.Difference) >= shownDifference || math.Abs(b.Held) >= shownDifference {
			f.m.Balance = append(f.m.Balance, *b)
		}
	}
	if worst == nil {
		return true
	}
	f.check(Check{s.ID, "all", MethodTrials, "", "groups", plain(worst.Held), !worst.Differs, worst.label()})
	return !worst.Differs
}

// balance renders scenarios.effect_balance.
func (m *Model) balance() analytics.Table {
	t := analytics.Table{Name: "scenarios.effect_balance", Columns: []string{"scenario_id", "kind", "group_name", "group_value", "as_of_entry", "used", "share_treated", "share_control", "difference", "held_difference", "differs", "customers_treated", "customers_control"}}
	rows := slices.Clone(m.Balance)
	slices.SortFunc(rows, func(a, b Balance) int {
		return cmp.Or(strings.Compare(a.Scenario, b.Scenario), strings.Compare(a.Kind, b.Kind), strings.Compare(a.Name, b.Name), strings.Compare(a.Value, b.Value))
	})
	for _, b := range rows {
		t.Rows = append(t.Rows, []any{b.Scenario, b.Kind, b.Name, b.Value, b.Dated, b.Used, analytics.OrNull(b.ShareTreated), analytics.OrNull(b.Share), analytics.OrNull(b.Difference), analytics.OrNull(b.Held), b.Differs,
			b.Treated, b.Comparison})
	}
	return t
}
