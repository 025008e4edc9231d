package contact

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"crmaudit/analytics"
	"crmaudit/analytics/benchtest"
)

// The bench of the goal and of collisions (rows S14 and S15 of statistics 11), called by TestTruth.

// goalWorld is a panel with orders. Every bulk message of the last 14 days moves the chance to order on a day by slope / 7, so that one more message in the 7 days before a message moves the chance to order in the 7 days after
// it by slope, less what is lost because only the first order counts; truth is that number, by the counterfactual of every message. Orders have a rhythm (fewer in the week after an order, more in weeks 3 to 5), weeks and
// days have shocks, customers slumps; mail is halved for those who have not opened for 60 days. With spared > 0 a message does not go to who ordered in the spared days before it, with the chance left: the orders steer the mail.
func goalWorld(rng *rand.Rand, customers, weeks int, slope float64, spared int, left float64) (c *Counts, truth float64) {
	const pre, post = 10, 3
	m := newMailing(rng, weeks+pre+post)
	days := (weeks + pre + post) * 7
	lift := make([]float64, days)
	for d := range days {
		lift[d] = math.Exp(.6*m.shock[d/7] + .03*rng.NormFloat64())
	}
	byDay := make([][]int, days)
	for _, sec := range m.campaign {
		byDay[sec/86400] = append(byDay[sec/86400], sec)
	}
	c = &Counts{Channels: []ChannelRow{{Code: 1, Name: "email", Sent: 1, Bulk: 1}}}
	n := 0
	mailed := make([]int, days)
	for i := range customers {
		u := rng.NormFloat64()
		base := math.Min(.018*math.Exp(.5*u+.5*rng.NormFloat64()), .08)
		active := 0.
		slump := make([]float64, days)
		for d := range days {
			if d%7 == 0 {
				active = .6*active + .8*rng.NormFloat64()
			}
			slump[d] = active
		}
		clear(mailed)
		chance := func(d, last int, more float64) float64 {
			h := base * (1 + .25*slump[d]) * lift[d]
			if age := d - last; last >= 0 && age <= 7 {
				h *= .3
			} else if last >= 0 && age > 14 && age <= 35 {
				h *= 1.35
			}
			load := 0
			for _, k := range mailed[max(0, d-14):d] {
				load += k
			}
			return math.Max(h+slope/7*float64(load)+more, .0002)
		}
		var sent []got
		var orders []int
		last := -1
		for d := range days {
			for _, sec := range byDay[d] {
				if spared > 0 && last >= 0 && d-last <= spared && rng.Float64() < left || !receives(rng, sent, sec, 60) {
					continue
				}
				mailed[d]++
				sent = append(sent, got{sec, rng.Float64() < math.Min(math.Max(.28+.09*u+.02*slump[d]+m.shock[d/7], .01), .99)})
			}
			if rng.Float64() < chance(d, last, 0) {
				orders, last = append(orders, d), d
			}
		}
		var rows []PanelRow
		for j, g := range sent {
			day := g.sec / 86400
			if day < 7*pre || day >= 7*(weeks+pre) {
				continue
			}
			r := PanelRow{Member: int64(i)*1024 + 1, Week: int64(day / 7), Day: int64(day), Before: before(sent[:j], g.sec, 7, 0), Earlier: before(sent[:j], g.sec, 28, 7), Bucket: i % Buckets, Ripe: true, N: 1}
			for _, o := range sent[j+1:] {
				if o.sec-g.sec <= 7*86400 {
					r.Placebo++
				} else if o.sec-g.sec <= 14*86400 {
					r.Lead++
					if o.sec-g.sec <= 9*86400 {
						r.Soon++
					}
				}
			}
			last := -1
			for _, o := range orders { // orders come at 20:00
				if ago := o*86400 + 72000 - g.sec; ago <= 0 {
					last = o
				} else if ago <= 7*86400 {
					r.Ordered = 1
					if ago > 6*86400 {
						r.Ordered7th = 1
					}
				}
			}
			none, fewer := 1., 1.
			for d := day; d < day+7; d++ {
				none *= 1 - chance(d, last, 0)
				fewer *= 1 - chance(d, last, slope/7)
			}
			truth += none - fewer
			n++
			rows = append(rows, r)
		}
		if len(rows) > 1 {
			c.Panel = append(c.Panel, rows...)
		}
	}
	return c, truth / float64(n)
}

