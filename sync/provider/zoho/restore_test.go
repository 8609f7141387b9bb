package zoho

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/record"
	"zohosync/sync/sandbox"
)

// bin answers what is asked out of the recycle bin.
func bin(status int, list ...map[string]any) func(asked) reply {
	return func(asked) reply { return reply{status: status, body: map[string]any{"recycle_bin": list}} }
}

func bringing(id string) record.Write {
	return record.Write{Op: record.Restore, ID: record.ID(id), Patch: record.Patch{record.Fax: "1"}}
}

// A restore sets back what still lives, asks the recycle bin for what is gone, and says what is no longer in it.
func TestRestore(t *testing.T) {
	o := newOrg(t)
	raised := false
	o.on("GET /Contacts", func(a asked) reply {
		if raised {
			return living(t, "1", "3")(a)
		}
		return living(t, "1", "2", "3")(a)
	})
	o.on("PUT /Contacts/1", succeed(t))
	o.on("POST /settings/recycle_bin/actions/restore", func(a asked) reply {
		raised = true
		var body struct{ IDs []string }
		if err := json.Unmarshal(a.body, &body); err != nil || !slices.Equal(body.IDs, []string{"2", "3"}) {
			t.Errorf("asked for %s, %v", a.body, err)
		}
		return bin(207, failed("INVALID_DATA", map[string]any{"id": "3"}), success("2"))(a)
	})
	c := o.open(record.Contact)
	seen := listed(t, c, contact("1", "Lovelace", noon, "Fax", "1"))
	w := bringing("1")
	w.Patch[record.Fax], w.Revision, w.Seen = "0", seen.Revision, seen.Record
	h, err := apply(t, c, w, bringing("2"), bringing("3"))
	if err != nil || h.done[0].Err != nil || h.done[1].Err != nil || h.done[1].Item.ID != "2" || h.done[2].Err != provider.ErrNotFound {
		t.Errorf("%v, %v; asked %s", err, h.done, o.keys())
	}
}

// Only what Zoho says to have no longer is made anew: what it keeps in its bin for another reason would be there twice once
// somebody brings it back, and what it says nothing of may be back.
func TestARefusalToRestoreIsNoLoss(t *testing.T) {
	for _, c := range []struct {
		answer map[string]any
		want   string // of the result; "": unsure
	}{
		{failed("INVALID_DATA", map[string]any{"id": "2"}), provider.ErrNotFound.Error()},
		{failed("RECORD_NOT_FOUND", map[string]any{"id": "2"}), provider.ErrNotFound.Error()},
		{failed("RECORD_LOCKED", map[string]any{"id": "2"}), "locked "},
		{failed("SOMETHING_NEW", map[string]any{"id": "2"}), "refused "},
		{failed("INTERNAL_ERROR", map[string]any{"id": "2"}), ""},
		{success("77"), ""},
	} {
		o := newOrg(t)
		o.on("GET /Contacts", living(t, "1", "2"))
		o.on("POST /settings/recycle_bin/2/actions/restore", bin(207, c.answer))
		h, err := apply(t, o.open(record.Contact), bringing("2"))
		r, told := h.done[0]
		var retry *provider.RetryError
		if told != (c.want != "") || told && code(r.Err) != c.want || !told && (!errors.As(err, &retry) || !retry.Sent) {
			t.Errorf("%v: told %v, %v; %v", c.answer, told, r.Err, err)
		}
	}
}

// What somebody brought back already is left as it is.
func TestRestoreOfWhatIsThereAgain(t *testing.T) {
	o := newOrg(t)
	o.on("GET /Contacts", living(t, "1"))
	other := bringing("2")
	other.Patch[record.Fax] = "0"
	h, err := apply(t, o.open(record.Contact), bringing("1"), other)
	if err != nil || h.done[0].Err != nil || h.done[1].Err != provider.ErrConflict || h.done[1].Item.ID != "2" || o.keys() != "GET /Contacts" {
		t.Errorf("%v, %v; asked %s", err, h.done, o.keys())
	}
}

// What the bin brings back lags behind in readings: it is back all the same, and nobody makes it anew.
func TestRestoreThatIsNotReadYet(t *testing.T) {
	o := newOrg(t)
	o.on("GET /Contacts", living(t, "1", "2"))
	o.on("POST /settings/recycle_bin/2/actions/restore", bin(200, success("2")))
	h, err := apply(t, o.open(record.Contact), bringing("2"))
	if err != nil || len(h.done) != 1 || h.done[0].Err != nil {
		t.Errorf("%v, %v", err, h.done)
	}
}

