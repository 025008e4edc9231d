package content

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

const (
	quarter      = 13  // weeks: slopes are per quarter
	block        = 4   // weeks: others of the channel are weighted to the weeks of the template in blocks of so many
	leastWeek    = 50  // delivered messages of a point of the weekly series; smaller weeks are joined
	leastPoints  = 8   // points of a weekly series from which its scatter is known
	leastPeers   = 200 // delivered messages of others in a block, else it has nobody to compare with
	peerCoverage = .8  // of the template's messages must be in blocks with others
)

// The verdicts on the life of a template.
const (
	Worn        = "worn"         // its response falls, and faster than that of the others of its channel
	WithChannel = "with_channel" // it falls, and so does its channel for certain
	Alone       = "alone"        // it falls, and there are no others to compare with
	Improving   = "improving"    // it does better and better beside the others
	Steady      = "steady"       // proved: the difference to the others is within the margin
	Undecided   = "undecided"
	FewData     = "insufficient_data"
)

// Wear is the trend of the response to one template in one scenario over its life. Slopes are shares of the level of the response per quarter: -.2 is a fifth of it lost in 13 weeks.
type Wear struct {
	Use                  *Use
	Outcome              string // clicked or opened
	FromDay              int64  // first day of the life that is looked at
	Weeks                int64  // first to last week, both included
	Changed              bool   // the template was changed in the window
	Delivered, Events    int64
	Rate                 float64           // events / delivered over the life
	Own, Peers, Contrast suffstat.Estimate // 95 %; Contrast = Own - Peers
	PeersOf              string            // kind: others of the same channel and kind; channel: of the channel; "" without any
	SE, DF               float64           // of Contrast: the larger of the next two
	SECustomers, SEWeeks float64           // jackknife over customers; scatter of the weekly series
	P, Q                 float64           // of a fall (or rise) of its own and beside the others: the larger of the two
	Margin               float64
	Decision             analytics.Decision
	Shrunk               suffstat.Estimate // of Contrast, pulled to the mean of all templates
	Verdict, Note        string            // Note: few_points, no_peers, older_versions
	Exploratory          bool
}

// lifeSums are the sums of one cell of the mix for a slope over weeks.
type lifeSums struct{ n, w, ww, y, yw float64 }

func (s lifeSums) plus(o lifeSums) lifeSums {
	return lifeSums{s.n + o.n, s.w + o.w, s.ww + o.ww, s.y + o.y, s.yw + o.yw}
}

// life is the state of one bucket of customers: the template's cells of the mix, and the chains of the others.
type life struct{ own, peers []lifeSums }

func (l life) Merge(o life) life { return life{merged(l.own, o.own), merged(l.peers, o.peers)} }

// Empty tells that the bucket has no message of the template or of the others.
func (l life) Empty() bool {
	some := func(s lifeSums) bool { return s.n > 0 }
	return !slices.ContainsFunc(l.own, some) && !slices.ContainsFunc(l.peers, some)
}

func merged(a, b []lifeSums) []lifeSums {
	out := make([]lifeSums, len(a))
	for i := range a {
		out[i] = a[i].plus(b[i])
	}
	return out
}

// relativeSlope is the slope of a share over weeks within cells, as a share of its level and per quarter:
//
//	b = sum_c (sum y w - sum y sum w / n) / sum_c (sum w^2 - (sum w)^2 / n),   result = 13 b / (sum y / sum n)
//
// the least-squares slope with an intercept for every cell, weights the messages: cells that hardly exist early or late neither make nor hide a trend. NaN without variation of weeks or without events.
func relativeSlope(cells []lifeSums) (slope, level float64) {
	var num, den, n, y float64
	for _, c := range cells {
		if c.n > 0 {
			num += c.yw - c.y*c.w/c.n
			den += c.ww - c.w*c.w/c.n
			n, y = n+c.n, y+c.y
		}
	}
	if !(den > 1e-9*math.Max(n, 1)) || !(y > 0) {
		return math.NaN(), y / n
	}
	return quarter * num / den / (y / n), y / n
}

// wearout follows the response of templates over their life.
func (f *fitter) wearout() {
	rows := map[int64][]*LifeRow{}
	for i := range f.c.Life {
		rows[f.c.Life[i].Use] = append(rows[f.c.Life[i].Use], &f.c.Life[i])
	}
	series := f.weeks()
	for _, key := range slices.Sorted(maps.Keys(rows)) {
		if u := f.uses[key]; u != nil {
			f.m.Wearout = append(f.m.Wearout, f.wear(u, rows[key], series))
		}
	}
	f.m.Lives = len(f.m.Wearout)
	f.verdicts()
	slices.SortFunc(f.m.Wearout, func(a, b *Wear) int { return compareUses(a.Use, b.Use) })
}

