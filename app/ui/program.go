// Package ui draws the windows of the program: Log In, Settings and Sync. A view is given what it shows and offers
// callbacks; everything else it asks of Program.
package ui

import (
	"context"
	"time"

	"zohosync/sync/engine"
	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/record"
	"zohosync/sync/state"
)

// Program is what the windows ask of the program. Every call may take its time: it is made in a goroutine of its own, and
// what it returns is shown through fyne.Do. ctx ends when the person leaves. Errors are put into words by Explain alone.
type Program interface {
	// Explain puts an error into the words of the person who reads it.
	Explain(err error) Explained
	// Open shows an address in the person's browser.
	Open(url string) error

	// Accounts lists the accounts by name.
	Accounts(ctx context.Context) ([]Account, error)
	// SignIn signs in to Zoho CRM through the person's browser, proves the account with a real request and keeps it. It
	// returns when that is done, or when ctx ends.
	SignIn(ctx context.Context, s SignIn) (Account, error)
	// SignOut revokes the tokens of an account and forgets its secrets; its pairs stay and rest until it is signed in again.
	SignOut(ctx context.Context, account string) error
	// AddServer proves a CalDAV and CardDAV server with a real request and keeps it; an account of the same name gets the
	// new password. Explain tells the certificate where nothing vouches for it.
	AddServer(ctx context.Context, s Server) (Account, error)
	// AddThisComputer makes the account of the server that runs on this computer, once.
	AddThisComputer(ctx context.Context) (Account, error)
	// RemoveAccount forgets an account and its secrets. Its pairs must be removed first.
	RemoveAccount(ctx context.Context, account string) error

	// Folders lists the collections of an account.
	Folders(ctx context.Context, account string) ([]provider.Info, error)
	// MakeFolder creates one. provider.ErrReadOnly where the service does not let us.
	MakeFolder(ctx context.Context, account, title string, kind record.Kind) (provider.Info, error)
	// Look counts what a folder holds and names a few of its items and all of its categories.
	Look(ctx context.Context, account, ref string, kind record.Kind) (Sample, error)

	// Pairs lists the pairs in the order in which they were made.
	Pairs(ctx context.Context) ([]state.Pair, error)
	// Defaults returns a new pair of a kind with the rules that a new pair has; it is not stored.
	Defaults(kind record.Kind) state.Pair
	// StorePairs stores the given pairs, new ones without an ID, and removes the named ones, all or none of it.
	StorePairs(ctx context.Context, keep []state.Pair, remove []string) error

	// Status returns what people are to be shown now; Watch has changed called, on any goroutine, when there may be news.
	Status(ctx context.Context) (engine.Status, error)
	Watch(changed func()) (stop func())
	// SyncNow asks for a run at once: of one pair, or of all with "". Retry also plans anew what has a problem.
	SyncNow(pair string, retry bool)
	// Confirm lets a pair that a guard stopped go on with the number that the guard named.
	Confirm(pair string, number int)
	// Stop ends the run under way: the running item is finished.
	Stop()
	// Pause keeps new runs from starting until it is called with the zero time. Forever pauses until then.
	Pause(until time.Time)
	// PausedUntil returns when the pause ends; zero when there is none.
	PausedUntil() time.Time
	// Problems lists what is not in step, with the codes that Reason explains.
	Problems(ctx context.Context, pair string) ([]engine.Item, error)
	// Reason puts the code of a problem into a sentence and the next step.
	Reason(code string) (sentence, next string)
	// Counts returns how many items of a pair are in step and how many were left out on purpose.
	Counts(ctx context.Context, pair string) (Counts, error)
	// Runs lists the last runs, the newest first.
	Runs(ctx context.Context, most int) ([]state.Run, error)

	// Settings of the application.
	Settings(ctx context.Context) (Settings, error)
	StoreSettings(ctx context.Context, s Settings) error
}

// Forever is the end of a pause without an end.
var Forever = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// Explained is an error in words.
type Explained struct {
	Code     string // stable
	Sentence string // what happened
	Next     string // what to do
	Detail   string // raw words, shown under Details only

	// Fingerprint is the SHA-256 of a certificate that nothing vouches for. A person who knows it may trust it: Server.Trust.
	Fingerprint string
}

// Account is one row of the accounts.
type Account struct {
	Name, Service string // services: "zoho", "caldav", "local" for the server of this computer
	Title         string // "Zoho CRM", "CalDAV / CardDAV", "This computer"
	Who           string // user name or e-mail; may be empty
	Where         string // host
	Organisation  string // of a Zoho CRM account; may be empty
	Pairs         int    // how many pairs use it
	SignedIn      bool
	KeptSignedIn  bool   // the secret outlives this run
	Problem       string // code of what is wrong with it, "" when nothing is
}

// SignIn says how to sign in to Zoho CRM.
type SignIn struct {
	Account       string // of an account that is signed in again; "" for a new one
	Email         string // hint for Zoho's page
	Keep          bool   // keep the token in the vault, else in memory until the program ends
	ClientID      string // "": the built-in one, else that of Settings
	ClientSecret  string
	AccountsURL   string                 // "": found from the answer
	SelfCode      string                 // a self client's code instead of the browser
	Waiting       func(url string)       // called when the browser was asked to open the address
	Device        bool                   // sign in with a code on another device
	DeviceWaiting func(url, code string) // called with what to type there
}

// Server says how to reach a CalDAV and CardDAV server.
type Server struct {
	Name     string // of the account; "" for one made from the host
	Address  string // URL, host or e-mail address; "": where the account of this name already is
	User     string // "": the user of the account of this name
	Password string
	Trust    string // SHA-256 of a certificate that nothing vouches for, once the person accepted it
}

// Sample tells what a folder holds.
type Sample struct {
	Count      int
	More       bool     // there are more than Count: counting was given up
	Names      []string // three at most
	Categories []string
	Owner      string // who owns it, where it is somebody else
}

// Counts of a pair.
type Counts struct{ InStep, Excluded, Failing int }

// Settings of the application. Language "" follows the system.
type Settings struct {
	Language     string
	Interval     time.Duration
	CloseKeeps   bool   // closing the window keeps the program in the tray
	Panel        string // tray icon for "light" or "dark" panels, "": automatic
	ClientID     string // own OAuth client for Zoho CRM
	HasSecret    bool   // a client secret is in the vault
	ClientSecret string // to be stored; never given back
	BuiltIn      bool   // the program was built with a client of its own; read only
	Vault        string // where secrets lie: "keychain", "file", "memory"; read only
	VaultWorks   bool   // read only
}

// Conflict policies and directions that a person can choose from, in the order in which they are shown.
var (
	Policies   = []plan.Policy{plan.AskMe, plan.LeftWins, plan.RightWins, plan.Newest, plan.KeepBoth}
	Directions = []plan.Direction{plan.Both, plan.ToLeft, plan.ToRight}
	Deletions  = []plan.Deletion{plan.Never, plan.Ask, plan.Propagate}
)
