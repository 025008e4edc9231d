package trends

import (
	"math"

	"crmaudit/analytics/suffstat"
)

// The links of two trends.
const (
	Gap         = "engagement_gap"
	Growth      = "unsubscribe_growth"
	CostOfTotal = "cost_of_total"
)

// Link is a statement about two series at once.
type Link struct {
	Link  string
	Worse *Series // what gets worse; for CostOfTotal the scenario that rises
	Other *Series // what does not; for CostOfTotal the total that falls
	P, Q  float64
	Found bool
}

// links tests pairs of trends by intersection and union: both parts must hold, p is the greater of the two, no other correction; BH over the subjects of each link.
func links(m *Model, opt Options) []Link {
	at := map[subject]map[string]*Series{}
	for _, s := range m.Series {
		if math.IsNaN(s.P) {
			continue
		}
		if at[s.subject] == nil {
			at[s.subject] = map[string]*Series{}
		}
		at[s.subject][s.Metric] = s
	}
	var gaps, growth, costs []Link
	for _, s := range m.Series {
		of := at[s.subject]
		if of[s.Metric] != s {
			continue
		}
		switch s.Metric {
		case Order, Move:
			if click := of[Click]; click != nil {
				gaps = append(gaps, Link{Link: Gap, Worse: s, Other: click, P: math.Max(s.below(0), click.above(-click.Margin))})
			}
		case Unsubscribe:
			opens := of[Open]
			if opens == nil {
				opens = of[Click]
			}
			if opens != nil {
				growth = append(growth, Link{Link: Growth, Worse: s, Other: opens, P: math.Max(s.above(0), opens.PEquivalence)})
			}
		}
		total := at[subject{Type: Total, ID: s.Kind, Kind: s.Kind}][Order]
		if s.Type == Scenario && (s.Metric == Click || s.Metric == Order) && total != nil && scenarios(m, s.Kind) > 1 {
			costs = append(costs, Link{Link: CostOfTotal, Worse: s, Other: total, P: math.Max(s.above(0), total.below(0))})
		}
	}
	var out []Link
	for _, family := range [][]Link{costs, gaps, growth} {
		p := make([]float64, len(family))
		for i, l := range family {
			p[i] = l.P
		}
		for i, q := range suffstat.BH(p) {
			family[i].Q, family[i].Found = q, q <= opt.FDR
		}
		out = append(out, family...)
	}
	return out
}

// scenarios counts the scenarios of a kind: alone, a scenario is its total.
func scenarios(m *Model, kind string) int {
	n := 0
	for _, s := range m.Series {
		if s.Type == Scenario && s.Kind == kind && s.Metric == Order {
			n++
		}
	}
	return n
}

// above is the p-value of "the slope is not above x", x in share per month.
func (s *Series) above(x float64) float64 {
	return suffstat.TSurvival((s.trend.Slope-x/s.scale)/s.trend.SE, s.trend.DF)
}

// below is the p-value of "the slope is not below x".
func (s *Series) below(x float64) float64 {
	return suffstat.TSurvival((x/s.scale-s.trend.Slope)/s.trend.SE, s.trend.DF)
}
