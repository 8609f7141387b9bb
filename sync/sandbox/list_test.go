package sandbox

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// walk lists a module to its end by page and page_token, calling between after every page.
func (r *rig) walk(query string, between func(page int), header ...string) (ids []string) {
	r.t.Helper()
	next := ""
	for page := 1; ; page++ {
		path := "/crm/v8/Contacts?" + query
		if next != "" {
			path += "&page_token=" + next
		}
		got := r.want(r.do("GET", path, "", header...), 200, "")
		for _, o := range got.list("data") {
			ids = append(ids, o["id"].(string))
		}
		if got.info("more_records") != true {
			return ids
		}
		next = got.info("next_page_token").(string)
		if between != nil {
			between(page)
		}
	}
}

func TestListReachesEveryRecordOnce(t *testing.T) {
	r := checked(t, Options{Contacts: 2450, Seed: 1, Unlimited: true})
	for _, order := range []string{"", "&sort_order=asc", "&sort_by=Modified_Time&sort_order=asc", "&sort_by=Created_Time"} {
		ids := r.walk("fields=Last_Name"+order, nil)
		sorted := slices.Clone(ids)
		slices.Sort(sorted)
		if len(slices.Compact(sorted)) != 2450 || len(ids) != 2450 {
			t.Errorf("%q lists %d records", order, len(ids))
		}
		if order == "" && !slices.IsSortedFunc(ids, func(a, b string) int { return strings.Compare(b, a) }) {
			t.Error("the default order is not falling by id")
		}
	}
	r.want(r.do("GET", "/crm/v8/Contacts?fields=id&page=10", ""), 200, "")
	r.want(r.do("GET", "/crm/v8/Contacts?fields=id&page=11", ""), 400, "DISCRETE_PAGINATION_LIMIT_EXCEEDED")
	r.want(r.do("GET", "/crm/v8/Contacts?fields=id&page=14&per_page=100", ""), 200, "")
}

// A page token goes on where it was, also when records come, change and go in between.
func TestPageTokenSurvivesChanges(t *testing.T) {
	r := newRig(t, Options{Contacts: 500, Seed: 2, Unlimited: true})
	before := r.Records("Contacts")
	ids := r.walk("fields=id&per_page=100", func(page int) {
		r.Delete("Contacts", before[len(before)-page]["id"].(string)) // already listed
		r.Put("Contacts", map[string]any{"Last_Name": "New"})
	})
	if len(ids) != 500 {
		t.Errorf("%d records", len(ids))
	}
}

func TestPageTokenIsBound(t *testing.T) {
	r := newRig(t, Options{Contacts: 300, Seed: 1})
	since := []string{"If-Modified-Since", "2026-01-01T00:00:00+01:00"}
	got := r.want(r.do("GET", "/crm/v8/Contacts?fields=id", "", since...), 200, "")
	token := got.info("next_page_token").(string)
	r.want(r.do("GET", "/crm/v8/Contacts?fields=id&page_token="+token, "", since...), 200, "")
	r.want(r.do("GET", "/crm/v8/Contacts?fields=id&page_token="+token, ""), 400, "TOKEN_BOUND_DATA_MISMATCH")
	r.want(r.do("GET", "/crm/v8/Contacts?fields=id,Email&page_token="+token, "", since...), 400, "TOKEN_BOUND_DATA_MISMATCH")
	r.want(r.do("GET", "/crm/v8/Contacts?fields=id&page=2&page_token="+token, "", since...), 400, "AMBIGUITY_DURING_PROCESSING")
	r.want(r.do("GET", "/crm/v8/Contacts?fields=id&page_token=x", "", since...), 400, "INVALID_DATA")
	r.Advance(tokenLife)
	r.token = r.Token()
	r.want(r.do("GET", "/crm/v8/Contacts?fields=id&page_token="+token, "", since...), 400, "EXPIRED_VALUE")
}

