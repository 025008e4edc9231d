package rhythm

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"crmaudit/analytics/suffstat"
)

const (
	meanBins = 128 // steps of 1/8 of the mean logarithm: up to e^16 days
	cvBins   = 64  // steps of 1/4 of the logarithm of the coefficient of variation, from 0.05 on

	mostComponents = 6
	// valley is how low the density must fall between two components, as a share of the lower one of their own densities, for them to be two heaps.
	valley = .75
	// stable is the adjusted Rand index from which groups come back in resampled customers (statistics 5.2).
	stable    = .75
	resamples = 50
	bands     = 4
)

// How customers are grouped by rhythm.
const (
	Groups    = "groups"
	Continuum = "continuum"
	// FewCustomers as above: fewer than leastWithGap customers with three pauses.
)

// Why there are no groups.
const (
	OneHeap  = "one_heap"
	Unstable = "unstable"
)

// normal2 is one component: two independent normals.
type normal2 struct {
	weight   float64
	mean, sd [2]float64
}

func (c normal2) density(x [2]float64) float64 {
	a, b := (x[0]-c.mean[0])/c.sd[0], (x[1]-c.mean[1])/c.sd[1]
	return c.weight * math.Exp(-.5*(a*a+b*b)) / (2 * math.Pi * c.sd[0] * c.sd[1])
}

type mixture []normal2

func (m mixture) density(x [2]float64) (sum float64) {
	for _, c := range m {
		sum += c.density(x)
	}
	return sum
}

// dot is a point with a weight.
type dot struct {
	x [2]float64
	n float64
}

// centre of a cell: mean ln(days), ln(cv).
func (c Cell) centre() [2]float64 {
	return [2]float64{(float64(c.Mean) + .5) / 8, (float64(c.CV)+.5)/4 + math.Log(.05)}
}

// narrowest standard deviations of a component: those of the cells themselves.
func narrowest() [2]float64 { return [2]float64{.125 / math.Sqrt(12), .25 / math.Sqrt(12)} }

// em fits k components by expectation and maximisation from the given centres. It returns the mixture in the order of its means and the log-likelihood.
func em(dots []dot, centres [][2]float64) (mixture, float64) {
	k := len(centres)
	total := 0.
	var mean, square [2]float64
	for _, d := range dots {
		total += d.n
		for j, x := range d.x {
			mean[j] += d.n * x
			square[j] += d.n * x * x
		}
	}
	m := make(mixture, k)
	least := narrowest()
	for i := range m {
		m[i] = normal2{weight: 1 / float64(k), mean: centres[i]}
		for j := range 2 {
			v := square[j]/total - mean[j]/total*mean[j]/total
			m[i].sd[j] = math.Max(math.Sqrt(math.Max(v, 0))/float64(k), least[j])
		}
	}
	last := math.Inf(-1)
	part := make([]float64, k)
	for range 150 {
		sums := make([][5]float64, k)
		loglik := 0.
		for _, d := range dots {
			all := 0.
			for i, c := range m {
				part[i] = c.density(d.x)
				all += part[i]
			}
			if !(all > 1e-300) { // far from everything: to the nearest
				near := 0
				for i := range m {
					if far(d.x, m[i]) < far(d.x, m[near]) {
						near = i
					}
					part[i] = 0
				}
				part[near], all = 1e-300, 1e-300
			}
			loglik += d.n * math.Log(all)
			for i := range m {
				r := d.n * part[i] / all
				s := &sums[i]
				s[0] += r
				for j, x := range d.x {
					s[1+j] += r * x
					s[3+j] += r * x * x
				}
			}
		}
		if loglik-last < 1e-7*math.Abs(loglik) {
			last = loglik
			break
		}
		last = loglik
		for i, s := range sums {
			if s[0] < 1e-9*total {
				m[i].weight = 1e-9
				continue
			}
			m[i].weight = s[0] / total
			for j := range 2 {
				mu := s[1+j] / s[0]
				m[i].mean[j] = mu
				m[i].sd[j] = math.Max(math.Sqrt(math.Max(s[3+j]/s[0]-mu*mu, 0)), least[j])
			}
		}
	}
	slices.SortFunc(m, func(a, b normal2) int {
		return cmp.Or(cmp.Compare(a.mean[0], b.mean[0]), cmp.Compare(a.mean[1], b.mean[1]))
	})
	return m, last
}

func far(x [2]float64, c normal2) float64 {
	return math.Hypot((x[0]-c.mean[0])/c.sd[0], (x[1]-c.mean[1])/c.sd[1])
}

