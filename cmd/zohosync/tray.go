package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"zohosync/app/instance"
)

type trayCmd struct{}

// Run shows the tray icon and syncs until the person quits, or until ctx ends. Where it runs already, its window is raised.
func (trayCmd) Run(ctx context.Context, t *terminal, c *commands) (err error) {
	if raised, err := raise(ctx, c.Home); raised || err != nil {
		return err
	}
	if err := canShow(); err != nil {
		return err
	}
	h, err := firstHome(ctx, t, c)
	if h == nil {
		return err
	}
	defer closing(h, &err)
	return t.showTray(ctx, h, c)
}

// raise shows the windows of the process that answers for a home, where there is one.
func raise(ctx context.Context, asked string) (bool, error) {
	dir, err := homeFolder(asked)
	if err != nil {
		return false, err
	}
	switch err := instance.Raise(ctx, dir); {
	case err == nil:
		return true, nil
	case errors.Is(err, instance.ErrNobody):
		return false, nil
	case errors.Is(err, instance.ErrBroken):
		return false, fmt.Errorf("%w: %w", errLocked, err)
	default:
		return false, err
	}
}

// How long a start waits for another one that owns the home and does not answer yet, and how often it looks.
const (
	startsWithin = 5 * time.Second
	startsGlance = 100 * time.Millisecond
)

// firstHome opens the home, or raises the windows of the process that was faster; then it returns no home and no error.
func firstHome(ctx context.Context, t *terminal, c *commands) (*home, error) {
	deadline := time.NewTimer(startsWithin)
	defer deadline.Stop()
	for {
		h, err := openHome(c, t)
		if !errors.Is(err, errLocked) {
			return h, err
		}
		if raised, raiseErr := raise(ctx, c.Home); raised || raiseErr != nil {
			return nil, raiseErr
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-deadline.C:
			return nil, err
		case <-time.After(startsGlance):
		}
	}
}
