package pairs

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"crmaudit/analytics/analyticstest"
	"crmaudit/analytics/suffstat"

	"gonum.org/v1/gonum/mat"
)

// The share explained from sums is that of a regression on customers: least squares on the one half, errors on the other, customer by customer.
func TestExplainedIsRegression(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	const buckets, segments, n = 50, 4, 800
	good := usual
	good.order = .6
	var persons []person
	var bucket []int
	c := &Counts{Window: &Window{}, Scope: Scope{Buckets: buckets, Keep: 1000}, Segments: named(segments), UnitMinor: 1, Base: make([]Sums, buckets), Base2: make([]int64, buckets)}
	for range segments {
		c.Sums = append(c.Sums, make([]Sums, buckets))
	}
	shared := map[[3]int]int64{}
	for range n {
		var in []int
		for s := range segments {
			if rng.IntN(3) == 0 {
				in = append(in, s)
			}
		}
		law := usual
		if slices.Contains(in, 2) {
			law = good
		}
		p, g := person{in, law.draw(rng, 1)}, rng.IntN(buckets)
		persons, bucket = append(persons, p), append(bucket, g)
		for k, x := range p.sums {
			c.Base[g][k] += x
			for _, s := range in {
				c.Sums[s][g][k] += x
			}
		}
		c.Base2[g] += p.sums[sumRevenue] * p.sums[sumRevenue]
		for i, a := range in {
			for _, b := range in[i+1:] {
				shared[[3]int{a, b, g}]++
			}
		}
	}
	for a := range segments {
		for b := a + 1; b < segments; b++ {
			for g := range buckets {
				if x := shared[[3]int{a, b, g}]; x > 0 {
					c.Shared.A, c.Shared.B, c.Shared.Bucket = append(c.Shared.A, a), append(c.Shared.B, b), append(c.Shared.Bucket, int64(g))
					for k := range nSums {
						c.Shared.Sums[k] = append(c.Shared.Sums[k], 0)
					}
					c.Shared.Sums[sumN][len(c.Shared.A)-1] = x
				}
			}
		}
	}
	m, err := Fit(c, Options{Margins: margins()})
	if err != nil {
		t.Fatal(err)
	}
	row := func(p person) []float64 {
		x := make([]float64, segments+1)
		x[0] = 1
		for _, s := range p.in {
			x[s+1] = 1
		}
		return x
	}
	for _, outcome := range []struct {
		name string
		sum  int
	}{{outcomeOrder, sumOrdered}, {outcomeRevenue, sumRevenue}} {
		wrong, total := 0., 0.
		for half := range 2 {
			xx, xy := mat.NewDense(segments+1, segments+1, nil), mat.NewVecDense(segments+1, nil)
			mean, count := 0., 0.
			for i, p := range persons {
				if bucket[i]%2 != half {
					continue
				}
				x := mat.NewVecDense(segments+1, row(p))
				var outer mat.Dense
				outer.Outer(1, x, x)
				xx.Add(xx, &outer)
				y := float64(p.sums[outcome.sum])
				xy.AddScaledVec(xy, y, x)
				mean, count = mean+y, count+1
			}
			mean /= count
			for i := 1; i <= segments; i++ {
				xx.Set(i, i, xx.At(i, i)+1)
			}
			var beta mat.VecDense
			if err := beta.SolveVec(xx, xy); err != nil {
				t.Fatal(err)
			}
			for i, p := range persons {
				if bucket[i]%2 == half {
					continue
				}
				y := float64(p.sums[outcome.sum])
				e := y - mat.Dot(&beta, mat.NewVecDense(segments+1, row(p)))
				wrong, total = wrong+e*e, total+(y-mean)*(y-mean)
			}
		}
		at := slices.IndexFunc(m.Explained, func(e Explained) bool { return e.Model == modelSegments && e.Outcome == outcome.name })
		if at < 0 {
			t.Fatalf("no row for %s: %+v", outcome.name, m.Explained)
		}
		if got, want := m.Explained[at].Share.Value, 1-wrong/total; math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: %.12g, customer by customer %.12g", outcome.name, got, want)
		}
	}
}

