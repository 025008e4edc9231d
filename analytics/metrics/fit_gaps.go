package metrics

import (
	"math"
	"slices"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

const (
	leastGapEvents = 10            // clicks and orders that a stage of a scenario needs to be compared
	leastPeers     = 4             // scenarios of one channel, kind and stage that make a comparison: the middle of three is one of them
	leastFreedom   = 3             // stages of scenarios beyond the fitted numbers of a kind
	gapMargin      = .095310179804 // log 1.1: a tenth more or fewer orders matters (statistics 0.3: conversion 10 % relative)
)

// Gap is a scenario whose orders are not what its clicks let expect.
type Gap struct {
	Channel, Kind, Scenario    string
	Stages                     int
	Customers                  int64
	Delivered, Clicked, Orders int64 // Orders: delivered messages with a credited order
	Rate                       suffstat.RateEstimate
	Clicks                     suffstat.RateEstimate
	Expected                   float64 // share of delivered messages with an order that the clicks let expect
	Residual, SE               float64 // log odds
	Spread                     float64 // usual residual of the class, as a standard deviation
	Shrunk                     suffstat.Estimate
	Peers                      int // scenarios in the class, itself included
	Decision                   analytics.Decision
	Q                          float64
}

// point is one scenario in one stage.
type point struct {
	unit, group int // place in the class
	at          int // place of its counts in the vector
}

// gaps compares, within every kind, the orders of scenarios with what their clicks let expect: residuals of
//
//	logit(orders / delivered) = a(channel, stage) + b logit(clicks / delivered),
//
// with a the median of the group and b the median slope between scenarios of one group, averaged over the stages of a scenario, with a jackknife over customers, then shrunk within the kind. Goals per
// delivered message, not per click: those who click are a selected group (statistics 4.3). Scenarios differ by whom they go to, so a gap counts only when it stands out of the usual differences: the
// verdict takes the spread of the class (1.4826 x the median absolute residual) as doubt beside that of sampling, with as many degrees of freedom as there are peers.
func (m *Model) gaps(c *Counts, groups []slice, opt Options) {
	kinds := map[string][]int{}
	var order []string
	for i, g := range groups {
		t := g.total()
		if !g.cell.Credited || g.cell.WindowSeconds == 0 || t.Clicked < leastGapEvents || t.Ordered < leastGapEvents || t.Ripe-t.Clicked < leastGapEvents || t.OrderRipe-t.Ordered < leastGapEvents {
			continue
		}
		if len(kinds[g.cell.Kind]) == 0 {
			order = append(order, g.cell.Kind)
		}
		kinds[g.cell.Kind] = append(kinds[g.cell.Kind], i)
	}
	for _, kind := range order {
		m.Gaps = append(m.Gaps, gapsOf(c, groups, kinds[kind], opt)...)
	}
	p := make([]float64, len(m.Gaps))
	for i, g := range m.Gaps {
		p[i] = g.Decision.PDifference
		if g.Decision.Verdict == analytics.InsufficientData {
			p[i] = math.NaN()
		}
	}
	for i, q := range suffstat.BH(p) {
		m.Gaps[i].Q = q
	}
}

// gapsOf is gaps for the slices of one kind.
func gapsOf(c *Counts, groups []slice, members []int, opt Options) []Gap {
	type cellKey struct{ channel, stage string }
	size := map[cellKey]int{}
	for _, i := range members {
		size[cellKey{groups[i].cell.Channel, groups[i].stage}]++
	}
	var points []point
	var units []Gap
	var slices []slice
	unitOf, groupOf := map[int64]int{}, map[cellKey]int{}
	for _, i := range members {
		g := groups[i]
		key := cellKey{g.cell.Channel, g.stage}
		if size[key] < leastPeers {
			continue
		}
		if _, ok := groupOf[key]; !ok {
			groupOf[key] = len(groupOf)
		}
		u, ok := unitOf[g.cell.Code]
		if !ok {
			u = len(units)
			unitOf[g.cell.Code] = u
			units = append(units, Gap{Channel: g.cell.Channel, Kind: g.cell.Kind, Scenario: g.cell.Scenario, Customers: c.Reach[ReachKey{ScopeScenario, g.cell.Code, All}], Q: math.NaN()})
		}
		points = append(points, point{u, groupOf[key], 4 * len(points)})
		slices = append(slices, g)
		units[u].Stages++
	}
	if len(units) < leastPeers || len(points)-len(groupOf)-1 < leastFreedom {
		return nil
	}
	buckets := make([]suffstat.Cells, Buckets)
	rates, clicks := make([][]suffstat.Ratio, len(units)), make([][]suffstat.Ratio, len(units))
	for u := range units {
		rates[u], clicks[u] = make([]suffstat.Ratio, Buckets), make([]suffstat.Ratio, Buckets)
	}
	for b := range buckets {
		buckets[b] = make(suffstat.Cells, 4*len(points))
		for j, s := range slices {
			n := s.buckets[b]
			copy(buckets[b][4*j:], suffstat.Cells{n.Ripe, n.Clicked, n.OrderRipe, n.Ordered})
			u := points[j].unit
			rates[u][b] = rates[u][b].Merge(suffstat.Ratio{Num: n.Ordered, Den: n.OrderRipe})
			clicks[u][b] = clicks[u][b].Merge(suffstat.Ratio{Num: n.Clicked, Den: n.Ripe})
		}
	}
	total, ok := suffstat.Merge(buckets)
	if !ok {
		return nil
	}
	slope := slopeOf(total, points, len(groupOf))
	rep := suffstat.JackknifeVec(buckets, func(n suffstat.Cells) []float64 { return residuals(n, points, len(units), len(groupOf), slope) })
	if rep.Value == nil {
		return nil
	}
	usual := make([]float64, len(units))
	for u := range units {
		usual[u] = math.Abs(rep.Value[u])
	}
	spread := 1.4826 * middle(usual)
	y, s := make([]float64, len(units)), make([]float64, len(units))
	for u := range units {
		g := &units[u]
		g.Rate, g.Clicks = suffstat.Rate(rates[u], g.Customers, .95), suffstat.Rate(clicks[u], g.Customers, .95)
		g.Delivered, g.Orders, g.Clicked = g.Rate.Trials, g.Rate.Events, g.Clicks.Events
		g.Residual, g.SE, g.Spread, g.Peers = rep.Value[u], rep.SE(u), spread, len(units)
		if own := g.Rate.SE / (g.Rate.Value * (1 - g.Rate.Value)); own > g.SE { // who is the median himself does not move against it
			g.SE = own
		}
		y[u], s[u] = g.Residual, g.SE
		for _, p := range points {
			if p.unit == u {
				n, k := total[p.at+2], total[p.at+3]
				g.Expected += float64(n) / float64(g.Delivered) * logistic(logit(k, n)-g.Residual)
			}
		}
		g.Decision = analytics.Decide(analytics.Comparison{
			Difference: g.Residual, SE: math.Hypot(g.SE, spread), DF: math.Min(rep.DF(), float64(len(units)-1)), Margin: gapMargin, Buckets: rep.Buckets(),
			Sides: []analytics.Side{{Customers: g.Customers, Effective: g.Rate.NEff, Events: g.Orders}},
		})
	}
	shrunk := suffstat.Shrink(y, s, .95)
	for u := range units {
		units[u].Shrunk = shrunk.Estimate(u, units[u].Customers, "log odds")
	}
	return units
}

// slopeOf is the Theil-Sen slope of logit(orders) on logit(clicks) within the groups of a class: the median over pairs of scenarios of one group. 0 without two different
// clicks. Medians, because one trigger that fires on signs of an order must not bend the line for all others.
func slopeOf(n suffstat.Cells, points []point, groups int) float64 {
	members := make([][]int, groups)
	for i, p := range points {
		members[p.group] = append(members[p.group], i)
	}
	var slopes []float64
	for _, m := range members {
		step := max(1, len(m)*len(m)/50_000) // of thousands of scenarios every step-th pair is enough
		pair := 0
		for a := range m {
			for b := range a {
				if pair++; pair%step != 0 {
					continue
				}
				xa, ya := points[m[a]].logits(n)
				xb, yb := points[m[b]].logits(n)
				if math.Abs(xa-xb) > .05 { // nearly equal clicks say nothing about the slope
					slopes = append(slopes, (ya-yb)/(xa-xb))
				}
			}
		}
	}
	if len(slopes) == 0 {
		return 0
	}
	return middle(slopes)
}

// logits are the log odds of a click and of an order.
func (p point) logits(n suffstat.Cells) (clicks, orders float64) {
	return logit(n[p.at+1], n[p.at]), logit(n[p.at+3], n[p.at+2])
}

// residuals returns the mean residual of every unit: each stage against the median of its group, stages weighted by the inverse variance of their log odds.
// n holds ripe, clicked, order_ripe and ordered of every point.
func residuals(n suffstat.Cells, points []point, units, groups int, slope float64) []float64 {
	rest := make([]float64, len(points))
	members := make([][]float64, groups)
	for i, p := range points {
		x, y := p.logits(n)
		rest[i] = y - slope*x
		members[p.group] = append(members[p.group], rest[i])
	}
	centre := make([]float64, groups)
	for g := range centre {
		centre[g] = middle(members[g])
	}
	out, weight := make([]float64, units), make([]float64, units)
	for i, p := range points {
		k := n[p.at+3]
		w := 1 / (1/(float64(k)+.5) + 1/(float64(n[p.at+2]-k)+.5))
		out[p.unit], weight[p.unit] = out[p.unit]+w*(rest[i]-centre[p.group]), weight[p.unit]+w
	}
	for u := range out {
		out[u] /= weight[u]
	}
	return out
}

// middle is the median; it sorts its argument.
func middle(x []float64) float64 {
	slices.Sort(x)
	n := len(x)
	return (x[(n-1)/2] + x[n/2]) / 2
}

// logit is log((k + 1/2) / (n - k + 1/2)).
func logit(k, n int64) float64 { return math.Log((float64(k) + .5) / (float64(n-k) + .5)) }

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
