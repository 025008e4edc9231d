package overlap

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"crmaudit/analytics/benchtest"
)

// Rows S5 and S6 of the bench of statistics 11, on direct simulators:
//
//	CRMAUDIT_BENCH_TRUTH=1 go test -run TestTruth -v -count=1 ./scenarios/overlap/
//
// It prints one table "id | what | reached | required | R" and fails when a row is missed. Seeds are fixed, so a run repeats exactly.

func TestTruth(t *testing.T) {
	benchtest.Skip(t)
	benchtest.Print(t, append(truthOverlap(t), truthCollisions(t)...))
}

// gatedWorld is n customers over so many weeks who move between two stages; both scenarios run only in the second. In and out of each is a process of its own with
// stays of three weeks on average, so that the two are independent given the stage; a share `same` of the customers has one process for both.
func gatedWorld(rng *rand.Rand, n, weeks int, same float64) *Counts {
	const in, stay = .3, 2. / 3 // share of time in a scenario, chance of staying another week
	c := &Counts{Grid: Grid{UnitSeconds: 7 * 86400, Units: weeks, SendWeeks: 1, Weeks: int64(weeks), CollisionSeconds: 86400}}
	panel, time := map[[3]int]int64{}, [2]map[[3]int]int64{{}, {}}
	both := make([]int64, Buckets)
	var customers [2]int64
	var atOnce int64
	for range n {
		g := rng.IntN(Buckets)
		stage := rng.IntN(2)
		copied := rng.Float64() < same
		var on [2]bool
		var ever [2]bool
		once := false
		for week := range weeks {
			if rng.Float64() < [2]float64{.1, .15}[stage] {
				stage = 1 - stage
			}
			for s := range on {
				switch {
				case week == 0:
					on[s] = rng.Float64() < in
				case on[s]:
					on[s] = rng.Float64() < stay
				default:
					on[s] = rng.Float64() < (1-stay)*in/(1-in)
				}
			}
			if copied {
				on[1] = on[0]
			}
			k := [3]int{1 + stage, week, g}
			panel[k] += 7 * 86400
			if stage == 0 {
				continue
			}
			for s := range on {
				if on[s] {
					time[s][k] += 7 * 86400
					ever[s] = true
				}
			}
			if on[0] && on[1] {
				both[g] += 7 * 86400
				once = true
			}
		}
		for s := range ever {
			customers[s] += int64(benchtest.Flag(ever[s]))
		}
		atOnce += int64(benchtest.Flag(once))
	}
	c.Scenarios = []Scenario{{"a", false, customers[0], customers[0]}, {"b", false, customers[1], customers[1]}}
	c.Time = append(timeRows(Everybody, panel), append(timeRows(0, time[0]), timeRows(1, time[1])...)...)
	var sum int64
	for g, x := range both {
		c.PairTime = append(c.PairTime, PairTimeRow{0, 1, g, x})
		sum += x
	}
	c.Pairs = []PairRow{{A: 0, B: 1, Customers: atOnce, AtOnce: atOnce, Seconds: sum, StagedAtOnce: atOnce, Staged: sum, TimeEnough: true}}
	c.Levels = []LevelRow{{0, 1, 1}}
	return c
}

// timeRows lists seconds by cell, unit and bucket in the order of the table.
func timeRows(scenario int, seconds map[[3]int]int64) []TimeRow {
	var out []TimeRow
	for cell := range 3 {
		for unit := range 200 {
			for g := range Buckets {
				if x := seconds[[3]int{cell, unit, g}]; x > 0 {
					out = append(out, TimeRow{scenario, cell, unit, g, 0, x})
				}
			}
		}
	}
	return out
}

func truthOverlap(t *testing.T) []benchtest.Row {
	const r, n, weeks = 300, 12000, 26
	run := func(seed uint64, same float64) []float64 {
		return benchtest.Average(r, seed, func(rng *rand.Rand) []float64 {
			c := gatedWorld(rng, n, weeks, same)
			m, err := Fit(c, Options{})
			if err != nil {
				t.Error(err)
				return make([]float64, 3)
			}
			p := m.Pairs[0]
			crude := float64(p.row.Seconds) / (p.TimeA * p.TimeB / (float64(n*weeks) * 7 * 86400))
			return []float64{benchtest.Flag(p.Overlap.P < .05), p.Overlap.Value, crude}
		})
	}
	const in = .3
	null, lifted := run(5, 0), run(6, .07/(1/in-1))
	return []benchtest.Row{
		benchtest.NewRow("S5", fmt.Sprintf("overlap O/E of independent scenarios gated by one stage: false flags (O/E %.3f, crude %.2f)", null[1], null[2]),
			fmt.Sprintf("%.3f", null[0]), "<= .085", r, null[0] <= .085),
		benchtest.NewRow("S5", fmt.Sprintf("overlap O/E of 1.07 (%.3f): found, %d customers, %d weeks", lifted[1], n, weeks), fmt.Sprintf("%.3f", lifted[0]), ">= .95", r, lifted[0] >= .95),
	}
}

