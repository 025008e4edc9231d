package report_test

import (
	"strings"
	"testing"

	"crmaudit/analytics/analyticstest"
	"crmaudit/analytics/report"
)

// Names from data are text on the page, never markup; a stage without numbers is shown with dashes; owners come by the alphabet with their verdict in words.
func TestPipelineSection(t *testing.T) {
	src := defaultWorld().source(t)
	for name, f := range analyticstest.Tables(t, map[string]string{
		"analytics.pipeline_stages": `
position:int64,stage:string,role:string,stays:int64,active:int64,idle:int64,median_days:float64,median_lower:float64,median_upper:float64,restricted_to:int64,stalled_share:float64,stalled_lower:float64,stalled_upper:float64,idle_share:float64,idle_lower:float64,idle_upper:float64,win_probability:float64,win_lower:float64,win_upper:float64,value:float64,value_lower:float64,value_upper:float64,unit:string
2,<script>alert(1)</script>,open,100,40,10,12,9,15,90,.2,.1,.3,.25,.15,.4,.5,.4,.6,1000,800,1200,RUB
1,first,open,5,0,0,,,,,,,,,,,,,,,,,RUB
3,won,won,50,0,0,,,,,,,,,,,,,,,,,RUB
`,
		"analytics.pipeline_transitions": `
from_stage:string,to_stage:string,n:int64,at_risk:int64,probability:float64,lower:float64,upper:float64,median_days:float64,raw_share:float64,direction:string,from_position:int64,to_position:int64
<script>alert(1)</script>,won,30,100,.45,.35,.55,11,.3,won,2,3
`,
		"analytics.pipeline_groups": `
grouping:string,group_value:string,metric:string,n:int64,value:float64,lower:float64,upper:float64,shrunk:float64,shrunk_lower:float64,shrunk_upper:float64,reference:float64,verdict:string
owner,Ann,won_share,100,.4,.3,.5,.38,.3,.46,.36,same
owner,Bob,won_share,90,.2,.1,.3,.24,.15,.33,.36,lower
owner,Cid,won_share,3,.9,.2,1,.4,.2,.6,.36,few
`,
		"analytics.pipeline_losses": `
reason:string,deals:int64,share:float64,lower:float64,upper:float64,top_stage:string
'',7,.7,.5,.9,first
<b>price</b>,3,.3,.1,.5,first
call Anna on 123456,2,.2,.1,.5,first
`,
	}) {
		src[name] = f
	}
	s := section(t, write(t, src, report.Options{}), "pipeline")
	for _, bad := range []string{"<script>alert", "<b>price", "NaN", "Cid", "123456"} {
		if strings.Contains(s, bad) {
			t.Errorf("the section holds %q", bad)
		}
	}
	for _, want := range []string{"&lt;script&gt;alert(1)&lt;/script&gt;", "иже, чем у других", "annot be told apart", "е указана", "Простая доля"} {
		if !strings.Contains(s, want) {
			t.Errorf("the section lacks %q", want)
		}
	}
	if strings.Index(s, "first") > strings.Index(s, "&lt;script") {
		t.Error("stages are not in the order of the pipeline")
	}
}
