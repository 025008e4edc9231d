package scenarios

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Findings of the scenario map (block 4) and what each carries, for the texts (ru, en) and for the backlog.
//
// Shares are fractions in [0, 1]. (t) is a Value.Text, all others are Value.Estimate; "fact" is counted, no interval. Every finding has SubjectType "scenario"
// except chain_drop_off. A value that could not be estimated is left out, never NaN.
//
//	kind              SubjectType    Subject         reason (t)   Values
//	dead_end          scenario       the scenario    structural   the definition names neither a next scenario nor a goal (a fact): role (t), exits (fact)
//	                                                 behaviour    more than half of those who leave get nothing, and more than after other chains
//	                                                 both         both
//	                  horizon (fact: days), exits, at_risk (facts: exits; those with a goal or an opt-out by the exit are not at risk),
//	                  nothing             share that nothing follows within the horizon: no chain, no targeted message, no goal, no opt-out
//	                  others              without interval: the same of other chains, in the stages of this one
//	                  difference          share points: nothing - others
//	                  next_share, message_share, goal_share, opt_out_share   without interval: share whose first is that
//	                  followers (t)       scenarios that at least one exit in twenty leads to, most frequent first; absent when there are none
//	                  needed_customers    fact; only when the data do not decide
//	unused_scenario   scenario       the scenario    never        defined, no entries and no messages in all that is loaded: role (t)
//	                                                 stopped      defined, nothing in the audited window: role (t), last_day (t: 2026-03-31)
//	                                                 undefined    runs, but audit.yaml does not define it (only when it defines others): entries, messages, customers (facts)
//	broad_trigger     scenario       the scenario    precision    fewer than 60 % of the entries are in a stage that the definition names
//	                                                 unselective  more than half of the base enters, whatever its stage
//	                                                 both
//	                  precision           share of entries in a declared stage, on the day of entry or at the next evaluation; absent without declared stages
//	                  limit               fact: .6
//	                  declared_stages (t) names; top_stage (t), top_stage_share (fact): the stage with the most entries
//	                  reach               share of the base that enters; entrants, eligible (facts: customers)
//	                  selectivity         nats above the noise floor; noise_floor (fact)
//	                  reentry_share       fact
//	rhythm_mismatch   scenario       the scenario    best_window  the click rate is higher in another window of u = days since the last order / own rhythm
//	                                                 too_early    more than half of the messages come at u < .25
//	                                                 both
//	                  early_share         share of messages at u < .25
//	                  best_from, best_to  facts: window of u; best_to absent for the open last one
//	                  gain                share points: click rate in the best window minus that of all, within step x stage x own rhythm, honest (chosen and
//	                                      measured on different customers). An association: who gets the message when is not random
//	                  click_rate          without interval
//	                  own_share           fact: share of messages to customers with a rhythm of their own
//	chain_drop_off    scenario_step  "scenario/step" (none)
//	                  scenario (t), step (t), position (fact), previous_step (t; absent for the first)
//	                  drop_off            share of those who got the step before (or a later one) and not this one, whatever the reason
//	                  unexplained         share lost without a goal or an opt-out
//	                  reference (t)       other_steps (of the chain) or other_chains (the same place in them), whichever loses more: the step loses more than both
//	                  own_rate, chains_rate   without interval: unexplained of the two; absent when there is none
//	                  difference          share points: unexplained - reference
//	                  at_risk, skipped (got only a later step), goal_stops, opt_out_stops (facts: entries; not when 0)
//	                  channel (t), previous_channel (t): of most messages of this step and the one before; absent when not known
//	                  not_sent (fact: messages decided not to be sent), not_sent_reason (t: the commonest); absent when none is recorded
//
// dead_end (behaviour, both), broad_trigger, rhythm_mismatch and chain_drop_off are reported when their q-value is at most .10 and are exploratory above
// decision.fdr. Undecided scenarios stay in their tables with the number of customers that would decide. Service and information scenarios are not reported as
// structural dead ends: nothing has to follow them.
//
// Opportunities carry Grade D, Threat "structural_only" and no effect: what another path, audience or time would bring is a test, not a reading of this table.
//
//	kind             Metric              Baseline      TestDesign      Guardrails
//	dead_end         "dead_end_share"    nothing       sequence_test   unsubscribe_rate, complaint_rate
//	broad_trigger    "target_share"      precision     ab              (the same)
//	                 "entry_reach"       reach         ab                           reason unselective
//	rhythm_mismatch  "click_rate"        click rate    ab
//	                 "early_share"       early_share   ab                           reason too_early
//	chain_drop_off   "step_drop_off"     unexplained   ab
//	unused_scenario  "scenario_entries"  entries       none (stopped: holdout)
//
// Coverage keys. Input: enrolments (answers entries), messages (answers steps), scenarios (the definitions; answers roles), orders (answers goals_and_orders),
// stages (answers stage_reach). Note keys: "", missing, derived, reversed_exits, merged_entries, exits_by_rule, bulk_excluded, no_clicks, no_costs, declared_loop.
const screening = .10

