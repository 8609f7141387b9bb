package zoho

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// listed returns a record as the engine saw it.
func listed(t testing.TB, c provider.Collection, o map[string]any) record.Item {
	t.Helper()
	b, _ := json.Marshal(o)
	it, skip := c.(*collection).item(parse(t, string(b)))
	if skip != nil {
		t.Fatal(skip.Err)
	}
	return it
}

func TestUpdateInBatches(t *testing.T) {
	o := newOrg(t)
	o.on("GET /Contacts", living(t, "1", "1007"))
	o.on("PUT /Contacts", succeed(t))
	var writes []record.Write
	for i := range 150 {
		writes = append(writes, updating(fmt.Sprint(1000+i), "fax", "2"))
	}
	h, err := apply(t, o.open(record.Contact), writes...)
	if err != nil || len(h.done) != 150 {
		t.Fatal(err, len(h.done))
	}
	if o.keys() != "GET /Contacts; PUT /Contacts; GET /Contacts; PUT /Contacts" {
		t.Errorf("asked %s", o.keys())
	}
	put := o.requests()[1]
	if d := put.data(t); len(d) != 99 || !reflect.DeepEqual(d[0], map[string]any{"id": "1000", "Fax": "2"}) {
		t.Errorf("sent %d records, %v", len(d), d[0])
	}
	// Whatever was modified after the reading, nobody has seen.
	if got := put.header.Get("If-Unmodified-Since"); got != "2026-11-22T12:00:00+00:00" {
		t.Errorf("sent under the condition %q", got)
	}
	if h.done[7].Err != provider.ErrNotFound {
		t.Errorf("what is gone: %v", h.done[7].Err)
	}
	if r := h.done[8]; r.Err != nil || r.Item.Record[record.Fax] != "2" || r.Item.Record[record.LastName] != "Lovelace" || !strings.Contains(h.before[8], `"Fax":"1"`) {
		t.Errorf("updated %+v, before %s", r.Item, h.before[8])
	}
}

func TestUpdateDecides(t *testing.T) {
	old := contact("1", "Lovelace", "2026-11-22T12:00:00+01:00", "Fax", "0", "Phone", "5")
	for _, r := range []struct {
		what  string
		now   map[string]any
		patch record.Patch
		want  error
		sent  map[string]any
	}{
		{"nothing changed", old, record.Patch{record.Fax: "2"}, nil, map[string]any{"id": "1", "Fax": "2"}},
		{"another field changed", contact("1", "Lovelace", noon, "Fax", "0", "Phone", "6"), record.Patch{record.Fax: "2"}, nil, map[string]any{"id": "1", "Fax": "2"}},
		{"the same field changed", contact("1", "Lovelace", noon, "Fax", "1", "Phone", "5"), record.Patch{record.Fax: "2"}, provider.ErrConflict, nil},
		{"the same field was cleared", contact("1", "Lovelace", noon, "Phone", "5"), record.Patch{record.Fax: "2"}, provider.ErrConflict, nil},
		{"the same field changed to the same", contact("1", "Lovelace", noon, "Fax", "2", "Phone", "5"), record.Patch{record.Fax: "2"}, nil, nil},
		{"cleared", old, record.Patch{record.Fax: "", record.Phone: "7"}, nil, map[string]any{"id": "1", "Fax": nil, "Phone": "7"}},
		{"nothing to clear", old, record.Patch{record.Mobile: ""}, nil, nil},
		{"mandatory cleared", old, record.Patch{record.LastName: "", record.Fax: "2"}, nil, map[string]any{"id": "1", "Fax": "2"}},
	} {
		o := newOrg(t)
		c := o.open(record.Contact)
		seen := listed(t, c, old)
		o.on("GET /Contacts", func(asked) reply { return records(r.now) })
		o.on("PUT /Contacts/1", succeed(t))
		h, err := apply(t, c, record.Write{Op: record.Update, ID: "1", Revision: seen.Revision, Seen: seen.Record, Patch: r.patch})
		if err != nil || !errors.Is(h.done[0].Err, r.want) {
			t.Errorf("%s: %v, %v", r.what, err, h.done[0].Err)
		}
		asked := o.requests()
		if sent := len(asked) == 2; sent != (r.sent != nil) || sent && !reflect.DeepEqual(asked[1].data(t)[0], r.sent) {
			t.Errorf("%s: asked %s %s", r.what, o.keys(), asked[len(asked)-1].body)
		}
		if r.want != nil && h.done[0].Item.Revision != listed(t, c, r.now).Revision {
			t.Errorf("%s: the item as it now is is not told", r.what)
		}
		if _, told := h.before[0]; told != (r.sent != nil) {
			t.Errorf("%s: before-image %q", r.what, h.before[0])
		}
	}
}

