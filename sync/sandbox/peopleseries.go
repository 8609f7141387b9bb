package sandbox

// PutSeries makes a record repeat, as a person does in Zoho's own screens: one record for each day of the rule, which is in
// Zoho's spelling ("FREQ=WEEKLY;INTERVAL=1;COUNT=3"). It returns their ids, the first day first, nil where the rule is none.
func (s *Server) PutSeries(module string, values map[string]any, rule string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.org.byName[module]
	if m == nil {
		return nil
	}
	read := s.lenient(m, values)
	read["Recurring_Activity"] = object{"RRULE": rule}
	if m.name == "Events" && read["Remind_At"] == nil {
		read["Remind_At"] = []any{}
	}
	list, bad := s.occurrences(m, read)
	if bad != nil {
		return nil
	}
	var ids []string
	for _, one := range list {
		ids = append(ids, m.add(s.org, one, s.org.users[0], second(s.now())).id)
	}
	return ids
}
