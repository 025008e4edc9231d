package lifecycle

import (
	"math"
	"slices"
)

// When can a rule change its value for a customer to whom nothing happens? Counts over a window change when an event leaves the window. A day
// feature grows by one every day, so a comparison of it with a constant c changes once, around age c. Everything else waits for the next event.
// The engine therefore looks at a customer only in the periods in which one of these days falls: the interval method, five to ten
// times cheaper than one look per customer and period. A rule that no list of constant ages covers is evaluated in every period (dense).

// Anchors of breakpoints: the event whose day the offset is counted from. An event of day d is known from day d + 1 on.
const (
	anchorOrder        = "order"         // every order: offset 1 is its effect, 29, 91, 366 its leaving the windows of 28, 90, 365 days
	anchorLastOrder    = "last_order"    // an order that is still the last one offset days later
	anchorFirstOrder   = "first_order"   // the first order
	anchorFirstSeen    = "first_seen"    // the first sign of the customer
	anchorActivity     = "activity"      // every activity event, as anchorOrder
	anchorLastActivity = "last_activity" // as anchorLastOrder
	anchorMessage      = "message"       // every message sent, as anchorOrder
	anchorOpen         = "open"          // every open
	anchorClick        = "click"         // every click
	anchorConsent      = "consent"       // first message and first opt-out
	anchorOverdue      = "overdue"       // the last order plus factor times the customer's own median gap
)

// breakpoint is one row of core.cfg_stage_breakpoints.
type breakpoint struct {
	Anchor string
	Offset int64
	Factor float64 // anchorOverdue only, else 0
}

// linear maps the features that grow with time to their anchors.
func linear() map[string]string {
	return map[string]string{
		recencyDays: anchorLastOrder, firstOrderDays: anchorFirstOrder, tenureDays: anchorFirstSeen, lastActivityDays: anchorLastActivity,
		overdueRatio: anchorOverdue,
	}
}

// windows maps the counts over a window to their event and the days until an event has left it.
func windows() map[string]breakpoint {
	return map[string]breakpoint{
		orders28d: {anchorOrder, 29, 0}, orders90d: {anchorOrder, 91, 0}, orders365d: {anchorOrder, 366, 0}, revenue365d: {anchorOrder, 366, 0},
		activity28d: {anchorActivity, 29, 0}, messages28d: {anchorMessage, 29, 0}, opens28d: {anchorOpen, 29, 0}, clicks28d: {anchorClick, 29, 0},
	}
}

// effects maps every feature to the events that change it at once.
func effects() map[string]string {
	m := map[string]string{
		recencyDays: anchorOrder, firstOrderDays: anchorOrder, ordersTotal: anchorOrder, revenueTotal: anchorOrder, avgOrderValue: anchorOrder,
		medianGapDays: anchorOrder, overdueRatio: anchorOrder, lastActivityDays: anchorActivity, subscribed: anchorConsent,
	}
	for f, w := range windows() {
		m[f] = w.Anchor
	}
	return m
}

// piece is one linear form that an expression may be equal to: the sum of coefficients times growing features, plus a constant, plus (other)
// something that is constant between events.
type piece struct {
	coef  map[string]float64
	con   float64
	other bool
}

// maxPieces bounds the alternatives of nested least, greatest and coalesce.
const maxPieces = 64

// pieces returns the linear forms of a number; ok is false when it is no such thing (a product of two growing features).
//
// least, greatest and abs are continuous and piecewise linear: they cross a constant only where one of their pieces does.
func pieces(n *node) (out []piece, ok bool) {
	combine := func(sign float64) ([]piece, bool) {
		a, okA := pieces(n.args[0])
		b, okB := pieces(n.args[1])
		if !okA || !okB || len(a)*len(b) > maxPieces {
			return nil, false
		}
		return differences(a, b, sign), true
	}
	switch n.op {
	case opNumber:
		return []piece{{con: n.num}}, true
	case opFeature:
		if linear()[n.str] != "" {
			return []piece{{coef: map[string]float64{n.str: 1}}}, true
		}
		return []piece{{other: true}}, true
	case opAttr, opText, opBool:
		return []piece{{other: true}}, true
	case opAdd:
		return combine(1)
	case opSubtract:
		return combine(-1)
	case opNegate:
		a, okA := pieces(n.args[0])
		return differences([]piece{{}}, a, -1), okA
	case opMultiply:
		a, okA := pieces(n.args[0])
		b, okB := pieces(n.args[1])
		if !okA || !okB {
			return nil, false
		}
		if len(b) == 1 && b[0].constant() {
			a, b = b, a
		}
		if len(a) == 1 && a[0].constant() {
			return differences([]piece{{}}, b, a[0].con), true
		}
		if slices.ContainsFunc(append(slices.Clone(a), b...), piece.grows) {
			return nil, false
		}
		return []piece{{other: true}}, true
	case opCall:
		if n.str == "abs" {
			a, okA := pieces(n.args[0])
			if !okA || 2*len(a) > maxPieces {
				return nil, false
			}
			return append(slices.Clone(a), differences([]piece{{}}, a, -1)...), true
		}
		for _, arg := range n.args {
			a, okA := pieces(arg)
			if !okA || len(out)+len(a) > maxPieces {
				return nil, false
			}
			out = append(out, a...)
		}
		return out, true
	}
	return []piece{{other: true}}, true // conditions: compared as true and false
}

