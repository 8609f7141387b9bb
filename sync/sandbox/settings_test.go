package sandbox

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"testing"
)

func TestMetadata(t *testing.T) {
	r := checked(t, Options{Contacts: 1, MarkField: true})
	for _, m := range r.want(r.do("GET", "/crm/v8/settings/modules", ""), 200, "").list("modules") {
		name := m["api_name"].(string)
		for _, what := range []string{"fields", "layouts", "custom_views"} {
			r.want(r.do("GET", "/crm/v8/settings/"+what+"?module="+name, ""), 200, "")
		}
		r.want(r.do("GET", "/crm/v8/settings/modules/"+name, ""), 200, "")
		if got := r.do("GET", "/crm/v8/settings/related_lists?module="+name, ""); got.status != 200 && got.status != 204 {
			t.Errorf("%s: related lists %d", name, got.status)
		}
	}
	fields := map[string]map[string]any{}
	for _, f := range r.do("GET", "/crm/v8/settings/fields?module=Contacts", "").list("fields") {
		fields[f["api_name"].(string)] = f
	}
	owner := fields["Owner"]
	if owner["field_read_only"] != true || owner["operation_type"].(map[string]any)["api_update"] != true {
		t.Error("the owner must look read only, and yet be writable through the API")
	}
	if f := fields[MarkField]; f["unique"].(map[string]any)["case_sensitive"] != false || f["custom_field"] != true || f["length"] != 255.0 {
		t.Errorf("%v", f)
	}
	if fields["Last_Name"]["system_mandatory"] != true || fields["Modified_Time"]["operation_type"].(map[string]any)["api_update"] != false {
		t.Error("flags are wrong")
	}
	if values := listOf(fields["Salutation"]["pick_list_values"]); len(values) != 6 || values[1]["actual_value"] != "Mr." {
		t.Errorf("%v", values)
	}
	for path, code := range map[string]string{"fields": "REQUIRED_PARAM_MISSING", "fields?module=Nothing": "INVALID_MODULE"} {
		r.want(r.do("GET", "/crm/v8/settings/"+path, ""), 400, code)
	}
	r.want(r.do("GET", "/crm/v8/settings/fields/1?module=Contacts", ""), 204, "")
}

func TestCreatedFieldIsUnique(t *testing.T) {
	r := checked(t, Options{})
	now := r.do("GET", "/crm/v8/settings/fields?module=Tasks", "", "If-Modified-Since", "2026-11-22T12:00:00+01:00")
	r.want(now, 304, "")
	body := `{"fields":[{"field_label":"ZohoSync ID","data_type":"text","length":255,"unique":{"case_sensitive":false}}]}`
	r.want(r.do("POST", "/crm/v8/settings/fields?module=Tasks", body), 201, "SUCCESS")
	r.want(r.do("POST", "/crm/v8/settings/fields?module=Tasks", body), 400, "DUPLICATE_DATA")
	first := r.want(r.do("POST", "/crm/v8/Tasks", `{"data":[{"Subject":"A","ZohoSync_ID":"k"}]}`), 201, "SUCCESS")
	again := r.want(r.do("POST", "/crm/v8/Tasks", `{"data":[{"Subject":"A","ZohoSync_ID":"K"}]}`), 400, "DUPLICATE_DATA")
	if again.id() != first.id() {
		t.Error("the answer does not name the record that has the value")
	}
	r.want(r.do("POST", "/crm/v8/settings/fields?module=Tasks", `{"fields":[{"field_label":"N","data_type":"integer"}]}`), 400, "INVALID_DATA")
}

func TestUsers(t *testing.T) {
	r := checked(t, Options{})
	for kind, want := range map[string]int{
		"CurrentUser": 1, "ActiveUsers": 3, "AllUsers": 4, "DeactiveUsers": 1, "NotConfirmedUsers": 1, "AdminUsers": 1, "ActiveConfirmedUsers": 2,
	} {
		if got := r.want(r.do("GET", "/crm/v8/users?type="+kind, ""), 200, "").list("users"); len(got) != want {
			t.Errorf("%s: %d", kind, len(got))
		}
	}
	r.want(r.do("GET", "/crm/v8/users?type=DeletedUsers", ""), 204, "")
	r.want(r.do("GET", "/crm/v8/users?type=Admins", ""), 400, "INVALID_DATA")
	r.want(r.do("GET", "/crm/v8/users?type=AllUsers", "", "If-Modified-Since", "2026-11-22T12:00:00+01:00"), 304, "")
	r.want(r.do("GET", "/crm/v8/users/"+r.Users()[1], ""), 200, "")
	invite := func(email string) reply {
		return r.do("POST", "/crm/v8/users", `{"users":[{"first_name":"E","last_name":"Ek","email":"`+email+`","role":"`+otherRole+`","profile":"`+standardProfile+`"}]}`)
	}
	id := func(a reply) string { return a.list("users")[0]["details"].(map[string]any)["id"].(string) }
	newcomer := id(r.want(invite("ek@sandbox.test"), 201, "SUCCESS"))
	if r.Mails() != 1 {
		t.Error("an invitation is a mail")
	}
	r.want(invite("EK@sandbox.test"), 400, "DUPLICATE_DATA")
	r.want(invite("five@sandbox.test"), 201, "SUCCESS")
	r.want(invite("six@sandbox.test"), 400, "LICENSE_LIMIT_EXCEEDED")
	r.want(r.do("PUT", "/crm/v8/users", `{"users":[{"id":"`+newcomer+`","status":"inactive"}]}`), 200, "SUCCESS")
	r.want(invite("six@sandbox.test"), 201, "SUCCESS")
	r.want(r.do("POST", "/crm/v8/users", `{"users":[{"email":"x@sandbox.test"}]}`), 400, "MANDATORY_NOT_FOUND")
	// Only an administrator may invite.
	r.mu.Lock()
	bruno := r.accounts.issue(r.accounts.grant(r.accounts.clients[MainClient], r.org.users[1], allScopes(), clock), clock)
	r.mu.Unlock()
	r.token = bruno.value
	r.want(invite("seven@sandbox.test"), 403, "NO_PERMISSION")
}

