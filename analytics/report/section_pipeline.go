package report

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// pipelineSection shows how deals move, where they wait and are lost, and what owners have to do. No league table: owners and sources stand in alphabetical order.
type pipelineSection struct {
	Facts, Absent  T
	Stages         []pipelineStage
	Moves          []pipelineMove
	MovesMore      T
	Cohorts        *chart
	CohortRows     []pipelineCohort
	CohortsMore    T
	CohortChance   T // head of the chance: within so many days
	Groups         []pipelineGroups
	Losses         []pipelineLoss
	LossesMore     T
	Tasks          []pipelineTasks
	TasksMore      T
	Findings       []findingRow
	FindingsAbsent T
}

type pipelineStage struct {
	Name                            T
	Role                            T
	Pieces                          []piece
	Idle, Median, Stalled           cell
	StalledAfter                    T
	Win, Value                      cell
	HasIdle, HasStalled, HasOutcome bool
	HasCap                          bool // of the bar: never
	CapAt                           string
}

type pipelineMove struct {
	From, To, N, Direction, Raw T
	Span                        span
	Chance                      cell
	Half                        T
	Class                       string
}

type pipelineCohort struct {
	Name, Deals T
	Raw, Chance cell
}

type pipelineGroups struct {
	Title T
	Rows  []pipelineGroup
	More  T
}

type pipelineGroup struct {
	Name, N, Verdict, Shrunk T
	Span                     span
	Value                    cell
	State                    string
}

type pipelineLoss struct {
	Reason, Deals, Stage T
	Share                cell
}

type pipelineTasks struct {
	Owner, Done, PerDay, Late, Overdue T
	OnTime                             cell
}

func loadPipeline(ctx context.Context, p *page) (any, error) {
	t := &pipelinePart{part{page: p, ctx: ctx, schema: "analytics"}}
	var s pipelineSection
	s.Stages, s.Absent = t.stages()
	if s.Absent == (T{}) {
		s.Facts = t.facts()
		s.Moves, s.MovesMore = t.moves()
		s.CohortChance = t.cohortChance()
		s.Cohorts, s.CohortRows, s.CohortsMore = t.cohorts(s.CohortChance)
		s.Losses, s.LossesMore = t.losses()
	}
	s.Groups = t.groups()
	s.Tasks, s.TasksMore = t.tasks()
	if t.err != nil {
		return nil, t.err
	}
	var err error
	s.Findings, s.FindingsAbsent, err = p.blockFindings(ctx, "pipeline")
	return s, err
}

type pipelinePart struct{ part }

// sortedBy is the places of rows by a column, ascending; the result tables come in the order of their names.
func sortedBy(x []float64) []int {
	at := make([]int, len(x))
	for i := range at {
		at[i] = i
	}
	slices.SortStableFunc(at, func(a, b int) int { return cmp.Compare(x[a], x[b]) })
	return at
}

func (t *pipelinePart) deals(n float64) T {
	return t.texts.each(func(w *words) string { return w.count(int64(n), "deal") })
}

// of draws a table's estimate with its interval from three columns.
func of(f *analytics.Frame, value, lower, upper string) func(i int, n float64, unit string) suffstat.Estimate {
	v, l, u := numbersOf(f, value), numbersOf(f, lower), numbersOf(f, upper)
	return func(i int, n float64, unit string) suffstat.Estimate {
		return interval(v[i], l[i], u[i], int64(orZero(n)), unit)
	}
}

// days is a number of days in words; a dash where it is not known.
func (t *pipelinePart) days(x float64) T {
	if !analytics.Finite(x) {
		return plain(dash)
	}
	return t.fact(x, "days").Value
}

