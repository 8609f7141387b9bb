package sandbox

import (
	"regexp"
	"slices"
	"strings"
)

// matcher tells whether a record is wanted.
type matcher func(e *entry) bool

// criterion is one "(field:comparator:value)" of a search.
var criterion = regexp.MustCompile(`\(([A-Za-z_]\w*(?:\.id)?):(\w+):((?:[^()\\]|\\.)*)\)`)

// maxCriteria is how many criteria one search may hold.
const maxCriteria = 10

// search answers GET /{module}/search.
func (s *Server) search(c *call, m *module) answer {
	match, bad := s.readSearch(c, m)
	if bad != nil {
		return *bad
	}
	if match == nil {
		return refuse(400, "EXPECTED_PARAM_MISSING", "one of the parameters is expected",
			object{"param_names": []string{"criteria", "email", "phone", "word"}})
	}
	perPage, bad := c.number("per_page", maxPerPage, maxPerPage)
	if bad != nil {
		return *bad
	}
	page, bad := c.number("page", 1, 1<<20)
	if bad != nil {
		return *bad
	}
	if page*perPage > maxPaged {
		return refuse(400, "LIMIT_REACHED", "maximum response iteration limit reached", object{"limit": "2000"})
	}
	names, bad := c.names(false)
	if bad != nil {
		return *bad
	}
	var found []*entry
	for _, e := range slices.Backward(m.byID) {
		if !e.hidden && match(e) {
			found = append(found, e)
		}
	}
	from := (page - 1) * perPage
	if from >= len(found) {
		return status(204)
	}
	data := []any{}
	for _, e := range found[from:min(from+perPage, len(found))] {
		data = append(data, s.show(m, e, names, c.user))
	}
	l := listing{perPage: perPage, sortBy: "id"}
	return ok(object{"data": data, "info": l.info(len(data), page, from+perPage < len(found))})
}

// count answers GET /{module}/actions/count.
func (s *Server) count(c *call, m *module) answer {
	match, bad := s.readSearch(c, m)
	if bad != nil {
		return *bad
	}
	n := 0
	for _, e := range m.byID {
		if !e.hidden && (match == nil || match(e)) {
			n++
		}
	}
	return ok(object{"count": n})
}

// readSearch makes a matcher of the parameters; nil when there are none.
func (s *Server) readSearch(c *call, m *module) (matcher, *answer) {
	contains := func(e *entry, want string, kinds ...string) bool {
		for _, f := range m.fields {
			if (len(kinds) == 0 || slices.Contains(kinds, f.kind)) && strings.Contains(fold(e.values[f.name]), strings.ToLower(want)) {
				return true
			}
		}
		return false
	}
	q := c.query
	switch {
	case q.Get("criteria") != "":
		return s.readCriteria(m, q.Get("criteria"))
	case q.Get("email") != "":
		return func(e *entry) bool { return contains(e, q.Get("email"), "email") }, nil
	case q.Get("phone") != "":
		return func(e *entry) bool { return contains(e, q.Get("phone"), "phone") }, nil
	case q.Get("word") != "":
		return func(e *entry) bool { return contains(e, q.Get("word")) }, nil
	}
	return nil, nil
}

// readCriteria understands criteria joined by "and" alone or by "or" alone.
func (s *Server) readCriteria(m *module, expression string) (matcher, *answer) {
	parts := criterion.FindAllStringSubmatch(expression, -1)
	between := strings.ToLower(criterion.ReplaceAllString(expression, ""))
	either := strings.Contains(between, "or")
	var a answer
	switch {
	case len(parts) > maxCriteria:
		a = refuse(400, "CRITERIA_LIMIT_EXCEEDED", "criteria limit exceeded", object{"limit": maxCriteria})
		return nil, &a
	case len(parts) == 0 || strings.Trim(between, "andor() ") != "" || either && strings.Contains(between, "and"):
		a = refuse(400, "INVALID_QUERY", "invalid query formed", object{"reason": "criteria"})
		return nil, &a
	}
	var tests []matcher
	for _, p := range parts {
		name, comparator, value := strings.TrimSuffix(p[1], ".id"), p[2], strings.ToLower(unescape(p[3]))
		f := m.byField[name]
		if f == nil {
			a = refuse(400, "INVALID_QUERY", "invalid query formed", object{"reason": "the field is not available in this module", "api_name": name})
			return nil, &a
		}
		tests = append(tests, func(e *entry) bool { return s.fits(m, e, f, comparator, value) })
	}
	return func(e *entry) bool {
		for _, t := range tests {
			if t(e) == either {
				return either
			}
		}
		return !either
	}, nil
}

func unescape(s string) string {
	return strings.NewReplacer(`\(`, "(", `\)`, ")", `\,`, ",", `\\`, `\`).Replace(s)
}

// fits compares as the search index does: equals is no more than contains.
func (s *Server) fits(m *module, e *entry, f *field, comparator, value string) bool {
	have := strings.ToLower(s.plain(m, e, f))
	switch comparator {
	case "starts_with":
		return strings.HasPrefix(have, value)
	case "not_equal":
		return have != value
	case "in":
		return slices.Contains(strings.Split(value, ","), have)
	case "equals", "contains":
		return strings.Contains(have, value)
	}
	return false
}

// plain is a value as one text: the id of a lookup, UTC for an instant.
func (s *Server) plain(m *module, e *entry, f *field) string {
	switch v := s.value(m, e, f, s.org.users[0]).(type) {
	case string:
		return v
	case bool:
		if v {
			return "true"
		}
		return "false"
	case object:
		return text(v["id"])
	}
	return ""
}
