package dav

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// Make creates a calendar, task list or address book in the first home of its kind. ErrReadOnly where the server does
// not let us. What comes back is described by the server: Xandikos makes every calendar take every component.
func (a *account) Make(ctx context.Context, title string, kind record.Kind) (provider.Info, error) {
	h, err := a.discover(ctx)
	if err != nil {
		return provider.Info{}, err
	}
	list, err := a.collections(ctx)
	if err != nil {
		return provider.Info{}, err
	}
	home := h.calendars
	if kind == record.Contact {
		home = h.books
	}
	if len(home) == 0 {
		return provider.Info{}, fmt.Errorf("%w: the account has no place for a new collection of kind %s", provider.ErrReadOnly, kind)
	}
	u := freeURL(home[0], title, kind, list)
	if err := a.make(ctx, u, title, kind); err != nil {
		return provider.Info{}, makeError(err)
	}
	f, err := a.named(ctx, u, title)
	if err != nil {
		return provider.Info{}, err
	}
	return f.info(a.target, a.own()), nil
}

// freeURL names a new collection after its title, with a number where the name is taken.
func freeURL(home *url.URL, title string, kind record.Kind, list []found) *url.URL {
	taken := map[string]bool{}
	for _, f := range list {
		taken[strings.ToLower(folder(f.url))] = true
	}
	base := slug(title)
	if base == "" {
		base = "zohosync-" + string(kind)
	}
	for n := 1; ; n++ {
		name := base
		if n > 1 {
			name += "-" + strconv.Itoa(n)
		}
		if u := home.JoinPath(name + "/"); !taken[strings.ToLower(folder(u))] {
			return u
		}
	}
}

func slug(title string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	s := strings.Join(words, "-")
	return strings.Trim(s[:min(len(s), 60)], "-")
}

// make asks for the collection, by MKCALENDAR and where the server does not know that one by extended MKCOL.
func (a *account) make(ctx context.Context, u *url.URL, title string, kind record.Kind) error {
	if kind == record.Contact {
		return a.mkcol(ctx, "MKCOL", u, makeBody(true, title, kind))
	}
	err := a.mkcol(ctx, "MKCALENDAR", u, makeBody(false, title, kind))
	switch status(err) {
	case http.StatusMethodNotAllowed, http.StatusNotImplemented, http.StatusBadRequest:
		return a.mkcol(ctx, "MKCOL", u, makeBody(true, title, kind))
	}
	return err
}

func (a *account) mkcol(ctx context.Context, method string, u *url.URL, body []byte) error {
	got, err := a.client.do(ctx, xmlRequest(method, u, "", body))
	if err != nil {
		return err
	}
	return innerFailure(method, got)
}

func makeError(err error) error {
	if g := general(err); g != nil {
		return g
	}
	switch status(err) {
	case http.StatusForbidden, http.StatusMethodNotAllowed, http.StatusNotImplemented:
		return fmt.Errorf("%w: %w", provider.ErrReadOnly, err)
	}
	return fmt.Errorf("making a collection: %w", err)
}

// named describes the new collection and gives it its title where the server has not taken that from the request.
func (a *account) named(ctx context.Context, u *url.URL, title string) (found, error) {
	f, err := a.describe(ctx, u)
	if err != nil || f.title == title {
		return f, err
	}
	// A collection without the right title is still a good one.
	if _, err := a.client.do(ctx, xmlRequest("PROPPATCH", u, "", renameBody(title))); err != nil {
		return f, nil
	}
	return a.describe(ctx, u)
}
