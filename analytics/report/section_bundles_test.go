package report_test

import (
	"strings"
	"testing"

	"crmaudit/analytics/analyticstest"
	"crmaudit/analytics/report"
)

// bundleTables are a bundle, a pair that is only a taste for a category, a pair that only large orders join, and a sequence; first is the name of the first product.
func bundleTables(t *testing.T, first string) analyticstest.Source {
	return analyticstest.Tables(t, map[string]string{
		"analytics.bundles": `basket:string,level:string,antecedent:string,consequent:string,support:float64,confidence:float64,lift:float64,lower:float64,upper:float64,q_value:float64,adjusted_lift:float64,expected:float64,lift_lower:float64,lift_upper:float64,within_category:float64,within_lower:float64,within_upper:float64,within_q:float64,shrunk_lift:float64,shrunk_lower:float64,place:int64,p_value:float64,by_value:float64,verdict:string,n_both:int64,n_antecedent:int64,n_consequent:int64,baskets:int64,customers:int64
order,product,` + first + `,paper,.02,.4,6,4.1,5.2,.0001,4.6,43,5,7,2.5,2.1,3,.001,4.4,4,1,.00001,.001,together,200,500,800,10000,180
order,product,paper,` + first + `,.02,.25,6,4.1,5.2,.0001,4.6,43,5,7,2.5,2.1,3,.001,4.4,4,1,.00001,.001,together,200,800,500,10000,180
order,product,tea-1,tea-2,.02,.4,4,1.5,2,.0001,1.7,118,3,5,1.01,.9,1.1,.9,1.7,1.4,2,.00001,.001,together,200,500,800,10000,180
order,product,bag,bow,.02,.4,2,.9,1.1,.9,1,200,1.8,2.2,,,,,1,.9,3,.9,1,none,200,500,800,10000,180
quarter,product,bag,bow,.02,.4,2,1.5,1.9,.001,1.7,118,1.8,2.2,,,,,1.7,1.5,1,.001,.1,together,200,500,800,10000,180
`,
		"analytics.attach_rates": `level:string,antecedent:string,consequent:string,orders:float64,without:float64,attach_rate:float64,lower:float64,upper:float64,base_rate:float64,value:float64,margin_value:float64,stake:float64,stake_lower:float64,stake_upper:float64,n:int64
product,` + first + `,paper,500,300,.4,.35,.45,.08,10,4,80,70,90,500
product,paper,` + first + `,800,600,.25,.2,.3,.05,20,8,160,140,180,800
`,
		"analytics.bundle_sequences": `level:string,antecedent:string,consequent:string,orders:int64,orders_without:int64,matched:float64,bought:int64,probability:float64,lower:float64,upper:float64,probability_without:float64,without_lower:float64,without_upper:float64,difference:float64,difference_lower:float64,difference_upper:float64,within_difference:float64,within_lower:float64,within_upper:float64,within_q:float64,p_value:float64,q_value:float64,by_value:float64,shrunk_lower:float64,verdict:string,needed:int64
product,` + first + `,ink,400,9000,1,80,.2,.16,.24,.05,.045,.055,.15,.11,.19,,,,,.00001,.0001,.001,.1,more,
product,tea-1,tea-2,400,9000,1,80,.2,.16,.24,.05,.045,.055,.15,.11,.19,.01,-.02,.04,.8,.00001,.0001,.001,.1,more,
`,
		"analytics.next_products": `stage:string,level:string,item:string,place:int64,orders:int64,bought:int64,probability:float64,lower:float64,upper:float64,elsewhere:float64,elsewhere_lower:float64,elsewhere_upper:float64,elsewhere_orders:int64,margin_value:float64
active,category,Ink,1,900,90,.11,.09,.13,.05,.04,.06,2000,4
active,product,ink,1,900,90,.1,.08,.12,.04,.03,.05,2000,4
`,
	})
}

func TestBundlesSection(t *testing.T) {
	body := section(t, write(t, bundleTables(t, "printer"), report.Options{Currency: "EUR"}), "bundles")
	text := strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2060", "").Replace(experimentTags.ReplaceAllString(body, ""))
	for _, want := range []string{"printer + paper", "4.6", "4.10–5.20", "Plain lift", "40.0%", "of all orders:", "8.0%", "€80", "printer → ink", "15.0 pp", "Buy within 90 days", "Карта связок"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q on the page", want)
		}
	}
	for _, bad := range []string{"tea-1", "bag", "NaN", "%!", "<no value>"} {
		if strings.Contains(text, bad) {
			t.Errorf("%q on the page", bad)
		}
	}
	hostile := write(t, bundleTables(t, `"<script>window.__xss=1</script>"`), report.Options{})
	if strings.Contains(hostile, "<script>window.__xss") {
		t.Error("a name is script")
	}
	if nothing := section(t, write(t, analyticstest.Source{}, report.Options{}), "bundles"); !strings.Contains(nothing, "absent") {
		t.Error("no tables, and the section does not say so")
	}
}

// TestBrowserBundles looks at the section at both widths: nothing sideways.
func TestBrowserBundles(t *testing.T) {
	b := newBrowser(t)
	page := publish(t, bundleTables(t, strings.Repeat("a-very-long-name-", 9)), report.Options{Currency: "EUR"})
	for _, width := range []int64{1280, 390} {
		b.open(t, page, width, width == 390)
		if over := eval[int](t, b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
			t.Errorf("%d: the page scrolls sideways by %d px", width, over)
		}
		if n := eval[int](t, b, `document.querySelectorAll('#bundles .chart canvas, #bundles .chart svg').length`); n != 1 {
			t.Errorf("%d: %d maps", width, n)
		}
	}
}