// Zoho's servers may disagree about the time: what was read was seen, however young it is.
func TestConditionIsNoOlderThanTheRecord(t *testing.T) {
	o := newOrg(t)
	o.on("GET /Contacts", func(asked) reply { return records(contact("1", "Lovelace", "2026-11-22T13:00:03+01:00")) })
	o.on("PUT /Contacts/1", succeed(t))
	if _, err := apply(t, o.open(record.Contact), updating("1", "fax", "2")); err != nil {
		t.Fatal(err)
	}
	if got := o.requests()[1].header.Get("If-Unmodified-Since"); got != "2026-11-22T12:00:03+00:00" {
		t.Errorf("sent under the condition %q", got)
	}
}

// An update that can only leave its fields behind is no success.
func TestUpdateOfNothingThatFits(t *testing.T) {
	o := newOrg(t)
	o.on("GET /Contacts", living(t, "1"))
	h, err := apply(t, o.open(record.Contact), updating("1", "birthday", "--12-10"))
	if err != nil || code(h.done[0].Err) != "invalid birthday" || o.keys() != "GET /Contacts" {
		t.Errorf("%v, %v; asked %s", err, h.done[0].Err, o.keys())
	}
}

// Who loses a race reads again: the write goes on if nobody touched its fields, and a second loss is a conflict.
func TestLostRace(t *testing.T) {
	moved := failed("ALREADY_MODIFIED", map[string]any{"id": "1"})
	for _, r := range []struct {
		what   string
		single []reply
		fax    string
		want   error
	}{
		{"once", []reply{results(412, moved), results(200, success("1"))}, "0", nil},
		{"once, bare", []reply{wholeError(412, "RECORD_MODIFIED"), results(200, success("1"))}, "0", nil},
		{"twice", []reply{results(412, moved), results(412, moved)}, "0", provider.ErrConflict},
		{"to another value", []reply{results(412, moved)}, "9", provider.ErrConflict},
	} {
		o := newOrg(t)
		c := o.open(record.Contact)
		seen := listed(t, c, contact("1", "Lovelace", noon, "Fax", "0"))
		reads, writes := 0, 0
		o.on("GET /Contacts", func(asked) reply {
			reads++
			if reads == 1 {
				return records(contact("1", "Lovelace", noon, "Fax", "0"))
			}
			return records(contact("1", "King", "2026-11-22T13:05:00+01:00", "Fax", r.fax))
		})
		o.on("PUT /Contacts/1", func(asked) reply { writes++; return r.single[writes-1] })
		h, err := apply(t, c, record.Write{Op: record.Update, ID: "1", Revision: seen.Revision, Seen: seen.Record, Patch: record.Patch{record.Fax: "2"}})
		if err != nil || !errors.Is(h.done[0].Err, r.want) || writes != len(r.single) {
			t.Errorf("%s: %v, %v; asked %s", r.what, err, h.done[0].Err, o.keys())
		}
		if r.want != nil && h.done[0].Item.Record[record.LastName] != "King" {
			t.Errorf("%s: told %+v", r.what, h.done[0].Item)
		}
	}
}

