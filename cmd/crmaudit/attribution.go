package main

import (
	"slices"
	"time"

	"crmaudit/analytics/metrics"
)

// attributionConfig says to which message an order is credited: the last one before it, within the window of its channel.
type attributionConfig struct {
	Windows       map[string]string `yaml:"windows,omitempty"` // channel or "other": duration
	Transactional bool              `yaml:"transactional"`     // service messages may be credited too

	given []string // channels that audit.yaml names
}

// otherChannels stands for every channel that is not named.
const otherChannels = "other"

// defaultWindows holds where audit.yaml is silent: how long after the send orders of the channel are usually counted.
func defaultWindows() map[string]string {
	return map[string]string{"email": "5d", "sms": "2d", "messenger": "2d", "push": "1d", "call": "7d", otherChannels: "3d"}
}

// complete fills in the windows that the file leaves out.
func (a *attributionConfig) complete() {
	a.given = sortedKeys(a.Windows)
	for channel, window := range defaultWindows() {
		if _, ok := a.Windows[channel]; !ok {
			if a.Windows == nil {
				a.Windows = map[string]string{}
			}
			a.Windows[channel] = window
		}
	}
}

func (a *attributionConfig) validate(add func(path, format string, args ...any)) {
	for _, channel := range sortedKeys(a.Windows) {
		path := "attribution.windows." + channel
		d, ok := parseDuration(a.Windows[channel])
		switch {
		case !ok:
			add(path, "%q is not a duration: a whole number with s, m, h, d or w, for example 5d", shorten(a.Windows[channel]))
		case d < time.Hour || d > 60*24*time.Hour:
			add(path, "%q is out of range: allowed: 1h to 60d", a.Windows[channel])
		}
	}
}

// setup is the attribution for block metrics; validate has checked the durations.
func (a *attributionConfig) setup() metrics.Setup {
	s := metrics.Setup{Service: a.Transactional}
	for _, channel := range sortedKeys(a.Windows) {
		d, _ := parseDuration(a.Windows[channel])
		w := metrics.Window{Channel: channel, Seconds: int64(d / time.Second), Given: slices.Contains(a.given, channel)}
		if channel == otherChannels {
			w.Channel = ""
		}
		s.Windows = append(s.Windows, w)
	}
	return s
}
