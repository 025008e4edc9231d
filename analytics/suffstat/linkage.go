package suffstat

import "math"

// Join is one step of a hierarchical clustering: clusters A and B become one at Height. Items are 0..n-1; the cluster made by step i is n+i.
// A < B always. Size is the number of items in the new cluster.
type Join struct {
	A, B   int
	Height float64
	Size   int
}

// CompleteLinkage clusters n items by complete linkage: the distance of two clusters is that of their two farthest members, so that all
// members of a cluster cut at height h lie within h of each other. Single linkage (union-find over similar pairs) would put A and C together
// because both resemble B.
//
// distance(i, j) is called for i < j once each; it must be symmetric by meaning, and is never negative. +Inf means "never together": such joins
// come last. NaN counts as +Inf. Ties are broken by the smaller cluster numbers, so the result depends on nothing but the distances and the order
// of the items. Time O(n^3) at worst, O(n^2) in practice; 500 items take some ten milliseconds.
// Returns n-1 joins in order of height. Source: Everitt et al., Cluster Analysis (2011), 4.2; oracle scipy.cluster.hierarchy.
func CompleteLinkage(n int, distance func(i, j int) float64) []Join {
	if n < 2 {
		return nil
	}
	d := make([][]float64, n) // d[i][j] between the clusters that stand in places i and j
	for i := range d {
		d[i] = make([]float64, n)
	}
	for i := range n {
		for j := i + 1; j < n; j++ {
			x := distance(i, j)
			if math.IsNaN(x) {
				x = math.Inf(1)
			}
			d[i][j], d[j][i] = x, x
		}
	}
	name, size, alive := make([]int, n), make([]int, n), make([]bool, n)
	nearest := make([]int, n)
	for i := range n {
		name[i], size[i], alive[i] = i, 1, true
	}
	closer := func(i, j, k int) bool { // j nearer to i than k
		if d[i][j] != d[i][k] {
			return d[i][j] < d[i][k]
		}
		return name[j] < name[k]
	}
	find := func(i int) {
		nearest[i] = -1
		for j := range n {
			if j != i && alive[j] && (nearest[i] < 0 || closer(i, j, nearest[i])) {
				nearest[i] = j
			}
		}
	}
	for i := range n {
		find(i)
	}
	out := make([]Join, 0, n-1)
	for step := range n - 1 {
		a := -1
		for i := range n {
			if !alive[i] {
				continue
			}
			if a < 0 || before(d[i][nearest[i]], name[i], name[nearest[i]], d[a][nearest[a]], name[a], name[nearest[a]]) {
				a = i
			}
		}
		b := nearest[a]
		out = append(out, Join{min(name[a], name[b]), max(name[a], name[b]), d[a][b], size[a] + size[b]})
		alive[b] = false
		name[a], size[a] = n+step, size[a]+size[b]
		for j := range n {
			if j != a && alive[j] {
				d[a][j] = math.Max(d[a][j], d[b][j])
				d[j][a] = d[a][j]
			}
		}
		if step == n-2 {
			break
		}
		find(a)
		for j := range n {
			if j != a && alive[j] && (nearest[j] == a || nearest[j] == b) {
				find(j)
			}
		}
	}
	return out
}

// before orders candidate joins by height, then by the smaller and the greater cluster number.
func before(h1 float64, a1, b1 int, h2 float64, a2, b2 int) bool {
	if h1 != h2 {
		return h1 < h2
	}
	if min(a1, b1) != min(a2, b2) {
		return min(a1, b1) < min(a2, b2)
	}
	return max(a1, b1) < max(a2, b2)
}

// CutJoins returns the cluster of every one of n items when joins above height are undone: clusters are numbered 0, 1, ... in the order of
// their first item. +Inf distances are never joined, whatever the height.
func CutJoins(n int, joins []Join, height float64) []int {
	parent := make([]int, n+len(joins))
	for i := range parent {
		parent[i] = i
	}
	for i, j := range joins {
		if j.Height <= height && !math.IsInf(j.Height, 1) {
			parent[j.A], parent[j.B] = n+i, n+i
		}
	}
	label := map[int]int{}
	out := make([]int, n)
	for i := range n {
		root := i
		for parent[root] != root {
			root = parent[root]
		}
		if _, ok := label[root]; !ok {
			label[root] = len(label)
		}
		out[i] = label[root]
	}
	return out
}
