package contact

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Findings of block 1 and what each carries, for the texts (ru, en) and for the backlog.
//
// Shares are fractions in [0, 1]. (t) is a Value.Text, all others are Value.Estimate; "fact" is counted on everybody, no interval. A value that could not be estimated is
// left out of Values, never NaN.
//
//	kind                    SubjectType  Subject                  Values
//	over_cap                cap          "day:any", "week:sms"    time_window (t: day, week), channel (t: a channel or any), cap (fact), over_share (95 % interval of the
//	                                                              habit; its value is the counted share), over_units, units (facts: customer-days or -weeks with a
//	                                                              message), customers (fact: different customers above it; left out for a cap of 0), mean (messages
//	                                                              per customer-day or -week with a message), most (fact; 1001 is more than 1000), held_back,
//	                                                              messages, held_share (facts: what the cap would have held back), top_scenario (t: the scenario
//	                                                              that would lose most; empty for messages without one), top_held, top_share (facts: of it,
//	                                                              and of its own messages), top_stage (t: stage with the highest over_share, of those with 30
//	                                                              units; absent without stages), top_stage_share
//	quiet_hours             policy       "quiet_hours"            declared (t: yes, or no: nobody said so, the night 22-08 was looked at), share, broken, sent, customers (facts, service
//	                                                              messages left out), top_channel (t), top_channel_share, top_scenario (t), top_broken, top_share (facts),
//	                                                              service_broken (fact: service messages at night, allowed), unknown_zones (fact: customers whose
//	                                                              zone is not known and who got the business zone)
//	sent_after_unsubscribe  channel      the channel              messages, customers (facts, service messages left out; must be 0), within_two_days (fact: messages less than 48 hours after; not when 0),
//	                                                              top_scenario (t), top_messages (fact), service_messages (fact: allowed)
//	fatigue                 pressure     "response"               outcome (t: open, click), reason (t: fatigue, benefit, none, inconclusive, insufficient_data, not_identifiable,
//	                                                              calendar_only, confounded), slope (share per bulk message of the previous 7 days), margin (fact), baseline
//	                                                              (fact: share with a response), customers, messages (facts), variation (fact: share of the pressure
//	                                                              left within customer and week), placebo (slope of the next 7 days), earlier (slope of the 8 to 28
//	                                                              days before), calendar (slope with customer effects only, clusters are weeks; with calendar_only),
//	                                                              needed_customers (fact)
//	                        pressure     "order"                  outcome (t: order), reason (t: as of response), slope (share who order within 7 days, per bulk message of the previous 7 days), margin, baseline,
//	                                                              customers, messages, variation (within customer and mailing), placebo (slope of the messages of days 8 to 14 after), seventh (of
//	                                                              those of days 8 and 9, for orders of the seventh day), earlier (8 to 28 days before), next (of the 7 days after, held fixed), needed_customers
//	                        pressure     "unsubscribe",           reason (t: fatigue, benefit, none, inconclusive, insufficient_data), log_odds (high against low pressure, less the
//	                                     "complaint"              negative control), odds_ratio (the same as a ratio), raw, control (log odds), margin (fact), high_from (fact: bulk messages in 7 days),
//	                                                              baseline (fact: opt-outs per bulk message), high_rate (fact: at high pressure), events, messages, strata
//	                                                              (facts), change (of the share of opt-outs at high pressure if it were low; level of expected
//	                                                              effects), needed_messages (fact)
//
// Every fatigue finding may carry collision_reason (t: told, confounded, not_identifiable, no_collisions, few_events, no_control), and with told: collision (another bulk message less than decision.collision_hours before, beside one
// that came earlier in the 7 days: difference of shares, or odds ratio) and collided (fact: messages). LinkCollisions hands it to the findings about colliding messages.
//
// over_cap, quiet_hours and sent_after_unsubscribe are facts: verdict different, no p-value. fatigue "none" is verdict equivalent: an effect that matters is ruled out; it is
// a notice without an opportunity, as is "benefit".
//
// Opportunities. over_cap: Metric over_cap_share, Grade D, Threat structural_only, TestDesign cap_test, Effect nil. fatigue: Metric open_rate, click_rate, order_rate, unsubscribe_rate or
// complaint_rate; Effect (one bulk message fewer; for opt-outs low instead of high pressure) only with verdict different, a clean placebo and identification (Grade C),
// else nil and Grade D; Threat time_varying_activity, confounded_placebo or not_identifiable; TestDesign cap_test. Money is nil everywhere: the value of
// an opened message and of a reachable customer is not known here. quiet_hours and sent_after_unsubscribe are repairs (Grade D, no test needed): TestDesign
// "", Effect nil.
//
// Coverage keys (input: answers). messages: contact_load; messages.kind: bulk_and_service; messages.unsubscribed_at: sent_after_unsubscribe; messages.bulk: fatigue; orders: fatigue_orders; messages.collisions: fatigue_collisions;
// policy.caps: over_cap; scenarios.priority: cap_replay; policy.quiet_hours: quiet_hours; customers.timezone: local_time. Notes: "", missing, none_in_period, no_kind,
// some_without_kind, no_bulk, no_response, no_orders, no_collisions, collisions_untold, no_priorities, default_night, business_zone, unknown_zones, some_without_zone.

