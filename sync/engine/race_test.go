//go:build race

package engine

// histories is how many hostile histories are played; the race detector makes SQLite ten times slower.
const histories = "15"
