package instance

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// Listener answers later processes until Close.
type Listener struct {
	net     net.Listener
	handler Handler
	forget  func()
	ctx     context.Context
	cancel  context.CancelFunc
	open    sync.WaitGroup
}

// Listen answers for a home. Only the process that owns the home's lock may call it: what an earlier process left behind
// is swept away.
func Listen(home string, h Handler) (*Listener, error) {
	n, forget, err := bind(home)
	if err != nil {
		return nil, err
	}
	l := &Listener{net: n, handler: h, forget: forget}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	l.open.Add(1)
	go l.accept()
	return l, nil
}

// Close ends the commands under way, waits for their end and listens no more.
func (l *Listener) Close() error {
	l.cancel()
	err := l.net.Close()
	l.open.Wait()
	l.forget()
	return err
}

func (l *Listener) accept() {
	defer l.open.Done()
	for {
		c, err := l.net.Accept()
		if err != nil {
			if l.ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
				return
			}
			// Too many open files, say: that passes.
			select {
			case <-l.ctx.Done():
			case <-time.After(time.Second):
			}
			continue
		}
		l.open.Add(1)
		go func() {
			defer l.open.Done()
			l.answer(newConn(c))
		}()
	}
}

// answer does what one later process wants.
func (l *Listener) answer(c *conn) {
	defer c.Close()
	unhang := context.AfterFunc(l.ctx, func() { _ = c.SetReadDeadline(time.Now()) })
	_ = c.SetReadDeadline(time.Now().Add(greeting))
	m, err := c.receive()
	if !unhang() || err != nil || m.Version != version {
		return
	}
	_ = c.SetReadDeadline(time.Time{})
	code := 0
	switch {
	case m.Raise:
		l.handler.Raise()
	case m.Run != nil:
		code = l.run(c, *m.Run)
	default:
		return
	}
	_ = c.send(message{Exit: &code})
}

func (l *Listener) run(c *conn, r request) int {
	ctx, cancel := context.WithCancel(l.ctx)
	defer cancel()
	in := newInput(func() { _ = c.send(message{Want: true}) })
	defer context.AfterFunc(ctx, func() { in.end(context.Canceled) })()
	listening := make(chan struct{})
	go func() {
		defer close(listening)
		defer cancel() // who no longer listens has given up
		for {
			m, err := c.receive()
			if err != nil || m.Cancel {
				return
			}
			if !in.add(m.Input) {
				return
			}
			if m.End {
				in.end(io.EOF)
			}
		}
	}()
	code := l.handler.Run(ctx, Command{
		Args: r.Args, Env: r.Env, Language: r.Language, In: in,
		Out: c.writer(func(p []byte) message { return message{Output: p} }),
		Err: c.writer(func(p []byte) message { return message{Errors: p} }),
	})
	_ = c.SetReadDeadline(time.Now()) // ends the goroutine
	<-listening
	return code
}

// mostInput is more than any command reads.
const mostInput = 1 << 20

// input is what the later process reads for a command. It is asked for once the command wants it: a command that reads
// nothing takes nothing from the script that it stands in.
type input struct {
	ask  func()
	mu   sync.Mutex
	more *sync.Cond
	data []byte
	sum  int
	err  error
	once sync.Once
}

func newInput(ask func()) *input {
	in := &input{ask: ask}
	in.more = sync.NewCond(&in.mu)
	return in
}

// Read implements io.Reader.
func (in *input) Read(p []byte) (int, error) {
	in.once.Do(in.ask)
	in.mu.Lock()
	defer in.mu.Unlock()
	for len(in.data) == 0 && in.err == nil {
		in.more.Wait()
	}
	if len(in.data) == 0 {
		return 0, in.err
	}
	n := copy(p, in.data)
	in.data = in.data[n:]
	return n, nil
}

// add takes more input; false when there is too much of it.
func (in *input) add(p []byte) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.sum += len(p)
	in.data = append(in.data, p...)
	in.more.Broadcast()
	return in.sum <= mostInput
}

// end says that nothing follows; the first reason counts.
func (in *input) end(err error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.err == nil {
		in.err = err
	}
	in.more.Broadcast()
}
