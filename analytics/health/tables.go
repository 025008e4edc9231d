package health

import (
	"crmaudit/analytics"
)

// Tables renders the model as result tables, columns as in queries/analytics.
func (m *Model) Tables() []analytics.Table {
	return []analytics.Table{m.healthTable(), m.completenessTable(), m.fillerTable(), m.pairTable(), m.groupTable(), m.memberTable(), m.blockTable(), m.countTable()}
}

func table(name string, columns ...string) analytics.Table {
	return analytics.Table{Name: "analytics." + name, Columns: columns}
}

func textOrNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func (m *Model) healthTable() analytics.Table {
	t := table("health", "check_name", "value", "numerator", "denominator", "norm", "red_zone", "status", "better", "note")
	for _, c := range m.Checks {
		row := []any{c.Name, nil, nil, nil, c.Norm, nil, string(c.Status), "lower", textOrNull(c.Note)}
		if c.Status != NotMeasurable {
			row[1], row[2], row[3] = c.Value(), c.Numerator, c.Denominator
		}
		if c.Red != nil {
			row[5] = *c.Red
		}
		if c.Higher {
			row[7] = "higher"
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (m *Model) completenessTable() analytics.Table {
	t := table("completeness", "field", "role", "contacts", "given", "fillers", "filled", "invalid", "share", "status")
	for _, f := range m.Fields {
		if f.missing {
			continue
		}
		row := []any{f.Name, f.Role, f.Contacts, f.Given, f.Filler, f.Filled(), nil, nil, textOrNull(string(f.Status))}
		if f.HasBad {
			row[6] = f.Bad
		}
		if f.Contacts > 0 {
			row[7] = float64(f.Filled()) / float64(f.Contacts)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (m *Model) fillerTable() analytics.Table {
	t := table("health_fillers", "field", "value", "contacts")
	for _, f := range m.Fillers {
		t.Rows = append(t.Rows, []any{f.Field, f.Value, f.Contacts})
	}
	return t
}

func (m *Model) pairTable() analytics.Table {
	t := table("duplicate_contacts", "customer_a", "customer_b", "verdict", "score", "prior", "phone", "email", "name", "birthday", "group_id")
	for _, p := range m.Pairs {
		row := []any{p.A, p.B, string(p.Verdict), p.Score.Total, p.Score.Prior, p.Score.Phone, p.Score.Email, p.Score.Name, p.Score.Birthday, nil}
		if p.Group != 0 {
			row[9] = p.Group
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (m *Model) groupTable() analytics.Table {
	t := table("duplicate_groups", "group_id", "contacts", "verdict", "keep", "extra_messages", "extra_cost")
	for i, g := range m.Groups {
		t.Rows = append(t.Rows, []any{int64(i + 1), int64(len(g.Members)), string(g.Verdict), g.Kept, g.Messages, float64(g.Cost) / 1e6})
	}
	return t
}

func (m *Model) memberTable() analytics.Table {
	t := table("duplicate_members", "customer_id", "group_id", "kept")
	for i, g := range m.Groups {
		for _, id := range g.Members {
			t.Rows = append(t.Rows, []any{id, int64(i + 1), id == g.Kept})
		}
	}
	return t
}

func (m *Model) blockTable() analytics.Table {
	t := table("duplicate_blocks", "key", "contacts", "blocks", "largest", "compared", "capped_blocks", "capped_contacts")
	for _, k := range m.Keys {
		t.Rows = append(t.Rows, []any{k.Key, k.Contacts, k.Blocks, k.Largest, k.Compared, k.Capped, k.Size})
	}
	return t
}

func (m *Model) countTable() analytics.Table {
	t := table("duplicate_counts", "what", "value")
	if !m.Contacts {
		return t
	}
	compared, capped := int64(0), int64(0)
	for _, k := range m.Keys {
		compared += k.Compared
		if k.Shared {
			capped = max(capped, k.Size)
		}
	}
	for _, c := range []struct {
		what  string
		value float64
	}{
		{"capped_contacts", float64(capped)}, {"certain", float64(m.ByVerdict[Certain])}, {"compared", float64(compared)}, {"dropped", float64(m.Dropped)}, {"extra_contacts", float64(m.Extra)},
		{"extra_cost", float64(m.Duplicate.CostMicro) / 1e6}, {"extra_messages", float64(m.Duplicate.Messages)}, {"groups", float64(len(m.Groups))}, {"largest_group", float64(m.Largest)},
		{"likely", float64(m.ByVerdict[Likely])}, {"possible", float64(m.ByVerdict[Possible])}, {"refused", float64(m.Refused)},
	} {
		t.Rows = append(t.Rows, []any{c.what, c.value})
	}
	return t
}
