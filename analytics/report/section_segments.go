package report

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"crmaudit/analytics"
)

// segmentsSection shows the segments one by one, how customers move between them, and which of them are the same.
type segmentsSection struct {
	Lead   T
	Absent T

	Chart  *chart
	Series []segmentSeries
	Rows   []segmentRow
	More   more

	Flow     *chart
	FlowRows []segmentFlow
	FlowMore more

	PairsLead   T
	PairsAbsent T
	Groups      []segmentGroup
	Pairs       *chart
	PairRows    []segmentPair
	PairsMore   more

	Explained  []explainedRow
	Targeting  []targetingRow
	Partitions []partitionRow

	Findings       []findingGroup
	FindingsAbsent T
}

type segmentRow struct {
	named
	Size, Share      cell
	Bar              string
	Form             T // only where it limits what can be said
	Answers          []answer
	Turnover, Median cell
	Stuck            cell
	StuckText        T
	Stale, Order     cell
	HasStale         bool
	Smallest, UsedBy T
}

// segmentSeries is the curve of members as a table: first and last period.
type segmentSeries struct {
	named
	First, Last cell
}

type segmentFlow struct {
	From, To     named
	None         bool
	Moves, Share cell
}

// segmentGroup is segments of which every two are proved to behave alike.
type segmentGroup struct{ Members []named }

type segmentPair struct {
	A, B                  named
	Answer                answer
	Why                   []T
	Both, Jaccard         cell
	Metric                T
	Difference            cell
	Margin                T
	Distance, DistanceWhy T
	Contrasts             []contrastRow
}

type contrastRow struct {
	Metric     T
	A, B       cell
	Difference cell
	Margin     T
	Answer     answer
}

type explainedRow struct {
	Model, Outcome T
	Explained      cell
	InSample       cell
	Span           span
}

type targetingRow struct {
	Experiment, Parts, Outcome T
	Value                      cell
	PlugIn                     cell
	Answer                     answer
}

type partitionRow struct {
	A, B     T
	AMI      cell
	Customer T
}

// What the page shows of tables that may have thousands of rows.
const (
	mostSegments     = 25 // rows of the segment table
	mostSegmentLines = 6  // curves of members
	mostSegmentPairs = 20
	mostContrasts    = 8 // pairs whose metrics are all shown
)

type segmentPart struct {
	part
	name  map[string]string
	size  map[string]float64
	order []string // by members, most first
}

func loadSegments(ctx context.Context, p *page) (any, error) {
	m := &segmentPart{part: part{page: p, ctx: ctx, schema: "segments"}, name: map[string]string{}, size: map[string]float64{}}
	var s segmentsSection
	m.segments(&s)
	s.Chart, s.Series = m.members()
	m.flows(&s)
	m.pairs(&s)
	s.Explained = m.explained()
	s.Targeting = m.targeting()
	s.Partitions = m.partitions()
	if m.err != nil {
		return nil, m.err
	}
	var err error
	s.Findings, s.FindingsAbsent, err = p.findingGroups(ctx, "segments", "pairs")
	return s, err
}

// called is a segment's name for the page.
func (m *segmentPart) called(id string) named {
	n := named{Name: Shown(id), raw: id}
	if name := Shown(m.name[id]); name != "" && name != n.Name {
		n = named{Name: name, ID: n.Name, raw: id}
	}
	return n
}

// segmentStates are the verdicts of a segment that want a decision, and those that leave a question open.
var segmentStates = map[string]string{
	"empty": "yes", "everybody": "yes", "stale": "yes", "stuck": "yes", "too_small": "yes", "too_large": "yes", "unused": "yes", "silent": "yes",
	"static": "open", "undecided": "open", "insufficient_data": "open",
}

