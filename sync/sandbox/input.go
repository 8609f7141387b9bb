package sandbox

import "time"

// read checks the fields of one record and turns them into stored values. Unknown and read-only fields are ignored, as Zoho does.
func (s *Server) read(m *module, input object, e *entry) (object, *problem) {
	values := object{}
	for _, f := range m.fields {
		v, given := input[f.name]
		if !given || f.readOnly() {
			continue
		}
		stored, p := s.take(m, f, v, input)
		if p != nil {
			return nil, p
		}
		if owner, is := stored.(*user); f.name == "Owner" && !is && owner == nil {
			continue
		}
		if f.unique() {
			if twin := m.unique[f.name][fold(stored)]; twin != nil && twin != e {
				return nil, m.duplicate(f, twin)
			}
		}
		values[f.name] = stored
	}
	if m.name == "Events" {
		if p := s.readSpan(values, e); p != nil {
			return nil, p
		}
	}
	return values, nil
}

func (m *module) duplicate(f *field, twin *entry) *problem {
	return trouble("DUPLICATE_DATA", "duplicate data", object{
		"api_name": f.name, "id": twin.id,
		"duplicate_record": object{"id": twin.id, "module": object{"api_name": m.name, "id": m.id}},
	})
}

// missing names the first mandatory field that a record would be without.
func (m *module) missing(values object, e *entry) *problem {
	for _, f := range m.fields {
		v, given := values[f.name]
		if f.mandatory() && v == nil && (given || e == nil) {
			return trouble("MANDATORY_NOT_FOUND", "required field not found", object{"api_name": f.name})
		}
	}
	return nil
}

// readSpan checks that a meeting ends after it begins. A meeting of whole days is kept from the first midnight to the
// last minute of its last day, in the zone of the user.
func (s *Server) readSpan(values object, e *entry) *problem {
	get := func(name string) any {
		if v, given := values[name]; given || e == nil {
			return v
		}
		return e.values[name]
	}
	start, hasStart := get("Start_DateTime").(time.Time)
	end, hasEnd := get("End_DateTime").(time.Time)
	if !hasStart || !hasEnd {
		return nil
	}
	if end.Before(start) {
		return trouble("INVALID_DATA", "the end is before the start", object{"api_name": "End_DateTime"})
	}
	if get("All_day") == true {
		values["Start_DateTime"] = midnight(start, s.zone)
		values["End_DateTime"] = midnight(end, s.zone).AddDate(0, 0, 1).Add(-time.Minute)
	}
	return nil
}
