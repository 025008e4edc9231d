package bundles

import (
	"context"
	"encoding/json"
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
)

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s: %.8g, want %.8g", what, got, want)
	}
}

// shopper puts baskets into Counts as the SQL does.
type shopper struct {
	c      *Counts
	counts map[int]map[int64]int64
}

func newShopper() *shopper {
	return &shopper{c: &Counts{Totals: Totals{Every: 1, FromItems: true, Lines: 1, WithCategory: 1, Days: 364}, Universes: map[int]*Universe{}, Within: map[int64]*Baskets{}, Names: map[int64]Item{}}, counts: map[int]map[int64]int64{}}
}

func (s *shopper) universe() *Universe {
	if s.c.Universes[inOrder] == nil {
		s.c.Universes[inOrder] = &Universe{Items: map[int64]*ItemCounts{}, at: map[[2]int64]int{}, Listed: Listed{Places: 1e9}}
		s.c.Universes[inOrder].Sizes = make([][]int64, Buckets)
	}
	return s.c.Universes[inOrder]
}

func addSize(sizes [][]int64, bucket, k int) {
	for len(sizes[bucket]) <= k {
		sizes[bucket] = append(sizes[bucket], 0)
	}
	sizes[bucket][k]++
}

// order is one basket; every basket here is a customer of his own in customers, unless told otherwise.
func (s *shopper) order(bucket int, items []int64) {
	u := s.universe()
	slices.Sort(items)
	addSize(u.Sizes, bucket, len(items))
	of := map[int64]int{}
	for i, a := range items {
		if u.Items[a] == nil {
			u.Items[a] = &ItemCounts{make([]int64, Buckets), make([]int64, Buckets)}
		}
		u.Items[a].N[bucket]++
		u.Items[a].Amount[bucket] += 1000
		if ca := s.c.Names[a].Ca; ca > 0 {
			of[ca]++
		}
		for _, b := range items[i+1:] {
			at, ok := u.at[[2]int64{a, b}]
			if !ok {
				at = len(u.Pairs)
				u.at[[2]int64{a, b}] = at
				u.Pairs = append(u.Pairs, PairCounts{a, b, make([]int64, Buckets), make([]int64, Buckets)})
			}
			u.Pairs[at].N[bucket]++
			u.Pairs[at].Customers[bucket]++
		}
	}
	for ca, k := range of {
		if s.c.Within[ca] == nil {
			s.c.Within[ca] = &Baskets{Sizes: make([][]int64, Buckets)}
		}
		addSize(s.c.Within[ca].Sizes, bucket, k)
	}
}

func (s *shopper) done() *Counts {
	u := s.universe()
	all, within := map[int64]int64{}, map[int64]map[int64]int64{}
	for it, x := range u.Items {
		n := sum(x.N)
		all[n]++
		if ca := s.c.Names[it].Ca; ca > 0 {
			if within[ca] == nil {
				within[ca] = map[int64]int64{}
			}
			within[ca][n]++
		}
	}
	classes := func(count map[int64]int64) []suffstat.ItemClass {
		var out []suffstat.ItemClass
		for n, k := range count {
			out = append(out, suffstat.ItemClass{N: n, Items: k})
		}
		return out
	}
	u.Classes = classes(all)
	for ca, count := range within {
		s.c.Within[ca].Classes = classes(count)
	}
	// As in the SQL: what is in fewer than 20 baskets is not paired, and a pair needs 5 baskets or an expectation of 10.
	var total int64
	for _, row := range u.Sizes {
		total += sum(row)
	}
	u.Pairs = slices.DeleteFunc(u.Pairs, func(p PairCounts) bool {
		na, nb := sum(u.Items[p.A].N), sum(u.Items[p.B].N)
		return na < minItem || nb < minItem || sum(p.N) < 5 && na*nb < 10*total
	})
	u.at = map[[2]int64]int{}
	for i, p := range u.Pairs {
		u.at[[2]int64{p.A, p.B}] = i
	}
	u.Listed.Items, u.Listed.Eligible, u.Listed.Pairs, u.Listed.Kept = int64(len(u.Items)), int64(len(u.Items)), int64(len(u.Pairs)), int64(len(u.Pairs))
	s.c.Totals.Baskets = total
	return s.c
}

