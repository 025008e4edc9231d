package value

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// counts is a small world of the model as the block's reduced tables would hold it: n customers, one currency unit of 100 minor a purchase, first purchases spread over a year.
func counts(seed uint64, m BGNBD, n int) *Counts {
	rng := rand.New(rand.NewPCG(seed, 1))
	c := &Counts{Window: Window{First: 0, End: 365, Cut: 365 - 121, Horizon: 90, Complete: true}}
	for k := range c.Ladder {
		c.Ladder[k] = make([]Step, Buckets)
	}
	spells := [Steps][Buckets][]suffstat.Spell{}
	for i := range n {
		age := rng.Int64N(365)
		b := m.simulate(rng, age, 0, true)
		x := int64(len(b.days) - 1)
		c.Cells = append(c.Cells, Cell{x, b.days[x], age, 1})
		c.Ages = append(c.Ages, AgeCell{x, age, 1, 1})
		if x > 0 {
			c.Spends = append(c.Spends, Spend{x, 20 + 30*rng.Float64(), 1})
		}
		start := 364 - age // day of the first purchase
		if start < c.Window.Cut {
			before := 0
			for _, d := range b.days {
				if start+d < c.Window.Cut {
					before++
				}
			}
			later := int64(len(b.days) - before)
			c.Holdout = append(c.Holdout, HoldoutCell{Cell{int64(before - 1), b.days[before-1], c.Window.Cut - 1 - start, 1}, later, later * later})
		}
		for k, d := range b.days {
			if k > Steps {
				break
			}
			s := &c.Ladder[k][i%Buckets]
			s.Reached++
			if start+d <= c.Window.End-91 {
				s.Whole++
				for _, e := range b.days[k:] {
					if e < d+91 {
						s.Spending += 10_000
					}
				}
			}
			if k == Steps {
				break
			}
			s.Customers++
			spell := suffstat.Spell{Entry: 1, Exit: int(age - d), Cause: suffstat.Censored, N: 1}
			if k+1 < len(b.days) {
				spell.Exit, spell.Cause = int(b.days[k+1]-d), 0
				s.Repeated++
			}
			spell.Exit = min(spell.Exit, int(c.Window.Horizon)+1)
			spells[k][i%Buckets] = append(spells[k][i%Buckets], spell)
		}
	}
	for k := range spells {
		for b := range spells[k] {
			c.Ladder[k][b].Life = suffstat.NewLifeTable(spells[k][b], 1)
		}
	}
	return c
}

var ordinary = BGNBD{R: .8, Alpha: 8, A: .7, B: 3}

func TestFitOfAWorld(t *testing.T) {
	opt := Options{Currency: "RUB", Margin: .4}
	m := Fit(counts(1, ordinary, 6000), opt)
	if m.Fit.State != Fitted || m.Verdict != Fits {
		t.Fatalf("state %s, verdict %s: %+v", m.Fit.State, m.Verdict, m.Checks)
	}
	if m.Top != 0 || m.TopVerdict != analytics.Different {
		t.Errorf("most customers are lost at place %d (%s)", m.Top, m.TopVerdict)
	}
	r := m.Ladder[0]
	if want := r.Reached * .02 * r.NextValue.Value * .4; math.Abs(r.Stake.Value-want) > 1e-9*want || !(r.Stake.Lower < want && want < r.Stake.Upper) {
		t.Errorf("stake %+v, want %g", r.Stake, want)
	}
	if want := r.Reached * (1 - r.Probability.Value); math.Abs(r.Lost-want) > 1e-9 {
		t.Errorf("lost %g, want %g", r.Lost, want)
	}
	if raw := float64(r.Repeated) / float64(r.Customers); !(r.Probability.Lower < r.Probability.Value && r.Probability.Value < r.Probability.Upper) || r.Probability.Value < .5*raw {
		t.Errorf("probability %+v beside a raw share of %g", r.Probability, raw)
	}
	f := Findings(m, opt)
	if len(f) != 1 || f[0].Subject != "1->2" || f[0].Exploratory || f[0].Opportunity.Effect != nil || f[0].Opportunity.Money != nil || f[0].Opportunity.Stake == nil || f[0].Opportunity.Grade != analytics.GradeStructural {
		t.Fatalf("findings %+v", f)
	}
	stages := map[string][]StageSums{"lost": make([]StageSums, Buckets), "active": make([]StageSums, Buckets)}
	rng := rand.New(rand.NewPCG(2, 2))
	for b := range Buckets {
		stages["lost"][b] = StageSums{Customers: 60, Buyers: 50, Alive: 20_000_000, Order: 5_000_000, Orders: 6_000_000 + rng.Int64N(500_000), Revenue: 30_000, Active: 90_000 + rng.Int64N(9_000), Buckets: 1}
		stages["active"][b] = StageSums{Customers: 40, Buyers: 40, Alive: 38_000_000, Order: 20_000_000, Orders: 30_000_000, Revenue: 150_000 + rng.Int64N(9_000), Active: 165_000 + rng.Int64N(900), Buckets: 1}
	}
	values := FitStages(m, []string{"active", "lost"}, stages, opt)
	if v := values[1]; math.Abs(v.Alive.Value-.4) > 1e-12 || math.Abs(v.Order.Value-.1) > 1e-12 || v.Buyers != 5000 || math.Abs(values[0].OrdersShare+v.OrdersShare-1) > 1e-12 {
		t.Errorf("stage %+v", v)
	}
	sf := StageFindings(m, values, opt)
	if len(sf) != 1 || sf[0].Subject != "lost" || sf[0].Exploratory {
		t.Fatalf("stage findings %+v", sf)
	}
	if o := sf[0].Opportunity; math.Abs(o.Stake.Value-5000*.02*values[1].Revenue.Value/values[1].Orders.Value*.4) > 1e-6*o.Stake.Value {
		t.Errorf("stake %+v", o.Stake)
	}
}

