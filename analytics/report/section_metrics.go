package report

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// metricsSection shows what becomes of messages, by kind: delivery, response and orders with their intervals, how they change, whether opens can be believed, and how much the attribution windows decide.
type metricsSection struct {
	Heads           []T
	Families        []metricRow
	FamiliesAbsent  T
	Estimated       bool // customers are extrapolated
	Figures         []metricFigure
	Trends          []trendRow
	TrendsMore      T
	TrendsAbsent    T
	TrendsSummary   []T
	Scenarios       []metricRow
	ScenariosMore   T
	Reliability     []reliabilityRow
	Attribution     []attributionRow
	AttributionLead T
	AttributionNone T
	Gaps            []gapRow
	GapsMore        T
	GapsAbsent      T
	Findings        []findingRow
	FindingsAbsent  T
}

// metricRow is one channel and kind, or a scenario of them.
type metricRow struct {
	Name, Kind, Base T
	Cells            []metricCell
}

// metricCell is one rate; Words stands where there is no number to show.
type metricCell struct {
	Head        T
	Number      cell
	Words, Mark T
	State       string // yes (bad), no (good), "" (neither)
	Spark       spark  // how it went, period by period
}

// spark is a small line of a series in a table, 100 units wide and 24 high; At is where the series changed, per cent of its width, Step whether to a new level.
type spark struct {
	Path, At, Y string
	Step        bool
}

type metricFigure struct {
	Name   T
	Charts []metricChart
	Rows   []metricPeriod // the last periods as a table, the latest first
	More   T
	SQL    string
}

// metricPeriod is one period of a figure: a number for each of its charts.
type metricPeriod struct {
	Start T
	Cells []cell
}

type metricChart struct {
	Title, Caption T
	State          string
	Chart          *chart
}

type trendRow struct {
	Metric, Subject, Words, Note T
	State                        string
	Rate                         T
	Slope                        cell
	Span                         span
}

type reliabilityRow struct {
	Channel, Opens, Machines, Fast T
	Share                          cell
	Verdict                        T
	State                          string
	Delivery, Days                 T
}

type attributionRow struct {
	Name, Kind, Days T
	Total            bool
	Half, Full, More cell
}

type gapRow struct {
	Scenario, Kind, Clicks, Words T
	Orders                        cell
	Expected                      T
	Ratio                         cell
	Span                          span
	State                         string
}

const (
	mostFigures = 4  // channels and kinds whose series are drawn; all are in the database
	leastSeries = 4  // periods that make a picture
	mostPeriods = 6  // periods in the table behind a picture
	mostTrends  = 15 // series in the table
	mostRated   = 10 // scenarios in the table of rates, the most messages first
)

// dashboard is the metrics of the first table, in its order, and which direction of them is good.
var dashboard = []struct {
	metric string
	good   float64 // 1: more is better, -1: less is better
}{{"delivery_rate", 1}, {"open_rate", 1}, {"click_rate", 1}, {"order_rate", 1}, {"revenue_per_message", 1}, {"moved_up_rate", 1}, {"unsubscribe_rate", -1}, {"complaint_rate", -1}}

// pictured is the metrics whose series are drawn.
var pictured = []string{"click_rate", "open_rate", "order_rate", "unsubscribe_rate"}

func loadMetrics(ctx context.Context, p *page) (any, error) {
	m := &metricsPart{part: part{page: p, ctx: ctx, schema: "analytics"}}
	m.trends = m.readTrends()
	m.readSeries()
	var s metricsSection
	for _, d := range dashboard {
		s.Heads = append(s.Heads, m.word("metric_"+d.metric))
	}
	s.Families, s.Scenarios, s.ScenariosMore, s.FamiliesAbsent = m.rates()
	s.Estimated = m.estimated
	s.Figures = m.figures(s.Families)
	m.trendTable(&s)
	s.Reliability = m.reliability()
	m.attribution(&s)
	s.Gaps, s.GapsMore, s.GapsAbsent = m.gaps()
	if m.err != nil {
		return nil, m.err
	}
	var err error
	s.Findings, s.FindingsAbsent, err = p.blockFindings(ctx, "metrics")
	if err != nil {
		return nil, err
	}
	over, _, err := p.blockFindings(ctx, "trends")
	s.Findings = append(s.Findings, over...)
	return s, err
}

