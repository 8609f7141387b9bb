package dav

import (
	"context"
	"errors"
	"net"
	"net/url"
	"slices"

	"github.com/emersion/go-webdav/caldav"
	"github.com/emersion/go-webdav/carddav"

	"zohosync/sync/provider"
)

// lookup asks the DNS for the address of a service of a domain (RFC 6764 section 6). An error means that it has none.
type lookup func(ctx context.Context, service, domain string) (string, error)

func lookupSRV(ctx context.Context, service, domain string) (string, error) {
	if net.ParseIP(domain) != nil || isLoopback(domain) {
		return "", errors.New("an IP address has no SRV records")
	}
	if service == "carddav" {
		return carddav.DiscoverContextURL(ctx, domain)
	}
	return caldav.DiscoverContextURL(ctx, domain)
}

// homes are the places below which an account's collections live.
type homes struct {
	calendars, books []*url.URL
	direct           []found // a collection that the person named itself
}

func (h *homes) empty() bool { return len(h.calendars)+len(h.books)+len(h.direct) == 0 }

// all lists the homes once each: many servers keep calendars and address books in one.
func (h *homes) all() []*url.URL {
	var out []*url.URL
	seen := map[string]bool{}
	for _, u := range append(append([]*url.URL{}, h.calendars...), h.books...) {
		if key := u.Host + folder(u); !seen[key] {
			seen[key] = true
			out = append(out, u)
		}
	}
	return out
}

// discover finds the homes of the account, once.
func (a *account) discover(ctx context.Context) (*homes, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.homes != nil {
		return a.homes, nil
	}
	d := discovery{account: a, asked: map[string]bool{}, dead: map[string]bool{}}
	for _, service := range []string{"caldav", "carddav"} {
		if err := d.service(ctx, service); err != nil {
			return nil, err
		}
	}
	switch {
	case !d.homes.empty():
		if d.failed == nil {
			a.homes = &d.homes
		}
		return &d.homes, nil
	case d.failed != nil:
		return nil, d.failed
	}
	return nil, ErrNoService
}

// discovery is one search. It asks each address once, though both services may lead to it.
type discovery struct {
	account *account
	homes   homes
	asked   map[string]bool
	dead    map[string]bool // hosts that do not answer
	failed  error           // the first reason for which an address could not be asked
}

// service goes through the addresses at which a service may be, until one leads to its homes.
func (d *discovery) service(ctx context.Context, service string) error {
	for _, next := range d.addresses(service) {
		if d.complete(service) {
			return nil
		}
		u, err := next(ctx)
		if err != nil || d.dead[u.Host] {
			continue
		}
		err = d.ask(ctx, u)
		switch {
		case err == nil, errors.Is(err, ErrNoService):
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, provider.ErrAuth) && d.homes.empty():
			// A wrong password is not tried at further addresses: servers lock people out.
			return err
		default:
			d.dead[u.Host] = true
			if d.failed == nil {
				d.failed = err
			}
		}
	}
	return nil
}

func (d *discovery) complete(service string) bool {
	if service == "carddav" {
		return len(d.homes.books) > 0
	}
	return len(d.homes.calendars) > 0
}

// addresses lists where to look, each as a function because some of them cost a request to find.
func (d *discovery) addresses(service string) []func(context.Context) (*url.URL, error) {
	t := d.account.target
	fixed := func(u *url.URL) func(context.Context) (*url.URL, error) {
		return func(context.Context) (*url.URL, error) { return u, nil }
	}
	origin := &url.URL{Scheme: "https", Host: t.domain, Path: "/"}
	if t.url != nil {
		origin = &url.URL{Scheme: t.url.Scheme, Host: t.url.Host, Path: "/"}
	}
	var list []func(context.Context) (*url.URL, error)
	if t.url != nil {
		list = append(list, fixed(t.url))
	} else {
		list = append(list, func(ctx context.Context) (*url.URL, error) {
			s, err := d.account.lookup(ctx, service, t.domain)
			if err != nil {
				return nil, err
			}
			return url.Parse(s)
		})
	}
	return append(list, fixed(origin.JoinPath(".well-known", service)), fixed(origin))
}

// ask looks for homes at u: its own, else those of the principal that it names, else u is a home or a collection itself.
func (d *discovery) ask(ctx context.Context, u *url.URL) error {
	if d.asked[u.String()] {
		return nil
	}
	d.asked[u.String()] = true
	p, at, err := d.account.service(ctx, u)
	if err != nil {
		return err
	}
	if _, is := describe(at, p); is {
		one, err := d.account.describe(ctx, at)
		if err != nil {
			return err
		}
		d.homes.direct = append(d.homes.direct, one)
	}
	d.add(at, p)
	d.known(at, slices.Concat(p.Principal.Href, p.Addresses.Href))
	for _, href := range p.Principal.Href {
		principal, ok := parseHref(at, href)
		if !ok || d.asked[principal.String()] {
			continue
		}
		d.asked[principal.String()] = true
		pp, from, err := d.account.service(ctx, principal)
		if err != nil {
			return err
		}
		d.add(from, pp)
		d.known(from, pp.Addresses.Href)
	}
	if d.homes.empty() && p.Type.has(nsDAV, "collection") {
		return d.adopt(ctx, at)
	}
	return nil
}

// known remembers what stands for the person who signed in: a principal, and its calendar-user-address-set (RFC 6638 section
// 2.4.1), in which some servers name it in another way.
func (d *discovery) known(base *url.URL, hrefs []string) {
	for _, href := range hrefs {
		if u, ok := parseHref(base, href); ok && u.Path != "" {
			d.account.principals = append(d.account.principals, folder(u))
		}
	}
}

// own lists what is known to stand for the person who signed in; nothing before the collections were looked for.
func (a *account) own() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.principals)
}

// add remembers home sets that properties name, unless their host may not have the password.
func (d *discovery) add(base *url.URL, p props) {
	keep := func(list []*url.URL, hrefs []string) []*url.URL {
		for _, href := range hrefs {
			u, ok := parseHref(base, href)
			if !ok {
				continue
			}
			if err := d.account.target.trusts(u); err != nil {
				d.failed = err
				continue
			}
			list = append(list, u)
		}
		return list
	}
	d.homes.calendars = keep(d.homes.calendars, p.Calendars.Href)
	d.homes.books = keep(d.homes.books, p.Books.Href)
}

// adopt takes u for a home when collections lie below it: some servers tell no principal.
func (d *discovery) adopt(ctx context.Context, u *url.URL) error {
	list, err := d.account.list(ctx, u)
	if err != nil {
		return err
	}
	for _, f := range list {
		switch {
		case f.book && len(d.homes.books) == 0:
			d.homes.books = append(d.homes.books, u)
		case !f.book && len(d.homes.calendars) == 0:
			d.homes.calendars = append(d.homes.calendars, u)
		}
	}
	return nil
}

// service asks u what it knows of the services, and returns the address that answered in the end.
func (a *account) service(ctx context.Context, u *url.URL) (props, *url.URL, error) {
	var p props
	var at *url.URL
	_, err := a.client.multistatus(ctx, propfind(u, "0", propsService), func(r response) error {
		if one, ok := r.props(); ok && at == nil {
			p, at = one, r.base
		}
		return nil
	})
	switch {
	case err != nil:
		if g := general(err); g != nil && !broken(err) {
			return props{}, nil, g
		}
		return props{}, nil, errors.Join(ErrNoService, err)
	case at == nil:
		return props{}, nil, ErrNoService
	}
	return p, at, nil
}
