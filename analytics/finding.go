package analytics

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"strings"

	"crmaudit/analytics/suffstat"
)

// Severity orders findings for a reader; it is not a probability.
type Severity string

// The severities, worst first.
const (
	Critical Severity = "critical" // money or customers are being lost now
	Warning  Severity = "warning"  // worth a decision this quarter
	Notice   Severity = "notice"   // worth knowing
)

// Verdict is the three-way answer of every comparison (statistics 0.3), plus the floor. "Not significant" is never "no difference".
type Verdict string

// The verdicts.
const (
	Different        Verdict = "different"
	Equivalent       Verdict = "equivalent"
	Inconclusive     Verdict = "inconclusive"
	InsufficientData Verdict = "insufficient_data"
)

// Grade of evidence, as in the contract of a hypothesis.
type Grade string

// The grades: only A and B earn a causal word.
const (
	GradeRandomized      Grade = "A"
	GradeQuasiExperiment Grade = "B"
	GradeAdjusted        Grade = "C"
	GradeStructural      Grade = "D" // no effect claimed beyond cost saved
)

// Value is one named number or name of a finding, for the texts and for the tables. Exactly one of Estimate and Text is set.
type Value struct {
	Name     string
	Estimate *suffstat.Estimate
	Text     string
}

// Finding is one checked statement about the CRM. It carries no prose: the report renders Kind, Subject and Values in both languages from
// its texts, so that a decider never depends on a language.
type Finding struct {
	Block       string // package = schema = report section: "lifecycle"
	Kind        string // the contract's list: "bottleneck", "loss_point", ...
	SubjectType string // "stage", "transition", "scenario", "segment", ...
	Subject     string // the user's own name of it: "at_risk", "active->lost"
	Severity    Severity
	Verdict     Verdict
	Statistic   *float64
	PValue      *float64
	QValue      *float64
	Exploratory bool // did not pass the false-discovery threshold
	Values      []Value
	EvidenceSQL string // read-only SQL on audit.duckdb that returns the numbers of Values
	// Opportunity is set when the finding can become a hypothesis.
	Opportunity *Opportunity
}

// ID is stable across runs and quarters: it depends on block, kind and subject only.
func (f Finding) ID() string { return StableID("F", f.Block, f.Kind, f.SubjectType, f.Subject) }

// Number returns the named estimate.
func (f Finding) Number(name string) (suffstat.Estimate, bool) {
	for _, v := range f.Values {
		if v.Name == name && v.Estimate != nil {
			return *v.Estimate, true
		}
	}
	return suffstat.Estimate{}, false
}

// Text returns the named text.
func (f Finding) Text(name string) string {
	for _, v := range f.Values {
		if v.Name == name {
			return v.Text
		}
	}
	return ""
}

// StableID hashes parts into prefix-xxxxxxxxxxxx. The parts are length-prefixed, so ("a","bc") differs from ("ab","c").
func StableID(prefix string, parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		fmt.Fprintf(&b, "%d:%s", len(p), p)
	}
	sum := sha256.Sum256([]byte(b.String()))
	return prefix + "-" + hex.EncodeToString(sum[:6])
}

// Opportunity is what a block knows about acting on a finding; analytics/backlog turns it into a hypothesis.
type Opportunity struct {
	Metric     string             // "transition_rate", "orders_per_customer", ...
	Unit       string             // unit of Baseline and Effect: "share", "RUB"
	Baseline   suffstat.Estimate  // today's value of Metric
	Population int64              // customers reachable per quarter
	Effect     *suffstat.Estimate // expected change of Metric with a 90 % interval; nil when no design earns one
	Money      *suffstat.Estimate // expected money per quarter, currency units, 90 %; nil when Effect is nil
	Stake      *suffstat.Estimate // money per quarter that one smallest meaningful step of Metric is worth: what is at stake, not an expected effect
	Step       float64            // that step, in Unit (for the sample size)
	Grade      Grade
	Threat     string // key of the main threat to validity in the texts: "structural_only", ...
	TestDesign string // key: "ab", "holdout", "cap_test", "sequence_test"
	Guardrails []string
	Effort     int   // 1 (a setting) .. 5 (a project)
	WeeklyFlow int64 // eligible customers entering per week, for the test's duration
	// HoldoutShare is the share of customers to hold back in a test by hold-out; 0 is 10 %.
	HoldoutShare float64
	// OutcomeDays is how long a customer is watched for the outcome; 0 is one step of the life cycle.
	OutcomeDays int
	Goal        string
	// Problem names the customers' problem when it is not that of the finding's subject ("scenario:may_offer" of an experiment on that scenario): hypotheses with one problem are counted once.
	Problem string
}

// Coverage says what a block could and could not answer and which data would.
type Coverage struct {
	Block   string
	Input   string // "messages", "enrolments", ...
	Present bool
	Answers string // key of the text: what this input answers
	Note    string // key of the text or free words: what is missing, derived or truncated
}

// Finite tells whether a number may be written to a table.
func Finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
