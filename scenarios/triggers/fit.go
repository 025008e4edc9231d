package triggers

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

const (
	level = .95
	// margin is the smallest difference of a share in time that matters: 2 percentage points.
	margin = .02
)

// The outcomes of a case.
const (
	inTime   = "in_time"
	late     = "late"
	missing  = "missing"
	open     = "open"
	unlinked = "unlinked"
)

// Tally counts cases; the cases that count are in time, late or missing.
type Tally struct{ InTime, Late, Missing, NotYet, Unlinked int64 }

// Triggered is the cases whose time was over when the data end.
func (t Tally) Triggered() int64 { return t.InTime + t.Late + t.Missing }

func (t *Tally) add(outcome string, n int64) {
	switch outcome {
	case inTime:
		t.InTime += n
	case late:
		t.Late += n
	case missing:
		t.Missing += n
	case open:
		t.NotYet += n
	case unlinked:
		t.Unlinked += n
	}
}

// Group is the cases of one rule in one week or of one owner.
type Group struct {
	Tally
	Week  int64 // of weeks
	Owner string
	Share suffstat.RateEstimate // in time of triggered
	// Strict is Share with the interval level of one of all owners (Bonferroni): who looks worst of many often only was unlucky.
	Strict suffstat.Estimate
}

// Latency is the time to the answer, of answered cases of one channel ("" for all).
type Latency struct {
	Channel     string
	Answered    int64
	Median, P95 suffstat.Estimate // seconds
}

// Fitted is one rule with what the data say about it.
type Fitted struct {
	Rule
	Tally
	Customers int64
	Share     suffstat.RateEstimate // in time of triggered
	Decision  analytics.Decision    // Share against Target
	Q         float64               // of the family of rules; NaN below the floors
	All       Latency
	Channels  []Latency
	Weeks     []Group
	Owners    []Group
	Change    analytics.Decision // second half of the weeks minus the first
}

// Model is the rules in the order of the configuration.
type Model struct{ Rules []Fitted }

// Fit makes shares, latencies and verdicts. Decision: is the share in time below the target (directional; within two percentage points of it counts as at the
// target). Floors and the n that would decide: analytics.Decide. Latency quantiles: bucket bootstrap, exact to three digits; they are of answered cases
// only, so a rule that answers few cases fast looks fast: read them beside the share.
func Fit(c *Counts, rules []Rule, seed uint64) *Model {
	m := &Model{}
	var p []float64
	var tested []int
	for i, r := range rules {
		f := Fitted{Rule: r, Q: math.NaN()}
		f.Target = r.target()
		cases := rowsOf(c.Cases, func(x CaseRow) bool { return x.Position == i+1 })
		f.count(cases)
		f.latencies(rowsOf(c.Latency, func(x LatencyRow) bool { return x.Position == i+1 }), seed)
		if f.Decision.Verdict != analytics.InsufficientData {
			p, tested = append(p, f.Decision.PDifference), append(tested, i)
		}
		m.Rules = append(m.Rules, f)
	}
	for k, q := range suffstat.BH(p) {
		m.Rules[tested[k]].Q = q
	}
	return m
}

func rowsOf[T any](all []T, keep func(T) bool) []T {
	return slices.DeleteFunc(slices.Clone(all), func(x T) bool { return !keep(x) })
}

