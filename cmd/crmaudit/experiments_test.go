package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The public A/B test from end to end, beside what R counts and computes from the file alone (testdata/oracle/abtest.json): who is in the test, shares within 28 days, Welch, the sample ratio.
func TestPublicExperiment(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(filepath.Join(sharedData, "retentioneering", "ab_test_demo.csv")); errors.Is(err, fs.ErrNotExist) {
		t.Skip("the public data are not beside the repository")
	}
	type result struct {
		N, Mean    float64
		NReference float64 `json:"n_reference"`
		Reference  float64 `json:"mean_reference"`
		WelchSE    float64 `json:"welch_se"`
		WelchP     float64 `json:"welch_p"`
	}
	var want struct {
		Assigned   map[string]float64
		SRM        float64 `json:"srm_p"`
		Over, Seen map[string]result
	}
	if err := json.Unmarshal([]byte(readFile(t, filepath.Join("..", "..", "testdata", "oracle"), "abtest.json")), &want); err != nil {
		t.Fatal(err)
	}
	out := t.TempDir()
	mustCLI(t, "run", "-q", "-c", filepath.Join("..", "..", "testdata", "examples", "abtest", "audit.yaml"), "--only", "experiments", "--out", out)
	var rows []struct {
		Outcome    string
		N          float64
		NReference float64 `json:"n_reference"`
		Assigned   float64
		AssignedR  float64 `json:"assigned_reference"`
		Mean       float64
		Reference  float64 `json:"mean_reference"`
		Effect     float64
		WelchSE    float64 `json:"welch_std_error"`
		WelchP     float64 `json:"welch_p_value"`
		SRM        float64 `json:"srm_p_value"`
		Observed   float64 `json:"observed_effect"`
		Arm        string
		ReferenceA string `json:"reference_arm"`
	}
	text := mustCLI(t, "sql", "--db", filepath.Join(out, databaseName), "--format", "json", "SELECT * FROM analytics.experiments ORDER BY outcome")
	if err := json.Unmarshal([]byte(text), &rows); err != nil {
		t.Fatal(err)
	}
	near := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-9*math.Max(1, math.Abs(want)) {
			t.Errorf("%s: got %v, want %v", what, got, want)
		}
	}
	seen := 0
	for _, r := range rows {
		if r.Arm != "test" || r.ReferenceA != "control" {
			t.Errorf("%s against %s: who is not in the test stays out", r.Arm, r.ReferenceA)
		}
		near("assigned", r.Assigned, want.Assigned["test"])
		near("assigned to control", r.AssignedR, want.Assigned["control"])
		near("sample ratio", r.SRM, want.SRM)
		w, ok := want.Over[r.Outcome]
		if !ok {
			continue
		}
		seen++
		near(r.Outcome+" n", r.N, w.N)
		near(r.Outcome+" n of control", r.NReference, w.NReference)
		near(r.Outcome+" mean", r.Mean, w.Mean)
		near(r.Outcome+" mean of control", r.Reference, w.Reference)
		near(r.Outcome+" effect", r.Effect, w.Mean-w.Reference)
		near(r.Outcome+" Welch", r.WelchSE, w.WelchSE)
		near(r.Outcome+" p of Welch", r.WelchP, w.WelchP)
		if all, ok := want.Seen[r.Outcome]; ok {
			near(r.Outcome+" of all assigned", r.Observed, all.Mean-all.Reference)
		}
	}
	if seen != len(want.Over) {
		t.Errorf("%d of %d outcomes", seen, len(want.Over))
	}
	if page := readFile(t, out, "report.html"); !strings.Contains(page, `id="experiments"`) {
		t.Error("the page has no experiments")
	}
}

// Shares and outcomes of experiments are checked with their place in the file.
func TestExperimentConfig(t *testing.T) {
	t.Parallel()
	const head = "version: 1\nperiod: {from: 2026-07-01, to: 2026-10-01}\nsources: {events: [{path: e.csv}]}\n"
	for text, want := range map[string]string{
		"experiments: [{id: x, shares: {a: 0, b: 1}}]":                        "not a share",
		"experiments: [{id: x, shares: {a: 1}}]":                              "one arm only",
		"experiments: [{id: x, reference: c, shares: {a: 1, b: 1}}]":          `"c" has no share`,
		"experiments: [{id: x, outcomes: [\"\"]}]":                            "an outcome is empty",
		"experiments: [{id: x, reference: a, shares: {a: 1, b: 9}}]":          "",
		"experiments: [{id: x, outcomes: [visit, revenue], within_days: 14}]": "",
	} {
		_, err := parseConfig("audit.yaml", []byte(head+text+"\n"))
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", text, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "audit.yaml:4")):
			t.Errorf("%s: %v, want %q with the line", text, err, want)
		}
	}
}
