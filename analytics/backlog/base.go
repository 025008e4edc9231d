package backlog

import (
	"cmp"
	"context"
	"math"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// NoHoldout is the kind of the finding that nothing was ever held back by chance; its hypothesis is to begin with that.
const NoHoldout = "no_holdout"

// watchDays is how long buyers of the base are counted (analytics.red_backlog_base) and a hold-out of the whole programme is watched.
const watchDays = 28

// Base is what is known of the customers as a whole. The zero value knows nothing: tests last no purchase gap, and no two hypotheses are known to share customers.
type Base struct {
	GapDays float64 // median days between two orders of a customer, each customer counting once; 0 is unknown
	Days    int64   // length of the audited window
	Buckets []BaseRow
	// Assigned customers of experiments and entries of control arms; both 0: nothing was ever held back by chance.
	Assigned, Held int64
	// sizes and shared count sampled customers, keyed by audience and by pair of audiences (in order).
	sizes  map[Audience]int64
	shared map[[2]Audience]int64
}

// BaseRow is a row of analytics.red_backlog_base.
type BaseRow struct{ Bucket, Every, Sampled, Reached, Buyers, RevenueMinor int64 }

// Audience names the customers that a change would concern. The zero value is unknown; Everybody is all of them.
type Audience struct{ Kind, Name string }

// Everybody is the audience of what concerns the whole base.
var Everybody = Audience{"all", ""}

// Load reads the reduced tables of the backlog.
func Load(ctx context.Context, src analytics.Source) (Base, error) {
	b := Base{sizes: map[Audience]int64{}, shared: map[[2]Audience]int64{}}
	gaps, err := src.Fetch(ctx, "analytics.red_backlog_gaps")
	if err != nil {
		return b, err
	}
	b.GapDays = medianOf(gaps.Int64("days"), gaps.Int64("weight"))
	base, err := src.Fetch(ctx, "analytics.red_backlog_base")
	if err != nil {
		return b, err
	}
	bucket, every, days, sampled := base.Int64("bucket"), base.Int64("every"), base.Int64("days"), base.Int64("sampled")
	reached, buyers, revenue := base.Int64("reached"), base.Int64("buyers"), base.Int64("revenue_minor")
	for i := range bucket {
		b.Days = days[i]
		b.Buckets = append(b.Buckets, BaseRow{bucket[i], every[i], sampled[i], reached[i], buyers[i], revenue[i]})
	}
	held, err := src.Fetch(ctx, "analytics.red_backlog_holdouts")
	if err != nil {
		return b, err
	}
	for i, n := range held.Int64("held") {
		b.Held, b.Assigned = b.Held+n, b.Assigned+held.Int64("assigned")[i]
	}
	both, err := src.Fetch(ctx, "analytics.red_backlog_audiences")
	if err != nil {
		return b, err
	}
	kindA, nameA, kindB, nameB, customers := both.String("kind_a"), both.String("name_a"), both.String("kind_b"), both.String("name_b"), both.Int64("customers")
	for i := range kindA {
		b.Add(Audience{kindA[i], nameA[i]}, Audience{kindB[i], nameB[i]}, customers[i])
	}
	return b, nil
}

// Add says that two audiences share so many sampled customers; an audience with itself gives its size.
func (b *Base) Add(x, y Audience, customers int64) {
	if b.sizes == nil {
		b.sizes, b.shared = map[Audience]int64{}, map[[2]Audience]int64{}
	}
	if x == y {
		b.sizes[x] = customers
		return
	}
	b.shared[pairOf(x, y)] = customers
}

func pairOf(x, y Audience) [2]Audience {
	if cmp.Or(cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Name, y.Name)) > 0 {
		x, y = y, x
	}
	return [2]Audience{x, y}
}

// Within is the share of the customers of x who are in y too, in [0, 1]; 0 when either is unknown or was not counted, 1 for the same or for everybody.
func (b *Base) Within(x, y Audience) float64 {
	switch {
	case x == Audience{} || y == Audience{}:
		return 0
	case x == y || y == Everybody:
		return 1
	case x == Everybody || b.sizes[x] == 0:
		return 0
	}
	return math.Min(1, float64(b.shared[pairOf(x, y)])/float64(b.sizes[x]))
}

// medianOf is the least value at which half of the weight is reached; 0 without weight.
func medianOf(values, weights []int64) float64 {
	var all, sum int64
	for _, w := range weights {
		all += w
	}
	for i, w := range weights {
		if sum += w; 2*sum >= all && all > 0 {
			return float64(values[i])
		}
	}
	return 0
}

// reached counts the customers in whose programme a hold-out would be, and their buyers of the last watchDays; money is what the reached bought in the window, per bucket, currency units.
func (b *Base) reached() (customers, buyers int64, money []suffstat.Cells) {
	money = make([]suffstat.Cells, 100)
	for i := range money {
		money[i] = suffstat.Cells{0, 0}
	}
	for _, r := range b.Buckets {
		customers, buyers = customers+r.Every*r.Reached, buyers+r.Every*r.Buyers
		if r.Bucket >= 0 && r.Bucket < 100 && r.Sampled > 0 {
			money[r.Bucket] = suffstat.Cells{r.Every * r.RevenueMinor, r.Every * r.Reached}
		}
	}
	return customers, buyers, money
}

