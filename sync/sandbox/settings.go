package sandbox

import (
	"slices"
	"strings"
)

// settings answers everything below /settings.
func (s *Server) settings(c *call, rest []string) answer {
	if len(rest) == 0 {
		return wrongURL()
	}
	what, rest := rest[0], rest[1:]
	switch what {
	case "variables":
		return s.variablesCall(c, rest)
	case "recycle_bin":
		return s.recycleBin(c, rest)
	case "modules", "profiles", "roles", "variable_groups":
		return only(c, "GET", func() answer { return s.lists(c, what, rest) })
	case "fields", "layouts", "related_lists", "custom_views", "tags":
	default:
		return wrongURL()
	}
	if c.query.Get("module") == "" {
		return missingParam("module")
	}
	m := s.org.byName[c.query.Get("module")]
	if m == nil {
		return wrongModule()
	}
	if c.method == "POST" && len(rest) == 0 {
		switch what {
		case "fields":
			return s.createField(c, m)
		case "tags":
			return s.createTag(c, m)
		}
	}
	return only(c, "GET", func() answer { return s.moduleLists(c, m, what, rest) })
}

// lists answers the lists of the whole organisation.
func (s *Server) lists(c *call, what string, rest []string) answer {
	since, bad := c.readSince("If-Modified-Since")
	if bad != nil {
		return *bad
	}
	if what == "modules" && !since.IsZero() && !s.org.changed.After(since) {
		return status(304)
	}
	var all []any
	switch what {
	case "modules":
		for i, m := range s.org.modules {
			all = append(all, s.showModule(m, i))
		}
	case "profiles":
		all = s.profiles()
	case "roles":
		all = roles()
	case "variable_groups":
		all = []any{generalGroup()}
	}
	body := object{what: all}
	if len(rest) == 1 {
		at := slices.IndexFunc(all, func(v any) bool { return named(v, rest[0]) })
		if at < 0 {
			return status(204)
		}
		body[what] = all[at : at+1]
	} else if what == "profiles" {
		body["info"] = object{"license_limit": licences}
	}
	return ok(body)
}

func named(v any, want string) bool {
	o := v.(object)
	return o["id"] == want || o["api_name"] == want
}

// moduleLists answers the lists of one module.
func (s *Server) moduleLists(c *call, m *module, what string, rest []string) answer {
	since, bad := c.readSince("If-Modified-Since")
	if bad != nil {
		return *bad
	}
	if what == "fields" && !since.IsZero() && !s.org.changed.After(since) {
		return status(304)
	}
	all := []any{}
	body := object{}
	switch what {
	case "fields":
		for _, f := range m.fields {
			all = append(all, s.showField(f))
		}
	case "layouts":
		all = append(all, s.showLayout(m))
	case "related_lists":
		for i, r := range relatedLists(m.name) {
			all = append(all, s.showRelatedList(m, r, i))
		}
	case "custom_views":
		for _, v := range m.views {
			all = append(all, v.show(m))
		}
		body["info"] = object{"per_page": maxPerPage, "count": len(all), "page": 1, "more_records": false}
	case "tags":
		for _, t := range m.tags {
			all = append(all, s.showTag(t, c.user))
		}
		body["info"] = object{"count": len(all), "allowed_count": 100}
	}
	if len(rest) == 1 {
		at := slices.IndexFunc(all, func(v any) bool { return named(v, rest[0]) })
		if at < 0 {
			return status(204)
		}
		all = all[at : at+1]
	}
	if len(all) == 0 {
		return status(204)
	}
	body[what] = all
	return ok(body)
}

func (s *Server) profiles() []any {
	one := func(id, name string, admin bool) object {
		return object{
			"id": id, "name": name, "display_label": name, "api_name": name, "type": "normal_profile", "custom": false, "description": nil,
			"created_time": nil, "modified_time": nil, "created_by": nil, "modified_by": nil,
			"permissions_details": []any{object{
				"id": "554023000000015979", "name": "Crm_Implied_Manage_Users", "display_label": "Manage Users", "module": nil,
				"enabled": admin, "customizable": true,
			}},
		}
	}
	return []any{one(adminProfile, "Administrator", true), one(standardProfile, "Standard", false)}
}

func roles() []any {
	one := func(id, name string, above any) object {
		return object{
			"id": id, "name": name, "display_label": name, "api_name": name, "share_with_peers": true, "description": nil,
			"reporting_to": above, "forecast_manager": nil, "created_by__s": nil, "modified_by__s": nil,
			"created_time__s": nil, "modified_time__s": nil,
		}
	}
	return []any{one(topRole, "CEO", nil), one(otherRole, "Sales", object{"id": topRole, "name": "CEO"})}
}

// orgCall answers GET /org.
func (s *Server) orgCall(c *call) answer {
	kind := s.o.Edition
	if !slices.Contains([]string{"free", "standard", "professional", "ultimate"}, kind) {
		kind = "enterprise"
	}
	return ok(object{"org": []any{object{
		"id": "554023000000000001", "zgid": "60000001", "company_name": "Sandbox", "time_zone": c.user.zoneName, "country_code": "DE",
		"currency": "Euro", "currency_symbol": "€", "currency_locale": "de_DE", "iso_code": "EUR", "domain_name": "org60000001",
		"type": "production", "created_time": s.shownTime(s.org.made, c.user), "primary_email": s.org.users[0].email,
		"license_details": object{
			"paid": kind != "free", "paid_type": kind, "users_license_purchased": licences,
			"paid_expiry": nil, "trial_expiry": nil, "trial_type": nil,
		},
	}}})
}

func (s *Server) showTag(t *tag, u *user) object {
	ada := s.org.users[0].short()
	return object{
		"id": t.id, "name": t.name, "color_code": orNil(t.color), "created_by": ada, "modified_by": ada,
		"created_time": s.shownTime(t.made, u), "modified_time": s.shownTime(t.made, u),
	}
}

// createTag answers POST /settings/tags.
func (s *Server) createTag(c *call, m *module) answer {
	_, items, bad := c.envelope("tags")
	if bad != nil {
		return *bad
	}
	var out []any
	for _, item := range items {
		o, _ := item.(object)
		name := strings.TrimSpace(text(o["name"]))
		if twin := m.tagNamed(name); twin != nil {
			out = append(out, trouble("DUPLICATE_DATA", "duplicate data", object{"id": twin.id, "api_name": "name"}))
			continue
		}
		if name == "" || len([]rune(name)) > maxTag {
			return refuse(400, "INVALID_DATA", "invalid data", object{"api_name": "name", "maximum_length": maxTag})
		}
		t := s.newTag(m, name, text(o["color_code"]))
		out = append(out, object{"code": "SUCCESS", "details": s.showTag(t, c.user), "message": "tags created successfully", "status": "success"})
	}
	return results("tags", 201, out)
}