func (m *segmentPart) segments(s *segmentsSection) {
	f, absent := m.table("segments")
	if f == nil {
		s.Absent = absent
		if m.empty("segments.segments") {
			s.Absent = m.word("seg_none")
		}
		return
	}
	id, name, form := f.String("segment_id"), textsOf(f, "name"), textsOf(f, "form")
	customers, share := numbersOf(f, "customers"), numbersOf(f, "share")
	median, medianLower, medianUpper, watched := numbersOf(f, "median_days_in"), numbersOf(f, "median_lower"), numbersOf(f, "median_upper"), numbersOf(f, "memberships_watched")
	turnover, turnoverLower, turnoverUpper := numbersOf(f, "turnover_rate"), numbersOf(f, "turnover_lower"), numbersOf(f, "turnover_upper")
	stuck, stuckLower, stuckUpper, stuckVerdict := numbersOf(f, "stuck_share"), numbersOf(f, "stuck_lower"), numbersOf(f, "stuck_upper"), textsOf(f, "stuck_verdict")
	leaves, needed := numbersOf(f, "leaves"), numbersOf(f, "stuck_needed")
	stale, staleVerdict, ruled := numbersOf(f, "stale_share"), textsOf(f, "stale_verdict"), numbersOf(f, "rule_members")
	order, orderLower, orderUpper, outcome := numbersOf(f, "order_rate"), numbersOf(f, "order_lower"), numbersOf(f, "order_upper"), numbersOf(f, "outcome_members")
	mde := numbersOf(f, "mde_relative")
	sizeVerdict, useVerdict, usedBy := textsOf(f, "size_verdict"), textsOf(f, "use_verdict"), textsOf(f, "used_by")
	at := make([]int, len(id))
	moving, faulty := 0, 0
	for i := range id {
		at[i] = i
		m.name[id[i]], m.size[id[i]] = name[i], customers[i]
		moving += bit(form[i] == "intervals" || form[i] == "snapshots")
	}
	slices.SortStableFunc(at, func(a, b int) int {
		return cmp.Or(cmp.Compare(customers[b], customers[a]), strings.Compare(id[a], id[b]))
	})
	for _, i := range at {
		m.order = append(m.order, id[i])
		r := segmentRow{
			named: m.called(id[i]), Size: cell{Value: m.count(whole(customers[i]))}, Share: m.fact(share[i], "share"), Bar: percentOf(share[i]),
			Turnover:  m.estimate(interval(turnover[i], turnoverLower[i], turnoverUpper[i], whole(customers[i]+leaves[i]), "share"), ""),
			Median:    m.median(median[i], medianLower[i], medianUpper[i], whole(watched[i])),
			Stuck:     m.estimate(interval(stuck[i], stuckLower[i], stuckUpper[i], whole(customers[i]+leaves[i]), "share"), ""),
			Order:     m.estimate(interval(order[i], orderLower[i], orderUpper[i], whole(outcome[i]), "share"), ""),
			HasStale:  staleVerdict[i] == "stale" || staleVerdict[i] == "fresh",
			Stale:     m.fact(stale[i], "share"),
			StuckText: m.needs(m.texts.Name("seg_stuck", stuckVerdict[i]), needed[i]),
		}
		if form[i] != "intervals" {
			r.Form = m.texts.Name("seg_forms", form[i])
		}
		if ruled[i] > 0 {
			r.Stale.Doubt = m.phrase("seg_of_members", map[string]T{"members": m.count(whole(ruled[i]))})
		}
		if analytics.Finite(mde[i]) {
			r.Smallest = m.phrase("seg_smallest", map[string]T{"mde": m.estimate(interval(mde[i], math.NaN(), math.NaN(), 0, "share"), "").Value})
		}
		for _, v := range []string{sizeVerdict[i], staleVerdict[i], stuckVerdict[i], useVerdict[i]} {
			if state := segmentStates[v]; state != "" && m.texts.Has("seg_verdicts."+v) {
				r.Answers = append(r.Answers, answer{Text: m.texts.Name("seg_verdicts", v), State: state})
			}
		}
		faulty += bit(slices.ContainsFunc(r.Answers, func(a answer) bool { return a.State == "yes" }))
		if len(r.Answers) == 0 {
			r.Answers = []answer{{Text: m.texts.Name("seg_verdicts", "fine"), State: "no"}}
		}
		if usedBy[i] != "" {
			r.UsedBy = plain(Shown(usedBy[i]))
		} else if useVerdict[i] == "unused" {
			r.UsedBy = m.word("seg_nobody")
		}
		s.Rows = append(s.Rows, r)
	}
	s.Lead = m.say("seg_lead", map[string]T{"total": m.count(int64(len(id))), "moving": m.count(int64(moving)), "faulty": m.count(int64(faulty))})
	s.Rows = s.Rows[:min(len(s.Rows), mostSegments)]
	s.More = m.rest(len(s.Rows), len(id), "SELECT * FROM segments.segments\nORDER BY customers DESC, segment_id")
}

