package duck

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"crmaudit/queries"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestDuplicatesMinuteByMinute compares the shared person-time of scenarios with a look at every minute of every customer, on small random worlds.
func TestDuplicatesMinuteByMinute(t *testing.T) {
	catalog, err := queries.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	const from, to, first, end = 60, 260, 20, 320 // the audited window within the loaded history, minutes
	for world := range 12 {
		rng := rand.New(rand.NewPCG(24, uint64(world)))
		customers, scenarios, campaigns := 1+rng.IntN(8), 2+rng.IntN(4), rng.IntN(3)
		bulk := func(sk int) bool { return sk >= scenarios-campaigns }
		busy := make([][][end]bool, customers)
		var people, active, days, audience, pairs, scope strings.Builder
		people.WriteString("ck,customer_id,bucket\n")
		active.WriteString("ck,bucket,sk,from_sec,to_sec\n")
		days.WriteString("ck,sk,from_sec,to_sec\n")
		for ck := range customers {
			fmt.Fprintf(&people, "%d,c%d,%d\n", ck+1, ck+1, ck%3)
			busy[ck] = make([][end]bool, scenarios)
			for sk := range scenarios {
				b := &busy[ck][sk]
				for range rng.IntN(4) {
					at := first + rng.IntN(end-first)
					for m := at; m < min(end, at+rng.IntN(90)); m++ {
						b[m] = true
					}
				}
				for m := first; m < end; m++ {
					if b[m] && !b[m-1] {
						until := m
						for until < end && b[until] {
							until++
						}
						if bulk(sk) {
							fmt.Fprintf(&days, "%d,%d,%d,%d\n", ck+1, sk+1, 60*m, 60*until)
						} else {
							fmt.Fprintf(&active, "%d,%d,%d,%d,%d\n", ck+1, ck%3, sk+1, 60*m, 60*until)
						}
					}
				}
			}
		}
		// Every minute.
		minutes := func(has func(ck, m int) bool) (n, persons [3]int) {
			for ck := range customers {
				found := 0
				for m := from; m < to; m++ {
					if has(ck, m) {
						found++
					}
				}
				n[ck%3] += found
				if found > 0 {
					persons[ck%3]++
				}
			}
			return n, persons
		}
		audience.WriteString("sk,bucket,customers,seconds\n")
		pairs.WriteString("pair,bucket,customers,seconds\n")
		scope.WriteString("sk,bulk,time_buckets\n")
		for a := range scenarios {
			n, persons := minutes(func(ck, m int) bool { return busy[ck][a][m] })
			for g := range n {
				if n[g] > 0 {
					fmt.Fprintf(&audience, "%d,%d,%d,%d\n", a+1, g, persons[g], 60*n[g])
				}
			}
			fmt.Fprintf(&scope, "%d,%t,%d\n", a+1, bulk(a), 100)
			for b := a + 1; b < scenarios; b++ {
				if bulk(a) != bulk(b) {
					continue // a chain and a campaign are not compared
				}
				n, persons := minutes(func(ck, m int) bool { return busy[ck][a][m] && busy[ck][b][m] })
				for g := range n {
					if n[g] > 0 {
						fmt.Fprintf(&pairs, "%d,%d,%d,%d\n", (a+1)*1048576+b+1, g, persons[g], 60*n[g])
					}
				}
			}
		}
		archive := txtar.Parse([]byte(fmt.Sprintf("doc: minute by minute\n-- scenarios.fct_window.csv --\nfirst_day,end_day,from_day,to_day,from_sec,to_sec,first_sec,end_sec\n0,1,0,1,%d,%d,%d,%d\n"+
			"-- core.customers.csv --\n%s-- scenarios.fct_active.csv --\n%s-- scenarios.fct_campaign_days.csv --\n%s-- scenarios.fct_dup_scope.csv --\n%s-- want/scenarios.red_dup_audience.csv --\n%s-- want/scenarios.fct_dup_pairs.csv --\n%s",
			60*from, 60*to, 60*first, 60*end, people.String(), active.String(), days.String(), scope.String(), audience.String(), pairs.String())))
		runText(t, fmt.Sprintf("world %d", world), archive, withoutOverrides(catalog), map[string]bool{})
	}
}
