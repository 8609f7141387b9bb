package local

import (
	"encoding/xml"
	"errors"
	"net/http"
	"net/url"
	"slices"
)

// reportRequest holds what any of the reports asks for.
type reportRequest struct {
	XMLName  xml.Name
	AllProp  *struct{} `xml:"DAV: allprop"`
	PropName *struct{} `xml:"DAV: propname"`
	Prop     *names    `xml:"DAV: prop"`
	Hrefs    []string  `xml:"DAV: href"`
	Token    string    `xml:"DAV: sync-token"`
	Limit    int       `xml:"DAV: limit>nresults"`
	Most     int       `xml:"urn:ietf:params:xml:ns:carddav limit>nresults"`
	Filter   *filter   `xml:"filter"`
}

// report answers the reports that a collection knows.
func (s *Server) report(w http.ResponseWriter, r *http.Request, p place) error {
	var q reportRequest
	if err := readXML(w, r, &q); err != nil {
		return err
	}
	if !p.isFolder() {
		return forbidden(nsDAV, "supported-report")
	}
	c, err := s.store.getCollection(r.Context(), p.home, p.folder)
	if err != nil {
		return err
	}
	space, multiget, query := nsCal, "calendar-multiget", "calendar-query"
	if p.home == contacts {
		space, multiget, query = nsCard, "addressbook-multiget", "addressbook-query"
	}
	switch q.XMLName {
	case xml.Name{Space: nsDAV, Local: "sync-collection"}:
		return s.sync(w, r, p, q)
	case xml.Name{Space: space, Local: multiget}:
		return s.multiget(w, r, p, q)
	case xml.Name{Space: space, Local: query}:
		return s.query(w, r, p, c, q)
	}
	return forbidden(nsDAV, "supported-report")
}

// answer writes one object as the report asks for it.
func (q reportRequest) answer(s *Server, m *multistatus, path string, o object) {
	has := s.objectProps(o)
	data := property{nsCal, "calendar-data"}
	if o.component == card {
		data = property{nsCard, "address-data"}
	}
	if q.Prop != nil && slices.Contains(q.Prop.properties(), data) {
		// The whole object, whatever parts of it were asked for: a client that gets more than it wanted loses nothing.
		has = append(has, value{data, escape(string(o.body))})
	}
	propfindRequest{AllProp: q.AllProp, PropName: q.PropName, Prop: q.Prop}.answer(m, path, has)
}

// multiget returns the objects at the given addresses (RFC 4791 section 7.9, RFC 6352 section 8.7).
func (s *Server) multiget(w http.ResponseWriter, r *http.Request, p place, q reportRequest) error {
	m := newMultistatus(w, r)
	for _, href := range q.Hrefs {
		at, ok := member(p, href)
		var o object
		err := errMissing
		if ok {
			o, err = s.store.getObject(r.Context(), at.home, at.folder, at.object)
		}
		switch {
		case err == nil:
			q.answer(s, m, at.path(), o)
		case errors.Is(err, errMissing):
			m.status(href, http.StatusNotFound, "")
		default:
			// The answer has begun: the object is there, but cannot be told now.
			s.opt.Log.Error("Request failed", "method", r.Method, "error", err)
			m.status(href, http.StatusInternalServerError, "")
		}
	}
	m.end("")
	return nil
}

// member reads the address of an object of this collection.
func member(p place, href string) (place, bool) {
	u, err := url.Parse(href)
	if err != nil {
		return place{}, false
	}
	at, ok := placeOf(u.EscapedPath())
	return at, ok && at.isObject() && at.home == p.home && at.folder == p.folder
}

// sync lists what changed after a token (RFC 6578). A list that is cut says so by 507 on the collection itself.
func (s *Server) sync(w http.ResponseWriter, r *http.Request, p place, q reportRequest) error {
	d, err := s.store.changes(r.Context(), p.home, p.folder, q.Token, max(q.Limit, 0))
	if err != nil {
		return err
	}
	m := newMultistatus(w, r)
	for _, c := range d.changes {
		at := p
		at.object = c.name
		if c.deleted {
			m.status(at.path(), http.StatusNotFound, "")
			continue
		}
		o, err := s.store.getObject(r.Context(), p.home, p.folder, c.name)
		switch {
		case err == nil:
			q.answer(s, m, at.path(), o)
		case errors.Is(err, errMissing):
			// It has gone this moment; the next token tells that again.
			m.status(at.path(), http.StatusNotFound, "")
		default:
			// Without a token the client knows that this answer is no whole one.
			s.opt.Log.Error("Request failed", "method", r.Method, "error", err)
			m.end("")
			return nil
		}
	}
	if d.more {
		m.status(p.path(), http.StatusInsufficientStorage, elements(nsDAV, "number-of-matches-within-limits"))
	}
	m.end(d.token)
	return nil
}

// query returns the objects that fit a filter (RFC 4791 section 7.8, RFC 6352 section 8.6).
func (s *Server) query(w http.ResponseWriter, r *http.Request, p place, c collection, q reportRequest) error {
	switch {
	case q.Filter == nil:
		return forbidden(filterSpace(p), "valid-filter")
	case !q.Filter.known():
		return forbidden(filterSpace(p), "supported-collation")
	}
	list, err := s.store.listObjects(r.Context(), p.home, p.folder)
	if err != nil {
		return err
	}
	m := newMultistatus(w, r)
	found := 0
	for _, one := range list {
		o, err := s.store.getObject(r.Context(), p.home, p.folder, one.name)
		if errors.Is(err, errMissing) {
			continue // it has gone this moment
		}
		at := p
		at.object = one.name
		if err != nil {
			s.opt.Log.Error("Request failed", "method", r.Method, "error", err)
			m.status(at.path(), http.StatusInternalServerError, "")
			continue
		}
		if !q.Filter.fits(o, s.opt.Zone) {
			continue
		}
		if found++; q.Most > 0 && found > q.Most {
			m.status(p.path(), http.StatusInsufficientStorage, elements(nsDAV, "number-of-matches-within-limits"))
			break
		}
		q.answer(s, m, at.path(), o)
	}
	m.end("")
	return nil
}

func filterSpace(p place) string {
	if p.home == contacts {
		return nsCard
	}
	return nsCal
}