func compareUses(a, b *Use) int {
	return cmp.Or(strings.Compare(a.Template, b.Template), strings.Compare(a.Channel, b.Channel), strings.Compare(a.Kind, b.Kind), strings.Compare(a.Scenario, b.Scenario))
}

// week is what was delivered in one week, by bucket.
type week struct {
	n, y [Buckets]float64
	sumN float64
}

func (w *week) add(bucket int, n, y float64) {
	w.n[bucket], w.y[bucket], w.sumN = w.n[bucket]+n, w.y[bucket]+y, w.sumN+n
}

// weekly holds the weeks of uses (own) and of whole chains (all).
type weekly struct {
	own, all map[int64]map[int64]*week
	chains   []int64 // keys of all, ascending
}

// outcome is what a channel is read by: clicks where it reports them, else opens that can be believed; "" otherwise.
func (f *fitter) outcome(channel string) string {
	switch {
	case f.m.Clicks[channel]:
		return "clicked"
	case f.m.Opens[channel] == "reliable":
		return "opened"
	}
	return ""
}

func (f *fitter) weeks() weekly {
	s := weekly{own: map[int64]map[int64]*week{}, all: map[int64]map[int64]*week{}}
	for _, r := range f.c.Weeks {
		channel := f.c.Slots[r.Chain].Channel
		into, key := s.own, r.Use
		if r.Use == 0 {
			into, key = s.all, r.Chain
		}
		if into[key] == nil {
			into[key] = map[int64]*week{}
		}
		if into[key][r.Week] == nil {
			into[key][r.Week] = &week{}
		}
		y := r.Clicked
		if f.outcome(channel) == "opened" {
			y = r.Opened
		}
		into[key][r.Week].add(r.Bucket, float64(r.Delivered), float64(y))
	}
	s.chains = slices.Sorted(maps.Keys(s.all))
	return s
}

// wear estimates the trend of one use.
func (f *fitter) wear(u *Use, rows []*LifeRow, series weekly) *Wear {
	w := &Wear{Use: u, Outcome: f.outcome(u.Channel), Margin: f.opt.WearoutMargin, Own: none, Peers: none, Contrast: none, Shrunk: none, SE: math.NaN(), DF: math.NaN(), SECustomers: math.NaN(), SEWeeks: math.NaN(),
		P: math.NaN(), Q: math.NaN(), Rate: math.NaN(), Decision: analytics.Decision{PDifference: math.NaN(), PEquivalence: math.NaN()}, Verdict: FewData}
	weeks := slices.Sorted(maps.Keys(series.own[u.Key]))
	if w.Outcome == "" || len(weeks) == 0 {
		return w
	}
	first, last := weeks[0], weeks[len(weeks)-1]
	w.FromDay, w.Weeks = f.m.Totals.From+7*first, last-first+1
	w.Changed = f.c.Lives[u.Key].Changed
	if f.c.Lives[u.Key].Older {
		w.Note = "older_versions"
	}
	cells := map[[4]int64]int{}
	for _, r := range rows {
		cells[r.Cell] = 0
	}
	for i, c := range slices.SortedFunc(maps.Keys(cells), func(a, b [4]int64) int { return slices.Compare(a[:], b[:]) }) {
		cells[c] = i // in one order, whatever that of the rows, so that sums are the same to the last bit
	}
	buckets := make([]life, Buckets)
	for b := range buckets {
		buckets[b].own = make([]lifeSums, len(cells))
	}
	ratios := make([]suffstat.Ratio, Buckets)
	for _, r := range rows {
		y := r.Clicked
		if w.Outcome == "opened" {
			y = r.Opened
		}
		c := &buckets[r.Bucket].own[cells[r.Cell]]
		*c = c.plus(lifeSums{float64(r.N), float64(r.W), float64(r.WW), float64(y[0]), float64(y[1])})
		ratios[r.Bucket] = ratios[r.Bucket].Merge(suffstat.Ratio{Num: y[0], Den: r.N})
	}
	rate := suffstat.Rate(ratios, u.Customers, tableLevel)
	w.Delivered, w.Events, w.Rate = rate.Trials, rate.Events, rate.Value
	points := f.peers(w, buckets, series, weeks)
	f.estimate(w, buckets, rate, series, weeks, points)
	return w
}

