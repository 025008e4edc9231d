package report

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"crmaudit/analytics"
)

// bundlesSection shows what is bought together and one after another: a map, and the tables behind it.
type bundlesSection struct {
	Map             *chart
	MapMore         T
	Pairs           []bundleRow
	PairsMore       more
	PairsAbsent     T
	Sequences       []followRow
	SequencesMore   more
	SequencesAbsent T
	Stages          []stageOffers
	StagesMore      more
	Findings        []findingRow
	FindingsAbsent  T
}

type bundleRow struct {
	From, To                string
	Both                    T
	Adjusted, Within, Plain cell
	Attach, Base, Stake     cell
	HasWithin, Category     bool
}

type followRow struct {
	From, To                         string
	Category                         bool
	Share, Other, Difference, Within cell
	HasWithin                        bool
}

type stageOffers struct {
	Stage T
	Rows  []offerRow
}

type offerRow struct {
	Item      string
	Category  bool
	Share     cell
	Elsewhere cell
	Value     cell
}

// What the page shows of the tables.
const (
	mostBundleEdges = 40
	mostBundleRows  = 12
	mostOffers      = 3 // products of a stage; categories: one less
)

type bundleMap struct {
	part
	bundles []int // rows of analytics.bundles that are bundles, surest first
	orders  map[string]float64
}

func loadBundles(ctx context.Context, p *page) (any, error) {
	b := &bundleMap{part: part{page: p, ctx: ctx, schema: "analytics"}, orders: map[string]float64{}}
	s := bundlesSection{}
	s.Pairs, s.PairsMore, s.PairsAbsent = b.pairs()
	s.Sequences, s.SequencesMore, s.SequencesAbsent = b.sequences()
	s.Map, s.MapMore = b.draw()
	s.Stages, s.StagesMore = b.next()
	if b.err != nil {
		return nil, b.err
	}
	var err error
	s.Findings, s.FindingsAbsent, err = p.blockFindings(ctx, "bundles")
	return s, err
}

// sure lists the rows of pairs that are bundles, each pair once, in the direction with the higher attach rate, by place.
func (b *bundleMap) sure(f *analytics.Frame) []int {
	basket, level, from, to, verdict := f.String("basket"), f.String("level"), f.String("antecedent"), f.String("consequent"), f.String("verdict")
	place, withinQ, within, confidence := numbersOf(f, "place"), numbersOf(f, "within_q"), numbersOf(f, "within_category"), numbersOf(f, "confidence")
	seen := map[[3]string]int{}
	var at []int
	for i := range from {
		taste := analytics.Finite(within[i]) && !(within[i] > 1 && withinQ[i] <= .10)
		if basket[i] != "order" || verdict[i] != "together" || taste || !analytics.Finite(place[i]) {
			continue
		}
		key := [3]string{level[i], min(from[i], to[i]), max(from[i], to[i])}
		if k, ok := seen[key]; ok {
			if confidence[i] > confidence[at[k]] {
				at[k] = i
			}
			continue
		}
		seen[key] = len(at)
		at = append(at, i)
	}
	slices.SortStableFunc(at, func(i, j int) int { return cmp.Or(cmp.Compare(level[j], level[i]), cmp.Compare(place[i], place[j])) })
	return at
}

func (b *bundleMap) pairs() ([]bundleRow, more, T) {
	f, absent := b.table("bundles")
	if f == nil {
		return nil, more{}, absent
	}
	rates := map[[3]string]int{}
	r, _ := b.table("attach_rates")
	var rate, rateLower, rateUpper, stake, stakeLower, stakeUpper, n []float64
	if r != nil {
		level, from, to := r.String("level"), r.String("antecedent"), r.String("consequent")
		rate, rateLower, rateUpper, n = numbersOf(r, "attach_rate"), numbersOf(r, "lower"), numbersOf(r, "upper"), numbersOf(r, "n")
		stake, stakeLower, stakeUpper = numbersOf(r, "stake"), numbersOf(r, "stake_lower"), numbersOf(r, "stake_upper")
		for i := range from {
			rates[[3]string{level[i], from[i], to[i]}] = i
		}
	}
	level, from, to := f.String("level"), f.String("antecedent"), f.String("consequent")
	adjusted, lower, upper, both := numbersOf(f, "adjusted_lift"), numbersOf(f, "lower"), numbersOf(f, "upper"), numbersOf(f, "n_both")
	lift, liftLower, liftUpper := numbersOf(f, "lift"), numbersOf(f, "lift_lower"), numbersOf(f, "lift_upper")
	within, withinLower, withinUpper := numbersOf(f, "within_category"), numbersOf(f, "within_lower"), numbersOf(f, "within_upper")
	antecedents, consequents, baskets := numbersOf(f, "n_antecedent"), numbersOf(f, "n_consequent"), numbersOf(f, "baskets")
	for i := range from {
		if level[i] == "product" {
			b.orders[from[i]] = max(b.orders[from[i]], antecedents[i])
		}
	}
	at := b.sure(f)
	var rows []bundleRow
	for _, i := range at {
		k, ok := rates[[3]string{level[i], from[i], to[i]}]
		b.bundles = append(b.bundles, i)
		if len(rows) == mostBundleRows {
			continue
		}
		size := whole(both[i])
		row := bundleRow{From: Shown(from[i]), To: Shown(to[i]), Category: level[i] == "category", Both: b.count(size),
			Adjusted: b.estimate(ratio(adjusted[i], lower[i], upper[i], size), ""), Plain: b.estimate(ratio(lift[i], liftLower[i], liftUpper[i], size), ""),
			HasWithin: analytics.Finite(within[i]), Within: b.estimate(ratio(within[i], withinLower[i], withinUpper[i], size), ""), Base: b.fact(quotient(consequents[i], baskets[i]), "share")}
		if ok {
			row.Attach = b.estimate(interval(rate[k], rateLower[k], rateUpper[k], whole(n[k]), "share"), "")
			e := interval(stake[k], stakeLower[k], stakeUpper[k], whole(n[k]), b.opt.Currency)
			e.Level = .90
			row.Stake = b.estimate(e, "")
		}
		rows = append(rows, row)
	}
	const sql = "SELECT * FROM analytics.bundles WHERE basket = 'order' AND verdict = 'together' ORDER BY level DESC, place, antecedent"
	if len(rows) == 0 {
		return nil, more{SQL: "SELECT * FROM analytics.bundles WHERE basket = 'order' ORDER BY level DESC, place, antecedent"}, b.word("bundles_none")
	}
	return rows, b.rest(len(rows), len(at), sql), T{}
}

