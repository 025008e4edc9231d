package report

import "context"

// everywhere are the kinds of findings that every company has, a quiet one too: customers stop buying, fields are left empty. They are worth acting on and no sign that something is wrong. The list is that of the bench of
// null worlds (cmd/crmaudit, trueInNull).
var everywhere = map[string]bool{
	"lifecycle bottleneck": true, "lifecycle loss_point": true, "lifecycle stage_rule_gap": true, "lifecycle stage_threshold": true, "lifecycle metric_shift": true, "value loss_point": true,
	"segments segment_stuck": true, "segments segment_size": true, "health data_health": true, "pipeline data_health": true, "backlog no_holdout": true,
}

// standsOut tells whether a confirmed finding says that something differs, beyond what is so everywhere. Equality that was shown is no such thing. Without findings nothing stands out.
func (p *page) standsOut(ctx context.Context) (bool, error) {
	f, _, err := p.fetch(ctx, "analytics.findings")
	if f == nil || err != nil {
		return false, err
	}
	block, kind, verdict, exploratory := textsOf(f, "block"), textsOf(f, "kind"), textsOf(f, "verdict"), flagsOf(f, "exploratory")
	for i := range block {
		if !exploratory[i] && verdict[i] != "equivalent" && !everywhere[block[i]+" "+kind[i]] {
			return true, nil
		}
	}
	return false, nil
}
