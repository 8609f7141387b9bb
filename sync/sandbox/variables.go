package sandbox

import (
	"slices"
	"strings"
)

// variable is one CRM variable, which everyone in the organisation can read.
type variable struct {
	id, api, name, kind, about string
	value                      any
}

const generalGroupID = "554023000000089005"

var variableKinds = []string{
	"integer", "text", "percent", "decimal", "currency", "date", "datetime", "email", "phone", "url", "checkbox", "textarea", "long",
}

func newVariables(org *organisation) []*variable {
	return []*variable{{id: org.newID(), api: "Sandbox_Note", name: "Sandbox Note", kind: "text", value: "not a real organisation"}}
}

func generalGroup() object {
	return object{"id": generalGroupID, "api_name": "General", "name": "General", "display_label": "General", "description": nil, "source": "crm"}
}

func (v *variable) show() object {
	return object{
		"id": v.id, "api_name": v.api, "name": v.name, "type": v.kind, "description": orNil(v.about), "source": "crm", "read_only": false,
		"value": v.value, "variable_group": object{"id": generalGroupID, "api_name": "General", "name": "General"},
	}
}

func (s *Server) variable(key string) *variable {
	for _, v := range s.org.variables {
		if key != "" && (v.id == key || v.api == key) {
			return v
		}
	}
	return nil
}

// variablesCall answers /settings/variables.
func (s *Server) variablesCall(c *call, rest []string) answer {
	if len(rest) > 1 {
		return wrongURL()
	}
	one := ""
	if len(rest) == 1 {
		one = rest[0]
	}
	switch {
	case c.method == "GET":
		return s.getVariables(one)
	case c.method == "POST" && one == "":
		return s.eachVariable(c, 201, "", s.addVariable)
	case c.method == "PUT":
		return s.eachVariable(c, 200, one, s.setVariable)
	case c.method == "DELETE":
		return s.dropVariables(c, one)
	}
	return wrongMethod()
}

func (s *Server) getVariables(one string) answer {
	list := []any{}
	for _, v := range s.org.variables {
		if one == "" || v.id == one || v.api == one {
			list = append(list, v.show())
		}
	}
	if len(list) == 0 {
		return status(204)
	}
	return ok(object{"variables": list})
}

// eachVariable carries out a write for each variable of the body.
func (s *Server) eachVariable(c *call, good int, one string, do func(o object) (*variable, *problem)) answer {
	_, items, bad := c.envelope("variables")
	if bad != nil {
		return *bad
	}
	var out []any
	for _, item := range items {
		o, _ := item.(object)
		if one != "" && o != nil {
			o["id"] = one
		}
		v, p := do(o)
		if p != nil {
			out = append(out, p)
			continue
		}
		out = append(out, object{"code": "SUCCESS", "details": object{"id": v.id}, "message": "variable saved", "status": "success"})
	}
	return results("variables", good, out)
}

func (s *Server) addVariable(o object) (*variable, *problem) {
	for _, name := range []string{"name", "api_name", "type", "variable_group"} {
		if o[name] == nil || o[name] == "" {
			return nil, trouble("MANDATORY_NOT_FOUND", "required field not found", object{"api_name": name})
		}
	}
	switch {
	case !slices.Contains(variableKinds, text(o["type"])):
		return nil, trouble("INVALID_DATA", "invalid data", object{"api_name": "type"})
	case s.variable(text(o["api_name"])) != nil:
		return nil, trouble("DUPLICATE_DATA", "duplicate data", object{"api_name": "api_name", "id": s.variable(text(o["api_name"])).id})
	}
	v := &variable{
		id: s.org.newID(), api: text(o["api_name"]), name: text(o["name"]), kind: text(o["type"]), about: text(o["description"]), value: clone(o["value"]),
	}
	s.org.variables = append(s.org.variables, v)
	return v, nil
}

func (s *Server) setVariable(o object) (*variable, *problem) {
	v := s.variable(text(o["id"]))
	if v == nil {
		v = s.variable(text(o["api_name"]))
	}
	if v == nil {
		return nil, trouble("INVALID_DATA", "the id given seems to be invalid", object{"api_name": "id"})
	}
	if value, given := o["value"]; given {
		v.value = clone(value)
	}
	if name := text(o["name"]); name != "" {
		v.name = name
	}
	return v, nil
}

func (s *Server) dropVariables(c *call, one string) answer {
	ids := []string{one}
	if one == "" {
		if c.query.Get("ids") == "" {
			return missingParam("ids")
		}
		ids = strings.Split(c.query.Get("ids"), ",")
	}
	var out []any
	for _, id := range ids {
		v := s.variable(id)
		if v == nil {
			out = append(out, trouble("INVALID_DATA", "the id given seems to be invalid", object{"id": id}))
			continue
		}
		s.org.variables = slices.DeleteFunc(s.org.variables, func(x *variable) bool { return x == v })
		out = append(out, object{"code": "SUCCESS", "details": object{"id": v.id}, "message": "variable deleted", "status": "success"})
	}
	return results("variables", 200, out)
}
