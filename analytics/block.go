package analytics

import (
	"context"
	"time"
)

// Block is one audit block. Adding one means: a package with Load, Fit and Findings, a folder under queries, a section of the report, and
// one line in the list of cmd/crmaudit/blocks.go.
type Block struct {
	Name string // last part of the package; "block" of the models in queries that are its own
	// Schema is where its models and tables live; "" means a schema of the same name.
	Schema string
	// Config holds the core.cfg_* tables that the block's models read; written before the models run.
	Config []Table
	// Macros are generated scalar macros that the block's models call, created with the prelude.
	Macros []Macro
	// Params are the $name parameters of the block's models.
	Params map[string]any
	// Run does Load (I/O on src), Fit (pure) and Findings (pure).
	Run func(ctx context.Context, src Source, s Settings) (*Result, error)
}

// In tells the schema of the block's tables.
func (b Block) In() string {
	if b.Schema != "" {
		return b.Schema
	}
	return b.Name
}

// Settings is the part of audit.yaml that every block may need.
type Settings struct {
	From, To     time.Time // the audited period, business zone midnights
	Grain        string    // day, week, month, quarter, year
	Currency     string
	Margin       float64 // share of revenue
	MessageCost  map[string]float64
	FDR          float64 // q of the confirmed list
	Level        float64 // interval level of expected effects, 0.90
	MinCustomers int64
	Equivalence  map[string]float64 // metric -> smallest effect of interest
	Goals        map[string][]string
	Seed         uint64
	Inputs       map[string]bool // which inputs the user gave
}

// Result is what a block hands back.
type Result struct {
	Tables   []Table
	Findings []Finding
	Coverage []Coverage
	// Then, when set, is the second half of the block: it is called when the models that read Tables (views and reduced tables over results) have
	// been built, with a Source that hands out their red_ tables. Its Tables must not be read by a model.
	Then func(ctx context.Context, src Source) (*Result, error)
}

// Table is one result table to be written: rows in the order of the table's grain, values in the order of Columns. A value is nil, bool,
// int64, float64, string or time.Time (UTC date); a float that is NaN or infinite is an error of the writer, never a NULL.
type Table struct {
	Name    string
	Columns []string
	Rows    [][]any
}

// Macro is a scalar SQL macro generated from checked configuration (never from raw user text): CREATE MACRO Name(Params) AS Body.
type Macro struct {
	Name   string
	Params []string
	Body   string
}