// median is how long a membership lasts; where half have not left, how long it is at least.
func (m *segmentPart) median(value, lower, upper float64, n int64) cell {
	if !analytics.Finite(value) && !analytics.Finite(lower) && n > 0 {
		return cell{Value: m.word("seg_stay"), Doubt: m.phrase("seg_watched", map[string]T{"n": m.count(n)})}
	}
	if !analytics.Finite(value) && analytics.Finite(lower) {
		least := m.fact(lower, "days")
		return cell{Value: m.say("seg_longer", map[string]T{"days": least.Value}), Doubt: m.phrase("seg_watched", map[string]T{"n": m.count(n)})}
	}
	return m.estimate(interval(value, lower, upper, n, "days"), "")
}

// members draws the share of the base over time of the largest segments.
func (m *segmentPart) members() (*chart, []segmentSeries) {
	f, _ := m.table("members")
	if f == nil {
		return nil, nil
	}
	id, start, members, share := f.String("segment_id"), f.String("period_start"), numbersOf(f, "members"), numbersOf(f, "share")
	starts := slices.Compact(slices.Sorted(slices.Values(start)))
	if len(starts) < 3 {
		return nil, nil
	}
	column := map[string]int{}
	c := &chart{Kind: "lines", Label: m.word("seg_members_title"), XName: m.word("seg_axis"), Percent: true, Min: point(0)}
	for i, s := range starts {
		column[s] = i
		c.X = append(c.X, day(parseDay(s)))
	}
	lines := map[string]*line{}
	for _, s := range m.order {
		if len(lines) < mostSegmentLines && slices.Contains(id, s) {
			lines[s] = &line{Name: plain(m.called(s).Name), Value: make([]*float64, len(starts)), Tips: make([]T, len(starts))}
		}
	}
	most := 0.
	ends := map[string][2]cell{}
	for i, s := range id {
		l := lines[s]
		if l == nil || !analytics.Finite(share[i]) {
			continue
		}
		x := column[start[i]]
		l.Value[x] = point(share[i])
		l.Tips[x] = m.join(m.fact(share[i], "share").Value, ", ", m.fact(members[i], "customers"))
		number := cell{Value: m.fact(share[i], "share").Value, Doubt: m.fact(members[i], "customers").whole()}
		switch e := ends[s]; x {
		case 0:
			ends[s] = [2]cell{number, e[1]}
		case len(starts) - 1:
			ends[s] = [2]cell{e[0], number}
		}
		most = max(most, share[i])
	}
	var series []segmentSeries
	for _, s := range m.order {
		if l := lines[s]; l != nil {
			c.Lines = append(c.Lines, *l)
			series = append(series, segmentSeries{m.called(s), ends[s][0], ends[s][1]})
		}
	}
	if most == 0 {
		return nil, nil
	}
	c.Max = min(1, math.Ceil(20*most*1.05)/20)
	return c, series
}

