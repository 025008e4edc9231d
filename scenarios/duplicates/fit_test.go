package duplicates

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"crmaudit/analytics"
	"crmaudit/analytics/analyticstest"
	"crmaudit/analytics/suffstat"
)

func mustFit(t interface {
	Helper()
	Fatal(...any)
}, c *Counts, opt Options) *Model {
	t.Helper()
	m, err := Fit(c, opt)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func est(value, lower, upper float64) suffstat.Estimate {
	return suffstat.Estimate{Value: value, Lower: lower, Upper: upper, Level: .95}
}

// Every branch of the verdict, with the default thresholds.
func TestDecide(t *testing.T) {
	nan := math.NaN()
	opt, _ := Options{}.filled()
	for _, x := range []struct {
		name             string
		a, k             suffstat.Estimate
		timing, content  float64
		logic, ofSmaller float64
		customers        int64
		verdict, reason  string
		needed           int64
	}{
		{"all alike", est(.6, .5, .7), est(.8, .7, .9), .9, .9, .9, .9, 1000, Duplicate, "all", 0},
		{"on the border", est(.5, .4, .6), est(.6, .5, .7), .7, .7, .5, .5, 1000, Duplicate, "all", 0},
		{"a noisy audience", est(.6, .3, .9), est(.7, .4, 1), .9, .9, .9, .9, 1000, Undecided, "audience", 2250},
		{"perhaps the same audience", est(.45, .35, .55), est(.6, .5, .7), .9, .9, .9, .9, 1000, Undecided, "audience", 4000},
		{"a part of the audience", est(.3, .2, .4), est(.9, .8, 1), .9, .9, .9, .9, 1000, Subset, "all", 0},
		{"a part that enters as it likes", est(.3, .2, .4), est(.9, .8, 1), .9, .9, .2, .3, 1000, Different, "logic", 0},
		{"a part of a wider trigger", est(.3, .2, .4), est(.9, .8, 1), .9, .9, .2, .8, 1000, Subset, "all", 0},
		{"perhaps a part", est(.3, .2, .4), est(.7, .6, .85), .9, .9, .9, .9, 1000, Undecided, "audience", 2250},
		{"others", est(.05, .02, .1), est(.1, .05, .2), .9, .9, .9, .9, 1000, SameLogic, "all", 0},
		{"perhaps others", est(.15, .1, .25), est(.3, .2, .4), .9, .9, .9, .9, 1000, Undecided, "audience", 4000},
		{"half of them", est(.35, .3, .4), est(.6, .5, .7), .9, .9, .9, .9, 1000, Different, "audience", 0},
		{"other content", est(.6, .5, .7), est(.8, .7, .9), .9, .3, .9, .9, 1000, Collision, "content", 0},
		{"other content, a noisy audience", est(.6, .3, .9), est(.7, .4, 1), .9, .3, .9, .9, 1000, Undecided, "audience", 2250},
		{"other content for others", est(.1, .05, .15), est(.2, .1, .3), .9, .3, .9, .9, 1000, Different, "content", 0},
		{"other timing", est(.9, .8, 1), est(.9, .8, 1), .5, .9, .9, .9, 1000, Different, "timing", 0},
		{"other logic", est(.9, .8, 1), est(.9, .8, 1), .9, .9, .1, .1, 1000, Different, "logic", 0},
		{"few", est(.9, .8, 1), est(.9, .8, 1), .9, .9, .9, .9, 99, Undecided, "few_customers", 100},
		{"few and another timing", est(.9, .8, 1), est(.9, .8, 1), .1, .9, .9, .9, 5, Different, "timing", 0},
		{"no texts", est(.9, .8, 1), est(.9, .8, 1), .9, nan, .9, .9, 1000, Undecided, "content_unknown", 0},
		{"no texts, others", est(.1, .05, .15), est(.1, .05, .2), .9, nan, .9, .9, 1000, Different, "audience", 0},
		{"no messages", est(.9, .8, 1), est(.9, .8, 1), nan, nan, .9, .9, 1000, Undecided, "timing_unknown", 0},
		{"no messages, other logic", est(.9, .8, 1), est(.9, .8, 1), nan, nan, .1, .1, 1000, Different, "content", 0},
		{"nothing known of entry", est(.9, .8, 1), est(.9, .8, 1), .9, .9, nan, nan, 1000, Undecided, "logic_unknown", 0},
		{"nothing known of entry, others", est(.05, .02, .1), est(.1, .05, .2), .9, .9, nan, nan, 1000, Undecided, "logic_unknown", 0},
		{"no interval", est(.9, nan, nan), est(.9, nan, nan), .9, .9, .9, .9, 1000, Undecided, "audience", 0},
		{"template ids only", est(.9, .8, 1), est(.9, .8, 1), .9, .1, .9, .9, 1000, Undecided, "content_unknown", 0},
		{"template ids only, the same", est(.9, .8, 1), est(.9, .8, 1), .9, 1, .9, .9, 1000, Duplicate, "all", 0},
	} {
		p := Pair{A: 0, B: 1, Smaller: 1, CustomersA: 5000, CustomersB: x.customers, Audience: x.a, Containment: x.k, Timing: x.timing, Content: x.content, Logic: x.logic}
		if strings.HasPrefix(x.name, "template ids") {
			p.ContentSource = sourceTemplate
		}
		verdict, reason, needed := decide(p, x.ofSmaller, opt)
		if verdict != x.verdict || reason != x.reason || math.Abs(float64(needed-x.needed)) > 2 {
			t.Errorf("%s: %s (%s), needs %d; want %s (%s), %d", x.name, verdict, reason, needed, x.verdict, x.reason, x.needed)
		}
	}
}

func TestLogic(t *testing.T) {
	def := func(trigger, goal string, stages, channels []string) []string {
		return predicates(analytics.Scenario{Trigger: trigger, GoalEvent: goal, Stages: stages, Channels: channels})
	}
	a := &Scenario{Looked: Buckets, Entries: 100, Triggers: map[string]int64{}}
	b := &Scenario{Looked: Buckets, Entries: 400, Triggers: map[string]int64{}}
	a.Seconds[0], b.Seconds[0] = 100, 400
	both := &Shared{Seconds: 80, Close: true, AWithB: 90, BWithA: 100}
	if l := logicSimilar(a, b, def(" Registered ", "order", []string{"new"}, []string{"email"}), def("registered", "order", []string{"new", "lead"}, []string{"email"}), both); l.value != .8 || l.source != logicDefinition {
		t.Errorf("definitions: %+v", l)
	}
	// A goal and channels say nothing about who gets in.
	if l := logicSimilar(a, b, def("", "order", nil, []string{"email"}), def("", "order", nil, []string{"email"}), both); l.value != .25 || l.smaller != .9 || l.source != logicEntries {
		t.Errorf("entries: %+v", l)
	}
	if l := logicSimilar(a, b, nil, nil, nil); !math.IsNaN(l.value) || l.source != logicUnknown {
		t.Errorf("separate audiences: %+v", l)
	}
	a.Triggers, b.Triggers = map[string]int64{"x": 50, "y": 50}, map[string]int64{"x": 300, "z": 100}
	if l := logicSimilar(a, b, nil, nil, nil); math.Abs(l.value-.5/1.5) > 1e-12 || l.source != logicTrigger {
		t.Errorf("triggers: %+v", l)
	}
	a.Bulk = true
	if l := logicSimilar(a, b, nil, nil, both); l.value != 0 {
		t.Errorf("a campaign and a chain: %+v", l)
	}
	b.Bulk = true
	if l := logicSimilar(a, b, nil, nil, both); l.value != .2 || l.smaller != .8 || l.source != logicTime {
		t.Errorf("campaigns: %+v", l)
	}
}

// smallWorld is a random world for the properties.
func smallWorld(t *rapid.T, customers int) (*Counts, Options) {
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	scenarios, templates, _ := plantedWorld(rng)
	counts, defined := simulate(rng, scenarios[:8], templates, simOptions{customers: customers, definitions: rng.IntN(2) == 0, triggers: rng.IntN(2) == 0, texts: rng.IntN(2) == 0, unenrolled: rng.IntN(4) == 0})
	return counts, Options{Defined: defined, MinCustomers: 20, MessageCost: map[string]float64{"email": .02, "sms": 3, "push": 0}, Currency: "RUB"}
}

var sameNumbers = cmp.Options{cmpopts.EquateNaNs(), cmpopts.EquateApprox(0, 1e-9), cmpopts.IgnoreFields(suffstat.Estimate{}, "Warnings")}

// mirror renames the scenarios so that their order turns round.
func mirror(c *Counts, opt Options) (*Counts, Options) {
	n := len(c.Scenarios)
	out := &Counts{Templates: c.Templates, Scenarios: make([]Scenario, n)}
	defined := map[string]analytics.Scenario{}
	for i, s := range c.Scenarios {
		d, ok := opt.Defined[s.ID]
		s.ID = string(rune('a'+n-1-i)) + s.ID
		if ok {
			defined[s.ID] = d
		}
		out.Scenarios[n-1-i] = s
	}
	for _, p := range c.Shared {
		p.A, p.B, p.AWithB, p.BWithA = n-1-p.B, n-1-p.A, p.BWithA, p.AWithB
		out.Shared = append(out.Shared, p)
	}
	opt.Defined = defined
	return out, opt
}

// Which of the two is called the first changes nothing but the names.
func TestPropSymmetry(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, opt := smallWorld(t, 120)
		back, backOpt := mirror(c, opt)
		m, w := mustFit(t, c, opt), mustFit(t, back, backOpt)
		n := len(c.Scenarios)
		if len(m.Pairs) != len(w.Pairs) || len(m.Groups) != len(w.Groups) {
			t.Fatalf("%d pairs and %d groups, mirrored %d and %d", len(m.Pairs), len(m.Groups), len(w.Pairs), len(w.Groups))
		}
		for _, p := range m.Pairs {
			i := slices.IndexFunc(w.Pairs, func(q Pair) bool { return q.A == n-1-p.B && q.B == n-1-p.A })
			if i < 0 {
				t.Fatalf("%d, %d: not there when mirrored", p.A, p.B)
			}
			q := w.Pairs[i]
			if diff := cmp.Diff([]any{p.Audience, p.Containment, p.Timing, p.Content, p.Logic, p.Similarity, p.Verdict, p.Reason, p.Response.Verdict, p.Response.Needed, p.Response.P},
				[]any{q.Audience, q.Containment, q.Timing, q.Content, q.Logic, q.Similarity, q.Verdict, q.Reason, q.Response.Verdict, q.Response.Needed, q.Response.P}, sameNumbers); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}

// A scenario split in two ids by accident (every customer in both) is a duplicate of itself with all similarities 1.
func TestPropSelf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, opt := smallWorld(t, 150)
		s := c.Scenarios[0]
		if s.customers() < 40 {
			return
		}
		twin := s
		s.ID, twin.ID = "x", "x2"
		out := &Counts{Templates: c.Templates, Scenarios: []Scenario{s, twin}, Shared: []Shared{{B: 1, Customers: s.customers(), Seconds: s.seconds(), Close: true, Buckets: s.Seconds, AWithB: s.Entries, BWithA: s.Entries}}}
		opt.Defined = nil
		m := mustFit(t, out, opt)
		if len(m.Pairs) != 1 {
			t.Fatalf("%d pairs", len(m.Pairs))
		}
		p := m.Pairs[0]
		if p.Audience.Value != 1 || p.Containment.Value != 1 || p.Timing != 1 || math.Abs(p.Content-1) > 1e-12 || math.Abs(p.Logic-1) > 1e-12 || p.Verdict != Duplicate {
			t.Fatalf("not itself: %+v", p)
		}
		if p.Response.Verdict == ResponseDifferent || p.Group != 1 {
			t.Fatalf("responds otherwise than itself, or has no group: %+v", p.Response)
		}
	})
}

