package analytics_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"crmaudit/analytics"
	"crmaudit/analytics/analyticstest"
)

func TestReader(t *testing.T) {
	src := analyticstest.Tables(t, map[string]string{
		"s.red_good": "bucket:int64,n:int64\n0,3\n99,0\n",
		"s.red_far":  "bucket:int64,n:int64\n100,3\n",
		"s.red_less": "bucket:int64,n:int64\n-1,-3\n",
		"s.red_huge": "bucket:int64,n:int64\n1," + strconv.FormatInt(math.MaxInt64/2, 10) + "\n",
	})
	r := analytics.NewReader(context.Background(), src, "s.red_")
	f := r.Fetch("good")
	if got := r.Within(f, "bucket", 100); !slices.Equal(got, []int{0, 99}) {
		t.Errorf("buckets %v", got)
	}
	if got := r.Counts(f, "n"); !slices.Equal(got, []int64{3, 0}) || r.Err() != nil {
		t.Errorf("counts %v, %v", got, r.Err())
	}
	for _, c := range []struct {
		table string
		read  func(r *analytics.Reader, f *analytics.Frame)
		want  string
	}{
		{"far", func(r *analytics.Reader, f *analytics.Frame) { r.Within(f, "bucket", 100) }, "load s.red_far: bucket is 100, not in 0..99"},
		{"less", func(r *analytics.Reader, f *analytics.Frame) { r.Within(f, "bucket", 100) }, "load s.red_less: bucket is -1, not in 0..99"},
		{"less", func(r *analytics.Reader, f *analytics.Frame) { r.Counts(f, "n") }, "load s.red_less: n is -3, not a count"},
		{"huge", func(r *analytics.Reader, f *analytics.Frame) { r.Counts(f, "n") }, "not a count"},
	} {
		r := analytics.NewReader(context.Background(), src, "s.red_")
		c.read(r, r.Fetch(c.table))
		if r.Err() == nil || !strings.Contains(r.Err().Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.table, r.Err(), c.want)
		}
		first := r.Err()
		r.Fail("another")
		if r.Fetch("good") != nil || !errors.Is(r.Err(), first) {
			t.Errorf("%s: goes on after a mistake", c.table)
		}
	}
	if r.Fetch("absent") != nil || r.Err() == nil || !strings.Contains(r.Err().Error(), "load s.red_absent") {
		t.Errorf("absent: %v", r.Err())
	}
}
