package sandbox

import (
	"io"
	"net/http"
	"net/url"
	"strings"
)

// serveCRM answers everything below /crm/.
func (s *Server) serveCRM(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		refuse(400, "REQUEST_BODY_NOT_READABLE", "the request body is not readable", nil).send(w)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &call{method: r.Method, query: r.URL.Query(), header: r.Header, body: body}
	a := s.admit(c, r.URL)
	now := s.now()
	if !a.failed() && a.status == 0 {
		if s.meter.exhausted(now) {
			a = refuse(429, "TOO_MANY_REQUESTS", "You have used up the API credits of this day", nil)
		} else {
			c.cost = 1
			a = s.dispatch(c)
			s.meter.charge(now, c.cost)
			if rec, is := w.(*recorder); is {
				rec.credits = c.cost
			}
		}
	}
	if left, show := s.meter.remaining(); show {
		w.Header().Set("X-API-CREDITS-REMAINING", left)
	}
	a.send(w)
}

// admit checks the address and the token; the zero answer lets the call in.
func (s *Server) admit(c *call, u *url.URL) answer {
	rest, is := strings.CutPrefix(u.Path, "/crm/v8/")
	if !is {
		return wrongURL()
	}
	c.path = strings.Split(strings.Trim(rest, "/"), "/")
	scheme, value, _ := strings.Cut(c.header.Get("Authorization"), " ")
	if scheme != "Zoho-oauthtoken" || value == "" {
		return refuse(401, "AUTHENTICATION_FAILURE", "Authentication failed", nil)
	}
	token, code := s.accounts.check(value, s.now())
	if token == nil {
		return refuse(401, code, "invalid oauth token", nil)
	}
	c.token, c.user = token, token.refresh.user
	return answer{}
}

// dispatch finds who answers a call. The scopes are checked here, so that those of a composite's parts are, too.
func (s *Server) dispatch(c *call) answer {
	for _, scope := range neededScopes(c) {
		if !c.token.holds(scope) {
			return refuse(401, "OAUTH_SCOPE_MISMATCH", "invalid oauth scope to access this URL", nil)
		}
	}
	rest := c.path[1:]
	switch c.path[0] {
	case "settings":
		return s.settings(c, rest)
	case "users":
		return s.usersCall(c, rest)
	case "org":
		return only(c, "GET", func() answer { return s.orgCall(c) })
	case "coql":
		return only(c, "POST", func() answer { return s.coql(c) })
	case "__composite_requests":
		return only(c, "POST", func() answer { return s.composite(c) })
	}
	m := s.org.byName[c.path[0]]
	if m == nil {
		return wrongModule()
	}
	switch len(rest) {
	case 0:
		return s.moduleCall(c, m)
	case 1:
		return s.recordCall(c, m, rest[0])
	}
	return s.deepCall(c, m, rest)
}

func only(c *call, method string, then func() answer) answer {
	if c.method != method {
		return wrongMethod()
	}
	return then()
}

// moduleCall answers /{module}.
func (s *Server) moduleCall(c *call, m *module) answer {
	switch c.method {
	case "GET":
		return s.list(c, m)
	case "POST":
		return s.insert(c, m)
	case "PUT":
		return s.update(c, m, "")
	case "DELETE":
		return s.remove(c, m, "")
	}
	return wrongMethod()
}

// recordCall answers /{module}/{what}, mostly a record's id.
func (s *Server) recordCall(c *call, m *module, what string) answer {
	switch what {
	case "deleted":
		return only(c, "GET", func() answer { return s.deletedList(c, m) })
	case "search":
		return only(c, "GET", func() answer { return s.search(c, m) })
	case "upsert":
		return only(c, "POST", func() answer { return s.upsert(c, m) })
	}
	switch c.method {
	case "GET":
		return s.get(c, m, what)
	case "PUT":
		return s.update(c, m, what)
	case "DELETE":
		return s.remove(c, m, what)
	}
	return wrongMethod()
}

// deepCall answers what lies further below a module.
func (s *Server) deepCall(c *call, m *module, rest []string) answer {
	switch path := strings.Join(rest, "/"); {
	case path == "actions/count":
		return only(c, "GET", func() answer { return s.count(c, m) })
	case path == "actions/fetch_full_data":
		return only(c, "GET", func() answer { return s.fullData(c, m, strings.Split(c.query.Get("ids"), ",")) })
	case rest[0] == "actions":
		return wrongURL()
	case path == rest[0]+"/actions/fetch_full_data":
		return only(c, "GET", func() answer { return s.fullData(c, m, rest[:1]) })
	case path == rest[0]+"/actions/cancel" && m.name == "Events":
		return only(c, "POST", func() answer { return s.cancel(c, m, rest[0]) })
	case path == rest[0]+"/photo":
		return s.photo(c, m, rest[0])
	}
	return s.related(c, m, rest[0], rest[1], rest[2:])
}
