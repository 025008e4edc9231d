package report_test

import (
	"regexp"
	"strings"
	"testing"

	"crmaudit/analytics/analyticstest"
	"crmaudit/analytics/report"
)

// experimentTables are two experiments, one that won and one whose split is broken; id is the name of the first.
func experimentTables(t *testing.T, id string) analyticstest.Source {
	return analyticstest.Tables(t, map[string]string{
		"analytics.experiments": `experiment_id:string,arm:string,reference_arm:string,outcome:string,n:int64,n_reference:int64,mean:float64,mean_reference:float64,effect:float64,lower:float64,upper:float64,source:string,scenario_id:string,grade:string,verdict:string,caveat:string,unit:string,window_days:int64,assigned:int64,assigned_reference:int64,relative:float64,relative_lower:float64,relative_upper:float64,cuped_effect:float64,cuped_lower:float64,cuped_upper:float64,cuped_q_value:float64,winsorised_effect:float64,winsorised_lower:float64,winsorised_upper:float64,observed_effect:float64,observed_lower:float64,observed_upper:float64,margin:float64,needed:int64
` + id + `,offer,control,order,1000,1010,.2,.15,.05,.02,.08,assignments,,A,win,"all_assigned,open_left_out",share,28,1500,1510,.333,.13,.57,.051,.024,.078,.001,,,,.045,.02,.07,.01,
` + id + `,offer,control,revenue,1000,1010,120,100,20,-5,45,assignments,,A,undecided,all_assigned,EUR,28,1500,1510,.2,-.05,.5,19,-4,42,.11,18,-2,38,,,,5,4200
` + id + `,offer,control,visit,1000,1010,0,0,0,,,assignments,,D,no_events,all_assigned,share,28,1500,1510,,,,0,,,,,,,,,,.01,
spoiled,offer,control,order,100,400,.37,.12,.25,.2,.3,assignments,,D,broken_ratio,guessed_shares,share,14,100,400,.1,0,.2,.25,.2,.3,,,,,,,,.01,
`,
		"analytics.experiment_arms": `experiment_id:string,arm:string,role:string,assigned:int64,share:float64,planned_share:float64,compared:int64,window_open:int64,before_data:int64,after_data:int64,two_arms:int64,switched:int64,clusters:int64
` + id + `,control,reference,1510,.5,.5,1010,500,0,0,0,3,0
` + id + `,offer,treated,1500,.5,.5,1000,500,0,0,2,0,0
spoiled,control,reference,400,.8,.5,400,0,0,0,0,0,0
spoiled,offer,treated,100,.2,.5,100,0,0,0,0,0,0
`,
		"analytics.experiment_checks": `experiment_id:string,check_name:string,item:string,arm:string,reference_arm:string,value:float64,p_value:float64,p_adjusted:float64,passed:bool,note:string
` + id + `,balance,order,offer,control,.001,.8,1,true,''
` + id + `,balance,messages,offer,control,2,.00001,.0001,false,differs_before
` + id + `,sample_ratio,'','','',.03,.86,,true,guessed
spoiled,sample_ratio,'','','',180,.0000001,,false,guessed
`,
		"analytics.experiment_groups": `experiment_id:string,arm:string,reference_arm:string,outcome:string,grouping:string,group_value:string,n:int64,n_reference:int64,effect:float64,shrunk:float64,shrunk_lower:float64,shrunk_upper:float64,interaction:float64,interaction_lower:float64,interaction_upper:float64,verdict:string
` + id + `,offer,control,order,stage,lost,200,210,-.04,-.02,-.06,.02,-.09,-.15,-.03,differs
` + id + `,offer,control,order,stage,active,200,210,.06,.05,.02,.08,.01,-.04,.06,not_told_apart
`,
	})
}

var experimentTags = regexp.MustCompile(`<[^>]*>`)

func TestExperimentsSection(t *testing.T) {
	page := write(t, experimentTables(t, "may"), report.Options{Currency: "EUR"})
	body := section(t, page, "experiments")
	text := strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2060", "").Replace(experimentTags.ReplaceAllString(body, ""))
	for _, want := range []string{"offer against control", "offer против control", "5.1 pp", "прирост", "Gain", "2.4–7.8", "33.3%", "Undecided: needs 4,200 customers in the smaller arm", "without the largest values: €18.0", "all assigned, as far as seen: 4.5 pp (95%: 2.0–7.0; n = 3,010)",
		"differ: messages before the test", "stands out", "500 not observed to the end", "Nothing may be read from this experiment", "Читать этот эксперимент нельзя"} {
		if !strings.Contains(strings.ToLower(text), strings.ToLower(want)) {
			t.Errorf("no %q on the page", want)
		}
	}
	if strings.Contains(text, "25.0 pp") || strings.Contains(text, "37.0") {
		t.Error("a number of an experiment whose split is broken is on the page")
	}
	for _, bad := range []string{"NaN", "%!", "<no value>"} {
		if strings.Contains(markup(page), bad) {
			t.Errorf("%q on the page", bad)
		}
	}
	hostile := write(t, experimentTables(t, `"<script>window.__xss=1</script>"`), report.Options{})
	if strings.Contains(hostile, "<script>window.__xss") {
		t.Error("a name is script")
	}
}

// TestBrowserExperiments looks at the section at both widths: nothing sideways, nothing complained about.
func TestBrowserExperiments(t *testing.T) {
	b := newBrowser(t)
	page := publish(t, experimentTables(t, strings.Repeat("a-very-long-name-", 9)), report.Options{Currency: "EUR"})
	for _, width := range []int64{1280, 390} {
		b.open(t, page, width, width == 390)
		if over := eval[int](t, b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
			t.Errorf("%d: the page scrolls sideways by %d px", width, over)
		}
		if n := eval[int](t, b, `document.querySelectorAll('#experiments article.experiment').length`); n != 2 {
			t.Errorf("%d: %d experiments", width, n)
		}
		eval[any](t, b, `document.querySelectorAll('main > section:not(#experiments)').forEach(e => e.remove()); document.querySelectorAll('details').forEach(e => e.open = true)`)
		b.shot(t, "experiments-"+map[int64]string{1280: "wide", 390: "phone-dark"}[width])
	}
	b.clean(t)
}
