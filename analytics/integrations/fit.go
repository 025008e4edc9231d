package integrations

import (
	"cmp"
	"math"
	"slices"

	"crmaudit/analytics/suffstat"
)

// Options are the settings of the run.
type Options struct {
	FDR     float64
	Totals  map[string]int64 // control totals by input
	HasCard bool             // the user gave customers
}

// Status of a check.
const (
	OK            = "ok"
	Warn          = "warning"
	Red           = "red"
	NotMeasurable = "not_measurable"
)

// Check is one line of the card.
type Check struct {
	Name           string
	Num, Den       int64
	Norm, RedZone  float64
	Measured       bool
	Sampled        suffstat.Estimate // OK() where a sample of the customers was looked at
	Status, Detail string
}

// Value is the share.
func (c Check) Value() float64 { return float64(c.Num) / float64(c.Den) }

// limits are norm and red zone of every check, shares.
func limits(name string) (norm, red float64) {
	switch name {
	case "gap_days":
		return .01, .05
	case "silent_sources":
		return 0, .2
	case "rows_rejected", "rows_duplicate":
		return .01, .05
	case "rows_repeated":
		return .005, .02
	case "events_late":
		return .01, .05
	case "clock_faults", "response_before_send":
		return .001, .01
	case "no_status":
		return .02, .10
	case "one_way_flows":
		return 0, .10
	case "orphan_facts":
		return .01, .05
	case "orders_unrecorded", "lines_unknown":
		return .01, .05
	}
	return .001, .01 // control_totals
}

// checkNames is the order of the card.
func checkNames() []string {
	return []string{"gap_days", "silent_sources", "control_totals", "rows_rejected", "rows_duplicate", "rows_repeated", "events_late", "clock_faults", "no_status", "one_way_flows", "response_before_send",
		"orphan_facts", "orders_unrecorded", "lines_unknown"}
}

// Flow is what comes back from the messages of a channel, or of a scenario in it.
type Flow struct {
	FlowRow
	Whole   bool // a channel, all scenarios together
	Verdict string
	Lacks   float64 // usual returns of the kind first lacking; NaN when none is
}

// Latency is from happening to arrival; quantiles in seconds, two significant digits.
type Latency struct {
	Source           string
	All              bool
	Events           int64
	Median, P90, P99 int64
	OverHour         int64
	Late, Early      int64
	// Slowed: since the day SlowedFrom half of the events take more than an hour and ten times as long as before.
	Slowed        bool
	SlowedFrom    int64
	Before, Since int64 // medians
}

// Account is what became of the rows of an input.
type Account struct {
	SourceRow
	Files   int64
	Control *int64
}

// Found is what is held against the control total.
func (a Account) Found() int64 { return a.Loaded + a.Outside + a.Excluded }

// Model is everything the block says.
type Model struct {
	Series    []*Series
	Family    int
	Checks    []Check
	Flows     []Flow
	Latencies []Latency
	Accounts  []Account
	Orphans   []OrphanRow
	Doubled   []DoubledRow // days that came twice
	Sampled   bool         // repeats are those of a sample of the customers
	Totals    Totals
	Messages  int64 // sent, all loaded history
	Events    int64
}

// Fit makes the model.
func Fit(c *Counts, opt Options) *Model {
	m := &Model{Totals: c.Totals, Orphans: c.Orphans}
	for _, r := range c.Messages {
		m.Messages += r.Messages
	}
	for _, r := range c.Arrivals {
		if r.Input == "events" {
			m.Events += r.Rows
		}
	}
	m.Series = buildSeries(c)
	begin := c.Totals.End // first day on which anything comes regularly; a single absurd date may make the loaded history begin years before
	for _, s := range m.Series {
		if s.State == "" {
			begin = min(begin, s.First)
			s.fit()
		}
	}
	for _, s := range m.Series {
		s.Started = s.State != NoDays && s.First > begin+fortnight
	}
	m.Family = findGaps(m.Series, c.Totals.From, c.Totals.To, opt.FDR)
	m.Doubled = doubled(c.Doubled, c.Repeats)
	m.Flows = flows(c.Flows)
	m.Latencies = latencies(c.Latencies, c.Totals.To)
	m.Accounts = accounts(c.Sources, opt.Totals)
	m.check(c, opt)
	return m
}

