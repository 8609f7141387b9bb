//go:build cgo

package main

import (
	"testing"
	"time"

	"zohosync/sync/engine"
)

func TestServiceTellsNewsAndStops(t *testing.T) {
	d := newDeskStage(t).desk
	service := serve(t.Context(), d)
	if got := <-service.statuses; got.State != engine.StateSignedOut {
		t.Errorf("without accounts: %s", got.State)
	}
	until := time.Now().Add(time.Hour)
	// Whatever changes the engine's state is news.
	d.Pause(until)
	for got := range service.statuses {
		if !got.PausedUntil.IsZero() {
			break
		}
	}
	service.stop()
	select {
	case <-service.ended:
	default:
		t.Error("stop returned while the engine was at work")
	}
	service.stop()
}
