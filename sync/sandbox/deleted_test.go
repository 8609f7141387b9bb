package sandbox

import (
	"testing"
	"time"
)

func TestDeletedFeed(t *testing.T) {
	r := checked(t, Options{MarkField: true})
	a := r.Put("Contacts", map[string]any{"Last_Name": "A", "ZohoSync_ID": "a"})
	b := r.Put("Contacts", map[string]any{"Last_Name": "B"})
	r.want(r.do("GET", "/crm/v8/Contacts/deleted?type=all", ""), 204, "")
	r.want(r.do("DELETE", "/crm/v8/Contacts?ids="+a+",1", ""), 207, "SUCCESS")
	r.want(r.do("DELETE", "/crm/v8/Contacts/"+a, ""), 400, "INVALID_DATA")
	since := r.read304(t)
	r.Advance(time.Minute)
	r.want(r.do("DELETE", "/crm/v8/Contacts/"+b+"?wf_trigger=false", ""), 200, "SUCCESS")
	got := r.want(r.do("GET", "/crm/v8/Contacts/deleted?type=recycle", "", "If-Modified-Since", since), 200, "").list("data")
	if len(got) != 1 || got[0]["id"] != b || got[0]["type"] != "recycle" || got[0]["display_name"] != "B" {
		t.Errorf("%v", got)
	}
	got = r.want(r.do("GET", "/crm/v8/Contacts/deleted?type=all&per_page=1&page=2", ""), 200, "").list("data")
	if len(got) != 1 || got[0]["id"] != a {
		t.Errorf("%v", got)
	}
	r.want(r.do("GET", "/crm/v8/Contacts?fields=id", ""), 204, "")
	r.want(r.do("GET", "/crm/v8/Contacts/"+a, ""), 204, "")
	r.want(r.do("GET", "/crm/v8/Contacts/deleted?type=both", ""), 400, "INVALID_DATA")
	// What is deleted gives its unique value free.
	r.want(r.do("POST", "/crm/v8/Contacts", `{"data":[{"Last_Name":"C","ZohoSync_ID":"a"}]}`), 201, "SUCCESS")
	if cost := r.Requests()[0].Credits; cost != 2 {
		t.Errorf("the feed costs %d credits", cost)
	}
}

// read304 asks for what was deleted since now.
func (r *rig) read304(t *testing.T) string {
	t.Helper()
	since := clock.Format(stamp)
	r.want(r.do("GET", "/crm/v8/Contacts/deleted", "", "If-Modified-Since", since), 304, "")
	return since
}

func TestDeletedRecordsAge(t *testing.T) {
	r := checked(t, Options{})
	id := r.Put("Tasks", map[string]any{"Subject": "A"})
	r.Delete("Tasks", id)
	for _, c := range []struct {
		wait time.Duration
		kind string
	}{{0, "recycle"}, {inBin, "permanent"}, {inMemory - inBin, ""}} {
		r.Advance(c.wait)
		r.token = r.Token()
		got := r.do("GET", "/crm/v8/Tasks/deleted?type=all", "")
		if c.kind == "" {
			r.want(got, 204, "")
		} else if list := got.list("data"); len(list) != 1 || list[0]["type"] != c.kind {
			t.Errorf("%v", list)
		}
	}
	if r.Restore(id) {
		t.Error("restored after the recycle bin was emptied")
	}
}

func TestRestoreKeepsTheID(t *testing.T) {
	r := checked(t, Options{MarkField: true})
	id := r.Put("Contacts", map[string]any{"Last_Name": "A", "ZohoSync_ID": "a"})
	r.Delete("Contacts", id)
	r.Advance(time.Minute)
	r.want(r.do("POST", "/crm/v8/settings/recycle_bin/"+id+"/actions/restore", ""), 200, "SUCCESS")
	one := r.want(r.do("GET", "/crm/v8/Contacts/"+id, ""), 200, "").list("data")[0]
	if one["Modified_Time"] != "2026-11-22T11:01:00+01:00" {
		t.Error(one["Modified_Time"])
	}
	r.want(r.do("POST", "/crm/v8/Contacts", `{"data":[{"Last_Name":"C","ZohoSync_ID":"a"}]}`), 400, "DUPLICATE_DATA")
	r.want(r.do("GET", "/crm/v8/Contacts/deleted", ""), 204, "")
	r.Delete("Contacts", id)
	r.want(r.do("POST", "/crm/v8/settings/recycle_bin/actions/restore", `{"ids":["`+id+`","1"]}`), 207, "SUCCESS")
	r.want(r.do("GET", "/crm/v8/Contacts/"+id, ""), 200, "")
	r.want(r.do("POST", "/crm/v8/settings/recycle_bin/actions/restore", `{"ids":[]}`), 400, "INVALID_DATA")
	r.Delete("Contacts", id)
	r.Purge("Contacts", id)
	r.want(r.do("POST", "/crm/v8/settings/recycle_bin/"+id+"/actions/restore", ""), 400, "INVALID_DATA")
}

func TestLostAccessLooksLikeNothing(t *testing.T) {
	r := checked(t, Options{Contacts: 3, Seed: 1})
	id := r.Records("Contacts")[1]["id"].(string)
	r.Edit("Contacts", id, map[string]any{"$hidden": true})
	if got := r.want(r.do("GET", "/crm/v8/Contacts?fields=id", ""), 200, "").list("data"); len(got) != 2 {
		t.Errorf("%d listed", len(got))
	}
	r.want(r.do("GET", "/crm/v8/Contacts/"+id, ""), 204, "")
	r.want(r.do("GET", "/crm/v8/Contacts/deleted", ""), 204, "")
	r.want(r.do("PUT", "/crm/v8/Contacts/"+id, `{"data":[{"Phone":"1"}]}`), 403, "NO_PERMISSION")
	r.want(r.do("DELETE", "/crm/v8/Contacts?ids="+id, ""), 403, "NO_PERMISSION")
	r.Edit("Contacts", id, map[string]any{"$hidden": false})
	r.want(r.do("GET", "/crm/v8/Contacts/"+id, ""), 200, "")
}
