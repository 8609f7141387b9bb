package sandbox

import "slices"

// get answers GET /{module}/{id}.
func (s *Server) get(c *call, m *module, id string) answer {
	names, bad := c.names(false)
	if bad != nil {
		return *bad
	}
	since, bad := c.readSince("If-Modified-Since")
	if bad != nil {
		return *bad
	}
	e := m.living(id)
	switch {
	case e == nil:
		return status(204)
	case !since.IsZero() && !e.modified.After(second(since)):
		return status(304)
	}
	return ok(object{"data": []any{s.show(m, e, names, c.user)}})
}

// fullData answers fetch_full_data: the rich texts at their whole length.
func (s *Server) fullData(c *call, m *module, ids []string) answer {
	names, bad := c.names(false)
	if bad != nil {
		return *bad
	}
	if len(ids) > maxIDs {
		return refuse(400, "LIMIT_EXCEEDED", "ids limit exceeded", object{"param_name": "ids", "limit": maxIDs})
	}
	data := []any{}
	for _, id := range ids {
		e := m.living(id)
		if e == nil {
			continue
		}
		one := object{"id": id}
		for _, f := range m.fields {
			value := text(e.values[f.name])
			if f.area == "rich_text" && value != "" && (names == nil || slices.Contains(names, f.name)) {
				one[f.name] = value
			}
		}
		data = append(data, one)
	}
	if len(data) == 0 {
		return status(204)
	}
	return ok(object{"data": data})
}
