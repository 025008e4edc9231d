package report_test

import (
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"

	"crmaudit/analytics"
	"crmaudit/analytics/analyticstest"
	"crmaudit/analytics/report"
)

// names are the columns by which an audit grows: a company with more scenarios, segments, templates and experiments has more rows in every table that has one of them.
var names = []string{"scenario_id", "scenario_a", "scenario_b", "from_scenario", "to_scenario", "segment_id", "segment_a", "segment_b", "from_segment", "to_segment", "experiment_id",
	"template_id", "hypothesis_id", "finding_id", "subject", "owner", "source", "antecedent", "consequent", "item", "name", "group_value"}

// large is a company so many times as large.
func large(t *testing.T, src analyticstest.Source, times int) analyticstest.Source {
	t.Helper()
	out := analyticstest.Source{}
	for table, f := range src {
		wide := analytics.Table{Name: table}
		grows := false
		for _, field := range f.Schema().Fields() {
			wide.Columns = append(wide.Columns, field.Name)
			grows = grows || field.Type.ID() == arrow.STRING && slices.Contains(names, field.Name)
		}
		if !grows || f.Len() == 0 {
			out[table] = f
			continue
		}
		for k := range times {
			for i := range f.Len() {
				row, own := make([]any, len(wide.Columns)), false
				for j, field := range f.Schema().Fields() {
					if !f.Valid(field.Name)[i] {
						if field.Type.ID() == arrow.STRING { // as frame knows the type of a column by its values
							row[j] = ""
						}
						continue
					}
					switch field.Type.ID() {
					case arrow.INT64:
						row[j] = f.Int64(field.Name)[i]
					case arrow.FLOAT64:
						row[j] = f.Float64(field.Name)[i]
					case arrow.BOOL:
						row[j] = f.Bool(field.Name)[i]
					default:
						row[j] = f.String(field.Name)[i]
						if k > 0 && row[j] != "" && slices.Contains(names, field.Name) {
							row[j], own = fmt.Sprintf("%s-%d", row[j], k), true
						}
					}
				}
				if k == 0 || own { // a row about the whole company stays one
					wide.Rows = append(wide.Rows, row)
				}
			}
		}
		out[table] = frame(t, wide)
	}
	return out
}

// TestLargePage: the page of a company with 300 scenarios stays small: what grows with the company is cut, said to be cut, and in the database.
func TestLargePage(t *testing.T) {
	src := defaultWorld().source(t)
	for _, more := range []analyticstest.Source{segmentTables(t, "segment"), experimentTables(t, "experiment"), bundleTables(t, "tea")} {
		for table, f := range more {
			if _, ok := src[table]; !ok {
				src[table] = f
			}
		}
	}
	small, big := publish(t, src, report.Options{}), publish(t, large(t, src, 60), report.Options{})
	if path := os.Getenv("REPORT_LARGE"); path != "" {
		if err := os.WriteFile(path, []byte(big), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	wellFormed(t, big)
	if len(small) > 3<<19 || len(big) > 5<<19 {
		t.Errorf("the page has %d bytes, of a large company %d; want at most 1.5 and 2.5 MB", len(small), len(big))
	}
}
