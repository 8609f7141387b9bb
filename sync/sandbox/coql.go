package sandbox

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
)

// coql answers POST /coql. 1 credit up to 200 rows, 2 up to 1,000, 3 up to 2,000.
func (s *Server) coql(c *call) answer {
	var body struct {
		Query *string `json:"select_query"`
	}
	if json.Unmarshal(c.body, &body) != nil || body.Query == nil {
		return refuse(400, "MANDATORY_NOT_FOUND", "required field not found", object{"api_name": "select_query", "json_path": "$.select_query"})
	}
	st, wrong := parseCOQL(*body.Query)
	if wrong != "" {
		return refuse(400, "SYNTAX_ERROR", "error occured while parsing the query", object{"clause": wrong})
	}
	m := s.org.byName[st.module]
	switch {
	case m == nil:
		return refuse(400, "INVALID_QUERY", "invalid query formed", object{"module": st.module})
	case !c.token.holds("ZohoCRM.modules." + strings.ToLower(m.name) + ".READ"):
		return refuse(401, "OAUTH_SCOPE_MISMATCH", "invalid oauth scope to access this URL", nil)
	case len(st.fields) > maxFields || st.where.size() > coqlMaxTests || len(st.order) > 10 || st.limit > coqlMaxRows || st.limit+st.offset > coqlMaxReach:
		return refuse(400, "LIMIT_EXCEEDED", "limit exceeded", object{"clause": "limit"})
	}
	if name := st.unknown(m); name != "" {
		return refuse(400, "INVALID_QUERY", "invalid query formed", object{"column_name": name, "reason": "column given seems to be invalid"})
	}
	match, name := s.compile(m, st.where)
	if name != "" {
		return refuse(400, "INVALID_QUERY", "invalid query formed", object{"column_name": name, "reason": "value or comparator does not suit the column"})
	}
	c.cost = 1 + b2i(st.limit > 200) + b2i(st.limit > 1000)
	return s.rows(c, m, st, match)
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (s *Server) rows(c *call, m *module, st statement, match matcher) answer {
	var found []*entry
	for _, e := range m.byID {
		if !e.hidden && match(e) {
			found = append(found, e)
		}
	}
	if len(st.order) > 0 {
		slices.SortStableFunc(found, func(a, b *entry) int { return s.compareRows(m, st.order, a, b) })
	}
	if st.offset >= len(found) || st.limit == 0 {
		return status(204)
	}
	end := min(st.offset+st.limit, len(found))
	data := []any{}
	for _, e := range found[st.offset:end] {
		row := s.show(m, e, st.fields, c.user)
		for name, v := range row {
			// A lookup is its id only.
			if o, is := v.(object); is && m.byField[name] != nil && strings.Contains(m.byField[name].kind, "lookup") {
				row[name] = object{"id": o["id"]}
			}
		}
		data = append(data, row)
	}
	return ok(object{"data": data, "info": object{"count": len(data), "more_records": end < len(found)}})
}

func (t test) size() int {
	if t.join == "" {
		return 1
	}
	return t.left.size() + t.right.size()
}

// unknown names the first column that the module does not have.
func (st statement) unknown(m *module) string {
	for _, name := range st.fields {
		if m.byField[name] == nil {
			return name
		}
	}
	for _, o := range st.order {
		if m.byField[o.field] == nil {
			return o.field
		}
	}
	return ""
}

// sortKey is a value in a form that compares: text, time or number.
func (s *Server) sortKey(m *module, e *entry, name string) any {
	switch name {
	case "id":
		return e.number
	case "Created_Time":
		return e.created
	case "Modified_Time":
		return e.modified
	}
	if t, is := e.values[name].(time.Time); is {
		return t
	}
	if v := strings.ToLower(s.plain(m, e, m.byField[name])); v != "" {
		return v
	}
	return nil
}

func (s *Server) compareRows(m *module, order []ordering, a, b *entry) int {
	for _, o := range order {
		x, y := s.sortKey(m, a, o.field), s.sortKey(m, b, o.field)
		if o.desc {
			x, y = y, x
		}
		if c := compareKeys(x, y); c != 0 {
			return c
		}
	}
	return 0
}

// compareKeys puts nothing before everything.
func compareKeys(x, y any) int {
	switch x := x.(type) {
	case int64:
		if n, is := y.(int64); is {
			return cmp.Compare(x, n)
		}
	case time.Time:
		if t, is := y.(time.Time); is {
			return x.Compare(t)
		}
	case string:
		if t, is := y.(string); is {
			return cmp.Compare(x, t)
		}
	}
	return b2i(x != nil) - b2i(y != nil)
}

// compile makes a matcher of a where clause, or names the column that it cannot compare.
func (s *Server) compile(m *module, t test) (matcher, string) {
	if t.join != "" {
		left, wrong := s.compile(m, *t.left)
		if wrong != "" {
			return nil, wrong
		}
		right, wrong := s.compile(m, *t.right)
		if t.join == "and" {
			return func(e *entry) bool { return left(e) && right(e) }, wrong
		}
		return func(e *entry) bool { return left(e) || right(e) }, wrong
	}
	f := m.byField[t.field]
	if f == nil || f.kind == "textarea" {
		return nil, t.field
	}
	var keys []any
	for _, v := range t.values {
		key, good := f.key(v)
		if !good {
			return nil, t.field
		}
		keys = append(keys, key)
	}
	return func(e *entry) bool { return t.holds(s.sortKey(m, e, t.field), keys) }, ""
}

// key turns a literal into what sortKey makes of a value.
func (f *field) key(literal string) (any, bool) {
	switch f.kind {
	case "id":
		n, err := strconv.ParseInt(literal, 10, 64)
		return n, err == nil
	case "datetime":
		return instantKey(literal)
	}
	return strings.ToLower(literal), true
}

func instantKey(literal string) (any, bool) {
	t, good := parseInstant(literal)
	return t, good
}

func (t test) holds(have any, keys []any) bool {
	switch t.op {
	case "is":
		return have == nil
	case "is not":
		return have != nil
	case "in", "not in":
		in := slices.ContainsFunc(keys, func(k any) bool { return have != nil && compareKeys(have, k) == 0 })
		return in == (t.op == "in")
	case "!=", "<>":
		return compareKeys(have, keys[0]) != 0
	}
	if have == nil {
		return false
	}
	c := compareKeys(have, keys[0])
	switch t.op {
	case "=":
		return c == 0
	case "<":
		return c < 0
	case "<=":
		return c <= 0
	case ">":
		return c > 0
	case ">=":
		return c >= 0
	case "between":
		return c >= 0 && compareKeys(have, keys[1]) <= 0
	case "like":
		return like(have, keys[0])
	}
	return false
}

// like knows % at either end.
func like(have, pattern any) bool {
	h, _ := have.(string)
	p, _ := pattern.(string)
	bare := strings.Trim(p, "%")
	switch before, after := strings.HasPrefix(p, "%"), strings.HasSuffix(p, "%"); {
	case before && after:
		return strings.Contains(h, bare)
	case before:
		return strings.HasSuffix(h, bare)
	case after:
		return strings.HasPrefix(h, bare)
	}
	return h == bare
}
