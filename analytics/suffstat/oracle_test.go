package suffstat

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// oracle reads what R says about the counts that are in the same file (testdata/oracle/make_oracle.R).
func oracle(t *testing.T, name string, into any) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "testdata", "oracle", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// near compares with a relative tolerance; a wanted 0 may be missed by a rounding error.
func near(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if math.IsNaN(got) != math.IsNaN(want) || math.Abs(got-want) > tol*math.Abs(want) && (want != 0 || math.Abs(got) > 1e-14) {
		t.Errorf("%s = %.12g, want %.12g", what, got, want)
	}
}

func nearAll(t *testing.T, what string, got, want []float64, tol float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s has %d values, want %d", what, len(got), len(want))
		return
	}
	for i := range want {
		near(t, fmt.Sprintf("%s[%d]", what, i), got[i], want[i], tol)
	}
}

func TestOracleTails(t *testing.T) {
	var o struct {
		Normal []struct{ Z, P float64 }         `json:"normal_survival"`
		TQ     []struct{ P, DF, T float64 }     `json:"t_quantile"`
		TS     []struct{ T, DF, P float64 }     `json:"t_survival"`
		F      []struct{ X, D1, D2, P float64 } `json:"f_survival"`
		Chi    []struct{ X, DF, P float64 }     `json:"chisq_survival"`
	}
	oracle(t, "tails", &o)
	for _, c := range o.Normal {
		near(t, fmt.Sprintf("NormalSurvival(%g)", c.Z), NormalSurvival(c.Z), c.P, 1e-12)
	}
	for _, c := range o.TQ {
		near(t, fmt.Sprintf("TQuantile(%g,%g)", c.P, c.DF), TQuantile(c.P, c.DF), c.T, 1e-8)
	}
	for _, c := range o.TS {
		near(t, fmt.Sprintf("TSurvival(%g,%g)", c.T, c.DF), TSurvival(c.T, c.DF), c.P, 1e-9)
	}
	for _, c := range o.F {
		near(t, fmt.Sprintf("FSurvival(%g,%g,%g)", c.X, c.D1, c.D2), FSurvival(c.X, c.D1, c.D2), c.P, 1e-8)
	}
	for _, c := range o.Chi {
		near(t, fmt.Sprintf("ChiSquaredSurvival(%g,%g)", c.X, c.DF), ChiSquaredSurvival(c.X, c.DF), c.P, 1e-10)
	}
}

func TestOracleJackknife(t *testing.T) {
	var o struct {
		Identity struct {
			Y         []float64
			Mean, Se2 float64
			S2        float64 `json:"s2_over_n"`
		}
		Rates struct {
			Sends, Opens, Clicks []int64
			Customers            int64
			Value                []float64
			Cov                  [][]float64
			DF                   float64
			NEff                 float64                               `json:"open_neff"`
			Wilson               []float64                             `json:"open_wilson"`
			Deff                 float64                               `json:"open_deff"`
			LogRatio             struct{ Value, Lower, Upper float64 } `json:"log_ratio"`
		}
	}
	oracle(t, "jackknife", &o)
	var one []Moments
	for _, y := range o.Identity.Y {
		one = append(one, MomentsOf([]float64{y}))
	}
	r := JackknifeVec(one, func(m Moments) []float64 { return []float64{m.Mean} })
	near(t, "mean", r.Value[0], o.Identity.Mean, 1e-14)
	near(t, "se^2", r.Cov(0, 0), o.Identity.Se2, 1e-12)
	near(t, "s^2/n", r.Cov(0, 0), .94419642857142857, 1e-12)
	total, _ := Merge(one)
	near(t, "s^2/n of the total", total.Variance()/float64(total.N), o.Identity.S2, 1e-12)

	rates := o.Rates
	var cells []Cells
	var opens []Ratio
	for g := range rates.Sends {
		cells = append(cells, Cells{rates.Sends[g], rates.Opens[g], rates.Clicks[g]})
		opens = append(opens, Ratio{rates.Opens[g], rates.Sends[g]})
	}
	share := func(c Cells) []float64 {
		return []float64{float64(c[1]) / float64(c[0]), float64(c[2]) / float64(c[1]), float64(c[1])/float64(c[0]) - float64(c[2])/float64(c[1])}
	}
	r = JackknifeVec(cells, share)
	nearAll(t, "rates", r.Value, rates.Value, 1e-12)
	for i := range rates.Cov {
		for j := range rates.Cov[i] {
			near(t, fmt.Sprintf("cov[%d][%d]", i, j), r.Cov(i, j), rates.Cov[i][j], 1e-9)
		}
	}
	near(t, "df", r.DF(), rates.DF, 0)
	d := r.Difference(0, 1)
	near(t, "se of the difference", d.SE(0), math.Sqrt(rates.Cov[2][2]), 1e-10)
	est := Rate(opens, rates.Customers, .95)
	near(t, "n_eff", est.NEff, rates.NEff, 1e-8)
	near(t, "deff", est.Deff, rates.Deff, 1e-9)
	nearAll(t, "wilson n_eff", []float64{est.Lower, est.Upper}, rates.Wilson, 1e-8)
	lr := JackknifeLog(cells, func(c Cells) float64 { return share(c)[0] / share(c)[1] }, .95)
	nearAll(t, "log ratio", []float64{lr.Value, lr.Lower, lr.Upper}, []float64{rates.LogRatio.Value, rates.LogRatio.Lower, rates.LogRatio.Upper}, 1e-8)
}

