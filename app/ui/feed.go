package ui

import (
	"context"
	"sync/atomic"
	"time"
)

// pace is the least time between two looks at the program: numbers that change faster cannot be read.
const pace = 250 * time.Millisecond

// feed looks at the program again whenever it has news, at most every pace and one look at a time.
type feed struct {
	kit   *kit
	look  func() (work func(ctx context.Context) (show func()))
	asked atomic.Bool // there is news that no look has seen
	busy  bool        // a look is under way or about to begin
	again bool
	last  time.Time
}

// feed has look called on the goroutine of the windows, what it returns beside it, and what that returns back here. The
// first look begins at once, the last one ends with the window.
func (k *kit) feed(look func() (work func(ctx context.Context) (show func()))) *feed {
	f := &feed{kit: k, look: look}
	k.atEnd(k.program.Watch(f.changed))
	f.soon()
	return f
}

// changed is told by the program, on any goroutine.
func (f *feed) changed() {
	if !f.asked.Swap(true) {
		f.kit.post(f.soon)
	}
}

// soon looks once the pace allows it.
func (f *feed) soon() {
	if f.busy {
		f.again = true
		return
	}
	f.busy = true
	wait := pace - f.kit.loop.now().Sub(f.last)
	if f.last.IsZero() || wait <= 0 {
		f.begin()
		return
	}
	f.kit.after(wait, f.begin)
}

func (f *feed) begin() {
	// Before the look: what changes while it is under way is news again.
	f.asked.Store(false)
	f.again = false
	f.last = f.kit.loop.now()
	work := f.look()
	f.kit.run(func(ctx context.Context, tell func(func())) {
		show := work(ctx)
		tell(func() {
			f.busy = false
			show()
			if f.again {
				f.soon()
			}
		})
	})
}
