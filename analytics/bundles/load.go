package bundles

import (
	"context"
	"slices"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Buckets is the number of customer buckets of the tables of pairs; those of sequences fold four into one.
const (
	Buckets         = 100
	sequenceBuckets = 25
)

// The kinds of baskets (universes of the tables).
const (
	inOrder    = 1 // products of an order
	categories = 2 // categories of an order
	inQuarter  = 3 // products of a customer in 91 days
)

// Counts holds the reduced tables.
type Counts struct {
	Totals    Totals
	Universes map[int]*Universe
	// Within are the orders by how many products of one category they hold, by category key.
	Within map[int64]*Baskets
	Names  map[int64]Item

	Orders  []OrderRow
	Follows [][2]int64 // pairs to be estimated
	Looked  int64      // pairs looked at
	Moves   []MoveRow
	Stages  map[int64]string // by key
}

// Totals is what there was to look at.
type Totals struct {
	Every                                                              int64 // one customer in so many
	FromItems                                                          bool
	Lines, WithoutCustomer, WithoutDay, NotBought, Below, WithCategory int64
	Kept, Baskets, Customers, Large, Days                              int64
}

// Item is a product, or, with a negative key, a category.
type Item struct {
	Name, Category string
	Ca             int64 // category key of a product, 0 without
}

// Baskets is a population of baskets: by size and bucket, and its items by how many baskets hold them.
type Baskets struct {
	Sizes   [][]int64 // [bucket][size]
	Classes []suffstat.ItemClass
}

// Universe is one kind of baskets with its pairs.
type Universe struct {
	Baskets
	Items  map[int64]*ItemCounts
	Pairs  []PairCounts // in the order of (A, B)
	at     map[[2]int64]int
	Listed Listed
}

// enough tells whether any pair has the baskets and the customers that a verdict needs.
func (u *Universe) enough() bool {
	return u != nil && slices.ContainsFunc(u.Pairs, func(p PairCounts) bool { return sum(p.N) >= minBoth && sum(p.Customers) >= minCustomers })
}

// Listed says how much entered.
type Listed struct{ Items, Eligible, Places, Pairs, Kept int64 }

// ItemCounts are the baskets with one item by bucket, and their value in minor units.
type ItemCounts struct{ N, Amount []int64 }

// PairCounts are the baskets with both by bucket, and the customers who had one.
type PairCounts struct {
	A, B         int64
	N, Customers []int64
}

// OrderRow counts orders from which the next 90 days are looked at; A = 0 is every order, A < 0 a category.
type OrderRow struct {
	A, Cell      int64
	Seen, Bucket int
	N            int64
}

// MoveRow counts those of them whose customer buys B first before or with the order (Outcome 0) or in a part of 30 days after it.
type MoveRow struct {
	A, B, Cell            int64
	Seen, Outcome, Bucket int
	N                     int64
}

// Load fetches the reduced tables of the block; it decides nothing.
func Load(ctx context.Context, src analytics.Source) (*Counts, error) {
	l := loader{Reader: analytics.NewReader(ctx, src, "analytics.red_"), c: &Counts{Universes: map[int]*Universe{}, Within: map[int64]*Baskets{}, Names: map[int64]Item{}, Stages: map[int64]string{}}}
	l.totals()
	l.sizes()
	l.classes()
	l.items()
	l.names()
	l.pairs()
	l.sequences()
	return l.c, l.Err()
}

type loader struct {
	*analytics.Reader
	c *Counts
}

func (l *loader) totals() {
	if f := l.Fetch("basket_totals"); f != nil && f.Len() > 0 {
		n := func(column string) int64 { return l.Counts(f, column)[0] }
		l.c.Totals = Totals{Every: max(1, n("every")), FromItems: f.Bool("from_items")[0], Lines: n("lines"), WithoutCustomer: n("without_customer"), WithoutDay: n("without_day"), NotBought: n("not_bought"),
			Below: n("below_zero"), WithCategory: n("with_category"), Kept: n("kept_lines"), Baskets: n("baskets"), Customers: n("customers"), Large: n("large"), Days: n("days")}
	}
	f := l.Fetch("basket_universes")
	if f == nil {
		return
	}
	u := l.Within(f, "universe", inQuarter+1)
	items, eligible, places, pairs, kept := l.Counts(f, "items"), l.Counts(f, "eligible"), l.Counts(f, "places"), l.Counts(f, "pairs"), l.Counts(f, "kept")
	for i := range u {
		l.universe(u[i]).Listed = Listed{items[i], eligible[i], places[i], pairs[i], kept[i]}
	}
}

func (l *loader) universe(u int) *Universe {
	if l.c.Universes[u] == nil {
		l.c.Universes[u] = &Universe{Items: map[int64]*ItemCounts{}, at: map[[2]int64]int{}}
		l.c.Universes[u].Sizes = make([][]int64, Buckets)
	}
	return l.c.Universes[u]
}

// population is that of a universe, or of one category within orders.
func (l *loader) population(u int, ca int64) *Baskets {
	if ca == 0 {
		return &l.universe(u).Baskets
	}
	if l.c.Within[ca] == nil {
		l.c.Within[ca] = &Baskets{Sizes: make([][]int64, Buckets)}
	}
	return l.c.Within[ca]
}

// largest is a limit on sizes: the SQL leaves orders above 500 out, quarters may hold more.
const largest = 1 << 20

func (l *loader) sizes() {
	f := l.Fetch("basket_sizes")
	if f == nil {
		return
	}
	u, ca, size, bucket, n := l.Within(f, "universe", inQuarter+1), f.Int64("ca"), l.Within(f, "size", largest), l.Within(f, "bucket", Buckets), l.Counts(f, "n")
	if l.Err() != nil {
		return
	}
	for i := range u {
		row := &l.population(u[i], ca[i]).Sizes[bucket[i]]
		for len(*row) <= size[i] {
			*row = append(*row, 0)
		}
		(*row)[size[i]] += n[i]
	}
}

func (l *loader) classes() {
	f := l.Fetch("basket_classes")
	if f == nil {
		return
	}
	u, ca, n, items := l.Within(f, "universe", inQuarter+1), f.Int64("ca"), l.Counts(f, "n"), l.Counts(f, "items")
	for i := range u {
		b := l.population(u[i], ca[i])
		b.Classes = append(b.Classes, suffstat.ItemClass{N: n[i], Items: items[i]})
	}
}

func (l *loader) items() {
	f := l.Fetch("basket_items")
	if f == nil {
		return
	}
	u, it, bucket, n, amount := l.Within(f, "universe", inQuarter+1), f.Int64("it"), l.Within(f, "bucket", Buckets), l.Counts(f, "n"), f.Int64("amount_minor")
	if l.Err() != nil {
		return
	}
	for i := range u {
		x := l.universe(u[i])
		if x.Items[it[i]] == nil {
			x.Items[it[i]] = &ItemCounts{make([]int64, Buckets), make([]int64, Buckets)}
		}
		x.Items[it[i]].N[bucket[i]] += n[i]
		x.Items[it[i]].Amount[bucket[i]] += amount[i]
	}
}

func (l *loader) names() {
	f := l.Fetch("basket_names")
	if f == nil {
		return
	}
	it, name, category, ca := f.Int64("it"), f.String("name"), f.String("category"), f.Int64("ca")
	for i := range it {
		l.c.Names[it[i]] = Item{name[i], category[i], ca[i]}
	}
}

func (l *loader) pairs() {
	f := l.Fetch("basket_pairs")
	if f == nil {
		return
	}
	u, a, b, bucket, n, customers := l.Within(f, "universe", inQuarter+1), f.Int64("a"), f.Int64("b"), l.Within(f, "bucket", Buckets), l.Counts(f, "n"), l.Counts(f, "customers")
	if l.Err() != nil {
		return
	}
	for i := range u {
		x := l.universe(u[i])
		at, ok := x.at[[2]int64{a[i], b[i]}]
		if !ok {
			if x.Items[a[i]] == nil || x.Items[b[i]] == nil {
				l.Fail("load analytics.red_basket_pairs: pair (%d, %d) of items that analytics.red_basket_items does not have", a[i], b[i])
				return
			}
			at = len(x.Pairs)
			x.at[[2]int64{a[i], b[i]}] = at
			x.Pairs = append(x.Pairs, PairCounts{a[i], b[i], make([]int64, Buckets), make([]int64, Buckets)})
		}
		x.Pairs[at].N[bucket[i]] += n[i]
		x.Pairs[at].Customers[bucket[i]] += customers[i]
	}
}

func (l *loader) sequences() {
	if f := l.Fetch("sequence_orders"); f != nil {
		a, cell, seen, bucket, n := f.Int64("a"), l.Counts(f, "cell"), l.Within(f, "seen", parts+1), l.Within(f, "bucket", sequenceBuckets), l.Counts(f, "n")
		for i := range a {
			l.c.Orders = append(l.c.Orders, OrderRow{a[i], cell[i], seen[i], bucket[i], n[i]})
		}
	}
	if f := l.Fetch("sequence_pairs"); f != nil {
		a, b, pairs := f.Int64("a"), f.Int64("b"), l.Counts(f, "pairs")
		looked := map[bool]int64{}
		for i := range a {
			l.c.Follows = append(l.c.Follows, [2]int64{a[i], b[i]})
			looked[a[i] > 0] = pairs[i]
		}
		l.c.Looked = looked[true] + looked[false]
	}
	if f := l.Fetch("sequence_moves"); f != nil {
		a, b, cell, seen, outcome, bucket, n := f.Int64("a"), f.Int64("b"), l.Counts(f, "cell"), l.Within(f, "seen", parts+1), l.Within(f, "outcome", parts+1), l.Within(f, "bucket", sequenceBuckets), l.Counts(f, "n")
		l.c.Moves = make([]MoveRow, len(a))
		for i := range a {
			l.c.Moves[i] = MoveRow{a[i], b[i], cell[i], seen[i], outcome[i], bucket[i], n[i]}
		}
	}
	if f := l.Fetch("basket_stages"); f != nil {
		st, stage := f.Int64("st"), f.String("stage")
		for i := range st {
			l.c.Stages[st[i]] = stage[i]
		}
	}
}
