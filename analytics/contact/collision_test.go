package contact

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"crmaudit/analytics"
)

// days is a world of mailings, one a day, 55 days, 600 customers; a customer gets few or many of them for 12 days, so messages before and after go together, and collisions vary.
func days(seed uint64, ordered func(rng *rand.Rand, r PanelRow, u float64) float64, opened func(r PanelRow) float64) *Counts {
	rng := rand.New(rand.NewPCG(seed, 12))
	c := &Counts{Channels: []ChannelRow{{Code: 1, Name: "email", Sent: 1, Bulk: 1, Opened: 1, Clicked: 1}}}
	for i := range 600 {
		u := .05 * rng.NormFloat64()
		var got [120]bool
		many := 0.
		for d := range got {
			if d%12 == 0 {
				many = .25 + .5*float64(rng.IntN(2))
			}
			got[d] = rng.Float64() < many
		}
		count := func(from, to int) (n int64) {
			for _, g := range got[from:to] {
				n += int64(number(g))
			}
			return n
		}
		for d := 45; d < 100; d++ {
			if !got[d] {
				continue
			}
			r := PanelRow{Member: int64(i)*1024 + 1, Week: int64(d / 7), Day: int64(d), Before: count(d-7, d), Earlier: count(d-28, d-7), Placebo: count(d+1, d+8), Lead: count(d+8, d+15), Soon: count(d+8, d+10),
				Before5: count(d-42, d-35), Collided: got[d-1], Collided5: got[d-36], Bucket: i % Buckets, Ripe: d < 90, N: 1, Score: int64(i % 90)}
			if ordered != nil && rng.Float64() < ordered(rng, r, u) {
				r.Ordered = 1
				r.Ordered7th = int64(number(rng.IntN(7) == 0))
			}
			if opened != nil && rng.Float64() < opened(r)+u {
				r.Opened = 1
			}
			c.Panel = append(c.Panel, r)
		}
	}
	return c
}

func goalOf(t *testing.T, c *Counts, opt Options) (*Goal, analytics.Finding) {
	t.Helper()
	m := &Model{Fatigue: fitFatigue(c, opt), PanelShare: 1, FocalShare: 1}
	return m.Fatigue.Goal, finding(t, Findings(m, opt), "fatigue", Order)
}