func TestOracleTransitions(t *testing.T) {
	type test struct {
		Cells         Cells
		G2, X2, DF, P float64
		PX2           float64 `json:"p_x2"`
		Bits, Gain    float64
	}
	var o struct {
		Counts, Counts4       Cells
		C4                    Cells `json:"counts_4"`
		P, Power4             [][]float64
		Stationary            []float64
		Shorrocks, D4         float64
		Order, Order0, Halves test
	}
	oracle(t, "transitions", &o)
	p := Transitions(o.Counts, 3)
	golden := [][]float64{{.660584, .229927, .109489}, {.462585, .306122, .231293}, {.197628, .312253, .490119}}
	for i := range p {
		nearAll(t, "P", p[i], o.P[i], 1e-12)
		nearAll(t, "golden P", p[i], golden[i], 4e-6)
		nearAll(t, "P^4", Power(p, 4)[i], o.Power4[i], 1e-12)
	}
	nearAll(t, "stationary", Stationary(p), o.Stationary, 1e-10)
	near(t, "shorrocks", Shorrocks(p), o.Shorrocks, 1e-12)
	near(t, "golden shorrocks", Shorrocks(p), .771588, 1e-6)

	gap, _, _ := KStepGap(append(append(Cells{}, o.Counts...), o.C4...), 3, 4)
	near(t, "D_4", gap, o.D4, 1e-11)

	order := TestIndependence(o.Order.Cells, Stack{3, 3, 3})
	near(t, "order G2", order.G2, o.Order.G2, 1e-9)
	near(t, "order X2", order.X2, o.Order.X2, 1e-9)
	near(t, "order df", order.DF, 12, 0)
	near(t, "order p", order.PX2, o.Order.PX2, 1e-9)
	near(t, "order bits", order.Bits, o.Order.Bits, 1e-9)
	near(t, "order gain", order.Gain, o.Order.Gain, 1e-9)
	nearAll(t, "golden order", []float64{order.G2, order.X2, order.PX2, order.Bits}, []float64{25.8370, 26.0958, .010404, .017036}, 1e-5)
	zero := TestIndependence(o.Counts, Stack{1, 3, 3})
	near(t, "order 0 G2", zero.G2, o.Order0.G2, 1e-9)
	near(t, "order 0 df", zero.DF, 4, 0)
	half := TestIndependence(o.Halves.Cells, Stack{3, 2, 3})
	near(t, "halves G2", half.G2, o.Halves.G2, 1e-9)
	near(t, "halves df", half.DF, 6, 0)
	near(t, "halves p", half.PG2, o.Halves.P, 1e-9)
	near(t, "golden halves", half.G2, 11.2306, 1e-5)

	var z struct {
		Cells              Cells
		Slices, Rows, Cols int
		X2, DF             float64
	}
	oracle(t, "structural_zeros", &z)
	s := TestIndependence(z.Cells, Stack{z.Slices, z.Rows, z.Cols})
	near(t, "structural zeros X2", s.X2, z.X2, 1e-10)
	near(t, "structural zeros df", s.DF, z.DF, 0)
}

