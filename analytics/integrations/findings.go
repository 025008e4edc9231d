package integrations

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Findings of block 15 and what each carries, for the texts (ru, en) and for the backlog.
//
// Shares are fractions in [0, 1]. (t) is a Value.Text, (d) a Value.Text with a date, all others are Value.Estimate and facts, unless said otherwise.
//
//	kind             SubjectType     Subject          reason (t)         Values
//	integration_gap  source          "events: site"   gap, ongoing       source (t: the same), gaps, days, lost (rows that the gaps lack), change_from, change_to (d: first and last day of the one that lasts, else of the worst), worst_days, observed, expected,
//	                                                                     ratio (of the worst). p and q are those of the worst; expected rows are from the source's own history
//	                 source          "everything"     outage             days, change_from, change_to (d), sources: days on which all but nothing arrived from any input
//	                 silent_source   "events: site"   silent             change_last (d: last day with rows), source (t), expected (rows a day before)
//	                 channel         the channel      no_status          share, messages, without, norm
//	                 channel         the channel      one_way            messages: the channel never returns anything
//	                 flow            "email: welcome" flow_no_delivery,  scenario (t), channel (t), lacking (t: the reason without flow_), messages, expected (usual returns)
//	                                                  flow_no_opens, flow_no_clicks
//	                 input           message_events   orphans            share, facts, orphans, top_channel (t, left out when not given), top_event (t), norm
//	                 input           orders           unrecorded         share, without, all, norm
//	                 input           order_items      unknown_lines      share, without, all, norm
//	data_health      input           the input        feed_twice         share, duplicates, rows, norm: rows dropped by the load
//	                 doubled_source  "events: site"   feed_doubled_days  days, change_day (d), share, repeats (of the worst day; of the customers looked at)
//	                 repeats         events           feed_repeats       share (estimate where sampled), events, norm
//	                 late_source     "events: site"   feed_late          late_share, median, p90, p99 (seconds), events, norm
//	                 clock_source    "events: site"   feed_clock         early_share, median, p90, p99, events, norm
//	                 slow_source     "events: site"   feed_slowed        before, since (medians, seconds), change_since (d), events
//	                 clock           messages         feed_before        share, responses, norm: opened or clicked on a day before the send
//
// All but gaps are facts: no p-value. The family of gaps is all windows of all sources (runQ). At most 8 sources of a kind have a finding of their own; all are in the tables.
//
// Opportunities: all are repairs: Metric gap_days, silent_days, no_status_share, lacking_returns, orphan_share, unmatched_share, repeated_share, late_share, early_share, response_before_send or latency, Grade D, Threat
// structural_only, TestDesign "", Effect and money nil.
//
// Coverage keys (input: answers): events: arrival; events.received_at: latency; messages: message_status; message_events: orphan_facts; customers: orders_matched; control_totals: control_totals. Notes: "", missing, none_in_period,
// one_source (holidays cannot be told from gaps by other inputs), short_history, none_regular, no_received_at, no_delivery_reported, no_card_columns.

// mostSources is how many sources have a finding of their own; all are in the tables.
const mostSources = 8

// Findings says what is broken.
func Findings(m *Model) []analytics.Finding {
	f := finder{m: m}
	f.outage()
	f.gaps()
	f.silent()
	f.status()
	f.oneWay()
	f.orphans()
	f.orders()
	f.twice()
	f.latency()
	f.slowed()
	f.before()
	return f.out
}

type finder struct {
	m   *Model
	out []analytics.Finding
}

func (f *finder) add(x analytics.Finding, v analytics.Values, reason string) {
	v.Text("reason", reason)
	x.Block, x.Verdict, x.Values = "integrations", analytics.Different, v
	f.out = append(f.out, x)
}

// Label is the name of a source as findings and the report show it: input, source and name.
func (s *Series) Label() string { return label(s.Input, s.Source, s.Name) }

func label(input, source, name string) string {
	parts := []string{input}
	for _, p := range []string{source, name} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ": ")
}

