package overlap

import (
	"context"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"crmaudit/analytics"
	"crmaudit/analytics/analyticstest"
	"crmaudit/analytics/suffstat"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Max(1, math.Abs(want))) {
		t.Errorf("%s is %.15g, want %.15g", what, got, want)
	}
}

// TestOracle compares with R (testdata/oracle/make_overlap.R): exact Poisson intervals and tails, and the hypergeometric mean of customers in both.
func TestOracle(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "oracle", "overlap.json"))
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Poisson []struct{ N, Expected, Lower, Upper, Below, Above float64 }
		Strata  []struct{ Both, A, B, N, Expected float64 }
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	for _, w := range want.Poisson {
		r := poissonRatio(int64(w.N), w.Expected)
		near(t, "lower", r.Lower*w.Expected, w.Lower, 1e-9)
		near(t, "upper", r.Upper*w.Expected, w.Upper, 1e-9)
		near(t, "p", r.P, math.Min(1, 2*math.Min(w.Below, w.Above)), 1e-9)
	}
	const week = 7 * 86400
	c := &Counts{Grid: Grid{UnitSeconds: week, Units: 1, Weeks: 1, CollisionSeconds: 86400}, Scenarios: []Scenario{{"a", false, 160, 160}, {"b", false, 140, 140}}}
	var both, expected float64
	for i, s := range want.Strata {
		both, expected = both+s.Both, expected+s.Expected
		c.Time = append(c.Time, TimeRow{Everybody, i + 1, 0, 0, 0, int64(s.N) * week})
	}
	for scenario := range 2 {
		for i, s := range want.Strata {
			c.Time = append(c.Time, TimeRow{scenario, i + 1, 0, 0, 0, int64([]float64{s.A, s.B}[scenario]) * week})
		}
	}
	c.Pairs = []PairRow{{A: 0, B: 1, Customers: int64(both), AtOnce: int64(both), Seconds: int64(both) * week, StagedAtOnce: int64(both), Staged: int64(both) * week}}
	m, err := Fit(c, Options{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "expected customers", m.Pairs[0].Expected/week, expected, 1e-9)
	near(t, "observed over expected", m.Pairs[0].Overlap.Value, both/expected, 1e-9)

	// Time without a known stage is a fact of the scenarios and on neither side of the ratio.
	contained := m.Pairs[0].containment()
	for scenario := Everybody; scenario < 2; scenario++ {
		c.Time = append(c.Time, TimeRow{scenario, unknownStage, 0, 0, 0, 50 * week})
	}
	c.Pairs[0].Seconds += 50 * week
	if m, err = Fit(c, Options{}); err != nil {
		t.Fatal(err)
	}
	near(t, "expected customers beside unknown stages", m.Pairs[0].Expected/week, expected, 1e-9)
	near(t, "ratio beside unknown stages", m.Pairs[0].Overlap.Value, both/expected, 1e-9)
	if got, want := m.Pairs[0].TimeA/week, 210.; got != want || m.Pairs[0].containment() == contained {
		t.Errorf("time in a is %g weeks, want %g with the 50 of unknown stage; containment %g", got, want, m.Pairs[0].containment())
	}
}

