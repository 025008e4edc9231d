package pipeline

import (
	"math"

	"crmaudit/analytics/suffstat"
)

// The slots of analytics.red_pipeline_responses: five minutes up to six hours, half hours up to two days, four hours up to 30 days.
const (
	slots     = 324
	hourSlot  = 12
	daySlot   = 72 + 36
	monthSlot = slots
)

// hoursOf is the end of a slot in hours.
func hoursOf(slot float64) float64 {
	switch {
	case slot <= 72:
		return slot / 12
	case slot <= 156:
		return 6 + (slot-72)/2
	}
	return 48 + (slot-156)*4
}

// Response is the time to the first response of one kind; Answer "any" is all kinds.
type Response struct {
	Answer           string
	Deals, Answered  int64
	Median           suffstat.Estimate // hours; only of any
	Hour, Day, Month suffstat.Estimate // share answered so within the time
}

// responses estimates the time to the first response: the unanswered are censored, the kinds of response compete.
func (m *Model) responses(c *Counts) {
	kinds := Responses()
	place := map[string]int{}
	for i, k := range kinds {
		place[k] = i
	}
	var rows []ageRow
	answered := make([]int64, len(kinds))
	var deals, taken int64
	for _, r := range c.Responses {
		deals += r.N
		if r.Kind == "exit" {
			answered[place[r.Answer]] += r.N
			taken += r.N
		}
		if r.Slot > 0 {
			rows = append(rows, ageRow{"enter", 0, 1, r.Bucket, r.N}, ageRow{r.Kind, place[r.Answer], r.Slot, r.Bucket, r.N})
		}
	}
	if taken == 0 { // nothing that could answer was exported, or nobody ever answered: the two look the same
		return
	}
	tables := lifeTables(rows, len(kinds))
	times := []int{hourSlot, daySlot, monthSlot}
	r := suffstat.JackknifeVec(tables, func(t suffstat.LifeTable) (out []float64) {
		survival := t.Survival()
		for _, slot := range times {
			out = append(out, 1-at(survival, slot))
		}
		for k := range kinds {
			f := t.Incidence(k)
			for _, slot := range times {
				out = append(out, at(f, slot))
			}
		}
		return out
	})
	total, _ := suffstat.Merge(tables)
	followed := total.Tau(slots, minRisk)
	all, left := 0., 1.
	if !total.Empty() {
		all, left = float64(total.Ages()), at(total.Survival(), followed)
	}
	response := func(answer string, first int, n int64) Response {
		x := Response{Answer: answer, Deals: deals, Answered: n, Median: none("hours")}
		for k, e := range []*suffstat.Estimate{&x.Hour, &x.Day, &x.Month} {
			*e = none("share")
			if followed >= times[k] || left <= rest && all > 0 {
				*e = shareOf(r, first+k, deals)
			}
		}
		return x
	}
	whole := response("any", 0, taken)
	median := suffstat.Median(tables, level)
	for _, x := range []*float64{&median.Value, &median.Lower, &median.Upper} {
		if !math.IsNaN(*x) {
			*x = hoursOf(*x)
		}
	}
	whole.Median = median.Of(deals, "hours")
	m.Responses = append(m.Responses, whole)
	for k, kind := range kinds {
		if answered[k] > 0 {
			m.Responses = append(m.Responses, response(kind, 3+3*k, answered[k]))
		}
	}
}
