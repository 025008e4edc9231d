package duck

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"crmaudit/analytics/ingest"
)

// Published data, read in place: skipped where it is absent.
func TestLoadPublished(t *testing.T) {
	dir, err := filepath.Abs("../../../shared/data")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no shared data")
	}
	day := func(s string) time.Time {
		v, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range []struct {
		name     string
		from, to string
		inputs   map[string][]ingest.File
		want     string // customers, events, orders, revenue, enrolments
	}{
		{"cdnow", "1997-01-01", "1998-07-01", map[string][]ingest.File{"events": {{Path: "cdnow/CDNOW_sample.txt", Delimiter: "whitespace", Header: []string{"id", "customer_id", "occurred_at", "cds", "value"},
			Constants: map[string]string{"name": "order"}, KeepIdentical: true}}}, "2357|6919|6919|24409194|0"},
		{"ecom", "2024-01-01", "2025-01-01", map[string][]ingest.File{"events": {{Path: "retentioneering/ecom.csv", Columns: map[string]string{"customer_id": "user_id", "name": "event", "occurred_at": "timestamp"}}}}, ""},
		{"complete journey", "2017-01-01", "2018-01-01", map[string][]ingest.File{
			"events": {{Path: "completejourney/transactions_sample.csv.gz", Columns: map[string]string{"customer_id": "household_id", "occurred_at": "transaction_timestamp", "order_id": "basket_id", "value": "sales_value"},
				Constants: map[string]string{"name": "order"}}},
			"customers":  {{Path: "completejourney/demographics.csv", Columns: map[string]string{"customer_id": "household_id"}}},
			"enrolments": {{Path: "completejourney/campaigns.csv", Columns: map[string]string{"customer_id": "household_id", "scenario_id": "campaign_id", "entered_at": "start_date", "exited_at": "end_date"}, Lookup: []ingest.Lookup{{Path: "completejourney/campaign_descriptions.csv", On: map[string]string{"campaign_id": "campaign_id"}}}}},
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newLoadWorld(t)
			w.spec.BaseDir, w.spec.Inputs, w.spec.Zone = dir, c.inputs, time.UTC
			w.spec.From, w.spec.To, w.spec.MaxRejectShare = day(c.from), day(c.to), 0
			db, report := w.mustLoad()
			got := query(t, db, "select (select count(*) from core.customers), (select count(*) from core.events), (select count(*) from core.orders), (select sum(revenue_minor) from core.orders), (select count(*) from core.enrolments)")
			if c.want != "" {
				equal(t, "counts", got, c.want)
			} else {
				t.Logf("%s\n%+v\n%q", got, report.Sources, report.Warnings)
			}
		})
	}
}
