package lifecycle

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Findings of block 10 and what each carries, for the texts (ru, en) and for the backlog.
//
// Every finding has the text "grain" (day, week, month, quarter, year: one period). Shares are fractions in [0, 1]; money is in the unit that
// the estimate itself names (the currency, or "orders" when orders have no money). (t) is a Value.Text, all others are Value.Estimate;
// "fact" is counted, no interval. A value that could not be estimated is left out of Values, never NaN.
//
//	kind            SubjectType  Subject       reason (t)          Values
//	bottleneck      stage        the stage     value               customers sit below the value of the best stage that others reach from here
//	                                           stuck               one stage holds > 50 % of the base and the median stay is longer than restricted_to
//	                                           value_and_stuck     both
//	                best_stage (t)             the most valuable stage that customers of this one move to; absent when reason = stuck
//	                customers_per_period       fact: mean customers in the stage at the end of a period
//	                share_last                 fact: share of the base in the stage at the end of the last period
//	                move_rate                  share of the stage's customers who are in best_stage one period later
//	                leave_rate                 share of the stage's customers who are in any other stage one period later
//	                value_gap                  money per customer: value of entering best_stage minus value of the stage's own mix of next states; the interval's
//	                                           own Level is above 0.95 where rows were selected of many (false-coverage rate), also in potential
//	                potential                  money per period: customers_per_period x value_gap, the ceiling that no change reaches; the ranking key
//	                rank                       fact: 1 = largest potential
//	                median_stay                periods; absent when half of the stays are not over within the window
//	                mean_stay                  periods, restricted to restricted_to
//	                restricted_to              fact: periods (tau)
//	                customers_per_quarter      fact: customers reachable in a quarter = in the stage at its start + entering it
//	                needed_customers           fact: customers that would decide; only when the verdict is inconclusive or insufficient_data
//	loss_point      transition   "a->b"        (none)
//	                from_stage (t), to_stage (t)
//	                rate                       share of from_stage's customers who are in to_stage one period later
//	                flow_per_quarter           fact: customers who make the move in a quarter
//	                value_gap                  money per customer: value of staying in from_stage minus value of entering to_stage (> 0)
//	                loss                       money per quarter: flow x value_gap
//	                share_of_losses            without interval: share of this move in the sum over all losing moves
//	                rank                       fact: 1 = largest loss
//	                needed_customers           as for bottleneck
//	stage_rule_gap  stage        "unassigned"  unassigned          no rule matches: share, customers (facts, last period)
//	                stage        the stage     unreachable         rules above take every customer that this rule matches (by the rules, or in a year of data):
//	                                                               matched (fact: customers that the rule itself matches), shadowed_by (t: the rule that takes most of them)
//	                stage        the stage     no_match            the rule matches nobody in the last period and the stage was empty in a year of data: customers (fact: base)
//	                lifecycle    "rule_order"  overlap             customers whom two rules match of which neither lies within the other, so that only the order of
//	                                                               rules decides (nested rules are ordinary and not counted): share, customers (facts), stage_a (t), stage_b (t), pair_customers (fact: the commonest such pair)
//	                stage        the stage     no_scenario         no scenario speaks to the stage: customers, share_last, scenarios (facts: scenarios known in all)
//	                lifecycle    "memory"      memory              the stages do not hold what decides the next move (not Markov), forecasts use stage x age:
//	                                                               horizon (fact, periods), forecast_error (largest absolute error of P^h against direct counts),
//	                                                               expanded_error (the same of the stage x age chain), log_loss_gain (share of the log loss that the stage before
//	                                                               last removes), information_bits
//	stage_threshold stage_pair   "a|b"         equal_neighbours    the two neighbouring stages order equally often, the border separates nothing:
//	                                                               stage_a (t), stage_b (t), rate_a, rate_b (share ordering in the next period), difference, margin (fact)
//	                stage        the stage     mixed_stage         early and late ages of one stage differ by more than margin: rate_early, rate_late, difference,
//	                                                               split_age (fact, periods), margin (fact)
//	metric_shift    lifecycle    "transitions" time                the matrix changes over time: log_loss_gain, information_bits (of the whole matrix, or of the stage when only
//	                                                               its row changes enough to matter), stage (t: the stage whose row changes most)
//
// bottleneck (unless reason = stuck) and loss_point carry an Opportunity: Metric "transition_rate", Unit "share", Baseline = move_rate or rate,
// Population = customers reachable per quarter, Step = the smallest meaningful step (2 percentage points unless decision.equivalence.transition_rate
// says otherwise), Stake = Population x Step x gamma x (V of the better next state - V of the worse one): what one such step is worth per
// quarter, not an expected effect. Effect and Money are nil and Grade is D: a matrix shows where, never what a change would do.
// Threat "structural_only", TestDesign "ab", Guardrails "unsubscribe_rate" and "complaint_rate".
//
// A bottleneck or loss point is reported when its q-value is at most .10, and is exploratory above decision.fdr; the rest stays in lifecycle.bottlenecks and
// lifecycle.loss_points.
//
// Coverage keys. Input: events (answers orders_value), messages (answers stage_scenarios), customers (answers panel), stage_history (answers
// recorded_stages), segment_memberships (answers transitions_by_segment), history (answers dwell_from_entry). Note keys: "", missing,
// no_revenue, no_margin, too_short, burn_in, left_open_only, group_limit, few_customers.

