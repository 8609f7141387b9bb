package sandbox

import (
	"strconv"
	"strings"
)

// showModule is one module of GET /settings/modules.
func (s *Server) showModule(m *module, i int) object {
	return object{
		"id": m.id, "api_name": m.name, "module_name": m.name, "singular_label": m.singular, "plural_label": m.plural,
		"actual_singular_label": m.singular, "actual_plural_label": m.plural, "api_supported": true, "viewable": true,
		"creatable": true, "editable": true, "deletable": true, "visible": true, "quick_create": true, "show_as_tab": true,
		"generated_type": "default", "status": "visible", "visibility": 1, "recycle_bin_on_delete": true, "has_more_profiles": false,
		"sub_menu_available": true, "profile_count": 2, "description": nil, "sequence_number": i + 1, "global_search_supported": true,
		"profiles":      []any{object{"id": adminProfile, "name": "Administrator"}, object{"id": standardProfile, "name": "Standard"}},
		"modified_time": nil, "modified_by": nil, "filter_supported": true, "triggers_supported": true,
	}
}

// showField is the metadata of one field, with every key that Zoho publishes as always there.
func (s *Server) showField(f *field) object {
	write := !f.readOnly()
	out := object{
		"id": f.id, "api_name": f.name, "field_label": f.label, "display_label": f.label, "data_type": f.dataType(),
		"json_type": f.jsonType(), "length": f.size, "type": "used", "system_mandatory": f.mandatory(), "custom_field": f.custom(),
		"visible": true, "read_only": false, "virtual_field": false, "webhook": true, "filterable": true, "searchable": true,
		// Zoho marks the owner as read only although the API writes it: operation_type is what counts.
		"field_read_only": f.readOnly() || f.kind == "ownerlookup", "sortable": true, "separator": false, "mass_update": write,
		"display_field": false, "businesscard_supported": true, "pick_list_values": pickList(f), "pick_list_values_sorted_lexically": false,
		"enable_colour_code": false, "colour_code_enabled_by_system": false, "created_source": "default", "display_type": -1,
		"ui_type": 1, "decimal_place": nil, "unique": object{}, "lookup": object{}, "multiselectlookup": object{}, "currency": object{},
		"formula": object{}, "auto_number": object{}, "rollup_summary": object{}, "convert_mapping": object{}, "multi_module_lookup": object{},
		"association_details": nil, "external": nil, "tooltip": nil, "private": nil, "history_tracking": nil, "parent_field": nil,
		"operation_type": object{"web_create": write, "web_update": write, "api_create": write, "api_update": write},
		"view_type":      object{"view": true, "edit": write, "quick_create": f.mandatory(), "create": write},
		"email_parser":   object{"fields_update_supported": write, "record_operations_supported": true},
		"profiles": []any{
			object{"permission_type": "read_write", "name": "Administrator", "id": adminProfile},
			object{"permission_type": "read_write", "name": "Standard", "id": standardProfile},
		},
	}
	if f.unique() {
		out["unique"] = object{"case_sensitive": false}
	}
	if f.area != "" {
		out["textarea"] = object{"type": f.area}
	}
	if to := s.org.byName[f.to]; to != nil {
		out["lookup"] = object{"display_label": to.plural, "api_name": f.name, "module": object{"api_name": to.name, "id": to.id, "crypt": false}, "id": f.id}
	}
	return out
}

func pickList(f *field) []any {
	out := []any{}
	for i, v := range f.pick {
		out = append(out, object{
			"id": f.id + strconv.Itoa(i+1), "display_value": v, "actual_value": v, "reference_value": v,
			"sequence_number": i + 1, "type": "used", "colour_code": nil,
		})
	}
	return out
}

