package experiments

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"crmaudit/analytics"
	"crmaudit/analytics/analyticstest"
	"crmaudit/analytics/suffstat"

	"pgregory.net/rapid"
)

// cell is some customers of one arm, state and bucket, with the sums of their outcomes by key.
type cell struct {
	arm    string
	state  int64
	bucket int64
	n      int64
	sums   map[int64]sums
	stage  string // group; "" none
}

// trialOf is the reduced tables of one experiment.
type trialOf struct {
	id, source, scenario     string
	days, firstDay, endDay   int64
	cap                      int64
	assignedFrom, assignedTo int64
	cells                    []cell
	events                   []string // outcome keys from firstEvent on
	out                      []string // arms that stay out
	clusters                 map[string]int64
	switched, messaged       map[string]int64 // per arm, put on its first cell
	messagedBefore           map[string]int64
	recent                   int64
}

func (x trialOf) tables() map[string]string {
	if x.source == "" {
		x.source = FromAssignments
	}
	if x.days == 0 {
		x.days, x.endDay, x.assignedFrom, x.assignedTo = 28, 200, 100, 100
	}
	cut := ""
	if x.cap > 0 {
		cut = fmt.Sprint(x.cap)
	}
	var arms []string
	for _, c := range x.cells {
		if !slices.Contains(arms, c.arm) {
			arms = append(arms, c.arm)
		}
	}
	arms = append(arms, x.out...)
	slices.Sort(arms)
	list := fmt.Sprintf("xk:int64,experiment_id:string,source:string,scenario_id:string,within_days:int64,first_day:int64,end_day:int64,cap_minor:int64\n1,%s,%s,%s,%d,%d,%d,%s\n", x.id, x.source, x.scenario, x.days, x.firstDay, x.endDay, cut)
	var armRows, values, groups, names strings.Builder
	armRows.WriteString("xk:int64,ak:int64,state:int64,bucket:int64,arm:string,clusters:int64,stays_out:bool,n:int64,switched:int64,clustered:int64,messaged:int64,messaged_before:int64,recent:int64,short_history:int64,first_day:int64,last_day:int64\n")
	values.WriteString("xk:int64,nk:int64,ak:int64,state:int64,bucket:int64,unit_minor:int64,y:int64,x:int64,yy:int64,xx:int64,yx:int64\n")
	groups.WriteString("xk:int64,gk:int64,nk:int64,ak:int64,state:int64,bucket:int64,grouping:string,group_value:string,unit_minor:int64,n:int64,y:int64,x:int64,yy:int64,xx:int64,yx:int64\n")
	names.WriteString("xk:int64,nk:int64,name:string,events:int64,names:int64,listed:bool\n")
	for i, e := range x.events {
		fmt.Fprintf(&names, "1,%d,%s,10,%d,true\n", firstEvent+i, e, len(x.events))
	}
	for k, arm := range arms {
		if slices.Contains(x.out, arm) {
			fmt.Fprintf(&armRows, "1,%d,0,0,%s,0,true,0,0,0,0,0,0,0,,\n", k+1, arm)
		}
	}
	seen := map[string]bool{}
	stages := map[string]int64{}
	for _, c := range x.cells {
		ak := slices.Index(arms, c.arm) + 1
		clustered := int64(0)
		if x.clusters[c.arm] > 0 {
			clustered = c.n
		}
		once := func(m map[string]int64) int64 {
			if seen[c.arm] {
				return 0
			}
			return m[c.arm]
		}
		recent := int64(0)
		if !seen[c.arm] {
			recent = x.recent
		}
		fmt.Fprintf(&armRows, "1,%d,%d,%d,%s,%d,false,%d,%d,%d,%d,%d,%d,0,%d,%d\n", ak, c.state, c.bucket, c.arm, x.clusters[c.arm], c.n, once(x.switched), clustered, once(x.messaged), once(x.messagedBefore), recent, x.assignedFrom, x.assignedTo)
		seen[c.arm] = true
		if c.state > stateOpen {
			continue
		}
		for key := range int64(20) {
			if s, ok := c.sums[key]; ok {
				fmt.Fprintf(&values, "1,%d,%d,%d,%d,1,%d,%d,%d,%d,%d\n", key, ak, c.state, c.bucket, s.y, s.x, s.yy, s.xx, s.yx)
			}
		}
		if c.stage != "" {
			if stages[c.stage] == 0 {
				stages[c.stage] = int64(len(stages) + 1)
			}
			fmt.Fprintf(&groups, "1,%d,0,%d,%d,%d,stage,%s,1,%d,0,0,0,0,0\n", stages[c.stage], ak, c.state, c.bucket/2, c.stage, c.n)
			for key := range int64(20) {
				if s, ok := c.sums[key]; ok {
					fmt.Fprintf(&groups, "1,%d,%d,%d,%d,%d,stage,%s,1,0,%d,%d,%d,%d,%d\n", stages[c.stage], key, ak, c.state, c.bucket/2, c.stage, s.y, s.x, s.yy, s.xx, s.yx)
				}
			}
		}
	}
	return map[string]string{"analytics.red_experiments": list, "analytics.red_experiment_arms": armRows.String(), "analytics.red_experiment_names": names.String(), "analytics.red_experiment_values": values.String(),
		"analytics.red_experiment_groups": groups.String()}
}

