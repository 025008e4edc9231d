package main

import (
	"slices"
	"testing"

	"crmaudit/analytics"
	"crmaudit/analytics/duck"
	"crmaudit/lifecycle"
	"crmaudit/queries"
)

// Every block answers "no data" with coverage: no error, no finding, no number that is not one, and only tables and columns that are documented.
func TestBlocksOnNothing(t *testing.T) {
	models, err := queries.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"configured": configReference,
		"bare":       "version: 1\nperiod: {from: 2026-01-01, to: 2026-04-01}\nsources: {events: [{path: e.csv}]}\n",
	} {
		c := mustParse(t, text)
		for _, b := range blocks(c, lifecycle.Rules{}) {
			for _, given := range []map[string]bool{{}, {"messages": true, "enrolments": true, "events": true, "customers": true, "assignments": true, "templates": true}} {
				r, err := b.Run(t.Context(), duck.Nothing(models), c.settings(given))
				if err != nil {
					t.Errorf("%s, %s: %v", name, b.Name, err)
					continue
				}
				if len(r.Coverage) == 0 {
					t.Errorf("%s, %s: no coverage", name, b.Name)
				}
				for _, row := range r.Coverage {
					if row.Block != b.Name {
						t.Errorf("%s: coverage of block %q", b.Name, row.Block)
					}
				}
				for _, table := range r.Tables {
					checkTable(t, models, table)
				}
			}
		}
	}
}

func checkTable(t *testing.T, models []queries.Model, table analytics.Table) {
	t.Helper()
	at := slices.IndexFunc(models, func(m queries.Model) bool { return m.Table == table.Name })
	if at < 0 {
		t.Errorf("table %s has no file in queries", table.Name)
		return
	}
	for _, column := range table.Columns {
		if _, ok := models[at].Column(column); !ok {
			t.Errorf("%s: column %s is not in its header", table.Name, column)
		}
	}
	for _, row := range table.Rows {
		for i, v := range row {
			if x, ok := v.(float64); ok && !analytics.Finite(x) {
				t.Errorf("%s.%s is %v", table.Name, table.Columns[i], x)
			}
		}
	}
}
