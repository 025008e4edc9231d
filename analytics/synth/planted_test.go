package synth

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

// extra is the world of the truth bench.
func extra(customers int) Config {
	c := DefaultConfig()
	c.Customers, c.MessagesPerCustomer, c.EventsPerCustomer, c.Plant.Scenarios = customers, 60, 20, ScenariosExtra
	return c
}

type span struct{ from, to int64 }

// TestPairRatios measures the planted ratios of joint time from the enrolments, second by second within stage and week, by stages that it
// derives from the orders: three for a common trigger, one for two lots of one stage, whose crude ratio is larger.
func TestPairRatios(t *testing.T) {
	cfg := extra(30_000)
	cfg.StageHistory = true
	cfg, err := cfg.normalize()
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(cfg)
	pairs := append(slices.Clone(w.chains().CommonTrigger), w.chains().Independent...)
	used := map[string]int{}
	for _, p := range pairs {
		for _, id := range []string{p.A, p.B} {
			if _, ok := used[id]; !ok {
				used[id] = len(used)
			}
		}
	}
	type cell struct {
		all  float64
		one  []float64
		both []float64
	}
	cells := make([]cell, w.weeks*stCount)
	for i := range cells {
		cells[i].one, cells[i].both = make([]float64, len(used)), make([]float64, len(pairs))
	}
	rules := stageRules()
	if err := Generate(context.Background(), cfg, func(c *Chunk) error {
		spans := map[string]map[int][]span{}
		for _, e := range c.Enrolments {
			if k, ok := used[e.Scenario]; ok {
				if spans[e.Customer] == nil {
					spans[e.Customer] = map[int][]span{}
				}
				to := e.Exited
				if to == 0 {
					to = w.end
				}
				spans[e.Customer][k] = append(spans[e.Customer][k], span{e.Entered, to})
			}
		}
		changes := map[string][]StageEntry{}
		for _, s := range c.Stages {
			changes[s.Customer] = append(changes[s.Customer], s)
		}
		for _, x := range c.Customers {
			stage, at := 0, 0
			list := changes[x.ID]
			for k := int((x.Created-w.start)/week) + 1; k < w.weeks; k++ { // the stage at the end of week k-1 holds in week k
				from := w.start + int64(k)*week
				for at < len(list) && list[at].Entered < from {
					stage = slices.IndexFunc(rules, func(r StageRule) bool { return r.Name == list[at].Stage })
					at++
				}
				c := &cells[k*stCount+stage]
				c.all += 7 * day
				for id, ss := range spans[x.ID] {
					for _, s := range ss {
						c.one[id] += float64(max(0, min(s.to, from+week)-max(s.from, from)))
					}
				}
				for p, pair := range pairs {
					for _, a := range spans[x.ID][used[pair.A]] {
						for _, b := range spans[x.ID][used[pair.B]] {
							c.both[p] += float64(max(0, min(a.to, b.to, from+week)-max(a.from, b.from, from)))
						}
					}
				}
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for p, pair := range pairs {
		var o, e, a, b, all float64
		for _, c := range cells {
			if c.all > 0 {
				x, y := c.one[used[pair.A]], c.one[used[pair.B]]
				o, e, a, b, all = o+c.both[p], e+x*y/c.all, a+x, b+y, all+c.all
			}
		}
		spells := o / (4 * day) // joint spells, about
		t.Logf("%s and %s: observed over expected %.3f, crude %.2f, %.0f joint spells", pair.A, pair.B, o/e, o*all/a/b, spells)
		near(t, pair.A+" and "+pair.B, math.Log(o/e), math.Log(pair.Ratio), 1.2/math.Sqrt(spells))
		if pair.Stage != "" && o*all/a/b < 1.5 {
			t.Errorf("%s and %s: crude ratio %.2f, the gate does not show", pair.A, pair.B, o*all/a/b)
		}
	}
}

// TestPlantedChains derives from the rows what truth.json says of dead ends, lost steps, precision, comparators, roles, night and names.
func TestPlantedChains(t *testing.T) {
	cfg, err := extra(4000).normalize()
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(cfg)
	truth := w.chains()
	entered, followed := map[string]float64{}, map[string]float64{}
	steps := map[string]int{}
	night := map[string]int{}
	clean := 0
	alone, beside := 0., 0.      // enrolled in the audited weeks in which everybody is, and in the others
	first := map[string]string{} // of a customer and day: which of the inverted pair wrote first
	inverted := [2]string{"premium_set", "win_discount"}
	var f facts
	if err := Generate(context.Background(), cfg, func(c *Chunk) error {
		f.add(&c.facts)
		byCustomer := map[string][]Enrolment{}
		for _, e := range c.Enrolments {
			byCustomer[e.Customer] = append(byCustomer[e.Customer], e)
		}
		for _, list := range byCustomer {
			for _, e := range list {
				if k := int((e.Entered - w.start) / week); e.Scenario == truth.NoComparators[0] && k >= burnIn && k < w.weeks-4 {
					if silenceOpenWeek(k) {
						beside++
					} else {
						alone++
					}
				}
				if e.Exited == 0 || e.Exited+30*day > w.end || e.Arm == "control" {
					continue
				}
				entered[e.Scenario]++
				if slices.ContainsFunc(list, func(o Enrolment) bool { return o.Entered > e.Exited && o.Entered <= e.Exited+30*day }) {
					followed[e.Scenario]++
				}
			}
		}
		for _, m := range c.Messages {
			steps[m.Step]++
			if h := (m.Sent + zoneOffset) % day / 3600; m.Sent > 0 && h == 5 {
				night[m.Scenario]++
			}
			if m.Scenario == inverted[0] || m.Scenario == inverted[1] {
				key := fmt.Sprint(m.index, m.Entry/2, max(m.Sent, m.NotSent)/day)
				if first[key] == "" {
					first[key] = m.Scenario
				}
				clean++
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for id, n := range entered {
		s := followed[id] / n
		if slices.Contains(truth.DeadEnds, id) {
			if s != 0 {
				t.Errorf("%s: %.3f of the exits are followed by a chain within 30 days, want none", id, s)
			}
		} else if s < .3 {
			t.Errorf("%s: only %.3f of the exits are followed by a chain within 30 days", id, s)
		}
	}
	full := w.truth(&f, nil)
	if got, want := len(full.Scenarios), len(w.scenarios); got != want {
		t.Errorf("%d scenarios in truth.json, want %d", got, want)
	}
	for _, s := range full.Scenarios {
		broad := slices.Contains(truth.Broad, BroadTruth{s.ID, "stages"})
		if s.Enrolled > 0 && (s.Precision < .5) != broad {
			t.Errorf("%s: %.2f of the enrolled are in a declared stage, broad by plan: %v", s.ID, s.Precision, broad)
		}
		if s.Unused != slices.Contains(truth.Unused, s.ID) {
			t.Errorf("%s: unused is %v", s.ID, s.Unused)
		}
		if few := slices.Contains(truth.NoComparators, s.ID); few != (s.Full > 0) {
			t.Errorf("%s: %d enrolled without comparators", s.ID, s.Full)
		}
	}
	if all := alone + beside; math.Abs(beside/all-.4) > .05 {
		t.Errorf("%.0f of %.0f enrolled in the audited weeks have comparators, want 40 %%", beside, all)
	}
	if drop := truth.DropOffs[0]; !(float64(steps[drop.Step]) < .45*float64(steps["intro1"])) {
		t.Errorf("step %s has %d sends, the step before it %d", drop.Step, steps[drop.Step], steps["intro1"])
	}
	for id, n := range night {
		if n > 20 && id != truth.Night[0] && !slices.Contains([]string{"welcome", "app_intro", "abandoned_cart", "price_drop", "second_order", "repeat_purchase", "review_request", "care_regions", "care_moscow", "loyalty", "club_magazine"}, id) {
			t.Errorf("%s writes %d times at five in the morning", id, n)
		}
	}
	if night[truth.Night[0]] < 100 {
		t.Errorf("%s writes %d times at five in the morning", truth.Night[0], night[truth.Night[0]])
	}
	if clean < 1000 || f.OverDay == 0 || f.OverWeek == 0 || f.QuietHours == 0 {
		t.Errorf("%d messages of the inverted pair, %d and %d over the caps, %d in quiet hours", clean, f.OverDay, f.OverWeek, f.QuietHours)
	}
	before := map[string]int{}
	for _, id := range first {
		before[id]++
	}
	prio := map[string]int{}
	for _, s := range w.scenarios {
		prio[s.ID] = s.Priority
	}
	low, high := inverted[0], inverted[1]
	if prio[low] > prio[high] {
		low, high = high, low
	}
	if before[low] <= before[high] {
		t.Errorf("first of the day: %v, want the less important %s more often", before, low)
	}
}

// TestLevels: what Plant.Scenarios leaves out is nowhere, and what it adds does not move the others: the same customers enter the same basic
// chains at the same times as long as nothing locks them.
func TestLevels(t *testing.T) {
	enrolments := map[string][]string{}
	locked := map[string]bool{}
	all := scenarioList()
	for _, level := range []string{ScenariosBasic, ScenariosUsual, ScenariosExtra} {
		cfg := small(1500)
		cfg.Plant.Scenarios, cfg.Plant.ScenarioEffects, cfg.Plant.Holdouts, cfg.Plant.SegmentGaps, cfg.Plant.Shops, cfg.Plant.RhythmDrift = level, nil, nil, nil, 0, 1 // whom messages reach decides who is assigned
		if err := Generate(context.Background(), cfg, func(c *Chunk) error {
			for _, e := range c.Enrolments {
				i := slices.IndexFunc(all, func(s Scenario) bool { return s.ID == e.Scenario })
				if all[i].level > scenarioLevels[level] {
					t.Fatalf("%s in a world of %s scenarios", e.Scenario, level)
				}
				if all[i].Lock > 0 {
					locked[e.Customer] = true
				}
				if i < scRepeat {
					enrolments[level] = append(enrolments[level], fmt.Sprint(e.Customer, " ", e.Scenario, " ", e.Entered, " ", e.Arm))
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	for level, list := range enrolments {
		enrolments[level] = slices.DeleteFunc(list, func(e string) bool { return locked[strings.Fields(e)[0]] })
	}
	for _, level := range []string{ScenariosUsual, ScenariosExtra} {
		if n := len(enrolments[level]); n < 1500 || !slices.Equal(enrolments[ScenariosBasic], enrolments[level]) {
			t.Errorf("%d enrolments of the basic chains, %d in a world of %s scenarios: want the same", len(enrolments[ScenariosBasic]), n, level)
		}
	}
	null := NullPlant()
	w := newWorld(func() Config { c := DefaultConfig(); c.Plant = null; c, _ = c.normalize(); return c }())
	x := w.chains()
	if len(x.Duplicates)+len(x.Subsets)+len(x.SameLogic)+len(x.DifferentContent)+len(x.CommonTrigger)+len(x.Together)+len(x.NaturalDrops)+len(x.Unused)+len(x.DeadEnds)+len(x.Broad)+len(x.DropOffs)+len(x.Undefined)+len(x.NoComparators)+len(x.BrokenRatio)+len(x.Positive)+len(x.Harmful) != 0 {
		t.Errorf("planted in the null world: %+v", x)
	}
	usual := newWorld(func() Config { c, _ := DefaultConfig().normalize(); return c }()).chains()
	if len(usual.Duplicates) != 1 || len(usual.CommonTrigger) != 1 || len(usual.DeadEnds) != 1 || len(usual.Broad) != 2 || len(usual.Undefined) != 1 || len(usual.BrokenRatio) != 1 {
		t.Errorf("planted in the usual world: %+v", usual)
	}
}
