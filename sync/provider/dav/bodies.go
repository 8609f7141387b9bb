package dav

import (
	"encoding/xml"
	"net/url"
	"strings"

	"zohosync/sync/record"
)

const xmlSpaces = ` xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:A="urn:ietf:params:xml:ns:carddav" xmlns:S="http://calendarserver.org/ns/"`

// Properties that we ask for, as they stand inside DAV:prop.
const (
	propsService = `<D:resourcetype/><D:current-user-principal/><C:calendar-home-set/><A:addressbook-home-set/>` +
		`<C:calendar-user-address-set/>`
	propsInfo = `<D:resourcetype/><D:displayname/><D:owner/><D:current-user-privilege-set/><D:supported-report-set/>` +
		`<C:supported-calendar-component-set/><D:sync-token/>`
	propsTag  = `<S:getctag/>`
	propsETag = `<D:getetag/>`
)

func escape(s string) string {
	var b strings.Builder
	// The only error of EscapeText is that of the writer, and a Builder has none.
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

func element(name, inner string) []byte {
	return []byte(`<?xml version="1.0" encoding="utf-8"?><` + name + xmlSpaces + `>` + inner + `</` + name + `>`)
}

func xmlRequest(method string, u *url.URL, depth string, body []byte) request {
	h := map[string]string{"Content-Type": "application/xml; charset=utf-8"}
	if depth != "" {
		h["Depth"] = depth
	}
	return request{method: method, url: u, header: h, body: body}
}

func propfind(u *url.URL, depth, wanted string) request {
	return xmlRequest("PROPFIND", u, depth, element("D:propfind", `<D:prop>`+wanted+`</D:prop>`))
}

// syncCollection asks what changed after a token (RFC 6578 section 3.2); "" lists everything.
func syncCollection(u *url.URL, token string) request {
	return xmlRequest("REPORT", u, "0", element("D:sync-collection", `<D:sync-token>`+escape(token)+`</D:sync-token>`+
		`<D:sync-level>1</D:sync-level><D:prop>`+propsETag+`</D:prop>`))
}

// multiget asks for objects by their addresses (RFC 4791 section 7.9, RFC 6352 section 8.7).
func multiget(u *url.URL, kind record.Kind, paths []string) request {
	var list strings.Builder
	for _, p := range paths {
		list.WriteString(`<D:href>` + escape(p) + `</D:href>`)
	}
	if kind == record.Contact {
		return xmlRequest("REPORT", u, "1", element("A:addressbook-multiget", propsData(kind)+list.String()))
	}
	return xmlRequest("REPORT", u, "1", element("C:calendar-multiget", propsData(kind)+list.String()))
}

// queryAll asks for every object at once. It names no component, so that an object without ours comes along too and
// need not be asked for again.
func queryAll(u *url.URL, kind record.Kind) request {
	if kind == record.Contact {
		return xmlRequest("REPORT", u, "1", element("A:addressbook-query", propsData(kind)+`<A:filter/>`))
	}
	return xmlRequest("REPORT", u, "1", element("C:calendar-query", propsData(kind)+
		`<C:filter><C:comp-filter name="VCALENDAR"/></C:filter>`))
}

// queryUID asks for the objects that carry a UID.
func queryUID(u *url.URL, kind record.Kind, uid string) request {
	if kind == record.Contact {
		return xmlRequest("REPORT", u, "1", element("A:addressbook-query", propsData(kind)+`<A:filter><A:prop-filter name="UID">`+
			`<A:text-match collation="i;unicode-casemap" match-type="equals">`+escape(uid)+`</A:text-match></A:prop-filter></A:filter>`))
	}
	return xmlRequest("REPORT", u, "1", element("C:calendar-query", propsData(kind)+
		`<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="`+componentOf(kind)+`"><C:prop-filter name="UID">`+
		`<C:text-match collation="i;octet">`+escape(uid)+`</C:text-match></C:prop-filter></C:comp-filter></C:comp-filter></C:filter>`))
}

func propsData(kind record.Kind) string {
	if kind == record.Contact {
		return `<D:prop>` + propsETag + `<A:address-data/></D:prop>`
	}
	return `<D:prop>` + propsETag + `<C:calendar-data/></D:prop>`
}

// makeBody asks for a new collection: MKCALENDAR (RFC 4791 section 5.3.1) or extended MKCOL (RFC 5689).
func makeBody(extended bool, title string, kind record.Kind) []byte {
	wanted := `<D:displayname>` + escape(title) + `</D:displayname>`
	if kind != record.Contact {
		wanted += `<C:supported-calendar-component-set><C:comp name="` + componentOf(kind) + `"/></C:supported-calendar-component-set>`
	}
	if !extended {
		return element("C:mkcalendar", `<D:set><D:prop>`+wanted+`</D:prop></D:set>`)
	}
	sort := `<C:calendar/>`
	if kind == record.Contact {
		sort = `<A:addressbook/>`
	}
	return element("D:mkcol", `<D:set><D:prop><D:resourcetype><D:collection/>`+sort+`</D:resourcetype>`+wanted+`</D:prop></D:set>`)
}

// renameBody sets the title of a collection.
func renameBody(title string) []byte {
	return element("D:propertyupdate", `<D:set><D:prop><D:displayname>`+escape(title)+`</D:displayname></D:prop></D:set>`)
}

// componentOf names the component of RFC 5545 that holds items of a kind.
func componentOf(kind record.Kind) string {
	if kind == record.Task {
		return "VTODO"
	}
	return "VEVENT"
}
