//go:build race

package ui

// drawnIn is how many of the languages the pictures are drawn in: under the race detector one is enough, for what runs at the
// same time speaks no language.
const drawnIn = 1
