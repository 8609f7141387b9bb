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

// gate stands before services and counts the requests that pass. At one of them it does something.
type gate struct {
	mu     sync.Mutex
	seen   int // requests
	writes int // those of them that write
	fit    int // those that the moment counts
	struck int
	at     *moment
	strike func()
}

// moment is a point in a run: a request by its number, and how far it has come.
type moment struct {
	number int
	of     func(*http.Request) bool // only these are counted
	name   string                   // of what is counted
	when   when
	lasts  bool // all later ones meet the same
	forge  forgery
}

// forgery writes another answer than the genuine one.
type forgery func(w http.ResponseWriter, genuine *httptest.ResponseRecorder)

type when int

const (
	onItsWay  when = iota // the request never arrives
	inTheDark             // it is carried out, and nobody hears
	answered              // as above, but the answer was ready
	told                  // the answer was sent
	moments
	forged // it is carried out, and another answer is given
)

func (w when) String() string {
	return [...]string{"before it arrived", "while it was carried out", "before its answer was sent", "after its answer was sent", "", "with a forged answer"}[w]
}

func (m moment) String() string { return fmt.Sprintf("%s %d, %s", m.name, m.number, m.when) }

// arm sets the next moment; nil lets everything pass. Counting begins anew.
func (g *gate) arm(at *moment, strike func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.seen, g.writes, g.fit, g.struck, g.at, g.strike = 0, 0, 0, 0, at, strike
}

// counts returns how many requests passed since the gate was armed, and how many of them wrote.
func (g *gate) counts() (seen, writes int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.seen, g.writes
}

// arrive counts a request and returns the moment if it has come.
func (g *gate) arrive(r *http.Request) (at *moment, strike func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.seen++
	if writing(r) {
		g.writes++
	}
	if g.at == nil || !g.at.of(r) {
		return nil, nil
	}
	if g.fit++; g.fit != g.at.number && (g.fit < g.at.number || !g.at.lasts) {
		return nil, nil
	}
	if g.struck++; g.struck > 1 {
		return g.at, func() {}
	}
	return g.at, g.strike
}

func anything(*http.Request) bool { return true }

func writing(r *http.Request) bool {
	switch r.Method {
	case http.MethodPut, http.MethodPost, http.MethodDelete, http.MethodPatch:
		return true
	}
	return false
}

// before puts the gate before a service.
func (g *gate) before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at, strike := g.arrive(r)
		if at == nil {
			next.ServeHTTP(w, r)
			return
		}
		if !whole(r) {
			panic(http.ErrAbortHandler)
		}
		// The service carries on although nobody waits any more.
		r = r.WithContext(context.WithoutCancel(r.Context()))
		switch genuine := httptest.NewRecorder(); at.when {
		case onItsWay:
			strike()
			if at.forge != nil {
				at.forge(w, genuine)
				return
			}
		case inTheDark:
			strike()
			next.ServeHTTP(genuine, r)
		case answered:
			next.ServeHTTP(genuine, r)
			strike()
		case told:
			next.ServeHTTP(w, r)
			_ = http.NewResponseController(w).Flush() // Who is killed while it listens is killed all the same.
			strike()
			return
		case forged:
			next.ServeHTTP(genuine, r)
			strike()
			at.forge(w, genuine)
			return
		}
		panic(http.ErrAbortHandler)
	})
}

// forward is a server that hands everything to another one. It reads each request to its end before: a proxy that still
// reads it when a fast server answers breaks the answer off, which Cyrus was blamed for.
func forward(t *testing.T, to string) http.Handler {
	t.Helper()
	target, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	t.Cleanup(transport.CloseIdleConnections)
	proxy := &httputil.ReverseProxy{
		Transport: transport,
		Rewrite: func(p *httputil.ProxyRequest) {
			p.SetURL(target)
			p.Out.Host = p.In.Host
		},
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !whole(r) {
			panic(http.ErrAbortHandler)
		}
		proxy.ServeHTTP(w, r)
	})
}

// whole reads the body of a request to its end and puts it back; false when the client went away meanwhile.
func whole(r *http.Request) bool {
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	return err == nil
}

// strikes returns how often the moment came.
func (g *gate) strikes() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.struck
}