var testOptions = Options{Margin: .4, Currency: "RUB", FDR: .05, Level: .9, Days: 364, Lift: .2, Share: .02}

// mustFit fits; the bench, which has no test at hand, gives nil.
func mustFit(t testing.TB, c *Counts) *Model {
	m, err := Fit(c, testOptions)
	if err != nil {
		if t == nil {
			panic(err)
		}
		t.Fatal(err)
	}
	return m
}

func (m *Model) find(a, b int64) *Pair {
	for i, p := range m.Pairs {
		if p.Universe == inOrder && p.A == min(a, b) && p.B == max(a, b) {
			return &m.Pairs[i]
		}
	}
	return nil
}

// The golden numbers of statistics 9: Groceries, of which only the totals are known here. Plain lift and its standard error are those of arules and of the formula for independent baskets; the jackknife of one basket per bucket gives
// the same. (The fixed-margin expectation needs all 169 products, which are not in the specification: it is held against swaps in suffstat.)
func TestGroceriesPlainLift(t *testing.T) {
	const n, yogurt, milk, both = 9835, 1372, 2513, 551
	rest := make([]int64, n)
	x := &population{total: n, rest: rest, without: make([][]float64, n)}
	a, b, ab := make([]int64, n), make([]int64, n), make([]int64, n)
	for i := range n {
		rest[i] = n - 1
		switch {
		case i < both:
			a[i], b[i], ab[i] = 1, 1, 1
		case i < yogurt:
			a[i] = 1
		case i < yogurt+milk-both:
			b[i] = 1
		}
	}
	r := x.plain(Pair{N: both, NA: yogurt, NB: milk, Baskets: n}, a, b, ab)
	near(t, "lift", r.Value[0], 1.571735, 1e-6)
	// The formula of the specification holds at a lift of 1; the delta method has (2 lift - 1)/N for its last term, and so has the jackknife.
	near(t, "se of log lift at lift 1", math.Sqrt(1./both-1./yogurt-1./milk+1./n), .028103, 1e-6)
	near(t, "se of log lift", logOf(r).SE(0), math.Sqrt(1./both-1./yogurt-1./milk+(2*r.Value[0]-1)/n), 5e-5)
}

// The oracle's worlds (swap randomization): plain lift and the standard error for independent baskets.
func TestOraclePlainLift(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "oracle", "bundles.json"))
	if err != nil {
		t.Fatal(err)
	}
	var o struct {
		Swaps []struct {
			Baskets int64
			Items   []int64
			Pairs   []struct {
				A, B int
				NAB  int64 `json:"n_ab"`
				Lift float64
			}
		}
	}
	if err := json.Unmarshal(text, &o); err != nil {
		t.Fatal(err)
	}
	for _, w := range o.Swaps {
		for _, p := range w.Pairs {
			got := float64(p.NAB) * float64(w.Baskets) / (float64(w.Items[p.A]) * float64(w.Items[p.B]))
			near(t, "lift", got, p.Lift, 1e-8)
		}
	}
}

// The first-order jackknife of adjusted lift agrees with fitting all odds anew without each bucket.
func TestJackknifeAgainstNewFits(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var rows [][]int64
	var buckets []int
	for range 3000 {
		rows, buckets = append(rows, randomBasket(rng, 20, .1)), append(buckets, rng.IntN(Buckets))
	}
	make1 := func(without int) *Counts {
		s := newShopper()
		for i, r := range rows {
			if buckets[i] != without {
				s.order(buckets[i], slices.Clone(r))
			}
		}
		return s.done()
	}
	full := make1(-1)
	m := mustFit(t, full)
	for _, pair := range [][2]int64{{1, 2}, {1, 9}, {5, 12}} {
		p := m.find(pair[0], pair[1])
		var logs []float64
		for g := range Buckets {
			c := make1(g)
			u := c.Universes[inOrder]
			all, err := u.fit()
			if err != nil {
				t.Fatal(err)
			}
			both := u.Pairs[u.at[pair]]
			logs = append(logs, math.Log(float64(sum(both.N))/all.margins.Expected(sum(u.Items[pair[0]].N), sum(u.Items[pair[1]].N))))
		}
		mean, ss := 0., 0.
		for _, x := range logs {
			mean += x / Buckets
		}
		for _, x := range logs {
			ss += (x - mean) * (x - mean)
		}
		want := math.Sqrt(ss * (Buckets - 1) / Buckets)
		if math.Abs(p.LogSE/want-1) > .03 {
			t.Errorf("pair %v: se %.5f, of new fits %.5f", pair, p.LogSE, want)
		}
	}
}

