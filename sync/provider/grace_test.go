package provider

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// R7: what is under way when the program is told to stop has 30 seconds to come to its end, and no more.
func TestAWriteUnderWayHasItsGrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(WithMeter(t.Context(), &Meter{}))
		sending, end := Graceful(ctx)
		defer end()
		time.Sleep(time.Hour)
		if sending.Err() != nil {
			t.Fatal("a write ends although nobody stopped it")
		}
		stop()
		began := time.Now()
		<-sending.Done()
		if took := time.Since(began); took != 30*time.Second {
			t.Errorf("it was cut off after %v", took)
		}
		if MeterOf(sending) != MeterOf(ctx) {
			t.Error("what it costs is not counted")
		}
	})
	ctx, stop := context.WithCancel(t.Context())
	sending, end := Graceful(ctx)
	end()
	stop()
	if sending.Err() == nil {
		t.Error("a write that ended keeps its context")
	}
}
