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

// valueSection shows the ladder of repeat purchases, what customers are expected to buy by stage, and whether that forecast can be believed.
type valueSection struct {
	Lead           T
	Rungs          []rungRow
	RungsAbsent    T
	RungsNote      T
	Chart          *chart
	Stages         []stageValueRow
	StagesAbsent   T
	Verdict        T
	State          string
	Holdout        T
	Counts         []countRow
	CountsNote     T
	Findings       []findingRow
	FindingsAbsent T
}

type rungRow struct {
	Step, Customers, Repeated, Gap, Lost T
	Share                                cell
	Span                                 span
	Value                                cell
}

type stageValueRow struct {
	Stage, Buyers, Part    T
	Order, Orders, Revenue cell
	Span                   span
}

type countRow struct{ Repeats, Actual, Expected T }

func loadValue(ctx context.Context, p *page) (any, error) {
	v := &valuePart{part{page: p, ctx: ctx, schema: "analytics"}}
	var s valueSection
	v.ladder(&s)
	v.stages(&s)
	v.checks(&s)
	if v.err != nil {
		return nil, v.err
	}
	var err error
	s.Findings, s.FindingsAbsent, err = p.blockFindings(ctx, "value")
	return s, err
}

type valuePart struct{ part }

func (v *valuePart) ladder(s *valueSection) {
	f, absent := v.table("repeat_orders")
	if f == nil {
		s.RungsAbsent = absent
		if v.empty("analytics.repeat_orders") {
			s.RungsAbsent = v.word("ladder_none")
		}
		return
	}
	number, customers, repeated, horizon := f.Int64("order_number"), f.Int64("customers"), f.Int64("repeated"), f.Int64("horizon_days")
	share, lower, upper := numbersOf(f, "probability"), numbersOf(f, "lower"), numbersOf(f, "upper")
	gap, lost := numbersOf(f, "median_gap_days"), numbersOf(f, "lost_per_quarter")
	value, valueLower, valueUpper := numbersOf(f, "next_value"), numbersOf(f, "next_value_lower"), numbersOf(f, "next_value_upper")
	behind := numbersOf(f, "next_value_customers")
	within := map[string]T{"days": v.fact(float64(horizon[0]), "days").Value}
	s.RungsNote = v.say("ladder_note", within)
	ch := &chart{Kind: "lines", Label: v.word("ladder_title"), XName: v.word("ladder_axis"), Percent: true, Min: point(0), Max: 1}
	l := line{Name: v.say("ladder_share", within)}
	for i := range number {
		step := plain(strconv.FormatInt(number[i], 10) + " → " + strconv.FormatInt(number[i]+1, 10))
		r := rungRow{Step: step, Customers: v.count(customers[i]), Repeated: v.count(repeated[i]), Gap: plain(dash), Lost: v.wholeNumber(lost[i]),
			Share: v.estimate(interval(share[i], lower[i], upper[i], customers[i], "share"), ""), Span: scale{0, 1}.draw(share[i], lower[i], upper[i], math.NaN()),
			Value: v.estimate(interval(value[i], valueLower[i], valueUpper[i], whole(behind[i]), v.opt.Currency), "")}
		if analytics.Finite(gap[i]) {
			r.Gap = v.fact(gap[i], "days").Value
		}
		s.Rungs = append(s.Rungs, r)
		if analytics.Finite(share[i]) {
			ch.X = append(ch.X, step)
			l.Value, l.Lower, l.Upper, l.Tips = append(l.Value, point(share[i])), append(l.Lower, point(lower[i])), append(l.Upper, point(upper[i])), append(l.Tips, r.Share.whole())
		}
	}
	if len(l.Value) >= 3 {
		ch.Lines = []line{l}
		s.Chart = ch
	}
}

// inOrder is the places of stages in the order of the life cycle.
func (v *valuePart) inOrder(stage []string) []int {
	position, at := v.positions(), make([]int, len(stage))
	for i := range at {
		at[i] = i
	}
	slices.SortStableFunc(at, func(i, j int) int { return cmp.Compare(position[stage[i]], position[stage[j]]) })
	return at
}