// Which bucket a customer lies in changes intervals a little, shares not at all: rotating the buckets changes nothing.
func TestPropBuckets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, opt := smallWorld(t, 120)
		by := rapid.IntRange(1, Buckets-1).Draw(t, "by")
		out := &Counts{Templates: c.Templates}
		for _, s := range c.Scenarios {
			x := s
			for g := range Buckets {
				to := (g + by) % Buckets
				x.Customers[to], x.Seconds[to], x.Reached[to] = s.Customers[g], s.Seconds[g], s.Reached[g]
			}
			x.Messages = slices.Clone(s.Messages)
			for i := range x.Messages {
				x.Messages[i].Bucket = (x.Messages[i].Bucket + by) % Buckets
			}
			rand.New(rand.NewPCG(1, 2)).Shuffle(len(x.Messages), func(i, j int) { x.Messages[i], x.Messages[j] = x.Messages[j], x.Messages[i] })
			slices.Reverse(x.Steps)
			slices.Reverse(x.Contents)
			out.Scenarios = append(out.Scenarios, x)
		}
		for _, p := range c.Shared {
			x := p
			for g := range Buckets {
				x.Buckets[(g+by)%Buckets] = p.Buckets[g]
			}
			out.Shared = append(out.Shared, x)
		}
		slices.Reverse(out.Shared)
		a, b := mustFit(t, c, opt).Pairs, mustFit(t, out, opt).Pairs
		if diff := cmp.Diff(a, b, sameNumbers); diff != "" {
			t.Fatal(diff)
		}
	})
}

