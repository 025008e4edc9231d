package lifecycle

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"crmaudit/analytics"
)

// Tables renders the model as the result tables of schema lifecycle, columns as in queries/lifecycle, rows in the order of each grain.
func (m *Model) Tables() []analytics.Table {
	return []analytics.Table{
		m.stagesTable(), m.transitionsTable(), m.transitionPeriodsTable(), m.stagePeriodsTable(), m.periodsTable(), m.dwellTable(),
		m.dwellCurvesTable(), m.dwellExitsTable(), m.testsTable(), m.mobilityTable(), m.kstepTable(), m.kstepErrorsTable(), m.stageValuesTable(),
		m.bottlenecksTable(), m.lossPointsTable(), m.rulesTable(), m.ruleOverlapsTable(), m.ruleOrderTable(), m.thresholdsTable(),
	}
}

func table(name string, columns ...string) analytics.Table {
	return analytics.Table{Name: "lifecycle." + name, Columns: columns}
}

func add(t *analytics.Table, row ...any) { t.Rows = append(t.Rows, row) }

func join(parts ...[]any) []any { return slices.Concat(parts...) }

func (m *Model) stagesTable() analytics.Table {
	t := table("stages", "stage", "position", "rule", "customers_last", "share_last", "next_order_rate", "next_order_lower", "next_order_upper",
		"customers_per_period", "customers_per_quarter", "leave_rate", "value", "value_lower", "value_upper", "value_unit", "rule_matches", "stuck",
		"scenarios", "scenario_ids", "note", "leave_lower", "leave_upper", "customers")
	for _, s := range m.Stages {
		var matches any
		if s.Matches >= 0 {
			matches = s.Matches
		}
		add(&t, join([]any{s.Name, int64(s.Position), s.Rule, s.CustomersLast, analytics.OrNull(s.ShareLast)}, analytics.Three(s.NextOrder.Estimate),
			[]any{analytics.OrNull(s.PerPeriod), analytics.OrNull(s.PerQuarter), analytics.OrNull(s.Leave.Value)}, analytics.Three(s.Value),
			[]any{m.Unit, matches, s.Stuck, int64(len(s.ScenarioIDs)), strings.Join(s.ScenarioIDs, ","), s.Note,
				analytics.OrNull(s.Leave.Lower), analytics.OrNull(s.Leave.Upper), s.Customers})...)
	}
	return t
}

func (m *Model) transitionsTable() analytics.Table {
	t := table("transitions", "grouping", "group_value", "from_stage", "to_stage", "n", "at_risk", "probability", "lower", "upper", "n_eff", "method")
	for _, c := range m.Transitions {
		add(&t, join([]any{c.Grouping, c.Group, c.From, c.To, c.N, c.AtRisk}, analytics.Three(c.Rate), []any{analytics.OrNull(c.NEff), c.Method})...)
	}
	return t
}

// day is an ISO date as a time; the rows of a period whose date is not one are left without it, which the writer refuses.
func day(iso string) any {
	if len(iso) > 10 {
		iso = iso[:10]
	}
	d, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return nil
	}
	return d
}

func (m *Model) startOf(period int64) any {
	i, ok := slices.BinarySearchFunc(m.Periods, period, func(p PeriodFit, n int64) int { return cmp.Compare(p.Number, n) })
	if !ok {
		return nil
	}
	return day(m.Periods[i].Start)
}

func (m *Model) transitionPeriodsTable() analytics.Table {
	t := table("transition_periods", "period_start", "from_stage", "to_stage", "n")
	type key struct {
		period   int64
		from, to string
	}
	n := map[key]int64{}
	for _, r := range m.moves {
		n[key{r.Period, m.stageNames[r.From], m.stageNames[r.To]}] += r.N
	}
	keys := make([]key, 0, len(n))
	for k := range n {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b key) int {
		return cmp.Or(cmp.Compare(a.period, b.period), strings.Compare(a.from, b.from), strings.Compare(a.to, b.to))
	})
	for _, k := range keys {
		add(&t, m.startOf(k.period), k.from, k.to, n[k])
	}
	return t
}

func (m *Model) stagePeriodsTable() analytics.Table {
	t := table("stage_periods", "period_start", "stage", "customers", "share")
	n := map[[2]int64]int64{}
	all := map[int64]int64{}
	for _, r := range m.inStage {
		n[[2]int64{r.Period, int64(r.Stage)}] += r.N
		all[r.Period] += r.N
	}
	for _, p := range m.Periods {
		for i, name := range m.stageNames {
			if c := n[[2]int64{p.Number, int64(i)}]; c > 0 {
				add(&t, day(p.Start), name, c, float64(c)/float64(all[p.Number]))
			}
		}
	}
	return t
}

