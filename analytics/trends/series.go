package trends

import (
	"math"
	"slices"
	"strings"
)

// The metrics, as tables call them.
const (
	Delivery    = "delivery_rate"
	Bounce      = "bounce_rate"
	Unsubscribe = "unsubscribe_rate"
	Complaint   = "complaint_rate"
	Open        = "open_rate"
	Click       = "click_rate"
	Order       = "order_rate"
	Move        = "move_rate"
)

// The subjects of series.
const (
	Total       = "total"
	ChannelKind = "channel_kind"
	Scenario    = "scenario"
)

// metric says how one rate is counted.
type metric struct {
	name     string
	log      bool // rare: the log of the rate, else its logit
	bad      bool // a rise is bad news
	num, den func(r *Row, c *channel) int64
	usable   func(c *channel) bool // whether the channel reports it at all
}

// metrics in the order of the layers: access, engagement, action.
func metrics() []metric {
	delivered := func(r *Row, c *channel) int64 {
		if c.stamped {
			return r.Delivered
		}
		return r.Sent - r.Bounced
	}
	sent := func(r *Row, _ *channel) int64 { return r.Sent }
	followed := func(r *Row, _ *channel) int64 { return r.Followed }
	always := func(*channel) bool { return true }
	return []metric{
		{name: Delivery, num: delivered, den: sent, usable: func(c *channel) bool { return c.stamped }},
		{name: Bounce, log: true, bad: true, num: func(r *Row, _ *channel) int64 { return r.Bounced }, den: sent, usable: func(c *channel) bool { return c.bounced > 0 }},
		{name: Unsubscribe, log: true, bad: true, num: func(r *Row, _ *channel) int64 { return r.Unsubscribed }, den: delivered, usable: always},
		{name: Complaint, log: true, bad: true, num: func(r *Row, _ *channel) int64 { return r.Complained }, den: delivered, usable: func(c *channel) bool { return c.complained > 0 }},
		{name: Open, num: func(r *Row, _ *channel) int64 { return r.Opened }, den: delivered, usable: func(c *channel) bool { return c.opened > 0 && !c.machines }},
		{name: Click, num: func(r *Row, _ *channel) int64 { return r.Clicked }, den: delivered, usable: func(c *channel) bool { return c.clicked > 0 }},
		{name: Order, num: func(r *Row, _ *channel) int64 { return r.Ordered }, den: followed, usable: always},
		{name: Move, num: func(r *Row, _ *channel) int64 { return r.Moved }, den: followed, usable: always},
	}
}

// channel is what a channel reports over the whole series.
type channel struct {
	stamped                              bool // it has times of delivery; else delivered means sent and not bounced
	machines                             bool // too many of its opens are made by machines: its open rate says nothing about people
	bounced, complained, opened, clicked int64
}

// machineOpens is the share of machine opens among all opens above which opens are called unreliable.
const machineOpens = .25

func readChannels(rows []Row, machines map[string]Machine) map[string]*channel {
	out := map[string]*channel{}
	for i := range rows {
		r := &rows[i]
		c := out[r.Channel]
		if c == nil {
			c = &channel{}
			out[r.Channel] = c
		}
		c.stamped = c.stamped || r.Delivered > 0
		c.bounced, c.complained, c.opened, c.clicked = c.bounced+r.Bounced, c.complained+r.Complained, c.opened+r.Opened, c.clicked+r.Clicked
	}
	for name, c := range out {
		o := machines[name]
		c.machines = float64(o.Machines) > machineOpens*float64(o.Opened)
	}
	return out
}

// subject is what a series is about.
type subject struct {
	Type, ID, Channel, Scenario, Kind string
}

// group holds the rows of a subject with the cell of each: what the mix is held fixed over.
type group struct {
	subject
	rows  []*Row
	cells []int
	size  int // number of cells
}

