package backlog

import (
	"cmp"
	"math"
	"slices"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// buckets is the number of customer buckets.
const buckets = 100

// MessageMetrics are the rates that are compared, and the key of decision.equivalence that says which change matters; a rate without one matters from a tenth of itself on.
func MessageMetrics() map[string]string {
	return map[string]string{"delivery_rate": "", "bounce_rate": "", "open_rate": "", "click_rate": "ctr", "unsubscribe_rate": "unsubscribe_rate", "complaint_rate": "", "order_rate": "order_rate"}
}

// relativeMargin is the smallest change of interest of a rate that has none of its own.
const relativeMargin = .10

// mixState is the sums of one bucket of customers in both audits, cell by cell.
type mixState []suffstat.MixCell

// Merge adds cell by cell.
func (s mixState) Merge(o mixState) mixState {
	out := slices.Clone(s)
	for i, c := range o {
		out[i].BaseBefore += c.BaseBefore
		out[i].EventsBefore += c.EventsBefore
		out[i].BaseAfter += c.BaseAfter
		out[i].EventsAfter += c.EventsAfter
	}
	return out
}

// Empty tells a bucket without customers in either audit.
func (s mixState) Empty() bool {
	return !slices.ContainsFunc(s, func(c suffstat.MixCell) bool { return c.BaseBefore > 0 || c.BaseAfter > 0 })
}

// ratios are the crude rates of both audits.
func (s mixState) ratios() (before, after suffstat.Ratio) {
	for _, cell := range s {
		before.Num, before.Den = before.Num+int64(cell.EventsBefore), before.Den+int64(cell.BaseBefore)
		after.Num, after.Den = after.Num+int64(cell.EventsAfter), after.Den+int64(cell.BaseAfter)
	}
	return before, after
}

// metrics compares the rates of messages by channel and kind at an unchanged mix of scenarios and stages, and the moves between stages. A customer of both audits is in the same bucket of both, so the
// jackknife of the change takes account of it. One family, BH over all.
func (c *Comparison) metrics(opt CompareOptions) {
	c.messageMetrics(opt)
	c.moveMetrics(opt)
	p := make([]float64, len(c.Metrics))
	for i, m := range c.Metrics {
		p[i] = m.P
	}
	for i, q := range suffstat.BH(p) {
		m := &c.Metrics[i]
		m.Q = q
		if m.Verdict == analytics.Different && !(q <= opt.FDR) { // one of many: not shown yet
			m.Verdict = analytics.Inconclusive
		}
	}
}

type familyKey struct{ channel, kind string }

func (c *Comparison) messageMetrics(opt CompareOptions) {
	type cellKey struct{ scenario, stage string }
	type sums struct {
		cells map[cellKey]int
		state [buckets]mixState
	}
	families := map[familyKey]map[string]*sums{}
	add := func(m MessageSums, after bool) {
		scenario, stage := m.Scenario, m.Stage
		if !after {
			scenario, stage = cmp.Or(opt.Renames.Scenarios[scenario], scenario), cmp.Or(opt.Renames.Stages[stage], stage)
		}
		key := familyKey{m.Channel, m.Kind}
		if families[key] == nil {
			families[key] = map[string]*sums{}
		}
		for metric, r := range m.Sums {
			s := families[key][metric]
			if s == nil {
				s = &sums{cells: map[cellKey]int{}}
				families[key][metric] = s
			}
			cell, ok := s.cells[cellKey{scenario, stage}]
			if !ok {
				cell = len(s.cells)
				s.cells[cellKey{scenario, stage}] = cell
			}
			row := s.state[m.Bucket]
			for len(row) <= cell {
				row = append(row, suffstat.MixCell{})
			}
			if after {
				row[cell].BaseAfter += float64(r.Den)
				row[cell].EventsAfter += float64(r.Num)
			} else {
				row[cell].BaseBefore += float64(r.Den)
				row[cell].EventsBefore += float64(r.Num)
			}
			s.state[m.Bucket] = row
		}
	}
	for _, m := range c.Before.Messages {
		add(m, false)
	}
	for _, m := range c.After.Messages {
		add(m, true)
	}
	var keys []familyKey
	for k := range families {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b familyKey) int {
		return cmp.Or(cmp.Compare(a.channel, b.channel), cmp.Compare(a.kind, b.kind))
	})
	margins := MessageMetrics()
	for _, key := range keys {
		var names []string
		for metric := range families[key] {
			names = append(names, metric)
		}
		slices.Sort(names)
		for _, metric := range names {
			s := families[key][metric]
			states := make([]mixState, buckets)
			for g, row := range s.state {
				states[g] = append(row, make(mixState, len(s.cells)-len(row))...)
			}
			subject := key.channel + ":" + key.kind
			c.compareMix(metric, "channel_kind", subject, states, opt.Margins[margins[metric]])
		}
	}
}

