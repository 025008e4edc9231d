package report

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/language"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// scenariosSection shows what runs, what follows what, where chains end, which of them meet in one customer and which are the same. A table that
// is cut carries the query that returns the whole of it.
type scenariosSection struct {
	Map             *chart
	MapAbsent       T
	Edges           []handoverRow
	EdgesMore       more
	Shape           []shapeRow
	Scenarios       []scenarioRow
	ScenariosMore   more
	ScenariosAbsent T
	Reach           *chart
	ReachRows       []reachRow
	ReachMore       more
	Steps           []stepGroup
	StepsMore       more
	StepsAbsent     T
	DeadEnds        []deadEndRow
	DeadEndsMore    more
	DeadEndsAbsent  T
	Exits           []exitRow
	ExitsMore       more
	Pairs           *chart
	PairsLead       T
	Harm            T // of a collision, by the pressure model
	PairRows        []pairRow
	PairsMore       more
	Collisions      string // query that lists the customers and messages behind a pair
	PairsAbsent     T
	Levels          []levelRow
	NotSent         []notSentRow
	NotSentMore     more
	Lost            []lostRow
	LostMore        more
	LevelsAbsent    T
	Duplicates      []duplicateRow
	DuplicatesMore  more
	DuplicatesLead  T
	Thresholds      T
	Groups          []groupRow
	DupAbsent       T
	Breadth         []breadthRow
	BreadthMore     more
	BreadthAbsent   T
	Rhythm          *chart
	RhythmRows      []rhythmRow
	RhythmMore      more
	RhythmAbsent    T
	Findings        []findingGroup
	FindingsAbsent  T
}

// What the page shows of tables that may have thousands of rows.
const (
	mostNodes     = 40  // scenarios on the map
	mostEdges     = 40  // hand-overs, and pairs, drawn on it
	drawnShare    = .05 // a hand-over is drawn when at least this share of exits takes it
	mostScenarios = 25  // rows of the scenario table
	mostRows      = 20  // rows and columns of heat-maps
	mostChains    = 8   // chains whose steps are shown
	mostPairs     = 15  // rows of the pair table
	mostDetails   = 12  // rows of the other tables
	firstFindings = 4   // findings of one kind before the fold
)

// more says how much of a table is shown and how to get the rest.
type more struct {
	Text T // empty when the whole table is shown
	SQL  string
}

// named is a scenario as people call it, with its id when that is something else.
type named struct{ Name, ID, raw string }

// Raw is the id as the data have it, for a query.
func (n named) Raw() string { return n.raw }

// answer is a verdict in words. State is yes (something to look at), no or open.
type answer struct {
	Text  T
	State string
}

type handoverRow struct {
	From, To named
	Declared bool
	Followed T
	Share    cell
}

type shapeRow struct {
	Question T
	Names    []string // empty: none
}

type scenarioRow struct {
	named
	Role                              T
	Hue                               int // colour of the role, -1 for none
	Tags                              []T
	Customers, Messages, Orders, Cost cell
	DeadEnd, Changed                  cell
	OrdersWorth                       T
	Response                          []T
}

type reachRow struct {
	named
	Stage    T
	Declared bool
	Eligible T
	Reach    cell
}

type stepGroup struct {
	named
	Steps []stepRow
}

type stepRow struct {
	Name                  string
	Channel               T
	Got                   cell
	Bar                   string
	DropOff, Unexplained  cell
	Stops, Compared       T
	Interval, Clicks      cell
	HasInterval, HasClick bool
	Answer                answer
}

type deadEndRow struct {
	named
	Exits, Parts                T
	Bars                        []stack
	Nothing, Others, Difference cell
	Structural                  bool
	Answer                      answer
}

// stack is a part of a bar; Width in per cent.
type stack struct {
	Class, Width string
}

type exitRow struct {
	named
	Entries              T
	Recorded, Rule, Open cell
	Reasons              T
}

type pairRow struct {
	A, B                              named
	Both, AtOnce                      cell
	Chains                            bool // nobody is in a calendar campaign, at once or not
	Ratio, Collisions, CollisionRatio cell
	Order, OrderShare, Inverted, Lost T
	CollisionText                     T
	Roles, Why                        T
	Answer                            answer
}

type notSentRow struct {
	Name, Read            T
	Messages, Lost, Share cell
}

type lostRow struct {
	Lost, Sent                  named
	Messages, Before, Customers cell
}

type levelRow struct {
	Level                      T
	Bar                        string
	Time, Customers, Customer1 cell
}

type duplicateRow struct {
	A, B                                      named
	Audience, Containment                     cell
	Timing, Content, Logic, Similarity        cell
	Bars                                      []stack
	ContentSource, LogicSource, Response, Why T
	Customers                                 T
	Answer                                    answer
	rank                                      int
	similarity                                float64
}

type groupRow struct {
	Kind    T
	Keep    named
	Members []named
}

type breadthRow struct {
	named
	Reach, Precision, Again cell
	Why                     T
	Answer                  answer
	rank                    int
	customers               float64
}

type rhythmRow struct {
	named
	Messages           T
	Early, Clicks, Own cell
	Best               T
	Gain               cell
	Answer             answer
}

type findingGroup struct {
	Kind        T
	First, Rest []findingRow
	RestText    T
}

// scenarioMap reads the tables of scenarios once for all parts of the section.
type scenarioMap struct {
	part
	name      map[string]string
	role      map[string]string
	bulk      map[string]bool
	customers map[string]float64
	order     []string // by customers, most first
}

func loadScenarios(ctx context.Context, p *page) (any, error) {
	m := &scenarioMap{part: part{page: p, ctx: ctx, schema: "scenarios"}, name: map[string]string{}, role: map[string]string{}, bulk: map[string]bool{}, customers: map[string]float64{}}
	var s scenariosSection
	s.Scenarios, s.ScenariosMore, s.ScenariosAbsent = m.scenarios()
	s.Map, s.Edges, s.EdgesMore, s.MapAbsent = m.drawMap()
	s.Shape = m.shape()
	s.Reach, s.ReachRows, s.ReachMore = m.reach()
	s.Steps, s.StepsMore, s.StepsAbsent = m.steps()
	s.DeadEnds, s.DeadEndsMore, s.DeadEndsAbsent = m.deadEnds()
	s.Exits, s.ExitsMore = m.exits()
	s.Pairs, s.PairsLead, s.PairRows, s.PairsMore, s.PairsAbsent = m.pairs()
	s.Harm = m.harm()
	if len(s.PairRows) > 0 {
		s.Collisions = "SELECT customer_id, sent_a, sent_b, hours_apart, first_sent, channel_a, channel_b, message_a, message_b FROM scenarios.fct_collisions\nWHERE scenario_a = " +
			analytics.SQLText(s.PairRows[0].A.raw) + " AND scenario_b = " + analytics.SQLText(s.PairRows[0].B.raw) + " ORDER BY sent_a, customer_id, message_a"
		s.Collisions = safeSQL(s.Collisions)
	}
	s.NotSent, s.NotSentMore = m.notSent()
	s.Lost, s.LostMore = m.lost()
	s.Levels, s.LevelsAbsent = m.levels()
	m.duplicates(&s)
	s.Breadth, s.BreadthMore, s.BreadthAbsent = m.breadth()
	s.Rhythm, s.RhythmRows, s.RhythmMore, s.RhythmAbsent = m.rhythm()
	if m.err != nil {
		return nil, m.err
	}
	var err error
	s.Findings, s.FindingsAbsent, err = p.findingGroups(ctx, "scenarios", "overlap", "duplicates")
	return s, err
}

