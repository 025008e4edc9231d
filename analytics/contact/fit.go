package contact

import (
	"cmp"
	"slices"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Cap is a declared frequency cap: most messages per customer in a window.
type Cap struct {
	Window, Channel string // day or week; a channel or any
	Most            int64
}

// Setup is what the block needs of audit.yaml.
type Setup struct {
	Caps               []Cap
	QuietFrom, QuietTo int64 // minutes after local midnight; used when QuietDeclared
	QuietDeclared      bool
	CountService       bool
	PrioritiesDeclared bool
}

// Options is what Fit and Findings need besides the counts.
type Options struct {
	Setup
	FDR     float64            // of the confirmed list
	Level   float64            // of expected effects, .90
	Margins map[string]float64 // decision.equivalence: open_rate_per_message, ctr_per_message, log_odds replace the defaults
	Days    float64            // length of the audited period
}

// confidence is the level of every interval that is not an expected effect.
const confidence = .95

// Model is what the block found.
type Model struct {
	Loads    []MeanLoad
	Levels   []Level
	Replays  []Replay
	Quiet    []Quiet
	After    []AfterRow
	Pressure []Pressure
	Fatigue  Fatigue
	Zones    map[string]int64 // customers by state of their zone
	// Shares of the customers in the samples of fatigue (queries/scenarios/fct_contact_sample.sql): 1 for a small base.
	PanelShare, FocalShare float64

	Messages, Service, Bulk, KindKnown, Audited int64 // of the loaded history; Audited of the window
	Opted                                       int64 // messages with an unsubscribe
}

// MeanLoad is the mean load and the share above the cap of one window, channel and stage.
type MeanLoad struct {
	Window, Channel, Stage string
	Units, Messages, Most  int64
	Mean                   suffstat.Estimate
	Cap                    *int64
	Over                   int64
	OverRate               suffstat.RateEstimate
	OverCustomers          int64 // of the declared cap, all stages; 0 when not known
}

// Level is one row of the distribution.
type Level struct {
	Window, Channel, Stage string
	Messages, Units        int64
	Share                  float64
}

// Replay is what a cap would hold back.
type Replay struct {
	Window, Channel    string
	Cap                int64
	Declared           bool
	All                bool
	Scenario           string
	Messages, HeldBack int64
}

// Share is the share of the messages that is held back.
func (r Replay) Share() float64 {
	if r.Messages == 0 {
		return 0
	}
	return float64(r.HeldBack) / float64(r.Messages)
}

// Quiet is what reached customers in their quiet hours.
type Quiet struct {
	Channel        string
	All            bool // all scenarios of the channel
	Scenario       string
	Service        bool
	Sent, Broken   int64
	Customers      int64
	CustomersKnown bool
}

// Share is the share of the messages sent that is in quiet hours.
func (q Quiet) Share() float64 {
	if q.Sent == 0 {
		return 0
	}
	return float64(q.Broken) / float64(q.Sent)
}

// Pressure is what happens on customer-days with so many messages in the seven days before.
type Pressure struct {
	Channel, Stage                         string
	Messages                               int64
	CustomerDays, Unsubscribes, Complaints int64
	Unsubscribe, Complaint, Order          suffstat.Estimate
}

// Fit estimates everything that tables and findings show.
func Fit(c *Counts, opt Options) *Model {
	m := &Model{Zones: c.Zones}
	for _, ch := range c.Channels {
		m.Messages += ch.Sent
		m.Audited += ch.Audited
		m.Bulk += ch.Bulk
		m.KindKnown += ch.KindKnown
		m.Opted += ch.Unsubscribed
	}
	var customers int64
	for _, n := range c.Zones {
		customers += n
	}
	share := func(messages float64) float64 {
		return min(1, 200_000/max(float64(customers), 1), messages/max(float64(m.Bulk), 1))
	}
	m.PanelShare, m.FocalShare = share(400_000), share(800_000)
	for _, t := range c.Totals {
		if t.Service {
			m.Service += t.Messages
		}
	}
	m.loads(c, opt)
	m.replays(c, opt)
	m.quiet(c)
	m.After = c.After
	m.pressure(c, opt)
	m.Fatigue = fitFatigue(c, opt)
	return m
}

// capOf returns the declared cap of a window and channel; nil without one.
func (s Setup) capOf(window, channel string) *int64 {
	for _, c := range s.Caps {
		if c.Window == window && c.Channel == channel {
			return &c.Most
		}
	}
	return nil
}

// loadState is the state of a load: customer-days or -weeks, messages in them, and those above the cap.
type loadState struct{ units, messages, over int64 }

// Merge adds two states.
func (a loadState) Merge(b loadState) loadState {
	return loadState{a.units + b.units, a.messages + b.messages, a.over + b.over}
}

// Empty tells that nothing was counted.
func (a loadState) Empty() bool { return a.units == 0 }

func (m *Model) loads(c *Counts, opt Options) {
	type key struct{ window, channel, stage string }
	type cell struct {
		buckets []loadState
		places  map[int64]int64 // units with at least so many messages
	}
	cells := map[key]*cell{}
	add := func(k key, r LoadRow) {
		x := cells[k]
		if x == nil {
			x = &cell{buckets: make([]loadState, Buckets), places: map[int64]int64{}}
			cells[k] = x
		}
		s := &x.buckets[r.Bucket]
		s.messages += r.Units
		if r.Place == 1 {
			s.units += r.Units
		}
		if most := opt.capOf(k.window, k.channel); most != nil && r.Place == *most+1 {
			s.over += r.Units
		}
		x.places[r.Place] += r.Units
	}
	for _, r := range c.Loads {
		channel := c.channel(r.Channel)
		add(key{r.Window, channel, AllStages}, r)
		if stage := c.stage(r.Stage); stage != "" && stage != AllStages {
			add(key{r.Window, channel, stage}, r)
		}
	}
	for k, x := range cells {
		var total loadState
		over := make([]suffstat.Ratio, Buckets)
		for b, s := range x.buckets {
			total = total.Merge(s)
			over[b] = suffstat.Ratio{Num: s.over, Den: s.units}
		}
		load := MeanLoad{Window: k.window, Channel: k.channel, Stage: k.stage, Units: total.units, Messages: total.messages, Cap: opt.capOf(k.window, k.channel), Over: total.over}
		load.Mean = suffstat.JackknifeLog(x.buckets, func(s loadState) float64 { return suffstat.Ratio{Num: s.messages, Den: s.units}.Value() }, confidence).Of(total.units, "messages")
		if load.Cap != nil {
			days := 1.
			if k.window == Week {
				days = 7
			}
			load.OverRate = suffstat.Rate(over, opt.customersBehind(over, days), confidence)
			load.OverRate.N = total.units
			if k.stage == AllStages {
				for _, o := range c.Over {
					if o.Window == k.window && o.Channel == k.channel {
						load.OverCustomers = o.Customers
					}
				}
			}
		}
		for place := range x.places {
			load.Most = max(load.Most, min(place, lastPlace))
		}
		for place := int64(1); place <= load.Most; place++ {
			n := x.places[place] - x.places[place+1]
			if place == lastPlace { // the places behind are pooled: n counts all units that reach this one
				n = x.places[place]
			}
			if n > 0 {
				m.Levels = append(m.Levels, Level{k.window, k.channel, k.stage, place, n, float64(n) / float64(total.units)})
			}
		}
		m.Loads = append(m.Loads, load)
	}
	slices.SortFunc(m.Loads, func(a, b MeanLoad) int {
		return cmp.Or(cmp.Compare(a.Window, b.Window), cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Stage, b.Stage))
	})
	slices.SortFunc(m.Levels, func(a, b Level) int {
		return cmp.Or(cmp.Compare(a.Window, b.Window), cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Stage, b.Stage), cmp.Compare(a.Messages, b.Messages))
	})
}

