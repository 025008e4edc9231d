package triggers

import (
	"context"
	"fmt"

	"crmaudit/analytics"
)

// Buckets is the number of customer buckets of every reduced table.
const Buckets = 100

// Counts holds the reduced tables.
type Counts struct {
	Cases   []CaseRow
	Latency []LatencyRow
}

// CaseRow counts cases of the rule at Position (1 = first). Firsts counts those that are the first case of their customer under the rule, open cases apart.
type CaseRow struct {
	Position       int
	Week           int64 // days since 1970-01-01 of the Monday
	Owner, Outcome string
	Bucket         int
	N, Firsts      int64
}

// LatencyRow counts answered cases by seconds to the answer.
type LatencyRow struct {
	Position int
	Channel  string
	Seconds  int64
	Bucket   int
	N        int64
}

// Load fetches the reduced tables of the block; it decides nothing.
func Load(ctx context.Context, src analytics.Source) (*Counts, error) {
	cases, err := src.Fetch(ctx, "scenarios.red_triggers")
	if err != nil {
		return nil, fmt.Errorf("load trigger cases: %w", err)
	}
	latency, err := src.Fetch(ctx, "scenarios.red_trigger_latency")
	if err != nil {
		return nil, fmt.Errorf("load trigger latencies: %w", err)
	}
	c := &Counts{}
	{
		p, w, o, x, b, n, f := cases.Int64("position"), cases.Int64("week_start_day"), cases.String("owner"), cases.String("outcome"), cases.Int64("bucket"), cases.Int64("n"), cases.Int64("firsts")
		for i := range p {
			if b[i] < 0 || b[i] >= Buckets {
				return nil, fmt.Errorf("load trigger cases: bucket %d is not in 0..%d", b[i], Buckets-1)
			}
			c.Cases = append(c.Cases, CaseRow{int(p[i]), w[i], o[i], x[i], int(b[i]), n[i], f[i]})
		}
	}
	p, ch, s, b, n := latency.Int64("position"), latency.String("channel"), latency.Int64("latency"), latency.Int64("bucket"), latency.Int64("n")
	for i := range p {
		if b[i] < 0 || b[i] >= Buckets {
			return nil, fmt.Errorf("load trigger latencies: bucket %d is not in 0..%d", b[i], Buckets-1)
		}
		c.Latency = append(c.Latency, LatencyRow{int(p[i]), ch[i], s[i], int(b[i]), n[i]})
	}
	return c, nil
}
