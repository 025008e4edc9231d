package experiments

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Buckets is the number of buckets of customers, or of clusters, of every reduced table; groups have half as many.
const Buckets = 100

// The outcomes that are made of orders, and the covariates that are no outcomes. Every other name is an event.
const (
	Order    = "order"    // share with at least one order
	Orders   = "orders"   // orders per customer
	Revenue  = "revenue"  // order value per customer
	Messages = "messages" // covariate: messages before the assignment
	Tenure   = "tenure"   // covariate: days since the customer was first seen
)

// The outcome keys of the reduced tables (queries/analytics/red_experiment_values.sql).
const (
	keyCustomers  = 0
	keyOrder      = 1
	keyOrders     = 2
	keyRevenue    = 3
	keyWinsorised = 4
	keyMessages   = 5
	keyTenure     = 6
	firstEvent    = 11
)

// The states of an assigned customer (queries/analytics/fct_experiment_units.sql).
const (
	stateOver   = iota // the outcome window is over
	stateOpen          // it reaches beyond the data
	stateBefore        // it begins before the data
	stateAfter         // assigned after the data end
	stateTied          // two arms in the same second
	states
)

// The sources of an experiment.
const (
	FromAssignments = "assignments"
	FromEnrolments  = "enrolments"
)

// minorUnits are in a currency unit.
const minorUnits = 100

// Counts holds the reduced tables of all experiments, in the order of their ids.
type Counts struct{ Experiments []Experiment }

// Experiment is one randomized comparison. Arms are in the order of their names.
type Experiment struct {
	Key              int64
	ID               string
	Source, Scenario string
	Days             int64 // outcome window
	FirstDay, EndDay int64 // days on which behaviour could be seen, half-open
	Cap              float64
	Arms             []Arm
	Events           []Event
	EventNames       int64 // that could be outcomes
	values           *cells
	groups           []group
}

// Event is an event name that is an outcome.
type Event struct {
	Key    int64
	Name   string
	Events int64
	Listed bool
}

// Arm is who was assigned to one arm.
type Arm struct {
	Key                      int64
	Name                     string
	Clusters                 int64
	Out                      bool // not part of the test
	States                   [states]int64
	Switched, Clustered      int64
	Messaged, MessagedBefore int64
	Recent, ShortHistory     int64
	FirstDay, LastDay        int64
	dated                    bool
}

// Assigned is everybody of the arm.
func (a *Arm) Assigned() int64 {
	var n int64
	for _, x := range a.States {
		n += x
	}
	return n
}

// Seen is those whose behaviour after the assignment is in the data, at least in part.
func (a *Arm) Seen() int64 { return a.States[stateOver] + a.States[stateOpen] }

// sums are those of one outcome over customers.
type sums struct{ y, x, yy, xx, yx int64 }

func (s sums) plus(o sums, sign int64) sums {
	return sums{s.y + sign*o.y, s.x + sign*o.x, s.yy + sign*o.yy, s.xx + sign*o.xx, s.yx + sign*o.yx}
}

// cells are customers and sums by arm, state and bucket.
type cells struct {
	buckets int
	n       []int64
	sums    map[int64][]sums
	unit    map[int64]int64
}

func newCells(arms, buckets int) *cells {
	return &cells{buckets: buckets, n: make([]int64, 2*arms*buckets), sums: map[int64][]sums{}, unit: map[int64]int64{}}
}

func (c *cells) at(arm int, state, bucket int64) int {
	return (2*arm+int(state))*c.buckets + int(bucket)
}

func (c *cells) add(key int64, at int, unit int64, s sums) {
	if c.sums[key] == nil {
		c.sums[key] = make([]sums, len(c.n))
		c.unit[key] = 1
	}
	if unit > 1 {
		c.unit[key] = unit
	}
	c.sums[key][at] = c.sums[key][at].plus(s, 1)
}

// of is the number of customers of an arm in a bucket and the sums of an outcome; open adds those whose window is open.
func (c *cells) of(key int64, arm, bucket int, open bool) (n int64, s sums) {
	for state := range int64(2) {
		if state == stateOpen && !open {
			continue
		}
		i := c.at(arm, state, int64(bucket))
		n += c.n[i]
		if v := c.sums[key]; v != nil {
			s = s.plus(v[i], 1)
		}
	}
	return n, s
}

// scale is what a unit of the outcome is worth in the unit that is shown.
func (c *cells) scale(key int64) float64 {
	if key != keyRevenue && key != keyWinsorised {
		return 1
	}
	unit := c.unit[key]
	if unit == 0 {
		unit = 1
	}
	return float64(unit) / minorUnits
}

