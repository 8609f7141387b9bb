package sandbox

import "strings"

// takeParticipants replaces the list of participants. Records and users are named by id, everyone else by address.
func (s *Server) takeParticipants(f *field, v any) (any, *problem) {
	list, is := v.([]any)
	if !is {
		return nil, f.wrong()
	}
	if len(list) > f.size {
		return nil, trouble("LIMIT_EXCEEDED", "participants limit exceeded", object{"api_name": f.name, "limit": f.size})
	}
	var out []any
	for _, item := range list {
		o, is := item.(object)
		if !is {
			return nil, f.wrong()
		}
		p := s.participant(o)
		if p == nil {
			return nil, f.wrong()
		}
		out = append(out, p)
	}
	if len(out) == 0 {
		return nil, nil
	}
	return out, nil
}

// participant completes one participant, or returns nil where it names nobody.
func (s *Server) participant(o object) object {
	kind, who := text(o["type"]), text(o["participant"])
	p := object{"id": s.org.newID(), "type": kind, "invited": false, "status": "not_known"}
	switch kind {
	case "contact", "lead":
		m := s.org.byName[map[string]string{"contact": "Contacts", "lead": "Leads"}[kind]]
		e := m.living(who)
		if e == nil {
			return nil
		}
		p["participant"], p["name"], p["Email"] = e.id, m.titleOf(e), e.values["Email"]
	case "user":
		u := s.org.user(who)
		if u == nil {
			return nil
		}
		p["participant"], p["name"], p["Email"] = u.id, u.fullName(), u.email
	case "email":
		address := who
		if address == "" {
			address = text(o["Email"])
		}
		if !emailShape.MatchString(address) {
			return nil
		}
		address = strings.ToLower(address)
		p["participant"], p["name"], p["Email"] = address, nil, address
	default:
		return nil
	}
	return p
}

// invite mails the participants of a meeting.
func (s *Server) invite(e *entry) {
	for _, p := range listOf(e.values["Participants"]) {
		p["invited"] = true
		s.meter.mails++
	}
}

func invited(e *entry) int {
	n := 0
	for _, p := range listOf(e.values["Participants"]) {
		if p["invited"] == true {
			n++
		}
	}
	return n
}
