package pipeline

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"crmaudit/analytics/benchtest"
	"crmaudit/analytics/suffstat"
)

// The bench of deals on direct simulators: see doc.go for the command and the last table.
func TestTruth(t *testing.T) {
	benchtest.Run(t, truthWon, truthStuck, truthOwners)
}

// A simulated pipeline: stages 1 (new) and 2 (offer), 3 won, 4 lost. Rates of leaving per day; customers differ in speed, and have one to three deals each.
const (
	simNew, simOffer, simWon, simLost = 1, 2, 3, 4
	simHorizon                        = 90
	simDays                           = 365 // observation [0, simDays)
)

type simDeal struct {
	bucket      int
	owner       string
	start       float64 // of the deal, day
	offer, done float64 // days of entering the offer and of the closing; +Inf: never
	won         bool
}

// draw is the life of a deal: new -> offer at .04 a day or lost at .01, offer -> won at .02 or lost at .015, all times the speed of the customer.
func draw(rng *rand.Rand, start, speed float64) simDeal {
	d := simDeal{start: start, offer: math.Inf(1)}
	d.done = start + rng.ExpFloat64()/(.05*speed)
	if rng.Float64() < .2 {
		return d
	}
	d.offer = d.done
	d.done += rng.ExpFloat64() / (.035 * speed)
	d.won = rng.Float64() < .02/.035
	return d
}

func speedOf(rng *rand.Rand) float64 { return math.Exp(.5*rng.NormFloat64() - .125) }

// simBefore is how many days before the observation deals have begun to come: long enough for the mix of slow and fast customers in a stage to have settled.
const simBefore = 700

// simWorld is deals that begin evenly from simBefore days before the observation to its end, n of them in every 485 days.
func simWorld(rng *rand.Rand, n int, owners []string) (out []simDeal) {
	for len(out) < n*(simDays+simBefore)/485 {
		bucket, speed := rng.IntN(Buckets), speedOf(rng)
		for range 1 + rng.IntN(3) {
			d := draw(rng, -simBefore+(simDays+simBefore)*rng.Float64(), speed)
			d.bucket = bucket
			if owners != nil {
				d.owner = owners[rng.IntN(len(owners))]
			}
			out = append(out, d)
		}
	}
	return out
}

// counts reduces the deals as the SQL does.
func simCounts(deals []simDeal) *Counts {
	c := &Counts{Window: Window{To: simDays, Last: simDays - 1, DealRows: 1, Clients: 1}, Stages: []StageRow{
		{simNew, "new", roleOpen, "", 1, false}, {simOffer, "offer", roleOpen, "", 2, false}, {simWon, roleWon, roleWon, "", 3, false}, {simLost, roleLost, roleLost, "", 4, false}}}
	ages := map[AgeRow]int64{}
	closings := map[ClosingRow]int64{}
	moves := map[[3]int64]int64{}
	stay := func(stage int64, start, end float64, to int64, bucket int) {
		open := end >= simDays
		if open {
			end, to = simDays, 0
		}
		if end < 0 || start >= simDays {
			return
		}
		moves[[3]int64{stage, to, int64(bucket)}]++
		entry := 1 + int(math.Ceil(math.Max(0, -start)))
		kind, age := "exit", max(1, int(math.Ceil(end-start)))
		if open {
			kind, age = "lost", int(end-start)
		}
		if age >= entry {
			ages[AgeRow{stage, "enter", 0, entry, bucket, 0}]++
			ages[AgeRow{stage, kind, to, age, bucket, 0}]++
		}
	}
	for _, d := range deals {
		end := int64(simLost)
		if d.won {
			end = simWon
		}
		if math.IsInf(d.offer, 1) {
			stay(simNew, d.start, d.done, simLost, d.bucket)
		} else {
			stay(simNew, d.start, d.offer, simOffer, d.bucket)
			stay(simOffer, d.offer, d.done, end, d.bucket)
		}
		if d.done < 0 || d.start >= simDays {
			continue
		}
		entry := 1 + int(math.Ceil(math.Max(0, -d.start)))
		kind, cause, age := "exit", roleLost, max(1, int(math.Ceil(d.done-d.start)))
		if d.won {
			cause = roleWon
		}
		if d.done >= simDays {
			kind, cause, age = "lost", "", int(simDays-d.start)
		}
		if age >= entry {
			closings[ClosingRow{"all", "", 0, "enter", "", entry, d.bucket, 0}]++
			closings[ClosingRow{"all", "", 0, kind, cause, age, d.bucket, 0}]++
		}
		week, last := (entry+5)/7+1, (age+6)/7
		if kind == "lost" {
			last = age / 7
		}
		if last >= week && age >= entry {
			closings[ClosingRow{"owner", d.owner, 0, "enter", "", week, d.bucket, 0}]++
			closings[ClosingRow{"owner", d.owner, 0, kind, cause, last, d.bucket, 0}]++
		}
		won := int64(0)
		if d.won && d.done < simDays {
			won = 1
		}
		c.States = append(c.States, StateRow{"all", "", d.bucket, State{Deals: 1, Won: won}})
	}
	for k, n := range ages {
		k.N = n
		c.Ages = append(c.Ages, k)
	}
	for k, n := range closings {
		k.N = n
		c.Closings = append(c.Closings, k)
	}
	for k, n := range moves {
		c.Moves = append(c.Moves, MoveRow{From: k[0], To: k[1], Bucket: int(k[2]), N: n, Entered: n})
	}
	return c
}

