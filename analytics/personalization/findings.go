package personalization

import (
	"math"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Findings of block personalization and what each carries, for the texts (ru, en) and for the backlog. SubjectType is "personalization"; Subject is "scenario, channel: level × reference". (t) is a Value.Text, all others are Value.Estimate; "fact" is
// counted. Shares are fractions. A value that could not be estimated is left out of Values, never NaN.
//
//	kind                     reason (t)   means
//	personalization_gain     assigned     grade A: customers were assigned to the levels, and the higher one is clicked more
//	                         observed     grade C: both levels ran in one step and week, and the higher one is clicked more within stage, tenure and week; D (exploratory): the check fails or cannot be made
//	personalization_no_gain  equal        the difference is surely smaller than the margin (two one-sided tests, BH), any grade
//	                         loss         the higher level is clicked less
//
//	common   scenario (t; absent without one), channel, message_kind, level, reference_level, design (t: assigned, side_by_side), threat (t)
//	         gain               click rate of the level less that of the simpler one, at one mix of strata, 95 %
//	         shrunk             the same pulled to the mean of its design, level of expected effects
//	         rate, rate_reference   click rates at that mix, 95 %
//	         margin             fact: smallest difference of interest
//	         customers, customers_reference   facts: of the sample, or assigned, with a delivered message
//	         placebo            the same difference in the messages of all other scenarios (side_by_side)
//	         stages_gain, stages_no_gain   (t) lists of stages in which the verdict by itself is gain, no_gain; absent without any
//	         saved              fact: upkeep per quarter of the level beyond the simpler one (content.level_upkeep); absent when not given
//	         experiment (t)     with assigned
//
// "Not significant" is neither: such comparisons are in analytics.personalization_gains with the number of customers that would decide, and make no finding. Of one pair of levels in one scenario and channel the assigned comparison is told, if there
// is one that passes its checks.
//
// Opportunity. personalization_gain: Metric click_rate, Population = customers per quarter at the simpler level, Effect = shrunk gain (90 %) with grade A or C, else nil; no money: what a click is worth is not known here; TestDesign holdout (A) or ab.
// personalization_no_gain: Grade of the design for "equal", Effect nil, TestDesign ab, Stake = saved. Problem "personalization:scenario:channel".
//
// Coverage (input: answers). messages.personalization: level_inventory; messages.levels: level_gain; messages.clicked_at: level_response; assignments: level_randomized; content.level_upkeep: level_cost. Notes: "", missing, none_in_period, no_levels,
// some_without_level, one_level, never_together, no_clicks, no_assigned_levels, no_upkeep.

// Findings decides what of the model is worth a reader's time.
func Findings(m *Model, opt Options) []analytics.Finding {
	opt = opt.filled()
	var out []analytics.Finding
	for _, c := range m.Comparisons {
		if c.Stage != allStages || c.Verdict != Gain && c.Verdict != Loss && c.Verdict != NoGain {
			continue
		}
		if c.Design == SideBySide && m.better(c) {
			continue
		}
		out = append(out, m.finding(c, opt))
	}
	return out
}

// better tells that an assigned comparison of the same levels says what there is to say.
func (m *Model) better(c *Comparison) bool {
	return slices.ContainsFunc(m.Comparisons, func(x *Comparison) bool {
		return x.Design == Assigned && x.Chain == c.Chain && x.Level == c.Level && x.Reference == c.Reference && x.Stage == allStages && x.Grade == analytics.GradeRandomized && x.Verdict != FewData
	})
}

// stages lists the stages of the same comparison with a verdict.
func (m *Model) stages(c *Comparison, verdict string) string {
	var out []string
	for _, x := range m.Comparisons {
		if x.Chain == c.Chain && x.Design == c.Design && x.Level == c.Level && x.Reference == c.Reference && x.Experiment == c.Experiment && x.Arm == c.Arm && x.ReferenceArm == c.ReferenceArm && x.Stage != allStages && x.Verdict == verdict &&
			!x.Exploratory {
			out = append(out, x.Stage)
		}
	}
	return strings.Join(out, ", ")
}

func (m *Model) finding(c *Comparison, opt Options) analytics.Finding {
	v := analytics.Values{}
	kind, reason, verdict := "personalization_gain", "observed", analytics.Different
	statistic, p, q := c.Gain.Value, c.P, c.Q
	switch {
	case c.Verdict == NoGain:
		kind, reason, verdict, p, q = "personalization_no_gain", "equal", analytics.Equivalent, c.Decision.PEquivalence, c.QEquivalence
	case c.Verdict == Loss:
		kind, reason = "personalization_no_gain", "loss"
	case c.Design == Assigned && c.Grade == analytics.GradeRandomized:
		reason = "assigned"
	}
	v.Text("reason", reason)
	if c.Scenario != "" {
		v.Text("scenario", c.Scenario)
	}
	v.Text("channel", c.Channel)
	v.Text("message_kind", c.Kind)
	v.Text("level", c.Level)
	v.Text("reference_level", c.Reference)
	v.Text("design", c.Design)
	v.Text("threat", c.Threat)
	if c.Experiment != "" {
		v.Text("experiment", c.Experiment)
	}
	v.Estimate("gain", c.Gain)
	v.Estimate("shrunk", c.Shrunk)
	v.Estimate("rate", c.Rate)
	v.Estimate("rate_reference", c.RateReference)
	v.Fact("margin", c.Margin, c.Gain.N, "share")
	v.Fact("customers", float64(c.Customers), c.Customers, "customers")
	v.Fact("customers_reference", float64(c.CustomersReference), c.CustomersReference, "customers")
	v.Estimate("placebo", c.Placebo)
	for _, x := range []struct{ name, verdict string }{{"stages_gain", Gain}, {"stages_no_gain", NoGain}} {
		if list := m.stages(c, x.verdict); list != "" {
			v.Text(x.name, list)
		}
	}
	if analytics.Finite(c.Saved) && c.Saved > 0 {
		v.Fact("saved", c.Saved, c.Customers, opt.Currency)
	}
	subject := c.Channel
	if c.Scenario != "" {
		subject = c.Scenario + ", " + c.Channel
	}
	subject += ": " + c.Level + " × " + c.Reference
	if c.Experiment != "" {
		subject += " (" + c.Experiment + ")"
	}
	severity := analytics.Notice
	if !c.Exploratory {
		severity = analytics.Warning
	}
	text := analytics.SQLText
	return analytics.Finding{Block: "personalization", Kind: kind, SubjectType: "personalization", Subject: subject, Severity: severity, Verdict: verdict, Exploratory: c.Exploratory, Statistic: analytics.Number(statistic),
		PValue: analytics.Number(p), QValue: analytics.Number(q), Values: v,
		EvidenceSQL: "SELECT scenario_id, channel, kind, level, reference_level, design, experiment_id, arm, reference_arm, stage, customers, customers_reference, rate, rate_lower, rate_upper, rate_reference, rate_reference_lower, rate_reference_upper, gain, lower, upper, p_value, q_value, q_equivalence, margin, shrunk, " +
			"shrunk_lower, shrunk_upper, placebo, placebo_lower, placebo_upper, grade, threat, verdict, needed, saved_per_quarter FROM analytics.personalization_gains WHERE scenario_id = " + text(c.Scenario) + " AND channel = " + text(c.Channel) +
			" AND kind = " + text(c.Kind) + " AND level = " + text(c.Level) + " AND reference_level = " + text(c.Reference) + " AND design = " + text(c.Design) + " AND experiment_id = " + text(c.Experiment) + " ORDER BY arm, reference_arm, stage",
		Opportunity: m.opportunity(c, kind, opt)}
}

func (m *Model) opportunity(c *Comparison, kind string, opt Options) *analytics.Opportunity {
	// Customers of the sample stand for Buckets / m.Buckets times as many; those of an experiment are all there are.
	scale := 1.
	if c.Design == SideBySide && m.Buckets > 0 {
		scale = Buckets / float64(m.Buckets)
	}
	customers := c.CustomersReference
	if kind == "personalization_no_gain" {
		customers = c.Customers
	}
	n := max(1, int64(math.Round(float64(customers)*scale*math.Min(1, 13/opt.Weeks*2))))
	base := c.RateReference
	if kind == "personalization_no_gain" {
		base = c.Rate
	}
	o := &analytics.Opportunity{Metric: "click_rate", Unit: "share", Baseline: base, Population: n, Step: math.Max(c.Margin, 1e-4), Grade: c.Grade, Threat: c.Threat, TestDesign: "ab", Guardrails: []string{"unsubscribe_rate", "complaint_rate"},
		Effort: 3, WeeklyFlow: max(1, n/13), Problem: "personalization:" + c.Scenario + ":" + c.Channel}
	switch {
	case kind == "personalization_no_gain":
		o.Effort = 1
		if analytics.Finite(c.Saved) && c.Saved > 0 {
			stake := suffstat.Fact(c.Saved, c.Customers, opt.Currency)
			o.Stake = &stake
		}
	case !c.Exploratory && c.Grade != analytics.GradeStructural && c.Shrunk.OK() && analytics.Finite(c.Shrunk.Lower):
		effect := c.Shrunk
		o.Effect = &effect
		if c.Grade == analytics.GradeRandomized {
			o.TestDesign = "holdout"
		}
	}
	return o
}
