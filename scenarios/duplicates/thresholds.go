package duplicates

// Thresholds are the borders of the verdicts, each between 0 and 1 (audit.yaml: decision.duplicates). They are judgement, fitted on planted truth
// (the table in doc.go), and are written beside every verdict.
type Thresholds struct {
	Audience      float64 `yaml:"audience"`       // duplicate: person-time Jaccard at least
	AudienceLower float64 `yaml:"audience_lower"` // duplicate: and the lower end of its 95 % interval at least
	OtherAudience float64 `yaml:"other_audience"` // same logic: person-time Jaccard below
	Containment   float64 `yaml:"containment"`    // subset: share of the smaller scenario's person-time that lies within the other's at least
	Timing        float64 `yaml:"timing"`         // at least this is the same timing
	Content       float64 `yaml:"content"`        // at least this is the same content
	Logic         float64 `yaml:"logic"`          // at least this is the same logic
}

// DefaultThresholds holds where audit.yaml is silent.
func DefaultThresholds() Thresholds {
	return Thresholds{Audience: .5, AudienceLower: .4, OtherAudience: .2, Containment: .8, Timing: .7, Content: .7, Logic: .5}
}

// Each calls visit with the key and the value of every threshold, in the order of the definition.
func (t Thresholds) Each(visit func(key string, value float64)) {
	visit("audience", t.Audience)
	visit("audience_lower", t.AudienceLower)
	visit("other_audience", t.OtherAudience)
	visit("containment", t.Containment)
	visit("timing", t.Timing)
	visit("content", t.Content)
	visit("logic", t.Logic)
}
