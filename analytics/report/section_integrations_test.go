package report_test

import (
	"strings"
	"testing"

	"crmaudit/analytics/analyticstest"
	"crmaudit/analytics/report"
)

// integrationTables are small result tables of blocks integrations and usage with a hostile name of a source and of an owner.
func integrationTables(t testing.TB) analyticstest.Source {
	return analyticstest.Tables(t, map[string]string{
		"analytics.arrival_series": `
input:string,source:string,name:string,state:string,rows:int64,first_date:date,last_date:date,stray_rows:int64,started:bool,ended:bool,open_weekdays:int64,expected_last:float64,tested_days:int64,gap_days:int64
events,<script>alert(1)</script>,order,tested,5000,2025-01-01,2025-12-30,0,false,false,7,12.5,180,3
events,old,view,tested,900,2025-01-01,2025-09-01,0,true,true,7,4.2,120,0
messages,email,bulk,no_days,90000,2025-01-03,2025-12-20,0,false,false,,,0,0
`,
		"analytics.arrival_gaps": `
input:string,source:string,name:string,what:string,from_date:date,to_date:date,days:int64,observed:int64,expected:float64,ratio:float64,p_value:float64,q_value:float64,ongoing:bool
events,<script>alert(1)</script>,order,gap,2025-10-01,2025-10-04,3,2,37.4,.053,1e-9,.0002,false
events,site,'',twice,2025-11-05,2025-11-06,1,40,30,1.33,,,false
`,
		"analytics.event_latency": `
source:string,all_sources:bool,events:int64,median_seconds:int64,p90_seconds:int64,p99_seconds:int64,late_share:float64
'',true,100,20,7200,90000,.02
`,
		"analytics.message_flows": `
channel:string,scenario_id:string,scope:string,messages:int64,stated:int64,delivered:int64,opened:int64,clicked:int64
email,'',channel,1000,990,970,300,40
email,a,scenario,1000,990,970,300,40
`,
		"analytics.input_accounts": `
input:string,control_total:int64,found:int64,difference:int64
events,5000,4990,-10
orders,,10,
`,
		"analytics.usage_owners": `
owner:string,customers:int64,state:string,last_date:date
Ann,10,active,2025-12-29
<b>Bob</b>,7,none,
`,
		"analytics.usage_return": `
scope:string,channel:string,scenario_id:string,messages:int64,cost:int64,orders:int64,order_share:float64,share_half:float64,share_double:float64,result:int64,return_share:float64,randomized:float64,randomized_lower:float64,randomized_upper:float64,randomized_customers:int64,credited_per_customer:float64
all,'','',1100,20000,30,.3,.2,.4,990000,49.5,,,,,
channel,email,'',1000,,28,.28,.2,.35,,,,,,,
scenario,'',welcome,500,100,9,.09,.08,.1,5,.5,12,-3,27,800,95
`,
		"analytics.usage_changes": `
metric:string,last:float64,before:float64,year_ago:float64,year_ago_before:float64,change:float64,change_lower:float64,change_upper:float64,year_change:float64,year_lower:float64,year_upper:float64,seasonal:float64,seasonal_lower:float64,seasonal_upper:float64,customers:int64
messages,500,400,,,.25,,,,,,,,,
orders,110,100,90,80,.1,.02,.18,.22,.1,.35,-.02,-.1,.06,4000
`,
	})
}

// Sources and owners are text on the page; what is not tested, not priced or not known is a dash, and what is credited never stands without the warning that it is no effect.
func TestIntegrationsSection(t *testing.T) {
	src := defaultWorld().source(t)
	for name, f := range integrationTables(t) {
		src[name] = f
	}
	s := section(t, write(t, src, report.Options{}), "integrations")
	for _, bad := range []string{"<script>alert", "<b>Bob", "NaN", "Inf", "Ann"} {
		if strings.Contains(s, bad) {
			t.Errorf("the section holds %q", bad)
		}
	}
	for _, want := range []string{"&lt;script&gt;alert(1)&lt;/script&gt;: order", "&lt; 0.001", "1 Oct 2025 – 3 Oct 2025", "2 of 37", "silent since 1 Sep 2025", "campaigns", "came twice", "2 hours", "4,990", "1 of 2", "not an effect", "4,000<", "Welcome", "−10"} {
		if !strings.Contains(s, want) && !strings.Contains(strings.ToLower(s), strings.ToLower(want)) {
			t.Errorf("the section lacks %q", want)
		}
	}
	if strings.Index(s, "&lt;script&gt;") > strings.Index(s, "old: view") {
		t.Error("sources with gaps do not come first")
	}
	if empty := section(t, write(t, defaultWorld().source(t), report.Options{}), "integrations"); strings.Contains(empty, "<table") {
		t.Error("tables without data")
	}
}
