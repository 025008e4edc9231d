package report_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"crmaudit/analytics/report"
)

// metricsWorld is the sample company with tables of block metrics and trends; scenario is the name that it gives its scenario.
func metricsWorld(t *testing.T, channel, scenario string) map[string][][]any {
	t.Helper()
	rate := func(scope, channel, kind, scenario, metric string, num, den int, value, lower, upper float64, note string) []any {
		return []any{scope, channel, kind, scenario, "all", "layer", metric, num, den, value, lower, upper, 900, note}
	}
	nan := math.NaN()
	var periods [][]any
	for i, start := range []string{"2026-07-06", "2026-07-13", "2026-07-20", "2026-07-27", "2026-08-03"} {
		periods = append(periods, []any{start, channel, "bulk", "delivery_rate", 990, 1000, .99, .98, .995, false}, []any{start, channel, "bulk", "click_rate", 30 - i, 1000, .03 - .001*float64(i), .02, .04, i == 4})
	}
	return map[string][][]any{
		"analytics.metric_rates": {
			rate("family", channel, "bulk", "all", "delivery_rate", 990, 1000, .99, .98, .995, ""), rate("family", channel, "bulk", "all", "open_rate", 200, 990, .202, .18, .22, "unreliable"),
			rate("family", channel, "bulk", "all", "click_rate", 30, 990, .0303, .02, .04, ""), rate("family", channel, "bulk", "all", "complaint_rate", 0, 990, 0, 0, .0042, "all_zero"),
			rate("family", "sms", "transactional", "all", "delivery_rate", 50, 50, 1, .93, 1, "all_one"), rate("family", "sms", "transactional", "all", "open_rate", 0, 50, nan, nan, nan, "not_reported"),
			rate("family", "sms", "transactional", "all", "order_rate", 0, 50, nan, nan, nan, "not_credited"),
			rate("scenario", channel, "bulk", scenario, "delivery_rate", 990, 1000, .99, .98, .995, ""), rate("scenario", channel, "bulk", scenario, "click_rate", 30, 990, .0303, .02, .04, "few_customers"),
		},
		"analytics.metric_periods": periods,
		"analytics.channel_reliability": {
			{channel, 990, 400, 150, 20, .425, .39, .46, .3, "unreliable", 900, 30, 2, "derived", 7, false, 5.}, {"sms", 50, 0, 0, 0, nan, nan, nan, .3, "not_reported", 40, 0, 0, "stamped", 1, true, 2.},
		},
		"analytics.attribution": {
			{"all", "all", "all", "all", "double", nan, 480, 1, .48, .48}, {"all", "all", "all", "all", "full", nan, 360, 1, .36, .36}, {"all", "all", "all", "all", "half", nan, 290, 1, .29, .29},
			{"family", channel, "bulk", "all", "double", 10., 480, 1, .48, .48}, {"family", channel, "bulk", "all", "full", 5., 360, 1, .36, .36}, {"family", channel, "bulk", "all", "half", 2.5, 290, 1, .29, .29},
		},
		"analytics.engagement_gaps": {
			{channel, "bulk", scenario, 2, 900, 990, 30, 12, .0121, .024, -.7, .2, -.6, -1.1, -.1, .0953, .002, .01, "different", nan},
		},
		"analytics.trends": {
			{"click_rate", "channel_kind", channel + ":bulk", -.004, -.006, -.002, .001, .01, nan, "falling", "", false, .03, 30, 12},
			{"open_rate", "channel_kind", channel + ":bulk", .001, -.006, .008, .9, .9, nan, "undecided", "short_series", true, .2, 5, nan},
			{"bounce_rate", "channel_kind", channel + ":bulk", nan, nan, nan, .001, .01, "2026-07-20", "level_shift", "", false, .01, 30, nan},
		},
	}
}

var metricColumns = map[string][]string{
	"analytics.metric_rates":        strings.Fields("scope channel kind scenario_id stage layer metric numerator denominator value lower upper customers note"),
	"analytics.metric_periods":      strings.Fields("period_start channel kind metric numerator denominator value lower upper partial"),
	"analytics.channel_reliability": strings.Fields("channel delivered opens machine_opens fast_opens proxy_share lower upper threshold verdict customers clicks bot_clicks delivery response_days response_days_measured window_days"),
	"analytics.attribution":         strings.Fields("scope channel kind scenario_id size window_days orders revenue order_share revenue_share"),
	"analytics.engagement_gaps":     strings.Fields("channel kind scenario_id stages customers delivered clicked ordered order_rate expected_rate residual std_error shrunk lower upper margin p_value q_value verdict needed"),
	"analytics.trends":              strings.Fields("metric subject_type subject_id slope lower upper p_value q_value change_at verdict note short rate periods needed"),
}

