package pipeline

import (
	"fmt"
	"math"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Findings of block 14 and what each carries, for the texts (ru, en) and for the backlog.
//
// Shares are fractions in [0, 1]; money per quarter is in the unit that the estimate names (the currency, or "deals" won where deals have no amount). (t) is a Value.Text, all others are
// Value.Estimate; "fact" is counted, no interval. A value that could not be estimated is left out of Values, never NaN. The names of deal stages are values deal_from, deal_to and deal_place, so
// that no word of a life-cycle stage is put in their place.
//
//	kind           SubjectType  Subject      reason (t)     Values
//	pipeline_stuck pipeline     "deals"      pipeline       more open deals than the norm allows have not moved for idle_days
//	               deal_stage   the stage    stage          the same of the deals in one stage
//	               owner        the owner    owner          of this owner's open deals more stand still than of the others'
//	               idle_share                               share of active deals
//	               idle, active, idle_days                  facts: deals, deals, days
//	               silent                                   fact: of idle, deals without any task created or done either (not with reason owner)
//	               norm, red_zone                           facts: shares (not with reason owner)
//	               idle_amount                              fact: currency units; absent without amounts (not with reason owner)
//	               deal_place (t), place_idle               stage where most of them stand, and how many (fact; reason pipeline)
//	               others_share, shrunk                     with reason owner: what is usual among owners (no interval), and the owner's own share pulled to it
//	               needed_deals                             fact: deals that would decide; only when the verdict is inconclusive or insufficient_data
//	bottleneck     deal_stage   the stage    deals          more deals stall here than in the other open stages, and what stalls is worth something
//	               stalled_share                            share of stays longer than horizon
//	               difference                               of it from the other open stages, share points
//	               horizon                                  fact: days
//	               median_days                              days; absent when fewer than half of the stays are seen to end
//	               active, idle                             facts: deals here at the end of the period
//	               entered_per_quarter                      fact: deals entering the stage in a quarter
//	               win                                      chance that a deal here is won in the end
//	               potential                                money per quarter if what stalls were worth what moves: a ceiling
//	               rank                                     fact: 1 = largest potential
//	               needed_deals                             as above
//	loss_point     deal_move    "a->b"       deals          deals are lost from here more often than from the other open stages that lose any
//	               deal_from (t), deal_to (t)
//	               chance                                   of this loss within horizon
//	               difference, horizon                      as above
//	               lost_per_quarter                         fact: deals
//	               win                                      chance that a deal in deal_from is won in the end
//	               loss                                     money per quarter: lost_per_quarter x value of a deal in deal_from
//	               needed_deals                             as above
//	data_health    deal_check   check name   deals_low      filled less than the norm asks (deal_check (t) is the name of the check)
//	                                         deals_high     more of what should not be than the norm allows
//	                                         tasks_low, tasks_high  the same of tasks done in time and of overdue tasks
//	               value                                    fact: share
//	               count, total                             facts
//	               norm, red_zone                           facts: shares
//
// Families of the false-discovery rate: shares of idle deals (the whole pipeline and every open stage), bottlenecks, losses, and each metric of owners and of sources. A finding is reported at q <= .10
// and is exploratory above decision.fdr; pipeline_stuck is exploratory as well where no deal has more than one stage (no history was exported); the whole pipeline is also reported, exploratory, when today's count is over the norm and the habit is not decided. data_health are facts. Owners and sources
// make no finding besides idle deals of an owner: analytics.pipeline_groups has them all with intervals.
//
// Opportunities: grade D, Effect and Money nil, Threat "structural_only". pipeline_stuck: Metric "deals_idle_share", Stake = step x active deals x value of a deal where they stand. bottleneck: Metric
// "deals_stalled_share", Stake = step x deals entering in a quarter x value of one that does not stall. loss_point: Metric "deals_lost_share", Stake = step x deals entering x value. data_health: Metric
// "field_filled_share" or "record_error_share", no stake, TestDesign "" (a repair). Step: 2 percentage points, or transition_rate of decision.equivalence.
//
// Coverage keys (input: answers). deals: pipeline; deals.customer_id: deal_intervals; deals.owner: owners_of_deals; deals.amount: pipeline_money; deals.outcome: won_and_lost; deals.loss_reason: loss_reasons;
// deals.next_step_at: next_steps; pipeline.stages: stage_order; tasks: tasks_of_owners; tasks.done_at: first_response. Notes: "", missing, none_in_period, stage_limit, deals_end_early, bucket_by_deal, some_unfilled, count_of_deals,
// none_closed, order_inferred, no_moves.

const (
	// screening is the false-discovery rate up to which a row is worth a look, labelled exploratory (statistics 0.4).
	screening = .10
	// leastIdle is the number of idle deals from which a count over the norm is worth saying although the habit is not decided.
	leastIdle = 5
)

// healthChecks are the checks that make a finding; the others are said by other findings or are descriptions.
func healthChecks() []string {
	return []string{"next_step_filled", "next_step_past", "owner_filled", "amount_filled", "won_without_amount", "loss_reason_filled", "loss_reason_filler", "closed_without_move", "outcome_contradicts",
		"same_instant", "future_rows", "tasks_on_time", "tasks_overdue", "tasks_undated", "tasks_unreal"}
}

// Findings decides what the model says.
func Findings(m *Model, opt Options) []analytics.Finding {
	f := finder{m: m, opt: opt.filled()}
	f.stuck()
	f.stuckOwners()
	f.bottlenecks()
	f.lossPoints()
	f.health()
	return f.out
}

type finder struct {
	m   *Model
	opt Options
	out []analytics.Finding
}

func (f *finder) add(x analytics.Finding, v *analytics.Values, statistic float64, d analytics.Decision, q float64) {
	if d.Needed > 0 {
		v.Fact("needed_deals", float64(d.Needed), 0, "deals")
	}
	x.Block, x.Values, x.Verdict = "pipeline", *v, d.Verdict
	x.Statistic, x.QValue = analytics.Number(statistic), analytics.Number(q)
	if d.Verdict != analytics.InsufficientData {
		x.PValue = analytics.Number(d.PDifference)
	}
	x.Exploratory = !(d.Verdict == analytics.Different && (math.IsNaN(q) || q <= f.opt.FDR)) || x.Kind == "pipeline_stuck" && f.m.NoHistory
	if x.Exploratory {
		x.Severity = analytics.Notice
	}
	f.out = append(f.out, x)
}

// above tells whether a decision says "larger", at least for a look.
func above(d analytics.Decision, q float64) bool {
	return d.Verdict == analytics.Different && d.Interval.Value > 0 && q <= screening
}

func (f *finder) stuck() {
	c := f.m.check("idle_deals")
	if above(f.m.IdleNorm, f.m.IdleQ) || c.Status != statusOK && c.Numerator >= leastIdle && f.m.IdleNorm.Verdict != analytics.Equivalent {
		v := f.idleValues("pipeline", f.m.All, f.m.Idle.Estimate)
		var worst Stage
		for _, s := range f.m.Stages {
			if s.State.Idle > worst.State.Idle {
				worst = s
			}
		}
		if worst.Name != "" {
			v.Text("deal_place", worst.Name)
			v.Fact("place_idle", float64(worst.State.Idle), f.m.All.Active, "deals")
		}
		o := f.unstick(f.m.Idle.Estimate, f.m.All.Active, f.m.Stages)
		if worst.Name != "" && 2*worst.State.Idle >= f.m.All.Idle { // the same deals as those of the finding on that stage
			o.Problem = problem(worst.Name)
		}
		f.add(analytics.Finding{Kind: "pipeline_stuck", SubjectType: "pipeline", Subject: "deals", Severity: severityOf(c.Status),
			EvidenceSQL: f.idleSQL() + "check_name, value, lower, upper, numerator, denominator, norm, red_zone, status FROM analytics.pipeline_checks WHERE check_name IN ('idle_deals', 'silent_deals', 'overdue_deals')",
			Opportunity: o,
		}, v, c.Value, f.m.IdleNorm, f.m.IdleQ)
	}
	for _, s := range f.m.Stages {
		if s.Role != roleOpen || !above(s.IdleNorm, s.IdleQ) {
			continue
		}
		v := f.idleValues("stage", s.State, s.Idle.Estimate)
		o := f.unstick(s.Idle.Estimate, s.State.Active, []Stage{s})
		o.Problem = problem(s.Name)
		f.add(analytics.Finding{Kind: "pipeline_stuck", SubjectType: "deal_stage", Subject: s.Name, Severity: severityOf(c.Norm.status(s.Idle.Value, false)),
			EvidenceSQL: f.idleSQL() + "stage, active, idle, silent, idle_share, idle_lower, idle_upper, idle_p_value, idle_q_value, active_amount, idle_amount, value FROM analytics.pipeline_stages WHERE stage = " + analytics.SQLText(s.Name),
			Opportunity: o,
		}, v, s.Idle.Value, s.IdleNorm, s.IdleQ)
	}
}

// idleSQL begins an evidence with the setting from which on a deal is idle.
func (f *finder) idleSQL() string { return fmt.Sprintf("SELECT %d AS idle_days, ", f.opt.IdleDays) }

// problem names the deals that wait in a stage: idle and stalled ones are the same, and counted once.
func problem(stage string) string { return "deal_stage:" + stage }

func severityOf(status string) analytics.Severity {
	if status == statusRed {
		return analytics.Critical
	}
	return analytics.Warning
}

func (f *finder) idleValues(reason string, s State, share suffstat.Estimate) *analytics.Values {
	v := &analytics.Values{}
	c := f.m.check("idle_deals")
	v.Text("reason", reason)
	v.Estimate("idle_share", share)
	v.Fact("idle", float64(s.Idle), s.Active, "deals")
	v.Fact("active", float64(s.Active), s.Active, "deals")
	v.Fact("silent", float64(s.Silent), s.Active, "deals")
	v.Fact("idle_days", float64(f.opt.IdleDays), s.Active, "days")
	v.Fact("norm", c.Norm.Norm, s.Active, "share")
	v.Fact("red_zone", c.Norm.Red, s.Active, "share")
	if s.IdleMinor > 0 && f.opt.Currency != "" {
		v.Fact("idle_amount", float64(s.IdleMinor)/100, s.Idle, f.opt.Currency)
	}
	return v
}

// unstick is what one step of the idle share is worth: so many deals, at the value of a deal where the idle ones stand.
func (f *finder) unstick(share suffstat.Estimate, active int64, stages []Stage) *analytics.Opportunity {
	o := f.opportunity("deals_idle_share", share, float64(active))
	var weight float64
	value := suffstat.Replicates{}
	for _, s := range stages {
		if s.State.Idle == 0 || s.ownValue.Value == nil {
			continue
		}
		w := float64(s.State.Idle)
		part := s.ownValue.Combine(func(v []float64) float64 { return w * v[0] })
		if value.Value == nil {
			value = part
		} else {
			value = value.Join(part).Combine(func(v []float64) float64 { return v[0] + v[1] })
		}
		weight += w
	}
	if value.Value != nil && weight > 0 {
		f.stake(o, value.Estimate(0, level), o.Step*float64(active)/weight)
	}
	return o
}

func (f *finder) opportunity(metric string, baseline suffstat.Estimate, perQuarter float64) *analytics.Opportunity {
	return &analytics.Opportunity{
		Metric: metric, Unit: "share", Baseline: baseline, Population: int64(math.Round(perQuarter)), Step: f.opt.Margin, Grade: analytics.GradeStructural,
		Threat: "structural_only", TestDesign: "ab", Effort: 2, WeeklyFlow: int64(math.Round(perQuarter / 13)),
	}
}

// stake adds money; where deals have no amounts there is none.
func (f *finder) stake(o *analytics.Opportunity, each suffstat.Estimate, times float64) {
	if f.m.Unit != f.opt.Currency || f.m.Unit == "" || !each.OK() || !analytics.Finite(each.Lower) || !analytics.Finite(each.Upper) {
		return
	}
	e := each.Scale(times, f.m.Unit)
	e.Lower = math.Max(0, e.Lower)
	o.Stake = &e
}

func (f *finder) stuckOwners() {
	for _, g := range f.m.named("owner", idleShare, higher) {
		if g.Value == "" || g.Value == "(other)" {
			continue
		}
		v := &analytics.Values{}
		v.Text("reason", "owner")
		v.Estimate("idle_share", g.Raw)
		v.Fact("idle", float64(g.Events), g.N, "deals")
		v.Fact("active", float64(g.N), g.N, "deals")
		v.Fact("idle_days", float64(f.opt.IdleDays), g.N, "days")
		v.Point("others_share", g.Reference, f.m.All.Active, "share")
		v.Estimate("shrunk", g.Shrunk)
		f.add(analytics.Finding{Kind: "pipeline_stuck", SubjectType: "owner", Subject: g.Value, Severity: analytics.Warning,
			EvidenceSQL: fmt.Sprintf("SELECT group_value, n, events, value, lower, upper, shrunk, shrunk_lower, shrunk_upper, reference, p_value, q_value FROM analytics.pipeline_groups "+
				"WHERE grouping = 'owner' AND metric = 'idle_share' AND group_value = %s", analytics.SQLText(g.Value)),
			Opportunity: f.opportunity("deals_idle_share", g.Raw, float64(g.N)),
		}, v, g.Raw.Value, g.Decision, g.Q)
	}
}

func (f *finder) bottlenecks() {
	for _, s := range f.m.Stages {
		if s.Role != roleOpen || !above(s.Stall, s.StallQ) {
			continue
		}
		v := &analytics.Values{}
		perQuarter := float64(s.Entered) / f.m.Quarters
		v.Text("reason", "deals")
		v.Estimate("stalled_share", s.Stalled)
		v.Estimate("difference", s.Stall.Interval.Of(s.Stays, "share"))
		v.Fact("horizon", float64(s.Horizon), s.Stays, "days")
		v.Estimate("median_days", s.Median)
		v.Fact("active", float64(s.State.Active), s.State.Active, "deals")
		v.Fact("idle", float64(s.State.Idle), s.State.Active, "deals")
		v.Fact("entered_per_quarter", perQuarter, s.Entered, "deals")
		v.Estimate("win", s.Win)
		v.Estimate("potential", s.Potential)
		if s.Rank > 0 {
			v.Fact("rank", float64(s.Rank), int64(len(f.m.Stages)), "1")
		}
		o := f.opportunity("deals_stalled_share", s.Stalled, perQuarter)
		o.Problem = problem(s.Name)
		n := len(s.causes)
		moved := s.ownValue.Join(s.chances).Combine(func(v []float64) float64 { return v[0] / math.Max(1-v[1+n], 1e-9) })
		if moved.Value != nil {
			f.stake(o, moved.Estimate(0, level), o.Step*perQuarter)
		}
		severity := analytics.Warning
		if s.Rank == 1 {
			severity = analytics.Critical
		}
		f.add(analytics.Finding{Kind: "bottleneck", SubjectType: "deal_stage", Subject: s.Name, Severity: severity,
			EvidenceSQL: "SELECT stage, stays, entered, stalled_share, stalled_lower, stalled_upper, restricted_to, median_days, median_lower, median_upper, active, idle, win_probability, win_lower, win_upper, " +
				"value, potential, potential_lower, potential_upper, potential_rank, potential_p_value, potential_q_value, unit FROM analytics.pipeline_stages WHERE stage = " + analytics.SQLText(s.Name),
			Opportunity: o,
		}, v, s.Stalled.Value, s.Stall, s.StallQ)
	}
}

func (f *finder) lossPoints() {
	for _, x := range f.m.Moves {
		if !x.Tested || !above(x.Test, x.Q) {
			continue
		}
		from := f.m.stage(x.From)
		v := &analytics.Values{}
		perQuarter := float64(from.Entered) / f.m.Quarters
		v.Text("reason", "deals")
		v.Text("deal_from", x.FromStage)
		v.Text("deal_to", x.ToStage)
		v.Estimate("chance", x.Probability)
		v.Estimate("difference", x.Test.Interval.Of(x.AtRisk, "share"))
		v.Fact("horizon", float64(x.Horizon), x.AtRisk, "days")
		v.Fact("lost_per_quarter", float64(x.N)/f.m.Quarters, x.N, "deals")
		v.Estimate("win", from.Win)
		v.Estimate("loss", x.Loss)
		o := f.opportunity("deals_lost_share", x.Probability, perQuarter)
		f.stake(o, x.Gap, o.Step*perQuarter)
		f.add(analytics.Finding{Kind: "loss_point", SubjectType: "deal_move", Subject: x.FromStage + "->" + x.ToStage, Severity: analytics.Warning,
			EvidenceSQL: fmt.Sprintf("SELECT from_stage, to_stage, n, at_risk, probability, lower, upper, horizon_days, value_gap, loss, loss_lower, loss_upper, unit, p_value, q_value FROM analytics.pipeline_transitions "+
				"WHERE from_stage = %s AND to_stage = %s", analytics.SQLText(x.FromStage), analytics.SQLText(x.ToStage)),
			Opportunity: o,
		}, v, x.Probability.Value, x.Test, x.Q)
	}
}

// health turns checks beyond their norm into findings: facts about the records.
func (f *finder) health() {
	for _, name := range healthChecks() {
		c := f.m.check(name)
		if c.Norm == nil || c.Status != statusWarning && c.Status != statusRed {
			continue
		}
		v := &analytics.Values{}
		reason, metric := "deals_high", "record_error_share"
		if c.Higher {
			reason, metric = "deals_low", "field_filled_share"
		}
		if name == "tasks_on_time" || name == "tasks_overdue" { // what people do, not what stands in a field
			reason = strings.Replace(reason, "deals", "tasks", 1)
		}
		severity := analytics.Notice
		if c.Status == statusRed {
			severity = analytics.Warning
		}
		v.Text("reason", reason)
		v.Text("deal_check", name)
		v.Fact("value", c.Value, c.Total, "share")
		v.Fact("count", float64(c.Numerator), c.Total, "1")
		v.Fact("total", float64(c.Total), c.Total, "1")
		v.Fact("norm", c.Norm.Norm, c.Total, "share")
		v.Fact("red_zone", c.Norm.Red, c.Total, "share")
		o := f.opportunity(metric, suffstat.Fact(c.Value, c.Total, "share"), float64(c.Total)/f.m.Quarters)
		o.TestDesign, o.WeeklyFlow, o.Effort = "", 0, 1
		f.add(analytics.Finding{Kind: "data_health", SubjectType: "deal_check", Subject: name, Severity: severity,
			EvidenceSQL: "SELECT check_name, value, numerator, denominator, norm, red_zone, status FROM analytics.pipeline_checks WHERE check_name = " + analytics.SQLText(name),
			Opportunity: o,
		}, v, c.Value, analytics.Decision{Verdict: analytics.Different, PDifference: math.NaN()}, math.NaN())
	}
}
