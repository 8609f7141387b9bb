package dav

import (
	"context"
	"net/url"
	"path"
	"slices"
	"strings"

	"zohosync/sync/provider"
	"zohosync/sync/provider/dav/object"
	"zohosync/sync/record"
)

// found is a collection as the server describes it.
type found struct {
	url      *url.URL
	title    string
	book     bool
	kinds    []record.Kind
	readOnly bool
	sync     bool     // it may know sync-collection
	owner    *url.URL // the principal whose it is (RFC 3744 section 5.1); nil: the server does not tell
}

func (f found) holds(kind record.Kind) bool {
	for _, k := range f.kinds {
		if k == kind {
			return true
		}
	}
	return false
}

// info describes a collection; own are the addresses of the signed-in person.
func (f found) info(t target, own []string) provider.Info {
	owner, shared := f.belongs(own)
	limits := map[record.Kind]map[record.Field]record.Limit{}
	for _, k := range f.kinds {
		limits[k] = object.Limits(k)
	}
	return provider.Info{
		Ref:             t.ref(f.url),
		Title:           f.title,
		Kinds:           f.kinds,
		ReadOnly:        f.readOnly,
		Limits:          limits,
		AbsentIsDeleted: true,
		OwnedBy:         owner,
		Shared:          shared,
	}
}

// belongs names the owner of a collection, and says whether that is somebody else than the person with these addresses.
// Where the server tells only one of both, nobody is warned.
func (f found) belongs(own []string) (owner string, shared bool) {
	if f.owner == nil {
		return "", false
	}
	at := folder(f.owner)
	return path.Base(strings.TrimSuffix(f.owner.Path, "/")), len(own) > 0 && !slices.Contains(own, at)
}

// Collections lists the calendars, task lists and address books below every home.
func (a *account) Collections(ctx context.Context) ([]provider.Info, error) {
	list, err := a.collections(ctx)
	if err != nil {
		return nil, err
	}
	own := a.own()
	var out []provider.Info
	for _, f := range list {
		out = append(out, f.info(a.target, own))
	}
	return out, nil
}

func (a *account) collections(ctx context.Context) ([]found, error) {
	h, err := a.discover(ctx)
	if err != nil {
		return nil, err
	}
	out := append([]found{}, h.direct...)
	seen := map[string]bool{}
	for _, f := range out {
		seen[f.url.Host+folder(f.url)] = true
	}
	for _, home := range h.all() {
		list, err := a.list(ctx, home)
		if err != nil {
			return nil, err
		}
		for _, f := range list {
			if key := f.url.Host + folder(f.url); !seen[key] {
				seen[key] = true
				out = append(out, f)
			}
		}
	}
	return out, nil
}

// list describes what lies directly below a home.
func (a *account) list(ctx context.Context, home *url.URL) ([]found, error) {
	var out []found
	_, err := a.client.multistatus(ctx, propfind(home, "1", propsInfo), func(r response) error {
		// A collection of somebody else may answer 403 here, which is no reason to lose the others.
		p, ok := r.props()
		if !ok {
			return nil
		}
		u := collectionURL(r)
		again := slices.ContainsFunc(out, func(f found) bool { return f.url.String() == u.String() })
		if f, ok := describe(u, p); ok && !again {
			out = append(out, f)
		}
		return nil
	})
	return out, collectionError(err)
}

// describe asks what the collection at u is. ErrGone when it is none.
func (a *account) describe(ctx context.Context, u *url.URL) (found, error) {
	var out found
	var is bool
	_, err := a.client.multistatus(ctx, propfind(u, "0", propsInfo), func(r response) error {
		if p, ok := r.props(); ok && !is {
			out, is = describe(r.base, p)
		}
		return nil
	})
	switch {
	case err != nil:
		return found{}, collectionError(err)
	case !is:
		return found{}, provider.ErrGone
	}
	return out, nil
}

// collectionURL is the address of a listed collection. The host is the one that answered: behind a proxy a server may
// name itself by a host that nobody else knows.
func collectionURL(r response) *url.URL {
	u, ok := parseHref(r.base, r.href)
	if !ok {
		return r.base
	}
	own := *r.base
	own.Path, own.RawPath = u.Path, u.RawPath
	return &own
}

// describe reads what properties tell of a collection; ok is false when it is no calendar and no address book.
func describe(u *url.URL, p props) (f found, ok bool) {
	f = found{url: u, title: p.Name, book: p.Type.has(nsCard, "addressbook")}
	switch {
	case f.book:
		f.kinds = []record.Kind{record.Contact}
	case p.Type.has(nsCalDAV, "calendar"):
		f.kinds = kindsOf(p.Components)
	}
	if f.title == "" {
		f.title = path.Base(strings.TrimSuffix(u.Path, "/"))
	}
	f.readOnly = readOnly(p.Privileges)
	for _, href := range p.Owner.Href {
		if owner, ok := parseHref(u, href); ok && f.owner == nil {
			f.owner = owner
		}
	}
	f.sync = p.Token != ""
	for _, r := range p.Reports {
		f.sync = f.sync || r.has(nsDAV, "sync-collection")
	}
	return f, len(f.kinds) > 0
}

// kindsOf reads the components that a calendar takes; one that does not tell takes all (RFC 4791 section 5.2.3).
func kindsOf(c components) []record.Kind {
	var out []record.Kind
	for _, kind := range []record.Kind{record.Task, record.Event} {
		takes := len(c.Comp) == 0
		for _, comp := range c.Comp {
			takes = takes || strings.EqualFold(comp.Name, componentOf(kind))
		}
		if takes {
			out = append(out, kind)
		}
	}
	return out
}

// readOnly says that the privileges (RFC 3744) let us change nothing. A server that tells none lets us try.
func readOnly(privileges []names) bool {
	if len(privileges) == 0 {
		return false
	}
	for _, p := range privileges {
		for _, name := range []string{"all", "write", "write-content", "bind"} {
			if p.has(nsDAV, name) {
				return false
			}
		}
	}
	return true
}
