package dav

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

func TestCreateIsOneRequest(t *testing.T) {
	f := newFake(t, record.Event)
	c, s := f.open(t), &sink{}
	if err := c.Apply(t.Context(), []record.Write{newEvent("k1", "One")}, s); err != nil {
		t.Fatal(err)
	}
	r, _ := s.result(t, 0)
	if log := f.requests(); len(log) != 1 || log[0] != "PUT zohosync-k1.ics" {
		t.Errorf("requests: %q", log)
	}
	if r.Err != nil || r.Item.ID != "zohosync-k1.ics" || r.Item.Self != "zohosync-k1" || r.Item.Mark != "crm-k1" {
		t.Errorf("result %+v", r)
	}
	if listed := f.one(t, c); listed.Revision != r.Item.Revision || listed.ID != r.Item.ID {
		t.Error("the item is listed under another revision than the create told")
	}
}

// Without an ETag in the answer the server may have changed what it took: the object is read once more.
func TestCreateWithoutETagIsReadAgain(t *testing.T) {
	f := newFake(t, record.Event)
	f.misbehave(onMethod("PUT", 1, func(w http.ResponseWriter, r *http.Request, body string) bool {
		f.put(strings.TrimPrefix(r.URL.Path, fakePath), strings.Replace(body, "SUMMARY:One", "SUMMARY:One (by the server)", 1))
		w.WriteHeader(http.StatusCreated)
		return true
	}))
	s := &sink{}
	if err := f.open(t).Apply(t.Context(), []record.Write{newEvent("k1", "One")}, s); err != nil {
		t.Fatal(err)
	}
	if r, _ := s.result(t, 0); r.Err != nil || r.Item.Record[record.Title] != "One (by the server)" {
		t.Errorf("result %+v", r)
	}
}

// R10: a create is sent under If-None-Match, and what is there already is ours only if its UID or mark says so.
func TestCreateThatIsNotAnsweredByYes(t *testing.T) {
	ours := event("zohosync-k1", "One")
	for name, c := range map[string]struct {
		there map[string]string
		spoil func(http.ResponseWriter, *http.Request, string) bool
		want  string // "done", "conflict", "unsure", "unsent" or a code
		id    record.ID
		stops bool
	}{
		"it is there from an earlier try":    {there: map[string]string{"zohosync-k1.ics": ours}, want: "done", id: "zohosync-k1.ics"},
		"something else is there":            {there: map[string]string{"zohosync-k1.ics": event("foreign", "Foreign")}, want: "conflict", id: "zohosync-k1.ics"},
		"its UID is elsewhere, 409":          {there: map[string]string{"moved.ics": ours}, spoil: says(409, "no-uid-conflict"), want: "done", id: "moved.ics"},
		"its UID is elsewhere, 403":          {there: map[string]string{"moved.ics": ours}, spoil: says(403, "no-uid-conflict"), want: "done", id: "moved.ics"},
		"its UID is elsewhere, 412 in a 207": {there: map[string]string{"moved.ics": ours}, spoil: says207("412 Precondition Failed"), want: "done", id: "moved.ics"},
		"bad content, 412 in a 207":          {spoil: says207("412 Precondition Failed"), want: provider.CodeInvalid},
		"bad content, 412":                   {spoil: says(412, ""), want: provider.CodeInvalid},
		"bad content, 403":                   {spoil: says(403, "valid-calendar-data"), want: provider.CodeInvalid},
		"bad content, 415":                   {spoil: says(415, ""), want: provider.CodeInvalid},
		"bad content, 404":                   {spoil: says(404, ""), want: provider.CodeInvalid},
		"bad content, 500":                   {spoil: says(500, ""), want: provider.CodeRefused},
		"too large":                          {spoil: says(413, ""), want: provider.CodeTooLong},
		"too large by name":                  {spoil: says(403, "max-resource-size"), want: provider.CodeTooLong},
		"not allowed":                        {spoil: says(403, ""), want: provider.CodeForbidden},
		"locked":                             {spoil: says(423, ""), want: provider.CodeLocked},
		"no space":                           {spoil: says(507, ""), want: provider.CodeRefused},
		"signed out":                         {spoil: says(401, ""), want: "unsent", stops: true},
		"too many requests":                  {spoil: says(429, ""), want: "unsent", stops: true},
		"under repair":                       {spoil: says(503, ""), want: "unsent", stops: true},
		"gateway":                            {spoil: says(504, ""), want: "unsure", stops: true},
		"the connection broke":               {spoil: swallowed, want: "unsure", stops: true},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, record.Event)
			for n, b := range c.there {
				f.put(n, b)
			}
			col, s := f.open(t), &sink{}
			if c.spoil != nil {
				f.misbehave(onMethod("PUT", 1, c.spoil))
			}
			err := col.Apply(t.Context(), []record.Write{newEvent("k1", "One")}, s)
			r, ended := s.result(t, 0)
			got := code(r.Err)
			switch {
			case !ended:
				got = "unsure"
			case r.Err == nil:
				got = "done"
			case errors.Is(r.Err, provider.ErrConflict):
				got = "conflict"
			case unsentResult(r):
				got = "unsent"
			}
			if got != c.want || r.Item.ID != c.id || (err != nil) != c.stops {
				t.Errorf("got %s (%q, %v), Apply said %v; want %s (%q)", got, r.Item.ID, r.Err, err, c.want, c.id)
			}
		})
	}
}