// flows draws who went where.
func (m *segmentPart) flows(s *segmentsSection) {
	f, _ := m.table("flows")
	if f == nil {
		return
	}
	from, to, moves, share := f.String("from_segment"), textsOf(f, "to_segment"), numbersOf(f, "moves"), numbersOf(f, "share")
	at := make([]int, len(from))
	weight := map[string]float64{}
	for i := range from {
		at[i] = i
		if to[i] != "" {
			weight[from[i]] += moves[i]
			weight[to[i]] += moves[i]
		}
	}
	slices.SortStableFunc(at, func(a, b int) int { return cmp.Compare(moves[b], moves[a]) })
	for _, i := range at[:min(len(at), mostDetails)] {
		s.FlowRows = append(s.FlowRows, segmentFlow{From: m.called(from[i]), To: m.called(to[i]), None: to[i] == "", Moves: cell{Value: m.count(whole(moves[i]))}, Share: cell{Value: m.fact(share[i], "share").Value}})
	}
	s.FlowMore = m.rest(len(s.FlowRows), len(from), "SELECT * FROM segments.flows\nORDER BY moves DESC, from_segment, to_segment")
	names := make([]string, 0, len(weight))
	for n := range weight {
		names = append(names, n)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(weight[b], weight[a]), strings.Compare(a, b)) })
	names = names[:min(len(names), mostRows)]
	if len(names) < 2 {
		return
	}
	c := &chart{Kind: "heatmap", Label: m.word("seg_flows_title"), Tall: true, Max: 1}
	place := map[string]int{}
	for i, n := range names {
		place[n] = i
		label := plain(m.called(n).Name)
		c.X, c.Y = append(c.X, label), append(c.Y, label)
		c.Cells = append(c.Cells, tile{X: i, Y: i, Stay: true})
	}
	place[""] = len(names)
	c.X = append(c.X, m.word("seg_left"))
	for i := range from {
		y, ok := place[from[i]]
		x, also := place[to[i]]
		if !ok || !also || y == len(names) || !analytics.Finite(share[i]) {
			continue
		}
		text := m.texts.each(func(w *words) string { return w.decimal(100*share[i], 0) })
		c.Cells = append(c.Cells, tile{X: x, Y: y, Value: share[i], Text: text, Tip: m.join(m.say("seg_flow_tip", map[string]T{"share": m.fact(share[i], "share").Value}), "; ", m.fact(moves[i], ""))})
	}
	s.Flow = c
}

// metric is a name of segments.contrasts in words.
func (m *segmentPart) metric(name string) T {
	if scenario, ok := strings.CutPrefix(name, "response:"); ok {
		return m.say("seg_response", map[string]T{"scenario": plain(Shown(scenario))})
	}
	return m.texts.Name("metrics", name)
}

// difference is a difference in the unit of its metric, and its margin.
func (m *segmentPart) difference(metric string, value, lower, upper, margin float64, n int64) (cell, T) {
	form, shown := "points", "pp"
	if metric == "revenue_per_customer" {
		form, shown = "", ""
	}
	return m.estimate(interval(value, lower, upper, n, "share"), form), joined(plain("±"), "", m.estimate(interval(margin, math.NaN(), math.NaN(), 0, "share"), shown).Value)
}

// pairVerdicts in the order of the table: what wants a decision first.
var pairVerdicts = []string{"equivalent", "redundant", "undecided", "different"}