func iso(day int64) string { return date(day).Format(time.DateOnly) }

func sourceIs(s *Series) string {
	return fmt.Sprintf("input = %s AND source = %s AND name = %s", analytics.SQLText(s.Input), analytics.SQLText(s.Source), analytics.SQLText(s.Name))
}

// repair is the opportunity of what only has to be mended.
func repair(metric, unit string, baseline float64, n int64) *analytics.Opportunity {
	return &analytics.Opportunity{
		Metric: metric, Unit: unit, Baseline: suffstat.Fact(baseline, n, unit), Step: math.Max(baseline/2, 1e-6), Grade: analytics.GradeStructural, Threat: "structural_only", Effort: 1,
	}
}

// outage is what all inputs lack together.
func (f *finder) outage() {
	days := map[int64]bool{}
	sources := map[string]bool{}
	for _, s := range f.m.Series {
		for _, g := range s.Gaps {
			if g.What == Outage {
				sources[s.Label()] = true
				for d := g.From; d < g.To; d++ {
					days[d] = true
				}
			}
		}
	}
	if len(days) == 0 {
		return
	}
	first, last := int64(math.MaxInt64), int64(math.MinInt64)
	for d := range days {
		first, last = min(first, d), max(last, d)
	}
	n := int64(len(days))
	v := analytics.Values{}
	v.Fact("days", float64(n), n, "days")
	v.Text("change_from", iso(first))
	v.Text("change_to", iso(last))
	v.Fact("sources", float64(len(sources)), n, "sources")
	f.add(analytics.Finding{
		Kind: "integration_gap", SubjectType: "source", Subject: "everything", Severity: analytics.Critical, Statistic: analytics.Number(float64(len(sources))),
		EvidenceSQL: "SELECT input, source, name, from_date, to_date, days, observed, expected FROM analytics.arrival_gaps WHERE what = 'outage' ORDER BY from_date, input, source, name",
		Opportunity: repair("gap_days", "days", float64(n), n),
	}, v, "outage")
}

func (f *finder) gaps() {
	type found struct {
		s     *Series
		worst Gap
		gaps  int64
		days  int64
		lost  float64
		share float64
	}
	var all []found
	for _, s := range f.m.Series {
		x := found{s: s}
		worst := math.Inf(-1)
		for _, g := range s.Gaps {
			if g.What != GapRun {
				continue
			}
			x.gaps++
			x.days += g.Days
			x.lost += g.Expected - float64(g.Observed)
			lack := g.Expected - float64(g.Observed)
			if g.Ongoing { // what fails now is told before what is over
				lack = math.Inf(1)
			}
			if lack > worst {
				x.worst, worst = g, lack
			}
		}
		if x.gaps > 0 {
			x.share = float64(x.days) / float64(s.TestDays)
			all = append(all, x)
		}
	}
	slices.SortStableFunc(all, func(a, b found) int {
		return cmp.Or(cmp.Compare(flag(b.worst.Ongoing), flag(a.worst.Ongoing)), cmp.Compare(b.days, a.days), cmp.Compare(a.worst.P, b.worst.P), compareSeries(a.s, b.s))
	})
	for _, x := range all[:min(len(all), mostSources)] {
		g := x.worst
		v := analytics.Values{}
		v.Text("source", x.s.Label())
		v.Fact("gaps", float64(x.gaps), x.s.TestDays, "gaps")
		v.Fact("days", float64(x.days), x.s.TestDays, "days")
		v.Fact("lost", math.Round(x.lost), x.s.Rows, "rows")
		v.Text("change_from", iso(g.From))
		v.Text("change_to", iso(g.To-1))
		v.Fact("worst_days", float64(g.Days), x.s.TestDays, "days")
		v.Fact("observed", float64(g.Observed), g.Observed, "rows")
		v.Fact("expected", math.Round(g.Expected), x.s.Rows, "rows")
		v.Fact("ratio", g.Ratio(), x.s.Rows, "share")
		reason, severity := "gap", analytics.Warning
		if g.Ongoing {
			reason, severity = "ongoing", analytics.Critical
		}
		f.add(analytics.Finding{
			Kind: "integration_gap", SubjectType: "source", Subject: x.s.Label(), Severity: severity, Statistic: analytics.Number(g.Ratio()), PValue: analytics.Number(g.P), QValue: analytics.Number(g.Q),
			EvidenceSQL: "SELECT input, source, name, what, from_date, to_date, days, observed, expected, greatest(expected - observed, 0) AS lost, ratio, p_value, q_value, ongoing, sum(greatest(expected - observed, 0)) OVER () AS lost_rows, sum(days) OVER () AS gap_days, count(*) OVER () AS gaps FROM analytics.arrival_gaps WHERE what = 'gap' AND " + sourceIs(x.s) + " ORDER BY from_date",
			Opportunity: repair("gap_days", "days", float64(x.days), x.s.TestDays),
		}, v, reason)
	}
}

