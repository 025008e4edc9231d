package synth

import (
	"context"
	"fmt"
	"math"
	"sync"
)

// Effect is the true size of one planted effect: the same world (same people, same shocks, same uniforms) with the effect on and off.
type Effect struct {
	Subject string `json:"subject"` // scenario or experiment id, or "second_order_rate", "reactivation_rate"
	// Population counts what Value is a mean over, in the world as written: enrolments of the treated arm, treated customers, first orders
	// with 90 days of sight, or customers.
	Population int64 `json:"population"`
	// Unit: "orders per enrolment within 28 days", "orders per treated customer within 28 days", "share with a second order within 90
	// days", "orders per customer in the audited period".
	Unit     string  `json:"unit"`
	On       float64 `json:"on"`
	Off      float64 `json:"off"`
	Value    float64 `json:"effect"`         // On - Off
	StdError float64 `json:"effect_std_err"` // of Value over customers; 0 with the effect off
	Orders   int64   `json:"orders_added"`   // in the whole world: with the effect minus without it
}

// Counterfactual returns the truth of every effect on orders that the plant names, also those of size one. It generates the world once, and
// once more for each effect, without writing; a generation costs .6 of a Write as Parquet (processor time of BenchmarkGenerate against
// BenchmarkWrite).
func Counterfactual(ctx context.Context, cfg Config) ([]Effect, error) {
	cfg, err := cfg.normalize()
	if err != nil {
		return nil, err
	}
	return counterfactual(ctx, newWorld(cfg))
}

// sums of one effect over customers.
type sums struct {
	n           int64 // population
	on, off     float64
	d, dd, dn   float64 // of the customers' differences: sum, sum of squares, sum of difference x population
	nn          float64 // sum of squared populations
	ordersAdded int64
}

func (s *sums) customer(n int64, on, off float64, added int64) {
	d := on - off
	s.n += n
	s.on += on
	s.off += off
	s.d += d
	s.dd += d * d
	s.dn += d * float64(n)
	s.nn += float64(n) * float64(n)
	s.ordersAdded += added
}

func (s *sums) add(o *sums) {
	s.n += o.n
	s.on += o.on
	s.off += o.off
	s.d += o.d
	s.dd += o.dd
	s.dn += o.dn
	s.nn += o.nn
	s.ordersAdded += o.ordersAdded
}

// effect is the ratio estimate sum d / sum n with its linearised standard error.
func (s *sums) effect(subject, unit string) Effect {
	e := Effect{Subject: subject, Unit: unit, Population: s.n, Orders: s.ordersAdded}
	if s.n == 0 {
		return e
	}
	n := float64(s.n)
	e.On, e.Off = s.on/n, s.off/n
	e.Value = s.d / n
	e.StdError = math.Sqrt(max(0, s.dd-2*e.Value*s.dn+e.Value*e.Value*s.nn)) / n
	return e
}