const (
	// defaultStep is the smallest meaningful step of a transition rate: 2 percentage points (statistics 0.3).
	defaultStep = .02
	// shownShare is the share of all potential (or of all losses) below which a row stays in its table and makes no finding.
	shownShare = .02
	// screening is the false-discovery rate up to which a row is worth a look, labelled exploratory (statistics 0.4). Beyond it a row stays in its table: a
	// list of what chance alone would put there helps nobody.
	screening = .10
	// unassignedWarning is the share of the base without a stage that is more than a nuisance.
	unassignedWarning = .05
	// orderDecides is the share of the base above which it is worth knowing that only the order of rules decides.
	orderDecides = .05
)

// Findings decides what the model says. Families for the false-discovery rate: bottlenecks, loss points, tests, each kind of threshold.
func Findings(m *Model, opt Options) []analytics.Finding {
	opt, err := opt.filled()
	if err != nil {
		return nil // Fit has refused the same options with this error
	}
	f := finder{m: m, opt: opt}
	f.bottlenecks()
	f.lossPoints()
	f.rules()
	f.scenarios()
	f.memory()
	f.time()
	f.thresholds()
	return f.out
}

type finder struct {
	m   *Model
	opt Options
	out []analytics.Finding
}

func (f *finder) values(reason string) *analytics.Values {
	v := &analytics.Values{}
	v.Text("grain", f.opt.Grain)
	if reason != "" {
		v.Text("reason", reason)
	}
	return v
}

// add completes a finding. p or q NaN means that there is none.
func (f *finder) add(x analytics.Finding, v *analytics.Values, statistic, p, q float64) {
	x.Block, x.Values = "lifecycle", *v
	x.Statistic, x.PValue, x.QValue = analytics.Number(statistic), analytics.Number(p), analytics.Number(q)
	f.out = append(f.out, x)
}

func (f *finder) confirmed(v analytics.Verdict, q float64) bool {
	return v == analytics.Different && q <= f.opt.FDR
}

// worthShowing tells findings from what chance puts into a table. Rows below the floors are in no family: they are shown when they stand out alone, with the
// number of customers that would decide.
func worthShowing(v analytics.Verdict, p, q float64) bool {
	if v == analytics.InsufficientData {
		return p <= screening
	}
	return q <= screening
}

func (f *finder) step() float64 { return f.opt.step() }

// step is the smallest meaningful step of a transition rate.
func (o Options) step() float64 { return o.margin("transition_rate", defaultStep) }

// goal names the business goal that a move belongs to.
func (f *finder) goal(from, to string) string {
	var names []string
	for g := range f.opt.Goals {
		names = append(names, g)
	}
	slices.Sort(names)
	for _, g := range names {
		if slices.Contains(f.opt.Goals[g], from+"->"+to) {
			return g
		}
	}
	if _, ok := f.opt.Goals["revenue"]; ok {
		return "revenue"
	}
	return ""
}