func TestOracleClusteredX2(t *testing.T) {
	var o struct {
		Buckets               []Cells
		Slices, Rows, Cols    int
		X2, Delta, DF, DF2, P float64
		Naive                 float64 `json:"naive_p"`
	}
	oracle(t, "clustered_x2", &o)
	got := ClusteredX2(o.Buckets, Stack{o.Slices, o.Rows, o.Cols})
	nearAll(t, "clustered X2", []float64{got.X2, got.Delta, got.DF, got.DF2, got.P}, []float64{o.X2, o.Delta, o.DF, o.DF2, o.P}, 1e-9)
	total, _ := Merge(o.Buckets)
	plain := TestIndependence(total, Stack{o.Slices, o.Rows, o.Cols})
	near(t, "plain X2", plain.X2, got.X2, 1e-12)
	near(t, "plain p", plain.PX2, o.Naive, 1e-9)
}

func TestOracleValues(t *testing.T) {
	var o struct {
		P                   [][]float64
		R, V                []float64
		N                   [][]float64
		Gamma               float64
		Derivative, Numeric float64
	}
	oracle(t, "values", &o)
	v, n := Values(o.P, o.R, o.Gamma), Visits(o.P, o.Gamma)
	nearAll(t, "V", v, o.V, 1e-12)
	nearAll(t, "golden V", v, []float64{192.83250, 169.67216, 136.93902}, 1e-7)
	for i := range n {
		nearAll(t, "N", n[i], o.N[i], 1e-11)
	}
	nearAll(t, "golden N_0", n[0], []float64{17.74852, 5.11575, 27.13572}, 1e-6)
	near(t, "derivative", ValueGap(v, n, o.Gamma, 0, 1, 2, 0), o.Derivative, 1e-11)
	near(t, "golden derivative", ValueGap(v, n, o.Gamma, 0, 1, 2, 0), 280.21839, 1e-8)
}

type km struct {
	Age, S, SE, Lower, Upper float64
}

func checkKM(t *testing.T, what string, table LifeTable, want []km) {
	t.Helper()
	got := table.KaplanMeier(.95)
	se := table.Greenwood()
	for _, w := range want {
		k := int(w.Age)
		near(t, fmt.Sprintf("%s S(%d)", what, k), got[k].Value, w.S, 1e-11)
		if w.S > 0 && w.S < 1 {
			near(t, fmt.Sprintf("%s se(%d)", what, k), se[k], w.SE, 1e-10)
			near(t, fmt.Sprintf("%s lower(%d)", what, k), got[k].Lower, w.Lower, 1e-9)
			near(t, fmt.Sprintf("%s upper(%d)", what, k), got[k].Upper, w.Upper, 1e-9)
		}
	}
}

func checkMedian(t *testing.T, what string, table LifeTable, want []*float64) {
	t.Helper()
	m := MedianOfCurve(table.KaplanMeier(.95), .95)
	for i, got := range []float64{m.Value, m.Lower, m.Upper} {
		w := math.NaN()
		if want[i] != nil {
			w = *want[i]
		}
		near(t, fmt.Sprintf("%s median[%d]", what, i), got, w, 0)
	}
}

func TestOracleSurvival(t *testing.T) {
	type group struct {
		Spells []Spell
		KM     []km
		Median []*float64
		Tau    int
		RMST   []float64
	}
	var o struct {
		Maintained, Nonmaintained group
		Logrank, Peto             struct{ Chisq, Oe, Var float64 }
		Lung                      struct {
			Male, Female      []Spell
			Chisq, Stratified float64
			Strata            []struct{ A, B []Spell }
		}
	}
	oracle(t, "survival", &o)
	for name, g := range map[string]group{"maintained": o.Maintained, "nonmaintained": o.Nonmaintained} {
		table := NewLifeTable(g.Spells, 1)
		checkKM(t, name, table, g.KM)
		checkMedian(t, name, table, g.Median)
		near(t, name+" rmst", table.RMST(g.Tau), g.RMST[0], 1e-12)
		near(t, name+" rmst se", table.RMSTSE(g.Tau), g.RMST[1], 1e-10)
	}
	m, n := NewLifeTable(o.Maintained.Spells, 1), NewLifeTable(o.Nonmaintained.Spells, 1)
	at23 := m.KaplanMeier(.95)[23]
	// The specification prints .83533; R 4.2.2 gives .835299.
	nearAll(t, "golden S(23)", []float64{at23.Value, m.Greenwood()[23], at23.Lower, at23.Upper}, []float64{.61364, .15263, .26575, .83530}, 2e-5)
	nearAll(t, "golden rmst", []float64{m.RMST(50), m.RMSTSE(50), n.RMST(50), n.RMSTSE(50)}, []float64{32.21, 4.676, 22.71, 4.181}, 2e-4)

	lr := LogRank(Strata{{m, n}}, 0)
	nearAll(t, "log-rank", []float64{lr.Statistic, lr.U, lr.Variance}, []float64{o.Logrank.Chisq, o.Logrank.Oe, o.Logrank.Var}, 1e-10)
	nearAll(t, "golden log-rank", []float64{lr.Statistic, lr.Variance}, []float64{3.39639, 4.00755}, 1e-5)
	peto := LogRank(Strata{{m, n}}, 1)
	nearAll(t, "peto", []float64{peto.Statistic, peto.U, peto.Variance}, []float64{o.Peto.Chisq, o.Peto.Oe, o.Peto.Var}, 1e-10)
	near(t, "golden peto", peto.Statistic, 2.77928, 1e-5)

	male, female := NewLifeTable(o.Lung.Male, 1), NewLifeTable(o.Lung.Female, 1)
	near(t, "lung", LogRank(Strata{{male, female}}, 0).Statistic, o.Lung.Chisq, 1e-10)
	near(t, "golden lung", LogRank(Strata{{male, female}}, 0).Statistic, 10.32674, 1e-6)
	var strata Strata
	for _, s := range o.Lung.Strata {
		strata = append(strata, Pair{NewLifeTable(s.A, 1), NewLifeTable(s.B, 1)})
	}
	near(t, "lung stratified", LogRank(strata, 0).Statistic, o.Lung.Stratified, 1e-10)
	near(t, "golden lung stratified", LogRank(strata, 0).Statistic, 8.52447, 1e-6)
	near(t, "log-rank p", lr.P, ChiSquaredSurvival(o.Logrank.Chisq, 1), 1e-9)
}

