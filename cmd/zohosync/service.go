//go:build cgo

package main

import (
	"context"
	"sync"
	"time"

	"zohosync/sync/engine"
)

// service is the engine of a desk at work in the background, and the news of it.
type service struct {
	desk     *desk
	statuses chan engine.Status // the newest one; never blocks the engine
	ended    chan struct{}      // closed once no run is under way any more
	cancel   context.CancelFunc
	once     sync.Once
}

// serve starts the engine. It runs until ctx ends or stop is called.
func serve(ctx context.Context, d *desk) *service {
	ctx, cancel := context.WithCancel(ctx)
	s := &service{desk: d, statuses: make(chan engine.Status, 1), ended: make(chan struct{}), cancel: cancel}
	changed := make(chan struct{}, 1)
	unwatch := d.Watch(func() {
		select {
		case changed <- struct{}{}:
		default: // the news under way will tell this, too
		}
	})
	changed <- struct{}{}
	go s.publish(ctx, changed)
	go func() {
		defer close(s.ended)
		defer unwatch()
		// It ends with ctx, or with a state that can no longer be read: then the program ends, too.
		_ = d.engine.Serve(ctx)
	}()
	go d.refresh(ctx)
	return s
}

// publish keeps the newest status in the channel.
func (s *service) publish(ctx context.Context, changed <-chan struct{}) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-changed:
		}
		status, err := s.desk.Status(ctx)
		if err != nil {
			continue // the state is closing, or the next change will tell
		}
		select {
		case <-s.statuses:
		default:
		}
		s.statuses <- status
	}
}

// stop ends the engine and waits until nothing is under way, but no longer than patience.
func (s *service) stop() {
	s.once.Do(s.cancel)
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-s.ended:
	case <-timer.C:
	}
}

// patience is how long a running item may take to end.
const patience = 30 * time.Second
