package sandbox

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"zohosync/sync/sandbox/oascheck"
)

// checked is a rig whose every exchange is held against the published description.
func checked(t *testing.T, o Options) *rig {
	t.Helper()
	r := newRig(t, o)
	server := httptest.NewServer(oascheck.Handler(t, r.Handler()))
	t.Cleanup(server.Close)
	r.url = server.URL
	return r
}

// example is one line of the collection of right and wrong exchanges.
type example struct {
	Name, Method, Path string
	Query, Headers     map[string]string
	Request            json.RawMessage
	Status             int
	Valid              bool
	Wrong              string
}

func examples(t *testing.T) []example {
	t.Helper()
	path, found := oascheck.Shared("specs/zoho-crm/examples.jsonl")
	if !found {
		t.Skip("the collection of examples is not on this machine")
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []example
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var e example
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		out = append(out, e)
	}
	return out
}

// body is the request's body: JSON as it is, or the raw bytes that a JSON string stands for.
func (e example) body() string {
	var raw string
	switch {
	case len(e.Request) == 0 || string(e.Request) == "null":
		return ""
	case json.Unmarshal(e.Request, &raw) == nil:
		return raw
	}
	return string(e.Request)
}

// ids are replaced by ids of the sandbox, module by module, so that the examples have something to talk about.
var exampleID = regexp.MustCompile(`554023000000\d{6}`)

func (r *rig) translate(e example, s string) string {
	return exampleID.ReplaceAllStringFunc(s, func(id string) string {
		switch {
		case id == "554023000000235011":
			return r.Users()[0]
		case id == "554023000000990001":
			return r.Users()[1]
		case strings.HasPrefix(id, "5540230000009850"):
			return r.org.variables[0].id
		case strings.HasPrefix(id, "5540230000005279"), strings.HasPrefix(id, "5540230000000159"), strings.HasPrefix(id, "554023000000089"):
			return id
		case strings.HasPrefix(id, "554023000000800"):
			return r.Records("Products")[0]["id"].(string)
		}
		list := r.Records(strings.Split(e.Path, "/")[3])
		if len(list) == 0 {
			return id
		}
		if strings.HasSuffix(id, "3") {
			return list[1]["id"].(string)
		}
		return list[0]["id"].(string)
	})
}

func (r *rig) play(e example) (reply, oascheck.Exchange) {
	r.t.Helper()
	body := r.translate(e, e.body())
	req, err := http.NewRequest(e.Method, r.url+r.translate(e, e.Path), strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	q := req.URL.Query()
	for name, v := range e.Query {
		q.Set(name, r.translate(e, v))
	}
	req.URL.RawQuery = q.Encode()
	for name, v := range e.Headers {
		req.Header.Set(name, strings.Replace(v, "1000.test", r.token, 1))
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		r.t.Fatal(err)
	}
	got := r.read(resp)
	return got, oascheck.Exchange{Request: req, RequestBody: []byte(body), Status: got.status, Header: got.header, Body: []byte(got.text)}
}

// stocked is a sandbox in which the examples find something.
func stocked(t *testing.T) *rig {
	r := newRig(t, Options{Contacts: 5, Tasks: 3, Events: 3, Seed: 1, Unlimited: true})
	product := r.Put("Products", map[string]any{"Product_Name": "Engine"})
	contact := r.Records("Contacts")[0]["id"].(string)
	r.want(r.do("PUT", "/crm/v8/Contacts/"+contact+"/Products", `{"data":[{"id":"`+product+`"}]}`), 200, "")
	meeting := r.Records("Events")[0]["id"].(string)
	r.want(r.do("PUT", "/crm/v8/Events/"+meeting, `{"data":[{"Start_DateTime":"2026-12-01T10:00:00Z","End_DateTime":"2026-12-01T11:00:00Z",
		"Participants":[{"type":"email","participant":"guest@example.test"}],"$send_notification":true}]}`), 200, "")
	r.Edit("Tasks", r.Records("Tasks")[0]["id"].(string), map[string]any{"Description": strings.Repeat("y", 800)})
	return r
}

// elsewhere are examples that no sandbox can follow to the letter: bulk reads, which it does not have; a page token of some
// other listing; a meeting without its mandatory times.
var elsewhere = []string{"bulk read", "bulk result", "list contacts by page_token", "insert event, no approval state"}

func TestExamplesAreAnswered(t *testing.T) {
	check, err := oascheck.New()
	if err != nil {
		t.Fatal(err)
	}
	played := 0
	for _, e := range examples(t) {
		if check == nil {
			t.Skip("the description of the API is not on this machine")
		}
		if !e.Valid || slices.ContainsFunc(elsewhere, func(s string) bool { return strings.HasPrefix(e.Name, s) }) {
			continue
		}
		t.Run(e.Name, func(t *testing.T) {
			r := stocked(t)
			_, x := r.play(e)
			played++
			request, response := check.Check(x)
			if request != nil && x.Status < 400 {
				t.Errorf("accepted a wrong request: %v", request)
			}
			if response != nil {
				t.Errorf("answer %d: %v: %.400s", x.Status, response, x.Body)
			}
			if e.Status < 300 && x.Status >= 400 {
				t.Errorf("answered %d where %d was expected: %.300s", x.Status, e.Status, x.Body)
			}
		})
	}
	if played < 90 {
		t.Errorf("only %d examples were played", played)
	}
}

func TestWrongRequestsAreRefused(t *testing.T) {
	check, err := oascheck.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range examples(t) {
		if e.Valid || e.Wrong != "request" {
			continue
		}
		t.Run(e.Name, func(t *testing.T) {
			r := stocked(t)
			got, x := r.play(e)
			if got.status < 400 || got.code() == "" {
				t.Fatalf("answered %d %s: %.300s", got.status, got.code(), got.text)
			}
			if check == nil {
				t.Skip("the description of the API is not on this machine")
			}
			if _, response := check.Check(x); response != nil && !strings.Contains(response.Error(), "no matching operation") {
				t.Errorf("refused with %d %s, which is not documented: %v", got.status, got.code(), response)
			}
		})
	}
}

// The checker itself must see what is wrong, or the tests above prove nothing.
func TestCheckerSeesWrongAnswers(t *testing.T) {
	check, err := oascheck.New()
	if err != nil {
		t.Fatal(err)
	}
	if check == nil {
		t.Skip("the description of the API is not on this machine")
	}
	req := httptest.NewRequest("GET", "/crm/v8/Contacts?fields=id", nil)
	req.Header.Set("Authorization", "Zoho-oauthtoken x")
	header := http.Header{"Content-Type": {"application/json"}}
	for text, wrong := range map[string]bool{
		`{"data":[{"id":"1"}]}`:                     false,
		`{"data":[{"id":1}]}`:                       true,
		`{"data":[{"id":"1"}],"info":{"pages":1}}`:  true,
		`{"code":"INVALID_DATA","status":"error"}`:  true,
		`{"data":[{"id":"1","Modified_Time":"x"}]}`: true,
	} {
		_, response := check.Check(oascheck.Exchange{Request: req, Status: 200, Header: header, Body: []byte(text)})
		if (response != nil) != wrong {
			t.Errorf("%s: %v", text, response)
		}
		if response != nil && bytes.Contains([]byte(response.Error()), []byte(`"x"`)) {
			t.Errorf("the message shows a value: %v", response)
		}
	}
}
