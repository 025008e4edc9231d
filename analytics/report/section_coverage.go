package report

import "context"

// coverageRow is what one input let a block answer.
type coverageRow struct {
	Block, Input, Answers, Note T
	Present                     bool
}

type coverageSection struct {
	Rows   []coverageRow
	Absent T
}

func loadCoverage(ctx context.Context, p *page) (any, error) {
	rows, absent, err := p.coverage(ctx)
	return coverageSection{Rows: rows, Absent: absent}, err
}

// coverage reads analytics.coverage in the order of the table: block, input.
func (p *page) coverage(ctx context.Context) ([]coverageRow, T, error) {
	f, absent, err := p.fetch(ctx, "analytics.coverage")
	if f == nil {
		return nil, absent, err
	}
	block, input, present, answers, note := f.String("block"), f.String("input"), f.Bool("present"), textsOf(f, "answers"), textsOf(f, "note")
	rows := make([]coverageRow, f.Len())
	for i := range rows {
		rows[i] = coverageRow{Block: p.texts.Name("blocks", block[i]), Input: p.inputName(input[i]),
			Answers: p.texts.Name("coverage.answers", answers[i]), Note: p.texts.coverageNote(block[i], note[i]), Present: present[i]}
	}
	return rows, absent, nil
}
