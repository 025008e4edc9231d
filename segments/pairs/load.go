package pairs

import (
	"context"
	"math"

	"crmaudit/analytics"
)

// The places of the sums of one group of customers (columns of segments.red_pair_segments and red_pair_shared).
const (
	sumN         = iota // customer-windows
	sumCustomers        // customers of the last window
	sumOrdered
	sumRevenue
	sumStaged
	sumMoved
	sumDelivered
	sumClicked
	sumUnsubscribed
	sumResponse             // delivered, clicked of the first main scenario
	nSums       = 15        // ... of the third
	everybody   = -1        // the place of all customers, in a segment or not
	allOf       = 0         // their segment key
	pairFactor  = 1_048_576 // pair = key of a x pairFactor + key of b
)

var sumColumns = [nSums]string{"n", "customers", "ordered", "revenue", "staged", "moved", "delivered", "clicked", "unsubscribed", "delivered_1", "clicked_1", "delivered_2", "clicked_2",
	"delivered_3", "clicked_3"}

// Sums are added up over customers. They merge by addition.
type Sums [nSums]int64

// Features of sampled customers, in the order of segments.red_pair_sample.
var Features = []string{"recency", "orders", "revenue", "tenure", "inactivity", "activities", "messages_90d", "clicks_90d"}

var featureColumns = []string{"recency_days", "orders", "revenue_minor", "tenure_days", "inactive_days", "activities", "messages_90d", "clicks_90d"}

// Counts holds the reduced tables with segments as indices into Segments. Nothing is divided here.
type Counts struct {
	Window     *Window
	Scope      Scope
	Segments   []Segment // those compared, in the order of their ids
	Uncompared int       // segments with members beyond the limit
	Empty      []string  // segments without members
	Scenarios  []string  // the main ones
	Base       []Sums    // by bucket: every customer
	Base2      []int64   // sum of squares of revenue
	UnitMinor  int64
	Sums       [][]Sums // by segment and bucket
	Shared     Shared
	RFM        []CellRow
	Stages     []StageRow
	Sample     Sample
	Arms       []ArmRow
}

// Window is the last window of the comparison; Number is how many there are.
type Window struct{ Day, FromDay, ToDay, Customers, Assignments, Number int64 }

// Scope is how pairs were counted.
type Scope struct {
	Buckets int
	Keep    int64 // per mille of customers looked at
}

// Segment is a segment with members.
type Segment struct {
	ID          string
	Members     int64
	Late, Dated bool
}

// Shared is what the members of both segments of a pair do: columns of segments.red_pair_shared in its order, pair by pair.
type Shared struct {
	Pair, Bucket []int64
	Sums         [nSums][]int64
	A, B         []int // places of the two
}

// CellRow is one cell of the grid of recency, frequency and money in one bucket.
type CellRow struct {
	Cell, Bucket                  int
	N, Ordered, Revenue, Revenue2 int64
}

// StageRow counts members of a segment, or everybody, in a stage.
type StageRow struct {
	Segment int
	Stage   string
	N       int64
}

// Sample is the sampled customers: features, memberships, and who stands for which segment.
type Sample struct {
	Features [][]float64 // by person; NaN = never
	In       [][]uint64  // by person: bit of each segment
	Of       [][]int     // by segment: persons, in the order of their numbers
}

// ArmRow counts randomized customers.
type ArmRow struct {
	Experiment, Arm     string
	Segment, Bucket     int
	N, Ordered, Revenue int64 // revenue in minor units
}

// ArmBuckets is the number of groups of randomized customers.
const ArmBuckets = 50

