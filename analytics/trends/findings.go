package trends

import (
	"math"
	"slices"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Findings on metrics over time and what each carries, for the texts (ru, en) and for the backlog.
//
// Shares are fractions in [0, 1], slopes shares per month. (t) is a Value.Text, all others are Value.Estimate; "fact" is counted on everybody, no interval. A value that could not be
// estimated is left out of Values, never NaN. Subject is analytics.trends.subject_id, SubjectType its subject_type with the metric: "channel_kind:click_rate".
//
//	kind                reason (t)        when                                                     values
//	metric_decline      falling           verdict falling of a rate that should be high            metric (t), slope (95 % interval), rate (fact: mean at fixed mix), margin (fact: per month),
//	                    bad_rise          verdict rising of bounces, unsubscribes, complaints      periods (fact), rate_before, rate_after (facts: first and last third), rate_part, mix_part
//	                                                                                               (facts, Kitagawa)
//	metric_shift        drop, jump        verdict level_shift, for the worse, for the better       the same, shift (95 % interval unknown), change_at, change_lower, change_upper (t: dates
//	                                                                                               YYYY-MM-DD), level_before, level_after (facts)
//	                    spike             verdict spike                                            metric (t), change_at (t), spike_rate, expected (facts), spikes (fact)
//	unsubscribe_growth  default           unsubscribes rise while opens are steady                 slope, rate, other_metric (t: open_rate or click_rate), other_slope, other_margin, periods
//	engagement_gap      over_time         orders or moves per delivered fall, clicks do not        metric (t), slope, rate, other_metric (t), other_slope, other_margin, periods
//	                    cost_of_total     a scenario rises, the total of its kind falls            metric (t), slope, rate, other_metric (t), other_slope, total (t: the kind), periods
//
// Opportunities (kinds metric_decline, metric_shift drop, unsubscribe_growth, engagement_gap): Metric = the metric, Grade D, Effect nil: a trend says that something changed, not
// what would mend it. Threat unknown_cause, TestDesign ab.
//
// Coverage keys (input: answers). messages: metric_trends; messages.delivered_at: delivery_trends; messages.opened_at: open_trends; messages.clicked_at: click_trends;
// messages.unsubscribed_at: unsubscribe_trends; events: order_trends; lifecycle.stages: move_trends. Notes: "", missing, no_complete_period, none_in_period, short_series, machine_opens,
// sample_of_customers.

// One change is told once: a total or channel is left out when a narrower subject explains its change, see explains; analytics.trends keeps all rows.

// Findings says what the model found, the widest subject first.
func Findings(m *Model, opt Options) []analytics.Finding {
	f := finder{m: m, opt: opt}
	for _, s := range m.Series {
		if redundant(m, s) || m.linked(s) {
			continue
		}
		switch s.Verdict {
		case Falling, Rising:
			if news(s) {
				f.decline(s)
			}
		case LevelShift:
			f.shift(s)
		case Spike:
			f.spike(s)
		}
	}
	for _, l := range m.Links {
		if l.Found && !m.repeats(l) {
			f.link(l)
		}
	}
	return f.out
}

// linked series are told with the one beside them: unsubscribe_growth, engagement_gap.
func (m *Model) linked(s *Series) bool {
	return slices.ContainsFunc(m.Links, func(l Link) bool { return l.Found && l.Worse == s && l.Link != CostOfTotal }) && (s.Verdict == Rising || s.Verdict == Falling)
}

// redundant series say what another one says: bounces where deliveries are told, and a total or channel whose change a narrower subject explains.
func redundant(m *Model, s *Series) bool {
	return slices.ContainsFunc(m.Series, func(o *Series) bool {
		if s.Metric == Bounce && o.Metric == Delivery && o.subject == s.subject {
			return o.Verdict == Falling || o.Verdict == Rising || o.Verdict == LevelShift
		}
		return m.explains(o, s)
	})
}

// repeats tells that the link of a wider subject is that of a narrower one, told already.
func (m *Model) repeats(l Link) bool {
	return l.Link != CostOfTotal && slices.ContainsFunc(m.Links, func(o Link) bool {
		return o.Found && o.Link == l.Link && o.Worse.Metric == l.Worse.Metric && accounts(o.Worse, l.Worse, o.Worse.Slope.Value, l.Worse.Slope.Value)
	})
}

// explains tells that a narrower series with a finding of its own makes the change of a wider one: the same way, at the same time where there is a date, and either most of the wider subject's
// messages are its own, or both have the same verdict and its change, weighted with its share of these messages, is most of the wider change. Many scenarios that fall together explain nothing: then
// the total is told beside them.
func (m *Model) explains(o, s *Series) bool {
	if o.Metric != s.Metric || !news(o) || !news(s) || (o.Verdict == Spike) != (s.Verdict == Spike) {
		return false
	}
	switch {
	case o.Verdict == Spike && o.Points[o.Worst].From != s.Points[s.Worst].From:
		return false
	case o.Verdict == LevelShift && s.Verdict == LevelShift && (o.Points[o.Shift.Upper].From < s.Points[s.Shift.Lower].From || o.Points[o.Shift.Lower].From > s.Points[s.Shift.Upper].From):
		return false
	}
	a, b := m.change(o), m.change(s)
	if o.Verdict != s.Verdict { // a slope and a step have no common size
		a, b = math.Copysign(1, a), math.Copysign(1, b)
	}
	return accounts(o, s, a, b)
}

// accounts tells that o is narrower than s and has most of its messages, or that its change a is most of the change b of s.
func accounts(o, s *Series, a, b float64) bool {
	if o.Kind != s.Kind || width(o) >= width(s) || !(a*b > 0) {
		return false
	}
	share := o.partOf(s)
	return share > .5 || share*a/b > .5
}

// partOf is the share of the messages of a wider subject that o has.
func (s *Series) partOf(wider *Series) float64 {
	var own, all int64
	for channel, n := range wider.base {
		own, all = own+min(n, s.base[channel]), all+n
	}
	return float64(own) / math.Max(float64(all), 1)
}

// news tells that a series alone is worth a finding.
func news(s *Series) bool {
	switch s.Verdict {
	case LevelShift, Spike:
		return true
	case Rising, Falling:
		return (s.Verdict == Rising) == s.m.bad
	}
	return false
}

// change is the size of what the verdict says, a share or a share per month.
func (m *Model) change(s *Series) float64 {
	switch s.Verdict {
	case LevelShift:
		return s.ShiftSize
	case Spike:
		return s.Points[s.Worst].Standardised - m.spike(s).Expected
	}
	return s.Slope.Value
}

func width(s *Series) int {
	return slices.Index([]string{Scenario, ChannelKind, Total}, s.Type)
}

type finder struct {
	m   *Model
	opt Options
	out []analytics.Finding
}

func (f *finder) add(s *Series, x analytics.Finding, v analytics.Values) {
	x.Block, x.SubjectType, x.Subject, x.Values = "trends", s.Type+":"+s.Metric, s.ID, v
	f.out = append(f.out, x)
}

// evidence is the row of analytics.trends and the points of the series.
func evidence(s *Series) string {
	return "SELECT t.slope, t.lower, t.upper, t.p_value, t.q_value, t.verdict, t.change_at, t.change_lower, t.change_upper, t.shift, t.shift_q, t.rate AS mean_rate, t.margin, t.periods, " +
		"t.rate_before, t.rate_after, t.rate_part, t.mix_part, t.spikes, t.level_before, t.level_after, " + nowSQL(s) + " AS rate_now, s.period_start, s.num, s.den, s.rate, s.standardised, s.fitted, k.z, k.expected, k.q_value AS spike_q " +
		"FROM analytics.trends t JOIN analytics.series s ON s.metric = t.metric AND s.subject_type = t.subject_type AND s.subject_id = t.subject_id " +
		"LEFT JOIN analytics.trend_spikes k ON k.metric = s.metric AND k.subject_type = s.subject_type AND k.subject_id = s.subject_id AND k.period_start = s.period_start " +
		"WHERE t.metric = " + analytics.SQLText(s.Metric) + " AND t.subject_type = " + analytics.SQLText(s.Type) + " AND t.subject_id = " + analytics.SQLText(s.ID) + " ORDER BY s.period_start"
}

// nowSQL is the rate of a series in its last four periods, the baseline of its hypothesis.
func nowSQL(s *Series) string {
	return "(SELECT sum(num) * 1.0 / sum(den) FROM (SELECT num, den FROM analytics.series WHERE metric = " + analytics.SQLText(s.Metric) + " AND subject_type = " + analytics.SQLText(s.Type) + " AND subject_id = " +
		analytics.SQLText(s.ID) + " ORDER BY period_start DESC LIMIT 4))"
}

// values are what every finding on a series says.
func (f *finder) values(s *Series, reason string) analytics.Values {
	v := analytics.Values{}
	v.Text("reason", reason)
	v.Text("metric", s.Metric)
	v.Text("subject_type", s.Type)
	v.Estimate("slope", points(s.Slope))
	v.Fact("rate", s.Rate, s.Messages, "share")
	v.Fact("margin", s.Margin, s.Messages, "share points")
	v.Text("grain", f.m.Unit)
	v.Fact("periods", float64(len(s.Points)), int64(len(s.Points)), "periods")
	return v
}

// points is a slope for the texts: a difference of shares.
func points(e suffstat.Estimate) suffstat.Estimate {
	e.Unit = "share points"
	return e
}

func (f *finder) parts(v *analytics.Values, s *Series) {
	v.Fact("rate_before", s.Split.Before, s.Messages, "share")
	v.Fact("rate_after", s.Split.After, s.Messages, "share")
	v.Fact("rate_part", s.Split.Rate, s.Messages, "share points")
	v.Fact("mix_part", s.Split.Mix, s.Messages, "share points")
}

func (f *finder) decline(s *Series) {
	reason := "falling"
	if s.m.bad {
		reason = "bad_rise"
	}
	v := f.values(s, reason)
	f.parts(&v, s)
	x := analytics.Finding{Kind: "metric_decline", Severity: analytics.Warning, Verdict: analytics.Different, Statistic: analytics.Number(s.Slope.Value), PValue: analytics.Number(s.P),
		QValue: analytics.Number(s.Q), EvidenceSQL: evidence(s), Opportunity: f.opportunity(s)}
	f.add(s, x, v)
}

func (f *finder) shift(s *Series) {
	worse := (s.ShiftSize < 0) != s.m.bad
	reason, severity := "jump", analytics.Notice
	if worse {
		reason, severity = "drop", analytics.Warning
	}
	v := f.values(s, reason)
	f.parts(&v, s)
	v.Point("shift", s.ShiftSize, int64(len(s.Points)), "share points")
	v.Fact("level_before", unlink(s.m, s.Shift.Before), s.Messages, "share")
	v.Fact("level_after", unlink(s.m, s.Shift.After), s.Messages, "share")
	v.Text("change_at", day(s.Points[s.Shift.At]))
	v.Text("change_lower", day(s.Points[s.Shift.Lower]))
	v.Text("change_upper", day(s.Points[s.Shift.Upper]))
	x := analytics.Finding{Kind: "metric_shift", Severity: severity, Verdict: analytics.Different, Statistic: analytics.Number(s.ShiftSize), PValue: analytics.Number(s.Shift.P),
		QValue: analytics.Number(s.ShiftQ), EvidenceSQL: evidence(s)}
	if worse {
		x.Opportunity = f.opportunity(s)
	}
	f.add(s, x, v)
}

func day(p Point) string { return date(p.From).Format("2006-01-02") }

// spike tells of the greatest one; the others are in the table. Confirmed at the rate of the confirmed list, else worth a look.
func (f *finder) spike(s *Series) {
	a, p := f.m.spike(s), s.Points[s.Worst]
	v := f.values(s, "spike")
	v.Text("change_at", day(p))
	v.Fact("spike_rate", p.Standardised, p.Den, "share")
	v.Fact("expected", a.Expected, p.Den, "share")
	v.Fact("spikes", float64(s.Spikes), int64(len(s.Points)), "")
	f.add(s, analytics.Finding{Kind: "metric_shift", Severity: analytics.Notice, Verdict: analytics.Different, Statistic: analytics.Number(a.Z), PValue: analytics.Number(a.P),
		QValue: analytics.Number(a.Q), Exploratory: a.Q > f.opt.FDR, EvidenceSQL: evidence(s)}, v)
}

func (f *finder) link(l Link) {
	kind, reason := "engagement_gap", "over_time"
	switch l.Link {
	case Growth:
		kind, reason = "unsubscribe_growth", "default"
	case CostOfTotal:
		reason = "cost_of_total"
	}
	v := f.values(l.Worse, reason)
	v.Text("other_metric", l.Other.Metric)
	v.Estimate("other_slope", points(l.Other.Slope))
	v.Fact("other_margin", l.Other.Margin, l.Other.Messages, "share points")
	suffix := ""
	if l.Link == CostOfTotal {
		v.Text("total", l.Other.ID)
		suffix = ":" + CostOfTotal
	}
	lost := l.Worse
	if l.Link == CostOfTotal {
		lost = l.Other
	}
	s := l.Worse
	x := analytics.Finding{Kind: kind, Severity: analytics.Warning, Verdict: analytics.Different, Statistic: analytics.Number(s.Slope.Value), PValue: analytics.Number(l.P),
		QValue: analytics.Number(l.Q), Opportunity: f.opportunity(lost),
		EvidenceSQL: "SELECT l.link, l.metric, l.slope, l.lower, l.upper, t.rate AS mean_rate, t.periods, t.margin, l.other_type, l.other_id, l.other_metric, l.other_slope, l.other_lower, l.other_upper, l.other_margin, o.periods AS other_periods, " +
			"l.p_value, l.q_value, l.found, " + nowSQL(lost) + " AS rate_now FROM analytics.trend_links l JOIN analytics.trends t ON t.metric = l.metric AND t.subject_type = l.subject_type AND t.subject_id = l.subject_id " +
			"LEFT JOIN analytics.trends o ON o.metric = l.other_metric AND o.subject_type = l.other_type AND o.subject_id = l.other_id WHERE l.link = " + analytics.SQLText(l.Link) + " AND l.subject_type = " +
			analytics.SQLText(s.Type) + " AND l.subject_id = " + analytics.SQLText(s.ID) + " AND l.metric = " + analytics.SQLText(s.Metric),
	}
	f.add(s, x, v)
	f.out[len(f.out)-1].SubjectType += suffix
}

// opportunity: the metric as it is now. No design earns an effect here.
func (f *finder) opportunity(s *Series) *analytics.Opportunity {
	last := s.Points[len(s.Points)-min(len(s.Points), 4):]
	var num, den int64
	for _, p := range last {
		num, den = num+p.Num, den+p.Den
	}
	rate := float64(num) / float64(den)
	days := float64(last[len(last)-1].To - last[0].From)
	flow := int64(math.Round(float64(den) / days * 7))
	return &analytics.Opportunity{
		Metric: s.Metric, Unit: "share", Baseline: suffstat.Fact(rate, den, "share"), Population: 13 * flow, Step: math.Max(math.Abs(s.Split.Rate), math.Max(rate/20, 1e-5)),
		Grade: analytics.GradeStructural, Threat: "unknown_cause", TestDesign: "ab", Guardrails: guardrails(s.Metric), Effort: 2, WeeklyFlow: flow,
	}
}

func guardrails(metric string) []string {
	switch metric {
	case Unsubscribe, Complaint:
		return []string{Order}
	case Order, Move:
		return []string{Unsubscribe}
	}
	return []string{Unsubscribe, Order}
}
