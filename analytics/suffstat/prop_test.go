package suffstat

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func drawCells(t *rapid.T, n int, most int64) Cells {
	return Cells(rapid.SliceOfN(rapid.Int64Range(0, most), n, n).Draw(t, "cells"))
}

func drawBuckets(t *rapid.T, n int, most int64) []Cells {
	g := rapid.IntRange(1, 30).Draw(t, "buckets")
	out := make([]Cells, g)
	for i := range out {
		if rapid.IntRange(0, 5).Draw(t, "empty") > 0 {
			out[i] = drawCells(t, n, most)
		}
	}
	return out
}

func drawTable(t *rapid.T) LifeTable {
	var spells []Spell
	for range rapid.IntRange(0, 12).Draw(t, "spells") {
		entry := rapid.IntRange(1, 6).Draw(t, "entry")
		spells = append(spells, Spell{entry, entry + rapid.IntRange(-1, 8).Draw(t, "length"), rapid.IntRange(-1, 1).Draw(t, "cause"), rapid.Int64Range(0, 5).Draw(t, "n")})
	}
	return NewLifeTable(spells, 2)
}

func drawTables(t *rapid.T) []LifeTable {
	out := make([]LifeTable, rapid.IntRange(1, 25).Draw(t, "buckets"))
	for i := range out {
		out[i] = drawTable(t)
	}
	return out
}

func shuffled[S any](t *rapid.T, in []S) []S {
	return rapid.Permutation(in).Draw(t, "order")
}

// semigroup holds that Merge is commutative and associative and leaves its arguments alone.
func semigroup[S State[S]](t *rapid.T, draw func(*rapid.T) S, same func(a, b S) bool) {
	a, b, c := draw(t), draw(t), draw(t)
	before := fmt.Sprintf("%v %v %v", a, b, c)
	if x, y := a.Merge(b), b.Merge(a); !same(x, y) {
		t.Fatalf("not commutative: %v and %v", x, y)
	}
	if x, y := a.Merge(b).Merge(c), a.Merge(b.Merge(c)); !same(x, y) {
		t.Fatalf("not associative: %v and %v", x, y)
	}
	if after := fmt.Sprintf("%v %v %v", a, b, c); after != before {
		t.Fatalf("merge changed its arguments: %s, then %s", before, after)
	}
}

func equal[S any](a, b S) bool { return cmp.Equal(a, b) }

func close2(a, b float64) bool {
	return a == b || math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 1e-9*math.Max(1, math.Max(math.Abs(a), math.Abs(b)))
}

func drawValues(t *rapid.T) []float64 {
	return rapid.SliceOfN(rapid.Float64Range(-1e6, 1e6), 0, 8).Draw(t, "values")
}

func TestMergeIsCommutativeAndAssociative(t *testing.T) {
	t.Run("Ratio", rapid.MakeCheck(func(t *rapid.T) {
		semigroup(t, func(t *rapid.T) Ratio {
			return Ratio{rapid.Int64Range(-9, 1e12).Draw(t, "num"), rapid.Int64Range(0, 1e12).Draw(t, "den")}
		}, equal)
	}))
	t.Run("Cells", rapid.MakeCheck(func(t *rapid.T) {
		semigroup(t, func(t *rapid.T) Cells {
			if rapid.Bool().Draw(t, "nil") {
				return nil
			}
			return drawCells(t, 4, 1e15)
		}, equal)
	}))
	t.Run("Moments", rapid.MakeCheck(func(t *rapid.T) {
		semigroup(t, func(t *rapid.T) Moments { return MomentsOf(drawValues(t)) }, func(a, b Moments) bool {
			return a.N == b.N && math.Abs(a.Mean-b.Mean) < 1e-6 && math.Abs(a.M2-b.M2) <= 1e-9*(1+math.Max(a.M2, 1e6))
		})
	}))
	t.Run("LifeTable", rapid.MakeCheck(func(t *rapid.T) { semigroup(t, drawTable, equal) }))
	t.Run("Strata", rapid.MakeCheck(func(t *rapid.T) {
		semigroup(t, func(t *rapid.T) Strata {
			return Strata{{drawTable(t), drawTable(t)}, {drawTable(t), drawTable(t)}}[:rapid.IntRange(0, 2).Draw(t, "strata")]
		}, func(a, b Strata) bool { return fmt.Sprint(a) == fmt.Sprint(b) })
	}))
}

func TestMomentsOfPartsAreMomentsOfAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawValues(t), drawValues(t)
		got, want := MomentsOf(a).Merge(MomentsOf(b)), MomentsOf(append(slices.Clone(a), b...))
		if got.N != want.N || math.Abs(got.Mean-want.Mean) > 1e-6 || math.Abs(got.M2-want.M2) > 1e-9*(1+want.M2) {
			t.Fatalf("%v, want %v", got, want)
		}
	})
	// The sum of squares would give 14510 or 0 here.
	near(t, "variance at mean 1e9", MomentsOf([]float64{1e9, 1e9 + 1, 1e9 + 2}).Variance(), 1, 1e-12)
}

func ratio(c Cells) []float64 {
	return []float64{float64(c[0]) / float64(c[1]), float64(c[2]) / float64(c[1])}
}

// The order of buckets and buckets without customers change nothing.
func TestOrderAndEmptyBucketsChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		buckets := drawBuckets(t, 8, 50)
		other := shuffled(t, append(slices.Clone(buckets), nil, make(Cells, 8)))
		a, b := JackknifeVec(buckets, ratio), JackknifeVec(other, ratio)
		if a.Buckets() != b.Buckets() {
			t.Fatalf("%d and %d buckets", a.Buckets(), b.Buckets())
		}
		if a.Buckets() > 0 && (!close2(a.Value[0], b.Value[0]) || !close2(a.SE(0), b.SE(0)) || !close2(a.Cov(0, 1), b.Cov(0, 1))) {
			t.Fatalf("jackknife %v, then %v", a, b)
		}
		x, y := ClusteredX2(buckets, Stack{2, 2, 2}), ClusteredX2(other, Stack{2, 2, 2})
		if !close2(x.X2, y.X2) || !close2(x.Delta, y.Delta) || !close2(x.P, y.P) {
			t.Fatalf("clustered X2 %+v, then %+v", x, y)
		}
		rate := func(in []Cells) (out []Ratio) {
			for _, c := range in {
				if c == nil {
					c = make(Cells, 8)
				}
				out = append(out, Ratio{c[0], c[0] + c[1]})
			}
			return out
		}
		p, q := Rate(rate(buckets), 20, .95), Rate(rate(other), 20, .95)
		if !close2(p.Lower, q.Lower) || !close2(p.Upper, q.Upper) || !close2(p.NEff, q.NEff) {
			t.Fatalf("rate %+v, then %+v", p, q)
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		buckets := drawTables(t)
		a, b := SurvivalCurve(buckets, .95), SurvivalCurve(shuffled(t, append(slices.Clone(buckets), LifeTable{})), .95)
		for k := range a {
			if !close2(a[k].Value, b[k].Value) || !close2(a[k].Lower, b[k].Lower) || !close2(a[k].Upper, b[k].Upper) {
				t.Fatalf("S(%d) %+v, then %+v", k, a[k], b[k])
			}
		}
	})
}

func twice(c Cells) Cells { return c.Merge(c) }

// Duplicating every customer keeps estimates; in the same buckets it adds no information at all, in new buckets the error shrinks by sqrt 2.
func TestDuplicatingCustomers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		buckets := drawBuckets(t, 8, 50)
		var same []Cells
		for _, b := range buckets {
			same = append(same, twice(b))
		}
		a, b, c := JackknifeVec(buckets, ratio), JackknifeVec(same, ratio), JackknifeVec(append(slices.Clone(buckets), buckets...), ratio)
		if a.Buckets() == 0 {
			return
		}
		if !close2(a.Value[0], b.Value[0]) || !close2(a.SE(0), b.SE(0)) {
			t.Fatalf("same buckets: %g +/- %g, then %g +/- %g", a.Value[0], a.SE(0), b.Value[0], b.SE(0))
		}
		if !close2(a.Value[0], c.Value[0]) {
			t.Fatalf("new buckets: %g, then %g", a.Value[0], c.Value[0])
		}
		x, y := ClusteredX2(buckets, Stack{2, 2, 2}), ClusteredX2(same, Stack{2, 2, 2})
		if !close2(2*x.X2, y.X2) || !close2(x.F, y.F) || !close2(x.P, y.P) {
			t.Fatalf("clustered X2 %+v, then %+v", x, y)
		}
	})
	var buckets []Cells
	for g := range int64(100) {
		buckets = append(buckets, Cells{g%7 + g%3, 20 + g%5, 1})
	}
	a, b := JackknifeVec(buckets, ratio), JackknifeVec(append(slices.Clone(buckets), buckets...), ratio)
	near(t, "se with all customers twice", b.SE(0), a.SE(0)/math.Sqrt2, .01)
}