func TestGoal(t *testing.T) {
	slope := func(b float64) func(*rand.Rand, PanelRow, float64) float64 {
		return func(_ *rand.Rand, r PanelRow, u float64) float64 {
			return .6 + u + b*float64(r.Before) - .05*float64(r.Placebo) + .004*float64(r.Day%5)
		}
	}
	g, f := goalOf(t, days(1, slope(-.03), nil), options())
	if math.Abs(g.Value.Value+.03) > .01 || math.Abs(g.Next.Value+.05) > .01 || g.Grade != analytics.GradeAdjusted || f.Text("reason") != "fatigue" || f.Verdict != analytics.Different || f.Severity != analytics.Warning {
		t.Errorf("a slope of -0.03: %+v, %s %s", g.Value, f.Text("reason"), f.Verdict)
	}
	if o := f.Opportunity; o == nil || o.Metric != "order_rate" || o.Grade != analytics.GradeAdjusted || o.Effect == nil || math.Abs(o.Effect.Value+g.Value.Value) > 1e-12 || o.Step != orderMargin || o.Money != nil {
		t.Errorf("opportunity %+v", o)
	}
	// Only ripe messages count: 45 days of 55, half of them got.
	if g.Messages < 13000 || g.Messages > 14000 || g.Customers != 600 || g.Curve[0].From != 0 || !g.Curve[3].Difference.OK() || !(g.Curve[3].Difference.Value < -.03) {
		t.Errorf("%d messages of %d customers, curve %+v", g.Messages, g.Customers, g.Curve)
	}
	// Without chance the slopes are exact: each is beside the others.
	c := days(14, nil, nil)
	for i := range c.Panel {
		r := &c.Panel[i]
		r.N, r.Ordered = 1e6, int64(1e6*(.5+.001*float64(r.Member%7)+.004*float64(r.Day%5)-.03*float64(r.Before)-.02*float64(r.Placebo)-.001*float64(r.Earlier)))
	}
	g, _ = goalOf(t, c, options())
	for _, x := range []struct{ got, want float64 }{{g.Value.Value, -.03}, {g.Next.Value, -.02}, {g.Earlier.Value, -.001}, {g.Placebo.Value, 0}} {
		if math.Abs(x.got-x.want) > 1e-6 {
			t.Errorf("slope %v, want %v", x.got, x.want)
		}
	}
	opt := options()
	opt.Margins = map[string]float64{"order_rate_per_message": .1}
	if g, f = goalOf(t, days(1, slope(-.03), nil), opt); g.Margin != .1 || f.Text("reason") != "none" || f.Opportunity != nil {
		t.Errorf("inside a margin of 0.1: %v %s", g.Margin, f.Text("reason"))
	}
	if _, f = goalOf(t, days(2, slope(.03), nil), options()); f.Text("reason") != "benefit" || f.Opportunity != nil {
		t.Errorf("a slope of +0.03: %s", f.Text("reason"))
	}
	// What is not sent yet goes with the orders: that of days 10 to 14, and that of days 8 and 9 with orders of the seventh day alone.
	c = days(3, func(_ *rand.Rand, r PanelRow, u float64) float64 {
		return .5 + u - .03*float64(r.Before) - .04*float64(r.Lead-r.Soon)
	}, nil)
	for i := range c.Panel {
		c.Panel[i].Ordered7th = int64(number(i%20 == 0))
	}
	if g, f = goalOf(t, c, options()); acts(g.Seventh, g.Margin) || g.Note != Confounded || g.Grade != analytics.GradeStructural ||
		f.Text("reason") != Confounded || f.Verdict != analytics.Inconclusive || f.Opportunity != nil || f.Severity != analytics.Notice {
		t.Errorf("the placebo acts: %s %s %s", g.Note, g.Grade, f.Text("reason"))
	}
	c = days(4, slope(-.03), nil)
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range c.Panel {
		if r := &c.Panel[i]; r.Ordered == 1 {
			r.Ordered7th = int64(number(rng.Float64() < .3-.1*float64(r.Soon)))
		}
	}
	if g, _ = goalOf(t, c, options()); acts(g.Placebo, g.Margin) || g.Note != Confounded || g.Grade != analytics.GradeStructural {
		t.Errorf("orders of the seventh day go with days 8 and 9: placebo %+v, seventh %+v, %s", g.Placebo, g.Seventh, g.Note)
	}
	// The pressure of a day is the same for all.
	c = days(5, slope(-.03), nil)
	for i := range c.Panel {
		c.Panel[i].Before = c.Panel[i].Day % 4
	}
	if g, f = goalOf(t, c, options()); g.Note != CalendarOnly || g.Value.OK() || f.Verdict != analytics.InsufficientData {
		t.Errorf("calendar only: %s %+v", g.Note, g.Value)
	}
	// Nobody ordered: there is no such outcome, and coverage says so.
	m := &Model{Fatigue: fitFatigue(days(6, nil, func(PanelRow) float64 { return .3 }), options())}
	for _, row := range append(m.fatigueTable().Rows, m.curveTable().Rows...) {
		if row[0] == Order {
			t.Errorf("a row of orders: %v", row)
		}
	}
	for _, x := range Coverage(m, options(), map[string]bool{"events": true}) {
		if x.Input == "orders" && (x.Present || x.Note != "no_orders") {
			t.Errorf("coverage %+v", x)
		}
	}
	// Orders are known, but no message has 14 days of data after it.
	c = days(7, slope(0), nil)
	for i := range c.Panel {
		c.Panel[i].Ripe = false
	}
	if f := fitFatigue(c, options()); f.Goal == nil || f.Goal.Note != FewEvents || f.Goal.Value.OK() || f.Goal.Messages != 0 {
		t.Errorf("%+v", f.Goal)
	}
}