// opportunity is what a structural finding may say about acting on it: what one step is worth, never what a change would bring.
func (f *finder) opportunity(baseline suffstat.RateEstimate, perQuarter float64, stake suffstat.Estimate, goal string) *analytics.Opportunity {
	population := int64(math.Round(perQuarter))
	o := &analytics.Opportunity{
		Metric: "transition_rate", Unit: "share", Baseline: baseline.Estimate, Population: population, Step: f.step(), Grade: analytics.GradeStructural,
		Threat: "structural_only", TestDesign: "ab", Guardrails: []string{"unsubscribe_rate", "complaint_rate"}, Effort: 2,
		WeeklyFlow: int64(math.Round(perQuarter / 13)), Goal: goal,
	}
	if f.m.Unit == f.opt.Currency && stake.OK() && analytics.Finite(stake.Lower) && analytics.Finite(stake.Upper) {
		o.Stake = &stake
	}
	return o
}

// noStake is where no money is known to hang on a step.
func noStake() suffstat.Estimate {
	return suffstat.NotEstimable(suffstat.MethodFact, TableLevel, suffstat.ErrNoData)
}

// mend is a change of the rules themselves: the next audit shows what it did, so there is nothing to test. n is how many customers it moves at most.
func mend(metric string, baseline suffstat.Estimate, customers int64, effort int) *analytics.Opportunity {
	return &analytics.Opportunity{
		Metric: metric, Unit: baseline.Unit, Baseline: baseline, Population: customers, Step: math.Max(math.Abs(baseline.Value)/2, 1e-4), Grade: analytics.GradeStructural, Threat: "structural_only",
		TestDesign: "none", Guardrails: []string{"next_order_rate"}, Effort: effort,
	}
}

// speak is a message to a stage, or to a part of it, tried on a random half: what it would do to orders is what the test is for.
func (f *finder) speak(s *StageFit, baseline suffstat.RateEstimate, effort int) *analytics.Opportunity {
	o := f.opportunity(baseline, s.PerQuarter, noStake(), f.goal(s.Name, ""))
	o.Metric, o.Step, o.Effort = "next_order_rate", f.opt.margin("order_rate", .01), effort
	return o
}

func (f *finder) dwellValues(v *analytics.Values, stage string) {
	d := f.m.dwellOf(stage)
	if d == nil {
		return
	}
	v.Estimate("median_stay", d.Median)
	v.Estimate("mean_stay", d.Mean)
	if d.Tau > 0 {
		v.Fact("restricted_to", float64(d.Tau), d.Spells, "periods")
	}
}

func (f *finder) stageFacts(v *analytics.Values, s *StageFit) {
	v.Fact("customers_per_period", s.PerPeriod, s.Customers, "customers")
	v.Fact("share_last", s.ShareLast, f.m.Customers, "share")
	v.Fact("customers_per_quarter", s.PerQuarter, s.Customers, "customers")
}

