package lifecycle

import (
	"math"
	"slices"
)

// Impossible returns the moves (from, to) that stage rules forbid in one period, whatever the data: the structural zeros of the matrix. Rules that do
// not parse, and recorded stages, forbid nothing.
//
// The number of orders never falls, the first order only gets older, and the last order gets older or is new. All combinations of these three (days
// one by one up to the largest number that a rule compares with) are taken one period further and every rule is evaluated before and after, with
// every other feature unknown. A move that no combination allows is impossible; unknown features make the answer possible, never
// impossible.
func Impossible(rules []StageRule, grain string) map[[2]string]bool {
	days := map[string][]int{"day": {1}, "week": {7}, "month": {28, 29, 30, 31}, "quarter": {89, 90, 91, 92}, "year": {365, 366}}[grain]
	out := map[[2]string]bool{}
	if len(rules) == 0 || len(rules) > MaxStages || days == nil {
		return out
	}
	s, ok := newSpace(rules)
	if !ok {
		return out
	}
	maxOrders, maxFirst, maxLast := s.maxOrders, s.maxFirst, s.maxLast
	at := s.at
	to := make([]uint64, len(rules)+1) // stages reachable from each
	move := func(from, into uint64) {
		for i := range to {
			if from>>i&1 == 1 {
				to[i] |= into
			}
		}
	}
	longest := days[len(days)-1]
	// fresh[n][f] = stages with n orders of which the last came within the period.
	fresh := func(n, f int) (set uint64) {
		for l := 1; l <= min(longest, f); l++ {
			set |= at(n, f, l)
		}
		return set
	}
	// Nobody's first order: he stays without, or orders once or more within the period.
	none := at(0, 0, 0)
	move(none, none)
	for f := 1; f <= longest; f++ {
		move(none, at(1, f, f))
		for n := 2; n <= maxOrders; n++ {
			move(none, fresh(n, f))
		}
	}
	for f := 1; f <= maxFirst; f++ {
		for _, d := range days {
			after := make([]uint64, maxOrders+1) // with n or more orders after a new one
			for n := maxOrders; n >= 1; n-- {
				after[n] = fresh(n, f+d)
				if n < maxOrders {
					after[n] |= after[n+1]
				}
			}
			for n := 1; n <= maxOrders; n++ {
				into := after[min(n+1, maxOrders)]
				for l := 1; l <= min(f, maxLast) || l <= maxLast && f == maxFirst; l++ {
					if n == 1 && l != min(f, maxLast) && !(f == maxFirst && l >= maxFirst) {
						continue // one order: the first is the last
					}
					move(at(n, f, l), into|at(n, f+d, l+d))
				}
			}
		}
	}
	names := make([]string, 0, len(rules)+1)
	for _, r := range rules {
		names = append(names, r.Name)
	}
	names = append(names, Unassigned)
	for i, from := range names {
		for j, name := range names {
			if to[i]>>j&1 == 0 {
				out[[2]string{from, name}] = true
			}
		}
	}
	return out
}

// Unreachable returns the stages that no customer can ever be in, whatever the data: rules above take all that the rule matches. Rules that do not parse
// make no stage unreachable. It knows orders and their ages only: a stage that attributes or activity make unreachable is not found.
func Unreachable(rules []StageRule) map[string]bool {
	out := map[string]bool{}
	if len(rules) == 0 || len(rules) > MaxStages {
		return out
	}
	s, ok := newSpace(rules)
	if !ok {
		return out
	}
	seen := s.at(0, 0, 0)
	for n := 1; n <= s.maxOrders; n++ {
		for f := 1; f <= s.maxFirst; f++ {
			for l := 1; l <= min(f, s.maxLast) || l <= s.maxLast && f == s.maxFirst; l++ {
				if n > 1 || l == min(f, s.maxLast) || f == s.maxFirst && l >= s.maxFirst {
					seen |= s.at(n, f, l)
				}
			}
		}
	}
	for i, r := range rules {
		if seen>>i&1 == 0 {
			out[r.Name] = true
		}
	}
	return out
}

// newSpace parses the rules; ok is false when one does not parse or the numbers in them are very large, so that nothing is claimed.
func newSpace(rules []StageRule) (s *space, ok bool) {
	s = &space{numbers: map[string][]float64{}, memo: map[[3]int]uint64{}}
	for _, r := range rules {
		n, err := parseRule(r.When, nil)
		if err != nil {
			return nil, false
		}
		s.rules = append(s.rules, n)
		n.walk(s.note)
	}
	s.maxOrders, s.maxFirst, s.maxLast = s.beyond(ordersTotal), s.beyond(firstOrderDays), s.beyond(recencyDays)
	return s, float64(s.maxOrders)*float64(s.maxFirst)*float64(s.maxLast) <= maxCombinations
}

// at is stages with the values beyond all numbers brought together.
func (s *space) at(n, f, l int) uint64 {
	return s.stages(min(n, s.maxOrders), min(f, s.maxFirst), min(l, s.maxLast))
}

// maxCombinations bounds the combinations of orders, age of the first and age of the last order.
const maxCombinations = 4e6