// randomBasket holds products 1..items, popular ones more often; a share of baskets is large.
func randomBasket(rng *rand.Rand, items int, large float64) []int64 {
	k := 1
	for k < items && rng.Float64() < .45 {
		k++
	}
	if rng.Float64() < large {
		k = min(items, 5+rng.IntN(items/2))
	}
	in := map[int64]bool{}
	for len(in) < k {
		in[1+int64(float64(items)*math.Pow(rng.Float64(), 1.7))] = true
	}
	var out []int64
	for i := range in {
		out = append(out, i)
	}
	slices.Sort(out)
	return out
}

// The three verdicts on planted pairs: together, apart, and one that only looks like a bundle because large baskets hold both.
func TestVerdicts(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	s := newShopper()
	for i := range int64(31) {
		s.c.Names[i] = Item{Name: "p" + string(rune('a'+i))}
	}
	for i := range 12000 {
		basket := randomBasket(rng, 24, .08)
		if slices.Contains(basket, 10) && rng.Float64() < .35 && !slices.Contains(basket, 20) {
			basket = append(basket, 20)
		}
		if slices.Contains(basket, 3) && slices.Contains(basket, 4) && rng.Float64() < .8 {
			basket = slices.DeleteFunc(basket, func(x int64) bool { return x == 4 })
		}
		size := len(basket)
		for _, x := range []int64{29, 30} { // in proportion to the basket's size, independently
			if rng.Float64() < .035*float64(size) {
				basket = append(basket, x)
			}
		}
		s.order(i%Buckets, basket)
	}
	m := mustFit(t, s.done())
	for _, c := range []struct {
		a, b    int64
		verdict string
	}{{10, 20, "together"}, {3, 4, "apart"}, {2, 5, "none"}} {
		if p := m.find(c.a, c.b); p == nil || p.Verdict() != c.verdict {
			t.Errorf("pair %d, %d: %+v, want %s", c.a, c.b, p, c.verdict)
		}
	}
	large := m.find(29, 30)
	if large.Lift.Lower < 1.3 || large.Verdict() == "together" {
		t.Errorf("a pair of large baskets: plain lift %.2f, adjusted %.2f (%.2f to %.2f), %s", large.Lift.Value, large.Adjusted.Value, large.Adjusted.Lower, large.Adjusted.Upper, large.Verdict())
	}
	f := Findings(m)
	if len(f) == 0 || f[0].Subject != m.name(10)+" + "+m.name(20) || f[0].Exploratory {
		t.Fatalf("findings: %+v", f)
	}
	if o := f[0].Opportunity; o.Effect != nil || o.Money != nil || o.Stake == nil || o.Grade != analytics.GradeStructural || !(o.Stake.Lower < o.Stake.Value && o.Stake.Value < o.Stake.Upper) {
		t.Errorf("opportunity: %+v", o)
	}
	// The attach rate of 10 -> 20, and its money: a tenth of the orders with both, in a quarter of 364 days, at a margin of .4 of 10 roubles.
	p := m.find(10, 20)
	near(t, "stake", p.StakeA.Value, float64(p.N)/4*.1*10*.4, 1e-9)
	near(t, "attach rate", p.AttachA.Value, float64(p.N)/float64(p.NA), 1e-12)
	for _, table := range m.Tables() {
		for _, row := range table.Rows {
			if len(row) != len(table.Columns) {
				t.Fatalf("%s: %d values for %d columns", table.Name, len(row), len(table.Columns))
			}
			for i, v := range row {
				if x, ok := v.(float64); ok && !analytics.Finite(x) {
					t.Errorf("%s.%s: %v", table.Name, table.Columns[i], x)
				}
			}
		}
	}
}

