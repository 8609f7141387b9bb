package sandbox

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// clock is the time in most tests: a fixed moment that only Advance moves.
var clock = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

// rig is a sandbox behind a real server, with a token that may do everything.
type rig struct {
	*Server
	t     *testing.T
	url   string
	token string
}

func newRig(t *testing.T, o Options) *rig {
	t.Helper()
	if o.Now == nil {
		o.Now = func() time.Time { return clock }
	}
	s := New(o)
	server := httptest.NewServer(s.Handler())
	t.Cleanup(server.Close)
	return &rig{Server: s, t: t, url: server.URL, token: s.Token()}
}

// reply is one answer, decoded where it is JSON.
type reply struct {
	status int
	header http.Header
	text   string
	body   map[string]any
}

// do sends a request to the CRM. header holds names and values in turn.
func (r *rig) do(method, path, body string, header ...string) reply {
	r.t.Helper()
	req, err := http.NewRequest(method, r.url+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Zoho-oauthtoken "+r.token)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		r.t.Fatal(err)
	}
	return r.read(resp)
}

func (r *rig) read(resp *http.Response) reply {
	r.t.Helper()
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	out := reply{status: resp.StatusCode, header: resp.Header, text: string(text)}
	json.Unmarshal(text, &out.body)
	return out
}

// want fails unless the answer has the status and, where given, the code, bare or of its first item.
func (r *rig) want(got reply, status int, code string) reply {
	r.t.Helper()
	if got.status != status || code != "" && got.code() != code {
		r.t.Fatalf("got %d %s, want %d %s: %.300s", got.status, got.code(), status, code, got.text)
	}
	return got
}

func (a reply) code() string {
	if s, is := a.body["code"].(string); is {
		return s
	}
	for _, key := range []string{"data", "users", "tags", "variables", "fields", "recycle_bin"} {
		if list := a.list(key); len(list) > 0 {
			s, _ := list[0]["code"].(string)
			return s
		}
	}
	return ""
}

func (a reply) list(key string) []map[string]any { return listOf(a.body[key]) }

func (a reply) info(key string) any {
	info, _ := a.body["info"].(map[string]any)
	return info[key]
}

// id is the id in the first result of a write.
func (a reply) id() string {
	if list := a.list("data"); len(list) > 0 {
		details, _ := list[0]["details"].(map[string]any)
		return text(details["id"])
	}
	return ""
}

func TestStartsOnLoopbackOnly(t *testing.T) {
	s := New(Options{})
	if _, err := s.Start("0.0.0.0:0"); err == nil {
		t.Fatal("started on every address")
	}
	info, err := s.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Get(info.ControlURL)
	if err != nil || resp.StatusCode != 200 {
		t.Fatal(resp, err)
	}
	resp.Body.Close()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := http.Get(info.ControlURL); err == nil {
		t.Fatal("still listening")
	}
}

func TestSeedIsDeterministic(t *testing.T) {
	o := Options{Contacts: 60, Tasks: 40, Events: 40, Seed: 7, Now: func() time.Time { return clock }}
	one, two := New(o), New(o)
	for _, m := range []string{"Accounts", "Contacts", "Tasks", "Events"} {
		a, _ := json.Marshal(one.Records(m))
		b, _ := json.Marshal(two.Records(m))
		if string(a) != string(b) || len(a) < 500 {
			t.Errorf("%s differ, or are missing", m)
		}
	}
	o.Seed = 8
	a, _ := json.Marshal(one.Records("Contacts"))
	b, _ := json.Marshal(New(o).Records("Contacts"))
	if string(a) == string(b) {
		t.Error("another seed makes the same contacts")
	}
}

func TestSeedFillsEveryField(t *testing.T) {
	s := New(Options{Contacts: 300, Tasks: 300, Events: 300, Seed: 1})
	for module, names := range map[string][]string{
		"Contacts": {"Salutation", "First_Name", "Last_Name", "Email", "Secondary_Email", "Phone", "Mobile", "Home_Phone", "Other_Phone",
			"Asst_Phone", "Fax", "Account_Name", "Reporting_To", "Title", "Department", "Assistant", "Date_of_Birth", "Description",
			"Mailing_Street", "Mailing_City", "Mailing_State", "Mailing_Zip", "Mailing_Country", "Other_Street"},
		"Tasks":  {"Subject", "Due_Date", "Status", "Priority", "Description", "Remind_At", "Who_Id"},
		"Events": {"Event_Title", "Start_DateTime", "End_DateTime", "Venue", "Description", "Participants", "Remind_At", "Who_Id"},
	} {
		for _, name := range names {
			filled := 0
			for _, r := range s.Records(module) {
				if r[name] != nil {
					filled++
				}
			}
			if filled < 10 {
				t.Errorf("%s.%s: filled in %d records", module, name, filled)
			}
		}
	}
}
