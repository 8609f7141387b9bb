package local

import (
	"encoding/xml"
	"net/http"
	"strconv"
	"strings"
)

var displayName = property{nsDAV, "displayname"}

// propfindRequest is the body of RFC 4918 section 14.20.
type propfindRequest struct {
	XMLName  xml.Name  `xml:"DAV: propfind"`
	PropName *struct{} `xml:"DAV: propname"`
	AllProp  *struct{} `xml:"DAV: allprop"`
	Prop     *names    `xml:"DAV: prop"`
	Include  *names    `xml:"DAV: include"`
}

// answer writes what was asked for of a resource that has these properties.
func (q propfindRequest) answer(m *multistatus, path string, has []value) {
	if q.PropName != nil {
		only := make([]value, len(has))
		for i, v := range has {
			only[i].property = v.property
		}
		m.properties(path, only, nil)
		return
	}
	if q.Prop == nil {
		// Nothing is left out of "all": what "include" names is there already, or nowhere.
		m.properties(path, has, nil)
		return
	}
	found, missing := pick(has, q.Prop.properties())
	m.properties(path, found, missing)
}

// pick finds the wanted ones among the properties of a resource.
func pick(has []value, wanted []property) (found []value, missing []property) {
	by := make(map[property]string, len(has))
	for _, v := range has {
		by[v.property] = v.inner
	}
	for _, p := range wanted {
		if inner, ok := by[p]; ok {
			found = append(found, value{p, inner})
		} else {
			missing = append(missing, p)
		}
	}
	return found, missing
}

// depth reads the header; RFC 4918 takes a missing one for infinity.
func depth(r *http.Request) (members bool, err error) {
	switch r.Header.Get("Depth") {
	case "0":
		return false, nil
	case "1":
		return true, nil
	}
	return false, forbidden(nsDAV, "propfind-finite-depth")
}

// propfind lists the properties of a home, a collection or an object, and with Depth 1 those of its members.
func (s *Server) propfind(w http.ResponseWriter, r *http.Request, p place) error {
	members, err := depth(r)
	if err != nil {
		return err
	}
	var q propfindRequest
	if err := readXML(w, r, &q); err != nil {
		return err
	}
	switch {
	case p.isObject():
		o, err := s.store.getObject(r.Context(), p.home, p.folder, p.object)
		if err != nil {
			return err
		}
		m := newMultistatus(w, r)
		q.answer(m, p.path(), s.objectProps(o))
		m.end("")
		return nil
	case p.isFolder():
		return s.propfindFolder(w, r, q, p, members)
	}
	var list []collection
	if members {
		if list, err = s.store.listCollections(r.Context(), p.home); err != nil {
			return err
		}
	}
	m := newMultistatus(w, r)
	q.answer(m, p.path(), s.homeProps(p.home))
	for _, c := range list {
		q.answer(m, place{home: p.home, folder: c.name}.path(), s.folderProps(c))
	}
	m.end("")
	return nil
}

func (s *Server) propfindFolder(w http.ResponseWriter, r *http.Request, q propfindRequest, p place, members bool) error {
	// The collection first: whatever changes after it moves its tag again.
	c, err := s.store.getCollection(r.Context(), p.home, p.folder)
	if err != nil {
		return err
	}
	var list []object
	if members {
		if list, err = s.store.listObjects(r.Context(), p.home, p.folder); err != nil {
			return err
		}
	}
	m := newMultistatus(w, r)
	q.answer(m, p.path(), s.folderProps(c))
	for _, o := range list {
		p.object = o.name
		q.answer(m, p.path(), s.objectProps(o))
	}
	m.end("")
	return nil
}

// propfindRoot also lists the principal and the homes, for clients that walk down from the top.
func (s *Server) propfindRoot(w http.ResponseWriter, r *http.Request) error {
	members, err := depth(r)
	if err != nil {
		return err
	}
	var q propfindRequest
	if err := readXML(w, r, &q); err != nil {
		return err
	}
	m := newMultistatus(w, r)
	q.answer(m, rootPath, append(s.everywhere(), value{property{nsDAV, "resourcetype"}, elements(nsDAV, "collection")}))
	if members {
		q.answer(m, principalPath, s.principal())
		for _, home := range []string{calendars, contacts} {
			q.answer(m, place{home: home}.path(), s.homeProps(home))
		}
	}
	m.end("")
	return nil
}

