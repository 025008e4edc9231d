package metrics

import (
	"math"
	"time"

	"crmaudit/analytics/suffstat"
)

// The words that tables use where the source has none, or where all are meant.
const (
	Unknown    = "unknown"
	NoScenario = "(none)"
	All        = "all"
)

// Scopes of rates.
const (
	ScopeFamily   = "family" // channel and kind
	ScopeScenario = "scenario"
	ScopeStage    = "stage"
)

// Layers of metrics (product block 3).
const (
	Access     = "access"
	Engagement = "engagement"
	Action     = "action"
)

// Notes of a rate; "" when nothing is to be said.
const (
	NotReported  = "not_reported"
	NotCredited  = "not_credited"
	TooYoung     = "too_young"
	NoMessages   = "no_messages"
	AllZero      = "all_zero"
	AllOne       = "all_one"
	Unreliable   = "unreliable"
	FewCustomers = "few_customers"
)

// proxiesDominate is the share of opens by machines above which opens of a channel are not believed (statistics 0.5).
const proxiesDominate = .30

// leastOpens is the number of opens below which nothing is said about them.
const leastOpens = 30

// Options is what the decisions depend on.
type Options struct {
	Setup
	FDR          float64
	Level        float64
	Margins      map[string]float64
	MinCustomers int64
	Days         float64 // length of the audited period
	Currency     string
}

// Metric is one rate of a layer.
type Metric struct {
	Layer, Name string
	// Of gives numerator and denominator.
	Of func(Count) suffstat.Ratio
	// Series tells that it is also shown over periods.
	Series bool
}

// Metrics returns the rates of the three layers, in the order of the report.
func Metrics() []Metric {
	of := func(num, den func(Count) int64) func(Count) suffstat.Ratio {
		return func(c Count) suffstat.Ratio { return suffstat.Ratio{Num: num(c), Den: den(c)} }
	}
	messages, ripe := func(c Count) int64 { return c.Messages }, func(c Count) int64 { return c.Ripe }
	staged := func(c Count) int64 { return c.Staged }
	return []Metric{
		{Access, "delivery_rate", of(func(c Count) int64 { return c.Delivered }, messages), true},
		{Access, "bounce_rate", of(func(c Count) int64 { return c.Bounced }, messages), true},
		{Access, "unsubscribe_rate", of(func(c Count) int64 { return c.Unsubscribed }, ripe), true},
		{Access, "complaint_rate", of(func(c Count) int64 { return c.Complained }, ripe), true},
		{Engagement, "open_rate", of(func(c Count) int64 { return c.Opened }, ripe), true},
		{Engagement, "machine_open_rate", of(func(c Count) int64 { return c.MachineOpened }, ripe), false},
		{Engagement, "click_rate", of(func(c Count) int64 { return c.Clicked }, ripe), true},
		{Engagement, "bot_click_rate", of(func(c Count) int64 { return c.BotClicked }, ripe), false},
		{Action, "order_rate", of(func(c Count) int64 { return c.Ordered }, func(c Count) int64 { return c.OrderRipe }), true},
		{Action, "revenue_per_message", of(func(c Count) int64 { return c.RevenueMinor }, func(c Count) int64 { return c.OrderRipe }), false},
		{Action, "moved_up_rate", of(func(c Count) int64 { return c.MovedUp }, staged), false},
		{Action, "moved_down_rate", of(func(c Count) int64 { return c.MovedDown }, staged), false},
	}
}

// Model is everything that the block knows.
type Model struct {
	Rates       []Rate
	Periods     []PeriodRate
	Credits     []Credit
	Reliability []Channel
	Gaps        []Gap
	Orders      int64 // of the complete periods
	Messages    int64 // sent in the complete periods
	NoKind      int64 // of them without a kind
	NoScenario  int64 // of them without a scenario
	History     int64 // sent messages of the loaded history
	Staged      int64 // of Messages, delivered with the stage at the end of the period known
	Estimated   bool  // customers are extrapolated, not counted
}

// Rate is one rate of one scope.
type Rate struct {
	Scope, Layer, Metric, Channel, Kind, Scenario, Stage string
	Ratio                                                suffstat.Ratio
	Value                                                suffstat.Estimate
	Customers                                            int64
	Note                                                 string
}

// PeriodRate is one rate of one period.
type PeriodRate struct {
	Start                 time.Time
	Channel, Kind, Metric string
	Ratio                 suffstat.Ratio
	Value                 suffstat.Estimate
	Partial               bool
}

