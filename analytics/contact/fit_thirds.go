package contact

import (
	"math"
	"slices"

	"crmaudit/analytics/suffstat"
)

// Third is the slope of the response among customers of one third of engagement (statistics 12): the model has one slope for all, and who opens seldom may tire otherwise than who opens all.
type Third struct {
	Term                        string            // previous_7d_low, _middle, _high
	Slope                       suffstat.Estimate // as Fatigue.Response.Value, within the third
	Share                       float64           // of the variance of the pressure left within customer and week
	Customers, Messages, Events int64
	Note                        string // few_events, not_identifiable
}

// ThirdGap is the term of the difference of the slopes of the high and the low third.
const ThirdGap = "previous_7d_high_less_low"

var thirdTerms = []string{"previous_7d_low", "previous_7d_middle", "previous_7d_high"}

// thirds estimates the slope by third of engagement. Engagement is the share of bulk messages answered before the customer's first message in the panel (PanelRow.Score, the same in all channels), so no response of the panel decides who is in
// which third; customers of equal score stay together, and a third that nobody is in has no slope. A customer is in one third, so the difference of two is that of independent estimates.
func (f *Fatigue) thirds(c *Counts, outcome string, channels map[int64]bool) {
	scores := map[int64]int64{}
	for _, r := range c.Panel {
		if channels[r.Member%1024] {
			scores[r.Member/1024] = r.Score
		}
	}
	sorted := make([]int64, 0, len(scores))
	for _, s := range scores {
		sorted = append(sorted, s)
	}
	if len(sorted) < len(thirdTerms) {
		return
	}
	slices.Sort(sorted)
	first, second := sorted[len(sorted)/3], sorted[2*len(sorted)/3]
	rows := make([][]PanelRow, len(thirdTerms))
	for _, r := range c.Panel {
		at := 0
		switch {
		case r.Score >= second && second > first:
			at = 2
		case r.Score >= first:
			at = 1
		}
		rows[at] = append(rows[at], r)
	}
	var slopes [3]suffstat.Replicates
	for i, term := range thirdTerms {
		p := newPanel(rows[i], outcome, channels)
		t := Third{Term: term, Slope: none(), Share: p.share, Customers: p.customers, Messages: p.messages, Events: p.events}
		switch {
		case p.messages == 0 || p.events < fewestThird || p.customers < fewestThird:
			t.Note = FewEvents
		case !(p.share >= leastVariance):
			t.Note = NotIdentifiable
		default:
			t.Slope, slopes[i] = p.slopes.Estimate(0, confidence).Of(p.customers, "share per message"), p.slopes
		}
		f.Thirds = append(f.Thirds, t)
	}
	f.ThirdGap = none()
	if low, high := f.Thirds[0], f.Thirds[2]; low.Slope.OK() && high.Slope.OK() {
		se := math.Hypot(slopes[0].SE(0), slopes[2].SE(0))
		half := suffstat.TQuantile((1+confidence)/2, math.Min(slopes[0].DF(), slopes[2].DF())) * se
		d := high.Slope.Value - low.Slope.Value
		f.ThirdGap = suffstat.Estimate{Value: d, Lower: d - half, Upper: d + half, Level: confidence, N: low.Customers + high.Customers, Unit: "share per message", Method: suffstat.MethodJackknife}
	}
}

// fewestThird is the number of customers, and of responses, below which a third has no slope.
const fewestThird = 100
