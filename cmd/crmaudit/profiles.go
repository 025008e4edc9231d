package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/duck"
	"crmaudit/analytics/ingest"
	"crmaudit/analytics/report"
)

// profiles lists the vendor profiles that the sources use, sorted.
func (c *config) profiles() []string {
	used := map[string]bool{}
	for _, files := range c.Sources.byInput() {
		for _, f := range files {
			if f.Profile != "" {
				used[f.Profile] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(used))
}

// gaps is what the exports of the vendors cannot tell, as coverage: a whole input is a gap when no source gives it, a column always.
func gaps(profiles []string, given map[string]bool) ([]analytics.Coverage, error) {
	var out []analytics.Coverage
	for _, name := range profiles {
		p, err := ingest.ProfileByName(name)
		if err != nil {
			return nil, err
		}
		seen := map[string]bool{}
		for _, g := range p.Cannot {
			if _, column, _ := strings.Cut(g.Input, "."); (column == "" && given[g.Input]) || seen[g.Input] {
				continue
			}
			seen[g.Input] = true
			out = append(out, analytics.Coverage{Block: "core", Input: g.Input + " of " + name, Answers: "vendor_gap", Note: g.Ru + " ‖ " + g.En})
		}
	}
	return out, nil
}

// profileCoverage is what the profiles of the sources say in the coverage of an audit: their gaps, and the words that they do not know.
func profileCoverage(ctx context.Context, c *config, db *duck.DB, given map[string]bool) ([]analytics.Coverage, error) {
	out, err := gaps(c.profiles(), given)
	if err != nil || len(c.profiles()) == 0 {
		return out, err
	}
	rows, err := each(ctx, db, "SELECT profile, column_name, value, CAST(sum(row_count) AS BIGINT) AS n FROM audit.unknown_values GROUP BY 1, 2, 3 ORDER BY 1, 2, 4 DESC, 3")
	if err != nil {
		return nil, err
	}
	type column struct{ profile, name string }
	var columns []column
	values, counts := map[column][]string{}, map[column]int64{}
	for _, row := range rows {
		at := column{cellText(row[0], ""), cellText(row[1], "")}
		n, _ := row[3].(int64)
		if len(values[at]) == 0 {
			columns = append(columns, at)
		}
		values[at] = append(values[at], fmt.Sprintf("%s (%d)", report.Shown(cellText(row[2], "")), n))
		counts[at] += n
	}
	for _, at := range columns {
		list := values[at]
		if len(list) > 5 {
			list = append(slices.Clone(list[:5]), "…")
		}
		words := strings.ReplaceAll(strings.Join(list, ", "), "‖", "|")
		name := report.Shown(at.name)
		out = append(out, analytics.Coverage{Block: "core", Input: at.name + " of " + at.profile, Present: true, Answers: "vendor_words",
			Note: fmt.Sprintf("В столбце %s профиль не знает значений: %d, строк с ними: %d: %s. Где столбец — текст, строки оставлены; где нужно слово контракта (вид факта), исключены. Все — в таблице audit.unknown_values ‖ The profile does not know %d values of the column %s, in %d rows: %s. Where the column is text the rows are kept; where a word of the contract is needed (the kind of a fact) they are excluded. All are in the table audit.unknown_values",
				name, len(values[at]), counts[at], words, len(values[at]), name, counts[at], words)})
	}
	return out, nil
}