// leastFlow is how many returns must be usual before their absence says anything; a tenth of them may still come.
const (
	leastFlow = 30
	strayFlow = .02
	reported  = .005 // of a channel's messages: what it reports at all
)

// flows judges what comes back. What a channel as a whole returns, its scenarios ought to return too.
func flows(rows []FlowRow) []Flow {
	byChannel := map[string]*FlowRow{}
	var order []string
	for _, r := range rows {
		t := byChannel[r.Channel]
		if t == nil {
			t = &FlowRow{Channel: r.Channel}
			byChannel[r.Channel] = t
			order = append(order, r.Channel)
		}
		t.Messages += r.Messages
		t.Stated += r.Stated
		t.Delivered += r.Delivered
		t.Bounced += r.Bounced
		t.Opened += r.Opened
		t.Clicked += r.Clicked
		t.Before += r.Before
	}
	slices.Sort(order)
	var out []Flow
	for _, ch := range order {
		t := *byChannel[ch]
		f := Flow{FlowRow: t, Whole: true, Verdict: "two_way", Lacks: math.NaN()}
		switch {
		case t.Messages < leastFlow:
			f.Verdict = "few"
		case t.Stated == 0:
			f.Verdict = "one_way"
		}
		out = append(out, f)
	}
	for _, r := range rows {
		out = append(out, judgeFlow(r, *byChannel[r.Channel]))
	}
	return out
}

// judgeFlow compares a scenario with the other scenarios of its channel.
func judgeFlow(r, channel FlowRow) Flow {
	f := Flow{FlowRow: r, Verdict: "few", Lacks: math.NaN()}
	others := float64(channel.Messages - r.Messages)
	if others <= 0 {
		if r.Messages >= leastFlow {
			f.Verdict = "two_way"
			if r.Stated == 0 {
				f.Verdict = "one_way"
			}
		}
		return f
	}
	var lacking []string
	told := false
	for _, k := range []struct {
		verdict  string
		own, all int64
	}{{"no_delivery", r.Delivered, channel.Delivered}, {"no_opens", r.Opened, channel.Opened}, {"no_clicks", r.Clicked, channel.Clicked}} {
		rate := float64(k.all-k.own) / others
		usual := rate * float64(r.Messages)
		if rate < reported || usual < leastFlow {
			continue
		}
		told = true
		if float64(k.own) <= strayFlow*usual {
			if len(lacking) == 0 {
				f.Lacks = usual
			}
			lacking = append(lacking, k.verdict)
		}
	}
	switch {
	case len(lacking) > 0:
		f.Verdict = lacking[0]
		for _, v := range lacking[1:] {
			f.Verdict += "," + v
		}
	case told || r.Stated > 0 && r.Messages >= leastFlow:
		f.Verdict = "two_way"
	}
	return f
}

// oneWay tells that something is lacking that others have.
func (f Flow) oneWay() bool { return f.Verdict != "two_way" && f.Verdict != "few" }

const (
	dayOfSeconds  = 86400
	hourOfSeconds = 3600
	slowTimes     = 10  // slower than before
	leastSlow     = 100 // events on each side
)

// latencies are quantiles of the counted delays by source, and of all together first; to is the day after the last audited one.
func latencies(rows []LatencyRow, to int64) []Latency {
	if len(rows) == 0 {
		return nil
	}
	bySource := map[string][]LatencyRow{}
	for _, r := range rows {
		bySource[r.Source] = append(bySource[r.Source], r)
	}
	out := []Latency{latency("", rows)}
	out[0].All = true
	var sources []string
	for s := range bySource {
		sources = append(sources, s)
	}
	slices.Sort(sources)
	for _, s := range sources {
		l := latency(s, bySource[s])
		l.slowed(bySource[s], to)
		out = append(out, l)
	}
	return out
}

