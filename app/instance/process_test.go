package instance

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
)

// firstProcess names the home for which this test program is the first process.
const firstProcess = "ZOHOSYNC_TEST_FIRST_PROCESS"

func TestMain(m *testing.M) {
	dir := os.Getenv(firstProcess)
	if dir == "" {
		os.Exit(m.Run())
	}
	l, err := Listen(dir, Handler{Raise: func() { fmt.Println("raised") }, Run: echo})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("ready")
	_, _ = io.Copy(io.Discard, os.Stdin) // until the test says that it is enough
	if l.Close() == nil {
		fmt.Println("closed")
	}
	os.Exit(0)
}

// first starts another process that answers for a home.
func first(t *testing.T, dir string) (p *exec.Cmd, said *bufio.Scanner, end io.Closer) {
	t.Helper()
	p = exec.Command(os.Args[0])
	p.Env = append(os.Environ(), firstProcess+"="+dir)
	in, err := p.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Process.Kill() })
	said = bufio.NewScanner(out)
	expect(t, said, "ready")
	return p, said, in
}

func expect(t *testing.T, said *bufio.Scanner, want string) {
	t.Helper()
	if !said.Scan() || said.Text() != want {
		t.Fatalf("the other process said %q, want %q", said.Text(), want)
	}
}

func TestTwoProcesses(t *testing.T) {
	dir := home(t)
	p, said, end := first(t, dir)
	if err := Raise(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	expect(t, said, "raised")
	var out bytes.Buffer
	if code, err := Run(t.Context(), dir, Command{Args: []string{"status"}, Out: &out, Err: io.Discard}); code != 7 || err != nil || out.Len() == 0 {
		t.Errorf("exit %d, %v, printed %q", code, err, &out)
	}
	end.Close()
	expect(t, said, "closed")
	if err := p.Wait(); err != nil {
		t.Fatal(err)
	}
	if err := Raise(t.Context(), dir); !errors.Is(err, ErrNobody) {
		t.Errorf("after its end: %v", err)
	}
}

// R7: a process that was killed owns nothing any more.
func TestASocketThatWasLeftBehindIsNobody(t *testing.T) {
	dir := home(t)
	p, _, _ := first(t, dir)
	if err := p.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.Wait()
	if err := Raise(t.Context(), dir); !errors.Is(err, ErrNobody) {
		t.Fatalf("got %v", err)
	}
	raised := make(chan struct{}, 1)
	listen(t, dir, Handler{Raise: func() { raised <- struct{}{} }})
	if err := Raise(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	<-raised
}

func TestTheFirstProcessIsKilledInTheMiddle(t *testing.T) {
	dir := home(t)
	p, _, _ := first(t, dir)
	from, to := io.Pipe()
	defer to.Close()
	wants := make(chan struct{})
	go func() {
		<-wants
		_ = p.Process.Kill()
	}()
	if _, err := Run(t.Context(), dir, Command{Args: []string{"read"}, In: firstRead{from, wants}, Out: io.Discard, Err: io.Discard}); !errors.Is(err, ErrBroken) {
		t.Errorf("got %v", err)
	}
}