// Sizes of attribution windows, in the order of CreditRow.
func Sizes() []string { return []string{"half", "full", "double"} }

// Credit is the orders credited to one subject with the three windows.
type Credit struct {
	Scope, Channel, Kind, Scenario string
	Days                           float64 // of the full window; NaN over channels
	Orders, Revenue                [3]int64
	AllOrders, AllRevenue          int64
}

// Channel says whether opens of a channel can be believed.
type Channel struct {
	Name                        string
	Total                       Count
	Proxies                     suffstat.RateEstimate
	Verdict                     string // reliable, unreliable, undecided, not_reported, few_opens
	Customers                   int64
	Delivery                    string // stamped, partly, derived
	ReportsOpens, ReportsClicks bool
	ResponseDays                int64
	Measured                    bool
	WindowDays                  float64
}

// Opens is the number of opens by anyone or anything.
func (c Channel) Opens() int64 { return c.Total.Opened + c.Total.MachineOpened }

// Fit turns counts into rates and verdicts. It is pure.
func Fit(c *Counts, opt Options) *Model {
	m := &Model{Estimated: c.Estimated}
	groups := group(c)
	m.reliability(c, groups)
	m.rates(c, groups, opt)
	m.periods(c, groups)
	m.credits(c)
	m.gaps(c, groups, opt)
	for _, k := range c.Cells {
		m.History += k.Sent
	}
	return m
}

// slice is the counts of one cell and stage by bucket.
type slice struct {
	cell    Cell
	stage   string
	buckets []Count // Buckets long
}

func (s slice) total() Count {
	var t Count
	for _, b := range s.buckets {
		t = t.Merge(b)
	}
	return t
}

// group collects the rows of every cell and stage, in the order of the table.
func group(c *Counts) []slice {
	var out []slice
	for _, r := range c.Rates {
		if n := len(out); n == 0 || out[n-1].cell.Code != r.Cell || out[n-1].stage != r.Stage {
			out = append(out, slice{c.Cells[r.Cell], r.Stage, make([]Count, Buckets)})
		}
		b := out[len(out)-1].buckets
		b[r.Bucket] = b[r.Bucket].Merge(r.Count)
	}
	return out
}

func mergeInto(to, from []Count) {
	for b := range from {
		to[b] = to[b].Merge(from[b])
	}
}

// reliability judges the opens of every channel.
func (m *Model) reliability(c *Counts, groups []slice) {
	at := map[string]int{}
	head := map[string]int64{}
	var buckets [][]Count
	for _, code := range c.Order {
		k := c.Cells[code]
		if _, ok := at[k.Channel]; ok {
			continue
		}
		at[k.Channel], head[k.Channel] = len(m.Reliability), code
		ch := Channel{Name: k.Channel, ReportsOpens: k.ChannelOpened > 0, ReportsClicks: k.ChannelClicked > 0, ResponseDays: k.ResponseDays, Measured: k.Measured, WindowDays: float64(k.WindowSeconds) / 86400, Delivery: "stamped"}
		if k.ChannelStamped == 0 {
			ch.Delivery = "derived"
		}
		m.Reliability = append(m.Reliability, ch)
		buckets = append(buckets, make([]Count, Buckets))
	}
	for _, g := range groups {
		mergeInto(buckets[at[g.cell.Channel]], g.buckets)
	}
	for i := range m.Reliability {
		ch := &m.Reliability[i]
		opens := make([]suffstat.Ratio, Buckets)
		for b, n := range buckets[i] {
			ch.Total = ch.Total.Merge(n)
			opens[b] = suffstat.Ratio{Num: n.MachineOpened + n.FastOpened, Den: n.Opened + n.MachineOpened}
		}
		ch.Customers = c.Reach[ReachKey{"channel", head[ch.Name], All}]
		if 2*ch.Total.Delivered < ch.Total.Messages-ch.Total.Bounced && ch.Delivery == "stamped" {
			ch.Delivery = "partly"
		}
		ch.Proxies = suffstat.Rate(opens, ch.Customers, .95)
		switch {
		case !ch.ReportsOpens:
			ch.Verdict = NotReported
		case ch.Opens() < leastOpens:
			ch.Verdict = "few_opens"
		case ch.Proxies.Lower > proxiesDominate:
			ch.Verdict = Unreliable
		case ch.Proxies.Upper < proxiesDominate:
			ch.Verdict = "reliable"
		default:
			ch.Verdict = "undecided"
		}
	}
}

