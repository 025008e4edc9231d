package content

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Findings of block content and what each carries, for the texts (ru, en) and for the backlog. (t) is a Value.Text, all others are Value.Estimate; "fact" is counted on everybody, no interval. Shares are fractions. A value
// that could not be estimated is left out of Values, never NaN.
//
//	kind              SubjectType  Subject                 Values
//	template_stale    template     its id                  name (t), age_days, norm_days (facts), messages, recent_messages (facts: of the window, of its last 28 days), scenarios (t: list, absent without any), click_rate (95 %;
//	                                                       absent where it is not reported or there are several channels)
//	template_reused   template     its id, or "a = b"      reason (t: roles, stages: one id; copies_roles, copies_stages: one content under several ids), scenarios (t), roles (t; absent with stages), messages (fact), templates (fact: ids;
//	                                                       copies only), basis (t: hash, text, subject; copies only), scenario_count (fact)
//	template_wearout  template     "id: scenario"          template, scenario, channel, name (t), metric (t: click_rate, open_rate), own, peers, contrast (95 %, share of the level per quarter; contrast is that of the template beside the others of its
//	                                                       channel), shrunk (contrast pulled to the mean of all templates), rate (fact-like point: response over the life), weeks (fact), templates (fact: the family), peers_of (t: kind, channel), change_day (t: a day; only where earlier
//	                                                       versions are followed too)
//
// template_stale and template_reused are facts of structure: verdict different, no p-value. template_wearout: verdict different, q within .10 (Exploratory above decision.fdr); what falls with its channel, or has nobody to compare with, is in
// analytics.template_wearout only, because analytics/trends tells of channels.
//
// Opportunities: all Grade D, no effect: what a new text brings is not in the data. template_stale, template_wearout: Metric click_rate or open_rate, TestDesign ab (the old letter against a new one), Step = decision.equivalence.ctr of the audit or,
// for a worn template, what it loses in a quarter beyond its channel; Problem "scenario:id" for a worn one, so that a declining metric of the scenario is not counted twice. template_reused: Metric click_rate, TestDesign ab (a letter of its own for each role).
//
// Shown: the 20 stale templates with most recent messages, the 10 reused ones and the 10 groups of copies with most messages; all are in analytics.templates and template_copies.
//
// Coverage (input: answers). messages.template_id: template_use; templates.updated_at: template_age; templates.text: template_copies; templates.subject: template_subjects; messages.clicked_at: template_wearout; messages.x_device: device_mix;
// messages.x_click_position: click_position; messages.x_click_depth: click_depth. Notes: "", missing, none_in_period, no_template_ids, some_without_template, no_templates_given, not_listed, no_dates, some_without_date, future_dates,
// after_period_dates, no_texts, no_subjects, no_lives, lives_limited, templates_limited, no_column.

const (
	mostStale  = 20
	mostReused = 10
	clickStep  = .003
)

// Findings decides what of the model is worth a reader's time.
func Findings(m *Model, opt Options) []analytics.Finding {
	f := finder{m: m, opt: opt.filled()}
	f.stale()
	f.reused()
	f.copies()
	f.worn()
	return f.out
}

type finder struct {
	m   *Model
	opt Options
	out []analytics.Finding
}

// population is customers per quarter, from those of the sample.
func (f *finder) population(customers int64) int64 {
	all := math.Round(float64(customers) * Buckets / math.Max(float64(f.m.Totals.Buckets), 1))
	return max(1, min(int64(all), f.m.perQuarter(int64(all))*4))
}

func (f *finder) opportunity(customers int64, baseline suffstat.RateEstimate, metric string, step float64, threat string) *analytics.Opportunity {
	n := f.population(customers)
	base := baseline.Estimate
	if !base.OK() {
		base = none
	}
	return &analytics.Opportunity{Metric: metric, Unit: "share", Baseline: base, Population: n, Step: step, Grade: analytics.GradeStructural, Threat: threat, TestDesign: "ab", Guardrails: []string{"unsubscribe_rate", "order_rate"}, Effort: 2,
		WeeklyFlow: max(1, n/quarter)}
}

