package integrations

import (
	"cmp"
	"math"
	"slices"

	"crmaudit/analytics/suffstat"
)

// What a series must have to be tested, and when it begins and ends. Days.
const (
	leastDays   = 28  // of history
	fortnight   = 14  // the stretch in which a source that delivers has rows on half of the days; silence longer than this up to the end is an end, not a gap
	reach       = 28  // open days on each side that make the level
	openDays    = 5   // weekdays a flow delivers on; fewer is a campaign
	holeDays    = 7   // longer silences do not count for the level
	mostZero    = .10 // open days without rows, holes left out, of a flow of 5 rows a day or more
	trimmed     = .25 // of the days around are left out on each end of the mean that is the level
	mostTau     = 1.  // scatter beyond chance of a flow whose gaps could mean anything
	inSample    = 8.  // coefficients spent on level and weekdays, for the scatter
	chiSquared1 = .4549364
)

// The states of a series.
const (
	Tested    = "tested"
	Irregular = "irregular"
	TooFew    = "too_few"
	Short     = "short"
	NoDays    = "no_days"
	Rest      = "rest"
)

// Inputs that are made of messages.
const (
	statusInput   = "message_status"
	responseInput = "message_response"
)

// Series is one source of rows, day by day.
type Series struct {
	Input, Source, Name string
	State               string
	Rows, Stray         int64
	First, Last         int64 // first regular day, last day with rows
	Started, Ended      bool
	Tau, Rho            float64
	Open                int

	from     int64     // day of element 0
	y        []int64   // rows
	exposure []float64 // sends that rows can come from; nil: none
	mu       []float64 // expected rows; 0 on closed days
	tested   []bool
	TestDays int64
	Gaps     []Gap
}

// whole tells that the series stands for all names of a source.
func (s *Series) whole() bool { return s.Name == "" }

// day is the calendar day of element i, and weekday its day of the week, 0 Monday.
func (s *Series) day(i int) int64 { return s.from + int64(i) }

func weekday(day int64) int { return int(((day+3)%7 + 7) % 7) }

// builder collects days of sources.
type builder struct {
	at    map[[3]string]map[int64]int64
	of    map[[3]string]map[int64]int64 // exposure
	rest  map[[3]string]bool
	order [][3]string
}

func (b *builder) add(input, source, name string, day, rows, exposure int64) {
	k := [3]string{input, source, name}
	if b.at[k] == nil {
		b.at[k] = map[int64]int64{}
		b.order = append(b.order, k)
	}
	b.at[k][day] += rows
	if exposure > 0 {
		if b.of[k] == nil {
			b.of[k] = map[int64]int64{}
		}
		b.of[k][day] += exposure
	}
}

// buildSeries makes the series of all sources. The last loaded day may be incomplete and is left out; sends of the last week are too young for what comes back.
func buildSeries(c *Counts) []*Series {
	b := &builder{at: map[[3]string]map[int64]int64{}, of: map[[3]string]map[int64]int64{}, rest: map[[3]string]bool{}}
	names := map[[2]string]map[string]bool{}
	for _, r := range c.Arrivals {
		k := [2]string{r.Input, r.Source}
		if names[k] == nil {
			names[k] = map[string]bool{}
		}
		names[k][r.Name] = true
	}
	for _, r := range c.Arrivals {
		if r.Rest {
			b.rest[[3]string{r.Input, r.Source, r.Name}] = true
		} else if len(names[[2]string{r.Input, r.Source}]) > 1 || r.Name != "" {
			b.add(r.Input, r.Source, "", r.Day, r.Rows, 0)
			if len(names[[2]string{r.Input, r.Source}]) == 1 {
				continue // the only name is the source
			}
		}
		b.add(r.Input, r.Source, r.Name, r.Day, r.Rows, 0)
	}
	stamped, answered := map[string]bool{}, map[string]bool{}
	sent, delivered, responded := map[string]int64{}, map[string]int64{}, map[string]int64{}
	for _, r := range c.Messages {
		sent[r.Channel] += r.Messages
		delivered[r.Channel] += r.Delivered
		responded[r.Channel] += r.Responded
	}
	for ch, n := range sent {
		stamped[ch], answered[ch] = 2*delivered[ch] > n, 200*responded[ch] > n
	}
	for _, r := range c.Messages {
		name := ""
		if r.Bulk {
			name = "bulk"
		}
		b.add("messages", r.Channel, name, r.Day, r.Messages, 0)
		if r.Day+fortnight/2 >= c.Totals.End {
			continue
		}
		if stamped[r.Channel] {
			b.add(statusInput, r.Channel, "", r.Day, r.Stated, r.Messages)
		}
		if answered[r.Channel] {
			b.add(responseInput, r.Channel, "", r.Day, r.Responded, r.Messages)
		}
	}
	slices.SortFunc(b.order, func(x, y [3]string) int { return slices.Compare(x[:], y[:]) })
	var out []*Series
	for _, k := range b.order {
		last := c.Totals.End - 2 // the last complete day
		if k[0] == statusInput || k[0] == responseInput {
			last = c.Totals.End - fortnight/2 - 1
		}
		s := &Series{Input: k[0], Source: k[1], Name: k[2], Tau: math.NaN(), Rho: math.NaN()}
		s.fill(b.at[k], b.of[k], last)
		if b.rest[k] {
			s.State = Rest
		}
		out = append(out, s)
	}
	return out
}