// silent are sources that stopped: no gaps, since nobody can tell whether they were meant to.
func (f *finder) silent() {
	var all []*Series
	stopped := map[[2]string]bool{} // sources of which nothing comes any more: their names are not told one by one
	for _, s := range f.m.Series {
		if s.Ended && s.exposure == nil && s.State == Tested && s.Last >= f.m.Totals.From && !stopped[[2]string{s.Input, s.Source}] {
			all = append(all, s) // the source comes before its names
			stopped[[2]string{s.Input, s.Source}] = s.whole()
		}
	}
	slices.SortStableFunc(all, func(a, b *Series) int { return cmp.Or(cmp.Compare(b.Rows, a.Rows), compareSeries(a, b)) })
	for _, s := range all[:min(len(all), mostSources)] {
		v := analytics.Values{}
		v.Text("source", s.Label())
		v.Text("change_last", iso(s.Last))
		v.Fact("expected", math.Round(s.expectedLast()*10)/10, s.Rows, "rows")
		f.add(analytics.Finding{
			Kind: "integration_gap", SubjectType: "silent_source", Subject: s.Label(), Severity: analytics.Notice, Statistic: analytics.Number(float64(s.Rows)),
			EvidenceSQL: "SELECT input, source, name, rows, first_date, last_date, ended, round(expected_last, 1) AS expected_last, date_diff('day', last_date, (SELECT max(period_to) FROM audit.runs)) - 1 AS silent_days " +
				"FROM analytics.arrival_series WHERE " + sourceIs(s),
			Opportunity: repair("silent_days", "days", float64(f.m.Totals.To-s.Last-1), s.Rows),
		}, v, "silent")
	}
}

func (f *finder) status() {
	norm := f.m.Check("no_status").Norm
	for _, w := range f.m.Flows {
		where := "FROM analytics.message_flows WHERE scope = 'channel' AND channel = " + analytics.SQLText(w.Channel)
		without := w.Messages - w.Stated
		v := analytics.Values{}
		v.Fact("messages", float64(w.Messages), w.Messages, "messages")
		switch {
		case !w.Whole:
			continue
		case w.Verdict == "one_way":
			f.add(analytics.Finding{
				Kind: "integration_gap", SubjectType: "channel", Subject: w.Channel, Severity: analytics.Warning, Statistic: analytics.Number(float64(w.Messages)),
				EvidenceSQL: "SELECT channel, messages, stated, delivered, opened, clicked, verdict " + where,
				Opportunity: repair("no_status_share", "share", 1, w.Messages),
			}, v, "one_way")
		case 2*w.Delivered > w.Messages && float64(without) > norm*float64(w.Messages) && without >= leastFlow:
			share := float64(without) / float64(w.Messages)
			v.Fact("share", share, w.Messages, "share")
			v.Fact("without", float64(without), w.Messages, "messages")
			v.Fact("norm", norm, w.Messages, "share")
			severity := analytics.Warning
			if share >= f.m.Check("no_status").RedZone {
				severity = analytics.Critical
			}
			f.add(analytics.Finding{
				Kind: "integration_gap", SubjectType: "channel", Subject: w.Channel, Severity: severity, Statistic: analytics.Number(share),
				EvidenceSQL: "SELECT channel, messages, stated, delivered, bounced, no_status_share " + where,
				Opportunity: repair("no_status_share", "share", share, w.Messages),
			}, v, "no_status")
		}
	}
}