// peers adds the other templates of the same channel and kind, or of the channel, to the buckets, weighted so that they have the template's share of messages in every block of four weeks. It returns their weekly series, or nil.
func (f *fitter) peers(w *Wear, buckets []life, series weekly, weeks []int64) map[int64]*week {
	u := w.Use
	first := weeks[0]
	for _, of := range []string{"kind", "channel"} {
		var chains []int64
		for _, chain := range series.chains {
			if s := f.c.Slots[chain]; s.Channel == u.Channel && (of == "channel" || s.Kind == u.Kind) {
				chains = append(chains, chain)
			}
		}
		others := make([]map[int64]*week, len(chains))
		ownBlocks, peerBlocks := map[int64]float64{}, map[int64]float64{}
		for _, k := range weeks {
			ownBlocks[(k-first)/block] += series.own[u.Key][k].sumN
		}
		for i, chain := range chains {
			others[i] = f.without(u, chain, series)
			for k, x := range others[i] {
				if k >= first {
					peerBlocks[(k-first)/block] += x.sumN
				}
			}
		}
		var covered, total float64
		for b, n := range ownBlocks {
			total += n
			if peerBlocks[b] >= leastPeers {
				covered += n
			}
		}
		if !(covered >= peerCoverage*total) {
			continue
		}
		w.PeersOf = of
		sum := map[int64]*week{}
		for b := range buckets {
			buckets[b].peers = make([]lifeSums, len(chains))
		}
		for i := range chains {
			var level float64 // of the chain, so that a change of the mix of chains is no movement of the weekly series
			var n, y float64
			for k, x := range others[i] {
				if weight(ownBlocks, peerBlocks, (k-first)/block, k >= first) > 0 {
					for g := range x.n {
						n, y = n+x.n[g], y+x.y[g]
					}
				}
			}
			if n > 0 {
				level = y / n
			}
			for _, k := range slices.Sorted(maps.Keys(others[i])) {
				q := weight(ownBlocks, peerBlocks, (k-first)/block, k >= first)
				if !(q > 0) {
					continue
				}
				x, t := others[i][k], float64(k-first)
				if sum[k] == nil {
					sum[k] = &week{}
				}
				for g := range buckets {
					s := &buckets[g].peers[i]
					*s = s.plus(lifeSums{q * x.n[g], q * x.n[g] * t, q * x.n[g] * t * t, q * x.y[g], q * x.y[g] * t})
					sum[k].add(g, x.n[g], x.y[g]-level*x.n[g]) // distance to the level of the chain
				}
			}
		}
		return sum
	}
	for b := range buckets {
		buckets[b].peers = nil
	}
	w.Note = "no_peers"
	return nil
}

func weight(own, peers map[int64]float64, block int64, in bool) float64 {
	if !in || own[block] == 0 || peers[block] < leastPeers {
		return 0
	}
	return own[block] / peers[block]
}

// without is a chain without the messages of the template.
func (f *fitter) without(u *Use, chain int64, series weekly) map[int64]*week {
	uses := f.templates[u.Template].Uses
	if !slices.ContainsFunc(uses, func(t *Use) bool { return t.Chain == chain && series.own[t.Key] != nil }) {
		return series.all[chain]
	}
	out := map[int64]*week{}
	for k, x := range series.all[chain] {
		c := *x
		out[k] = &c
	}
	for _, t := range uses {
		if t.Chain != chain {
			continue
		}
		for k, x := range series.own[t.Key] {
			if out[k] != nil {
				for g := range x.n {
					out[k].add(g, -x.n[g], -x.y[g])
				}
			}
		}
	}
	return out
}

// scatter is the standard error of the slope of a weekly series, in units of level and per quarter, and its degrees of freedom; weeks with few messages are joined. NaN for a short series.
func scatter(series map[int64]*week, level float64) (se, df float64) {
	var t, z []float64
	var n, y, at float64
	for _, k := range slices.Sorted(maps.Keys(series)) {
		x := series[k]
		for g := range x.n {
			y += x.y[g]
		}
		n, at = n+x.sumN, at+x.sumN*float64(k)
		if n >= leastWeek {
			t, z = append(t, at/n), append(z, y/n/level)
			n, y, at = 0, 0, 0
		}
	}
	if len(t) < leastPoints {
		return math.NaN(), math.NaN()
	}
	trend := suffstat.PraisWinsten(t, z)
	return quarter * trend.SE, trend.DF
}