func TestCollisions(t *testing.T) {
	opened := func(b float64) func(PanelRow) float64 {
		return func(r PanelRow) float64 {
			x := .5 - .02*float64(r.Before) + .02*float64(r.Day%5)
			if r.Collided {
				x += b
			}
			return x
		}
	}
	of := func(c *Counts) Collision {
		t.Helper()
		f := fitFatigue(c, options())
		i := slices.IndexFunc(f.Collisions, func(x Collision) bool { return x.Outcome == Open })
		if i < 0 {
			t.Fatal("no collision of opens")
		}
		return f.Collisions[i]
	}
	if x := of(days(8, nil, opened(-.08))); math.Abs(x.Value.Value+.08) > .03 || x.Decision.Verdict != analytics.Different || x.Note != "" || x.Grade != analytics.GradeAdjusted || !(x.Q < .01) || x.Collided == 0 || x.Beside == 0 || x.Share < .5 {
		t.Errorf("a collision of -0.08: %+v", x)
	}
	if x := of(days(19, nil, opened(0))); math.Abs(x.Value.Value) > .03 || x.Decision.Verdict == analytics.Different {
		t.Errorf("a collision of 0: %+v", x)
	}
	// In one mailing it is the same for all customers: not a number.
	c := days(10, nil, opened(-.08))
	for i := range c.Panel {
		c.Panel[i].Collided = c.Panel[i].Day%3 == 0
		c.Panel[i].Before = max(c.Panel[i].Before, 1)
	}
	if x := of(c); x.Note != NotIdentifiable || x.Value.OK() || x.Control.OK() || x.Decision.Verdict != analytics.InsufficientData {
		t.Errorf("the plan alone decides: %+v", x)
	}
	for i := range c.Panel {
		c.Panel[i].Collided = false
	}
	if x := of(c); x.Note != NoCollisions || x.Value.OK() {
		t.Errorf("no collisions: %+v", x)
	}
	n := 0
	c = days(11, nil, opened(-.08))
	for i := range c.Panel {
		if c.Panel[i].Collided = c.Panel[i].Collided && n < 20; c.Panel[i].Collided {
			n++
		}
	}
	if x := of(c); x.Note != FewEvents && x.Note != NotIdentifiable || x.Value.OK() {
		t.Errorf("twenty collisions: %+v", x)
	}
	// A collision five weeks earlier goes with opens: the control acts.
	if x := of(days(12, nil, func(r PanelRow) float64 { return .4 - .1*float64(number(r.Collided5)) })); x.Note != Confounded || x.Grade != analytics.GradeStructural {
		t.Errorf("the control acts: %+v", x.Control)
	}
	// What confounds the response confounds its collisions.
	if x := of(days(13, nil, func(r PanelRow) float64 { return .5 - .04*float64(r.Placebo) })); x.Note != Confounded {
		t.Errorf("the placebo acts: %s", x.Note)
	}
}

// Log odds of a collision by hand: one stratum with 90 of 2000 after a collision and 50 of 2000 otherwise, less the same of a collision five weeks earlier within each: 50 and 40, 30 and 20 of 1000.
func TestCollisionOdds(t *testing.T) {
	var b strings.Builder
	for bucket := range HazardBuckets {
		for _, hit := range []bool{false, true} {
			for _, before := range []bool{false, true} {
				events := 20 + 10*number(before) + 20*number(hit) + bucket%2 - (bucket/2)%2
				fmt.Fprintf(&b, "70,1,0,1,5,2,2,%v,%v,%d,1000,%d,0\n", hit, before, bucket, events)
			}
		}
	}
	channels := "1,email,9000,9000,9000,9000,0,0,0,0,0,50,0"
	m, _ := run(t, map[string]string{"contact_channels": channels, "haz_collision": b.String()}, options())
	if len(m.Fatigue.Collisions) != 1 { // nobody complained
		t.Fatalf("%+v", m.Fatigue.Collisions)
	}
	x := m.Fatigue.Collisions[0]
	control := math.Log((50*960 + 30*980) / (950*40 + 970*20.))
	if want := math.Log(90*1950/(1910*50.)) - control; math.Abs(x.Value.Value-want) > .005 || math.Abs(x.Control.Value-control) > .005 || x.Outcome != Unsubscribe || x.Decision.Verdict == analytics.InsufficientData || x.Strata != 1 || x.Collided != 100000 || x.Value.N != x.Collided {
		t.Errorf("%+v, want %v", x, want)
	}
	// Seven opt-outs behind the control are too few to take it off.
	var few strings.Builder
	for bucket := range HazardBuckets {
		for _, hit := range []bool{false, true} {
			fmt.Fprintf(&few, "70,1,0,1,5,2,2,%v,false,%d,1000,%d,0\n70,1,0,1,5,2,2,%[1]v,true,%[2]d,10,%[4]d,0\n", hit, bucket, 20+bucket%3, number(bucket < 3+number(hit)))
		}
	}
	m, _ = run(t, map[string]string{"contact_channels": channels, "haz_collision": few.String()}, options())
	if x := m.Fatigue.Collisions[0]; x.Value.OK() || x.Note != FewEvents || x.Raw.OK() || x.Control.OK() || x.Decision.Needed == 0 {
		t.Errorf("seven events behind the control: %+v", x)
	}
	// Another number of messages in 7 days is another stratum: its collisions all in one stratum tell nothing.
	split := strings.NewReplacer(",2,2,true,", ",3,2,true,").Replace(b.String())
	m, _ = run(t, map[string]string{"contact_channels": channels, "haz_collision": split}, options())
	if x := m.Fatigue.Collisions[0]; x.Value.OK() || x.Note != FewEvents {
		t.Errorf("no common stratum: %+v", x)
	}
}

