package segments

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Findings of the block. (t) is a Value.Text, all others are Value.Estimate; "fact" is counted, no interval. SubjectType is segment, Subject its id; SubjectType segments is for all segments
// of one reason, where three or more have it: too_small, empty, static, unused, silent. Subject is that reason (static_exploratory for those that are not confirmed), reason (t) has _many behind it.
//
//	kind             reason (t)  when
//	segment_stuck    stage       members stay although their life-cycle stage changes: interval of stuck_share above limit, q <= .10
//	                 static      the same, and nearly nobody leaves at all: interval of stay_share above .99
//	                 stale       more than a tenth of the members no longer satisfy the segment's own rule (fact)
//	                 both
//	segment_size     empty       no members on the last day of the audit (fact); only segments that are defined or ever had members
//	                 everybody   at least 99 % of the base (fact)
//	                 too_small   no test of half against half would find what a campaign may plausibly do
//	                 too_large   over 40 % of the base, and stages within it order differently: interval of stage_gain above limit, q <= .10
//	segment_unused   unused      audit.yaml says who uses which segments, and nobody uses this one (fact)
//	                 silent      only scenarios that do nothing in the data (fact)
//
// Values: customers (fact), share (fact, of the base).
//
//	segment_stuck    stuck_share (share, interval), stay_share (share, interval), stage_changes (fact), limit (fact), turnover (share per period, interval), median_days (days,
//	                 interval), stale_share (fact), rule_members (fact)
//	segment_size     order_rate (share, interval), outcome_days (fact), mde (share, no interval), plausible (fact), members_needed (fact), stage_gain (share,
//	                 interval), limit (fact), memberships (fact)
//	segment_unused   used_by (t), order_rate (share, interval), outcome_days (fact)
//	..._many         segments (fact), of_segments (fact, all there are), customers (fact, summed: who is in several counts in each), no share; too_small: nearest (t) to being large enough with
//	                 nearest_customers (fact), mde, plausible, members_needed, and farthest (t) with farthest_customers (fact); all others: first, second, third (t), the largest; static: weakest
//	                 (t), where the lower limit of stay_share is lowest, with its stay_share. Statistic is the number of segments; p and q of static are the weakest of them.
//
// Opportunity: segment_stuck (not static), metric stuck_share or stale_share; segment_size too_large and segment_unused, metric order_rate (of many: of the largest). Grade D (structure), Threat
// "structural_only", TestDesign "ab". The other sizes, and unused segments whose members do not order: metric segment_members (of many: segments), TestDesign "none".
//
// Coverage: input, answers, notes:
//
//	segment_memberships  segment_movement     "", missing, no_memberships, entries_only, current_only, some_current, snapshots, too_short
//	orders               segment_size_test    "", no_orders
//	segments             segment_definitions  "", no_used_by, no_segment_rules, no_segment_definitions

const screening = .10

// Columns of segments.segments that the evidence of each kind shows.
const (
	stuckColumns = "stuck_share, stuck_lower, stuck_upper, stage_changes, stay_share, turnover_rate, median_days_in, stale_share, rule_members"
	sizeColumns  = "form, order_rate, order_lower, order_upper, outcome_days, mde_relative, members_needed, stage_gain, stage_gain_lower, stage_gain_upper"
	useColumns   = "used_by, use_verdict, order_rate, order_lower, order_upper, outcome_days"
)

// Options is what the findings need of the settings.
type Options struct {
	FDR   float64
	Weeks float64 // length of the audited period
	Step  float64 // smallest change of the order rate of interest
}

// Findings says which segments deserve a decision, in the order of their ids; then, where three or more have one reason in common, all of them at once.
func Findings(m *Model, opt Options) []analytics.Finding {
	var out []analytics.Finding
	var of []*Segment
	for _, s := range m.Segments {
		f := finder{m: m, s: s, opt: opt}
		f.stuck()
		f.size()
		f.unused()
		out = append(out, f.out...)
		of = append(of, slices.Repeat([]*Segment{s}, len(f.out))...)
	}
	return m.together(out, of, opt)
}

