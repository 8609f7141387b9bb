package sandbox

import (
	"maps"
	"slices"
)

// The methods of this file act like a person in Zoho's own screens: the time of the last change moves, nothing is
// mailed, and the API's limits do not count. Field names and values are those of the API. A value that the API would
// refuse is stored as it is, because old and imported records hold such values too.

// Records lists the living records of a module as the signed-in user sees them, oldest first.
func (s *Server) Records(module string) []map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.org.byName[module]
	if m == nil {
		return nil
	}
	var out []map[string]any
	for _, e := range m.byID {
		out = append(out, s.whole(m, e))
	}
	return out
}

// Record returns one living record, or nil.
func (s *Server) Record(module, id string) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, e := s.entry(module, id)
	if e == nil || !e.deleted.IsZero() {
		return nil
	}
	return s.whole(m, e)
}

// whole shows a record with its long texts uncut.
func (s *Server) whole(m *module, e *entry) object {
	out := s.show(m, e, nil, s.org.users[0])
	delete(out, "$has_more")
	for _, f := range m.fields {
		if f.area == "rich_text" {
			out[f.name] = e.values[f.name]
		}
	}
	return out
}

func (s *Server) entry(module, id string) (*module, *entry) {
	m := s.org.byName[module]
	if m == nil {
		return nil, nil
	}
	return m, m.entries[id]
}

// Put makes a record and returns its id, or "" where there is no such module.
func (s *Server) Put(module string, values map[string]any) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.org.byName[module]
	if m == nil {
		return ""
	}
	e := m.add(s.org, s.lenient(m, values), s.org.users[0], second(s.now()))
	s.backdate(m, e, values)
	return e.id
}

// Edit changes fields of a record; nil clears one. "$hidden": true takes the record out of the API's sight, as when access
// is lost. It reports whether there is such a record.
func (s *Server) Edit(module, id string, values map[string]any) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, e := s.entry(module, id)
	if e == nil || !e.deleted.IsZero() {
		return false
	}
	if hidden, given := values["$hidden"].(bool); given && hidden != e.hidden {
		e.hidden = hidden
		if m.hiddenCount++; !hidden {
			m.hiddenCount -= 2
		}
		if len(values) == 1 {
			return true
		}
	}
	m.touch(e, s.org.users[0], second(s.now()))
	m.set(e, s.lenient(m, values))
	s.backdate(m, e, values)
	return true
}

// lenient reads values as the API does, and keeps what the API would refuse.
func (s *Server) lenient(m *module, input object) object {
	out := object{}
	for _, f := range m.fields {
		v, given := input[f.name]
		if !given || f.readOnly() {
			continue
		}
		stored, p := s.take(m, f, plainJSON(v), input)
		if p != nil {
			stored = plainJSON(v)
		}
		if f.name == "Owner" && stored == nil {
			continue
		}
		out[f.name] = stored
	}
	return out
}

// plainJSON turns what a Go test writes by hand into what a JSON decoder makes.
func plainJSON(v any) any {
	switch v := v.(type) {
	case int:
		return float64(v)
	case []map[string]any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = plainJSON(x)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = plainJSON(x)
		}
		return out
	case map[string]any:
		out := maps.Clone(v)
		for k, x := range v {
			out[k] = plainJSON(x)
		}
		return out
	}
	return v
}

// backdate honours Created_Time and Modified_Time among the values, as an import does.
func (s *Server) backdate(m *module, e *entry, values object) {
	if t, good := parseInstant(text(values["Created_Time"])); good {
		e.created = t
	}
	if t, good := parseInstant(text(values["Modified_Time"])); good {
		m.touch(e, e.changer, t)
	}
}

// Delete moves a record to the recycle bin.
func (s *Server) Delete(module, id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, e := s.entry(module, id)
	if e == nil || !e.deleted.IsZero() {
		return false
	}
	m.bury(e, s.org.users[0], second(s.now()))
	return true
}

// Purge takes a deleted record out of the recycle bin for good.
func (s *Server) Purge(module, id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, e := s.entry(module, id)
	if e == nil || e.deleted.IsZero() {
		return false
	}
	e.purged = true
	return true
}

// Restore brings a record back from the recycle bin with the same id.
func (s *Server) Restore(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.restore(id, s.org.users[0])
}

// Mails is how many mails the organisation has sent so far.
func (s *Server) Mails() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.meter.mails
}

// Automations is how many writes set off workflows, because they did not say trigger: [].
func (s *Server) Automations() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.meter.automations
}

// Credits is how many API credits were used so far.
func (s *Server) Credits() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.meter.total
}

// Requests lists the requests so far, oldest first, without those to the control endpoints.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.meter.log)
}

// Users lists the ids of the organisation's users; the first one is signed in.
func (s *Server) Users() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, u := range s.org.users {
		out = append(out, u.id)
	}
	return out
}