// Findings decides what of the map is worth a reader's time. Families for the false-discovery rate: dead ends, broad triggers, rhythms, steps.
func Findings(m *Model, opt Options) []analytics.Finding {
	f := finder{m: m, opt: opt.filled()}
	for _, s := range m.Scenarios {
		f.deadEnd(s)
		f.unused(s)
		f.broad(s)
		f.rhythm(s)
		f.dropOffs(s)
	}
	return f.out
}

type finder struct {
	m   *Model
	opt Options
	out []analytics.Finding
}

// verdictOf is the claim's word as the verdict of a finding.
func (c claim) verdictOf() analytics.Verdict {
	switch c.Verdict {
	case Yes:
		return analytics.Different
	case No:
		return analytics.Equivalent
	case Undecided:
		return analytics.Inconclusive
	}
	return analytics.InsufficientData
}

// shown tells whether a tested claim makes a finding.
func (c claim) shown() bool { return c.Verdict == Yes && c.Q <= screening }

// add completes a finding. c is nil for a fact.
func (f *finder) add(kind, subjectType, subject string, c *claim, statistic float64, v analytics.Values, evidence string, o *analytics.Opportunity) {
	x := analytics.Finding{
		Block: "scenarios", Kind: kind, SubjectType: subjectType, Subject: subject, Severity: analytics.Notice, Verdict: analytics.Different,
		Statistic: analytics.Number(statistic), Values: v, EvidenceSQL: evidence, Opportunity: o,
	}
	if c != nil {
		x.Verdict, x.PValue, x.QValue = c.verdictOf(), analytics.Number(c.P), analytics.Number(c.Q)
		x.Exploratory = !(c.Verdict == Yes && c.Q <= f.opt.FDR)
		if !x.Exploratory {
			x.Severity = analytics.Warning
		}
	}
	f.out = append(f.out, x)
}

func point(v *analytics.Values, name string, x float64, n int64) {
	if analytics.Finite(x) {
		v.Point(name, x, n, "share")
	}
}

// opportunity is what a structural finding may say about acting on it.
func (f *finder) opportunity(s *Scenario, metric string, baseline suffstat.Estimate, step float64, test string, effort int) *analytics.Opportunity {
	if !baseline.OK() {
		return nil
	}
	perWeek := float64(s.Entry.Customers) / f.opt.Weeks
	return &analytics.Opportunity{
		Metric: metric, Unit: "share", Baseline: baseline, Population: int64(math.Round(13 * perWeek)), Step: step, Grade: analytics.GradeStructural,
		Threat: "structural_only", TestDesign: test, Guardrails: []string{"unsubscribe_rate", "complaint_rate"}, Effort: effort, WeeklyFlow: int64(math.Round(perWeek)),
	}
}

func (f *finder) deadEnd(s *Scenario) {
	d := s.DeadEnd
	if d == nil || s.Unused {
		return
	}
	structural := d.Structural && s.Role != "service" && s.Role != "information"
	behaviour := d.shown()
	if !structural && !behaviour {
		return
	}
	reason := "both"
	if !behaviour {
		reason = "structural"
	} else if !structural {
		reason = "behaviour"
	}
	var v analytics.Values
	v.Text("reason", reason)
	v.Text("role", s.Role)
	v.Fact("horizon", float64(f.m.Horizon), d.Exits, "days")
	v.Fact("exits", float64(d.Exits), d.Exits, "exits")
	v.Fact("at_risk", float64(d.AtRisk), d.Exits, "exits")
	v.Estimate("nothing", d.Nothing)
	point(&v, "others", d.Others, d.AtRisk)
	v.Estimate("difference", d.Difference)
	for _, c := range causes {
		point(&v, c+"_share", d.First[c], d.AtRisk)
	}
	if names := f.m.followers(s.ID); names != "" {
		v.Text("followers", names)
	}
	c := &d.claim
	if !behaviour {
		c = nil // the fact of the definition stands by itself
		if d.Needed > 0 && (d.Verdict == Undecided || d.Verdict == Insufficient) {
			v.Fact("needed_customers", float64(d.Needed), d.Exits, "customers")
		}
	}
	f.add("dead_end", "scenario", s.ID, c, d.Nothing.Value, v, fmt.Sprintf("SELECT d.*, %v AS step, h.to_scenario, h.followed, h.share FROM scenarios.dead_ends d "+
		"LEFT JOIN scenarios.handovers h ON h.from_scenario = d.scenario_id AND h.to_scenario <> '' WHERE d.scenario_id = %s ORDER BY h.followed DESC NULLS LAST, h.to_scenario",
		f.opt.margin("dead_end", .05), analytics.SQLText(s.ID)), f.opportunity(s, "dead_end_share", d.Nothing, f.opt.margin("dead_end", .05), "sequence_test", 3))
}