// compared is the state of the given arms by bucket.
func (c *cells) compared(key int64, open bool, arms ...int) []suffstat.Arms {
	out := make([]suffstat.Arms, c.buckets)
	scale := c.scale(key)
	for b := range out {
		out[b] = make(suffstat.Arms, len(arms))
		for i, arm := range arms {
			n, s := c.of(key, arm, b, open)
			out[b][i] = suffstat.ComomentsOfSums(n, s.y, s.x, s.yy, s.xx, s.yx).Scale(scale)
		}
	}
	return out
}

// within is the state of two arms in the group and in all others of the experiment, by bucket of the group: arm and reference within, arm and reference outside.
func (c *cells) within(all *cells, key int64, open bool, arm, reference int) []suffstat.Arms {
	out := make([]suffstat.Arms, c.buckets)
	scale, fold := all.scale(key), all.buckets/c.buckets
	for b := range out {
		out[b] = make(suffstat.Arms, 4)
		for i, a := range []int{arm, reference} {
			n, s := c.of(key, a, b, open)
			out[b][i] = suffstat.ComomentsOfSums(n, s.y, s.x, s.yy, s.xx, s.yx).Scale(scale)
			var m int64
			var rest sums
			for k := range fold {
				more, part := all.of(key, a, b*fold+k, open)
				m, rest = m+more, rest.plus(part, 1)
			}
			rest = rest.plus(s, -1)
			out[b][2+i] = suffstat.ComomentsOfSums(m-n, rest.y, rest.x, rest.yy, rest.xx, rest.yx).Scale(scale)
		}
	}
	return out
}

// group is a stage or a segment at the assignment.
type group struct {
	Key             int64
	Grouping, Value string
	values          *cells
}

// Load fetches the reduced tables analytics.red_experiments, red_experiment_arms, red_experiment_names, red_experiment_values and red_experiment_groups.
func Load(ctx context.Context, src analytics.Source) (*Counts, error) {
	c := &Counts{}
	at := map[int64]*Experiment{}
	for _, part := range []struct {
		table string
		load  func(*analytics.Frame, map[int64]*Experiment) error
	}{
		{"red_experiments", c.loadExperiments}, {"red_experiment_arms", loadArms}, {"red_experiment_names", loadNames}, {"red_experiment_values", loadValues}, {"red_experiment_groups", loadGroups},
	} {
		f, err := src.Fetch(ctx, "analytics."+part.table)
		if err != nil {
			return nil, fmt.Errorf("load analytics.%s: %w", part.table, err)
		}
		if err := part.load(f, at); err != nil {
			return nil, fmt.Errorf("load analytics.%s: %w", part.table, err)
		}
	}
	for i := range c.Experiments {
		slices.SortFunc(c.Experiments[i].groups, func(a, b group) int { return cmp.Compare(a.Key, b.Key) })
	}
	return c, nil
}

func (c *Counts) loadExperiments(f *analytics.Frame, at map[int64]*Experiment) error {
	xk, id, source, scenario, days := f.Int64("xk"), f.String("experiment_id"), f.String("source"), f.String("scenario_id"), f.Int64("within_days")
	first, end, cut := f.Int64("first_day"), f.Int64("end_day"), f.Int64("cap_minor")
	taken := map[string]bool{}
	c.Experiments = make([]Experiment, len(xk))
	for i := range xk {
		for taken[id[i]] { // an experiment that is called as a hold-out is
			id[i] += "*"
		}
		taken[id[i]] = true
		c.Experiments[i] = Experiment{Key: xk[i], ID: id[i], Source: source[i], Scenario: scenario[i], Days: days[i], FirstDay: first[i], EndDay: end[i], Cap: float64(cut[i]) / minorUnits}
		at[xk[i]] = &c.Experiments[i]
	}
	return nil
}

