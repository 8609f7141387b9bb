package zoho

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// org is an organisation that answers as a test scripts it; its metadata are those of a CRM that nobody has changed.
type org struct {
	t    testing.TB
	url  string
	date time.Time // what its clock shows

	mu      sync.Mutex
	playing sync.Mutex // held while a script answers
	script  map[string]func(asked) reply
	asked   []asked
	fields  map[string][]map[string]any
	modules []map[string]any
}

// asked is one request; key is its method and path below /crm/v8.
type asked struct {
	key    string
	query  map[string][]string
	header http.Header
	body   []byte
}

// data returns the records of the body.
func (a asked) data(t testing.TB) []map[string]any {
	t.Helper()
	var body struct {
		Data    []map[string]any `json:"data"`
		Trigger *[]string        `json:"trigger"`
	}
	if err := json.Unmarshal(a.body, &body); err != nil {
		t.Fatalf("%s: %v", a.key, err)
	}
	if body.Trigger == nil || len(*body.Trigger) != 0 {
		t.Errorf("%s starts automations: trigger is %v", a.key, body.Trigger)
	}
	return body.Data
}

// reply is one answer; cut breaks the connection instead.
type reply struct {
	status int
	body   any
	header map[string]string
	cut    bool
}

func newOrg(t testing.TB) *org {
	t.Helper()
	o := &org{t: t, date: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), script: map[string]func(asked) reply{}, fields: map[string][]map[string]any{}}
	for _, name := range modules {
		o.fields[name] = metadata(kinds[name])
		o.modules = append(o.modules, map[string]any{"api_name": name, "plural_label": name + " here", "api_supported": true})
	}
	server := httptest.NewServer(o)
	t.Cleanup(server.Close)
	o.url = server.URL
	return o
}

// on scripts the answer to a request such as "GET /Contacts".
func (o *org) on(key string, f func(asked) reply) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.script[key] = f
}

// requests returns what was asked, without the metadata.
func (o *org) requests() []asked {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(o.asked), func(a asked) bool {
		return strings.HasPrefix(a.key, "GET /settings") || a.key == "GET /users"
	})
}

func (o *org) keys() string {
	var out []string
	for _, a := range o.requests() {
		out = append(out, a.key)
	}
	return strings.Join(out, "; ")
}

func (o *org) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	a := asked{key: r.Method + " " + strings.TrimPrefix(r.URL.Path, apiPath), query: r.URL.Query(), header: r.Header, body: body}
	o.mu.Lock()
	o.asked = append(o.asked, a)
	f := o.script[a.key]
	date := o.date
	o.mu.Unlock()
	rep := o.meta(a)
	if f != nil {
		// One at a time: after a lost answer the next question comes while the handler of the first still runs.
		o.playing.Lock()
		rep = f(a)
		o.playing.Unlock()
	}
	if rep.cut {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Date", date.Format(http.TimeFormat))
	w.Header().Set("Content-Type", "application/json")
	for k, v := range rep.header {
		w.Header().Set(k, v)
	}
	w.WriteHeader(rep.status)
	if rep.body != nil {
		_ = json.NewEncoder(w).Encode(rep.body)
	}
}

func (o *org) meta(a asked) reply {
	switch a.key {
	case "GET /settings/modules":
		return reply{status: 200, body: map[string]any{"modules": o.modules}}
	case "GET /settings/fields":
		return reply{status: 200, body: map[string]any{"fields": o.fields[a.query["module"][0]]}}
	case "GET /users":
		return reply{status: 200, body: map[string]any{"users": []any{map[string]any{
			"id": "901", "time_zone": "Europe/Berlin", "offset": 3600000, "profile": map[string]any{"id": "77"}}}}}
	}
	return reply{status: 204}
}

// open opens a module with all its fields.
func (o *org) open(kind record.Kind, settings ...string) provider.Collection {
	o.t.Helper()
	p := o.provider(settings...)
	for name, k := range kinds {
		if k == kind {
			c, err := p.Open(o.t.Context(), name, kind, append(record.FieldsOf(kind), record.Owner))
			if err != nil {
				o.t.Fatal(err)
			}
			return c
		}
	}
	return nil
}

func (o *org) provider(settings ...string) provider.Provider {
	o.t.Helper()
	a := provider.Account{Settings: map[string]string{SettingURL: o.url}, Zone: time.UTC}
	for i := 0; i+1 < len(settings); i += 2 {
		a.Settings[settings[i]] = settings[i+1]
	}
	p, err := New(a, &http.Client{Transport: &checking{t: o.t, spec: specOf(o.t)}})
	if err != nil {
		o.t.Fatal(err)
	}
	return p
}