type metricsPart struct {
	part
	trends map[string]trend // metric, subject type, subject
	order  []string         // keys of trends in the order of the table

	estimated bool                        // customers of metric_rates are extrapolated
	series    map[[3]string][]metricPoint // channel, kind, metric: by period
}

// metricPoint is one period of a series.
type metricPoint struct {
	start time.Time
	value float64
}

// readSeries takes analytics.metric_periods apart, each series in the order of time.
func (m *metricsPart) readSeries() {
	m.series = map[[3]string][]metricPoint{}
	f, _ := m.table("metric_periods")
	if f == nil {
		return
	}
	channel, kind, metric, value, start := f.String("channel"), f.String("kind"), f.String("metric"), numbersOf(f, "value"), daysOf(f, "period_start")
	for i := range channel {
		if analytics.Finite(value[i]) {
			key := [3]string{channel[i], kind[i], metric[i]}
			m.series[key] = append(m.series[key], metricPoint{start[i], value[i]})
		}
	}
	for _, points := range m.series {
		slices.SortFunc(points, func(a, b metricPoint) int { return a.start.Compare(b.start) })
	}
}

// spark draws a series between its own least and greatest value; the mark is a period in which the series changed.
func (m *metricsPart) spark(channel, kind, metric string) spark {
	points := m.series[[3]string{channel, kind, metric}]
	if len(points) < leastSeries {
		return spark{}
	}
	low, high := points[0].value, points[0].value
	for _, q := range points {
		low, high = min(low, q.value), max(high, q.value)
	}
	if high == low {
		return spark{}
	}
	place := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
	var s spark
	var path strings.Builder
	t, known := m.trends[trendKey(metric, "channel_kind", channel+":"+kind)]
	for i, q := range points {
		x, y := math.Round(1000*float64(i)/float64(len(points)-1))/10, math.Round(10*(22-20*(q.value-low)/(high-low)))/10
		path.WriteString(string("ML"[min(i, 1)]) + place(x) + " " + place(y))
		if known && !t.short && (t.verdict == "spike" || t.verdict == "level_shift") && q.start.Equal(t.change) {
			s.At, s.Y, s.Step = place(x), place(y), t.verdict == "level_shift"
		}
	}
	s.Path = path.String()
	return s
}

// trend is one series of analytics.trends.
type trend struct {
	metric, subjectType, subject, verdict, note string
	slope, lower, upper, q, rate                float64
	change, changeLower, changeUpper            time.Time
	periods, needed                             float64
	unit                                        string
	short                                       bool
}

func trendKey(metric, subjectType, subject string) string {
	return metric + "\x00" + subjectType + "\x00" + subject
}

func (m *metricsPart) readTrends() map[string]trend {
	out := map[string]trend{}
	f, _ := m.table("trends")
	if f == nil {
		return out
	}
	metric, kind, subject, verdict, note, unit := f.String("metric"), f.String("subject_type"), f.String("subject_id"), textsOf(f, "verdict"), textsOf(f, "note"), textsOf(f, "unit")
	slope, lower, upper, q, rate, periods, needed := numbersOf(f, "slope"), numbersOf(f, "lower"), numbersOf(f, "upper"), numbersOf(f, "q_value"), numbersOf(f, "rate"), numbersOf(f, "periods"), numbersOf(f, "needed")
	change, from, to, short := daysOf(f, "change_at"), daysOf(f, "change_lower"), daysOf(f, "change_upper"), flagsOf(f, "short")
	for i := range metric {
		key := trendKey(metric[i], kind[i], subject[i])
		out[key] = trend{metric[i], kind[i], subject[i], verdict[i], note[i], slope[i], lower[i], upper[i], q[i], rate[i], change[i], from[i], to[i], periods[i], needed[i], unit[i], short[i]}
		m.order = append(m.order, key)
	}
	return out
}

