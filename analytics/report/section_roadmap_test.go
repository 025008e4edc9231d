package report_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"crmaudit/analytics/analyticstest"
	"crmaudit/analytics/report"
)

// decisionTables are a backlog of known numbers: an experiment that pays 100 to 300, a stake, one without money, an exploratory one, and extra rows without money.
func decisionTables(t *testing.T, title string, extra int) analyticstest.Source {
	row := func(id string, rank int, title, grade string, exploratory bool, money, stake, belief, depends, weeks string) string {
		return fmt.Sprintf("%s,%d,trends,metric_decline,bulk,%s,%s,what,what,why,why,change,change,click_rate,share,,,,0,500,%s,%s,EUR,%s,%v,,none,,,,,2,%s,%s,quick_win,,new,SELECT 1,\n",
			id, rank, title, title, money, stake, grade, exploratory, belief, depends+","+weeks)
	}
	head := "hypothesis_id:string,rank:int64,block:string,kind:string,subject:string,title_ru:string,title_en:string,what_happens_ru:string,what_happens_en:string,why_ru:string,why_en:string,change_ru:string,change_en:string," +
		"metric:string,unit:string,baseline:float64,baseline_lower:float64,baseline_upper:float64,baseline_n:int64,population:int64,effect:float64,effect_lower:float64,effect_upper:float64,money:float64,money_lower:float64,money_upper:float64," +
		"stake:float64,stake_lower:float64,stake_upper:float64,money_unit:string,grade:string,exploratory:bool,threat:string,test_design:string,sample_size_per_arm:int64,duration_days:int64,feasible:bool,guardrails:string,effort:int64," +
		"prior:string,probability_positive:float64,money_tenth:float64,expected_gain:float64,evsi:float64,cost:float64,weeks:float64,priority:float64,shrinkage:string,rice_reach:int64,rice_impact:float64,rice_confidence:float64,rice_effort:float64,rice_score:float64," +
		"depends_on:string,start_week:int64,end_week:int64,horizon:string,goal:string,status:string,evidence_sql:string,overlaps_with:string\n"
	list := head +
		row("H-a", 1, title, "A", false, ".01,.005,.015,200,100,300", ",,", "effect,.999,122,200,4,20,8,23,class,500,2,1,.5,2000", "", "1,8") +
		row("H-b", 2, "Stake", "D", false, ",,,,,", "400,300,500", "step,.5,-512,0,150,0,5,30,,500,.5,.3,.25,300", "H-a", "9,13") +
		row("H-c", 3, "No money", "D", false, ".02,.01,.03,,,", ",,", ",.8,,,,,,,few,500,1,.5,.25,1000", "", ",") +
		row("H-d", 4, "Perhaps", "C", true, ",,,,,", "50,-20,120", "step,.5,,0,1,0,5,.2,,500,.25,.5,.25,250", "", ",")
	for i := range extra {
		list += row(fmt.Sprintf("H-x%d", i), 5+i, fmt.Sprintf("Extra %d", i), "D", true, ",,,,,", ",,", ",,,,,,,,,0,.25,.15,.25,0", "", ",")
	}
	return analyticstest.Tables(t, map[string]string{
		"analytics.hypotheses": list,
		"analytics.roadmap": `hypothesis_id:string,position:int64,rank:int64,lane:string,start_week:int64,test_week:int64,end_week:int64,depends_on:string,depends_why:string,place:string
H-a,1,1,quick_win,1,3,8,,,planned
H-b,2,2,strategic,9,,16,H-a,holdout_first,planned
H-c,3,3,later,,,,H-a,same_problem,same_problem
H-d,4,4,later,,,,,,exploratory
`,
		"analytics.backlog_totals": `measure:string,value:float64,lower:float64,upper:float64,unit:string,plain_sum:float64,counted:int64,overlapping:int64,reduced:int64,exploratory:int64
money,200,100,300,EUR,200,1,0,0,0
stake,300,225,375,EUR,400,1,2,3,1
`,
	})
}

func decision(t *testing.T, title string, extra int, id string) (body, text string) {
	t.Helper()
	opt := report.Options{Currency: "EUR", Grain: "week", To: time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC), From: time.Date(2026, 7, 6, 0, 0, 0, 0, time.UTC)}
	page := write(t, decisionTables(t, title, extra), opt)
	wellFormed(t, page)
	body = section(t, page, id)
	return body, regexp.MustCompile(`\|+`).ReplaceAllString(plainText(body), "|")
}

