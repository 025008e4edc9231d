package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"crmaudit/analytics/benchtest"
	"crmaudit/analytics/duck"
	"crmaudit/analytics/synth"
)

// The truth bench over whole worlds, rows S7, S8 and S20 of statistics 11 and, end to end, rows S12, S13 and S17, and for information what else is planted: a made-up
// company of 6,000 customers with everything of Plant.Scenarios extra, audited as a user would. Row S10 is in worlds_analysis_test.go, S23 in
// worlds_null_test.go.
//
//	CRMAUDIT_BENCH_TRUTH=1 go test -run TestTruthWorlds -v -count=1 -timeout 3h ./cmd/crmaudit/
//	CRMAUDIT_BENCH_WORLDS=5   number of worlds; 50 by default
//	CRMAUDIT_BENCH_SEED=40000 added to every seed: worlds that nobody has looked at yet, for a proof that no threshold was moved for
//	CRMAUDIT_BENCH_KEEP=DIR   keeps the worlds and their audits
//	CRMAUDIT_BENCH_BLOCKS=metrics,trends   only these blocks: a fast look at one family; rows of the others then say nothing
//
// It prints one table "id | what | reached | required | R" and fails when a row with a requirement is missed. Seeds are fixed.
//
// Reached on 2026-11-22 with 50 worlds, the last reading before issue 5's blocks joined (the part of segments, series and experiments is scored in worlds_analysis_test.go). Rows without a
// requirement are information: the first number is the share of the planted that is found, the second that of the calls that are right. The low power for effects is that of 6,000 customers:
// replenishment answers a rate that nobody can measure, and 20 % more orders are 2 to 3 points. Unsubscribes rising under steady opens need the opens to be proved steady.
//
// What the table does not prove: the plants are clear cases, and some were moved after first runs until they met the detectors' own definitions (reach of the broad triggers, the day at which
// long_silence starts, the share of customers who know a common trigger). Pairs in truth "together" and steps in "natural_drop_offs" count for nothing when called; so do all
// other priority inversions and contradictory roles, whose second number is 1 by construction.
//
//	id  | what                                                                        | reached       | required | R
//	S7  | duplicates in whole worlds: precision (100 of 100 calls)                    | 1.000         | >= 0.95  | 50
//	S7  | duplicates in whole worlds: recall (100 of 100 planted)                     | 1.000         | >= 0.90  | 50
//	S8  | dead ends: precision (100 of 100 calls)                                     | 1.000         | >= 0.90  | 50
//	S8  | dead ends: recall (100 of 100 planted)                                      | 1.000         | >= 0.90  | 50
//	S8  | broad triggers: precision (100 of 100 calls)                                | 1.000         | >= 0.90  | 50
//	S8  | broad triggers: recall (100 of 100 planted)                                 | 1.000         | >= 0.90  | 50
//	S20 | positivity 40 %: no number printed (50 of 50)                               | 1.000         | 1        | 50
//	-   | subsets: found 50 of 50 planted, 50 of 50 calls right                       | 1.000 1.000   |          | 50
//	-   | same logic: found 50 of 50 planted, 50 of 50 calls right                    | 1.000 1.000   |          | 50
//	-   | different content: found 100 of 100 planted, 100 of 100 calls right         | 1.000 1.000   |          | 50
//	-   | conflicts: found 150 of 150 planted, 150 of 150 calls right                 | 1.000 1.000   |          | 50
//	-   | common collisions: found 150 of 150 planted, 150 of 151 calls right         | 1.000 0.993   |          | 50
//	-   | contradictory roles: found 50 of 50 planted, 50 of 50 calls right           | 1.000 1.000   |          | 50
//	-   | priority inversions: found 150 of 150 planted, 150 of 150 calls right       | 1.000 1.000   |          | 50
//	-   | effects up: found 0 of 50 planted, 0 of 4 calls right                       | 0.000 0.000   |          | 50
//	-   | effects down: found 1 of 50 planted, 1 of 2 calls right                     | 0.020 0.500   |          | 50
//	-   | hold-outs: found 19 of 100 planted, 19 of 24 calls right                    | 0.190 0.792   |          | 50
//	-   | broken ratio: found 50 of 50 planted, 50 of 50 calls right                  | 1.000 1.000   |          | 50
//	-   | unused: found 50 of 50 planted, 50 of 50 calls right                        | 1.000 1.000   |          | 50
//	-   | drop-off: found 50 of 50 planted, 50 of 50 calls right                      | 1.000 1.000   |          | 50
//	-   | contact policy: found 200 of 200 planted, 200 of 200 calls right            | 1.000 1.000   |          | 50
//	-   | interval holds the ratio 3: 145 of 150                                      | 0.967         |          | 50
//	-   | interval holds the ratio 1: 141 of 150                                      | 0.940         |          | 50
//	-   | independent pairs called a conflict: 0 of 150                               | 0.000         |          | 50
//	-   | null called an effect on order: 5 of 1401                                   | 0.004         |          | 50
//	-   | null called an effect on revenue: 13 of 1401                                | 0.009         |          | 50
//	-   | null called an effect on better_stage: 1 of 1301                            | 0.001         |          | 50
//	-   | interval of the null hold-out holds 0: 45 of 50                             | 0.900         |          | 50
//	-   | stale segments: found 50 of 50 planted, 50 of 50 calls right                | 1.000 1.000   |          | 50
//	-   | tiny segments: found 50 of 50 planted, 50 of 50 calls right                 | 1.000 1.000   |          | 50
//	-   | segments of nearly everybody: found 50 of 50 planted, 50 of 50 calls right  | 1.000 1.000   |          | 50
//	-   | unused segments: found 50 of 50 planted, 50 of 50 calls right               | 1.000 1.000   |          | 50
//	S12 | declines: 90 of 100                                                         | 0.900         | >= .9    | 50
//	S12 | decline by the mix alone called a trend: 0 of 50                            | 0.000         | <= .075  | 50
//	S13 | spikes: 100 of 100                                                          | 1.000         | >= .95   | 50
//	S13 | spikes called in a planted week: 977 of 1053                                | 0.928         | >= .9    | 50
//	-   | level shifts: 50 of 50                                                      | 1.000         | >= .9    | 50
//	-   | unsubscribe growth: 33 of 50                                                | 0.660         | >= .9    | 50  MISSED
//	S17 | broken split stopped: 100 of 100                                            | 1.000         | >= .98   | 50
//	-   | honest split called broken: 0 of 300                                        | 0.000         | <= .05   | 50
//	-   | arm without effect called one: 4 of 300                                     | 0.013         | <= .05   | 50
//	-   | interval of an arm without effect holds 0: 193 of 200                       | 0.965         | >= .9    | 50
//	-   | interval of an arm without effect holds 0, drawn by shop: 93 of 100         | 0.930         | >= .9    | 50
//	-   | lift of 20 % called: 4 of 100                                               | 0.040         |          | 50
//
// Read again on 2026-11-22 at 12:45 with 50 worlds of seeds that nobody had looked at, the blocks of issue 5 joined (worlds_blocks_test.go). All rows with a requirement are reached but two. Declines 89 of 100 (.90 asked; the standard error is
// .03, and the misses are called level shifts). Drift of pauses 21 of 50 (.80 asked by a reading of two worlds): of the planted segment only 120 to 150 customers have pauses
// enough, and in six further worlds five were found, with q from .0007 to .048, and one missed with q = .126; more power would take more customers. New against the table above: null called an effect on better_stage 11, order 12, revenue 30 of about 1,350 each, most of them (11, 8 and 8 worlds)
// winback_tea. That scenario takes the customers who prefer tea, whose pauses lengthen in these worlds (Plant.RhythmDrift, which came later): a true difference to its comparators that no cell holds and the placebo of older orders
// hardly sees, as it sets in slowly. It was called consistent with harm at grade C, which is wrong. Since then comparators are of the same audience (package scenarios/effects): in 20 worlds of fresh seeds (CRMAUDIT_BENCH_SEED=110000)
// winback_tea has no number at all, as too few tea lovers are left out, and of 620 scenarios without effect 12 are called helpful or harmful on one of order, revenue and better stage, none in more than 2 worlds.