func (f *finder) oneWay() {
	var all []Flow
	for _, w := range f.m.Flows {
		if !w.Whole && w.oneWay() && w.Verdict != "one_way" {
			all = append(all, w)
		}
	}
	slices.SortStableFunc(all, func(a, b Flow) int {
		return cmp.Or(cmp.Compare(b.Messages, a.Messages), cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Scenario, b.Scenario))
	})
	for _, w := range all[:min(len(all), mostSources)] {
		lacking, _, _ := strings.Cut(w.Verdict, ",")
		v := analytics.Values{}
		v.Text("channel", w.Channel)
		v.Text("scenario", w.Scenario)
		v.Text("lacking", lacking)
		v.Fact("messages", float64(w.Messages), w.Messages, "messages")
		v.Fact("expected", math.Round(w.Lacks), w.Messages, "messages")
		f.add(analytics.Finding{
			Kind: "integration_gap", SubjectType: "flow", Subject: label(w.Channel, w.Scenario, ""), Severity: analytics.Warning, Statistic: analytics.Number(float64(w.Messages)),
			EvidenceSQL: fmt.Sprintf("SELECT channel, scenario_id, messages, delivered, opened, clicked, verdict, lacks_expected FROM analytics.message_flows WHERE scope = 'scenario' AND channel = %s AND scenario_id = %s",
				analytics.SQLText(w.Channel), analytics.SQLText(w.Scenario)),
			Opportunity: repair("lacking_returns", "messages", math.Round(w.Lacks), w.Messages),
		}, v, "flow_"+lacking)
	}
}

// over tells that a check is above its norm, with a floor so that single rows say nothing.
func over(k Check) bool { return k.Measured && (k.Status == Warn || k.Status == Red) && k.Num >= 10 }

func severityOf(k Check) analytics.Severity {
	if k.Status == Red {
		return analytics.Warning
	}
	return analytics.Notice
}

func checkSQL(name string) string {
	return "SELECT check_name, value, numerator, denominator, norm, red_zone, status, lower, upper FROM analytics.integration_checks WHERE check_name = " + analytics.SQLText(name)
}

func (f *finder) orphans() {
	k := f.m.Check("orphan_facts")
	if !over(k) {
		return
	}
	v := analytics.Values{}
	v.Fact("share", k.Value(), k.Den, "share")
	v.Fact("facts", float64(k.Den), k.Den, "facts")
	v.Fact("orphans", float64(k.Num), k.Den, "facts")
	v.Fact("norm", k.Norm, k.Den, "share")
	var top OrphanRow
	for _, o := range f.m.Orphans {
		if o.Event != "not_sent_response" && o.Orphans > top.Orphans {
			top = o
		}
	}
	if top.Channel != "" {
		v.Text("top_channel", top.Channel)
	}
	v.Text("top_event", top.Event)
	f.add(analytics.Finding{
		Kind: "integration_gap", SubjectType: "input", Subject: "message_events", Severity: severityOf(k), Statistic: analytics.Number(k.Value()), EvidenceSQL: checkSQL("orphan_facts"),
		Opportunity: repair("orphan_share", "share", k.Value(), k.Den),
	}, v, "orphans")
}

