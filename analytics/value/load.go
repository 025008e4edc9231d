package value

import (
	"context"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Buckets is the number of customer buckets of the reduced tables.
const Buckets = 100

// Steps is the number of purchases that the ladder follows.
const Steps = 12

// Counts holds the reduced tables of the block.
type Counts struct {
	Window  Window
	Cells   []Cell
	Holdout []HoldoutCell
	Ages    []AgeCell
	Spends  []Spend
	// Ladder holds, for purchase k at place k-1, what happened by bucket; the last place only counts who reached purchase 13.
	Ladder [Steps + 1][]Step
}

// Window is analytics.red_value_window; days since 1970-01-01. The zero value: nothing is loaded.
type Window struct {
	First, End, From, KnownFrom, Cut int64
	Horizon                          int64
	Complete                         bool
}

// Days is the length of the loaded history up to the end.
func (w Window) Days() int64 { return w.End - w.First }

// Quarters is the length of the audited part of it in quarters of a year, 0 when there is none.
func (w Window) Quarters() float64 {
	return max(0, float64(w.End-max(w.From, w.First))) / daysPerQuarter
}

const daysPerQuarter = 365.25 / 4

// HoldoutCell is a group of customers at the beginning of the hold-out with what they bought in it.
type HoldoutCell struct {
	Cell
	Orders, Squares int64
}

// AgeCell counts customers of all kinds by (x, T).
type AgeCell struct{ X, Age, N, Known int64 }

// Step is what happened to the customers of one bucket after one purchase: the state of the jackknife.
type Step struct {
	Life            suffstat.LifeTable // days to the next purchase, cut behind the horizon
	Customers       int64              // made this purchase
	Repeated        int64              // made the next one, whenever
	Reached         int64              // made this purchase in the audited period
	Whole, Spending int64              // made it 91 days before the end; minor units in the 91 days from it on
}

// Merge adds two buckets.
func (s Step) Merge(o Step) Step {
	return Step{s.Life.Merge(o.Life), s.Customers + o.Customers, s.Repeated + o.Repeated, s.Reached + o.Reached, s.Whole + o.Whole, s.Spending + o.Spending}
}

// Empty tells that nobody of the bucket made this purchase.
func (s Step) Empty() bool { return s.Customers == 0 && s.Reached == 0 && s.Whole == 0 }

// Load fetches the reduced tables. It decides nothing.
func Load(ctx context.Context, src analytics.Source) (*Counts, error) {
	l := analytics.NewReader(ctx, src, "analytics.red_")
	c := &Counts{}
	if f := l.Fetch("value_window"); f != nil && f.Len() > 0 {
		at := func(column string) int64 { return f.Int64(column)[0] }
		c.Window = Window{at("first_day"), at("end_day"), at("from_day"), at("known_from_day"), at("cut_day"), at("horizon_days"), f.Bool("history_complete")[0]}
	}
	if f := l.Fetch("value_cells"); f != nil {
		x, recency, age, n := l.Counts(f, "repeats"), l.Counts(f, "recency_days"), l.Counts(f, "age_days"), l.Counts(f, "customers")
		c.Cells = make([]Cell, len(x))
		for i := range x {
			c.Cells[i] = Cell{x[i], recency[i], age[i], n[i]}
		}
	}
	if f := l.Fetch("value_holdout"); f != nil {
		x, n, recency, age := l.Counts(f, "repeats"), l.Counts(f, "customers"), l.Counts(f, "recency_days"), l.Counts(f, "age_days")
		orders, squares := l.Counts(f, "orders"), l.Counts(f, "orders_squared")
		for i := range x {
			if n[i] > 0 {
				c.Holdout = append(c.Holdout, HoldoutCell{Cell{x[i], (recency[i] + n[i]/2) / n[i], (age[i] + n[i]/2) / n[i], n[i]}, orders[i], squares[i]})
			}
		}
	}
	if f := l.Fetch("value_ages"); f != nil {
		x, age, n, known := l.Counts(f, "repeats"), l.Counts(f, "age_days"), l.Counts(f, "customers"), l.Counts(f, "known")
		for i := range x {
			c.Ages = append(c.Ages, AgeCell{x[i], age[i], n[i], known[i]})
		}
	}
	if f := l.Fetch("order_values"); f != nil {
		paid, n, minor := l.Counts(f, "paid"), l.Counts(f, "customers"), l.Counts(f, "paid_minor")
		for i := range paid {
			if paid[i] > 0 && n[i] > 0 {
				c.Spends = append(c.Spends, Spend{paid[i], float64(minor[i]) / 100 / float64(paid[i]*n[i]), n[i]})
			}
		}
	}
	c.ladder(l)
	return c, l.Err()
}

// ladder fills Ladder from the spells and the steps.
func (c *Counts) ladder(l *analytics.Reader) {
	var spells [Steps][Buckets][]suffstat.Spell
	for k := range c.Ladder {
		c.Ladder[k] = make([]Step, Buckets)
	}
	if f := l.Fetch("repeat_spells"); f != nil {
		number, days, bucket, n := l.Within(f, "number", Steps+1), l.Counts(f, "days"), l.Within(f, "bucket", Buckets), l.Counts(f, "customers")
		repeated := f.Bool("repeated")
		for i := range number {
			if number[i] == 0 {
				l.Fail("load %s: a purchase with number 0", f.Table())
				return
			}
			k, b := number[i]-1, bucket[i]
			spell := suffstat.Spell{Entry: 1, Exit: int(days[i]), Cause: suffstat.Censored, N: n[i]}
			if repeated[i] {
				spell.Cause = 0
				c.Ladder[k][b].Repeated += n[i]
			}
			c.Ladder[k][b].Customers += n[i]
			spells[k][b] = append(spells[k][b], spell)
		}
	}
	for k := range spells {
		for b := range spells[k] {
			c.Ladder[k][b].Life = suffstat.NewLifeTable(spells[k][b], 1)
		}
	}
	if f := l.Fetch("repeat_steps"); f != nil {
		number, bucket := l.Within(f, "number", Steps+2), l.Within(f, "bucket", Buckets)
		reached, whole, minor := l.Counts(f, "reached"), l.Counts(f, "whole"), l.Counts(f, "revenue_minor")
		for i := range number {
			if number[i] == 0 {
				continue
			}
			s := &c.Ladder[number[i]-1][bucket[i]]
			s.Reached, s.Whole, s.Spending = reached[i], whole[i], minor[i]
		}
	}
}

// StageSums is what the customers of one stage and bucket are expected to do.
type StageSums struct {
	Customers, Buyers int64
	Alive, Order      int64 // millionths of customers: still there, order within the horizon
	Orders            int64 // millionths of purchases
	Revenue, Active   int64 // minor units: expected, and expected if all were still customers
	Buckets           int64
}

// Merge adds two buckets.
func (s StageSums) Merge(o StageSums) StageSums {
	return StageSums{s.Customers + o.Customers, s.Buyers + o.Buyers, s.Alive + o.Alive, s.Order + o.Order, s.Orders + o.Orders, s.Revenue + o.Revenue, s.Active + o.Active, s.Buckets + o.Buckets}
}

// Empty tells that nobody of the bucket is in the stage.
func (s StageSums) Empty() bool { return s.Customers == 0 }

// LoadStages fetches what the value model says of the customers of each stage, by bucket. It is a table over the results of Fit.
func LoadStages(ctx context.Context, src analytics.Source) (names []string, stages map[string][]StageSums, err error) {
	l := analytics.NewReader(ctx, src, "analytics.red_")
	stages = map[string][]StageSums{}
	if f := l.Fetch("stage_expectations"); f != nil {
		stage, bucket := f.String("stage"), l.Within(f, "bucket", Buckets)
		customers, buyers, alive, orders := l.Counts(f, "customers"), l.Counts(f, "buyers"), l.Counts(f, "alive_millionths"), l.Counts(f, "orders_millionths")
		order := l.Counts(f, "order_millionths")
		revenue, active := l.Counts(f, "revenue_minor"), l.Counts(f, "active_minor")
		for i := range stage {
			if stages[stage[i]] == nil {
				stages[stage[i]] = make([]StageSums, Buckets)
				names = append(names, stage[i])
			}
			stages[stage[i]][bucket[i]] = StageSums{customers[i], buyers[i], alive[i], order[i], orders[i], revenue[i], active[i], 1}
		}
	}
	return names, stages, l.Err()
}
