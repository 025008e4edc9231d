package suffstat

import (
	"cmp"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// bundlesOracle is testdata/oracle/bundles.json, made by make_bundles.py.
type bundlesOracle struct {
	Swaps []struct {
		Baskets int64
		Sizes   []int64
		Items   []int64
		Pairs   []struct {
			A, B               int
			Expected, SD, Lift float64
			NAB                int64   `json:"n_ab"`
			SELog              float64 `json:"se_log"`
		}
	}
	Enumerated struct {
		Odds  []float64
		Sizes []struct {
			Size int
			Hold []float64
			Both [][]*float64
		}
	}
}

func readBundles(t *testing.T) bundlesOracle {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "oracle", "bundles.json"))
	if err != nil {
		t.Fatal(err)
	}
	var o bundlesOracle
	if err := json.Unmarshal(text, &o); err != nil {
		t.Fatal(err)
	}
	return o
}

func classesOf(items []int64) []ItemClass {
	count := map[int64]int64{}
	for _, n := range items {
		count[n]++
	}
	var out []ItemClass
	for n, k := range count {
		out = append(out, ItemClass{n, k})
	}
	return out
}

// Swap randomization keeps the margins exactly; the model keeps them on average. With 50 and expected baskets the two differ by less than the row S16 allows.
func TestMarginsAgainstSwaps(t *testing.T) {
	for i, w := range readBundles(t).Swaps {
		m, err := FitMargins(w.Sizes, classesOf(w.Items))
		if err != nil {
			t.Fatal(err)
		}
		if m.Error > 1e-6 {
			t.Errorf("world %d: relative error %g after %d rounds", i, m.Error, m.Rounds)
		}
		worst, pairs := 0., 0
		for _, p := range w.Pairs {
			if p.Expected < 50 {
				continue
			}
			pairs++
			e := m.Expected(w.Items[p.A], w.Items[p.B])
			worst = math.Max(worst, math.Abs(e/p.Expected-1))
		}
		t.Logf("world %d: %d pairs, largest difference from swaps %.4f, %d rounds", i, pairs, worst, m.Rounds)
		if pairs < 20 || worst > .03 {
			t.Errorf("world %d: %d pairs, largest difference %.4f", i, pairs, worst)
		}
	}
}

// At given odds the chances are those of an enumeration of all baskets.
func TestMarginsAgainstEnumeration(t *testing.T) {
	o := readBundles(t).Enumerated
	// Totals far apart for each item, in the proportions that the odds imply for baskets of all sizes: then the fit must find these odds.
	for _, s := range o.Sizes {
		if s.Size == 1 || s.Size == len(o.Odds) {
			continue
		}
		const baskets = 1e9
		sizes := make([]int64, s.Size+1)
		items := make([]int64, len(o.Odds))
		var held int64
		for i, p := range s.Hold {
			items[i] = int64(math.Round(baskets * p))
			held += items[i]
		}
		items[0] += int64(s.Size)*baskets - held // rounding
		sizes[s.Size] = baskets
		items[6] = items[5] // equal odds, whatever rounding says
		items[0] += int64(s.Size)*baskets - sumOf(items)
		m, err := FitMargins(sizes, classesOf(items))
		if err != nil {
			t.Fatal(err)
		}
		for a := range items {
			if got := m.Holds(items[a])[0]; math.Abs(got-s.Hold[a]) > 1e-6 {
				t.Errorf("size %d, item %d: %.8f, want %.8f", s.Size, a, got, s.Hold[a])
			}
			for b := range items {
				if a == b {
					continue
				}
				if got := m.Together(items[a], items[b])[0]; math.Abs(got-*s.Both[a][b]) > 1e-6 {
					t.Errorf("size %d, items %d and %d: %.8f, want %.8f", s.Size, a, b, got, *s.Both[a][b])
				}
			}
		}
	}
}

func sumOf(x []int64) int64 {
	var s int64
	for _, v := range x {
		s += v
	}
	return s
}

// Expected pairs add up to the pairs in the baskets, and every item's expectation to its total, whatever the margins.
func TestMarginsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items := rapid.IntRange(2, 30).Draw(t, "items")
		n := rapid.IntRange(5, 60).Draw(t, "baskets")
		totals, sizes := make([]int64, items), make([]int64, items+1)
		for range n {
			k := 0
			basket := rapid.SliceOfNDistinct(rapid.IntRange(0, items-1), 1, min(items, 12), rapid.ID[int]).Draw(t, "basket")
			for _, i := range basket {
				totals[i]++
				k++
			}
			sizes[k]++
		}
		m, err := FitMargins(sizes, classesOf(totals))
		if err != nil {
			t.Fatal(err)
		}
		var pairs, want float64
		for k, c := range sizes {
			want += float64(c) * float64(k*(k-1)) / 2
		}
		for a := range totals {
			if totals[a] == 0 {
				continue
			}
			if e := m.expect(m.Holds(totals[a])); math.Abs(e/float64(totals[a])-1) > 1.1*m.Error+1e-6 {
				t.Errorf("item %d: expected %g, total %d", a, e, totals[a])
			}
			for b := range a {
				e := m.Expected(totals[a], totals[b])
				if e != m.Expected(totals[b], totals[a]) && math.Abs(e/m.Expected(totals[b], totals[a])-1) > 1e-6 {
					t.Errorf("not symmetric: %g, %g", e, m.Expected(totals[b], totals[a]))
				}
				pairs += e
			}
		}
		if math.Abs(pairs-want) > 1e-6*(1+want) {
			t.Errorf("expected pairs %g, in the baskets %g", pairs, want)
		}
	})
}