// fitMixture takes the best of several starts; centres are drawn far from each other (k-means++).
func fitMixture(dots []dot, k, starts int, rng *rand.Rand) (best mixture, loglik float64) {
	loglik = math.Inf(-1)
	for range starts {
		if m, l := em(dots, spread(dots, k, rng)); l > loglik {
			best, loglik = m, l
		}
	}
	return best, loglik
}

func spread(dots []dot, k int, rng *rand.Rand) [][2]float64 {
	var out [][2]float64
	distance := make([]float64, len(dots))
	for i := range distance {
		distance[i] = 1
	}
	for len(out) < k {
		sum := 0.
		for i, d := range dots {
			sum += d.n * distance[i]
		}
		at, pick := rng.Float64()*sum, 0
		for i, d := range dots {
			if at -= d.n * distance[i]; at <= 0 {
				pick = i
				break
			}
		}
		out = append(out, dots[pick].x)
		for i, d := range dots {
			x := d.x[0] - dots[pick].x[0]
			y := d.x[1] - dots[pick].x[1]
			if q := x*x + y*y; len(out) == 1 || q < distance[i] {
				distance[i] = q
			}
		}
	}
	return out
}

// heaps joins components without a valley between them. With thousands of customers a mixture always finds many components: they describe the shape of one heap as well as several heaps, and the criterion
// cannot tell (Hennig, Adv. Data Anal. Classif. 4, 2010, 3). Between two components the density is looked at along the ridge, on which all ups and downs of the two lie (Ray and Lindsay 2005).
func (m mixture) heaps() []int {
	of := make([]int, len(m))
	for i := range of {
		of[i] = i
	}
	for i := range m {
		for j := i + 1; j < len(m); j++ {
			if of[i] != of[j] && m.depth(i, j) > valley {
				from, to := max(of[i], of[j]), min(of[i], of[j])
				for k := range of {
					if of[k] == from {
						of[k] = to
					}
				}
			}
		}
	}
	number := map[int]int{}
	for i, h := range of {
		if _, ok := number[h]; !ok {
			number[h] = len(number)
		}
		of[i] = number[h]
	}
	return of
}

// depth is the least density of the mixture on the ridge between two components, as a share of the lower of the densities at their centres.
func (m mixture) depth(i, j int) float64 {
	a, b := m[i], m[j]
	least := math.Inf(1)
	const steps = 60
	for s := 0; s <= steps; s++ {
		t := float64(s) / steps
		var x [2]float64
		for d := range 2 {
			p, q := (1-t)/(a.sd[d]*a.sd[d]), t/(b.sd[d]*b.sd[d])
			x[d] = (p*a.mean[d] + q*b.mean[d]) / (p + q)
		}
		least = math.Min(least, m.density(x))
	}
	return least / math.Min(m.density(a.mean), m.density(b.mean))
}

// assign gives the heap of a point.
func (m mixture) assign(of []int, x [2]float64) int {
	sum := make([]float64, len(m))
	best := 0
	for i, c := range m {
		sum[of[i]] += c.density(x)
	}
	for h, v := range sum {
		if v > sum[best] {
			best = h
		}
	}
	if sum[best] < 1e-300 {
		for i := range m {
			if far(x, m[i]) < far(x, m[best]) {
				best = i
			}
		}
		return of[best]
	}
	return best
}

// Choice is one number of components.
type Choice struct {
	Components  int
	LogLik, BIC float64
	Heaps       int
	Stability   float64
	Chosen      bool
	Verdict     string
	mixture     mixture
	of          []int
}

// Group is a group of rhythms, or a quarter of a continuum.
type Group struct {
	Name                  string
	Customers             int64
	Share                 suffstat.Estimate
	Typical, From, To, CV float64
	Components            int
	Source                string // mixture or quantiles
}

// Grouping is how customers are grouped.
type Grouping struct {
	Kind      string
	Customers int64 // with three pauses and more
	Choices   []Choice
	Groups    []Group
	Of        map[Cell]int
	CVMedian  suffstat.Estimate
	Regular   suffstat.Estimate // share with a coefficient of variation below 0.5
}

