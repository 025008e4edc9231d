package effects

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Findings of block effects and what each carries, for the texts (ru, en) and for the backlog. SubjectType is "scenario", Subject its id. (t) is a Value.Text, all others are
// Value.Estimate; "fact" is counted. A value that could not be estimated is left out of Values, never NaN. Shares are fractions, money is in the currency per customer.
//
//	kind             reason (t)     means, and Values beyond the common ones
//	scenario_effect  lift           grade A: a random split shows a gain. The only reason for which a text may use a causal word
//	                 adjusted_lift  grade C: emulated trials show a gain, placebo and E-value hold: "consistent with", never "brings"
//	                 association    grade D: the adjusted difference is there, but failed (t: groups_differ, placebo, no_placebo, e_value, few; joined by commas) says why it is not to be trusted
//	                 broken_split   the split is not what it should be (failed (t): srm, balance, contamination, exposure, clusters): no number.
//	                                srm_p, planned_share, control_share (facts)
//	                 no_design      nothing can be said about this scenario: failed (t) = positivity, bulk, no_comparators, window_too_short: no number. positivity (point, where there is one). Only the
//	                                ten scenarios with the most customers; the others stay in scenarios.effects
//	scenario_harm    lift           grade A: a random split shows a loss
//	                 more_unsubscribes  grade A: a random split shows more unsubscribes, beyond the margin
//	                 adjusted_lift  grade C
//	                 association    grade D, with failed (t)
//	no_state_change  equivalent     the share in a better stage is the same with and without the scenario, within the margin (two one-sided tests, BH over the better stages of all scenarios), and no orders or revenue were
//	                                gained
//	                                equivalence (the difference with the 90 % interval that two one-sided tests at 5 % hold against the margin; of trials with the allowance for bias), margin (fact); observed (trials:
//	                                the difference without the allowance, as effect); grade (t) A, C or D
//
//	common           outcome (t)           better_stage, order, revenue, revenue_winsorised, unsubscribe: what effect and baseline are about
//	                 method (t)            holdout, assignment, sequential_trials, none
//	                 experiment (t)        id of the experiment, only with method assignment
//	                 grade (t)             A, C, D
//	                 effect                change of the outcome's mean; the interval's own Level is above .95 for those selected of many (false-coverage rate)
//	                 relative              the same as a share of baseline (log interval)
//	                 baseline              mean without the scenario: control arm, or comparators weighted as the treated
//	                 allowed               trials: effect with the allowance for bias (negative controls, or the convention)
//	                 customers_treated, customers_control   facts
//	                 horizon_days          fact: outcomes count so many days
//	                 placebo               trials: the same difference on orders long before, which the scenario cannot have caused
//	                 e_value               trials: E-value of the limit of effect (point)
//	                 audience, not_audience (t)   trials: the group inside or outside of which entrants and comparators were compared
//	                 differs_in (t)        trials with groups_differ: the group in which they differ most
//	                 effect_<outcome>      the other outcomes of the same design, each with its interval
//	                 needed_customers      fact: customers on the smaller side that would decide; only when the verdict is inconclusive or insufficient_data
//
// Opportunity. Grades A and C carry Effect and, where order value is known, Money: 90 % intervals, shrunk within their class (Fit), for trials with the allowance for bias. A gain (scenario_effect): Population = customers
// per quarter in the same condition who are not reached (the control arm, the comparators). A loss (scenario_harm): the change is to stop or mend it, Effect is the loss avoided, Population =
// customers per quarter who enter. Money = the winsorised change of order value x Population x margin. Everything else has Grade D, no Effect and no Money, TestDesign "holdout" (a random 5-10 %
// hold-out decides), Step = the smallest effect of interest, Threat "unmeasured_confounding", "no_comparators" or "broken_split". no_state_change has TestDesign "ab".
//
// Shown: q <= .10 over all scenarios and outcomes of the run (one family), and not equivalent (surely too small to matter); more unsubscribes only beyond the margin, without Money. Exploratory above decision.fdr, and always with grade D: then without Money.
//
// Coverage keys. Input: assignments (answers effect_by_experiment), enrolments (answers effect_by_control_arm when one was found, else effect_by_trials), events (answers effect_on_orders), history (answers
// placebo). Notes: "", missing, no_scenario (assignments name no scenario), no_control_arm, history_too_short, no_scenarios.

const (
	// screening is the false-discovery rate up to which an effect is shown.
	screening = .10
	// mostUndesigned is how many scenarios that nothing is known about are named.
	mostUndesigned = 10
)

// Findings decides what of the model is worth a reader's time.
func Findings(m *Model, opt Options) []analytics.Finding {
	f := finder{m: m, opt: opt.filled()}
	f.effects()
	f.noChange()
	f.undesigned()
	return f.out
}

