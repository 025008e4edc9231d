package metrics

import (
	"context"

	"crmaudit/analytics"
)

// Setup is what audit.yaml says about attribution.
type Setup struct {
	Windows []Window // by channel; the last word for all others is the one without a channel
	Service bool     // transactional messages may be credited with orders
}

// Window is the attribution window of one channel.
type Window struct {
	Channel string // "" for every channel that is not named
	Seconds int64
	Given   bool // audit.yaml names it
}

// NewBlock is audit block 3 without what is over time: metrics by kind of message, attribution, layers.
func NewBlock(s Setup) analytics.Block {
	return analytics.Block{
		Name: "metrics", Schema: "analytics",
		Config: []analytics.Table{Config(s)},
		Run: func(ctx context.Context, src analytics.Source, set analytics.Settings) (*analytics.Result, error) {
			c, err := Load(ctx, src)
			if err != nil {
				return nil, err
			}
			opt := Options{Setup: s, FDR: set.FDR, Level: set.Level, Margins: set.Equivalence, MinCustomers: set.MinCustomers, Days: set.To.Sub(set.From).Hours() / 24, Currency: set.Currency}
			m := Fit(c, opt)
			return &analytics.Result{Tables: m.Tables(), Findings: Findings(m, opt), Coverage: Coverage(m, opt, set.Inputs)}, nil
		},
	}
}

// Config is core.cfg_attribution.
func Config(s Setup) analytics.Table {
	t := analytics.Table{Name: "core.cfg_attribution", Columns: []string{"channel", "window_seconds", "given", "service"}}
	for _, w := range s.Windows {
		t.Rows = append(t.Rows, []any{w.Channel, w.Seconds, w.Given, s.Service})
	}
	return t
}

// Coverage says what the block had and what each input answers. The keys are listed in findings.go.
func Coverage(m *Model, opt Options, inputs map[string]bool) []analytics.Coverage {
	var out []analytics.Coverage
	add := func(input, answers string, present bool, note string) {
		if !present && note == "" {
			note = "missing"
		}
		out = append(out, analytics.Coverage{Block: "metrics", Input: input, Present: present, Answers: answers, Note: note})
	}
	sent := m.Messages > 0
	note := ""
	if !sent && m.History > 0 {
		note = "none_in_period"
	}
	add("messages", "metrics", sent, note)
	if !sent {
		return out
	}
	note = ""
	switch {
	case m.NoKind == m.Messages:
		note = "no_kind"
	case m.NoKind > 0:
		note = "some_without_kind"
	}
	add("messages.kind", "metrics_by_kind", m.NoKind < m.Messages, note)
	note = ""
	switch {
	case m.NoScenario == m.Messages:
		note = "no_scenario_id"
	case m.NoScenario > 0:
		note = "some_without_scenario"
	}
	add("messages.scenario_id", "metrics_by_scenario", m.NoScenario < m.Messages, note)
	by := func(has func(Channel) bool) (n int) {
		for _, c := range m.Reliability {
			if c.Total.Messages > 0 && has(c) {
				n++
			}
		}
		return n
	}
	all := by(func(Channel) bool { return true })
	derived, partly := by(func(c Channel) bool { return c.Delivery == "derived" }), by(func(c Channel) bool { return c.Delivery == "partly" })
	note = ""
	switch {
	case derived == all:
		note = "delivery_derived"
	case derived > 0:
		note = "delivery_derived_some"
	case partly > 0:
		note = "delivery_partly"
	}
	add("messages.delivered_at", "delivery", derived < all, note)
	opens, unreliable := by(func(c Channel) bool { return c.ReportsOpens }), by(func(c Channel) bool { return c.Verdict == Unreliable })
	note = ""
	switch {
	case opens == 0:
	case unreliable > 0:
		note = "opens_unreliable"
	case opens < all:
		note = "some_channels"
	}
	add("messages.opened_at", "opens", opens > 0, note)
	clicks := by(func(c Channel) bool { return c.ReportsClicks })
	note = ""
	if clicks > 0 && clicks < all {
		note = "some_channels"
	}
	add("messages.clicked_at", "clicks", clicks > 0, note)
	note = ""
	if m.Orders == 0 {
		note = "no_orders"
	}
	add("events", "attribution", m.Orders > 0, note)
	note = ""
	if m.Staged == 0 {
		note = "no_stages"
	}
	add("stages", "stage_moves", m.Staged > 0, note)
	note = ""
	if len(m.Gaps) == 0 {
		note = "few_scenarios"
	}
	add("messages.response", "engagement_gap", len(m.Gaps) > 0, note)
	return out
}