// kindOf is the shown name of a message kind.
func (m *metricsPart) kindOf(kind string) T { return m.texts.Name("message_kinds", kind) }

// verdict is a trend in words with its state: yes what is bad news, no what is good.
func (m *metricsPart) verdict(t trend) (words T, state string) {
	good := 1.
	for _, d := range dashboard {
		if d.metric == t.metric {
			good = d.good
		}
	}
	if t.metric == "bounce_rate" {
		good = -1
	}
	switch {
	case t.short || t.note == "short_series" || t.verdict == "":
		return m.word("trend_short"), ""
	case t.verdict == "level_shift" || t.verdict == "spike":
		words = m.say("trend_"+t.verdict, map[string]T{"at": day(t.change)})
		return words, ""
	case t.verdict == "rising" && good > 0, t.verdict == "falling" && good < 0:
		state = "no"
	case t.verdict == "rising" || t.verdict == "falling":
		state = "yes"
	}
	return m.word("trend_" + t.verdict), state
}

// rates is the table of channels and kinds, and that of their scenarios.
func (m *metricsPart) rates() (families, scenarios []metricRow, more, absent T) {
	f, absent := m.table("metric_rates")
	if f == nil {
		return nil, nil, T{}, absent
	}
	scope, channel, kind, scenario, metric := f.String("scope"), f.String("channel"), f.String("kind"), textsOf(f, "scenario_id"), f.String("metric")
	value, lower, upper, den, note := numbersOf(f, "value"), numbersOf(f, "lower"), numbersOf(f, "upper"), f.Int64("denominator"), textsOf(f, "note")
	customers := numbersOf(f, "customers")
	m.estimated = slices.Contains(flagsOf(f, "customers_estimated"), true)
	type key struct{ scope, channel, kind, scenario string }
	cells := map[key]map[string]int{}
	var order []key
	for i := range scope {
		if scope[i] != "family" && scope[i] != "scenario" {
			continue
		}
		k := key{scope[i], channel[i], kind[i], scenario[i]}
		if cells[k] == nil {
			cells[k] = map[string]int{}
			order = append(order, k)
		}
		cells[k][metric[i]] = i
	}
	sent := func(k key) int64 { // what delivery is counted of
		if i, ok := cells[k]["delivery_rate"]; ok {
			return den[i]
		}
		return 0
	}
	slices.SortStableFunc(order, func(a, b key) int { return cmp.Compare(sent(b), sent(a)) })
	for _, k := range order {
		row := metricRow{Name: m.channel(k.channel), Kind: m.kindOf(k.kind)}
		if i, ok := cells[k]["delivery_rate"]; ok {
			reached := m.customers(customers[i])
			if m.estimated {
				reached = joined(plain("≈"), " ", reached)
			}
			row.Base = m.say("metric_base", map[string]T{"sent": m.count(den[i]), "customers": reached})
		}
		if k.scope == "scenario" {
			row.Name, row.Kind = plain(Shown(k.scenario)), joined(m.channel(k.channel), ", ", m.kindOf(k.kind))
			if k.scenario == "(none)" {
				row.Name = m.word("no_scenario")
			}
		}
		for _, d := range dashboard {
			c := metricCell{Head: m.word("metric_" + d.metric)}
			i, ok := cells[k][d.metric]
			if !ok {
				row.Cells = append(row.Cells, c)
				continue
			}
			unit := "share"
			if d.metric == "revenue_per_message" {
				unit = m.opt.Currency
			}
			switch {
			case m.texts.Has("ui.metric_note_"+note[i]) && !analytics.Finite(value[i]):
				c.Words = m.word("metric_note_" + note[i])
			case note[i] == "all_zero" && unit == "share":
				c.Words = m.say("metric_note_all_zero", map[string]T{"upper": m.estimate(suffstat.Fact(upper[i], 0, "share"), "bare").Value, "count": m.count(den[i])})
			default:
				c.Number = m.estimate(interval(value[i], lower[i], upper[i], 0, unit), "") // n is the same in the whole row and stands at its head
				if note[i] == "unreliable" || note[i] == "few_customers" {
					c.Words = m.word("metric_note_" + note[i])
				}
			}
			if k.scope == "family" {
				c.Spark = m.spark(k.channel, k.kind, d.metric)
				if t, ok := m.trends[trendKey(d.metric, "channel_kind", k.channel+":"+k.kind)]; ok && c.Number.Value != (T{}) {
					c.Mark, c.State = m.verdict(t)
				}
			}
			row.Cells = append(row.Cells, c)
		}
		if k.scope == "family" {
			families = append(families, row)
		} else {
			scenarios = append(scenarios, row)
		}
	}
	if n := len(scenarios); n > mostRated {
		scenarios, more = scenarios[:mostRated], m.say("more_rows", map[string]T{"count": m.count(int64(n - mostRated))})
	}
	return families, scenarios, more, T{}
}

