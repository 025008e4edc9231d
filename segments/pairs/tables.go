package pairs

import (
	"strings"

	"crmaudit/analytics"
)

// Tables renders the model, columns as in queries/segments.
func (m *Model) Tables() []analytics.Table {
	return []analytics.Table{m.pairsTable(), m.contrastsTable(), m.distancesTable(), m.partitionsTable(), m.explainedTable(), m.targetingTable()}
}

func orNone(n int64) any {
	if n <= 0 {
		return nil
	}
	return n
}

func (m *Model) pairsTable() analytics.Table {
	t := analytics.Table{Name: "segments.pairs", Columns: []string{
		"segment_a", "segment_b", "customers_a", "customers_b", "customers_both", "jaccard", "jaccard_lower", "jaccard_upper", "containment", "redundant", "compared", "compared_a",
		"compared_b", "metrics", "p_equivalence", "q_equivalence", "q_equivalence_any", "q_difference", "q_difference_any", "deciding_metric", "deciding_difference", "deciding_lower",
		"deciding_upper", "deciding_margin", "verdict", "needed_customers", "merge_group", "caveat", "js", "js_floor", "psi", "psi_floor", "psi_95", "far_feature", "energy", "energy_share",
		"energy_floor", "energy_p", "energy_q",
	}}
	num := analytics.OrNull
	for i := range m.Pairs {
		p := &m.Pairs[i]
		row := []any{m.Segments[p.A].ID, m.Segments[p.B].ID, m.scaled(m.sums[p.A][sumCustomers]), m.scaled(m.sums[p.B][sumCustomers]), m.scaled(p.Both), num(p.Jaccard.Value), num(p.Jaccard.Lower),
			num(p.Jaccard.Upper), num(p.Containment), p.Redundant, p.Compared, m.scaled(p.ComparedA), m.scaled(p.ComparedB), int64(len(p.Contrasts)), num(p.PEquivalence), num(p.QEquivalence),
			num(p.QEquivalenceAny), num(p.QDifference), num(p.QDifferenceAny)}
		if p.Deciding >= 0 {
			c := &p.Contrasts[p.Deciding]
			row = append(row, c.Metric, num(c.Difference), num(c.Lower), num(c.Upper), num(c.Margin))
		} else {
			row = append(row, "", nil, nil, nil, nil)
		}
		row = append(row, p.Verdict, orNone(p.Needed), orNone(int64(p.Group)), strings.Join(p.Caveats, ","), num(p.JS), num(p.JSFloor))
		if p.Far >= 0 {
			d := &p.Distances[p.Far]
			row = append(row, num(d.Value), num(d.Floor), num(d.P95), d.Feature)
		} else {
			row = append(row, nil, nil, nil, "")
		}
		t.Rows = append(t.Rows, append(row, num(p.Energy.E), num(p.Energy.H), num(p.Energy.Floor), num(p.Energy.P), num(p.EnergyQ)))
	}
	return t
}

func (m *Model) contrastsTable() analytics.Table {
	t := analytics.Table{Name: "segments.contrasts", Columns: []string{"segment_a", "segment_b", "metric", "value_a", "value_b", "difference", "lower", "upper", "margin", "margin_from", "n_a",
		"n_b", "p_equivalence", "p_difference", "q_equivalence", "q_difference", "verdict", "needed_customers", "method"}}
	num := analytics.OrNull
	for i := range m.Pairs {
		p := &m.Pairs[i]
		for k := range p.Contrasts {
			c := &p.Contrasts[k]
			t.Rows = append(t.Rows, []any{m.Segments[p.A].ID, m.Segments[p.B].ID, c.Metric, num(c.ValueA), num(c.ValueB), num(c.Difference), num(c.Lower), num(c.Upper), c.Margin, c.MarginFrom,
				c.NA, c.NB, num(c.PEquivalence), num(c.PDifference), num(c.QEquivalence), num(c.QDifference), string(c.Verdict), orNone(c.Needed), c.Method})
		}
	}
	return t
}

func (m *Model) distancesTable() analytics.Table {
	t := analytics.Table{Name: "segments.distances", Columns: []string{"segment_a", "segment_b", "feature", "sample_a", "sample_b", "bins", "js", "js_floor", "psi", "psi_floor", "psi_95"}}
	for i := range m.Pairs {
		p := &m.Pairs[i]
		for _, d := range p.Distances {
			t.Rows = append(t.Rows, []any{m.Segments[p.A].ID, m.Segments[p.B].ID, d.Feature, int64(d.SampleA), int64(d.SampleB), int64(d.Bins), d.JS, d.JSFloor, d.Value, d.Floor, d.P95})
		}
	}
	return t
}

func (m *Model) partitionsTable() analytics.Table {
	t := analytics.Table{Name: "segments.partitions", Columns: []string{"partition_a", "partition_b", "parts_a", "parts_b", "customers", "ami", "ari"}}
	for _, a := range m.Agreements {
		t.Rows = append(t.Rows, []any{a.A, a.B, int64(a.PartsA), int64(a.PartsB), m.scaled(a.N), analytics.OrNull(a.AMI), analytics.OrNull(a.ARI)})
	}
	return t
}

func (m *Model) explainedTable() analytics.Table {
	t := analytics.Table{Name: "segments.explained", Columns: []string{"model", "outcome", "explained", "lower", "upper", "in_sample", "parameters", "customers"}}
	for _, e := range m.Explained {
		t.Rows = append(t.Rows, append(append([]any{e.Model, e.Outcome}, analytics.Three(e.Share)...), analytics.OrNull(e.InSample), int64(e.Parameters), m.scaled(e.Share.N)))
	}
	return t
}

func (m *Model) targetingTable() analytics.Table {
	t := analytics.Table{Name: "segments.targeting", Columns: []string{"experiment_id", "partition", "outcome", "arms", "parts", "customers", "value", "lower", "upper", "p_value", "q_value", "plug_in", "q", "q_p", "i2", "tau2",
		"verdict"}}
	num := analytics.OrNull
	for _, x := range m.Targeting {
		t.Rows = append(t.Rows, append(append([]any{x.Experiment, x.Partition, x.Outcome, int64(x.Arms), int64(x.Parts), x.Customers}, analytics.Three(x.Value)...), num(x.P), num(x.QValue), num(x.PlugIn), num(x.Q), num(x.QP),
			num(x.I2), num(x.Tau2), x.Verdict))
	}
	return t
}
