package zoho

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"zohosync/sync/provider"
	"zohosync/sync/provider/providertest"
	"zohosync/sync/record"
	"zohosync/sync/sandbox"
)

// place is a sandbox that a test works with, and the clock that both share.
type place struct {
	t    testing.TB
	s    *sandbox.Server
	url  string
	skew atomic.Int64

	known sync.Map // metadata that were checked
}

func (p *place) now() time.Time { return time.Now().Add(time.Duration(p.skew.Load())) }

// tick lets so much time pass that a delta no longer looks back at what happened before.
func (p *place) tick() { p.skew.Add(int64(overlap + 2*time.Second)) }

func newPlace(t testing.TB, o sandbox.Options) *place {
	t.Helper()
	p := &place{t: t}
	o.Now, o.Unlimited = p.now, true
	p.s = sandbox.New(o)
	h := p.s.Handler()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", p.now().UTC().Format(http.TimeFormat))
		h.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	p.url = server.URL
	return p
}

// provider signs in anew.
func (p *place) provider(t testing.TB) provider.Provider {
	t.Helper()
	c := &http.Client{Transport: &checking{t: t, spec: specOf(t), answers: &p.known, token: p.s.Token()}}
	out, err := New(provider.Account{Settings: map[string]string{SettingURL: p.url}}, c)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (p *place) open(t testing.TB, kind record.Kind, fields []record.Field) provider.Collection {
	t.Helper()
	name := map[record.Kind]string{record.Contact: "Contacts", record.Task: "Tasks", record.Event: "Events"}[kind]
	c, err := p.provider(t).Open(t.Context(), name, kind, fields)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The conformance suite, in organisations with and without a field for marks.
func TestConformance(t *testing.T) {
	for _, marks := range []bool{false, true} {
		for name, kind := range kinds {
			t.Run(fmt.Sprintf("%s marks %v", name, marks), func(t *testing.T) {
				p := newPlace(t, sandbox.Options{MarkField: marks})
				for _, n := range []string{"Zoë & Söhne", "Acme"} {
					p.s.Put("Accounts", map[string]any{"Account_Name": n})
				}
				p.s.Put("Contacts", map[string]any{"Last_Name": "Lovelace", "First_Name": "Ada"})
				p.tick()
				providertest.Run(t, providertest.Setup{
					Kind:     kind,
					Open:     func(t testing.TB, fields []record.Field) provider.Collection { return p.open(t, kind, fields) },
					Provider: p.provider,
					Adorn: func(t testing.TB, id record.ID) {
						p.tick()
						if !p.s.Edit(name, string(id), map[string]any{unmapped(kind): "kept"}) {
							t.Error("no such record")
						}
						p.tick()
					},
					Extra: func(t testing.TB, id record.ID) string {
						b, _ := json.Marshal(p.s.Record(name, string(id))[unmapped(kind)])
						return string(b)
					},
					Tick:   p.tick,
					Values: map[record.Field][]string{record.ReportsTo: {"Ada Lovelace"}},
					Can:    providertest.Can{Marks: marks, Keys: marks, Restore: true, Repeats: true, Many: pageSize + 1, Idle: 2},
				})
				if p.s.Mails() != 0 || p.s.Automations() != 0 {
					t.Errorf("%d mails and %d automations were started", p.s.Mails(), p.s.Automations())
				}
			})
		}
	}
}

// unmapped is a text that no field of ours maps.
func unmapped(kind record.Kind) string {
	return map[record.Kind]string{record.Contact: "Skype_ID", record.Task: "Send_Notification_Email", record.Event: "Meeting_Venue__s"}[kind]
}

// Everything that a lively organisation holds can be listed, the occurrences of its series too.
func TestSeededOrganisation(t *testing.T) {
	p := newPlace(t, sandbox.Options{Contacts: 450, Tasks: 300, Events: 500, Seed: 7, MarkField: true})
	for name, kind := range kinds {
		c := p.open(t, kind, append(record.FieldsOf(kind), record.Owner))
		ids := map[record.ID]bool{}
		used := map[record.Field]int{}
		for _, page := range walk(t, c, "") {
			for _, it := range page.Changed {
				ids[it.ID] = true
				for f := range it.Record {
					used[f]++
				}
			}
			for _, s := range page.Skipped {
				ids[s.ID] = true
				t.Errorf("a record of %s cannot be read: %v", name, s.Err)
			}
		}
		if want := len(p.s.Records(name)); len(ids) != want {
			t.Errorf("%d of %d records of %s are listed", len(ids), want, name)
		}
		for f := range c.Info().Limits[kind] {
			if record.Lookup(kind, f).Label != string(f) && used[f] == 0 {
				t.Errorf("no record of %s has a %s", name, f)
			}
		}
	}
}

// A create whose answer was lost makes no second record where the organisation has a field for marks.
func TestLostAnswerDoublesNothing(t *testing.T) {
	p := newPlace(t, sandbox.Options{MarkField: true})
	w := creating("Lovelace")
	w.Mark = "uid-1"
	for _, kind := range []string{"drop-after", "truncate"} {
		p.s.Fault(sandbox.Fault{Match: "POST /crm/v8/Contacts", Kind: kind})
		h, err := apply(t, p.open(t, record.Contact, record.FieldsOf(record.Contact)), w)
		var retry *provider.RetryError
		if !errors.As(err, &retry) || !retry.Sent || len(h.done) != 0 {
			t.Errorf("%s: %v, %v", kind, err, h.done)
		}
	}
	h, err := apply(t, p.open(t, record.Contact, record.FieldsOf(record.Contact)), w)
	if err != nil || h.done[0].Err != nil || len(p.s.Records("Contacts")) != 1 || h.done[0].Item.ID == "" {
		t.Errorf("%v, %+v; %d contacts", err, h.done[0], len(p.s.Records("Contacts")))
	}
}

// An update whose answer was lost is found out by reading again.
func TestLostAnswerOfAnUpdate(t *testing.T) {
	p := newPlace(t, sandbox.Options{})
	id := p.s.Put("Contacts", map[string]any{"Last_Name": "Lovelace"})
	p.s.Fault(sandbox.Fault{Match: "PUT /crm/v8/Contacts", Kind: "drop-after"})
	h, err := apply(t, p.open(t, record.Contact, record.FieldsOf(record.Contact)), updating(id, "fax", "22"))
	if err != nil || h.done[0].Err != nil || h.done[0].Item.Record[record.Fax] != "22" {
		t.Errorf("%v, %+v", err, h.done)
	}
}

// A record that the person may no longer see is not named as deleted, and writes to it miss it.
func TestLostAccess(t *testing.T) {
	p := newPlace(t, sandbox.Options{})
	id := p.s.Put("Tasks", map[string]any{"Subject": "Call"})
	p.tick()
	c := p.open(t, record.Task, record.FieldsOf(record.Task))
	since := walk(t, c, "")[0].Next
	p.s.Edit("Tasks", id, map[string]any{"$hidden": true})
	p.tick()
	if page := walk(t, c, since)[0]; len(page.Deleted)+len(page.Changed) > 0 {
		t.Errorf("lost access is listed as %+v", page)
	}
	h, err := apply(t, c, updating(id, "subject", "Call again"))
	if err != nil || h.done[0].Err != provider.ErrNotFound {
		t.Errorf("%v, %v", err, h.done[0].Err)
	}
}

// A consent that leaves out a module is told apart from a sign-in that is over.
func TestScopes(t *testing.T) {
	p := newPlace(t, sandbox.Options{})
	for token, want := range map[string]bool{
		p.s.Token("ZohoCRM.settings.modules.READ", "ZohoCRM.settings.fields.READ", "ZohoCRM.users.READ"): true, "1000.nobody": false,
	} {
		c := &http.Client{Transport: &checking{t: t, spec: specOf(t), answers: &p.known, token: token}}
		crm, err := New(provider.Account{Settings: map[string]string{SettingURL: p.url}}, c)
		if err != nil {
			t.Fatal(err)
		}
		col, err := crm.Open(t.Context(), "Contacts", record.Contact, nil)
		if err == nil {
			_, err = col.Changes(t.Context(), "", record.Window{})
		}
		if !errors.Is(err, provider.ErrAuth) || errors.Is(err, ErrScope) != want {
			t.Errorf("listed with the error %v", err)
		}
	}
}
