package dav

import (
	"errors"
	"fmt"
	"reflect"
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/record"
)

func TestCursorRoundTrip(t *testing.T) {
	long := point{Mode: byETag, Token: "c1", Full: true, Known: map[record.ID]string{}, Slice: slice{Until: "2027-01-01"},
		Edges: map[record.ID]edge{"a": {Later: "2027-01-02"}, "b": {Earlier: "2026-01-01"}}}
	for i := range 2000 {
		long.Known[record.ID(fmt.Sprintf("zohosync-%08x.ics", i*7919))] = short(fmt.Sprint(i))
		long.Todo = append(long.Todo, record.ID(fmt.Sprint(i)))
	}
	for _, p := range []point{{Mode: bySync, Token: "t", Retry: []record.ID{"x"}, Known: map[record.ID]string{}, Edges: map[record.ID]edge{}}, long} {
		c, err := p.encode()
		if err != nil {
			t.Fatal(err)
		}
		back, err := decode(c)
		if err != nil || !reflect.DeepEqual(back, p) {
			t.Errorf("a cursor of %d bytes came back different (%v)", len(c), err)
		}
		if len(c) > 100_000 {
			t.Errorf("2000 objects make a cursor of %d bytes", len(c))
		}
	}
}

func TestForeignCursors(t *testing.T) {
	for _, c := range []provider.Cursor{"x", "{", "{}", `{"m":"other"}`, "AAAA", "!!!", "no-such-cursor"} {
		if _, err := decode(c); !errors.Is(err, provider.ErrCursor) {
			t.Errorf("%q: %v, want ErrCursor", c, err)
		}
	}
}

func TestShortForgetsWeakness(t *testing.T) {
	if short(`W/"a"`) != short(`"a"`) || short("a") != short(`"a"`) || short("a") == short("b") || short("") != "" {
		t.Error("the same ETag in two spellings must be one, different ones two, none nothing")
	}
}

func FuzzDecodeCursor(f *testing.F) {
	c, _ := point{Mode: bySync, Token: "t"}.encode()
	f.Add(string(c))
	f.Add("AAAA")
	f.Fuzz(func(t *testing.T, s string) {
		if p, err := decode(provider.Cursor(s)); err == nil && p.Known == nil {
			t.Error("a cursor without a map")
		}
	})
}