func latency(source string, rows []LatencyRow) Latency {
	l := Latency{Source: source}
	for _, r := range rows {
		l.Events += r.Events
		if r.Seconds > hourOfSeconds {
			l.OverHour += r.Events
		}
		if r.Seconds > dayOfSeconds {
			l.Late += r.Events
		}
		if r.Seconds < 0 {
			l.Early += r.Events
		}
	}
	l.Median, l.P90, l.P99 = delayQuantile(rows, 50), delayQuantile(rows, 90), delayQuantile(rows, 99)
	return l
}

// delayQuantile is the least delay within which so many of a hundred events arrived; 0 of none.
func delayQuantile(rows []LatencyRow, hundredths int64) int64 {
	rows = slices.SortedFunc(slices.Values(rows), func(a, b LatencyRow) int { return cmp.Compare(a.Seconds, b.Seconds) })
	var all, so int64
	for _, r := range rows {
		all += r.Events
	}
	for _, r := range rows {
		if so += r.Events; 100*so >= hundredths*all {
			return r.Seconds
		}
	}
	return 0
}

// slowed looks for the span of 28 days since when the source is slow to the end.
func (l *Latency) slowed(rows []LatencyRow, to int64) {
	var since []LatencyRow
	before := slices.Clone(rows)
	for span := int64(0); span < latencySpans-1; span++ {
		own := slices.DeleteFunc(slices.Clone(rows), func(r LatencyRow) bool { return r.Span != span })
		if len(own) > 0 && delayQuantile(own, 50) <= hourOfSeconds {
			return
		}
		since = append(since, own...)
		before = slices.DeleteFunc(before, func(r LatencyRow) bool { return r.Span <= span })
		m, b := delayQuantile(since, 50), delayQuantile(before, 50)
		next := slices.DeleteFunc(slices.Clone(before), func(r LatencyRow) bool { return r.Span != span+1 })
		if many(since) && many(before) && m > hourOfSeconds && m >= slowTimes*max(b, 1) && delayQuantile(next, 50) <= hourOfSeconds {
			l.Slowed, l.SlowedFrom, l.Before, l.Since = true, to-28*(span+1), b, m
			return
		}
	}
}

func many(rows []LatencyRow) bool {
	var n int64
	for _, r := range rows {
		n += r.Events
	}
	return n >= leastSlow
}

// accounts sums the files of every input.
func accounts(rows []SourceRow, totals map[string]int64) []Account {
	byInput := map[string]*Account{}
	get := func(input string) *Account {
		if byInput[input] == nil {
			byInput[input] = &Account{SourceRow: SourceRow{Input: input}}
		}
		return byInput[input]
	}
	for _, r := range rows {
		a := get(r.Input)
		a.Files++
		a.Read += r.Read
		a.Loaded += r.Loaded
		a.Rejected += r.Rejected
		a.Duplicate += r.Duplicate
		a.Outside += r.Outside
		a.Excluded += r.Excluded
	}
	for input, n := range totals {
		get(input).Control = &n
	}
	var out []Account
	for _, a := range byInput {
		out = append(out, *a)
	}
	slices.SortFunc(out, func(a, b Account) int { return cmp.Compare(a.Input, b.Input) })
	return out
}

