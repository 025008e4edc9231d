package rhythm

import (
	"context"

	"crmaudit/analytics"
)

// Buckets is the number of customer buckets of every reduced table; Parts the number of groups of five of them.
const (
	Buckets = 100
	Parts   = 20
)

// logUnit is one in the whole numbers that logarithms are reduced to.
const logUnit = 4096

// wholeCustomer is the weight of one customer in the gap curve, divisible by 1 to 16.
const wholeCustomer = 720720

// Counts holds the reduced tables of the block.
type Counts struct {
	Gaps      []GapRow
	Pauses    []PauseRow
	Curve     []CurveRow
	Shapes    []ShapeRow
	Hours     []HourRow
	MonthDays []MonthDayRow
	Habits    []HabitRow
	Responses []ResponseRow
	Segments  []SegmentRow
	Days      int64 // from the first order day to the end of the data
}

// GapRow sums the logarithms of the completed pauses of customers with the same number of them, in one bucket.
type GapRow struct {
	Gaps, Bucket       int
	Customers, SumGaps int64
	SumLog             float64 // ln days
	Between, Within    float64 // ln days^2: sum of (sum of logarithms)^2 / pauses; squared distances from the own mean
	Clumpiness         float64
	Paired, Pairs      int64   // customers with pauses to compare; pauses in the later half
	LaterLessEarlier   float64 // ln days
}

// PauseRow counts pauses of customers of one part, by what was known of their rhythm when the pause began.
type PauseRow struct {
	Part              int
	Class             int // pauses before, as red_rhythm_pauses.gap_class has them
	Completed         bool
	Pauses, SumGaps   int64
	MeanLog, PauseLog float64 // ln days, means over the cell: of the pauses before, of the pause (or of what of it is over)
	meanBin, pauseBin int64
}

// SegmentRow sums the later half of pauses minus the earlier half of the members of a segment.
type SegmentRow struct {
	Segment          string
	Bucket           int
	Customers, Pairs int64
	Moved            int64   // members whose membership began after the first order or has ended
	LaterLessEarlier float64 // ln days
}

// CurveRow counts pauses of one length.
type CurveRow struct {
	Days, Bucket       int
	Completed, Open    int64
	Weight, OpenWeight int64
}

// ShapeRow counts customers with three pauses and more.
type ShapeRow struct {
	Cell
	Bucket    int
	Customers int64
}

// Cell is a step of the mean logarithm (1/8) and of the logarithm of the coefficient of variation (1/4); -1, -1 for customers with fewer than three pauses.
type Cell struct{ Mean, CV int }

// HourRow counts order days.
type HourRow struct {
	Weekday, Hour, Bucket int
	Orders, Sharp         int64
}

// MonthDayRow counts order days.
type MonthDayRow struct {
	Length, Day, Bucket int
	Orders              int64
}

// HabitRow says how far customers keep to a weekday or an hour of their own.
type HabitRow struct {
	Cycle     string
	Bucket    int
	Customers int64
	Same      int64 // millionths
}

// ResponseRow counts messages and their clicks.
type ResponseRow struct {
	Kind string
	Cell
	Bucket                        int
	Customers, Delivered, Clicked int64
	Sampled                       bool
}

