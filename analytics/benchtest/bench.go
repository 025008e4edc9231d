// Package benchtest is the harness of the truth bench (statistics 11): rows "id | what | reached | required | R" from replicates on planted truth.
//
//	func TestTruth(t *testing.T) {
//		benchtest.Run(t, truthCoverage, truthPower)
//	}
//
//	func truthCoverage() []benchtest.Row {
//		got := benchtest.Average(400, 1, func(rng *rand.Rand) []float64 { … return []float64{benchtest.Flag(covered)} })
//		return []benchtest.Row{benchtest.Between("S1", "coverage 95 %", got[0], .925, .975, 400)}
//	}
//
// The bench runs only with CRMAUDIT_BENCH_TRUTH=1 (`make bench-truth`, which greps the printed rows); each package keeps its last table in its own doc.go. Only the
// standard library is imported, so that tests inside package suffstat can use it too.
package benchtest

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// Env is the environment variable without which the bench is skipped.
const Env = "CRMAUDIT_BENCH_TRUTH"

// Row is a line of the table. Required "" marks a row of information, which cannot be missed.
type Row struct {
	ID, What, Reached, Required string
	R                           int // replicates
	OK                          bool
}

// NewRow is a row whose texts and verdict the caller has made.
func NewRow(id, what, reached, required string, r int, ok bool) Row {
	return Row{ID: id, What: what, Reached: reached, Required: required, R: r, OK: ok}
}

// Info is a row of information.
func Info(id, what, reached string, r int) Row { return NewRow(id, what, reached, "", r, true) }

// AtLeast is a row that is reached from least on. A NaN misses.
func AtLeast(id, what string, reached, least float64, r int) Row {
	return NewRow(id, what, fmt.Sprintf("%.3f", reached), ">= "+short(least), r, reached >= least)
}

// AtMost is a row that is reached up to most. A NaN misses.
func AtMost(id, what string, reached, most float64, r int) Row {
	return NewRow(id, what, fmt.Sprintf("%.3f", reached), "<= "+short(most), r, reached <= most)
}

// Between is a row that is reached from least to most. A NaN misses.
func Between(id, what string, reached, least, most float64, r int) Row {
	return NewRow(id, what, fmt.Sprintf("%.3f", reached), short(least)+"-"+short(most), r, reached >= least && reached <= most)
}

// short writes .95 for 0.95.
func short(x float64) string {
	s := strconv.FormatFloat(x, 'g', 6, 64)
	if strings.HasPrefix(s, "0.") {
		return s[1:]
	}
	return s
}

// Skip skips the test unless the bench is asked for.
func Skip(t *testing.T) {
	t.Helper()
	if os.Getenv(Env) == "" {
		t.Skipf("set %s=1 to run the bench", Env)
	}
}

// Run makes the rows of all parts, one part after the other, and prints them; a missed row fails the test.
func Run(t *testing.T, parts ...func() []Row) {
	t.Helper()
	Skip(t)
	var rows []Row
	for _, f := range parts {
		rows = append(rows, f()...)
	}
	Print(t, rows)
}

// Print prints the table; a missed row fails the test.
func Print(t *testing.T, rows []Row) {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "%-3s | %-94s | %-14s | %-14s | %5s\n", "id", "what", "reached", "required", "R")
	for _, r := range rows {
		mark := ""
		if !r.OK {
			mark = "  MISSED"
			t.Errorf("%s %s: reached %s, required %s", r.ID, r.What, r.Reached, r.Required)
		}
		fmt.Fprintf(&b, "%-3s | %-94s | %-14s | %-14s | %5d%s\n", r.ID, r.What, r.Reached, r.Required, r.R, mark)
	}
	fmt.Print(b.String())
}

// Replicate runs f for replicates 0..r-1 on two workers and returns what each gave, in order. Each replicate has a generator of its own, made of seed and its number,
// so that a bench repeats exactly.
func Replicate(r int, seed uint64, f func(rng *rand.Rand) []float64) [][]float64 {
	out := make([][]float64, r)
	var wg sync.WaitGroup
	for w := range 2 {
		wg.Go(func() {
			for i := w; i < r; i += 2 {
				out[i] = f(rand.New(rand.NewPCG(seed, uint64(i))))
			}
		})
	}
	wg.Wait()
	return out
}

// Means averages each column of equally long replicates; none gives nil.
func Means(replicates [][]float64) []float64 {
	if len(replicates) == 0 {
		return nil
	}
	out := make([]float64, len(replicates[0]))
	for _, row := range replicates {
		for i, x := range row {
			out[i] += x
		}
	}
	for i := range out { // once, at the end: 370 of 400 is .925, not a little less
		out[i] /= float64(len(replicates))
	}
	return out
}

// Average is Means of Replicate.
func Average(r int, seed uint64, f func(rng *rand.Rand) []float64) []float64 {
	return Means(Replicate(r, seed, f))
}

// Mean averages one column.
func Mean(replicates [][]float64, column int) float64 { return Means(replicates)[column] }

// Flag is 1 or 0.
func Flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// In is 1 where lower <= x <= upper.
func In(lower, x, upper float64) float64 { return Flag(lower <= x && x <= upper) }
