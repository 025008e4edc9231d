package experiments

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Findings of block experiments and what each carries, for the texts (ru, en) and for the backlog. SubjectType is "experiment"; Subject is its id, of an experiment with several comparisons "id: arm" or, where every
// pair of arms is compared, "id: arm × reference". (t) is a Value.Text, all others are Value.Estimate; "fact" is counted. A value that could not be estimated is left out of Values, never NaN. Shares are
// fractions, money is in the currency per customer.
//
//	kind               reason (t)      means, and Values beyond the common ones
//	experiment_result  win             grade A: the arm does better than its reference. Only win and loss may use a causal word
//	                   loss            grade A: the arm does worse
//	                   higher, lower   grade A: an event is more, less frequent; nobody said which is wanted
//	                   running         the difference is there, but customers are still being assigned: needed_customers where known
//	                   equivalent      the difference is surely smaller than margin (fact): two one-sided tests, BH
//	                   undecided       neither; needed_customers (fact) in the smaller arm where a number would decide
//	                   few             fewer customers, events or buckets than a verdict needs; needed_customers
//	                   broken_ratio    the sizes of the arms cannot come from the plan: no number. srm_p (point), share, planned_share (facts) of the arm that is farthest from it, far_arm (t)
//	                   unbalanced      the arms differed before the assignment: no number. outcome (t) = the covariate that differs most: order, orders, revenue, messages, tenure or an event's name
//	                   contaminated    more than 1 % of the reference arm were sent the scenario's messages: no number. contaminated_share (fact)
//	                   two_arms        more than 1 % of all were put into two arms within the outcome window: no number. contaminated_share (fact)
//
//	common             experiment, arm, reference_arm (t), scenario (t) where one is under test; outcome (t) = order, orders, revenue or an event's name
//	                   effect                change of the outcome's mean with the same behaviour before as covariate; the interval's own Level is above .95 for those selected of many (false-coverage rate)
//	                   plain                 plain difference of means
//	                   relative              mean / mean of the reference - 1 (log interval)
//	                   baseline              mean of the reference arm
//	                   customers, customers_reference   facts: those compared
//	                   window_days           fact
//	                   effect_order, effect_revenue     the same of these outcomes, when outcome is another one; revenue without the largest values where that can be done
//	                   open_customers        fact: assigned whose outcome window is open, when they are compared too
//	                   arms                  fact: comparisons in the experiment, when there are several
//	                   clusters              fact: clusters that were assigned as a whole
//	                   group (t), group_effect, group_others   the stage or segment in which the effect differs from that in the others (q <= decision.fdr): shrunk effect, and the interaction
//
// Which outcome: the first one that differs, in the order of audit.yaml's outcomes, else order, revenue, events by name; when none differs the first one.
//
// Opportunity. win and loss carry Effect and, where order value is known, Money (90 %): winsorised change of order value x Population x margin. win: give it to everybody, Population = customers per quarter of the reference
// arm. loss: stop it, Population = customers per quarter of the arm, Effect is the loss avoided. running and undecided: go on, no Effect. equivalent: drop what costs more. Broken experiments: repeat. A control arm
// of enrolments has no Opportunity: it is scenarios.effects that speaks of the scenario. An experiment on a scenario shares its problem with that block's hypothesis, so that no total counts both.
//
// Shown: win and loss (higher, lower) within decision.fdr. Exploratory: running, undecided, few, and all that is broken is not.
//
// Coverage keys. Input: assignments (answers experiment_results), assignments_arm (experiment_reference), assignments_assigned_at (experiment_windows), assignments_cluster_id (experiment_clusters), assignments_scenario_id
// (experiment_contamination), experiments_shares (sample_ratio), experiments (experiment_results), enrolments (experiment_control_arms), events (experiment_outcomes). Notes: "", missing, one_arm, no_members, after_data, before_data, two_arms,
// switched, all_pairs, out_of_test, window_open, open_left_out, running, no_clusters, no_scenario_named, guessed_shares, not_found, no_control_arm, names_limited, no_orders.

