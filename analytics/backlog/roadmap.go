package backlog

import (
	"cmp"
	"math"
	"slices"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// The answers of analytics.roadmap.place and .depends_why, and its lane of what has no place.
const (
	Planned          = "planned"
	NotConfirmed     = "exploratory"
	SameProblem      = "same_problem"
	BeyondHorizon    = "beyond_horizon"
	NotWorth         = "not_worth"
	HoldoutFirst     = "holdout_first"
	SharedCustomers  = "shared_customers"
	Capacity         = "capacity"
	Later            = "later"
	defaultParallel  = 3
	roadmapWeeks     = 52
	strategicWeek    = weeksQuarter + 1
	sharedIsMuch     = .2 // customers of either test who are in the other one
	holdoutBlock     = "effects"
	programmeSubject = "programme"
)

// Place is a row of the roadmap. Weeks are counted from 1; 0 is none.
type Place struct {
	ID                 string
	Rank               int64
	Lane               string
	Start, Test, End   int
	DependsOn, Because string // hypothesis, and why: HoldoutFirst, SameProblem, SharedCustomers or Capacity
	Place              string
}

// schedule lays the hypotheses out over the weeks after the audit: the hold-out of the programme, then quick wins by rank, then all others by rank, the strategic not before the second quarter. Rules:
//
//   - what the audit cannot tell without a hold-out (block effects) begins when the hold-out stands, that is after its work; its test goes on beside them;
//   - no two tests at the same time whose customers are largely the same (a fifth of either in the other) or who concern everybody, the hold-out of the programme excepted: it is laid across all;
//   - at most Options.Parallel at once; none begins after a year.
//
// Exploratory ones, those that a better one on the same problem may make needless, and those not worth their cost have no place.
func schedule(items []item, base *Base, opt Options) []Place {
	parallel := opt.Parallel
	if parallel <= 0 {
		parallel = defaultParallel
	}
	places := make([]Place, len(items))
	holdout := -1
	for i := range items {
		h := &items[i].h
		p := Place{ID: h.ID, Rank: h.Rank, Lane: Later}
		switch {
		case h.OverlapsWith != "":
			p.Place, p.DependsOn, p.Because = SameProblem, h.OverlapsWith, SameProblem
		case h.Exploratory:
			p.Place = NotConfirmed
		case worth(*h) < 0:
			p.Place = NotWorth
		}
		if h.Kind == NoHoldout {
			holdout = i
		}
		places[i] = p
	}
	turn := make([]int, len(items))
	for i := range turn {
		turn[i] = i
	}
	slices.SortStableFunc(turn, func(a, b int) int {
		first := func(i int) int {
			switch {
			case i == holdout:
				return 0
			case items[i].h.Horizon == QuickWin:
				return 1
			}
			return 2
		}
		return cmp.Or(cmp.Compare(first(a), first(b)), cmp.Compare(items[a].h.Rank, items[b].h.Rank))
	})
	busy := make([]int, roadmapWeeks+1+weeksQuarter*2)
	var planned []int
	for _, i := range turn {
		p, x := &places[i], &items[i]
		earliest := 1
		if x.h.Horizon == Strategic {
			earliest = strategicWeek
		}
		if holdout >= 0 && i != holdout && needsHoldout(&x.h) && p.Place != SameProblem {
			p.DependsOn, p.Because = items[holdout].h.ID, HoldoutFirst
			if places[holdout].Place != Planned {
				continue
			}
			earliest = max(earliest, places[holdout].Test)
		}
		if p.Place != "" {
			continue
		}
		work, test := int(math.Ceil(x.h.WorkWeeks)), testWeeks(&x.h)
		p.Place = BeyondHorizon
		because, other := "", ""
		for start := earliest; start <= roadmapWeeks; start++ {
			end := start + work + test - 1
			if slices.Max(busy[start:end+1]) >= parallel {
				because, other = Capacity, ""
				continue
			}
			if test > 0 && i != holdout {
				if at := slices.IndexFunc(planned, func(j int) bool {
					return j != holdout && places[j].Test > 0 && places[j].Test <= end && start+work <= places[j].End && shares(x, &items[j], base)
				}); at >= 0 {
					because, other = SharedCustomers, places[planned[at]].ID
					continue
				}
			}
			p.Place, p.Lane, p.Start, p.End = Planned, x.h.Horizon, start, end
			if test > 0 {
				p.Test = start + work
			}
			for w := start; w <= end; w++ {
				busy[w]++
			}
			planned = append(planned, i)
			break
		}
		if because != "" && (p.Because == "" || p.Start > earliest) {
			p.Because, p.DependsOn = because, other
		}
	}
	for i := range items {
		h, p := &items[i].h, places[i]
		h.DependsOn = p.DependsOn
		if p.Place == Planned {
			start, end := int64(p.Start), int64(p.End)
			h.StartWeek, h.EndWeek = &start, &end
		}
	}
	return places
}

// needsHoldout tells of what only customers left out by chance can answer.
func needsHoldout(h *analytics.Hypothesis) bool { return h.Block == holdoutBlock }

// testWeeks is how long the test of a hypothesis takes on the roadmap: at most twelve weeks, 0 without a test.
func testWeeks(h *analytics.Hypothesis) int {
	switch {
	case h.TestDesign == "" || h.TestDesign == "none":
		return 0
	case h.DurationDays == nil || *h.DurationDays > maxTestDays:
		return suffstat.MaxTestWeeks
	}
	return int((*h.DurationDays + 6) / 7)
}

// shares tells whether two tests must not run at the same time.
func shares(a, b *item, base *Base) bool {
	switch {
	case a.audience == Audience{} || b.audience == Audience{}:
		return a.h.SubjectType == b.h.SubjectType && a.h.Subject == b.h.Subject
	case a.audience == Everybody || b.audience == Everybody:
		return true
	}
	return base.Within(a.audience, b.audience) > sharedIsMuch || base.Within(b.audience, a.audience) > sharedIsMuch
}

// RoadmapTable is analytics.roadmap.
func RoadmapTable(places []Place) analytics.Table {
	t := analytics.Table{Name: "analytics.roadmap", Columns: []string{"hypothesis_id", "position", "rank", "lane", "start_week", "test_week", "end_week", "depends_on", "depends_why", "place"}}
	places = slices.Clone(places)
	slices.SortStableFunc(places, func(a, b Place) int {
		last := func(p Place) int {
			if p.Place == Planned {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(last(a), last(b)), cmp.Compare(a.Start, b.Start), cmp.Compare(a.Rank, b.Rank))
	})
	week := func(w int) any {
		if w == 0 {
			return nil
		}
		return int64(w)
	}
	for i, p := range places {
		t.Rows = append(t.Rows, []any{p.ID, int64(i + 1), p.Rank, p.Lane, week(p.Start), week(p.Test), week(p.End), p.DependsOn, p.Because, p.Place})
	}
	slices.SortFunc(t.Rows, func(a, b []any) int { return cmp.Compare(a[0].(string), b[0].(string)) })
	return t
}