// In a batch only those who lost the race are read again; a refusal of the whole batch sends each on its own.
func TestLostRaceInABatch(t *testing.T) {
	for _, answer := range []reply{results(207, success("1"), failed("ALREADY_MODIFIED", map[string]any{"id": "2"})), wholeError(412, "ALREADY_MODIFIED")} {
		o := newOrg(t)
		o.on("GET /Contacts", living(t, "1"))
		o.on("PUT /Contacts", func(asked) reply { return answer })
		o.on("PUT /Contacts/1", succeed(t))
		o.on("PUT /Contacts/2", succeed(t))
		h, err := apply(t, o.open(record.Contact), updating("1", "fax", "2"), updating("2", "fax", "2"))
		if err != nil || h.done[0].Err != nil || h.done[1].Err != nil || !strings.HasSuffix(o.keys(), "GET /Contacts; PUT /Contacts/2") {
			t.Errorf("%v, %v; asked %s", err, h.done, o.keys())
		}
	}
}

// An update whose answer was lost is looked for: what took place is done, the rest is unsure.
func TestUnsureUpdate(t *testing.T) {
	o := newOrg(t)
	reads := 0
	o.on("GET /Contacts", func(a asked) reply {
		if reads++; reads == 1 {
			return living(t, "1")(a)
		}
		return records(contact("1", "Lovelace", noon, "Fax", "2"), contact("2", "Lovelace", noon, "Fax", "1"))
	})
	o.on("PUT /Contacts", func(asked) reply { return reply{cut: true} })
	h, err := apply(t, o.open(record.Contact), updating("1", "fax", "2"), updating("2", "fax", "2"), record.Write{Op: record.Delete, ID: "3"})
	var retry *provider.RetryError
	if !errors.As(err, &retry) || !retry.Sent {
		t.Errorf("apply returned %v", err)
	}
	if r, told := h.done[0]; !told || r.Err != nil {
		t.Errorf("what took place is told as %v", r.Err)
	}
	if _, told := h.done[1]; told {
		t.Error("what is unsure is told")
	}
	if !errors.As(h.done[2].Err, &retry) || retry.Sent {
		t.Errorf("what follows is told as %v", h.done[2].Err)
	}
}

// Clearing fields leaves nothing to look for: a record that is no longer shown is no proof that it took place.
func TestUnsureClearingOfWhatIsGone(t *testing.T) {
	o := newOrg(t)
	reads := 0
	o.on("GET /Contacts", func(a asked) reply {
		if reads++; reads == 1 {
			return living(t, "1")(a)
		}
		return records(contact("2", "Lovelace", noon))
	})
	o.on("PUT /Contacts", func(asked) reply { return reply{cut: true} })
	h, _ := apply(t, o.open(record.Contact), updating("1", "fax", ""), updating("2", "fax", ""))
	if r, told := h.done[0]; told {
		t.Errorf("what is gone is told as %v", r.Err)
	}
	if r, told := h.done[1]; !told || r.Err != nil {
		t.Errorf("what took place is told as %v", r.Err)
	}
}

func TestUpdateRefused(t *testing.T) {
	o := newOrg(t)
	o.on("GET /Contacts", living(t, "1"))
	o.on("PUT /Contacts", func(asked) reply {
		return results(400, failed("INVALID_DATA", map[string]any{"api_name": "id", "id": "1"}), failed("RECORD_IN_BLUEPRINT", nil))
	})
	h, err := apply(t, o.open(record.Contact), updating("1", "fax", "2"), updating("2", "fax", "2"))
	if err != nil || h.done[0].Err != provider.ErrNotFound || code(h.done[1].Err) != "locked " {
		t.Errorf("%v, %v", err, h.done)
	}
}

// C-42: a record that spoils a whole request to delete keeps no other from being deleted.
func TestOneBadRecordKeepsNoOtherFromBeingDeleted(t *testing.T) {
	o := newOrg(t)
	o.on("GET /Contacts", living(t, "1"))
	o.on("DELETE /Contacts", func(a asked) reply {
		ids := strings.Split(a.query["ids"][0], ",")
		if slices.Contains(ids, "3") {
			return wholeError(400, "RECORD_LOCKED")
		}
		var list []map[string]any
		for _, id := range ids {
			list = append(list, success(id))
		}
		return results(200, list...)
	})
	var writes []record.Write
	for _, id := range []record.ID{"1", "2", "3", "4"} {
		writes = append(writes, record.Write{Op: record.Delete, ID: id})
	}
	h, err := apply(t, o.open(record.Contact), writes...)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"<nil>", "<nil>", "locked ", "<nil>"} {
		if got := code(h.done[i].Err); got != want {
			t.Errorf("delete %d: %s, want %s", i+1, got, want)
		}
	}
}

