// Package davtest starts real CalDAV and CardDAV servers on loopback, for tests and for a demonstration: Radicale,
// Xandikos, SabreDAV and Cyrus as Debian packages them. Together they cover most ways in which servers read RFC 4791 and
// RFC 6352 differently.
package davtest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// The one person that every server knows.
const (
	user     = "alice"
	password = "s3cret"
)

// Server is a running server. Its URL leads to everything else by discovery.
type Server struct {
	Name, URL, User, Password string

	outbox *outbox
}

// Mails returns how many messages the server wanted to send to guests since it was started. None was sent: they end in
// the test. Servers that never send any say 0.
func (s Server) Mails() (int, error) {
	if s.outbox == nil {
		return 0, nil
	}
	return s.outbox.count()
}

// TB is the part of testing.TB that Start uses; programs that run a server outside of tests need no package testing.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
	Logf(format string, args ...any)
	Cleanup(func())
	TempDir() string
}

// kind is how one server is started.
type kind struct {
	name     string
	programs []program
	// prepare writes the server's files into dir and returns the command that serves them on a port.
	prepare func(dir string, port int) (*exec.Cmd, error)
	// outbox is the socket to which the server hands what it would send; nil for servers that send nothing.
	outbox func(dir string) string
	// ready completes the server once it answers; nil when there is nothing to do.
	ready func(dir string) error
}

// program is a file that has to be there, and the Debian package that brings it.
type program struct{ file, debian string }

func kinds() []kind { return []kind{radicale(), xandikos(), sabredav(), cyrus()} }

// All names the servers that Start and Run know.
func All() []string {
	var names []string
	for _, k := range kinds() {
		names = append(names, k.name)
	}
	return names
}

// Start runs a server until the test ends. A program that is missing fails the test.
func Start(t TB, name string) Server {
	t.Helper()
	dir := t.TempDir()
	s, stop, err := Run(context.Background(), name, dir)
	if err != nil {
		t.Fatalf("%v", err)
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Logf("stopping %s: %v", name, err)
		}
	})
	return s
}

// Run starts a server that keeps its state in dir, and returns when it answers. It ends by stop, or when ctx does.
func Run(ctx context.Context, name, dir string) (Server, func() error, error) {
	for _, k := range kinds() {
		if k.name != name {
			continue
		}
		if err := k.missing(); err != nil {
			return Server{}, nil, err
		}
		var err error
		// Somebody else may take the free port before the server does.
		for range 5 {
			var s Server
			var stop func() error
			if s, stop, err = k.run(ctx, dir); err == nil || ctx.Err() != nil {
				return s, stop, err
			}
		}
		return Server{}, nil, err
	}
	return Server{}, nil, fmt.Errorf("no server is called %q: choose one of %s", name, strings.Join(All(), ", "))
}

// missing names the Debian package of the first program that is not installed.
func (k kind) missing() error {
	for _, p := range k.programs {
		_, err := exec.LookPath(p.file)
		if filepath.IsAbs(p.file) {
			_, err = os.Stat(p.file)
		}
		if err != nil {
			return fmt.Errorf("%s is missing: install the Debian package %s", p.file, p.debian)
		}
	}
	return nil
}

func (k kind) run(ctx context.Context, dir string) (Server, func() error, error) {
	port, err := freePort()
	if err != nil {
		return Server{}, nil, err
	}
	cmd, err := k.prepare(dir, port)
	if err != nil {
		return Server{}, nil, fmt.Errorf("preparing %s: %w", k.name, err)
	}
	s := Server{Name: k.name, URL: fmt.Sprintf("http://127.0.0.1:%d/", port), User: user, Password: password}
	if k.outbox != nil {
		if s.outbox, err = openOutbox(k.outbox(dir)); err != nil {
			return Server{}, nil, fmt.Errorf("preparing %s: %w", k.name, err)
		}
	}
	logged := filepath.Join(dir, "log")
	p, err := start(cmd, logged)
	if err != nil {
		return Server{}, nil, errors.Join(fmt.Errorf("starting %s: %w", k.name, err), s.closeOutbox())
	}
	release := context.AfterFunc(ctx, func() { _ = p.stop() })
	stop := func() error { release(); return errors.Join(p.stop(), s.closeOutbox()) }
	err = p.answers(ctx, s.URL)
	if err == nil && k.ready != nil {
		err = k.ready(dir)
	}
	if err != nil {
		_ = stop()
		return Server{}, nil, fmt.Errorf("%s did not start: %w\n%s", k.name, err, tail(logged))
	}
	return s, stop, nil
}

func (s Server) closeOutbox() error {
	if s.outbox == nil {
		return nil
	}
	return s.outbox.close()
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// tail returns the end of a server's log.
func tail(file string) string {
	b, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	return string(b[max(0, len(b)-2000):])
}

func host(port int) string { return "127.0.0.1:" + strconv.Itoa(port) }