func (m *Model) channel(name string) Channel {
	for _, ch := range m.Reliability {
		if ch.Name == name {
			return ch
		}
	}
	return Channel{}
}

// rates estimates the three layers of every family, scenario and stage.
func (m *Model) rates(c *Counts, groups []slice, opt Options) {
	families := map[int64]*slice{}
	add := func(scope string, s slice, scenario, stage string) {
		reach := ReachKey{scope, s.cell.Code, stage}
		if scope == ScopeFamily {
			reach.Cell = s.cell.Family
		}
		m.layers(scope, s, scenario, stage, c.Reach[reach], opt)
	}
	for i := 0; i < len(groups); {
		whole := slice{groups[i].cell, All, make([]Count, Buckets)}
		j := i
		for ; j < len(groups) && groups[j].cell.Code == whole.cell.Code; j++ {
			mergeInto(whole.buckets, groups[j].buckets)
			add(ScopeStage, groups[j], groups[j].cell.Scenario, groups[j].stage)
		}
		add(ScopeScenario, whole, whole.cell.Scenario, All)
		f := families[whole.cell.Family]
		if f == nil {
			f = &slice{whole.cell, All, make([]Count, Buckets)}
			families[whole.cell.Family] = f
		}
		mergeInto(f.buckets, whole.buckets)
		t := whole.total()
		m.Messages, m.Staged = m.Messages+t.Messages, m.Staged+t.Staged
		if whole.cell.Kind == Unknown {
			m.NoKind += t.Messages
		}
		if whole.cell.Scenario == NoScenario {
			m.NoScenario += t.Messages
		}
		i = j
	}
	for _, code := range c.Order {
		if f := families[code]; f != nil { // a family is named by its first cell
			add(ScopeFamily, *f, All, All)
			delete(families, code)
		}
	}
	for _, code := range c.Order { // families whose first cell has nothing sent in these periods
		if f := families[c.Cells[code].Family]; f != nil {
			add(ScopeFamily, *f, All, All)
			delete(families, c.Cells[code].Family)
		}
	}
}

// layers estimates all rates of one slice.
func (m *Model) layers(scope string, s slice, scenario, stage string, customers int64, opt Options) {
	ch := m.channel(s.cell.Channel)
	for _, metric := range Metrics() {
		r := Rate{Scope: scope, Layer: metric.Layer, Metric: metric.Name, Channel: s.cell.Channel, Kind: s.cell.Kind, Scenario: scenario, Stage: stage, Customers: customers}
		buckets := make([]suffstat.Ratio, Buckets)
		for b, n := range s.buckets {
			buckets[b] = metric.Of(n)
			r.Ratio = r.Ratio.Merge(buckets[b])
		}
		r.Value, r.Note = estimate(metric.Name, buckets, customers, opt), m.note(metric.Name, r.Ratio, s, ch, customers, opt)
		if r.Note == NotReported || r.Note == NotCredited {
			r.Value = suffstat.NotEstimable("", .95, suffstat.ErrNoData).Of(customers, "share")
		}
		m.Rates = append(m.Rates, r)
	}
}

// estimate is the rate with its 95 % interval: of a share by Wilson at the effective size, of money by the jackknife.
func estimate(metric string, buckets []suffstat.Ratio, customers int64, opt Options) suffstat.Estimate {
	if metric != "revenue_per_message" {
		return suffstat.Rate(buckets, customers, .95).Estimate
	}
	return suffstat.Jackknife(buckets, func(r suffstat.Ratio) float64 { return r.Value() / 100 }, .95).Of(customers, opt.Currency)
}

func (m *Model) note(metric string, r suffstat.Ratio, s slice, ch Channel, customers int64, opt Options) string {
	opens, clicks := metric == "open_rate" || metric == "machine_open_rate", metric == "click_rate" || metric == "bot_click_rate"
	orders := metric == "order_rate" || metric == "revenue_per_message"
	switch {
	case opens && !ch.ReportsOpens, clicks && !ch.ReportsClicks:
		return NotReported
	case orders && !s.cell.Credited:
		return NotCredited
	case r.Den == 0 && s.total().Delivered == 0 && metric != "delivery_rate" && metric != "bounce_rate":
		return NoMessages
	case r.Den == 0:
		return TooYoung
	case metric == "open_rate" && ch.Verdict == Unreliable:
		return Unreliable
	case customers < opt.MinCustomers:
		return FewCustomers
	case r.Num == 0:
		return AllZero
	case r.Num == r.Den && metric != "revenue_per_message":
		return AllOne
	}
	return ""
}

