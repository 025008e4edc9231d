package contact

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"crmaudit/analytics"
	"crmaudit/analytics/benchtest"
)

// The bench of statistics 11, rows S14 and S15, on direct simulators:
//
//	CRMAUDIT_BENCH_TRUTH=1 go test -run TestTruth -v -count=1 ./analytics/contact/
//
// It prints one table "id | what | reached | required | R" and fails when a row is missed. Seeds are fixed, so a run repeats exactly.

func TestTruth(t *testing.T) {
	benchtest.Run(t, truthSlope, truthThirds, truthOdds, truthGoal, truthCollision, truthCollisionOdds)
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// mailing is the world of both rows: a calendar of campaigns, customers who open more or less, and half as many messages to those who do not open.
type mailing struct {
	weeks    int
	campaign []int // seconds, ascending
	shock    []float64
}

func newMailing(rng *rand.Rand, weeks int) mailing {
	m := mailing{weeks: weeks}
	for w := range weeks {
		m.shock = append(m.shock, .04*rng.NormFloat64())
		for range 1 + rng.IntN(4) {
			m.campaign = append(m.campaign, (w*7+rng.IntN(7))*86400+10*3600+rng.IntN(6*3600))
		}
	}
	slices.Sort(m.campaign)
	return m
}

// got is one message that a customer got.
type got struct {
	sec    int
	opened bool
}

// before counts the messages of the last to..from days before sec.
func before(sent []got, sec, from, to int) int64 {
	var n int64
	for i := len(sent) - 1; i >= 0 && sec-sent[i].sec <= from*86400; i-- {
		if d := sec - sent[i].sec; d > to*86400 && d > 0 {
			n++
		}
	}
	return n
}

// receives decides whether a campaign goes to a customer: suppression halves the messages of those who opened nothing for so many days (60 in the made-up
// company, analytics/synth).
func receives(rng *rand.Rand, sent []got, sec, silent int) bool {
	chance := .9
	if silent > 0 && len(sent) > 0 && sec-sent[0].sec > silent*86400 {
		opened := false
		for i := len(sent) - 1; i >= 0 && sec-sent[i].sec <= silent*86400 && !opened; i-- {
			opened = sent[i].opened
		}
		if !opened {
			chance = .45
		}
	}
	return rng.Float64() < chance
}

// slopeWorld is one replicate of S14.
func slopeWorld(rng *rand.Rand, customers, weeks int, slope float64, silent int) *Counts {
	c, _ := slopesWorld(rng, customers, weeks, silent, func(float64) float64 { return slope })
	return c
}

// slopesWorld is a world in which the slope of a customer is that of his engagement, standard normal; it returns the slopes by member.
func slopesWorld(rng *rand.Rand, customers, weeks, silent int, slopeOf func(u float64) float64) (*Counts, map[int64]float64) {
	truth := map[int64]float64{}
	m := newMailing(rng, weeks+11)
	c := &Counts{Channels: []ChannelRow{{Code: 1, Name: "email", Sent: 1, Bulk: 1, Opened: 1, Clicked: 1}}}
	for i := range customers {
		u := rng.NormFloat64()
		slope := slopeOf(u)
		truth[int64(i)*1024+1] = slope
		active, at := 0., 0
		var sent []got
		for _, sec := range m.campaign {
			for w := sec / (7 * 86400); at <= w; at++ {
				active = .6*active + .8*rng.NormFloat64()
			}
			if !receives(rng, sent, sec, silent) {
				continue
			}
			p := .28 + .09*u + .02*active + m.shock[sec/(7*86400)] + slope*float64(before(sent, sec, 7, 0))
			sent = append(sent, got{sec, rng.Float64() < math.Min(math.Max(p, .01), .99)})
		}
		var rows []PanelRow
		score := int64(-1)
		for j, g := range sent {
			week := int64(g.sec / (7 * 86400))
			if week < 10 || week >= int64(weeks+10) {
				continue
			}
			if score < 0 {
				answered, known := int64(1), int64(2)
				for _, o := range sent[:j] {
					if g.sec-o.sec > 7*86400 {
						known++
						if o.opened {
							answered++
						}
					}
				}
				score = 100 * answered / known
			}
			var next int64
			for k := j + 1; k < len(sent) && sent[k].sec-g.sec <= 7*86400; k++ {
				next++
			}
			r := PanelRow{Member: int64(i)*1024 + 1, Week: week, Before: before(sent[:j], g.sec, 7, 0), Earlier: before(sent[:j], g.sec, 28, 7), Placebo: next, Bucket: i % Buckets, N: 1, Score: score}
			if g.opened {
				r.Opened = 1
			}
			rows = append(rows, r)
		}
		if len(rows) > 1 {
			c.Panel = append(c.Panel, rows...)
		}
	}
	return c, truth
}

// truthThirds asks whether the slopes by third of engagement are those of their customers, when all are alike and when the engaged tire twice as much as the mean and the others not at all.
func truthThirds() []benchtest.Row {
	const r, customers, weeks = 100, 3000, 26
	var out []benchtest.Row
	for _, x := range []struct {
		tilt float64
		name string
	}{{0, "slope -0.02 for all"}, {.02, "slope -0.02 less 0.02 per standard deviation of engagement"}} {
		reps := benchtest.Replicate(r, 15, func(rng *rand.Rand) []float64 {
			c, truth := slopesWorld(rng, customers, weeks, 60, func(u float64) float64 { return -.02 - x.tilt*u })
			f := fitFatigue(c, Options{FDR: .05, Level: .9})
			var sum, n [3]float64
			scores := map[int64]int64{}
			for _, p := range c.Panel {
				scores[p.Member] = p.Score
			}
			var sorted []int64
			for _, s := range scores {
				sorted = append(sorted, s)
			}
			slices.Sort(sorted)
			for member, s := range scores {
				at := 0
				if s >= sorted[2*len(sorted)/3] {
					at = 2
				} else if s >= sorted[len(sorted)/3] {
					at = 1
				}
				sum[at], n[at] = sum[at]+truth[member], n[at]+1
			}
			var got []float64
			for i, t := range f.Thirds {
				want := sum[i] / n[i]
				got = append(got, t.Slope.Value-want, benchtest.Flag(t.Slope.Lower <= want && want <= t.Slope.Upper))
			}
			want := sum[2]/n[2] - sum[0]/n[0]
			return append(got, f.ThirdGap.Value-want, benchtest.Flag(f.ThirdGap.Lower <= want && want <= f.ThirdGap.Upper), benchtest.Flag(f.ThirdGap.Upper < 0))
		})
		for i, third := range []string{"least engaged", "middle", "most engaged", "difference"} {
			bias, cover := benchtest.Mean(reps, 2*i), benchtest.Mean(reps, 2*i+1)
			out = append(out, benchtest.NewRow("S14", third+" third: bias: "+x.name, fmt.Sprintf("%+.4f", bias), "< .004", r, math.Abs(bias) < .004),
				benchtest.AtLeast("S14", third+" third: coverage: "+x.name, cover, .88, r))
		}
		out = append(out, benchtest.Info("S14", "engaged called more tired: "+x.name, fmt.Sprintf("%.3f", benchtest.Mean(reps, 8)), r))
	}
	return out
}

func truthSlope() []benchtest.Row {
	const r, customers, weeks = 200, 1500, 26
	var out []benchtest.Row
	for _, x := range []struct {
		slope  float64
		silent int
		name   string
	}{{-.02, 60, "slope -0.02, no open in 60 days halves the mail"}, {0, 60, "slope 0, the same"}, {-.02, 14, "slope -0.02, no open in 14 days halves it"}} {
		reps := benchtest.Replicate(r, 14, func(rng *rand.Rand) []float64 {
			c := slopeWorld(rng, customers, weeks, x.slope, x.silent)
			f := fitFatigue(c, Options{FDR: .05, Level: .9})
			e := f.Response.Value
			in := func(b bool) float64 {
				if b {
					return 1
				}
				return 0
			}
			// The pooled slope, for comparison: what a table of response by pressure shows.
			var n, sx, sy, xx, xy float64
			for _, p := range c.Panel {
				v, o := float64(p.Before), float64(p.Opened)
				n, sx, sy, xx, xy = n+1, sx+v, sy+o, xx+v*v, xy+v*o
			}
			pooled := (xy - sx*sy/n) / (xx - sx*sx/n)
			return []float64{e.Value, in(e.Lower <= x.slope && x.slope <= e.Upper), in(e.Value > 0), in(f.Response.Note == Confounded), pooled,
				in(f.Response.Decision.Verdict == analytics.Different), f.Placebo.Value}
		})
		bias, cover := benchtest.Mean(reps, 0)-x.slope, benchtest.Mean(reps, 1)
		row := func(what, reached, required string, ok bool) {
			out = append(out, benchtest.NewRow("S14", what+": "+x.name, reached, required, r, ok))
		}
		if x.silent < 60 {
			// Mail that follows last week's opens breaks the assumption of the fixed effects; what is required of the block is that it says so.
			row(fmt.Sprintf("called confounded (bias %+.4f, placebo %+.4f)", bias, benchtest.Mean(reps, 6)), fmt.Sprintf("%.3f", benchtest.Mean(reps, 3)), ">= .95", benchtest.Mean(reps, 3) >= .95)
			continue
		}
		row(fmt.Sprintf("bias (pooled slope %+.4f)", benchtest.Mean(reps, 4)), fmt.Sprintf("%+.4f", bias), "< .002", math.Abs(bias) < .002)
		row(fmt.Sprintf("coverage (placebo %+.4f, called confounded %.3f)", benchtest.Mean(reps, 6), benchtest.Mean(reps, 3)), fmt.Sprintf("%.3f", cover), ">= .88", cover >= .88)
		if x.slope < 0 {
			row("sign errors", fmt.Sprintf("%.3f", benchtest.Mean(reps, 2)), "0", benchtest.Mean(reps, 2) == 0)
		} else {
			row("called different from 0", fmt.Sprintf("%.3f", benchtest.Mean(reps, 5)), "<= .12", benchtest.Mean(reps, 5) <= .12)
		}
	}
	return out
}

// oddsWorld is one replicate of S15: opt-outs per message with log odds effect at high pressure.
func oddsWorld(rng *rand.Rand, customers, weeks int, effect float64, high int64) *Counts {
	m := newMailing(rng, weeks+7)
	type focal struct {
		week, score  int64
		high, before bool
		bucket       int
		event        bool
	}
	var rows []focal
	for i := range customers {
		// u moves the opens, the opt-outs and the mail that he gets: opens show only part of it, so that strata of engagement leave a bias.
		u := rng.NormFloat64()
		p := logistic(-1 + .7*u)
		spared := u+.5*rng.NormFloat64() < 0
		var sent []got
		for _, sec := range m.campaign {
			if spared && rng.IntN(2) == 0 || !receives(rng, sent, sec, 60) {
				continue
			}
			week := int64(sec / (7 * 86400))
			pressure := before(sent, sec, 7, 0)
			hazard := -6.4 - .8*u + 3*m.shock[week]
			if pressure >= high {
				hazard += effect
			}
			event := rng.Float64() < logistic(hazard)
			if week >= 7 {
				var known, responses int64
				for _, g := range sent {
					if sec-g.sec > 7*86400 {
						known++
						if g.opened {
							responses++
						}
					}
				}
				rows = append(rows, focal{week, 100 * (responses + 1) / (known + 2), pressure >= high, before(sent, sec, 42, 35) >= high, i % HazardBuckets, event})
			}
			if event {
				break
			}
			sent = append(sent, got{sec, rng.Float64() < p})
		}
	}
	// Tenths of the score with equal scores together, as queries/scenarios/red_haz.sql.
	var scores [102]int64
	for _, f := range rows {
		scores[f.score]++
	}
	var class [102]int64
	var sum int64
	for s, n := range scores {
		sum += n
		class[s] = 10 * (2*sum - n) / (2 * int64(len(rows)))
	}
	cells := map[HazardRow]*HazardRow{}
	for _, f := range rows {
		k := HazardRow{Week: f.week, Class: class[f.score], High: f.high, HighBefore: f.before, Bucket: f.bucket, HighFrom: high}
		if cells[k] == nil {
			row := k
			cells[k] = &row
		}
		cells[k].N++
		if f.event {
			cells[k].Unsubscribed++
		}
	}
	c := &Counts{}
	for _, r := range cells {
		c.Hazards = append(c.Hazards, *r)
	}
	slices.SortFunc(c.Hazards, func(a, b HazardRow) int {
		return cmp.Or(cmp.Compare(a.Week, b.Week), cmp.Compare(a.Class, b.Class), boolOrder(a.High, b.High), boolOrder(a.HighBefore, b.HighBefore), cmp.Compare(a.Bucket, b.Bucket))
	})
	return c
}

func truthOdds() []benchtest.Row {
	const r, customers, weeks = 20, 40_000, 26
	var out []benchtest.Row
	for _, truth := range []float64{.5, 0} {
		reps := benchtest.Replicate(r, 15, func(rng *rand.Rand) []float64 {
			f := Fatigue{}
			f.fitOptOuts(oddsWorld(rng, customers, weeks, truth, 3), Options{FDR: .05, Level: .9})
			o := f.OptOuts[0]
			in := 0.
			if o.Value.Lower <= truth && truth <= o.Value.Upper {
				in = 1
			}
			return []float64{o.Value.Value, o.Raw.Value, o.Control.Value, in, float64(o.Events)}
		})
		bias := benchtest.Mean(reps, 0) - truth
		out = append(out, benchtest.NewRow("S15", fmt.Sprintf("bias of log odds %.1f of an opt-out (raw %.3f, control %.3f, coverage %.2f, %.0f events)", truth, benchtest.Mean(reps, 1), benchtest.Mean(reps, 2), benchtest.Mean(reps, 3), benchtest.Mean(reps, 4)),
			fmt.Sprintf("%+.3f", bias), "< .05", r, math.Abs(bias) < .05))
	}
	return out
}

// A panel of about 350,000 bulk messages in 60 weeks, the most that is fetched.
func BenchmarkFatigue(b *testing.B) {
	c := slopeWorld(rand.New(rand.NewPCG(1, 1)), 3500, 60, -.02, 60)
	b.ReportMetric(float64(len(c.Panel)), "rows")
	for b.Loop() {
		fitFatigue(c, Options{FDR: .05, Level: .9})
	}
}

// The same number of messages of the world of orders: the effects of 420 days and the goal alone.
func BenchmarkGoal(b *testing.B) {
	c, _ := goalWorld(rand.New(rand.NewPCG(1, 1)), 3500, 60, -.005, 0, 0)
	b.ReportMetric(float64(len(c.Panel)), "rows")
	for b.Loop() {
		f := Fatigue{}
		f.fitGoal(c, Options{FDR: .05, Level: .9})
	}
}
