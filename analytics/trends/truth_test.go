package trends

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"crmaudit/analytics/benchtest"
	"crmaudit/analytics/suffstat"
)

// The bench of statistics 11, rows S11 to S13, on direct simulators: see doc.go for the command and the last table.
func TestTruth(t *testing.T) {
	benchtest.Run(t, truthSize, truthDecline, truthShift, truthSpikes)
}

// errors are n periods of an AR(1) series with standard deviation 1.
func errors(rng *rand.Rand, n int, rho float64) []float64 {
	u := make([]float64, n)
	before := rng.NormFloat64()
	for i := range u {
		before = rho*before + math.Sqrt(1-rho*rho)*rng.NormFloat64()
		u[i] = before
	}
	return u
}

// noise is the scatter of the rates of a simulated metric, log-odds; what the draw of the messages adds is a tenth of it.
const noise = .12

// weekly are weeks of 40,000 messages of one scenario with the given log-odds of a click about 10 %.
func weekly(rng *rand.Rand, logOdds []float64) *Counts {
	w := &testWorld{rng: rng, weeks: len(logOdds)}
	for k, x := range logOdds {
		w.send("s", k, 1, 40000, 1/(1+math.Exp(2.2-x)), .05, .002)
	}
	return w.counts()
}

func clicks(m *Model) *Series {
	for _, s := range m.Series {
		if s.Metric == Click && s.Type == Scenario {
			return s
		}
	}
	panic("no clicks")
}

func timeOf(n int) []float64 {
	t := make([]float64, n)
	for i := range t {
		t[i] = float64(i)
	}
	return t
}

func truthSize() []benchtest.Row {
	const r = 1000
	var out []benchtest.Row
	for i, c := range []struct {
		n    int
		rho  float64
		most float64
	}{{26, 0, .075}, {26, .3, .075}, {52, .3, .075}, {52, .6, .095}, {104, .6, .095}} {
		got := benchtest.Average(r, uint64(100+i), func(rng *rand.Rand) []float64 {
			u := errors(rng, c.n, c.rho)
			scaled := make([]float64, c.n)
			for k := range u {
				scaled[k] = noise * u[k]
			}
			s := clicks(Fit(weekly(rng, scaled), options))
			return []float64{benchtest.Flag(suffstat.PraisWinsten(timeOf(c.n), u).P < .05), benchtest.Flag(s.P < .05), benchtest.Flag(s.Shift.P <= .05),
				benchtest.Flag(s.Verdict == Rising || s.Verdict == Falling), benchtest.Flag(s.Verdict == LevelShift)}
		})
		what := fmt.Sprintf("%d weeks, rho %.1f", c.n, c.rho)
		out = append(out, benchtest.AtMost("S11", "trend size, "+what, got[0], c.most, r), benchtest.AtMost("S11", "the same through the block (104 weeks: with the season)", got[1], c.most, r),
			benchtest.Info("S11", "sup-F size at .05, "+what, fmt.Sprintf("%.3f", got[2]), r),
			benchtest.Info("S11", "called rising or falling / level_shift (family of the world)", fmt.Sprintf("%.3f / %.3f", got[3], got[4]), r))
	}
	return out
}