func truthGoal() []benchtest.Row {
	const weeks = 26
	var out []benchtest.Row
	for _, x := range []struct {
		r, customers int
		slope        float64
		spared       int
		left         float64
		name         string
	}{
		{50, 12000, -.005, 0, 0, "orders -0.005 per message (12,000 customers)"}, {100, 6000, 0, 0, 0, "orders 0 per message (6,000 customers)"}, {100, 1500, -.005, 0, 0, "orders -0.005 per message (1,500 customers)"},
		{50, 6000, 0, 7, .7, "orders 0, seven of ten messages spared for 7 days after an order"}, {50, 6000, 0, 7, .2, "orders 0, two of ten spared for 7 days"}, {50, 6000, 0, 2, .7, "orders 0, seven of ten spared for 2 days"},
		{50, 1500, 0, 2, .7, "the same with 1,500 customers"}, {50, 6000, 0, 1, .3, "orders 0, three of ten spared for a day"}, {50, 6000, 0, 30, .3, "orders 0, three of ten spared for 30 days"},
	} {
		reps := benchtest.Replicate(x.r, 16, func(rng *rand.Rand) []float64 {
			c, truth := goalWorld(rng, x.customers, weeks, x.slope, x.spared, x.left)
			f := Fatigue{}
			f.fitGoal(c, Options{FDR: .05, Level: .9})
			g := f.Goal
			return []float64{g.Value.Value - truth, benchtest.Flag(g.Value.Lower <= truth && truth <= g.Value.Upper), benchtest.Flag(g.Value.Value > 0), benchtest.Flag(g.Note == Confounded),
				g.Placebo.Value, truth, benchtest.Flag(g.Decision.Verdict == analytics.Different), g.Value.Upper - g.Value.Lower, benchtest.Flag(g.Grade == analytics.GradeStructural), benchtest.Flag(g.Value.Lower > 0), g.Seventh.Value}
		})
		mean := func(i int) float64 { return benchtest.Mean(reps, i) }
		if x.spared > 0 {
			out = append(out, benchtest.NewRow("S14", fmt.Sprintf("called confounded, grade D: %s (bias %+.4f, placebo %+.4f, of the seventh day %+.4f)", x.name, mean(0), mean(4), mean(10)), fmt.Sprintf("%.3f", math.Min(mean(3), mean(8))), ">= .95", x.r, math.Min(mean(3), mean(8)) >= .95))
			continue
		}
		out = append(out, benchtest.NewRow("S14", fmt.Sprintf("bias: %s (truth %+.4f, half width %.4f)", x.name, mean(5), mean(7)/2), fmt.Sprintf("%+.4f", mean(0)), "< .002", x.r, math.Abs(mean(0)) < .002),
			benchtest.AtLeast("S14", fmt.Sprintf("coverage: %s (placebo %+.4f, of the seventh day %+.4f, called confounded %.2f)", x.name, mean(4), mean(10), mean(3)), mean(1), .88, x.r))
		switch {
		case x.slope < 0 && x.customers == 12000:
			out = append(out, benchtest.NewRow("S14", "sign errors: "+x.name, fmt.Sprintf("%.3f", mean(2)), "0", x.r, mean(2) == 0))
		case x.slope < 0:
			out = append(out, benchtest.NewRow("S14", fmt.Sprintf("sign surely wrong: %s (estimate above 0: %.2f)", x.name, mean(2)), fmt.Sprintf("%.3f", mean(9)), "0", x.r, mean(9) == 0))
		default:
			out = append(out, benchtest.AtMost("S14", "called different from 0: "+x.name, mean(6), .12, x.r))
		}
	}
	return out
}

// hit tells whether a message follows another one less than 24 hours after it.
func hit(sent []got, sec int) bool {
	return len(sent) > 0 && sec-sent[len(sent)-1].sec < 86400 && sec > sent[len(sent)-1].sec
}

// hit5 is the same of the moment five weeks earlier.
func hit5(sent []got, sec int) bool {
	for i := len(sent) - 1; i >= 0; i-- {
		if ago := sec - 35*86400 - sent[i].sec; ago > 0 {
			return ago < 86400
		}
	}
	return false
}