// createField answers POST /settings/fields: single line fields, which may be unique.
func (s *Server) createField(c *call, m *module) answer {
	_, items, bad := c.envelope("fields")
	if bad != nil {
		return *bad
	}
	if len(items) > 5 {
		return refuse(400, "LIMIT_EXCEEDED", "Only 5 fields are allowed in a request", object{"limit": 5})
	}
	var made []any
	for _, item := range items {
		o, _ := item.(object)
		label := strings.TrimSpace(text(o["field_label"]))
		name := strings.ReplaceAll(label, " ", "_")
		size, _ := o["length"].(float64)
		switch {
		case label == "" || text(o["data_type"]) == "":
			return refuse(400, "MANDATORY_NOT_FOUND", "required field not found", object{"api_name": "field_label"})
		case text(o["data_type"]) != "text":
			return refuse(400, "INVALID_DATA", "the sandbox makes single line fields only", object{"api_name": "data_type"})
		case m.byField[name] != nil:
			return refuse(400, "DUPLICATE_DATA", "duplicate data", object{"api_name": "field_label", "id": m.byField[name].id})
		case size < 1 || size > 255:
			return refuse(400, "INVALID_DATA", "invalid data", object{"api_name": "length", "maximum_length": 255})
		}
		f := row(name, label, "text", int(size), "c")
		if o["unique"] != nil {
			f.flags += "u"
		}
		m.fields = append(m.fields, f)
		s.org.addField(m, f)
		made = append(made, object{"code": "SUCCESS", "details": object{"id": f.id}, "message": "field created", "status": "success"})
	}
	// A list read with If-Modified-Since must show the new field.
	s.org.changed = second(s.now())
	return answer{status: 201, body: object{"fields": made}}
}

// showLayout is the module's only layout: all fields in one section.
func (s *Server) showLayout(m *module) object {
	var fields []any
	for i, f := range m.fields {
		o := s.showField(f)
		o["required"] = f.mandatory()
		o["sequence_number"] = i + 1
		for _, value := range listOf(o["pick_list_values"]) {
			value["maps"] = []any{}
		}
		fields = append(fields, o)
	}
	return object{
		"id": m.layout, "name": "Standard", "display_label": "Standard", "api_name": "Standard", "status": "active", "visible": true,
		"source": "crm", "generated_type": "system", "has_more_profiles": false, "created_time": nil, "modified_time": nil,
		"created_by": nil, "modified_by": nil, "created_for": nil, "show_business_card": true, "profiles": []any{}, "convert_mapping": nil,
		"actions_allowed": object{
			"edit": true, "rename": true, "clone": true, "downgrade": true, "delete": true, "deactivate": true, "set_layout_permissions": true,
		},
		"sections": []any{object{
			"id": m.layout + "1", "name": m.singular + " Information", "display_label": m.singular + " Information",
			"api_name": m.singular + "_Information", "sequence_number": 1, "column_count": 2, "isSubformSection": false,
			"tab_traversal": "left_to_right", "generated_type": "default", "type": "used", "fields": fields,
		}},
	}
}

func (s *Server) showRelatedList(m *module, r relatedList, i int) object {
	var other any
	if to := s.org.byName[r.module]; to != nil {
		other = object{"api_name": to.name, "id": to.id, "plural_label": to.plural}
	}
	return object{
		"id": m.id + strconv.Itoa(i+1), "sequence_number": strconv.Itoa(i + 1), "display_label": strings.ReplaceAll(r.name, "_", " "),
		"api_name": r.name, "name": r.name, "module": other, "action": nil, "href": m.name + "/{ENTITYID}/" + r.name, "type": "default",
		"customize_sort": false, "customize_fields": false, "customize_display_label": true, "status": "visible",
	}
}

// view is a custom view.
type view struct {
	id, name string
	test     func(s *Server, e *entry, u *user) bool
}

func (v *view) holds(s *Server, e *entry, u *user) bool { return v.test(s, e, u) }

func (v *view) show(m *module) object {
	return object{
		"id": v.id, "name": v.name, "display_value": v.name, "system_name": strings.ToUpper(strings.ReplaceAll(v.name, " ", "")),
		"category": "public_views", "system_defined": true, "default": strings.HasPrefix(v.name, "All "), "favorite": nil,
		"module": object{"api_name": m.name, "id": m.id}, "criteria": nil, "sort_by": nil, "sort_order": nil,
	}
}

func newViews(org *organisation, m *module) []*view {
	views := []*view{
		{org.newID(), "All " + m.plural, func(*Server, *entry, *user) bool { return true }},
		{org.newID(), "My " + m.plural, func(_ *Server, e *entry, u *user) bool { return e.owner == u }},
	}
	if m.name == "Tasks" {
		views = append(views, &view{org.newID(), "Open Tasks", func(_ *Server, e *entry, _ *user) bool { return e.values["Status"] != "Completed" }})
	}
	return views
}

func (m *module) view(id string) *view {
	for _, v := range m.views {
		if v.id == id {
			return v
		}
	}
	return nil
}
