package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The rows of what goes wrong in programs like this one: C-1 to C-66, and the rules R1 to R13.
const (
	lastCase = 66
	lastRule = 13
)

// leftOut are the rows of which no test speaks, with the reason.
func leftOut() map[string]string {
	return map[string]string{
		row("C", 23): "Google", row("C", 33): "desktop", row("C", 34): "desktop", row("C", 35): "desktop", row("C", 36): "desktop",
		row("C", 52): "packaging", row("C", 53): "later", row("C", 54): "packaging", row("C", 55): "desktop",
		row("C", 58): "built beside this",
	}
}

func row(letter string, n int) string {
	if letter == "C" {
		return fmt.Sprintf("C-%d", n)
	}
	return fmt.Sprintf("%s%d", letter, n)
}

var namesRow = regexp.MustCompile(`\b(?:C-[1-9][0-9]?|R[1-9][0-9]?)\b`)

// TestEveryPitfallHasATest: each row is named by the comment of a test, or left out for a reason, and not both.
func TestEveryPitfallHasATest(t *testing.T) {
	named := map[string]string{}
	err := filepath.WalkDir("../..", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for line := range strings.Lines(string(text)) {
			if _, comment, is := strings.Cut(line, "//"); is {
				for _, one := range rowsIn(comment) {
					named[one] = path
				}
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	rows := []string{}
	for n := 1; n <= lastCase; n++ {
		rows = append(rows, row("C", n))
	}
	for n := 1; n <= lastRule; n++ {
		rows = append(rows, row("R", n))
	}
	without := leftOut()
	for _, one := range rows {
		path, is := named[one]
		why, out := without[one]
		switch {
		case is && out:
			t.Errorf("%s is left out (%s), and yet %s speaks of it", one, why, path)
		case !is && !out:
			t.Errorf("no test speaks of %s", one)
		}
	}
}

// rowsIn lists the rows that a comment names. "R1 to R13" and "C-1 to C-66" name a list, and no row.
func rowsIn(comment string) []string {
	return namesRow.FindAllString(regexp.MustCompile(`\b(C-|R)[0-9]+ to (C-|R)[0-9]+\b`).ReplaceAllString(comment, ""), -1)
}