// called is a scenario's name for the page.
func (m *scenarioMap) called(id string) named {
	n := named{Name: Shown(id), raw: id}
	if name := Shown(m.name[id]); name != "" && name != n.Name {
		n = named{Name: name, ID: n.Name, raw: id}
	}
	return n
}

// rest says that only so many rows of so many are shown.
func (p *page) rest(shown, total int, sql string) more {
	out := more{SQL: sql}
	if shown < total {
		out.Text = p.say("shown_of", map[string]T{"shown": p.count(int64(shown)), "total": p.count(int64(total))})
	}
	return out
}

// claim is the answer of a checked claim: yes, no, or not enough data with the number of customers that would decide.
func (p *page) claim(of, verdict string, needed float64) answer {
	state := map[string]string{"yes": "yes", "no": "no"}[verdict]
	if state == "" {
		state = "open"
	}
	group := "claims." + of
	if !p.texts.Has(group + "." + verdict) {
		group = "claims.any"
	}
	return answer{Text: p.needs(p.texts.Name(group, verdict), needed), State: state}
}

// needs adds to a verdict the number of customers that would decide.
func (p *page) needs(verdict T, needed float64) T {
	if !(needed > 0) {
		return verdict
	}
	n := p.texts.each(func(w *words) string { return w.count(int64(needed), "customer") })
	return p.phrase("needed", map[string]T{"verdict": verdict, "needed": n})
}

// ratio is observed over expected.
func ratio(value, lower, upper float64, n int64) suffstat.Estimate {
	return interval(value, lower, upper, n, "ratio")
}

func whole(x float64) int64 {
	if !analytics.Finite(x) {
		return 0
	}
	return int64(math.Round(x))
}

// share of two counted numbers; NaN of nothing.
func quotient(part, all float64) float64 {
	if !(all > 0) {
		return math.NaN()
	}
	return part / all
}

// roles in the order of a customer's way, with their colours; red is for conflicts.
var (
	roles    = []string{"acquisition", "activation", "retention", "development", "winback", "service", "information"}
	roleHues = []int{0, 1, 2, 4, 5, 6, 7}
)

// roleHue is the colour of a role; -1 of one that is not known.
func roleHue(role string) int {
	if i := slices.Index(roles, role); i >= 0 {
		return roleHues[i]
	}
	return -1
}

func (m *scenarioMap) scenarios() ([]scenarioRow, more, T) {
	f, absent := m.table("scenarios")
	if f == nil {
		return nil, more{}, absent
	}
	id, name, role := f.String("scenario_id"), textsOf(f, "name"), textsOf(f, "role")
	defined, derived, bulk, unused := flagsOf(f, "defined"), flagsOf(f, "derived"), flagsOf(f, "bulk"), flagsOf(f, "unused")
	customers, entries, again, controls := numbersOf(f, "customers"), numbersOf(f, "entries"), numbersOf(f, "reentries"), numbersOf(f, "controls")
	messages, delivered, opened, clicked := numbersOf(f, "messages"), numbersOf(f, "delivered"), numbersOf(f, "opened"), numbersOf(f, "clicked")
	orders, revenue, cost := numbersOf(f, "orders"), numbersOf(f, "revenue"), numbersOf(f, "cost")
	exits, dead, deadLower, deadUpper := numbersOf(f, "exits"), numbersOf(f, "dead_end_share"), numbersOf(f, "dead_end_lower"), numbersOf(f, "dead_end_upper")
	changed, changedLower, changedUpper, known := numbersOf(f, "state_change_rate"), numbersOf(f, "state_change_lower"), numbersOf(f, "state_change_upper"), numbersOf(f, "state_change_entries")
	atRisk := map[string]float64{}
	if d, _ := m.table("dead_ends"); d != nil {
		n := numbersOf(d, "at_risk")
		for i, s := range d.String("scenario_id") {
			atRisk[s] = n[i]
		}
	}
	anyDefined := slices.Contains(defined, true)
	at := make([]int, len(id))
	for i := range id {
		at[i] = i
		m.name[id[i]], m.role[id[i]], m.bulk[id[i]], m.customers[id[i]] = name[i], role[i], bulk[i], customers[i]
	}
	slices.SortStableFunc(at, func(a, b int) int { return cmp.Or(cmp.Compare(customers[b], customers[a]), cmp.Compare(id[a], id[b])) })
	var rows []scenarioRow
	for _, i := range at {
		m.order = append(m.order, id[i])
		if len(rows) == mostScenarios {
			continue
		}
		r := scenarioRow{named: m.called(id[i]), Role: m.texts.Name("roles", cmp.Or(role[i], "unknown")), Hue: roleHue(role[i]),
			Customers: cell{Value: m.count(whole(customers[i]))}, Messages: m.fact(messages[i], ""), Orders: m.fact(orders[i], ""), Cost: m.fact(cost[i], m.opt.Currency),
			DeadEnd: m.estimate(interval(dead[i], deadLower[i], deadUpper[i], whole(cmp.Or(atRisk[id[i]], exits[i])), "share"), ""),
			Changed: m.estimate(interval(changed[i], changedLower[i], changedUpper[i], whole(known[i]), "share"), "")}
		for _, tag := range []struct {
			on  bool
			key string
		}{{unused[i], "tag_unused"}, {!defined[i] && anyDefined, "tag_undefined"}, {bulk[i], "tag_bulk"}, {derived[i] && !bulk[i], "tag_derived"}, {controls[i] > 0, "tag_control"}} {
			if tag.on {
				r.Tags = append(r.Tags, m.word(tag.key))
			}
		}
		r.Customers.Doubt = m.phrase("entries_of", map[string]T{"entries": m.count(whole(entries[i])), "again": m.count(whole(again[i]))})
		share := func(x float64) T {
			if y := quotient(x, messages[i]); analytics.Finite(y) {
				return m.fact(y, "share").Value
			}
			return T{}
		}
		for _, x := range []struct {
			key string
			n   float64
		}{{"delivered_of", delivered[i]}, {"opened_of", opened[i]}, {"clicked_of", clicked[i]}} {
			if y := share(x.n); y != (T{}) {
				r.Response = append(r.Response, m.phrase(x.key, map[string]T{"share": y}))
			}
		}
		if revenue[i] > 0 {
			r.OrdersWorth = m.fact(revenue[i], m.opt.Currency).Value
		}
		rows = append(rows, r)
	}
	return rows, m.rest(len(rows), len(id), "SELECT * FROM scenarios.scenarios ORDER BY customers DESC, scenario_id"), T{}
}

