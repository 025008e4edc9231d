package scenarios

import (
	"math"
	"slices"
	"sort"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"

	"gonum.org/v1/gonum/graph/simple"
	"gonum.org/v1/gonum/graph/topo"
)

// What may come first after an exit, in the order of the causes of the life table.
var causes = []string{"next", "message", "goal", "opt_out"}

// ageEnds are the last days of the ages of scenarios.red_exits; the last age ends at the horizon.
var ageEnds = []int{1, 3, 7, 14}

// ages is the number of ages up to a horizon of so many days.
func ages(horizon int) int {
	n := 1
	for _, end := range ageEnds {
		if end < horizon {
			n++
		}
	}
	return n
}

// DeadEnd is what follows the exits of one scenario.
type DeadEnd struct {
	Structural       bool // the definition has neither next nor goal
	HasDefinition    bool
	Exits, Achieved  int64
	OptedOut, AtRisk int64
	Nothing          suffstat.Estimate  // S(horizon)
	First            map[string]float64 // share by cause, NaN when not known
	Others           float64            // S(horizon) of other chains, in the stages of this one
	Difference       suffstat.Estimate  // Nothing minus Others over common stages
	Compared         bool               // there was anybody to compare with
	claim
}

// exitCells is the state of the contrast: for every stage the exits of one scenario and of all, by age: events, then censored.
func (x *index) exits(m *Model) {
	last := ages(m.Horizon)
	stageAt := map[string]int{}
	for _, r := range x.Exits {
		if _, ok := stageAt[r.Stage]; !ok {
			stageAt[r.Stage] = len(stageAt)
		}
	}
	half := len(stageAt) * last * 2
	cell := func(stage string, age int64, lost bool) int {
		i := (stageAt[stage]*last + int(min(age, int64(last))) - 1) * 2
		if lost {
			i++
		}
		return i
	}
	all := make([]suffstat.Cells, Buckets)
	for g := range all {
		all[g] = make(suffstat.Cells, half)
	}
	own := map[string][]suffstat.Cells{}
	spells := map[string][][]suffstat.Spell{}
	for _, s := range m.Scenarios {
		if s.Bulk {
			continue
		}
		s.DeadEnd = &DeadEnd{HasDefinition: s.Def != nil, Structural: s.Def != nil && len(s.Def.Next) == 0 && s.Def.GoalEvent == ""}
		own[s.ID] = make([]suffstat.Cells, Buckets)
		for g := range own[s.ID] {
			own[s.ID][g] = make(suffstat.Cells, half)
		}
		spells[s.ID] = make([][]suffstat.Spell, Buckets)
	}
	for _, r := range x.Exits {
		s := x.at[r.ID]
		if s == nil || s.DeadEnd == nil {
			continue
		}
		d := s.DeadEnd
		d.Exits += r.N
		switch r.Outcome {
		case "achieved":
			d.Achieved += r.N
			continue
		case "opted_out":
			d.OptedOut += r.N
			continue
		}
		if r.Age < 1 {
			continue // not followed for a day
		}
		d.AtRisk += r.N
		cause := slices.Index(causes, r.Outcome) // none is -1, suffstat.Censored
		spells[r.ID][r.Bucket] = append(spells[r.ID][r.Bucket], suffstat.Spell{Entry: 1, Exit: int(min(r.Age, int64(last))), Cause: cause, N: r.N})
		at := cell(r.Stage, r.Age, cause < 0)
		own[r.ID][r.Bucket][at] += r.N
		all[r.Bucket][at] += r.N
	}
	var family []*claim
	for _, s := range m.Scenarios {
		if s.DeadEnd != nil {
			x.deadEnd(s, spells[s.ID], own[s.ID], all, len(stageAt), last)
			family = append(family, &s.DeadEnd.claim)
		}
	}
	adjust(family)
}