// With one customer per bucket and the mean, the jackknife variance is s^2/n exactly.
func TestJackknifeIdentity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := rapid.SliceOfN(rapid.Float64Range(-1e3, 1e3), 2, 40).Draw(t, "y")
		var one []Moments
		for _, v := range y {
			one = append(one, MomentsOf([]float64{v}))
		}
		r := JackknifeVec(one, func(m Moments) []float64 { return []float64{m.Mean} })
		m := MomentsOf(y)
		want := m.Variance() / float64(m.N)
		if math.Abs(r.Cov(0, 0)-want) > 1e-7*(1+want) {
			t.Fatalf("se^2 %g, want %g", r.Cov(0, 0), want)
		}
	})
}

func TestRateStaysInRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var buckets []Ratio
		for range rapid.IntRange(0, 25).Draw(t, "buckets") {
			den := rapid.Int64Range(0, 30).Draw(t, "den")
			buckets = append(buckets, Ratio{rapid.Int64Range(0, den).Draw(t, "num"), den})
		}
		r := Rate(buckets, rapid.Int64Range(0, 100).Draw(t, "customers"), .95)
		if r.Trials == 0 {
			if !math.IsNaN(r.Value) || !errors.Is(r.Warnings[0], ErrNoData) {
				t.Fatalf("no trials: %+v", r)
			}
			return
		}
		if !(0 <= r.Lower && r.Lower <= r.Value+1e-12 && r.Value <= r.Upper+1e-12 && r.Upper <= 1) || !(r.NEff > 0) || r.NEff > float64(r.Trials) {
			t.Fatalf("%+v", r)
		}
	})
}

func TestLifeTableAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := drawTable(t)
		s, f, g := table.Survival(), table.Incidence(0), table.Incidence(1)
		for k := range s {
			if !close2(s[k]+f[k]+g[k], 1) {
				t.Fatalf("S+F+F(%d) = %g", k, s[k]+f[k]+g[k])
			}
			if k > 0 && (s[k] > s[k-1] || f[k] < f[k-1]) || s[k] < 0 {
				t.Fatalf("not monotone at %d: %v %v", k, s, f)
			}
		}
		all, exits, lost := table.Spells()
		if all != exits+lost {
			t.Fatalf("%d spells, %d exits, %d censored", all, exits, lost)
		}
		if n := table.AtRisk(); len(n) > 0 && n[len(n)-1] != table.exits(len(n)-1)+table.Lost[len(n)-1] {
			t.Fatalf("at the last age %d are at risk", n[len(n)-1])
		}
		for tau := range table.Ages() + 2 {
			if m := table.RMST(tau); m < 0 || m > float64(tau) {
				t.Fatalf("rmst(%d) = %g", tau, m)
			}
		}
		whole, _, _ := table.CauseSpecific(0).Spells()
		if whole != all {
			t.Fatalf("cause-specific table has %d of %d spells", whole, all)
		}
	})
}

func TestCurvesStayInRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		buckets := drawTables(t)
		check := func(what string, e Estimate, hi float64) {
			for _, v := range []float64{e.Value, e.Lower, e.Upper} {
				if math.IsInf(v, 0) || v < 0 || v > hi {
					t.Fatalf("%s: %+v", what, e)
				}
			}
			if math.IsNaN(e.Value) && len(e.Warnings) == 0 || e.Lower > e.Value+1e-9 || e.Upper < e.Value-1e-9 {
				t.Fatalf("%s: %+v", what, e)
			}
			if math.IsNaN(e.Upper) && len(e.Warnings) == 0 {
				t.Fatalf("%s has no upper end and no warning: %+v", what, e)
			}
		}
		for k, e := range SurvivalCurve(buckets, .95) {
			check(fmt.Sprintf("S(%d)", k), e, 1)
		}
		for k, e := range IncidenceCurve(buckets, 1, .95) {
			check(fmt.Sprintf("F(%d)", k), e, 1)
		}
		check("rmst", RMST(buckets, 4, .95), 4)
		check("median", Median(buckets, .95), 100)
	})
}

func TestLogRankOfSwappedGroups(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var ab, ba []Strata
		for range rapid.IntRange(1, 20).Draw(t, "buckets") {
			p := Pair{drawTable(t), drawTable(t)}
			ab, ba = append(ab, Strata{p}), append(ba, Strata{{p.B, p.A}})
		}
		x, y := ClusteredLogRank(ab, 0), ClusteredLogRank(ba, 0)
		if !close2(x.U, -y.U) || !close2(x.Variance, y.Variance) {
			t.Fatalf("%+v, swapped %+v", x, y)
		}
		total, _ := Merge(ab)
		if z := LogRank(total, 0); !close2(z.U, x.U) {
			t.Fatalf("U %g of the total, %g clustered", z.U, x.U)
		}
	})
}

