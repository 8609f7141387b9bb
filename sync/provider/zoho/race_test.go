//go:build race

package zoho

// everyZone is which zones are tried: the race detector makes what is pure arithmetic ten times slower and finds nothing in it,
// so that with it every twelfth is.
const everyZone = 12