// Findings decides what of the model is worth a reader's time: one finding per comparison of two arms.
func Findings(m *Model, opt Options) []analytics.Finding {
	f := finder{m: m, opt: opt.filled()}
	type pair struct{ experiment, arm, reference string }
	byPair := map[pair][]*Row{}
	var order []pair
	for i := range m.Rows {
		r := &m.Rows[i]
		k := pair{r.Experiment, r.Arm, r.Reference}
		if byPair[k] == nil {
			order = append(order, k)
		}
		byPair[k] = append(byPair[k], r)
	}
	slices.SortFunc(order, func(a, b pair) int {
		return cmp.Or(strings.Compare(a.experiment, b.experiment), strings.Compare(a.arm, b.arm), strings.Compare(a.reference, b.reference))
	})
	broken := map[string]bool{}
	for _, k := range order {
		rows := byPair[k]
		slices.SortStableFunc(rows, func(a, b *Row) int { return a.place - b.place })
		switch first := rows[0]; {
		case first.Blocked():
			if !broken[k.experiment] {
				broken[k.experiment] = true
				f.broken(first)
			}
		case !first.Adjusted.OK():
		default:
			f.result(rows)
		}
	}
	return f.out
}

type finder struct {
	m   *Model
	opt Options
	out []analytics.Finding
}

func evidence(experiment string) string {
	return "SELECT *, n + n_reference AS customers FROM analytics.experiments WHERE experiment_id = " + analytics.SQLText(experiment) + " ORDER BY arm, reference_arm, outcome"
}

func checkEvidence(experiment string) string {
	return "SELECT c.*, a.assigned, a.share, a.planned_share FROM analytics.experiment_checks c LEFT JOIN analytics.experiment_arms a ON a.experiment_id = c.experiment_id AND a.role NOT IN ('out') " +
		"WHERE c.experiment_id = " + analytics.SQLText(experiment) + " AND NOT c.passed ORDER BY c.check_name, c.item, c.arm, c.reference_arm, a.arm"
}

// result chooses the outcome that speaks for a comparison and says what it says.
func (f *finder) result(rows []*Row) {
	r := rows[0]
	for _, x := range rows {
		if x.Decided() {
			r = x
			break
		}
	}
	if r.Verdict == NoEvents || r.Verdict == NoVariation {
		for _, x := range rows {
			if x.Verdict != NoEvents && x.Verdict != NoVariation && x.Adjusted.OK() {
				r = x
				break
			}
		}
	}
	reason, severity, verdict, exploratory := "", analytics.Notice, r.Decision.Verdict, false
	switch r.Verdict {
	case Win, Loss, Higher, Lower:
		reason = r.Verdict
		if r.Verdict == Loss {
			severity = analytics.Critical
		} else if r.Verdict == Win {
			severity = analytics.Warning // not rolled out yet: it is being lost
		}
		if r.Has("running") {
			reason, exploratory, severity = "running", true, analytics.Notice
		}
	case Equivalent:
		reason = "equivalent"
	case Undecided:
		reason, verdict, exploratory = "undecided", analytics.Inconclusive, true
	case FewData:
		reason, verdict, exploratory = "few", analytics.InsufficientData, true
	default:
		return
	}
	v := f.values(r, reason)
	for _, o := range []string{Order, Revenue} {
		for _, x := range rows {
			if x.Outcome != o || x == r || x.Verdict == NoEvents {
				continue
			}
			e := x.Adjusted
			if x.Winsorised.OK() {
				e = x.Winsorised
			}
			v.Estimate("effect_"+o, e)
		}
	}
	if g := f.m.differing(r); len(g) > 0 {
		v.Text("group", g[0].Value)
		v.Estimate("group_effect", g[0].Shrunk)
		v.Estimate("group_others", g[0].Interaction)
	}
	p, q := r.AdjustedP, r.AdjustedQ
	if reason == "equivalent" {
		p, q = r.Decision.PEquivalence, r.QEquivalence
	}
	f.add(r, severity, verdict, exploratory, *v, evidence(r.Experiment), r.Adjusted.Value, p, q, f.opportunity(r, rows, reason))
}

func (f *finder) values(r *Row, reason string) *analytics.Values {
	v := f.names(r, reason)
	n := r.N + r.NReference
	v.Text("outcome", r.Outcome)
	v.Estimate("effect", f.m.selected(r, f.opt.FDR))
	v.Estimate("plain", r.Difference)
	v.Estimate("relative", r.Relative)
	v.Estimate("baseline", r.Baseline)
	v.Fact("customers", float64(r.N), r.N, "customers")
	v.Fact("customers_reference", float64(r.NReference), r.NReference, "customers")
	v.Fact("window_days", float64(r.Days), n, "days")
	if r.Needed > 0 && reason != "equivalent" {
		v.Fact("needed_customers", float64(r.Needed), n, "customers")
	}
	if reason == "equivalent" || reason == "undecided" {
		v.Fact("margin", r.Margin, n, f.opt.unit(r.Outcome))
	}
	if r.Has("window_open") {
		var open int64
		for _, a := range f.m.Arms {
			if a.Experiment == r.Experiment && (a.Name == r.Arm || a.Name == r.Reference) {
				open += a.Arm.States[stateOpen]
			}
		}
		v.Fact("open_customers", float64(open), open, "customers")
	}
	if r.Comparisons > 1 {
		v.Fact("arms", float64(r.Comparisons), n, "")
	}
	if r.Has("clusters") {
		for _, c := range f.m.Checks {
			if c.Experiment == r.Experiment && c.Name == "clusters" {
				v.Fact("clusters", c.Value.Value, n, "")
			}
		}
	}
	return v
}

