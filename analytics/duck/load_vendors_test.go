package duck

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// A vendor's files mean the same as CSV, all text, and as Parquet with the engine's types: row versions, deletions, moves, lookups and filters included. What they mean as CSV is held
// against expectations worked out by hand in cmd/crmaudit.
func TestVendorParquet(t *testing.T) {
	for vendor, inputs := range map[string]map[string][]string{
		"mindbox": {"message_events": {"Mailings_CustomerMessagesStatuses_0001", "Mailings_CustomerMessagesStatuses_0002"}, "events": {"ProcessingOrders_Orders"}, "order_items": {"ProcessingOrders_Purchases"},
			"identities": {"CDP_MergedCustomers"}, "segment_memberships": {"CDP_CustomerSegmentHistory"}, "": {"Mailings_Mailings", "scenario_blocks"}},
		"dittofeed": {"message_events": {"internal_events"}, "enrolments": {"UserJourneyEvent"}, "segment_memberships": {"computed_property_assignments_v2"}, "identities": {"user_events_v2"}},
	} {
		folder, err := filepath.Abs(filepath.Join("..", "..", "testdata", "profiles", vendor))
		if err != nil {
			t.Fatal(err)
		}
		text, typed := newLoadWorld(t), newLoadWorld(t)
		text.spec.BaseDir = folder
		gen := open(t, Options{})
		for input, files := range inputs {
			for _, name := range files {
				if _, err := gen.pool.Exec(fmt.Sprintf("copy (select * from read_csv('%s/%s.csv')) to '%s/%s.parquet' (format parquet)", folder, name, typed.dir, name)); err != nil {
					t.Fatal(err)
				}
				for kind, w := range map[string]*loadWorld{"csv": text, "parquet": typed} {
					if input != "" {
						w.entry(input, name+"."+kind)
						list := w.spec.Inputs[input]
						list[len(list)-1].Profile = vendor
					}
				}
			}
		}
		textDB, _ := text.mustLoad()
		typedDB, _ := typed.mustLoad()
		for table, columns := range map[string]string{
			"messages": "*", "segment_memberships": "* exclude (listed)", "enrolments": "*", "events": "*", "order_items": "*",
		} {
			q := fmt.Sprintf("select c.customer_id, t.* exclude (ck%s) from (select %s from core.%s) t join core.customers c using (ck) order by all", map[bool]string{true: ", mk"}[table == "messages"], columns, table)
			want := query(t, textDB, q)
			equal(t, vendor+": "+table, query(t, typedDB, q), want)
			if table == "messages" && strings.Count(want, "\n") < 4 {
				t.Errorf("%s: only these messages: %s", vendor, want)
			}
		}
		fates := "select input, regexp_replace(path, '[.].*', '') as file, * exclude (input, path, dialect) from audit.sources order by all"
		equal(t, vendor+": fates", query(t, typedDB, fates), query(t, textDB, fates))
	}
}