// Cells explain what their means differ by; with one cell nothing.
func TestCells(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	c := &cells{index: map[int]int{0: 0, 1: 1}}
	for range 50 {
		a, b := outcomeSums{n: 100, y: float64(5 + rng.IntN(10))}, outcomeSums{n: 100, y: float64(75 + rng.IntN(10))}
		a.yy, b.yy = a.y, b.y
		c.by, c.o = append(c.by, []outcomeSums{a, b}), append(c.o, a.plus(b, 1))
	}
	e := honestShare(c).Estimate(0, .95)
	if !(e.Value > .45 && e.Value < .53 && e.Lower < e.Value && e.Upper > e.Value) { // shares .1 and .8: .1225 / .2475
		t.Errorf("%+v", e)
	}
}

func TestPartitions(t *testing.T) {
	rng := rand.New(rand.NewPCG(10, 10))
	var persons []person
	var stages []StageRow
	count := map[[2]int]int64{}
	for i := range 3000 {
		in := []int{i % 3} // a, b, c: a partition
		if i%3 == 0 {      // d, e: the same cut of it, and half of the rest
			in = append(in, 3)
		} else if i%2 == 0 {
			in = append(in, 4)
		}
		persons = append(persons, person{in, usual.draw(rng, 1)})
		for _, s := range append(in, everybody) {
			count[[2]int{s, i % 3}]++
		}
	}
	for k, n := range count {
		stages = append(stages, StageRow{k[0], fmt.Sprint("stage", k[1]), n})
	}
	c := countsOf(rng, persons, named(5), 50)
	c.Stages = stages
	m, err := Fit(c, Options{Margins: margins()})
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Families) != 2 || m.key(m.Families[0].Members) != "a|b|c" || m.key(m.Families[1].Members) != "d|e" {
		t.Fatalf("%+v", m.Families)
	}
	by := map[string]PartitionPair{}
	for _, a := range m.Agreements {
		by[a.A+" "+a.B] = a
	}
	if x := by["a|b|c lifecycle"]; x.AMI != 1 || x.ARI != 1 || x.PartsA != 3 || x.PartsB != 3 || x.N != 3000 {
		t.Errorf("the stages are the segments: %+v", x)
	}
	x := by["a|b|c d|e"]
	want := suffstat.Partitions([][]int64{{1000, 0, 0}, {0, 500, 500}, {0, 500, 500}})
	if math.Abs(x.AMI-want.AMI) > 1e-12 || x.PartsB != 3 {
		t.Errorf("%+v, want %+v", x, want)
	}
}

// Members of both are in no sample of a pair; a feature that differs is the farthest; samples of one population stay at the floor.
func TestDistances(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 11))
	f := &fitter{c: &Counts{Segments: named(3)}, m: &Model{}}
	s := &f.c.Sample
	s.Of = make([][]int, 3)
	for p := range 3000 {
		x := make([]float64, len(Features))
		for k := range x {
			x[k] = float64(rng.IntN(1000))
		}
		in := uint64(0)
		segment := p % 3
		add := func(segment int) {
			in |= 1 << segment
			s.Of[segment] = append(s.Of[segment], p)
		}
		add(segment)
		switch {
		case segment == 2:
			x[1] += 300
		case p%10 == 0: // in a and b both, and unlike anybody
			add(1 - segment)
			x[0] = math.NaN()
		}
		s.Features, s.In = append(s.Features, x), append(s.In, []uint64{in})
	}
	f.m.Pairs = []Pair{{A: 0, B: 1, Far: -1, Compared: Apart, Verdict: Undecided}, {A: 0, B: 2, Far: -1, Compared: Apart, Verdict: Undecided}}
	f.distances()
	same, other := f.m.Pairs[0], f.m.Pairs[1]
	if d := same.Distances[0]; d.SampleA != 900 || d.SampleB != 900 {
		t.Errorf("samples %d and %d: members of both are in them", d.SampleA, d.SampleB)
	}
	if same.JS > 2*same.JSFloor || same.Energy.P < .01 {
		t.Errorf("one population: js %g, floor %g, energy %+v", same.JS, same.JSFloor, same.Energy)
	}
	if other.Far != 1 || other.Distances[1].Value < other.Distances[1].P95 || other.Energy.P > .01 || !(other.Energy.E > other.Energy.Floor) {
		t.Errorf("%+v %+v", other.Distances[other.Far], other.Energy)
	}
}

