package local

import (
	"net/http"
	"strings"
	"testing"
)

func TestCollectionsAreMadeNamedAndRemoved(t *testing.T) {
	_, c := serve(t)
	c.wants(t, http.StatusCreated, "MKCALENDAR", "/calendars/work/", request("C:mkcalendar", `<D:set><D:prop><D:displayname>Arbeit &amp; mehr</D:displayname>`+
		`<C:supported-calendar-component-set><C:comp name="VEVENT"/></C:supported-calendar-component-set>`+
		`<I:calendar-color symbolic-color="custom">#FF0000FF</I:calendar-color><C:calendar-timezone>BEGIN:VCALENDAR&#13;
END:VCALENDAR</C:calendar-timezone></D:prop></D:set>`))
	c.wants(t, http.StatusCreated, "MKCOL", "/contacts/people", request("D:mkcol", `<D:set><D:prop><D:resourcetype><D:collection/><A:addressbook/></D:resourcetype>`+
		`<D:displayname>Leute</D:displayname></D:prop></D:set>`))
	c.wants(t, http.StatusCreated, "MKCOL", "/calendars/plain/", "")
	home := c.list(t, "PROPFIND", "/calendars/", "1", request("D:propfind", `<D:prop><D:displayname/><I:calendar-color/><C:supported-calendar-component-set/></D:prop>`))
	same(t, "home", home.hrefs(), "[/calendars/ /calendars/work/ /calendars/plain/]")
	work := home.Responses[1].Propstat[0].Prop
	same(t, "name", work.Name, "Arbeit & mehr")
	same(t, "colour", work.Color, "#FF0000FF")
	if !strings.Contains(work.Inner, `<C:comp name="VEVENT"/>`) || strings.Contains(work.Inner, "VTODO") {
		t.Errorf("components: %s", work.Inner)
	}
	if plain := home.Responses[2].Propstat[0].Prop.Inner; !strings.Contains(plain, "VEVENT") || !strings.Contains(plain, "VTODO") {
		t.Errorf("a plain calendar takes %s", plain)
	}
	if book := c.list(t, "PROPFIND", "/contacts/people/", "0", "").Responses[0].Propstat[0].Prop; book.Name != "Leute" || !strings.Contains(book.Inner, "A:addressbook/>") {
		t.Errorf("book: %s", book.Inner)
	}
	c.refuses(t, http.StatusMethodNotAllowed, "resource-must-be-null", "MKCALENDAR", "/calendars/work/", "")
	c.wants(t, http.StatusMethodNotAllowed, "MKCOL", "/contacts/people/", "")
	same(t, "name after a second try", c.list(t, "PROPFIND", "/calendars/work/", "0", "").Responses[0].Propstat[0].Prop.Name, "Arbeit & mehr")
	c.put(t, "/calendars/work/a.ics", event("a"))
	c.wants(t, http.StatusPreconditionFailed, http.MethodDelete, "/calendars/work/", "", "If-Match", `"x"`)
	c.wants(t, http.StatusNoContent, http.MethodDelete, "/calendars/work/", "")
	c.wants(t, http.StatusNotFound, http.MethodDelete, "/calendars/work/", "")
	c.wants(t, http.StatusNotFound, http.MethodGet, "/calendars/work/a.ics", "")
	same(t, "home", c.list(t, "PROPFIND", "/calendars/", "1", "").hrefs(), "[/calendars/ /calendars/plain/]")
}

func TestPlacesWhereNoCollectionCanBe(t *testing.T) {
	_, c := serve(t)
	book := request("D:mkcol", `<D:set><D:prop><D:resourcetype><D:collection/><A:addressbook/></D:resourcetype></D:prop></D:set>`)
	c.refuses(t, http.StatusForbidden, "calendar-collection-location-ok", "MKCALENDAR", "/contacts/work/", "")
	c.refuses(t, http.StatusForbidden, "calendar-collection-location-ok", "MKCALENDAR", "/calendars/work/deep", "")
	c.refuses(t, http.StatusForbidden, "valid-resourcetype", "MKCOL", "/calendars/people/", book)
	c.refuses(t, http.StatusForbidden, "cannot-modify-protected-property", "MKCALENDAR", "/calendars/work/", request("C:mkcalendar", `<D:set><D:prop><D:getetag>x</D:getetag></D:prop></D:set>`))
	c.refuses(t, http.StatusForbidden, "supported-calendar-component", "MKCALENDAR", "/calendars/work/",
		request("C:mkcalendar", `<D:set><D:prop><C:supported-calendar-component-set><C:comp name="VAVAILABILITY"/></C:supported-calendar-component-set></D:prop></D:set>`))
	c.wants(t, http.StatusBadRequest, "MKCALENDAR", "/calendars/work/", "<not xml")
	c.wants(t, http.StatusBadRequest, "MKCALENDAR", "/calendars/work/", request("D:propfind", "<D:allprop/>"))
	c.wants(t, http.StatusNotFound, "MKCALENDAR", "/elsewhere/work/", "")
	c.wants(t, http.StatusMethodNotAllowed, "MKCOL", "/", "")
	same(t, "home", c.list(t, "PROPFIND", "/calendars/", "1", "").hrefs(), "[/calendars/]")
}