// A chain A ~ B ~ C of which A and C differ makes no group of three.
func TestGroups(t *testing.T) {
	f := fitter{m: &Model{Scenarios: make([]Scenario, 5)}}
	for i, s := range []string{"a", "b", "c", "d", "e"} {
		f.m.Scenarios[i].ID = s
		f.m.Scenarios[i].Seconds[0] = int64(10 + i)
	}
	f.m.Pairs = []Pair{{A: 0, B: 1, Similarity: .9, Verdict: Duplicate}, {A: 0, B: 2, Similarity: .6, Verdict: Different}, {A: 1, B: 2, Similarity: .8, Verdict: Duplicate},
		{A: 2, B: 3, Similarity: .1, Verdict: SameLogic}, {A: 3, B: 4, Similarity: 0, Verdict: SameLogic}, {A: 2, B: 4, Similarity: 0, Verdict: SameLogic}}
	for i := range f.m.Pairs {
		f.m.Pairs[i].Smaller = f.m.Pairs[i].A
	}
	f.groups()
	f.m.Pairs[2].Response.Verdict = ResponseInconclusive
	for _, x := range Findings(f.m, Options{}) {
		if (x.Opportunity == nil) != (x.Subject == "b|c" || x.Subject == "c|d") {
			t.Errorf("%s: opportunity %+v", x.Subject, x.Opportunity)
		}
	}
	want := []Group{{1, Duplicate, []int{0, 1}, 1, .9}, {2, SameLogic, []int{2, 3, 4}, 4, 0}}
	if diff := cmp.Diff(want, f.m.Groups); diff != "" {
		t.Error(diff)
	}
	var groups []int
	for _, p := range f.m.Pairs {
		groups = append(groups, p.Group)
	}
	if diff := cmp.Diff([]int{1, 0, 0, 2, 2, 2}, groups); diff != "" {
		t.Error(diff)
	}
}

