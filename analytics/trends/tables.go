package trends

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"crmaudit/analytics"
)

// Tables renders the model as result tables of schema analytics, columns as in queries/analytics, rows in the order of each grain.
func (m *Model) Tables() []analytics.Table {
	return []analytics.Table{m.trendTable(), m.seriesTable(), m.spikeTable(), m.linkTable()}
}

func date(day int64) time.Time { return time.Unix(day*86400, 0).UTC() }

func (m *Model) trendTable() analytics.Table {
	t := analytics.Table{Name: "analytics.trends", Columns: []string{"metric", "subject_type", "subject_id", "channel", "scenario_id", "kind", "slope", "lower", "upper", "p_value", "q_value",
		"change_at", "verdict", "note", "unit", "first_period", "last_period", "periods", "short", "messages", "events", "rate", "margin", "p_equivalence", "needed", "rho", "theil_sen",
		"season", "shift", "shift_p", "shift_q", "change_lower", "change_upper", "pettitt_at", "pettitt_p", "rate_before", "rate_after", "rate_part", "mix_part", "spikes", "level_before", "level_after"}}
	for _, s := range m.Series {
		row := append([]any{s.Metric, s.Type, s.ID, s.Channel, s.Scenario, s.Kind}, analytics.Three(s.Slope)...)
		row = append(row, analytics.OrNull(s.P), analytics.OrNull(s.Q), s.changeAt(), s.Verdict, strings.Join(s.Notes, ", "), m.Unit, date(s.Points[0].From),
			date(s.Points[len(s.Points)-1].From), int64(len(s.Points)), s.Short(), s.Messages, s.Events, analytics.OrNull(s.Rate), analytics.OrNull(s.Margin), analytics.OrNull(s.PEquivalence),
			positive(s.Needed), analytics.OrNull(s.Rho), analytics.OrNull(s.TheilSen), s.Season, analytics.OrNull(s.ShiftSize), analytics.OrNull(s.Shift.P), analytics.OrNull(s.ShiftQ))
		if s.Verdict == LevelShift {
			row = append(row, date(s.Points[s.Shift.Lower].From), date(s.Points[s.Shift.Upper].From))
		} else {
			row = append(row, nil, nil)
		}
		if s.PettittAt >= 0 {
			row = append(row, date(s.Points[s.PettittAt].From))
		} else {
			row = append(row, nil)
		}
		d := s.Split
		row = append(row, analytics.OrNull(s.PettittP), analytics.OrNull(d.Before), analytics.OrNull(d.After), analytics.OrNull(d.Rate), analytics.OrNull(d.Mix), int64(s.Spikes))
		if s.Verdict == LevelShift {
			row = append(row, analytics.OrNull(unlink(s.m, s.Shift.Before)), analytics.OrNull(unlink(s.m, s.Shift.After)))
		} else {
			row = append(row, nil, nil)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (s *Series) changeAt() any {
	switch {
	case s.Verdict == LevelShift:
		return date(s.Points[s.Shift.At].From)
	case s.Verdict == Spike:
		return date(s.Points[s.Worst].From)
	}
	return nil
}

func positive(n int64) any {
	if n <= 0 {
		return nil
	}
	return n
}

func (m *Model) seriesTable() analytics.Table {
	t := analytics.Table{Name: "analytics.series", Columns: []string{"metric", "subject_type", "subject_id", "period_start", "period_end", "merged", "num", "den", "rate", "standardised", "fitted",
		"spike"}}
	for _, s := range m.Series {
		for _, p := range s.Points {
			t.Rows = append(t.Rows, []any{s.Metric, s.Type, s.ID, date(p.From), date(p.To), p.Merged, p.Num, p.Den, p.Rate(), p.Standardised, analytics.OrNull(p.Fitted), p.Spike})
		}
	}
	return t
}

func (m *Model) spikeTable() analytics.Table {
	t := analytics.Table{Name: "analytics.trend_spikes", Columns: []string{"metric", "subject_type", "subject_id", "period_start", "den", "standardised", "expected", "z", "p_value", "q_value"}}
	for _, a := range m.Spikes { // in the order of the series and their points
		p := a.Series.Points[a.Point]
		t.Rows = append(t.Rows, []any{a.Series.Metric, a.Series.Type, a.Series.ID, date(p.From), p.Den, p.Standardised, a.Expected, a.Z, a.P, a.Q})
	}
	return t
}

func (m *Model) linkTable() analytics.Table {
	t := analytics.Table{Name: "analytics.trend_links", Columns: []string{"link", "subject_type", "subject_id", "metric", "slope", "lower", "upper", "other_type", "other_id", "other_metric",
		"other_slope", "other_lower", "other_upper", "other_margin", "p_value", "q_value", "found"}}
	sorted := slices.Clone(m.Links)
	slices.SortStableFunc(sorted, func(a, b Link) int {
		return cmp.Or(strings.Compare(a.Link, b.Link), strings.Compare(a.Worse.Type, b.Worse.Type), strings.Compare(a.Worse.ID, b.Worse.ID), strings.Compare(a.Worse.Metric, b.Worse.Metric))
	})
	for _, l := range sorted {
		if math.IsNaN(l.P) {
			continue
		}
		row := append([]any{l.Link, l.Worse.Type, l.Worse.ID, l.Worse.Metric}, analytics.Three(l.Worse.Slope)...)
		row = append(append(row, l.Other.Type, l.Other.ID, l.Other.Metric), analytics.Three(l.Other.Slope)...)
		t.Rows = append(t.Rows, append(row, l.Other.Margin, l.P, l.Q, l.Found))
	}
	return t
}