func (f *Fitted) count(cases []CaseRow) {
	weeks, owners := map[int64][]CaseRow{}, map[string][]CaseRow{}
	for _, x := range cases {
		f.add(x.Outcome, x.N)
		if x.Outcome != unlinked && x.Outcome != open {
			f.Customers += x.Firsts
		}
		weeks[x.Week] = append(weeks[x.Week], x)
		owners[x.Owner] = append(owners[x.Owner], x)
	}
	buckets := ratios(cases)
	f.Share = suffstat.Rate(buckets, f.Customers, level)
	f.Decision = analytics.Decide(analytics.Comparison{
		Difference: f.Share.Value - f.Target, SE: f.Share.SE, DF: f.Share.DF, Margin: margin, Directional: true, Buckets: f.Share.Buckets,
		Sides: []analytics.Side{{Customers: f.Customers, Effective: f.Share.NEff, Events: -1}},
	})
	group := func(rows []CaseRow) Group {
		g := Group{}
		for _, x := range rows {
			g.add(x.Outcome, x.N)
		}
		g.Share = suffstat.Rate(ratios(rows), min(g.Triggered(), f.Customers), level)
		return g
	}
	for _, w := range slices.Sorted(maps.Keys(weeks)) {
		g := group(weeks[w])
		g.Week = w
		f.Weeks = append(f.Weeks, g)
	}
	for _, o := range slices.Sorted(maps.Keys(owners)) {
		g := group(owners[o])
		g.Owner = o
		g.Strict = suffstat.Rate(ratios(owners[o]), min(g.Triggered(), f.Customers), 1-(1-level)/float64(len(owners))).Estimate
		f.Owners = append(f.Owners, g)
	}
	f.Change = change(cases, f.Weeks, f.Customers)
}

// ratios is in time of triggered by bucket.
func ratios(cases []CaseRow) []suffstat.Ratio {
	out := make([]suffstat.Ratio, Buckets)
	for _, x := range cases {
		switch x.Outcome {
		case inTime:
			out[x.Bucket].Num += x.N
			out[x.Bucket].Den += x.N
		case late, missing:
			out[x.Bucket].Den += x.N
		}
	}
	return out
}

// change compares the second half of the weeks with the first.
func change(cases []CaseRow, weeks []Group, customers int64) analytics.Decision {
	if len(weeks) < 2 {
		return analytics.Decision{Verdict: analytics.InsufficientData, Interval: suffstat.NotEstimable(suffstat.MethodJackknife, level, suffstat.ErrNoData)}
	}
	middle := weeks[len(weeks)/2].Week
	before := ratios(rowsOf(cases, func(x CaseRow) bool { return x.Week < middle }))
	after := ratios(rowsOf(cases, func(x CaseRow) bool { return x.Week >= middle }))
	n := func(side []suffstat.Ratio) int64 {
		total, _ := suffstat.Merge(side)
		return min(total.Den, customers)
	}
	c := analytics.CompareRates(after, before, n(after), n(before), margin, false)
	for i := range c.Sides {
		c.Sides[i].Events = -1
	}
	return analytics.Decide(c)
}

func (f *Fitted) latencies(rows []LatencyRow, seed uint64) {
	f.All = latency("", rows, seed)
	byChannel := map[string][]LatencyRow{}
	for _, x := range rows {
		byChannel[x.Channel] = append(byChannel[x.Channel], x)
	}
	for _, channel := range slices.Sorted(maps.Keys(byChannel)) {
		f.Channels = append(f.Channels, latency(channel, byChannel[channel], seed))
	}
}

func latency(channel string, rows []LatencyRow, seed uint64) Latency {
	l := Latency{Channel: channel}
	var values []float64
	for _, x := range rows {
		values = append(values, float64(x.Seconds))
		l.Answered += x.N
	}
	slices.Sort(values)
	values = slices.Compact(values)
	buckets := make([]suffstat.Cells, Buckets)
	for _, x := range rows {
		if buckets[x.Bucket] == nil {
			buckets[x.Bucket] = make(suffstat.Cells, len(values))
		}
		at, _ := slices.BinarySearchFunc(values, x.Seconds, func(v float64, s int64) int { return cmp.Compare(v, float64(s)) })
		buckets[x.Bucket][at] += x.N
	}
	buckets = rowsOf(buckets, func(b suffstat.Cells) bool { return b != nil })
	quantile := func(q float64) suffstat.Estimate {
		e := suffstat.QuantileInterval(values, buckets, q, level, seed)
		e.N, e.Unit = l.Answered, "seconds"
		return e
	}
	l.Median, l.P95 = quantile(.5), quantile(.95)
	return l
}