// The numbers of a pair by hand: A = 50/150, cost, response.
func TestNumbers(t *testing.T) {
	a, b := Scenario{ID: "it's", Looked: Buckets, Entries: 200}, Scenario{ID: "b|\"; --", Looked: Buckets, Entries: 200}
	p := Shared{A: 0, B: 1, Customers: 200, Close: true, AWithB: 190, BWithA: 200}
	for g := range Buckets {
		a.Customers[g], b.Customers[g] = 2, 2
		a.Seconds[g], b.Seconds[g], p.Buckets[g] = 100, 80, 72
		a.Reached[g], b.Reached[g] = suffstat.Ratio{Num: 10 + int64(g%2), Den: 100}, suffstat.Ratio{Num: 11 - int64(g%2), Den: 100}
		a.Messages = append(a.Messages, MessageCount{"email", g, 50, 50, 5})
		b.Messages = append(b.Messages, MessageCount{"sms", g, 10, 10, 1}, MessageCount{"email", g, 5, 5, 1})
		p.Seconds += 72
	}
	a.Goal, b.Goal, a.GoalDays, b.GoalDays, a.GoalCustomers, b.GoalCustomers = "order", "order", 14, 14, 200, 200
	for i, s := range []*Scenario{&a, &b} {
		s.Enrolled, s.Delays, s.Triggers = true, map[string][]Delay{baseEntry: {{0, 100}, {24 + int64(i), 100}}}, nil
		s.Steps = []StepCount{{baseEntry, "1", 0, "email", 0, 100}, {baseEntry, "2", 0, "sms", 2, 100}, {baseEntry, "rare", 0, "call", 5, 3}}
		s.Contents = []ContentCount{{"1", 0, "t1", 100}, {"2", 0, "t2", 100}}
	}
	// b sorts before i.
	c := &Counts{Scenarios: []Scenario{b, a}, Shared: []Shared{p}}
	opt := Options{MessageCost: map[string]float64{"sms": 3, "email": .02}, Currency: "RUB", Days: 182}
	m := mustFit(t, c, opt)
	if len(m.Pairs) != 1 {
		t.Fatalf("%d pairs", len(m.Pairs))
	}
	got := m.Pairs[0]
	if got.Verdict != Duplicate || got.Audience.Value != 72./108 || got.Containment.Value != .9 || got.Logic != .95 || got.Content != 1 || got.Sequence != 1 || math.Abs(got.Delay-(1-.5/168)) > 1e-12 || got.StepsA != 2 {
		t.Errorf("%+v", got)
	}
	if r := got.Response; math.Abs(r.Click.Difference.Value-2./15+.1) > 1e-12 || r.Goal.Difference.Value != 0 || r.GoalName != "order" {
		t.Errorf("response %+v", r)
	}
	fs := Findings(m, opt)
	if len(fs) != 1 {
		t.Fatalf("%d findings", len(fs))
	}
	f := fs[0]
	o := f.Opportunity
	// 1000 sms at 3 and 500 e-mails at .02 in two quarters, nine tenths of them shared.
	want := (1000*3 + 500*.02) / 2 * .9
	if o == nil || o.Money == nil || math.Abs(o.Money.Value-want) > 1e-9 || o.Effect.Value != -o.Money.Value || o.Metric != "cost_per_quarter" || math.Abs(o.Baseline.Value-(1000*3+5500*.02)/2) > 1e-9 {
		t.Errorf("opportunity %+v, want %g saved", o, want)
	}
	if !strings.Contains(f.EvidenceSQL, `scenario_a = 'b|"; --' AND scenario_b = 'it''s'`) || f.Subject != `b|"; --|it's` || f.Text("keep") != "it's" {
		t.Errorf("%s\n%s", f.Subject, f.EvidenceSQL)
	}
	for _, v := range f.Values {
		if v.Estimate != nil && (math.IsNaN(v.Estimate.Value) || math.IsNaN(v.Estimate.Lower)) {
			t.Errorf("%s is %+v", v.Name, v.Estimate)
		}
	}
	opt.MessageCost = nil
	if o := Findings(m, opt)[0].Opportunity; o.Effect != nil || o.Money != nil || o.Metric != "messages_per_quarter" {
		t.Errorf("without costs: %+v", o)
	}
}