func (v *valuePart) stages(s *valueSection) {
	f, absent := v.table("stage_expectations")
	if f == nil {
		s.StagesAbsent = absent
		return
	}
	stage, buyers, horizon := f.String("stage"), f.Int64("buyers"), f.Int64("horizon_days")
	order, orderLower, orderUpper := numbersOf(f, "p_order"), numbersOf(f, "p_order_lower"), numbersOf(f, "p_order_upper")
	orders, ordersLower, ordersUpper := numbersOf(f, "expected_orders"), numbersOf(f, "expected_orders_lower"), numbersOf(f, "expected_orders_upper")
	revenue, revenueLower, revenueUpper := numbersOf(f, "expected_revenue"), numbersOf(f, "expected_revenue_lower"), numbersOf(f, "expected_revenue_upper")
	part := numbersOf(f, "share_of_orders")
	s.Lead = v.say("stage_values_lead", map[string]T{"days": v.fact(float64(horizon[0]), "days").Value})
	for _, i := range v.inOrder(stage) {
		if buyers[i] == 0 || !analytics.Finite(orders[i]) {
			continue
		}
		r := stageValueRow{Stage: v.stage(stage[i]), Buyers: v.count(buyers[i]), Part: plain(dash),
			Order: v.estimate(interval(order[i], orderLower[i], orderUpper[i], buyers[i], "share"), ""), Span: scale{0, 1}.draw(order[i], orderLower[i], orderUpper[i], math.NaN()),
			Orders:  v.estimate(interval(orders[i], ordersLower[i], ordersUpper[i], buyers[i], "orders"), ""),
			Revenue: v.estimate(interval(revenue[i], revenueLower[i], revenueUpper[i], buyers[i], v.opt.Currency), "")}
		if analytics.Finite(part[i]) {
			r.Part = v.estimate(suffstat.Fact(part[i], 0, "share"), "bare").Value
		}
		s.Stages = append(s.Stages, r)
	}
	if len(s.Stages) == 0 {
		s.StagesAbsent = v.word("stage_values_none")
	}
}

func (v *valuePart) checks(s *valueSection) {
	if f, _ := v.table("value_settings"); f != nil {
		verdict := textsOf(f, "verdict")[0]
		if v.texts.Has("ui.value_verdict_" + verdict) {
			s.Verdict = v.word("value_verdict_" + verdict)
			s.State = map[string]string{"fits": "no", "poor": "yes"}[verdict]
		}
	}
	f, _ := v.table("value_checks")
	if f == nil {
		return
	}
	name, repeats, actual, expected := f.String("check_name"), f.Int64("repeats"), numbersOf(f, "actual"), numbersOf(f, "expected")
	ratio, lower, upper, misplaced, customers, days := numbersOf(f, "ratio"), numbersOf(f, "lower"), numbersOf(f, "upper"), numbersOf(f, "misplaced"), f.Int64("customers"), numbersOf(f, "days")
	for i := range name {
		switch {
		case name[i] == "holdout" && repeats[i] < 0:
			s.Holdout = v.say("value_holdout", map[string]T{"days": v.fact(days[i], "days").Value, "actual": v.wholeNumber(actual[i]), "expected": v.wholeNumber(expected[i]),
				"ratio": v.estimate(interval(ratio[i], lower[i], upper[i], customers[i], "ratio"), "").whole()})
		case name[i] == "repeat_counts" && repeats[i] < 0:
			s.CountsNote = v.say("value_counts_note", map[string]T{"misplaced": v.estimate(suffstat.Fact(misplaced[i], 0, "share"), "bare").Value})
		case name[i] == "repeat_counts":
			label := strconv.FormatInt(repeats[i], 10)
			if repeats[i] == 7 {
				label = "7+"
			}
			s.Counts = append(s.Counts, countRow{plain(label), v.wholeNumber(actual[i]), v.wholeNumber(expected[i])})
		}
	}
}