// TestPropertiesAreKept: also those that only one client knows, with what stands inside them.
func TestPropertiesAreKept(t *testing.T) {
	s, c := serve(t)
	withFolders(t, s)
	const folder = "/calendars/work/"
	patch := func(inner string) listing {
		return c.list(t, "PROPPATCH", folder, "0", request("D:propertyupdate", inner))
	}
	ok := patch(`<D:set><D:prop><D:displayname>Neu</D:displayname><I:calendar-color>#00FF00</I:calendar-color></D:prop></D:set>` +
		`<D:set><D:prop><x:odd xmlns:x="urn:x"><x:deep a="1 &lt; 2">text &amp; more</x:deep><empty xmlns="urn:y"/></x:odd></D:prop></D:set>`)
	if !strings.Contains(ok.Responses[0].Propstat[0].Status, " 200 ") || len(ok.Responses[0].Propstat) != 1 {
		t.Errorf("%+v", ok)
	}
	ask := request("D:propfind", `<D:prop><D:displayname/><I:calendar-color/><odd xmlns="urn:x"/><none xmlns="urn:x"/></D:prop>`)
	got := c.list(t, "PROPFIND", folder, "0", ask).Responses[0].Propstat
	same(t, "name, colour", []string{got[0].Prop.Name, got[0].Prop.Color}, "[Neu #00FF00]")
	if want := `<odd xmlns="urn:x"><deep xmlns="urn:x" a="1 &lt; 2">text &amp; more</deep><empty xmlns="urn:y"></empty></odd>`; !strings.Contains(got[0].Prop.Inner, want) {
		t.Errorf("no %s in %s", want, got[0].Prop.Inner)
	}
	if !strings.Contains(got[1].Status, " 404 ") || !strings.Contains(got[1].Prop.Inner, "none") {
		t.Errorf("%+v", got[1])
	}
	// One that may not be set takes the others with it.
	failed := patch(`<D:set><D:prop><D:displayname>No</D:displayname></D:prop></D:set><D:set><D:prop><D:getetag>"x"</D:getetag></D:prop></D:set>`).Responses[0].Propstat
	if !strings.Contains(failed[0].Status, " 403 ") || !strings.Contains(failed[1].Status, " 424 ") {
		t.Errorf("%+v", failed)
	}
	same(t, "name", c.list(t, "PROPFIND", folder, "0", ask).Responses[0].Propstat[0].Prop.Name, "Neu")
	patch(`<D:remove><D:prop><D:displayname/></D:prop></D:remove>`)
	same(t, "status of a removed one", strings.Contains(c.list(t, "PROPFIND", folder, "0", request("D:propfind", `<D:prop><D:displayname/></D:prop>`)).Responses[0].Propstat[0].Status, " 404 "), true)
	patch(`<D:remove><D:prop><I:calendar-color/></D:prop></D:remove><D:set><D:prop><I:calendar-color>#1</I:calendar-color></D:prop></D:set>`)
	same(t, "the later one wins", c.list(t, "PROPFIND", folder, "0", ask).Responses[0].Propstat[0].Prop.Color, "#1")
	c.wants(t, http.StatusInsufficientStorage, "PROPPATCH", folder, request("D:propertyupdate", `<D:set><D:prop><D:displayname>`+strings.Repeat("x", maxProperty+1)+`</D:displayname></D:prop></D:set>`))
	c.wants(t, http.StatusRequestEntityTooLarge, "PROPPATCH", folder, strings.Repeat(" ", maxRequest+1))
	c.wants(t, http.StatusNotFound, "PROPPATCH", "/calendars/none/", request("D:propertyupdate", `<D:set><D:prop><D:displayname>x</D:displayname></D:prop></D:set>`))
	c.wants(t, http.StatusNotFound, "PROPPATCH", folder+"none.ics", request("D:propertyupdate", `<D:set><D:prop><D:displayname>x</D:displayname></D:prop></D:set>`))
	home := c.list(t, "PROPPATCH", "/calendars/", "0", request("D:propertyupdate", `<D:set><D:prop><D:displayname>x</D:displayname></D:prop></D:set>`))
	same(t, "a home's name stays", strings.Contains(home.Responses[0].Propstat[0].Status, " 403 "), true)
}