// follows lists the rows of sequences that are more frequent than like customers explain, surest first.
func (b *bundleMap) follows(f *analytics.Frame) []int {
	verdict, shrunk, within, withinQ := f.String("verdict"), numbersOf(f, "shrunk_lower"), numbersOf(f, "within_difference"), numbersOf(f, "within_q")
	var at []int
	for i := range verdict {
		taste := analytics.Finite(within[i]) && !(within[i] > 0 && withinQ[i] <= .10)
		if verdict[i] == "more" && shrunk[i] > 0 && !taste {
			at = append(at, i)
		}
	}
	slices.SortStableFunc(at, func(i, j int) int { return cmp.Compare(shrunk[j], shrunk[i]) })
	return at
}

func (b *bundleMap) sequences() ([]followRow, more, T) {
	f, absent := b.table("bundle_sequences")
	if f == nil {
		return nil, more{}, absent
	}
	level, from, to, n := f.String("level"), f.String("antecedent"), f.String("consequent"), numbersOf(f, "orders")
	share, lower, upper, other := numbersOf(f, "probability"), numbersOf(f, "lower"), numbersOf(f, "upper"), numbersOf(f, "probability_without")
	otherLower, otherUpper := numbersOf(f, "without_lower"), numbersOf(f, "without_upper")
	gap, gapLower, gapUpper := numbersOf(f, "difference"), numbersOf(f, "difference_lower"), numbersOf(f, "difference_upper")
	within, withinLower, withinUpper, others := numbersOf(f, "within_difference"), numbersOf(f, "within_lower"), numbersOf(f, "within_upper"), numbersOf(f, "orders_without")
	at := b.follows(f)
	var rows []followRow
	for _, i := range at[:min(len(at), mostBundleRows)] {
		size := whole(n[i])
		e := interval(other[i], otherLower[i], otherUpper[i], whole(others[i]), "share")
		rows = append(rows, followRow{From: Shown(from[i]), To: Shown(to[i]), Category: level[i] == "category",
			Share: b.estimate(interval(share[i], lower[i], upper[i], size, "share"), ""), Other: b.estimate(e, ""),
			Difference: b.estimate(interval(gap[i], gapLower[i], gapUpper[i], size, "share"), "points"),
			HasWithin:  analytics.Finite(within[i]), Within: b.estimate(interval(within[i], withinLower[i], withinUpper[i], size, "share"), "points")})
	}
	if len(rows) == 0 {
		return nil, more{SQL: "SELECT * FROM analytics.bundle_sequences ORDER BY difference DESC, antecedent, consequent"}, b.word("sequences_none")
	}
	return rows, b.rest(len(rows), len(at), "SELECT * FROM analytics.bundle_sequences WHERE verdict = 'more' ORDER BY shrunk_lower DESC, antecedent, consequent"), T{}
}

