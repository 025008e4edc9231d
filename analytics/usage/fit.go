package usage

import (
	"cmp"
	"math"
	"slices"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// idleDays is how long an employee may leave no trace and still count as active.
const idleDays = 28

// daysPerMonth turns a cost per month into one for the audited days.
const daysPerMonth = 30.436875

// Setup is what audit.yaml says under usage.
type Setup struct {
	FixedCost *float64 // licences and people per month, currency units; nil: not given
}

// Options are the settings of the run.
type Options struct {
	Setup
	Margin      float64 // share of revenue; 0: not given
	MessageCost map[string]float64
	Currency    string
	FDR, Level  float64            // decision.fdr; level of expected money, 0 is .90
	Margins     map[string]float64 // decision.equivalence: ctr
}

// Owner is a responsible employee with the verdict.
type Owner struct {
	OwnerRow
	State string // active, idle, none
}

// States of owners.
const (
	Active = "active"
	Idle   = "idle"
	None   = "none"
)

// Return is what messages cost and what is credited to them; money in minor units.
type Return struct {
	Scope, Channel, Scenario string
	Messages                 int64
	UnitCost                 *float64
	Cost                     *int64
	Orders, Half, Double     int64
	All                      int64 // orders of everybody, credited or not
	Revenue                  int64
	Margin, Result, Best     *int64
	Effect                   *EffectRow
}

// Share is the part of all orders that is credited; NaN without orders.
func (r Return) Share(n int64) float64 {
	if r.All == 0 {
		return math.NaN()
	}
	return float64(n) / float64(r.All)
}

// Change compares the last span with that before and with the same weeks a year ago.
type Change struct {
	Metric                 string
	At                     [4]float64 // last, before, year ago, before that; NaN where the data do not reach
	Before, Year, Seasonal suffstat.Estimate
	Customers              int64
}

// Model is everything the block says.
type Model struct {
	Owners    []Owner
	Returns   []Return
	Changes   []Change
	Whole     int  // spans that lie wholly within the loaded history
	Credited  int  // spans that lie wholly within the audited window
	Priced    bool // the cost of some channel is given
	Unpriced  []string
	Unused    []string // channels with a cost and no message
	AllOrders int64
	HoldOuts  int
	Repeats   []Repeat
}

// Fit makes the model.
func Fit(c *Counts, opt Options) *Model {
	m := &Model{Priced: len(opt.MessageCost) > 0}
	m.Whole = wholeSpans(c)
	for m.Credited < Spans-1 && c.To-spanDays*int64(m.Credited+1) >= c.From {
		m.Credited++
	}
	m.owners(c)
	m.returns(c, opt)
	m.changes(c)
	m.repeats(c, opt)
	return m
}

// wholeSpans is how many spans lie wholly within the history. A single absurd date may make it begin years too early: then the oldest span with orders, before which there are none, is taken for cut.
func wholeSpans(c *Counts) (whole int) {
	for whole < Spans-1 && c.To-spanDays*int64(whole+1) >= c.First {
		whole++
	}
	total, _ := suffstat.Merge(c.Spans)
	oldest := -1
	for span := range len(total) / width {
		if total[span*width+orders] > 0 {
			oldest = span
		}
	}
	if oldest >= 0 && oldest+1 < whole {
		whole = max(oldest, 1)
	}
	return whole
}

func (m *Model) owners(c *Counts) {
	for _, o := range c.Owners {
		state := None
		switch {
		case o.Traced && o.Last >= c.To-idleDays:
			state = Active
		case o.Traced && o.Last >= c.From:
			state = Idle
		}
		m.Owners = append(m.Owners, Owner{o, state})
	}
}

// minor is money in minor units.
func minor(x float64) *int64 {
	n := int64(math.Round(100 * x))
	return &n
}

// returns sums messages and credited orders over all, by channel and by scenario.
func (m *Model) returns(c *Counts, opt Options) {
	type key struct{ scope, channel, scenario string }
	at := map[key]*Return{}
	get := func(scope, channel, scenario string) *Return {
		k := key{scope, channel, scenario}
		if at[k] == nil {
			at[k] = &Return{Scope: scope, Channel: channel, Scenario: scenario}
		}
		return at[k]
	}
	cost := map[*Return]float64{}
	open := map[*Return]bool{} // a channel in it has no cost
	unpriced, used := map[string]bool{}, map[string]bool{}
	best := map[*Return]int64{}
	for _, r := range c.Scenarios {
		if r.Channel == "" {
			m.AllOrders = r.Orders
			continue
		}
		price, priced := opt.MessageCost[r.Channel]
		used[r.Channel] = used[r.Channel] || r.Messages > 0
		for _, x := range []*Return{get("all", "", ""), get("channel", r.Channel, ""), get("scenario", "", r.Scenario)} {
			x.Messages += r.Messages
			x.Half += r.Half
			x.Orders += r.Orders
			x.Double += r.Double
			x.Revenue += r.Revenue
			best[x] += r.RevenueDouble
			cost[x] += price * float64(r.Messages)
			open[x] = open[x] || !priced
		}
		if !priced {
			unpriced[r.Channel] = true
		}
	}
	effects := map[string]*EffectRow{}
	for i, e := range c.Effects {
		effects[e.Scenario] = &c.Effects[i]
	}
	m.HoldOuts = len(effects)
	for _, x := range at {
		x.All = m.AllOrders
		if price, ok := opt.MessageCost[x.Channel]; ok && x.Scope == "channel" {
			x.UnitCost = &price
		}
		total := cost[x]
		if x.Scope == "all" && opt.FixedCost != nil {
			total += *opt.FixedCost * float64(c.To-c.From) / daysPerMonth
		}
		if !open[x] {
			x.Cost = minor(total)
		}
		if opt.Margin > 0 {
			x.Margin = minor(float64(x.Revenue) / 100 * opt.Margin)
		}
		if x.Cost != nil && x.Margin != nil {
			result, most := *x.Margin-*x.Cost, *minor(float64(best[x]) / 100 * opt.Margin)-*x.Cost
			x.Result, x.Best = &result, &most
		}
		if x.Scope == "scenario" && x.Scenario != "" {
			x.Effect = effects[x.Scenario]
		}
		m.Returns = append(m.Returns, *x)
	}
	slices.SortFunc(m.Returns, func(a, b Return) int {
		return cmp.Or(cmp.Compare(a.Scope, b.Scope), cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Scenario, b.Scenario))
	})
	for channel := range unpriced {
		m.Unpriced = append(m.Unpriced, channel)
	}
	for channel, price := range opt.MessageCost {
		if price > 0 && !used[channel] && len(c.Scenarios) > 1 {
			m.Unused = append(m.Unused, channel)
		}
	}
	slices.Sort(m.Unpriced)
	slices.Sort(m.Unused)
}

