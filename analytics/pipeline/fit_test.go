package pipeline

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"crmaudit/analytics"

	"pgregory.net/rapid"
)

// stay is a stay of the oracle: at risk at the ages tstart+1..tstop, then to another stage ("" : censored).
type stay struct {
	Stage, To     string
	Tstart, Tstop int
	Bucket        int
}

// countsOf is the reduced tables of stays, with the stages in their order; the last two are won and lost.
func countsOf(stages []string, stays []stay) *Counts {
	c := &Counts{Window: Window{From: 0, To: 365, Last: 364, DealRows: int64(len(stays)), Clients: int64(len(stays))}}
	key := func(name string) int64 { return int64(slices.Index(stages, name) + 1) }
	for i, name := range stages {
		role := roleOpen
		if name == roleWon || name == roleLost {
			role = name
		}
		c.Stages = append(c.Stages, StageRow{Key: int64(i + 1), Name: name, Role: role, RoleFrom: "name", Position: int64(i + 1)})
	}
	for _, s := range stays {
		kind := "exit"
		if s.To == "" {
			kind = "lost"
		}
		c.Ages = append(c.Ages, AgeRow{key(s.Stage), "enter", 0, s.Tstart + 1, s.Bucket, 1}, AgeRow{key(s.Stage), kind, key(s.To), s.Tstop, s.Bucket, 1})
		c.Moves = append(c.Moves, MoveRow{From: key(s.Stage), To: key(s.To), Bucket: s.Bucket, N: 1, Entered: 1})
		c.States = append(c.States, StateRow{"all", "", s.Bucket, State{Deals: 1, Entered: 1}})
	}
	c.Stages = append([]StageRow{}, c.Stages...)
	return c
}

// R survival says the same: chances of moves (Aalen-Johansen with delayed entry), share still there, median and restricted mean stay; and solve() the chance of winning.
func TestOracle(t *testing.T) {
	var want struct {
		Horizon int64
		Stays   []stay
		Want    map[string]struct {
			Chances               map[string]float64
			Stalled, Median, Mean float64
			Stays                 int64
		}
		Win map[string]float64
	}
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "oracle", "pipeline.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	m := Fit(countsOf([]string{"new", "qualified", "proposal", "won", "lost"}, want.Stays), Options{Setup: Setup{HorizonDays: want.Horizon}, Currency: "RUB"})
	near := func(what string, got, want float64) {
		t.Helper()
		if !(math.Abs(got-want) < 1e-9) {
			t.Errorf("%s: got %.12f, R says %.12f", what, got, want)
		}
	}
	moves := 0
	for _, s := range m.Stages[:3] {
		w := want.Want[s.Name]
		if s.Stays != w.Stays || s.Horizon != int(want.Horizon) {
			t.Errorf("%s: %d stays to day %d, want %d to %d", s.Name, s.Stays, s.Horizon, w.Stays, want.Horizon)
		}
		near(s.Name+" stalled", s.Stalled.Value, w.Stalled)
		near(s.Name+" median", s.Median.Value, w.Median)
		near(s.Name+" restricted mean", s.Mean.Value, w.Mean)
		near(s.Name+" win", s.Win.Value, want.Win[s.Name])
		for _, x := range m.Moves {
			if x.FromStage == s.Name {
				near(s.Name+" to "+x.ToStage, x.Probability.Value, w.Chances[x.ToStage])
				moves++
			}
		}
	}
	if moves != 7 || m.Unit != "deals" {
		t.Errorf("%d moves in %s, want 7 in deals", moves, m.Unit)
	}
}