func counterfactual(ctx context.Context, w *world) ([]Effect, error) {
	type question struct {
		subject, unit string
		off           Plant
		measure       func(on, off *sim, rows *Chunk) (n int64, x, y float64) // rows of the world with the effect
	}
	p := w.cfg.Plant
	var ask []question
	if p.SecondOrder != 1 {
		off := p
		off.SecondOrder = 1
		ask = append(ask, question{"second_order_rate", "share with a second order within 90 days", off, func(on, off *sim, _ *Chunk) (int64, float64, float64) {
			return secondWithin(on, off, w.end)
		}})
	}
	if p.Reactivation != 1 {
		off := p
		off.Reactivation = 1
		ask = append(ask, question{"reactivation_rate", "orders per customer in the audited period", off, func(on, off *sim, _ *Chunk) (int64, float64, float64) {
			from := w.start + burnIn*week
			return 1, float64(between(on.orderLog, from, w.end)), float64(between(off.orderLog, from, w.end))
		}})
	}
	for _, s := range w.scenarios {
		if _, planted := p.ScenarioEffects[s.ID]; !planted || s.Bulk {
			continue
		}
		off := p
		off.ScenarioEffects = without(p.ScenarioEffects, s.ID)
		ask = append(ask, question{s.ID, "orders per enrolment within 28 days", off, func(on, off *sim, rows *Chunk) (n int64, x, y float64) {
			for _, e := range rows.Enrolments {
				if e.Scenario == s.ID && e.Arm == "treated" && e.Entered+28*day <= w.end {
					n++
					x += float64(between(on.orderLog, e.Entered+1, e.Entered+28*day))
					y += float64(between(off.orderLog, e.Entered+1, e.Entered+28*day))
				}
			}
			return n, x, y
		}})
	}
	for i, h := range w.pairs {
		if _, planted := p.SegmentGaps[h.b]; !planted || !w.inHalf[i] {
			continue
		}
		off := p
		off.SegmentGaps = without(p.SegmentGaps, h.b)
		from := w.start + burnIn*week
		ask = append(ask, question{h.b, "orders per member in the audited period", off, func(on, off *sim, _ *Chunk) (int64, float64, float64) {
			if !w.second(i, on.index) {
				return 0, 0, 0
			}
			return 1, float64(between(on.orderLog, from, w.end)), float64(between(off.orderLog, from, w.end))
		}})
	}
	for i, e := range w.exper {
		if _, planted := p.Holdouts[e.ID]; !planted || !w.present[e.scenario] {
			continue
		}
		off := p
		off.Holdouts = without(p.Holdouts, e.ID)
		at := w.start + int64(e.Week)*week
		ask = append(ask, question{e.ID, "orders per treated customer within 28 days", off, func(on, off *sim, _ *Chunk) (int64, float64, float64) {
			if on.arm[i] != 1 {
				return 0, 0, 0
			}
			return 1, float64(between(on.orderLog, at, at+28*day)), float64(between(off.orderLog, at, at+28*day))
		}})
	}
	if len(ask) == 0 {
		return nil, nil
	}
	var others []*world
	for _, q := range ask {
		cfg := w.cfg
		cfg.Plant = q.off
		others = append(others, newWorld(cfg))
	}
	chunks := (w.cfg.Customers + chunkSize - 1) / chunkSize
	parts := make([][]sums, chunks) // merged in order below: sums of floats must not depend on the workers
	next := make(chan int)
	go func() {
		defer close(next)
		for c := range chunks {
			select {
			case next <- c:
			case <-ctx.Done():
				return
			}
		}
	}()
	var wg sync.WaitGroup
	for range w.cfg.Workers {
		wg.Go(func() {
			on, a, b := newSim(w), &Chunk{}, &Chunk{}
			on.chunk = a
			var offs []*sim
			for _, other := range others {
				s := newSim(other)
				s.chunk = b
				offs = append(offs, s)
			}
			for c := range next {
				parts[c] = make([]sums, len(ask))
				for i := c * chunkSize; i < min((c+1)*chunkSize, w.cfg.Customers); i++ {
					a.reset()
					on.customer(i)
					for k, off := range offs {
						b.reset()
						off.customer(i)
						n, x, y := ask[k].measure(on, off, a)
						parts[c][k].customer(n, x, y, int64(on.orders-off.orders))
					}
				}
			}
		})
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("run the counterfactual worlds: %w", err)
	}
	var out []Effect
	for k, q := range ask {
		var all sums
		for c := range parts {
			all.add(&parts[c][k])
		}
		out = append(out, all.effect(q.subject, q.unit))
	}
	return out, nil
}

// between counts times in [from, to).
func between(log []int64, from, to int64) int {
	n := 0
	for _, at := range log {
		if at >= from && at < to {
			n++
		}
	}
	return n
}

func secondWithin(on, off *sim, end int64) (n int64, x, y float64) {
	if len(on.orderLog) == 0 || on.orderLog[0]+90*day > end {
		return 0, 0, 0
	}
	second := func(log []int64) float64 {
		if len(log) > 1 && log[1]-log[0] <= 90*day {
			return 1
		}
		return 0
	}
	return 1, second(on.orderLog), second(off.orderLog)
}
