package report

import (
	"cmp"
	"context"
)

// correctionRow is a kind of rows of orders that are no purchase or lack something.
type correctionRow struct {
	Input, Kind  T
	Rows, Orders T
	Amount       cell
}

// currencyRow is a currency of the data.
type currencyRow struct {
	Input       T
	Code        string
	Rows, Rate  T
	IsConverted bool
}

// corrections reads audit.corrections and audit.currencies; a database of an earlier version has neither.
func (p *page) corrections(ctx context.Context) (rows []correctionRow, codes []currencyRow, err error) {
	f, _, err := p.fetch(ctx, "audit.corrections")
	if err != nil {
		return nil, nil, err
	}
	if f != nil {
		input, kind, n, orders, amount := f.String("input"), f.String("kind"), f.Int64("row_count"), f.Int64("orders"), f.Int64("amount_minor")
		for i := range input {
			rows = append(rows, correctionRow{Input: p.texts.Name("inputs", input[i]), Kind: p.texts.Name("corrections", kind[i]), Rows: p.count(n[i]), Orders: p.count(orders[i]), Amount: p.fact(float64(amount[i])/100, cmp.Or(p.opt.Currency, "money"))})
		}
	}
	if f, _, err = p.fetch(ctx, "audit.currencies"); err != nil || f == nil {
		return rows, nil, err
	}
	input, code, n, rate, converted := f.String("input"), f.String("currency"), f.Int64("row_count"), f.Float64("rate"), f.Bool("converted")
	for i := range input {
		codes = append(codes, currencyRow{Input: p.texts.Name("inputs", input[i]), Code: Shown(code[i]), Rows: p.count(n[i]), IsConverted: converted[i],
			Rate: p.texts.each(func(w *words) string { return w.decimal(rate[i], 4) })})
	}
	return rows, codes, nil
}
