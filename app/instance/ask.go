package instance

import (
	"context"
	"errors"
	"io"
	"time"
)

// Raise asks the process that answers for a home to show its windows. ErrNobody when there is none.
func Raise(ctx context.Context, home string) error {
	c, err := dial(ctx, home)
	if err != nil {
		return err
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(greeting))
	if err := c.send(message{Version: version, Raise: true}); err != nil {
		return errors.Join(ErrBroken, err)
	}
	if m, err := c.receive(); err != nil || m.Exit == nil {
		return errors.Join(ErrBroken, err)
	}
	return nil
}

// Run has the process that answers for a home carry out a command, and returns its exit code. ErrNobody when there is
// none, ErrBroken when it ended meanwhile. When ctx ends the command is asked to stop, and its end is waited for.
func Run(ctx context.Context, home string, cmd Command) (int, error) {
	c, err := dial(ctx, home)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	err = c.send(message{Version: version, Run: &request{Args: cmd.Args, Env: cmd.Env, Language: cmd.Language}})
	if err != nil {
		return 0, errors.Join(ErrBroken, err)
	}
	defer context.AfterFunc(ctx, func() { _ = c.send(message{Cancel: true}) })()
	for {
		m, err := c.receive()
		if err != nil {
			return 0, errors.Join(ErrBroken, err)
		}
		switch {
		case m.Exit != nil:
			return *m.Exit, nil
		case m.Want:
			// A read of a terminal cannot be broken off: it ends with this process.
			go feed(c, cmd.In)
		case len(m.Output) > 0:
			_, err = cmd.Out.Write(m.Output)
		case len(m.Errors) > 0:
			_, err = cmd.Err.Write(m.Errors)
		}
		if err != nil {
			return 0, err // nobody reads the output: the command is given up with the connection
		}
	}
}

// feed sends the input of a command, and its end.
func feed(c *conn, in io.Reader) {
	_, _ = io.Copy(c.writer(func(p []byte) message { return message{Input: p} }), in)
	_ = c.send(message{End: true})
}
