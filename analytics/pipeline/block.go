package pipeline

import (
	"context"
	"slices"
	"strings"

	"crmaudit/analytics"
)

// Setup is what audit.yaml says about deals and tasks.
type Setup struct {
	Won, Lost     []string        // names of the stages; empty: usual names, else the outcomes tell
	Stages        []string        // open stages in order; empty: inferred from the moves
	IdleDays      int64           // an open deal without movement for longer is idle; 0: 30
	HorizonDays   int64           // chances are within so many days; 0: 90
	FirstResponse []string        // of Responses; empty: DefaultResponses
	Norms         map[string]Norm // given ones, by check
}

// The kinds of first response.
const (
	taskDone = "task_done"
	call     = "call"
	message  = "message"
	move     = "move"
)

// Responses is what pipeline.first_response may name.
func Responses() []string { return []string{taskDone, call, message, move} }

// DefaultResponses is what counts as first response where audit.yaml is silent. Messages are left out: a newsletter or an automatic receipt is no answer.
func DefaultResponses() []string { return []string{taskDone, call, move} }

// The longest horizon that audit.yaml may ask for, and the oldest age that the reduced tables tell apart (four horizons).
const (
	MaxHorizon = 365
	maxAge     = 4 * MaxHorizon
)

// wonNames and lostNames are usual names of closing stages, in lower case; whole names only.
func wonNames() []string {
	return []string{"won", "closed won", "closedwon", "closed-won", "closed_won", "win", "deal won", "success", "successful", "paid", "выиграна", "выиграно", "выигран", "успешно",
		"успешно реализовано", "успешная", "сделка успешна", "сделка выиграна", "сделка заключена", "закрыта успешно", "закрыто успешно", "оплачено", "жеңді", "сәтті жабылды"}
}

func lostNames() []string {
	return []string{"lost", "closed lost", "closedlost", "closed-lost", "closed_lost", "deal lost", "rejected", "cancelled", "canceled", "проиграна", "проиграно", "проигран", "отказ", "провал",
		"закрыто и не реализовано", "сделка проиграна", "закрыта неуспешно", "закрыто неуспешно", "не реализовано", "отменена", "отменено", "жеңілді", "сәтсіз жабылды"}
}

func (s Setup) filled() Setup {
	if s.IdleDays == 0 {
		s.IdleDays = 30
	}
	if s.HorizonDays == 0 {
		s.HorizonDays = 90
	}
	if len(s.FirstResponse) == 0 {
		s.FirstResponse = DefaultResponses()
	}
	return s
}

// NewBlock is audit block 14: deals and tasks.
func NewBlock(s Setup) analytics.Block {
	s = s.filled()
	return analytics.Block{
		Name: "pipeline", Schema: "analytics",
		Config: Config(s),
		Run: func(ctx context.Context, src analytics.Source, set analytics.Settings) (*analytics.Result, error) {
			c, err := Load(ctx, src)
			if err != nil {
				return nil, err
			}
			opt := Options{Setup: s, FDR: set.FDR, Currency: set.Currency, Margin: set.Equivalence["transition_rate"]}
			m := Fit(c, opt)
			return &analytics.Result{Tables: m.Tables(), Findings: Findings(m, opt), Coverage: Coverage(m, set.Inputs)}, nil
		},
	}
}

// Config is core.cfg_pipeline and core.cfg_pipeline_stages. What audit.yaml names goes before usual names; where it names won (or lost) stages, no other name is one.
func Config(s Setup) []analytics.Table {
	s = s.filled()
	by := func(kind string) bool { return slices.Contains(s.FirstResponse, kind) }
	one := analytics.Table{
		Name: "core.cfg_pipeline", Columns: []string{"idle_days", "horizon_days", "by_task", "by_call", "by_message", "by_move"},
		Rows: [][]any{{s.IdleDays, s.HorizonDays, by(taskDone), by(call), by(message), by(move)}},
	}
	stages := analytics.Table{Name: "core.cfg_pipeline_stages", Columns: []string{"stage", "role", "position", "declared"}}
	rows := map[string][]any{}
	put := func(names []string, role string, listed, declared bool) {
		for i, name := range names {
			name = strings.ToLower(name)
			if _, ok := rows[name]; ok {
				continue
			}
			var position any
			if listed {
				position = int64(i + 1)
			}
			rows[name] = []any{name, role, position, declared}
		}
	}
	put(s.Won, "won", false, true)
	put(s.Lost, "lost", false, true)
	put(s.Stages, "open", true, true)
	if len(s.Won) == 0 {
		put(wonNames(), "won", false, false)
	}
	if len(s.Lost) == 0 {
		put(lostNames(), "lost", false, false)
	}
	for _, name := range sortedKeys(rows) {
		stages.Rows = append(stages.Rows, rows[name])
	}
	return []analytics.Table{one, stages}
}

// Coverage says what the block had and what each input answers. The keys are listed in findings.go.
func Coverage(m *Model, inputs map[string]bool) []analytics.Coverage {
	var out []analytics.Coverage
	add := func(input, answers string, present bool, note string) {
		if !present && note == "" {
			note = "missing"
		}
		out = append(out, analytics.Coverage{Block: "pipeline", Input: input, Present: present, Answers: answers, Note: note})
	}
	note := ""
	switch {
	case m.Window.DealRows == 0:
		if inputs["deals"] {
			note = "none_in_period"
		}
	case m.All.Deals == 0:
		note = "none_in_period"
	case m.NoHistory:
		note = "no_moves"
	case len(m.Stages) > maxStages:
		note = "stage_limit"
	case m.Window.To-m.Window.Last > m.Options.IdleDays:
		note = "deals_end_early"
	}
	add("deals", "pipeline", m.All.Deals > 0, note)
	if m.All.Deals > 0 {
		a := m.All
		add("deals.customer_id", "deal_intervals", m.Window.Clients > 0, partly(m.Window.Clients, m.Window.DealRows, "bucket_by_deal"))
		add("deals.owner", "owners_of_deals", a.Owned > 0, partly(a.Owned, a.Active, ""))
		add("deals.amount", "pipeline_money", m.Unit == m.Options.Currency, partly(a.Priced+a.WonPriced, a.Active+a.Won, "count_of_deals"))
		add("deals.outcome", "won_and_lost", a.Won+a.Lost > 0, closedNote(m))
		add("deals.loss_reason", "loss_reasons", a.Explained+a.Filler > 0, partly(a.Explained, a.Lost, ""))
		add("deals.next_step_at", "next_steps", a.NextFilled > 0, partly(a.NextFilled, a.Active, ""))
		note = ""
		if !slices.ContainsFunc(m.Stages, func(s Stage) bool { return s.Listed }) {
			note = "order_inferred"
		}
		add("pipeline.stages", "stage_order", note == "", note)
	}
	if m.All.Entered > 0 {
		add("tasks.done_at", "first_response", len(m.Responses) > 0, "")
	}
	note = ""
	if m.Window.TaskRows > 0 && m.Tasks.Tasks == 0 || inputs["tasks"] && m.Window.TaskRows == 0 {
		note = "none_in_period"
	}
	add("tasks", "tasks_of_owners", m.Tasks.Tasks > 0, note)
	return out
}

func partly(filled, all int64, none string) string {
	switch {
	case filled == 0:
		return none
	case filled < all:
		return "some_unfilled"
	}
	return ""
}

// closedNote says when nothing tells that a deal is over.
func closedNote(m *Model) string {
	if m.All.Won+m.All.Lost == 0 {
		return "none_closed"
	}
	return ""
}