// propfindOne answers for something without members.
func (s *Server) propfindOne(w http.ResponseWriter, r *http.Request, path string, has []value) error {
	if _, err := depth(r); err != nil {
		return err
	}
	var q propfindRequest
	if err := readXML(w, r, &q); err != nil {
		return err
	}
	m := newMultistatus(w, r)
	q.answer(m, path, has)
	m.end("")
	return nil
}

func davValue(name, inner string) value { return value{property{nsDAV, name}, inner} }

// everywhere are the properties that everything has. There is one person, who may do everything (RFC 3744, RFC 5397).
func (s *Server) everywhere() []value {
	var rights strings.Builder
	for _, right := range []string{"all", "read", "write", "write-properties", "write-content", "bind", "unbind", "read-current-user-privilege-set"} {
		rights.WriteString(element(property{nsDAV, "privilege"}, elements(nsDAV, right)))
	}
	return []value{
		davValue("current-user-principal", hrefElement(principalPath)),
		davValue("current-user-privilege-set", rights.String()),
		davValue("owner", hrefElement(principalPath)),
		davValue("principal-collection-set", hrefElement(rootPath)),
	}
}

func (s *Server) principal() []value {
	return append(s.everywhere(),
		davValue("resourcetype", elements(nsDAV, "collection", "principal")),
		davValue("displayname", escape(s.opt.User)),
		davValue("principal-URL", hrefElement(principalPath)),
		value{property{nsCal, "calendar-home-set"}, hrefElement(place{home: calendars}.path())},
		value{property{nsCard, "addressbook-home-set"}, hrefElement(place{home: contacts}.path())},
		value{property{nsCal, "calendar-user-address-set"}, hrefElement(principalPath)},
	)
}

func (s *Server) homeProps(home string) []value {
	return append(s.everywhere(),
		davValue("resourcetype", elements(nsDAV, "collection")),
		davValue("displayname", escape(home)),
	)
}

// folderProps are the properties of a collection: its own, and those that its client set.
func (s *Server) folderProps(c collection) []value {
	out := append(s.everywhere(),
		davValue("sync-token", escape(c.token())),
		value{property{nsCS, "getctag"}, escape(c.token())},
	)
	size := strconv.Itoa(maxObject)
	if c.home == contacts {
		var kinds string
		for _, version := range []string{"3.0", "4.0"} {
			kinds += `<A:address-data-type content-type="text/vcard" version="` + version + `"/>`
		}
		out = append(out,
			davValue("resourcetype", elements(nsDAV, "collection")+elements(nsCard, "addressbook")),
			davValue("supported-report-set", reports(property{nsCard, "addressbook-query"}, property{nsCard, "addressbook-multiget"})),
			value{property{nsCard, "supported-address-data"}, kinds},
			value{property{nsCard, "max-resource-size"}, size},
			value{property{nsCard, "supported-collation-set"}, collations(nsCard)},
		)
	} else {
		var takes string
		for _, name := range c.components {
			takes += `<C:comp name="` + escape(name) + `"/>`
		}
		out = append(out,
			davValue("resourcetype", elements(nsDAV, "collection")+elements(nsCal, "calendar")),
			davValue("supported-report-set", reports(property{nsCal, "calendar-query"}, property{nsCal, "calendar-multiget"})),
			value{property{nsCal, "supported-calendar-component-set"}, takes},
			value{property{nsCal, "supported-calendar-data"}, `<C:calendar-data content-type="text/calendar" version="2.0"/>`},
			value{property{nsCal, "max-resource-size"}, size},
			value{property{nsCal, "supported-collation-set"}, collations(nsCal)},
		)
	}
	for p, inner := range c.props {
		out = append(out, value{p, inner})
	}
	return out
}

func reports(own ...property) string {
	var b strings.Builder
	for _, p := range append(own, property{nsDAV, "sync-collection"}) {
		b.WriteString(element(property{nsDAV, "supported-report"}, element(property{nsDAV, "report"}, element(p, ""))))
	}
	return b.String()
}

func collations(space string) string {
	var b strings.Builder
	for _, name := range []string{"i;ascii-casemap", "i;octet", "i;unicode-casemap"} {
		b.WriteString(element(property{space, "supported-collation"}, name))
	}
	return b.String()
}

func (s *Server) objectProps(o object) []value {
	return append(s.everywhere(),
		davValue("resourcetype", ""),
		davValue("getetag", escape(o.etag)),
		davValue("getcontenttype", mimeOf(o.component)),
		davValue("getcontentlength", strconv.Itoa(o.size)),
		davValue("getlastmodified", o.modified.UTC().Format(http.TimeFormat)),
	)
}
