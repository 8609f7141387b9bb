package sandbox

import (
	"time"
)

// richCut is how many characters of a rich text the lists show; the whole text is had from fetch_full_data.
const richCut = 500

// virtual are the system keys that a record can be asked for.
var virtual = []string{"$editable", "$approval_state", "$in_merge", "$locked_for_me", "$currency_symbol", "$se_module", "$event_cancelled"}

// show makes a record as a user sees it: the fields asked for, or everything when names is nil.
func (s *Server) show(m *module, e *entry, names []string, u *user) object {
	all := names == nil
	if all {
		for _, f := range m.fields {
			names = append(names, f.name)
		}
		names = append(names, virtual...)
	}
	out := object{"id": e.id}
	cut := object{}
	for _, name := range names {
		if f := m.byField[name]; f != nil {
			v := s.value(m, e, f, u)
			if short, was := shorten(f, v); was {
				v, cut[name] = short, true
			}
			out[name] = v
		} else if v, known := s.virtual(m, e, name); known {
			out[name] = v
		}
	}
	if all && len(cut) > 0 {
		out["$has_more"] = cut
	}
	return out
}

func shorten(f *field, v any) (any, bool) {
	if f.area != "rich_text" {
		return v, false
	}
	if runes := []rune(text(v)); len(runes) > richCut {
		return string(runes[:richCut]), true
	}
	return v, false
}

// virtual answers a system key.
func (s *Server) virtual(m *module, e *entry, name string) (any, bool) {
	switch name {
	case "$editable":
		return true, true
	case "$approval_state":
		return "approved", true
	case "$in_merge", "$locked_for_me":
		return false, true
	case "$currency_symbol":
		return "€", true
	case "$se_module":
		if m.byField["What_Id"] == nil {
			return nil, false
		}
		if r, is := e.values["What_Id"].(reference); is {
			return r.module, true
		}
		return nil, true
	case "$event_cancelled":
		return e.values[name] == true, m.name == "Events"
	}
	return nil, false
}

// value makes the whole value of one field as a user sees it.
func (s *Server) value(m *module, e *entry, f *field, u *user) any {
	switch f.name {
	case "id":
		return e.id
	case "Owner":
		return e.owner.ref()
	case "Created_By":
		return e.author.ref()
	case "Modified_By":
		return e.changer.ref()
	case "Created_Time":
		return s.shownTime(e.created, u)
	case "Modified_Time":
		return s.shownTime(e.modified, u)
	case "Locked__s":
		return false
	case "Record_Status__s":
		return "Available"
	case "Record_Image":
		if e.photo == nil {
			return nil
		}
		return "photo_" + e.id
	}
	v := e.values[f.name]
	switch v := v.(type) {
	case time.Time:
		return s.shownTime(v, u)
	case reference:
		return s.shownReference(v)
	case []*tag:
		list := []any{}
		for _, t := range v {
			list = append(list, object{"name": t.name, "id": t.id, "color_code": orNil(t.color)})
		}
		return list
	case nil:
		return empty(f)
	}
	return clone(v)
}

// shownReference follows a lookup: its name is the other record's name of now, and a deleted record is no value at all.
func (s *Server) shownReference(r reference) any {
	target := s.org.byName[r.module]
	e := target.living(r.id)
	if e == nil {
		return nil
	}
	return object{"id": r.id, "name": target.titleOf(e)}
}

// empty is what an absent value looks like.
func empty(f *field) any {
	switch f.kind {
	case "boolean":
		return false
	case "tags":
		return []any{}
	}
	return nil
}

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// clone copies a JSON value, so that no caller holds a part of the store.
func clone(v any) any {
	switch v := v.(type) {
	case object:
		out := make(object, len(v))
		for k, x := range v {
			out[k] = clone(x)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = clone(x)
		}
		return out
	}
	return v
}
