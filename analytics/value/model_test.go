package value

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"pgregory.net/rapid"
)

// oracle is testdata/oracle/value.json, made by scipy and mpmath (make_value.py).
type oracle struct {
	Cells [][]int64
	BGNBD struct {
		Params, SE    []float64
		LogLikelihood float64 `json:"log_likelihood"`
	} `json:"bg_nbd"`
	Customers []struct {
		X        float64
		Recency  float64 `json:"t"`
		Age      float64 `json:"T"`
		Span     float64
		PAlive   float64 `json:"p_alive"`
		Expected float64
	}
	Counts  []float64
	Holdout []struct {
		Repeats, Customers, Actual int64
		Expected                   float64
	}
	Active []struct {
		R, Alpha, A, B, X, T, Span, Value float64
	}
	Spend      [][]int64
	GammaGamma struct {
		Params, SE    []float64
		LogLikelihood float64 `json:"log_likelihood"`
		Correlation   float64
		Means         []struct {
			Purchases, Mean, Value float64
		}
	} `json:"gamma_gamma"`
}

func readOracle(t *testing.T) oracle {
	t.Helper()
	text, err := os.ReadFile("../../testdata/oracle/value.json")
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(text, &raw); err != nil {
		t.Fatal(err)
	}
	// "t" and "T" differ in case only, which encoding/json does not tell apart: these are read by hand.
	var o oracle
	customers := raw["customers"]
	active := raw["active"]
	delete(raw, "customers")
	delete(raw, "active")
	rest, err := json.Marshal(raw)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(rest, &o); err != nil {
		t.Fatal(err)
	}
	var maps []map[string]float64
	if err := json.Unmarshal(customers, &maps); err != nil {
		t.Fatal(err)
	}
	for _, m := range maps {
		c := struct {
			X        float64
			Recency  float64 `json:"t"`
			Age      float64 `json:"T"`
			Span     float64
			PAlive   float64 `json:"p_alive"`
			Expected float64
		}{m["x"], m["t"], m["T"], m["span"], m["p_alive"], m["expected"]}
		o.Customers = append(o.Customers, c)
	}
	maps = nil
	if err := json.Unmarshal(active, &maps); err != nil {
		t.Fatal(err)
	}
	for _, m := range maps {
		o.Active = append(o.Active, struct{ R, Alpha, A, B, X, T, Span, Value float64 }{m["r"], m["alpha"], m["a"], m["b"], m["x"], m["T"], m["span"], m["value"]})
	}
	return o
}

func (o oracle) cells() []Cell {
	var out []Cell
	for _, c := range o.Cells {
		out = append(out, Cell{c[0], c[1], c[2], c[3]})
	}
	return out
}

func near(t *testing.T, what string, got, want, relative float64) {
	t.Helper()
	if !(math.Abs(got-want) <= relative*math.Max(math.Abs(want), 1e-9)) {
		t.Errorf("%s = %.10g, want %.10g", what, got, want)
	}
}

// CDNOW, weeks 1 to 39: the paper's parameters, scipy's likelihood, standard errors, conditional expectations and counts.
func TestBGNBDOnCDNOW(t *testing.T) {
	o := readOracle(t)
	fit := FitBGNBD(o.cells())
	if fit.State != Fitted || fit.N != 2357 || fit.Repeaters != 946 {
		t.Fatalf("state %s, %d customers, %d with repeats", fit.State, fit.N, fit.Repeaters)
	}
	got := []float64{fit.R, fit.Alpha, fit.A, fit.B}
	for i, name := range []string{"r", "alpha", "a", "b"} {
		near(t, name, got[i], o.BGNBD.Params[i], 2e-4)
		near(t, "se of "+name, fit.SE[i], o.BGNBD.SE[i], 2e-3)
		near(t, name+" as published", got[i], []float64{.243, 4.414, .793, 2.426}[i], 2e-3)
	}
	near(t, "log-likelihood", fit.LogLikelihood, o.BGNBD.LogLikelihood, 1e-9)
	near(t, "log-likelihood as published", fit.LogLikelihood, -9582.4256, 1e-6)
	near(t, "LogLikelihood", fit.BGNBD.LogLikelihood(o.cells()), fit.LogLikelihood, 1e-12)
	m := BGNBD{o.BGNBD.Params[0], o.BGNBD.Params[1], o.BGNBD.Params[2], o.BGNBD.Params[3]}
	for _, c := range o.Customers {
		near(t, "p_alive", m.PAlive(c.X, c.Recency, c.Age), c.PAlive, 1e-10)
		near(t, "expected", m.Expected(c.X, c.Recency, c.Age, c.Span), c.Expected, 1e-9)
	}
	near(t, "E(Y(39) | 2, 30.43, 38.86), paper", m.Expected(2, 30.43, 38.86, 39), 1.226, 1e-3)
	counts := make([]float64, 8)
	for _, c := range o.cells() {
		for k, p := range m.Counts(float64(c.Age)/7, 7) {
			counts[k] += float64(c.N) * p
		}
	}
	for k := range counts {
		near(t, "expected customers", counts[k], o.Counts[k], 1e-8)
	}
}