// leastUnits is the number of customer-days below which a stage is not named as the worst.
const leastUnits = 30

// Findings decides what the model says. The family of the false-discovery rate is the response, the goal, the opt-outs and the collisions; the rest are facts.
func Findings(m *Model, opt Options) []analytics.Finding {
	f := finder{m: m, opt: opt}
	f.overCaps()
	f.quiet()
	f.after()
	f.response()
	f.goal()
	for _, o := range m.Fatigue.OptOuts {
		f.optOut(o)
	}
	return f.out
}

type finder struct {
	m   *Model
	opt Options
	out []analytics.Finding
}

func (f *finder) add(x analytics.Finding, v analytics.Values) {
	x.Block, x.Values = "contact", v
	f.out = append(f.out, x)
}

// perQuarter scales a count of the audited period to 13 weeks.
func (f *finder) perQuarter(n int64) int64 {
	return int64(math.Round(float64(n) * 91 / max(f.opt.Days, 1)))
}

func (f *finder) overCaps() {
	for _, l := range f.m.Loads {
		if l.Stage != AllStages || l.Cap == nil || l.Over == 0 {
			continue
		}
		v := analytics.Values{}
		v.Text("time_window", l.Window)
		v.Text("channel", l.Channel)
		v.Fact("cap", float64(*l.Cap), l.Units, "messages")
		v.Estimate("over_share", l.OverRate.Estimate)
		v.Fact("over_units", float64(l.Over), l.Units, "customer-"+l.Window+"s")
		v.Fact("units", float64(l.Units), l.Units, "customer-"+l.Window+"s")
		if l.OverCustomers > 0 && *l.Cap > 0 {
			v.Fact("customers", float64(l.OverCustomers), l.OverCustomers, "customers")
		}
		v.Estimate("mean", l.Mean)
		v.Fact("most", float64(l.Most), l.Units, "messages")
		f.heldBack(&v, l)
		f.worstStage(&v, l)
		severity := analytics.Notice
		if l.OverRate.Value >= .01 {
			severity = analytics.Warning
		}
		where := fmt.Sprintf("m.time_window = %s AND m.channel = %s", analytics.SQLText(l.Window), analytics.SQLText(l.Channel))
		x := analytics.Finding{
			Kind: "over_cap", SubjectType: "cap", Subject: l.Window + ":" + l.Channel, Severity: severity, Verdict: analytics.Different, Statistic: analytics.Number(l.OverRate.Value),
			EvidenceSQL: "SELECT m.time_window, m.channel, m.stage, m.cap, m.over_share, m.over_lower, m.over_upper, m.over_units, m.units, m.mean, m.lower, m.upper, m.most, " +
				"o.customers, r.scope, r.scenario_id, r.messages, r.held_back, r.share FROM scenarios.contact_means m " +
				"LEFT JOIN scenarios.red_over_cap o ON o.time_window = m.time_window AND o.channel = m.channel " +
				"LEFT JOIN scenarios.cap_replay r ON r.time_window = m.time_window AND r.channel = m.channel AND r.declared AND m.stage = 'all' WHERE " + where +
				" ORDER BY m.stage, r.scope, r.held_back DESC, r.scenario_id",
			Opportunity: &analytics.Opportunity{
				Metric: "over_cap_share", Unit: "share", Baseline: l.OverRate.Estimate, Population: f.perQuarter(max(l.OverCustomers, 1)), Step: math.Max(l.OverRate.Value/2, 1e-4),
				Grade: analytics.GradeStructural, Threat: "structural_only", TestDesign: "cap_test", Guardrails: []string{"order_rate", "unsubscribe_rate"}, Effort: 1,
				WeeklyFlow: int64(math.Round(float64(f.perQuarter(max(l.OverCustomers, 1))) / 13)),
			},
		}
		f.add(x, v)
	}
}

