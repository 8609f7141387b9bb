package auth

import (
	"context"
	"fmt"
	"html"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Ports are the ports of the redirect, tried in this order. Zoho compares redirect URIs exactly, so each of
// RedirectURIs has to be registered for the client; the ports lie below those that systems hand out by themselves.
func Ports() []int { return []int{18463, 18464, 18465} }

// RedirectURIs are what a person registers in Zoho's API console.
func RedirectURIs() []string {
	var all []string
	for _, p := range Ports() {
		all = append(all, redirectURI(p))
	}
	return all
}

// redirectURI says localhost and not 127.0.0.1, which RFC 8252 8.3 would prefer: only the name is known to be accepted
// by Zoho's console. The listener holds both loopback addresses, so that no one else can answer to the name.
func redirectURI(port int) string { return "http://localhost:" + strconv.Itoa(port) + "/callback" }

// Page is what the browser shows at the end of a sign-in, in the person's language.
type Page struct{ Title, Text string }

// Pages holds the two ends of a sign-in.
type Pages struct {
	Lang         string // BCP 47
	Done, Failed Page
}

// callback is one redirect of the browser. Its handler waits for done, so that the page tells how it ended.
type callback struct {
	query url.Values
	done  chan<- error
}

type redirectListener struct {
	redirect string
	on       []net.Listener
}

// listen takes the first free port, on both loopback addresses where the computer has both.
func listen(ports []int) (*redirectListener, error) {
	var last error
	for _, port := range ports {
		v4, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err != nil {
			last = err
			continue
		}
		port := v4.Addr().(*net.TCPAddr).Port // port 0 asks for any
		l := &redirectListener{redirect: redirectURI(port), on: []net.Listener{v4}}
		v6, err := net.Listen("tcp6", net.JoinHostPort("::1", strconv.Itoa(port)))
		switch {
		case err == nil:
			l.on = append(l.on, v6)
		case hasIPv6():
			_ = v4.Close()
			last = err
			continue
		}
		return l, nil
	}
	return nil, &Error{Code: CodePorts, Err: last}
}

// hasIPv6 tells a port that is taken from a computer without ::1; the errors differ from system to system.
func hasIPv6() bool {
	l, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		return false
	}
	_ = l.Close()
	return true
}

// serve hands over the first redirect that carries our state. Others are answered and forgotten, so that a stray page
// cannot end a sign-in. An error without a state is believed: it can only make the sign-in fail.
func (l *redirectListener) serve(pages Pages, state string) (<-chan callback, func()) {
	calls := make(chan callback) // never filled twice: nobody reads any more
	ended := make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /callback", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		ours := sameText(q.Get("state"), state) || q.Get("state") == "" && q.Get("error") != ""
		if !ours || q.Get("error") == "" && q.Get("code") == "" {
			pages.write(w, http.StatusBadRequest, false)
			return
		}
		done := make(chan error, 1)
		select {
		case calls <- callback{query: q, done: done}:
		case <-ended:
			pages.write(w, http.StatusGone, false)
			return
		}
		pages.write(w, http.StatusOK, <-done == nil)
	})
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second, MaxHeaderBytes: 1 << 16}
	for _, on := range l.on {
		go func() { _ = srv.Serve(on) }() // ends with Shutdown
	}
	return calls, func() {
		close(ended)
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		if srv.Shutdown(ctx) != nil { // lets the last page out
			_ = srv.Close()
		}
	}
}

func (p Pages) write(w http.ResponseWriter, status int, good bool) {
	page := p.Failed
	if good {
		page = p.Done
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	h.Set("Referrer-Policy", "no-referrer") // the address holds the code
	h.Set("Cache-Control", "no-store")
	h.Set("Connection", "close")
	w.WriteHeader(status)
	lang, title, text := html.EscapeString(p.Lang), html.EscapeString(page.Title), html.EscapeString(page.Text)
	fmt.Fprintf(w, `<!doctype html><html lang="%s"><meta charset="utf-8"><title>%s</title>`+
		`<body style="font:16px system-ui;margin:15vh auto;max-width:32em"><h1>%s</h1><p>%s</p></body></html>`,
		lang, title, title, text)
}
