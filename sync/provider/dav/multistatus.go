package dav

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"

	"zohosync/sync/provider"
)

// Name spaces of the properties that we ask for.
const (
	nsDAV    = "DAV:"
	nsCalDAV = "urn:ietf:params:xml:ns:caldav"
	nsCard   = "urn:ietf:params:xml:ns:carddav"
)

// response is one DAV:response: either a status of its own or properties.
type response struct {
	base     *url.URL
	href     string
	Hrefs    []string   `xml:"DAV: href"`
	Status   string     `xml:"DAV: status"`
	Propstat []propstat `xml:"DAV: propstat"`
	Error    *names     `xml:"DAV: error"`
}

type propstat struct {
	Status string `xml:"DAV: status"`
	Prop   props  `xml:"DAV: prop"`
}

// props are the properties that we ask for. Texts are as the server wrote them.
type props struct {
	ETag       string     `xml:"DAV: getetag"`
	Name       string     `xml:"DAV: displayname"`
	Type       names      `xml:"DAV: resourcetype"`
	Token      string     `xml:"DAV: sync-token"`
	CTag       string     `xml:"http://calendarserver.org/ns/ getctag"`
	Components components `xml:"urn:ietf:params:xml:ns:caldav supported-calendar-component-set"`
	Privileges []names    `xml:"DAV: current-user-privilege-set>privilege"`
	Reports    []names    `xml:"DAV: supported-report-set>supported-report>report"`
	Principal  hrefs      `xml:"DAV: current-user-principal"`
	Owner      hrefs      `xml:"DAV: owner"`
	Addresses  hrefs      `xml:"urn:ietf:params:xml:ns:caldav calendar-user-address-set"`
	Calendars  hrefs      `xml:"urn:ietf:params:xml:ns:caldav calendar-home-set"`
	Books      hrefs      `xml:"urn:ietf:params:xml:ns:carddav addressbook-home-set"`
	Calendar   *string    `xml:"urn:ietf:params:xml:ns:caldav calendar-data"`
	Card       *string    `xml:"urn:ietf:params:xml:ns:carddav address-data"`
}

// hrefs are the addresses inside a property; a server may give several home sets.
type hrefs struct {
	Href []string `xml:"DAV: href"`
}

// names are the elements inside an element, of which only the names matter.
type names struct {
	Any []struct{ XMLName xml.Name } `xml:",any"`
}

func (n names) has(space, local string) bool {
	for _, e := range n.Any {
		if e.XMLName.Local == local && e.XMLName.Space == space {
			return true
		}
	}
	return false
}

type components struct {
	Comp []struct {
		Name string `xml:"name,attr"`
	} `xml:"urn:ietf:params:xml:ns:caldav comp"`
}

// status is the response's own status, 0 when it has properties instead.
func (r response) status() int {
	if r.Status == "" {
		return 0
	}
	return parseStatus(r.Status)
}

// props returns the properties that the server was able to give; ok is false when there are none.
func (r response) props() (p props, ok bool) {
	for _, s := range r.Propstat {
		// RFC 4918 section 9.1.2 groups properties by status, so that there is one such element at most.
		if s.Status == "" || parseStatus(s.Status)/100 == 2 {
			return s.Prop, true
		}
	}
	return props{}, false
}

// failure returns the refusal that a response inside a 207 stands for, nil when it refuses nothing.
func (r response) failure(method string) error {
	code, cond := r.status(), ""
	for _, s := range r.Propstat {
		if c := parseStatus(s.Status); code == 0 && s.Status != "" && c >= 400 {
			code = c
		}
	}
	if r.Error != nil && len(r.Error.Any) > 0 {
		cond = r.Error.Any[0].XMLName.Local
	}
	if code < 400 {
		return nil
	}
	return &StatusError{Method: method, Status: code, Condition: cond}
}

// body returns the text of the object that came along, nil when none did.
func (r response) body() []byte {
	p, _ := r.props()
	switch {
	case p.Calendar != nil && strings.TrimSpace(*p.Calendar) != "":
		return []byte(*p.Calendar)
	case p.Card != nil && strings.TrimSpace(*p.Card) != "":
		return []byte(*p.Card)
	}
	return nil
}

func parseStatus(s string) int {
	fields := strings.Fields(s)
	if len(fields) < 2 {
		return 0
	}
	n, _ := strconv.Atoi(fields[1])
	return n
}

// readMultistatus hands over each response of a multistatus as it is read and returns the sync token. It holds one
// response in memory at a time, and none larger than maxObject.
func readMultistatus(r io.Reader, base *url.URL, each func(response) error) (string, error) {
	limited := &limit{r: r, left: maxObject}
	d := xml.NewDecoder(limited)
	token, open := "", false
	for {
		t, err := d.Token()
		if err != nil {
			return "", readError(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			switch {
			case !open && t.Name.Space == nsDAV && t.Name.Local == "multistatus":
				open = true
			case !open:
				return "", errNotDAV
			case t.Name.Space == nsDAV && t.Name.Local == "response":
				one := response{base: base}
				if err := d.DecodeElement(&one, &t); err != nil {
					return "", readError(err)
				}
				// A status may speak for several addresses at once (RFC 4918 section 14.24).
				for _, one.href = range one.Hrefs {
					if err := each(one); err != nil {
						return "", err
					}
				}
				limited.left = maxObject
			case t.Name.Space == nsDAV && t.Name.Local == "sync-token":
				if err := d.DecodeElement(&token, &t); err != nil {
					return "", readError(err)
				}
			default:
				if err := d.Skip(); err != nil {
					return "", readError(err)
				}
			}
		case xml.EndElement:
			return strings.TrimSpace(token), nil
		}
	}
}

// readError tells a connection that broke from an answer that is no XML. The end of a body before the end of its XML
// looks like the latter.
func readError(err error) error {
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, io.EOF):
		return &xml.SyntaxError{Msg: "unexpected end"}
	case errors.As(err, &syntax), errors.Is(err, errTooBig):
		return err
	case strings.HasPrefix(err.Error(), "xml:"):
		return &xml.SyntaxError{Msg: err.Error()}
	}
	return &provider.RetryError{Err: fmt.Errorf("%w: %w", errBrokeOff, err)}
}

// limit reads no more than left bytes.
type limit struct {
	r    io.Reader
	left int
}

func (l *limit) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errTooBig
	}
	if len(p) > l.left {
		p = p[:l.left]
	}
	n, err := l.r.Read(p)
	l.left -= n
	return n, err
}