// heldBack says what the declared cap would have held back, and who loses most.
func (f *finder) heldBack(v *analytics.Values, l MeanLoad) {
	var rows []Replay
	for _, r := range f.m.Replays {
		if r.Window != l.Window || r.Channel != l.Channel || !r.Declared {
			continue
		}
		if r.All {
			v.Fact("held_back", float64(r.HeldBack), r.Messages, "messages")
			v.Fact("messages", float64(r.Messages), r.Messages, "messages")
			v.Fact("held_share", r.Share(), r.Messages, "share")
			continue
		}
		rows = append(rows, r)
	}
	rows = worst(rows, func(r Replay) int64 { return r.HeldBack }, func(r Replay) string { return r.Scenario })
	if len(rows) > 0 && rows[0].HeldBack > 0 {
		v.Text("top_scenario", rows[0].Scenario)
		v.Fact("top_held", float64(rows[0].HeldBack), rows[0].Messages, "messages")
		v.Fact("top_share", rows[0].Share(), rows[0].Messages, "share")
	}
}

func (f *finder) worstStage(v *analytics.Values, l MeanLoad) {
	top := MeanLoad{}
	for _, s := range f.m.Loads {
		if s.Window == l.Window && s.Channel == l.Channel && s.Stage != AllStages && s.Units >= leastUnits && s.Over > 0 && (top.Stage == "" || s.OverRate.Value > top.OverRate.Value) {
			top = s
		}
	}
	if top.Stage != "" {
		v.Text("top_stage", top.Stage)
		v.Estimate("top_stage_share", top.OverRate.Estimate)
	}
}

func (f *finder) quiet() {
	var all, service Quiet
	var channels, scenarios []Quiet
	for _, q := range f.m.Quiet {
		switch {
		case q.Channel == AnyChannel && q.All && q.Service:
			service = q
		case q.Channel == AnyChannel && q.All:
			all = q
		case q.Service || q.Broken == 0:
		case q.All:
			channels = append(channels, q)
		default:
			scenarios = append(scenarios, q)
		}
	}
	if all.Broken == 0 {
		return
	}
	broken := func(q Quiet) int64 { return q.Broken }
	channel := worst(channels, broken, func(q Quiet) string { return q.Channel })[0]
	scenario := worst(scenarios, broken, func(q Quiet) string { return q.Scenario + "\x00" + q.Channel })[0]
	v := analytics.Values{}
	severity, declared := analytics.Notice, "no"
	if f.opt.QuietDeclared {
		declared = "yes"
		if all.Share() >= .01 {
			severity = analytics.Warning
		}
	}
	v.Text("declared", declared)
	v.Fact("share", all.Share(), all.Sent, "share")
	v.Fact("broken", float64(all.Broken), all.Sent, "messages")
	v.Fact("sent", float64(all.Sent), all.Sent, "messages")
	v.Fact("customers", float64(all.Customers), all.Customers, "customers")
	v.Text("top_channel", channel.Channel)
	v.Fact("top_channel_share", channel.Share(), channel.Sent, "share")
	v.Text("top_scenario", scenario.Scenario)
	v.Fact("top_broken", float64(scenario.Broken), scenario.Sent, "messages")
	v.Fact("top_share", scenario.Share(), scenario.Sent, "share")
	v.Fact("service_broken", float64(service.Broken), service.Sent, "messages")
	v.Fact("unknown_zones", float64(f.m.Zones["unknown"]), f.m.Zones["unknown"], "customers")
	f.add(analytics.Finding{
		Kind: "quiet_hours", SubjectType: "policy", Subject: "quiet_hours", Severity: severity, Verdict: analytics.Different, Statistic: analytics.Number(all.Share()),
		EvidenceSQL: "SELECT channel, scope, scenario_id, service, sent, broken, share, customers, declared FROM scenarios.quiet_hours WHERE broken > 0 ORDER BY service, scope, broken DESC, " +
			"channel, scenario_id",
		Opportunity: &analytics.Opportunity{
			Metric: "quiet_share", Unit: "share", Baseline: suffstat.Fact(all.Share(), all.Sent, "share"), Population: f.perQuarter(all.Customers), Step: math.Max(all.Share(), 1e-4),
			Grade: analytics.GradeStructural, Threat: "structural_only", Guardrails: []string{"open_rate", "unsubscribe_rate"}, Effort: 1,
		},
	}, v)
}

