//go:build cgo

package main

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Whoever quits sees the program go, whatever the toolkit does.
func TestQuitEndsAProgramWhoseWindowsHang(t *testing.T) {
	for name, c := range map[string]struct {
		quits, goes time.Duration // 0: never
		ends        bool
	}{
		"windows that hang": {quits: time.Hour, ends: true},
		"windows that go":   {quits: time.Hour, goes: time.Hour + goesWithin/2},
		"nobody quits":      {goes: 2 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				ended := false
				var said bytes.Buffer
				gone := insist(ctx, func() { ended = true }, &said)
				if c.quits > 0 {
					time.Sleep(c.quits)
					cancel()
				}
				if c.goes > 0 {
					time.Sleep(c.goes - c.quits)
					gone()
				}
				time.Sleep(time.Hour)
				synctest.Wait()
				if ended != c.ends || strings.Contains(said.String(), "goroutine profile") != c.ends {
					t.Errorf("ended: %v, said %q", ended, said.String())
				}
				cancel()
			})
		})
	}
}

// slow are commands under way that take a while to end.
type slow time.Duration

func (s slow) Close() error {
	time.Sleep(time.Duration(s))
	return nil
}

// A command of a later process that is under way has its time, whether the windows hang or go.
func TestQuitWaitsForCommandsUnderWay(t *testing.T) {
	for name, c := range map[string]struct {
		hangs bool
		takes slow
		ends  time.Duration // when the program ends in its own way; 0: never
	}{
		"windows that hang":                   {hangs: true, takes: slow(20 * time.Second), ends: goesWithin + 20*time.Second},
		"windows that hang, and a command":    {hangs: true, takes: slow(2 * time.Minute), ends: goesWithin + patience},
		"windows that go, and a long command": {takes: slow(20 * time.Second)},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				began, ended := time.Now(), time.Duration(0)
				gone := make(chan struct{})
				go func() {
					defer close(gone)
					_ = present(ctx, func() error {
						if c.hangs {
							time.Sleep(time.Hour)
						}
						return nil
					}, c.takes, func() { ended = time.Since(began) }, io.Discard)
					_ = c.takes.Close()
				}()
				cancel()
				<-gone
				synctest.Wait()
				if ended != c.ends {
					t.Errorf("ended after %s, want %s", ended, c.ends)
				}
			})
		})
	}
}