func (x *index) deadEnd(s *Scenario, spells [][]suffstat.Spell, own, all []suffstat.Cells, stages, last int) {
	d := s.DeadEnd
	d.claim, d.Others, d.First = untested(Insufficient), math.NaN(), map[string]float64{}
	tables := make([]suffstat.LifeTable, Buckets)
	for g := range tables {
		tables[g] = suffstat.NewLifeTable(spells[g], len(causes))
	}
	total, _ := suffstat.Merge(tables)
	d.Nothing = suffstat.NotEstimable("life table", TableLevel, suffstat.ErrNoData)
	d.Difference = suffstat.NotEstimable(suffstat.MethodJackknife, TableLevel, suffstat.ErrNoData)
	for i, c := range causes {
		d.First[c] = math.NaN()
		if f := total.Incidence(i); len(f) > last {
			d.First[c] = f[last]
		}
	}
	curve := suffstat.SurvivalCurve(tables, TableLevel)
	if len(curve) <= last {
		d.Needed = analytics.MinEffective
		return // nobody was followed to the horizon
	}
	d.Nothing = curve[last].Of(d.AtRisk, "share")

	// S(horizon) of this scenario, and of the others weighted to its stages; stages that the others lack are left out of both.
	joint := make([]suffstat.Cells, Buckets)
	n := len(own[0])
	for g := range joint {
		joint[g] = append(append(make(suffstat.Cells, 0, 2*n), own[g]...), all[g]...)
		if own[g].Empty() && all[g].Empty() {
			joint[g] = nil
		}
	}
	contrast := func(c suffstat.Cells) []float64 {
		var weight, mine, others float64
		rest := make(suffstat.Cells, last*2)
		for t := range stages {
			a := c[t*last*2 : (t+1)*last*2]
			for i := range rest {
				rest[i] = c[n+t*last*2+i] - a[i]
			}
			w, sa, sb := float64(a.Sum()), survival(a), survival(rest)
			if w == 0 || math.IsNaN(sa) || math.IsNaN(sb) {
				continue
			}
			weight += w
			mine += w * sa
			others += w * sb
		}
		return []float64{(mine - others) / weight, others / weight}
	}
	rep := suffstat.JackknifeVec(joint, contrast)
	above := analytics.Decide(analytics.Comparison{
		Difference: d.Nothing.Value - .5, SE: suffstat.JackknifeVec(tables, func(t suffstat.LifeTable) []float64 {
			v := t.Survival()
			return []float64{v[min(last, len(v)-1)]}
		}).SE(0), DF: rep.DF(), Margin: x.opt.margin("dead_end", .05), Directional: true, Buckets: buckets(own),
		Sides: []analytics.Side{{Customers: d.AtRisk, Effective: float64(d.AtRisk), Events: -1}},
	})
	d.claim = claimOf(above)
	if rep.Value == nil || math.IsNaN(rep.Value[0]) {
		return // no other chain to compare with: more than half left alone is what can be said
	}
	d.Compared, d.Others = true, rep.Value[1]
	d.Difference = rep.Estimate(0, TableLevel).Of(d.AtRisk, "share points")
	more := analytics.Decide(analytics.Comparison{
		Difference: rep.Value[0], SE: rep.SE(0), DF: rep.DF(), Margin: x.opt.margin("dead_end", .05), Buckets: buckets(own),
		Sides: []analytics.Side{{Customers: d.AtRisk, Effective: float64(d.AtRisk), Events: -1}},
	})
	d.claim = both(d.claim, claimOf(more))
}

func buckets(cells []suffstat.Cells) int {
	n := 0
	for _, c := range cells {
		if !c.Empty() {
			n++
		}
	}
	return n
}

// survival is S at the last age of cells that count, by age, events and censored; NaN when nobody was at risk at the last age and somebody was lost before.
func survival(c suffstat.Cells) float64 {
	risk := c.Sum()
	if risk == 0 {
		return math.NaN()
	}
	s := 1.
	for i := 0; i < len(c); i += 2 {
		if risk == 0 {
			if s == 0 {
				return 0
			}
			return math.NaN()
		}
		s *= 1 - float64(c[i])/float64(risk)
		risk -= c[i] + c[i+1]
	}
	return s
}

// Handover is one edge of the map; To is empty for any chain.
type Handover struct {
	From, To               string
	Declared               bool
	Exits, Followed, First int64
	Share                  suffstat.RateEstimate
}

// followedAtLeast is the share of exits that an edge of the observed graph takes; rarer ones are noise in a picture (judgement).
const followedAtLeast = .05