func (f *finder) after() {
	type line struct {
		all, service AfterRow
		scenarios    []AfterRow
	}
	channels := map[string]*line{}
	var order []string
	for _, r := range f.m.After {
		if channels[r.Channel] == nil {
			channels[r.Channel] = &line{}
			order = append(order, r.Channel)
		}
		x := channels[r.Channel]
		switch {
		case r.All && r.Service:
			x.service = r
		case r.All:
			x.all = r
		case !r.Service:
			x.scenarios = append(x.scenarios, r)
		}
	}
	for _, name := range order {
		x := channels[name]
		if x.all.Messages == 0 {
			continue
		}
		top := worst(x.scenarios, func(r AfterRow) int64 { return r.Messages }, func(r AfterRow) string { return r.Scenario })[0]
		severity := analytics.Critical
		if x.all.WithinTwo == x.all.Messages {
			severity = analytics.Warning
		}
		v := analytics.Values{}
		v.Fact("messages", float64(x.all.Messages), x.all.Messages, "messages")
		v.Fact("customers", float64(x.all.Customers), x.all.Customers, "customers")
		if x.all.WithinTwo > 0 {
			v.Fact("within_two_days", float64(x.all.WithinTwo), x.all.Messages, "messages")
		}
		v.Text("top_scenario", top.Scenario)
		v.Fact("top_messages", float64(top.Messages), top.Messages, "messages")
		v.Fact("service_messages", float64(x.service.Messages), x.service.Messages, "messages")
		f.add(analytics.Finding{
			Kind: "sent_after_unsubscribe", SubjectType: "channel", Subject: name, Severity: severity, Verdict: analytics.Different, Statistic: analytics.Number(float64(x.all.Messages)),
			EvidenceSQL: "SELECT customer_id, channel, unsubscribed_at, sent_at, hours_after, message_id, scenario_id, kind, service, count(*) FILTER (NOT service) OVER () AS messages, " +
				"count(*) FILTER (NOT service AND hours_after < 48) OVER () AS within_two_days, (SELECT count(DISTINCT customer_id) FROM scenarios.sent_after_unsubscribe WHERE NOT service AND channel = " +
				analytics.SQLText(name) + ") AS customers FROM scenarios.sent_after_unsubscribe WHERE channel = " +
				analytics.SQLText(name) + " ORDER BY service, customer_id, sent_at, mk",
			Opportunity: &analytics.Opportunity{
				Metric: "sent_after_unsubscribe", Unit: "messages", Baseline: suffstat.Fact(float64(x.all.Messages), x.all.Messages, "messages"),
				Population: f.perQuarter(x.all.Customers), Step: 1, Grade: analytics.GradeStructural, Threat: "structural_only", Guardrails: []string{"complaint_rate"}, Effort: 1,
			},
		}, v)
	}
}

// reasonOf words a verdict; harm tells that the value is on the bad side of 0.
func reasonOf(e Effect, harm bool) string {
	switch {
	case e.Note == NotIdentifiable || e.Note == CalendarOnly || e.Note == Confounded:
		return e.Note
	case e.Decision.Verdict == analytics.Different && harm:
		return "fatigue"
	case e.Decision.Verdict == analytics.Different:
		return "benefit"
	case e.Decision.Verdict == analytics.Equivalent:
		return "none"
	}
	return string(e.Decision.Verdict)
}

