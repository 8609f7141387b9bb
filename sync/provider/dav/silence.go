package dav

import (
	"errors"
	"net/http"
	"strings"

	"zohosync/sync/provider"
	"zohosync/sync/provider/dav/object"
	"zohosync/sync/record"
)

// silence is what is known of a server's scheduling: whether it mails guests by itself when a meeting is written.
type silence int

const (
	unasked silence = iota
	silent
	mailing
)

// wouldMail says whether writing or deleting an object may make the server send mail to its guests (RFC 6638). The server
// is asked only when an object could, and once per open collection; one that does not answer is taken to mail.
func (r *run) wouldMail(bodies ...[]byte) bool {
	if r.kind == record.Contact {
		return false
	}
	for _, body := range bodies {
		if body != nil && object.Mails(body) {
			return r.schedules()
		}
	}
	return false
}

func (r *run) schedules() bool {
	r.collection.mu.Lock()
	known := r.collection.scheduling
	r.collection.mu.Unlock()
	if known == unasked {
		known = mailing
		got, err := r.client.do(r.sending, request{method: http.MethodOptions, url: r.url})
		if err != nil {
			return true
		}
		if !strings.Contains(strings.ToLower(strings.Join(got.header.Values("DAV"), ",")), "calendar-auto-schedule") {
			known = silent
		}
		r.collection.mu.Lock()
		r.collection.scheduling = known
		r.collection.mu.Unlock()
	}
	return known == mailing
}

// noMail refuses a write: nobody is sent mail because of a sync.
func noMail() provider.Result {
	return refuse(provider.CodeWouldMail, errors.New("the server would send mail to the guests"))
}