func (x *index) handovers(m *Model) {
	type key struct{ from, to string }
	exits := ratios{} // Den by scenario left
	edges := map[key][]suffstat.Ratio{}
	sums := map[key]*Handover{}
	add := func(k key) *Handover {
		if sums[k] == nil {
			sums[k] = &Handover{From: k.from, To: k.to}
		}
		return sums[k]
	}
	for _, r := range x.Handovers {
		k := key{r.From, r.To}
		if edges[k] == nil {
			edges[k] = make([]suffstat.Ratio, Buckets)
		}
		edges[k][r.Bucket].Num += r.Followed
		h := add(k)
		h.Followed += r.Followed
		h.First += r.First
		if r.To == "" {
			exits.add(r.From, r.Bucket, 0, r.Exits)
		}
	}
	for _, s := range m.Scenarios {
		if s.Def == nil || s.Bulk {
			continue
		}
		for _, next := range s.Def.Next {
			add(key{s.ID, next}).Declared = true
		}
	}
	for k, h := range sums {
		parts := make([]suffstat.Ratio, Buckets)
		for g := range parts {
			if exits[k.from] != nil {
				parts[g] = exits[k.from][g]
			}
			if edges[k] != nil {
				parts[g].Num += edges[k][g].Num
			}
			h.Exits += parts[g].Den
		}
		customers := int64(0)
		if s := x.at[k.from]; s != nil {
			customers = min(h.Exits, max(s.Entry.Customers, 1))
		}
		h.Share = suffstat.Rate(parts, customers, TableLevel)
		m.Handovers = append(m.Handovers, *h)
	}
	sort.Slice(m.Handovers, func(i, j int) bool {
		a, b := m.Handovers[i], m.Handovers[j]
		return a.From < b.From || a.From == b.From && a.To < b.To
	})
}

// Node is one chain in a graph of hand-overs.
type Node struct {
	Graph, ID                string // Graph is declared or observed
	Successors, Predecessors int64
	Sink, Unreachable        bool
	Loop                     int64 // 0 when in none
	Members                  []string
}

func (x *index) graph(m *Model) {
	for _, kind := range []string{"declared", "observed"} {
		g := simple.NewDirectedGraph()
		var nodes []*Scenario
		at := map[string]int64{}
		for _, s := range m.Scenarios {
			if s.Bulk || kind == "declared" && s.Def == nil {
				continue
			}
			at[s.ID] = int64(len(nodes))
			g.AddNode(simple.Node(len(nodes)))
			nodes = append(nodes, s)
		}
		self := map[int64]bool{}
		for _, h := range m.Handovers {
			from, okFrom := at[h.From]
			to, okTo := at[h.To]
			if !okFrom || !okTo || kind == "declared" && !h.Declared || kind == "observed" && !(h.Share.Value >= followedAtLeast) {
				continue
			}
			if from == to {
				self[from] = true // simple graphs have no edge from a node to itself
				continue
			}
			g.SetEdge(simple.Edge{F: simple.Node(from), T: simple.Node(to)})
		}
		loops := loopsOf(g, self)
		for i, s := range nodes {
			id := int64(i)
			n := Node{Graph: kind, ID: s.ID, Successors: int64(g.From(id).Len()), Predecessors: int64(g.To(id).Len())}
			n.Sink = n.Successors == 0 && !self[id]
			if kind == "declared" {
				n.Unreachable = n.Predecessors == 0 && s.Def.Trigger == ""
			} else {
				n.Unreachable = s.Entry.Entries == 0
			}
			for k, loop := range loops {
				if slices.Contains(loop, id) {
					n.Loop = int64(k + 1)
					for _, j := range loop {
						n.Members = append(n.Members, nodes[j].ID)
					}
				}
			}
			m.Graph = append(m.Graph, n)
		}
	}
}

// loopsOf returns the strongly connected parts of two or more nodes and the nodes with an edge to themselves, each sorted, in the order of their first node.
func loopsOf(g *simple.DirectedGraph, self map[int64]bool) [][]int64 {
	var out [][]int64
	for _, part := range topo.TarjanSCC(g) {
		var ids []int64
		for _, n := range part {
			ids = append(ids, n.ID())
		}
		slices.Sort(ids)
		if len(ids) > 1 || self[ids[0]] {
			out = append(out, ids)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i][0] < out[j][0] })
	return out
}

// followers lists what the exits of a scenario lead to in the graph, most taken first, as names.
func (m *Model) followers(id string) string {
	var edges []Handover
	for _, h := range m.Handovers {
		if h.From == id && h.To != "" && h.Share.Value >= followedAtLeast {
			edges = append(edges, h)
		}
	}
	sort.SliceStable(edges, func(i, j int) bool { return edges[i].Followed > edges[j].Followed })
	var names []string
	for _, e := range edges {
		names = append(names, e.To)
	}
	return strings.Join(names, ", ")
}
