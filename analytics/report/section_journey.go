package report

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// journeySection is the customer-journey map: the stages of the life cycle side by side, and under each what customers in it get, how they respond, where scenarios clash and what is missing.
type journeySection struct {
	Lead      T
	Stages    []journeyStage
	Groups    []journeyGroup
	More      more
	Clashing  bool // some cell is marked
	Silent    T    // stages without a triggered scenario, in one sentence
	Lines     []journeyLine
	LinesMore more
	Absent    T
}

// journeyStage is one column: who is there, what they do, what they get.
type journeyStage struct {
	Name              T
	Hue               int
	Customers, Orders cell
	Share             T
	Next              T    // where most of those who leave go
	Load              cell // messages per customer and period
	Chains            T    // scenarios with a trigger that speak to the stage
	None              bool // there is none
	Conflicts         []T  // pairs that clash and both speak to the stage
	ConflictsMore     T
	Missing           []T // scenarios that name the stage and have nobody in it
}

// journeyGroup is the touchpoints of one kind of message.
type journeyGroup struct {
	Name  T
	Class string
	Rows  []journeyTouch
}

type journeyTouch struct {
	named
	Channel T
	Cells   []journeyCell
}

// journeyCell is what one touchpoint does in one stage. Size is the diameter of the bubble in pixels: its area is messages per customer of the stage.
type journeyCell struct {
	Stage, Reach, Per, Click T
	Size                     string
	Clash, Empty, Missing    bool
}

// journeyLine is a cell as a row of a table, with intervals.
type journeyLine struct {
	Stage                       T
	Hue                         int
	Touch                       named
	Channel                     T
	Customers, Messages         T
	Clicks, Orders, Unsubscribe cell
}

const (
	mostTouchpoints = 18   // rows of the map; all are in the database
	mostLines       = 20   // rows of the table behind it
	clashReach      = 0.05 // share of a stage's customers that both of a clashing pair must reach to be marked there
	mostClashes     = 3    // pairs named under a stage
	widestBubble    = 34   // pixels
)

// touchKey is a touchpoint: a scenario in a channel and kind.
type touchKey struct{ scenario, channel, kind string }

// touch is what a touchpoint did in one stage.
type touch struct {
	messages, customers float64
	rates               map[string]rateOf
}

type rateOf struct {
	value, lower, upper float64
	n                   int64
	note                string
}

// journey gathers the tables of the map.
type journey struct {
	part
	life      *life
	names     *scenarioMap
	touches   map[touchKey]map[string]*touch // by stage
	order     []touchKey                     // most messages first
	sent      map[touchKey]float64
	estimated bool
	pairs     [][2]string                // clashing scenarios
	missing   map[string]map[string]bool // scenario, stage: named by the definition, nobody came
}

func loadJourney(ctx context.Context, p *page) (any, error) {
	j := &journey{part: part{page: p, ctx: ctx, schema: "analytics"}, life: &life{page: p, ctx: ctx, hue: map[string]int{}, n: map[string]int64{}},
		names: &scenarioMap{part: part{page: p, ctx: ctx, schema: "scenarios"}, name: map[string]string{}}}
	j.life.collect()
	j.readNames()
	var s journeySection
	s.Absent = j.readTouches()
	j.readPairs()
	j.readMissing()
	if err := cmp.Or(j.err, j.life.err, j.names.err); err != nil {
		return nil, err
	}
	if len(j.order) == 0 || len(j.life.order) == 0 {
		if s.Absent == (T{}) {
			s.Absent = p.word("journey_none")
		}
		return s, nil
	}
	s.Absent = T{}
	stages := j.columns(&s)
	j.rows(&s, stages)
	j.lines(&s, stages)
	if err := cmp.Or(j.err, j.life.err); err != nil {
		return nil, err
	}
	return s, nil
}

// readNames learns what the company calls its scenarios.
func (j *journey) readNames() {
	f, _ := j.names.table("scenarios")
	if f == nil {
		return
	}
	name := textsOf(f, "name")
	for i, id := range f.String("scenario_id") {
		j.names.name[id] = name[i]
	}
}