func TestListParameters(t *testing.T) {
	r := checked(t, Options{Contacts: 5, Seed: 1})
	many := strings.TrimSuffix(strings.Repeat("F,", 51), ",")
	for path, code := range map[string]string{
		"Contacts": "REQUIRED_PARAM_MISSING", "Contacts?fields=" + many: "LIMIT_EXCEEDED", "Contacts?fields=id&per_page=201": "INVALID_DATA",
		"Contacts?fields=id&page=0": "INVALID_DATA", "Contacts?fields=id&sort_by=Email": "INVALID_DATA", "Contacts?fields=id&sort_order=up": "INVALID_DATA",
		"Contacts?fields=id&cvid=1": "INVALID_DATA", "Contacts?fields=id&cvid=1&sort_by=id": "AMBIGUITY_DURING_PROCESSING",
		"Contact?fields=id": "INVALID_MODULE", "Contacts?fields=id&ids=" + strings.Repeat("1,", 101): "LIMIT_EXCEEDED",
	} {
		r.want(r.do("GET", "/crm/v8/"+path, ""), 400, code)
	}
	r.want(r.do("GET", "/crm/v8/Contacts?fields=id", "", "If-Modified-Since", "Sun, 22 Nov 2026 10:00:00 GMT"), 400, "INVALID_DATA")
	r.want(r.do("GET", "/crm/v8/Tasks?fields=id", ""), 204, "")
	r.want(r.do("PATCH", "/crm/v8/Contacts", ""), 405, "INVALID_REQUEST_METHOD")
	r.want(r.do("GET", "/crm/v7/Contacts?fields=id", ""), 404, "INVALID_URL_PATTERN")
	r.want(r.do("GET", "/crm/v8/settings/nothing", ""), 404, "INVALID_URL_PATTERN")
}

func TestModifiedSince(t *testing.T) {
	r := checked(t, Options{Contacts: 20, Seed: 1})
	now := clock.Format(stamp)
	r.want(r.do("GET", "/crm/v8/Contacts?fields=id", "", "If-Modified-Since", now), 304, "")
	id := r.Records("Contacts")[3]["id"].(string)
	r.Edit("Contacts", id, map[string]any{"Phone": "+49 30 1"})
	// One second is all that Zoho keeps: what changed within the second of the header is not listed.
	r.want(r.do("GET", "/crm/v8/Contacts?fields=id", "", "If-Modified-Since", now), 304, "")
	r.Advance(time.Second)
	r.Edit("Contacts", id, map[string]any{"Phone": "+49 30 2"})
	got := r.want(r.do("GET", "/crm/v8/Contacts?fields=Phone,Modified_Time", "", "If-Modified-Since", now), 200, "").list("data")
	if len(got) != 1 || got[0]["id"] != id || got[0]["Modified_Time"] != "2026-11-22T11:00:01+01:00" {
		t.Errorf("%v", got)
	}
	r.want(r.do("GET", "/crm/v8/Contacts/"+id, "", "If-Modified-Since", now), 200, "")
	r.want(r.do("GET", "/crm/v8/Contacts/"+r.Records("Contacts")[0]["id"].(string), "", "If-Modified-Since", now), 304, "")
}

func TestChosenIDs(t *testing.T) {
	r := checked(t, Options{Contacts: 5, Seed: 1})
	all := r.Records("Contacts")
	path := fmt.Sprintf("/crm/v8/Contacts?fields=Last_Name&ids=%s,%s,1", all[1]["id"], all[3]["id"])
	if got := r.want(r.do("GET", path, ""), 200, "").list("data"); len(got) != 2 {
		t.Errorf("%d records", len(got))
	}
	r.want(r.do("GET", "/crm/v8/Contacts/1", ""), 204, "")
}

func TestRichTextIsCut(t *testing.T) {
	r := checked(t, Options{})
	long := strings.Repeat("ä", 1200)
	id := r.Put("Tasks", map[string]any{"Subject": "S", "Description": long})
	for _, path := range []string{"/crm/v8/Tasks?fields=Description", "/crm/v8/Tasks/" + id} {
		got := r.want(r.do("GET", path, ""), 200, "").list("data")[0]
		if n := len([]rune(got["Description"].(string))); n != richCut {
			t.Errorf("%s shows %d characters", path, n)
		}
		if _, told := got["$has_more"]; told != (path == "/crm/v8/Tasks/"+id) {
			t.Errorf("%s: $has_more %t", path, told)
		}
	}
	for _, path := range []string{"/crm/v8/Tasks/actions/fetch_full_data?fields=Description&ids=" + id, "/crm/v8/Tasks/" + id + "/actions/fetch_full_data"} {
		if got := r.want(r.do("GET", path, ""), 200, "").list("data")[0]; got["Description"] != long {
			t.Errorf("%s is not whole", path)
		}
	}
	// The description of a contact is a plain text of several lines and comes whole.
	id = r.Put("Contacts", map[string]any{"Last_Name": "L", "Description": long})
	if got := r.want(r.do("GET", "/crm/v8/Contacts/"+id, ""), 200, "").list("data")[0]; got["Description"] != long {
		t.Error("a plain text is cut")
	}
}