// Load fetches the reduced tables. It decides nothing.
func Load(ctx context.Context, src analytics.Source) (*Counts, error) {
	l := analytics.NewReader(ctx, src, "analytics.red_")
	c := &Counts{}
	if f := l.Fetch("rhythm_gaps"); f != nil {
		gaps, bucket, n, sum := l.Within(f, "gaps", 201), l.Within(f, "bucket", Buckets), l.Counts(f, "customers"), l.Counts(f, "sum_gaps")
		log, between, within, clump := f.Int64("sum_log"), f.Int64("between_sum"), f.Int64("within_sum"), f.Int64("clumpiness")
		paired, pairs, later := l.Counts(f, "paired"), l.Counts(f, "pairs"), f.Int64("later_less_earlier")
		for i := range gaps {
			c.Gaps = append(c.Gaps, GapRow{
				Gaps: gaps[i], Bucket: bucket[i], Customers: n[i], SumGaps: sum[i], SumLog: float64(log[i]) / logUnit, Between: float64(between[i]) / logUnit / logUnit,
				Within: float64(within[i]) / logUnit / logUnit, Clumpiness: float64(clump[i]) / 10000, Paired: paired[i], Pairs: pairs[i], LaterLessEarlier: float64(later[i]) / logUnit,
			})
		}
	}
	if f := l.Fetch("rhythm_pauses"); f != nil {
		part, class, mean, pause, done := l.Within(f, "part", Parts), l.Within(f, "gap_class", 13), f.Int64("mean_bin"), f.Int64("pause_bin"), f.Bool("completed")
		n, gaps, sumMean, sumPause := l.Counts(f, "customers"), l.Counts(f, "sum_gaps"), f.Int64("sum_mean"), f.Int64("sum_pause")
		for i := range part {
			if n[i] == 0 {
				continue
			}
			k := float64(n[i]) * logUnit
			c.Pauses = append(c.Pauses, PauseRow{part[i], class[i], done[i], n[i], gaps[i], float64(sumMean[i]) / k, float64(sumPause[i]) / k, mean[i], pause[i]})
		}
	}
	if f := l.Fetch("rhythm_segments"); f != nil {
		segment, bucket, n, pairs, later := f.String("segment_id"), l.Within(f, "bucket", Buckets), l.Counts(f, "customers"), l.Counts(f, "pairs"), f.Int64("later_less_earlier")
		moved := l.Counts(f, "moved")
		for i := range segment {
			c.Segments = append(c.Segments, SegmentRow{segment[i], bucket[i], n[i], pairs[i], moved[i], float64(later[i]) / logUnit})
		}
	}
	if f := l.Fetch("gap_curve"); f != nil {
		days, bucket := l.Within(f, "days", maxDays+1), l.Within(f, "bucket", Buckets)
		done, open, weight, openWeight := l.Counts(f, "completed"), l.Counts(f, "open"), l.Counts(f, "weight"), l.Counts(f, "open_weight")
		for i := range days {
			c.Curve = append(c.Curve, CurveRow{days[i], bucket[i], done[i], open[i], weight[i], openWeight[i]})
		}
	}
	if f := l.Fetch("rhythm_shapes"); f != nil {
		mean, cv, bucket, n := l.Within(f, "mean_bin", meanBins), l.Within(f, "cv_bin", cvBins), l.Within(f, "bucket", Buckets), l.Counts(f, "customers")
		for i := range mean {
			c.Shapes = append(c.Shapes, ShapeRow{Cell{mean[i], cv[i]}, bucket[i], n[i]})
		}
	}
	if f := l.Fetch("order_hours"); f != nil {
		day, hour, bucket, n, sharp := l.Within(f, "weekday", 8), l.Within(f, "hour", 24), l.Within(f, "bucket", Buckets), l.Counts(f, "orders"), l.Counts(f, "sharp")
		for i := range day {
			c.Hours = append(c.Hours, HourRow{day[i], hour[i], bucket[i], n[i], sharp[i]})
		}
	}
	if f := l.Fetch("order_month_days"); f != nil {
		length, day, bucket, n := l.Within(f, "month_length", 32), l.Within(f, "month_day", 32), l.Within(f, "bucket", Buckets), l.Counts(f, "orders")
		for i := range day {
			c.MonthDays = append(c.MonthDays, MonthDayRow{length[i], day[i], bucket[i], n[i]})
		}
	}
	if f := l.Fetch("order_habits"); f != nil {
		cycle, bucket, n, same := f.String("cycle"), l.Within(f, "bucket", Buckets), l.Counts(f, "customers"), l.Counts(f, "same")
		for i := range cycle {
			c.Habits = append(c.Habits, HabitRow{cycle[i], bucket[i], n[i], same[i]})
		}
	}
	if f := l.Fetch("rhythm_responses"); f != nil {
		kind, mean, cv, bucket := f.String("kind"), f.Int64("mean_bin"), f.Int64("cv_bin"), l.Within(f, "bucket", Buckets)
		n, delivered, clicked, sampled := l.Counts(f, "customers"), l.Counts(f, "delivered"), l.Counts(f, "clicked"), f.Bool("sampled")
		for i := range kind {
			c.Responses = append(c.Responses, ResponseRow{kind[i], Cell{int(mean[i]), int(cv[i])}, bucket[i], n[i], delivered[i], clicked[i], sampled[i]})
		}
	}
	if f := l.Fetch("rhythm_span"); f != nil && f.Len() > 0 {
		c.Days = f.Int64("end_day")[0] - f.Int64("first_day")[0]
	}
	return c, l.Err()
}

// LoadOverlaps fetches the cells of the candidates, when the model of Candidates has been built.
func LoadOverlaps(ctx context.Context, src analytics.Source) ([]OverlapRow, error) {
	l := analytics.NewReader(ctx, src, "analytics.red_")
	var out []OverlapRow
	if f := l.Fetch("rhythm_overlaps"); f != nil {
		cell, bucket, n, pairs, later := l.Within(f, "cell", 1<<mostCandidates), l.Within(f, "bucket", Buckets), l.Counts(f, "customers"), l.Counts(f, "pairs"), f.Int64("later_less_earlier")
		for i := range cell {
			out = append(out, OverlapRow{int64(cell[i]), bucket[i], n[i], pairs[i], float64(later[i]) / logUnit})
		}
	}
	return out, l.Err()
}
