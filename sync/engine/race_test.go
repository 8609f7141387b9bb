//go:build race

package engine

// histories is how many hostile histories each test plays: the race detector makes SQLite ten times slower. Their state is
// in a file, as a person has it.
const (
	histories = "34"
	onFile    = true
)
