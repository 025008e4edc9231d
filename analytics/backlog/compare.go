package backlog

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// What became of a finding or of a hypothesis of the earlier audit.
const (
	StatusPersisting = "persisting"
	// StatusResolved: the later audit ran the block and does not find it any more. That is not yet proof that something was mended: the data may have been too few.
	StatusResolved = "resolved"
	// OnlyBefore, OnlyNow: the other audit did not run the block, so nothing follows.
	OnlyBefore = "only_before"
	OnlyNow    = "only_now"
)

// What an experiment says about a hypothesis of the earlier audit.
const (
	Confirmed = "confirmed" // an experiment since shows an effect in the wanted direction
	Refuted   = "refuted"   // it shows the opposite, or that the effect is surely smaller than what matters
	Undecided = "undecided" // it does not decide
	Unusable  = "unusable"  // its split is broken: nothing may be read from it
	NotTried  = "not_tried" // no experiment of that id or scenario is new in the later audit
)

// Found is a finding of a finished audit, as its table holds it.
type Found struct {
	ID, Block, Kind, SubjectType, Subject, Severity string
	Exploratory                                     bool
	TextRu, TextEn                                  string
}

// Trial is one row of analytics.experiments.
type Trial struct {
	Experiment, Arm, Scenario, Outcome, Unit, Verdict string
	N                                                 int64 // customers of both arms
	Effect, Lower, Upper                              float64
}

// MessageSums are the sums of one cell of messages and one bucket of customers.
type MessageSums struct {
	Channel, Kind, Scenario, Stage string
	Bucket                         int
	Sums                           map[string]suffstat.Ratio // by metric
}

// WeekSums are the sums of one cell of messages and one week of sends, over all customers.
type WeekSums struct {
	Channel, Kind, Scenario, Stage string
	Week                           int64                     // from Monday, 0 that of 1969-12-29
	Sums                           map[string]suffstat.Ratio // by metric
}

// MoveSums are the moves between two stages of one bucket of customers, stays included, over all periods of the audit.
type MoveSums struct {
	From, To string
	Bucket   int
	N        int64
}

// Audit is what a comparison needs of one finished audit; ReadAudit makes it.
type Audit struct {
	From, To   time.Time       // audited period
	Blocks     map[string]bool // blocks that ran
	Findings   []Found
	Hypotheses []analytics.Hypothesis
	Trials     []Trial
	Messages   []MessageSums
	Weeks      []WeekSums // the same messages by week; none in an audit of a version that did not keep weeks
	Moves      []MoveSums
}

// Renames maps old names to new ones, by what they name.
type Renames struct{ Stages, Scenarios, Segments map[string]string }

// CompareOptions is what the decisions depend on.
type CompareOptions struct {
	Renames Renames
	Margins map[string]float64 // smallest changes of interest: ctr, order_rate, unsubscribe_rate, transition_rate
	FDR     float64
}

// ComparedFinding is a finding of either audit.
type ComparedFinding struct {
	Found
	State             string
	ExploratoryBefore *bool
	ExploratoryAfter  *bool
}

// ComparedHypothesis is a hypothesis of either audit. Outcome and what belongs to it is about those of the earlier audit only.
type ComparedHypothesis struct {
	analytics.Hypothesis // of the later audit where it persists, else of the one that has it
	State                string
	RankBefore           int64 // 0 when the earlier audit does not have it
	RankAfter            int64
	Outcome              string
	Trial                *Trial
	// Change of the metric's baseline, when both audits measured it: before and after, not an effect. Its interval takes the two measurements as independent, which is too wide
	// where the same customers stand behind both.
	BaselineBefore *float64
	BaselineAfter  *float64
	Change         *suffstat.Estimate
}

// ComparedMetric is the change of one rate between the two audited periods.
type ComparedMetric struct {
	Metric, SubjectType, Subject string
	Before, After                suffstat.Ratio
	// Change is at an unchanged mix of scenarios and stages within the subject (Kitagawa's rate part); Mix is what the mix alone changed. Without cells Mix is 0.
	Change  suffstat.Estimate
	Mix     float64
	P, Q    float64
	Margin  float64
	Verdict analytics.Verdict
	Needed  int64
	// SECustomers and SEWeeks are the two standard errors of the change: the interval is made of the larger. SEWeeks is NaN for moves between stages, where weeks are unknown, and where they are too few.
	SECustomers, SEWeeks    float64
	WeeksBefore, WeeksAfter int64  // weeks with messages; 0 where they do not count
	Note                    string // NoteFewWeeks, NoteNoWeeks, or empty
}