// fit loads and estimates, and looks that no table and no finding holds a number that is none.
func fit(t testing.TB, tables map[string]string, opt Options) (*Model, []analytics.Finding) {
	t.Helper()
	c, err := Load(context.Background(), analyticstest.Tables(t, tables))
	if err != nil {
		t.Fatal(err)
	}
	m := Fit(c, opt)
	findings := Findings(m, opt)
	for _, table := range m.Tables(opt) {
		for _, row := range table.Rows {
			if len(row) != len(table.Columns) {
				t.Fatalf("%s: %d values for %d columns", table.Name, len(row), len(table.Columns))
			}
			for i, v := range row {
				if x, ok := v.(float64); ok && !analytics.Finite(x) {
					t.Errorf("%s.%s is %v: %v", table.Name, table.Columns[i], x, row)
				}
			}
		}
	}
	for i := range m.Rows {
		if r := &m.Rows[i]; r.Verdict == "" {
			t.Errorf("no verdict: %+v", r)
		}
	}
	for _, f := range findings {
		if f.Text("reason") == "" || f.EvidenceSQL == "" {
			t.Errorf("%s: no reason or no evidence", f.Subject)
		}
		for _, v := range f.Values {
			if v.Estimate != nil && !v.Estimate.OK() {
				t.Errorf("%s: %s is not a number", f.Subject, v.Name)
			}
		}
	}
	Coverage(m, map[string]bool{"assignments": true, "events": true})
	return m, findings
}

// binary is n customers of whom y have the outcome, x had it before, both did both.
func binary(y, x, both int64) sums { return sums{y, x, y, x, both} }

// even spreads customers over all buckets: so many per bucket, of whom so many order; a wobble makes buckets differ.
func even(arm string, n, ordered int64) []cell {
	var out []cell
	for b := range int64(Buckets) {
		y := ordered + b%3 - 1
		if arm != "control" { // arms do not wobble together
			y = ordered + (b/3)%3 - 1
		}
		out = append(out, cell{arm: arm, bucket: b, n: n, sums: map[int64]sums{keyOrder: binary(y, n/5, y/3), keyRevenue: {1000 * y, 500 * (n / 5), 1e6 * y, 250000 * (n / 5), 500000 * (y / 3)}}})
	}
	return out
}