func (m *segmentPart) pairs(s *segmentsSection) {
	f, absent := m.table("pairs")
	if f == nil {
		s.PairsAbsent = absent
		if m.empty("segments.pairs") {
			s.PairsAbsent = m.word("seg_pairs_none")
		}
		return
	}
	a, b := f.String("segment_a"), f.String("segment_b")
	customersA, customersB, both := numbersOf(f, "customers_a"), numbersOf(f, "customers_b"), numbersOf(f, "customers_both")
	jaccard, jaccardLower, jaccardUpper := numbersOf(f, "jaccard"), numbersOf(f, "jaccard_lower"), numbersOf(f, "jaccard_upper")
	verdict, needed, caveat, redundant := textsOf(f, "verdict"), numbersOf(f, "needed_customers"), textsOf(f, "caveat"), flagsOf(f, "redundant")
	metric, difference, lower, upper, margin := textsOf(f, "deciding_metric"), numbersOf(f, "deciding_difference"), numbersOf(f, "deciding_lower"), numbersOf(f, "deciding_upper"), numbersOf(f, "deciding_margin")
	sideA, sideB := numbersOf(f, "compared_a"), numbersOf(f, "compared_b")
	js, floor, psi, psi95, feature := numbersOf(f, "js"), numbersOf(f, "js_floor"), numbersOf(f, "psi"), numbersOf(f, "psi_95"), textsOf(f, "far_feature")
	group := numbersOf(f, "merge_group")

	kind := func(i int) string {
		if redundant[i] && verdict[i] != "equivalent" {
			return "redundant"
		}
		return verdict[i]
	}
	count := map[string]int64{}
	members := map[int64]map[string]bool{}
	at := make([]int, len(a))
	for i := range a {
		at[i] = i
		count[kind(i)]++
		if analytics.Finite(group[i]) {
			g := whole(group[i])
			if members[g] == nil {
				members[g] = map[string]bool{}
			}
			members[g][a[i]], members[g][b[i]] = true, true
		}
	}
	slices.SortStableFunc(at, func(x, y int) int {
		return cmp.Or(slices.Index(pairVerdicts, kind(x))-slices.Index(pairVerdicts, kind(y)), cmp.Compare(min(customersA[y], customersB[y]), min(customersA[x], customersB[x])),
			strings.Compare(a[x], a[y]), strings.Compare(b[x], b[y]))
	})
	s.PairsLead = m.say("seg_pairs_lead", map[string]T{"total": m.count(int64(len(a))), "equivalent": m.count(count["equivalent"]), "different": m.count(count["different"]),
		"undecided": m.count(count["undecided"] + count["redundant"])})
	var groups []int64
	for g := range members {
		groups = append(groups, g)
	}
	slices.Sort(groups)
	for _, g := range groups {
		var out segmentGroup
		for _, n := range m.order {
			if members[g][n] {
				out.Members = append(out.Members, m.called(n))
			}
		}
		s.Groups = append(s.Groups, out)
	}
	contrasts := m.contrasts()
	for k, i := range at[:min(len(at), mostSegmentPairs)] {
		r := segmentPair{A: m.called(a[i]), B: m.called(b[i]), Both: cell{Value: m.count(whole(both[i]))},
			Jaccard: m.estimate(interval(jaccard[i], jaccardLower[i], jaccardUpper[i], whole(customersA[i]+customersB[i]-both[i]), "share"), ""),
			Answer:  answer{Text: m.needs(m.texts.Name("seg_pair_verdicts", verdict[i]), needed[i]), State: map[string]string{"equivalent": "yes", "undecided": "open"}[verdict[i]]}}
		if r.Answer.State == "" {
			r.Answer.State = "no"
		}
		if redundant[i] && !strings.Contains(caveat[i], "contained") {
			r.Why = append(r.Why, m.word("seg_redundant"))
		}
		for _, code := range strings.Split(caveat[i], ",") {
			if code = strings.TrimSpace(code); code != "" {
				r.Why = append(r.Why, m.texts.Name("pair_caveats", code))
			}
		}
		if metric[i] != "" && analytics.Finite(difference[i]) {
			r.Metric = m.metric(metric[i])
			r.Difference, r.Margin = m.difference(metric[i], difference[i], lower[i], upper[i], margin[i], whole(min(sideA[i], sideB[i])))
		}
		if analytics.Finite(js[i]) && analytics.Finite(floor[i]) {
			number := func(x float64) T { return m.texts.each(func(w *words) string { return w.decimal(x, 3) }) }
			r.Distance = m.say("seg_js", map[string]T{"js": number(js[i]), "floor": number(floor[i])})
			if analytics.Finite(psi[i]) && analytics.Finite(psi95[i]) {
				r.DistanceWhy = m.say("seg_psi", map[string]T{"psi": number(psi[i]), "limit": number(psi95[i]), "feature": m.texts.Name("seg_features", feature[i])})
			}
		}
		if k < mostContrasts {
			r.Contrasts = contrasts[[2]string{a[i], b[i]}]
		}
		s.PairRows = append(s.PairRows, r)
	}
	s.PairsMore = m.rest(len(s.PairRows), len(a), "SELECT * FROM segments.pairs\nORDER BY CASE verdict WHEN 'equivalent' THEN 0 WHEN 'undecided' THEN 1 ELSE 2 END, least(customers_a, customers_b) DESC")

	// The picture: those in pairs that want a decision first, then the largest.
	rank := map[string]int{}
	for k, i := range at {
		for _, n := range []string{a[i], b[i]} {
			if _, seen := rank[n]; !seen {
				rank[n] = k + 1000*slices.Index(pairVerdicts, kind(i))
			}
		}
	}
	names := slices.Clone(m.order)
	names = slices.DeleteFunc(names, func(n string) bool { _, ok := rank[n]; return !ok })
	slices.SortStableFunc(names, func(x, y string) int { return rank[x] - rank[y] })
	names = names[:min(len(names), mostRows)]
	if len(names) < 2 {
		return
	}
	c := &chart{Kind: "heatmap", Label: m.word("seg_pairs_title"), Tall: true, Split: true, Between: " × "}
	place := map[string]int{}
	for i, n := range names {
		place[n] = i
		label := plain(m.called(n).Name)
		c.X, c.Y = append(c.X, label), append(c.Y, label)
		c.Cells = append(c.Cells, tile{X: i, Y: i, Stay: true})
	}
	shade := map[string]float64{"equivalent": 1, "different": -.75, "undecided": 0}
	for i := range a {
		x, ok := place[a[i]]
		y, also := place[b[i]]
		if !ok || !also {
			continue
		}
		tip := m.texts.Name("seg_pair_verdicts", verdict[i])
		tip = m.join(tip, "; ", cell{Value: m.say("seg_shared_tip", map[string]T{"jaccard": m.fact(jaccard[i], "share").Value})})
		t := tile{X: x, Y: y, Value: jaccard[i], Shade: shade[verdict[i]], Mark: redundant[i], Tip: tip}
		if !analytics.Finite(t.Value) {
			t.Value = 0
		}
		t.Text = m.texts.each(func(w *words) string { return w.decimal(100*t.Value, 0) })
		c.Cells = append(c.Cells, t)
		t.X, t.Y = y, x
		c.Cells = append(c.Cells, t)
	}
	s.Pairs = c
}

