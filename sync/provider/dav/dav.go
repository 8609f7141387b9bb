// Package dav synchronises calendars, tasks and contacts with any server that speaks CalDAV (RFC 4791) and CardDAV
// (RFC 6352). It finds the collections of an account (RFC 6764), lists what changed by sync-collection (RFC 6578) or by
// ETags, and writes each object under the server's own conditions.
package dav

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"zohosync/sync/provider"
	"zohosync/sync/provider/dav/object"
	"zohosync/sync/record"
)

// SettingURL names the one setting of an account: an e-mail address, a host or a URL.
const SettingURL = "url"

// Spec describes the service for the list of all services.
func Spec() provider.Spec {
	return provider.Spec{
		Name:     "caldav",
		Title:    "CalDAV and CardDAV",
		Kinds:    record.Kinds,
		Settings: []provider.Setting{{Name: SettingURL, Label: "Address of the server", Required: true}},
		New:      New,
	}
}

// account is one account of one server; it remembers where its collections live.
type account struct {
	client *client
	target target
	lookup lookup
	zone   *time.Location

	mu         sync.Mutex
	homes      *homes
	principals []string // folders of those that stand for the person who signed in, once they were looked for

	tokens verdicts
}

// New makes a provider for the account that a names. The client carries the credentials; it is never used for a host
// other than those that discovery may lead to.
func New(a provider.Account, c *http.Client) (provider.Provider, error) {
	return newAccount(a, c, lookupSRV)
}

func newAccount(a provider.Account, c *http.Client, l lookup) (*account, error) {
	t, err := parseTarget(a.Settings[SettingURL])
	if err != nil {
		return nil, err
	}
	zone := a.Zone
	if zone == nil {
		zone = time.Local
	}
	return &account{client: newClient(c, t), target: t, lookup: l, zone: zone}, nil
}

// Open returns one collection; it asks the server once what the collection is able to do.
func (a *account) Open(ctx context.Context, ref string, kind record.Kind, fields []record.Field) (provider.Collection, error) {
	u, err := a.target.resolve(ref)
	if err != nil {
		return nil, err
	}
	found, err := a.describe(ctx, u)
	if err != nil {
		return nil, err
	}
	if !found.holds(kind) {
		return nil, fmt.Errorf("%w: nothing at this address holds items of kind %s", provider.ErrGone, kind)
	}
	return &collection{
		client: a.client,
		url:    found.url,
		info:   found.info(a.target, a.own()),
		kind:   kind,
		noSync: !found.sync,
		tokens: &a.tokens,
		codec:  object.Codec{Kind: kind, Fields: fields, Zone: a.zone, Now: time.Now},
		spelt:  map[record.ID]string{},
	}, nil
}
