package local

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"
)

// Handler serves requests. Its paths begin at the root of the host.
func (s *Server) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.admit(w, r) {
			return
		}
		if err := s.route(w, r); err != nil {
			s.refuse(w, r, err)
		}
	})
}

// place is what a path names.
type place struct {
	home   string // "" for the root and the principal
	folder string
	object string
}

const (
	rootPath      = "/"
	principalPath = "/principal/"
)

func (p place) isHome() bool   { return p.home != "" && p.folder == "" }
func (p place) isFolder() bool { return p.folder != "" && p.object == "" }
func (p place) isObject() bool { return p.object != "" }

// path spells a place as it is listed everywhere.
func (p place) path() string {
	s := "/"
	for _, segment := range []string{p.home, p.folder} {
		if segment != "" {
			s += url.PathEscape(segment) + "/"
		}
	}
	return s + url.PathEscape(p.object)
}

// placeOf reads an escaped path below a home. ok is false for what cannot name anything here.
func placeOf(escaped string) (p place, ok bool) {
	segments := strings.Split(strings.TrimSuffix(strings.TrimPrefix(escaped, "/"), "/"), "/")
	if len(segments) > 3 || len(segments) == 3 && strings.HasSuffix(escaped, "/") {
		return p, false
	}
	for i, into := range []*string{&p.home, &p.folder, &p.object} {
		if i < len(segments) {
			plain, err := url.PathUnescape(segments[i])
			if err != nil || !goodName(plain) {
				return p, false
			}
			*into = plain
		}
	}
	return p, p.home == calendars || p.home == contacts
}

// goodName says whether a collection or an object may be called so.
func goodName(name string) bool {
	const longest = 255
	bad := func(r rune) bool { return r < ' ' || r == 0x7f || r == '/' }
	return name != "" && name != "." && name != ".." && len(name) <= longest && utf8.ValidString(name) && !strings.ContainsFunc(name, bad)
}

// route finds who answers.
func (s *Server) route(w http.ResponseWriter, r *http.Request) error {
	escaped := r.URL.EscapedPath()
	switch escaped {
	case "/.well-known/caldav", "/.well-known/carddav":
		// 307 keeps the method, which a 301 does not with every client (RFC 6764 section 5).
		http.Redirect(w, r, rootPath, http.StatusTemporaryRedirect)
		return nil
	case rootPath, principalPath, strings.TrimSuffix(principalPath, "/"):
		return s.top(w, r, escaped != rootPath)
	}
	p, ok := placeOf(escaped)
	if !ok {
		return &refusal{status: http.StatusNotFound}
	}
	// An If header tells of locks and tags of several things at once (RFC 4918 section 10.4). We give out no locks, and
	// taking such a condition for fulfilled could overwrite what it protects.
	if r.Header.Get("If") != "" && r.Method != "PROPFIND" {
		return &refusal{status: http.StatusPreconditionFailed}
	}
	switch r.Method {
	case http.MethodOptions:
		return options(w)
	case "PROPFIND":
		return s.propfind(w, r, p)
	case "PROPPATCH":
		return s.proppatch(w, r, p)
	case "MKCALENDAR", "MKCOL":
		return s.mkcol(w, r, p)
	case "REPORT":
		return s.report(w, r, p)
	case http.MethodGet, http.MethodHead:
		return s.get(w, r, p)
	case http.MethodPut:
		return s.put(w, r, p)
	case http.MethodDelete:
		return s.delete(w, r, p)
	}
	return notAllowed(w)
}

// top answers for the root and the principal.
func (s *Server) top(w http.ResponseWriter, r *http.Request, principal bool) error {
	switch {
	case r.Method == http.MethodOptions:
		return options(w)
	case r.Method == "PROPFIND" && principal:
		return s.propfindOne(w, r, principalPath, s.principal())
	case r.Method == "PROPFIND":
		return s.propfindRoot(w, r)
	case r.Method == http.MethodGet && !principal:
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, err := io.WriteString(w, "This is a CalDAV and CardDAV server. Give this address to a calendar program.\n")
		return err
	}
	return notAllowed(w)
}

const methods = "OPTIONS, GET, HEAD, PUT, DELETE, PROPFIND, PROPPATCH, REPORT, MKCOL, MKCALENDAR"

func options(w http.ResponseWriter) error {
	w.Header().Set("DAV", "1, 3, access-control, extended-mkcol, calendar-access, addressbook")
	w.Header().Set("Allow", methods)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func notAllowed(w http.ResponseWriter) error {
	w.Header().Set("Allow", methods)
	return &refusal{status: http.StatusMethodNotAllowed}
}

// refuse answers with an error. Failures of the storage are logged, without the path: it may hold names of people.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	var no *refusal
	var taken uidError
	switch {
	case errors.As(err, &no):
	case errors.Is(err, errMissing):
		no = &refusal{status: http.StatusNotFound}
	case errors.Is(err, errNoFolder):
		no = &refusal{status: http.StatusConflict}
	case errors.Is(err, errToken):
		no = &refusal{status: http.StatusForbidden, cond: property{nsDAV, "valid-sync-token"}}
	case errors.As(err, &taken):
		no = uidConflict(r, taken)
	case r.Context().Err() != nil:
		return // the client has gone
	case errors.Is(err, ErrFull):
		no = &refusal{status: http.StatusInsufficientStorage}
	default:
		no = &refusal{status: http.StatusInternalServerError}
	}
	if no.status >= http.StatusInternalServerError {
		s.opt.Log.Error("Request failed", "method", r.Method, "error", err)
	}
	if no.cond.name == "" {
		http.Error(w, http.StatusText(no.status), no.status)
		return
	}
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	w.WriteHeader(no.status)
	fmt.Fprint(w, xmlHead+`<D:error`+declarations+`>`+element(no.cond, no.inner)+`</D:error>`)
}

// uidConflict names the object that has the UID (RFC 4791 section 5.3.2.1, RFC 6352 section 6.3.2.1).
func uidConflict(r *http.Request, taken uidError) *refusal {
	p, _ := placeOf(r.URL.EscapedPath())
	space := nsCal
	if p.home == contacts {
		space = nsCard
	}
	p.object = taken.name
	return &refusal{http.StatusConflict, property{space, "no-uid-conflict"}, hrefElement(p.path())}
}
