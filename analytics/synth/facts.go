package synth

// facts are the true counts of a world, added up while it is generated.
type facts struct {
	Customers, Buyers               int64
	Orders, OrdersAudited           int64
	Revenue, RevenueAudited         int64                     // minor units
	Expected                        float64                   // sum of the weekly order rates: the mean of Orders - AtOnce given the past
	AtOnce                          int64                     // orders at registration
	Stages                          [][stCount]int64          // by audited week, at its end
	Transitions                     [stCount][stCount]int64   // between the ends of audited weeks
	Scenarios                       [scCount]ScenarioFacts    //
	Experiments                     [exCount]ExperimentOrders //
	CallsInTime                     int64
	CallsLate, CallsMissing         int64
	Sent, NotSent, Unsubscribed     int64
	SentAfterUnsubscribe            int64
	QuietHours                      int64
	OverDay, OverWeek               int64
	Deals, DealsWon                 int64
	DealsLost, DealsStuck           int64
	FuzzyDuplicates, Fillers        int64
	HostileNames                    int64
	Recent, RecentStale             int64 // last members of recent_buyers, and those whom its rule does not hold any more
	Founders, Newsletter            int64 // members
	FirstOrders, Second30, Second90 int64 // first orders with 90 days of sight, and how many were followed by a second one
	blockFacts
}

// ScenarioFacts are the true counts of one scenario over the whole data.
type ScenarioFacts struct {
	Triggered      int64 `json:"triggered"`
	Enrolled       int64 `json:"enrolled"`
	Control        int64 `json:"enrolled_control"` // of the enrolled: the recorded control arm
	Messages       int64 `json:"messages"`
	OrdersInWindow int64 `json:"orders_in_window"`
	// Stages counts the enrolled by the stage in force at entry: that of the end of the week before, in the first week that of its end.
	Stages  [stCount]int64 `json:"-"`
	Full    int64          `json:"enrolled_without_comparators"` // in weeks in which everybody triggered was enrolled
	Dropped int64          `json:"messages_lost"`                // by a broken rule inside the chain
}

// ExperimentOrders are the orders of the four weeks from the assignment.
type ExperimentOrders struct {
	Treated int64 `json:"orders_treated"`
	Control int64 `json:"orders_control"`
	Second  int64 `json:"orders_second_arm,omitempty"`
}

func (e *ExperimentOrders) count(arm int8) {
	switch arm {
	case 1:
		e.Treated++
	case 2:
		e.Control++
	case 3:
		e.Second++
	}
}

// stage returns the counts of one audited week.
func (f *facts) stage(k, weeks int) *[stCount]int64 {
	if f.Stages == nil {
		f.Stages = make([][stCount]int64, weeks)
	}
	return &f.Stages[k]
}

// secondOrders counts first orders that were in sight for 90 days.
func (f *facts) secondOrders(log []int64, end int64) {
	if len(log) == 0 || log[0]+90*day > end {
		return
	}
	f.FirstOrders++
	if len(log) > 1 && log[1]-log[0] <= 30*day {
		f.Second30++
	}
	if len(log) > 1 && log[1]-log[0] <= 90*day {
		f.Second90++
	}
}

// add merges the facts of other customers. Expected is a sum of floats: callers merge in the order of the customers.
func (f *facts) add(o *facts) {
	for _, p := range [][2]*int64{
		{&f.Customers, &o.Customers}, {&f.Buyers, &o.Buyers}, {&f.Orders, &o.Orders}, {&f.OrdersAudited, &o.OrdersAudited},
		{&f.Revenue, &o.Revenue}, {&f.AtOnce, &o.AtOnce}, {&f.RevenueAudited, &o.RevenueAudited}, {&f.CallsInTime, &o.CallsInTime}, {&f.CallsLate, &o.CallsLate},
		{&f.CallsMissing, &o.CallsMissing}, {&f.Sent, &o.Sent}, {&f.NotSent, &o.NotSent}, {&f.Unsubscribed, &o.Unsubscribed},
		{&f.SentAfterUnsubscribe, &o.SentAfterUnsubscribe}, {&f.QuietHours, &o.QuietHours}, {&f.Deals, &o.Deals}, {&f.DealsWon, &o.DealsWon},
		{&f.DealsLost, &o.DealsLost}, {&f.DealsStuck, &o.DealsStuck}, {&f.FuzzyDuplicates, &o.FuzzyDuplicates}, {&f.Fillers, &o.Fillers},
		{&f.HostileNames, &o.HostileNames}, {&f.Recent, &o.Recent}, {&f.RecentStale, &o.RecentStale}, {&f.Founders, &o.Founders}, {&f.Newsletter, &o.Newsletter}, {&f.OverDay, &o.OverDay}, {&f.OverWeek, &o.OverWeek}, {&f.FirstOrders, &o.FirstOrders}, {&f.Second30, &o.Second30}, {&f.Second90, &o.Second90},
	} {
		*p[0] += *p[1]
	}
	f.Expected += o.Expected
	f.blockFacts.add(&o.blockFacts)
	for k := range o.Stages {
		s := f.stage(k, len(o.Stages))
		for i, n := range o.Stages[k] {
			s[i] += n
		}
	}
	for i := range o.Transitions {
		for j, n := range o.Transitions[i] {
			f.Transitions[i][j] += n
		}
	}
	for i := range o.Scenarios {
		a, b := &f.Scenarios[i], &o.Scenarios[i]
		a.Triggered += b.Triggered
		a.Enrolled += b.Enrolled
		a.Control += b.Control
		a.Messages += b.Messages
		a.OrdersInWindow += b.OrdersInWindow
		a.Full += b.Full
		a.Dropped += b.Dropped
		for k, n := range b.Stages {
			a.Stages[k] += n
		}
	}
	for i := range o.Experiments {
		f.Experiments[i].Treated += o.Experiments[i].Treated
		f.Experiments[i].Control += o.Experiments[i].Control
		f.Experiments[i].Second += o.Experiments[i].Second
	}
}
