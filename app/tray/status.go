package tray

import "time"

// Status is what the tray shows: the whole program at one moment.
type Status struct {
	State             string // one of the states below
	Done, Total       int    // while syncing; Total is 0 when it is not known yet
	LastSuccess       time.Time
	Problems, Waiting int // items that failed, and questions that wait for a person
	Pairs             []PairStatus
}

// PairStatus is one pair at that moment.
type PairStatus struct {
	ID, Title, State      string
	Done, Total, Problems int
}

// States of the program and of a pair.
const (
	starting  = "starting"
	signedOut = "signed-out"
	inStep    = "in-step"
	syncing   = "syncing"
	attention = "attention"
	paused    = "paused"
	offline   = "offline"
)