func (t *pipelinePart) facts() T {
	values := map[string]T{}
	if f, _ := t.table("pipeline_checks"); f != nil {
		name, count, total := f.String("check_name"), numbersOf(f, "numerator"), numbersOf(f, "denominator")
		share := numbersOf(f, "value")
		for i := range name {
			if name[i] == "idle_deals" && analytics.Finite(share[i]) {
				values["active"] = t.deals(total[i])
				values["idle"] = joined(t.deals(count[i]), ", ", t.fact(share[i], "share").Value)
			}
		}
	}
	if f, _ := t.table("pipeline_cohorts"); f != nil {
		name, won, lost, n, h := f.String("cohort"), numbersOf(f, "won"), numbersOf(f, "lost"), numbersOf(f, "deals"), numbersOf(f, "horizon_days")
		chance := of(f, "probability", "lower", "upper")
		for i := range name {
			if name[i] != "all" {
				continue
			}
			values["won"], values["lost"] = t.wholeNumber(won[i]), t.wholeNumber(lost[i])
			if e := chance(i, n[i], "share"); e.OK() {
				values["chance"], values["horizon"] = t.estimate(e, "").whole(), t.days(h[i])
			}
		}
	}
	if f, _ := t.table("pipeline_responses"); f != nil {
		answer, n, median := f.String("answer"), numbersOf(f, "deals"), of(f, "median_hours", "median_lower", "median_upper")
		for i := range answer {
			if e := median(i, n[i], "seconds"); answer[i] == "any" && e.OK() {
				values["response"] = t.estimate(e.Scale(3600, "seconds"), "").whole()
			}
		}
	}
	if values["active"] == (T{}) {
		values["active"], values["idle"] = t.deals(0), t.deals(0)
	}
	return t.say("pipeline_facts", values)
}

func (t *pipelinePart) stages() ([]pipelineStage, T) {
	f, absent := t.table("pipeline_stages")
	if f == nil {
		if t.empty("analytics.pipeline_stages") {
			absent = t.word("pipeline_none")
		}
		return nil, absent
	}
	name, role, unit := f.String("stage"), f.String("role"), textsOf(f, "unit")
	stays, active, idle, tau := numbersOf(f, "stays"), numbersOf(f, "active"), numbersOf(f, "idle"), numbersOf(f, "restricted_to")
	idleShare, median, stalled := of(f, "idle_share", "idle_lower", "idle_upper"), of(f, "median_days", "median_lower", "median_upper"), of(f, "stalled_share", "stalled_lower", "stalled_upper")
	win, value := of(f, "win_probability", "win_lower", "win_upper"), of(f, "value", "value_lower", "value_upper")
	most := 0.
	for _, n := range active {
		most = max(most, n)
	}
	var rows []pipelineStage
	for _, i := range sortedBy(numbersOf(f, "position")) {
		r := pipelineStage{Name: plain(Shown(name[i])), HasOutcome: role[i] != "open"}
		if r.HasOutcome {
			r.Role = t.word("pipeline_direction_" + role[i])
			rows = append(rows, r)
			continue
		}
		if most > 0 {
			r.Pieces = []piece{{Class: "c3", Width: percentOf(idle[i] / most), Shade: "1", Tip: joined(t.word("pipeline_idle"), ":\u00a0", t.wholeNumber(idle[i]))},
				{Class: "c1", Width: percentOf((active[i] - idle[i]) / most), Shade: "1", Tip: joined(t.word("pipeline_moving"), ":\u00a0", t.wholeNumber(active[i]-idle[i]))}}
		}
		r.Idle, r.HasIdle = t.estimate(idleShare(i, active[i], "share"), ""), active[i] > 0
		r.Median, r.Stalled = t.estimate(median(i, stays[i], "days"), ""), t.estimate(stalled(i, stays[i], "share"), "")
		if r.HasStalled = analytics.Finite(tau[i]); r.HasStalled {
			r.StalledAfter = t.say("pipeline_stalled_after", map[string]T{"days": t.days(tau[i])})
		}
		r.Win, r.Value = t.estimate(win(i, stays[i], "share"), ""), t.estimate(value(i, stays[i], unit[i]), "")
		rows = append(rows, r)
	}
	return rows, T{}
}

