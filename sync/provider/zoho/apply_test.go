package zoho

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

func creating(last string, more ...string) record.Write {
	w := record.Write{Op: record.Create, Key: last, Patch: record.Patch{record.LastName: last}}
	for i := 0; i+1 < len(more); i += 2 {
		w.Patch[record.Field(more[i])] = more[i+1]
	}
	return w
}

func updating(id, f, v string) record.Write {
	return record.Write{Op: record.Update, ID: record.ID(id), Patch: record.Patch{record.Field(f): v}}
}

// succeed answers a create or update with as many successes as there are records.
func succeed(t testing.TB) func(asked) reply {
	return func(a asked) reply {
		var list []map[string]any
		for i, d := range a.data(t) {
			id, _ := d["id"].(string)
			if id == "" {
				id = fmt.Sprint(5000 + i)
			}
			list = append(list, success(id))
		}
		return results(200, list...)
	}
}

// living answers the reading of records by id, each with a fax number.
func living(t testing.TB, fax string, gone ...string) func(asked) reply {
	return func(a asked) reply {
		var list []map[string]any
		for _, id := range strings.Split(a.query["ids"][0], ",") {
			if !strings.Contains(strings.Join(gone, ","), id) {
				list = append(list, contact(id, "Lovelace", noon, "Fax", fax))
			}
		}
		if len(list) > batchSize {
			t.Errorf("%d records are read at once", len(list))
		}
		return records(list...)
	}
}

func code(err error) string {
	var e *provider.ItemError
	if errors.As(err, &e) {
		return e.Code + " " + string(e.Field)
	}
	return fmt.Sprint(err)
}

func TestCreateInBatches(t *testing.T) {
	o := newOrg(t)
	o.on("POST /Contacts", succeed(t))
	var writes []record.Write
	for i := range 130 {
		writes = append(writes, creating(fmt.Sprint("L", i), "email", "Ada@Example.test"))
	}
	writes[3].Patch[record.LastName] = "" // cannot be made
	meter := &provider.Meter{}
	h := &heard{before: map[int]string{}, done: map[int]provider.Result{}}
	if err := o.open(record.Contact).Apply(provider.WithMeter(t.Context(), meter), writes, h); err != nil {
		t.Fatal(err)
	}
	if o.keys() != "POST /Contacts; POST /Contacts" || len(o.requests()[0].data(t)) != 99 || meter.Credits() != 10+3 {
		t.Errorf("asked %s, %d credits", o.keys(), meter.Credits())
	}
	if len(h.done) != 130 || len(h.before) != 0 || code(h.done[3].Err) != "mandatory last_name" {
		t.Errorf("%d done, %d before, write 3: %v", len(h.done), len(h.before), h.done[3].Err)
	}
	it := h.done[4].Item
	if it.ID != "5003" || it.Self != "5003" || it.Record[record.EmailMain] != "ada@example.test" || it.Record[record.Owner] != "901" || it.Revision == "" {
		t.Errorf("created %+v", it)
	}
	if sent := o.requests()[0].data(t)[0]; !reflect.DeepEqual(sent, map[string]any{"Last_Name": "L0", "Email": "ada@example.test"}) {
		t.Errorf("sent %v", sent)
	}
}

// Only data[] tells what happened, whatever the status says.
func TestResultsOneByOne(t *testing.T) {
	for _, status := range []int{200, 201, 202, 207, 400} {
		o := newOrg(t)
		o.on("POST /Contacts", func(asked) reply {
			return results(status, success("1"),
				failed("INVALID_DATA", map[string]any{"api_name": "Last_Name"}),
				failed("INVALID_DATA", map[string]any{"api_name": "Last_Name", "maximum_length": 80}),
				failed("DUPLICATE_DATA", map[string]any{"api_name": "Last_Name", "id": "9"}),
				failed("NO_PERMISSION", nil), failed("RECORD_LOCKED", nil), failed("SOMETHING_NEW", nil),
				failed("MULTIPLE_OR_MULTI_ERRORS", map[string]any{"errors": []any{failed("MANDATORY_NOT_FOUND", map[string]any{"api_name": "Last_Name"})}}))
		})
		var writes []record.Write
		for i := range 8 {
			writes = append(writes, creating(fmt.Sprint("L", i)))
		}
		h, err := apply(t, o.open(record.Contact), writes...)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []string{"<nil>", "invalid last_name", "too-long last_name", "duplicate last_name", "forbidden ", "locked ", "refused ", "mandatory last_name"} {
			if got := code(h.done[i].Err); got != want {
				t.Errorf("status %d, write %d: %s, want %s", status, i, got, want)
			}
			if err := h.done[i].Err; err != nil && strings.Contains(err.Error(), "Ada") {
				t.Error("an error carries what Zoho says")
			}
		}
	}
}

