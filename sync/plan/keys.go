package plan

import (
	"strings"

	"zohosync/sync/record"
)

// keyFunc lists the keys by which a record can be recognised.
type keyFunc func(r Rules, rec record.Record) []string

// plain is the part of a record that keys are made from, as both services hold it: what one of them cut or rounded, and
// the name that we gave to what had none, is the same on both sides.
func (r Rules) plain(rec record.Record) record.Record {
	out := record.Record{}
	for _, f := range matchFields(r.Kind) {
		v, t := rec[f], record.Lookup(r.Kind, f).Type
		for _, s := range Sides {
			if v != "" && v == placeholder(r, s, f) {
				v = ""
			}
			v = r.Limits[s][f].Held(t, v)
		}
		out[f] = v
	}
	return out
}

// strongKeys: a contact's e-mail addresses, a task's subject and due date, an event's title and start (Z-4).
func strongKeys(r Rules, rec record.Record) []string {
	var keys []string
	rec = r.plain(rec)
	switch r.Kind {
	case record.Contact:
		for _, f := range []record.Field{record.EmailMain, record.EmailOther} {
			if rec[f] != "" {
				keys = append(keys, "e:"+rec[f])
			}
		}
	case record.Task:
		keys = append(keys, "s:"+strings.ToLower(rec[record.Subject])+"|"+rec[record.Due])
	case record.Event:
		start, _, _ := strings.Cut(rec[record.When], "/")
		keys = append(keys, "t:"+strings.ToLower(rec[record.Title])+"|"+start)
	}
	return keys
}

// strongReason names what the strong keys of a kind are made from.
func strongReason(k record.Kind) Reason {
	switch k {
	case record.Contact:
		return ByEmail
	case record.Task:
		return ByDue
	}
	return ByStart
}

// weakKeys: a contact's name.
func weakKeys(r Rules, rec record.Record) []string {
	rec = r.plain(rec)
	if name := strings.TrimSpace(rec[record.FirstName] + " " + rec[record.LastName]); r.Kind == record.Contact && name != "" {
		return []string{"n:" + strings.ToLower(name)}
	}
	return nil
}

// matchFields lists the fields that the keys are made from.
func matchFields(k record.Kind) []record.Field {
	switch k {
	case record.Contact:
		return []record.Field{record.EmailMain, record.EmailOther, record.FirstName, record.LastName}
	case record.Task:
		return []record.Field{record.Subject, record.Due}
	}
	return []record.Field{record.Title, record.When}
}
