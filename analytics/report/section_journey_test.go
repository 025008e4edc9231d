package report_test

import (
	"html"
	"regexp"
	"strings"
	"testing"

	"crmaudit/analytics/analyticstest"
	"crmaudit/analytics/report"
)

// journeyTables are two stages of 200 and 100 customers. Of welcome, 100 messages reach 50 of the first; of promo, 400 reach 100 of the first and 30 reach 30 of the second. The two clash, but only where each reaches a twentieth of a stage.
func journeyTables(t *testing.T, scenario string) analyticstest.Source {
	return analyticstest.Tables(t, map[string]string{
		"lifecycle.stages": `stage:string,position:int64,customers_last:int64,share_last:float64,next_order_rate:float64,next_order_lower:float64,next_order_upper:float64
first,1,120,.6,.19,.16,.22
second,2,80,.4,.05,.04,.06
third,3,0,0,,,
`,
		"lifecycle.red_stage_customers": `stage:string,bucket:int64,customers:int64
first,0,150
first,1,50
second,0,100
`,
		"lifecycle.stage_periods": `period_start:string,stage:string,customers:int64,share:float64
2026-07-06,first,100,.5
2026-07-13,first,150,.6
2026-07-06,second,100,.5
`,
		"lifecycle.transitions": `grouping:string,group_value:string,from_stage:string,to_stage:string,n:int64,at_risk:int64,probability:float64,lower:float64,upper:float64
all,all,first,first,80,100,.8,.7,.9
all,all,first,second,20,100,.2,.1,.3
all,all,second,first,1,100,.01,.005,.02
segment,x,second,third,9,10,.9,.8,.95
`,
		"scenarios.scenarios": `scenario_id:string,name:string
` + scenario + `,
promo,Big sale
`,
		"scenarios.pairs": `scenario_a:string,scenario_b:string,verdict:string,customers_hit:int64
promo,` + scenario + `,conflict,40
promo,other,none,90
`,
		"scenarios.stage_reach": `scenario_id:string,stage:string,declared:bool,eligible:int64,entered:int64
` + scenario + `,first,true,200,50
` + scenario + `,second,true,100,0
`,
		"analytics.metric_rates": `scope:string,channel:string,kind:string,scenario_id:string,stage:string,metric:string,numerator:int64,denominator:int64,value:float64,lower:float64,upper:float64,customers:int64,note:string
family,email,trigger,all,all,delivery_rate,90,100,.9,.8,.95,50,
stage,email,trigger,` + scenario + `,first,delivery_rate,90,100,.9,.8,.95,50,
stage,email,trigger,` + scenario + `,first,click_rate,9,90,.1,.07,.14,50,
stage,email,trigger,` + scenario + `,first,order_rate,0,90,,,,50,not_credited
stage,email,bulk,promo,first,delivery_rate,400,400,1,.99,1,100,
stage,email,bulk,promo,first,click_rate,8,400,.02,.01,.03,100,
stage,email,bulk,promo,second,delivery_rate,30,30,1,.9,1,30,
`,
	})
}

func plainText(s string) string {
	return html.UnescapeString(strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2060", "").Replace(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(s, "|")))
}

func TestJourneySection(t *testing.T) {
	body := section(t, write(t, journeyTables(t, "welcome"), report.Options{Grain: "week"}), "journey")
	text := regexp.MustCompile(`\|+`).ReplaceAllString(plainText(body), "|")
	for _, want := range []string{
		"|25.0%|", "|2.0 each|", "|clicks 10.0%|", // 50 of 200 customers, 100 messages
		"|50.0%|", "|4.0 each|", "|30.0%|", "|1.0 each|", // promo
		"→ second, 20.0% (95%: 10.0–30.0)", "→ first, 1.0%", // not the group of the segment
		"|2 messages|", "|0.30 messages|", // 500 messages in 250 customer-weeks, 30 in 100
		"|19.0%|", "Big sale × welcome", "|named, nobody came|", "“second”, “third”", "not credited with orders",
		"«second», «third»", "95 %: 7,0–14,0; n = 90",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
	if n := strings.Count(body, "bubble c0 clash") + strings.Count(body, "bubble c2 clash"); n != 2 {
		t.Errorf("%d bubbles clash, want the two of the first stage", n)
	}
	if !strings.Contains(body, `width:34px`) || !strings.Contains(body, `width:19px`) { // areas as 2 to .5 messages per customer: 4 + 30·sqrt(1/4)
		t.Error("bubbles are not as large as messages per customer")
	}
	hostile := write(t, journeyTables(t, `"<script>window.__xss=1</script>"`), report.Options{})
	if strings.Contains(hostile, "<script>window.__xss") {
		t.Error("a name is script")
	}
	if nothing := section(t, write(t, analyticstest.Source{}, report.Options{}), "journey"); !strings.Contains(nothing, "absent") {
		t.Error("no tables, and the section does not say so")
	}
}