// Every deal twice changes no number; a stage without a move back or to won is worth nothing; chances of a stage and what stalls add up to 1.
func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		stages := []string{"a", "b", "won", "lost"}
		n := rapid.IntRange(30, 120).Draw(t, "n")
		var stays []stay
		for range n {
			s := stay{Stage: stages[rapid.IntRange(0, 1).Draw(t, "stage")], Tstop: rapid.IntRange(1, 60).Draw(t, "stop"), Bucket: rapid.IntRange(0, 99).Draw(t, "bucket")}
			s.Tstart = rapid.IntRange(0, s.Tstop-1).Draw(t, "start")
			if s.To = rapid.SampledFrom([]string{"", "a", "b", "won", "lost"}).Draw(t, "to"); s.To == s.Stage {
				s.To = ""
			}
			stays = append(stays, s)
		}
		opt := Options{Setup: Setup{HorizonDays: 30}}
		one, two := Fit(countsOf(stages, stays), opt), Fit(countsOf(stages, append(slices.Clone(stays), stays...)), opt)
		for i, s := range one.Stages {
			if s.Horizon == 0 {
				continue
			}
			sum := s.Stalled.Value
			for _, k := range s.moves {
				sum += one.Moves[k].Probability.Value
			}
			if !(math.Abs(sum-1) < 1e-9) {
				t.Errorf("%s: chances add up to %v", s.Name, sum)
			}
			if s.Role == roleOpen && !(s.Win.Value >= -1e-12 && s.Win.Value <= 1+1e-12) && !math.IsNaN(s.Win.Value) {
				t.Errorf("%s is won with a chance of %v", s.Name, s.Win.Value)
			}
			if o := two.Stages[i]; o.Horizon == s.Horizon && !(math.Abs(o.Stalled.Value-s.Stalled.Value) < 1e-12) {
				t.Errorf("%s stalls %v, doubled %v", s.Name, s.Stalled.Value, o.Stalled.Value)
			}
		}
		for _, table := range one.Tables() {
			for _, row := range table.Rows {
				if len(row) != len(table.Columns) {
					t.Fatalf("%s: %d values in %d columns", table.Name, len(row), len(table.Columns))
				}
				for k, v := range row {
					if x, ok := v.(float64); ok && (math.IsNaN(x) || math.IsInf(x, 0)) {
						t.Errorf("%s.%s is %v", table.Name, table.Columns[k], x)
					}
				}
			}
		}
	})
}

// Nothing at all is empty tables, coverage that says so, and no finding.
func TestNothing(t *testing.T) {
	m := Fit(&Counts{}, Options{})
	for _, table := range m.Tables() {
		if len(table.Rows) > 0 && table.Name != "analytics.pipeline_checks" {
			t.Errorf("%s has %d rows", table.Name, len(table.Rows))
		}
	}
	for _, c := range m.Checks {
		if c.Status != notMeasurable {
			t.Errorf("%s is %s of nothing", c.Name, c.Status)
		}
	}
	if f := Findings(m, Options{}); len(f) > 0 {
		t.Errorf("%d findings about nothing: %s %s", len(f), f[0].Kind, f[0].Subject)
	}
	rows := Coverage(m, map[string]bool{})
	if len(rows) != 2 || rows[0].Present || rows[0].Note != "missing" || rows[1].Present {
		t.Errorf("coverage %v", rows)
	}
}

