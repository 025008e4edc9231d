package lifecycle

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"crmaudit/analytics"
)

// memorySource is a Source of tables in memory: rows of values in the order of columns.
type memorySource map[string]*analytics.Frame

func (s memorySource) Fetch(_ context.Context, table string) (*analytics.Frame, error) {
	f, ok := s[table]
	if !ok {
		return nil, fmt.Errorf("no table %s", table)
	}
	return f, nil
}

// columns of the reduced tables: name and type (i int64, s string, b bool).
var redColumns = map[string][]string{
	"periods":            {"period:i", "period_start:s", "days:i"},
	"stage_periods":      {"period:i", "stage:s", "bucket:i", "n:i"},
	"transition_periods": {"period:i", "from_stage:s", "to_stage:s", "bucket:i", "n:i"},
	"transitions":        {"grouping:s", "group_value:s", "from_stage:s", "to_stage:s", "bucket:i", "n:i"},
	"triples":            {"prev_stage:s", "from_stage:s", "to_stage:s", "bucket:i", "n:i"},
	"kstep":              {"h:i", "from_stage:s", "to_stage:s", "bucket:i", "n:i"},
	"spells":             {"stage:s", "next_stage:s", "entry_age:i", "exit_age:i", "left_open:b", "bucket:i", "n:i"},
	"stage_value":        {"stage:s", "age:i", "bucket:i", "customer_periods:i", "buyers:i", "orders:i", "revenue_minor:i"},
	"rule_matches":       {"mask:i", "stage:s", "bucket:i", "n:i"},
	"stage_scenarios":    {"stage:s", "scenario_id:s", "messages:i"},
	"stage_customers":    {"stage:s", "bucket:i", "customers:i"},
}

// tables are rows by the short name of a reduced table.
type tables map[string][][]any

func (t tables) add(name string, row ...any) { t[name] = append(t[name], row) }

// source turns rows into frames of several record batches, as the engine does.
func (t tables) source() memorySource {
	out := memorySource{}
	for name, columns := range redColumns {
		var fields []arrow.Field
		for _, c := range columns {
			typ := map[byte]arrow.DataType{'i': arrow.PrimitiveTypes.Int64, 's': arrow.BinaryTypes.String, 'b': arrow.FixedWidthTypes.Boolean}[c[len(c)-1]]
			fields = append(fields, arrow.Field{Name: c[:len(c)-2], Type: typ, Nullable: true})
		}
		schema := arrow.NewSchema(fields, nil)
		var parts []arrow.RecordBatch
		for chunk := range slices.Chunk(append([][]any{}, t[name]...), 1000) {
			b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
			for _, row := range chunk {
				for i, v := range row {
					switch v := v.(type) {
					case nil:
						b.Field(i).AppendNull()
					case int:
						b.Field(i).(*array.Int64Builder).Append(int64(v))
					case int64:
						b.Field(i).(*array.Int64Builder).Append(v)
					case string:
						b.Field(i).(*array.StringBuilder).Append(v)
					case bool:
						b.Field(i).(*array.BooleanBuilder).Append(v)
					}
				}
			}
			parts = append(parts, b.NewRecordBatch())
		}
		out["lifecycle.red_"+name] = analytics.NewFrame("lifecycle.red_"+name, schema, parts)
	}
	return out
}

