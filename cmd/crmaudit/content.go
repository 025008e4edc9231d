package main

import (
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/content"
	"crmaudit/analytics/personalization"
)

// contentConfig says when a template is old, how much of its response it may lose, and what levels of personalization cost.
type contentConfig struct {
	StaleDays     int                `yaml:"stale_days"`
	WearoutMargin float64            `yaml:"wearout_margin"`
	LevelUpkeep   map[string]float64 `yaml:"level_upkeep,omitempty"` // money per month to keep one step at the level
}

// complete fills in what the file leaves out.
func (c *contentConfig) complete() {
	if c.StaleDays == 0 {
		c.StaleDays = content.DefaultStaleDays
	}
	if c.WearoutMargin == 0 {
		c.WearoutMargin = content.DefaultWearoutMargin
	}
}

func (c *contentConfig) validate(add func(path, format string, args ...any)) {
	if c.StaleDays < 1 || c.StaleDays > 3650 {
		add("content.stale_days", "%d is out of range: allowed: 1 to 3650 days", c.StaleDays)
	}
	if !(c.WearoutMargin > 0 && c.WearoutMargin < 1) {
		add("content.wearout_margin", "%v is out of range: allowed: a share of the level per quarter, above 0 and below 1", c.WearoutMargin)
	}
	for _, level := range sortedKeys(c.LevelUpkeep) {
		path := "content.level_upkeep." + level
		switch cost := c.LevelUpkeep[level]; {
		case !slices.Contains(personalization.Levels(), level):
			add(path, "%q is no level: allowed: %s", shorten(level), strings.Join(personalization.Levels(), ", "))
		case !(cost >= 0 && cost < 1e12):
			add(path, "%v is out of range: allowed: money per month, not negative", cost)
		}
	}
}

func (c *contentConfig) content(scenarios []analytics.Scenario) content.Setup {
	return content.Setup{StaleDays: c.StaleDays, WearoutMargin: c.WearoutMargin, Scenarios: scenarios}
}

func (c *contentConfig) personalization() personalization.Setup {
	return personalization.Setup{Upkeep: c.LevelUpkeep}
}