// fill lays the days out from the first regular one to last, and finds where the source begins and ends.
func (s *Series) fill(rows, exposure map[int64]int64, last int64) {
	var days []int64
	for d, n := range rows {
		s.Rows += n
		if n > 0 {
			days = append(days, d)
		}
	}
	slices.Sort(days)
	if len(days) == 0 {
		s.State = NoDays
		return
	}
	s.First, s.Last = days[0], days[len(days)-1]
	begin := -1
	for i := range days { // seven days with rows within the fortnight that begins here
		if i+fortnight/2 <= len(days) && days[i+fortnight/2-1]-days[i] < fortnight {
			begin = i
			break
		}
	}
	if begin < 0 {
		s.State = NoDays
		return
	}
	for _, d := range days[:begin] {
		s.Stray += rows[d]
	}
	s.First = days[begin]
	s.Ended = last-s.Last > fortnight
	if s.Ended {
		last = s.Last
	}
	if last-s.First < leastDays {
		s.State = Short
		return
	}
	s.from = s.First
	n := int(last - s.First + 1)
	s.y = make([]int64, n)
	if exposure != nil {
		s.exposure = make([]float64, n)
	}
	for i := range n {
		s.y[i] = rows[s.day(i)]
		if exposure != nil {
			s.exposure[i] = float64(exposure[s.day(i)])
		}
	}
}

// fit makes the expected rows of every day and the scatter about them.
func (s *Series) fit() {
	n := len(s.y)
	rate := make([]float64, n) // rows, or rows per send
	known := make([]bool, n)
	for i, v := range s.y {
		rate[i], known[i] = float64(v), true
		if s.exposure != nil {
			known[i] = s.exposure[i] > 0
			if known[i] {
				rate[i] /= s.exposure[i]
			}
		}
	}
	s.dropHoles(known)
	factor := [7]float64{1, 1, 1, 1, 1, 1, 1}
	if s.exposure == nil {
		factor = s.weekdays(rate, known)
	}
	for _, f := range factor {
		if f > 0 {
			s.Open++
		}
	}
	if s.Open < openDays {
		s.State = Irregular
		return
	}
	plain := make([]float64, n)
	for i := range plain {
		if f := factor[weekday(s.day(i))]; f > 0 {
			plain[i] = rate[i] / f
		} else {
			known[i] = false
		}
	}
	level := levels(plain, known)
	s.mu = make([]float64, n)
	for i := range s.mu {
		s.mu[i] = level[i] * factor[weekday(s.day(i))]
		if s.exposure != nil {
			s.mu[i] *= s.exposure[i]
		}
	}
	s.scatter(known)
}

// dropHoles takes silences of more than a week out of what makes the level: it is they that are to be judged.
func (s *Series) dropHoles(known []bool) {
	run := 0
	for i := 0; i <= len(s.y); i++ {
		if i < len(s.y) && s.y[i] == 0 {
			run++
			continue
		}
		if run > holeDays {
			for j := i - run; j < i; j++ {
				known[j] = false
			}
		}
		run = 0
	}
}

