package sandbox

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestScopesAreEnforced(t *testing.T) {
	r := newRig(t, Options{Contacts: 3})
	for _, c := range []struct {
		scopes, method, path, body string
		allowed                    bool
	}{
		{"ZohoCRM.modules.contacts.READ", "GET", "/crm/v8/Contacts?fields=id", "", true},
		{"ZohoCRM.modules.Contacts.ALL", "GET", "/crm/v8/Contacts?fields=id", "", true},
		{"ZohoCRM.modules.ALL", "GET", "/crm/v8/Contacts?fields=id", "", true},
		{"ZohoCRM.modules.tasks.ALL", "GET", "/crm/v8/Contacts?fields=id", "", false},
		{"ZohoCRM.modules.contact.ALL", "GET", "/crm/v8/Contacts?fields=id", "", false},
		{"ZohoCRM.modules.contacts.READ", "POST", "/crm/v8/Contacts", `{"data":[{"Last_Name":"A"}]}`, false},
		{"ZohoCRM.modules.contacts.WRITE", "POST", "/crm/v8/Contacts", `{"data":[{"Last_Name":"A"}]}`, true},
		{"ZohoCRM.modules.contacts.WRITE", "GET", "/crm/v8/Contacts?fields=id", "", false},
		{"ZohoCRM.modules.contacts.READ", "GET", "/crm/v8/Contacts/search?word=a", "", false},
		{"ZohoCRM.modules.contacts.READ,ZohoSearch.securesearch.READ", "GET", "/crm/v8/Contacts/search?word=an", "", true},
		{"ZohoCRM.coql.READ,ZohoCRM.settings.fields.READ", "POST", "/crm/v8/coql", `{"select_query":"select id from Contacts where id is not null"}`, false},
		{"ZohoCRM.coql.READ,ZohoCRM.settings.fields.READ,ZohoCRM.modules.contacts.READ", "POST", "/crm/v8/coql", `{"select_query":"select id from Contacts where id is not null"}`, true},
		{"ZohoCRM.settings.fields.READ", "GET", "/crm/v8/settings/fields?module=Contacts", "", true},
		{"ZohoCRM.settings.ALL", "GET", "/crm/v8/settings/modules", "", true},
		{"ZohoCRM.settings.fields.READ", "GET", "/crm/v8/settings/modules", "", false},
		{"ZohoCRM.users.READ", "GET", "/crm/v8/org", "", false},
		{"ZohoCRM.settings.recycle_bin.CREATE", "POST", "/crm/v8/settings/recycle_bin/1/actions/restore", "", false},
	} {
		r.token = r.Token(strings.Split(c.scopes, ",")...)
		got := r.do(c.method, c.path, c.body)
		if refused := got.status == 401 && got.code() == "OAUTH_SCOPE_MISMATCH"; refused == c.allowed || c.allowed && got.status >= 400 {
			t.Errorf("%s: %s %s: %d %s", c.scopes, c.method, c.path, got.status, got.code())
		}
	}
}

func TestOtherAuthorizationIsRefused(t *testing.T) {
	r := newRig(t, Options{})
	for header, code := range map[string]string{"": "AUTHENTICATION_FAILURE", "Bearer " + r.token: "AUTHENTICATION_FAILURE", "Zoho-oauthtoken x": "INVALID_TOKEN"} {
		r.want(r.do("GET", "/crm/v8/org", "", "Authorization", header), 401, code)
	}
}

func TestServerInfo(t *testing.T) {
	r := newRig(t, Options{Location: "eu"})
	resp, err := http.Get(r.url + "/oauth/serverinfo")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body)
	var got struct{ Locations map[string]string }
	if json.Unmarshal(text, &got) != nil || got.Locations["eu"] != r.url {
		t.Errorf("%s", text)
	}
}
