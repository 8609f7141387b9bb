package davtest

import (
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"time"
)

// keeper runs a server for as long as its own input is open, which ends with the program that started it, however that one
// ends: killed tests leave no servers behind. A signal at the death of the parent would not do: Cyrus changes its user, and
// with it forgets that signal. A server that leads a process group is ended with the group.
const keeper = `exec 3<&0
"$@" </dev/null 3<&- &
p=$!
( cat <&3 >/dev/null; kill -TERM -$p || kill -TERM $p; sleep 5; kill -KILL -$p || kill -KILL $p ) 2>/dev/null &
watch=$!
wait $p
kill -KILL -$p $watch 2>/dev/null
exit 0`

// process is a running server.
type process struct {
	cmd   *exec.Cmd
	hold  *os.File // as long as it is open the server runs; nil where no shell is there to watch it
	once  sync.Once
	ended chan struct{}
}

// start starts a program that writes what it says to a file.
func start(cmd *exec.Cmd, logged string) (*process, error) {
	log, err := os.Create(logged)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	p := &process{cmd: cmd, ended: make(chan struct{})}
	if shell, err := exec.LookPath("sh"); err == nil {
		var input *os.File
		if input, p.hold, err = os.Pipe(); err != nil {
			return nil, err
		}
		defer input.Close()
		p.cmd = exec.Command(shell, append([]string{"-c", keeper, "sh"}, cmd.Args...)...)
		p.cmd.Env, p.cmd.Dir, p.cmd.Stdin = cmd.Env, cmd.Dir, input
	}
	p.cmd.Stdout, p.cmd.Stderr = log, log
	if err := p.cmd.Start(); err != nil {
		return nil, errors.Join(err, p.release())
	}
	go func() {
		_ = p.cmd.Wait() // How it ended does not matter: it is always we who end it, or it never answered.
		close(p.ended)
	}()
	return p, nil
}

// release tells the keeper to end the server.
func (p *process) release() (err error) {
	if p.hold != nil {
		p.once.Do(func() { err = p.hold.Close() })
	}
	return err
}

// stop ends the server, politely at first.
func (p *process) stop() error {
	err := p.release()
	if p.hold == nil {
		_ = p.cmd.Process.Kill() // It may have ended by itself.
	}
	select {
	case <-p.ended:
	case <-time.After(30 * time.Second):
		err = errors.Join(err, errors.New("the server does not end"))
	}
	return err
}

// answers waits until the server answers anything at all.
func (p *process) answers(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	client := http.Client{Timeout: 5 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		if resp, err := client.Do(req); err == nil {
			return resp.Body.Close()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-p.ended:
			return errors.New("it ended by itself")
		case <-again.C:
		}
	}
}
