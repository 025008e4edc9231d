package suffstat_test

import (
	"fmt"

	"crmaudit/analytics/suffstat"
)

// Opens of 9 messages per customer: the interval knows that a customer's messages resemble each other.
func ExampleRate() {
	buckets := make([]suffstat.Ratio, 100) // 3 customers each; those of every fifth bucket open most
	for g := range buckets {
		buckets[g] = suffstat.Ratio{Num: 4, Den: 27}
		if g%5 == 0 {
			buckets[g].Num = 20
		}
	}
	r := suffstat.Rate(buckets, 300, .95)
	naive := suffstat.Wilson(r.Events, r.Trials, .95)
	fmt.Printf("%.3f (%.3f to %.3f), design effect %.1f, as good as %.0f independent messages\n", r.Value, r.Lower, r.Upper, r.Deff, r.NEff)
	fmt.Printf("naive: %.3f to %.3f\n", naive.Lower, naive.Upper)
	// Output:
	// 0.267 (0.222 to 0.316), design effect 7.8, as good as 336 independent messages
	// naive: 0.250 to 0.284
}

// Two numbers of the same customers, their difference and its doubt: the covariance comes with the replicates.
func ExampleReplicates_Combine() {
	var buckets []suffstat.Cells // sent, opened, clicked
	for g := range int64(100) {
		buckets = append(buckets, suffstat.Cells{100, 20 + g%11, 4 + g%5})
	}
	r := suffstat.JackknifeVec(buckets, func(c suffstat.Cells) []float64 {
		return []float64{float64(c[1]) / float64(c[0]), float64(c[2]) / float64(c[0])}
	})
	gap := r.Combine(func(v []float64) float64 { return v[0] - v[1] }).Estimate(0, .95).Of(2500, "share")
	fmt.Printf("opened but not clicked: %.4f (%.4f to %.4f)\n", gap.Value, gap.Lower, gap.Upper)
	// Output:
	// opened but not clicked: 0.1895 (0.1824 to 0.1966)
}

// What a customer of each stage is worth and what one stage's better exit adds, statistics 1.5.
func ExampleValueGap() {
	p := [][]float64{{.8, .15, .05}, {.3, .5, .2}, {.05, 0, .95}} // active, at risk, lost
	const gamma = .98
	v, n := suffstat.Values(p, []float64{10, 3, 0}, gamma), suffstat.Visits(p, gamma)
	fmt.Printf("values %.2f\n", v)
	fmt.Printf("2 pp of at-risk customers back to active instead of lost: %+.2f per active customer\n", .02*suffstat.ValueGap(v, n, gamma, 0, 1, 2, 0))
	// Output:
	// values [192.83 169.67 136.94]
	// 2 pp of at-risk customers back to active instead of lost: +5.60 per active customer
}

// Dwell times with censoring: the data end while many stays last.
func ExampleMedian() {
	buckets := make([]suffstat.LifeTable, 100)
	for g := range buckets {
		buckets[g] = suffstat.NewLifeTable([]suffstat.Spell{
			{Entry: 1, Exit: 1 + g%4, Cause: 0, N: 2},                 // left after 1..4 periods
			{Entry: 1, Exit: 2 + g%5, Cause: suffstat.Censored, N: 2}, // still there when the data ended
			{Entry: 3, Exit: 4 + g%6, Cause: 0, N: 1},                 // already in its third period when observation began
		}, 1)
	}
	m, mean := suffstat.Median(buckets, .95), suffstat.RMST(buckets, 6, .95)
	fmt.Printf("median %.0f periods (%.0f to %.0f), mean of at most 6: %.2f (%.2f to %.2f)\n", m.Value, m.Lower, m.Upper, mean.Value, mean.Lower, mean.Upper)
	// Output:
	// median 4 periods (4 to 5), mean of at most 6: 4.19 (4.06 to 4.32)
}