type finder struct {
	m   *Model
	s   *Segment
	opt Options
	out []analytics.Finding
}

// add appends a finding. columns are what the evidence shows beside the segment; statistic is one of them.
func (f *finder) add(kind string, severity analytics.Severity, verdict analytics.Verdict, p, q, statistic float64, v analytics.Values, columns string) *analytics.Finding {
	f.out = append(f.out, analytics.Finding{
		Block: "segments", Kind: kind, SubjectType: "segment", Subject: f.s.ID, Severity: severity, Verdict: verdict,
		Statistic: analytics.Number(statistic), PValue: analytics.Number(p), QValue: analytics.Number(q), Exploratory: analytics.Finite(q) && q > f.opt.FDR, Values: v,
		EvidenceSQL: fmt.Sprintf("SELECT segment_id, customers, share, %s FROM segments.segments WHERE segment_id = %s", columns, analytics.SQLText(f.s.ID)),
	})
	return &f.out[len(f.out)-1]
}

// values begins with what every finding says.
func (f *finder) values(reason string) analytics.Values {
	var v analytics.Values
	n := f.s.Total.Members
	v.Text("reason", reason)
	v.Fact("customers", float64(n), n, "customers")
	v.Fact("share", ratio(n, f.m.Base), f.m.Base, "share")
	return v
}

func (f *finder) opportunity(metric string, baseline suffstat.Estimate, step float64, effort int) *analytics.Opportunity {
	n := f.s.Total.Members
	weekly := float64(n) / 13
	if f.s.Movement() {
		weekly = max(weekly, float64(f.s.Total.Entries)/max(f.opt.Weeks, 1))
	}
	return &analytics.Opportunity{
		Metric: metric, Unit: "share", Baseline: baseline, Population: n, Step: step, Grade: analytics.GradeStructural, Threat: "structural_only",
		TestDesign: "ab", Guardrails: []string{"unsubscribe_rate"}, Effort: effort, WeeklyFlow: int64(weekly),
	}
}

// tidy is a change of the list of segments itself: whom a segment holds, or whether it is kept. It sends nothing to anybody, so there is nothing to test.
func tidy(members suffstat.Estimate, population int64, effort int) *analytics.Opportunity {
	return &analytics.Opportunity{
		Metric: "segment_members", Unit: members.Unit, Baseline: members, Population: population, Step: max(members.Value/2, 1), Grade: analytics.GradeStructural, Threat: "structural_only",
		TestDesign: "none", Guardrails: []string{"order_rate"}, Effort: effort,
	}
}

func (f *finder) stuck() {
	s := f.s
	static := s.StuckVerdict == Static
	stage := (static || s.StuckVerdict == Stuck) && s.StuckQ <= screening
	stale := s.StaleVerdict == Stale
	if !stage && !stale || s.Total.Members == 0 {
		return
	}
	reason := Stale
	switch {
	case stage && stale:
		reason = "both"
	case stage && static:
		reason = Static
	case stage:
		reason = "stage"
	}
	v := f.values(reason)
	if stage {
		v.Estimate("stuck_share", s.Stuck.Estimate)
		v.Fact("stage_changes", float64(s.Total.Changes), s.Stuck.N, "")
		v.Fact("limit", stuckLimit, s.Stuck.N, "share")
		v.Estimate("stay_share", s.Stay.Estimate)
	}
	if s.Turnover.OK() {
		v.Estimate("turnover", s.Turnover.Estimate)
	}
	if s.Median.OK() {
		v.Estimate("median_days", s.Median)
	}
	if stale {
		v.Fact("stale_share", s.StaleShare(), s.RuleMembers, "share")
		v.Fact("rule_members", float64(s.RuleMembers), s.RuleMembers, "customers")
	}
	if !stage {
		x := f.add("segment_stuck", analytics.Warning, "", math.NaN(), math.NaN(), s.StaleShare(), v, stuckColumns)
		x.Opportunity = f.opportunity("stale_share", suffstat.Fact(s.StaleShare(), s.RuleMembers, "share"), s.StaleShare()/2, 2)
		return
	}
	severity := analytics.Notice // that a segment is static is a fault only where it should follow behaviour, which the own rule says
	if stale {
		severity = analytics.Warning
	}
	x := f.add("segment_stuck", severity, analytics.Different, s.StuckP, s.StuckQ, s.Stuck.Value, v, stuckColumns)
	if reason == Static {
		return // a property of a customer, such as his city, need not move
	}
	x.Opportunity = f.opportunity("stuck_share", s.Stuck.Estimate, max(s.Stuck.Value-stuckLimit, .02), 2)
}

