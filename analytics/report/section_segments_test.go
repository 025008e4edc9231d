package report_test

import (
	"strings"
	"testing"

	"crmaudit/analytics/analyticstest"
	"crmaudit/analytics/report"
)

// segmentTables are a segment that moves, a static one, one of which only today's members are known, and the pairs of them; id names the first.
func segmentTables(t *testing.T, id string) analyticstest.Source {
	return analyticstest.Tables(t, map[string]string{
		"segments.segments": `segment_id:string,name:string,form:string,customers:int64,share:float64,entries:int64,leaves:int64,median_days_in:float64,median_lower:float64,median_upper:float64,memberships_watched:int64,turnover_rate:float64,turnover_lower:float64,turnover_upper:float64,at_risk:int64,stay_share:float64,stay_lower:float64,stay_upper:float64,stuck_share:float64,stuck_lower:float64,stuck_upper:float64,stage_changes:int64,stuck_p_value:float64,stuck_q_value:float64,stuck_verdict:string,stuck_needed:int64,stale_share:float64,rule_members:int64,stale_verdict:string,order_rate:float64,order_lower:float64,order_upper:float64,outcome_members:int64,outcome_days:int64,mde_relative:float64,members_needed:int64,stage_gain:float64,stage_gain_lower:float64,stage_gain_upper:float64,size_verdict:string,used_by:string,use_verdict:string,verdict:string
` + id + `,'',intervals,700,.17,2000,1400,70,63,77,2100,.06,.05,.07,25000,.76,.75,.77,.2,.18,.22,1500,1,1,moves,,.25,690,stale,.5,.45,.55,600,56,.2,300,0,-.01,.01,fits,winback,used,stale
city,Город,intervals,2000,.5,100,0,,,,1900,0,0,.002,80000,1,.998,1,1,.998,1,3000,.0001,.0002,static,,,,no_rule,.19,.17,.21,1800,56,.26,1500,.13,.1,.16,too_large,'',unused,too_large
today,'',current,40,.01,,,,,,,,,,,,,,,,,,,,not_measurable,,,,no_rule,.2,.1,.35,38,56,1.9,1600,,,,too_small,'',unused,too_small
`,
		"segments.members": `segment_id:string,period_start:date,members:int64,share:float64,entered:int64,gone:int64
` + id + `,2026-07-06,500,.14,,
` + id + `,2026-07-13,600,.15,150,50
` + id + `,2026-07-20,700,.17,160,60
city,2026-07-06,1900,.5,,
city,2026-07-13,1950,.5,50,0
city,2026-07-20,2000,.5,50,0
`,
		"segments.flows": `from_segment:string,to_segment:string,moves:int64,share:float64
` + id + `,city,400,.286
` + id + `,'',1000,.714
`,
		"segments.pairs": `segment_a:string,segment_b:string,customers_a:int64,customers_b:int64,customers_both:int64,jaccard:float64,jaccard_lower:float64,jaccard_upper:float64,redundant:bool,compared_a:int64,compared_b:int64,deciding_metric:string,deciding_difference:float64,deciding_lower:float64,deciding_upper:float64,deciding_margin:float64,verdict:string,needed_customers:int64,merge_group:int64,caveat:string,js:float64,js_floor:float64,psi:float64,psi_95:float64,far_feature:string
` + id + `,city,700,2000,300,.125,.11,.14,false,400,1700,order_rate,.001,-.004,.006,.01,equivalent,,1,'',.002,.001,.02,.03,recency
city,today,2000,40,39,.02,.01,.03,true,1961,1,revenue_per_customer,-.3,-.6,.2,.05,undecided,900,,"few_customers, contained",,,,,''
` + id + `,today,700,40,1,.001,0,.01,false,699,39,response:winback,.2,.15,.25,.01,different,,,'',.3,.01,4,.1,orders
`,
		"segments.contrasts": `segment_a:string,segment_b:string,metric:string,value_a:float64,value_b:float64,difference:float64,lower:float64,upper:float64,margin:float64,n_a:int64,n_b:int64,verdict:string,needed_customers:int64
` + id + `,city,order_rate,.201,.2,.001,-.004,.006,.01,400,1700,equivalent,
` + id + `,city,revenue_per_customer,1200,1180,.017,-.02,.045,.05,400,1700,inconclusive,5000
`,
		"segments.explained": `model:string,outcome:string,explained:float64,lower:float64,upper:float64,in_sample:float64,parameters:int64,customers:int64
segments,order,.05,.04,.06,.07,3,4000
rfm,order,.12,.1,.14,.15,81,4000
difference,order,-.07,-.09,-.05,,,4000
`,
		"segments.targeting": `experiment_id:string,partition:string,outcome:string,customers:int64,value:float64,lower:float64,upper:float64,plug_in:float64,verdict:string
may,"` + strings.Trim(id, `"`) + `|city",order,3000,.001,-.004,.006,.009,no_gain_shown
`,
		"segments.partitions": `partition_a:string,partition_b:string,ami:float64,customers:int64
"` + strings.Trim(id, `"`) + `|city",lifecycle,.31,4000
`,
	})
}