func metricsSection(t *testing.T, channel, scenario string) string {
	t.Helper()
	src := defaultWorld().source(t)
	for name, data := range metricsWorld(t, channel, scenario) {
		src[name] = frame(t, rows(name, metricColumns[name], data...))
	}
	return section(t, write(t, src, report.Options{}), "metrics")
}

func TestMetricsSection(t *testing.T) {
	s := metricsSection(t, "email", "promo_digest")
	for _, want := range []string{
		"99,0 %", "95 %: 98,0–99,5", "1 000 отправлено", // a rate, its interval, its base
		"падает", "Перелом с 20.07.2026", "открывают в основном машины", "Ни одного из 990, доля не выше 0,42 %", "канал не сообщает", "заказы к таким не относим", "клиентов мало",
		"верить нельзя", "отправлено и не вернулось", "принято",
		"К сообщениям относится 36,0 % заказов", "При половинном окне это 29,0 %, при двойном — 48,0 %", "не значит «вызван»",
		"0,549", "меньше ожидаемого", // exp(-.6)
		"Короткий ряд, меньше 20 периодов, вывода нет: рядов — 1.", "short series",
		`class="chart lines"`,
		`<path d="M0 2L25 7L50 12L75 17L100 22">`,                                                                                                   // the small series from 3.0 to 2.6 %
		`<th scope="row"><span lang="ru">03.08.2026</span>`, "95 %: 2,0–4,0; n = 1 000", `analytics.metric_periods WHERE channel = &#39;email&#39;`, // the table behind the picture
	} {
		if !strings.Contains(s, want) {
			t.Errorf("%q is not in the section", want)
		}
	}
	for _, bad := range []string{"NaN", "Inf", "%!"} {
		if strings.Contains(s, bad) {
			t.Errorf("%q in the section", bad)
		}
	}
}

// TestMetricsEstimated: customers that are extrapolated and orders that are followed on a part of the customers say so.
func TestMetricsEstimated(t *testing.T) {
	const customers, orders = "умножено на десять", "прослежены у случайной части клиентов"
	if s := metricsSection(t, "email", "promo_digest"); strings.Contains(s, customers) || strings.Contains(s, orders) || strings.Contains(s, "≈ 900") {
		t.Error("a small world is counted")
	}
	src := defaultWorld().source(t)
	for name, data := range metricsWorld(t, "email", "promo_digest") {
		columns := metricColumns[name]
		switch name {
		case "analytics.metric_rates":
			columns = append(slices.Clone(columns), "customers_estimated")
			for i := range data {
				data[i] = append(data[i], true)
			}
		case "analytics.trends":
			data = append(data, []any{"order_rate", "channel_kind", "email:bulk", .001, -.006, .008, .9, .9, math.NaN(), "undecided", "sample_of_customers, season_open", false, .02, 30, 40})
		}
		src[name] = frame(t, rows(name, columns, data...))
	}
	s := section(t, write(t, src, report.Options{}), "metrics")
	for _, want := range []string{"≈ 900", customers, orders, "not counted but estimated", "are followed for a random part"} {
		if !strings.Contains(s, want) {
			t.Errorf("%q is not in the section", want)
		}
	}
}

// TestMetricsHostileNames: names from the data are text, never markup, and a scenario named like a code of ours stands for itself.
func TestMetricsHostileNames(t *testing.T) {
	s := metricsSection(t, `<img src=x onerror=alert(1)>`, `</td><script>alert(1)</script>{sent}`)
	for _, bad := range []string{"<img", "<script>alert", "</td></td>"} {
		if strings.Contains(s, bad) {
			t.Errorf("%q in the section", bad)
		}
	}
}

// TestMetricsAbsent: without the tables the section says so.
func TestMetricsAbsent(t *testing.T) {
	src := defaultWorld().source(t)
	for name := range metricColumns {
		delete(src, name)
	}
	s := section(t, write(t, src, report.Options{}), "metrics")
	if n := strings.Count(s, `class="absent"`); n < 3 {
		t.Errorf("%d gaps are named, want at least 3", n)
	}
}
