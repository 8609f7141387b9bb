package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"testing"
)

// gate stands before both services and counts the requests that pass. At one of them it does something.
type gate struct {
	mu     sync.Mutex
	seen   int
	writes int
	at     *moment
	strike func()
}

// moment is a point in a run: a request by its number, and how far it has come.
type moment struct {
	number int
	writes bool // only requests that write are counted
	when   when
}

type when int

const (
	onItsWay  when = iota // the request never arrives
	inTheDark             // it is carried out, and nobody hears
	answered              // as above, but the answer was ready
	told                  // the answer was sent
	moments
)

func (w when) String() string {
	return [...]string{"before it arrived", "while it was carried out", "before its answer was sent", "after its answer was sent"}[w]
}

func (m moment) String() string {
	kind := "request"
	if m.writes {
		kind = "write"
	}
	return fmt.Sprintf("%s %d, %s", kind, m.number, m.when)
}

// arm sets the next moment; nil lets everything pass. Counting begins anew.
func (g *gate) arm(at *moment, strike func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.seen, g.writes, g.at, g.strike = 0, 0, at, strike
}

// counts returns how many requests passed since the gate was armed, and how many of them wrote.
func (g *gate) counts() (seen, writes int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.seen, g.writes
}

// arrive counts a request and says whether its moment has come.
func (g *gate) arrive(method string) (strike func(), at when) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.seen++
	n := g.seen
	if writing(method) {
		g.writes++
	}
	if g.at != nil && g.at.writes {
		if n = g.writes; !writing(method) {
			return nil, 0
		}
	}
	if g.at == nil || n != g.at.number {
		return nil, 0
	}
	return g.strike, g.at.when
}

func writing(method string) bool {
	switch method {
	case http.MethodPut, http.MethodPost, http.MethodDelete, http.MethodPatch:
		return true
	}
	return false
}

// before puts the gate before a service.
func (g *gate) before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		strike, at := g.arrive(r.Method)
		if strike == nil {
			next.ServeHTTP(w, r)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		// The service carries on although nobody waits any more.
		r = r.WithContext(context.WithoutCancel(r.Context()))
		r.Body = io.NopCloser(bytes.NewReader(body))
		switch at {
		case onItsWay:
			strike()
		case inTheDark:
			strike()
			next.ServeHTTP(httptest.NewRecorder(), r)
		case answered:
			next.ServeHTTP(httptest.NewRecorder(), r)
			strike()
		case told:
			next.ServeHTTP(w, r)
			_ = http.NewResponseController(w).Flush() // Who is killed while it listens is killed all the same.
			strike()
			return
		}
		panic(http.ErrAbortHandler)
	})
}

// forward is a server that hands everything to another one.
func forward(t *testing.T, to string) http.Handler {
	t.Helper()
	target, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	t.Cleanup(transport.CloseIdleConnections)
	return &httputil.ReverseProxy{
		Transport: transport,
		Rewrite: func(p *httputil.ProxyRequest) {
			p.SetURL(target)
			p.Out.Host = p.In.Host
		},
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
	}
}
