package backlog

import (
	"cmp"
	"maps"
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
// jackknife of the change takes account of it; what the customers of one week share is in the scatter of weeks (compareWeeks). One family, BH over all.
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

type (
	familyKey struct{ channel, kind string }
	cellKey   struct{ scenario, stage string }
	// rateSums are the sums of one rate of one family: cells of the mix by bucket of customers, and by week of each audit.
	rateSums struct {
		cells   map[cellKey]int
		buckets [buckets]mixState
		weeks   [2]map[int64]mixState // before, after
	}
)

// add adds one ratio to the row of a bucket or of a week, and returns the row.
func (s *rateSums) add(row mixState, cell cellKey, r suffstat.Ratio, after bool) mixState {
	at, ok := s.cells[cell]
	if !ok {
		at = len(s.cells)
		s.cells[cell] = at
	}
	for len(row) <= at {
		row = append(row, suffstat.MixCell{})
	}
	if after {
		row[at].BaseAfter += float64(r.Den)
		row[at].EventsAfter += float64(r.Num)
	} else {
		row[at].BaseBefore += float64(r.Den)
		row[at].EventsBefore += float64(r.Num)
	}
	return row
}

// whole is a row with all cells.
func (s *rateSums) whole(row mixState) mixState {
	return append(row, make(mixState, len(s.cells)-len(row))...)
}

// byWeek are the weeks of both audits in which a message counts for the rate, in order.
func (s *rateSums) byWeek() (out [2][]mixState) {
	for side, weeks := range s.weeks {
		for _, week := range slices.Sorted(maps.Keys(weeks)) {
			if row := s.whole(weeks[week]); !row.Empty() {
				out[side] = append(out[side], row)
			}
		}
	}
	return out
}

func (c *Comparison) messageMetrics(opt CompareOptions) {
	families := map[familyKey]map[string]*rateSums{}
	add := func(family familyKey, scenario, stage string, ratios map[string]suffstat.Ratio, after bool, into func(s *rateSums, cell cellKey, r suffstat.Ratio)) {
		if !after {
			scenario, stage = cmp.Or(opt.Renames.Scenarios[scenario], scenario), cmp.Or(opt.Renames.Stages[stage], stage)
		}
		if families[family] == nil {
			families[family] = map[string]*rateSums{}
		}
		for metric, r := range ratios {
			s := families[family][metric]
			if s == nil {
				s = &rateSums{cells: map[cellKey]int{}, weeks: [2]map[int64]mixState{{}, {}}}
				families[family][metric] = s
			}
			into(s, cellKey{scenario, stage}, r)
		}
	}
	known := true // the weeks of both audits
	for side, a := range []*Audit{c.Before, c.After} {
		after := side == 1
		known = known && (len(a.Weeks) > 0 || len(a.Messages) == 0)
		for _, m := range a.Messages {
			add(familyKey{m.Channel, m.Kind}, m.Scenario, m.Stage, m.Sums, after, func(s *rateSums, cell cellKey, r suffstat.Ratio) {
				s.buckets[m.Bucket] = s.add(s.buckets[m.Bucket], cell, r, after)
			})
		}
		for _, w := range a.Weeks {
			add(familyKey{w.Channel, w.Kind}, w.Scenario, w.Stage, w.Sums, after, func(s *rateSums, cell cellKey, r suffstat.Ratio) {
				s.weeks[side][w.Week] = s.add(s.weeks[side][w.Week], cell, r, after)
			})
		}
	}
	keys := slices.SortedFunc(maps.Keys(families), func(a, b familyKey) int {
		return cmp.Or(cmp.Compare(a.channel, b.channel), cmp.Compare(a.kind, b.kind))
	})
	margins := MessageMetrics()
	for _, key := range keys {
		for _, metric := range slices.Sorted(maps.Keys(families[key])) {
			s := families[key][metric]
			states := make([]mixState, buckets)
			for g, row := range s.buckets {
				states[g] = s.whole(row)
			}
			weeks := noWeeks
			if known {
				weeks = compareWeeks(s.byWeek())
			}
			c.compareMix(metric, "channel_kind", key.channel+":"+key.kind, states, opt.Margins[margins[metric]], weeks)
		}
	}
}

// What a comparison of a rate says about the weeks behind it.
const (
	NoteFewWeeks = "few_weeks" // one of the two periods has too few weeks with such messages, or one week outweighs all the others: no verdict
	NoteNoWeeks  = "no_weeks"  // one of the audits was made by a version that did not keep sums by week: the interval knows of customers only
)

// Below these no verdict is given about a rate of messages: weeks with messages, and the number of equal weeks that they are worth, (sum n)^2 / sum n^2.
const (
	leastWeeks          = 4
	leastEffectiveWeeks = 3
)

// weekScatter is what the weeks of two audits say about the change of a rate.
type weekScatter struct {
	before, after int64   // weeks
	se, df        float64 // NaN when too few
	note          string
}

var (
	noWeeks     = weekScatter{se: math.NaN(), df: math.NaN(), note: NoteNoWeeks}
	withoutWeek = weekScatter{se: math.NaN(), df: math.NaN()} // moves between stages: a step of them is no mailing
)

// compareWeeks is the standard error of the change at an unchanged mix with the weeks of either period as clusters, by a jackknife that leaves out one week of one period at a time:
//
//	se^2 = sum over the two periods of (W-1)/W * sum_w (t_w - mean t)^2,  t_w = Kitagawa's rate part without week w
//
// What a week does to everybody who gets its mailing - weather, a holiday, a subject line - is in it and in no jackknife over customers; what a customer brings along through all weeks is in the other only.
// df is the number of equal weeks that the fewer are worth, less one: two large mailings among thirteen small ones vary like two. Weeks are taken as independent; a shock that lasts over several weeks makes the
// interval too narrow. Weeks in which no message counts are left out. Special cases: below leastWeeks or leastEffectiveWeeks in either period NaN and NoteFewWeeks.
func compareWeeks(weeks [2][]mixState) weekScatter {
	out := weekScatter{before: int64(len(weeks[0])), after: int64(len(weeks[1])), se: math.NaN(), df: math.NaN()}
	effective := math.Min(effectiveWeeks(weeks[0]), effectiveWeeks(weeks[1]))
	if min(out.before, out.after) < leastWeeks || effective < leastEffectiveWeeks {
		out.note = NoteFewWeeks
		return out
	}
	var variance float64
	for side := range weeks {
		other, _ := suffstat.Merge(weeks[1-side])
		r := suffstat.JackknifeVec(weeks[side], func(s mixState) []float64 { return []float64{suffstat.Kitagawa(s.Merge(other)).Rate} })
		variance += r.Cov(0, 0)
	}
	out.se, out.df = math.Sqrt(variance), effective-1
	return out
}

// effectiveWeeks is Kish's effective number of the weeks of one audit; 0 without any.
func effectiveWeeks(weeks []mixState) float64 {
	var sum, squares float64
	for _, w := range weeks {
		var n float64
		for _, cell := range w {
			n += cell.BaseBefore + cell.BaseAfter
		}
		sum, squares = sum+n, squares+n*n
	}
	if squares == 0 {
		return 0
	}
	return sum * sum / squares
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
		c.compareMix("transition_rate", "transition", k.from+"->"+k.to, states, opt.Margins["transition_rate"], withoutWeek)
	}
}