// drawMap is the graph of scenarios: who follows whom, who clashes with whom.
func (m *scenarioMap) drawMap() (*chart, []handoverRow, more, T) {
	const sql = "SELECT * FROM scenarios.handovers WHERE to_scenario <> '' ORDER BY followed DESC, from_scenario, to_scenario"
	if len(m.order) == 0 {
		_, absent := m.table("scenarios")
		return nil, nil, more{}, absent
	}
	c := &chart{Kind: "network", Label: m.word("map_title")}
	top := slices.Clone(m.order[:min(len(m.order), mostNodes)])
	slices.SortStableFunc(top, func(a, b string) int { return cmp.Compare(uint(roleHue(m.role[a])), uint(roleHue(m.role[b]))) })
	place := map[string]int{}
	most := 0.
	for _, id := range top {
		most = max(most, m.customers[id])
	}
	for i, id := range top {
		place[id] = i
		n := m.fact(m.customers[id], "customers")
		role := m.texts.Name("roles", cmp.Or(m.role[id], "unknown"))
		called := m.called(id).Name
		c.Nodes = append(c.Nodes, node{ID: fmt.Sprint("s", i), Name: plain(called), Hue: roleHue(m.role[id]), Bulk: m.bulk[id], Size: math.Round(10 + 32*math.Sqrt(max(0, quotient(m.customers[id], max(1, most))))),
			Tip: T{Ru: called + ": " + role.Ru + ", " + n.Value.Ru + " (" + n.Doubt.Ru + ")", En: called + ": " + role.En + ", " + n.Value.En + " (" + n.Doubt.En + ")"}})
	}
	for _, r := range append(slices.Clone(roles), "unknown") {
		if slices.ContainsFunc(top, func(id string) bool { return roleHue(m.role[id]) == roleHue(r) }) {
			c.Legend = append(c.Legend, legend{m.texts.Name("roles", r), roleHue(r)})
		}
	}
	var rows []handoverRow
	total := 0
	if f, _ := m.table("handovers"); f != nil {
		from, to, declared := f.String("from_scenario"), f.String("to_scenario"), flagsOf(f, "declared")
		exits, followed := numbersOf(f, "exits"), numbersOf(f, "followed")
		share, lower, upper := numbersOf(f, "share"), numbersOf(f, "share_lower"), numbersOf(f, "share_upper")
		var at []int
		for i := range to {
			if to[i] != "" && (followed[i] > 0 || declared[i]) {
				at = append(at, i)
			}
		}
		total = len(at)
		slices.SortStableFunc(at, func(a, b int) int { return cmp.Compare(followed[b], followed[a]) })
		drawn := 0
		for _, i := range at {
			number := m.estimate(interval(share[i], lower[i], upper[i], whole(exits[i]), "share"), "")
			count := m.phrase("followed_of", map[string]T{"followed": m.count(whole(followed[i])), "exits": m.count(whole(exits[i]))})
			if len(rows) < mostDetails {
				rows = append(rows, handoverRow{From: m.called(from[i]), To: m.called(to[i]), Declared: declared[i], Followed: count, Share: number})
			}
			a, known := place[from[i]]
			b, also := place[to[i]]
			strong := share[i] >= drawnShare
			if !known || !also || a == b || !strong && !declared[i] || drawn == mostEdges {
				continue
			}
			drawn++
			kind := "follows"
			if !strong {
				kind = "declared"
			}
			c.Links = append(c.Links, link{From: c.Nodes[a].ID, To: c.Nodes[b].ID, Value: whole(followed[i]), Kind: kind, Width: math.Round(10*(1+6*max(0, quotient(share[i], 1))))/10 - .4,
				Tip: m.arrow(from[i], " → ", to[i], m.join(count, "; ", number))})
		}
	}
	if f, _ := m.table("pairs"); f != nil {
		a, b, verdict, overlap := f.String("scenario_a"), f.String("scenario_b"), textsOf(f, "verdict"), textsOf(f, "overlap_verdict")
		value, lower, upper := numbersOf(f, "ratio"), numbersOf(f, "lower"), numbersOf(f, "upper")
		once, hit := numbersOf(f, "customers_at_once"), numbersOf(f, "customers_hit")
		var at []int
		for i := range a {
			if verdict[i] == "conflict" || overlap[i] == "above" {
				at = append(at, i)
			}
		}
		slices.SortStableFunc(at, func(x, y int) int {
			return cmp.Or(-cmp.Compare(bit(verdict[x] == "conflict"), bit(verdict[y] == "conflict")), cmp.Compare(once[y]+hit[y], once[x]+hit[x]))
		})
		drawn := 0
		for _, i := range at {
			x, known := place[a[i]]
			y, also := place[b[i]]
			if !known || !also || drawn == mostEdges {
				continue
			}
			drawn++
			kind := "overlap"
			if verdict[i] == "conflict" {
				kind = "conflict"
			}
			tip := m.fact(once[i], "customers")
			words := m.phrase("at_once_tip", map[string]T{"customers": m.join(tip.Value, " ", cell{})})
			if analytics.Finite(value[i]) {
				words = m.join(words, "; "+"×", m.estimate(ratio(value[i], lower[i], upper[i], whole(once[i])), ""))
			}
			c.Links = append(c.Links, link{From: c.Nodes[x].ID, To: c.Nodes[y].ID, Value: whole(once[i]), Kind: kind, Width: 2, Tip: m.arrow(a[i], " × ", b[i], words)})
		}
	}
	if total == 0 && len(c.Links) == 0 && len(c.Nodes) < 2 {
		return nil, nil, more{}, m.word("map_empty")
	}
	return c, rows, m.rest(len(rows), total, sql), T{}
}

func bit(on bool) int {
	if on {
		return 1
	}
	return 0
}

// phrase is a part of a sentence: like say, without a capital letter.
func (p *page) phrase(key string, values map[string]T) T {
	t := p.say(key, values)
	for name, v := range values { // a text that begins with a user's name keeps it as it is
		if strings.HasPrefix(p.texts.ru.text["ui."+key], "{"+name+"}") {
			return T{v.Ru + strings.TrimPrefix(t.Ru, upperFirst(v.Ru)), v.En + strings.TrimPrefix(t.En, upperFirst(v.En))}
		}
	}
	return T{lowerFirst(t.Ru), lowerFirst(t.En)}
}

// join is a text, a separator and a number with its doubt.
func (p *page) join(t T, between string, c cell) T {
	tail := func(v, d string) string {
		switch {
		case v == "":
			return ""
		case d == "":
			return between + v
		}
		return between + v + " (" + d + ")"
	}
	return T{Ru: t.Ru + tail(c.Value.Ru, c.Doubt.Ru), En: t.En + tail(c.Value.En, c.Doubt.En)}
}

func (m *scenarioMap) arrow(a, between, b string, words T) T {
	head := m.called(a).Name + between + m.called(b).Name + ": "
	return T{Ru: head + words.Ru, En: head + words.En}
}

// shape is what the two graphs of hand-overs look like: where they end, what nothing leads to, which go round in a circle.
func (m *scenarioMap) shape() []shapeRow {
	f, _ := m.table("graph")
	if f == nil {
		return nil
	}
	graph, id, sink, unreachable, loop := f.String("graph"), f.String("scenario_id"), flagsOf(f, "sink"), flagsOf(f, "unreachable"), numbersOf(f, "loop")
	var rows []shapeRow
	for _, g := range []string{"observed", "declared"} {
		var sinks, lost []string
		loops := map[float64][]string{}
		var numbers []float64
		any := false
		for i := range id {
			if graph[i] != g {
				continue
			}
			any = true
			if sink[i] {
				sinks = append(sinks, m.called(id[i]).Name)
			}
			if unreachable[i] {
				lost = append(lost, m.called(id[i]).Name)
			}
			if analytics.Finite(loop[i]) {
				if _, ok := loops[loop[i]]; !ok {
					numbers = append(numbers, loop[i])
				}
				loops[loop[i]] = append(loops[loop[i]], m.called(id[i]).Name)
			}
		}
		if !any {
			continue
		}
		var circles []string
		for _, n := range numbers {
			circles = append(circles, strings.Join(loops[n], " ↔ "))
		}
		rows = append(rows, shapeRow{m.word("sinks_" + g), sinks}, shapeRow{m.word("unreachable_" + g), lost}, shapeRow{m.word("loops_" + g), circles})
	}
	return rows
}

