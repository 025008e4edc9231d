package report

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// contactSection shows how much customers get, what a cap would hold back, what goes out at night or after an unsubscribe, and what goes with pressure.
type contactSection struct {
	Loads          []loadTable
	LoadsAbsent    T
	Replays        []replayChart
	ReplayRows     []replayRow
	ReplayAbsent   T
	Losers         []loserTable
	Quiet          []quietRow
	QuietAbsent    T
	QuietLead      T
	QuietService   T
	After          []afterRow
	AfterLead      T
	AfterAbsent    T
	AfterSQL       string
	Pressure       []*chart
	PressureRows   []pressureRow
	PressureAbsent T
	Fatigue        []fatigueRow
	FatigueAbsent  T
	Curve          *chart
	CurveRows      []curveRow
	Findings       []findingRow
	FindingsAbsent T
}

type loadTable struct {
	Title, Unit T
	Rows        []loadRow
}

type loadRow struct {
	Name           T
	Group          T // first row of a group: its heading
	Pieces         []piece
	CapAt          string
	HasCap         bool
	Units          T
	Mean, Cap      cell
	Most           T
	Over           cell
	OverCount      T
	HasOver, Above bool
}

type replayChart struct {
	Title T
	Chart *chart
}

type replayRow struct {
	Window, Channel     T
	Cap, Counted, Held  T
	Share               cell
	Declared, SameGroup bool
}

type loserTable struct {
	Title T
	Rows  []loserRow
	More  T
}

type loserRow struct {
	Scenario       T
	Held, Messages T
	Share          cell
	Bar            string
}

type quietRow struct {
	Channel, Scenario T
	Total             bool
	Sent, Broken      T
	Customers         T
	Share             cell
	Bar               string
}

type afterRow struct {
	Channel, Scenario        T
	Messages, Customers, Two T
	Total                    bool
}

type pressureRow struct {
	Messages, Days                T
	Unsubscribe, Complaint, Order cell
}

type fatigueRow struct {
	Question, Answer T
	State            string // matters, minor, unclear, none
	Details          []T
}

type curveRow struct {
	Before, Messages     T
	Response, Difference cell
}

const (
	mostLosers  = 8  // scenarios named under a cap
	mostQuiet   = 12 // scenario and channel pairs named for quiet hours
	mostAfter   = 12
	lastPiece   = 6  // messages per window from which the pieces of a bar are joined
	mostCaps    = 12 // caps shown; all are in the database
	leastPoints = 2
)

func loadContact(ctx context.Context, p *page) (any, error) {
	c := &contactPart{part{page: p, ctx: ctx, schema: "scenarios"}}
	var s contactSection
	s.Loads, s.LoadsAbsent = c.loads()
	s.Replays, s.ReplayRows, s.Losers, s.ReplayAbsent = c.replays()
	c.quiet(&s)
	c.after(&s)
	s.Pressure, s.PressureRows, s.PressureAbsent = c.pressure()
	s.Fatigue, s.FatigueAbsent = c.fatigue()
	s.Curve, s.CurveRows = c.curve()
	if c.err != nil {
		return nil, c.err
	}
	var err error
	s.Findings, s.FindingsAbsent, err = p.blockFindings(ctx, "contact")
	return s, err
}

type contactPart struct{ part }

// channel is the shown name of a channel; "any" is all of them.
func (p *page) channel(code string) T { return p.texts.Name("channels", code) }

// scenario is the shown id of a scenario; messages without one say so.
func (p *page) scenario(id string) T {
	if id == "" {
		return p.word("no_scenario_id")
	}
	return plain(Shown(id))
}

// wholeNumber is a count, or a dash where it is not known.
func (p *page) wholeNumber(x float64) T {
	if !analytics.Finite(x) {
		return plain(dash)
	}
	return p.count(int64(math.Round(x)))
}

// place orders channels and stages of a window: all first, then channels, then stages.
func place(channel, stage string) int {
	switch {
	case channel == "any" && stage == "all":
		return 0
	case stage == "all":
		return 1
	case channel == "any":
		return 2
	}
	return 3
}