// An optional field that Zoho refuses stays behind; the rest of the record is written.
func TestRefusedFieldStaysBehind(t *testing.T) {
	o := newOrg(t)
	o.on("POST /Contacts", func(a asked) reply {
		d := a.data(t)[0]
		for _, n := range []string{"Email", "Mailing_Zip"} {
			if d[n] != nil {
				return results(400, failed("INVALID_DATA", map[string]any{"api_name": n}))
			}
		}
		return results(201, success("1"))
	})
	h, err := apply(t, o.open(record.Contact), creating("L", "email", "no address", "mailing_address", ";;;?;", "fax", "1"))
	if err != nil || h.done[0].Err != nil {
		t.Fatal(err, h.done[0].Err)
	}
	left := h.done[0].Left
	if len(left) != 2 || left[0].Field != record.EmailMain || left[1].Field != record.MailingAddress || left[0].Code != provider.CodeInvalid {
		t.Errorf("left %v", left)
	}
	last := o.requests()[2].data(t)[0]
	if !reflect.DeepEqual(last, map[string]any{"Last_Name": "L", "Fax": "1"}) {
		t.Errorf("sent %v", last)
	}
	if rec := h.done[0].Item.Record; rec[record.EmailMain] != "" || rec[record.Fax] != "1" {
		t.Errorf("the result says that %v was written", rec)
	}
}

// One record that spoils a whole request does not hold up the others.
func TestSpoiltRequestIsHalved(t *testing.T) {
	o := newOrg(t)
	o.on("POST /Contacts", func(a asked) reply {
		for _, d := range a.data(t) {
			if d["Last_Name"] == "L5" {
				return wholeError(400, "INVALID_DATA")
			}
		}
		return succeed(t)(a)
	})
	var writes []record.Write
	for i := range 8 {
		writes = append(writes, creating(fmt.Sprint("L", i)))
	}
	h, err := apply(t, o.open(record.Contact), writes...)
	if err != nil || len(h.done) != 8 {
		t.Fatal(err, len(h.done))
	}
	for i, r := range h.done {
		if (r.Err != nil) != (i == 5) {
			t.Errorf("write %d: %v", i, r.Err)
		}
	}
}

// An answer that never came leaves a create unsure, and keeps what follows from being sent.
func TestUnsureCreate(t *testing.T) {
	for name, lost := range map[string]reply{
		"cut":   {cut: true},
		"503":   wholeError(503, "SERVICE_UNAVAILABLE"),
		"half":  {status: 201, body: "garbage"},
		"fewer": results(201, success("1")),
		"proxy": {status: 403, body: "<html>"},
		"500":   wholeError(500, "INTERNAL_ERROR"),
	} {
		o := newOrg(t)
		first := true
		o.on("POST /Contacts", func(a asked) reply {
			if first {
				first = false
				return lost
			}
			return succeed(t)(a)
		})
		var writes []record.Write
		for i := range 101 {
			writes = append(writes, creating(fmt.Sprint("L", i)))
		}
		h, err := apply(t, o.open(record.Contact), writes...)
		var retry *provider.RetryError
		if !errors.As(err, &retry) || !retry.Sent {
			t.Errorf("%s: apply returned %v", name, err)
		}
		last, told := h.done[100]
		if len(h.done) != 1 || !told {
			t.Fatalf("%s: %d writes are told as ended", name, len(h.done))
		}
		// A service that answers may manage the next batch.
		if unsent := errors.As(last.Err, &retry) && !retry.Sent; unsent == (name == "500") {
			t.Errorf("%s: the next batch: %v", name, last.Err)
		}
	}
}