func (m *Model) row(t testing.TB, arm, outcome string) *Row {
	t.Helper()
	for i := range m.Rows {
		if r := &m.Rows[i]; r.Arm == arm && r.Outcome == outcome {
			return r
		}
	}
	t.Fatalf("no row for %s, %s", arm, outcome)
	return nil
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > tolerance*math.Max(1e-3, math.Abs(want)) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func oracle(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "testdata", "oracle", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

type oracleSums struct {
	Arm                         string
	Bucket, N, Y, X, YY, XX, YX int64
}

type oracleRow struct {
	Arm             string
	N               int64
	NReference      int64 `json:"n_reference"`
	Mean            float64
	MeanReference   float64 `json:"mean_reference"`
	Effect          float64
	SE              float64 `json:"std_error"`
	Lower, Upper, P float64
	WelchSE         float64 `json:"welch_se"`
	WelchP          float64 `json:"welch_p"`
	Cuped           float64
	CupedSE         float64 `json:"cuped_se"`
	CupedP          float64 `json:"cuped_p"`
	Relative        float64
	RelativeLower   float64 `json:"relative_lower"`
	RelativeUpper   float64 `json:"relative_upper"`
	DF, Balance     float64
	BalanceP        float64 `json:"balance_p"`
}

func cellsOf(parts map[int64][]oracleSums) []cell {
	type key struct {
		arm    string
		bucket int64
	}
	at := map[key]int{}
	var out []cell
	for k, rows := range parts {
		for _, r := range rows {
			i, ok := at[key{r.Arm, r.Bucket}]
			if !ok {
				i = len(out)
				at[key{r.Arm, r.Bucket}] = i
				out = append(out, cell{arm: r.Arm, bucket: r.Bucket, n: r.N, sums: map[int64]sums{}})
			}
			out[i].sums[k] = sums{r.Y, r.X, r.YY, r.XX, r.YX}
		}
	}
	return out
}

// TestOracle: Welch, the covariance model, a jackknife by hand, chi-squared and p.adjust of R on three arms with heavy-tailed spend.
func TestOracle(t *testing.T) {
	var want struct {
		Sums        map[string][]oracleSums
		Cap         int64 `json:"cap_minor"`
		Results     map[string][]oracleRow
		Q           []float64
		CupedQ      []float64 `json:"cuped_q"`
		HolmOrder   []float64 `json:"holm_order"`
		HolmRevenue []float64 `json:"holm_revenue"`
		BalanceHolm []float64 `json:"balance_holm"`
		SRM         struct {
			Chi2, P float64
		}
	}
	oracle(t, "experiments", &want)
	x := trialOf{id: "x", cap: want.Cap, cells: cellsOf(map[int64][]oracleSums{keyOrder: want.Sums["order"], keyRevenue: want.Sums["revenue"], keyWinsorised: want.Sums["revenue_winsorised"]})}
	m, _ := fit(t, x.tables(), Options{Currency: "EUR", Setup: Setup{Experiments: []Definition{{ID: "x", Shares: map[string]float64{"control": 40, "offer_a": 30, "offer_b": 30}}}}})
	if len(m.Rows) != 4 {
		t.Fatalf("%d rows", len(m.Rows))
	}
	for o, outcome := range []string{Order, Revenue} {
		for a, w := range want.Results[outcome] {
			r := m.row(t, w.Arm, outcome)
			if r.N != w.N || r.NReference != w.NReference || r.Reference != "control" {
				t.Errorf("%s %s: %d against %d %s", w.Arm, outcome, r.N, r.NReference, r.Reference)
			}
			for _, c := range []struct {
				what      string
				got, want float64
			}{
				{"mean", r.Mean, w.Mean}, {"mean_reference", r.MeanReference, w.MeanReference}, {"effect", r.Difference.Value, w.Effect}, {"se", r.SE, w.SE}, {"lower", r.Difference.Lower, w.Lower}, {"upper", r.Difference.Upper, w.Upper},
				{"p", r.P, w.P}, {"welch se", r.WelchSE, w.WelchSE}, {"welch p", r.WelchP, w.WelchP}, {"cuped", r.Adjusted.Value, w.Cuped}, {"cuped se", r.AdjustedSE, w.CupedSE}, {"cuped p", r.AdjustedP, w.CupedP},
				{"relative", r.Relative.Value, w.Relative}, {"relative lower", r.Relative.Lower, w.RelativeLower}, {"relative upper", r.Relative.Upper, w.RelativeUpper}, {"df", r.DF, w.DF}, {"q", r.Q, want.Q[2*o+a]},
				{"cuped q", r.AdjustedQ, want.CupedQ[2*o+a]}, {"srm", r.SRM, want.SRM.P},
			} {
				near(t, w.Arm+" "+outcome+" "+c.what, c.got, c.want, 1e-8)
			}
			holm := want.HolmOrder
			if outcome == Revenue {
				holm = want.HolmRevenue
				near(t, w.Arm+" winsorised", r.Winsorised.Value, want.Results["revenue_winsorised"][a].Cuped, 1e-8)
				near(t, w.Arm+" winsorised se", r.WinsorisedSE, want.Results["revenue_winsorised"][a].CupedSE, 1e-8)
			}
			near(t, w.Arm+" "+outcome+" holm", r.FamilyP, holm[a], 1e-8)
			for _, c := range m.Checks {
				if c.Name == "balance" && c.Item == outcome && c.Arm == w.Arm {
					near(t, w.Arm+" "+outcome+" balance", c.Value.Value, w.Balance, 1e-8)
					near(t, w.Arm+" "+outcome+" balance p", c.P, w.BalanceP, 1e-6)
					near(t, w.Arm+" "+outcome+" balance holm", c.Adjusted, want.BalanceHolm[2*o+a], 1e-6)
				}
			}
		}
	}
	for _, c := range m.Checks {
		if c.Name == "sample_ratio" {
			near(t, "chi-squared", c.Value.Value, want.SRM.Chi2, 1e-9)
		}
	}
}

// TestClusterOracle: with one cluster per bucket the jackknife over buckets is that over clusters; it agrees with the sandwich, and a formula for independent customers does not.
func TestClusterOracle(t *testing.T) {
	var want struct {
		Sums     []oracleSums
		Clusters int64
		Result   oracleRow
		Sandwich float64 `json:"sandwich_se"`
		Naive    float64 `json:"naive_se"`
	}
	oracle(t, "experiment_clusters", &want)
	x := trialOf{id: "x", cells: cellsOf(map[int64][]oracleSums{keyOrder: want.Sums}), clusters: map[string]int64{"control": want.Clusters / 2, "offer": want.Clusters / 2}}
	m, _ := fit(t, x.tables(), Options{})
	r := m.row(t, "offer", Order)
	near(t, "effect", r.Difference.Value, want.Result.Effect, 1e-9)
	near(t, "se", r.SE, want.Result.SE, 1e-9)
	near(t, "cuped se", r.AdjustedSE, want.Result.CupedSE, 1e-9)
	near(t, "sandwich", r.SE, want.Sandwich, .05)
	near(t, "naive", r.WelchSE, want.Naive, 1e-9)
	if r.SE < 1.3*want.Naive || !r.Has("clusters") || r.Has("few_clusters") {
		t.Errorf("clusters: se %v beside %v, caveats %v", r.SE, want.Naive, r.Caveats)
	}
	if r.SRM < .9 { // 30 against 30 clusters, though not as many customers
		t.Errorf("the sample ratio counts customers: %v", r.SRM)
	}
}

// Bad input: a clear word each, and no number where none can be.
func TestBadInput(t *testing.T) {
	flat := func(arm string, state, n int64) cell { return cell{arm: arm, state: state, bucket: 1, n: n} }
	spread := func(arm string, y int64) []cell {
		var out []cell
		for b := range int64(Buckets) {
			out = append(out, cell{arm: arm, bucket: b, n: 5, sums: map[int64]sums{keyOrder: binary(y, 0, 0)}})
		}
		return out
	}
	for _, c := range []struct {
		name    string
		x       trialOf
		def     Definition
		verdict string
		caveat  string
	}{
		{name: "one arm", x: trialOf{cells: even("offer", 5, 2)}, verdict: OneArm},
		{name: "one arm that is the control", x: trialOf{cells: even("control", 5, 2)}, verdict: OneArm},
		{name: "the reference is not in the data", x: trialOf{cells: append(even("a", 5, 2), even("b", 5, 2)...)}, def: Definition{Reference: "none"}, verdict: NoMembers},
		{name: "a planned arm has nobody", x: trialOf{cells: append(even("control", 5, 2), even("offer", 5, 2)...)}, def: Definition{Shares: map[string]float64{"control": 1, "offer": 1, "other": 1}}, verdict: BrokenRatio},
		{name: "all zero", x: trialOf{cells: append(spread("control", 0), spread("offer", 0)...)}, verdict: NoEvents},
		{name: "no variance", x: trialOf{cells: append(spread("control", 5), spread("offer", 5)...)}, verdict: NoVariation, caveat: "no_variation"},
		{name: "assigned after the data end", x: trialOf{cells: []cell{flat("control", stateAfter, 400), flat("offer", stateAfter, 400)}}, verdict: AfterData},
		{name: "assigned before the data begin", x: trialOf{cells: []cell{flat("control", stateBefore, 400), flat("offer", stateBefore, 400)}}, verdict: BeforeData},
		{name: "two arms in one second", x: trialOf{cells: append(append(even("control", 500, 20), even("offer", 500, 20)...), flat("offer", stateTied, 3))}, verdict: Equivalent, caveat: "two_arms"},
		{name: "three customers", x: trialOf{cells: []cell{{arm: "control", bucket: 1, n: 2, sums: map[int64]sums{keyOrder: binary(1, 0, 0)}}, {arm: "offer", bucket: 2, n: 1, sums: map[int64]sums{keyOrder: binary(1, 0, 0)}}}}, verdict: NoVariation},
		{name: "windows open", x: trialOf{cells: func() []cell {
			out := append(even("control", 5, 2), even("offer", 5, 2)...)
			for i := range out {
				out[i].state = stateOpen
			}
			return out
		}()}, verdict: Undecided, caveat: "window_open"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.x.id, c.def.ID = "x", "x"
			if c.x.switched == nil && c.caveat == "two_arms" {
				c.x.switched = map[string]int64{"offer": 3}
			}
			m, _ := fit(t, c.x.tables(), Options{Setup: Setup{Experiments: []Definition{c.def}}})
			if len(m.Rows) == 0 {
				t.Fatal("no rows")
			}
			r := &m.Rows[0]
			if r.Verdict != c.verdict {
				t.Errorf("verdict %s (caveats %v), want %s", r.Verdict, r.Caveats, c.verdict)
			}
			if c.caveat != "" && !r.Has(c.caveat) {
				t.Errorf("caveats %v, want %s", r.Caveats, c.caveat)
			}
		})
	}
	t.Run("nothing at all", func(t *testing.T) {
		x := trialOf{id: "x"}
		tables := x.tables()
		for name, text := range tables {
			tables[name] = text[:strings.Index(text, "\n")+1]
		}
		m, findings := fit(t, tables, Options{Setup: Setup{Experiments: []Definition{{ID: "gone"}}}})
		if len(m.Rows) != 0 || len(findings) != 0 || !slices.Contains(m.NotFound, "gone") {
			t.Errorf("%d rows, %d findings, %v not found", len(m.Rows), len(findings), m.NotFound)
		}
	})
}

// A broken experiment says what is wrong, tells no number of its outcomes, and asks to be repeated.
func TestGates(t *testing.T) {
	both := func(n0, n1 int64) []cell { return append(even("control", n0, n0/3), even("offer", n1, n1/2)...) }
	skewed := both(30, 30)
	for i := range skewed {
		if skewed[i].arm == "offer" {
			skewed[i].sums[keyMessages] = sums{x: 60, xx: 150}
		} else {
			skewed[i].sums[keyMessages] = sums{x: 30 + int64(i%3), xx: 60}
		}
	}
	for _, c := range []struct {
		name            string
		x               trialOf
		verdict, reason string
	}{
		{"sample ratio", trialOf{cells: both(50, 44)}, BrokenRatio, BrokenRatio},
		{"messages in the reference arm", trialOf{cells: both(30, 30), scenario: "s", messaged: map[string]int64{"control": 31, "offer": 3000}}, Contaminated, Contaminated},
		{"messages before", trialOf{cells: both(30, 30), scenario: "s", messagedBefore: map[string]int64{"offer": 31}}, Unbalanced, Unbalanced},
		{"balance", trialOf{cells: skewed}, Unbalanced, Unbalanced},
		{"two arms", trialOf{cells: both(30, 30), switched: map[string]int64{"offer": 70}}, Contaminated, "two_arms"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.x.id = "x"
			m, findings := fit(t, c.x.tables(), Options{Currency: "EUR"})
			for i := range m.Rows {
				if r := &m.Rows[i]; r.Verdict != c.verdict || r.Grade() != analytics.GradeStructural || !math.IsNaN(r.Q) || !math.IsNaN(r.AdjustedQ) {
					t.Errorf("%s: verdict %s, grade %s, q %v", r.Outcome, r.Verdict, r.Grade(), r.Q)
				}
			}
			if len(findings) != 1 {
				t.Fatalf("%d findings", len(findings))
			}
			f := findings[0]
			_, told := f.Number("effect")
			if f.Text("reason") != c.reason || told || f.Opportunity == nil || f.Opportunity.Effect != nil || f.Opportunity.Grade != analytics.GradeStructural {
				t.Errorf("%s: %+v", f.Text("reason"), f)
			}
			if len(m.Groups) > 0 {
				t.Error("groups of a broken experiment")
			}
		})
	}
}

