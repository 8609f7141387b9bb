package provider

import (
	"context"
	"time"
)

// Grace is how long a write that is under way may go on after its context ended: a program that is told to stop finishes what
// it began, and does not wait for ever (R7).
const Grace = 30 * time.Second

// Graceful returns a context that outlives ctx by Grace and has its values. The caller ends it when the write has ended.
func Graceful(ctx context.Context) (sending context.Context, end func()) {
	out, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(Grace, cancel) })
	return out, func() { stop(); cancel() }
}