// contrasts is the metrics of every pair.
func (m *segmentPart) contrasts() map[[2]string][]contrastRow {
	f, _ := m.table("contrasts")
	if f == nil {
		return nil
	}
	a, b, metric := f.String("segment_a"), f.String("segment_b"), f.String("metric")
	valueA, valueB, nA, nB := numbersOf(f, "value_a"), numbersOf(f, "value_b"), numbersOf(f, "n_a"), numbersOf(f, "n_b")
	difference, lower, upper, margin := numbersOf(f, "difference"), numbersOf(f, "lower"), numbersOf(f, "upper"), numbersOf(f, "margin")
	verdict, needed := textsOf(f, "verdict"), numbersOf(f, "needed_customers")
	out := map[[2]string][]contrastRow{}
	for i := range a {
		unit := "share"
		if metric[i] == "revenue_per_customer" {
			unit = cmp.Or(m.opt.Currency, "money")
		}
		side := func(x, n float64) cell { // the doubt is that of the difference
			return cell{Value: m.estimate(interval(x, math.NaN(), math.NaN(), 0, unit), "").Value, Doubt: m.phrase("seg_n", map[string]T{"n": m.count(whole(n))})}
		}
		r := contrastRow{Metric: m.metric(metric[i]), A: side(valueA[i], nA[i]), B: side(valueB[i], nB[i])}
		r.Difference, r.Margin = m.difference(metric[i], difference[i], lower[i], upper[i], margin[i], whole(min(nA[i], nB[i])))
		r.Answer = answer{Text: m.needs(m.texts.Name("seg_contrasts", verdict[i]), needed[i]), State: map[string]string{"equivalent": "yes", "different": "no"}[verdict[i]]}
		if r.Answer.State == "" {
			r.Answer.State = "open"
		}
		key := [2]string{a[i], b[i]}
		out[key] = append(out[key], r)
	}
	return out
}