// Whatever is found has no NaN in its tables, all columns of the header, and one finding per pair with a verdict.
func TestPropTables(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, opt := smallWorld(t, rapid.IntRange(0, 300).Draw(t, "customers"))
		m := mustFit(t, c, opt)
		for _, table := range m.Tables(opt) {
			for _, row := range table.Rows {
				if len(row) != len(table.Columns) {
					t.Fatalf("%s: %d values of %d columns", table.Name, len(row), len(table.Columns))
				}
				for i, v := range row {
					if x, ok := v.(float64); ok && (math.IsNaN(x) || math.IsInf(x, 0)) {
						t.Fatalf("%s.%s is %v", table.Name, table.Columns[i], x)
					}
				}
			}
		}
		n := 0
		for _, p := range m.Pairs {
			for _, x := range []float64{p.Audience.Value, p.Containment.Value, p.Timing, p.Content, p.Logic, p.Similarity} {
				if x < 0 || x > 1+1e-9 {
					t.Fatalf("a similarity of %v: %+v", x, p)
				}
			}
			if p.Verdict == Duplicate || p.Verdict == Subset || p.Verdict == SameLogic {
				n++
			}
		}
		if got := len(Findings(m, opt)); got != n {
			t.Fatalf("%d findings of %d pairs", got, n)
		}
	})
}