func (f *finder) bottlenecks() {
	done := map[string]bool{}
	for _, b := range f.m.Bottlenecks {
		if !b.Stuck && (b.ShareOfPotential < shownShare || !worthShowing(b.Verdict, b.P, b.Q)) {
			continue
		}
		done[b.Stage] = true
		reason, severity := "value", analytics.Notice
		confirmed := f.confirmed(b.Verdict, b.Q)
		switch {
		case confirmed && (b.Stuck || b.Rank == 1 && b.ShareOfPotential >= .4):
			severity = analytics.Critical
		case confirmed && b.ShareOfPotential >= .1:
			severity = analytics.Warning
		}
		if b.Stuck {
			reason = "value_and_stuck"
		}
		v := f.values(reason)
		v.Text("best_stage", b.Best)
		f.stageFacts(v, f.m.StageNamed(b.Stage))
		v.Estimate("move_rate", b.Move.Estimate)
		v.Estimate("leave_rate", b.Leave.Estimate)
		v.Estimate("value_gap", b.Gap)
		v.Estimate("potential", b.Potential)
		v.Fact("rank", float64(b.Rank), int64(len(f.m.Bottlenecks)), "1")
		f.dwellValues(v, b.Stage)
		v.Fact("needed_customers", b.Needed, f.m.StageNamed(b.Stage).Customers, "customers")
		x := analytics.Finding{Kind: "bottleneck", SubjectType: "stage", Subject: b.Stage, Severity: severity, Verdict: b.Verdict, Exploratory: !confirmed,
			EvidenceSQL: fmt.Sprintf("SELECT b.stage, b.best_stage, b.rank, b.customers_per_period, b.customers_per_quarter, s.share_last, "+
				"b.rate, b.rate_lower, b.rate_upper, b.leave_rate, b.value_gap, b.gap_lower, b.gap_upper, b.potential, b.potential_lower, "+
				"b.potential_upper, b.move_gain, b.customers, %[2]v AS step, b.stake, b.stake_lower, b.stake_upper, b.unit, b.p_value, b.q_value, b.needed, "+
				"d.median_periods, d.median_lower, d.median_upper, d.mean_periods, d.restricted_to, d.spells "+
				"FROM lifecycle.bottlenecks b JOIN lifecycle.stages s ON s.stage = b.stage JOIN lifecycle.dwell d ON d.stage = b.stage "+
				"WHERE b.stage = %[1]s", analytics.SQLText(b.Stage), f.step()),
			Opportunity: f.opportunity(b.Move, b.PerQuarter, b.Stake, f.goal(b.Stage, b.Best)),
		}
		f.add(x, v, b.Potential.Value, b.P, b.Q)
	}
	for i := range f.m.Stages {
		s := &f.m.Stages[i]
		if !s.Stuck || done[s.Name] || s.Name == Unassigned {
			continue
		}
		v := f.values("stuck")
		f.stageFacts(v, s)
		v.Estimate("leave_rate", s.Leave.Estimate)
		f.dwellValues(v, s.Name)
		f.add(analytics.Finding{Kind: "bottleneck", SubjectType: "stage", Subject: s.Name, Severity: analytics.Warning, Verdict: analytics.Different,
			EvidenceSQL: fmt.Sprintf("SELECT s.stage, s.customers_per_period, s.share_last, s.customers_per_quarter, s.leave_rate, s.leave_lower, s.leave_upper, s.customers, d.median_periods, "+
				"d.mean_periods, d.restricted_to, %v AS step FROM lifecycle.stages s JOIN lifecycle.dwell d ON d.stage = s.stage WHERE s.stage = %s", f.step(), analytics.SQLText(s.Name)),
			Opportunity: f.opportunity(s.Leave, s.PerQuarter, noStake(), f.goal(s.Name, "")),
		}, v, math.NaN(), math.NaN(), math.NaN())
	}
}

func (f *finder) lossPoints() {
	for _, l := range f.m.LossPoints {
		if l.ShareOfLosses < shownShare || !worthShowing(l.Verdict, l.P, l.Q) {
			continue
		}
		confirmed := f.confirmed(l.Verdict, l.Q)
		severity := analytics.Notice
		switch {
		case confirmed && l.Rank == 1 && l.ShareOfLosses >= .4:
			severity = analytics.Critical
		case confirmed && l.ShareOfLosses >= .1:
			severity = analytics.Warning
		}
		v := f.values("")
		v.Text("from_stage", l.From)
		v.Text("to_stage", l.To)
		v.Estimate("rate", l.Rate.Estimate)
		v.Fact("flow_per_quarter", l.FlowQuarter, f.m.StageNamed(l.From).Customers, "customers")
		v.Estimate("value_gap", l.Gap)
		v.Estimate("loss", l.Loss)
		v.Point("share_of_losses", l.ShareOfLosses, int64(len(f.m.LossPoints)), "share")
		v.Fact("rank", float64(l.Rank), int64(len(f.m.LossPoints)), "1")
		v.Fact("needed_customers", l.Needed, f.m.StageNamed(l.From).Customers, "customers")
		x := analytics.Finding{Kind: "loss_point", SubjectType: "transition", Subject: l.From + "->" + l.To, Severity: severity, Verdict: l.Verdict,
			Exploratory: !confirmed,
			EvidenceSQL: fmt.Sprintf("SELECT l.from_stage, l.to_stage, l.rank, l.rate, l.rate_lower, l.rate_upper, l.flow_per_quarter, l.value_gap, l.gap_lower, l.gap_upper, "+
				"l.loss_per_quarter, l.loss_lower, l.loss_upper, l.share_of_losses, l.customers, s.customers_per_quarter, %[3]v AS step, "+
				"l.stake, l.stake_lower, l.stake_upper, l.unit, l.p_value, l.q_value, l.needed FROM lifecycle.loss_points l JOIN lifecycle.stages s ON s.stage = l.from_stage "+
				"WHERE l.from_stage = %[1]s AND l.to_stage = %[2]s", analytics.SQLText(l.From), analytics.SQLText(l.To), f.step()),
			Opportunity: f.opportunity(l.Rate, f.m.StageNamed(l.From).PerQuarter, l.Stake, f.goal(l.To, l.From)),
		}
		f.add(x, v, l.Loss.Value, l.P, l.Q)
	}
}

