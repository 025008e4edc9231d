package synth

import (
	"math"
	"time"
)

// Series is what changes over the audited time in how customers answer. All numbers are log-odds; 0 switches off.
type Series struct {
	// Decline: clicks after an open fall by it, steadily, until the end of the period: promo_digest; with scenarios extra also recommendations, which then starts at
	// a high rate.
	Decline float64 `yaml:"decline" json:"decline"`
	// Mix: in tea_stories active and new customers click after an open at +Mix, the others at -Mix, all the time, while the mailing moves from the former to the latter:
	// the rate falls, that of no stage does.
	Mix float64 `yaml:"mix" json:"mix"`
	// Spike: in one week the opens of tea_stories are higher by it; with scenarios extra in another week the bounces of e-mail, by half as much again.
	Spike float64 `yaml:"spike" json:"spike"`
	// Shift: from one week on the opens of all push messages are higher by it (negative: lower).
	Shift float64 `yaml:"shift" json:"shift"`
	// Unsubscribe: the odds to unsubscribe by promo_digest grow by it, steadily, until the end of the period, whatever the opens do.
	Unsubscribe float64 `yaml:"unsubscribe" json:"unsubscribe"`
}

// Where in the audited period the weeks of the spikes and of the shift lie.
const (
	spikeAt  = .4
	bounceAt = .62
	shiftAt  = .55
	// recommendLift is the log-odds that recommendations has more clicks at first, so that a decline of a chain of its size can be seen.
	recommendLift = 1.3
	// storiesMessages and newsMessages are what tea_stories and app_news send, per customer in 104 weeks at talk 1; calibrated, held by TestVolume.
	storiesMessages = 13.
	newsMessages    = 4.
	newsShare       = .15 // chance that app_news goes to a customer, at talk 1
)

// drifts are log-odds by scenario and week; nil where nothing changes.
type drifts struct {
	click, leave, open [scCount][]float64
	push, bounce       []float64 // opens of push, bounces of e-mail
	worn               []float64 // clicks of wornTemplate
}

func (w *world) weekAt(part float64) int { return burnIn + int(part*float64(w.cfg.Weeks)) }

func (w *world) setDrifts() {
	p, d := &w.cfg.Plant.Series, &w.drift
	if w.level < levelUsual {
		return
	}
	by := func(f func(k int, x float64) float64) []float64 { // x: 0 until the period begins, 1 at its end
		out := make([]float64, w.weeks)
		for k := range out {
			out[k] = f(k, math.Max(0, (float64(k-burnIn)+.5)/float64(w.cfg.Weeks)))
		}
		return out
	}
	only := func(week int, size float64) []float64 {
		return by(func(k int, _ float64) float64 {
			if k == week {
				return size
			}
			return 0
		})
	}
	if p.Decline != 0 {
		d.click[scDigest] = by(func(_ int, x float64) float64 { return -p.Decline * x })
		if w.level >= levelExtra {
			d.click[scRecommend] = by(func(_ int, x float64) float64 { return recommendLift - 2*p.Decline*x })
		}
	}
	if x := w.cfg.Plant.WearOut; x != 0 {
		d.worn = by(func(_ int, part float64) float64 { return -x * part })
	}
	if p.Unsubscribe != 0 {
		d.leave[scDigest] = by(func(_ int, x float64) float64 { return p.Unsubscribe * x })
	}
	if p.Spike != 0 {
		d.open[scStories] = only(w.weekAt(spikeAt), p.Spike)
		if w.level >= levelExtra {
			d.bounce = only(w.weekAt(bounceAt), 1.5*p.Spike)
		}
	}
	if p.Shift != 0 {
		d.push = by(func(k int, _ float64) float64 {
			if k >= w.weekAt(shiftAt) {
				return p.Shift
			}
			return 0
		})
	}
}

// tilt moves a probability by log-odds.
func tilt(p, odds float64) float64 {
	if odds == 0 || p <= 0 || p >= 1 {
		return p
	}
	return expit(logit(p) + odds)
}

// at reads a drift.
func at(drift []float64, k int) float64 {
	if drift == nil {
		return 0
	}
	return drift[k]
}

// storiesShare is the chance that tea_stories goes to a customer: at first to who buys, at the end to the others. x is the position in the audited period.
func storiesShare(stage int, x float64) float64 {
	x = math.Min(1, math.Max(0, x))
	switch stage {
	case stNew, stActive:
		return .9 - .7*x
	case stAtRisk, stLost, stLead:
		return .05 + .3*x
	}
	return 0
}

// seriesTruth says what is planted over time.
func (w *world) seriesTruth() []SeriesTruth {
	var out []SeriesTruth
	p := &w.cfg.Plant.Series
	if w.level < levelUsual {
		return nil
	}
	date := func(k int) string {
		return time.Unix(w.start+int64(k)*week+zoneOffset, 0).UTC().Format(time.DateOnly)
	}
	add := func(on bool, t SeriesTruth) {
		if on {
			out = append(out, t)
		}
	}
	extra := w.level >= levelExtra
	add(p.Decline != 0, SeriesTruth{Kind: "decline", Metric: "clicked", Scenario: "promo_digest", Channel: "email", LogOdds: -p.Decline})
	add(p.Decline != 0 && extra, SeriesTruth{Kind: "decline", Metric: "clicked", Scenario: "recommendations", Channel: "email", LogOdds: -2 * p.Decline})
	add(p.Mix != 0, SeriesTruth{Kind: "mix_only", Metric: "clicked", Scenario: "tea_stories", Channel: "email", LogOdds: p.Mix})
	add(p.Spike != 0, SeriesTruth{Kind: "spike", Metric: "opened", Scenario: "tea_stories", Channel: "email", LogOdds: p.Spike, Week: date(w.weekAt(spikeAt))})
	add(p.Spike != 0 && extra, SeriesTruth{Kind: "spike", Metric: "bounced", Channel: "email", LogOdds: 1.5 * p.Spike, Week: date(w.weekAt(bounceAt))})
	add(p.Shift != 0, SeriesTruth{Kind: "level_shift", Metric: "opened", Channel: "push", LogOdds: p.Shift, Week: date(w.weekAt(shiftAt))})
	add(p.Unsubscribe != 0, SeriesTruth{Kind: "unsubscribe_growth", Metric: "unsubscribed", Scenario: "promo_digest", Channel: "email", LogOdds: p.Unsubscribe})
	return out
}