// reach is which part of the customers of a stage every chain takes.
func (m *scenarioMap) reach() (*chart, []reachRow, more) {
	f, _ := m.table("stage_reach")
	if f == nil {
		return nil, nil, more{}
	}
	id, stage, declared := f.String("scenario_id"), f.String("stage"), flagsOf(f, "declared")
	eligible, entries := numbersOf(f, "eligible"), numbersOf(f, "entries")
	reach, lower, upper := numbersOf(f, "reach"), numbersOf(f, "reach_lower"), numbersOf(f, "reach_upper")
	c := &chart{Kind: "heatmap", Label: m.word("reach_title"), Tall: true}
	column, row := map[string]int{}, map[string]int{}
	for _, s := range m.stageOrder(stage) {
		column[s] = len(c.X)
		c.X = append(c.X, m.stage(s))
	}
	var at []int
	for _, s := range m.order {
		if len(c.Y) == mostRows {
			break
		}
		for i := range id {
			if id[i] == s && analytics.Finite(reach[i]) {
				if _, ok := row[s]; !ok {
					row[s] = len(c.Y)
					c.Y = append(c.Y, plain(m.called(s).Name))
				}
				at = append(at, i)
			}
		}
	}
	var rows []reachRow
	for _, i := range at {
		number := m.estimate(interval(reach[i], lower[i], upper[i], whole(eligible[i]), "share"), "")
		c.Max = max(c.Max, reach[i])
		t := tile{X: column[stage[i]], Y: row[id[i]], Value: reach[i], Mark: declared[i], Text: m.texts.each(func(w *words) string { return w.decimal(100*reach[i], 0) }), Tip: m.join(T{}, "", number)}
		c.Cells = append(c.Cells, t)
		if entries[i] > 0 || declared[i] {
			rows = append(rows, reachRow{named: m.called(id[i]), Stage: m.stage(stage[i]), Declared: declared[i], Eligible: m.count(whole(eligible[i])), Reach: number})
		}
	}
	if len(c.Cells) == 0 {
		return nil, nil, more{}
	}
	return c, rows, m.rest(len(at), len(id), "SELECT * FROM scenarios.stage_reach ORDER BY scenario_id, stage")
}

// stageOrder is the stages of a table in the order of the life cycle's rules; unknown ones last.
func (m *scenarioMap) stageOrder(stages []string) []string {
	place := map[string]float64{}
	if f, _, err := m.fetch(m.ctx, "lifecycle.stages"); err != nil {
		m.err = err
	} else if f != nil {
		position := numbersOf(f, "position")
		for i, s := range f.String("stage") {
			place[s] = position[i]
		}
	}
	out := slices.Compact(slices.Sorted(slices.Values(stages)))
	slices.SortStableFunc(out, func(a, b string) int {
		x, ok := place[a]
		y, also := place[b]
		return cmp.Or(-cmp.Compare(bit(ok), bit(also)), cmp.Compare(x, y))
	})
	return out
}

func (m *scenarioMap) steps() ([]stepGroup, more, T) {
	f, absent := m.table("steps")
	if f == nil {
		return nil, more{}, absent
	}
	id, step, channel := f.String("scenario_id"), f.String("step_id"), textsOf(f, "channel")
	entries, atRisk, goal, optOut := numbersOf(f, "entries"), numbersOf(f, "at_risk"), numbersOf(f, "goal_stops"), numbersOf(f, "opt_out_stops")
	drop, dropLower, dropUpper := numbersOf(f, "drop_off"), numbersOf(f, "drop_off_lower"), numbersOf(f, "drop_off_upper")
	lost, lostLower, lostUpper := numbersOf(f, "unexplained"), numbersOf(f, "unexplained_lower"), numbersOf(f, "unexplained_upper")
	reference, difference, low, high := textsOf(f, "reference"), numbersOf(f, "difference"), numbersOf(f, "difference_lower"), numbersOf(f, "difference_upper")
	verdict, needed := textsOf(f, "verdict"), numbersOf(f, "needed")
	hours, hoursLower, hoursUpper, clicks := numbersOf(f, "median_hours_since_previous"), numbersOf(f, "hours_lower"), numbersOf(f, "hours_upper"), numbersOf(f, "click_rate")
	notSent, reason := numbersOf(f, "not_sent"), textsOf(f, "not_sent_reason")
	position := numbersOf(f, "position")
	most := map[string]float64{}
	flagged := map[string]int{}
	var chains []string
	at := make([]int, len(id))
	for i, s := range id {
		at[i] = i
		if _, ok := most[s]; !ok {
			chains = append(chains, s)
		}
		most[s] = max(most[s], entries[i], atRisk[i], 1)
		flagged[s] = max(flagged[s], bit(verdict[i] == "yes"))
	}
	slices.SortStableFunc(chains, func(a, b string) int {
		return cmp.Or(-cmp.Compare(flagged[a], flagged[b]), cmp.Compare(m.customers[b], m.customers[a]), cmp.Compare(a, b))
	})
	slices.SortStableFunc(at, func(a, b int) int { return cmp.Compare(position[a], position[b]) })
	var groups []stepGroup
	shown := 0
	for _, s := range chains[:min(len(chains), mostChains)] {
		g := stepGroup{named: m.called(s)}
		for _, i := range at {
			if id[i] != s {
				continue
			}
			n := whole(atRisk[i])
			r := stepRow{Name: Shown(step[i]), Got: m.fact(entries[i], ""), Bar: percentOf(quotient(entries[i], most[s])),
				DropOff:     m.estimate(interval(drop[i], dropLower[i], dropUpper[i], n, "share"), ""),
				Unexplained: m.estimate(interval(lost[i], lostLower[i], lostUpper[i], n, "share"), ""),
				Answer:      m.claim("drop_off", verdict[i], needed[i])}
			if channel[i] != "" {
				r.Channel = m.texts.Name("channels", channel[i])
			}
			if goal[i]+optOut[i] > 0 {
				r.Stops = m.phrase("stops_of", map[string]T{"goal": m.count(whole(goal[i])), "opt_out": m.count(whole(optOut[i]))})
			}
			if notSent[i] > 0 && verdict[i] == "yes" {
				r.Stops = m.join(r.Stops, ifBoth(r.Stops), cell{Value: m.phrase("not_sent_of", map[string]T{"count": m.count(whole(notSent[i])), "reason": m.texts.Name("not_sent", reason[i])})})
			}
			if analytics.Finite(difference[i]) && (reference[i] == "other_steps" || reference[i] == "other_chains") {
				d := m.estimate(interval(difference[i], low[i], high[i], n, "share"), "points")
				r.Compared = m.phrase("compared_"+reference[i], map[string]T{"difference": m.join(d.Value, " ", cell{Value: T{"(" + d.Doubt.Ru + ")", "(" + d.Doubt.En + ")"}})})
			}
			if analytics.Finite(hours[i]) {
				r.HasInterval, r.Interval = true, m.estimate(interval(hours[i]*3600, hoursLower[i]*3600, hoursUpper[i]*3600, whole(entries[i]), "seconds"), "")
			}
			if analytics.Finite(clicks[i]) {
				r.HasClick, r.Clicks = true, m.fact(clicks[i], "share")
			}
			g.Steps = append(g.Steps, r)
			shown++
		}
		groups = append(groups, g)
	}
	return groups, m.rest(shown, len(id), "SELECT * FROM scenarios.steps ORDER BY scenario_id, position"), T{}
}