// periods estimates the rates of every period by family.
func (m *Model) periods(c *Counts, groups []slice) {
	family := map[int64]Cell{}
	for _, code := range c.Order {
		if k := c.Cells[code]; family[k.Family].Channel == "" {
			family[k.Family] = k
		}
	}
	for i := 0; i < len(c.Periods); {
		buckets, total := make([]Count, Buckets), Count{}
		j := i
		for ; j < len(c.Periods) && c.Periods[j].Period == c.Periods[i].Period && c.Periods[j].Family == c.Periods[i].Family; j++ {
			b := c.Periods[j].Bucket
			buckets[b] = buckets[b].Merge(c.Periods[j].Count)
			total = total.Merge(c.Periods[j].Count)
		}
		k := family[c.Periods[i].Family]
		ch := m.channel(k.Channel)
		for _, metric := range Metrics() {
			if !metric.Series {
				continue
			}
			r := PeriodRate{Start: c.Calendar[c.Periods[i].Period], Channel: k.Channel, Kind: k.Kind, Metric: metric.Name, Ratio: metric.Of(total)}
			ratios := make([]suffstat.Ratio, Buckets)
			for b := range buckets {
				ratios[b] = metric.Of(buckets[b])
			}
			r.Value = suffstat.Rate(ratios, r.Ratio.Den, .95).Estimate // customers of one period are about as many as its messages
			switch {
			case metric.Name == "open_rate" && !ch.ReportsOpens, metric.Name == "click_rate" && !ch.ReportsClicks, metric.Name == "order_rate" && !k.Credited:
				r.Value = suffstat.NotEstimable("", .95, suffstat.ErrNoData)
			}
			switch metric.Name {
			case "unsubscribe_rate", "complaint_rate", "open_rate", "click_rate", "order_rate":
				r.Partial = r.Ratio.Den < total.Delivered
			}
			m.Periods = append(m.Periods, r)
		}
		i = j
	}
}

// credits lays the credited orders beside all orders.
func (m *Model) credits(c *Counts) {
	var all CreditRow
	for _, r := range c.Credits {
		if r.Cell == 0 {
			all = r
		}
	}
	m.Orders = all.Orders[1]
	if m.Orders == 0 {
		return
	}
	total := Credit{Scope: All, Channel: All, Kind: All, Scenario: All, Days: math.NaN(), AllOrders: all.Orders[1], AllRevenue: all.Revenue[1]}
	families := map[int64]int{}
	var byFamily, byScenario []Credit
	rows := map[int64]CreditRow{}
	for _, r := range c.Credits {
		rows[r.Cell] = r
	}
	for _, code := range c.Order {
		k := c.Cells[code]
		if !k.Credited || k.Sent == 0 {
			continue
		}
		r := rows[code]
		one := Credit{Scope: ScopeScenario, Channel: k.Channel, Kind: k.Kind, Scenario: k.Scenario, Days: float64(k.WindowSeconds) / 86400, Orders: r.Orders, Revenue: r.Revenue, AllOrders: total.AllOrders, AllRevenue: total.AllRevenue}
		byScenario = append(byScenario, one)
		i, ok := families[k.Family]
		if !ok {
			i = len(byFamily)
			families[k.Family] = i
			f := one
			f.Scope, f.Scenario, f.Orders, f.Revenue = ScopeFamily, All, [3]int64{}, [3]int64{}
			byFamily = append(byFamily, f)
		}
		for s := range 3 {
			byFamily[i].Orders[s] += r.Orders[s]
			byFamily[i].Revenue[s] += r.Revenue[s]
			total.Orders[s] += r.Orders[s]
			total.Revenue[s] += r.Revenue[s]
		}
	}
	m.Credits = append(append([]Credit{total}, byFamily...), byScenario...)
}

// Share is the credited share of all orders with window s.
func (c Credit) Share(s int) float64 {
	if c.AllOrders == 0 {
		return math.NaN()
	}
	return float64(c.Orders[s]) / float64(c.AllOrders)
}

// RevenueShare is the same of their revenue.
func (c Credit) RevenueShare(s int) float64 {
	if c.AllRevenue == 0 {
		return math.NaN()
	}
	return float64(c.Revenue[s]) / float64(c.AllRevenue)
}