// changes compares the spans 0, 1, 4 and 5.
func (m *Model) changes(c *Counts) {
	spans := [4]int{0, 1, 4, 5}
	known := func(s suffstat.Cells, span int) (n int64) { // customers by the end of the span
		for k := span; k < Spans; k++ {
			n += s[k*width+newcomers]
		}
		return n
	}
	at := func(s suffstat.Cells, span, what int) float64 { return float64(s[span*width+what]) }
	total, _ := suffstat.Merge(c.Spans)
	some := len(total) > 0
	if !some {
		total = make(suffstat.Cells, Spans*width)
	}
	for _, x := range []struct {
		name  string
		value func(s suffstat.Cells, span int) float64
	}{
		{"buyers", func(s suffstat.Cells, span int) float64 { return at(s, span, buyers) }},
		{"orders", func(s suffstat.Cells, span int) float64 { return at(s, span, orders) }},
		{"orders_per_customer", func(s suffstat.Cells, span int) float64 { return at(s, span, orders) / float64(known(s, span)) }},
		{"revenue", func(s suffstat.Cells, span int) float64 { return at(s, span, revenue) / 100 }},
		{"revenue_per_customer", func(s suffstat.Cells, span int) float64 { return at(s, span, revenue) / 100 / float64(known(s, span)) }},
	} {
		if !some {
			continue
		}
		change := Change{Metric: x.name, Customers: known(total, 0)}
		for i, span := range spans {
			change.At[i] = math.NaN()
			if span < m.Whole {
				change.At[i] = x.value(total, span)
			}
		}
		ratio := func(enough bool, f func(v func(span int) float64) float64) suffstat.Estimate {
			if !enough {
				return suffstat.NotEstimable(suffstat.MethodJackknife, .95, suffstat.ErrNoData)
			}
			e := suffstat.JackknifeLog(c.Spans, func(s suffstat.Cells) float64 { return f(func(span int) float64 { return x.value(s, span) }) }, .95)
			e.Value, e.Lower, e.Upper = e.Value-1, e.Lower-1, e.Upper-1
			return e.Of(change.Customers, "share")
		}
		change.Before = ratio(m.Whole > 1, func(v func(int) float64) float64 { return over(v(0), v(1)) })
		change.Year = ratio(m.Whole > 4, func(v func(int) float64) float64 { return over(v(0), v(4)) })
		change.Seasonal = ratio(m.Whole > 5, func(v func(int) float64) float64 { return over(over(v(0), v(1)), over(v(4), v(5))) })
		m.Changes = append(m.Changes, change)
	}
	m.counted(c, spans, total)
	slices.SortFunc(m.Changes, func(a, b Change) int { return cmp.Compare(a.Metric, b.Metric) })
}

// over is a / b; NaN of nothing.
func over(a, b float64) float64 {
	if !(b > 0) {
		return math.NaN()
	}
	return a / b
}

// counted adds what is counted without customers: facts without intervals.
func (m *Model) counted(c *Counts, spans [4]int, total suffstat.Cells) {
	var messages, credited [Spans]float64
	for _, r := range c.Channels {
		messages[r.Span] += float64(r.Messages)
		credited[r.Span] += float64(r.Credited)
	}
	if len(c.Channels) == 0 {
		return
	}
	add := func(name string, value func(span int) float64) {
		x := Change{Metric: name}
		for i, span := range spans {
			x.At[i] = value(span)
		}
		fact := func(v float64) suffstat.Estimate {
			if !analytics.Finite(v) {
				return suffstat.NotEstimable(suffstat.MethodFact, 1, suffstat.ErrNoData)
			}
			return suffstat.Fact(v, 0, "share")
		}
		x.Before, x.Year, x.Seasonal = fact(over(x.At[0], x.At[1])-1), fact(over(x.At[0], x.At[2])-1), fact(over(over(x.At[0], x.At[1]), over(x.At[2], x.At[3]))-1)
		m.Changes = append(m.Changes, x)
	}
	add("messages", func(span int) float64 {
		if span >= m.Whole {
			return math.NaN()
		}
		return messages[span]
	})
	add("credited_share", func(span int) float64 {
		if span >= m.Credited {
			return math.NaN()
		}
		return credited[span] / float64(total[span*width+orders])
	})
}