// figures draws the series of the largest channels and kinds.
func (m *metricsPart) figures(families []metricRow) []metricFigure {
	f, _ := m.table("metric_periods")
	if f == nil {
		return nil
	}
	channel, kind, metric := f.String("channel"), f.String("kind"), f.String("metric")
	value, lower, upper, den := numbersOf(f, "value"), numbersOf(f, "lower"), numbersOf(f, "upper"), f.Int64("denominator")
	start := daysOf(f, "period_start")
	type key struct{ channel, kind, metric string }
	rows, messages := map[key][]int{}, map[[2]string]int64{}
	var order [][2]string
	for i := range channel {
		family := [2]string{channel[i], kind[i]}
		if _, ok := messages[family]; !ok {
			order = append(order, family)
		}
		if metric[i] == "delivery_rate" {
			messages[family] += den[i]
		} else {
			messages[family] += 0
		}
		if analytics.Finite(value[i]) {
			k := key{channel[i], kind[i], metric[i]}
			rows[k] = append(rows[k], i)
		}
	}
	slices.SortStableFunc(order, func(a, b [2]string) int { return cmp.Compare(messages[b], messages[a]) })
	var out []metricFigure
	for _, family := range order {
		if len(out) == mostFigures {
			break
		}
		type placed struct {
			chart  int
			number cell
		}
		numbers := map[time.Time][]placed{}
		fig := metricFigure{Name: joined(m.channel(family[0]), ", ", m.kindOf(family[1]))}
		for _, name := range pictured {
			at := rows[key{family[0], family[1], name}]
			if len(at) < leastSeries {
				continue
			}
			slices.SortFunc(at, func(a, b int) int { return start[a].Compare(start[b]) })
			most, events := 0., 0.
			ch := &chart{Kind: "lines", XName: m.word("metric_axis"), Percent: true, Min: point(0)}
			l := line{Name: m.word("metric_" + name)}
			for _, i := range at {
				number := m.estimate(interval(value[i], lower[i], upper[i], den[i], "share"), "")
				ch.X = append(ch.X, day(start[i]))
				l.Value, l.Lower, l.Upper, l.Tips = append(l.Value, point(value[i])), append(l.Lower, point(lower[i])), append(l.Upper, point(upper[i])), append(l.Tips, number.whole())
				most, events = max(most, value[i]), events+value[i]
			}
			if events == 0 {
				continue
			}
			ch.Max = niceMax(most * 1.25)
			c := metricChart{Title: m.word("metric_" + name), Chart: ch}
			if t, ok := m.trends[trendKey(name, "channel_kind", family[0]+":"+family[1])]; ok {
				if t.verdict == "spike" || t.verdict == "level_shift" {
					for k, i := range at {
						l.Big = append(l.Big, start[i].Equal(t.change))
						if start[i].Equal(t.change) {
							l.Mark = append(l.Mark, k)
						}
					}
				}
				c.Caption, c.State = m.caption(t)
			}
			ch.Label = joined(fig.Name, ": ", c.Title)
			ch.Lines = []line{l}
			fig.Charts = append(fig.Charts, c)
			for _, i := range at {
				numbers[start[i]] = append(numbers[start[i]], placed{len(fig.Charts) - 1, m.estimate(interval(value[i], lower[i], upper[i], den[i], "share"), "")})
			}
		}
		periods := make([]time.Time, 0, len(numbers))
		for at := range numbers {
			periods = append(periods, at)
		}
		slices.SortFunc(periods, func(a, b time.Time) int { return b.Compare(a) })
		if n := len(periods); n > mostPeriods {
			fig.More = m.say("more_rows", map[string]T{"count": m.count(int64(n - mostPeriods))})
			periods = periods[:mostPeriods]
		}
		for _, at := range periods {
			row := metricPeriod{Start: day(at), Cells: make([]cell, len(fig.Charts))}
			for _, x := range numbers[at] {
				row.Cells[x.chart] = x.number
			}
			fig.Rows = append(fig.Rows, row)
		}
		fig.SQL = safeSQL("SELECT * FROM analytics.metric_periods WHERE channel = " + analytics.SQLText(family[0]) + " AND kind = " + analytics.SQLText(family[1]) + " ORDER BY metric, period_start")
		if len(fig.Charts) > 0 {
			out = append(out, fig)
		}
	}
	return out
}

