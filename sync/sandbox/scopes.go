package sandbox

import "strings"

// allScopes are the scopes of the refresh token in Info: everything that the sandbox answers.
func allScopes() []string {
	return []string{
		"ZohoCRM.modules.ALL", "ZohoCRM.settings.ALL", "ZohoCRM.users.ALL", "ZohoCRM.org.READ", "ZohoCRM.coql.READ",
		"ZohoSearch.securesearch.READ", "ZohoCRM.composite_requests.CUSTOM",
	}
}

// neededScopes lists the scopes that a call needs (https://www.zoho.com/crm/developer/docs/api/v8/scopes.html).
func neededScopes(c *call) []string {
	op := map[string]string{"GET": "READ", "POST": "CREATE", "PUT": "UPDATE", "DELETE": "DELETE"}[c.method]
	if op == "" {
		return nil
	}
	switch first := c.path[0]; first {
	case "settings":
		if len(c.path) < 2 {
			return nil
		}
		if c.path[1] == "recycle_bin" && c.method == "POST" {
			op = "UPDATE" // Restoring and emptying are changes of the bin.
		}
		return []string{"ZohoCRM.settings." + c.path[1] + "." + op}
	case "users", "org":
		return []string{"ZohoCRM." + first + "." + op}
	case "coql":
		return []string{"ZohoCRM.coql.READ", "ZohoCRM.settings.fields.READ"}
	case "__composite_requests":
		return []string{"ZohoCRM.composite_requests.CUSTOM"}
	default:
		return moduleScopes(c, "ZohoCRM.modules."+strings.ToLower(first)+".", op)
	}
}

func moduleScopes(c *call, module, op string) []string {
	if len(c.path) > 1 {
		switch c.path[1] {
		case "search":
			return []string{module + "READ", "ZohoSearch.securesearch.READ"}
		case "upsert":
			return []string{module + "CREATE", module + "UPDATE"}
		}
	}
	return []string{module + op}
}

// covers tells whether one granted scope allows a wanted one. A shorter scope covers everything below it.
func covers(granted, want string) bool {
	granted, want = strings.ToLower(granted), strings.ToLower(want)
	gBase, gOp := splitScope(granted)
	wBase, wOp := splitScope(want)
	if gBase != wBase && !strings.HasPrefix(wBase, gBase+".") {
		return false
	}
	return gOp == wOp || gOp == "all" || gOp == "write" && (wOp == "create" || wOp == "update" || wOp == "delete")
}

func splitScope(scope string) (base, op string) {
	at := strings.LastIndexByte(scope, '.')
	if at < 0 {
		return scope, ""
	}
	return scope[:at], scope[at+1:]
}

// holds tells whether a token has a scope.
func (t *accessToken) holds(want string) bool {
	for _, granted := range t.refresh.scopes {
		if covers(granted, want) {
			return true
		}
	}
	return false
}
