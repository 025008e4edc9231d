package personalization

import "slices"

// levels from the least to the most that a message knows of its reader.
var levels = []string{"none", "basic", "contextual", "behavioural"}

// Levels are the levels of personalization, the simplest first.
func Levels() []string { return slices.Clone(levels) }

func rankOf(level string) int { return slices.Index(levels, level) }

// Setup is what audit.yaml says about personalization.
type Setup struct {
	Upkeep map[string]float64 // by level: money per month to keep one step at it (content.level_upkeep); nil: not given
}

// Options are the settings of the audit that the block needs.
type Options struct {
	Setup
	Currency string
	FDR      float64            // of the confirmed list; default .05
	Level    float64            // of the intervals of expected effects; default .90
	Margins  map[string]float64 // smallest effects of interest: ctr (.003)
	Weeks    float64            // of the audited window
}

func (o Options) filled() Options {
	if o.FDR == 0 {
		o.FDR = .05
	}
	if o.Level == 0 {
		o.Level = .90
	}
	if o.Weeks <= 0 {
		o.Weeks = 13
	}
	return o
}

// mostMargin is how much of the level of the simpler one the margin is at most: a point more on two in a hundred is not nothing.
const mostMargin = .25

// margin is the smallest difference of click rates of interest at a click rate of the simpler level.
func (o Options) margin(level float64) float64 {
	m := o.Margins["ctr"]
	if !(m > 0) {
		m = .003
	}
	if level > 0 {
		m = min(m, mostMargin*level)
	}
	return m
}