// A check on its norm is ok, beyond it a warning, beyond the red border red, whichever way is good; a field that is filled in nowhere is not measurable.
func TestChecks(t *testing.T) {
	for _, c := range []struct {
		value  float64
		higher bool
		want   string
	}{{.10, false, statusOK}, {.11, false, statusWarning}, {.30, false, statusWarning}, {.31, false, statusRed}, {.30, true, statusOK}, {.29, true, statusWarning}, {.10, true, statusWarning}, {.09, true, statusRed}} {
		n := &Norm{.10, .30}
		if c.higher {
			n = &Norm{.30, .10}
		}
		if got := n.status(c.value, c.higher); got != c.want {
			t.Errorf("%v, more is better %v: %s, want %s", c.value, c.higher, got, c.want)
		}
	}
	m := Fit(&Counts{States: []StateRow{{"all", "", 3, State{Deals: 50, Active: 40, Idle: 4, Won: 6, Lost: 4, Filler: 1}}}}, Options{})
	for name, want := range map[string]string{"idle_deals": statusOK, "next_step_filled": notMeasurable, "owner_filled": notMeasurable, "loss_reason_filled": statusRed, "won_without_amount": notMeasurable} {
		if got := m.check(name).Status; got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	given := Fit(&Counts{States: []StateRow{{"all", "", 3, State{Deals: 50, Active: 40, Idle: 4}}}}, Options{Setup: Setup{Norms: map[string]Norm{"idle_deals": {.05, .08}}}})
	if got := given.check("idle_deals").Status; got != statusRed {
		t.Errorf("with a norm of its own idle_deals is %s", got)
	}
}

// The direction of a move is told by place and role; a closing known from the outcome alone has a name of its own and no time.
func TestDirections(t *testing.T) {
	var stays []stay
	for i := range 60 {
		for _, s := range []stay{{"a", "b", 0, 5, 0}, {"a", "c", 0, 5, 0}, {"b", "a", 0, 5, 0}, {"a", "won", 0, 5, 0}, {"c", "lost", 0, 5, 0}, {"won", "a", 0, 5, 0}, {"won", "lost", 0, 5, 0}} {
			s.Bucket = i
			stays = append(stays, s)
		}
	}
	c := countsOf([]string{"a", "b", "c", "won", "lost"}, stays)
	for i := range 60 { // b is closed by the outcome
		c.Ages = append(c.Ages, AgeRow{2, "enter", 0, 1, i, 1}, AgeRow{2, "exit", byOutcomeWon, 1, i, 1})
		c.Moves = append(c.Moves, MoveRow{From: 2, To: byOutcomeWon, Bucket: i, N: 1})
	}
	m := Fit(c, Options{})
	got := map[string]string{}
	for _, x := range m.Moves {
		got[x.FromStage+"->"+x.ToStage] = x.Direction
	}
	for move, want := range map[string]string{"a->b": "forward", "a->c": "skip", "b->a": "backward", "a->won": "won", "c->lost": "lost", "won->a": "reopened", "won->lost": "closed", "b->(won)": "won"} {
		if got[move] != want {
			t.Errorf("%s is %q, want %s", move, got[move], want)
		}
	}
	if b := m.Stages[1]; b.DwellNote != "closing_unknown" || b.Median.OK() || !b.Stalled.OK() {
		t.Errorf("b ends by the outcome alone half of the time: note %q, median %v", b.DwellNote, b.Median.Value)
	}
}

// A loss is held against the stages that lose too: a stage that cannot lose deals makes no loss point of all the others.
func TestLosses(t *testing.T) {
	world := func(fromB, fromC int) *Model {
		var stays []stay
		for i := range 600 {
			b, c := "c", "won"
			if i < fromB {
				b = "lost"
			}
			if i < fromC {
				c = "lost"
			}
			stays = append(stays, stay{"a", "b", 0, 5, i % 97}, stay{"b", b, 0, 5, (i * 7) % 97}, stay{"c", c, 0, 5, (i * 13) % 97})
		}
		return Fit(countsOf([]string{"a", "b", "c", "won", "lost"}, stays), Options{})
	}
	losses := func(m *Model) (out []string) {
		for _, f := range Findings(m, Options{}) {
			if f.Kind == "loss_point" {
				out = append(out, f.Subject)
			}
		}
		return out
	}
	if got := losses(world(120, 125)); len(got) > 0 {
		t.Errorf("loss points %v where stages lose alike", got)
	}
	if got := losses(world(60, 240)); !slices.Equal(got, []string{"c->lost"}) {
		t.Errorf("loss points %v, want c->lost", got)
	}
}

// groupCounts is owners with deals in buckets: of every owner so many deals, of which idle ones.
func groupCounts(owners map[string][2]int) *Counts {
	c := &Counts{Window: Window{To: 365, Last: 364}}
	at := 0
	for _, o := range sortedKeys(owners) {
		for i := range owners[o][0] {
			s := State{Deals: 1, Active: 1, Owned: 1}
			if i < owners[o][1] {
				s.Idle = 1
			}
			at++
			c.States = append(c.States, StateRow{"owner", o, (at * 7) % Buckets, s}, StateRow{"all", "", (at * 7) % Buckets, s})
		}
	}
	return c
}

// An owner is named only when he stands out; one of few deals never, however he looks.
func TestOwners(t *testing.T) {
	m := Fit(groupCounts(map[string][2]int{"Ann": {200, 20}, "Bob": {200, 22}, "Cid": {200, 18}, "Dan": {200, 100}, "Eve": {5, 5}, "Fay": {200, 21}}), Options{Currency: "RUB"})
	got := map[string]string{}
	for _, g := range m.Groups {
		if g.Metric == idleShare {
			got[g.Value] = g.Verdict
		}
	}
	for o, want := range map[string]string{"Ann": same, "Bob": same, "Cid": same, "Dan": higher, "Eve": few, "Fay": same} {
		if got[o] != want {
			t.Errorf("%s is %q, want %s", o, got[o], want)
		}
	}
	var owners []string
	for _, f := range Findings(m, Options{}) {
		if f.SubjectType == "owner" {
			owners = append(owners, f.Subject)
			if f.Opportunity.Effect != nil || f.Opportunity.Money != nil || f.Opportunity.Grade != analytics.GradeStructural {
				t.Error("an effect is promised without a design")
			}
		}
	}
	if !slices.Equal(owners, []string{"Dan"}) {
		t.Errorf("named %v, want Dan", owners)
	}
}

// A month that is followed to the horizon has its counted share; one that is not has none, though all its closed deals are known.
func TestCohorts(t *testing.T) {
	c := &Counts{Window: Window{To: 400, Last: 399}, Stages: []StageRow{{Key: 1, Name: "won", Role: roleWon, Position: 1}}}
	put := func(month int64, kind, cause string, age, bucket int) {
		c.Closings = append(c.Closings, ClosingRow{"month", "", month, "enter", "", 1, bucket, 1}, ClosingRow{"month", "", month, kind, cause, age, bucket, 1})
	}
	for i := range 40 {
		switch {
		case i < 10:
			put(0, "exit", "won", 20+i, i)
			put(31, "exit", "won", 5, i)
		case i < 30:
			put(0, "exit", "lost", 10, i)
			put(31, "exit", "lost", 10, i)
		default:
			put(0, "lost", "", 100, i)
			put(31, "lost", "", 40, i)
		}
	}
	m := Fit(c, Options{})
	old, young := m.Cohorts[0], m.Cohorts[1]
	if old.Name != "1970-01" || math.Abs(old.Probability.Value-.25) > 1e-12 || old.Followed != 100 || !(old.Probability.Lower > .1 && old.Probability.Upper < .45) {
		t.Errorf("%s: %v [%v, %v], followed %d", old.Name, old.Probability.Value, old.Probability.Lower, old.Probability.Upper, old.Followed)
	}
	if young.Probability.OK() || young.Won != 10 || young.Followed != 40 {
		t.Errorf("a month followed for 40 days has a chance of %v within 90", young.Probability.Value)
	}
}

// The end of a slot in hours, and the median of answers: 60 deals after 3 hours, 40 after 10, 20 never in 30 days.
func TestResponses(t *testing.T) {
	for slot, want := range map[float64]float64{1: 1. / 12, hourSlot: 1, 72: 6, 73: 6.5, daySlot: 24, 156: 48, 157: 52, monthSlot: 720} {
		if got := hoursOf(slot); got != want {
			t.Errorf("slot %v ends after %v hours, want %v", slot, got, want)
		}
	}
	c := &Counts{}
	for i := range 60 {
		c.Responses = append(c.Responses, ResponseRow{"exit", taskDone, 36, i, 1})
	}
	for i := range 40 {
		c.Responses = append(c.Responses, ResponseRow{"exit", move, 80, i, 1})
	}
	for i := range 20 {
		c.Responses = append(c.Responses, ResponseRow{"lost", "", slots, i, 1})
	}
	m := Fit(c, Options{})
	if len(m.Responses) != 3 {
		t.Fatalf("%d kinds of response, want any, task_done, move", len(m.Responses))
	}
	r := m.Responses[0]
	if r.Answer != "any" || r.Median.Value != 3 || r.Hour.Value != 0 || math.Abs(r.Day.Value-100./120) > 1e-12 || math.Abs(r.Month.Value-100./120) > 1e-12 {
		t.Errorf("%+v", r)
	}
	if d := m.Responses[1]; d.Answer != taskDone || math.Abs(d.Day.Value-.5) > 1e-12 {
		t.Errorf("%+v", d)
	}
}

// Names in audit.yaml go before usual names, and what is named won leaves no other name won.
func TestConfig(t *testing.T) {
	stages := map[string][]any{}
	for _, r := range Config(Setup{Won: []string{"Paid"}, Stages: []string{"In", "Lost"}})[1].Rows {
		stages[r[0].(string)] = r
	}
	if r := stages["paid"]; r == nil || r[1] != roleWon || r[3] != true {
		t.Errorf("paid: %v", r)
	}
	if r := stages["won"]; r != nil {
		t.Errorf("won is a usual name although another stage is named: %v", r)
	}
	if r := stages["lost"]; r == nil || r[1] != roleOpen || r[2] != int64(2) {
		t.Errorf("lost is listed as an open stage: %v", r)
	}
	if r := stages["отказ"]; r == nil || r[1] != roleLost || r[3] != false {
		t.Errorf("отказ: %v", r)
	}
	one := Config(Setup{FirstResponse: []string{message}})[0].Rows[0]
	if !slices.Equal(one, []any{int64(30), int64(90), false, false, true, false}) {
		t.Errorf("settings %v", one)
	}
}