type finder struct {
	m   *Model
	opt Options
	out []analytics.Finding
}

func evidence(scenario string) string {
	return "SELECT e.scenario_id, e.outcome, e.method, e.experiment_id, e.grade, e.customers_treated, e.customers_control, e.customers_treated + e.customers_control AS customers, e.baseline, e.baseline_lower, e.baseline_upper, e.effect, e.lower, e.upper, e.level, " +
		"e.relative, e.relative_lower, e.relative_upper, e.allowed, e.allowed_lower, e.allowed_upper, e.expected, e.expected_lower, e.expected_upper, e.population_quarter, e.margin, e.equivalence, e.equivalence_lower, e.equivalence_upper, e.p_value, e.q_value, e.p_equivalence, e.verdict, e.needed, e.horizon_days, e.caveat, e.range_lower, e.range_upper, e.range_left_out, " +
		"c.check_name, c.value AS check_value, c.lower AS check_lower, c.upper AS check_upper, c.passed, c.note " +
		"FROM scenarios.effects e LEFT JOIN scenarios.effect_checks c ON c.scenario_id = e.scenario_id AND c.method = e.method AND c.experiment_id = e.experiment_id " +
		"AND c.outcome IN ('all', e.outcome) WHERE e.scenario_id = " + analytics.SQLText(scenario) + " ORDER BY e.outcome, e.method, e.experiment_id, c.check_name"
}

// failed are the checks that lower a grade or forbid a number.
var failed = []string{"few", "groups_differ", "placebo", "no_placebo", "e_value", "srm", "balance", "contamination", "exposure", "clusters", "positivity", "bulk", "no_comparators", "window_too_short"}

func (e *Effect) failed() string {
	var out []string
	for _, c := range e.Caveats {
		if slices.Contains(failed, c) {
			out = append(out, c)
		}
	}
	return strings.Join(out, ",")
}

func (f *finder) values(e *Effect, reason string) *analytics.Values {
	v := &analytics.Values{}
	v.Text("reason", reason)
	v.Text("outcome", e.Outcome)
	v.Text("method", e.Method)
	if e.Experiment != "" {
		v.Text("experiment", e.Experiment)
	}
	v.Text("grade", string(e.Grade))
	if bad := e.failed(); bad != "" {
		v.Text("failed", bad)
	}
	v.Estimate("effect", e.Value)
	v.Estimate("relative", e.Relative)
	v.Estimate("baseline", e.Baseline)
	v.Estimate("allowed", e.Allowed)
	v.Fact("customers_treated", float64(e.Treated), e.Treated, "customers")
	v.Fact("customers_control", float64(e.Control), e.Control, "customers")
	v.Fact("horizon_days", float64(e.Horizon), e.Treated, "days")
	if e.Method == MethodTrials {
		if c := f.m.Check(e.Scenario, Order, "placebo"); c != nil {
			v.Estimate("placebo", c.Value.Of(e.Treated, "share"))
		}
		f.m.nameGroups(e.Scenario, v)
		v.Estimate("e_value", suffstat.Estimate{Value: e.EValue, Lower: math.NaN(), Upper: math.NaN(), N: e.Treated, Unit: "ratio"})
	}
	for _, o := range Outcomes() {
		if x := f.m.of(e.Scenario, e.Method, e.Experiment, o); x != nil && o != e.Outcome {
			v.Estimate("effect_"+o, x.Value)
		}
	}
	if e.Decision.Needed > 0 {
		v.Fact("needed_customers", float64(e.Decision.Needed), e.Treated, "customers")
	}
	return v
}

// equivalence is the difference that was held against the margin, with its 90 % interval; NaN where nothing was.
func (e *Effect) equivalence() suffstat.Estimate {
	if !e.Value.OK() || e.Decision.Verdict == analytics.InsufficientData || e.Decision.Verdict == "" {
		return suffstat.NotEstimable(suffstat.MethodJackknife, .90)
	}
	return e.Decision.Equivalence
}

// good tells whether more of the outcome is wanted.
func good(outcome string) float64 {
	if outcome == Unsubscribe {
		return -1
	}
	return 1
}

func rank(g analytics.Grade) int { return int(g[0]) }

