package duplicates

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"crmaudit/analytics/benchtest"
)

// Row S7 of the bench of statistics 11 on direct simulators: precision and recall on planted pairs.
//
//	CRMAUDIT_BENCH_TRUTH=1 go test -run TestTruth -v -count=1 ./scenarios/duplicates/
//
// The last table stands in doc.go. The end-to-end row, on worlds of analytics/synth, is another one.
func TestTruth(t *testing.T) {
	benchtest.Skip(t)
	var rows []benchtest.Row
	const worlds = 50
	for _, c := range []struct {
		what string
		opt  simOptions
		skip string // a verdict that these data cannot give
	}{
		{"definitions, texts, enrolments", simOptions{customers: 3000, definitions: true, texts: true}, ""},
		{"recorded triggers, hashes, enrolments", simOptions{customers: 3000, triggers: true}, ""},
		{"texts, enrolments; logic from common entries (same_logic cannot be told)", simOptions{customers: 3000, texts: true}, SameLogic},
		{"texts, no enrolments (same_logic cannot be told)", simOptions{customers: 3000, texts: true, unenrolled: true}, SameLogic},
		{"definitions, texts, 600 customers", simOptions{customers: 600, definitions: true, texts: true}, ""},
	} {
		var said, right, planted int
		for w := range worlds {
			rng := rand.New(rand.NewPCG(7, uint64(w)))
			scenarios, templates, pairs := plantedWorld(rng)
			counts, defined := simulate(rng, scenarios, templates, c.opt)
			m, err := Fit(counts, Options{Defined: defined, MinCustomers: 100})
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]string{}
			for _, p := range pairs {
				if p.verdict != c.skip {
					want[key(min(p.a, p.b), max(p.a, p.b))] = p.verdict
					planted++
				}
			}
			for _, p := range m.Pairs {
				k := key(m.Scenarios[p.A].ID, m.Scenarios[p.B].ID)
				if p.Verdict == Duplicate || p.Verdict == Subset || p.Verdict == SameLogic {
					said++
					if want[k] == p.Verdict {
						right++
					} else if testing.Verbose() {
						t.Logf("world %d: %s called %s, is %q: A %.2f [%.2f] k %.2f T %.2f C %.2f L %.2f", w, k, p.Verdict, want[k], p.Audience.Value, p.Audience.Lower, p.Containment.Value, p.Timing, p.Content, p.Logic)
					}
				} else if want[k] != "" && testing.Verbose() {
					t.Logf("world %d: %s called %s (%s), is %q: A %.2f [%.2f] k %.2f T %.2f = %.2f %.2f C %.2f L %.2f", w, k, p.Verdict, p.Reason, want[k], p.Audience.Value, p.Audience.Lower, p.Containment.Value, p.Timing, p.Delay, p.Sequence, p.Content, p.Logic)
				}
			}
		}
		precision, recall := float64(right)/float64(said), float64(right)/float64(planted)
		rows = append(rows, benchtest.NewRow("S7", "duplicates: "+c.what, fmt.Sprintf("%.3f, %.3f", precision, recall), ">= .95, >= .90", worlds, precision >= .95 && recall >= .90))
	}
	benchtest.Print(t, rows)
}
