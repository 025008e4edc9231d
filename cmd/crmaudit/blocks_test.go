package main

import (
	"slices"
	"strings"
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
				if r.Then != nil {
					over, err := r.Then(t.Context(), duck.Nothing(models))
					if err != nil {
						t.Errorf("%s, %s over its results: %v", name, b.Name, err)
						continue
					}
					r.Tables, r.Coverage = append(r.Tables, over.Tables...), append(r.Coverage, over.Coverage...)
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

// A model over results of a block is built after the blocks, and left out with all that read it when --only does not ask for that block.
func TestModelsOfResults(t *testing.T) {
	all := []queries.Model{
		{Table: "core.orders", Block: "core", DDL: true},
		{Table: "a.fct_orders", Block: "a", Reads: []string{"core.orders"}},
		{Table: "a.fit", Block: "a", DDL: true},
		{Table: "a.values", Block: "a", Reads: []string{"a.fct_orders", "a.fit"}},
		{Table: "b.stages", Block: "b", Reads: []string{"a.values", "core.orders"}},
		{Table: "b.red_orders", Block: "b", Reads: []string{"core.orders"}},
		{Table: "b.audit_stages", Block: "b", Audit: true, Reads: []string{"b.stages"}},
	}
	a, b := analytics.Block{Name: "a"}, analytics.Block{Name: "b"}
	names := func(models []queries.Model) string {
		var out []string
		for _, m := range models {
			if !m.DDL {
				out = append(out, m.Table)
			}
		}
		return strings.Join(out, " ")
	}
	for _, c := range []struct {
		chosen                []analytics.Block
		before, after, audits string
	}{
		{[]analytics.Block{a, b}, "a.fct_orders b.red_orders", "a.values b.stages", "b.audit_stages"},
		{[]analytics.Block{a}, "a.fct_orders", "a.values", ""},
		{[]analytics.Block{b}, "b.red_orders", "", ""},
	} {
		got, err := modelsOf(all, c.chosen)
		if err != nil {
			t.Fatal(err)
		}
		if names(got.before) != c.before || names(got.after) != c.after || names(got.audits) != c.audits {
			t.Errorf("%d blocks: before %q, after %q, checks %q; want %q, %q, %q", len(c.chosen), names(got.before), names(got.after), names(got.audits), c.before, c.after, c.audits)
		}
	}
}
