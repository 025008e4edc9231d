package suffstat

import "math"

// Design is a planned comparison of a control arm and a treated arm. The zero value of a field means its default.
type Design struct {
	Alpha       float64 // two-sided error rate, .05
	Power       float64 // .80
	Split       float64 // treated : control, 1; 9 is a hold-out of 10 %
	Deff        float64 // design effect of repeated units, 1
	Correlation float64 // of the outcome with its pre-period covariate (CUPED), 0
	Comparisons int     // arms compared with one control or metrics of equal rank (Bonferroni), 1
}

func (d Design) filled() Design {
	def := func(x *float64, v float64) {
		if *x == 0 {
			*x = v
		}
	}
	def(&d.Alpha, .05)
	def(&d.Power, .80)
	def(&d.Split, 1)
	def(&d.Deff, 1)
	if d.Comparisons < 1 {
		d.Comparisons = 1
	}
	return d
}

// Size is how many customers a design needs. Equal is the exact size per arm at equal arms before rounding; Control and Treated follow the split, rounded up.
type Size struct {
	Equal            float64
	Control, Treated int64
}

// Total returns the customers of both arms.
func (s Size) Total() int64 { return s.Control + s.Treated }

func (d Design) size(n float64) Size {
	n *= d.Deff * (1 - d.Correlation*d.Correlation)
	if math.IsNaN(n) || n > 1e15 {
		return Size{Equal: math.NaN()}
	}
	c := n * (1 + 1/d.Split) / 2
	return Size{Equal: n, Control: int64(math.Ceil(c)), Treated: int64(math.Ceil(c * d.Split))}
}

func (d Design) z() (alpha, power float64) {
	return NormalQuantile(1 - d.Alpha/2/float64(d.Comparisons)), NormalQuantile(d.Power)
}

// Proportions returns the size to tell share p2 from p1, per arm
//
//	[z_{1-a/2} sqrt(2 pbar qbar) + z_{1-b} sqrt(p1 q1 + p2 q2)]^2 / (p1-p2)^2
//
// p1 = p2 or a share outside [0, 1] gives NaN and zeros. Enter the shrunk effect, not the raw one of the finding, or the test is underpowered. Equals R's
// power.prop.test up to the neglected wrong-side rejection. Statistics 6.3.
func (d Design) Proportions(p1, p2 float64) Size {
	d = d.filled()
	if p1 == p2 || !(p1 >= 0 && p1 <= 1 && p2 >= 0 && p2 <= 1) {
		return Size{Equal: math.NaN()}
	}
	za, zb := d.z()
	m := (p1 + p2) / 2
	s := za*math.Sqrt(2*m*(1-m)) + zb*math.Sqrt(p1*(1-p1)+p2*(1-p2))
	return d.size(s * s / ((p1 - p2) * (p1 - p2)))
}

// Means returns the size to find a difference delta of means with standard deviation sigma, per arm 2 (z_{1-a/2} + z_{1-b})^2 sigma^2/delta^2.
func (d Design) Means(sigma, delta float64) Size {
	d = d.filled()
	if delta == 0 {
		return Size{Equal: math.NaN()}
	}
	za, zb := d.z()
	return d.size(2 * (za + zb) * (za + zb) * sigma * sigma / (delta * delta))
}

// EquivalenceProportions returns the size for TOST to call two equal shares p equivalent within margin, per arm
// 2 p(1-p) (z_{1-a} + z_{1-b/2})^2/margin^2 with a = Alpha and 1-b = Power. p = .2, margin .02: 6,852.
func (d Design) EquivalenceProportions(p, margin float64) Size {
	d = d.filled()
	if !(margin > 0) {
		return Size{Equal: math.NaN()}
	}
	z := NormalQuantile(1-d.Alpha/float64(d.Comparisons)) + NormalQuantile(1-(1-d.Power)/2)
	return d.size(2 * p * (1 - p) * z * z / (margin * margin))
}

// MDEProportion returns the smallest difference of shares near p that n customers per equal arm find: (z_{1-a/2} + z_{1-b}) sqrt(2 p q deff (1-r^2)/n). n = 10,000,
// p = .05: .00864.
func (d Design) MDEProportion(p, n float64) float64 {
	return d.MDEMean(math.Sqrt(p*(1-p)), n)
}

// MDEMean returns the smallest difference of means, in the unit of sigma, that n customers per equal arm find.
func (d Design) MDEMean(sigma, n float64) float64 {
	d = d.filled()
	if !(n > 0) {
		return math.NaN()
	}
	za, zb := d.z()
	return (za + zb) * sigma * math.Sqrt(2*d.Deff*(1-d.Correlation*d.Correlation)/n)
}

// PowerProportions returns the probability that n customers per equal arm tell p2 from p1 (the inverse of Proportions).
func (d Design) PowerProportions(p1, p2, n float64) float64 {
	d = d.filled()
	za, _ := d.z()
	m := (p1 + p2) / 2
	n /= d.Deff * (1 - d.Correlation*d.Correlation)
	return NormalSurvival((za*math.Sqrt(2*m*(1-m)) - math.Abs(p1-p2)*math.Sqrt(n)) / math.Sqrt(p1*(1-p1)+p2*(1-p2)))
}

// MaxTestWeeks is the duration above which a test is not feasible: merge cells or take a larger step (statistics 6.3).
const MaxTestWeeks = 12

// TestWeeks returns how long a test of total customers runs: max( ceil(total/(perWeek*share)), 2, medianGapWeeks ) + horizonWeeks, and whether that is at most
// MaxTestWeeks. perWeek = eligible customers entering per week, share = of them in the test (0, 1]; medianGapWeeks = one median purchase gap; horizonWeeks = the
// outcome's window. No flow gives 0, false.
func TestWeeks(total int64, perWeek, share, medianGapWeeks, horizonWeeks float64) (weeks int, feasible bool) {
	flow := perWeek * share
	if !(flow > 0) || total <= 0 {
		return 0, false
	}
	w := math.Max(math.Ceil(float64(total)/flow), 2)
	w = math.Ceil(math.Max(w, medianGapWeeks) + horizonWeeks)
	if w > 1e6 {
		return 0, false
	}
	return int(w), w <= MaxTestWeeks
}
