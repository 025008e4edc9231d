package trends

import (
	"context"

	"crmaudit/analytics"
)

// NewBlock is the part of audit block 7 that looks at metrics over time.
func NewBlock() analytics.Block {
	return analytics.Block{
		Name: "trends", Schema: "analytics",
		Run: func(ctx context.Context, src analytics.Source, set analytics.Settings) (*analytics.Result, error) {
			c, err := Load(ctx, src)
			if err != nil {
				return nil, err
			}
			opt := Options{FDR: set.FDR, Margin: set.Equivalence["trend_per_month"], Seed: set.Seed, Days: set.To.Sub(set.From).Hours() / 24}
			m := Fit(c, opt)
			return &analytics.Result{Tables: m.Tables(), Findings: Findings(m, opt), Coverage: Coverage(m, set.Inputs)}, nil
		},
	}
}

// Coverage says what the block had, what each input answers and what is missing. The keys are listed in findings.go.
func Coverage(m *Model, inputs map[string]bool) []analytics.Coverage {
	var out []analytics.Coverage
	add := func(input, answers string, present bool, note string) {
		if !present && note == "" {
			note = "missing"
		}
		out = append(out, analytics.Coverage{Block: "trends", Input: input, Present: present, Answers: answers, Note: note})
	}
	has := func(metric string) (any, short bool) {
		short = true
		for _, s := range m.Series {
			if s.Metric == metric && s.Events > 0 {
				any, short = true, short && s.Short()
			}
		}
		return any, any && short
	}
	note := ""
	switch {
	case m.Periods == 0:
		note = "no_complete_period"
	case m.Rows == 0 && inputs["messages"]:
		note = "none_in_period"
	case m.Rows > 0 && m.Short == len(m.Series):
		note = "short_series"
	}
	add("messages", "metric_trends", m.Rows > 0, note)
	machines := false
	for _, c := range m.Channels {
		machines = machines || c.machines
	}
	for _, x := range []struct{ input, answers, metric string }{
		{"messages.delivered_at", "delivery_trends", Delivery}, {"messages.opened_at", "open_trends", Open}, {"messages.clicked_at", "click_trends", Click},
		{"messages.unsubscribed_at", "unsubscribe_trends", Unsubscribe}, {"events", "order_trends", Order}, {"lifecycle.stages", "move_trends", Move},
	} {
		any, short := has(x.metric)
		note := ""
		switch {
		case x.metric == Open && machines:
			note = "machine_opens"
		case short:
			note = "short_series"
		case x.metric == Order && any && m.ActionBuckets < 100:
			note = "sample_of_customers"
		}
		add(x.input, x.answers, any, note)
	}
	return out
}
