package scenarios

import (
	"context"

	"crmaudit/analytics"
)

// Buckets is the number of customer buckets; some reduced tables fold them to fewer, which then are the first ones.
const Buckets = 100

// Counts is everything that Fit reads: integer sums by scenario and customer bucket. Load fills it; tests make it by hand.
type Counts struct {
	Scenarios []ScenarioRow
	Channels  []ChannelRow
	Orders    []OrderRow
	Entries   []EntryRow
	Reasons   []ReasonRow
	Exits     []ExitRow
	Handovers []HandoverRow
	Stages    []StageRow
	Base      []BaseRow
	Steps     []StepRow
	Gaps      []GapRow
	Depths    []DepthRow
	Rhythm    []RhythmRow
	Sends     []SendRow
}

// ScenarioRow is one scenario known from anywhere. Days are days since 1970-01-01; Alive tells that there are any.
type ScenarioRow struct {
	ID                                string
	Defined, Enrolled, Messaged, Bulk bool
	FirstDay, LastDay                 int64
	Alive                             bool
	ReversedExits                     int64
	MergedEntries                     int64 // enrolments that run into an earlier one of the same customer
}

// ChannelRow counts the messages of a scenario in one channel.
type ChannelRow struct {
	ID, Channel                                                                                           string
	Messages, Bulk, Transactional, Delivered, Opened, Clicked, Bounced, Unsubscribed, Complained, NotSent int64
}

// OrderRow counts the orders placed while customers were active in a scenario; revenue in minor currency units.
type OrderRow struct {
	ID            string
	Orders, Minor int64
}

// EntryRow counts the entries of one bucket of customers.
type EntryRow struct {
	ID                                                                          string
	Bucket                                                                      int64
	Customers, Entries, Reentries, Controls, RecordedExits, Derived, ActiveSecs int64
	StageKnown, StageChanged, AfterOrder                                        int64
}

// ReasonRow counts how entries ended.
type ReasonRow struct {
	ID, Ended, Reason string
	N                 int64
}

// ExitRow counts exits by what came first after them. Buckets are folded to 50.
type ExitRow struct {
	ID, Stage, Outcome string
	Age, Bucket, N     int64
}

// HandoverRow counts exits of From and those that To followed; To is empty for any chain. Buckets are folded to 25.
type HandoverRow struct {
	From, To                       string
	Bucket, Exits, Followed, First int64
}

// StageRow counts entries by the stage in force.
type StageRow struct {
	ID, Stage                                               string
	Bucket, Entries, Entrants, FirstEntries, Targeted, Days int64
}

// BaseRow counts the customers of the panel; Stage is empty for all.
type BaseRow struct {
	Stage                   string
	Bucket, Customers, Days int64
}

// StepRow counts the messages of a step.
type StepRow struct {
	ID, Step                                                string
	Position                                                int64
	Defined, Given                                          bool
	Bucket, Messages, Entries, Finished, Customers, Clicked int64
}

// GapRow counts messages of a step by the hours since the message before. Buckets are folded to 50.
type GapRow struct {
	ID                         string
	Position, Hours, Bucket, N int64
}

// DepthRow counts finished entries by the furthest step.
type DepthRow struct {
	ID, Ended       string
	Last, Bucket, N int64
}

// RhythmRow counts messages by the place in the receiver's rhythm. Buckets are folded to 50.
type RhythmRow struct {
	ID, Stage                            string
	Own                                  bool
	Position, Bin, Bucket, Sent, Clicked int64
}

// SendRow counts the messages of a step in one channel; Reason is empty for sent ones.
type SendRow struct {
	ID, Step, Channel, Reason string
	N                         int64
}

// Load fetches the reduced tables.
func Load(ctx context.Context, src analytics.Source) (*Counts, error) {
	c := &Counts{}
	for _, t := range []struct {
		name string
		read func(*analytics.Frame)
	}{
		{"red_scenarios", c.readScenarios}, {"red_scenario_channels", c.readChannels}, {"red_scenario_orders", c.readOrders}, {"red_entries", c.readEntries},
		{"red_exit_reasons", c.readReasons}, {"red_exits", c.readExits}, {"red_handovers", c.readHandovers}, {"red_scenario_stages", c.readStages},
		{"red_stage_base", c.readBase}, {"red_steps", c.readSteps}, {"red_step_gaps", c.readGaps}, {"red_step_depth", c.readDepths}, {"red_rhythm", c.readRhythm},
		{"red_step_channels", c.readSends},
	} {
		f, err := src.Fetch(ctx, "scenarios."+t.name)
		if err != nil {
			return nil, err
		}
		t.read(f)
	}
	return c, nil
}

func (c *Counts) readScenarios(f *analytics.Frame) {
	merged := f.Int64("merged_entries")
	id, first, last, alive, reversed := f.String("scenario_id"), f.Int64("first_day"), f.Int64("last_day"), f.Valid("first_day"), f.Int64("reversed_exits")
	defined, enrolled, messaged, bulk := f.Bool("defined"), f.Bool("enrolled"), f.Bool("messaged"), f.Bool("bulk")
	for i := range id {
		c.Scenarios = append(c.Scenarios, ScenarioRow{id[i], defined[i], enrolled[i], messaged[i], bulk[i], first[i], last[i], alive[i], reversed[i], merged[i]})
	}
}