const emptyTables = `
scenarios: sk:int64,scenario_id:string,enrolled:bool,bulk:bool,entries:int64,time_buckets:int64
audience: sk:int64,bucket:int64,customers:int64,seconds:int64
triggers: sk:int64,trigger:string,entries:int64
delays: sk:int64,base:string,hours:int64,messages:int64
steps: sk:int64,base:string,step_id:string,place:int64,channel:string,bin:int64,messages:int64
templates: sk:int64,step_id:string,place:int64,template_id:string,messages:int64
texts: template_id:string,name:string,subject:string,text:string,content_hash:string
messages: sk:int64,channel:string,bucket:int64,messages:int64,mature:int64,clicked:int64
goals: sk:int64,bucket:int64,goal:string,goal_days:int64,customers:int64,entries:int64,reached:int64
pairs: pair:int64,customers:int64,seconds:int64,place:int64,close:bool
pair_buckets: pair:int64,bucket:int64,seconds:int64
coentries: pair:int64,first_with:int64,second_with:int64
`

func source(t *testing.T, rows map[string]string) analyticstest.Source {
	t.Helper()
	tables := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(emptyTables), "\n") {
		name, header, _ := strings.Cut(line, ": ")
		tables["scenarios.red_dup_"+name] = header + "\n" + rows[name]
	}
	return analyticstest.Tables(t, tables)
}

// No data: empty tables and coverage that says what is missing.
func TestBlockWithoutData(t *testing.T) {
	b := NewBlock(Setup{})
	if b.Name != "duplicates" || b.In() != "scenarios" {
		t.Errorf("block %s in %s", b.Name, b.In())
	}
	r, err := b.Run(context.Background(), source(t, nil), analytics.Settings{From: time.Unix(0, 0), To: time.Unix(86400*91, 0)})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Findings) != 0 || len(r.Tables) != 2 || len(r.Tables[0].Rows)+len(r.Tables[1].Rows) != 0 {
		t.Errorf("%+v", r)
	}
	for _, c := range r.Coverage {
		if c.Present || c.Note != "missing" || c.Block != "duplicates" {
			t.Errorf("coverage %+v", c)
		}
	}
	if len(r.Coverage) != 4 {
		t.Errorf("%d rows of coverage", len(r.Coverage))
	}
}

