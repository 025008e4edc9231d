// Package backlog turns findings into the list of hypotheses: what to change first, what is at stake, and how to test it.
//
// The chain for one finding with an Opportunity: honest numbers (an effect or money without a finite interval is dropped, money without
// an effect is dropped, a structural finding claims no effect beyond cost saved) → test design (sample size, duration, feasibility) →
// priority within its grade band → horizon. Then all hypotheses are ranked together, and those that fix the same customers' same problem
// as a better ranked one are marked, so that no total counts them twice.
//
// The result depends on the findings as a set: their order changes nothing, byte for byte.
package backlog

import (
	"cmp"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// StatusNew is the status of every hypothesis of a first audit.
const StatusNew = "new"

// The horizons of the roadmap.
const (
	QuickWin    = "quick_win"    // effort 1–2 and nothing to wait for longer than six weeks
	NextQuarter = "next_quarter" // effort up to 3 and testable within a quarter
	Strategic   = "strategic"    // all else, also what this base cannot test at this scale
)

// Options are the `backlog` keys of audit.yaml.
type Options struct {
	Effort   map[string]int // kind -> 1..5, instead of what the block says
	WeekCost float64        // of a week of work, currency; 0 is unknown
	Parallel int            // hypotheses worked on or tested at once; 0 is 3
}

// Words renders a finding's hypothesis in both languages; report.Texts.Hypothesis is one.
type Words func(analytics.Finding) (ru, en analytics.Sentences)

// Input is all that the backlog is made of.
type Input struct {
	Findings      []analytics.Finding
	Settings      analytics.Settings
	Options       Options
	Base          Base
	OrderEvents   []string          // events that are orders, for the goals
	ScenarioGoals map[string]string // scenario -> the event that it wants
	Words         Words
	// Refuted says in both languages which result would refute a hypothesis; nil leaves it empty. report.Texts.Refuted is one.
	Refuted func(analytics.Hypothesis) (ru, en string)
}

// Backlog is the hypotheses, best first, and what follows from them together.
type Backlog struct {
	Hypotheses []analytics.Hypothesis
	Roadmap    []Place
	currency   string
}

// Tables are analytics.hypotheses, analytics.roadmap and analytics.backlog_totals.
func (b Backlog) Tables() []analytics.Table {
	return []analytics.Table{Table(b.Hypotheses), RoadmapTable(b.Roadmap), TotalsTable(b.Hypotheses, b.currency)}
}

// item is a hypothesis on its way, with what its row does not say.
type item struct {
	h        analytics.Hypothesis
	problem  string
	audience Audience
}

// Build is Make with nothing known but the findings.
func Build(findings []analytics.Finding, s analytics.Settings, words Words) []analytics.Hypothesis {
	return Make(Input{Findings: findings, Settings: s, Words: words}).Hypotheses
}

// First are the n hypotheses to begin with, of hypotheses in rank order; see analytics.DoFirst.
func First(hs []analytics.Hypothesis, n int) []analytics.Hypothesis {
	return analytics.DoFirst(hs, n,
		func(h analytics.Hypothesis) bool { return !h.Exploratory && h.OverlapsWith == "" },
		func(h analytics.Hypothesis) bool { return h.Money != nil || h.Stake != nil || h.Effect != nil })
}

// Make makes one hypothesis of every finding with an Opportunity, best first, ranks from 1, and lays out the roadmap.
// Of findings with the same identity (block, kind, subject) the one that ranks best is kept.
func Make(in Input) Backlog {
	var items []item
	for _, f := range in.Findings {
		if f.Opportunity == nil {
			continue
		}
		own := f.Opportunity.Problem
		items = append(items, item{h: hypothesis(f, &in), problem: cmp.Or(own, Problem(f.SubjectType, f.Subject)), audience: audienceOf(f.SubjectType, f.Subject, own)})
	}
	slices.SortFunc(items, func(a, b item) int { return cmp.Or(order(a.h, b.h), cmp.Compare(a.problem, b.problem)) })
	seen := map[string]bool{}
	items = slices.DeleteFunc(items, func(x item) bool {
		again := seen[x.h.ID]
		seen[x.h.ID] = true
		return again
	})
	for i := range items {
		items[i].h.Rank = int64(i + 1)
	}
	count(items, &in.Base)
	b := Backlog{Roadmap: schedule(items, &in.Base, in.Options), currency: in.Settings.Currency}
	for _, x := range items {
		if in.Refuted != nil {
			x.h.RefutedByRu, x.h.RefutedByEn = in.Refuted(x.h)
		}
		b.Hypotheses = append(b.Hypotheses, x.h)
	}
	return b
}

func hypothesis(f analytics.Finding, in *Input) analytics.Hypothesis {
	o := *f.Opportunity
	ru, en := in.Words(f)
	h := analytics.Hypothesis{
		ID:    analytics.StableID("H", f.Block, f.Kind, f.SubjectType, f.Subject),
		Block: f.Block, Kind: f.Kind, SubjectType: f.SubjectType, Subject: f.Subject,
		TitleRu: ru.Title, WhatHappensRu: ru.What, WhyRu: ru.Why, ChangeRu: ru.Change,
		TitleEn: en.Title, WhatHappensEn: en.What, WhyEn: en.Why, ChangeEn: en.Change,
		Metric: o.Metric, Unit: o.Unit, Population: max(0, o.Population),
		Grade: o.Grade, Exploratory: f.Exploratory || f.Verdict == analytics.Inconclusive || f.Verdict == analytics.InsufficientData, Threat: o.Threat, TestDesign: o.TestDesign,
		Guardrails: strings.Join(guardrails(o), ", "),
		Effort:     int64(min(5, max(1, cmp.Or(in.Options.Effort[f.Kind], o.Effort)))),
		Status:     StatusNew, EvidenceSQL: f.EvidenceSQL,
	}
	if !slices.Contains([]analytics.Grade{analytics.GradeRandomized, analytics.GradeQuasiExperiment, analytics.GradeAdjusted}, h.Grade) {
		h.Grade = analytics.GradeStructural
	}
	if h.Baseline, h.BaselineLower, h.BaselineUpper = honest(&o.Baseline); h.Baseline != nil {
		h.BaselineN = o.Baseline.N
	}
	if h.Grade != analytics.GradeStructural || strings.HasPrefix(h.Metric, "cost") {
		h.Effect, h.EffectLower, h.EffectUpper = honest(o.Effect)
	}
	if h.Effect != nil {
		h.Money, h.MoneyLower, h.MoneyUpper = honest(o.Money)
	}
	h.Stake, h.StakeLower, h.StakeUpper = honest(o.Stake)
	switch {
	case h.Money != nil:
		h.MoneyUnit = o.Money.Unit
	case h.Stake != nil:
		h.MoneyUnit = o.Stake.Unit
	}

	h.Goal = goal(&h, o.Goal, in)
	p, testable := design(o, in.Settings, in.Base)
	h.SampleSizePerArm, h.DurationDays, h.Feasible = p.perArm, p.days, p.feasible
	h.Shrinkage = shrinkage(&h, o)
	value(&h, o, p, testable, in.Settings, in.Options)
	rice(&h, o)
	h.Horizon = horizon(h, testable && p.perArm == nil)
	return h
}

// honest gives a number with its interval, or three nils: no number without a finite interval around it.
func honest(e *suffstat.Estimate) (value, lower, upper *float64) {
	if e == nil || !analytics.Finite(e.Value) || !analytics.Finite(e.Lower) || !analytics.Finite(e.Upper) || e.Lower > e.Value || e.Value > e.Upper {
		return nil, nil, nil
	}
	v := *e
	return &v.Value, &v.Lower, &v.Upper
}

// order: confirmed before exploratory (what may be chance must not top what is known), the hold-out of the programme where there is none (nothing else is worth as much to know, statistics 12), grade band (a huge association must not top a solid
// experiment), what is worth its cost, what has no money by its RICE score, what is not worth its cost; reachable customers, effort, then identity.
func order(a, b analytics.Hypothesis) int {
	number := map[bool]int{true: 1}
	return cmp.Or(
		cmp.Compare(number[a.Exploratory], number[b.Exploratory]),
		cmp.Compare(number[a.Kind != NoHoldout], number[b.Kind != NoHoldout]),
		cmp.Compare(a.Grade, b.Grade),
		cmp.Compare(worth(b), worth(a)),
		cmp.Compare(rank(b), rank(a)),
		cmp.Compare(b.Population, a.Population),
		cmp.Compare(a.Effort, b.Effort),
		cmp.Compare(a.Kind, b.Kind),
		cmp.Compare(a.Subject, b.Subject),
		cmp.Compare(a.ID, b.ID),
		cmp.Compare(a.EvidenceSQL, b.EvidenceSQL),
		cmp.Compare(a.TitleRu, b.TitleRu),
		cmp.Compare(a.WhatHappensRu, b.WhatHappensRu),
	)
}

// worth is 1 for a priority above 0, 0 without one, -1 for one that is not.
func worth(h analytics.Hypothesis) int {
	switch {
	case h.Priority == nil:
		return 0
	case *h.Priority > 0:
		return 1
	}
	return -1
}

// rank is the number that orders hypotheses of equal worth.
func rank(h analytics.Hypothesis) float64 {
	if h.Priority != nil {
		return *h.Priority
	}
	return h.RICEScore
}

// guardrails are the metrics that must not get worse: what the block says, else what any message may harm.
func guardrails(o analytics.Opportunity) []string {
	switch {
	case len(o.Guardrails) > 0 || o.TestDesign == "" || o.TestDesign == "none":
		return o.Guardrails
	case o.Metric == "unsubscribe_rate" || o.Metric == "complaint_rate":
		return []string{"order_rate"}
	}
	return []string{"unsubscribe_rate", "complaint_rate"}
}

// horizon of the roadmap; unplanned tells of a test whose size is not known.
func horizon(h analytics.Hypothesis, unplanned bool) string {
	days := int64(0)
	if h.DurationDays != nil {
		days = *h.DurationDays
	}
	testable := h.Feasible == nil || *h.Feasible
	switch {
	case testable && !unplanned && h.Effort <= 2 && days <= 6*7:
		return QuickWin
	case testable && h.Effort <= 3 && days <= maxTestDays:
		return NextQuarter
	}
	return Strategic
}