// ifBoth separates a text from what follows; nothing when it is empty.
func ifBoth(t T) string {
	if t == (T{}) {
		return ""
	}
	return "; "
}

// followers are the first events after an exit, as the bar of a dead end shows them.
var followers = []string{"next", "message", "goal", "opt_out", "nothing"}

func (m *scenarioMap) deadEnds() ([]deadEndRow, more, T) {
	f, absent := m.table("dead_ends")
	if f == nil {
		return nil, more{}, absent
	}
	id, structural := f.String("scenario_id"), flagsOf(f, "structural")
	exits, atRisk, verdict, needed := numbersOf(f, "exits"), numbersOf(f, "at_risk"), textsOf(f, "verdict"), numbersOf(f, "needed")
	nothing, lower, upper := numbersOf(f, "nothing"), numbersOf(f, "nothing_lower"), numbersOf(f, "nothing_upper")
	others, difference, low, high := numbersOf(f, "others"), numbersOf(f, "difference"), numbersOf(f, "difference_lower"), numbersOf(f, "difference_upper")
	first := map[string][]float64{"nothing": nothing}
	for _, c := range followers[:4] {
		first[c] = numbersOf(f, c+"_share")
	}
	var at []int
	for i := range id {
		if verdict[i] != "excluded" && exits[i] > 0 {
			at = append(at, i)
		}
	}
	slices.SortStableFunc(at, func(a, b int) int {
		return cmp.Or(claimRank(verdict[a])-claimRank(verdict[b]), cmp.Compare(nothing[b], nothing[a]), cmp.Compare(id[a], id[b]))
	})
	if len(at) == 0 {
		return nil, more{}, m.word("dead_ends_empty")
	}
	var rows []deadEndRow
	for _, i := range at[:min(len(at), mostDetails)] {
		n := whole(atRisk[i])
		r := deadEndRow{named: m.called(id[i]), Structural: structural[i], Answer: m.claim("dead_end", verdict[i], needed[i]),
			Exits:      m.phrase("at_risk_of", map[string]T{"at_risk": m.count(n), "exits": m.count(whole(exits[i]))}),
			Nothing:    m.estimate(interval(nothing[i], lower[i], upper[i], n, "share"), ""),
			Others:     m.estimate(interval(others[i], math.NaN(), math.NaN(), n, "share"), ""),
			Difference: m.estimate(interval(difference[i], low[i], high[i], n, "share"), "points")}
		for k, c := range followers {
			if x := first[c][i]; analytics.Finite(x) && x > 0 {
				v := m.fact(x, "share")
				r.Bars = append(r.Bars, stack{Class: fmt.Sprint("f", k), Width: percentOf(x)})
				r.Parts = m.join(r.Parts, ifBoth(r.Parts), cell{Value: joined(m.word("after_"+c), " ", v.Value)})
			}
		}
		rows = append(rows, r)
	}
	return rows, m.rest(len(rows), len(id), "SELECT * FROM scenarios.dead_ends ORDER BY nothing DESC NULLS LAST, scenario_id"), T{}
}

// claimRank orders rows by their verdict: what to look at first.
func claimRank(verdict string) int {
	return map[string]int{"yes": 0, "undecided": 1, "no": 2, "insufficient_data": 3}[verdict] + 4*bit(verdict == "excluded")
}

func (m *scenarioMap) exits() ([]exitRow, more) {
	f, _ := m.table("exits")
	if f == nil {
		return nil, more{}
	}
	id, ended, reason, n := f.String("scenario_id"), f.String("ended"), textsOf(f, "reason"), numbersOf(f, "n")
	type ends struct {
		total   float64
		by      map[string]float64
		reasons []int
	}
	all := map[string]*ends{}
	for i, s := range id {
		e := all[s]
		if e == nil {
			e = &ends{by: map[string]float64{}}
			all[s] = e
		}
		e.total += n[i]
		e.by[ended[i]] += n[i]
		if ended[i] == "recorded" && reason[i] != "" {
			e.reasons = append(e.reasons, i)
		}
	}
	var rows []exitRow
	for _, s := range m.order {
		e := all[s]
		if e == nil || e.total == 0 || m.bulk[s] || len(rows) == mostDetails {
			continue
		}
		share := func(kind string) cell { return m.fact(e.by[kind]/e.total, "share") }
		r := exitRow{named: m.called(s), Entries: m.count(whole(e.total)), Recorded: share("recorded"), Rule: share("rule"), Open: share("open")}
		slices.SortStableFunc(e.reasons, func(a, b int) int { return cmp.Compare(n[b], n[a]) })
		for _, i := range e.reasons[:min(len(e.reasons), 4)] {
			name, number := m.texts.Name("exit_reasons", reason[i]), m.count(whole(n[i]))
			r.Reasons = m.join(r.Reasons, ifBoth(r.Reasons), cell{Value: T{name.Ru + " — " + number.Ru, name.En + ": " + number.En}})
		}
		rows = append(rows, r)
	}
	return rows, m.rest(len(rows), len(all), "SELECT * FROM scenarios.exits ORDER BY scenario_id, n DESC")
}