func truthWon() []benchtest.Row {
	const r, n, population = 400, 1500, 3_000_000
	rng := rand.New(rand.NewPCG(1, 14))
	var won, stalled, restricted, offers float64
	stays := make([]int64, 2000)
	for range population {
		d := draw(rng, 0, speedOf(rng))
		if d.won && d.done <= simHorizon {
			won++
		}
		if math.IsInf(d.offer, 1) {
			continue
		}
		offers++
		stay := math.Ceil(d.done - d.offer)
		stays[min(int(stay), len(stays)-1)]++
		restricted += math.Min(stay, simHorizon)
		if stay > simHorizon {
			stalled++
		}
	}
	won, stalled, restricted = won/population, stalled/offers, restricted/offers
	var half, sum float64
	for k, m := range stays {
		if sum += float64(m); sum >= offers/2 {
			half = float64(k)
			break
		}
	}
	covers := func(e suffstat.Estimate, truth float64) float64 {
		return benchtest.Flag(e.Lower <= truth && truth <= e.Upper)
	}
	got := benchtest.Average(r, 14, func(rng *rand.Rand) []float64 {
		m := Fit(simCounts(simWorld(rng, n, nil)), Options{Setup: Setup{HorizonDays: simHorizon}})
		all, offer := m.Cohorts[0], m.Stages[1]
		naive := float64(all.Won) / float64(all.Won+all.Lost+all.Active)
		decided := float64(all.Won) / float64(all.Won+all.Lost)
		return []float64{all.Probability.Value, covers(all.Probability, won), naive, decided, offer.Mean.Value, covers(offer.Mean, restricted), offer.Stalled.Value, covers(offer.Stalled, stalled), covers(offer.Median, half)}
	})
	within := func(what string, value, truth, coverage float64) []benchtest.Row {
		bias := math.Abs(value/truth - 1)
		return []benchtest.Row{
			benchtest.NewRow("P1", fmt.Sprintf("bias of %s (%.4g, true %.4g)", what, value, truth), fmt.Sprintf("%.2f %%", 100*bias), "< 1 %", r, bias < .01),
			benchtest.Between("P1", "coverage of "+what, coverage, .925, .975, r),
		}
	}
	rows := within(fmt.Sprintf("won within %d days", simHorizon), got[0], won, got[1])
	rows = append(rows, benchtest.Info("P1", fmt.Sprintf("won of all deals, won of closed ones (not within %d days of anything)", simHorizon), fmt.Sprintf("%.3f, %.3f", got[2], got[3]), r))
	rows = append(rows, within("restricted mean stay in a stage", got[4], restricted, got[5])...)
	rows = append(rows, within("share that stalls in a stage", got[6], stalled, got[7])...)
	return append(rows, benchtest.Between("P1", fmt.Sprintf("coverage of the median stay (true %g)", half), got[8], .925, .99, r))
}