func (t *pipelinePart) moves() ([]pipelineMove, T) {
	f, _ := t.table("pipeline_transitions")
	if f == nil {
		return nil, T{}
	}
	from, to, direction := f.String("from_stage"), f.String("to_stage"), textsOf(f, "direction")
	n, risk, raw, half := numbersOf(f, "n"), numbersOf(f, "at_risk"), numbersOf(f, "raw_share"), numbersOf(f, "median_days")
	chance := of(f, "probability", "lower", "upper")
	place, next := numbersOf(f, "from_position"), numbersOf(f, "to_position")
	for i := range place {
		place[i] = 1e6*place[i] + next[i]
	}
	var rows []pipelineMove
	for _, i := range sortedBy(place) {
		e := chance(i, risk[i], "share")
		r := pipelineMove{From: plain(Shown(from[i])), To: plain(Shown(to[i])), N: t.wholeNumber(n[i]), Chance: t.estimate(e, ""), Half: t.days(half[i]), Class: direction[i],
			Span: scale{0, 1}.draw(e.Value, e.Lower, e.Upper, math.NaN()), Raw: t.say("pipeline_raw", map[string]T{"share": t.fact(raw[i], "share").Value})}
		if t.texts.Has("ui.pipeline_direction_" + direction[i]) {
			r.Direction = t.word("pipeline_direction_" + direction[i])
		}
		rows = append(rows, r)
	}
	return firstRows(t.page, rows)
}

// cohorts is won of entered by month or quarter: the chance where it has been followed long enough, and what has been won so far beside it.
func (t *pipelinePart) cohorts(head T) (*chart, []pipelineCohort, T) {
	f, _ := t.table("pipeline_cohorts")
	if f == nil {
		return nil, nil, T{}
	}
	name, n, raw, chance := f.String("cohort"), numbersOf(f, "deals"), numbersOf(f, "raw_share"), of(f, "probability", "lower", "upper")
	followed, active := numbersOf(f, "followed_days"), numbersOf(f, "active")
	c := &chart{Kind: "lines", Label: t.word("pipeline_cohorts_title"), XName: t.word("pipeline_cohort"), Percent: true, Min: point(0), Max: 1}
	l := line{Name: head}
	var rows []pipelineCohort
	known := 0
	for i := range name {
		if name[i] == "all" {
			continue
		}
		e := chance(i, n[i], "share")
		r := pipelineCohort{Name: t.cohort(name[i]), Deals: t.wholeNumber(n[i]), Raw: t.fact(raw[i], "share"), Chance: t.estimate(e, "")}
		switch {
		case e.OK():
		case n[i] < leastCohort:
			r.Chance.Doubt = t.word("pipeline_cohort_few")
		case active[i] > 0 && analytics.Finite(followed[i]):
			r.Chance.Doubt = t.word("pipeline_cohort_young")
		}
		rows = append(rows, r)
		c.X = append(c.X, r.Name)
		l.Value, l.Lower, l.Upper, l.Tips = append(l.Value, point(e.Value)), append(l.Lower, point(e.Lower)), append(l.Upper, point(e.Upper)), append(l.Tips, r.Chance.whole())
		if e.OK() {
			known++
		}
	}
	c.Lines = []line{l}
	if known < 3 {
		c = nil
	}
	rows, more := firstRows(t.page, rows)
	return c, rows, more
}

// cohortChance names the chance with its horizon.
func (t *pipelinePart) cohortChance() T {
	if f, _ := t.table("pipeline_cohorts"); f != nil {
		for _, h := range numbersOf(f, "horizon_days") {
			if analytics.Finite(h) {
				return t.say("pipeline_cohort_chance", map[string]T{"days": t.days(h)})
			}
		}
	}
	return t.word("pipeline_win")
}

// leastCohort is the number of deals below which the block gives no chance.
const leastCohort = 10

// cohort is the shown name of a month (2026-05, as it is) or of a quarter (2026-Q2).
func (t *pipelinePart) cohort(name string) T {
	if year, quarter, ok := strings.Cut(name, "-Q"); ok {
		return t.say("pipeline_quarter", map[string]T{"quarter": plain(quarter), "year": plain(year)})
	}
	return plain(name)
}