// An answer that is lost, or a restoring that Zoho puts off, leaves open what happened.
func TestUnsureRestore(t *testing.T) {
	for name, answer := range map[string]func(asked) reply{
		"lost":    func(asked) reply { return reply{cut: true} },
		"put off": bin(202, map[string]any{"code": "SCHEDULED", "status": "success", "message": "scheduled", "details": map[string]any{"id": "2"}}),
		"half":    bin(200),
	} {
		o := newOrg(t)
		o.on("GET /Contacts", living(t, "1", "2"))
		o.on("POST /settings/recycle_bin/2/actions/restore", answer)
		h, err := apply(t, o.open(record.Contact), bringing("2"))
		var retry *provider.RetryError
		if !errors.As(err, &retry) || !retry.Sent || len(h.done) != 0 {
			t.Errorf("%s: %v, %v", name, err, h.done)
		}
	}
}

// A lost answer of which the record itself tells what it was.
func TestRestoreWhoseAnswerIsLost(t *testing.T) {
	o := newOrg(t)
	raised := false
	o.on("GET /Contacts", func(a asked) reply {
		if raised {
			return living(t, "1")(a)
		}
		return living(t, "1", "2")(a)
	})
	o.on("POST /settings/recycle_bin/2/actions/restore", func(asked) reply { raised = true; return reply{cut: true} })
	h, err := apply(t, o.open(record.Contact), bringing("2"))
	if err != nil || len(h.done) != 1 || h.done[0].Err != nil || h.done[0].Item.ID != "2" {
		t.Errorf("%v, %v", err, h.done)
	}
}

// A consent that does not cover the bin is a matter of signing in, not of records that are gone for good.
func TestRestoreWithoutConsent(t *testing.T) {
	o := newOrg(t)
	o.on("GET /Contacts", living(t, "1", "2"))
	o.on("POST /settings/recycle_bin/2/actions/restore", func(asked) reply { return wholeError(401, "OAUTH_SCOPE_MISMATCH") })
	h, err := apply(t, o.open(record.Contact), bringing("2"))
	var retry *provider.RetryError
	if !errors.Is(err, provider.ErrAuth) || !errors.Is(err, ErrScope) || !errors.As(h.done[0].Err, &retry) || retry.Sent {
		t.Errorf("%v, %v", err, h.done)
	}
	o.on("POST /settings/recycle_bin/2/actions/restore", func(asked) reply { return wholeError(403, "NO_PERMISSION") })
	if h, err = apply(t, o.open(record.Contact), bringing("2")); err != nil || code(h.done[0].Err) != "forbidden " {
		t.Errorf("%v, %v", err, h.done)
	}
}

// One record that spoils a request keeps no other in the bin.
func TestOneBadRecordKeepsNoOtherInTheBin(t *testing.T) {
	p := newPlace(t, sandbox.Options{})
	c := p.open(t, record.Contact, record.FieldsOf(record.Contact))
	var writes []record.Write
	for _, name := range []string{"A", "B", "C"} {
		id := p.s.Put("Contacts", map[string]any{"Last_Name": name})
		p.s.Delete("Contacts", id)
		writes = append(writes, record.Write{Op: record.Restore, ID: record.ID(id), Patch: record.Patch{record.LastName: name}})
	}
	p.s.Purge("Contacts", string(writes[1].ID))
	h, err := apply(t, c, writes...)
	if err != nil || h.done[0].Err != nil || h.done[1].Err != provider.ErrNotFound || h.done[2].Err != nil {
		t.Fatalf("%v, %v", err, h.done)
	}
	names := map[string]bool{}
	for _, r := range p.s.Records("Contacts") {
		names[r["Last_Name"].(string)] = true
	}
	if !maps.Equal(names, map[string]bool{"A": true, "C": true}) {
		t.Errorf("back are %v", names)
	}
}

// Zoho refuses a whole request for one of its records: each is asked for alone.
func TestARefusedRequestToTheBinIsDivided(t *testing.T) {
	o := newOrg(t)
	o.on("GET /Contacts", living(t, "1", "2", "3"))
	o.on("POST /settings/recycle_bin/actions/restore", func(asked) reply { return wholeError(400, "INVALID_DATA") })
	o.on("POST /settings/recycle_bin/2/actions/restore", bin(200, success("2")))
	o.on("POST /settings/recycle_bin/3/actions/restore", bin(400, failed("INVALID_DATA", map[string]any{"id": "3"})))
	h, err := apply(t, o.open(record.Contact), bringing("2"), bringing("3"))
	if err != nil || h.done[0].Err != nil || h.done[1].Err != provider.ErrNotFound {
		t.Errorf("%v, %v; asked %s", err, h.done, o.keys())
	}
}