// pairs is the heat-map of person-time overlap and the table of pairs, conflicts first.
func (m *scenarioMap) pairs() (*chart, T, []pairRow, more, T) {
	f, absent := m.table("pairs")
	if f == nil {
		if m.empty("scenarios.pairs") {
			absent = m.word("pairs_empty")
		}
		return nil, T{}, nil, more{}, absent
	}
	a, b := f.String("scenario_a"), f.String("scenario_b")
	both, once := numbersOf(f, "customers_both"), numbersOf(f, "customers_at_once")
	value, lower, upper, overlap := numbersOf(f, "ratio"), numbersOf(f, "lower"), numbersOf(f, "upper"), textsOf(f, "overlap_verdict")
	roleA, roleB, contradictory := textsOf(f, "role_a"), textsOf(f, "role_b"), flagsOf(f, "contradictory")
	collisions, hit := numbersOf(f, "collisions"), numbersOf(f, "customers_hit")
	near, nearLower, nearUpper := numbersOf(f, "collision_ratio"), numbersOf(f, "collision_lower"), numbersOf(f, "collision_upper")
	first, firstLower, firstUpper, order := numbersOf(f, "a_first"), numbersOf(f, "a_first_lower"), numbersOf(f, "a_first_upper"), textsOf(f, "order_verdict")
	inverted, invertedLower, invertedUpper, ranked := numbersOf(f, "inversion_share"), numbersOf(f, "inversion_lower"), numbersOf(f, "inversion_upper"), numbersOf(f, "ranked_collisions")
	lost := numbersOf(f, "lost_messages")
	verdict, reason, needed := textsOf(f, "verdict"), textsOf(f, "reason"), numbersOf(f, "needed_customers")

	count := map[string]int64{}
	rank := map[string]int{"conflict": 0, "complement": 1, "undecided": 2, "none": 3}
	at := make([]int, len(a))
	weight := map[string]float64{} // of a scenario in the heat-map
	for i := range a {
		at[i] = i
		count[verdict[i]]++
		if analytics.Finite(value[i]) && overlap[i] != "insufficient_data" {
			w := 1 + once[i] + 1e6*float64(bit(verdict[i] == "conflict"))
			weight[a[i]] += w
			weight[b[i]] += w
		}
	}
	slices.SortStableFunc(at, func(x, y int) int {
		return cmp.Or(rank[verdict[x]]-rank[verdict[y]], cmp.Compare(once[y]+hit[y], once[x]+hit[x]), cmp.Compare(a[x], a[y]), cmp.Compare(b[x], b[y]))
	})
	number := func(n int64) T { return m.count(n) }
	lead := m.say("pairs_lead", map[string]T{"total": number(int64(len(a))), "conflict": number(count["conflict"]), "complement": number(count["complement"]),
		"none": number(count["none"]), "undecided": number(count["undecided"])})

	var names []string
	for s := range weight {
		names = append(names, s)
	}
	slices.SortFunc(names, func(x, y string) int { return cmp.Or(cmp.Compare(weight[y], weight[x]), cmp.Compare(x, y)) })
	names = names[:min(len(names), mostRows)]
	c := &chart{Kind: "heatmap", Label: m.word("pairs_title"), Tall: true, Split: true, Between: " × "}
	place := map[string]int{}
	for i, s := range names {
		place[s] = i
		label := plain(m.called(s).Name)
		c.X, c.Y = append(c.X, label), append(c.Y, label)
		c.Cells = append(c.Cells, tile{X: i, Y: i, Stay: true})
	}
	for i := range a {
		x, known := place[a[i]]
		y, also := place[b[i]]
		if !known || !also || !analytics.Finite(value[i]) || overlap[i] == "insufficient_data" {
			continue
		}
		shade := max(-1, min(1, math.Log2(max(value[i], 1e-3))/2))
		if overlap[i] == "inconclusive" {
			shade *= .3
		}
		people := m.fact(once[i], "customers")
		tip := m.join(m.phrase("ratio_tip", map[string]T{"ratio": m.texts.each(func(w *words) string {
			return w.estimate(ratio(value[i], lower[i], upper[i], whole(once[i])), "", "")
		})}), "; ", people)
		tip = m.join(tip, "; ", cell{Value: m.texts.Name("pair_verdicts", verdict[i])})
		text := m.texts.each(func(w *words) string { return w.decimal(value[i], 1) })
		t := tile{X: x, Y: y, Value: value[i], Shade: shade, Mark: verdict[i] == "conflict", Text: text, Tip: tip}
		c.Cells = append(c.Cells, t)
		t.X, t.Y = y, x
		c.Cells = append(c.Cells, t)
	}
	if len(names) < 2 {
		c = nil
	}

	var rows []pairRow
	for _, i := range at[:min(len(at), mostPairs)] {
		state := map[string]string{"conflict": "yes", "undecided": "open"}[verdict[i]]
		r := pairRow{A: m.called(a[i]), B: m.called(b[i]), Both: m.fact(both[i], ""), Chains: !m.bulk[a[i]] && !m.bulk[b[i]], AtOnce: m.fact(once[i], ""),
			Ratio: m.estimate(ratio(value[i], lower[i], upper[i], whole(once[i])), ""), Collisions: m.fact(collisions[i], ""),
			CollisionRatio: m.estimate(ratio(near[i], nearLower[i], nearUpper[i], whole(hit[i])), ""),
			CollisionText:  m.phrase("customers_hit_of", map[string]T{"customers": m.texts.each(func(w *words) string { return w.count(whole(hit[i]), "customer") })}),
			Why:            m.texts.each(func(w *words) string { return w.list("pair_reasons", reason[i]) }),
			Answer:         answer{Text: m.needs(m.texts.Name("pair_verdicts", verdict[i]), needed[i]), State: cmp.Or(state, "no")}}
		if collisions[i] > 0 {
			r.Order = m.texts.Name("pair_orders", order[i])
			share := interval(first[i], firstLower[i], firstUpper[i], whole(collisions[i]), "share")
			if order[i] == "b_first" { // the share of the one that is named
				share.Value, share.Lower, share.Upper = 1-share.Value, 1-share.Upper, 1-share.Lower
			}
			r.OrderShare = m.estimate(share, "").whole()
			if order[i] != "a_first" && order[i] != "b_first" {
				r.OrderShare = m.phrase("upper_first", map[string]T{"share": r.OrderShare})
			}
		}
		if contradictory[i] && roleA[i] != "" && roleB[i] != "" {
			x, y := m.texts.Name("roles", roleA[i]), m.texts.Name("roles", roleB[i])
			r.Roles = T{Ru: x.Ru + " × " + y.Ru, En: x.En + " × " + y.En}
		}
		if ranked[i] > 0 && analytics.Finite(inverted[i]) {
			r.Inverted = m.phrase("inverted_of", map[string]T{"share": m.estimate(interval(inverted[i], invertedLower[i], invertedUpper[i], whole(ranked[i]), "share"), "").whole()})
		}
		if lost[i] > 0 {
			r.Lost = m.phrase("lost_of", map[string]T{"messages": m.fact(lost[i], "messages").whole()})
		}
		rows = append(rows, r)
	}
	return c, lead, rows, m.rest(len(rows), len(a), "SELECT * FROM scenarios.pairs\nORDER BY CASE verdict WHEN 'conflict' THEN 0 WHEN 'complement' THEN 1 WHEN 'undecided' THEN 2 ELSE 3 END, customers_at_once + customers_hit DESC"), T{}
}

// notSent says why messages were not sent, and how often a less important one went to the same customer.
func (m *scenarioMap) notSent() ([]notSentRow, more) {
	f, _ := m.table("not_sent_reasons")
	if f == nil {
		return nil, more{}
	}
	reason, kind, sendable := textsOf(f, "reason"), textsOf(f, "kind"), flagsOf(f, "sendable")
	messages, ranked, lost := numbersOf(f, "messages"), numbersOf(f, "with_priority"), numbersOf(f, "lost")
	share, lower, upper := numbersOf(f, "lost_share"), numbersOf(f, "lost_lower"), numbersOf(f, "lost_upper")
	var rows []notSentRow
	for i := range min(len(reason), mostDetails) {
		r := notSentRow{Name: m.texts.Name("not_sent", cmp.Or(reason[i], "unknown")), Read: m.texts.Name("not_sent_kinds", kind[i]), Messages: m.fact(messages[i], "")}
		if sendable[i] {
			r.Lost, r.Share = m.fact(lost[i], ""), m.estimate(interval(share[i], lower[i], upper[i], whole(ranked[i]), "share"), "")
		}
		rows = append(rows, r)
	}
	return rows, m.rest(len(rows), len(reason), "SELECT * FROM scenarios.not_sent_reasons ORDER BY messages DESC, reason")
}

// lost lists whose messages were not sent while a less important scenario wrote.
func (m *scenarioMap) lost() ([]lostRow, more) {
	f, _ := m.table("lost_messages")
	if f == nil {
		return nil, more{}
	}
	a, b, messages, before, customers := textsOf(f, "scenario_lost"), textsOf(f, "scenario_sent"), numbersOf(f, "messages"), numbersOf(f, "sent_first"), numbersOf(f, "customers")
	var at []int
	for i := range a {
		if messages[i] > 0 {
			at = append(at, i)
		}
	}
	slices.SortStableFunc(at, func(x, y int) int { return cmp.Compare(messages[y], messages[x]) })
	var rows []lostRow
	for _, i := range at[:min(len(at), mostDetails)] {
		rows = append(rows, lostRow{m.called(a[i]), m.called(b[i]), m.fact(messages[i], ""), m.fact(before[i], ""), m.fact(customers[i], "")})
	}
	return rows, m.rest(len(rows), len(at), "SELECT * FROM scenarios.lost_messages WHERE messages > 0 ORDER BY messages DESC, scenario_lost, scenario_sent")
}

