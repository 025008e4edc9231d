package pipeline

import (
	"maps"
	"math"
	"slices"
)

// Norm is the border of ok and that of the red zone of a check, shares.
type Norm struct {
	Norm, Red float64
}

// check is one line of the card: what is counted, and which way is good.
type check struct {
	name   string
	higher bool
	norm   *Norm // nil: no norm, the number alone
}

// checks is the card in order. The norm of deals without movement is the product's; that of filled fields is the product's norm of key fields; the others are judgement.
func checks() []check {
	key, low, rare := Norm{.95, .80}, Norm{.10, .30}, Norm{.01, .05}
	return []check{
		{"idle_deals", false, &low}, {"silent_deals", false, &low}, {"overdue_deals", false, &low},
		{"next_step_filled", true, &key}, {"next_step_past", false, &low}, {"next_step_far", false, &rare}, {"owner_filled", true, &key}, {"amount_filled", true, &Norm{.70, .40}},
		{"customer_filled", true, &Norm{.70, .40}}, {"won_without_amount", false, &Norm{.05, .20}}, {"loss_reason_filled", true, &key}, {"loss_reason_filler", false, &Norm{.05, .20}},
		{"closed_without_move", false, &Norm{.05, .20}}, {"outcome_contradicts", false, &rare}, {"reopened", false, &Norm{.05, .15}}, {"same_instant", false, &Norm{.05, .20}},
		{"backward_moves", false, &Norm{.10, .25}}, {"skipped_stages", false, nil}, {"future_rows", false, &rare}, {"days_since_last_row", false, nil},
		{"tasks_on_time", true, &Norm{.80, .50}}, {"tasks_overdue", false, &low}, {"tasks_undated", false, &Norm{.10, .30}}, {"tasks_unreal", false, &rare},
	}
}

// Norms is the norms by check: what pipeline.norms may replace.
func Norms() map[string]Norm {
	out := map[string]Norm{}
	for _, c := range checks() {
		if c.norm != nil {
			out[c.name] = *c.norm
		}
	}
	return out
}

// Higher tells whether more is better in a check.
func Higher(name string) bool {
	return slices.ContainsFunc(checks(), func(c check) bool { return c.name == name && c.higher })
}

// Check is a line of the card with its number.
type Check struct {
	Name             string
	Value            float64 // NaN: not measurable
	Numerator, Total int64
	Norm             *Norm
	Higher           bool
	Status           string
	Note             string // why it is not measurable
}

// The states of a check.
const (
	statusOK      = "ok"
	statusWarning = "warning"
	statusRed     = "red"
	notMeasurable = "not_measurable"
)

// fitChecks counts the card. A check without anything to count is not measurable.
func (m *Model) fitChecks() {
	a, t, w := m.All, m.Tasks, m.Window
	parts := map[string][2]int64{
		"idle_deals": {a.Idle, a.Active}, "silent_deals": {a.Silent, a.Active}, "overdue_deals": {a.Overdue, a.Active},
		"next_step_filled": {a.NextFilled, a.Active}, "next_step_past": {a.NextPast, a.Active}, "next_step_far": {a.NextFar, a.Active}, "owner_filled": {a.Owned, a.Active},
		"amount_filled": {a.Priced, a.Active}, "customer_filled": {w.Clients, w.DealRows}, "won_without_amount": {a.Won - a.WonPriced, a.Won},
		"loss_reason_filled": {a.Explained, a.Lost}, "loss_reason_filler": {a.Filler, a.Lost}, "closed_without_move": {a.ByOutcome, a.Won + a.Lost},
		"outcome_contradicts": {a.Contradiction, a.Deals}, "reopened": {a.Reopened, a.Deals}, "same_instant": {a.SameInstant, a.Deals},
		"backward_moves": {a.Backward, a.Forward + a.Backward}, "skipped_stages": {a.Skips, a.Forward}, "future_rows": {w.FutureRows, w.DealRows + w.TaskRows + w.FutureRows},
		"tasks_on_time": {t.OnTime, t.Due}, "tasks_overdue": {t.Overdue, t.Active}, "tasks_undated": {t.Undated, t.Tasks}, "tasks_unreal": {t.Unreal, t.Tasks},
	}
	for _, c := range checks() {
		x := Check{Name: c.name, Value: math.NaN(), Higher: c.higher, Norm: c.norm, Status: notMeasurable}
		if given, ok := m.Options.Norms[c.name]; ok && c.norm != nil {
			x.Norm = &given
		}
		p := parts[c.name]
		if p[1] > 0 && !m.given(c.name) {
			p, x.Note = [2]int64{}, "field_not_given"
		}
		if c.name == "days_since_last_row" {
			if w.DealRows+w.TaskRows > 0 {
				p = [2]int64{max(0, w.To-1-w.Last), 1}
			}
		}
		if p[1] > 0 {
			x.Numerator, x.Total, x.Value = p[0], p[1], float64(p[0])/float64(p[1])
			x.Status = x.Norm.status(x.Value, c.higher)
		} else if x.Note == "" {
			x.Note = "nothing_to_count"
		}
		m.Checks = append(m.Checks, x)
	}
}

// given tells whether the field of a check is filled in anywhere: one that never is was most likely not exported, and says nothing about the records.
func (m *Model) given(name string) bool {
	a := m.All
	switch name {
	case "next_step_filled", "next_step_past", "next_step_far":
		return a.NextFilled > 0
	case "owner_filled":
		return a.Owned > 0
	case "amount_filled", "won_without_amount":
		return a.Priced+a.WonPriced > 0
	case "customer_filled":
		return m.Window.Clients > 0
	case "loss_reason_filled", "loss_reason_filler":
		return a.Explained+a.Filler > 0
	case "tasks_on_time", "tasks_overdue", "tasks_undated":
		return m.Tasks.Tasks > m.Tasks.Undated
	}
	return true
}

// status compares a number with a norm; without one all is ok. On the border is ok.
func (n *Norm) status(value float64, higher bool) string {
	if n == nil {
		return statusOK
	}
	norm, red := n.Norm, n.Red
	if higher {
		value, norm, red = -value, -norm, -red
	}
	switch {
	case value > red:
		return statusRed
	case value > norm:
		return statusWarning
	}
	return statusOK
}

func (m *Model) check(name string) Check {
	for _, c := range m.Checks {
		if c.Name == name {
			return c
		}
	}
	return Check{Name: name, Value: math.NaN(), Status: notMeasurable}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