func TestBins(t *testing.T) {
	features := [][]float64{}
	for i := range 100 {
		x := make([]float64, len(Features))
		x[0], x[1], x[2] = float64(i), float64(i/95), math.NaN()
		features = append(features, x)
	}
	bins := binned(features)
	count := func(k int) map[uint8]int {
		out := map[uint8]int{}
		for _, b := range bins {
			out[b[k]]++
		}
		return out
	}
	if c := count(0); len(c) != 10 || c[0] != 10 || c[9] != 10 {
		t.Errorf("100 values: %v", c)
	}
	if c := count(1); len(c) != 2 || c[0] != 95 || c[1] != 5 {
		t.Errorf("nearly all equal: %v", c)
	}
	if c := count(2); c[featureBins] != 100 {
		t.Errorf("never: %v", c)
	}
	if c := count(3); len(c) != 1 {
		t.Errorf("all equal: %v", c)
	}
}

// Arms are chosen by means weighted over parts, not by the sizes of arms in them; a part with too few customers in an arm is left out.
func TestTargetingParts(t *testing.T) {
	parts := make([][]armCell, 3)
	for s := range parts {
		parts[s] = make([]armCell, 2)
		for a := range parts[s] {
			for g := range ArmBuckets {
				n := int64(20)
				if s == 2 {
					n = int64(g % 2) // 25 in one half, none in the other
				}
				parts[s][a][g] = suffstat.Ratio{Num: n * int64(1+(a+s)%2) / 5, Den: n}
			}
		}
	}
	x := TargetingValue(parts, []string{"control", "offer"})
	if x.Parts != 2 || x.Customers != 4*20*ArmBuckets || math.Abs(x.Value.Value-.1) > 1e-12 || math.Abs(x.PlugIn-.1) > 1e-12 {
		t.Errorf("%+v", x)
	}
	if few := TargetingValue(parts[:1], []string{"control", "offer"}); few.Verdict != TooFew || few.Value.OK() {
		t.Errorf("%+v", few)
	}
}