func TestViewsAndCount(t *testing.T) {
	r := checked(t, Options{Contacts: 200, Seed: 3})
	views := r.want(r.do("GET", "/crm/v8/settings/custom_views?module=Contacts", ""), 200, "").list("custom_views")
	for _, c := range r.Records("Contacts")[:7] {
		r.Edit("Contacts", c["id"].(string), map[string]any{"Owner": map[string]any{"id": r.Users()[1]}})
	}
	mine := 0
	for _, c := range r.Records("Contacts") {
		if c["Owner"].(map[string]any)["id"] == r.Users()[0] {
			mine++
		}
	}
	before := r.Credits()
	got := r.want(r.do("GET", "/crm/v8/Contacts?fields=Owner&cvid="+views[1]["id"].(string), ""), 200, "").list("data")
	if len(got) != mine || mine != 193 {
		t.Errorf("%d of %d are mine, %d listed", mine, 200, len(got))
	}
	if r.Credits()-before != 3 {
		t.Errorf("a view costs %d credits", r.Credits()-before)
	}
	if got := r.want(r.do("GET", "/crm/v8/Contacts/actions/count", ""), 200, ""); got.body["count"] != 200.0 {
		t.Error(got.text)
	}
}

func TestSearch(t *testing.T) {
	r := checked(t, Options{})
	id := r.Put("Contacts", map[string]any{"Last_Name": "Lovelace", "First_Name": "Ada", "Email": "ada@one.example.com", "Phone": "+44 123"})
	r.Put("Contacts", map[string]any{"Last_Name": "Loveless (sales)", "Email": "x@two.example.com"})
	search := func(name, value string) reply {
		return r.do("GET", "/crm/v8/Contacts/search?"+name+"="+url.QueryEscape(value), "")
	}
	for name, value := range map[string]string{
		"email": "ada@one.example.com", "phone": "+44 123", "word": "Ada", "criteria": "((Last_Name:starts_with:Love)and(First_Name:equals:ada))",
	} {
		if got := r.want(search(name, value), 200, "").list("data"); len(got) != 1 || got[0]["id"] != id {
			t.Errorf("%s finds %d", name, len(got))
		}
	}
	// Equals is no more than contains, and brackets are escaped.
	for value, want := range map[string]int{`(Last_Name:equals:love)`: 2, `(Last_Name:equals:Loveless \(sales\))`: 1, `((Email:in:x@two.example.com)or(Phone:equals:123))`: 2} {
		if got := r.want(search("criteria", value), 200, "").list("data"); len(got) != want {
			t.Errorf("%s finds %d", value, len(got))
		}
	}
	r.want(search("word", "nobody"), 204, "")
	r.want(search("criteria", "Last_Name=x"), 400, "INVALID_QUERY")
	r.want(search("criteria", "(Nothing:equals:x)"), 400, "INVALID_QUERY")
	r.want(search("criteria", strings.TrimSuffix(strings.Repeat("(Email:equals:a)or", 11), "or")), 400, "CRITERIA_LIMIT_EXCEEDED")
	r.want(r.do("GET", "/crm/v8/Contacts/search?word=an&page=11", ""), 400, "LIMIT_REACHED")
	r.want(r.do("GET", "/crm/v8/Contacts/search", ""), 400, "EXPECTED_PARAM_MISSING")
}

func TestUniqueEmail(t *testing.T) {
	r := checked(t, Options{UniqueEmail: true})
	first := r.want(r.do("POST", "/crm/v8/Contacts", `{"data":[{"Last_Name":"A","Email":"a@b.example"}]}`), 201, "SUCCESS")
	again := r.want(r.do("POST", "/crm/v8/Contacts", `{"data":[{"Last_Name":"B","Email":"A@b.example"}]}`), 400, "DUPLICATE_DATA")
	if again.id() != first.id() {
		t.Error(again.text)
	}
}

// Clients take the time of their next question from the answer, so it has to be the organisation's own.
func TestAnswersTellTheTimeOfTheSandbox(t *testing.T) {
	r := checked(t, Options{Contacts: 1, Seed: 3})
	date := func() time.Time {
		at, err := http.ParseTime(r.do("GET", "/crm/v8/Contacts?fields=id", "").header.Get("Date"))
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	before := date()
	r.Advance(48 * time.Hour)
	if d := date().Sub(before); d < 48*time.Hour || d > 49*time.Hour {
		t.Errorf("two days later the answers are %v later", d)
	}
}