func TestOracleDelayedEntry(t *testing.T) {
	var o struct {
		Spells    []Spell
		KM        []km
		Median    []*float64
		Incidence struct{ Age, F1, F2 []float64 }
	}
	oracle(t, "delayed_entry", &o)
	table := NewLifeTable(o.Spells, 2)
	checkKM(t, "delayed", table, o.KM)
	checkMedian(t, "delayed", table, o.Median)
	f1, f2, s := table.Incidence(0), table.Incidence(1), table.Survival()
	for i, age := range o.Incidence.Age {
		k := int(age)
		near(t, fmt.Sprintf("F1(%d)", k), f1[k], o.Incidence.F1[i], 1e-11)
		near(t, fmt.Sprintf("F2(%d)", k), f2[k], o.Incidence.F2[i], 1e-11)
		near(t, fmt.Sprintf("S+F1+F2(%d)", k), s[k]+f1[k]+f2[k], 1, 1e-12)
	}
}

func TestOracleCompetingRisks(t *testing.T) {
	var o struct {
		Tiny struct {
			Time, Event []int
			At6         []float64
		}
		Mgus2 struct {
			Spells     []Spell
			Ages       []int
			Pcm, Death []float64
			PcmSE      []float64 `json:"pcm_se"`
			DeathSE    []float64 `json:"death_se"`
			OneMinusKM []float64 `json:"one_minus_km"`
		}
	}
	oracle(t, "competing", &o)
	var tiny []Spell
	for i := range o.Tiny.Time {
		tiny = append(tiny, Spell{1, o.Tiny.Time[i], o.Tiny.Event[i] - 1, 1})
	}
	table := NewLifeTable(tiny, 2)
	nearAll(t, "tiny", []float64{table.Survival()[6], table.Incidence(0)[6], table.Incidence(1)[6]}, o.Tiny.At6, 1e-12)

	m := NewLifeTable(o.Mgus2.Spells, 2)
	pcm, death, pcmSE, deathSE := m.Incidence(0), m.Incidence(1), m.IncidenceSE(0), m.IncidenceSE(1)
	alone := m.CauseSpecific(0).Survival()
	near(t, "golden pcm se(240)", pcmSE[240], .0097848, 1e-5)
	golden := []float64{.0094013, .0341037, .0637222, .0998137}
	wrong := []float64{.0102821, .0421539, .0952217, .2095616}
	for i, k := range o.Mgus2.Ages {
		near(t, fmt.Sprintf("pcm(%d)", k), pcm[k], o.Mgus2.Pcm[i], 1e-11)
		near(t, fmt.Sprintf("death(%d)", k), death[k], o.Mgus2.Death[i], 1e-11)
		near(t, fmt.Sprintf("golden pcm(%d)", k), pcm[k], golden[i], 1e-5)
		near(t, fmt.Sprintf("1-KM(%d)", k), 1-alone[k], o.Mgus2.OneMinusKM[i], 1e-10)
		near(t, fmt.Sprintf("golden 1-KM(%d)", k), 1-alone[k], wrong[i], 1e-5)
		near(t, fmt.Sprintf("pcm se(%d)", k), pcmSE[k], o.Mgus2.PcmSE[i], 1e-9)
		near(t, fmt.Sprintf("death se(%d)", k), deathSE[k], o.Mgus2.DeathSE[i], 1e-9)
	}
}