func (f *finder) unused(s *Scenario) {
	reason := ""
	switch {
	case s.Defined && s.Unused && !s.Alive:
		reason = "never"
	case s.Defined && s.Unused:
		reason = "stopped"
	case !s.Defined && f.m.Known.Definitions && !s.Unused:
		reason = "undefined"
	default:
		return
	}
	var v analytics.Values
	v.Text("reason", reason)
	v.Text("role", s.Role)
	if reason == "stopped" {
		v.Text("last_day", date(s.LastDay).Format("2006-01-02"))
	}
	if reason == "undefined" {
		v.Fact("entries", float64(s.Entry.Entries), s.Entry.Customers, "entries")
		v.Fact("messages", float64(s.Sent.Messages), s.Entry.Customers, "messages")
		v.Fact("customers", float64(s.Entry.Customers), s.Entry.Customers, "customers")
	}
	// Whom a scenario that does not run could reach is not known; one without a definition reaches those it reaches.
	o := &analytics.Opportunity{
		Metric: "scenario_entries", Unit: "entries", Baseline: suffstat.Fact(float64(s.Entry.Entries), s.Entry.Customers, "entries"), Step: 1, Grade: analytics.GradeStructural, Threat: "structural_only",
		TestDesign: "none", Guardrails: []string{"unsubscribe_rate", "complaint_rate"}, Effort: 1,
	}
	switch reason {
	case "stopped":
		o.TestDesign, o.Effort = "holdout", 2
	case "undefined":
		o.Population = int64(math.Round(float64(s.Entry.Customers) * 13 / f.opt.Weeks))
		o.WeeklyFlow = int64(math.Round(float64(s.Entry.Customers) / f.opt.Weeks))
	}
	f.add("unused_scenario", "scenario", s.ID, nil, float64(s.Entry.Entries), v, fmt.Sprintf("SELECT scenario_id, defined, unused, entries, messages, customers, first_day, last_day "+
		"FROM scenarios.scenarios WHERE scenario_id = %s", analytics.SQLText(s.ID)), o)
}

func (f *finder) broad(s *Scenario) {
	b := s.Breadth
	if b == nil || !b.shown() {
		return
	}
	var v analytics.Values
	v.Text("reason", b.Reason)
	v.Text("role", s.Role)
	if b.Precision.OK() {
		v.Estimate("precision", b.Precision.Estimate)
		v.Fact("limit", leastPrecision, b.Entrants, "share")
		v.Text("declared_stages", strings.Join(s.Def.Stages, ", "))
	}
	top := slices.MaxFunc(s.Reach, func(a, b Reach) int { return int(a.Entries - b.Entries) })
	v.Text("top_stage", top.Stage)
	v.Fact("top_stage_share", top.ShareOfEntries, b.Entrants, "share")
	v.Estimate("reach", b.Reach.Estimate)
	v.Fact("entrants", float64(b.Entrants), b.Entrants, "customers")
	v.Fact("eligible", float64(b.Eligible), b.Eligible, "customers")
	v.Estimate("selectivity", b.Selectivity)
	v.Fact("noise_floor", b.Floor, b.Entrants, "nats")
	v.Fact("reentry_share", b.ReentryShare, b.Entrants, "share")
	var o *analytics.Opportunity
	statistic := b.Reach.Value
	switch {
	case b.Reason == "unselective":
		o = f.opportunity(s, "entry_reach", b.Reach.Estimate, f.opt.margin("entry_reach", .05), "ab", 2)
	case b.Precision.OK():
		statistic = b.Precision.Value
		o = f.opportunity(s, "target_share", b.Precision.Estimate, f.opt.margin("target_share", .05), "ab", 2)
	}
	f.add("broad_trigger", "scenario", s.ID, &b.claim, statistic, v, fmt.Sprintf("SELECT b.*, %v AS step, r.stage, r.declared, r.entries AS stage_entries, r.share_of_entries, r.reach AS stage_reach "+
		"FROM scenarios.breadth b LEFT JOIN scenarios.stage_reach r ON r.scenario_id = b.scenario_id WHERE b.scenario_id = %s ORDER BY r.entries DESC, r.stage",
		f.opt.margin("target_share", .05), analytics.SQLText(s.ID)), o)
}