// verdict is that of the finding: a difference whose check fails is not told as one.
func (e Effect) verdict() analytics.Verdict {
	if e.Note == Confounded {
		return analytics.Inconclusive
	}
	return e.Decision.Verdict
}

func (f *finder) response() {
	r := f.m.Fatigue.Response
	if f.m.Fatigue.Note != "" || r.Messages == 0 {
		return
	}
	fatigue := f.m.Fatigue
	harm := r.Value.Value < 0
	reason := reasonOf(r, harm)
	v := analytics.Values{}
	v.Text("outcome", r.Outcome)
	v.Text("reason", reason)
	v.Estimate("slope", r.Shown())
	v.Fact("margin", r.Margin, r.Customers, "share per message")
	v.Fact("baseline", r.Baseline(), r.Messages, "share")
	v.Fact("customers", float64(r.Customers), r.Customers, "customers")
	v.Fact("messages", float64(r.Messages), r.Messages, "messages")
	v.Fact("variation", fatigue.Share, r.Messages, "share")
	v.Estimate("placebo", fatigue.Placebo)
	v.Estimate("earlier", fatigue.Earlier)
	if r.Note == CalendarOnly {
		v.Estimate("calendar", fatigue.Calendar)
	}
	if r.Decision.Needed > 0 && r.Note == "" {
		v.Fact("needed_customers", float64(r.Decision.Needed), r.Customers, "customers")
	}
	f.collision(&v, r.Outcome)
	confirmed := r.Decision.Verdict == analytics.Different && r.Q <= f.opt.FDR && r.Note == ""
	x := analytics.Finding{
		Kind: "fatigue", SubjectType: "pressure", Subject: "response", Severity: severityOf(confirmed && harm), Verdict: r.verdict(), Statistic: analytics.Number(r.Value.Value),
		PValue: analytics.Number(r.Decision.PDifference), QValue: analytics.Number(r.Q), Exploratory: !confirmed && r.Decision.Verdict != analytics.Equivalent,
		EvidenceSQL: f.evidence(r.Outcome),
	}
	if r.Decision.Verdict != analytics.Equivalent && !(r.Decision.Verdict == analytics.Different && !harm && r.Note == "") {
		population := int64(math.Round(float64(r.Customers) / f.m.PanelShare))
		o := &analytics.Opportunity{
			Metric: r.Outcome + "_rate", Unit: "share", Baseline: suffstat.Fact(r.Baseline(), r.Messages, "share"), Population: population, Step: r.Margin, Grade: analytics.GradeStructural,
			Threat: threatOf(r.Note), TestDesign: "cap_test", Guardrails: []string{"order_rate", "unsubscribe_rate"}, Effort: 2, WeeklyFlow: int64(math.Round(float64(population) / 13)),
		}
		if confirmed && r.Grade == analytics.GradeAdjusted {
			o.Grade = r.Grade
			effect := r.Expected.Scale(-1, "share")
			o.Effect = &effect
		}
		x.Opportunity = o
	}
	f.add(x, v)
}