// niceMax rounds the end of an axis up to one significant digit.
func niceMax(x float64) float64 {
	if !(x > 0) {
		return 0
	}
	step := math.Pow(10, math.Floor(math.Log10(x)))
	for _, k := range []float64{1, 2, 3, 4, 5, 6, 8, 10} {
		if k*step >= x {
			return math.Min(1, k*step)
		}
	}
	return math.Min(1, 10*step)
}

// caption is a trend in one sentence.
func (m *metricsPart) caption(t trend) (T, string) {
	words, state := m.verdict(t)
	if analytics.Finite(t.slope) && t.verdict != "level_shift" && t.verdict != "spike" {
		slope := m.estimate(interval(t.slope, t.lower, t.upper, 0, "share"), "points")
		return m.say("trend_caption", map[string]T{"verdict": words, "slope": slope.whole()}), state
	}
	return words, state
}

// trendTable is the series that change, and how many do not.
func (m *metricsPart) trendTable(s *metricsSection) {
	_, s.TrendsAbsent = m.table("trends")
	counts := map[string]int64{}
	var found []trend
	for _, key := range m.order {
		t := m.trends[key]
		verdict := t.verdict
		if t.short {
			verdict = "short"
		}
		counts[verdict]++
		if slices.Contains([]string{"rising", "falling", "level_shift", "spike"}, verdict) {
			found = append(found, t)
		}
	}
	rank := map[string]int{"falling": 0, "rising": 0, "level_shift": 1, "spike": 2}
	slices.SortStableFunc(found, func(a, b trend) int {
		qa, qb := a.q, b.q
		if !analytics.Finite(qa) {
			qa = 2
		}
		if !analytics.Finite(qb) {
			qb = 2
		}
		return cmp.Or(cmp.Compare(rank[a.verdict], rank[b.verdict]), cmp.Compare(qa, qb))
	})
	if len(found) > mostTrends {
		s.TrendsMore = m.say("more_rows", map[string]T{"count": m.count(int64(len(found) - mostTrends))})
		found = found[:mostTrends]
	}
	var values, lower, upper []float64
	for _, t := range found {
		rel := math.Max(t.rate, 1e-9)
		values, lower, upper = append(values, t.slope/rel), append(lower, t.lower/rel), append(upper, t.upper/rel)
	}
	sc := scaleOf(values, lower, upper)
	for i, t := range found {
		words, state := m.verdict(t)
		r := trendRow{Metric: m.texts.Name("metrics", t.metric), Subject: m.subjectOf(t), Words: words, State: state, Rate: m.estimate(suffstat.Fact(t.rate, 0, "share"), "bare").Value,
			Slope: m.estimate(interval(t.slope, t.lower, t.upper, 0, "share"), "points"), Span: sc.draw(values[i], lower[i], upper[i], 0)}
		if t.verdict == "level_shift" && !t.changeLower.IsZero() {
			r.Note = m.say("trend_between", map[string]T{"from": day(t.changeLower), "to": day(t.changeUpper)})
		}
		s.Trends = append(s.Trends, r)
	}
	for _, v := range []string{"steady", "undecided", "short"} {
		if counts[v] > 0 {
			s.TrendsSummary = append(s.TrendsSummary, m.say("trends_"+v, map[string]T{"count": m.count(counts[v])}))
		}
	}
	if slices.ContainsFunc(m.order, func(key string) bool { return strings.Contains(m.trends[key].note, "sample_of_customers") }) {
		s.TrendsSummary = append(s.TrendsSummary, m.word("trends_sample"))
	}
	if len(m.order) > 0 {
		s.TrendsAbsent = T{}
	}
}