func (f *finder) rules() {
	none := math.NaN()
	fact := func(x analytics.Finding, v *analytics.Values) {
		x.Kind, x.Verdict = "stage_rule_gap", analytics.Different
		f.add(x, v, none, none, none)
	}
	if s := f.m.StageNamed(Unassigned); s != nil && s.CustomersLast > 0 {
		severity := analytics.Notice
		if s.ShareLast >= unassignedWarning {
			severity = analytics.Warning
		}
		v := f.values("unassigned")
		v.Fact("share", s.ShareLast, f.m.Customers, "share")
		v.Fact("customers", float64(s.CustomersLast), f.m.Customers, "customers")
		fact(analytics.Finding{SubjectType: "stage", Subject: Unassigned, Severity: severity,
			EvidenceSQL: "SELECT stage, share_last, customers_last FROM lifecycle.stages WHERE stage = " + analytics.SQLText(Unassigned),
			Opportunity: mend("unassigned_share", suffstat.Fact(s.ShareLast, f.m.Customers, "share"), s.CustomersLast, 1)}, v)
	}
	for _, r := range f.m.Rules {
		evidence := "SELECT stage, rule, matches, taken, shadowed_by, shadowed FROM lifecycle.rules WHERE stage = " + analytics.SQLText(r.Name)
		switch r.Verdict {
		case RuleUnreachable:
			v := f.values("unreachable")
			v.Fact("matched", float64(r.Matches), f.m.Customers, "customers")
			v.Text("shadowed_by", r.ShadowedBy)
			fact(analytics.Finding{SubjectType: "stage", Subject: r.Name, Severity: analytics.Warning, EvidenceSQL: evidence,
				Opportunity: mend("misplaced_customers", suffstat.Fact(float64(r.Matches), f.m.Customers, "customers"), r.Matches, 1)}, v)
		case RuleNoMatch:
			v := f.values("no_match")
			v.Fact("customers", float64(f.m.Customers), f.m.Customers, "customers")
			fact(analytics.Finding{SubjectType: "stage", Subject: r.Name, Severity: analytics.Notice,
				EvidenceSQL: strings.Replace(evidence, " FROM ", ", (SELECT sum(customers_last) FROM lifecycle.stages) AS customers FROM ", 1),
				Opportunity: mend("stage_customers", suffstat.Fact(0, f.m.Customers, "customers"), 0, 1)}, v)
		}
	}
	if f.m.Customers > 0 && float64(f.m.OrderDecide) >= orderDecides*float64(f.m.Customers) {
		var top RuleOverlap
		for _, o := range f.m.Overlaps {
			if o.Contested && o.Customers > top.Customers {
				top = o
			}
		}
		v := f.values("overlap")
		v.Fact("share", float64(f.m.OrderDecide)/float64(f.m.Customers), f.m.Customers, "share")
		v.Fact("customers", float64(f.m.OrderDecide), f.m.Customers, "customers")
		v.Text("stage_a", top.A)
		v.Text("stage_b", top.B)
		v.Fact("pair_customers", float64(top.Customers), f.m.Customers, "customers")
		fact(analytics.Finding{SubjectType: "lifecycle", Subject: "rule_order", Severity: analytics.Notice,
			EvidenceSQL: "SELECT m.customers, m.share, o.stage_a, o.stage_b, o.customers AS pair_customers FROM lifecycle.rule_order m, " +
				"lifecycle.rule_overlaps o WHERE o.stage_a = " + analytics.SQLText(top.A) + " AND o.stage_b = " + analytics.SQLText(top.B),
			Opportunity: mend("order_decided_share", suffstat.Fact(float64(f.m.OrderDecide)/float64(f.m.Customers), f.m.Customers, "share"), f.m.OrderDecide, 1)}, v)
	}
}

