package rhythm

import (
	"bufio"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// oracle is testdata/oracle/rhythm.json, made by R (make_rhythm.R).
type oracle struct {
	Survreg struct {
		Days, Seen []int
		Mean, SD   float64
	}
	Frailty struct {
		Customers []struct {
			Gaps []int
			Open int
		}
		Points []parameters
		Best   parameters
	}
	Mixture struct {
		Points [][2]float64
		Fits   []struct {
			Components  int
			LogLik, BIC float64
			Weight      []float64
			Mean, SD    [][2]float64
		}
	}
	Rayleigh []struct {
		Degrees            []float64
		R, Z, P, Direction float64
	}
	Clumpiness []struct {
		N    int
		Mean float64
	}
}

type parameters struct{ Mean, Within, Between, LogLik float64 }

func readOracle(t *testing.T) (o oracle) {
	t.Helper()
	text, err := os.ReadFile("../../testdata/oracle/rhythm.json")
	if err == nil {
		err = json.Unmarshal(text, &o)
	}
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: %.10g, want %.10g", what, got, want)
	}
}

// One pause for each customer: with hardly any spread between customers the model is survreg's, so its estimates are a maximum.
func TestOracleSurvreg(t *testing.T) {
	o := readOracle(t).Survreg
	var s sample
	for i, d := range o.Days {
		y := math.Log(float64(d))
		if o.Seen[i] == 1 {
			s.done = append(s.done, pausesOf{of: 1, customers: 1, gaps: 1, sumLog: y, between: y * y})
		} else {
			s.open = append(s.open, openOf{customers: 1, open: y})
		}
	}
	at := point{o.Mean, math.Log(o.SD * o.SD), math.Log(leastVariance)}
	g, h := derivatives(func(p point) float64 { return s.logLikelihood(p.model()) }, at, s.logLikelihood(at.model()))
	near(t, "slope in the mean", g[0]/h[0][0], 0, 1e-5)
	near(t, "slope in the variance", g[1]/h[1][1], 0, 1e-5)
	if h[0][0] <= 0 || h[1][1] <= 0 {
		t.Errorf("no maximum: %v", h)
	}
}

// The closed form of the likelihood against the integral over the customer's own mean, and its maximum.
func TestOracleFrailty(t *testing.T) {
	o := readOracle(t).Frailty
	var s sample
	pauses := 0.
	for _, c := range o.Customers {
		d := pausesOf{of: len(c.Gaps), customers: 1, gaps: float64(len(c.Gaps))}
		squares := 0.
		for _, g := range c.Gaps {
			d.sumLog += math.Log(float64(g))
			squares += math.Log(float64(g)) * math.Log(float64(g))
		}
		open := openOf{customers: 1, gaps: d.gaps, open: math.Log(float64(c.Open) + .5)}
		if d.gaps > 0 {
			d.between = d.sumLog * d.sumLog / d.gaps
			d.within = squares - d.between
			open.meanLog = d.sumLog / d.gaps
			s.done = append(s.done, d)
		}
		s.open = append(s.open, open)
		pauses += d.gaps
	}
	constant := pauses / 2 * math.Log(2*math.Pi)
	for _, p := range o.Points {
		near(t, "log-likelihood", s.logLikelihood(Lognormal{p.Mean, p.Within, p.Between})-constant, p.LogLik, 1e-5)
	}
	at, best := s.maximise(s.start())
	near(t, "maximum", best-constant, o.Best.LogLik, 1e-5)
	near(t, "mean", at[0], o.Best.Mean, 1e-3)
	near(t, "within", math.Exp(at[1]), o.Best.Within, 1e-3)
	near(t, "between", math.Exp(at[2]), o.Best.Between, 1e-3)
}

// The posterior of a customer is the textbook's: prior and pauses weighed by their precision.
func TestPosterior(t *testing.T) {
	l := Lognormal{3, .4, .6}
	mean, variance := l.Posterior(4, 2)
	v := 1 / (1/.6 + 4/.4)
	near(t, "mean", mean, v*(3/.6+4*2/.4), 1e-12)
	near(t, "variance", variance, v+.4, 1e-12)
	mean, variance = l.Posterior(1, 2)
	near(t, "prior mean", mean, 3, 0)
	near(t, "prior variance", variance, 1, 1e-12)
	near(t, "prior gaps", l.PriorGaps(), .4/.6, 1e-12)
}