// loads is one table per window: how the customer-days (or -weeks) with a message fall by the number of messages, with the cap drawn in.
func (c *contactPart) loads() ([]loadTable, T) {
	f, absent := c.table("contact_means")
	if f == nil {
		return nil, absent
	}
	type key struct{ window, channel, stage string }
	type level struct {
		messages int64
		share    float64
	}
	levels := map[key][]level{}
	if l, _ := c.table("contact_load"); l != nil {
		window, channel, stage, messages, share := l.String("time_window"), l.String("channel"), l.String("stage"), l.Int64("messages"), numbersOf(l, "share")
		for i := range window {
			k := key{window[i], channel[i], stage[i]}
			levels[k] = append(levels[k], level{messages[i], share[i]})
		}
	}
	window, channel, stage, units, most := f.String("time_window"), f.String("channel"), f.String("stage"), f.Int64("units"), numbersOf(f, "most")
	mean, lower, upper := numbersOf(f, "mean"), numbersOf(f, "lower"), numbersOf(f, "upper")
	limit, over, overShare, overLower, overUpper := numbersOf(f, "cap"), numbersOf(f, "over_units"), numbersOf(f, "over_share"), numbersOf(f, "over_lower"), numbersOf(f, "over_upper")
	var out []loadTable
	for _, w := range []string{"day", "week"} {
		var at []int
		for i := range window {
			if window[i] == w && place(channel[i], stage[i]) < 3 {
				at = append(at, i)
			}
		}
		slices.SortStableFunc(at, func(a, b int) int {
			return cmp.Or(cmp.Compare(place(channel[a], stage[a]), place(channel[b], stage[b])), cmp.Compare(units[b], units[a]), cmp.Compare(channel[a], channel[b]), cmp.Compare(stage[a], stage[b]))
		})
		t := loadTable{Title: c.word("load_" + w), Unit: c.word("load_units_" + w)}
		group := 0
		for _, i := range at {
			r := loadRow{Units: c.count(units[i]), Mean: c.estimate(interval(mean[i], lower[i], upper[i], units[i], "messages"), ""), Most: c.wholeNumber(most[i])}
			if most[i] > 1000 {
				r.Most = plain("> " + c.count(1000).Ru)
			}
			switch g := place(channel[i], stage[i]); {
			case g == 0:
				r.Name = c.word("all_messages")
			case g == 1:
				r.Name = c.channel(channel[i])
			default:
				r.Name = c.stage(stage[i])
			}
			if g := place(channel[i], stage[i]); g != group {
				group = g
				r.Group = c.word([]string{"", "by_channel", "by_stage"}[g])
			}
			r.Cap = cell{Value: c.word("no_cap")}
			if r.HasCap = analytics.Finite(limit[i]); r.HasCap {
				r.Cap = cell{Value: c.wholeNumber(limit[i])}
				r.Above, r.HasOver = over[i] > 0, true
				r.Over, r.OverCount = c.estimate(interval(overShare[i], overLower[i], overUpper[i], units[i], "share"), ""), c.wholeNumber(over[i])
				r.CapAt = percentOf(1 - overShare[i])
			}
			sum := map[int64]float64{}
			var steps []int64
			for _, l := range levels[key{window[i], channel[i], stage[i]}] {
				m := min(l.messages, lastPiece)
				if r.HasCap && limit[i] >= lastPiece && float64(l.messages) > limit[i] {
					m = lastPiece + 1 // above a high cap
				}
				if _, ok := sum[m]; !ok {
					steps = append(steps, m)
				}
				sum[m] += l.share
			}
			slices.Sort(steps)
			for _, m := range steps {
				r.Pieces = append(r.Pieces, c.loadPiece(m, sum[m], limit[i]))
			}
			t.Rows = append(t.Rows, r)
		}
		if len(t.Rows) > 0 {
			out = append(out, t)
		}
	}
	return out, T{}
}

// loadPiece is the share of customer-days with so many messages: blue up to the cap, red above it, the deeper the more.
func (c *contactPart) loadPiece(messages int64, share, limit float64) piece {
	text := c.texts.each(func(w *words) string {
		name := w.integer(min(messages, lastPiece))
		if messages >= lastPiece {
			name += "+"
		}
		return name + ":\u00a0" + w.show(suffstat.Fact(share, 0, "share"), "", "").Value
	})
	out := piece{Class: "c0", Width: percentOf(share), Shade: "1", Tip: text}
	shades := []string{"0.3", "0.3", "0.5", "0.66", "0.8", "0.9", "1", "1"}
	out.Shade = shades[min(int(messages), len(shades)-1)]
	if analytics.Finite(limit) && float64(messages) > limit {
		out.Class = "c3"
		out.Shade = "1"
	}
	return out
}

