package rhythm

import (
	"context"

	"crmaudit/analytics"
)

// NewBlock is audit block 9, behaviour patterns: rhythms of orders.
func NewBlock(s Setup) analytics.Block {
	return analytics.Block{
		Name: "rhythm", Schema: "analytics",
		Run: func(ctx context.Context, src analytics.Source, set analytics.Settings) (*analytics.Result, error) {
			c, err := Load(ctx, src)
			if err != nil {
				return nil, err
			}
			opt := Options{Setup: s, FDR: set.FDR, Margins: set.Equivalence, Seed: set.Seed}
			m := Fit(c, opt)
			return &analytics.Result{
				Tables: m.Tables(), Findings: Findings(m, opt), Coverage: Coverage(m, opt, set.Inputs),
				Then: func(ctx context.Context, src analytics.Source) (*analytics.Result, error) {
					return review(ctx, src, m, opt)
				},
			}, nil
		},
	}
}

// review is the second half: which drifts are told, by the cells of the candidates, and who is late.
func review(ctx context.Context, src analytics.Source, m *Model, opt Options) (*analytics.Result, error) {
	rows, err := LoadOverlaps(ctx, src)
	if err != nil {
		return nil, err
	}
	m.Tell(rows)
	late, err := lateness(ctx, src)
	return &analytics.Result{Tables: []analytics.Table{m.DriftTable(), late}, Findings: DriftFindings(m, opt)}, err
}

// lateness counts who is late, by analytics.rhythms, which could be made only after the model.
func lateness(ctx context.Context, src analytics.Source) (analytics.Table, error) {
	l := analytics.NewReader(ctx, src, "analytics.red_")
	t := table("rhythm_late", "rhythm", "source", "customers", "late", "late_share")
	if f := l.Fetch("rhythm_late"); f != nil {
		rhythm, source, n, late := f.String("rhythm"), f.String("source"), l.Counts(f, "customers"), l.Counts(f, "late")
		for i := range rhythm {
			t.Rows = append(t.Rows, []any{rhythm[i], source[i], n[i], late[i], float64(late[i]) / float64(max(n[i], 1))})
		}
	}
	return t, l.Err()
}

// Coverage says what the block had and what each input answers. The keys are listed in findings.go.
func Coverage(m *Model, opt Options, inputs map[string]bool) []analytics.Coverage {
	var out []analytics.Coverage
	add := func(input, answers string, present bool, note string) {
		if !present && note == "" {
			note = "missing"
		}
		out = append(out, analytics.Coverage{Block: "rhythm", Input: input, Present: present, Answers: answers, Note: note})
	}
	note := map[string]string{NoOrders: "rhythm_no_orders", NoGaps: "one_order_each", FewCustomers: "few_rhythms"}[m.Rhythm.Status]
	if m.Rhythm.Status == NoOrders && !inputs["events"] && !inputs["order_items"] {
		note = ""
	}
	add("events", "rhythm", m.Rhythm.Status == Fitted, note)
	if m.Rhythm.Status == NoOrders {
		return out
	}
	note = ""
	if m.cycle(Day).Status == "no_time" {
		note = "dates_only"
	}
	add("events.occurred_at", "activity_hours", note == "", note)
	note = ""
	if len(m.Thresholds) == 0 {
		note = "no_day_borders"
	}
	add("stages", "rhythm_thresholds", note == "", note)
	add("messages", "rhythm_response", len(m.Responses) > 0, "")
	note = ""
	if m.Days < twoYears {
		note = "short_history"
	}
	add("history", "repeat_horizon", m.Curve.Horizon > 0, note)
	return out
}
