//go:build !race

package contentline

// hostileSize is how many bytes of each input the parser is given.
const hostileSize = 10 << 20
