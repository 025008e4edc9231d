package pipeline

import (
	"cmp"
	"math"
	"slices"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// The metrics by which owners and sources are compared.
const (
	wonShare    = "won_share"
	idleShare   = "idle_share"
	onTimeShare = "on_time_share"
)

// The verdicts about a group.
const (
	higher = "higher"
	lower  = "lower"
	same   = "same"
	few    = "few"
)

// Group is an owner or a source by one metric.
type Group struct {
	Grouping, Value, Metric string
	N, Events               int64
	Raw                     suffstat.Estimate
	Shrunk                  suffstat.Estimate
	Reference               float64 // weighted median of the class
	Decision                analytics.Decision
	Q                       float64
	Verdict                 string

	y, se   float64
	buckets int
}

// Owner is what was counted for a responsible employee.
type Owner struct {
	Name string
	State
	Tasks Tasks
	Days  DayRow
}

func (m *Model) groups(c *Counts) {
	states, tasks := map[string][]StateRow{}, map[string][]TaskRow{}
	for _, r := range c.States {
		if r.Grouping == "owner" || r.Grouping == "source" {
			states[r.Grouping+" "+r.Group] = append(states[r.Grouping+" "+r.Group], r)
		}
	}
	for _, r := range c.Tasks {
		tasks[r.Owner] = append(tasks[r.Owner], r)
	}
	m.owners(c, states, tasks)
	for _, grouping := range []string{"owner", "source"} {
		if m.KnowsWon {
			m.compare(m.wonGroups(c, grouping))
		}
		var idle []Group
		for _, key := range sortedKeys(states) {
			rows := states[key]
			if rows[0].Grouping != grouping {
				continue
			}
			ratios := make([]suffstat.Ratio, Buckets)
			for _, r := range rows {
				ratios[r.Bucket] = ratios[r.Bucket].Merge(suffstat.Ratio{Num: r.Idle, Den: r.Active})
			}
			idle = append(idle, rateGroup(grouping, rows[0].Group, idleShare, ratios))
		}
		m.compare(idle)
	}
	var onTime []Group
	for _, owner := range sortedKeys(tasks) {
		ratios := make([]suffstat.Ratio, Buckets)
		for _, r := range tasks[owner] {
			ratios[r.Bucket] = ratios[r.Bucket].Merge(suffstat.Ratio{Num: r.OnTime, Den: r.Due})
		}
		onTime = append(onTime, rateGroup("owner", owner, onTimeShare, ratios))
	}
	m.compare(onTime)
}

func (m *Model) owners(c *Counts, states map[string][]StateRow, tasks map[string][]TaskRow) {
	byOwner := map[string]*Owner{}
	of := func(name string) *Owner {
		if byOwner[name] == nil {
			byOwner[name] = &Owner{Name: name, Days: c.Days[name]}
		}
		return byOwner[name]
	}
	for _, rows := range states {
		for _, r := range rows {
			if r.Grouping == "owner" {
				o := of(r.Group)
				o.State = o.State.Merge(r.State)
			}
		}
	}
	for owner, rows := range tasks {
		for _, r := range rows {
			o := of(owner)
			o.Tasks = o.Tasks.Merge(r.Tasks)
		}
	}
	for _, name := range sortedKeys(byOwner) {
		m.Owners = append(m.Owners, *byOwner[name])
	}
}

// rateGroup is a group by a counted share.
func rateGroup(grouping, value, metric string, ratios []suffstat.Ratio) Group {
	total, _ := suffstat.Merge(ratios)
	r := suffstat.Rate(ratios, total.Den, level)
	return Group{Grouping: grouping, Value: value, Metric: metric, N: total.Den, Events: total.Num, Raw: r.Estimate, y: r.Value, se: r.SE, buckets: r.Buckets, Q: math.NaN()}
}

// wonGroups is the chance of being won within the horizon by owner or source, in whole weeks. A group that is not followed so long has no number: the deals of a new owner are young, not lost.
func (m *Model) wonGroups(c *Counts, grouping string) (out []Group) {
	rows := map[string][]ClosingRow{}
	for _, r := range c.Closings {
		if r.Grouping == grouping {
			rows[r.Group] = append(rows[r.Group], r)
		}
	}
	weeks := (int(m.Options.HorizonDays) + 6) / 7
	for _, value := range sortedKeys(rows) {
		tables := lifeTables(closingRows(rows[value], func(ClosingRow) bool { return true }), 2)
		total, _ := suffstat.Merge(tables)
		g := Group{Grouping: grouping, Value: value, Metric: wonShare, Raw: none("share"), y: math.NaN(), se: math.NaN(), Q: math.NaN()}
		for k := range total.Enter {
			g.N, g.Events = g.N+total.Enter[k], g.Events+total.Exits[causeWon][k]
		}
		if horizon(total, weeks, groupRisk) == weeks {
			r := suffstat.JackknifeVec(tables, func(t suffstat.LifeTable) []float64 { return []float64{at(t.Incidence(causeWon), weeks)} })
			g.Raw, g.y, g.buckets = shareOf(r, 0, g.N), r.Value[0], r.Buckets()
			g.se = math.Max(r.SE(0), at(total.IncidenceSE(causeWon), weeks))
		}
		out = append(out, g)
	}
	return out
}

// compare sets every group against the middle of the others and shrinks it to the mean of all. The standard error of a group is at least that of independent deals at the mean of all: a
// group without an event, or in few buckets, would look certain by its own numbers.
func (m *Model) compare(groups []Group) {
	var events, n float64
	for _, g := range groups {
		if !math.IsNaN(g.y) {
			events, n = events+g.y*float64(g.N), n+float64(g.N)
		}
	}
	mean := events / n
	y, s := make([]float64, len(groups)), make([]float64, len(groups))
	for i := range groups {
		g := &groups[i]
		y[i], s[i] = g.y, math.Sqrt(mean*(1-mean)/float64(g.N))
		if g.se > s[i] {
			s[i] = g.se
		}
		if g.N == 0 {
			y[i], s[i] = math.NaN(), math.NaN()
		}
	}
	shrunk := suffstat.Shrink(y, s, level)
	middle, _, _ := weightedMedian(groups, y, s, -1)
	places := make([]int, len(groups))
	for i := range groups {
		places[i] = i
		g := &groups[i]
		g.Shrunk, g.Reference = shrunk.Estimate(i, g.N, "share"), middle
		g.Shrunk.Lower, g.Shrunk.Upper = math.Max(0, g.Shrunk.Lower), math.Min(1, g.Shrunk.Upper)
		g.Decision = m.apart(i, groups, y, s, mean)
	}
	decide(places, func(i int) (*analytics.Decision, *float64) { return &groups[i].Decision, &groups[i].Q })
	for i := range groups {
		g := &groups[i]
		g.Verdict = g.verdict(m.Options.FDR)
	}
	m.Groups = append(m.Groups, groups...)
}

// apart compares group i with the middle of the others: their median weighted by what is known of each, since a mean would be pulled by one group that stands out, and all the rest would then
// differ from it. Standard error of the median: 1.2533 times that of the mean (normal values). Below 30 deals, or 10 expected events either way, nothing is said.
func (m *Model) apart(i int, groups []Group, y, s []float64, mean float64) analytics.Decision {
	g := groups[i]
	middle, weight, others := weightedMedian(groups, y, s, i)
	expected := float64(g.N) * math.Min(mean, 1-mean)
	if weight == 0 || math.IsNaN(y[i]) || !(expected >= analytics.MinEvents) {
		return undecidable()
	}
	return analytics.Decide(analytics.Comparison{
		Difference: y[i] - middle, SE: math.Sqrt(s[i]*s[i] + medianFactor*medianFactor/weight), DF: float64(max(1, g.buckets-1)), Margin: m.Options.Margin, Directional: true, Buckets: g.buckets,
		Sides: []analytics.Side{{Customers: g.N, Effective: float64(g.N), Events: -1}, {Customers: others, Effective: float64(others), Events: -1}},
	})
}

// medianFactor is sqrt(pi/2): how much less a median is worth than a mean.
const medianFactor = 1.2533

// weightedMedian is the median of the groups but one (-1: of all), weighted by 1/s^2; also the sum of these weights and the deals behind it.
func weightedMedian(groups []Group, y, s []float64, but int) (middle, weight float64, n int64) {
	var at []int
	for j := range groups {
		if j != but && !math.IsNaN(y[j]) && s[j] > 0 {
			at = append(at, j)
			weight, n = weight+1/(s[j]*s[j]), n+groups[j].N
		}
	}
	slices.SortStableFunc(at, func(a, b int) int { return cmp.Compare(y[a], y[b]) })
	middle = math.NaN()
	var sum float64
	for k, j := range at {
		sum += 1 / (s[j] * s[j])
		switch half := weight / 2; {
		case math.Abs(sum-half) < 1e-9*weight && k+1 < len(at):
			return (y[j] + y[at[k+1]]) / 2, weight, n
		case sum > half:
			return y[j], weight, n
		}
	}
	return middle, weight, n
}

// verdict names a group only when the comparison passes the false-discovery rate and the shrunk interval lies beside the middle of all as well.
func (g Group) verdict(fdr float64) string {
	switch {
	case g.Decision.Verdict == analytics.InsufficientData:
		return few
	case g.Decision.Verdict != analytics.Different || !(g.Q <= fdr):
		return same
	case g.Decision.Interval.Value > 0 && g.Shrunk.Lower > g.Reference:
		return higher
	case g.Decision.Interval.Value < 0 && g.Shrunk.Upper < g.Reference:
		return lower
	}
	return same
}

func (m *Model) named(grouping, metric, verdict string) (out []Group) {
	return slices.DeleteFunc(slices.Clone(m.Groups), func(g Group) bool { return g.Grouping != grouping || g.Metric != metric || g.Verdict != verdict })
}