func (m *scenarioMap) levels() ([]levelRow, T) {
	f, absent := m.table("concurrency")
	if f == nil {
		return nil, absent
	}
	level, share := numbersOf(f, "level"), numbersOf(f, "share")
	customers, least := numbersOf(f, "customers"), numbersOf(f, "share_at_least")
	var rows []levelRow
	top := 0.
	for _, x := range customers {
		top += x
	}
	for i := range level {
		rows = append(rows, levelRow{Level: m.count(whole(level[i])), Bar: percentOf(quotient(customers[i], top)), Time: m.fact(share[i], "share"), Customers: cell{m.count(whole(customers[i])), m.fact(quotient(customers[i], top), "share").whole()},
			Customer1: m.fact(least[i], "share")})
	}
	return rows, T{}
}

func (m *scenarioMap) duplicates(s *scenariosSection) {
	f, absent := m.table("duplicates")
	if f == nil {
		if m.empty("scenarios.duplicates") {
			absent = m.word("duplicates_empty")
		}
		s.DupAbsent = absent
		return
	}
	a, b := f.String("scenario_a"), f.String("scenario_b")
	customersA, customersB, both := numbersOf(f, "customers_a"), numbersOf(f, "customers_b"), numbersOf(f, "customers_both")
	audience, audienceLower, audienceUpper := numbersOf(f, "audience"), numbersOf(f, "audience_lower"), numbersOf(f, "audience_upper")
	inside, insideLower, insideUpper := numbersOf(f, "containment"), numbersOf(f, "containment_lower"), numbersOf(f, "containment_upper")
	timing, content, logic, similarity := numbersOf(f, "timing"), numbersOf(f, "content"), numbersOf(f, "logic"), numbersOf(f, "similarity")
	contentSource, logicSource := textsOf(f, "content_source"), textsOf(f, "logic_source")
	verdict, reason, needed, response := textsOf(f, "verdict"), textsOf(f, "reason"), numbersOf(f, "needed_customers"), textsOf(f, "response")
	rank := map[string]int{"duplicate": 0, "subset": 1, "same_logic": 2, "undecided": 3, "collision": 4, "different": 5}
	n := map[string]int64{}
	for i := range a {
		n[verdict[i]]++
		r := duplicateRow{A: m.called(a[i]), B: m.called(b[i]), rank: rank[verdict[i]], similarity: similarity[i],
			Audience:    m.estimate(interval(audience[i], audienceLower[i], audienceUpper[i], whole(customersA[i]+customersB[i]-both[i]), "share"), ""),
			Containment: m.estimate(interval(inside[i], insideLower[i], insideUpper[i], whole(min(customersA[i], customersB[i])), "share"), ""),
			Timing:      m.fact(timing[i], "share"), Content: m.fact(content[i], "share"), Logic: m.fact(logic[i], "share"), Similarity: m.fact(similarity[i], "share"),
			ContentSource: m.texts.Name("content_sources", contentSource[i]), LogicSource: m.texts.Name("logic_sources", logicSource[i]),
			Why:       m.texts.Name("duplicate_reasons", reason[i]),
			Customers: m.say("customers_both_of", map[string]T{"a": m.count(whole(customersA[i])), "b": m.count(whole(customersB[i])), "both": m.count(whole(both[i]))}),
			Answer:    answer{Text: m.needs(m.texts.Name("duplicate_verdicts", verdict[i]), needed[i]), State: map[bool]string{true: "yes", false: "no"}[rank[verdict[i]] < 3]}}
		if verdict[i] == "undecided" {
			r.Answer.State = "open"
		}
		if response[i] != "" {
			r.Response = m.texts.Name("responses", response[i])
		}
		s.Duplicates = append(s.Duplicates, r)
	}
	total := len(s.Duplicates)
	slices.SortStableFunc(s.Duplicates, func(x, y duplicateRow) int {
		return cmp.Or(x.rank-y.rank, cmp.Compare(y.similarity, x.similarity), cmp.Compare(x.A.Name, y.A.Name), cmp.Compare(x.B.Name, y.B.Name))
	})
	alike := slices.IndexFunc(s.Duplicates, func(r duplicateRow) bool { return r.rank == rank["different"] })
	if alike >= 0 { // of those that differ a few, for comparison
		s.Duplicates = s.Duplicates[:min(total, max(alike, 3)+2)]
	}
	s.Duplicates = s.Duplicates[:min(len(s.Duplicates), mostDetails)]
	s.DuplicatesMore = m.rest(len(s.Duplicates), total, "SELECT * FROM scenarios.duplicates ORDER BY similarity DESC NULLS LAST, scenario_a, scenario_b")
	s.DuplicatesLead = m.say("duplicates_lead", map[string]T{"total": m.count(int64(total)), "duplicate": m.count(n["duplicate"] + n["subset"]), "same_logic": m.count(n["same_logic"])})
	limit := map[string]T{}
	for _, t := range []string{"audience", "audience_lower", "other_audience", "containment", "timing", "content", "logic"} {
		limit[t] = m.fact(numbersOf(f, "threshold_"+t)[0], "share").Value
	}
	s.Thresholds = m.say("thresholds", limit)

	g, _ := m.table("duplicate_groups")
	if g == nil {
		return
	}
	number, id, kind, keep := numbersOf(g, "group_id"), g.String("scenario_id"), textsOf(g, "kind"), flagsOf(g, "keep")
	at := map[float64]int{}
	for i := range id {
		j, ok := at[number[i]]
		if !ok {
			j = len(s.Groups)
			at[number[i]] = j
			s.Groups = append(s.Groups, groupRow{Kind: m.texts.Name("duplicate_groups", kind[i])})
		}
		if keep[i] {
			s.Groups[j].Keep = m.called(id[i])
		} else {
			s.Groups[j].Members = append(s.Groups[j].Members, m.called(id[i]))
		}
	}
	s.Groups = s.Groups[:min(len(s.Groups), mostDetails)]
}

func (m *scenarioMap) breadth() ([]breadthRow, more, T) {
	f, absent := m.table("breadth")
	if f == nil {
		return nil, more{}, absent
	}
	id, eligible := f.String("scenario_id"), numbersOf(f, "eligible")
	reach, lower, upper := numbersOf(f, "reach"), numbersOf(f, "reach_lower"), numbersOf(f, "reach_upper")
	target, precision, low, high := numbersOf(f, "target_entries"), numbersOf(f, "precision"), numbersOf(f, "precision_lower"), numbersOf(f, "precision_upper")
	again, reason, verdict, needed := numbersOf(f, "reentry_share"), textsOf(f, "reason"), textsOf(f, "verdict"), numbersOf(f, "needed")
	var rows []breadthRow
	for i := range id {
		r := breadthRow{named: m.called(id[i]), rank: claimRank(verdict[i]), customers: reach[i],
			Reach:     m.estimate(interval(reach[i], lower[i], upper[i], whole(eligible[i]), "share"), ""),
			Precision: m.estimate(interval(precision[i], low[i], high[i], whole(target[i]), "share"), ""),
			Again:     m.fact(again[i], "share"), Answer: m.claim("breadth", verdict[i], needed[i])}
		if !analytics.Finite(precision[i]) {
			r.Precision = cell{Value: plain(dash), Doubt: m.word("no_declared_stages")}
		}
		if reason[i] != "" {
			r.Why = m.texts.Name("breadth_reasons", reason[i])
		}
		rows = append(rows, r)
	}
	slices.SortStableFunc(rows, func(a, b breadthRow) int { return cmp.Or(a.rank-b.rank, cmp.Compare(b.customers, a.customers)) })
	rows = rows[:min(len(rows), mostDetails)]
	return rows, m.rest(len(rows), len(id), "SELECT * FROM scenarios.breadth ORDER BY reach DESC NULLS LAST, scenario_id"), T{}
}

