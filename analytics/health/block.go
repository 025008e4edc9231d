package health

import (
	"context"
	"math"
	"slices"

	"crmaudit/analytics"
)

// Setup is what audit.yaml and the data say about contacts.
type Setup struct {
	Config
	Attributes  []string           // attribute columns of customers
	MessageCost map[string]float64 // by channel, currency units
}

// NewBlock is data health (audit block 13).
func NewBlock(s Setup) analytics.Block {
	return analytics.Block{
		Name: "health", Schema: "analytics",
		Config: s.tables(),
		Run: func(ctx context.Context, src analytics.Source, set analytics.Settings) (*analytics.Result, error) {
			c, err := Load(ctx, src)
			if err != nil {
				return nil, err
			}
			opt := Options{Setup: s, Customers: set.Inputs["customers"], HasCosts: len(set.MessageCost) > 0, Currency: set.Currency}
			m := Fit(c, opt)
			return &analytics.Result{Tables: m.Tables(), Findings: Findings(m, opt), Coverage: Coverage(m, opt)}, nil
		},
	}
}

// tables are core.cfg_health_fields and core.cfg_health_costs.
func (s Setup) tables() []analytics.Table {
	fields := analytics.Table{Name: "core.cfg_health_fields", Columns: []string{"field", "role", "birthday", "matched"}}
	for _, r := range s.roles() {
		fields.Rows = append(fields.Rows, []any{r.field, r.role, r.birthday, r.matched})
	}
	costs := analytics.Table{Name: "core.cfg_health_costs", Columns: []string{"channel", "cost_micro"}}
	channels := make([]string, 0, len(s.MessageCost))
	for channel := range s.MessageCost {
		channels = append(channels, channel)
	}
	slices.Sort(channels)
	for _, channel := range channels {
		costs.Rows = append(costs.Rows, []any{channel, int64(math.Round(s.MessageCost[channel] * 1e6))})
	}
	return []analytics.Table{fields, costs}
}

// Coverage says what the block had and what is missing. The keys are listed in findings.go.
func Coverage(m *Model, opt Options) []analytics.Coverage {
	var out []analytics.Coverage
	add := func(input, answers string, present bool, note string) {
		if !present && note == "" {
			note = "missing"
		}
		out = append(out, analytics.Coverage{Block: "health", Input: input, Present: present, Answers: answers, Note: note})
	}
	check := map[string]Check{}
	for _, c := range m.Checks {
		check[c.Name] = c
	}
	field := map[string]Field{}
	for _, f := range m.Fields {
		field[f.Name] = f
	}
	note := func(name string) string {
		if n := check[name].Note; n != NoCustomers && n != NoField {
			return n
		}
		return ""
	}
	all := ""
	if check[Duplicates].Note == TooMany {
		all = TooMany
	}
	add("customers", "health", m.Contacts, all)
	for _, name := range []string{"email", "name", "phone"} {
		n := ""
		if field[name].Given > 0 {
			n = note(Duplicates)
		}
		add("customers."+name, "duplicates", field[name].Given > 0, n)
	}
	add("customers.updated_at", "staleness", check[Stale].Status != NotMeasurable, "")
	add("customers.birthday", "birthdays", check[BirthdaysAbsurd].Status != NotMeasurable, note(BirthdaysAbsurd))
	add("customers.fillers", "fillers", check[Fillers].Status != NotMeasurable, note(Fillers))
	add("messages.bounced_at", "bounces", check[EmailBounces].Status != NotMeasurable, note(EmailBounces))
	add("history", "inactive", check[Inactive].Status != NotMeasurable, note(Inactive))
	cost := ""
	if !opt.HasCosts {
		cost = NoMessageCost
	}
	add("money.message_cost", "duplicate_cost", opt.HasCosts, cost)
	return out
}