// draw is the map of products: lines join what is bought together, arrows lead to what is bought next.
func (b *bundleMap) draw() (*chart, T) {
	f, _ := b.table("bundles")
	if f == nil || b.err != nil {
		return nil, T{}
	}
	c := &chart{Kind: "network", Label: b.word("bundle_map_title")}
	place := map[string]int{}
	most := 1.
	for _, n := range b.orders {
		most = max(most, n)
	}
	add := func(name string) string {
		i, ok := place[name]
		if !ok {
			i = len(c.Nodes)
			place[name] = i
			n := b.fact(b.orders[name], "orders")
			c.Nodes = append(c.Nodes, node{ID: fmt.Sprint("b", i), Name: plain(Shown(name)), Hue: 0, Size: math.Round(8 + 24*math.Sqrt(max(0, b.orders[name]/most))), Tip: b.join(plain(Shown(name)), ": ", n)})
		}
		return c.Nodes[i].ID
	}
	level, from, to := f.String("level"), f.String("antecedent"), f.String("consequent")
	adjusted, lower, upper, both := numbersOf(f, "adjusted_lift"), numbersOf(f, "lower"), numbersOf(f, "upper"), numbersOf(f, "n_both")
	links := 0
	for _, i := range b.bundles {
		if level[i] == "product" {
			if links++; links > mostBundleEdges {
				continue
			}
			number := b.estimate(ratio(adjusted[i], lower[i], upper[i], whole(both[i])), "")
			names := Shown(from[i]) + " + " + Shown(to[i])
			c.Links = append(c.Links, link{From: add(from[i]), To: add(to[i]), Value: whole(both[i]), Kind: "overlap", Width: math.Round(10*min(6, 1+math.Log2(max(1, adjusted[i])))) / 10,
				Tip: b.join(joined(plain(names), ": ", b.word("adjusted_lift")), " ", number)})
		}
	}
	if s, _ := b.table("bundle_sequences"); s != nil {
		level, from, to, n := s.String("level"), s.String("antecedent"), s.String("consequent"), numbersOf(s, "orders")
		gap, gapLower, gapUpper := numbersOf(s, "difference"), numbersOf(s, "difference_lower"), numbersOf(s, "difference_upper")
		for k, i := range b.follows(s) {
			if level[i] != "product" || k >= mostBundleEdges/2 {
				continue
			}
			number := b.estimate(interval(gap[i], gapLower[i], gapUpper[i], whole(n[i]), "share"), "points")
			c.Links = append(c.Links, link{From: add(from[i]), To: add(to[i]), Value: whole(n[i]), Kind: "follows", Width: 2, Tip: b.join(plain(Shown(from[i])+" → "+Shown(to[i])), ": ", number)})
		}
	}
	if len(c.Links) == 0 {
		return nil, T{}
	}
	if links > mostBundleEdges {
		return c, b.say("shown_of", map[string]T{"shown": b.count(mostBundleEdges), "total": b.count(int64(links))})
	}
	return c, T{}
}

// next is what to offer in each stage, in the order of the life cycle.
func (b *bundleMap) next() ([]stageOffers, more) {
	f, _ := b.table("next_products")
	if f == nil {
		return nil, more{}
	}
	stage, level, item := f.String("stage"), f.String("level"), f.String("item")
	place, n := numbersOf(f, "place"), numbersOf(f, "orders")
	share, lower, upper, value := numbersOf(f, "probability"), numbersOf(f, "lower"), numbersOf(f, "upper"), numbersOf(f, "margin_value")
	elsewhere, elsewhereLower, elsewhereUpper, others := numbersOf(f, "elsewhere"), numbersOf(f, "elsewhere_lower"), numbersOf(f, "elsewhere_upper"), numbersOf(f, "elsewhere_orders")
	at := make([]int, 0, len(stage))
	for i := range stage {
		if place[i] <= mostOffers && (level[i] == "product" || place[i] < mostOffers) {
			at = append(at, i)
		}
	}
	position := b.positions()
	slices.SortStableFunc(at, func(i, j int) int {
		return cmp.Or(cmp.Compare(position[stage[i]], position[stage[j]]), cmp.Compare(stage[i], stage[j]), cmp.Compare(level[j], level[i]), cmp.Compare(place[i], place[j]))
	})
	var out []stageOffers
	last := ""
	for k, i := range at {
		if k == 0 || stage[i] != last {
			out, last = append(out, stageOffers{Stage: b.stage(stage[i])}), stage[i]
		}
		row := offerRow{Item: Shown(item[i]), Category: level[i] == "category", Share: b.estimate(interval(share[i], lower[i], upper[i], whole(n[i]), "share"), ""),
			Elsewhere: b.estimate(interval(elsewhere[i], elsewhereLower[i], elsewhereUpper[i], whole(others[i]), "share"), ""), Value: b.fact(value[i], b.opt.Currency)}
		out[len(out)-1].Rows = append(out[len(out)-1].Rows, row)
	}
	return out, b.rest(len(at), len(stage), "SELECT * FROM analytics.next_products ORDER BY stage, level DESC, place")
}

// positions is the order of the stages in the life cycle.
func (t *part) positions() map[string]float64 {
	out := map[string]float64{}
	f, _, err := t.fetch(t.ctx, "lifecycle.stages")
	if err != nil {
		t.err = err
	}
	if f == nil {
		return out
	}
	position := numbersOf(f, "position")
	for i, s := range f.String("stage") {
		out[s] = position[i]
	}
	return out
}
