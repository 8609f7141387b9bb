//go:build !race

package engine

// histories is how many hostile histories are played.
const histories = "300"