// One customer who repeats a basket is one customer: no verdict.
func TestOneCustomer(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	s := newShopper()
	for i := range 4000 {
		s.order(i%Buckets, randomBasket(rng, 30, .05))
	}
	for range 200 {
		s.order(7, []int64{101, 102})
	}
	c := s.done()
	u := c.Universes[inOrder]
	u.Pairs[u.at[[2]int64{101, 102}]].Customers = make([]int64, Buckets)
	u.Pairs[u.at[[2]int64{101, 102}]].Customers[7] = 1
	if p := mustFit(t, c).find(101, 102); p.Verdict() != "insufficient_data" || !math.IsNaN(p.Q) {
		t.Errorf("verdict %s, q %g", p.Verdict(), p.Q)
	}
}

// Customers who prefer a category buy its products together; beyond that taste there is nothing, and no finding.
func TestTasteForCategory(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	s := newShopper()
	for i := range int64(20) {
		s.c.Names[i+1] = Item{Name: "p" + string(rune('a'+i)), Category: "c" + string(rune('0'+i/10)), Ca: 1 + i/10}
	}
	for i := range 20000 {
		taste := int64(rng.IntN(2))
		in := map[int64]bool{}
		for range 1 + rng.IntN(4) {
			ca := taste
			if rng.Float64() < .2 {
				ca = 1 - taste
			}
			in[1+10*ca+int64(rng.IntN(10))] = true
		}
		if in[3] && rng.Float64() < .3 {
			in[4] = true
		}
		var basket []int64
		for x := range in {
			basket = append(basket, x)
		}
		s.order(i%Buckets, basket)
	}
	m := mustFit(t, s.done())
	taste := 0
	for _, p := range m.Pairs {
		if p.Verdict() == "together" {
			taste++
		}
	}
	f := Findings(m)
	if taste < 20 || len(f) != 1 || f[0].Subject != "pc + pd" {
		t.Errorf("%d pairs together, findings %d: %+v", taste, len(f), f)
	}
}

// The weighted life table is that of R: survfit with weights (survival 3.5), three ages.
func TestFollowAgainstR(t *testing.T) {
	var f follow
	rows := []struct {
		seen, outcome int
		n, weight     float64
	}{{3, 0, 40, 1}, {3, 1, 6, 2.5}, {3, 2, 5, 1}, {3, 3, 4, .5}, {2, 0, 10, 2.5}, {2, 1, 3, 1}, {1, 0, 7, .5}, {2, 3, 2, 1}, {1, 1, 1, 1}, {0, 1, 9, 1}}
	for _, r := range rows {
		var g follow
		g.began(r.seen, r.n)
		if r.outcome > 0 {
			g.ended(r.seen, r.outcome, r.n)
		}
		f.add(g, r.weight)
	}
	// library(survival); d <- data.frame(t=c(3,1,2,3,2,1,1,2,1), e=c(0,1,1,1,0,1,0,0,1), n=c(40,6,5,4,10,3,7,2,1), w=c(1,2.5,1,.5,2.5,1,.5,1,1)); 1-summary(survfit(Surv(t,e)~1,data=d,weights=n*w),times=3)$surv
	near(t, "share", f.share(), .2868146, 1e-6)
	// Without weights it is the life table of suffstat.
	table := suffstat.NewLifeTable([]suffstat.Spell{{Exit: 3, Cause: suffstat.Censored, N: 40}, {Exit: 1, N: 6}, {Exit: 2, N: 5}, {Exit: 2, Cause: suffstat.Censored, N: 10}}, 1)
	var g follow
	g.began(3, 51)
	g.ended(3, 1, 6)
	g.ended(3, 2, 5)
	g.began(2, 10)
	near(t, "life table", g.share(), table.Incidence(0)[3], 1e-12)
}

