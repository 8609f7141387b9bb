//go:build cgo

package main

import (
	"testing"
	"time"

	"zohosync/sync/auth"
	"zohosync/sync/engine"
	"zohosync/sync/state"
)

func TestServiceTellsNewsAndStops(t *testing.T) {
	s, err := state.Open(":memory:", state.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	vault, err := auth.OpenVault(auth.VaultMemory, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	service := serve(t.Context(), engine.New(s, newDialer(vault, nil).dial, engine.Options{}))
	if got := <-service.statuses; got.State != engine.StateSignedOut {
		t.Errorf("without accounts: %s", got.State)
	}
	if err := s.StoreAccount(t.Context(), state.Account{Name: "crm", Service: "zoho"}); err != nil {
		t.Fatal(err)
	}
	// Whatever changes the engine's state is news.
	service.engine.Pause(time.Now().Add(time.Hour))
	for got := range service.statuses {
		if got.State == engine.StatePaused {
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