// What a sound experiment says, from the winner to the running one.
func TestVerdicts(t *testing.T) {
	arms := func(n, control, offer int64) []cell {
		return append(even("control", n, control), even("offer", n, offer)...)
	}
	for _, c := range []struct {
		name            string
		x               trialOf
		reason          string
		money, positive bool
	}{
		{"win", trialOf{cells: arms(60, 12, 18)}, Win, true, true},
		{"loss", trialOf{cells: arms(60, 18, 12)}, Loss, true, true},
		{"equivalent", trialOf{cells: arms(3000, 600, 600)}, "equivalent", false, false},
		{"undecided", trialOf{cells: arms(8, 2, 2)}, "undecided", false, false},
		{"running", trialOf{cells: arms(60, 12, 18), days: 28, endDay: 130, assignedFrom: 90, assignedTo: 128, recent: 100}, "running", false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.x.id = "x"
			_, findings := fit(t, c.x.tables(), Options{Currency: "EUR", Setup: Setup{Experiments: []Definition{{ID: "x", Outcomes: []string{Order, Revenue}}}}})
			if len(findings) != 1 {
				t.Fatalf("%d findings", len(findings))
			}
			f := findings[0]
			if f.Text("reason") != c.reason {
				t.Fatalf("reason %s, want %s", f.Text("reason"), c.reason)
			}
			o := f.Opportunity
			if (o.Money != nil) != c.money {
				t.Errorf("money %v", o.Money)
			}
			if o.Money != nil && (o.Money.Value > 0) != c.positive {
				t.Errorf("money %v", o.Money.Value)
			}
			if c.reason == "undecided" {
				if n, ok := f.Number("needed_customers"); !ok || n.Value <= 800 {
					t.Errorf("needed %v", n)
				}
			}
		})
	}
	t.Run("a control arm of enrolments leaves the change to scenarios.effects", func(t *testing.T) {
		_, findings := fit(t, trialOf{id: "holdout:s", source: FromEnrolments, scenario: "s", cells: arms(60, 12, 18)}.tables(), Options{})
		if len(findings) != 1 || findings[0].Opportunity != nil || findings[0].Text("reason") != Win {
			t.Errorf("%+v", findings)
		}
	})
	t.Run("an event of which nobody said what is wanted", func(t *testing.T) {
		cells := arms(60, 12, 18)
		for i := range cells {
			cells[i].sums[firstEvent] = cells[i].sums[keyOrder]
			delete(cells[i].sums, keyOrder)
		}
		x := trialOf{id: "x", cells: cells, events: []string{"visit"}}
		def := Setup{Experiments: []Definition{{ID: "x", Outcomes: []string{"visit"}}}}
		m, findings := fit(t, x.tables(), Options{Setup: def})
		if r := m.row(t, "offer", "visit"); r.Verdict != Higher || findings[0].Opportunity.Effect != nil {
			t.Errorf("%s", r.Verdict)
		}
		m, _ = fit(t, x.tables(), Options{Setup: def, Goals: map[string][]string{"traffic": {"visit"}}})
		if r := m.row(t, "offer", "visit"); r.Verdict != Win {
			t.Errorf("%s", r.Verdict)
		}
	})
	t.Run("every pair without a reference", func(t *testing.T) {
		x := trialOf{id: "x", cells: append(append(even("a", 30, 9), even("b", 30, 9)...), even("c", 30, 9)...)}
		m, _ := fit(t, x.tables(), Options{})
		if len(m.Rows) != 6 || !m.Rows[0].Has("all_pairs") || !m.Rows[0].Has("several_arms") {
			t.Errorf("%d rows, %v", len(m.Rows), m.Rows[0].Caveats)
		}
	})
	t.Run("an arm out of the test", func(t *testing.T) {
		m, _ := fit(t, trialOf{id: "x", cells: arms(30, 9, 9), out: []string{"not_in_test"}}.tables(), Options{})
		if len(m.Rows) != 2 || !m.Rows[0].Has("out_of_test") || m.Arms[1].Role != roleOut {
			t.Errorf("%d rows, %v, %+v", len(m.Rows), m.Rows[0].Caveats, m.Arms)
		}
	})
}