// lastPlace is the last place that is counted exactly: one above the largest cap that audit.yaml may declare. The place behind it pools the rest.
const lastPlace = 1001

// replayedCaps is how far caps are replayed beyond the declared ones.
const replayedCaps = 10

func (m *Model) replays(c *Counts, opt Options) {
	type line struct {
		window   string
		channel  int64
		scenario int64
	}
	places := map[line]map[int64]int64{}
	messages := map[line]int64{}
	for _, t := range c.Totals {
		if t.Service {
			continue
		}
		for _, ch := range []int64{0, t.Channel} {
			messages[line{Day, ch, t.Scenario}] += t.Messages
			messages[line{Week, ch, t.Scenario}] += t.WeekMessages
		}
	}
	deepest := map[line]int64{} // by window and channel, scenario -1
	for _, p := range c.Places {
		k := line{p.Window, p.Channel, p.Scenario}
		if places[k] == nil {
			places[k] = map[int64]int64{}
		}
		places[k][p.Place] += p.Messages
		all := line{p.Window, p.Channel, -1}
		deepest[all] = max(deepest[all], p.Place)
	}
	for k, n := range messages {
		if n == 0 {
			continue
		}
		channel := c.channel(k.channel)
		declared := opt.capOf(k.window, channel)
		most := deepest[line{k.window, k.channel, -1}] // a cap this high holds nothing back
		for most := range caps(min(most, replayedCaps), declared) {
			held := int64(0)
			for place, n := range places[k] {
				if place > most {
					held += n
				}
			}
			if most == 0 {
				held = n
			}
			m.Replays = append(m.Replays, Replay{Window: k.window, Channel: channel, Cap: most, Declared: declared != nil && most == *declared, Scenario: c.Scenarios[k.scenario],
				Messages: n, HeldBack: held})
		}
	}
	m.Replays = withTotals(m.Replays)
}

