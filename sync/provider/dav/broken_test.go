package dav

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// breakOff lets the next answers to a method break off in the middle, after the fake has done what it was asked. It returns
// how many requests of that method came.
func (f *fake) breakOff(method string, times int64) func() int64 {
	var came atomic.Int64
	f.misbehave(func(w http.ResponseWriter, r *http.Request, body string) bool {
		if r.Method != method || came.Add(1) > times {
			return false
		}
		whole := httptest.NewRecorder()
		f.plain(whole, r, body)
		for name, values := range whole.Header() {
			w.Header()[name] = values
		}
		w.Header().Set("Content-Length", "1000000")
		if whole.Code == http.StatusNoContent {
			whole.Code = http.StatusOK // which may have a body
		}
		w.WriteHeader(whole.Code)
		said := whole.Body.String()
		_, _ = w.Write([]byte(said[:max(len(said)*4/5, strings.LastIndex(said, "<sync-token>"))]))
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
	return came.Load
}

// brokenReads are requests that only read, and what each must bring.
func brokenReads(t *testing.T, f *fake) map[string]func(*collection) error {
	return map[string]func(*collection) error{
		"GET": func(c *collection) error {
			_, err := c.get(t.Context(), "a.ics")
			return err
		},
		"OPTIONS": func(c *collection) error {
			_, err := c.askScheduling(t.Context())
			return err
		},
		"REPORT": func(c *collection) error {
			d, err := c.sync(t.Context(), "")
			if err == nil && (len(d.changed) != 3 || d.token == "") {
				t.Errorf("%d objects, token %q", len(d.changed), d.token)
			}
			return err
		},
		"PROPFIND": func(c *collection) error {
			a := &account{client: c.client}
			all, err := a.list(t.Context(), c.url)
			if err == nil && len(all) != 1 {
				t.Errorf("%d collections", len(all))
			}
			return err
		},
	}
}

// What only reads is asked for once more when its answer breaks off, and nothing comes of having read a part of it twice.
func TestAReadThatBreaksOffIsAskedAgain(t *testing.T) {
	f := withSync(newFake(t, record.Event))
	for _, name := range []string{"a", "b", "c"} {
		f.put(name+".ics", event(name, "One of three"))
	}
	for method, read := range brokenReads(t, f) {
		t.Run(method, func(t *testing.T) {
			c := f.open(t)
			came := f.breakOff(method, 1)
			if err := read(c); err != nil || came() != 2 {
				t.Errorf("%d requests, %v", came(), err)
			}
			came = f.breakOff(method, 100)
			var later *provider.RetryError
			if err := read(c); !errors.As(err, &later) || later.Sent || came() != 2 {
				t.Errorf("a server that always breaks off: %d requests, %v", came(), err)
			}
			f.misbehave(nil)
		})
	}
}

// A write whose answer breaks off is sent once: what became of it is found out by looking.
func TestAWriteThatBreaksOffIsSentOnce(t *testing.T) {
	f := newFake(t, record.Event)
	for _, method := range []string{http.MethodPut, http.MethodDelete} {
		f.put("a.ics", event("a", "An event"))
		c := f.open(t)
		came := f.breakOff(method, 100)
		u, err := c.address("a.ics")
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.client.do(t.Context(), request{method: method, url: u, body: []byte(event("a", "Another title"))})
		var later *provider.RetryError
		if !errors.As(err, &later) || !later.Sent || came() != 1 {
			t.Errorf("%s: %d requests, %v", method, came(), err)
		}
		f.misbehave(nil)
	}
}
