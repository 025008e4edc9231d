package suffstat

import (
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// scipy on transport and on complete linkage: testdata/oracle/make_duplicates.py.
func TestOracleDuplicates(t *testing.T) {
	var o struct {
		Transport []struct {
			X, WX, Y, WY []float64
			W            float64
		}
		Bins []struct {
			A, B     []int64
			Width, W float64
		}
		Linkage []struct {
			N    int
			D    []float64
			Z    [][4]float64
			Cuts []struct {
				Height float64
				Labels []int
			}
		}
	}
	oracle(t, "duplicates", &o)
	for i, c := range o.Transport {
		near(t, fmt.Sprintf("Wasserstein %d", i), Wasserstein(c.X, c.WX, c.Y, c.WY), c.W, 1e-12)
	}
	for i, c := range o.Bins {
		near(t, fmt.Sprintf("WassersteinBins %d", i), WassersteinBins(c.A, c.B, c.Width), c.W, 1e-12)
	}
	for _, c := range o.Linkage {
		joins := CompleteLinkage(c.N, condensed(c.N, c.D))
		var got [][4]float64
		for _, j := range joins {
			got = append(got, [4]float64{float64(j.A), float64(j.B), j.Height, float64(j.Size)})
		}
		if diff := cmp.Diff(c.Z, got); diff != "" {
			t.Errorf("joins of %d items: %s", c.N, diff)
		}
		for _, cut := range c.Cuts {
			if diff := cmp.Diff(cut.Labels, CutJoins(c.N, joins, cut.Height)); diff != "" {
				t.Errorf("%d items cut at %g: %s", c.N, cut.Height, diff)
			}
		}
	}
}

// condensed reads the distances of scipy's order: (0,1), (0,2), ..., (1,2), ...
func condensed(n int, d []float64) func(i, j int) float64 {
	return func(i, j int) float64 { return d[i*n-i*(i+1)/2+j-i-1] }
}

func TestWassersteinEdges(t *testing.T) {
	for name, w := range map[string]float64{
		"no values": Wasserstein(nil, nil, []float64{1}, nil), "no weight": Wasserstein([]float64{1}, []float64{0}, []float64{1}, nil),
		"lengths": Wasserstein([]float64{1, 2}, []float64{1}, []float64{1}, nil), "negative": Wasserstein([]float64{1, 2}, []float64{1, -1}, []float64{1}, nil),
		"infinite": Wasserstein([]float64{math.Inf(1)}, nil, []float64{1}, nil), "bins": WassersteinBins(nil, []int64{1}, 1), "zeros": WassersteinBins([]int64{0}, []int64{1}, 1),
	} {
		if !math.IsNaN(w) {
			t.Errorf("%s: %g, want NaN", name, w)
		}
	}
	if w := Wasserstein([]float64{1, 2}, nil, []float64{4, 5}, nil); w != 3 {
		t.Errorf("a shift by 3 costs %g", w)
	}
	x, wx := []float64{3, 1}, []float64{2, 5}
	Wasserstein(x, wx, []float64{1}, nil)
	if diff := cmp.Diff([][]float64{{3, 1}, {2, 5}}, [][]float64{x, wx}); diff != "" {
		t.Error("the caller's slices changed:", diff)
	}
}

func TestPropTransport(t *testing.T) {
	hist := rapid.SliceOfN(rapid.Int64Range(0, 20), 1, 30)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := hist.Draw(t, "a"), hist.Draw(t, "b"), hist.Draw(t, "c")
		a[0], b[0], c[0] = a[0]+1, b[0]+1, c[0]+1
		ab := WassersteinBins(a, b, 2)
		if ab != WassersteinBins(b, a, 2) || WassersteinBins(a, a, 2) != 0 || ab < 0 {
			t.Fatalf("not a distance: %g, back %g, self %g", ab, WassersteinBins(b, a, 2), WassersteinBins(a, a, 2))
		}
		if over := WassersteinBins(a, c, 2) + WassersteinBins(c, b, 2); ab > over+1e-9 {
			t.Fatalf("triangle: %g > %g", ab, over)
		}
		values := func(h []int64) (x, w []float64) {
			for i, n := range h {
				x, w = append(x, 2*float64(i)), append(w, float64(n))
			}
			return x, w
		}
		xa, wa := values(a)
		xb, wb := values(b)
		if g := Wasserstein(xa, wa, xb, wb); math.Abs(g-ab) > 1e-9 {
			t.Fatalf("bins %g, values %g", ab, g)
		}
	})
}

// Every cluster of a cut has its members within the height, and no two whole clusters could still be joined below it.
func TestPropCompleteLinkage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 14).Draw(t, "n")
		d := make([]float64, n*(n-1)/2)
		for i := range d {
			d[i] = float64(rapid.IntRange(0, 6).Draw(t, "d")) / 4 // many ties
			if d[i] > 1.25 {
				d[i] = []float64{math.Inf(1), math.NaN()}[i%2]
			}
		}
		of := condensed(n, d)
		joins := CompleteLinkage(n, of)
		if len(joins) != n-1 {
			t.Fatalf("%d joins of %d items", len(joins), n)
		}
		for i := 1; i < len(joins); i++ {
			if joins[i].Height < joins[i-1].Height {
				t.Fatalf("height falls: %v", joins)
			}
		}
		h := float64(rapid.IntRange(0, 8).Draw(t, "cut")) / 4
		labels := CutJoins(n, joins, h)
		worst := map[[2]int]float64{}
		for i := range n {
			for j := i + 1; j < n; j++ {
				x := of(i, j)
				if math.IsNaN(x) {
					x = math.Inf(1)
				}
				a, b := min(labels[i], labels[j]), max(labels[i], labels[j])
				worst[[2]int{a, b}] = math.Max(worst[[2]int{a, b}], x)
			}
		}
		for pair, far := range worst {
			if pair[0] == pair[1] && far > h || pair[0] != pair[1] && far <= h {
				t.Fatalf("cut at %g: clusters %v have their farthest members %g apart", h, pair, far)
			}
		}
	})
}