func loadArms(f *analytics.Frame, at map[int64]*Experiment) error {
	xk, ak, state, bucket, name := f.Int64("xk"), f.Int64("ak"), f.Int64("state"), f.Int64("bucket"), f.String("arm")
	clusters, out, n := f.Int64("clusters"), f.Bool("stays_out"), f.Int64("n")
	switched, clustered, messaged, before := f.Int64("switched"), f.Int64("clustered"), f.Int64("messaged"), f.Int64("messaged_before")
	recent, short, first, last := f.Int64("recent"), f.Int64("short_history"), f.Int64("first_day"), f.Int64("last_day")
	for i := range xk { // first the arms, so that the cells know how many there are
		x := at[xk[i]]
		if x == nil || state[i] < 0 || state[i] >= states || bucket[i] < 0 || bucket[i] >= Buckets {
			return fmt.Errorf("row %d: experiment %d, state %d, bucket %d: not known", i+1, xk[i], state[i], bucket[i])
		}
		if x.arm(ak[i]) < 0 {
			x.Arms = append(x.Arms, Arm{Key: ak[i], Name: name[i], Clusters: clusters[i], Out: out[i], FirstDay: first[i], LastDay: last[i]})
		}
	}
	for _, x := range at {
		x.values = newCells(len(x.Arms), Buckets)
	}
	for i := range xk {
		x := at[xk[i]]
		a := &x.Arms[x.arm(ak[i])]
		a.States[state[i]] += n[i]
		a.Switched += switched[i]
		a.Clustered += clustered[i]
		a.Recent += recent[i]
		if state[i] <= stateOpen {
			a.Messaged, a.MessagedBefore, a.ShortHistory = a.Messaged+messaged[i], a.MessagedBefore+before[i], a.ShortHistory+short[i]
			x.values.n[x.values.at(x.arm(ak[i]), state[i], bucket[i])] += n[i]
		}
		if n[i] > 0 {
			if !a.dated || first[i] < a.FirstDay {
				a.FirstDay = first[i]
			}
			if !a.dated || last[i] > a.LastDay {
				a.LastDay = last[i]
			}
			a.dated = true
		}
	}
	return nil
}

// arm is the index of an arm; -1 when the experiment does not have it.
func (x *Experiment) arm(key int64) int {
	return slices.IndexFunc(x.Arms, func(a Arm) bool { return a.Key == key })
}

func loadNames(f *analytics.Frame, at map[int64]*Experiment) error {
	xk, nk, name, events, names, listed := f.Int64("xk"), f.Int64("nk"), f.String("name"), f.Int64("events"), f.Int64("names"), f.Bool("listed")
	for i := range xk {
		x := at[xk[i]]
		if x == nil {
			return fmt.Errorf("row %d: experiment %d: not known", i+1, xk[i])
		}
		x.Events = append(x.Events, Event{Key: nk[i], Name: name[i], Events: events[i], Listed: listed[i]})
		x.EventNames = names[i]
	}
	return nil
}

func loadValues(f *analytics.Frame, at map[int64]*Experiment) error {
	xk, nk, ak, state, bucket, unit := f.Int64("xk"), f.Int64("nk"), f.Int64("ak"), f.Int64("state"), f.Int64("bucket"), f.Int64("unit_minor")
	y, x, yy, xx, yx := f.Int64("y"), f.Int64("x"), f.Int64("yy"), f.Int64("xx"), f.Int64("yx")
	for i := range xk {
		e := at[xk[i]]
		if e == nil || e.arm(ak[i]) < 0 || state[i] < 0 || state[i] > stateOpen || bucket[i] < 0 || bucket[i] >= Buckets {
			return fmt.Errorf("row %d: experiment %d, arm %d, state %d, bucket %d: not known", i+1, xk[i], ak[i], state[i], bucket[i])
		}
		e.values.add(nk[i], e.values.at(e.arm(ak[i]), state[i], bucket[i]), unit[i], sums{y[i], x[i], yy[i], xx[i], yx[i]})
	}
	return nil
}

func loadGroups(f *analytics.Frame, at map[int64]*Experiment) error {
	xk, gk, nk, ak, state, bucket := f.Int64("xk"), f.Int64("gk"), f.Int64("nk"), f.Int64("ak"), f.Int64("state"), f.Int64("bucket")
	grouping, value, unit, n := f.String("grouping"), f.String("group_value"), f.Int64("unit_minor"), f.Int64("n")
	y, x, yy, xx, yx := f.Int64("y"), f.Int64("x"), f.Int64("yy"), f.Int64("xx"), f.Int64("yx")
	type key struct{ experiment, group int64 }
	index := map[key]int{}
	for i := range xk {
		e := at[xk[i]]
		if e == nil || e.arm(ak[i]) < 0 || state[i] < 0 || state[i] > stateOpen || bucket[i] < 0 || bucket[i] >= Buckets/2 {
			return fmt.Errorf("row %d: experiment %d, arm %d, state %d, bucket %d: not known", i+1, xk[i], ak[i], state[i], bucket[i])
		}
		j, ok := index[key{xk[i], gk[i]}]
		if !ok {
			j = len(e.groups)
			index[key{xk[i], gk[i]}] = j
			e.groups = append(e.groups, group{Key: gk[i], Grouping: grouping[i], Value: value[i], values: newCells(len(e.Arms), Buckets/2)})
		}
		c := e.groups[j].values
		p := c.at(e.arm(ak[i]), state[i], bucket[i])
		if nk[i] == keyCustomers {
			c.n[p] += n[i]
			continue
		}
		c.add(nk[i], p, unit[i], sums{y[i], x[i], yy[i], xx[i], yx[i]})
	}
	return nil
}
