package experiments

import (
	"maps"
	"slices"

	"crmaudit/analytics"
)

// DefaultDays is the outcome window of an experiment that audit.yaml does not name.
const DefaultDays = 28

// Setup is what audit.yaml says about experiments. Without Experiments every experiment of assignments is estimated on every outcome.
type Setup struct{ Experiments []Definition }

// Definition narrows one experiment.
type Definition struct {
	ID         string
	Reference  string             // arm to compare with; "": the one called control, holdout or reference
	Outcomes   []string           // event names, order, orders, revenue; the first one decides; nil: every one
	WithinDays int                // outcome window; 0: DefaultDays
	Shares     map[string]float64 // planned split by arm; nil: the nearest usual one. Arms that are not named stay out
}

func (s Setup) find(id string) (Definition, bool) {
	i := slices.IndexFunc(s.Experiments, func(d Definition) bool { return d.ID == id })
	if i < 0 {
		return Definition{}, false
	}
	return s.Experiments[i], true
}

// tables are the core.cfg_* tables of the setup.
func (s Setup) tables() []analytics.Table {
	list := analytics.Table{Name: "core.cfg_experiments", Columns: []string{"position", "experiment_id", "reference", "within_days", "all_outcomes"}}
	outcomes := analytics.Table{Name: "core.cfg_experiment_outcomes", Columns: []string{"experiment_id", "position", "outcome"}}
	shares := analytics.Table{Name: "core.cfg_experiment_shares", Columns: []string{"experiment_id", "arm", "share"}}
	for i, d := range s.Experiments {
		var reference any
		if d.Reference != "" {
			reference = d.Reference
		}
		days := d.WithinDays
		if days == 0 {
			days = DefaultDays
		}
		list.Rows = append(list.Rows, []any{int64(i + 1), d.ID, reference, int64(days), len(d.Outcomes) == 0})
		seen := map[string]bool{}
		for j, o := range d.Outcomes {
			if !seen[o] {
				outcomes.Rows = append(outcomes.Rows, []any{d.ID, int64(j + 1), o})
			}
			seen[o] = true
		}
		for _, arm := range slices.Sorted(maps.Keys(d.Shares)) {
			shares.Rows = append(shares.Rows, []any{d.ID, arm, d.Shares[arm]})
		}
	}
	return []analytics.Table{list, outcomes, shares}
}