// What Zoho surely did not do is told as not sent.
func TestNotSent(t *testing.T) {
	for name, r := range map[string]struct {
		reply reply
		want  error
	}{
		"429": {wholeError(429, "TOO_MANY_REQUESTS"), nil}, "401": {wholeError(401, "INVALID_TOKEN"), provider.ErrAuth},
		"scope": {wholeError(401, "OAUTH_SCOPE_MISMATCH"), ErrScope}, "module": {wholeError(400, "INVALID_MODULE"), provider.ErrGone},
	} {
		o := newOrg(t)
		o.on("POST /Contacts", func(asked) reply { return r.reply })
		h, err := apply(t, o.open(record.Contact), creating("L"), record.Write{Op: record.Delete, ID: "1"})
		var retry *provider.RetryError
		if r.want != nil && !errors.Is(err, r.want) || r.want == nil && (!errors.As(err, &retry) || retry.Sent) {
			t.Errorf("%s: %v", name, err)
		}
		for i := range 2 {
			if !errors.As(h.done[i].Err, &retry) || retry.Sent {
				t.Errorf("%s: write %d is told as %v", name, i, h.done[i].Err)
			}
		}
		if o.keys() != "POST /Contacts" {
			t.Errorf("%s: asked %s", name, o.keys())
		}
	}
}

func TestNobodyThere(t *testing.T) {
	o := newOrg(t)
	c := o.open(record.Contact)
	c.(*collection).p.base.Host = "127.0.0.1:1"
	h, err := apply(t, c, creating("L"))
	var retry *provider.RetryError
	if !errors.As(err, &retry) || retry.Sent {
		t.Errorf("nobody listens: %v", err)
	}
	if !errors.As(h.done[0].Err, &retry) || retry.Sent {
		t.Errorf("the write is told as %v", h.done[0].Err)
	}
}

func TestMark(t *testing.T) {
	long := record.Mark(strings.Repeat("u", 300))
	o := newOrg(t)
	o.fields["Contacts"] = append(o.fields["Contacts"], map[string]any{"api_name": markName, "data_type": "text", "length": 255})
	o.on("POST /Contacts", succeed(t))
	a, b := creating("A"), creating("B")
	a.Mark, b.Mark = "uid-a", long
	h, err := apply(t, o.open(record.Contact), a, b)
	if err != nil {
		t.Fatal(err)
	}
	sent := o.requests()[0].data(t)
	if sent[0][markName] != "uid-a" || sent[1][markName] != string(long.Short()) || h.done[1].Item.Mark != long.Short() {
		t.Errorf("sent %v", sent)
	}
	// Where the organisation has no such field, nothing is sent.
	plain := newOrg(t)
	plain.on("POST /Contacts", succeed(t))
	if _, err := apply(t, plain.open(record.Contact), a); err != nil || plain.requests()[0].data(t)[0][markName] != nil {
		t.Errorf("without the field: %v", err)
	}
}

// A mark that is taken is our own earlier create, whose answer was lost.
func TestDuplicateMarkIsOurs(t *testing.T) {
	for _, r := range []struct{ bears, want string }{{"uid-a", "<nil>"}, {"UID-A", "duplicate "}} {
		o := newOrg(t)
		o.fields["Contacts"] = append(o.fields["Contacts"], map[string]any{"api_name": markName, "data_type": "text", "length": 255})
		o.on("POST /Contacts", func(asked) reply {
			return results(400, failed("DUPLICATE_DATA", map[string]any{"api_name": markName, "duplicate_record": map[string]any{"id": "7"}}))
		})
		o.on("GET /Contacts", func(asked) reply { return records(contact("7", "A", noon, markName, r.bears)) })
		w := creating("A")
		w.Mark = "uid-a"
		h, err := apply(t, o.open(record.Contact), w)
		if err != nil || code(h.done[0].Err) != r.want {
			t.Errorf("a record with mark %s: %v, %v", r.bears, err, h.done[0].Err)
		}
		if r.want == "<nil>" && h.done[0].Item.ID != "7" {
			t.Errorf("adopted %+v", h.done[0].Item)
		}
	}
}