func (t tables) load(tb testing.TB) *Counts {
	tb.Helper()
	c, err := Load(context.Background(), t.source())
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// world simulates customers who move through stages by a known matrix.
type world struct {
	stages    []string
	p         [][]float64
	order     []float64 // chance of an order in the period that follows, by stage
	price     int64     // minor units
	customers int
	history   int // periods before the panel, so that ages are known
	periods   int
	start     []float64
	// next overrides the matrix: the stage after a customer has been age periods in stage, -1 = by the matrix.
	next func(stage, age, period int) int
	// group of a customer, nil for none.
	group func(customer int) string
	// rateOf scales the leaving of a customer, to make customers differ.
	seed uint64
}

// panel is one simulated customer-period panel.
type panel struct {
	world
	stage  [][]int // by customer and period, history first
	orders [][]int64
	bucket []int
}

func (w world) run() *panel {
	rng := rand.New(rand.NewPCG(w.seed, 7))
	pick := func(row []float64) int {
		u := rng.Float64()
		for j, q := range row {
			if u -= q; u < 0 {
				return j
			}
		}
		return len(row) - 1
	}
	p := &panel{world: w}
	start := w.start
	if start == nil {
		start = make([]float64, len(w.stages))
		for i := range start {
			start[i] = 1 / float64(len(start))
		}
	}
	for c := range w.customers {
		s := pick(start)
		age := 1
		stages, orders := []int{}, []int64{}
		for t := range w.history + w.periods {
			stages = append(stages, s)
			var n int64
			if rng.Float64() < w.order[s] {
				n = 1
			}
			orders = append(orders, n) // in the period that follows
			to := -1
			if w.next != nil {
				to = w.next(s, age, t-w.history)
			}
			if to < 0 {
				to = pick(w.p[s])
			}
			if to == s {
				age++
			} else {
				s, age = to, 1
			}
		}
		p.stage, p.orders = append(p.stage, stages), append(p.orders, orders)
		p.bucket = append(p.bucket, (c*61+int(w.seed))%Buckets)
	}
	return p
}

// reduce makes the reduced tables by going through the panel row by row.
func (p *panel) reduce() tables {
	t := tables{}
	type key [8]any // table, then the row without its count
	n := map[key]int64{}
	width := map[string]int{}
	count := func(table string, by int64, row ...any) {
		k := key{table}
		copy(k[1:], row)
		n[k] += by
		width[table] = len(row)
	}
	type sums struct{ cp, buyers, orders, money int64 }
	value := map[[3]any]*sums{}
	for t0 := range p.periods {
		t.add("periods", t0+1, fmt.Sprintf("2026-%02d-%02d", 1+t0/28%12, 1+t0%28), 7)
	}
	for c, all := range p.stage {
		b := p.bucket[c]
		name := func(t int) string { return p.stages[all[p.history+t]] }
		seen := map[string]bool{}
		age := 1
		for t := 1; t <= p.history; t++ {
			if all[t] == all[t-1] {
				age++
			} else {
				age = 1
			}
		}
		if p.history == 0 {
			age = 1
		}
		entry := age
		for i := range p.periods {
			s := name(i)
			count("stage_periods", 1, i+1, s, b)
			if !seen[s] {
				seen[s] = true
				count("stage_customers", 1, s, b)
			}
			for _, h := range []int{2, 4, 8, 13} {
				if i+h < p.periods {
					count("kstep", 1, h, s, name(i+h), b)
				}
			}
			if i+1 < p.periods {
				next := name(i + 1)
				count("transition_periods", 1, i+1, s, next, b)
				count("transitions", 1, "all", "all", s, next, b)
				if p.group != nil {
					count("transitions", 1, "segment", p.group(c), s, next, b)
				}
				if i > 0 {
					count("triples", 1, name(i-1), s, next, b)
				}
				a := min(age, 26)
				k := [3]any{s, a, b}
				if value[k] == nil {
					value[k] = &sums{}
				}
				o := p.orders[c][p.history+i]
				value[k].cp++
				value[k].orders += o
				value[k].buyers += min(o, 1)
				value[k].money += o * p.price
				if next != s {
					count("spells", 1, s, next, entry, age, p.history == 0 && entry == age-i && i < age, b)
					entry, age = 1, 1
				} else {
					age++
				}
			} else {
				count("spells", 1, s, nil, entry, age-1, p.history == 0 && age == i+1, b)
				count("rule_matches", 1, 1<<slices.Index(p.stages, s), s, b)
			}
		}
	}
	for k, by := range n {
		table := k[0].(string)
		row := append([]any{}, k[1:1+width[table]]...)
		t[table] = append(t[table], append(row, by))
	}
	for k, v := range value {
		t.add("stage_value", append(append([]any{}, k[:]...), v.cp, v.buyers, v.orders, v.money)...)
	}
	return t
}

// shop is a company with a known bottleneck: at_risk customers are many, worth bringing back, and hardly come back.
func shop(seed uint64) world {
	return world{
		stages: []string{"new", "active", "at_risk", "lost"},
		p: [][]float64{
			{.50, .30, .20, 0},
			{0, .85, .15, 0},
			{0, .02, .95, .03},
			{0, .02, 0, .98},
		},
		order: []float64{.4, .5, .02, .01}, price: 100_00, customers: 3000, history: 30, periods: 30,
		start: []float64{.4, .4, .2, 0}, seed: seed,
	}
}

func rulesOf(stages []string) []StageRule {
	var out []StageRule
	for _, s := range stages {
		out = append(out, StageRule{s, "recency_days > 0"})
	}
	return out
}