// replays is what would be held back at each cap, and which scenarios lose under the declared ones.
func (c *contactPart) replays() ([]replayChart, []replayRow, []loserTable, T) {
	f, absent := c.table("cap_replay")
	if f == nil {
		return nil, nil, nil, absent
	}
	type key struct{ window, channel string }
	window, channel, limit, declared, scope := f.String("time_window"), f.String("channel"), f.Int64("cap"), f.Bool("declared"), f.String("scope")
	scenario, messages, held, share := textsOf(f, "scenario_id"), f.Int64("messages"), f.Int64("held_back"), numbersOf(f, "share")
	var at []int
	for i := range window {
		if scope[i] == "all" {
			at = append(at, i)
		}
	}
	first := func(name string) int {
		if name == "any" {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(at, func(a, b int) int {
		return cmp.Or(cmp.Compare(window[a], window[b]), cmp.Compare(first(channel[a]), first(channel[b])), cmp.Compare(channel[a], channel[b]), cmp.Compare(limit[a], limit[b]))
	})
	var charts []replayChart
	var rows []replayRow
	for _, w := range []string{"day", "week"} {
		most := int64(0)
		for _, i := range at {
			if window[i] == w && held[i] > 0 {
				most = max(most, limit[i]+1)
			}
		}
		most = min(most, mostCaps)
		ch := &chart{Kind: "lines", Label: c.word("replay_" + w), XName: c.word("replay_x_" + w), Percent: true, Min: point(0)}
		for k := int64(1); k <= most; k++ {
			ch.X = append(ch.X, c.count(k))
		}
		place := map[string]int{}
		for _, i := range at {
			if window[i] != w || limit[i] < 1 || limit[i] > most {
				continue
			}
			n, ok := place[channel[i]]
			if !ok {
				n = len(ch.Lines)
				place[channel[i]] = n
				ch.Lines = append(ch.Lines, line{Name: c.channel(channel[i]), Value: make([]*float64, most), Tips: make([]T, most), Big: make([]bool, most)})
			}
			l, k := &ch.Lines[n], limit[i]-1
			l.Value[k], l.Big[k] = point(share[i]), declared[i]
			l.Tips[k] = c.say("replay_tip", map[string]T{"share": c.fact(share[i], "share").Value, "held": c.messages(held[i]), "messages": c.count(messages[i])})
			if declared[i] {
				l.Tips[k] = joined(l.Tips[k], "; ", c.word("declared_cap"))
			}
			ch.Max = max(ch.Max, share[i])
		}
		ch.Max *= 1.08
		ch.Lines = slices.DeleteFunc(ch.Lines, func(l line) bool {
			return !slices.ContainsFunc(l.Value, func(v *float64) bool { return v != nil && *v > 0 })
		})
		if len(ch.Lines) > 0 && most >= leastPoints {
			charts = append(charts, replayChart{c.word("replay_" + w), ch})
		}
	}
	last := key{}
	for _, i := range at {
		if (held[i] == 0 || limit[i] > mostCaps) && !declared[i] {
			continue
		}
		k := key{window[i], channel[i]}
		rows = append(rows, replayRow{Window: c.texts.Name("windows", window[i]), Channel: c.channel(channel[i]), Cap: c.count(limit[i]), Counted: c.count(messages[i]), Held: c.count(held[i]),
			Share: c.fact(share[i], "share"), Declared: declared[i], SameGroup: k == last})
		last = k
	}
	var losers []loserTable
	for _, i := range at {
		if !declared[i] {
			continue
		}
		t := loserTable{Title: c.say("losers_title", map[string]T{"window": c.texts.Name("windows", window[i]), "channel": c.channel(channel[i]), "cap": c.count(limit[i])})}
		var of []int
		for j := range window {
			if declared[j] && scope[j] != "all" && window[j] == window[i] && channel[j] == channel[i] && held[j] > 0 {
				of = append(of, j)
			}
		}
		slices.SortStableFunc(of, func(a, b int) int {
			return cmp.Or(cmp.Compare(held[b], held[a]), cmp.Compare(scenario[a], scenario[b]))
		})
		if len(of) > mostLosers {
			t.More = c.say("more_rows", map[string]T{"count": c.count(int64(len(of) - mostLosers))})
			of = of[:mostLosers]
		}
		for _, j := range of {
			t.Rows = append(t.Rows, loserRow{Scenario: c.scenario(scenario[j]), Held: c.count(held[j]), Messages: c.count(messages[j]), Share: c.fact(share[j], "share"), Bar: percentOf(share[j])})
		}
		if len(t.Rows) > 0 {
			losers = append(losers, t)
		}
	}
	return charts, rows, losers, T{}
}

// messages is a count with its noun: "1 204 сообщения".
func (p *page) messages(n int64) T {
	return p.texts.each(func(w *words) string { return w.count(n, "message") })
}

// quiet is what went out in the quiet hours of the customer's own time, by channel and by the worst scenarios.
func (c *contactPart) quiet(s *contactSection) {
	f, absent := c.table("quiet_hours")
	if f == nil {
		s.QuietAbsent = absent
		return
	}
	channel, scope, scenario, service := f.String("channel"), f.String("scope"), textsOf(f, "scenario_id"), flagsOf(f, "service")
	sent, broken, share, customers, declared := f.Int64("sent"), f.Int64("broken"), numbersOf(f, "share"), numbersOf(f, "customers"), flagsOf(f, "declared")
	row := func(i int) quietRow {
		r := quietRow{Channel: c.channel(channel[i]), Sent: c.count(sent[i]), Broken: c.count(broken[i]), Share: c.fact(share[i], "share"), Bar: percentOf(share[i])}
		if analytics.Finite(customers[i]) {
			r.Customers = c.wholeNumber(customers[i])
		}
		return r
	}
	var total, channels, scenarios []int
	most := 0.0
	for i := range channel {
		switch {
		case channel[i] == "any" && scope[i] == "all" && service[i]:
			if broken[i] > 0 {
				s.QuietService = c.say("quiet_service", map[string]T{"broken": c.messages(broken[i]), "sent": c.count(sent[i])})
			}
		case service[i]:
		case channel[i] == "any" && scope[i] == "all":
			total = append(total, i)
		case scope[i] == "all":
			channels = append(channels, i)
		case broken[i] > 0:
			scenarios = append(scenarios, i)
		}
		if !service[i] && scope[i] == "all" {
			most = max(most, share[i])
		}
	}
	worst := func(at []int) {
		slices.SortStableFunc(at, func(a, b int) int {
			return cmp.Or(cmp.Compare(broken[b], broken[a]), cmp.Compare(channel[a], channel[b]), cmp.Compare(scenario[a], scenario[b]))
		})
	}
	worst(channels)
	worst(scenarios)
	for _, i := range total {
		key := "quiet_default"
		if declared[i] {
			key = "quiet_declared"
		}
		s.QuietLead = c.say(key, map[string]T{"broken": c.messages(broken[i]), "share": c.fact(share[i], "share").Value, "sent": c.count(sent[i]), "customers": c.customers(customers[i])})
		if broken[i] == 0 {
			s.QuietLead = joined(s.QuietLead, " ", c.word("quiet_none"))
			return
		}
	}
	for _, i := range append(total, channels...) {
		r := row(i)
		r.Total = channel[i] == "any"
		r.Scenario = c.word("all_scenarios")
		s.Quiet = append(s.Quiet, r)
	}
	for _, i := range scenarios[:min(len(scenarios), mostQuiet)] {
		r := row(i)
		r.Scenario = c.scenario(scenario[i])
		s.Quiet = append(s.Quiet, r)
	}
}

// customers is a count with its noun.
func (p *page) customers(n float64) T {
	if !analytics.Finite(n) {
		return plain(dash)
	}
	return p.texts.each(func(w *words) string { return w.count(int64(n), "customer") })
}

// after is what was sent after an unsubscribe: counts only, the list of customers stays in the database.
func (c *contactPart) after(s *contactSection) {
	f, absent := c.table("red_sent_after_unsubscribe")
	if f == nil {
		s.AfterAbsent = absent
		if c.empty("scenarios.red_sent_after_unsubscribe") {
			s.AfterAbsent = c.word("after_none")
		}
		return
	}
	channel, scope, scenario, service := f.String("channel"), f.String("scope"), textsOf(f, "scenario_id"), flagsOf(f, "service")
	messages, customers, two := f.Int64("messages"), f.Int64("customers"), f.Int64("within_two_days")
	var at []int
	var marketing, allowed int64
	for i := range channel {
		if scope[i] == "all" && service[i] {
			allowed += messages[i]
		} else if scope[i] == "all" {
			marketing += messages[i]
		}
		if !service[i] {
			at = append(at, i)
		}
	}
	slices.SortStableFunc(at, func(a, b int) int {
		all := func(i int) int {
			if scope[i] == "all" {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(all(a), all(b)), cmp.Compare(messages[b], messages[a]), cmp.Compare(channel[a], channel[b]), cmp.Compare(scenario[a], scenario[b]))
	})
	scenarios := 0
	for _, i := range at {
		r := afterRow{Channel: c.channel(channel[i]), Scenario: c.scenario(scenario[i]), Messages: c.count(messages[i]), Customers: c.count(customers[i]), Two: c.count(two[i]), Total: scope[i] == "all"}
		if r.Total {
			r.Scenario = c.word("all_scenarios")
		} else if scenarios++; scenarios > mostAfter {
			break
		}
		s.After = append(s.After, r)
	}
	key := "after_lead"
	if marketing == 0 {
		key = "after_service_only"
	}
	values := map[string]T{"messages": c.messages(marketing)}
	if allowed > 0 {
		values["service"] = c.messages(allowed)
	}
	s.AfterLead = c.say(key, values)
	s.AfterSQL = "SELECT customer_id, channel, unsubscribed_at, sent_at, hours_after, message_id, scenario_id\nFROM scenarios.sent_after_unsubscribe\nWHERE NOT service\nORDER BY customer_id, sent_at, mk"
}

// pressure is what happens on a customer-day, by the messages of the seven days before it: description, not effect.
func (c *contactPart) pressure() ([]*chart, []pressureRow, T) {
	f, absent := c.table("pressure")
	if f == nil {
		return nil, nil, absent
	}
	channel, stage, messages, days := f.String("channel"), f.String("stage"), f.Int64("messages_7d"), f.Int64("customer_days")
	var at []int
	for i := range channel {
		if channel[i] == "any" && stage[i] == "all" {
			at = append(at, i)
		}
	}
	slices.SortFunc(at, func(a, b int) int { return cmp.Compare(messages[a], messages[b]) })
	if len(at) == 0 {
		return nil, nil, c.word("pressure_none")
	}
	outcomes := []struct{ key, column string }{{"unsubscribe", "unsubscribe_hazard"}, {"complaint", "complaint_hazard"}, {"order", "order_rate"}}
	rows := make([]pressureRow, len(at))
	var charts []*chart
	for n, o := range outcomes {
		events := math.NaN()
		if o.key != "order" {
			events = 0
			counted := numbersOf(f, o.key+"s")
			for _, i := range at {
				events += orZero(counted[i])
			}
		}
		value, lower, upper := numbersOf(f, o.column), numbersOf(f, o.column+"_lower"), numbersOf(f, o.column+"_upper")
		ch := &chart{Kind: "lines", Label: c.word("pressure_" + o.key), XName: c.word("pressure_x"), Percent: true, Min: point(0)}
		l := line{Name: c.word("pressure_" + o.key)}
		any := false
		for k, i := range at {
			number := c.estimate(interval(value[i], lower[i], upper[i], days[i], "share"), "")
			name := c.count(messages[i])
			if messages[i] == 7 {
				name = joined(name, "", plain("+"))
			}
			rows[k].Messages, rows[k].Days = name, c.count(days[i])
			*[]*cell{&rows[k].Unsubscribe, &rows[k].Complaint, &rows[k].Order}[n] = number
			ch.X = append(ch.X, name)
			l.Value, l.Tips = append(l.Value, point(value[i])), append(l.Tips, number.whole())
			l.Lower, l.Upper = append(l.Lower, point(lower[i])), append(l.Upper, point(upper[i]))
			any = any || value[i] > 0
			if analytics.Finite(value[i]) {
				ch.Max = max(ch.Max, 1.15*value[i], min(1.05*orZero(upper[i]), 2.2*value[i]))
			}
		}
		if any && len(at) >= leastPoints && !(events < analytics.MinEvents) {
			ch.Lines = make([]line, n, n+1) // the colour of the outcome, without the others in the picture
			ch.Lines = append(ch.Lines, l)
			charts = append(charts, ch)
		}
	}
	return charts, rows, T{}
}

func orZero(x float64) float64 {
	if !analytics.Finite(x) {
		return 0
	}
	return x
}

// harm is what the pressure model says goes with a message right after another one, in a sentence; nothing when the model has not looked.
func (t *part) harm() T {
	f, _ := t.table("fatigue")
	if f == nil {
		return T{}
	}
	outcome, term, note := f.String("outcome"), f.String("term"), textsOf(f, "note")
	value, lower, upper, customers := numbersOf(f, "value"), numbersOf(f, "lower"), numbersOf(f, "upper"), numbersOf(f, "customers")
	messages := numbersOf(f, "messages")
	told, asked := map[string]suffstat.Estimate{}, false
	for i := range outcome {
		switch {
		case term[i] != "previous_collision_hours" && term[i] != "collision_log_odds":
			continue
		case note[i] != "" || !analytics.Finite(value[i]):
		case term[i] == "collision_log_odds":
			told["harm_"+outcome[i]] = interval(math.Exp(value[i]), math.Exp(lower[i]), math.Exp(upper[i]), int64(orZero(messages[i])), "ratio")
		default:
			told["harm_"+outcome[i]] = interval(value[i], lower[i], upper[i], int64(orZero(customers[i])), "share")
		}
		asked = true
	}
	if !asked {
		return T{}
	}
	key := "harm_sentences.told"
	if len(told) == 0 {
		key = "harm_sentences.unknown"
	}
	return t.texts.each(func(w *words) string {
		return w.render(w.text[key], func(name, form string) (string, bool) {
			e, ok := told[name]
			return w.estimate(e, "", form), ok
		})
	})
}

// fatigue answers, outcome by outcome, whether more messages go with a worse response, and says plainly when the data cannot tell.
func (c *contactPart) fatigue() ([]fatigueRow, T) {
	f, absent := c.table("fatigue")
	if f == nil {
		if c.empty("scenarios.fatigue") {
			absent = c.word("fatigue_none")
		}
		return nil, absent
	}
	outcome, term, verdict, note, grade := f.String("outcome"), f.String("term"), textsOf(f, "verdict"), textsOf(f, "note"), textsOf(f, "grade")
	value, lower, upper, margin := numbersOf(f, "value"), numbersOf(f, "lower"), numbersOf(f, "upper"), numbersOf(f, "margin")
	needed, customers, messages, events := numbersOf(f, "needed"), numbersOf(f, "customers"), numbersOf(f, "messages"), numbersOf(f, "events")
	baseline, variation, high, q := numbersOf(f, "baseline"), numbersOf(f, "variation"), numbersOf(f, "high_from"), numbersOf(f, "q_value")
	find := func(o, t string) int {
		for i := range outcome {
			if outcome[i] == o && term[i] == t {
				return i
			}
		}
		return -1
	}
	sentence := func(e suffstat.Estimate, form string) T {
		if !analytics.Finite(e.Value) {
			return T{}
		}
		return c.texts.each(func(w *words) string { return w.estimate(e, "", form) })
	}
	var out []fatigueRow
	for _, o := range []string{"open", "click", "order", "unsubscribe", "complaint"} {
		goal := o == "order"
		response := o == "open" || o == "click" || goal
		i := find(o, "log_odds")
		if response {
			i = find(o, "previous_7d")
		}
		if i < 0 {
			continue
		}
		reason := fatigueReason(note[i], verdict[i], value[i], response)
		r := fatigueRow{State: map[string]string{"fatigue": "matters", "benefit": "minor", "none": "minor", "inconclusive": "unclear", "insufficient_data": "none"}[reason]}
		if r.State == "" {
			r.State = "unclear"
		}
		prefix := "fatigue_optout_"
		if response {
			prefix = "fatigue_response_"
		}
		n := int64(orZero(messages[i]))
		values := map[string]T{
			"outcome": c.texts.Name("outcomes", o), "opt_out": c.texts.Name("opt_outs", o), "high_from": c.wholeNumber(high[i]),
			"margin":   c.texts.each(func(w *words) string { return w.estimate(suffstat.Fact(margin[i], 0, "share"), "", "pp") }),
			"baseline": c.fact(baseline[i], "share").Value,
		}
		if analytics.Finite(needed[i]) && note[i] == "" || reason == "insufficient_data" && analytics.Finite(needed[i]) {
			noun := "customer"
			if !response {
				noun = "message"
			}
			values["needed"] = c.texts.each(func(w *words) string { return w.count(int64(needed[i]), noun) })
		}
		if response {
			n = int64(orZero(customers[i]))
			values["slope"] = sentence(told(f, i, reason, n), "points")
		} else if analytics.Finite(value[i]) {
			values["ratio"] = sentence(odds(told(f, i, reason, n)), "")
		}
		answer := prefix + reason
		if goal && reason == "confounded" {
			answer = "fatigue_order_confounded"
		}
		question := prefix + "question"
		if goal {
			question = "fatigue_order_question"
		}
		r.Question, r.Answer = c.say(question, values), c.say(answer, values)
		detail := func(key string, t T) {
			if t != (T{}) {
				r.Details = append(r.Details, c.say("fatigue_detail_"+key, map[string]T{"x": t}))
			}
		}
		estimateOf := func(t, unit, form string) T {
			j := find(o, t)
			if j < 0 {
				return T{}
			}
			if unit == "ratio" {
				return sentence(interval(math.Exp(value[j]), math.Exp(lower[j]), math.Exp(upper[j]), n, unit), form)
			}
			return sentence(interval(value[j], lower[j], upper[j], n, unit), form)
		}
		if response {
			if reason == "confounded" {
				detail("slope", values["slope"])
			}
			if goal {
				detail("placebo_order", estimateOf("next_8_14d", "share", "points"))
				detail("seventh", estimateOf("next_8_9d", "share", "points"))
			} else {
				detail("placebo", estimateOf("next_7d", "share", "points"))
			}
			detail("earlier", estimateOf("previous_8_28d", "share", "points"))
			for _, third := range []string{"low", "middle", "high", "high_less_low"} {
				if j := find(o, "previous_7d_"+third); j >= 0 && analytics.Finite(value[j]) {
					detail("third_"+third, sentence(interval(value[j], lower[j], upper[j], int64(orZero(customers[j])), "share"), "points"))
				}
			}
			if note[i] == "calendar_only" || note[i] == "not_identifiable" {
				detail("calendar", estimateOf("previous_7d_calendar", "share", "points"))
			}
			if analytics.Finite(variation[i]) {
				detail(map[bool]string{true: "variation_order", false: "variation"}[goal], c.fact(variation[i], "share").whole())
			}
			detail("margin", values["margin"])
		} else {
			detail("raw", estimateOf("log_odds_raw", "ratio", ""))
			detail("control", estimateOf("log_odds_control", "ratio", ""))
		}
		if analytics.Finite(baseline[i]) {
			r.Details = append(r.Details, c.say("fatigue_detail_base", map[string]T{"baseline": c.fact(baseline[i], "share").whole(),
				"events": c.wholeNumber(events[i]), "messages": c.wholeNumber(messages[i])}))
		}
		if analytics.Finite(q[i]) {
			r.Details = append(r.Details, c.texts.each(func(w *words) string { return w.pvalue("q", q[i]) }))
		}
		if grade[i] != "" {
			r.Details = append(r.Details, c.texts.Name("grades", grade[i]))
		}
		out = append(out, r)
		if r, ok := c.collision(f, o, find(o, "previous_collision_hours"), find(o, "previous_collision_hours_5w")); ok {
			out = append(out, r)
		}
		if r, ok := c.collision(f, o, find(o, "collision_log_odds"), find(o, "collision_log_odds_control")); ok {
			out = append(out, r)
		}
	}
	if len(out) == 0 {
		return nil, c.word("fatigue_none")
	}
	return out, T{}
}

// collision answers whether a message right after another one goes with a worse outcome than one later in the week; i and control are its rows.
func (c *contactPart) collision(f *analytics.Frame, outcome string, i, control int) (fatigueRow, bool) {
	if i < 0 {
		return fatigueRow{}, false
	}
	note, verdict, grade := textsOf(f, "note")[i], textsOf(f, "verdict")[i], textsOf(f, "grade")[i]
	customers, messages, events := numbersOf(f, "customers")[i], numbersOf(f, "messages")[i], numbersOf(f, "events")[i]
	baseline, variation, q, needed := numbersOf(f, "baseline")[i], numbersOf(f, "variation")[i], numbersOf(f, "q_value")[i], numbersOf(f, "needed")[i]
	response := outcome == "open" || outcome == "click" || outcome == "order"
	reason := fatigueReason(note, verdict, numbersOf(f, "value")[i], response)
	if note == "no_collisions" {
		reason = note
	}
	r := fatigueRow{State: cmp.Or(map[string]string{"fatigue": "matters", "benefit": "minor", "none": "minor", "insufficient_data": "none"}[reason], "unclear")}
	n, question, noun := int64(orZero(customers)), "fatigue_collision_question", "customer"
	if !response {
		n, question, noun = int64(orZero(messages)), "fatigue_collision_optout_question", "message"
	}
	number := func(i int, reason string) T {
		if i < 0 || !analytics.Finite(numbersOf(f, "value")[i]) {
			return T{}
		}
		e := told(f, i, reason, n)
		if !response {
			e = odds(e)
			return c.texts.each(func(w *words) string {
				return strings.Replace(w.text["ui.fatigue_collision_ratio"], "{x}", w.estimate(e, "", ""), 1)
			})
		}
		return c.texts.each(func(w *words) string { return w.estimate(e, "", "points") })
	}
	values := map[string]T{"outcome": c.texts.Name("outcomes", outcome), "opt_out": c.texts.Name("opt_outs", outcome)}
	if x := number(i, reason); x != (T{}) {
		values["difference"] = x
	}
	if analytics.Finite(needed) && (note == "" || reason == "insufficient_data") {
		values["needed"] = c.texts.each(func(w *words) string { return w.count(int64(needed), noun) })
	}
	r.Question, r.Answer = c.say(question, values), c.say("fatigue_collision_"+reason, values)
	if x := number(control, ""); x != (T{}) {
		r.Details = append(r.Details, c.say("fatigue_detail_collision_control", map[string]T{"x": x}))
	}
	if analytics.Finite(variation) {
		r.Details = append(r.Details, c.say("fatigue_detail_collision_variation", map[string]T{"x": c.fact(variation, "share").whole()}))
	}
	if analytics.Finite(baseline) {
		r.Details = append(r.Details, c.say("fatigue_detail_collision_base", map[string]T{"baseline": c.fact(baseline, "share").whole(), "events": c.wholeNumber(events), "messages": c.wholeNumber(messages)}))
	}
	if analytics.Finite(q) {
		r.Details = append(r.Details, c.texts.each(func(w *words) string { return w.pvalue("q", q) }))
	}
	if grade != "" {
		r.Details = append(r.Details, c.texts.Name("grades", grade))
	}
	return r, true
}

// told is the estimate of row i of scenarios.fatigue as its sentence prints it: "inside the margin" beside the 90 % interval that was held against the margin.
func told(f *analytics.Frame, i int, reason string, n int64) suffstat.Estimate {
	e := interval(numbersOf(f, "value")[i], numbersOf(f, "lower")[i], numbersOf(f, "upper")[i], n, "share")
	if reason == "none" {
		e.Level, e.Lower, e.Upper = .90, numbersOf(f, "equivalence_lower")[i], numbersOf(f, "equivalence_upper")[i]
	}
	return e
}

// odds is an estimate of log odds as a ratio.
func odds(e suffstat.Estimate) suffstat.Estimate {
	e.Value, e.Lower, e.Upper, e.Unit = math.Exp(e.Value), math.Exp(e.Lower), math.Exp(e.Upper), "ratio"
	return e
}

// fatigueReason is the answer in one word, as analytics/contact gives it to its findings.
func fatigueReason(note, verdict string, value float64, response bool) string {
	bad := value < 0 == response
	switch {
	case note == "not_identifiable" || note == "calendar_only" || note == "confounded":
		return note
	case verdict == string(analytics.Different) && bad:
		return "fatigue"
	case verdict == string(analytics.Different):
		return "benefit"
	case verdict == string(analytics.Equivalent):
		return "none"
	case verdict == string(analytics.Inconclusive):
		return "inconclusive"
	}
	return "insufficient_data"
}

// curve is the response by the number of bulk messages before, within customer and week.
func (c *contactPart) curve() (*chart, []curveRow) {
	f, _ := c.table("fatigue_curve")
	if f == nil {
		return nil, nil
	}
	from, to, messages, outcome := f.Int64("from_messages"), numbersOf(f, "to_messages"), f.Int64("messages"), f.String("outcome")
	response, difference, lower, upper := numbersOf(f, "response"), numbersOf(f, "difference"), numbersOf(f, "lower"), numbersOf(f, "upper")
	ch := &chart{Kind: "lines", Label: c.word("curve_title"), XName: c.word("curve_x"), Percent: true}
	l := line{Name: c.texts.Name("outcomes", outcome[0])}
	low, high := 0.0, 0.0
	var rows []curveRow
	for i := range from {
		if messages[i] == 0 || !analytics.Finite(difference[i]) || outcome[i] != outcome[0] || outcome[i] == "order" {
			continue // the curve of the response; that of orders is in the table
		}
		name := c.count(from[i])
		switch {
		case !analytics.Finite(to[i]):
			name = joined(name, "", plain("+"))
		case int64(to[i]) > from[i]:
			name = joined(name, "–", c.count(int64(to[i])))
		}
		number := c.estimate(interval(difference[i], lower[i], upper[i], messages[i], "share"), "points")
		if i == 0 {
			number = cell{Value: c.word("curve_reference")}
		}
		ch.X = append(ch.X, name)
		l.Value, l.Lower, l.Upper, l.Tips = append(l.Value, point(difference[i])), append(l.Lower, point(lower[i])), append(l.Upper, point(upper[i])), append(l.Tips, number.whole())
		low, high = min(low, difference[i]), max(high, difference[i])
		rows = append(rows, curveRow{Before: name, Messages: c.count(messages[i]), Response: c.fact(response[i], "share"), Difference: number})
	}
	if len(rows) < leastPoints {
		return nil, nil
	}
	reach := max(high, -low)
	ch.Min, ch.Max = point(low-0.6*reach), math.Round((high+0.6*reach)*1e6)/1e6
	ch.Lines = []line{l}
	return ch, rows
}

// inputName is the shown name of an input: "messages.kind" is the field kind of messages.
func (p *page) inputName(code string) T {
	if key := strings.ReplaceAll(code, ".", "_"); key != code && p.texts.Has("inputs."+key) {
		return p.texts.Name("inputs", key)
	}
	if input, vendor, of := strings.Cut(code, " of "); of { // what a vendor's export says about an input
		return p.texts.each(func(w *words) string {
			return w.name("inputs", strings.ReplaceAll(input, ".", "_")) + " (" + Shown(vendor) + ")"
		})
	}
	return p.texts.Name("inputs", code)
}
