package provider_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

// Whoever asks what kind of failure it was gets an answer through every wrapping.
func TestErrorsAreFoundThroughWrapping(t *testing.T) {
	sentinels := []error{
		provider.ErrAuth, provider.ErrConflict, provider.ErrCursor, provider.ErrGone, provider.ErrNotFound, provider.ErrReadOnly,
	}
	for i, err := range sentinels {
		for _, wrapped := range []error{
			fmt.Errorf("list: %w", err),
			&provider.RetryError{Err: err},
			&provider.ItemError{Code: provider.CodeRefused, Err: err},
		} {
			for j, other := range sentinels {
				if got, want := errors.Is(wrapped, other), i == j; got != want {
					t.Errorf("errors.Is(%v, %v) = %v, want %v", wrapped, other, got, want)
				}
			}
		}
	}
}

func TestErrorsSayWhat(t *testing.T) {
	cause := errors.New("cause")
	for want, err := range map[string]error{
		"try again later: cause":      &provider.RetryError{Err: cause},
		"too-long":                    &provider.ItemError{Code: provider.CodeTooLong},
		"too-long (email)":            &provider.ItemError{Code: provider.CodeTooLong, Field: record.EmailMain},
		"invalid (birthday): cause":   &provider.ItemError{Code: provider.CodeInvalid, Field: record.Birthday, Err: cause},
		"unreadable: list: not found": &provider.ItemError{Code: provider.CodeUnreadable, Err: errors.New("list: not found")},
	} {
		if got := err.Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestMeterCountsWhatTheContextCarries(t *testing.T) {
	meter := &provider.Meter{}
	ctx := provider.WithMeter(context.Background(), meter)
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() { provider.MeterOf(ctx).Request(3) })
	}
	all.Wait()
	if meter.Requests() != 50 || meter.Credits() != 150 {
		t.Errorf("%d requests, %d credits, want 50 and 150", meter.Requests(), meter.Credits())
	}
	// Without a meter nothing is counted, and nothing breaks.
	provider.MeterOf(context.Background()).Request(1)
	if meter.Requests() != 50 {
		t.Error("a request of another context was counted")
	}
}