// Load reads every table into its place, whatever the order of keys and names.
func TestLoad(t *testing.T) {
	c, err := Load(context.Background(), source(t, map[string]string{
		"scenarios": "1,a,true,false,5,100\n2,b,false,true,7,20\n", "audience": "1,3,2,50\n2,3,4,60\n9,3,1,1\n", "triggers": "1,x,5\n",
		"delays": "1,entry,24,9\n", "steps": "1,entry,s,0,email,2,9\n", "templates": "1,s,0,t,9\n", "texts": "t,,Тема,,\n",
		"messages": "2,push,4,10,9,3\n", "goals": "1,5,order,14,2,5,1\n", "pairs": "1048578,2,40,1,true\n", "pair_buckets": "1048578,3,40\n", "coentries": "1048578,3,4\n",
	}))
	if err != nil {
		t.Fatal(err)
	}
	a := Scenario{ID: "a", Enrolled: true, Entries: 5, Looked: 100, Triggers: map[string]int64{"x": 5}, Delays: map[string][]Delay{"entry": {{24, 9}}}, Steps: []StepCount{{"entry", "s", 0, "email", 2, 9}},
		Contents: []ContentCount{{"s", 0, "t", 9}}, Goal: "order", GoalDays: 14, GoalCustomers: 2}
	a.Customers[3], a.Seconds[3], a.Reached[5] = 2, 50, suffstat.Ratio{Num: 1, Den: 5}
	b := Scenario{ID: "b", Bulk: true, Entries: 7, Looked: 20, Triggers: map[string]int64{}, Delays: map[string][]Delay{}, Messages: []MessageCount{{"push", 4, 10, 9, 3}}}
	b.Customers[3], b.Seconds[3] = 4, 60
	p := Shared{A: 0, B: 1, Customers: 2, Seconds: 40, Close: true, AWithB: 3, BWithA: 4}
	p.Buckets[3] = 40
	want := &Counts{Scenarios: []Scenario{a, b}, Shared: []Shared{p}, Templates: map[string]Template{"t": {Subject: "Тема"}}}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Error(diff)
	}
	for name, rows := range map[string]map[string]string{
		"bucket 100 is not":    {"scenarios": "1,a,true,false,5,100\n", "audience": "1,100,2,50\n"},
		"seconds is -1, not a": {"scenarios": "1,a,true,false,5,100\n", "audience": "1,1,2,-1\n"},
		"is not a pair":        {"scenarios": "1,a,true,false,5,100\n", "pairs": "1048578,2,40,1,true\n"},
		"is not among":         {"pair_buckets": "1048578,3,40\n"},
	} {
		if _, err := Load(context.Background(), source(t, rows)); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestThresholdsAreChecked(t *testing.T) {
	th := DefaultThresholds()
	th.Content = 1.5
	if _, err := Fit(&Counts{}, Options{Thresholds: th}); err == nil || !strings.Contains(err.Error(), "content is 1.5") {
		t.Error(err)
	}
}

// manyScenarios is 300 scenarios of which every two share a good part of their time: the worst case.
func manyScenarios() *Counts {
	rng := rand.New(rand.NewPCG(3, 3))
	c := &Counts{Templates: map[string]Template{}}
	for i := range 300 {
		s := Scenario{ID: fmt.Sprintf("s%03d", i), Enrolled: true, Looked: Buckets, Entries: 5000, Delays: map[string][]Delay{}}
		for g := range Buckets {
			s.Customers[g], s.Seconds[g] = 50, 40_000_000+rng.Int64N(1_000_000)
			s.Messages = append(s.Messages, MessageCount{"email", g, 150, 140, 10 + rng.Int64N(5)})
		}
		for n := range 5 {
			t := fmt.Sprintf("%s-%d", s.ID, n)
			c.Templates[t] = letter(rng, n)
			s.Delays[baseEntry] = append(s.Delays[baseEntry], Delay{int64(24 * n), 1000}, Delay{int64(24*n + 1), 500})
			s.Steps = append(s.Steps, StepCount{baseEntry, t, 0, "email", int64(n), 1500})
			s.Contents = append(s.Contents, ContentCount{t, 0, t, 1500})
		}
		c.Scenarios = append(c.Scenarios, s)
	}
	for a := range c.Scenarios {
		for b := a + 1; b < len(c.Scenarios); b++ {
			p := Shared{A: a, B: b, Customers: 4000, AWithB: 3000, BWithA: 3000, Close: len(c.Shared) < 20000}
			for g := range p.Buckets {
				p.Buckets[g] = 25_000_000 + rng.Int64N(2_000_000)
				p.Seconds += p.Buckets[g]
			}
			c.Shared = append(c.Shared, p)
		}
	}
	return c
}

// BenchmarkFit300: go test -run '^$' -bench Fit300 -benchtime 1x ./scenarios/duplicates/
func BenchmarkFit300(b *testing.B) {
	c := manyScenarios()
	b.ReportAllocs()
	for b.Loop() {
		m, err := Fit(c, Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(m.Pairs)), "pairs")
	}
}

// Of a large campaign only some buckets are looked at: the shares are those of these buckets, the customers in both are projected.
func TestSampledCampaigns(t *testing.T) {
	a, b := Scenario{ID: "a", Bulk: true, Looked: 20}, Scenario{ID: "b", Bulk: true, Looked: 20}
	p := Shared{B: 1, Close: true, Customers: 40}
	for g := range Buckets {
		a.Customers[g], b.Customers[g], a.Seconds[g], b.Seconds[g] = 10, 10, 1000, 1000
		if g < 20 {
			p.Buckets[g], p.Seconds = 500, p.Seconds+500
		}
	}
	j, k := audience(&a, &b, &p)
	if j.Value != 1./3 || k.Value != .5 || p.customers(&a) != 200 || j.N != 1800 {
		t.Errorf("Jaccard %+v, containment %+v, %d in both", j, k, p.customers(&a))
	}
	if l := logicSimilar(&a, &b, nil, nil, &p); l.value != .5 {
		t.Errorf("%+v", l)
	}
}