func (m *metricsPart) subjectOf(t trend) T {
	return m.texts.each(func(w *words) string { return w.subject(t.subjectType, t.subject) })
}

// reliability is what is known of the opens of every channel.
func (m *metricsPart) reliability() []reliabilityRow {
	f, _ := m.table("channel_reliability")
	if f == nil {
		return nil
	}
	channel, verdict, delivery := f.String("channel"), f.String("verdict"), textsOf(f, "delivery")
	opens, machines, fast, customers, days := f.Int64("opens"), f.Int64("machine_opens"), f.Int64("fast_opens"), f.Int64("customers"), numbersOf(f, "response_days")
	share, lower, upper, measured := numbersOf(f, "proxy_share"), numbersOf(f, "lower"), numbersOf(f, "upper"), flagsOf(f, "response_days_measured")
	var out []reliabilityRow
	for i := range channel {
		r := reliabilityRow{Channel: m.channel(channel[i]), Opens: m.count(opens[i]), Machines: m.count(machines[i]), Fast: m.count(fast[i]), Delivery: m.word("delivery_" + delivery[i]),
			Days: m.fact(days[i], "days").Value, Verdict: m.word("opens_" + verdict[i])}
		if !measured[i] {
			r.Days = joined(r.Days, ", ", m.word("not_measured_days"))
		}
		if verdict[i] == "unreliable" {
			r.State = "yes"
		}
		if verdict[i] == "not_reported" {
			r.Opens, r.Machines, r.Fast = plain(dash), plain(dash), plain(dash)
		}
		if opens[i] > 0 {
			r.Share = m.estimate(interval(share[i], lower[i], upper[i], customers[i], "share"), "")
		}
		out = append(out, r)
	}
	return out
}

