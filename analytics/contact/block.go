package contact

import (
	"context"
	"slices"

	"crmaudit/analytics"
)

// The night that is looked at when audit.yaml declares no quiet hours: 22:00 to 08:00.
const (
	nightFrom = 22 * 60
	nightTo   = 8 * 60
)

// NewBlock is the contact policy (audit block 1).
func NewBlock(s Setup) analytics.Block {
	return analytics.Block{
		Name: "contact", Schema: "scenarios",
		Config: []analytics.Table{Config(s)},
		Run: func(ctx context.Context, src analytics.Source, set analytics.Settings) (*analytics.Result, error) {
			c, err := Load(ctx, src)
			if err != nil {
				return nil, err
			}
			opt := Options{Setup: s, FDR: set.FDR, Level: set.Level, Margins: set.Equivalence, Days: set.To.Sub(set.From).Hours() / 24}
			m := Fit(c, opt)
			return &analytics.Result{Tables: m.Tables(opt), Findings: Findings(m, opt), Coverage: Coverage(m, opt, set.Inputs)}, nil
		},
	}
}

// Config is core.cfg_contact.
func Config(s Setup) analytics.Table {
	from, to := int64(nightFrom), int64(nightTo)
	if s.QuietDeclared {
		from, to = s.QuietFrom, s.QuietTo
	}
	return analytics.Table{
		Name: "core.cfg_contact", Columns: []string{"count_service", "quiet_from_minute", "quiet_to_minute", "quiet_declared"},
		Rows: [][]any{{s.CountService, from, to, s.QuietDeclared}},
	}
}

// Coverage says what the block had, what each input answers and what is missing. The keys are listed in findings.go.
func Coverage(m *Model, opt Options, inputs map[string]bool) []analytics.Coverage {
	var out []analytics.Coverage
	add := func(input, answers string, present bool, note string) {
		if !present && note == "" {
			note = "missing"
		}
		out = append(out, analytics.Coverage{Block: "contact", Input: input, Present: present, Answers: answers, Note: note})
	}
	sent := m.Audited > 0
	note := ""
	if !sent && inputs["messages"] {
		note = "none_in_period"
	}
	add("messages", "contact_load", sent, note)
	switch {
	case m.Messages > 0 && m.KindKnown == 0:
		note = "no_kind" // bulk is taken from campaigns of scenarios without enrolments; transactional from the role service
	case m.KindKnown < m.Messages:
		note = "some_without_kind"
	default:
		note = ""
	}
	add("messages.kind", "bulk_and_service", m.KindKnown > 0, note)
	add("messages.unsubscribed_at", "sent_after_unsubscribe", m.Opted > 0, "")
	f := m.Fatigue
	add("messages.bulk", "fatigue", f.Note == "", f.Note)
	note = ""
	if f.Goal == nil {
		if f.Note == NoBulk {
			note = NoBulk
		} else if inputs["events"] || inputs["order_items"] {
			note = "no_orders" // there are events, but none is an order that can be seen here
		}
	}
	add("orders", "fatigue_orders", f.Goal != nil, note)
	collisions, note := slices.ContainsFunc(f.Collisions, func(x Collision) bool { return x.Collided > 0 }), ""
	switch {
	case f.Note == NoBulk:
		note = NoBulk
	case !collisions:
		note = NoCollisions
	case !slices.ContainsFunc(f.Collisions, func(x Collision) bool { return x.Value.OK() && x.Note == "" }):
		note = "collisions_untold"
	}
	add("messages.collisions", "fatigue_collisions", collisions, note)
	add("policy.caps", "over_cap", len(opt.Caps) > 0, "")
	note = ""
	if !opt.PrioritiesDeclared {
		note = "no_priorities" // ties by time only
	}
	add("scenarios.priority", "cap_replay", opt.PrioritiesDeclared, note)
	note = ""
	if !opt.QuietDeclared {
		note = "default_night"
	}
	add("policy.quiet_hours", "quiet_hours", opt.QuietDeclared, note)
	switch {
	case m.Zones["own"] == 0:
		note = "business_zone"
	case m.Zones["unknown"] > 0:
		note = "unknown_zones"
	case m.Zones["none"] > 0:
		note = "some_without_zone"
	default:
		note = ""
	}
	add("customers.timezone", "local_time", m.Zones["own"] > 0, note)
	return out
}
