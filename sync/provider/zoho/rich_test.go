package zoho

import (
	"errors"
	"strings"
	"testing"

	"zohosync/sync/provider"
	"zohosync/sync/record"
	"zohosync/sync/sandbox"
)

// C-46: rich text is HTML in the CRM and text everywhere else. Unless the text was edited, its HTML is never written.
func TestRichTextIsShownAsText(t *testing.T) {
	const rich = `<div>Dear <b>Ada</b>,</div><div><br></div><div>see <a href="https://x.example/?a=1&amp;b=2">this</a></div>`
	const shown = "Dear Ada,\n\nsee this <https://x.example/?a=1&b=2>"
	p := newPlace(t, sandbox.Options{})
	id := p.s.Put("Tasks", map[string]any{"Subject": "S", "Description": rich})
	p.tick()
	c := p.open(t, record.Task, record.FieldsOf(record.Task))
	if got := walk(t, c, "")[0].Changed[0].Record[record.Details]; got != shown {
		t.Fatalf("shown as %q", got)
	}
	w := updating(id, "subject", "T")
	w.Patch[record.Details] = shown
	if h, err := apply(t, c, w); err != nil || h.done[0].Err != nil || p.s.Record("Tasks", id)["Description"] != rich {
		t.Errorf("%v, %+v; the CRM holds %q", err, h.done[0], p.s.Record("Tasks", id)["Description"])
	}
	for _, v := range []string{"one & two <three>\n  four", "<p>typed</p>", "&lt;", "no markup at all"} {
		if h, err := apply(t, c, updating(id, "description", v)); err != nil || h.done[0].Err != nil {
			t.Fatalf("%v, %+v", err, h.done[0])
		}
		if got := walk(t, p.open(t, record.Task, record.FieldsOf(record.Task)), "")[0].Changed[0].Record[record.Details]; got != v {
			t.Errorf("%q came back as %q, by %q", v, got, p.s.Record("Tasks", id)["Description"])
		}
	}
}

// The HTML of a text may be longer than the field although the text is not: it is not sent, which would have a cause.
func TestRichTextTooLongAsHTML(t *testing.T) {
	p := newPlace(t, sandbox.Options{})
	id := p.s.Put("Tasks", map[string]any{"Subject": "S", "Description": "as it was"})
	p.tick()
	c := p.open(t, record.Task, record.FieldsOf(record.Task))
	for n, want := range map[int]string{12_500: "", 12_501: provider.CodeTooLong} {
		h, err := apply(t, c, updating(id, "description", strings.Repeat("<", n)))
		var e *provider.ItemError
		if errors.As(h.done[0].Err, &e); err != nil || (e == nil) != (want == "") || e != nil && (e.Code != want || e.Field != record.Details || e.Err != nil) {
			t.Errorf("%d: %v, %v", n, err, h.done[0].Err)
		}
	}
}