func (m *Model) periodsTable() analytics.Table {
	t := table("periods", "period", "period_start", "days", "customers", "moves")
	for _, p := range m.Periods {
		add(&t, p.Number, day(p.Start), p.Days, p.Customers, p.Moves)
	}
	return t
}

func (m *Model) dwellTable() analytics.Table {
	t := table("dwell", "stage", "spells", "censored", "left_open", "median_periods", "mean_periods", "restricted_to", "lower", "upper", "median_lower",
		"median_upper", "note")
	for _, d := range m.Dwell {
		var tau any
		if d.Tau > 0 {
			tau = int64(d.Tau)
		}
		add(&t, d.Stage, d.Spells, d.Censored, d.LeftOpen, analytics.OrNull(d.Median.Value), analytics.OrNull(d.Mean.Value), tau, analytics.OrNull(d.Mean.Lower), analytics.OrNull(d.Mean.Upper),
			analytics.OrNull(d.Median.Lower), analytics.OrNull(d.Median.Upper), d.Note)
	}
	return t
}

func (m *Model) dwellCurvesTable() analytics.Table {
	t := table("dwell_curves", "stage", "age", "at_risk", "exits", "survival", "lower", "upper")
	for _, d := range m.Dwell {
		for a := 1; a < len(d.AtRisk); a++ {
			add(&t, join([]any{d.Stage, int64(a), d.AtRisk[a], d.Exits[a]}, analytics.Three(d.Survival[a]))...)
		}
	}
	return t
}

func (m *Model) dwellExitsTable() analytics.Table {
	t := table("dwell_exits", "stage", "to_stage", "age", "exits", "incidence", "lower", "upper")
	for _, d := range m.Dwell {
		for i, to := range d.To {
			for a := 1; a < len(d.AtRisk); a++ {
				add(&t, join([]any{d.Stage, to, int64(a), d.ExitsTo[i][a]}, analytics.Three(d.Incidence[i][a]))...)
			}
		}
	}
	return t
}

func (m *Model) testsTable() analytics.Table {
	t := table("tests", "test", "subject", "statistic", "df", "p_value", "note", "q_value", "df2", "x2", "g2", "delta", "n", "information_bits",
		"log_loss_gain", "matters")
	for _, s := range m.Tests {
		c, i := s.Clustered, s.Independence
		add(&t, s.Name, s.Subject, analytics.OrNull(c.F), int64(c.DF), analytics.OrNull(c.P), s.Note, analytics.OrNull(s.Q), analytics.OrNull(c.DF2), analytics.OrNull(c.X2), analytics.OrNull(i.G2), analytics.OrNull(c.Delta),
			i.N, analytics.OrNull(i.BitsCorrected), analytics.OrNull(i.Gain), s.Matters)
	}
	return t
}

func (m *Model) mobilityTable() analytics.Table {
	t := table("mobility", "grouping", "group_value", "stages", "at_risk", "shorrocks", "lower", "upper")
	for _, g := range m.Mobility {
		add(&t, join([]any{g.Grouping, g.Group, int64(g.Stages), g.AtRisk}, analytics.Three(g.Index))...)
	}
	return t
}

func (m *Model) kstepTable() analytics.Table {
	t := table("kstep", "horizon", "from_stage", "to_stage", "n", "at_risk", "direct", "lower", "upper", "markov", "expanded")
	for _, s := range m.KStep {
		add(&t, join([]any{s.Horizon, s.From, s.To, s.N, s.AtRisk}, analytics.Three(s.Direct), []any{analytics.OrNull(s.Markov), analytics.OrNull(s.Expanded)})...)
	}
	return t
}

func (m *Model) kstepErrorsTable() analytics.Table {
	t := table("kstep_errors", "horizon", "markov_error", "lower", "upper", "expanded_error", "from_stage", "to_stage", "not_markov")
	for _, e := range m.KStepErrors {
		add(&t, join([]any{e.Horizon}, analytics.Three(e.Markov), []any{analytics.OrNull(e.Expanded), e.From, e.To, e.NotMarkov})...)
	}
	return t
}

func (m *Model) stageValuesTable() analytics.Table {
	t := table("stage_values", "stage", "age", "customer_periods", "reward", "value", "lower", "upper", "unit")
	for _, v := range m.Values {
		add(&t, join([]any{v.Stage, int64(v.Age), v.CustomerPeriods, v.Reward}, analytics.Three(v.Value), []any{m.Unit})...)
	}
	return t
}

