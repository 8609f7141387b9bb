package ui

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"slices"
	"strconv"
	"sync"
	"time"

	"zohosync/sync/auth"
	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// office is a program with accounts, folders and pairs in memory. It keeps what it was asked for; calls may fail by name.
type office struct {
	Program // what Settings has no use for is not there

	mu       sync.Mutex
	accounts []Account
	pairs    []state.Pair
	settings Settings
	folders  map[string][]provider.Info
	looks    map[string]Sample
	fail     map[string]error
	calls    []string
	servers  []Server
	hold     chan struct{} // what answers slowly waits for it; nil: nothing does
	changed  func()
}

func (o *office) call(name string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.calls = append(o.calls, name)
	return o.fail[name]
}

func (o *office) wait(ctx context.Context) error {
	if o.hold == nil {
		return nil
	}
	select {
	case <-o.hold:
		return nil
	case <-ctx.Done():
		_ = o.call("left")
		return ctx.Err()
	}
}

func (o *office) called(name string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := 0
	for _, c := range o.calls {
		if c == name {
			n++
		}
	}
	return n
}

func (o *office) Explain(err error) Explained {
	sum, _ := auth.Fingerprint(err)
	return Explained{Fingerprint: sum, Code: "unreachable", Sentence: "The server cannot be reached. Nothing was lost.",
		Next: "Check the connection and the address. A later sync tries again.", Detail: err.Error()}
}

func (o *office) Reason(string) (string, string) {
	return "Access was withdrawn, or the password was changed. Nothing was lost.", "Sign in to this account again."
}

func (o *office) Accounts(context.Context) ([]Account, error) {
	err := o.call("Accounts")
	o.mu.Lock()
	defer o.mu.Unlock()
	out := slices.Clone(o.accounts)
	for i := range out {
		for _, p := range o.pairs {
			if uses(p, out[i].Name) {
				out[i].Pairs++
			}
		}
	}
	return out, err
}

func (o *office) Pairs(context.Context) ([]state.Pair, error) {
	err := o.call("Pairs")
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.pairs), err
}

func (o *office) Settings(context.Context) (Settings, error) { return o.settings, o.call("Settings") }

func (o *office) StoreSettings(_ context.Context, s Settings) error {
	if err := o.call("StoreSettings"); err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.settings = s
	return nil
}

func (o *office) StorePairs(_ context.Context, keep []state.Pair, remove []string) error {
	if err := o.call("StorePairs"); err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, p := range keep {
		i := slices.IndexFunc(o.pairs, func(q state.Pair) bool { return q.ID == p.ID })
		if p.ID == "" {
			p.ID = "pair-" + strconv.Itoa(len(o.pairs)+1)
		}
		if i < 0 {
			o.pairs = append(o.pairs, p)
		} else {
			o.pairs[i] = p
		}
	}
	o.pairs = slices.DeleteFunc(o.pairs, func(p state.Pair) bool { return slices.Contains(remove, p.ID) })
	return nil
}

func (o *office) SignOut(_ context.Context, account string) error {
	if err := o.call("SignOut"); err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for i := range o.accounts {
		if o.accounts[i].Name == account {
			o.accounts[i].SignedIn = false
		}
	}
	return nil
}

func (o *office) RemoveAccount(_ context.Context, account string) error {
	if err := o.call("RemoveAccount"); err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, p := range o.pairs {
		if uses(p, account) {
			return errors.New("pairs use it")
		}
	}
	o.accounts = slices.DeleteFunc(o.accounts, func(a Account) bool { return a.Name == account })
	return nil
}