// effects makes at most one scenario_effect and one scenario_harm per scenario: the best design first, then the outcomes in the order of what they say about business.
func (f *finder) effects() {
	importance := []string{Order, Winsorised, Revenue, BetterStage, Unsubscribe}
	shown := slices.Clone(f.m.Effects)
	slices.SortStableFunc(shown, func(a, b Effect) int {
		return cmp.Or(strings.Compare(a.Scenario, b.Scenario), rank(a.Grade)-rank(b.Grade), slices.Index(importance, a.Outcome)-slices.Index(importance, b.Outcome), strings.Compare(a.Experiment, b.Experiment))
	})
	type key struct{ scenario, kind string }
	done := map[key]bool{}
	for i := range shown {
		e := &shown[i]
		if (e.Method == MethodHoldout || e.Method == MethodAssignment) && !e.Value.OK() && e.failed() != "" && !done[key{e.Scenario, "broken"}] {
			done[key{e.Scenario, "broken"}] = true
			f.broken(e)
			continue
		}
		if !e.Value.OK() || !(e.Q <= screening) || e.Decision.Verdict == analytics.Equivalent {
			continue
		}
		kind := "scenario_effect"
		if e.Value.Value*good(e.Outcome) < 0 {
			kind = "scenario_harm"
		}
		// Whoever is sent messages can leave through them, so a little more is no finding; fewer alone is no reason to act.
		if e.Outcome == Unsubscribe && !(e.Decision.Interval.Lower > e.Margin) {
			continue
		}
		if done[key{e.Scenario, kind}] {
			continue
		}
		done[key{e.Scenario, kind}] = true
		f.effect(e, kind)
	}
}

func (f *finder) effect(e *Effect, kind string) {
	reason, severity := "association", analytics.Notice
	confirmed := e.Q <= f.opt.FDR && e.Grade != analytics.GradeStructural
	switch e.Grade {
	case analytics.GradeRandomized:
		reason = "lift"
	case analytics.GradeAdjusted:
		reason = "adjusted_lift"
	}
	if reason == "lift" && e.Outcome == Unsubscribe {
		reason = "more_unsubscribes" // a scenario may bring orders and cost contacts at once
	}
	if confirmed && kind == "scenario_harm" {
		severity = analytics.Warning
		if e.Grade == analytics.GradeRandomized && e.Outcome != Unsubscribe {
			severity = analytics.Critical
		}
	}
	o := f.opportunity(e, kind)
	if !confirmed {
		o.Money = nil // at the rate of the screening one world in ten without any effect would be promised money (TestTruthNull)
	}
	f.add(kind, e, reason, severity, e.Decision.Verdict, !confirmed, o)
}

func (f *finder) add(kind string, e *Effect, reason string, severity analytics.Severity, verdict analytics.Verdict, exploratory bool, o *analytics.Opportunity) {
	v := f.values(e, reason)
	if reason == "equivalent" {
		v.Fact("margin", e.Margin, e.Treated, f.opt.unit(e.Outcome))
		v.Estimate("equivalence", e.equivalence().Of(e.Value.N, f.opt.unit(e.Outcome)))
		if e.Method == MethodTrials {
			v.Estimate("observed", e.Value)
		}
	}
	if c := f.m.Check(e.Scenario, "all", "positivity"); reason == "no_design" && c != nil && c.Value.OK() {
		v.Estimate("positivity", c.Value.Of(e.Treated, "share"))
	}
	x := analytics.Finding{Block: "effects", Kind: kind, SubjectType: "scenario", Subject: e.Scenario, Severity: severity, Verdict: verdict, Exploratory: exploratory, Values: *v,
		EvidenceSQL: evidence(e.Scenario), Opportunity: o}
	p, q := e.P, e.Q
	if reason == "equivalent" {
		p, q = e.Decision.PEquivalence, e.QEquivalence
	}
	x.Statistic, x.PValue, x.QValue = analytics.Number(e.Value.Value), analytics.Number(p), analytics.Number(q)
	f.out = append(f.out, x)
}

// metrics name what an outcome is for the backlog.
var metrics = map[string]string{BetterStage: "better_stage_rate", Order: "order_rate", Revenue: "revenue_per_customer", Winsorised: "revenue_per_customer", Unsubscribe: "unsubscribe_rate"}

func guardrails(outcome string) []string {
	if outcome == Unsubscribe {
		return []string{"order_rate", "complaint_rate"}
	}
	return []string{"unsubscribe_rate", "complaint_rate"}
}

// goal is the business goal that an outcome belongs to, of those that the user named.
func (f *finder) goal(outcome string) string {
	name := "revenue"
	if outcome == BetterStage || outcome == Unsubscribe {
		name = "retention"
	}
	if _, ok := f.opt.Goals[name]; ok {
		return name
	}
	return ""
}