// Relabelling the arms turns the sign, the order of rows changes nothing, and money in another zero point has the same effect.
func TestMetamorphic(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		var cells []cell
		for _, arm := range []string{"a", "b"} {
			for b := range int64(Buckets) {
				n := rng.Int64N(6)
				if n == 0 {
					continue
				}
				var s sums
				for range n {
					y, x := rng.Int64N(900), rng.Int64N(900)
					s = s.plus(sums{y, x, y * y, x * x, y * x}, 1)
				}
				cells = append(cells, cell{arm: arm, bucket: b, n: n, sums: map[int64]sums{keyRevenue: s, keyOrder: binary(min(n, rng.Int64N(3)), 0, 0)}})
			}
		}
		def := func(reference string) Options {
			return Options{Setup: Setup{Experiments: []Definition{{ID: "x", Reference: reference, Outcomes: []string{Revenue}}}}}
		}
		m1, _ := fit(t, trialOf{id: "x", cells: cells}.tables(), def("a"))
		m2, _ := fit(t, trialOf{id: "x", cells: cells}.tables(), def("b"))
		r1, r2 := m1.row(t, "b", Revenue), m2.row(t, "a", Revenue)
		near(t, "sign", r1.Adjusted.Value, -r2.Adjusted.Value, 1e-9)
		near(t, "se", r1.AdjustedSE, r2.AdjustedSE, 1e-9)
		near(t, "p", r1.AdjustedP, r2.AdjustedP, 1e-9)
		shuffled := slices.Clone(cells)
		rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		m3, _ := fit(t, trialOf{id: "x", cells: shuffled}.tables(), def("a"))
		if fmt.Sprint(m1.Tables(def("a"))) != fmt.Sprint(m3.Tables(def("a"))) {
			t.Error("the order of rows changes the result")
		}
		const more = 500
		moved := slices.Clone(cells)
		for i, c := range moved {
			s := c.sums[keyRevenue]
			s.yy, s.yx, s.y = s.yy+2*more*s.y+more*more*c.n, s.yx+more*s.x, s.y+more*c.n
			moved[i].sums = map[int64]sums{keyRevenue: s, keyOrder: c.sums[keyOrder]}
		}
		r4 := func() *Row {
			m, _ := fit(t, trialOf{id: "x", cells: moved}.tables(), def("a"))
			return m.row(t, "b", Revenue)
		}()
		near(t, "shifted effect", r4.Adjusted.Value, r1.Adjusted.Value, 1e-7)
		near(t, "shifted se", r4.AdjustedSE, r1.AdjustedSE, 1e-7)
	})
}