// readTouches takes the rates by stage of analytics.metric_rates apart.
func (j *journey) readTouches() T {
	j.touches, j.sent = map[touchKey]map[string]*touch{}, map[touchKey]float64{}
	f, absent := j.table("metric_rates")
	if f == nil {
		return absent
	}
	scope, channel, kind, scenario, stage, metric := f.String("scope"), f.String("channel"), f.String("kind"), f.String("scenario_id"), textsOf(f, "stage"), f.String("metric")
	value, lower, upper, den, customers, note := numbersOf(f, "value"), numbersOf(f, "lower"), numbersOf(f, "upper"), numbersOf(f, "denominator"), numbersOf(f, "customers"), textsOf(f, "note")
	j.estimated = slices.Contains(flagsOf(f, "customers_estimated"), true)
	for i := range scope {
		if scope[i] != "stage" {
			continue
		}
		key := touchKey{scenario[i], channel[i], kind[i]}
		if j.touches[key] == nil {
			j.touches[key] = map[string]*touch{}
			j.order = append(j.order, key)
		}
		t := j.touches[key][stage[i]]
		if t == nil {
			t = &touch{rates: map[string]rateOf{}}
			j.touches[key][stage[i]] = t
		}
		t.rates[metric[i]] = rateOf{value[i], lower[i], upper[i], whole(den[i]), note[i]}
		if metric[i] == "delivery_rate" { // its denominator is what was sent
			t.messages, t.customers = den[i], customers[i]
			j.sent[key] += den[i]
		}
	}
	slices.SortStableFunc(j.order, func(a, b touchKey) int {
		return cmp.Or(cmp.Compare(j.sent[b], j.sent[a]), cmp.Compare(a.scenario, b.scenario), cmp.Compare(a.channel, b.channel), cmp.Compare(a.kind, b.kind))
	})
	return T{}
}

func (j *journey) readPairs() {
	f, _ := j.names.table("pairs")
	if f == nil {
		return
	}
	a, b, verdict := f.String("scenario_a"), f.String("scenario_b"), textsOf(f, "verdict")
	hit := numbersOf(f, "customers_hit")
	var at []int
	for i := range a {
		if verdict[i] == "conflict" {
			at = append(at, i)
		}
	}
	slices.SortStableFunc(at, func(x, y int) int {
		return cmp.Or(cmp.Compare(hit[y], hit[x]), cmp.Compare(a[x], a[y]), cmp.Compare(b[x], b[y]))
	})
	for _, i := range at {
		j.pairs = append(j.pairs, [2]string{a[i], b[i]})
	}
}

func (j *journey) readMissing() {
	j.missing = map[string]map[string]bool{}
	f, _ := j.names.table("stage_reach")
	if f == nil {
		return
	}
	scenario, stage, declared, entered := f.String("scenario_id"), f.String("stage"), flagsOf(f, "declared"), numbersOf(f, "entered")
	for i := range scenario {
		if declared[i] && entered[i] == 0 {
			if j.missing[scenario[i]] == nil {
				j.missing[scenario[i]] = map[string]bool{}
			}
			j.missing[scenario[i]][stage[i]] = true
		}
	}
}

// clash tells whether both scenarios of a pair speak to a noticeable part of a stage.
func (j *journey) clash(pair [2]string, stage string) bool {
	reach := [2]float64{}
	for key, byStage := range j.touches {
		for side, id := range pair {
			if t := byStage[stage]; t != nil && key.scenario == id && t.messages > 0 {
				reach[side] = max(reach[side], quotient(t.customers, float64(max(1, j.life.n[stage]))))
			}
		}
	}
	return reach[0] >= clashReach && reach[1] >= clashReach
}

