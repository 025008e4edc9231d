package pairs

import (
	"cmp"
	"slices"

	"crmaudit/analytics/suffstat"
)

// maxFamilies is the most partitions that are compared.
const maxFamilies = 20

// lifecycleStages names the stages where partitions are compared.
const lifecycleStages = "lifecycle"

// Family is a partition: segments of which no two share a customer. Customers in none of them are a part of their own.
type Family struct {
	Members []int // places of segments, in their order
}

// PartitionPair compares two partitions.
type PartitionPair struct {
	A, B           string
	PartsA, PartsB int
	suffstat.Agreement
}

// partitions finds sets of segments that share nobody (the largest segment first, each into the first set in which it meets nobody) and compares them with each other and with the
// stages of the life cycle.
func (f *fitter) partitions() {
	n := len(f.c.Segments)
	shared := make(map[[2]int]int64, len(f.m.Pairs))
	for i := range f.m.Pairs {
		if p := &f.m.Pairs[i]; p.Both > 0 {
			shared[[2]int{p.A, p.B}], shared[[2]int{p.B, p.A}] = p.Both, p.Both
		}
	}
	order := make([]int, 0, n)
	for i := range n {
		if f.m.sums[i][sumCustomers] > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(f.m.sums[b][sumCustomers], f.m.sums[a][sumCustomers]) })
	var families []Family
	for _, s := range order {
		at := slices.IndexFunc(families, func(x Family) bool {
			return !slices.ContainsFunc(x.Members, func(o int) bool { return shared[[2]int{s, o}] > 0 })
		})
		if at < 0 {
			at = len(families)
			families = append(families, Family{})
		}
		families[at].Members = append(families[at].Members, s)
	}
	for _, x := range families {
		if len(x.Members) > 1 && len(f.m.Families) < maxFamilies {
			slices.Sort(x.Members)
			f.m.Families = append(f.m.Families, x)
		}
	}
	for i, a := range f.m.Families {
		for _, b := range f.m.Families[i+1:] {
			f.agree(f.m.key(a.Members), f.m.key(b.Members), f.table(a, b, shared))
		}
		f.agree(f.m.key(a.Members), lifecycleStages, f.byStage(a))
	}
}

func (f *fitter) agree(a, b string, table [][]int64) {
	x := PartitionPair{A: a, B: b, Agreement: suffstat.Partitions(table)}
	if x.N == 0 {
		return
	}
	columns := map[int]bool{}
	for _, r := range table {
		in := false
		for j, n := range r {
			if n > 0 {
				in, columns[j] = true, true
			}
		}
		if in {
			x.PartsA++
		}
	}
	x.PartsB = len(columns)
	f.m.Agreements = append(f.m.Agreements, x)
}

// table counts customers by part of a and part of b; the last row and column are those in no segment of it.
func (f *fitter) table(a, b Family, shared map[[2]int]int64) [][]int64 {
	out := make([][]int64, len(a.Members)+1)
	last := make([]int64, len(b.Members)+1)
	rest := f.m.Base[sumCustomers]
	for j, y := range b.Members {
		last[j] = f.m.sums[y][sumCustomers]
	}
	for i, x := range a.Members {
		row := make([]int64, len(b.Members)+1)
		alone := f.m.sums[x][sumCustomers]
		rest -= alone
		for j, y := range b.Members {
			row[j] = shared[[2]int{x, y}]
			alone -= row[j]
			last[j] -= row[j]
		}
		row[len(b.Members)] = alone
		out[i] = row
	}
	for _, n := range last {
		rest -= n
	}
	last[len(b.Members)] = rest
	out[len(a.Members)] = last
	return out
}

// byStage counts customers whose stage is known by part and stage.
func (f *fitter) byStage(a Family) [][]int64 {
	var stages []string
	for _, r := range f.c.Stages {
		if r.Segment == everybody {
			stages = append(stages, r.Stage)
		}
	}
	out := make([][]int64, len(a.Members)+1)
	for i := range out {
		out[i] = make([]int64, len(stages))
	}
	for _, r := range f.c.Stages {
		j := slices.Index(stages, r.Stage)
		switch i := slices.Index(a.Members, r.Segment); {
		case r.Segment == everybody:
			out[len(a.Members)][j] += r.N
		case i >= 0 && j >= 0:
			out[i][j] += r.N
			out[len(a.Members)][j] -= r.N
		}
	}
	return out
}
