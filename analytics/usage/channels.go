package usage

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Verdicts on a channel that follows another one. See analytics.channel_repeats.
const (
	Repeats    = "repeats"
	Adds       = "adds"
	Unmeasured = "unmeasured"
	Apart      = "apart"
	Undecided  = "undecided"
	FewRepeats = "insufficient_data"
)

const (
	// mostRepeat is the share of a channel's messages in a scenario from which on it is called a repeat of another one.
	mostRepeat = .5
	// clickMargin is the smallest share of clicks of interest (statistics 0.3).
	clickMargin = .003
	quarterDays = 91
	// mostRedundant is how many of such pairs have a finding of their own.
	mostRedundant = 10
)

// RepeatRow counts messages of one scenario and channel in one bucket of customers; an empty First counts all of them, else those that repeat a message of First.
type RepeatRow struct {
	Scenario, Channel, First                                string
	Bucket                                                  int
	Messages, Customers, Clicked, FirstClicked, ClickedOnly int64
}

// Repeat is a channel that follows another one to the same customer in one scenario.
type Repeat struct {
	Scenario, Channel, First                                          string
	Messages, Repeated, Customers, Clicked, FirstClicked, ClickedOnly int64
	Share                                                             suffstat.RateEstimate // Repeated / Messages, 95 %
	Extra                                                             suffstat.RateEstimate // ClickedOnly / Repeated, 90 %: its upper end is the limit of a one-sided test at 5 %
	Margin, P, Q                                                      float64
	Hours                                                             float64 // that a repeat comes after the first message at most
	PerQuarter, CustomersPerQuarter                                   float64
	Cost                                                              suffstat.Estimate // currency units per quarter, not OK when the channel has no cost
	Verdict                                                           string
}

// repeats judges every channel that follows another one. One family for the false-discovery rate: all in which clicks are reported.
func (m *Model) repeats(c *Counts, opt Options) {
	type key struct{ scenario, channel, first string }
	byKey := map[key][]RepeatRow{}
	clicks := map[string]bool{}
	for _, r := range c.Repeats {
		k := key{r.Scenario, r.Channel, r.First}
		byKey[k] = append(byKey[k], r)
		clicks[r.Channel] = clicks[r.Channel] || r.Clicked > 0
	}
	days := math.Max(1, float64(min(c.To, c.End-7)-c.From)) // those with seven days more for a response
	for k, rows := range byKey {
		if k.first == "" {
			continue
		}
		r := Repeat{Scenario: k.scenario, Channel: k.channel, First: k.first, Margin: opt.clickMargin(), Hours: float64(c.Within) / 3600, P: math.NaN(), Q: math.NaN()}
		share, extra := make([]suffstat.Ratio, Buckets), make([]suffstat.Ratio, Buckets)
		var customers int64
		for _, all := range byKey[key{k.scenario, k.channel, ""}] {
			share[all.Bucket].Den += all.Messages
			r.Messages += all.Messages
			customers += all.Customers
		}
		for _, x := range rows {
			share[x.Bucket].Num += x.Messages
			extra[x.Bucket] = extra[x.Bucket].Merge(suffstat.Ratio{Num: x.ClickedOnly, Den: x.Messages})
			r.Repeated, r.Customers = r.Repeated+x.Messages, r.Customers+x.Customers
			r.Clicked, r.FirstClicked, r.ClickedOnly = r.Clicked+x.Clicked, r.FirstClicked+x.FirstClicked, r.ClickedOnly+x.ClickedOnly
		}
		r.Share, r.Extra = suffstat.Rate(share, customers, .95), suffstat.Rate(extra, r.Customers, .90)
		scale := float64(Buckets) / math.Max(float64(c.Sample), 1) * quarterDays / days
		r.PerQuarter, r.CustomersPerQuarter = float64(r.Repeated)*scale, float64(r.Customers)*math.Min(1, quarterDays/days)*float64(Buckets)/math.Max(float64(c.Sample), 1)
		r.Cost = cost(extra, opt, r.Channel, scale)
		if !clicks[r.Channel] {
			r.Extra.Estimate = suffstat.NotEstimable(suffstat.MethodJackknife, .90, suffstat.ErrNoData)
		}
		if r.Extra.OK() && r.Extra.NEff > 0 {
			z := (r.Extra.Value - r.Margin) / math.Sqrt(r.Margin*(1-r.Margin)/r.Extra.NEff)
			r.P = suffstat.NormalSurvival(-z)
		}
		m.Repeats = append(m.Repeats, r)
	}
	slices.SortFunc(m.Repeats, func(a, b Repeat) int {
		return cmp.Or(strings.Compare(a.Scenario, b.Scenario), strings.Compare(a.Channel, b.Channel), strings.Compare(a.First, b.First))
	})
	p := make([]float64, len(m.Repeats))
	for i, r := range m.Repeats {
		p[i] = r.P
	}
	for i, q := range suffstat.BH(p) {
		m.Repeats[i].Q = q
		m.Repeats[i].Verdict = m.Repeats[i].judge()
	}
}

