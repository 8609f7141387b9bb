package sandbox

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// control sends a request to the control endpoints, which need no token.
func (r *rig) control(method, path, body string, header ...string) reply {
	return r.do(method, "/control"+path, body, header...)
}

func TestControlCountsAndSpoils(t *testing.T) {
	r := newRig(t, Options{})
	r.want(r.do("GET", "/crm/v8/org", ""), 200, "")
	r.want(r.control("POST", "/faults", `{"match":"GET /crm/v8/org","kind":"503","count":1}`), 204, "")
	r.want(r.control("POST", "/faults", `[{"match":"GET /crm/v8/users","kind":"429","retry_after":3},{"match":"GET /crm/v8/nothing","kind":"slow"}]`), 204, "")
	r.want(r.do("GET", "/crm/v8/org?x=1", ""), 503, "SERVICE_UNAVAILABLE")
	if got := r.want(r.do("GET", "/crm/v8/users?type=AllUsers", ""), 429, ""); got.header.Get("Retry-After") != "3" {
		t.Error("no Retry-After")
	}
	got := r.want(r.control("GET", "", ""), 200, "")
	log := got.list("requests")
	if got.body["mails"] != 0.0 || got.body["credits"] != 1.0 || got.body["faults"] != 1.0 || len(log) != 3 {
		t.Errorf("%v", got.body)
	}
	if last := log[1]; last["method"] != "GET" || last["path"] != "/crm/v8/org" || last["status"] != 503.0 || last["at"] == nil || last["query"] != "x=1" {
		t.Errorf("%v", last)
	}
	r.want(r.control("DELETE", "/faults", ""), 204, "")
	if got := r.control("GET", "", ""); got.body["faults"] != 0.0 {
		t.Error("faults are not forgotten")
	}
	for _, bad := range []string{`{"kind":"explode"}`, `{"kind":"200"}`, `nonsense`} {
		r.want(r.control("POST", "/faults", bad), 400, "")
	}
}

func TestControlEditsLikeAPerson(t *testing.T) {
	r := newRig(t, Options{})
	id := r.want(r.control("POST", "/records/Contacts", `{"Last_Name":"A","Tag":[{"name":"vip"}]}`), 201, "").body["id"].(string)
	r.Advance(time.Minute)
	r.want(r.control("PUT", "/records/Contacts/"+id, `{"Phone":"1"}`), 204, "")
	one := r.want(r.do("GET", "/crm/v8/Contacts/"+id, ""), 200, "").list("data")[0]
	if one["Phone"] != "1" || one["Modified_Time"] != "2026-11-22T11:01:00+01:00" {
		t.Errorf("%v", one)
	}
	if got := r.want(r.control("GET", "/records/Contacts/"+id, ""), 200, ""); got.body["Last_Name"] != "A" {
		t.Error(got.text)
	}
	if got := r.want(r.control("GET", "/records/Contacts", ""), 200, ""); !strings.HasPrefix(got.text, `[{`) {
		t.Error(got.text)
	}
	r.want(r.control("DELETE", "/records/Contacts/"+id, ""), 204, "")
	r.want(r.control("GET", "/records/Contacts/"+id, ""), 404, "")
	r.want(r.control("POST", "/records/Contacts/"+id+"/restore", ""), 204, "")
	r.want(r.control("DELETE", "/records/Contacts/"+id+"?permanent=true", ""), 204, "")
	r.want(r.control("POST", "/records/Contacts/"+id+"/restore", ""), 404, "")
	for _, path := range []string{"PUT /records/Contacts/1", "DELETE /records/Contacts/1", "POST /records/Nothing", "PUT /records/Nothing/1"} {
		method, path, _ := strings.Cut(path, " ")
		r.want(r.control(method, path, `{}`), 404, "")
	}
	if r.Mails() != 0 || r.Credits() != 1 {
		t.Errorf("%d mails, %d credits", r.Mails(), r.Credits())
	}
}

func TestControlSignsIn(t *testing.T) {
	r := newRig(t, Options{})
	code := r.want(r.control("POST", "/self-client", `{"scopes":"ZohoCRM.org.READ","minutes":5}`), 200, "").body["code"].(string)
	if got := r.exchange("grant_type", "authorization_code", "client_id", MainClient, "client_secret", MainSecret, "code", code); got["refresh_token"] == nil {
		t.Error(got["error"])
	}
	d := r.device("code", "grant_type", "device_request", "scope", someScope)
	r.want(r.control("POST", "/device", `{"user_code":"`+d["user_code"].(string)+`","decision":"accept"}`), 204, "")
	r.want(r.control("POST", "/device", `{"user_code":"X","decision":"accept"}`), 404, "")
	if got := r.device("token", "grant_type", "device_token", "code", d["device_code"].(string)); got["refresh_token"] == nil {
		t.Error(got["error"])
	}
	r.want(r.control("POST", "/clock", `{"advance_seconds":3600}`), 204, "")
	r.want(r.do("GET", "/crm/v8/org", ""), 401, "INVALID_TOKEN")
}

// A page of another site must not be able to change the sandbox.
func TestControlRefusesOtherSites(t *testing.T) {
	r := newRig(t, Options{})
	r.want(r.control("POST", "/records/Contacts", `{"Last_Name":"A"}`, "Origin", "https://elsewhere.example"), http.StatusForbidden, "")
	r.want(r.control("POST", "/records/Contacts", `{"Last_Name":"A"}`, "Origin", r.url), 201, "")
}

// People and imports leave values that the API would refuse; clients must cope with them.
func TestPeopleMayLeaveOddValues(t *testing.T) {
	r := newRig(t, Options{})
	id := r.Put("Contacts", map[string]any{"First_Name": "Only", "Phone": "030/12 34", "Created_Time": "2020-01-01T00:00:00Z", "Modified_Time": "2021-01-01T00:00:00Z"})
	one := r.want(r.do("GET", "/crm/v8/Contacts/"+id, ""), 200, "").list("data")[0]
	if one["Last_Name"] != nil || one["Phone"] != "030/12 34" || one["Modified_Time"] != "2021-01-01T01:00:00+01:00" || one["Created_Time"] != "2020-01-01T01:00:00+01:00" {
		t.Errorf("%v", one)
	}
	if !r.Edit("Contacts", id, map[string]any{"Owner": map[string]any{"id": r.Users()[1]}, "Tag": []map[string]any{{"name": "x"}}}) {
		t.Fatal("not edited")
	}
	if one = r.Record("Contacts", id); one["Owner"].(map[string]any)["id"] != r.Users()[1] || len(listOf(one["Tag"])) != 1 {
		t.Errorf("%v", one)
	}
	if r.Edit("Contacts", "1", nil) || r.Delete("Contacts", "1") || r.Put("Nothing", nil) != "" || r.Record("Nothing", id) != nil || r.Records("Nothing") != nil {
		t.Error("something was done to nothing")
	}
}

// What a caller holds is a copy: changing it must not change the store.
func TestRecordsAreCopies(t *testing.T) {
	r := newRig(t, Options{})
	id := r.Put("Events", map[string]any{"Event_Title": "A", "Participants": []any{map[string]any{"type": "email", "participant": "a@b.example"}}})
	listOf(r.Record("Events", id)["Participants"])[0]["Email"] = "changed"
	if listOf(r.Record("Events", id)["Participants"])[0]["Email"] != "a@b.example" {
		t.Error("the store was changed through a copy")
	}
}
