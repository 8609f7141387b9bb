package provider

import (
	"context"
	"sync/atomic"
)

// Meter counts what a run costs: requests sent, and API credits of the CRM. The zero Meter is ready, and safe for
// concurrent use.
type Meter struct{ requests, credits atomic.Int64 }

// Request counts one request that cost so many credits.
func (m *Meter) Request(credits int) {
	m.requests.Add(1)
	m.credits.Add(int64(credits))
}

// Requests returns how many requests were counted.
func (m *Meter) Requests() int { return int(m.requests.Load()) }

// Credits returns how many credits they cost.
func (m *Meter) Credits() int { return int(m.credits.Load()) }

type meterKey struct{}

// WithMeter returns a context in which requests are counted by m.
func WithMeter(ctx context.Context, m *Meter) context.Context {
	return context.WithValue(ctx, meterKey{}, m)
}

// MeterOf returns the meter of ctx, or one that nobody reads.
func MeterOf(ctx context.Context) *Meter {
	if m, ok := ctx.Value(meterKey{}).(*Meter); ok {
		return m
	}
	return &Meter{}
}
