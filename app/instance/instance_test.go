package instance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// home is a folder as the program makes it, with a short name.
func home(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "home")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func listen(t *testing.T, dir string, h Handler) *Listener {
	t.Helper()
	l, err := Listen(dir, h)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// echo prints its arguments and its input, and complains.
func echo(_ context.Context, c Command) int {
	fmt.Fprintln(c.Out, strings.Join(c.Args, " "), c.Env["SECRET"], c.Language)
	if len(c.Args) > 0 && c.Args[0] == "read" {
		_, _ = io.Copy(c.Out, c.In)
	}
	fmt.Fprintln(c.Err, "complaint")
	return 7
}

func TestACommandIsCarriedOutElsewhere(t *testing.T) {
	dir := home(t)
	listen(t, dir, Handler{Run: echo})
	var out, complaints bytes.Buffer
	code, err := Run(t.Context(), dir, Command{
		Args: []string{"read", "é"}, Env: map[string]string{"SECRET": "s3cret"}, Language: "fr",
		In: strings.NewReader(strings.Repeat("line\n", 20000)), Out: &out, Err: &complaints,
	})
	if code != 7 || err != nil || complaints.String() != "complaint\n" {
		t.Errorf("exit %d, %v, complained %q", code, err, &complaints)
	}
	if want := "read é s3cret fr\n" + strings.Repeat("line\n", 20000); out.String() != want {
		t.Errorf("printed %d bytes, want %d", out.Len(), len(want))
	}
}

// unread fails its test when somebody reads it.
type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) {
	u.t.Error("the input was read, which a script around the command needs")
	return 0, io.EOF
}

func TestInputIsLeftAloneUnlessTheCommandReads(t *testing.T) {
	dir := home(t)
	l := listen(t, dir, Handler{Run: echo})
	var out bytes.Buffer
	if code, err := Run(t.Context(), dir, Command{Args: []string{"list"}, In: unread{t}, Out: &out, Err: io.Discard}); code != 7 || err != nil {
		t.Errorf("exit %d, %v", code, err)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
}

func TestTooMuchInputIsRefused(t *testing.T) {
	in := newInput(func() {})
	if !in.add(make([]byte, mostInput)) || in.add([]byte("x")) {
		t.Error("the bound does not hold")
	}
}

func TestRaise(t *testing.T) {
	dir := home(t)
	if err := Raise(t.Context(), dir); !errors.Is(err, ErrNobody) {
		t.Fatalf("nobody there: %v", err)
	}
	raised := make(chan struct{}, 1)
	l := listen(t, dir, Handler{Raise: func() { raised <- struct{}{} }})
	if err := Raise(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	<-raised
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if err := Raise(t.Context(), dir); !errors.Is(err, ErrNobody) {
		t.Errorf("after the end: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// patient waits for the end of its context.
func patient(began chan<- struct{}) Handler {
	return Handler{Run: func(ctx context.Context, c Command) int {
		close(began)
		<-ctx.Done()
		fmt.Fprintln(c.Out, "stopped")
		return 2
	}}
}

func TestAPersonWhoGivesUpStopsTheCommand(t *testing.T) {
	dir, began := home(t), make(chan struct{})
	listen(t, dir, patient(began))
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-began
		cancel()
	}()
	var out bytes.Buffer
	code, err := Run(ctx, dir, Command{Out: &out, Err: io.Discard})
	if code != 2 || err != nil || out.String() != "stopped\n" {
		t.Errorf("exit %d, %v, printed %q", code, err, &out)
	}
}

func TestAWaitForInputEndsWithThePerson(t *testing.T) {
	dir, wants := home(t), make(chan struct{})
	listen(t, dir, Handler{Run: func(_ context.Context, c Command) int {
		if _, err := io.ReadAll(c.In); !errors.Is(err, context.Canceled) {
			return 1
		}
		return 2
	}})
	ctx, cancel := context.WithCancel(t.Context())
	from, to := io.Pipe() // somebody at a terminal who types nothing
	defer to.Close()
	go func() {
		<-wants
		cancel()
	}()
	code, err := Run(ctx, dir, Command{In: firstRead{from, wants}, Out: io.Discard, Err: io.Discard})
	if code != 2 || err != nil {
		t.Errorf("exit %d, %v", code, err)
	}
}

type firstRead struct {
	io.Reader
	wants chan<- struct{}
}

func (f firstRead) Read(p []byte) (int, error) {
	close(f.wants)
	return f.Reader.Read(p)
}

func TestTheEndOfTheProgramEndsItsCommands(t *testing.T) {
	dir, began := home(t), make(chan struct{})
	l := listen(t, dir, patient(began))
	go func() {
		<-began
		_ = l.Close()
	}()
	var out bytes.Buffer
	if code, err := Run(t.Context(), dir, Command{Out: &out, Err: io.Discard}); code != 2 || err != nil || out.String() != "stopped\n" {
		t.Errorf("exit %d, %v, printed %q", code, err, &out)
	}
}

func TestAnotherVersionIsNotUnderstood(t *testing.T) {
	dir := home(t)
	listen(t, dir, Handler{Raise: func() { t.Error("raised") }})
	c, err := dial(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.send(message{Version: version + 1, Raise: true}); err != nil {
		t.Fatal(err)
	}
	if m, err := c.receive(); err == nil {
		t.Errorf("answered %+v", m)
	}
}

func TestNobodyElseReachesTheSocket(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows guards the folder of the person instead of modes")
	}
	open := home(t)
	if err := os.Chmod(open, 0o755); err != nil {
		t.Fatal(err)
	}
	long := filepath.Join(home(t), strings.Repeat("deep", 30))
	if err := os.Mkdir(long, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, dir := range map[string]string{"private": home(t), "open to others": open, "long": long} {
		t.Run(name, func(t *testing.T) {
			l := listen(t, dir, Handler{Run: echo})
			socket := l.net.Addr().String()
			if info, err := os.Stat(socket); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%v, %v", info, err)
			}
			folder := filepath.Dir(socket)
			if info, err := os.Stat(folder); err != nil || info.Mode().Perm() != 0o700 {
				t.Errorf("%v, %v", info, err)
			}
			if (name == "private") != (folder == dir) {
				t.Errorf("the socket lies in %s", folder)
			}
			var out bytes.Buffer
			if code, err := Run(t.Context(), dir, Command{Args: []string{"hello"}, Out: &out, Err: io.Discard}); code != 7 || err != nil {
				t.Errorf("exit %d, %v", code, err)
			}
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(folder); folder != dir && !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the folder stayed: %v", err)
			}
		})
	}
}