// collisionWorld is a world of opens: every mailing has a shock of its own, every message of the last 7 days costs .02, a collision costs extra. resent > 0 is the chance that who did not open gets the mailing again the next
// day: opens steer the collisions.
func collisionWorld(rng *rand.Rand, customers, weeks int, extra, resent float64) *Counts {
	m := newMailing(rng, weeks+11)
	shock := make([]float64, len(m.campaign))
	for k := range shock {
		shock[k] = .05 * rng.NormFloat64()
	}
	c := &Counts{Channels: []ChannelRow{{Code: 1, Name: "email", Sent: 1, Bulk: 1, Opened: 1, Clicked: 1}}}
	for i := range customers {
		u := rng.NormFloat64()
		active, at, again := 0., 0, 0
		var sent []got
		var which []int
		for k, sec := range m.campaign {
			for w := sec / (7 * 86400); at <= w; at++ {
				active = .6*active + .8*rng.NormFloat64()
			}
			send := func(sec int) {
				p := .35 + .09*u + .02*active + m.shock[sec/(7*86400)] + shock[k] - .02*float64(before(sent, sec, 7, 0))
				if hit(sent, sec) {
					p += extra
				}
				sent = append(sent, got{sec, rng.Float64() < math.Min(math.Max(p, .01), .99)})
				which = append(which, k)
			}
			if again > 0 && again < sec {
				send(again)
			}
			again = 0
			if receives(rng, sent, sec, 60) {
				send(sec)
				if !sent[len(sent)-1].opened && rng.Float64() < resent {
					again = sec + 20*3600
				}
			}
		}
		var rows []PanelRow
		for j, g := range sent {
			week := int64(g.sec / (7 * 86400))
			if week < 10 || week >= int64(weeks+10) {
				continue
			}
			r := PanelRow{Member: int64(i)*1024 + 1, Week: week, Day: int64(g.sec / 86400), Scenario: int64(which[j] % 4), Before: before(sent[:j], g.sec, 7, 0), Earlier: before(sent[:j], g.sec, 28, 7),
				Before5: before(sent[:j], g.sec, 42, 35), Collided: hit(sent[:j], g.sec), Collided5: hit5(sent[:j], g.sec), Bucket: i % Buckets, N: 1, Opened: int64(number(g.opened))}
			for _, o := range sent[j+1:] {
				if o.sec-g.sec <= 7*86400 {
					r.Placebo++
				}
			}
			rows = append(rows, r)
		}
		if len(rows) > 1 {
			c.Panel = append(c.Panel, rows...)
		}
	}
	return c
}

func truthCollision() []benchtest.Row {
	const customers, weeks = 3000, 26
	var out []benchtest.Row
	for _, x := range []struct {
		r             int
		extra, resent float64
		name          string
	}{{100, -.03, 0, "a collision -0.03 on opens beside -0.02 per message"}, {100, 0, 0, "a collision 0, the same"}, {50, 0, .5, "a collision 0, half of those who did not open get it again after 20 hours"}} {
		reps := benchtest.Replicate(x.r, 17, func(rng *rand.Rand) []float64 {
			f := fitFatigue(collisionWorld(rng, customers, weeks, x.extra, x.resent), Options{FDR: .05, Level: .9})
			e := f.Collisions[0]
			return []float64{e.Value.Value - x.extra, benchtest.Flag(e.Value.Lower <= x.extra && x.extra <= e.Value.Upper), benchtest.Flag(e.Value.Value > 0), benchtest.Flag(e.Decision.Verdict == analytics.Different), e.Control.Value,
				benchtest.Flag(e.Note == Confounded), e.Share, e.Value.Upper - e.Value.Lower}
		})
		mean := func(i int) float64 { return benchtest.Mean(reps, i) }
		if x.resent > 0 {
			out = append(out, benchtest.NewRow("S14", fmt.Sprintf("called confounded: %s (bias %+.4f)", x.name, mean(0)), fmt.Sprintf("%.3f", mean(5)), ">= .95", x.r, mean(5) >= .95))
			continue
		}
		out = append(out, benchtest.NewRow("S14", fmt.Sprintf("bias: %s (variance left %.2f, half width %.4f)", x.name, mean(6), mean(7)/2), fmt.Sprintf("%+.4f", mean(0)), "< .004", x.r, math.Abs(mean(0)) < .004),
			benchtest.AtLeast("S14", fmt.Sprintf("coverage: %s (control %+.4f, called confounded %.2f)", x.name, mean(4), mean(5)), mean(1), .88, x.r))
		if x.extra < 0 {
			out = append(out, benchtest.NewRow("S14", "sign errors: "+x.name, fmt.Sprintf("%.3f", mean(2)), "0", x.r, mean(2) == 0))
		} else {
			out = append(out, benchtest.AtMost("S14", "called different from 0: "+x.name, mean(3), .12, x.r))
		}
	}
	return out
}

