package ingest

import (
	"fmt"
	"slices"
	"strings"
)

// Alias says that From is an id that became To.
type Alias struct{ From, To string }

// Resolution is where every alias ends.
type Resolution struct {
	Canonical map[string]string // id -> final id, for every id that is not its own final id
	Cycles    [][]string        // ids that lead back to themselves, sorted; merged to the smallest
	Conflicts []Conflict        // ids that became several; merged to the smallest end
}

// Conflict is an id that became several final ids.
type Conflict struct {
	ID   string
	Ends []string
}

// Resolve follows aliases to their ends. Chains are followed; the ids of a cycle are one customer, named by the smallest of them; an id
// that became several goes to the end that is smallest. The result depends on the set of pairs only, never on their order.
func Resolve(pairs []Alias) Resolution {
	next := map[string][]string{}
	for _, p := range pairs {
		if p.From != p.To {
			next[p.From] = append(next[p.From], p.To)
			if _, ok := next[p.To]; !ok {
				next[p.To] = nil
			}
		}
	}
	ids := make([]string, 0, len(next))
	for id := range next {
		slices.Sort(next[id])
		next[id] = slices.Compact(next[id])
		ids = append(ids, id)
	}
	slices.Sort(ids)

	// Tarjan's strongly connected components, without recursion: a component of several ids is a cycle. Components come out ends first.
	component := map[string]string{} // id -> smallest id of its component
	end := map[string]string{}       // component -> final id
	var out Resolution
	index, low := map[string]int{}, map[string]int{}
	onStack := map[string]bool{}
	var stack []string
	type frame struct {
		id   string
		edge int
	}
	for _, root := range ids {
		if _, seen := index[root]; seen {
			continue
		}
		work := []frame{{root, 0}}
		for len(work) > 0 {
			top := &work[len(work)-1]
			id := top.id
			if top.edge == 0 {
				index[id] = len(index)
				low[id] = index[id]
				stack = append(stack, id)
				onStack[id] = true
			}
			descended := false
			for top.edge < len(next[id]) {
				to := next[id][top.edge]
				top.edge++
				if _, seen := index[to]; !seen {
					work = append(work, frame{to, 0})
					descended = true
					break
				}
				if onStack[to] {
					low[id] = min(low[id], index[to])
				}
			}
			if descended {
				continue
			}
			if low[id] == index[id] {
				var members []string
				for {
					m := stack[len(stack)-1]
					stack = stack[:len(stack)-1]
					onStack[m] = false
					members = append(members, m)
					if m == id {
						break
					}
				}
				slices.Sort(members)
				if len(members) > 1 {
					out.Cycles = append(out.Cycles, members)
				}
				for _, m := range members {
					component[m] = members[0]
				}
				var ends []string
				for _, m := range members {
					for _, to := range next[m] {
						if component[to] != members[0] {
							ends = append(ends, end[component[to]])
						}
					}
				}
				slices.Sort(ends)
				ends = slices.Compact(ends)
				switch {
				case len(ends) == 0:
					end[members[0]] = members[0]
				case len(ends) > 1:
					out.Conflicts = append(out.Conflicts, Conflict{members[0], ends})
					fallthrough
				default:
					end[members[0]] = ends[0]
				}
			}
			work = work[:len(work)-1]
			if len(work) > 0 {
				parent := work[len(work)-1].id
				low[parent] = min(low[parent], low[id])
			}
		}
	}
	out.Canonical = map[string]string{}
	for _, id := range ids {
		if final := end[component[id]]; final != id {
			out.Canonical[id] = final
		}
	}
	slices.SortFunc(out.Cycles, func(a, b []string) int { return strings.Compare(a[0], b[0]) })
	slices.SortFunc(out.Conflicts, func(a, b Conflict) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// Warnings words cycles and conflicts, the first ones by name.
func (r Resolution) Warnings() []string {
	var out []string
	if n := len(r.Cycles); n > 0 {
		out = append(out, fmt.Sprintf("identities: %d cycle(s), each merged to its smallest id; first: %s", n, strings.Join(r.Cycles[0], " → ")))
	}
	if n := len(r.Conflicts); n > 0 {
		c := r.Conflicts[0]
		out = append(out, fmt.Sprintf("identities: %d id(s) became several customers, each given to the smallest; first: %s → %s", n, c.ID, strings.Join(c.Ends, ", ")))
	}
	return out
}
