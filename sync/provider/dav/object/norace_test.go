//go:build !race

package object

// everyZone is which zones are tried: all of them.
const everyZone = 1