func (f *finder) orders() {
	for _, c := range []struct{ check, subject, unit, reason string }{{"orders_unrecorded", "orders", "orders", "unrecorded"}, {"lines_unknown", "order_items", "rows", "unknown_lines"}} {
		k := f.m.Check(c.check)
		if !over(k) {
			continue
		}
		v := analytics.Values{}
		v.Fact("share", k.Value(), k.Den, "share")
		v.Fact("without", float64(k.Num), k.Den, c.unit)
		v.Fact("all", float64(k.Den), k.Den, c.unit)
		v.Fact("norm", k.Norm, k.Den, "share")
		f.add(analytics.Finding{Kind: "integration_gap", SubjectType: "input", Subject: c.subject, Severity: severityOf(k), Statistic: analytics.Number(k.Value()), EvidenceSQL: checkSQL(c.check),
			Opportunity: repair("unmatched_share", "share", k.Value(), k.Den)}, v, c.reason)
	}
}

// twice is what was delivered twice: dropped by the load, or under another id.
func (f *finder) twice() {
	norm, red := limits("rows_duplicate")
	for _, a := range f.m.Accounts {
		share := float64(a.Duplicate) / float64(max(a.Read, 1))
		if share <= norm || a.Duplicate < 10 {
			continue
		}
		severity := analytics.Notice
		if share >= red {
			severity = analytics.Warning
		}
		v := analytics.Values{}
		v.Fact("share", share, a.Read, "share")
		v.Fact("duplicates", float64(a.Duplicate), a.Read, "rows")
		v.Fact("rows", float64(a.Read), a.Read, "rows")
		v.Fact("norm", norm, a.Read, "share")
		f.add(analytics.Finding{Kind: "data_health", SubjectType: "input", Subject: a.Input, Severity: severity, Statistic: analytics.Number(float64(a.Duplicate)),
			EvidenceSQL: "SELECT input, rows_read, rows_duplicate, rows_duplicate * 1.0 / rows_read AS share, " + fmt.Sprint(norm) + " AS norm FROM analytics.input_accounts WHERE input = " + analytics.SQLText(a.Input),
			Opportunity: repair("repeated_share", "share", share, a.Read)}, v, "feed_twice")
	}
	f.doubledDays()
	if k := f.m.Check("rows_repeated"); over(k) {
		v := analytics.Values{}
		if k.Sampled.OK() {
			v.Estimate("share", k.Sampled)
		} else {
			v.Fact("share", k.Value(), k.Den, "share")
		}
		v.Fact("events", float64(k.Den), k.Den, "events")
		v.Fact("norm", k.Norm, k.Den, "share")
		f.add(analytics.Finding{Kind: "data_health", SubjectType: "repeats", Subject: "events", Severity: severityOf(k), Statistic: analytics.Number(k.Value()), EvidenceSQL: checkSQL("rows_repeated"),
			Opportunity: repair("repeated_share", "share", k.Value(), k.Den)}, v, "feed_repeats")
	}
}

// doubledDays are the sources of which whole days came twice.
func (f *finder) doubledDays() {
	bySource := map[string][]DoubledRow{}
	var order []string
	for _, d := range f.m.Doubled { // most repeats first
		if bySource[d.Source] == nil {
			order = append(order, d.Source)
		}
		bySource[d.Source] = append(bySource[d.Source], d)
	}
	for _, source := range order[:min(len(order), mostSources)] {
		days := slices.SortedFunc(slices.Values(bySource[source]), func(a, b DoubledRow) int { return cmp.Or(cmp.Compare(b.Repeats, a.Repeats), cmp.Compare(a.Day, b.Day)) })
		top := days[0]
		v := analytics.Values{}
		v.Text("change_day", iso(top.Day))
		v.Fact("days", float64(len(days)), top.Events, "days")
		v.Fact("share", float64(top.Repeats)/float64(top.Events), top.Events, "share")
		v.Fact("repeats", float64(top.Repeats), top.Events, "events")
		f.add(analytics.Finding{Kind: "data_health", SubjectType: "doubled_source", Subject: label("events", source, ""), Severity: analytics.Warning, Statistic: analytics.Number(float64(top.Events)),
			EvidenceSQL: "SELECT from_date, observed, expected, observed - expected AS repeats, (observed - expected) * 1.0 / observed AS share, count(*) OVER () AS days FROM analytics.arrival_gaps WHERE what = 'twice' AND input = 'events' AND source = " + analytics.SQLText(source) +
				" ORDER BY observed - expected DESC, from_date",
			Opportunity: repair("repeated_share", "share", float64(top.Repeats)/float64(top.Events), top.Events)}, v, "feed_doubled_days")
	}
}