func (f *finder) size() {
	s := f.s
	v := f.values(s.SizeVerdict)
	if s.Order.OK() {
		v.Estimate("order_rate", s.Order.Estimate)
		v.Fact("outcome_days", float64(s.OutcomeDays), s.Order.Trials, "days")
	}
	switch s.SizeVerdict {
	case Empty:
		v.Fact("memberships", float64(s.Memberships), s.Memberships, "")
		f.add("segment_size", analytics.Notice, "", math.NaN(), math.NaN(), 0, v, sizeColumns).Opportunity = tidy(suffstat.Fact(0, s.Memberships, "customers"), 0, 1)
	case Everybody:
		x := f.add("segment_size", analytics.Warning, "", math.NaN(), math.NaN(), ratio(s.Total.Members, f.m.Base), v, sizeColumns)
		x.Opportunity = tidy(suffstat.Fact(float64(s.Total.Members), s.Total.Members, "customers"), s.Total.Members, 1)
	case TooSmall:
		v.Point("mde", s.MDE, s.Total.Members, "share")
		v.Fact("plausible", plausible, s.Total.Members, "share")
		if s.Needed > 0 {
			v.Fact("members_needed", float64(s.Needed), s.Total.Members, "customers")
		}
		x := f.add("segment_size", analytics.Notice, "", math.NaN(), math.NaN(), s.MDE, v, sizeColumns)
		x.Opportunity = tidy(suffstat.Fact(float64(s.Total.Members), s.Total.Members, "customers"), s.Total.Members, 2)
	case TooLarge:
		if !(s.GainQ <= screening) {
			return
		}
		v.Estimate("stage_gain", s.Gain)
		v.Fact("limit", gainLimit, s.Order.Trials, "share")
		x := f.add("segment_size", analytics.Warning, analytics.Different, s.GainP, s.GainQ, s.Gain.Value, v, sizeColumns)
		if s.Order.OK() && f.opt.Step > 0 {
			x.Opportunity = f.opportunity("order_rate", s.Order.Estimate, f.opt.Step, 3)
		}
	}
}

func (f *finder) unused() {
	s := f.s
	if s.UseVerdict != Unused && s.UseVerdict != Silent || s.Total.Members == 0 {
		return
	}
	v := f.values(s.UseVerdict)
	if len(s.UsedBy) > 0 {
		v.Text("used_by", strings.Join(s.UsedBy, ", "))
	}
	if s.Order.OK() {
		v.Estimate("order_rate", s.Order.Estimate)
		v.Fact("outcome_days", float64(s.OutcomeDays), s.Order.Trials, "days")
	}
	x := f.add("segment_unused", analytics.Notice, "", math.NaN(), math.NaN(), float64(s.Total.Members), v, useColumns)
	if s.Order.OK() && s.Order.Events > 0 && f.opt.Step > 0 {
		x.Opportunity = f.opportunity("order_rate", s.Order.Estimate, f.opt.Step, 3)
	} else { // nobody in it orders: there is nothing to test it on but what is said to its members
		x.Opportunity = tidy(suffstat.Fact(float64(s.Total.Members), s.Total.Members, "customers"), s.Total.Members, 1)
	}
}