func TestSegmentsSection(t *testing.T) {
	page := write(t, segmentTables(t, "active"), report.Options{Currency: "EUR", Grain: "week"})
	body := section(t, page, "segments")
	text := strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2060", "").Replace(experimentTags.ReplaceAllString(body, ""))
	for _, want := range []string{
		"Segments: 3. For 2 the data tell who came and who left. A decision is wanted for 3", "Сегментов: 3", "70 days", "95%: 63–77", "half have not left", "members are known", "of 690, fact",
		"large, hides stages", "неподвижен", "a test finds 26.0% or more", "Из вышедших", "Of 3 pairs, 1 are proved to behave alike, 1 are proved different, 1 are undecided", "Join into one", "undecided; 900 customers would decide",
		"one lies within the other", "Divergence 0.002, by chance 0.001", "stability index 0.020 (days since the last order), by chance up to 0.030", "click rate in the scenario “winback”", "−30.0%", "±5.0%",
		"€1,200", "1.7%", "95%: −2.0 to 4.5", "−7.0 pp", "no gain shown", "active · Город", "life-cycle stages",
	} {
		if !strings.Contains(strings.ToLower(strings.Join(strings.Fields(text), " ")), strings.ToLower(want)) {
			t.Errorf("no %q on the page", want)
		}
	}
	for _, bad := range []string{"NaN", "%!", "<no value>", "seg_", "not_measurable", "too_large"} {
		if strings.Contains(markup(body), bad) {
			t.Errorf("%q on the page", bad)
		}
	}
	hostile := write(t, segmentTables(t, `"<script>window.__xss=1</script>"`), report.Options{})
	if strings.Contains(hostile, "<script>window.__xss") {
		t.Error("a name is script")
	}
	// Without segments the section says so.
	none := section(t, write(t, analyticstest.Source{}, report.Options{}), "segments")
	if !strings.Contains(none, "segments.segments") || !strings.Contains(none, "segments.pairs") {
		t.Errorf("what is absent is not named: %s", none)
	}
}

// Every code that the blocks write has a word.
func TestSegmentCodesHaveWords(t *testing.T) {
	texts, err := report.LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	for group, codes := range map[string]string{
		"seg_forms":         "snapshots entries_only current none",
		"seg_verdicts":      "empty everybody too_small too_large stale stuck static unused silent undecided insufficient_data fine",
		"seg_stuck":         "static stuck moves undecided insufficient_data not_measurable",
		"seg_pair_verdicts": "equivalent different undecided",
		"seg_contrasts":     "equivalent different inconclusive insufficient_data",
		"seg_targeting":     "gain no_gain_shown insufficient_data",
		"seg_models":        "segments rfm difference", "seg_outcomes": "order revenue",
		"seg_features":     "recency orders revenue tenure inactivity activities messages_90d clicks_90d",
		"metrics":          "order_rate revenue_per_customer ctr unsubscribe_rate transition_rate stuck_share stale_share",
		"pair_caveats":     "current_state late_members everybody contained no_members few_customers not_measured no_variation",
		"blocks":           "segments pairs",
		"inputs":           "segments segment_memberships orders",
		"coverage.answers": "segment_movement segment_size_test segment_definitions",
		"coverage.notes":   "missing no_memberships entries_only current_only some_current snapshots too_short no_orders no_used_by no_segment_rules no_segment_definitions",
		"findings":         "segment_stuck.stage segment_stuck.static segment_stuck.stale segment_stuck.both segment_size.empty segment_size.everybody segment_size.too_small segment_size.too_large segment_unused.unused segment_unused.silent segment_stuck.static_many segment_size.empty_many segment_size.too_small_many segment_unused.unused_many segment_unused.silent_many",
		"subjects":         "too_small empty static static_exploratory unused silent",
	} {
		for _, code := range strings.Fields(codes) {
			if !texts.Has(group + "." + code) {
				t.Errorf("no text %s.%s", group, code)
			}
		}
	}
	for _, kind := range []string{"segment_stuck.stage", "segment_stuck.stale", "segment_stuck.both", "segment_size.default", "segment_unused.default", "segment_unused.unused_many", "segment_unused.silent_many"} {
		for _, leaf := range []string{"title", "what", "why", "change"} {
			if !texts.Has("hypotheses." + kind + "." + leaf) {
				t.Errorf("no text hypotheses.%s.%s", kind, leaf)
			}
		}
	}
}

// TestBrowserSegments looks at the section at both widths: nothing sideways, every picture drawn and standing as a table without script.
func TestBrowserSegments(t *testing.T) {
	b := newBrowser(t)
	page := publish(t, segmentTables(t, strings.Repeat("a-very-long-name-", 5)), report.Options{Currency: "EUR"})
	for _, width := range []int64{1280, 390} {
		b.open(t, page, width, width == 390)
		eval[any](t, b, `document.querySelectorAll('#segments details').forEach(e => e.open = true)`)
		if over := eval[int](t, b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
			t.Errorf("%d: the page scrolls sideways by %d px", width, over)
		}
		if wide := eval[[]string](t, b, `[...document.querySelectorAll('#segments .chart svg')].filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.closest('.chart').className)`); len(wide) > 0 {
			t.Errorf("%d: charts cut off: %v", width, wide)
		}
		if n := eval[[]int](t, b, `[document.querySelectorAll('#segments .chart svg').length, document.querySelectorAll('#segments .chart').length]`); n[0] != 3 || n[1] != 3 {
			t.Errorf("%d: %d of %d charts, want 3", width, n[0], n[1])
		}
		if n := eval[int](t, b, `[...document.querySelectorAll('#segments .chart')].filter(c => !c.closest('figure')?.querySelector('details.table table')).length`); n > 0 {
			t.Errorf("%d: %d charts do not stand as a table", width, n)
		}
		eval[any](t, b, `document.querySelectorAll('main > section:not(#segments)').forEach(e => e.remove())`)
		b.shot(t, "segments-"+map[int64]string{1280: "wide", 390: "phone-dark"}[width])
	}
	b.clean(t)
}
