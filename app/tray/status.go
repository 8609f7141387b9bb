package tray

import "zohosync/sync/engine"

// Status is what the tray shows: the whole program at one moment.
type Status = engine.Status

// PairStatus is one pair at that moment.
type PairStatus = engine.PairStatus

// States of the program and of a pair.
const (
	starting  = engine.StateStarting
	signedOut = engine.StateSignedOut
	inStep    = engine.StateInStep
	syncing   = engine.StateSyncing
	attention = engine.StateAttention
	paused    = engine.StatePaused
	offline   = engine.StateOffline
)