// attribution is how much the windows decide.
func (m *metricsPart) attribution(s *metricsSection) {
	f, absent := m.table("attribution")
	if f == nil {
		s.AttributionNone = absent
		return
	}
	scope, channel, kind, size := f.String("scope"), f.String("channel"), f.String("kind"), f.String("size")
	orders, share, days := f.Int64("orders"), numbersOf(f, "order_share"), numbersOf(f, "window_days")
	at := map[string]int{}
	var full []float64
	for i := range scope {
		if scope[i] == "scenario" {
			continue
		}
		key := scope[i] + "\x00" + channel[i] + "\x00" + kind[i]
		j, ok := at[key]
		if !ok {
			j = len(s.Attribution)
			at[key] = j
			r := attributionRow{Name: m.channel(channel[i]), Kind: m.kindOf(kind[i]), Total: scope[i] == "all"}
			if r.Total {
				r.Name, r.Kind = m.word("attribution_all"), T{}
			}
			s.Attribution, full = append(s.Attribution, r), append(full, 0)
		}
		r := &s.Attribution[j]
		number := cell{Value: m.estimate(suffstat.Fact(share[i], 0, "share"), "bare").Value, Doubt: m.count(orders[i])}
		switch size[i] {
		case "half":
			r.Half = number
		case "full":
			r.Full, full[j] = number, share[i]
			if analytics.Finite(days[i]) {
				r.Days = m.fact(days[i], "days").Value
			}
		case "double":
			r.More = number
		}
	}
	idx := make([]int, len(full))
	for i := range idx {
		idx[i] = i
	}
	slices.SortStableFunc(idx, func(a, b int) int {
		total := map[bool]int{true: 0, false: 1}
		return cmp.Or(cmp.Compare(total[s.Attribution[a].Total], total[s.Attribution[b].Total]), cmp.Compare(full[b], full[a]))
	})
	rows := make([]attributionRow, len(idx))
	for i, j := range idx {
		rows[i] = s.Attribution[j]
	}
	s.Attribution = rows
	if len(rows) > 0 && rows[0].Total {
		s.AttributionLead = m.say("attribution_lead", map[string]T{"full": rows[0].Full.Value, "half": rows[0].Half.Value, "double": rows[0].More.Value})
	}
}

// gaps is scenarios by what their clicks let expect.
func (m *metricsPart) gaps() (out []gapRow, more, absent T) {
	f, absent := m.table("engagement_gaps")
	if f == nil {
		return nil, T{}, absent
	}
	scenario, channel, kind, verdict := f.String("scenario_id"), f.String("channel"), f.String("kind"), textsOf(f, "verdict")
	rate, expected, shrunk, lower, upper := numbersOf(f, "order_rate"), numbersOf(f, "expected_rate"), numbersOf(f, "shrunk"), numbersOf(f, "lower"), numbersOf(f, "upper")
	clicked, ordered, delivered, customers := f.Int64("clicked"), f.Int64("ordered"), f.Int64("delivered"), f.Int64("customers")
	idx := make([]int, len(scenario))
	for i := range idx {
		idx[i] = i
	}
	slices.SortStableFunc(idx, func(a, b int) int { return cmp.Compare(shrunk[a], shrunk[b]) })
	sc := scaleOf(shrunk, lower, upper)
	for _, i := range idx {
		r := gapRow{Scenario: plain(Shown(scenario[i])), Kind: joined(m.channel(channel[i]), ", ", m.kindOf(kind[i])), Clicks: m.estimate(suffstat.Fact(float64(clicked[i])/float64(delivered[i]), 0, "share"), "bare").Value,
			Orders: cell{Value: m.estimate(suffstat.Fact(rate[i], 0, "share"), "bare").Value, Doubt: m.count(ordered[i])}, Expected: m.estimate(suffstat.Fact(expected[i], 0, "share"), "bare").Value,
			Ratio: m.estimate(interval(math.Exp(shrunk[i]), math.Exp(lower[i]), math.Exp(upper[i]), customers[i], "ratio"), ""), Span: sc.draw(shrunk[i], lower[i], upper[i], 0)}
		key := verdict[i]
		if key == "different" {
			key = "more"
			if shrunk[i] < 0 {
				key, r.State = "fewer", "yes"
			}
		}
		if m.texts.Has("ui.gap_" + key) {
			r.Words = m.word("gap_" + key)
		}
		if strings.TrimSpace(scenario[i]) == "(none)" {
			r.Scenario = m.word("no_scenario")
		}
		out = append(out, r)
	}
	out, more = firstRows(m.page, out)
	return out, more, T{}
}
