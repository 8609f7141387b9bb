//go:build cgo

package main

import (
	"bytes"
	"context"
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
