package segments

import (
	"context"
	"fmt"

	"crmaudit/analytics"
)

// Buckets is the number of customer buckets of every reduced table.
const Buckets = 100

// Counts holds the reduced tables. Key 0 stands for the whole base.
type Counts struct {
	Names    []Name
	Usage    []Usage
	Sizes    []SizeRow
	Members  []MemberRow
	Flows    []FlowRow
	Dwell    []DwellRow
	Outcomes []OutcomeRow
	Stale    []StaleRow
}

// Name is a segment and what its memberships say of time. Position is 0 when audit.yaml does not define it.
type Name struct {
	Key                       int64
	ID, Name                  string
	Position                  int64
	HasRule                   bool
	Memberships, Begun, Ended int64
	Lists                     int64 // days of dated lists
}

// Usage is one scenario that is declared to use a segment.
type Usage struct {
	Segment, Scenario string
	Active            bool
}

// SizeRow is the size and movement of a segment in one bucket of customers; see segments.red_segments.
type SizeRow struct {
	Key, Bucket                                                             int64
	Members, Begun, AtRisk, Leaves, Entries, Watched, Stayed, Changes, Kept int64
}

// MemberRow is what happens to a segment at the end of one period.
type MemberRow struct {
	Key, Period   int64
	Start         string // first day of the period
	Entered, Gone int64
}

// FlowRow counts moves; To 0 is into none.
type FlowRow struct{ From, To, N int64 }

// DwellRow is one class of age of the life table; see segments.red_dwell.
type DwellRow struct{ Key, Age, Bucket, Entered, Ended, Lost int64 }

// OutcomeRow counts members of a day and the orderers among them.
type OutcomeRow struct{ Key, Stage, Bucket, Days, N, Ordered int64 }

// StaleRow counts members whom the segment's own rule takes.
type StaleRow struct{ Key, Bucket, Members, Fitting int64 }

// Load fetches the reduced tables of the block; it decides nothing.
func Load(ctx context.Context, src analytics.Source) (*Counts, error) {
	c := &Counts{}
	var failed error
	fetch := func(table string, columns ...string) (*analytics.Frame, [][]int64) {
		if failed != nil {
			return nil, nil
		}
		f, err := src.Fetch(ctx, table)
		if err != nil {
			failed = fmt.Errorf("load segments: %w", err)
			return nil, nil
		}
		out := make([][]int64, len(columns))
		for i, name := range columns {
			out[i] = f.Int64(name)
			if name != "bucket" {
				continue
			}
			for _, b := range out[i] {
				if b < 0 || b >= Buckets {
					failed = fmt.Errorf("load segments: %s: bucket %d is not in 0..%d", table, b, Buckets-1)
					return nil, nil
				}
			}
		}
		return f, out
	}
	if f, x := fetch("segments.red_names", "gk", "position", "memberships", "begun", "ended", "lists"); f != nil {
		id, name, rule := f.String("segment_id"), f.String("name"), f.Bool("has_rule")
		defined := f.Valid("position")
		for i := range id {
			n := Name{Key: x[0][i], ID: id[i], Name: name[i], HasRule: rule[i], Memberships: x[2][i], Begun: x[3][i], Ended: x[4][i], Lists: x[5][i]}
			if defined[i] {
				n.Position = x[1][i]
			}
			c.Names = append(c.Names, n)
		}
	}
	if f, _ := fetch("segments.red_usage"); f != nil {
		segment, scenario, active := f.String("segment_id"), f.String("scenario_id"), f.Bool("active")
		for i := range segment {
			c.Usage = append(c.Usage, Usage{segment[i], scenario[i], active[i]})
		}
	}
	if f, x := fetch("segments.red_segments", "gk", "bucket", "members", "begun", "at_risk", "leaves", "entries", "watched", "stayed", "changes", "kept"); f != nil {
		for i := range x[0] {
			c.Sizes = append(c.Sizes, SizeRow{x[0][i], x[1][i], x[2][i], x[3][i], x[4][i], x[5][i], x[6][i], x[7][i], x[8][i], x[9][i], x[10][i]})
		}
	}
	if f, x := fetch("segments.red_members", "gk", "period", "entered", "gone"); f != nil {
		start := f.String("period_start")
		for i := range x[0] {
			c.Members = append(c.Members, MemberRow{x[0][i], x[1][i], start[i], x[2][i], x[3][i]})
		}
	}
	if f, x := fetch("segments.red_flows", "from_gk", "to_gk", "n"); f != nil {
		for i := range x[0] {
			c.Flows = append(c.Flows, FlowRow{x[0][i], x[1][i], x[2][i]})
		}
	}
	if f, x := fetch("segments.red_dwell", "gk", "age", "bucket", "entered", "ended", "lost"); f != nil {
		for i := range x[0] {
			c.Dwell = append(c.Dwell, DwellRow{x[0][i], x[1][i], x[2][i], x[3][i], x[4][i], x[5][i]})
		}
	}
	if f, x := fetch("segments.red_outcomes", "gk", "st", "bucket", "days", "n", "ordered"); f != nil {
		for i := range x[0] {
			c.Outcomes = append(c.Outcomes, OutcomeRow{x[0][i], x[1][i], x[2][i], x[3][i], x[4][i], x[5][i]})
		}
	}
	if f, x := fetch("segments.red_stale", "gk", "bucket", "members", "fitting"); f != nil {
		for i := range x[0] {
			c.Stale = append(c.Stale, StaleRow{x[0][i], x[1][i], x[2][i], x[3][i]})
		}
	}
	return c, failed
}
