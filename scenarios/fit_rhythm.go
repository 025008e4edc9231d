package scenarios

import (
	"cmp"
	"math"
	"sort"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// uEnds are the upper ends of the windows of u = days since the last order / own rhythm; the last one is open.
var uEnds = []float64{.25, .5, .75, 1, 1.25, 1.5, 2, math.Inf(1)}

const (
	// leastWindow is the share of messages that a window must hold to be proposed as the best one.
	leastWindow = .05
	// tooEarly is the share of messages at u < .25 above which a chain that wants an order comes too early (judgement).
	tooEarly = .5
)

// Rhythm is the place of a chain's messages in the purchase rhythm of their receivers.
type Rhythm struct {
	Messages  int64
	OwnShare  float64
	Early     suffstat.RateEstimate // share of messages at u < .25
	ClickRate float64
	Best      int               // window, -1 when none can be chosen
	Gain      suffstat.Estimate // honest: chosen on one half of the buckets, measured on the other, and swapped
	Windows   []Window
	Reason    string // best_window, too_early, both or ""
	claim
}

// Window is one bin of u.
type Window struct {
	Messages, Clicked int64
	Rate              suffstat.RateEstimate
	Adjusted          float64 // click rate minus that of all, within step x stage x own rhythm
}

func uFrom(i int) float64 {
	if i == 0 {
		return 0
	}
	return uEnds[i-1]
}

func (x *index) rhythm(m *Model) {
	rows := map[string][]RhythmRow{}
	for _, r := range x.Rhythm {
		rows[r.ID] = append(rows[r.ID], r)
	}
	var family []*claim
	for _, s := range m.Scenarios {
		if s.Bulk || len(rows[s.ID]) == 0 {
			continue
		}
		s.Rhythm = x.rhythmOf(s, rows[s.ID], m.Known.Clicked)
		family = append(family, &s.Rhythm.claim)
	}
	adjust(family)
}

// uCells is the layout of the state: for every cell (step x stage x own rhythm) and window the messages and the clicks.
type uCells struct{ cells int }

func (u uCells) at(cell, window int) int { return 2 * (cell*len(uEnds) + window) }

// gains returns for every window its click rate minus that of all messages, within cells, weighted with the cell's share of the messages in cells where
// the window has any. NaN for a window without messages.
func (u uCells) gains(c suffstat.Cells) []float64 {
	out := make([]float64, len(uEnds))
	for w := range out {
		var weight, sum float64
		for i := range u.cells {
			var sent, clicked int64
			for v := range uEnds {
				sent += c[u.at(i, v)]
				clicked += c[u.at(i, v)+1]
			}
			n := c[u.at(i, w)]
			if n == 0 {
				continue
			}
			weight += float64(sent)
			sum += float64(sent) * (float64(c[u.at(i, w)+1])/float64(n) - float64(clicked)/float64(sent))
		}
		out[w] = sum / weight
	}
	return out
}

// best is the window with the largest gain among those that hold at least leastWindow of the messages; -1 when there is none.
func (u uCells) best(c suffstat.Cells) int {
	sent := make([]int64, len(uEnds))
	var total int64
	for i := range u.cells {
		for w := range uEnds {
			sent[w] += c[u.at(i, w)]
			total += c[u.at(i, w)]
		}
	}
	best, most := -1, math.Inf(-1)
	for w, gain := range u.gains(c) {
		if float64(sent[w]) >= leastWindow*float64(total) && gain > most {
			best, most = w, gain
		}
	}
	return best
}

func (x *index) rhythmOf(s *Scenario, rows []RhythmRow, clicks bool) *Rhythm {
	r := &Rhythm{Best: -1, ClickRate: math.NaN(), claim: untested(Insufficient), Windows: make([]Window, len(uEnds))}
	r.Gain = suffstat.NotEstimable(suffstat.MethodJackknife, TableLevel, suffstat.ErrNoData)
	type key struct {
		position int64
		stage    string
		own      bool
	}
	cell := map[key]int{}
	sort.Slice(rows, func(i, j int) bool { // the order of cells does not depend on the order of rows
		a, b := rows[i], rows[j]
		return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(a.Stage, b.Stage)) < 0 || a.Position == b.Position && a.Stage == b.Stage && !a.Own && b.Own
	})
	for _, row := range rows {
		k := key{row.Position, row.Stage, row.Own}
		if _, ok := cell[k]; !ok {
			cell[k] = len(cell)
		}
	}
	u := uCells{len(cell)}
	counts := make([]suffstat.Cells, Buckets)
	early, windows := make([]suffstat.Ratio, Buckets), make([][]suffstat.Ratio, len(uEnds))
	for w := range windows {
		windows[w] = make([]suffstat.Ratio, Buckets)
	}
	var own, clicked int64
	for _, row := range rows {
		g, w := row.Bucket, int(row.Bin)
		if counts[g] == nil {
			counts[g] = make(suffstat.Cells, u.cells*len(uEnds)*2)
		}
		at := u.at(cell[key{row.Position, row.Stage, row.Own}], w)
		counts[g][at] += row.Sent
		counts[g][at+1] += row.Clicked
		r.Messages += row.Sent
		clicked += row.Clicked
		if row.Own {
			own += row.Sent
		}
		early[g].Den += row.Sent
		if w == 0 {
			early[g].Num += row.Sent
		}
		windows[w][g] = windows[w][g].Merge(suffstat.Ratio{Num: row.Clicked, Den: row.Sent})
		r.Windows[w].Messages += row.Sent
		r.Windows[w].Clicked += row.Clicked
	}
	customers := min(r.Messages, max(s.Entry.Customers, 1))
	r.OwnShare = float64(own) / float64(r.Messages)
	r.Early = suffstat.Rate(early, customers, TableLevel)
	late := untested(Insufficient)
	if clicks {
		r.ClickRate = float64(clicked) / float64(r.Messages)
		total, _ := suffstat.Merge(counts)
		gains := u.gains(total)
		for w := range r.Windows {
			r.Windows[w].Rate = suffstat.Rate(windows[w], min(r.Windows[w].Messages, customers), TableLevel)
			r.Windows[w].Adjusted = gains[w]
		}
		late = x.honest(r, u, counts, customers, total)
	} else {
		for w := range r.Windows {
			r.Windows[w].Rate.Estimate = suffstat.NotEstimable("wilson n_eff", TableLevel, suffstat.ErrNoData)
			r.Windows[w].Adjusted = math.NaN()
		}
	}
	soon := untested(No)
	if s.wantsOrder() {
		soon = claimOf(against(r.Early, tooEarly, .05))
	}
	r.claim = either(late, soon)
	switch {
	case late.Verdict == Yes && soon.Verdict == Yes:
		r.Reason = "both"
	case late.Verdict == Yes:
		r.Reason = "best_window"
	case soon.Verdict == Yes:
		r.Reason = "too_early"
	}
	return r
}

