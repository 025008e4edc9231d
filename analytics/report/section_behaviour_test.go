package report_test

import (
	"strings"
	"testing"

	"crmaudit/analytics/analyticstest"
	"crmaudit/analytics/report"
)

// TestBehaviourPictures: customers by their typical pause, and orders by weekday and hour.
func TestBehaviourPictures(t *testing.T) {
	src := analyticstest.Tables(t, map[string]string{
		"analytics.rhythm_model":   "status:string,customers:int64,with_gap:int64\nfitted,2000,900\n",
		"analytics.rhythm_summary": "measure:string,value:float64,lower:float64,upper:float64,customers:int64,unit:string\nreturn_90,.24,.22,.26,1699,share\n",
		// exp(16.5/8) is 7.9 days, exp(25.5/8) 24.2, exp(48.5/8) 430: one, three, and four customers.
		"analytics.red_rhythm_shapes": "mean_bin:int64,cv_bin:int64,bucket:int64,customers:int64\n16,4,1,1\n25,4,1,2\n25,9,2,1\n48,4,1,4\n",
		"analytics.activity_hours":    "weekday:int64,hour:int64,orders:int64,share:float64\n1,,6,.6\n1,5,4,.4\n1,7,2,.2\n7,23,4,.4\n",
		"analytics.rhythm_cycles": "cycle:string,status:string,verdict:string,orders:int64,strength:float64,lower:float64,upper:float64,direction:float64,top:float64,top_share:float64,own_same:float64,own_lower:float64,own_upper:float64,own_expected:float64,own_customers:float64\n" +
			"day,no_time,,10,,,,,,,,,,,\n",
	})
	page := write(t, src, report.Options{})
	body := section(t, page, "behaviour")
	text := strings.NewReplacer("\n", "").Replace(plainText(body))
	for _, want := range []string{"7 to 14 days", "12.5%", "21 to 30 days", "37.5%", "Over 365 days", "50.0%", "Monday", "60.0%", "Sunday", "40.0%", "How customers are spread over pauses"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
	for _, want := range []string{`style="width:25.00%"`, `style="width:75.00%"`, `style="width:100.00%"`} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s", want)
		}
	}
	if !strings.Contains(page, `"x":23,"y":6,"value":0.4,`) {
		t.Error("Sunday 23 o'clock is not in the picture")
	}
}