func (o Options) clickMargin() float64 {
	if x := o.Margins["ctr"]; x > 0 {
		return x
	}
	return clickMargin
}

// cost of the repeats per quarter, interval over the buckets of customers.
func cost(extra []suffstat.Ratio, opt Options, channel string, scale float64) suffstat.Estimate {
	price := opt.MessageCost[channel]
	if !(price > 0) {
		return suffstat.NotEstimable(suffstat.MethodJackknife, opt.level(), suffstat.ErrNoData)
	}
	parts, used := make([]suffstat.Cells, len(extra)), 0.
	var n int64
	for b, r := range extra {
		if r.Den > 0 {
			parts[b], used, n = suffstat.Cells{r.Den, 1}, used+1, n+r.Den
		}
	}
	e := suffstat.Jackknife(parts, func(c suffstat.Cells) float64 { return used * float64(c[0]) / float64(c[1]) * scale * price }, opt.level())
	e.Lower = math.Max(0, e.Lower)
	return e.Of(n, opt.Currency)
}

func (o Options) level() float64 {
	if o.Level > 0 {
		return o.Level
	}
	return .90
}

func (r Repeat) judge() string {
	switch {
	case !r.Share.OK() || r.Share.NEff < analytics.MinEffective || r.Repeated < analytics.MinEffective:
		return FewRepeats
	case r.Share.Upper < mostRepeat:
		return Apart
	case r.Share.Lower <= mostRepeat:
		return Undecided
	case !r.Extra.OK():
		return Unmeasured
	case r.Extra.Upper < r.Margin:
		return Repeats
	case r.Extra.Lower > r.Margin:
		return Adds
	}
	return Undecided
}

// redundant tells of channels that repeat another one: those that surely add next to no click, and those that cost money and of which no click is ever reported.
func (m *Model) redundant(opt Options) []analytics.Finding {
	var told []Repeat
	for _, r := range m.Repeats {
		if r.Verdict == Repeats && r.Q <= screening || r.Verdict == Unmeasured && r.Cost.OK() {
			told = append(told, r)
		}
	}
	slices.SortStableFunc(told, func(a, b Repeat) int { // what is proved first, then what costs and sends most
		return cmp.Or(strings.Compare(a.Verdict, b.Verdict), cmp.Compare(b.costs(), a.costs()), cmp.Compare(b.PerQuarter, a.PerQuarter))
	})
	var out []analytics.Finding
	said := map[string]bool{}
	for _, r := range told {
		if subject := r.Scenario + "/" + r.Channel; !said[subject] && len(out) < mostRedundant {
			said[subject] = true
			out = append(out, r.finding(opt, subject))
		}
	}
	return out
}

func (r Repeat) costs() float64 {
	if r.Cost.OK() {
		return r.Cost.Value
	}
	return 0
}

// screening is the false-discovery rate up to which a proof is told at all.
const screening = .10