// metadata are the fields of a module: those of the codec, those beside it, and a few of an organisation's own.
func metadata(kind record.Kind) []map[string]any {
	types := map[string]string{
		"Salutation": "picklist", "Status": "picklist", "Priority": "picklist", "Description": "textarea", "Email": "email", "Tag": "text",
		"Account_Name": "lookup", "Reporting_To": "lookup", "Owner": "ownerlookup", "Date_of_Birth": "date", "Due_Date": "date",
		"Start_DateTime": "datetime", "End_DateTime": "datetime", "All_day": "boolean", "Participants": "bigint",
	}
	picks := map[string][]string{
		"Salutation": {"-None-", "Mr.", "Dr."}, "Priority": {"HIGH", "Highest", "Low", "Lowest", "Normal", "Whenever"},
		"Status": {"Not Started", "Deferred", "In progress", "Completed", "Waiting for input"},
	}
	var out []map[string]any
	add := func(name, dataType string, length int) map[string]any {
		f := map[string]any{"api_name": name, "data_type": dataType, "length": length, "private": nil, "hipaa_compliance": nil,
			"operation_type": map[string]any{"api_create": true, "api_update": true}, "read_only": false,
			"profiles": []any{map[string]any{"id": "77", "permission_type": "read_write"}}}
		for _, v := range picks[name] {
			list, _ := f["pick_list_values"].([]any)
			f["pick_list_values"] = append(list, map[string]any{"actual_value": v, "display_value": v, "type": "used"})
		}
		out = append(out, f)
		return f
	}
	for _, c := range columns {
		for _, n := range c.names {
			if c.kind == kind {
				dataType := types[n]
				if dataType == "" {
					dataType = "text"
				}
				add(n, dataType, 100)["system_mandatory"] = c.must
			}
		}
	}
	add("Modified_Time", "datetime", 0)
	if kind != record.Contact {
		add("Recurring_Activity", "RRULE", 0)
	}
	add("Number__c", "integer", 9)
	add("Flag__c", "boolean", 5)
	add("Moment__c", "datetime", 0)
	add("Several__c", "multiselectpicklist", 255)
	add("Picture__c", "profileimage", 255)
	return out
}

// field returns one row of the metadata, to be changed.
func (o *org) field(module, name string) map[string]any {
	for _, f := range o.fields[module] {
		if f["api_name"] == name {
			return f
		}
	}
	o.t.Fatalf("no field %s", name)
	return nil
}

// heard is a sink that remembers.
type heard struct {
	before   map[int]string
	done     map[int]provider.Result
	onBefore func(i int) error
	onDone   func(i int) error
}

func (h *heard) Before(i int, raw []byte) error {
	h.before[i] = string(raw)
	if h.onBefore != nil {
		return h.onBefore(i)
	}
	return nil
}

func (h *heard) Done(i int, r provider.Result) error {
	if _, twice := h.done[i]; twice {
		panic("Done was called twice")
	}
	h.done[i] = r
	if h.onDone != nil {
		return h.onDone(i)
	}
	return nil
}

// apply carries writes out.
func apply(t testing.TB, c provider.Collection, writes ...record.Write) (*heard, error) {
	t.Helper()
	h := &heard{before: map[int]string{}, done: map[int]provider.Result{}}
	return h, c.Apply(t.Context(), writes, h)
}

// records answers with a list of records.
func records(list ...map[string]any) reply {
	if len(list) == 0 {
		return reply{status: 204}
	}
	return reply{status: 200, body: map[string]any{"data": list, "info": map[string]any{"more_records": false}}}
}

// success is the result of a record that was written; failed of one that was not.
func success(id string) map[string]any {
	return map[string]any{"code": "SUCCESS", "status": "success", "message": "record added", "details": map[string]any{
		"id": id, "Modified_Time": "2026-11-22T13:00:00+01:00"}}
}

func failed(code string, details map[string]any) map[string]any {
	return map[string]any{"code": code, "status": "error", "message": "Ada said no", "details": details}
}

// results answers a write record by record.
func results(status int, list ...map[string]any) reply {
	return reply{status: status, body: map[string]any{"data": list}}
}

// whole is the error of a whole request.
func wholeError(status int, code string) reply {
	return reply{status: status, body: failed(code, map[string]any{})}
}

// contact is a record as Zoho lists it.
func contact(id, last, modified string, more ...string) map[string]any {
	o := map[string]any{"id": id, "Last_Name": last, "Modified_Time": modified, "Owner": map[string]any{"id": "901", "name": "Me"}}
	for i := 0; i+1 < len(more); i += 2 {
		o[more[i]] = more[i+1]
	}
	return o
}
