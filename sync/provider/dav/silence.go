package dav

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"zohosync/sync/provider"
	"zohosync/sync/provider/dav/object"
	"zohosync/sync/record"
)

// scheduling is what is known of a server that may mail the guests of a meeting by itself when one is written (RFC 6638).
type scheduling struct {
	mails     bool     // it does
	addresses []string // of the people for whom it does: who owns the calendar, and who signed in; none: unknown
	hushes    bool     // known to keep a deletion to itself when it is asked to (section 8.1)
}

// mayMail says whether putting after in the place of before, deleting before, or making after, may make the server send
// mail. header is what must be sent along so that it does not. Only an object of the calendar's owner makes a server send
// anything: an organizer's whatever changes, a guest's when the answer changes or it is deleted.
func (r *run) mayMail(before, after []byte) (may bool, header map[string]string) {
	if r.kind == record.Contact || part(nil, before, after) == object.Bystander {
		return false, nil
	}
	s := r.schedules()
	switch p := part(s.addresses, before, after); {
	case !s.mails, p == object.Bystander:
		return false, nil
	case p == object.Host:
		return true, nil
	case after == nil:
		return !s.hushes, map[string]string{"Schedule-Reply": "F"}
	}
	return !object.Quiet(before, after), nil
}

// part returns the greatest part that somebody has in the versions of an object; nil is no version.
func part(addresses []string, versions ...[]byte) object.Part {
	p := object.Bystander
	for _, body := range versions {
		if body != nil {
			p = max(p, object.PartOf(body, addresses))
		}
	}
	return p
}

// schedules asks the server, once per open collection and only when there is a meeting to write. One that does not answer
// is taken to mail for everybody.
func (r *run) schedules() scheduling {
	r.collection.mu.Lock()
	defer r.collection.mu.Unlock()
	if r.collection.scheduling == nil {
		s, err := r.collection.askScheduling(r.sending)
		if err != nil {
			return scheduling{mails: true}
		}
		r.collection.scheduling = &s
	}
	return *r.collection.scheduling
}

func (c *collection) askScheduling(ctx context.Context) (scheduling, error) {
	got, err := c.client.do(ctx, request{method: http.MethodOptions, url: c.url})
	if err != nil {
		return scheduling{}, err
	}
	s := scheduling{mails: strings.Contains(strings.ToLower(strings.Join(got.header.Values("DAV"), ",")), "calendar-auto-schedule")}
	if !s.mails {
		return s, nil
	}
	s.addresses = c.people(ctx)
	// The one server on which a test has seen it; of others it is not certain that they heed the header.
	s.hushes = strings.HasPrefix(got.header.Get("Server"), "Cyrus-HTTP/")
	return s, nil
}

// people returns the addresses of who owns the calendar and of who signed in; nil unless the server tells both.
func (c *collection) people(ctx context.Context) []string {
	var p props
	var at *url.URL
	read := func(u *url.URL, wanted string) bool {
		at = nil
		_, err := c.client.multistatus(ctx, propfind(u, "0", wanted), func(r response) error {
			if one, ok := r.props(); ok && at == nil {
				p, at = one, r.base
			}
			return nil
		})
		return err == nil && at != nil
	}
	if !read(c.url, `<D:owner/><D:current-user-principal/>`) {
		return nil
	}
	principals := slices.Concat(p.Owner.Href, p.Principal.Href)
	if len(p.Owner.Href) == 0 || len(p.Principal.Href) == 0 {
		return nil
	}
	var out []string
	asked := map[string]bool{}
	for base, i := at, 0; i < len(principals); i++ {
		u, ok := parseHref(base, principals[i])
		if ok && asked[u.String()] {
			continue
		}
		if !ok || !read(u, `<C:calendar-user-address-set/>`) || !slices.ContainsFunc(p.Addresses.Href, isMail) {
			return nil
		}
		asked[u.String()] = true
		out = append(out, p.Addresses.Href...)
	}
	return out
}

func isMail(address string) bool {
	return strings.HasPrefix(strings.ToLower(strings.TrimSpace(address)), "mailto:")
}

// noMail refuses a write: nobody is sent mail because of a sync.
func noMail() provider.Result {
	return refuse(provider.CodeWouldMail, errors.New("the server would send mail to the guests"))
}