// q-values of a family of which most members are not listed: as if they stood there with p = 1.
func TestFamilyWise(t *testing.T) {
	p := []float64{.0001, .002, math.NaN(), .3}
	q, by := familyWise(p, 50)
	all := append([]float64{.0001, .002, .3}, slices.Repeat([]float64{1}, 47)...)
	want, wantBY := suffstat.BH(all), suffstat.BY(all)
	for i, k := range []int{0, 1, -1, 2} {
		if k >= 0 {
			near(t, "bh", q[i], want[k], 1e-12)
			near(t, "by", by[i], wantBY[k], 1e-4)
		} else if !math.IsNaN(q[i]) {
			t.Errorf("untested: %g", q[i])
		}
	}
	// As many pairs as chance can bring together.
	classes := []suffstat.ItemClass{{N: 100, Items: 2}, {N: 30, Items: 3}, {N: 19, Items: 7}}
	near(t, "family", family(classes, 1e9, 10000), 1+6, 0) // 100 x 100 and 100 x 30 reach 1000, 30 x 30 does not
	near(t, "family of two", family(classes, 2, 10000), 1, 0)
}

// Nothing to look at: empty tables, a word in the coverage, no crash; wrong tables are mistakes.
func TestNothing(t *testing.T) {
	empty := map[string]string{
		"analytics.red_basket_totals":    "every:int64,from_items:bool,lines:int64,without_customer:int64,without_day:int64,not_bought:int64,below_zero:int64,with_category:int64,kept_lines:int64,baskets:int64,customers:int64,large:int64,days:int64\n1,false,0,0,0,0,0,0,0,0,0,0,91\n",
		"analytics.red_basket_universes": "universe:int64,items:int64,eligible:int64,places:int64,pairs:int64,kept:int64\n",
		"analytics.red_basket_sizes":     "universe:int64,ca:int64,size:int64,bucket:int64,n:int64\n",
		"analytics.red_basket_classes":   "universe:int64,ca:int64,n:int64,items:int64\n",
		"analytics.red_basket_items":     "universe:int64,it:int64,bucket:int64,n:int64,amount_minor:int64\n",
		"analytics.red_basket_names":     "it:int64,name:string,category:string,ca:int64\n",
		"analytics.red_basket_pairs":     "universe:int64,a:int64,b:int64,bucket:int64,n:int64,customers:int64\n",
		"analytics.red_basket_stages":    "st:int64,stage:string\n",
		"analytics.red_sequence_orders":  "a:int64,cell:int64,seen:int64,bucket:int64,n:int64\n",
		"analytics.red_sequence_moves":   "a:int64,b:int64,cell:int64,seen:int64,outcome:int64,bucket:int64,n:int64\n",
		"analytics.red_sequence_pairs":   "a:int64,b:int64,pairs:int64\n",
	}
	r, err := NewBlock().Run(context.Background(), analyticstest.Tables(t, empty), analytics.Settings{FDR: .05, Level: .9})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Findings) != 0 || len(r.Coverage) != 1 || r.Coverage[0].Note != "missing" || len(r.Tables) != 4 {
		t.Errorf("%+v", r)
	}
	for table, row := range map[string]string{
		"analytics.red_basket_sizes":    "1,0,2,100,5\n",
		"analytics.red_basket_pairs":    "1,3,4,0,5,5\n",
		"analytics.red_sequence_orders": "0,0,4,0,5\n",
		"analytics.red_basket_items":    "1,1,0,-5,0\n",
	} {
		broken := map[string]string{}
		for k, v := range empty {
			broken[k] = v
		}
		broken[table] += row
		if _, err := Load(context.Background(), analyticstest.Tables(t, broken)); err == nil || !strings.Contains(err.Error(), table) {
			t.Errorf("%s: %v", table, err)
		}
	}
	// Sizes and items that do not belong together are a mistake of the tables, and named.
	broken := map[string]string{}
	for k, v := range empty {
		broken[k] = v
	}
	broken["analytics.red_basket_sizes"] += "1,0,2,1,5\n"
	broken["analytics.red_basket_classes"] += "1,0,5,1\n"
	c, err := Load(context.Background(), analyticstest.Tables(t, broken))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Fit(c, testOptions); err == nil || !strings.Contains(err.Error(), "universe 1") {
		t.Errorf("sizes and items: %v", err)
	}
}