func (m *Model) bottlenecksTable() analytics.Table {
	t := table("bottlenecks", "stage", "rank", "best_stage", "customers_per_period", "customers_per_quarter", "n", "at_risk", "rate", "rate_lower",
		"rate_upper", "leave_rate", "leave_lower", "leave_upper", "value_gap", "gap_lower", "gap_upper", "potential", "potential_lower",
		"potential_upper", "share_of_potential", "move_gain", "move_gain_lower", "move_gain_upper", "derivative", "stuck", "p_value", "q_value",
		"verdict", "needed", "level", "unit", "customers", "stake", "stake_lower", "stake_upper")
	for _, b := range m.Bottlenecks {
		add(&t, join([]any{b.Stage, int64(b.Rank), b.Best, b.PerPeriod, b.PerQuarter, b.N, b.AtRisk}, analytics.Three(b.Move.Estimate), analytics.Three(b.Leave.Estimate),
			analytics.Three(b.Gap), analytics.Three(b.Potential), []any{analytics.OrNull(b.ShareOfPotential)}, analytics.Three(b.Gain),
			[]any{analytics.OrNull(b.Derivative), b.Stuck, analytics.OrNull(b.P), analytics.OrNull(b.Q), string(b.Verdict), analytics.OrNull(b.Needed), b.Gap.Level, m.Unit, b.Gap.N},
			analytics.Three(b.Stake))...)
	}
	return t
}

func (m *Model) lossPointsTable() analytics.Table {
	t := table("loss_points", "from_stage", "to_stage", "rank", "n", "at_risk", "rate", "rate_lower", "rate_upper", "flow_per_quarter", "value_gap",
		"gap_lower", "gap_upper", "loss_per_quarter", "loss_lower", "loss_upper", "share_of_losses", "p_value", "q_value", "verdict", "needed", "level", "unit",
		"customers", "stake", "stake_lower", "stake_upper")
	for _, l := range m.LossPoints {
		add(&t, join([]any{l.From, l.To, int64(l.Rank), l.N, l.AtRisk}, analytics.Three(l.Rate.Estimate), []any{l.FlowQuarter}, analytics.Three(l.Gap), analytics.Three(l.Loss),
			[]any{analytics.OrNull(l.ShareOfLosses), analytics.OrNull(l.P), analytics.OrNull(l.Q), string(l.Verdict), analytics.OrNull(l.Needed), l.Gap.Level, m.Unit, l.Gap.N},
			analytics.Three(l.Stake))...)
	}
	return t
}

func (m *Model) rulesTable() analytics.Table {
	t := table("rules", "stage", "position", "rule", "matches", "taken", "shadowed_by", "shadowed", "catch_all", "verdict")
	for _, r := range m.Rules {
		add(&t, r.Name, int64(r.Position), r.When, r.Matches, r.Taken, r.ShadowedBy, r.Shadowed, r.CatchAll, string(r.Verdict))
	}
	return t
}

func (m *Model) ruleOverlapsTable() analytics.Table {
	t := table("rule_overlaps", "stage_a", "stage_b", "customers", "share_of_b", "contested")
	for _, o := range m.Overlaps {
		add(&t, o.A, o.B, o.Customers, o.ShareOfB, o.Contested)
	}
	return t
}

func (m *Model) ruleOrderTable() analytics.Table {
	t := table("rule_order", "customers", "share")
	if len(m.Rules) > 0 && m.Customers > 0 {
		add(&t, m.OrderDecide, float64(m.OrderDecide)/float64(m.Customers))
	}
	return t
}

func (m *Model) thresholdsTable() analytics.Table {
	t := table("thresholds", "kind", "stage_a", "stage_b", "split_age", "rate_a", "rate_a_lower", "rate_a_upper", "rate_b", "rate_b_lower",
		"rate_b_upper", "difference", "difference_lower", "difference_upper", "margin", "p_different", "p_equivalent", "q_value", "verdict", "needed")
	for _, h := range m.Thresholds {
		var split, needed any
		if h.SplitAge > 0 {
			split = int64(h.SplitAge)
		}
		if h.Needed > 0 {
			needed = h.Needed
		}
		add(&t, join([]any{h.Kind, h.A, h.B, split}, analytics.Three(h.RateA.Estimate), analytics.Three(h.RateB.Estimate), analytics.Three(h.Difference),
			[]any{analytics.OrNull(h.Margin), analytics.OrNull(h.PDifferent), analytics.OrNull(h.PEquiv), analytics.OrNull(h.Q), string(h.Verdict), needed})...)
	}
	return t
}