// Comparison is two audits side by side.
type Comparison struct {
	Before, After *Audit
	// Overlap tells that the audited periods overlap: the same weeks are in both, so metrics are not compared.
	Overlap    bool
	Findings   []ComparedFinding
	Hypotheses []ComparedHypothesis
	Metrics    []ComparedMetric
}

// Compare puts two audits side by side. Names of the earlier one are taken through the renames first, so that a renamed scenario is the same scenario.
func Compare(before, after *Audit, opt CompareOptions) *Comparison {
	c := &Comparison{Before: before, After: after, Overlap: before.To.After(after.From)}
	c.findings(opt.Renames)
	c.hypotheses(opt.Renames)
	if !c.Overlap {
		c.metrics(opt)
	}
	return c
}

// Statuses writes the status against the last audit into the later audit's hypotheses: confirmed or refuted where an experiment has decided, else new or persisting.
func (c *Comparison) Statuses(hs []analytics.Hypothesis) {
	status := map[string]string{}
	for _, h := range c.Hypotheses {
		if h.RankAfter > 0 {
			status[h.ID] = cmp.Or(map[string]string{Confirmed: Confirmed, Refuted: Refuted}[h.Outcome], map[string]string{OnlyNow: StatusNew}[h.State], h.State)
		}
	}
	for i := range hs {
		hs[i].Status = cmp.Or(status[hs[i].ID], StatusNew)
	}
}

// subject takes a subject of a finding through the renames. Pairs and groups of names are kept sorted, as they are everywhere.
func (r Renames) subject(subjectType, subject string) string {
	kind, _, _ := strings.Cut(subjectType, ":") // a series has its metric behind it
	name := func(m map[string]string, s string) string { return cmp.Or(m[s], s) }
	list := func(m map[string]string, separator string, sorted bool) string {
		names := strings.Split(subject, separator)
		for i := range names {
			names[i] = name(m, names[i])
		}
		if sorted {
			slices.Sort(names)
		}
		return strings.Join(names, separator)
	}
	switch kind {
	case "stage":
		return name(r.Stages, subject)
	case "transition":
		return list(r.Stages, "->", false)
	case "stage_pair":
		return list(r.Stages, "|", false)
	case "scenario":
		return name(r.Scenarios, subject)
	case "scenario_pair":
		return list(r.Scenarios, "|", true)
	case "scenario_step":
		if i := strings.LastIndex(subject, "/"); i >= 0 {
			return name(r.Scenarios, subject[:i]) + subject[i:]
		}
	case "segment":
		return name(r.Segments, subject)
	case "segment_pair", "segment_group":
		return list(r.Segments, "|", true)
	}
	return subject
}

// state of something that the audits have or have not.
func state(block string, inBefore, inAfter bool, before, after *Audit) string {
	switch {
	case inBefore && inAfter:
		return StatusPersisting
	case inBefore && !after.Blocks[block]:
		return OnlyBefore
	case inBefore:
		return StatusResolved
	case !before.Blocks[block]:
		return OnlyNow
	}
	return StatusNew
}

func (c *Comparison) findings(r Renames) {
	before, after := map[string]Found{}, map[string]Found{}
	for _, f := range c.Before.Findings {
		f.Subject = r.subject(f.SubjectType, f.Subject)
		f.ID = analytics.StableID("F", f.Block, f.Kind, f.SubjectType, f.Subject)
		before[f.ID] = f
	}
	for _, f := range c.After.Findings {
		after[f.ID] = f
	}
	for _, id := range union(before, after) {
		b, inBefore := before[id]
		a, inAfter := after[id]
		out := ComparedFinding{Found: a, State: state(cmp.Or(a.Block, b.Block), inBefore, inAfter, c.Before, c.After)}
		if inBefore {
			out.ExploratoryBefore = &b.Exploratory
		}
		if inAfter {
			out.ExploratoryAfter = &a.Exploratory
		} else {
			out.Found = b
		}
		c.Findings = append(c.Findings, out)
	}
}

func union[V any](a, b map[string]V) []string {
	keys := maps.Clone(a)
	maps.Copy(keys, b)
	return slices.Sorted(maps.Keys(keys))
}