func TestHypothesesTable(t *testing.T) {
	body, text := decision(t, "Proven", 60, "hypotheses")
	for _, want := range []string{
		"|€200| |90 %: 100–300|90%: 100–300|", "|> 99%|9 из 10:|9 of 10:| |122 €|€122|", "|€23.0|", "|2,000|",
		"|€400| |90 %: 300–500|90%: 300–500|", "|50%|по соглашению|by convention|", "|80%|", "expected shift of the metric",
		"(gain €200 + what a test adds €4.00 − cost €20.0) ÷ 8 weeks = €23.0", "Reach 500 × impact 2 × confidence 100% ÷ 0.50 person-months", "towards its kind",
		"Expected together: €200 (90%: 100–300) a quarter. Hypotheses with a measured effect in the sum: 1; each customer's problem is counted once.|",
		"A plain sum would say €400: 2 repeat a problem already counted, 3 share some customers.",
		"|−20,0 €|−€20.0|0|500 €|€500|", // the scale: from the lowest limit to the highest
		"|Exploratory · C, adjusted", "In full: 10 of 64", "Only after:| |Proven|",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
	if n := strings.Count(body, `class="hypothesis"`); n != 10 {
		t.Errorf("%d in full, want 10", n)
	}
	if strings.Contains(text, "Extra 26") || !strings.Contains(text, "Extra 25") || strings.Contains(body, "#H-x20") {
		t.Error("the table has not 30 rows, or links to what is not on the page")
	}
	// 0 is 20/520 of the scale; the first bar goes from 120/520 to 320/520 and is full, the second is a stake.
	if !strings.Contains(body, `left:23.08%;width:38.46%`) || strings.Count(body, `class="span weak"`) != 2 || !strings.Contains(body, `class="axis0" style="left:3.85%"`) {
		t.Errorf("bars are misplaced: %s", regexp.MustCompile(`class="span.*?</span>`).FindAllString(body, -1))
	}
	if _, hostile := decision(t, `"<script>window.__xss=1</script>"`, 0, "hypotheses"); !strings.Contains(hostile, "window.__xss") {
		t.Error("the hostile title is gone")
	}
}

func TestRoadmapSection(t *testing.T) {
	body, text := decision(t, "Proven", 0, "roadmap")
	for _, want := range []string{
		"Hypotheses with a place: 2; week 1 begins on 5 Oct 2026", "|quick win|", "|Weeks 1–8|", "|strategic|", "|Weeks 9–16|", "After No. 1 “Proven”", "|without a group held out nobody will know",
		"Without a place, as not confirmed: 1.", "Waiting for a better hypothesis on the same problem: 1.", "|5 Oct|", "|30 Nov|",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
	// Sixteen weeks: two of work are 12.5 %, six of a test 37.5 %; without a test all is work.
	for _, want := range []string{`left:0.00%;width:12.50%`, `left:calc(0.00% + 12.50%);width:37.50%`, `left:50.00%;width:50.00%`} {
		if !strings.Contains(body, want) {
			t.Errorf("no bar %q", want)
		}
	}
	if nothing := section(t, write(t, analyticstest.Source{}, report.Options{}), "roadmap"); !strings.Contains(nothing, "absent") {
		t.Error("no tables, and the section does not say so")
	}
}

// TestGlossary: what the glossary explains is linked from where it stands, each word once, with the same keys in both languages.
func TestGlossary(t *testing.T) {
	texts, err := report.LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for i := 0; texts.Has(fmt.Sprintf("terms.%d.term", i)); i++ {
		get := func(leaf string) report.T {
			w, err := texts.Get(fmt.Sprintf("terms.%d.%s", i, leaf))
			if err != nil {
				t.Error(err)
			}
			return w
		}
		get("text")
		get("misleads")
		if id := get("id"); id.Ru != id.En || seen[id.En] {
			t.Errorf("word %d: id %v stands twice or differs", i, id)
		} else {
			seen[id.En] = true
		}
		if !texts.Has(fmt.Sprintf("terms.%d.keys", i)) {
			continue
		}
		keys := get("keys")
		if keys.Ru != keys.En {
			t.Errorf("word %d: keys %v differ", i, keys)
		}
		for _, key := range strings.Fields(keys.En) {
			if seen["key "+key] || !texts.Has("ui."+key) {
				t.Errorf("word %d: the text %s is not there, or explained twice", i, key)
			}
			seen["key "+key] = true
		}
	}
	if len(seen) < 60 {
		t.Errorf("only %d words and keys", len(seen))
	}
	body, _ := decision(t, "Proven", 0, "hypotheses")
	if !strings.Contains(body, `<a class="what" href="#w-rice"`) {
		t.Error("RICE is not explained where it stands")
	}
	method, _ := decision(t, "Proven", 0, "method")
	if !strings.Contains(method, `<dt id="w-rice">`) {
		t.Error("the explanation of RICE is not there")
	}
}