// TestPermutation throws the entries of one scenario onto other customers and other days of the same stratum: the mean time at once over 199 such worlds is
// the expected time.
func TestPermutation(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const customers, units, minutes = 120, 3, 7 * 24 * 60
	type span struct{ customer, unit, from, to int }
	var a, b []span
	stage := make([]int, customers)
	for i := range stage {
		stage[i] = r.IntN(2)
		for u := range units {
			for _, to := range []*[]span{&a, &b} {
				if r.Float64() < .1+.4*float64(stage[i]) {
					from := r.IntN(minutes)
					*to = append(*to, span{i, u, from, from + r.IntN(3*24*60)}) // may run round the end of the unit
				}
			}
		}
	}
	meet := func(x, y span) (sum int) {
		for _, shift := range []int{-minutes, 0, minutes} {
			if d := min(x.to, y.to+shift) - max(x.from, y.from+shift); d > 0 {
				sum += d
			}
		}
		return sum
	}
	together := func(b []span) (sum float64) {
		for _, x := range a {
			for _, y := range b {
				if x.customer == y.customer && x.unit == y.unit {
					sum += float64(meet(x, y))
				}
			}
		}
		return sum
	}
	c := &Counts{Grid: Grid{UnitSeconds: minutes * 60, Units: units, Weeks: units, CollisionSeconds: 86400}, Scenarios: []Scenario{{"a", false, 1, int64(len(a))}, {"b", false, 1, int64(len(b))}}}
	seconds := map[[3]int]int64{}
	for i := range stage {
		for u := range units {
			seconds[[3]int{1 + stage[i], u, i % Buckets}] += minutes * 60
		}
	}
	c.Time = timeRows(Everybody, seconds)
	for s, spans := range [][]span{a, b} {
		seconds = map[[3]int]int64{}
		for _, x := range spans {
			seconds[[3]int{1 + stage[x.customer], x.unit, x.customer % Buckets}] += int64(x.to-x.from) * 60
		}
		c.Time = append(c.Time, timeRows(s, seconds)...)
	}
	c.Pairs = []PairRow{{A: 0, B: 1, Seconds: int64(together(b)) * 60, Staged: int64(together(b)) * 60}}
	m, err := Fit(c, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var sum, squares float64
	const worlds = 199
	for range worlds {
		moved := slices.Clone(b)
		for i := range moved {
			other := r.IntN(customers)
			for stage[other] != stage[moved[i].customer] {
				other = r.IntN(customers)
			}
			length := moved[i].to - moved[i].from
			moved[i].customer, moved[i].from = other, r.IntN(minutes)
			moved[i].to = moved[i].from + length
		}
		x := together(moved)
		sum, squares = sum+x, squares+x*x
	}
	mean := sum / worlds
	se := math.Sqrt((squares/worlds - mean*mean) / worlds)
	if e := m.Pairs[0].Expected / 60; math.Abs(mean-e) > 3*se {
		t.Errorf("permuted worlds have %.0f minutes at once (se %.0f), expected are %.0f", mean, se, e)
	}
}

// TestChance compares the chance of two messages to different customers being near with all pairs of random seconds.
func TestChance(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, hours := range []int{1, 24, 200} {
		c := &Counts{Grid: Grid{CollisionSeconds: int64(hours) * 3600}}
		var sent [2][]int
		count, slots := map[[2]int]int64{}, map[[3]int]int64{}
		for s := range sent {
			for range 400 {
				sec := 86400*r.IntN(7) + 36000 + r.IntN(600+1800*s) // daily batches: at 24 hours the minutes decide
				if r.IntN(4) == 0 {
					sec = r.IntN(604800)
				}
				sent[s] = append(sent[s], sec)
				count[[2]int{s, sec / 3600}]++
				slots[[3]int{s, sec / 3600, sec % 3600 / 300}]++
			}
		}
		for s := range 2 {
			for h := range HoursOfWeek {
				if n := count[[2]int{s, h}]; n > 0 {
					c.Hours = append(c.Hours, HourRow{s, 0, h, n})
				}
				for slot := range slotsOfHour {
					if n := slots[[3]int{s, h, slot}]; n > 0 {
						c.Slots = append(c.Slots, SlotRow{s, h, slot, n})
					}
				}
			}
		}
		var want float64
		for _, a := range sent[0] {
			for _, b := range sent[1] {
				if max(a-b, b-a) < hours*3600 {
					want++
				}
			}
		}
		want /= float64(len(sent[0]) * len(sent[1]))
		if got := newClock(c).chance(0, 1, 0, 0, 0, &edges{}); math.Abs(got-want) > .01 {
			t.Errorf("%d hours: chance %.4f, counted %.4f", hours, got, want)
		}
	}
	if q := newClock(&Counts{}).chance(0, 1, 0, 0, 0, &edges{}); !math.IsNaN(q) {
		t.Errorf("chance without messages is %g", q)
	}
}

func TestContradict(t *testing.T) {
	roles := []string{"acquisition", "activation", "retention", "development", "winback", "service", "information", "", "unknown"}
	want := []string{"acquisition|development", "acquisition|retention", "acquisition|winback", "activation|winback", "development|winback", "retention|winback"}
	var got []string
	for _, a := range roles {
		for _, b := range roles {
			if Contradict(a, b) != Contradict(b, a) {
				t.Errorf("%s and %s: not symmetric", a, b)
			}
			if a < b && Contradict(a, b) {
				got = append(got, a+"|"+b)
			}
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("contradictory are %v, want %v", got, want)
	}
}

// TestOrder: who goes first is decided by the interval, and "no rule" is proved.
func TestOrder(t *testing.T) {
	for _, c := range []struct {
		first, of int64 // of ten buckets each
		buckets   int
		want      string
	}{
		{50, 100, 40, OrderNone}, {97, 100, 40, OrderA}, {2, 100, 40, OrderB}, {75, 100, 40, OrderMixed}, {5, 10, 5, OrderFew}, {6, 10, 22, OrderUnknown}, {1, 1, 25, OrderFew},
	} {
		rows := make([]suffstat.Ratio, Buckets)
		for g := range c.buckets {
			rows[g] = suffstat.Ratio{Num: c.first + int64(g%3-1), Den: c.of}
			if c.of < 5 {
				rows[g].Num = c.first
			}
		}
		customers := c.of * int64(c.buckets)
		if got := order(suffstat.Rate(rows, customers, .95), customers); got != c.want {
			t.Errorf("%d of %d in %d buckets: %s, want %s", c.first, c.of, c.buckets, got, c.want)
		}
	}
}

func TestVerdicts(t *testing.T) {
	ratio := func(lower, value, upper, q float64) Ratio {
		r := noRatio()
		r.Lower, r.Value, r.Upper, r.Q, r.P, r.LogSE, r.Customers, r.Verdict = lower, value, upper, q, q, math.Log(upper/lower)/4, 1000, VerdictInconclusive
		return r
	}
	enough := PairRow{Customers: 5000, AtOnce: 2000, Seconds: 1000 * 86400, StagedAtOnce: 2000, Staged: 1000 * 86400, Hit: 500, Week: 900, Near: 600}
	base := func() Pair {
		return Pair{row: &enough, TimeA: 86400e4, TimeB: 86400e4, Overlap: ratio(.9, 1, 1.1, .9), Collision: ratio(.9, 1, 1.1, .9)}
	}
	quiet, tiny, unstaged := enough, enough, enough
	unstaged.StagedAtOnce, unstaged.Staged = 0, 0
	quiet.Week, quiet.Near, quiet.Hit = 0, 0, 0
	tiny.AtOnce, tiny.StagedAtOnce, tiny.Week, tiny.Hit, tiny.Near = 4, 4, 3, 1, 1
	for name, c := range map[string]struct {
		change          func(*Pair)
		verdict, reason string
		needed          bool
	}{
		"independent":                  {func(*Pair) {}, None, "independent", false},
		"contradictory roles at once":  {func(p *Pair) { p.Contradictory = true }, Conflict, "contradictory_roles", false},
		"contradictory but for hours":  {func(p *Pair) { p.Contradictory, p.TimeA, p.TimeB = true, 86400e7, 86400e7 }, None, "independent", false},
		"common trigger":               {func(p *Pair) { p.Overlap, p.Collision = ratio(2, 3, 4, 0), ratio(1.5, 2, 3, 0) }, Conflict, "overlap_above,collisions_above", false},
		"not confirmed":                {func(p *Pair) { p.Overlap = ratio(1.6, 3, 5, .2) }, Undecided, "wide_interval", true},
		"above, but no messages":       {func(p *Pair) { p.row, p.Overlap, p.Collision = &quiet, ratio(2, 3, 4, 0), noRatio() }, Undecided, "no_messages", false},
		"collisions alone":             {func(p *Pair) { p.Collision = ratio(1.3, 1.5, 2, 0) }, Conflict, "collisions_above", false},
		"collisions of a hand-over":    {func(p *Pair) { p.Collision, p.HandOver = ratio(1.3, 1.5, 2, 0), "declared a->b" }, Complement, "hand_over", false},
		"hand-over that overlaps":      {func(p *Pair) { p.Overlap, p.HandOver = ratio(2, 3, 4, 0), "declared a->b" }, Conflict, "overlap_above", false},
		"apart":                        {func(p *Pair) { p.Overlap = ratio(.3, .4, .5, 0) }, Complement, "apart", false},
		"apart, but messages collide":  {func(p *Pair) { p.Overlap, p.Collision = ratio(.3, .4, .5, 0), ratio(1.3, 1.5, 2, 0) }, Conflict, "collisions_above", false},
		"service":                      {func(p *Pair) { p.RoleA, p.Overlap = "service", ratio(2, 3, 4, 0) }, None, "service", false},
		"wide":                         {func(p *Pair) { p.Overlap = ratio(.7, 1.2, 2, .5) }, Undecided, "wide_interval", true},
		"few":                          {func(p *Pair) { p.row, p.Overlap, p.Collision = &tiny, noRatio(), noRatio(); p.Overlap.Needed = 99 }, Undecided, "few_customers", true},
		"campaign":                     {func(p *Pair) { p.bulk, p.Overlap = true, noRatio() }, None, "independent", false},
		"stage not known":              {func(p *Pair) { p.row, p.Overlap = &unstaged, noRatio() }, Undecided, "no_stage", false},
		"campaign with few messages":   {func(p *Pair) { p.row, p.bulk, p.Overlap, p.Collision = &tiny, true, noRatio(), noRatio() }, Undecided, "few_customers", false},
		"campaign, collisions unclear": {func(p *Pair) { p.bulk, p.Overlap, p.Collision = true, noRatio(), ratio(1, 1.2, 1.4, .1) }, Undecided, "wide_interval", true},
	} {
		p := base()
		c.change(&p)
		f := fitter{opt: Options{FDR: .05}}
		f.decide(&p)
		if p.Verdict != c.verdict || p.Reason != c.reason || (p.Needed > 0) != c.needed {
			t.Errorf("%s: %s, %s, needed %d; want %s, %s", name, p.Verdict, p.Reason, p.Needed, c.verdict, c.reason)
		}
	}
}

// TestPriorities: the definitions decide where both scenarios have one, else the messages.
func TestPriorities(t *testing.T) {
	low, high := 1, 9
	for name, c := range map[string]struct {
		a, b             *int
		ranked, inverted int64
		found            []string
	}{
		"declared, a lower": {&low, &high, 2000, 1500, []string{"scenario_pair inverted", "scenarios ignored"}},
		"declared, b lower": {&high, &low, 2000, 500, []string{"scenarios ignored"}},
		"declared equal":    {&low, &low, 0, 0, nil},
		"messages":          {nil, &high, 800, 40, nil},
	} {
		counts := pairOfMessages(40, MessageRow{Week: 100, NearWeek: 50, Near: 50, AFirst: 375 / 10, BFirst: 125 / 10})
		for g := range 40 {
			counts.Ranked = append(counts.Ranked, RankedRow{0, 1, g, 20, 1})
		}
		counts.Pairs[0].AFirst, counts.Pairs[0].BFirst, counts.Pairs[0].Near = 1500, 500, 2000
		m, err := Fit(counts, Options{Scenarios: []analytics.Scenario{{ID: "a", Priority: c.a}, {ID: "b", Priority: c.b}}})
		if err != nil {
			t.Fatal(err)
		}
		if p := m.Pairs[0]; p.Ranked != c.ranked || p.Inverted != c.inverted {
			t.Errorf("%s: %d of %d inverted, want %d of %d", name, p.Inverted, p.Ranked, c.inverted, c.ranked)
		}
		var found []string
		for _, f := range Findings(m, 13) {
			if f.Kind == "priority_inversion" {
				found = append(found, f.SubjectType+" "+f.Text("reason"))
			}
		}
		if !slices.Equal(found, c.found) {
			t.Errorf("%s: findings %q, want %q", name, found, c.found)
		}
	}
}

// TestLost: messages of higher priority that were not sent are counted where they could have gone, told once for all pairs, and beside the inversions of a pair; what would not have gone
// anyway is counted apart.
func TestLost(t *testing.T) {
	low, high := 1, 9
	defined := []analytics.Scenario{{ID: "a", Priority: &high}, {ID: "b", Priority: &low}}
	world := func(lost int64, first int64) *Counts {
		c := pairOfMessages(40, MessageRow{Week: 100, NearWeek: 50, Near: 50, AFirst: first, BFirst: 50 - first})
		c.Pairs[0].AFirst, c.Pairs[0].BFirst, c.Pairs[0].Near = 40*first, 40*(50-first), 2000
		for g := range 40 {
			c.Withheld = append(c.Withheld, WithheldRow{"frequency_cap", "cap", true, g, 12, 6, 10, lost, lost, lost}, WithheldRow{"", "unknown", true, g, 2, 2, 0, 0, 0, 0},
				WithheldRow{"no_consent", "no_consent", false, g, 30, 9, 30, 30, 9, 9})
		}
		c.Lost = append(c.Lost, LostRow{0, 1, true, 40 * lost, 30 * lost, 35 * lost}, LostRow{0, 1, false, 1200, 900, 360})
		return c
	}
	for name, c := range map[string]struct {
		counts *Counts
		found  []string
	}{
		"order kept, messages lost":    {world(4, 48), []string{"scenarios lost"}},
		"both":                         {world(4, 10), []string{"scenario_pair inverted", "scenarios ignored"}},
		"order kept, nothing lost":     {world(0, 48), nil},
		"surely not more than a tenth": {world(1, 48), nil},
		"order broken, nothing lost":   {world(0, 10), []string{"scenario_pair inverted", "scenarios ignored"}},
	} {
		m, err := Fit(c.counts, Options{Scenarios: defined})
		if err != nil {
			t.Fatal(err)
		}
		var found []string
		for _, f := range Findings(m, 13) {
			if f.Kind != "priority_inversion" {
				continue
			}
			found = append(found, f.SubjectType+" "+f.Text("reason"))
			n, told := f.Number("lost_messages")
			if want := float64(40 * c.counts.Withheld[0].Lost); told != (want > 0) || told && n.Value != want {
				t.Errorf("%s: %s tells %g messages lost, want %g", name, f.Subject, n.Value, want)
			}
			if f.SubjectType == "scenarios" && told {
				share, _ := f.Number("lost_share")
				customers, _ := f.Number("lost_customers")
				if share.Value != .4 || !(share.Lower < .4 && share.Upper > .4) || customers.Value != 160 || f.Text("lost_reason") != "frequency_cap" || f.Text("scenario_lost") != "a" || f.Text("scenario_sent") != "b" {
					t.Errorf("%s: %+v", name, f.Values)
				}
				if reason := f.Text("reason"); reason == "lost" && (f.Opportunity == nil || f.Opportunity.Metric != "lost_share" || f.Opportunity.Baseline.Value != .4) {
					t.Errorf("%s: opportunity %+v", name, f.Opportunity)
				}
			}
		}
		if !slices.Equal(found, c.found) {
			t.Errorf("%s: findings %q, want %q", name, found, c.found)
		}
		tables := m.Tables()
		checkTables(t, tables)
		lost := c.counts.Withheld[0].Lost
		if diff := cmp.Diff([][]any{{"a", "b", 40 * lost, 30 * lost, 35 * lost, int64(1200)}}, tables[3].Rows); diff != "" {
			t.Errorf("%s: lost_messages (-want +got):\n%s", name, diff)
		}
		var reasons [][]any
		for _, r := range tables[4].Rows {
			reasons = append(reasons, r[:8])
		}
		if diff := cmp.Diff([][]any{{"no_consent", "no_consent", false, int64(1200), int64(360), int64(1200), int64(1200), int64(360)},
			{"frequency_cap", "cap", true, int64(480), int64(240), int64(400), 40 * lost, 40 * lost}, {"", "unknown", true, int64(80), int64(80), int64(0), int64(0), int64(0)}}, reasons); diff != "" {
			t.Errorf("%s: not_sent_reasons (-want +got):\n%s", name, diff)
		}
	}
}

// TestLostCoverage: whether lost messages can be seen, and why not.
func TestLostCoverage(t *testing.T) {
	row := func(kind string, sendable bool, n, ranked int64) WithheldRow {
		return WithheldRow{Reason: kind, Kind: kind, Sendable: sendable, Messages: n, Ranked: ranked}
	}
	for name, c := range map[string]struct {
		rows    []WithheldRow
		input   string
		present bool
		note    string
	}{
		"no messages":         {nil, "events", false, "missing"},
		"none held back":      {nil, "messages", false, "no_not_sent"},
		"facts alone":         {nil, "message_events", false, "no_not_sent"},
		"seen":                {[]WithheldRow{row("cap", true, 9, 9), row("unknown", true, 3, 3)}, "messages", true, ""},
		"opted out only":      {[]WithheldRow{row("no_consent", false, 9, 9)}, "messages", true, ""},
		"no priorities":       {[]WithheldRow{row("cap", true, 9, 0)}, "messages", true, "no_priorities"},
		"reasons not known":   {[]WithheldRow{row("cap", true, 2, 2), row("unknown", true, 3, 3), row("no_consent", false, 90, 90)}, "messages", true, "unknown_reasons"},
		"of facts, not known": {[]WithheldRow{row("unknown", true, 3, 3)}, "message_events", true, "unknown_reasons"},
	} {
		m, err := Fit(&Counts{Withheld: c.rows}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		cover := Coverage(m, Setup{}, map[string]bool{c.input: true})
		at := slices.IndexFunc(cover, func(c analytics.Coverage) bool { return c.Answers == "lost_messages" })
		if cover[at].Present != c.present || cover[at].Note != c.note {
			t.Errorf("%s: %+v", name, cover[at])
		}
		at = slices.IndexFunc(cover, func(c analytics.Coverage) bool { return c.Answers == "message_collisions" })
		if cover[at].Present != (c.input != "events") {
			t.Errorf("%s: %+v", name, cover[at])
		}
	}
}

// TestUnvaried: where every pair of messages collides the interval still has a width.
func TestUnvaried(t *testing.T) {
	m, err := Fit(pairOfMessages(40, MessageRow{Week: 20, NearWeek: 20, Near: 20, AFirst: 10, BFirst: 10}), Options{Scenarios: []analytics.Scenario{{ID: "a"}, {ID: "b"}}})
	if err != nil {
		t.Fatal(err)
	}
	if r := m.Pairs[0].Collision; !(r.Lower < r.Value) || r.Lower <= 1 || r.Verdict != VerdictAbove || !(r.P < .001) {
		t.Errorf("%+v", r)
	}
}

// pairOfMessages is a pair of campaigns with the same counts in so many buckets.
func pairOfMessages(buckets int, each MessageRow) *Counts {
	c := &Counts{Grid: Grid{UnitSeconds: 604800, Units: 1, SendWeeks: 1, Weeks: 1, CollisionSeconds: 86400}, Scenarios: []Scenario{{"a", true, 5000, 1}, {"b", true, 5000, 1}}}
	p := PairRow{A: 0, B: 1, Customers: 5000, Hit: int64(buckets) * each.Near, MessagesEnough: true}
	for g := range buckets {
		each.Bucket, each.B = g, 1
		c.Messages = append(c.Messages, each)
		p.Week, p.Near, p.AFirst, p.BFirst = p.Week+each.Week, p.Near+each.Near, p.AFirst+each.AFirst, p.BFirst+each.BFirst
	}
	c.Weeks = []WeekRow{{0, 1, 0, p.Week, p.Near}}
	for s := range 2 {
		for h := 10; h < 20; h++ {
			c.Hours = append(c.Hours, HourRow{s, 0, h + 24*(h%7), 1000})
		}
	}
	c.Pairs = []PairRow{p}
	return c
}

// TestHostileNames: names are data, and evidence quotes them.
func TestHostileNames(t *testing.T) {
	c := pairOfMessages(40, MessageRow{Week: 100, NearWeek: 95, Near: 95, AFirst: 50, BFirst: 45})
	c.Scenarios[0].ID, c.Scenarios[1].ID = "a'; DROP TABLE x; --", "b|\"c"
	m, err := Fit(c, Options{})
	if err != nil {
		t.Fatal(err)
	}
	found := Findings(m, 13)
	if len(found) == 0 || found[0].Kind != "scenario_conflict" {
		t.Fatalf("findings %v of a pair that collides %d of %d times", found, c.Pairs[0].Near, c.Pairs[0].Week)
	}
	if !strings.Contains(found[0].EvidenceSQL, "'a''; DROP TABLE x; --'") {
		t.Errorf("evidence %s", found[0].EvidenceSQL)
	}
	if found[0].Opportunity == nil || found[0].Opportunity.Population <= 0 {
		t.Errorf("no opportunity")
	}
}

// TestNoData: nothing in, empty tables out.
func TestNoData(t *testing.T) {
	src := analyticstest.Tables(t, map[string]string{
		"scenarios.red_overlap_grid":      "unit_days:int64,units:int64,send_weeks:int64,weeks:int64,collision_seconds:int64",
		"scenarios.red_overlap_scenarios": "sk:int64,scenario_id:string,bulk:bool,customers:int64,spans:int64",
		"scenarios.red_pt":                "cell:int64,unit:int64,bucket:int64,begun:int64,seconds:int64",
		"scenarios.red_pt_scn":            "sk:int64,cell:int64,unit:int64,bucket:int64,begun:int64,seconds:int64",
		"scenarios.red_pair": "sk_a:int64,sk_b:int64,customers:int64,a_then_b:int64,b_then_a:int64,customers_at_once:int64,seconds:int64,staged_at_once:int64,staged_seconds:int64,customers_hit:int64,n_week:int64," +
			"n_near:int64,a_first:int64,b_first:int64,time_enough:bool,messages_enough:bool",
		"scenarios.red_pt_pair":       "sk_a:int64,sk_b:int64,bucket:int64,seconds:int64",
		"scenarios.red_collide":       "sk_a:int64,sk_b:int64,bucket:int64,n_week:int64,n_near_week:int64,n_near:int64,a_first:int64,b_first:int64",
		"scenarios.red_ranked":        "sk_a:int64,sk_b:int64,bucket:int64,ranked:int64,inverted:int64",
		"scenarios.red_collide_units": "sk_a:int64,sk_b:int64,unit:int64,n_week:int64,n_near_week:int64",
		"scenarios.red_sendhour":      "sk:int64,unit:int64,hour:int64,n:int64",
		"scenarios.red_sendslot":      "sk:int64,hour:int64,slot:int64,n:int64",
		"scenarios.red_lost":          "sk_lost:int64,sk_sent:int64,sendable:bool,messages:int64,sent_first:int64,customers:int64",
		"scenarios.red_withheld":      "reason:string,kind:string,sendable:bool,bucket:int64,messages:int64,customers:int64,ranked:int64,lost:int64,customers_lost:int64,customers_first:int64",
		"scenarios.red_concurrency":   "level:int64,seconds:int64,customers:int64\n0,0,0",
	})
	result, err := NewBlock(Setup{}).Run(context.Background(), src, analytics.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	if at := slices.IndexFunc(result.Coverage, func(c analytics.Coverage) bool { return c.Answers == "lost_messages" }); at < 0 || result.Coverage[at].Present || result.Coverage[at].Note != "missing" {
		t.Errorf("coverage of messages not sent: %+v", result.Coverage)
	}
	if len(result.Tables) != 5 || len(result.Tables[0].Rows) != 0 || len(result.Tables[2].Rows) != 0 || len(result.Findings) != 0 || len(result.Coverage) == 0 {
		t.Errorf("result %+v", result)
	}
	checkTables(t, result.Tables)
}

type failer interface {
	Helper()
	Errorf(format string, args ...any)
}

// checkTables: a cell is a value or nil, never NaN, and every row has all columns.
func checkTables(t failer, tables []analytics.Table) {
	t.Helper()
	for _, table := range tables {
		for _, row := range table.Rows {
			if len(row) != len(table.Columns) {
				t.Errorf("%s: %d cells for %d columns", table.Name, len(row), len(table.Columns))
				return
			}
			for i, x := range row {
				if f, ok := x.(float64); ok && !analytics.Finite(f) {
					t.Errorf("%s.%s is %g", table.Name, table.Columns[i], f)
				}
			}
		}
	}
}

// TestAnyCounts: whatever the counts, the tables hold no NaN, verdicts are of the list, intervals hold their estimates, and the input is not changed by order.
func TestAnyCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyCounts(t)
		m, err := Fit(c, Options{})
		if err != nil {
			t.Fatal(err)
		}
		checkTables(t, m.Tables())
		for _, p := range m.Pairs {
			if !slices.Contains([]string{Conflict, Complement, None, Undecided}, p.Verdict) || p.Reason == "" {
				t.Errorf("verdict %q, reason %q", p.Verdict, p.Reason)
			}
			for _, r := range []Ratio{p.Overlap, p.Collision} {
				if r.Lower > r.Value*(1+1e-9) || r.Upper < r.Value*(1-1e-9) {
					t.Errorf("%+v: the interval does not hold the value", r)
				}
			}
		}
		for _, f := range Findings(m, 13) {
			for _, v := range f.Values {
				if v.Estimate != nil && !v.Estimate.OK() {
					t.Errorf("%s: value %s is %g", f.Kind, v.Name, v.Estimate.Value)
				}
			}
		}
	})
}

func anyCounts(t *rapid.T) *Counts {
	n := func(most int, name string) int64 { return int64(rapid.IntRange(0, most).Draw(t, name)) }
	c := &Counts{Grid: Grid{UnitSeconds: 604800, Units: 2, SendWeeks: 1, Weeks: 2, CollisionSeconds: 86400}}
	for _, id := range []string{"a", "b", "c"} {
		c.Scenarios = append(c.Scenarios, Scenario{id, rapid.Bool().Draw(t, "bulk"), n(500, "customers"), n(900, "spans") + 1})
	}
	for scenario := Everybody; scenario < 3; scenario++ {
		for cell := range 3 {
			for unit := range 3 {
				for g := range int(n(Buckets, "buckets")) {
					c.Time = append(c.Time, TimeRow{scenario, cell, unit, g, n(4, "begun") - 2, n(604800*9, "seconds")})
				}
			}
		}
	}
	for a := range 3 {
		for b := a + 1; b < 3; b++ {
			p := PairRow{A: a, B: b, Customers: n(300, "both"), AtOnce: n(200, "once"), Hit: n(100, "hit")}
			p.StagedAtOnce = min(p.AtOnce, n(200, "staged"))
			for g := range int(n(Buckets, "buckets")) {
				p.Seconds += 900
				p.Staged += 600
				c.PairTime = append(c.PairTime, PairTimeRow{a, b, g, 600})
				week := n(20, "week")
				m := MessageRow{A: a, B: b, Bucket: g, Week: week, NearWeek: min(week, n(20, "near")), Near: n(30, "all")}
				m.AFirst = min(m.Near, n(30, "first"))
				m.BFirst = m.Near - m.AFirst
				c.Messages = append(c.Messages, m)
				p.Week, p.Near, p.AFirst, p.BFirst = p.Week+m.Week, p.Near+m.Near, p.AFirst+m.AFirst, p.BFirst+m.BFirst
			}
			p.TimeEnough, p.MessagesEnough = p.StagedAtOnce >= 30, p.Week >= 30
			c.Weeks = append(c.Weeks, WeekRow{a, b, 0, p.Week, p.Week / 2})
			c.Pairs = append(c.Pairs, p)
		}
	}
	for g := range int(n(Buckets, "buckets")) {
		for _, reason := range []string{"", "cap"} {
			w := WithheldRow{Reason: reason, Kind: "cap", Sendable: rapid.Bool().Draw(t, "sendable "+reason), Bucket: g, Messages: n(30, "withheld")}
			w.Ranked = min(w.Messages, n(30, "ranked"))
			w.Lost = min(w.Ranked, n(30, "lost"))
			w.CustomersLost, w.First = w.Lost, w.Lost
			c.Withheld = append(c.Withheld, w)
		}
	}
	if rapid.Bool().Draw(t, "pairs lost") {
		c.Lost = append(c.Lost, LostRow{0, 1, true, n(9, "a lost"), 0, 1}, LostRow{2, 1, false, n(9, "c lost"), 0, 1})
	}
	for s := range 3 {
		for h := range int(n(HoursOfWeek, "hours")) {
			c.Hours = append(c.Hours, HourRow{s, 0, h, n(9, "sent")})
		}
	}
	return c
}