// scenarios reports stages that nobody speaks to. Without any scenario known there is nothing to compare with: that is coverage, not a finding.
func (f *finder) scenarios() {
	if f.m.Scenarios == 0 {
		return
	}
	for i := range f.m.Stages {
		s := &f.m.Stages[i]
		if len(s.ScenarioIDs) > 0 || s.CustomersLast == 0 || s.Name == Unassigned {
			continue
		}
		severity := analytics.Notice
		if s.ShareLast >= .1 {
			severity = analytics.Warning
		}
		v := f.values("no_scenario")
		v.Fact("customers", float64(s.CustomersLast), f.m.Customers, "customers")
		v.Fact("share_last", s.ShareLast, f.m.Customers, "share")
		v.Fact("scenarios", float64(f.m.Scenarios), f.m.Customers, "scenarios")
		v.Estimate("next_order_rate", s.NextOrder.Estimate)
		x := analytics.Finding{Kind: "stage_rule_gap", SubjectType: "stage", Subject: s.Name, Severity: severity, Verdict: analytics.Different,
			EvidenceSQL: fmt.Sprintf("SELECT stage, customers_last, share_last, scenarios, (SELECT count(*) FROM scenarios.scenarios) AS all_scenarios, next_order_rate, next_order_lower, next_order_upper, customers, "+
				"customers_per_quarter, %v AS step FROM lifecycle.stages WHERE stage = %s", f.opt.margin("order_rate", .01), analytics.SQLText(s.Name)),
		}
		if s.NextOrder.OK() {
			x.Opportunity = f.speak(s, s.NextOrder, 3)
		}
		f.add(x, v, math.NaN(), math.NaN(), math.NaN())
	}
}

func (m *Model) testOf(name, subject string) *Test {
	for i := range m.Tests {
		if m.Tests[i].Name == name && m.Tests[i].Subject == subject {
			return &m.Tests[i]
		}
	}
	return nil
}

func (f *finder) memory() {
	var worst *KStepError
	for i := range f.m.KStepErrors {
		e := &f.m.KStepErrors[i]
		if e.NotMarkov && (worst == nil || e.Markov.Value > worst.Markov.Value) {
			worst = e
		}
	}
	if worst == nil {
		return
	}
	v := f.values("memory")
	v.Fact("horizon", float64(worst.Horizon), f.m.Moves, "periods")
	v.Estimate("forecast_error", worst.Markov)
	v.Point("expanded_error", worst.Expanded, f.m.Moves, "share")
	p, q, statistic := math.NaN(), math.NaN(), math.NaN()
	if t := f.m.testOf(TestOrder, "all"); t != nil {
		v.Point("log_loss_gain", t.Independence.Gain, t.Independence.N, "share")
		v.Point("information_bits", t.Independence.BitsCorrected, t.Independence.N, "bits")
		p, q, statistic = t.Clustered.P, t.Q, t.Clustered.F
	}
	f.add(analytics.Finding{Kind: "stage_rule_gap", SubjectType: "lifecycle", Subject: "memory", Severity: analytics.Notice, Verdict: analytics.Different,
		Exploratory: !(q <= f.opt.FDR), Opportunity: mend("forecast_error", worst.Markov, f.m.Customers, 2),
		EvidenceSQL: fmt.Sprintf("SELECT e.horizon, e.markov_error, e.lower, e.upper, e.expanded_error, (SELECT sum(customers_last) FROM lifecycle.stages) AS customers, (SELECT sum(n) FROM lifecycle.transition_periods) AS moves, t.log_loss_gain, t.information_bits, t.statistic, t.p_value, "+
			"t.q_value FROM lifecycle.kstep_errors e LEFT JOIN lifecycle.tests t ON t.test = %s AND t.subject = 'all' WHERE e.horizon = %d",
			analytics.SQLText(TestOrder), worst.Horizon)}, v, statistic, p, q)
}

