//go:build !race

package zoho

// everyZone is which zones are tried: all of them.
const everyZone = 1
