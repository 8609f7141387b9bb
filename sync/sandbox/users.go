package sandbox

import (
	"slices"
	"strings"
	"time"
)

// user is one person of the organisation.
type user struct {
	id, first, last, email string
	status                 string // active, inactive, deleted
	confirmed, admin       bool
	zoneName               string
	made, changed          time.Time
}

// Ids that tests and documents may name.
const (
	adminProfile    = "554023000000015972"
	standardProfile = "554023000000015975"
	topRole         = "554023000000015969"
	otherRole       = "554023000000015970"
	licences        = seats
)

func newUsers(org *organisation, zone string) []*user {
	if zone == "" {
		zone = defaultZone
	}
	make := func(first, last, email, status string, confirmed, admin bool) *user {
		return &user{
			id: org.newID(), first: first, last: last, email: email, status: status, confirmed: confirmed, admin: admin,
			zoneName: zone, made: org.made, changed: org.made,
		}
	}
	return []*user{
		make("Ada", "Admin", "ada@sandbox.test", "active", true, true),
		make("Bruno", "Bernadotte", "bruno@sandbox.test", "active", true, false),
		make("Chiara", "Conti", "chiara@sandbox.test", "active", false, false),
		make("Dag", "Dahl", "dag@sandbox.test", "inactive", true, false),
	}
}

func (u *user) fullName() string { return strings.TrimSpace(u.first + " " + u.last) }

// ref is how records name a user.
func (u *user) ref() any {
	if u == nil {
		return nil
	}
	return object{"id": u.id, "name": u.fullName(), "email": u.email}
}

func (u *user) short() any {
	if u == nil {
		return nil
	}
	return object{"id": u.id, "name": u.fullName()}
}

func (org *organisation) user(id string) *user {
	at := slices.IndexFunc(org.users, func(u *user) bool { return u.id == id })
	if at < 0 {
		return nil
	}
	return org.users[at]
}

// zoneOf is the zone in which a user sees times. All users share the zone of Options.
func (s *Server) zoneOf(*user) *time.Location { return s.zone }

func (s *Server) showUser(u *user, seenBy *user) object {
	role, profile := object{"id": otherRole, "name": "Sales"}, object{"id": standardProfile, "name": "Standard"}
	if u.admin {
		role, profile = object{"id": topRole, "name": "CEO"}, object{"id": adminProfile, "name": "Administrator"}
	}
	_, offset := s.now().In(s.zone).Zone()
	return object{
		"id": u.id, "full_name": u.fullName(), "first_name": u.first, "last_name": u.last, "email": u.email,
		"zuid": u.id[6:], "status": u.status, "confirm": u.confirmed, "role": role, "profile": profile,
		"time_zone": u.zoneName, "offset": offset * 1000, "locale": "en_US", "language": "en_US", "country_locale": "US",
		"type__s": "Regular User", "microsoft": false, "Reporting_To": nil,
		"created_time": s.shownTime(u.made, seenBy), "Modified_Time": s.shownTime(u.changed, seenBy),
	}
}

// ofType tells whether a user belongs to a type of GET /users.
func (u *user) ofType(kind string, c *call) (is, known bool) {
	active := u.status == "active"
	switch kind {
	case "", "AllUsers":
		return u.status != "deleted", true
	case "ActiveUsers", "AllActiveUsers":
		return active, true
	case "DeactiveUsers":
		return u.status == "inactive", true
	case "ConfirmedUsers":
		return u.confirmed, true
	case "NotConfirmedUsers":
		return !u.confirmed, true
	case "DeletedUsers":
		return u.status == "deleted", true
	case "ActiveConfirmedUsers":
		return active && u.confirmed, true
	case "AdminUsers":
		return u.admin, true
	case "ActiveConfirmedAdmins":
		return active && u.confirmed && u.admin, true
	case "CurrentUser":
		return u == c.user, true
	case "DeveloperUsers", "ActiveLiteUser":
		return false, true
	}
	return false, false
}