func TestOracleMixture(t *testing.T) {
	o := readOracle(t).Mixture
	var dots []dot
	for _, p := range o.Points {
		dots = append(dots, dot{p, 1})
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for _, want := range o.Fits[:2] {
		m, l := fitMixture(dots, want.Components, 20, rng)
		near(t, "log-likelihood", l, want.LogLik, 1e-3)
		near(t, "BIC", -2*l+float64(5*want.Components-1)*math.Log(float64(len(dots))), want.BIC, 2e-3)
		for i, c := range m {
			near(t, "weight", c.weight, want.Weight[i], 2e-3)
			for j := range 2 {
				near(t, "mean", c.mean[j], want.Mean[i][j], 2e-3)
				near(t, "sd", c.sd[j], want.SD[i][j], 2e-3)
			}
		}
	}
	// The third one of R is one of several maxima: ours must be as good.
	if _, l := fitMixture(dots, 3, 20, rng); l < o.Fits[2].LogLik-1e-3 {
		t.Errorf("three components: log-likelihood %.4f, R found %.4f", l, o.Fits[2].LogLik)
	}
	two, _ := fitMixture(dots, 2, 5, rng)
	if h := two.heaps(); h[0] == h[1] {
		t.Errorf("two heaps far apart are taken for one: %v", h)
	}
	same := mixture{{.5, [2]float64{0, 0}, [2]float64{1, 1}}, {.5, [2]float64{1, 0}, [2]float64{1, 1}}}
	if h := same.heaps(); h[0] != h[1] {
		t.Errorf("two normals that overlap have one heap: %v", h)
	}
}

func TestOracleRayleigh(t *testing.T) {
	for _, o := range readOracle(t).Rayleigh {
		z, p := Rayleigh(float64(len(o.Degrees)), o.R)
		near(t, "z", z, o.Z, 1e-9)
		near(t, "p", p, o.P, 1e-9)
		angles := make([]float64, len(o.Degrees))
		buckets := make([]suffstat.Cells, len(o.Degrees))
		for i, d := range o.Degrees {
			angles[i] = d * math.Pi / 180
			buckets[i] = make(suffstat.Cells, len(o.Degrees))
			buckets[i][i] = 1
		}
		r, _, clustered := directed(buckets, angles)
		near(t, "mean direction", math.Hypot(r.Value[0], r.Value[1]), o.R, 1e-9)
		if len(angles) >= suffstat.MinBuckets && math.Abs(math.Log(clustered/o.P)) > .7 {
			t.Errorf("one order per customer: the test over customers gives %g, Rayleigh %g", clustered, o.P)
		}
	}
}

func TestChanceClumpiness(t *testing.T) {
	for _, o := range readOracle(t).Clumpiness {
		near(t, "clumpiness by chance", chanceClumpiness(o.N), o.Mean, 1e-3)
	}
}

func TestBorders(t *testing.T) {
	for _, c := range []struct {
		rules []Stage
		want  []Border
	}{
		{[]Stage{{"new", "orders_total = 1 and recency_days <= 60"}, {"active", "orders_total > 1 and recency_days <= 60"}, {"at_risk", "recency_days <= 365"}, {"lost", "orders_total > 0"}, {"lead", "true"}},
			[]Border{{"active", "at_risk", 60}, {"at_risk", "lost", 365}}},
		{[]Stage{{"active", "Recency_Days < 31"}, {"rest", "true"}}, []Border{{"active", "", 30}}},
		{[]Stage{{"a", "90 >= recency_days"}, {"b", "recency_days between 91 and 180"}}, []Border{{"a", "b", 90}, {"b", "", 180}}},
		{[]Stage{{"a", "overdue_ratio <= 2"}, {"b", "first_recency_days <= 3"}, {"c", "recency_days <= 2 * median_gap_days"}, {"d", "recency_days > 5"}, {"e", "recency_days + 1 <= 9"}, {"f", "not recency_days <= 7"}}, nil},
		{nil, nil},
	} {
		got := Borders(c.rules)
		if len(got) != len(c.want) {
			t.Fatalf("%v: %v, want %v", c.rules, got, c.want)
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%v: %v, want %v", c.rules, got[i], c.want[i])
			}
		}
	}
}

