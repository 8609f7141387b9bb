//go:build !race

package ui

// drawnIn is how many of the languages the pictures are drawn in: all of them.
const drawnIn = 1 << 10
