package sandbox

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Limits of Get Records (https://www.zoho.com/crm/developer/docs/api/v8/get-records.html).
const (
	maxFields   = 50
	maxPerPage  = 200
	maxPaged    = 2000   // records within reach of page; beyond that only page_token
	maxTokened  = 100000 // records within reach of page_token
	tokenLife   = 24 * time.Hour
	maxIDs      = 100
	maxPerWrite = 100
)

// pageToken continues a listing. It is bound to the user and to every parameter that shapes the listing.
type pageToken struct {
	bound   string
	last    entry // its id and times are the place in the order
	shown   int
	page    int
	expires time.Time
}

// listing is a list request after its parameters were read.
type listing struct {
	fields        []string
	perPage, page int
	sortBy        string
	ascending     bool
	since         time.Time
	view          *view
	ids           []string
	token         string
}

// readSince reads If-Modified-Since, which is ISO 8601 here and not an HTTP date.
func (c *call) readSince(name string) (time.Time, *answer) {
	value := c.header.Get(name)
	if value == "" {
		return time.Time{}, nil
	}
	t, good := parseInstant(value)
	if !good {
		a := refuse(400, "INVALID_DATA", "invalid data", object{"header": name, "expected_data_type": "datetime"})
		return t, &a
	}
	return t, nil
}

// number reads a positive number of the query.
func (c *call) number(name string, otherwise, most int) (int, *answer) {
	if !c.query.Has(name) {
		return otherwise, nil
	}
	n, err := strconv.Atoi(c.query.Get(name))
	if err != nil || n < 1 || n > most {
		a := invalidParam(name)
		return 0, &a
	}
	return n, nil
}

func (c *call) names(required bool) ([]string, *answer) {
	if c.query.Get("fields") == "" {
		if required {
			a := missingParam("fields")
			return nil, &a
		}
		return nil, nil
	}
	names := strings.Split(c.query.Get("fields"), ",")
	if len(names) > maxFields {
		a := refuse(400, "LIMIT_EXCEEDED", "Fields limit exceeded", object{"param_name": "fields", "limit": maxFields})
		return nil, &a
	}
	return names, nil
}

// readListing reads the parameters of a list request.
func (c *call) readListing(m *module) (l listing, bad *answer) {
	if l.fields, bad = c.names(true); bad != nil {
		return
	}
	if l.perPage, bad = c.number("per_page", maxPerPage, maxPerPage); bad != nil {
		return
	}
	if l.page, bad = c.number("page", 1, 1<<30); bad != nil {
		return
	}
	if l.since, bad = c.readSince("If-Modified-Since"); bad != nil {
		return
	}
	l.sortBy = cmp.Or(c.query.Get("sort_by"), "id")
	l.ascending = c.query.Get("sort_order") == "asc"
	l.token = c.query.Get("page_token")
	if l.token != "" && c.query.Has("page") || c.query.Has("cvid") && c.query.Has("sort_by") {
		a := refuse(400, "AMBIGUITY_DURING_PROCESSING", "ambiguity while processing the request", nil)
		return l, &a
	}
	if !slices.Contains([]string{"id", "Created_Time", "Modified_Time"}, l.sortBy) {
		a := invalidParam("sort_by")
		return l, &a
	}
	if order := c.query.Get("sort_order"); order != "" && order != "asc" && order != "desc" {
		a := invalidParam("sort_order")
		return l, &a
	}
	if id := c.query.Get("cvid"); id != "" {
		if l.view = m.view(id); l.view == nil {
			a := invalidParam("cvid")
			return l, &a
		}
	}
	if ids := c.query.Get("ids"); ids != "" {
		if l.ids = strings.Split(ids, ","); len(l.ids) > maxIDs {
			a := refuse(400, "LIMIT_EXCEEDED", "ids limit exceeded", object{"param_name": "ids", "limit": maxIDs})
			return l, &a
		}
	}
	return l, nil
}

// bound is the fingerprint of everything that must not change from one page_token call to the next.
func (c *call) bound(m *module) string {
	q := url.Values{}
	for name, values := range c.query {
		if name != "page" && name != "page_token" {
			q[name] = values
		}
	}
	return c.user.id + " " + m.name + "?" + q.Encode() + " " + c.header.Get("If-Modified-Since")
}

// list answers GET /{module}.
func (s *Server) list(c *call, m *module) answer {
	l, bad := c.readListing(m)
	if bad != nil {
		return *bad
	}
	if l.view != nil {
		c.cost = 3
	}
	shown, page := (l.page-1)*l.perPage, l.page
	var last *entry
	if l.token != "" {
		t, bad := s.resume(c, m, l.token)
		if bad != nil {
			return *bad
		}
		last, shown, page = &t.last, t.shown, t.page
	} else if shown+l.perPage > maxPaged {
		return refuse(400, "DISCRETE_PAGINATION_LIMIT_EXCEEDED", "Only the first 2000 records are within reach of page. Use page_token", object{"limit": maxPaged})
	}
	if shown >= maxTokened {
		return refuse(400, "PAGINATION_LIMIT_EXCEEDED", "pagination limit exceeded", object{"limit": maxTokened})
	}
	found := s.find(c, m, l)
	if len(found) == 0 && !l.since.IsZero() {
		return status(304)
	}
	from := shown
	if last != nil {
		from = l.after(found, last)
	}
	if from >= len(found) {
		return status(204)
	}
	return s.pageOf(c, m, l, found, from, shown, page)
}

// pageOf shows one page of what was found.
func (s *Server) pageOf(c *call, m *module, l listing, found []*entry, from, shown, page int) answer {
	end := min(from+l.perPage, len(found))
	data := make([]any, 0, end-from)
	for i := from; i < end; i++ {
		data = append(data, s.show(m, l.pick(found, i), l.fields, c.user))
	}
	info := l.info(len(data), page, end < len(found))
	if end < len(found) {
		last := l.pick(found, end-1)
		token := pageToken{
			bound: c.bound(m), last: entry{number: last.number, created: last.created, modified: last.modified},
			shown: shown + len(data), page: page + 1, expires: s.now().Add(tokenLife),
		}
		info["next_page_token"] = s.accounts.keepPage(token)
		info["page_token_expiry"] = s.shownTime(token.expires, c.user)
	}
	return ok(object{"data": data, "info": info})
}

// resume looks up a page_token.
func (s *Server) resume(c *call, m *module, value string) (pageToken, *answer) {
	t, known := s.accounts.pages[value]
	var a answer
	switch {
	case !known:
		a = refuse(400, "INVALID_DATA", "invalid data", object{"param_name": "page_token"})
	case t.bound != c.bound(m):
		a = refuse(400, "TOKEN_BOUND_DATA_MISMATCH", "page token does not match the request", nil)
	case !s.now().Before(t.expires):
		a = refuse(400, "EXPIRED_VALUE", "page token is expired", object{"param_name": "page_token"})
	default:
		return t, nil
	}
	return t, &a
}

// pick takes the record at a place in the order asked for; falling is Zoho's default.
func (l listing) pick(list []*entry, at int) *entry {
	if l.ascending {
		return list[at]
	}
	return list[len(list)-1-at]
}

func (l listing) info(count, page int, more bool) object {
	order := "desc"
	if l.ascending {
		order = "asc"
	}
	return object{
		"call": false, "email": false, "per_page": l.perPage, "count": count, "page": page, "more_records": more,
		"sort_by": l.sortBy, "sort_order": order, "next_page_token": nil, "previous_page_token": nil, "page_token_expiry": nil,
	}
}