// finite fails when a table holds what the writer refuses.
func finite(t interface{ Fatalf(string, ...any) }, m *Model) {
	for _, table := range append(m.Tables(), m.DriftTable()) {
		for _, row := range table.Rows {
			if len(row) != len(table.Columns) {
				t.Fatalf("%s: %d values for %d columns", table.Name, len(row), len(table.Columns))
			}
			for i, v := range row {
				if x, ok := v.(float64); ok && !analytics.Finite(x) {
					t.Fatalf("%s.%s is %v", table.Name, table.Columns[i], x)
				}
			}
		}
	}
	for _, f := range append(Findings(m, Options{FDR: .05}), DriftFindings(m, Options{FDR: .05})...) {
		for _, v := range f.Values {
			if v.Estimate != nil && !analytics.Finite(v.Estimate.Value) {
				t.Fatalf("%s: %s is %v", f.Kind, v.Name, v.Estimate.Value)
			}
		}
	}
}

// Whatever is ordered: a word, never a number that is none.
func TestBadWorlds(t *testing.T) {
	opt := Options{Setup: Setup{Stages: []Stage{{"active", "recency_days <= 60"}, {"lost", "true"}}}, FDR: .05}
	repeat := func(n int, days ...int) (out []buyer) {
		for i := range n {
			out = append(out, buyer{bucket: i % Buckets, days: days})
		}
		return out
	}
	for _, c := range []struct {
		name   string
		buyers []buyer
		status string
		note   string
	}{
		{"nobody", nil, NoOrders, ""},
		{"one customer, one order", repeat(1, 5), NoGaps, ""},
		{"one order each", repeat(500, 5), NoGaps, ""},
		{"all orders on one day", repeat(500, 5, 5, 5), NoGaps, ""},
		{"one customer, many orders", repeat(1, 1, 8, 15, 22, 29), FewCustomers, ""},
		{"a few customers", repeat(20, 1, 8, 15, 22, 29), FewCustomers, ""},
		{"two orders each", repeat(200, 10, 40), FewCustomers, ""},
		{"everybody like a clock", repeat(500, 1, 8, 15, 22, 29, 36, 43, 50, 57, 64, 71, 78, 85, 92), Fitted, NoVariation},
		{"orders on the last day", repeat(500, 97, 98, 99), Fitted, NoVariation},
	} {
		m := Fit(reduce(c.buyers, 100), opt)
		if m.Rhythm.Status != c.status || m.Rhythm.Note != c.note {
			t.Errorf("%s: %s, %q, want %s, %q", c.name, m.Rhythm.Status, m.Rhythm.Note, c.status, c.note)
		}
		finite(t, m)
		for _, row := range Coverage(m, opt, map[string]bool{"events": true}) {
			if row.Input == "events" && row.Present != (c.status == Fitted) {
				t.Errorf("%s: coverage %+v", c.name, row)
			}
		}
	}
}

func TestPropAnyWorld(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, end := rapid.IntRange(0, 120).Draw(t, "customers"), rapid.IntRange(1, 400).Draw(t, "days")
		var buyers []buyer
		for range n {
			b := buyer{bucket: rapid.IntRange(0, Buckets-1).Draw(t, "bucket")}
			day := rapid.IntRange(0, end-1).Draw(t, "first")
			step := rapid.IntRange(0, 40).Draw(t, "step")
			for k := 0; day < end && k < 30; k++ {
				b.days = append(b.days, day)
				day += rapid.IntRange(0, step).Draw(t, "pause")
			}
			buyers = append(buyers, b)
		}
		m := Fit(reduce(buyers, end), Options{Setup: Setup{Stages: []Stage{{"a", "recency_days <= 20"}, {"b", "recency_days <= 90"}}}, FDR: .05})
		finite(t, m)
		for _, e := range m.Curve.Returned[min(1, len(m.Curve.Returned)):] {
			if e.Value < 0 || e.Value > 1 {
				t.Fatalf("share %v", e)
			}
		}
	})
}