// Active against mpmath with 60 digits: poles at a = 1 and a + b = 1, nearly all of the span ahead, long histories, large parameters.
func TestActive(t *testing.T) {
	for _, c := range readOracle(t).Active {
		m := BGNBD{c.R, c.Alpha, c.A, c.B}
		if got := m.Active(c.X, c.T, c.Span); !(math.Abs(got-c.Value) <= 1e-9*math.Abs(c.Value)) {
			t.Errorf("%+v at x %g, T %g, span %g: %.12g, want %.12g", m, c.X, c.T, c.Span, got, c.Value)
		}
	}
}

func TestGammaGammaOnCDNOW(t *testing.T) {
	o := readOracle(t)
	var groups []Spend
	for _, s := range o.Spend {
		groups = append(groups, Spend{s[0], float64(s[1]) / 100 / float64(s[0]), s[2]})
	}
	fit := FitGammaGamma(groups)
	if fit.State != Fitted {
		t.Fatalf("state %s", fit.State)
	}
	got := []float64{fit.P, fit.Q, fit.V}
	for i, name := range []string{"p", "q", "v"} {
		near(t, name, got[i], o.GammaGamma.Params[i], 1e-3)
		near(t, "se of "+name, fit.SE[i], o.GammaGamma.SE[i], 5e-3)
		near(t, name+" as published", got[i], []float64{6.25, 3.74, 15.44}[i], 3e-3)
	}
	near(t, "log-likelihood", fit.LogLikelihood, o.GammaGamma.LogLikelihood, 1e-8)
	near(t, "correlation", fit.Correlation, o.GammaGamma.Correlation, 1e-9)
	if fit.Verdict() != "fits" {
		t.Errorf("verdict %s of %g (%g to %g)", fit.Verdict(), fit.Correlation, fit.CorrLower, fit.CorrUpper)
	}
	m := GammaGamma{o.GammaGamma.Params[0], o.GammaGamma.Params[1], o.GammaGamma.Params[2]}
	for _, c := range o.GammaGamma.Means {
		near(t, "expected value", m.Expected(c.Purchases, c.Mean), c.Value, 1e-10)
	}
}

// The gradient is that of the likelihood, wherever.
func TestGradient(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var cells []Cell
		for range rapid.IntRange(1, 6).Draw(rt, "cells") {
			age := rapid.Int64Range(1, 700).Draw(rt, "age")
			cells = append(cells, Cell{rapid.Int64Range(0, 60).Draw(rt, "x"), rapid.Int64Range(0, age).Draw(rt, "recency"), age, rapid.Int64Range(1, 9).Draw(rt, "n")})
		}
		s := newSums(tidy(cells))
		at := make([]float64, 4)
		for i := range at {
			at[i] = rapid.Float64Range(-3, 4).Draw(rt, "log")
		}
		g, scratch := make([]float64, 4), make([]float64, 4)
		value := s.likelihood(at, g)
		for i := range at {
			const h = 1e-5
			up, down := append([]float64{}, at...), append([]float64{}, at...)
			up[i], down[i] = up[i]+h, down[i]-h
			want := (s.likelihood(up, scratch) - s.likelihood(down, scratch)) / (2 * h)
			if !(math.Abs(g[i]-want) <= 1e-4*(1+math.Abs(want))+1e-9*math.Abs(value)/h*1e-3) {
				rt.Errorf("gradient %d: %g, numeric %g", i, g[i], want)
			}
		}
	})
}

// Counts add up to one, and their mean is what Active says of a new customer.
func TestCountsAgreeWithActive(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := BGNBD{rapid.Float64Range(.1, 4).Draw(rt, "r"), rapid.Float64Range(1, 30).Draw(rt, "alpha"), rapid.Float64Range(.1, 5).Draw(rt, "a"), rapid.Float64Range(.2, 8).Draw(rt, "b")}
		age := rapid.Float64Range(.5, 20).Draw(rt, "age")
		p := m.Counts(age, 400)
		sum, mean := 0., 0.
		for k, x := range p {
			if x < 0 || x > 1 {
				rt.Fatalf("P(%d) = %g", k, x)
			}
			sum, mean = sum+x, mean+float64(k)*x
		}
		want := m.Active(0, 0, age)
		if math.Abs(sum-1) > 1e-9 || math.Abs(mean-want) > 1e-5*(1+want) {
			rt.Errorf("sum %g, mean %g, Active %g", sum, mean, want)
		}
	})
}

// More time gives more purchases; a longer silence makes it less likely that he is still a customer.
func TestForecastIsMonotone(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := BGNBD{rapid.Float64Range(.05, 10).Draw(rt, "r"), rapid.Float64Range(.1, 60).Draw(rt, "alpha"), rapid.Float64Range(.05, 20).Draw(rt, "a"), rapid.Float64Range(.05, 40).Draw(rt, "b")}
		x, age := float64(rapid.IntRange(0, 80).Draw(rt, "x")), rapid.Float64Range(0, 150).Draw(rt, "age")
		before := 0.
		for _, span := range []float64{1, 4, 13, 52, 200} {
			e := m.Active(x, age, span)
			if !finite(e) || e < before-1e-9*(1+before) {
				rt.Fatalf("Active(%g, %g, %g) = %g after %g of %+v", x, age, span, e, before, m)
			}
			before = e
		}
		last := 1.
		for _, silence := range []float64{0, .3, .6, 1} {
			p := m.PAlive(x, age*(1-silence), age)
			if p < 0 || p > last {
				rt.Fatalf("PAlive %g after %g", p, last)
			}
			last = p
		}
	})
}