// latency is of the sources that are late, or whose clocks are wrong.
func (f *finder) latency() {
	for _, c := range []struct {
		check, subject, reason, name string
		of                           func(Latency) int64
	}{{"events_late", "late_source", "feed_late", "late_share", func(l Latency) int64 { return l.Late }}, {"clock_faults", "clock_source", "feed_clock", "early_share", func(l Latency) int64 { return l.Early }}} {
		norm, red := limits(c.check)
		told := 0
		for _, l := range f.m.Latencies {
			share := float64(c.of(l)) / float64(max(l.Events, 1))
			if l.All || share <= norm || c.of(l) < 10 || told >= mostSources {
				continue
			}
			told++
			severity := analytics.Notice
			if share >= red {
				severity = analytics.Warning
			}
			v := analytics.Values{}
			v.Fact(c.name, share, l.Events, "share")
			v.Fact("events", float64(l.Events), l.Events, "events")
			v.Fact("median", float64(l.Median), l.Events, "seconds")
			v.Fact("p90", float64(l.P90), l.Events, "seconds")
			v.Fact("p99", float64(l.P99), l.Events, "seconds")
			v.Fact("norm", norm, l.Events, "share")
			f.add(analytics.Finding{Kind: "data_health", SubjectType: c.subject, Subject: label("events", l.Source, ""), Severity: severity, Statistic: analytics.Number(share),
				EvidenceSQL: "SELECT source, events, median_seconds, p90_seconds, p99_seconds, late_share, early_share FROM analytics.event_latency WHERE NOT all_sources AND source = " + analytics.SQLText(l.Source),
				Opportunity: repair(c.name, "share", share, l.Events)}, v, c.reason)
		}
	}
}

// slowed are sources that arrive much later than they used to.
func (f *finder) slowed() {
	for _, l := range f.m.Latencies {
		if !l.Slowed {
			continue
		}
		v := analytics.Values{}
		v.Text("change_since", iso(l.SlowedFrom))
		v.Fact("before", float64(l.Before), l.Events, "seconds")
		v.Fact("since", float64(l.Since), l.Events, "seconds")
		v.Fact("events", float64(l.Events), l.Events, "events")
		f.add(analytics.Finding{Kind: "data_health", SubjectType: "slow_source", Subject: label("events", l.Source, ""), Severity: analytics.Warning, Statistic: analytics.Number(float64(l.Since)),
			EvidenceSQL: "SELECT source, events, median_seconds, median_before, median_since, slowed_from FROM analytics.event_latency WHERE NOT all_sources AND source = " + analytics.SQLText(l.Source),
			Opportunity: repair("latency", "seconds", float64(l.Since), l.Events)}, v, "feed_slowed")
	}
}

func (f *finder) before() {
	k := f.m.Check("response_before_send")
	if !over(k) {
		return
	}
	v := analytics.Values{}
	v.Fact("share", k.Value(), k.Den, "share")
	v.Fact("responses", float64(k.Den), k.Den, "messages")
	v.Fact("norm", k.Norm, k.Den, "share")
	f.add(analytics.Finding{Kind: "data_health", SubjectType: "clock", Subject: "messages", Severity: severityOf(k), Statistic: analytics.Number(k.Value()), EvidenceSQL: checkSQL("response_before_send"),
		Opportunity: repair("response_before_send", "share", k.Value(), k.Den)}, v, "feed_before")
}
