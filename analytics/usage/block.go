package usage

import (
	"context"

	"crmaudit/analytics"
)

// NewBlock is usage (audit block 16).
func NewBlock(s Setup) analytics.Block {
	return analytics.Block{
		Name: "usage", Schema: "analytics",
		Run: func(ctx context.Context, src analytics.Source, set analytics.Settings) (*analytics.Result, error) {
			c, err := Load(ctx, src)
			if err != nil {
				return nil, err
			}
			opt := Options{Setup: s, Margin: set.Margin, MessageCost: set.MessageCost, Currency: set.Currency, FDR: set.FDR, Level: set.Level, Margins: set.Equivalence}
			m := Fit(c, opt)
			return &analytics.Result{Tables: m.Tables(), Findings: Findings(m, opt), Coverage: Coverage(m, opt)}, nil
		},
	}
}

// Coverage says what the block had, what each input answers and what is missing. The keys are listed in findings.go.
func Coverage(m *Model, opt Options) []analytics.Coverage {
	var out []analytics.Coverage
	add := func(input, answers string, present bool, note string) {
		if !present && note == "" {
			note = "missing"
		}
		out = append(out, analytics.Coverage{Block: "usage", Input: input, Present: present, Answers: answers, Note: note})
	}
	note := ""
	if len(m.Owners) > 0 && !m.traced() {
		note = "no_trace"
	}
	add("customers.owner", "owners_active", m.traced(), note)
	add("orders", "orders_credited", m.AllOrders > 0, "")
	note = ""
	switch {
	case m.Priced && len(m.Unpriced) > 0:
		note = "unpriced_channels"
	case len(m.Unused) > 0:
		note = "priced_unused"
	}
	add("money.message_cost", "message_cost", m.Priced, note)
	add("money.margin", "message_return", opt.Margin > 0, "")
	add("usage.fixed_cost", "fixed_cost", opt.FixedCost != nil, "")
	note = ""
	if m.HoldOuts == 0 {
		note = "no_holdouts"
	}
	add("enrolments.arm", "randomized_return", m.HoldOuts > 0, note)
	note = ""
	switch {
	case m.Whole < 2:
		note = "under_half_year"
	case m.Whole < 5:
		note = "under_year"
	case m.Whole < 6:
		note = "under_18_months"
	}
	add("history", "year_ago", m.Whole >= 5, note)
	return out
}
