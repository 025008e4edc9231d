package report

import (
	"cmp"
	"context"
	"slices"
)

// dataSection is what became of every row of every file.
type dataSection struct {
	Sources       []sourceRow
	Total         sourceRow
	SourcesAbsent T
	Rejects       []rejectRow
	RejectsAbsent T
	Corrections   []correctionRow
	Currencies    []currencyRow
}

type sourceRow struct {
	Input                                                T
	Path, Dialect                                        string
	Read, Loaded, Rejected, Duplicate, Outside, Excluded T
	LoadedShare                                          cell
	Bad                                                  bool // some rows were rejected
}

type rejectRow struct {
	Input, Reason         T
	Path, Column, Example string
	Line                  T
	Count                 T
	n                     int64
}

const (
	mostRejects   = 30  // kinds of reject shown
	exampleLength = 120 // characters of a rejected row shown
)

func loadData(ctx context.Context, p *page) (any, error) {
	var s dataSection
	f, absent, err := p.fetch(ctx, "audit.sources")
	if err != nil {
		return nil, err
	}
	s.SourcesAbsent = absent
	if f != nil {
		fates := []string{"rows_read", "rows_loaded", "rows_rejected", "rows_duplicate", "rows_outside", "rows_excluded"}
		count := make([][]float64, len(fates))
		total := make([]float64, len(fates))
		for k, c := range fates {
			count[k] = numbersOf(f, c)
			for _, n := range count[k] {
				total[k] += n
			}
		}
		row := func(at func(k int) float64) sourceRow {
			whole := func(k int) T {
				return p.texts.each(func(w *words) string { return w.decimal(at(k), 0) })
			}
			r := sourceRow{Read: whole(0), Loaded: whole(1), Rejected: whole(2), Duplicate: whole(3), Outside: whole(4), Excluded: whole(5), Bad: at(2) > 0}
			if at(0) > 0 {
				r.LoadedShare = p.fact(at(1)/at(0), "share")
			}
			return r
		}
		input, path, dialect := f.String("input"), f.String("path"), textsOf(f, "dialect")
		for i := range input {
			r := row(func(k int) float64 { return count[k][i] })
			r.Input, r.Path, r.Dialect = p.texts.Name("inputs", input[i]), Shown(path[i]), Shown(dialect[i])
			s.Sources = append(s.Sources, r)
		}
		s.Total = row(func(k int) float64 { return total[k] })
	}

	f, absent, err = p.fetch(ctx, "audit.rejects")
	if err != nil {
		return nil, err
	}
	s.RejectsAbsent = absent
	if f != nil {
		type key struct{ input, path, column, reason string }
		at := map[key]int{}
		input, path, column, reason, raw, lines := f.String("input"), f.String("path"), textsOf(f, "column_name"), f.String("reason"), textsOf(f, "raw"), numbersOf(f, "line")
		for i := range input {
			k := key{input[i], path[i], column[i], reason[i]}
			j, ok := at[k]
			if !ok {
				j = len(s.Rejects)
				at[k] = j
				r := rejectRow{Input: p.texts.Name("inputs", k.input), Path: Shown(k.path), Column: Shown(k.column), Reason: p.texts.rejectReason(k.reason), Example: cut(raw[i], exampleLength)}
				if lines[i] > 0 {
					r.Line = p.count(int64(lines[i]))
				}
				s.Rejects = append(s.Rejects, r)
			}
			s.Rejects[j].n++
		}
		slices.SortStableFunc(s.Rejects, func(a, b rejectRow) int { return cmp.Compare(b.n, a.n) })
		s.Rejects = s.Rejects[:min(len(s.Rejects), mostRejects)]
		for i := range s.Rejects {
			s.Rejects[i].Count = p.count(s.Rejects[i].n)
		}
	}
	s.Corrections, s.Currencies, err = p.corrections(ctx)
	return s, err
}

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}
