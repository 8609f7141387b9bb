package sandbox

import "slices"

// upsert answers POST /{module}/upsert.
func (s *Server) upsert(c *call, m *module) answer {
	w, bad := s.readWriting(c)
	if bad != nil {
		return *bad
	}
	if !m.upsert {
		return wrongModule()
	}
	checks := w.checks
	if checks == nil {
		checks = m.duplicateFields()
	}
	for _, name := range checks {
		if !slices.Contains(m.duplicateFields(), name) {
			return refuse(400, "INVALID_DATA", "invalid data", object{"api_name": "duplicate_check_fields"})
		}
	}
	var out []any
	inserted := false
	for i, item := range w.items {
		input, _ := item.(object)
		twin, by := s.twin(m, checks, input)
		if twin != nil {
			r := s.updateOne(c, m, w, twin.id, input, i)
			out = append(out, upserted(r, "update", by))
			continue
		}
		for _, r := range s.insertOne(c, m, w, item, i) {
			out = append(out, upserted(r, "insert", ""))
		}
		inserted = true
	}
	if inserted {
		return results("data", 201, out)
	}
	return results("data", 200, out)
}

func upserted(r any, action, by string) any {
	if o, is := r.(object); is {
		o["action"], o["duplicate_field"] = action, orNil(by)
	}
	return r
}

// duplicateFields are the fields by which an upsert may look for a record: the system's own first, then unique ones.
func (m *module) duplicateFields() []string {
	var out []string
	switch m.name {
	case "Contacts", "Leads":
		out = append(out, "Email")
	case "Accounts", "Deals":
		out = append(out, m.title)
	}
	for _, f := range m.fields {
		if f.unique() && !slices.Contains(out, f.name) {
			out = append(out, f.name)
		}
	}
	return out
}

func (s *Server) twin(m *module, checks []string, input object) (*entry, string) {
	for _, name := range checks {
		want := fold(input[name])
		if want == "" {
			continue
		}
		for _, e := range m.byID {
			if !e.hidden && fold(e.values[name]) == want {
				return e, name
			}
		}
	}
	return nil, ""
}
