package report

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"crmaudit/analytics"
)

// noChange are the findings that ask for no change, so that no hypothesis may be made of them, with the reason.
var noChange = map[string]string{
	"metric_shift.time":               "a matrix that changes says when, the metric that moved says what to mend",
	"metric_shift.jump":               "it got better",
	"metric_shift.spike":              "it is over; what made it is for the calendar",
	"metric_shift.default":            "wording of a shift without a reason of its own",
	"segment_stuck.static":            "a property of a customer, such as his city, need not move",
	"segment_stuck.static_many":       "the same of many",
	"fatigue.response_none":           "proved: customers do not tire within the frequencies seen",
	"fatigue.response_benefit":        "more messages go with more response: no cap is asked for",
	"fatigue.none":                    "proved: the odds of an opt-out do not rise",
	"fatigue.benefit":                 "the odds fall",
	"rhythm_drift.shorten":            "customers come more often",
	"rhythm_drift.shorten_segment":    "the same in a segment",
	"fatigue.inconclusive":            "the frequency test of the response decides it too: fatigue.default",
	"fatigue.insufficient_data":       "the same",
	"personalization_gain.default":    "wording without a reason of its own",
	"template_reused.default":         "the same",
	"segment_equivalent.default":      "the same",
	"experiment_result.default":       "the same",
	"personalization_no_gain.default": "the same",
}

// generators are the packages that make findings.
func generators(t *testing.T) map[string][]string {
	t.Helper()
	kinds := append(analytics.Kinds(), analytics.MoreKinds()...)
	found := map[string][]string{} // kind -> packages
	for _, root := range []string{"../../lifecycle", "../../scenarios", "../../segments", ".."} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			switch d.Name() {
			case "report", "synth", "duck", "ingest", "testdata", "analyticstest":
				if d.IsDir() {
					return filepath.SkipDir
				}
			}
			if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") || d.Name() == "kinds.go" {
				return nil
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			makes := false // only files that make findings
			ast.Inspect(file, func(n ast.Node) bool {
				if c, ok := n.(*ast.CompositeLit); ok && name(c.Type) == "Finding" {
					makes = true
				}
				return true
			})
			if !makes {
				return nil
			}
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.KeyValueExpr:
					if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Kind" {
						if kind := literal(n.Value); kind != "" && !slices.Contains(kinds, kind) {
							t.Errorf("%s makes a finding of a kind that analytics.Kinds does not list: %q", path, kind)
						}
					}
				case *ast.BasicLit:
					if kind := literal(n); slices.Contains(kinds, kind) && !slices.Contains(found[kind], filepath.Dir(path)) {
						found[kind] = append(found[kind], filepath.Dir(path))
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// name is that of a type of another package, or of what a list of it holds.
func name(e ast.Expr) string {
	switch s := e.(type) {
	case *ast.SelectorExpr:
		return s.Sel.Name
	case *ast.ArrayType:
		return name(s.Elt)
	}
	return ""
}

func literal(e ast.Expr) string {
	if l, ok := e.(*ast.BasicLit); ok && l.Kind == token.STRING {
		s, _ := strconv.Unquote(l.Value)
		return s
	}
	return ""
}

// Every kind of the contract has a generator, a text of its finding and the four sentences of its hypothesis in both languages, written for it: with names or numbers of the case. Every variant of a finding has a hypothesis, or a reason why no change is asked for.
func TestEveryKind(t *testing.T) {
	texts := mustTexts(t)
	made := generators(t)
	if n := len(analytics.Kinds()); n != 41 {
		t.Errorf("%d kinds, the contract has 41", n)
	}
	leaves := []string{"title", "what", "why", "change"}
	for _, kind := range append(analytics.Kinds(), analytics.MoreKinds()...) {
		if len(made[kind]) == 0 {
			t.Errorf("%s: no generator", kind)
		}
		if !texts.Has("kinds." + kind) {
			t.Errorf("%s has no name", kind)
		}
		if len(variants(texts.en, "findings."+kind)) == 0 {
			t.Errorf("%s: no text of the finding", kind)
		}
		hypotheses := variants(texts.en, "hypotheses."+kind)
		if len(hypotheses) == 0 {
			t.Errorf("%s: no hypothesis", kind)
		}
		for _, variant := range hypotheses {
			for _, w := range []*words{texts.en, texts.ru} {
				all := ""
				for _, leaf := range leaves {
					s := w.text["hypotheses."+kind+"."+variant+"."+leaf]
					if s == "" {
						t.Errorf("%s.%s: no %s", kind, variant, leaf)
					}
					all += s
				}
				if !strings.Contains(all, "{") {
					t.Errorf("%s.%s says nothing of the case itself: %s", kind, variant, all)
				}
				if what := w.text["hypotheses."+kind+"."+variant+".what"]; !caseNumber.MatchString(what+w.text["hypotheses."+kind+"."+variant+".why"]) && !wordless[kind+"."+variant] {
					t.Errorf("%s.%s: no number of the case in what happens or why: %s", kind, variant, what)
				}
			}
		}
		for _, variant := range variants(texts.en, "findings."+kind) {
			own := texts.Has("hypotheses." + kind + "." + variant + ".what")
			shared := texts.Has("hypotheses." + kind + ".default.what")
			if _, none := noChange[kind+"."+variant]; !own && !shared && !none && !strings.HasSuffix(variant, "_exploratory") && variant != "default" {
				t.Errorf("the finding %s.%s becomes no hypothesis, and nobody said why", kind, variant)
			}
		}
	}
	for key := range noChange {
		if !texts.Has("findings." + key) {
			t.Errorf("noChange: there is no finding %s", key)
		}
	}
}

// caseNumber is a value that is a number: names of subjects and codes alone are no number of the case.
var caseNumber = regexp.MustCompile(`\{(` + strings.Join([]string{
	"[a-z_]*(share|rate|rates|chance|days|day|units|messages|customers|exits|collisions|effect|gap|slope|reach|precision|lift|probability|ratio|odds_ratio|gain|latency|jaccard|containment|behaviour)[a-z_0-9]*",
	"forecast_error|returned_before|timing|share|lost|observed|expected|difference|nothing|unexplained|audience|numerator|value|cost|since|own|count|matched|change_last|change_at|slope|margin|duplicates|broken|segments|early_share|last_day|pairs|level_after|order_share|median_gap|in_time_share|weeks|customers_treated",
}, "|") + `)(\||\})`)

// wordless are the variants that rest on what is not there: no number belongs to them.
var wordless = map[string]bool{
	"unused_scenario.never": true, "segment_size.empty": true, // nothing is there to be counted
}

// variants are the reasons that a kind has texts for.
func variants(w *words, prefix string) []string {
	out := map[string]bool{}
	for key := range w.text {
		if rest, ok := strings.CutPrefix(key, prefix+"."); ok {
			variant, _, _ := strings.Cut(rest, ".")
			out[variant] = true
		}
	}
	return slices.Sorted(maps.Keys(out))
}