func fitGrouping(c *Counts, seed uint64) Grouping {
	out := Grouping{Kind: FewCustomers, Of: map[Cell]int{}}
	out.CVMedian, out.Regular = suffstat.NotEstimable(suffstat.MethodJackknife, .95, suffstat.ErrNoData), suffstat.NotEstimable(suffstat.MethodJackknife, .95, suffstat.ErrNoData)
	counts := map[Cell]int64{}
	perBucket := make([]map[Cell]int64, Buckets)
	for _, s := range c.Shapes {
		if s.Customers == 0 {
			continue
		}
		counts[s.Cell] += s.Customers
		if perBucket[s.Bucket] == nil {
			perBucket[s.Bucket] = map[Cell]int64{}
		}
		perBucket[s.Bucket][s.Cell] += s.Customers
		out.Customers += s.Customers
	}
	if out.Customers < leastWithGap {
		return out
	}
	cells := make([]Cell, 0, len(counts))
	for cell := range counts {
		cells = append(cells, cell)
	}
	slices.SortFunc(cells, func(a, b Cell) int { return cmp.Or(cmp.Compare(a.Mean, b.Mean), cmp.Compare(a.CV, b.CV)) })
	out.regularity(c)
	dots := make([]dot, len(cells))
	for i, cell := range cells {
		dots[i] = dot{cell.centre(), float64(counts[cell])}
	}
	out.choose(dots, cells, perBucket, seed)
	best := slices.IndexFunc(out.Choices, func(c Choice) bool { return c.Chosen })
	if best >= 0 && out.Choices[best].Verdict == Groups {
		out.Kind = Groups
		ch := out.Choices[best]
		out.Groups = make([]Group, ch.Heaps)
		for i := range out.Groups {
			out.Groups[i].Source = "mixture"
		}
		for _, h := range ch.of {
			out.Groups[h].Components++
		}
		for _, cell := range cells {
			out.Of[cell] = ch.mixture.assign(ch.of, cell.centre())
		}
	} else {
		out.Kind = Continuum
		out.quarters(cells, counts)
	}
	out.describe(cells, counts, perBucket)
	return out
}

// choose fits 1 to mostComponents components, takes the best BIC, and asks whether its heaps come back in resampled buckets of customers.
func (g *Grouping) choose(dots []dot, cells []Cell, perBucket []map[Cell]int64, seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 0x72687974686d))
	best := -1
	for k := 1; k <= min(mostComponents, len(dots)); k++ {
		starts := 6
		if k == 1 {
			starts = 1
		}
		m, l := fitMixture(dots, k, starts, rng)
		c := Choice{Components: k, LogLik: l, BIC: -2*l + float64(5*k-1)*math.Log(float64(g.Customers)), Stability: math.NaN(), mixture: m, of: m.heaps()}
		c.Heaps = slices.Max(c.of) + 1
		g.Choices = append(g.Choices, c)
		if best < 0 || c.BIC < g.Choices[best].BIC {
			best = len(g.Choices) - 1
		}
	}
	ch := &g.Choices[best]
	ch.Chosen, ch.Verdict = true, OneHeap
	if ch.Heaps < 2 {
		return
	}
	var used []map[Cell]int64
	for _, b := range perBucket {
		if len(b) > 0 {
			used = append(used, b)
		}
	}
	sum := 0.
	for range resamples {
		drawn := map[Cell]int64{}
		for range used {
			for cell, n := range used[rng.IntN(len(used))] {
				drawn[cell] += n
			}
		}
		var again []dot
		for _, cell := range cells { // in a fixed order
			if n := drawn[cell]; n > 0 {
				again = append(again, dot{cell.centre(), float64(n)})
			}
		}
		if len(again) < ch.Components {
			continue
		}
		m, _ := fitMixture(again, ch.Components, 2, rng)
		of := m.heaps()
		table := make([][]int64, ch.Heaps)
		for i := range table {
			table[i] = make([]int64, slices.Max(of)+1)
		}
		for i, d := range dots {
			table[ch.mixture.assign(ch.of, cells[i].centre())][m.assign(of, d.x)] += int64(d.n)
		}
		if a := suffstat.Partitions(table).ARI; a > 0 {
			sum += a
		}
	}
	ch.Stability = sum / resamples
	ch.Verdict = Unstable
	if ch.Stability >= stable {
		ch.Verdict = Groups
	}
}

// quarters cuts customers into four by the mean logarithm of their pauses; fewer where many customers share a step.
func (g *Grouping) quarters(cells []Cell, counts map[Cell]int64) {
	var byMean [meanBins]int64
	for _, cell := range cells {
		byMean[cell.Mean] += counts[cell]
	}
	var band [meanBins]int
	var sum int64
	now, last := -1, -1
	for b, n := range byMean {
		if n == 0 {
			continue
		}
		if at := int(bands * (2*sum + n) / (2 * g.Customers)); at > last { // the band that the middle of the step is in
			now, last = now+1, at
		}
		band[b] = now
		sum += n
	}
	g.Groups = make([]Group, now+1)
	for i := range g.Groups {
		g.Groups[i].Source = "quantiles"
	}
	for _, cell := range cells {
		g.Of[cell] = band[cell.Mean]
	}
}