// tally counts calls against what is planted: hits of planted, and calls in all.
type tally struct{ hits, planted, calls int }

func (x tally) recall() float64    { return share(x.hits, x.planted) }
func (x tally) precision() float64 { return share(x.hits, x.calls) }

func share(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// score holds the tallies of one or more worlds, by name, and the names of what was called wrongly.
type score struct {
	tallies map[string]tally
	wrong   map[string]int
	missing map[string]bool // tables that no block has written
}

func newScore() *score {
	return &score{tallies: map[string]tally{}, wrong: map[string]int{}, missing: map[string]bool{}}
}

// judge compares calls with what is planted; calls that are allowed count for nothing.
func (s *score) judge(name string, called, planted, allowed []string) {
	x := s.tallies[name]
	x.planted += len(planted)
	for _, id := range planted {
		if slices.Contains(called, id) {
			x.hits++
		} else {
			s.wrong[name+" misses "+id]++
		}
	}
	for _, id := range called {
		if !slices.Contains(planted, id) && slices.Contains(allowed, id) {
			continue
		}
		x.calls++
		if !slices.Contains(planted, id) {
			s.wrong[name+" calls "+id]++
		}
	}
	s.tallies[name] = x
}

func (s *score) merge(o *score) {
	for name, x := range o.tallies {
		y := s.tallies[name]
		s.tallies[name] = tally{x.hits + y.hits, x.planted + y.planted, x.calls + y.calls}
	}
	for name, n := range o.wrong {
		s.wrong[name] += n
	}
	for name := range o.missing {
		s.missing[name] = true
	}
}

func pairName(a, b string) string {
	if a > b {
		a, b = b, a
	}
	return a + "|" + b
}

func pairNames(pairs [][2]string) []string {
	var out []string
	for _, p := range pairs {
		out = append(out, pairName(p[0], p[1]))
	}
	return out
}

func ratioNames(pairs []synth.PairTruth) []string {
	var out []string
	for _, p := range pairs {
		out = append(out, pairName(p.A, p.B))
	}
	return out
}

// worldBench is a kind of made-up companies and how their audits are scored.
type worldBench struct {
	plant     synth.Plant
	customers int             // 0: 6,000
	adjust    func(c *config) // of audit.yaml; nil: as it is
	only      []string        // blocks; nil: all
	score     func(ctx context.Context, db *duck.DB, truth *synth.Truth) (*score, error)
}

// world writes the world of one seed, audits it and scores the audit.
func (b worldBench) world(ctx context.Context, dir string, seed uint64) (*score, error) {
	world := synth.DefaultConfig()
	world.Seed, world.Customers, world.Plant = seed, 6000, b.plant
	world.MessagesPerCustomer, world.EventsPerCustomer = 60, 10
	if b.customers > 0 {
		world.Customers, world.MessagesPerCustomer, world.EventsPerCustomer = b.customers, 20, 5
	}
	if _, err := os.Stat(filepath.Join(dir, databaseName)); err != nil { // else kept by an earlier bench
		if err := synth.Write(ctx, world, dir, synth.Parquet, nil); err != nil {
			return nil, err
		}
		c, err := loadConfig(filepath.Join(dir, "audit.yaml"))
		if err != nil {
			return nil, err
		}
		c.Engine.Threads = 1 // two worlds at a time
		if b.adjust != nil {
			b.adjust(c)
		}
		env := newEnvironment(nil, io.Discard, io.Discard)
		env.quiet = true
		if err := env.configure(); err != nil {
			return nil, err
		}
		if _, err := audit(ctx, env, c, runOptions{dir: dir, only: b.only}); err != nil {
			return nil, err
		}
	}
	data, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		return nil, err
	}
	var truth synth.Truth
	if err := json.Unmarshal(data, &truth); err != nil {
		return nil, err
	}
	db, err := openFinished(ctx, filepath.Join(dir, databaseName))
	if err != nil {
		return nil, err
	}
	defer db.Close()
	return b.score(ctx, db, &truth)
}

