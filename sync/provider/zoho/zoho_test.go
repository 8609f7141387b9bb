package zoho

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

func TestNewWantsASafeAddress(t *testing.T) {
	for url, good := range map[string]bool{
		"https://www.zohoapis.eu": true, "http://127.0.0.1:8080": true, "http://localhost:1": true,
		"http://www.zohoapis.eu": false, "http://10.0.0.1": false, "": false, "www.zohoapis.eu": false, "ftp://localhost": false,
	} {
		_, err := Spec().New(provider.Account{Settings: map[string]string{SettingURL: url}}, http.DefaultClient)
		if (err == nil) != good {
			t.Errorf("address %q: %v", url, err)
		}
	}
}

func TestCollections(t *testing.T) {
	o := newOrg(t)
	o.modules[1]["api_supported"] = false
	o.modules[2]["creatable"], o.modules[2]["editable"] = false, false
	p := o.provider()
	got, err := p.Collections(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].Ref != "Contacts" || got[0].Title != "Contacts here" || got[0].ReadOnly || !got[1].ReadOnly {
		t.Errorf("collections %+v", got)
	}
	if got[0].Owner != "901" || got[0].AbsentIsDeleted || !slices.Equal(got[0].Kinds, []record.Kind{record.Contact}) {
		t.Errorf("contacts are %+v", got[0])
	}
	for _, ref := range []string{"Tasks", "Leads", "Nothing"} {
		if _, err := p.Open(t.Context(), ref, record.Task, nil); !errors.Is(err, provider.ErrGone) {
			t.Errorf("open %s: %v", ref, err)
		}
	}
	if _, err := p.Open(t.Context(), "Contacts", record.Task, nil); !errors.Is(err, provider.ErrGone) {
		t.Errorf("contacts as tasks: %v", err)
	}
	if _, err := p.Make(t.Context(), "New", record.Task); !errors.Is(err, provider.ErrReadOnly) {
		t.Errorf("make: %v", err)
	}
}

// Metadata are asked for once per provider.
func TestMetadataAreKept(t *testing.T) {
	o := newOrg(t)
	p := o.provider()
	for range 3 {
		if _, err := p.Collections(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Open(t.Context(), "Contacts", record.Contact, nil); err != nil {
			t.Fatal(err)
		}
	}
	if len(o.asked) != 5 { // modules, the person, and the fields of three modules
		t.Errorf("asked %d times for metadata", len(o.asked))
	}
}

// A field that the API keeps to itself comes as null: it is not held, or its null would clear the other side.
func TestHiddenFieldsAreNotHeld(t *testing.T) {
	for _, hide := range []map[string]any{
		{"hipaa_compliance": map[string]any{"restricted": true, "restricted_in_export": true}},
		{"private": map[string]any{"restricted": true, "type": "High", "export": false}},
		{"profiles": []any{map[string]any{"id": "77", "permission_type": "hidden"}}},
	} {
		o := newOrg(t)
		for k, v := range hide {
			o.field("Contacts", "Fax")[k] = v
		}
		c := o.open(record.Contact)
		if _, held := c.Info().Limits[record.Contact][record.Fax]; held {
			t.Errorf("%v: the field is held", hide)
		}
		o.on("GET /Contacts", func(asked) reply { return records(contact("1", "Lovelace", noon)) })
		h, err := apply(t, c, record.Write{Op: record.Update, ID: "1", Patch: record.Patch{record.Fax: "1"}})
		if err != nil || h.done[0].Err != nil || strings.Contains(o.keys(), "PUT") {
			t.Errorf("%v: %v, %v; asked %s", hide, err, h.done[0].Err, o.keys())
		}
		if fields := o.requests()[0].query["fields"][0]; slices.Contains(strings.Split(fields, ","), "Fax") {
			t.Errorf("%v: the field is asked for", hide)
		}
	}
}

func TestTooManyFields(t *testing.T) {
	o := newOrg(t)
	var fields []record.Field
	for i := range 60 {
		name := "Custom_" + strings.Repeat("x", i)
		o.fields["Tasks"] = append(o.fields["Tasks"], map[string]any{"api_name": name, "data_type": "text", "length": 10})
		fields = append(fields, record.Field(customPrefix+name))
	}
	if _, err := o.provider().Open(t.Context(), "Tasks", record.Task, fields); err == nil || !strings.Contains(err.Error(), "50") {
		t.Errorf("60 fields: %v", err)
	}
}