func TestOracleRates(t *testing.T) {
	type ends struct{ Value, Lower, Upper float64 }
	var o struct {
		Wilson []struct {
			X, N         int64
			Lower, Upper float64
		}
		Wilson90 []float64
		Newcombe struct {
			X1, N1, X2, N2 int64
			Lower, Upper   float64
		}
		RelativeRisk ends `json:"relative_risk"`
		Cav, Tail    struct{ A, B, Lower, Upper float64 }
		BetaTail     struct{ A, B, Lower, Upper float64 } `json:"beta_tail"`
	}
	oracle(t, "rates", &o)
	for _, c := range o.Wilson {
		e := Wilson(c.X, c.N, .95)
		nearAll(t, fmt.Sprintf("wilson %d/%d", c.X, c.N), []float64{e.Lower, e.Upper}, []float64{c.Lower, c.Upper}, 1e-9)
	}
	e := Wilson(81, 263, .90)
	nearAll(t, "wilson 90 %", []float64{e.Lower, e.Upper}, o.Wilson90, 1e-9)
	golden := Wilson(81, 263, .95)
	nearAll(t, "golden wilson", []float64{golden.Lower, golden.Upper}, []float64{.255289, .366210}, 2e-6)
	d := NewcombeDifference(56, 70, 48, 80, .95)
	nearAll(t, "newcombe", []float64{d.Lower, d.Upper}, []float64{o.Newcombe.Lower, o.Newcombe.Upper}, 1e-9)
	nearAll(t, "golden newcombe", []float64{d.Lower, d.Upper}, []float64{.052431, .333873}, 1e-5)
	rr := RelativeRisk(56, 70, 48, 80, .95)
	nearAll(t, "relative risk", []float64{rr.Value, rr.Lower, rr.Upper}, []float64{o.RelativeRisk.Value, o.RelativeRisk.Lower, o.RelativeRisk.Upper}, 1e-9)
	nearAll(t, "golden relative risk", []float64{rr.Value, rr.Lower, rr.Upper}, []float64{1.33333, 1.07663, 1.65125}, 1e-5)
	for _, c := range []struct{ A, B, Lower, Upper float64 }{o.Cav, o.BetaTail} {
		b := BetaInterval(c.A, c.B, .95)
		nearAll(t, fmt.Sprintf("beta(%g,%g)", c.A, c.B), []float64{b.Lower, b.Upper}, []float64{c.Lower, c.Upper}, 1e-8)
	}
	b := BetaInterval(204.5, 1560.5, .95)
	nearAll(t, "golden beta", []float64{b.Lower, b.Upper}, []float64{.101355, .131198}, 1e-5)
}

func TestOracleMultiplicity(t *testing.T) {
	var o struct{ P, BH, BY, Holm, P2, BH2, BY2, Holm2 []float64 }
	oracle(t, "multiplicity", &o)
	nearAll(t, "BH", BH(o.P), o.BH, 1e-12)
	nearAll(t, "BY", BY(o.P), o.BY, 1e-12)
	nearAll(t, "Holm", Holm(o.P), o.Holm, 1e-12)
	nearAll(t, "BH ties", BH(o.P2), o.BH2, 1e-12)
	nearAll(t, "BY ties", BY(o.P2), o.BY2, 1e-12)
	nearAll(t, "Holm ties", Holm(o.P2), o.Holm2, 1e-12)
	nearAll(t, "golden BH", BH(o.P)[:9], []float64{.0015, .003, .0095, .035625, .0603, .063857, .063857, .0645, .0765}, 1e-5)
	near(t, "golden BY", BY(o.P)[0], .004977, 1e-4)
	nearAll(t, "golden Holm", Holm(o.P)[:4], []float64{.0015, .0056, .0247, .1140}, 1e-9)
	// A comparison that could not be made is not in the family.
	p := append([]float64{math.NaN()}, o.P...)
	for name, f := range map[string]func([]float64) []float64{"BH": BH, "BY": BY, "Holm": Holm} {
		q := f(p)
		nearAll(t, name+" with NaN", q[1:], f(o.P), 0)
		if !math.IsNaN(q[0]) {
			t.Errorf("%s of NaN = %g", name, q[0])
		}
	}
	near(t, "FCR level", FCRLevel(.05, 4, 15), 1-4*.05/15, 1e-15)
}

