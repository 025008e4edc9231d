package metrics

import (
	"math"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

const (
	leastGapEvents = 10            // clicks and orders that a stage of a scenario needs to be compared
	leastPeers     = 3             // scenarios of one channel, kind and stage that make a comparison
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
// weighted by the inverse variance of the left side, averaged over the stages of a scenario, with a jackknife of the whole, then shrunk within the kind. Goals per delivered message, not per click:
// those who click are a selected group (statistics 4.3).
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
	rep := suffstat.JackknifeVec(buckets, func(n suffstat.Cells) []float64 { return residuals(n, points, len(units), len(groupOf)) })
	if rep.Value == nil {
		return nil
	}
	total, _ := suffstat.Merge(buckets)
	y, s := make([]float64, len(units)), make([]float64, len(units))
	for u := range units {
		g := &units[u]
		g.Rate, g.Clicks = suffstat.Rate(rates[u], g.Customers, .95), suffstat.Rate(clicks[u], g.Customers, .95)
		g.Delivered, g.Orders, g.Clicked = g.Rate.Trials, g.Rate.Events, g.Clicks.Events
		g.Residual, g.SE, g.Peers = rep.Value[u], rep.SE(u), len(units)
		y[u], s[u] = g.Residual, g.SE
		for _, p := range points {
			if p.unit == u {
				n, k := total[p.at+2], total[p.at+3]
				g.Expected += float64(n) / float64(g.Delivered) * logistic(logit(k, n)-g.Residual)
			}
		}
		g.Decision = analytics.Decide(analytics.Comparison{
			Difference: g.Residual, SE: g.SE, DF: rep.DF(), Margin: gapMargin, Buckets: rep.Buckets(),
			Sides: []analytics.Side{{Customers: g.Customers, Effective: g.Rate.NEff, Events: g.Orders}},
		})
	}
	shrunk := suffstat.Shrink(y, s, .95)
	for u := range units {
		units[u].Shrunk = shrunk.Estimate(u, units[u].Customers, "log odds")
	}
	return units
}

// residuals fits one class and returns the mean residual of every unit. n holds ripe, clicked, order_ripe and ordered of every point.
func residuals(n suffstat.Cells, points []point, units, groups int) []float64 {
	x, y, w := make([]float64, len(points)), make([]float64, len(points)), make([]float64, len(points))
	mx, my, mw := make([]float64, groups), make([]float64, groups), make([]float64, groups)
	for i, p := range points {
		k := n[p.at+3]
		x[i], y[i] = logit(n[p.at+1], n[p.at]), logit(k, n[p.at+2])
		w[i] = 1 / (1/(float64(k)+.5) + 1/(float64(n[p.at+2]-k)+.5))
		mx[p.group], my[p.group], mw[p.group] = mx[p.group]+w[i]*x[i], my[p.group]+w[i]*y[i], mw[p.group]+w[i]
	}
	var sxy, sxx float64
	for i, p := range points {
		x[i], y[i] = x[i]-mx[p.group]/mw[p.group], y[i]-my[p.group]/mw[p.group]
		sxy, sxx = sxy+w[i]*x[i]*y[i], sxx+w[i]*x[i]*x[i]
	}
	slope := 0.
	if sxx > 1e-12 {
		slope = sxy / sxx
	}
	out, weight := make([]float64, units), make([]float64, units)
	for i, p := range points {
		out[p.unit], weight[p.unit] = out[p.unit]+w[i]*(y[i]-slope*x[i]), weight[p.unit]+w[i]
	}
	for u := range out {
		out[u] /= weight[u]
	}
	return out
}

// logit is log((k + 1/2) / (n - k + 1/2)).
func logit(k, n int64) float64 { return math.Log((float64(k) + .5) / (float64(n-k) + .5)) }

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