// columns is the head of the map; it returns the stages in the order of the page.
func (j *journey) columns(s *journeySection) []string {
	at := map[string]int{}
	stages, _ := j.life.table("stages")
	var now, share, orders, lower, upper []float64
	if stages != nil {
		now, share = numbersOf(stages, "customers_last"), numbersOf(stages, "share_last")
		orders, lower, upper = numbersOf(stages, "next_order_rate"), numbersOf(stages, "next_order_lower"), numbersOf(stages, "next_order_upper")
		for i, name := range stages.String("stage") {
			at[name] = i
		}
	}
	next, periods := j.mainMoves(), j.customerPeriods()
	var silent []T
	for _, stage := range j.life.order {
		c := journeyStage{Name: j.stage(stage), Hue: j.life.colour(stage)}
		if i, ok := at[stage]; ok {
			c.Customers, c.Share = j.fact(now[i], ""), j.fact(share[i], "share").Value
			if analytics.Finite(orders[i]) {
				c.Orders = j.estimate(interval(orders[i], lower[i], upper[i], j.life.n[stage], "share"), "")
			}
		}
		c.Next = next[stage]
		messages, chains := 0., map[string]bool{}
		for key, byStage := range j.touches {
			if t := byStage[stage]; t != nil {
				messages += t.messages
				if key.kind == "trigger" && key.scenario != "(none)" && t.messages > 0 {
					chains[key.scenario] = true
				}
			}
		}
		if per := quotient(messages, periods[stage]); analytics.Finite(per) {
			c.Load = j.fact(per, "messages")
		}
		c.Chains = j.count(int64(len(chains)))
		if len(chains) == 0 {
			c.None = true
			silent = append(silent, c.Name)
		}
		clashes := 0
		for _, pair := range j.pairs {
			if j.clash(pair, stage) {
				if clashes++; clashes <= mostClashes {
					c.Conflicts = append(c.Conflicts, plain(j.names.called(pair[0]).Name+" × "+j.names.called(pair[1]).Name))
				}
			}
		}
		if clashes > mostClashes {
			c.ConflictsMore = j.say("journey_and_more", map[string]T{"count": j.count(int64(clashes - mostClashes))})
		}
		for _, id := range sortedKeys(j.missing) {
			if j.missing[id][stage] && len(c.Missing) < mostClashes {
				c.Missing = append(c.Missing, plain(j.names.called(id).Name))
			}
		}
		s.Stages = append(s.Stages, c)
	}
	if len(silent) > 0 {
		list := T{}
		for i, name := range silent {
			if i > 0 {
				list = joined(list, ", ", plain(""))
			}
			list = joined(list, "", T{"«" + name.Ru + "»", "“" + name.En + "”"})
		}
		s.Silent = j.say("journey_silent", map[string]T{"stages": list})
	}
	return j.life.order
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// mainMoves is, for each stage, where most of those who leave it go.
func (j *journey) mainMoves() map[string]T {
	f, _ := j.life.table("transitions")
	if f == nil {
		return nil
	}
	grouping, from, to := f.String("grouping"), f.String("from_stage"), f.String("to_stage")
	p, lower, upper := numbersOf(f, "probability"), numbersOf(f, "lower"), numbersOf(f, "upper")
	best := map[string]int{}
	for i := range from {
		if grouping[i] != "all" || from[i] == to[i] || !(p[i] > 0) {
			continue
		}
		if k, ok := best[from[i]]; !ok || p[i] > p[k] {
			best[from[i]] = i
		}
	}
	out := map[string]T{}
	for stage, i := range best {
		number := j.estimate(interval(p[i], lower[i], upper[i], 0, "share"), "")
		out[stage] = j.phrase("journey_goes", map[string]T{"stage": j.stage(to[i]), "share": number.whole()})
	}
	return out
}

// customerPeriods is how many customers were in a stage, added up over the periods.
func (j *journey) customerPeriods() map[string]float64 {
	f, _ := j.life.table("stage_periods")
	if f == nil {
		return nil
	}
	out, n := map[string]float64{}, numbersOf(f, "customers")
	for i, stage := range f.String("stage") {
		out[stage] += n[i]
	}
	return out
}

// kinds of messages in the order of the map, with the colour of their bubbles.
var journeyKinds = []struct{ kind, class string }{{"trigger", "c0"}, {"bulk", "c2"}, {"transactional", "c1"}}

func (j *journey) rows(s *journeySection, stages []string) {
	shown := j.order[:min(len(j.order), mostTouchpoints)]
	most := 0.
	per := func(t *touch, stage string) float64 { return quotient(t.messages, float64(j.life.n[stage])) }
	for _, key := range shown {
		for stage, t := range j.touches[key] {
			if x := per(t, stage); analytics.Finite(x) {
				most = max(most, x)
			}
		}
	}
	clash := map[string]map[string]bool{} // scenario, stage
	for _, stage := range stages {
		for _, pair := range j.pairs {
			if j.clash(pair, stage) {
				for _, id := range pair {
					if clash[id] == nil {
						clash[id] = map[string]bool{}
					}
					clash[id][stage] = true
				}
			}
		}
	}
	groups := slices.Clone(journeyKinds)
	for _, key := range shown {
		if !slices.ContainsFunc(groups, func(g struct{ kind, class string }) bool { return g.kind == key.kind }) {
			groups = append(groups, struct{ kind, class string }{key.kind, "c-1"})
		}
	}
	for _, g := range groups {
		group := journeyGroup{Name: j.texts.Name("message_kinds", g.kind), Class: g.class}
		for _, key := range shown {
			if key.kind != g.kind {
				continue
			}
			row := journeyTouch{named: j.touchName(key), Channel: j.channel(key.channel)}
			for _, stage := range stages {
				c := journeyCell{Stage: j.stage(stage), Empty: true}
				if t := j.touches[key][stage]; t != nil && t.messages > 0 {
					c.Empty = false
					c.Size = strconv.Itoa(int(math.Round(4 + (widestBubble-4)*math.Sqrt(max(0, quotient(per(t, stage), most))))))
					reach := t.customers
					if n := float64(j.life.n[stage]); n > 0 {
						c.Reach = j.fact(min(1, reach/n), "share").Value
					} else {
						c.Reach = j.reached(reach)
					}
					c.Per = j.phrase("journey_per", map[string]T{"count": j.texts.each(func(w *words) string { return w.decimal(quotient(t.messages, reach), 1) })})
					if r, ok := t.rates["click_rate"]; ok && analytics.Finite(r.value) {
						c.Click = j.phrase("journey_click", map[string]T{"share": j.fact(r.value, "share").Value})
					}
					if clash[key.scenario][stage] {
						c.Clash, s.Clashing = true, true
					}
				} else if j.missing[key.scenario][stage] {
					c.Missing = true
				}
				row.Cells = append(row.Cells, c)
			}
			group.Rows = append(group.Rows, row)
		}
		if len(group.Rows) > 0 {
			s.Groups = append(s.Groups, group)
		}
	}
	s.More = j.rest(len(shown), len(j.order), "")
	s.Lead = j.say("journey_lead", map[string]T{"stages": j.count(int64(len(stages))), "touchpoints": j.count(int64(len(j.order)))})
}

func (j *journey) touchName(key touchKey) named {
	if key.scenario == "(none)" || key.scenario == "" {
		return named{Name: "—"}
	}
	return j.names.called(key.scenario)
}

// reached is a number of customers; an extrapolation says so.
func (j *journey) reached(n float64) T {
	if j.estimated {
		return joined(plain("≈"), " ", j.wholeNumber(n))
	}
	return j.wholeNumber(n)
}

// lines is the map as a table, the most messages first.
func (j *journey) lines(s *journeySection, stages []string) {
	type at struct {
		key   touchKey
		stage string
	}
	var all []at
	for _, key := range j.order {
		for _, stage := range stages {
			if t := j.touches[key][stage]; t != nil && t.messages > 0 {
				all = append(all, at{key, stage})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b at) int {
		return cmp.Compare(j.touches[b.key][b.stage].messages, j.touches[a.key][a.stage].messages)
	})
	for _, a := range all[:min(len(all), mostLines)] {
		t := j.touches[a.key][a.stage]
		rate := func(metric string) cell {
			r, ok := t.rates[metric]
			if !ok || !analytics.Finite(r.value) {
				if ok && j.texts.Has("ui.metric_note_"+r.note) {
					return cell{Doubt: j.word("metric_note_" + r.note)}
				}
				return cell{Value: plain(dash)}
			}
			return j.estimate(suffstat.Estimate{Value: r.value, Lower: r.lower, Upper: r.upper, Level: 0.95, N: r.n, Unit: "share", Method: "table"}, "")
		}
		s.Lines = append(s.Lines, journeyLine{Stage: j.stage(a.stage), Hue: j.life.colour(a.stage), Touch: j.touchName(a.key),
			Channel: joined(j.channel(a.key.channel), ", ", j.texts.Name("message_kinds", a.key.kind)), Customers: j.reached(t.customers), Messages: j.wholeNumber(t.messages),
			Clicks: rate("click_rate"), Orders: rate("order_rate"), Unsubscribe: rate("unsubscribe_rate")})
	}
	s.LinesMore = j.rest(len(s.Lines), len(all), "SELECT stage, scenario_id, channel, kind, metric, numerator, denominator, value, lower, upper, customers, note\n"+
		"FROM analytics.metric_rates WHERE scope = 'stage' ORDER BY stage, scenario_id, channel, kind, metric")
}