func (f *finder) names(r *Row, reason string) *analytics.Values {
	v := &analytics.Values{}
	v.Text("reason", reason)
	name := r.Experiment
	if r.Source == FromEnrolments {
		name = r.Scenario // the reader knows the scenario, not the key of its hold-out
	}
	v.Text("experiment", name)
	v.Text("arm", r.Arm)
	v.Text("reference_arm", r.Reference)
	if r.Scenario != "" {
		v.Text("scenario", r.Scenario)
	}
	return v
}

// selected is the adjusted effect with the false-coverage interval when it was picked of many.
func (m *Model) selected(r *Row, fdr float64) suffstat.Estimate {
	if !r.Decided() {
		return r.Adjusted
	}
	family, chosen := 0, 0
	for i := range m.Rows {
		if x := &m.Rows[i]; !math.IsNaN(x.AdjustedQ) {
			family++
			if x.AdjustedQ <= fdr {
				chosen++
			}
		}
	}
	if level := suffstat.FCRLevel(fdr, chosen, family); level > tableLevel && level < 1 {
		return at(r.Adjusted, r.AdjustedSE, r.DF, level)
	}
	return r.Adjusted
}

// at is the estimate with an interval of another level.
func at(e suffstat.Estimate, se, df, level float64) suffstat.Estimate {
	if !e.OK() || math.IsNaN(se) {
		return e
	}
	h := suffstat.TQuantile((1+level)/2, df) * se
	e.Level, e.Lower, e.Upper = level, e.Value-h, e.Value+h
	return e
}

func (f *finder) subject(r *Row) string {
	switch {
	case r.Comparisons <= 1:
		return r.Experiment
	case r.Has("all_pairs"):
		return r.Experiment + ": " + r.Arm + " × " + r.Reference
	}
	return r.Experiment + ": " + r.Arm
}

func (f *finder) add(r *Row, severity analytics.Severity, verdict analytics.Verdict, exploratory bool, v analytics.Values, sql string, statistic, p, q float64, o *analytics.Opportunity) {
	subject := f.subject(r)
	if r.Blocked() {
		subject = r.Experiment
	}
	f.out = append(f.out, analytics.Finding{Block: "experiments", Kind: "experiment_result", SubjectType: "experiment", Subject: subject, Severity: severity, Verdict: verdict, Exploratory: exploratory, Values: v,
		EvidenceSQL: sql, Opportunity: o, Statistic: analytics.Number(statistic), PValue: analytics.Number(p), QValue: analytics.Number(q)})
}

// metrics name what an outcome is for the backlog.
func metric(outcome string) string {
	switch outcome {
	case Order:
		return "order_rate"
	case Orders:
		return "orders_per_customer"
	case Revenue:
		return "revenue_per_customer"
	}
	return "event_rate"
}

func (f *finder) goal(outcome string) string {
	for _, name := range slices.Sorted(maps.Keys(f.opt.Goals)) {
		if slices.Contains(f.opt.Goals[name], outcome) {
			return name
		}
	}
	if _, ok := f.opt.Goals["revenue"]; ok && (outcome == Order || outcome == Orders || outcome == Revenue) {
		return "revenue"
	}
	return ""
}