// reader asks the finished audit.
type reader struct {
	ctx context.Context
	db  *duck.DB
	s   *score
	err error
}

// rows returns the rows of a query as texts; a table that is not there gives none, and is noted.
func (r *reader) rows(text string) (out [][]string) {
	if r.err != nil {
		return nil
	}
	rows, err := r.db.Query(r.ctx, text)
	if err != nil {
		if strings.Contains(err.Error(), "does not exist") {
			r.s.missing[strings.Fields(text[strings.Index(text, "FROM ")+5:])[0]] = true
			return nil
		}
		r.err = err
		return nil
	}
	defer rows.Close()
	for row := rows.Next(); row != nil; row = rows.Next() {
		line := make([]string, len(row))
		for i, v := range row {
			if v != nil {
				line[i] = fmt.Sprint(v)
			}
		}
		out = append(out, line)
	}
	r.err = rows.Err()
	return out
}

// names returns the first columns of a query, joined by a bar.
func (r *reader) names(text string) (out []string) {
	for _, row := range r.rows(text) {
		out = append(out, strings.Join(row, "|"))
	}
	return out
}

// scoreWorld compares what the audit says with what is planted.
func scoreWorld(ctx context.Context, db *duck.DB, truth *synth.Truth) (*score, error) {
	s := newScore()
	r := &reader{ctx: ctx, db: db, s: s}
	t := &truth.Chains

	dup := func(verdict string) []string {
		var out []string
		for _, row := range r.rows("SELECT scenario_a, scenario_b FROM scenarios.duplicates WHERE verdict = '" + verdict + "'") {
			out = append(out, pairName(row[0], row[1]))
		}
		return out
	}
	s.judge("duplicates", dup("duplicate"), pairNames(t.Duplicates), nil)
	s.judge("subsets", dup("subset"), pairNames(t.Subsets), nil)
	s.judge("same logic", dup("same_logic"), pairNames(t.SameLogic), nil)
	s.judge("different content", dup("collision"), pairNames(t.DifferentContent), pairNames(t.Together))

	s.judge("dead ends", r.names("SELECT scenario_id FROM scenarios.dead_ends WHERE verdict = 'yes'"), t.DeadEnds, nil)
	var broad []string
	for _, b := range t.Broad {
		broad = append(broad, b.Scenario)
	}
	s.judge("broad triggers", r.names("SELECT scenario_id FROM scenarios.breadth WHERE verdict = 'yes'"), broad, nil)

	s.overlap(r, t)
	s.effects(r, truth)

	s.judge("unused", r.finding("unused_scenario"), t.Unused, t.Undefined)
	var drops []string
	for _, d := range t.DropOffs {
		drops = append(drops, d.Scenario)
	}
	// First steps lose the customers without consent: a fact of the base, planted nowhere.
	lost := r.names("SELECT DISTINCT s.scenario_id FROM scenarios.steps s JOIN analytics.findings f ON f.kind = 'chain_drop_off' AND f.subject = s.scenario_id || '/' || s.step_id WHERE s.position > 1")
	s.judge("drop-off", lost, drops, t.NaturalDrops)
	var contact []string
	for _, kind := range []string{"fatigue", "over_cap", "quiet_hours", "sent_after_unsubscribe"} {
		if len(r.finding(kind)) > 0 {
			contact = append(contact, kind)
		}
	}
	s.judge("contact policy", contact, []string{"fatigue", "over_cap", "quiet_hours", "sent_after_unsubscribe"}, nil)
	s.segments(r, &truth.Segments)
	s.series(r, truth.Series)
	s.experiments(r, truth.Experiments)
	s.blocks(r, truth)
	return s, r.err
}