// All customers twice, in new buckets or not, change no estimate, and standard errors by the square root of two.
func TestTwiceTheCustomers(t *testing.T) {
	c := counts(3, ordinary, 3000)
	one := FitBGNBD(c.Cells)
	two := FitBGNBD(append(slices.Clone(c.Cells), c.Cells...))
	for i, x := range []float64{one.R, one.Alpha, one.A, one.B} {
		near(t, "parameter", []float64{two.R, two.Alpha, two.A, two.B}[i], x, 1e-4)
		near(t, "standard error", two.SE[i]*math.Sqrt2, one.SE[i], 1e-3)
	}
	near(t, "log-likelihood", two.LogLikelihood, 2*one.LogLikelihood, 1e-9)
}

// Money in another unit scales the value model and nothing else.
func TestMoneyScales(t *testing.T) {
	c := counts(4, ordinary, 3000)
	one := FitGammaGamma(c.Spends)
	scaled := slices.Clone(c.Spends)
	for i := range scaled {
		scaled[i].Mean *= 90
	}
	two := FitGammaGamma(scaled)
	near(t, "p", two.P, one.P, 1e-4)
	near(t, "q", two.Q, one.Q, 1e-4)
	near(t, "v", two.V, 90*one.V, 1e-4)
	near(t, "correlation", two.Correlation, one.Correlation, 1e-9)
}

// Where frequent customers spend more, the value model says so.
func TestCorrelatedValues(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	var groups []Spend
	for range 3000 {
		n := 1 + rng.Int64N(12)
		groups = append(groups, Spend{n, 10 + 5*float64(n) + 10*rng.Float64(), 1})
	}
	if f := FitGammaGamma(groups); f.Verdict() != "correlated" {
		t.Errorf("verdict %s of a correlation of %g", f.Verdict(), f.Correlation)
	}
}

// Purchases with the regularity of a subscription are no Poisson process: a poor or rough fit is said, never a good one.
func TestRegularPurchasesAreNoFit(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	c := &Counts{Window: Window{End: 365, Cut: 365, Horizon: 90, Complete: true}}
	for range 4000 {
		age := rng.Int64N(365)
		x := age / 30
		c.Cells = append(c.Cells, Cell{x, x * 30, age, 1})
	}
	if m := Fit(c, Options{}); m.Verdict == Fits {
		t.Errorf("verdict %s: %+v", m.Verdict, m.Checks)
	}
}

// Nothing, one customer, nobody who repeats, impossible cells: no number that is not one, and no finding but of what is there.
func TestDegenerate(t *testing.T) {
	for name, cells := range map[string][]Cell{
		"nothing": nil, "one": {{0, 0, 10, 1}}, "nobody repeats": {{0, 0, 300, 5000}}, "all on one day": {{0, 0, 0, 500}}, "impossible": {{2, 50, 10, 500}, {-1, 0, 5, 4}, {1, 5, 9, -3}},
		"all alike": {{3, 90, 100, 4000}}, "two kinds": {{0, 0, 300, 4000}, {40, 299, 300, 4000}}, "huge": {{5000, 300, 301, 60}, {0, 0, 301, 60}},
	} {
		c := &Counts{Cells: cells, Window: Window{End: 300, Cut: 200, Horizon: 90}}
		for k := range c.Ladder {
			c.Ladder[k] = make([]Step, Buckets)
		}
		for _, x := range cells {
			c.Ages = append(c.Ages, AgeCell{max(0, x.X), max(0, x.Age), max(0, x.N), max(0, x.N)})
		}
		m := Fit(c, Options{})
		for _, table := range append(m.Tables(), m.stagesTable(FitStages(m, nil, nil, Options{}))) {
			for _, row := range table.Rows {
				if len(row) != len(table.Columns) {
					t.Fatalf("%s: %s has %d values for %d columns", name, table.Name, len(row), len(table.Columns))
				}
				for i, v := range row {
					if x, ok := v.(float64); ok && !finite(x) {
						t.Errorf("%s: %s.%s is %g", name, table.Name, table.Columns[i], x)
					}
				}
			}
		}
		if f := Findings(m, Options{}); len(f) > 0 {
			t.Errorf("%s: findings %+v", name, f)
		}
		if len(Coverage(m, Options{})) != 5 {
			t.Errorf("%s: coverage %+v", name, Coverage(m, Options{}))
		}
	}
}

// Nobody leaves: the data do not tell a and b, however many customers there are, and the forecast stands all the same.
func TestNobodyLeaves(t *testing.T) {
	truth := BGNBD{R: .4, Alpha: 9}
	c := counts(7, truth, 4000)
	for _, times := range []int64{1, 250} {
		cells := slices.Clone(c.Cells)
		for i := range cells {
			cells[i].N *= times
		}
		fit := FitBGNBD(cells)
		if fit.State != OnRidge || !finite(fit.SE[0]) || finite(fit.SE[2]) {
			t.Fatalf("%d times: state %s, standard errors %v of %+v", times, fit.State, fit.SE, fit.BGNBD)
		}
		got, want := 0., 0.
		for _, x := range c.Cells {
			got += fit.Expected(float64(x.X), float64(x.Recency)/7, float64(x.Age)/7, 13)
			want += (truth.R + float64(x.X)) / (truth.Alpha + float64(x.Age)/7) * 13 // the mean of the NBD
		}
		near(t, "purchases of the next 13 weeks", got, want, .05)
	}
}
