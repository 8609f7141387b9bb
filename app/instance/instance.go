// Package instance lets one process of a home answer for all later ones: a second start raises the windows of the first,
// and a command is carried out by the process that owns the home. They speak through a socket that only its owner can
// reach.
package instance

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// What a later process can be told.
var (
	// ErrNobody: no process of this home listens.
	ErrNobody = errors.New("no process of this home listens")
	// ErrBroken: the process that carried out the command ended before it said what came of it.
	ErrBroken = errors.New("the running process ended before the command did")
)

// Command is one command line with everything around it. A later process hands it over, the first one carries it out.
type Command struct {
	Args     []string
	Env      map[string]string // what of the environment matters
	Language string            // of the person at the later process
	In       io.Reader
	Out, Err io.Writer
}

// Handler is what the first process does for later ones. Its functions are called on goroutines of their own.
type Handler struct {
	Raise func()
	// Run carries out a command and returns its exit code. ctx ends when the later process gives up, or with Close.
	Run func(ctx context.Context, c Command) int
}

// message is what goes over the socket, one JSON value after the other. The first one says what is wanted.
type message struct {
	Version int      `json:"version,omitempty"`
	Raise   bool     `json:"raise,omitempty"`
	Run     *request `json:"run,omitempty"`
	Input   []byte   `json:"input,omitempty"`
	End     bool     `json:"end,omitempty"`    // of the input
	Cancel  bool     `json:"cancel,omitempty"` // the person gave up

	Want   bool   `json:"want,omitempty"` // the command reads its input
	Output []byte `json:"output,omitempty"`
	Errors []byte `json:"errors,omitempty"`
	Exit   *int   `json:"exit,omitempty"` // the last message
}

type request struct {
	Args     []string          `json:"args"`
	Env      map[string]string `json:"env,omitempty"`
	Language string            `json:"language,omitempty"`
}

// version of the messages. Another one is not understood: a program that was updated while the old one runs.
const version = 1

// conn sends and receives messages. Several goroutines may send.
type conn struct {
	net.Conn
	mu  sync.Mutex
	enc *json.Encoder
	dec *json.Decoder
}

func newConn(c net.Conn) *conn {
	return &conn{Conn: c, enc: json.NewEncoder(c), dec: json.NewDecoder(c)}
}

func (c *conn) send(m message) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.enc.Encode(m)
}

func (c *conn) receive() (m message, err error) {
	return m, c.dec.Decode(&m)
}

// writer sends what is written to it as messages.
type writer func(p []byte) message

func (c *conn) writer(w writer) io.Writer { return sending{c, w} }

type sending struct {
	c *conn
	w writer
}

func (s sending) Write(p []byte) (int, error) {
	if err := s.c.send(s.w(p)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// greeting is how long a process may take to say what it wants.
const greeting = 10 * time.Second