// Baskets of hundreds and very many products: the fit ends, keeps the totals, and the approximation for large baskets meets the exact one where both apply.
func TestMarginsLarge(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	sizes, items := make([]int64, 401), make([]int64, 300000)
	for range 30000 {
		k := min(400, int(1+2/math.Sqrt(rng.Float64()+1e-5)))
		basket := map[int]bool{}
		for len(basket) < k {
			basket[int(math.Exp(rng.Float64()*math.Log(float64(len(items)))))] = true // Zipf: the first product is in every eighteenth line
		}
		for i := range basket {
			items[i]++
		}
		sizes[k]++
	}
	classes := classesOf(items)
	slices.SortFunc(classes, func(a, b ItemClass) int { return cmp.Compare(b.N, a.N) })
	m, err := FitMargins(sizes, classes)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d classes, %d items, %d rounds, error %.2g", len(classes), m.items, m.Rounds, m.Error)
	if !(m.Error < 1e-4) {
		t.Fatalf("error %g after %d rounds", m.Error, m.Rounds)
	}
	top := classes[0].N
	h := m.Holds(top)
	for i := 1; i < len(h); i++ {
		if h[i] < h[i-1] || h[i] > 1 {
			t.Fatalf("a larger basket holds an item less often: %d: %.4f, %d: %.4f", m.Sizes[i-1], h[i-1], m.Sizes[i], h[i])
		}
	}
	for i, p := range m.Together(classes[0].N, classes[1].N) {
		if p < 0 || p > h[i]+1e-12 {
			t.Errorf("size %d: both %.6f, one %.6f", m.Sizes[i], p, h[i])
		}
	}
}

func TestMarginsSpecial(t *testing.T) {
	m, err := FitMargins(nil, nil)
	if err != nil || m.Expected(3, 4) != 0 {
		t.Errorf("nothing: %v, %v", m, err)
	}
	if _, err := FitMargins([]int64{0, 2}, []ItemClass{{3, 1}}); err == nil {
		t.Error("sizes and items do not add up: no error")
	}
	if _, err := FitMargins([]int64{0, 0, 1}, []ItemClass{{2, 1}}); err == nil {
		t.Error("two items in a basket of a world of one: no error")
	}
	// One size: the product of the two shares, less what choosing without putting back costs. Two items in every basket of two: always together.
	m, err = FitMargins([]int64{0, 0, 10}, []ItemClass{{10, 2}})
	if err != nil || math.Abs(m.Expected(10, 10)-10) > 1e-6 {
		t.Errorf("always together: %g, %v", m.Expected(10, 10), err)
	}
	// Baskets of one item hold no pair.
	m, err = FitMargins([]int64{0, 10}, []ItemClass{{4, 1}, {6, 1}})
	if err != nil || m.Expected(4, 6) != 0 {
		t.Errorf("baskets of one: %g, %v", m.Expected(4, 6), err)
	}
	if e := m.Expected(5, 6); e != 0 {
		t.Errorf("an item that is not there: %g", e)
	}
}

func TestPoisson(t *testing.T) {
	// R 4.2: 2*ppois(9, 3, lower.tail=FALSE), poisson.test(c(10), T=1)$conf.int, poisson.test(0)$conf.int, 2*ppois(1, 5)
	for _, c := range []struct{ got, want float64 }{
		{PoissonTails(10, 3), .002204976}, {PoissonTails(1, 5), .08085536}, {PoissonTails(0, 0), 1}, {PoissonTails(2, 0), 0}, {PoissonTails(5, 5), 1},
	} {
		if math.Abs(c.got-c.want) > 1e-6 {
			t.Errorf("tails: %.8f, want %.8f", c.got, c.want)
		}
	}
	lower, upper := PoissonInterval(10, .95)
	zero, three := PoissonInterval(0, .95)
	for _, c := range []struct{ got, want float64 }{{lower, 4.795389}, {upper, 18.39036}, {zero, 0}, {three, 3.688879}} {
		if math.Abs(c.got-c.want) > 1e-4 {
			t.Errorf("interval: %.6f, want %.6f", c.got, c.want)
		}
	}
}
