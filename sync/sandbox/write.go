package sandbox

import (
	"slices"
	"strconv"
	"time"
)

// writing is the outer object of an insert, update or upsert.
type writing struct {
	items  []any
	checks []string // duplicate_check_fields
	locked time.Time
	now    time.Time
	quiet  bool // trigger is an empty list: no automation runs
}

var writeKeys = []string{
	"trigger", "apply_feature_execution", "skip_feature_execution", "duplicate_check_fields", "lar_id", "process", "wf_trigger",
}

// readWriting reads the body of a write and charges for it: 1 credit for 10 records.
func (s *Server) readWriting(c *call) (w writing, bad *answer) {
	outer, items, bad := c.envelope("data", writeKeys...)
	if bad != nil {
		return w, bad
	}
	if len(items) > maxPerWrite {
		a := refuse(400, "LIMIT_EXCEEDED", "Only 100 records are allowed in a request", object{"limit": maxPerWrite})
		return w, &a
	}
	c.cost = (len(items) + 9) / 10
	w = writing{items: items, now: second(s.now())}
	if list, given := outer["trigger"]; given {
		names, is := list.([]any)
		for _, n := range names {
			is = is && slices.Contains([]string{"workflow", "approval", "blueprint", "pathfinder", "orchestration"}, text(n))
		}
		if !is {
			a := refuse(400, "INVALID_DATA", "invalid data", object{"api_name": "trigger", "json_path": "$.trigger"})
			return w, &a
		}
		w.quiet = len(names) == 0
	}
	fields, _ := outer["duplicate_check_fields"].([]any)
	for _, f := range fields {
		w.checks = append(w.checks, text(f))
	}
	if w.locked, bad = c.readSince("If-Unmodified-Since"); bad != nil {
		return w, bad
	}
	return w, nil
}

// at says where in the request a problem lies.
func (p *problem) at(index int) *problem {
	path := "$.data[" + strconv.Itoa(index) + "]"
	if name := text(p.Details["api_name"]); name != "" {
		path += "." + name
	}
	p.Details["json_path"] = path
	return p
}

// insert answers POST /{module}. One record with a rule becomes one result for each occurrence.
func (s *Server) insert(c *call, m *module) answer {
	w, bad := s.readWriting(c)
	if bad != nil {
		return *bad
	}
	var out []any
	for i, item := range w.items {
		for _, r := range s.insertOne(c, m, w, item, i) {
			out = append(out, r)
		}
	}
	return results("data", 201, out)
}

func (s *Server) insertOne(c *call, m *module, w writing, item any, i int) []any {
	input, is := item.(object)
	if !is {
		return []any{trouble("INVALID_DATA", "invalid data", object{"expected_data_type": "jsonobject"}).at(i)}
	}
	values, p := s.read(m, input, nil)
	if p != nil {
		return []any{p.at(i)}
	}
	if p := m.missing(values, nil); p != nil {
		return []any{p.at(i)}
	}
	series, p := s.occurrences(m, values)
	if p != nil {
		return []any{p.at(i)}
	}
	var out []any
	for _, values := range series {
		e := m.add(s.org, values, c.user, w.now)
		s.afterWrite(c, m, e, input, w)
		out = append(out, s.written(e, "record added", c.user))
	}
	return out
}

// written is the result of a write that succeeded.
func (s *Server) written(e *entry, message string, u *user) object {
	return object{
		"code": "SUCCESS", "status": "success", "message": message,
		"details": object{
			"id": e.id, "Created_Time": s.shownTime(e.created, u), "Modified_Time": s.shownTime(e.modified, u),
			"Created_By": e.author.ref(), "Modified_By": e.changer.ref(), "$approval_state": "approved",
		},
	}
}

// afterWrite sends the mails that a write asks for, and counts the automations that it sets off.
func (s *Server) afterWrite(c *call, m *module, e *entry, input object, w writing) {
	if !w.quiet {
		s.meter.automations++
	}
	asked := input["$send_notification"] == true || input["send_notification"] == true
	switch {
	case m.name == "Events" && asked:
		s.invite(e)
	case m.name == "Tasks" && (asked || input["Send_Notification_Email"] == true):
		s.meter.mails++
	}
}

// update answers PUT /{module} and, with an id, PUT /{module}/{id}.
func (s *Server) update(c *call, m *module, id string) answer {
	w, bad := s.readWriting(c)
	if bad != nil {
		return *bad
	}
	if id != "" && len(w.items) != 1 {
		return refuse(400, "LIMIT_EXCEEDED", "Only one record is allowed in a request", object{"limit": 1})
	}
	var out []any
	for i, item := range w.items {
		input, _ := item.(object)
		which := id
		if which == "" {
			which = text(input["id"])
		}
		if which == "" {
			out = append(out, trouble("MANDATORY_NOT_FOUND", "required field not found", object{"api_name": "id"}).at(i))
			continue
		}
		out = append(out, s.updateOne(c, m, w, which, input, i))
	}
	return results("data", 200, out)
}

func (s *Server) updateOne(c *call, m *module, w writing, id string, input object, i int) any {
	e := m.entries[id]
	if e != nil && e.hidden {
		return trouble("NO_PERMISSION", "permission denied", object{"id": id})
	}
	if e = m.living(id); e == nil {
		return trouble("INVALID_DATA", "the id given seems to be invalid", object{"api_name": "id", "id": id}).at(i)
	}
	if !w.locked.IsZero() && e.modified.After(w.locked) {
		return trouble("ALREADY_MODIFIED", "Record updated time has already passed if-unmodified-since time",
			object{"id": id, "Modified_Time": s.shownTime(e.modified, c.user)})
	}
	values, p := s.read(m, input, e)
	if p == nil {
		p = m.missing(values, e)
	}
	if p != nil {
		return p.at(i)
	}
	m.touch(e, c.user, w.now)
	m.set(e, values)
	s.afterWrite(c, m, e, input, w)
	return s.written(e, "record updated", c.user)
}