// groups sorts the rows to the subjects: total and channel by kind, scenario by kind when it sends several. Within a subject a cell is channel, scenario, step, stage and tenure: a campaign of one week
// with a rate of its own moves no total.
func groups(rows []Row) []*group {
	kinds := map[string][]string{}
	for i := range rows {
		if s := rows[i].Scenario; s != "" && !slices.Contains(kinds[s], rows[i].Kind) {
			kinds[s] = append(kinds[s], rows[i].Kind)
		}
	}
	found := map[subject]*group{}
	cells := map[*group]map[cell]int{}
	add := func(s subject, c cell, r *Row) {
		g := found[s]
		if g == nil {
			g = &group{subject: s}
			found[s], cells[g] = g, map[cell]int{}
		}
		at, ok := cells[g][c]
		if !ok {
			at = g.size
			cells[g][c] = at
			g.size++
		}
		g.rows, g.cells = append(g.rows, r), append(g.cells, at)
	}
	for i := range rows {
		r := &rows[i]
		add(subject{Type: Total, ID: r.Kind, Kind: r.Kind}, cell{r.Channel, r.Scenario, r.Step, r.Stage, r.Tenure}, r)
		add(subject{Type: ChannelKind, ID: r.Channel + ":" + r.Kind, Channel: r.Channel, Kind: r.Kind}, cell{"", r.Scenario, r.Step, r.Stage, r.Tenure}, r)
		if r.Scenario == "" {
			continue
		}
		id := r.Scenario
		if len(kinds[id]) > 1 {
			id += ":" + r.Kind
		}
		add(subject{Type: Scenario, ID: id, Scenario: r.Scenario, Kind: r.Kind}, cell{r.Channel, "", r.Step, r.Stage, r.Tenure}, r)
	}
	out := make([]*group, 0, len(found))
	for _, g := range found {
		out = append(out, g)
	}
	slices.SortFunc(out, func(a, b *group) int {
		if c := strings.Compare(a.Type, b.Type); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return out
}

type cell struct {
	channel, scenario, step string
	stage, tenure           int64
}

// Point is one point of a series: a period, or several thin ones merged.
type Point struct {
	From, To     int64 // days since 1970-01-01
	Merged       int64 // periods with messages that it is made of
	Num, Den     int64
	Standardised float64
	Fitted       float64 // NaN where nothing was fitted
	Spike        bool

	time  float64 // months since 1970, middle of its messages
	y     float64 // link of Standardised
	noise float64 // variance of Standardised by counting alone, over that of a share of one message: 1/Den where every cell is as full as in the mix
	cells []count
}

type count struct{ num, den float64 }

// Rate is the crude rate.
func (p Point) Rate() float64 { return float64(p.Num) / float64(p.Den) }

// What a point needs.
const (
	leastSends    = 50 // messages; thinner periods are merged (statistics 4.2)
	leastEvents   = 5. // expected events, and expected messages without one
	shrink        = 20 // a cell with so many messages is drawn half-way towards what the period shows
	daysPerMonth  = 365.25 / 12
	fewestPoints  = 8  // for a slope
	shortSeries   = 20 // fewer points: no verdict
	fewestEvents  = 30
	monthsForWave = 15 // the season is not told from the trend in less
	monthsForTwo  = 23.9
	shiftSize     = .03 // a shift changes the rate by so much of itself
	spikeSize     = .10 // a spike is so far from its neighbours
)

// points counts a metric in the periods of a group, merges thin ones and standardises: nil when the metric has no base.
func (g *group) points(m metric, channels map[string]*channel, periods []Period) []Point {
	raw := make([]Point, len(periods))
	var num, den int64
	for i, r := range g.rows {
		c := channels[r.Channel]
		if !m.usable(c) || m.name == Move && !periods[r.Period].MovesKnown {
			continue
		}
		n, d := m.num(r, c), m.den(r, c)
		if d <= 0 {
			continue
		}
		n = min(n, d)
		p := &raw[r.Period]
		if p.cells == nil {
			p.cells = make([]count, g.size)
		}
		p.cells[g.cells[i]].num += float64(n)
		p.cells[g.cells[i]].den += float64(d)
		p.Num, p.Den = p.Num+n, p.Den+d
		num, den = num+n, den+d
	}
	if den == 0 {
		return nil
	}
	share := float64(num) / float64(den)
	enough := func(n int64) bool {
		expected := float64(n) * math.Min(share, 1-share)
		return n >= leastSends && (expected >= leastEvents || share == 0 || share == 1)
	}
	out := merge(raw, periods, enough)
	standardise(out, g.size)
	for i := range out {
		out[i].y = link(m, out[i])
		out[i].Fitted = math.NaN()
	}
	return out
}

// base counts the messages that a metric is a share of, by channel.
func (g *group) base(m metric, channels map[string]*channel) map[string]int64 {
	out := map[string]int64{}
	for _, r := range g.rows {
		if c := channels[r.Channel]; m.usable(c) {
			out[r.Channel] += m.den(r, c)
		}
	}
	return out
}

// merge puts thin periods together with the following ones; what is left over at the end goes to the last point.
func merge(raw []Point, periods []Period, enough func(int64) bool) []Point {
	var out []Point
	open := false
	for i, p := range raw {
		if p.Den == 0 {
			continue
		}
		middle := float64(periods[i].From+periods[i].To) / 2 / daysPerMonth
		if !open {
			out = append(out, Point{From: periods[i].From, cells: make([]count, len(p.cells))})
		}
		out[len(out)-1].join(p, periods[i].To, middle)
		open = !enough(out[len(out)-1].Den)
	}
	if open && len(out) > 1 {
		last := out[len(out)-1]
		out = out[:len(out)-1]
		merged := last.Merged
		out[len(out)-1].join(last, last.To, last.time)
		out[len(out)-1].Merged += merged - 1
	}
	return out
}

func (p *Point) join(o Point, to int64, middle float64) {
	p.time = (p.time*float64(p.Den) + middle*float64(o.Den)) / float64(p.Den+o.Den)
	p.Num, p.Den, p.To, p.Merged = p.Num+o.Num, p.Den+o.Den, to, p.Merged+1
	for i, c := range o.cells {
		p.cells[i].num += c.num
		p.cells[i].den += c.den
	}
}

// standardise holds the mix of all points together fixed. A cell that a period lacks, or of which it has a handful of messages, is drawn towards its own rate over all periods times what
// the period does to the rates of all its cells; that keeps thin cells from shaking the series and changes nothing where only the mix moves.
func standardise(points []Point, size int) {
	all := make([]count, size)
	var den float64
	for _, p := range points {
		for i, c := range p.cells {
			all[i].num += c.num
			all[i].den += c.den
			den += c.den
		}
	}
	var events float64
	for _, c := range all {
		events += c.num
	}
	flip := events > den/2 // ratios are taken of the rarer outcome
	rate := make([]float64, size)
	for i, c := range all {
		if c.den > 0 {
			rate[i] = part(c, flip) / c.den
		}
	}
	for k := range points {
		p := &points[k]
		var seen, expected float64
		for i, c := range p.cells {
			seen += part(c, flip)
			expected += c.den * rate[i]
		}
		ratio := (seen + 1) / (expected + 1) // one event as expected: where nothing is expected, as in a channel that always succeeds, a period says nothing about the other cells
		var sum, guessed float64
		for i, c := range p.cells {
			if all[i].den == 0 {
				continue
			}
			weight := all[i].den / den / (c.den + shrink)
			sum += weight * (part(c, flip) + shrink*math.Min(rate[i]*ratio, 1))
			guessed += weight * shrink * rate[i]
		}
		var variance, mean float64
		for i, c := range p.cells {
			influence := all[i].den/den/(c.den+shrink) + guessed/(expected+1) // of one event in the cell: on its own rate, and on the guesses of all
			variance += influence * influence * c.den * rate[i] * (1 - rate[i])
			mean += all[i].den / den * rate[i]
		}
		p.noise = math.Max(variance/math.Max(mean*(1-mean), 1e-12), 1/float64(p.Den))
		if expected == 0 {
			p.noise = 1 // nothing could be expected of these cells: the period says nothing
		}
		if flip {
			sum = 1 - sum
		}
		p.Standardised = math.Min(math.Max(sum, 0), 1)
	}
}

func part(c count, flip bool) float64 {
	if flip {
		return c.den - c.num
	}
	return c.num
}

// link is the logit of the rate, the log for rare metrics; half an event is added so that none is no infinity.
func link(m metric, p Point) float64 {
	n := float64(p.Den)
	x := p.Standardised * n
	if m.log {
		return math.Log((x + .5) / n)
	}
	return math.Log((x + .5) / (n - x + .5))
}

// logitOrLog is the link of a level.
func logitOrLog(m metric, rate float64) float64 {
	rate = math.Min(math.Max(rate, 1e-9), 1-1e-9)
	if m.log {
		return math.Log(rate)
	}
	return math.Log(rate / (1 - rate))
}

// unlink turns a level of the link into a rate.
func unlink(m metric, y float64) float64 {
	if m.log {
		return math.Min(math.Exp(y), 1)
	}
	return 1 / (1 + math.Exp(-y))
}

// steepness is the change of the rate per unit of the link at a rate.
func steepness(m metric, rate float64) float64 {
	if m.log {
		return rate
	}
	return rate * (1 - rate)
}