// Permuted customers give the same numbers; the order of the world is not data.
func TestOrderChangesNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	b := pausesWorld(rng, 800, worldDays, .05, gammas([]float64{1, 4}, 30, .6))
	one := Fit(reduce(b, worldDays), Options{FDR: .05, Seed: 3})
	rng.Shuffle(len(b), func(i, j int) { b[i], b[j] = b[j], b[i] })
	two := Fit(reduce(b, worldDays), Options{FDR: .05, Seed: 3})
	near(t, "mean", two.Rhythm.Mean, one.Rhythm.Mean, 1e-9)
	near(t, "drift", two.Drift[0].Change.Value, one.Drift[0].Change.Value, 1e-9)
	near(t, "95 %", two.Repeat95.Value, one.Repeat95.Value, 0)
}

// A border is late, right or early where the planted pauses say so.
func TestThresholds(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	c := reduce(pausesWorld(rng, 3000, worldDays, .05, lognormals(Lognormal{math.Log(20), .2, .1})), worldDays)
	for _, x := range []struct{ first, last, verdictFirst, verdictLast string }{
		{"60", "180", Late, Fits}, {"30", "90", Fits, Fits}, {"10", "25", Early, Early},
	} {
		m := Fit(c, Options{Setup: Setup{Stages: []Stage{{"active", "recency_days <= " + x.first}, {"at_risk", "recency_days <= " + x.last}, {"lost", "orders_total > 0"}}}, FDR: .05})
		if m.Thresholds[0].Verdict != x.verdictFirst || m.Thresholds[1].Verdict != x.verdictLast {
			t.Errorf("%s, %s: %s, %s (%.3f, %.3f), want %s, %s", x.first, x.last, m.Thresholds[0].Verdict, m.Thresholds[1].Verdict, m.Thresholds[0].Before.Value, m.Thresholds[1].Before.Value, x.verdictFirst, x.verdictLast)
		}
		found := 0
		for _, f := range Findings(m, Options{FDR: .05}) {
			if f.Kind == "stage_threshold" {
				found++
			}
		}
		if want := map[string]int{"60": 1, "30": 0, "10": 2}[x.first]; found != want {
			t.Errorf("%s, %s: %d findings, want %d", x.first, x.last, found, want)
		}
	}
}

// CDNOW, 2,357 customers, 18 months: dates without time, two thirds with one order. Nothing is known of the truth but the counts of the file; the block must give sober numbers and a threshold that held on the later pauses.
func TestCDNOW(t *testing.T) {
	file, err := os.Open("../../../shared/data/cdnow/CDNOW_sample.txt")
	if err != nil {
		t.Skip(err)
	}
	defer file.Close()
	start := time.Date(1997, 1, 1, 0, 0, 0, 0, time.UTC)
	by := map[string]*buyer{}
	var ids []string
	for lines := bufio.NewScanner(file); lines.Scan(); {
		f := strings.Fields(lines.Text())
		if len(f) < 4 {
			continue
		}
		day, err := time.Parse("20060102", f[2])
		if err != nil {
			t.Fatal(err)
		}
		id, err := strconv.Atoi(f[0])
		if err != nil {
			t.Fatal(err)
		}
		if by[f[0]] == nil {
			by[f[0]] = &buyer{bucket: id % Buckets}
			ids = append(ids, f[0])
		}
		by[f[0]].days = append(by[f[0]].days, int(day.Sub(start).Hours()/24))
	}
	var buyers []buyer
	for _, id := range ids {
		buyers = append(buyers, *by[id])
	}
	m := Fit(reduce(buyers, 545), Options{FDR: .05, Seed: 1})
	finite(t, m)
	if m.Rhythm.Status != Fitted || m.Rhythm.Customers != 2357 {
		t.Fatalf("%s, %d customers", m.Rhythm.Status, m.Rhythm.Customers)
	}
	t.Logf("model %+v, groups %s, 95 %% of repeat orders within %.0f days", m.Rhythm.Lognormal, m.Grouping.Kind, m.Repeat95.Value)
	for _, q := range m.Quantiles {
		t.Logf("%d pauses known: %s quantile %.3f, the model's own threshold covers %.3f of %d", q.Class, q.Source, q.Value.Value, q.Coverage, q.Pauses)
	}
	// The share who have ordered again within 30 days of an order, by the first pause of everybody alone: the estimator by customers says the same more exactly.
	first, at := 0., 0.
	for _, b := range buyers {
		for _, d := range b.days {
			if d > b.days[0] {
				if d-b.days[0] <= 30 {
					first++
				}
				break
			}
		}
		at++
	}
	near(t, "ordered again in 30 days", m.Curve.Returned[30].Value, first/at, .03)
}