// time reports a matrix that changes over the audited periods. The stage whose row changes most is named; when the whole matrix does not change enough to
// matter but that row does, the row's own test stands for the finding.
func (f *finder) time() {
	all := f.m.testOf(TestTime, "all")
	if all == nil {
		return
	}
	var top *Test
	most := 0.
	for i := range f.m.Tests {
		s := &f.m.Tests[i]
		if s.Name != TestTime || s.Subject == "all" {
			continue
		}
		if bits := s.Independence.BitsCorrected * float64(s.Independence.N); (s.Matters || all.Matters) && bits > most {
			top, most = s, bits
		}
	}
	t := all
	if !all.Matters {
		t = top
	}
	if t == nil {
		return
	}
	v := f.values("time")
	v.Point("log_loss_gain", t.Independence.Gain, t.Independence.N, "share")
	v.Point("information_bits", t.Independence.BitsCorrected, t.Independence.N, "bits")
	stage := ""
	if top != nil {
		stage = top.Subject
	}
	v.Text("stage", stage)
	confirmed := t.Q <= f.opt.FDR
	severity := analytics.Notice
	if confirmed {
		severity = analytics.Warning
	}
	f.add(analytics.Finding{Kind: "metric_shift", SubjectType: "lifecycle", Subject: "transitions", Severity: severity, Verdict: analytics.Different,
		Exploratory: !confirmed,
		EvidenceSQL: fmt.Sprintf("SELECT test, subject, log_loss_gain, information_bits, statistic, df, p_value, q_value FROM lifecycle.tests "+
			"WHERE test = %s AND subject IN ('all', %s) ORDER BY subject", analytics.SQLText(TestTime), analytics.SQLText(stage))}, v, t.Clustered.F, t.Clustered.P, t.Q)
}

// reachable is the customers of stages per quarter.
func (f *finder) reachable(stages ...string) int64 {
	n := 0.
	for _, name := range stages {
		if s := f.m.StageNamed(name); s != nil {
			n += s.PerQuarter
		}
	}
	return int64(math.Round(n))
}

func (f *finder) thresholds() {
	border := map[string]float64{} // difference to the next stage
	for _, t := range f.m.Thresholds {
		if t.Kind == EqualNeighbours {
			border[t.A] = math.Abs(t.Difference.Value)
		}
	}
	for _, t := range f.m.Thresholds {
		next, known := border[t.A]
		x := analytics.Finding{Kind: "stage_threshold", Severity: analytics.Notice, Verdict: t.Verdict, Exploratory: !(t.Q <= f.opt.FDR)}
		v := f.values(t.Kind)
		p := t.PDifferent
		switch {
		case t.Kind == EqualNeighbours && t.Verdict == analytics.Equivalent:
			x.SubjectType, x.Subject, p = "stage_pair", t.A+"|"+t.B, t.PEquiv
			v.Text("stage_a", t.A)
			v.Text("stage_b", t.B)
			v.Estimate("rate_a", t.RateA.Estimate)
			v.Estimate("rate_b", t.RateB.Estimate)
			x.Opportunity = mend("order_rate", t.RateA.Estimate, f.reachable(t.A, t.B), 2)
		case t.Kind == MixedStage && t.Verdict == analytics.Different && known && math.Abs(t.Difference.Value) > next:
			// A border inside the stage would separate more than the one below it.
			x.SubjectType, x.Subject = "stage", t.A
			v.Estimate("rate_early", t.RateA.Estimate)
			v.Estimate("rate_late", t.RateB.Estimate)
			v.Fact("split_age", float64(t.SplitAge), t.RateA.N, "periods")
			x.Opportunity = f.speak(f.m.StageNamed(t.A), t.RateB, 3)
		default:
			continue
		}
		v.Estimate("difference", t.Difference)
		v.Fact("margin", t.Margin, t.RateA.N, "share")
		x.EvidenceSQL = fmt.Sprintf("SELECT t.kind, t.stage_a, t.stage_b, t.split_age, t.rate_a, t.rate_a_lower, t.rate_a_upper, t.rate_b, t.rate_b_lower, t.rate_b_upper, "+
			"t.difference, t.difference_lower, t.difference_upper, t.margin, %v AS step, a.customers AS customers_a, b.customers AS customers_b, t.p_different, t.p_equivalent, t.q_value FROM lifecycle.thresholds t "+
			"JOIN lifecycle.stages a ON a.stage = t.stage_a LEFT JOIN lifecycle.stages b ON b.stage = t.stage_b WHERE t.kind = %s AND t.stage_a = %s AND t.stage_b = %s", f.opt.margin("order_rate", .01), analytics.SQLText(t.Kind), analytics.SQLText(t.A), analytics.SQLText(t.B))
		f.add(x, v, t.Difference.Value, p, t.Q)
	}
}