// Any reduced tables give words and numbers, never a NaN or a panic.
func TestAnything(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		draw := func(name string, most int) int64 { return int64(rapid.IntRange(0, most).Draw(rt, name)) }
		names := []string{"control", "a", "b", "not_in_test"}
		var cells []cell
		for range rapid.IntRange(0, 40).Draw(rt, "cells") {
			n := draw("n", 60)
			y, x := min(n, draw("y", 60)), min(n, draw("x", 60))
			c := cell{arm: names[draw("arm", 2)], state: draw("state", 4), bucket: draw("bucket", 99), n: n, sums: map[int64]sums{}, stage: []string{"", "new", "lost"}[draw("stage", 2)]}
			if slices.ContainsFunc(cells, func(o cell) bool { return o.arm == c.arm && o.state == c.state && o.bucket/2 == c.bucket/2 }) {
				continue
			}
			if draw("order", 1) == 1 {
				c.sums[keyOrder] = binary(y, x, min(x, y))
				c.sums[keyRevenue] = sums{100 * y, 10 * x, 10000 * y, 100 * x, 1000 * min(x, y)}
			}
			if draw("visit", 1) == 1 {
				c.sums[firstEvent] = binary(x, y, min(x, y))
			}
			if draw("tenure", 1) == 1 {
				c.sums[keyTenure] = sums{x: 7 * n, xx: 49*n + draw("more", 500)}
			}
			cells = append(cells, c)
		}
		x := trialOf{id: "x", scenario: "s", cells: cells, events: []string{"visit"}, recent: draw("recent", 3), switched: map[string]int64{"a": draw("switched", 2)}, cap: draw("cap", 1) * 300}
		def := Definition{ID: "x"}
		if draw("configured", 1) == 1 {
			def.Reference, def.Outcomes = names[draw("reference", 3)], []string{"visit", "never", Orders}
			def.Shares = map[string]float64{"control": 1, "a": 2, "c": 1}
		}
		fit(t, x.tables(), Options{Setup: Setup{Experiments: []Definition{def}}, MinCustomers: 10})
	})
}