func TestOrganisation(t *testing.T) {
	r := checked(t, Options{Edition: "professional"})
	org := r.want(r.do("GET", "/crm/v8/org", ""), 200, "").list("org")[0]
	if org["license_details"].(map[string]any)["paid_type"] != "professional" || org["time_zone"] != "Europe/Berlin" {
		t.Errorf("%v", org)
	}
	for _, path := range []string{"profiles", "roles", "variable_groups", "profiles/" + adminProfile, "roles/" + topRole, "variable_groups/General"} {
		r.want(r.do("GET", "/crm/v8/settings/"+path, ""), 200, "")
	}
}

func TestVariables(t *testing.T) {
	r := checked(t, Options{})
	body := `{"variables":[{"name":"Sync","api_name":"Sync","type":"textarea","variable_group":{"name":"General"},"value":"1"}]}`
	r.want(r.do("POST", "/crm/v8/settings/variables", body), 201, "SUCCESS")
	r.want(r.do("POST", "/crm/v8/settings/variables", body), 400, "DUPLICATE_DATA")
	r.want(r.do("PUT", "/crm/v8/settings/variables/Sync", `{"variables":[{"value":"2"}]}`), 200, "SUCCESS")
	got := r.want(r.do("GET", "/crm/v8/settings/variables/Sync?group=General", ""), 200, "").list("variables")
	if len(got) != 1 || got[0]["value"] != "2" {
		t.Errorf("%v", got)
	}
	r.want(r.do("PUT", "/crm/v8/settings/variables", `{"variables":[{"id":"1","value":"2"}]}`), 400, "INVALID_DATA")
	r.want(r.do("DELETE", "/crm/v8/settings/variables?ids="+got[0]["id"].(string)+",1", ""), 207, "SUCCESS")
	r.want(r.do("GET", "/crm/v8/settings/variables/Sync", ""), 204, "")
	r.want(r.do("DELETE", "/crm/v8/settings/variables", ""), 400, "REQUIRED_PARAM_MISSING")
}

func TestPhoto(t *testing.T) {
	r := checked(t, Options{})
	id := r.Put("Contacts", map[string]any{"Last_Name": "A"})
	path := "/crm/v8/Contacts/" + id + "/photo"
	r.want(r.do("GET", path, ""), 204, "")
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	part, _ := parts.CreateFormFile("file", "a.png")
	part.Write([]byte("not really a picture"))
	parts.Close()
	r.want(r.do("POST", path, body.String(), "Content-Type", parts.FormDataContentType()), 200, "SUCCESS")
	if got := r.want(r.do("GET", path, ""), 200, ""); got.text != "not really a picture" || got.header.Get("Content-Type") != "application/x-download" {
		t.Error(got.header, len(got.text))
	}
	if r.Record("Contacts", id)["Record_Image"] == nil {
		t.Error("the record does not tell that it has a picture")
	}
	r.want(r.do("DELETE", path, ""), 200, "SUCCESS")
	r.want(r.do("GET", path, ""), 204, "")
	r.want(r.do(http.MethodGet, "/crm/v8/Tasks/"+r.Put("Tasks", map[string]any{"Subject": "A"})+"/photo", ""), 403, "NOT_SUPPORTED")
}

func TestRelatedRecords(t *testing.T) {
	r := checked(t, Options{})
	contact := r.Put("Contacts", map[string]any{"Last_Name": "A"})
	task := r.Put("Tasks", map[string]any{"Subject": "T", "Who_Id": map[string]any{"id": contact}})
	product := r.Put("Products", map[string]any{"Product_Name": "P"})
	path := "/crm/v8/Contacts/" + contact
	if got := r.want(r.do("GET", path+"/Tasks?fields=Subject", ""), 200, "").list("data"); len(got) != 1 || got[0]["id"] != task {
		t.Errorf("%v", got)
	}
	r.want(r.do("GET", path+"/Products?fields=id", ""), 204, "")
	r.want(r.do("PUT", path+"/Products", `{"data":[{"id":"`+product+`"},{"id":"1"}]}`), 207, "SUCCESS")
	r.want(r.do("GET", path+"/Products/"+product+"?fields=Product_Name", ""), 200, "")
	r.want(r.do("GET", path+"/Products", ""), 400, "REQUIRED_PARAM_MISSING")
	r.want(r.do("DELETE", path+"/Products?ids="+product, ""), 200, "SUCCESS")
	r.want(r.do("GET", path+"/Products/"+product+"?fields=id", ""), 204, "")
	r.want(r.do("GET", path+"/Nothing?fields=id", ""), 404, "INVALID_URL_PATTERN")
}