// opportunity is the change that a result asks for; nil for the control arm of enrolments, of which scenarios.effects speaks.
func (f *finder) opportunity(r *Row, rows []*Row, reason string) *analytics.Opportunity {
	if r.Source == FromEnrolments {
		return nil
	}
	step := r.Margin
	if !(step > 0) {
		step = f.opt.margin(r.Outcome, r.MeanReference)
	}
	o := &analytics.Opportunity{Metric: metric(r.Outcome), Unit: f.opt.unit(r.Outcome), Baseline: r.Baseline, Population: r.population, Step: step, Grade: analytics.GradeStructural, Threat: "other_time_and_customers",
		TestDesign: "ab", Guardrails: []string{"unsubscribe_rate", "complaint_rate"}, Effort: 2, WeeklyFlow: (r.population + r.reached) / 13, Goal: f.goal(r.Outcome)}
	if r.Scenario != "" {
		o.Problem = "scenario:" + r.Scenario
	}
	sign := 1.
	switch reason {
	case Win, Higher, Lower:
		o.Grade, o.TestDesign, o.Effort = analytics.GradeRandomized, "holdout", 1
	case Loss:
		o.Grade, o.TestDesign, o.Effort, o.Population, sign = analytics.GradeRandomized, "holdout", 1, r.reached, -1
	case "equivalent":
		o.Grade = analytics.GradeRandomized
		return o
	case "running":
		o.Threat = "peeking"
		return o
	default:
		return o
	}
	if reason == Higher || reason == Lower {
		return o // nobody said what is wanted
	}
	if r.Has("window_open") {
		o.Threat = "open_windows"
	}
	effect := f.expected(r, adjusted).Scale(sign, o.Unit)
	if !finite(effect) {
		return o
	}
	o.Effect = &effect
	for _, x := range rows {
		if x.Outcome != Revenue {
			continue
		}
		margin := f.opt.Margin
		if margin == 0 {
			margin = 1
		}
		if m := f.expected(x, winsorised).Scale(sign*float64(o.Population)*margin, f.opt.Currency); x.Verdict != NoEvents && finite(m) {
			o.Money = &m
		}
	}
	return o
}

func finite(e suffstat.Estimate) bool {
	return e.OK() && analytics.Finite(e.Lower) && analytics.Finite(e.Upper)
}

// broken says why nothing may be read from an experiment. No number of its outcomes is told.
func (f *finder) broken(r *Row) {
	reason := r.Verdict
	if reason == Contaminated && !f.failed(r, "contamination").Value.OK() {
		reason = "two_arms"
	}
	v := f.names(r, reason)
	statistic, p := math.NaN(), math.NaN()
	switch r.Verdict {
	case BrokenRatio:
		p = r.SRM
		v.Point("srm_p", p, r.Assigned+r.AssignedReference, "1")
		var far *ArmRow
		for i := range f.m.Arms {
			a := &f.m.Arms[i]
			if a.Experiment == r.Experiment && analytics.Finite(a.Planned) && analytics.Finite(a.Share) && (far == nil || math.Abs(a.Share-a.Planned) > math.Abs(far.Share-far.Planned)) {
				far = a
			}
		}
		if far != nil {
			v.Text("far_arm", far.Name)
			v.Fact("share", far.Share, far.Arm.Assigned(), "share")
			v.Fact("planned_share", far.Planned, far.Arm.Assigned(), "share")
			v.Fact("customers", float64(far.Arm.Assigned()), far.Arm.Assigned(), "customers")
		}
		statistic = f.failed(r, "sample_ratio").Value.Value
	case Unbalanced:
		v.Fact("customers", float64(r.Assigned), r.Assigned, "customers")
		v.Fact("customers_reference", float64(r.AssignedReference), r.AssignedReference, "customers")
		c := f.failed(r, "balance")
		if c.Item != "" {
			v.Text("outcome", c.Item)
			statistic, p = c.Value.Value, c.P
		} else {
			statistic = f.failed(r, "exposure").Value.Value
		}
	case Contaminated:
		c := f.failed(r, "contamination")
		if reason == "two_arms" {
			c = f.failed(r, "switched")
		}
		statistic = c.Value.Value
		v.Fact("contaminated_share", statistic, r.Assigned+r.AssignedReference, "share")
	}
	var o *analytics.Opportunity
	if r.Source == FromAssignments {
		o = f.opportunity(r, nil, r.Verdict)
		o.Threat, o.Baseline = "broken_split", none()
	}
	f.add(r, analytics.Warning, analytics.InsufficientData, false, *v, checkEvidence(r.Experiment), statistic, p, math.NaN(), o)
}

// failed is the check of an experiment that failed with the smallest p-value; without a number when none did.
func (f *finder) failed(r *Row, name string) Check {
	out := Check{Value: none(), P: math.Inf(1), Adjusted: math.Inf(1)}
	for _, c := range f.m.Checks {
		if c.Experiment == r.Experiment && c.Name == name && !c.Passed && (!out.Value.OK() || c.P < out.P) {
			out = c
		}
	}
	if !out.Value.OK() {
		out.P = math.NaN()
	}
	return out
}