// A stage in which the offer works the other way is found, and its effect is pulled to the mean.
func TestGroups(t *testing.T) {
	var cells []cell
	rng := rand.New(rand.NewPCG(5, 5))
	for b := range int64(Buckets) {
		for _, stage := range []string{"new", "active", "at_risk", "lost", "lead"} {
			for _, arm := range []string{"control", "offer"} {
				y := 20 + rng.Int64N(5)
				if arm == "offer" {
					y += 6
					if stage == "lost" {
						y -= 14
					}
				}
				cells = append(cells, cell{arm: arm, bucket: b, n: 100, stage: stage, sums: map[int64]sums{keyOrder: binary(y, 20, 4)}})
			}
		}
	}
	m, findings := fit(t, trialOf{id: "x", cells: cells}.tables(), Options{})
	var lost GroupRow
	for _, g := range m.Groups {
		if g.Outcome == Order && g.Value == "lost" {
			lost = g
		}
	}
	if lost.Verdict != differs || math.Abs(lost.Shrunk.Value) > math.Abs(lost.Effect.Value) {
		t.Errorf("%+v", lost)
	}
	if findings[0].Text("group") != "lost" {
		t.Errorf("group %q", findings[0].Text("group"))
	}
}

func TestPlannedSplit(t *testing.T) {
	for _, c := range []struct {
		n         []int64
		reference int
		want      []float64
	}{
		{[]int64{1000, 1010}, 0, []float64{.5, .5}}, {[]int64{100, 905}, 0, []float64{.1, .9}}, {[]int64{905, 100}, 1, []float64{.9, .1}}, {[]int64{330, 340, 335}, 0, []float64{1. / 3, 1. / 3, 1. / 3}},
		{[]int64{100, 455, 448}, 0, []float64{.1, .45, .45}}, {[]int64{500, 252, 249}, 0, []float64{.5, .25, .25}}, {[]int64{500, 252, 249}, -1, []float64{1. / 3, 1. / 3, 1. / 3}}, {[]int64{0, 0}, 0, []float64{.5, .5}},
	} {
		got := suffstat.NearestPlannedSplit(c.n, c.reference)
		for i := range c.want {
			near(t, fmt.Sprint(c.n, c.reference), got[i], c.want[i], 1e-12)
		}
	}
	if suffstat.NearestPlannedSplit([]int64{5}, 0) != nil {
		t.Error("one arm has no split")
	}
}

// Nobody of the reference arm ordered: that is not certainty.
func TestBaselineOfZeroIsOpen(t *testing.T) {
	buckets := make([]suffstat.Arms, 20)
	for i := range buckets {
		buckets[i] = suffstat.Arms{suffstat.ComomentsOf([]float64{1, 0, 0}, nil), suffstat.ComomentsOf([]float64{0, 0, 0, 0}, nil)}
	}
	// Wilson at 0 of 80: z^2/(n + z^2) = 3.8415/83.8415.
	if e := baseline(buckets, "share"); e.Value != 0 || e.Lower != 0 || e.Upper < .0458 || e.Upper > .06 {
		t.Errorf("baseline %+v", e)
	}
}