// NewBlock is the block that asks what the audit as a whole stands on: whether anything was held back by chance, how long a test has to last, who shares customers with whom. What it reads, Load reads again
// for the hypotheses of all blocks.
func NewBlock() analytics.Block {
	return analytics.Block{
		Name: "backlog", Schema: "analytics",
		Run: func(ctx context.Context, src analytics.Source, s analytics.Settings) (*analytics.Result, error) {
			b, err := Load(ctx, src)
			if err != nil {
				return nil, err
			}
			return &analytics.Result{Findings: Findings(&b, s), Coverage: Coverage(&b)}, nil
		},
	}
}

// Findings is at most one: nothing was ever held back by chance (kind no_holdout, subject "programme" of type "programme"), with the hypothesis to begin with a hold-out.
//
// Values: reached (customers sent anything but transactional messages in the audited window), buyers_share (of them, with an order in its last 28 days), revenue (of the reached per quarter), share (to hold back),
// held (customers held back). The stake is what one smallest meaningful step of buyers_share is worth per quarter over all reached: so much the whole programme may bring or cost without anybody knowing. Fewer than
// Settings.MinCustomers reached, or nobody who bought, is no finding.
func Findings(b *Base, s analytics.Settings) []analytics.Finding {
	reached, buyers, money := b.reached()
	if b.Assigned+b.Held > 0 || reached < max(s.MinCustomers, 1) || buyers == 0 || b.Days <= 0 {
		return nil
	}
	rate := float64(buyers) / float64(reached)
	var asked int64 // in the sample
	for _, r := range b.Buckets {
		asked += r.Reached
	}
	lower, upper := suffstat.WilsonInterval(rate, float64(asked), .95)
	baseline := suffstat.Estimate{Value: rate, Lower: lower, Upper: upper, Level: .95, N: asked, Unit: "share", Method: "Wilson"}
	step := s.Equivalence["order_rate"]
	if !(step > 0) || step > rate/2 {
		step = rate / 10
	}
	share := holdoutShare(rate, step, reached)
	margin := s.Margin
	if margin == 0 {
		margin = 1
	}
	level := s.Level
	if level == 0 {
		level = .90
	}
	perQuarter := 91 / math.Max(91, float64(b.Days))
	revenue := suffstat.Jackknife(money, func(c suffstat.Cells) float64 {
		if c[1] == 0 {
			return math.NaN()
		}
		return float64(c[0]) / 100 / float64(c[1]) * float64(reached) * perQuarter
	}, level).Of(reached, s.Currency)
	o := &analytics.Opportunity{
		Metric: "order_rate", Unit: "share", Baseline: baseline, Population: reached, Step: step, Grade: analytics.GradeStructural, Threat: "no_control", TestDesign: "holdout", HoldoutShare: share,
		Guardrails: []string{"revenue_per_customer"}, Effort: 2, WeeklyFlow: reached, OutcomeDays: watchDays,
	}
	if revenue.Value > 0 && analytics.Finite(revenue.Lower) && analytics.Finite(revenue.Upper) {
		stake := revenue.Scale(margin*step/rate, s.Currency)
		stake.Lower = math.Max(0, stake.Lower)
		o.Stake = &stake
	}
	var v analytics.Values
	v.Text("reason", NoHoldout)
	v.Fact("reached", float64(reached), reached, "customers")
	v.Estimate("buyers_share", baseline)
	v.Estimate("revenue", revenue)
	v.Fact("share", share, reached, "share")
	v.Fact("held", math.Round(share*float64(reached)), reached, "customers")
	return []analytics.Finding{{
		Block: "backlog", Kind: NoHoldout, SubjectType: "programme", Subject: "programme", Severity: analytics.Warning, Verdict: analytics.Different, Values: v, Opportunity: o,
		EvidenceSQL: "SELECT SUM(every * reached) AS reached, SUM(every * buyers) AS buyers, CAST(SUM(every * buyers) AS DOUBLE) / SUM(every * reached) AS buyers_share, SUM(every * revenue_minor) / 100.0 AS revenue_of_window, MIN(days) AS days, " +
			"(SELECT assigned + held FROM analytics.red_backlog_holdouts) AS held_back FROM analytics.red_backlog_base",
	}}
}

// holdoutShare is the smallest of 5, 6 .. 10 % with which the customers at hand are enough to see a step; 10 % when none is.
func holdoutShare(rate, step float64, customers int64) float64 {
	for percent := 5; percent < 10; percent++ {
		n := share(suffstat.Design{Split: float64(100-percent) / float64(percent)}, rate, step)
		if analytics.Finite(n.Equal) && n.Total() <= customers {
			return float64(percent) / 100
		}
	}
	return .10
}

// Coverage says whether the audit can tell effects from coincidences.
func Coverage(b *Base) []analytics.Coverage {
	row := func(input, answers string, present bool) analytics.Coverage {
		c := analytics.Coverage{Block: "backlog", Input: input, Present: present, Answers: answers}
		if !present {
			c.Note = "missing"
		}
		return c
	}
	return []analytics.Coverage{
		row("assignments", "held_back", b.Assigned+b.Held > 0),
		row("orders", "purchase_gap", b.GapDays > 0),
		row("enrolments", "shared_customers", len(b.sizes) > 0),
	}
}