func (c *Comparison) hypotheses(r Renames) {
	before, after := map[string]analytics.Hypothesis{}, map[string]analytics.Hypothesis{}
	for _, h := range c.Before.Hypotheses {
		h.Subject = r.subject(h.SubjectType, h.Subject)
		h.ID = analytics.StableID("H", h.Block, h.Kind, h.SubjectType, h.Subject)
		before[h.ID] = h
	}
	for _, h := range c.After.Hypotheses {
		after[h.ID] = h
	}
	trials := c.newTrials(r)
	for _, id := range union(before, after) {
		b, inBefore := before[id]
		a, inAfter := after[id]
		out := ComparedHypothesis{Hypothesis: a, State: state(cmp.Or(a.Block, b.Block), inBefore, inAfter, c.Before, c.After), RankBefore: b.Rank, RankAfter: a.Rank}
		if !inAfter {
			out.Hypothesis = b
		}
		if inBefore {
			out.BaselineBefore = b.Baseline
			out.Outcome, out.Trial = judge(b, trials)
		}
		if inAfter {
			out.BaselineAfter = a.Baseline
		}
		if inBefore && inAfter && a.Metric == b.Metric && a.Unit == b.Unit {
			out.Change = change(b, a)
		}
		c.Hypotheses = append(c.Hypotheses, out)
	}
	slices.SortStableFunc(c.Hypotheses, func(x, y ComparedHypothesis) int {
		last := func(rank int64) int64 {
			if rank == 0 {
				return math.MaxInt64
			}
			return rank
		}
		return cmp.Or(cmp.Compare(last(x.RankAfter), last(y.RankAfter)), cmp.Compare(x.RankBefore, y.RankBefore))
	})
}

// newTrials are the experiments that the earlier audit did not know: only they can have tried one of its hypotheses.
func (c *Comparison) newTrials(r Renames) []Trial {
	known := map[string]bool{}
	for _, t := range c.Before.Trials {
		known[t.Experiment] = true
		if scenario, ok := strings.CutPrefix(t.Experiment, "holdout:"); ok {
			known["holdout:"+cmp.Or(r.Scenarios[scenario], scenario)] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(c.After.Trials), func(t Trial) bool { return known[t.Experiment] })
}

// judge finds the experiment that tried a hypothesis: one whose id names the hypothesis, else one on its scenario. Of its outcomes the one that the hypothesis' metric is about decides, else orders,
// else revenue. A hypothesis that wants a number down (unsubscribes, complaints, bounces) is confirmed by a loss of that number.
func judge(h analytics.Hypothesis, trials []Trial) (string, *Trial) {
	var mine []Trial
	for _, t := range trials {
		if strings.Contains(t.Experiment, h.ID) {
			mine = append(mine, t)
		}
	}
	if len(mine) == 0 {
		for _, t := range trials {
			if t.Scenario != "" && slices.Contains(scenariosOf(h), t.Scenario) {
				mine = append(mine, t)
			}
		}
	}
	if len(mine) == 0 {
		return NotTried, nil
	}
	wanted := []string{strings.TrimSuffix(h.Metric, "_rate"), "order", "orders", "revenue"}
	place := func(t Trial) int {
		if i := slices.Index(wanted, t.Outcome); i >= 0 {
			return i
		}
		return len(wanted)
	}
	slices.SortStableFunc(mine, func(x, y Trial) int {
		return cmp.Or(cmp.Compare(place(x), place(y)), cmp.Compare(x.Experiment, y.Experiment), cmp.Compare(x.Arm, y.Arm))
	})
	t := mine[0]
	switch t.Verdict {
	case "win":
		return Confirmed, &t
	case "loss", "equivalent":
		return Refuted, &t
	case "broken_ratio", "unbalanced", "contaminated":
		return Unusable, &t
	}
	return Undecided, &t
}

// scenariosOf are the scenarios that a hypothesis is about.
func scenariosOf(h analytics.Hypothesis) []string {
	switch h.SubjectType {
	case "scenario":
		return []string{h.Subject}
	case "scenario_pair":
		return strings.Split(h.Subject, "|")
	case "scenario_step":
		if i := strings.LastIndex(h.Subject, "/"); i >= 0 {
			return []string{h.Subject[:i]}
		}
	}
	return nil
}

// change of a baseline between two audits, the standard errors read off the 95 % intervals.
func change(b, a analytics.Hypothesis) *suffstat.Estimate {
	if b.Baseline == nil || a.Baseline == nil || b.BaselineLower == nil || b.BaselineUpper == nil || a.BaselineLower == nil || a.BaselineUpper == nil {
		return nil
	}
	half := math.Hypot(*b.BaselineUpper-*b.BaselineLower, *a.BaselineUpper-*a.BaselineLower) / 2
	d := *a.Baseline - *b.Baseline
	if half == 0 || !analytics.Finite(half) || !analytics.Finite(d) {
		return nil
	}
	return &suffstat.Estimate{Value: d, Lower: d - half, Upper: d + half, Level: .95, N: min(b.BaselineN, a.BaselineN), Unit: a.Unit, Method: "two intervals, as independent"}
}