// usersCall answers /users.
func (s *Server) usersCall(c *call, rest []string) answer {
	switch {
	case len(rest) > 1:
		return wrongURL()
	case len(rest) == 1 && c.method == "GET":
		u := s.org.user(rest[0])
		if u == nil {
			return status(204)
		}
		return ok(object{"users": []any{s.showUser(u, c.user)}})
	case c.method == "GET":
		return s.listUsers(c)
	case c.method == "POST" && len(rest) == 0:
		return s.addUser(c)
	case c.method == "PUT":
		return s.changeUser(c, rest)
	}
	return wrongMethod()
}

func (s *Server) listUsers(c *call) answer {
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
	for _, u := range s.org.users {
		is, known := u.ofType(c.query.Get("type"), c)
		if !known {
			return invalidParam("type")
		}
		chosen := !c.query.Has("ids") || slices.Contains(strings.Split(c.query.Get("ids"), ","), u.id)
		if is && chosen && (since.IsZero() || u.changed.After(second(since))) {
			found = append(found, s.showUser(u, c.user))
		}
	}
	from := (page - 1) * perPage
	switch {
	case len(found) == 0 && !since.IsZero():
		return status(304)
	case from >= len(found):
		return status(204)
	}
	end := min(from+perPage, len(found))
	return ok(object{"users": found[from:end], "info": object{
		"per_page": perPage, "count": end - from, "page": page, "more_records": end < len(found),
	}})
}

// addUser invites one person.
func (s *Server) addUser(c *call) answer {
	_, items, bad := c.envelope("users")
	if bad != nil {
		return *bad
	}
	if len(items) > 1 {
		return refuse(400, "LIMIT_EXCEEDED", "Only one user is allowed in a request", object{"limit": 1})
	}
	if !c.user.admin {
		return noPermission("Crm_Implied_Manage_Users")
	}
	o, _ := items[0].(object)
	if p := s.checkUser(o); p != nil {
		return results("users", 201, []any{p})
	}
	profile := idOf(o["profile"])
	u := &user{
		id: s.org.newID(), first: text(o["first_name"]), last: text(o["last_name"]), email: text(o["email"]),
		status: "active", admin: profile == adminProfile, zoneName: c.user.zoneName, made: second(s.now()), changed: second(s.now()),
	}
	s.org.users = append(s.org.users, u)
	s.meter.mails++
	return results("users", 201, []any{
		object{"code": "SUCCESS", "details": object{"id": u.id}, "message": "User added", "status": "success"},
	})
}

func (s *Server) checkUser(o object) *problem {
	for _, name := range []string{"last_name", "email", "role", "profile"} {
		if o[name] == nil || o[name] == "" {
			return trouble("MANDATORY_NOT_FOUND", "required field not found", object{"api_name": name})
		}
	}
	if !emailShape.MatchString(text(o["email"])) {
		return trouble("INVALID_DATA", "invalid data", object{"api_name": "email"})
	}
	active := 0
	for _, u := range s.org.users {
		if strings.EqualFold(u.email, text(o["email"])) {
			return trouble("DUPLICATE_DATA", "Failed to add user since same email id is already present", object{"api_name": "email"})
		}
		if u.status == "active" {
			active++
		}
	}
	if active >= licences {
		return trouble("LICENSE_LIMIT_EXCEEDED", "Request exceeds your license limit. Need to upgrade in order to add", nil)
	}
	return nil
}

func idOf(v any) string {
	if o, is := v.(object); is {
		return text(o["id"])
	}
	return text(v)
}

// changeUser answers PUT /users and PUT /users/{id}: names and status of one person.
func (s *Server) changeUser(c *call, rest []string) answer {
	_, items, bad := c.envelope("users")
	if bad != nil {
		return *bad
	}
	o, _ := items[0].(object)
	id := text(o["id"])
	if len(rest) == 1 {
		id = rest[0]
	}
	u := s.org.user(id)
	switch {
	case !c.user.admin:
		return noPermission("Crm_Implied_Manage_Users")
	case u == nil:
		return refuse(400, "INVALID_DATA", "the id given seems to be invalid", object{"api_name": "id"})
	}
	for key, into := range map[string]*string{"first_name": &u.first, "last_name": &u.last, "status": &u.status} {
		if v := text(o[key]); v != "" {
			*into = v
		}
	}
	u.changed = second(s.now())
	return results("users", 200, []any{
		object{"code": "SUCCESS", "details": object{"id": u.id}, "message": "User updated", "status": "success"},
	})
}
