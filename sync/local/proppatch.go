package local

import (
	"encoding/xml"
	"errors"
	"net/http"
	"slices"
	"strings"
)

// setting is one property that a client sets or removes.
type setting struct {
	property
	value  string
	remove bool
}

// settings are the instructions of a body in their order; a later one wins.
type settings struct {
	list       []setting
	components []string // supported-calendar-component-set
	types      names    // resourcetype
}

// UnmarshalXML implements xml.Unmarshaler for propertyupdate, mkcol and mkcalendar (RFC 4918 section 14.19, RFC 5689
// section 5.1, RFC 4791 section 9.2).
func (s *settings) UnmarshalXML(d *xml.Decoder, start xml.StartElement) error {
	if !slices.Contains([]string{"propertyupdate", "mkcol", "mkcalendar"}, start.Name.Local) {
		return errors.New("another request was expected")
	}
	return children(d, func(verb xml.StartElement) error {
		if verb.Name.Space != nsDAV || verb.Name.Local != "set" && verb.Name.Local != "remove" {
			return d.Skip()
		}
		return children(d, func(prop xml.StartElement) error {
			if prop.Name != (xml.Name{Space: nsDAV, Local: "prop"}) {
				return d.Skip()
			}
			return children(d, func(e xml.StartElement) error { return s.take(d, e, verb.Name.Local == "remove") })
		})
	})
}

