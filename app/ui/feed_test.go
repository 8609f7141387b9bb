package ui

import (
	"context"
	"testing"
	"time"
)

// watched is a window whose feed counts its looks; each waits until the test lets it go.
type watched struct {
	*syncFake
	stage *stage
	feed  *feed
	looks int
	shown int
	let   chan bool
}

func watching(t *testing.T) *watched {
	t.Helper()
	w := &watched{syncFake: syncOffice(), let: make(chan bool)}
	w.stage = english(t, w.syncFake)
	w.stage.put(func(k *kit, _ string) view {
		w.feed = k.feed(func() func(context.Context) func() {
			w.looks++
			return func(ctx context.Context) func() {
				select {
				case <-w.let:
				case <-ctx.Done():
				}
				return func() { w.shown++ }
			}
		})
		return plain(k, "")
	})
	return w
}

// finish lets a look end.
func (w *watched) finish() {
	w.stage.t.Helper()
	want := w.shown + 1
	select {
	case w.let <- true:
	case <-time.After(20 * time.Second):
		w.stage.t.Fatal("no look is under way")
	}
	w.stage.until("the look is shown", func() bool { return w.shown == want })
}

func (w *watched) expect(looks int) {
	w.stage.t.Helper()
	if w.looks != looks {
		w.stage.t.Errorf("%d looks, want %d", w.looks, looks)
	}
}

// TestFeedLooksFourTimesASecondAtMost, however much there is to see.
func TestFeedLooksFourTimesASecondAtMost(t *testing.T) {
	w := watching(t)
	w.expect(1)
	w.finish()
	for range 8 {
		for range 100 {
			w.changed()
		}
		w.stage.drain()
		w.stage.pass(pace / 8)
		if w.looks == 2 {
			t.Fatal("a look begins too early")
		}
		if w.stage.now.Sub(today(10, 42)) > pace*7/8-time.Millisecond {
			break
		}
	}
	w.stage.pass(pace / 8)
	w.expect(2)
	w.finish()
	w.stage.pass(time.Second)
	w.expect(2)
}

// TestFeedMissesNothing: what changes during a look is looked at again.
func TestFeedMissesNothing(t *testing.T) {
	w := watching(t)
	w.changed()
	w.stage.drain()
	w.stage.pass(time.Second)
	w.expect(1) // one look at a time
	w.finish()
	w.expect(2)
	w.finish()
	w.stage.pass(time.Second)
	w.expect(2)
}

func TestFeedEndsWithTheWindow(t *testing.T) {
	w := watching(t)
	w.changed()
	w.stage.open("test").kit.close()
	w.stage.drain()
	w.stage.pass(time.Minute)
	w.expect(1)
	if w.watches != 0 || w.shown != 0 {
		t.Errorf("%d watches, %d shown", w.watches, w.shown)
	}
}
