package rhythm

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Stage is a stage of the life cycle as audit.yaml defines it.
type Stage struct{ Name, Rule string }

// Border is a border of a stage that is a number of days since the last order: who has more has left the stage.
type Border struct {
	Stage, Next string // Next is the stage of the next higher border, "" for the last
	Days        int64
}

// upper finds "recency_days <= 60" and its other spellings, whole comparisons with a number only: nothing may be multiplied or added on either side.
var (
	upper   = regexp.MustCompile(begin + `recency_days\s*(<=?)\s*(\d+)` + finish)
	flipped = regexp.MustCompile(begin + `(\d+)\s*(>=?)\s*recency_days` + finish)
	between = regexp.MustCompile(begin + `recency_days\s+between\s+\d+\s+and\s+(\d+)` + finish)
)

const (
	begin  = `(?:^|[(,]|\band\b|\bor\b)\s*`
	finish = `\s*(?:$|[),]|\band\b|\bor\b)`
)

// Borders reads the borders out of stage rules. A rule that names recency_days in another way (a product, a ratio to the own rhythm) has none: a border that follows the customer is not held against the days of all.
//
// recency_days of an order on the last day is 1, so that after recency_days <= 60 sixty days without an order may have passed: a pause of 60 days is still within.
func Borders(stages []Stage) []Border {
	var out []Border
	for _, s := range stages {
		rule := strings.ToLower(s.Rule)
		most := int64(-1)
		take := func(text string, strict bool) {
			n, err := strconv.ParseInt(text, 10, 32)
			if err != nil {
				return
			}
			if strict {
				n--
			}
			most = max(most, n)
		}
		for _, m := range upper.FindAllStringSubmatch(rule, -1) {
			take(m[2], m[1] == "<")
		}
		for _, m := range flipped.FindAllStringSubmatch(rule, -1) {
			take(m[1], m[2] == ">")
		}
		for _, m := range between.FindAllStringSubmatch(rule, -1) {
			take(m[1], false)
		}
		if most > 0 {
			out = append(out, Border{Stage: s.Name, Days: most})
		}
	}
	// Several stages may end on one day (new and active): one border, named after the last of them.
	slices.Reverse(out)
	slices.SortStableFunc(out, func(a, b Border) int { return cmp.Compare(a.Days, b.Days) })
	out = slices.CompactFunc(out, func(a, b Border) bool { return a.Days == b.Days })
	for i := range out[:max(0, len(out)-1)] {
		out[i].Next = out[i+1].Stage
	}
	if n := len(out); n > 0 {
		if last := after(stages, out[n-1].Stage); last != "" {
			out[n-1].Next = last
		}
	}
	return out
}

// after is the stage that stands behind a stage in the list and has no border of days: where customers go who leave the last one.
func after(stages []Stage, name string) string {
	i := slices.IndexFunc(stages, func(s Stage) bool { return s.Name == name })
	if i < 0 || i+1 >= len(stages) || strings.TrimSpace(stages[i+1].Rule) == "true" {
		return ""
	}
	return stages[i+1].Name
}

// The shares between which a border is right.
const (
	lateFrom   = .95 // the first border comes late when more of the repeat orders have come before it
	earlyFirst = .50 // the first border is early when fewer have
	earlyLast  = .90 // so is the last one: the customers behind it count as lost
)

// The verdicts on a border.
const (
	Late       = "late"
	Early      = "early"
	Fits       = "fits"
	Undecided  = "undecided"
	NotJudged  = "not_judged"
	BeyondData = "beyond_data"
)

// Threshold is a border against the pauses of the customers.
type Threshold struct {
	Border
	Position    string // first, last, only, middle
	Before      suffstat.Estimate
	P, Q        float64
	Verdict     string
	Needed      int64
	Early, Late float64
}

// fitThresholds compares every border with the repeat orders: which share of those who come again have come by then? The first border wakes up the win-back, so it may neither come when nearly everybody who comes has come, nor while half
// of them are still to come. The last one gives customers up, so nearly all must have come.
func fitThresholds(borders []Border, c Curve, customers int64) []Threshold {
	var out []Threshold
	var p []float64
	for i, b := range borders {
		t := Threshold{Border: b, Position: "middle", Before: suffstat.NotEstimable(suffstat.MethodJackknife, .95, suffstat.ErrNoData), P: math.NaN(), Q: math.NaN(), Early: 0, Late: 1, Verdict: NotJudged}
		switch {
		case len(borders) == 1:
			t.Position, t.Early, t.Late = "only", earlyFirst, lateFrom
		case i == 0:
			t.Position, t.Early, t.Late = "first", earlyFirst, lateFrom
		case i == len(borders)-1:
			t.Position, t.Early = "last", earlyLast
		}
		switch {
		case c.Horizon == 0:
			t.Verdict = string(analytics.InsufficientData)
		case b.Days >= int64(c.Horizon):
			t.Verdict = BeyondData
			if t.Position == "last" && c.Horizon == furthest { // nobody is called lost within the horizon
				t.Verdict = NotJudged
			}
		default:
			t.judge(c, customers)
		}
		out, p = append(out, t), append(p, t.P)
	}
	for i, q := range suffstat.BH(p) {
		out[i].Q = q
	}
	return out
}

func (t *Threshold) judge(c Curve, customers int64) {
	k := int(t.Days) - 1
	t.Before = c.Before[t.Days]
	se, df, x := c.replicates.SE(k), c.replicates.DF(), t.Before.Value
	if t.Position == "middle" || !t.Before.OK() {
		return
	}
	if c.replicates.Buckets() < suffstat.MinBuckets || customers < leastWithGap || !analytics.Finite(se) {
		t.Verdict = string(analytics.InsufficientData)
		t.Needed = max(leastWithGap, int64(float64(customers)*suffstat.MinBuckets/math.Max(float64(c.replicates.Buckets()), 1)))
		return
	}
	beyond := math.Max(x-t.Late, t.Early-x) // how far outside, in share
	t.P = 1
	if beyond > 0 {
		t.P = 0
		if se > 0 {
			t.P = math.Min(1, 2*suffstat.TSurvival(beyond/se, df))
		}
	}
	half := suffstat.TQuantile(.95, df) * se
	switch {
	case t.P < .05 && x > t.Late:
		t.Verdict = Late
	case t.P < .05:
		t.Verdict = Early
	case x-half > t.Early && (x+half < t.Late || t.Late == 1):
		t.Verdict = Fits
	default:
		t.Verdict = Undecided
		gap := math.Max(math.Abs(beyond), 1e-9)
		need := se * (suffstat.NormalQuantile(.975) + suffstat.NormalQuantile(.8)) / gap
		if n := math.Ceil(need * need * float64(customers)); n < 1e12 {
			t.Needed = max(int64(n), customers+1)
		}
	}
}