// estimate fills in slopes, doubt and decision.
func (f *fitter) estimate(w *Wear, buckets []life, rate suffstat.RateEstimate, series weekly, weeks []int64, peers map[int64]*week) {
	u := w.Use
	reps := suffstat.JackknifeVec(buckets, func(l life) []float64 {
		own, level := relativeSlope(l.own)
		other, otherLevel := relativeSlope(l.peers)
		return []float64{own, other, own - other, level, otherLevel}
	})
	if reps.Value == nil {
		return
	}
	ownSE, ownDF := scatter(series.own[u.Key], reps.Value[3])
	peerSE, peerDF := 0., math.Inf(1)
	if peers != nil {
		peerSE, peerDF = scatter(peers, reps.Value[4])
	}
	w.Own = widest(reps, 0, ownSE, ownDF).Of(u.Customers, "share")
	if peers == nil {
		w.P = pValue(w.Own.Value, larger(reps.SE(0), ownSE), math.Min(reps.DF(), ownDF))
		if w.Own.Upper < 0 {
			w.Verdict = Alone
		} else {
			w.Verdict = Undecided
		}
		return
	}
	w.Peers = widest(reps, 1, peerSE, peerDF).Of(0, "share")
	w.SECustomers, w.SEWeeks = reps.SE(2), math.Hypot(ownSE, peerSE)
	w.SE, w.DF = w.SECustomers, reps.DF()
	if w.SEWeeks > w.SECustomers {
		w.SE, w.DF = w.SEWeeks, math.Min(ownDF, peerDF)
	}
	if math.IsNaN(w.SEWeeks) {
		w.Note = "few_points"
		return
	}
	w.Decision = analytics.Decide(analytics.Comparison{Difference: reps.Value[2], SE: w.SE, DF: w.DF, Margin: w.Margin, Directional: true, Buckets: reps.Buckets(),
		Sides: []analytics.Side{{Customers: u.Customers, Effective: rate.NEff, Events: rate.Events}}})
	w.Contrast = w.Decision.Interval.Of(u.Customers, "share")
	if w.Decision.Verdict == analytics.InsufficientData {
		return
	}
	w.Verdict = Undecided
	w.P = w.Decision.PDifference
	if own := w.Own.Value; own*w.Contrast.Value < 0 {
		w.P = 1 // the template goes one way and beside the others the other: neither worn nor improving
	} else {
		w.P = math.Max(w.P, pValue(own, larger(reps.SE(0), ownSE), math.Min(reps.DF(), ownDF)))
	}
}

func larger(a, b float64) float64 {
	if math.IsNaN(b) {
		return a
	}
	return math.Max(a, b)
}

func pValue(x, se, df float64) float64 {
	if !(se > 0) {
		return math.NaN()
	}
	return math.Min(1, 2*suffstat.TSurvival(math.Abs(x)/se, df))
}

// widest is an estimate with the larger of its two standard errors.
func widest(r suffstat.Replicates, i int, se, df float64) suffstat.Estimate {
	e := r.Estimate(i, tableLevel)
	if e.OK() && se > r.SE(i) {
		h := suffstat.TQuantile((1+tableLevel)/2, df) * se
		e.Lower, e.Upper, e.Method = e.Value-h, e.Value+h, "scatter of weeks"
	}
	return e
}

// verdicts corrects for the number of templates, shrinks, and decides.
func (f *fitter) verdicts() {
	list := f.m.Wearout
	p, y, s := make([]float64, len(list)), make([]float64, len(list)), make([]float64, len(list))
	for i, w := range list {
		p[i], y[i], s[i] = math.NaN(), math.NaN(), math.NaN()
		if w.Verdict == Undecided && w.Contrast.OK() {
			p[i], y[i], s[i] = w.P, w.Contrast.Value, w.SE
		}
	}
	q, class := suffstat.BH(p), suffstat.Shrink(y, s, f.opt.Level)
	for i, w := range list {
		if math.IsNaN(p[i]) {
			continue
		}
		w.Q, w.Shrunk = q[i], class.Estimate(i, w.Use.Customers, "share")
		switch {
		case w.Decision.Verdict == analytics.Equivalent:
			w.Verdict = Steady
		case q[i] <= screening && w.Contrast.Value < 0:
			w.Verdict, w.Exploratory = Worn, q[i] > f.opt.FDR
		case q[i] <= screening:
			w.Verdict, w.Exploratory = Improving, q[i] > f.opt.FDR
		case w.Own.Upper < 0 && w.Peers.Upper < 0:
			w.Verdict = WithChannel
		}
	}
}
