package personalization

import (
	"context"

	"crmaudit/analytics"
)

// Buckets is the number of customer buckets of the reduced tables.
const Buckets = 100

// Counts holds the reduced tables of the block.
type Counts struct {
	Slots     map[int64]Slot
	Buckets   int64 // of the sample; 0 without messages
	Rates     []RateRow
	Cells     []CellRow
	Customers map[CustomerKey]int64
	Arms      []ArmRow
	Trials    []TrialRow
}

// Slot is one combination of what is sent.
type Slot struct {
	Chain, Place                                  int64
	Channel, Kind, Scenario, Step, Variant, Level string
	Audited                                       int64
}

// RateRow counts messages of the sample of one chain, level and stage.
type RateRow struct {
	Chain                    int64
	Level, Stage             string
	Bucket                   int
	Sent, Delivered, Clicked int64
}

// CellRow counts delivered messages of a step in a week with two levels, and what its customers did with messages of other scenarios.
type CellRow struct {
	Slot                         int64
	Stage                        string
	Tenure, Week                 int64
	Bucket                       int
	Delivered, Clicked           int64
	OtherDelivered, OtherClicked int64
}

// CustomerKey names a group of customers; Stage is only read when ByStage.
type CustomerKey struct {
	ByStage      bool
	Chain        int64
	Level, Stage string
}

// ArmRow counts assigned customers.
type ArmRow struct {
	Experiment, Arm  string
	Bucket           int
	Customers, Moved int64
}

// TrialRow counts delivered messages to assigned customers.
type TrialRow struct {
	Experiment, Arm               string
	Slot                          int64
	Stage                         string
	Bucket                        int
	Customers, Delivered, Clicked int64
}

// Load fetches the reduced tables. It decides nothing.
func Load(ctx context.Context, src analytics.Source) (*Counts, error) {
	l := analytics.NewReader(ctx, src, "analytics.red_level_")
	c := &Counts{Slots: map[int64]Slot{}, Customers: map[CustomerKey]int64{}}
	if f := l.Fetch("slots"); f != nil {
		slot, chain, place, channel, kind, scenario := f.Int64("slot"), f.Int64("chain"), f.Int64("place"), f.String("channel"), f.String("kind"), f.String("scenario_id")
		step, variant, level, audited, buckets := f.String("step_id"), f.String("variant"), f.String("level"), l.Counts(f, "audited"), f.Int64("buckets")
		for i := range slot {
			c.Slots[slot[i]] = Slot{chain[i], place[i], channel[i], kind[i], scenario[i], step[i], variant[i], level[i], audited[i]}
			c.Buckets = buckets[i]
		}
	}
	if f := l.Fetch("rates"); f != nil {
		chain, level, stage, bucket := f.Int64("chain"), f.String("level"), f.String("stage"), l.Within(f, "bucket", Buckets)
		sent, delivered, clicked := l.Counts(f, "sent"), l.Counts(f, "delivered"), l.Counts(f, "clicked")
		for i := range chain {
			c.Rates = append(c.Rates, RateRow{chain[i], level[i], stage[i], bucket[i], sent[i], delivered[i], clicked[i]})
		}
	}
	if f := l.Fetch("cells"); f != nil {
		slot, stage, tenure, week, bucket := f.Int64("slot"), f.String("stage"), f.Int64("tenure"), f.Int64("week"), l.Within(f, "bucket", Buckets)
		delivered, clicked, otherDelivered, otherClicked := l.Counts(f, "delivered"), l.Counts(f, "clicked"), l.Counts(f, "other_delivered"), l.Counts(f, "other_clicked")
		for i := range slot {
			c.Cells = append(c.Cells, CellRow{slot[i], stage[i], tenure[i], week[i], bucket[i], delivered[i], clicked[i], otherDelivered[i], otherClicked[i]})
		}
	}
	if f := l.Fetch("customers"); f != nil {
		scope, chain, level, stage, customers := f.String("scope"), f.Int64("chain"), f.String("level"), f.String("stage"), l.Counts(f, "customers")
		for i := range scope {
			c.Customers[CustomerKey{scope[i] == "stage", chain[i], level[i], stage[i]}] = customers[i]
		}
	}
	if f := l.Fetch("arms"); f != nil {
		experiment, arm, bucket, customers, moved := f.String("experiment_id"), f.String("arm"), l.Within(f, "bucket", Buckets), l.Counts(f, "customers"), l.Counts(f, "moved")
		for i := range experiment {
			c.Arms = append(c.Arms, ArmRow{experiment[i], arm[i], bucket[i], customers[i], moved[i]})
		}
	}
	if f := l.Fetch("trials"); f != nil {
		experiment, arm, slot, stage, bucket := f.String("experiment_id"), f.String("arm"), f.Int64("slot"), f.String("stage"), l.Within(f, "bucket", Buckets)
		customers, delivered, clicked := l.Counts(f, "customers"), l.Counts(f, "delivered"), l.Counts(f, "clicked")
		for i := range experiment {
			c.Trials = append(c.Trials, TrialRow{experiment[i], arm[i], slot[i], stage[i], bucket[i], customers[i], delivered[i], clicked[i]})
		}
	}
	return c, l.Err()
}