func TestPropfind(t *testing.T) {
	s, c := serve(t)
	withFolders(t, s)
	c.put(t, "/calendars/work/a.ics", event("a"))
	for path, want := range map[string]string{
		"/":                "[/ /principal/ /calendars/ /contacts/]",
		"/calendars/":      "[/calendars/ /calendars/work/ /calendars/todo/]",
		"/calendars":       "[/calendars/ /calendars/work/ /calendars/todo/]",
		"/contacts/":       "[/contacts/ /contacts/people/]",
		"/calendars/work/": "[/calendars/work/ /calendars/work/a.ics]",
		"/calendars/work":  "[/calendars/work/ /calendars/work/a.ics]",
		"/principal/":      "[/principal/]",
	} {
		same(t, path, c.list(t, "PROPFIND", path, "1", "").hrefs(), want)
		if self := c.list(t, "PROPFIND", path, "0", request("D:propfind", "<D:propname/>")); len(self.Responses) != 1 || strings.Contains(self.Responses[0].Propstat[0].Prop.Inner, "HTTP") {
			t.Errorf("%s: %v", path, self.hrefs())
		}
		c.refuses(t, http.StatusForbidden, "propfind-finite-depth", "PROPFIND", path, "", "Depth", "infinity")
		// Without a depth everything is meant: an answer without members would look like an empty collection.
		c.refuses(t, http.StatusForbidden, "propfind-finite-depth", "PROPFIND", path, "")
	}
	c.wants(t, http.StatusNotFound, "PROPFIND", "/calendars/none/", "", "Depth", "1")
	c.wants(t, http.StatusNotFound, "PROPFIND", "/calendars/work/none.ics", "", "Depth", "0")
	c.wants(t, http.StatusBadRequest, "PROPFIND", "/calendars/", "<D:propfind", "Depth", "0")
	o := c.list(t, "PROPFIND", "/calendars/work/a.ics", "0", "").Responses[0].Propstat[0].Prop.Inner
	for _, want := range []string{"getetag>", "getcontenttype>text/calendar; charset=utf-8; component=vevent<", "getlastmodified>", "getcontentlength>"} {
		if !strings.Contains(o, want) {
			t.Errorf("no %s in %s", want, o)
		}
	}
	p := c.list(t, "PROPFIND", "/principal/", "0", "").Responses[0].Propstat[0].Prop.Inner
	for _, want := range []string{"calendar-home-set><D:href>/calendars/<", "addressbook-home-set><D:href>/contacts/<", "current-user-principal><D:href>/principal/<"} {
		if !strings.Contains(p, want) {
			t.Errorf("no %s in %s", want, p)
		}
	}
	if f := c.list(t, "PROPFIND", "/calendars/work/", "0", "").Responses[0].Propstat[0].Prop.Inner; !strings.Contains(f, "D:sync-collection/>") || !strings.Contains(f, "write-content/>") {
		t.Error(f)
	}
	a := c.wants(t, http.StatusMultiStatus, "PROPFIND", "/calendars/work/", request("D:propfind", `<D:prop><D:getetag/><D:displayname/></D:prop>`), "Depth", "0", "Prefer", "return=minimal")
	if strings.Contains(a.body, "404") || a.header.Get("Preference-Applied") == "" {
		t.Error(a.body)
	}
}

func TestOptions(t *testing.T) {
	s, c := serve(t)
	withFolders(t, s)
	for _, path := range []string{"/", "/principal/", "/calendars/", "/contacts/people/", "/calendars/work/a.ics"} {
		a := c.wants(t, http.StatusNoContent, http.MethodOptions, path, "")
		for _, want := range []string{"1", "calendar-access", "addressbook", "extended-mkcol"} {
			if !strings.Contains(a.header.Get("DAV"), want) {
				t.Errorf("%s: DAV: %s", path, a.header.Get("DAV"))
			}
		}
	}
}
