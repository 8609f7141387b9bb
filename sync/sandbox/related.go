package sandbox

import (
	"slices"
	"strings"
)

// relatedList is one list of other records on a record's page.
type relatedList struct {
	name, module string
	by           string // the lookup that makes the list; "" for one of links
}

func relatedLists(module string) []relatedList {
	switch module {
	case "Contacts":
		return []relatedList{{"Tasks", "Tasks", "Who_Id"}, {"Events", "Events", "Who_Id"}, {"Deals", "Deals", "Contact_Name"}, {"Products", "Products", ""}}
	case "Accounts":
		return []relatedList{{"Contacts", "Contacts", "Account_Name"}, {"Deals", "Deals", "Account_Name"}, {"Products", "Products", ""}}
	case "Deals":
		return []relatedList{{"Products", "Products", ""}, {"Zoho_Projects", "", ""}}
	case "Leads":
		return []relatedList{{"Products", "Products", ""}}
	}
	return nil
}

// related answers everything below /{module}/{id}/{related_list}.
func (s *Server) related(c *call, m *module, id, name string, rest []string) answer {
	at := slices.IndexFunc(relatedLists(m.name), func(r relatedList) bool { return r.name == name })
	e := m.living(id)
	if at < 0 {
		return wrongURL()
	}
	r := relatedLists(m.name)[at]
	other := s.org.byName[r.module]
	if e == nil {
		return refuse(400, "INVALID_DATA", "the related id given seems to be invalid", object{"resource_path_index": 1})
	}
	if other == nil {
		return status(204)
	}
	one := ""
	if len(rest) == 1 {
		one = rest[0]
	} else if len(rest) > 1 {
		return wrongURL()
	}
	switch c.method {
	case "GET":
		return s.relatedGet(c, other, e, r, one)
	case "PUT":
		return s.relate(c, other, e, r)
	case "DELETE":
		return s.unrelate(c, e, r, one)
	}
	return wrongMethod()
}

func (s *Server) relatedGet(c *call, other *module, e *entry, r relatedList, one string) answer {
	names, bad := c.names(true)
	if bad != nil {
		return *bad
	}
	perPage, bad := c.number("per_page", maxPerPage, maxPerPage)
	if bad != nil {
		return *bad
	}
	page, bad := c.number("page", 1, 10000)
	if bad != nil {
		return *bad
	}
	var found []*entry
	for _, x := range slices.Backward(other.byID) {
		to, _ := x.values[r.by].(reference)
		linked := to.id == e.id || slices.Contains(e.links[r.name], x.id)
		if linked && !x.hidden && (one == "" || one == x.id) {
			found = append(found, x)
		}
	}
	from := (page - 1) * perPage
	if from >= len(found) {
		return status(204)
	}
	data := []any{}
	for _, x := range found[from:min(from+perPage, len(found))] {
		data = append(data, s.show(other, x, names, c.user))
	}
	if one != "" {
		return ok(object{"data": data})
	}
	l := listing{perPage: perPage, sortBy: "id"}
	return ok(object{"data": data, "info": l.info(len(data), page, from+perPage < len(found))})
}

func (s *Server) relate(c *call, other *module, e *entry, r relatedList) answer {
	_, items, bad := c.envelope("data")
	if bad != nil {
		return *bad
	}
	var out []any
	for _, item := range items {
		o, _ := item.(object)
		id := text(o["id"])
		if other.living(id) == nil || r.by != "" {
			out = append(out, trouble("INVALID_DATA", "the related id given seems to be invalid", object{"id": id}))
			continue
		}
		if e.links == nil {
			e.links = map[string][]string{}
		}
		if !slices.Contains(e.links[r.name], id) {
			e.links[r.name] = append(e.links[r.name], id)
		}
		out = append(out, object{"code": "SUCCESS", "details": object{"id": id}, "message": "relation added", "status": "success"})
	}
	return results("data", 200, out)
}

func (s *Server) unrelate(c *call, e *entry, r relatedList, one string) answer {
	ids := []string{one}
	if one == "" {
		if c.query.Get("ids") == "" {
			return missingParam("ids")
		}
		ids = strings.Split(c.query.Get("ids"), ",")
	}
	var out []any
	for _, id := range ids {
		at := slices.Index(e.links[r.name], id)
		if at < 0 {
			out = append(out, trouble("INVALID_DATA", "the related id given seems to be invalid", object{"id": id}))
			continue
		}
		e.links[r.name] = slices.Delete(e.links[r.name], at, at+1)
		out = append(out, object{"code": "SUCCESS", "details": object{"id": id}, "message": "relation removed", "status": "success"})
	}
	return results("data", 200, out)
}