// clumpedWorld sends two scenarios to n customers in the office hours of five days, with peaks; some customers get far more than others. coordinated is the share
// of messages of b that follow one of a of the same week within an hour. Collisions are closer than `hours`.
func clumpedWorld(rng *rand.Rand, n, weeks, hours int, coordinated float64) (c *Counts, uniform float64) {
	var weight [HoursOfWeek]float64
	var sum float64
	for d := range 5 {
		for h := 9; h < 19; h++ {
			weight[24*d+h] = 1 + 5*benchtest.Flag(h == 10 || h == 16)
			sum += weight[24*d+h]
		}
	}
	second := func() int64 {
		u := rng.Float64() * sum
		for h, w := range weight {
			if u -= w; u < 0 {
				return int64(h*3600 + rng.IntN(3600))
			}
		}
		return 0
	}
	near := int64(hours) * 3600
	c = &Counts{Grid: Grid{UnitSeconds: 7 * 86400, Units: weeks, SendWeeks: 1, Weeks: int64(weeks), CollisionSeconds: near}}
	hoursOf, slots := map[[3]int]int64{}, map[[3]int]int64{}
	messages := make([]MessageRow, Buckets)
	units := make([]WeekRow, weeks)
	pair := PairRow{A: 0, B: 1, MessagesEnough: true}
	for range n {
		g := rng.IntN(Buckets)
		rate := rng.ExpFloat64()
		hit := false
		for week := range weeks {
			var sent [2][]int64
			for s := range sent {
				for rng.Float64() < rate/(1+rate) {
					at := second()
					if s == 1 && len(sent[0]) > 0 && rng.Float64() < coordinated {
						at = min(604799, sent[0][0]+int64(rng.IntN(3600)))
					}
					sent[s] = append(sent[s], at)
					hoursOf[[3]int{s, week, int(at / 3600)}]++
					slots[[3]int{s, int(at / 3600), int(at % 3600 / 300)}]++
				}
			}
			for _, a := range sent[0] {
				for _, b := range sent[1] {
					m := &messages[g]
					m.Week++
					units[week].Week++
					pair.Week++
					if max(a-b, b-a) < near {
						m.NearWeek++
						m.Near++
						units[week].NearWeek++
						pair.Near++
						m.AFirst += int64(benchtest.Flag(a < b))
						m.BFirst += int64(benchtest.Flag(b < a))
						hit = true
					}
				}
			}
		}
		pair.Hit += int64(benchtest.Flag(hit))
		pair.Customers++
	}
	for g := range messages {
		messages[g].A, messages[g].B, messages[g].Bucket = 0, 1, g
	}
	for u := range units {
		units[u].A, units[u].B, units[u].Unit = 0, 1, u
	}
	c.Scenarios = []Scenario{{"a", true, pair.Customers, 1}, {"b", true, pair.Customers, 1}}
	c.Pairs, c.Messages, c.Weeks = []PairRow{pair}, messages, units
	for s := range 2 {
		for u := range weeks {
			for h := range HoursOfWeek {
				if x := hoursOf[[3]int{s, u, h}]; x > 0 {
					c.Hours = append(c.Hours, HourRow{s, u, h, x})
				}
			}
		}
		for h := range HoursOfWeek {
			for slot := range slotsOfHour {
				if x := slots[[3]int{s, h, slot}]; x > 0 {
					c.Slots = append(c.Slots, SlotRow{s, h, slot, x})
				}
			}
		}
	}
	q := float64(hours) / HoursOfWeek
	return c, float64(pair.Week) * (2*q - q*q)
}

func truthCollisions(t *testing.T) []benchtest.Row {
	const r, n, weeks = 300, 400, 13
	run := func(seed uint64, hours int, coordinated float64) []float64 {
		return benchtest.Average(r, seed, func(rng *rand.Rand) []float64 {
			c, uniform := clumpedWorld(rng, n, weeks, hours, coordinated)
			m, err := Fit(c, Options{})
			if err != nil {
				t.Error(err)
				return make([]float64, 4)
			}
			p := m.Pairs[0]
			return []float64{float64(p.NearWeek), p.ExpectedNear, uniform, benchtest.Flag(p.Collision.P < .05)}
		})
	}
	var out []benchtest.Row
	for _, hours := range []int{2, 24} {
		x := run(uint64(70+hours), hours, 0)
		off := math.Abs(x[1]/x[0] - 1)
		out = append(out,
			benchtest.NewRow("S6", fmt.Sprintf("expected collisions within %d h, not coordinated: observed %.1f, expected %.1f (even hours %.1f)", hours, x[0], x[1], x[2]),
				fmt.Sprintf("%.1f %%", 100*off), "within 3 %", r, off <= .03),
			benchtest.NewRow("S6", fmt.Sprintf("the same: false flags of the ratio, %d h", hours), fmt.Sprintf("%.3f", x[3]), "<= .085", r, x[3] <= .085))
	}
	x := run(80, 2, .3)
	out = append(out, benchtest.NewRow("S6", fmt.Sprintf("three of ten messages follow one of the other: O/E %.2f, found", x[0]/x[1]), fmt.Sprintf("%.3f", x[3]), ">= .95", r, x[3] >= .95))
	return out
}