func (f *finder) rhythm(s *Scenario) {
	r := s.Rhythm
	if r == nil || !r.shown() {
		return
	}
	var v analytics.Values
	v.Text("reason", r.Reason)
	v.Text("role", s.Role)
	v.Estimate("early_share", r.Early.Estimate)
	if r.Best >= 0 {
		v.Fact("best_from", uFrom(r.Best), r.Messages, "1")
		v.Fact("best_to", uEnds[r.Best], r.Messages, "1")
	}
	v.Estimate("gain", r.Gain)
	point(&v, "click_rate", r.ClickRate, r.Early.N)
	v.Fact("own_share", r.OwnShare, r.Messages, "share")
	var o *analytics.Opportunity
	if r.Reason == "too_early" {
		o = f.opportunity(s, "early_share", r.Early.Estimate, .05, "ab", 2)
	} else {
		rate := suffstat.Estimate{Value: r.ClickRate, Lower: math.NaN(), Upper: math.NaN(), N: r.Early.N, Unit: "share"}
		o = f.opportunity(s, "click_rate", rate, f.opt.margin("ctr", .003), "ab", 2)
	}
	statistic := r.Gain.Value
	if r.Reason == "too_early" {
		statistic = r.Early.Value
	}
	f.add("rhythm_mismatch", "scenario", s.ID, &r.claim, statistic, v, fmt.Sprintf("SELECT r.*, %v AS step, w.u_from, w.u_to, w.messages AS window_messages, w.click_rate AS window_click_rate, w.adjusted "+
		"FROM scenarios.rhythm r JOIN scenarios.rhythm_windows w ON w.scenario_id = r.scenario_id WHERE r.scenario_id = %s ORDER BY w.u_from", stepOf(o), analytics.SQLText(s.ID)), o)
}

// stepOf is the step of an opportunity, for its evidence.
func stepOf(o *analytics.Opportunity) float64 {
	if o == nil {
		return 0
	}
	return o.Step
}

func (f *finder) dropOffs(s *Scenario) {
	for i, p := range s.Steps {
		if !p.shown() {
			continue
		}
		var v analytics.Values
		v.Text("scenario", s.ID)
		v.Text("step", p.ID)
		v.Fact("position", float64(p.Position), p.AtRisk, "1")
		if i > 0 {
			v.Text("previous_step", s.Steps[i-1].ID)
		}
		v.Estimate("drop_off", p.DropOff.Estimate)
		v.Estimate("unexplained", p.Unexplained.Estimate)
		v.Text("reference", p.Reference)
		point(&v, "own_rate", p.OwnRate, p.AtRisk)
		point(&v, "chains_rate", p.ChainsRate, p.AtRisk)
		v.Estimate("difference", p.Difference)
		v.Fact("at_risk", float64(p.AtRisk), p.AtRisk, "entries")
		v.Fact("skipped", float64(p.Skipped), p.AtRisk, "entries")
		if p.GoalStops > 0 {
			v.Fact("goal_stops", float64(p.GoalStops), p.AtRisk, "entries")
		}
		if p.OptOutStops > 0 {
			v.Fact("opt_out_stops", float64(p.OptOutStops), p.AtRisk, "entries")
		}
		if p.Channel != "" {
			v.Text("channel", p.Channel)
		}
		if i > 0 && s.Steps[i-1].Channel != "" {
			v.Text("previous_channel", s.Steps[i-1].Channel)
		}
		if p.NotSent > 0 {
			v.Fact("not_sent", float64(p.NotSent), p.NotSent, "messages")
			v.Text("not_sent_reason", p.NotSentReason)
		}
		f.add("chain_drop_off", "scenario_step", s.ID+"/"+p.ID, &p.claim, p.Difference.Value, v, fmt.Sprintf("SELECT *, %v AS step FROM scenarios.steps WHERE scenario_id = %s ORDER BY position",
			f.opt.margin("drop_off", .05), analytics.SQLText(s.ID)), f.opportunity(s, "step_drop_off", p.Unexplained.Estimate, f.opt.margin("drop_off", .05), "ab", 2))
	}
}
