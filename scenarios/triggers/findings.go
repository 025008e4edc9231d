package triggers

import (
	"fmt"

	"crmaudit/analytics"
)

// Findings of the block. (t) is a Value.Text, all others are Value.Estimate; "fact" is counted, no interval.
//
//	kind            SubjectType  Subject        reason (t)  Values
//	trigger_missed  trigger      the rule       late        most cases that were not in time were answered later
//	                                            missing     most were not answered at all
//	                when (t), expect (t)        the two sides as written
//	                within                      fact: seconds
//	                triggered, in_time, late, missing  facts: cases
//	                in_time_share               share, interval
//	                target                      fact: share
//	                median_latency, p95_latency seconds, of answered cases
//	                change                      share points, second half of the period minus the first; only when the verdict is better or worse
//	                change_verdict (t)          better or worse
//	                worst_owner (t), worst_owner_share   only when the interval of one owner, at the level for that many owners, lies wholly below the share of all
//	                needed_customers            fact; only when the verdict is undecided or insufficient_data
//
// A rule is reported when its share in time is below the target (q <= .10; exploratory above decision.fdr). A rule below the floors is reported as exploratory
// when at least minFailures cases were missed: what happened is a fact, only the rate of the process is not known.
//
// Opportunity: Metric "in_time_share", Baseline in_time_share, Population = customers with a case in a quarter, Grade D (structure: nothing says
// what an answer in time is worth), Threat "structural_only", TestDesign "ab".
//
// Coverage keys: input = the inputs that the rules read; answers "trigger_conformance"; notes: "", missing, never_fired (some rule found no case), no_rules, unlinked.

const (
	screening   = .10
	minFailures = 5
)

// Findings says which rules are missed.
func Findings(m *Model, fdr float64, weeks float64) []analytics.Finding {
	var out []analytics.Finding
	for _, f := range m.Rules {
		short := f.Decision.Interval.OK() && f.Decision.Interval.Value < 0
		switch verdict := f.Verdict(); {
		case verdict == "yes" && f.Q <= screening:
		case verdict == string(analytics.InsufficientData) && short && f.Late+f.Missing >= minFailures:
		default:
			continue
		}
		out = append(out, f.finding(fdr, weeks))
	}
	return out
}

func (f Fitted) finding(fdr, weeks float64) analytics.Finding {
	v := &analytics.Values{}
	reason := "late"
	if f.Missing >= f.Late {
		reason = "missing"
	}
	v.Text("reason", reason)
	v.Text("when", f.When)
	v.Text("expect", f.Expect)
	v.Fact("within", f.Within.Seconds(), f.Customers, "seconds")
	v.Fact("triggered", float64(f.Triggered()), f.Customers, "cases")
	v.Fact("in_time", float64(f.InTime), f.Customers, "cases")
	v.Fact("late", float64(f.Late), f.Customers, "cases")
	v.Fact("missing", float64(f.Missing), f.Customers, "cases")
	v.Estimate("in_time_share", f.Share.Estimate)
	v.Fact("target", f.Target, f.Customers, "share")
	v.Estimate("median_latency", f.All.Median)
	v.Estimate("p95_latency", f.All.P95)
	if c := f.ChangeVerdict(); c == "better" || c == "worse" {
		v.Text("change_verdict", c)
		v.Estimate("change", f.Change.Interval)
	}
	if o := f.worstOwner(); o != nil {
		v.Text("worst_owner", o.Owner)
		v.Estimate("worst_owner_share", o.Strict)
	}
	if f.Decision.Needed > 0 {
		v.Fact("needed_customers", float64(f.Decision.Needed), f.Customers, "customers")
	}
	severity := analytics.Notice
	if f.Decision.Verdict == analytics.Different {
		severity = analytics.Warning
	}
	x := analytics.Finding{
		Block: "triggers", Kind: "trigger_missed", SubjectType: "trigger", Subject: f.Name, Severity: severity, Verdict: f.Decision.Verdict,
		Statistic: analytics.Number(f.Share.Value), PValue: analytics.Number(f.Decision.PDifference), QValue: analytics.Number(f.Q),
		Exploratory: !(f.Decision.Verdict == analytics.Different && f.Q <= fdr), Values: *v,
		EvidenceSQL: fmt.Sprintf("SELECT name, triggered, in_time, late, missing, in_time_share, lower, upper, target, median_latency_seconds, median_lower, median_upper, p95_latency_seconds, p95_lower, p95_upper, in_time + late AS answered, customers, %[2]v AS within_seconds "+
			"FROM scenarios.triggers WHERE name = %[1]s", analytics.SQLText(f.Name), f.Within.Seconds()),
	}
	perWeek := float64(f.Customers) / max(weeks, 1)
	x.Opportunity = &analytics.Opportunity{
		Metric: "in_time_share", Unit: "share", Baseline: f.Share.Estimate, Population: int64(13 * perWeek), Step: max(margin, (f.Target-f.Share.Value)/2),
		Grade: analytics.GradeStructural, Threat: "structural_only", TestDesign: "ab", Guardrails: []string{"unsubscribe_rate"}, Effort: 2, WeeklyFlow: int64(perWeek),
	}
	return x
}

// worstOwner is the owner whose interval lies wholly below the share of all, the lowest upper end first; nil when there is none.
func (f Fitted) worstOwner() *Group {
	var worst *Group
	for i, o := range f.Owners {
		if o.Owner == "" || o.Triggered() < analytics.MinEffective || !o.Strict.OK() || o.Strict.Upper >= f.Share.Value {
			continue
		}
		if worst == nil || o.Strict.Upper < worst.Strict.Upper {
			worst = &f.Owners[i]
		}
	}
	return worst
}
