package backlog

import (
	"context"
	"errors"
	"fmt"
	"time"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// ReadAudit reads what a comparison needs out of a finished audit. A table that a run with --only has not built is taken as empty: its block is not in Blocks; so is analytics.red_message_weeks of a version that did not make it. Errors: a cancelled context, a database
// without audit.runs or analytics.hypotheses (no audit at all), or one of another version that lacks a column.
func ReadAudit(ctx context.Context, src analytics.Source) (*Audit, error) {
	a := &Audit{Blocks: map[string]bool{}}
	run, err := src.Fetch(ctx, "audit.runs")
	if err != nil || run.Len() != 1 {
		return nil, fmt.Errorf("read the audit: it has no row of audit.runs: %w", errors.Join(err, ctx.Err()))
	}
	if a.From, err = time.Parse(time.DateOnly, dateOf(run.String("period_from")[0])); err != nil {
		return nil, fmt.Errorf("read the audit: %w", err)
	}
	if a.To, err = time.Parse(time.DateOnly, dateOf(run.String("period_to")[0])); err != nil {
		return nil, fmt.Errorf("read the audit: %w", err)
	}
	if a.Hypotheses, err = Read(ctx, src); err != nil {
		return nil, err
	}
	for _, part := range []struct {
		table string
		read  func(*analytics.Frame)
	}{
		{"analytics.coverage", func(f *analytics.Frame) {
			for _, block := range f.String("block") {
				a.Blocks[block] = true
			}
		}},
		{"analytics.findings", a.readFindings},
		{"analytics.experiments", a.readTrials},
		{"lifecycle.red_transition_periods", a.readMoves},
	} {
		f, err := src.Fetch(ctx, part.table)
		switch {
		case ctx.Err() != nil:
			return nil, fmt.Errorf("read %s: %w", part.table, ctx.Err())
		case err == nil:
			part.read(f)
		}
	}
	cells, errCells := src.Fetch(ctx, "analytics.red_message_cells")
	rates, errRates := src.Fetch(ctx, "analytics.red_message_rates")
	if errCells == nil && errRates == nil {
		a.readMessages(cells, rates)
		weeks, err := src.Fetch(ctx, "analytics.red_message_weeks")
		switch {
		case ctx.Err() != nil:
			return nil, fmt.Errorf("read analytics.red_message_weeks: %w", ctx.Err())
		case err == nil:
			a.readWeeks(cells, weeks)
		}
	}
	return a, ctx.Err()
}

func dateOf(s string) string { return s[:min(len(s), len(time.DateOnly))] }

func (a *Audit) readFindings(f *analytics.Frame) {
	id, block, kind, subjectType, subject := f.String("finding_id"), f.String("block"), f.String("kind"), f.String("subject_type"), f.String("subject")
	severity, exploratory, ru, en := f.String("severity"), f.Bool("exploratory"), f.String("text_ru"), f.String("text_en")
	for i := range id {
		a.Findings = append(a.Findings, Found{id[i], block[i], kind[i], subjectType[i], subject[i], severity[i], exploratory[i], ru[i], en[i]})
	}
}

func (a *Audit) readTrials(f *analytics.Frame) {
	id, arm, scenario, outcome, unit, verdict := f.String("experiment_id"), f.String("arm"), f.String("scenario_id"), f.String("outcome"), f.String("unit"), f.String("verdict")
	n, reference, effect, lower, upper := f.Int64("n"), f.Int64("n_reference"), f.Float64("cuped_effect"), f.Float64("cuped_lower"), f.Float64("cuped_upper")
	for i := range id {
		a.Trials = append(a.Trials, Trial{id[i], arm[i], scenario[i], outcome[i], unit[i], verdict[i], n[i] + reference[i], effect[i], lower[i], upper[i]})
	}
}

func (a *Audit) readMoves(f *analytics.Frame) {
	from, to, bucket, n := f.String("from_stage"), f.String("to_stage"), f.Int64("bucket"), f.Int64("n")
	at := map[MoveSums]int{}
	for i := range from {
		key := MoveSums{From: from[i], To: to[i], Bucket: int(bucket[i])}
		j, ok := at[key]
		if !ok {
			j = len(a.Moves)
			at[key] = j
			a.Moves = append(a.Moves, key)
		}
		a.Moves[j].N += n[i]
	}
}

func (a *Audit) readMessages(cells, rates *analytics.Frame) {
	names, sums := namesOf(cells), sumsOf(rates)
	stage, bucket, cell := rates.String("stage"), rates.Int64("bucket"), rates.Int64("cell")
	for i := range stage {
		m := names[cell[i]]
		a.Messages = append(a.Messages, MessageSums{Channel: m.channel, Kind: m.kind, Scenario: m.scenario, Stage: stage[i], Bucket: int(bucket[i]), Sums: sums(i)})
	}
}

func (a *Audit) readWeeks(cells, weeks *analytics.Frame) {
	names, sums := namesOf(cells), sumsOf(weeks)
	stage, week, cell := weeks.String("stage"), weeks.Int64("week"), weeks.Int64("cell")
	for i := range stage {
		m := names[cell[i]]
		a.Weeks = append(a.Weeks, WeekSums{Channel: m.channel, Kind: m.kind, Scenario: m.scenario, Stage: stage[i], Week: week[i], Sums: sums(i)})
	}
}

type cellName struct{ channel, kind, scenario string }

func namesOf(cells *analytics.Frame) map[int64]cellName {
	names := map[int64]cellName{}
	channel, kind, scenario := cells.String("channel"), cells.String("kind"), cells.String("scenario_id")
	for i, cell := range cells.Int64("cell") {
		names[cell] = cellName{channel[i], kind[i], scenario[i]}
	}
	return names
}

// sumsOf gives the sums of a row of red_message_rates or red_message_weeks by metric.
func sumsOf(f *analytics.Frame) func(i int) map[string]suffstat.Ratio {
	column := map[string][]int64{}
	for _, c := range []string{"messages", "delivered", "bounced", "ripe", "opened", "clicked", "unsubscribed", "complained", "order_ripe", "ordered"} {
		column[c] = f.Int64(c)
	}
	return func(i int) map[string]suffstat.Ratio {
		of := func(num, den string) suffstat.Ratio { return suffstat.Ratio{Num: column[num][i], Den: column[den][i]} }
		return map[string]suffstat.Ratio{
			"delivery_rate": of("delivered", "messages"), "bounce_rate": of("bounced", "messages"), "open_rate": of("opened", "ripe"), "click_rate": of("clicked", "ripe"),
			"unsubscribe_rate": of("unsubscribed", "ripe"), "complaint_rate": of("complained", "ripe"), "order_rate": of("ordered", "order_ripe"),
		}
	}
}
