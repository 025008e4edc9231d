package analytics

import (
	"context"
	"fmt"
	"math"
)

// Reader fetches the reduced tables of one block and keeps the first mistake, so that a Load reads as the list of tables that it is. Blocks embed it in what they
// need beside.
type Reader struct {
	ctx    context.Context
	src    Source
	prefix string
	err    error
}

// NewReader reads the tables whose names begin with prefix, such as "scenarios.red_".
func NewReader(ctx context.Context, src Source, prefix string) *Reader {
	return &Reader{ctx: ctx, src: src, prefix: prefix}
}

// Fetch returns the table prefix + name, or nil when it, or anything before it, could not be read.
func (r *Reader) Fetch(name string) *Frame {
	if r.err != nil {
		return nil
	}
	f, err := r.src.Fetch(r.ctx, r.prefix+name)
	if err != nil {
		r.err = fmt.Errorf("load %s: %w", r.prefix+name, err)
		return nil
	}
	return f
}

// Within returns a column of places, each of 0..limit-1: buckets, hours, bins. Anything else is a mistake.
func (r *Reader) Within(f *Frame, column string, limit int) []int {
	out := make([]int, f.Len())
	for i, x := range f.Int64(column) {
		if x < 0 || x >= int64(limit) {
			r.Fail("load %s: %s is %d, not in 0..%d", f.Table(), column, x, limit-1)
			return out
		}
		out[i] = int(x)
	}
	return out
}

// Counts returns a column of counts: not negative, and so small that a few may be added without overflow. Anything else is a mistake.
func (r *Reader) Counts(f *Frame, column string) []int64 {
	out := f.Int64(column)
	for _, n := range out {
		if n < 0 || n > math.MaxInt64/4 {
			r.Fail("load %s: %s is %d, not a count", f.Table(), column, n)
			return out
		}
	}
	return out
}

// Fail notes a mistake; the first one counts.
func (r *Reader) Fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
}

// Err is the first mistake, nil when there is none.
func (r *Reader) Err() error { return r.err }