// space evaluates rules when only three features are known.
type space struct {
	rules   []*node
	numbers map[string][]float64 // that each feature is compared with
	memo    map[[3]int]uint64
	known   map[string]int // -1 = NULL
	// The values that stand for all larger ones.
	maxOrders, maxFirst, maxLast int
}

// note collects the numbers that a feature is compared with.
func (s *space) note(n *node) {
	if n.op != opCompare && n.op != opBetween && n.op != opIn {
		return
	}
	for _, a := range n.args {
		if a.op == opFeature {
			for _, b := range n.args {
				if b.op == opNumber {
					s.numbers[a.str] = append(s.numbers[a.str], b.num)
				}
			}
		}
	}
}

// beyond is a value above all numbers that the feature is compared with: it stands for all larger ones.
func (s *space) beyond(feature string) int {
	top := 0.
	for _, x := range s.numbers[feature] {
		top = math.Max(top, x)
	}
	return int(math.Ceil(math.Min(top, 1e9))) + 2
}

// class numbers the values of a feature that no comparison tells apart.
func (s *space) class(feature string, x int) int {
	c := 0
	for _, v := range s.numbers[feature] {
		if float64(x) > v {
			c += 2
		} else if float64(x) == v {
			c++
		}
	}
	return c
}

// The outcomes of a condition, as a set of bits.
const (
	isTrue, isFalse, isNull uint8 = 1, 2, 4
	isAnything              uint8 = 7
)

// stages returns the set of stages that are possible with n orders, the first f and the last l days ago.
func (s *space) stages(n, f, l int) (set uint64) {
	key := [3]int{s.class(ordersTotal, n), s.class(firstOrderDays, f), s.class(recencyDays, l)}
	if n == 0 {
		key = [3]int{-1}
	}
	if set, ok := s.memo[key]; ok {
		return set
	}
	defer func() { s.memo[key] = set }()
	s.known = map[string]int{ordersTotal: n, firstOrderDays: f, recencyDays: l}
	if n == 0 {
		s.known[firstOrderDays], s.known[recencyDays] = -1, -1
	}
	for i, r := range s.rules {
		v := s.eval(r)
		if v&isTrue != 0 {
			set |= 1 << i
		}
		if v == isTrue {
			return set
		}
	}
	return set | 1<<len(s.rules)
}

// eval returns the outcomes that a condition may have, by the three-valued logic of SQL.
func (s *space) eval(n *node) uint8 {
	combine := func(f func(a, b uint8) uint8) uint8 {
		var out uint8
		x, y := s.eval(n.args[0]), s.eval(n.args[1])
		for _, a := range []uint8{isTrue, isFalse, isNull} {
			for _, b := range []uint8{isTrue, isFalse, isNull} {
				if x&a != 0 && y&b != 0 {
					out |= f(a, b)
				}
			}
		}
		return out
	}
	switch n.op {
	case opBool:
		return truth(n.num != 0)
	case opNot:
		v := s.eval(n.args[0])
		return v&isNull | v&isTrue<<1 | v&isFalse>>1
	case opAnd:
		return combine(func(a, b uint8) uint8 {
			switch {
			case a == isFalse || b == isFalse:
				return isFalse
			case a == isNull || b == isNull:
				return isNull
			}
			return isTrue
		})
	case opOr:
		return combine(func(a, b uint8) uint8 {
			switch {
			case a == isTrue || b == isTrue:
				return isTrue
			case a == isNull || b == isNull:
				return isNull
			}
			return isFalse
		})
	case opIsNull:
		v, ok := s.value(n.args[0])
		if !ok {
			return isTrue | isFalse
		}
		return truth(math.IsNaN(v) != n.not)
	case opCompare, opBetween, opIn:
		features := 0
		for _, a := range n.args {
			if a.op == opFeature {
				features++
			}
		}
		if features > 1 || features == 1 && n.op != opCompare && n.args[0].op != opFeature {
			return isAnything // two features beyond their numbers cannot be told apart; a bound may be NULL
		}
		x := make([]float64, len(n.args))
		for i, a := range n.args {
			v, ok := s.value(a)
			if !ok {
				return isAnything
			}
			if math.IsNaN(v) {
				return isNull
			}
			x[i] = v
		}
		switch {
		case n.op == opBetween:
			return truth((x[1] <= x[0] && x[0] <= x[2]) != n.not)
		case n.op == opIn:
			return truth(slices.Contains(x[1:], x[0]) != n.not)
		}
		return truth(map[string]bool{"=": x[0] == x[1], "<>": x[0] != x[1], "<": x[0] < x[1], "<=": x[0] <= x[1], ">": x[0] > x[1],
			">=": x[0] >= x[1]}[n.str])
	}
	return isAnything
}

func truth(b bool) uint8 {
	if b {
		return isTrue
	}
	return isFalse
}

// value returns a number or a known feature, NaN for NULL; ok is false for all else.
func (s *space) value(n *node) (v float64, ok bool) {
	switch n.op {
	case opNumber:
		return n.num, true
	case opFeature:
		x, known := s.known[n.str]
		if x < 0 {
			return math.NaN(), known
		}
		return float64(x), known
	}
	return 0, false
}
