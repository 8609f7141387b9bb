package sandbox

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// reference is a stored lookup: the id of a record, and its module where the field does not say.
type reference struct{ id, module string }

// Shapes after https://www.zoho.com/crm/developer/docs/api/v8/insert-records.html.
var (
	emailShape   = regexp.MustCompile(`^[\p{L}\p{M}\p{N}+_-][\p{L}\p{M}\p{N}!#$%&'*+/=?^_` + "`" + `{|}~.-]*@([\p{L}\p{N}\p{M}]+([_-]*[\p{L}\p{M}\p{N}])*\.)+[\p{L}\p{M}]{2,22}$`)
	phoneShape   = regexp.MustCompile(`^\+?[ ]?[(]?[0-9A-Za-z][0-9A-Za-z ().,;-]*[#;]?$`)
	websiteShape = regexp.MustCompile(`^(https?://)?[\p{L}\p{N}][\p{L}\p{N}._-]*\.[\p{L}]{2,}([/?#]\S*)?$`)
	alarmShape   = regexp.MustCompile(`^(FREQ=NONE;)?ACTION=(EMAIL|POPUP|EMAILANDPOPUP);TRIGGER=(DATE-TIME:(\S+)|-P[1-6]D;TRIGGER_TIME=\d\d:\d\d|-P[1-3]W;TRIGGER_TIME=\d\d:\d\d)$`)
)

// wrong says that a value is not of the kind of its field.
func (f *field) wrong() *problem {
	return trouble("INVALID_DATA", "invalid data", object{"api_name": f.name, "expected_data_type": f.dataType()})
}

func (f *field) tooLong() *problem {
	return trouble("INVALID_DATA", "invalid data", object{"api_name": f.name, "maximum_length": f.size})
}

// take turns a value of a request into what is stored; nil clears the field.
func (s *Server) take(m *module, f *field, v any, input object) (any, *problem) {
	if v == nil {
		return nil, nil
	}
	switch f.kind {
	case "text", "textarea", "email", "phone", "website", "picklist":
		return f.takeText(v)
	case "boolean":
		if b, is := v.(bool); is {
			return b, nil
		}
	case "date":
		if t, is := v.(string); is {
			if _, good := parseDate(t); good {
				return t, nil
			}
		}
	case "datetime":
		if t, is := parseInstant(text(v)); is {
			return t, nil
		}
	case "lookup":
		return s.takeLookup(f, v, input)
	case "ownerlookup":
		return s.takeOwner(f, v)
	case "tags":
		return s.takeTags(m, f, v)
	case "participants":
		return s.takeParticipants(f, v)
	case "multireminder":
		return f.takeReminders(v)
	case "ALARM":
		return f.takeAlarm(v)
	case "RRULE":
		if o, is := v.(object); is && text(o["RRULE"]) != "" {
			return object{"RRULE": text(o["RRULE"])}, nil
		}
	}
	return nil, f.wrong()
}

func (f *field) takeText(v any) (any, *problem) {
	t, is := v.(string)
	if !is {
		return nil, f.wrong()
	}
	t = strings.TrimSpace(t)
	if t == "" || f.kind == "picklist" && t == "-None-" {
		return nil, nil
	}
	if utf8.RuneCountInString(t) > f.size {
		return nil, f.tooLong()
	}
	switch {
	case f.kind == "email" && !emailShape.MatchString(t),
		f.kind == "phone" && !phoneShape.MatchString(t),
		f.kind == "website" && !websiteShape.MatchString(t),
		f.kind == "picklist" && !slices.Contains(f.pick, t):
		return nil, f.wrong()
	}
	return t, nil
}

func (s *Server) takeLookup(f *field, v any, input object) (any, *problem) {
	o, is := v.(object)
	id := text(o["id"])
	if !is || id == "" {
		return nil, f.wrong()
	}
	to := f.to
	if to == "" {
		// Related To may be a record of several modules; $se_module names which.
		if to = text(input["$se_module"]); to == "" {
			return nil, trouble("DEPENDENT_FIELD_MISSING", "Dependent field missing", object{"api_name": "$se_module"})
		}
	}
	target := s.org.byName[to]
	if target == nil || target.living(id) == nil {
		return nil, trouble("INVALID_DATA", "the id given seems to be invalid", object{"api_name": f.name})
	}
	return reference{id: id, module: to}, nil
}

