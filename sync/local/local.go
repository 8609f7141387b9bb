// Package local is the CalDAV and CardDAV server of this computer: calendars, task lists and address books in one SQLite
// file, served on loopback to one person. See RFC 4918, RFC 4791, RFC 6352, RFC 6578 and RFC 5689.
package local

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// Options for Open.
type Options struct {
	User, Password string         // the one person who may come in; neither may be empty
	Log            *slog.Logger   // hears of failures of the storage; nil: nobody does
	Zone           *time.Location // for all-day and floating times in queries; nil: time.Local
	Deletions      int            // how many deletions of a collection are remembered; 0: 10,000
	Now            func() time.Time
}

// Server is the open file and those who serve it. It is safe for concurrent use.
type Server struct {
	store  *store
	opt    Options
	secret [sha256.Size]byte // of user and password
	salt   []byte

	mu      sync.Mutex
	serving []*http.Server
}

// Open opens the file, or makes it, and brings it up to date. ErrNewer when a newer version wrote it, ErrDamaged when it is
// no such file.
func Open(path string, o Options) (*Server, error) {
	if o.User == "" || o.Password == "" {
		return nil, errors.New("the server of this computer needs a user and a password")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Zone == nil {
		o.Zone = time.Local
	}
	if o.Deletions == 0 {
		o.Deletions = 10_000
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	st, err := openStore(path, o.Deletions)
	if err != nil {
		return nil, err
	}
	s := &Server{store: st, opt: o, salt: []byte(rand.Text())}
	s.secret = s.digest(o.User, o.Password)
	return s, nil
}

// Kind is what a collection is for.
type Kind string

// The kinds of collections.
const (
	Calendar    Kind = "calendar"
	TaskList    Kind = "tasks"
	AddressBook Kind = "contacts"
)

// Make makes a collection with a title under a name that becomes part of its address. A collection of that name stays as
// it is, which is no error.
func (s *Server) Make(ctx context.Context, name, title string, kind Kind) error {
	if !goodName(name) {
		return fmt.Errorf("%q cannot be the name of a collection", name)
	}
	c := collection{home: calendars, name: name, components: []string{"VEVENT"}, props: map[property]string{displayName: escape(title)}}
	switch kind {
	case Calendar:
	case TaskList:
		c.components = []string{"VTODO"}
	case AddressBook:
		c.home, c.components = contacts, nil
	default:
		return fmt.Errorf("no collection is of kind %q", kind)
	}
	err := s.store.makeCollection(ctx, c)
	if errors.Is(err, errExists) {
		return nil
	}
	return err
}

// Start listens at addr, which must be on loopback, and serves in the background until Close. When the port of addr is
// taken it listens at any free one instead; the URL says where.
func (s *Server) Start(addr string) (url string, err error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil || !isLoopback(host) {
		return "", fmt.Errorf("the server of this computer listens on loopback only, not at %q", addr)
	}
	l, err := net.Listen("tcp", addr)
	if err != nil && port != "0" {
		l, err = net.Listen("tcp", net.JoinHostPort(host, "0"))
	}
	if err != nil {
		return "", fmt.Errorf("listen on this computer: %w", err)
	}
	h := &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       2 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		ErrorLog:          slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug), // it would name addresses
	}
	s.mu.Lock()
	s.serving = append(s.serving, h)
	s.mu.Unlock()
	// It ends with Close, or because the listener broke: then requests fail, and who sends them says so.
	go func() { _ = h.Serve(l) }()
	return "http://" + l.Addr().String() + "/", nil
}

// patience is how long a request under way may take to end.
const patience = 5 * time.Second

// Close ends the serving, lets requests under way come to their end and closes the file.
func (s *Server) Close() error {
	s.mu.Lock()
	serving := s.serving
	s.serving = nil
	s.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for _, h := range serving {
		if h.Shutdown(ctx) != nil {
			_ = h.Close()
		}
	}
	return s.store.close()
}