// describe counts and names the groups, the most frequent buyers first.
func (g *Grouping) describe(cells []Cell, counts map[Cell]int64, perBucket []map[Cell]int64) {
	logs, cvs := make([]float64, len(g.Groups)), make([]float64, len(g.Groups))
	ratios := make([][]suffstat.Ratio, len(g.Groups))
	for i := range ratios {
		ratios[i] = make([]suffstat.Ratio, Buckets)
	}
	byMean := make([][meanBins]int64, len(g.Groups))
	for _, cell := range cells {
		k, n := g.Of[cell], counts[cell]
		x := cell.centre()
		g.Groups[k].Customers += n
		logs[k] += float64(n) * x[0]
		cvs[k] += float64(n) * x[1]
		byMean[k][cell.Mean] += n
	}
	for b, of := range perBucket {
		for cell, n := range of {
			for k := range ratios {
				ratios[k][b].Den += n
				if g.Of[cell] == k {
					ratios[k][b].Num += n
				}
			}
		}
	}
	order := make([]int, len(g.Groups))
	for i := range order {
		order[i] = i
		n := float64(g.Groups[i].Customers)
		g.Groups[i].Typical, g.Groups[i].CV = math.Exp(logs[i]/n), math.Exp(cvs[i]/n)
		g.Groups[i].Share = suffstat.Rate(ratios[i], g.Customers, .95).Of(g.Customers, "share")
		g.Groups[i].From, g.Groups[i].To = ends(byMean[i], g.Groups[i].Source == "mixture")
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(g.Groups[a].Typical, g.Groups[b].Typical) })
	sorted, place := make([]Group, len(order)), make([]int, len(order))
	for i, at := range order {
		sorted[i], place[at] = g.Groups[at], i
	}
	for cell, k := range g.Of {
		g.Of[cell] = place[k]
	}
	g.Groups = sorted
	used := map[string]bool{}
	for i := range g.Groups {
		x := &g.Groups[i]
		switch {
		case x.Source == "mixture":
			x.Name = fmt.Sprintf("about %.0f days, %s", math.Max(x.Typical, 1), x.Regularity())
		case len(g.Groups) == 1:
			x.Name = "one band"
		case i == 0:
			x.Name = fmt.Sprintf("up to %.0f days", x.To)
		case i == len(g.Groups)-1:
			x.Name = fmt.Sprintf("over %.0f days", x.From)
		default:
			x.Name = fmt.Sprintf("%.0f-%.0f days", x.From, x.To)
		}
		if used[x.Name] {
			x.Name = fmt.Sprintf("%s (%d)", x.Name, i+1)
		}
		used[x.Name] = true
	}
}

// Regularity is a word for the coefficient of variation of a group.
func (g Group) Regularity() string {
	switch {
	case g.CV < .35:
		return "regular"
	case g.CV < .75:
		return "mixed"
	}
	return "irregular"
}

// ends are the borders of the steps taken, or, with inner, of the middle 80 % of the customers.
func ends(byMean [meanBins]int64, inner bool) (from, to float64) {
	var total, sum int64
	for _, n := range byMean {
		total += n
	}
	low, high := -1, 0
	for b, n := range byMean {
		if n == 0 {
			continue
		}
		if inner {
			if 10*(sum+n) > total && low < 0 {
				low = b
			}
			if 10*sum < 9*total {
				high = b
			}
		} else {
			if low < 0 {
				low = b
			}
			high = b
		}
		sum += n
	}
	return math.Exp(float64(low) / 8), math.Exp(float64(high+1) / 8)
}

// regularity is the median of the coefficient of variation and the share of regular customers.
func (g *Grouping) regularity(c *Counts) {
	hist := make([]suffstat.Cells, Buckets)
	for _, s := range c.Shapes {
		add(&hist[s.Bucket], cvBins, s.CV, s.Customers)
	}
	// 0.05 e^(9.25/4) = 0.50: steps up to 8 lie below 0.475, so that regular is a little stricter than 0.5.
	const regular = 9
	g.Regular = suffstat.Jackknife(hist, func(c suffstat.Cells) float64 {
		return float64(c[:regular].Sum()) / float64(c.Sum())
	}, .95).Of(g.Customers, "share")
	g.Regular.Lower, g.Regular.Upper = math.Max(0, g.Regular.Lower), math.Min(1, g.Regular.Upper)
	// The median within its step, as if the customers of a step were spread evenly over it.
	median := func(c suffstat.Cells) float64 {
		half := float64(c.Sum()) / 2
		for i, n := range c {
			if float64(n) >= half && n > 0 {
				return math.Exp((float64(i)+half/float64(n))/4) * .05
			}
			half -= float64(n)
		}
		return math.NaN()
	}
	g.CVMedian = suffstat.JackknifeLog(hist, median, .95).Of(g.Customers, "1")
}
