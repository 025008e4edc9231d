package integrations

import (
	"math"
	"time"

	"crmaudit/analytics"
)

// Tables renders the model as result tables of schema analytics, columns as in queries/analytics, rows in the order of each grain.
func (m *Model) Tables() []analytics.Table {
	return []analytics.Table{m.checksTable(), m.seriesTable(), m.gapsTable(), m.latencyTable(), m.flowsTable(), m.accountsTable()}
}

func table(name string, columns ...string) analytics.Table {
	return analytics.Table{Name: "analytics." + name, Columns: columns}
}

// date is a day since 1970-01-01 as a date.
func date(day int64) time.Time { return time.Unix(day*dayOfSeconds, 0).UTC() }

func share(num, den int64) any {
	if den == 0 {
		return nil
	}
	return float64(num) / float64(den)
}

func (m *Model) checksTable() analytics.Table {
	t := table("integration_checks", "check_name", "value", "numerator", "denominator", "norm", "red_zone", "status", "method", "lower", "upper")
	for _, k := range m.Checks {
		row := []any{k.Name, nil, nil, nil, k.Norm, k.RedZone, k.Status, "fact", nil, nil}
		if k.Measured {
			row[1], row[2], row[3] = k.Value(), k.Num, k.Den
		}
		if k.Sampled.OK() {
			row[7], row[8], row[9] = "estimate", analytics.OrNull(k.Sampled.Lower), analytics.OrNull(k.Sampled.Upper)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (m *Model) seriesTable() analytics.Table {
	t := table("arrival_series", "input", "source", "name", "state", "rows", "first_date", "last_date", "stray_rows", "started", "ended", "open_weekdays", "expected_last", "spread", "correlation",
		"tested_days", "gap_days", "missing_rows")
	for _, s := range m.Series {
		var open, expected, missing any
		if s.mu != nil {
			open, expected = int64(s.Open), analytics.OrNull(s.expectedLast())
		}
		days, rows := s.lost()
		if s.State == Tested {
			missing = rows
		}
		t.Rows = append(t.Rows, []any{s.Input, s.Source, s.Name, s.State, s.Rows, date(s.First), date(s.Last), s.Stray, s.Started, s.Ended, open, expected, analytics.OrNull(s.Tau), analytics.OrNull(s.Rho),
			s.TestDays, days, missing})
	}
	return t
}

// expectedLast is the mean of the expected rows of the last 28 open days.
func (s *Series) expectedLast() float64 {
	var sum, n float64
	for i := len(s.mu) - 1; i >= 0 && n < leastDays; i-- {
		if s.mu[i] > 0 {
			sum += s.mu[i]
			n++
		}
	}
	if n == 0 {
		return math.NaN()
	}
	return sum / n
}

func (m *Model) gapsTable() analytics.Table {
	t := table("arrival_gaps", "input", "source", "name", "what", "from_date", "to_date", "days", "observed", "expected", "ratio", "p_value", "q_value", "ongoing")
	for _, s := range m.Series {
		for _, g := range s.Gaps {
			t.Rows = append(t.Rows, []any{s.Input, s.Source, s.Name, g.What, date(g.From), date(g.To), g.Days, g.Observed, g.Expected, g.Ratio(), g.P, g.Q, g.Ongoing})
		}
	}
	for _, d := range m.Doubled {
		plain := d.Events - d.Repeats
		t.Rows = append(t.Rows, []any{"events", d.Source, "", "twice", date(d.Day), date(d.Day + 1), int64(1), d.Events, float64(plain), float64(d.Events) / float64(plain), nil, nil, false})
	}
	return t
}

func (m *Model) latencyTable() analytics.Table {
	t := table("event_latency", "source", "all_sources", "events", "median_seconds", "p90_seconds", "p99_seconds", "over_hour", "late", "late_share", "early", "early_share", "median_before", "median_since", "slowed_from")
	for _, l := range m.Latencies {
		row := []any{l.Source, l.All, l.Events, l.Median, l.P90, l.P99, l.OverHour, l.Late, share(l.Late, l.Events), l.Early, share(l.Early, l.Events), nil, nil, nil}
		if l.Slowed {
			row[11], row[12], row[13] = l.Before, l.Since, date(l.SlowedFrom)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (m *Model) flowsTable() analytics.Table {
	t := table("message_flows", "channel", "scenario_id", "scope", "messages", "stated", "delivered", "bounced", "opened", "clicked", "no_status_share", "verdict", "lacks_expected")
	for _, f := range m.Flows {
		scope := "scenario"
		if f.Whole {
			scope = "channel"
		}
		t.Rows = append(t.Rows, []any{f.Channel, f.Scenario, scope, f.Messages, f.Stated, f.Delivered, f.Bounced, f.Opened, f.Clicked, share(f.Messages-f.Stated, f.Messages), f.Verdict,
			analytics.OrNull(f.Lacks)})
	}
	return t
}

func (m *Model) accountsTable() analytics.Table {
	t := table("input_accounts", "input", "files", "rows_read", "rows_loaded", "rows_rejected", "rows_duplicate", "rows_outside", "rows_excluded", "control_total", "found", "difference")
	for _, a := range m.Accounts {
		row := []any{a.Input, a.Files, a.Read, a.Loaded, a.Rejected, a.Duplicate, a.Outside, a.Excluded, nil, a.Found(), nil}
		if a.Control != nil {
			row[8], row[10] = *a.Control, a.Found()-*a.Control
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
