package value

import (
	"context"

	"crmaudit/analytics"
)

// NewBlock is the value part of audit block 9: the repeat ladder, and what customers are expected to buy. It works in two halves: Fit writes the parameters, views over them make the values of every customer
// without a row leaving the engine, and the second half reads those reduced by stage.
func NewBlock() analytics.Block {
	return analytics.Block{
		Name: "value", Schema: "analytics",
		Run: func(ctx context.Context, src analytics.Source, set analytics.Settings) (*analytics.Result, error) {
			c, err := Load(ctx, src)
			if err != nil {
				return nil, err
			}
			opt := Options{Currency: set.Currency, Margin: set.Margin, FDR: set.FDR, Level: set.Level, Step: set.Equivalence["repeat_rate"]}
			if _, ok := set.Goals["revenue"]; ok {
				opt.Goal = "revenue"
			}
			m := Fit(c, opt)
			return &analytics.Result{
				Tables: m.Tables(), Findings: Findings(m, opt), Coverage: Coverage(m, opt),
				Then: func(ctx context.Context, src analytics.Source) (*analytics.Result, error) {
					return review(ctx, src, m, opt)
				},
			}, nil
		},
	}
}

// review is the second half: values by stage.
func review(ctx context.Context, src analytics.Source, m *Model, opt Options) (*analytics.Result, error) {
	names, sums, err := LoadStages(ctx, src)
	if err != nil {
		return nil, err
	}
	stages := FitStages(m, names, sums, opt)
	row := analytics.Coverage{Block: "value", Input: "lifecycle.stages", Present: len(stages) > 0 && m.Verdict != NotFitted, Answers: "stage_expectations"}
	switch {
	case len(stages) == 0:
		row.Note = "missing"
	case m.Verdict == NotFitted:
		row.Note = "value_not_fitted"
	}
	return &analytics.Result{Tables: []analytics.Table{m.stagesTable(stages)}, Findings: StageFindings(m, stages, opt), Coverage: []analytics.Coverage{row}}, nil
}