func truthDecline() []benchtest.Row {
	const n = 26
	var out []benchtest.Row
	for i, c := range []struct{ rho, least float64 }{{0, .90}, {.3, .90}, {.6, .75}} {
		const r = 400
		got := benchtest.Average(r, uint64(200+i), func(rng *rand.Rand) []float64 {
			y := errors(rng, n, c.rho)
			for k := range y {
				y[k] = noise * (y[k] - 3.5*float64(k)/(n-1))
			}
			s := clicks(Fit(weekly(rng, y), options))
			return []float64{benchtest.Flag(s.P < .05 && s.Slope.Value < 0), benchtest.Flag(s.Verdict == Falling), benchtest.Flag(s.Verdict == LevelShift)}
		})
		what := fmt.Sprintf("planted decline, 26 weeks, 3.5 sd, rho %.1f: ", c.rho)
		out = append(out, benchtest.AtLeast("S12", what+"found", got[0], c.least, r), benchtest.Info("S12", what+"verdict falling / level_shift", fmt.Sprintf("%.3f / %.3f", got[1], got[2]), r))
	}
	for i, weeks := range []int{26, 78} {
		const r = 400
		got := benchtest.Average(r, uint64(210+i), func(rng *rand.Rand) []float64 {
			w := &testWorld{rng: rng, weeks: weeks}
			u := errors(rng, weeks, .3)
			for k := range weeks {
				x := float64(k) / float64(weeks-1)
				for stage, rate := range []float64{-1.4, -2.9} { // 20 % and 5 %
					share := 1 - x
					if stage == 1 {
						share = x
					}
					w.send("s", k, int64(stage+1), int64(200+8000*share), 1/(1+math.Exp(-rate-noise*u[k])), .05, .002)
				}
			}
			s := clicks(Fit(w.counts(), options))
			fall := s.Split.After - s.Split.Before
			return []float64{benchtest.Flag(s.P < .05), benchtest.Flag(s.Verdict == Falling || s.Verdict == LevelShift), fall, s.Split.Rate}
		})
		out = append(out, benchtest.AtMost("S12", fmt.Sprintf("mix-only decline, %d weeks, called trend", weeks), got[0], .075, r),
			benchtest.AtMost("S12", "the same: verdict falling or level_shift", got[1], .075, r),
			benchtest.Info("S12", "the same: crude change, rate part of Kitagawa", fmt.Sprintf("%.3f, %+.4f", got[2], got[3]), r))
	}
	return out
}

func truthShift() []benchtest.Row {
	const r, weeks, at = 400, 78, 50
	var out []benchtest.Row
	for i, rho := range []float64{0, .3, .6} {
		replicates := benchtest.Replicate(r, uint64(220+i), func(rng *rand.Rand) []float64 {
			y := errors(rng, weeks, rho)
			for k := range y {
				y[k] *= noise
				if k >= at {
					y[k] -= 3 * noise
				}
			}
			s := clicks(Fit(weekly(rng, y), options))
			return []float64{benchtest.Flag(s.Verdict == LevelShift), benchtest.Flag(s.Verdict == Falling), benchtest.Flag(s.Shift.Lower <= at && at <= s.Shift.Upper), float64(s.Shift.Upper - s.Shift.Lower)}
		})
		var found, covered, width float64
		for _, x := range replicates {
			if x[0] == 1 {
				found, covered, width = found+1, covered+x[2], width+x[3]
			}
		}
		what := fmt.Sprintf("planted shift, 78 weeks, 3 sd, rho %.1f: ", rho)
		out = append(out, benchtest.Info("S12", what+"verdict level_shift / falling", fmt.Sprintf("%.3f / %.3f", found/r, benchtest.Mean(replicates, 1)), r),
			benchtest.Info("S12", what+"95 % interval of the place covers, weeks wide", fmt.Sprintf("%.3f, %.1f", covered/found, width/found), r))
	}
	return out
}

