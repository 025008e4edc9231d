package health

import (
	"cmp"
	"slices"
)

// mostMembers bounds a group: more contacts than this are not one person, whatever the pairs say.
const mostMembers = 30

// group is contacts that are one person or firm, places in base.records.
type group struct {
	members []int32
	verdict Verdict
}

// grouping joins pairs that are certain or likely, the best first. Two groups are joined only when no member of the one contradicts a member of the other (another given name, another father,
// another date of birth) and the group stays within mostMembers: single linkage alone would chain a family through a shared number. refused counts the pairs that join nothing for that.
func grouping(b *base, pairs []pair) (groups []group, refused int64) {
	links := make([]pair, 0, len(pairs))
	for _, p := range pairs {
		if v := p.score.Verdict(); v == Certain || v == Likely {
			links = append(links, p)
		}
	}
	slices.SortFunc(links, byScore)
	s := newScorer(b)
	of := map[int32]int{} // place of the group
	all := []group{}
	at := func(i int32) int {
		g, ok := of[i]
		if !ok {
			g = len(all)
			of[i] = g
			all = append(all, group{members: []int32{i}, verdict: Certain})
		}
		return g
	}
	for _, p := range links {
		x, y := at(p.a), at(p.b)
		if x == y {
			continue
		}
		if s.contradict(all[x], all[y]) {
			refused++
			continue
		}
		if len(all[x].members) < len(all[y].members) {
			x, y = y, x
		}
		for _, i := range all[y].members {
			of[i] = x
		}
		all[x].members = append(all[x].members, all[y].members...)
		if all[y].verdict == Likely || p.score.Verdict() == Likely {
			all[x].verdict = Likely
		}
		all[y].members = nil
	}
	for _, g := range all {
		if len(g.members) > 1 {
			slices.Sort(g.members)
			groups = append(groups, g)
		}
	}
	slices.SortFunc(groups, func(x, y group) int { return cmp.Compare(x.members[0], y.members[0]) })
	return groups, refused
}

func (s *scorer) contradict(x, y group) bool {
	if len(x.members)+len(y.members) > mostMembers {
		return true
	}
	for _, i := range x.members {
		for _, j := range y.members {
			if s.score(&s.b.records[i], &s.b.records[j]).against {
				return true
			}
		}
	}
	return false
}
