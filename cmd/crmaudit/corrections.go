package main

import (
	"context"

	"crmaudit/analytics"
	"crmaudit/analytics/duck"
)

// orderCoverage says in analytics.coverage which inputs hold returns or gaps, which money was converted, and whether exits found no entry; the counts are in audit.corrections, audit.currencies and audit.exits.
func orderCoverage(ctx context.Context, db *duck.DB) ([]analytics.Coverage, error) {
	var out []analytics.Coverage
	for _, c := range []struct{ query, suffix, answers, note string }{
		{"SELECT DISTINCT input FROM audit.corrections ORDER BY input", ".corrections", "net_orders", "corrections"},
		{"SELECT DISTINCT input FROM audit.currencies WHERE converted ORDER BY input", ".currency", "one_currency", "converted"},
		{"SELECT 'enrolments' FROM audit.exits WHERE fate = 'no_entry'", ".exits", "exits_by_themselves", "exits_without_entry"},
	} {
		rows, err := db.Query(ctx, c.query)
		if err != nil {
			return nil, err
		}
		for row := rows.Next(); row != nil; row = rows.Next() {
			input, _ := row[0].(string)
			out = append(out, analytics.Coverage{Block: "core", Input: input + c.suffix, Present: true, Answers: c.answers, Note: c.note})
		}
		rows.Close()
		if err := rows.Err(); err != nil {
			return nil, err
		}
	}
	return out, nil
}