// Reduced tables in memory, all of them: two segments, customers in 2 buckets.
func TestLoad(t *testing.T) {
	sums := "n:int64,customers:int64,ordered:int64,revenue:int64,staged:int64,moved:int64,delivered:int64,clicked:int64,unsubscribed:int64,delivered_1:int64,clicked_1:int64,delivered_2:int64,clicked_2:int64," +
		"delivered_3:int64,clicked_3:int64"
	tables := map[string]string{
		"window":    "day:int64,from_day:int64,to_day:int64,customers:int64,assignments:int64\n106,107,135,9,4\n",
		"scope":     "buckets:int64,keep:int64\n2,1000\n",
		"list":      "gk:int64,segment_id:string,members:int64,late:bool,dated:bool,compared:bool\n3,a,5,false,true,true\n5,b,4,true,false,true\n7,c,0,false,true,false\n8,d,1,false,true,false\n",
		"scenarios": "scenario_id:string\nwelcome\n",
		"segments": "gk:int64,bucket:int64," + sums + ",revenue2:int64,unit_minor:int64\n0,0,5,5,2,30,5,1,9,1,0,4,1,0,0,0,0,500,10\n0,1,4,4,0,0,4,0,2,0,0,1,0,0,0,0,0,0,10\n" +
			"3,0,3,3,1,20,3,1,5,1,0,2,1,0,0,0,0,400,10\n5,1,4,4,0,0,4,0,2,0,0,1,0,0,0,0,0,0,10\n",
		"shared":         "pair:int64,bucket:int64," + sums + "\n3145733,1,1,1,0,0,1,0,1,0,0,0,0,0,0,0,0\n",
		"rfm":            "cell:int64,bucket:int64,n:int64,ordered:int64,revenue:int64,revenue2:int64\n0,0,5,2,30,500\n",
		"stages":         "gk:int64,stage:string,n:int64\n0,new,9\n3,new,3\n",
		"sample":         "person:int64,recency_days:int64,orders:int64,revenue_minor:int64,tenure_days:int64,inactive_days:int64,activities:int64,messages_90d:int64,clicks_90d:int64\n11,,0,0,7,,0,2,1\n",
		"sample_members": "person:int64,gk:int64,sampled:bool\n11,3,true\n11,5,false\n",
		"arms":           "experiment_id:string,arm:string,gk:int64,bucket:int64,n:int64,ordered:int64,revenue_minor:int64\nx,a,0,3,2,1,700\n",
	}
	source := func(change func(map[string]string)) analyticstest.Source {
		all := map[string]string{}
		for name, text := range tables {
			all["segments.red_pair_"+name] = text
		}
		if change != nil {
			change(all)
		}
		return analyticstest.Tables(t, all)
	}
	c, err := Load(context.Background(), source(nil))
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Segments) != 2 || c.Segments[1].ID != "b" || !c.Segments[1].Late || c.Segments[1].Dated || c.Uncompared != 1 || !slices.Equal(c.Empty, []string{"c"}) {
		t.Errorf("%+v", c.Segments)
	}
	if c.Base[0][sumRevenue] != 30 || c.Sums[0][0][sumDelivered] != 5 || c.Sums[1][1][sumN] != 4 || c.UnitMinor != 10 || c.Base2[0] != 500 {
		t.Errorf("%+v", c)
	}
	if c.Shared.A[0] != 0 || c.Shared.B[0] != 1 || c.Shared.Sums[sumN][0] != 1 || len(c.RFM) != 1 || c.Stages[0].Segment != everybody || c.Arms[0].Revenue != 700 {
		t.Errorf("%+v", c)
	}
	if s := c.Sample; s.In[0][0] != 3 || len(s.Of[0]) != 1 || len(s.Of[1]) != 0 || !math.IsNaN(s.Features[0][0]) {
		t.Errorf("%+v", s)
	}
	m, err := Fit(c, Options{Margins: margins()})
	if err != nil || m.Pairs[0].Both != 1 || len(m.Tables()) != 6 {
		t.Errorf("%v %+v", err, m)
	}
	for name, change := range map[string]func(map[string]string){
		"a table is missing":    func(x map[string]string) { delete(x, "segments.red_pair_shared") },
		"a bucket out of range": func(x map[string]string) { x["segments.red_pair_scope"] = "buckets:int64,keep:int64\n1,1000\n" },
		"an unknown segment":    func(x map[string]string) { x["segments.red_pair_stages"] = "gk:int64,stage:string,n:int64\n9,new,9\n" },
		"a pair of nobody": func(x map[string]string) {
			x["segments.red_pair_shared"] = "pair:int64,bucket:int64," + sums + "\n3145737,1,1,1,0,0,1,0,1,0,0,0,0,0,0,0,0\n"
		},
		"a person without a row": func(x map[string]string) {
			x["segments.red_pair_sample_members"] = "person:int64,gk:int64,sampled:bool\n12,3,true\n"
		},
	} {
		if _, err := Load(context.Background(), source(change)); err == nil {
			t.Errorf("%s is not refused", name)
		}
	}
}