func (r Repeat) finding(opt Options, subject string) analytics.Finding {
	v := analytics.Values{}
	v.Text("reason", r.Verdict)
	v.Text("scenario", r.Scenario)
	v.Text("channel", r.Channel)
	v.Text("first_channel", r.First)
	v.Estimate("repeat_share", r.Share.Estimate)
	v.Fact("repeated", float64(r.Repeated), r.Repeated, "messages")
	v.Fact("customers", float64(r.Customers), r.Customers, "customers")
	if r.Verdict == Repeats {
		v.Fact("clicked_only", float64(r.ClickedOnly), r.Repeated, "messages")
		v.Estimate("extra_rate", r.Extra.Estimate)
		v.Fact("margin", r.Margin, r.Repeated, "share")
	}
	v.Fact("collision_hours", r.Hours, r.Repeated, "hours")
	if r.Cost.OK() {
		v.Estimate("cost", r.Cost)
	}
	population := int64(math.Round(r.CustomersPerQuarter))
	o := &analytics.Opportunity{
		Metric: "messages_per_quarter", Unit: "messages", Baseline: suffstat.Fact(math.Round(r.PerQuarter), r.Customers, "messages"), Population: population, Step: math.Max(1, r.PerQuarter/2),
		Grade: analytics.GradeStructural, Threat: "structural_only", TestDesign: "ab", Guardrails: []string{"order_rate", "unsubscribe_rate"}, Effort: 1,
		WeeklyFlow: int64(math.Round(r.CustomersPerQuarter / 13)), Problem: "scenario_channel:" + subject,
	}
	if r.Cost.OK() && finite(r.Cost) {
		saved := r.Cost
		effect := saved.Scale(-1, opt.Currency)
		o.Metric, o.Unit, o.Baseline, o.Effect, o.Money = "cost_per_quarter", opt.Currency, r.Cost, &effect, &saved
	}
	x := analytics.Finding{
		Block: "usage", Kind: "channel_redundant", SubjectType: "scenario_channel", Subject: subject, Severity: analytics.Notice, Verdict: analytics.Inconclusive,
		Statistic: analytics.Number(r.Share.Value), Exploratory: true, Values: v, Opportunity: o,
		EvidenceSQL: "SELECT scenario_id, channel, first_channel, messages, repeated, customers, repeat_share, repeat_lower, repeat_upper, clicked, first_clicked, clicked_only, extra_rate, extra_lower, extra_upper, margin, p_value, q_value, " +
			"round(repeated_per_quarter) AS repeated_per_quarter, customers_per_quarter, cost, cost_lower, cost_upper, hours, verdict FROM analytics.channel_repeats WHERE scenario_id = " +
			analytics.SQLText(r.Scenario) + " AND channel = " + analytics.SQLText(r.Channel) + " AND first_channel = " + analytics.SQLText(r.First),
	}
	if r.Verdict == Repeats {
		x.Verdict, x.PValue, x.QValue, x.Exploratory = analytics.Equivalent, analytics.Number(r.P), analytics.Number(r.Q), r.Q > opt.FDR
		if !x.Exploratory && r.Cost.OK() {
			x.Severity = analytics.Warning
		}
	}
	return x
}

func finite(e suffstat.Estimate) bool {
	return e.OK() && analytics.Finite(e.Lower) && analytics.Finite(e.Upper)
}

func (m *Model) repeatsTable() analytics.Table {
	t := analytics.Table{Name: "analytics.channel_repeats", Columns: []string{"scenario_id", "channel", "first_channel", "messages", "repeated", "customers", "repeat_share", "repeat_lower", "repeat_upper", "clicked", "first_clicked",
		"clicked_only", "extra_rate", "extra_lower", "extra_upper", "margin", "p_value", "q_value", "repeated_per_quarter", "customers_per_quarter", "cost", "cost_lower", "cost_upper", "hours", "verdict"}}
	for _, r := range m.Repeats {
		row := []any{r.Scenario, r.Channel, r.First, r.Messages, r.Repeated, r.Customers}
		row = append(append(row, analytics.Three(r.Share.Estimate)...), r.Clicked, r.FirstClicked, r.ClickedOnly)
		row = append(append(row, analytics.Three(r.Extra.Estimate)...), r.Margin, analytics.OrNull(r.P), analytics.OrNull(r.Q), r.PerQuarter, r.CustomersPerQuarter)
		t.Rows = append(t.Rows, append(append(row, analytics.Three(r.Cost)...), r.Hours, r.Verdict))
	}
	return t
}
