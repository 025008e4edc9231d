package duplicates

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"crmaudit/analytics/suffstat"
)

// What delays are counted from.
const (
	baseEntry = "entry" // the recorded entry
	baseFirst = "first" // the first message of the entry; of calendar campaigns the message before
)

const (
	lastHour  = 24 * 60 // delays are known up to 60 days
	weekHours = 24 * 7  // a mean distance of a week or more is no similarity at all
	// leastStep is the share of the largest step's messages below which a step is an exception, not part of the chain.
	leastStep = .1
)

// step is one message of a chain as most customers get it.
type step struct {
	token    string // channel and delay bin
	contents []share
}

// chain is what of a scenario can be compared with another one, for both bases.
type chain struct {
	delays map[string][]int64 // hourly histogram
	steps  map[string][]step  // in order
	known  bool               // more than half of the messages name their template
}

func newChain(s *Scenario) chain {
	c := chain{delays: map[string][]int64{}, steps: map[string][]step{}}
	for base, delays := range s.Delays {
		h := make([]int64, lastHour+13)
		for _, d := range delays {
			at := min(d.Hours, lastHour)
			if at >= weekHours {
				at += 12 // the middle of the day
			}
			h[at] += d.Messages
		}
		c.delays[base] = h
	}
	var named, all int64
	for _, x := range s.Contents {
		all += x.Messages
		if x.Template != "" {
			named += x.Messages
		}
	}
	c.known = 2*named > all
	for _, base := range []string{baseEntry, baseFirst} {
		c.steps[base] = stepsOf(s, base)
	}
	return c
}

type stepID struct {
	id    string
	place int64
}

// stepsOf orders the steps by their median delay bin, then channel, then place and id. The channel of a step is its commonest one.
func stepsOf(s *Scenario, base string) []step {
	type sums struct {
		n        int64
		channels map[string]int64
		bins     [10]int64
	}
	found := map[stepID]*sums{}
	var most int64
	for _, c := range s.Steps {
		if c.Base != base {
			continue
		}
		k := stepID{c.Step, c.Place}
		if found[k] == nil {
			found[k] = &sums{channels: map[string]int64{}}
		}
		x := found[k]
		x.n += c.Messages
		x.channels[c.Channel] += c.Messages
		x.bins[min(c.Bin, int64(len(x.bins)-1))] += c.Messages
		most = max(most, x.n)
	}
	if s.Bulk {
		return bulkStep(s)
	}
	type ordered struct {
		stepID
		channel string
		bin     int
	}
	var steps []ordered
	for k, x := range found {
		if float64(x.n) >= leastStep*float64(most) {
			steps = append(steps, ordered{k, commonest(x.channels), medianBin(x.bins[:], x.n)})
		}
	}
	slices.SortFunc(steps, func(a, b ordered) int {
		return cmp.Or(cmp.Compare(a.bin, b.bin), cmp.Compare(a.channel, b.channel), cmp.Compare(a.place, b.place), cmp.Compare(a.id, b.id))
	})
	contents := contentsOf(s)
	out := make([]step, len(steps))
	for i, x := range steps {
		out[i] = step{fmt.Sprintf("%d %s", x.bin, x.channel), contents[x.stepID]}
	}
	return out
}

// bulkStep makes one step of a calendar campaign, which has no chain: its commonest channel, and all that it sends.
func bulkStep(s *Scenario) []step {
	channels := map[string]int64{}
	for _, m := range s.Messages {
		channels[m.Channel] += m.Messages
	}
	if len(channels) == 0 {
		return nil
	}
	all := map[string]int64{}
	for _, c := range s.Contents {
		all[c.Template] += c.Messages
	}
	return []step{{"0 " + commonest(channels), shares(all)}}
}

func contentsOf(s *Scenario) map[stepID][]share {
	counts := map[stepID]map[string]int64{}
	for _, c := range s.Contents {
		k := stepID{c.Step, c.Place}
		if counts[k] == nil {
			counts[k] = map[string]int64{}
		}
		counts[k][c.Template] += c.Messages
	}
	out := map[stepID][]share{}
	for k, n := range counts {
		out[k] = shares(n)
	}
	return out
}

// shares leaves out messages without a template.
func shares(n map[string]int64) []share {
	var total int64
	var out []share
	for t, k := range n {
		if t != "" && k > 0 {
			total += k
			out = append(out, share{t, float64(k)})
		}
	}
	slices.SortFunc(out, func(a, b share) int { return cmp.Compare(a.template, b.template) })
	for i := range out {
		out[i].share /= float64(total)
	}
	return out
}

func commonest(n map[string]int64) string {
	best := ""
	for k, v := range n {
		if best == "" || v > n[best] || v == n[best] && k < best {
			best = k
		}
	}
	return best
}

func medianBin(bins []int64, n int64) int {
	var below int64
	for i, k := range bins {
		if below += k; 2*below >= n {
			return i
		}
	}
	return len(bins) - 1
}

// baseOf returns what the delays of a pair are counted from; "" when they cannot be compared: a calendar campaign has no entry.
func baseOf(a, b *Scenario) string {
	switch {
	case a.Bulk != b.Bulk:
		return ""
	case a.Enrolled && b.Enrolled:
		return baseEntry
	}
	return baseFirst
}

// timingSimilar returns 1 - W1 in weeks (not below 0) of the delays, and 1 - edit distance / longer length of the sequences of steps. NaN without messages. A
// calendar campaign and a chain never have the same timing: 0.
func timingSimilar(a, b *Scenario, ca, cb chain) (delay, sequence float64) {
	base := baseOf(a, b)
	if base == "" {
		return 0, 0
	}
	delay = math.Max(0, 1-suffstat.WassersteinBins(ca.delays[base], cb.delays[base], 1)/weekHours)
	x, y := ca.steps[base], cb.steps[base]
	if len(x) == 0 || len(y) == 0 {
		return delay, math.NaN()
	}
	sequence = 1 - float64(editDistance(tokens(x), tokens(y)))/float64(max(len(x), len(y)))
	if math.IsNaN(delay) && a.Bulk && b.Bulk {
		delay = sequence // one message per customer: there is no distance between messages
	}
	return delay, sequence
}

func tokens(steps []step) []string {
	out := make([]string, len(steps))
	for i, s := range steps {
		out[i] = s.token
	}
	return out
}

// editDistance returns the least number of tokens to insert, delete or replace that turns a into b (Levenshtein 1966), on tokens instead of letters.
func editDistance[T comparable](a, b []T) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		corner := row[0]
		row[0] = i + 1
		for j := range b {
			up := row[j+1]
			cost := corner
			if a[i] != b[j] {
				cost++
			}
			row[j+1] = min(cost, up+1, row[j]+1)
			corner = up
		}
	}
	return row[len(b)]
}