// finding returns the subjects of the findings of a kind, cut at the first of ": > and space behind a scenario's name.
func (r *reader) finding(kind string) (out []string) {
	for _, row := range r.rows("SELECT DISTINCT subject FROM analytics.findings WHERE kind = '" + kind + "'") {
		name := row[0]
		if i := strings.IndexAny(name, ":>/ "); i > 0 {
			name = name[:i]
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// overlap scores the pairs. Pairs with another cause in common than the planted one are neither hits nor false alarms.
func (s *score) overlap(r *reader, t *synth.ChainTruth) {
	var conflicts, collisions, contradictory, inverted []string
	common, independent := ratioNames(t.CommonTrigger), ratioNames(t.Independent)
	three, one := tally{}, tally{}
	for _, row := range r.rows("SELECT scenario_a, scenario_b, reason, ratio, lower, upper, inversion_lower FROM scenarios.pairs") {
		name := pairName(row[0], row[1])
		for reason, list := range map[string]*[]string{"overlap_above": &conflicts, "collisions_above": &collisions, "contradictory_roles": &contradictory} {
			if slices.Contains(strings.Split(row[2], ","), reason) {
				*list = append(*list, name)
			}
		}
		if low, err := strconv.ParseFloat(row[6], 64); err == nil && low > .5 { // by chance it is one in two
			inverted = append(inverted, name)
		}
		lower, err1 := strconv.ParseFloat(row[4], 64)
		upper, err2 := strconv.ParseFloat(row[5], 64)
		if err1 != nil || err2 != nil {
			continue
		}
		switch {
		case slices.Contains(common, name):
			three.planted++
			if lower <= 2.95 && upper >= 2.95 {
				three.hits++
			}
		case slices.Contains(independent, name):
			one.planted++
			if lower <= 1.02 && upper >= 1.02 {
				one.hits++
			}
		}
	}
	s.add("interval holds the ratio 3", three)
	s.add("interval holds the ratio 1", one)
	s.judge("conflicts", conflicts, common, pairNames(t.Together))
	s.judge("common collisions", collisions, common, pairNames(t.Together))
	s.judge("contradictory roles", contradictory, pairNames(t.Contradictory), contradictory) // a fact of the definitions: more than the planted pair meet
	false1 := 0
	for _, name := range independent {
		if slices.Contains(conflicts, name) {
			false1++
		}
	}
	s.add("independent pairs called a conflict", tally{false1, len(independent), 0})
	s.judge("priority inversions", inverted, pairNames(t.PriorityInversion), inverted) // a fact of priorities and hours of sending: others are inverted too
}

func (s *score) add(name string, x tally) {
	y := s.tallies[name]
	s.tallies[name] = tally{x.hits + y.hits, x.planted + y.planted, x.calls + y.calls}
}

// nullCalled counts scenarios that change nothing and are called helpful or harmful at grade A or C by trials.
const nullCalled = "scenario without effect called helpful or harmful"

// mostCalled is the scenario without effect that is called in most worlds.
func (s *score) mostCalled() (id string, x tally) {
	for _, name := range slices.Sorted(maps.Keys(s.tallies)) {
		if y := s.tallies[name]; strings.HasPrefix(name, nullCalled+" ") && y.hits > x.hits {
			id, x = strings.TrimPrefix(name, nullCalled+" "), y
		}
	}
	return id, x
}

// effects scores the effects on orders: what is called different, by sign, and what has to stay without a number.
func (s *score) effects(r *reader, truth *synth.Truth) {
	t := &truth.Chains
	numbers := map[string]bool{}
	called := map[string]bool{} // scenarios without effect, on whatever outcome
	var up, down, seen, holdoutUp []string
	for _, row := range r.rows("SELECT scenario_id, method, outcome, grade, effect, verdict, experiment_id, lower, upper FROM scenarios.effects") {
		id, method, outcome, grade, verdict := row[0], row[1], row[2], row[3], row[5]
		effect, err := strconv.ParseFloat(row[4], 64)
		if method == "sequential_trials" && err == nil {
			numbers[id] = true
		}
		if name := "null called an effect on " + outcome; err == nil && method == "sequential_trials" && outcome != "unsubscribe" && slices.Contains(t.Null, id) {
			x := tally{0, 1, 0}
			if verdict == "different" && (grade == "A" || grade == "C") {
				x.hits = 1
				s.wrong[name+": "+id]++
				called[id] = true
			}
			s.add(name, x)
		}
		if outcome != "order" || err != nil {
			continue
		}
		if method == "sequential_trials" {
			seen = append(seen, id)
		}
		lower, err1 := strconv.ParseFloat(row[7], 64)
		upper, err2 := strconv.ParseFloat(row[8], 64)
		if err1 != nil || err2 != nil {
			continue
		}
		if method == "assignment" && slices.ContainsFunc(truth.Experiments, func(e synth.ExperimentTruth) bool { return e.ID == row[6] && e.Lift == 1 }) {
			x := tally{0, 1, 0}
			if lower <= 0 && upper >= 0 {
				x.hits = 1
			}
			s.add("interval of the null hold-out holds 0", x)
		}
		switch {
		case verdict != "different" || grade != "A" && grade != "C":
		case method == "assignment":
			holdoutUp = append(holdoutUp, row[6])
		case effect > 0 && method == "sequential_trials":
			up = append(up, id)
		case effect < 0 && method == "sequential_trials":
			down = append(down, id)
		}
	}
	for _, id := range t.Null {
		x := tally{0, 1, 0}
		if called[id] {
			x.hits = 1
		}
		s.add(nullCalled, x)
		s.add(nullCalled+" "+id, x)
	}
	for _, id := range t.NoComparators {
		x := tally{0, 1, 0}
		if !numbers[id] {
			x.hits = 1
		} else {
			s.wrong["positivity: a number for "+id]++
		}
		s.add("no number", x)
	}
	only := func(list []string) (out []string) {
		for _, id := range list {
			if slices.Contains(seen, id) {
				out = append(out, id)
			}
		}
		return out
	}
	s.judge("effects up", up, only(t.Positive), nil)
	s.judge("effects down", down, only(t.Harmful), nil)
	var lift []string
	for _, e := range truth.Experiments {
		if e.Lift != 1 {
			lift = append(lift, e.ID)
		}
	}
	s.judge("hold-outs", holdoutUp, lift, nil)
	s.judge("broken ratio", r.names("SELECT DISTINCT experiment_id FROM scenarios.effect_checks WHERE check_name = 'srm' AND NOT passed AND experiment_id <> ''"), t.BrokenRatio, nil)
}

func TestTruthWorlds(t *testing.T) {
	plant := synth.DefaultPlant()
	plant.Scenarios = synth.ScenariosExtra
	total, worlds := worldBench{plant: plant, score: scoreWorld}.run(t, 1000)
	total.print(t, worlds)
}

// run scores CRMAUDIT_BENCH_WORLDS worlds, two at a time, the seeds of which follow on first.
func (b worldBench) run(t *testing.T, first uint64) (total *score, worlds int) {
	benchtest.Skip(t)
	worlds = 50
	if text := os.Getenv("CRMAUDIT_BENCH_WORLDS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			t.Fatalf("CRMAUDIT_BENCH_WORLDS=%s is no number of worlds", text)
		}
		worlds = n
	}
	if text := os.Getenv("CRMAUDIT_BENCH_SEED"); text != "" {
		n, err := strconv.ParseUint(text, 10, 32)
		if err != nil {
			t.Fatalf("CRMAUDIT_BENCH_SEED=%s is no seed", text)
		}
		first += n
	}
	if text := os.Getenv("CRMAUDIT_BENCH_BLOCKS"); text != "" {
		b.only = strings.Split(text, ",")
	}
	keep := os.Getenv("CRMAUDIT_BENCH_KEEP")
	scores := make([]*score, worlds)
	var wg sync.WaitGroup
	next := make(chan int)
	for range 2 {
		wg.Go(func() {
			for i := range next {
				dir := filepath.Join(keep, fmt.Sprintf("world-%d", first+uint64(i)+1))
				if keep == "" {
					dir = t.TempDir()
				}
				s, err := b.world(t.Context(), dir, first+uint64(i)+1)
				if err != nil {
					t.Errorf("world %d: %v", i+1, err)
				}
				scores[i] = s
				if keep == "" {
					_ = os.RemoveAll(dir) // disk space; the test's own cleaning comes too late for 50 worlds
				}
			}
		})
	}
	for i := range worlds {
		next <- i
	}
	close(next)
	wg.Wait()
	total = newScore()
	for _, s := range scores {
		if s != nil {
			total.merge(s)
		}
	}
	return total, worlds
}

// print shows the table; rows without a requirement are information.
func (s *score) print(t *testing.T, worlds int) {
	var rows []benchtest.Row
	row := func(id, what, reached, required string, ok bool) {
		rows = append(rows, benchtest.NewRow(id, what, reached, required, worlds, ok))
	}
	both := func(id, name, what string, precision, recall float64) {
		x := s.tallies[name]
		row(id, fmt.Sprintf("%s: precision (%d of %d calls)", what, x.hits, x.calls), fmt.Sprintf("%.3f", x.precision()), fmt.Sprintf(">= %.2f", precision), x.precision() >= precision)
		row(id, fmt.Sprintf("%s: recall (%d of %d planted)", what, x.hits, x.planted), fmt.Sprintf("%.3f", x.recall()), fmt.Sprintf(">= %.2f", recall), x.recall() >= recall)
	}
	both("S7", "duplicates", "duplicates in whole worlds", .95, .90)
	both("S8", "dead ends", "dead ends", .90, .90)
	both("S8", "broad triggers", "broad triggers", .90, .90)
	x := s.tallies["no number"]
	row("S20", fmt.Sprintf("positivity 40 %%: no number printed (%d of %d)", x.hits, x.planted), fmt.Sprintf("%.3f", x.recall()), "1", x.planted > 0 && x.hits == x.planted)
	for _, name := range []string{"subsets", "same logic", "different content", "conflicts", "common collisions", "contradictory roles", "priority inversions", "effects up", "effects down", "hold-outs", "broken ratio", "unused", "drop-off", "contact policy"} {
		x := s.tallies[name]
		row("-", fmt.Sprintf("%s: found %d of %d planted, %d of %d calls right", name, x.hits, x.planted, x.hits, x.calls), fmt.Sprintf("%.3f %.3f", x.recall(), x.precision()), "", true)
	}
	for _, name := range []string{"interval holds the ratio 3", "interval holds the ratio 1", "independent pairs called a conflict", "null called an effect on order", "null called an effect on revenue", "null called an effect on better_stage", "interval of the null hold-out holds 0"} {
		x := s.tallies[name]
		row("-", fmt.Sprintf("%s: %d of %d", name, x.hits, x.planted), fmt.Sprintf("%.3f", x.recall()), "", true)
	}
	x = s.tallies[nullCalled]
	row("S18", fmt.Sprintf("%s: %d of %d", nullCalled, x.hits, x.planted), fmt.Sprintf("%.3f", x.recall()), "<= .03", x.recall() <= .03)
	id, x := s.mostCalled()
	required := ""
	if worlds >= 40 { // of fewer worlds three unlucky calls are too large a share
		required = "<= .1"
	}
	row("S18", fmt.Sprintf("the one called most often, %s: %d of %d worlds", cmp.Or(id, "none"), x.hits, worlds), fmt.Sprintf("%.3f", share(x.hits, worlds)), required, required == "" || share(x.hits, worlds) <= .1)
	benchtest.Print(t, append(append(rows, s.analysisRows(worlds)...), s.blockRows(worlds)...))
	s.printWrong()
}

func (s *score) printWrong() {
	var wrong []string
	for name, n := range s.wrong {
		wrong = append(wrong, fmt.Sprintf("%5d  %s", n, name))
	}
	slices.SortFunc(wrong, func(a, b string) int { return strings.Compare(b, a) })
	fmt.Println("\nworlds  wrong")
	for _, line := range wrong {
		fmt.Println(line)
	}
	for _, table := range slices.Sorted(maps.Keys(s.missing)) {
		fmt.Println("not written by any block:", table)
	}
}
