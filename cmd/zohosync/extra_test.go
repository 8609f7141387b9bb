package main

import (
	"strings"
	"testing"

	"zohosync/sync/plan"
)

// C-27: a card with more addresses than the CRM has fields for is in step, says how many stay behind, and keeps them.
func TestMoreValuesThanFields(t *testing.T) {
	w := newWay(t, serviceLocal, "Contacts", "contact", "text/vcard", "VCARD")
	card := lines("BEGIN:VCARD", "VERSION:3.0", "UID:rich", "FN:Grace Hopper", "N:Hopper;Grace;;;", "EMAIL:one@x.example", "EMAIL:two@x.example",
		"item1.EMAIL:three@x.example", "item1.X-ABLabel:Navy", "TEL;TYPE=CELL:+1 7", "PHOTO;VALUE=uri:https://x.example/grace.jpg", "END:VCARD")
	w.fill([]realObject{{component: "VCARD", uid: "rich", text: card}})
	for range 2 {
		_, _, report := w.run()
		if len(report.Items) != 1 || report.Items[0].Code != plan.CodeExtra || report.Items[0].Values != 1 || report.Right.Skipped != 0 {
			t.Errorf("listed: %+v", report)
		}
		if want := "1 value not representable."; !strings.HasPrefix(report.Items[0].Reason, want) {
			t.Errorf("the reason is %q", report.Items[0].Reason)
		}
	}
	w.do("", "sync", "contacts") // which ends in step
	if out := w.do("", "pair", "list"); strings.Contains(out, "1 failing") {
		t.Error(out)
	}
	w.edit(map[string]any{"Email": "new@x.example", "Secondary_Email": nil, "Mobile": "+1 8"})
	w.run()
	if w.only("edited", "EMAIL", "TEL") != 1 {
		t.Error("nothing changed")
	}
	holds(t, w.texts[w.hrefs["rich"]], "EMAIL:new@x.example", "item1.EMAIL:three@x.example", "item1.X-ABLabel:Navy", "PHOTO:https://x.example/grace.jpg", "TEL:+1 8")
	w.quiet("edited")
}