func (m *segmentPart) explained() []explainedRow {
	f, _ := m.table("explained")
	if f == nil {
		return nil
	}
	model, outcome := f.String("model"), f.String("outcome")
	value, lower, upper, inSample, n := numbersOf(f, "explained"), numbersOf(f, "lower"), numbersOf(f, "upper"), numbersOf(f, "in_sample"), numbersOf(f, "customers")
	var rows []explainedRow
	sc := scaleOf(value, lower, upper)
	for _, o := range []string{"order", "revenue"} {
		for _, k := range []string{"segments", "rfm", "difference"} {
			for i := range model {
				if model[i] != k || outcome[i] != o || !analytics.Finite(value[i]) {
					continue
				}
				form := ""
				if k == "difference" {
					form = "points"
				}
				rows = append(rows, explainedRow{Model: m.texts.Name("seg_models", k), Outcome: m.texts.Name("seg_outcomes", o),
					Explained: m.estimate(interval(value[i], lower[i], upper[i], whole(n[i]), "share"), form), InSample: m.estimate(interval(inSample[i], math.NaN(), math.NaN(), 0, "share"), ""),
					Span: sc.draw(value[i], lower[i], upper[i], 0)})
				if k == "difference" {
					rows[len(rows)-1].InSample = cell{Value: plain(dash)}
				}
				rows[len(rows)-1].InSample.Doubt = T{}
			}
		}
	}
	return rows
}

// parts are the segments of a partition as people call them.
func (m *segmentPart) parts(list string) T {
	if list == "lifecycle" {
		return m.word("seg_stages")
	}
	var names []string
	for _, id := range strings.Split(list, "|") {
		names = append(names, m.called(id).Name)
	}
	if len(names) > 6 {
		names = append(names[:5:5], "…")
	}
	return plain(strings.Join(names, " · "))
}

func (m *segmentPart) targeting() []targetingRow {
	f, _ := m.table("targeting")
	if f == nil {
		return nil
	}
	experiment, partition, outcome, verdict := f.String("experiment_id"), f.String("partition"), f.String("outcome"), textsOf(f, "verdict")
	value, lower, upper, plug, n := numbersOf(f, "value"), numbersOf(f, "lower"), numbersOf(f, "upper"), numbersOf(f, "plug_in"), numbersOf(f, "customers")
	var rows []targetingRow
	for i := range experiment {
		unit, form := "share", "points"
		if outcome[i] == "revenue" {
			unit, form = cmp.Or(m.opt.Currency, "money"), ""
		}
		rows = append(rows, targetingRow{Experiment: plain(Shown(experiment[i])), Parts: m.parts(partition[i]), Outcome: m.texts.Name("seg_outcomes", outcome[i]),
			Value: m.estimate(interval(value[i], lower[i], upper[i], whole(n[i]), unit), form), PlugIn: m.estimate(interval(plug[i], math.NaN(), math.NaN(), 0, unit), form),
			Answer: answer{Text: m.texts.Name("seg_targeting", verdict[i]), State: map[string]string{"gain": "no", "no_gain_shown": "open", "insufficient_data": "open"}[verdict[i]]}})
		rows[len(rows)-1].PlugIn.Doubt = T{}
	}
	return rows[:min(len(rows), mostDetails)]
}

func (m *segmentPart) partitions() []partitionRow {
	f, _ := m.table("partitions")
	if f == nil {
		return nil
	}
	a, b, ami, n := f.String("partition_a"), f.String("partition_b"), numbersOf(f, "ami"), numbersOf(f, "customers")
	var rows []partitionRow
	for i := range a {
		if analytics.Finite(ami[i]) {
			rows = append(rows, partitionRow{A: m.parts(a[i]), B: m.parts(b[i]), AMI: m.fact(ami[i], ""), Customer: m.count(whole(n[i]))})
		}
	}
	return rows[:min(len(rows), mostDetails)]
}