// A person who is there already is not made once more without the address that tells so.
func TestDuplicateIsNotMade(t *testing.T) {
	o := newOrg(t)
	o.on("POST /Contacts", func(asked) reply {
		return results(400, failed("DUPLICATE_DATA", map[string]any{"api_name": "Email", "id": "9"}))
	})
	h, err := apply(t, o.open(record.Contact), creating("L", "email", "ada@example.test"))
	if err != nil || code(h.done[0].Err) != "duplicate email" || o.keys() != "POST /Contacts" {
		t.Errorf("%v, %v; asked %s", err, h.done[0].Err, o.keys())
	}
}

// What was written is told as written, whatever goes wrong with the rest of its batch.
func TestDoneIsToldFirst(t *testing.T) {
	o := newOrg(t)
	o.fields["Contacts"] = append(o.fields["Contacts"], map[string]any{"api_name": markName, "data_type": "text", "length": 255})
	o.on("POST /Contacts", func(asked) reply {
		return results(207, failed("DUPLICATE_DATA", map[string]any{"api_name": markName, "id": "9"}), success("2"))
	})
	o.on("GET /Contacts", func(asked) reply { return wholeError(503, "SERVICE_UNAVAILABLE") })
	h, err := apply(t, o.open(record.Contact), creating("A"), creating("B"))
	var retry *provider.RetryError
	if !errors.As(err, &retry) || h.done[1].Err != nil || h.done[1].Item.ID != "2" || !errors.As(h.done[0].Err, &retry) || retry.Sent {
		t.Errorf("%v, %v", err, h.done)
	}
}

func TestSinkStops(t *testing.T) {
	stop := errors.New("disk full")
	for _, when := range []string{"before", "done"} {
		o := newOrg(t)
		o.on("GET /Contacts", living(t, "1"))
		o.on("PUT /Contacts", succeed(t))
		h := &heard{before: map[int]string{}, done: map[int]provider.Result{}}
		if when == "before" {
			h.onBefore = func(int) error { return stop }
		} else {
			h.onDone = func(int) error { return stop }
		}
		err := o.open(record.Contact).Apply(t.Context(), []record.Write{updating("1", "fax", "2"), updating("2", "fax", "2"), {Op: record.Delete, ID: "3"}}, h)
		if !errors.Is(err, stop) {
			t.Errorf("%s: %v", when, err)
		}
		if want := map[string]string{"before": "GET /Contacts", "done": "GET /Contacts; PUT /Contacts"}[when]; o.keys() != want {
			t.Errorf("%s: asked %s", when, o.keys())
		}
	}
}

// R7: a batch that is under way when the program is told to stop comes to its end and is told; nothing new is sent.
func TestCancelled(t *testing.T) {
	o := newOrg(t)
	ctx, cancel := context.WithCancel(t.Context())
	o.on("POST /Contacts", func(a asked) reply { cancel(); return succeed(t)(a) })
	h := &heard{before: map[int]string{}, done: map[int]provider.Result{}}
	err := o.open(record.Contact).Apply(ctx, []record.Write{creating("A"), {Op: record.Delete, ID: "3"}}, h)
	if !errors.Is(err, context.Canceled) || strings.Contains(o.keys(), "DELETE") {
		t.Errorf("%v; asked %s", err, o.keys())
	}
	if made, told := h.done[0]; !told || made.Err != nil || made.Item.ID == "" {
		t.Errorf("the create under way is told as %+v, %v", made, told)
	}
	var retry *provider.RetryError
	if !errors.As(h.done[1].Err, &retry) || retry.Sent {
		t.Errorf("the delete is told as %v", h.done[1].Err)
	}
}

func TestRightsPerOperation(t *testing.T) {
	o := newOrg(t)
	o.modules[0]["deletable"] = false
	o.on("POST /Contacts", succeed(t))
	h, err := apply(t, o.open(record.Contact), record.Write{Op: record.Delete, ID: "3"}, creating("A"))
	if err != nil || h.done[1].Err != nil || code(h.done[0].Err) != "forbidden " || o.keys() != "POST /Contacts" {
		t.Errorf("%v, %v; asked %s", err, h.done, o.keys())
	}
}
