package davtest

import (
	"errors"
	"net"
	"os"
	"sync"
)

// outbox receives what a server would send to guests, one datagram a message. Nothing leaves it.
type outbox struct {
	path   string
	socket *net.UnixConn
	counts chan int
	mu     sync.Mutex // one count at a time
}

// marker is a datagram of ours: all that came before it has been read when it arrives.
const marker = "zohosync: how many so far?"

func openOutbox(path string) (*outbox, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		return nil, err
	}
	// The server may run as another user.
	if err := os.Chmod(path, 0o666); err != nil {
		return nil, errors.Join(err, socket.Close())
	}
	o := &outbox{path: path, socket: socket, counts: make(chan int)}
	go o.read()
	return o, nil
}

// read takes messages in until the socket is closed: a server that finds its queue full would stop and wait.
func (o *outbox) read() {
	defer close(o.counts)
	n, buf := 0, make([]byte, 1<<16)
	for {
		got, _, err := o.socket.ReadFrom(buf)
		switch {
		case err != nil:
			return
		case string(buf[:got]) == marker:
			o.counts <- n
		default:
			n++
		}
	}
}

// count returns how many messages came so far. A server that answered a request has sent what it had to send for it.
func (o *outbox) count() (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	c, err := net.Dial("unixgram", o.path)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	if _, err := c.Write([]byte(marker)); err != nil {
		return 0, err
	}
	n, open := <-o.counts
	if !open {
		return 0, net.ErrClosed
	}
	return n, nil
}

func (o *outbox) close() error { return o.socket.Close() }