func TestDelete(t *testing.T) {
	o := newOrg(t)
	c := o.open(record.Contact)
	seen := listed(t, c, contact("1", "Lovelace", noon, "Fax", "1"))
	stale := seen.Revision + "x"
	reads := 0
	o.on("GET /Contacts", func(a asked) reply {
		if reads++; reads == 1 {
			return living(t, "1", "2")(a)
		}
		return living(t, "1", "4")(a)
	})
	o.on("DELETE /Contacts", func(a asked) reply {
		if a.query["ids"][0] != "1,4,5" || a.query["wf_trigger"][0] != "false" {
			t.Errorf("deleted %v", a.query)
		}
		no := failed("INVALID_DATA", map[string]any{"id": "4"})
		return results(207, success("1"), no, no)
	})
	h, err := apply(t, c, record.Write{Op: record.Delete, ID: "1", Revision: seen.Revision}, record.Write{Op: record.Delete, ID: "2"},
		record.Write{Op: record.Delete, ID: "3", Revision: stale}, record.Write{Op: record.Delete, ID: "4"}, record.Write{Op: record.Delete, ID: "5"})
	if err != nil {
		t.Fatal(err)
	}
	// 2 was gone before, 4 went in between, 5 is refused although it is there.
	for i, want := range []string{"<nil>", "<nil>", provider.ErrConflict.Error(), "<nil>", "invalid "} {
		if got := code(h.done[i].Err); got != want {
			t.Errorf("delete %d: %s, want %s", i+1, got, want)
		}
	}
	if h.done[2].Item.ID != "3" || h.before[0] == "" || h.before[2] != "" {
		t.Errorf("conflict %+v, before %v", h.done[2].Item, h.before)
	}
}

func TestUnsureDelete(t *testing.T) {
	o := newOrg(t)
	o.on("GET /Contacts", living(t, "1"))
	o.on("DELETE /Contacts", func(asked) reply { return reply{cut: true} })
	h, err := apply(t, o.open(record.Contact), record.Write{Op: record.Delete, ID: "1"})
	var retry *provider.RetryError
	if !errors.As(err, &retry) || !retry.Sent || len(h.done) != 0 {
		t.Errorf("%v, %v", err, h.done)
	}
}

// An id that Zoho never gave out must not make the others look gone.
func TestOneBadIDSpoilsNoOther(t *testing.T) {
	o := newOrg(t)
	o.on("GET /Contacts", func(a asked) reply {
		if strings.Contains(a.query["ids"][0], "x") {
			return reply{status: 400, body: failed("INVALID_DATA", map[string]any{"param_name": "ids"})}
		}
		return living(t, "1")(a)
	})
	o.on("DELETE /Contacts", func(a asked) reply {
		if a.query["ids"][0] != "1,3,4" {
			t.Errorf("deleted %v", a.query)
		}
		return results(200, success("1"), success("3"), success("4"))
	})
	var writes []record.Write
	for _, id := range []record.ID{"1", "x", "3", "4"} {
		writes = append(writes, record.Write{Op: record.Delete, ID: id})
	}
	h, err := apply(t, o.open(record.Contact), writes...)
	if err != nil || len(h.done) != 4 || len(h.before) != 3 || h.done[1].Err != nil {
		t.Errorf("%v, %v", err, h.done)
	}
	// Another refusal says nothing of the ids.
	o.on("GET /Contacts", func(asked) reply { return wholeError(400, "INVALID_DATA") })
	h, err = apply(t, o.open(record.Contact), writes...)
	if err == nil || h.done[0].Err == nil {
		t.Errorf("%v, %v", err, h.done)
	}
}
