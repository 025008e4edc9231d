package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// CDNOW from file to tables. Weeks 1 to 39 give the published repeat counts, the published BG/NBD fit and, with money, the published gamma-gamma fit; the whole period gives the ladder that R's survival finds.
func TestValueOnCDNOW(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(sharedData); errors.Is(err, fs.ErrNotExist) {
		t.Skip("the public data are not beside the repository")
	}
	example := filepath.Join("..", "..", "testdata", "examples", "cdnow")
	text, err := os.ReadFile(filepath.Join(example, "audit.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	data, err := filepath.Abs(filepath.Join(sharedData, "cdnow", "CDNOW_sample.txt"))
	if err != nil {
		t.Fatal(err)
	}
	start := strings.Index(string(text), "- path: ")
	end := start + strings.Index(string(text)[start:], "\n")
	run := func(to string) func(query string) [][]string {
		dir := t.TempDir()
		config := string(text)[:start] + "- path: " + data + string(text)[end:]
		config = strings.Replace(config, "to: 1998-07-01", "to: "+to, 1)
		file := filepath.Join(dir, "audit.yaml")
		if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
			t.Fatal(err)
		}
		mustCLI(t, "run", "-q", "-c", file, "--only", "value", "--out", filepath.Join(dir, "out"))
		return func(query string) [][]string {
			out := mustCLI(t, "sql", "--db", filepath.Join(dir, "out", databaseName), "--format", "csv", query)
			var rows [][]string
			for _, line := range strings.Split(strings.TrimSpace(out), "\n")[1:] {
				rows = append(rows, strings.Split(line, ","))
			}
			return rows
		}
	}
	number := func(s string) float64 {
		x, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	near := func(what string, got, want, tolerance float64) {
		t.Helper()
		if !(math.Abs(got-want) <= tolerance) {
			t.Errorf("%s: %g, want %g", what, got, want)
		}
	}

	early := run("1997-10-01")
	counts := early(`SELECT customers - repeated AS stopped FROM analytics.repeat_orders ORDER BY order_number`)
	want := []string{"1411", "439", "214", "100", "62", "38", "29"}
	for k, n := range want {
		if counts[k][0] != n {
			t.Errorf("%d repeat purchases: %s customers, published %s", k, counts[k][0], n)
		}
	}
	if got := early(`SELECT repeated FROM analytics.repeat_orders WHERE order_number = 7`)[0][0]; got != "64" {
		t.Errorf("7 and more: %s, published 64", got)
	}
	published := map[string]float64{"a": .793, "alpha": 4.414, "b": 2.426, "r": .243, "p": 6.25, "q": 3.74, "v": 15.44}
	for _, row := range early(`SELECT parameter, value, std_error, log_likelihood, model FROM analytics.value_model`) {
		x := published[row[0]]
		near(row[0], number(row[1]), x, .002*x)
		if number(row[2]) <= 0 {
			t.Errorf("%s: standard error %s", row[0], row[2])
		}
		if row[4] == "bg_nbd" {
			near("log-likelihood", number(row[3]), -9582.43, .02)
		}
		delete(published, row[0])
	}
	if len(published) > 0 {
		t.Errorf("not in value_model: %v", published)
	}
	// Customer 0001 of the paper's summary file: x 2, t_x 30.43, T 38.86.
	got := early(`SELECT frequency, recency, age, p_alive, expected_orders, horizon_days FROM analytics.customer_values WHERE customer_id = '0001'`)[0]
	near("x", number(got[0]), 2, 0)
	near("t_x", number(got[1]), 30.43, .005)
	near("T", number(got[2]), 38.86, .005)
	near("p_alive", number(got[3]), .7266, .0005)
	if e := number(got[4]); e <= .3 || e >= .7 {
		t.Errorf("expected orders of 0001 in %s days: %g", got[5], e)
	}

	whole := run("1998-07-01")
	var oracle struct {
		Horizon int `json:"horizon_days"`
		Rungs   []struct {
			K, Customers, Repeated    int
			Probability, Lower, Upper float64
			MedianGap                 float64 `json:"median_gap"`
		}
	}
	raw, err := os.ReadFile(filepath.Join("..", "..", "testdata", "oracle", "value_ladder.json"))
	if err == nil {
		err = json.Unmarshal(raw, &oracle)
	}
	if err != nil {
		t.Fatal(err)
	}
	ladder := whole(`SELECT order_number, customers, repeated, probability, lower, upper, horizon_days, median_gap_days FROM analytics.repeat_orders ORDER BY order_number`)
	for i, o := range oracle.Rungs {
		r := ladder[i]
		if got, want := strings.Join(append(r[:3:3], r[6], r[7]), " "), fmt.Sprint(o.K, o.Customers, o.Repeated, oracle.Horizon, o.MedianGap); got != want {
			t.Errorf("rung %d: %s, R says %s", i+1, got, want)
		}
		near("probability", number(r[3]), o.Probability, 1e-9)
		// One spell per customer: the bucket jackknife and Greenwood's formula agree up to the noise of a hundred buckets.
		width, exact := number(r[5])-number(r[4]), o.Upper-o.Lower
		if width < .75*exact || width > 1.35*exact {
			t.Errorf("rung %d: interval %g wide, Greenwood's %g", i+1, width, exact)
		}
	}
	if got := whole(`SELECT subject FROM analytics.findings WHERE block = 'value' AND subject_type = 'order_step'`); len(got) != 1 || got[0][0] != "1->2" {
		t.Errorf("the step where most are lost: %v", got)
	}
}