func (f *finder) stale() {
	var list []*Template
	for _, t := range f.m.Templates {
		if t.Stale {
			list = append(list, t)
		}
	}
	slices.SortStableFunc(list, func(a, b *Template) int { return cmp.Or(cmp.Compare(b.Recent, a.Recent), strings.Compare(a.ID, b.ID)) })
	for _, t := range list[:min(len(list), mostStale)] {
		v := analytics.Values{}
		name(&v, t)
		v.Fact("age_days", float64(t.AgeDays), t.Messages, "days")
		v.Fact("norm_days", float64(f.opt.StaleDays), t.Messages, "days")
		v.Fact("messages", float64(t.Messages), t.Messages, "messages")
		v.Fact("recent_messages", float64(t.Recent), t.Recent, "messages")
		if len(t.Scenarios) > 0 {
			v.Text("scenarios", strings.Join(t.Scenarios, ", "))
		}
		base := suffstat.RateEstimate{Estimate: none}
		if t.OneChannel && f.m.Clicks[t.Channels[0]] {
			base = t.Click
			v.Estimate("click_rate", t.Click.Estimate)
		}
		severity := analytics.Notice
		if t.AgeDays > 2*int64(f.opt.StaleDays) {
			severity = analytics.Warning
		}
		f.out = append(f.out, analytics.Finding{Block: "content", Kind: "template_stale", SubjectType: "template", Subject: t.ID, Severity: severity, Verdict: analytics.Different, Statistic: analytics.Number(float64(t.AgeDays)), Values: v,
			EvidenceSQL: "SELECT template_id, name, updated_at, age_days, messages, recent_messages, last_sent, scenario_list, click_rate, click_lower, click_upper FROM analytics.templates WHERE template_id = " + analytics.SQLText(t.ID),
			Opportunity: f.opportunity(t.Customers, base, "click_rate", clickStep, "template_untested")})
	}
}

func name(v *analytics.Values, t *Template) {
	if t.Name != "" && t.Name != t.ID {
		v.Text("name", t.Name)
	}
}

func (f *finder) reused() {
	n := 0
	for _, t := range f.m.Templates {
		if t.Reuse == "" || n == mostReused {
			continue
		}
		n++
		v := analytics.Values{}
		v.Text("reason", t.Reuse)
		name(&v, t)
		v.Text("scenarios", strings.Join(t.Scenarios, ", "))
		if t.Reuse == ByRoles {
			v.Text("roles", strings.Join(t.Roles, ", "))
		}
		v.Fact("scenario_count", float64(len(t.Scenarios)), t.Messages, "scenarios")
		v.Fact("messages", float64(t.Messages), t.Messages, "messages")
		base := suffstat.RateEstimate{Estimate: none}
		if t.OneChannel && f.m.Clicks[t.Channels[0]] {
			base = t.Click
		}
		f.out = append(f.out, analytics.Finding{Block: "content", Kind: "template_reused", SubjectType: "template", Subject: t.ID, Severity: analytics.Notice, Verdict: analytics.Different, Statistic: analytics.Number(float64(len(t.Scenarios))), Values: v,
			EvidenceSQL: "SELECT t.template_id, t.scenarios, t.roles, t.stages, t.reuse, t.messages AS all_messages, t.click_rate AS all_click_rate, t.click_lower AS all_click_lower, t.click_upper AS all_click_upper, u.scenario_id, u.role, u.channel, u.kind, u.messages, u.click_rate, u.click_lower, u.click_upper FROM analytics.templates t " +
				"JOIN analytics.template_uses u ON u.template_id = t.template_id WHERE t.template_id = " + analytics.SQLText(t.ID) + " ORDER BY u.messages DESC, u.scenario_id, u.channel, u.kind",
			Opportunity: f.opportunity(t.Customers, base, "click_rate", clickStep, "template_untested")})
	}
}

