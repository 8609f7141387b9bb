package local

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-webdav"
	"github.com/emersion/go-webdav/caldav"
	"github.com/emersion/go-webdav/carddav"
)

// query asks for the names of the objects that fit a filter.
func (c client) query(t testing.TB, folder, inner string) string {
	t.Helper()
	name := "C:calendar-query"
	if strings.HasPrefix(folder, "/contacts") {
		name = "A:addressbook-query"
	}
	var out []string
	for _, href := range c.list(t, "REPORT", folder, "1", request(name, `<D:prop><D:getetag/></D:prop>`+inner)).hrefs() {
		out = append(out, strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(href, folder), ".ics"), ".vcf"))
	}
	return strings.Join(out, " ")
}

func calendarFilter(component, inner string) string {
	return `<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="` + component + `">` + inner + `</C:comp-filter></C:comp-filter></C:filter>`
}

func TestCalendarQuery(t *testing.T) {
	s, c := serve(t)
	withFolders(t, s)
	const folder = "/calendars/work/"
	c.put(t, folder+"a.ics", event("a-1", "SUMMARY:Grüße an Ada", "CLASS:PUBLIC", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ada@example.com", "ATTENDEE;PARTSTAT=DECLINED:mailto:bob@example.com"))
	c.put(t, folder+"b.ics", event("b-1", "SUMMARY:Lunch\\, then\r\n  coffee", "BEGIN:VALARM", "ACTION:DISPLAY", "END:VALARM"))
	c.put(t, folder+"c.ics", event("A-1", "DTSTART:20260101T100000Z"))
	for name, one := range map[string]struct{ filter, want string }{
		"all":             {`<C:filter><C:comp-filter name="VCALENDAR"/></C:filter>`, "a b c"},
		"events":          {calendarFilter("VEVENT", ""), "a b c"},
		"tasks":           {calendarFilter("VTODO", ""), ""},
		"no tasks":        {calendarFilter("VTODO", "<C:is-not-defined/>"), "a b c"},
		"with alarm":      {calendarFilter("VEVENT", `<C:comp-filter name="VALARM"/>`), "b"},
		"without alarm":   {calendarFilter("VEVENT", `<C:comp-filter name="VALARM"><C:is-not-defined/></C:comp-filter>`), "a c"},
		"UID, as it is":   {calendarFilter("VEVENT", `<C:prop-filter name="UID"><C:text-match collation="i;octet">a-1</C:text-match></C:prop-filter>`), "a"},
		"UID, any case":   {calendarFilter("VEVENT", `<C:prop-filter name="UID"><C:text-match>a-1</C:text-match></C:prop-filter>`), "a c"},
		"not this UID":    {calendarFilter("VEVENT", `<C:prop-filter name="UID"><C:text-match negate-condition="yes">a-1</C:text-match></C:prop-filter>`), "b"},
		"unicode":         {calendarFilter("VEVENT", `<C:prop-filter name="SUMMARY"><C:text-match collation="i;unicode-casemap">GRÜSSE</C:text-match></C:prop-filter>`), "a"},
		"over a fold":     {calendarFilter("VEVENT", `<C:prop-filter name="summary"><C:text-match>lunch, then coffee</C:text-match></C:prop-filter>`), "b"},
		"has a class":     {calendarFilter("VEVENT", `<C:prop-filter name="CLASS"/>`), "a"},
		"has no class":    {calendarFilter("VEVENT", `<C:prop-filter name="CLASS"><C:is-not-defined/></C:prop-filter>`), "b c"},
		"second attendee": {calendarFilter("VEVENT", `<C:prop-filter name="ATTENDEE"><C:text-match>bob</C:text-match><C:param-filter name="PARTSTAT"><C:text-match>DECLINED</C:text-match></C:param-filter></C:prop-filter>`), "a"},
		"of one line":     {calendarFilter("VEVENT", `<C:prop-filter name="ATTENDEE"><C:text-match>bob</C:text-match><C:param-filter name="PARTSTAT"><C:text-match>ACCEPTED</C:text-match></C:param-filter></C:prop-filter>`), ""},
		"no such param":   {calendarFilter("VEVENT", `<C:prop-filter name="ATTENDEE"><C:param-filter name="ROLE"><C:is-not-defined/></C:param-filter></C:prop-filter>`), "a"},
		"a card":          {`<C:filter><C:comp-filter name="VCARD"/></C:filter>`, ""},
	} {
		same(t, name, c.query(t, folder, one.filter), one.want)
	}
	c.refuses(t, http.StatusForbidden, "supported-collation", "REPORT", folder,
		request("C:calendar-query", calendarFilter("VEVENT", `<C:prop-filter name="UID"><C:text-match collation="i;klingon">a</C:text-match></C:prop-filter>`)))
	c.refuses(t, http.StatusForbidden, "valid-filter", "REPORT", folder, request("C:calendar-query", `<D:prop><D:getetag/></D:prop>`))
	c.refuses(t, http.StatusForbidden, "supported-report", "REPORT", folder, request("C:free-busy-query", ""))
	c.refuses(t, http.StatusForbidden, "supported-report", "REPORT", folder, request("A:addressbook-query", "<A:filter/>"))
	c.refuses(t, http.StatusForbidden, "supported-report", "REPORT", "/calendars/", request("C:calendar-query", calendarFilter("VEVENT", "")))
	c.wants(t, http.StatusNotFound, "REPORT", "/calendars/none/", request("C:calendar-query", calendarFilter("VEVENT", "")))
}

func TestAddressbookQuery(t *testing.T) {
	s, c := serve(t)
	withFolders(t, s)
	const folder = "/contacts/people/"
	c.put(t, folder+"ada.vcf", vcard("1", "Ada Lovelace", "EMAIL;TYPE=WORK:ada@example.com", "item1.EMAIL:ada@home.test"))
	c.put(t, folder+"bob.vcf", vcard("2", "Bob", "NICKNAME:Ada’s friend"))
	text := func(prop, kind, text string) string {
		return `<A:prop-filter name="` + prop + `"><A:text-match match-type="` + kind + `">` + text + `</A:text-match></A:prop-filter>`
	}
	for name, one := range map[string]struct{ filter, want string }{
		"all":          {`<A:filter/>`, "ada bob"},
		"contains":     {`<A:filter>` + text("FN", "contains", "LOVE") + `</A:filter>`, "ada"},
		"equals":       {`<A:filter>` + text("FN", "equals", "ada") + `</A:filter>`, ""},
		"starts":       {`<A:filter>` + text("FN", "starts-with", "ada") + `</A:filter>`, "ada"},
		"ends":         {`<A:filter>` + text("FN", "ends-with", "lace") + `</A:filter>`, "ada"},
		"second, item": {`<A:filter>` + text("EMAIL", "ends-with", "home.test") + `</A:filter>`, "ada"},
		"any":          {`<A:filter>` + text("FN", "contains", "bob") + text("EMAIL", "contains", "ada") + `</A:filter>`, "ada bob"},
		"all of":       {`<A:filter test="allof">` + text("FN", "contains", "bob") + text("EMAIL", "contains", "ada") + `</A:filter>`, ""},
		"one of texts": {`<A:filter><A:prop-filter name="FN"><A:text-match>bob</A:text-match><A:text-match>ada</A:text-match></A:prop-filter></A:filter>`, "ada bob"},
		"all texts":    {`<A:filter><A:prop-filter name="FN" test="allof"><A:text-match>love</A:text-match><A:text-match>ada</A:text-match></A:prop-filter></A:filter>`, "ada"},
		"no e-mail":    {`<A:filter><A:prop-filter name="EMAIL"><A:is-not-defined/></A:prop-filter></A:filter>`, "bob"},
		"type":         {`<A:filter><A:prop-filter name="EMAIL"><A:param-filter name="TYPE"><A:text-match>work</A:text-match></A:param-filter></A:prop-filter></A:filter>`, "ada"},
	} {
		same(t, name, c.query(t, folder, one.filter), one.want)
	}
	same(t, "limit", c.query(t, folder, `<A:filter/><A:limit><A:nresults>1</A:nresults></A:limit>`), "ada  507")
}

// TestTimeRanges: which objects have a moment in a range (RFC 4791 section 9.9).
func TestTimeRanges(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	const july = "20260701T000000Z/20260801T000000Z"
	for name, one := range map[string]struct {
		text, span string
		want       bool
	}{
		"inside":                    {event("a", "DTSTART:20260710T100000Z", "DTEND:20260710T110000Z"), july, true},
		"exactly the range":         {event("a", "DTSTART:20260701T000000Z", "DTEND:20260801T000000Z"), july, true},
		"around it":                 {event("a", "DTSTART:20260101T000000Z", "DTEND:20261231T000000Z"), july, true},
		"ends as it begins":         {event("a", "DTSTART:20260630T230000Z", "DTEND:20260701T000000Z"), july, false},
		"begins as it ends":         {event("a", "DTSTART:20260801T000000Z", "DTEND:20260801T010000Z"), july, false},
		"a moment at its begin":     {event("a", "DTSTART:20260701T000000Z"), july, true},
		"by duration":               {event("a", "DTSTART:20260630T230000Z", "DURATION:PT1H1S"), july, true},
		"by duration, before":       {event("a", "DTSTART:20260630T230000Z", "DURATION:PT1H"), july, false},
		"by weeks":                  {event("a", "DTSTART:20260601T000000Z", "DURATION:P5W"), july, true},
		"a day in Berlin":           {event("a", "DTSTART;VALUE=DATE:20260801", "DTEND;VALUE=DATE:20260802"), july, true},
		"a day after":               {event("a", "DTSTART;VALUE=DATE:20260802"), july, false},
		"days to the eve":           {event("a", "DTSTART;VALUE=DATE:20260628", "DTEND;VALUE=DATE:20260701"), july, false},
		"a day without length":      {event("a", "DTSTART;VALUE=DATE:20260701", "DTEND;VALUE=DATE:20260701"), july, true},
		"floating, in Berlin":       {event("a", "DTSTART:20260801T013000"), july, true},
		"in a zone":                 {event("a", "DTSTART;TZID=America/New_York:20260731T190000"), july, true},
		"in a zone, after":          {event("a", "DTSTART;TZID=America/New_York:20260731T210000"), july, false},
		"a zone with a path":        {event("a", "DTSTART;TZID=/freeassociation.sourceforge.net/America/New_York:20260731T210000"), july, false},
		"an unknown zone, near":     {event("a", "DTSTART;TZID=Mars:20260801T100000"), july, true},
		"an unknown zone, far":      {event("a", "DTSTART;TZID=Mars:20260803T100000"), july, false},
		"unreadable":                {event("a", "DTSTART:whenever"), july, true},
		"no time":                   {event("a"), july, true},
		"weekly":                    {event("a", "DTSTART:20260105T100000Z", "RRULE:FREQ=WEEKLY"), july, true},
		"weekly until June":         {event("a", "DTSTART:20260105T100000Z", "RRULE:FREQ=WEEKLY;UNTIL=20260630T235959Z"), july, false},
		"daily until the 1st":       {event("a", "DTSTART;VALUE=DATE:20260105", "RRULE:FREQ=DAILY;UNTIL=20260701"), july, true},
		"three times":               {event("a", "DTSTART:20260105T100000Z", "RRULE:FREQ=WEEKLY;COUNT=3"), july, false},
		"three times, open end":     {event("a", "DTSTART:20260105T100000Z", "RRULE:FREQ=WEEKLY;COUNT=3"), "20260701T000000Z/", false},
		"for ever, open end":        {event("a", "DTSTART:20260105T100000Z", "RRULE:FREQ=WEEKLY"), "20260701T000000Z/", true},
		"yearly, another month":     {event("a", "DTSTART:20200105T100000Z", "RRULE:FREQ=YEARLY"), july, false},
		"yearly, in July":           {event("a", "DTSTART:20200731T100000Z", "RRULE:FREQ=YEARLY"), july, true},
		"the only one left out":     {event("a", "DTSTART:20200731T100000Z", "RRULE:FREQ=YEARLY", "EXDATE:20260731T100000Z"), july, false},
		"one more day":              {event("a", "DTSTART:20260105T100000Z", "RDATE:20260715T100000Z,20260901T100000Z"), july, true},
		"one more day elsewhere":    {event("a", "DTSTART:20260105T100000Z", "RDATE;VALUE=PERIOD:20260901T100000Z/PT1H"), july, false},
		"a birthday of no year":     {event("a", "DTSTART;VALUE=DATE:16040715", "RRULE:FREQ=YEARLY"), july, true},
		"a long period":             {event("a", "DTSTART:20260101T100000Z", "RDATE;VALUE=PERIOD:20260601T100000Z/P60D"), july, true},
		"moved with those behind":   {event("a", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260201T100000Z", "DTSTART:20260202T100000Z"), july, true},
		"begins later":              {event("a", "DTSTART:20270105T100000Z", "RRULE:FREQ=DAILY"), july, false},
		"Mondays, unknown zone":     {event("a", "DTSTART;TZID=Mars:20260105T100000", "RRULE:FREQ=WEEKLY;BYDAY=MO"), "20260706T090000Z/20260706T110000Z", true},
		"Mondays, on a Thursday":    {event("a", "DTSTART;TZID=Mars:20260105T100000", "RRULE:FREQ=WEEKLY;BYDAY=MO"), "20260709T090000Z/20260709T110000Z", false},
		"local time over summer":    {event("a", "DTSTART;TZID=Europe/Berlin:20260105T100000", "RRULE:FREQ=DAILY"), "20260706T080000Z/20260706T080001Z", true},
		"not an hour later":         {event("a", "DTSTART;TZID=Europe/Berlin:20260105T100000", "RRULE:FREQ=DAILY"), "20260706T090000Z/20260706T090001Z", false},
		"a rule nobody reads":       {event("a", "DTSTART:20260105T100000Z", "RRULE:FREQ=NEVER"), july, true},
		"a rule that breaks":        {event("a", "DTSTART:20260105T100000Z", "RRULE:FREQ=MONTHLY;BYDAY=-8FR"), july, true},
		"every second":              {event("a", "DTSTART:19700105T100000Z", "RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30"), july, true},
		"a day that never comes":    {event("a", "DTSTART:20200101T100000Z", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), july, false},
		"a moved occurrence":        {strings.Replace(event("a", "DTSTART:20260105T100000Z", "RRULE:FREQ=DAILY;COUNT=2"), "END:VCALENDAR", "BEGIN:VEVENT\r\nUID:a\r\nRECURRENCE-ID:20260106T100000Z\r\nDTSTART:20260710T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR", 1), july, true},
		"a task due then":           {component("VTODO", "a", "DUE;VALUE=DATE:20260731"), july, true},
		"a task due at its end":     {component("VTODO", "a", "DUE:20260801T000000Z"), july, true},
		"a task due before":         {component("VTODO", "a", "DTSTART:20260601T000000Z", "DUE:20260615T000000Z"), july, false},
		"a task without a time":     {component("VTODO", "a"), july, true},
		"a task on its last day":    {component("VTODO", "a", "DTSTART;VALUE=DATE:20260601", "DUE;VALUE=DATE:20260701"), "20260701T060000Z/20260701T070000Z", true},
		"a note":                    {component("VJOURNAL", "a", "DTSTART;VALUE=DATE:20260615"), july, false},
		"only a beginning, before":  {event("a", "DTSTART:20260615T100000Z"), "20260701T000000Z/", false},
		"only an end, after":        {event("a", "DTSTART:20260815T100000Z"), "/20260801T000000Z", false},
		"only an end, before it":    {event("a", "DTSTART:20260615T100000Z"), "/20260801T000000Z", true},
		"a length that overflows":   {event("a", "DTSTART:20260615T100000Z", "DURATION:P99999999999999999999W"), july, true},
		"a negative length":         {event("a", "DTSTART:20260715T100000Z", "DTEND:20260101T100000Z"), july, true},
		"an interval out of reason": {event("a", "DTSTART:20260105T100000Z", "RRULE:FREQ=DAILY;INTERVAL=9223372036854775807"), july, true},
	} {
		t.Run(name, func(t *testing.T) {
			s, c := serveFile(t, t.TempDir()+"/local.db", Options{Zone: berlin})
			if err := s.Make(t.Context(), "work", "Work", Calendar); err != nil {
				t.Fatal(err)
			}
			kind := "VEVENT"
			for _, other := range []string{"VTODO", "VJOURNAL"} {
				if strings.Contains(one.text, "BEGIN:"+other) {
					kind = other
				}
			}
			c.wants(t, http.StatusCreated, "MKCALENDAR", "/calendars/all/", "")
			c.put(t, "/calendars/all/a.ics", one.text)
			start, end, _ := strings.Cut(one.span, "/")
			attrs := ""
			if start != "" {
				attrs += ` start="` + start + `"`
			}
			if end != "" {
				attrs += ` end="` + end + `"`
			}
			same(t, "fits", c.query(t, "/calendars/all/", calendarFilter(kind, `<C:time-range`+attrs+`/>`)) == "a", one.want)
		})
	}
}

func TestMultigetTellsWhatIsMissing(t *testing.T) {
	s, c := serve(t)
	withFolders(t, s)
	c.put(t, "/calendars/work/a.ics", event("a"))
	c.put(t, "/calendars/todo/x.ics", component("VTODO", "x"))
	hrefs := ""
	for _, h := range []string{"/calendars/work/a.ics", c.base + "calendars/work/%61.ics", "/calendars/work/none.ics", "/calendars/todo/x.ics", "/calendars/work/", "%zz", "../../etc/passwd"} {
		hrefs += `<D:href>` + h + `</D:href>`
	}
	l := c.list(t, "REPORT", "/calendars/work/", "1", request("C:calendar-multiget", `<D:prop><D:getetag/><C:calendar-data/></D:prop>`+hrefs))
	same(t, "answers", l.hrefs(), "[/calendars/work/a.ics /calendars/work/a.ics /calendars/work/none.ics 404 /calendars/todo/x.ics 404 /calendars/work/ 404 %zz 404 ../../etc/passwd 404]")
}

// TestAnotherLibraryUnderstandsUs reads the server with a client that shares no code with it.
func TestAnotherLibraryUnderstandsUs(t *testing.T) {
	s, c := serve(t)
	withFolders(t, s)
	for i := range 3 {
		c.put(t, fmt.Sprintf("/calendars/work/%d.ics", i), event(fmt.Sprint(i), "DTSTAMP:20260101T000000Z", "DTSTART:20260101T000000Z", "SUMMARY:One"))
		c.put(t, fmt.Sprintf("/contacts/people/%d.vcf", i), vcard(fmt.Sprint(i), "Ada"))
	}
	as := webdav.HTTPClientWithBasicAuth(nil, user, password)
	dav, err := webdav.NewClient(as, c.base)
	if err != nil {
		t.Fatal(err)
	}
	principal, err := dav.FindCurrentUserPrincipal(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	cal, err := caldav.NewClient(as, c.base)
	if err != nil {
		t.Fatal(err)
	}
	home, err := cal.FindCalendarHomeSet(t.Context(), principal)
	if err != nil {
		t.Fatal(err)
	}
	found, err := cal.FindCalendars(t.Context(), home)
	if err != nil || len(found) != 2 || found[0].Name != "WORK" || fmt.Sprint(found[0].SupportedComponentSet) != "[VEVENT]" || found[0].MaxResourceSize != maxObject {
		t.Fatalf("%+v, %v", found, err)
	}
	events, err := cal.QueryCalendar(t.Context(), found[0].Path, &caldav.CalendarQuery{
		CompRequest: caldav.CalendarCompRequest{Name: "VCALENDAR", AllProps: true, AllComps: true},
		CompFilter:  caldav.CompFilter{Name: "VCALENDAR", Comps: []caldav.CompFilter{{Name: "VEVENT", Props: []caldav.PropFilter{{Name: "SUMMARY", TextMatch: &caldav.TextMatch{Text: "one"}}}}}},
	})
	if err != nil || len(events) != 3 || events[0].ETag == "" {
		t.Fatalf("%d events, %v", len(events), err)
	}
	card, err := carddav.NewClient(as, c.base)
	if err != nil {
		t.Fatal(err)
	}
	if home, err = card.FindAddressBookHomeSet(t.Context(), principal); err != nil {
		t.Fatal(err)
	}
	books, err := card.FindAddressBooks(t.Context(), home)
	if err != nil || len(books) != 1 || books[0].Name != "PEOPLE" {
		t.Fatalf("%+v, %v", books, err)
	}
	first, err := card.SyncCollection(t.Context(), books[0].Path, &carddav.SyncQuery{})
	if err != nil || len(first.Updated) != 3 || first.SyncToken == "" {
		t.Fatalf("%+v, %v", first, err)
	}
	if err := card.RemoveAll(t.Context(), first.Updated[0].Path); err != nil {
		t.Fatal(err)
	}
	next, err := card.SyncCollection(t.Context(), books[0].Path, &carddav.SyncQuery{SyncToken: first.SyncToken})
	if err != nil || len(next.Updated) != 0 || len(next.Deleted) != 1 {
		t.Errorf("%+v, %v", next, err)
	}
	if err := card.HasSupport(t.Context()); err != nil {
		t.Error(err)
	}
}
