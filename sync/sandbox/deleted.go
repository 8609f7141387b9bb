package sandbox

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// How long Zoho remembers what was deleted (https://www.zoho.com/crm/developer/docs/api/v8/get-deleted-records.html).
const (
	inBin    = 60 * 24 * time.Hour  // in the recycle bin
	inMemory = 120 * 24 * time.Hour // in the list of permanently deleted records
)

// remove answers DELETE /{module}?ids= and DELETE /{module}/{id}.
func (s *Server) remove(c *call, m *module, id string) answer {
	ids := []string{id}
	if id == "" {
		if c.query.Get("ids") == "" {
			return missingParam("ids")
		}
		if ids = strings.Split(c.query.Get("ids"), ","); len(ids) > maxPerWrite {
			return refuse(400, "LIMIT_EXCEEDED", "ids limit exceeded", object{"param_name": "ids", "limit": maxPerWrite})
		}
	}
	var out []any
	for _, id := range ids {
		e := m.entries[id]
		switch {
		case e != nil && e.hidden:
			out = append(out, trouble("NO_PERMISSION", "permission denied", object{"id": id}))
		case m.living(id) == nil:
			out = append(out, trouble("INVALID_DATA", "record not deleted", object{"id": id}))
		default:
			m.bury(e, c.user, second(s.now()))
			out = append(out, object{"code": "SUCCESS", "details": object{"id": id}, "message": "record deleted", "status": "success"})
		}
		if c.query.Get("wf_trigger") != "false" {
			s.meter.automations++
		}
	}
	return results("data", 200, out)
}

// fate says where a deleted record is by now: recycle, permanent or forgotten ("").
func (s *Server) fate(e *entry) string {
	age := s.now().Sub(e.deleted)
	switch {
	case age >= inMemory:
		return ""
	case e.purged || age >= inBin:
		return "permanent"
	}
	return "recycle"
}

// deletedList answers GET /{module}/deleted, newest first.
func (s *Server) deletedList(c *call, m *module) answer {
	c.cost = 2
	kind := c.query.Get("type")
	if !slices.Contains([]string{"", "all", "recycle", "permanent"}, kind) {
		return invalidParam("type")
	}
	perPage, bad := c.number("per_page", maxPerPage, maxPerPage)
	if bad != nil {
		return *bad
	}
	page, bad := c.number("page", 1, 1<<20)
	if bad != nil {
		return *bad
	}
	since, bad := c.readSince("If-Modified-Since")
	if bad != nil {
		return *bad
	}
	var found []any
	for _, e := range slices.Backward(m.dead) {
		fate := s.fate(e)
		if fate == "" || kind != "" && kind != "all" && kind != fate || !since.IsZero() && !e.deleted.After(second(since)) {
			continue
		}
		found = append(found, object{
			"id": e.id, "display_name": orNil(m.titleOf(e)), "type": fate, "deleted_by": e.deletedBy.short(),
			"created_by": e.author.short(), "deleted_time": s.shownTime(e.deleted, c.user),
		})
	}
	from := (page - 1) * perPage
	switch {
	case len(found) == 0 && !since.IsZero():
		return status(304)
	case from >= len(found):
		return status(204)
	}
	end := min(from+perPage, len(found))
	return ok(object{"data": found[from:end], "info": object{
		"per_page": perPage, "count": end - from, "page": page, "more_records": end < len(found),
	}})
}

// recycleBin answers POST /settings/recycle_bin/{id}/actions/restore, and the same for many with {"ids": [...]}
// (https://www.zoho.com/crm/developer/docs/api/v8/restore-recycle-bin-records.html).
func (s *Server) recycleBin(c *call, rest []string) answer {
	if c.method != "POST" || len(rest) < 2 || rest[len(rest)-2] != "actions" || rest[len(rest)-1] != "restore" {
		return refuse(403, "NOT_SUPPORTED", "this part of the recycle bin is not part of the sandbox", nil)
	}
	ids := rest[:1]
	if len(rest) == 2 {
		var body struct{ IDs []string }
		if json.Unmarshal(c.body, &body) != nil || len(body.IDs) == 0 || len(body.IDs) > maxPerPage {
			return refuse(400, "INVALID_DATA", "invalid data", object{"api_name": "ids", "json_path": "$.ids"})
		}
		ids = body.IDs
	}
	var out []any
	for _, id := range ids {
		if s.restore(id, c.user) {
			out = append(out, object{"code": "SUCCESS", "details": object{"id": id}, "message": "record restored", "status": "success"})
		} else {
			out = append(out, trouble("INVALID_DATA", "the id given seems to be invalid", object{"id": id}))
		}
	}
	return results("recycle_bin", 200, out)
}

// restore brings a record back if it is still in the recycle bin.
func (s *Server) restore(id string, by *user) bool {
	for _, m := range s.org.modules {
		if e := m.entries[id]; e != nil && !e.deleted.IsZero() && s.fate(e) == "recycle" {
			m.raise(e, by, second(s.now()))
			return true
		}
	}
	return false
}
