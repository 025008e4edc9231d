package content

import "crmaudit/analytics"

// Defaults of audit.yaml (content).
const (
	DefaultStaleDays     = 365
	DefaultWearoutMargin = .10
)

// Setup is what audit.yaml says about content.
type Setup struct {
	StaleDays     int     // a template that was not changed for longer and is still sent is stale; 0: DefaultStaleDays
	WearoutMargin float64 // share of its level that a template may lose in a quarter beyond its channel without anybody minding; 0: DefaultWearoutMargin
	Scenarios     []analytics.Scenario
}

func (s Setup) filled() Setup {
	if s.StaleDays == 0 {
		s.StaleDays = DefaultStaleDays
	}
	if s.WearoutMargin == 0 {
		s.WearoutMargin = DefaultWearoutMargin
	}
	return s
}

// Options are the settings of the audit that the block needs.
type Options struct {
	Setup
	FDR   float64 // of the confirmed list; default .05
	Level float64 // of the intervals of what is ranked; default .90
}

func (o Options) filled() Options {
	o.Setup = o.Setup.filled()
	if o.FDR == 0 {
		o.FDR = .05
	}
	if o.Level == 0 {
		o.Level = .90
	}
	return o
}
