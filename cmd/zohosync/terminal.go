package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"zohosync/assets"
	"zohosync/sync/auth"
	"zohosync/sync/provider"
)

// terminal is what a command has of the world outside its home: where it reads and prints, how it speaks, which services
// there are.
type terminal struct {
	in       io.Reader
	out, err io.Writer
	live     bool                // a person watches err: progress may be drawn there
	asks     bool                // a person answers at in
	env      func(string) string // os.Getenv
	words    *assets.Words
	json     bool
	specs    []provider.Spec
	browse   func(url string) error // opens the person's browser
	vault    auth.Vault             // instead of the one that the command line names; nil: that one
	pages    int                    // to which the state may grow; 0: any number
	clock    func() time.Time       // of the engine; nil: the computer's
	limits   *auth.Limits           // how long to wait for servers; nil: the usual ones
	own      *home                  // that this process has open, for a command of another process; nil: none
}

// say prints one line.
func (t *terminal) say(line string) { fmt.Fprintln(t.out, line) }

// note tells the person something that is no result: it never mixes with what a script reads.
func (t *terminal) note(text string) { fmt.Fprintln(t.err, text) }

// result prints what a command did: as JSON where that was asked for, else in words.
func (t *terminal) result(v any, said string) error {
	if t.json {
		return t.show(v)
	}
	t.say(said)
	return nil
}

// table prints rows with aligned columns under a heading. Without rows it prints what is said about that.
func (t *terminal) table(heading []string, rows [][]string, none string) {
	if len(rows) == 0 {
		t.say(none)
		return
	}
	w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	for _, row := range append([][]string{heading}, rows...) {
		fmt.Fprintln(w, strings.Join(oneLine(row), "\t"))
	}
	w.Flush()
}

// oneLine keeps what servers call their things from moving the columns, or the cursor.
func oneLine(row []string) []string {
	out := make([]string, len(row))
	for i, cell := range row {
		out[i] = strings.Map(func(r rune) rune {
			if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
				return ' '
			}
			return r
		}, cell)
	}
	return out
}

// show prints a value as indented JSON.
func (t *terminal) show(v any) error {
	e := json.NewEncoder(t.out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// list prints rows as a table, or v as JSON where that was asked for.
func (t *terminal) list(v any, heading []string, rows [][]string, none string) error {
	if t.json {
		return t.show(v)
	}
	t.table(heading, rows, none)
	return nil
}

// firstLine reads a secret or a code from the input: its first line without the line end.
func (t *terminal) firstLine() (string, error) {
	const longest = 64 << 10
	data, err := io.ReadAll(io.LimitReader(t.in, longest))
	if err != nil {
		return "", fmt.Errorf("read standard input: %w", err)
	}
	line, _, _ := strings.Cut(string(data), "\n")
	return strings.TrimSuffix(line, "\r"), nil
}