func (s *Server) takeOwner(f *field, v any) (any, *problem) {
	id := text(v)
	if o, is := v.(object); is {
		id = text(o["id"])
	}
	u := s.org.user(id)
	if u == nil || u.status != "active" {
		return nil, trouble("INVALID_DATA", "the id given seems to be invalid", object{"api_name": f.name})
	}
	return u, nil
}

const maxTag = 25 // characters of a tag's name

// takeTags replaces the list of tags. A name that is new becomes a tag of the module.
func (s *Server) takeTags(m *module, f *field, v any) (any, *problem) {
	list, is := v.([]any)
	if !is {
		return nil, f.wrong()
	}
	if len(list) > f.size {
		return nil, trouble("LIMIT_EXCEEDED", "tag limit exceeded", object{"api_name": f.name, "limit": f.size})
	}
	var tags []*tag
	for _, item := range list {
		o, _ := item.(object)
		name := strings.TrimSpace(text(o["name"]))
		t := m.tagNamed(name)
		if t == nil {
			t = m.tagWithID(text(o["id"]))
		}
		if t == nil {
			if name == "" || utf8.RuneCountInString(name) > maxTag {
				return nil, trouble("INVALID_DATA", "invalid data", object{"api_name": f.name, "maximum_length": maxTag})
			}
			t = s.newTag(m, name, "")
		}
		if !slices.Contains(tags, t) {
			tags = append(tags, t)
		}
	}
	if len(tags) == 0 {
		return nil, nil
	}
	return tags, nil
}

func (m *module) tagNamed(name string) *tag {
	for _, t := range m.tags {
		if name != "" && strings.EqualFold(t.name, name) {
			return t
		}
	}
	return nil
}

func (m *module) tagWithID(id string) *tag {
	for _, t := range m.tags {
		if t.id == id {
			return t
		}
	}
	return nil
}

func (s *Server) newTag(m *module, name, color string) *tag {
	t := &tag{id: s.org.newID(), name: name, color: color, made: second(s.now())}
	m.tags = append(m.tags, t)
	return t
}

// takeReminders reads the reminders of a meeting: the list of objects, or the older text "15 mins".
func (f *field) takeReminders(v any) (any, *problem) {
	if t, is := v.(string); is {
		number, unit, _ := strings.Cut(t, " ")
		n, err := strconv.Atoi(number)
		period, known := map[string]string{"min": "minutes", "mins": "minutes", "hour": "hours", "hours": "hours", "day": "days", "days": "days"}[unit]
		if err != nil || !known {
			return nil, f.wrong()
		}
		return []any{object{"unit": float64(n), "period": period}}, nil
	}
	list, is := v.([]any)
	if !is {
		return nil, f.wrong()
	}
	var out []any
	for _, item := range list {
		o, _ := item.(object)
		unit, number := o["unit"].(float64)
		period := text(o["period"])
		if !number || unit < 0 || unit > 60 || unit != float64(int(unit)) ||
			!slices.Contains([]string{"minutes", "hours", "days", "weeks"}, period) {
			return nil, f.wrong()
		}
		kept := object{"unit": unit, "period": period}
		if at := text(o["time"]); at != "" {
			kept["time"] = at
		}
		out = append(out, kept)
	}
	if len(out) == 0 {
		return nil, nil
	}
	return out, nil
}

// takeAlarm reads the reminder of a task.
func (f *field) takeAlarm(v any) (any, *problem) {
	o, _ := v.(object)
	parts := alarmShape.FindStringSubmatch(text(o["ALARM"]))
	if parts == nil {
		return nil, f.wrong()
	}
	if at := parts[4]; at != "" {
		if _, good := parseInstant(at); !good {
			return nil, f.wrong()
		}
	}
	return object{"ALARM": text(o["ALARM"])}, nil
}

// shownTime writes an instant as a user sees it.
func (s *Server) shownTime(t time.Time, u *user) string { return t.In(s.zoneOf(u)).Format(stamp) }