func (f *finder) copies() {
	n := 0
	for _, g := range f.m.Groups {
		if g.Reuse == "" || n == mostReused {
			continue
		}
		n++
		v := analytics.Values{}
		v.Text("reason", "copies_"+g.Reuse)
		v.Text("scenarios", strings.Join(g.Scenarios, ", "))
		if g.Reuse == ByRoles {
			v.Text("roles", strings.Join(g.Roles, ", "))
		}
		v.Text("basis", g.Basis)
		v.Fact("templates", float64(len(g.Members)), g.Messages, "templates")
		v.Fact("scenario_count", float64(len(g.Scenarios)), g.Messages, "scenarios")
		v.Fact("messages", float64(g.Messages), g.Messages, "messages")
		ids := make([]string, len(g.Members))
		var customers int64
		for i, t := range g.Members {
			ids[i] = analytics.SQLText(t.ID)
			customers = max(customers, t.Customers)
		}
		f.out = append(f.out, analytics.Finding{Block: "content", Kind: "template_reused", SubjectType: "template", Subject: g.Name(), Severity: analytics.Notice, Verdict: analytics.Different, Statistic: analytics.Number(float64(len(g.Members))),
			Values: v,
			EvidenceSQL: "SELECT c.copy_group, (SELECT COUNT(*) FROM analytics.template_copies x WHERE x.copy_group = c.copy_group) AS templates, c.template_id, c.basis, c.reuse, c.messages, c.scenario_list, c.role_list " +
				"FROM analytics.template_copies c WHERE c.template_id IN (" + strings.Join(ids, ", ") + ") ORDER BY c.template_id",
			Opportunity: f.opportunity(customers, suffstat.RateEstimate{Estimate: none}, "click_rate", clickStep, "template_untested")})
	}
}

func (f *finder) worn() {
	list := slices.Clone(f.m.Wearout)
	slices.SortStableFunc(list, func(a, b *Wear) int { return cmp.Compare(a.Shrunk.Value, b.Shrunk.Value) })
	family := 0
	for _, w := range list {
		if !math.IsNaN(w.Q) {
			family++
		}
	}
	for _, w := range list {
		if w.Verdict != Worn {
			continue
		}
		u := w.Use
		v := analytics.Values{}
		v.Text("template", u.Template)
		v.Text("channel", u.Channel)
		if u.Scenario != "" {
			v.Text("scenario", u.Scenario)
		}
		for _, t := range f.m.Templates {
			if t.ID != u.Template {
				continue
			}
			name(&v, t)
			if w.Note == "older_versions" {
				v.Text("change_day", time.Unix(86400*t.Updated, 0).UTC().Format(time.DateOnly))
			}
		}
		v.Estimate("own", w.Own)
		v.Estimate("peers", w.Peers)
		v.Estimate("contrast", w.Contrast)
		v.Estimate("shrunk", w.Shrunk)
		v.Text("peers_of", w.PeersOf)
		base, metric := u.Click, "click_rate"
		if w.Outcome == "opened" {
			base, metric = u.Open, "open_rate"
		}
		v.Text("metric", metric)
		v.Estimate("rate", base.Estimate)
		v.Fact("weeks", float64(w.Weeks), u.Messages, "weeks")
		v.Fact("templates", float64(family), int64(family), "templates")
		subject := u.Template
		if u.Scenario != "" {
			subject += ": " + u.Scenario
		}
		o := f.opportunity(u.Customers, base, metric, math.Max(math.Abs(w.Shrunk.Value)*base.Value, 1e-4), "worn_association")
		if u.Scenario != "" {
			o.Problem = "scenario:" + u.Scenario
		}
		severity := analytics.Warning
		if w.Exploratory {
			severity = analytics.Notice
		}
		f.out = append(f.out, analytics.Finding{Block: "content", Kind: "template_wearout", SubjectType: "template", Subject: subject, Severity: severity, Verdict: analytics.Different, Exploratory: w.Exploratory,
			Statistic: analytics.Number(w.Contrast.Value), PValue: analytics.Number(w.P), QValue: analytics.Number(w.Q), Values: v,
			EvidenceSQL: "SELECT w.*, u.click_rate, u.click_lower, u.click_upper, u.open_rate, u.open_lower, u.open_upper FROM analytics.template_wearout w LEFT JOIN analytics.template_uses u ON u.template_id = w.template_id AND u.channel = w.channel " +
				"AND u.kind = w.kind AND u.scenario_id = w.scenario_id WHERE w.template_id = " + analytics.SQLText(u.Template) + " AND w.scenario_id = " + analytics.SQLText(u.Scenario) + " AND w.channel = " + analytics.SQLText(u.Channel) +
				" AND w.kind = " + analytics.SQLText(u.Kind),
			Opportunity: o})
	}
}