// rhythm is when messages come in the customers' own purchase rhythm and when they are clicked.
func (m *scenarioMap) rhythm() (*chart, []rhythmRow, more, T) {
	f, absent := m.table("rhythm")
	if f == nil {
		return nil, nil, more{}, absent
	}
	id, messages, own := f.String("scenario_id"), numbersOf(f, "messages"), numbersOf(f, "own_share")
	early, earlyLower, earlyUpper := numbersOf(f, "early_share"), numbersOf(f, "early_lower"), numbersOf(f, "early_upper")
	from, to, clicks := numbersOf(f, "best_from"), numbersOf(f, "best_to"), numbersOf(f, "click_rate")
	gain, low, high := numbersOf(f, "gain"), numbersOf(f, "gain_lower"), numbersOf(f, "gain_upper")
	verdict, needed := textsOf(f, "verdict"), numbersOf(f, "needed")
	var at []int
	for i := range id {
		if messages[i] > 0 {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return nil, nil, more{}, m.word("rhythm_empty")
	}
	slices.SortStableFunc(at, func(a, b int) int {
		return cmp.Or(claimRank(verdict[a])-claimRank(verdict[b]), cmp.Compare(messages[b], messages[a]), cmp.Compare(id[a], id[b]))
	})
	at = at[:min(len(at), mostDetails)]
	var rows []rhythmRow
	row, best := map[string]int{}, map[string]float64{}
	c := &chart{Kind: "heatmap", Label: m.word("rhythm_title"), Tall: true, Split: true, Between: " · "}
	for _, i := range at {
		row[id[i]], best[id[i]] = len(c.Y), from[i]
		c.Y = append(c.Y, plain(m.called(id[i]).Name))
		n := whole(messages[i])
		r := rhythmRow{named: m.called(id[i]), Messages: m.count(n), Early: m.estimate(interval(early[i], earlyLower[i], earlyUpper[i], n, "share"), ""),
			Clicks: m.fact(clicks[i], "share"), Own: m.fact(own[i], "share"), Gain: m.estimate(interval(gain[i], low[i], high[i], n, "share"), "points"),
			Best: m.window(from[i], to[i]), Answer: m.claim("rhythm", verdict[i], needed[i])}
		rows = append(rows, r)
	}
	more := m.rest(len(rows), len(id), "SELECT * FROM scenarios.rhythm_windows ORDER BY scenario_id, u_from")
	w, _ := m.table("rhythm_windows")
	if w == nil {
		return nil, rows, more, T{}
	}
	ids, uFrom, uTo, n := w.String("scenario_id"), numbersOf(w, "u_from"), numbersOf(w, "u_to"), numbersOf(w, "messages")
	rate, rateLower, rateUpper, adjusted := numbersOf(w, "click_rate"), numbersOf(w, "click_rate_lower"), numbersOf(w, "click_rate_upper"), numbersOf(w, "adjusted")
	starts := slices.Compact(slices.Sorted(slices.Values(uFrom)))
	column := map[float64]int{}
	for _, u := range starts {
		column[u] = len(c.X)
		end := math.NaN()
		if i := slices.Index(uFrom, u); i >= 0 {
			end = uTo[i]
		}
		c.X = append(c.X, m.window(u, end))
	}
	for i := range ids {
		y, ok := row[ids[i]]
		if !ok || !analytics.Finite(adjusted[i]) || !analytics.Finite(rate[i]) {
			continue
		}
		shade := max(-1, min(1, -adjusted[i]/.05)) // fewer clicks are red
		if n[i] < 100 {
			shade *= .3
		}
		number := m.estimate(interval(rate[i], rateLower[i], rateUpper[i], whole(n[i]), "share"), "")
		gap := m.estimate(interval(adjusted[i], math.NaN(), math.NaN(), whole(n[i]), "share"), "points").Value
		tip := m.join(m.phrase("window_tip", map[string]T{"rate": m.join(number.Value, " ", cell{Value: T{"(" + number.Doubt.Ru + ")", "(" + number.Doubt.En + ")"}})}), "; ",
			cell{Value: m.phrase("adjusted_tip", map[string]T{"gap": gap})})
		c.Cells = append(c.Cells, tile{X: column[uFrom[i]], Y: y, Value: rate[i], Shade: shade, Mark: uFrom[i] == best[ids[i]],
			Text: m.texts.each(func(w *words) string { return w.decimal(100*rate[i], 1) }), Tip: tip})
	}
	if len(c.Cells) == 0 {
		c = nil
	}
	return c, rows, more, T{}
}

// window is a range of the purchase rhythm: "0,25–0,5", "2 and above".
func (p *page) window(from, to float64) T {
	return p.texts.each(func(w *words) string { return w.window(from, to) })
}

func (w *words) window(from, to float64) string {
	if !analytics.Finite(from) {
		return dash
	}
	short := func(x float64) string {
		if x == math.Trunc(x) {
			return w.decimal(x, 0)
		}
		return strings.TrimRight(w.decimal(x, 2), "0")
	}
	if !analytics.Finite(to) {
		return "≥ " + short(from)
	}
	return short(from) + "–" + short(to)
}

// day is an ISO date as the language writes it.
func (w *words) day(iso string) string {
	t := day(parseDay(iso))
	if w.tag == language.Russian {
		return t.Ru
	}
	return t.En
}

// findingGroups are the findings of some blocks by kind, the gravest kinds first; all but the first few of a kind are folded.
func (p *page) findingGroups(ctx context.Context, blocks ...string) ([]findingGroup, T, error) {
	byKind := map[string][]findingRow{}
	var kinds []string
	worst := map[string]int{}
	var absent T
	for _, block := range blocks {
		rows, missing, err := p.findings(ctx, block)
		if err != nil {
			return nil, T{}, err
		}
		absent = missing
		for _, r := range rows {
			grave := map[string]int{"critical": 0, "warning": 1, "notice": 2}[r.Severity]
			if _, ok := byKind[r.kind]; !ok {
				kinds = append(kinds, r.kind)
				worst[r.kind] = grave
			}
			worst[r.kind] = min(worst[r.kind], grave)
			byKind[r.kind] = append(byKind[r.kind], r)
		}
	}
	slices.SortStableFunc(kinds, func(a, b string) int { return worst[a] - worst[b] })
	var groups []findingGroup
	for _, k := range kinds {
		rows := byKind[k]
		slices.SortStableFunc(rows, func(a, b findingRow) int { return bit(a.Exploratory) - bit(b.Exploratory) })
		cutAt := min(len(rows), firstFindings)
		g := findingGroup{Kind: p.texts.each(func(w *words) string { return upperFirst(w.name("kinds", k)) }), First: rows[:cutAt]}
		if n := len(rows) - cutAt; n > 0 {
			g.Rest = p.cutFindings(rows[cutAt:min(len(rows), cutAt+mostOfKind)], n)
			g.RestText = p.phrase("more_findings", map[string]T{"count": p.count(int64(n))})
		}
		groups = append(groups, g)
	}
	return groups, absent, nil
}

// safeSQL writes characters that turn or hide text (a name may hold them) as chr(…), so that the query shown is the query copied and still runs.
// They stand in quoted names only.
func safeSQL(sql string) string {
	var b strings.Builder
	for _, r := range sql {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
			fmt.Fprintf(&b, "' || chr(%d) || '", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
