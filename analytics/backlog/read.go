package backlog

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"crmaudit/analytics"
)

// Read takes the backlog of a finished audit back out of analytics.hypotheses, in rank order: what WriteJSON makes of it are the bytes of the run's own hypotheses.json.
// An audit of an older version that lacks a column is an error that names it.
func Read(ctx context.Context, src analytics.Source) (_ []analytics.Hypothesis, err error) {
	f, err := src.Fetch(ctx, "analytics.hypotheses")
	if err != nil {
		return nil, fmt.Errorf("read the backlog: %w", err)
	}
	for _, c := range columns() {
		if !f.Has(c.name) {
			return nil, analytics.Usagef("read the backlog: analytics.hypotheses has no column %s: the audit was made by another version of crmaudit", c.name)
		}
	}
	out := make([]analytics.Hypothesis, f.Len())
	text := func(column string, to func(*analytics.Hypothesis) *string) {
		for i, v := range f.String(column) {
			*to(&out[i]) = v
		}
	}
	number := func(column string, to func(*analytics.Hypothesis) **float64) {
		valid := f.Valid(column)
		for i, v := range f.Float64(column) {
			if valid[i] {
				*to(&out[i]) = &v
			}
		}
	}
	plain := func(column string, to func(*analytics.Hypothesis) *float64) {
		for i, v := range f.Float64(column) {
			*to(&out[i]) = v
		}
	}
	count := func(column string, to func(*analytics.Hypothesis) *int64) {
		for i, v := range f.Int64(column) {
			*to(&out[i]) = v
		}
	}
	maybe := func(column string, to func(*analytics.Hypothesis) **int64) {
		valid := f.Valid(column)
		for i, v := range f.Int64(column) {
			if valid[i] {
				*to(&out[i]) = &v
			}
		}
	}
	type H = analytics.Hypothesis
	text("hypothesis_id", func(h *H) *string { return &h.ID })
	count("rank", func(h *H) *int64 { return &h.Rank })
	text("block", func(h *H) *string { return &h.Block })
	text("kind", func(h *H) *string { return &h.Kind })
	text("subject_type", func(h *H) *string { return &h.SubjectType })
	text("subject", func(h *H) *string { return &h.Subject })
	text("title_ru", func(h *H) *string { return &h.TitleRu })
	text("title_en", func(h *H) *string { return &h.TitleEn })
	text("what_happens_ru", func(h *H) *string { return &h.WhatHappensRu })
	text("what_happens_en", func(h *H) *string { return &h.WhatHappensEn })
	text("why_ru", func(h *H) *string { return &h.WhyRu })
	text("why_en", func(h *H) *string { return &h.WhyEn })
	text("change_ru", func(h *H) *string { return &h.ChangeRu })
	text("change_en", func(h *H) *string { return &h.ChangeEn })
	text("metric", func(h *H) *string { return &h.Metric })
	text("unit", func(h *H) *string { return &h.Unit })
	number("baseline", func(h *H) **float64 { return &h.Baseline })
	number("baseline_lower", func(h *H) **float64 { return &h.BaselineLower })
	number("baseline_upper", func(h *H) **float64 { return &h.BaselineUpper })
	count("baseline_n", func(h *H) *int64 { return &h.BaselineN })
	count("population", func(h *H) *int64 { return &h.Population })
	number("effect", func(h *H) **float64 { return &h.Effect })
	number("effect_lower", func(h *H) **float64 { return &h.EffectLower })
	number("effect_upper", func(h *H) **float64 { return &h.EffectUpper })
	number("money", func(h *H) **float64 { return &h.Money })
	number("money_lower", func(h *H) **float64 { return &h.MoneyLower })
	number("money_upper", func(h *H) **float64 { return &h.MoneyUpper })
	number("stake", func(h *H) **float64 { return &h.Stake })
	number("stake_lower", func(h *H) **float64 { return &h.StakeLower })
	number("stake_upper", func(h *H) **float64 { return &h.StakeUpper })
	text("money_unit", func(h *H) *string { return &h.MoneyUnit })
	text("grade", func(h *H) *string { return (*string)(&h.Grade) })
	for i, v := range f.Bool("exploratory") {
		out[i].Exploratory = v
	}
	text("threat", func(h *H) *string { return &h.Threat })
	text("test_design", func(h *H) *string { return &h.TestDesign })
	maybe("sample_size_per_arm", func(h *H) **int64 { return &h.SampleSizePerArm })
	maybe("duration_days", func(h *H) **int64 { return &h.DurationDays })
	valid := f.Valid("feasible")
	for i, v := range f.Bool("feasible") {
		if valid[i] {
			out[i].Feasible = &v
		}
	}
	text("guardrails", func(h *H) *string { return &h.Guardrails })
	count("effort", func(h *H) *int64 { return &h.Effort })
	number("priority", func(h *H) **float64 { return &h.Priority })
	text("horizon", func(h *H) *string { return &h.Horizon })
	text("goal", func(h *H) *string { return &h.Goal })
	text("status", func(h *H) *string { return &h.Status })
	text("evidence_sql", func(h *H) *string { return &h.EvidenceSQL })
	text("overlaps_with", func(h *H) *string { return &h.OverlapsWith })
	plain("counted_share", func(h *H) *float64 { return &h.CountedShare })
	text("prior", func(h *H) *string { return &h.Prior })
	number("probability_positive", func(h *H) **float64 { return &h.ProbabilityPositive })
	number("money_tenth", func(h *H) **float64 { return &h.MoneyTenth })
	number("expected_gain", func(h *H) **float64 { return &h.ExpectedGain })
	number("evsi", func(h *H) **float64 { return &h.EVSI })
	number("cost", func(h *H) **float64 { return &h.Cost })
	number("weeks", func(h *H) **float64 { return &h.Weeks })
	plain("work_weeks", func(h *H) *float64 { return &h.WorkWeeks })
	text("shrinkage", func(h *H) *string { return &h.Shrinkage })
	count("rice_reach", func(h *H) *int64 { return &h.RICEReach })
	plain("rice_impact", func(h *H) *float64 { return &h.RICEImpact })
	plain("rice_confidence", func(h *H) *float64 { return &h.RICEConfidence })
	plain("rice_effort", func(h *H) *float64 { return &h.RICEEffort })
	plain("rice_score", func(h *H) *float64 { return &h.RICEScore })
	text("refuted_by_ru", func(h *H) *string { return &h.RefutedByRu })
	text("refuted_by_en", func(h *H) *string { return &h.RefutedByEn })
	text("depends_on", func(h *H) *string { return &h.DependsOn })
	maybe("start_week", func(h *H) **int64 { return &h.StartWeek })
	maybe("end_week", func(h *H) **int64 { return &h.EndWeek })
	slices.SortStableFunc(out, func(a, b analytics.Hypothesis) int { return cmp.Compare(a.Rank, b.Rank) })
	return out, nil
}