// collisionOddsWorld is a world of opt-outs: every mailing has a shock of its own, every message of the last 7 days adds .1 to the log odds, a collision adds extra; who opens less opts out more and gets less mail.
func collisionOddsWorld(rng *rand.Rand, customers, weeks int, extra float64) *Counts {
	m := newMailing(rng, weeks+7)
	shock := make([]float64, len(m.campaign))
	for k := range shock {
		shock[k] = .4 * rng.NormFloat64()
	}
	type focal struct {
		row   CollisionRow
		score int64
	}
	var rows []focal
	for i := range customers {
		u := rng.NormFloat64()
		p := logistic(-1 + .7*u)
		spared := u+.5*rng.NormFloat64() < 0
		var sent []got
		for k, sec := range m.campaign {
			if spared && rng.IntN(2) == 0 || !receives(rng, sent, sec, 60) {
				continue
			}
			week, load := sec/(7*86400), before(sent, sec, 7, 0)
			hazard := -6.2 - .8*u + 3*m.shock[week] + shock[k] + .1*float64(load)
			if hit(sent, sec) {
				hazard += extra
			}
			event := rng.Float64() < logistic(hazard)
			if week >= 7 && load > 0 {
				var known, responses int64
				for _, g := range sent {
					if sec-g.sec > 7*86400 {
						known++
						responses += int64(number(g.opened))
					}
				}
				rows = append(rows, focal{CollisionRow{Day: int64(sec / 86400), Channel: 1, Scenario: int64(k % 4), Dose: min(load, 7), Dose5: min(before(sent, sec, 42, 35), 7), Collided: hit(sent, sec), Collided5: hit5(sent, sec),
					Bucket: i % HazardBuckets, N: 1, Unsubscribed: int64(number(event))}, 100 * (responses + 1) / (known + 2)})
			}
			if event {
				break
			}
			sent = append(sent, got{sec, rng.Float64() < p})
		}
	}
	var scores, class [102]int64
	for _, f := range rows {
		scores[f.score]++
	}
	var sum int64
	for s, n := range scores {
		sum += n
		class[s] = 10 * (2*sum - n) / (2 * int64(len(rows)))
	}
	cells := map[CollisionRow]*CollisionRow{}
	events := map[CollisionRow]int64{}
	stratum := func(k CollisionRow) CollisionRow {
		return CollisionRow{Day: k.Day, Scenario: k.Scenario, Class: k.Class, Dose: k.Dose}
	}
	for _, f := range rows {
		k := f.row
		k.Class, k.N, k.Unsubscribed = class[f.score], 0, 0
		if cells[k] == nil {
			row := k
			cells[k] = &row
		}
		cells[k].N++
		cells[k].Unsubscribed += f.row.Unsubscribed
		events[stratum(k)] += f.row.Unsubscribed
	}
	c := &Counts{}
	for _, r := range cells {
		if events[stratum(*r)] > 0 {
			c.Collisions = append(c.Collisions, *r)
		}
	}
	slices.SortFunc(c.Collisions, func(a, b CollisionRow) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Scenario, b.Scenario), cmp.Compare(a.Class, b.Class), cmp.Compare(a.Dose, b.Dose), cmp.Compare(a.Dose5, b.Dose5), boolOrder(a.Collided, b.Collided), boolOrder(a.Collided5, b.Collided5), cmp.Compare(a.Bucket, b.Bucket))
	})
	return c
}

func truthCollisionOdds() []benchtest.Row {
	const r, customers, weeks = 20, 40_000, 26
	var out []benchtest.Row
	for _, truth := range []float64{.5, 0} {
		reps := benchtest.Replicate(r, 18, func(rng *rand.Rand) []float64 {
			f := Fatigue{}
			f.collisionOdds(collisionOddsWorld(rng, customers, weeks, truth), Options{FDR: .05, Level: .9})
			o := f.Collisions[0]
			return []float64{o.Value.Value, o.Raw.Value, o.Control.Value, benchtest.Flag(o.Value.Lower <= truth && truth <= o.Value.Upper), float64(o.Events), float64(o.Strata), o.Value.Upper - o.Value.Lower, o.Raw.Upper - o.Raw.Lower}
		})
		mean := func(i int) float64 { return benchtest.Mean(reps, i) }
		bias := mean(0) - truth
		out = append(out, benchtest.NewRow("S15", fmt.Sprintf("bias of log odds %.1f of a collision (raw %.3f, control %.3f, coverage %.2f, half width %.2f, of raw %.2f, %.0f events, %.0f strata)", truth, mean(1), mean(2), mean(3), mean(6)/2, mean(7)/2, mean(4), mean(5)),
			fmt.Sprintf("%+.3f", bias), "< .05", r, math.Abs(bias) < .05))
	}
	return out
}