// goal is the finding of orders; without an order in the data there is none.
func (f *finder) goal() {
	g := f.m.Fatigue.Goal
	if g == nil || g.Messages == 0 {
		return
	}
	harm := g.Value.Value < 0
	v := analytics.Values{}
	v.Text("outcome", g.Outcome)
	v.Text("reason", reasonOf(g.Effect, harm))
	v.Estimate("slope", g.Shown())
	v.Fact("margin", g.Margin, g.Customers, "share per message")
	v.Fact("baseline", g.Baseline(), g.Messages, "share")
	v.Fact("customers", float64(g.Customers), g.Customers, "customers")
	v.Fact("messages", float64(g.Messages), g.Messages, "messages")
	v.Fact("variation", g.Share, g.Messages, "share")
	v.Estimate("placebo", g.Placebo)
	v.Estimate("seventh", g.Seventh)
	v.Estimate("earlier", g.Earlier)
	v.Estimate("next", g.Next)
	if g.Decision.Needed > 0 && g.Note == "" {
		v.Fact("needed_customers", float64(g.Decision.Needed), g.Customers, "customers")
	}
	f.collision(&v, g.Outcome)
	confirmed := g.Decision.Verdict == analytics.Different && g.Q <= f.opt.FDR && g.Note == ""
	x := analytics.Finding{
		Kind: "fatigue", SubjectType: "pressure", Subject: Order, Severity: severityOf(confirmed && harm), Verdict: g.verdict(), Statistic: analytics.Number(g.Value.Value),
		PValue: analytics.Number(g.Decision.PDifference), QValue: analytics.Number(g.Q), Exploratory: !confirmed && g.Decision.Verdict != analytics.Equivalent, EvidenceSQL: f.evidence(Order),
	}
	if confirmed && harm { // what remains open is asked by the response's own test of a cap, which counts orders too
		population := int64(math.Round(float64(g.Customers) / f.m.PanelShare))
		effect := g.Expected.Scale(-1, "share")
		x.Opportunity = &analytics.Opportunity{
			Metric: "order_rate", Unit: "share", Baseline: suffstat.Fact(g.Baseline(), g.Messages, "share"), Population: population, Step: g.Margin, Grade: g.Grade, Effect: &effect,
			Threat: "time_varying_activity", TestDesign: "cap_test", Guardrails: []string{"unsubscribe_rate"}, Effort: 2, WeeklyFlow: int64(math.Round(float64(population) / 13)),
		}
	}
	f.add(x, v)
}

// evidence returns the rows of one outcome.
func (f *finder) evidence(outcome string) string {
	return "SELECT outcome, term, value, lower, upper, p_value, q_value, verdict, needed, grade, margin, baseline, customers, messages, events, variation, high_from, strata, note, equivalence_lower, equivalence_upper FROM scenarios.fatigue WHERE outcome = " +
		analytics.SQLText(outcome)
}

// collision adds what goes with a collision for an outcome: collision_reason (told, confounded, not_identifiable, no_collisions, few_events, no_control; absent when it was not asked) and, when it is told, collision.
func (f *finder) collision(v *analytics.Values, outcome string) {
	i := slices.IndexFunc(f.m.Fatigue.Collisions, func(x Collision) bool { return x.Outcome == outcome })
	if i < 0 {
		return
	}
	x := f.m.Fatigue.Collisions[i]
	if x.Note != "" || !x.Value.OK() {
		v.Text("collision_reason", cmp.Or(x.Note, FewEvents))
		return
	}
	v.Text("collision_reason", "told")
	e := x.Value
	if x.Outcome == Unsubscribe || x.Outcome == Complaint {
		e.Value, e.Lower, e.Upper, e.Unit = math.Exp(e.Value), math.Exp(e.Lower), math.Exp(e.Upper), "ratio"
	}
	v.Estimate("collision", e)
	v.Fact("collided", float64(x.Collided), x.Collided, "messages")
}

// LinkCollisions tells the findings about colliding messages what the pressure model says goes with a collision: harm (told, unknown) and, for each outcome of which it can be told, harm_open, harm_click or harm_order (a
// difference of shares), harm_unsubscribe and harm_complaint (odds ratios). It is a number of all bulk messages, not of a pair; a message that was not sent at all (reason lost) collided with nothing. Without a finding of fatigue (the block was not run) nothing is said.
func LinkCollisions(findings []analytics.Finding) {
	var told analytics.Values
	harm, columns := "", ""
	for _, f := range findings {
		if f.Block != "contact" || f.Kind != "fatigue" || f.Text("collision_reason") == "" {
			continue
		}
		if harm == "" {
			harm = "unknown"
		}
		if e, ok := f.Number("collision"); ok {
			harm = "told"
			outcome := cmp.Or(f.Text("outcome"), f.Subject)
			told.Estimate("harm_"+outcome, e)
			shown, term := []string{"value", "lower", "upper", "customers"}, CollisionSlope
			if e.Unit == "ratio" {
				shown, term = []string{"exp(value)", "exp(lower)", "exp(upper)", "messages"}, CollisionOdds
			}
			for i, end := range []string{"value", "lower", "upper", "n"} {
				columns += fmt.Sprintf(", (SELECT %s FROM scenarios.fatigue WHERE outcome = %s AND term = '%s') AS harm_%s_%s", shown[i], analytics.SQLText(outcome), term, outcome, end)
			}
		}
	}
	if harm == "" {
		return
	}
	for i := range findings {
		f := &findings[i]
		if collided, ok := f.Number("collisions"); !(f.Kind == "priority_inversion" && f.Text("reason") != "lost") && !(f.Kind == "scenario_conflict" && ok && collided.Value > 0) {
			continue
		}
		v := analytics.Values(slices.Clone(f.Values))
		v.Text("harm", harm)
		f.Values = append(v, told...)
		if columns != "" {
			f.EvidenceSQL = "SELECT e.*" + columns + " FROM (" + f.EvidenceSQL + ") e"
		}
	}
}