func TestOracleTOST(t *testing.T) {
	var o struct {
		Means struct {
			M1, S1, M2, S2, Margin, DF float64
			N1, N2                     int64
			T, P                       []float64
		}
		Proportions struct {
			X1, X2, N int64
			Margin    float64
			Z, P      []float64
		}
	}
	oracle(t, "tost", &o)
	m := o.Means
	e := TOSTMeans(Moments{m.N1, m.M1, m.S1 * m.S1 * float64(m.N1-1)}, Moments{m.N2, m.M2, m.S2 * m.S2 * float64(m.N2-1)}, m.Margin)
	nearAll(t, "tost means", []float64{e.TLower, e.TUpper, e.DF, e.PLower, e.PUpper, e.P}, []float64{m.T[0], m.T[1], m.DF, m.P[0], m.P[1], max(m.P[0], m.P[1])}, 1e-8)
	nearAll(t, "golden tost means", []float64{e.TLower, e.TUpper, e.DF}, []float64{3.48941, -3.03245, 181.134}, 1e-5)
	p := o.Proportions
	e = TOSTProportions(p.X1, p.N, p.X2, p.N, p.Margin)
	nearAll(t, "tost proportions", []float64{e.TLower, e.TUpper, e.PLower, e.PUpper}, []float64{p.Z[0], p.Z[1], p.P[0], p.P[1]}, 1e-10)
	near(t, "golden tost proportions", e.P, .105340, 1e-5)
}

func TestOraclePower(t *testing.T) {
	var o struct {
		Proportions []struct{ P1, P2, Power, N float64 }
		Mean        struct{ Sigma, Delta, N float64 }
	}
	oracle(t, "power", &o)
	golden := []float64{76.707, 14750.8, 80681.4, 31233.4}
	for i, c := range o.Proportions {
		d := Design{Power: c.Power}
		n := d.Proportions(c.P1, c.P2)
		near(t, "n", n.Equal, c.N, 1e-4)
		near(t, "golden n", n.Equal, golden[i], 1e-5)
		near(t, "power at n", d.PowerProportions(c.P1, c.P2, n.Equal), c.Power, 1e-9)
	}
	near(t, "n for means", Design{}.Means(o.Mean.Sigma, o.Mean.Delta).Equal, o.Mean.N, 1e-10)
	if n := (Design{}).Proportions(.05, .055); n.Control != 31234 || n.Treated != 31234 {
		t.Errorf("5 %% against 5.5 %%: %+v, want 31234 per arm", n)
	}
	near(t, "with r = .5", Design{Correlation: .5}.Proportions(.05, .055).Equal, 23425, 1e-5)
	near(t, "TOST n", math.Ceil(Design{}.EquivalenceProportions(.2, .02).Equal), 6852, 0)
	near(t, "TOST n", math.Ceil(Design{}.EquivalenceProportions(.1, .01).Equal), 15415, 0)
	near(t, "MDE", Design{}.MDEProportion(.05, 10000), .00864, 1e-3)
	// A hold-out of 10 %: the control arm shrinks to 5/9 of an equal one.
	if n := (Design{Split: 9}).Proportions(.05, .055); n.Control != 17352 || n.Treated != 156168 {
		t.Errorf("split 9: %+v", n)
	}
}

func TestOracleDirichlet(t *testing.T) {
	var o struct {
		Rows  [][]float64
		Prior []float64
		M     float64
		Last  struct{ Mean, Lower, Upper []float64 }
	}
	oracle(t, "dirichlet", &o)
	var all float64
	for _, r := range o.Rows {
		all += sum(r)
	}
	m, err := DirichletWeight(o.Rows, o.Prior, all)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "m", m, o.M, 1e-5)
	row := DirichletRow(o.Prior, o.M, o.Rows[5], nil, .95)
	for j := range row {
		nearAll(t, "last row", []float64{row[j].Value, row[j].Lower, row[j].Upper}, []float64{o.Last.Mean[j], o.Last.Lower[j], o.Last.Upper[j]}, 1e-8)
	}
	if _, err := DirichletWeight(o.Rows[:1], o.Prior, all); !errors.Is(err, ErrNoData) {
		t.Errorf("one row: %v", err)
	}
}