// groups are owners and sources by each metric, in the order of the alphabet; groups with too little to say are left to the table of the database.
func (t *pipelinePart) groups() (out []pipelineGroups) {
	f, _ := t.table("pipeline_groups")
	if f == nil {
		return nil
	}
	grouping, value, metric, verdict := f.String("grouping"), f.String("group_value"), f.String("metric"), textsOf(f, "verdict")
	n, reference, shrunk := numbersOf(f, "n"), numbersOf(f, "reference"), of(f, "shrunk", "shrunk_lower", "shrunk_upper")
	raw := of(f, "value", "lower", "upper")
	at := map[string]int{}
	for i := range grouping {
		e := raw(i, n[i], "share")
		if !e.OK() || verdict[i] == "few" {
			continue
		}
		key := grouping[i] + " " + metric[i]
		k, ok := at[key]
		if !ok {
			k = len(out)
			at[key] = k
			out = append(out, pipelineGroups{Title: joined(t.word("pipeline_groups_"+grouping[i]), ": ", t.texts.Name("metrics", metric[i]))})
		}
		r := pipelineGroup{Name: plain(Shown(value[i])), N: t.wholeNumber(n[i]), Value: t.estimate(e, ""), Span: scale{0, 1}.draw(e.Value, e.Lower, e.Upper, reference[i]), State: verdict[i]}
		if value[i] == "" {
			r.Name = t.word("pipeline_unknown_" + grouping[i])
		}
		if t.texts.Has("ui.pipeline_verdict_" + verdict[i]) {
			r.Verdict = t.word("pipeline_verdict_" + verdict[i])
		}
		if s := shrunk(i, n[i], "share"); s.OK() {
			r.Shrunk = t.say("pipeline_shrunk", map[string]T{"value": t.estimate(s, "").Value})
		}
		out[k].Rows = append(out[k].Rows, r)
	}
	kept := out[:0]
	for _, g := range out {
		if len(g.Rows) > 1 {
			g.Rows, g.More = firstRows(t.page, g.Rows)
			kept = append(kept, g)
		}
	}
	return kept
}

// mostLosses is how many reasons stand on the page; one that fewer than leastLosses deals have may be a note about a customer, and stays in the database.
const mostLosses, leastLosses = 12, 3

func (t *pipelinePart) losses() ([]pipelineLoss, T) {
	f, _ := t.table("pipeline_losses")
	if f == nil {
		return nil, T{}
	}
	reason, stage, n, share := f.String("reason"), textsOf(f, "top_stage"), numbersOf(f, "deals"), of(f, "share", "lower", "upper")
	var total float64
	for _, x := range n {
		total += x
	}
	order := sortedBy(n)
	slices.Reverse(order)
	var rows []pipelineLoss
	hidden := 0
	for _, i := range order {
		if n[i] < leastLosses || len(rows) == mostLosses {
			hidden++
			continue
		}
		r := pipelineLoss{Reason: plain(Shown(reason[i])), Deals: t.wholeNumber(n[i]), Stage: plain(Shown(stage[i])), Share: t.estimate(share(i, total, "share"), "")}
		if strings.TrimSpace(reason[i]) == "" {
			r.Reason = t.word("pipeline_reason_none")
		}
		rows = append(rows, r)
	}
	if hidden == 0 {
		return rows, T{}
	}
	return rows, t.say("more_rows", map[string]T{"count": t.count(int64(hidden))})
}

func (t *pipelinePart) tasks() ([]pipelineTasks, T) {
	f, _ := t.table("pipeline_owners")
	if f == nil {
		return nil, T{}
	}
	onTime := map[string]cell{}
	if g, _ := t.table("pipeline_groups"); g != nil {
		grouping, value, metric, n, share := g.String("grouping"), g.String("group_value"), g.String("metric"), numbersOf(g, "n"), of(g, "value", "lower", "upper")
		for i := range grouping {
			if grouping[i] == "owner" && metric[i] == "on_time_share" {
				onTime[value[i]] = t.estimate(share(i, n[i], "share"), "")
			}
		}
	}
	owner, tasks, done, perDay := f.String("owner"), numbersOf(f, "tasks"), numbersOf(f, "done"), numbersOf(f, "tasks_per_day")
	late, overdue := numbersOf(f, "late"), numbersOf(f, "overdue_tasks")
	var rows []pipelineTasks
	for i := range owner {
		if tasks[i] == 0 {
			continue
		}
		r := pipelineTasks{Owner: plain(Shown(owner[i])), Done: t.wholeNumber(done[i]), PerDay: t.fact(perDay[i], "").Value, Late: t.wholeNumber(late[i]), Overdue: t.wholeNumber(overdue[i]), OnTime: onTime[owner[i]]}
		if owner[i] == "" {
			r.Owner = t.word("pipeline_unknown_owner")
		}
		rows = append(rows, r)
	}
	return firstRows(t.page, rows)
}