func (o *office) AddServer(ctx context.Context, s Server) (Account, error) {
	o.mu.Lock()
	o.servers = append(o.servers, s)
	o.mu.Unlock()
	if err := o.wait(ctx); err != nil {
		return Account{}, err
	}
	if err := o.call("AddServer"); err != nil && s.Trust == "" {
		return Account{}, err
	}
	a := Account{Name: hostOf(s.Address), Service: "caldav", Who: s.User, Where: hostOf(s.Address), SignedIn: true, KeptSignedIn: true}
	if s.Name != "" {
		return a, nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.accounts = append(o.accounts, a)
	return a, nil
}

func (o *office) AddThisComputer(context.Context) (Account, error) {
	a := here()
	err := o.call("AddThisComputer")
	o.mu.Lock()
	defer o.mu.Unlock()
	if err == nil {
		o.accounts = append(o.accounts, a)
	}
	return a, err
}

func (o *office) Folders(ctx context.Context, account string) ([]provider.Info, error) {
	if err := o.wait(ctx); err != nil {
		return nil, err
	}
	err := o.call("Folders " + account)
	return slices.Clone(o.folders[account]), err
}

func (o *office) MakeFolder(_ context.Context, account, title string, k record.Kind) (provider.Info, error) {
	return provider.Info{Ref: "made", Title: title, Kinds: []record.Kind{k}}, o.call("MakeFolder " + title)
}

func (o *office) Look(ctx context.Context, _, ref string, _ record.Kind) (Sample, error) {
	if err := o.wait(ctx); err != nil {
		return Sample{}, err
	}
	return o.looks[ref], o.call("Look")
}

func (o *office) Defaults(k record.Kind) state.Pair {
	p := state.Pair{Kind: k, Direction: plan.Both, Conflict: plan.LeftWins, Delete: [2]plan.Deletion{plan.Ask, plan.Ask},
		Mapping: plan.DefaultMapping(k, false)}
	if k == record.Event {
		p.FromDays, p.UntilDays = 30, 180
	}
	return p
}

func (o *office) Watch(changed func()) func() {
	o.changed = changed
	return func() {}
}

func here() Account {
	return Account{Name: "this-computer", Service: thisComputer, Where: "127.0.0.1:5232", SignedIn: true, KeptSignedIn: true}
}

func crm() Account {
	return Account{Name: "crm", Service: zoho, Title: "Zoho CRM", Who: "ann@example.com", Where: "zoho.eu", Organisation: "Lima & Costa",
		SignedIn: true, KeptSignedIn: true}
}

func cloud() Account {
	return Account{Name: "Nextcloud", Service: "caldav", Who: "ann", Where: "cloud.example.org", SignedIn: true, KeptSignedIn: true}
}

// fresh is an office in which nothing was set up.
func fresh() *office {
	return &office{settings: Settings{Interval: 5 * time.Minute, CloseKeeps: true, BuiltIn: true, Vault: "keychain", VaultWorks: true}, fail: map[string]error{}}
}

// busyOffice is one with accounts, folders and pairs.
func busyOffice() *office {
	o := fresh()
	o.accounts = []Account{crm(), cloud()}
	o.folders = map[string][]provider.Info{
		"crm": {{Ref: "Contacts", Title: "Contacts", Kinds: []record.Kind{record.Contact}},
			{Ref: "Tasks", Title: "Tasks", Kinds: []record.Kind{record.Task}},
			{Ref: "Events", Title: "Meetings", Kinds: []record.Kind{record.Event}}},
		"Nextcloud": {{Ref: "/book", Title: "Customers", Kinds: []record.Kind{record.Contact}},
			{Ref: "/list", Title: "Zoho CRM Tasks", Kinds: []record.Kind{record.Task}},
			{Ref: "/work", Title: "Work", Kinds: []record.Kind{record.Event}},
			{Ref: "/team", Title: "Team", Kinds: []record.Kind{record.Event}, ReadOnly: true}},
	}
	o.looks = map[string]Sample{
		"Contacts": {Count: 1204, Names: []string{"Ana Lima", "Bruno Costa", "Carla Dias"}},
		"Tasks":    {Count: 31}, "Events": {Count: 412},
		"/book": {Count: 1120, Names: []string{"Ana Lima", "Bruno Costa", "Eva Nunes"}},
		"/list": {Count: 31, Names: []string{"Call Dias", "Offer Lima", "Invoice 112"}},
		"/work": {Count: 409, Names: []string{"Demo", "Kick-off", "Review"}, Categories: []string{"Zoho CRM", "Private", "Travel"}},
		"/team": {Count: 1, Names: []string{"Stand-up"}, Owner: "bruno@cloud.example.org"},
	}
	for i, p := range []state.Pair{o.Defaults(record.Contact), o.Defaults(record.Task), o.Defaults(record.Event)} {
		p.ID = []string{"contacts", "tasks", "meetings"}[i]
		left, right := o.folders["crm"][i], o.folders["Nextcloud"][i]
		p.Ends = [2]state.End{{Account: "crm", Ref: left.Ref, Title: left.Title}, {Account: "Nextcloud", Ref: right.Ref, Title: right.Title}}
		o.pairs = append(o.pairs, p)
	}
	filter(&o.pairs[2], []string{ourCategory})
	return o
}

// unknownCertificate is what a connection fails with when nothing vouches for the server.
func unknownCertificate() error {
	return &tls.CertificateVerificationError{UnverifiedCertificates: []*x509.Certificate{{Raw: []byte("self-signed")}}, Err: x509.UnknownAuthorityError{}}
}