func severityOf(harm bool) analytics.Severity {
	if harm {
		return analytics.Warning
	}
	return analytics.Notice
}

func threatOf(note string) string {
	switch note {
	case NotIdentifiable, CalendarOnly:
		return "not_identifiable"
	case Confounded:
		return "confounded_placebo"
	}
	return "time_varying_activity"
}

func (f *finder) optOut(o OptOut) {
	if o.Events == 0 { // nobody opted out: coverage says so
		return
	}
	harm := o.Value.Value > 0
	v := analytics.Values{}
	v.Text("reason", reasonOf(o.Effect, harm))
	v.Estimate("log_odds", o.Shown())
	ratio := o.Shown()
	ratio.Value, ratio.Lower, ratio.Upper, ratio.Unit = math.Exp(ratio.Value), math.Exp(ratio.Lower), math.Exp(ratio.Upper), "ratio"
	v.Estimate("odds_ratio", ratio)
	v.Estimate("raw", o.Raw)
	v.Estimate("control", o.Control)
	v.Fact("margin", o.Margin, o.Messages, "log odds")
	v.Fact("high_from", float64(o.HighFrom), o.Messages, "messages")
	v.Fact("baseline", o.Baseline(), o.Messages, "share")
	if o.HighN > 0 {
		v.Fact("high_rate", float64(o.HighEvents)/float64(o.HighN), o.HighN, "share")
	}
	v.Fact("events", float64(o.Events), o.Messages, "messages")
	v.Fact("messages", float64(o.Messages), o.Messages, "messages")
	v.Fact("strata", float64(o.Strata), o.Messages, "1")
	if o.Decision.Verdict == analytics.Different {
		v.Estimate("change", o.Change)
	}
	if o.Decision.Needed > 0 {
		v.Fact("needed_messages", float64(o.Decision.Needed), o.Messages, "messages")
	}
	f.collision(&v, o.Outcome)
	confirmed := o.Decision.Verdict == analytics.Different && o.Q <= f.opt.FDR
	x := analytics.Finding{
		Kind: "fatigue", SubjectType: "pressure", Subject: o.Outcome, Severity: severityOf(confirmed && harm), Verdict: o.Decision.Verdict, Statistic: analytics.Number(o.Value.Value),
		PValue: analytics.Number(o.Decision.PDifference), QValue: analytics.Number(o.Q), Exploratory: !confirmed && o.Decision.Verdict != analytics.Equivalent,
		EvidenceSQL: f.evidence(o.Outcome),
	}
	if confirmed && harm {
		p := float64(o.HighEvents) / float64(o.HighN)
		population := f.perQuarter(int64(math.Round(float64(o.HighN) / f.m.FocalShare))) // messages stand in for customers: most get one
		opportunity := &analytics.Opportunity{
			Metric: o.Outcome + "_rate", Unit: "share", Baseline: suffstat.Fact(p, o.HighN, "share"), Population: population, Step: math.Max(p/5, 1e-5), Grade: o.Grade,
			Threat: "time_varying_activity", TestDesign: "cap_test", Guardrails: []string{"order_rate"}, Effort: 2, WeeklyFlow: int64(math.Round(float64(population) / 13)),
		}
		if o.Change.OK() && o.Grade == analytics.GradeAdjusted {
			effect := o.Change
			opportunity.Effect = &effect
		}
		x.Opportunity = opportunity
	}
	f.add(x, v)
}
