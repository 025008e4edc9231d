package duck

import (
	"context"
	"errors"
	"testing"

	"crmaudit/analytics"
	"crmaudit/lifecycle"
	"crmaudit/queries"

	"github.com/rogpeppe/go-internal/txtar"
)

// The whole catalogue builds on an empty world, with and without overrides, and every header says what the engine returns. What breaks on
// no data at all (a division, an empty grid) breaks here.
func TestCatalogOnEngine(t *testing.T) {
	ctx := context.Background()
	catalog, err := queries.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	rules, err := lifecycle.Compile(lifecycle.Config{}.WithDefaults(), nil)
	if err != nil {
		t.Fatal(err)
	}
	macros := append(rules.Macros, analytics.Macro{Name: "x_segment_rule", Params: append([]string{"position"}, lifecycle.MacroParams()...), Body: "CAST(NULL AS BOOLEAN)"})
	for name, catalog := range map[string][]queries.Model{"portable": withoutOverrides(catalog), "overrides": catalog} {
		t.Run(name, func(t *testing.T) {
			plan, err := queries.Plan(catalog)
			if err != nil {
				t.Fatal(err)
			}
			db := open(t, Options{Models: catalog, Threads: 2})
			for _, m := range plan {
				if m.DDL && m.Table != "audit.steps" {
					createInput(t, db, m, new(txtar.Archive))
				}
			}
			if err := errors.Join(db.WriteConfig(ctx, rules.Config), db.CreateMacros(ctx, macros), db.Build(ctx, plan, nil, nil)); err != nil {
				t.Fatal(err)
			}
			for _, m := range plan {
				if err := db.CheckSchema(ctx, m.Table); err != nil {
					t.Error(err)
				}
			}
			if err := errors.Join(db.Audits(ctx, catalog, nil), db.Describe(ctx)); err != nil {
				t.Error(err)
			}
		})
	}
}