// children calls do for each element inside the one that is open; do reads it to its end.
func children(d *xml.Decoder, do func(xml.StartElement) error) error {
	for {
		t, err := d.Token()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if err := do(t); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

// take reads one property.
func (s *settings) take(d *xml.Decoder, e xml.StartElement, remove bool) error {
	one := setting{property: property{e.Name.Space, e.Name.Local}, remove: remove}
	switch one.property {
	case property{nsDAV, "resourcetype"}:
		if err := d.DecodeElement(&s.types, &e); err != nil {
			return err
		}
	case property{nsCal, "supported-calendar-component-set"}:
		var set struct {
			Comp []struct {
				Name string `xml:"name,attr"`
			} `xml:"urn:ietf:params:xml:ns:caldav comp"`
		}
		if err := d.DecodeElement(&set, &e); err != nil {
			return err
		}
		for _, c := range set.Comp {
			s.components = append(s.components, strings.ToUpper(c.Name))
		}
	default:
		var c content
		if err := d.DecodeElement(&c, &e); err != nil {
			return err
		}
		one.value = c.text
	}
	s.list = append(s.list, one)
	return nil
}

// Limits of what is kept for clients.
const (
	maxProperty   = 256 << 10 // bytes of one value; a calendar-timezone is the largest in use
	maxProperties = 100
)

// isProtected says that a property is the server's own.
func isProtected(p property) bool {
	own := map[string][]string{
		nsDAV: {"acl", "acl-restrictions", "creationdate", "current-user-principal", "current-user-privilege-set", "getcontentlength",
			"getcontenttype", "getetag", "getlastmodified", "group", "inherited-acl-set", "lockdiscovery", "owner",
			"principal-collection-set", "principal-URL", "quota-available-bytes", "quota-used-bytes", "resource-id", "resourcetype",
			"supported-method-set", "supported-privilege-set", "supported-report-set", "supportedlock", "sync-token"},
		nsCal: {"calendar-data", "calendar-home-set", "calendar-user-address-set", "max-attendees-per-instance", "max-date-time", "max-instances",
			"max-resource-size", "min-date-time", "supported-calendar-component-set", "supported-calendar-data", "supported-collation-set"},
		nsCard: {"address-data", "addressbook-home-set", "max-resource-size", "supported-address-data", "supported-collation-set"},
		nsCS:   {"getctag"},
	}
	return slices.Contains(own[p.space], p.name)
}

// proppatch sets properties of a collection, all or none of them.
func (s *Server) proppatch(w http.ResponseWriter, r *http.Request, p place) error {
	var q settings
	if err := readXML(w, r, &q); err != nil {
		return err
	}
	switch {
	case len(q.list) == 0:
		return &refusal{status: http.StatusBadRequest}
	case p.isObject():
		if _, err := s.store.getObject(r.Context(), p.home, p.folder, p.object); err != nil {
			return err
		}
	case p.isFolder():
		c, err := s.store.getCollection(r.Context(), p.home, p.folder)
		if err != nil {
			return err
		}
		if err := fits(q, len(c.props)); err != nil {
			return err
		}
	}
	var wanted, refused []property
	set, remove := map[property]string{}, map[property]bool{}
	for _, one := range q.list {
		switch {
		case !p.isFolder() || isProtected(one.property):
			refused = append(refused, one.property)
			continue
		case one.remove:
			delete(set, one.property)
			remove[one.property] = true
		default:
			delete(remove, one.property)
			set[one.property] = one.value
		}
		wanted = append(wanted, one.property)
	}
	if len(refused) == 0 {
		var drop []property
		for one := range remove {
			drop = append(drop, one)
		}
		if err := s.store.setProperties(r.Context(), p.home, p.folder, set, drop); err != nil {
			return err
		}
	}
	m := newMultistatus(w, r)
	m.minimal = false
	m.write(`<D:response>` + hrefElement(p.path()))
	if len(refused) == 0 {
		m.failed(wanted, http.StatusOK, "")
	} else {
		m.failed(refused, http.StatusForbidden, elements(nsDAV, "cannot-modify-protected-property"))
		m.failed(wanted, http.StatusFailedDependency, "")
	}
	m.write(`</D:response>`)
	m.end("")
	return nil
}

// fits refuses more than we want to keep.
func fits(q settings, already int) error {
	for _, one := range q.list {
		if len(one.value) > maxProperty {
			return &refusal{status: http.StatusInsufficientStorage}
		}
	}
	if len(q.list)+already > maxProperties {
		return &refusal{status: http.StatusInsufficientStorage}
	}
	return nil
}

// mkcol makes a collection: MKCALENDAR (RFC 4791 section 5.3.1), or MKCOL with or without a body (RFC 5689). Its home
// decides what it can be.
func (s *Server) mkcol(w http.ResponseWriter, r *http.Request, p place) error {
	var q settings
	if err := readXML(w, r, &q); err != nil {
		return err
	}
	space, kind := nsCal, "calendar"
	if p.home == contacts {
		space, kind = nsCard, "addressbook"
	}
	typed := slices.DeleteFunc(q.types.properties(), func(t property) bool { return t == property{nsDAV, "collection"} })
	switch {
	case !p.isFolder() || r.Method == "MKCALENDAR" && p.home != calendars:
		return forbidden(nsCal, "calendar-collection-location-ok")
	case slices.ContainsFunc(typed, func(t property) bool { return t != property{space, kind} }):
		return forbidden(nsDAV, "valid-resourcetype")
	}
	if err := fits(q, 0); err != nil {
		return err
	}
	c := collection{home: p.home, name: p.folder, props: map[property]string{}}
	if p.home == calendars {
		if c.components = takes(q.components); len(c.components) == 0 {
			return forbidden(nsCal, "supported-calendar-component")
		}
	}
	for _, one := range q.list {
		switch {
		case one.remove, one.property == property{nsDAV, "resourcetype"}, one.property == property{nsCal, "supported-calendar-component-set"}:
		case isProtected(one.property):
			return forbidden(nsDAV, "cannot-modify-protected-property")
		default:
			c.props[one.property] = one.value
		}
	}
	err := s.store.makeCollection(r.Context(), c)
	if errors.Is(err, errExists) {
		return &refusal{status: http.StatusMethodNotAllowed, cond: property{nsDAV, "resource-must-be-null"}}
	}
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-cache")
	w.WriteHeader(http.StatusCreated)
	return nil
}

// takes returns the components of a new calendar that we know; one that names none takes all.
func takes(wanted []string) []string {
	if len(wanted) == 0 {
		return components()
	}
	return slices.DeleteFunc(components(), func(c string) bool { return !slices.Contains(wanted, c) })
}