// compareMix adds one metric; one that an audit does not measure at all is left out. Its standard error is the larger of the jackknife over customers and the scatter of weeks.
func (c *Comparison) compareMix(metric, subjectType, subject string, states []mixState, margin float64, weeks weekScatter) {
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
	se, df := r.SE(0), r.DF()
	if weeks.se > se {
		se, df = weeks.se, math.Min(df, weeks.df)
	}
	decision := analytics.Decide(analytics.Comparison{
		Difference: d.Rate, SE: se, DF: df, Margin: margin, Directional: true, Buckets: r.Buckets(), Sides: []analytics.Side{side(before, each[0]), side(after, each[1])},
	})
	m := ComparedMetric{Metric: metric, SubjectType: subjectType, Subject: subject, Before: before, After: after, Change: decision.Interval, Mix: d.Mix, P: decision.PDifference, Margin: margin,
		Verdict: decision.Verdict, Needed: decision.Needed, SECustomers: r.SE(0), SEWeeks: weeks.se, WeeksBefore: weeks.before, WeeksAfter: weeks.after, Note: weeks.note}
	m.Change.Unit = "share"
	if weeks.note == NoteFewWeeks { // the interval of the customers alone would be too narrow by nobody knows how much
		m.Verdict, m.Needed, m.P = analytics.InsufficientData, 0, 1
		m.Change = suffstat.NotEstimable(suffstat.MethodJackknife, .95, suffstat.ErrNoData)
		m.Change.Value, m.Change.Unit, m.Change.N = d.Rate, "share", min(before.Den, after.Den)
	}
	if !analytics.Finite(m.P) {
		m.P = 1
	}
	c.Metrics = append(c.Metrics, m)
}