func truthSpikes() []benchtest.Row {
	const r, weeks = 400, 78
	var out []benchtest.Row
	for i, c := range []struct {
		series, spikes int
		rho            float64
		heavy          bool // noise of Student's t with 5 degrees of freedom
	}{{20, 5, 0, false}, {20, 5, .3, false}, {20, 5, .6, false}, {5, 1, .3, false}, {20, 5, .3, true}} {
		got := benchtest.Average(r, uint64(300+i), func(rng *rand.Rand) []float64 {
			w := &testWorld{rng: rng, weeks: weeks}
			planted := map[[2]int]bool{}
			for len(planted) < c.spikes {
				planted[[2]int{rng.IntN(c.series), rng.IntN(weeks)}] = true
			}
			for s := range c.series {
				u := errors(rng, weeks, c.rho)
				if c.heavy {
					u = heavyErrors(rng, weeks, c.rho)
				}
				for k := range u {
					x := noise / 2 * u[k]
					if planted[[2]int{s, k}] {
						x += 8 * noise / 2
					}
					row := Row{Period: k, Channel: "email", Kind: "trigger", Scenario: fmt.Sprintf("s%02d", s), Sent: 100000, Delivered: 100000}
					row.Clicked = w.binomial(100000, 1/(1+math.Exp(2.2-x)))
					w.rows = append(w.rows, row)
				}
			}
			m := Fit(w.counts(), options)
			specFDR, specRecall := asSpecified(m, planted)
			var hits, wrong float64
			for _, a := range m.Spikes {
				if a.Series.Type != Scenario || a.Series.Metric != Click {
					continue // the same messages again, in the total
				}
				var s int
				fmt.Sscanf(a.Series.ID, "s%d", &s)
				if planted[[2]int{s, a.Point}] {
					hits++
				} else {
					wrong++
				}
			}
			return []float64{wrong / math.Max(hits+wrong, 1), hits / float64(c.spikes), specFDR, specRecall}
		})
		what := fmt.Sprintf("%d series, %d weeks, %d spikes of 8 sd, rho %.1f", c.series, weeks, c.spikes, c.rho)
		if c.heavy {
			out = append(out, benchtest.Info("S13", "spikes FDR, recall: "+what+", t(5)", fmt.Sprintf("%.3f, %.3f", got[0], got[1]), r))
			continue
		}
		out = append(out, benchtest.AtMost("S13", "spikes FDR: "+what, got[0], .10, r))
		if c.spikes > 1 {
			out = append(out, benchtest.AtLeast("S13", "spikes recall: the same", got[1], .95, r))
		} else { // few scores tell little of the tails
			out = append(out, benchtest.Info("S13", "spikes recall: the same", fmt.Sprintf("%.3f", got[1]), r))
		}
		out = append(out, benchtest.Info("S13", "the same by T(4) of a local MAD, FDR, recall", fmt.Sprintf("%.3f, %.3f", got[2], got[3]), r))
	}
	return out
}

// heavyErrors is errors with innovations of Student's t with 5 degrees of freedom.
func heavyErrors(rng *rand.Rand, n int, rho float64) []float64 {
	u := make([]float64, n)
	var before float64
	for i := range u {
		var chi float64
		for range 5 {
			g := rng.NormFloat64()
			chi += g * g
		}
		before = rho*before + math.Sqrt(1-rho*rho)*rng.NormFloat64()/math.Sqrt(chi/5)
		u[i] = before
	}
	return u
}

// asSpecified are the false-discovery rate and recall of the letter of statistics 4.4: MAD of the twelve neighbours, T(4), BH over all series and weeks.
func asSpecified(m *Model, planted map[[2]int]bool) (fdr, recall float64) {
	var p []float64
	var at [][2]int
	for _, s := range m.Series {
		if s.Type != Scenario || s.Metric != Click {
			continue
		}
		var id int
		fmt.Sscanf(s.ID, "s%d", &id)
		n := len(s.Points)
		for i := range s.Points {
			from := min(max(i-6, 0), max(n-13, 0))
			var w, d []float64
			for j := from; j < min(from+13, n); j++ {
				if j != i {
					w = append(w, s.Points[j].y)
				}
			}
			middle := suffstat.SampleMedian(w)
			for _, v := range w {
				d = append(d, math.Abs(v-middle))
			}
			p = append(p, 2*suffstat.TSurvival(math.Abs(s.Points[i].y-middle)/(1.4826*suffstat.SampleMedian(d)), 4))
			at = append(at, [2]int{id, i})
		}
	}
	var hits, wrong float64
	for i, q := range suffstat.BH(p) {
		if q > screening {
			continue
		}
		if planted[at[i]] {
			hits++
		} else {
			wrong++
		}
	}
	return wrong / math.Max(hits+wrong, 1), hits / float64(len(planted))
}
