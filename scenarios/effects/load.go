package effects

import (
	"context"
	"fmt"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Buckets is the number of customer buckets of every reduced table.
const Buckets = 100

// The outcomes, in the order in which they are shown.
const (
	BetterStage = "better_stage"       // share in a better stage at the end of the outcome window
	Order       = "order"              // share with an order in the window
	Revenue     = "revenue"            // order value per customer
	Winsorised  = "revenue_winsorised" // the same, values cut at the pooled 99.9 % point of before
	Unsubscribe = "unsubscribe"        // share unsubscribed in the window
)

// Outcomes lists them all.
func Outcomes() []string { return []string{BetterStage, Order, Revenue, Winsorised, Unsubscribe} }

// Counts holds the reduced tables: randomized arms and the cells of emulated trials.
type Counts struct {
	Scenarios []Scenario
	Holdouts  []Holdout
}

// Scenario is one scenario with what its emulated trials are made of.
type Scenario struct {
	Key                        int64
	ID                         string
	Horizon                    int64 // days of the outcome window
	FromDay, ToDay             int64 // days that may be time zero
	Entries, Customers         int64 // of treated customers on these days
	Controls                   int64 // customers of its own control arm
	Bulk, Trial, Event, Locked bool
	TreatedEvery, OthersEvery  int64 // sampling of customers
	TreatedCustomers           int64 // among the units
	OtherCustomers             int64
	Cells                      []CellRow
	Groups                     []GroupRow
}

// CellRow is one arm of one cell in one bucket.
type CellRow struct {
	Cell                            int64
	Treated                         bool
	Bucket                          int
	Reason                          int64 // why a comparator did not enter, reasonNames
	N, Ordered, Revenue, Winsorised int64
	Unsubscribed, Staged, Better    int64
	Placebos, Placebo, PlaceboShort int64
}

// GroupRow is how many entrants of a scenario are in a group, and how many would be if they were as comparators of the same stage, recency, tenure and orders: as they are, and with the group that is used held equal.
type GroupRow struct {
	Group
	Used                bool // the group is in the cells
	Plain, Held         Members
	Treated, Comparison int64 // in the sample, where a customer counts once in each arm
}

// Group is a group of customers: a segment, the value of an attribute, or those who most often order a category.
type Group struct {
	Kind, Name, Value string
	Dated             bool // membership is known as of time zero; else as of the export
}

// Members are entrants in cells with comparators, those of them in a group, thousandths of those expected there, and thousandths of the sum over cells of squared entrants by comparators.
type Members struct{ Units, In, ExpectedMilli, WeightMilli int64 }

// Holdout is one randomized experiment on one scenario; index 0 is the reference arm, 1 the treated one.
type Holdout struct {
	Key               int64
	Scenario          string
	Experiment        string // "" for the control arm of enrolments
	Horizon           int64
	Customers         [2]int64
	Arms              int // on both sides
	Messaged          [2]int64
	MessagedBefore    [2]int64
	Switched          [2]int64
	Clustered         int64
	FirstDay, LastDay int64
	Outcomes          map[string][]suffstat.Arms // per bucket, money in currency units
}

// Load fetches the reduced tables scenarios.red_trial_scenarios, red_trial_balance, red_tte, red_rct_arms and red_rct.
func Load(ctx context.Context, src analytics.Source) (*Counts, error) {
	fetch := func(name string) (*analytics.Frame, error) {
		f, err := src.Fetch(ctx, "scenarios."+name)
		if err != nil {
			return nil, fmt.Errorf("load scenarios.%s: %w", name, err)
		}
		return f, nil
	}
	c := &Counts{}
	f, err := fetch("red_trial_scenarios")
	if err != nil {
		return nil, err
	}
	c.loadScenarios(f)
	if f, err = fetch("red_trial_balance"); err != nil {
		return nil, err
	}
	if err := c.loadGroups(f); err != nil {
		return nil, err
	}
	if f, err = fetch("red_tte"); err != nil {
		return nil, err
	}
	if err := c.loadCells(f); err != nil {
		return nil, err
	}
	if f, err = fetch("red_rct_arms"); err != nil {
		return nil, err
	}
	c.loadArms(f)
	if f, err = fetch("red_rct"); err != nil {
		return nil, err
	}
	return c, c.loadOutcomes(f)
}

func (c *Counts) loadScenarios(f *analytics.Frame) {
	sk, id, h, from, to := f.Int64("sk"), f.String("scenario_id"), f.Int64("horizon_days"), f.Int64("from_day"), f.Int64("to_day")
	entries, customers, controls := f.Int64("entries"), f.Int64("customers"), f.Int64("controls")
	bulk, trial, event, locked := f.Bool("bulk"), f.Bool("trial"), f.Bool("by_event"), f.Bool("locked")
	every, others := f.Int64("treated_every"), f.Int64("comparator_every")
	treated, compared := f.Int64("treated_customers"), f.Int64("comparator_customers")
	for i := range sk {
		c.Scenarios = append(c.Scenarios, Scenario{Key: sk[i], ID: id[i], Horizon: h[i], FromDay: from[i], ToDay: to[i], Entries: entries[i], Customers: customers[i], Controls: controls[i],
			Bulk: bulk[i], Trial: trial[i], Event: event[i], Locked: locked[i], TreatedEvery: every[i], OthersEvery: others[i], TreatedCustomers: treated[i], OtherCustomers: compared[i]})
	}
}

func (c *Counts) loadGroups(f *analytics.Frame) error {
	at := map[int64]*Scenario{}
	for i := range c.Scenarios {
		at[c.Scenarios[i].Key] = &c.Scenarios[i]
	}
	sk, kind, name, value, dated, used := f.Int64("sk"), f.String("kind"), f.String("name"), f.String("group_value"), f.Bool("dated"), f.Bool("used")
	units, in, expected, weight := f.Int64("units"), f.Int64("members"), f.Int64("expected_milli"), f.Int64("weight_milli")
	heldUnits, heldIn, heldExpected, heldWeight := f.Int64("held_units"), f.Int64("held_members"), f.Int64("held_expected_milli"), f.Int64("held_weight_milli")
	treated, compared := f.Int64("customers_treated"), f.Int64("customers_control")
	for i := range sk {
		s := at[sk[i]]
		if s == nil {
			return fmt.Errorf("load %s: row %d: scenario %d: not known", f.Table(), i+1, sk[i])
		}
		s.Groups = append(s.Groups, GroupRow{Group: Group{kind[i], name[i], value[i], dated[i]}, Used: used[i], Plain: Members{units[i], in[i], expected[i], weight[i]},
			Held: Members{heldUnits[i], heldIn[i], heldExpected[i], heldWeight[i]}, Treated: treated[i], Comparison: compared[i]})
	}
	return nil
}

func (c *Counts) loadCells(f *analytics.Frame) error {
	at := map[int64]*Scenario{}
	for i := range c.Scenarios {
		at[c.Scenarios[i].Key] = &c.Scenarios[i]
	}
	sk, cell, treated, reason, bucket := f.Int64("sk"), f.Int64("cell"), f.Bool("treated"), f.Int64("reason"), f.Int64("bucket")
	n, ordered, revenue, capped, gone := f.Int64("n"), f.Int64("ordered"), f.Int64("revenue_minor"), f.Int64("capped_minor"), f.Int64("unsubscribed")
	staged, better, placebos, placebo, short := f.Int64("staged"), f.Int64("better"), f.Int64("placebos"), f.Int64("placebo"), f.Int64("placebo_short")
	for i := range sk {
		s := at[sk[i]]
		if s == nil || bucket[i] < 0 || bucket[i] >= Buckets {
			return fmt.Errorf("load %s: row %d: scenario %d, bucket %d: not known", f.Table(), i+1, sk[i], bucket[i])
		}
		if reason[i] < 0 || reason[i] >= int64(len(reasonNames)) {
			return fmt.Errorf("load %s: row %d: reason %d: not known", f.Table(), i+1, reason[i])
		}
		s.Cells = append(s.Cells, CellRow{Cell: cell[i], Treated: treated[i], Bucket: int(bucket[i]), Reason: reason[i], N: n[i], Ordered: ordered[i], Revenue: revenue[i], Winsorised: capped[i],
			Unsubscribed: gone[i], Staged: staged[i], Better: better[i], Placebos: placebos[i], Placebo: placebo[i], PlaceboShort: short[i]})
	}
	return nil
}

// arm is the index of an arm.
func arm(treated bool) int {
	if treated {
		return 1
	}
	return 0
}

type experiment struct {
	key  int64
	name string
}

func (c *Counts) loadArms(f *analytics.Frame) {
	at := map[experiment]int{}
	sk, id, name, treated, h := f.Int64("sk"), f.String("scenario_id"), f.String("experiment_id"), f.Bool("treated"), f.Int64("horizon_days")
	arms := f.Int64("arms")
	n, sent, before, switched, clustered := f.Int64("customers"), f.Int64("messaged"), f.Int64("messaged_before"), f.Int64("switched"), f.Int64("clustered")
	first, last := f.Int64("first_day"), f.Int64("last_day")
	for i := range sk {
		key := experiment{sk[i], name[i]}
		j, ok := at[key]
		if !ok {
			j = len(c.Holdouts)
			at[key] = j
			c.Holdouts = append(c.Holdouts, Holdout{Key: sk[i], Scenario: id[i], Experiment: name[i], Horizon: h[i], FirstDay: first[i], LastDay: last[i], Outcomes: map[string][]suffstat.Arms{}})
		}
		x, a := &c.Holdouts[j], arm(treated[i])
		x.Customers[a], x.Messaged[a], x.MessagedBefore[a], x.Switched[a] = n[i], sent[i], before[i], switched[i]
		x.Clustered += clustered[i]
		x.Arms += int(arms[i])
		x.FirstDay, x.LastDay = min(x.FirstDay, first[i]), max(x.LastDay, last[i])
	}
}

func (c *Counts) loadOutcomes(f *analytics.Frame) error {
	at := map[experiment]*Holdout{}
	for i := range c.Holdouts {
		at[experiment{c.Holdouts[i].Key, c.Holdouts[i].Experiment}] = &c.Holdouts[i]
	}
	sk, name, outcome, treated, bucket := f.Int64("sk"), f.String("experiment_id"), f.String("outcome"), f.Bool("treated"), f.Int64("bucket")
	unit, n, y, x, yy, xx, yx := f.Int64("unit_minor"), f.Int64("n"), f.Int64("y"), f.Int64("x"), f.Int64("yy"), f.Int64("xx"), f.Int64("yx")
	for i := range sk {
		h := at[experiment{sk[i], name[i]}]
		if h == nil || bucket[i] < 0 || bucket[i] >= Buckets {
			return fmt.Errorf("load %s: row %d: scenario %d, experiment %q, bucket %d: not known", f.Table(), i+1, sk[i], name[i], bucket[i])
		}
		arms := h.Outcomes[outcome[i]]
		if arms == nil {
			arms = make([]suffstat.Arms, Buckets)
			for b := range arms {
				arms[b] = make(suffstat.Arms, 2)
			}
			h.Outcomes[outcome[i]] = arms
		}
		m := suffstat.ComomentsOfSums(n[i], y[i], x[i], yy[i], xx[i], yx[i])
		if isMoney(outcome[i]) {
			m = m.Scale(float64(unit[i]) / minorUnits)
		}
		arms[bucket[i]][arm(treated[i])] = m
	}
	return nil
}

// minorUnits are in a currency unit.
const minorUnits = 100

func isMoney(outcome string) bool { return outcome == Revenue || outcome == Winsorised }
