package experiments

import (
	"maps"
	"math"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// sampleRatio asks whether the sizes of the arms can come from the plan: as configured, else the nearest usual one. Where clusters were assigned, clusters are counted.
func (f *fitter) sampleRatio(t *trial) {
	sizes := make([]int64, len(t.in))
	clustered := len(t.in) > 0
	for k, i := range t.in {
		sizes[k] = t.Arms[i].Assigned()
		clustered = clustered && t.Arms[i].Clusters > 0
	}
	note := "guessed"
	if clustered {
		note = "guessed_clusters"
		for k, i := range t.in {
			sizes[k] = t.Arms[i].Clusters
		}
	}
	plan := make([]float64, len(t.in))
	configured := len(t.def.Shares) > 0
	all := slices.Clone(sizes)
	shares := slices.Clone(plan)
	if configured {
		note = strings.Replace(note, "guessed", "planned", 1)
		for k, i := range t.in {
			plan[k] = t.def.Shares[t.Arms[i].Name]
		}
		shares = slices.Clone(plan)
		for _, name := range slices.Sorted(maps.Keys(t.def.Shares)) { // an arm that was planned and has nobody breaks the ratio
			if !slices.ContainsFunc(t.Arms, func(a Arm) bool { return a.Name == name }) {
				all, shares = append(all, 0), append(shares, t.def.Shares[name])
			}
		}
	} else if len(sizes) > 1 {
		plan = suffstat.NearestPlannedSplit(sizes, slices.Index(t.in, t.ref))
		shares = plan
		t.caveat("guessed_shares")
	}
	if len(all) < 2 {
		return
	}
	var sum float64
	for _, s := range shares {
		sum += s
	}
	for k, i := range t.in {
		t.planned[i] = plan[k] / sum
	}
	chi2, p := suffstat.SRM(all, shares)
	t.srm = p
	f.check(Check{Experiment: t.ID, Name: "sample_ratio", Value: plain(chi2), Standardised: math.NaN(), P: p, Adjusted: math.NaN(), Passed: !(p < suffstat.SRMThreshold), Note: note})
	if p < suffstat.SRMThreshold {
		t.stop = BrokenRatio
	}
}

// window chooses whom to compare: those whose outcome window is over, or also those whose window is open when an arm would be left with too few.
func (f *fitter) window(t *trial) {
	var over, open, recent, assigned, short int64
	least := int64(math.MaxInt64)
	first, last := int64(math.MaxInt64), int64(math.MinInt64)
	for _, i := range t.in {
		a := &t.Arms[i]
		over, open = over+a.States[stateOver], open+a.States[stateOpen]
		recent, assigned, short = recent+a.Recent, assigned+a.Assigned(), short+a.ShortHistory
		least = min(least, a.States[stateOver])
		if a.dated {
			first, last = min(first, a.FirstDay), max(last, a.LastDay)
		}
	}
	if assigned == 0 {
		return
	}
	if t.open = open > 0 && least < f.opt.MinCustomers; t.open {
		t.caveat("window_open")
	} else if open > 0 {
		t.caveat("open_left_out")
	}
	if short > 0 {
		t.caveat("short_history")
	}
	share := func(name string, n int64, passed bool, note string) {
		f.check(Check{Experiment: t.ID, Name: name, Value: plain(float64(n) / float64(assigned)), Standardised: math.NaN(), P: math.NaN(), Adjusted: math.NaN(), Passed: passed, Note: note})
	}
	note := ""
	switch {
	case t.open:
		note = "open_windows_compared"
	case open > 0:
		note = "open_windows_left_out"
	}
	share("window", over, open == 0, note)
	// Who looks while customers are still being assigned looks more than once. The control arm of a scenario has no planned end.
	running := t.Source == FromAssignments && recent > 0 && last > first && last >= t.EndDay-7
	note = ""
	if running {
		note = "assignment_goes_on"
		t.caveat("running")
	}
	share("running", recent, !running, note)
}

// gates looks for messages in the reference arm, messages before the assignment, customers in two arms and few clusters.
func (f *fitter) gates(t *trial) {
	add := func(name string, arm, reference int, value float64, passed bool, note string) {
		c := Check{Experiment: t.ID, Name: name, Value: plain(value), Standardised: math.NaN(), P: math.NaN(), Adjusted: math.NaN(), Passed: passed, Note: note}
		if arm >= 0 {
			c.Arm = t.Arms[arm].Name
		}
		if reference >= 0 {
			c.Reference = t.Arms[reference].Name
		}
		f.check(c)
	}
	stop := func(verdict string) {
		if t.stop == "" {
			t.stop = verdict
		}
	}
	rate := func(n, all int64) float64 { return float64(n) / math.Max(1, float64(all)) }
	if t.ref >= 0 && t.Scenario != "" {
		r := &t.Arms[t.ref]
		if r.Seen() > 0 {
			dirty := rate(r.Messaged, r.Seen())
			add("contamination", -1, t.ref, dirty, dirty <= maxContamination, "messages_in_reference_arm")
			if dirty > maxContamination {
				stop(Contaminated)
			}
		}
		for _, p := range t.pairs {
			a := &t.Arms[p[0]]
			if r.Seen() == 0 || a.Seen() == 0 {
				continue
			}
			ahead := rate(a.MessagedBefore, a.Seen()) - rate(r.MessagedBefore, r.Seen())
			add("exposure", p[0], p[1], ahead, math.Abs(ahead) <= maxContamination, "messages_before_assignment")
			if math.Abs(ahead) > maxContamination {
				stop(Unbalanced)
			}
		}
	}
	var twice, tied, assigned, clusters, clustered int64
	for _, i := range t.in {
		a := &t.Arms[i]
		twice, tied, assigned, clustered = twice+a.Switched, tied+a.States[stateTied], assigned+a.Assigned(), clustered+a.Clustered
		clusters += a.Clusters
	}
	if assigned == 0 {
		return
	}
	if twice > tied {
		t.caveat("switched")
	}
	if tied > 0 {
		t.caveat("two_arms")
	}
	share := rate(twice, assigned)
	add("switched", -1, -1, share, share <= maxContamination, "in_two_arms")
	if share > maxContamination {
		stop(Contaminated)
	}
	if clustered > 0 {
		t.caveat("clusters")
		few := clusters < fewClusters
		note := "assigned_by_cluster"
		if few {
			note = "few_clusters"
			t.caveat("few_clusters")
		}
		add("clusters", -1, -1, float64(clusters), !few, note)
	}
}

// covariate is behaviour before the assignment.
type covariate struct {
	name, unit string
	key        int64
}

// balance compares what the arms did before the assignment: all assigned who can be seen, Holm over the covariates and pairs of the experiment.
func (f *fitter) balance(t *trial) {
	list := []covariate{{Order, "share", keyOrder}, {Orders, "orders", keyOrders}, {Revenue, f.opt.Currency, keyRevenue}, {Messages, "messages", keyMessages}, {Tenure, "days", keyTenure}}
	for _, e := range t.Events {
		list = append(list, covariate{e.Name, "share", e.Key})
	}
	slices.SortStableFunc(list[5:], func(a, b covariate) int { return strings.Compare(a.name, b.name) })
	var rows []Check
	var p []float64
	for _, pair := range t.pairs {
		for _, v := range list {
			if t.values.sums[v.key] == nil {
				continue
			}
			c := suffstat.CompareArms(t.values.compared(v.key, true, pair[0], pair[1]), 0, 1, tableLevel)
			if c.N == 0 || c.NReference == 0 || !c.Balance.OK() {
				continue
			}
			deviation := t.deviation(v.key, pair)
			se := (c.Balance.Upper - c.Balance.Lower) / 2 / suffstat.TQuantile((1+tableLevel)/2, c.DF)
			// Where hardly anybody did it one arm may have none, and the jackknife sees no doubt there; under a random split both arms vary alike.
			se = math.Max(se, deviation*math.Sqrt(1/float64(c.N)+1/float64(c.NReference)))
			if !(se > 0) || !analytics.Finite(se) {
				continue // nobody did it, or all did: nothing to compare
			}
			e, own := at(c.Balance.Of(c.N+c.NReference, v.unit), se, c.DF, tableLevel), math.Min(1, 2*suffstat.TSurvival(math.Abs(c.Balance.Value)/se, c.DF))
			rows = append(rows, Check{Experiment: t.ID, Name: "balance", Item: v.name, Arm: t.Arms[pair[0]].Name, Reference: t.Arms[pair[1]].Name, Value: e, Standardised: e.Value / deviation, P: own})
			p = append(p, own)
		}
	}
	for i, adjusted := range suffstat.Holm(p) {
		c := rows[i]
		c.Adjusted, c.Passed = adjusted, !(adjusted < imbalance)
		switch {
		case adjusted < suffstat.SRMThreshold:
			c.Note = "not_a_random_split"
			if t.stop == "" {
				t.stop = Unbalanced
			}
		case adjusted < imbalance:
			c.Note = "differs_before"
			t.caveat("imbalance")
		}
		f.check(c)
	}
}

// deviation is the standard deviation of a covariate within two arms.
func (t *trial) deviation(key int64, pair [2]int) float64 {
	total, ok := suffstat.Merge(t.values.compared(key, true, pair[0], pair[1]))
	if !ok || total[0].N+total[1].N < 3 {
		return math.NaN()
	}
	return math.Sqrt((total[0].M2X + total[1].M2X) / float64(total[0].N+total[1].N-2))
}