// Load fetches the reduced tables of the block. It reads nothing else and decides nothing.
func Load(ctx context.Context, src analytics.Source) (*Counts, error) {
	l := loader{Reader: analytics.NewReader(ctx, src, "segments.red_pair_"), index: map[int64]int{allOf: everybody}}
	c := &Counts{Scope: Scope{Buckets: 50, Keep: 1000}, UnitMinor: 1}
	if f := l.Fetch("window"); f != nil && f.Len() > 0 {
		c.Window = &Window{f.Int64("day")[0], f.Int64("from_day")[0], f.Int64("to_day")[0], f.Int64("customers")[0], f.Int64("assignments")[0], int64(f.Len())}
	}
	if f := l.Fetch("scope"); f != nil && f.Len() > 0 {
		c.Scope = Scope{int(f.Int64("buckets")[0]), f.Int64("keep")[0]}
	}
	if f := l.Fetch("list"); f != nil {
		gk, id, members, late, dated, compared := f.Int64("gk"), f.String("segment_id"), f.Int64("members"), f.Bool("late"), f.Bool("dated"), f.Bool("compared")
		for i := range gk {
			switch {
			case compared[i]:
				l.index[gk[i]] = len(c.Segments)
				c.Segments = append(c.Segments, Segment{id[i], members[i], late[i], dated[i]})
			case members[i] > 0:
				c.Uncompared++
			default:
				c.Empty = append(c.Empty, id[i])
			}
		}
	}
	if f := l.Fetch("scenarios"); f != nil {
		c.Scenarios = f.String("scenario_id")
	}
	c.Base, c.Base2 = make([]Sums, c.Scope.Buckets), make([]int64, c.Scope.Buckets)
	c.Sums = make([][]Sums, len(c.Segments))
	for i := range c.Sums {
		c.Sums[i] = make([]Sums, c.Scope.Buckets)
	}
	l.sums(c)
	l.shared(c)
	if f := l.Fetch("rfm"); f != nil {
		cell, b, n, ordered, revenue, revenue2 := l.Within(f, "cell", 1000), l.Within(f, "bucket", c.Scope.Buckets), f.Int64("n"), f.Int64("ordered"), f.Int64("revenue"), f.Int64("revenue2")
		for i := range cell {
			c.RFM = append(c.RFM, CellRow{cell[i], b[i], n[i], ordered[i], revenue[i], revenue2[i]})
		}
	}
	if f := l.Fetch("stages"); f != nil {
		s, stage, n := l.segments(f), f.String("stage"), f.Int64("n")
		for i := range s {
			c.Stages = append(c.Stages, StageRow{s[i], stage[i], n[i]})
		}
	}
	l.sample(c)
	if f := l.Fetch("arms"); f != nil {
		e, arm, s, b, n, ordered, revenue := f.String("experiment_id"), f.String("arm"), l.segments(f), l.Within(f, "bucket", ArmBuckets), f.Int64("n"), f.Int64("ordered"), f.Int64("revenue_minor")
		for i := range e {
			c.Arms = append(c.Arms, ArmRow{e[i], arm[i], s[i], b[i], n[i], ordered[i], revenue[i]})
		}
	}
	if l.Err() != nil {
		return nil, l.Err()
	}
	return c, nil
}

func (l *loader) sums(c *Counts) {
	f := l.Fetch("segments")
	if f == nil {
		return
	}
	s, b, revenue2, unit := l.segments(f), l.Within(f, "bucket", c.Scope.Buckets), f.Int64("revenue2"), f.Int64("unit_minor")
	for k, name := range sumColumns {
		for i, x := range f.Int64(name) {
			if s[i] == everybody {
				c.Base[b[i]][k] = x
			} else {
				c.Sums[s[i]][b[i]][k] = x
			}
		}
	}
	for i := range s {
		c.UnitMinor = unit[i]
		if s[i] == everybody {
			c.Base2[b[i]] = revenue2[i]
		}
	}
}

func (l *loader) shared(c *Counts) {
	f := l.Fetch("shared")
	if f == nil {
		return
	}
	sh := &c.Shared
	sh.Pair, sh.Bucket = f.Int64("pair"), f.Int64("bucket")
	sh.A, sh.B = make([]int, f.Len()), make([]int, f.Len())
	for i, p := range sh.Pair {
		a, okA := l.index[p/pairFactor]
		b, okB := l.index[p%pairFactor]
		if !okA || !okB || a >= b || a < 0 || sh.Bucket[i] < 0 || sh.Bucket[i] >= int64(c.Scope.Buckets) {
			l.Fail("load %s: pair %d, bucket %d: not a pair of segments.red_pair_list", f.Table(), p, sh.Bucket[i])
			return
		}
		sh.A[i], sh.B[i] = a, b
	}
	for k, name := range sumColumns {
		sh.Sums[k] = f.Int64(name)
	}
}

func (l *loader) sample(c *Counts) {
	f, g := l.Fetch("sample"), l.Fetch("sample_members")
	if f == nil || g == nil {
		return
	}
	s := &c.Sample
	place := make(map[int64]int, f.Len())
	for i, p := range f.Int64("person") {
		place[p] = i
	}
	s.Features, s.In = make([][]float64, f.Len()), make([][]uint64, f.Len())
	words := (len(c.Segments) + 63) / 64
	for i := range s.Features {
		s.Features[i], s.In[i] = make([]float64, len(featureColumns)), make([]uint64, words)
	}
	for k, name := range featureColumns {
		valid := f.Valid(name)
		for i, x := range f.Int64(name) {
			s.Features[i][k] = float64(x)
			if !valid[i] {
				s.Features[i][k] = math.NaN()
			}
		}
	}
	s.Of = make([][]int, len(c.Segments))
	segment, sampled := l.segments(g), g.Bool("sampled")
	for i, p := range g.Int64("person") {
		at, ok := place[p]
		if !ok || segment[i] < 0 {
			l.Fail("load %s: person %d has no row in segments.red_pair_sample", g.Table(), p)
			return
		}
		s.In[at][segment[i]/64] |= 1 << (segment[i] % 64)
		if sampled[i] {
			s.Of[segment[i]] = append(s.Of[segment[i]], at)
		}
	}
}

// loader is the reader of the block's tables with the places of the segments.
type loader struct {
	*analytics.Reader
	index map[int64]int // gk -> place in Counts.Segments
}

func (l *loader) segments(f *analytics.Frame) []int {
	out := make([]int, f.Len())
	for i, gk := range f.Int64("gk") {
		at, ok := l.index[gk]
		if !ok {
			l.Fail("load %s: gk %d is not compared in segments.red_pair_list", f.Table(), gk)
			return out
		}
		out[i] = at
	}
	return out
}