func TestLinkCollisions(t *testing.T) {
	fatigue := func(subject, outcome, reason string, collision *float64) analytics.Finding {
		v := analytics.Values{}
		if outcome != "" {
			v.Text("outcome", outcome)
		}
		v.Text("collision_reason", reason)
		if collision != nil {
			v.Fact("collision", *collision, 5, "share")
		}
		return analytics.Finding{Block: "contact", Kind: "fatigue", SubjectType: "pressure", Subject: subject, Values: v}
	}
	pair := func(kind string, collisions float64) analytics.Finding {
		v := analytics.Values{}
		v.Fact("collisions", collisions, 5, "")
		return analytics.Finding{Block: "overlap", Kind: kind, Values: v, EvidenceSQL: "SELECT 1 AS one"}
	}
	x := -.03
	found := []analytics.Finding{pair("scenario_conflict", 3), pair("scenario_conflict", 0), pair("priority_inversion", 3), pair("dead_end", 3), fatigue("response", "open", "told", &x), fatigue(Unsubscribe, "", FewEvents, nil)}
	LinkCollisions(found)
	for i, want := range []string{"told", "", "told", ""} {
		if got := found[i].Text("harm"); got != want {
			t.Errorf("%s: harm %q, want %q", found[i].Kind, got, want)
		}
	}
	value(t, found[0], "harm_open", -.03)
	if _, ok := found[0].Number("harm_unsubscribe"); ok || !strings.Contains(found[0].EvidenceSQL, "outcome = 'open' AND term = 'previous_collision_hours') AS harm_open_value") || !strings.Contains(found[0].EvidenceSQL, "(SELECT customers FROM scenarios.fatigue WHERE outcome = 'open' AND term = 'previous_collision_hours') AS harm_open_n") || found[1].EvidenceSQL != "SELECT 1 AS one" {
		t.Errorf("%+v", found[0])
	}
	lost := pair("priority_inversion", 3)
	lost.Values = append(lost.Values, analytics.Value{Name: "reason", Text: "lost"})
	found = []analytics.Finding{lost, fatigue("response", "open", "told", &x)}
	if LinkCollisions(found); found[0].Text("harm") != "" {
		t.Error("a message that was not sent has collided")
	}
	found = []analytics.Finding{pair("priority_inversion", 3), fatigue("response", "open", Confounded, nil)}
	if LinkCollisions(found); found[0].Text("harm") != "unknown" || found[0].EvidenceSQL != "SELECT 1 AS one" {
		t.Errorf("confounded: %+v", found[0])
	}
	found = []analytics.Finding{pair("priority_inversion", 3)}
	if LinkCollisions(found); found[0].Text("harm") != "" {
		t.Error("the block was not run, and something is said")
	}
}