// moveMetrics compares the rows of the transition matrix.
func (c *Comparison) moveMetrics(opt CompareOptions) {
	type move struct{ from, to string }
	cells := map[move][]mixState{}
	rows := map[string][]mixState{}
	fresh := func() []mixState {
		out := make([]mixState, buckets)
		for g := range out {
			out[g] = make(mixState, 1)
		}
		return out
	}
	add := func(m MoveSums, after bool) {
		from, to := m.From, m.To
		if !after {
			from, to = cmp.Or(opt.Renames.Stages[from], from), cmp.Or(opt.Renames.Stages[to], to)
		}
		if rows[from] == nil {
			rows[from] = fresh()
		}
		if cells[move{from, to}] == nil {
			cells[move{from, to}] = fresh()
		}
		n := float64(m.N)
		if after {
			rows[from][m.Bucket][0].BaseAfter += n
			cells[move{from, to}][m.Bucket][0].EventsAfter += n
		} else {
			rows[from][m.Bucket][0].BaseBefore += n
			cells[move{from, to}][m.Bucket][0].EventsBefore += n
		}
	}
	for _, m := range c.Before.Moves {
		add(m, false)
	}
	for _, m := range c.After.Moves {
		add(m, true)
	}
	var keys []move
	for k := range cells {
		if k.from != k.to {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b move) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	for _, k := range keys {
		states := cells[k]
		for g := range states {
			states[g][0].BaseBefore, states[g][0].BaseAfter = rows[k.from][g][0].BaseBefore, rows[k.from][g][0].BaseAfter
		}
		c.compareMix("transition_rate", "transition", k.from+"->"+k.to, states, opt.Margins["transition_rate"])
	}
}

// compareMix adds one metric; one that an audit does not measure at all is left out.
func (c *Comparison) compareMix(metric, subjectType, subject string, states []mixState, margin float64) {
	total, ok := suffstat.Merge(states)
	if !ok {
		return
	}
	before, after := total.ratios()
	if before.Den == 0 || after.Den == 0 || before.Num+after.Num == 0 {
		return
	}
	d := suffstat.Kitagawa(total)
	if margin <= 0 {
		margin = relativeMargin * math.Max(d.Before, d.After)
	}
	r := suffstat.JackknifeVec(states, func(s mixState) []float64 { return []float64{suffstat.Kitagawa(s).Rate} })
	var each [2][]suffstat.Ratio
	for _, s := range states {
		b, a := s.ratios()
		each[0], each[1] = append(each[0], b), append(each[1], a)
	}
	side := func(x suffstat.Ratio, buckets []suffstat.Ratio) analytics.Side { // messages of one customer are fewer independent ones
		return analytics.Side{Customers: x.Den, Effective: suffstat.Rate(buckets, x.Den, .95).NEff, Events: min(x.Num, x.Den-x.Num)}
	}
	decision := analytics.Decide(analytics.Comparison{
		Difference: d.Rate, SE: r.SE(0), DF: r.DF(), Margin: margin, Directional: true, Buckets: r.Buckets(), Sides: []analytics.Side{side(before, each[0]), side(after, each[1])},
	})
	m := ComparedMetric{Metric: metric, SubjectType: subjectType, Subject: subject, Before: before, After: after, Change: decision.Interval, Mix: d.Mix, P: decision.PDifference, Margin: margin,
		Verdict: decision.Verdict, Needed: decision.Needed}
	m.Change.Unit = "share"
	if !analytics.Finite(m.P) {
		m.P = 1
	}
	c.Metrics = append(c.Metrics, m)
}
