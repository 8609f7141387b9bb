//go:build race

package contentline

// hostileSize is smaller where the race detector counts every byte.
const hostileSize = 1 << 20