func (f *finder) opportunity(e *Effect, kind string) *analytics.Opportunity {
	step := e.Margin
	if !(step > 0) {
		step = f.opt.margin(e.Outcome, e.Baseline.Value)
	}
	o := &analytics.Opportunity{Metric: metrics[e.Outcome], Unit: f.opt.unit(e.Outcome), Baseline: e.Baseline, Population: e.Population, Step: step, Grade: analytics.GradeStructural,
		Threat: "unmeasured_confounding", TestDesign: "holdout", Guardrails: guardrails(e.Outcome), Effort: 2, WeeklyFlow: (e.Population + e.NotReached) / 13, Goal: f.goal(e.Outcome)}
	if e.Grade == analytics.GradeStructural || !e.Value.OK() {
		return o
	}
	o.Grade = e.Grade
	if e.Grade == analytics.GradeRandomized {
		o.Threat = "other_time_and_customers"
	}
	sign := 1.
	if kind == "scenario_harm" {
		sign = -1 // the change is to stop it
	} else if e.NotReached > 0 {
		o.Population = e.NotReached
	}
	effect := e.Expected.Scale(sign, o.Unit)
	if !finite(effect) {
		return o
	}
	o.Effect = &effect
	if e.Outcome == Unsubscribe {
		return o // the change is to mend it, not to give up its orders
	}
	money := f.m.of(e.Scenario, e.Method, e.Experiment, Winsorised)
	if money == nil || !money.Value.OK() {
		money = f.m.of(e.Scenario, e.Method, e.Experiment, Revenue)
	}
	if money == nil || !money.Value.OK() || money.Grade == analytics.GradeStructural {
		return o
	}
	margin := f.opt.Margin
	if margin == 0 {
		margin = 1
	}
	if x := money.Expected.Scale(sign*float64(o.Population)*margin, f.opt.Currency); finite(x) {
		o.Money = &x
	}
	return o
}

func (f *finder) broken(e *Effect) {
	o := f.opportunity(e, "scenario_effect")
	o.Threat = "broken_split"
	f.add("scenario_effect", e, "broken_split", analytics.Warning, analytics.InsufficientData, false, o)
	v := analytics.Values(f.out[len(f.out)-1].Values)
	for _, c := range f.m.Checks {
		if c.Scenario == e.Scenario && c.Experiment == e.Experiment && c.Name == "srm" {
			v.Fact("srm_p", c.Value.Value, e.Treated+e.Control, "1")
		}
	}
	all := float64(e.Treated + e.Control)
	v.Fact("control_share", float64(e.Control)/all, e.Treated+e.Control, "share")
	v.Fact("planned_share", e.Planned, e.Treated+e.Control, "share")
	f.out[len(f.out)-1].Values = v
}

func (f *finder) noChange() {
	done := map[string]bool{}
	shown := slices.Clone(f.m.Effects)
	slices.SortStableFunc(shown, func(a, b Effect) int {
		return cmp.Or(strings.Compare(a.Scenario, b.Scenario), rank(a.Grade)-rank(b.Grade), strings.Compare(a.Experiment, b.Experiment))
	})
	for i := range shown {
		e := &shown[i]
		if e.Outcome != BetterStage || !e.Value.OK() || e.Decision.Verdict != analytics.Equivalent || !(e.QEquivalence <= f.opt.FDR) || done[e.Scenario] {
			continue
		}
		done[e.Scenario] = true
		if f.gains(e.Scenario) {
			continue
		}
		o := f.opportunity(e, "no_state_change")
		o.TestDesign, o.Effect, o.Money, o.Effort, o.Threat = "ab", nil, nil, 3, "unmeasured_confounding"
		if e.Grade == analytics.GradeRandomized {
			o.Threat = "other_time_and_customers"
		}
		// An equal share from trials that fail their checks may be a gain that selection hides.
		f.add("no_state_change", e, "equivalent", analytics.Notice, analytics.Equivalent, e.Grade == analytics.GradeStructural && e.failed() != "e_value", o)
	}
}

// gains tells whether the scenario is known to bring orders or revenue: then it leaves a trace, whatever the stages say.
func (f *finder) gains(scenario string) bool {
	return slices.ContainsFunc(f.m.Effects, func(e Effect) bool {
		return e.Scenario == scenario && e.Outcome != BetterStage && e.Outcome != Unsubscribe && e.Value.OK() && e.Value.Value > 0 &&
			e.Decision.Verdict == analytics.Different && e.Q <= screening
	})
}

// undesigned names the largest scenarios that no design speaks about: "add a hold-out" is the change.
func (f *finder) undesigned() {
	var list []*Effect
	for i := range f.m.Effects {
		if e := &f.m.Effects[i]; e.Outcome == Order && !e.Value.OK() && e.failed() != "" && (e.Method == MethodTrials || e.Method == MethodNone) && e.Treated >= f.opt.MinCustomers {
			list = append(list, e)
		}
	}
	slices.SortStableFunc(list, func(a, b *Effect) int {
		return cmp.Or(cmp.Compare(b.Treated, a.Treated), strings.Compare(a.Scenario, b.Scenario))
	})
	for _, e := range list[:min(len(list), mostUndesigned)] {
		o := f.opportunity(e, "scenario_effect")
		o.Threat = "no_comparators"
		f.add("scenario_effect", e, "no_design", analytics.Notice, analytics.InsufficientData, true, o)
	}
}