// weekdays are the usual shares of the weekdays in the level of their time: medians, so that gaps do not count. 0 is a weekday on which the source is closed.
func (s *Series) weekdays(rate []float64, known []bool) (factor [7]float64) {
	level := levels(rate, known)
	var of [7][]float64
	for i, r := range rate {
		if known[i] && level[i] > 0 {
			w := weekday(s.day(i))
			of[w] = append(of[w], r/level[i])
		}
	}
	for w := range of {
		factor[w] = 1
		if len(of[w]) < 4 {
			continue
		}
		slices.Sort(of[w])
		if of[w][len(of[w])/2] == 0 {
			factor[w] = 0
			continue
		}
		factor[w] = trimmedMean(of[w])
	}
	return factor
}

// levels is the trimmed mean of the known days around every day, itself left out: 28 on each side, at the ends the nearest 56.
func levels(x []float64, known []bool) []float64 {
	var at []int // places of known days
	for i, k := range known {
		if k {
			at = append(at, i)
		}
	}
	out := make([]float64, len(x))
	window := make([]float64, 0, 2*reach)
	for i := range x {
		p, found := slices.BinarySearch(at, i)
		from := min(max(p-reach, 0), max(len(at)-2*reach-1, 0))
		window = window[:0]
		for j := from; j < len(at) && len(window) < 2*reach; j++ {
			if !found || j != p {
				window = append(window, x[at[j]])
			}
		}
		slices.Sort(window)
		out[i] = trimmedMean(window)
	}
	return out
}

// trimmedMean is the mean of sorted values without a quarter on each end; 0 of none.
func trimmedMean(sorted []float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	cut := int(trimmed * float64(len(sorted)))
	var sum float64
	for _, v := range sorted[cut : len(sorted)-cut] {
		sum += v
	}
	return sum / float64(len(sorted)-2*cut)
}

// scatter estimates what days differ by beyond chance (tau, a coefficient of variation: variance mu + tau^2 mu^2) and how alike neighbours are (rho), both robust against gaps.
func (s *Series) scatter(known []bool) {
	var excess []float64
	var zero, busy float64
	for i, m := range s.mu {
		if !known[i] || !(m > 0) {
			continue
		}
		d := float64(s.y[i]) - m
		excess = append(excess, (d*d/chiSquared1-m)/(m*m))
		if m >= 5 {
			busy++
			if s.y[i] == 0 {
				zero++
			}
		}
	}
	if len(excess) < leastDays/2 {
		s.State = Short
		return
	}
	n := float64(len(excess))
	s.Tau = math.Sqrt(math.Max(0, suffstat.SampleMedian(excess)) * n / (n - inSample))
	switch {
	case zero > mostZero*busy && zero >= 3 || s.Tau > mostTau:
		s.State = Irregular
		return
	}
	z := s.scores()
	var own, next float64
	for i := range z {
		if math.IsNaN(z[i]) {
			continue
		}
		a := clip(z[i])
		own += a * a
		if i+1 < len(z) && !math.IsNaN(z[i+1]) {
			next += a * clip(z[i+1])
		}
	}
	s.Rho = 0
	if own > 0 {
		s.Rho = math.Min(math.Max((n*next/own+1)/(n-4), 0), suffstat.MostRho) // corrected as in suffstat.PraisWinsten
	}
}

func clip(z float64) float64 { return math.Min(math.Max(z, -2), 2) }

// scores are the log-ratios of observed to expected in standard deviations; NaN where nothing is expected.
func (s *Series) scores() []float64 {
	z := make([]float64, len(s.y))
	for i := range z {
		z[i] = math.NaN()
		if s.mu[i] > 0 {
			z[i] = logScore(float64(s.y[i]), s.mu[i], s.Tau*s.Tau*s.mu[i]*s.mu[i])
		}
	}
	return z
}

// logScore is log(y/mu) in standard deviations of chance and of the extra variance.
func logScore(y, mu, extra float64) float64 {
	return math.Log((y+.5)/(mu+.5)) / math.Sqrt(extra/(mu*mu)+1/(mu+.5))
}

func compareSeries(a, b *Series) int {
	return cmp.Or(cmp.Compare(a.Input, b.Input), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Name, b.Name))
}
