//go:build !race

package engine

// histories is how many hostile histories each test plays unless it is told another number. Their state is in memory.
const (
	histories = "100"
	onFile    = false
)
