package main

import (
	"slices"

	"crmaudit/analytics/experiments"
)

// experiments is what audit.yaml says about experiments, for their block.
func (c *config) experiments() experiments.Setup {
	var out experiments.Setup
	for _, e := range c.Experiments {
		out.Experiments = append(out.Experiments, experiments.Definition{ID: e.ID, Reference: e.Reference, Outcomes: slices.Clone(e.Outcomes), WithinDays: e.WithinDays, Shares: e.Shares})
	}
	return out
}

// validate checks the outcomes and the planned split of an experiment.
func (e experimentConfig) validate(path string, add func(path, format string, args ...any)) {
	for _, o := range e.Outcomes {
		if o == "" {
			add(path+".outcomes", "an outcome is empty: name an event, or order, orders or revenue")
		}
	}
	for arm, share := range e.Shares {
		if !(share > 0 && share <= 1e6) {
			add(path+".shares."+arm, "%v is not a share: a number above 0; shares need not add up to 1", share)
		}
	}
	if len(e.Shares) == 1 {
		add(path+".shares", "one arm only: name every arm of the split with its share")
	}
	if _, ok := e.Shares[e.Reference]; e.Reference != "" && len(e.Shares) > 0 && !ok {
		add(path+".reference", "%q has no share: arms that are not among the shares stay out of the experiment", shorten(e.Reference))
	}
}
