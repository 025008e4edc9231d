package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Sample rows with the columns of the vendors' connectors, read in place and skipped where they are absent: init names the vendor and check accepts what it
// writes; of every recognised file all rows find a fate other than rejected.
func TestVendorSeeds(t *testing.T) {
	t.Parallel()
	for vendor, files := range map[string][]string{
		"klaviyo":   {"event.csv: Klaviyo, event: message_events, events", "event_norename.csv: Klaviyo, event: message_events, events", "person.csv: Klaviyo, person: customers", "campaign.csv: Klaviyo, campaign: templates"},
		"iterable":  {"event_data.csv: Iterable, event: message_events, events", "user_history_data.csv: Iterable, user_history: customers", "channel_data.csv: Iterable, channel: needs no entry"},
		"mailchimp": {"campaign_recipient.csv: Mailchimp, campaign_recipient: messages", "unsubscribe.csv: Mailchimp, unsubscribe: message_events", "member.csv: Mailchimp, member: customers"},
		"hubspot":   {"email_event_data.csv: HubSpot, email_event: message_events", "contact_data.csv: HubSpot, contact: identities, customers", "deal_stage_data.csv: HubSpot, deal_stage: deals", "engagement_task_data.csv: HubSpot, engagement_task: tasks"},
	} {
		t.Run(vendor, func(t *testing.T) {
			t.Parallel()
			folder, err := filepath.Abs(filepath.Join("..", "..", "..", "shared", "data", "vendor_seeds", vendor))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(folder); err != nil {
				t.Skip("no seeds of vendors here")
			}
			out := filepath.Join(t.TempDir(), "audit.yaml")
			said := mustCLI(t, "init", "-q", folder, "--out", out)
			for _, want := range files {
				if !strings.Contains(said, want) {
					t.Errorf("init does not say %q:\n%s", want, said)
				}
			}
			stdout, stderr, code := cli(t, "check", "-q", "-c", out)
			if code != 0 {
				t.Fatalf("check: exit %d\n%s%s", code, stdout, stderr)
			}
			// input, path, read, loaded, rejected
			for _, row := range regexp.MustCompile(`(?m)^\w+ +\S+ +\d+ +\d+ +(\d+) `).FindAllStringSubmatch(stdout, -1) {
				if row[1] != "0" {
					t.Errorf("rows are rejected: %s", row[0])
				}
			}
		})
	}
}