func (c *Counts) readChannels(f *analytics.Frame) {
	id, channel := f.String("scenario_id"), f.String("channel")
	n := columns(f, "messages", "bulk", "transactional", "delivered", "opened", "clicked", "bounced", "unsubscribed", "complained", "not_sent")
	for i := range id {
		c.Channels = append(c.Channels, ChannelRow{id[i], channel[i], n[0][i], n[1][i], n[2][i], n[3][i], n[4][i], n[5][i], n[6][i], n[7][i], n[8][i], n[9][i]})
	}
}

func (c *Counts) readOrders(f *analytics.Frame) {
	id, n := f.String("scenario_id"), columns(f, "orders", "revenue_minor")
	for i := range id {
		c.Orders = append(c.Orders, OrderRow{id[i], n[0][i], n[1][i]})
	}
}

func (c *Counts) readEntries(f *analytics.Frame) {
	id := f.String("scenario_id")
	n := columns(f, "bucket", "customers", "entries", "reentries", "controls", "recorded_exits", "derived", "active_seconds", "stage_known", "stage_changed", "after_order")
	for i := range id {
		c.Entries = append(c.Entries, EntryRow{id[i], n[0][i], n[1][i], n[2][i], n[3][i], n[4][i], n[5][i], n[6][i], n[7][i], n[8][i], n[9][i], n[10][i]})
	}
}

func (c *Counts) readReasons(f *analytics.Frame) {
	id, ended, reason, n := f.String("scenario_id"), f.String("ended"), f.String("reason"), f.Int64("n")
	for i := range id {
		c.Reasons = append(c.Reasons, ReasonRow{id[i], ended[i], reason[i], n[i]})
	}
}

func (c *Counts) readExits(f *analytics.Frame) {
	id, stage, outcome, n := f.String("scenario_id"), f.String("stage"), f.String("outcome"), columns(f, "age", "bucket", "n")
	for i := range id {
		c.Exits = append(c.Exits, ExitRow{id[i], stage[i], outcome[i], n[0][i], n[1][i], n[2][i]})
	}
}

func (c *Counts) readHandovers(f *analytics.Frame) {
	from, to, n := f.String("from_scenario"), f.String("to_scenario"), columns(f, "bucket", "exits", "followed", "first")
	for i := range from {
		c.Handovers = append(c.Handovers, HandoverRow{from[i], to[i], n[0][i], n[1][i], n[2][i], n[3][i]})
	}
}

func (c *Counts) readStages(f *analytics.Frame) {
	id, stage, n := f.String("scenario_id"), f.String("stage"), columns(f, "bucket", "entries", "entrants", "first_entries", "targeted", "days")
	for i := range id {
		c.Stages = append(c.Stages, StageRow{id[i], stage[i], n[0][i], n[1][i], n[2][i], n[3][i], n[4][i], n[5][i]})
	}
}

func (c *Counts) readBase(f *analytics.Frame) {
	stage, n := f.String("stage"), columns(f, "bucket", "customers", "days")
	for i := range stage {
		c.Base = append(c.Base, BaseRow{stage[i], n[0][i], n[1][i], n[2][i]})
	}
}

func (c *Counts) readSteps(f *analytics.Frame) {
	id, step, defined, given := f.String("scenario_id"), f.String("step_id"), f.Bool("defined"), f.Bool("given")
	n := columns(f, "position", "bucket", "messages", "entries", "finished", "customers", "clicked")
	for i := range id {
		c.Steps = append(c.Steps, StepRow{id[i], step[i], n[0][i], defined[i], given[i], n[1][i], n[2][i], n[3][i], n[4][i], n[5][i], n[6][i]})
	}
}

func (c *Counts) readGaps(f *analytics.Frame) {
	id, n := f.String("scenario_id"), columns(f, "position", "hours", "bucket", "n")
	for i := range id {
		c.Gaps = append(c.Gaps, GapRow{id[i], n[0][i], n[1][i], n[2][i], n[3][i]})
	}
}

func (c *Counts) readDepths(f *analytics.Frame) {
	id, ended, n := f.String("scenario_id"), f.String("ended"), columns(f, "last_position", "bucket", "n")
	for i := range id {
		c.Depths = append(c.Depths, DepthRow{id[i], ended[i], n[0][i], n[1][i], n[2][i]})
	}
}

func (c *Counts) readRhythm(f *analytics.Frame) {
	id, stage, own, n := f.String("scenario_id"), f.String("stage"), f.Bool("own"), columns(f, "position", "u_bin", "bucket", "sent", "clicked")
	for i := range id {
		c.Rhythm = append(c.Rhythm, RhythmRow{id[i], stage[i], own[i], n[0][i], n[1][i], n[2][i], n[3][i], n[4][i]})
	}
}

func (c *Counts) readSends(f *analytics.Frame) {
	id, step, channel, reason, n := f.String("scenario_id"), f.String("step_id"), f.String("channel"), f.String("reason"), f.Int64("n")
	for i := range id {
		c.Sends = append(c.Sends, SendRow{id[i], step[i], channel[i], reason[i], n[i]})
	}
}

func columns(f *analytics.Frame, names ...string) [][]int64 {
	out := make([][]int64, len(names))
	for i, name := range names {
		out[i] = f.Int64(name)
	}
	return out
}