// idleStates is open deals of three stages, each idle with the given chance; deals of one customer are idle together with chance .3.
func idleStates(rng *rand.Rand, n int, chance float64) *Counts {
	c := &Counts{Window: Window{To: simDays, Last: simDays - 1}}
	for k, name := range []string{"a", "b", "c"} {
		c.Stages = append(c.Stages, StageRow{int64(k + 1), name, roleOpen, "", int64(k + 1), false})
		c.Moves = append(c.Moves, MoveRow{From: int64(k + 1), To: int64((k+1)%3 + 1), N: 1})
		for i := 0; i < n; {
			bucket, shared := rng.IntN(Buckets), rng.Float64() < chance
			for range 1 + rng.IntN(3) {
				idle := rng.Float64() < chance
				if rng.Float64() < .3 {
					idle = shared
				}
				s := State{Deals: 1, Active: 1}
				if idle {
					s.Idle = 1
				}
				c.States = append(c.States, StateRow{"all", "", bucket, s}, StateRow{"stage", name, bucket, s})
				i++
			}
		}
	}
	return c
}

func truthStuck() []benchtest.Row {
	const r = 1000
	stuck := func(n int, chance float64) float64 {
		return benchtest.Average(r, 15, func(rng *rand.Rand) []float64 {
			for _, f := range Findings(Fit(idleStates(rng, n, chance), Options{}), Options{}) {
				if f.Kind == "pipeline_stuck" && !f.Exploratory {
					return []float64{1}
				}
			}
			return []float64{0}
		})[0]
	}
	return []benchtest.Row{
		benchtest.AtMost("P2", "worlds with a confirmed stuck pipeline or stage, idle share .05 (norm .10), 150 deals per stage", stuck(150, .05), .01, r),
		benchtest.AtMost("P2", "the same with the idle share on the norm, .10", stuck(150, .10), .05, r),
		benchtest.AtLeast("P2", "the same with an idle share of .25 (power)", stuck(150, .25), .95, r),
	}
}

func truthOwners() []benchtest.Row {
	const r = 400
	var owners []string
	for i := range 20 {
		owners = append(owners, fmt.Sprintf("o%02d", i))
	}
	named := func(m *Model) float64 {
		for _, g := range m.Groups {
			if g.Verdict == higher || g.Verdict == lower {
				return 1
			}
		}
		return 0
	}
	// Owners of unequal size; all alike, but for the last one where extra is not 0.
	idle := func(extra float64) []float64 {
		return benchtest.Average(r, 16, func(rng *rand.Rand) []float64 {
			c := &Counts{Window: Window{To: simDays, Last: simDays - 1}}
			for k, o := range owners {
				n, chance := 10+10*k, .12
				if k == len(owners)-1 {
					chance += extra
				}
				for i := 0; i < n; {
					bucket, shared := rng.IntN(Buckets), rng.Float64() < chance
					for range 1 + rng.IntN(3) {
						idle := rng.Float64() < chance
						if rng.Float64() < .3 {
							idle = shared
						}
						s := State{Deals: 1, Active: 1, Owned: 1}
						if idle {
							s.Idle = 1
						}
						c.States = append(c.States, StateRow{"all", "", bucket, s}, StateRow{"owner", o, bucket, s})
						i++
					}
				}
			}
			m := Fit(c, Options{})
			hit := 0.
			for _, g := range m.named("owner", idleShare, higher) {
				if g.Value == owners[len(owners)-1] {
					hit = 1
				}
			}
			return []float64{named(m), hit}
		})
	}
	won := benchtest.Average(r, 17, func(rng *rand.Rand) []float64 {
		return []float64{named(Fit(simCounts(simWorld(rng, 3000, owners)), Options{Setup: Setup{HorizonDays: simHorizon}}))}
	})[0]
	return []benchtest.Row{
		benchtest.AtMost("P3", "worlds that name an owner for idle deals, 20 owners all alike, 10-200 deals each", idle(0)[0], .05, r),
		benchtest.AtMost("P3", "worlds that name an owner for the chance of winning, 20 owners all alike, 140 deals each", won, .05, r),
		benchtest.AtLeast("P3", "an owner of 200 deals whose idle share is .30 instead of .12 is named", idle(.18)[1], .85, r),
	}
}