// caps is the caps to replay: 1 to most, and the declared one.
func caps(most int64, declared *int64) map[int64]bool {
	out := map[int64]bool{1: true}
	for k := int64(2); k <= most; k++ {
		out[k] = true
	}
	if declared != nil {
		out[*declared] = true
	}
	return out
}

// withTotals adds the row of all scenarios to every cap and sorts.
func withTotals(rows []Replay) []Replay {
	type key struct {
		window, channel string
		most            int64
	}
	totals := map[key]*Replay{}
	for _, r := range rows {
		k := key{r.Window, r.Channel, r.Cap}
		if totals[k] == nil {
			totals[k] = &Replay{Window: r.Window, Channel: r.Channel, Cap: r.Cap, Declared: r.Declared, All: true}
		}
		totals[k].Messages += r.Messages
		totals[k].HeldBack += r.HeldBack
	}
	for _, t := range totals {
		rows = append(rows, *t)
	}
	slices.SortFunc(rows, func(a, b Replay) int {
		return cmp.Or(cmp.Compare(a.Window, b.Window), cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Cap, b.Cap), boolOrder(b.All, a.All), cmp.Compare(a.Scenario, b.Scenario))
	})
	return rows
}

func boolOrder(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func (m *Model) quiet(c *Counts) {
	type key struct {
		channel, scenario int64
		service           bool
	}
	found := map[key]QuietRow{}
	for _, q := range c.Quiet {
		found[key{q.Channel, q.Scenario, q.Service}] = q
	}
	channels := map[key]*Quiet{}
	add := func(k key, name string, t TotalRow, broken int64) {
		if channels[k] == nil {
			channels[k] = &Quiet{Channel: name, All: true, Service: t.Service}
		}
		channels[k].Sent += t.Messages
		channels[k].Broken += broken
	}
	for _, t := range c.Totals {
		q := found[key{t.Channel, t.Scenario, t.Service}]
		m.Quiet = append(m.Quiet, Quiet{Channel: c.channel(t.Channel), Scenario: c.Scenarios[t.Scenario], Service: t.Service, Sent: t.Messages, Broken: q.Broken,
			Customers: q.Customers, CustomersKnown: true})
		add(key{t.Channel, -1, t.Service}, c.channel(t.Channel), t, q.Broken)
		add(key{0, -1, t.Service}, AnyChannel, t, q.Broken)
	}
	for k, q := range channels {
		if k.channel == 0 {
			q.Customers, q.CustomersKnown = found[k].Customers, true
		}
		m.Quiet = append(m.Quiet, *q)
	}
	slices.SortFunc(m.Quiet, func(a, b Quiet) int {
		return cmp.Or(cmp.Compare(a.Channel, b.Channel), boolOrder(b.All, a.All), cmp.Compare(a.Scenario, b.Scenario), boolOrder(a.Service, b.Service))
	})
}

func (m *Model) pressure(c *Counts, opt Options) {
	type key struct {
		channel, stage string
		messages       int64
	}
	cells := map[key][]PressureRow{}
	var all PressureRow // what never happened to anybody the data do not record
	for _, r := range c.Pressure {
		all.Unsubscribes += r.Unsubscribes
		all.Complaints += r.Complaints
		all.OrderDays += r.OrderDays
		channel := c.channel(r.Channel)
		add := func(stage string) {
			k := key{channel, stage, r.Messages}
			if cells[k] == nil {
				cells[k] = make([]PressureRow, Buckets)
			}
			s := &cells[k][r.Bucket]
			s.CustomerDays += r.CustomerDays
			s.Unsubscribes += r.Unsubscribes
			s.Complaints += r.Complaints
			s.OrderDays += r.OrderDays
		}
		add(AllStages)
		if stage := c.stage(r.Stage); stage != "" && stage != AllStages {
			add(stage)
		}
	}
	for k, buckets := range cells {
		p := Pressure{Channel: k.channel, Stage: k.stage, Messages: k.messages}
		for _, r := range buckets {
			p.CustomerDays += r.CustomerDays
			p.Unsubscribes += r.Unsubscribes
			p.Complaints += r.Complaints
		}
		rate := func(count func(PressureRow) int64) suffstat.Estimate {
			if count(all) == 0 {
				return none()
			}
			ratios := make([]suffstat.Ratio, Buckets)
			for b, r := range buckets {
				ratios[b] = suffstat.Ratio{Num: count(r), Den: r.CustomerDays}
			}
			return suffstat.Rate(ratios, opt.customersBehind(ratios, 1), confidence).Estimate
		}
		p.Unsubscribe = rate(func(r PressureRow) int64 { return r.Unsubscribes })
		p.Complaint = rate(func(r PressureRow) int64 { return r.Complaints })
		p.Order = rate(func(r PressureRow) int64 { return r.OrderDays })
		m.Pressure = append(m.Pressure, p)
	}
	slices.SortFunc(m.Pressure, func(a, b Pressure) int {
		return cmp.Or(cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Stage, b.Stage), cmp.Compare(a.Messages, b.Messages))
	})
}

// margin is the smallest effect of interest: of decision.equivalence, else the default.
func (o Options) margin(name string, standard float64) float64 {
	if v, ok := o.Margins[name]; ok && v > 0 && analytics.Finite(v) {
		return v
	}
	return standard
}

// customersBehind is a number of customers that the units of so many days each have at least: one per bucket with any, and as many as it takes when each
// gives all his days. It is what the interval of a rate without events may count on.
func (o Options) customersBehind(buckets []suffstat.Ratio, days float64) int64 {
	var units, used int64
	for _, b := range buckets {
		units += b.Den
		if b.Den > 0 {
			used++
		}
	}
	return max(used, int64(float64(units)*days/max(o.Days, days)))
}