// check fills the card.
func (m *Model) check(c *Counts, opt Options) {
	measured := map[string][2]int64{}
	add := func(name string, num, den int64) {
		have := measured[name]
		measured[name] = [2]int64{have[0] + num, have[1] + den}
	}
	for _, s := range m.Series {
		switch {
		case s.State == Rest || s.State == NoDays:
			continue
		case s.exposure == nil && !(s.whole() && m.named(s)):
			add("silent_sources", flag(s.Ended), 1)
		}
		if s.State == Tested {
			days, _ := s.lost()
			add("gap_days", days, s.TestDays)
		}
	}
	for _, a := range m.Accounts {
		if a.Read > 0 {
			add("rows_rejected", a.Rejected, a.Read)
			add("rows_duplicate", a.Duplicate, a.Read)
		}
		if a.Control != nil {
			miss := *a.Control - a.Found()
			add("control_totals", max(miss, -miss), max(*a.Control, 1))
		}
	}
	for _, l := range m.Latencies {
		if l.All {
			add("events_late", l.Late, l.Events)
			add("clock_faults", l.Early, l.Events)
		}
	}
	for _, f := range m.Flows {
		switch {
		case f.Whole && 2*f.Delivered > f.Messages:
			add("no_status", f.Messages-f.Stated, f.Messages)
		case !f.Whole && f.Verdict != "few":
			add("one_way_flows", flag(f.oneWay()), 1)
		}
		if f.Whole && f.Opened+f.Clicked > 0 {
			add("response_before_send", f.Before, max(f.Opened, f.Clicked))
		}
	}
	for _, o := range m.Orphans {
		if o.Event != "not_sent_response" {
			add("orphan_facts", o.Orphans, o.Facts)
		}
	}
	if m.recorded(opt) {
		add("orders_unrecorded", c.Totals.OrdersUnrecorded, c.Totals.Orders)
	}
	if c.Totals.Lines > 0 {
		add("lines_unknown", c.Totals.LinesUnknown, c.Totals.Lines)
	}
	repeats, sampled := m.repeats(c)
	add("rows_repeated", repeats.Events, repeats.Trials)
	for _, name := range checkNames() {
		k := Check{Name: name, Num: measured[name][0], Den: measured[name][1], Status: NotMeasurable, Sampled: suffstat.NotEstimable(suffstat.MethodFact, .95)}
		k.Norm, k.RedZone = limits(name)
		if k.Measured = k.Den > 0; k.Measured {
			switch v := k.Value(); {
			case v <= k.Norm:
				k.Status = OK
			case v < k.RedZone:
				k.Status = Warn
			default:
				k.Status = Red
			}
		}
		if name == "rows_repeated" && sampled {
			k.Sampled = repeats.Estimate
		}
		m.Checks = append(m.Checks, k)
	}
}

// What makes a day of a source one that came twice.
const (
	leastDoubled = 5   // repeats
	doubledShare = .1  // of its events
	doubledTimes = 20. // the share on all other days
)

// doubled are the days on which so many events of a source repeat others that a delivery must have come twice.
func doubled(days []DoubledRow, repeats []RepeatRow) []DoubledRow {
	events, all := map[string]int64{}, map[string]int64{}
	for _, r := range repeats {
		events[r.Source] += r.Events
		all[r.Source] += r.Repeats
	}
	var out []DoubledRow
	for _, d := range days {
		rest := float64(all[d.Source]-d.Repeats) / math.Max(float64(events[d.Source]-d.Events), 1)
		if share := float64(d.Repeats) / float64(d.Events); d.Repeats >= leastDoubled && share >= doubledShare && share >= doubledTimes*rest {
			out = append(out, d)
		}
	}
	return out
}

// named tells that the source has series for its names, so that the source itself is no further one.
func (m *Model) named(s *Series) bool {
	return slices.ContainsFunc(m.Series, func(o *Series) bool {
		return o.Input == s.Input && o.Source == s.Source && !o.whole() && s.Input != "messages"
	})
}

// recorded tells whether the flag of customers with a record can be read: nearly as many have one as rows of customers were loaded. A file with ids and attributes only leaves no trace there.
func (m *Model) recorded(opt Options) bool {
	for _, a := range m.Accounts {
		if a.Input == "customers" {
			return opt.HasCard && a.Loaded > 0 && float64(m.Totals.Recorded) >= .95*float64(a.Loaded)
		}
	}
	return false
}

// sampledFrom is the number of events from which on analytics.fct_event_repeats looks at a tenth of the customers.
const sampledFrom = 2_000_000

// repeats is the share of events that repeat the one before, with an interval where only a sample of the customers was looked at.
func (m *Model) repeats(c *Counts) (r suffstat.RateEstimate, sampled bool) {
	buckets := make([]suffstat.Ratio, Buckets)
	for _, x := range c.Repeats {
		buckets[x.Bucket] = buckets[x.Bucket].Merge(suffstat.Ratio{Num: x.Repeats, Den: x.Events})
	}
	m.Sampled = m.Events > sampledFrom
	return suffstat.Rate(buckets, 0, .95), m.Sampled
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// Check returns a line of the card.
func (m *Model) Check(name string) Check {
	for _, k := range m.Checks {
		if k.Name == name {
			return k
		}
	}
	return Check{Status: NotMeasurable}
}
