package main

import "crmaudit/analytics/usage"

// usageConfig is what the CRM costs beside its messages.
type usageConfig struct {
	FixedCost *float64 `yaml:"fixed_cost_per_month,omitempty"` // licences and people, currency units; nil: not given
}

// setup is what block usage needs.
func (u usageConfig) setup() usage.Setup { return usage.Setup{FixedCost: u.FixedCost} }

func (u usageConfig) validate(add func(path, format string, args ...any)) {
	if u.FixedCost != nil && !(*u.FixedCost >= 0 && *u.FixedCost <= 1e12) {
		add("usage.fixed_cost_per_month", "%v is out of range: allowed: 0 to 1000000000000", *u.FixedCost)
	}
}
