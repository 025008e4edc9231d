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

// Base is what is known of the customers as a whole.
type Base struct {
	GapDays float64 // median days between two orders; 0 is unknown
}

// Words renders a finding's hypothesis in both languages; report.Texts.Hypothesis is one.
type Words func(analytics.Finding) (ru, en analytics.Sentences)

// Build makes one hypothesis of every finding with an Opportunity, best first, ranks from 1.
// Of findings with the same identity (block, kind, subject) the one that ranks best is kept.
func Build(findings []analytics.Finding, s analytics.Settings, words Words) []analytics.Hypothesis {
	var hs []analytics.Hypothesis
	problems := map[string]string{}
	for _, f := range findings {
		if f.Opportunity != nil {
			h := hypothesis(f, s, words, Options{}, Base{})
			hs = append(hs, h)
			if f.Opportunity.Problem != "" {
				problems[h.ID] = f.Opportunity.Problem
			}
		}
	}
	slices.SortFunc(hs, order)
	seen := map[string]bool{}
	hs = slices.DeleteFunc(hs, func(h analytics.Hypothesis) bool {
		again := seen[h.ID]
		seen[h.ID] = true
		return again
	})
	owner := map[string]string{}
	for i := range hs {
		hs[i].Rank = int64(i + 1)
		key := cmp.Or(problems[hs[i].ID], Problem(hs[i].SubjectType, hs[i].Subject))
		if first, ok := owner[key]; ok {
			hs[i].OverlapsWith = first
		} else {
			owner[key] = hs[i].ID
		}
	}
	return hs
}

// Problem names whose problem a hypothesis fixes: two hypotheses with the same answer act on the same customers and must not both be
// counted in a total. A transition "a->b" is the problem of those who are in stage a, as is every finding about stage a itself; a pair
// of scenarios or segments is the problem of its first member.
func Problem(subjectType, subject string) string {
	from, _, _ := strings.Cut(subject, "->")
	switch subjectType {
	case "transition":
		subjectType = "stage"
	case "scenario_pair", "segment_pair":
		subjectType = strings.TrimSuffix(subjectType, "_pair")
	}
	return subjectType + ":" + strings.TrimSpace(from)
}

func hypothesis(f analytics.Finding, s analytics.Settings, words Words, opt Options, base Base) analytics.Hypothesis {
	o := *f.Opportunity
	ru, en := words(f)
	h := analytics.Hypothesis{
		ID:    analytics.StableID("H", f.Block, f.Kind, f.SubjectType, f.Subject),
		Block: f.Block, Kind: f.Kind, SubjectType: f.SubjectType, Subject: f.Subject,
		TitleRu: ru.Title, WhatHappensRu: ru.What, WhyRu: ru.Why, ChangeRu: ru.Change,
		TitleEn: en.Title, WhatHappensEn: en.What, WhyEn: en.Why, ChangeEn: en.Change,
		Metric: o.Metric, Unit: o.Unit, Population: max(0, o.Population),
		Grade: o.Grade, Exploratory: f.Exploratory || f.Verdict == analytics.Inconclusive || f.Verdict == analytics.InsufficientData, Threat: o.Threat, TestDesign: o.TestDesign,
		Guardrails: strings.Join(o.Guardrails, ", "), Goal: o.Goal,
		Effort: int64(min(5, max(1, cmp.Or(opt.Effort[f.Kind], o.Effort)))),
		Status: StatusNew, EvidenceSQL: f.EvidenceSQL,
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

	p, testable := design(o, s, base)
	h.SampleSizePerArm, h.DurationDays, h.Feasible = p.perArm, p.days, p.feasible
	h.Shrinkage = shrinkage(&h, o)
	value(&h, o, p, testable, s, opt)
	rice(&h, o)
	h.Horizon = horizon(h)
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

// order: confirmed before exploratory (what may be chance must not top what is known), grade band (a huge association must not top a solid
// experiment), what is worth its cost, what has no money by its RICE score, what is not worth its cost; reachable customers, effort, then identity.
func order(a, b analytics.Hypothesis) int {
	number := map[bool]int{true: 1}
	return cmp.Or(
		cmp.Compare(number[a.Exploratory], number[b.Exploratory]),
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

func horizon(h analytics.Hypothesis) string {
	days := int64(0)
	if h.DurationDays != nil {
		days = *h.DurationDays
	}
	testable := h.Feasible == nil || *h.Feasible
	switch {
	case testable && h.Effort <= 2 && days <= 6*7:
		return QuickWin
	case testable && h.Effort <= 3 && days <= maxTestDays:
		return NextQuarter
	}
	return Strategic
}

// Total is a sum over hypotheses with its interval, currency units per quarter.
type Total struct {
	Value, Lower, Upper float64
	Counted             int // hypotheses in the sum
	Overlapping         int // left out: a better ranked hypothesis fixes the same customers' same problem
	Exploratory         int // left out: the finding behind it is not confirmed
}

// Sum adds what is at stake (stake true) or the expected money of the confirmed hypotheses that do not overlap with a better ranked one. The limits
// are added too, as if the errors of all went together: the widest interval that any dependence between them can give.
func Sum(hs []analytics.Hypothesis, stake bool) Total {
	var t Total
	for _, h := range hs {
		v, lo, hi := h.Money, h.MoneyLower, h.MoneyUpper
		if stake {
			v, lo, hi = h.Stake, h.StakeLower, h.StakeUpper
		}
		switch {
		case v == nil || lo == nil || hi == nil:
		case h.Exploratory:
			t.Exploratory++
		case h.OverlapsWith != "":
			t.Overlapping++
		default:
			t.Value, t.Lower, t.Upper, t.Counted = t.Value+*v, t.Lower+*lo, t.Upper+*hi, t.Counted+1
		}
	}
	return t
}
