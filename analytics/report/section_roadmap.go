package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"crmaudit/analytics"
)

// roadmapSection is what is to be worked on when: lanes from quick wins to what takes more than a quarter, on one axis of weeks.
type roadmapSection struct {
	Lead    T
	Lanes   []roadmapLane
	Axis    []roadmapTick
	Weeks   T // the length of the axis
	NoPlace []T
	SQL     string
	Absent  T
}

type roadmapLane struct {
	Name  T
	Class string // colour of its bars
	Rows  []roadmapRow
	More  T
}

// roadmapRow is one hypothesis. Left, Work and Test are per cent of the axis: where it begins, how long the work takes, how long the test.
type roadmapRow struct {
	Rank             T
	Title            T
	Anchor, Grade    string
	When, Why        T
	After            T
	AfterAnchor      string
	Left, Work, Test string
	Cut              bool // it ends beyond the axis
	Money            T
}

type roadmapTick struct {
	At   string
	Text T
}

const (
	mostPlanned  = 12 // rows of a lane; all are in the database
	longestAxis  = 65 // weeks: what begins within a year, with its test
	ticksOnAxis  = 6
	weeksPerTick = 4
)

// lanes in the order of the roadmap, with the colours of their bars.
var lanes = []struct{ code, class string }{{"quick_win", "c1"}, {"next_quarter", "c0"}, {"strategic", "c4"}}

func loadRoadmap(ctx context.Context, p *page) (any, error) {
	hs, _, err := p.hypotheses(ctx)
	if err != nil {
		return nil, err
	}
	f, absent, err := p.fetch(ctx, "analytics.roadmap")
	if f == nil {
		if p.empty("analytics.roadmap") {
			absent = p.word("roadmap_none")
		}
		return roadmapSection{Absent: absent}, err
	}
	byID := map[string]hypothesisRow{}
	for _, h := range hs {
		byID[h.ID] = h
	}
	id, lane, place, depends, why := f.String("hypothesis_id"), f.String("lane"), textsOf(f, "place"), textsOf(f, "depends_on"), textsOf(f, "depends_why")
	start, test, end, position := numbersOf(f, "start_week"), numbersOf(f, "test_week"), numbersOf(f, "end_week"), numbersOf(f, "position")
	at := make([]int, len(id))
	last := 0.
	for i := range at {
		at[i] = i
		if analytics.Finite(end[i]) {
			last = max(last, end[i])
		}
	}
	slices.SortStableFunc(at, func(a, b int) int { return cmp.Compare(position[a], position[b]) })
	axis := min(max(last, weeksPerTick), longestAxis)
	s := roadmapSection{SQL: "SELECT r.position, r.lane, r.start_week, r.test_week, r.end_week, h.title_ru, h.title_en, r.depends_on, r.depends_why, r.place\n" +
		"FROM analytics.roadmap r JOIN analytics.hypotheses h USING (hypothesis_id) ORDER BY r.position"}
	planned, without := 0, map[string]int64{}
	counts := map[string]int{}
	for _, l := range lanes {
		s.Lanes = append(s.Lanes, roadmapLane{Name: p.texts.Name("horizons", l.code), Class: l.class})
	}
	for _, i := range at {
		k := slices.IndexFunc(lanes, func(l struct{ code, class string }) bool { return l.code == lane[i] })
		if k < 0 || !analytics.Finite(start[i]) || !analytics.Finite(end[i]) {
			without[place[i]]++
			continue
		}
		planned++
		if counts[lane[i]]++; counts[lane[i]] > mostPlanned {
			continue
		}
		h := byID[id[i]]
		r := roadmapRow{Rank: p.count(h.Rank), Title: h.Title, Grade: h.Grade, When: p.weeksText(start[i], end[i]), Money: h.Money.Value}
		if r.Title == (T{}) {
			r.Title = plain(Shown(id[i]))
		}
		if h.Full {
			r.Anchor = h.Anchor
		}
		if p.texts.Has("roadmap_why." + why[i]) {
			r.Why = p.texts.Name("roadmap_why", why[i])
		}
		if o, ok := byID[depends[i]]; ok && depends[i] != "" {
			r.After = p.say("roadmap_after", map[string]T{"rank": p.count(o.Rank), "title": o.Title})
			if o.Full {
				r.AfterAnchor = o.Anchor
			}
		}
		from, to := start[i]-1, min(end[i], axis)
		middle := to
		if analytics.Finite(test[i]) {
			middle = min(max(test[i]-1, from), to)
		}
		r.Left, r.Work, r.Test, r.Cut = percentOf(from/axis), percentOf((middle-from)/axis), percentOf((to-middle)/axis), end[i] > axis
		s.Lanes[k].Rows = append(s.Lanes[k].Rows, r)
	}
	for i, l := range lanes {
		if n := counts[l.code]; n > mostPlanned {
			s.Lanes[i].More = p.say("more_rows", map[string]T{"count": p.count(int64(n - mostPlanned))})
		}
	}
	s.Lanes = slices.DeleteFunc(s.Lanes, func(l roadmapLane) bool { return len(l.Rows) == 0 })
	s.Axis = p.weekTicks(axis)
	s.Weeks = p.count(whole(axis))
	begin := T{}
	if !p.opt.To.IsZero() {
		begin = day(p.opt.To)
	}
	s.Lead = p.say("roadmap_lead", map[string]T{"planned": p.count(int64(planned)), "begin": begin})
	for _, code := range []string{"exploratory", "same_problem", "beyond_horizon"} {
		if n := without[code]; n > 0 {
			s.NoPlace = append(s.NoPlace, p.say("roadmap_without_"+code, map[string]T{"count": p.count(n)}))
		}
	}
	return s, nil
}

// weekTicks are the marks of an axis of weeks: their dates when the end of the audited period is known, else their numbers.
func (p *page) weekTicks(axis float64) []roadmapTick {
	step := weeksPerTick
	for axis/float64(step) > ticksOnAxis {
		step += weeksPerTick
	}
	var out []roadmapTick
	for week := 0; float64(week) < 0.9*axis; week += step { // a mark at the very end would be cut off
		text := p.say("week_one", map[string]T{"week": p.count(int64(week + 1))})
		if !p.opt.To.IsZero() {
			t := p.opt.To.AddDate(0, 0, 7*week)
			text = T{Ru: t.Format("02.01"), En: fmt.Sprintf("%d %s", t.Day(), t.Format("Jan"))}
		}
		out = append(out, roadmapTick{percentOf(float64(week) / axis), text})
	}
	return out
}