func (p piece) constant() bool { return !p.other && len(p.coef) == 0 }

func (p piece) grows() bool { return len(p.coef) > 0 }

// differences returns every x + sign*y.
func differences(xs, ys []piece, sign float64) []piece {
	var out []piece
	for _, x := range xs {
		for _, y := range ys {
			p := piece{coef: map[string]float64{}, con: x.con + sign*y.con, other: x.other || y.other && sign != 0}
			for f, c := range x.coef {
				p.coef[f] += c
			}
			for f, c := range y.coef {
				p.coef[f] += sign * c
			}
			for f, c := range p.coef {
				if c == 0 {
					delete(p.coef, f)
				}
			}
			out = append(out, p)
		}
	}
	return out
}

// timing collects the breakpoints of rules.
type timing struct {
	points   map[breakpoint]bool
	dense    bool
	lookback int64
}

// add collects the breakpoints of one rule.
func (t *timing) add(rule *node) {
	rule.walk(func(n *node) {
		switch n.op {
		case opFeature:
			if a := effects()[n.str]; a != "" {
				t.points[breakpoint{a, 1, 0}] = true
			}
			if w, ok := windows()[n.str]; ok {
				t.points[w] = true
				t.look(float64(w.Offset - 1))
			}
		case opCompare:
			t.compare(n.args[0], n.args[1], n.str)
		case opBetween:
			t.compare(n.args[0], n.args[1], ">=")
			t.compare(n.args[0], n.args[2], "<=")
		case opIn:
			for _, v := range n.args[1:] {
				t.compare(n.args[0], v, "=")
			}
		}
	})
}

// look raises the look-back to days.
func (t *timing) look(days float64) {
	t.lookback = max(t.lookback, int64(math.Ceil(min(days, 36500))))
}

func (t *timing) compare(a, b *node, sign string) {
	pa, okA := pieces(a)
	pb, okB := pieces(b)
	if !okA || !okB || len(pa)*len(pb) > maxPieces {
		t.dense = true
		return
	}
	for _, d := range differences(pa, pb, -1) {
		t.cross(d, sign)
	}
}

// cross adds the days on which the comparison of d with 0 can change.
func (t *timing) cross(d piece, sign string) {
	day := func(f string) bool { return f != overdueRatio }
	slope, features := 0.0, []string{}
	for f, c := range d.coef {
		slope += c
		features = append(features, f)
	}
	switch {
	case len(features) == 0:
		return
	case len(features) > 1 && slope == 0 && !slices.ContainsFunc(features, func(f string) bool { return !day(f) }):
		return // the ages grow together: their difference waits for the next event
	case len(features) > 1 || d.other:
		t.dense = true
		return
	}
	f, c := features[0], d.coef[features[0]]
	at := -d.con / c
	if math.IsNaN(at) || math.Abs(at) > 36500 {
		return // a hundred years: never crossed
	}
	if f == overdueRatio {
		if at >= 0 {
			t.points[breakpoint{anchorOverdue, 0, at}] = true
		}
		return
	}
	if f != tenureDays {
		t.look(at)
	}
	offsets := []float64{math.Floor(at), math.Floor(at) + 1, math.Floor(at) + 2} // whatever the rounding of at
	if at == math.Trunc(at) && math.Abs(c) == 1 {
		up := sign == "<=" && c > 0 || sign == ">" && c > 0 || sign == ">=" && c < 0 || sign == "<" && c < 0
		switch {
		case sign == "=" || sign == "<>":
			offsets = []float64{at, at + 1}
		case up: // age <= at changes the day after at
			offsets = []float64{at + 1}
		default:
			offsets = []float64{at}
		}
	}
	for _, o := range offsets {
		if o > 1 || o > 0 && f == tenureDays { // an event is known from offset 1 on, and the customer is looked at then
			t.points[breakpoint{linear()[f], int64(o), 0}] = true
		}
	}
}
