package main

import (
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/backlog"
	"crmaudit/analytics/bundles"
	"crmaudit/analytics/contact"
	"crmaudit/analytics/content"
	"crmaudit/analytics/experiments"
	"crmaudit/analytics/health"
	"crmaudit/analytics/integrations"
	"crmaudit/analytics/metrics"
	"crmaudit/analytics/personalization"
	"crmaudit/analytics/pipeline"
	"crmaudit/analytics/rhythm"
	"crmaudit/analytics/trends"
	"crmaudit/analytics/usage"
	"crmaudit/analytics/value"
	"crmaudit/lifecycle"
	"crmaudit/queries"
	"crmaudit/scenarios"
	"crmaudit/scenarios/duplicates"
	"crmaudit/scenarios/effects"
	"crmaudit/scenarios/overlap"
	"crmaudit/scenarios/triggers"
	"crmaudit/segments"
	"crmaudit/segments/pairs"
)

// blocks is the list of audit blocks. Adding a block means a package, a folder under queries, a section of the report, and its line here.
func blocks(c *config, rules lifecycle.Rules) []analytics.Block {
	return []analytics.Block{
		lifecycle.NewBlock(lifecycle.Setup{Rules: rules, Defined: c.stagesOfScenarios()}),
		scenarios.NewBlock(scenarios.Setup{Defined: c.scenarios(), HandoverDays: handoverDays}),
		effects.NewBlock(),
		triggers.NewBlock(c.triggerRules()),
		contact.NewBlock(c.contactPolicy()),
		experiments.NewBlock(c.experiments()),
		metrics.NewBlock(c.Credit.setup()),
		trends.NewBlock(),
		bundles.NewBlock(),
		value.NewBlock(),
		rhythm.NewBlock(rhythmSetup(rules)),
		pipeline.NewBlock(c.Pipeline.setup()),
		integrations.NewBlock(integrations.Setup{ControlTotals: c.Sources.ControlTotals}),
		usage.NewBlock(c.Usage.setup()),
		overlap.NewBlock(overlap.Setup{Scenarios: c.scenarios()}),
		duplicates.NewBlock(duplicates.Setup{Thresholds: c.Decision.Duplicates, Scenarios: c.scenarios()}),
		content.NewBlock(c.Content.content(c.scenarios())),
		personalization.NewBlock(c.Content.personalization()),
		segments.NewBlock(c.segmentSetup(rules.Attributes)),
		pairs.NewBlock(c.segmentPairs()),
		health.NewBlock(health.Setup{Config: c.Health, Attributes: rules.Attributes, MessageCost: c.Money.MessageCost}),
		backlog.NewBlock(),
	}
}

// rhythmSetup hands over the stage rules, whose borders of days are held against the pauses between orders.
func rhythmSetup(rules lifecycle.Rules) (s rhythm.Setup) {
	for _, r := range rules.Stages {
		s.Stages = append(s.Stages, rhythm.Stage{Name: r.Name, Rule: r.When})
	}
	return s
}

// blockNames is what --only may name: a block, or a schema for all blocks in it.
func blockNames() []string {
	var names []string
	for _, b := range blocks(&config{}, lifecycle.Rules{}) {
		for _, name := range []string{b.In(), b.Name} {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// chosen tells whether --only asks for the block; nothing asked is everything.
func chosen(b analytics.Block, only []string) bool {
	return len(only) == 0 || slices.Contains(only, b.Name) || slices.Contains(only, b.In())
}

// stagesOfScenarios maps every defined scenario to the stages that it speaks to; nil without definitions.
func (c *config) stagesOfScenarios() map[string][]string {
	if len(c.Scenarios) == 0 {
		return nil
	}
	defined := map[string][]string{}
	for _, s := range c.Scenarios {
		defined[s.ID] = slices.Clone(s.Stages)
	}
	return defined
}

// toBuild is what a run has to build: before the blocks run, after they have written their results, and the checks over all of it.
type toBuild struct{ before, after, audits []queries.Model }

// modelsOf is what has to be built for the blocks: the models of their schemas, the reductions of core for the head of the report, and all
// that these read, in the order of the plan; and the checks that read nothing else than what is built or written. A model over results of a
// block that was not chosen is left out, with all that read it.
func modelsOf(all []queries.Model, chosen []analytics.Block) (toBuild, error) {
	mine := func(m queries.Model) bool {
		return slices.ContainsFunc(chosen, func(b analytics.Block) bool { return b.Name == m.Block && b.In() == m.Schema() })
	}
	whole, err := queries.Plan(all)
	if err != nil {
		return toBuild{}, err
	}
	var targets []string
	missing := map[string]bool{} // results of blocks that were not chosen, and what reads them
	for _, m := range whole {
		missing[m.Table] = m.Results() && !mine(m) || slices.ContainsFunc(m.Reads, func(r string) bool { return missing[r] })
		if !missing[m.Table] && (mine(m) || strings.HasPrefix(m.Table, "core.red_")) {
			targets = append(targets, m.Table)
		}
	}
	plan, err := queries.Plan(all, targets...)
	if err != nil {
		return toBuild{}, err
	}
	var b toBuild
	b.before, b.after = queries.Halves(plan)
	there := func(table string) bool {
		return slices.ContainsFunc(plan, func(m queries.Model) bool { return m.Table == table }) ||
			strings.HasPrefix(table, "audit.") || strings.HasPrefix(table, "analytics.") && !missing[table]
	}
	for _, m := range all {
		if m.Audit && !slices.ContainsFunc(m.Reads, func(table string) bool { return !there(table) }) {
			b.audits = append(b.audits, m)
		}
	}
	return b, nil
}