// At a single age the log-rank statistic is Pearson's X2 of group x {stays, leaves} times (n-1)/n.
func TestLogRankAtOneAgeIsX2(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Cells(rapid.SliceOfN(rapid.Int64Range(1, 50), 4, 4).Draw(t, "cells"))
		table := func(leave, stay int64) LifeTable {
			return NewLifeTable([]Spell{{1, 1, 0, leave}, {1, 1, Censored, stay}}, 1)
		}
		x2 := TestIndependence(c, Stack{1, 2, 2}).X2
		n := float64(c.Sum())
		if got := LogRank(Strata{{table(c[0], c[1]), table(c[2], c[3])}}, 0).Statistic; !close2(got, x2*(n-1)/n) {
			t.Fatalf("%g, want %g", got, x2*(n-1)/n)
		}
	})
}

// At a single age the clustered log-rank statistic is the clustered X2 of group x {leaves, stays}, exactly.
func TestClusteredLogRankAtOneAgeIsClusteredX2(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var pairs []Strata
		var tables []Cells
		for range rapid.IntRange(2, 6).Draw(t, "buckets") {
			c := Cells(rapid.SliceOfN(rapid.Int64Range(1, 50), 4, 4).Draw(t, "cells"))
			table := func(leave, stay int64) LifeTable {
				return NewLifeTable([]Spell{{1, 1, 0, leave}, {1, 1, Censored, stay}}, 1)
			}
			pairs, tables = append(pairs, Strata{{table(c[0], c[1]), table(c[2], c[3])}}), append(tables, c)
		}
		got, want := ClusteredLogRank(pairs, 0), ClusteredX2(tables, Stack{1, 2, 2})
		if !math.IsNaN(want.F) && !(math.Abs(got.Statistic-want.F) <= 1e-6*(1+want.F)) || !math.IsNaN(want.P) && math.Abs(got.P-want.P) > 1e-6 {
			t.Fatalf("%+v, want %+v", got, want)
		}
	})
}

func TestMultiplicityProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOfN(rapid.Float64Range(0, 1), 1, 20).Draw(t, "p")
		bh, by, holm := BH(p), BY(p), Holm(p)
		for i := range p {
			if bh[i] < p[i]-1e-12 || by[i] < bh[i]-1e-12 || holm[i] < bh[i]-1e-12 || bh[i] > 1 || by[i] > 1 || holm[i] > 1 {
				t.Fatalf("p %g: BH %g, BY %g, Holm %g", p[i], bh[i], by[i], holm[i])
			}
			for j := range p {
				if p[i] < p[j] && (bh[i] > bh[j] || holm[i] > holm[j]) {
					t.Fatalf("order of p %g, %g turned: %g, %g", p[i], p[j], bh[i], bh[j])
				}
			}
		}
	})
}

// "p < .05" and "the 90 % interval is inside the margin" are one statement.
func TestTOSTIsTheInterval(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, se := rapid.Float64Range(-1, 1).Draw(t, "d"), rapid.Float64Range(.01, 1).Draw(t, "se")
		df, margin := float64(rapid.IntRange(3, 99).Draw(t, "df")), rapid.Float64Range(.05, 2).Draw(t, "margin")
		h := TQuantile(.95, df) * se
		if math.Abs(math.Abs(d)+h-margin) < 1e-9 {
			return
		}
		inside := d-h > -margin && d+h < margin
		if p := TOST(d, se, df, margin).P; inside != (p < .05) {
			t.Fatalf("p %g, interval %g..%g, margin %g", p, d-h, d+h, margin)
		}
	})
}

func TestMatricesAreStochastic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(2, 6).Draw(t, "k")
		p := Transitions(drawCells(t, k*k, 20), k)
		for _, row := range Power(p, rapid.IntRange(0, 5).Draw(t, "h")) {
			if !close2(sum(row), 1) {
				t.Fatalf("row %v sums to %g", row, sum(row))
			}
		}
		if pi := Stationary(p); !math.IsNaN(pi[0]) {
			if !close2(sum(pi), 1) {
				t.Fatalf("stationary %v", pi)
			}
			m := stochastic(p)
			for j := range k {
				var v float64
				for i := range k {
					v += pi[i] * m.At(i, j)
				}
				if math.Abs(v-pi[j]) > 1e-6 {
					t.Fatalf("pi P = %g at %d, pi = %v", v, j, pi)
				}
			}
		}
		// One unit of reward everywhere is worth 1/(1-gamma), whoever moves where.
		one := make([]float64, k)
		for i := range one {
			one[i] = 1
		}
		for _, v := range Values(p, one, .9) {
			if !close2(v, 10) {
				t.Fatalf("value %g of a constant reward", v)
			}
		}
		for _, n := range Visits(p, .9) {
			if !close2(sum(n), 10) {
				t.Fatalf("visits %v", n)
			}
		}
	})
}