// wantsOrder tells whether a message soon after an order is a mistake: chains that bring back, keep or develop, unless most of their entries follow an order at
// once: those come then by intention, as a service message or a welcome does. A scenario whose role is not known is not judged.
func (s *Scenario) wantsOrder() bool {
	return (s.Role == "retention" || s.Role == "development" || s.Role == "winback") && 2*s.Entry.AfterOrder < s.Entry.Entries
}

// honest chooses the window on the odd buckets and measures its gain on the even ones, then the other way round: a maximum measured where it was chosen is
// too large. The two halves hold different customers, so their errors are independent.
func (x *index) honest(r *Rhythm, u uCells, counts []suffstat.Cells, customers int64, total suffstat.Cells) claim {
	half := func(odd int) []suffstat.Cells {
		out := make([]suffstat.Cells, Buckets)
		for g := odd; g < Buckets; g += 2 {
			out[g] = counts[g]
		}
		return out
	}
	var sum, variance, df float64
	used := 0
	for choose := range 2 {
		state, ok := suffstat.Merge(compact(half(choose)))
		if !ok {
			return untested(Insufficient)
		}
		w := u.best(state)
		if w < 0 {
			return untested(Insufficient)
		}
		rep := suffstat.JackknifeVec(half(1-choose), func(c suffstat.Cells) []float64 { return []float64{u.gains(c)[w]} })
		if rep.Value == nil || math.IsNaN(rep.Value[0]) {
			return untested(Insufficient)
		}
		sum += rep.Value[0]
		variance += rep.SE(0) * rep.SE(0)
		df += rep.DF()
		used += rep.Buckets()
	}
	d := analytics.Decide(analytics.Comparison{
		Difference: sum / 2, SE: math.Sqrt(variance) / 2, DF: df, Margin: x.opt.margin("ctr", .003), Directional: true, Buckets: used,
		Sides: []analytics.Side{{Customers: customers, Effective: float64(customers), Events: eventsOf(total)}},
	})
	r.Best, r.Gain = u.best(total), d.Interval.Of(customers, "share points")
	return claimOf(d)
}

func compact(states []suffstat.Cells) []suffstat.Cells {
	var out []suffstat.Cells
	for _, s := range states {
		if s != nil {
			out = append(out, s)
		}
	}
	return out
}

// eventsOf counts the clicks.
func eventsOf(c suffstat.Cells) int64 {
	var n int64
	for i := 1; i < len(c); i += 2 {
		n += c[i]
	}
	return n
}
